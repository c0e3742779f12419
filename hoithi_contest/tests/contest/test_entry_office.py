from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ENTRY_VALUES, OUTSIDER, HoithiCommon


@tagged("post_install", "-at_install")
class TestEntryOffice(HoithiCommon):
    """Named ways out before the council: each with its right, reason and notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.other_field = cls.env["hoithi.field"].create({"name": "Lĩnh vực khác"})
        cls.contest.field_ids += cls.other_field

    def _notices(self, kind, record):
        return self.env["hoithi.notice"].search(
            [("kind", "=", kind), ("res_id", "=", record.id)]
        )

    def _group_entry(self):
        colleague = self.employees[self.internal]
        return self._submit_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "partner_id": self.staff.partner_id.id,
                        "contribution_percent": 60,
                        "is_representative": True,
                    }
                ),
                Command.create(
                    {"email": colleague.work_email, "contribution_percent": 40}
                ),
            ],
        )

    # FIELD

    def test_field_is_changed_until_the_council(self):
        entry = self._submit_entry()
        former = entry.field_id
        office = entry.with_user(self.secretary)
        with self.assertRaises(AccessError):
            entry.action_change_field(self.other_field.id, reason="Sai lĩnh vực")
        with self.assertRaises(UserError):
            office.action_change_field(self.other_field.id)
        for odd in (False, 0, -1, 10**9, "5", [self.other_field.id], former.id):
            with self.subTest(field=odd), self.assertRaises(UserError):
                office.action_change_field(odd, reason="Sai lĩnh vực")
        foreign = self.env["hoithi.field"].create({"name": "Không thuộc Hội thi"})
        with self.assertRaises(UserError):
            office.action_change_field(foreign, reason="Sai lĩnh vực")
        office.action_change_field(self.other_field.id, reason="Sai lĩnh vực")
        self.assertEqual(entry.field_id, self.other_field)
        self.assertIn("Sai lĩnh vực", office.message_ids[0].body)
        self.assertEqual(
            self._notices("field_changed", entry).partner_id, self.staff.partner_id
        )
        self.contest.with_user(self.secretary).action_close_registration()
        office.action_mark_eligible()
        office.action_change_field(former, reason="Chuyển lại")
        self.assertEqual(entry.field_id, former)

    def test_a_draft_and_a_withdrawn_entry_stay_where_they_are(self):
        entry = self._create_entry()
        office = entry.with_user(self.secretary)
        with self.assertRaises(UserError):
            office.sudo().action_change_field(self.other_field, reason="x y")
        entry.action_submit()
        entry.action_withdraw(reason="Rút")
        with self.assertRaises(UserError):
            office.action_change_field(self.other_field, reason="x y")

    # REPRESENTATIVE

    def test_another_author_takes_over(self):
        entry = self._group_entry()
        office = entry.with_user(self.secretary)
        other = entry.author_ids.filtered(lambda line: not line.is_representative)
        self.assertTrue(other.partner_id)
        with self.assertRaises(AccessError):
            entry.action_change_representative(other.id, reason="Chuyển công tác")
        with self.assertRaises(UserError):
            office.action_change_representative(other.id)
        with self.assertRaises(UserError):
            office.action_change_representative(
                entry.representative_id.id, reason="Chuyển công tác"
            )
        stranger = self._submit_entry(self.internal).author_ids
        with self.assertRaises(UserError):
            office.action_change_representative(stranger.id, reason="Nghỉ việc")
        other.with_user(self.secretary).action_make_representative(
            reason="Chuyển công tác"
        )
        self.assertEqual(entry.sudo().representative_id, other)
        self.assertEqual(entry.sudo().department_id, other.sudo().department_id)
        self.assertFalse(entry.with_user(self.staff)._is_responsible())
        self.assertTrue(entry.with_user(self.internal)._is_responsible())
        self.assertEqual(
            self._notices("representative_changed", entry).partner_id,
            self.staff.partner_id | self.internal.partner_id,
        )

    # PAPER

    def _paper_values(self, **values):
        return {
            **ENTRY_VALUES,
            "field_id": self.field.id,
            "first_applied_date": fields.Date.today() - timedelta(days=400),
            "author_ids": [
                Command.create(
                    {
                        "employee_id": self.employees[self.staff].id,
                        "contribution_percent": 100,
                        "is_representative": True,
                    }
                )
            ],
            **values,
        }

    def _take_in(self, **arguments):
        action = (
            self.env["hoithi.entry"]
            .with_user(self.secretary)
            .action_register_paper(self.contest.id, self._paper_values(), **arguments)
        )
        return self.env["hoithi.entry"].browse(action["res_id"])

    def test_a_paper_counts_for_whom_it_is_of(self):
        came = fields.Datetime.now() - timedelta(minutes=5)
        entry = self._take_in(received_on=came)
        self.assertEqual(entry.representative_id.partner_id, self.staff.partner_id)
        self.assertNotIn(self.secretary.partner_id, entry.author_ids.partner_id)
        self.assertFalse(entry.late_reason)
        self.assertEqual(
            self._notices("paper_registered", entry).partner_id, self.staff.partner_id
        )
        office = entry.with_user(self.secretary)
        self._add_file(office)
        office.action_submit()
        self.assertEqual(entry.submitted_on, came)
        self.assertEqual(entry.state, "submitted")

    def test_a_paper_is_withdrawn_even_before_it_is_keyed_in(self):
        """It was handed in: it doesn't vanish without a reason or a trace."""
        entry = self._take_in()
        own = entry.with_user(self.staff)
        self.assertEqual((own.can_delete, own.can_withdraw), (False, True))
        for refused in (own.action_delete_draft, own.unlink):
            with self.assertRaisesRegex(UserError, "withdraw it instead"):
                refused()
        with self.assertRaises(UserError):
            own.action_withdraw(reason=" ")
        with self.assertRaises(UserError):
            own.write({"state": "withdrawn"})
        with self.assertRaises(AccessError):
            entry.with_user(self.coauthor).action_withdraw(reason="x")
        dialog = entry.with_user(self.secretary).action_ask_withdraw()
        self.assertEqual(dialog["res_model"], "hoithi.reason")
        own.action_withdraw(reason="Chuyển công tác")
        self.assertEqual((entry.state, entry.active), ("withdrawn", True))
        self.assertEqual(entry.withdraw_reason, "Chuyển công tác")
        self.assertFalse(own.can_delete)
        own.action_reinstate(reason="Nhầm")
        self.assertEqual(entry.state, "draft")
        office = entry.with_user(self.secretary)
        self._add_file(office)
        office.action_submit()
        self.assertEqual(entry.submitted_on, entry.paper_received_on)

    def test_papers_that_were_never_keyed_in_are_not_kept_for_ever(self):
        """After the years of keeping, and where they were deleted before 1.5."""
        kept, deleted = self._take_in(), self._take_in()
        week_ago = fields.Datetime.now() - timedelta(days=8)
        deleted.sudo()._open_door().write({"active": False, "deleted_on": week_ago})
        entries = self.env["hoithi.entry"].sudo()
        entries._gc_deleted_drafts()
        self.assertEqual((kept | deleted).exists(), kept)
        entries._apply_retention(kept.sudo())
        self.assertFalse(kept.exists())

    def test_who_takes_back_what_was_agreed_on_paper_withdraws_it(self):
        entry = self._take_in()
        line = entry.representative_id.with_user(self.staff)
        with self.assertRaises(UserError):
            line._withdraw_purpose("taking_part")
        line._withdraw_purpose("taking_part", reason="Thôi")
        self.assertEqual((entry.state, entry.active), ("withdrawn", True))

    def test_another_secretary_completes_a_paper(self):
        entry = self._take_in()
        colleague = self._create_logins(
            [
                {
                    "login": "t_secretary2",
                    "name": "Thư Ký Hai",
                    "email": "secretary2@sotnmt.example.vn",
                    "group_ids": [
                        Command.set(self.env.ref("hoithi_contest.group_secretary").ids)
                    ],
                }
            ]
        )
        other = entry.with_user(colleague)
        self.contest.with_user(self.secretary).action_close_registration()
        [warning] = self.contest.with_user(colleague)._get_paper_checks()
        self.assertIn("1 paper dossiers", warning.text)
        self._add_file(other)
        other.action_submit()
        self.assertEqual(entry.state, "submitted")
        self.assertFalse(self.contest._get_paper_checks())
        self.assertFalse(
            self._submit_entry_of(self.internal).with_user(colleague)._is_responsible()
        )

    def _submit_entry_of(self, user):
        """An entry of somebody whose login is shut while a supplement is awaited."""
        self.contest.with_user(self.secretary).action_reopen_registration(
            reason="Bổ sung"
        )
        return self._submit_entry(user)

    def test_the_office_hands_in_the_supplement_of_who_has_no_login(self):
        entry = self._submit_entry()
        office = entry.with_user(self.secretary)
        office.action_request_supplement(reason="Thiếu chữ ký")
        self.assertFalse(office._is_responsible())
        self.staff.sudo().active = False
        self.env.invalidate_all()
        office.novelty = "Bản có chữ ký, quét từ giấy"
        with self.assertRaisesRegex(UserError, "say how the supplement"):
            office.action_submit()
        office.action_submit(note="Gửi qua bưu điện ngày 12/01/2027")
        self.assertEqual(entry.state, "submitted")
        self.assertIn("bưu điện", entry.supplement_note)

    def test_a_late_paper_needs_a_decision(self):
        now = fields.Datetime.now()
        self.contest.sudo().write(
            {
                "date_start": now - timedelta(days=30),
                "registration_deadline": now - timedelta(days=1),
            }
        )
        self.contest.with_user(self.secretary).action_close_registration()
        for arguments in (
            {},
            {"reason": "Bưu điện chậm"},
            {"decided_by": "Chủ tịch Hội đồng"},
            {"reason": " ", "decided_by": "–"},
        ):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                self._take_in(**arguments)
        entry = self._take_in(reason="Bưu điện chậm", decided_by="Chủ tịch Hội đồng")
        # the door is the Office's alone
        self.assertTrue(entry.with_user(self.staff)._get_closed_door())
        office = entry.with_user(self.secretary)
        self._add_file(office)
        office.action_submit()
        self.assertEqual(entry.state, "submitted")
        self.assertEqual(entry.late_decided_by, "Chủ tịch Hội đồng")
        broken = self.env["hoithi.entry"]._get_broken_invariants(with_files=False)
        self.assertNotIn(("deadline", entry.id), broken)
        # one that came in time and is keyed in later needs none
        in_time = self._take_in(received_on=fields.Datetime.now() - timedelta(days=2))
        self.assertFalse(in_time.late_reason)

    def _begin_review(self):
        self._eligible_entry(self.internal, name="Giải pháp đã được chấm")
        came = fields.Datetime.now() - timedelta(minutes=5)
        self.contest.reviews_per_entry = 1
        self._start_review()
        return came

    def test_a_paper_is_taken_in_during_the_review_by_a_decision(self):
        """Posted in time, it came when the review had begun: somebody decides."""
        came = self._begin_review()
        decided = {"reason": "Bưu điện chậm", "decided_by": "Chủ tịch Hội đồng"}
        for lacking in decided:
            with self.assertRaises(UserError):
                self._take_in(**{**decided, "received_on": came, lacking: False})
        dialog = self.env["hoithi.paper"].with_user(self.secretary)
        dialog = dialog.new({"contest_id": self.contest.id, "received_on": came})
        self.assertTrue(dialog.is_late)
        entry = self._take_in(received_on=came, **decided)
        office = entry.with_user(self.secretary)
        self.assertTrue(entry.with_user(self.staff)._get_closed_door())
        self._add_file(office)
        office.action_submit()
        self.assertTrue(office.is_screening_open)
        contest = self.contest.with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "Screen these entries first"):
            contest.action_start_council()
        office.action_request_supplement(reason="Thiếu chữ ký")
        self.assertTrue(office.can_undo_supplement)
        own = entry.with_user(self.staff)
        own.novelty = "Bản có chữ ký"
        own.action_submit()
        office.action_mark_eligible()
        self.assertFalse(office.is_screening_open, "it is with its reviewers")
        with self.assertRaises(UserError):
            office.action_undo_screening(reason="Nhầm")
        with self.assertRaises(UserError):
            own.action_withdraw(reason="Thôi")
        self.assertTrue(office.lacks_reviewers)
        copies = self.env["hoithi.review.copy"].sudo()
        self.assertTrue(copies.search([("entry_id", "=", entry.id)]))
        [review] = self._assign(entry, self.member1)
        self.assertEqual(entry.state, "reviewing")
        self._score(review, 20, 30)
        self.assertEqual(entry.state, "reviewed")

    def test_a_paper_of_the_review_may_be_refused_or_withdrawn(self):
        came = self._begin_review()
        decided = {"reason": "Bưu điện chậm", "decided_by": "Chủ tịch Hội đồng"}
        refused, gone = (
            self._take_in(received_on=came, **decided).with_user(self.secretary)
            for _each in range(2)
        )
        self._add_file(refused)
        refused.action_submit()
        refused.action_mark_ineligible(reason="Ngoài phạm vi")
        self.assertEqual(refused.state, "ineligible")
        gone.action_withdraw(reason="Tác giả xin rút")
        with self.assertRaisesRegex(UserError, "the withdrawal stands"):
            gone.action_reinstate(reason="Tác giả xin lại")

    def test_a_paper_nobody_keyed_in_before_the_review_is_no_dead_end(self):
        """Its draft is withdrawn, and the paper taken in anew, by a decision."""
        left = self._take_in()
        came = self._begin_review()
        office = left.with_user(self.secretary)
        self.assertTrue(office.can_withdraw)
        self.assertTrue(office._get_closed_door())
        decided = {"reason": "Văn phòng sót", "decided_by": "Chủ tịch Hội đồng"}
        anew = self._take_in(received_on=came, **decided)
        contest = self.contest.with_user(self.secretary)
        late, missed = contest._get_paper_checks()
        self.assertIn("1 paper dossiers aren't handed in yet", late.text)
        self.assertIn("withdraw these drafts", missed.text)
        office.action_withdraw(reason="Nhập lại theo quyết định")
        self.assertEqual(left.state, "withdrawn")
        self.assertEqual(len(contest._get_paper_checks()), 1)
        self.assertFalse(anew.with_user(self.secretary)._get_closed_door())

    def test_a_withdrawal_is_undone_during_the_review(self):
        entry = self._eligible_entry()
        unscreened = self._submit_entry(name="Giải pháp chưa sơ duyệt")
        draft = self._take_in()
        [review] = self._assign(entry, self.member1)
        entry.action_withdraw(reason="Rút nhầm")
        unscreened.action_withdraw(reason="Rút nhầm")
        draft.with_user(self.staff).action_withdraw(reason="Rút nhầm")
        self.assertEqual(review.sudo().state, "void")
        self._begin_review()
        self.assertFalse(entry.can_reinstate)
        with self.assertRaisesRegex(UserError, "ask the Office"):
            entry.action_reinstate(reason="Rút nhầm")
        office = entry.with_user(self.secretary)
        self.assertTrue(office.can_reinstate)
        with self.assertRaises(UserError):
            office.action_reinstate(reason=" ")
        office.action_reinstate(reason="Tác giả xin lại")
        self.assertIn(entry.state, ("eligible", "reviewing"))
        self.assertTrue(office.lacks_reviewers or review.sudo().state == "assigned")
        self.assertEqual(
            self._notices("reinstated", entry).partner_id, self.staff.partner_id
        )
        unscreened.with_user(self.secretary).action_reinstate(reason="Tác giả xin lại")
        self.assertEqual(unscreened.state, "submitted", "it is screened yet")
        rows = self.env["hoithi.ledger"].search([("event", "=", "entry.reinstated")])
        self.assertEqual(
            set(rows.mapped("res_id")), {entry.id, unscreened.id}, "both are on record"
        )
        self.assertIn("Tác giả xin lại", rows[0].payload)
        unscreened.with_user(self.secretary).action_mark_eligible()
        # what was never keyed in is taken in anew, by a decision
        with self.assertRaisesRegex(UserError, "the withdrawal stands"):
            draft.with_user(self.secretary).action_reinstate(reason="Rút nhầm")

    def test_the_dialogs_do_the_same(self):
        entry = self._submit_entry()
        office = entry.with_user(self.secretary)
        action = office.action_ask_change_field()
        dialog = self.env["hoithi.reason"].with_user(self.secretary)
        dialog = dialog.browse(action["res_id"])
        self.assertEqual(dialog.allowed_field_ids, self.contest.field_ids)
        dialog.write({"reason": "Sai lĩnh vực", "field_id": self.other_field.id})
        dialog.action_apply()
        self.assertEqual(entry.field_id, self.other_field)
        papers = self.env["hoithi.paper"]
        with self.assertRaises(AccessError):
            papers.with_user(self.staff).create({"contest_id": self.contest.id})
        paper = papers.with_user(self.secretary).create(
            {
                "contest_id": self.contest.id,
                "name": "Giải pháp nộp bằng giấy",
                "field_id": self.field.id,
                "full_name": "Lý Văn Ngoài",
                "workplace": "Trường Đại học",
            }
        )
        self.assertFalse(paper.is_late)
        taken = self.env["hoithi.entry"].browse(paper.action_register()["res_id"])
        self.assertEqual(taken.representative_id.full_name, "Lý Văn Ngoài")
        self.assertEqual(
            taken.with_user(self.secretary).unreached_names, "Lý Văn Ngoài"
        )

    def test_who_is_from_outside_gets_the_letters_too(self):
        papers = self.env["hoithi.paper"].with_user(self.secretary)
        paper = papers.create(
            {
                "contest_id": self.contest.id,
                "name": "Giải pháp nộp bằng giấy",
                "field_id": self.field.id,
                "full_name": "Lý Văn Ngoài",
                "workplace": "Trường Đại học",
                "email": "ngoai@truong.example.vn",
                "phone": "0912 000 111",
            }
        )
        entry = self.env["hoithi.entry"].browse(paper.action_register()["res_id"])
        office = entry.with_user(self.secretary)
        self.assertFalse(office.unreached_names)
        office.write({name: "Nội dung" for name in ("solution_content", "novelty")})
        told = self._notices("paper_registered", entry).partner_id
        self.assertEqual(told.email, "ngoai@truong.example.vn")
        office.action_withdraw(reason="Tác giả xin rút")
        office.action_reinstate(reason="Tác giả xin lại")
        notice = self._notices("reinstated", entry)
        self.assertEqual(notice.partner_id, told)
        notice.sudo()._send()
        letter = notice.sudo().mail_id.body_html
        self.assertIn("Lý Văn Ngoài", letter)
        self.assertNotIn("/my/hoithi", letter, "there is no login for it")
        self.assertFalse(entry.with_user(self.stranger).has_access("read"))

    def test_papers_are_the_offices_and_of_this_contest(self):
        model = self.env["hoithi.entry"]
        with self.assertRaises(AccessError):
            model.with_user(self.staff).action_register_paper(
                self.contest.id, self._paper_values()
            )
        office = model.with_user(self.secretary)
        for values in (
            None,
            [],
            {},
            self._paper_values(author_ids=[]),
            self._paper_values(author_ids=["x"]),
            self._paper_values(author_ids=5),
            self._paper_values(author_ids={"a": 1}),
            self._paper_values(author_ids=[[0, 0, 5]]),
            self._paper_values(author_ids=[[0, 0, [1]]]),
            self._paper_values(name=[1]),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                office.action_register_paper(self.contest.id, values)
        with self.assertRaises(AccessError):
            office.action_register_paper(
                self.contest.id, self._paper_values(receipt_number="I-2026/001")
            )
        for moment in ("hôm qua", fields.Datetime.now() + timedelta(days=1), [], 5):
            with self.subTest(moment=moment), self.assertRaises(UserError):
                self._take_in(received_on=moment)
        with self.assertRaises(UserError):
            office.action_register_paper(10**9, self._paper_values())

    def test_a_duplicate_is_its_authors(self):
        entry = self._group_entry()
        copy = entry.with_user(self.secretary).copy()
        self.assertNotIn(self.secretary.partner_id, copy.author_ids.partner_id)
        self.assertEqual(
            copy.author_ids.mapped("full_name"), entry.author_ids.mapped("full_name")
        )
        self.assertFalse(any(copy.author_ids.mapped("confirmed_on")))
        own = entry.copy()
        self.assertEqual(own.representative_id.partner_id, self.staff.partner_id)

    def test_nobody_says_when_the_own_paper_came(self):
        """A secretary who enters as well has no more time than all others."""
        now = fields.Datetime.now()
        self.contest.sudo().write(
            {
                "date_start": now - timedelta(days=30),
                "registration_deadline": now - timedelta(days=1),
                "grace_minutes": 0,
            }
        )
        papers = self.env["hoithi.entry"].with_user(self.secretary)
        came = now - timedelta(days=2)

        def line(user, share, **values):
            return Command.create(
                {
                    "employee_id": self.employees[user].id,
                    "contribution_percent": share,
                    **values,
                }
            )

        own = line(self.secretary, 100, is_representative=True)
        shared = [
            line(self.staff, 60, is_representative=True),
            line(self.secretary, 40),
        ]
        for authors in ([own], shared):
            with self.assertRaises(UserError) as refusal:
                papers.action_register_paper(
                    self.contest.id,
                    self._paper_values(author_ids=authors),
                    received_on=came,
                )
            self.assertIn("another secretary", str(refusal.exception))
        # that of somebody else is taken in, and stays somebody else's
        entry = self._take_in(received_on=came)
        office = entry.with_user(self.secretary)
        self._add_file(office)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            office.write(
                {
                    "participant_type": "group",
                    "author_ids": [
                        Command.update(
                            entry.author_ids.id, {"contribution_percent": 60.0}
                        ),
                        line(self.secretary, 40),
                    ],
                }
            )
        self.env.invalidate_all()
        office.solution_content = "Như trong bản giấy"
        office.action_submit()
        self.assertEqual(entry.submitted_on, came)
        with self.assertRaises(AccessError):
            entry.with_user(self.staff).action_register_paper(
                self.contest.id, self._paper_values()
            )

    # LIMITS

    def _limit(self, **limits):
        self.contest.with_user(self.secretary).write(limits)

    @contextmanager
    def _refused(self, pattern):
        """What is done here is refused, and nothing of it stays."""
        with self.assertRaises(UserError) as refusal:
            yield
        self.assertRegex(str(refusal.exception), pattern)

    def _with_coauthor(self, **values):
        """A draft of staff, whose co-author has a login as well."""
        own, other = self.employees[self.staff], self.employees[self.coauthor]
        return self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "employee_id": own.id,
                        "contribution_percent": 60,
                        "is_representative": True,
                    }
                ),
                Command.create({"email": other.work_email, "contribution_percent": 40}),
            ],
            **values,
        )

    def test_an_author_has_so_many_entries(self):
        self._limit(entries_per_author=1)
        other = self._submit_entry(self.coauthor, name="Của đồng tác giả")
        entry = self._with_coauthor()
        # told before, without a word of what the other one has entered
        self.assertIn("Lý Văn Đồng is an author of as many", entry.missing_items)
        self.assertNotIn(other.name, entry.missing_items)
        with self._refused("Lý Văn Đồng"):
            entry.action_submit()
        with self._refused("Của đồng tác giả"):
            entry.with_user(self.coauthor).action_confirm()
        # what is taken back counts no more, and comes back only where there is room
        other.action_withdraw(reason="Rút")
        entry.action_submit()
        with self._refused("goes beyond the limits"):
            other.action_reinstate(reason="Nộp lại")
        self.assertEqual(other.state, "withdrawn")
        # of two that would come in at once, each counts the other
        third = self._create_entry(self.internal, name="Một")
        fourth = self._create_entry(self.internal, name="Hai")
        with self._refused("You are an author already"):
            (third | fourth).action_submit()
        # who declined is an author no more
        entry.with_user(self.coauthor).action_decline(reason="Không tham gia")
        other.action_reinstate(reason="Nộp lại")
        self.assertEqual(other.state, "submitted")

    def test_a_supplement_brings_nobody_beyond_the_limit(self):
        entry = self._submit_entry()
        self._submit_entry(self.coauthor, name="Của đồng tác giả")
        self._limit(entries_per_author=1)
        entry.with_user(self.secretary).action_request_supplement(reason="Bổ sung")
        entry.write(
            {
                "participant_type": "group",
                "author_ids": [
                    Command.update(
                        entry.representative_id.id, {"contribution_percent": 60}
                    ),
                    Command.create(
                        {"email": self.coauthor.email, "contribution_percent": 40}
                    ),
                ],
            }
        )
        with self._refused("Lý Văn Đồng is an author"):
            entry.action_submit(note="Đã bổ sung")

    def test_somebody_from_outside_is_one_person_however_written(self):
        self._limit(entries_per_author=1)
        office = self.env["hoithi.entry"].with_user(self.secretary)

        def take_in(**person):
            line = {"contribution_percent": 100, "is_representative": True, **person}
            values = {"author_ids": [Command.create({"is_outsider": True, **line})]}
            action = office.action_register_paper(
                self.contest.id, self._paper_values(**values)
            )
            entry = office.browse(action["res_id"])
            self._add_file(entry)
            entry.action_submit()

        school = "Trường Cao đẳng nghề"
        take_in(full_name="Ma Văn Ngoài", workplace=school, email="ngoai@x.example.vn")
        for person in (
            {"full_name": "MA VAN NGOAI", "workplace": "Trường cao đẳng nghề"},
            {
                "full_name": "Ma Ngoài",
                "workplace": "Công ty",
                "email": "Ngoai@x.example.vn",
            },
        ):
            with self._refused("as many entries"):
                take_in(**person)
        take_in(full_name="Ma Văn Ngoài", workplace="Nơi khác")

    def test_a_unit_has_so_many_entries_and_an_entry_so_many_authors(self):
        self._limit(entries_per_unit=1, authors_per_entry=1)
        # one unit stands for the house, beside one that is no more
        units = self.unit.search(
            [("company_id", "=", self.company.id), ("parent_id", "=", False)]
        )
        units.parent_id = units.create({"name": "Sở"})
        units.create({"name": "Đơn vị cũ", "active": False})
        entry = self._submit_entry()
        office = entry.with_user(self.secretary)
        office.action_mark_ineligible(reason="Nhầm")
        self._submit_entry(self.coauthor, name="Cùng tổ")
        self._submit_entry(self.internal, name="Phòng khác")
        # a part counts with its unit, but where it has a row of its own
        with self._refused("Phòng Tài nguyên nước.*as a unit may: 1"):
            self._submit_entry(self.head, name="Của phòng")
        with self._refused("Phòng Tài nguyên nước.*as a unit may: 1"):
            office.action_undo_screening(reason="Xem lại")
        self.sub_unit.hoithi_own_row = True
        self._submit_entry(self.head, name="Của riêng phòng")
        with self._refused("Tổ Quan trắc.*as a unit may: 1"):
            office.action_undo_screening(reason="Xem lại")
        self.assertEqual(entry.state, "ineligible")
        group = self._with_coauthor(name="Hai người")
        with self._refused("at most 1 authors; this one has 2"):
            group.action_submit()

    def test_who_may_take_part(self):
        self._limit(participants="staff")
        outsider = {"full_name": "Ma Văn Ngoài", **OUTSIDER}
        entry = self._create_entry(
            participant_type="group",
            author_ids=[Command.create({**outsider, "contribution_percent": 40})],
        )
        with self._refused("Ma Văn Ngoài is from outside"):
            entry.action_submit()
        self._limit(participants="outsiders")
        with self._refused("Hà Thị Tác Giả is staff"):
            entry.action_submit()
        # a rule that changes meanwhile binds who is admitted
        self._limit(participants="all")
        entry.action_submit()
        self._limit(participants="staff")
        with self._refused("Ma Văn Ngoài is from outside"):
            entry.with_user(self.secretary).action_mark_eligible()

    def test_the_age_counts_on_its_day(self):
        day = fields.Date.to_date("2026-06-01")
        self._limit(ask_birth_date=True, age_from=18, age_to=35, age_on=day)
        entry = self._submit_entry()
        office = entry.with_user(self.secretary)
        with self._refused("hasn't given the date of birth"):
            office.action_mark_eligible()
        give = entry.representative_id.action_give_details
        give(birth_date="1990-06-01", agreed=True)
        with self._refused("18 to 35 years old on 01/06/2026"):
            office.action_mark_eligible()
        self.assertNotIn("1990", office.limit_problems)
        give(birth_date="1990-06-02", agreed=True)
        office.action_mark_eligible()
        with self.assertRaises(ValidationError):
            self._limit(age_to=17)

    def test_the_office_lets_in_beyond_a_limit(self):
        self._limit(entries_per_author=1)
        self._submit_entry(name="Thứ nhất")
        entry = self._create_entry(name="Thứ hai")
        office = entry.with_user(self.secretary)
        self.assertIn("as many entries", office.limit_problems)
        with self.assertRaises(AccessError):
            entry.write({"waived_limits": "entries_per_author"})
        with self.assertRaises(AccessError):
            entry.action_waive_limits(reason="Muốn", decided_by="Tôi")
        for arguments in ({"reason": "Cả hai đều tốt"}, {"decided_by": "Ban Tổ chức"}):
            with self.assertRaises(UserError):
                office.action_waive_limits(**arguments)
        dialog = self.env["hoithi.reason"].with_user(self.secretary)
        dialog = dialog.browse(office.action_ask_waive_limits()["res_id"])
        dialog.write({"reason": "Cả hai đều tốt", "decided_by": "Ban Tổ chức"})
        dialog.action_apply()
        self.assertFalse(office.limit_problems)
        self.assertEqual(office.waived_labels, "entries of an author")
        self.assertIn("by decision of Ban Tổ chức", office.message_ids[0].body)
        self.assertEqual(
            self._notices("limits_waived", entry).partner_id, self.staff.partner_id
        )
        entry.action_submit()
        # all other limits hold
        self._limit(entries_per_unit=1)
        with self._refused("as a unit may"):
            office.action_mark_eligible()
        self._limit(entries_per_unit=0)
        office.action_end_waiver(reason="Quyết định thu hồi")
        with self._refused("as many entries"):
            office.action_mark_eligible()
        with self.assertRaises(UserError):
            office.action_end_waiver(reason="Lần nữa")

    def test_limits_stand_from_the_review_on(self):
        self._eligible_entry()
        self._start_review()
        with self.assertRaises(UserError):
            self._limit(entries_per_author=3)
        # whom the law of numbers forgot is asked at the launch
        draft = self._create_contest(age_from=16)
        with self._refused("the date of birth"):
            self._launch(draft)
