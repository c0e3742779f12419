from odoo import api, fields, models
from odoo.exceptions import UserError

from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import AWAITED, SELECTED, SENT, UNSENT, state_flag
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)


class HoithiNomination(models.Model):
    """What the department sends to the province, and what comes of it."""

    _name = "hoithi.nomination"
    _description = "Nomination"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "hoithi.workflow.mixin",
        "hoithi.preview.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "contest_id desc, id desc"

    _transitions = (
        Transition("draft", "sent", "action_send", SECRETARY),
        Transition("sent", "received", "action_receive", SECRETARY),
        Transition("sent", "returned", "action_return", SECRETARY, True),
        Transition("received", "returned", "action_return", SECRETARY, True),
        Transition("returned", "sent", "action_send", SECRETARY),
        Transition("sent", "decided", "action_decide", SECRETARY),
        Transition("received", "decided", "action_decide", SECRETARY),
    )

    _previews = {"action_send": "_preview_send", "action_decide": "_preview_decide"}

    _fixed_fields = {
        "is_sent": EVERYTHING,
        # results are entered until then
        "is_decided": {"decision_number", "decided_on", "line_ids"},
    }
    _open_fields = {"note"}
    _given_fields = {"contest_id"}

    name = fields.Char(compute="_compute_name", store=True)
    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    line_ids = fields.One2many("hoithi.nomination.line", "nomination_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("received", "Received"),
            ("returned", "Returned"),
            ("decided", "Decided"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    is_unsent = state_flag("Not with the Province", UNSENT)
    is_sent = state_flag("With the Province", SENT)
    is_decided = state_flag("Decided by the Province", ("decided",))
    is_awaited = state_flag("Awaiting a Decision", AWAITED)
    dispatch_number = fields.Char(
        tracking=True, copy=False, help="Number of the letter that it goes with."
    )
    sent_on = fields.Date(string="Dispatched on", tracking=True, copy=False)
    received_on = fields.Date(readonly=True, copy=False)
    returned_reason = fields.Text(readonly=True, copy=False)
    decided_on = fields.Date(copy=False, help="Date of the province's decision.")
    decision_number = fields.Char(
        copy=False, help="Number of the province's decision on awards."
    )
    note = fields.Text()

    @api.depends("contest_id.name", "dispatch_number")
    def _compute_name(self):
        for nomination in self:
            nomination.name = " – ".join(
                filter(None, [nomination.contest_id.name, nomination.dispatch_number])
            )

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(nomination.state != "draft" for nomination in self):
            raise UserError(self.env._("A nomination that was sent stays on record."))
        # their lines go with the lists
        self.line_ids.entry_id._check_no_rivals()

    # BOARD

    @api.model
    def _get_folded(self, counts):
        # empty columns leave their room to those that hold something
        return {state for state, count in counts.items() if not count}

    # ACTION

    def action_send(self):
        """Send the nomination: its lines are frozen, its entries nominated.

        :raises UserError: without a dispatch number, lines, or where an entry isn't
            selected (domain rule 30)
        """
        for nomination in self:
            nomination._check_sendable()
            # the secretary sends the whole list, also entries that a conflict hides
            entries_sudo = nomination.line_ids.entry_id.sudo()
            nomination.line_ids._take_snapshot()
            nomination.line_ids.filtered(lambda line: line.state != "listed")._move(
                "listed"
            )
            nomination._move(
                "sent",
                sent_on=nomination.sent_on or nomination.contest_id._get_today(),
                returned_reason=False,
            )
            selected_sudo = entries_sudo.filtered(lambda e: e.state == "selected")
            selected_sudo._move("nominated", nominated_on=fields.Datetime.now())
            selected_sudo._announce_authors("nominated")
        return True

    def action_ask_send(self):
        """Show what is sent and what keeps it, then ask."""
        self.ensure_one()
        self.check_access("write")
        return self._ask_act("action_send", self.env._("Send to the Province"))

    def _preview_send(self):
        """Return what sending the nomination now does."""
        self.ensure_one()
        self.check_access("write")
        entries = len(self.line_ids)
        return Preview(
            [
                self.env._("freezes the list of %s entries as it stands", entries),
                self.env._("makes its entries nominated, and tells their authors"),
            ],
            (self._try_check(self._check_sendable),),
        )

    def _check_sendable(self):
        self.ensure_one()
        self._check_transition("sent")
        self.contest_id._check_rules_fixed()
        self.line_ids._check_none_out()
        missing = []
        if not self.line_ids:
            missing.append(self.env._("at least one entry"))
        if not (self.dispatch_number or "").strip():
            missing.append(self.env._("the dispatch number"))
        if missing:
            raise UserError(self.env._("The nomination lacks: %s.", ", ".join(missing)))
        # the secretary sends the whole list, also entries that a conflict hides
        entries_sudo = self.line_ids.entry_id.sudo()
        elsewhere = (
            self.env["hoithi.nomination.line"]
            .sudo()
            .search(
                [
                    ("entry_id", "in", entries_sudo.ids),
                    ("nomination_id", "!=", self.id),
                    ("nomination_id.state", "not in", UNSENT),
                ]
            )
            .entry_id
        )
        unconfirmed = entries_sudo.filtered(
            lambda entry: entry.state == "selected"
        )._get_unratified()
        if unconfirmed:
            raise UserError(
                self.env._(
                    "The organising committee hasn't confirmed: %s. It does so in "
                    "a session of its own.",
                    unconfirmed.with_env(self.env)._join_known(),
                )
            )
        # one that comes back after a return is nominated already
        wrong = elsewhere | entries_sudo.filtered(
            lambda entry: entry.state not in SELECTED
        )
        if wrong:
            raise UserError(
                self.env._(
                    "Only selected entries are nominated, not: %s.",
                    ", ".join(wrong.mapped("display_name")),
                )
            )
        entries_sudo._check_no_doubt()

    def action_receive(self):
        """Record that the province received the nomination."""
        for nomination in self:
            nomination._move("received", received_on=nomination.contest_id._get_today())
        return True

    def action_ask_return(self):
        """Open the dialog that asks for what `action_return` needs."""
        return self._ask_reason("action_return", self.env._("Returned by Province"))

    def action_return(self, reason=None):
        """Record that the province returned the nomination to be put right.

        :param reason: what the province asks for
        """
        self._check_transition("returned")
        self.contest_id._check_not_competing()
        self._move("returned", returned_reason=self._clean_reason(reason))
        return True

    def action_decide(self):
        """Record the province's result: an award for each line that got one.

        :raises UserError: without the number of the decision, and where an own entry
            has a result
        """
        for nomination in self:
            nomination._check_decidable()
            awarded = nomination._get_awarded()
            nomination._move(
                "decided",
                decided_on=nomination.decided_on or nomination.contest_id._get_today(),
            )
            # as for sending: the list is recorded whole
            self.env["hoithi.award"].sudo().create(
                [
                    {
                        "entry_id": line.entry_id.id,
                        "level": "province",
                        "rank": line.result_rank,
                        "decision_number": nomination.decision_number,
                        "decision_date": nomination.decided_on,
                        "amount": line.amount,
                        "currency_id": line.currency_id.id,
                    }
                    for line in awarded
                ]
            )
            # authors hear of their award also where a conflict hides the entry
            awarded.entry_id.sudo()._announce_authors("award")
        return True

    def action_ask_decide(self):
        """Show which awards come of the result and what keeps it, then ask."""
        self.ensure_one()
        self.check_access("write")
        return self._ask_act("action_decide", self.env._("The Province's Decision"))

    def _preview_decide(self):
        """Return what recording the province's result now does."""
        self.ensure_one()
        self.check_access("write")
        awarded = len(self._get_awarded())
        effects = [
            self.env._("records %s awards of the province", awarded),
            self.env._("tells their authors"),
        ]
        remarks = []
        if without := len(self.line_ids) - awarded:
            remarks.append(
                self.env._("%s entries of the list have no award entered", without)
            )
        return Preview(
            effects, (self._try_check(self._check_decidable),), tuple(remarks)
        )

    def _check_decidable(self):
        self.ensure_one()
        self._check_transition("decided")
        if not (self.decision_number or "").strip():
            raise UserError(
                self.env._("Enter the number of the province's decision first.")
            )
        self.line_ids._check_none_out(even_handed_in=True)
        self._get_awarded().entry_id._check_not_own(may_be_named=True)
        # who got no award is decided by it as well
        self.contest_id._check_not_competing()

    def _get_awarded(self):
        return self.line_ids.filtered(
            lambda line: line.result_rank and line.result_rank != "none"
        )
