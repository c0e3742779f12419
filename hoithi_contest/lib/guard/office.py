"""A LibreOffice that stays between conversions, one for a process that asks for it.

Starting LibreOffice takes seconds, a document a fraction of one. What stays is a child
of the process that asked, beneath `watch`: it dies with that process, has a profile of
its own in a folder of its own, serves one owner (a database) only, ends after some
minutes without work, and is renewed after hundreds of documents or when it has grown. A
process of many threads has one too; who finds it at work waits a little, then goes
another way.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from . import office_child, scratch, watch

#: Set to anything, LibreOffice is started for each conversion and never kept.
SWITCH = "HOITHI_OFFICE_ONCE"
#: Documents after which it is renewed: what leaks stays small.
RENEW_AFTER = 300
#: MiB of its own after which it is renewed.
RENEW_ABOVE = 400
#: Seconds without work after which it ends.
IDLE = 300
#: Seconds in which it has to be ready.
START = 20
#: Seconds for which it isn't tried again where it didn't start, or hung.
PAUSE = 600
#: Seconds in which another thread may finish its document.
TURN = 5
#: A job in the life of a kept LibreOffice that nobody needs to wait for longer.
_LIFE = 24 * 3600
_LIBRARIES = ("libsofficeapp.so", "libmergedlo.so")


class Unavailable(Exception):
    """There is no kept LibreOffice now; the ordinary way is open."""


class Late(Exception):
    """It didn't answer in time and was stopped."""


class Office:
    """One LibreOffice that stays.

    :param program: path of LibreOffice's program
    :param owner: whom it works for, such as the name of a database
    :param end: when it has to be ready, by the monotonic clock
    :raises Unavailable: it doesn't start
    """

    def __init__(self, program: str, owner: str, end: float):
        library = find_library(program)
        if library is None:
            raise Unavailable()
        self.program, self.owner, self.count, self._memory = program, owner, 0, 0
        self._folder = Path(tempfile.mkdtemp(prefix=scratch.PREFIX))
        # messages arrive whole
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = theirs.fileno()
        home = {"HOME": str(self._folder), "TMPDIR": str(self._folder)}
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", watch.__file__),
                *(f"--keep={number}", str(_LIFE), str(watch.MEMORY), str(self._folder)),
                *(sys.executable, "-I", "-S", office_child.__file__),
                *(str(library), str(self._folder), str(number), str(IDLE)),
            ],
            env=os.environ | home,
            # stays open as long as this process lives
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(number,),
            start_new_session=True,
        )
        theirs.close()
        try:
            self._receive(min(end, time.monotonic() + START))
        except (Late, Unavailable):
            self.close()
            raise Unavailable() from None

    def convert(self, content: bytes, form: str, options: str, end: float) -> bytes:
        """Return a document in another format, or nothing where it can't be read.

        :param content: a Word file
        :param form: the ending of the format, such as "pdf"
        :param options: of the export, as LibreOffice takes them
        :param end: when it has to be there, by the monotonic clock
        :raises Late: it wasn't
        :raises Unavailable: LibreOffice broke down
        """
        self.count += 1
        source = self._folder / f"{self.count:06d}.docx"
        target = source.with_suffix(f".{form}")
        job = {
            "source": str(source),
            "target": str(target),
            "format": form,
            "options": options,
        }
        try:
            try:
                # its folder goes with it, a moment before it is seen to be gone
                source.write_bytes(content)
                self._channel.send(json.dumps(job).encode())
            except OSError:
                raise Unavailable() from None
            self._receive(end)
            return target.read_bytes() if target.exists() else b""
        finally:
            source.unlink(missing_ok=True)
            target.unlink(missing_ok=True)

    def serves(self, program: str, owner: str) -> bool:
        """Tell whether it may take one more document of an owner."""
        return (
            (self.program, self.owner) == (program, owner)
            and self.count < RENEW_AFTER
            and self._memory < RENEW_ABOVE
            # it ends by itself when nobody needs it
            and self.is_alive()
        )

    @property
    def pid(self) -> int:
        """The process that watches it."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether it is still there."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it at once, with all that it left."""
        self.forget()
        # what watches it notices, and kills it
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget(self) -> None:
        """Let go of it; it ends when nobody holds it any more."""
        self._channel.close()
        # nothing was ever written there
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _receive(self, end: float) -> dict:
        self._channel.settimeout(max(end - time.monotonic(), 0.001))
        try:
            message = self._channel.recv(office_child.MESSAGE)
        except TimeoutError:
            raise Late() from None
        except OSError:
            message = b""
        if not message:
            raise Unavailable()
        answer = json.loads(message)
        self._memory = answer["memory"]
        return answer


_lock = threading.Lock()
_kept: Office | None = None
#: By the monotonic clock.
_paused_until = 0.0


def find_library(program: str) -> Path | None:
    """Return the library of a LibreOffice, where it has one beside its program."""
    folder = Path(program).resolve().parent
    found = (folder / name for name in _LIBRARIES)
    return next((path for path in found if path.exists()), None)


def convert(program: str, owner: str, content: bytes, *how, end: float) -> bytes:
    """Return a document in another format by the LibreOffice that is kept.

    :param program: path of LibreOffice's program
    :param owner: whose document it is: two never meet in one LibreOffice
    :param how: format and options, see `Office.convert`
    :param end: when it has to be there, by the monotonic clock
    :return: nothing, where it made nothing of it
    :raises Late: it didn't answer in time
    :raises Unavailable: none can be kept, or another thread needs it for long
    """
    global _kept, _paused_until
    if os.environ.get(SWITCH) or time.monotonic() < _paused_until:
        raise Unavailable()
    if find_library(program) is None or not _lock.acquire(timeout=TURN):
        raise Unavailable()
    try:
        if _kept and not _kept.serves(program, owner):
            _close()
        if not _kept:
            try:
                _kept = Office(program, owner, end)
            except Unavailable:
                _paused_until = time.monotonic() + PAUSE
                raise
        try:
            return _kept.convert(content, *how, end)
        except BaseException as error:
            # whatever it was, the next one finds a new one
            _close()
            if isinstance(error, Late):
                _paused_until = time.monotonic() + PAUSE
            raise
    finally:
        _lock.release()


def close() -> None:
    """End the LibreOffice that is kept, if there is one."""
    global _paused_until
    with _lock:
        _paused_until = 0.0
        _close()


def is_kept() -> bool:
    """Tell whether one is there."""
    return _kept is not None and _kept.is_alive()


def get_process() -> int | None:
    """Return the id of the process that watches the one that is kept."""
    return _kept.pid if _kept else None


def _close() -> None:
    global _kept
    if _kept:
        _kept.close()
    _kept = None


def _forget() -> None:
    """In a process that was forked: what its parent keeps is the parent's alone."""
    global _kept, _lock
    if _kept:
        _kept.forget()
    _kept, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)
