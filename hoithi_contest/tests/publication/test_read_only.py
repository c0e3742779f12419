import threading
from unittest.mock import patch

from odoo.service import model as service_model
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PDF
from ..contest import test_hoithi_portal
from . import test_hoithi_publication


@tagged("post_install", "-at_install")
class TestReadOnly(
    test_hoithi_publication.PublicationCase, test_hoithi_portal.HoithiPortalCase
):
    """What is marked as reading can be served by a replica, which takes no write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._release()
        cls.basis = cls.env["hoithi.legal.basis"].create(
            {
                "contest_id": cls.contest.id,
                "number": "01/QĐ",
                "subject": "Thể lệ",
                "publish_text": True,
            }
        )
        cls.basis._open_door().attachment_id = cls.env["ir.attachment"].create(
            {"name": "the-le.pdf", "raw": PDF}
        )
        cls.paper = cls.env["hoithi.document"].create(
            {"contest_id": cls.contest.id, "kind": "plan", "subject": "Kế hoạch"}
        )

    def _get_addresses(self):
        """Return an address for each route that is marked: {route: address}."""
        contest, result = self.contest.id, self.water.id
        token = self.env["res.users"].with_user(self.staff).hoithi_issue_calendar()
        company = self.company.id
        return {
            "hoithi_contests": "/hoithi",
            "hoithi_results": f"/hoithi/{contest}/results",
            "hoithi_result": f"/hoithi/{contest}/results/{result}",
            "hoithi_contest": f"/hoithi/{contest}",
            "hoithi_card": f"/hoithi/{contest}/card.png",
            "hoithi_picture": f"/hoithi/{contest}/results/{result}/picture",
            "hoithi_document": f"/hoithi/{contest}/documents/{self.paper.id}/pdf",
            "hoithi_legal_basis": f"/hoithi/{contest}/legal/{self.basis.id}",
            "hoithi_sitemap": "/hoithi/sitemap.xml",
            "hoithi_paper": f"/hoithi/paper/{self.paper.check_token or 'x'}",
            "hoithi_calendar_feed": f"/hoithi/calendar/{token}.ics",
            "hoithi_data_export": "/my/hoithi/data/export",
            "hoithi_identity": f"/hoithi/identity/{company}.css",
            "hoithi_rules_schema": "/hoithi/rules/schema.json",
            "hoithi_logo": f"/hoithi/identity/{company}/logo",
            "hoithi_signing_script": f"/hoithi/signing-script/{company}.js",
        }

    def _get_routes(self):
        """Yield (path, name, whether it is marked) of our routes."""
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        for rule in rules:
            if rule.rule.startswith(("/hoithi", "/my/hoithi")):
                endpoint = rule.endpoint
                is_marked = endpoint.routing.get("readonly") is True
                yield rule.rule, endpoint.func.__name__, is_marked

    def test_each_marked_route_only_reads(self):
        addresses = self._get_addresses()
        marked = {name for _path, name, is_marked in self._get_routes() if is_marked}
        self.assertEqual(marked, set(addresses))
        modes = []
        retrying = service_model.retrying

        def serve(function, env):
            modes.append(env.cr.readonly)
            return retrying(function, env)

        for user in (None, self.staff, self.secretary):
            login = user and user.login
            self.authenticate(login, login)
            for name, address in addresses.items():
                if not login and address.startswith(("/my", "/hoithi/signing")):
                    continue
                # style sheets are made when they are first asked for, and kept
                with mute_logger("odoo.http", "odoo.sql_db"):
                    self.url_open(address)
                modes.clear()
                with (
                    self.subTest(route=name, user=login),
                    patch.object(service_model, "retrying", serve),
                ):
                    # who isn't logged in is led to the pages of a language
                    self.url_open(address)
                    self.assertTrue(modes)
                    self.assertEqual(set(modes), {True}, "it wrote")

    def test_what_follows_an_act_is_read_where_it_was_written(self):
        """A replica may lag behind: who pressed a button must see what came of it."""
        marks = {path: is_marked for path, _name, is_marked in self._get_routes()}
        for path in ("/my/hoithi", "/my/hoithi/data", "/my/hoithi/calendar"):
            self.assertFalse(marks[path], path)

    def test_calls_that_read(self):
        """By them the web client asks; the first may work out places, once."""
        home = self.env["hoithi.home"]
        for user in (self.secretary, self.leader, self.member1, self.head, self.admin):
            own = home.with_user(user)
            for name, act in (
                ("get_home", own.get_home),
                ("get_switch", own.get_switch),
                ("mail", own.env["res.company"].hoithi_get_mail_problems),
            ):
                act()
                self.env.flush_all()
                with (
                    self.subTest(user=user.login, call=name),
                    self.env.cr.savepoint() as savepoint,
                ):
                    self.env.cr.execute("SET TRANSACTION READ ONLY")
                    self.env.invalidate_all()
                    act()
                    savepoint.rollback()
                self.assertTrue(getattr(act, "_readonly", False), name)
