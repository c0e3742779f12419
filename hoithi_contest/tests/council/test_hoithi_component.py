import base64
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ...models.guard.hoithi_guard_mixin import Load
from ...models.guard.hoithi_rate import TooOften
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestComponent(HoithiCommon, HttpCase):
    """A vote of the public, and a bonus, beside the sheets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contest.reviews_per_entry = 1
        cls.office = cls.contest.with_user(cls.secretary)
        cls.vote, cls.bonus = (
            cls.env["hoithi.component"]
            .with_user(cls.secretary)
            .create(
                [
                    {
                        "contest_id": cls.contest.id,
                        "name": "Bình chọn",
                        "kind": "community",
                        "most": 20,
                        "sequence": 1,
                    },
                    {
                        "contest_id": cls.contest.id,
                        "name": "Điểm cộng",
                        "kind": "bonus",
                        "most": 2,
                        "least": -5,
                        "sequence": 2,
                    },
                ]
            )
        )
        cls._launch()
        cls.first, cls.second = (
            cls._eligible_entry(name=f"Giải pháp số {number}").sudo()
            for number in (1, 2)
        )
        cls._start_review()
        for entry, scores in ((cls.first, (30, 40)), (cls.second, (20, 40))):
            [review] = cls._assign(entry, cls.member1)
            cls._score(review, *scores)

    def _open(self):
        now = fields.Datetime.now()
        self.vote.write(
            {
                "vote_start": now - timedelta(hours=1),
                "vote_end": now + timedelta(hours=1),
            }
        )

    def _close(self):
        now = fields.Datetime.now()
        self.vote.vote_end = now - timedelta(seconds=1)

    def _vote(self, entry, *users):
        for user in users:
            self.vote.with_user(user).action_vote(entry.id)

    def _list_counted_rows(self):
        return self.env["hoithi.ledger"].search(
            [
                ("contest_id", "=", self.contest.id),
                ("event", "=", "component.counted"),
            ]
        )

    def test_votes_are_shared_out_and_added(self):
        self._open()
        self._vote(self.second, self.head, self.internal, self.member2)
        self._vote(self.first, self.leader)
        self.assertEqual(self.vote.vote_count, 4)
        self.assertEqual(self.second.average_score, 60, "not before they are counted")
        with self.assertRaisesRegex(UserError, "once its time is over"):
            self.vote.action_count_votes()
        _shown, [obstacle] = self._show(self.vote, "action_ask_count_votes")
        self.assertIn("once its time is over", obstacle)
        self._close()
        shown, obstacles = self._show(self.vote, "action_ask_count_votes")
        self.assertEqual(obstacles, [])
        self.assertIn("votes of 4 and gives each of the 2", shown.effects[0])
        self.assertFalse(self.vote.counted_on, "nothing is counted by looking")
        shown.action_apply()
        self.assertEqual(self.second.average_score, 80)
        self.assertEqual(self.first.average_score, 76.67, "70 + 20 × 1/3")
        self.assertEqual((self.second.rank, self.first.rank), (1, 2))
        self.assertIn("20 × 1 / 3", self.first.score_formula)
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())
        self.assertFalse(self.env["hoithi.component"]._find_broken_votes(self.contest))
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))
        self.assertEqual(self._list_counted_rows().entry_id, self.first + self.second)
        [row] = self._list_counted_rows().filtered(lambda row: not row.entry_id)
        self.assertNotIn("votes", json.loads(row.payload))
        with self.assertRaises(UserError):
            self.vote.action_count_votes()

    def test_one_vote_a_person(self):
        with self.assertRaisesRegex(UserError, "No votes are taken"):
            self._vote(self.first, self.head)
        self._open()
        self._vote(self.first, self.head)
        with self.assertRaisesRegex(UserError, "voted already"):
            self._vote(self.second, self.head)
        with self.assertRaisesRegex(UserError, "own entry"):
            self._vote(self.first, self.staff)
        with self.assertRaisesRegex(UserError, "Choose one"):
            self.vote.with_user(self.leader).action_vote(0)
        with self.assertRaises(AccessError):
            self.vote.with_user(self.leader).action_count_votes()
        self._close()
        with self.assertRaisesRegex(UserError, "No votes are taken"):
            self._vote(self.first, self.leader)

    def test_two_logins_of_one_person_vote_once(self):
        officer, desk = self._create_logins(
            [
                {
                    "login": login,
                    "name": self.coauthor.name,
                    "email": f"{login}@sotnmt.example.vn",
                    "group_ids": [Command.set(self.env.ref(group).ids)],
                }
                for login, group in (
                    ("t_officer", "hr.group_hr_user"),
                    ("t_desk", "base.group_user"),
                )
            ]
        )
        employee = self.employees[self.coauthor]
        employee.user_id = desk
        employee.work_contact_id = self.coauthor.partner_id
        self._open()
        self._vote(self.first, self.coauthor)
        self.assertTrue(self.vote.with_user(desk)._has_voted())
        with self.assertRaisesRegex(UserError, "voted already"):
            self._vote(self.second, desk)
        # who isn't known to be the same person isn't taken for it
        self.assertFalse(self.vote.with_user(officer)._has_voted())
        union = (
            self.env["hoithi.login.union"]
            .with_user(officer)
            .create(
                {
                    "employee_id": employee.id,
                    "portal_user_id": self.coauthor.id,
                    "reason": "Có thêm tài khoản nội bộ",
                }
            )
        )
        union.action_ask_colleague()
        union.with_user(desk).action_confirm()
        self.env.invalidate_all()
        for login in (self.coauthor, desk):
            with self.subTest(login), self.assertRaisesRegex(UserError, "already"):
                self._vote(self.second, login)
        self.assertEqual(self.vote.vote_count, 1)
        self.assertFalse(self.env["hoithi.component"]._find_broken_votes(self.contest))

    def test_nobody_votes_for_the_own_entry_by_another_login(self):
        [desk] = self._create_logins(
            [
                {
                    "login": "t_desk",
                    "name": self.staff.name,
                    "email": "t_desk@sotnmt.example.vn",
                    "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
                }
            ]
        )
        employee = self.employees[self.staff]
        employee.user_id = desk
        employee.work_contact_id = self.staff.partner_id
        self._open()
        with self.assertRaisesRegex(UserError, "own entry"):
            self._vote(self.first, desk)
        self.assertFalse(self.vote.vote_count)

    def test_several_votes_of_each(self):
        self.contest.with_user(self.chair).action_reopen_rules(reason="Hai phiếu")
        self.vote.votes_each = 2
        self.contest.with_user(self.chair).action_fix_rules()
        self._open()
        ids = [self.first.id, self.second.id]
        voter = self.vote.with_user(self.head)
        for wrong, told in (
            ([*ids, ids[0]], "Choose one"),
            ([ids[0], ids[0]], "Choose one"),
            ([ids[0], 0], "Choose one"),
            ([], "Choose one"),
        ):
            with self.subTest(wrong), self.assertRaisesRegex(UserError, told):
                voter.action_vote(wrong)
        voter.action_vote(ids)
        with self.assertRaisesRegex(UserError, "voted already"):
            voter.action_vote(self.second.id)
        self._vote(self.second, self.leader)
        self.assertEqual(self.vote.vote_count, 2)
        self.assertFalse(self.env["hoithi.component"]._find_broken_votes(self.contest))
        path = f"/hoithi/{self.contest.id}/vote"
        self.authenticate(self.internal.login, self.internal.login)
        self.assertIn('type="checkbox"', self.url_open(path).text)
        posted = {"entry": list(map(str, ids)), "csrf_token": Request.csrf_token(self)}
        self.assertIn("is counted", self.url_open(path, data=posted).text)
        self.env.invalidate_all()
        self.contest.with_user(self.chair).action_reopen_rules(reason="Một phiếu")
        with self.assertRaises(UserError):
            self.vote.votes_each = 1
        self.contest.with_user(self.chair).action_fix_rules()
        self._close()
        self.vote.action_count_votes()
        lines = {line.entry_id: line.votes for line in self.vote.sudo().score_ids}
        self.assertEqual(lines, {self.first: 2, self.second: 3})

    def test_no_more_votes_than_everybody_has(self):
        self._open()
        with self.assertRaisesRegex(UserError, "at most 1"):
            self.vote.with_user(self.head).action_vote([self.first.id, self.second.id])

    def test_a_vote_of_the_staff_alone(self):
        self.contest.with_user(self.chair).action_reopen_rules(reason="Nội bộ")
        self.vote.voters = "staff"
        self.contest.with_user(self.chair).action_fix_rules()
        self._open()
        self._vote(self.first, self.head)
        with self.assertRaisesRegex(AccessError, "Only staff"):
            self._vote(self.first, self.leader)
        self.assertEqual(self.vote.vote_count, 1)
        contests = self.env["hoithi.contest"]
        self.assertTrue(contests.with_user(self.head)._find_voting())
        self.assertFalse(contests.with_user(self.leader)._find_voting())

    def test_points_from_elsewhere_by_code(self):
        """As those of a written test: a list, whole or not at all."""
        loading = self.env["hoithi.component"].with_context(hoithi_door=Load())
        test = loading.create(
            {
                "contest_id": self.contest.id,
                "name": "Thi trắc nghiệm",
                "kind": "points",
                "most": 10,
            }
        )
        test = self.env["hoithi.component"].with_user(self.secretary).browse(test.id)
        self._open()
        self._close()
        self.vote.action_count_votes()
        with self.assertRaisesRegex(UserError, "Thi trắc nghiệm.*take them in"):
            self.office.action_start_council()
        one, other = self.first.code, self.second.code
        for rows, told in (
            (f"{one}\t7,5\nKHONG-CO;3", "Line 2: no entry"),
            (f"{one} 7.5\n{one} 8", "Line 2: .*twice"),
            (f"{one} 10.5", "from 0 to 10"),
            ("xyz", "a code and points"),
            (" \n", "empty"),
        ):
            with self.subTest(rows), self.assertRaisesRegex(UserError, told):
                test.action_take_points(rows, reason="Biên bản 05/8")
        rows = f"{one}\t7,5\n\n{other};  3"
        with self.assertRaises(AccessError):
            test.with_user(self.leader).action_take_points(rows, reason="x")
        wizard = self.env["hoithi.component.give"].with_user(self.secretary)
        wizard = wizard.browse(test.action_ask_give()["res_id"])
        wizard.write({"rows": rows, "reason": "Biên bản chấm thi 05/8"})
        wizard.action_give()
        self.assertEqual(
            (self.first.average_score, self.second.average_score), (77.5, 63)
        )
        self.assertIn("Biên bản chấm thi 05/8", self.first.score_formula)
        with self.assertRaisesRegex(UserError, "taken in once"):
            test.action_take_points(rows, reason="x")
        test.with_user(self.chair).action_count_again(reason="Nhầm cột")
        self.assertEqual(self.first.average_score, 70)
        # a conflict hides an entry, or a list is short: another secretary fills it
        test.action_take_points(f"{one} 9", reason="Chấm lại")
        self.assertEqual((test.lacking_count, test.counted_on), (1, False))
        with self.assertRaisesRegex(UserError, "1 entries have no points"):
            self.office.action_start_council()
        with self.assertRaisesRegex(UserError, "Line 1: .* its points already"):
            test.action_take_points(f"{one} 8\n{other} 0", reason="Chấm lại")
        test.with_user(self.chair).action_count_again(reason="Nhầm cột lần nữa")
        for row in (f"{one} 9", f"{other} 0"):
            test.action_take_points(row, reason="Chấm lại")
        self.assertTrue(test.counted_on)
        self.office.action_start_council()
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_nobody_reads_who_voted_for_what(self):
        self._open()
        self._vote(self.first, self.head)
        voter = self.env["hoithi.component.voter"].search([])
        self.assertEqual(set(voter._fields) & {"entry_id", "create_date"}, set())
        for user in (self.secretary, self.leader, self.chair):
            with self.assertRaises(AccessError):
                voter.with_user(user).read(["key"])
            with self.assertRaises(AccessError):
                self.vote.score_ids.with_user(user).read(["votes"])
        lines = self.vote.score_ids
        self.assertEqual(
            lines.entry_id, self.first + self.second, "none tells that it got a vote"
        )
        line = lines.filtered(lambda row: row.entry_id == self.first)
        self.assertFalse(any(lines.mapped("formula")), "not while votes are taken")
        self._close()
        self.vote.action_count_votes()
        self.env.invalidate_all()
        self.assertEqual(line.formula, "20 × 1 / 1")

    def test_votes_by_codes(self):
        self.contest.with_user(self.chair).action_reopen_rules(reason="Phiếu mã")
        self.vote.voters = "code"
        self.contest.with_user(self.chair).action_fix_rules()
        self._open()
        wizard = self.env["hoithi.component.code"].with_user(self.secretary)
        wizard = wizard.browse(self.vote.action_ask_codes()["res_id"])
        wizard.number = 3
        wizard.action_make()
        codes = base64.b64decode(wizard.file).decode("utf-8-sig").splitlines()[1:]
        self.assertEqual(len(set(codes)), 3)
        voters = self.vote.with_user(self.internal)
        voters.action_vote(self.first.id, code=f"  {codes[0].lower()} ")
        with self.assertRaisesRegex(UserError, "voted already"):
            voters.action_vote(self.first.id, code=codes[0])
        with self.assertRaisesRegex(UserError, "isn't known"):
            voters.action_vote(self.first.id, code="KHONGCO")
        voters.action_vote(self.second.id, code=codes[1])
        self.assertEqual(self.vote.vote_count, 2)
        with self.assertRaises(AccessError):
            self.vote.with_user(self.leader)._make_codes(1)

    def test_how_many_codes_were_made_is_on_record(self):
        self.contest.with_user(self.chair).action_reopen_rules(reason="Phiếu mã")
        self.vote.voters = "code"
        self.contest.with_user(self.chair).action_fix_rules()
        made = [self.vote._make_codes(number) for number in (3, 5)]
        rows = self.env["hoithi.ledger"].search(
            [("contest_id", "=", self.contest.id), ("event", "=", "component.codes")],
            order="id",
        )
        self.assertEqual([json.loads(row.payload)["codes"] for row in rows], [3, 5])
        told = " ".join(self.contest.message_ids.mapped("body"))
        self.assertIn("5 codes", told)
        for code in (*made[0], *made[1]):
            self.assertNotIn(code, told + "".join(rows.mapped("payload")))
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_bonus_and_penalty_have_a_reason(self):
        self.bonus.action_give(self.second.id, 1.5, reason="Đã áp dụng ở đơn vị khác")
        self.assertEqual(self.second.average_score, 61.5)
        self.assertIn("Đã áp dụng", self.second.score_formula)
        self.bonus.action_give(self.second.id, -5, reason="Nộp thiếu")
        self.assertEqual(self.second.average_score, 55)
        for points, reason in ((1, " "), (2.5, "x"), (-6, "x")):
            with self.assertRaises(UserError):
                self.bonus.action_give(self.second.id, points, reason=reason)
        with self.assertRaises(AccessError):
            self.bonus.with_user(self.leader).action_give(self.second.id, 1, reason="x")
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_authors_read_what_their_total_is_made_of(self):
        self.bonus.action_give(self.first.id, 1.5, reason="Đã nhân rộng")
        contest = self.contest.with_context(hoithi_door=Load())
        contest.write({"publish_remarks": True, "state": "closed"})
        self.first.with_context(hoithi_door=Load()).state = "not_selected"
        self.env.invalidate_all()
        remarks = self.first.with_user(self.staff)._get_published_remarks()
        self.assertEqual((remarks["average"], remarks["total_max"]), (71.5, 122))
        self.assertEqual(
            [(part.name, part.points, part.note) for part in remarks["parts"]],
            [("", 70, ""), ("Điểm cộng", 1.5, "Đã nhân rộng")],
        )

    def test_a_penalty_below_zero_tells_the_sheets(self):
        self.contest.with_user(self.chair).action_reopen_rules(reason="Mức trừ")
        self.bonus.least = -90
        self.contest.with_user(self.chair).action_fix_rules()
        self.bonus.action_give(self.second.id, -80, reason="Nộp thiếu")
        self.assertEqual(self.second.average_score, 0)
        self.assertRegex(self.second.score_formula, r"^sheets 60 .* = 0$")

    def test_the_divisor_is_that_of_the_count(self):
        self._open()
        self._vote(self.first, self.leader)
        self._vote(self.second, self.head, self.internal)
        self._close()
        self.vote.action_count_votes()
        line = self.vote.score_ids.filtered(lambda line: line.entry_id == self.first)
        # whatever comes to the lines afterwards
        (self.vote.score_ids - line)._add_vote()
        self.assertEqual(line.formula, "20 × 1 / 2")

    def test_a_wrong_count_is_taken_back(self):
        self.vote.vote_end = fields.Datetime.now() - timedelta(hours=1)
        with self.assertRaisesRegex(UserError, "when it opens"):
            self.vote.action_count_votes()
        self._open()
        self._vote(self.second, self.head)
        self._close()
        self.vote.action_count_votes()
        self.assertEqual(self.second.average_score, 80)
        chair = self.vote.with_user(self.chair)
        with self.assertRaises(AccessError):
            self.vote.action_count_again(reason="Đóng sớm")
        with self.assertRaises(UserError):
            chair.action_count_again(reason=" ")
        chair.action_count_again(reason="Đóng sớm")
        self.assertFalse(self.vote.counted_on)
        self.assertEqual(self.second.average_score, 60)
        with self.assertRaisesRegex(UserError, "hasn't been counted"):
            chair.action_count_again(reason="Đóng sớm")
        self._open()
        self._vote(self.first, self.leader)
        self._close()
        self.vote.action_count_votes()
        self.assertEqual(self.first.average_score, 90)
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_a_count_taken_back_holds_up_the_end(self):
        self._open()
        self._close()
        self.vote.action_count_votes()
        self.office.action_start_council()
        self.vote.with_user(self.chair).action_count_again(reason="Đóng sớm")
        with self.assertRaisesRegex(UserError, "hasn't been counted"):
            self.contest._check_ready("closed")
        self.vote.action_count_votes()
        self.contest._check_ready("closed")

    def test_reopened_rules_leave_no_old_points(self):
        self._open()
        self._vote(self.second, self.head)
        self._close()
        self.vote.action_count_votes()
        self.contest.with_user(self.chair).action_reopen_rules(reason="Mức điểm")
        with self.assertRaisesRegex(UserError, "counted again"):
            self.vote.most = 10
        self.vote.with_user(self.chair).action_count_again(reason="Mức điểm")
        self.vote.most = 10
        self.vote.action_count_votes()
        self.assertEqual(self.second.average_score, 70)
        self.vote.unlink()
        self.assertEqual(self.second.average_score, 60, "it goes with its points")
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_rules_that_come_again_keep_the_votes(self):
        self._open()
        self._vote(self.second, self.head)
        self.contest.with_user(self.chair).action_reopen_rules(reason="Mức điểm")
        rows = [row._to_rule() for row in self.contest.component_ids]
        rows[0]["most"] = 10
        self.contest._take_components(rows[:1])
        self.assertEqual(self.contest.component_ids, self.vote)
        self.assertEqual((self.vote.most, self.vote.vote_count), (10, 1))

    def test_one_vote_and_no_percentage(self):
        contest = self._create_contest(edition_number=11)
        values = {"contest_id": contest.id, "name": "Bình chọn"}
        components = self.env["hoithi.component"]
        with self.assertRaises(ValidationError):
            components.create([values, values])
        components.create([values, values | {"kind": "bonus"}])
        with self.assertRaises(ValidationError):
            contest.field_ranking = "percent"
        contest.component_ids.unlink()
        contest.field_ranking = "percent"
        with self.assertRaisesRegex(ValidationError, "percentage"):
            components.create(values)

    def test_the_period_is_told_and_not_copied(self):
        before = self.contest.message_ids
        self._open()
        [message] = self.contest.message_ids - before
        self.assertIn("Bình chọn", message.body)
        self.assertFalse(self.vote.copy_data()[0].keys() & {"vote_start", "vote_end"})

    def test_a_contest_that_forwards_waits_for_no_count(self):
        contest = self._create_contest(
            edition_number=12, mode="nominate_only", criteria_set_id=False
        )
        self.env["hoithi.component"].create(
            {"contest_id": contest.id, "name": "Bình chọn"}
        )
        for each, waits in ((self.contest, True), (contest, False)):
            texts = " ".join(check.text for check in each._get_council_checks())
            self.assertEqual("hasn't been counted" in texts, waits)

    def test_a_leader_who_scores_reads_no_points(self):
        self.bonus.action_give(self.second.id, 1, reason="Đã áp dụng")
        lines = self.env["hoithi.component.score"].with_user(self.leader)
        self.assertEqual(lines.search([]).entry_id.ids, self.second.ids)
        self.council.sudo().member_ids = [
            Command.create({"user_id": self.leader.id, "can_score": True})
        ]
        self.env.invalidate_all()
        self.assertFalse(lines.search([]))

    def test_a_secretary_who_entered_reads_no_own_points(self):
        self.bonus.action_give(self.second.id, 1, reason="Đã áp dụng")
        lines = self.env["hoithi.component.score"].with_user(self.secretary)
        self.assertEqual(lines.search([]).entry_id.ids, self.second.ids)
        author = self.second.author_ids[0]
        author._open_door().partner_id = self.secretary.partner_id
        self.env.invalidate_all()
        self.assertFalse(lines.search([]))

    def test_unknown_codes_alone_are_counted(self):
        self.contest.with_user(self.chair).action_reopen_rules(reason="Phiếu mã")
        self.vote.voters = "code"
        self.contest.with_user(self.chair).action_fix_rules()
        self._open()
        self.env["ir.config_parameter"].set_param("hoithi_contest.rate_vote", "2/10")
        codes = self.vote._make_codes(4)
        voter = self.vote.with_user(self.internal)
        for code in codes[:3]:
            voter.action_vote(self.first.id, code=code)
        path = f"/hoithi/{self.contest.id}/vote"
        self.authenticate(self.internal.login, self.internal.login)
        posted = {
            "entry": str(self.first.id),
            "code": "KHONGCO",
            "csrf_token": Request.csrf_token(self),
        }
        for _try in range(2):
            self.assertIn("known", self.url_open(path, data=posted).text)
        self.assertEqual(self.url_open(path, data=posted).status_code, 429)
        with self.assertRaises(TooOften):
            voter.action_vote(self.first.id, code=codes[3])

    def test_the_council_waits_for_the_count(self):
        with self.assertRaisesRegex(UserError, "hasn't been counted"):
            self.office.action_start_council()
        self._open()
        self._close()
        self.vote.action_count_votes()
        self.office.action_start_council()
        self.assertEqual(self.office.state, "council")
        self.assertEqual(self.first.average_score, 70, "nobody voted")

    def test_what_counts_is_declared_before_the_review(self):
        with self.assertRaises(UserError):
            self.vote.most = 30
        with self.assertRaises(UserError):
            self.bonus.unlink()
        now = fields.Datetime.now()
        with self.assertRaises(ValidationError):
            self.vote.write({"vote_start": now, "vote_end": now - timedelta(days=1)})

    def test_pages_lead_to_the_vote_while_it_goes_on(self):
        self.contest._open_door().is_published = True
        path = f"/hoithi/{self.contest.id}/vote"
        pages = f"/hoithi/{self.contest.id}", "/my/hoithi"
        self.authenticate(self.head.login, self.head.login)
        shut = self.url_open(pages[0])
        self.assertNotIn(path, shut.text + self.url_open(pages[1]).text)
        self._open()
        self.assertTrue(self.office.is_voting)
        self.assertEqual(self.office.action_open_vote()["url"], path)
        closes = self.contest._format_moment(self.vote.vote_end)
        for page in pages:
            with self.subTest(page):
                known = {"If-None-Match": shut.headers.get("ETag", "")}
                text = self.url_open(page, headers=known).text
                self.assertIn(f'href="{path}"', text)
                self.assertIn(closes, text)
        # in place of the documents, as there are no results yet
        over = fields.Datetime.now() - timedelta(hours=1)
        self.contest._open_door().registration_deadline = over
        self.assertIn("See the solutions", self.url_open(pages[0]).text)
        self._close()
        self.assertNotIn(path, "".join(self.url_open(page).text for page in pages))

    def test_the_page_of_the_vote(self):
        self._open()
        self.first.consent_publish = True
        self.second.consent_publish = False
        self.first.public_summary = "Nước sạch cho mọi nhà"
        self.second.public_summary = "Không ai cho phép"
        path = f"/hoithi/{self.contest.id}/vote"
        self.assertIn("/web/login", self.url_open(path).url)
        self.authenticate(self.internal.login, self.internal.login)
        response = self.url_open(path)
        self.assertIn("no-store", response.headers["Cache-Control"])
        page = response.text
        self.assertIn(self.first.name, page)
        self.assertNotIn(self.second.name, page, "nobody agreed to that")
        self.assertIn(self.second.code, page)
        self.assertNotIn(self.first.author_ids[0].full_name, page)
        self.assertIn("Nước sạch cho mọi nhà", page)
        self.assertNotIn("Không ai cho phép", page)
        posted = {
            "entry": str(self.first.id),
            "csrf_token": Request.csrf_token(self),
        }
        page = self.url_open(path, data=posted).text
        self.assertIn("Your vote is counted", page)
        self.env.invalidate_all()
        self.assertEqual(self.vote.vote_count, 1)
        self.assertIn("voted already", self.url_open(path, data=posted).text)
