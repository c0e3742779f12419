import logging

from odoo import api, fields, models

from ...lib.guard import moments
from .hoithi_notice import UNSTOPPABLE

_logger = logging.getLogger(__name__)


class HoithiNotice(models.Model):
    """What the mail server makes of a letter, and when it is tried again."""

    _name = "hoithi.notice"
    _inherit = ["hoithi.notice", "hoithi.delivery.mixin"]
    _delivery_cron = "cron_send_notices"

    delivered_on = fields.Datetime(
        string="Accepted on",
        readonly=True,
        help="When the mail server took the e-mail.",
    )
    told_on = fields.Datetime(
        string="Told by message on",
        readonly=True,
        help="When a message to the phone told of the letter. It is tried once.",
    )
    mail_id = fields.Many2one(
        "mail.mail",
        string="E-mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_system",
    )

    # BUSINESS

    def _note_sent(self):
        self.write(
            {
                "state": "sent",
                "error": False,
                "delivered_on": fields.Datetime.now(),
                "failing_since": False,
                "tries": 0,
            }
        )

    def _note_failed(self, failure):
        self.write({"state": "failed", "error": failure, "failing_since": False})

    def _note_given_up(self, failure):
        # since when it failed tells it from what the mail server refused
        self.write({"state": "failed", "error": failure})

    def _get_next_try(self, moment):
        """Return when it is sent again: in the hours of its rule."""
        rule = self._get_rule()
        if not rule:
            return moment
        values = rule._get_outbox_values(
            moment,
            self.company_id,
            self._get_clock_contest(),
            self._get_last_moment(),
        )
        return values["send_after"] or moment

    def _note_put_off(self, values):
        self.write({**values, "state": "pending"})

    def _get_rule(self):
        """Return the rule of the schedule or of the event that sets its hours."""
        self.ensure_one()
        if self.rule_id or self.kind in UNSTOPPABLE:
            return self.rule_id
        rules = self.rule_id._get_event_rules({self.kind})
        return rules.get((self.kind, self.company_id.id)) or rules.get(
            (self.kind, False), self.rule_id
        )

    def _get_last_moment(self):
        """Return until when a reminder is true, or nothing where it stays true."""
        self.ensure_one()
        return self.rule_id.direction == "before" and self.deadline or None

    @api.model
    def _note_lost_letters(self):
        """Find the letters of which the mail server broke off without an answer."""
        for notice in self.search(
            [("state", "=", "sent"), ("mail_id.state", "=", "exception")]
        ):
            mail = notice.mail_id
            mail._hoithi_note_failure(mail.failure_type, mail.failure_reason)
        for mail in self.env["mail.mail"]._hoithi_find_broken_off():
            mail._hoithi_note_failure(mail.failure_type, mail.failure_reason)

    def _tell_elsewhere(self):
        """Tell of a letter that has gone out by the other channels there are, once.

        That it was tried is committed first: nothing is better than the same twice.
        """
        for notice in self:
            if notice.state != "sent" or notice.told_on:
                continue
            reached = notice._find_reached()
            if not reached:
                continue
            notice.told_on = fields.Datetime.now()
            self.env["ir.cron"]._commit_progress()
            text = notice._get_message()
            for channel, address in reached:
                try:
                    with self.env.cr.savepoint():
                        channel._tell(notice, address, text)
                except Exception:
                    # the letter itself has left by e-mail
                    _logger.warning(
                        "%s didn't take notice %s",
                        channel._name,
                        notice.id,
                        exc_info=True,
                    )
            self.env["ir.cron"]._commit_progress()

    def _find_reached(self):
        """Return (channel, address) of each by which the notice's person is reached."""
        self.ensure_one()
        reached = []
        for channel in self.env["hoithi.notice.channel"]._get_channels():
            try:
                with self.env.cr.savepoint():
                    address = channel._get_address(self)
            except Exception:
                # other addons know addresses: what fails there stops no letter
                _logger.warning(
                    "%s has no address for notice %s",
                    channel._name,
                    self.id,
                    exc_info=True,
                )
                continue
            if address:
                reached.append((channel, address))
        return reached

    def _get_message(self):
        """Return what a message says: that there is a letter, and where to go on."""
        self.ensure_one()
        env = self.with_context(lang=self.partner_id._hoithi_get_lang()).env
        return env._(
            "%(department)s: there is a letter of the innovation contest for you. Read "
            "it in your e-mail, or go on at %(link)s",
            department=self.company_id.name or env.company.name,
            link=f"{self.get_base_url()}/my/hoithi",
        )

    @api.model
    def _get_failing(self, company, state):
        """Return (count, since when, why) of letters that the server refused."""
        # only how many, since when and why
        [row] = self.sudo()._read_group(
            [
                ("company_id", "=", company.id),
                ("failing_since", "!=", False),
                ("state", "=", state),
            ],
            aggregates=["__count", "failing_since:min", "error:max"],
        )
        return row

    @api.model
    def _get_waiting_letters(self, company):
        """Hook: return (count, since when, why) of what waits for the mail server."""
        return [
            self._get_failing(company, "pending"),
            self.env["mail.mail"]._hoithi_get_waiting(company),
        ]

    @api.model
    def _get_mail_trouble(self, company):
        """Return what the Office has to know of letters that don't leave, or nothing.

        It stands on pages, as an e-mail about it wouldn't arrive either.
        """
        texts = []
        waiting = [row for row in self._get_waiting_letters(company) if row[0]]
        if waiting:
            counts, dates, errors = zip(*waiting, strict=True)
            texts.append(
                self.env._(
                    "The mail server has taken no e-mail since %(since)s. Waiting: "
                    "%(count)s. They are tried again by themselves; let the "
                    "administrator of the system look after the server: %(reason)s",
                    count=sum(counts),
                    since=moments.write_moment(
                        min(dates), company.partner_id.tz or moments.DEFAULT_TZ
                    ),
                    reason=self._get_last_line(max(error or "" for error in errors)),
                )
            )
        count, _since, error = self._get_failing(company, "failed")
        if count:
            texts.append(
                self.env._(
                    "Letters that did not leave as the mail server was away, and "
                    "aren't tried any more: %(count)s. Tell these people in "
                    "another way, or choose “Send again” in the outbox: %(reason)s",
                    count=count,
                    reason=self._get_last_line(error),
                )
            )
        return texts + self.env["mail.mail"]._hoithi_get_lost(company)

    @api.model
    def _get_last_line(self, error):
        """Return the line of what a server answered that says what is wrong."""
        return "".join((error or "").strip().splitlines()[-1:])

    @api.model
    def _note_bounce(self, references):
        """Record that e-mails came back.

        :param references: their Message-Ids
        """
        self._open_door().search(
            [("mail_reference", "in", references), ("state", "=", "sent")]
        ).write(
            {
                "state": "failed",
                "error": self.env._("The e-mail came back: check the address."),
            }
        )
