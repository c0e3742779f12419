import base64
import io
import json
import zipfile
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PDF
from .session_common import SessionCommon


def export_facts(contest):
    """Return {id: content} of the opinions that the evidence package tells."""
    action = contest.action_export_evidence()
    file_id = int(action["url"].split("/")[3].partition("?")[0])
    content = contest.env["ir.attachment"].browse(file_id).raw
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        facts = [json.loads(line) for line in package.read("facts.jsonl").splitlines()]
        rows = [json.loads(line) for line in package.read("ledger.jsonl").splitlines()]
    told = {fact["id"]: fact["content"] for fact in facts if fact["kind"] == "opinion"}
    given = [row for row in rows if row.get("res_model") == "hoithi.session.opinion"]
    return told, {row["res_id"] for row in given}


AGREE, DISAGREE, BLANK = "agree", "disagree", "blank"
SCAN = {"scan": base64.b64encode(PDF), "filename": "y-kien.pdf"}
REASON = "Đi công tác, theo quy chế của Hội đồng"


@tagged("post_install", "-at_install")
class TestSessionOpinion(SessionCommon):
    """Absent members give their opinion in writing, where the rules allow."""

    rule = "open"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council.sudo().with_context(
            hoithi_door=cls._load()
        ).written_opinions = cls.rule
        cls.absent = cls.voters[4:]

    @classmethod
    def _load(cls):
        from ...models.guard.hoithi_guard_mixin import Load

        return Load()

    def _ask(self, session, **values):
        session.with_user(self.secretary).action_request_opinions(
            **{"reason": REASON, **values}
        )
        return self._find(session)

    def _find(self, session):
        opinions = self.env["hoithi.session.opinion"].search(
            [("session_id", "=", session.id)]
        )
        return {(o.item_id, o.user_id): o for o in opinions}

    def _run(self, session, item, choices):
        item.with_user(self.secretary).action_start_vote()
        for voter, choice in zip(self.voters, choices, strict=False):
            self._cast(item, voter, choice)

    def _give(self, opinion, choice, note=None):
        opinion.with_user(opinion.user_id).action_give(choice, note)

    # ASKING

    def test_absent_members_are_asked_and_told(self):
        session = self._open_session(self.absent)
        item, conflicted = session.item_ids[:2]
        self._declare(conflicted.entry_id, self.absent[0])
        before = fields.Datetime.now()
        asked = self._ask(session)
        self.assertEqual(
            {user for _item, user in asked}, set(self.absent), "of who is absent alone"
        )
        self.assertNotIn((conflicted, self.absent[0]), asked)
        self.assertEqual(len(asked), 7)
        opinion = asked[item, self.absent[0]]
        self.assertEqual(opinion.state, "asked")
        self.assertGreater(opinion.due_on, before + timedelta(days=6))
        told = self.env["mail.message"].search(
            [
                ("model", "=", session._name),
                ("res_id", "=", session.id),
                ("partner_ids", "in", self.absent[0].partner_id.ids),
            ]
        )
        self.assertIn(REASON, told[0].body)
        self.assertEqual(session.with_user(self.absent[0]).my_opinion_count, 3)
        self.assertEqual(session.with_user(self.voters[0]).my_opinion_count, 0)
        row = self.env["hoithi.ledger"].search(
            [("event", "=", "opinion.asked")], limit=1
        )
        self.assertEqual(row.contest_id, self.contest)

    def test_before_the_session_those_excused_are_asked(self):
        session = self._create_session(self.absent)
        session.action_build_agenda()
        seat = self.seats[self.voters[0]]
        line = session.attendance_ids.filtered(lambda one: one.member_id == seat)
        line.present = False
        asked = self._ask(session)
        self.assertEqual({user for _item, user in asked}, set(self.absent))

    def test_who_may_not_ask(self):
        session = self._open_session(self.absent)
        for user in (self.voters[0], self.leader, self.absent[0]):
            with self.assertRaises(AccessError):
                session.with_user(user).action_request_opinions(reason=REASON)
        office = session.with_user(self.secretary)
        with self.assertRaises(UserError):
            office.action_request_opinions()
        for moment in ("2020-01-01", "không", 7):
            with self.assertRaises(UserError):
                office.action_request_opinions(reason=REASON, due_date=moment)
        self.assertFalse(self._find(session))
        session.attendance_ids.write({"present": True})
        with self.assertRaises(UserError):
            office.action_request_opinions(reason=REASON)

    def test_the_dialog_asks_for_reason_and_moment(self):
        session = self._open_session(self.absent)
        action = session.with_user(self.secretary).action_ask_request_opinions()
        dialog = (
            self.env["hoithi.reason"].with_user(self.secretary).browse(action["res_id"])
        )
        day = self.contest._get_today() + timedelta(days=3)
        dialog.write({"reason": REASON, "due_date": str(day)})
        dialog.action_apply()
        opinion = self._find(session)[session.item_ids[0], self.absent[0]]
        self.assertEqual(opinion.due_on, self.contest._get_work_end(day))

    def test_rules_that_know_no_written_opinions(self):
        self.council.with_context(hoithi_door=self._load()).written_opinions = "none"
        session = self._open_session(self.absent)
        with self.assertRaises(UserError) as refusal:
            session.action_request_opinions(reason=REASON)
        self.assertIn(self.council.name, str(refusal.exception))

    def test_the_rule_is_fixed_with_the_others(self):
        with self.assertRaises(UserError):
            self.council.with_user(self.secretary).written_opinions = "all"
        session = self._open_session(self.absent)
        self.council.with_context(hoithi_door=self._load()).written_opinions = "none"
        self.assertEqual(session.written_opinions, self.rule)
        with self.assertRaises(AccessError):
            session.written_opinions = "all"

    def test_the_mail_server_is_away(self):
        """The e-mail is sent again, until the session is over."""
        session = self._open_session(self.absent)
        known = self.env["mail.mail"].search([])
        self._ask(session)
        mails = self.env["mail.mail"].search([]) - known
        asked = mails.filtered(lambda mail: "Your written opinion" in mail.subject)
        self.assertEqual(len(asked), len(self.absent))
        asked.failure_reason = "Connection refused"
        asked._hoithi_note_failure("mail_smtp", "Connection refused")
        self.assertEqual(set(asked.mapped("state")), {"outgoing"})
        problems = self.company.with_user(self.secretary)._get_mail_problems()
        self.assertRegex(
            " ".join(problems), f"Waiting: {len(asked)}.*Connection refused"
        )
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        session.sudo()._open_door().closed_on = tomorrow
        asked._hoithi_note_failure("mail_smtp", "Connection refused")
        self.assertEqual(set(asked.mapped("state")), {"cancel"})
        problems = self.company.with_user(self.secretary)._get_mail_problems()
        self.assertNotIn("refused", " ".join(problems))

    # GIVING

    def test_an_opinion_counts_as_one_of_all_voting_members(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        self._give(asked[item, self.absent[0]], AGREE, "Có tính mới.")
        self._give(asked[item, self.absent[1]], DISAGREE)
        self._run(session, item, [AGREE, AGREE, AGREE, DISAGREE])
        item.with_user(self.secretary).action_count()
        self.assertEqual((item.agree, item.disagree), (3, 1), "the votes in the room")
        self.assertEqual(
            (item.written, item.written_agree, item.written_disagree), (2, 1, 1)
        )
        self.assertEqual((item.base_count, item.outcome), (6, "approved"))
        self.assertIn("4/6", item.basis)
        self.assertIn("1", item.basis)
        self.assertEqual(
            item.with_user(self.secretary)._get_board_data()["agreeing"], 4
        )
        ledger = self.env["hoithi.ledger"]
        self.assertFalse(ledger._verify(self.contest.sudo()))
        self.assertFalse(
            set(self.env["hoithi.session.item"]._get_broken_tallies())
            & set(item.entry_id.ids)
        )
        # what is changed behind the ledger's back is found
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hoithi_session_opinion SET choice = 'agree' WHERE item_id = %s",
            [item.id],
        )
        self.env.invalidate_all()
        self.assertTrue(ledger._verify(self.contest.sudo()))
        self.assertIn(
            item.entry_id.id, self.env["hoithi.session.item"]._get_broken_tallies()
        )

    def test_without_the_opinion_the_same_vote_fails(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        self._run(session, item, [AGREE, AGREE, AGREE, DISAGREE])
        item.with_user(self.secretary).action_count()
        self.assertEqual(item.outcome, "rejected")
        self.assertEqual(item.written, 0)

    def test_each_question_is_answered_in_writing(self):
        self.env["hoithi.vote.question"].with_context(hoithi_door=self._load()).create(
            {"contest_id": self.contest.id, "name": "Có hiệu quả"}
        )
        session = self._open_session(self.absent)
        main, beside = session.item_ids[:2]
        asked = self._ask(session)
        self._give(asked[main, self.absent[0]], AGREE)
        self._give(asked[beside, self.absent[0]], DISAGREE, "Chưa có số liệu")
        # of an entry that wasn't approved nothing more is asked
        failed, moot = session.item_ids[2:4]
        for user in self.absent:
            self._give(asked[failed, user], DISAGREE)
        self._run(session, failed, [DISAGREE] * 4)
        failed.with_user(self.secretary).action_count()
        with self.assertRaisesRegex(UserError, "no vote on .* any more"):
            self._give(asked[moot, self.absent[0]], AGREE)
        with freeze_time(asked[main, self.absent[1]].due_on + timedelta(seconds=1)):
            for item in (main, beside):
                self._run(session, item, [AGREE, AGREE, AGREE, DISAGREE])
                item.with_user(self.secretary).action_count()
        self.assertEqual((main.written_agree, main.outcome), (1, "approved"))
        self.assertEqual((beside.written_disagree, beside.outcome), (1, "rejected"))

    def test_a_scope_is_chosen_in_writing(self):
        self.env["hoithi.vote.question"].with_context(hoithi_door=self._load()).create(
            {"contest_id": self.contest.id, "name": "Nhân rộng", "scope": "choice"}
        )
        session = self._open_session(self.absent)
        main, item = session.item_ids[:2]
        asked = self._ask(session)
        with self.assertRaisesRegex(UserError, "Choose one of: Whole country"):
            self._give(asked[item, self.absent[0]], AGREE)
        dialog = self.env["hoithi.opinion.give"].with_user(self.absent[0])
        dialog = dialog.create(
            {"opinion_id": asked[item, self.absent[0]].id, "scope_choice": "province"}
        )
        dialog.action_give()
        self._give(asked[item, self.absent[1]], "province")
        for user in self.absent:
            self._give(asked[main, user], AGREE)
        for one, choices in (
            (main, [AGREE] * 4),
            (item, ["province", "province", "sector", DISAGREE]),
        ):
            self._run(session, one, choices)
            one.with_user(self.secretary).action_count()
        self.assertEqual((item.outcome_scope, item.written_agree), ("province", 2))
        self.assertEqual(
            item.basis, "Province: 4/6 of all voting members (2 in writing) ≥ 2/3"
        )
        self.assertFalse(item._get_broken_tallies())

    def test_of_those_present_it_is_only_put_on_record(self):
        self.council.with_context(hoithi_door=self._load()).approval_base = "present"
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        for user in self.absent:
            self._give(asked[item, user], AGREE)
        self._run(session, item, [AGREE, AGREE, DISAGREE, DISAGREE])
        item.with_user(self.secretary).action_count()
        self.assertEqual((item.base_count, item.outcome), (4, "rejected"))
        self.assertEqual((item.written, item.written_agree), (2, 2))

    def test_refused_opinions(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        opinion = self._ask(session)[item, self.absent[0]]
        own = opinion.with_user(self.absent[0])
        for user in (self.absent[1], self.voters[0], self.leader, self.staff):
            with self.assertRaises(AccessError):
                opinion.with_user(user).action_give(AGREE)
        with self.assertRaises(AccessError):
            opinion.with_user(self.secretary).action_give(AGREE)
        for choice in (None, "yes", 1):
            with self.assertRaises(UserError):
                own.action_give(choice)
        with (
            freeze_time(opinion.due_on + timedelta(seconds=1)),
            self.assertRaises(UserError) as refusal,
        ):
            own.action_give(AGREE)
        self.assertIn(
            self.contest._format_moment(opinion.due_on), str(refusal.exception)
        )
        self.assertEqual(opinion.state, "asked")
        own.action_give(AGREE)
        with self.assertRaises(UserError):
            own.action_give(DISAGREE)
        self.assertEqual(opinion.sudo().choice, AGREE)

    def test_more_time_is_given_by_asking_again(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(
            session, due_date=str(self.contest._get_today() + timedelta(days=1))
        )
        self._give(asked[item, self.absent[1]], AGREE)
        late = asked[item, self.absent[0]]
        with freeze_time(late.due_on + timedelta(hours=1)):
            self.assertTrue(late.is_late)
            self._ask(session)
            self._give(late, AGREE)
        self.assertEqual(late.state, "given")
        self.assertEqual(asked[item, self.absent[1]].state, "given", "that stays")

    def test_a_conflict_is_refused(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        opinion, given = (asked[item, user] for user in self.absent)
        self._give(given, AGREE)
        self._declare(item.entry_id, *self.absent)
        with self.assertRaises(UserError):
            self._give(opinion, AGREE)
        # who gave one before is left out: the base has changed with it
        self._run(session, item, [AGREE] * 4)
        with self.assertRaises(UserError) as refusal:
            item.with_user(self.secretary).action_count()
        self.assertIn(given.member_id.display_name, str(refusal.exception))
        given.with_user(self.secretary).action_recall(reason="Xung đột lợi ích")
        item.with_user(self.secretary).action_count()
        self.assertEqual((item.written, item.base_count), (0, 4))

    def test_who_left_for_a_conflict_has_no_opinion_to_count(self):
        """Also where the conflict is lifted while the vote runs."""
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        for user in self.absent:
            self._give(asked[item, user], AGREE)
        self._declare(item.entry_id, self.absent[0])
        self._run(session, item, [AGREE] * 4)
        item.entry_id.sudo().conflict_ids._open_door().hard = False
        self.assertIn(self.seats[self.absent[0]], item.recused_ids)
        office = item.with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "recall it first"):
            office.action_count()
        asked[item, self.absent[0]].with_user(self.secretary).action_recall(
            reason="Xung đột lợi ích"
        )
        office.action_count()
        self.assertEqual((item.written, item.base_count), (1, 5))

    def test_who_comes_after_all_votes_in_the_room(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        self._give(asked[item, self.absent[0]], DISAGREE)
        session.attendance_ids.write({"present": True})
        with self.assertRaises(UserError):
            self._give(asked[item, self.absent[1]], AGREE)
        self._run(session, item, [AGREE] * 6)
        item.with_user(self.secretary).action_count()
        self.assertEqual((item.agree, item.written), (6, 0))

    def test_the_count_waits_for_what_may_come_in(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        self._run(session, item, [AGREE] * 4)
        office = item.with_user(self.secretary)
        with self.assertRaises(UserError) as refusal:
            office.action_count()
        self.assertIn(self.absent[0].name, str(refusal.exception))
        asked[item, self.absent[0]].with_user(self.secretary).action_recall(
            reason="Đã có ý kiến khác"
        )
        with freeze_time(asked[item, self.absent[1]].due_on + timedelta(seconds=1)):
            office.action_count()
        self.assertEqual((item.outcome, item.written), ("approved", 0))
        with self.assertRaises(UserError):
            self._give(asked[item, self.absent[1]], AGREE)

    # PAPER

    def test_a_paper_is_typed_in_with_its_scan(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        opinion = self._ask(session)[item, self.absent[0]]
        office = opinion.with_user(self.secretary)
        for values in ({}, {"scan": "không phải tệp"}, {**SCAN, "filename": "x.exe"}):
            with self.assertRaises(UserError):
                office.action_register_paper(AGREE, **values)
        for user in (self.absent[0], self.voters[0], self.leader):
            with self.assertRaises(AccessError):
                opinion.with_user(user).action_register_paper(AGREE, **SCAN)
        office.action_register_paper(AGREE, "Nhất trí", **SCAN)
        self.assertTrue(opinion.is_paper and opinion.scan_id.sudo().kept_sha256)
        self.assertEqual(opinion.given_by, self.secretary)
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.absent[0].partner_id.ids)], limit=1
        )
        self.assertIn(item.entry_name, told.subject)
        with self.assertRaises(AccessError):
            opinion.scan_id.with_user(self.secretary).unlink()
        # typed in wrongly: recalled with a reason and sent for again
        with self.assertRaises(UserError):
            office.action_recall()
        office.action_recall(reason="Nhập nhầm")
        self.assertFalse(opinion.sudo().choice)
        self._ask(session)
        office.action_register_paper(DISAGREE, **SCAN)
        self.assertEqual(opinion.sudo().choice, DISAGREE)

    def test_the_dialogs_do_the_same(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        own = asked[item, self.absent[0]].with_user(self.absent[0])
        action = own.action_open_give()
        dialog = own.env[action["res_model"]].browse(action["res_id"])
        dialog.write({"choice": AGREE, "note": "Đồng ý"})
        dialog.action_give()
        self.assertEqual(own.shown_choice, AGREE)
        office = asked[item, self.absent[1]].with_user(self.secretary)
        action = office.action_open_paper()
        dialog = office.env[action["res_model"]].browse(action["res_id"])
        with self.assertRaises(AccessError):
            dialog.with_user(self.absent[0]).read(["choice"])
        dialog.write({"choice": AGREE, **SCAN})
        dialog.action_give()
        self.assertTrue(office.is_paper)

    # WHO READS WHAT

    def test_nobody_follows_a_vote_by_what_was_written(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        opinion = asked[item, self.absent[0]]
        self._give(opinion, AGREE, "Có tính mới.")
        office = opinion.with_user(self.secretary)
        self.assertFalse(office.shown_choice or office.shown_note)
        for name in ("choice", "note"):
            with self.assertRaises(AccessError):
                office.read([name])
        told = item.with_user(self.secretary).onchange(
            {"conclusion": "x", "state": "counted", "ballot_mode": "open"},
            ["conclusion", "state", "ballot_mode"],
            {"opinion_ids": {"fields": {"shown_choice": {}, "shown_note": {}}}},
        )
        self.assertNotIn("Có tính mới.", str(told))
        self.assertEqual(opinion.with_user(self.absent[0]).shown_choice, AGREE)
        models = self.env["hoithi.session.opinion"]
        self.assertEqual(
            models.with_user(self.absent[1]).search([]).user_id, self.absent[1]
        )
        for user in (self.leader, self.staff):
            with self.assertRaises(AccessError):
                models.with_user(user).search([])
        asked[item, self.absent[1]].with_user(self.secretary).action_recall(
            reason="Không cần"
        )
        self._run(session, item, [AGREE] * 4)
        item.with_user(self.secretary).action_count()
        office.invalidate_recordset()
        self.assertEqual(
            (office.shown_choice, office.shown_note), (AGREE, "Có tính mới.")
        )

    def test_the_evidence_waits_for_the_count(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        opinion = asked[item, self.absent[0]]
        self._give(opinion, AGREE, "Có tính mới.")
        contest = self.contest.with_user(self.secretary)
        self.assertEqual(export_facts(contest), ({}, set()))
        self._give(asked[item, self.absent[1]], DISAGREE)
        self._run(session, item, [AGREE] * 4)
        item.with_user(self.secretary).action_count()
        facts, rows = export_facts(contest)
        self.assertIn("Có tính mới.", facts[opinion.id])
        self.assertEqual(rows, set(item.sudo().opinion_ids.ids))

    def test_a_conflict_hides_what_was_written(self):
        session = self._open_session(self.absent)
        item, other = session.item_ids[:2]
        asked = self._ask(session)
        opinion = asked[item, self.absent[0]]
        self._give(opinion, AGREE)
        dialog = (
            self.env["hoithi.opinion.give"]
            .with_user(self.secretary)
            .create({"opinion_id": opinion.id, "is_paper": True})
        )
        self.assertEqual(dialog.entry_name, item.entry_name)
        item.entry_id.sudo().author_ids.partner_id = self.secretary.partner_id
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(opinion.with_user(self.secretary).has_access("read"))
        self.assertTrue(
            asked[other, self.absent[0]].with_user(self.secretary).has_access("read")
        )
        self.assertTrue(opinion.with_user(self.absent[0]).has_access("read"))
        for name in ("entry_name", "member_name", "ballot_mode"):
            self.env.invalidate_all()
            with self.subTest(name), self.assertRaises(AccessError):
                dialog.read([name])
        # asked again, it isn't lost
        self._ask(session)
        self.assertEqual((opinion.state, opinion.sudo().choice), ("given", AGREE))

    def test_an_expert_gives_the_own_by_rpc(self):
        user, other = self.absent
        portal = self.env.ref("base.group_portal") | self.env.ref(
            "hoithi_contest.group_expert"
        )
        session = self._open_session(self.absent)
        asked = self._ask(session)
        user.group_ids = [Command.set(portal.ids)]
        item = session.item_ids[0]
        opinion, foreign = asked[item, user], asked[item, other]
        models = self.env["hoithi.session.opinion"].with_user(user)
        call_kw(models, "action_give", [opinion.ids, AGREE], {})
        self.assertEqual(opinion.sudo().choice, AGREE)
        self.assertEqual(models.search([]).user_id, user)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(models.has_access(operation))
        with self.assertRaises(AccessError):
            call_kw(models, "action_give", [foreign.ids, AGREE], {})

    def test_who_lost_the_vote_has_no_opinion_to_count(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        for user in self.absent:
            self._give(asked[item, user], AGREE)
        line = session.sudo().attendance_ids.filtered(
            lambda one: one.member_id.user_id == self.absent[0]
        )
        line._open_door().can_vote = False
        self._run(session, item, [AGREE] * 4)
        item.with_user(self.secretary).action_count()
        self.assertEqual(item.written, 1)

    def test_reopened_rules_tell_of_it(self):
        before = self.contest._get_rules()
        self.council.with_context(hoithi_door=self._load()).written_opinions = "none"
        self.assertIn(
            "Written opinions",
            self.contest._describe_differences(before, self.contest._get_rules()),
        )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes_an_opinion(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        opinion = self._ask(session)[item, self.absent[0]]
        vals = {"item_id": item.id, "member_id": self.seats[self.voters[0]].id}
        for user in (self.absent[0], self.secretary, self.admin):
            models = self.env["hoithi.session.opinion"].with_user(user)
            for method, args in (
                ("write", [opinion.ids, {"choice": AGREE, "state": "given"}]),
                ("create", [{**vals, "state": "given", "choice": AGREE}]),
                ("unlink", [opinion.ids]),
            ):
                with self.assertRaises(AccessError):
                    call_kw(models, method, args, {})
        self.assertEqual(opinion.state, "asked")

    def test_what_was_given_stays_on_record(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        opinion = self._ask(session)[item, self.absent[0]]
        self._give(opinion, AGREE)
        with self.assertRaises(UserError):
            item.with_user(self.secretary).unlink()
        opinion.with_user(self.secretary).action_recall(reason="Nhầm hồ sơ")
        item.with_user(self.secretary).unlink()
        self.assertFalse(opinion.exists())

    # VOTES

    def test_a_vote_that_is_taken_again_keeps_them(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        for user in self.absent:
            self._give(asked[item, user], AGREE)
        self._run(session, item, [AGREE] * 4)
        item.with_user(self.secretary).action_count()
        with self.assertRaises(UserError):
            asked[item, self.absent[0]].with_user(self.secretary).action_recall(
                reason="Sau kiểm phiếu"
            )
        item.with_user(self.secretary).action_restart_vote(reason="Đặt nhầm câu hỏi")
        self.assertEqual(item.former_votes[0]["written_agree"], 2)
        self.assertEqual(
            (item.written, asked[item, self.absent[0]].state), (0, "given")
        )
        # the question was another one: it is asked again
        asked[item, self.absent[0]].with_user(self.secretary).action_recall(
            reason="Câu hỏi khác"
        )
        self._run(session, item, [AGREE] * 4)
        item.with_user(self.secretary).action_count()
        self.assertEqual((item.written, item.written_agree), (1, 1))

    def test_never_in_a_secret_ballot_unless_the_rules_say_so(self):
        session = self._create_session(self.absent, ballot_mode="secret")
        session.action_build_agenda()
        with self.assertRaises(UserError):
            session.action_request_opinions(reason=REASON)
        # sent for while it was open, and made secret afterwards
        item = session.item_ids[0]
        item.ballot_mode = "open"
        opinion = self._ask(session)[item, self.absent[0]]
        item.ballot_mode = "secret"
        with self.assertRaises(UserError):
            self._give(opinion, AGREE)
        self._make_keys(session)
        session.action_open()
        with self.assertRaises(UserError):
            item.action_start_vote()
        item.ballot_mode = "open"
        self._give(opinion, AGREE)

    # MINUTES

    def test_the_minutes_tell_them_apart(self):
        session = self._open_session(self.absent)
        item = session.item_ids[0]
        asked = self._ask(session)
        self._give(asked[item, self.absent[0]], AGREE, "Có tính mới.")
        self._give(asked[item, self.absent[1]], DISAGREE)
        self._run(session, item, [AGREE, AGREE, AGREE, DISAGREE])
        item.with_user(self.secretary).action_count()
        document = (
            self.env["hoithi.document"]
            .with_user(self.secretary)
            .create(
                {
                    "kind": "minutes",
                    "res_model": "hoithi.session",
                    "res_id": session.id,
                }
            )
        )
        kind = self.env["hoithi.document.kind.minutes"].with_user(self.secretary)
        row = kind._get_items(document, session)[0]
        self.assertEqual((row["agree"], row["base"]), ("4", "6"))
        self.assertIn("đồng ý 3, không đồng ý 1", row["votes"])
        self.assertIn("vắng mặt: 2, trong đó đồng ý 1, không đồng ý 1", row["votes"])
        self.assertIn("4/6", row["basis"])
        self.assertIn("Có tính mới.", row["discussion"][0])
        self.assertIn(self.absent[0].name, row["discussion"][0])
        basis = kind._get_session_context(session)["approval_basis"]
        self.assertIn("văn bản", basis)

    def test_the_minutes_are_silent_where_none_came_in(self):
        session = self._open_session(self.absent)
        self._ask(session)
        kind = self.env["hoithi.document.kind.minutes"].with_user(self.secretary)
        basis = kind._get_session_context(session)["approval_basis"]
        self.assertNotIn("văn bản", basis)


@tagged("post_install", "-at_install")
class TestSecretOpinion(SessionCommon):
    """Rules that take written opinions in secret votes as well."""

    def test_only_numbers_are_told(self):
        self.council.with_context(
            hoithi_door=TestSessionOpinion._load()
        ).written_opinions = "all"
        absent = self.voters[5]
        session = self._open_session([absent], ballot_mode="secret")
        item = session.item_ids[0]
        session.with_user(self.secretary).action_request_opinions(reason=REASON)
        opinion = item.sudo().opinion_ids
        opinion.with_user(absent).action_give(AGREE, "Riêng tư")
        item.with_user(self.secretary).action_start_vote()
        for voter, choice in zip(
            self.voters, [AGREE, AGREE, AGREE, DISAGREE, BLANK], strict=False
        ):
            self._cast(item, voter, choice)
        self._count(item)
        self.assertEqual((item.agree, item.invalid, item.written_agree), (3, 1, 1))
        self.assertEqual((item.base_count, item.outcome), (6, "approved"))
        office = opinion.with_user(self.secretary)
        self.assertFalse(office.shown_choice or office.shown_note)
        self.assertEqual(
            export_facts(self.contest.with_user(self.secretary)), ({}, set())
        )
        rows = self.env["hoithi.document.kind.minutes"].with_user(self.secretary)
        self.assertFalse(rows._get_opinions(item.with_user(self.secretary)))
