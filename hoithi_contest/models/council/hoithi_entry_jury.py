from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.council import scoring
from ..guard.hoithi_states import DROPPED
from .hoithi_contest import COUNCIL_READERS


class HoithiEntry(models.Model):
    """Who scores an entry, by which criteria: the jury of its field."""

    _inherit = "hoithi.entry"

    jury_id = fields.Many2one(
        "hoithi.jury",
        compute="_compute_jury",
        store=True,
        index="btree_not_null",
        groups=COUNCIL_READERS,
    )
    criteria_set_id = fields.Many2one(
        "hoithi.criteria.set",
        string="Scored by",
        compute="_compute_jury",
        store=True,
        index="btree_not_null",
    )

    @api.depends(
        "field_id",
        "contest_id.criteria_set_id",
        "contest_id.jury_ids.field_ids",
        "contest_id.jury_ids.criteria_set_id",
        "contest_id.jury_ids.round_id",
        "contest_id.round_ids.criteria_set_id",
        "contest_id.round_ids.sequence",
        "round_id",
    )
    def _compute_jury(self):
        for entry in self:
            # before the review that is the first round, afterwards where it is
            round_ = entry.round_id or entry.contest_id._get_first_round()
            entry.jury_id = entry.contest_id._get_jury(entry.field_id, round_)
            entry.criteria_set_id = entry.contest_id._get_set_of(entry.field_id, round_)

    def action_change_field(self, field=None, reason=None):
        """Move handed-in entries to another field, see the room of the contest.

        :raises UserError: also where sheets of another jury would go along
        """
        self._check_office()
        target = self._read_record("hoithi.field", field)
        for entry in self:
            # whoever moves an entry may not read all its sheets
            entry_sudo = entry.sudo()
            jury = entry.contest_id._get_jury(target, entry_sudo.round_id)
            sheets = entry_sudo.review_ids.filtered(
                lambda review: review.state not in DROPPED
            )
            if sheets and jury != entry_sudo.jury_id:
                raise UserError(
                    self.env._(
                        "“%(entry)s” has sheets of the jury of its field: void them, "
                        "with the reason, before you move it to a field of another "
                        "jury.",
                        entry=entry.display_name,
                    )
                )
        return super().action_change_field(field=field, reason=reason)

    def _get_highest_of_sheets(self):
        """Return the most that the sheets give; hook of rounds."""
        self.ensure_one()
        number = self.review_done_count or self._get_sheets_needed()
        return self.criteria_set_id._get_highest(number)

    def _get_comparable(self, score, way=None):
        """Return points as they are compared over fields: in per cent, if so declared.

        :param score: the average, or another sum of points
        :param way: ``percent`` where a prize compares otherwise than the contest ranks
        """
        self.ensure_one()
        # a sum is compared with what these sheets could give
        total = self.criteria_set_id._get_highest(self.review_done_count)
        if (way or self.contest_id.field_ranking) != "percent" or not total:
            return score
        return float(
            scoring.to_percent(scoring.to_decimal(score), scoring.to_decimal(total))
        )
