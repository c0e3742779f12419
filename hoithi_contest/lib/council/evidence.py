"""The score ledger as an outsider checks it; the standard library alone.

The same file reads the ledger inside the addon and, put into the evidence package as
``kiem_tra.py``, on an inspector's machine: ``python3 kiem_tra.py bang-chung.zip``.

A row of version 2 chains a *commitment*, so that the chain can be checked by whoever
may not know what a row is about: ``hash`` is the SHA-256 over place, event, moment,
commitment and the hash before; ``commitment`` is the SHA-256 over a salt and the
details. The details hold, for each fact that the row attests, the SHA-256 over the salt
and the fact as it then was. Rows of version 1 hash their details without a salt.
"""

import argparse
import hashlib
import hmac
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

#: What the first row of a chain follows.
GENESIS = "0" * 64
#: The event that ends a chain.
SEAL = "contest.sealed"
#: Version of the rows that are written now.
VERSION = 2
#: What still happens once the scores are sealed: prizes of the province, papers, more
#: of them for the province, objections and what is decided anew for one, an entry that
#: is disqualified, and the stock of what there was before version 2.
AFTER_SEAL = (
    "award.",
    "copies.",
    "decision.",
    "document.",
    "entry.decided",
    "entry.supplemented",
    "ledger.",
    "objection.",
)

_HASHED = {
    1: (
        "contest_id",
        "position",
        "event",
        "res_model",
        "res_id",
        "user_id",
        "payload",
        "previous_hash",
        "recorded_on",
        "entry_id",
    ),
    2: (
        "version",
        "contest_id",
        "position",
        "event",
        "recorded_on",
        "commitment",
        "previous_hash",
    ),
}
_DETAILS = ("res_model", "res_id", "user_id", "entry_id", "payload")
#: What a row lacks for whoever may not know what it is about.
CLOSED = {*_DETAILS, "salt"}


class Problem(NamedTuple):
    """Something that doesn't agree: a code and what it is about."""

    code: str
    position: int = 0
    kind: str = ""
    record: int = 0
    where: str = ""


def canonical(value: Any) -> str:
    """Return the one JSON text of `value`, which hashes are taken over."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(value: Any) -> str:
    """Return the SHA-256 over the JSON text of `value`."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def fact_digest(salt: str, content: Any) -> str:
    """Return what a row says of a fact; without the salt nobody guesses the fact."""
    return fingerprint([salt, content])


def attested(row: dict) -> list[tuple[str, int, str, str]]:
    """Return kind, id, salt and digest of each fact that an open row is about.

    A payload that isn't one was altered, which the row's hash tells.
    """
    try:
        payload = json.loads(row["payload"])
        if row["version"] == 1:
            if row["res_model"] != "hoithi.review":
                return []
            return [("sheet", row["res_id"], "", payload.get("sheet") or "")]
        facts = [
            (kind, record, row["salt"], digest or "")
            for kind, record, digest in payload.get("facts", ())
        ]
        # facts are found by kind and id: what can't be a key is none
        return list(dict.fromkeys(facts))
    except (ValueError, TypeError, AttributeError):
        return []


def expected_files(kind: str, content: Any) -> list[str]:
    """Return the SHA-256 of each file that a fact names."""
    if kind == "files":
        return [kept for _id, _name, _sha256, kept in content]
    if kind == "copies":
        return [kept for _id, _name, kept in content]
    if kind == "document":
        return [kept for kept in (content["docx"], content["pdf"]) if kept]
    return content[1:] if kind == "scan" else []


def commitment(row: dict) -> str:
    """Return the commitment to the details of a row, which hold its payload as text."""
    return fingerprint([row["salt"], {name: row[name] for name in _DETAILS}])


def row_hash(row: dict) -> str:
    """Return the hash of a row, the hash before it included.

    Of a version that there isn't, one that no row has.
    """
    names = _HASHED.get(row["version"])
    return fingerprint({name: row[name] for name in names}) if names else ""


def is_line(value: Any) -> bool:
    """Tell whether a value has all that a line of the anchors' file holds."""
    return (
        isinstance(value, dict)
        and all(
            isinstance(value.get(name), int) and value[name] > 0
            for name in ("contest_id", "position", "line")
        )
        and all(
            isinstance(value.get(name), str) and value[name].isascii()
            for name in ("hash", "previous", "mac")
        )
    )


def line_mac(key: bytes, line: dict) -> str:
    """Return the HMAC-SHA-256 of a line of the anchors' file under its key."""
    body = {name: value for name, value in line.items() if name != "mac"}
    return hmac.new(key, canonical(body).encode(), "sha256").hexdigest()


def next_line(key: bytes, last: dict | None, values: dict) -> dict:
    """Return a line that follows `last` in the anchors' file, with its HMAC."""
    line = {
        **values,
        "line": last["line"] + 1 if last else 1,
        "previous": last["mac"] if last else "",
    }
    return {**line, "mac": line_mac(key, line)}


