from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from .session_common import SessionCommon


@tagged("post_install", "-at_install")
class TestSessionDesk(SessionCommon):
    """The desk of an open session shows where it stands, each reader's own part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls._open_session(absent=cls.voters[:1], one_by_one=True)
        cls.items = cls.session.item_ids

    def _read(self, user=None):
        self.env.invalidate_all()
        return self.session.with_user(user or self.secretary).desk

    def test_it_begins_with_the_agenda_and_the_roll(self):
        desk = self._read()
        self.assertEqual((desk["decided"], desk["total"]), (0, 4))
        self.assertFalse(desk["item"])
        self.assertEqual(desk["next"], self.items[0].id)
        # six vote, one is away, two thirds are four
        self.assertEqual((desk["present"], desk["voting"], desk["least"]), (5, 6, 4))
        self.assertEqual((desk["ratio"], desk["quorum"]), ("2/3", True))
        absent = [line["name"] for line in desk["roll"] if not line["present"]]
        self.assertIn(self.voters[0].name, absent)

    def test_a_vote_under_way(self):
        item = self.items[0]
        item.action_start_vote()
        self._cast(item, self.voters[1], "agree")
        self._cast(item, self.voters[2], "disagree")
        shown = self._read()["item"]
        self.assertEqual((shown["cast"], shown["issued"]), (2, 5))
        # of all who vote, whoever is there: two thirds of six
        self.assertEqual((shown["needed"], shown["base"]), (4, 6))
        voted = {voter["name"] for voter in shown["voters"] if voter["voted"]}
        self.assertEqual(
            voted, {self.seats[voter].display_name for voter in self.voters[1:3]}
        )
        # who voted is told, what isn't
        self.assertEqual(set(shown["voters"][0]), {"id", "name", "voted"})
        self.assertEqual(len(shown["totals"]), 2)
        # the other votes wait for this one
        self.items[1].action_present()
        self.assertFalse(self._read()["can_start"])

    def test_readers_see_what_is_theirs(self):
        item = self.items[0]
        self._declare(item.entry_id, self.voters[1])
        item.action_present()
        office = self._read()
        self.assertTrue(office["is_run"])
        self.assertEqual(
            office["item"]["recused"], [self.seats[self.voters[1]].display_name]
        )
        for user in (self.voters[1], self.voters[2], self.leader):
            with self.subTest(user=user.login):
                desk = self._read(user)
                self.assertFalse(desk["is_run"])
                self.assertFalse(desk["item"]["can_count"])
        # who must leave the room sees neither average nor sheets
        hidden = self._read(self.voters[1])["item"]
        self.assertEqual((hidden["score"], hidden["totals"]), (0, []))

    def test_sheets_of_a_former_round_are_left_out(self):
        item = self.items[0]
        item.action_present()
        self.assertEqual(len(self._read()["item"]["totals"]), 2)
        contest = self.contest.sudo()
        rounds = self.env["hoithi.round"].with_context(hoithi_door=Load()).sudo()
        first, second = rounds.create(
            [
                {"contest_id": contest.id, "name": name, "sequence": place}
                for place, name in enumerate(("Sơ khảo", "Chung khảo"), start=1)
            ]
        )
        load = {"hoithi_door": Load()}
        sheets = item.entry_id.review_ids.with_context(**load).sudo()
        sheets.round_id = first
        item.entry_id.with_context(**load).sudo().round_id = second
        self.assertEqual(self._read()["item"]["reviews"], [])
        sheets[0].round_id = second
        self.assertEqual(self._read()["item"]["reviews"], sheets[0].ids)

    def test_only_an_open_session_has_a_desk(self):
        planned = self._create_session()
        self.assertFalse(planned.desk)

    def test_who_has_not_voted_is_reminded(self):
        item = self.items[0]
        with self.assertRaisesRegex(UserError, "Nobody is to be reminded"):
            item.action_remind_voters()
        item.action_start_vote()
        for voter in self.voters[1:4]:
            self._cast(item, voter, "agree")
        message = item.action_remind_voters()["params"]["message"]
        for voter in self.voters[4:]:
            self.assertIn(self.seats[voter].display_name, message)
        self.assertNotIn(self.seats[self.voters[1]].display_name, message)
        for user in (self.voters[1], self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                item.with_user(user).action_remind_voters()

    def test_when_everything_is_decided(self):
        self.assertFalse(self.session.is_decided)
        with self.assertRaisesRegex(UserError, "can't be closed"):
            self.session.action_check_decided()
        for item in self.items[:-1]:
            item.action_start_vote()
            for voter in self.voters[1:]:
                self._cast(item, voter, "agree")
            self._count(item)
        self.assertFalse(self.session.is_decided)
        _shown, obstacles = self._show(self.session, "action_ask_close")
        self.assertIn("can't be closed", obstacles[0])
        # an open vote on which all have voted is counted by the end itself
        self.items[-1].action_start_vote()
        for voter in self.voters[1:]:
            self._cast(self.items[-1], voter, "agree")
        self.session.invalidate_recordset()
        self.assertTrue(self.session.is_decided)
        # the last vote came while a form still showed the locked button
        shown = self.session.action_check_decided()
        self.assertEqual(shown["tag"], "soft_reload")
        self.assertEqual(self.session.state, "open")
        with self.assertRaises(AccessError):
            self.session.with_user(self.leader).action_check_decided()
        with self.assertRaises(AccessError):
            self.session.with_user(self.leader).action_ask_close()
        shown, obstacles = self._show(self.session, "action_ask_close")
        self.assertEqual(obstacles, [])
        self.assertIn("counts 1 open votes", shown.effects[0])
        shown.action_apply()
        self.assertEqual(self.session.state, "closed")
        self.assertFalse(self._read())
