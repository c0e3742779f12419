"""Which templates there are and where they are kept."""

from importlib import import_module
from pathlib import Path

from ..kinds import KINDS

FOLDER = Path(__file__).parents[3] / "data" / "templates"


def build_all() -> dict[Path, bytes]:
    """Return the templates of all kinds that are Word documents, by their path."""
    return {
        FOLDER / f"{key}.docx": import_module(f"{__package__}.{key}").build()
        for key, kind in KINDS.items()
        if kind.layout != "workbook"
    }
