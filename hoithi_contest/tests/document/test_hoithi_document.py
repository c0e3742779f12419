from datetime import date, timedelta
from itertools import count
from unittest.mock import patch

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...lib.document.kinds import KINDS
from ...lib.guard import pdf
from ...models.document import hoithi_document_file
from ...models.document.hoithi_document_file import DOCX
from ...models.guard.hoithi_guard_mixin import Load
from ..common import PDF
from .document_common import read_docx
from .document_life_common import DocumentLifeCommon


def read_text(content):
    """Return all that a Word file prints in its body, tables included."""
    return "\n".join(read_docx(content))


@tagged("post_install", "-at_install")
class TestDocumentLife(DocumentLifeCommon):
    """From draft to issued, and what each role may do of it."""

    def test_life(self):
        document = self._draft("plan")
        self.assertEqual(document.state, "draft")
        self.assertEqual(document.agency_id, self.agency)
        self.assertEqual(document.signer_id, self.signer)
        self.assertEqual(document.symbol, "KH-STNMT")
        self.assertEqual(document.place, "Bắc Kạn")
        self.assertTrue(document.subject)
        self.assertFalse(document.number)

        document.action_generate()
        text = read_text(document.docx_id.raw)
        self.assertIn("KẾ HOẠCH", text)
        self.assertIn("KT. GIÁM ĐỐC", text)
        self.assertIn("Đàm Quốc Vượng", text)
        self.assertNotIn("ThS.", text)
        self.assertEqual(document.pdf_id.raw, PDF)

        document.with_user(self.leader).action_approve()
        self.assertEqual(document.approved_by_id, self.leader)

        document.action_issue("05", date(2026, 8, 5))
        self.assertEqual(document.state, "issued")
        text = read_text(document.docx_id.raw)
        self.assertIn("Số: 05/KH-STNMT", text)
        self.assertIn("Bắc Kạn, ngày 05 tháng 8 năm 2026", text)
        self.assertIn("05-kh-stnmt", document.docx_id.name)
        self.assertEqual(document.contest_id.document_ids, document)

    def test_fields_instead_of_arguments(self):
        """The clerk may as well write number and date, then issue."""
        document = self._approved()
        document.write({"number": "7", "date": "2026-08-05"})
        document.action_issue()
        self.assertEqual(document.state, "issued")
        self.assertIn("Số: 07/TB-STNMT", read_text(document.docx_id.raw))

    def test_roles(self):
        """A secretary drafts, numbers, sends; a leader approves; others do nothing."""
        acts = {
            "action_generate": ("draft", self.secretary),
            "action_approve": ("draft", self.leader),
            "action_send_back": ("approved", self.secretary, self.leader),
            "action_issue": ("approved", self.secretary),
            "action_cancel": ("draft", self.secretary),
            "action_dispatch": ("issued", self.secretary),
            "action_publish": ("issued", self.secretary, self.publisher),
            "action_unpublish": ("issued", self.secretary, self.publisher),
        }
        arguments = {
            "action_send_back": ["sai"],
            "action_cancel": ["thừa"],
            "action_issue": ["1", "2026-08-05", "bổ sung"],
        }
        users = (
            self.staff,
            self.internal,
            self.head,
            self.member1,
            self.secretary,
            self.leader,
            self.publisher,
            self.admin,
        )
        make = {"draft": self._draft, "approved": self._approved}
        numbers = count(101)
        for method, (state, *allowed) in acts.items():
            for user in users:
                if state == "issued":
                    document = self._issued(number=str(next(numbers)))
                else:
                    document = make[state]()
                    if state == "draft":
                        document.action_generate()
                records = self.env["hoithi.document"].with_user(user)
                args = [document.ids, *arguments.get(method, [])]
                with self.subTest(method=method, user=user.login):
                    if user in allowed:
                        call_kw(records, method, args, {})
                    else:
                        with (
                            mute_logger("odoo.addons.base.models.ir_rule"),
                            self.assertRaises(AccessError),
                        ):
                            call_kw(records, method, args, {})
                        self.assertEqual(document.state, state)
                        self.assertFalse(document.is_published)

    def test_leader_does_not_write(self):
        document = self._draft().with_user(self.leader)
        with self.assertRaises(AccessError):
            document.subject = "khác"
        with self.assertRaises(AccessError):
            self.env["hoithi.document"].with_user(self.leader).create(
                {"kind": "plan", "contest_id": self.contest.id}
            )

    def test_server_fields_are_not_written(self):
        """Neither with a new document nor later, whatever RPC sends."""
        document = self._draft()
        for name, value in (
            ("context_json", {"forged": True}),
            ("docx_id", self.env["ir.attachment"].create({"name": "x"}).id),
            ("cancel_reason", "x"),
            ("is_published", True),
            ("signer_name", "Kẻ mạo danh"),
            ("agency_name", "khác"),
            ("approved_by_id", self.secretary.id),
        ):
            with self.subTest(field=name):
                with self.assertRaises(UserError):
                    document.write({name: value})
                with self.assertRaises(UserError):
                    self._draft(**{name: value})

    def test_no_approval_without_what_is_approved(self):
        document = self._draft()
        with self.assertRaisesRegex(UserError, "no file"):
            document.with_user(self.leader).action_approve()
        document.action_generate()
        document.subject = "V/v khác"
        self.assertTrue(document.is_outdated)
        with self.assertRaisesRegex(UserError, "anew"):
            document.with_user(self.leader).action_approve()
        document.action_generate()
        document.with_user(self.leader).action_approve()
        self.assertEqual(document.state, "approved")

    def test_of_several_what_can_be_done_is_done(self):
        """Papers chosen on the list: those that may be are approved, packed, made."""
        empty, made, issued = self._draft(), self._draft(), self._issued()
        made.action_generate()
        papers = empty | made | issued
        told = papers.with_user(self.leader).action_approve_selected()["params"]
        self.assertEqual(
            papers.mapped("state"), ["draft", "approved", "issued"], told["message"]
        )
        self.assertIn("1 of 3 records are now “Cleared for issue”.", told["message"])
        self.assertIn("has no file yet", told["message"])
        office = papers.with_user(self.secretary)
        told = office.action_make_exchange_selected()["params"]
        self.assertIn("• 2 records: It isn't issued yet.", told["message"])
        self.assertEqual(told["next"]["res_model"], "hoithi.document.run")
        elsewhere = self._issued(number="06").with_context(hoithi_door=Load())
        other = self._create_contest()
        elsewhere.sudo().write({"contest_id": other.id, "res_id": other.id})
        runs = self.env["hoithi.document.run"].search_count([])
        with self.assertRaisesRegex(UserError, "papers of one contest"):
            (office | elsewhere).action_make_exchange_selected()
        self.assertEqual(self.env["hoithi.document.run"].search_count([]), runs)
        mixed = (empty | issued | self._draft()).with_user(self.secretary)
        with patch.object(type(made), "_generate", autospec=True) as generate:
            mixed.action_generate_selected()
        self.assertEqual(generate.call_count, 1, "the drafts are made in one run")
        told = office.action_generate_selected()["params"]
        self.assertTrue(empty.docx_id)
        self.assertIn("Done for 1 of 3 records.", told["message"])
        with self.assertRaises(AccessError):
            (empty | made).with_user(self.leader).action_generate_selected()

    def test_changed_texts_and_recipients_outdate_the_file(self):
        document = self._draft()
        for change in (
            lambda: document.text_ids[0].write({"content": "Thêm một câu."}),
            lambda: document.recipient_ids[0].write({"name": "Nơi khác"}),
            lambda: document.recipient_ids[0].unlink(),
            lambda: document.write({"recipient_ids": [Command.create({"name": "X"})]}),
        ):
            document.action_generate()
            self.assertFalse(document.is_outdated)
            change()
            self.assertTrue(document.is_outdated)

    def test_texts_are_printed(self):
        document = self._draft("report")
        document.text_ids.filtered(
            lambda line: line.key == "proposals"
        ).content = "Tăng kinh phí.\nMở lớp tập huấn."
        document.action_generate()
        text = read_text(document.docx_id.raw)
        self.assertIn("Tăng kinh phí", text)
        self.assertIn("Mở lớp tập huấn", text)

    def test_dragging_a_card_meets_the_same_rules(self):
        document = self._draft()
        with self.assertRaises(UserError):
            document.with_user(self.leader).state = "approved"
        document.action_generate()
        document.with_user(self.leader).state = "approved"
        self.assertEqual(document.approved_by_id, self.leader)
        with self.assertRaisesRegex(UserError, "number"):
            document.state = "issued"
        self.assertEqual(document.state, "approved")
        document.write({"number": "3", "date": "2026-08-05"})
        document.state = "issued"
        self.assertEqual(document.state, "issued")

    def test_send_back(self):
        document = self._approved()
        with self.assertRaises(UserError):
            document.action_send_back("  ")
        document.with_user(self.leader).action_send_back("Sai ngày")
        self.assertEqual(document.state, "draft")
        self.assertEqual(document.back_reason, "Sai ngày")
        self.assertFalse(document.approved_by_id)
        document.subject = "Đã sửa"

    def test_cancel_keeps_record_number_and_files(self):
        document = self._issued(number="12")
        files = document.docx_id | document.pdf_id
        action = document.action_ask_cancel()
        self.assertEqual(action["res_model"], "hoithi.reason")
        # whoever has it would never hear of it
        line = document.recipient_ids.sudo()._open_door()[:1]
        for state in ("sent", "handed"):
            line.state = state
            with self.assertRaisesRegex(UserError, "Recall"):
                document.action_cancel("Ban hành nhầm")
        line.state = "waiting"
        document.action_publish()
        with self.assertRaisesRegex(UserError, "Recall"):
            document.action_cancel("Ban hành nhầm")
        document.action_unpublish()
        document.action_cancel("Ban hành nhầm")
        self.assertEqual(document.state, "cancelled")
        self.assertFalse(document.is_published)
        self.assertEqual(document.docx_id | document.pdf_id, files)
        with self.assertRaises(UserError):
            document.unlink()
        with self.assertRaises(ValidationError):
            self._issued(number="12")

    def test_only_unnumbered_drafts_are_deleted(self):
        document = self._draft()
        document.action_generate()
        files = document.docx_id | document.pdf_id
        document.unlink()
        self.assertFalse(files.exists())
        with self.assertRaises(UserError):
            self._approved().unlink()

    def test_forms_need_no_number(self):
        self._launch()
        entry = self._submit_entry()
        document = self._approved("registration", entry)
        self.assertFalse(document.symbol)
        document.action_issue()
        self.assertEqual(document.state, "issued")
        self.assertTrue(document.date)
        self.assertFalse(document.number)

    def _give_details(self):
        self.contest.ask_qualification = True
        self._launch()
        entry = self._submit_entry()
        line = entry.representative_id.with_user(self.staff)
        line.action_give_details(qualification="Kỹ sư", agreed=True)
        return entry, line

    def test_details_taken_back_come_out_in_no_form(self):
        entry, line = self._give_details()
        issued, approved = (self._approved("registration", entry) for _ in "12")
        draft, other = self._draft("registration", entry), self._approved()
        draft.action_generate()
        issued.action_issue()
        line.action_withdraw_details()
        self.assertEqual(approved.state, "draft")
        self.assertIn("took back details", approved.back_reason)
        for document in approved, draft:
            self.assertTrue(document.is_outdated)
            with self.assertRaisesRegex(UserError, "make it anew"):
                document.with_user(self.leader).action_approve()
            document.action_generate()
            self.assertNotIn("Kỹ sư", str(document.sudo().context_json))
        self.assertEqual((issued.state, other.state), ("issued", "approved"))

    def test_details_go_from_old_forms(self):
        entry, _line = self._give_details()
        document = self._approved("registration", entry)
        document.action_issue()
        self.assertIn("Kỹ sư", str(document.sudo().context_json))
        entry.sudo()._forget_persons()
        self.assertNotIn("Kỹ sư", str(document.sudo().context_json))
        self.assertEqual(document.state, "issued")

    def test_source_belongs_to_the_contest(self):
        other = self._create_contest(name="Hội thi khác")
        with self.assertRaises(ValidationError):
            self._draft("notice", other)
        with self.assertRaises(ValidationError):
            self._draft("receipt", self.contest)
        with self.assertRaises(ValidationError):
            self.env["hoithi.document"].with_user(self.secretary).create(
                {"kind": "receipt", "contest_id": self.contest.id}
            )

    def test_form(self):
        with Form(self.env["hoithi.document"].with_user(self.secretary)) as form:
            form.contest_id = self.contest
            form.kind = "notice"
        self.assertEqual(form.record.res_id, self.contest.id)
        self.assertEqual(len(form.record.recipient_ids), 3)

    def test_button_on_the_record(self):
        self._launch()
        entry = self._submit_entry().with_user(self.secretary)
        button = entry.with_context(hoithi_kind="receipt")
        first = button.action_make_document()
        self.assertEqual(button.action_make_document()["res_id"], first["res_id"])
        document = self.env["hoithi.document"].browse(first["res_id"])
        self.assertEqual((document.kind, document.entry_id), ("receipt", entry))
        for kind in ("minutes", "nothing", None):
            with self.assertRaises(UserError):
                entry.with_context(hoithi_kind=kind).action_make_document()
        with self.assertRaises(AccessError):
            entry.with_user(self.staff).with_context(
                hoithi_kind="receipt"
            ).action_make_document()


