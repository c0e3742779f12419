"""A program that ends with whoever started it, and takes its children along.

Run as a process of its own:
`python watch.py [--keep=FD] SECONDS MEMORY FOLDER PROGRAM [ARGUMENT …]`. It starts
PROGRAM in FOLDER, where it may have MEMORY bytes, and kills it with all its descendants
once SECONDS are over (exit code 124) or standard input is closed, as it is when the
starter has died. Then FOLDER, which nobody else will clear, is deleted too. PROGRAM
inherits the file with the descriptor FD.

It imports nothing but the standard library, so that it starts within milliseconds.
"""

import contextlib
import ctypes
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import time

#: Bytes that a program may have for itself, where the starter doesn't say: some ten
#: times what LibreOffice takes for a list of thousands.
MEMORY = 3 * 2**30
#: As the command `timeout` has it.
OVERRUN = 124
#: From <linux/prctl.h>: orphans of the program become children of this process.
_PR_SET_CHILD_SUBREAPER = 36
_PERIOD = 0.05


def _adopt_orphans() -> None:
    # where it isn't Linux, what leaves the program's group isn't followed
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _get_children() -> list[int]:
    me, children = os.getpid(), []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as stat:
                    # the command, in brackets, may hold anything
                    fields = stat.read().rpartition(b")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == me:
                children.append(int(name))
    return children


def _bury(process: subprocess.Popen) -> None:
    """Let go of adopted orphans that have ended, while the program goes on."""
    look = os.WEXITED | os.WNOHANG | os.WNOWAIT
    with contextlib.suppress(ChildProcessError):
        while found := os.waitid(os.P_ALL, 0, look):
            if found.si_pid == process.pid:
                # its exit code is asked for by others
                break
            os.waitpid(found.si_pid, 0)


def _kill_all(process: subprocess.Popen) -> None:
    """Kill the program's group, then what became orphaned by that, to the last one."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    while children := _get_children():
        for pid in children:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                continue


def _limit_memory(size: int) -> None:
    """Limit what programs started from here on may have for themselves."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (size, hard))


def main(
    seconds: float, memory: int, folder: str, command: list[str], kept: tuple = ()
) -> int:
    """Run `command` and return its exit code, or `OVERRUN`.

    :param kept: descriptors that it inherits
    """
    _adopt_orphans()
    _limit_memory(memory)
    end = time.monotonic() + seconds
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=kept,
    )
    # its end is to be seen by who holds the other one
    for number in kept:
        os.close(number)
    watched = [sys.stdin]
    code = None
    while code is None:
        _bury(process)
        code = process.poll()
        if code is None and time.monotonic() >= end:
            code = OVERRUN
        elif code is None and select.select(watched, [], [], _PERIOD)[0]:
            # nothing is ever written there: the starter is gone
            _kill_all(process)
            shutil.rmtree(folder, ignore_errors=True)
            return 1
    _kill_all(process)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    words = sys.argv[1:]
    files = ()
    if words[0].startswith("--keep="):
        files = (int(words.pop(0).partition("=")[2]),)
    sys.exit(main(float(words[0]), int(words[1]), words[2], words[3:], files))
