from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiSession(models.Model):
    """A session of the body that confirms what the council has selected."""

    _inherit = "hoithi.session"

    _given_fields = {"is_confirming"}

    is_confirming = fields.Boolean(
        string="Session of the organising committee",
        help="It votes on the entries that the council has selected, and confirms them "
        "or not.",
    )
    has_confirming = fields.Boolean(compute="_compute_has_confirming")

    @api.depends("contest_id.confirming_council_id")
    def _compute_has_confirming(self):
        for session in self:
            # that there is such a body is no secret, who sits on it may be
            contest_sudo = session.contest_id.sudo()
            session.has_confirming = bool(contest_sudo.confirming_council_id)

    @api.depends("is_confirming", "contest_id.confirming_council_id")
    def _compute_council_id(self):
        super()._compute_council_id()

    @api.depends("is_confirming", "contest_id.confirming_council_id.ballot_mode")
    def _compute_ballot_mode(self):
        super()._compute_ballot_mode()

    @api.constrains("is_confirming", "contest_id")
    def _check_confirming(self):
        for session in self:
            if session.is_confirming and not session.council_id:
                raise ValidationError(
                    self.env._(
                        "No organising committee confirms the results of “%s”: choose "
                        "it in the contest first.",
                        session.contest_id.name,
                    )
                )

    # BUSINESS

    def _get_body(self):
        if self.is_confirming:
            return self.contest_id.confirming_council_id
        return super()._get_body()

    def _tell_approved(self, number):
        if self.is_confirming:
            return self.env._("confirms %s selected entries", number)
        return super()._tell_approved(number)

    @api.model
    def _get_decidable_states(self, contest):
        if self.is_confirming:
            return ("selected",)
        return super()._get_decidable_states(contest)

    def _has_listed(self, votes):
        if self.is_confirming:
            # what the council has decided again since, this body hasn't voted on
            return votes[-1:].session_id.is_confirming
        return super()._has_listed(votes)