@tagged("post_install", "-at_install")
class TestDocumentNumber(DocumentLifeCommon):
    """Numbers come from the clerk; the server only proposes and refuses doubles."""

    def test_dialog_proposes_the_next_free_number(self):
        self._issued(number="05")
        self._issued(number="09")
        document = self._approved()
        action = document.action_issue()
        self.assertEqual(action["res_model"], "hoithi.document.issue")
        self.assertEqual(document.state, "approved")
        wizard = (
            self.env["hoithi.document.issue"]
            .with_user(self.secretary)
            .with_context(**action["context"])
        )
        with Form(wizard) as form:
            form.date = date(2026, 8, 5)
            self.assertEqual(form.next_number, "10")
            self.assertEqual(form.number, "10")
            form.number = "6"
            form.date = date(2026, 8, 6)
            self.assertEqual(form.number, "6", "what the clerk typed stays")
            # an earlier number with a later date is told, and asks for a reason
            self.assertIn("09", form.order_gap)
            form.reason = "Cấp số bổ sung."
        form.record.action_issue()
        self.assertEqual(document.number, "6")
        self.assertEqual(document.order_reason, "Cấp số bổ sung.")
        self.assertEqual(document.state, "issued")

    def test_refusals_write_the_day_as_people_do(self):
        """Where agency or signer are others on the day than approved."""
        day = date(2026, 8, 5)
        document = self._approved()
        self.signer.date_to = date(2026, 7, 31)
        with self.assertRaisesRegex(UserError, "doesn't sign at 05/08/2026"):
            document.action_issue("05", day)
        self.signer.date_to = False
        self.agency.name = "Sở Nông nghiệp và Môi trường"
        with self.assertRaisesRegex(UserError, "At 05/08/2026 the agency"):
            document.action_issue("05", day)
        self.assertEqual(document.state, "approved")

    def test_series(self):
        """Each kind and year counts for itself, and so does each department."""
        self._issued(number="05")
        for values in (
            {"kind": "plan"},
            {"day": date(2025, 12, 31)},
            {"symbol": "STNMT-VP"},
        ):
            with self.subTest(values=values):
                self.assertEqual(self._issued(number="5", **values).state, "issued")

    def test_what_is_no_number(self):
        wrong = ("5/TB-STNMT", "0", "-3", "năm", "<b>7</b>", "٥", "5ab", "1.5")
        # figures of other scripts among them
        more = ("３８", "०५", "²", "Ⅴ", "5 a", "05\n06", "1234567", "a5", "00")
        more += ("00000005", "9" * 5000, "5đđ", "5/", "Số 5")
        for number in (*wrong, *more):
            document = self._approved()
            with self.subTest(number=number):
                with self.assertRaises(ValidationError) as refused:
                    document.action_issue(number, date(2026, 8, 5))
                self.assertIn("digits", str(refused.exception))
            self.assertEqual(document.state, "approved")
        for number in ("7", "008", "9b", "10đ"):
            self.assertEqual(self._issued(number=number).state, "issued")

    def test_numbers_and_dates_are_in_order(self):
        self._issued(number="05", day=date(2026, 8, 5))
        for number, day in (("04", date(2026, 8, 6)), ("06", date(2026, 8, 4))):
            document = self._approved()
            with self.subTest(number=number), self.assertRaises(UserError) as refused:
                document.action_issue(number, day)
            self.assertRegex(str(refused.exception), "number 0[45] bears 0[56]/08/2026")
            document.action_issue(number, day, reason="Vào sổ sau.")
            self.assertEqual(document.order_reason, "Vào sổ sau.")
        last = self._issued(number="07", day=date(2026, 8, 7))
        self.assertFalse(last.order_reason)
        # those that were used outside count as well
        self.env["hoithi.outside.number"].create(
            {"number": "09", "symbol": "TB-STNMT", "date": "2026-08-20"}
        )
        document = self._approved()
        with self.assertRaisesRegex(UserError, "number 09 bears 20/08/2026"):
            document.action_issue("10", date(2026, 8, 19))
        document.action_issue("8", date(2026, 8, 19))
        self.assertFalse(document.order_reason)

    def test_a_date_long_before_the_contest_asks_for_a_reason(self):
        """Two years before it begins, as a year that was mistyped."""
        day = date(self.contest.year_start - 2, 12, 31)
        document = self._approved(planned_on=day)
        with self.assertRaises(UserError) as refused:
            document.action_issue("05", day)
        self.assertIn(self.contest.name, str(refused.exception))
        self.assertEqual(document.state, "approved")
        document.action_issue("05", day, reason="Văn bản của đợt chuẩn bị.")
        self.assertEqual(document.order_reason, "Văn bản của đợt chuẩn bị.")
        # the plan may be of the year before
        self._issued(number="01", day=date(self.contest.year_start - 1, 1, 1))

    def test_a_date_long_after_the_contest_asks_for_a_reason(self):
        """More than a year after the last of its days."""
        today = self.contest._get_today()
        opened = self.contest.with_context(hoithi_door=Load())
        opened.write(
            {
                "year_start": today.year - 3,
                "year_end": today.year - 2,
                "date_start": today - timedelta(days=900),
                "date_end": today - timedelta(days=600),
                "report_deadline": False,
            }
        )
        document = self._approved(planned_on=today)
        with self.assertRaisesRegex(UserError, "lies after"):
            document.action_issue("05", today)
        self.assertEqual(document.state, "approved")
        # the report is due later than the campaign ends
        opened.report_deadline = f"{today - timedelta(days=300)} 10:00:00"
        document.action_issue("05", today)
        self.assertFalse(document.order_reason)
        opened.report_deadline = False
        late = self._approved(planned_on=today)
        late.action_issue("06", today, reason="Hội thi kéo dài.")
        self.assertEqual(late.order_reason, "Hội thi kéo dài.")
        # without any of its days the year counts
        opened.date_end = False
        self.assertIn("lies after", late._get_order_gap("07", date(today.year, 1, 1)))
        self.assertFalse(late._get_order_gap("07", date(today.year - 1, 12, 31)))

    def test_a_form_long_after_the_contest_asks_for_a_reason(self):
        """Though it has no number: the dialog of the issue has the reason's field."""
        self._launch()
        entry = self._eligible_entry()
        form = self._approved("registration", entry)
        self.assertEqual(form.action_ask_issue()["res_model"], "hoithi.preview")
        today = self.contest._get_today()
        self.contest.with_context(hoithi_door=Load()).write(
            {
                "date_start": today - timedelta(days=900),
                "date_end": today - timedelta(days=600),
                "report_deadline": False,
            }
        )
        with self.assertRaisesRegex(UserError, "lies after"):
            form.action_issue()
        self.assertIn("lies after", form._preview_issue().obstacles[-1])
        self.assertEqual(form.state, "approved")
        action = form.action_ask_issue()
        self.assertEqual(action["res_model"], "hoithi.document.issue")
        wizard = (
            self.env["hoithi.document.issue"]
            .with_user(self.secretary)
            .with_context(**action["context"])
        )
        with Form(wizard) as dialog:
            self.assertFalse(dialog.number)
            self.assertIn("lies after", dialog.order_gap)
            dialog.reason = "In lại để lưu."
        dialog.record.action_issue()
        self.assertEqual(
            (form.state, form.order_reason, form.number),
            ("issued", "In lại để lưu.", False),
        )

    def test_one_contradiction_hides_no_other(self):
        """Whoever gives a reason has been told all of it."""
        before = self.contest.year_start - 2
        self._issued(number="05", day=date(2026, 8, 5))
        outside = self.env["hoithi.outside.number"]
        outside.create({"number": "08", "symbol": "TB-STNMT", "date": "2026-08-02"})
        document = self._approved()
        # a higher number has an earlier day, a lower one a later
        with self.assertRaises(UserError) as refused:
            document.action_issue("06", date(2026, 8, 4))
        self.assertIn("number 05 bears 05/08/2026", str(refused.exception))
        self.assertIn("number 08 bears 02/08/2026", str(refused.exception))
        # long before the contest, and out of order there
        outside.create(
            {"number": "07", "symbol": "TB-STNMT", "date": date(before, 3, 1)}
        )
        gap = document._get_order_gap("06", date(before, 3, 2))
        self.assertIn("lies before", gap)
        self.assertIn("number 07 bears", gap)
        # and what is wrong with the legal bases beside it
        decision = self._approved("decision")
        basis = "Căn cứ X"
        with (
            patch.object(type(decision), "_get_base_gaps", lambda self, day: basis),
            self.assertRaises(UserError) as refused,
        ):
            decision.action_issue("05", date(before, 3, 2))
        for told in ("lies before", basis):
            self.assertIn(told, str(refused.exception))

    def test_no_date_to_come(self):
        day = self.contest._get_today() + timedelta(days=1)
        document = self._approved()
        with self.assertRaises(UserError) as refused:
            document.action_issue("05", day)
        self.assertIn("still to come", str(refused.exception))
        self.assertEqual(document.state, "approved")

    def test_nothing_is_dated_before_what_it_tells(self):
        """Neither a refusal, nor what counts entries, nor a form."""
        self._launch()
        today = self.contest._get_today()
        before = today - timedelta(days=1)
        refused, eligible = self._submit_entry(), self._eligible_entry()
        refused.with_user(self.secretary).action_mark_ineligible("Ngoài lĩnh vực")
        for figure, (kind, source) in enumerate(
            (
                ("result_notice", refused),
                ("report", self.contest),
                ("eligible_list", self.contest),
                ("registration", eligible),
            ),
            5,
        ):
            document = self._approved(kind, source)
            number = f"{figure:02}" if document.is_numbered else None
            with self.subTest(kind=kind):
                with self.assertRaises(UserError) as caught:
                    document.action_issue(number, before)
                self.assertIn("tells of what happened on", str(caught.exception))
                self.assertEqual(document.state, "approved")
                document.action_issue(number, today)
                self.assertEqual((document.state, document.date), ("issued", today))
        # what was counted as of an earlier day tells of nothing later
        report = self._draft("report", date=before)
        report.action_generate()
        report.with_user(self.leader).action_approve()
        report.action_issue("04", before)
        self.assertEqual(report.date, before)

    def test_a_kind_with_a_number_takes_none_that_is_none(self):
        """Nor by way of a kind that has none, whose number nobody looks at."""
        self._launch()
        paper = self._draft("receipt", self._submit_entry())
        paper.number = "<b>7</b>"
        values = {
            "kind": "notice",
            "res_model": "hoithi.contest",
            "res_id": self.contest.id,
        }
        with self.assertRaisesRegex(ValidationError, "digits"), self.env.cr.savepoint():
            paper.write(values)
        paper.write({**values, "number": "7"})
        self.assertEqual((paper.kind, paper.number), ("notice", "7"))

    def test_a_number_used_outside_tells_what_it_contradicts(self):
        self._issued(number="05", day=date(2026, 8, 5))
        outside = self.env["hoithi.outside.number"].with_user(self.secretary)
        names = ["number", "symbol", "date"]
        told = outside.load(
            names,
            [
                ["4", "TB-STNMT", "2026-08-06"],
                ["6", "TB-STNMT", "2026-08-07"],
                ["9", "KH-STNMT", "2026-08-01"],
            ],
        )
        self.assertFalse(told["messages"])
        late, right, other = outside.browse(told["ids"])
        self.assertIn("05 bears 05/08/2026", late.order_gap)
        self.assertFalse(right.order_gap or other.order_gap)
        # as it is typed
        with Form(
            outside, view="hoithi_contest.hoithi_outside_number_view_list"
        ) as line:
            self.assertFalse(line.order_gap)
            line.number, line.symbol, line.date = "8", "TB-STNMT", "2026-08-04"
            self.assertIn("6 bears 07/08/2026", line.order_gap)
            line.date = "2026-08-08"
            self.assertFalse(line.order_gap)

    def test_numbers_used_outside(self):
        outside = self.env["hoithi.outside.number"].with_user(self.secretary)
        line = outside.create(
            {
                "number": "41",
                "symbol": "TB-STNMT",
                "date": "2026-08-01",
                "subject": "Lịch trực",
            }
        )
        document = self._approved()
        self.assertEqual(document._get_next_number(date(2026, 8, 5)), "42")
        with self.assertRaises(ValidationError) as refused:
            document.action_issue("041", date(2026, 8, 5))
        self.assertIn("Lịch trực", str(refused.exception))
        document.action_issue("42", date(2026, 8, 5))
        with self.assertRaises(ValidationError):
            line.number = "42"
        with self.assertRaises(ValidationError):
            line.number = "năm"
        with self.assertRaises(AccessError):
            outside.with_user(self.leader).create(
                {"number": "1", "symbol": "TB-STNMT", "date": "2026-08-01"}
            )

    def test_an_update_leaves_letters_that_have_one_number(self):
        """Each unit had a series of its own; papers that are out keep their numbers."""
        symbols = ["STNMT-VP", "STNMT-QLĐĐ", "STNMT-TNN"]
        lines = self.env["hoithi.outside.number"].create(
            [
                {"number": str(number), "symbol": symbol, "date": "2026-08-01"}
                for number, symbol in enumerate(symbols, 41)
            ]
        )
        migration = load_script(
            "hoithi_contest/migrations/19.0.1.4.0/pre-series.py", "pre_series"
        )
        for symbol, found in (
            ("STNMT-TNN", ["STNMT", "STNMT-QLĐĐ", "STNMT-TNN"]),
            ("STNMT", ["STNMT-VP", "STNMT-QLĐĐ", "STNMT"]),
        ):
            self.env.flush_all()
            self.cr.execute(
                "UPDATE hoithi_outside_number SET series = symbol WHERE id IN %s",
                [lines._ids],
            )
            self.cr.execute(
                "UPDATE hoithi_outside_number SET number_key = '41', symbol = %s,"
                " series = %s WHERE id = %s",
                [symbol, symbol, lines[2].id],
            )
            self.cr.execute(
                "UPDATE hoithi_outside_number SET number_key = '41' WHERE id IN %s",
                [lines._ids],
            )
            migration.migrate(self.cr, "19.0.1.3.0")
            lines.invalidate_recordset()
            self.assertEqual(lines.mapped("series"), found)

    def test_the_council_has_a_series_of_its_own(self):
        self.contest.council_id.symbol = "HĐSK"
        documents = self.env["hoithi.document"]
        paper = documents.new({"kind": "minutes", "contest_id": self.contest.id})
        self.assertEqual(paper.symbol, "BB-HĐSK")
        paper = documents.new({"kind": "plan", "contest_id": self.contest.id})
        self.assertEqual(paper.symbol, "KH-STNMT")

    def test_a_basis_that_ended_is_told_and_its_successor_offered(self):
        law = self.env.ref("hoithi_contest.hoithi_legal_text_qh13_77_2015")
        self.contest.legal_basis_ids = [
            Command.clear(),
            Command.create({"legal_text_id": law.id}),
        ]
        document = self._draft("decision")
        document.planned_on = date(2026, 8, 5)
        self.assertIn("72/2025/QH15", document.issue_gaps)
        self.assertNotIn("competence", document.issue_gaps)
        self.assertTrue(document.has_ended_bases)
        document.with_user(self.secretary).action_use_successors()
        self.assertFalse(document.has_ended_bases)
        self.assertNotIn("isn't in force", document.issue_gaps or "")
        document.action_generate()
        text = read_text(document.docx_id.raw)
        self.assertIn(
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;", text
        )
        self.assertNotIn("QH15", text)
        document.with_user(self.leader).action_approve()
        with self.assertRaises(UserError):
            document.action_use_successors()

    def test_bases_are_those_of_the_day_of_issue(self):
        """They were chosen before the clerk gave the day."""
        text = self.env["hoithi.legal.text"].create(
            {
                "number": "12/2024/TT-A",
                "kind": "circular",
                "date": "2024-03-01",
                "subject": "Quy định sáng kiến",
                "valid_to": "2026-08-10",
                "company_id": self.company.id,
            }
        )
        self.contest.legal_basis_ids = [
            Command.clear(),
            Command.create({"legal_text_id": text.id, "issuer": "Bộ A"}),
            Command.create(
                {"number": "7/KH-B", "date": "2026-08-25", "subject": "Phát động"}
            ),
            Command.create(
                {"number": "8/KH-B", "date": "2026-08-25", "subject": "Khác"},
            ),
        ]
        self.contest.legal_basis_ids[2].cited_in_plan = False
        plan = self._approved("plan", planned_on=date(2026, 8, 5))
        self.assertIn("7/KH-B", read_text(plan.docx_id.raw))
        ended, later = "12/2024/TT-A", "7/KH-B"
        for day, told in (
            (date(2026, 8, 6), {later}),
            (date(2026, 8, 12), {ended, later}),
            (date(2026, 8, 26), {ended}),
        ):
            gaps = plan._get_base_gaps(day)
            self.assertEqual({word for word in (ended, later) if word in gaps}, told)
            self.assertNotIn("8/KH-B", gaps, "it isn't printed")
        self.contest.legal_basis_ids[0].unlink()
        self.assertFalse(plan._get_base_gaps(date(2026, 8, 26)))
        wizard = self.env["hoithi.document.issue"].with_user(self.secretary)
        with Form(wizard.with_context(default_document_id=plan.id)) as form:
            form.date = date(2026, 8, 26)
            self.assertFalse(form.base_gaps)
            form.date = date(2026, 8, 6)
            self.assertIn(later, form.base_gaps)
            form.reason = "Ký cùng ngày."
        with self.assertRaisesRegex(UserError, later):
            plan.action_issue("05", date(2026, 8, 6))
        form.record.action_issue()
        self.assertEqual((plan.state, plan.order_reason), ("issued", "Ký cùng ngày."))

    def test_gaps_are_of_what_a_kind_prints(self):
        self.contest.legal_basis_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "number": number,
                        "date": day,
                        "subject": "Phát động",
                        "cited_in_plan": cited,
                    }
                )
                for number, day, cited in (
                    ("1/KH-B", "2026-01-02", True),
                    ("2/KH-B", False, False),
                    ("3/KH-B", False, True),
                    ("4/KH-B", "2099-01-02", True),
                )
            ),
        ]
        nomination = self.env["hoithi.nomination"].create(
            {"contest_id": self.contest.id}
        )
        for kind, source, told in (
            ("decision", self.contest, {"2", "3", "4"}),
            ("plan", self.contest, {"3", "4"}),
            ("nomination", nomination, {"3", "4"}),
            ("notice", self.contest, set()),
        ):
            gaps = self._draft(kind, source).issue_gaps or ""
            with self.subTest(kind=kind):
                self.assertEqual(
                    {figure for figure in "1234" if f"{figure}/KH-B" in gaps}, told
                )
        # the letter names what the province sent last, and is there already
        self.contest.legal_basis_ids[2].date = "2026-02-03"
        letter = self._draft("nomination", nomination)
        model = letter._get_kind_model()
        self.assertEqual(model._get_cited(letter).number, "3/KH-B")
        self.assertIn("3/KH-B", model._get_opening(letter))

    def test_what_to_look_at_before_the_issue_is_told(self):
        """Nothing of it forbids the issue."""
        self.contest.legal_basis_ids.unlink()
        bases = self.env["hoithi.legal.basis"].create(
            [
                {
                    "contest_id": self.contest.id,
                    "number": number,
                    "date": day,
                    "subject": subject,
                }
                for number, day, subject in (
                    ("1601/QĐ-UBND", "2020-09-04", "Ban hành Kế hoạch"),
                    ("20/KH-A", False, "Phát động"),
                    ("99/QĐ-B", "2099-01-01", "Ngày sau"),
                )
            ]
        )
        document = self._draft("decision")
        gaps = document.issue_gaps
        self.assertIn("20/KH-A", gaps)
        self.assertIn("99/QĐ-B", gaps)
        self.assertNotIn("1601/QĐ-UBND", gaps)
        self.assertIn("competence", gaps)
        self.assertIn("72/2025/QH15", gaps)
        bases[0].write({"kind": "decision", "number": False})
        document.invalidate_recordset(["issue_gaps"])
        self.assertIn("“Ban hành Kế hoạch”", document.issue_gaps)
        bases[0].kind = "law"
        document.invalidate_recordset(["issue_gaps"])
        self.assertNotIn("Ban hành Kế hoạch", document.issue_gaps)
        # a basis that is no text is cited as it is worded
        bases[2].write(
            {"number": False, "date": False, "subject": "chức năng, nhiệm vụ của Sở"}
        )
        bases[1].date = "2020-09-10"
        document.invalidate_recordset()
        self.assertFalse(document.issue_gaps)
        document.action_generate()
        self.assertIn(
            "Căn cứ chức năng, nhiệm vụ của Sở;", read_text(document.docx_id.raw)
        )
        self.assertIn("no tasks", self._draft("plan").issue_gaps)
        # nor is a section empty that nobody meant to be
        report = self._draft("report")
        self.assertEqual(report.issue_gaps.count("Không."), 2)
        for key in ("causes", "proposals"):
            report.text_ids.filtered(
                lambda line, key=key: line.key == key
            ).content = "Có."
        self.assertFalse(report.issue_gaps)

    def test_who_signs_approves(self):
        """Another leader only in the signer's place, with KT. or TUQ., or as head."""
        head = self.internal
        self.signer.user_id = head
        document = self._draft()
        document.action_generate()
        self.assertEqual(document.approver_id, head)
        approve = document.with_user(self.leader).action_approve
        with self.assertRaises(UserError) as refused:
            approve()
        self.assertIn("Đàm Quốc Vượng", str(refused.exception))
        line = self.env["hoithi.agency.signer"].create(
            {
                "agency_id": self.agency.id,
                "name": "Nguyễn Thị Lãnh Đạo",
                "position": "Phó Giám đốc",
                "authority": "tuq",
                "user_id": self.leader.id,
            }
        )
        # a deputy doesn't act for another deputy
        with self.assertRaises(UserError):
            approve()
        self.signer.authority = False
        approve()
        self.assertEqual(document.approved_by_id, self.leader)
        # the head for everybody
        self.signer.authority = "kt"
        line.authority = False
        document = self._draft(signer_id=self.signer.id)
        document.action_generate()
        document.with_user(self.leader).action_approve()
        self.assertEqual(document.state, "approved")

    def test_the_head_of_a_body_approves_for_everybody(self):
        """Who heads a committee signs with TM. and is its head all the same."""
        self.agency.head_title = "Chủ tịch"
        self.signer.user_id = self.internal
        line = self.env["hoithi.agency.signer"].create(
            {
                "agency_id": self.agency.id,
                "name": "Nguyễn Thị Chủ Tịch",
                "position": "Ủy viên",
                "authority": "tm",
                "user_id": self.leader.id,
            }
        )
        document = self._draft(signer_id=self.signer.id)
        document.action_generate()
        with self.assertRaises(UserError):
            document.with_user(self.leader).action_approve()
        line.position = "Chủ tịch"
        document.with_user(self.leader).action_approve()
        self.assertEqual(document.approved_by_id, self.leader)

    def test_nobody_approves_for_a_signer_without_a_login_but_the_head(self):
        self.signer.user_id = False
        head = {"name": "Nguyễn Văn Giám Đốc", "position": "Giám đốc"}
        self.env["hoithi.agency.signer"].create(
            {**head, "agency_id": self.agency.id, "user_id": self.internal.id}
        )
        document = self._draft(signer_id=self.signer.id)
        document.action_generate()
        theirs = document.with_user(self.leader)
        self.assertIn("approved by Nguyễn Văn Giám Đốc", document.approver_gap)
        self.assertFalse(document.approver_id)
        self.assertIn("Đàm Quốc Vượng", document.approver_name)
        find = [("can_approve", "=", True), ("id", "=", document.id)]
        line = {
            "agency_id": self.agency.id,
            "name": "Nguyễn Thị Lãnh Đạo",
            "position": "Phó Giám đốc",
            "authority": "kt",
        }
        for is_signer in (False, True):
            with self.subTest(is_signer=is_signer):
                if is_signer:
                    # a deputy doesn't act for another deputy
                    line = self.env["hoithi.agency.signer"].create(
                        {**line, "user_id": self.leader.id}
                    )
                with self._refused("no login"):
                    theirs.action_approve()
                with self._refused("no login"):
                    theirs.write({"state": "approved"})
                self.assertFalse(theirs.can_approve)
                self.assertFalse(theirs.search(find))
        line.authority = False
        self.env.invalidate_all()
        self.assertTrue(theirs.can_approve)
        self.assertEqual(theirs.search(find), theirs)
        self.assertFalse(document.with_user(self.secretary).can_approve)
        theirs.action_approve()
        self.assertEqual(document.state, "approved")
        self.assertFalse(theirs.can_approve)

    def test_where_nobody_could_approve_any_leader_does(self):
        """A department that has entered no logins isn't stuck, and is told of them."""
        self.signer.user_id = False
        for authority in (False, "kt"):
            with self.subTest(authority=authority):
                self.signer.authority = authority
                document = self._draft()
                document.action_generate()
                theirs = document.with_user(self.leader)
                self.assertIn("no login", document.approver_gap)
                self.assertIn("any leader of the agency", document.approver_gap)
                self.assertTrue(theirs.can_approve)
                with self.assertRaises(AccessError):
                    document.with_user(self.secretary).action_approve()
                theirs.action_approve()
                self.assertEqual(document.approved_by_id, self.leader)
        # once somebody could, it is that one again
        self.signer.authority = False
        deputy = {"name": "Nguyễn Thị Phó", "position": "Phó Giám đốc"}
        deputy |= {"authority": "kt", "user_id": self.internal.id}
        self.env["hoithi.agency.signer"].create({**deputy, "agency_id": self.agency.id})
        document = self._draft(signer_id=self.signer.id)
        document.action_generate()
        self.assertIn("approved by Nguyễn Thị Phó", document.approver_gap)
        self.assertFalse(document.with_user(self.leader).can_approve)
        with self._refused("no login"):
            document.with_user(self.leader).action_approve()

    def test_a_form_is_cleared_by_any_leader(self):
        """It is persons who sign it: nobody of the agency or its council."""
        self._launch()
        self.signer.user_id = False
        document = self._draft("registration", self._submit_entry())
        document.action_generate()
        self.assertFalse(document.approver_name)
        self.assertFalse(document.approver_gap)
        self.assertTrue(document.with_user(self.leader).can_approve)
        document.with_user(self.leader).action_approve()
        self.assertEqual(document.state, "approved")

    def test_a_double_is_refused(self):
        first = self._issued(number="05")
        for number in ("5", "05", " 005 "):
            document = self._approved()
            with self.subTest(number=number):
                with self.assertRaises(ValidationError) as refused:
                    document.action_issue(number, date(2026, 8, 6))
                self.assertIn("next free number is 06", str(refused.exception))
            self.assertEqual(document.state, "approved")
        self.assertEqual(self._issued(number="05a").number, "05a")
        self.assertEqual(first.number, "05")

    def test_a_double_is_refused_by_the_database(self):
        """Where two clerks are at it at the same time, and neither sees the other."""
        self._issued(number="05")
        document = self._approved()
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception) as refused,
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE hoithi_document SET number_key = '5', number_year = 2026"
                " WHERE id = %s",
                (document.id,),
            )
        self.assertIn("unique_number", str(refused.exception))

    def test_number_and_date_are_needed(self):
        without = self._draft()
        without.symbol = False
        without.action_generate()
        without.with_user(self.leader).action_approve()
        with self.assertRaisesRegex(UserError, "no symbol"):
            without.action_issue("5", date(2026, 8, 5))
        document = self._approved()
        with self.assertRaisesRegex(UserError, "number"):
            document.action_issue(" ", date(2026, 8, 5))
        with self.assertRaisesRegex(UserError, "date"):
            document.action_issue("5")
        with self.assertRaises(UserError):
            (document | self._approved()).action_issue()


