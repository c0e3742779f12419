from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..common import PDF, HoithiCommon


@tagged("post_install", "-at_install")
class TestReopening(HoithiCommon):
    """One decision of a closed contest is reopened by another that names it."""

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
        cls.office = cls.contest.with_user(cls.secretary)
        cls.office.action_start_council()
        (cls.first | cls.second).with_user(cls.secretary).action_select()
        cls.third.with_user(cls.secretary).action_not_select(reason="Hết chỉ tiêu")
        awards = cls.env["hoithi.award"].with_user(cls.secretary)
        cls.award, cls.other_award = awards.create(
            [
                {
                    "entry_id": entry.id,
                    "level": "unit",
                    "rank": rank,
                    "decision_number": "12/QĐ-STNMT",
                }
                for entry, rank in ((cls.first, "second"), (cls.second, "first"))
            ]
        )
        action = cls.office.action_create_nomination()
        cls.nomination = cls.env["hoithi.nomination"].with_user(cls.secretary)
        cls.nomination = cls.nomination.browse(action["res_id"])
        cls.nomination.dispatch_number = "52/TTr-STNMT"
        cls.nomination.action_send()
        cls.lines = {line.entry_id.id: line for line in cls.nomination.line_ids}
        cls.lines[cls.first.id].result_rank = "third"
        cls.nomination.decision_number = "9/QĐ-UBND"
        cls.nomination.action_decide()
        cls._waive_all()
        cls.office.action_close()
        cls.env.flush_all()

    def _ask(self, entry=None, user=None, context=None, **values):
        """Record the decision; nobody has confirmed it yet."""
        user = user or self.secretary
        if "scan_ids" not in values:
            values["scan_ids"] = [Command.link(self._scan(user).id)]
        return (
            self.env["hoithi.reopening"]
            .with_user(user)
            .with_context(**(context or {}))
            .create(
                {
                    **(
                        {}
                        if "default_entry_id" in (context or {})
                        else {"entry_id": (entry or self.first).id}
                    ),
                    "decision_number": "77/QĐ-STNMT",
                    "decision_date": self.contest._get_today(),
                    "decided_by": "Giám đốc Sở",
                    "reason": "Khiếu nại có cơ sở",
                    **values,
                }
            )
        )

    def _reopen(self, entry=None, **values):
        """Record the decision, and let the chair confirm it."""
        reopening = self._ask(entry, **values)
        reopening.with_user(self.chair).action_confirm()
        return reopening

    def _scan(self, user, content=PDF, name="77-QD.pdf"):
        # who has no right on files gets one to try with
        files = self.env["ir.attachment"].with_user(user).sudo()
        return files.create({"name": name, "raw": content}).sudo(False)

    def _events(self, reopening):
        rows = self.env["hoithi.ledger"].search(
            [("res_model", "=", reopening._name), ("res_id", "=", reopening.id)],
            order="position",
        )
        return rows.mapped("event")

    def _verify(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def _told(self, kind="decision_changed"):
        return self.env["hoithi.notice"].search([("kind", "=", kind)]).partner_id

    def test_one_award(self):
        award = self.award.with_user(self.secretary)
        with self.assertRaises(UserError):
            award.rank = "first"
        reopening = self._reopen(award_id=self.award.id)
        self.assertIn("Second prize", reopening.before)
        award.rank = "first"
        with self.assertRaises(UserError):
            self.other_award.with_user(self.secretary).rank = "second"
        with self.assertRaises(UserError):
            self.contest.with_user(self.secretary).date_end = False
        shown, obstacles = self._show(reopening, "action_ask_finish")
        self.assertEqual(obstacles, [])
        self.assertIn("→", shown.effects[0])
        self.assertIn("First prize", shown.effects[0])
        shown.action_apply()
        self.assertIn("First prize", reopening.after)
        with self.assertRaises(UserError):
            award.rank = "third"
        self.assertEqual(
            self._events(reopening),
            ["decision.asked", "decision.reopened", "decision.changed"],
        )
        self.assertIn(self.staff.partner_id, self._told())
        self.assertEqual(self._told("decision_reopened"), self._told())
        self.assertFalse(self._told("decision_kept"))
        self.assertNotIn(self.internal.partner_id, self._told())
        log = " ".join(self.first.sudo().message_ids.mapped("body"))
        self.assertIn("77/QĐ-STNMT", log)
        self._verify()

    def test_an_award_goes_or_comes(self):
        reopening = self._reopen(award_id=self.award.id)
        with self.assertRaises(AccessError):
            reopening.with_user(self.leader).action_strike()
        shown, obstacles = self._show(reopening, "action_ask_strike")
        self.assertEqual(obstacles, [])
        self.assertIn("Second prize", shown.effects[0])
        self.assertTrue(self.award.exists(), "nothing goes by looking")
        shown.action_apply()
        self.assertFalse(self.award.exists())
        _shown, [obstacle] = self._show(reopening, "action_ask_strike")
        self.assertIn("No award is reopened", obstacle)
        reopening.action_finish()
        self.assertEqual(reopening.after, "no award")
        values = {"entry_id": self.third.id, "level": "unit", "rank": "consolation"}
        awards = self.env["hoithi.award"].with_user(self.secretary)
        with self.assertRaises(UserError):
            awards.create(values)
        given = self._reopen(self.third)
        self.assertTrue(given.sudo().activity_ids.user_id >= self.secretary)
        awards.create({**values, "level": "national"})
        self.assertFalse(given.award_id, "it gives one of the department")
        new = awards.create(values)
        self.assertEqual(given.award_id, new)
        given.action_finish()
        self.assertFalse(given.sudo().activity_ids)
        with self.assertRaises(UserError):
            new.rank = "first"
        self.assertIn("Consolation", given.after)
        self._verify()

    def test_a_decision_stands_above_the_limits_of_prizes(self):
        self.contest.with_context(hoithi_door=Load()).prize_limit_ids = [
            Command.create({"name": "Mọi giải", "slots": 1, "amount": 5})
        ]
        reopening = self._reopen(award_id=self.award.id)
        self.award.with_user(self.secretary).amount = 6
        reopening.action_finish()
        self._reopen(self.third)
        awards = self.env["hoithi.award"].with_user(self.secretary)
        new = awards.create(
            {"entry_id": self.third.id, "level": "unit", "rank": "consolation"}
        )
        self.assertTrue(new.exists())

    def test_who_competes_neither_confirms_nor_strikes(self):
        rival = new_test_user(
            self.env, "t_second", "hoithi_contest.group_secretary", name="Thư Ký Hai"
        )
        self.third.sudo().author_ids._open_door().write(
            {"partner_id": rival.partner_id.id}
        )
        asked = self._ask(award_id=self.award.id)
        self.second.sudo().author_ids._open_door().write(
            {"partner_id": self.chair.partner_id.id}
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            asked.with_user(self.chair).action_confirm()
        asked.with_user(self.leader).action_confirm()
        with self.assertRaisesRegex(UserError, "compete"):
            asked.with_user(rival).action_strike()
        asked.action_strike()
        self.assertFalse(self.award.exists())

    def test_an_outcome(self):
        with self.assertRaises(UserError) as refusal:
            self._ask(self.third, kind="outcome")
        self.assertIn("from now on", str(refusal.exception))
        reopening = self._ask(self.third, kind="outcome", new_outcome="not_selected")
        reopening.new_outcome = "selected"
        with self.assertRaises(AccessError):
            reopening.action_ask_confirm()
        shown, obstacles = self._show(
            reopening.with_user(self.chair), "action_ask_confirm"
        )
        self.assertEqual(obstacles, [])
        self.assertIn(reopening.before, shown.effects[0])
        shown.action_apply()
        self.assertEqual(reopening.state, "open")
        with self.assertRaises(UserError):
            reopening.new_outcome = "not_selected"
        reopening.action_finish()
        self.assertEqual(self.third.state, "selected")
        out = {"kind": "outcome", "new_outcome": "not_selected"}
        back = self._reopen(self.third, **out)
        back.action_finish()
        self.assertEqual(self.third.state, "not_selected")
        nominated = self._reopen(self.second, **out)
        with self.assertRaisesRegex(UserError, "Returned by Province"):
            self._undecide(nominated)
        nominated.action_finish()
        self.assertEqual(self.second.state, "not_selected", "the province gave none")
        winner = self._reopen(**out)
        with self.assertRaisesRegex(UserError, "gave .* an award"):
            winner.action_finish()
        _shown, [obstacle] = self._show(winner, "action_ask_finish")
        self.assertRegex(obstacle, "gave .* an award")
        self._verify()

    def test_what_a_decision_selects_needs_no_committee(self):
        committee = self.env["hoithi.council"].create({"name": "Ban Tổ chức Hội thi"})
        loading = self.contest.with_context(hoithi_door=Load())
        loading.confirming_council_id = committee
        reopening = self._reopen(self.third, kind="outcome", new_outcome="selected")
        self.assertEqual(self.third._get_unratified(), self.third)
        reopening.action_finish()
        self.assertFalse(self.third._get_unratified())
        nomination = self.office.action_create_nomination()["res_id"]
        nomination = self.nomination.browse(nomination)
        nomination.dispatch_number = "53/TTr-STNMT"
        nomination.action_send()
        self.assertEqual(self.third.state, "nominated")

    def _undecide(self, reopening):
        """Finish it as if the province still had the list."""
        with self.env.cr.savepoint():
            self.nomination.sudo()._open_door().with_context(
                hoithi_door=Load()
            ).state = "sent"
            self.env.flush_all()
            reopening.action_finish()

    def test_one_that_was_a_mistake_is_taken_back(self):
        reopening = self._reopen(award_id=self.award.id)
        award = self.award.with_user(self.secretary)
        with self.assertRaises(AccessError):
            reopening.with_user(self.leader).action_drop(reason="Nhầm dòng")
        with self.assertRaisesRegex(UserError, "reason"):
            reopening.action_drop()
        award.rank = "first"
        with self.assertRaisesRegex(UserError, "has been changed already"):
            reopening.action_drop(reason="Nhầm dòng")
        award.rank = "second"
        reopening.action_drop(reason="Nhầm dòng")
        self.assertEqual(reopening.state, "dropped")
        self.assertEqual(self._events(reopening)[-1], "decision.dropped")
        with self.assertRaises(UserError):
            award.rank = "first"
        self.assertEqual(self._told("decision_kept"), self._told("decision_reopened"))
        unchanged = self._reopen(award_id=self.award.id)
        unchanged.action_finish()
        self.assertFalse(self._told(), "nothing has changed for anybody")
        told = len(self._told("decision_kept"))
        self._ask(award_id=self.award.id).action_drop(reason="Nhầm dòng")
        self.assertEqual(len(self._told("decision_kept")), told, "it never was open")
        self._verify()

    def test_a_refusal_or_a_disqualification(self):
        reopened = self.third.sudo()._open_door().with_context(hoithi_door=Load())
        for state in ("ineligible", "disqualified"):
            reopened.write({"state": state, f"{state}_reason": "Thiếu hồ sơ"})
            with self.subTest(state=state):
                reopening = self._reopen(
                    self.third, kind="admission", new_outcome="selected"
                )
                reopening.action_finish()
                self.assertEqual(self.third.state, "selected")
                self.assertFalse(self.third[f"{state}_reason"])
                self.assertIn(self.internal.partner_id, self._told())
        with self.assertRaisesRegex(ValidationError, "neither refused"):
            self._ask(self.third, kind="admission")

    def test_a_result_of_the_province(self):
        line = self.lines[self.first.id]
        other = self.lines[self.second.id]
        with self.assertRaises(UserError):
            line.result_rank = "first"
        besides = {"entry_id": self.first.id, "level": "province"}
        author = self.first.sudo().author_ids[:1]
        besides = self.env["hoithi.award"].create(
            [
                {**besides, "rank": "women"},
                {**besides, "rank": "youngest", "author_id": author.id},
            ]
        )
        reopening = self._reopen(kind="nomination", line_id=line.id)
        line.result_rank = "first"
        with self.assertRaises(UserError):
            other.result_rank = "first"
        reopening.action_finish()
        self.assertEqual(besides.mapped("rank"), ["women", "youngest"])
        award = self.first.sudo().award_ids - besides
        award = award.filtered(lambda a: a.level == "province")
        self.assertEqual(award.rank, "first")
        back = self._reopen(kind="nomination", line_id=line.id)
        line.result_rank = "chosen"
        back.action_finish()
        self.assertEqual((award.rank, award.is_place), ("chosen", False))
        back = self._reopen(kind="nomination", line_id=line.id)
        line.result_rank = "first"
        back.action_finish()
        self.assertEqual((award.rank, award.is_place), ("first", True))
        self.assertEqual(besides.mapped("rank"), ["women", "youngest"])
        again = self._reopen(award_id=award.id, award_level="unit")
        self.assertEqual(again.award_level, "province", "that of the award")
        for vals in ({"entry_id": self.third.id}, {"level": "national"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                award.with_user(self.secretary).write(vals)
        again.action_finish()
        with self.assertRaises(UserError):
            line.result_rank = "second"
        again = self._reopen(self.second, kind="nomination", line_id=other.id)
        other.result_rank = "consolation"
        again.action_finish()
        award = self.second.sudo().award_ids.filtered(lambda a: a.level == "province")
        self.assertEqual(award.decision_number, "77/QĐ-STNMT")
        self._verify()

    @mute_logger("odoo.sql_db")
    def test_refused(self):
        for user in (self.staff, self.leader, self.chair, self.member1, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._ask(user=user, award_id=self.award.id)
        for name in ("decision_number", "decided_by", "reason"):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "named"):
                self._ask(award_id=self.award.id, **{name: " "})
        with self.assertRaises(ValidationError) as refusal:
            self._reopen(
                award_id=self.award.id,
                decision_date=self.contest._get_today() + timedelta(days=1),
            )
        self.assertIn("once it is made", str(refusal.exception))
        with self.assertRaises(ValidationError) as refusal:
            self._reopen(award_id=self.other_award.id)
        self.assertIn("the entry's own", str(refusal.exception))
        self._reopen(award_id=self.award.id)
        with self.assertRaises(UserError):
            self._reopen(award_id=self.award.id)
        running = self._create_contest()
        self._launch(running)
        entry = self._create_entry(contest=running)
        entry.action_submit()
        for default in (False, True):
            values = {"kind": "outcome", "new_outcome": "selected"}
            if default:
                values["context"] = {"default_entry_id": entry.id}
            with (
                self.subTest(default=default),
                self.assertRaisesRegex(UserError, "isn't closed"),
            ):
                self._ask(entry, **values)
        reopening = self._reopen(award_id=self.other_award.id, entry=self.second)
        asked = self._ask(self.third)
        self.contest.sudo()._open_door().with_context(
            hoithi_door=Load()
        ).state = "council"
        confirm = asked.with_user(self.chair).action_confirm
        for act in (confirm, reopening.action_strike, reopening.action_finish):
            with self.assertRaisesRegex(UserError, "isn't closed"):
                act()

    def test_an_entry_that_left_has_no_outcome(self):
        for state, words in (
            ("ineligible", "reopen its refusal"),
            ("disqualified", "reopen its refusal"),
            ("withdrawn", "took it back"),
        ):
            self.third.sudo()._open_door().with_context(
                hoithi_door=Load()
            ).state = state
            with self.subTest(state=state), self.assertRaises(ValidationError) as no:
                self._ask(self.third, kind="outcome")
            self.assertIn(words, str(no.exception))

    def test_the_objection_that_led_to_it(self):
        values = {
            "partner_id": self.staff.partner_id.id,
            "filed_as": "author",
            "filed_on": fields.Datetime.now(),
            "reason": "Cộng sai",
        }
        objections = self.env["hoithi.objection"].sudo()
        objections = objections.with_context(hoithi_door=Load())
        answered, waiting, another = objections.create(
            [
                {**values, "entry_id": self.first.id, "state": "answered"},
                {**values, "entry_id": self.first.id},
                {**values, "entry_id": self.second.id, "state": "answered"},
            ]
        )
        for wrong in (waiting, another):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError) as no:
                self._ask(award_id=self.award.id, objection_id=wrong.id)
            self.assertIn("has been answered", str(no.exception))
        reopening = self._reopen(award_id=self.award.id, objection_id=answered.id)
        self.assertEqual(reopening.state, "open")

    def test_another_confirms_it(self):
        reopening = self._ask(award_id=self.award.id)
        award = self.award.with_user(self.secretary)
        self.assertEqual(reopening.state, "asked")
        self.assertIn(self.chair.partner_id, self._told("decision_asked"))
        self.assertIn(self.leader.partner_id, self._told("decision_asked"))
        self.assertFalse(self._told("decision_reopened"), "authors hear nothing yet")
        for act in (
            lambda: award.write({"rank": "first"}),
            reopening.action_strike,
            reopening.action_finish,
        ):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(UserError):
            self._ask(award_id=self.award.id)
        # neither who recorded it, whatever roles that has besides, nor a member
        self.secretary.group_ids += self.env.ref("hoithi_contest.group_leader")
        deny = {"reason": "Không có văn bản này"}
        for user in (self.secretary, self.member1, self.staff, self.admin):
            own = reopening.with_user(user)
            for act in (own.action_confirm, lambda own=own: own.action_deny(**deny)):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act()
            with self.subTest(user=user.login), self.assertRaises(UserError):
                own.write({"state": "open"})
        self.assertFalse(reopening.can_confirm)
        by_leader = reopening.with_user(self.leader)
        self.assertTrue(by_leader.can_confirm)
        self.assertEqual(by_leader.scan_ids.raw, PDF)
        by_leader.action_confirm()
        self.assertEqual(reopening.confirmed_by_id, self.leader)
        with self.assertRaises(UserError):
            reopening.with_user(self.chair).action_confirm()
        award.rank = "first"

    def test_each_acts_in_the_own_language(self):
        asked = self._ask(award_id=self.award.id, context={"lang": "vi_VN"})
        asked = asked.with_context(lang="en_US")
        self.assertNotEqual(asked.before, asked._tell_target(), "in Vietnamese")
        asked.with_user(self.chair).action_confirm()
        asked.action_finish()
        self.assertFalse(self._told(), "nothing has changed for anybody")
        self.assertTrue(self._told("decision_kept"))
        self.assertEqual(asked.after, asked.before, "in the same words")
        again = self._ask(award_id=self.award.id, context={"lang": "vi_VN"})
        again = again.with_context(lang="en_US")
        again.with_user(self.chair).action_confirm()
        again.action_drop(reason="Nhầm dòng")
        self.assertEqual(again.state, "dropped")

    def test_what_was_changed_since_is_recorded_anew(self):
        asked = self._ask(award_id=self.award.id)
        award = self.award.sudo()._open_door().with_context(hoithi_door=Load())
        award.rank = "first"
        with self.assertRaisesRegex(UserError, "recorded anew"):
            asked.with_user(self.chair).action_confirm()
        asked.action_drop(reason="Ghi lại")
        self.assertIn("First prize", asked.after)

    def test_one_that_nobody_confirms(self):
        reopening = self._ask(award_id=self.award.id).with_user(self.chair)
        with self.assertRaisesRegex(UserError, "reason"):
            reopening.action_deny()
        reopening.action_deny(reason="Không có văn bản này")
        self.assertEqual(self._events(reopening), ["decision.asked", "decision.denied"])
        self.assertIn(self.secretary.partner_id, self._told("decision_denied"))
        self.assertFalse(self._told("decision_reopened"))
        with self.assertRaises(UserError):
            self.award.with_user(self.secretary).rank = "first"
        with self.assertRaises(UserError):
            reopening.action_confirm()
        # who is concerned confirms nothing, and somebody must be left who does
        asked = self._ask(award_id=self.award.id)
        self.first.sudo().author_ids._open_door().write(
            {"partner_id": self.chair.partner_id.id}
        )
        with self.assertRaises(AccessError):
            asked.with_user(self.chair).action_confirm()
        # nor who is named by the record of HR alone
        employee = self.env["hr.employee"].create(
            {"name": self.leader.name, "user_id": self.leader.id}
        )
        self.first.sudo().author_ids._open_door().write({"employee_id": employee.id})
        with self.assertRaises(AccessError):
            asked.with_user(self.leader).action_confirm()
        asked.action_drop(reason="Nhầm dòng")
        self.first.sudo().author_ids._open_door().write({"employee_id": False})
        # a leader who records it is none who confirms
        self.leader.group_ids += self.env.ref("hoithi_contest.group_secretary")
        with self.assertRaises(UserError) as refusal:
            self._ask(user=self.leader, award_id=self.award.id)
        self.assertIn("Nobody can confirm", str(refusal.exception))

    def test_the_decision_itself(self):
        with self.assertRaises(UserError) as refusal:
            self._ask(award_id=self.award.id, scan_ids=[])
        self.assertIn("the decision itself", str(refusal.exception))
        for content, name in ((b"MZ", "77.exe"), (b"no", "77.pdf")):
            scan = self._scan(self.secretary, content, name)
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self._ask(scan_ids=[Command.link(scan.id)])
        foreign = self._scan(self.leader)
        with self.assertRaises(AccessError):
            self._ask(scan_ids=[Command.link(foreign.id)])
        reopening = self._ask(award_id=self.award.id)
        scan = reopening.scan_ids
        self.assertTrue(scan.kept_sha256)
        for vals in ({"raw": PDF + b"%"}, {"name": "khac.pdf"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                scan.write(vals)
        with self.assertRaises(AccessError):
            scan.unlink()
        row = self.env["hoithi.ledger"].search(
            [("event", "=", "decision.asked"), ("res_id", "=", reopening.id)]
        )
        self.assertIn(scan.kept_sha256, row.payload)
        # one that was issued here needs no scan, and any other is none
        paper = self.env["hoithi.document"].create(
            {"kind": "notice", "contest_id": self.contest.id}
        )
        values = {"scan_ids": [], "document_id": paper.id}
        with self.assertRaises(ValidationError):
            self._ask(self.second, award_id=self.other_award.id, **values)
        paper.sudo().with_context(hoithi_door=Load()).write({"state": "issued"})
        with self.assertRaises(UserError):
            reopening.document_id = paper
        asked = self._ask(self.second, award_id=self.other_award.id, **values)
        with self.assertRaises(UserError) as refusal:
            asked.with_user(self.chair).action_confirm()
        self.assertIn("isn't yours to read", str(refusal.exception))
        recalled = paper.sudo().with_context(hoithi_door=Load())
        recalled.cure_state = "recalled"
        with self.assertRaisesRegex(ValidationError, "neither recalled"):
            asked.with_user(self.leader).action_confirm()
        recalled.cure_state = False
        asked.with_user(self.leader).action_confirm()

    def test_what_it_names_stays(self):
        reopening = self._reopen(award_id=self.award.id)
        for vals in (
            {"scan_ids": [Command.clear()]},
            {"confirmed_by_id": self.leader.id},
            {"decision_number": "1"},
            {"award_id": self.other_award.id},
            {"reason": "Khác"},
            {"before": "x"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                reopening.write(vals)
        with self.assertRaises(UserError):
            reopening.unlink()

    def test_not_the_own_entry(self):
        self.first.sudo().author_ids._open_door().write(
            {"partner_id": self.secretary.partner_id.id}
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "another secretary"):
            self._reopen(award_id=self.award.id)

    def test_the_papers_that_say_otherwise(self):
        action = self._reopen(award_id=self.award.id).action_view_papers()
        self.assertEqual(action["res_model"], "hoithi.document")
        self.env["hoithi.document"].search(action["domain"])
