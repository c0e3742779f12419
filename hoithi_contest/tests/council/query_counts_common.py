from datetime import timedelta

from odoo import fields

from ...models.guard.hoithi_guard_mixin import Load
from ..common import ENTRY_VALUES, HoithiCommon

#: Contests are compared at these numbers of entries.
SIZES = (3, 30, 300)
#: Where the small ones say enough.
FEW = SIZES[:2]
#: Odoo writes rows by the hundred.
STEP = 100


class QueryCountCommon(HoithiCommon):
    """Contests of several sizes, and the queries of acts and pages in each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what changes is logged, as it is in use
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.loading = cls.env(context={**cls.env.context, "hoithi_door": Load()})
        novelty, _benefit = cls.criteria_set.criterion_ids
        cls.tie_break = {"kind": "criterion", "criterion_id": novelty.id}

    @classmethod
    def _fill(cls, number, phase, state, scored=0, waiting=0):
        """A contest in `phase` with `number` entries in `state`.

        :param scored: submitted sheets of each entry
        :param waiting: sheets of each entry that are filled in and not submitted
        """
        contest = cls._create_contest(name=f"Hội thi {number} {phase}")
        contest.tie_break_ids = [fields.Command.create(cls.tie_break)]
        loaded = contest.with_env(cls.loading)
        loaded.state = phase
        loaded._ensure_receipt_sequence()
        now = fields.Datetime.now()
        entries = cls.env["hoithi.entry"].with_env(cls.loading)
        entries = entries.create(
            [
                {
                    **ENTRY_VALUES,
                    "name": f"Giải pháp {n}",
                    "contest_id": contest.id,
                    "field_id": cls.field.id,
                    "department_id": cls.unit.id,
                    "first_applied_date": now.date() - timedelta(days=90),
                    "state": state,
                    "submitted_on": now,
                    "receipt_number": f"{n}",
                }
                for n in range(number)
            ]
        )
        cls.env["hoithi.entry.author"].with_env(cls.loading).create(
            [
                {
                    "entry_id": entry.id,
                    "employee_id": cls.employees[cls.staff].id,
                    "partner_id": cls.staff.partner_id.id,
                    "full_name": cls.staff.name,
                    "department_id": cls.unit.id,
                    "contribution_percent": 100,
                    "is_representative": True,
                    "confirmed_on": now,
                }
                for entry in entries
            ]
        )
        seats = [cls.seats[user] for user in (cls.member1, cls.member2, cls.chair)]
        states = ["submitted"] * scored + ["in_progress"] * waiting
        reviews = cls.env["hoithi.review"].with_env(cls.loading)
        reviews = reviews.create(
            [
                {
                    "entry_id": entry.id,
                    "member_id": seat.id,
                    "state": sheet,
                    "submitted_on": sheet == "submitted" and now,
                    "total": 60 if sheet == "submitted" else 0,
                }
                for entry in entries
                for seat, sheet in zip(seats, states, strict=False)
            ]
        )
        reviews.line_ids.write({"score": 30})
        cls.env.flush_all()
        return contest.with_env(cls.env), entries.with_env(cls.env)

    def _count(self, act):
        """The queries of an act, what it leaves for the commit included."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        act()
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.cr.sql_log_count - before

    def _count_all(self, prepare, sizes=SIZES):
        """The queries at each size; the first time fills the caches of the server.

        :param prepare: takes a number of entries, returns the act to count
        """
        self._count(prepare(SIZES[0]))
        return [self._count(prepare(size)) for size in sizes]

    def _assert_constant(self, prepare, most, sizes=SIZES):
        counts = self._count_all(prepare, sizes)
        self.assertEqual(len(set(counts)), 1, counts)
        self.assertLessEqual(counts[0], most)

    def _assert_by_hundreds(self, prepare, most, each):
        """Of a large batch, each hundred takes at most `each` queries more."""
        counts = self._count_all(prepare)
        self.assertLessEqual(counts[0], most)
        self.assertLessEqual(counts[1] - counts[0], each, counts)
        self.assertLessEqual(counts[2] - counts[1], each * SIZES[2] / STEP, counts)
