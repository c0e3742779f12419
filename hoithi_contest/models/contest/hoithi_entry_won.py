from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...lib.contest import limits
from ...lib.guard.texts import fold
from ..guard.hoithi_states import RUNNING
from .hoithi_entry_limits import Beyond


class HoithiEntry(models.Model):
    """An entry whose solution has won before.

    It is found by itself where an author of it has won with a solution of the same
    title, and linked by the secretary where it is another's or bears another title.
    Either is told to its authors and to the secretary; the rules of the contest bar it
    or let it in.
    """

    _inherit = "hoithi.entry"

    _reason_methods = ("action_link_won", "action_unlink_won")

    won_entry_id = fields.Many2one(
        "hoithi.entry",
        string="Entry that has won",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="hoithi_contest.group_secretary",
    )
    won_past_id = fields.Many2one(
        "hoithi.past.solution",
        string="Past solution that has won",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="hoithi_contest.group_secretary",
    )
    won_text = fields.Char(
        string="Has won before",
        compute="_compute_won_text",
        help="With which solution, where, and what.",
    )
    is_won_linked = fields.Boolean(compute="_compute_won_text")

    # COMPUTE

    @api.depends("won_entry_id", "won_past_id", "name", "author_ids.employee_id")
    @api.depends_context("lang")
    def _compute_won_text(self):
        for entry in self:
            # which solution it was is told to its authors, who read no other of it
            entry_sudo = entry.sudo()
            won = entry_sudo._get_won_before()
            entry.won_text = "; ".join(map(entry_sudo._describe_win, won))
            entry.is_won_linked = bool(
                entry_sudo.won_entry_id or entry_sudo.won_past_id
            )

    @api.depends("name", "won_entry_id", "won_past_id")
    def _compute_limit_problems(self):
        return super()._compute_limit_problems()

    # ACTION

    def action_ask_link_won(self):
        """Open the dialog that asks for what `action_link_won` needs."""
        return self._ask_reason(
            "action_link_won", self.env._("Has Won Before"), needs_won=True
        )

    def action_link_won(self, entry=None, past=None, reason=None):
        """Say that an entry is a solution that has won before.

        :param entry: of a contest that is over, which has won, or its id
        :param past: instead, a solution from before this system, or its id
        :param reason: by what it is known; recorded in the entry's log
        :raises AccessError: for anyone but the secretary
        :raises UserError: for an own entry or whoever competes with it, after the
            contest, and for a solution that hasn't won
        """
        self.ensure_one()
        self._check_office()
        self._check_not_own()
        self._check_no_rivals()
        reason = self._clean_reason(reason)
        solution = (
            self._read_record("hoithi.past.solution", past)
            if past
            else self._read_record(self._name, entry)
        )
        solution.check_access("read")
        self._check_contest_runs()
        # what an entry has won, its awards tell, which not all secretaries read
        solution_sudo = solution.sudo()
        if solution == self or not solution_sudo._get_wins():
            raise UserError(
                self.env._(
                    "“%s” hasn't won anything that is recorded: enter the prize or the "
                    "recognition there first.",
                    solution.display_name,
                )
            )
        self._open_door().write(
            {
                "won_entry_id": not past and solution.id,
                "won_past_id": past and solution.id,
            }
        )
        self._message_act(
            body=self.env._(
                "Has won before: %(what)s. %(reason)s",
                what=self.won_text,
                reason=reason,
            )
        )
        self._announce("won_before", self._get_author_partners(), fields.Datetime.now())
        return True

    def action_ask_unlink_won(self):
        """Open the dialog that asks for what `action_unlink_won` needs."""
        return self._ask_reason("action_unlink_won", self.env._("Is Another Solution"))

    def action_unlink_won(self, reason=None):
        """Take back that an entry is a solution that has won before.

        :param reason: recorded in the entry's log
        :raises AccessError: for anyone but the secretary
        :raises UserError: for an own entry, and after the contest
        """
        self._check_office()
        self._check_not_own()
        reason = self._clean_reason(reason)
        self._check_contest_runs()
        for entry in self:
            entry._message_act(
                body=self.env._(
                    "Isn't what has won before (%(what)s): %(reason)s",
                    what=entry.won_text,
                    reason=reason,
                )
            )
        self._open_door().write({"won_entry_id": False, "won_past_id": False})
        return True

    # BUSINESS

    def _check_contest_runs(self):
        for entry in self:
            if entry.contest_id.state not in RUNNING:
                raise UserError(
                    self.env._(
                        "“%s” is over: what its entries are stays as it is.",
                        entry.contest_id.name,
                    )
                )

    def _get_wins(self):
        """Hook: return what an entry has won, as `Win`."""
        self.ensure_one()
        return []

    def _get_won_before(self):
        """Return what the solution has won before, as (solution, win).

        To be asked with superuser rights: solutions of others are among them.
        """
        self.ensure_one()
        linked = [*self.won_entry_id, *self.won_past_id]
        found = linked or self._find_won()
        return [(solution, win) for solution in found for win in solution._get_wins()]

    def _find_won(self):
        """Return the solutions of this title with which an author of it has won."""
        key = self._get_title_key(self.name)
        authors = self._get_authors()
        if not key or not authors:
            return []
        domain = Domain("company_id", "=", self.contest_id.company_id.id)
        domain &= Domain("title_key", "=", key)
        own = set().union(*(line._get_person_keys() for line in authors))
        entries = self.search(
            domain
            & Domain("contest_id", "!=", self.contest_id.id)
            & Domain("contest_id.state", "=", "closed")
        ).filtered(
            lambda entry: any(
                own & line._get_person_keys() for line in entry._get_authors()
            )
        )
        names = {fold(name) for name in authors.mapped("full_name")}
        past = self.env["hoithi.past.solution"].search(domain)
        past = past.filtered(
            lambda solution: any(
                author.employee_id in authors.employee_id
                if author.employee_id
                else fold(author.name) in names
                for author in solution.author_ids
            )
        )
        return [*entries, *past]

    def _describe_win(self, row):
        """Return what was won, with which solution and where.

        :param row: a row of `_get_won_before`
        """
        solution, win = row
        is_past = solution._name == "hoithi.past.solution"
        edition = solution.edition if is_past else solution.contest_id.name
        return f"“{solution.name}”, {edition}: {win.name}"

    def _is_barred(self, win):
        """Tell whether a win keeps its solution out of this contest."""
        contest = self.contest_id
        return limits.is_barred(
            win,
            contest.year_start,
            contest.won_before_level,
            contest.won_before_years,
        )

    @api.model
    def _get_limit_labels(self):
        return super()._get_limit_labels() | {
            "won_before": self.env._("solutions that have won before")
        }

    def _get_beyond_by_entry(self):
        beyond = super()._get_beyond_by_entry()
        if self.contest_id.won_before != "bar":
            return beyond
        # see `_compute_won_text`
        entry_sudo = self.sudo()
        barred = [
            row for row in entry_sudo._get_won_before() if self._is_barred(row[1])
        ]
        if barred:
            text = self.env._(
                "The solution has won before, which the rules bar: %s.",
                "; ".join(map(entry_sudo._describe_win, barred)),
            )
            beyond.append(Beyond("won_before", "name", text))
        return beyond
