from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiRules(HoithiCommon):
    """From the review on the rules change by a decision of the chair alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prize = cls.env["hoithi.prize"].create(
            {"contest_id": cls.contest.id, "rank": "first", "slots": 1}
        )
        cls.step = cls.env["hoithi.tie.break"].create(
            {"contest_id": cls.contest.id, "kind": "earlier"}
        )
        cls._launch()
        cls.entry = cls._eligible_entry()
        cls.office = cls.contest.with_user(cls.secretary)
        cls.extra = new_test_user(
            cls.env, "t_extra", "hoithi_contest.group_member", name="Ủy Viên Thêm"
        )

    def _get_acts(self):
        """Each change of the rules that the secretary could make before the review."""
        seat = self.seats[self.member1].with_user(self.secretary)
        council = self.council.with_user(self.secretary)
        new_seat = {"council_id": council.id, "user_id": self.publisher.id}
        prize = self.prize.with_user(self.secretary)
        step = self.step.with_user(self.secretary)
        return {
            "role": lambda: seat.write({"role": "vice_chair"}),
            "score": lambda: seat.write({"can_score": False}),
            "vote": lambda: seat.write({"can_vote": False}),
            "person": lambda: seat.write({"user_id": self.extra.id}),
            "employee": lambda: seat.write({"employee_id": False}),
            "load": lambda: seat.write({"max_load": 1}),
            "expertise": lambda: seat.write(
                {"field_ids": [Command.set(self.contest.field_ids.ids)]}
            ),
            "new": lambda: seat.create(new_seat),
            "line": lambda: council.write(
                {"member_ids": [Command.create({"user_id": self.publisher.id})]}
            ),
            "line vote": lambda: council.write(
                {"member_ids": [Command.update(seat.id, {"can_vote": False})]}
            ),
            "gone": seat.unlink,
            "end": lambda: seat.action_end(reason="x"),
            "quorum": lambda: council.write({"quorum_ratio": 0.01}),
            "approval": lambda: council.write({"approval_ratio": 0.5}),
            "base": lambda: council.write({"approval_base": "present"}),
            "archive": lambda: council.write({"active": False}),
            "fields": lambda: self.office.write({"field_ids": [Command.clear()]}),
            "dossier": lambda: self.office.write(
                {"dossier_type_ids": [Command.set(self.dossier_type.ids)]}
            ),
            "sheets": lambda: self.office.write({"reviews_per_entry": 3}),
            "slots": lambda: self.office.write({"nomination_slots": 9}),
            "prize": lambda: prize.write({"slots": 5}),
            "new prize": lambda: prize.create(
                {"contest_id": self.contest.id, "rank": "second"}
            ),
            "prize line": lambda: self.office.write(
                {"prize_ids": [Command.delete(prize.id)]}
            ),
            "no prize": prize.unlink,
            "tie": lambda: step.write({"kind": "benefit"}),
            "new tie": lambda: step.create(
                {"contest_id": self.contest.id, "kind": "spread"}
            ),
            "no tie": step.unlink,
            "years": lambda: self.office.write({"year_end": 2099, "year_start": 2099}),
            "start": lambda: self.office.write({"date_start": "2020-01-01"}),
            "last day": lambda: self.office.write({"date_end": "2098-01-01"}),
            "deadline": lambda: self.office.write(
                {"registration_deadline": fields.Datetime.now() + timedelta(days=9)}
            ),
            "grace": lambda: self.office.write({"grace_minutes": 600}),
            "zone": lambda: self.office.write({"tz": "Asia/Tokyo"}),
        }

    def test_the_dates_change_by_a_decision_that_the_log_tells(self):
        self._start_review()
        self.contest.with_user(self.chair).action_reopen_rules(reason="Tỉnh lùi hạn")
        self.office.write({"grace_minutes": 30, "date_end": "2098-01-01"})
        self.contest.with_user(self.chair).action_fix_rules()
        [(_moment, reason, changes)] = self.contest._get_rule_changes()
        self.assertEqual(reason, "Tỉnh lùi hạn")
        self.assertIn("01/01/2098", changes)
        self.assertIn("+30", changes)
        with self.assertRaises(UserError):
            self.office.date_end = "2097-01-01"

    def _events(self):
        rows = self.env["hoithi.ledger"].search(
            [("contest_id", "=", self.contest.id)], order="position"
        )
        return rows.mapped("event")

    def _assert_fixed(self):
        self.env.flush_all()
        for name, act in self._get_acts().items():
            with self.subTest(act=name), self.assertRaises(UserError):
                act()
            self.env.invalidate_all()

    def test_rules_are_fixed_from_the_review_to_the_end(self):
        before = self.contest._get_rules()
        self._start_review()
        self._assert_fixed()
        self.office.name = "Tên khác"  # what isn't a rule
        self.seats[self.member1].with_user(self.secretary).position = "Trưởng phòng"
        # what forms send back as it is
        self.council.with_user(self.secretary).write(
            {"quorum_ratio": self.council.quorum_ratio, "name": "Hội đồng"}
        )
        reviews = self._assign(self.entry, self.member1, self.chair)
        for review in reviews:
            self._score(review, 30, 50)
        self.office.action_start_council()
        self._assert_fixed()
        self.assertEqual(self.contest._get_rules(), before)

    def test_before_the_review_the_secretary_makes_the_rules(self):
        for name, act in self._get_acts().items():
            with self.subTest(act=name), self.env.cr.savepoint() as savepoint:
                if name != "employee":
                    act()
                savepoint.rollback()
            self.env.invalidate_all()

    def test_the_chair_reopens_and_fixes_the_rules(self):
        self._start_review()
        chaired = self.contest.with_user(self.chair)
        for user in (self.secretary, self.member1, self.admin, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contest.with_user(user).action_reopen_rules(reason="x")
        with self.assertRaises(UserError):
            chaired.action_reopen_rules(reason=" ")
        chaired.action_reopen_rules(reason="Một ủy viên ốm")
        self.assertFalse(self.contest.rules_fixed)
        for user in (self.staff, self.internal, self.admin):
            read = self.contest.with_user(user)
            self.assertTrue(read.rules_reopened_on)
            for name in ("rules_reopen_reason", "rules_before"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    read.read([name])
        seat = self.seats[self.member1].with_user(self.secretary)
        sheets = self._assign(self.entry, self.member1, self.chair)
        seat.action_end(reason="Ốm")
        self.assertEqual(sheets[0].sudo().state, "void")
        self.council.with_user(self.secretary).write(
            {"member_ids": [Command.create({"user_id": self.extra.id})]}
        )
        self.prize.with_user(self.secretary).slots = 2
        self.office.reviews_per_entry = 1
        # nothing is decided meanwhile
        with self.assertRaisesRegex(UserError, "are being changed") as refused:
            self.office.action_start_council()
        self.assertNotIn("ốm", str(refused.exception), "the house reads the log")
        with self.assertRaises(AccessError):
            self.office.action_fix_rules()
        with self.assertRaises(AccessError):
            self.office.rules_reopened_on = False
        with self.assertRaises(AccessError):
            self.office.action_ask_fix_rules()
        shown, obstacles = self._show(chaired, "action_ask_fix_rules")
        self.assertEqual(obstacles, [])
        self.assertIn("prizes: 1 → 2", shown.effects[0])
        shown.action_apply()
        self._assert_fixed()
        events = self._events()
        for event in ("rules.reopened", "seat.ended", "rules.fixed"):
            self.assertIn(event, events)
        log = self.council.message_ids[0].body
        for text in ("Một ủy viên ốm", self.extra.name, "2 → 1", "prizes: 1 → 2"):
            self.assertIn(text, log)
        # who sits on a council isn't for the whole house
        told = "".join(self.contest.message_ids.mapped("body"))
        self.assertNotIn(self.extra.name, told)
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))
        # where the chair can't, a leader of the department does
        self.contest.with_user(self.leader).action_reopen_rules(reason="Chủ tịch ốm")
        self.contest.with_user(self.leader).action_fix_rules()

    def test_rules_are_the_chairs_while_they_are_in_force_alone(self):
        with self.assertRaisesRegex(UserError, "aren't in force"):
            self.contest.with_user(self.chair).action_reopen_rules(reason="x")
        self._start_review()
        with self.assertRaisesRegex(UserError, "fixed already"):
            self.contest.with_user(self.chair).action_fix_rules()

    def test_nothing_is_decided_while_the_rules_are_open(self):
        self._start_review()
        for review in self._assign(self.entry, self.member1, self.chair):
            self._score(review, 30, 50)
        self.office.action_start_council()
        entry = self.entry.with_user(self.secretary)
        self.contest.with_user(self.chair).action_reopen_rules(reason="Tỉnh giảm suất")
        for act in (
            entry.action_select,
            lambda: entry.action_not_select(reason="x"),
            lambda: self.entry.with_user(self.chair).action_override_rank(
                place=1, reason="x"
            ),
            lambda: (
                self.env["hoithi.nomination"]
                .with_user(self.secretary)
                .create({"contest_id": self.contest.id, "dispatch_number": "1"})
                .action_send()
            ),
        ):
            with self.assertRaisesRegex(UserError, "are being changed"):
                act()
        self.contest.with_user(self.chair).action_fix_rules()
        entry.action_select()
        self.assertEqual(entry.state, "selected")

    def test_whatever_rule_changes_is_told(self):
        """Also what nobody thought of: all that a file of rules says is compared."""
        bonus = self.env["hoithi.component"].create(
            {"contest_id": self.contest.id, "name": "Điểm cộng", "kind": "bonus"}
        )
        self._start_review()
        chaired = self.contest.with_user(self.chair)
        chaired.action_reopen_rules(reason="Sở đổi thể lệ")
        bonus.with_user(self.secretary).most = 7
        self.prize.with_user(self.secretary).currency_id = self.env.ref("base.USD")
        self.office.objection_days = 12
        self.criteria_set.with_context(hoithi_door=Load()).note = "Lời dẫn khác"
        chaired.action_fix_rules()
        [(_moment, _reason, changes)] = self.contest._get_rule_changes()
        self.assertIn("Components, Điểm cộng › Most points: 20 → 7", changes)
        self.assertIn("USD", changes)
        self.assertRegex(changes, "Judging, [^;]* → 12")
        self.assertNotIn("Lời dẫn", changes, "no rule of it")
        self.assertIn("Điểm cộng", self.council.message_ids[:1].body)
        self.contest._open_door().cancelled_rules = self.contest._get_rules()
        self.contest._check_resumable()
        bonus._open_door().most = 8
        with self.assertRaisesRegex(UserError, "7 → 8"):
            self.contest._check_resumable()

    def test_what_rules_noted_before_an_update_knew_nothing_of_is_no_change(self):
        """Their default was meant, and nobody is kept from going on by them."""
        noted = self.contest._get_rules()
        pack = noted["pack"]
        pack.pop("prize_limits")
        for row in pack["prizes"]:
            row.pop("across")
        for row in pack["criteria_sets"]:
            row.pop("sheet_pass")
            row.pop("sheet_pass_ratio")
        self.assertEqual(
            self.contest._describe_changes(noted, self.contest._get_rules()),
            "Nothing was changed.",
        )
        self.contest._open_door().cancelled_rules = noted
        self.contest._check_resumable()

    def test_changes_are_worded_in_one_language(self):
        self._start_review()
        chaired = self.contest.with_user(self.chair)
        chaired.with_context(lang="vi_VN").action_reopen_rules(reason="x")
        chaired.with_context(lang="en_US").action_fix_rules()
        [(_moment, _reason, changes)] = self.contest._get_rule_changes()
        self.assertEqual(changes, "Nothing was changed.")
        self.assertIn("Chủ tịch", self.contest._get_rules()["seats"])

    # SEATS

    def test_who_has_left_reads_and_scores_nothing_more(self):
        seat = self.seats[self.member1].with_user(self.secretary)
        self.contest.reviews_per_entry = 1
        seat.action_end(reason="Nghỉ hưu")
        self._start_review()
        with self.assertRaisesRegex(UserError, "has ended"):
            self._assign(self.entry, self.member1)
        for review in self._assign(self.entry, self.chair):
            self._score(review, 30, 50)
        self.office.action_start_council()
        session = self.env["hoithi.session"].create({"contest_id": self.contest.id})
        for record in (self.entry, session):
            self.assertTrue(record.with_user(self.member2).has_access("read"))
            self.assertFalse(record.with_user(self.member1).has_access("read"))

    def test_who_has_left_sits_on_no_copy(self):
        self.seats[self.member1].with_user(self.secretary).action_end(reason="x")
        council = self.council.with_user(self.secretary).copy()
        self.assertEqual(
            (council.member_ids | council.former_member_ids).user_id,
            self.council.member_ids.user_id,
        )

    def test_a_used_seat_ends_and_is_taken_up_again(self):
        seat = self.seats[self.member1].with_user(self.secretary)
        conflict = (
            self.env["hoithi.conflict"]
            .with_user(self.secretary)
            .create(
                {
                    "entry_id": self.entry.id,
                    "member_id": seat.id,
                    "kind": "kinship",
                    "note": "Anh em",
                }
            )
        )
        for act in (
            seat.unlink,
            lambda: self.council.with_user(self.secretary).write(
                {"member_ids": [Command.delete(seat.id)]}
            ),
            lambda: seat.write({"employee_id": False}),
            lambda: seat.write({"user_id": self.extra.id}),
        ):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(UserError):
            seat.action_end(reason=" ")
        seat.action_end(reason="Nghỉ hưu")
        self.assertNotIn(seat, self.council.member_ids)
        self.assertIn(seat, self.council.former_member_ids)
        self.assertTrue(seat.ended_on)
        self.entry._detect_conflicts()
        self.assertTrue(conflict.exists().hard, "it stays on record")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            seat.create({"council_id": self.council.id, "user_id": self.member1.id})
            self.env.flush_all()
        seat.action_resume(reason="Trở lại")
        self.assertIn(seat, self.council.member_ids)
        self.assertTrue(conflict.hard)
        self.assertEqual(
            [event for event in self._events() if event.startswith("seat.")],
            ["seat.ended", "seat.resumed"],
        )
        fresh = seat.create({"council_id": self.council.id, "user_id": self.extra.id})
        fresh.unlink()

    def test_another_takes_the_chair_of_who_has_left(self):
        """In force it is a leader's to say; the seats that a majority needs stay."""
        self._start_review()
        seat = self.seats[self.member1]
        with self.assertRaisesRegex(UserError, "has a login"):
            seat.with_user(self.leader).action_take_chair(reason="QĐ 12")
        self.assertFalse(seat.can_take_chair)
        self.chair.sudo().active = False
        for user in (self.secretary, self.member1, self.member2, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                seat.with_user(user).action_take_chair(reason="QĐ 12")
        led = seat.with_user(self.leader)
        self.assertTrue(led.can_take_chair)

        def is_told():
            checks = self.office._get_council_checks()
            return "no chair" in " ".join(check.text for check in checks)

        self.assertTrue(is_told())
        committee = self.council.create(
            {"name": "Ban Tổ chức", "company_id": self.company.id}
        )
        loading = self.contest.with_context(hoithi_door=Load())
        loading.confirming_council_id = committee
        texts = " ".join(check.text for check in self.office._get_council_checks())
        for body in (self.council, committee):
            self.assertIn(f"“{body.name}” has no chair", texts)
        loading.confirming_council_id = False
        with self.assertRaisesRegex(UserError, "reason"):
            led.action_take_chair(reason=" ")
        with self.assertRaisesRegex(UserError, "deputy or a member"):
            self.seats[self.secretary].with_user(self.leader).action_take_chair(
                reason="QĐ 12"
            )
        count = len(self.council.member_ids)
        led.action_take_chair(reason="QĐ 12: chủ tịch nghỉ hưu")
        self.assertEqual(self.council._get_members("chair"), seat)
        self.assertFalse(is_told())
        self.assertEqual(self.seats[self.chair].role, "member")
        self.assertEqual(len(self.council.member_ids), count)
        self.assertEqual(self._events()[-1], "seat.chair")
        self.assertIn("nghỉ hưu", self.council.message_ids[0].body)
        told = self.env["hoithi.notice"].search([("kind", "=", "chair_changed")])
        self.assertIn(self.member1.partner_id, told.partner_id)
        self.assertIn(self.secretary.partner_id, told.partner_id)
        self.assertNotIn(self.chair.partner_id, told.partner_id)
        # the acts of the chair are the new one's
        self.contest.with_user(self.member1).action_reopen_rules(reason="Thêm phó")
        self.contest.with_user(self.member1).action_fix_rules()
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_before_the_review_the_secretary_says_who_takes_the_chair(self):
        self.chair.sudo().active = False
        seat = self.seats[self.member1].with_user(self.secretary)
        seat.action_take_chair(reason="QĐ 12")
        self.assertEqual(seat.role, "chair")
        with self.assertRaisesRegex(UserError, "has a login"):
            self.seats[self.member2].with_user(self.secretary).action_take_chair(
                reason="QĐ 13"
            )

    def test_one_chair_by_the_seat_too(self):
        with self.assertRaises(ValidationError):
            self.seats[self.member1].with_user(self.secretary).role = "chair"

    def test_the_employee_record_stays_with_the_seat(self):
        seat = self.seats[self.member2].with_user(self.secretary)
        self.entry.sudo().conflict_ids.unlink()
        for employee in (False, self.employees[self.member1].id):
            with self.assertRaises(UserError):
                seat.employee_id = employee

    def test_what_detection_ends_stays_on_record(self):
        seat = self.seats[self.member1]
        employee = self.employees[self.staff]
        employee.parent_id = self.employees[self.member1]
        conflict = self.entry.sudo().conflict_ids.filtered(
            lambda c: c.member_id == seat and c.kind == "manager"
        )
        self.assertTrue(conflict.hard)
        employee.parent_id = False
        self.assertTrue(conflict.exists())
        self.assertEqual((conflict.state, conflict.hard), ("lifted", False))
        self.assertIn("conflict.lifted", self._events())
        employee.parent_id = self.employees[self.member1]
        self.assertEqual((conflict.state, conflict.hard), ("standing", True))

    # THE END

    def test_what_is_closed_stays(self):
        award = {"entry_id": self.entry.id, "rank": "first"}
        office = self.env["hoithi.award"].with_user(self.secretary)
        other = self._submit_entry(self.internal)
        other.with_user(self.secretary).action_mark_ineligible(reason="x")
        self._start_review()
        for level in ("unit", "province"):
            with self.subTest(level=level), self.assertRaises(UserError):
                office.create({**award, "level": level})
        for review in self._assign(self.entry, self.member1, self.chair):
            self._score(review, 30, 50)
        self.office.action_start_council()
        unit = office.create({**award, "level": "unit"})
        self.entry.with_user(self.secretary).action_not_select(reason="x")
        self._close()
        for vals in (
            {"name": "x"},
            {"year_start": 2001},
            {"year_end": 2099},
            {"date_start": False},
            {"date_end": False},
            {"registration_deadline": False},
            {"nomination_slots": 3},
            {"ledger_length": 0},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.office.write(vals)
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.office.sudo().write(vals)
        for act in (
            lambda: unit.write({"rank": "second"}),
            lambda: unit.write({"amount": 1}) and unit.write({"amount": 2}),
            lambda: office.create(
                {"entry_id": other.id, "rank": "first", "level": "unit"}
            ),
            lambda: unit.action_take_back(reason="x"),
        ):
            with self.assertRaises(UserError):
                act()
        # the province decides afterwards
        given = office.create({**award, "level": "province"})
        given.decision_number = "12/QĐ-UBND"
        for vals in ({"decision_number": "13"}, {"rank": "third"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                given.write(vals)
        with self.assertRaises(AccessError):
            given.unlink()
        given.action_take_back(reason="Ghi nhầm số")
        self.assertFalse(given.exists())
        for text in ("12/QĐ-UBND", "Ghi nhầm số"):
            self.assertIn(text, self.entry.sudo().message_ids[0].body)
        # the decision on the department's own is typed by hand too
        unit.write({"decision_number": "38", "decision_date": "2026-05-04"})
        with self.assertRaises(UserError):
            unit.decision_number = "39"
        unit.action_take_back(reason="Ghi nhầm ngày")
        self.assertEqual((unit.rank, unit.decision_number), ("first", False))
        self.assertIn("04/05/2026", self.entry.sudo().message_ids[0].body)
        unit.write({"decision_number": "39", "decision_date": "2026-05-05"})
        # who won what isn't for all who read the contest
        told = "".join(self.contest.message_ids.mapped("body"))
        self.assertNotIn("Ghi nhầm", told)

    #: What the secretary changes in a review as well, as it decides nothing.
    open_then = {
        "hoithi.contest": {
            # how the contest is called and where it leads
            *("name", "description", "plan_purpose", "place_name", "province_name"),
            *("legal_basis_ids", "document_ids", "task_ids", "plan_section_ids"),
            *("outreach_ids", "unit_ids", "recipient_ids", "question_ids"),
            # dates that follow, told to whom they bind
            *("review_deadline", "screening_deadline", "province_deadline"),
            *("report_deadline", "reminder_days"),
            # until when results may be objected to, fixed once they may
            *("objection_days", "objection_ids"),
            # who of the Office keeps it: the wall of conflicts binds each
            "secretary_ids",
            # each with a guard of its own
            *("state", "entry_ids", "waiver_ids", "nomination_ids", "session_ids"),
        },
        "hoithi.council": {
            # the paper that appointed it, told in its log
            *("name", "decision_number", "decision_date", "symbol"),
            *("date_from", "date_to"),
            # each seat is fixed by itself
            *("member_ids", "former_member_ids"),
        },
        "hoithi.council.member": {"sequence", "position", "organisation"},
        "hoithi.criteria.set": {"name", "note", "active"},
    }

    def test_whatever_decides_who_judges_what_is_fixed(self):
        """Named here is the next field of these models that nobody thought of."""
        jury = self.env["hoithi.jury"].create(
            {
                "contest_id": self.contest.id,
                "name": "Tổ chấm",
                "field_ids": [Command.set(self.contest.field_ids.ids)],
            }
        )
        self._start_review()
        # the first sheet that is in locks the criteria
        [review] = self._assign(self.entry, self.member1)
        self._score(review, 30, 50)
        records = (
            self.contest,
            self.council,
            self.council.member_ids[0],
            jury,
            self.criteria_set,
            self.criteria_set.criterion_ids[0],
            self.prize,
            self.step,
        )
        for record in records:
            fixed = record._get_fixed_fields() | {
                *record._get_server_fields(),
                *record._given_fields,
                *models.MAGIC_COLUMNS,
            }
            left = {
                name
                for name, field in record._fields.items()
                if "hoithi_contest" in field._modules
                and (field.store or field.inverse)
                and not field.related
                and name not in fixed
            }
            with self.subTest(model=record._name):
                self.assertEqual(left, self.open_then.get(record._name, set()))

    def test_most_entries_and_fields_of_a_member_change_by_a_decision(self):
        seat = self.seats[self.member1].with_user(self.secretary)
        seat.max_load = 5
        self._start_review()
        with self.assertRaisesRegex(UserError, "Most entries"):
            seat.max_load = 1
        self.contest.with_user(self.chair).action_reopen_rules(reason="Ốm")
        seat.max_load = 1
        self.contest.with_user(self.chair).action_fix_rules()
        [(_moment, _reason, changes)] = self.contest._get_rule_changes()
        self.assertIn(f"{self.member1.name}: ≤ 5 → {self.member1.name}: ≤ 1", changes)
