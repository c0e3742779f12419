from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

#: Who says something of which record, when, and whether a person or the server does.
SIGNATURE = {
    "author_id",
    "author_guest_id",
    "email_from",
    "date",
    "message_type",
    "model",
    "res_id",
    "tracking_value_ids",
}
#: What persons write; the rest is what the server says of their acts.
WRITTEN = ("comment", "email", "email_outgoing", "user_notification")
#: Key of the context that carries the token below; the key alone does nothing.
ACT = "hoithi_act"


class Act(NamedTuple):
    """Token of the server's own words on an act. Being an object, no RPC carries it."""


class MailMessage(models.Model):
    """What the log of the contest says stays: acts, their reasons, who did them.

    Odoo lets all who write a record change and delete its messages, and write some in
    the name of anybody, of any day.
    """

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._hoithi_check_signed()
        return messages

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
        if self.env.su or not SIGNATURE & set(vals):
            return super().write(vals)
        said_sudo = self._hoithi_get_said()
        result = super().write(vals)
        # nor does one of another record become one of these
        if said_sudo | self._hoithi_get_said():
            raise self._hoithi_make_log_error()
        return result

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

    def _hoithi_get_said(self):
        """Return those that stand in the log of the contest, with superuser rights."""
        # only to learn what they are about
        return self.sudo().filtered(
            lambda message: (message.model or "").startswith("hoithi.")
        )

    def _hoithi_check_signed(self):
        """Let nobody write into the log in the name of another, or of another day.

        What changed is noted by the server alone, as superuser; what a person writes
        is a comment, and doesn't look like the server's words on an act.

        :raises AccessError: for another author or address, or changes made by hand
        """
        if self.env.su:
            return
        said_sudo = self._hoithi_get_said()
        own = self.env.user.partner_id
        for message in said_sudo:
            address = message.email_from
            if (
                message.author_id != own
                or message.author_guest_id
                or message.tracking_value_ids
                or (address and email_normalize(address) != own.email_normalized)
            ):
                raise AccessError(
                    self.env._(
                        "Into the log of a contest everybody writes in the own name, "
                        "and the server what has changed: leave author and address "
                        "out."
                    )
                )
        now, play = fields.Datetime.now(), timedelta(minutes=1)
        # the server's clock decides; an e-mail says when it was sent
        said_sudo.filtered(lambda message: abs(message.date - now) > play).date = now
        if not isinstance(self.env.context.get(ACT), Act):
            said_sudo.filtered(
                lambda message: message.message_type not in WRITTEN
            ).message_type = "comment"

    def _hoithi_check_letters(self):
        """Let nobody write letters about a record who couldn't write them into its log.

        :raises AccessError: as for a message
        """
        said_sudo = self._hoithi_get_said()
        for model, messages in said_sudo.grouped("model").items():
            self.env[model].browse(messages.mapped("res_id")).check_access("write")
        self._hoithi_check_signed()

    def _hoithi_make_log_error(self):
        return AccessError(
            self.env._(
                "What the log says stays as it is: add a note that puts it right."
            )
        )
