import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import PDF, HoithiCommon


@tagged("post_install", "-at_install")
class TestNominationReturn(HoithiCommon):
    """The province wants more papers of one nominated entry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.first = cls._eligible_entry()
        cls.second = cls._eligible_entry(cls.internal, name="Tra cứu địa chính")
        cls._start_review()
        for entry, points in ((cls.first, 40), (cls.second, 50)):
            for review in cls._assign(entry, cls.member1, cls.member2):
                cls._score(review, 20, points)
        office = cls.contest.with_user(cls.secretary)
        office.action_start_council()
        (cls.first | cls.second).with_user(cls.secretary).action_select()
        action = office.action_create_nomination()
        cls.nomination = cls.env["hoithi.nomination"].with_user(cls.secretary)
        cls.nomination = cls.nomination.browse(action["res_id"])
        cls.nomination.dispatch_number = "52/TTr-STNMT"
        cls.nomination.action_send()
        cls.line = cls.nomination.line_ids.filtered(
            lambda line: line.entry_id == cls.first.sudo()
        )
        cls.due = fields.Datetime.now() + timedelta(days=5)
        cls.env.flush_all()

    def _return(self, **values):
        self.line.action_return(
            **{
                "reason": "Thiếu xác nhận áp dụng",
                "due_date": self.due,
                "type_ids": self.dossier_type.ids,
                **values,
            }
        )

    def _replace_file(self):
        old = self.first.dossier_ids
        old.unlink()
        self.first.write(
            {
                "dossier_ids": [
                    Command.create(
                        {
                            "type_id": self.dossier_type.id,
                            "filename": "xac-nhan.pdf",
                            "datas": base64.b64encode(PDF + b"%new\n"),
                        }
                    )
                ]
            }
        )
        return old

    def _told(self, kind):
        notices = self.env["hoithi.notice"].search([("kind", "=", kind)])
        return notices.partner_id

    def test_the_way_back_to_the_province(self):
        rank = self.first.sudo().rank
        self._return()
        self.assertEqual(self.line.state, "returned")
        self.assertEqual(self.line.returned_due, self.due)
        self.assertEqual(self.first.state, "nominated", "it keeps its place")
        self.assertEqual(self.first.sudo().rank, rank)
        self.assertIn(self.staff.partner_id, self._told("returned"))
        self.assertNotIn(self.internal.partner_id, self._told("returned"))
        self.assertTrue(self.first.can_edit)
        self.assertFalse(self.second.can_edit, "the other isn't asked")
        waiting = self.env["hoithi.entry"].with_user(self.staff)._get_waiting()
        self.assertIn(("supplement", self.due), [(w.kind, w.moment) for w in waiting])
        step = self.first._get_stage()[1]
        self.assertEqual((step.key, step.status), ("supplement", "waits"))
        with self.assertRaisesRegex(UserError, "was asked for, and is still"):
            self.first.action_submit(note="Đã nộp")
        with self.assertRaisesRegex(UserError, "Leave as it is"):
            self.first.name = "Tên khác"
        old = self._replace_file()
        self.first.action_submit(note="Đã bổ sung bản xác nhận có dấu")
        self.assertEqual(self.first.state, "nominated")
        self.assertFalse(self.first.can_edit)
        self.assertEqual(self.line.state, "supplemented")
        self.assertTrue(self.line.supplemented_on)
        self.assertIn(old, self.first.sudo().earlier_dossier_ids, "it stays")
        self.assertEqual(self.first.dossier_ids.mapped("filename"), ["xac-nhan.pdf"])
        with self.assertRaisesRegex(UserError, "wants more papers of"):
            self.nomination.decision_number = "9/QĐ-UBND"
            self.nomination.action_decide()
        self.line.action_resend()
        self.assertEqual(self.line.state, "listed")
        self.assertTrue(self.line.resent_on)
        self.assertIn(self.staff.partner_id, self._told("resent"))
        log = " ".join(self.nomination.sudo().message_ids.mapped("body"))
        for text in ("Thiếu xác nhận áp dụng", "handed in the papers", "again"):
            self.assertIn(text, log)
        self.nomination.action_decide()
        self.assertEqual(self.nomination.state, "decided")

    def test_another_author_represents_what_came_back_to_a_closed_contest(self):
        office = self.first.with_user(self.secretary)
        own = self.first.sudo().author_ids
        other = own._open_door().create(
            {
                "entry_id": self.first.id,
                "employee_id": self.employees[self.internal].id,
                "contribution_percent": 0,
            }
        )
        self._waive_all()
        self.contest.with_user(self.secretary).action_close()
        with self.assertRaisesRegex(UserError, "needs no other"):
            office.action_change_representative(other.id, reason="Nghỉ hưu")
        self._return()
        office.action_change_representative(other.id, reason="Nghỉ hưu")
        self.assertTrue(self.first.with_user(self.internal).can_edit)

    def test_the_ledger_attests_the_new_papers(self):
        self._return()
        self._replace_file()
        self.first.action_submit(note="Đã bổ sung")
        self.env.flush_all()
        self.env.cr.precommit.run()
        events = self.env["hoithi.ledger"].search(
            [("contest_id", "=", self.contest.id)]
        )
        self.assertIn("entry.supplemented", events.mapped("event"))
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_refused(self):
        for user in (self.staff, self.leader, self.chair, self.member1):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.line.with_user(user).action_return(
                    reason="Thiếu", due_date=self.due
                )
        with self.assertRaisesRegex(UserError, "reason"):
            self._return(reason=" - ")
        for due in (False, fields.Datetime.now() - timedelta(hours=1)):
            with self.subTest(due=due), self.assertRaisesRegex(UserError, "until when"):
                self._return(due_date=due)
        with self.assertRaises(UserError):
            self._return(field_names=["state"])
        with self.assertRaises(UserError):
            self.line.action_resend()
        with self.assertRaises(UserError):
            self.line.action_end_return(reason="Nhầm")
        for vals in ({"state": "returned"}, {"returned_due": self.due}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.line.write(vals)
        with self.assertRaises(UserError):
            self.first.write({"is_returned": True})
        self.nomination.action_return(reason="Cả danh sách")
        with self.assertRaisesRegex(UserError, "isn't with the province"):
            self._return()

    def test_nobody_asks_the_own_entry(self):
        own = self.line.entry_id
        own.sudo().author_ids[0]._open_door().write(
            {"partner_id": self.secretary.partner_id.id}
        )
        with self.assertRaisesRegex(UserError, "another secretary"):
            self._return()
        self.assertFalse(own.is_returned)

    def test_too_late_and_more_time(self):
        self._return()
        self.first.sudo()._open_door().supplement_due = fields.Datetime.now() - (
            timedelta(days=1)
        )
        self.first.invalidate_recordset()
        self.assertFalse(self.first.can_edit)
        with self.assertRaisesRegex(UserError, "due on"):
            self.first.action_submit(note="Muộn")
        self._return(reason="Gia hạn")
        self.assertTrue(self.first.can_edit)

    def test_taken_back(self):
        self._return()
        old = self._replace_file()
        with self.assertRaisesRegex(UserError, "has begun the supplement"):
            self.line.action_end_return(reason="Tỉnh rút yêu cầu")
        self.assertEqual(self.line.state, "returned")
        self.first.dossier_ids.unlink()
        old._put_back()
        self.env.invalidate_all()
        self.line.action_end_return(reason="Tỉnh rút yêu cầu")
        self.assertEqual(self.line.state, "listed")
        self.assertFalse(self.first.can_edit)
        self.assertIn(self.staff.partner_id, self._told("return_ended"))

    def test_the_dialog_asks_for_parts(self):
        action = self.line.action_ask_return()
        dialog = self.env["hoithi.reason"].with_user(self.secretary)
        dialog = dialog.browse(action["res_id"])
        self.assertIn(self.dossier_type, dialog.part_ids.type_id)
        dialog.write({"reason": "Thiếu xác nhận", "due_date": self.due})
        dialog.part_ids.filtered(
            lambda part: part.type_id == self.dossier_type
        ).is_asked = True
        dialog.action_apply()
        self.assertEqual(self.line.state, "returned")
        self.assertEqual(self.first.supplement_type_ids, self.dossier_type)

    def test_with_the_whole_list_back(self):
        """A list that comes back waits for its entries' papers, or drops them."""
        self._return()
        self.nomination.action_return(reason="Cả danh sách")
        with self.assertRaisesRegex(UserError, "wants more papers of"):
            self.nomination.action_send()
        self.line.unlink()
        self.assertEqual(self.first.state, "selected")
        self.assertFalse(self.first.can_edit)
        self.nomination.action_send()
        self.assertEqual(self.nomination.state, "sent")
