from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...lib.council import ranking, scoring, voting
from ...tools import format_number
from ..guard.hoithi_states import DROPPED, RANKABLE, RUNNING
from .hoithi_award import get_currency

SCORE_GROUPS = "hoithi_contest.group_secretary,hoithi_contest.group_leader"

#: What an entry's place rests on, of its own row.
_FACTS = {"state", "rank_override", "benefit_amount", "submitted_on"}
#: What is read of a place.
_PLACES = ("rank", "above_cutoff", "is_first_below_cutoff")


#: Key of the context that carries the token below; the key alone tells nothing.
RANKED = "hoithi_ranked"


class Ranked:
    """Token of a page that is read: whether its places were looked at for being stale.

    Being an object, no RPC carries it.
    """

    done = False


class HoithiRanking(models.AbstractModel):
    """Averages and places of entries, and who may be selected.

    The rules are those of `lib.council`, and a test holds the database's arithmetic
    to them. A sheet that comes in touches its own entry alone: its averages, and the
    mark that its contest's places are out of date. The places are worked out anew, all
    at once, when somebody next asks for one (`_field_to_sql`) or the phase moves.
    Once a contest is over they stay as they were.
    """

    _name = "hoithi.ranking"
    _description = "Ranking"

    review_ids = fields.One2many("hoithi.review", "entry_id", groups=SCORE_GROUPS)
    review_count = fields.Integer(
        compute="_compute_scores", store=True, string="Reviews", groups=SCORE_GROUPS
    )
    review_done_count = fields.Integer(
        compute="_compute_scores",
        store=True,
        string="Reviews submitted",
        groups=SCORE_GROUPS,
    )
    average_score = fields.Float(
        string="Score",
        digits=(6, 2),
        compute="_compute_scores",
        store=True,
        aggregator="avg",
        groups=SCORE_GROUPS,
    )
    score_spread = fields.Float(
        string="Spread",
        digits=(6, 2),
        compute="_compute_scores",
        store=True,
        aggregator="max",
        groups=SCORE_GROUPS,
        help="Points between the highest and the lowest sheet.",
    )
    # Read with nothing else, so that reading an entry doesn't rank its contest.
    rank = fields.Integer(
        readonly=True, copy=False, aggregator=None, groups=SCORE_GROUPS, prefetch=False
    )
    rank_stale = fields.Boolean(
        readonly=True,
        copy=False,
        prefetch=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    rank_override = fields.Integer(
        string="Place set by the chair",
        readonly=True,
        copy=False,
        aggregator=None,
        groups=SCORE_GROUPS,
    )
    rank_override_reason = fields.Text(readonly=True, copy=False, groups=SCORE_GROUPS)
    above_cutoff = fields.Boolean(
        string="Above the cut-off line",
        compute="_compute_above_cutoff",
        groups=SCORE_GROUPS,
    )
    is_first_below_cutoff = fields.Boolean(
        compute="_compute_is_first_below_cutoff",
        groups=SCORE_GROUPS,
        help="The cut-off line of the ranking is drawn above this entry.",
    )

    _rank_idx = models.Index("(rank, id) WHERE rank > 0")
    # with what rules ask of each row, so that pages are counted without reading them
    _contest_rank_idx = models.Index(
        "(contest_id, rank, id) INCLUDE (active, company_id, create_uid) WHERE rank > 0"
    )
    _rank_stale_idx = models.Index("(contest_id) WHERE rank_stale")

    # CONSTRAINTS

    @api.constrains("benefit_amount", "currency_id", "contest_id")
    def _check_comparable_benefit(self):
        """Let benefits be in one currency where they break ties.

        Rates change from day to day, and places mustn't.

        :raises ValidationError: naming the currency to state it in
        """
        for entry in self:
            # which tie-breaks there are, is a rule for all
            steps_sudo = entry.sudo().contest_id.tie_break_ids
            due = get_currency(entry.with_company(entry.company_id))
            if (
                entry.benefit_amount
                and entry.currency_id != due
                and "benefit" in steps_sudo.mapped("kind")
            ):
                raise ValidationError(
                    self.env._(
                        "“%(entry)s”: the contest compares benefits in money where "
                        "entries are equal: state it in %(currency)s.",
                        entry=entry.display_name,
                        currency=due.name,
                    )
                )

    # COMPUTE

    @api.depends("review_ids.state", "review_ids.total", "criteria_set_id")
    def _compute_scores(self):
        scores = self._read_scores()
        nothing = (0, 0, 0, 0)
        for entry in self:
            (
                entry.review_count,
                entry.review_done_count,
                entry.average_score,
                entry.score_spread,
            ) = scores.get(entry._origin.id, nothing)

    @api.depends("rank", "average_score", "contest_id.nomination_slots")
    def _compute_above_cutoff(self):
        above = self.browse()
        for entry in self:
            slots = entry.contest_id.nomination_slots
            if (
                entry.rank
                and (not slots or entry.rank <= slots)
                and entry.average_score >= entry._get_pass_mark()
            ):
                above += entry
        # what is read above may work out places anew, which forgets these
        for entry in self:
            entry.above_cutoff = entry in above

    @api.depends("above_cutoff", "rank")
    def _compute_is_first_below_cutoff(self):
        first = self.browse()
        for contest in self.contest_id:
            below = fields.Domain.OR(
                domain & fields.Domain("average_score", "<", mark)
                for domain, mark in contest._get_pass_marks()
            )
            if contest.nomination_slots:
                below |= fields.Domain("rank", ">", contest.nomination_slots)
            below &= fields.Domain("contest_id", "=", contest.id)
            below &= fields.Domain("rank", ">", 0)
            groups = contest._list_rank_groups()
            # a line in each field that is ranked by itself
            for group in (
                [below]
                if groups is None
                else [
                    below & fields.Domain("field_id", "=", field_id)
                    for field_id in groups
                ]
            ):
                first |= self.search(group, order="rank, id", limit=1)
        for entry in self:
            entry.is_first_below_cutoff = entry in first

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._get_rankable()._touch_ranks()
        return entries

    def write(self, vals):
        if not _FACTS & set(vals):
            return super().write(vals)
        # whoever writes may read no scores
        rankable = self.sudo()._get_rankable()
        result = super().write(vals)
        (rankable | self.sudo()._get_rankable())._touch_ranks()
        return result

    def _field_to_sql(self, alias, field_expr, query=None):
        # a form, a search, an order, a group: all ask for the column of what they read
        sql = super()._field_to_sql(alias, field_expr, query)
        if field_expr == "rank":
            ranked = self.env.context.get(RANKED)
            if not isinstance(ranked, Ranked):
                self._refresh_ranks()
            elif not ranked.done:
                # set first: what it reads itself asks for places as well
                ranked.done = True
                self._refresh_ranks()
        return sql

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """Search and read a page of entries, whose places are worked out once for it.

        :param domain: which entries
        :param specification: the fields to read, as of `web_read`
        :param offset: as of Odoo's own, with `limit`, `order` and `count_limit`
        """
        rows = self.with_context(**{RANKED: Ranked()})
        return super(HoithiRanking, rows).web_search_read(
            domain, specification, offset, limit, order, count_limit
        )

    # BUSINESS: PLACES

    def _get_rankable(self):
        """Return those that have a place as soon as a sheet of theirs counts."""
        return self.filtered(lambda entry: entry.state in RANKABLE)

    def _touch_ranks(self):
        """Note that what the places of these entries rest on has changed."""
        running = self.filtered(lambda entry: entry.contest_id.state in RUNNING)
        if running:
            # neither logged nor tracked: it says nothing of the entry. Also where the
            # mark is there: who works the places out meanwhile, and doesn't see the
            # change yet, must not take it away.
            self.env.cr.execute(
                SQL(
                    "UPDATE hoithi_entry SET rank_stale = TRUE WHERE id IN %s",
                    tuple(running.ids),
                )
            )
            self.env["hoithi.entry"].invalidate_model(_PLACES, flush=False)

    @api.model
    def _refresh_ranks(self):
        """Write the places of the contests where one is out of date, best entry first.

        An entry has none while it counts a sheet of a member who may be in conflict.
        """
        self.env["hoithi.contest"].flush_model(["state"])
        stale = self.env.execute_query(
            SQL(
                """SELECT DISTINCT e.contest_id FROM hoithi_entry e
                   JOIN hoithi_contest c ON c.id = e.contest_id
                   WHERE e.rank_stale AND c.state IN %s""",
                RUNNING,
            )
        )
        self.env.flush_all()
        # rules are the contest's, whoever may read it
        for contest in (
            self.env["hoithi.contest"].sudo().browse(row[0] for row in stale)
        ):
            self._write_ranks(contest)
        self.env["hoithi.entry"].invalidate_model([*_PLACES, "rank_stale"], flush=False)

    @api.model
    def _write_ranks(self, contest):
        """Work out the places of a contest, and write those that are others now."""
        self.env.flush_all()
        groups = contest._list_rank_groups()
        if groups is None:
            self._write_places(contest, SQL("TRUE"))
        # a statement a field: there are few
        for field_id in groups or ():
            self._write_places(
                contest, SQL("field_id IS NOT DISTINCT FROM %s", field_id or None)
            )
        self.env["hoithi.entry"].invalidate_model(_PLACES, flush=False)

    @api.model
    def _write_places(self, contest, group):
        """Write the places of the entries that are ranked with each other.

        :param group: the condition on a row of `hoithi_entry` that tells which
        """
        ranked = SQL(
            """SELECT e.* FROM hoithi_entry e
               WHERE e.id IN (SELECT id FROM hoithi_entry
                              WHERE contest_id = %s AND %s)
                 AND e.state IN %s AND e.review_done_count > 0 AND NOT %s""",
            contest.id,
            group,
            RANKABLE,
            self._is_in_doubt_sql(),
        )
        fixed = dict(
            self.env.execute_query(
                SQL(
                    """SELECT r.id, r.rank_override FROM (%s) r
                       WHERE r.rank_override > 0 ORDER BY r.rank_override, r.id""",
                    ranked,
                )
            )
        )
        if fixed:
            [(number,)] = self.env.execute_query(
                SQL("SELECT COUNT(*) FROM (%s) r", ranked)
            )
            fixed = ranking.fix_places(fixed, number - len(fixed))
        joins, order = self._get_merit_sql(contest)
        self.env.cr.execute(
            SQL(
                """
                WITH fixed AS (
                    SELECT * FROM unnest(%(ids)s::int[], %(places)s::int[])
                        WITH ORDINALITY AS f(id, place, number)
                ), free AS (
                    SELECT r.id, RANK() OVER (ORDER BY %(order)s) AS place
                    FROM (%(ranked)s) r %(joins)s
                    WHERE NOT EXISTS (SELECT 1 FROM fixed f WHERE f.id = r.id)
                ), places AS (
                    SELECT id, place FROM fixed
                    UNION ALL
                    -- as many further down as fixed places lie before
                    SELECT id, place + (SELECT COUNT(*) FROM fixed f
                                        WHERE f.place - f.number < free.place)
                    FROM free
                )
                UPDATE hoithi_entry e
                SET rank = COALESCE(p.place, 0), rank_stale = FALSE
                FROM hoithi_entry old LEFT JOIN places p ON p.id = old.id
                WHERE e.id = old.id AND old.id IN (
                    SELECT id FROM hoithi_entry
                    WHERE contest_id = %(contest)s AND %(group)s)
                  AND (old.rank_stale OR COALESCE(old.rank, 0) <> COALESCE(p.place, 0))
                """,
                ids=sorted(fixed, key=fixed.get),
                places=sorted(fixed.values()),
                order=order,
                ranked=ranked,
                joins=joins,
                contest=contest.id,
                group=group,
            )
        )

    @api.model
    def _get_merit_sql(self, contest):
        """Return the joins and the order by which the contest's entries are ranked.

        It is that of `ranking.merit`, of a query in which an entry is `r`.
        """
        joins, order = [], [SQL("COALESCE(r.average_score, 0) DESC")]
        if contest.field_ranking == "percent":
            joins.append(
                SQL(
                    """LEFT JOIN (SELECT c.set_id, s.aggregate,
                                         SUM(c.max_score * c.weight) AS most
                                  FROM hoithi_criterion c
                                  JOIN hoithi_criteria_set s ON s.id = c.set_id
                                  GROUP BY c.set_id, s.id) highest
                       ON highest.set_id = r.criteria_set_id"""
                )
            )
            order = [
                SQL(
                    """COALESCE(ROUND(r.average_score * 100 / (ROUND(highest.most, 2)
                       * CASE WHEN highest.aggregate = 'sum'
                              THEN GREATEST(r.review_done_count, 1) ELSE 1 END), 4), 0)
                       DESC"""
                )
            ]
        if contest.has_rounds:
            # whoever has come further stands before the others
            joins.append(SQL("LEFT JOIN hoithi_round stage ON stage.id = r.round_id"))
            order[:0] = [
                SQL("stage.sequence DESC NULLS LAST"),
                SQL("stage.id DESC NULLS LAST"),
            ]
        for number, step in enumerate(contest.tie_break_ids):
            more_joins, more_order = step._get_merit_sql(
                SQL.identifier(f"step{number}")
            )
            joins += more_joins
            order += more_order
        return SQL(" ").join(joins), SQL(", ").join(order)

    def _get_merits(self):
        """Return for each entry its average and what breaks ties, as `lib` compares.

        :return: {entry: what `ranking.merit` makes of it}
        """
        values = {
            step: step._get_values(entries)
            for contest, entries in self.grouped("contest_id").items()
            for step in contest.tie_break_ids
        }
        merits = {}
        for entry in self:
            contest = entry.contest_id
            stages = list(contest.round_ids) if contest.has_rounds else []
            stage = stages.index(entry.round_id) if entry.round_id in stages else -1
            merits[entry] = (stage,) * bool(stages) + ranking.merit(
                scoring.to_decimal(entry._get_comparable(entry.average_score)),
                [(step.kind, values[step][entry]) for step in contest.tie_break_ids],
            )
        return merits

    # BUSINESS: SCORES

    @api.model
    def _mean_sql(self, value, adds=True):
        """Return the SQL of `scoring.aggregate` over `value`, by the criteria set `s`.

        :param adds: whether a set that adds up its sheets does so here; of a criterion
            the mean is asked for, as the points to pass are on its own scale
        Both columns and results are numeric: exact, and rounded half away from zero.
        """
        # sheets are put in their order for those sets alone that ask for it
        return SQL(
            """ROUND(
                CASE WHEN s.aggregate = 'median'
                     THEN (PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(value)s)
                           FILTER (WHERE s.aggregate = 'median'))::numeric
                     WHEN s.aggregate = 'trimmed_mean'
                          AND COUNT(%(value)s) >= s.drop_from
                     THEN (SELECT SUM(kept.points) / COUNT(*)
                           FROM UNNEST((
                               ARRAY_AGG(%(value)s ORDER BY %(value)s) FILTER (
                                   WHERE s.aggregate = 'trimmed_mean'
                                     AND %(value)s IS NOT NULL)
                               )[s.drop_low + 1 : COUNT(%(value)s)::int - s.drop_high]
                           ) AS kept(points))
                     WHEN s.aggregate = 'sum' AND %(adds)s THEN SUM(%(value)s)
                     ELSE SUM(%(value)s) / NULLIF(COUNT(%(value)s), 0) END,
                COALESCE(s.rounding, 0))""",
            value=value,
            adds=adds,
        )

    @api.model
    def _flush_mean(self):
        """Let the database know what `_mean_sql` reads of criteria sets."""
        self.env["hoithi.criteria.set"].flush_model(
            ["aggregate", "rounding", "drop_high", "drop_low", "drop_from"]
        )

    def _read_scores(self):
        """Return {entry id: (sheets, sheets submitted, average, spread)}, by one query.

        Of an entry in a round these are the sheets of that round. Entries without a
        sheet are left out.
        """
        ids = self._origin.ids
        if not ids:
            return {}
        self.env["hoithi.review"].flush_model(
            ["entry_id", "contest_id", "round_id", "state", "total"]
        )
        self.env["hoithi.entry"].flush_model(["criteria_set_id", "round_id"])
        self._flush_mean()
        total = SQL("CASE WHEN v.state = 'submitted' THEN COALESCE(v.total, 0) END")
        rows = self.env.execute_query(
            SQL(
                """SELECT v.entry_id, COUNT(*), COUNT(%(total)s),
                          COALESCE(%(mean)s, 0),
                          COALESCE(MAX(%(total)s) - MIN(%(total)s), 0)
                   FROM hoithi_review v
                   JOIN hoithi_entry e ON e.id = v.entry_id
                   LEFT JOIN hoithi_criteria_set s ON s.id = e.criteria_set_id
                   WHERE v.entry_id IN %(ids)s AND v.state NOT IN %(dropped)s
                     AND v.round_id IS NOT DISTINCT FROM e.round_id
                   GROUP BY v.entry_id, s.id""",
                total=total,
                mean=self._mean_sql(total),
                ids=tuple(ids),
                dropped=DROPPED,
            )
        )
        return {
            entry_id: (count, done, float(average), float(spread))
            for entry_id, count, done, average, spread in rows
        }

    @api.model
    def _get_criterion_averages_sql(self, contests, condition):
        """Return a query of the average of each entry and criterion.

        :param contests: those that the entries are of
        :param condition: on the sheet `v` and its score `l`
        """
        # Where there are no rounds, PostgreSQL isn't asked for them: it would take two
        # sheets of a hundred for those of the round, and join them one by one.
        of_round = SQL("AND v.round_id IS NOT DISTINCT FROM d.round_id")
        return SQL(
            """SELECT v.entry_id, l.criterion_id, %s AS average
               FROM hoithi_review v
               JOIN hoithi_review_line l ON l.review_id = v.id
               JOIN hoithi_entry d ON d.id = v.entry_id
               JOIN hoithi_criteria_set s ON s.id = d.criteria_set_id
               WHERE v.state = 'submitted' AND %s %s
               GROUP BY v.entry_id, l.criterion_id, s.id""",
            self._mean_sql(SQL("COALESCE(l.score, 0)"), adds=False),
            condition,
            of_round if any(contests.mapped("has_rounds")) else SQL(),
        )

    def _get_criterion_averages(self):
        """Return the averages of the submitted sheets by criterion, by one query.

        :return: {entry: {criterion: average}}, the average as a decimal
        """
        averages = {entry: {} for entry in self}
        if self:
            self.env.flush_all()
            criteria = self.env["hoithi.criterion"]
            for entry_id, criterion_id, average in self.env.execute_query(
                self._get_criterion_averages_sql(
                    self.contest_id, SQL("v.entry_id IN %s", tuple(self.ids))
                )
            ):
                entry = self.browse(entry_id)
                averages[entry][criteria.browse(criterion_id)] = average
        return averages

    @api.model
    def _is_in_doubt_sql(self):
        """Return whether the entry `e` counts a sheet of who may be in conflict."""
        return SQL(
            """EXISTS (
                SELECT 1 FROM hoithi_conflict k
                JOIN hoithi_review v
                  ON v.entry_id = k.entry_id AND v.member_id = k.member_id
                WHERE k.entry_id = e.id AND k.state = 'possible'
                  AND v.state = 'submitted')"""
        )

    def _get_in_doubt(self):
        """Return those that count a sheet of a member who may be in conflict."""
        if not self:
            return self
        # conflicts and sheets are closed to some of those whose acts lead here
        self.env["hoithi.conflict"].flush_model(["entry_id", "member_id", "state"])
        self.env["hoithi.review"].flush_model(["entry_id", "member_id", "state"])
        doubtful = {
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT e.id FROM hoithi_entry e WHERE e.id IN %s AND %s",
                    tuple(self.ids),
                    self._is_in_doubt_sql(),
                )
            )
        }
        return self.filtered(lambda entry: entry.id in doubtful)

    # BUSINESS: SELECTION

    def _get_selection_problems(self):
        """Return the rules that an entry fails for being selected (domain rule 22)."""
        self.ensure_one()
        return self._find_selection_problems()[self]

    def _find_selection_problems(self):
        """Return the rules that each of many entries fails for being selected.

        :return: {entry: phrases}
        """
        return {
            entry: merits
            + entry._list_stage_problems()
            + entry._list_nomination_problems()
            for entry, merits in self._find_merit_problems().items()
        }

    def _find_merit_problems(self):
        """Return the rules that each of many entries fails for any distinction at all.

        They keep from a prize as from the nomination.

        :return: {entry: phrases}
        """
        doubtful = self._get_in_doubt()
        averages = self._get_criterion_averages()
        failing = self._find_failing_sheets()
        return {
            entry: entry._list_merit_problems(entry in doubtful, averages[entry])
            + failing.get(entry, [])
            for entry in self
        }

    def _find_failing_sheets(self):
        """Return the entries of which too few sheets give the points that one needs.

        In a contest with rounds those of the round where the entry is.

        :return: {entry: phrases}
        """
        asking = self.filtered(
            lambda entry: (
                entry.contest_id.mode != "nominate_only"
                and entry.criteria_set_id.sheet_pass
            )
        )
        if not asking:
            return {}
        self.env["hoithi.review"].flush_model(
            ["entry_id", "round_id", "state", "total"]
        )
        self.env["hoithi.entry"].flush_model(["criteria_set_id", "round_id"])
        self.env["hoithi.criteria.set"].flush_model(["sheet_pass"])
        rows = self.env.execute_query(
            SQL(
                """SELECT v.entry_id, COUNT(*),
                          COUNT(*) FILTER (WHERE v.total >= s.sheet_pass)
                   FROM hoithi_review v
                   JOIN hoithi_entry e ON e.id = v.entry_id
                   JOIN hoithi_criteria_set s ON s.id = e.criteria_set_id
                   WHERE v.entry_id IN %s AND v.state = 'submitted'
                     AND v.round_id IS NOT DISTINCT FROM e.round_id
                   GROUP BY v.entry_id""",
                tuple(asking.ids),
            )
        )
        failing = {}
        for entry_id, done, passing in rows:
            entry = self.browse(entry_id)
            criteria_set = entry.criteria_set_id
            if not voting.reaches(passing, done, criteria_set.sheet_pass_ratio):
                failing[entry] = [
                    self.env._(
                        "%(passing)s of its %(done)s sheets give %(points)s points or "
                        "more: it needs %(ratio)s of them",
                        passing=passing,
                        done=done,
                        points=format_number(self.env, criteria_set.sheet_pass),
                        ratio=criteria_set._write_pass_ratio(),
                    )
                ]
        return failing

    def _list_stage_problems(self):
        """Hook: return what keeps one entry from the last stage, a phrase each."""
        return []

    def _list_nomination_problems(self):
        """Return what keeps one entry from the nomination alone, a phrase each."""
        self.ensure_one()
        problems = [
            self.env._(
                "%s declined to be an author: take the person out of the authors first",
                line.full_name,
            )
            for line in self.author_ids.filtered("declined_on")
        ]
        slots = self.contest_id.nomination_slots
        if self.contest_id.mode != "nominate_only" and slots and self.rank > slots:
            problems.append(
                self.env._(
                    "its place, %(place)s, lies below the cut-off line (%(slots)s)",
                    place=self.rank,
                    slots=slots,
                )
            )
        return problems

    def _list_merit_problems(self, is_doubtful, averages):
        """Return the rules of merit that one entry fails, a phrase each.

        :param is_doubtful: whether a sheet counts of who may be in conflict
        :param averages: {criterion: average}
        """
        self.ensure_one()
        problems = self._get_vote_problems()
        if self.contest_id.mode == "nominate_only":
            return problems
        if is_doubtful:
            problems.append(
                self.env._(
                    "a member who may be in conflict gave a sheet for it: decide the "
                    "possible conflict of interest first"
                )
            )
        if self.state == "eligible":
            problems.append(self.env._("it hasn't been reviewed"))
        needed = self._get_sheets_needed()
        if self.review_done_count < needed:
            problems.append(
                self.env._(
                    "it has %(done)s of %(needed)s sheets (where one fell out after "
                    "the review, the chair reopens the rules, and the secretary "
                    "lowers the number of sheets)",
                    done=self.review_done_count,
                    needed=needed,
                )
            )
        is_sum = self.criteria_set_id.aggregate == "sum"
        if is_sum and self.review_done_count > needed > 0:
            problems.append(
                self.env._(
                    "its points are the sum of %(done)s sheets, those of others of "
                    "%(needed)s: the secretary voids a sheet, with the reason",
                    done=self.review_done_count,
                    needed=needed,
                )
            )
        if self.needs_adjudication:
            problems.append(
                self.env._("its sheets lie too far apart and await adjudication")
            )
        mark = self._get_pass_mark()
        if self.average_score < mark:
            problems.append(
                self.env._(
                    "its score %(score)s is below the pass mark %(minimum)s",
                    score=format_number(self.env, self.average_score),
                    minimum=format_number(self.env, mark),
                )
            )
        for criterion, average in averages.items():
            if average < scoring.to_decimal(criterion.min_pass):
                problems.append(
                    self.env._(
                        "its average for “%(criterion)s”, %(average)s, is below "
                        "%(minimum)s",
                        criterion=criterion.name,
                        average=format_number(self.env, average),
                        minimum=format_number(self.env, criterion.min_pass),
                    )
                )
        return problems

    def _get_pass_mark(self):
        """Return the points that the entry needs to pass; hook of rounds."""
        self.ensure_one()
        return self.criteria_set_id.min_total

    def _get_vote_problems(self):
        """Return why the council's vote doesn't let the entry be selected.

        An entry that no session has on its agenda is selected without a vote.
        """
        self.ensure_one()
        # the last vote counts, whoever may read its session
        self_sudo = self.sudo()
        last_sudo = self_sudo._get_standing_votes()[-1:]
        if not last_sudo and self_sudo.put_again_item_id:
            return [self.env._("it was put to the council again, and awaits its vote")]
        if not last_sudo or last_sudo.outcome == "approved":
            return []
        if last_sudo.outcome != "rejected":
            # a preliminary vote has kept it from this one
            last_sudo = last_sudo._get_failed_before()[:1]
        if last_sudo:
            return [self.env._("the council hasn't approved it: %s", last_sudo.basis)]
        return [self.env._("the council hasn't voted on it yet")]
