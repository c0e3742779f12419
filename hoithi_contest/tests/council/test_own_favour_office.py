from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import HoithiCommon
from .session_common import SessionCommon


@tagged("post_install", "-at_install")
class TestOwnFavourOffice(HoithiCommon):
    """Who competes takes nothing from rivals by what comes before and beside them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_second()
        cls._launch()

    def _refuse(self, **acts):
        for name, act in acts.items():
            with (
                self.subTest(act=name),
                self.assertRaisesRegex(UserError, "You compete|You are an author"),
                self.cr.savepoint(),
            ):
                act()
        self.env.invalidate_all()

    def _create_reviewed(self):
        """Return an own entry and a rival's, both before the council."""
        entries = [
            self._eligible_entry(self.second),
            self._eligible_entry(name="Giải pháp khác"),
        ]
        self._start_review()
        for entry in entries:
            for sheet in self._assign(entry, self.member1, self.member2):
                self._score(sheet, 30, 40)
        self.contest.with_user(self.secretary).action_start_council()
        return entries

    def test_a_draft_and_a_withdrawal_compete_as_well(self):
        """Else one turns rivals down first, and hands in afterwards."""
        draft = self._create_entry(self.second)
        rival = self._submit_entry(name="Giải pháp khác")
        act = rival.with_user(self.second)
        self._refuse(draft=lambda: act.action_mark_ineligible(reason="Thiếu"))
        draft.with_user(self.second).action_submit()
        draft.with_user(self.second).action_withdraw(reason="Bận")
        self._refuse(withdrawn=lambda: act.action_mark_ineligible(reason="Thiếu"))
        # by the council nothing of it comes back
        rival.with_user(self.secretary).action_mark_eligible()
        self._start_review()
        self.assertTrue(self.contest.with_user(self.second)._get_own_waiting())
        for sheet in self._assign(rival, self.member1, self.member2):
            self._score(sheet, 30, 40)
        self.contest.with_user(self.secretary).action_start_council()
        act.action_disqualify(reason="Sao chép")
        self.assertEqual(rival.state, "disqualified")

    def test_a_lone_secretary_gets_a_second_one(self):
        self._submit_entry(self.second)
        rival = self._submit_entry(name="Giải pháp khác")
        role = self.env.ref("hoithi_contest.group_secretary")
        self.secretary.group_ids -= role
        self.contest.secretary_ids -= self.secretary
        act = rival.with_user(self.second)
        with self.assertRaisesRegex(UserError, "the administrator gives somebody"):
            act.action_mark_ineligible(reason="Thiếu")
        # what takes from nobody stays the lone secretary's
        act.action_mark_eligible()
        giver = new_test_user(
            self.env, "t_giver", "base.group_user,base.group_erp_manager"
        )
        colleague = new_test_user(self.env, "t_third", "base.group_user")
        colleague.with_user(giver).group_ids = [Command.link(role.id)]
        rival.with_user(colleague).action_undo_screening(reason="Xem lại")
        rival.with_user(colleague).action_mark_ineligible(reason="Thiếu")
        self.assertEqual(rival.state, "ineligible")

    def test_who_has_a_draft_of_another_contest_goes_on_deciding(self):
        other = self._create_contest(name="Hội thi khác")
        self._launch(other)
        self._create_entry(self.second, other)
        rival = self._submit_entry(name="Giải pháp khác")
        rival.with_user(self.second).action_mark_ineligible(reason="Thiếu")
        self.assertEqual(rival.state, "ineligible")

    def test_rivals_are_not_sent_back_or_moved(self):
        self._submit_entry(self.second)
        rival = self._submit_entry(name="Giải pháp khác")
        act = rival.with_user(self.second)
        self._refuse(
            supplement=lambda: act.action_request_supplement(reason="Thiếu"),
            field=lambda: act.action_change_field(self.field.id, reason="Nhầm"),
            representative=lambda: act.action_change_representative(
                rival.representative_id.id, reason="Nghỉ"
            ),
            waiver=lambda: act.action_end_waiver(reason="Lý do"),
            take_out=lambda: act.author_ids.action_take_out(reason="Lý do"),
        )
        rival.with_user(self.secretary).action_request_supplement(reason="Thiếu")
        self.assertEqual(rival.state, "supplement")

    def test_lists_of_winners_are_another_secretarys_where_they_bar(self):
        past = self.env["hoithi.past.solution"]
        values = {
            "company_id": self.company.id,
            "name": "Giải pháp cũ",
            "edition": "Hội thi lần thứ 5",
            "year": 2013,
            "award": "Giải Nhì",
            "author_ids": [Command.create({"name": "Lê Thị Cũ"})],
        }
        row = past.create(values)
        mine = row.with_user(self.second)
        self._create_entry(self.second)
        # where winners are let in, a list takes nothing from anybody
        mine.award = "Giải Ba"
        self.contest.won_before = "bar"
        self._refuse(
            create=lambda: past.with_user(self.second).create(
                {**values, "name": "Tên của đối thủ"}
            ),
            write=lambda: mine.write({"award": False}),
            unlink=mine.unlink,
            author=lambda: mine.author_ids.write({"name": "Người khác"}),
            more=lambda: mine.write(
                {"author_ids": [Command.create({"name": "Đối thủ"})]}
            ),
            fewer=mine.author_ids.unlink,
        )
        row.with_user(self.secretary).award = "Giải Nhất"
        self.assertEqual(row.award, "Giải Nhất")

    def test_lists_of_another_department_bring_no_winners_here(self):
        """Who is a secretary of both carries none over to where they compete."""
        other = self.env["res.company"].create({"name": "Sở Khác"})
        self.second.company_ids |= other
        self.secretary.company_ids |= other
        both = (self.company | other).ids
        values = {"edition": "Hội thi lần thứ 5", "year": 2013, "award": "Giải Nhì"}
        here, there = self.env["hoithi.past.solution"].create(
            [
                {
                    **values,
                    "name": f"Giải pháp cũ của {company.name}",
                    "company_id": company.id,
                    "author_ids": [Command.create({"name": "Lê Thị Cũ"})],
                }
                for company in (self.company, other)
            ]
        )
        author = there.author_ids
        self._create_entry(self.second)
        self.contest.won_before = "bar"
        theirs = there.with_user(self.second).with_context(allowed_company_ids=both)
        theirs.award = "Giải Ba"
        self._refuse(author=lambda: theirs.author_ids.write({"solution_id": here.id}))
        # and the solution itself is nobody's to move
        with self.assertRaisesRegex(UserError, "by itself"):
            theirs.company_id = self.company
        self.assertEqual(author.solution_id, there)
        author.with_user(self.secretary).with_context(
            allowed_company_ids=both
        ).solution_id = here
        self.assertEqual(author.company_id, self.company)

    def test_who_judges_rivals_is_for_another_to_say(self):
        own = self._eligible_entry(self.second)
        rival = self._eligible_entry(name="Giải pháp khác")
        self._start_review()
        sheets = self.env["hoithi.review"]
        seat = self.seats[self.member1]
        self._refuse(
            create=lambda: sheets.with_user(self.second).create(
                {"entry_id": rival.id, "member_id": seat.id}
            ),
        )
        [sheet] = self._assign(rival, self.member1)
        self._assign(own, self.member1)
        self._refuse(
            due=lambda: sheet.with_user(self.second).write(
                {"due_date": "2020-01-01 00:00:00"}
            ),
            paper=lambda: sheet.with_user(self.second).action_register_paper(),
            dialog=sheet.with_user(self.second).action_open_paper,
        )
        self.contest.with_user(self.leader).action_reopen_rules(reason="QĐ 5")
        self._refuse(seat=lambda: seat.with_user(self.second).action_end(reason="Đi"))
        self.assertEqual(sheet.state, "assigned")
        seat.with_user(self.secretary).action_end(reason="Chuyển công tác")
        self.assertEqual(sheet.state, "void")

    def test_a_list_for_the_province_is_drafted_by_who_does_not_compete(self):
        own, rival = self._create_reviewed()
        office = self.contest.with_user(self.secretary)
        (own | rival).with_user(self.secretary).action_select()
        lists = self.env["hoithi.nomination"].with_user(self.second)
        self._refuse(
            without_a_rival=lambda: lists.create(
                {
                    "contest_id": self.contest.id,
                    "line_ids": [Command.create({"entry_id": rival.id})],
                }
            ),
            all_of_them=self.contest.with_user(self.second).action_create_nomination,
        )
        office.action_create_nomination()
        nomination = self.contest.nomination_ids
        line = nomination.line_ids.filtered(lambda line: line.entry_id == rival)
        self._refuse(result=lambda: line.with_user(self.second).write({"amount": 1}))
        line.with_user(self.secretary).result_rank = "third"
        nomination.with_user(self.secretary).dispatch_number = "12/TTr"
        nomination.with_user(self.secretary).action_send()
        self._refuse(
            back=lambda: nomination.with_user(self.second).action_return(reason="Lý do")
        )

    def test_awards_of_units_are_another_secretarys(self):
        self._create_reviewed()
        kind = self.env["hoithi.prize.kind"].create(
            {"code": "best_unit", "name": "Tập thể", "rule": "hand", "target": "unit"}
        )
        awards = self.env["hoithi.award"]
        values = {
            "contest_id": self.contest.id,
            "department_id": self.unit.id,
            "level": "unit",
            "rank": kind.code,
        }
        self._refuse(create=lambda: awards.with_user(self.second).create(values))
        award = awards.with_user(self.secretary).create(values)
        mine = award.with_user(self.second)
        self._refuse(
            hold=lambda: mine.action_hold(reason="Lý do"),
            amount=lambda: mine.write({"amount": 1}),
            take_back=lambda: mine.action_take_back(reason="Lý do"),
        )

    def test_more_time_to_object_is_not_for_who_may_object(self):
        self.contest.objection_days = 5
        own, rival = self._create_reviewed()
        office = self.contest.with_user(self.secretary)
        rival.with_user(self.secretary).action_select()
        own.with_user(self.secretary).action_not_select(reason="Hội đồng bác")
        office.action_open_objections()
        act = self.contest.with_user(self.second)
        with self.assertRaisesRegex(UserError, "your own.*another secretary"):
            act.action_extend_objections(reason="Lý do")
        until = self.contest.objections_until
        office.action_extend_objections(reason="Nghỉ lễ")
        self.assertGreater(self.contest.objections_until, until)


