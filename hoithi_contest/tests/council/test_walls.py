from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import ENTRY_VALUES, HoithiCommon
from .session_common import SessionCommon


@tagged("post_install", "-at_install")
class TestWalls(HoithiCommon):
    """Side doors to what a role may not know, each beside what it may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def _put_state(self, state):
        """As in a contest that has come so far."""
        self.contest.with_context(hoithi_door=Load()).state = state

    def _in_conflict(self, entry, user):
        return self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[user].id,
                "kind": "kinship",
                "note": "Em ruột",
            }
        )

    def test_notices_tell_a_secretary_in_conflict_of_no_reviewer(self):
        near, far = self._eligible_entry(), self._eligible_entry(name="Bản đồ đất")
        self._start_review()
        for entry in (near, far):
            self._assign(entry, self.member1)
        notices = self.env["hoithi.notice"].with_user(self.secretary)
        of_sheets = [("res_model", "=", "hoithi.review")]
        told = notices.search(of_sheets)
        self.assertEqual(told.entry_id, near | far)
        self._in_conflict(near, self.secretary)
        self.env.invalidate_all()
        told = notices.search(of_sheets)
        self.assertEqual(told.entry_id, far)
        self.assertEqual(
            notices.search_count(of_sheets + [("partner_id", "!=", False)]), len(told)
        )
        groups = notices._read_group(
            [("partner_id", "=", self.member1.partner_id.id)], ["kind"], ["__count"]
        )
        self.assertEqual(dict(groups)["review_assigned"], 1)
        hidden = self.env["hoithi.notice"].search([("entry_id", "=", near.id)])
        with self.assertRaises(AccessError):
            hidden.with_user(self.secretary).read(["kind"])

    def test_a_head_on_the_council_counts_no_entries(self):
        self.council.member_ids = [Command.create({"user_id": self.head.id})]
        self._create_entry()
        self._eligible_entry()
        rows = self.env["hoithi.contest.unit"]
        rows._make_for(self.contest)
        row = rows.search(
            [
                ("contest_id", "=", self.contest.id),
                ("department_id", "=", self.unit.id),
            ]
        )
        own = row.with_user(self.head)
        self.assertTrue(own.name, "the head still records for the unit")
        self.assertFalse(own.shows_entries or own.shown_begun or own.shown_received)
        self.assertNotIn(own.stage, ("registered", "submitted"))
        for name in ("registered_count", "submitted_count", "competing_count"):
            with self.subTest(name=name):
                with self.assertRaises(AccessError):
                    own.read([name])
                with self.assertRaises(AccessError):
                    own.search_count([(name, ">", 0)])
                with self.assertRaises(AccessError):
                    own._read_group([], [], [f"{name}:sum"])
        self.assertEqual(row.with_user(self.secretary).submitted_count, 1)
        # a head who doesn't sit there reads of the own unit
        other = rows.search(
            [
                ("contest_id", "=", self.contest.id),
                ("department_id", "=", self.other_unit.id),
            ]
        ).with_user(self.other_head)
        self.assertTrue(other.shows_entries)
        # and once the authors are open
        self._put_state("council")
        self.env.invalidate_all()
        self.assertEqual((own.shown_begun, own.shown_received), (2, 1))

    def test_an_author_reads_no_award_before_the_results(self):
        entry = self._eligible_entry()
        award = self.env["hoithi.award"].create(
            {"entry_id": entry.id, "rank": "first", "level": "unit"}
        )
        awards = self.env["hoithi.award"].with_user(self.staff)
        for state in ("review", "council"):
            self._put_state(state)
            self.env.invalidate_all()
            self.assertFalse(awards.search_count([]))
            self.assertFalse(entry.with_user(self.staff).award_ids)
        self._put_state("closed")
        self.env.invalidate_all()
        self.assertEqual(awards.search([]), award)

    def test_a_leader_who_scores_reads_no_averages(self):
        contest = self._create_contest(edition_number=10, blind=False)
        self._launch(contest)
        entry = self._create_entry(contest=contest)
        entry.action_submit()
        entry.with_user(self.secretary).action_mark_eligible()
        self.council.member_ids = [Command.create({"user_id": self.leader.id})]
        self.leader.group_ids += self.env.ref("hoithi_contest.group_member")
        seats = {seat.user_id: seat for seat in self.council.member_ids}
        self._start_review(contest)
        reviews = self.env["hoithi.review"].create(
            [
                {"entry_id": entry.id, "member_id": seats[user].id}
                for user in (self.member1, self.leader)
            ]
        )
        self._score(reviews[0].with_user(self.member1), 30, 40)
        entries = self.env["hoithi.entry"].with_user(self.leader)
        of_contest = [("contest_id", "=", contest.id)]
        self.assertFalse(entries.search(of_contest))
        self.assertFalse(entries.search_count(of_contest + [("average_score", ">", 0)]))
        with self.assertRaises(AccessError):
            entry.with_user(self.leader).read(["average_score"])
        self.assertTrue(reviews[1].with_user(self.leader).entry_name, "the own sheet")
        # another leader reads on, and this one once the sheets are in
        seats[self.leader].can_score = False
        self.env.invalidate_all()
        self.assertTrue(entry.with_user(self.leader).average_score)
        seats[self.leader].can_score = True
        self._score(reviews[1].with_user(self.leader), 30, 40)
        contest.with_user(self.secretary).action_start_council()
        self.env.invalidate_all()
        self.assertTrue(entry.with_user(self.leader).average_score)

    def _own_entry(self, user, **values):
        """An admitted entry of somebody of the Office."""
        if user not in self.employees:
            self.env["hr.employee"].create({"name": user.name, "user_id": user.id})
        entry = self._submit_entry(user, **values)
        # another secretary admits it
        entry.with_env(self.env).action_mark_eligible()
        return entry

    def _make_author(self, user):
        """An entry under review of which `user` is the author, and one that isn't."""
        own = self._own_entry(user)
        other = self._eligible_entry(self.internal, name="Bản đồ đất đai số")
        self._start_review()
        for entry, scores in ((own, (30, 40)), (other, (10, 20))):
            reviews = self.env["hoithi.review"].create(
                [
                    {"entry_id": entry.id, "member_id": self.seats[member].id}
                    for member in (self.member1, self.member2)
                ]
            )
            for review in reviews:
                self._score(review.with_user(review.user_id), *scores)
        user.group_ids += self.env.ref("base.group_allow_export")
        self.env.invalidate_all()
        return own, other

    def test_an_author_of_the_office_learns_nothing_of_the_own_place(self):
        for user in (self.secretary, self.leader):
            with self.subTest(user=user.login), self.env.cr.savepoint() as savepoint:
                own, other = self._make_author(user)
                self._check_no_standing(user, own, other)
                savepoint.rollback()
            self.env.invalidate_all()

    def _check_no_standing(self, user, own, other):
        names = ["average_score", "score_spread", "rank", "review_count"]
        entries = self.env["hoithi.entry"].with_user(user)
        both = [("id", "in", (own | other).ids)]
        read = {row["id"]: row for row in entries.search(both).read(names)}
        self.assertEqual({read[own.id][name] for name in names}, {0})
        self.assertEqual(read[other.id]["average_score"], 30)
        self.assertEqual(read[other.id]["rank"], 2)
        [row] = entries.browse(own.id).web_read(
            {"name": {}, "above_cutoff": {}, **{name: {} for name in names}}
        )
        self.assertEqual(row["name"], own.name, "an author reads the own entry")
        self.assertFalse(row["average_score"] or row["rank"] or row["above_cutoff"])
        exported = entries.browse(own.id).export_data(["average_score", "rank"])
        self.assertFalse(any(map(float, filter(None, exported["datas"][0]))))
        form = entries.browse(own.id).onchange({}, [], {"average_score": {}})
        self.assertFalse(form["value"].get("average_score"))
        [nested] = self.contest.with_user(user).web_read(
            {"entry_ids": {"fields": {"average_score": {}, "rank": {}}}}
        )
        averages = {row["id"]: row["average_score"] for row in nested["entry_ids"]}
        self.assertEqual(averages, {own.id: 0, other.id: 30})
        for name, value in (("average_score", 0), ("rank", 0), ("review_count", 0)):
            found = entries.search([*both, (name, ">", value)])
            self.assertEqual(found, other, name)
        [[average]] = entries._read_group(both, [], ["average_score:avg"])
        self.assertEqual(average, 30)
        report = self.env["hoithi.report.entry"].with_user(user)
        self.assertEqual(report.search(both).entry_id, other)
        [[average]] = report._read_group(both, [], ["average_score:avg"])
        self.assertEqual(average, 30)
        with self.assertRaises(AccessError):
            report.browse(own.id).read(["average_score"])
        home = self.env["hoithi.home"].with_user(user).get_home(self.contest.id)
        cards = {card["key"]: card for card in home["cards"]}
        figures = {line["key"]: line["value"] for line in cards["figures"]["figures"]}
        self.assertEqual(figures["average"], 30)
        for line in cards.get("places", {"rows": []})["rows"]:
            self.assertNotEqual(line["id"], own.id)
        # the server goes by what stands there, whoever looked at it before
        self.assertEqual(entries.browse(own.id).sudo().average_score, 70)
        self.assertEqual(own.with_user(self.env.uid).rank, 1)
        # a colleague without an entry reads both
        colleague = self.leader if user == self.secretary else self.secretary
        office = self.env["hoithi.entry"].with_user(colleague)
        [row] = office.browse(own.id).read(["average_score"])
        self.assertEqual(row["average_score"], 70)
        # once all is over it is told
        self._put_state("closed")
        self.env.invalidate_all()
        self.assertEqual(
            entries.browse(own.id).read(["average_score"])[0]["average_score"], 70
        )

    def test_the_home_tells_a_secretary_in_conflict_of_no_reviewer(self):
        near, far = self._eligible_entry(), self._eligible_entry(name="Bản đồ đất")
        self._start_review()
        self._assign(near, self.member1)
        [sheet] = self._assign(far, self.member2)
        office = self.contest.with_user(self.secretary)

        def tell():
            self.env.invalidate_all()
            lines = {line["key"]: line for line in office._get_late_lines()}
            home = self.env["hoithi.home"].with_user(self.secretary)
            figures = home._get_figures(self.contest.with_user(self.secretary), None)
            return lines.get("reviewers"), figures.get("average", (None,))[0]

        line, _average = tell()
        self.assertIn(self.member1.name, line["note"])
        self._in_conflict(near, self.secretary)
        line, _average = tell()
        self.assertNotIn(self.member1.name, line["note"])
        self.assertIn(self.member2.name, line["note"])
        message = office.action_remind("reviewers")["params"]["message"]
        self.assertNotIn(self.member1.name, message)
        self.assertIn(self.member2.name, message)
        reminded = self.env["hoithi.notice"].search([("kind", "=", "review_deadline")])
        self.assertEqual(
            reminded.partner_id, (self.member1 | self.member2).partner_id, "both are"
        )
        hidden = self.env["hoithi.review"].search([("entry_id", "=", near.id)])
        self._score(hidden.with_user(self.member1), 30, 40)
        self.assertIsNone(tell()[1])
        self._score(sheet, 10, 20)
        self.assertEqual(tell()[1], 30)

    def test_no_refusal_tells_an_author_of_the_office_of_the_own_sheets(self):
        """Whose sheets are missing or lie too far apart is told of the others."""
        self.contest.divergence_limit = 10
        own = self._own_entry(self.secretary)
        other = self._eligible_entry(self.internal, name="Bản đồ đất đai số")
        second = self.secretary.copy({"login": "t_office2", "email": "o2@x.example"})
        self._start_review()
        sheets = self.env["hoithi.review"].create(
            [
                {"entry_id": entry.id, "member_id": self.seats[member].id}
                for entry in (own, other)
                for member in (self.member1, self.member2)
            ]
        )

        def refuse(user):
            self.env.invalidate_all()
            with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                self.contest.with_user(user).action_start_council()
            return str(refusal.exception)

        def check(words):
            told = refuse(self.secretary)
            self.assertIn(words, told)
            self.assertIn(other.sudo().code, told)
            self.assertNotIn(own.sudo().code, told)
            self.assertIn("1 others", told)
            self.assertIn(own.sudo().code, refuse(second), "who isn't an author")

        check("Reviews are still missing")
        for sheet, points in zip(sheets, (10, 50, 10, 50), strict=True):
            self._score(sheet.with_user(sheet.user_id), 20, points)
        check("lie too far apart")

    def test_the_board_tells_an_author_of_the_office_nothing_of_the_own_sheets(self):
        own = self._own_entry(self.secretary)
        other = self._eligible_entry(self.internal, name="Bản đồ đất đai số")
        self._start_review()
        members = (self.member1, self.member2)
        reviews = self.env["hoithi.review"].create(
            [
                {"entry_id": entry.id, "member_id": self.seats[member].id}
                for entry in (own, other)
                for member in members
            ]
        )
        for review in reviews.filtered(lambda sheet: sheet.user_id == self.member1):
            self._score(review.with_user(self.member1), 30, 40)
        self.env.invalidate_all()
        board = self.env["hoithi.entry"].with_user(self.secretary)
        notes = {e: e.board_note for e in board.browse((own | other).ids)}
        self.assertIn("1 of 2 sheets", notes[other])
        self.assertNotRegex(notes[own], "[0-9]")
        # too far apart: told of the one, and not found of the other
        (own | other).with_env(self.env).contest_id.divergence_limit = 1
        for review in reviews.filtered(lambda sheet: sheet.user_id == self.member2):
            self._score(review.with_user(self.member2), 1, 1)
        self.env.invalidate_all()
        self.assertTrue(own.sudo().needs_adjudication)
        both = [("id", "in", (own | other).ids)]
        stuck = board.search([*both, ("board_status", "=", "stuck")])
        self.assertEqual(stuck, other)
        self.assertEqual(board.browse(own.id).board_status, "ready")

    def test_a_proposal_tells_a_secretary_in_conflict_of_no_reviewer(self):
        near, far = self._eligible_entry(), self._eligible_entry(name="Bản đồ đất")
        self._start_review()
        self._assign(near, self.member1)
        self._in_conflict(near, self.secretary)
        self.env.invalidate_all()
        wizard = self.env["hoithi.review.assign"].with_user(self.secretary)
        wizard = wizard.create(
            {"contest_id": self.contest.id, "mode": "fill", "number": 2}
        )
        wizard.action_propose()
        self.assertEqual(wizard.line_ids.entry_id, far)
        # whoever is proposed has this one more than the secretary reads of
        for line in wizard.line_ids:
            self.assertEqual(line.load, 1, line.member_id.display_name)
        self.assertNotRegex(wizard.summary, rf"{self.member1.name} [^01]")

    def test_who_recused_isnt_for_whom_a_conflict_keeps_from_the_entry(self):
        near, far = self._eligible_entry(), self._eligible_entry(name="Bản đồ đất")
        own = self._own_entry(self.secretary, name="Giải pháp của thư ký")
        self._start_review()
        for entry in (near, far, own):
            seats = (self.member1,) if entry != own else (self.member2,)
            reviews = self.env["hoithi.review"].create(
                [
                    {"entry_id": entry.id, "member_id": self.seats[user].id}
                    for user in seats
                ]
            )
            reviews.with_user(seats[0]).action_recuse(reason="Quen biết")
        conflicts = self.env["hoithi.conflict"].with_user(self.secretary)
        declared = [
            ("source", "=", "declared"),
            ("contest_id", "=", self.contest.id),
        ]
        self.env.invalidate_all()
        self.assertEqual(conflicts.search(declared).entry_id, near | far)
        mine = self._in_conflict(near, self.secretary)
        self.env.invalidate_all()
        self.assertEqual(
            conflicts.search(declared) - mine,
            conflicts.search([*declared, ("entry_id", "=", far.id)]),
        )
        self.assertIn(mine, conflicts.search([]), "the own is told")
        hidden = self.env["hoithi.conflict"].search(
            [*declared, ("entry_id", "in", (near | own).ids), ("id", "!=", mine.id)]
        )
        self.assertEqual(len(hidden), 2)
        for conflict in hidden.with_user(self.secretary):
            with self.assertRaises(AccessError):
                conflict.read(["note"])

    def test_who_registered_an_entry_is_kept_from_it_by_a_conflict(self):
        office = self.env["hoithi.entry"].with_user(self.secretary)
        near, far = (
            office.create(
                {
                    **ENTRY_VALUES,
                    "name": name,
                    "contest_id": self.contest.id,
                    "field_id": self.field.id,
                    "first_applied_date": "2026-01-05",
                    "author_ids": [
                        Command.create(
                            {
                                "employee_id": self.employees[user].id,
                                "contribution_percent": 100,
                                "is_representative": True,
                            }
                        )
                    ],
                }
            )
            for user, name in (
                (self.staff, "Giải pháp của người nhà"),
                (self.internal, "Giải pháp của người khác"),
            )
        )
        for entry in (near, far):
            self._add_file(entry)
            entry.action_submit()
            entry.action_mark_eligible()
        self._in_conflict(near, self.secretary)
        self.env.invalidate_all()
        self.assertEqual(office.search([("id", "in", (near | far).ids)]), far)
        with self.assertRaises(AccessError):
            near.read(["name"])
        for act in ("action_disqualify", "action_mark_ineligible"):
            with self.subTest(act=act), self.assertRaises(AccessError):
                getattr(near, act)(reason="Lý do")
        self.assertFalse(
            self.env["hoithi.entry.author"]
            .with_user(self.secretary)
            .search([("entry_id", "=", near.id)])
        )
        self.assertTrue(near.with_user(self.staff).name, "its author reads it")

    def test_what_a_closed_contest_says_stays(self):
        contest = self.contest.with_user(self.secretary)
        basis = contest.legal_basis_ids[:1]
        task = self.env["hoithi.plan.task"].with_user(self.secretary)
        task = task.create({"contest_id": contest.id, "name": "Quán triệt"})
        acts = (
            lambda: contest.write({"description": "<p>Khác</p>"}),
            lambda: contest.write({"plan_purpose": "Khác"}),
            lambda: basis.write({"number": "99/QĐ-UBND"}),
            lambda: basis.copy(),
            lambda: contest.write(
                {"legal_basis_ids": [Command.create({"number": "1", "subject": "x"})]}
            ),
            lambda: task.write({"name": "Khác"}),
            lambda: task.copy(),
            basis.unlink,
            task.unlink,
        )
        self._put_state("closed")
        for number, act in enumerate(acts):
            self.env.invalidate_all()
            with self.subTest(act=number), self.assertRaises(UserError):
                act()
        basis.publish_text = not basis.publish_text
        self._put_state("open")
        self.env.invalidate_all()
        for number, act in enumerate(acts):
            with self.subTest(act=number):
                act()

    def test_the_council_logs_its_term(self):
        council = self.council.with_user(self.secretary)
        council.with_context(tracking_disable=True).write(
            {"date_to": "2090-01-31", "decision_date": "2026-01-02"}
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        changed = council.message_ids.sudo().tracking_value_ids.field_id
        self.assertLessEqual({"date_to", "decision_date"}, set(changed.mapped("name")))


@tagged("post_install", "-at_install")
class TestTermOfOffice(SessionCommon):
    def test_a_council_whose_time_is_over_takes_no_votes(self):
        session = self._open_session()
        item = session.item_ids[0]
        self._cast(item, self.voters[0], "agree")
        today = self.contest._get_today()
        office = self.council.with_user(self.secretary)
        office.date_to = today - timedelta(days=1)
        with self.assertRaises(UserError) as refusal:
            self._cast(item, self.voters[1], "agree")
        self.assertIn("prolongs it", str(refusal.exception))
        with self.assertRaises(UserError):
            session.item_ids[1].action_start_vote()
        with self.assertRaises(UserError):
            self._create_session().action_open()
        # its last day counts, and a decision may prolong it
        for last in (today, today + timedelta(days=30), False):
            office.date_to = last
            with self.env.cr.savepoint() as savepoint:
                self._cast(item, self.voters[1], "agree")
                savepoint.rollback()
