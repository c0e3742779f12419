"""Rules as provinces, ministries and unions write them, that no sample has.

Each is written down without code; what is special about some of them is carried out.
"""

import base64

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .rule_campaign import RuleCampaign

HEAD = """\
format: 1
name: {name}
contest: {{mode: internal_contest, blind: true}}
dossier:
  - {{name: Bản thuyết minh, required: true, extensions: [pdf]}}
"""

ONE_FIELD = "fields: [{name: Sáng kiến}]\n"

TWO_FIELDS = """\
fields:
  - {name: Kỹ thuật}
  - {name: Quản lý}
"""

HUNDRED = """\
criteria_sets:
  - name: Thang một trăm
    criteria: [{name: Tính mới, max: 40}, {name: Hiệu quả, max: 60}]
"""

#: Of a union: two rounds of 30 and 70 %, a minimum for each criterion and each field.
TWO_ROUNDS = """\
fields:
  - {name: Kỹ thuật}
  - {name: Quản lý}
criteria_sets:
  - name: Sơ khảo
    min_total: 50
    criteria:
      - {name: Tính mới, max: 40, min_pass: 15}
      - {name: Hiệu quả, max: 60, min_pass: 20}
  - name: Chung khảo kỹ thuật
    min_total: 60
    criteria:
      - {name: Tính mới, max: 50, min_pass: 25}
      - {name: Trình bày, max: 50}
  - name: Chung khảo quản lý
    min_total: 55
    criteria:
      - {name: Hiệu quả, max: 70, min_pass: 35}
      - {name: Trình bày, max: 30}
judging: {criteria_set: Sơ khảo, reviews_per_entry: 3}
rounds:
  - name: Sơ khảo
    advance_by: share
    advance_count: 50
    advance_per: field
    weight: 30
  - {name: Chung khảo, presents: true, presentation_minutes: 15, weight: 70}
juries:
  - name: Giám khảo kỹ thuật
    round: Chung khảo
    fields: [Kỹ thuật]
    criteria_set: Chung khảo kỹ thuật
  - name: Giám khảo quản lý
    round: Chung khảo
    fields: [Quản lý]
    criteria_set: Chung khảo quản lý
prizes:
  - {rank: first, field: Kỹ thuật, min_score: 85}
  - {rank: first, field: Quản lý, min_score: 80}
"""

#: Of a province: prizes by shares of each field, and of all of them together.
RATIOS = (
    TWO_FIELDS
    + HUNDRED
    + """\
judging: {reviews_per_entry: 1, field_ranking: apart}
prizes:
  - {rank: first, field: Kỹ thuật, share: 20}
  - {rank: second, field: Kỹ thuật, slots: 0, share: 40, min_score: 50}
  - {rank: first, field: Quản lý, share: 20}
  - {rank: second, field: Quản lý, slots: 0, share: 40, min_score: 50}
prize_limits:
  - {name: Giải của lĩnh vực kỹ thuật, field: Kỹ thuật, share: 40, share_of: scored}
  - {name: Mọi giải, share: 40, share_of: scored, amount: 60000000, basis: Điều 7}
"""
)

#: Of a ministry: bonus for young authors, penalty for what came late.
BONUS = (
    ONE_FIELD
    + HUNDRED
    + """\
form: {birth_date: true}
judging: {reviews_per_entry: 3}
components:
  - {name: Tác giả dưới 35 tuổi, kind: bonus, most: 3, rule: Mọi tác giả dưới 35 tuổi.}
  - name: Nộp muộn
    kind: bonus
    most: 0
    least: -5
    rule: Mỗi ngày muộn trừ 1 điểm.
prizes:
  - {rank: first, min_score: 90}
"""
)

#: Of a sector: a third of the members is enough to stop it; three quarters meet.
VETO = (
    ONE_FIELD
    + HUNDRED
    + """\
judging: {reviews_per_entry: 1, preliminaries_first: true}
council:
  quorum: 3/4
  approval: 1/2
  approval_more_than: true
  approval_base: present
questions:
  - name: Không phản đối
    phase: before
    approval: 2/3
    approval_more_than: true
    approval_base: all_members
"""
)

#: Of a province: the organisers confirm in secret what the council voted in the open.
ORGANISERS = (
    ONE_FIELD
    + HUNDRED
    + """\
council: {quorum: 3/4, approval: 2/3, approval_base: all_members}
confirming: {quorum: 2/3, approval: 3/4, approval_base: present, vote: secret}
questions:
  - name: Đề nghị tỉnh khen thưởng
    body: confirming
    vote: secret
    approval: 3/4
    approval_base: present
"""
)

