from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiNomination(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.first = cls._eligible_entry()
        cls.second = cls._eligible_entry(cls.internal, name="Tra cứu địa chính")
        cls.third = cls._eligible_entry(cls.internal, name="Máy bay đo đạc")
        cls._start_review()
        for entry, points in ((cls.first, 40), (cls.second, 50), (cls.third, 30)):
            for review in cls._assign(entry, cls.member1, cls.member2):
                cls._score(review, 20, points)
        office = cls.contest.with_user(cls.secretary)
        office.action_start_council()
        (cls.first | cls.second | cls.third).with_user(cls.secretary).action_select()
        action = office.action_create_nomination()
        cls.nomination = cls.env["hoithi.nomination"].with_user(cls.secretary)
        cls.nomination = cls.nomination.browse(action["res_id"])
        cls.office = office

    def _send(self):
        self.nomination.dispatch_number = "52/TTr-STNMT"
        self.nomination.action_send()

    def test_best_first(self):
        self.assertEqual(
            self.nomination.line_ids.entry_id.ids,
            (self.second | self.first | self.third).ids,
        )
        self.assertEqual(self.nomination.line_ids.mapped("average_score"), [70, 60, 50])
        with self.assertRaisesRegex(UserError, "No selected entry"):
            self.office.action_create_nomination()

    def test_sending_asks_for_number_and_lines(self):
        with self.assertRaisesRegex(UserError, "dispatch number"):
            self.nomination.action_send()
        empty = self.nomination.create({"contest_id": self.contest.id})
        with self.assertRaises(UserError) as refusal:
            empty.action_send()
        self.assertIn("at least one entry", str(refusal.exception))
        for user in (self.leader, self.chair, self.staff):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.nomination.with_user(user).action_send()
        self._send()
        self.assertEqual(self.nomination.state, "sent")
        self.assertEqual(self.nomination.sent_on, self.contest._get_today())
        self.assertEqual(set((self.first | self.second).mapped("state")), {"nominated"})
        notices = self.env["hoithi.notice"].search([("kind", "=", "nominated")])
        self.assertIn(self.staff.partner_id, notices.partner_id)

    def test_sending_shows_first_what_it_does(self):
        shown, obstacles = self._show(self.nomination, "action_ask_send")
        self.assertIn("list of 3 entries", shown.effects[0])
        self.assertTrue(shown.is_blocked)
        self.assertIn("dispatch number", obstacles[0])
        with self.assertRaisesRegex(UserError, "dispatch number"):
            shown.action_apply()
        self.nomination.dispatch_number = "52/TTr-STNMT"
        shown, obstacles = self._show(self.nomination, "action_ask_send")
        self.assertEqual(obstacles, [])
        self.assertEqual(self.nomination.state, "draft", "nothing is done by looking")
        # a card that is dropped on the column shows it as well
        self.assertEqual(self.nomination.get_moves()["sent"], "asks")
        move = self.nomination.get_move("sent")["action"]
        self.assertEqual(move["res_model"], "hoithi.preview")
        shown.action_apply()
        self.assertEqual(self.nomination.state, "sent")
        shown, obstacles = self._show(self.nomination, "action_ask_decide")
        self.assertIn("records 0 awards", shown.effects[0])
        self.assertIn("province's decision", obstacles[0])
        with self.assertRaises(AccessError):
            self.nomination.with_user(self.leader).action_ask_send()

    def test_only_selected_entries(self):
        self.third.with_user(self.secretary).action_not_select(reason="Chỉ tiêu")
        self.nomination.dispatch_number = "1/TTr"
        with self.assertRaises(UserError) as refusal:
            self.nomination.action_send()
        self.assertIn(self.third.name, str(refusal.exception))
        other = self._create_contest()
        self._launch(other)
        foreign = self._create_entry(contest=other)
        with self.assertRaises(ValidationError):
            self.nomination.line_ids = [Command.create({"entry_id": foreign.id})]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.nomination.line_ids = [Command.create({"entry_id": self.first.id})]

    def _draft_again(self):
        return self.nomination.create(
            {
                "contest_id": self.contest.id,
                "dispatch_number": "99/TTr",
                "line_ids": [Command.create({"entry_id": self.first.id})],
            }
        )

    def test_two_secretaries_make_one_list(self):
        """Each by a button or by hand; once the list is gone, anew."""
        with self.assertRaises(ValidationError):
            self._draft_again()
        empty = self.nomination.create({"contest_id": self.contest.id})
        with self.assertRaises(ValidationError) as refusal:
            empty.line_ids = [Command.create({"entry_id": self.first.id})]
        self.assertIn(self.first.name, str(refusal.exception))
        self.assertIn("on another list already", str(refusal.exception))
        self.nomination.line_ids.filtered(
            lambda line: line.entry_id == self.first.sudo()
        ).unlink()
        self.assertTrue(self._draft_again().line_ids)
        with self.assertRaises(ValidationError):
            self.nomination.line_ids[0].entry_id = self.first

    def test_an_entry_is_nominated_in_one_list(self):
        self._send()
        with self.assertRaises(ValidationError):
            self._draft_again()
        self.nomination.action_return(reason="Thiếu chữ ký")
        second = self._draft_again()
        second.action_send()
        with self.assertRaises(UserError) as refusal:
            self.nomination.action_send()
        self.assertIn(self.first.name, str(refusal.exception))

    def test_what_was_sent_stays(self):
        """Names change, the list that the province has doesn't."""
        self._send()
        before = self.nomination.line_ids.read(
            ["entry_name", "author_names", "department_name", "field_name"]
        )
        self.first.sudo().name = "Tên mới"
        self.first.sudo().author_ids.full_name = "Họ tên mới"
        self.sub_unit.name = "Tổ mới sáp nhập"
        self.field.name = "Lĩnh vực mới"
        self.env.invalidate_all()
        self.assertEqual(self.nomination.line_ids.read(list(before[0])), before)
        for vals in (
            {"dispatch_number": "53/TTr"},
            {"sent_on": "2020-01-01"},
            {"contest_id": self._create_contest().id},
            {"line_ids": [Command.clear()]},
            {"line_ids": [Command.delete(self.nomination.line_ids[0].id)]},
            {
                "line_ids": [
                    Command.update(self.nomination.line_ids[0].id, {"entry_name": "x"})
                ]
            },
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.nomination.write(vals)
        with self.assertRaises(UserError):
            self.nomination.unlink()
        self.nomination.note = "Gửi kèm 03 bộ hồ sơ"

    def test_a_returned_list_is_sent_again(self):
        self._send()
        with self.assertRaises(UserError):
            self.nomination.action_return(reason="")
        self.nomination.action_return(reason="Thiếu xác nhận của hồ sơ thứ ba")
        self.assertEqual(self.first.state, "nominated")
        self.first.sudo().name = "Tên đã chỉnh"
        self.nomination.line_ids[2].unlink()
        self.assertEqual(self.third.state, "selected", "off the list, not lost")
        self.nomination.dispatch_number = "60/TTr-STNMT"
        self.nomination.action_send()
        self.assertEqual(self.nomination.state, "sent")
        self.assertFalse(self.nomination.returned_reason)
        self.assertIn("Tên đã chỉnh", self.nomination.line_ids.mapped("entry_name"))
        self.third.with_user(self.secretary).action_not_select(reason="Tỉnh trả lại")
        self._close()
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_awards(self):
        self._send()
        self.nomination.action_receive()
        self.assertTrue(self.nomination.received_on)
        first, second, third = self.nomination.line_ids
        ranks = dict(first._fields["result_rank"]._description_selection(self.env))
        self.assertLessEqual({"first", "women", "none"}, set(ranks))
        self.assertFalse({"youngest", "most_entries"} & set(ranks), "of no solution")
        first.write({"result_rank": "first", "amount": 40_000_000})
        second.result_rank = "none"
        with self.assertRaisesRegex(UserError, "number of the province's decision"):
            self.nomination.action_decide()
        self.nomination.write({"decision_number": "9/QĐ", "decided_on": "2026-12-01"})
        self.nomination.action_decide()
        awards = self.env["hoithi.award"].search([("contest_id", "=", self.contest.id)])
        self.assertEqual(
            (awards.entry_id, awards.level, awards.rank, awards.amount),
            (self.second.sudo(), "province", "first", 40_000_000),
        )
        self.assertEqual(awards.decision_number, "9/QĐ")
        self.assertEqual(str(awards.decision_date), "2026-12-01")
        self.assertFalse(third.result_rank, "a place may stay empty")
        notices = self.env["hoithi.notice"].search([("kind", "=", "award")])
        self.assertEqual(notices.partner_id, self.internal.partner_id)
        for act in (
            lambda: first.write({"result_rank": "second"}),
            lambda: self.nomination.write({"decision_number": "10/QĐ"}),
            self.nomination.action_decide,
            lambda: self.nomination.action_return(reason="x"),
        ):
            with self.assertRaises(UserError):
                act()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            awards.copy()
        figures = self.env["hoithi.figures"]
        self.assertEqual(
            figures._get_entry_totals(self.contest, ["awarded"]), {"awarded": 1}
        )
        awards.with_user(self.secretary).action_hold(reason="Đang thanh tra")
        self.assertEqual(
            figures._get_entry_totals(self.contest, ["awarded"]), {"awarded": 0}
        )

    def test_nobody_gives_the_own_entry_an_award(self):
        self._send()
        self.nomination.action_receive()
        self.nomination.write({"decision_number": "9/QĐ-UBND"})
        line = self.nomination.line_ids.filtered(lambda one: one.entry_id == self.first)
        line.result_rank = "third"
        self.first.sudo().author_ids.partner_id = self.secretary.partner_id
        self.env.flush_all()
        self.env.invalidate_all()
        awards = self.env["hoithi.award"].with_user(self.secretary)
        given = awards.sudo().create({"entry_id": self.first.id, "rank": "third"})
        author = self.first.sudo().author_ids[:1]
        person = awards.sudo().create(
            {"entry_id": self.first.id, "rank": "oldest", "author_id": author.id}
        )
        with self.assertRaisesRegex(UserError, "another secretary"):
            person.with_env(awards.env).author_id = author
        for act in (
            lambda: line.write({"result_rank": "first"}),
            lambda: line.write({"amount": 9_000_000}),
            self.nomination.action_decide,
            lambda: awards.create(
                {"entry_id": self.first.id, "rank": "first", "level": "national"}
            ),
            lambda: given.with_env(awards.env).write({"rank": "first"}),
            lambda: given.with_env(awards.env).action_take_back(reason="Nhầm"),
        ):
            with self.assertRaises(UserError):
                act()
        self.assertEqual((line.result_rank, given.rank), ("third", "third"))

    def test_drafts_are_deleted_and_made_anew(self):
        self.nomination.unlink()
        self.assertEqual(self.first.state, "selected")
        self.assertTrue(self.office.action_create_nomination()["res_id"])

    def test_leader_reads(self):
        self.assertTrue(self.nomination.with_user(self.leader).name)
        with self.assertRaises(AccessError):
            self.nomination.with_user(self.leader).note = "x"
        with self.assertRaises(AccessError):
            self.nomination.with_user(self.chair).read(["name"])
