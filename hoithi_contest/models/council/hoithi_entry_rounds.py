from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.council import components, rounds
from ...tools import format_number
from ..guard.hoithi_states import DROPPED, REVIEWABLE
from .hoithi_contest import COUNCIL_READERS
from .hoithi_ranking import SCORE_GROUPS


class HoithiEntry(models.Model):
    """Which round an entry has reached, and what it got in each."""

    _inherit = "hoithi.entry"

    _reason_methods = ("action_advance",)

    round_id = fields.Many2one(
        "hoithi.round",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        groups=COUNCIL_READERS,
        help="The last round that the entry has reached.",
    )
    round_line_ids = fields.One2many(
        "hoithi.round.entry", "entry_id", string="Rounds", groups=SCORE_GROUPS
    )
    is_stopped = fields.Boolean(
        string="Not in this Round",
        compute="_compute_is_stopped",
        search="_search_is_stopped",
        groups=COUNCIL_READERS,
        help="The contest went on to another round without it.",
    )

    # COMPUTE

    @api.depends("round_id", "contest_id.current_round_id")
    def _compute_is_stopped(self):
        for entry in self:
            entry.is_stopped = entry._has_stopped()

    @api.model
    def _search_is_stopped(self, operator, value):
        if operator != "in":
            return NotImplemented
        stopped = fields.Domain("round_id.closed_on", "!=", False)
        return fields.Domain.OR(stopped if flag else ~stopped for flag in value)

    @api.depends(
        "round_id",
        "review_ids.round_id",
        "round_line_ids.score",
        "round_line_ids.done_count",
        "round_line_ids.round_id.weight",
        "contest_id.round_total",
    )
    def _compute_scores(self):
        super()._compute_scores()
        for entry in self.filtered("round_id"):
            entry.average_score = float(entry._get_total())

    # ACTION

    def action_ask_advance(self):
        """Open the dialog that asks for what `action_advance` needs."""
        return self._ask_reason("action_advance", self.env._("Let It Go On"))

    def action_advance(self, reason=None):
        """Let entries go on to the present round that the rules left behind.

        As where a mistake came out afterwards: it is the chair's, or a leader's.

        :param reason: recorded in the ledger
        :raises AccessError: for others than the chair of the council and the leaders
        :raises UserError: outside the review, or for entries that are in it already
        """
        self.check_access("read")
        return self._advance(reason)

    # BUSINESS

    def _advance(self, reason):
        """See `action_advance`; the chair of a blind contest reads no entry."""
        # see above: only whose it is
        contest = self.sudo().contest_id.ensure_one().with_env(self.env)
        contest._check_decides_rules()
        contest._check_rules_fixed()
        reason = self._clean_reason(reason)
        # who decides may write nothing of an entry but this
        entries_sudo = self.sudo()
        own = self.env["hoithi.person"]._get_contacts(self.env.user)
        for entry in entries_sudo:
            if own & entry.author_ids.partner_id:
                raise UserError(
                    self.env._(
                        "“%s” is your own entry: somebody else decides on it.",
                        entry.display_name,
                    )
                )
            if contest.state != "review" or not entry._has_stopped():
                raise UserError(
                    self.env._(
                        "“%s” can't be let go on: it is in the present round, or the "
                        "review is over.",
                        entry.display_name,
                    )
                )
            if entry.state not in REVIEWABLE:
                raise UserError(
                    self.env._(
                        "“%s” doesn't compete any more.",
                        entry.display_name,
                    )
                )
        entries_sudo._set_round(contest.current_round_id)
        entries_sudo._enter_round()
        self.env["hoithi.ledger"]._append_all(
            contest,
            [
                (
                    "round.admitted",
                    entry,
                    {"round": contest.current_round_id.name, "reason": reason},
                    entry,
                )
                for entry in entries_sudo
            ],
        )
        entries_sudo._follow_reviews()
        now = fields.Datetime.now()
        for entry in entries_sudo:
            entry._announce("round_advanced", entry._get_author_partners(), now)
        contest._log_round(
            self.env._(
                "%(entries)s goes on to “%(round)s”: %(reason)s",
                entries=", ".join(entries_sudo.mapped(lambda e: e.code or "")),
                round=contest.current_round_id.name,
                reason=reason,
            )
        )
        return True

    def _has_stopped(self):
        """Tell whether the contest went on to another round without this entry."""
        self.ensure_one()
        # which round it is, is told to whoever asks this
        entry_sudo = self.sudo()
        current = entry_sudo.contest_id.current_round_id
        return bool(current) and entry_sudo.round_id != current

    def _get_last_round(self):
        """Return the last round in which the entry has a line, or none."""
        self.ensure_one()
        # which round it is, is told to whoever asks this
        lines = self.sudo().round_line_ids
        return lines.round_id.sorted(lambda r: (r.sequence, r.id))[-1:]

    def _set_round(self, round_):
        """Let entries be in a round; they keep what they got in those before."""
        # rounds are nobody's to write
        self.sudo()._open_door().write({"round_id": round_.id})

    def _enter_round(self):
        """Note that entries take part in the round that they are in.

        Their turns go by field and code, whatever the places of the round before: the
        hall, its list and each author learn the turns.
        """
        # as above
        lines_sudo = self.env["hoithi.round.entry"].sudo()._open_door()
        entries_sudo = self.sudo().filtered("round_id")
        known = {
            (line.entry_id, line.round_id)
            for line in lines_sudo.search([("entry_id", "in", entries_sudo.ids)])
        }
        lines_sudo.create(
            [
                {
                    "entry_id": entry.id,
                    "round_id": entry.round_id.id,
                    "sequence": 10 * number,
                }
                for number, entry in enumerate(
                    entries_sudo.sorted(lambda e: (e.field_id.id, e.code or "", e.id)),
                    start=1,
                )
                if (entry, entry.round_id) not in known
            ]
        )

    def _get_sheets_needed(self):
        """Return how many submitted sheets the entry needs, in its round if any."""
        self.ensure_one()
        # how many are asked for is a rule that everybody may know
        entry_sudo = self.sudo()
        if entry_sudo.round_id:
            return entry_sudo.round_id._get_sheets_needed()
        # none: whoever has no round by now is in a contest that has none
        return entry_sudo.contest_id.reviews_per_entry

    def _get_presentation(self):
        """Return when and where the entry is presented in its round, as authors read.

        :return: None, or a dict of `round`, `time` and `place`
        """
        self.ensure_one()
        self.check_access("read")
        line = self._get_presentation_line()
        if not line:
            return None
        return {
            "round": line.round_id.name,
            "time": line.contest_id._format_moment(line.presentation_start),
            "place": line.round_id.presentation_place or "",
        }

    def _get_presentation_line(self):
        """Return the line of the entry's round, once it has its time, or none."""
        # authors read no rounds; their own turn is told
        entry_sudo = self.sudo()
        return entry_sudo.round_line_ids.filtered(
            lambda line: (
                line.round_id == entry_sudo.round_id
                and line.round_id.presents
                and line.presentation_start
            )
        )

    def _get_scored_lines(self):
        """Return what the entry got in each round in which it was scored, in order."""
        self.ensure_one()
        return self.round_line_ids.filtered("done_count").sorted(
            lambda line: (line.round_id.sequence, line.round_id.id)
        )

    def _get_total(self):
        """Return the total over the rounds that the entry took part in."""
        return self._add_up_rounds(lambda line: line.score)

    def _add_up_rounds(self, read):
        """Return what `read` tells of each round that was scored, as one total."""
        return rounds.add_up(
            [
                rounds.Part(read(line), line.round_id.weight, line._get_highest())
                for line in self._get_scored_lines()
            ],
            self.contest_id.round_total,
            self.criteria_set_id.rounding,
        )

    def _get_pass_mark(self):
        if self.contest_id._is_weighed_alike() or not self._get_scored_lines():
            return super()._get_pass_mark()
        return float(self._add_up_rounds(lambda line: line.criteria_set_id.min_total))

    def _get_round_parts(self):
        """Return what each round brings to the total, nothing where one alone does.

        :return: list of `components.Part`
        """
        weighed = self._get_scored_lines().filtered("round_id.weight")
        if len(weighed) < 2:
            return []
        weights = sum(weighed.mapped("round_id.weight"))
        way = self.contest_id.round_total
        parts = []
        for line in weighed:
            share = format_number(self.env, 100 * line.round_id.weight / weights)
            highest = format_number(self.env, line._get_highest())
            factor = {
                "weighted": f"× {share} %",
                "sum": "",
                "percent": f"/ {highest} × {share} %",
            }[way]
            parts.append(components.Part(line.round_id.name, line.score, factor))
        return parts

    def _get_highest_of_sheets(self):
        if self.contest_id._is_weighed_alike():
            return super()._get_highest_of_sheets()
        return float(self._add_up_rounds(lambda line: line._get_highest()))

    @api.model
    def _read_round_scores(self, lines):
        """Return {line id: (sheets, sheets submitted, average)}, by one query.

        :param lines: of `hoithi.round.entry`; those without a sheet are left out
        """
        if not lines:
            return {}
        self.env["hoithi.review"].flush_model(
            ["entry_id", "round_id", "state", "total"]
        )
        lines.flush_model(["entry_id", "round_id", "criteria_set_id"])
        self._flush_mean()
        total = SQL("CASE WHEN v.state = 'submitted' THEN COALESCE(v.total, 0) END")
        rows = self.env.execute_query(
            SQL(
                """SELECT d.id, COUNT(*), COUNT(%(total)s), COALESCE(%(mean)s, 0)
                   FROM hoithi_round_entry d
                   JOIN hoithi_review v
                     ON v.entry_id = d.entry_id AND v.round_id = d.round_id
                   LEFT JOIN hoithi_criteria_set s ON s.id = d.criteria_set_id
                   WHERE d.id IN %(ids)s AND v.state NOT IN %(dropped)s
                   GROUP BY d.id, s.id""",
                total=total,
                mean=self._mean_sql(total),
                ids=tuple(lines.ids),
                dropped=DROPPED,
            )
        )
        return {
            line_id: (count, done, float(average))
            for line_id, count, done, average in rows
        }

    def _list_stage_problems(self):
        problems = super()._list_stage_problems()
        # a round is told by its name alone
        if self._has_stopped():
            problems.append(
                self.env._(
                    "it didn't go on from the round “%s”",
                    self.sudo().round_id.name or "–",
                )
            )
        return problems

    # BUSINESS: CHECK

    @api.model
    def _find_broken_scores(self, contest=None):
        broken = super()._find_broken_scores(contest)
        return broken + self._find_broken_totals(contest)

    @api.model
    def _find_broken_totals(self, contest=None):
        """Return the ids of entries whose score by round, or total, isn't right."""
        # the check is the server's, over all contests
        lines = self.env["hoithi.round.entry"].sudo()
        own = [("entry_id.contest_id", "=", contest.id)] if contest else []
        lines = lines.search([("entry_id", "!=", False), *own])
        due = self._read_round_scores(lines)
        broken = {
            line.entry_id.id
            for line in lines
            if (line.sheet_count, line.done_count, f"{line.score:.2f}")
            != (
                *due.get(line.id, (0, 0, 0))[:2],
                f"{due.get(line.id, (0, 0, 0))[2]:.2f}",
            )
        }
        broken |= {
            entry.id
            for entry in lines.entry_id
            if f"{entry.average_score:.2f}"
            != f"{entry._add_extras(entry._get_total()):.2f}"
        }
        # nobody is in a round without a line there
        missing = SQL(
            """SELECT e.id FROM hoithi_entry e
               WHERE e.round_id IS NOT NULL AND NOT EXISTS (
                   SELECT 1 FROM hoithi_round_entry d
                   WHERE d.entry_id = e.id AND d.round_id = e.round_id)"""
        )
        broken |= {id_ for _rule, id_ in self._find_broken({"round": missing}, contest)}
        return sorted(broken)

    def _check_advancing(self):
        """Refuse sheets of entries that the contest went on without.

        :raises UserError: telling who lets them go on
        """
        # as above
        for entry in self:
            if entry._has_stopped():
                raise UserError(
                    self.env._(
                        "“%(entry)s” didn't go on from the round “%(round)s”, so that "
                        "it gets no sheets now. The chair may let it go on, with a "
                        "reason.",
                        entry=entry.display_name,
                        round=entry.sudo().round_id.name or "–",
                    )
                )
