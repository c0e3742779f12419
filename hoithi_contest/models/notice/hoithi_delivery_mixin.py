from datetime import timedelta

from odoo import fields, models

#: Minutes after which a letter that the mail server didn't take is tried again, one
#: after the other; the last one from then on.
PAUSES = (10, 30, 60, 120, 240)
#: How long it is tried where no deadline ends it before: a server that fails on the
#: eve of Tết is mended after the holidays.
PATIENCE = timedelta(days=30)
#: What stands on what no mail server refuses.
CALM = {"failing_since": False, "send_after": False, "tries": 0}


def get_pause(tries):
    """Return how long a letter waits that was refused `tries` times before."""
    return timedelta(minutes=PAUSES[min(tries, len(PAUSES) - 1)])


class HoithiDeliveryMixin(models.AbstractModel):
    """A row that goes out by e-mail, anew while the mail server doesn't take it."""

    _name = "hoithi.delivery.mixin"
    _description = "Delivery by E-mail"

    #: Its e-mails are made anew and sent again by the row itself.
    _sends_again = True
    #: The field that says why the e-mail didn't leave.
    _delivery_reason = "error"
    #: The scheduled action that sends again.
    _delivery_cron: str

    failing_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="Since when the mail server doesn't take the e-mail. It is tried again.",
    )
    send_after = fields.Datetime(
        string="Tried again",
        readonly=True,
        copy=False,
        help="When the e-mail is sent again that the mail server didn't take.",
    )
    tries = fields.Integer(readonly=True, copy=False, aggregator=None)
    # a bounce names the e-mail, which is deleted once it has been sent
    mail_reference = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_system",
        export_string_translation=False,
    )

    # BUSINESS

    def _record_delivery(self, failure, lasting=True):
        """Record what became of the e-mails.

        :param failure: why it failed, or an empty text
        :param lasting: whether it would fail again; else it is tried again later
        """
        if not failure:
            self._note_sent()
        elif lasting:
            self._note_failed(failure)
        else:
            for row in self:
                row._try_later(failure)

    def _note_sent(self):
        """Hook: record that the mail server took the e-mails."""
        raise NotImplementedError

    def _note_failed(self, failure):
        """Hook: record that the e-mails don't arrive, and why."""
        raise NotImplementedError

    def _note_given_up(self, failure):
        """Hook: record that the mail server was away for too long."""
        self._note_failed(failure)

    def _try_later(self, failure):
        """Have an e-mail sent again after a pause that grows, or give it up."""
        self.ensure_one()
        now = fields.Datetime.now()
        since = self.failing_since or now
        if now - since > PATIENCE:
            self._note_given_up(failure)
            return
        again = self._get_next_try(now + get_pause(self.tries))
        self._note_put_off(
            {
                self._delivery_reason: failure,
                "failing_since": since,
                "send_after": again,
                "tries": self.tries + 1,
            }
        )
        self._wake(again)

    def _get_next_try(self, moment):
        """Hook: return when the e-mail is sent again, from a moment (UTC) on."""
        return moment

    def _note_put_off(self, values):
        """Hook: record that an e-mail is sent again later."""
        self.write(values)

    def _wake(self, at=None):
        """Have the scheduled action run, at once or at a later moment (UTC)."""
        self.env["hoithi.notice"]._trigger_once(self._delivery_cron, at)
