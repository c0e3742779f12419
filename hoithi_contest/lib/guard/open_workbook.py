"""Workbooks of LibreOffice (.ods), made into those of Excel by LibreOffice itself."""

import io
import zipfile

from . import foreign, scratch
from .pdf import ConversionError, EngineMissing

#: What its first member says of such a file (OpenDocument 1.3, part 2, 3.3).
MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
#: Bytes of address space, and seconds.
MEMORY = 4 * 1024**3
SECONDS = 40
_SOURCE = "source.ods"


class Unreadable(Exception):
    """It is broken or locked, costs too much, or no LibreOffice is there to read it."""


def is_open(content: bytes) -> bool:
    """Tell whether a file says of itself that it is such a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            member = archive.getinfo("mimetype")
            return member.file_size < 200 and archive.read(member).startswith(MIMETYPE)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return False


def modernize(content: bytes, timeout: float = SECONDS) -> bytes:
    """Return a workbook as .xlsx, without macros and links.

    :param timeout: seconds
    :raises Unreadable: where it can't be read
    """
    with scratch.folder() as folder:
        source = folder / _SOURCE
        source.write_bytes(content)
        place = folder / "open"
        place.mkdir()
        try:
            result = foreign.convert(source, place, "xlsx", timeout, MEMORY)
        except (EngineMissing, ConversionError) as error:
            raise Unreadable(str(error)) from error
        return result.read_bytes()
