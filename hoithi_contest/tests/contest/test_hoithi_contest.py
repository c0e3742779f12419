from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiContest(HoithiCommon):
    def setUp(self):
        super().setUp()
        self.office = self.contest.with_user(self.secretary)

    # LAUNCH

    def test_each_gap_keeps_the_contest_closed(self):
        """Taking one thing away from a complete contest names just that thing."""
        day = timedelta(days=1)
        no_chair = self.council.copy({"name": "Không chủ tịch", "member_ids": False})
        no_chair.member_ids = [
            Command.create({"user_id": self.secretary.id, "role": "secretary"}),
            Command.create({"user_id": self.member1.id}),
        ]
        no_secretary = no_chair.copy({"name": "Không thư ký", "member_ids": False})
        no_secretary.member_ids = [
            Command.create({"user_id": self.chair.id, "role": "chair"})
        ]
        nobody_scores = no_chair.copy({"name": "Không chấm", "member_ids": False})
        nobody_scores.member_ids = [
            Command.create(
                {"user_id": self.chair.id, "role": "chair", "can_score": False}
            ),
            Command.create({"user_id": self.secretary.id, "role": "secretary"}),
        ]
        empty_set = self.env["hoithi.criteria.set"].create({"name": "Trống"})
        for vals, phrase in (
            ({"edition_number": 0}, "number of the edition"),
            ({"date_start": False}, "dates of the campaign"),
            ({"date_end": False}, "dates of the campaign"),
            (
                {"registration_deadline": fields.Datetime.now() - day},
                "deadline in the future",
            ),
            ({"field_ids": [Command.clear()]}, "at least one field"),
            ({"legal_basis_ids": [Command.clear()]}, "at least one legal basis"),
            ({"council_id": False}, "the council"),
            ({"council_id": no_chair.id}, "a chair"),
            ({"council_id": no_secretary.id}, "a secretary"),
            ({"council_id": nobody_scores.id}, "members who score"),
            ({"criteria_set_id": False}, "criteria set"),
            ({"criteria_set_id": empty_set.id}, "criteria set"),
            ({"reviews_per_entry": 0}, "number of reviews"),
        ):
            contest = self._create_contest().with_user(self.secretary)
            contest.write(vals)
            with self.subTest(vals=vals), self.assertRaises(UserError) as refusal:
                contest.action_launch()
            gaps = str(refusal.exception).splitlines()[1:]
            self.assertEqual(len(gaps), 1, gaps)
            self.assertIn(phrase, gaps[0])
            self.assertEqual(contest.state, "draft")
        without_deadline = self._create_contest().with_user(self.secretary)
        without_deadline.write(
            dict.fromkeys(
                ("registration_deadline", "screening_deadline", "review_deadline")
            )
        )
        with self.assertRaisesRegex(UserError, "the registration deadline"):
            without_deadline.action_launch()
        self.office.action_launch()
        self.assertEqual(self.office.state, "open")

    def test_nominating_alone_needs_no_criteria(self):
        contest = self._create_contest(
            mode="nominate_only", criteria_set_id=False, reviews_per_entry=0
        )
        self._launch(contest)
        self.assertEqual(contest.state, "open")
        keys = [step.key for step in contest._get_milestones()]
        self.assertNotIn("review", keys, "nobody scores there")
        self.assertIn("review", [step.key for step in self.contest._get_milestones()])
        self.office.mode = "nominate_only"
        self.assertFalse(self.office.review_deadline)
        self.office.mode = "internal_contest"
        self.assertTrue(self.office.review_deadline)

    def test_a_contest_has_the_rules_of_its_own_department(self):
        other = self.env["res.company"].create({"name": "Sở Khác"})
        foreign_type = self.dossier_type.copy({"company_id": other.id})
        other.write(
            {
                "hoithi_blind": not self.company.hoithi_blind,
                "hoithi_grace_minutes": 77,
                "hoithi_reviews_per_entry": 7,
                "hoithi_dossier_type_ids": [Command.set(foreign_type.ids)],
            }
        )
        contests = self.env["hoithi.contest"].with_user(self.secretary)
        with self.assertRaises(AccessError):
            contests.create({"name": "Sở khác", "company_id": other.id})
        with self.assertRaises(AccessError):
            self.office.company_id = other
        self.secretary.company_ids |= other
        contests = contests.with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        own, foreign = contests.create(
            [{"name": "Sở mình"}, {"name": "Sở khác", "company_id": other.id}]
        )
        self.assertEqual(own.grace_minutes, self.company.hoithi_grace_minutes)
        self.assertEqual(
            (foreign.blind, foreign.grace_minutes, foreign.reviews_per_entry),
            (other.hoithi_blind, 77, 7),
        )
        self.assertEqual(foreign.dossier_type_ids, foreign_type)
        with self.assertRaisesRegex(UserError, "company"):
            own.dossier_type_ids |= foreign_type
        draft = contests.new({"name": "Hai sở", "company_id": other.id})
        draft._onchange_company_id()
        self.assertEqual(draft.grace_minutes, 77)
        self.assertEqual(draft.dossier_type_ids._origin, foreign_type)
        self.office.action_launch()
        with self.assertRaises(UserError):
            self.office.with_context(
                allowed_company_ids=[self.company.id, other.id]
            ).company_id = other

    def test_nothing_of_another_department_gets_into_a_contest(self):
        """A field, a set or a council of theirs would block it for its own staff."""
        other = self.env["res.company"].create({"name": "Sở Khác"})
        theirs = {
            "field_ids": self.field.copy({"company_id": other.id}),
            "criteria_set_id": self.criteria_set.copy({"company_id": other.id}),
            "council_id": self.council.copy({"company_id": other.id}),
        }
        for name, record in theirs.items():
            self.assertEqual(record.company_id, other)
            value = [Command.link(record.id)] if name == "field_ids" else record.id
            with self.subTest(name=name), self._refused("company"):
                self.contest.write({name: value})

    def test_the_ledger_of_another_department_tells_nothing(self):
        """Neither length nor digest, though the contest is published."""
        other = self.env["res.company"].create({"name": "Sở Khác"})
        [leader] = self._create_logins(
            [
                {
                    "name": "Lãnh đạo Sở khác",
                    "login": "t_leader_elsewhere",
                    "company_id": other.id,
                    "company_ids": [Command.set(other.ids)],
                    "group_ids": [
                        Command.set(self.env.ref("hoithi_contest.group_leader").ids)
                    ],
                }
            ]
        )
        door = self.contest.with_context(hoithi_door=Load())
        door.write({"is_published": True, "ledger_length": 7})
        self.assertEqual(self.contest.with_user(self.leader).ledger_length, 7)
        elsewhere = self.contest.with_user(leader)
        for name in ("ledger_length", "ledger_digest"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                elsewhere.read([name])
        self.assertFalse(elsewhere.search([("ledger_length", "=", 7)]))

    def test_launch_twice_is_refused(self):
        self.office.action_launch()
        with self.assertRaises(UserError):
            self.office.action_launch()

    # DATES

    def test_deadlines_follow_one_another(self):
        now = fields.Datetime.now()
        for vals in (
            {"screening_deadline": now + timedelta(days=29)},
            {"review_deadline": now + timedelta(days=39)},
            {"date_end": self.contest.date_start - timedelta(days=1)},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.office.write(vals)
        self.office.screening_deadline = self.office.registration_deadline
        # a later registration deadline takes the others along
        self.office.registration_deadline = now + timedelta(days=70)
        self.assertEqual(self.office.screening_deadline, now + timedelta(days=80))
        self.assertEqual(self.office.review_deadline, now + timedelta(days=100))

    def test_dates_after_the_provinces_are_warned_of(self):
        self.assertFalse(
            self.office.date_warnings.count("Review deadline"), "60 days of 90"
        )
        self.assertIn("goes on after the province", self.office.date_warnings)
        self.office.date_end = self.office.province_deadline.date()
        self.assertFalse(self.office.date_warnings)
        self.office.province_deadline = self.office.registration_deadline
        self.assertEqual(
            [line.split(" (")[0] for line in self.office.date_warnings.splitlines()],
            ["Screening deadline", "Review deadline", "The campaign"],
        )
        self.office.mode = "nominate_only"
        self.assertNotIn("Review deadline", self.office.date_warnings)
        self.office.action_launch()
        self.assertEqual(self.office.state, "open", "a warning is no refusal")
        self.office.province_deadline = False
        self.assertFalse(self.office.date_warnings)

    def test_grace_counts_to_the_second(self):
        self.office.action_launch()
        deadline = self.office.registration_deadline
        closes = deadline + timedelta(minutes=15)
        for moment, is_open in (
            (deadline, True),
            (closes, True),
            (closes + timedelta(seconds=1), False),
        ):
            self.env.invalidate_all()
            with self.subTest(moment=moment), freeze_time(moment):
                contest = self.contest.with_user(self.staff)
                self.assertEqual(contest.can_register, is_open)
                if is_open:
                    self._create_entry()
                else:
                    with self.assertRaisesRegex(UserError, "closed on"):
                        self._create_entry()
        self.assertEqual(self.contest.state, "open", "the clock closed it, no cron")

    def test_closed_door_tells_the_moment_on_the_contests_clock(self):
        self.contest.write(
            {"tz": "Asia/Tokyo", "registration_deadline": "2027-06-30 16:00:00"}
        )
        with freeze_time("2027-06-01 00:00:00"):
            self.office.action_launch()
        with (
            freeze_time("2027-07-01 00:00:00"),
            self.assertRaisesRegex(UserError, "01:00 01/07/2027"),
        ):
            self._create_entry()

    def test_extended_deadline_opens_the_door(self):
        self.office.action_launch()
        late = self.office.registration_deadline + timedelta(hours=1)
        with freeze_time(late):
            with self.assertRaises(UserError):
                self._create_entry()
            self.office.registration_deadline = late + timedelta(days=2)
            self._create_entry()

    def test_reopening_needs_a_reason_and_a_later_deadline(self):
        self.office.action_launch()
        late = self.office.registration_deadline + timedelta(hours=1)
        with freeze_time(late):
            self._run_cron("cron_advance_phases")
            self.assertEqual(self.office.state, "screening")
            with self.assertRaisesRegex(UserError, "later registration deadline"):
                self.office.action_reopen_registration(reason="Mưa lũ")
            self.office.registration_deadline = late + timedelta(days=2)
            with self.assertRaises(UserError):
                self._create_entry()
            with self.assertRaises(UserError):
                self.office.action_reopen_registration(reason=" ")
            with self.assertRaises(AccessError):
                self.contest.with_user(self.leader).action_reopen_registration(
                    reason="Mưa lũ"
                )
            self.office.action_reopen_registration(reason="Mưa lũ")
            self._create_entry()
        self.assertIn("Mưa lũ", str(self.contest.message_ids.mapped("body")))

    # PHASES

    def test_phases_wait_for_their_work(self):
        self.office.action_launch()
        entry = self._submit_entry()
        self.office.action_close_registration()
        with self.assertRaisesRegex(UserError, entry.name):
            self.office.action_start_review()
        entry.with_user(self.secretary).action_mark_eligible()
        with self.assertRaisesRegex(UserError, "Start the review"):
            self.office.action_start_council()
        self.office.action_start_review()
        self.assertEqual(entry.state, "eligible", "nobody reviews it yet")
        with self.assertRaisesRegex(UserError, entry.name):
            self.office.action_start_council()
        first, second = self._assign(entry, self.member1, self.chair)
        self.assertEqual(entry.state, "reviewing")
        self._score(first, 30, 40)
        self._score(second, 30, 40)
        self.office.action_start_council()
        with self.assertRaisesRegex(UserError, "aren't decided"):
            self.office.action_close()
        entry.with_user(self.secretary).action_not_select(reason="Chỉ tiêu đã đủ")
        self._close()
        self.assertEqual(self.office.state, "closed")
        with self.assertRaises(UserError):
            self.office.action_cancel(reason="Muộn")

    def test_drafts_and_withdrawn_entries_hold_nothing_up(self):
        self.office.action_launch()
        self._create_entry()
        self._submit_entry(self.internal).action_withdraw(reason="Bận")
        self.office.action_close_registration()
        self.office.action_start_review()
        self.office.action_start_council()
        self._close()
        self.assertEqual(self.office.state, "closed")

    def test_nominate_only_goes_from_screening_to_council(self):
        contest = self._create_contest(mode="nominate_only", criteria_set_id=False)
        office = contest.with_user(self.secretary)
        office.action_launch()
        entry = self._eligible_entry(contest=contest)
        office.action_close_registration()
        with self.assertRaisesRegex(UserError, "registers and nominates"):
            office.action_start_review()
        office.action_start_council()
        entry.with_user(self.secretary).action_select()
        action = office.action_create_nomination()
        nomination = self.env["hoithi.nomination"].browse(action["res_id"])
        nomination = nomination.with_user(self.secretary)
        self.assertEqual(nomination.line_ids.entry_id, entry.sudo())
        nomination.dispatch_number = "1/TTr-STNMT"
        nomination.action_send()
        self.assertEqual(entry.state, "nominated")
        self._close(contest)

    def test_registering_and_forwarding_asks_for_no_council(self):
        """Nothing is scored, and the author's page doesn't speak of scores."""
        contest = self._create_contest(
            mode="nominate_only", criteria_set_id=False, council_id=False
        )
        office = contest.with_user(self.secretary)
        office.action_launch()
        entry = self._eligible_entry(contest=contest)
        office.action_close_registration()
        steps = [step.key for step in entry._get_way()]
        self.assertEqual(steps, ["submitted", "screening", "decision", "nomination"])
        self.assertEqual(entry._get_stage()[0], 3)
        self.assertTrue(entry._tell_stage().startswith("Step 3 of 4, decision:"))
        checks = [check.text for check in office._get_council_checks()]
        self.assertFalse([text for text in checks if "council" in text])
        office.action_start_council()
        entry.with_user(self.secretary).action_select()
        self.assertEqual(entry._get_stage()[0], 4)
        action = office.action_create_nomination()
        nomination = self.env["hoithi.nomination"].with_user(self.secretary)
        nomination = nomination.browse(action["res_id"])
        nomination.dispatch_number = "2/TTr-STNMT"
        nomination.action_send()
        self.assertEqual(entry.state, "nominated")
        # one that scores still needs its council
        scoring = self._create_contest(council_id=False).with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "the council"):
            scoring.action_launch()

    def test_cancelled_contest_keeps_what_was_registered(self):
        self.office.action_launch()
        entry = self._submit_entry()
        draft = self._create_entry(self.internal)
        with self.assertRaises(UserError):
            self.office.action_cancel(reason="")
        self.office.action_cancel(reason="Sáp nhập đơn vị")
        self.assertEqual(self.office.cancel_reason, "Sáp nhập đơn vị")
        self.assertEqual(entry.read(["name"])[0]["name"], entry.name)
        with self.assertRaisesRegex(UserError, "cancelled"):
            self._create_entry()
        with self.assertRaises(UserError):
            draft.write({"novelty": "x"})
        with self.assertRaises(UserError):
            draft.action_submit()
        with self.assertRaises(UserError):
            self.office.action_publish()

    def test_rules_are_frozen_once_the_review_began(self):
        self.office.action_launch()
        self.office.coauthor_min_percent = 20
        self._start_review()
        other_council = self.council.copy()
        other_set = self.criteria_set.copy()
        for vals in (
            {"blind": False},
            {"mode": "nominate_only"},
            {"criteria_set_id": other_set.id},
            {"council_id": other_council.id},
            {"eligible_from_year": 1999},
            {"coauthor_min_percent": 5},
            {"edition_number": 10},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "too far"):
                self.office.write(vals)
        # the same value, another field
        self.office.write({"blind": True, "place_name": "Bắc Kạn"})
        self.office.review_deadline += timedelta(days=3)
        self.office.action_start_council()
        self._close()
        with self.assertRaises(UserError):
            self.office.review_deadline += timedelta(days=3)

    def test_council_and_criteria_stay_with_assigned_sheets(self):
        self.office.action_launch()
        entry = self._eligible_entry()
        self.office.criteria_set_id = self.criteria_set.copy()
        self.office.criteria_set_id = self.criteria_set
        self._assign(entry, self.member1)
        with self.assertRaisesRegex(UserError, "too far"):
            self.office.criteria_set_id = self.criteria_set.copy()
        with self.assertRaisesRegex(UserError, "too far"):
            self.office.council_id = self.council.copy()

    def test_only_drafts_are_deleted(self):
        self._create_contest().with_user(self.secretary).unlink()
        self.office.action_launch()
        with self.assertRaisesRegex(UserError, "cancel it instead"):
            self.office.unlink()

    # PUBLICATION

    def test_publication_is_the_publishers_act(self):
        with self.assertRaisesRegex(UserError, "Launch"):
            self.office.action_publish()
        self.office.action_launch()
        for user in (self.staff, self.head, self.chair, self.leader, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contest.with_user(user).action_publish()
        publisher = self.contest.with_user(self.publisher)
        publisher.action_publish()
        self.assertTrue(self.contest.is_published)
        self.assertTrue(self.contest.published_on)
        self.assertEqual(self.contest.published_by_id, self.publisher)
        with self.assertRaises(AccessError):
            publisher.write({"name": "x"})
        for user in (self.staff, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contest.with_user(user).action_unpublish()
        publisher.action_unpublish()
        self.assertFalse(self.contest.is_published)
        self.assertFalse(self.contest.published_on)
        self.assertFalse(self.contest.published_by_id)

    def test_publication_is_not_written(self):
        """Past the action a draft would show on the public page."""
        for vals in ({"is_published": True}, {"cancel_reason": "x"}):
            with self.assertRaises(AccessError):
                self.office.write(vals)
            with self.assertRaises(AccessError):
                self.office.create({"name": "Lậu", **vals})

    # NUMBERS

    def test_edition_and_years(self):
        with Form(self.env["hoithi.contest"].with_user(self.secretary)) as form:
            form.name = "Hội thi"
            form.edition_number = 14
            for year in (2026, 2040, 2030):
                form.year_start = year
                self.assertEqual(form.year_end, year + 1)
            form.year_end = 2030
            form.year_start = 2029
            self.assertEqual(form.year_end, 2030, "what was typed and still fits")
        contest = form.save()
        self.assertEqual(contest.edition_roman, "XIV")
        self.assertEqual(contest.secretary_ids, self.secretary)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            contest.write({"year_end": 2020})
            contest.flush_recordset()

    def test_an_edition_that_is_there_is_told_of(self):
        other = self._create_contest(name="Hội thi nội bộ").with_user(self.secretary)
        told = [check.text for check in other._get_checks("open")]
        self.assertTrue([text for text in told if self.contest.name in text])
        with Form(self.env["hoithi.contest"].with_user(self.secretary)) as form:
            form.name = "Hội thi khác"
            with self.assertLogs("odoo.tests.form.onchange", "WARNING") as told:
                form.edition_number = self.contest.edition_number
            self.assertIn("Hội thi nội bộ", told.output[0])
            form.edition_number = 77
        self.office.action_cancel(reason="Hoãn sang năm sau.")
        other.edition_number = 78
        self.assertFalse(other._tell_same_edition())

    def test_what_is_over_is_put_out_of_sight(self):
        """As a launched trial: it isn't deleted, and nobody meets it any more."""
        trial = self._create_contest(name="Hội thi thử").with_user(self.secretary)
        trial.action_launch()
        home = self.env["hoithi.home"].with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "isn't over"):
            trial.action_put_away()
        trial.action_cancel(reason="Chỉ để tập dượt.")
        for user in (self.leader, self.member1, self.publisher, self.staff):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                trial.with_user(user).action_put_away()
        with self.assertRaises(UserError):
            trial.is_archived = True
        self.assertIn(trial, home._get_contests())
        trial.action_put_away()
        self.assertTrue(trial.is_archived)
        self.assertTrue(trial.exists())
        self.assertNotIn(trial, home._get_contests())
        for user in (self.leader, self.member1, self.publisher, self.staff):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                trial.with_user(user).action_take_out()
        trial.action_take_out()
        self.assertIn(trial, home._get_contests())

    def test_grace_ends_before_the_screening_does(self):
        end = self.contest.registration_deadline + timedelta(minutes=30)
        self.office.screening_deadline = end
        with self.assertRaisesRegex(ValidationError, "shorten the grace"):
            self.office.grace_minutes = 45
        self.office.grace_minutes = 30

    def test_no_more_sheets_than_members(self):
        with self.assertRaisesRegex(ValidationError, "can't get 50 sheets"):
            self.office.reviews_per_entry = 50
        # the default stands until the launch, which tells of it
        self.company.hoithi_reviews_per_entry = 50
        with self.assertRaisesRegex(ValidationError, "can't get 20 sheets"):
            self.office.reviews_per_entry = 20
        self.company.hoithi_reviews_per_entry = 5
        self.office.reviews_per_entry = 5
        texts = [check.text for check in self.office._get_checks("open")]
        self.assertTrue([text for text in texts if "can't get 5 sheets" in text])
        with Form(self.office) as form:
            with self.assertLogs("odoo.tests.form.onchange", "WARNING") as told:
                form.reviews_per_entry = 4
            self.assertIn("3 members score", told.output[0])
            form.reviews_per_entry = 3
        self.assertFalse(self.office._tell_short_council())

    def test_states_are_counted_as_they_are(self):
        """Counted once for a page, and anew where an entry changes."""
        self._launch()
        contest = self.contest.with_user(self.secretary)
        self.assertEqual(contest._count_states(), {})
        entry, other = self._create_entry(), self._create_entry(self.internal)
        self.assertEqual(contest._count_states(), {"draft": 2})
        entry.action_submit()
        self.assertEqual(contest._count_states(), {"draft": 1, "submitted": 1})
        other.action_delete_draft()
        self.assertEqual(contest._count_states(), {"submitted": 1})
        entry.action_withdraw(reason="Bận")
        self.assertEqual(contest._count_states(), {"withdrawn": 1})

    def test_counts(self):
        self.office.action_launch()
        self._create_entry()
        self._withdraw_as_before(self._create_entry())
        self._submit_entry(self.internal)
        eligible = self._eligible_entry(self.internal)
        self._submit_entry(self.internal).with_user(
            self.secretary
        ).action_mark_ineligible(reason="x")
        self._assign(eligible, self.member1, self.chair)
        self.env.invalidate_all()
        self.assertEqual(
            self.office.read(
                [
                    "entry_count",
                    "submitted_count",
                    "unscreened_count",
                    "eligible_count",
                    "review_count",
                    "review_done_count",
                ]
            )[0],
            {
                "id": self.contest.id,
                "entry_count": 5,
                "submitted_count": 3,
                "unscreened_count": 1,
                "eligible_count": 1,
                "review_count": 2,
                "review_done_count": 0,
            },
        )
        self.assertEqual(self.contest.with_user(self.staff).entry_count, 2)
        with self.assertRaises(AccessError):
            self.contest.with_user(self.staff).read(["review_count"])
        # one number, whoever reads it, and a conflict hides entries, not their number
        self.env["hoithi.conflict"].create(
            [
                {
                    "entry_id": eligible.id,
                    "member_id": seat.id,
                    "kind": "other",
                }
                for seat in self.seats.values()
                if seat.user_id == self.secretary
            ]
        )
        for user in (
            self.secretary,
            self.leader,
            self.head,
            self.member2,
            self.staff,
            self.stranger,
        ):
            contest = self.contest.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(
                    (
                        contest.submitted_count,
                        contest.withdrawn_count,
                        contest.unscreened_count,
                        contest.eligible_count,
                    ),
                    (3, 0, 1, 1),
                )
        self.assertEqual(self.office.review_count, 2)

    def test_bad_reminder_days_are_refused(self):
        for days in ("a", "7;2", "-1", "1.5"):
            with self.subTest(days=days), self.assertRaises(ValidationError):
                self.office.reminder_days = days
        for days, expected in (("7,2,0", [0, 2, 7]), (" 3 , 3 ", [3]), (False, [])):
            self.office.reminder_days = days
            self.assertEqual(self.office._get_reminder_days(), expected)

    def test_receipt_numbers_are_the_contests_own(self):
        self.office.action_launch()
        other = self._create_contest(edition_number=10, year_end=2030)
        self._launch(other)
        numbers = [
            self._submit_entry(contest=contest).receipt_number
            for contest in (self.contest, other, self.contest)
        ]
        year = self.contest.year_end
        self.assertEqual(numbers, [f"IX-{year}/001", "X-2030/001", f"IX-{year}/002"])

    def test_a_submission_that_is_rolled_back_burns_no_receipt(self):
        """Nor the first, which makes the count of a contest that has none yet."""
        self.office.action_launch()
        for count, user in enumerate((self.staff, self.internal, self.head)):
            if not count:
                self.contest._open_door().receipt_sequence_id = False
            entry = self._create_entry(user)
            self.env.flush_all()
            for _again in range(2):
                with self.env.cr.savepoint() as savepoint:
                    entry.action_submit()
                    self.assertTrue(entry.receipt_number)
                    savepoint.rollback()
                self.env.invalidate_all()
                self.assertFalse(entry.receipt_number or entry.submitted_on)
            entry.action_submit()
            self.assertEqual(
                entry.receipt_number, f"IX-{self.contest.year_end}/00{count + 1}"
            )
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_copy_begins_anew(self):
        self.office.action_launch()
        self.contest.with_user(self.publisher).action_publish()
        copy = self.office.copy()
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.is_published)
        self.assertFalse(copy.registration_deadline)
        self.assertFalse(copy.council_id, "it is the council of that edition")
        self.assertEqual(
            copy.legal_basis_ids.mapped("number"),
            self.contest.legal_basis_ids.mapped("number"),
        )
        self.assertFalse(copy.entry_ids)
        # it is the next edition, not this one again
        self.assertEqual(copy.edition_number, self.contest.edition_number + 1)
        self.assertEqual(copy.year_start, self.contest.year_start + 2)
        self.assertEqual(copy.year_end, self.contest.year_end + 2)
        self.assertNotEqual(copy.name, self.contest.name)

    def test_next_edition(self):
        day = fields.Date.to_date("2027-01-30")
        self.office.write(
            {"date_start": day, "registration_deadline": "2027-06-10 10:00:00"}
        )
        committee = self.council.create(
            {"name": "Ban Tổ chức", "company_id": self.company.id}
        )
        self.office.write(
            {
                "confirming_council_id": committee.id,
                "question_rule_ids": [
                    Command.create({"name": "Nhân rộng", "body": "confirming"})
                ],
            }
        )
        action = self.office.action_prepare_next_edition()
        wizard = self.env["hoithi.next.edition"].with_user(self.secretary)
        wizard = wizard.browse(action["res_id"])
        self.assertEqual(wizard.edition_number, self.contest.edition_number + 1)
        self.assertIn(self.contest.legal_basis_ids[0].number, wizard.taken_along)
        self.assertIn(self.contest.criteria_set_id.name, wizard.taken_along)
        self.assertIn(f"prizes: {len(self.contest.prize_ids)}", wizard.taken_along)
        self.assertIn("questions to the bodies: 1", wizard.taken_along)
        self.assertIn("organising committee stay", wizard.taken_along)
        self.assertIn("2029", wizard.dates)
        wizard.name = "Hội thi của lần sau"
        edition = self.office.browse(wizard.action_make()["res_id"])
        self.assertEqual(edition.name, "Hội thi của lần sau")
        self.assertEqual(edition.state, "draft")
        self.assertFalse(edition.council_id)
        self.assertEqual(edition.date_start.year, 2029)
        # 10/06/2029 is a Sunday, the hour stays
        self.assertEqual(
            fields.Datetime.to_string(edition.registration_deadline),
            "2029-06-11 10:00:00",
        )
        self.assertIn(self.contest.name, edition.message_ids[0].body)
        self.assertFalse(edition.confirming_council_id)
        self.assertEqual(edition.question_rule_ids.mapped("name"), ["Nhân rộng"])
        wizard.write({"keep_council": True, "keep_committee": True})
        kept = self.office.browse(wizard.action_make()["res_id"])
        self.assertEqual(kept.council_id, self.council)
        self.assertEqual(kept.confirming_council_id, committee)
        with self.assertRaises(AccessError):
            self.contest.with_user(self.staff).action_prepare_next_edition()

    def test_the_next_edition_follows_when_it_is_held(self):
        """By itself one as long as this one; where other years are typed, in these."""
        day = fields.Date.to_date("2027-01-30")
        self.office.write(
            {
                "name": "Xét sáng kiến năm 2027",
                "year_start": 2027,
                "year_end": 2027,
                "eligible_from_year": 2026,
                "date_start": day,
                "date_end": "2027-12-20",
                "age_to": 35,
                "age_on": day,
                "task_ids": [
                    Command.create({"name": "Phát động", "date_start": "2027-02-01"})
                ],
            }
        )
        action = self.office.action_prepare_next_edition()
        wizard = self.env["hoithi.next.edition"].with_user(self.secretary)
        wizard = wizard.browse(action["res_id"])
        for span, name in (
            (1, "Xét sáng kiến năm 2028"),
            (5, "Xét sáng kiến năm 2032"),
        ):
            with self.subTest(span=span):
                year = 2027 + span
                if span == 5:
                    with Form(wizard) as form:
                        form.year_start = year
                self.assertEqual(
                    (wizard.year_start, wizard.year_end, wizard.name),
                    (year, year, name),
                )
                self.assertIn(str(year), wizard.dates)
                edition = self.office.browse(wizard.action_make()["res_id"])
                self.assertEqual(edition.name, name)
                self.assertEqual(edition.eligible_from_year, year - 1)
                days = (edition.date_start, edition.date_end, edition.age_on)
                days += (edition.task_ids.date_start,)
                self.assertEqual({day.year for day in days}, {year})
        for year in (0, 2027, 2020, 2100, 99999):
            with self.subTest(year=year):
                wizard.year_start = year
                if not year:
                    # what isn't said follows at the end of this one
                    self.assertIn("2028", wizard.dates)
                    edition = self.office.browse(wizard.action_make()["res_id"])
                    years = (edition.year_start, edition.year_end)
                    self.assertEqual(years, (2028, 2028))
                    continue
                self.assertIn("1 to 20 years later", wizard.dates)
                with self.assertRaisesRegex(UserError, "1 to 20 years later"):
                    wizard.action_make()
        copy = self.office.copy({"year_start": 2030})
        self.assertEqual((copy.year_end, copy.name), (2030, "Xét sáng kiến năm 2030"))
        self.assertEqual(copy.task_ids.date_start.year, 2030)
        with self.assertRaisesRegex(UserError, "at least"):
            self.office.year_start = 0
        # by RPC as by the dialog
        for year, problem in (
            (99999, "at most"),
            (2020, "1 to 20 years later"),
            (2060, "1 to 20 years later"),
            ("2o30", "can't take"),
            ([2030], "can't take"),
        ):
            with self.subTest(copy=year), self.assertRaisesRegex(UserError, problem):
                self.office.copy({"year_start": year})
        copy = self.office.copy({"year_start": "2031"})
        self.assertEqual(copy.task_ids.date_start.year, 2031)

    def test_what_a_contest_stands_on_is_not_deleted(self):
        self.office.action_launch()
        entry = self._create_entry()
        for record in (self.council, self.criteria_set, entry.field_id.sudo()):
            with (
                self.subTest(record=record),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                record.sudo().unlink()

    def test_closing_time_follows_the_deadline(self):
        closes = self.office.registration_closes_at
        with self.assertRaises(AccessError):
            self.office.registration_closes_at = closes + timedelta(days=99)
        self.assertEqual(self.office.registration_closes_at, closes)

    def test_actions_open_what_belongs_to_the_contest(self):
        for method, model in (
            ("action_view_entries", "hoithi.entry"),
            ("action_view_reviews", "hoithi.review"),
            ("action_view_nominations", "hoithi.nomination"),
        ):
            action = getattr(self.office, method)()
            with self.subTest(method=method):
                self.assertEqual(action["res_model"], model)
                self.assertEqual(
                    action["domain"], [("contest_id", "=", self.contest.id)]
                )

    def test_who_has_the_role_is_secretary(self):
        for user in (self.staff, self.internal, self.member1):
            with self.subTest(user=user.login), self.assertRaises(ValidationError):
                self.contest.with_user(self.secretary).secretary_ids |= user
