"""Write the Word templates: ``cd hoithi_contest && python -m lib.templates``."""

from .build import FOLDER, build_all

FOLDER.mkdir(parents=True, exist_ok=True)
for path, content in build_all().items():
    path.write_bytes(content)
