from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..guard.hoithi_clock_mixin import Deadline
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import AWAITED
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_award import get_currency

SECRETARY = ("hoithi_contest.group_secretary",)
#: What the province says of an entry, which nobody who competes enters.
_RESULT = {"result_rank", "amount", "currency_id"}


class HoithiNominationLine(models.Model):
    """A nominated entry, as it was when the nomination was sent."""

    _name = "hoithi.nomination.line"
    _inherit = [
        "hoithi.standing.mixin",
        "hoithi.workflow.mixin",
        "hoithi.clock.mixin",
        "hoithi.prize.kind.mixin",
    ]
    _description = "Nominated Entry"
    _clock_path = "nomination_id.contest_id"
    _kind_field = "result_rank"
    _order = "nomination_id, sequence, id"
    _rec_name = "entry_name"

    # a list that is drafted by the places has the place in its order
    _standing_fields = frozenset({"average_score", "score_formula", "sequence"})

    _transitions = (
        # asked again before the papers came in: more time, or other papers
        *(
            Transition(state, "returned", "action_return", SECRETARY, True)
            for state in ("listed", "returned", "supplemented")
        ),
        Transition("returned", "supplemented"),
        Transition("returned", "listed", "action_end_return", SECRETARY, True),
        Transition("supplemented", "listed", "action_resend", SECRETARY),
    )

    _fixed_fields = {
        "is_sent": EVERYTHING,
        "is_result_fixed": {"result_rank", "amount", "currency_id"},
    }
    _fixed_rows = ("is_sent",)

    nomination_id = fields.Many2one(
        "hoithi.nomination", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="nomination_id.company_id", store=True)
    is_sent = fields.Boolean(related="nomination_id.is_sent")
    is_decided = fields.Boolean(related="nomination_id.is_decided")
    is_result_fixed = fields.Boolean(
        compute="_compute_is_result_fixed",
        help="The province has decided, and no later decision reopens it.",
    )
    contest_id = fields.Many2one(related="nomination_id.contest_id")
    entry_id = fields.Many2one(
        "hoithi.entry",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('contest_id', '=', contest_id), ('state', '=', 'selected')]",
    )
    sequence = fields.Integer(default=10)
    reason = fields.Text()
    entry_code = fields.Char(string="Code", readonly=True)
    entry_name = fields.Char(string="Title", readonly=True)
    author_names = fields.Char(string="Authors", readonly=True)
    department_name = fields.Char(string="Unit", readonly=True)
    field_name = fields.Char(string="Field", readonly=True)
    average_score = fields.Float(string="Score", digits=(6, 2), readonly=True)
    score_formula = fields.Char(
        string="How the total came about", compute="_compute_score_formula"
    )
    state = fields.Selection(
        [
            ("listed", "On the list"),
            ("returned", "Back for more papers"),
            ("supplemented", "Papers are in"),
        ],
        string="With the province",
        default="listed",
        required=True,
        copy=False,
    )
    returned_on = fields.Datetime(string="Came back on", readonly=True, copy=False)
    returned_reason = fields.Text(
        string="Asked for by the province", readonly=True, copy=False
    )
    returned_due = Deadline(string="Papers due", readonly=True, copy=False)
    supplemented_on = fields.Datetime(
        string="Papers came in on", readonly=True, copy=False
    )
    resent_on = fields.Datetime(string="Sent again on", readonly=True, copy=False)
    result_rank = fields.Selection("_get_results", string="Result at the province")
    amount = fields.Monetary(string="Prize money")
    currency_id = fields.Many2one("res.currency", required=True, default=get_currency)

    _unique_entry = models.Constraint(
        "UNIQUE (nomination_id, entry_id)", "An entry is nominated once in a list."
    )

    @api.model
    def _get_results(self):
        # a list names solutions; who of the authors wins something, is no result of it
        ranks = self.env["hoithi.prize.kind"]._get_ranks("entry")
        return [*ranks, ("none", self.env._("No prize"))]

    @api.depends("average_score", "entry_id.score_formula")
    @api.depends_context("lang")
    def _compute_score_formula(self):
        for line in self:
            line.score_formula = line._get_current().score_formula

    @api.depends("nomination_id.state")
    def _compute_is_result_fixed(self):
        reopenings = self.env["hoithi.reopening"]
        reopened = reopenings._get_reopened("nomination", self._origin)
        for line in self:
            line.is_result_fixed = line.is_decided and line._origin not in reopened

    @api.constrains("entry_id", "nomination_id")
    def _check_same_contest(self):
        for line in self:
            # a conflict may hide an entry of the list
            if line.entry_id.sudo().contest_id != line.nomination_id.contest_id:
                raise ValidationError(
                    self.env._("A nominated entry belongs to the same contest.")
                )

    @api.constrains("entry_id", "nomination_id")
    def _check_one_list(self):
        """Keep two secretaries from drafting the same list, each unseen by the other.

        An entry that was returned may be listed anew; of its lists one is sent.
        """
        if self._is_data_load():
            return
        # of two at once, the second sees what the first has listed
        self.contest_id._take_turns()
        for nomination, lines in self.grouped("nomination_id").items():
            # a conflict may hide an entry, or the other list
            other_sudo = lines.sudo().search(
                [
                    ("entry_id", "in", lines.entry_id.ids),
                    ("nomination_id", "!=", nomination.id),
                    ("nomination_id.state", "!=", "returned"),
                ],
                limit=1,
            )
            if other_sudo:
                raise ValidationError(
                    self.env._(
                        "“%(entry)s” is on another list already (%(list)s, made on "
                        "%(moment)s): go on with that one, or take the entry off it "
                        "first.",
                        entry=other_sudo.entry_id.display_name,
                        list=other_sudo.nomination_id.display_name,
                        moment=other_sudo.contest_id._format_moment(
                            other_sudo.create_date
                        ),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        # who makes a list says who isn't on it
        lines.entry_id._check_impartial()
        if not self._is_data_load():
            lines._take_snapshot()
        return lines

    def write(self, vals):
        if "sequence" in vals:
            self._check_may_order()
        if _RESULT & set(vals):
            # first, so that nobody else learns whose entry it is
            self.check_access("write")
            self.entry_id._check_impartial()
        entries = self.entry_id if "entry_id" in vals else self.entry_id.browse()
        if entries:
            # as above
            self.check_access("write")
            entries._check_no_rivals()
        result = super().write(vals)
        self._release(entries)
        return result

    def unlink(self):
        entries = self.entry_id
        if entries:
            self.check_access("unlink")
            entries._check_no_rivals()
        result = super().unlink()
        self._release(entries)
        return result

    # ACTION

    def action_ask_return(self):
        """Open the dialog that asks for what `action_return` needs."""
        self.ensure_one()
        return self._ask_reason(
            "action_return",
            self.env._("More Papers for the Province"),
            needs_due=True,
            needs_parts=True,
        )

    def action_return(
        self, reason=None, due_date=None, type_ids=None, field_names=None
    ):
        """Record that the province wants more papers of nominated entries.

        The entry goes back to its authors, who are told what is asked for and until
        when; its state, its place and the rest of the list stay. Asked for again, the
        authors get more time or another request.

        :param reason: what the province asks for, told to the authors
        :param due_date: moment (UTC), or the day until whose end of work the papers are
            awaited
        :param type_ids: ids of the dossier types whose files are asked for
        :param field_names: names of the fields asked for; where neither is given, the
            supplement may change everything
        :raises AccessError: for anyone but a secretary
        :raises UserError: unless the province has the list, for an own entry, without a
            reason, and where the date has passed
        """
        self._check_transition("returned")
        self._check_awaited()
        reason = self._clean_reason(reason)
        entries = self.entry_id
        entries._check_impartial()
        asked = entries._read_asked(field_names or (), type_ids or ())
        now = fields.Datetime.now()
        for line in self:
            due = fields.Datetime.to_datetime(line._read_deadline(due_date))
            line.entry_id._open_return(reason, due, asked)
            line._move(
                "returned",
                returned_on=now,
                returned_reason=reason,
                returned_due=due,
                supplemented_on=False,
                resent_on=False,
            )
            line._log(self.env._("Back for more papers: %s", reason))
        return True

    def action_ask_end_return(self):
        """Open the dialog that asks for what `action_end_return` needs."""
        return self._ask_reason(
            "action_end_return", self.env._("Nothing More is Asked For")
        )

    def action_end_return(self, reason=None):
        """Take a request for more papers back; the province has what it had.

        :param reason: recorded, and told to nobody but who reads the list
        :raises AccessError: for anyone but a secretary
        :raises UserError: where the author has changed something meanwhile, which
            nobody would have sent
        """
        self._check_transition("listed")
        reason = self._clean_reason(reason)
        self.entry_id._check_impartial()
        for line in self:
            entry = line.entry_id
            if line.state != "returned":
                raise UserError(
                    self.env._("Nothing is asked of “%s” any more.", line.display_name)
                )
            changes = entry._get_supplement_changes()
            if changes:
                raise UserError(
                    self.env._(
                        "The author of “%(entry)s” has begun the supplement: "
                        "%(changes)s. Give more time, so that it is sent, or ask the "
                        "author to put it back.",
                        entry=entry.display_name,
                        changes="; ".join(changes),
                    )
                )
            line._move("listed")
            entry._close_return()
            entry._announce(
                "return_ended", entry._get_author_partners(), fields.Datetime.now()
            )
            line._log(self.env._("Nothing more is asked for: %s", reason))
        return True

    def action_resend(self):
        """Send entries again whose papers came in; the list keeps its number and day.

        The line is frozen anew as the entry is by now, and its authors are told.

        :raises AccessError: for anyone but a secretary
        :raises UserError: where the papers aren't in, or for an own entry
        """
        self._check_transition("listed")
        self._check_awaited()
        self.entry_id._check_not_own()
        for line in self:
            if line.state != "supplemented":
                raise UserError(
                    self.env._(
                        "The papers of “%s” aren't in yet: wait for its authors, or "
                        "take the request back.",
                        line.display_name,
                    )
                )
            now = fields.Datetime.now()
            line._move("listed", resent_on=now)
            line._take_snapshot()
            # authors hear of it also where a conflict hides the entry
            entry_sudo = line.entry_id.sudo()
            entry_sudo._announce("resent", entry_sudo._get_author_partners(), now)
            line._log(self.env._("Sent to the province again."))
        return True

    # BUSINESS

    def _is_kind_known(self):
        return self.result_rank == "none" or super()._is_kind_known()

    def _get_kind_name(self):
        if self.result_rank == "none":
            return self.env._("No prize")
        return super()._get_kind_name()

    def _get_supplemented(self):
        """Return the entries of which the dialog asks for parts."""
        return self.entry_id

    def _check_awaited(self):
        for line in self:
            if line.nomination_id.state not in AWAITED:
                raise UserError(
                    self.env._(
                        "The list with “%(entry)s” isn't with the province: it is "
                        "%(state)s.",
                        entry=line.display_name,
                        state=line.nomination_id._get_state_label(
                            line.nomination_id.state
                        ),
                    )
                )

    def _check_none_out(self, even_handed_in=False):
        """Refuse to go on while papers are awaited of an entry of the list.

        :param even_handed_in: whether what came in must have been sent again
        :raises UserError: with the entries, and what to do
        """
        waiting = ("returned", "supplemented") if even_handed_in else ("returned",)
        out = self.filtered(lambda line: line.state in waiting)
        if out:
            raise UserError(
                self.env._(
                    "The province wants more papers of: %s. Send these again, or take "
                    "the request back, first.",
                    ", ".join(out.mapped("display_name")),
                )
            )

    def _follow_supplement(self):
        """Take note that what was asked for is in."""
        for line in self:
            line._move("supplemented", supplemented_on=fields.Datetime.now())
            line._log(self.env._("The authors have handed in the papers."))

    def _log(self, text):
        """Keep what happened to an entry of the list with the list."""
        self.ensure_one()
        told = f"{self.entry_code or ''} {self.entry_name}: {text}"
        # authors read no list; what they do is kept all the same
        self.nomination_id.sudo()._message_act(body=told, subtype_xmlid="mail.mt_note")

    def _check_may_order(self):
        """Keep who doesn't see a place of a list from giving the places anew.

        :raises UserError: where the list has an entry whose place isn't shown
        """
        if self.env.su:
            return
        # the list is whole, whatever a conflict hides of it
        listed_ids = self.sudo().nomination_id.line_ids.entry_id.ids
        if set(self._get_hidden_standing_ids()) & set(listed_ids):
            raise UserError(
                self.env._(
                    "The list isn't yours to put in order: it has an entry of which "
                    "you aren't told the place. Ask another secretary to do it."
                )
            )

    @api.model
    def _release(self, entries):
        """Make entries that a return took off the list selected ones again."""
        # the list is whole, also where a conflict hides an entry
        entries_sudo = entries.sudo()
        listed = self.sudo().search([("entry_id", "in", entries_sudo.ids)]).entry_id
        (entries_sudo - listed).filtered("is_returned")._close_return()
        (entries_sudo - listed).filtered(lambda e: e.state == "nominated")._move(
            "selected"
        )

    def _get_current(self):
        """Return the entry if its score is still that of the list, else none.

        With superuser rights.
        """
        self.ensure_one()
        # the list is complete also where a conflict hides an entry
        entry_sudo = self.entry_id.sudo()
        same = entry_sudo.average_score == self.sudo().average_score
        return entry_sudo if same else entry_sudo.browse()

    def _take_snapshot(self):
        """Keep names and score as they are now, whatever is renamed later."""
        for line in self:
            # the list is complete also where a conflict hides an entry
            entry_sudo = line.entry_id.sudo()
            line.sudo()._open_door().write(
                {
                    "entry_code": entry_sudo.code,
                    "entry_name": entry_sudo.name,
                    "author_names": entry_sudo.author_names,
                    "department_name": entry_sudo.department_id.name,
                    "field_name": entry_sudo.field_id.display_name,
                    "average_score": entry_sudo.average_score,
                }
            )