@tagged("post_install", "-at_install")
class TestDocumentFrozen(DocumentLifeCommon):
    """What was issued stays as it was, whatever becomes of agency, units, persons."""

    def test_later_changes_do_not_touch_it(self):
        self._launch()
        entry = self._submit_entry().with_user(self.secretary)
        entry.action_mark_ineligible("Ngoài lĩnh vực")
        today = self.contest._get_today()
        document = self._issued("result_notice", source=entry, day=today)
        before = (
            document.docx_id.raw,
            document.pdf_id.raw,
            document.agency_name,
            document.signer_name,
            document.signer_position,
            document.signer_title,
            document.context_json,
            document.symbol,
            document.place,
            document.name,
        )
        self.agency.write({"name": "Sở Nông nghiệp và Môi trường", "symbol": "SNNMT"})
        self.agency.place_name = "Thái Nguyên"
        self.signer.write({"name": "Người khác", "position": "Giám đốc"})
        self.sub_unit.name = "Phòng sáp nhập"
        self.employees[self.staff].department_id = self.other_unit
        self.sub_unit.active = False
        self.contest.name = "Tên mới"
        self.env.flush_all()
        self.env.invalidate_all()
        after = (
            document.docx_id.raw,
            document.pdf_id.raw,
            document.agency_name,
            document.signer_name,
            document.signer_position,
            document.signer_title,
            document.context_json,
            document.symbol,
            document.place,
            document.name,
        )
        self.assertEqual(before, after)
        self.assertIn("SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", read_text(document.docx_id.raw))

    def test_content_is_that_of_the_approval(self):
        """Between approval and issue only number and date come in."""
        document = self._approved()
        before = read_text(document.docx_id.raw)
        self.contest.name = "Tên mới sau khi duyệt"
        self.signer.name = "Người ký mới"
        document.action_issue("05", date(2026, 8, 5))
        after = read_text(document.docx_id.raw)
        self.assertNotIn("Tên mới sau khi duyệt", after)
        self.assertNotIn("Người ký mới", after)
        changed = [
            (old, new)
            for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
            if old != new
        ]
        self.assertEqual(
            [new for _old, new in changed],
            ["Số: 05/TB-STNMT", "Bắc Kạn, ngày 05 tháng 8 năm 2026"],
        )

    def test_nothing_is_written_any_more(self):
        other = self._create_contest(name="Hội thi khác")
        for document in (self._approved(), self._issued()):
            for name, value in (
                ("subject", "khác"),
                ("symbol", "TB-KHAC"),
                ("place", "Hà Nội"),
                ("signer_id", False),
                ("authority", "tm"),
                ("contest_id", other.id),
                ("text_ids", [Command.clear()]),
                ("recipient_ids", [Command.clear()]),
                ("planned_on", "2026-01-01"),
            ):
                with (
                    self.subTest(state=document.state, field=name),
                    self.assertRaises(UserError),
                ):
                    document.write({name: value})
            with self.assertRaises(UserError):
                document.action_generate()
            with self.assertRaises(UserError):
                document.recipient_ids[0].name = "khác"
            with self.assertRaises(UserError):
                document.recipient_ids[0].unlink()
            with self.assertRaises(UserError):
                document.text_ids[0].content = "khác"
            with self.assertRaises(UserError):
                self.env["hoithi.document.recipient"].with_user(self.secretary).create(
                    {"document_id": document.id, "name": "thêm"}
                )
        for name in ("number", "date"):
            with self.assertRaises(UserError):
                document.write({name: False})

    def test_files_are_not_replaced(self):
        """Not even by who may write the document: the server alone makes them."""
        document = self._issued()
        for user in (self.secretary, self.leader, self.admin):
            files = (document.docx_id | document.pdf_id).with_user(user)
            for file in files:
                for vals in (
                    {"raw": b"khac"},
                    {"res_model": False, "res_id": False},
                    {"name": "khac.docx"},
                ):
                    with (
                        self.subTest(user=user.login, vals=vals),
                        mute_logger("odoo.addons.base.models.ir_attachment"),
                        self.assertRaises(UserError),
                    ):
                        file.write(vals)
                with self.assertRaises(UserError):
                    file.unlink()

    def test_scans_are_added(self):
        document = self._issued()
        scan = (
            self.env["ir.attachment"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "scan.pdf",
                    "raw": PDF,
                    "res_model": document._name,
                    "res_id": document.id,
                }
            )
        )
        document.scan_ids = scan
        self.assertEqual(document.scan_ids, scan)
        # what anybody could edit or run doesn't go out in the paper's place
        for name, raw in (
            ("ke-hoach.docx", document.docx_id.raw),
            ("x.exe", b"MZ\x90\x00"),
            ("x.pdf", b"MZ\x90\x00"),
            ("rong.pdf", b""),
        ):
            vals = {"name": name, "raw": raw, "res_model": document._name}
            file = scan.create({**vals, "res_id": document.id})
            with self.subTest(name=name), self.assertRaises(ValidationError):
                document.scan_ids += file
            document.invalidate_recordset()
        self.assertEqual(document.scan_ids, scan)
        # nor what was taken before that was refused
        document.sudo().scan_ids = document._create_file(
            "cu.docx", document.docx_id.raw, DOCX
        )
        self.assertFalse(document.sudo()._get_public_files())

    def test_agency_of_the_day(self):
        """Agencies follow each other; the approved file must fit the date given."""
        self.agency.date_to = date(2026, 6, 30)
        successor = self.agency.copy(
            {
                "name": "Sở Nông nghiệp và Môi trường tỉnh Thái Nguyên",
                "symbol": "SNNMT",
                "place_name": "Thái Nguyên",
                "date_from": date(2026, 7, 1),
                "date_to": False,
            }
        )
        old = self._approved(planned_on=date(2026, 6, 1))
        self.assertEqual(old.agency_id, self.agency)
        self.assertEqual(old.symbol, "TB-STNMT")
        with self.assertRaisesRegex(UserError, "back to draft"):
            old.action_issue("1", date(2026, 7, 2))
        old.action_issue("1", date(2026, 6, 30))
        new = self._draft(planned_on=date(2026, 7, 1))
        self.assertEqual(new.agency_id, successor)
        self.assertEqual((new.symbol, new.place), ("TB-SNNMT", "Thái Nguyên"))
        self.assertFalse(new.signer_id)

    def test_a_symbol_entered_by_hand_stays(self):
        document = self._draft(symbol="STNMT-VP")
        document.planned_on = date(2026, 3, 1)
        self.assertEqual(document.symbol, "STNMT-VP")

    def test_signer_of_the_day(self):
        self.signer.date_to = date(2026, 6, 30)
        document = self._approved(planned_on=date(2026, 6, 1))
        with self.assertRaisesRegex(UserError, "another signer"):
            document.action_issue("1", date(2026, 7, 1))


