import base64

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...lib.contest import rules
from ..common import PDF, HoithiCommon

RULES = """\
format: 1
name: Thể lệ Hội thi cấp Sở
source: Quyết định số 12/QĐ-SNNMT
date: 2026-03-02
contest:
  blind: false
  coauthor_min_percent: 30
  eligible_from_year: 2020
fields:
  - name: Tài nguyên và môi trường
  - name: Chuyển đổi số
    code: "7"
bases:
  - number: 01/QĐ-UBND
    subject: về việc tổ chức Hội thi
  - number: 12/QĐ-SNNMT
    date: 2026-03-02
    subject: ban hành Thể lệ
plan_sections:
  - {name: Kinh phí, content: Ngân sách của Sở.}
  - name: Chế độ báo cáo
    content: |
      Báo cáo hằng tháng.
      Báo cáo tổng kết trước ngày 30/11.
criteria_sets:
  - name: Tiêu chí thử
    min_total: 60
    aggregate: trimmed_mean
    criteria:
      - name: Tính mới
        max: 30
        min_pass: 10
        looks_at: novelty
        levels:
          - {name: Cao, from: 20, to: 30}
          - {name: Thấp, to: 19.5}
      - {name: Hiệu quả, max: 70, step: 1}
judging:
  reviews_per_entry: 3
  divergence_limit: 12.5
  divergence_rescore: true
  nomination_slots: 4
council: {quorum: 3/4, approval: 2/3, approval_base: present, written_opinions: all}
questions:
  - name: Có hiệu quả
    approval: 1/2
    approval_more_than: true
    approval_base: present
    vote: secret
  - {name: Nhân rộng trong tỉnh, scope: province}
tie_breaks:
  - {kind: criterion, criterion: Hiệu quả}
  - {kind: earlier}
prizes:
  - {rank: first, min_score: 90, amount: 3000000}
  - {rank: second, field: Chuyển đổi số, slots: 2, amount: 2000000}
prize_limits:
  - {name: Mọi giải, share: 40, share_of: scored, amount: 7000000}
  - {name: Giải Nhì, ranks: [second], field: Chuyển đổi số, most: 1, basis: Điều 5}
"""


