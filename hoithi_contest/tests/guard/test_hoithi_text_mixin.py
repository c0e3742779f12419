import base64
import io
import json

from openpyxl import load_workbook

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import PDF, HoithiCommon

#: Rows of the ledger are hashed as they come, and made of what passed the door.
EXEMPT = {"hoithi.ledger"}


@tagged("post_install", "-at_install")
class TestHoithiTextMixin(HoithiCommon):
    """What is typed anywhere can be written into every file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def test_values_of_another_kind_are_refused_in_words(self):
        """Odoo stumbles over them, or takes choices that there aren't."""
        entry = self._create_entry()
        contest = self.contest.with_user(self.secretary)
        rule = self.env["hoithi.notice.rule"].search([], limit=1)
        for record, vals in (
            (contest, {"tz": "zzz"}),
            (contest, {"tz": [1]}),
            (contest, {"council_id": "abc"}),
            (contest, {"council_id": True}),
            (contest, {"secretary_ids": "abc"}),
            (contest, {"secretary_ids": [["0", 0, {}]]}),
            (contest, {"secretary_ids": [[]]}),
            (contest, {"grace_minutes": 10**12}),
            (contest, {"grace_minutes": "abc"}),
            (contest, {"registration_deadline": 5}),
            (contest, {"registration_deadline": [1]}),
            (contest, {"registration_deadline": "31/12/9999"}),
            (contest, {"registration_deadline": "01/11/0226"}),
            (contest, {"province_deadline": "9999-12-31 23:00:00"}),
            (contest, {"date_start": "0226-11-01"}),
            (contest, {"date_start": {}}),
            (contest, {"name": ["x"]}),
            (rule, {"kind": "zzz"}),
            (entry, {"benefit_amount": 1e300}),
            (entry, {"benefit_amount": float("nan")}),
            (entry, {"benefit_amount": -5}),
            (entry, {"currency_id": False}),
            (entry, {"author_ids": [[0]]}),
            (entry, {"author_ids": "abc"}),
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                record.write(vals)
        for vals in (
            {"contest_id": "abc"},
            {"contest_id": True},
            {"author_ids": [[0]]},
            {"benefit_amount": 5, "currency_id": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._create_entry(**vals)
        question = self.env["hoithi.question"].with_user(self.staff)
        for vals in ({"subject": ["x"], "body": "y"}, {"subject": "x", "body": {}}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                question.create({"contest_id": self.contest.id, **vals})

    def test_a_reason_says_something(self):
        entry = self._submit_entry()
        office = entry.with_user(self.secretary)
        for reason in (
            "",
            " ",
            "\x00",
            "\u200b",
            "\u3164",
            "\u2800",
            ".",
            "–",
            "<p></p>",
            5,
            ["x"],
        ):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                office.action_mark_ineligible(reason=reason)
            with self.subTest(reason=reason), self.assertRaises(UserError):
                entry.action_withdraw(reason=reason)
        office.action_mark_ineligible(reason=" Thiếu\x00 bản mô tả ")
        self.assertEqual(entry.sudo().ineligible_reason, "Thiếu bản mô tả")

    def _get_typed_fields(self, model):
        return [
            field
            for field in model._fields.values()
            if field.type in ("char", "text", "html")
            and field.store
            and not field.compute
            and not field.related
        ]

    def test_every_model_has_the_door(self):
        door = self.env.registry["hoithi.text.mixin"]
        checked = 0
        for name in self.env:
            model = self.env[name]
            if not name.startswith("hoithi.") or model._abstract or name in EXEMPT:
                continue
            for field in self._get_typed_fields(model):
                self.assertIsInstance(model, door, f"{name}.{field.name}")
                for text in ("a\x0bb\x00\x01", "a\x0cb\ud800\ufffe"):
                    [vals] = model._prepare_create_values([{field.name: text}])
                    self.assertRegex(vals.get(field.name, "a\nb"), r"^a[ \n]b$")
                    cleaned = model._clean_texts({field.name: text})[field.name]
                    self.assertRegex(cleaned, r"^a[ \n]b$", f"{name}.{field.name}")
                checked += 1
        self.assertGreater(checked, 80)

    def test_create_and_write(self):
        entry = self._create_entry(
            name="Trạm\x0bđo\x00 \u202enước\u200b",
            novelty="Mới\x0bhơn\r\nnhiều\tlắm\x01\ud800",
            with_file=False,
        )
        self.assertEqual(entry.name, "Trạm đo nước")
        self.assertEqual(entry.novelty, "Mới\nhơn\nnhiều\tlắm")
        entry.write({"name": "Trạm\x0cđo\x1f", "novelty": "a\x00b"})
        self.assertEqual((entry.name, entry.novelty), ("Trạm đo", "ab"))
        entry.name = "Bơm\x0bnước"
        self.assertEqual(entry.name, "Bơm nước")
        entry.write(
            {
                "participant_type": "group",
                "author_ids": [
                    Command.create(
                        {"full_name": "Le\u200b An\x0b", "contribution_percent": 20}
                    )
                ],
            }
        )
        self.assertIn("Le An", entry.author_ids.mapped("full_name"))

    def test_defaults_of_a_context(self):
        entry = (
            self.env["hoithi.entry"]
            .with_user(self.staff)
            .with_context(default_novelty="Mới\x0bhơn\x00")
            .create({"name": "Trạm đo", "contest_id": self.contest.id})
        )
        self.assertEqual(entry.novelty, "Mới\nhơn")

    def test_import(self):
        result = (
            self.env["hoithi.field"]
            .with_user(self.admin)
            .load(["name", "description"], [["Đất\x0bđai\x00", "Đo\x0bđạc\x01"]])
        )
        self.assertFalse(result["messages"])
        field = self.env["hoithi.field"].browse(result["ids"])
        self.assertEqual((field.name, field.description), ("Đất đai", "Đo\nđạc"))

    def test_translations(self):
        self.field.update_field_translations("name", {"en_US": "Wa\x0bter\x00"})
        self.assertEqual(self.field.with_context(lang="en_US").name, "Wa ter")

    def test_names_of_files(self):
        entry = self._create_entry(with_file=False)
        item = self._add_file(entry, filename="mo\x0bta\x00\u202e.pdf")
        self.assertEqual(item.filename, "mo ta.pdf")
        self.assertEqual(item.attachment_id.sudo().name, "mo ta.pdf")
        attachment = self.env["ir.attachment"].create(
            {
                "name": "a\x0bb.pdf",
                "raw": base64.b64encode(PDF),
                "res_model": "hoithi.contest",
                "res_id": self.contest.id,
            }
        )
        self.assertEqual(attachment.name, "a b.pdf")


@tagged("post_install", "-at_install")
class TestTextOfExports(HttpCase, HoithiCommon):
    """A list that is exported is a workbook that leaves the house too."""

    def test_a_title_is_no_formula(self):
        self._launch()
        title = '=HYPERLINK("http://x.example","Xem")'
        entry = self._submit_entry(name=title)
        self.secretary.group_ids += self.env.ref("base.group_allow_export")
        self.authenticate("t_secretary", "t_secretary")
        for groups in ([], ["state"]):
            data = {
                "model": "hoithi.entry",
                "fields": [
                    {"name": "name", "label": "=1+1", "type": "char"},
                    {"name": "state", "label": "State", "type": "selection"},
                ],
                "ids": entry.ids,
                "domain": [("id", "=", entry.id)],
                "groupby": groups,
                "import_compat": False,
                "context": {},
            }
            page = self.url_open(
                "/web/export/xlsx",
                {"data": json.dumps(data), "csrf_token": http.Request.csrf_token(self)},
            )
            sheet = load_workbook(io.BytesIO(page.content)).active
            cells = {cell.value: cell.data_type for row in sheet for cell in row}
            with self.subTest(groups=groups):
                self.assertEqual(cells[title], "s")
                self.assertEqual(cells["=1+1"], "s")
