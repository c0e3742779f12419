import base64
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import Form, tagged

from ..common import PDF, HoithiCommon


@tagged("post_install", "-at_install")
class TestRound(HoithiCommon):
    """A preliminary round and a final, within the phase of the review."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls.contest.with_user(cls.secretary)
        cls.contest.reviews_per_entry = 1
        cls.preliminary, cls.final = (
            cls.env["hoithi.round"]
            .with_user(cls.secretary)
            .create(
                [
                    {
                        "contest_id": cls.contest.id,
                        "sequence": 1,
                        "name": "Vòng sơ khảo",
                        "advance_by": "number",
                        "advance_count": 2,
                        "weight": 40,
                    },
                    {
                        "contest_id": cls.contest.id,
                        "sequence": 2,
                        "name": "Vòng chung khảo",
                        "reviews_per_entry": 2,
                        "weight": 60,
                    },
                ]
            )
        )

    def _enter(self, *scores):
        """Entries that are scored in the first round; return them, in that order."""
        self._launch()
        entries = self.env["hoithi.entry"].union(
            *(
                self._eligible_entry(name=f"Giải pháp số {number}")
                for number in range(1, len(scores) + 1)
            )
        )
        self._start_review()
        for entry, given in zip(entries, scores, strict=True):
            [review] = self._assign(entry, self.member1)
            if given:
                self._score(review, *given)
        return entries.sudo()

    def _get_told(self, kind):
        notices = self.env["hoithi.notice"].search([("kind", "=", kind)])
        return {notice.res_id for notice in notices}

    def test_the_best_go_on_and_the_others_keep_their_score(self):
        best, second, last = self._enter((30, 50), (20, 50), (10, 20))
        self.assertEqual(self.office.current_round_id, self.preliminary)
        self.assertEqual(self.office.next_round_id, self.final)
        self.final.action_open()
        entries = best + second + last
        self.assertEqual(
            entries.mapped("state"), ["reviewing", "reviewing", "reviewed"]
        )
        self.assertEqual(entries.mapped("is_stopped"), [False, False, True])
        self.assertEqual(last.average_score, 30)
        self.assertEqual(best.average_score, 80, "until sheets of the final are in")
        for entry, scores in ((best, (10, 50)), (second, (30, 60))):
            for review in self._assign(entry, self.member1, self.member2):
                self._score(review, *scores)
        self.assertEqual(best.average_score, 68, "0.4 × 80 + 0.6 × 60")
        self.assertEqual(second.average_score, 82, "0.4 × 70 + 0.6 × 90")
        self.assertEqual(entries.mapped("rank"), [2, 1, 3])
        self.assertEqual(
            [(line.round_id.name, line.score) for line in best.round_line_ids],
            [("Vòng sơ khảo", 80), ("Vòng chung khảo", 60)],
        )
        self.assertEqual(
            best.score_formula,
            "Vòng sơ khảo 80 × 40 % + Vòng chung khảo 60 × 60 % = 68",
        )
        self.assertFalse(last.score_formula, "its one round is its total")
        self.assertEqual(best.review_count, 2, "of the present round")
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())
        self.office.action_start_council()
        self.assertEqual(self.office.state, "council")
        with self.assertRaisesRegex(UserError, "Vòng sơ khảo"):
            last.with_user(self.secretary).action_select()
        last.with_user(self.secretary).action_not_select(reason="Dừng ở sơ khảo")
        second.with_user(self.secretary).action_select()
        self.assertEqual(second.state, "selected")

    def test_a_turn_tells_no_sheet(self):
        """Members read the turns of a blind contest, not who gave a sheet, or when."""
        [entry] = self._enter(None)
        self.env.flush_all()
        moment = "2026-01-02 03:04:05"
        self.env.cr.execute("UPDATE hoithi_round_entry SET write_date = %s", [moment])
        self.env.invalidate_all()
        line = entry.round_line_ids
        seen = line.with_user(self.member2)
        before = seen.read(["write_uid", "write_date"])
        self._score(entry.review_ids.with_user(self.member1), 30, 50)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((line.done_count, line.score), (1, 80))
        self.assertEqual(seen.read(["write_uid", "write_date"]), before)
        # the secretary's own change is one
        line.with_user(self.secretary).sequence = 3
        self.env.flush_all()
        self.assertNotEqual(seen.read(["write_uid", "write_date"]), before)
        # what an earlier version noted goes
        self.env.cr.execute(
            "UPDATE hoithi_round_entry SET write_uid = %s WHERE id = %s",
            [self.member1.id, line.id],
        )
        load_script(
            "hoithi_contest/migrations/19.0.1.4.0/post-round_lines.py", "lines"
        ).migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(line.write_uid, line.create_uid)

    def test_whoever_goes_further_stands_before_the_others(self):
        _best, second, last = self._enter((30, 50), (20, 50), (19, 50))
        self.final.action_open()
        for review in self._assign(second, self.member1, self.member2):
            self._score(review, 1, 1)
        self.assertLess(second.average_score, last.average_score)
        self.assertLess(second.rank, last.rank)
        merits = (second + last)._get_merits()
        self.assertGreater(merits[second], merits[last])

    def test_all_authors_are_told_and_nobody_else(self):
        best, second, last = self._enter((30, 50), (20, 50), (10, 20))
        self.final.action_open()
        self.assertEqual(self._get_told("round_advanced"), {best.id, second.id})
        self.assertEqual(self._get_told("round_stopped"), {last.id})
        notice = self.env["hoithi.notice"].search([("kind", "=", "round_stopped")])
        self.assertEqual(notice.partner_id, last.author_ids.partner_id)
        body = str(notice.sudo()._compose()["body_html"])
        self.assertIn("Vòng sơ khảo", body)
        self.assertNotIn("30", body.replace("&#39;", ""), "no score")

    def test_a_round_is_opened_when_all_is_in(self):
        done, waiting = self._enter((30, 50), None)
        with self.assertRaisesRegex(UserError, waiting.code):
            self.final.action_open()
        wizard = self.env["hoithi.round.open"].browse(
            self.office.action_ask_open_round()["res_id"]
        )
        self.assertIn(waiting.code, wizard.with_user(self.secretary).problems)
        self._score(waiting.review_ids.with_user(self.member1), 10, 10)
        wizard = (
            self.env["hoithi.round.open"]
            .with_user(self.secretary)
            .create({"round_id": self.final.id})
        )
        self.assertFalse(wizard.problems)
        self.assertEqual(wizard.going_ids, done + waiting)
        wizard.action_open()
        self.assertEqual(self.office.current_round_id, self.final)
        with self.assertRaisesRegex(UserError, "isn't the next one"):
            self.final.action_open()

    def test_a_round_that_nobody_leaves_isnt_launched(self):
        for values, told in (
            ({"advance_count": 0}, "how many entries go on from “Vòng sơ khảo”"),
            ({"advance_by": "points", "advance_count": 101}, "at most 100"),
        ):
            self.preliminary.write(values)
            with self.subTest(values), self.assertRaisesRegex(UserError, told):
                self.office.action_launch()
        self.preliminary.advance_count = 100
        self._launch()
        self.preliminary.advance_count = 101
        with self.assertRaisesRegex(UserError, "at most 100"):
            self.contest._check_ready("review")

    def test_others_than_the_secretary_open_no_round(self):
        self._enter((30, 50))
        for user in (self.chair, self.leader, self.member1):
            with self.assertRaises(AccessError):
                self.final.with_user(user).action_open()
        for user in (self.staff, self.publisher):
            with self.assertRaises(AccessError):
                self.final.with_user(user).action_open()

    def test_the_council_waits_for_the_last_round(self):
        self._enter((30, 50))
        with self.assertRaisesRegex(UserError, "Vòng chung khảo"):
            self.office.action_start_council()
        acts = [act.title for act in self.office._get_next_acts()]
        self.assertIn("Open the round “Vòng chung khảo”", acts)
        self.contest.with_user(self.chair).action_reopen_rules(reason="Bỏ chung khảo")
        self.final.unlink()
        self.contest.with_user(self.chair).action_fix_rules()
        self.office.action_start_council()
        self.assertEqual(self.office.state, "council")

    def test_equals_on_the_line(self):
        self.preliminary.write({"advance_count": 1, "ties_advance": False})
        first, second = self._enter((30, 50), (30, 50))
        with self.assertRaisesRegex(UserError, "share the last place"):
            self.final.action_open()
        self.contest.with_user(self.chair).action_reopen_rules(reason="Cùng điểm")
        self.preliminary.ties_advance = True
        with self.assertRaisesRegex(UserError, "rules are being changed"):
            self.final.action_open()
        self.contest.with_user(self.chair).action_fix_rules()
        self.final.action_open()
        self.assertEqual((first + second).round_id, self.final)

    def test_points_and_votes(self):
        self.preliminary.write({"advance_by": "points", "advance_count": 70})
        first, second = self._enter((30, 50), (30, 39))
        self.final.action_open()
        self.assertEqual(first.round_id, self.final)
        self.assertTrue(second.is_stopped)

    def test_the_council_votes_who_goes_on(self):
        self.preliminary.advance_by = "vote"
        first, second = self._enter((30, 50), (20, 40))
        with self.assertRaisesRegex(UserError, f"votes are missing.*{first.code}"):
            self.final.action_open()
        # on the form of the round, while its rules are fixed
        for index, entry in enumerate(self.preliminary.entry_line_ids.entry_id):
            with (
                Form(self.preliminary) as form,
                form.entry_line_ids.edit(index) as line,
            ):
                line.votes_cast = 4
                line.votes_for = 4 if entry == second else 1
        with self.assertRaises(UserError):
            self.preliminary.advance_by = "all"
        lines = self.preliminary.entry_line_ids
        self.assertEqual(
            {line.entry_id: line.votes_for for line in lines}, {first: 1, second: 4}
        )
        line = lines.filtered(lambda line: line.entry_id == second)
        with self.assertRaises(ValidationError):
            line.votes_for = 5
        with self.assertRaises(AccessError):
            line.with_user(self.member1).votes_for = 3
        with self.assertRaisesRegex(UserError, "record of the vote"):
            self.final.action_open()
        with self.assertRaises(AccessError):
            self.preliminary.with_user(self.leader).action_record_vote(
                reason="Biểu quyết", scan=base64.b64encode(PDF), filename="bb.pdf"
            )
        wizard = self.env["hoithi.reason"].with_user(self.secretary)
        wizard = wizard.browse(self.preliminary.action_ask_record_vote()["res_id"])
        wizard.reason = "Phiên họp 1, sáng 05/8"
        with self.assertRaisesRegex(UserError, "scan of the signed paper"):
            wizard.action_apply()
        wizard.write({"scan": base64.b64encode(PDF), "filename": "bb.pdf"})
        wizard.action_apply()
        self.assertEqual(self.preliminary.vote_note, "Phiên họp 1, sáng 05/8")
        self.final.action_open()
        self.assertEqual(second.round_id, self.final)
        self.assertTrue(first.is_stopped)
        opened = self.env["hoithi.ledger"].search([("event", "=", "round.opened")])
        self.assertEqual(
            json.loads(opened.payload)["vote"],
            {
                "ratio": self.council.approval_ratio,
                "base": "cast",
                "members": 4,
                "record": self.preliminary.sudo().vote_scan_id.kept_sha256,
            },
        )
        with self.assertRaisesRegex(UserError, "voted on now"):
            self.preliminary.action_record_vote(
                reason="x", scan=base64.b64encode(PDF), filename="bb.pdf"
            )
        rows = self.env["hoithi.ledger"].search([("event", "=", "round.decided")])
        self.assertEqual(
            {row.entry_id: json.loads(row.payload)["votes"] for row in rows},
            {first: [1, 4], second: [4, 4]},
        )
        with self.assertRaises(UserError):
            line.votes_for = 1

    def test_a_vote_by_the_share_of_the_round(self):
        """Of all who vote, whoever was there; and never more votes than voters."""
        self.preliminary.write(
            {"advance_by": "vote", "vote_ratio": 0.5, "vote_base": "members"}
        )
        first, second = self._enter((30, 50), (20, 40))
        for line in self.preliminary.entry_line_ids:
            cast = {first: (2, 3), second: (1, 5)}[line.entry_id]
            line.write({"votes_for": cast[0], "votes_cast": cast[1]})
        scan = base64.b64encode(PDF)
        self.preliminary.action_record_vote(reason="x", scan=scan, filename="bb.pdf")
        with self.assertRaisesRegex(UserError, f"more votes than the 4.*{second.code}"):
            self.final.action_open()
        line.votes_cast = 1
        self.final.action_open()
        self.assertEqual(first.round_id, self.final, "2 of 4, not of 3")
        self.assertTrue(second.is_stopped)

    def test_the_rules_of_rounds_go_out_and_in(self):
        self.contest.round_total = "sum"
        self.preliminary.write(
            {
                "advance_by": "vote",
                "vote_ratio": 2 / 3,
                "vote_base": "members",
                "advance_per": "field",
            }
        )
        office = self.office._in_rules_language()
        pack = office._get_pack_rules()
        self.assertEqual(list(office._check_pack_rules(pack)), [])
        self.assertEqual(pack["judging"]["round_total"], "sum")
        [first, last] = pack["rounds"]
        self.assertEqual(
            (first["vote_ratio"], first["vote_base"], first["advance_per"]),
            ("2/3", "members", "field"),
        )
        self.assertEqual(last["vote_ratio"], "")
        pack["judging"]["round_total"] = "weighted"
        first["vote_ratio"] = "1/2"
        office._take_pack_rules(pack)
        rounds = self.contest.round_ids
        self.assertEqual(rounds.mapped("vote_ratio"), [0.5, 0])
        self.assertEqual(rounds.mapped("advance_per"), ["field", "ranking"])
        self.assertEqual(self.contest.round_total, "weighted")

    def test_so_many_of_each_field_go_on_to_one_final(self):
        field = self.env["hoithi.field"].create({"name": "Đất đai"})
        self.contest.field_ids += field
        self.preliminary.write(
            {"advance_by": "share", "advance_count": 40, "advance_per": "field"}
        )
        self._launch()
        scores = {self.field: (50, 49, 48), field: (40, 39)}
        entries = self.env["hoithi.entry"]
        for one, given in scores.items():
            for number, _score in enumerate(given):
                entries += self._eligible_entry(
                    name=f"{one.name} {number}", field_id=one.id
                )
        self._start_review()
        for entry, score in zip(
            entries, (*scores[self.field], *scores[field]), strict=True
        ):
            [review] = self._assign(entry, self.member1)
            self._score(review, 30, score)
        entries = entries.sudo()
        self.assertEqual(entries.mapped("rank"), [1, 2, 3, 4, 5], "all together")
        self.final.action_open()
        self.assertEqual(
            entries.mapped("is_stopped"),
            [False, False, True, False, True],
            "two of three and one of two: 40 per cent of each, rounded up",
        )

    def test_rounds_of_other_scales_are_added_up_or_made_per_cent(self):
        sets = self.env["hoithi.criteria.set"].create(
            [
                {
                    "name": f"Thang {most}",
                    "min_total": most / 2,
                    "criterion_ids": [
                        Command.create(
                            {"name": "Tính mới", "max_score": most, "step": 1}
                        )
                    ],
                }
                for most in (40, 60)
            ]
        )
        with self.assertRaisesRegex(ValidationError, "make them per cent"):
            self.preliminary.criteria_set_id = sets[0]
        self.contest.round_total = "sum"
        self.preliminary.write({"criteria_set_id": sets[0].id, "advance_count": 1})
        self.final.write({"criteria_set_id": sets[1].id, "reviews_per_entry": 1})
        with self.assertRaises(ValidationError) as refusal:
            self.contest.field_ranking = "percent"
        self.assertIn("per cent already", str(refusal.exception))
        best, last = self._enter((30,), (10,))
        self.final.action_open()
        [review] = self._assign(best, self.member1)
        self._score(review, 15)
        self.assertEqual((best.average_score, last.average_score), (45, 10))
        self.assertEqual(
            best.score_formula, "Vòng sơ khảo 30 + Vòng chung khảo 15 = 45"
        )
        self.assertEqual(best._get_highest_total(), 100)
        self.assertEqual((best._get_pass_mark(), last._get_pass_mark()), (50, 20))
        self.assertIn("45 is below the pass mark 50", best._get_selection_problems()[0])
        self.assertTrue(best.is_first_below_cutoff)
        self.contest.with_user(self.chair).action_reopen_rules(reason="Thể lệ ghi %")
        self.office.round_total = "percent"
        self.contest.with_user(self.chair).action_fix_rules()
        self.assertEqual(best.average_score, 45, "0.4 × 75 + 0.6 × 25")
        self.assertEqual(last.average_score, 25)
        self.assertIn("/ 60 × 60 %", best.score_formula)
        self.assertEqual((best.rank, last.rank), (1, 2), "further in the rounds")
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_who_stopped_gets_no_sheets_until_the_chair_lets_it_go_on(self):
        _best, _second, last = self._enter((30, 50), (20, 50), (10, 20))
        self.final.action_open()
        with self.assertRaisesRegex(UserError, "didn't go on"):
            self._assign(last, self.member2)
        with self.assertRaises(AccessError):
            last.with_user(self.secretary).action_advance(reason="Nhầm")
        # the chair of a blind contest reads no entry, but its line in the round
        lines = self.preliminary.with_user(self.chair).entry_line_ids
        chair = lines.filtered(lambda line: line.entry_code == last.code)
        with self.assertRaises(UserError):
            chair.action_advance(reason=" ")
        with self.assertRaisesRegex(UserError, "present round"):
            (lines - chair)[0].action_advance(reason="Nhầm")
        with self.assertRaises(AccessError):
            chair.with_user(self.member1).action_advance(reason="Nhầm")
        # an author decides nothing by the other login either
        employee = self.employees[self.staff]
        employee.user_id = self.leader
        with self.assertRaisesRegex(UserError, "leaves it to another"):
            last.with_user(self.leader).action_advance(reason="Cộng nhầm điểm")
        employee.user_id = self.staff
        chair.action_advance(reason="Cộng nhầm điểm")
        self.assertEqual((last.round_id, last.state), (self.final, "reviewing"))
        self.assertIn(last.id, self._get_told("round_advanced"))
        [review] = self._assign(last, self.member2)
        self.assertEqual(review.round_id, self.final)
        row = self.env["hoithi.ledger"].search([("event", "=", "round.admitted")])
        self.assertEqual(row.entry_id, last)
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_a_round_that_is_over_stays(self):
        best, second, last = self._enter((30, 50), (20, 50), (10, 20))
        sheet = best.review_ids
        self.final.action_open()
        with self.assertRaisesRegex(UserError, "is over"):
            sheet.with_user(self.secretary).action_reopen(reason="Sửa điểm")
        self.assertTrue(sheet.with_user(self.member1).is_sheet_closed)
        with self.assertRaises(UserError):
            self.preliminary.unlink()
        with self.assertRaises(UserError):
            self.preliminary.deadline = fields.Datetime.now()
        # what mustn't count is voided, and the total follows
        second.review_ids.with_user(self.secretary).action_void(reason="Người thân")
        for review in self._assign(second, self.member1, self.member2):
            self._score(review, 10, 40)
        self.assertEqual(second.average_score, 50)
        # also that of an entry that stopped, for which nobody can give another
        last.review_ids.with_user(self.secretary).action_void(reason="Người thân")
        self.assertEqual((last.state, last.review_done_count), ("reviewed", 0))
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())
        with self.assertRaisesRegex(UserError, best.code):
            self.office.action_start_council()
        for review in self._assign(best, self.member1, self.member2):
            self._score(review, 10, 40)
        self.office.action_start_council()
        last.with_user(self.secretary).action_not_select(reason="Dừng ở sơ khảo")
        self.assertEqual(last.state, "not_selected")

    def test_a_round_opened_by_mistake_is_taken_back(self):
        best, second, last = self._enter((30, 50), (20, 50), (10, 20))
        self.final.action_open()
        [review] = self._assign(best, self.member2)
        with self.assertRaises(AccessError):
            self.final.action_take_back(reason="Mở nhầm")
        chair = self.final.with_user(self.chair)
        with self.assertRaises(UserError):
            chair.action_take_back()
        chair.action_take_back(reason="Mở nhầm")
        self.assertEqual(self.office.current_round_id, self.preliminary)
        self.assertEqual(review.state, "void")
        self.assertEqual((best + second + last).mapped("state"), ["reviewed"] * 3)
        self.assertEqual(best.average_score, 80)
        self.assertEqual(
            self._get_told("round_taken_back"), {best.id, second.id, last.id}
        )
        self.final.action_open()
        for sheet in self._assign(best, self.member1, self.member2):
            self._score(sheet, 30, 50)
        with self.assertRaisesRegex(UserError, "have been submitted"):
            chair.action_take_back(reason="Mở nhầm")

    def test_who_was_let_on_goes_back_to_where_it_was(self):
        third = self.preliminary.copy({"sequence": 3, "name": "Vòng chung kết"})
        self.final.write({"reviews_per_entry": 1, "advance_count": 1})
        best, second, last = self._enter((30, 50), (20, 50), (10, 20))
        self.final.action_open()
        for entry, scores in ((best, (30, 50)), (second, (10, 20))):
            [review] = self._assign(entry, self.member1)
            self._score(review, *scores)
        third.action_open()
        self.assertEqual(best.round_id, third)
        line = self.preliminary.with_user(self.chair).entry_line_ids.filtered(
            lambda line: line.entry_code == last.code
        )
        line.action_advance(reason="Cộng nhầm điểm")
        self.assertEqual(last.round_id, third)
        third.with_user(self.chair).action_take_back(reason="Mở nhầm")
        self.assertEqual(self.office.current_round_id, self.final)
        self.assertEqual((best + second).round_id, self.final)
        self.assertEqual((last.round_id, last.state), (self.preliminary, "reviewed"))
        self.assertTrue(last.is_stopped)
        self.assertEqual(
            self._get_told("round_taken_back"), {best.id, second.id, last.id}
        )
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_an_author_of_the_office_learns_nothing_of_the_own_entry(self):
        self.preliminary.advance_count = 1
        self._launch()
        own = self._submit_entry(self.secretary, name="Giải pháp của thư ký")
        own = own.with_env(self.env)
        own.action_mark_eligible()
        other = self._eligible_entry().sudo()
        self._start_review()
        sheets = {}
        for entry in (own, other):
            sheets[entry] = self.env["hoithi.review"].create(
                {"entry_id": entry.id, "member_id": self.seats[self.member1].id}
            )
        dialogs = self.env["hoithi.round.open"].with_user(self.secretary)
        dialog = dialogs.create({"round_id": self.final.id})
        self.assertIn(other.code, dialog.problems)
        self.assertIn("1 others", dialog.problems)
        self.assertNotIn(own.code, dialog.problems)
        self._score(sheets[own].with_user(self.member1), 30, 50)
        self._score(sheets[other].with_user(self.member1), 20, 50)
        dialog = dialogs.create({"round_id": self.final.id})
        self.assertFalse(dialog.problems)
        self.assertEqual(
            (dialog.going_ids.ids, dialog.staying_ids.ids), ([], other.ids)
        )
        self.assertEqual((dialog.going_count, dialog.hidden_count), (0, 1))
        dialog.action_open()
        self.assertEqual(own.round_id, self.final, "by the rules, as every entry")
        ledger = self.env["hoithi.ledger"]
        decided = ledger.search([("event", "=", "round.decided")])
        self.assertEqual(decided.entry_id, own + other)
        read = ledger.with_user(self.secretary).search(
            [("event", "in", ("round.opened", "round.decided"))]
        )
        self.assertEqual(read.entry_id.ids, other.ids)
        opened = read.filtered(lambda row: not row.entry_id)
        self.assertEqual(set(json.loads(opened.payload)), {"round", "from", "by"})
        self.assertFalse(ledger._verify(self.contest))

    def test_a_leader_who_scores_reads_no_averages_before_the_council(self):
        self.member2.group_ids += self.env.ref("hoithi_contest.group_leader")
        best = self._enter((30, 50))
        lines = self.env["hoithi.round.entry"]
        found = [("round_id", "=", self.preliminary.id)]
        self.assertFalse(lines.with_user(self.member2).search(found))
        self.assertEqual(lines.with_user(self.leader).search(found).score, 80)
        self.final.action_open()
        for review in self._assign(best, self.member1, self.member2):
            self._score(review, 30, 50)
        self.office.action_start_council()
        self.assertEqual(lines.with_user(self.member2).search(found).score, 80)

    def test_what_was_settled_in_a_round_says_nothing_of_the_next(self):
        self.contest.divergence_limit = 20
        self.preliminary.reviews_per_entry = 2
        entry = self._enter((30, 50))
        [review] = self._assign(entry, self.member2)
        self._score(review, 20, 30)
        entry.adjudication_ids.with_user(self.secretary).action_return_to_council(
            reason="Hội đồng thảo luận"
        )
        self.assertFalse(entry.needs_adjudication)
        self.final.action_open()
        first, last = self._assign(entry, self.member1, self.member2)
        self._score(first, 30, 50)
        self._score(last, 20, 35)
        opened = entry.adjudication_ids.filtered(lambda a: a.state == "open")
        self.assertEqual((opened.spread, opened.round_id), (25, self.final))
        self.assertEqual((entry.adjudication_ids - opened).round_id, self.preliminary)

    def test_an_administrator_opens_a_round_without_its_entries(self):
        self._enter((30, 50))
        form = Form(self.preliminary.with_user(self.admin))
        self.assertEqual(form.name, "Vòng sơ khảo")
        self.assertNotIn("entry_line_ids", form._view["fields"])
        self.assertIn("entry_line_ids", Form(self.preliminary)._view["fields"])

    def test_a_jury_of_a_round(self):
        self.final.reviews_per_entry = 1
        jury = (
            self.env["hoithi.jury"]
            .with_user(self.secretary)
            .create(
                {
                    "contest_id": self.contest.id,
                    "name": "Tổ chung khảo",
                    "round_id": self.final.id,
                    "field_ids": [Command.set(self.field.ids)],
                    "member_ids": [Command.set(self.seats[self.member2].ids)],
                }
            )
        )
        [entry] = self._enter((30, 50))
        self.assertFalse(entry.jury_id)
        self.final.action_open()
        self.assertEqual(entry.jury_id, jury.sudo())
        with self.assertRaisesRegex(UserError, "Tổ chung khảo"):
            self._assign(entry, self.member1)
        wizard = self.env["hoithi.review.assign"].with_user(self.secretary)
        wizard = wizard.create({"contest_id": self.contest.id, "mode": "fill"})
        self.assertEqual(wizard.number, 1)
        wizard.action_propose()
        self.assertEqual(wizard.line_ids.member_id, self.seats[self.member2])

    def test_rounds_are_declared_before_the_review(self):
        rounds = self.env["hoithi.round"].with_user(self.secretary)
        with self.assertRaises(ValidationError):
            self.preliminary.advance_count = 1.5
        with self.assertRaises(ValidationError):
            self.preliminary.deadline = self.contest.review_deadline + timedelta(days=1)
        small = self.env["hoithi.criteria.set"].create(
            {
                "name": "Tiêu chí thuyết trình",
                "criterion_ids": [Command.create({"name": "Nói", "max_score": 10})],
            }
        )
        with self.assertRaises(ValidationError) as refusal:
            self.final.criteria_set_id = small
        self.assertIn("different totals", str(refusal.exception))
        # nor ranked by percentage, as rounds are weighed before that
        self.contest.field_ranking = "percent"
        jury = {
            "contest_id": self.contest.id,
            "name": "Tổ chung khảo",
            "round_id": self.final.id,
            "field_ids": [Command.set(self.field.ids)],
            "criteria_set_id": small.id,
        }
        for change in (
            lambda: self.final.write({"criteria_set_id": small.id}),
            lambda: self.env["hoithi.jury"].create(jury),
        ):
            with self.assertRaisesRegex(ValidationError, "can't be weighed"):
                change()
        # a round that only selects is weighed with none
        self.final.write({"criteria_set_id": small.id, "weight": 0})
        with self.assertRaisesRegex(ValidationError, "can't be weighed"):
            self.final.weight = 60
        small.criterion_ids.max_score = 100
        self.final.weight = 60
        small.criterion_ids.max_score = 10
        with self.assertRaisesRegex(ValidationError, "can't be weighed"):
            self.contest._check_criteria()
        small.criterion_ids.max_score = 100
        self._enter((30, 50))
        for change in (
            lambda: self.preliminary.write({"advance_count": 5}),
            lambda: self.final.write({"weight": 1}),
            lambda: self.final.unlink(),
            lambda: rounds.create({"contest_id": self.contest.id, "name": "Vòng ba"}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_sheets_follow_the_deadline_of_their_round(self):
        moment = fields.Datetime.now().replace(microsecond=0)
        self.preliminary.deadline = moment + timedelta(days=2)
        [entry] = self._enter(None)
        sheet = entry.review_ids
        self.assertEqual(sheet.due_date, self.preliminary.deadline)
        self.preliminary.deadline = moment + timedelta(days=3)
        self.assertEqual(sheet.due_date, self.preliminary.deadline)
        notice = self.env["hoithi.notice"].search([("kind", "=", "round_moved")])
        self.assertEqual(notice.partner_id, self.member1.partner_id)

    def test_presentations_have_turns_and_a_list(self):
        best, second, _last = self._enter((30, 50), (20, 50), (10, 20))
        self.final.action_open()
        with self.assertRaisesRegex(UserError, "when the presentations"):
            self.final.action_plan_presentations()
        self.contest.with_user(self.chair).action_reopen_rules(reason="Thuyết trình")
        self.final.presents = True
        self.contest.with_user(self.chair).action_fix_rules()
        start = fields.Datetime.to_datetime("2026-12-01 01:00:00")
        _shown, [obstacle] = self._show(self.final, "action_ask_plan_presentations")
        self.assertIn("when the presentations", obstacle)
        self.final.write({"presentation_start": start, "presentation_minutes": 30})
        shown, obstacles = self._show(self.final, "action_ask_plan_presentations")
        self.assertEqual(obstacles, [])
        self.assertIn("first at 08:00", shown.effects[0])
        self.assertIn("authors of 2 entries", shown.effects[1])
        shown.action_apply()
        lines = self.final.entry_line_ids.sorted("sequence")
        self.assertEqual(
            lines.mapped("presentation_start"), [start, start + timedelta(minutes=30)]
        )
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "hoithi_contest.report_round_presentations", self.final.ids
        )
        page = html.decode()
        self.assertIn(best.code, page)
        self.assertIn(second.name, page)
        self.assertIn("08:00", page)
        self.assertNotIn(best.author_ids[0].full_name, page)

    def test_presenters_and_jury_know_when_and_where(self):
        self.final.presents = True
        best, second, last = self._enter((30, 50), (20, 50), (10, 20))
        self.final.action_open()
        self.assertIsNone(best.with_user(self.staff)._get_presentation())
        self._assign(best, self.member1)
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        self.final.write({"presentation_start": start, "presentation_minutes": 30})
        self.final.action_plan_presentations()
        self.assertEqual(self._get_told("presentation_planned"), {best.id, second.id})
        self.final.presentation_place = "Hội trường tầng 3"
        line = best.round_line_ids.filtered(lambda one: one.round_id == self.final)
        line.with_user(self.secretary).presentation_start = start + timedelta(days=1)
        notices = self.env["hoithi.notice"].search(
            [("kind", "=", "presentation_planned"), ("res_id", "=", best.id)],
            order="id",
        )
        told = notices.filtered(lambda n: n.partner_id == self.staff.partner_id)
        self.assertEqual(len(told), 3, "of the time, of the place, of another time")
        self.assertEqual(
            told.mapped("state"), ["cancelled", "cancelled", "pending"], "one goes out"
        )
        moment = self.contest._format_moment(line.presentation_start)
        body = str(told[-1].sudo()._compose()["body_html"])
        for text in (moment, "Hội trường tầng 3", "Vòng chung khảo"):
            self.assertIn(text, body)
        shown = best.with_user(self.staff)._get_presentation()
        self.assertEqual((shown["time"], shown["place"]), (moment, "Hội trường tầng 3"))
        self.assertIsNone(last.with_user(self.staff)._get_presentation())
        for user, codes in (
            (self.staff, {best.code, second.code}),
            (self.member1, {best.code}),
            (self.member2, set()),
        ):
            calendar = self.env["hoithi.calendar"].with_user(user)
            items = calendar._get_presentation_items()
            with self.subTest(user.login):
                self.assertEqual({item.summary.split(": ")[1] for item in items}, codes)

    def test_neither_turns_nor_letters_tell_the_places(self):
        """The hall, its list and the authors learn the turns, not the places."""
        last, second, best = self._enter((10, 20), (20, 50), (30, 50))
        self.assertEqual((best | second | last).mapped("rank"), [1, 2, 3])
        self.final.action_open()
        lines = self.final.entry_line_ids
        self.assertEqual(lines.sorted("sequence").entry_id.ids, (second + best).ids)
        self.assertEqual(lines.sorted("id").entry_id.ids, (second + best).ids)
        printed = [row["code"] for row in self.final._get_presentations()]
        self.assertEqual(printed, [second.code, best.code])
        notices = self.env["hoithi.notice"].search(
            [("kind", "=", "round_advanced")], order="id"
        )
        self.assertEqual(
            list(dict.fromkeys(notices.mapped("res_id"))), (second + best).ids
        )

    def test_the_form_of_a_round(self):
        with Form(self.office) as form, form.round_ids.new() as line:
            line.name = "Vòng chung kết"
        self.assertEqual(self.office.round_ids[-1].name, "Vòng chung kết")

    def test_a_copy_has_the_rounds_and_their_juries(self):
        self.env["hoithi.jury"].create(
            {
                "contest_id": self.contest.id,
                "name": "Tổ chung khảo",
                "round_id": self.final.id,
                "field_ids": [Command.set(self.field.ids)],
            }
        )
        twin = self.contest.copy()
        self.assertEqual(
            twin.round_ids.mapped("name"), ["Vòng sơ khảo", "Vòng chung khảo"]
        )
        self.assertEqual(twin.round_ids.mapped("weight"), [40, 60])
        self.assertEqual(twin.jury_ids.round_id, twin.round_ids[1])
        self.assertFalse(twin.current_round_id)

    def test_an_entry_that_comes_back_waits_for_the_chair(self):
        done, back = self._enter((30, 50), None)
        back.with_user(self.secretary).action_disqualify(reason="Trùng giải pháp")
        self.final.action_open()
        self.assertEqual(done.round_id, self.final)
        back.with_user(self.secretary).action_reinstate(reason="Không trùng")
        with self.assertRaisesRegex(UserError, "didn't go on"):
            self._assign(back, self.member2)
        line = self.preliminary.with_user(self.chair).entry_line_ids.filtered(
            lambda line: line.entry_code == back.code
        )
        line.action_advance(reason="Bị loại nhầm")
        self._assign(back, self.member2)
        self.assertEqual(back.round_id, self.final)
