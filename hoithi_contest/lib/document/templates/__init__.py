"""Word templates of the official documents, made by code: see ``README.md``."""
