from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiReport(HoithiCommon):
    """Views for dashboards: the same figures as everywhere, behind the same walls."""

    def _get(self, model, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env[f"hoithi.report.{model}"].with_user(user)

    def test_entries_are_counted_as_everywhere(self):
        self._launch()
        self._create_entry(name="Giải pháp còn dở")
        self._submit_entry()
        self._submit_entry(name="Giải pháp rút lại").action_withdraw(reason="Trùng.")
        self._eligible_entry(self.internal)
        rows = self._get("entry", self.secretary)
        names = ("received", "competing", "eligible", "selected")
        [totals] = rows._read_group(
            [("contest_id", "=", self.contest.id)], [], [f"{n}:sum" for n in names]
        )
        figures = self.env["hoithi.figures"]
        expected = figures._get_entry_totals(self.contest, names)
        self.assertEqual(totals, tuple(expected[name] for name in names))
        self.assertEqual(totals, (3, 2, 1, 0))

    def test_a_row_is_hidden_with_its_entry(self):
        self._launch()
        entry = self._eligible_entry()
        other = self._eligible_entry(self.internal)
        rows = self._get("entry", self.secretary)
        mine = [("contest_id", "=", self.contest.id)]
        self.assertEqual(set(rows.search(mine).ids), {entry.id, other.id})
        self.env["hoithi.conflict"].sudo().create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
                "source": "declared",
                "hard": True,
            }
        )
        rows = self._get("entry", self.secretary)
        self.assertFalse(rows.env["hoithi.entry"].browse(entry.id).has_access("read"))
        self.assertEqual(rows.search(mine).ids, other.ids)
        self.assertEqual(rows.search_count(mine), 1)
        [[count]] = rows._read_group(mine, [], ["__count"])
        self.assertEqual(count, 1)
        with self.assertRaises(AccessError):
            rows.browse(entry.id).read(["average_score"])
        for user in (self.staff, self.internal, self.head, self.member1, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._get("entry", user).search([])

    def test_sheets_tell_nothing_before_they_are_in(self):
        self._launch()
        entry = self._eligible_entry()
        self._start_review()
        first, second = self._assign(entry, self.member1, self.member2)
        self._score(first, 30, 50)
        self._score(second, 10, 20, submit=False)
        rows = self._get("review", self.secretary)
        [one] = rows.search([("review_id", "=", first.id)])
        self.assertEqual((one.asked, one.submitted, one.total), (1, 1, 80))
        [other] = rows.search([("review_id", "=", second.id)])
        self.assertEqual((other.asked, other.submitted, other.total), (1, 0, 0))
        # whose an entry is stands in none of the columns
        self.assertFalse({"department_id", "author_ids"} & set(rows._fields))
        for user in (self.member1, self.chair, self.leader, self.head, self.staff):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._get("review", user).search([])

    def test_who_sits_on_two_councils_is_one_person(self):
        # with the same members
        second = self.council.copy({"name": "Hội đồng chuyên ngành"})
        seat = second.member_ids.filtered(lambda one: one.user_id == self.member1)
        other = self._create_contest(
            name="Hội thi chuyên ngành", edition_number=4, council_id=second.id
        )
        for contest, place in ((self.contest, self.seats[self.member1]), (other, seat)):
            self._launch(contest)
            entry = self._eligible_entry(contest_id=contest.id)
            self._start_review(contest)
            self.env["hoithi.review"].with_user(self.secretary).create(
                {"entry_id": entry.id, "member_id": place.id}
            )
        rows = self._get("review", self.secretary)
        mine = [("contest_id", "in", (self.contest | other).ids)]
        persons = rows._read_group(mine, ["user_id"], ["asked:sum"])
        self.assertEqual(persons, [(self.member1, 2)])
        self.assertEqual(len(rows._read_group(mine, ["member_id"])), 2)

    def test_outreach_is_counted_as_everywhere(self):
        self._launch()
        self.env["hoithi.outreach"].with_user(self.head).create(
            {
                "contest_id": self.contest.id,
                "department_id": self.unit.id,
                "kind": "meeting",
                "date": self.contest._get_today(),
                "reach": 12,
            }
        )
        rows = self._get("outreach", self.secretary)
        [[activities, reach]] = rows._read_group(
            [("contest_id", "=", self.contest.id)], [], ["activities:sum", "reach:sum"]
        )
        counted = self.env["hoithi.figures"]._count_outreach(self.contest, [])[()]
        self.assertEqual((activities, reach), counted[:2])
        self.assertTrue(self._get("outreach", self.head).search([]))
        self.assertFalse(self._get("outreach", self.other_head).search([]))

    def test_nobody_writes_figures(self):
        self._launch()
        self._submit_entry()
        rows = self._get("entry", self.secretary)
        row = rows.search([], limit=1)
        for act in (
            lambda: row.write({"received": 0}),
            row.unlink,
            lambda: rows.create({}),
        ):
            with self.assertRaises(AccessError):
                act()

    # THE PROVINCE

    def _make_departments(self, count):
        """Make departments with a contest and an entry each, and one who sees all."""
        companies = self.env["res.company"].create(
            [{"name": f"Sở số {number}"} for number in range(count)]
        )
        contests = self.contest.browse()
        for company in companies:
            contest = self._create_contest(company_id=company.id, council_id=False)
            contests |= contest
            loader = self.env(context={**self.env.context, "hoithi_door": Load()})
            contest.with_env(loader).state = "open"
            for state, submitted in (
                ("draft", False),
                ("submitted", True),
                ("withdrawn", True),
            ):
                loader["hoithi.entry"].create(
                    {
                        "name": f"Giải pháp của {company.name}",
                        "contest_id": contest.id,
                        "field_id": self.field.id,
                        "state": state,
                        "submitted_on": submitted and fields.Datetime.now(),
                        "receipt_number": submitted and f"{company.id}/{state}",
                        "author_ids": [
                            Command.create(
                                {
                                    "full_name": "Nông Văn Tỉnh",
                                    "contribution_percent": 100,
                                    "is_representative": True,
                                }
                            )
                        ],
                    }
                )
        user = new_test_user(
            self.env,
            login="t_province",
            groups="hoithi_contest.group_province",
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
        )
        return companies, contests, user

    def test_a_province_sees_totals_of_its_departments(self):
        companies, contests, user = self._make_departments(3)
        rows = self._get("contest", user).with_context(
            allowed_company_ids=companies.ids
        )
        totals = rows._read_group(
            [], ["company_id"], ["received:sum", "competing:sum", "author_count:sum"]
        )
        self.assertEqual(totals, [(company, 2, 1, 1) for company in companies])
        self.assertNotIn(self.company, rows.search([]).company_id)
        # by the switch of companies, one at a time too
        one = rows.with_context(allowed_company_ids=companies[0].ids)
        self.assertEqual(one.search([]).ids, contests[0].ids)
        with self.assertRaises(AccessError):
            rows.with_context(allowed_company_ids=self.company.ids).search([])
        for name in ("hoithi.entry", "hoithi.review", "hoithi.report.entry"):
            with self.subTest(model=name):
                records = self.env[name].with_user(user).sudo(False)
                self.assertFalse(
                    records.has_access("read") and records.search([]), name
                )

    def test_nothing_is_told_early(self):
        """One's own entry may be the only one of its department."""
        _companies, contests, user = self._make_departments(1)
        contest = contests.with_context(hoithi_door=Load())
        entry = contest.entry_ids.filtered(lambda e: e.state == "submitted")
        entry.with_context(hoithi_door=Load()).state = "selected"
        for state, eligible, selected in (
            ("open", 0, 0),
            ("screening", 0, 0),
            ("review", 1, 0),
            ("council", 1, 0),
            ("closed", 1, 1),
        ):
            contest.state = state
            [row] = self._get("contest", user).search([("id", "=", contest.id)])
            with self.subTest(state=state):
                self.assertEqual((row.eligible, row.selected), (eligible, selected))
        contest.state = "draft"
        self.assertFalse(self._get("contest", user).search([("id", "=", contest.id)]))

    def test_totals_are_for_the_province_alone(self):
        for user in (
            *(self.staff, self.internal, self.head, self.member1, self.secretary),
            *(self.leader, self.publisher, self.admin),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._get("contest", user).search([])
        _companies, contests, user = self._make_departments(1)
        row = self._get("contest", user).browse(contests.id)
        self.assertEqual(row.name, contests.name)
        for act in (
            lambda: row.write({"name": "Khác"}),
            row.unlink,
            lambda: row.create({}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_forty_departments_cost_as_much_as_four(self):
        counts = []
        for count in (4, 40):
            with self.env.cr.savepoint() as savepoint:
                companies, _contests, user = self._make_departments(count)
                rows = self._get("contest", user).with_context(
                    allowed_company_ids=companies.ids
                )
                rows.search([], limit=1)
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                found = rows.search_read([], ["company_id", "name", "received"])
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual(len(found), count)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(*counts)
