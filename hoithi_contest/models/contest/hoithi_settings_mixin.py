from odoo import fields, models


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
