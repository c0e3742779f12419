from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon
from .session_common import SessionCommon


@tagged("post_install", "-at_install")
class TestOwnFavour(HoithiCommon):
    """Nobody decides in the own favour; each refusal says who may do it instead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_second()
        cls._launch()

    def _make_leader(self):
        return new_test_user(self.env, "t_leader2", "hoithi_contest.group_leader")

    def _reopen_rules(self):
        self.contest.with_user(self.leader).action_reopen_rules(reason="QĐ 5")

    # SEATS

    def test_who_takes_the_chair_is_for_another_leader_to_say(self):
        seat = self.seats[self.member1].create(
            {"council_id": self.council.id, "user_id": self.leader.id}
        )
        self._eligible_entry()
        self._start_review()
        self.chair.sudo().active = False
        with self.assertRaisesRegex(UserError, "another leader"):
            seat.with_user(self.leader).action_take_chair(reason="QĐ 12")
        self.assertEqual(seat.role, "member")
        seat.with_user(self._make_leader()).action_take_chair(reason="QĐ 12")
        self.assertEqual(seat.role, "chair")

    def test_the_own_seat_is_for_another_secretary(self):
        own = self.seats[self.secretary].with_user(self.secretary)
        # before the review they enter what was decided
        own.max_load = 3
        self._eligible_entry()
        self._start_review()
        self._reopen_rules()
        for values in (
            {"can_score": True},
            {"can_vote": False},
            {"role": "vice_chair"},
            {"max_load": 9},
            {"field_ids": [Command.set(self.field.ids)]},
        ):
            with self.subTest(values=values):
                with self.assertRaisesRegex(UserError, "Another secretary"):
                    own.write(values)
                with self.assertRaisesRegex(UserError, "Another secretary"):
                    own.council_id.write(
                        {"member_ids": [Command.update(own.id, values)]}
                    )
        # what stands there already, and what is printed of it
        own.write({"max_load": 3, "position": "Chuyên viên chính"})
        own.with_user(self.second).can_score = True
        self.assertTrue(own.can_score)

    def test_nobody_takes_a_seat_on_a_council_that_decides(self):
        self._eligible_entry()
        self._start_review()
        self._reopen_rules()
        seats = self.env["hoithi.council.member"]
        values = {"council_id": self.council.id, "user_id": self.second.id}
        free = self.seats[self.member2].with_user(self.second)
        for act in (
            lambda: seats.with_user(self.second).create(values),
            lambda: free.write({"user_id": self.second.id}),
            lambda: self.council.with_user(self.second).write(
                {"member_ids": [Command.create({"user_id": self.second.id})]}
            ),
        ):
            with self.assertRaisesRegex(UserError, "own seat"), self.cr.savepoint():
                act()
        seat = seats.with_user(self.secretary).create(values)
        own = seat.with_user(self.second)
        # to leave is everybody's own
        own.action_end(reason="Chuyển công tác")
        with self.assertRaisesRegex(UserError, "Another secretary"):
            own.action_resume(reason="Trở lại")
        self.assertFalse(seat.active)
        seat.action_resume(reason="Trở lại")
        self.assertTrue(seat.active)

    def test_nobody_goes_on_a_jury_of_a_contest_that_is_decided(self):
        self.seats[self.secretary].can_score = True
        jury = self.env["hoithi.jury"].create(
            {
                "contest_id": self.contest.id,
                "name": "Tổ chấm 1",
                "field_ids": [Command.set(self.field.ids)],
                "member_ids": [
                    Command.set(
                        (self.seats[self.member1] + self.seats[self.member2]).ids
                    )
                ],
            }
        )
        self._eligible_entry()
        self._start_review()
        self._reopen_rules()
        own = self.seats[self.secretary]
        for commands in ([Command.link(own.id)], [Command.clear()]):
            with self.assertRaisesRegex(UserError, "own seat"), self.cr.savepoint():
                jury.with_user(self.secretary).member_ids = commands
        jury.invalidate_recordset()
        jury.with_user(self.secretary).member_ids -= self.seats[self.member2]
        jury.with_user(self.second).member_ids += own
        self.assertIn(own, jury.member_ids)

    # ROLES

    def test_nobody_gives_oneself_a_role_while_a_contest_is_decided(self):
        giver, other = (
            new_test_user(
                self.env, login, "base.group_user,base.group_erp_manager", name=login
            )
            for login in ("t_giver", "t_giver2")
        )
        role = self.env.ref("hoithi_contest.group_leader")
        commands = [Command.link(role.id)]
        # before the review one sets up the contest
        giver.with_user(giver).group_ids = commands
        giver.with_user(giver).group_ids = [Command.unlink(role.id)]
        self._eligible_entry()
        self._start_review()
        with (
            self.assertRaisesRegex(AccessError, "Another administrator"),
            self.cr.savepoint(),
        ):
            giver.with_user(giver).group_ids = commands
        with (
            self.assertRaisesRegex(AccessError, "Another administrator"),
            self.cr.savepoint(),
        ):
            role.with_user(giver).user_ids = [Command.link(giver.id)]
        self.env.invalidate_all()
        self.assertNotIn(role, giver.all_group_ids)
        # nor by another login of the same person
        [desk] = self._create_logins(
            [
                {
                    "login": "t_desk",
                    "name": giver.name,
                    "email": "t_desk@sotnmt.example.vn",
                    "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
                }
            ]
        )
        employee = self.env["hr.employee"].create(
            {"name": giver.name, "user_id": desk.id}
        )
        employee.work_contact_id = giver.partner_id
        with (
            self.assertRaisesRegex(AccessError, "goes to somebody else"),
            self.cr.savepoint(),
        ):
            desk.with_user(giver).group_ids = commands
        self.env.invalidate_all()
        giver.with_user(other).group_ids = commands
        self.assertIn(role, giver.all_group_ids)
        # what one has, one may give back
        giver.with_user(giver).group_ids = [Command.unlink(role.id)]

    # RIVALS

    def test_who_competes_turns_down_nobody(self):
        self._submit_entry(self.second)
        rival = self._submit_entry(name="Giải pháp khác")
        act = rival.with_user(self.second)
        with self.assertRaisesRegex(UserError, "You compete .* another secretary"):
            act.action_mark_ineligible(reason="Thiếu bản mô tả")
        act.action_mark_eligible()
        with self.assertRaisesRegex(UserError, "You compete .* another secretary"):
            act.action_undo_screening(reason="Xem lại")
        self.assertEqual(rival.state, "eligible")
        office = rival.with_user(self.secretary)
        office.action_undo_screening(reason="Xem lại")
        office.action_mark_ineligible(reason="Thiếu")
        self.assertEqual(rival.state, "ineligible")
        # to take a refusal back takes from nobody
        act.action_undo_screening(reason="Xem lại")
        self.assertEqual(rival.state, "submitted")

    def test_who_competes_takes_no_paper_out(self):
        """Any secretary acts for who handed in on paper, but none for a rival."""
        rival = self._create_entry(name="Giải pháp nộp bằng giấy")
        rival._open_door().sudo().with_context(
            hoithi_door=Load()
        ).paper_received_on = fields.Datetime.now()
        act = rival.with_user(self.second)
        own = self._submit_entry(self.second)
        with self.assertRaisesRegex(UserError, "You compete .* another secretary"):
            act.action_withdraw(reason="Tác giả xin rút")
        own.action_withdraw(reason="Thôi dự thi")
        self.assertEqual(own.state, "withdrawn")
        rival.with_user(self.secretary).action_withdraw(reason="Tác giả xin rút")
        self.assertEqual(rival.state, "withdrawn")

    def test_who_is_only_named_goes_on_deciding(self):
        entry = self._create_entry(participant_type="group")
        entry.representative_id.contribution_percent = 70
        entry.author_ids = [
            Command.create({"email": self.second.email, "contribution_percent": 30})
        ]
        entry.action_submit()
        rival = self._submit_entry(self.internal, name="Giải pháp khác")
        self.assertFalse(self.contest.with_user(self.second)._get_own_competing())
        rival.with_user(self.second).action_mark_ineligible(reason="Thiếu")
        self.assertEqual(rival.state, "ineligible")

    def test_who_competes_takes_no_sheet_and_no_place_from_others(self):
        own = self._eligible_entry(self.second)
        rival = self._eligible_entry(name="Giải pháp khác")
        self._start_review()
        sheets = self._assign(rival, self.member1, self.member2)
        for sheet in sheets:
            self._score(sheet, 30, 40)
        conflict = self.env["hoithi.conflict"].create(
            {
                "entry_id": rival.id,
                "member_id": self.seats[self.chair].id,
                "kind": "other",
                "hard": False,
            }
        )
        copies = self.env["hoithi.review.copy"]
        copy = copies.search([("entry_id", "=", rival.id)], limit=1)
        self.assertTrue(copy)
        refused = {
            "void": (sheets[0], "action_void"),
            "withhold": (copy, "action_withhold"),
            "reopen": (sheets[0], "action_reopen"),
            "disqualify": (rival, "action_disqualify"),
            "pin": (conflict, "action_pin"),
            "lift": (conflict, "action_lift"),
        }
        for name, (record, method) in refused.items():
            with self.subTest(act=name), self.assertRaisesRegex(UserError, "compete"):
                getattr(record.with_user(self.second), method)(reason="Lý do")
        sheets[0].with_user(self.secretary).action_reopen(reason="Viết nhầm")
        self._score(sheets[0], 30, 40)
        for sheet in self._assign(own, self.member1, self.member2):
            self._score(sheet, 20, 30)
        self.contest.with_user(self.secretary).action_start_council()
        with self.assertRaisesRegex(UserError, "compete"):
            rival.with_user(self.second).action_not_select(reason="Lý do")
        with self.assertRaisesRegex(UserError, "compete"):
            rival.with_user(self.second).action_confirm_again(reason="Lý do")
        rival.with_user(self.secretary).action_not_select(reason="Hội đồng bác")
        with self.assertRaisesRegex(UserError, "compete"):
            rival.with_user(self.second).action_put_again(reason="Lý do")
        rival.with_user(self.secretary).action_disqualify(reason="Sao chép")
        self.assertEqual(rival.state, "disqualified")

    def test_who_competes_takes_nobody_off_a_list_and_lowers_no_prize(self):
        own = self._eligible_entry(self.second)
        rival = self._eligible_entry(name="Giải pháp khác")
        self._start_review()
        for entry in (own, rival):
            for sheet in self._assign(entry, self.member1, self.member2):
                self._score(sheet, 30, 40)
        office = self.contest.with_user(self.secretary)
        office.action_start_council()
        (own | rival).with_user(self.secretary).action_select()
        office.action_create_nomination()
        nomination = self.contest.nomination_ids
        line = nomination.line_ids.filtered(lambda line: line.entry_id == rival)
        award = self.env["hoithi.award"].create(
            {"entry_id": rival.id, "level": "unit", "rank": "first"}
        )
        mine = self.second
        for name, act in {
            "delete": lambda: line.with_user(mine).unlink(),
            "by the list": lambda: nomination.with_user(mine).write(
                {"line_ids": [Command.delete(line.id)]}
            ),
            "another entry": lambda: line.with_user(mine).write({"entry_id": own.id}),
            "lower": lambda: award.with_user(mine).write({"rank": "third"}),
        }.items():
            with (
                self.subTest(act=name),
                self.assertRaisesRegex(UserError, "You compete"),
                self.cr.savepoint(),
            ):
                act()
        # what takes from nobody stays everybody's
        line.with_user(mine).reason = "Đủ điều kiện"
        other = self.secretary
        award.with_user(other).rank = "third"
        line.with_user(other).unlink()
        self.assertEqual(nomination.line_ids.entry_id, own)
        self.assertEqual(award.rank, "third")

    def test_who_competes_declares_no_conflict_of_others(self):
        self._eligible_entry(self.second)
        rival = self._eligible_entry(name="Giải pháp khác")
        self._start_review()
        conflicts = self.env["hoithi.conflict"]
        values = {"entry_id": rival.id, "kind": "other", "hard": True}
        values["member_id"] = self.seats[self.member1].id
        with self.assertRaisesRegex(UserError, "compete"), self.cr.savepoint():
            conflicts.with_user(self.second).create(values)
        conflict = conflicts.with_user(self.secretary).create(values)
        self.assertEqual(conflict.entry_id, rival)

    def test_who_competes_gives_points_to_nobody(self):
        self.contest.component_ids = [
            Command.create(
                {"name": "Điểm trừ", "kind": "bonus", "least": -5, "most": 0}
            ),
            Command.create({"name": "Thi viết", "kind": "points", "most": 10}),
        ]
        self._eligible_entry(self.second)
        rival = self._eligible_entry(name="Giải pháp khác")
        self._start_review()
        malus, written = self.contest.component_ids.with_user(self.second)
        with self.assertRaisesRegex(UserError, "compete"):
            malus.action_give(rival.id, -5, reason="Lý do")
        with self.assertRaisesRegex(UserError, "compete"):
            written.action_take_points(f"{rival.code} 0", reason="Lý do")
        malus.with_user(self.secretary).action_give(rival.id, -5, reason="Nộp muộn")

    def test_who_competes_takes_no_prize_from_others(self):
        own = self._eligible_entry(self.second)
        rival = self._eligible_entry(name="Giải pháp khác")
        self.contest.prize_ids = [Command.create({"rank": "first", "amount": 5})]
        self._start_review()
        for entry, points in ((own, 30), (rival, 40)):
            for sheet in self._assign(entry, self.member1, self.member2):
                self._score(sheet, 20, points)
        self.contest.with_user(self.secretary).action_start_council()
        office = self.contest.with_user(self.secretary)
        office.action_award_prizes()
        given = rival.sudo().award_ids
        chosen = given.with_user(self.secretary).create(
            {"entry_id": rival.id, "level": "unit", "rank": "chosen", "amount": 5}
        )
        for award in (given, chosen):
            act = award.with_user(self.second)
            for name, refused in {
                "entry": lambda act=act: act.write({"entry_id": own.id}),
                "rank": lambda act=act: act.write({"rank": "movement"}),
                "amount": lambda act=act: act.write({"amount": 0}),
                "hold": lambda act=act: act.action_hold(reason="Lý do"),
                "take back": lambda act=act: act.action_take_back(reason="Lý do"),
            }.items():
                with (
                    self.subTest(award=award.rank, act=name),
                    self.assertRaisesRegex(UserError, "compete"),
                ):
                    refused()
        chosen.with_user(self.secretary).write({"amount": 4, "rank": "movement"})
        # what a decision is called, and what stood against it, is no favour
        chosen.with_user(self.second).decision_number = "7/QĐ-STNMT"
        given.with_user(self.secretary).action_hold(reason="Đang xem xét")
        given.with_user(self.second).action_release(reason="Đã rõ")

    def test_who_competes_takes_nobody_off_a_list(self):
        self._eligible_entry(self.second)
        rival = self._eligible_entry(name="Giải pháp khác")
        other = self._eligible_entry(name="Giải pháp thứ ba")
        self._start_review()
        for entry in self.contest.entry_ids:
            for sheet in self._assign(entry, self.member1, self.member2):
                self._score(sheet, 20, 40)
        office = self.contest.with_user(self.secretary)
        office.action_start_council()
        (rival | other).with_user(self.secretary).action_select()
        lists = self.env["hoithi.nomination"].with_user(self.secretary)
        own = lists.browse(office.action_create_nomination()["res_id"])
        line = own.line_ids.filtered(lambda one: one.entry_id == rival)
        draft, act = own.with_user(self.second), line.with_user(self.second)
        for refused in (
            act.unlink,
            lambda: draft.write({"line_ids": [Command.delete(line.id)]}),
            draft.unlink,
        ):
            with self.assertRaisesRegex(UserError, "compete"), self.cr.savepoint():
                refused()
        self.env.invalidate_all()
        line.unlink()
        own.unlink()

    def test_who_competes_calls_nobody_an_old_winner(self):
        past = self.env["hoithi.past.solution"].create(
            {
                "company_id": self.company.id,
                "name": "Giải pháp cũ",
                "edition": "Hội thi lần thứ 5",
                "year": 2013,
                "award": "Giải Nhì",
                "author_ids": [Command.create({"name": "Lê Thị Cũ"})],
            }
        )
        self._submit_entry(self.second)
        rival = self._submit_entry(name="Giải pháp khác")
        with self.assertRaisesRegex(UserError, "compete"):
            rival.with_user(self.second).action_link_won(past=past.id, reason="Cũ")
        rival.with_user(self.secretary).action_link_won(past=past.id, reason="Cũ")
        self.assertEqual(rival.sudo().won_past_id, past)

    def test_who_competes_enters_no_votes_of_a_round(self):
        rounds = self.env["hoithi.round"].with_user(self.secretary)
        first, _last = rounds.create(
            [
                {
                    "contest_id": self.contest.id,
                    "sequence": number,
                    "name": f"Vòng {number}",
                    "advance_by": "vote",
                }
                for number in (1, 2)
            ]
        )
        self._eligible_entry(self.second)
        rival = self._eligible_entry(name="Giải pháp khác")
        self._start_review()
        line = first.entry_line_ids.filtered(lambda one: one.entry_id == rival)
        for name in ("votes_for", "votes_cast"):
            with self.assertRaisesRegex(UserError, "compete"):
                line.with_user(self.second)[name] = 0
        line.with_user(self.second).sequence = 3
        line.write({"votes_cast": 4, "votes_for": 3})
        self.assertEqual(line.votes_for, 3)

    # RULES

    def test_the_rules_are_reopened_by_nobody_who_competes(self):
        self._eligible_entry(self.chair)
        self._eligible_entry(name="Giải pháp khác")
        self._start_review()
        with self.assertRaisesRegex(AccessError, "another of them"):
            self.contest.with_user(self.chair).action_reopen_rules(reason="Thêm giải")
        self._reopen_rules()
        with self.assertRaisesRegex(AccessError, "another of them"):
            self.contest.with_user(self.chair).action_fix_rules()
        self.contest.with_user(self.leader).action_fix_rules()

    def test_a_deputy_decides_on_rules_where_the_chair_competes(self):
        deputy = self.seats[self.member2].with_context(hoithi_door=Load())
        deputy.role = "vice_chair"
        entry = self._eligible_entry(self.chair)
        self.env["hr.employee"].create(
            {
                "name": self.leader.name,
                "user_id": self.leader.id,
                "department_id": self.unit.id,
                "parent_id": False,
            }
        )
        self._eligible_entry(self.leader, name="Giải pháp khác")
        self._start_review()
        for user in (self.chair, self.leader, self.member1):
            with self.assertRaisesRegex(AccessError, "the administrator gives"):
                self.contest.with_user(user).action_reopen_rules(reason="Thêm giải")
        act = self.contest.with_user(self.member2)
        self.assertTrue(act.can_decide_rules)
        act.action_reopen_rules(reason="Thêm giải")
        act.action_fix_rules()
        # as soon as the chair has no entry there, it's the chair's
        entry.with_user(self.secretary).action_disqualify(reason="Sao chép")
        with self.assertRaises(AccessError):
            act.action_reopen_rules(reason="Thêm giải")
        self.contest.with_user(self.chair).action_reopen_rules(reason="Thêm giải")


@tagged("post_install", "-at_install")
class TestOwnAppointment(SessionCommon):
    """Nobody appoints oneself to preside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.voters[0]
        cls.clerk.group_ids += cls.env.ref("hoithi_contest.group_secretary")

    def test_nobody_appoints_oneself_to_preside(self):
        session = self._create_session([self.chair]).with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "appoint yourself"), self.cr.savepoint():
            session.presiding_id = self.seats[self.clerk]
        session.invalidate_recordset()
        session.presiding_id = self.seats[self.voters[1]]
        session.with_user(self.secretary).presiding_id = self.seats[self.clerk]
        self.assertEqual(session.presiding_id, self.seats[self.clerk])

    def test_who_counts_may_enter_oneself(self):
        """A secretary is in most tally teams; the box is opened by two of them."""
        team = self.seats[self.voters[1]] + self.seats[self.voters[2]]
        session = self._create_session(
            ballot_mode="secret", tally_member_ids=[Command.set(team.ids)]
        ).with_user(self.clerk)
        session.tally_member_ids = [Command.link(self.seats[self.clerk].id)]
        self.assertIn(self.seats[self.clerk], session.tally_member_ids)
