import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from .hoithi_delivery_mixin import PATIENCE, get_pause

#: What fails again whatever the server does: the address is wrong.
LASTING = ("mail_email_invalid", "mail_email_missing", "mail_bl", "mail_optout")
#: Answers by which a server refuses a letter for good, as smtplib and servers write
#: them; 53x are about the own login. Any other number is a port, a second or a size.
REFUSED = re.compile(
    r"""(?:^|[(\s])5(?!3)\d\d(?:,\s*b?['"]|[ -]\#?5\.\d+\.\d+\b)"""
    r"|^5(?!3)\d\d(?:[ -]|$)",
    re.MULTILINE,
)
#: How long ago an e-mail may have been said of which the server broke off.
BROKEN_OFF = timedelta(days=1)
#: Names that the home tells of those whom a message didn't reach.
NAMES = 5


class MailMail(models.Model):
    """What the mail server makes of e-mails of the contest.

    Letters, papers and invitations have records that send them again, made anew. What
    else a record of ours says by e-mail, as that an opinion is asked for or what is
    written in its log, is sent again by the e-mail itself.
    """

    _inherit = "mail.mail"

    hoithi_company_id = fields.Many2one(
        "res.company",
        string="Department of the contest",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="The department whose message the mail server didn't take.",
    )
    hoithi_failing_since = fields.Datetime(
        string="Not taken since",
        readonly=True,
        help="Since when the mail server doesn't take the e-mail. It is tried again.",
    )
    hoithi_tries = fields.Integer(string="Tries", readonly=True, aggregator=None)
    hoithi_given_up_on = fields.Datetime(
        string="Given up on",
        readonly=True,
        help="Since when the message is tried no more.",
    )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell what was sent what became of its e-mails.

        Before Odoo does its part, which deletes those that were sent.
        """
        if failure_type:
            self._hoithi_drop_reached(success_pids, success_emails)
            for mail in self:
                mail._hoithi_note_failure(
                    failure_type, failure_reason or mail.failure_reason
                )
        else:
            self._hoithi_note_delivery("")
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _hoithi_note_failure(self, failure_type, failure_reason):
        """Record why an e-mail wasn't sent, and whether it makes sense to try again."""
        # the mail queue has no language, and the Office reads it
        lang = self.env["res.lang"]._hoithi_get_default()
        labels = dict(
            self._fields["failure_type"]._description_selection(
                self.with_context(lang=lang).env
            )
        )
        reason = str(failure_reason or labels.get(failure_type) or failure_type or "?")
        lasting = failure_type in LASTING or bool(REFUSED.search(reason))
        self._hoithi_note_delivery(reason, lasting)

    def _hoithi_note_delivery(self, failure, lasting=True):
        """Record the delivery with what the e-mails carried.

        :param failure: its reason; empty where the e-mails were sent
        :param lasting: whether it would fail again
        """
        # the server alone records deliveries, whoever runs the mail queue
        self.env["hoithi.notice"].sudo()._open_door().search(
            [("mail_id", "in", self.ids)]
        )._record_delivery(failure, lasting)
        messages = self._hoithi_filter_messages()
        if failure:
            for message in messages:
                message._hoithi_note_refusal(lasting)
        else:
            messages.filtered("hoithi_company_id").write(
                {
                    "hoithi_company_id": False,
                    "hoithi_failing_since": False,
                    "hoithi_tries": 0,
                    "hoithi_given_up_on": False,
                }
            )

    # MESSAGES

    def _hoithi_filter_messages(self):
        """Return the e-mails of our records that no record of ours sends again."""
        return self.filtered(
            lambda mail: (
                (mail.model or "").startswith("hoithi.")
                and mail.model in self.env
                and not getattr(self.env[mail.model], "_sends_again", False)
            )
        )

    def _hoithi_drop_reached(self, partners, addresses):
        """Take off messages whom they reached: the others alone are tried again."""
        for mail in self._hoithi_filter_messages():
            if partners:
                mail.recipient_ids = [Command.unlink(one.id) for one in partners]
            if addresses:
                mail.write({"email_to": False, "email_cc": False})

    def _hoithi_note_refusal(self, lasting):
        """Have a message sent again after a pause that grows, or give it up.

        :param lasting: whether it would fail again
        """
        self.ensure_one()
        if lasting and self.message_type != "user_notification":
            # what stands in a log is shown to its author as failed by Odoo
            self.hoithi_failing_since = False
            return
        # whether it is still true is the server's to see, whatever it is about
        record = self.env[self.model].sudo().browse(self.res_id).exists()
        is_true = getattr(record, "_hoithi_is_still_true", bool)
        if not record or not is_true(self.mail_message_id):
            self.cancel()
            return
        now = fields.Datetime.now()
        since = self.hoithi_failing_since or now
        companies = record._mail_get_companies(default=self.env.company)
        values = {
            "hoithi_company_id": companies[record.id].id,
            "hoithi_failing_since": since,
            "hoithi_tries": self.hoithi_tries + 1,
        }
        if lasting or now - since > PATIENCE:
            # Odoo deletes those with a wrong address, and takes those for sent that
            # reached some
            values |= {"state": "exception", "auto_delete": False}
            self.write({**values, "hoithi_given_up_on": now})
            return
        again = now + get_pause(self.hoithi_tries)
        self.write({**values, "state": "outgoing", "scheduled_date": again})
        self.env["hoithi.notice"]._trigger_once(
            "mail.ir_cron_mail_scheduler_action", again
        )

    @api.model
    def _hoithi_find_broken_off(self):
        """Return the messages of which the mail server broke off without an answer.

        What failed before there was such a record isn't sent after months.
        """
        return self.search(
            [
                ("state", "=", "exception"),
                ("model", "=like", "hoithi.%"),
                ("hoithi_given_up_on", "=", False),
                "|",
                ("hoithi_failing_since", "!=", False),
                ("date", ">=", fields.Datetime.now() - BROKEN_OFF),
            ]
        )._hoithi_filter_messages()

    @api.model
    def _hoithi_get_waiting(self, company):
        """Return (count, since when, why) of messages that wait for the mail server."""
        # only how many, since when and why
        [row] = self.sudo()._read_group(
            [
                ("hoithi_company_id", "=", company.id),
                ("hoithi_failing_since", "!=", False),
                ("state", "=", "outgoing"),
            ],
            aggregates=["__count", "hoithi_failing_since:min", "failure_reason:max"],
        )
        return row

    @api.model
    def _hoithi_get_lost(self, company):
        """Return a sentence with those whom messages didn't reach, if there are."""
        # whom to tell in another way, not of what
        lost_sudo = self.sudo().search(
            [
                ("hoithi_company_id", "=", company.id),
                ("hoithi_given_up_on", ">=", fields.Datetime.now() - PATIENCE),
                ("state", "=", "exception"),
            ],
            order="id desc",
        )
        if not lost_sudo:
            return []
        names = lost_sudo.recipient_ids.mapped("name")
        some = ", ".join(names[:NAMES]) + (" …" if len(names) > NAMES else "")
        return [
            self.env._(
                "Messages of the contest that did not leave, and aren't tried any "
                "more: %(count)s. Tell these people in another way: %(names)s. "
                "%(reason)s",
                count=len(lost_sudo),
                names=some or "–",
                reason=self.env["hoithi.notice"]._get_last_line(
                    lost_sudo[0].failure_reason
                ),
            )
        ]
