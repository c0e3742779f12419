from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import format_number

#: Least and most of each number, as the database keeps them for `res.company`.
LIMITS = {
    "hoithi_grace_minutes": (0, 1440),
    "hoithi_reviews_per_entry": (0, 50),
    "hoithi_retention_years": (0, 100),
    "hoithi_divergence_limit": (0, 1000),
    "hoithi_coauthor_min_percent": (0, 50),
    "hoithi_max_drafts": (1, 200),
    "hoithi_old_days": (1, 365),
    "hoithi_too_old_days": (1, 365),
    "hoithi_novelty_title": (20, 100),
    "hoithi_novelty_likeness": (10, 100),
    "hoithi_novelty_copied": (1, 100),
}
#: What together says when a council may decide, and by how many votes.
MAJORITY = (
    "hoithi_quorum_ratio",
    "hoithi_approval_ratio",
    "hoithi_approval_more_than",
    "hoithi_approval_base",
)


class HoithiSettingsMixin(models.AbstractModel):
    """The department's defaults of its contests, for every screen that shows them."""

    _name = "hoithi.settings.mixin"
    _description = "Defaults of Contests"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    hoithi_agency_id = fields.Many2one(
        related="company_id.hoithi_agency_id", readonly=False
    )
    hoithi_quorum_ratio = fields.Float(
        related="company_id.hoithi_quorum_ratio", readonly=False
    )
    hoithi_approval_ratio = fields.Float(
        related="company_id.hoithi_approval_ratio", readonly=False
    )
    hoithi_approval_more_than = fields.Boolean(
        related="company_id.hoithi_approval_more_than", readonly=False
    )
    hoithi_approval_base = fields.Selection(
        related="company_id.hoithi_approval_base", readonly=False
    )
    hoithi_blind = fields.Boolean(related="company_id.hoithi_blind", readonly=False)
    hoithi_require_statement = fields.Boolean(
        related="company_id.hoithi_require_statement", readonly=False
    )
    hoithi_detect_previous_coauthors = fields.Boolean(
        related="company_id.hoithi_detect_previous_coauthors", readonly=False
    )
    hoithi_grace_minutes = fields.Integer(
        related="company_id.hoithi_grace_minutes", readonly=False
    )
    hoithi_day_end = fields.Float(related="company_id.hoithi_day_end", readonly=False)
    hoithi_reminder_days = fields.Char(
        related="company_id.hoithi_reminder_days", readonly=False
    )
    hoithi_vietnam_holidays = fields.Boolean(
        related="company_id.hoithi_vietnam_holidays", readonly=False
    )
    hoithi_coauthor_min_percent = fields.Float(
        related="company_id.hoithi_coauthor_min_percent", readonly=False
    )
    hoithi_require_texts = fields.Boolean(
        related="company_id.hoithi_require_texts", readonly=False
    )
    hoithi_reviews_per_entry = fields.Integer(
        related="company_id.hoithi_reviews_per_entry", readonly=False
    )
    hoithi_max_drafts = fields.Integer(
        related="company_id.hoithi_max_drafts", readonly=False
    )
    hoithi_old_days = fields.Integer(
        related="company_id.hoithi_old_days", readonly=False
    )
    hoithi_too_old_days = fields.Integer(
        related="company_id.hoithi_too_old_days", readonly=False
    )
    hoithi_divergence_limit = fields.Float(
        related="company_id.hoithi_divergence_limit", readonly=False
    )
    hoithi_retention_years = fields.Integer(
        related="company_id.hoithi_retention_years", readonly=False
    )
    hoithi_novelty_title = fields.Float(
        related="company_id.hoithi_novelty_title", readonly=False
    )
    hoithi_novelty_likeness = fields.Float(
        related="company_id.hoithi_novelty_likeness", readonly=False
    )
    hoithi_novelty_copied = fields.Float(
        related="company_id.hoithi_novelty_copied", readonly=False
    )
    hoithi_dossier_type_ids = fields.Many2many(
        related="company_id.hoithi_dossier_type_ids", readonly=False
    )
    hoithi_mail_from = fields.Char(
        related="company_id.hoithi_mail_from", readonly=False
    )
    hoithi_reply_to = fields.Char(related="company_id.hoithi_reply_to", readonly=False)
    hoithi_contact_name = fields.Char(
        related="company_id.hoithi_contact_name", readonly=False
    )
    hoithi_contact_phone = fields.Char(
        related="company_id.hoithi_contact_phone", readonly=False
    )
    hoithi_privacy_url = fields.Char(
        related="company_id.hoithi_privacy_url", readonly=False
    )
    hoithi_brand = fields.Char(related="company_id.hoithi_brand", readonly=False)
    hoithi_brand_2 = fields.Char(related="company_id.hoithi_brand_2", readonly=False)
    hoithi_accent = fields.Char(related="company_id.hoithi_accent", readonly=False)
    hoithi_logo = fields.Image(related="company_id.hoithi_logo", readonly=False)
    hoithi_health = fields.Html(related="company_id.hoithi_health")

    # TOLD WHERE IT IS TYPED

    def _is_typed(self, *names):
        """Tell whether one of these fields differs from what the department has.

        As a form opens Odoo runs each onchange; what stands isn't told of there.
        """
        return any(self[name] != self.company_id[name] for name in names)

    def _warn(self, *texts):
        """Return the warning of an onchange, or nothing where no text is given."""
        told = [text for text in texts if text]
        if not told:
            return None
        title = self.env._("This doesn't fit together")
        return {"warning": {"title": title, "message": "\n".join(told)}}

    @api.onchange(*LIMITS)
    def _onchange_hoithi_limits(self):
        return self._warn(
            *(
                self.env._(
                    "“%(field)s” goes from %(least)s to %(most)s, not to %(value)s.",
                    field=self._fields[name]._description_string(self.env),
                    least=least,
                    most=most,
                    value=format_number(self.env, self[name]),
                )
                for name, (least, most) in LIMITS.items()
                if not least <= self[name] <= most
            )
        )

    @api.onchange("hoithi_day_end")
    def _onchange_hoithi_day_end(self):
        if not 0 < self.hoithi_day_end <= 24:
            return self._warn(
                self.env._("The working day ends after 0:00 and by 24:00.")
            )

    @api.onchange(*MAJORITY)
    def _onchange_hoithi_ratios(self):
        if not self._is_typed(*MAJORITY):
            return None
        quorum, approval = self.hoithi_quorum_ratio, self.hoithi_approval_ratio
        if not (0 < quorum <= 1 and 0 < approval <= 1):
            return self._warn(
                self.env._("Quorum and approval must be above 0 and at most 100 %.")
            )
        if approval < 0.5:
            return self._warn(
                self.env._(
                    "Approval: with less than half of the votes a minority would "
                    "decide. Enter at least 50 %, as a rule two thirds (66.67 %)."
                )
            )
        if self.hoithi_approval_more_than and approval >= 1:
            return self._warn(
                self.env._(
                    "There is no more than all votes. Take out “more than”, or lower "
                    "the approval."
                )
            )
        if self.hoithi_approval_base != "present" and quorum < approval:
            return self._warn(
                self.env._(
                    "A session with just the quorum could approve nothing: fewer are "
                    "present than must agree. Raise the quorum, lower the approval, "
                    "or count the votes of those present."
                )
            )

    @api.onchange("hoithi_old_days", "hoithi_too_old_days")
    def _onchange_hoithi_ages(self):
        if self.hoithi_too_old_days < self.hoithi_old_days:
            return self._warn(
                self.env._("A card can't be too old before it is old: raise the days.")
            )

    @api.onchange("hoithi_reminder_days")
    def _onchange_hoithi_reminder_days(self):
        try:
            self.env["hoithi.notice.rule"]._parse_days(self.hoithi_reminder_days)
        except ValidationError as error:
            return self._warn(str(error))
