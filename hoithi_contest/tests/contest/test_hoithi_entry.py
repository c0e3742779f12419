from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import ENTRY_VALUES, OUTSIDER, HoithiCommon

SERVER_VALUES = {
    "code": "HS99999",
    "receipt_number": "IX-2026/999",
    "submitted_on": "2020-01-01 00:00:00",
    "commitment_on": "2020-01-01 00:00:00",
    "commitment_text": "x",
    "consent_on": "2020-01-01 00:00:00",
    "supplement_reason": "x",
    "supplement_due": "2099-01-01 00:00:00",
    "ineligible_reason": "x",
    "withdraw_reason": "x",
    "not_selected_reason": "x",
    "unit_confirmed_on": "2020-01-01 00:00:00",
    "unit_confirm_note": "x",
    "rank": 1,
    "average_score": 99,
    "score_spread": 1,
    "review_count": 9,
    "review_done_count": 9,
    "priority": "1",
    "color": 5,
}


@tagged("post_install", "-at_install")
class TestHoithiEntry(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def _office(self, entry):
        return entry.with_user(self.secretary)

    # CREATION

    def test_author_and_unit_come_from_hr(self):
        for user in (self.staff, self.internal):
            unit = self.employees[user].department_id
            entry = self._create_entry(user)
            with self.subTest(user=user.login):
                self.assertEqual(entry.department_id.sudo(), unit)
                author = entry.author_ids
                self.assertEqual(author.partner_id, user.partner_id)
                self.assertEqual(author.full_name, user.name)
                self.assertTrue(author.is_representative)
                self.assertEqual(author.contribution_percent, 100)
                self.assertTrue(entry.is_mine)
                self.assertTrue(entry.can_edit)

    def test_person_without_employee_record_is_told(self):
        for user, phrase in (
            # anybody may have made a login for the portal
            (self.stranger, "ask the Office to link your login"),
            (self.publisher, "No employee record"),
        ):
            self.assertNotIn(user, self.employees)
            for is_published in (False, True):
                self.contest.is_published = is_published
                with (
                    self.subTest(user=user.login, is_published=is_published),
                    self.assertRaises(UserError) as refusal,
                ):
                    self._create_entry(user)
                self.assertIn(phrase, str(refusal.exception))
            self.assertFalse(
                self.env["hoithi.entry"].search([("create_uid", "=", user.id)])
            )

    def test_employee_of_another_department_does_not_count(self):
        other = self.env["res.company"].create({"name": "Sở Khác"})
        for user, phrase in (
            (self.staff, "ask the Office to link your login"),
            (self.internal, "No employee record"),
        ):
            self.employees[user].sudo().company_id = other
            with (
                self.subTest(user=user.login),
                self.assertRaises(UserError) as refusal,
            ):
                self._create_entry(user)
            self.assertIn(phrase, str(refusal.exception))

    def test_co_authors_given_at_creation(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 30}
                ),
                Command.create(
                    {
                        **OUTSIDER,
                        "full_name": "  Người   Ngoài  ",
                        "contribution_percent": 20,
                    }
                ),
            ],
        )
        self.assertEqual(
            entry.author_ids.mapped(lambda a: (a.full_name, a.contribution_percent)),
            [(self.staff.name, 50), (self.coauthor.name, 30), ("Người Ngoài", 20)],
        )
        self.assertEqual(entry.author_names.count(", "), 2)
        entry.action_submit()

    def test_staff_register_their_own_solution(self):
        for line in (
            {"email": self.coauthor.email},
            {"partner_id": self.coauthor.partner_id.id},
            {"employee_id": self.employees[self.coauthor].id},
        ):
            with self.subTest(line=line), self.assertRaisesRegex(UserError, "your own"):
                self._create_entry(
                    author_ids=[
                        Command.create(
                            {
                                **line,
                                "is_representative": True,
                                "contribution_percent": 100,
                            }
                        )
                    ]
                )

    def test_secretary_keys_in_a_paper_dossier(self):
        entry = self._create_entry(
            self.secretary,
            author_ids=[
                Command.create(
                    {
                        "employee_id": self.employees[self.coauthor].id,
                        "contribution_percent": 100,
                        "is_representative": True,
                    }
                )
            ],
        )
        self.assertEqual(entry.department_id, self.sub_unit)
        self.assertFalse(entry.is_mine)
        self.assertEqual(entry.author_ids.partner_id, self.coauthor.partner_id)
        entry.action_submit()
        self.assertTrue(entry.receipt_number)
        self.assertFalse(entry.author_ids.confirmed_on, "the author hasn't agreed yet")
        entry.with_user(self.coauthor).action_confirm()
        self.assertTrue(entry.author_ids.confirmed_on)
        entry.action_mark_eligible()
        # another secretary may not write what it says
        other = self.secretary.copy({"login": "t_office2"})
        with self.assertRaises(AccessError):
            entry.with_user(other).write({"novelty": "x"})

    def test_server_values_are_not_for_sending(self):
        """Neither at creation nor later does an author set what the server sets."""
        values = {
            **SERVER_VALUES,
            "department_id": self.other_unit.id,
            "unit_confirmed_by": self.staff.id,
        }
        for user in (self.staff, self.internal):
            unit = self.employees[user].department_id
            entry = self._create_entry(user)
            values["department_id"] = ((self.unit | self.other_unit) - unit)[:1].id
            for name, value in values.items():
                with self.subTest(user=user.login, name=name):
                    with self.assertRaises(AccessError):
                        self._create_entry(user, **{name: value})
                    with self.assertRaises(AccessError):
                        entry.write({name: value})
            self.assertEqual(entry.sudo().department_id, unit)
            self.assertFalse(entry.code)
            entry.action_submit()
            self.assertRegex(entry.code, r"^HS(?!99999)\d+$")
        for name in ("average_score", "rank"):
            with self.assertRaises(AccessError):
                self._create_entry(self.secretary, **{name: 1})

    def test_code_is_given_once(self):
        entries = self._submit_entry() | self._submit_entry()
        self.assertEqual(len(set(entries.mapped("code"))), 2)
        copy = entries[0].copy()
        self.assertFalse(copy.code)
        self.assertEqual(copy.author_ids.partner_id, self.staff.partner_id)

    def test_entry_stays_in_its_contest_and_company(self):
        other = self._create_contest()
        self._launch(other)
        entry = self._create_entry()
        with self.assertRaisesRegex(UserError, "stays in its contest"):
            entry.write({"contest_id": other.id})
        self.assertEqual(entry.company_id.sudo(), self.company)

    # SUBMISSION

    def test_each_missing_thing_is_told(self):
        other_field = self.env["hoithi.field"].create({"name": "Y dược"})
        today = self.contest._get_today()
        year = self.contest.eligible_from_year
        self.company.hoithi_max_drafts = 20
        for vals, phrase in (
            ({"name": "   "}, "title is missing"),
            ({"field_id": False}, "Choose the field"),
            ({"field_id": other_field.id}, "isn't part of this contest"),
            ({"solution_content": " "}, "content of the solution"),
            ({"first_applied_date": False}, "first applied"),
            ({"first_applied_date": today + timedelta(days=1)}, "in the future"),
            ({"trial_applied_date": today + timedelta(days=1)}, "in the future"),
            ({"first_applied_date": f"{year - 1}-12-31"}, f"since {year}"),
            ({"trial_applied_date": f"{year - 1}-12-31"}, f"since {year}"),
            ({"participant_type": "group"}, "at least two authors"),
        ):
            entry = self._create_entry()
            entry.write(vals)
            with self.subTest(vals=vals), self.assertRaises(UserError) as refusal:
                entry.action_submit()
            problems = str(refusal.exception).splitlines()[1:]
            self.assertEqual(len(problems), 1, problems)
            self.assertIn(phrase, problems[0])
            self.assertIn(phrase, entry.missing_items)
            self.assertEqual(entry.state, "draft")
            self.assertFalse(entry.receipt_number)
        bare = self._create_entry(with_file=False)
        with self.assertRaisesRegex(UserError, "dossier lacks"):
            bare.action_submit()
        self._add_file(bare)
        self.assertFalse(bare.missing_items)
        bare.action_submit()

    def test_boundaries_of_the_years(self):
        year = self.contest.eligible_from_year
        for vals in (
            {"first_applied_date": f"{year}-01-01"},
            {"first_applied_date": False, "trial_applied_date": f"{year}-01-01"},
            {"first_applied_date": self.contest._get_today()},
        ):
            entry = self._create_entry(**vals)
            with self.subTest(vals=vals):
                entry.action_submit()
                self.assertEqual(entry.state, "submitted")
        self.contest.eligible_from_year = 0
        self._submit_entry(first_applied_date="1999-01-01")

    def test_today_is_the_contests_today(self):
        """Past midnight in Bắc Kạn a solution may have been applied “today” there."""
        with freeze_time("2027-03-09 17:30:00"):  # 00:30 of the 10th in Viet Nam
            contest = self._create_contest()
            self._launch(contest)
            entry = self._create_entry(contest=contest, first_applied_date="2027-03-10")
            self.assertFalse(entry.missing_items)
            entry.action_submit()
        with freeze_time("2027-03-09 16:30:00"):
            entry = self._create_entry(contest=contest, first_applied_date="2027-03-10")
            with self.assertRaisesRegex(UserError, "in the future"):
                entry.action_submit()

    def test_submission_is_recorded(self):
        entry = self._create_entry(consent_publish=True)
        self.assertTrue(entry.consent_on)
        self.assertTrue(entry.can_submit)
        entry.action_submit()
        self.assertEqual(entry.state, "submitted")
        self.assertEqual(entry.submitted_on, entry.commitment_on)
        self.assertTrue(entry.author_ids.confirmed_on)
        self.assertFalse(entry.can_edit)
        self.assertTrue(entry.can_withdraw)
        self.assertFalse(entry.missing_items)
        with self.assertRaises(UserError):
            entry.action_submit()
        for vals in ({"name": "x"}, {"consent_publish": False}, {"novelty": "x"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                entry.write(vals)

    def test_draft_after_the_deadline(self):
        entry = self._create_entry()
        with freeze_time(self.contest.registration_closes_at + timedelta(seconds=1)):
            self.env.invalidate_all()
            self.assertFalse(entry.can_edit)
            for act in (
                lambda: entry.write({"novelty": "x"}),
                lambda: entry.author_ids.write({"contribution_percent": 99}),
                lambda: self._add_file(entry),
                entry.dossier_ids.unlink,
                entry.action_submit,
            ):
                with self.assertRaisesRegex(UserError, "closed"):
                    act()
        with freeze_time(self.contest.registration_closes_at):
            entry.action_submit()

    def test_completeness_agrees_with_what_is_missing(self):
        entry = self._create_entry(with_file=False, field_id=False)
        needs = entry._get_needs()
        missing = [need for need in needs if need.gaps]
        self.assertEqual([need.field for need in missing], ["field_id", "dossier_ids"])
        self.assertEqual(
            [gap.text for need in missing for gap in need.gaps],
            entry.missing_items.splitlines(),
        )
        done = len(needs) - 2
        self.assertEqual(entry.completeness, 100 * done // len(needs))
        self.assertLess(entry.completeness, 100)
        entry.field_id = self.field
        self._add_file(entry)
        self.assertFalse(entry.missing_items)
        self.assertEqual(entry.completeness, 100, "what isn't needed may stay empty")
        # what a contest asks for besides is one more thing that is needed
        self.contest.require_texts = True
        criterion = self.criteria_set.criterion_ids[0]
        criterion.looks_at = "novelty"
        entry.novelty = False
        self.assertEqual(len(entry._get_needs()), len(needs) + 1)
        self.assertEqual(entry.completeness, 100 * len(needs) // (len(needs) + 1))
        self.assertIn(criterion.name, entry.missing_items)
        self.assertEqual(entry._get_progress()["steps"]["solution"]["missing"], [])

    # DRAFTS

    def test_drafts_are_deleted_others_withdrawn(self):
        draft = self._create_entry()
        attachment = draft.dossier_ids.attachment_id.sudo()
        with self.assertRaises(AccessError):
            draft.with_user(self.secretary).unlink()
        draft.unlink()
        self.assertFalse(attachment.exists(), "files go with the draft")
        entry = self._submit_entry()
        with self.assertRaisesRegex(UserError, "withdraw it instead"):
            entry.unlink()

    def test_one_act_takes_an_entry_back_in_each_state(self):
        """A draft is deleted, by every door; what was handed in is withdrawn."""
        draft = self._create_entry()
        self.assertEqual((draft.can_delete, draft.can_withdraw), (True, False))
        with self.assertRaisesRegex(UserError, "delete the draft instead"):
            draft.action_withdraw(reason="Thôi")
        with self.assertRaisesRegex(UserError, "delete the draft instead"):
            draft.action_ask_withdraw()
        with self.assertRaises(UserError):
            draft.write({"state": "withdrawn"})
        self.assertEqual(draft.state, "draft")
        entry = self._submit_entry()
        self.assertEqual((entry.can_delete, entry.can_withdraw), (False, True))

    def test_withdrawal(self):
        for state in ("submitted", "supplement", "eligible"):
            entry = self._create_entry()
            entry.action_submit()
            if state == "supplement":
                self._office(entry).action_request_supplement(reason="x")
            if state == "eligible":
                self._office(entry).action_mark_eligible()
            with self.subTest(state=state):
                with self.assertRaises(AccessError):
                    entry.with_user(self.coauthor).action_withdraw(reason="x")
                with self.assertRaises(UserError):
                    entry.action_withdraw(reason="\n ")
                entry.action_withdraw(reason="  Chuyển công tác ")
                self.assertEqual(entry.state, "withdrawn")
                self.assertEqual(entry.withdraw_reason, "Chuyển công tác")
                with self.assertRaises(UserError):
                    entry.action_submit()

    def test_withdrawal_until_the_review_starts(self):
        entry, reviewed = self._eligible_entry(), self._eligible_entry()
        reviews = self._assign(entry, self.member1)
        self.contest.with_user(self.secretary).action_close_registration()
        entry.action_withdraw(reason="x")
        self.assertEqual(reviews[0].sudo().state, "void", "nobody scores in vain")
        self._start_review()
        with self.assertRaisesRegex(UserError, "review has started"):
            reviewed.action_withdraw(reason="x")
        self.assertFalse(reviewed.can_withdraw)

    # SCREENING

    def test_refusal_needs_a_reason_and_is_told(self):
        entry = self._submit_entry()
        office = self._office(entry)
        with self.assertRaises(UserError):
            office.action_mark_ineligible(reason="")
        office.action_mark_ineligible(reason="Áp dụng ngoài tỉnh")
        self.assertEqual(entry.ineligible_reason, "Áp dụng ngoài tỉnh")
        notice = self.env["hoithi.notice"].search(
            [("kind", "=", "ineligible"), ("res_id", "=", entry.id)]
        )
        self.assertEqual(notice.partner_id, self.staff.partner_id)
        office.action_undo_screening(reason="Nhầm hồ sơ")
        self.assertEqual(entry.state, "submitted")
        self.assertFalse(entry.ineligible_reason)
        self.assertIn("Nhầm hồ sơ", str(entry.sudo().message_ids.mapped("body")))

    def test_screening_ends_with_the_review(self):
        eligible = self._eligible_entry()
        self._start_review()
        with self.assertRaisesRegex(UserError, "is over"):
            self._office(eligible).action_undo_screening(reason="x")

    def test_ineligible_after_all_voids_early_reviews(self):
        entry = self._eligible_entry()
        [review] = self._assign(entry, self.member1)
        self._office(entry).action_undo_screening(reason="Xem lại")
        self.assertEqual(review.state, "assigned")
        self._office(entry).action_mark_ineligible(reason="Trùng")
        self.assertEqual(review.sudo().state, "void")
        self.assertEqual(review.sudo().void_reason, "Trùng")

    def test_secretary_does_not_decide_on_an_own_entry(self):
        entry = self._submit_entry(self.secretary)
        for act in (
            lambda: entry.action_mark_eligible(),
            lambda: entry.action_mark_ineligible(reason="x"),
            lambda: entry.action_request_supplement(reason="x"),
        ):
            with self.assertRaisesRegex(UserError, "another secretary"):
                act()
        other = self.secretary.copy({"login": "t_office2"})
        entry.with_user(other).action_mark_eligible()
        self.assertEqual(entry.state, "eligible")

    def test_supplement_has_its_own_clock(self):
        entry = self._submit_entry()
        receipt, office = entry.receipt_number, self._office(entry)
        now = fields.Datetime.now()
        with self.assertRaisesRegex(UserError, "in the future"):
            office.action_request_supplement(reason="x", due_date=now)
        due = self.contest.registration_closes_at + timedelta(days=5)
        office.action_request_supplement(reason="Thiếu số liệu", due_date=due)
        self.assertEqual(entry.closes_at, due + timedelta(minutes=15))
        with freeze_time(due + timedelta(minutes=15)):
            self._run_cron("cron_advance_phases")
            self.assertEqual(self.contest.state, "screening", "registration is closed")
            entry.invalidate_recordset()
            self.assertTrue(entry.can_edit)
            entry.write({"novelty": "Bổ sung"})
            self._add_file(entry, filename="bo-sung.pdf")
            entry.author_ids.contribution_percent = 100
        with freeze_time(due + timedelta(minutes=15, seconds=1)):
            entry.invalidate_recordset()
            self.assertFalse(entry.can_edit)
            for act in (
                lambda: entry.write({"novelty": "x"}),
                lambda: self._add_file(entry),
                entry.action_submit,
            ):
                with self.assertRaisesRegex(UserError, "was due"):
                    act()
            # the secretary gives more time
            office.action_request_supplement(
                reason="Thêm thời gian", due_date=due + timedelta(days=3)
            )
            entry.invalidate_recordset()
            entry.action_submit()
        self.assertEqual(entry.state, "submitted")
        self.assertEqual(entry.receipt_number, receipt, "one receipt for good")
        self.assertEqual(entry.novelty, "Bổ sung")

    def test_supplement_without_a_date_is_due_in_a_week_at_most(self):
        entry = self._submit_entry()
        self._office(entry).action_request_supplement(reason="x")
        # the end of work of the day in a week, whatever the hour at which it is asked
        self.assertEqual(
            entry.supplement_due,
            self.contest._get_work_end(self.contest._get_today() + timedelta(days=7)),
        )
        other = self._submit_entry()
        almost = self.contest.screening_deadline - timedelta(days=2)
        with freeze_time(almost):
            self._office(other).action_request_supplement(reason="x")
        self.assertEqual(other.supplement_due, self.contest.screening_deadline)

    def test_supplement_ends_with_the_screening(self):
        entry = self._submit_entry()
        self._office(entry).action_request_supplement(reason="x")
        entry.novelty = "Đã bổ sung"
        self.contest.with_context(hoithi_door=Load()).state = "council"
        with self.assertRaisesRegex(UserError, "screening"):
            entry.action_submit()

    def test_unanswered_supplement_is_turned_down(self):
        entry = self._submit_entry()
        self._office(entry).action_request_supplement(reason="x")
        self._office(entry).action_mark_ineligible(reason="Không bổ sung")
        self.assertEqual(entry.state, "ineligible")

    # UNIT

    def test_head_confirms_the_application(self):
        entry = self._submit_entry()
        self.assertTrue(entry.with_user(self.head).can_confirm_application)
        for user in (self.other_head, self.chair, self.leader, self.secretary):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                entry.with_user(user).action_confirm_application()
        entry.with_user(self.head).action_confirm_application(note="Đang chạy")
        self.assertEqual(entry.unit_confirmed_by, self.head)
        self.assertEqual(entry.unit_confirm_note, "Đang chạy")
        self.assertFalse(entry.with_user(self.head).can_confirm_application)
        with self.assertRaises(AccessError):
            entry.with_user(self.head).write({"unit_confirm_note": "x"})

    def test_head_does_not_confirm_drafts_or_own_entries(self):
        draft = self._create_entry()
        with self.assertRaisesRegex(UserError, "hasn't been submitted"):
            draft.with_user(self.head).action_confirm_application()
        own = self._submit_entry(self.head)
        with self.assertRaisesRegex(UserError, "the head of the unit above"):
            own.action_confirm_application()
        self.assertFalse(own.can_confirm_application)
        above = self.env["hr.department"].create(
            {"name": "Sở", "manager_id": self.employees[self.other_head].id}
        )
        self.unit.parent_id = above
        own.with_user(self.other_head).action_confirm_application()

    # LOOK-ALIKES

    def test_near_copies_are_found_across_editions(self):
        """What half of all titles begin with makes no two solutions alike."""
        past = self._create_contest(edition_number=8)
        self._launch(past)
        old = self._submit_entry(
            contest=past, name="Phần mềm theo dõi chất lượng nước mặt"
        )
        draft = self._create_entry(name="PHẦN MỀM THEO DÕI CHẤT LƯỢNG NƯỚC MẶT")
        copy = self._submit_entry(
            self.internal,
            name="Ứng dụng phần mem theo doi chất lượng nước mặt trên địa bàn tỉnh",
        )
        stock = self._submit_entry(
            name="Một số giải pháp nâng cao hiệu quả lưu trữ tài liệu"
        )
        other = self._submit_entry(
            name="Một số giải pháp nâng cao hiệu quả cấp giấy phép khai thác"
        )
        self._run_cron("cron_read_texts")
        self.env.invalidate_all()
        self.assertEqual(self._office(copy).similar_ids, old.sudo())
        self.assertFalse(self._office(stock).similar_ids)
        self.assertFalse(self._office(other).similar_ids)
        self.assertNotIn(draft.id, self._office(copy).similar_ids.ids)
        with self.assertRaises(AccessError):
            copy.read(["similar_ids"])

    def test_look_alikes_are_the_same_without_the_extension(self):
        names = (
            "Cảnh báo sạt lở bờ sông bằng ảnh vệ tinh",
            "Canh bao sat lo bo song bang anh ve tinh",
            "Cảnh báo cháy rừng bằng máy bay",
            "Sổ tay tra cứu đất ngập nước",
        )
        entries = self._office(
            self.env["hoithi.entry"].browse(
                self._submit_entry(user, name=name).id
                for name in names
                for user in (self.staff, self.internal)
            )
        ).sudo()
        self.assertTrue(self.env.registry.has_trigram)
        found = set(entries._read_similar())
        with patch.object(self.env.registry, "has_trigram", new=False):
            self.assertEqual(set(entries._read_similar()), found)
        # a pair of each title, and the two ways to write the first one
        self.assertEqual(len(found), 4 * 3 + 2 + 2)
        entries[0].with_user(self.secretary).sudo().name = names[3]
        entries._find_similar()
        self.assertEqual(set(entries[0].similar_ids), set(entries[6:]))

    def test_look_alikes_cost_the_same_whatever_the_number_of_titles(self):
        entry = self._submit_entry(name="Đo mưa tự động").sudo()
        entry._find_similar()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(__system__=8):
            entry._find_similar()
            self.env.flush_all()

    # SELECTION

    def _reviewed(self, *sheets, **vals):
        entry = self._eligible_entry(**vals)
        self._start_review()
        users = (self.member1, self.chair, self.member2)
        for review, scores in zip(
            self._assign(entry, *users[: len(sheets)]), sheets, strict=True
        ):
            self._score(review, *scores)
        return entry

    def _select(self, entry):
        self.contest.with_user(self.secretary).action_start_council()
        self._office(entry).action_select()

    def test_pass_mark_of_the_total(self):
        entry = self._reviewed((20, 29), (20, 30))
        with self.assertRaisesRegex(UserError, "49.5.*pass mark 50"):
            self._select(entry)
        self.criteria_set.min_total = 49.5
        self._office(entry).action_select()
        self.assertEqual(entry.state, "selected")

    def test_pass_mark_of_a_criterion(self):
        self.criteria_set.criterion_ids[0].min_pass = 20
        entry = self._reviewed((19, 60), (20, 60))
        with self.assertRaisesRegex(UserError, "Tính mới.*19.5.*below.*20"):
            self._select(entry)

    def test_selection_waits_for_the_council(self):
        entry = self._reviewed((30, 40), (30, 40))
        with self.assertRaisesRegex(UserError, "council phase"):
            self._office(entry).action_select()
        with self.assertRaisesRegex(UserError, "council phase"):
            self._office(entry).action_not_select(reason="x")
        self._select(entry)
        office = self._office(entry)
        with self.assertRaises(UserError):
            office.action_not_select(reason=" ")
        office.action_not_select(reason="Chỉ tiêu đã đủ")
        self.assertEqual(entry.not_selected_reason, "Chỉ tiêu đã đủ")
        office.action_select()
        self.assertFalse(entry.not_selected_reason)

    def test_sheet_voided_in_the_council_leaves_the_entry_decidable(self):
        """A late conflict takes a sheet out; the entry mustn't hang without a door."""
        entry = self._reviewed((30, 40), (30, 50))
        self.contest.with_user(self.secretary).action_start_council()
        office = self._office(entry)
        office.review_ids[0].action_void(reason="Xung đột lợi ích")
        self.assertEqual(entry.state, "reviewed")
        with self.assertRaisesRegex(UserError, "1 of 2 sheets"):
            office.action_select()
        office.action_not_select(reason="Thiếu phiếu")
        self._close()

    # MISCELLANEOUS

    def test_names_and_links(self):
        entry = self._submit_entry()
        self.assertEqual(
            entry.display_name, f"{entry.sudo().code} – {ENTRY_VALUES['name']}"
        )
        self.assertEqual(
            entry.action_open_portal()["url"], f"/my/hoithi/entries/{entry.id}"
        )
        entries = self.env["hoithi.entry"].with_user(self.secretary)
        self.assertEqual(
            entries.search([("author_names", "ilike", "tác giả")]), self._office(entry)
        )
        self.assertIn(entry.id, [key for key, _n in entries.name_search(entry.code)])

    def test_invariants_find_what_is_broken(self):
        entry = self._submit_entry()
        check = self.env["hoithi.entry"]._get_broken_invariants
        self.assertFalse([pair for pair in check() if pair[1] == entry.id])
        self.env.cr.execute(
            "UPDATE hoithi_entry_author SET contribution_percent = 90,"
            " is_representative = false WHERE entry_id = %s",
            [entry.id],
        )
        self.env.cr.execute(
            "UPDATE hoithi_entry SET state = 'nominated' WHERE id = %s", [entry.id]
        )
        self.assertEqual(
            [pair for pair in check() if pair[1] == entry.id],
            [
                ("shares", entry.id),
                ("representative", entry.id),
                ("selection", entry.id),
            ],
        )
