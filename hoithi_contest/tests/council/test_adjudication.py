from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import new_test_user, tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestAdjudication(HoithiCommon):
    """Sheets that lie too far apart, and scores that need an explanation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member3 = new_test_user(
            cls.env, "t_member3", groups="hoithi_contest.group_member"
        )
        cls.vice = new_test_user(
            cls.env, "t_vice", groups="hoithi_contest.group_member"
        )
        seats = [(cls.member3, "member"), (cls.vice, "vice_chair")]
        cls.council.member_ids = [
            (0, 0, {"user_id": user.id, "role": role}) for user, role in seats
        ]
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}
        cls.contest.divergence_limit = 20
        cls._launch()
        cls.entry = cls._eligible_entry()
        cls._start_review()
        cls.office = cls.contest.with_user(cls.secretary)

    def _scored(self, *pairs, entry=None):
        """Sheets by (user, first score, second score)."""
        reviews = self._assign(entry or self.entry, *(user for user, *_s in pairs))
        for review, (_user, *scores) in zip(reviews, pairs, strict=True):
            self._score(review, *scores)
        return reviews

    def _diverging(self):
        return self._scored((self.member1, 10, 30), (self.member2, 35, 50))

    def _adjudications(self):
        return self.entry.sudo().adjudication_ids

    def test_at_the_limit_nothing_happens(self):
        self._scored((self.member1, 20, 40), (self.member2, 30, 50))
        self.assertEqual(self.entry.sudo().score_spread, 20)
        self.assertFalse(self._adjudications())
        self.office.action_start_council()

    def test_limit_of_zero_is_off(self):
        self.contest.sudo().divergence_limit = 0
        self._diverging()
        self.assertFalse(self._adjudications())

    def test_default_comes_from_the_department(self):
        self.company.hoithi_divergence_limit = 15
        self.assertEqual(self._create_contest(edition_number=10).divergence_limit, 15)

    def test_limit_is_frozen_from_the_review(self):
        with self.assertRaisesRegex(UserError, "too far on"):
            self.office.divergence_limit = 50

    def test_opens_beyond_the_limit_and_keeps_the_sheets(self):
        reviews = self._diverging()
        adjudication = self._adjudications()
        self.assertRecordValues(
            adjudication,
            [{"state": "open", "spread": 45, "limit": 20, "resolution": False}],
        )
        self.assertEqual(adjudication.review_ids.ids, [r.id for r in reviews])
        self.assertEqual(adjudication.create_uid, self.env.ref("base.user_root"))
        self.assertTrue(self.entry.sudo().needs_adjudication)
        self.assertEqual([r.total for r in reviews], [40, 85])
        events = self.env["hoithi.ledger"].search([("entry_id", "=", self.entry.id)])
        self.assertIn("adjudication.opened", events.mapped("event"))
        notices = self.env["hoithi.notice"].search([("kind", "=", "adjudication")])
        self.assertEqual(notices.partner_id, self.secretary.partner_id)
        notices._send()
        self.assertEqual(notices.state, "sent")

    def test_council_and_selection_wait(self):
        self._diverging()
        with self.assertRaisesRegex(UserError, "too far apart"):
            self.office.action_start_council()
        problems = self.entry.with_user(self.secretary)._get_selection_problems()
        self.assertIn("await adjudication", "".join(problems))

    def test_a_further_reviewer_resolves_it(self):
        originals = self._diverging()
        adjudication = self._adjudications().with_user(self.secretary)
        action = adjudication.action_assign_reviewer()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.secretary)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual((wizard.mode, wizard.number), ("add", 1))
        wizard.action_propose()
        line = wizard.line_ids
        self.assertNotIn(line.member_id.user_id, self.member1 | self.member2)
        wizard.action_assign()
        self.assertEqual(adjudication.state, "open", "until the sheet is in")
        third = self.entry.sudo().review_ids.filtered(lambda r: r.state == "assigned")
        self._score(third.with_user(third.user_id), 30, 45)
        self.assertRecordValues(
            self._adjudications(),
            [
                {
                    "state": "resolved",
                    "resolution": "third_reviewer",
                    "resolved_spread": 45,
                    "resolved_by": False,
                }
            ],
        )
        self.assertNotEqual(adjudication.sudo().write_uid, third.user_id)
        self.assertEqual([r.total for r in originals], [40, 85], "originals are kept")
        self.assertEqual(self.entry.sudo().average_score, 66.67)
        self.office.action_start_council()
        self.entry.with_user(self.secretary).action_select()

    def test_a_reviewer_assigned_before_does_not_resolve_it(self):
        reviews = self._assign(self.entry, self.member1, self.member2, self.member3)
        self._score(reviews[0], 10, 30)
        self._score(reviews[1], 35, 50)
        self._score(reviews[2], 30, 45)
        self.assertEqual(self._adjudications().mapped("state"), ["open"])

    def test_back_to_the_council_by_secretary_with_a_reason(self):
        self._diverging()
        adjudication = self._adjudications().with_user(self.secretary)
        self.assertEqual(
            adjudication.action_ask_return_to_council()["res_model"], "hoithi.reason"
        )
        with self.assertRaisesRegex(UserError, "Give the reason"):
            adjudication.action_return_to_council(reason="  ")
        adjudication.action_return_to_council(reason="Hai cách hiểu về tính mới")
        self.assertRecordValues(
            adjudication,
            [
                {
                    "state": "resolved",
                    "resolution": "council",
                    "note": "Hai cách hiểu về tính mới",
                    "resolved_by": self.secretary.id,
                }
            ],
        )
        with self.assertRaises(UserError):
            adjudication.action_return_to_council(reason="Lần nữa")
        self.office.action_start_council()

    def test_chair_and_vice_chair_decide_other_members_do_not_see_it(self):
        self._diverging()
        adjudication = self._adjudications()
        for user in (self.member1, self.member2, self.member3):
            with self.assertRaises(AccessError):
                adjudication.with_user(user).action_return_to_council(reason="Tôi muốn")
            self.assertFalse(self.env["hoithi.adjudication"].with_user(user).search([]))
        for user in (self.publisher, self.head, self.internal, self.staff):
            with self.assertRaises(AccessError):
                self.env["hoithi.adjudication"].with_user(user).search([])
        self.assertEqual(adjudication.with_user(self.vice).entry_name, self.entry.name)
        self.assertEqual(adjudication.with_user(self.leader).spread, 45)
        with self.assertRaises(AccessError):
            adjudication.with_user(self.leader).action_return_to_council(reason="Tôi")
        adjudication.with_user(self.chair).action_return_to_council(reason="Họp bàn")
        self.assertEqual(adjudication.resolved_by, self.chair)

    def test_chair_learns_no_author_and_no_sheet(self):
        self._diverging()
        adjudication = self._adjudications().with_user(self.chair)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            adjudication.entry_id.read(["author_names"])
        with self.assertRaises(AccessError):
            adjudication.read(["review_ids"])
        values = adjudication.read()[0]
        self.assertNotIn("Hà Thị Tác Giả", str(values))
        # the data that could leak is there
        self.assertIn(
            "Hà Thị Tác Giả",
            adjudication.with_user(self.secretary).entry_id.author_names,
        )

    def test_hidden_in_conflict_and_while_still_scoring(self):
        self._diverging()
        adjudication = self._adjudications().with_user(self.chair)
        self._assign(self.entry, self.chair)
        self.assertFalse(adjudication.search([]), "the own sheet comes first")
        self._assign(self.entry, self.vice)[0].action_recuse(reason="Anh em họ")
        self.assertFalse(adjudication.with_user(self.vice).search([]))
        with self.assertRaises(AccessError):
            adjudication.with_user(self.vice).action_return_to_council(reason="Thôi")
        self.env["hoithi.conflict"].create(
            {
                "entry_id": self.entry.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
            }
        )
        self.assertFalse(adjudication.with_user(self.secretary).search([]))

    def test_nobody_writes_it(self):
        self._diverging()
        adjudication = self._adjudications()
        for user in (self.secretary, self.chair, self.leader, self.admin):
            record = adjudication.with_user(user)
            for act in (
                lambda r: r.write({"spread": 1}),
                lambda r: r.unlink(),
                lambda r: r.create({"entry_id": self.entry.id}),
            ):
                with self.assertRaises(AccessError):
                    act(record)
        with self.assertRaises(UserError):
            adjudication.with_user(self.secretary).write({"state": "resolved"})

    def test_lapses_when_the_sheets_change_and_opens_anew(self):
        reviews = self._diverging()
        reviews[0].with_user(self.secretary).action_reopen(reason="Cộng nhầm")
        self.assertEqual(self._adjudications().resolution, "lapsed")
        self._score(reviews[0], 12, 30)
        self.assertEqual(
            sorted(self._adjudications().mapped("state")), ["open", "resolved"]
        )

    def test_settled_divergence_opens_again_only_when_it_grows(self):
        self._diverging()
        self._adjudications().with_user(self.secretary).action_return_to_council(
            reason="Hội đồng sẽ bàn"
        )
        self._scored((self.member3, 20, 40))
        self.assertEqual(len(self._adjudications()), 1)
        self._scored((self.vice, 1, 5))
        self.assertEqual(len(self._adjudications()), 2)
        self.assertTrue(self.entry.sudo().needs_adjudication)

    # ALL SCORE AGAIN

    def _let_rescore(self):
        self.contest.sudo().with_context(hoithi_door=Load()).divergence_rescore = True

    def test_all_judges_score_again_where_the_rules_say_so(self):
        self._let_rescore()
        reviews = self._diverging()
        sheets = (reviews[0] | reviews[1]).sudo()
        adjudication = self._adjudications()
        with freeze_time(self.contest.review_deadline + timedelta(days=1)):
            adjudication.with_user(self.secretary).action_rescore(
                reason="Lệch quá mức cho phép"
            )
            self.assertEqual(
                (adjudication.state, adjudication.resolution), ("resolved", "rescore")
            )
            self.assertEqual(set(sheets.mapped("state")), {"in_progress"})
            self.assertGreater(min(sheets.mapped("due_date")), Datetime.now())
            self.assertFalse(self.entry.sudo().needs_adjudication)
            told = self.env["hoithi.notice"].search(
                [("kind", "=", "review_reopened"), ("res_id", "in", sheets.ids)]
            )
            self.assertEqual(told.partner_id, (self.member1 | self.member2).partner_id)
            # as far apart as before: it is to be settled anew
            self._score(reviews[0], 10, 30)
            self._score(reviews[1], 35, 50)
        self.assertEqual(
            sorted(self._adjudications().mapped("state")), ["open", "resolved"]
        )

    def test_nobody_scores_again_against_the_rules(self):
        first, second = self._diverging()
        sheets = (first | second).sudo()
        office = self._adjudications().with_user(self.secretary)
        with self.assertRaises(UserError):
            office.action_rescore(reason="Lệch")
        self._let_rescore()
        for user in (self.chair, self.vice, self.leader, self.member1):
            with self.assertRaises(AccessError):
                office.with_user(user).action_rescore(reason="Lệch")
        for values in ({}, {"reason": "-"}, {"reason": "x", "due_date": "2020-01-01"}):
            with self.assertRaises(UserError):
                office.action_rescore(**values)
        self.assertEqual(set(sheets.mapped("state")), {"submitted"})
        office.action_return_to_council(reason="Hội đồng bàn")
        with self.assertRaises(UserError):
            office.action_rescore(reason="Lệch")

    def test_counter_on_the_contest(self):
        self._diverging()
        self.assertEqual(self.office.open_adjudication_count, 1)
        self.assertEqual(
            self.contest.with_user(self.member1).open_adjudication_count, 0
        )
        self.assertEqual(self.contest.with_user(self.staff).open_adjudication_count, 0)
        action = self.office.action_view_adjudications()
        self.assertEqual(action["domain"], [("contest_id", "=", self.contest.id)])

    # EXTREMES

    def _extremes(self, percent=0):
        self.criteria_set.sudo().write(
            {"explain_extremes": True, "extreme_percent": percent}
        )
        return self._assign(self.entry, self.member1)[0]

    def test_score_at_the_end_of_the_scale_needs_a_comment(self):
        review = self._extremes()
        self._score(review, 40, 45, submit=False)
        with self.assertRaisesRegex(UserError, "Tính mới: explain a score of 40"):
            review.action_submit()
        review.line_ids[0].comment = "Chưa ai làm trong cả nước"
        review.action_submit()
        self.assertEqual(review.total, 85)

    def test_lowest_score_of_the_scale_needs_a_comment(self):
        self.criteria_set.criterion_ids[1].min_score = 5
        review = self._extremes()
        self._score(review, 39, 5, submit=False)
        with self.assertRaisesRegex(UserError, "Hiệu quả: explain a score of 5"):
            review.action_submit()

    def test_width_of_the_ends(self):
        review = self._extremes(percent=5)
        self._score(review, 38, 50, submit=False)
        with self.assertRaisesRegex(UserError, "explain a score of 38"):
            review.action_submit()
        self._score(review, 37, 50)

    def test_without_the_setting_extremes_pass(self):
        [review] = self._assign(self.entry, self.member1)
        self._score(review, 40, 60)
        self.assertEqual(review.total, 100)
