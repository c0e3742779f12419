from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from markupsafe import Markup
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from .session_common import SessionCommon

AGREE, DISAGREE, BLANK = "agree", "disagree", "blank"


@tagged("post_install", "-at_install")
class TestHoithiSession(SessionCommon):
    """A meeting of the council: roll, quorum, agenda, outcome, closing."""

    # ROLL AND QUORUM

    def test_the_roll_is_the_council(self):
        session = self._create_session()
        self.assertEqual(session.attendance_ids.member_id, self.council.member_ids)
        self.assertEqual(session.number, 1)
        self.assertEqual(session.voting_count, 6, "only those who vote are counted")
        self.assertEqual(self._create_session().number, 2)
        with self.assertRaises(ValidationError):
            session.attendance_ids.create(
                {"session_id": session.id, "member_id": self._other_seat().id}
            )

    def _other_seat(self):
        return self.env["hoithi.council.member"].create(
            {
                "council_id": self.env["hoithi.council"].create({"name": "Khác"}).id,
                "user_id": self.internal.id,
            }
        )

    def test_attendance_given_with_a_new_session_is_taken(self):
        seat = self.seats[self.voters[0]]
        session = (
            self.env["hoithi.session"]
            .with_user(self.secretary)
            .create(
                {
                    "contest_id": self.contest.id,
                    "attendance_ids": [
                        Command.create({"member_id": seat.id, "present": True})
                    ],
                }
            )
        )
        self.assertEqual(session.attendance_ids.member_id, self.council.member_ids)
        self.assertEqual(session.present_count, 1)
        line = session.attendance_ids.create(
            {
                "session_id": session.id,
                "member_id": self.seats[self.voters[1]].id,
                "present": True,
            }
        )
        self.assertEqual(len(line), 1, "who is on the roll is brought up to date")
        self.assertEqual(session.present_count, 2)

    def test_who_is_absent_needs_a_reason(self):
        session = self._create_session()
        line = session.attendance_ids[-1]
        line.present = False
        with self.assertRaises(UserError) as refusal:
            session.action_open()
        self.assertIn(line.member_id.display_name, str(refusal.exception))
        line.reason = "Đi công tác"
        session.action_open()
        self.assertEqual(session.state, "open")
        self.assertTrue(session.opened_on and session.start)

    def test_four_of_six_are_two_thirds_however_they_are_typed(self):
        for ratio in (0.6667, 2 / 3, 0.667):
            self.council.quorum_ratio = ratio
            session = self._create_session(self.voters[:2])
            self.assertTrue(session.quorum_reached, ratio)
            self.assertIn("4 of 6", session.quorum_basis)
            self.assertIn("2/3", session.quorum_basis)
            session = self._create_session(self.voters[:3])
            self.assertFalse(session.quorum_reached, ratio)
            with self.assertRaises(UserError) as refusal:
                session.action_open()
            self.assertIn("3 of 6", str(refusal.exception))
            self.assertIn("at least 4", str(refusal.exception))

    def test_the_rules_of_decision_are_fixed_at_the_opening(self):
        session = self._open_session()
        self.council.write({"quorum_ratio": 1, "approval_ratio": 0.5})
        self.seats[self.voters[0]].can_vote = False
        self.assertEqual(session.approval_ratio, 2 / 3)
        self.assertEqual(session.voting_count, 6)
        self.assertTrue(session.quorum_reached)
        with self.assertRaises(UserError):
            session.ballot_mode = "secret"
        with self.assertRaises(AccessError):
            session.approval_ratio = 0.1
        with self.assertRaises(AccessError):
            session.attendance_ids[0].can_vote = True
        with self.assertRaises(UserError):
            session.attendance_ids[-1].unlink()

    # WHO PRESIDES

    def _create_vice(self):
        seat = self.seats[self.voters[0]]
        seat.role = "vice_chair"
        return seat

    def _line(self, session, seat):
        return session.attendance_ids.filtered(lambda line: line.member_id == seat)

    def test_chair_else_vice_chair_presides(self):
        vice, chair = self._create_vice(), self.seats[self.chair]
        session = self._create_session()
        self.assertEqual(session.presiding_id, chair)
        line = self._line(session, chair)
        line.write({"present": False, "reason": "Đi công tác"})
        self.assertEqual(session.presiding_id, vice)
        line.present = True
        self.assertEqual(session.presiding_id, chair, "whatever the order of the roll")
        # of two vice-chairs either may, and the choice is kept
        second = self.seats[self.voters[1]]
        second.role = "vice_chair"
        line.present = False
        session.presiding_id = second
        self._line(session, self.seats[self.voters[3]]).present = False
        self.assertEqual(session.presiding_id, second)
        self._line(session, second).present = False
        self.assertEqual(session.presiding_id, vice)

    def test_nobody_is_chosen_beside_who_presides_by_office(self):
        vice, chair = self._create_vice(), self.seats[self.chair]
        member = self.seats[self.voters[2]]
        session = self._create_session()
        for state in ("planned", "open"):
            if state == "open":
                session.action_open()
            self.env.flush_all()
            for seat in (vice, member, member.browse()):
                with (
                    self.subTest(state=state, seat=seat.display_name),
                    self.assertRaisesRegex(
                        ValidationError,
                        f"^{self.chair.name} is p"
                        + ("" if seat or state == "planned" else "|led by somebody"),
                    ),
                    self.cr.savepoint(),
                ):
                    session.presiding_id = seat
            self.assertEqual(session.presiding_id, chair)
        self._line(session, chair).write({"present": False, "reason": "Ốm"})
        with (
            self.assertRaisesRegex(ValidationError, f"^{self.voters[0].name} is p"),
            self.cr.savepoint(),
        ):
            session.presiding_id = member
        self._line(session, vice).write({"present": False, "reason": "Ốm"})
        session.presiding_id = member
        with self.assertRaisesRegex(ValidationError, "led by somebody"):
            session.presiding_id = False

    def test_nobody_presides_who_is_not_there(self):
        self._create_vice()
        session = self._create_session([self.chair])
        outsider = self.env["hoithi.council.member"].create(
            {
                "council_id": self.council.copy({"member_ids": []}).id,
                "user_id": self.chair.id,
            }
        )
        for seat in (self.seats[self.chair], outsider):
            with self.assertRaisesRegex(ValidationError, "present"):
                session.presiding_id = seat
            session.invalidate_recordset()
        with self.assertRaises(AccessError):
            session.with_user(self.voters[1]).presiding_id = self.seats[self.voters[1]]
        seat = self.seats[self.voters[1]].id
        for values in ({"chosen_presiding_id": seat}, {"presiding_log": [{}]}):
            with self.assertRaises(AccessError):
                session.write(values)

    def test_a_session_needs_who_presides_to_open(self):
        session = self._create_session([self.chair, self.secretary])
        self.assertFalse(session.presiding_id)
        with self.assertRaisesRegex(UserError, "choose who .* presides"):
            session.action_open()
        session.presiding_id = self.seats[self.voters[2]]
        session.action_open()
        self.assertEqual(session.presiding_id, self.seats[self.voters[2]])

    def test_who_presides_leaves_in_the_middle(self):
        vice, chair = self._create_vice(), self.seats[self.chair]
        session = self._open_session()
        item = session.item_ids[0]
        self.assertEqual(session.presiding_id, chair)
        self._line(session, chair).write({"present": False, "reason": "Họp Ủy ban"})
        self.assertEqual(session.presiding_id, vice)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=30)):
            self._line(session, chair).present = True
            self.assertEqual(session.presiding_id, chair, "the chair takes over")
            self._line(session, vice).write({"present": False, "reason": "Ốm"})
            self._line(session, chair).write({"present": False, "reason": "Họp"})
            self.assertFalse(session.presiding_id)
            with self.assertRaisesRegex(UserError, "Nobody presides"):
                item.action_start_vote()
            # the first vote would issue the ballots
            with self.assertRaisesRegex(UserError, "Nobody presides"):
                session.with_user(self.voters[1]).action_cast(item, "agree")
            with self.assertRaisesRegex(UserError, "Nobody presides"):
                session.action_close()
            session.presiding_id = self.seats[self.voters[1]]
        log = [
            session.attendance_ids.browse(step["attendance"]).member_id
            for step in session.presiding_log
        ]
        # of several changes of one moment only the outcome counts
        self.assertEqual(log, [chair, vice, self.seats[self.voters[1]]])
        events = self.env["hoithi.ledger"].search(
            [("contest_id", "=", self.contest.id), ("event", "=", "session.presiding")]
        )
        self.assertTrue(events)
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_the_roll_keeps_names_and_roles(self):
        self._create_vice()
        session = self._create_session([self.chair])
        line = self._line(session, self.seats[self.voters[0]])
        self.voters[0].name = "Tên trước phiên họp"
        self.assertEqual(line.member_name, "Tên trước phiên họp")
        seat = self.seats[self.voters[0]]
        seat.position = "Trưởng phòng"
        session.action_open()
        self.voters[0].name = "Tên mới"
        seat.write({"role": "member", "position": "Phó Giám đốc"})
        self.assertEqual(line.member_position, "Trưởng phòng")
        self.assertEqual(
            (line.member_name, line.role, line.display_name),
            ("Tên trước phiên họp", "vice_chair", "Tên trước phiên họp"),
        )
        self.assertEqual(session.presiding_id, line.member_id)
        board = session.get_board_data()["members"]
        self.assertIn("Tên trước phiên họp", [member["name"] for member in board])

    def test_without_a_quorum_no_vote_starts(self):
        session = self._open_session(self.voters[:2])
        session.attendance_ids.filtered("present")[-1].present = False
        self.assertFalse(session.quorum_reached)
        with self.assertRaises(UserError) as refusal:
            session.item_ids[0].action_start_vote()
        self.assertIn("3 of 6", str(refusal.exception))

    def test_a_session_meets_in_the_council_phase_once_at_a_time(self):
        self._open_session()
        session = self._create_session()
        with self.assertRaises(UserError) as refusal:
            session.action_open()
        self.assertIn("open", str(refusal.exception))
        contest = self._create_contest(name="Hội thi khác", edition_number=10)
        with self.assertRaises(UserError):
            session.create({"contest_id": contest.id})

    # AGENDA

    def test_the_agenda_has_the_reviewed_entries_once(self):
        session = self._create_session()
        session.action_build_agenda()
        self.assertEqual(len(session.item_ids), 4)
        self.assertEqual(
            [item.entry_id.id for item in session.item_ids],
            [entry.id for entry in reversed(self.entries)],
            "the best average first",
        )
        session.action_build_agenda()
        self.assertEqual(len(session.item_ids), 4)
        other = self._create_session()
        with self.assertRaises(UserError):
            other.action_build_agenda()
        with self.assertRaises(ValidationError):
            other.item_ids.create(
                {"session_id": other.id, "entry_id": self.entries[0].id}
            )

    def test_the_agenda_tells_no_author_the_own_place(self):
        """Whoever of the Office or the council has an entry on it reads no places."""
        best_first = [entry.id for entry in reversed(self.entries)]
        line = self.entries[0].sudo().author_ids[0]
        author = line.partner_id
        for user, is_reader in (
            (self.leader, True),
            (self.secretary, True),
            (self.voters[0], True),
            (self.internal, False),
        ):
            line._open_door().partner_id = user.partner_id
            session = self._create_session()
            session.action_build_agenda()
            with self.subTest(user=user.login):
                items = session.item_ids
                self.assertEqual(
                    [item.entry_id.id for item in items],
                    best_first[::-1] if is_reader else best_first,
                )
                self.assertEqual(
                    [item.entry_id.id for item in items.sorted("id")],
                    best_first[::-1],
                    "ids tell nothing either",
                )
            session.item_ids.unlink()
        line._open_door().partner_id = author

    def test_members_in_conflict_leave_once(self):
        first, second = self.voters[:2]
        self._declare(self.entries[0], first)
        self._declare(self.entries[3], first)
        self._declare(self.entries[2], second)
        session = self._create_session()
        session.action_build_agenda()
        recused = [
            item.recused_ids.user_id in (first, second) and item.recused_ids.user_id
            for item in session.item_ids
        ]
        places = [i for i, user in enumerate(recused) if user == first]
        self.assertEqual(places[1] - places[0], 1)
        items = {item.entry_id.id: item for item in session.item_ids}
        self.assertEqual(items[self.entries[0].id].recused_ids, self.seats[first])

    def test_a_conflict_hides_the_entry_from_the_secretary_not_from_the_agenda(self):
        self._declare(self.entries[0], self.secretary)
        session = self._open_session()
        self.assertEqual(len(session.item_ids), 4)
        item = session.item_ids.filtered("recused_ids")
        self.assertEqual(item.entry_name, "Giải pháp số 1")
        self.assertEqual(item.average_score, 0, "who is in conflict sees no score")
        other = (session.item_ids - item)[0]
        self.assertTrue(other.average_score)
        with self.assertRaises(AccessError):
            item.entry_id.read(["name"])
        self._vote(item, [AGREE] * 6)
        item.action_count()
        (session.item_ids - item).unlink()
        session.action_close()
        self.assertEqual(self.entries[0].sudo().state, "selected")

    def test_only_what_was_not_voted_on_leaves_the_agenda(self):
        session = self._open_session()
        item, other = session.item_ids[:2]
        item.action_start_vote()
        other.unlink()
        with self.assertRaises(UserError):
            item.unlink()
        with self.assertRaises(UserError):
            item.entry_id = self.entries[1]
        item.sequence = 7

    # OUTCOME

    def test_an_outcome_with_its_basis(self):
        session = self._open_session([self.voters[5]])
        best, second, third, last = session.item_ids
        self._declare(second.entry_id, self.voters[4])
        for item, choices, basis, outcome in (
            (best, [AGREE] * 4 + [DISAGREE, None], "4/6 of all", "approved"),
            (second, [AGREE] * 3 + [BLANK, None, None], "3/5 of all", "rejected"),
            (third, [AGREE] * 5 + [None], "5/6 of all", "approved"),
            (last, [AGREE] * 3 + [DISAGREE] * 2 + [None], "3/6 of all", "rejected"),
        ):
            item.action_start_vote()
            self._vote(item, choices)
            early = item.cast_count < item.issued
            self._count(item, "Một thành viên đã về" if early else None)
            self.assertEqual(item.outcome, outcome)
            self.assertIn(basis, item.basis)
            self.assertIn("2/3", item.basis)
        self.assertEqual((second.issued, second.collected), (4, 4))
        # a show of hands: who has no opinion abstains, and nothing is invalid
        self.assertEqual((second.valid, second.invalid), (4, 0))
        self.assertEqual((second.agree, second.disagree, second.abstain), (3, 0, 1))
        session.action_close()
        self.assertEqual(
            [item.entry_id.state for item in session.item_ids],
            ["selected", "not_selected", "selected", "not_selected"],
        )
        self.assertIn("3/5", second.entry_id.not_selected_reason)
        with self.assertRaises(UserError) as refusal:
            second.entry_id.action_select()
        self.assertIn("hasn't approved", str(refusal.exception))
        self.assertTrue(session.digest)
        events = (
            self.env["hoithi.ledger"]
            .search([("contest_id", "=", self.contest.id)])
            .mapped("event")
        )
        self.assertEqual(events.count("vote.counted"), 4)
        self.assertEqual(events.count("session.closed"), 1)

    def test_the_base_may_be_those_present(self):
        self.council.approval_base = "present"
        session = self._open_session(self.voters[4:])
        item = session.item_ids[0]
        item.action_start_vote()
        self._vote(item, [AGREE, AGREE, AGREE, DISAGREE, None, None])
        item.action_count()
        self.assertEqual((item.base_count, item.outcome), (4, "approved"))
        self.assertIn("3/4 of the members present ≥ 2/3", item.basis)

    def test_more_than_half_is_not_half(self):
        self.council.write(
            {
                "approval_ratio": 0.5,
                "approval_more_than": True,
                "approval_base": "present",
            }
        )
        session = self._open_session(self.voters[4:])
        tie, more = session.item_ids[:2]
        for item, third in ((tie, DISAGREE), (more, AGREE)):
            item.action_start_vote()
            self._vote(item, [AGREE, AGREE, third, DISAGREE, None, None])
            self.assertEqual(item._get_board_data()["needed"], 3)
            item.action_count()
        self.assertEqual((tie.agree, tie.outcome), (2, "rejected"))
        self.assertIn("2/4 of the members present ≤ 1/2", tie.basis)
        self.assertEqual(more.outcome, "approved")
        self.assertIn("3/4 of the members present > 1/2", more.basis)
        self.assertEqual(tie._get_decision()["ratio"], "> 1/2")
        self.assertEqual(tie._get_desk()["ratio"], "> 1/2")

    def test_the_base_may_be_all_members(self):
        """Who has no vote and who must leave are counted among all members."""
        self.council.approval_base = "all_members"
        seats = self.council.member_ids
        session = self._open_session(self.voters[4:])
        item = session.item_ids[0]
        self._declare(item.entry_id, self.voters[3])
        item.action_start_vote()
        self._vote(item, [AGREE, AGREE, AGREE, None, None, None])
        item.action_count()
        self.assertGreater(len(seats), len(self.voters))
        self.assertEqual((item.base_count, item.outcome), (len(seats), "rejected"))
        self.assertIn("of all members of the council < 2/3", item.basis)

    # TIES

    def _preside(self, absent=(), base="present", **values):
        """A council of which a half decides, and whose presiding member may vote."""
        self.council.write(
            {"approval_ratio": 0.5, "approval_base": base, "casting_vote": True}
        )
        seats = [self.seats[user].id for user in self.voters[1:5]]
        session = self._create_session(
            (self.chair, *absent), tally_member_ids=[Command.set(seats)], **values
        )
        session.presiding_id = self.seats[self.voters[0]]
        session.action_build_agenda()
        self._make_keys(session)
        session.action_open()
        return session

    def test_who_presides_decides_an_open_tie(self):
        session = self._preside()
        self.assertTrue(session.casting_vote)
        yes, no, silent, none = session.item_ids
        for item, choices in (
            (yes, [AGREE, AGREE, AGREE, DISAGREE, DISAGREE, DISAGREE]),
            (no, [DISAGREE, AGREE, AGREE, AGREE, DISAGREE, DISAGREE]),
            (silent, ["blank", AGREE, AGREE, DISAGREE, DISAGREE, "blank"]),
            (none, [DISAGREE, AGREE, AGREE, AGREE, AGREE, DISAGREE]),
        ):
            item.action_start_vote()
            self._vote(item, choices)
            item.action_count()
        self.assertEqual(
            session.item_ids.mapped("outcome"),
            ["approved", "rejected", "rejected", "approved"],
        )
        self.assertEqual(
            session.item_ids.mapped("casting_choice"), [AGREE, DISAGREE, False, False]
        )
        self.assertIn("3 for and 3 against, a tie", no.basis)
        self.assertEqual(
            no._get_ledger_facts()["tally"]["casting_by"], session.presiding_id.id
        )
        yes.action_restart_vote(reason="Đếm nhầm")
        self.assertFalse(yes.casting_choice)
        self.assertEqual(yes.former_votes[0]["casting"], AGREE)

    def test_a_secret_tie_waits_for_who_presides(self):
        session = self._preside(ballot_mode="secret")
        item, *others = session.item_ids
        half = [AGREE, AGREE, AGREE, DISAGREE, DISAGREE, DISAGREE]
        for one in session.item_ids:
            one.action_start_vote()
            self._vote(one, half if one == item else [AGREE] * 6)
            self._count(one)
        self.assertTrue(item.awaits_casting)
        self.assertFalse(any(other.awaits_casting for other in others))
        with self.assertRaises(UserError) as refusal:
            session.action_close()
        self.assertIn("who presides decides it", str(refusal.exception))
        for user in (self.voters[1], self.secretary):
            with self.assertRaises(AccessError):
                item.with_user(user).action_break_tie(DISAGREE)
        own = item.with_user(self.voters[0])
        # who competes with it leaves it to whoever presides afterwards
        line = others[0].entry_id.sudo().representative_id
        author = line.partner_id
        line._open_door().partner_id = self.voters[0].partner_id
        self.assertFalse(own.can_break_tie)
        with self.assertRaisesRegex(AccessError, "You compete"):
            own.action_break_tie_disagree()
        line._open_door().partner_id = author
        self.env.invalidate_all()
        self.assertTrue(own.can_break_tie)
        with self.assertRaises(UserError):
            own.action_break_tie("blank")
        secretarys = item.with_user(self.secretary)
        _dialog, blocks = self._show(secretarys, "action_ask_tie_agree")
        self.assertIn("Who presides decides", blocks[0])
        dialog, blocks = self._show(own, "action_ask_tie_disagree")
        self.assertFalse(blocks)
        self.assertIn("isn't approved", dialog.effects[0])
        dialog.action_apply()
        self.assertEqual(item.outcome, "rejected")
        _dialog, blocks = self._show(own, "action_ask_tie_agree")
        self.assertIn("No tie", blocks[0])
        for again in (own, others[0].with_user(self.voters[0])):
            with self.assertRaises(UserError) as refusal:
                again.action_break_tie(AGREE)
            self.assertIn("No tie", str(refusal.exception))
        session.action_close()
        self.assertEqual(item.entry_id.state, "not_selected")
        self.assertTrue(self.contest.with_user(self.secretary).action_verify_ledger())

    def test_no_tie_where_one_vote_more_is_not_enough(self):
        """2 and 2 of 6 voting members: 3 of 6 aren't more than a half."""
        self.council.approval_more_than = True
        session = self._preside(self.voters[4:], "all_voting")
        item = session.item_ids[0]
        item.action_start_vote()
        self._vote(item, [AGREE, AGREE, DISAGREE, DISAGREE, None, None])
        item.action_count()
        self.assertEqual((item.outcome, item.casting_choice), ("rejected", False))
        self.assertIn("2/6", item.basis)
        self.assertFalse(item._is_tied(2, 2, 6))
        self.assertTrue(item._is_tied(2, 2, 4))

    def test_a_tie_that_waits_ends_with_the_contest(self):
        self._ask_besides({"name": "Có hiệu quả"})
        self.council.approval_more_than = True
        session = self._preside(ballot_mode="secret")
        item, beside, *others = session.item_ids
        item.union(*others).filtered(lambda one: one.entry_id != item.entry_id).unlink()
        item.action_start_vote()
        self._vote(item, [*[AGREE] * 3, *[DISAGREE] * 3])
        self._count(item)
        self.assertTrue(item.awaits_casting)
        self.assertFalse(beside.is_moot, "it may yet be approved")
        with self.assertRaisesRegex(UserError, "who presides decides it"):
            beside.action_start_vote()
        contest, entry = self.contest.with_user(self.secretary), item.sudo().entry_id
        contest.action_cancel(reason="Hoãn")
        contest.action_undo_cancel(reason="Làm tiếp")
        self.assertEqual((item.state, entry.state), ("pending", "reviewed"))
        self.assertEqual(item.former_votes[0]["agree"], 3)
        again = self._create_session()
        again.action_build_agenda()
        self.assertIn(entry, again.item_ids.sudo().entry_id)

    # HOW IS VOTED

    def test_the_rules_say_how_is_voted(self):
        with self.assertRaisesRegex(UserError, "reopen the rules"):
            self.council.with_user(self.secretary).ballot_mode = "secret"
        chosen = self._create_session()
        self.assertEqual(chosen.ballot_mode, "open")
        loading = {"hoithi_door": Load()}
        council = self.council.with_context(**loading)
        council.ballot_mode = "secret"
        self.assertEqual(chosen.ballot_mode, "secret", "it hasn't begun yet")
        with self.assertRaisesRegex(ValidationError, "this kind of vote: Secret"):
            chosen.ballot_mode = "open"
        with self.assertRaisesRegex(ValidationError, "this kind of vote: Secret"):
            self._create_session(ballot_mode="open")
        self.contest.with_context(**loading).question_rule_ids = [
            Command.create({"name": "Hiệu quả"}),
            Command.create({"name": "Nhân rộng", "ballot_mode": "open"}),
        ]
        session = self._open_session()
        main, effect, spread = session.item_ids.filtered(
            lambda item: item.entry_id == self.entries[0]
        )
        self.assertEqual(
            [item.ballot_mode for item in (main, effect, spread)],
            ["secret", "secret", "open"],
        )
        for item, mode in ((main, "open"), (effect, "open"), (spread, "secret")):
            with (
                self.subTest(item=item.display_name),
                self.assertRaisesRegex(ValidationError, "this kind of vote"),
            ):
                item.ballot_mode = mode
        # who meets then goes by what was in force, as for quorum and majority
        council.ballot_mode = "open"
        self.assertEqual((session.ballot_mode, main.ballot_mode), ("secret",) * 2)
        self.assertEqual(chosen.ballot_mode, "open")
        main.ballot_mode = "open"
        # another body has its own rule, or none
        self._form_committee()
        planned = self._create_session(is_confirming=True, ballot_mode="secret")
        self.assertEqual(planned.ballot_mode, "secret")

    def test_what_was_chosen_for_an_entry_outlives_other_rules(self):
        """Only how its own session is voted takes it back, by a rule or by hand."""
        session = self._create_session()
        session.action_build_agenda()
        chosen, other = session.item_ids[:2]
        chosen.ballot_mode = "secret"
        committee = self._form_committee()
        loading = {"hoithi_door": Load()}
        committee.with_context(**loading).ballot_mode = "secret"
        self.assertEqual((session.ballot_mode, other.ballot_mode), ("open",) * 2)
        self.assertEqual(chosen.ballot_mode, "secret")
        session.write(
            {
                "ballot_mode": "secret",
                "item_ids": [Command.update(chosen.id, {"ballot_mode": "open"})],
            }
        )
        self.assertEqual((other.ballot_mode, chosen.ballot_mode), ("secret", "open"))
        session.ballot_mode = "open"
        self.assertEqual(other.ballot_mode, "open")
        chosen.ballot_mode = "secret"
        copy = self.council.with_context(**loading)
        copy.ballot_mode = "open"
        self.assertEqual(chosen.ballot_mode, "open", "the rules bind it")

    def test_a_rule_that_comes_asks_the_tally_team_for_its_keys(self):
        session = self._create_session()
        council = self.council.with_context(hoithi_door=Load())
        told = [("subject", "like", "You are on the tally team")]
        messages = self.env["mail.message"].sudo()
        before = messages.search_count(told)
        council.ballot_mode = "secret"
        self.assertEqual(len(session.tally_member_ids), 3)
        self.assertEqual(messages.search_count(told), before + 3)
        copied = session.copy({"number": 77})
        self.assertEqual(copied.ballot_mode, "secret")
        council.ballot_mode = "open"
        self.assertEqual(copied.copy().ballot_mode, "open", "as the rules say now")

    # CONFIRMATION

    def _form_committee(self, users=None):
        """Three of the council, or others, are the committee that confirms."""
        roles = ("chair", "secretary", "member")
        committee = self.env["hoithi.council"].create(
            {
                "name": "Ban Tổ chức Hội thi",
                "approval_ratio": 0.5,
                "approval_more_than": True,
                "member_ids": [
                    Command.create({"user_id": user.id, "role": role})
                    for user, role in zip(users or self.voters, roles, strict=False)
                ],
            }
        )
        contest = self.contest.with_context(hoithi_door=Load())
        contest.confirming_council_id = committee
        return committee

    def _approve_all(self, session, voters, rejected=()):
        for item in session.item_ids:
            item.action_start_vote()
            for user in voters:
                if self.seats[user] not in item.recused_ids and user not in (
                    item.recused_ids.user_id
                ):
                    self._cast(item, user, DISAGREE if item in rejected else AGREE)
            item.action_count()
        session.action_close()

    def test_an_organising_committee_confirms(self):
        committee = self._form_committee()
        self._declare(self.entries[1], self.voters[1])
        first = self._open_session()
        self._approve_all(first, self.voters)
        entries = self.entries[0].union(*self.entries)
        self.assertEqual(set(entries.mapped("state")), {"selected"})
        self.assertEqual(entries._get_unratified(), entries)
        contest = self.contest.with_user(self.secretary)
        told = [check.text for check in contest._get_closing_gaps()]
        self.assertIn("4 selected entries aren't confirmed yet", told)
        nominations = self.env["hoithi.nomination"].with_user(self.secretary)
        early = nominations.browse(contest.action_create_nomination()["res_id"])
        early.dispatch_number = "51/TTr"
        with self.assertRaises(UserError) as refusal:
            early.action_send()
        self.assertIn("organising committee hasn't confirmed", str(refusal.exception))
        early.unlink()
        session = self._open_session(is_confirming=True)
        self.assertEqual(session.council_id, committee)
        self.assertEqual(session.voting_count, 3)
        self.assertEqual(session.item_ids.entry_id, entries)
        by_entry = {item.entry_id: item for item in session.item_ids}
        self.assertEqual(
            by_entry[self.entries[1]].recused_ids.user_id,
            self.voters[1],
            "on whichever body the conflict was declared",
        )
        self.assertEqual(by_entry[self.entries[1]].recused_ids.council_id, committee)
        with self.assertRaises(AccessError):
            self._cast(session.item_ids[0], self.voters[4], AGREE)
        rejected = by_entry[self.entries[2]]
        self._approve_all(session, self.voters[:3], rejected)
        self.assertEqual(rejected.entry_id.state, "not_selected")
        self.assertIn("organising committee", rejected.entry_id.not_selected_reason)
        self.assertFalse((entries - rejected.entry_id)._get_unratified())
        nomination = nominations.browse(contest.action_create_nomination()["res_id"])
        self.assertEqual(len(nomination.line_ids), 3)
        nomination.dispatch_number = "52/TTr"
        nomination.action_send()
        self.assertEqual(nomination.state, "sent")
        # who met, has met, whoever is to meet from now on
        planned = self._create_session()
        other = self.council.create({"name": "Hội đồng mới"})
        self.contest.with_context(hoithi_door=Load()).write(
            {"council_id": other.id, "confirming_council_id": False}
        )
        self.assertEqual(
            (first.council_id, session.council_id, planned.council_id),
            (self.council, committee, other),
        )

    def test_what_is_decided_again_is_confirmed_again(self):
        self._form_committee()
        self._approve_all(self._open_session(), self.voters)
        first = self._open_session(is_confirming=True)
        entries, item = first.item_ids.sudo().entry_id, first.item_ids[0]
        entry = item.sudo().entry_id
        (first.item_ids - item).unlink()
        self._approve_all(first, self.voters[:3])
        self.assertFalse(entry._get_unratified())
        entry.with_user(self.secretary).action_put_again(reason="Đếm nhầm phiếu")
        again = self._open_session()
        self.assertEqual(again.item_ids.sudo().entry_id, entry)
        self._approve_all(again, self.voters)
        self.assertEqual(entry._get_unratified(), entry)
        second = self._open_session(is_confirming=True)
        self.assertEqual(second.item_ids.sudo().entry_id, entries)
        # cut short it has confirmed nothing
        contest = self.contest.with_user(self.secretary)
        contest.action_cancel(reason="Hoãn")
        contest.action_undo_cancel(reason="Làm tiếp")
        third = self._open_session(is_confirming=True)
        self.assertEqual(third.item_ids.sudo().entry_id, entries)
        self._approve_all(third, self.voters[:3])
        self.assertFalse(entries._get_unratified())

    def test_a_committee_opens_what_it_votes_on(self):
        users = self._create_voters(2, login="committee")
        committee = self._form_committee(users)
        entry, other = self.entries[:2]
        self.env["hoithi.conflict"].create(
            {
                "entry_id": other.id,
                "member_id": committee.member_ids[0].id,
                "kind": "kinship",
                "note": "Em ruột",
            }
        )
        file = entry.sudo().dossier_ids
        self.assertTrue(file)
        for record in (entry, entry.author_ids, file):
            with self.subTest(record._name):
                record.with_user(users[0]).check_access("read")
                with self.assertRaises(AccessError):
                    record.with_user(users[0]).check_access("write")
        self.assertEqual(Form(entry.with_user(users[0])).name, entry.name)
        self.assertFalse(other.with_user(users[0]).has_access("read"))
        self.assertTrue(other.with_user(users[1]).has_access("read"))
        self.contest.with_context(hoithi_door=Load()).state = "review"
        self.env.invalidate_all()
        for record in (entry, entry.author_ids, file):
            self.assertFalse(record.with_user(users[0]).has_access("read"))

    def test_refused_committees(self):
        with self.assertRaises(ValidationError) as refusal:
            self._create_session(is_confirming=True)
        self.assertIn("No organising committee", str(refusal.exception))
        committee = self._form_committee()
        with self.assertRaises(UserError) as refusal:
            self._open_session(is_confirming=True)
        self.assertIn("waits for the council", str(refusal.exception))
        with self.assertRaises(UserError):
            self.contest.with_user(self.secretary).confirming_council_id = False
        with self.assertRaises(UserError):
            committee.with_user(self.secretary).approval_ratio = 1
        with self.assertRaises(ValidationError) as refusal:
            self.contest.with_context(
                hoithi_door=Load()
            ).confirming_council_id = self.council
        self.assertIn("can't confirm its own decisions", str(refusal.exception))

    # FURTHER QUESTIONS

    def _ask_besides(self, *questions):
        """The rules of the contest ask further questions of each entry."""
        return (
            self.env["hoithi.vote.question"]
            .with_context(hoithi_door=Load())
            .create([{"contest_id": self.contest.id, **vals} for vals in questions])
        )

    def _end_as_shown(self, session, *effects):
        """Close a session once its dialog tells what that leads to."""
        shown, _obstacles = self._show(session, "action_ask_close")
        told = "; ".join(shown.effects)
        for effect in effects:
            self.assertIn(effect, told)
        shown.action_apply()
        self.assertEqual(session.state, "closed")

    def test_further_questions_go_by_their_own_majority(self):
        effect, sector = self._ask_besides(
            {"name": "Có hiệu quả", "approval_ratio": 1, "ballot_mode": "secret"},
            {
                "name": "Nhân rộng trong ngành",
                "scope": "sector",
                "approval_ratio": 0.5,
                "approval_more_than": True,
                "approval_base": "present",
            },
        )
        seats = [self.seats[user].id for user in self.voters[:3]]
        session = self._open_session(tally_member_ids=[Command.set(seats)])
        self.assertEqual(len(session.item_ids), 12)
        main, second, third = session.item_ids[:3]
        self.assertEqual(
            [item.question_id for item in session.item_ids],
            [effect.browse(), effect, sector] * 4,
        )
        self.assertEqual(main.entry_id | second.entry_id, third.entry_id)
        self.assertEqual(second.entry_name, f"{main.entry_name} – Có hiệu quả")
        self.assertEqual((main.ballot_mode, second.ballot_mode), ("open", "secret"))
        self.assertEqual(third.entry_id.sudo().session_item_ids, main)
        five = [AGREE] * 5 + [DISAGREE]
        for item in session.item_ids:
            item.action_start_vote()
            self._vote(item, [*[AGREE] * 3, *[DISAGREE] * 3] if item == third else five)
            self._count(item)
        self.assertEqual(
            (main | second | third).mapped("outcome"),
            ["approved", "rejected", "rejected"],
        )
        self.assertIn("5/6 of all voting members < 1", second.basis)
        self.assertIn("3/6 of the members present ≤ 1/2", third.basis)
        fact = second._get_ledger_facts()["tally"]
        self.assertEqual((fact["question"], fact["ratio"]), (effect.id, "1"))
        self._end_as_shown(session, "lets 4 approved entries", "leaves 0 rejected")
        self.assertEqual(main.entry_id.state, "selected", "by the first question alone")
        self.assertEqual(
            session.item_ids.filtered(lambda i: i.outcome == "approved").question_id,
            sector,
        )
        self.assertFalse(self.contest._get_broken_invariants())
        self.assertFalse(self.entries[0].union(*self.entries)._get_broken_invariants())
        with self.assertRaises(ValidationError) as refusal:
            effect.name = "Khác"
        self.assertIn("stays as it was asked", str(refusal.exception))

    def _run_scopes(self, item, choices):
        item.action_start_vote()
        self._vote(item, choices)
        self._count(item)

    def test_a_scope_is_chosen_by_vote(self):
        """The widest that the majority reaches; who goes further goes along."""
        [scope] = self._ask_besides({"name": "Nhân rộng", "scope": "choice"})
        session = self._open_session()
        main, item = session.item_ids[:2]
        for other in session.item_ids - item:
            if not other.question_id:
                self._run_scopes(other, [AGREE] * 6)
        item.action_start_vote()
        for wrong in (AGREE, "village"):
            with self.assertRaisesRegex(UserError, "Vote one of: Whole country, Prov"):
                self._cast(item, self.voters[0], wrong)
        choices = ["province"] * 3 + ["sector", "department", DISAGREE]
        self._vote(item, choices)
        with self.assertRaises(UserError):
            self._cast(main, self.voters[0], "sector")
        self._count(item)
        self.assertEqual((item.outcome, item.outcome_scope), ("approved", "sector"))
        self.assertEqual((item.agree, item.disagree), (5, 1))
        self.assertEqual(
            item.basis, "Sector: 4/6 of all voting members ≥ 2/3", "three and one"
        )
        self.assertEqual(
            item.scope_words,
            "Department 1, Sector 1, Province 3, Whole country 0",
        )
        fact = item._get_ledger_facts()["tally"]
        self.assertEqual(
            (fact["scope"], fact["scopes"]["room"]["province"]), ("sector", 3)
        )
        shown = item.voter_ids.filtered(lambda v: v.member_id.user_id == self.voters[0])
        self.assertEqual(shown.shown_choice, "province")
        # taken again nothing of it is left
        item.action_restart_vote(reason="Nhầm phiếu")
        self.assertFalse(item.outcome_scope or item.scope_votes)
        self.assertEqual(item.former_votes[0]["scope"], "sector")
        self._run_scopes(item, ["province"] * 2 + ["sector"] * 3 + ["blank"])
        self.assertEqual(item.outcome_scope, "sector")
        rest = session.item_ids.filtered(lambda one: one.state == "pending")
        for number, other in enumerate(rest):
            self._run_scopes(other, [["country", "sector", DISAGREE][number]] * 6)
        session.action_close()
        self.assertEqual(
            [one.outcome_scope for one in rest], ["country", "sector", False]
        )
        entries = (item | rest).entry_id.sudo()
        self.assertEqual(
            [entry._get_decided_scope() for entry in entries],
            ["sector", "country", "sector", ""],
        )
        self.assertEqual(set(entries.mapped("state")), {"selected"}, "another question")
        self.assertFalse(entries._get_broken_invariants())
        self.assertFalse(session.item_ids._get_broken_tallies())
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))
        with self.assertRaises(ValidationError):
            scope.scope_count = "alone"

    def test_scopes_each_by_itself_and_in_secret(self):
        self._ask_besides(
            {
                "name": "Nhân rộng",
                "scope": "choice",
                "scope_count": "alone",
                "ballot_mode": "secret",
                "approval_ratio": 0.5,
            }
        )
        seats = [self.seats[user].id for user in self.voters[:3]]
        session = self._open_session(tally_member_ids=[Command.set(seats)])
        main, item, other, beside = session.item_ids[:4]
        for one in (main, other):
            self._run_scopes(one, [AGREE] * 6)
        self._run_scopes(item, ["province"] * 3 + ["sector"] * 2 + ["blank"])
        self.assertEqual(
            (item.outcome_scope, item.agree, item.invalid), ("province", 5, 1)
        )
        self.assertIn("Province: 3/6", item.basis)
        self.assertEqual(
            sorted(
                self.env["hoithi.ballot"]
                .search([("item_id", "=", item.id)])
                .mapped("choice")
            ),
            ["blank", *["province"] * 3, *["sector"] * 2],
        )
        self._run_scopes(beside, ["province"] * 2 + ["sector"] * 2 + ["department"] * 2)
        self.assertEqual((beside.outcome, beside.outcome_scope), ("rejected", False))
        self.assertIn("2/6", beside.basis, "none of them by itself")
        self.assertFalse(session.item_ids._get_broken_tallies())

    def test_preliminary_votes_come_first_and_decide(self):
        self._ask_besides(
            {"name": "Có hiệu quả"},
            {"name": "Biểu quyết sơ bộ", "phase": "before", "approval_ratio": 0.5},
        )
        loaded = self.contest.with_context(hoithi_door=Load())
        loaded.write({"vote_order": "worst", "preliminaries_first": True})
        session = self._open_session()
        first = session.item_ids[:4]
        self.assertEqual(set(first.mapped("is_preliminary")), {True})
        self.assertEqual(first.entry_id.ids, [entry.id for entry in self.entries])
        self.assertEqual(
            session.item_ids[4:].mapped(lambda item: item.question_id.name),
            [False, "Có hiệu quả"] * 4,
        )
        main, beside = session.item_ids[4:6]
        self.assertEqual(main.with_user(self.voters[0]).my_vote, "waiting")
        for act in (
            main.action_start_vote,
            lambda: self._cast(main, self.voters[0], AGREE),
        ):
            with self.assertRaisesRegex(UserError, "once the preliminary vote is"):
                act()
        for item in first:
            choice = DISAGREE if item == first[0] else AGREE
            self._run_scopes(item, [choice] * 6)
        self.assertTrue(main.is_moot and beside.is_moot)
        with self.assertRaisesRegex(UserError, "failed in the preliminary vote"):
            main.action_start_vote()
        self.assertEqual(main.with_user(self.voters[0]).my_vote, "none")
        # taken again it may go the other way
        first[0].action_restart_vote(reason="Đếm nhầm")
        self.assertFalse(main.is_moot or beside.is_moot)
        self._run_scopes(first[0], [DISAGREE] * 4 + [AGREE] * 2)
        for item in session.item_ids[4:].filtered(lambda item: not item.is_moot):
            self._run_scopes(item, [AGREE] * 6)
        self._end_as_shown(session, "lets 3 approved entries", "leaves 1 rejected")
        out = first[0].entry_id
        self.assertEqual(out.state, "not_selected")
        self.assertIn("Preliminary vote: 2/6", out.not_selected_reason)
        self.assertEqual((main.state, beside.state), ("pending", "pending"))
        self.assertEqual(set(first[1:].entry_id.mapped("state")), {"selected"})
        with self.assertRaisesRegex(UserError, "hasn't approved it: 2/6"):
            out.with_user(self.secretary).action_select()
        # a mistake here is put again as any other
        out.with_user(self.secretary).action_put_again(reason="Xét lại")
        self.assertEqual(self._open_session().item_ids.entry_id, out)

    def test_the_order_of_the_votes_is_a_rule(self):
        loaded = self.contest.with_context(hoithi_door=Load())
        session = self._create_session()
        best = [entry.id for entry in reversed(self.entries)]
        for rule, expected in (
            ("best", best),
            ("worst", best[::-1]),
            ("code", [e.id for e in sorted(self.entries, key=lambda e: e.code)]),
        ):
            loaded.vote_order = rule
            session.action_build_agenda()
            self.assertEqual(session.item_ids.entry_id.ids, expected, rule)
        with self.assertRaises(UserError):
            self.contest.with_user(self.secretary).vote_order = "best"

    def test_the_committee_is_asked_and_asked_again(self):
        self._form_committee()
        half = {"approval_ratio": 0.5}
        wide, *_of_committee = self._ask_besides(
            {"name": "Nhân rộng trong tỉnh", "scope": "province", **half},
            {"name": "Trong ngành", "scope": "sector", "body": "confirming", **half},
            {"name": "Sơ bộ", "phase": "before", "body": "confirming", **half},
        )
        council = self._open_session()
        self.assertEqual(council.item_ids.question_id, wide, "the others aren't asked")
        self._approve_all(council, self.voters)
        entries = council.item_ids.entry_id
        with self.assertRaisesRegex(UserError, "no such vote"):
            entries[0].with_user(self.secretary).action_confirm_again(reason="Sớm")
        session = self._open_session(is_confirming=True)
        self.assertEqual(len(session.item_ids.filtered("question_id")), 8)
        self.assertEqual(entries[0].sudo()._get_decided_scope(), "province")
        self.assertFalse(
            entries[0].with_user(self.staff)._get_told_scope(), "not confirmed yet"
        )
        wrong = session.item_ids.filtered(lambda item: not item.question_id)[0]
        self.assertFalse(wrong.entry_id.can_confirm_again, "it goes on")
        for item in session.item_ids:
            if item.is_moot:
                continue
            item.action_start_vote()
            for user in self.voters[:3]:
                self._cast(item, user, DISAGREE if item == wrong else AGREE)
            item.action_count()
        self._end_as_shown(session, "confirms 3 selected", "leaves 1 rejected")
        entry = wrong.entry_id.with_user(self.secretary)
        kept = (entries - wrong.entry_id)[0].with_user(self.secretary)
        self.assertEqual((entry.state, kept.state), ("not_selected", "selected"))
        self.assertTrue(entry.can_confirm_again and kept.can_confirm_again)
        for user in (self.voters[0], self.leader):
            with self.assertRaises(AccessError):
                entry.with_user(user).action_confirm_again(
                    reason="Không phải việc mình"
                )
        with self.assertRaises(UserError):
            entry.action_confirm_again()
        (entry | kept).action_confirm_again(reason="Đếm nhầm phiếu của Ban Tổ chức")
        self.assertEqual((entry.state, kept.state), ("selected", "selected"))
        self.assertFalse(entry.not_selected_reason)
        self.assertFalse(entries.sudo()._get_broken_invariants())
        self.assertEqual((entry | kept)._get_unratified(), entry | kept)
        again = self._open_session(is_confirming=True)
        self.assertEqual(
            again.item_ids.entry_id, (entry | kept).sudo(False).with_env(again.env)
        )

        def hold(meeting, rejected=()):
            for item in meeting.item_ids:
                if item.is_moot:
                    continue
                item.action_start_vote()
                for user in self.voters[:3]:
                    self._cast(item, user, DISAGREE if item in rejected else AGREE)
                item.action_count()
            meeting.action_close()

        # what fails in its preliminary vote is asked again as any other
        failing = again.item_ids.filtered(
            lambda item: item.is_preliminary and item.entry_id.id == entry.id
        )
        hold(again, failing)
        self.assertEqual((entry.state, kept.state), ("not_selected", "selected"))
        with self.assertRaisesRegex(UserError, "hasn't approved it: 0/3"):
            entry.action_select()
        self.assertTrue(entry.can_confirm_again)
        entry.action_confirm_again(reason="Đếm nhầm lần nữa")
        self.assertFalse(entries.sudo()._get_broken_invariants())
        last = self._open_session(is_confirming=True)
        self.assertEqual(last.item_ids.entry_id.ids, entry.ids)
        hold(last)
        self.assertEqual(entry.sudo()._get_decided_scope(), "sector", "the last word")
        self.assertEqual(entry.with_user(self.staff)._get_told_scope(), "Sector")
        self.assertFalse(entries._get_unratified())
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))
        self.assertFalse(entries.sudo()._get_broken_invariants())

    def test_a_question_falls_away_with_its_entry(self):
        self._ask_besides({"name": "Nhân rộng trong tỉnh", "scope": "province"})
        session = self._open_session()
        main, beside, other = session.item_ids[:3]
        with self.assertRaises(UserError) as refusal:
            beside.unlink()
        self.assertIn("leaves the agenda with its entry", str(refusal.exception))
        other.unlink()
        self.assertEqual(len(session.item_ids), 6)
        with self.assertRaisesRegex(UserError, "it is voted on once"):
            session.action_close()
        mine = beside.with_user(self.voters[0])
        self.assertEqual(mine.my_vote, "waiting", "perhaps nobody asks this")
        for act in (
            beside.action_start_vote,
            lambda: self._cast(beside, self.voters[0], AGREE),
        ):
            with self.assertRaisesRegex(UserError, "once the entry itself is decided"):
                act()
        for item in session.item_ids - beside:
            item.action_start_vote()
            self._vote(item, [DISAGREE if item == main else AGREE] * 6)
            item.action_count()
        self.assertTrue(beside.is_moot)
        self.assertFalse((session.item_ids - beside).filtered("is_moot"))
        with self.assertRaises(UserError) as refusal:
            self._cast(beside, self.voters[0], AGREE)
        self.assertIn("isn't asked any more", str(refusal.exception))
        self.assertEqual(beside.with_user(self.voters[0]).my_vote, "none")
        session.action_close()
        self.assertEqual(beside.state, "pending")
        self.assertEqual(main.entry_id.state, "not_selected")

    def test_questions_on_an_agenda_stay_in_the_rules(self):
        effect, sector = self._ask_besides(
            {"name": "Có hiệu quả"}, {"name": "Nhân rộng", "scope": "sector"}
        )
        session = self._create_session()
        session.action_build_agenda()
        self.contest.with_user(self.chair).action_reopen_rules(reason="Thêm câu hỏi")
        first, second = (row._to_rule() for row in effect | sector)
        rows = [second, first | {"approval": "3/4"}, {"name": "Khác"}]
        self.contest._take_questions(rows)
        self.contest.invalidate_recordset()
        self.assertEqual(self.contest.question_rule_ids[:2], sector | effect)
        self.assertEqual(
            self.contest.question_rule_ids.mapped("approval_ratio")[1:], [3 / 4, 2 / 3]
        )
        with self.assertRaisesRegex(UserError, "“Nhân rộng” is on the agenda"):
            self.contest._take_questions(rows[1:])
        session.item_ids.filtered(lambda item: not item.question_id).unlink()
        self.contest._take_questions(rows[1:2])
        self.assertEqual(self.contest.question_rule_ids, effect)

    def test_an_approved_entry_under_the_pass_mark_waits(self):
        self.criteria_set.sudo().min_total = 72
        session = self._open_session()
        for item in session.item_ids:
            self._vote(item, [AGREE] * 6)
        session.action_close()
        states = [entry.state for entry in self.entries]
        self.assertEqual(states, ["reviewed", "reviewed", "selected", "selected"])
        waiting = session.item_ids.filtered("selection_problems")
        self.assertEqual(len(waiting), 2)
        self.assertIn("72", waiting[0].selection_problems)

    def test_who_is_rejected_keeps_no_prize(self):
        office = self.contest.with_user(self.secretary)
        entries = self.env["hoithi.entry"].union(*self.entries).sudo()
        self.contest.sudo().with_context(hoithi_door=Load()).prize_ids = [
            Command.create({"rank": "consolation", "slots": 9})
        ]
        office.action_award_prizes()
        self.assertEqual(len(entries.award_ids), 4, "nobody votes so far")
        session = self._open_session()
        session.item_ids[3:].unlink()
        for item, vote in zip(session.item_ids, (AGREE, DISAGREE, AGREE), strict=True):
            self._vote(item, [vote] * 6)
        session.action_close()
        rejected = session.item_ids.sudo()[1].entry_id
        [gap] = office._get_award_checks()
        self.assertIn(gap, office._get_closing_gaps())
        self.assertIn(rejected.code, gap.text)
        told = office.action_award_prizes()["params"]["message"]
        self.assertIn("hasn't approved", told)
        self.assertEqual(
            entries.award_ids.entry_id,
            session.item_ids.sudo().entry_id - rejected,
        )

    def test_an_entry_on_an_agenda_is_selected_by_the_vote_alone(self):
        entry = self.entries[0].with_user(self.secretary)
        session = self._open_session()
        with self.assertRaises(UserError) as refusal:
            entry.action_select()
        self.assertIn("hasn't voted", str(refusal.exception))
        session.item_ids.filtered(
            lambda item: item.entry_id.id == self.entries[1].id
        ).unlink()
        self.entries[1].with_user(self.secretary).action_select()

    # CLOSING

    def test_a_wrong_vote_of_a_closed_session_is_put_again(self):
        session = self._open_session()
        for item in session.item_ids:
            self._vote(item, [DISAGREE if item == session.item_ids[0] else AGREE] * 6)
        entry = session.item_ids[0].sudo().entry_id
        office = entry.with_user(self.secretary)
        with self.assertRaises(UserError):
            office.action_put_again(reason="Chưa biểu quyết xong")
        session.action_close()
        self.assertEqual(office.state, "not_selected")
        with self.assertRaises(AccessError):
            entry.with_user(self.leader).action_put_again(reason="Đếm nhầm")
        with self.assertRaisesRegex(UserError, "reason"):
            office.action_put_again()
        office.action_put_again(reason="Đếm nhầm phiếu")
        self.assertEqual(office.state, "reviewed")
        self.assertFalse(office.not_selected_reason)
        self.assertEqual(session.item_ids[0].outcome, "rejected", "minutes stay")
        with self.assertRaisesRegex(UserError, "put to the council again"):
            office.action_select()
        told = self.env["hoithi.notice"].search([("kind", "=", "put_again")])
        self.assertEqual(told.partner_id, entry.author_ids.partner_id)
        again = self._create_session()
        again.action_build_agenda()
        self.assertEqual(again.item_ids.sudo().entry_id, entry)
        again.action_open()
        self._vote(again.item_ids, [AGREE] * 6)
        again.action_close()
        self.assertEqual(office.state, "selected")
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_an_entry_that_comes_back_by_a_decision_is_voted_on_anew(self):
        session = self._open_session()
        for item in session.item_ids:
            self._vote(item, [DISAGREE if item == session.item_ids[0] else AGREE] * 6)
        entry = session.item_ids[0].sudo().entry_id
        office = entry.with_user(self.secretary)
        back = {"reason": "Khiếu nại đúng", "decision": "77/QĐ-STNMT"}
        session.item_ids[0].action_count()
        office.action_disqualify(reason="Sao chép")
        with self.assertRaisesRegex(UserError, "or close the session"):
            office.action_readmit(**back)
        session.action_close()
        self.assertEqual(office.state, "disqualified")
        office.action_readmit(**back)
        self.assertEqual(office.state, "reviewed")
        self.assertEqual(session.item_ids[0].outcome, "rejected", "minutes stay")
        with self.assertRaisesRegex(UserError, "put to the council again"):
            office.action_select()
        again = self._create_session()
        again.action_build_agenda()
        self.assertEqual(again.item_ids.sudo().entry_id, entry)
        again.action_open()
        self._vote(again.item_ids, [AGREE] * 6)
        again.action_close()
        self.assertEqual(office.state, "selected")
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_a_contest_waits_for_its_open_session(self):
        session = self._open_session()
        for entry in self.entries:
            entry.sudo().with_context(hoithi_door=Load()).state = "not_selected"
        # whatever else may be missing is waived: this can't be
        self._waive_all()
        with self.assertRaisesRegex(UserError, "- A session of the council is open"):
            self.contest.with_user(self.secretary).action_close()
        self.assertEqual(self.contest.state, "council")
        session.item_ids.unlink()
        session.action_close()
        self._close()
        self.assertEqual(self.contest.state, "closed")

    def test_a_session_closes_when_all_is_decided(self):
        session = self._open_session()
        item, other = session.item_ids[:2]
        session.item_ids[2:].unlink()
        self._vote(item, [AGREE] * 6)
        self._vote(other, [AGREE] * 5 + [None])
        with self.assertRaises(UserError) as refusal:
            session.action_close()
        self.assertIn("5 of 6", str(refusal.exception))
        with self.assertRaises(UserError):
            self.contest.with_user(self.secretary).action_close()
        self._count(other, "Một thành viên đã về")
        session.action_close()
        self.assertEqual(session.state, "closed")
        self.assertEqual((other.issued, other.collected), (6, 5))

    def test_a_closed_session_never_changes(self):
        session = self._open_session(tally_member_ids=[Command.clear()])
        for item in session.item_ids:
            self._vote(item, [AGREE] * 6)
        session.action_close()
        self.env.flush_all()
        item = session.item_ids[0]
        line = session.attendance_ids[0]
        voter = item.voter_ids[0]
        acts = [
            (session, "write", {"place": "Khác"}),
            (session, "write", {"conclusion": "Khác"}),
            (session, "write", {"digest": "0"}),
            (session, "write", {"item_ids": [Command.delete(item.id)]}),
            (session, "write", {"item_ids": [Command.update(item.id, {"agree": 1})]}),
            (session, "write", {"state": "open"}),
            (line, "write", {"present": False}),
            (line, "unlink"),
            (item, "write", {"conclusion": "Khác"}),
            (item, "write", {"agree": 0}),
            (item, "write", {"state": "voting"}),
            (item, "unlink"),
            (session, "unlink"),
            (session, "action_open"),
            (session, "action_build_agenda"),
            (item, "action_start_vote"),
            (item, "action_count"),
            (item, "action_restart_vote", "Lý do"),
            (item, "action_present"),
            (session.attendance_ids, "create", {"session_id": session.id}),
            (
                session.item_ids,
                "create",
                {"session_id": session.id, "entry_id": self.entries[0].id},
            ),
            (voter, "write", {"voted": False}),
            (voter, "unlink"),
        ]
        for superuser in (False, True):
            for record, method, *args in acts:
                record = record.sudo(superuser)
                with (
                    self.subTest(record=record, method=method, args=args),
                    self.assertRaises(UserError),
                ):
                    getattr(record, method)(*args)
        with self.assertRaises(UserError):
            self._cast(item, self.voters[0], AGREE)
        self.env.invalidate_all()
        self.assertEqual((item.agree, item.state), (6, "counted"))
        session.message_post(body=Markup("Biên bản đã ký"))
        # conflicts and councils move on, the record of the meeting doesn't
        self._declare(item.entry_id, self.voters[0])
        self.council.approval_ratio = 1
        self.assertFalse(item.recused_ids)
        self.assertEqual(session.approval_ratio, 2 / 3)

    # WHO MAY WHAT

    def test_who_runs_and_reads_a_session(self):
        session = self._open_session()
        item = session.item_ids[0]
        for user in (self.voters[0], self.chair, self.leader):
            mine = session.with_user(user)
            self.assertEqual(mine.item_ids.with_user(user)[0].state, "pending")
            self.assertEqual(len(mine.attendance_ids), 10)
            self.assertTrue(mine.get_board_data()["items"])
            for record, method, *args in (
                (mine, "write", {"place": "x"}),
                (mine, "create", {"contest_id": self.contest.id}),
                (mine, "unlink"),
                (mine, "action_open"),
                (mine, "action_close"),
                (mine, "action_build_agenda"),
                (mine.attendance_ids[0], "write", {"present": False}),
                (mine.item_ids[0], "write", {"agree": 6}),
                (mine.item_ids[0], "action_start_vote"),
                (mine.item_ids[0], "action_present"),
                (mine.item_ids[0], "action_restart_vote", "x"),
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(UserError),
                ):
                    getattr(record, method)(*args)
        for user in (
            self.staff,
            self.internal,
            self.head,
            self.publisher,
            self.admin,
        ):
            for record in (session, session.attendance_ids, item, item.voter_ids):
                with (
                    self.subTest(user=user.login, model=record._name),
                    self.assertRaises(AccessError),
                ):
                    record.with_user(user).search([])
            with self.assertRaises(AccessError):
                self._cast(item, user, AGREE)
            with self.assertRaises(AccessError):
                session.with_user(user).get_board_data()
            with self.assertRaises(AccessError):
                session.with_user(user).get_ballot_data()

    def test_members_of_another_council_see_nothing(self):
        session = self._open_session()
        seat = self._other_seat()
        seat.user_id.group_ids += self.env.ref("hoithi_contest.group_member")
        sessions = session.with_user(self.internal)
        self.assertFalse(sessions.search([]))
        self.assertFalse(sessions.get_running())
        with self.assertRaises(AccessError):
            sessions.get_board_data()
        with self.assertRaises(AccessError):
            self._cast(session.item_ids[0], self.internal, AGREE)

    def test_other_companies_see_nothing(self):
        session = self._open_session()
        company = self.env["res.company"].create({"name": "Sở khác"})
        self.leader.write(
            {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        )
        self.assertFalse(session.with_user(self.leader).search([]))

    def test_tallies_are_counted_not_written(self):
        session = self._create_session()
        vals = {"session_id": session.id, "entry_id": self.entries[0].id}
        item = session.item_ids.create(vals)
        for values in (
            {"agree": 6},
            {"outcome": "approved"},
            {"recused_ids": [Command.link(self.council.member_ids[0].id)]},
        ):
            with self.assertRaises(AccessError):
                item.write(values)
            with self.assertRaises(AccessError):
                item.create({**vals, "entry_id": self.entries[1].id, **values})
        with self.assertRaises(UserError):
            item.create(
                {
                    "session_id": session.id,
                    "entry_id": self.entries[1].id,
                    "state": "counted",
                }
            )
        with self.assertRaises(UserError):
            item.write({"state": "counted"})
        with self.assertRaises(AccessError):
            session.write({"quorum_reached": not session.quorum_reached})

    # BOARD AND FORM

    def test_the_board_shows_the_result_after_the_count_only(self):
        session = self._open_session()
        item = session.item_ids[0]
        item.action_present()
        board = session.with_user(self.voters[0])
        self.assertEqual(board.get_running(), session.id)
        self.assertEqual(board.get_board_data()["current"]["state"], "pending")
        item.action_start_vote()
        self._vote(item, [AGREE, DISAGREE, None, None, None, None])
        current = board.get_board_data()["current"]
        self.assertEqual((current["cast"], current["issued"]), (2, 6))
        self.assertNotIn("agree", current)
        self._vote(item, [None, None, *[AGREE] * 4])
        item.action_count()
        current = board.get_board_data()["current"]
        self.assertEqual((current["agree"], current["outcome"]), (5, "approved"))
        self.assertEqual(board.get_board_data()["decided"], 1)
        ballot = board.get_ballot_data()["items"]
        self.assertEqual(
            [one["mine"] for one in ballot], ["voted", "to_vote", "to_vote", "to_vote"]
        )

    def test_what_happens_is_told_to_those_who_may_read(self):
        session = self._open_session()
        item = session.item_ids[0]
        item.action_start_vote()
        with patch.object(
            self.env.registry["bus.bus"], "_sendone", autospec=True
        ) as sent:
            self._cast(item, self.voters[0], AGREE)
        told = [
            (call.args[1], call.args[3])
            for call in sent.mock_calls
            if call.args[2] == "hoithi.session/changed"
        ]
        self.assertTrue(told)
        for channel, message in told:
            self.assertEqual(channel, session)
            self.assertEqual(message, {"session_id": session.id}, "and nothing else")
        asked = [f"hoithi.session_{session.id}", "hoithi.session_x"]
        neighbour = self._create_voters(1, "neighbour")[0]
        self.council.copy({"name": "Hội đồng khác", "member_ids": []}).member_ids = [
            Command.create({"user_id": neighbour.id})
        ]
        for user, allowed in (
            (self.voters[0], True),
            (self.leader, True),
            (neighbour, False),
            (self.internal, False),
            (self.staff, False),
        ):
            channels = self._get_channels(user, asked)
            texts = [str(channel) for channel in channels]
            self.assertEqual(str(session) in texts, allowed, user.login)
            self.assertNotIn(asked[0], texts)

    def _get_channels(self, user, asked):
        class Request:
            class session:
                uid = user.id

        path = "odoo.addons.bus.models.ir_websocket"
        with patch(f"{path}.request", None), patch(f"{path}.wsrequest", Request):
            return (
                self.env["ir.websocket"]
                .with_user(user)
                ._build_bus_channel_list(list(asked))
            )

    def test_the_secretary_plans_a_session_in_the_form(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hoithi_contest.hoithi_session_action"
        )
        self.assertIn("default_one_by_one", action["context"])
        sessions = self.env["hoithi.session"].with_user(self.secretary)
        with Form(sessions.with_context(default_one_by_one=True)) as form:
            form.contest_id = self.contest
            form.place = "Phòng họp số 1"
        session = form.save()
        session.action_build_agenda()
        session.action_all_present()
        self.assertEqual(session.present_count, 6)
        with Form(session) as form, form.attendance_ids.edit(9) as line:
            line.present = False
            line.reason = "Đi công tác"
        self.assertEqual(session.present_count, 5)
        session.action_open()
        first, second = session.item_ids[:2]
        self.assertEqual(first.with_user(self.voters[0]).my_vote, "waiting")
        first.action_start_vote()
        with self.assertRaises(UserError):
            second.action_start_vote()
        with self.assertRaises(UserError):
            self._cast(second, self.voters[0], AGREE)
        for voter, choice in zip(self.voters, (AGREE, DISAGREE, BLANK), strict=False):
            self._cast(first, voter, choice)
        self.assertEqual(first.cast_count, 3)
        action = session.with_user(self.voters[0]).action_view_ballot()
        self.assertEqual(action["tag"], "hoithi_session_ballot")
        self.assertEqual(action["context"]["active_id"], session.id)
        action = first.with_user(self.voters[0]).action_view_ballot()
        self.assertEqual(action["context"]["active_id"], session.id)
        self.assertEqual(action["params"], {"item_id": first.id})
        for view in ("form", "list", "kanban"):
            session.with_user(self.voters[0]).get_view(view_type=view)

    @mute_logger("odoo.sql_db")
    def test_a_contest_has_each_number_once(self):
        session = self._create_session()
        with self.assertRaises(UniqueViolation):
            self._create_session(number=session.number)
