from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from . import test_hoithi_publication


@tagged("post_install", "-at_install")
class TestMyData(test_hoithi_publication.PublicationCase):
    """Everyone sees, takes along and corrects what is kept of the own person alone."""

    def _get_consent(self, entry, key):
        return self.env["hoithi.consent"].search(
            [
                ("entry_id", "=", entry.id),
                ("partner_id", "=", self.staff.partner_id.id),
                ("purpose_id.key", "=", key),
            ]
        )

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
