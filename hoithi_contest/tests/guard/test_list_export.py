import io
import json

from lxml import etree
from openpyxl import load_workbook

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .test_hoithi_views import ViewsCase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@tagged("post_install", "-at_install")
class TestListExport(HttpCase, ViewsCase):
    """Each list goes to Excel for the roles that work with it, and for nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        entry = cls._eligible_entry()
        cls._start_review()
        cls._assign(entry, cls.member1, cls.member2)
        cls.env["hoithi.plan.task"].create(
            {
                "contest_id": cls.contest.id,
                "name": "Phát động",
                "lead_department_id": cls.unit.id,
            }
        )
        cls.env["hoithi.outreach"].create(
            {
                "contest_id": cls.contest.id,
                "department_id": cls.unit.id,
                "date": cls.contest._get_today(),
            }
        )
        cls.actions = (
            cls.env["ir.actions.act_window"]
            .search([("view_mode", "like", "list")])
            .filtered(
                lambda action: (
                    action.get_external_id()[action.id].startswith("hoithi_contest.")
                    and not cls.env[action.res_model].is_transient()
                )
            )
        )

    def _get_columns(self, action, user):
        """Return the columns that the list shows to the user, as the button exports."""
        model = self.env[action.res_model].with_user(user)
        view = dict(action.views).get("list") if action.view_ids else False
        for view_id, mode in action.views:
            if mode == "list":
                view = view_id
        arch = etree.fromstring(model.get_view(view, "list")["arch"])
        if arch.get("export_xlsx") in ("0", "false"):
            return None
        told = model.fields_get()
        columns = []
        for node in arch.iterchildren("field"):
            name = node.get("name")
            hidden = node.get("column_invisible") in ("1", "True", "true")
            if hidden or node.get("optional") == "hide" or name in columns:
                continue
            if told[name].get("exportable", True) and told[name]["type"] != "json":
                columns.append(name)
        return [
            {
                "name": name,
                "label": told[name]["string"],
                "type": told[name]["type"],
                "store": told[name].get("store", True),
            }
            for name in columns
        ]

    def _export(self, action, user, columns, groups=()):
        data = {
            "model": action.res_model,
            "fields": columns,
            "ids": False,
            "domain": safe_eval(action.domain or "[]", {"uid": user.id}),
            "groupby": list(groups),
            "import_compat": False,
            "context": {"lang": "vi_VN"},
        }
        token = http.Request.csrf_token(self)
        return self.url_open(
            "/web/export/xlsx", {"data": json.dumps(data), "csrf_token": token}
        )

    def _get_groups(self, action, user):
        """Return by what the list is grouped when it opens."""
        context = safe_eval(action.context or "{}")
        model = self.env[action.res_model].with_user(user)
        arch = etree.fromstring(
            model.get_view(action.search_view_id.id, "search")["arch"]
        )
        return [
            safe_eval(node.get("context") or "{}")["group_by"]
            for node in arch.iter("filter")
            if context.get(f"search_default_{node.get('name')}")
            and "group_by" in (node.get("context") or "")
        ]

    def test_each_list_for_who_works_with_it(self):
        for user in (self.secretary, self.leader, self.head, self.admin):
            self.authenticate(user.login, user.login)
            exported = 0
            for action in self.actions:
                rows = self.env[action.res_model].with_user(user)
                if not rows.has_access("read"):
                    continue
                columns = self._get_columns(action, user)
                if columns is None:
                    continue
                domain = safe_eval(action.domain or "[]", {"uid": user.id})
                try:
                    count = rows.search_count(domain)
                except AccessError:
                    continue  # a list by what the user doesn't read
                groups = self._get_groups(action, user)
                for grouped in ([], groups) if groups else ([],):
                    with self.subTest(
                        user=user.login, list=action.path, grouped=grouped
                    ):
                        page = self._export(action, user, columns, grouped)
                        self.assertEqual(page.headers["Content-Type"], XLSX)
                        sheet = load_workbook(io.BytesIO(page.content)).active
                        lines = list(sheet.iter_rows(values_only=True))
                        self.assertEqual(
                            [cell or "" for cell in lines[0]],
                            [column["label"] for column in columns],
                        )
                        if grouped:
                            self.assertGreaterEqual(len(lines) - 1, count)
                        else:
                            # a row with many of something takes more than one line
                            self.assertGreaterEqual(len(lines) - 1, count)
                            self.assertEqual(bool(len(lines) - 1), bool(count))
                        exported += 1
            self.assertGreater(exported, 5, user.login)

    def test_nobody_else(self):
        """Neither the button's way, nor a list that one doesn't read."""
        review = self.env.ref("hoithi_contest.hoithi_review_action")
        entries = self.env.ref("hoithi_contest.hoithi_entry_action")
        name = [{"name": "display_name", "label": "Tên", "type": "char"}]
        for user, actions in (
            (self.member1, (entries, review)),
            (self.publisher, (entries,)),
            (self.internal, (entries,)),
            (self.head, (review,)),
        ):
            self.authenticate(user.login, user.login)
            for action in actions:
                with (
                    self.subTest(user=user.login, list=action.path),
                    mute_logger("odoo.addons.web.controllers.export", "odoo.http"),
                ):
                    page = self._export(action, user, name)
                    self.assertNotEqual(page.headers["Content-Type"], XLSX)
                    self.assertGreaterEqual(page.status_code, 400)
