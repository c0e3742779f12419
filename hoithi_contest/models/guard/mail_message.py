from odoo import api, models
from odoo.exceptions import AccessError


class MailMessage(models.Model):
    """What the log of the contest says stays: acts, their reasons, who did them.

    Odoo lets all who write a record change and delete its messages.
    """

    _inherit = "mail.message"

    def write(self, vals):
        logged_sudo = self._hoithi_get_logged()
        # an activity that is done puts its files into the message that tells of it,
        # at once
        is_filing = (
            set(vals) == {"attachment_ids"}
            and not logged_sudo.attachment_ids
            and all(message.create_date >= self.env.cr.now() for message in logged_sudo)
        )
        if logged_sudo and not is_filing:
            raise self._hoithi_make_log_error()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_hoithi_logged(self):
        if self._hoithi_get_logged():
            raise self._hoithi_make_log_error()

    def _hoithi_get_logged(self):
        """Return those that the caller leaves as they are, with superuser rights.

        A comment is its author's, as Odoo has it.
        """
        if self.env.su:
            return self.browse()
        # only to learn what they are
        return self.sudo().filtered(
            lambda message: (
                (message.model or "").startswith("hoithi.")
                and not (
                    message.message_type == "comment"
                    and message.author_id == self.env.user.partner_id
                )
            )
        )

    def _hoithi_make_log_error(self):
        return AccessError(
            self.env._(
                "What the log says stays as it is: add a note that puts it right."
            )
        )
