"""Where a file belongs that was dropped without saying so."""

from collections.abc import Iterable
from typing import NamedTuple

from ..guard.texts import fold


class Slot(NamedTuple):
    """A part of the dossier: what it takes, and whether it waits for a file."""

    id: int
    name: str
    extensions: tuple[str, ...]
    is_required: bool
    is_filled: bool


def find_slot(filename: str, slots: Iterable[Slot]) -> int | None:
    """Return the slot that a file most likely belongs to, None where none takes it.

    Its name tells most: “ban-mo-ta.docx” is the “Bản mô tả giải pháp”. Else it goes
    where a file is still needed, then where there is none yet, then to the first slot
    that takes files of its kind.
    """
    stem, _dot, extension = filename.rpartition(".")
    words = set(fold(stem).split())

    def weigh(slot: Slot) -> tuple[float, bool, bool]:
        named = fold(slot.name).split()
        # a word or two are shared by chance: “giải pháp” stands in every other name
        shared = sum(word in words for word in named)
        likeness = shared / len(named) if shared > 1 else 0.0
        waits = not slot.is_filled
        return likeness if likeness >= 0.5 else 0.0, slot.is_required and waits, waits

    fitting = [slot for slot in slots if extension.lower() in slot.extensions]
    # of equal ones the first, in the order of the dossier
    return max(fitting, key=weigh).id if fitting else None
