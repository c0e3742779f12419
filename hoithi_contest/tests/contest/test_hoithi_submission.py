from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import Form, JsonRpcException, tagged
from odoo.tools import mute_logger

from .test_hoithi_portal import HoithiPortalCase, select

NO_TEXTS = {
    "novelty": False,
    "applicability": False,
    "technical_benefit": False,
    "economic_benefit": False,
    "social_benefit": False,
}


@tagged("post_install", "-at_install")
class TestHoithiSubmission(HoithiPortalCase):
    """From the form over the preview to the receipt, at every door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new, cls.effect = cls.criteria_set.criterion_ids
        cls.new.looks_at = "novelty"
        cls.effect.looks_at = "effects"
        cls.contest.require_texts = False

    def _group_entry(self, **values):
        return self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "email": self.coauthor.email,
                        "contribution_percent": 40,
                    }
                )
            ],
            **values,
        )

    def _links(self, page, css):
        return [link.get("href") for link in select(page, f"{css} a")]

    # THE FORM

    def test_first_button_of_every_form_saves(self):
        entry = self._create_entry()
        new = f"/my/hoithi/{self.contest.id}/new"
        for path, target in (
            (self.entry_path(entry), self.entry_path(entry, "save")),
            (new, new),
        ):
            page = self.get(path)
            [form] = select(page, "form.o_hoithi_entry_form")
            self.assertEqual(form.action, target)
            buttons = page.xpath(
                "//form[@id='hoithi_entry_form']//button[@type='submit']"
                " | //button[@type='submit'][@form='hoithi_entry_form']"
            )
            self.assertIn(buttons[0], list(form.iter()))
            self.assertIsNone(buttons[0].get("name"), "Enter stays on the form")
            for button in buttons:
                self.assertNotIn("submit", button.get("formaction") or target)

    def test_check_button_saves_and_leads_to_the_preview(self):
        entry = self._create_entry()
        page = self.get(self.entry_path(entry))
        [button] = select(page, ".o_hoithi_check")
        self.assertEqual(button.get("form"), "hoithi_entry_form")
        data = {button.get("name"): button.get("value"), "novelty": "Gõ trước"}
        response = self.post(self.entry_path(entry, "save"), data)
        self.assertTrue(response.url.endswith(self.entry_path(entry, "preview")))
        self.assertIn("Gõ trước", response.text)
        self.assertEqual(entry.novelty, "Gõ trước")
        self.assertEqual(entry.state, "draft")

    def test_what_is_wrong_stays_on_the_form(self):
        entry = self._create_entry()
        page = self.post_page(
            self.entry_path(entry, "save"), {"preview": "1", "benefit_amount": "nhiều"}
        )
        self.assertTrue(self.alert(page))
        self.assertEqual(self.values(page)["benefit_amount"], "nhiều")

    # THE PREVIEW

    def test_preview_shows_all_that_is_sent(self):
        entry = self._group_entry(
            short_name="Nước mặt",
            known_solution="Đo bằng tay\nmỗi ngày",
            benefit_amount=150000000,
            confidential_info=" \u00a0\u200b",
        )
        page = self.preview(entry)
        sheet = self.text(page, ".o_hoithi_preview_sheet")
        for text in (
            entry.name,
            "Nước mặt",
            self.field.name,
            "Technical solution",
            "Group",
            "Đo bằng tay mỗi ngày",
            entry.solution_content,
            entry.novelty,
            f"{entry.first_applied_date:%d/%m/%Y}",
            "150,000,000",
            self.sub_unit.name,
        ):
            self.assertIn(text, sheet)
        authors = self.text(page, ".o_hoithi_preview_authors")
        self.assertRegex(authors, f"{self.staff.name}.*60 %")
        self.assertRegex(authors, f"{self.coauthor.name}.*not confirmed yet 40 %")
        files = self.text(page, ".o_hoithi_preview_files")
        self.assertIn(self.dossier_type.name, files)
        self.assertIn("PDF · 1 KB", files)
        # what stays empty leads to its place; a text of spaces is empty
        empty = self._links(page, ".o_hoithi_preview_empties")
        form = self.get(self.entry_path(entry))
        for name in ("economic_benefit", "application_place", "confidential_info"):
            self.assertIn(f"{self.entry_path(entry)}#hoithi_{name}", empty)
        for link in empty:
            self.assertTrue(form.xpath(f"//*[@id='{link.partition('#')[2]}']"), link)
        self.assertNotIn(f"{self.entry_path(entry)}#hoithi_novelty", empty)
        # the share that a co-author confirms meanwhile is his alone
        entry.with_user(self.coauthor).action_confirm()
        self.submit(page)
        self.assertEqual(entry.state, "submitted")

    def test_preview_tells_who_comes_from_outside(self):
        entry = self._group_entry()
        (entry.author_ids - entry.representative_id).write(
            {
                "full_name": "Vi Văn Một",
                "email": "vi@xa.example.vn",
                "is_outsider": True,
                "workplace": "Xã A",
            }
        )
        authors = self.text(self.preview(entry), ".o_hoithi_preview_authors")
        self.assertIn("Vi Văn Một, Xã A, vi@xa.example.vn", authors)

    def test_preview_of_what_cannot_be_submitted(self):
        entry = self._create_entry(
            with_file=False, field_id=False, first_applied_date=False
        )
        page = self.preview(entry)
        missing = self.text(page, ".o_hoithi_preview_missing")
        for phrase in entry.missing_items.splitlines():
            self.assertIn(phrase, missing)
        self.assertEqual(
            self._links(page, ".o_hoithi_preview_missing"),
            [
                f"{self.entry_path(entry)}#hoithi_{anchor}"
                for anchor in (
                    "field_id",
                    "first_applied_date",
                    f"slot_{self.dossier_type.id}",
                )
            ],
        )
        self.assertFalse(select(page, ".o_hoithi_submit"))
        # as little by a forged post
        page = self.post_page(
            self.entry_path(entry, "submit"),
            {"commitment": "1", "fingerprint": entry._get_submission_fingerprint()},
        )
        self.assertIn("can't be submitted yet", self.alert(page))
        self.assertEqual(entry.state, "draft")

    def test_commitment_shows_the_day_at_the_contest(self):
        entry = self._create_entry()
        # 23:30 in London, 06:30 of the next day in Vietnam
        evening = fields.Datetime.now().replace(hour=23, minute=30)
        with freeze_time(evening):
            page = self.preview(entry)
        tomorrow = evening + timedelta(days=1)
        self.assertEqual(self.text(page, ".o_hoithi_today"), f"{tomorrow:%d/%m/%Y}")
        [box] = select(page, "input[name=commitment]")
        self.assertIsNone(box.get("checked"))
        self.assertIsNotNone(box.get("required"))

    def test_preview_is_for_whoever_submits(self):
        entry = self._group_entry()
        for user, path in (
            (self.coauthor, self.entry_path(entry)),
            (self.stranger, "/my/hoithi"),
            (self.internal, "/my/hoithi"),
        ):
            self.log_in(user)
            response = self.url_open(self.entry_path(entry, "preview"))
            self.assertTrue(response.url.endswith(path), user.login)
            response = self.post(
                self.entry_path(entry, "submit"),
                {"commitment": "1", "fingerprint": entry._get_submission_fingerprint()},
            )
        self.assertEqual(entry.state, "draft")
        self.log_in(self.staff)
        self.close_door()
        response = self.url_open(self.entry_path(entry, "preview"))
        self.assertTrue(response.url.endswith(self.entry_path(entry)))

    def test_enter_does_nothing_that_is_not_taken_back(self):
        """The first button of a form is pressed by Enter in a line or on a box."""
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        pages = [self.get(self.entry_path(entry))]
        pages.append(self.get(f"/my/hoithi/{self.contest.id}/questions"))
        self.log_in(self.coauthor)
        pages.append(self.get(self.entry_path(entry)))
        forms = [
            form
            for page in pages
            for css in (".o_hoithi_delete form", ".o_hoithi_ask_form")
            for form in select(page, css)
        ]
        self.assertEqual(len(forms), 2)
        for form in forms:
            self.assertIsNotNone(select(form, "button")[0].get("disabled"))
        [form] = select(pages[-1], ".o_hoithi_decline form")
        self.assertFalse(select(form, "input:not([type=hidden])"))
        self.assertEqual(len(select(form, "textarea[name=reason][required]")), 1)

    # THE SUBMISSION

    def test_commitment_is_recorded_as_it_was_ticked(self):
        entry = self._create_entry()
        page = self.submit(self.preview(entry))
        self.assertEqual(entry.commitment_on, entry.submitted_on)
        self.assertIn("own work", entry.commitment_text)
        self.assertIn(entry.commitment_text, self.text(page, ".o_hoithi_commitment"))

    def test_without_the_commitment_nothing_is_submitted_or_lost(self):
        entry = self._create_entry()
        for commitment in ("", "0"):
            page = self.submit(
                self.preview(entry), commitment=commitment, consent_publish=["0", "1"]
            )
            self.assertIn("tick the commitment", self.alert(page))
            self.assertEqual(entry.state, "draft")
            self.assertFalse(entry.consent_publish)
            [_no, box] = select(page, "input[name=consent_publish]")
            self.assertIsNotNone(box.get("checked"), "the other tick stays")
        self.submit(page, consent_publish=["0", "1"])
        self.assertEqual(entry.state, "submitted")
        self.assertTrue(entry.consent_publish)
        self.assertTrue(entry.consent_on)

    def test_enter_on_a_box_submits_nothing(self):
        entry = self._create_entry()
        page = self.preview(entry)
        [form] = select(page, ".o_hoithi_preview_submission form")
        first = select(form, "button")[0]
        page = self.submit(page, **{first.get("name"): first.get("value")})
        self.assertEqual(entry.state, "draft")
        [box] = select(page, "input[name=commitment]")
        self.assertIsNotNone(box.get("checked"), "the tick stays")

    def test_what_changed_meanwhile_is_shown_first(self):
        def other_tab(entry):
            entry.novelty = "Sửa ở thẻ khác"

        def file(entry):
            self._add_file(entry, filename="anh.pdf")

        def share(entry):
            entry.author_ids[0].contribution_percent = 55
            entry.author_ids[1].contribution_percent = 45

        for change in (other_tab, file, share):
            entry = self._group_entry()
            page = self.preview(entry)
            change(entry)
            page = self.submit(page)
            with self.subTest(change=change.__name__):
                self.assertIn("has changed", self.alert(page))
                self.assertEqual(entry.state, "draft")
                self.submit(page)
                self.assertEqual(entry.state, "submitted")

    def test_old_or_forged_fingerprint_shows_the_preview(self):
        entry = self._create_entry()
        page = self.submit(self.preview(entry), fingerprint="0" * 64)
        self.assertIn("has changed", self.alert(page))
        self.assertTrue(select(page, ".o_hoithi_preview_sheet"))
        # a page from before the update posts its texts, and no fingerprint
        response = self.post(
            self.entry_path(entry, "submit"), {"novelty": "Gõ ở trang cũ"}
        )
        self.assertTrue(response.url.endswith(self.entry_path(entry, "preview")))
        self.assertEqual(entry.novelty, "Gõ ở trang cũ")
        self.assertEqual(entry.state, "draft")

    def test_second_post_of_a_submission_shows_the_receipt(self):
        entry = self._create_entry()
        preview = self.preview(entry)
        self.submit(preview)
        receipt, moment = entry.receipt_number, entry.submitted_on
        for _again in range(2):
            page = self.submit(preview)
            self.assertFalse(self.alert(page))
            self.assertEqual(self.text(page, ".o_hoithi_receipt_number"), receipt)
        entry.with_user(self.secretary).action_mark_eligible()
        self.assertFalse(self.alert(self.submit(preview)))
        self.assertEqual((entry.receipt_number, entry.submitted_on), (receipt, moment))
        # other content isn't what was submitted
        page = self.submit(preview, fingerprint="0" * 64)
        self.assertIn("can't be changed", self.alert(page))

    def test_supplement_is_submitted_over_its_own_preview(self):
        entry = self._create_entry()
        old = self.preview(entry)
        self.submit(old)
        receipt = entry.receipt_number
        entry.with_user(self.secretary).action_request_supplement(reason="Thêm ảnh")
        page = self.submit(old)
        self.assertIn("has changed", self.alert(page), "the first one's page is old")
        self.assertEqual(entry.state, "supplement")
        self._add_file(entry, filename="anh.pdf")
        preview = self.preview(entry)
        for _twice in range(2):
            page = self.submit(preview)
            self.assertFalse(self.alert(page))
        self.assertEqual(entry.state, "submitted")
        self.assertEqual(entry.receipt_number, receipt)

    def _call(self, model, method, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    def test_call_by_rpc_is_the_commitment(self):
        for user in (self.staff, self.internal):
            entry = self._create_entry(user)
            self.log_in(user)
            self._call("hoithi.entry", "action_submit", entry.ids)
            self.assertEqual(entry.state, "submitted")
            self.assertEqual(entry.commitment_text, entry._get_commitment_text())
            self.assertEqual(entry.commitment_on, entry.submitted_on)

    def test_a_card_that_is_moved_gives_no_commitment(self):
        """Writing the state alone would record one that nobody gave (rule H11)."""
        for user in (self.staff, self.internal):
            entry = self._create_entry(user)
            self.log_in(user)
            for method, args in (
                ("write", ({"state": "submitted"},)),
                ("web_save", ({"state": "submitted"}, {})),
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    mute_logger("odoo.http"),
                    self.assertRaises(JsonRpcException),
                ):
                    self._call("hoithi.entry", method, entry.ids, *args)
            with self.assertRaisesRegex(UserError, "give the commitment"):
                entry.write({"state": "submitted"})
            self.assertEqual(entry.state, "draft")

    def test_the_dialog_asks_for_the_commitment(self):
        entry = self._create_entry(self.internal)
        self.log_in(self.internal)
        action = self._call("hoithi.entry", "action_open_submission", entry.ids)
        dialog = [action["res_id"]]
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._call("hoithi.submission", "action_submit", dialog)
        self.assertEqual(entry.state, "draft")
        self._call("hoithi.submission", "write", dialog, {"is_committed": True})
        self._call("hoithi.submission", "action_submit", dialog)
        self.assertEqual(entry.state, "submitted")

    def test_dialog_of_internal_authors(self):
        entry = self._create_entry(self.internal, social_benefit=False)
        dialog = self.env["hoithi.submission"].with_user(self.internal)

        def open_dialog():
            action = entry.action_open_submission()
            return dialog.browse(action["res_id"])

        wizard = open_dialog()
        self.assertIn("Social and environmental benefit", wizard.empty)
        self.assertEqual(wizard.commitment, entry._get_commitment_text())
        with self.assertRaisesRegex(UserError, "tick the commitment"):
            wizard.action_submit()
        entry.novelty = "Sửa khi hộp thoại đang mở"
        wizard.is_committed = True
        with self.assertRaisesRegex(UserError, "has changed"):
            wizard.action_submit()
        with Form(open_dialog()) as form:
            form.is_committed = True
        form.record.action_submit()
        self.assertEqual(entry.state, "submitted")
        incomplete = self._create_entry(self.internal, with_file=False)
        with self.assertRaisesRegex(UserError, "can't be submitted yet"):
            incomplete.action_open_submission()
        with self.assertRaises(AccessError):
            self._group_entry().with_user(self.coauthor).action_open_submission()

    # TEXTS THAT CRITERIA LOOK AT

    def test_empty_text_is_told_before_the_submission(self):
        self.contest.criteria_set_id.criterion_ids[0].name = "Tính mới"
        for novelty in (False, " \n\u00a0", "<p><br></p>"):
            entry = self._create_entry(novelty=novelty)
            page = self.preview(entry)
            told = self.text(page, ".o_hoithi_preview_unscorable")
            self.assertIn("Novelty and creativity", told)
            self.assertIn("“Tính mới”", told)
            self.assertNotIn("“Hiệu quả”", told, "one of the effects is enough")
            self.assertEqual(
                self._links(page, ".o_hoithi_preview_unscorable"),
                [f"{self.entry_path(entry)}#hoithi_novelty"],
            )
            self.submit(page)
            self.assertEqual(entry.state, "submitted")
        entry = self._create_entry(self.internal, **NO_TEXTS)
        action = entry.action_open_submission()
        wizard = self.env["hoithi.submission"].browse(action["res_id"])
        self.assertIn("“Hiệu quả”", wizard.unscorable)
        entry.action_submit()
        self.assertEqual(entry.state, "submitted")

    def test_obligatory_texts_at_every_door(self):
        self.contest.require_texts = True
        entry = self._create_entry(**{**NO_TEXTS, "economic_benefit": "\u200b"})
        self.assertIn("“Tính mới”", entry.missing_items)
        page = self.preview(entry)
        missing = self.text(page, ".o_hoithi_preview_missing")
        for name in ("“Tính mới”", "“Hiệu quả”"):
            self.assertIn(name, missing)
        self.assertFalse(select(page, ".o_hoithi_submit, .o_hoithi_preview_unscorable"))
        page = self.get(self.entry_path(entry))
        [label] = page.xpath("//label[@for='hoithi_novelty']")
        self.assertIn("required", label.text_content())
        with self.assertRaisesRegex(UserError, "“Tính mới”(.|\n)*“Hiệu quả”"):
            entry.action_submit()
        own = self._create_entry(self.internal, **NO_TEXTS)
        with self.assertRaisesRegex(UserError, "“Tính mới”"):
            own.action_open_submission()
        entry.write({"novelty": "Lần đầu ở tỉnh", "social_benefit": "Nước sạch"})
        entry.action_submit()
        self.assertEqual(entry.state, "submitted")

    def test_texts_are_obligatory_where_the_house_scores(self):
        contests = self.env["hoithi.contest"].with_user(self.secretary)
        house = contests.create({"name": "Trong Sở"})
        self.assertTrue(house.require_texts)
        register = contests.create({"name": "Đăng ký", "mode": "nominate_only"})
        self.assertFalse(register.require_texts)
        register.mode = "internal_contest"
        self.assertTrue(register.require_texts)
        self.company.hoithi_require_texts = False
        self.assertFalse(contests.create({"name": "Khác"}).require_texts)
        self.assertTrue(house.require_texts)

    def test_rule_is_frozen_from_the_review_on(self):
        contest = self.contest.with_user(self.secretary)
        entry = self._eligible_entry()
        self._assign(entry, self.member1, self.member2)
        contest.require_texts = True
        contest.require_texts = False
        self._start_review()
        with self.assertRaisesRegex(UserError, "Scored texts"):
            contest.require_texts = True

    def test_update_tells_what_shipped_criteria_look_at(self):
        def shipped(name):
            return self.env.ref(f"hoithi_contest.hoithi_criterion_{name}")

        migration = load_script(
            "hoithi_contest/migrations/19.0.1.2.0/post-migrate.py", "post_migrate"
        )
        names = ("novelty", "applicability", "benefit")
        self.assertEqual(
            [shipped(name).looks_at for name in names],
            ["novelty", "applicability", "effects"],
        )
        for name in names:
            shipped(name).looks_at = False
        shipped("applicability").name = "Something else"
        self.env.flush_all()
        migration.set_looks_at(self.cr)
        self.env.invalidate_all()
        self.assertEqual(
            [shipped(name).looks_at for name in names], ["novelty", False, "effects"]
        )
