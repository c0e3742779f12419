from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class MailNotification(models.Model):
    """To whom a message about the contest went is known to whoever reads the message.

    Odoo shows all internal users the recipients of all messages, with their subjects:
    whose entry it is, and who judges what.
    """

    _inherit = "mail.notification"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            # found with the caller's own rights: with others, what a condition denies
            # would be denied of other rows
            asked = super()._search(
                Domain(domain)
                & Domain(
                    "mail_message_id", "any!", Domain("model", "=like", "hoithi.%")
                )
                & Domain("res_partner_id", "!=", self.env.user.partner_id.id),
                active_test=kwargs.get("active_test", True),
            )
            # only to find out which messages are asked about
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
        """Return those, with superuser rights, of messages that `user` can't read."""
        others = self.filtered(
            lambda row: (
                (row.mail_message_id.model or "").startswith("hoithi.")
                and row.res_partner_id != user.partner_id
            )
        )
        messages = others.mail_message_id.with_user(user)
        readable = set(messages._filtered_access("read")._ids)
        return others.filtered(lambda row: row.mail_message_id.id not in readable)

    def _hoithi_make_hidden_error(self):
        return AccessError(
            self.env._("Who got a message is known to whoever reads the message.")
        )
