from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, freeze_time, tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

NOTE = "Nộp phiếu đã có chữ ký."


@tagged("post_install", "-at_install")
class TestHoithiSupplement(HoithiCommon, TransactionCase):
    """A supplement answers what was asked for; and what was undone is as before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.slots = cls.contest.asked_dossier_type_ids
        cls.slot = cls.slots[0]

    def _office(self, entry):
        return entry.with_user(self.secretary)

    def _asked(self, type_ids=(), field_names=(), user=None):
        entry = self._submit_entry(user)
        self._office(entry).action_request_supplement(
            reason="Thiếu chữ ký", type_ids=list(type_ids), field_names=field_names
        )
        return entry

    def _fill(self, entry, dossier_type, filename="ban-ky.pdf"):
        return (
            self.env["hoithi.dossier.item"]
            .with_user(entry.env.user)
            .create(
                {
                    "entry_id": entry.id,
                    "type_id": dossier_type.id,
                    "filename": filename,
                    "datas": entry.dossier_ids[0].datas,
                }
            )
        )

    # TIED

    def test_supplement_is_for_what_was_asked_for(self):
        entry = self._asked(field_names=["novelty"])
        for act in (
            lambda: entry.write({"applicability": "Đổi"}),
            lambda: entry.dossier_ids.unlink(),
            lambda: self._fill(entry, self.slot),
            lambda: entry.author_ids.write({"job_title": "Trưởng phòng"}),
            lambda: entry.dossier_ids.write({"confidential": True}),
        ):
            with self.assertRaisesRegex(UserError, "The supplement is for: Novelty"):
                act()
        # what is sent as it stands changes nothing
        entry.write({"novelty": "Đã bổ sung", "applicability": entry.applicability})
        entry.action_submit(note=NOTE)
        self.assertEqual((entry.state, entry.novelty), ("submitted", "Đã bổ sung"))

    def test_files_are_asked_for_by_their_slot(self):
        entry = self._asked(type_ids=self.slot.ids)
        other = (self.slots - self.slot)[:1]
        self.assertTrue(other)
        with (
            self.assertRaisesRegex(UserError, "The supplement is for"),
            self.env.cr.savepoint(),
        ):
            self._fill(entry, other)
        item = self._fill(entry, self.slot)
        with self.assertRaisesRegex(UserError, "The supplement is for"):
            item.type_id = other
        with self.assertRaisesRegex(UserError, "The supplement is for"):
            entry.novelty = "Đổi"
        entry.action_submit(note=NOTE)
        self.assertEqual(entry.supplement_changes, self.slot.name)

    def test_what_stands_in_the_way_may_be_mended_as_well(self):
        """A co-author who declines meanwhile mustn't lock the supplement."""
        entry = self._asked(field_names=["novelty"])
        entry.sudo()._open_door().first_applied_date = False
        entry.invalidate_recordset()
        entry.write({"novelty": "Mới", "first_applied_date": "2026-01-05"})
        entry.action_submit(note=NOTE)
        self.assertEqual(entry.state, "submitted")

    def test_only_what_an_entry_has_is_asked_for(self):
        entry = self._submit_entry()
        for asked in ({"field_names": ["state"]}, {"type_ids": [0]}):
            with self.subTest(asked), self.assertRaisesRegex(UserError, "Choose what"):
                self._office(entry).action_request_supplement(reason="x", **asked)
        self.assertEqual(entry.state, "submitted")

    def test_more_time_leaves_what_it_is_for(self):
        entry = self._asked(type_ids=self.slot.ids, field_names=["novelty"])
        entry.novelty = "Đã sửa"
        self._office(entry).action_request_supplement(reason="Thêm thời gian")
        self.assertEqual(entry.supplement_type_ids, self.slot)
        # what was changed before counts
        self._fill(entry, self.slot)
        entry.action_submit()
        self.assertEqual(entry.state, "submitted")

    def test_dialog_ticks_what_is_asked_for(self):
        entry = self._submit_entry()
        wizard = self.env["hoithi.reason"].browse(
            self._office(entry).action_ask_request_supplement()["res_id"]
        )
        wizard = wizard.with_user(self.secretary)
        wizard.reason = "Thiếu chữ ký"
        parts = wizard.part_ids
        self.assertEqual(parts.type_id, self.slots)
        self.assertFalse(parts.filtered("is_asked"))
        (
            parts.filtered(lambda part: part.type_id == self.slot)
            | parts.filtered(lambda part: part.field_name == "novelty")
        ).is_asked = True
        with Form(wizard):
            pass
        wizard.action_apply()
        self.assertEqual(entry.supplement_type_ids, self.slot)
        self.assertEqual(entry._get_asked_fields(), ["novelty"])

    def test_dialog_offers_the_photograph_that_the_form_prints(self):
        photograph = self.env.ref("hoithi_contest.hoithi_dossier_type_photo")
        self.contest.sudo()._open_door().write(
            {"dossier_type_ids": [Command.set(self.slot.ids)], "ask_photo": True}
        )
        act = self._office(self._submit_entry()).action_ask_request_supplement()
        wizard = self.env["hoithi.reason"].browse(act["res_id"])
        parts = wizard.with_user(self.secretary).part_ids
        self.assertEqual(parts.type_id, self.slot | photograph)

    # CHANGED

    def test_supplement_is_not_sent_unchanged(self):
        entry = self._asked()
        with self.assertRaisesRegex(UserError, "Nothing has changed"):
            entry.action_submit()
        before = entry.novelty
        entry.novelty = "Đã sửa"
        entry.novelty = before
        with self.assertRaisesRegex(UserError, "Nothing has changed"):
            entry.action_submit()
        entry.novelty = "Đã sửa"
        entry.action_submit()
        self.assertEqual(entry.state, "submitted")

    def test_all_that_was_asked_for_is_answered(self):
        entry = self._asked(type_ids=self.slot.ids, field_names=["novelty"])
        entry.novelty = "Đã sửa"
        with self.assertRaisesRegex(UserError, f"“{self.slot.name}” was asked for"):
            entry.action_submit()
        self.assertIn(self.slot.name, entry.missing_items)
        self._fill(entry, self.slot)
        self.assertFalse(entry.missing_items)
        entry.action_submit()
        self.assertEqual(entry.state, "submitted")

    def test_supplement_keeps_the_first_submission_and_says_what_was_done(self):
        moment = fields.Datetime.now() - timedelta(days=1)
        with freeze_time(moment):
            entry = self._submit_entry()
        first = (entry.submitted_on, entry.receipt_number, entry.code)
        self._office(entry).action_request_supplement(reason="Thiếu")
        entry.novelty = "Đã sửa"
        with self.assertRaisesRegex(UserError, "Tell in a sentence"):
            entry._submit_previewed(
                entry._get_submission_fingerprint(), is_committed=True, note=" – "
            )
        self.assertEqual(entry.state, "supplement")
        entry._submit_previewed(
            entry._get_submission_fingerprint(), is_committed=True, note=NOTE
        )
        self.assertEqual((entry.submitted_on, entry.receipt_number, entry.code), first)
        self.assertGreater(entry.supplemented_on, entry.submitted_on)
        office = self._office(entry)
        self.assertEqual(office.supplement_note, NOTE)
        self.assertEqual(office.supplement_changes, "Novelty and creativity")
        log = str(entry.sudo().message_ids.mapped("body"))
        self.assertIn(NOTE, log)
        self.assertIn("Changed: Novelty and creativity", log)

    # UNDONE

    def test_request_is_taken_back_while_nothing_has_changed(self):
        entry = self._asked()
        moment = entry.submitted_on
        for user in (self.staff, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                entry.with_user(user).action_undo_supplement(reason="x")
        office = self._office(entry)
        with self.assertRaisesRegex(UserError, "Give the reason"):
            office.action_undo_supplement()
        entry.novelty = "Đã sửa"
        with self.assertRaisesRegex(UserError, "has begun the supplement: Novelty"):
            office.action_undo_supplement(reason="Nhầm hồ sơ")
        before = entry.novelty = False
        self.assertFalse(before)
        entry = self._asked()
        self._office(entry).action_undo_supplement(reason="Nhầm hồ sơ")
        self.assertEqual(entry.state, "submitted")
        self.assertGreaterEqual(entry.submitted_on, moment)
        self.assertFalse(entry.supplement_due)
        self.assertFalse(entry.supplemented_on)
        told = self.env["hoithi.notice"].search(
            [("kind", "=", "supplement_undone"), ("res_id", "=", entry.id)]
        )
        self.assertEqual(told.partner_id, self.staff.partner_id)
        with self.assertRaises(UserError):
            self._office(entry).action_undo_supplement(reason="x")

    def test_supplement_sent_too_early_is_opened_again(self):
        entry = self._asked(field_names=["novelty"])
        self.assertFalse(entry.can_reopen_supplement)
        entry.novelty = "Chưa xong"
        entry.action_submit()
        self.assertTrue(entry.can_reopen_supplement)
        with self.assertRaises(AccessError):
            entry.with_user(self.coauthor).action_reopen_supplement()
        entry.action_reopen_supplement()
        self.assertEqual(entry.state, "supplement")
        with self.assertRaisesRegex(UserError, "The supplement is for"):
            entry.applicability = "Đổi"
        entry.novelty = "Đã xong"
        entry.action_submit()
        with freeze_time(entry.supplement_due + timedelta(seconds=1)):
            entry.invalidate_recordset()
            self.assertFalse(entry.can_reopen_supplement)
            with self.assertRaisesRegex(UserError, "was due by now"):
                entry.action_reopen_supplement()
        self._office(entry).action_mark_eligible()
        with self.assertRaisesRegex(UserError, "no supplement to open"):
            entry.action_reopen_supplement()

    # WITHDRAWAL

    def test_withdrawal_is_undone_while_registration_is_open(self):
        for state in ("draft", "submitted", "supplement", "eligible"):
            entry = self._create_entry()
            if state != "draft":
                entry.action_submit()
            if state == "supplement":
                self._office(entry).action_request_supplement(reason="x")
            if state == "eligible":
                self._office(entry).action_mark_eligible()
            first = (entry.submitted_on, entry.receipt_number)
            if state == "draft":
                self._withdraw_as_before(entry)
            else:
                entry.action_withdraw(reason="Chuyển công tác")
            with self.subTest(state=state):
                self.assertTrue(entry.can_reinstate)
                with self.assertRaises(AccessError):
                    entry.with_user(self.coauthor).action_reinstate(reason="x")
                with self.assertRaisesRegex(UserError, "Give the reason"):
                    entry.action_reinstate()
                entry.action_reinstate(reason="Rút nhầm")
                self.assertEqual(entry.state, state)
                self.assertEqual((entry.submitted_on, entry.receipt_number), first)
                self.assertFalse(entry.withdraw_reason)
                self.assertFalse(entry.withdrawn_on)
                with self.assertRaisesRegex(UserError, "isn't withdrawn"):
                    entry.action_reinstate(reason="x")

    def test_withdrawal_stands_once_registration_is_closed(self):
        entry = self._submit_entry()
        entry.action_withdraw(reason="Chuyển công tác")
        with freeze_time(self.contest.registration_closes_at + timedelta(seconds=1)):
            entry.invalidate_recordset()
            self.assertFalse(entry.can_reinstate)
            with self.assertRaisesRegex(UserError, "ask the Office"):
                entry.action_reinstate(reason="Rút nhầm")
        self.assertEqual(entry.state, "withdrawn")
        entry.invalidate_recordset()
        self.contest.with_user(self.secretary).action_close_registration()
        with self.assertRaisesRegex(UserError, "ask the Office"):
            entry.action_reinstate(reason="Rút nhầm")
        office = self._office(entry)
        self.assertTrue(office.can_reinstate)
        office.action_reinstate(reason="Tác giả xin lại")
        self.assertEqual(entry.state, "submitted")
        told = self.env["hoithi.notice"].search([("kind", "=", "reinstated")])
        self.assertEqual(told.partner_id, self.staff.partner_id)

    def test_no_withdrawal_is_undone_by_the_office_too_late_or_of_its_own(self):
        draft = self._create_entry(self.internal)
        self._withdraw_as_before(draft)
        own = self._submit_entry(self.secretary)
        own.action_withdraw(reason="Thôi")
        entry = self._submit_entry()
        entry.action_withdraw(reason="Chuyển công tác")
        self._submit_entry(self.internal)
        contest = self.contest.with_user(self.secretary)
        contest.action_close_registration()
        for gone in (draft, own):
            with self.assertRaises(UserError):
                self._office(gone).action_reinstate(reason="Rút nhầm")
        self.contest._open_door().with_context(hoithi_door=Load()).state = "council"
        with self.assertRaisesRegex(UserError, "the withdrawal stands"):
            self._office(entry).action_reinstate(reason="Rút nhầm")

    def test_a_second_refusal_is_told_too(self):
        entry = self._submit_entry()
        office = self._office(entry)
        for minutes, reason in ((0, "Thiếu xác nhận"), (5, "Ngoài phạm vi")):
            with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes)):
                office.action_mark_ineligible(reason=reason)
                if not minutes:
                    office.action_undo_screening(reason="Xem nhầm hồ sơ")
        kinds = self.env["hoithi.notice"].search(
            [("res_model", "=", entry._name), ("res_id", "=", entry.id)]
        )
        kinds = kinds.mapped("kind")
        self.assertEqual(kinds.count("ineligible"), 2)
        self.assertEqual(kinds.count("screening_undone"), 1)

    def test_ineligibility_is_undone_by_the_office(self):
        entry = self._submit_entry()
        self._office(entry).action_mark_ineligible(reason="Nhầm")
        with self.assertRaises(AccessError):
            entry.action_reinstate(reason="x")
        self._office(entry).action_reinstate(reason="Nhầm hồ sơ")
        self.assertEqual(entry.state, "submitted")

    # SMALL THINGS

    def test_drafts_take_no_number(self):
        draft = self._create_entry()
        self.assertFalse(draft.code)
        self.assertEqual(draft.display_name, draft.name)
        entry = self._submit_entry()
        code = entry.code
        self.assertTrue(code)
        draft.action_submit()
        self.assertGreater(draft.code, code)

    def test_coauthors_are_reminded_once_a_day(self):
        entry = self._submit_entry()
        with self.assertRaisesRegex(UserError, "Nobody can be reminded"):
            entry.action_remind_coauthors()
        entry = self._create_entry(participant_type="group")
        entry.author_ids.contribution_percent = 60
        entry.write(
            {
                "author_ids": [
                    (
                        0,
                        0,
                        {
                            "full_name": self.coauthor.name,
                            "email": self.coauthor.email,
                            "contribution_percent": 40,
                        },
                    )
                ]
            }
        )
        entry.action_submit()
        self.assertEqual(entry._get_unconfirmed().full_name, self.coauthor.name)
        with self.assertRaises(AccessError):
            entry.with_user(self.coauthor).action_remind_coauthors()
        notices = self.env["hoithi.notice"].search(
            [("kind", "=", "share"), ("res_id", "=", entry.id)]
        )
        entry.action_remind_coauthors()
        new = (
            self.env["hoithi.notice"].search(
                [("kind", "=", "share"), ("res_id", "=", entry.id)]
            )
            - notices
        )
        self.assertEqual(new.partner_id, self.coauthor.partner_id)
        with self.assertRaisesRegex(UserError, "Reminded today already"):
            entry.action_remind_coauthors()
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            entry.action_remind_coauthors()
        entry.with_user(self.coauthor).action_confirm()
        with self.assertRaisesRegex(UserError, "Nobody can be reminded"):
            entry.action_remind_coauthors()

    def test_a_reminder_by_hand_keeps_the_night(self):
        entry = self._create_entry(self.internal, participant_type="group")
        line = {
            "partner_id": self.staff.partner_id.id,
            "contribution_percent": 40,
        }
        entry.write({"author_ids": [Command.create(line)]})
        entry.author_ids[0].contribution_percent = 60
        entry.action_submit()
        # in Vietnam it is seven hours later
        day = fields.Datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        day += timedelta(days=1)
        for hours, leaves in (
            # ten in the morning, ten in the evening, five in the morning
            (3, None),
            (24 + 15, 48),
            (48 + 22, 72),
        ):
            with freeze_time(day + timedelta(hours=hours)):
                entry.action_remind_coauthors()
            notice = self.env["hoithi.notice"].search(
                [("kind", "=", "share"), ("res_id", "=", entry.id)], limit=1
            )
            expected = bool(leaves) and day + timedelta(hours=leaves)
            self.assertEqual(notice.send_after, expected, hours)
