from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import PDF
from .document_common import DocumentMixin
from .document_life_common import DocumentLifeCommon

DAY = date(2026, 8, 12)


@tagged("post_install", "-at_install")
class TestDocumentCure(DocumentMixin, DocumentLifeCommon, HttpCase):
    """An issued paper is cured by another paper alone."""

    def _cure(self, document, act, reason="In nhầm hạn nộp: 30/6 thay vì 31/7."):
        action = getattr(document, f"action_{act}")(reason=reason)
        cure = self.env["hoithi.document"].browse(action["res_id"])
        return cure.with_user(self.secretary)

    def _issue(self, cure, number="09", day=DAY):
        cure.action_generate()
        cure.with_user(self.leader).action_approve()
        cure.action_issue(number, day)

    def _scan(self, document):
        file = self.env["ir.attachment"].with_user(self.secretary)
        document.with_user(self.secretary).scan_ids = file.create(
            {
                "name": "ky.pdf",
                "raw": PDF,
                "res_model": document._name,
                "res_id": document.id,
            }
        )

    def test_correction(self):
        """A letter says what holds instead; the old paper keeps its file."""
        old = self._issued("plan")
        old.action_dispatch()
        old.recipient_ids.sudo()._open_door().filtered("partner_id").state = "sent"
        content = old.pdf_id.raw
        cure = self._cure(old, "correct")
        self.assertEqual((cure.kind, cure.cures_id), ("correction", old))
        self.assertEqual(cure.symbol, "STNMT-VP")
        # letters have one series, whichever unit drafts them
        self.env["hoithi.outside.number"].with_user(self.secretary).create(
            {"number": "340", "symbol": "STNMT-QLĐĐ", "date": "2026-08-20"}
        )
        self.assertEqual(cure._get_next_number(DAY), "341")
        # nothing is cured yet
        self.assertFalse(old.cure_state)
        self._issue(cure)
        self.assertEqual(self._get_faults(cure), [])
        text = self._read_flat(cure)
        self.assertIn(
            "V/v đính chính Kế hoạch số 05/KH-STNMT ngày 05 tháng 8 năm 2026", text
        )
        self.assertIn("In nhầm hạn nộp: 30/6 thay vì 31/7.", text)
        self.assertIn("Kính gửi:", text)
        self.assertIn("Sở Khoa học và Công nghệ", text)
        # those whom a letter is addressed to aren't named again
        lines = [line["text"] for line in cure.context_json["recipients"]]
        self.assertEqual(lines[0], "- Như trên;")
        self.assertNotIn("Sở Khoa học", " ".join(lines))
        self.assertEqual(old.cure_state, "corrected")
        self.assertIn("09/STNMT-VP", old.cure_note)
        self.assertIn("12/08/2026", old.cure_note)
        self.assertEqual(old.state, "issued")
        self.assertEqual(old.pdf_id.raw, content)
        # whom the old paper reached is told once the letter is signed, not before
        self.assertEqual(set(cure.recipient_ids.mapped("state")), {"waiting"})
        self.assertEqual(cure.untold_count, 2)
        acts = self.env["hoithi.home"].with_user(self.secretary)._get_acts(self.contest)
        self.assertIn("2 recipients wait to be told", [act.title for act in acts])
        self._scan(cure)
        told = {line.name: line.state for line in cure.recipient_ids}
        self.assertEqual(told["Sở Khoa học và Công nghệ"], "pending")
        self.assertEqual(told["Các đơn vị"], "paper")
        self.assertEqual(cure.untold_count, 0)
        # what is corrected still stands, and may be corrected again
        self.assertEqual(old.action_view_cure()["res_id"], cure.id)
        again = self._cure(old, "correct", "Còn một lỗi nữa.")
        action = old.action_view_cure()
        self.assertEqual(old.search(action["domain"]), cure | again)
        again.symbol = "STNMT-QLĐĐ"
        again.action_generate()
        again.with_user(self.leader).action_approve()
        for number in ("340", "09"):
            with self.assertRaises(ValidationError) as refused:
                again.action_issue(number, DAY)
            self.assertIn("341", str(refused.exception))

    def test_replacement(self):
        old = self._issued("plan", subject="Phát động hội thi năm 2026")
        self.assertTrue(old.text_ids)
        cure = self._cure(old, "replace")
        self.assertEqual((cure.kind, cure.cures_id), ("plan", old))
        self.assertEqual(cure.subject, old.subject)
        self.assertEqual(
            [(text.key, text.content) for text in cure.text_ids],
            [(text.key, text.content) for text in old.text_ids],
        )
        self._issue(cure, "06")
        self.assertEqual(self._get_faults(cure), [])
        self.assertIn(
            "(thay thế Kế hoạch số 05/KH-STNMT ngày 05 tháng 8 năm 2026)",
            self._read_flat(cure),
        )
        self.assertEqual(old.cure_state, "replaced")
        self.assertFalse(old.is_standing)
        for act in ("correct", "replace", "recall"):
            with self.subTest(act=act), self.assertRaises(UserError) as caught:
                self._cure(old, act)
            self.assertIn("06/KH-STNMT", str(caught.exception))
        # neither is it sent, signed or published any more, nor cured beside the buttons
        for act in (
            old.action_dispatch,
            old.action_sign,
            old.action_publish,
            lambda: self._draft("recall", old),
        ):
            with self.assertRaisesRegex(UserError, "06/KH-STNMT"):
                act()
        self.assertEqual(
            self.env["hoithi.home"]
            .with_user(self.publisher)
            ._count_to_publish(self.contest),
            1,
        )

    def test_recall_holds_what_waits(self):
        old = self._issued("plan")
        old.action_dispatch()
        waiting = old.recipient_ids.filtered("partner_id")
        self.assertEqual(waiting.state, "pending")
        cure = self._cure(old, "recall", "Ban hành khi chưa có ý kiến thống nhất.")
        self.assertEqual((cure.kind, cure.symbol), ("recall", "TB-STNMT"))
        self._issue(cure)
        self.assertEqual(self._get_faults(cure), [])
        text = self._read_flat(cure)
        self.assertIn("Về việc thu hồi Kế hoạch số 05/KH-STNMT", text)
        self.assertIn("Ban hành khi chưa có ý kiến thống nhất.", text)
        self.assertEqual(old.cure_state, "recalled")
        # what is about another paper isn't replaced
        with self.assertRaises(UserError):
            self._cure(cure, "replace")
        # what never left is held; nobody is told of what never came
        self.assertEqual(waiting.state, "waiting")
        self.assertEqual(cure.untold_count, 1)
        cure.action_dispatch()
        self.assertEqual(cure.untold_count, 0)
        # a cure that is cancelled before anybody has it cures nothing
        line = cure.sudo().recipient_ids._open_door()[:1]
        line.state = "sent"
        with self.assertRaisesRegex(UserError, "Recall"):
            cure.action_cancel(reason="Thu hồi nhầm.")
        # printed copies are on their way as well
        self.assertIn("paper", cure.sudo().recipient_ids.mapped("state"))
        cure.sudo().recipient_ids._open_door().state = "pending"
        cure.action_cancel(reason="Thu hồi nhầm.")
        self.assertFalse(old.cure_state)
        self.assertIn("Thu hồi nhầm.", old.message_ids[0].body)
        self.assertTrue(old.is_standing)

    def test_a_recall_that_is_out_on_paper_is_recalled_itself(self):
        """It isn't cancelled, as whoever has it would never hear of that."""
        old = self._issued("plan")
        recall = self._cure(old, "recall", "Ban hành nhầm.")
        self._issue(recall)
        self.assertFalse(old.is_standing)
        recall.recipient_ids.action_hand_over()
        with self.assertRaisesRegex(UserError, "Recall"):
            recall.action_cancel(reason="Thu hồi nhầm.")
        again = self._cure(recall, "recall", "Kế hoạch vẫn còn hiệu lực.")
        # drafted, it does nothing yet
        self.assertEqual((old.cure_state, recall.cure_state), ("recalled", False))
        self._issue(again, "10")
        self.assertIn(
            "Về việc thu hồi Thông báo số 09/TB-STNMT", self._read_flat(again)
        )
        self.assertEqual((old.cure_state, recall.cure_state), (False, "recalled"))
        self.assertTrue(old.is_standing)
        self.assertFalse(old.cure_note)
        self.assertIn("10/TB-STNMT", old.message_ids[0].body)
        # whoever has the first recall is told
        self.assertEqual(again.untold_count, 2)
        self._scan(again)
        self.assertEqual(again.untold_count, 0)
        # the paper is used as before, and may be cured anew
        old.action_dispatch()
        self.assertEqual(self._cure(old, "replace").kind, "plan")
        # taken back before anybody has it, the second recall did nothing either
        again.sudo().recipient_ids._open_door().state = "waiting"
        again.action_cancel(reason="Chưa thống nhất.")
        self.assertEqual((old.cure_state, recall.cure_state), ("recalled", False))

    def test_chains_of_cures(self):
        """A replacement is corrected, replaced and recalled as any paper is."""
        old = self._issued("plan")
        second = self._cure(old, "replace")
        self._issue(second, "06")
        letter = self._cure(second, "correct")
        self._issue(letter, "21")
        self.assertIn("đính chính Kế hoạch số 06/KH-STNMT", self._read_flat(letter))
        # the letter has a fault itself
        other = self._cure(letter, "correct", "Nhầm ngày.")
        self._issue(other, "22")
        self.assertIn("đính chính Công văn số 21/STNMT-VP", self._read_flat(other))
        self.assertEqual(
            (old.cure_state, second.cure_state, letter.cure_state),
            ("replaced", "corrected", "corrected"),
        )
        self.assertTrue(second.is_standing and letter.is_standing)
        third = self._cure(second, "replace", "Thay đổi thời hạn.")
        self._issue(third, "07")
        self.assertIn(
            "(thay thế Kế hoạch số 06/KH-STNMT ngày 12 tháng 8 năm 2026)",
            self._read_flat(third),
        )
        # the gravest is what became of it; the first isn't revived by it
        self.assertEqual((old.cure_state, second.cure_state), ("replaced", "replaced"))
        self.assertIn("21/STNMT-VP", second.cure_note)
        self.assertIn("07/KH-STNMT", second.cure_note)
        for paper in (old, second):
            with self.assertRaises(UserError):
                self._cure(paper, "correct")
        # what was corrected is recalled
        self._issue(self._cure(third, "correct"), "23")
        notice = self._cure(third, "recall", "Ban hành nhầm.")
        self._issue(notice, "09")
        self.assertEqual(third.cure_state, "recalled")
        self.assertIn("23/STNMT-VP", third.cure_note)
        self.assertFalse(third.is_standing)
        # what it had replaced stands again, with its own correction; the first doesn't
        self.assertEqual((old.cure_state, second.cure_state), ("replaced", "corrected"))
        self.assertTrue(second.is_standing)
        # and no more, once the recall is recalled
        again = self._cure(notice, "recall", "Kế hoạch vẫn còn hiệu lực.")
        self._issue(again, "10")
        self.assertEqual(
            (third.cure_state, second.cure_state), ("corrected", "replaced")
        )
        # the code of each tells its own state
        states = {
            paper: paper._get_check(paper.sudo().check_token)["level"]
            for paper in (old, second, third, notice, again)
        }
        self.assertEqual(
            list(states.values()), ["danger", "danger", "warning", "danger", "success"]
        )

    def test_who_and_when(self):
        draft = self._draft()
        for number, act in enumerate(("correct", "replace", "recall"), 11):
            with self.subTest(act=act):
                with self.assertRaises(UserError):
                    self._cure(draft, act)
                old = self._issued(number=str(number))
                with self.assertRaises(UserError):
                    self._cure(old, act, reason=" ")
                with self.assertRaises(AccessError):
                    self._cure(old.with_user(self.leader), act)
                self.assertFalse(old.cured_by_ids)
                cure = self._cure(old, act)
                with self.assertRaises(UserError):
                    self._cure(old, act)
                cure.unlink()
                self._cure(old, act)
        with self.assertRaises(UserError):
            self._draft("recall", draft)
        # what is begun beside the buttons is under way, and says why as well
        begun = self._draft("recall", self._issued(number="14"))
        with self.assertRaisesRegex(UserError, "drafted already"):
            self._draft("correction", begun.cures_id)
        with self.assertRaisesRegex(UserError, "why"):
            begun.action_generate()
        begun.text_ids.content = "Ban hành nhầm."
        begun.action_generate()
        with self.assertRaises(AccessError):
            draft.cures_id = old

    def test_whoever_reads_the_old_paper_reads_its_cure(self):
        public = self._issued("plan")
        self._launch()
        entry = self._submit_entry()
        letter = self._issued(
            "supplement",
            source=entry,
            number="21",
            day=self.contest._get_today(),
            text_ids=[Command.create({"key": "content", "content": "Bổ sung ảnh."})],
        )
        for number, old in enumerate((public, letter), 31):
            cure = self._cure(old, "correct")
            self._issue(cure, str(number), self.contest._get_today())
            for name in ("is_publishable", "is_for_authors", "is_for_leaders"):
                self.assertEqual(cure[name], old[name], name)
        self.assertTrue(public.cured_by_ids.is_publishable)
        self.assertEqual(letter.cured_by_ids.entry_id, entry)
        public.cured_by_ids.action_publish()
        with self.assertRaises(UserError):
            letter.cured_by_ids.action_publish()
        author = letter.with_user(entry.author_ids.partner_id.user_ids[:1])
        self.assertIn("31", public.cure_note)
        self.assertIn("32", author.cure_note)
        self.assertIn(author.cured_by_ids, entry._get_papers_for_authors())

    def test_urgency_is_printed(self):
        paper = self._issued("notice", urgency="immediate")
        self.assertIn("HỎA TỐC", self._read(paper))
        self.assertEqual(self._get_faults(paper), [])
        with self.assertRaises(UserError):
            paper.urgency = "urgent"

    def test_the_code_on_the_paper_leads_to_what_became_of_it(self):
        paper = self._issued("plan", subject="Phát động hội thi")
        address = paper.sudo().context_json["check"]
        self.assertTrue(address["image"]["png"])
        path = paper._get_check_url().removeprefix(paper.get_base_url())
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertIn("05/KH-STNMT", page.text)
        # a visitor of no known language reads Vietnamese
        self.assertIn("Văn bản này do cơ quan ban hành.", page.text)
        self._issue(self._cure(paper, "recall"))
        text = self.url_open(path).text
        self.assertIn("Văn bản này không còn hiệu lực.", text)
        self.assertNotIn("Văn bản này do cơ quan ban hành.", text)
        self.assertIn("09/TB-STNMT", text)
        draft = self._draft("plan", subject="Chưa công bố")
        draft.action_generate()
        text = self.url_open(
            draft._get_check_url().removeprefix(paper.get_base_url())
        ).text
        self.assertNotIn("Chưa công bố", text)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(f"{path}x").status_code, 404)
