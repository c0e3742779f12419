import re
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...lib.contest import rules
from ...models.contest.hoithi_contest_reader import WIDE_ROLES
from ...models.contest.ir_rule import KEPT_BY_HR
from ...models.guard.hoithi_rate import TooOften
from ..common import OUTSIDER, PDF
from .test_hoithi_portal import HoithiPortalCase, select

#: What a stranger may know of a contest only once it is published.
OF_CONTEST = (
    "hoithi.legal.basis",
    "hoithi.prize",
    "hoithi.prize.limit",
    "hoithi.tie.break",
)


@tagged("post_install", "-at_install")
class TestStrangers(HoithiPortalCase):
    """Somebody made a login where sign-up is open: nothing internal comes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["hoithi.prize"].create({"contest_id": cls.contest.id, "rank": "first"})
        cls.env["hoithi.prize.limit"].create(
            {"contest_id": cls.contest.id, "name": "Mọi giải", "slots": 5}
        )
        cls.env["hoithi.tie.break"].create(
            {"contest_id": cls.contest.id, "kind": "earlier"}
        )

    def _found(self, model, user):
        domain = [("contest_id", "=", self.contest.id)]
        if model == "hoithi.contest":
            domain = [("id", "=", self.contest.id)]
        return len(self.env[model].with_user(user).search(domain))

    def test_who_works_in_a_branch_is_no_stranger(self):
        branch = self.env["res.company"].create(
            {"name": "Chi cục Biển và Hải đảo", "parent_id": self.company.id}
        )
        of_branch = {
            "company_id": branch.id,
            "company_ids": [Command.set(branch.ids)],
        }
        self.stranger.write(of_branch)
        contest = self.contest.with_user(self.stranger)
        self.assertFalse(contest.is_insider)
        self.assertFalse(contest.has_access("read"))
        employee, later = self.env["hr.employee"].create(
            [
                {
                    "name": self.stranger.name,
                    "company_id": branch.id,
                    "work_contact_id": self.stranger.partner_id.id,
                },
                {"name": "Nông Thị Sau", "company_id": branch.id},
            ]
        )
        self.env.invalidate_all()
        self.assertTrue(contest.is_insider)
        # though the login was of the branch alone
        self.log_in(self.stranger)
        self.get(f"/my/hoithi/{self.contest.id}/new")
        entry = self._create_entry(self.stranger)
        self.assertEqual(entry.sudo().representative_id.employee_id, employee)
        self.get(f"/my/hoithi/entries/{entry.id}")
        portal, internal = self._create_logins(
            [
                {
                    "login": "t_later",
                    "name": later.name,
                    "partner_id": later.work_contact_id.id,
                    "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                    **of_branch,
                },
                {
                    "login": "t_of_odoo",
                    "name": "Nông Văn Odoo",
                    "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
                    **of_branch,
                },
            ]
        )
        self.assertTrue(self.contest.with_user(portal).has_access("read"))
        later.user_id = internal
        self.assertEqual(internal.company_ids, branch, "the administrator's to give")

    def test_editors_read_what_a_file_of_rules_may_say(self):
        response = self.url_open("/hoithi/rules/schema.json")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json(), rules.get_schema())

    def test_a_login_of_odoo_of_a_branch_takes_part(self):
        """The company above isn't its login's: what its contest holds is for it."""
        branch = self.env["res.company"].create(
            {"name": "Chi cục Biển và Hải đảo", "parent_id": self.company.id}
        )
        unit = self.env["hr.department"].create(
            {"name": "Chi cục Biển", "company_id": branch.id}
        )
        users = self._create_logins(
            [
                {
                    "login": f"t_of_branch_{number}",
                    "name": f"Nông Văn Chi Cục {number}",
                    "email": f"branch{number}@bien.example.vn",
                    "company_id": branch.id,
                    "company_ids": [Command.set(branch.ids)],
                    "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
                }
                for number in range(3)
            ]
        )
        staff, secretary, stranger = users
        secretary.group_ids |= self.env.ref("hoithi_contest.group_secretary")
        employees = self.env["hr.employee"].create(
            [
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": branch.id,
                    "department_id": unit.id,
                }
                for user in (staff, secretary)
            ]
        )
        self.assertEqual(users.company_ids, branch)
        contest = self.contest.with_user(staff)
        self.assertTrue(contest.has_access("read"))
        self.assertFalse(contest.has_access("write"))
        own = self._submit_entry(staff)
        self.assertEqual(own.state, "submitted")
        self.assertEqual(own.department_id, unit)
        self.assertFalse(self._submit_entry().with_user(staff).has_access("read"))
        self.assertIn(self.contest, contest.env["hoithi.home"]._get_contests())
        forged = {"hoithi_houses": self.company.ids}
        for user in (secretary, stranger):
            with self.subTest(user=user.login):
                theirs = self.contest.with_user(user).with_context(**forged)
                self.assertFalse(theirs.has_access("read"))
                # nor is there more of what isn't the contest's
                unit_of_house = self.unit.with_user(user).with_context(**forged)
                self.assertFalse(unit_of_house.has_access("read"))
        # who doesn't work there any more
        employees[0].active = False
        self.assertFalse(contest.has_access("read"))

    def test_what_other_offices_keep_ends_at_the_branch(self):
        """The company above is for its branches' staff, as staff."""
        roles = ("base.group_user", "base.group_portal", "base.group_public")
        roles += (*WIDE_ROLES, "hoithi_contest.group_expert")
        granted = self.env["ir.model.access"].search(
            [
                ("model_id.model", "=like", "hoithi.%"),
                ("group_id", "not in", [self.env.ref(role).id for role in roles]),
                *("|", ("perm_write", "=", True)),
                *("|", ("perm_create", "=", True), ("perm_unlink", "=", True)),
            ]
        )
        # a dialog is its maker's alone
        kept = {"hoithi.user.add", *KEPT_BY_HR}
        self.assertEqual(set(granted.mapped("model_id.model")), kept)

    def _ask(self, user):
        return (
            self.env["hoithi.question"]
            .with_user(user)
            .create({"contest_id": self.contest.id, "subject": f"Hỏi {user.login}"})
        )

    def test_who_belongs_to_the_department(self):
        invited = self._create_logins(
            [
                {
                    "login": "t_invited",
                    "name": "Đồng tác giả ngoài sở",
                    "email": "invited@nghe.example.vn",
                    "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                }
            ]
        )
        for model in ("hoithi.contest", *OF_CONTEST):
            with self.subTest(model=model):
                self.assertFalse(self._found(model, self.stranger))
                for user in (self.staff, self.internal):
                    self.assertTrue(self._found(model, user), user.login)
        with self.assertRaises(AccessError):
            self._ask(self.stranger)
        self.assertTrue(self._ask(self.staff))
        # somebody from outside whom an author named, and so invited
        entry = self._create_entry(participant_type="group")
        self.assertFalse(self._found("hoithi.contest", invited))
        self.env["hoithi.entry.author"].create(
            {
                "entry_id": entry.id,
                "partner_id": invited.partner_id.id,
                "contribution_percent": 20,
                **OUTSIDER,
            }
        )
        for model in ("hoithi.contest", *OF_CONTEST):
            with self.subTest(model=model):
                self.assertTrue(self._found(model, invited))
        self.assertTrue(self._ask(invited))

    def test_what_is_published_is_for_all_and_nothing_more(self):
        self.contest.is_published = True
        for model in ("hoithi.contest", *OF_CONTEST):
            with self.subTest(model=model):
                self.assertTrue(self._found(model, self.stranger))
        with self.assertRaises(AccessError) as refusal:
            self._ask(self.stranger)
        self.assertIn("link your login", str(refusal.exception))
        internal = [
            f"/my/hoithi/{self.contest.id}/{page}"
            for page in ("launch", "questions", "new", "acknowledge")
        ]
        self.log_in(self.stranger)
        for path in internal:
            response = self.url_open(path)
            with self.subTest(path=path):
                self.assertTrue(response.url.endswith("/my/hoithi"), response.url)
                self.assertIn("link your login", response.text)
        page = self.get(f"/hoithi/{self.contest.id}")
        ask = f"/my/hoithi/{self.contest.id}/questions"
        self.assertNotIn(ask, [a.get("href") for a in select(page, "a")])
        self.log_in(self.staff)
        for path in internal[:3]:
            with self.subTest(path=path):
                self.assertTrue(self.url_open(path).url.endswith(path))
        page = self.get(f"/hoithi/{self.contest.id}")
        self.assertIn(ask, [a.get("href") for a in select(page, "a")])

    def test_an_open_sign_up_is_told(self):
        parameters = self.env["ir.config_parameter"]
        health = self.env["hoithi.health"]
        parameters.set_param("auth_signup.invitation_scope", "b2b")
        self.assertIn(("signup", "done", ""), health._examine(self.company))
        parameters.set_param("auth_signup.invitation_scope", "b2c")
        self.env.invalidate_all()
        [(severity, text)] = [
            found[1:] for found in health._examine(self.company) if found[0] == "signup"
        ]
        self.assertEqual(severity, "warn")
        self.assertIn("On invitation", text)
        self.assertIn("Sign-up is open", str(self.company.hoithi_health))


@tagged("post_install", "-at_install")
class TestRates(HoithiPortalCase):
    """Nobody tries without end, whichever worker answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"]
        for act, limit in (
            ("login", "3/15"),
            ("address", "5/15"),
            ("signup", "2/60"),
            ("upload", "2/60"),
        ):
            cls.parameters.set_param(f"hoithi_contest.rate_{act}", limit)
        cls.notes = cls.env["hoithi.rate.note"]

    def setUp(self):
        super().setUp()
        self.opener.headers["Accept-Language"] = "en-US"
        self._forget()

    def _forget(self):
        """As another worker: Odoo's own count lies in the memory of one."""
        vars(self.env.registry).pop("_login_failures", None)

    def _log_in(self, login, password):
        self._forget()
        self.logout()
        self.url_open("/web/login")
        response = self.post("/web/login", {"login": login, "password": password})
        return response.status_code, response.text

    def _later(self):
        self.env.flush_all()
        for note in self.notes.search([]):
            note.noted_on -= timedelta(minutes=61)
        self.env.flush_all()

    @mute_logger("odoo.addons.base.models.res_users")
    def test_passwords(self):
        login = self.staff.login
        for number in range(3):
            self.assertEqual(
                self._log_in(login, "sai")[0], 429 if number == 2 else 200, number
            )
        status, text = self._log_in(login.upper(), login)
        self.assertEqual(status, 429)
        self.assertIn("tried too often within 15 minutes", text)
        status, text = self._log_in(login, login)
        self.assertEqual(status, 429, "nor is the right one let in now")
        # others of the same house are
        self.assertIn("/my", self._log_in(self.internal.login, "sai")[1] + "/my")
        self._later()
        self._log_in(login, login)
        self.assertTrue(self.url_open("/my/hoithi").url.endswith("/my/hoithi"))
        # a note tells nobody's login or address
        for note in self.notes.search([]):
            self.assertTrue(re.fullmatch(r"[0-9a-f]{64}", note.key))

    @mute_logger("odoo.addons.base.models.res_users")
    def test_one_address_tries_many_logins(self):
        for number in range(5):
            self._log_in(f"khong-co-{number}", "sai")
        self.assertEqual(self._log_in(self.staff.login, self.staff.login)[0], 429)

    @mute_logger("odoo.addons.base.models.res_users", "odoo.http")
    def test_passwords_over_rpc(self):
        def authenticate(password):
            self._forget()
            return self.xmlrpc_common.authenticate(
                self.env.cr.dbname, self.staff.login, password, {}
            )

        for _number in range(3):
            self.assertFalse(authenticate("sai"))
        self.assertFalse(authenticate(self.staff.login))
        self._later()
        self.assertEqual(authenticate(self.staff.login), self.staff.id)

    def test_sign_ups_and_lost_passwords(self):
        self.parameters.set_param("auth_signup.invitation_scope", "b2c")
        self.parameters.set_param("auth_signup.reset_password", "True")
        self.logout()
        for path in ("/web/reset_password", "/web/signup"):
            self.url_open(path)
            self.post(
                path,
                {
                    "login": "ai-do@example.vn",
                    "name": "Ai Đó",
                    "password": "một",
                    "confirm_password": "hai",
                },
            )
        page = self.post_page("/web/signup", {"login": "nua@example.vn"}, status=429)
        self.assertIn("too often", page.text_content())
        page = self.post_page(
            "/web/reset_password", {"login": "nua@example.vn"}, status=429
        )
        self.assertIn("too often", page.text_content())
        # whom we sent a link is let in
        partner = self.stranger.partner_id
        partner.signup_prepare(signup_type="reset")
        token = partner._generate_signup_token()
        response = self.post("/web/reset_password", {"token": token, "login": "x"})
        self.assertEqual(response.status_code, 200)

    def test_what_a_request_does_anew_counts_once(self):
        """As after a serialization failure: its notes stay, and count for the next."""
        rate = self.env["hoithi.rate"]
        key = rate._get_key("upload", 7)
        # what is kept goes to the database by itself
        left = []
        tries = SimpleNamespace()
        module = "odoo.addons.hoithi_contest.models.guard.hoithi_rate"
        with patch(f"{module}.request", tries):
            for _number in range(3):
                for _file in range(2):
                    # at most two an hour
                    rate._count("upload", 7)
                self.assertEqual(
                    len(self.notes.search([("key", "=", key)])), len(left) or 2
                )
                if not left:
                    left = [1, 1]
                    rate._get_kept().update([key, key])
                else:
                    rate._get_kept().update([key, key])
        with self.assertRaises(TooOften):
            rate._count("upload", 7)

    def test_uploads(self):
        entry = self._create_entry(with_file=False)
        self._add_file(entry)
        path = self.entry_path(entry, "files")
        data = {"type_id": str(self.dossier_type.id)}
        # the same content twice is told, and no file more
        files = {"file": ("thu.pdf", PDF + b"%1", "application/pdf")}
        self.post(path, data, files=files)
        self.assertEqual(len(entry.dossier_ids), 2)
        files = {"file": ("ba.pdf", PDF + b"%2", "application/pdf")}
        page = self.post_page(path, data, files=files, status=429)
        self.assertIn("too often within 1 hour", self.alert(page))
        self.assertEqual(len(entry.dossier_ids), 2)
        with self.assertRaises(TooOften):
            self._add_file(entry)
        self._later()
        self._add_file(entry)

    def test_a_wrong_setting_is_none(self):
        rate = self.env["hoithi.rate"]
        for text in ("", "x", "0/15", "5"):
            self.parameters.set_param("hoithi_contest.rate_login", text)
            self.assertEqual(rate._get_limits("login"), [(60, 1440), (20, 15)])
        self.parameters.set_param("hoithi_contest.rate_login", "7/1, 9/60")
        self.assertEqual(rate._get_limits("login"), [(9, 60), (7, 1)])


@tagged("post_install", "-at_install")
class TestDrafts(HoithiPortalCase):
    """Drafts are few, and go as they came."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.hoithi_max_drafts = 2

    def test_their_number_at_every_door(self):
        first, _second = self._create_entry(), self._create_entry(name="Thứ hai")
        with self.assertRaises(UserError) as refusal:
            self._create_entry(name="Thứ ba")
        self.assertIn("2 drafts", str(refusal.exception))
        page = self.post_page(
            f"/my/hoithi/{self.contest.id}/new", {"name": "Thứ ba"}, status=429
        )
        self.assertIn("2 drafts", self.alert(page))
        self.assertEqual(self.values(page)["name"], "Thứ ba", "what was typed stays")
        result = (
            self.env["hoithi.entry"]
            .with_user(self.staff)
            .load(
                ["name", "contest_id/.id", "participant_type", "solution_type"],
                [["Thứ ba", str(self.contest.id), "individual", "technical"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("2 drafts", result["messages"][0]["message"])
        # others have theirs, and what was handed in is no draft
        self._create_entry(self.internal, name="Của người khác")
        first.action_submit()
        third = self._create_entry(name="Thứ ba")
        self._withdraw_as_before(third)
        with self.assertRaises(TooOften):
            self._create_entry(name="Thứ tư")
        third.unlink()
        self._create_entry(name="Thứ tư")
        # the secretary keys in what came on paper
        for number in range(4):
            self._create_entry(
                self.secretary,
                name=f"Giấy {number}",
                with_file=False,
                author_ids=[
                    Command.create(
                        {
                            "employee_id": self.employees[self.staff].id,
                            "contribution_percent": 100,
                            "is_representative": True,
                        }
                    )
                ],
            )

    def test_a_draft_is_deleted_by_its_author(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        path = self.entry_path(entry, "delete")
        self.assertTrue(select(self.get(self.entry_path(entry)), ".o_hoithi_delete"))
        self.log_in(self.coauthor)
        self.assertFalse(select(self.get(self.entry_path(entry)), ".o_hoithi_delete"))
        self.post(path)
        self.assertTrue(entry.active)
        for user in (self.coauthor, self.secretary, self.head):
            with self.assertRaises(AccessError):
                entry.with_user(user).unlink()
        self.log_in(self.staff)
        self.get(path)
        self.assertTrue(entry.active, "a look deletes nothing")
        files = entry.dossier_ids.attachment_id.sudo()
        page = self.post_page(path)
        self.assertIn("is deleted", self.text(page, ".o_hoithi_notice"))
        self.assertFalse(entry.active)
        self.assertFalse(
            select(page, f".o_hoithi_entries [data-entry-id='{entry.id}']")
        )
        # a week later it is gone for good, with its files
        with freeze_time(fields.Datetime.now() + timedelta(days=6, hours=23)):
            self.env["hoithi.entry"]._gc_deleted_drafts()
            self.assertTrue(entry.exists())
        with freeze_time(fields.Datetime.now() + timedelta(days=7, seconds=1)):
            page = self.get("/my/hoithi")
            self.assertFalse(select(page, ".o_hoithi_restore"))
            self.env["hoithi.entry"]._gc_deleted_drafts()
        self.assertFalse(entry.exists() or files.exists())

    def test_deleted_drafts_are_few_too(self):
        drafts = []
        for number in range(4):
            draft = self._create_entry(name=f"Nháp {number}")
            draft.action_delete_draft()
            drafts.append(draft)
        self.assertEqual([bool(draft.exists()) for draft in drafts], [0, 0, 1, 1])
        other = self._create_entry(self.internal, name="Của người khác")
        other.action_delete_draft()
        self.assertTrue(drafts[2].exists(), "each person has the own number")

    def test_a_deleted_draft_is_put_back_whole(self):
        entry = self._create_entry(novelty="Chữ đã gõ")
        files = entry.dossier_ids
        path = self.entry_path(entry)
        page = self.post_page(self.entry_path(entry, "delete"))
        [undo] = select(page, ".o_hoithi_notice form.o_hoithi_undo")
        self.assertEqual(undo.get("action"), self.entry_path(entry, "restore"))
        self.assertEqual(len(select(page, ".o_hoithi_restore")), 1)
        # nobody but its author learns of it, or puts it back
        self.log_in(self.coauthor)
        self.assertFalse(select(self.get("/my/hoithi"), ".o_hoithi_restore"))
        self.post(self.entry_path(entry, "restore"))
        self.assertFalse(entry.active)
        for user in (self.coauthor, self.secretary, self.head):
            with self.assertRaises(AccessError):
                entry.with_user(user).action_restore_draft()
        self.log_in(self.staff)
        self.get(self.entry_path(entry, "restore"))
        self.assertFalse(entry.active, "a look restores nothing")
        page = self.post_page(self.entry_path(entry, "restore"))
        self.assertIn("is back", self.text(page, ".o_hoithi_notice"))
        self.assertTrue(entry.active)
        self.assertFalse(entry.deleted_on)
        self.assertEqual((entry.novelty, entry.dossier_ids), ("Chữ đã gõ", files))
        # a second click finds it there
        response = self.post(self.entry_path(entry, "restore"))
        self.assertTrue(response.url.endswith(path), response.url)

    def test_nothing_is_done_with_a_deleted_draft(self):
        entry = self._create_entry()
        before = self.env["hoithi.entry"].with_user(self.staff)._get_my_counts()
        entry.action_delete_draft()
        self.assertFalse(entry.can_edit or entry.can_submit or entry.can_withdraw)
        for act in (
            lambda: entry.write({"novelty": "Mới"}),
            lambda: entry.action_submit(),
            lambda: entry.action_withdraw(reason="Thôi"),
            lambda: entry.representative_id.write({"contribution_percent": 90}),
            lambda: entry.dossier_ids.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "Put it back first"):
                act()
        with self.assertRaises(UserError):
            entry.write({"active": True})
        self.assertFalse(entry.active)
        after = self.env["hoithi.entry"].with_user(self.staff)._get_my_counts()
        self.assertEqual(after["drafts"], before["drafts"] - 1)
        waiting = self.env["hoithi.entry"].with_user(self.staff)._get_waiting()
        self.assertNotIn(entry, [one.entry for one in waiting])
        self.contest.invalidate_recordset(["entry_ids"])
        self.assertNotIn(entry, self.contest.entry_ids)

    def test_nobody_is_written_to_about_a_deleted_draft(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        entry._announce("share", self.coauthor.partner_id, fields.Datetime.now())
        notice = self.env["hoithi.notice"].search(
            [("kind", "=", "share"), ("res_id", "=", entry.id)]
        )
        self.assertEqual(notice.state, "pending")
        entry.action_delete_draft()
        with self.assertRaisesRegex(UserError, "Put it back first"):
            entry.action_remind_coauthors()
        self._run_cron("cron_send_notices")
        notice.invalidate_recordset()
        self.assertEqual(notice.state, "cancelled")
        self.assertFalse(notice.mail_id)

    def test_deleted_drafts_make_room_and_putting_back_takes_it(self):
        self.contest.company_id.sudo().hoithi_max_drafts = 2
        one, _two = self._create_entry(name="Một"), self._create_entry(name="Hai")
        one.action_delete_draft()
        self._create_entry(name="Ba")
        page = self.post_page(self.entry_path(one, "restore"))
        self.assertIn("2 drafts", self.alert(page))
        self.assertFalse(one.active)

    def test_what_has_a_number_stays(self):
        entry = self._submit_entry()
        self.assertFalse(entry.can_delete)
        page = self.post_page(self.entry_path(entry, "delete"))
        self.assertIn("withdraw it instead", self.alert(page))
        entry.action_withdraw(reason="Thôi")
        for act in (entry.unlink, entry.action_delete_draft):
            with self.assertRaises(UserError):
                act()
        self.assertTrue(entry.exists())


@tagged("post_install", "-at_install")
class TestPolicy(HoithiPortalCase):
    """Pages of the contest run what their templates bring, and nothing else."""

    def _scripts(self, page):
        return [
            script
            for script in select(page, "script")
            if not script.get("src") and (script.text or "").strip()
        ]

    def test_every_page_has_one(self):
        self.contest.is_published = True
        entry = self._create_entry()
        unit = self.contest.unit_ids[:1]
        paths = [
            "/my/hoithi",
            f"/my/hoithi/{self.contest.id}/new",
            f"/my/hoithi/{self.contest.id}/launch",
            f"/my/hoithi/{self.contest.id}/questions",
            self.entry_path(entry),
            self.entry_path(entry, "preview"),
            "/my/hoithi/units",
            f"/my/hoithi/units/{unit.id}",
            "/hoithi",
            f"/hoithi/{self.contest.id}",
        ]
        nonces, scripted = set(), 0
        for user in (self.staff, None):
            self.log_in(user) if user else self.logout()
            for path in paths if user else paths[-2:]:
                response = self.url_open(path)
                page = self.get(path)
                policy = response.headers["Content-Security-Policy"]
                with self.subTest(path=path, user=user):
                    [nonce] = re.findall(r"'nonce-([\w-]+)'", policy)
                    self.assertNotIn(nonce, nonces, "each answer has its own")
                    nonces.add(nonce)
                    scripts = re.search("script-src[^;]*", policy)[0]
                    self.assertNotIn("unsafe-inline", scripts)
                    self.assertIn("object-src 'none'", policy)
                    inline = re.findall(
                        r"<script\b(?![^>]*\bsrc=)([^>]*)>", response.text
                    )
                    scripted += len(inline)
                    for attributes in inline:
                        self.assertIn(f'nonce="{nonce}"', attributes)
                    for element in page.iter():
                        handlers = [a for a in element.attrib if a.startswith("on")]
                        self.assertFalse(handlers, element.tag)
                        self.assertFalse(
                            (element.get("href") or "").startswith("javascript:")
                        )
        self.assertTrue(scripted, "there are scripts to be named")

    def test_own_pages_are_kept_nowhere(self):
        """The way back after a logout, at a computer of several, shows nothing."""
        entry = self._create_entry()
        for path in (
            "/my",
            "/my/hoithi",
            f"/my/hoithi/{self.contest.id}/new",
            f"/my/hoithi/{self.contest.id}/questions",
            self.entry_path(entry),
            self.entry_path(entry, "preview"),
            "/my/hoithi/units",
            "/my/hoithi/data",
        ):
            with self.subTest(path=path):
                response = self.url_open(path)
                self.assertEqual(response.status_code, 200)
                self.assertIn("no-store", response.headers["Cache-Control"])

    def test_what_a_text_brings_along_has_no_nonce(self):
        self.contest.is_published = True
        with patch.object(
            self.registry["hoithi.contest"],
            "_get_public_contact",
            lambda contest: {
                "name": "<script>alert(1)</script>",
                "address": "",
                "phone": "",
                "email": "",
                "website": "",
            },
        ):
            response = self.url_open(f"/hoithi/{self.contest.id}")
        self.assertNotIn("<script>alert", response.text)

    def test_other_pages_keep_theirs(self):
        self.assertNotIn("Content-Security-Policy", self.url_open("/my").headers)
        self.assertNotIn("nonce=", self.url_open("/my").text)
        self.logout()
        policy = self.url_open("/web/login").headers["Content-Security-Policy"]
        self.assertNotIn("nonce", policy)

    def test_a_page_that_did_not_change_keeps_its_policy(self):
        self.contest.is_published = True
        self.logout()
        path = f"/hoithi/{self.contest.id}"
        # the first visit of all makes the style sheet
        self.url_open(path)
        tag = self.url_open(path).headers["ETag"]
        response = self.url_open(path, headers={"If-None-Match": tag})
        self.assertEqual(response.status_code, 304)
        self.assertNotIn("Content-Security-Policy", response.headers)
