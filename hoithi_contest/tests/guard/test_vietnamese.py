import contextlib
from contextlib import contextmanager
from unittest.mock import patch

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ...hooks import pre_init_hook
from ...models.guard.ir_http import DOORS, PAGES
from ...tools import _logger
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
                (system, "Activate it: Settings → Innovation Contest"),
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

    def test_every_door_to_papers_names_the_remedy(self):
        """Whatever the paper, also where the language was deleted."""
        entry = self._submit_entry()
        made, approved = self._make(), self._make()
        approved.action_generate()
        approved.sudo()._open_door().write({"state": "approved"})
        documents = self.env["hoithi.document"].with_user(self.secretary)
        runs = self.env["hoithi.document.run"].with_user(self.secretary)
        kinds = []
        for kind, _label in documents._get_kinds():
            # the others are about a record, and meet the same gate
            with contextlib.suppress(UserError), self.env.cr.savepoint() as savepoint:
                documents.create({"contest_id": self.contest.id, "kind": kind})
                kinds.append(kind)
                savepoint.rollback()
        self.assertGreater(len(kinds), 3)
        doors = {
            "generate": made.action_generate,
            "issue": lambda: approved.action_issue("05", self.contest._get_today()),
            "a form": lambda: documents._make_form("registration", entry, "docx"),
            **{
                f"a draft of {kind}": lambda kind=kind: documents.create(
                    {"contest_id": self.contest.id, "kind": kind}
                )
                for kind in kinds
            },
            "a run": lambda: runs.create(
                {"contest_id": self.contest.id, "kind": "registration"}
            ).action_start(),
        }
        with self._without_vietnamese():
            for how in ("inactive", "deleted"):
                if how == "deleted":
                    self.lang.unlink()
                for name, door in doors.items():
                    with (
                        self.subTest(door=name, language=how),
                        self.assertRaisesRegex(UserError, "Activate Vietnamese"),
                        self.env.cr.savepoint(),
                    ):
                        door()
                # letters go out all the same
                self.staff.partner_id.lang = False
                self.env["hoithi.notice"]._announce(
                    "overdue", {self.contest: self.staff.partner_id}, how
                )
                self._run_cron("cron_send_notices")
                self.assertFalse(
                    self.env["hoithi.notice"].search_count([("state", "=", "failed")])
                )

    def test_the_settings_bring_the_language_back(self):
        settings = self.env["res.config.settings"]
        with self.assertRaises(AccessError):
            settings.with_user(
                self.secretary
            ).sudo().action_hoithi_activate_vietnamese()
        self.assertFalse(settings.new().hoithi_lacks_vietnamese)
        with self._without_vietnamese():
            for delete in (False, True):
                self.lang.active = False
                if delete:
                    self.lang.unlink()
                self.assertTrue(settings.new().hoithi_lacks_vietnamese)
                settings.create({}).action_hoithi_activate_vietnamese()
                lang = self.env["res.lang"]._get_data(code="vi_VN")
                self.assertEqual(lang.date_format, "%d/%m/%Y")
                self.assertEqual(lang.url_code, "vi")
        self.assertTrue(self._make().docx_id)

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

    def test_language_where_one_signs_in(self):
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        self.env["ir.default"].set("res.partner", "lang", "en_US")
        for path in ("/web/login", "/web/signup", "/web/reset_password"):
            for accepted, expected in (
                ("vi", "Mật khẩu"),
                ("vi-VN", "Mật khẩu"),
                ("fr", "Mật khẩu"),
                ("fr-FR,de;q=0.8", "Mật khẩu"),
                (None, "Mật khẩu"),
                ("en-GB,en;q=0.9", "Password"),
                ("fr,en;q=0.5", "Password"),
            ):
                self.opener.cookies.clear()
                page = self.url_open(path, headers={"Accept-Language": accepted}).text
                with self.subTest(path=path, accepted=accepted):
                    other = {"Mật khẩu", "Password"} - {expected}
                    if path == "/web/reset_password":
                        self.assertIn(
                            "Đặt lại mật khẩu" if expected != "Password" else "Reset",
                            page,
                        )
                    else:
                        self.assertIn(f">{expected}<", page)
                        self.assertNotIn(f">{other.pop()}<", page)
        # who has chosen keeps the choice
        self.opener.cookies.clear()
        self.opener.cookies.set("frontend_lang", "en_US")
        page = self.url_open("/web/login", headers={"Accept-Language": "fr"}).text
        self.assertIn(">Password<", page)

    def test_other_pages_keep_odoo_s_choice(self):
        self.env["ir.default"].set("res.partner", "lang", "en_US")
        for path in ("/my", "/web/static/x", "/web/database", "/my/hoithix"):
            self.assertFalse(DOORS.match(path) or PAGES.match(path), path)

    def test_a_login_keeps_its_language(self):
        for lang, expected in (("en_US", "en-US"), ("vi_VN", "vi-VN")):
            self.staff.lang = lang
            self.authenticate("t_staff", "t_staff")
            page = self.url_open("/my/hoithi", headers={"Accept-Language": "fr"}).text
            with self.subTest(lang=lang):
                self.assertIn(f'<html lang="{expected}"', page)
            self.logout()

    def test_who_logs_in_reads_the_own_language(self):
        """Many a computer of an office speaks English, its user Vietnamese."""
        self.staff.lang = "vi_VN"
        for accepted in ("en-US,en;q=0.9", "vi", "fr"):
            self.opener.cookies.clear()
            headers = {"Accept-Language": accepted}
            page = html.fromstring(self.url_open("/web/login", headers=headers).text)
            [token] = page.xpath("//input[@name='csrf_token']/@value")
            self.url_open(
                "/web/login",
                data={"login": "t_staff", "password": "t_staff", "csrf_token": token},
                headers=headers,
            )
            page = self.url_open("/my/hoithi", headers=headers).text
            with self.subTest(accepted=accepted):
                self.assertIn('<html lang="vi-VN"', page)