@tagged("post_install", "-at_install")
class TestDocumentFiles(DocumentLifeCommon):
    def test_without_libreoffice(self):
        """Word works; the message says what to install; PDF comes when it is there."""
        document = self._draft()
        with self._without_engine():
            action = document.action_generate()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("libreoffice-writer", action["params"]["message"])
        self.assertIn("KẾ HOẠCH", read_text(self._draft_plan().docx_id.raw))
        self.assertTrue(document.docx_id)
        self.assertFalse(document.pdf_id)
        with self._without_engine():
            document.with_user(self.leader).action_approve()
            document.action_issue("1", date(2026, 8, 5))
        self.assertEqual(document.state, "issued")
        self.assertIn("libreoffice-writer", document.pdf_error)
        self.assertEqual(self._examine_pdf(), "warn")
        with self.assertRaises(AccessError):
            document.with_user(self.leader).action_make_pdf()
        with self._without_engine():
            action = document.action_make_pdf()
        self.assertIn("libreoffice-writer", action["params"]["message"])
        word, stamped = document.docx_id, document.docx_id.raw
        self.assertTrue(document.action_make_pdf())
        self.assertEqual(document.pdf_id.raw, PDF)
        self.assertEqual(document.pdf_id.name, word.name.replace(".docx", ".pdf"))
        self.assertFalse(document.pdf_error)
        # what was issued stays
        self.assertEqual((document.docx_id, word.raw), (word, stamped))
        self.assertTrue(document.pdf_id.kept_sha256)
        self.assertEqual(self._examine_pdf(), "done")
        for other in (document, self._draft_plan()):
            with self.assertRaisesRegex(UserError, "lacks its PDF"):
                other.action_make_pdf()

    def _examine_pdf(self):
        with patch.object(pdf, "engine", lambda: "soffice"):
            return self.env["hoithi.health"]._examine_pdf(self.company)[0]

    def test_many_missing_pdfs_are_made_in_the_background(self):
        documents = self.env["hoithi.document"]
        with self._without_engine():
            for number in ("1", "2"):
                documents |= self._issued("plan", number)
        words = documents.docx_id
        with patch.object(hoithi_document_file, "FEW", 1):
            action = documents.with_user(self.secretary).action_make_pdf()
        run = self.env["hoithi.document.run"].browse(action["res_id"])
        self._run_cron("cron_work_runs")
        self.env.invalidate_all()
        self.assertEqual((run.state, run.done_count), ("done", 2))
        self.assertEqual(documents.pdf_id.mapped("raw"), [PDF, PDF])
        self.assertEqual(documents.docx_id, words)

    def _draft_plan(self):
        document = self._draft("plan")
        document.action_generate()
        return document

    def test_files_made_anew_replace_the_old(self):
        document = self._draft_plan()
        old = document.docx_id | document.pdf_id
        document.action_generate()
        self.assertFalse(old.exists())
        self.assertEqual(
            self.env["ir.attachment"].search_count(
                [("res_model", "=", document._name), ("res_id", "=", document.id)]
            ),
            2,
        )

    def test_vietnamese_whatever_the_language(self):
        self.secretary.lang = "en_US"
        document = self._draft("plan")
        document.action_generate()
        self.assertIn("KẾ HOẠCH", read_text(document.docx_id.raw))