def check_lines(lines: Iterable[dict], key: bytes | None) -> Iterator[Problem]:
    """Tell what is wrong with an anchors' file.

    :param lines: with an empty one for each that isn't one, see `is_line`
    :param key: where it isn't at hand, only the order of the lines is checked
    """
    previous = ""
    for number, line in enumerate(lines, start=1):
        if (
            line.get("line") != number
            or line.get("previous") != previous
            or not line.get("mac")
            or (key and not hmac.compare_digest(line["mac"], line_mac(key, line)))
        ):
            yield Problem("anchor_line", where=str(number))
            return
        previous = line["mac"]


class Verifier:
    """Compares one contest's chain with its facts and anchors, whatever their number.

    Feed it all rows in order, then the facts as they are now, then the anchors; it
    holds one line for each row and fact, never their content.
    """

    def __init__(self, contest_id: int) -> None:
        self.contest_id = contest_id
        self.length = 0
        self.is_sealed = False
        self.is_partial = False
        self._hashes: list[str] = []
        self._attested: dict[tuple[str, int], tuple[int, str, str, int]] = {}
        self._is_broken = False

    @property
    def head(self) -> str:
        return self._hashes[-1] if self._hashes else GENESIS

    def read_row(self, row: dict) -> Iterator[Problem]:
        """Take the next row of the chain.

        A row without ``salt`` is closed: its reader may not know what it is about.
        """
        if self._is_broken:
            return
        position = self.length + 1
        if row["position"] != position:
            self._is_broken = True
            yield Problem("row_missing", position)
            return
        is_open = row["version"] == 1 or bool(row.get("salt"))
        if self.is_sealed and not row["event"].startswith(AFTER_SEAL):
            yield Problem("row_after_seal", position)
        if row["contest_id"] != self.contest_id or row["previous_hash"] != self.head:
            yield Problem("row_altered", position)
        elif "payload" in row or row["version"] != 1:
            altered = row["hash"] != row_hash(row)
            if is_open and row["version"] != 1:
                altered = altered or row["commitment"] != commitment(row)
            if altered:
                yield Problem("row_altered", position)
        self.length = position
        self._hashes.append(row["hash"])
        self.is_sealed = self.is_sealed or row["event"] == SEAL
        if not is_open or "payload" not in row:
            self.is_partial = True
            return
        for kind, record, salt, digest in attested(row):
            if digest:
                entry = row.get("entry_id") or 0
                self._attested[kind, record] = (position, salt, digest, entry)
            else:
                self._attested.pop((kind, record), None)

    def read_end(self, length: int, is_closed: bool) -> Iterator[Problem]:
        """Compare with what the contest knows of its chain.

        :param length: the number of rows that it counts
        :param is_closed: whether it is closed, so that its scores are sealed
        """
        if length != self.length:
            yield Problem("tail_missing", self.length + 1)
        if is_closed and not self.is_sealed:
            yield Problem("seal_missing")

    def read_fact(
        self,
        kind: str,
        record: int,
        content: Any,
        files: list[str] | None = None,
        entry: int | bool | None = None,
    ) -> Iterator[Problem]:
        """Take a fact that counts now; each is taken once.

        :param files: the SHA-256 of each of its files as they are, if that was looked
            at; a file that is gone has an empty one
        :param entry: the id of the entry that it is about now, which its row names, as
            most facts don't; False for none, None where it isn't asked
        """
        if (
            content is not None
            and files is not None
            and sorted(files) != sorted(expected_files(kind, content))
        ):
            yield Problem("file_altered", 0, kind, record)
        position, salt, digest, named = self._attested.pop(
            (kind, record), (0, "", "", 0)
        )
        if not digest:
            yield Problem("fact_without_row", 0, kind, record)
            return
        now = fact_digest(salt, content) if salt else fingerprint(content)
        is_moved = entry is not None and named and (entry or 0) != named
        if now != digest or is_moved:
            yield Problem("fact_altered", position, kind, record)

    def end_facts(self) -> Iterator[Problem]:
        """Tell which rows have lost their facts, once all facts were taken."""
        for (kind, record), (position, *_rest) in self._attested.items():
            yield Problem("row_without_fact", position, kind, record)
        self._attested = {}

    def read_anchor(self, anchor: dict) -> Iterator[Problem]:
        """Compare with a head of the chain that was noted outside of it.

        :param anchor: ``hash``, its ``position`` where that is known, and ``where`` it
            was noted
        """
        position, where = anchor.get("position") or 0, anchor.get("where", "")
        if position > self.length:
            yield Problem("anchor_beyond", position, where=where)
        elif position and self._hashes[position - 1] != anchor["hash"]:
            yield Problem("anchor_differs", position, where=where)
        elif not position and anchor["hash"] not in self._hashes:
            yield Problem("anchor_differs", where=where)


# what stands below is for the inspector alone

