import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import PDF
from .session_common import SessionCommon

SCAN = {"scan": base64.b64encode(PDF), "filename": "bien-ban-kiem-phieu.pdf"}
COUNT = {
    "issued": 6,
    "collected": 6,
    "valid": 5,
    "invalid": 1,
    "agree": 4,
    "disagree": 1,
}


@tagged("post_install", "-at_install")
class TestSessionPaper(SessionCommon):
    """Secret votes by ballots on paper, counted by hand by the tally team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls._open_session(ballot_mode="secret", on_paper=True)
        cls.item = cls.session.item_ids[0]
        cls.tellers = list(cls.session.tally_member_ids.user_id)

    def _start(self, item=None):
        (item or self.item).with_user(self.secretary).action_start_vote()

    def _enter(self, user, item=None, **values):
        return (
            (item or self.item)
            .with_user(user)
            .action_enter_paper_count(**{**COUNT, **values})
        )

    # MODE

    def test_it_needs_no_keys_and_takes_two_tellers(self):
        self.assertTrue(self.session.has_paper_votes)
        self.assertFalse(self.session.has_secret_votes)
        self.assertEqual(len(self.tellers), 3)
        self.assertFalse(self.session.keyed_member_ids)
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.tellers[0].partner_id.ids)], limit=1
        )
        self.assertIn("on paper", told.body)

    def test_a_session_waits_for_its_tellers(self):
        self.session.item_ids.with_user(self.secretary).unlink()
        self.session.with_user(self.secretary).action_close()
        session = self._create_session(
            ballot_mode="secret", on_paper=True, tally_member_ids=False
        )
        session.tally_member_ids = False
        with self.assertRaises(UserError) as refusal:
            session.action_open()
        self.assertIn("Paper ballots", str(refusal.exception))

    def test_the_kind_is_chosen_before_the_vote(self):
        item = self.session.item_ids[1].with_user(self.secretary)
        item.on_paper = False
        item.on_paper = True
        with self.assertRaises(ValidationError):
            item.ballot_mode = "open"
            item.on_paper = True
        item.write({"ballot_mode": "secret", "on_paper": True})
        item.action_start_vote()
        for value in ({"on_paper": False}, {"ballot_mode": "open"}):
            with self.assertRaises(UserError):
                item.write(value)
        with self.assertRaises(UserError):
            self.session.with_user(self.secretary).on_paper = False

    def test_an_open_vote_is_none_on_paper(self):
        item = self.session.item_ids[1].with_user(self.secretary)
        item.ballot_mode = "open"
        self.assertFalse(item.on_paper)
        item.action_start_vote()
        self._cast(item, self.voters[0], "agree")
        with self.assertRaises(UserError):
            self._enter(self.tellers[0], item, **SCAN)
        self.assertEqual(item.state, "voting")

    def test_nobody_casts_here_what_is_put_into_a_box(self):
        for _again in range(2):
            with self.assertRaises(UserError):
                self._cast(self.item, self.voters[0], "agree")
            if self.item.state == "pending":
                self.assertEqual(self.item.with_user(self.voters[0]).my_vote, "paper")
                self._start()
        self.assertEqual(self.item.issued, 6)
        self.assertFalse(any(self.item.voter_ids.mapped("voted")))
        office = self.item.with_user(self.secretary)
        with self.assertRaises(UserError):
            office.action_remind_voters()
        with self.assertRaises(AccessError):
            office.action_count()
        with self.assertRaises(UserError):
            self.session.with_user(self.secretary).action_close()

    # COUNT

    def test_scopes_on_paper_are_entered_each(self):
        self.env["hoithi.vote.question"].with_context(hoithi_door=Load()).create(
            {"contest_id": self.contest.id, "name": "Nhân rộng", "scope": "choice"}
        )
        self.session.item_ids.with_user(self.secretary)._add_questions()
        item = self.item.entry_id.sudo().question_item_ids.with_env(self.env)
        item.write({"ballot_mode": "secret", "on_paper": True})
        self._start()
        for teller in self.tellers[:2]:
            self._enter(teller, **SCAN)
        self._start(item)
        wrong = ({"province": 3}, {"province": 5, "sector": -1}, {"sector": "4"}, None)
        for scopes in wrong:
            with self.assertRaises(UserError):
                self._enter(self.tellers[0], item, scopes=scopes, **SCAN)
        given = {"province": 3, "sector": 1}
        self._enter(self.tellers[0], item, scopes=given, **SCAN)
        # as many agree, but otherwise: both counts are void
        other = {"province": 1, "sector": 3}
        self.assertIsNone(self._enter(self.tellers[1], item, scopes=other))
        for teller in self.tellers[:2]:
            dialog = self.env["hoithi.paper.count"].with_user(teller)
            dialog.create({"item_id": item.id, **COUNT, **given, **SCAN}).action_enter()
        item.invalidate_recordset()
        self.assertEqual((item.outcome, item.outcome_scope), ("approved", "sector"))
        self.assertFalse(item._get_broken_tallies())

    def test_two_tellers_enter_the_same(self):
        self._start()
        self.assertFalse(self._enter(self.tellers[0], **SCAN))
        self.assertEqual((self.item.state, self.item.handed_in), ("voting", 1))
        self.assertEqual(self.item.agree, 0, "nothing is told of one count")
        self.assertTrue(self._enter(self.tellers[1]))
        item = self.item
        self.assertEqual(
            {name: item[name] for name in COUNT}, COUNT, "as it was entered"
        )
        self.assertEqual((item.state, item.outcome), ("counted", "approved"))
        self.assertEqual(
            item.paper_teller_ids.user_id, self.tellers[0] | self.tellers[1]
        )
        self.assertTrue(item.sudo().paper_scan_ids.kept_sha256)
        self.assertFalse(
            set(self.env["hoithi.session.item"]._get_broken_tallies())
            & set(item.entry_id.ids)
        )
        events = (
            self.env["hoithi.ledger"]
            .search([("contest_id", "=", self.contest.id)])
            .mapped("event")
        )
        self.assertEqual(events.count("paper.entered"), 2)
        self.assertIn("vote.counted", events)
        with self.assertRaises(UserError):
            self._enter(self.tellers[2])
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest.sudo()))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hoithi_session_item SET agree = 5, disagree = 0 WHERE id = %s",
            [item.id],
        )
        self.env.invalidate_all()
        self.assertTrue(self.env["hoithi.ledger"]._verify(self.contest.sudo()))
        self.assertIn(
            item.entry_id.id, self.env["hoithi.session.item"]._get_broken_tallies()
        )

    def test_each_question_has_its_own_count(self):
        self.env["hoithi.vote.question"].with_context(hoithi_door=Load()).create(
            {"contest_id": self.contest.id, "name": "Có hiệu quả", "approval_ratio": 1}
        )
        self.session.with_user(self.secretary).action_build_agenda()
        beside = self.item.entry_id.sudo().question_item_ids
        self.assertTrue(beside.on_paper)
        for item in (self.item, beside):
            self._start(item)
            self._enter(self.tellers[0], item, **SCAN)
            self._enter(self.tellers[1], item)
        self.assertEqual((self.item.outcome, beside.outcome), ("approved", "rejected"))
        self.assertEqual((beside.agree, beside.base_count), (4, 6))

    def test_one_teller_alone_decides_nothing(self):
        self._start()
        self._enter(self.tellers[0], **SCAN)
        self.assertFalse(self._enter(self.tellers[0]))
        self.assertEqual(self.item.state, "voting")

    def test_numbers_that_differ_are_void_and_not_told(self):
        self._start()
        self._enter(self.tellers[0], **SCAN)
        self.assertIsNone(self._enter(self.tellers[1], agree=3, disagree=2))
        self.assertEqual((self.item.state, self.item.handed_in), ("voting", 0))
        self.assertFalse(self.item.sudo().paper_tally, "nobody finds it by trying")
        told = self.session.message_ids[0].body
        for teller in self.tellers[:2]:
            self.assertIn(teller.name, told)
        self.assertNotIn("4", told.replace(self.item.display_name, ""))
        events = self.env["hoithi.ledger"].search([("event", "=", "paper.differed")])
        self.assertEqual(events.contest_id, self.contest)
        # both count and enter anew, with the paper of that count
        with self.assertRaises(UserError):
            self._enter(self.tellers[1], agree=3, disagree=2)
        self._enter(self.tellers[0], agree=3, disagree=2, **SCAN)
        self.assertTrue(self._enter(self.tellers[1], agree=3, disagree=2))
        self.assertEqual((self.item.agree, self.item.outcome), (3, "rejected"))

    def test_refused_counts(self):
        with self.assertRaises(UserError):
            self._enter(self.tellers[0], **SCAN)
        self._start()
        for user in (self.secretary, self.leader, self.voters[5], self.staff):
            if user not in self.tellers:
                with self.assertRaises(AccessError):
                    self._enter(user, **SCAN)
        for values in (
            {"collected": 7, "valid": 6},
            {"invalid": 0},
            {"agree": 5},
            {"issued": 5},
            {"agree": -1, "disagree": 6},
            {"valid": None},
            {"valid": "5"},
            {"collected": 0, "valid": 0, "invalid": 0, "agree": 0, "disagree": 0},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._enter(self.tellers[0], **values, **SCAN)
        with self.assertRaises(UserError):
            self._enter(self.tellers[0])
        with self.assertRaises(ValidationError):
            self._enter(self.tellers[0], scan=SCAN["scan"], filename="x.exe")
        self.assertFalse(self.item.sudo().paper_tally)
        for name, value in (("paper_tally", {"agree": 6}), ("agree", 6)):
            with self.assertRaises(AccessError):
                self.item.with_user(self.secretary)[name] = value

    def test_a_teller_in_conflict_counts_nothing(self):
        self._declare(self.item.entry_id, self.tellers[0])
        self._start()
        with self.assertRaises(AccessError):
            self._enter(self.tellers[0], **SCAN)
        self._enter(self.tellers[1], **SCAN)
        self._enter(self.tellers[2])
        self.assertEqual(self.item.state, "counted")

    def test_a_conflict_found_after_the_start_stops_the_count(self):
        self._start()
        self._enter(self.tellers[0], **SCAN)
        voter = next(user for user in self.voters if user not in self.tellers)
        self._declare(self.item.entry_id, voter)
        for user in self.tellers[:2]:
            with self.assertRaises(UserError) as refusal:
                self._enter(user)
            self.assertIn(voter.name, str(refusal.exception))
        self.assertEqual(self.item.state, "voting")

    def test_nobody_reads_the_first_count(self):
        self._start()
        self._enter(self.tellers[0], **SCAN)
        for user in (self.voters[5], self.tellers[1], self.secretary):
            with self.assertRaises(AccessError):
                self.item.with_user(user).read(["paper_tally"])
        self.assertFalse(self.item.sudo().paper_scan_ids)
        scan = self.env["ir.attachment"].browse(self.item.sudo().paper_tally["scan"])
        for user in (self.tellers[1], self.secretary):
            self.assertFalse(scan.with_user(user).has_access("read"))
        self._enter(self.tellers[1], **SCAN)
        scans = self.item.sudo().paper_scan_ids
        self.assertEqual(len(scans), 2)
        self.assertIn(scan, scans)
        self.assertTrue(scan.with_user(self.secretary).has_access("read"))

    def test_the_dialog_is_for_who_reads_the_item(self):
        [outsider] = self._create_voters(1, "outsider")
        dialogs = self.env["hoithi.paper.count"]
        for user, reads in ((self.tellers[0], True), (outsider, False)):
            dialog = dialogs.with_user(user).create({"item_id": self.item.id})
            for name in ("entry_name", "handed_in"):
                self.env.invalidate_all()
                if reads:
                    self.assertEqual(dialog.read([name])[0][name], self.item[name])
                    continue
                with self.assertRaises(AccessError):
                    dialog.read([name])

    def test_too_few_tellers_start_no_vote(self):
        self._declare(self.item.entry_id, *self.tellers[:2])
        with self.assertRaises(UserError):
            self._start()
        self.assertEqual(self.item.state, "pending")

    def test_a_count_is_taken_again_and_kept(self):
        self._start()
        self._enter(self.tellers[0], **SCAN)
        self._enter(self.tellers[1])
        scan = self.item.sudo().paper_scan_ids
        self.item.with_user(self.secretary).action_restart_vote(
            reason="Phiếu phát thiếu"
        )
        [former] = self.item.former_votes
        self.assertEqual((former["agree"], former["paper"]), (4, scan.kept_sha256))
        self.assertFalse(self.item.sudo().paper_tally or self.item.paper_teller_ids)
        self.assertEqual(self.item.sudo().paper_scan_ids, scan, "it stays on record")
        self._start()
        with self.assertRaises(UserError):
            # the paper of another count is no scan of this one
            self._enter(self.tellers[0])

    def test_the_dialog_enters_the_same(self):
        self._start()
        for number, user in enumerate(self.tellers[:2]):
            session = self.session.with_user(user)
            self.assertTrue(session.can_enter_papers)
            action = session.action_open_paper_count()
            dialog = session.env[action["res_model"]].browse(action["res_id"])
            dialog.write({**COUNT, **({} if number else SCAN)})
            dialog.action_enter()
            if not number:
                other = session.with_user(self.tellers[2])
                action = other.action_open_paper_count()
                wrong = other.env[action["res_model"]].browse(action["res_id"])
                wrong.write({**COUNT, "agree": 3, "disagree": 2})
                told = wrong.action_enter()["params"]["message"]
                self.assertIn("The two counts differ", told)
                dialog.action_enter()
        self.assertEqual(self.item.state, "counted")
        with self.assertRaises(UserError):
            self.session.with_user(self.tellers[0]).action_open_paper_count()

    def test_the_papers_say_how_it_was_counted(self):
        self._start()
        self._enter(self.tellers[0], **SCAN)
        self._enter(self.tellers[1])
        kind = self.env["hoithi.document.kind.tally_minutes"].with_user(self.secretary)
        votes = kind._get_votes(self.item)
        self.assertIn("phiếu giấy", votes["votes"])
        self.assertEqual((votes["issued"], votes["invalid"]), ("6", "1"))
        self.assertIn("phiếu giấy", kind._get_mode_words(self.session))
        document = (
            self.env["hoithi.document"]
            .with_user(self.secretary)
            .create(
                {
                    "kind": "tally_minutes",
                    "res_model": "hoithi.session",
                    "res_id": self.session.id,
                }
            )
        )
        note = kind._get_own_context(document)["note"]
        self.assertIn(self.item.sudo().paper_scan_ids.kept_sha256, note)
        self.assertIn(self.tellers[0].name, note)
