from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError

from ...lib.council import scoring
from ..guard.hoithi_workflow_mixin import Transition


class HoithiAdjudication(models.Model):
    """Sheets of an entry that lie too far apart, and how that was settled.

    Opened by the rules of the contest as soon as two submitted sheets differ by more
    than its limit. The sheets stay as they are: a further member reviews the entry, or
    it goes back to the council with a reason. Until then the entry can't be selected
    and the council can't start.
    """

    _name = "hoithi.adjudication"
    _description = "Adjudication"
    _inherit = ["hoithi.workflow.mixin", "hoithi.clock.mixin"]
    _order = "state, opened_on desc, id desc"
    _rec_name = "entry_code"

    _transitions = (
        Transition("open", "resolved", "action_return_to_council", (), True),
    )

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, readonly=True, ondelete="restrict", index=True
    )
    contest_id = fields.Many2one(
        "hoithi.contest", related="entry_id.contest_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="entry_id.company_id", store=True, string="Department"
    )
    # what the chair may know of the entry while the contest is blind
    entry_code = fields.Char(related="entry_id.code", string="Code")
    entry_name = fields.Char(related="entry_id.name", string="Title", store=True)
    field_id = fields.Many2one(related="entry_id.field_id", store=True, index=True)
    state = fields.Selection(
        [("open", "Unresolved"), ("resolved", "Resolved")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        group_expand=True,
    )
    round_id = fields.Many2one(
        "hoithi.round",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="In which its sheets were given.",
    )
    opened_on = fields.Datetime(required=True, readonly=True)
    limit = fields.Float(digits=(6, 2), readonly=True, aggregator=None)
    spread = fields.Float(
        digits=(6, 2),
        readonly=True,
        aggregator="max",
        help="Points between the highest and the lowest sheet when it was opened.",
    )
    resolved_spread = fields.Float(
        string="Spread when resolved", digits=(6, 2), readonly=True, aggregator="max"
    )
    review_ids = fields.Many2many(
        "hoithi.review",
        string="Reviews when it was opened",
        readonly=True,
        groups="hoithi_contest.group_secretary",
    )
    resolution = fields.Selection(
        [
            ("third_reviewer", "A further reviewer"),
            ("council", "Back to the council"),
            ("lapsed", "The sheets no longer diverge"),
        ],
        readonly=True,
    )
    note = fields.Text(string="Reason", readonly=True)
    resolved_by = fields.Many2one("res.users", readonly=True)
    resolved_on = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex(
        "(entry_id) WHERE state = 'open'", "This entry is being adjudicated already."
    )
    _check_resolved = models.Constraint(
        "CHECK (state = 'open'"
        " OR (resolution IS NOT NULL AND resolved_on IS NOT NULL))",
        "A resolved adjudication tells how and when it was resolved.",
    )

    @api.depends("entry_id")
    def _compute_display_name(self):
        for adjudication in self:
            # code and title are all that the chair may know of a blind entry
            adjudication.display_name = adjudication.entry_id.sudo().display_name

    # ACTION

    def action_ask_return_to_council(self):
        """Open the dialog that asks for what `action_return_to_council` needs."""
        return self._ask_reason(
            "action_return_to_council", self.env._("Send Back to the Council")
        )

    def action_return_to_council(self, reason=None):
        """Leave the entry to the council as it is, for the secretary or the chair.

        :param reason: obligatory; recorded and shown to the council
        :raises AccessError: for other members
        :raises UserError: for whoever competes
        """
        self._check_transition("resolved")
        self.check_access("read")
        for adjudication in self:
            if not adjudication._is_presiding():
                raise AccessError(
                    self.env._(
                        "The secretary or the chair sends an entry back to the council."
                    )
                )
        # the chair of a blind contest reads no entry
        self.sudo().entry_id.with_env(self.env)._check_no_rivals()
        reason = self._clean_reason(reason)
        # nobody may change an adjudication but by its acts
        self.sudo()._resolve("council", self.env.user, reason)
        return True

    def action_assign_reviewer(self):
        """Open the dialog that proposes a further reviewer of these entries."""
        action = self.entry_id.action_assign_reviews()
        action["context"]["default_mode"] = "add"
        action["context"]["default_number"] = 1
        return action

    # BUSINESS

    def _is_presiding(self):
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group("hoithi_contest.group_secretary"):
            return True
        # who presides is asked also for users without a right on councils
        seats = self.contest_id.council_id.sudo().member_ids
        return (
            user in seats.filtered(lambda s: s.role in ("chair", "vice_chair")).user_id
        )

    @api.model
    def _follow(self, entries):
        """Open, resolve or drop adjudications as the sheets of `entries` are now.

        :param entries: with superuser rights, as sheets are submitted by members
        """
        # members whose sheets lead here have no right on entries or adjudications
        entries_sudo = entries.sudo()
        entries_sudo.adjudication_ids.fetch(
            ["state", "resolution", "resolved_spread", "round_id"]
        )
        for entry in entries_sudo:
            spread = scoring.to_decimal(entry.score_spread)
            limit = scoring.to_decimal(entry.contest_id.divergence_limit)
            current = entry.adjudication_ids.filtered(lambda a: a.state == "open")
            if current:
                # the rules resolve it, not the member whose sheet came last
                current.with_user(SUPERUSER_ID)._follow_sheets(spread)
                continue
            # what was settled isn't opened again, unless it grew; sheets of another
            # round are others
            settled = [
                scoring.to_decimal(adjudication.resolved_spread)
                for adjudication in entry.adjudication_ids
                if adjudication.resolution not in ("lapsed", "rescore")
                and adjudication.round_id == entry.round_id
            ]
            if (
                limit
                and entry.contest_id.state == "review"
                and spread > max([limit, *settled])
            ):
                self._open(entry)

    @api.model
    def _open(self, entry):
        """Open the adjudication of an entry and tell the secretaries."""
        # opened by the rules, not by the member whose sheet came last
        model = self.with_user(SUPERUSER_ID)
        adjudication = model.create(
            {
                "entry_id": entry.id,
                "round_id": entry.round_id.id,
                "opened_on": fields.Datetime.now(),
                "limit": entry.contest_id.divergence_limit,
                "spread": entry.score_spread,
                "review_ids": [fields.Command.set(entry.review_ids.ids)],
            }
        )
        adjudication._record("adjudication.opened")
        secretaries = entry._get_unhindered(entry.contest_id.secretary_ids)
        self.env["hoithi.notice"]._announce(
            "adjudication", {adjudication: secretaries.partner_id}
        )

    def _follow_sheets(self, spread):
        """Resolve an open one when a further member's sheet is in."""
        self.ensure_one()
        submitted = self.entry_id.review_ids.filtered(lambda r: r.state == "submitted")
        if submitted - self.review_ids:
            self._resolve("third_reviewer", self.env["res.users"])
        elif spread <= scoring.to_decimal(self.limit):
            self._resolve("lapsed", self.env["res.users"])

    def _resolve(self, resolution, user, note=False):
        for adjudication in self:
            adjudication._move(
                "resolved",
                resolution=resolution,
                note=note,
                resolved_by=user.id,
                resolved_on=fields.Datetime.now(),
                resolved_spread=adjudication.entry_id.score_spread,
            )
            adjudication._record(
                "adjudication.resolved", resolution=resolution, reason=note or ""
            )

    def _record(self, event, **payload):
        """Append an event to the score ledger; the points stay with the sheets."""
        self.ensure_one()
        self.env["hoithi.ledger"]._append(
            self.contest_id, event, self, payload, self.entry_id
        )