@tagged("post_install", "-at_install")
class TestDocumentReaders(DocumentLifeCommon):
    """Who reads which document, by record rules and by its files."""

    def test_published(self):
        document = self._issued("plan")
        for user in (self.staff, self.internal, self.head, self.member1, self.admin):
            with self.subTest(user=user.login):
                self.assertFalse(
                    document.with_user(user).search([("id", "=", document.id)])
                )
        public = self.env.ref("base.public_user")
        shown, obstacles = self._show(
            document.with_user(self.publisher), "action_ask_publish"
        )
        self.assertEqual(obstacles, [])
        self.assertIn(
            "It isn't signed", "".join(c["text"] for c in shown.checks["checks"])
        )
        with self.assertRaises(AccessError):
            document.with_user(self.leader).action_ask_publish()
        shown.action_apply()
        self.assertTrue(document.is_published)
        self.assertTrue(document.published_on)
        self.assertEqual(document.published_by_id, self.publisher)
        for user in (public, self.staff, self.internal, self.admin):
            with self.subTest(user=user.login):
                reader = document.with_user(user)
                self.assertEqual(reader.number, "05")
                self.assertTrue(
                    reader.pdf_id.sudo().with_user(user)._can_return_content()
                )
                for name in ("context_json", "recipient_ids", "scan_ids"):
                    with self.assertRaises(AccessError):
                        reader.read([name])
        for user in (self.publisher, self.internal, self.member1, self.leader):
            with self.subTest(form_of=user.login), Form(document.with_user(user)):
                pass
        document.with_user(self.publisher).action_unpublish()
        self.assertFalse(document.is_published)
        for user in (public, self.staff):
            with (
                self.subTest(user=user.login),
                mute_logger("odoo.addons.base.models.ir_rule"),
                self.assertRaises(AccessError),
            ):
                document.pdf_id.sudo().with_user(user)._can_return_content()

    def test_what_is_never_published(self):
        self._launch()
        entry = self._submit_entry()
        # a report names who was refused, and why; the others name authors, who are
        # free to take back their consent
        for document in (
            self._issued("receipt", source=entry, day=self.contest._get_today()),
            self._issued("report", day=self.contest._get_today()),
            self._issued("eligible_list"),
        ):
            with self.assertRaisesRegex(UserError, "never"):
                document.action_publish()
            with (
                mute_logger("odoo.addons.base.models.ir_rule"),
                self.assertRaises(AccessError),
            ):
                document.with_user(self.publisher).read(["subject"])
        documents = self.env["hoithi.document"]
        publishable = {
            kind for kind in KINDS if documents.new({"kind": kind}).is_publishable
        }
        self.assertEqual(publishable, {"plan", "decision", "notice"})
        with self.assertRaisesRegex(UserError, "issued"):
            self._approved("plan").action_publish()

    def test_the_issue_is_asked_for(self):
        """With number and date; of what has no number it is shown what it does."""
        plan = self._approved("plan").with_user(self.secretary)
        plan.write({"number": "5", "date": self.contest._get_today()})
        self.assertEqual(plan.action_ask_issue()["res_model"], "hoithi.document.issue")
        self._launch()
        receipt = self._approved("receipt", source=self._submit_entry())
        self.assertFalse(receipt.is_numbered)
        with self.assertRaises(AccessError):
            receipt.with_user(self.leader).action_ask_issue()
        shown, obstacles = self._show(
            receipt.with_user(self.secretary), "action_ask_issue"
        )
        self.assertEqual(obstacles, [])
        self.assertEqual(receipt.state, "approved", "nothing is issued by looking")
        shown.action_apply()
        self.assertEqual(receipt.state, "issued")

    def test_how_it_came_about_is_for_the_office(self):
        """Staff who read a published paper don't read its discussion."""
        document = self._issued("plan")
        document.action_publish()
        message = document.with_user(self.leader).message_post(body=Markup("Chưa ổn"))
        file = (
            self.env["ir.attachment"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "góp ý.pdf",
                    "raw": PDF,
                    "res_model": document._name,
                    "res_id": document.id,
                }
            )
        )
        self.assertTrue(file.with_user(self.leader).has_access("read"))
        for user in (self.internal, self.member1, self.publisher):
            self.assertFalse(file.with_user(user).has_access("read"))
            self.assertTrue(document.pdf_id.with_user(user).has_access("read"))
        self.assertTrue(message.with_user(self.secretary).has_access("read"))
        self.assertFalse(message.with_user(self.internal).has_access("read"))
        self.assertFalse(message.with_user(self.staff).has_access("read"))

    def test_conflict_and_wall_hide_papers_of_the_entry(self):
        self._launch()
        entry = self._submit_entry()
        document = self._issued("receipt", source=entry, day=self.contest._get_today())
        self.assertEqual(document.entry_id, entry)
        self.assertTrue(document.with_user(self.leader).has_access("read"))
        self.council.member_ids = [Command.create({"user_id": self.leader.id})]
        self.assertFalse(document.with_user(self.leader).has_access("read"))
        self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
            }
        )
        self.assertFalse(document.with_user(self.secretary).has_access("read"))

    def test_members_read_the_minutes_of_their_council(self):
        self._launch()
        self._eligible_entry()
        self._start_review()
        self.contest.reviews_per_entry = 0
        session = self.env["hoithi.session"].create({"contest_id": self.contest.id})
        session.with_context(hoithi_door=Load()).sudo().write({"state": "open"})
        self.seats[self.chair].user_id.group_ids += self.env.ref(
            "hoithi_contest.group_leader"
        )
        document = self._draft("minutes", session)
        document.action_generate()
        document.with_user(self.chair).action_approve()
        self.assertFalse(document.with_user(self.member1).has_access("read"))
        document.action_issue("1", date(2026, 8, 5))
        self.assertTrue(document.with_user(self.member1).has_access("read"))
        self.assertFalse(document.with_user(self.internal).has_access("read"))
        self.assertFalse(document.with_user(self.head).has_access("read"))

    def test_other_department(self):
        document = self._issued("plan")
        company = self.env["res.company"].create({"name": "Sở khác"})
        stranger = self.secretary.copy(
            {
                "login": "t_other_secretary",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        self.assertFalse(document.with_user(stranger).has_access("read"))


@tagged("post_install", "-at_install")
class TestEngine(DocumentLifeCommon):
    """With LibreOffice itself, once."""

    def test_pdf(self):
        document = self._draft("plan")
        with self._with_engine():
            document.action_generate()
        self.assertFalse(document.pdf_error)
        self.assertTrue(document.pdf_id.raw.startswith(b"%PDF-"))
        self.assertNotEqual(document.pdf_id.raw, PDF)
