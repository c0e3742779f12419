import io
import json
import zipfile

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
        self.post("/my/hoithi/data/withdraw", {"consent": consent.id})
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