#: Of a city: equals draw lots.
LOTS = (
    ONE_FIELD
    + HUNDRED
    + """\
judging: {reviews_per_entry: 3}
tie_breaks:
  - {kind: criterion, criterion: Hiệu quả}
  - {kind: votes}
  - {kind: lot}
prizes: [{rank: first}, {rank: second, slots: 2}]
"""
)

#: Of a ministry: experts from outside weigh 40 %, the council 60.
EXPERTS = (
    ONE_FIELD
    + HUNDRED
    + """\
judging: {reviews_per_entry: 1}
rounds:
  - {name: Chuyên gia, advance_by: all, weight: 40}
  - {name: Hội đồng, weight: 60}
juries:
  - {name: Tổ chuyên gia, round: Chuyên gia, fields: [Sáng kiến]}
  - {name: Tổ Hội đồng, round: Hội đồng, fields: [Sáng kiến]}
prizes: [{rank: first, min_score: 80}]
"""
)

#: Of a youth union: units are honoured for taking part and for winning.
UNITS = (
    ONE_FIELD
    + HUNDRED
    + """\
judging: {reviews_per_entry: 1}
prize_kinds:
  - {code: most_wins, name: Đơn vị nhiều giải nhất, target: unit, rule: wins}
prizes:
  - {rank: first}
  - {rank: second, slots: 2}
  - {rank: most_entries, amount: 1000000}
  - {rank: most_wins, amount: 2000000}
  - {rank: unit_movement, slots: 3, amount: 500000}
prize_limits:
  - name: Giải tập thể
    ranks: [most_entries, most_wins, unit_movement]
    most: 5
    amount: 4500000
    basis: Quy chế chi tiêu nội bộ
"""
)

#: Of a department of education: two thirds of the sheets are of 70 points and more.
SHEETS = (
    ONE_FIELD
    + """\
criteria_sets:
  - name: Thang một trăm
    min_total: 60
    sheet_pass: 70
    sheet_pass_ratio: 2/3
    criteria: [{name: Tính mới, max: 40}, {name: Hiệu quả, max: 60}]
judging: {reviews_per_entry: 3}
prizes:
  - {rank: class_a, slots: 0, min_score: 85}
  - {rank: class_b, slots: 0, min_score: 70}
"""
)

#: Of a women's union: side prizes over fields that are ranked apart.
SIDE = (
    TWO_FIELDS
    + """\
criteria_sets:
  - name: Thang một trăm
    criteria: [{name: Tính mới, max: 40}, {name: Hiệu quả, max: 60}]
  - name: Thang năm mươi
    criteria: [{name: Hiệu quả, max: 50}]
form: {birth_date: true, gender: true}
judging: {criteria_set: Thang một trăm, reviews_per_entry: 3, field_ranking: apart}
juries: [{name: Tổ quản lý, fields: [Quản lý], criteria_set: Thang năm mươi}]
tie_breaks: [{kind: women}, {kind: earlier}]
prizes:
  - {rank: special, across: percent, min_score: 95}
  - {rank: first, field: Kỹ thuật}
  - {rank: first, field: Quản lý}
  - {rank: women, slots: 2, across: percent, min_score: 70}
  - {rank: oldest, across: percent, min_score: 50}
"""
)

#: Of a corporation: coefficients, seven judges, the highest and the lowest left out.
COEFFICIENTS = (
    ONE_FIELD
    + """\
criteria_sets:
  - name: Có hệ số
    aggregate: trimmed_mean
    drop_from: 4
    rounding: 1
    explain_extremes: true
    extreme_percent: 10
    criteria:
      - {name: Làm lợi, max: 10, weight: 5, min_pass: 4}
      - {name: Tính mới, max: 10, weight: 3}
      - {name: An toàn, max: 10, weight: 2}
judging: {reviews_per_entry: 4, divergence_limit: 25, divergence_rescore: true}
tie_breaks: [{kind: criterion, criterion: Làm lợi}, {kind: benefit}, {kind: chair}]
prizes:
  - rank: class_a
    slots: 0
    share: 10
    min_score: 90
    criteria: [{criterion: Làm lợi, min: 8}]
    amount: 20000000
    ceiling: 20000000
    ceiling_basis: Thỏa ước lao động tập thể
  - {rank: class_b, slots: 0, share: 25, min_score: 75, amount: 10000000}
"""
)

