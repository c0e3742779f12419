from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class MailFollowers(models.Model):
    """Who follows a record of the contest is known to whoever reads the record.

    Odoo shows all internal users who follows what: an author who wrote in the talk of
    the own entry, a member who was asked something about a sheet.
    """

    _inherit = "mail.followers"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            # found with the caller's own rights: with others, what a condition denies
            # would be denied of other rows
            asked = super()._search(
                Domain(domain)
                & Domain("res_model", "=like", "hoithi.%")
                & Domain("partner_id", "!=", self.env.user.partner_id.id),
                active_test=kwargs.get("active_test", True),
            )
            # only to find out which records are asked about
            asked_sudo = self.browse(asked).sudo()
            hidden_sudo = asked_sudo._hoithi_get_hidden(self.env.user)
            if hidden_sudo:
                domain = Domain(domain) & Domain("id", "not in", hidden_sudo.ids)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su:
            return result
        refused, error = result or (self.browse(), None)
        # as above
        asked_sudo = (self - refused).sudo().exists()
        hidden = asked_sudo._hoithi_get_hidden(self.env.user).sudo(False)
        if not hidden:
            return result
        return refused | hidden, error or hidden._hoithi_make_hidden_error

    def _hoithi_get_hidden(self, user):
        """Return those, with superuser rights, that tell of what `user` can't read."""
        others = self.filtered(
            lambda row: (
                (row.res_model or "").startswith("hoithi.")
                and row.res_model in self.env
                and row.partner_id != user.partner_id
            )
        )
        hidden = self.browse()
        for model, rows in others.grouped("res_model").items():
            records = self.env[model].with_user(user).browse(rows.mapped("res_id"))
            readable = set(records.exists()._filtered_access("read")._ids)
            hidden |= rows.filtered(
                lambda row, readable=readable: row.res_id not in readable
            )
        return hidden

    def _hoithi_make_hidden_error(self):
        return AccessError(
            self.env._("Who follows a record is known to whoever reads the record.")
        )
