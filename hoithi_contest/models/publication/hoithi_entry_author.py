from odoo import fields, models


class HoithiEntryAuthor(models.Model):
    """The consents to be named, and to be seen, on public pages."""

    _inherit = "hoithi.entry.author"

    _consents = {
        "publication": ("consent_publish", "consent_on"),
        "photographs": ("pictured_on", "pictured_on"),
    }

    pictured_on = fields.Datetime(
        string="Agreed to photographs on",
        readonly=True,
        copy=False,
        help="When the author agreed that the public page shows photographs in which "
        "he or she can be recognised.",
    )

    # CRUD

    def write(self, vals):
        named = self if self._identity_fields & set(vals) else self.browse()
        before = {line: line._get_identity() for line in named}
        result = super().write(vals)
        others = named.filtered(
            lambda line: line.pictured_on and line._get_identity() != before[line]
        )
        if others:
            # nobody agrees to be seen for somebody else
            others.sudo()._open_door().write({"pictured_on": False})
        return result

    # ACTION

    def action_allow_photographs(self):
        """Agree that photographs may show the caller on the public page.

        For an author without a login the secretary records what was given on paper.

        :raises AccessError: for a line of somebody else
        """
        self._check_consent_holder()
        self._set_pictured(fields.Datetime.now())
        return True

    def action_withdraw_photographs(self):
        """Take that back, at any time; the picture leaves the public page at once.

        :raises AccessError: for a line of somebody else, the secretary aside
        """
        self._check_consent_holder(withdrawing=True)
        self._set_pictured(False)
        return True

    # BUSINESS

    def _set_pictured(self, moment):
        """Record the consent, also after the entry's door has closed, and log it."""
        for line in self:
            # a consent may change nothing of the entry but itself
            line_sudo = line.sudo()
            line_sudo._open_door().write({"pictured_on": moment})
            line_sudo.entry_id._message_act(
                body=self.env._(
                    "%s agrees to be seen in public photographs.", line_sudo.full_name
                )
                if moment
                else self.env._(
                    "%s doesn't agree to be seen in public photographs.",
                    line_sudo.full_name,
                )
            )

    def _withdraw_purpose(self, key, reason=None):
        if key == "publication":
            self.action_withdraw_consent()
            return None
        if key == "photographs":
            self.action_withdraw_photographs()
            return None
        return super()._withdraw_purpose(key, reason)
