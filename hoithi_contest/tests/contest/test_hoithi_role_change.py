from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.contest.hoithi_role_change import HOLDING_MODELS
from ...models.guard.hoithi_guard_mixin import DOOR, Load
from ...models.guard.hoithi_states import RUNNING
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestRoles(HoithiCommon):
    """Roles are what they say, and a change of them is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.role = cls.env.ref("hoithi_contest.group_secretary")
        cls.told = cls.chair.partner_id | cls.secretary.partner_id

    def _changes(self):
        return self.env["hoithi.role.change"].search(
            [("company_id", "=", self.company.id)], order="id"
        )

    def _take_change(self, before):
        """Return the one change since, once its notices are as they should be."""
        change = self._changes() - before
        self.assertEqual(len(change), 1)
        notices = self.env["hoithi.notice"].search(
            [("kind", "=", "role_changed"), ("res_id", "=", change.id)]
        )
        self.assertEqual(notices.partner_id, self.told)
        self.assertEqual(len(notices), len(self.told), "nobody is told twice")
        return change

    # WHAT ROLES MAY

    def test_rights_on_records_of_contests_stay_while_one_is_running(self):
        giver = new_test_user(
            self.env, "t_rights", "base.group_user,base.group_erp_manager"
        )
        authors = self.env["ir.model"]._get("hoithi.entry.author")
        rules = self.env["ir.rule"]
        rule = rules.search(
            [("model_id", "=", authors.id), ("groups", "=", False)], limit=1
        )
        right = self.env["ir.model.access"].search(
            [("model_id", "=", authors.id)], limit=1
        )
        other = rules.with_user(giver).create(
            {
                "name": "Own notes",
                "model_id": self.env["ir.model"]._get("res.partner.bank").id,
                "domain_force": "[('create_uid', '=', user.id)]",
            }
        )
        values = {"name": "x", "model_id": authors.id}
        system = new_test_user(self.env, "t_system", "base.group_system")
        for user in (giver, system):
            for name, act in {
                "off": lambda user=user: rule.with_user(user).write({"active": False}),
                "delete a rule": lambda user=user: rule.with_user(user).unlink(),
                "rule": lambda user=user: rules.with_user(user).create(values),
                "turn": lambda user=user: other.with_user(user).write(
                    {"model_id": authors.id}
                ),
                "widen": lambda user=user: right.with_user(user).write(
                    {"group_id": False}
                ),
                "delete": lambda user=user: right.with_user(user).unlink(),
                "add a right": lambda user=user: right.with_user(user).create(
                    {**values, "perm_read": True}
                ),
                "bind others": lambda user=user: self.role.with_user(user).write(
                    {"rule_groups": [Command.link(rule.id)]}
                ),
                "by a new group": lambda user=user: self.role.with_user(user).create(
                    {"name": "x", "rule_groups": [Command.link(rule.id)]}
                ),
            }.items():
                with (
                    self.subTest(user=user.login, act=name),
                    self.assertRaisesRegex(AccessError, "is running"),
                    self.cr.savepoint(),
                ):
                    act()
                self.env.invalidate_all()
        # what Odoo itself keeps of these records holds the same
        for model in sorted(HOLDING_MODELS):
            model_id = self.env["ir.model"]._get_id(model)
            for user in (giver, system):
                for records, vals in (
                    (rules, {"name": "x", "model_id": model_id}),
                    (right, {"name": "x", "model_id": model_id, "perm_read": True}),
                ):
                    if records._name == model == "ir.rule":
                        # Odoo takes none of these at all
                        continue
                    with (
                        self.subTest(user=user.login, model=model, by=records._name),
                        self.assertRaisesRegex(AccessError, "is running"),
                        self.cr.savepoint(),
                    ):
                        records.with_user(user).create(vals)
        # rights on other records are Odoo's, and those of an update the addon's
        other.with_user(giver).active = False
        rule.active = False
        rule.active = True
        self.env.flush_all()
        self.cr.execute(
            "UPDATE hoithi_contest SET state = 'closed' WHERE state = ANY(%s)",
            [list(RUNNING)],
        )
        self.env.invalidate_all()
        rule.with_user(system).active = False
        self.assertFalse(rule.active)

    # WHAT THE ADMINISTRATOR'S ROLE IS

    def test_the_role_is_no_administrator_of_the_system(self):
        for group in ("base.group_system", "base.group_erp_manager"):
            self.assertFalse(self.admin.has_group(group))
        admin = self.admin
        for act in (
            lambda: admin.with_user(admin).write(
                {"group_ids": [Command.link(self.role.id)]}
            ),
            lambda: self.role.with_user(admin).write(
                {"user_ids": [Command.link(admin.id)]}
            ),
            lambda: (
                self.env.ref("hoithi_contest.group_admin")
                .with_user(admin)
                .write({"implied_ids": [Command.link(self.role.id)]})
            ),
            lambda: self.company.with_user(admin).write({"name": "x"}),
            lambda: self.company.with_user(admin).write({"hoithi_grace_minutes": 1}),
            lambda: self.env["res.config.settings"].with_user(admin).create({}),
        ):
            with self.assertRaises(AccessError):
                act()
        for model in (
            "base.automation",
            "hoithi.ballot",
            "hoithi.conflict",
            "hoithi.ledger",
            "hoithi.notice",
            "hoithi.review",
            "hoithi.session.item",
            "ir.actions.server",
            "ir.config_parameter",
            "ir.cron",
            "ir.mail_server",
            "ir.model.access",
            "ir.module.module",
            "ir.rule",
            "ir.ui.view",
            "res.groups",
            "res.users",
        ):
            records = self.env.get(model)
            if records is None:
                continue
            records = records.with_user(admin)
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=model, operation=operation):
                    self.assertFalse(records.has_access(operation))

    def test_what_the_role_implies(self):
        """An internal user's rights, Excel of what one reads, nothing of the system's.

        Every internal user of Odoo edits mail templates (`mail.group_mail_template_
        editor`) until a system administrator restricts it in the settings: it comes
        by `base.group_user`, not by the role.
        """
        role = self.env.ref("hoithi_contest.group_admin")
        internal = self.env.ref("base.group_user")
        export = self.env.ref("base.group_allow_export")
        self.assertEqual(role.implied_ids, internal | export)
        self.assertEqual(
            role.all_implied_ids - role, (internal | export).all_implied_ids
        )
        for group in ("base.group_system", "base.group_erp_manager"):
            self.assertNotIn(self.env.ref(group), role.all_implied_ids)

    def test_papers_are_sent_to_nobody_by_the_role_that_may_not_read_them(self):
        lists = self.env["hoithi.recipient.template"]
        for kind in ("score_matrix", "tally_minutes", "register", False):
            vals = {"name": "Văn thư", "kind": kind}
            contact = {"partner_id": self.admin.partner_id.id}
            with self.subTest(kind=kind), self.assertRaises(AccessError):
                lists.with_user(self.admin).create(vals | contact)
            line = lists.with_user(self.admin).create(vals)
            with self.subTest(kind=kind), self.assertRaises(AccessError):
                line.write(contact)
            line.with_user(self.secretary).write(contact)
        line = lists.with_user(self.admin).create(vals | contact | {"kind": "plan"})
        with self.assertRaises(AccessError):
            line.kind = "register"

    def test_shared_lists_are_changed_by_who_is_of_all_departments(self):
        other = self.env["res.company"].create({"name": "Sở khác"})
        lists = {
            "hoithi.field": {"name": "Đất đai"},
            "hoithi.criteria.set": {
                "name": "Bộ tiêu chí",
                "criterion_ids": [Command.create({"name": "Mới", "max_score": 9})],
            },
            "hoithi.dossier.type": {"name": "Phụ lục"},
            "hoithi.notice.rule": {
                "name": "Nhắc",
                "audience": "draft_authors",
                "anchor": "registration",
            },
        }
        for user in (self.admin, self.secretary):
            for model, vals in lists.items():
                shared = self.env[model].create(vals).with_user(user)
                self.assertFalse(shared.company_id)
                if not shared.browse().has_access("write"):
                    continue
                with self.subTest(user=user.login, model=model):
                    self.assertTrue(shared.read(["name"]))
                    for act in (
                        lambda record=shared: record.write({"name": "x"}),
                        lambda record=shared: record.write(
                            {"company_id": self.company.id}
                        ),
                        shared.unlink,
                        lambda record=shared, vals=vals: record.create(
                            {**vals, "company_id": False}
                        ),
                    ):
                        with self.assertRaises(AccessError):
                            act()
                    own = shared.copy()
                    self.assertEqual(own.company_id, self.company)
                    own.name = "Của Sở"
                    with self.assertRaises(AccessError):
                        own.company_id = False
        criterion = (
            self.env["hoithi.criteria.set"].create(lists["hoithi.criteria.set"])
        ).criterion_ids.with_user(self.admin)
        for act in (
            lambda: criterion.write({"max_score": 1}),
            criterion.unlink,
            lambda: criterion.create(
                {"set_id": criterion.set_id.id, "name": "x", "max_score": 1}
            ),
        ):
            with self.assertRaises(AccessError):
                act()
        self.admin.company_ids = [Command.link(other.id)]
        criterion.max_score = 8

    def test_an_update_takes_the_system_from_the_role(self):
        """Those who got it by the role lose it; those who have it by themselves not."""
        migration = load_script(
            "hoithi_contest/migrations/19.0.1.2.0/post-migrate.py", "post_migrate"
        )
        system = self.env.ref("base.group_system")
        role = self.env.ref("hoithi_contest.group_admin")
        both = new_test_user(
            self.env, "t_both", "base.group_system,hoithi_contest.group_admin"
        )
        role.implied_ids = [Command.link(system.id)]
        self.assertTrue(self.admin.has_group("base.group_erp_manager"))
        with self.assertLogs("post_migrate", "WARNING") as logs:
            migration.part_roles(self.env)
        self.assertIn(self.admin.login, logs.output[0])
        self.assertNotIn(both.login, logs.output[0])
        for user, kept in ((self.admin, False), (both, True)):
            for group in ("base.group_system", "base.group_erp_manager"):
                self.assertEqual(user.has_group(group), kept)
            self.assertTrue(user.has_group("hoithi_contest.group_admin"))

    def test_the_role_learns_nothing_of_a_blind_contest(self):
        entry = self._submit_entry()
        for records in (entry, entry.author_ids, entry.dossier_ids):
            with self.subTest(model=records._name):
                self.assertFalse(records.with_user(self.admin)._filtered_access("read"))
        for model in ("hoithi.review", "hoithi.notice", "hoithi.ledger"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.admin).search([])

    def test_the_role_does_its_whole_part(self):
        """Each list of the configuration takes a new record and a change."""
        for model, values in (
            ("hoithi.field", {"name": "Đất đai"}),
            ("hoithi.criteria.set", {"name": "Bộ tiêu chí"}),
            ("hoithi.dossier.type", {"name": "Phụ lục"}),
            ("hoithi.organisation", {"name": "Công đoàn"}),
            ("hoithi.agency", {"name": "Sở", "date_from": "2020-01-01"}),
            ("hoithi.recipient.template", {"name": "Lưu VT", "role": "archive"}),
        ):
            with self.subTest(model=model):
                form = Form(self.env[model].with_user(self.admin))
                for name, value in values.items():
                    form[name] = value
                record = form.save()
                record.write({"name": "Tên khác"})
                self.assertEqual(record.name, "Tên khác")
        rule = self.env.ref("hoithi_contest.hoithi_notice_rule_digest", False) or (
            self.env["hoithi.notice.rule"].search([], limit=1)
        )
        rule.with_user(self.admin).active = False

    # THE SCREEN

    def test_defaults_are_saved_by_the_screen(self):
        with Form(self.env["hoithi.settings"].with_user(self.admin)) as form:
            form.hoithi_grace_minutes = 45
            form.hoithi_mail_from = "hoithi@so.example.vn"
            form.hoithi_dossier_type_ids.add(self.dossier_type)
        company = self.company
        self.assertEqual(company.hoithi_grace_minutes, 45)
        self.assertEqual(company.hoithi_mail_from, "hoithi@so.example.vn")
        self.assertEqual(company.hoithi_dossier_type_ids, self.dossier_type)
        self.assertEqual(company.name, self.company.name)
        form.record.hoithi_grace_minutes = 30
        self.assertEqual(company.hoithi_grace_minutes, 30)
        system = new_test_user(self.env, "t_sys", "base.group_system")
        settings = self.env["res.config.settings"].with_user(system)
        settings.create({"hoithi_grace_minutes": 20}).execute()
        self.assertEqual(company.hoithi_grace_minutes, 20)

    def test_the_screen_reaches_no_other_department(self):
        other = self.env["res.company"].create({"name": "Sở khác"})
        agency, kind = (
            self.env[model].create({"name": "Của Sở khác", "company_id": other.id})
            for model in ("hoithi.agency", "hoithi.dossier.type")
        )
        settings = self.env["hoithi.settings"].with_user(self.admin)
        for error, values in (
            (UserError, {"company_id": other.id, "hoithi_grace_minutes": 1}),
            (ValidationError, {"hoithi_agency_id": agency.id}),
            (ValidationError, {"hoithi_dossier_type_ids": [Command.link(kind.id)]}),
            (
                UserError,
                {"hoithi_dossier_type_ids": [Command.update(kind.id, {"name": "x"})]},
            ),
            (
                UserError,
                {"hoithi_dossier_type_ids": [Command.delete(self.dossier_type.id)]},
            ),
            (ValidationError, {"hoithi_mail_from": "Sở <a@b.vn>, c@d.vn"}),
            (ValidationError, {"hoithi_reply_to": "a@b.vn\nBcc: c@d.vn"}),
            (ValidationError, {"hoithi_reminder_days": "7;2"}),
        ):
            with self.subTest(values=values), self.assertRaises(error):
                settings.create(values)
            sent = {f"default_{name}": value for name, value in values.items()}
            with self.subTest(sent=sent), self.assertRaises(error):
                settings.with_context(**sent).create({})
            with self.subTest(values=values), self.assertRaises(error):
                settings.create({}).write(values)
        with self.assertRaises(AccessError):
            settings.with_context(allowed_company_ids=other.ids).create({})
        for user in (self.secretary, self.leader, self.chair, self.staff):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["hoithi.settings"].with_user(user).create({})

    def test_the_screen_of_another_is_closed(self):
        other = self.env["res.company"].create({"name": "Sở khác"})
        foreign, beside = (
            new_test_user(
                self.env,
                login,
                "hoithi_contest.group_admin",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for login, company in (("t_foreign", other), ("t_beside", self.company))
        )
        screen = self.env["hoithi.settings"].with_user(self.admin).create({})
        for user in (foreign, beside):
            theirs = screen.with_user(user)
            self.assertFalse(theirs.search([("id", "=", screen.id)]))
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                theirs.write({"hoithi_grace_minutes": 1})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                theirs.read(["hoithi_mail_from"])
        self.assertNotEqual(self.company.hoithi_grace_minutes, 1)

    # WHO IS TOLD

    def test_a_role_given_on_the_user(self):
        before = self._changes()
        self.internal.group_ids = [Command.link(self.role.id)]
        change = self._take_change(before)
        self.assertEqual(change.user_id, self.internal)
        self.assertEqual(change.given_ids, self.role)
        self.assertFalse(change.taken_ids)
        self.assertEqual(change.changed_by_name, "The system itself")
        before = self._changes()
        self.internal.group_ids = [Command.unlink(self.role.id)]
        self.assertEqual(self._take_change(before).taken_ids, self.role)

    def test_a_role_given_on_the_group(self):
        before = self._changes()
        self.role.user_ids = [Command.link(self.internal.id)]
        self.assertEqual(self._take_change(before).given_ids, self.role)
        before = self._changes()
        self.role.user_ids = [Command.unlink(self.internal.id)]
        self.assertEqual(self._take_change(before).taken_ids, self.role)

    def test_a_contest_in_preparation_counts(self):
        self.contest.with_context(**{DOOR: Load()}).state = "draft"
        before = self._changes()
        self.role.user_ids = [Command.link(self.internal.id)]
        self.assertEqual(self._take_change(before).given_ids, self.role)

    def test_a_role_given_by_another_group(self):
        office = self.env["res.groups"].create({"name": "Văn phòng"})
        self.internal.group_ids = [Command.link(office.id)]
        before = self._changes()
        office.implied_ids = [Command.link(self.role.id)]
        self.assertEqual(self._take_change(before).given_ids, self.role)
        before = self._changes()
        self.role.implied_by_ids = [Command.unlink(office.id)]
        self.assertEqual(self._take_change(before).taken_ids, self.role)
        before = self._changes()
        self.env["res.groups"].create(
            {
                "name": "Khác",
                "implied_ids": [Command.link(self.role.id)],
                "user_ids": [Command.link(self.internal.id)],
            }
        )
        self._take_change(before)
        before = self._changes()
        self.env["res.groups"].with_context(
            default_implied_ids=[Command.link(self.role.id)],
            default_user_ids=[Command.link(self.leader.id)],
        ).create({"name": "Mặc định"})
        self.assertEqual(self._take_change(before).user_id, self.leader)

    def test_a_role_that_comes_and_goes_with_the_login(self):
        before = self._changes()
        user = new_test_user(self.env, "t_new", "hoithi_contest.group_leader")
        change = self._take_change(before)
        self.assertEqual(change.user_id, user)
        self.assertEqual(change.changed_by_id, self.env.user)
        before = self._changes()
        user.active = False
        self._take_change(before)

    def test_another_department_is_told_of_its_own(self):
        other = self.env["res.company"].create({"name": "Sở khác"})
        before = self._changes()
        everything = self.env["hoithi.role.change"].search([])
        self.internal.write(
            {"company_ids": [Command.link(other.id)], "name": "Ma Thị Nội"}
        )
        self.role.write({"comment": "x"})
        self.assertEqual(self._changes(), before, "nothing changed here")
        self.assertEqual(self.env["hoithi.role.change"].search([]), everything)
        self.secretary.company_ids = [Command.link(other.id)]
        change = self.env["hoithi.role.change"].search([]) - everything
        self.assertEqual(change.company_id, other)
        self.assertFalse(
            self.env["hoithi.notice"].search(
                [("res_model", "=", change._name), ("res_id", "=", change.id)]
            ),
            "no contest is under way there",
        )

    def test_a_role_given_by_the_department(self):
        other = self.env["res.company"].create({"name": "Sở khác"})
        self.secretary.company_ids = [Command.link(other.id)]
        foreign = new_test_user(
            self.env,
            "t_foreign",
            "hoithi_contest.group_secretary",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        before = self._changes()
        self.company.user_ids = [Command.link(foreign.id)]
        change = self._take_change(before)
        self.assertEqual((change.user_id, change.given_ids), (foreign, self.role))
        before = self._changes()
        self.company.user_ids = [Command.unlink(foreign.id)]
        self.assertEqual(self._take_change(before).taken_ids, self.role)

    def test_who_held_a_role_is_archived_and_not_deleted(self):
        user = new_test_user(self.env, "t_new", "hoithi_contest.group_secretary")
        with self.assertRaisesRegex(UserError, "archive the login"):
            user.unlink()
        before = self._changes()
        user.action_archive()
        self.assertEqual(self._take_change(before).taken_ids, self.role)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            user.unlink()
        self.assertTrue(self._changes().filtered(lambda c: c.user_id == user))
        # nor goes a role that was there before anybody wrote the list
        self._changes().filtered(lambda c: c.user_id == self.leader).unlink()
        with self.assertRaisesRegex(UserError, "archive the login"):
            self.leader.unlink()
        new_test_user(self.env, "t_none", "base.group_user").unlink()

    def test_a_context_silences_nothing_and_nobody_writes_the_list(self):
        before = self._changes()
        self.internal.with_context(
            **{"hoithi.role.change": True, "install_module": "base"}
        ).group_ids = [Command.link(self.role.id)]
        change = self._take_change(before)
        for user in (self.secretary, self.admin):
            self.assertTrue(change.with_user(user).given_ids)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(change.with_user(user).has_access(operation))

    def test_nobody_keeps_it_from_being_told(self):
        """Neither the administrator's schedule nor who has just become secretary."""
        self.env["hoithi.notice.rule"].with_user(self.admin).create(
            {
                "name": "Giữ lại",
                "trigger": "event",
                "kind": "role_changed",
                "hold": True,
                "company_id": self.company.id,
            }
        )
        before = self._changes()
        self.internal.group_ids = [Command.link(self.role.id)]
        change = self._take_change(before)
        notices = self.env["hoithi.notice"].search(
            [("kind", "=", "role_changed"), ("res_id", "=", change.id)]
        )
        self.assertEqual(set(notices.mapped("state")), {"pending"})
        for user in (self.internal, self.secretary):
            theirs = notices.with_user(user)
            for act in (
                theirs.action_hold,
                theirs.action_release,
                theirs[:1].action_edit,
                lambda theirs=theirs: theirs.action_cancel(reason="Không cần"),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    act()
        self.assertEqual(set(notices.mapped("state")), {"pending"})

    def test_the_letter_tells_who_and_what(self):
        self.internal.group_ids = [Command.link(self.role.id)]
        mails = self.env["mail.mail"].search([])
        self._run_cron("cron_send_notices")
        mails = self.env["mail.mail"].search([]) - mails
        self.assertEqual(mails.recipient_ids, self.told)
        for text in (self.internal.name, self.role.name):
            self.assertIn(text, mails[0].body_html)
        # what the system does by itself isn't a person's act
        self.assertNotIn(self.env.user.name, mails[0].body_html)
