"""What a reviewers' copy may cost, and what it fails by."""

#: A dossier's file is no book; a page takes up to a second where it must be drawn.
MAX_PAGES = 400
#: Bytes of one file, and of all that a package unpacks to.
MAX_BYTES = 100 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
#: One part of a Word file is parsed as a tree, which takes some ten times its size.
MAX_XML = 20 * 1024 * 1024
MAX_PARTS = 5000
#: Pixels of one picture.
MAX_PIXELS = 80_000_000
#: Bytes of memory (address space) of the process, and of LibreOffice below it.
MEMORY = 2 * 1024**3
OFFICE_MEMORY = 4 * 1024**3
#: Seconds of the processor, of LibreOffice, and of the clock for one file; less where a
#: worker of Odoo has less.
CPU_SECONDS = 120
OFFICE_SECONDS = 70
SECONDS = 180
#: Seconds that most files take, where LibreOffice makes their pages, and where they are
#: pages or pictures already.
USUAL_SECONDS = 3
PLAIN_SECONDS = 0.5
#: Kinds of files that are pictures.
PICTURES = {"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"}


class CopyFailed(Exception):
    """No copy can be made; `reason` is a word that the caller puts into a sentence.

    `kind`: of a kind that has no pages. `locked`: by a password. `broken`: can't be
    read. `pages`, `size`: more than is taken. `memory`, `time`: cost more than is
    given. `engine`: LibreOffice is missing.
    """

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
