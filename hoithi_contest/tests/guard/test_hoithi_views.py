import json

from lxml import etree

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

#: What would tell a reviewer who wrote an entry.
IDENTITY_FIELDS = {
    "author_ids",
    "author_names",
    "representative_id",
    "department_id",
    "create_uid",
    "write_uid",
    "message_ids",
}
SECRETARY_BUTTONS = {
    "action_mark_eligible",
    "action_ask_mark_ineligible",
    "action_ask_request_supplement",
    "action_ask_undo_screening",
    "action_assign_reviews",
    "action_select",
    "action_ask_not_select",
}
WORKFLOW_MODELS = (
    "hoithi.contest",
    "hoithi.entry",
    "hoithi.review",
    "hoithi.nomination",
    "hoithi.question",
    "hoithi.document",
)
#: Numbers that say which, not how many.
ORDINALS = {
    "position",
    "edition_number",
    "eligible_from_year",
    "rank",
    "rank_override",
    "rank_order",
    "row",
    "version",
    "year",
    "year_end",
    "year_start",
}


class ViewsCase(HoithiCommon):
    """Views as each role gets them, and what the web client asks for with them."""

    @classmethod
    def _get_arch(cls, model, view_type, user):
        view = cls.env[model].with_user(user).get_view(view_type=view_type)
        return etree.fromstring(view["arch"])

    @classmethod
    def _get_specification(cls, model, node):
        """Return what the web client reads for the fields of an architecture."""
        specification = {}
        for field_node in node.iterdescendants("field"):
            holder = next(field_node.iterancestors("field"), None)
            if holder is not None and node in holder.iterancestors():
                continue
            name = field_node.get("name")
            field = cls.env[model]._fields[name]
            if field.type == "many2one":
                specification[name] = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                sub_view = next(
                    (child for child in field_node if child.tag in ("list", "kanban")),
                    None,
                )
                inner = (
                    {"display_name": {}}
                    if sub_view is None
                    else cls._get_specification(field.comodel_name, sub_view)
                )
                specification[name] = {"fields": inner, "limit": 40}
            else:
                specification[name] = {}
        return specification

    @classmethod
    def _load(cls, **values):
        """Create entries in any state, as data files do."""
        loader = cls.env["hoithi.entry"].with_context(hoithi_door=Load())
        number = loader.search_count([]) + 1
        now = fields.Datetime.now()
        return loader.create(
            {
                "name": f"Giải pháp số {number}",
                "code": f"HV{number:05}",
                "contest_id": cls.contest.id,
                "field_id": cls.field.id,
                "department_id": cls.unit.id,
                "submitted_on": now,
                "receipt_number": f"V-{number:03}",
                "author_ids": [
                    Command.create(
                        {
                            "employee_id": cls.employees[cls.staff].id,
                            "partner_id": cls.staff.partner_id.id,
                            "full_name": cls.staff.name,
                            "contribution_percent": 60,
                            "is_representative": True,
                            "confirmed_on": now,
                        }
                    ),
                    Command.create(
                        {"full_name": f"Cộng sự {number}", "contribution_percent": 40}
                    ),
                ],
                **values,
            }
        )

    @classmethod
    def _load_review(cls, entry, user, **values):
        return (
            cls.env["hoithi.review"]
            .with_context(hoithi_door=Load())
            .create({"entry_id": entry.id, "member_id": cls.seats[user].id, **values})
        )


