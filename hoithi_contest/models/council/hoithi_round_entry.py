from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..guard.hoithi_states import OUTBOX
from .hoithi_contest_council import SECRETARY
from .hoithi_ranking import SCORE_GROUPS


class HoithiRoundEntry(models.Model):
    """An entry in a round: what it got there, its votes, its turn to present.

    It stays when the contest goes on, so that who goes no further keeps the score.
    """

    _name = "hoithi.round.entry"
    _inherit = ["hoithi.guard.mixin", "hoithi.reason.mixin", "hoithi.clock.mixin"]
    _description = "Entry in a Round"
    _order = "round_id, sequence, id"
    _rec_name = "entry_name"

    _number_ranges = {"votes_for": (None, 1000), "votes_cast": (None, 1000)}
    _reason_methods = ("action_advance",)
    _role_fields = {
        name: (SECRETARY,)
        for name in ("votes_for", "votes_cast", "sequence", "presentation_start")
    }
    _fixed_fields = {"is_over": {"votes_for", "votes_cast"}}
    # members read the turns of a blind contest
    _counts_worked_out = False

    round_id = fields.Many2one(
        "hoithi.round", required=True, readonly=True, ondelete="restrict", index=True
    )
    contest_id = fields.Many2one(related="round_id.contest_id", store=True, index=True)
    company_id = fields.Many2one(related="round_id.company_id", store=True)
    is_over = fields.Boolean(related="round_id.is_over")
    entry_id = fields.Many2one(
        "hoithi.entry", required=True, readonly=True, ondelete="cascade", index=True
    )
    # what a member may know of the entry while the contest is blind
    entry_code = fields.Char(related="entry_id.code", string="Code")
    entry_name = fields.Char(related="entry_id.name", string="Title")
    field_id = fields.Many2one(related="entry_id.field_id")
    criteria_set_id = fields.Many2one(
        "hoithi.criteria.set",
        string="Scored by",
        compute="_compute_criteria_set",
        store=True,
    )
    sheet_count = fields.Integer(
        string="Sheets", compute="_compute_score", store=True, groups=SCORE_GROUPS
    )
    done_count = fields.Integer(
        string="Sheets in", compute="_compute_score", store=True, groups=SCORE_GROUPS
    )
    score = fields.Float(
        digits=(6, 2),
        compute="_compute_score",
        store=True,
        aggregator="avg",
        groups=SCORE_GROUPS,
        help="What the sheets of this round give.",
    )
    outcome = fields.Selection(
        [("present", "In this round"), ("advanced", "Went on"), ("stopped", "Stays")],
        compute="_compute_outcome",
        groups=SCORE_GROUPS,
    )
    is_stopped = fields.Boolean(
        related="entry_id.is_stopped", export_string_translation=False
    )
    votes_for = fields.Integer(
        string="Votes for", copy=False, groups=SCORE_GROUPS, aggregator=None
    )
    votes_cast = fields.Integer(
        string="Votes cast", copy=False, groups=SCORE_GROUPS, aggregator=None
    )
    sequence = fields.Integer(string="Turn", default=10)
    presentation_start = fields.Datetime(string="Presents at", copy=False)
    # the last change of a line would tell when a sheet came in
    presentation_set_on = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    _unique_pair = models.Constraint(
        "UNIQUE (round_id, entry_id)", "An entry is in a round once."
    )

    # CONSTRAINTS

    @api.constrains("votes_for", "votes_cast")
    def _check_votes(self):
        for line in self:
            if not 0 <= line.votes_for <= line.votes_cast:
                raise ValidationError(
                    self.env._(
                        "“%s”: no more votes can be for it than were cast.",
                        line.entry_name,
                    )
                )

    # COMPUTE

    @api.depends(
        "entry_id.field_id",
        "round_id.criteria_set_id",
        "round_id.contest_id.criteria_set_id",
        "round_id.contest_id.jury_ids.round_id",
        "round_id.contest_id.jury_ids.field_ids",
        "round_id.contest_id.jury_ids.criteria_set_id",
    )
    def _compute_criteria_set(self):
        for line in self:
            line.criteria_set_id = line.round_id.contest_id._get_set_of(
                line.entry_id.field_id, line.round_id
            )

    @api.depends(
        "entry_id.review_ids.state",
        "entry_id.review_ids.total",
        "entry_id.review_ids.round_id",
        "criteria_set_id",
    )
    def _compute_score(self):
        scores = self.env["hoithi.entry"]._read_round_scores(self._origin)
        for line in self:
            line.sheet_count, line.done_count, line.score = scores.get(
                line._origin.id, (0, 0, 0)
            )

    @api.depends("entry_id.round_id", "round_id.closed_on")
    def _compute_outcome(self):
        for line in self:
            if not line.round_id.closed_on:
                line.outcome = "present"
            else:
                same = line.entry_id.round_id == line.round_id
                line.outcome = "stopped" if same else "advanced"

    # CRUD

    def write(self, vals):
        if {"votes_for", "votes_cast", "presentation_start"} & set(vals):
            self.check_access("write")
            self.entry_id._check_no_rivals()
        if "presentation_start" not in vals:
            return super().write(vals)
        before = {line: line.presentation_start for line in self}
        result = super().write(vals)
        self.filtered(
            lambda line: line.presentation_start != before[line]
        )._tell_presentations()
        return result

    # ACTION

    def action_ask_advance(self):
        """Open the dialog that asks for what `action_advance` needs."""
        return self._ask_reason("action_advance", self.env._("Let It Go On"))

    def action_advance(self, reason=None):
        """Let entries that stopped in this round go on to the present one.

        The chair of a blind contest reads no entry, and acts on it here by its code.

        :param reason: recorded in the ledger
        :raises AccessError: for others than the chair of the council and the leaders
        :raises UserError: outside the review, or for entries that are in it already
        """
        self.check_access("read")
        # who decides needn't read the entry
        return self.entry_id._advance(reason)

    # BUSINESS

    def _get_highest(self):
        """Return the most that the sheets of the entry give in this round."""
        self.ensure_one()
        return self.criteria_set_id._get_highest(self.done_count)

    def _plan(self, start, minutes):
        """Give these entries their turns and times, one after the other."""
        for number, (line, moment) in enumerate(
            self._get_turns(start, minutes).items()
        ):
            line.write({"sequence": 10 * (number + 1), "presentation_start": moment})

    def _get_turns(self, start, minutes):
        """Return when each of these entries is presented: {line: moment (UTC)}."""
        return {
            line: start + timedelta(minutes=number * minutes)
            for number, line in enumerate(self.sorted(lambda l: (l.sequence, l.id)))
        }

    def _tell_presentations(self):
        """Tell authors when and where they present, or that it is another time now."""
        self._recall_presentations()
        # only when it was set: the server's own note
        self._open_door().presentation_set_on = fields.Datetime.now()
        for line in self.filtered("presentation_start"):
            # who plans may not read all entries
            entry_sudo = line.sudo().entry_id
            self.env["hoithi.notice"]._announce(
                "presentation_planned",
                {entry_sudo: entry_sudo._get_author_partners()},
                occasion=line._get_presentation_occasion(),
            )

    def _recall_presentations(self):
        """Let no letter go out any more that tells another time."""
        # who plans needn't read all entries, or letters
        notices_sudo = self.env["hoithi.notice"].sudo()._open_door()
        notices_sudo.search(
            [
                ("kind", "=", "presentation_planned"),
                ("res_model", "=", "hoithi.entry"),
                ("res_id", "in", self.sudo().entry_id.ids),
                ("state", "in", OUTBOX),
            ]
        ).write(
            {
                "state": "cancelled",
                "cancel_reason": self.env._(
                    "The time of the presentation is another now."
                ),
            }
        )

    def _get_presentation_occasion(self):
        """Return what tells this setting from others, also from the same before."""
        self.ensure_one()
        parts = (
            self.presentation_set_on,
            self.presentation_start,
            self.round_id.presentation_place or "",
        )
        return " ".join(map(str, parts))
