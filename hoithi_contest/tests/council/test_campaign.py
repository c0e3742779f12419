from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestCampaign(HoithiCommon):
    """The plan's campaign, from draft to nomination, under a moved clock.

    Everyone acts with own rights only; beside what must work stands what must be
    refused.
    """

    def test_campaign(self):
        with freeze_time("2020-11-15 02:00:00") as clock:
            self.clock = clock
            contest = self._plan()
            self._launch_contest(contest)
            entry, solo = self._register(contest)
            self._screen(contest, entry, solo)
            self._review(contest, entry)
            self._decide(contest, entry, solo)

    def _at(self, moment):
        self.clock.move_to(moment)

    def _as(self, record, user):
        return record.with_user(user)

    def _plan(self):
        """The secretary writes the plan; nobody else can."""
        contests = self.env["hoithi.contest"]
        values = {
            "name": "Hội thi sáng tạo kỹ thuật tỉnh lần thứ VI (2020 - 2021)",
            "edition_number": 6,
            "year_start": 2020,
            "year_end": 2021,
            "eligible_from_year": 2013,
            "grace_minutes": 15,
            "coauthor_min_percent": 30,
            "reviews_per_entry": 2,
            "blind": True,
            "mode": "internal_contest",
        }
        for user in (self.staff, self.internal, self.chair, self.head, self.leader):
            with self.assertRaises(AccessError):
                contests.with_user(user).create(values)
        contest = contests.with_user(self.secretary).create(values)
        self.assertEqual(contest.edition_roman, "VI")
        with self.assertRaises(UserError) as refusal:
            contest.action_launch()
        message = str(refusal.exception)
        for gap in ("registration deadline", "council", "legal basis", "field"):
            self.assertIn(gap, message)
        self.assertEqual(contest.state, "draft")
        contest.write(
            {
                "date_start": "2020-11-15",
                "date_end": "2021-09-30",
                "registration_deadline": "2021-06-30 10:00:00",
                "screening_deadline": "2021-07-10 10:00:00",
                "review_deadline": "2021-07-25 10:00:00",
                "province_deadline": "2021-07-20 10:00:00",
                "field_ids": [Command.set(self.field.ids)],
                "criteria_set_id": self.criteria_set.id,
                "council_id": self.council.id,
                "legal_basis_ids": [
                    Command.create(
                        {
                            "number": "1601/QĐ-UBND",
                            "date": "2020-09-04",
                            "subject": "Kế hoạch tổ chức Hội thi lần thứ 6",
                        }
                    )
                ],
            }
        )
        warnings = contest.date_warnings.splitlines()
        self.assertEqual(len(warnings), 2, "review and campaign end after province")
        contest.review_deadline = "2021-07-18 10:00:00"
        self.assertEqual(len(contest.date_warnings.splitlines()), 1)
        with self.assertRaises(AccessError):
            self._as(contest, self.staff).read(["name"])
        return contest

    def _launch_contest(self, contest):
        for user in (self.staff, self.chair, self.head, self.leader):
            with self.assertRaises(AccessError):
                self._as(contest, user).action_launch()
        with self.assertRaises(UserError):
            self._create_entry(contest=contest)
        contest.action_launch()
        self.assertEqual(contest.state, "open")
        self.assertTrue(self._as(contest, self.staff).can_register)

    def _register(self, contest):
        """A portal user enters a group's solution; an individual enters late."""
        self._at("2021-06-01 03:00:00")
        with self.assertRaises(UserError) as refusal:
            self._create_entry(self.stranger, contest=contest)
        self.assertIn("employee record", str(refusal.exception))
        entry = self._create_entry(
            contest=contest, with_file=False, participant_type="group"
        )
        self.assertEqual(entry.department_id.sudo(), self.sub_unit)
        self.assertEqual(entry.author_ids.partner_id, self.staff.partner_id)
        self.assertEqual(entry.author_ids.contribution_percent, 100)
        # a draft is saved as often as wanted, complete or not
        entry.write({"first_applied_date": "2012-05-01", "field_id": False})
        entry.write({"known_solution": "Lấy mẫu thủ công."})
        entry.author_ids.contribution_percent = 80
        entry.write(
            {
                "author_ids": [
                    Command.create(
                        {"email": self.coauthor.email, "contribution_percent": 25}
                    )
                ]
            }
        )
        coauthor_line = entry.author_ids - entry.representative_id
        self.assertEqual(coauthor_line.partner_id, self.coauthor.partner_id)
        with self.assertRaises(UserError) as refusal:
            entry.action_submit()
        message = str(refusal.exception)
        for part in ("105", "30", "2013", "field", "dossier"):
            self.assertIn(part, message, "one message lists all that is missing")
        self.assertEqual(entry.state, "draft")
        entry.write({"first_applied_date": "2019-05-01", "field_id": self.field.id})
        coauthor_line.contribution_percent = 40
        entry.representative_id.contribution_percent = 60
        with self.assertRaises(ValidationError):
            self._add_file(entry, b"MZ\x90\x00 not a pdf", "virus.pdf")
        with self.assertRaises(ValidationError):
            self._add_file(entry, filename="ban-mo-ta.exe")
        self._add_file(entry)
        with self.assertRaises(AccessError):
            self._as(entry, self.coauthor).write({"name": "Tên khác"})
        with self.assertRaises(AccessError):
            self._as(entry, self.coauthor).action_submit()
        with self.assertRaises(AccessError):
            self._as(entry, self.stranger).read(["name"])
        entry.action_submit()
        self.assertEqual(entry.state, "submitted")
        self.assertEqual(entry.receipt_number, "VI-2021/001")
        self.assertEqual(entry.submitted_on, fields.Datetime.now())
        with self.assertRaises(UserError):
            entry.write({"name": "Sửa sau khi nộp"})
        with self.assertRaises(UserError):
            coauthor_line.contribution_percent = 39
        with self.assertRaises(UserError):
            self._add_file(entry)
        with self.assertRaises(AccessError):
            coauthor_line.action_confirm()
        self._as(entry, self.coauthor).action_confirm()
        self.assertTrue(coauthor_line.confirmed_on)
        with self.assertRaises(AccessError):
            self._as(entry, self.staff).action_mark_eligible()
        # the last minutes: grace, then the door
        solo = self._create_entry(
            self.internal,
            contest=contest,
            name="Tra cứu hồ sơ địa chính bằng mã QR",
            first_applied_date="2020-02-01",
        )
        self._at("2021-06-30 10:14:00")
        solo.action_submit()
        self.assertEqual(solo.receipt_number, "VI-2021/002")
        self._at("2021-06-30 10:16:00")
        self.assertEqual(contest.state, "open", "no cron has run yet")
        with self.assertRaises(UserError):
            self._create_entry(contest=contest)
        self._run_cron("cron_advance_phases")
        self.assertEqual(contest.state, "screening")
        return entry, solo

    def _screen(self, contest, entry, solo):
        self._at("2021-07-01 02:00:00")
        office, author = (
            self._as(entry, self.secretary),
            self._as(entry, self.staff),
        )
        with self.assertRaises(UserError):
            office.write({"state": "supplement"})
        with self.assertRaises(UserError):
            office.action_mark_ineligible(reason="   ")
        office.action_request_supplement(
            reason="Bổ sung số liệu vận hành", due_date="2021-07-03 10:00:00"
        )
        self.assertEqual(author.supplement_reason, "Bổ sung số liệu vận hành")
        author.write({"technical_benefit": "Vận hành 12 tháng, sai số dưới 5 %."})
        author.action_submit()
        self.assertEqual(author.receipt_number, "VI-2021/001", "one receipt for good")
        # only a head of the unit or above confirms, and never the own solution
        for user in (self.other_head, self.secretary, self.staff):
            with self.assertRaises(AccessError):
                self._as(entry, user).action_confirm_application()
        self._as(entry, self.head).action_confirm_application(note="Đang dùng")
        self.assertEqual(entry.unit_confirmed_by, self.head)
        with self.assertRaises(AccessError):
            self._as(entry, self.head).write({"name": "x"})
        with self.assertRaises(AccessError):
            self._as(entry, self.leader).action_mark_eligible()
        office.write({"state": "eligible"})
        self.assertEqual(entry.state, "eligible", "a dragged card takes the same door")
        with self.assertRaises(UserError):
            self._as(contest, self.secretary).action_start_review()
        self._as(solo, self.secretary).action_mark_ineligible(
            reason="Đã được công nhận cấp tỉnh năm 2019"
        )
        self.assertEqual(
            self._as(solo, self.internal).ineligible_reason,
            "Đã được công nhận cấp tỉnh năm 2019",
        )

    def _review(self, contest, entry):
        self.employees[self.staff].parent_id = self.employees[self.member2]
        reviews = self.env["hoithi.review"].with_user(self.secretary)
        with self.assertRaises(UserError) as refusal:
            reviews.create(
                {"entry_id": entry.id, "member_id": self.seats[self.member2].id}
            )
        self.assertIn("Manager of an author", str(refusal.exception))
        with self.assertRaises(AccessError):
            self.env["hoithi.review"].with_user(self.chair).create(
                {"entry_id": entry.id, "member_id": self.seats[self.member1].id}
            )
        first, second = self._assign(entry, self.member1, self.chair)
        with self.assertRaises(UserError):
            first.line_ids[0].score = 30
        self._run_cron_at("2021-07-10 10:01:00")
        self.assertEqual((contest.state, entry.state), ("review", "reviewing"))
        # members see the sheet, not who wrote the entry
        self.assertIn("Trạm đo", first.solution_content)
        for model, ids in (
            ("hoithi.entry", entry.ids),
            ("hoithi.entry.author", entry.author_ids.ids),
            ("hoithi.dossier.item", entry.dossier_ids.ids),
        ):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.member1).browse(ids).read(["id"])
        self.assertEqual(len(first.file_ids), 1)
        self.assertNotIn("Tac Gia", first.file_ids.name)
        self.assertNotIn(b"Author", first.file_ids.raw)
        with self.assertRaises(UserError):
            entry.with_user(self.staff).action_withdraw(reason="Muộn")
        with self.assertRaises(ValidationError):
            first.line_ids[0].score = 41
        with self.assertRaises(ValidationError):
            first.line_ids[0].score = 30.5
        with self.assertRaises(AccessError):
            second.with_user(self.member1).line_ids.read(["score"])
        with self.assertRaises(UserError) as refusal:
            first.action_submit()
        self.assertIn("Hiệu quả", str(refusal.exception))
        self._score(first, 30, 45)
        self.assertEqual((first.state, first.total), ("submitted", 75))
        self.assertEqual(entry.state, "reviewing")
        with self.assertRaises(UserError):
            first.line_ids[0].score = 40
        with self.assertRaises(AccessError):
            first.with_user(self.secretary).line_ids[0].score = 40
        with self.assertRaises(UserError):
            self.criteria_set.criterion_ids[0].with_user(self.admin).max_score = 50
        self._score(second, 32, 50)
        self.assertEqual(entry.state, "reviewed")
        office = entry.with_user(self.secretary)
        self.assertEqual(office.average_score, 78.5)
        self.assertEqual(office.score_spread, 7)
        self.assertEqual(office.rank, 1)
        with self.assertRaises(AccessError):
            entry.with_user(self.staff).read(["average_score"])

    def _run_cron_at(self, moment):
        self._at(moment)
        self._run_cron("cron_advance_phases")

    def _decide(self, contest, entry, solo):
        office = entry.with_user(self.secretary)
        with self.assertRaises(UserError):
            office.action_select()
        self._run_cron_at("2021-07-18 10:01:00")
        self.assertEqual(contest.state, "council")
        self.assertEqual(
            entry.with_user(self.member1).author_names,
            "Hà Thị Tác Giả, Lý Văn Đồng",
            "the council meets, authors are open",
        )
        with self.assertRaises(AccessError):
            entry.with_user(self.member2).read(["name"])
        with self.assertRaises(UserError):
            solo.with_user(self.secretary).action_select()
        with self.assertRaises(AccessError):
            entry.with_user(self.chair).action_select()
        office.action_select()
        self.assertEqual(entry.state, "selected")
        contest_office = contest.with_user(self.secretary)
        with self.assertRaises(UserError):
            contest_office.action_close()
        action = contest_office.action_create_nomination()
        nomination = self.env["hoithi.nomination"].with_user(self.secretary)
        nomination = nomination.browse(action["res_id"])
        with self.assertRaises(UserError):
            nomination.action_send()
        nomination.dispatch_number = "52/TTr-STNMT"
        nomination.action_send()
        self.assertEqual(entry.state, "nominated")
        with self.assertRaises(UserError):
            nomination.dispatch_number = "53/TTr-STNMT"
        self.assertEqual(nomination.line_ids.author_names, entry.author_names)
        nomination.action_receive()
        nomination.line_ids.write({"result_rank": "second", "amount": 24_000_000})
        with self.assertRaises(UserError):
            nomination.action_decide()
        nomination.decision_number = "2100/QĐ-UBND"
        nomination.action_decide()
        award = entry.with_user(self.staff).award_ids
        self.assertEqual(
            (award.level, award.rank, award.decision_number),
            ("province", "second", "2100/QĐ-UBND"),
        )
        self._close(contest)
        self.assertEqual(contest.state, "closed")
        with self.assertRaises(UserError):
            contest_office.write({"blind": False})
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())