@tagged("post_install", "-at_install")
class TestViewsByRole(ViewsCase):
    def _get_buttons(self, model, user, view_type="form"):
        arch = self._get_arch(model, view_type, user)
        return {
            node.get("name")
            for node in arch.iterdescendants("button")
            if (node.get("name") or "").startswith("action_")
        }

    def test_screening_buttons_are_the_secretarys(self):
        self.assertLessEqual(
            SECRETARY_BUTTONS, self._get_buttons("hoithi.entry", self.secretary)
        )
        for user in (self.member1, self.head, self.leader, self.internal, self.admin):
            with self.subTest(user=user.login):
                self.assertFalse(
                    SECRETARY_BUTTONS & self._get_buttons("hoithi.entry", user)
                )
        self.assertIn(
            "action_assign_reviews",
            self._get_buttons("hoithi.entry", self.secretary, "list"),
        )
        self.assertFalse(self._get_buttons("hoithi.entry", self.leader, "list"))

    def test_application_is_confirmed_by_heads(self):
        self.assertIn(
            "action_confirm_application", self._get_buttons("hoithi.entry", self.head)
        )
        for user in (self.secretary, self.member1, self.leader):
            self.assertNotIn(
                "action_confirm_application", self._get_buttons("hoithi.entry", user)
            )

    def test_review_buttons(self):
        # a member's acts are in the workspace, which the browser's walks look at
        self.assertFalse(self._get_buttons("hoithi.review", self.member1))
        secretary = self._get_buttons("hoithi.review", self.secretary)
        self.assertEqual(
            secretary,
            {
                "action_ask_reopen",
                "action_ask_void",
                "action_make_document",
                "action_open_paper",
            },
        )

    def test_contest_buttons(self):
        secretary = self._get_buttons("hoithi.contest", self.secretary)
        # the way to the next phase stands in the card of the next act
        phases = {"action_ask_reopen_registration", "action_ask_cancel"}
        self.assertLessEqual(phases, secretary)
        publisher = self._get_buttons("hoithi.contest", self.publisher)
        self.assertEqual(
            publisher,
            {
                "action_publish",
                "action_unpublish",
                "action_ask_publish_results",
                "action_ask_withdraw_results",
                "action_view_documents",
                # while the public votes, the house does as well
                "action_open_vote",
            },
        )
        for user in (self.member1, self.head, self.leader):
            self.assertFalse(phases & self._get_buttons("hoithi.contest", user))

    def test_nomination_buttons(self):
        self.assertEqual(
            self._get_buttons("hoithi.nomination", self.secretary),
            {
                "action_ask_send",
                "action_receive",
                "action_ask_end_return",
                "action_ask_return",
                "action_ask_decide",
                "action_make_document",
                "action_make_package",
                "action_resend",
            },
        )
        self.assertEqual(
            self._get_buttons("hoithi.nomination", self.leader), {"action_make_package"}
        )

    def test_acts_on_chosen_rows_do_what_can_be_done(self):
        """None refuses all of them for one; see `hoithi.bulk.mixin`."""
        views = self.env["ir.ui.view"].search(
            [("type", "=", "list"), ("model", "=like", "hoithi.%")]
        )
        found = {
            (view.model, button.get("name"))
            for view in views
            for button in etree.fromstring(view.arch).iterfind(".//header/button")
            if button.get("type") == "object" and button.get("display") != "always"
        }
        self.assertIn(("hoithi.document", "action_approve_selected"), found)
        # these open a dialog, which tells by itself what it leaves out
        dialogs = {"action_assign_reviews", "action_assign_reviewer"}
        for model, name in found:
            if model == "hoithi.entry" and name == "action_mark_eligible":
                # named anew by the room of the council
                continue
            with self.subTest(model=model, button=name):
                self.assertTrue(
                    name.endswith("_selected")
                    or name.startswith("action_ask_")
                    or name in dialogs
                )

    def test_an_empty_list_says_who_fills_it(self):
        """Nobody is told to do there what the own role doesn't let them do."""
        actions = {
            menu.id: menu.action
            for menu in self.env["ir.ui.menu"].search([])
            if menu.action
            and menu.action._name == "ir.actions.act_window"
            and (menu.action.path or "").startswith("hoithi-")
        }
        words = ("secretary", "administrator", "HR officer", "Heads of units", "Staff")
        users = (
            *(self.secretary, self.leader, self.head, self.member1, self.publisher),
            *(self.admin, new_test_user(self.env, "nhansu1", "hr.group_hr_user")),
        )
        may = {
            model: [self.env[model].with_user(u).has_access("create") for u in users]
            for model in {action.res_model for action in actions.values()}
        }
        asked = 0
        for number, user in enumerate(users):
            shown = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for action in (actions[id_] for id_ in actions if id_ in shown):
                if may[action.res_model][number] or not any(may[action.res_model]):
                    continue
                asked += 1
                with self.subTest(user=user.login, action=action.path):
                    self.assertTrue(any(word in action.help for word in words))
        self.assertGreater(asked, 10)
        # who has no menu of the contest gets to both lists from that of staff
        shown = self.env["ir.ui.menu"].with_user(users[-1])._visible_menu_ids()
        for name in ("hoithi_unit_change_hr_menu", "hoithi_login_union_hr_menu"):
            menu = self.env.ref(f"hoithi_contest.{name}")
            while menu:
                self.assertIn(menu.id, shown, f"{name}: {menu.name}")
                menu = menu.parent_id

    def test_no_review_view_tells_the_author(self):
        for view_type in ("kanban", "list", "form", "pivot", "graph", "search"):
            for user in (self.member1, self.secretary):
                arch = self._get_arch("hoithi.review", view_type, user)
                names = {node.get("name") for node in arch.iterdescendants("field")}
                self.assertFalse(names & IDENTITY_FIELDS, view_type)
                self.assertFalse(list(arch.iterdescendants("chatter")), view_type)
        form = self._get_arch("hoithi.review", "form", self.member1)
        names = {node.get("name") for node in form.iterdescendants("field")}
        self.assertNotIn("entry_id", names)
        self.assertNotIn("withheld_files", names)

    def test_scores_are_for_secretary_and_leader(self):
        for view_type in ("kanban", "list", "form"):
            for user, visible in (
                (self.secretary, True),
                (self.leader, True),
                (self.member1, False),
                (self.head, False),
                (self.internal, False),
            ):
                arch = self._get_arch("hoithi.entry", view_type, user)
                with self.subTest(view=view_type, user=user.login):
                    self.assertEqual(
                        bool(arch.xpath("//field[@name='average_score']")), visible
                    )

    def test_states_are_not_clicked(self):
        for model in WORKFLOW_MODELS:
            arch = self._get_arch(model, "form", self.secretary)
            [state] = arch.xpath("//header/field[@name='state']")
            with self.subTest(model=model):
                self.assertEqual(state.get("widget"), "statusbar")
                self.assertFalse(safe_eval(state.get("options"))["clickable"])

    def test_boards_have_fixed_columns(self):
        boards = (
            ("hoithi.contest", "state"),
            ("hoithi.entry", "state"),
            ("hoithi.review", "state"),
            ("hoithi.nomination", "state"),
            ("hoithi.document", "state"),
            ("hoithi.plan.task", "progress"),
            ("hoithi.contest.unit", "stage"),
        )
        for model, column in boards:
            arch = self._get_arch(model, "kanban", self.secretary)
            with self.subTest(model=model):
                self.assertEqual(arch.get("default_group_by"), column)
                for name in ("group_create", "group_edit", "group_delete"):
                    self.assertEqual(arch.get(name), "false")
                self.assertEqual(arch.get("quick_create"), "false")
                self.assertTrue(arch.xpath("//t[@t-name='card']"))
                # a column that is read-only on the card can't be changed by a drag
                self.assertFalse(arch.xpath(f"//field[@name='{column}'][@readonly]"))

    def test_empty_columns_leave_their_room_to_others(self):
        """Of seven columns of contests a desk shows those that hold something."""
        self._launch()
        for model in ("hoithi.contest", "hoithi.nomination"):
            board = self.env[model].with_user(self.secretary)
            for domain in ([("id", "!=", 0)], [("id", "=", 0)]):
                rows = board.with_context(read_group_expand=True).web_read_group(
                    domain,
                    ["state"],
                    ["__count"],
                    auto_unfold=True,
                    unfold_read_specification={},
                )["groups"]
                opened = {row["state"] for row in rows if "__records" in row}
                filled = {row["state"] for row in rows if row["__count"]}
                with self.subTest(model=model, domain=domain):
                    self.assertEqual(len(opened), len(filled) or 1)
                    self.assertLessEqual(filled, opened)

    def test_lists_add_up_no_numbers_that_are_names(self):
        """The sum of places, years and versions in the line of a group says nothing.

        One in the first column would hide the group's name as well.
        """
        for name, model in self.registry.items():
            if not name.startswith("hoithi.") or model._transient:
                continue
            for field in ORDINALS & model._fields.keys():
                if model._fields[field].type in ("integer", "float"):
                    with self.subTest(model=name, field=field):
                        self.assertFalse(model._fields[field].aggregator)
        views = self.env["ir.ui.view"].search(
            [("type", "=", "list"), ("model", "=like", "hoithi.%")]
        )
        for view in views.filtered(lambda view: view.mode == "primary"):
            model = self.env[view.model]
            arch = etree.fromstring(model.get_view(view.id, "list")["arch"])
            first = next(
                (
                    node.get("name")
                    for node in arch.iterchildren("field")
                    if node.get("widget") != "handle"
                    and node.get("column_invisible") not in ("1", "True")
                ),
                None,
            )
            if first:
                with self.subTest(view=view.name):
                    self.assertFalse(getattr(model._fields[first], "aggregator", None))

    def test_settings_are_for_the_administrator(self):
        system = new_test_user(self.env, "t_system", "base.group_system")
        wanted = {
            name
            for name in self.env["hoithi.settings.mixin"]._fields
            if name.startswith("hoithi_")
        }
        for model, user, path in (
            ("res.config.settings", system, "//app[@name='hoithi_contest']"),
            ("hoithi.settings", self.admin, "//form"),
        ):
            with self.subTest(model=model):
                [part] = self._get_arch(model, "form", user).xpath(path)
                names = {node.get("name") for node in part.iterdescendants("field")}
                self.assertLessEqual(wanted, names)

    def test_actions_have_paths_and_empty_states(self):
        actions = (
            self.env["ir.actions.act_window"]
            .search([])
            .filtered(
                lambda action: (action.get_external_id()[action.id] or "").startswith(
                    "hoithi_contest."
                )
            )
        )
        self.assertGreater(len(actions), 10)
        for action in actions:
            with self.subTest(action=action.name):
                self.assertTrue((action.path or "").startswith("hoithi-"))
                # settings and dialogs are never empty
                if action.res_model != "hoithi.settings" and action.target != "new":
                    self.assertIn("o_view_nocontent_smiling_face", action.help or "")


