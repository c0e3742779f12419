from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import MissingError

from ...lib.guard import moments
from ...lib.notice import letters
from ..guard.hoithi_states import OUTBOX, RUNNING

#: What is told of a contest also when it has been cancelled.
OF_THE_END = ("contest_cancelled", "role_changed", "invariant", "ledger_anchor")


class HoithiNotice(models.Model):
    """Most notices are about a contest, and tell of it on its clock."""

    _inherit = "hoithi.notice"

    contest_id = fields.Many2one(
        "hoithi.contest",
        compute="_compute_contest_id",
        store=True,
        precompute=True,
        index=True,
    )
    stopped = fields.Boolean(
        readonly=True, help="It waited when its contest was cancelled."
    )

    # Who is told of an entry's sheets tells who reviews it: whom a conflict keeps from
    # the entry doesn't read its notices.
    entry_id = fields.Many2one(
        "hoithi.entry",
        compute="_compute_entry_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        export_string_translation=False,
    )

    @api.depends("res_model", "res_id")
    def _compute_entry_id(self):
        for model, notices in self.grouped("res_model").items():
            records = self.env.get(model)
            entries = {}
            if model == "hoithi.entry":
                records = self._get_noticed(records, notices, "contest_id")
                entries = {record.id: record.id for record in records}
            elif records is not None and "entry_id" in records._fields:
                records = self._get_noticed(records, notices, "entry_id")
                entries = {record.id: record.entry_id.id for record in records}
            for notice in notices:
                notice.entry_id = entries.get(notice.res_id, False)

    @api.depends("res_model", "res_id")
    def _compute_contest_id(self):
        for model, notices in self.grouped("res_model").items():
            records = self.env.get(model)
            contests = {}
            if model == "hoithi.contest":
                records = self._get_noticed(records, notices, "company_id")
                contests = {record.id: record.id for record in records}
            elif records is not None and "contest_id" in records._fields:
                records = self._get_noticed(records, notices, "contest_id")
                contests = {record.id: record.contest_id.id for record in records}
            for notice in notices:
                notice.contest_id = contests.get(notice.res_id, False)

    # BUSINESS

    @api.model
    def _get_noticed(self, records, notices, name):
        """Return what notices are about, with a field at hand, as superuser.

        Whoever records a notice has just read it: it is looked up only where it isn't
        at hand, or is gone.

        :param records: the empty recordset of its model
        """
        # a notice is recorded by the server, whatever it is about
        records_sudo = records.sudo().browse(set(notices.mapped("res_id")))
        try:
            records_sudo.mapped(name)
        except MissingError:
            return records_sudo.exists()
        return records_sudo

    def _get_record(self):
        """Return nothing of a draft that was deleted, though it can be put back."""
        record = super()._get_record()
        if record._name != "hoithi.entry":
            return record
        # that it isn't there is no secret to who has a letter about it
        return record.filtered(lambda entry: entry.sudo().active)

    def _get_own_text(self):
        """Return the letter to an author from outside without links to their portal."""
        texts = super()._get_own_text()
        if not self.partner_id.hoithi_is_of_letters:
            return texts
        body = texts.get("body_html")
        if body is None:
            template = self._get_template()
            res_id = self.id if template.model == self._name else self.res_id
            letter = template._generate_template([res_id], ("body_html",))[res_id]
            body = letter["body_html"]
        return {**texts, "body_html": Markup(letters.without_links(body, "/my/hoithi"))}

    # BUSINESS: A CONTEST THAT IS CALLED OFF

    def _stop(self, contests):
        """Let nothing go out any more of contests that have been cancelled."""
        self._open_door().search(
            [
                ("contest_id", "in", contests.ids),
                ("state", "in", OUTBOX),
                ("kind", "not in", OF_THE_END),
            ]
        ).write(
            {
                "state": "cancelled",
                "cancel_reason": self.env._("The contest has been cancelled."),
                "stopped": True,
            }
        )

    def _go_on(self, contests):
        """Let the letters wait again that a cancellation stopped."""
        stopped = self._open_door().search(
            [
                ("contest_id", "in", contests.ids),
                ("state", "=", "cancelled"),
                ("stopped", "=", True),
            ]
        )
        stopped.write({"state": "pending", "cancel_reason": False, "stopped": False})
        if stopped:
            self._wake()

    def _get_moot_reason(self):
        # what was recorded since the cancellation, by whatever came later
        if self.contest_id.state == "cancelled" and self.kind not in OF_THE_END:
            return self.env._("The contest has been cancelled.")
        return super()._get_moot_reason()

    def _get_contest_path(self):
        self.ensure_one()
        return f"/odoo/hoithi-contests/{self.contest_id.id}"

    def _get_path(self):
        if self.kind in (
            "escalation",
            "deadline_moved",
            "contest_cancelled",
            "contest_resumed",
        ):
            return self._get_contest_path()
        return super()._get_path()

    def _format_deadline(self):
        """Return the deadline as the clocks at the contest show it."""
        self.ensure_one()
        if not self.deadline:
            return ""
        anchor = self.rule_id._get_anchor()
        if anchor and anchor.is_day:
            return moments.write_day(
                moments.get_local(self.deadline, self.contest_id.tz)
            )
        return self.contest_id._format_moment(self.deadline)

    def _get_unit_names(self):
        """Return the reader's silent units, as they are now."""
        self.ensure_one()
        units = self.env["hoithi.notice.audience.silent_heads"]._get_units(
            self.contest_id
        )
        return units.get(self.partner_id, self.env["hr.department"]).mapped("name")

    def _count_to_confirm(self):
        """Return how many entries wait for the reader's confirmation now."""
        self.ensure_one()
        audience = self.env["hoithi.notice.audience.confirming_heads"]
        return audience._get_heads(self.contest_id).get(self.partner_id, 0)

    def _get_pending_work(self):
        """Return (contest, phrases) of what waits for the reader of a digest."""
        self.ensure_one()
        contests = self.env["hoithi.contest"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", RUNNING),
                ("secretary_ids.partner_id", "=", self.partner_id.id),
            ]
        )
        audience = self.env["hoithi.notice.audience.secretaries"]
        return [
            (contest, phrases)
            for contest, phrases in audience._get_pending_work(contests).items()
            if phrases
        ]