@tagged("post_install", "-at_install")
class TestRulePack(HoithiCommon):
    """A contest's rules as a file: out, compared, checked, in."""

    def _get_pack(self, text=None, user=None, contest=None, **values):
        if text is not None:
            values["file"] = base64.b64encode(text.encode())
        return (
            self.env["hoithi.rule.pack"]
            .with_user(user or self.secretary)
            .create({"contest_id": (contest or self.contest).id, **values})
        )

    def _export(self, contest, user=None):
        """Return the file of a contest's rules, as it is downloaded."""
        action = contest.with_user(user or self.secretary).action_export_rules()
        self.assertEqual(action["type"], "ir.actions.act_url")
        pack = self.env["hoithi.rule.pack"].browse(int(action["url"].split("/")[4]))
        return base64.b64decode(pack.with_user(user or self.secretary).exported)

    def _import(self, text, contest=None, **values):
        pack = self._get_pack(text, contest=contest, **values)
        action = pack.action_import()
        return self.env["hoithi.contest"].browse(action["res_id"])

    def _find_changes(self, pack):
        return {
            (line.part, line.name): (line.before, line.after, line.kind)
            for line in pack.line_ids
        }

    def test_rules_go_out_and_in_and_are_the_same(self):
        self._import(RULES)
        text = self._export(self.contest)
        self.assertRegex(
            text.decode(),
            r"^# yaml-language-server: \$schema=https?://\S+/hoithi/rules/schema.json\n",
        )
        pack = rules.read(text)
        self.assertEqual(pack.head["name"], self.contest.name)
        other = self._create_contest(
            name="Hội thi khác",
            legal_basis_ids=False,
            blind=True,
            criteria_set_id=False,
        )
        self._import(text.decode(), other)
        self.assertEqual(rules.read(self._export(other)).rules, pack.rules)
        # the same lists serve both, nothing is there twice
        for name in ("field_ids", "dossier_type_ids", "criteria_set_id"):
            self.assertEqual(other[name], self.contest[name], name)
        again = self._get_pack(text.decode(), contest=other)
        again.action_preview()
        self.assertFalse(again.line_ids)
        self.assertFalse(again.can_import)

    def test_what_a_contest_never_said_goes_out_and_in(self):
        bare = self.env["hoithi.contest"].create({"name": "Trống"})
        text = self._export(bare).decode()
        other = self.env["hoithi.contest"].create({"name": "Trống"})
        self._import(text, other)
        self.assertEqual(self._export(other).decode(), text)

    def test_each_rule_arrives(self):
        contest = self.contest
        self._import(RULES, reason="Theo Thông báo số 07/TB-BTC")
        self.assertFalse(contest.blind)
        self.assertEqual(contest.coauthor_min_percent, 30)
        self.assertEqual(
            contest.field_ids.mapped("name"),
            ["Tài nguyên và môi trường", "Chuyển đổi số"],
        )
        self.assertEqual(contest.field_ids[0], self.field, "it was there")
        criteria_set = contest.criteria_set_id
        self.assertEqual(criteria_set.aggregate, "trimmed_mean")
        self.assertEqual(criteria_set.criterion_ids.mapped("max_score"), [30, 70])
        self.assertEqual(
            criteria_set.criterion_ids[0].level_ids.mapped("score_to"), [30, 19.5]
        )
        self.assertEqual(
            (contest.reviews_per_entry, contest.divergence_limit), (3, 12.5)
        )
        self.assertEqual(self.council.quorum_ratio, 0.75)
        self.assertEqual(self.council.approval_base, "present")
        self.assertEqual(self.council.written_opinions, "all")
        self.assertTrue(contest.divergence_rescore)
        self.assertEqual(
            contest.tie_break_ids.mapped(lambda step: step.criterion_id.name),
            ["Hiệu quả"] + [False],
        )
        effect, province = contest.question_rule_ids
        self.assertEqual(effect._get_majority(), (0.5, "present", True))
        self.assertEqual((effect.ballot_mode, effect.scope), ("secret", False))
        self.assertEqual(province.scope, "province")
        self.assertEqual(
            contest.copy().question_rule_ids.mapped("name"),
            [effect.name, province.name],
        )
        self.assertAlmostEqual(province.approval_ratio, 2 / 3)
        first, second = contest.prize_ids.sorted("sequence")
        self.assertEqual((first.rank, first.min_score), ("first", 90))
        self.assertEqual(second.field_id.name, "Chuyển đổi số")
        self.assertEqual(second.currency_id.name, "VND")
        every, seconds = contest.prize_limit_ids
        self.assertEqual(
            (every.slots_share, every.share_of, every.amount, every.kind_ids.ids),
            (40, "scored", 7_000_000, []),
        )
        self.assertEqual(
            contest.plan_section_ids.mapped("name"), ["Kinh phí", "Chế độ báo cáo"]
        )
        self.assertIn("\nBáo cáo tổng kết", contest.plan_section_ids[1].content)
        self.assertEqual((seconds.slots, seconds.basis), (1, "Điều 5"))
        self.assertEqual(seconds.kind_ids.mapped("code"), ["second"])
        self.assertEqual(seconds.field_id.name, "Chuyển đổi số")
        self.assertEqual(contest.copy().prize_limit_ids.mapped("slots"), [0, 1])
        self.assertIn("07/TB-BTC", contest.message_ids[0].body)
        self.assertIn("Chuyển đổi số", contest.message_ids[0].body)
        # what the file says nothing of stays
        self.assertEqual(contest.grace_minutes, 15)

    def test_limits_and_the_form_are_rules(self):
        text = (
            "format: 1\nname: Giới hạn\n"
            "limits: {participants: staff, entries_per_author: 2, entries_per_unit: 5,"
            " authors_per_entry: 3, age_from: 18, age_to: 35, age_on: 2026-06-01}\n"
        )
        pack = self._get_pack(text)
        pack.action_preview()
        self.assertIn("birth_date: true", pack.problems)
        text += "form: {birth_date: true, ai: true}\n"
        pack = self._get_pack(text)
        pack.action_preview()
        changes = self._find_changes(pack)
        self.assertEqual(
            changes["Limits", "Entries Per Author"], ("0", "2", "changed"), changes
        )
        self._import(text)
        contest = self.contest
        self.assertEqual((contest.age_to, str(contest.age_on)), (35, "2026-06-01"))
        self.assertTrue(contest.ask_birth_date and contest.ask_ai)
        self.assertEqual(
            contest.limit_texts.splitlines(),
            [
                "All authors are staff of the department.",
                "A person is an author of at most 2 entries.",
                "A unit hands in at most 5 entries.",
                "An entry has at most 3 authors.",
                "Authors are 18 to 35 years old on 01/06/2026.",
            ],
        )
        wrong = self._get_pack(text.replace("age_from: 18", "age_from: 40"))
        wrong.action_preview()
        self.assertIn(
            "Line 3, limits › age_from: This can't be above 35", wrong.problems
        )

    def test_how_bodies_vote_and_scores_are_summed_are_rules(self):
        text = (
            "format: 1\nname: Cách biểu quyết\n"
            "criteria_sets:\n"
            "  - name: Thang hệ số\n    aggregate: sum\n    min_total: 40\n"
            "    criteria: [{name: Tính mới, max: 10, weight: 2.5},"
            " {name: Hiệu quả, max: 10}]\n"
            "judging: {reviews_per_entry: 3, vote_order: worst,"
            " preliminaries_first: true}\n"
            "council: {vote: open}\n"
            "confirming: {quorum: 1/2, approval: 3/4, approval_base: all_members,"
            " vote: secret}\n"
            "questions:\n"
            "  - {name: Sơ bộ, phase: before, approval: 1/2}\n"
            "  - {name: Phạm vi, scope: choice, scope_count: alone}\n"
            "  - {name: Khen thưởng, body: confirming}\n"
        )
        pack = self._get_pack(text)
        pack.action_preview()
        self.assertFalse(pack.problems)
        kept = pack.line_ids.filtered(lambda line: line.kind == "kept")
        self.assertTrue(kept)
        self.assertTrue(
            all("no organising committee yet" in note for note in kept.mapped("note"))
        )
        committee = self.council.create({"name": "Ban Tổ chức"})
        self.contest.confirming_council_id = committee
        self._import(text)
        contest = self.contest
        criteria_set = contest.criteria_set_id
        self.assertEqual((criteria_set.aggregate, criteria_set.total_max), ("sum", 35))
        self.assertEqual(criteria_set._get_highest(3), 105)
        self.assertEqual(
            (contest.vote_order, contest.preliminaries_first), ("worst", True)
        )
        self.assertEqual(
            (committee.quorum_ratio, committee.approval_ratio), (0.5, 0.75)
        )
        self.assertEqual(
            (self.council.ballot_mode, committee.ballot_mode), ("open", "secret")
        )
        self._import("format: 1\nname: Khác\ncouncil: {vote: ''}\n")
        self.assertFalse(self.council.ballot_mode, "as each session has it")
        self.assertEqual(
            contest.question_rule_ids.mapped(lambda q: (q.phase, q.scope, q.body)),
            [
                ("before", False, "council"),
                ("after", "choice", "council"),
                ("after", False, "confirming"),
            ],
        )
        pack = rules.read(self._export(contest))
        self.assertEqual(pack.rules["confirming"]["approval"], "3/4")
        again = self._get_pack(self._export(contest).decode())
        again.action_preview()
        self.assertFalse(again.line_ids or again.problems)
        for wrong, message in (
            (text.replace("weight: 2.5", "weight: 0"), "more than 0"),
            (text.replace("approval: 3/4", "approval: 1/3"), "minority"),
            (text.replace("min_total: 40", "min_total: 106"), "above 105"),
            (text.replace("scope: choice", "scope: village"), "isn't possible"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self._import(wrong)

    def test_a_file_has_all_rules(self):
        """What is fixed with the rules stands in the file, or is none by name."""
        contest = self.contest
        table = contest._get_fixed_table()
        #: Rows and links that are parts of their own, and what is of one edition.
        apart = {
            *("field_ids", "dossier_type_ids", "prize_ids", "tie_break_ids"),
            "prize_limit_ids",
            *("criteria_set_id", "council_id", "jury_ids", "round_ids"),
            *("question_rule_ids", "confirming_council_id"),
            *("component_ids", "company_id", "edition_number", "year_start"),
            *("year_end", "date_start", "date_end", "registration_deadline", "tz"),
        }
        written = {
            *contest._rule_fields.values(),
            *contest._judging_fields.values(),
            *contest._limit_fields.values(),
            *contest._form_fields.values(),
        }
        fixed = {*table["is_settled"], *table["rules_fixed"]}
        self.assertFalse(fixed - written - apart)
        #: Of the rows: whose they are, their place, and what is of one edition alone.
        own = {
            *models.MAGIC_COLUMNS,
            *("active", "company_id", "contest_id", "set_id", "criterion_id"),
            *(
                "prize_id",
                "sequence",
                "version",
                "locked",
                "attachment_id",
                "publish_text",
            ),
            # linked by the number
            "legal_text_id",
            *("deadline", "opened_on", "closed_on", "presentation_start"),
            *("presentation_place", "vote_start", "vote_end", "counted_on"),
            *("most_votes", "member_ids", "former_member_ids", "jury_ids"),
            *("entry_line_ids", "score_ids", "round_id", "field_ids"),
            *("vote_note", "vote_scan_id"),
        }
        #: The council is chosen, its ratios are rules.
        council = {"name", "symbol", "decision_number", "decision_date", "date_from"}
        council |= {"date_to"}
        for part in contest._get_pack_parts().values():
            if part.model == "hoithi.contest":
                continue
            model = self.env[part.model]
            stored = {
                name
                for name, field in model._fields.items()
                if field.store
                and not field.related
                and not (field.compute and field.readonly)
                and "hoithi_contest" in field._modules
            }
            chosen = council if part.model == "hoithi.council" else set()
            left = stored - own - chosen - {*part.fields.values()}
            self.assertFalse(left, part.model)

    def test_a_basis_of_the_registry_is_linked(self):
        known = self.env["hoithi.legal.text"].create(
            {"number": "12/QĐ-SNNMT", "subject": "ban hành Thể lệ", "kind": "decision"}
        )
        self._import(RULES)
        self.assertEqual(self.contest.legal_basis_ids.mapped("legal_text_id"), known)

    def test_kinds_of_prizes_travel_with_their_rules(self):
        own = "  - {code: green, name: Giải Xanh, rule: hand, order: 90}\n"
        text = (
            "format: 1\nname: Giải riêng\nprize_kinds:\n"
            + own
            + "prizes:\n  - {rank: green, ceiling: 7, ceiling_basis: NQ 5, amount: 7}\n"
            + "  - {rank: class_a, slots: 0, "
            + "criteria: [{criterion: Tính mới, min: 9}]}\n"
            + "tie_breaks:\n  - {kind: women}\n  - {kind: chair}\n"
        )
        for wrong, message in (
            (text.replace(own, "").replace("prize_kinds:\n", ""), "isn't a kind"),
            (text.replace("rule: hand", "rule: oldest"), "goes to something else"),
            (text.replace("amount: 7", "amount: 8"), "above 7"),
            (text.replace("Tính mới", "Tính lạ"), "isn't a criterion"),
            (text.replace("min: 9", "min: 90"), "above 40"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self._import(wrong)
        self._import(text)
        prizes = self.contest.prize_ids.sorted("sequence")
        self.assertEqual(prizes.mapped("rank"), ["green", "class_a"])
        self.assertEqual(prizes[1].floor_ids.min_score, 9)
        exported = self._export(self.contest).decode()
        self.assertIn("code: green", exported)
        self.assertNotIn("code: class_a", exported, "everybody has it")
        other = self._create_contest(name="Hội thi khác")
        with self.assertRaisesRegex(UserError, "says something else"):
            self._import(text.replace("rule: hand", "rule: women"), other)
        self._import(text.replace("Giải Xanh", "Green Prize"), other)
        self.assertEqual(other.prize_ids.floor_ids.min_score, 9)
        kind = self.env["hoithi.prize.kind"]._find("green")
        self.assertEqual(kind.name, "Giải Xanh", "the same, however it is called")
        pack = self._get_pack(text.replace("Giải Xanh", "Green Prize"), contest=other)
        pack.action_preview()
        self.assertFalse(pack.change_count)

    def test_a_department_takes_no_kind_of_another(self):
        """By the same code it means its own, which the file describes."""
        other = self.env["res.company"].create({"name": "Sở Khác"})
        kinds = self.env["hoithi.prize.kind"]
        theirs = kinds.create(
            {
                "code": "green",
                "name": "Giải Khác",
                "rule": "women",
                "company_id": other.id,
            }
        )
        text = (
            "format: 1\nname: Giải riêng\nprize_kinds:\n"
            "  - {code: green, name: Giải Xanh, rule: hand, order: 90}\n"
            "prizes:\n  - {rank: green, slots: 1}\n"
            "prize_limits:\n  - {name: Giải Xanh, most: 1, ranks: [green]}\n"
        )
        with self.assertRaisesRegex(UserError, "isn't a kind"):
            self._import(
                "format: 1\nname: Không có loại\nprizes:\n  - {rank: green, slots: 1}\n"
            )
        self._import(text)
        own = self.contest.prize_ids._get_kind()
        self.assertEqual((own.name, own.company_id), ("Giải Xanh", self.company))
        self.assertEqual(self.contest.prize_limit_ids.kind_ids, own)
        self.assertEqual(theirs.name, "Giải Khác")

    def test_a_set_that_is_other_is_made_anew(self):
        before = self.criteria_set.criterion_ids.mapped("max_score")
        self._import(RULES)
        self.assertNotEqual(self.contest.criteria_set_id, self.criteria_set)
        self.assertEqual(self.contest.criteria_set_id.version, 2)
        self.assertEqual(self.contest.criteria_set_id.company_id, self.company)
        self.assertEqual(self.criteria_set.criterion_ids.mapped("max_score"), before)

    def test_nothing_is_written_before_it_is_confirmed(self):
        pack = self._get_pack(RULES)
        before = self._export(self.contest)
        action = pack.action_preview()
        self.assertEqual(action["res_id"], pack.id)
        self.assertEqual(self._export(self.contest), before)
        changes = self._find_changes(pack)
        self.assertEqual(
            changes["Registration and review", "Smallest co-author share (%)"],
            ("10", "30", "changed"),
        )
        self.assertEqual(
            changes["Registration and review", "Blind review"],
            ("Yes", "No", "changed"),
        )
        self.assertEqual(changes["Fields", "Chuyển đổi số"][2], "added")
        self.assertEqual(
            changes["Criteria", "Tiêu chí thử › Tính mới › Highest"],
            ("40", "30", "changed"),
        )
        self.assertEqual(changes["Council", "Quorum"], ("2/3", "3/4", "changed"))
        self.assertIn("3,000,000", changes["Prizes", "First prize"][1])
        self.assertEqual(pack.change_count, len(pack.line_ids))
        self.assertTrue(pack.can_import)
        self.assertEqual(pack.title, "Thể lệ Hội thi cấp Sở")
        self.assertIn("12/QĐ-SNNMT", pack.origin)

    def test_all_that_is_wrong_is_told_with_its_line(self):
        text = RULES.replace("max: 70", "max: 70 điểm").replace(
            "coauthor_min_percent: 30", "coauthor_min_percent: 60"
        )
        pack = self._get_pack(text)
        pack.action_preview()
        self.assertEqual(len(pack.problems.splitlines()), 2)
        self.assertIn("Line 7", pack.problems)
        self.assertIn("50", pack.problems)
        self.assertIn("criteria_sets › 1 › criteria › 2 › max", pack.problems)
        self.assertFalse(pack.line_ids)
        with self.assertRaises(UserError) as refusal:
            pack.action_import()
        self.assertIn("Line 37", str(refusal.exception))
        pack.action_back()
        self.assertFalse(pack.problems)

    def test_the_preview_tells_what_the_import_would_refuse(self):
        """Also what depends on the council: nothing is written by trying."""
        head = "format: 1\nname: Sai\n"
        for rule, told in (
            ("council: {quorum: 2/3, approval: 1/3}", "a minority would decide"),
            ("council: {approval: 1, approval_more_than: true}", "no more than all"),
            ("judging: {reviews_per_entry: 40}", "40"),
        ):
            with self.subTest(rule=rule):
                pack = self._get_pack(f"{head}{rule}\n")
                pack.action_preview()
                self.assertIn(told, pack.problems)
                self.assertFalse(pack.can_import)
                if rule.startswith("council"):
                    self.assertIn("Line 3", pack.problems)
        self.assertEqual(self.contest.reviews_per_entry, 2)
        contests = self.env["hoithi.contest"].search_count([])
        fresh = self._get_pack(RULES, contest_id=False)
        fresh.action_preview()
        self.assertFalse(fresh.problems)
        self.assertEqual(self.env["hoithi.contest"].search_count([]), contests)

    def test_a_part_is_checked_with_what_stays(self):
        """A file that leaves out the field of a prize doesn't leave the prize alone."""
        self.contest.prize_ids = [
            Command.create({"rank": "first", "field_id": self.field.id})
        ]
        text = "format: 1\nname: Chỉ lĩnh vực\nfields:\n  - name: Y tế\n"
        with self.assertRaises(UserError) as refusal:
            self._import(text)
        self.assertIn("isn't a field of the contest", str(refusal.exception))
        self._import(f"{text}prizes: []\n")
        self.assertEqual(self.contest.field_ids.name, "Y tế")
        self.assertFalse(self.contest.prize_ids)

    def test_ties_follow_the_set(self):
        """A tie-break of the old set means the criterion of that name in the new."""
        self.contest.tie_break_ids = [
            Command.create({"criterion_id": self.criteria_set.criterion_ids[1].id})
        ]
        head = "format: 1\nname: Bộ mới\ncriteria_sets:\n  - name: Mới\n    criteria:\n"
        with self.assertRaises(UserError) as refusal:
            self._import(f"{head}      - {{name: Khác, max: 10}}\n")
        self.assertIn("Hiệu quả", str(refusal.exception))
        self._import(f"{head}      - {{name: Hiệu quả, max: 10}}\n")
        self.assertEqual(
            self.contest.tie_break_ids.criterion_id,
            self.contest.criteria_set_id.criterion_ids,
        )

    def test_what_others_ask_for_stays(self):
        """A contest that asks for all types of the dossier doesn't ask for new ones."""
        other = self._create_contest(name="Hội thi khác")
        other.dossier_type_ids = False
        self.company.hoithi_dossier_type_ids = False
        asked = other.asked_dossier_type_ids
        text = "format: 1\nname: Hồ sơ\ndossier:\n  - {name: Phim, extensions: [mp4]}\n"
        self._import(text)
        self.assertEqual(self.contest.asked_dossier_type_ids.name, "Phim")
        self.assertEqual(other.asked_dossier_type_ids, asked)
        fresh = self.env["hoithi.contest"].create({"name": "Hội thi mới"})
        self.assertEqual(fresh.asked_dossier_type_ids, asked)

    def test_a_basis_that_stays_keeps_its_file(self):
        basis = self.contest.legal_basis_ids
        basis.with_user(self.secretary).write(
            {"text_file": base64.b64encode(PDF), "text_name": "van-ban.pdf"}
        )
        self._import(RULES)
        self.assertEqual(self.contest.legal_basis_ids[0], basis)
        self.assertTrue(basis.attachment_id)
        self.assertEqual(len(self.contest.legal_basis_ids), 2)

    def test_without_a_council_its_ratios_wait(self):
        self.contest.council_id = False
        pack = self._get_pack(RULES)
        pack.action_preview()
        kept = pack.line_ids.filtered(lambda line: line.kind == "kept")
        self.assertEqual(pack.wall_count, len(kept))
        self.assertTrue(all("no council yet" in note for note in kept.mapped("note")))
        pack.action_import()
        self.assertEqual(self.contest.reviews_per_entry, 3)
        self.assertAlmostEqual(self.council.quorum_ratio, 2 / 3)

    def test_a_council_at_work_keeps_its_ratios(self):
        self._launch()
        self._eligible_entry()
        self._start_review()
        other = self._create_contest(name="Hội thi sau")
        self._import(RULES, other)
        self.assertAlmostEqual(self.council.quorum_ratio, 2 / 3)
        self.assertIn("judges another contest", other.message_ids[0].body)

    def test_a_launched_contest_is_compared_only(self):
        self._launch()
        pack = self._get_pack(RULES)
        pack.action_preview()
        self.assertTrue(pack.line_ids)
        self.assertFalse(pack.can_import)
        with self.assertRaises(UserError) as refusal:
            pack.action_import()
        self.assertIn("has been launched", str(refusal.exception))
        self.assertTrue(self.contest.blind)

    def test_another_contest_is_a_source(self):
        other = self._create_contest(name="Hội thi trước")
        self._import(RULES, other)
        pack = self._get_pack(source="contest", other_id=other.id)
        pack.action_preview()
        self.assertIn(("Fields", "Chuyển đổi số"), self._find_changes(pack))
        pack.action_import()
        self.assertEqual(self.contest.criteria_set_id, other.criteria_set_id)
        self.assertEqual(
            rules.read(self._export(self.contest)).rules,
            rules.read(self._export(other)).rules,
        )

    def test_a_new_contest_of_two_sets_is_told_to_name_its_own(self):
        sets = "".join(
            f"  - {{name: Bộ {number}, criteria: [{{name: Tính mới, max: 10}}]}}\n"
            for number in (1, 2)
        )
        text = f"format: 1\nname: Hai bộ\ncriteria_sets:\n{sets}"
        pack = self.env["hoithi.rule.pack"].with_user(self.secretary)
        pack = pack.create({"file": base64.b64encode(text.encode())})
        pack.action_preview()
        self.assertIn("Name under “judging”", pack.problems)
        self.assertFalse(pack.can_import)
        pack = pack.create(
            {
                "file": base64.b64encode(
                    f"{text}judging: {{criteria_set: Bộ 2}}\n".encode()
                )
            }
        )
        contest = self.env["hoithi.contest"].browse(pack.action_import()["res_id"])
        self.assertEqual(contest.criteria_set_id.name, "Bộ 2")

    def test_a_new_contest_is_made_of_a_file(self):
        pack = self.env["hoithi.rule.pack"].with_user(self.secretary)
        pack = pack.create({"file": base64.b64encode(RULES.encode())})
        pack.action_preview()
        self.assertTrue(pack.can_import)
        contest = self.env["hoithi.contest"].browse(pack.action_import()["res_id"])
        self.assertEqual(contest.name, "Thể lệ Hội thi cấp Sở")
        self.assertEqual(contest.state, "draft")
        self.assertEqual(contest.criteria_set_id.min_total, 60)
        # a sample is nobody's contest: the new one is called by its own name
        pack = pack.create({"source": "sample", "sample": "sang-kien-40-30-30"})
        pack.action_preview()
        with self.assertRaisesRegex(UserError, "Give the new contest its name"):
            pack.action_import()
        pack.new_name = "Xét sáng kiến năm 2026"
        made = self.env["hoithi.contest"].browse(pack.action_import()["res_id"])
        self.assertEqual(made.name, "Xét sáng kiến năm 2026")

    def test_who_may(self):
        for user in (self.staff, self.internal, self.head, self.member1, self.chair):
            with self.assertRaises(AccessError):
                self.contest.with_user(user).action_export_rules()
            with self.assertRaises(AccessError):
                self._get_pack(RULES, user)
        for user in (self.leader, self.admin):
            self.assertTrue(self._export(self.contest, user))
            pack = self._get_pack(RULES, user)
            pack.action_preview()
            self.assertTrue(pack.line_ids)
            with self.assertRaises(AccessError):
                pack.action_import()
        mine = self._get_pack(RULES)
        with self.assertRaises(AccessError):
            mine.with_user(self.leader).read(["file"])

    def test_another_department_gets_copies_and_changes_nothing(self):
        company = self.env["res.company"].create({"name": "Sở Y tế"})
        office = self._create_logins(
            [
                {
                    "login": "t_other_office",
                    "name": "Thư Ký Khác",
                    "email": "other-office@soyte.example.vn",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.set(self.env.ref("hoithi_contest.group_secretary").ids)
                    ],
                }
            ]
        )
        self.field.company_id = self.criteria_set.company_id = self.company
        self._import(RULES)
        text = self._export(self.contest).decode()
        pack = self.env["hoithi.rule.pack"].with_user(office)
        pack = pack.create({"file": base64.b64encode(text.encode())})
        contest = self.env["hoithi.contest"].browse(pack.action_import()["res_id"])
        self.assertEqual(contest.company_id, company)
        self.assertEqual(contest.criteria_set_id.company_id, company)
        self.assertNotIn(self.field, contest.field_ids)
        theirs = rules.read(self._export(contest, office)).rules
        ours = rules.read(text.encode()).rules
        # ratios wait for their council
        self.assertEqual(theirs, {k: v for k, v in ours.items() if k != "council"})
        self.assertEqual(rules.read(self._export(self.contest)).rules, ours)