@tagged("post_install", "-at_install")
class TestActionsByRole(ViewsCase):
    """Every menu opens for the roles that see it, with all its views and filters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._submit_entry()
        cls.entry.with_user(cls.secretary).action_mark_eligible()
        cls._start_review()
        cls.review, *_others = cls._assign(cls.entry, cls.member1, cls.member2)
        nominated = cls._load(state="nominated")
        nomination = (
            cls.env["hoithi.nomination"]
            .with_context(hoithi_door=Load())
            .create(
                {
                    "contest_id": cls.contest.id,
                    "state": "sent",
                    "line_ids": [Command.create({"entry_id": nominated.id})],
                }
            )
        )
        nomination.line_ids._take_snapshot()
        cls.env["hoithi.award"].create({"entry_id": nominated.id, "rank": "second"})
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
        cls.env["hoithi.agency"].create({"name": "Sở Nông nghiệp và Môi trường"})

    def _get_menus(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)
        root = self.env.ref("hoithi_contest.hoithi_menu_root")
        visible = menus.browse(menus._visible_menu_ids())
        return visible.filtered(
            lambda menu: (
                menu.parent_path.startswith(root.parent_path)
                and {int(part) for part in menu.parent_path.split("/")[:-1]}
                <= set(visible.ids)
            )
        )

    def _open(self, action, user):
        """Do what the web client does for an action: views, filters, records."""
        model = self.env[action.res_model].with_user(user)
        views = [(False, mode) for mode in action.view_mode.split(",")]
        result = model.get_views([*views, (False, "search")])
        domain = safe_eval(action.domain or "[]", {"uid": user.id})
        for view_type, view in result["views"].items():
            # a request of its own finds nothing that others have read
            self.env.invalidate_all()
            arch = etree.fromstring(view["arch"])
            if view_type == "search":
                self._search(model, arch, domain)
            elif view_type in ("kanban", "list", "form", "activity", "calendar"):
                specification = self._get_specification(action.res_model, arch)
                if view_type == "form":
                    model.search(domain, limit=1).web_read(specification)
                else:
                    model.web_search_read(domain, specification, limit=40)
            if arch.get("default_group_by"):
                model.with_context(read_group_expand=True).web_read_group(
                    domain, [arch.get("default_group_by")], ["__count"]
                )

    def _search(self, model, arch, domain):
        for node in arch.iterdescendants("filter"):
            if node.get("domain"):
                model.search(
                    domain + safe_eval(node.get("domain"), {"uid": model.env.uid})
                )
            group_by = safe_eval(node.get("context") or "{}").get("group_by")
            if group_by:
                model.web_read_group(domain, [group_by], ["__count"])
        for node in arch.iterdescendants("field"):
            operand = node.get("filter_domain")
            if operand:
                model.search(domain + safe_eval(operand, {"self": "nước"}))
            else:
                field = model._fields[node.get("name")]
                value = 1 if field.type in ("integer", "float") else "nước"
                operator = "=" if value == 1 else "ilike"
                model.search([*domain, (node.get("name"), operator, value)])

    def test_menus_open_for_their_roles(self):
        expected = {
            self.secretary: {
                "hoithi_objection_menu",
                "hoithi_home_menu",
                "hoithi_setup_menu",
                "hoithi_adjudication_menu",
                "hoithi_session_menu",
                "hoithi_ranking_menu",
                "hoithi_ledger_menu",
                "hoithi_report_entry_menu",
                "hoithi_report_review_menu",
                "hoithi_report_outreach_menu",
                "hoithi_entry_menu",
                "hoithi_contest_menu",
                "hoithi_plan_task_menu",
                "hoithi_contest_unit_menu",
                "hoithi_outreach_menu",
                "hoithi_question_menu",
                "hoithi_review_menu",
                "hoithi_conflict_menu",
                "hoithi_nomination_menu",
                "hoithi_award_menu",
                "hoithi_document_menu",
                "hoithi_document_run_menu",
                "hoithi_council_menu",
                "hoithi_rules_menu",
                "hoithi_house_menu",
                "hoithi_document_template_menu",
                "hoithi_notice_outbox_menu",
                "hoithi_notice_rule_menu",
                "hoithi_staff_invite_run_menu",
            },
            self.member1: {
                "hoithi_objection_menu",
                "hoithi_home_menu",
                "hoithi_adjudication_menu",
                "hoithi_session_menu",
                "hoithi_my_review_menu",
                "hoithi_entry_menu",
                "hoithi_review_menu",
                "hoithi_document_menu",
            },
            self.head: {
                "hoithi_home_menu",
                "hoithi_entry_menu",
                "hoithi_plan_task_menu",
                "hoithi_contest_unit_menu",
                "hoithi_outreach_menu",
            },
            self.leader: {
                "hoithi_objection_menu",
                "hoithi_home_menu",
                "hoithi_session_menu",
                "hoithi_ranking_menu",
                "hoithi_ledger_menu",
                "hoithi_report_entry_menu",
                "hoithi_report_outreach_menu",
                "hoithi_entry_menu",
                "hoithi_plan_task_menu",
                "hoithi_contest_unit_menu",
                "hoithi_outreach_menu",
                "hoithi_question_menu",
                "hoithi_nomination_menu",
                "hoithi_award_menu",
                "hoithi_document_menu",
                "hoithi_document_run_menu",
                "hoithi_council_menu",
            },
            self.publisher: {
                "hoithi_home_menu",
                "hoithi_document_menu",
            },
            self.internal: set(),
            self.admin: {
                "hoithi_home_menu",
                "hoithi_setup_menu",
                "hoithi_contest_menu",
                "hoithi_settings_menu",
                "hoithi_trust_anchor_menu",
                "hoithi_rules_menu",
                "hoithi_house_menu",
                "hoithi_document_template_menu",
                "hoithi_notice_rule_menu",
                "hoithi_staff_invite_run_menu",
            },
        }
        for user, names in expected.items():
            menus = self._get_menus(user).filtered("action")
            with self.subTest(user=user.login):
                xmlids = menus.sudo().get_external_id().values()
                self.assertEqual(
                    {f"hoithi_contest.{name}" for name in names}, set(xmlids)
                )
                tops = self._get_menus(user).filtered_domain(
                    [("parent_id.parent_id", "=", False), ("parent_id", "!=", False)]
                )
                self.assertLessEqual(len(tops), 7)
                self.assertLessEqual(len(menus), 29)
                actions = {menu.sudo().action._name for menu in menus}
                self.assertNotIn(
                    "ir.actions.act_url", actions, "no menu leaves the web client"
                )
            for menu in menus:
                action = menu.sudo().action
                if action._name != "ir.actions.act_window":
                    continue
                with self.subTest(user=user.login, action=action.name):
                    self._open(action, user)

    def test_what_belongs_to_a_list_opens_above_it(self):
        """What has no menu of its own is a button there, for who may use it."""
        staff = (self.secretary, self.leader, self.head)
        everybody = (*staff, self.member1, self.admin)
        for model, views, name, users in (
            ("hoithi.plan.task", ("kanban", "list"), "plan_timeline", everybody),
            ("hoithi.contest.unit", ("kanban", "list"), "acknowledgement", staff[:2]),
            ("hoithi.agency", ("list",), "organisation", everybody),
            ("hoithi.review", ("list",), "review_assign_run", staff[:1]),
            ("hoithi.review", ("kanban", "list"), "review_copy", staff[:1]),
            ("hoithi.review", ("kanban", "list"), "score_sheet", (self.member1,)),
            ("hoithi.review", ("kanban", "list"), "statement", (self.member1,)),
            (
                "hoithi.objection",
                ("list",),
                "reopening",
                (*staff[:2], self.member1),
            ),
            ("hoithi.award", ("list",), "past_solution", staff[:2]),
            ("hoithi.document", ("kanban", "list"), "document_register", staff[:2]),
            *(
                (model, ("list",), name, (self.secretary, self.admin))
                for model, names in (
                    (
                        "hoithi.criteria.set",
                        ("field", "dossier_type", "legal_text", "rule_pack"),
                    ),
                    ("hoithi.agency", ("role_change", "purpose")),
                )
                for name in names
            ),
            ("hoithi.criteria.set", ("list",), "prize_kind", (self.admin,)),
            ("hoithi.agency", ("list",), "unit_change", staff[:1]),
            ("hoithi.conflict", ("list",), "statement", staff[:1]),
            ("hoithi.purpose", ("list",), "consent", staff[:1]),
            (
                "hoithi.document.template",
                ("list",),
                "recipient_template",
                (self.secretary, self.admin),
            ),
        ):
            action = self.env.ref(f"hoithi_contest.hoithi_{name}_action")
            for user in everybody:
                if not self.env[model].with_user(user).has_access("read"):
                    continue
                for view in views:
                    arch = self._get_arch(model, view, user)
                    buttons = arch.xpath(f"//header/button[@name='{action.id}']")
                    with self.subTest(user=user.login, action=action.name, view=view):
                        self.assertEqual(len(buttons), int(user in users))
                if user in users:
                    with self.subTest(user=user.login, action=action.name):
                        self._open(action, user)

    def test_lists_go_to_excel_for_who_works_with_them(self):
        for user in (self.secretary, self.leader, self.head):
            for menu in self._get_menus(user).filtered("action"):
                action = menu.sudo().action
                model = action._name == "ir.actions.act_window" and action.res_model
                if not model or self.env[model].is_transient():
                    continue
                with self.subTest(user=user.login, action=action.name):
                    rows = self.env[model].with_user(user).search([], limit=2)
                    told = rows.export_data(["display_name"])["datas"]
                    self.assertEqual(len(told), len(rows))
        for user in (self.member1, self.publisher, self.internal):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.env["hoithi.contest"].with_user(user).export_data(["name"])

    def test_stat_buttons_open_their_actions(self):
        contest = self.contest.with_user(self.secretary)
        for name in (
            "action_view_entries",
            "action_view_reviews",
            "action_view_nominations",
        ):
            action = getattr(contest, name)()
            records = self.env[action["res_model"]].with_user(self.secretary)
            self.assertTrue(records.search(action["domain"]), name)

    def test_own_reviews_only(self):
        action = self.env.ref("hoithi_contest.hoithi_my_review_action")
        for user in (self.member1, self.member2, self.chair):
            domain = safe_eval(action.domain, {"uid": user.id})
            reviews = self.env["hoithi.review"].with_user(user).search(domain)
            self.assertEqual(reviews.user_id, user if reviews else reviews.user_id)
        self.assertIn(
            self.review.id,
            self.env["hoithi.review"]
            .with_user(self.member1)
            .search(safe_eval(action.domain, {"uid": self.member1.id}))
            .ids,
        )


@tagged("post_install", "-at_install")
class TestForms(ViewsCase):
    """Forms as filled in by hand: what is open, what is closed."""

    def test_secretary_prepares_a_contest(self):
        with Form(self.env["hoithi.contest"].with_user(self.secretary)) as form:
            form.name = "Hội thi mới"
            form.edition_number = 7
            self.assertEqual(form.edition_roman, "VII")
            form.year_start = 2030
            form.criteria_set_id = self.criteria_set
            form.council_id = self.council
            with form.legal_basis_ids.new() as basis:
                basis.number = "02/QĐ-UBND"
                basis.subject = "về việc tổ chức Hội thi"
        self.assertEqual(form.record.year_end, 2031)
        self.assertEqual(form.record.secretary_ids, self.secretary)

    def test_late_date_warns_while_typing(self):
        self.contest.date_end = self.contest.province_deadline.date()
        with Form(self.contest.with_user(self.secretary)) as form:
            self.assertFalse(form.date_warnings)
            form.province_deadline = form.registration_deadline
            self.assertTrue(form.date_warnings)
            form.province_deadline = self.contest.province_deadline

    def test_member_scores_and_submits(self):
        self._launch()
        entry = self._eligible_entry()
        self._start_review()
        review, _other = self._assign(entry, self.member1, self.member2)
        # the form is to read; the member's workspace saves by one method
        places = {f"score:{line.id}": line for line in review.line_ids}
        review.save_sheet(
            {
                place: [False, score]
                for place, score in zip(places, (30, 45), strict=True)
            }
            | {"strengths": ["", "Có số liệu"], "recommendation": [False, "select"]}
        )
        self.assertEqual(review.state, "in_progress")
        review.action_submit()
        self.assertEqual(review.total, 75)
        form = Form(review)
        for name in ("strengths", "weaknesses", "comment"):
            with self.assertRaisesRegex(AssertionError, "readonly"):
                form[name] = "muộn"

    def test_secretary_keys_in_a_paper_dossier(self):
        self._launch()
        with Form(self.env["hoithi.entry"].with_user(self.secretary)) as form:
            form.contest_id = self.contest
            form.field_id = self.field
            form.name = "Giải pháp nộp trên giấy"
            form.solution_content = "Nội dung"
            form.first_applied_date = self.contest._get_today()
            with form.author_ids.new() as author:
                author.employee_id = self.employees[self.coauthor]
                author.contribution_percent = 100
                author.is_representative = True
        entry = form.record
        self.assertEqual(entry.author_ids.full_name, self.coauthor.name)
        self.assertEqual(entry.department_id, self.sub_unit)
        self.assertTrue(entry.can_submit)

    def test_titles_are_words(self):
        """What a breadcrumb shows are words of the reader's language, not keys."""
        outreach = self.env["hoithi.outreach"].create(
            {
                "contest_id": self.contest.id,
                "department_id": self.unit.id,
                "kind": "drive",
            }
        )
        self.assertEqual(
            outreach.display_name, "Emulation drive – Phòng Tài nguyên nước"
        )
        entry = self._load(state="nominated")
        award = self.env["hoithi.award"].create({"entry_id": entry.id, "rank": "first"})
        self.assertEqual(award.display_name, f"First prize – {entry.name}")
        conflict = self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.member1].id,
                "kind": "kinship",
            }
        )
        self.assertEqual(conflict.display_name, f"Kinship – {self.member1.name}")

    def test_submitted_entry_is_read_only(self):
        self._launch()
        entry = self._submit_entry()
        form = Form(entry.with_user(self.secretary))
        for name in ("name", "solution_content", "application_place"):
            with self.assertRaisesRegex(AssertionError, "readonly"):
                form[name] = "khác"

    def test_reason_dialog(self):
        self._launch()
        entry = self._submit_entry().with_user(self.secretary)
        action = entry.action_ask_mark_ineligible()
        self.assertEqual(action["target"], "new")
        wizard = self.env["hoithi.reason"].with_user(self.secretary)
        with Form(wizard.browse(action["res_id"])) as form:
            form.reason = "Ngoài lĩnh vực"
        form.record.action_apply()
        self.assertEqual(entry.state, "ineligible")
        self.assertEqual(entry.ineligible_reason, "Ngoài lĩnh vực")

    def test_assignment_dialog_previews_conflicts(self):
        self._launch()
        entry = self._eligible_entry(self.internal)
        self._start_review()
        self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.member1].id,
                "kind": "kinship",
            }
        )
        action = entry.with_user(self.secretary).action_assign_reviews()
        wizard = (
            self.env["hoithi.review.assign"]
            .with_user(self.secretary)
            .with_context(**action["context"])
        )
        with Form(wizard) as form:
            form.member_ids.add(self.seats[self.member1])
            form.member_ids.add(self.seats[self.member2])
            self.assertEqual(form.line_count, 1)
            self.assertIn(self.member1.name, form.preview)
        form.record.action_assign()
        self.assertEqual(entry.sudo().review_ids.user_id, self.member2)


