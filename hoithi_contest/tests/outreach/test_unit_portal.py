from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import PDF
from ..contest.test_hoithi_portal import HoithiPortalCase, select
from .test_hoithi_contest_unit import UnitCase


@tagged("post_install", "-at_install")
class TestUnitPortal(UnitCase, HoithiPortalCase):
    """Staff read the launch, heads record: with a portal login and an internal one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # launched before the union was founded
        cls.env["hoithi.contest.unit"]._make_for(cls.contest)

    def setUp(self):
        super().setUp()
        self.row = self._row(self.unit)
        self.url = f"/my/hoithi/units/{self.row.id}"
        self.launch_url = f"/my/hoithi/{self.contest.id}/launch"

    def _record(self, files=None, status=200, **values):
        data = {
            "kind": "meeting",
            "date": fields.Date.to_string(self.today),
            "reach": "2",
            "note": "Họp phòng",
            **values,
        }
        return self.post_page(self.url, data, status=status, files=files)

    # LAUNCH

    def test_staff_read_the_launch(self):
        for user in (self.staff, self.internal):
            with self.subTest(user=user.login):
                self.log_in(user)
                page = self.get("/my/hoithi")
                [banner] = select(page, ".o_hoithi_launch")
                self.assertIn(self.contest.name, banner.text_content())
                self.assertEqual(select(banner, "a")[0].get("href"), self.launch_url)
                page = self.get(self.launch_url)
                self.assertTrue(select(page, ".o_hoithi_acknowledge"))
                page = self.post_page(f"/my/hoithi/{self.contest.id}/acknowledge")
                self.assertTrue(select(page, ".o_hoithi_acknowledged"))
                self.assertFalse(select(page, ".o_hoithi_acknowledge"))
                self.post_page(f"/my/hoithi/{self.contest.id}/acknowledge")
                page = self.get("/my/hoithi")
                self.assertFalse(select(page, ".o_hoithi_launch"))
                self.assertTrue(select(page, ".o_hoithi_read_launches a"))
        facts = self.env["hoithi.acknowledgement"].search([])
        self.assertEqual(facts.user_id, self.staff | self.internal)
        self.assertEqual(len(facts), 2)

    def test_a_look_is_no_acknowledgement(self):
        self.get(self.launch_url)
        self.get(f"/my/hoithi/{self.contest.id}/acknowledge")
        self.assertFalse(self.env["hoithi.acknowledgement"].search([]))
        response = self.post(f"/my/hoithi/{self.contest.id}/acknowledge", csrf=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.env["hoithi.acknowledgement"].search([]))

    def test_strangers_and_drafts(self):
        self.log_in(self.stranger)
        self.assertFalse(select(self.get("/my/hoithi"), ".o_hoithi_launch"))
        page = self.post_page(f"/my/hoithi/{self.contest.id}/acknowledge")
        self.assertIn("employee record", self.alert(page))
        draft = self._create_contest(name="Dự thảo")
        response = self.url_open(f"/my/hoithi/{draft.id}/launch")
        self.assertTrue(response.url.endswith("/my/hoithi"))

    # UNITS

    def test_who_has_units(self):
        for user, names in (
            (self.head, [self.unit.name]),
            (self.staff, [self.union.name]),
            (self.coauthor, []),
            (self.secretary, []),
        ):
            with self.subTest(user=user.login):
                self.log_in(user)
                page = self.get("/my/hoithi/units")
                self.assertEqual(
                    [a.text_content() for a in select(page, ".o_hoithi_unit h2 a")],
                    names,
                )
                self.assertEqual(bool(select(page, ".o_hoithi_no_units")), not names)
                self.assertEqual(
                    bool(select(self.get("/my/hoithi"), ".o_hoithi_my_units")),
                    bool(names),
                )
        for user in (self.coauthor, self.other_head):
            self.log_in(user)
            response = self.url_open(self.url)
            self.assertTrue(response.url.endswith("/my/hoithi"))
            response = self.post(self.url, {"kind": "meeting", "reach": "1"})
            self.assertTrue(response.url.endswith("/my/hoithi"))
        self.assertFalse(self.env["hoithi.outreach"].search([]))

    def _check_head(self, user):
        self.log_in(user)
        page = self.get(self.url)
        self.assertTrue(select(page, ".o_hoithi_receive"))
        page = self.post_page(f"{self.url}/receive")
        self.assertFalse(select(page, ".o_hoithi_receive"))
        self.row.invalidate_recordset()
        self.assertEqual(self.row.received_by_id, user)

        page = self._record({"file": ("Biên bản.pdf", PDF, "application/pdf")})
        act = self.env["hoithi.outreach"].search([])
        self.assertEqual(
            (act.department_id, act.kind, act.reach, act.note, act.user_id),
            (self.unit, "meeting", 2, "Họp phòng", user),
        )
        [link] = select(page, ".o_hoithi_activity .o_hoithi_evidence a")
        self.assertEqual(link.text_content(), "Biên bản.pdf")
        self.assertEqual(self.url_open(link.get("href")).content, PDF)
        page = self.post_page(
            f"{self.url}/outreach/{act.id}/files",
            files={"file": ("anh.pdf", PDF, "application/pdf")},
        )
        self.assertEqual(len(select(page, ".o_hoithi_evidence")), 2)
        self.row.invalidate_recordset()
        self.assertEqual(self.row.stage, "disseminated")
        # whoever has no say in the unit doesn't get the minutes
        self.log_in(self.internal)
        self.assertIn(
            self.url_open(link.get("href"), allow_redirects=False).status_code,
            (403, 404),
        )

    def test_internal_head(self):
        self._check_head(self.head)

    def test_portal_head(self):
        self.unit.manager_id = self.employees[self.coauthor]
        self._check_head(self.coauthor)

    def test_organisation_of_a_portal_head(self):
        row = self._row(self.union)
        self.url = f"/my/hoithi/units/{row.id}"
        self._record(reach="18")
        act = self.env["hoithi.outreach"].search([])
        self.assertEqual((act.organisation_id, act.persons), (self.union, 18))

    def test_what_is_wrong_is_told_and_nothing_lost(self):
        self.log_in(self.head)
        for values, files, message in (
            ({"reach": "hai mươi"}, None, "hai mươi"),
            ({"reach": "-3"}, None, "-3"),
            ({"reach": ""}, None, "digits"),
            ({"date": "hôm qua"}, None, "Give the day"),
            ({"date": ""}, None, "Give the day"),
            (
                {"date": fields.Date.to_string(self.today + timedelta(days=9))},
                None,
                "taken place",
            ),
            ({"kind": "party"}, None, "kind of activity"),
            ({}, {"file": ("a.exe", b"MZ", "application/pdf")}, "a.exe"),
            ({}, {"file": ("a.pdf", b"MZ", "application/pdf")}, "a.pdf"),
        ):
            with self.subTest(values=values, files=files):
                page = self._record(files, **values)
                self.assertIn(message, self.alert(page))
                [note] = select(page, "textarea[name=note]")
                self.assertEqual(note.text, "Họp phòng")
                self.assertFalse(self.env["hoithi.outreach"].search([]))

    def test_more_than_employed_is_told(self):
        self.log_in(self.head)
        page = self._record(reach="50")
        [notice] = select(page, ".o_hoithi_notice")
        self.assertIn("HR counts 3", notice.text_content())

    def test_forged_posts_are_refused(self):
        self.log_in(self.head)
        response = self.post(self.url, {"kind": "meeting", "reach": "1"}, csrf=False)
        self.assertEqual(response.status_code, 400)
        other = self._outreach(department_id=self.other_unit.id)
        response = self.post(
            f"{self.url}/outreach/{other.id}/files",
            files={"file": ("a.pdf", PDF, "application/pdf")},
        )
        self.assertTrue(response.url.endswith("/my/hoithi"))
        self.assertFalse(other.attachment_ids)
        self._record(department_id=str(self.other_unit.id))
        self.assertEqual(
            self.env["hoithi.outreach"].search([("user_id", "=", self.head.id)]),
            self.env["hoithi.outreach"].search([("department_id", "=", self.unit.id)]),
        )
        self.get("/my/hoithi/units/99999999999", 200)

    def test_a_contest_that_is_over_takes_nothing(self):
        self.log_in(self.head)
        self.contest.with_user(self.secretary).action_cancel(reason="Hoãn")
        page = self.get(self.url)
        self.assertFalse(select(page, ".o_hoithi_outreach_form"))
        self.assertIn("isn't running", self.alert(self._record()))
        self.assertFalse(self.env["hoithi.outreach"].search([]))

    def test_head_reports_on_a_task(self):
        task, other = self.env["hoithi.plan.task"].create(
            [
                {
                    "contest_id": self.contest.id,
                    "name": f"Việc của {unit.name}",
                    "lead_department_id": unit.id,
                    "date_end": self.today + timedelta(days=9),
                }
                for unit in (self.unit, self.other_unit)
            ]
        )
        self.unit.manager_id = self.employees[self.coauthor]
        self.log_in(self.coauthor)
        page = self.get(self.url)
        [card] = select(page, ".o_hoithi_task")
        self.assertIn(task.name, card.text_content())
        page = self.post_page(
            f"{self.url}/tasks/{task.id}",
            {"progress": "done"},
            files={"file": ("bien-ban.pdf", PDF, "application/pdf")},
        )
        self.assertEqual(task.progress, "done")
        self.assertEqual(task.date_done, self.contest._get_today())
        [link] = select(page, ".o_hoithi_task .o_hoithi_evidence a")
        self.assertEqual(self.url_open(link.get("href")).content, PDF)
        self.post(f"{self.url}/tasks/{other.id}", {"progress": "done"})
        self.assertEqual(other.progress, "todo")
