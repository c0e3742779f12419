"""Which fonts the machine has, as fontconfig tells."""

import shutil
import subprocess

_SECONDS = 5


def find(*names: str) -> str:
    """Return the first of these families that is installed, or an empty text.

    Asked for one that it lacks, fontconfig names another, which doesn't count.
    """
    program = shutil.which("fc-match")
    if not program:
        return ""
    for name in names:
        try:
            told = subprocess.run(
                [program, "--format", "%{family}", name],
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=True,
            ).stdout
        except (OSError, subprocess.SubprocessError):
            return ""
        if name in told.split(","):
            return name
    return ""
