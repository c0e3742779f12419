"""Write the Word templates: `python -m lib.document.templates` in `hoithi_contest`."""

from .build import FOLDER, build_all

FOLDER.mkdir(parents=True, exist_ok=True)
for path, content in build_all().items():
    path.write_bytes(content)
