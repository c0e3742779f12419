from odoo import api, models

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
