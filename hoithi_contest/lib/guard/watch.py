"""A program that ends with whoever started it, and takes its children along.

Run as a process of its own: `python watch.py SECONDS FOLDER PROGRAM [ARGUMENT …]`. It
starts PROGRAM in FOLDER, and kills it with all its descendants once SECONDS are over
(exit code 124) or standard input is closed, as it is when the starter has died. Then
FOLDER, which nobody else will clear, is deleted too.

It imports nothing but the standard library, so that it starts within milliseconds.
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import time

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


def main(seconds: float, folder: str, command: list[str]) -> int:
    """Run `command` and return its exit code, or `OVERRUN`."""
    _adopt_orphans()
    end = time.monotonic() + seconds
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True
    )
    watched = [sys.stdin]
    code = None
    while code is None:
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
    sys.exit(main(float(sys.argv[1]), sys.argv[2], sys.argv[3:]))
