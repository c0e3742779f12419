from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.council import voting
from ..contest.res_company import APPROVAL_BASES


class HoithiMajorityMixin(models.AbstractModel):
    """Which share of whom decides a question that is put to the vote."""

    _name = "hoithi.majority.mixin"
    _description = "Majority that decides"

    approval_ratio = fields.Float(string="Approval", digits=0)
    approval_more_than = fields.Boolean(string="More than that share")
    approval_base = fields.Selection(APPROVAL_BASES)

    @api.constrains("approval_ratio", "approval_more_than")
    def _check_approval(self):
        """Keep a decision that of a majority, and one that can be reached."""
        for record in self:
            name, ratio = record.display_name, record.approval_ratio
            if 0 < ratio < 0.5:
                raise ValidationError(
                    self.env._(
                        "“%(council)s”: with less than half of the votes a minority "
                        "would decide. Enter at least 50 %% as approval, as a rule two "
                        "thirds (66.67 %%).",
                        council=name,
                    )
                )
            if record.approval_more_than and ratio >= 1:
                raise ValidationError(
                    self.env._(
                        "“%s”: there is no more than all votes. Take out “more than”, "
                        "or lower the approval.",
                        name,
                    )
                )

    def _get_majority(self):
        """Return the majority (:class:`voting.Majority`) that decides."""
        self.ensure_one()
        return voting.Majority(
            self.approval_ratio, self.approval_base, self.approval_more_than
        )
