from odoo import api, models
from odoo.fields import Domain

from ..guard.hoithi_states import DROPPED


class HoithiFigures(models.AbstractModel):
    """What of entries hangs on the council: sheets, scores and awards."""

    _inherit = "hoithi.figures"

    @api.model
    def _get_entry_domains(self, on=None):
        domains = super()._get_entry_domains(on)
        scored = Domain("review_done_count", ">", 0)
        awards = Domain("level", "in", ("province", "national"))
        # a person's prize is none of the solution's
        awards &= Domain("is_held", "=", False) & Domain("author_id", "=", False)
        if on is not None:
            scored = Domain(
                "review_ids",
                "any",
                Domain("state", "=", "submitted") & Domain("submitted_on", "<=", on),
            )
            awards &= Domain("decision_date", "=", False) | Domain(
                "decision_date", "<=", on
            )
        return domains | {
            "scored": domains["competing"] & scored,
            "awarded": domains["competing"] & Domain("award_ids", "any", awards),
        }

    @api.model
    def _get_score_totals(self, contests, on=None, among=None):
        """Return the mean of the official scores, and the benefit in money, of the
        entries that were scored.

        :param among: ids of the entries that count, or a query of them; by default all
        """
        domain = self._get_entry_domain(contests, "scored", on)
        if among is not None:
            domain &= Domain("id", "in", among)
        ((average, benefit),) = self.env["hoithi.entry"]._read_group(
            domain,
            [],
            ["average_score:avg", "benefit_amount:sum"],
        )
        return {"average": average or 0, "benefit": benefit or 0}

    @api.model
    def _count_reviews(self, contests, on=None):
        """Return the numbers of sheets: {contest: {"asked": …, "submitted": …}}.

        Sheets that were voided or given back don't count.
        """
        asked = Domain("contest_id", "in", contests.ids) & Domain(
            "state", "not in", DROPPED
        )
        counts = {contest: {"asked": 0, "submitted": 0} for contest in contests}
        reviews = self.env["hoithi.review"]
        if on is None:
            for contest, state, number in reviews._read_group(
                asked, ["contest_id", "state"], ["__count"]
            ):
                counts[contest]["asked"] += number
                if state == "submitted":
                    counts[contest]["submitted"] = number
            return counts
        submitted = asked & Domain("state", "=", "submitted")
        submitted &= Domain("submitted_on", "<=", on)
        asked &= Domain("create_date", "<=", on)
        for name, domain in (("asked", asked), ("submitted", submitted)):
            for contest, number in reviews._read_group(
                domain, ["contest_id"], ["__count"]
            ):
                counts[contest][name] = number
        return counts
