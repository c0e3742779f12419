import base64
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import HoithiCommon

BLOCK = "block"


@tagged("post_install", "-at_install")
class TestContestSteps(HoithiCommon):
    """The next act of a contest, what blocks its next phase, and its orderly end."""

    def setUp(self):
        super().setUp()
        self.office = self.contest.with_user(self.secretary)

    def _get_way(self):
        self.env.invalidate_all()
        return self.office.next_step

    def _get_texts(self, severity=BLOCK):
        return [
            check["text"]
            for check in self._get_way()["gate"]["checks"]
            if check["severity"] == severity
        ]

    def _ask(self, ask):
        action = getattr(self.office, ask)()
        return (
            self.env["hoithi.step"].with_user(self.secretary).browse(action["res_id"])
        )

    def _council(self, *entries):
        """Take entries to the council with two sheets each."""
        self.office.action_close_registration()
        self.office.action_start_review()
        for entry in entries:
            for review in self._assign(entry, self.member1, self.chair):
                self._score(review, 30, 50)
        self.office.action_start_council()

    # NEXT ACT

    def test_each_phase_has_its_next_act(self):
        self.assertEqual(
            self._get_way()["act"]["target"]["method"], "action_ask_launch"
        )
        self.office.field_ids = False
        way = self._get_way()
        self.assertEqual(self._get_texts(), ["at least one field of competition"])
        self.assertEqual(way["act"]["target"], {"field": "field_ids", "page": "rules"})
        self.office.field_ids = self.field
        self.office.action_launch()
        self.assertFalse(self._get_way()["act"], "nothing waits, and it is early")
        self.assertIn("days left", self._get_way()["nothing"])

        draft = self._create_entry(self.internal)
        self.assertEqual(
            self._get_way()["act"]["target"],
            {"method": "action_remind", "args": ["draft_authors"]},
        )
        self.assertIn("1 drafts", " ".join(self._get_texts("warn")))
        entry = self._submit_entry()
        self.assertIn("Screen 1 ", self._get_way()["act"]["title"])
        self.office.action_close_registration()
        self.assertEqual(self._get_texts(), ["1 entries aren't screened"])
        entry.with_user(self.secretary).action_mark_eligible()
        self._make_copies()
        self.assertEqual(self._get_texts(), [])
        with freeze_time(self.office.screening_deadline + timedelta(minutes=1)):
            act = self._get_way()["act"]
        self.assertEqual(act["target"]["method"], "action_ask_start_review")
        self.office.action_start_review()
        self.assertIn("Assign reviewers to 1", self._get_way()["act"]["title"])
        reviews = self._assign(entry, self.member1, self.chair)
        self.assertIn("2 members of 2 sheets", self._get_way()["act"]["title"])
        self.assertEqual(self._get_texts(), ["1 entries lack sheets (2 an entry)"])
        for review in reviews:
            self._score(review, 30, 50)
        self.assertEqual(self._get_texts(), [])
        self.office.action_start_council()
        self.assertIn("Call a session on 1", self._get_way()["act"]["title"])
        entry.with_user(self.secretary).action_select()
        self.assertIn("Nominate 1 selected", self._get_way()["act"]["title"])
        self.assertEqual(draft.state, "draft")

    def test_leaders_who_all_entered_are_told_of_early(self):
        """None of them reads the papers with the results: another one is needed."""
        self.office.action_launch()
        leaders = self.env.ref("hoithi_contest.group_leader").all_user_ids.filtered(
            lambda user: self.company in user.company_ids
        )
        self.assertIn(self.leader, leaders)

        def tell():
            self.env.invalidate_all()
            return [
                any("Every leader is an author" in check.text for check in checks)
                for checks in (
                    self.office._get_review_checks(),
                    self.office._get_council_checks(),
                )
            ]

        for user in leaders:
            self.assertEqual(tell(), [False, False])
            if not user.employee_ids:
                self.env["hr.employee"].create({"name": user.name, "user_id": user.id})
            self._submit_entry(user)
        self.assertEqual(tell(), [True, True])
        others = self.contest.with_user(self.admin)
        self.assertFalse(others._get_leader_checks(), "for the secretary alone")
        self.leader.copy({"login": "t_leader2", "email": "leader2@sotnmt.example.vn"})
        self.assertEqual(tell(), [False, False])

    def test_the_last_act_is_never_the_next(self):
        """Where all is done, the next act leads to the list, not to the end."""
        self.office.action_launch()
        self._council()
        self.assertEqual(
            self._get_way()["act"]["target"]["method"], "action_view_closing"
        )
        self._waive_all()
        self.assertEqual(
            self._get_way()["act"]["target"]["method"], "action_view_closing"
        )

    def test_after_the_end_comes_the_next_edition(self):
        self.office.action_launch()
        self._council()
        self._close()
        others = self.env["hoithi.contest"].search(
            [("company_id", "=", self.company.id), ("id", "!=", self.contest.id)]
        )
        self.env.cr.execute(
            "UPDATE hoithi_contest SET state = 'closed' WHERE id IN %s",
            [(*others.ids, 0)],
        )
        self.assertEqual(
            self._get_way()["act"]["target"]["method"], "action_prepare_next_edition"
        )
        self._create_contest(name="Hội thi lần sau")
        self.assertIsNone(self._get_way()["act"])

    def test_the_form_highlights_one_act(self):
        """The card holds the primary button; the header's are second to it."""
        arch = self.office.get_view(view_type="form")["arch"]
        header = etree.fromstring(arch).find("./header")
        primary = [
            button.get("name")
            for button in header.iter("button")
            if "oe_highlight" in (button.get("class") or "")
            or "btn-primary" in (button.get("class") or "")
        ]
        self.assertEqual(primary, [])
        last = [
            button.get("name")
            for button in header.iter("button")
            if "o_hoithi_last" in (button.get("class") or "")
        ]
        self.assertIn("action_ask_cancel", last)

    def test_only_the_secretary_has_the_card(self):
        for user in (self.leader, self.member1, self.head, self.publisher):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contest.with_user(user).read(["next_step"])

    # DIALOG

    def test_a_step_says_what_it_does_and_what_keeps_it(self):
        self.office.action_launch()
        entry = self._submit_entry()
        self._create_entry(self.internal)
        wizard = self._ask("action_ask_close_registration")
        self.assertTrue(wizard.is_early)
        self.assertFalse(wizard.is_blocked)
        self.assertIn("leaves 1 drafts out", " ".join(wizard.effects))
        self.assertIn("until", wizard.promise)
        with self.assertRaisesRegex(UserError, "reason"):
            wizard.action_apply()
        self.assertEqual(self.office.state, "open")
        wizard.reason = "Tỉnh đẩy sớm hạn nhận hồ sơ"
        wizard.action_apply()
        self.assertEqual(self.office.state, "screening")
        self.assertIn("Tỉnh đẩy sớm", str(self.contest.message_ids.mapped("body")))

        blocked = self._ask("action_ask_start_review")
        self.assertTrue(blocked.is_blocked)
        blocked.reason = "Sớm"
        with self.assertRaisesRegex(UserError, entry.name):
            blocked.action_apply()
        # what was shown before another took the step isn't done twice
        with self.assertRaisesRegex(UserError, "another phase"):
            wizard.action_apply()

    def test_a_step_in_time_asks_for_no_reason(self):
        self.office.action_launch()
        with freeze_time(self.office.registration_deadline + timedelta(minutes=1)):
            wizard = self._ask("action_ask_close_registration")
            self.assertFalse(wizard.promise)
            wizard.action_apply()
        self.assertEqual(self.office.state, "screening")
        self.assertNotIn(
            "before the announced", str(self.contest.message_ids.mapped("body"))
        )

    def test_an_early_step_is_logged_whoever_calls_it(self):
        self.office.action_launch()
        self.office.action_close_registration()
        self.assertIn(
            "no reason was given", str(self.contest.message_ids.mapped("body"))
        )
        with self.assertRaises(UserError):
            self.office.action_start_review(reason=" - ")
        self.assertEqual(self.office.state, "screening")

    def test_calling_off_shows_what_it_means_and_asks_why(self):
        self.office.action_launch()
        entry = self._submit_entry()
        wizard = self._ask("action_ask_cancel")
        self.assertTrue(wizard.is_cancelling)
        [check] = wizard.checks["checks"]
        self.assertIn("1 entries were handed in", check["text"])
        with self.assertRaisesRegex(UserError, "reason"):
            wizard.action_apply()
        wizard.reason = "Sáp nhập đơn vị"
        wizard.action_apply()
        self.assertEqual(
            (self.office.state, self.office.cancel_reason),
            ("cancelled", "Sáp nhập đơn vị"),
        )
        self.assertEqual(entry.read(["name"])[0]["name"], entry.name)
        with self.assertRaises(UserError):
            self.office.action_ask_cancel()

    def test_others_ask_for_no_step(self):
        self.office.action_launch()
        for user in (self.leader, self.chair, self.head):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contest.with_user(user).action_ask_close_registration()

    # REMINDERS

    def test_who_is_late_is_reminded_once_a_day(self):
        self.office.action_launch()
        self._create_entry(self.internal)
        late = {line["key"]: line for line in self.office._get_late_lines()}
        self.assertIn("1 drafts", late["draft_authors"]["text"])
        self.assertIn("not reminded", late["draft_authors"]["reminded"])
        action = self.office.action_remind("draft_authors")
        self.assertIn(self.internal.name, action["params"]["message"])
        notice = self.env["hoithi.notice"].search(
            [("kind", "=", "deadline"), ("contest_id", "=", self.contest.id)]
        )
        self.assertEqual(notice.partner_id, self.internal.partner_id)
        self.assertTrue(notice._get_audience()._is_still_due(notice))
        again = self.office.action_remind("draft_authors")
        self.assertIn("today already", again["params"]["message"])
        late = {line["key"]: line for line in self.office._get_late_lines()}
        self.assertIn("reminded ", late["draft_authors"]["reminded"])
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.office.action_remind("draft_authors")
        self.assertEqual(notice.search_count([("kind", "=", "deadline")]), 2)

    def test_reminders_are_the_secretarys_and_of_the_phase(self):
        self.office.action_launch()
        self._create_entry(self.internal)
        for user in (self.leader, self.head, self.member1, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contest.with_user(user).action_remind("draft_authors")
        for audience in ("reviewers", "leaders", "nobody"):
            with self.subTest(audience=audience), self.assertRaises(UserError):
                self.office.action_remind(audience)

    def test_members_are_reminded_of_their_sheets(self):
        self.office.action_launch()
        entry = self._eligible_entry()
        self._start_review()
        self._assign(entry, self.member1, self.chair)
        [line] = [
            one for one in self.office._get_late_lines() if one["key"] == "reviewers"
        ]
        self.assertIn(f"{self.member1.name} 1", line["note"])
        self.office.action_remind("reviewers")
        notices = self.env["hoithi.notice"].search([("kind", "=", "review_deadline")])
        self.assertEqual(
            notices.partner_id, self.member1.partner_id | self.chair.partner_id
        )

    def test_who_has_not_confirmed_is_reminded(self):
        """Co-authors, by whomever once a day, and heads of units, by how many wait."""
        self.office.action_launch()
        shared = self._create_entry(participant_type="group")
        shared.author_ids.contribution_percent = 60
        other = {"full_name": self.coauthor.name, "email": self.coauthor.email}
        shared.author_ids = [Command.create({**other, "contribution_percent": 40})]
        shared.action_submit()
        late = {line["key"]: line for line in self.office._get_late_lines()}
        shares, heads = late["unconfirmed_authors"], late["confirming_heads"]
        self.assertTrue(shares["text"].startswith("1 share"))
        self.assertIn("not reminded", shares["reminded"], "it was told, not reminded")
        self.assertTrue(shares["can_remind"] and heads["can_remind"])
        self.assertIn(shared.department_id.sudo().name, heads["note"])
        shared.with_user(self.staff).action_remind_coauthors()
        again = self.office.action_remind("unconfirmed_authors")
        self.assertIn("today already", again["params"]["message"])
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            told = self.office.action_remind("unconfirmed_authors")
        self.assertIn(self.coauthor.name, told["params"]["message"])
        lines, rules = type(shared.author_ids), type(self.env["hoithi.notice.rule"])
        no_line = patch.object(lines, "_get_linked", lambda these: these.browse())
        no_login = patch.object(
            type(shared),
            "_get_unconfirmed",
            lambda these: these.author_ids.filtered(lambda line: not line.partner_id),
        )
        nobody = patch.object(
            rules, "_get_head", lambda these, *_args: these.env["res.partner"]
        )
        with no_line, no_login, self.assertRaisesRegex(UserError, "None of them has"):
            self.office.action_remind("unconfirmed_authors")
        with nobody, self.assertRaisesRegex(UserError, "enter their heads"):
            self.office.action_remind("confirming_heads")
        told = self.office.action_remind("confirming_heads")
        notice = self.env["hoithi.notice"].search([("kind", "=", "application")])
        self.assertEqual(notice.partner_id, self.head.partner_id, told)
        self.assertTrue(notice._get_audience()._is_still_due(notice))
        self.assertIn(
            "<strong>1</strong>", notice.with_user(self.secretary).preview_body
        )
        shared.with_user(self.head).action_confirm_application()
        self.assertFalse(notice._get_audience()._is_still_due(notice))
        shared.with_user(self.coauthor).action_confirm()
        late = {line["key"] for line in self.office._get_late_lines()}
        self.assertFalse(late & {"unconfirmed_authors", "confirming_heads"})
        for audience in ("unconfirmed_authors", "confirming_heads"):
            with self.subTest(audience=audience), self.assertRaises(UserError):
                self.office.action_remind(audience)

    def test_who_came_back_in_the_review_is_reminded_too(self):
        """Of what is screened by itself then; what is with its reviewers is through."""
        self.office.action_launch()
        shared = self._create_entry(participant_type="group")
        shared.author_ids.contribution_percent = 60
        other = {"full_name": self.coauthor.name, "email": self.coauthor.email}
        shared.author_ids = [Command.create({**other, "contribution_percent": 40})]
        shared.action_submit()
        shared.action_withdraw(reason="Rút nhầm")
        self._eligible_entry(self.internal)
        self._start_review()

        def get_late():
            return {line["key"] for line in self.office._get_late_lines()}

        awaited = {"unconfirmed_authors", "confirming_heads"}
        self.assertFalse(get_late() & awaited)
        shared.with_user(self.secretary).action_reinstate(reason="Tác giả xin lại")
        self.assertLessEqual(awaited, get_late())
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            told = self.office.action_remind("unconfirmed_authors")
        self.assertIn(self.coauthor.name, told["params"]["message"])
        self.office.action_remind("confirming_heads")
        notice = self.env["hoithi.notice"].search([("kind", "=", "application")])
        self.assertEqual(notice.partner_id, self.head.partner_id)
        self.assertTrue(notice._get_audience()._is_still_due(notice))

    # CLOSING

    def _get_items(self):
        self.env.invalidate_all()
        return {item["key"]: item for item in self.office.closing_list["items"]}

    def _issue(self, kind, record=None, scan=False):
        record = record or self.contest
        document = (
            self.env["hoithi.document"]
            .with_user(self.secretary)
            .create({"kind": kind, "res_model": record._name, "res_id": record.id})
        )
        loaded = document.sudo()._open_door()
        # issuing itself is tested elsewhere
        self.env.cr.execute(
            "UPDATE hoithi_document SET state = 'issued' WHERE id = %s", [loaded.id]
        )
        self.env.invalidate_all()
        return document

    def test_the_list_before_the_end(self):
        self.office.action_launch()
        entry = self._eligible_entry()
        self._council(entry)
        entry.with_user(self.secretary).action_select()
        action = self.office.action_create_nomination()
        nomination = self.env["hoithi.nomination"].browse(action["res_id"])
        nomination = nomination.with_user(self.secretary)
        items = self._get_items()
        self.assertEqual(
            set(items),
            {
                "",
                "plan",
                "eligible_list",
                "recognition",
                "nomination",
                "report",
                "evidence",
            },
        )
        self.assertEqual({item["severity"] for item in items.values()}, {BLOCK})
        nomination.dispatch_number = "52/TTr-SNNMT"
        nomination.action_send()
        self._issue("plan")
        self.office.action_export_evidence()
        items = self._get_items()
        self.assertNotIn("", items, "all are decided")
        done = {key for key, item in items.items() if item["severity"] == "done"}
        self.assertEqual(done, {"plan", "nomination", "evidence"})
        # what the ledger gets afterwards isn't in the package
        self.env["hoithi.ledger"]._append(
            self.contest, "rules.reopened", self.contest, {}
        )
        self.assertEqual(self._get_items()["evidence"]["severity"], BLOCK)
        self.office.action_export_evidence()

        with self.assertRaisesRegex(UserError, "List of eligible entries") as refusal:
            self.office.action_close()
        self.assertEqual(len(str(refusal.exception).splitlines()), 4)
        self.assertEqual(self.office.state, "council")
        with self.assertRaises(UserError):
            self.office.write({"state": "closed"})
        for key in ("eligible_list", "recognition", "report"):
            self.office.action_waive_closing(key, reason="Sở không ban hành riêng")
        self.office.action_close()
        self.assertEqual(self.office.state, "closed")

    def test_minutes_count_once_their_signed_paper_is_kept(self):
        self.office.action_launch()
        self._council()
        session = self.env["hoithi.session"].create(
            {
                "contest_id": self.contest.id,
                "council_id": self.council.id,
                "start": fields.Datetime.now(),
            }
        )
        self.env.cr.execute(
            "UPDATE hoithi_session SET state = 'closed' WHERE id = %s", [session.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self._get_items()["minutes"]["severity"], BLOCK)
        minutes = self._issue("minutes", session)
        self.assertEqual(self._get_items()["minutes"]["severity"], BLOCK)
        scan = self.env["ir.attachment"].create(
            {
                "name": "bien-ban.pdf",
                "res_model": minutes._name,
                "res_id": minutes.id,
                "raw": base64.b64decode("JVBERi0xLjQK"),
            }
        )
        minutes.sudo().scan_ids = scan
        self.assertEqual(self._get_items()["minutes"]["severity"], "done")

    def test_a_waiver_has_its_reason_who_and_when(self):
        self.office.action_launch()
        self._council()
        action = self.office.action_ask_waive_closing("report")
        self.assertEqual(action["res_model"], "hoithi.reason")
        dialog = self.env["hoithi.reason"].with_user(self.secretary)
        dialog = dialog.with_context(**action["context"]).browse(action["res_id"])
        with self.assertRaises(UserError):
            dialog.action_apply()
        dialog.reason = "Tỉnh không yêu cầu"
        dialog.action_apply()
        waiver = self.office.waiver_ids
        self.assertEqual(
            (waiver.item, waiver.reason, waiver.user_id),
            ("report", "Tỉnh không yêu cầu", self.secretary),
        )
        self.assertTrue(waiver.waived_on)
        note = self._get_items()["report"]["note"]
        self.assertIn("Tỉnh không yêu cầu", note)
        self.assertIn(self.secretary.name, note)
        self.office.action_waive_closing("report", reason="Sở báo cáo chung")
        self.assertEqual(self.office.waiver_ids.reason, "Sở báo cáo chung")
        bodies = str(self.contest.message_ids.mapped("body"))
        self.assertIn("Tỉnh không yêu cầu", bodies)

    def test_what_is_waived_is_the_secretarys_and_of_the_list(self):
        self.office.action_launch()
        with self.assertRaises(UserError):
            self.office.action_waive_closing("report", reason="Sớm quá")
        self._council()
        for key, reason in (("report", "-"), ("nothing", "x y"), ("", "x y")):
            with self.subTest(key=key), self.assertRaises(UserError):
                self.office.action_waive_closing(key, reason=reason)
        for user in (self.leader, self.chair, self.publisher):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contest.with_user(user).action_waive_closing(
                    "report", reason="Không cần"
                )
        with self.assertRaises(AccessError):
            self.env["hoithi.closing.waiver"].with_user(self.secretary).create(
                {"contest_id": self.contest.id, "item": "report", "reason": "x"}
            )
        self._issue("plan")
        with self.assertRaisesRegex(UserError, "done already"):
            self.office.action_waive_closing("plan", reason="Không cần")
