from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon

ORDER = [
    "agency",
    "units",
    "mail",
    "signers",
    "roles",
    "criteria",
    "council",
    "contest",
    "launch",
]


@tagged("post_install", "-at_install")
class TestHoithiSetup(HoithiCommon):
    """A department is set up step by step; each tick is read from its data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new = cls.env["res.company"].create({"name": "Sở Mới"})
        cls.starter = cls.env["res.users"].create(
            {
                "name": "Người Thiết Lập",
                "login": "thietlap",
                "email": "thietlap@example.com",
                "company_id": cls.new.id,
                "company_ids": [Command.set(cls.new.ids)],
                "group_ids": [
                    Command.link(cls.env.ref("hoithi_contest.group_secretary").id),
                    Command.link(cls.env.ref("hoithi_contest.group_admin").id),
                ],
            }
        )

    def _get_setup(self, user=None):
        self.env.invalidate_all()
        return self.env["hoithi.setup"].with_user(user or self.starter).get_setup()

    def _get_step(self, key, user=None):
        [step] = [s for s in self._get_setup(user)["steps"] if s["key"] == key]
        return step

    def _get_missing(self, key, user=None):
        checks = self._get_step(key, user)["checks"]
        return [check["text"] for check in checks if check["severity"] == "block"]

    def test_an_empty_department_lacks_each_step_but_the_rules(self):
        setup = self._get_setup()
        self.assertEqual([step["key"] for step in setup["steps"]], ORDER)
        done = {step["key"] for step in setup["steps"] if step["is_done"]}
        # the addon brings criteria, fields and dossier types
        self.assertEqual(done, {"criteria"})
        self.assertEqual(setup["done"], 1)
        self.assertFalse(setup["contest"])
        self.assertIn("the full name of the agency", self._get_missing("agency"))
        self.assertEqual(
            self._get_step("agency")["target"], {"model": "hoithi.agency", "id": False}
        )

    def test_ticks_come_from_the_data(self):
        starter = self.env(user=self.starter)
        agency = starter["hoithi.agency"].create({"name": "Sở Mới của tỉnh"})
        self.assertEqual(self.new.hoithi_agency_id, agency, "the only profile there is")
        self.assertEqual(len(self._get_missing("agency")), 3)
        agency.write(
            {
                "parent_name": "ỦY BAN NHÂN DÂN TỈNH",
                "symbol": "SM",
                "place_name": "Thái Nguyên",
            }
        )
        self.assertTrue(self._get_step("agency")["is_done"])
        self.assertEqual(len(self._get_missing("signers")), 2)
        agency.write(
            {
                "head_title": "Giám đốc",
                "signer_ids": [
                    Command.create({"name": "Lê Hoàng Sơn", "position": "Giám đốc"}),
                    Command.create(
                        {
                            "name": "Nguyễn Thị Kim Oanh",
                            "position": "Phó Giám đốc",
                            "authority": "kt",
                            "authority_for": False,
                        }
                    ),
                ],
            }
        )

        def get_told():
            return [check["text"] for check in self._get_step("signers")["checks"]]

        told = "no signer has a login, so that nobody approves papers here"
        self.assertIn(told, get_told())
        head = agency.signer_ids.filtered(lambda signer: not signer.authority)
        head.user_id = self.starter
        told = "whoever signs approves, and these have no login: Nguyễn Thị Kim Oanh"
        self.assertIn(told, get_told())
        deputy = agency.signer_ids.filtered("authority")
        self.assertEqual(deputy.authority_for, "Giám đốc")
        self.assertTrue(self._get_step("signers")["is_done"])
        deputy.authority_for = False
        [missing] = self._get_missing("signers")
        self.assertIn("Nguyễn Thị Kim Oanh", missing)
        contest = starter["hoithi.contest"].create({"name": "Hội thi đầu tiên"})
        self.assertEqual(self._get_setup()["contest"], contest.id)
        self.assertIn("the registration deadline", self._get_missing("contest"))
        self.assertIn("the launch of the contest", self._get_missing("launch"))

    def test_the_council_of_a_launched_contest_is_complete(self):
        self.contest.reviews_per_entry = 3
        self.assertTrue(self._get_step("council", self.secretary)["is_done"])
        self.seats[self.member1].can_score = False
        [missing] = self._get_missing("council", self.secretary)
        self.assertIn("2 of the 3", missing)

    def test_roles_are_counted_in_the_department(self):
        missing = self._get_missing("roles")
        self.assertIn("leader, who approves papers", missing)
        self.assertNotIn("secretary, who runs the contest", missing)
        step = self._get_step("roles")
        self.assertFalse(step["target"], "the role gives no right on users")
        self.starter.group_ids += self.env.ref("hoithi_contest.group_leader")
        self.assertEqual(self._get_missing("roles"), ["members of the council"])

    def test_a_user_is_added_with_roles_in_one_dialog(self):
        giver = self.env.ref("base.user_admin")
        giver.company_ids += self.new
        giver.group_ids += self.env.ref("hoithi_contest.group_admin")
        adds = self.env["hoithi.user.add"].with_user(giver)

        def add(email, **values):
            values = {"name": "Lê Thị Mới", "company_id": self.company.id, **values}
            dialog = adds.create({"email": email, **values})
            dialog.action_add()
            return dialog

        for user in (self.secretary, self.admin, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                adds.with_user(user).create({"name": "x", "email": "x@example.vn"})
        # the set-up leads there from each role that lacks, with the role ticked
        with_giver = self.env["hoithi.setup"].with_user(giver).with_company(self.new)
        [step] = [s for s in with_giver.get_setup()["steps"] if s["key"] == "roles"]
        [lacks] = [c for c in step["checks"] if c["text"].startswith("leader")]
        self.assertEqual(lacks["target"]["context"], {"default_is_leader": True})
        dialog = add(
            "Moi.LT@So.example.vn",
            department_id=self.unit.id,
            is_secretary=True,
            send_link=False,
        )
        [user] = self.env["res.users"].search([("login", "=", "moi.lt@so.example.vn")])
        self.assertIn("token", dialog.link)
        self.assertTrue(user.has_group("hoithi_contest.group_secretary"))
        self.assertFalse(user.has_group("hoithi_contest.group_leader"))
        self.assertEqual(user.employee_id.department_id, self.unit)
        given = self.env["hoithi.role.change"].search([("user_id", "=", user.id)])
        self.assertTrue(given.given_ids)
        # once more: the same login gets another role, and no second record
        dialog = add("moi.lt@so.example.vn", is_leader=True)
        self.assertIn("has a login already", dialog.found)
        self.assertTrue(user.has_group("hoithi_contest.group_leader"))
        self.assertEqual(len(user.employee_ids), 1)
        # who is on record as staff gets the login of the record
        staff = self.env["hr.employee"].create(
            {
                "name": "Vũ Văn Cũ",
                "work_email": "cu@so.example.vn",
                "company_id": self.company.id,
            }
        )
        before = self.env["mail.mail"].search([])
        dialog = add("cu@so.example.vn", is_member=True)
        self.assertFalse(dialog.link)
        self.assertEqual(staff.user_id.login, "cu@so.example.vn")
        letter = self.env["mail.mail"].search([]) - before
        self.assertIn(
            "cu@so.example.vn",
            str(letter.mapped("email_to")) + str(letter.recipient_ids.mapped("email")),
        )
        # a record of two departments has an address that isn't its login's
        self.env["hr.employee"].create(
            {
                "name": staff.name,
                "company_id": self.new.id,
                "user_id": staff.user_id.id,
            }
        )
        staff.work_email = "khac@so.example.vn"
        self.assertEqual(staff.user_id.email, "cu@so.example.vn")
        add("khac@so.example.vn", is_leader=True)
        self.assertTrue(staff.user_id.has_group("hoithi_contest.group_leader"))
        self.assertEqual(staff.user_id.partner_id.user_ids, staff.user_id)
        with self.assertRaisesRegex(UserError, "login for the portal"):
            add(self.staff.email or self.staff.login, is_member=True)
        user.active = False
        with self.assertRaisesRegex(UserError, "is archived"):
            add(user.login, is_member=True)
        with self.assertRaisesRegex(UserError, "isn't an e-mail"):
            add("không có")

    def test_who_may_not_set_up_is_refused_at_every_door(self):
        for user in (self.staff, self.internal, self.member1, self.head, self.leader):
            setup = self.env["hoithi.setup"].with_user(user)
            for door in (setup.get_setup, setup.look_again, setup.send_test_mail):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    door()

    def test_the_administrator_is_offered_what_the_role_may_do(self):
        for step in self._get_setup(self.admin)["steps"]:
            if step["key"] == "council":
                self.assertFalse(step["action"])
            if step["key"] == "mail":
                self.assertEqual(
                    step["target"]["xmlid"], "hoithi_contest.hoithi_settings_action"
                )
        self.assertFalse(self._get_step("mail", self.secretary)["target"])

    def test_the_home_leads_to_the_set_up_until_the_launch(self):
        home = self.env["hoithi.home"].with_user(self.starter)
        act = home.get_home()["way"]["act"]
        self.assertEqual(act["target"]["xmlid"], "hoithi_contest.hoithi_setup_action")
        [card] = [c for c in home.get_home()["cards"] if c["key"] == "setup"]
        self.assertEqual(len(card["lines"]), 8)
        home = self.env["hoithi.home"].with_user(self.secretary)
        keys = [c["key"] for c in home.get_home(self.contest.id)["cards"]]
        self.assertIn("setup", keys)
        self._launch()
        keys = [c["key"] for c in home.get_home(self.contest.id)["cards"]]
        self.assertNotIn("setup", keys)

    # LETTER AND HEALTH

    def test_a_test_letter_goes_to_the_caller_in_the_department_s_name(self):
        self.new.hoithi_mail_from = "vanphong@somoi.example"
        self.env["res.lang"]._activate_lang("vi_VN")
        self.new.partner_id.lang = "vi_VN"
        sent = []
        with patch.object(
            self.registry["mail.mail"],
            "_send",
            lambda mails, *args, **kwargs: sent.extend(
                (mail.email_from, mail.email_to, mail.subject) for mail in mails
            ),
        ):
            setup = self.env["hoithi.setup"].with_user(self.starter)
            told = setup.with_context(lang="en_US").send_test_mail()
        [(sender, receiver, subject)] = sent
        self.assertIn("A letter to try", subject, "in the caller's language")
        self.assertIn("vanphong@somoi.example", sender)
        self.assertIn("thietlap@example.com", receiver)
        self.assertIn("thietlap@example.com", told)

    def test_a_letter_that_does_not_leave_is_told(self):
        def fail(mails, *args, **kwargs):
            raise OSError("Connection refused")

        setup = self.env["hoithi.setup"].with_user(self.starter)
        with (
            patch.object(self.registry["mail.mail"], "_send", fail),
            mute_logger("odoo.addons.mail.models.mail_mail"),
            self.assertRaisesRegex(UserError, "Connection refused"),
        ):
            setup.send_test_mail()
        self.starter.email = False
        with self.assertRaisesRegex(UserError, "your own e-mail address"):
            setup.send_test_mail()

    def test_test_letters_are_no_mailing(self):
        setup = self.env["hoithi.setup"].with_user(self.starter)
        with patch.object(self.registry["mail.mail"], "_send", lambda *a, **k: None):
            for _time in range(10):
                setup.send_test_mail()
            with self.assertRaises(UserError):
                setup.send_test_mail()

    def test_the_system_is_looked_at_on_demand(self):
        health = self.env["hoithi.health"]
        self.assertFalse(health.search([("company_id", "=", self.new.id)]))
        card = self.env["hoithi.setup"].with_user(self.starter).look_again()
        keys = [line["key"] for line in card["lines"]]
        self.assertEqual(keys, [key for key, _label in health._get_keys()])

    def test_a_tour_of_the_contest_ends_by_itself(self):
        tour = self.env["web_tour.tour"].with_user(self.secretary)
        self.env["res.users"].with_user(self.secretary).switch_tour_enabled(True)
        self.assertFalse(tour.consume("hoithi_secretary"))
        self.assertFalse(self.secretary.tour_enabled)
