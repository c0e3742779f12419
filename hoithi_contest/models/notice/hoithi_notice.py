import logging
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import mute_logger

from ...lib.guard import working_days
from ...tools import LAYOUT
from ..guard.hoithi_states import OUTBOX, UNDELIVERED, state_flag

_logger = logging.getLogger(__name__)

SECRETARY = "hoithi_contest.group_secretary"

#: What goes out at once, whatever the schedule says, and nobody holds, changes or
#: cancels: it may be about who keeps the outbox.
UNSTOPPABLE = ("role_changed",)

#: What holds a link that is its reader's right: nobody else is shown the letter.
PRIVATE = ("share_link",)

#: Notices that are recorded in one statement.
BATCH = 500
#: Hours in which a reminder that somebody sends by hand, and that no rule has hours
#: for, goes out.
DAY = (7, 21)
#: Any number that nothing else in the database locks by.
SCHEDULE_LOCK = 0x486F6974


class HoithiNotice(models.Model):
    """The ledger of what was told to whom: a notice is a fact, sent once.

    What isn't sent yet is the outbox: it can be read, held, edited and cancelled. Each
    act is the secretary's and goes through a method; nobody writes a notice.
    """

    _name = "hoithi.notice"
    _inherit = [
        "hoithi.reason.mixin",
        "hoithi.guard.mixin",
        "hoithi.clock.mixin",
    ]
    _description = "Notice"
    _order = "id desc"

    _reason_methods = ("action_cancel",)

    kind = fields.Selection("_get_kinds", required=True, index=True)
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    company_id = fields.Many2one("res.company", string="Department", index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, ondelete="cascade", index=True
    )
    about_partner_id = fields.Many2one(
        "res.partner",
        string="About",
        ondelete="cascade",
        readonly=True,
        index="btree_not_null",
        help="The person of whom a unit head is told.",
    )
    occasion = fields.Char(
        required=True,
        default="-",
        help="Tells apart notices of one kind about one record, as the reminders "
        "before a deadline.",
    )
    rule_id = fields.Many2one(
        "hoithi.notice.rule",
        string="Schedule",
        ondelete="set null",
        readonly=True,
        index="btree_not_null",
        help="The rule of the schedule that it comes from.",
    )
    deadline = fields.Datetime(readonly=True)

    # outbox
    send_after = fields.Datetime(
        string="Not before",
        readonly=True,
        help="It goes out in the hours that its rule allows.",
    )
    edited_on = fields.Datetime(string="Edited on", readonly=True)
    edited_by_id = fields.Many2one("res.users", string="Edited by", readonly=True)
    # What was written for this one notice is shown to who may see its record, by the
    # preview alone.
    edited_subject = fields.Char(groups=NO_ACCESS, export_string_translation=False)
    edited_body = fields.Html(groups=NO_ACCESS, export_string_translation=False)
    preview_subject = fields.Char(string="Heading", compute="_compute_preview")
    preview_body = fields.Html(
        string="Message", compute="_compute_preview", sanitize=False
    )
    preview_note = fields.Char(
        compute="_compute_preview", export_string_translation=False
    )

    # delivery
    sent_on = fields.Datetime(readonly=True)
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("held", "Held"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        index=True,
        group_expand=True,
    )
    is_in_outbox = state_flag("In the Outbox", OUTBOX)
    is_undelivered = state_flag("Not Delivered", UNDELIVERED)
    error = fields.Char(readonly=True)
    cancel_reason = fields.Char(readonly=True)

    _unique_fact = models.Constraint(
        "UNIQUE (kind, res_model, res_id, partner_id, occasion)",
        "This person was told already.",
    )
    _outbox_index = models.Index("(id) WHERE state = 'pending'")
    _failing_index = models.Index("(company_id) WHERE failing_since IS NOT NULL")

    # SELECTION

    @api.model
    def _get_kinds(self):
        """Return the kinds: what happens, and what the audiences are reminded of."""
        kinds = {
            "receipt": self.env._("Receipt"),
            "share": self.env._("Share to confirm"),
            "share_link": self.env._("Share to confirm by a link"),
            "declined": self.env._("Co-author declined"),
            "taken_out": self.env._("Authors changed"),
            "supplement": self.env._("Supplement requested"),
            "supplement_undone": self.env._("Request taken back"),
            "eligible": self.env._("Eligible"),
            "ineligible": self.env._("Ineligible"),
            "screening_undone": self.env._("Screening undone"),
            "nominated": self.env._("Nominated"),
            "returned": self.env._("Back for more papers"),
            "return_ended": self.env._("No more papers asked for"),
            "resent": self.env._("Sent to the province again"),
            "award": self.env._("Award"),
            "decision_asked": self.env._("Reopening to confirm"),
            "decision_denied": self.env._("Reopening not confirmed"),
            "decision_reopened": self.env._("Decision is reopened"),
            "decision_changed": self.env._("Reopened decision"),
            "decision_kept": self.env._("Reopened decision stays as it was"),
            "objections_opened": self.env._("Results open to objections"),
            "objections_extended": self.env._("More time for objections"),
            "objection_withdrawn": self.env._("Objection taken back"),
            "objection_proposed": self.env._("Objection to decide"),
            "objection_answered": self.env._("Objection answered"),
            "field_changed": self.env._("Field changed"),
            "won_before": self.env._("Has won before"),
            "limits_waived": self.env._("Let in beyond the limits"),
            "representative_changed": self.env._("Representative changed"),
            "paper_registered": self.env._("Paper dossier taken in"),
            "put_again": self.env._("Put to the council again"),
            "disqualified": self.env._("Disqualified"),
            "reinstated": self.env._("Back in the contest"),
            "registration_reopened": self.env._("Registration reopened"),
            "deadline_moved": self.env._("Deadline moved"),
            "round_advanced": self.env._("On to the next round"),
            "round_stopped": self.env._("Not in the next round"),
            "round_taken_back": self.env._("Round taken back"),
            "round_moved": self.env._("Deadline of a round moved"),
            "presentation_planned": self.env._("Time of the presentation"),
            "contest_cancelled": self.env._("Contest cancelled"),
            "contest_resumed": self.env._("Contest taken up again"),
            "review_assigned": self.env._("Review assigned"),
            "review_reopened": self.env._("Sheet reopened"),
            "sheet_doubted": self.env._("Conflict to decide"),
            "adjudication": self.env._("Sheets diverge"),
            "chair_changed": self.env._("Another chair"),
            "question_answered": self.env._("Question answered"),
            "overdue": self.env._("Phase overdue"),
            "logins_asked": self.env._("Logins to confirm"),
            "logins_united": self.env._("Logins of one person"),
            "logins_parted": self.env._("Logins of two persons again"),
            "unit_changed": self.env._("Units changed"),
            "unit_planned": self.env._("Change of units planned"),
            "unit_plan_cancelled": self.env._("Change of units called off"),
            "unit_change_stuck": self.env._("Change of units waits"),
            "role_changed": self.env._("Roles changed"),
            "invariant": self.env._("Broken rule"),
            "ledger_anchor": self.env._("End of the score ledger"),
            "escalation": self.env._("Escalation to the unit head"),
        }
        for audience in self.env["hoithi.notice.audience"]._get_audiences().values():
            kinds |= audience._get_kinds()
        return list(kinds.items())

    # COMPUTE

    @api.depends("kind", "partner_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            # the reader of the ledger may see whom it tells of
            notice.display_name = (
                f"{kinds.get(notice.kind, '')} – {notice.partner_id.sudo().name}"
            )

    @api.depends_context("uid")
    @api.depends("kind", "res_id", "partner_id", "edited_on", "state")
    def _compute_preview(self):
        for notice in self:
            notice.preview_subject = notice.preview_body = False
            notice.preview_note = notice._get_preview_gap()
            if not notice.preview_note:
                # the letter is made by the server's right, for its reader; the gap has
                # made sure that who looks at it may see what it is about
                letter = notice.sudo()._compose()
                notice.preview_subject = letter["subject"]
                notice.preview_body = letter["body_html"]

    # ACTION

    def action_hold(self):
        """Keep pending notices in the outbox until they are released.

        :raises AccessError: for others than the secretary
        :raises UserError: where one has left the outbox
        """
        self._take_from_outbox(OUTBOX).state = "held"
        return True

    def action_release(self):
        """Let held notices go out.

        :raises AccessError: for others than the secretary
        :raises UserError: where one has left the outbox
        """
        self._take_from_outbox(OUTBOX).state = "pending"
        self._wake()
        return True

    def action_hold_selected(self):
        """Keep of these notices those that wait, and tell of the others.

        :return: a notice of what was done
        """
        return self._do_what_can_be_done("action_hold", "held")

    def action_release_selected(self):
        """Let go out of these notices those that may, and tell of the others.

        :return: a notice of what was done
        """
        return self._do_what_can_be_done("action_release", "pending")

    def action_retry_selected(self):
        """Send again of these notices those that failed, and tell of the others.

        :return: a notice of what was done
        """
        self.check_access("read")
        failed = self.filtered(lambda notice: notice.state == "failed")
        reason = self.env._("It hasn't failed.")
        return failed._do_what_can_be_done(
            "action_retry", "pending", [(other, reason) for other in self - failed]
        )

    def action_ask_cancel(self):
        """Open the dialog that asks for what `action_cancel` needs."""
        if len(self) == 1:
            # of several the dialog says afterwards which weren't there any more
            self._take_from_outbox(UNDELIVERED)
        return self._ask_reason("action_cancel", self.env._("Cancel the notices"))

    def action_cancel(self, reason=None):
        """Take notices out of the outbox for good; they won't be recorded again.

        :param reason: kept with the notice
        :raises AccessError: for others than the secretary
        :raises UserError: where one was sent or cancelled
        """
        notices_sudo = self._take_from_outbox(UNDELIVERED)
        notices_sudo.write(
            {"state": "cancelled", "cancel_reason": self._clean_reason(reason)}
        )
        return True

    def action_edit(self):
        """Open the dialog in which this one letter is changed before it goes out."""
        self.ensure_one()
        self._take_from_outbox(OUTBOX)
        gap = self._get_preview_gap()
        if gap:
            raise UserError(gap)
        wizard = self.env["hoithi.notice.edit"].create(
            {
                "notice_id": self.id,
                "subject": self.preview_subject,
                "body": self.preview_body,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Edit the letter"),
            "res_model": "hoithi.notice.edit",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_retry(self):
        """Send failed notices again, as after an address was put right."""
        self.check_access("read")
        # nobody may write a notice; sending a failed one again is all that's done here
        failed_sudo = (
            self.sudo()._open_door().filtered(lambda notice: notice.state == "failed")
        )
        # an e-mail that failed could still be sent by its own queue, and arrive twice
        failed_sudo.mail_id.filtered(lambda mail: mail.state != "sent").unlink()
        failed_sudo.write(
            {
                "state": "pending",
                "error": False,
                "send_after": False,
                "failing_since": False,
                "tries": 0,
            }
        )
        self._wake()
        return True

    @api.model
    def _trigger_once(self, cron, at=None):
        """Have a scheduled action run; once for all who ask for a moment.

        :param cron: name of its external id, with the module where it isn't ours
        :param at: moment (UTC); by default at once
        """
        # any user's act may wake the scheduled action, and do no more with it
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            cron if "." in cron else f"hoithi_contest.{cron}", raise_if_not_found=True
        )
        cron_sudo = self.env["ir.cron"].sudo().browse(cron_id)
        if at is None:
            cron_sudo._trigger()
            return
        # a server that is away fails hundreds of letters, which need one call
        at = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
        planned_sudo = cron_sudo.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", cron_sudo.id), ("call_at", "=", at)], limit=1
        )
        if not planned_sudo:
            cron_sudo._trigger(at)

    def _take_from_outbox(self, states):
        """Return the notices with the right to write them, once that is checked."""
        self.check_access("read")
        if not self.env.user.has_group(SECRETARY):
            raise AccessError(
                self.env._("The outbox is for the secretary of the contest to keep.")
            )
        for notice in self:
            if notice.kind in UNSTOPPABLE and notice.state != "failed":
                raise UserError(
                    self.env._(
                        "“%s” goes out as it is: nobody holds, changes or cancels what "
                        "is told of roles.",
                        notice.display_name,
                    )
                )
            if notice.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "“%(notice)s” is no longer in the outbox: %(state)s.",
                        notice=notice.display_name,
                        state=labels[notice.state],
                    )
                )
        # nobody has a right to write notices but by these acts
        return self.sudo()._open_door()

    def _set_letter(self, subject, body):
        """Keep the text that was written for this one notice."""
        self.ensure_one()
        notice_sudo = self._take_from_outbox(OUTBOX)
        gap = self._get_preview_gap()
        if gap:
            raise UserError(gap)
        notice_sudo.write(
            {
                "edited_subject": subject,
                "edited_body": body,
                "edited_on": fields.Datetime.now(),
                "edited_by_id": self.env.uid,
            }
        )

    # BUSINESS: RECORDING

    @api.model
    def _announce(self, kind, recipients, occasion="", by_day=False, is_fresh=False):
        """Record notices that weren't recorded yet; the cron sends them.

        :param kind: a key of the field `kind`
        :param recipients: {record: partners}, all records of one model
        :param occasion: tells apart several notices of one kind about one record
        :param by_day: whether they keep the night, as reminders do
        :param is_fresh: whether the occasion is one of this moment, of which hardly
            anything is recorded yet
        :return: the new notices
        """
        return self._record(
            [
                self._get_fact(
                    kind,
                    record,
                    partner,
                    occasion,
                    **({"send_after": self._get_morning(record)} if by_day else {}),
                )
                for record, partners in recipients.items()
                for partner in partners
            ],
            is_fresh=is_fresh,
        )

    @api.model
    def _get_morning(self, record):
        """Return when the night at a record's contest ends (UTC), or False by day."""
        now = fields.Datetime.now().replace(tzinfo=UTC)
        moment = now.astimezone(ZoneInfo(record.clock_tz))
        allowed = working_days.fit_window(moment, *DAY)
        return (
            allowed.astimezone(UTC).replace(tzinfo=None) if allowed > moment else False
        )

    @api.model
    def _get_fact(self, kind, record, partner, occasion="", **values):
        """Return the values of one notice."""
        is_company = record._name == "res.company"
        return {
            "kind": kind,
            "res_model": record._name,
            "res_id": record.id,
            "partner_id": partner.id,
            "occasion": occasion or "-",
            "company_id": record.id if is_company else record.company_id.id,
            **values,
        }

    @api.model
    def _record(self, facts, is_fresh=False):
        """Create the notices of `facts` that aren't in the ledger; return those.

        :param is_fresh: whether the ledger hardly holds one: it isn't asked before
        """
        # notices come from everybody's acts, and nobody may forge or read them
        ledger_sudo = self.sudo()._open_door()
        notices_sudo = ledger_sudo.browse()
        facts = {self._get_key(fact): fact for fact in facts}
        keys = sorted(facts)
        for start in range(0, len(keys), BATCH):
            batch = [facts[key] for key in keys[start : start + BATCH]]
            known = () if is_fresh else ledger_sudo._find_known(batch)
            batch = [fact for fact in batch if self._get_key(fact) not in known]
            ledger_sudo._apply_event_rules(batch)
            notices_sudo += ledger_sudo._create_unless_known(batch)
        if notices_sudo:
            self._wake()
        return notices_sudo

    @api.model
    def _get_key(self, fact):
        return (
            fact["kind"],
            fact["res_model"],
            fact["res_id"],
            fact["partner_id"],
            fact["occasion"],
        )

    @api.model
    def _find_known(self, facts):
        """Return the keys of `facts` that the ledger holds already."""
        rows = self.search_fetch(
            [
                (name, "in", list({fact[name] for fact in facts}))
                for name in ("kind", "res_model", "res_id", "partner_id", "occasion")
            ],
            ["kind", "res_model", "res_id", "partner_id", "occasion"],
        )
        return {
            (row.kind, row.res_model, row.res_id, row.partner_id.id, row.occasion)
            for row in rows
        }

    @api.model
    def _apply_event_rules(self, facts):
        """Hold what the schedule wants to be looked at first, keep its hours."""
        events = [
            fact
            for fact in facts
            if not fact.get("rule_id") and fact["kind"] not in UNSTOPPABLE
        ]
        if not events:
            return
        rules = self.env["hoithi.notice.rule"]._get_event_rules(
            {fact["kind"] for fact in events}
        )
        if not rules:
            return
        now = fields.Datetime.now()
        for fact in events:
            rule = rules.get((fact["kind"], fact["company_id"])) or rules.get(
                (fact["kind"], False)
            )
            if rule:
                company = self.env["res.company"].browse(fact["company_id"])
                fact.update(rule._get_outbox_values(now, company))

    @api.model
    def _create_unless_known(self, facts):
        """Create notices; what another transaction records meanwhile is left to it."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create(facts)
        except IntegrityError:
            if len(facts) == 1:
                return self.browse()
        # one of many was there: find it by halves, each again a transaction's part
        middle = len(facts) // 2
        return self._create_unless_known(facts[:middle]) + self._create_unless_known(
            facts[middle:]
        )

    # BUSINESS: LETTER

    def _get_preview_gap(self):
        """Return why the reader can't be shown this letter, or an empty text."""
        self.ensure_one()
        record = self._get_record()
        if not record:
            return self.env._("What it is about has been deleted.")
        if not record.has_access("read"):
            return self.env._("What it is about isn't yours to see.")
        if self.kind in PRIVATE and self.partner_id != self.env.user.partner_id:
            return self.env._(
                "The letter holds a link that is for its reader alone: it isn't shown "
                "to others."
            )
        return ""

    def _get_record(self):
        """Return what the notice is about, with the caller's rights, if it exists."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    def _get_template(self):
        lang = self.partner_id._hoithi_get_lang()
        return self.env.ref(f"hoithi_contest.mail_template_{self.kind}").with_context(
            lang=lang,
            # the reader's, whatever contact what it is about may have
            template_preview_lang=lang,
            hoithi_reader=self.partner_id.name,
            hoithi_letter=self.with_context(lang=lang)._get_letter_facts(),
        )

    def _compose(self):
        """Return subject and body of the letter in its reader's language.

        What was written for this notice comes before the text of its rule, and that
        before the template of its kind.
        """
        self.ensure_one()
        template = self._get_template()
        res_id = self.id if template.model == self._name else self.res_id
        letter = template._generate_template([res_id], ("subject", "body_html"))[res_id]
        return {
            "subject": letter.get("subject"),
            "body_html": letter.get("body_html"),
            **self._get_own_text(),
        }

    def _get_own_text(self):
        """Return the parts of the letter that aren't its template's."""
        self.ensure_one()
        rule = self.rule_id.with_context(lang=self.partner_id._hoithi_get_lang())
        texts = rule._fill(self) if rule else {}
        if self.edited_on:
            texts |= {"subject": self.edited_subject, "body_html": self.edited_body}
        return texts

    def _get_letter_facts(self):
        """Hook: return what the frame of the letter tells besides its text."""
        return {}

    def _get_audience(self):
        """Return the audience of a reminder, also of one whose rule has gone."""
        self.ensure_one()
        audiences = self.env["hoithi.notice.audience"]._get_audiences()
        if self.rule_id.audience in audiences:
            return audiences[self.rule_id.audience]
        return next(
            (one for one in audiences.values() if self.kind in one._get_kinds()),
            self.env["hoithi.notice.audience"],
        )

    def _get_path(self):
        """Return where the reader goes on from the letter."""
        return self._get_audience()._get_path(self)

    def _get_anchor_label(self):
        """Return the name of the date that the notice is about."""
        self.ensure_one()
        anchor = self.rule_id._get_anchor()
        return anchor.label if anchor else ""

    def _get_reminded_of(self):
        """Return what the person of an escalation was reminded of."""
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return labels.get(self.rule_id.kind, "")

    # CRON

    @api.model
    def _cron_send_notices(self, limit=200):
        """Record the reminders that are due, then send all that is pending.

        Each notice is marked in the transaction that queues its e-mail, so that a run
        that breaks off or overlaps with another sends nothing twice.
        """
        # what it notes of letters is for the Office to read
        outbox = self.with_context(lang=self.env["res.lang"]._hoithi_get_default())
        cron = self.env["ir.cron"]
        # a lock and a view of the data that are both of this moment
        cron._commit_progress()
        if outbox._lock_schedule():
            outbox._note_lost_letters()
            outbox._schedule_reminders()
        domain = [
            ("state", "=", "pending"),
            "|",
            ("send_after", "=", False),
            ("send_after", "<=", fields.Datetime.now()),
        ]
        notices = outbox.search(domain, limit=limit, order="id")
        cron._commit_progress(remaining=self.search_count(domain))
        for notice in notices:
            try:
                notice = notice[0].try_lock_for_update().filtered_domain(domain)
                if notice:
                    notice._send_or_tell()
                    notice.flush_recordset()
            except SerializationFailure:
                # another run has just sent it, and tells of it
                self.env.cr.rollback()
                notice = notice.browse()
            has_time = cron._commit_progress(1)
            notice._tell_elsewhere()
            if not has_time:
                break

    def _send_or_tell(self):
        """Queue the e-mail of one notice, or record why that isn't possible."""
        try:
            with self.env.cr.savepoint():
                self._send()
        except SerializationFailure:
            raise
        except Exception as error:
            # one that can't be made mustn't keep all others waiting behind it
            _logger.warning("Notice %s could not be sent", self.id, exc_info=True)
            self.write({"state": "failed", "error": str(error)})

    def _send(self):
        """Queue the e-mail of one notice in its reader's language."""
        self.ensure_one()
        record = self._get_record()
        if not record:
            text = self.env._("What it is about has been deleted.")
            self.write({"state": "cancelled", "cancel_reason": text})
            return
        # an e-mail that failed could still be sent by its own queue, and arrive twice
        self.mail_id.filtered(lambda mail: mail.state != "sent").unlink()
        moot = self._get_moot_reason()
        if moot:
            self.write({"state": "cancelled", "cancel_reason": moot})
            return
        if self._is_too_late():
            text = self.env._("The deadline passed while it waited.")
            if self.failing_since:
                error = " ".join(filter(None, [text, self.error]))
                self.write({"state": "failed", "error": error})
            else:
                self.write({"state": "cancelled", "cancel_reason": text})
            return
        if not self.partner_id.email:
            self.write(
                {"state": "failed", "error": self.env._("The person has no e-mail.")}
            )
            return
        template = self._get_template()._hoithi_by_server()
        company = self.company_id or self.env.company
        mail_id = template.send_mail(
            self.id if template.model == self._name else self.res_id,
            email_values={
                "recipient_ids": self.partner_id.ids,
                # until it has left, whoever reads the record would read whom the
                # letter is to
                "model": self._name,
                "res_id": self.id,
                **company._hoithi_get_envelope(record),
                **self._get_own_text(),
            },
            email_layout_xmlid=LAYOUT,
        )
        mail = self.env["mail.mail"].browse(mail_id)
        self.write(
            {
                "state": "sent",
                "sent_on": fields.Datetime.now(),
                "mail_id": mail.id,
                "mail_reference": mail.message_id,
                "delivered_on": False,
            }
        )

    def _get_moot_reason(self):
        """Return why a reminder that waited has nothing to remind of any more."""
        self.ensure_one()
        rule = self.rule_id
        if not rule or self.kind in ("escalation", "digest"):
            return ""
        if not self._get_audience()._is_still_due(self):
            return self.env._("It was done, or its deadline moved, while it waited.")
        return ""

    def _is_too_late(self):
        """Tell whether the deadline passed that a letter reminds of."""
        self.ensure_one()
        last = self.kind not in ("escalation", "digest") and self._get_last_moment()
        return bool(last) and last <= fields.Datetime.now()

    @api.model
    def _lock_schedule(self):
        """Tell whether this run may record reminders; one at a time does."""
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s)", [SCHEDULE_LOCK])
        return self.env.cr.fetchone()[0]

    @api.model
    def _schedule_reminders(self):
        """Record the reminders that are due by the schedule.

        After an outage only the latest of a rule is. The occasion holds the deadline,
        so that an extended one reminds anew.
        """
        for audience in self.env["hoithi.notice.audience"]._get_audiences().values():
            audience._prepare()
        now = fields.Datetime.now()
        for rule in self.env["hoithi.notice.rule"].search([("trigger", "=", "date")]):
            try:
                with self.env.cr.savepoint():
                    self._record(rule._get_due_facts(now))
            except SerializationFailure:
                raise
            except Exception:
                # one rule that can't be followed doesn't silence the others
                _logger.warning("Rule %s was left out", rule.id, exc_info=True)