@tagged("post_install", "-at_install")
class TestBoardQueries(ViewsCase):
    """A board or list costs the same queries for 3 rows and for 30."""

    STATES = ("submitted", "eligible", "reviewed")

    def _count_queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        return self.cr.sql_log_count - before

    def _assert_flat(self, make, call):
        """Count `call` over 3 rows and over 30 made by `make(number)`."""
        for number in range(3):
            make(number)
        self._count_queries(call)  # warms the caches of rules and groups
        few = self._count_queries(call)
        for number in range(3, 30):
            make(number)
        self.assertEqual(self._count_queries(call), few)

    def _get_board_call(self, model, user, domain):
        arch = self._get_arch(model, "kanban", user)
        records = self.env[model].with_user(user).with_context(read_group_expand=True)
        specification = self._get_specification(model, arch)
        progress = [
            json.loads(node.get("colors")) and node.get("field")
            for node in arch.iterdescendants("progressbar")
        ]

        def call():
            result = records.web_read_group(
                domain,
                [arch.get("default_group_by")],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=specification,
            )
            for field_name in progress:
                records.read_progress_bar(
                    domain,
                    arch.get("default_group_by"),
                    {"field": field_name, "colors": {"planned": "success"}},
                )
            return result

        return call

    def _get_list_call(self, model, user, domain):
        specification = self._get_specification(
            model, self._get_arch(model, "list", user)
        )
        records = self.env[model].with_user(user)
        return lambda: records.web_search_read(domain, specification, limit=80)

    def _make_entry(self, number):
        return self._load(state=self.STATES[number % len(self.STATES)])

    def test_entry_board(self):
        domain = [("contest_id", "=", self.contest.id)]
        for user in (self.secretary, self.leader, self.head):
            with self.subTest(user=user.login):
                self._assert_flat(
                    self._make_entry,
                    self._get_board_call("hoithi.entry", user, domain),
                )

    def test_entry_list(self):
        domain = [("contest_id", "=", self.contest.id)]
        self._assert_flat(
            self._make_entry,
            self._get_list_call("hoithi.entry", self.secretary, domain),
        )

    def _make_review(self, number):
        entry = self._load(state="reviewing")
        states = ("assigned", "in_progress", "submitted")
        state = states[number % len(states)]
        self._load_review(
            entry,
            self.member1,
            state=state,
            submitted_on=fields.Datetime.now() if state == "submitted" else False,
        )

    def test_review_board(self):
        domain = [("user_id", "=", self.member1.id)]
        self._assert_flat(
            self._make_review,
            self._get_board_call("hoithi.review", self.member1, domain),
        )

    def test_review_list(self):
        domain = [("contest_id", "=", self.contest.id)]
        self._assert_flat(
            self._make_review,
            self._get_list_call("hoithi.review", self.secretary, domain),
        )

    def _make_receipt(self, number):
        entry = self._load(state=self.STATES[number % len(self.STATES)])
        self.env["hoithi.document"].create(
            {"kind": "receipt", "res_model": entry._name, "res_id": entry.id}
        )

    def test_document_board(self):
        domain = [("contest_id", "=", self.contest.id), ("kind", "=", "receipt")]
        for user in (self.secretary, self.leader):
            with self.subTest(user=user.login):
                self._assert_flat(
                    self._make_receipt,
                    self._get_board_call("hoithi.document", user, domain),
                )

    def test_document_list(self):
        domain = [("contest_id", "=", self.contest.id), ("kind", "=", "receipt")]
        self._assert_flat(
            self._make_receipt,
            self._get_list_call("hoithi.document", self.secretary, domain),
        )

    def test_contest_board_and_list(self):
        domain = [("name", "like", "Hội thi số")]

        def make(number):
            contest = self._create_contest(name=f"Hội thi số {number}")
            self._load(contest_id=contest.id, state="submitted")

        self._assert_flat(
            make, self._get_board_call("hoithi.contest", self.secretary, domain)
        )
        self._assert_flat(
            make, self._get_list_call("hoithi.contest", self.secretary, domain)
        )

    def test_outbox_list_and_board(self):
        domain = [("occasion", "like", "board")]

        def make(number):
            partner = self.env["res.partner"].create({"name": f"Người {number}"})
            notice = self.env["hoithi.notice"]._announce(
                "milestone", {self.contest: partner}, f"board {number} {partner.id}"
            )
            notice.state = ("pending", "held", "failed")[number % 3]

        self._assert_flat(
            make, self._get_list_call("hoithi.notice", self.secretary, domain)
        )
        self._assert_flat(
            make, self._get_board_call("hoithi.notice", self.secretary, domain)
        )
