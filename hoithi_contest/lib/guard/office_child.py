"""A LibreOffice that stays: it converts what it is told, and ends when idle.

Run as a process of its own, beneath `watch`:
`python office_child.py LIBRARY FOLDER SOCKET IDLE`. It speaks LibreOfficeKit, the C
interface that LibreOffice keeps stable, so that nothing listens anywhere: jobs come
through a socket that only the starter has. Each message is one JSON text; the first one
that it sends says that it is ready.

    {"source": path, "target": path, "format": "pdf", "options": text}
    → {"error": text or null, "memory": MiB}

It imports nothing but the standard library, so that it starts within milliseconds.
"""

import ctypes
import json
import os
import shutil
import socket
import sys
from pathlib import Path

#: Bytes of one message.
MESSAGE = 65536


class _Office(ctypes.Structure):
    """`LibreOfficeKit` of <LibreOfficeKit/LibreOfficeKit.h>."""


class _Document(ctypes.Structure):
    """`LibreOfficeKitDocument` of the same."""


_office_p, _document_p = ctypes.POINTER(_Office), ctypes.POINTER(_Document)


class _OfficeClass(ctypes.Structure):
    # the head of the table; what follows there isn't needed
    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", ctypes.CFUNCTYPE(None, _office_p)),
        ("load", ctypes.CFUNCTYPE(_document_p, _office_p, ctypes.c_char_p)),
        ("get_error", ctypes.CFUNCTYPE(ctypes.c_void_p, _office_p)),
        (
            "load_with_options",
            ctypes.CFUNCTYPE(_document_p, _office_p, ctypes.c_char_p, ctypes.c_char_p),
        ),
        ("free_error", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
    )


class _DocumentClass(ctypes.Structure):
    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", ctypes.CFUNCTYPE(None, _document_p)),
        (
            "save_as",
            ctypes.CFUNCTYPE(ctypes.c_int, _document_p, *3 * [ctypes.c_char_p]),
        ),
    )


_Office._fields_ = (("table", ctypes.POINTER(_OfficeClass)),)
_Document._fields_ = (("table", ctypes.POINTER(_DocumentClass)),)


class Engine:
    """LibreOffice in this process."""

    def __init__(self, library: Path, profile: Path):
        # as its own program does: parts of it look for each other's names
        hook = ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL).libreofficekit_hook_2
        hook.restype, hook.argtypes = _office_p, (ctypes.c_char_p, ctypes.c_char_p)
        self._office = hook(os.fsencode(library.parent), profile.as_uri().encode())
        if not self._office:
            raise OSError("LibreOffice doesn't start from its library.")
        self._table = self._office.contents.table.contents

    def convert(self, source: str, target: str, form: str, options: str) -> str | None:
        """Convert a file; return why that didn't work, or None."""
        document = self._table.load_with_options(
            self._office, Path(source).as_uri().encode(), b"Batch=true"
        )
        if not document:
            return self._get_error()
        table = document.contents.table.contents
        try:
            made = table.save_as(
                document,
                Path(target).as_uri().encode(),
                form.encode(),
                options.encode(),
            )
            return None if made else self._get_error()
        finally:
            table.destroy(document)

    def _get_error(self) -> str:
        pointer = self._table.get_error(self._office)
        if not pointer:
            return "?"
        text = ctypes.string_at(pointer).decode(errors="replace")
        self._table.free_error(pointer)
        return text


def _get_memory() -> int:
    """Return the memory of this process in MiB, without what is shared."""
    with open("/proc/self/statm") as file:
        resident, shared = map(int, file.read().split()[1:3])
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE") // 2**20


def main(library: str, folder: str, number: str, idle: str) -> None:
    """Serve until the starter is gone, or nothing came for `idle` seconds."""
    channel = socket.socket(fileno=int(number))
    engine = Engine(Path(library), Path(folder, "profile"))
    channel.send(json.dumps({"error": None, "memory": _get_memory()}).encode())
    channel.settimeout(float(idle))
    while True:
        try:
            message = channel.recv(MESSAGE)
        except TimeoutError:
            message = b""
        if not message:
            break
        job = json.loads(message)
        error = engine.convert(
            job["source"], job["target"], job["format"], job["options"]
        )
        channel.send(json.dumps({"error": error, "memory": _get_memory()}).encode())
    channel.close()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
    # its threads have nothing to tell any more
    os._exit(0)
