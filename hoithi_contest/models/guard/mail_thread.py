from odoo import api, models

from .mail_message import ACT, Act

#: Keys of a context by which Odoo leaves changes out of a record's log.
UNLOGGED = {"tracking_disable", "mail_notrack", "mail_create_nolog"}


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # The log of what the contest relies on isn't the caller's to leave out.

    @api.model_create_multi
    def create(self, vals_list):
        return super(MailThread, self._hoithi_logged()).create(vals_list)

    def write(self, vals):
        return super(MailThread, self._hoithi_logged()).write(vals)

    def _compute_field_value(self, field):
        return super(MailThread, self._hoithi_logged())._compute_field_value(field)

    def _message_act(self, **message):
        """Post the server's words on an act, in the name of who did it.

        What one posts by hand is a comment; see `mail.message`.

        :param message: as of `message_post`
        """
        acting = self.with_context(**{ACT: Act()})
        return acting.message_post(**message).with_env(self.env)

    def _get_allowed_message_params(self):
        allowed = super()._get_allowed_message_params()
        # Odoo's page posts as superuser, what the caller says that it is
        if self._name.startswith("hoithi."):
            allowed = allowed - {"message_type"}
        return allowed

    def _message_compute_author(self, author_id=None, email_from=None):
        author_id, email_from = super()._message_compute_author(author_id, email_from)
        own = self.env.user.partner_id
        if self._name.startswith("hoithi.") and author_id and author_id != own.id:
            # who writes an e-mail may be known by several contacts of one address
            author_sudo = self.env["res.partner"].sudo().browse(author_id).exists()
            key = author_sudo.email_normalized
            if key and key == own.email_normalized and not self.env.su:
                author_id = own.id
        return author_id, email_from

    def _notify_thread_with_out_of_office(self, *args, **kwargs):
        # in the log everybody writes in the own name: the server answers for who is out
        thread = self.sudo() if self._name.startswith("hoithi.") else self
        return super(MailThread, thread)._notify_thread_with_out_of_office(
            *args, **kwargs
        )

    def _hoithi_logged(self):
        """Return the records without what a caller's context keeps out of the log.

        Server code does without a log through the guard's door, as for a background
        run; a key alone is anybody's.
        """
        guard = self.env.registry["hoithi.guard.mixin"]
        if (
            not isinstance(self, guard)
            or not UNLOGGED & set(self.env.context)
            or self._is_guard_open()
        ):
            return self
        return self.with_context(**dict.fromkeys(UNLOGGED, False))