_KINDS = {
    "sheet": "phiếu chấm",
    "tally": "kết quả kiểm phiếu",
    "decision": "quyết định về hồ sơ",
    "award": "giải thưởng",
    "document": "văn bản đã ban hành",
    "scan": "tình trạng và bản ký của văn bản",
    "submission": "việc nộp hồ sơ",
    "files": "tệp của hồ sơ",
    "copies": "bản đọc giao cho phiếu chấm",
    "statement": "cam kết của thành viên",
    "opinion": "ý kiến bằng văn bản",
}
_SENTENCES = {
    "row_missing": "Thiếu dòng {position} của sổ.",
    "row_altered": "Dòng {position} của sổ đã bị sửa.",
    "row_after_seal": "Dòng {position} được thêm sau khi sổ đã niêm phong.",
    "tail_missing": "Phần cuối của sổ bị cắt, từ dòng {position}.",
    "seal_missing": "Hội thi đã khép lại nhưng sổ không có dòng niêm phong.",
    "fact_without_row": "Có {kind} số {record} nhưng sổ không có dòng nào ghi.",
    "fact_altered": "Nội dung {kind} số {record} khác với dòng {position} của sổ.",
    "row_without_fact": "Dòng {position} ghi {kind} số {record} nhưng nay không còn.",
    "anchor_beyond": "Mốc ở {where} là dòng {position}, nhưng sổ ngắn hơn.",
    "anchor_differs": "Mốc ở {where} (dòng {position}) khác với sổ.",
    "anchor_line": "Dòng {where} của tệp mốc đã bị sửa, thêm hoặc bớt.",
    "anchor_gone": "Tệp mốc ngoài cơ sở dữ liệu không còn.",
    "guard_off": "Bộ chặn sửa sổ trong cơ sở dữ liệu đã bị gỡ.",
    "file_missing": "Thiếu tệp {where} trong gói.",
    "file_altered": "Tệp của {kind} số {record} bị mất hoặc khác với mã đã ghi.",
}


def _read_lines(package: zipfile.ZipFile, name: str) -> Iterator[dict]:
    with package.open(name) as file:
        for line in file:
            yield json.loads(line)


def check_package(
    path: str, key: bytes | None = None, noted: Iterable[dict] = ()
) -> tuple[list[Problem], Verifier]:
    """Check an evidence package.

    :param key: of the anchors' file, where the inspector was given it
    :param noted: anchors that the inspector has from letters or paper
    """
    problems: list[Problem] = []
    with zipfile.ZipFile(path) as package:
        about = json.loads(package.read("contest.json"))
        verifier = Verifier(about["id"])
        for row in _read_lines(package, "ledger.jsonl"):
            problems += verifier.read_row(row)
        is_closed = about["state"] == "closed"
        problems += verifier.read_end(about["ledger_length"], is_closed)
        names = set(package.namelist())
        for fact in _read_lines(package, "facts.jsonl"):
            files = fact.get("files", [])
            for name in fact.get("paths", ()):
                if name not in names:
                    problems.append(Problem("file_missing", where=name))
                    continue
                with package.open(name) as file:
                    files.append(hashlib.file_digest(file, "sha256").hexdigest())
            problems += verifier.read_fact(
                fact["kind"], fact["id"], fact["content"], files, fact.get("entry")
            )
        problems += verifier.end_facts()
        for anchor in _read_lines(package, "anchors.jsonl"):
            problems += verifier.read_anchor(anchor)
        for anchor in noted:
            problems += verifier.read_anchor(anchor)
        lines = [
            line if is_line(line) else {}
            for line in _read_lines(package, "anchor_file.jsonl")
        ]
        problems += check_lines(lines, key)
        if about["is_anchored"] and not lines:
            problems.append(Problem("anchor_gone"))
        if not about["is_guarded"]:
            problems.append(Problem("guard_off"))
        for line in lines:
            if line.get("contest_id") == about["id"]:
                problems += verifier.read_anchor({**line, "where": "tệp mốc"})
    return problems, verifier


def main(arguments: list[str] | None = None) -> int:
    """Check a package and say what was found; 1 where something doesn't agree."""
    parser = argparse.ArgumentParser(
        description="Kiểm tra gói bằng chứng của sổ điểm, không cần mạng hay phần mềm."
    )
    parser.add_argument("package", help="gói bằng chứng (.zip)")
    parser.add_argument("--key", help="tệp khóa của tệp mốc, nếu được giao")
    parser.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="DÒNG:MÃ",
        help="mốc trong thư hoặc trên giấy, ví dụ 12:ab34…; có thể lặp lại",
    )
    options = parser.parse_args(arguments)
    key = None
    if options.key:
        with open(options.key, "rb") as file:
            key = bytes.fromhex(file.read().decode().strip())
    noted = []
    for text in options.anchor:
        position, _colon, digest = text.partition(":")
        noted.append({"position": int(position), "hash": digest, "where": text})
    problems, verifier = check_package(options.package, key, noted)
    lines = []
    for problem in problems:
        values = {**problem._asdict(), "kind": _KINDS.get(problem.kind, problem.kind)}
        lines.append("✗ " + _SENTENCES[problem.code].format(**values))
    if verifier.is_partial:
        lines.append("! Một số dòng được đóng: người xuất không được biết nội dung.")
    if not key:
        lines.append("! Chưa có khóa: chữ ký của tệp mốc chưa được kiểm tra.")
    lines.append(f"{verifier.length} dòng; mã cuối: {verifier.head}")
    lines.append("CÓ SAI KHÁC." if problems else "TOÀN VẸN: không có sai khác.")
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
