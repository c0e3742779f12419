import tempfile
from pathlib import Path

from odoo import api, fields, models

from ...lib.council import evidence
from ...lib.guard import packaging

_GUIDE = """\
GÓI BẰNG CHỨNG CỦA SỔ ĐIỂM

ledger.jsonl        các dòng của sổ, theo thứ tự
facts.jsonl         những gì sổ chứng nhận, theo dữ liệu lúc xuất gói
anchors.jsonl       mốc của sổ ghi trong phiên họp và văn bản
anchor_file.jsonl   tệp mốc trên máy chủ, nằm ngoài cơ sở dữ liệu
documents/          văn bản đã ban hành và bản ký
kiem_tra.py         chương trình kiểm tra, chỉ cần Python 3.11 trở lên, không cần mạng

Kiểm tra:  python3 kiem_tra.py goi-bang-chung.zip
Với mốc trong thư hoặc trên giấy:  … --anchor SỐ_DÒNG:MÃ
Với khóa của tệp mốc do quản trị máy chủ giao:  … --key anchor.key

Một chuỗi đã bị làm lại từ đầu vẫn khớp với chính nó: hãy so với thư báo mốc mà chủ
tịch, thư ký và người được chọn đã nhận, và với mã in trong biên bản và quyết định.
"""


class HoithiEvidence(models.TransientModel):
    """The evidence package of a contest, as its maker may see it.

    What a conflict or a role keeps from the maker is in it as closed rows: the chain
    can be checked, what they are about can't be read.
    """

    _name = "hoithi.evidence"
    _description = "Evidence package"

    contest_id = fields.Many2one("hoithi.contest", required=True, ondelete="cascade")
    file_id = fields.Many2one("ir.attachment", readonly=True, index="btree_not_null")

    # BUSINESS

    def _make(self):
        """Write the package, piece by piece, and keep it as long as the dialog."""
        self.ensure_one()
        # what came about in this transaction is part of it
        self.env["hoithi.ledger"]._settle()
        name = f"bang-chung-{packaging.slug(self.contest_id.name)}.zip"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "evidence.zip"
            with packaging.Package(path) as package:
                self._write(package, Path(folder))
                package.finish(self.contest_id.name)
            # made of what the maker may see; the maker alone opens it
            self.sudo().file_id = (
                self.env["ir.attachment"]
                .sudo()
                ._create_from_path(
                    path,
                    {
                        "name": name,
                        "mimetype": "application/zip",
                        "res_model": self._name,
                        "res_id": self.id,
                    },
                )
            )

    def _write(self, package, folder):
        contest = self.contest_id
        ledger = self.env["hoithi.ledger"]
        package.add_bytes(
            [],
            "contest.json",
            evidence.canonical(
                {
                    "id": contest.id,
                    "name": contest.name,
                    "state": contest.state,
                    "ledger_length": contest.ledger_length,
                    "is_guarded": not list(ledger._find_open_guard()),
                    "is_anchored": bool(contest.anchored_on),
                    "made_on": fields.Datetime.to_string(fields.Datetime.now()),
                }
            ).encode(),
        )
        open_rows = self._get_open_rows()
        told, closed = set(), set()
        secret = self._get_untold_opinions()

        def get_rows():
            for row in ledger._iter_rows(contest):
                facts = {fact[:2] for fact in evidence.attested(row)}
                if row["position"] in open_rows and not facts & secret:
                    told.update(facts)
                    yield row
                else:
                    closed.update(facts)
                    yield {n: v for n, v in row.items() if n not in evidence.CLOSED}

        self._add_lines(package, folder, "ledger.jsonl", get_rows())
        facts = self._get_facts(package, told, closed | secret)
        self._add_lines(package, folder, "facts.jsonl", facts)
        anchor = self.env["hoithi.ledger.anchor"]
        noted = [a for a in anchor._get_anchors(contest) if "mac" not in a]
        self._add_lines(package, folder, "anchors.jsonl", noted)
        # all lines, as each names the one before; they tell no more than heads
        lines = anchor._get_file().read_lines()
        self._add_lines(package, folder, "anchor_file.jsonl", lines)
        package.add_bytes([], "kiem_tra.py", Path(evidence.__file__).read_bytes())
        package.add_bytes([], "HUONG-DAN.txt", _GUIDE.encode())

    @api.model
    def _add_lines(self, package, folder, name, lines):
        path = folder / name
        with path.open("w") as file:
            for line in lines:
                file.write(evidence.canonical(line) + "\n")
        package.add_file([], name, path)
        path.unlink()

    def _may_open(self):
        ledger = self.env["hoithi.ledger"]
        return ledger._has_field_access(ledger._fields["payload"], "read")

    def _get_open_rows(self):
        """Return the places of the rows that the maker may read whole."""
        if not self._may_open():
            return set()
        rows = self.env["hoithi.ledger"].search(
            [("contest_id", "=", self.contest_id.id)]
        )
        return set(rows.mapped("position"))

    def _get_untold_opinions(self):
        """Return (kind, id) of the written opinions that a vote doesn't tell.

        While it runs nobody follows it, and who said what in a secret one is told to
        nobody; what was deleted tells nothing either.
        """
        # which they are, whatever the maker may see of them
        opinions_sudo = self.env["hoithi.session.opinion"].sudo()
        told = opinions_sudo.search(
            [
                ("contest_id", "=", self.contest_id.id),
                ("item_id.state", "=", "counted"),
                ("item_id.ballot_mode", "=", "open"),
            ]
        )
        rows_sudo = (
            self.env["hoithi.ledger"]
            .sudo()
            .search(
                [
                    ("contest_id", "=", self.contest_id.id),
                    ("res_model", "=", opinions_sudo._name),
                ]
            )
        )
        known = opinions_sudo.search([("contest_id", "=", self.contest_id.id)])
        ids = {*known.ids, *rows_sudo.mapped("res_id")} - set(told.ids)
        return {("opinion", opinion_id) for opinion_id in ids}

    def _get_facts(self, package, told, closed):
        """Yield the facts as they are now, and put issued documents into the package.

        :param told: (kind, id) that the open rows are about
        :param closed: (kind, id) that the closed rows are about, and what isn't told
        """
        for kind, record_sudo, content, files in self.env["hoithi.ledger"]._iter_facts(
            self.contest_id
        ):
            key = (kind, record_sudo.id)
            if key in closed:
                continue
            fact = {"kind": kind, "id": record_sudo.id, "content": content}
            is_readable = record_sudo.with_user(self.env.user).has_access("read")
            if key not in told and not (self._may_open() and is_readable):
                # that no row tells of it is all that its maker may know
                yield {**fact, "content": None}
                continue
            # its row names the entry as well
            fact["entry"] = record_sudo._get_ledger_entry().id
            if kind in ("document", "scan") and is_readable:
                # papers that are public or the maker's to read; dossiers are the
                # authors', and a paper may tell what a conflict or the own entry hides
                fact["paths"] = [
                    self._add_file(package, file) for file in files if file._is_there()
                ]
                # what the law doesn't let be kept is known by what it was
                fact["files"] = [
                    file.kept_sha256 for file in files if file.forgotten_on
                ]
            elif files:
                fact["files"] = [file._get_sha256() for file in files]
            yield fact

    @api.model
    def _add_file(self, package, file_sudo):
        """Add a file as it is now, be it what was kept or not; return its name."""
        path = file_sudo._get_path_on_disk()
        if path:
            return package.add_file(["documents"], file_sudo.name, path)
        content = file_sudo.raw or b""
        return package.add_bytes(["documents"], file_sudo.name, content)