#: Of a newspaper and a union: half by the jury, a test in writing, the readers' vote.
PARTS = (
    ONE_FIELD
    + """\
criteria_sets:
  - name: Phiếu năm mươi
    criteria: [{name: Nội dung, max: 30}, {name: Hình thức, max: 20}]
judging: {reviews_per_entry: 2}
components:
  - {name: Bài thi viết, kind: points, most: 20, digits: 1}
  - {name: Bạn đọc bình chọn, kind: community, most: 30, voters: login, votes_each: 3}
tie_breaks: [{kind: component, component: Bài thi viết}, {kind: earlier}]
prizes: [{rank: first, min_score: 70}, {rank: consolation, slots: 10}]
prize_limits: [{name: Mọi giải, most: 8, share: 30, share_of: competing}]
"""
)

#: Of a province's youth contest: people from outside, by age, one entry each.
YOUNG = (
    TWO_FIELDS
    + HUNDRED
    + """\
form: {birth_date: true, photo: true}
limits:
  participants: outsiders
  entries_per_author: 1
  authors_per_entry: 3
  age_from: 6
  age_to: 19
  age_on: 2026-06-01
  won_before: bar
  won_before_level: unit
  won_before_years: 1
judging: {reviews_per_entry: 2, divergence_limit: 15, objection_days: 5}
prizes:
  - {rank: first, field: Kỹ thuật, min_score: 80}
  - {rank: first, field: Quản lý, min_score: 80}
  - {rank: youngest, slots: 1}
"""
)

RULES = {
    "Hai vòng, trọng số 30 và 70": TWO_ROUNDS,
    "Tỷ lệ giải từng lĩnh vực": RATIOS,
    "Cộng điểm tác giả trẻ, trừ điểm nộp muộn": BONUS,
    "Một phần ba phủ quyết": VETO,
    "Ban Tổ chức bỏ phiếu kín": ORGANISERS,
    "Bốc thăm khi bằng điểm": LOTS,
    "Chuyên gia ngoài 40 phần trăm": EXPERTS,
    "Giải tập thể": UNITS,
    "Hai phần ba số phiếu": SHEETS,
    "Giải phụ chung hai lĩnh vực": SIDE,
    "Hệ số và bỏ phiếu cao thấp": COEFFICIENTS,
    "Phiếu chấm, bài viết, bạn đọc": PARTS,
    "Thiếu nhi ngoài cơ quan": YOUNG,
}


