import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class HoithiNotice(models.Model):
    """The ledger of what was told to whom: a notice is a fact, sent once."""

    _name = "hoithi.notice"
    _description = "Notice"
    _order = "id desc"

    kind = fields.Selection(
        [
            ("receipt", "Receipt"),
            ("share", "Share to confirm"),
            ("supplement", "Supplement requested"),
            ("eligible", "Eligible"),
            ("ineligible", "Ineligible"),
            ("nominated", "Nominated"),
            ("award", "Award"),
            ("review_assigned", "Review assigned"),
            ("review_reopened", "Sheet reopened"),
            ("deadline", "Reminder: registration"),
            ("supplement_deadline", "Reminder: supplement"),
            ("review_deadline", "Reminder: review"),
            ("adjudication", "Sheets diverge"),
            ("question_answered", "Question answered"),
            ("task_due", "Reminder: task of the plan"),
            ("task_overdue", "Task of the plan overdue"),
            ("overdue", "Phase overdue"),
            ("invariant", "Broken rule"),
        ],
        required=True,
        index=True,
    )
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    company_id = fields.Many2one("res.company", string="Department", index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, ondelete="cascade", index=True
    )
    occasion = fields.Char(
        required=True,
        default="-",
        help="Tells apart notices of one kind about one record, as the reminders "
        "before a deadline.",
    )
    sent_on = fields.Datetime(readonly=True)
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        index=True,
    )
    error = fields.Char(readonly=True)

    _unique_fact = models.Constraint(
        "UNIQUE (kind, res_model, res_id, partner_id, occasion)",
        "This person was told already.",
    )

    @api.depends("kind", "partner_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            # the reader of the ledger may see whom it tells of
            notice.display_name = (
                f"{kinds.get(notice.kind, '')} – {notice.partner_id.sudo().name}"
            )

    # ACTION

    def action_retry(self):
        """Send failed notices again, as after an address was put right."""
        self.check_access("read")
        # nobody may write a notice; sending a failed one again is all that's done here
        self.sudo().filtered(lambda notice: notice.state == "failed").write(
            {"state": "pending", "error": False}
        )
        # any user's act may wake the scheduled action, and do no more with it
        self.env.ref("hoithi_contest.cron_send_notices").sudo()._trigger()
        return True

    # BUSINESS

    @api.model
    def _announce(self, kind, recipients, occasion=""):
        """Record notices that weren't recorded yet; the cron sends them.

        :param kind: a key of the field `kind`
        :param recipients: {record: partners}, all records of one model
        :param occasion: tells apart several notices of one kind about one record
        :return: the new notices
        """
        # notices come from everybody's acts, and nobody may forge or read them
        ledger_sudo = self.sudo()
        occasion = occasion or "-"
        wanted = {
            (record, partner)
            for record, partners in recipients.items()
            for partner in partners
        }
        if not wanted:
            return ledger_sudo.browse()
        model = next(iter(wanted))[0]._name
        known = {
            (notice.res_id, notice.partner_id.id)
            for notice in ledger_sudo.search_fetch(
                [
                    ("kind", "=", kind),
                    ("res_model", "=", model),
                    ("res_id", "in", [record.id for record in recipients]),
                    ("occasion", "=", occasion),
                ],
                ["res_id", "partner_id"],
            )
        }
        notices = ledger_sudo.create(
            [
                {
                    "kind": kind,
                    "res_model": model,
                    "res_id": record.id,
                    "partner_id": partner.id,
                    "occasion": occasion,
                    "company_id": (
                        record.id if model == "res.company" else record.company_id.id
                    ),
                }
                for record, partner in sorted(
                    wanted, key=lambda pair: (pair[0].id, pair[1].id)
                )
                if (record.id, partner.id) not in known
            ]
        )
        if notices:
            self.env.ref("hoithi_contest.cron_send_notices").sudo()._trigger()
        return notices

    # CRON

    @api.model
    def _cron_send_notices(self, limit=200):
        """Record the reminders that are due, then send all that is pending.

        Each notice is marked in the transaction that queues its e-mail, so that a run
        that breaks off or overlaps with another sends nothing twice.
        """
        self._schedule_reminders()
        domain = [("state", "=", "pending")]
        notices = self.search(domain, limit=limit, order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for notice in notices:
            notice = notice[0].try_lock_for_update().filtered_domain(domain)
            if notice:
                notice._send()
            if not cron._commit_progress(1):
                break

    def _send(self):
        """Queue the e-mail of one notice in its reader's language."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            self.write({"state": "cancelled"})
            return
        if not self.partner_id.email:
            self.write(
                {"state": "failed", "error": self.env._("The person has no e-mail.")}
            )
            return
        template = self.env.ref(f"hoithi_contest.mail_template_{self.kind}")
        try:
            with self.env.cr.savepoint():
                template.with_context(
                    lang=self.partner_id.lang, hoithi_reader=self.partner_id.name
                ).send_mail(
                    record.id, email_values={"recipient_ids": self.partner_id.ids}
                )
        except Exception as error:
            _logger.warning("Notice %s could not be sent", self.id, exc_info=True)
            self.write({"state": "failed", "error": str(error)})
            return
        self.write({"state": "sent", "sent_on": fields.Datetime.now()})

    @api.model
    def _schedule_reminders(self):
        """Record the reminders before deadlines; after an outage only the latest.

        The occasion holds the deadline, so that an extended one reminds anew.
        """
        self.env["hoithi.plan.task"]._schedule_task_reminders()
        now = fields.Datetime.now()
        entries = self.env["hoithi.entry"].search(
            [
                "|",
                "&",
                ("state", "=", "draft"),
                ("contest_id.state", "=", "open"),
                "&",
                ("state", "=", "supplement"),
                ("contest_id.state", "in", ("open", "screening")),
            ]
        )
        reviews = self.env["hoithi.review"].search(
            [
                ("state", "in", ("assigned", "in_progress")),
                ("contest_id.state", "=", "review"),
            ]
        )
        due = [
            (
                "deadline",
                entry,
                entry.contest_id.registration_deadline,
                entry.representative_id.partner_id,
            )
            if entry.state == "draft"
            else (
                "supplement_deadline",
                entry,
                entry.supplement_due,
                entry.representative_id.partner_id,
            )
            for entry in entries
        ] + [
            ("review_deadline", review, review.due_date, review.user_id.partner_id)
            for review in reviews
        ]
        batches = {}
        for kind, record, deadline, partners in due:
            days = self._get_due_reminder(
                deadline, record.contest_id._get_reminder_days(), now
            )
            if days is not None:
                occasion = f"{deadline:%Y-%m-%d %H:%M} T-{days}"
                batches.setdefault((kind, occasion), {})[record] = partners
        for (kind, occasion), recipients in batches.items():
            self._announce(kind, recipients, occasion)

    @api.model
    def _get_due_reminder(self, deadline, reminder_days, now):
        """Return the days of the reminder that is due at `now`, or None.

        :param reminder_days: days before the deadline, fewest first
        """
        if not deadline or now >= deadline:
            return None
        for days in reminder_days:
            # the last day's reminder goes out half a day before, not as the door shuts
            if now >= deadline - (timedelta(days=days) or timedelta(hours=12)):
                return days
        return None
