"""The file outside the database to which heads of ledgers are added.

Each line is signed under a key that isn't in the database, and names the line before:
whoever changes the ledger would have to reach the server's files as well.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from . import evidence

_KEY = "anchor.key"


class AnchorFile:
    """One database's anchors in a folder that the server alone reads."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.path = folder / f"{name}.jsonl"

    def read_key(self) -> bytes | None:
        """Return the key of the signatures, or None where there is none yet."""
        try:
            return bytes.fromhex((self.folder / _KEY).read_text().strip())
        except FileNotFoundError:
            return None

    def _make_key(self) -> bytes:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = secrets.token_bytes(32)
        try:
            handle = os.open(
                self.folder / _KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
            )
        except FileExistsError:
            return self.read_key() or key
        with open(handle, "w") as file:
            file.write(key.hex())
        return key

    def read_lines(self) -> Iterator[dict]:
        """Yield the lines; one that can't be read comes as an empty one."""
        try:
            with self.path.open(encoding="utf-8", errors="replace") as file:
                for text in file:
                    try:
                        line = json.loads(text)
                    except ValueError:
                        line = None
                    yield line if evidence.is_line(line) else {}
        except FileNotFoundError:
            return

    def append(self, heads: list[dict]) -> None:
        """Add a line for each head that isn't the last one noted of its contest.

        :param heads: ``contest_id``, ``position``, ``hash`` and ``taken_on`` of each
        """
        key = self.read_key() or self._make_key()
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with open(handle, "a") as file:
            # several servers may share the folder
            fcntl.flock(file, fcntl.LOCK_EX)
            last: dict | None = None
            noted = {}
            for last in self.read_lines():
                if last:
                    noted[last["contest_id"]] = (last["position"], last["hash"])
            if last is not None and not last:
                # a torn line is told by the check, and what follows begins anew
                last = None
                file.write("\n")
            for head in heads:
                if noted.get(head["contest_id"]) == (head["position"], head["hash"]):
                    continue
                last = evidence.next_line(key, last, head)
                file.write(evidence.canonical(last) + "\n")
            file.flush()
            os.fsync(file.fileno())
