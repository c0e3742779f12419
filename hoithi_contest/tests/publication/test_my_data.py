import base64
import io
import json
import zipfile

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..contest import test_hoithi_portal
from . import test_hoithi_publication

select = test_hoithi_portal.select


@tagged("post_install", "-at_install")
class TestMyData(
    test_hoithi_publication.PublicationCase, test_hoithi_portal.HoithiPortalCase
):
    """Everyone sees, takes along and corrects what is kept of the own person alone."""

    def _export(self):
        response = self.url_open("/my/hoithi/data/export")
        self.assertEqual(response.headers["Content-Type"], "application/zip")
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            (name,) = archive.namelist()
            return json.loads(archive.read(name))

    def _get_consent(self, entry, key):
        return self.env["hoithi.consent"].search(
            [
                ("entry_id", "=", entry.id),
                ("partner_id", "=", self.staff.partner_id.id),
                ("purpose_id.key", "=", key),
            ]
        )

    def test_own_and_nothing_of_others(self):
        self.authenticate(self.staff.login, self.staff.login)
        data = self._export()
        self.assertEqual(data["person"], self.staff.name)
        parts = data["parts"]
        self.assertEqual(
            [row["name"] for row in parts["entries"]["rows"]], [self.water.name]
        )
        self.assertEqual(
            [row["name"] for row in parts["authors"]["rows"]], [self.staff.name]
        )
        consents = self.env["hoithi.consent"].search(
            [("partner_id", "=", self.staff.partner_id.id)]
        )
        self.assertEqual(
            set(consents.purpose_id.mapped("key")), {"taking_part", "publication"}
        )
        self.assertEqual(len(parts["consents"]["rows"]), len(consents))
        for part in parts.values():
            self.assertTrue(part["why"] and part["kept"] and part["basis"], part)
        text = json.dumps(data, ensure_ascii=False)
        self.assertNotIn(self.land.name, text)
        self.assertNotIn(self.internal.name, text)
        self.assertNotIn("sheets", parts, "of who judged what nothing is told")
        page = self.get("/my/hoithi/data")
        self.assertEqual(len(select(page, ".o_hoithi_my_consent")), 2)
        self.assertNotIn(self.land.name, page.text_content())

    def test_photographs_have_a_consent_of_their_own(self):
        """A picture of people is shown while each of them agrees to it."""
        self._release()
        picture = io.BytesIO()
        Image.new("RGB", (40, 25), "teal").save(picture, "PNG")
        office = self.water.with_user(self.secretary)
        office.public_picture = base64.b64encode(picture.getvalue())
        path = f"/hoithi/{self.contest.id}/results/{self.water.id}"

        def look(status):
            self.env.flush_all()
            self.authenticate(None, None)
            page = self.get(path)
            shown = select(page, "figure img")[0].get("src")
            self.assertEqual("/picture" in shown, status == 200)
            self.assertEqual(self.url_open(f"{path}/picture").status_code, status)

        look(200)
        office.public_picture_persons = True
        look(404)
        lines = {}
        for user in (self.staff, self.coauthor):
            look(404)
            line = self.water.sudo().author_ids.filtered(
                lambda one, user=user: one.partner_id == user.partner_id
            )
            lines[user] = line
            with self.assertRaises(AccessError):
                line.with_user(self.internal).action_allow_photographs()
            with self.assertRaises(AccessError):
                # who has a login says so by it
                line.with_user(self.secretary).action_allow_photographs()
            self.log_in(user)
            page = self.get(self.entry_path(self.water))
            self.assertTrue(select(page, ".o_hoithi_photographs"))
            self.post(self.entry_path(self.water, "photographs"), {"consent": "1"})
            self.env.invalidate_all()
            self.assertTrue(line.pictured_on)
        look(200)
        consent = self.env["hoithi.consent"].search(
            [
                ("entry_id", "=", self.water.id),
                ("partner_id", "=", self.staff.partner_id.id),
                ("purpose_id.key", "=", "photographs"),
            ]
        )
        self.assertTrue(consent.text, "in the words that the page showed")
        named = self.staff.name
        self.assertIn(named, self.get(path).text_content())
        self.log_in(self.staff)
        self.post("/my/hoithi/data/withdraw", {"consent": consent.id})
        self.env.invalidate_all()
        self.assertTrue(consent.withdrawn_on)
        look(404)
        self.assertIn(named, self.get(path).text_content(), "each consent by itself")

    def test_nobody_is_seen_for_somebody_else(self):
        entry = self._create_entry(name="Giải pháp có ảnh")
        line = entry.sudo().author_ids
        line.with_user(self.staff).action_allow_photographs()
        self.assertTrue(line.pictured_on)
        line.with_user(self.staff).write({"job_title": "Chuyên viên"})
        self.assertTrue(line.pictured_on)
        with self.assertRaises(AccessError):
            line.with_user(self.staff).write({"pictured_on": False})
        line.write({"partner_id": self.coauthor.partner_id.id, "full_name": "Lý Đồng"})
        self.assertFalse(line.pictured_on)

    def test_own_seats_and_papers(self):
        """A seat in a council, also one that ended, and what was issued to authors."""
        seat = self.seats[self.member1]
        self.authenticate(self.member1.login, self.member1.login)
        parts = self._export()["parts"]
        self.assertEqual(
            [row["council"] for row in parts["seats"]["rows"]], [self.council.name]
        )
        self.assertNotIn("attendances", parts, "there was no session yet")
        seat.sudo()._open_door().write({"active": False})
        self.env.flush_all()
        parts = self._export()["parts"]
        self.assertEqual(len(parts["seats"]["rows"]), 1)
        made = [
            self.env["hoithi.document"].create(
                {
                    "contest_id": self.contest.id,
                    "kind": "receipt",
                    "res_model": "hoithi.entry",
                    "res_id": entry.id,
                    "subject": subject,
                }
            )
            for entry, subject in (
                (self.water, "Biên nhận"),
                (self.land, "Của người khác"),
            )
        ]
        self.authenticate(self.staff.login, self.staff.login)
        self.assertEqual(self._export()["parts"]["documents"]["rows"], [])
        for paper in made:
            self._put(paper, state="issued", number="05")
        self.env.flush_all()
        parts = self._export()["parts"]
        self.assertEqual(
            [row["subject"] for row in parts["documents"]["rows"]], ["Biên nhận"]
        )
        self.assertNotIn("seats", parts)
        self.get("/my/hoithi/data")

    def test_the_own_contact_is_put_right_whatever_the_door(self):
        """What somebody else typed of a person is that person's to correct."""
        line = self.water.sudo().author_ids.filtered(
            lambda one: one.partner_id == self.staff.partner_id
        )
        state, path = self.water.sudo().state, self.entry_path(self.water, "contact")
        self.log_in(self.staff)
        page = self.get(self.entry_path(self.water))
        self.assertTrue(select(page, ".o_hoithi_contact input[name=email]"))
        self.post(path, {"email": "ha.moi@example.vn", "phone": "0911 000 222"})
        self.env.invalidate_all()
        self.assertEqual(
            (line.email, line.phone, self.water.sudo().state),
            ("ha.moi@example.vn", "0911 000 222", state),
        )
        [row] = self._export()["parts"]["authors"]["rows"]
        self.assertEqual(row["phone"], "0911 000 222")
        page = self.post_page(path, {"email": "ha.moi@example.vn", "phone": "gọi sau"})
        self.assertIn("gọi sau", self.alert(page))
        [typed] = select(page, ".o_hoithi_contact input[name=phone]")
        self.assertEqual(typed.get("value"), "gọi sau")
        for user in (self.coauthor, self.secretary):
            with self.assertRaises(AccessError):
                line.with_user(user).action_correct_contact(phone="0911")
        self.post(path, {"phone": ""})
        self.env.invalidate_all()
        self.assertEqual((line.email, line.phone), ("ha.moi@example.vn", False))
        loaded = line.with_context(hoithi_door=Load())
        loaded.employee_id = False
        with self.assertRaisesRegex(UserError, "ask the Office"):
            line.with_user(self.staff).action_correct_contact(email="x@example.vn")
        loaded.entry_id.anonymised_on = loaded.entry_id.submitted_on
        with self.assertRaisesRegex(UserError, "nothing is kept"):
            line.with_user(self.staff).action_correct_contact(phone="0911")
        self.log_in(self.secretary)
        page = self.post_page(path, {"phone": "0911"})
        self.assertIn("aren't named as an author", self.alert(page))

    def test_who_has_nothing(self):
        self.authenticate(self.stranger.login, self.stranger.login)
        page = self.get("/my/hoithi/data")
        self.assertTrue(select(page, ".o_hoithi_no_consents"))
        self.assertEqual(self._export()["parts"]["entries"]["rows"], [])

    def test_public_page_goes_at_once(self):
        self._release()
        path = f"/hoithi/{self.contest.id}/results/{self.water.id}"
        self.authenticate(None, None)
        self.get(path)
        self.authenticate(self.staff.login, self.staff.login)
        consent = self._get_consent(self.water, "publication")
        page = self.get("/my/hoithi/data")
        told = next(
            node.text_content()
            for node in select(page, ".o_hoithi_my_consent")
            if node.get("data-consent-id") == str(consent.id)
        )
        words = [
            consent.purpose_id.with_context(lang=lang).withdrawal
            for lang in ("en_US", "vi_VN")
        ]
        self.assertTrue(any(text in told for text in words), told)
        page = self.post_page("/my/hoithi/data/withdraw", {"consent": consent.id})
        # all consents are taken back at one address: reasons of others stay
        [notice] = select(page, ".o_hoithi_notice")
        sent = f"/my/hoithi/data/withdraw#hoithi_reason_{consent.id}"
        self.assertEqual(notice.get("data-of"), sent)
        self.env.invalidate_all()
        self.assertTrue(consent.withdrawn_on)
        self.authenticate(None, None)
        self.get(path, status=404)

    def test_refused_aloud(self):
        self._release()
        self.authenticate(self.staff.login, self.staff.login)
        consent = self._get_consent(self.water, "taking_part")
        page = self.post_page(
            "/my/hoithi/data/withdraw", {"consent": consent.id, "reason": "Thôi"}
        )
        self.assertTrue(select(page, ".o_hoithi_notice.alert-danger"))
        self.env.invalidate_all()
        self.assertFalse(consent.withdrawn_on)

    def test_nobody_ends_what_another_agreed_to(self):
        consent = self._get_consent(self.water, "publication")
        self.authenticate(self.coauthor.login, self.coauthor.login)
        self.post("/my/hoithi/data/withdraw", {"consent": consent.id})
        self.post("/my/hoithi/data/withdraw", {"consent": "9" * 40})
        self.env.invalidate_all()
        self.assertFalse(consent.withdrawn_on)

    def test_years_leave_figures_and_ledger(self):
        self._release()
        self.company.hoithi_retention_years = 5
        year = self.contest._get_today().year
        self.contest.with_context(hoithi_door=Load()).write(
            {"year_start": year - 7, "year_end": year - 6, "state": "closed"}
        )
        figures = self.env["hoithi.figures"]
        names = ["received", "competing", "eligible", "selected", "nominated"]
        counts = figures._count_entries(self.contest, names)
        self.assertTrue(counts[()]["eligible"])
        results = self.contest._get_public_results()
        standing = self.water.sudo().read(["average_score", "state", "receipt_number"])
        consents = self._get_consent(self.water, "publication")
        given_on = consents.given_on
        self._run_cron("cron_apply_retention")
        self.env.invalidate_all()
        self.assertTrue(self.water.anonymised_on)
        lines = self.water.sudo().author_ids
        self.assertFalse(any(lines.mapped("email")) or any(lines.mapped("phone")))
        self.assertEqual(figures._count_entries(self.contest, names), counts)
        self.assertEqual(self.contest._get_public_results(), results)
        self.assertEqual(
            self.water.sudo().read(["average_score", "state", "receipt_number"]),
            standing,
        )
        self.assertEqual(consents.given_on, given_on)
        self.assertFalse(consents.withdrawn_on, "the name stays as it was agreed")
        broken = self.env["hoithi.ledger"]._verify(self.contest)
        self.assertFalse([line for line in broken if "seal" not in line])
