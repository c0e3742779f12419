"""Names of files that every system takes, and ZIP files made within bounded memory."""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from .texts import strip_marks

#: Longest part of a path, so that unpacking works on Windows in a deep folder too.
MAX_PART = 80

_CHUNK = 1024 * 1024
# Names that Windows keeps for devices, whatever extension follows.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def list_parts(content: bytes) -> list[zipfile.ZipInfo] | None:
    """Return what a packed file says of its parts, or None where it says nothing.

    Nothing is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        # no ZIP or a torn one; of a version to come; with names in no encoding; with
        # places before its beginning: each of them the library raises by another name
        return None


def to_ascii(text: str) -> str:
    """Return `text` without Vietnamese marks: "Đề cử" becomes "De cu"."""
    bare = strip_marks(unicodedata.normalize("NFKC", text))
    return bare.encode("ascii", "ignore").decode()


def slug(text: str, max_length: int = MAX_PART) -> str:
    """Return `text` as a part of a file name: ASCII letters, digits, ``-`` and ``_``.

    >>> slug("Phiếu đăng ký: số 05/KH")
    'phieu-dang-ky-so-05-kh'
    """
    result = re.sub(r"[^a-z0-9_]+", "-", to_ascii(text).lower()).strip("-_")
    return result[:max_length].strip("-_") or "khong-ten"


def safe_name(filename: str, max_length: int = MAX_PART) -> str:
    """Return a file's own name made safe, its extension kept.

    Folders in it, whether ``/`` or ``\\``, are dropped, so that no name leads out of
    the folder it is unpacked to.
    """
    base = filename.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, extension = base.rpartition(".")
    if not stem:
        stem, dot, extension = base, "", ""
    extension = re.sub(r"[^a-z0-9]", "", to_ascii(extension).lower())[:10]
    tail = f".{extension}" if dot and extension else ""
    name = slug(stem, max_length - len(tail)) + tail
    return f"_{name}" if _RESERVED.match(name) else name


class Package:
    """A ZIP file with a list of checksums, written to disk piece by piece.

    Names are made unique whatever the system thinks of capitals; the lists come last:
    ``SHA256SUMS`` for ``sha256sum -c`` and a readable one.
    """

    def __init__(self, path: Path, list_name: str = "danh-muc.txt") -> None:
        self._zip = zipfile.ZipFile(
            path, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=6
        )
        self._list_name = list_name
        self._sums: list[tuple[str, int, str]] = []
        self._names = {"sha256sums", list_name.lower()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def _unique(self, folders: Iterable[str], filename: str) -> str:
        parts = [slug(folder) for folder in folders]
        stem, dot, extension = filename.rpartition(".")
        if not stem:
            stem, dot, extension = filename, "", ""
        name, number = "/".join([*parts, filename]), 1
        while name.lower() in self._names:
            number += 1
            name = "/".join([*parts, f"{stem}_{number}{dot}{extension}"])
        self._names.add(name.lower())
        return name

    def add_bytes(self, folders: Iterable[str], filename: str, content: bytes) -> str:
        """Add a small file; return the name that it got."""
        name = self._unique(folders, safe_name(filename))
        self._zip.writestr(name, content)
        self._sums.append((name, len(content), hashlib.sha256(content).hexdigest()))
        return name

    def add_file(self, folders: Iterable[str], filename: str, path: Path) -> str:
        """Add a file from disk without reading it whole; return the name it got."""
        name = self._unique(folders, safe_name(filename))
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo.from_file(path, name)
        info.compress_type = zipfile.ZIP_DEFLATED
        with path.open("rb") as source, self._zip.open(info, "w") as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self._sums.append((name, size, digest.hexdigest()))
        return name

    def finish(self, heading: str = "") -> None:
        """Write the lists of what is in the package.

        :param heading: first lines of the readable list
        """
        sums = "".join(f"{digest}  {name}\n" for name, _size, digest in self._sums)
        lines = [heading] if heading else []
        lines += [
            f"{number:>4}. {name} ({size} byte)\n      SHA-256: {digest}"
            for number, (name, size, digest) in enumerate(self._sums, 1)
        ]
        self._zip.writestr("SHA256SUMS", sums)
        # with a mark of the encoding and line ends that Notepad of old needs
        readable = "\ufeff" + "\r\n".join("\n".join(lines).splitlines()) + "\r\n"
        self._zip.writestr(self._list_name, readable)