@tagged("post_install", "-at_install")
class TestOwnFavourSession(SessionCommon):
    """A session is run by whoever competes, but not in the own favour."""

    @classmethod
    def _eligible_entry(cls, user=None, **values):
        if values.get("name") == "Giải pháp số 1":
            user = cls.clerk
        return super()._eligible_entry(user, **values)

    @classmethod
    def _create_voters(cls, count, login="voter"):
        voters = super()._create_voters(count, login)
        cls.clerk = voters[0]
        cls.clerk.group_ids += cls.env.ref("hoithi_contest.group_secretary")
        cls.employees[cls.clerk] = cls.env["hr.employee"].create(
            {
                "name": cls.clerk.name,
                "user_id": cls.clerk.id,
                "work_email": cls.clerk.email,
                "department_id": cls.unit.id,
                "parent_id": False,
            }
        )
        return voters

    def _refuse(self, **acts):
        for name, act in acts.items():
            with (
                self.subTest(act=name),
                self.assertRaisesRegex(UserError, "compete|an author of"),
                self.cr.savepoint(),
            ):
                act()
        self.env.invalidate_all()

    def test_votes_on_rivals_and_on_the_own(self):
        session = self._open_session(ballot_mode="open")
        mine = session.with_user(self.clerk)
        items = {item.entry_id: item for item in session.sudo().item_ids}
        own, rival, late, rest = (items[entry] for entry in self.entries)
        for item in (own, rival):
            item.with_user(self.secretary).action_start_vote()
            # who wrote it has no vote on it
            self._vote(item, [item == rival and "agree", *["agree"] * 5])
            self._count(item)
        # to start a vote, and to count what is complete, is nobody's favour
        late.with_user(self.clerk).action_start_vote()
        self._vote(late, ["disagree"] + [None] * 5)
        self._refuse(
            restart_own=lambda: own.with_user(self.clerk).action_restart_vote(
                reason="Nhầm"
            ),
            restart=lambda: rival.with_user(self.clerk).action_restart_vote(
                reason="Nhầm"
            ),
            early=lambda: late.with_user(self.clerk).action_count(reason="Muộn"),
            off=rest.with_user(self.clerk).unlink,
            mode=lambda: rest.with_user(self.clerk).write({"ballot_mode": "secret"}),
            tellers=lambda: mine.write(
                {"tally_member_ids": [Command.link(self.seats[self.voters[1]].id)]}
            ),
            presiding=lambda: mine.write(
                {"presiding_id": self.seats[self.voters[1]].id}
            ),
            absent=lambda: mine.attendance_ids.filtered(
                lambda line: line.member_id == self.seats[self.voters[2]]
            ).write({"present": False}),
        )
        for voter in self.voters[1:]:
            self._cast(late, voter, "agree")
        late.with_user(self.clerk).action_count()
        self.assertEqual(late.outcome, "approved")
        # to leave is everybody's own
        mine.attendance_ids.filtered(
            lambda line: line.member_id == self.seats[self.clerk]
        ).present = False
        rival.with_user(self.secretary).action_restart_vote(reason="Nhầm phiếu")
        rest.with_user(self.secretary).unlink()

    def test_an_agenda_is_made_as_a_whole(self):
        session = self._create_session(ballot_mode="open")
        mine = session.with_user(self.clerk)
        mine.action_build_agenda()
        # it goes as a whole, and comes as one
        mine.item_ids.unlink()
        items = mine.env["hoithi.session.item"]
        lines = [
            {"session_id": session.id, "entry_id": entry.id} for entry in self.entries
        ]
        own, *rivals = lines
        self._refuse(
            own=lambda: items.create(own),
            rivals=lambda: items.create(rivals[1:]),
            by_the_session=lambda: mine.write(
                {"item_ids": [Command.create({"entry_id": own["entry_id"]})]}
            ),
            mode=lambda: items.create([{**own, "ballot_mode": "secret"}, *rivals]),
            conclusion=lambda: items.create([{**own, "conclusion": "Tốt"}, *rivals]),
            default=lambda: items.with_context(default_conclusion="Tốt").create(lines),
        )
        items.create(lines).unlink()
        mine.action_build_agenda()
        self.assertEqual(len(session.item_ids), len(self.entries))
        other = self._create_session(ballot_mode="open")
        item = session.item_ids[-1]
        self._refuse(
            moved=lambda: item.with_user(self.clerk).write({"session_id": other.id})
        )
        # whoever doesn't compete chooses
        item.session_id = other
        chosen = {**rivals[-1], "entry_id": item.entry_id.id, "conclusion": "Tốt"}
        item.unlink()
        self.assertEqual(session.item_ids.create(chosen).conclusion, "Tốt")

    def test_the_desk_takes_no_conclusion_of_who_competes(self):
        session = self._open_session(ballot_mode="open")
        item = session.item_ids[-1]
        item.action_present()
        for user, may in (
            (self.secretary, True),
            (self.clerk, False),
            (self.leader, False),
        ):
            with self.subTest(user=user.login):
                desk = session.with_user(user).desk
                self.assertEqual(desk["is_run"], user != self.leader)
                self.assertEqual(desk["item"]["can_conclude"], may)
        self._refuse(
            conclusion=lambda: item.with_user(self.clerk).write({"conclusion": "Tốt"})
        )
        item.conclusion = "Tốt"

    def test_tellers_who_compete_make_room_for_others(self):
        session = self._create_session(ballot_mode="secret")
        seats = [self.seats[voter] for voter in self.voters]
        own = seats[0]
        team = own.union(*seats[1:3])
        self.assertEqual(session._get_gaining_tellers(team), own)
        # where no two others are left, they count all the same
        self.assertFalse(session._get_gaining_tellers(own + seats[1]))