@tagged("post_install", "-at_install")
class TestRuleInventions(RuleCampaign):
    """Rules that no sample has are taken over as they are written."""

    def _take(self, name, committee=None):
        text = HEAD.format(name=name) + RULES[name]
        return self._prepare(committee, file=base64.b64encode(text.encode()))

    def _hold_council(self, contest):
        voters = [self.chair, self.secretary, self.member1, self.member2]
        return self._hold(contest, voters, lambda _item, _number: "agree")

    def test_each_is_taken_over(self):
        for name, text in RULES.items():
            with self.subTest(name=name):
                users = (self.chair, self.member1, self.member2)
                needs = "confirming" in text
                committee = self._form_committee(users) if needs else None
                self.assertTrue(self._take(name, committee))

    def test_prizes_by_shares_of_fields_and_of_all(self):
        """A fifth of four entries is no prize: there is none without a fifth entry."""
        contest = self._take("Tỷ lệ giải từng lĩnh vực")
        self._launch(contest)
        users = (self.staff, self.coauthor, self.internal, self.head, self.staff)
        entries = self.env["hoithi.entry"].union(
            *(
                self._enter(contest, f"Giải pháp số {n}", 0, user)
                for n, user in enumerate(users)
            )
        )
        entries |= self._enter(contest, "Quản lý số 1", 1, self.coauthor)
        self._start_review(contest)
        for number, entry in enumerate(entries):
            self._judge(contest, entry, 0.9 - number / 20)
        contest.action_start_council()
        self._hold_council(contest)
        contest.action_award_prizes()
        self.assertEqual(
            self._get_ranks(entries),
            # two of five are 40 %; of the other field one entry is too few
            [["first"], ["second"], [], [], [], []],
        )

    def test_a_third_of_the_members_stops_an_entry(self):
        contest = self._take("Một phần ba phủ quyết")
        self._launch(contest)
        good = self._enter(contest, "Giải pháp số 1")
        stopped = self._enter(contest, "Giải pháp số 2", user=self.internal)
        self._start_review(contest)
        for entry in (good, stopped):
            self._judge(contest, entry, 0.8)
        contest.action_start_council()

        def choose(item, number):
            against = item.is_preliminary and item.entry_id == stopped and number < 2
            return "disagree" if against else "agree"

        voters = [self.chair, self.secretary, self.member1, self.member2]
        self._hold(contest, voters, choose)
        self.assertEqual((good.state, stopped.state), ("selected", "not_selected"))

    def test_experts_weigh_forty_per_cent(self):
        contest = self._take("Chuyên gia ngoài 40 phần trăm")
        council, seats = contest.council_id, self.seats
        experts, own = contest.jury_ids
        experts.member_ids = seats[self.member1]
        own.member_ids = seats[self.chair] | seats[self.member2]
        self.assertEqual(experts.council_id, council)
        self._launch(contest)
        entry = self._enter(contest, "Giải pháp số 1")
        self._start_review(contest)
        with self._refused("Tổ chuyên gia"):
            self._assign(entry, self.chair)
        for user, points in ((self.member1, (40, 60)), (self.member2, (20, 30))):
            [review] = self._assign(entry, user)
            self._sign(review, user)
            self._score(review, *points)
            if user == self.member1:
                contest.round_ids[1].action_open()
        # 40 % of 100 and 60 % of 50
        self.assertEqual(entry.with_user(self.secretary).average_score, 70)

    def test_two_thirds_of_the_sheets_reach_the_points(self):
        contest = self._take("Hai phần ba số phiếu")
        self._launch(contest)
        good = self._enter(contest, "Giải pháp số 1")
        weak = self._enter(contest, "Giải pháp số 2", user=self.internal)
        self._start_review(contest)
        # a mean of 86.67 with one sheet below, one of 76.67 with two
        self._judge(contest, good, [(40, 60), (40, 60), (30, 30)])
        self._judge(contest, weak, [(40, 60), (29, 40), (29, 32)])
        contest.action_start_council()
        self._hold_council(contest)
        office = (good | weak).with_user(self.secretary)
        self.assertEqual(office.mapped("average_score"), [86.67, 76.67])
        self.assertFalse(office[0]._get_selection_problems())
        [problem] = office[1]._get_selection_problems()
        self.assertIn("1 of its 3 sheets give 70 points or more", problem)
        self.assertIn("2/3", problem)
        contest.action_award_prizes()
        self.assertEqual(self._get_ranks(office), [["class_a"], []])

    def test_units_are_honoured_for_taking_part_and_for_winning(self):
        contest = self._take("Giải tập thể")
        self._launch(contest)
        many = [self._enter(contest, f"Số {n}", user=self.staff) for n in range(3)]
        few = [self._enter(contest, f"Khác {n}", user=self.internal) for n in range(2)]
        self.assertNotEqual(many[0].sudo().department_id, few[0].sudo().department_id)
        self._start_review(contest)
        shares = (0.7, 0.5, 0.4), (0.9, 0.8)
        for entries, points in zip((many, few), shares, strict=True):
            for entry, share in zip(entries, points, strict=True):
                self._judge(contest, entry, share)
        contest.action_start_council()
        self._hold_council(contest)
        contest.action_award_prizes()
        awards = self.env["hoithi.award"].search([("contest_id", "=", contest.id)])
        units = {award.rank: award.department_id for award in awards}
        self.assertEqual(units["most_entries"], many[0].sudo().department_id)
        self.assertEqual(units["most_wins"], few[0].sudo().department_id)
        by_hand = self.env["hoithi.award"].with_user(self.secretary)
        values = {"contest_id": contest.id, "level": "unit", "rank": "unit_movement"}
        values |= {"department_id": many[0].sudo().department_id.id}
        with self._refused("4.500.000|4,500,000"):
            by_hand.create({**values, "amount": 1_600_000})
        by_hand.create({**values, "amount": 500_000})

    def test_a_special_prize_over_fields_of_other_scales(self):
        contest = self._take("Giải phụ chung hai lĩnh vực")
        special = contest.prize_ids.filtered(lambda prize: prize.rank == "special")
        self.assertEqual(special._get_across(), "percent")
        copy = contest.copy({"name": "Kỳ sau"})
        self.assertEqual(
            copy.prize_ids.mapped("across"), contest.prize_ids.mapped("across")
        )
        with self._refused("choose the field"):
            special.across = False
        with self._refused("by percentage"):
            special.across = "points"
        with self.assertRaises(UserError):
            contest.component_ids = [Command.create({"name": "Cộng", "kind": "bonus"})]
