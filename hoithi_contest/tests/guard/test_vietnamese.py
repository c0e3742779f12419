from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ...hooks import _logger, pre_init_hook
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestVietnamese(HttpCase, HoithiCommon):
    """Papers are Vietnamese, and so is what nobody asked for in another language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.env["hoithi.agency"].create(
            {
                "name": "Sở",
                "parent_name": "Tỉnh",
                "symbol": "SNNMT",
                "signer_ids": [
                    Command.create({"name": "Nông Thuận", "position": "Giám đốc"})
                ],
            }
        )
        languages = cls.env["res.lang"].with_context(active_test=False)
        cls.lang = languages.search([("code", "=", "vi_VN")])

    @contextmanager
    def _without_vietnamese(self):
        """As on an Odoo where the language was never activated, or taken away."""
        users = self.env["res.users"].with_context(active_test=False).search([])
        partners = self.env["res.partner"].with_context(active_test=False).search([])
        (users.partner_id | partners).filtered(
            lambda p: p.lang == "vi_VN"
        ).lang = "en_US"
        self.lang.active = False
        yield
        pre_init_hook(self.env)

    def _make(self, user=None):
        document = self.env["hoithi.document"].with_user(user or self.secretary)
        document = document.create({"contest_id": self.contest.id, "kind": "plan"})
        document._generate(with_pdf=False)
        return document

    def test_papers_name_the_remedy_and_leave_nothing_behind(self):
        documents = self.env["hoithi.document"]
        before = documents.search_count([])
        system = new_test_user(
            self.env, "t_sys", "base.group_system,hoithi_contest.group_secretary"
        )
        with self._without_vietnamese():
            for user, remedy in (
                (self.secretary, "Ask the administrator"),
                (system, "Activate it: Settings"),
            ):
                with self.subTest(user=user.login):
                    with self.assertRaises(UserError) as refusal:
                        self._make(user)
                    self.assertIn(remedy, str(refusal.exception))
                    self.assertEqual(documents.search_count([]), before)
            self.assertIn(
                "no paper can be made", self.company.hoithi_health, "the check tells"
            )
            run = self.env["hoithi.document.run"].with_user(self.secretary)
            run = run.create({"contest_id": self.contest.id, "kind": "registration"})
            self._submit_entry()
            with self.assertRaises(UserError):
                run.action_start()
            self.assertEqual(run.state, "draft")
            # what is looked at opens
            self.env["hoithi.document.template"].search([]).mapped("file_name")
            self._run_cron("cron_send_notices")
        self.assertTrue(self.lang.active, "the installation activates it")
        self.env.invalidate_all()
        self.assertTrue(self._make().docx_id)
        self.assertIn("Vietnamese is active", self.company.hoithi_health)

    def test_installation_says_what_it_activated(self):
        with self._without_vietnamese(), patch.object(_logger, "info") as info:
            pre_init_hook(self.env)
            self.assertIn("Vietnamese was activated", info.call_args.args[0])
            pre_init_hook(self.env)
            info.assert_called_once()

    def test_who_has_no_language_is_written_to_in_vietnamese(self):
        partner = self.staff.partner_id
        for lang, expected in ((False, "vi_VN"), ("en_US", "en_US")):
            partner.lang = lang
            self.assertEqual(partner._hoithi_get_lang(), expected)

    # PAGES

    def _get_lang(self, accepted, path="/hoithi"):
        self.opener.cookies.clear()
        headers = {"Accept-Language": accepted}
        page = self.url_open(path, headers=headers).text
        return page.partition('<html lang="')[2].partition('"')[0]

    def test_language_of_visitors(self):
        for default in ("en_US", "vi_VN"):
            self.env["ir.default"].set("res.partner", "lang", default)
            for accepted, expected in (
                ("vi", "vi-VN"),
                ("vi-VN", "vi-VN"),
                ("VI", "vi-VN"),
                ("vi-VN,en;q=0.8", "vi-VN"),
                ("vi,en-US;q=0.8", "vi-VN"),
                ("fr", "vi-VN"),
                ("fr-FR", "vi-VN"),
                ("xx-YY,*;q=0.5", "vi-VN"),
                ("en", "en-US"),
                ("en-US", "en-US"),
                ("en-GB,vi;q=0.5", "en-US"),
                ("en;q=0,fr", "vi-VN"),
                ("fr-FR,fr;q=0.9,en;q=0.8", "en-US"),
                (None, "vi-VN"),
                ("", "vi-VN"),
                ("-;;q=x", "vi-VN"),
            ):
                with self.subTest(default=default, accepted=accepted):
                    self.assertEqual(self._get_lang(accepted), expected)

    def test_a_login_keeps_its_language(self):
        for lang, expected in (("en_US", "en-US"), ("vi_VN", "vi-VN")):
            self.staff.lang = lang
            self.authenticate("t_staff", "t_staff")
            page = self.url_open("/my/hoithi", headers={"Accept-Language": "fr"}).text
            with self.subTest(lang=lang):
                self.assertIn(f'<html lang="{expected}"', page)
            self.logout()
