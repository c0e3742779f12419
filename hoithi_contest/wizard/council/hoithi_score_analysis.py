import collections

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, split_every

from ...lib.council import analysis, scoring
from ...models.guard.hoithi_states import CONTENDING
from ...tools import format_number

#: Agreement on fewer entries is shown, and isn't judged.
FEW_ENTRIES = 5

#: How many lines are written at a time, so that memory stays small.
LINES_AT_ONCE = 2000

#: What is read of entries; the rest of them is long.
ENTRY_FIELDS = (
    "code",
    "name",
    "contest_id",
    "field_id",
    "state",
    "rank",
    "rank_override",
    "average_score",
    "extra_points",
    "score_spread",
    "benefit_amount",
    "submitted_on",
    "review_count",
    "review_done_count",
    "needs_adjudication",
)


class HoithiScoreAnalysis(models.TransientModel):
    """What the sheets say beyond their averages: advice to the chair, never a result.

    Made anew at each opening, of the entries that the reader may see: an entry that the
    reader is in conflict with is left out of the list and of all the numbers, so that
    nothing about it can be inferred from them.
    """

    _name = "hoithi.score.analysis"
    _inherit = ["hoithi.text.mixin", "hoithi.clock.mixin"]
    _description = "Analysis of the Scores"
    _rec_name = "contest_id"

    contest_id = fields.Many2one("hoithi.contest", required=True, readonly=True)
    scope = fields.Selection(
        [("sheets", "Sheets"), ("totals", "Totals")], required=True, readonly=True
    )
    made_on = fields.Datetime(default=fields.Datetime.now, readonly=True)
    official = fields.Char(string="Official score", readonly=True)
    summed_sheets = fields.Integer(
        string="Sheets added up",
        readonly=True,
        help="Of so many sheets every other way to count makes its sum, so that floors "
        "of prizes and the points to pass compare.",
    )
    divergence_limit = fields.Float(readonly=True, digits=(6, 2))
    entry_count = fields.Integer(string="Entries with sheets", readonly=True)
    sheet_count = fields.Integer(string="Sheets", readonly=True)
    sensitive_count = fields.Integer(
        string="Results that hang on the method or on one member", readonly=True
    )
    warnings = fields.Text(readonly=True)
    line_ids = fields.One2many("hoithi.score.analysis.line", "analysis_id")
    figure_ids = fields.One2many("hoithi.score.analysis.figure", "analysis_id")
    agreement_ids = fields.One2many(
        "hoithi.score.analysis.figure",
        "analysis_id",
        domain=[("kind", "=", "agreement")],
    )
    severity_ids = fields.One2many(
        "hoithi.score.analysis.figure",
        "analysis_id",
        domain=[("kind", "=", "severity")],
    )
    scenario_ids = fields.One2many(
        "hoithi.score.analysis.figure",
        "analysis_id",
        domain=[("kind", "=", "scenario")],
    )

    # MAKING

    @api.model
    def _open(self, contest):
        """Return the action that shows a new analysis of `contest` to the caller.

        :raises AccessError: for who may not see it, or not yet
        """
        contest.check_access("read")
        scope = contest._get_analysis_scope()
        if not scope:
            raise AccessError(
                self.env._(
                    "The analysis is for the secretary and the leaders, and for the "
                    "chair and vice chair once the reviews are over."
                )
            )
        # leaders have no right on sheets, only on what they sum up to
        record = self.sudo()._make(contest, scope)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Analysis of the Scores (advisory)"),
            "res_model": self._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    @api.model
    def _get_visible_entries(self, contest):
        """Return the entries with sheets that the caller has no conflict with."""
        user = self.env.user
        entries = contest._get_decidable_entries()
        entries.fetch(ENTRY_FIELDS)
        entries = entries.filtered("review_done_count")
        conflicts = self.env["hoithi.conflict"].search(
            [
                ("entry_id", "in", entries.ids),
                ("hard", "=", True),
                ("member_id.user_id", "=", user.id),
            ]
        )
        authored = (
            self.env["hoithi.entry.author"]
            .sudo()  # who wrote an entry isn't the reader's to see, but to be kept from
            .search_fetch(
                [
                    ("entry_id", "in", entries.ids),
                    "|",
                    ("partner_id", "=", user.partner_id.id),
                    ("employee_id.user_id", "=", user.id),
                ],
                ["entry_id"],
            )
        )
        return (entries - conflicts.entry_id - authored.entry_id).sorted("code")

    @api.model
    def _make(self, contest, scope):
        """Return the analysis of `contest`.

        :raises UserError: where there is no sheet to analyse
        """
        if not contest._is_ranked_alike():
            raise UserError(
                self.env._(
                    "The analysis compares sheets of one set of criteria, all ranked "
                    "together; this contest ranks by several sets or rounds, or fields "
                    "apart."
                )
            )
        entries = self._get_visible_entries(contest)
        if not entries:
            raise UserError(self.env._("No sheet has been submitted yet."))
        criteria_set = contest._get_criteria_sets()
        official, digits = criteria_set.aggregate or "mean", criteria_set.rounding
        summed = self._count_summed(entries) if official == "sum" else 0
        sheets = analysis.Sheets(
            self._read_totals(entries), criteria_set._get_drops(), summed or None
        )
        entries = entries.browse(sheets.entries)
        methods = self._get_methods(official)
        adjusted = analysis.adjust(sheets, digits)
        extras = analysis.to_points(entries.mapped("extra_points"), digits)
        points = {
            method: (
                adjusted.points
                if method == "adjusted"
                else analysis.count_points(sheets, method, digits)
            )
            + extras
            for method in methods
        }
        outcome = self._get_outcome(contest, entries)
        changes = analysis.find_changes(
            sheets, official, points, outcome, digits, extras
        )
        notes = self._get_notes(changes, methods, scope)
        figures = [
            *self._prepare_agreement(entries, sheets),
            *self._prepare_scenarios(changes, methods, scope),
        ]
        if scope == "sheets":
            figures += self._prepare_severity(adjusted, sheets)
        record = self.create(
            {
                "contest_id": contest.id,
                "scope": scope,
                "official": methods[official],
                "summed_sheets": summed,
                "divergence_limit": contest.divergence_limit,
                "entry_count": len(entries),
                "sheet_count": len(sheets),
                "sensitive_count": len(notes),
                "warnings": "\n".join(self._get_warnings(contest, entries, adjusted)),
                "figure_ids": [Command.create(values) for values in figures],
            }
        )
        results = self._get_results(outcome, points[official])
        record._add_lines(
            record._prepare_lines(entries, sheets, points, results, notes)
        )
        return record

    def _add_lines(self, lines):
        """Add lines in a statement for each batch, as there may be tens of thousands.

        :param lines: the values of each, all by the same names
        """
        model = self.env["hoithi.score.analysis.line"]
        model.check_access("create")
        model.flush_model()
        uid, now = self.env.uid, fields.Datetime.now()
        for batch in split_every(LINES_AT_ONCE, lines, list):
            columns = [model._fields[name] for name in batch[0]]
            names = [column.name for column in columns]
            names += ["create_uid", "write_uid", "create_date", "write_date"]
            rows = [
                (
                    *(
                        column.convert_to_column_insert(values[column.name], model)
                        for column in columns
                    ),
                    *(uid, uid, now, now),
                )
                for values in batch
            ]
            self.env.cr.execute(
                SQL(
                    "INSERT INTO hoithi_score_analysis_line (%s) VALUES %s",
                    SQL(", ").join(map(SQL.identifier, names)),
                    SQL(", ").join(rows),
                )
            )
        model.invalidate_model()
        self.invalidate_recordset(["line_ids"])

    @api.model
    def _read_totals(self, entries):
        """Return {(entry id, member id): points} of the sheets submitted, by code."""
        names = ["entry_id", "member_id", "state", "total"]
        self.env["hoithi.review"].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """SELECT r.entry_id, r.member_id, r.total::float8
                   FROM hoithi_review r
                   JOIN UNNEST(%s) WITH ORDINALITY AS chosen(id, place)
                     ON chosen.id = r.entry_id
                   WHERE r.state = 'submitted'
                   ORDER BY chosen.place, r.member_id""",
                entries.ids,
            )
        )
        return {(entry, member): total for entry, member, total in rows}

    @api.model
    def _count_summed(self, entries):
        """Return of how many sheets a sum is: of as many as most entries have."""
        counts = collections.Counter(entries.mapped("review_done_count"))
        return max(counts, key=lambda number: (counts[number], number))

    @api.model
    def _get_methods(self, official):
        """Return the names of the ways to count, by their keys.

        :param official: the key of the contest's own
        """
        # where sheets aren't added up, a sum is none of the ways: floors are of a mean
        own = {"sum": self.env._("Sum")} if official == "sum" else {}
        return own | {
            "mean": self.env._("Mean"),
            "trimmed_mean": self.env._("Trimmed mean"),
            "median": self.env._("Median"),
            "adjusted": self.env._("Adjusted for severity"),
        }

    # OUTCOMES

    @api.model
    def _get_outcome(self, contest, entries):
        """Return what tells the prize and the place of each entry with given points.

        A prize is told by its id, or by a tie that the declared chain leaves open.
        """
        competing = entries.filtered(
            lambda entry: entry.state in CONTENDING and not entry._has_stopped()
        )
        limits = contest._get_cut_limits()
        place = {entry: number for number, entry in enumerate(entries)}
        numbers = [place[entry] for entry in competing]
        # by whole numbers: there may be many, and each member is left out once
        merits = competing._get_merits()
        ties = [merits[entry][1:] for entry in competing]
        order = {tie: n for n, tie in enumerate(sorted(set(ties)))}
        return analysis.Outcome(
            competing=numbers,
            ties=[order[tie] for tie in ties],
            fields=[entry.field_id.id for entry in competing],
            overrides={
                number: entry.rank_override
                for number, entry in zip(numbers, competing, strict=True)
                if entry.rank_override
            },
            ladders=[
                (
                    field.id,
                    [
                        prize._to_ladder(
                            competing,
                            key=prize.id,
                            by_number=True,
                            limits=limits.get(prize, ()),
                        )
                        for prize in prizes
                    ],
                )
                for field, prizes in contest._get_place_prizes()
            ],
            passing=contest._get_criteria_sets().min_total,
            slots=contest.nomination_slots,
            digits=contest._get_criteria_sets().rounding,
        )

    @api.model
    def _get_results(self, outcome, points):
        """Return what each entry that competes gets, by its number."""
        prizes, above = outcome(points)
        return {
            number: analysis.Result(int(prizes[number]), bool(above[number]))
            for number in outcome.competing.tolist()
        }

    @api.model
    def _get_result_label(self, result):
        if result is None:
            return ""
        prize, above = result
        if prize:
            return (
                self.env._("Tie for a prize")
                if prize == analysis.TIE
                else self.env["hoithi.prize"].browse(prize).display_name
            )
        return self.env._("Above the line") if above else self.env._("Below the line")

    @api.model
    def _get_notes(self, changes, methods, scope):
        """Return for each entry what would change it, a phrase each."""
        notes = {}
        for key, label, found in self._iterate_changes(changes, methods, scope):
            for change in found:
                after = self._get_result_label(change.after)
                notes.setdefault(change.entry, {}).setdefault((key, label, after))
        return {
            entry: list(
                dict.fromkeys(f"{label}: {after}" for _k, label, after in found)
            )
            for entry, found in notes.items()
        }

    @api.model
    def _iterate_changes(self, changes, methods, scope):
        """Yield (key, label, changes) for each method and each member left out."""
        by_method, by_member = changes
        for method, found in by_method.items():
            yield method, methods[method], found
        members = self.env["hoithi.council.member"].browse(by_member)
        for member, found in zip(members, by_member.values(), strict=True):
            label = (
                self.env._("Without %s", member.display_name)
                if scope == "sheets"
                else self.env._("Without one member")
            )
            yield member, label, found

    # LINES AND FIGURES

    def _prepare_lines(self, entries, sheets, points, results, notes):
        """Yield the values of a line for each entry, in the order of the entries."""
        names = {
            number: seat.display_name
            for number, seat in enumerate(
                self.env["hoithi.council.member"].browse(sheets.members)
            )
        }
        totals = {}
        for entry, member, total in zip(
            sheets.entry.tolist(),
            sheets.member.tolist(),
            sheets.total.tolist(),
            strict=True,
        ):
            totals.setdefault(entry, {})[member] = total
        limit = scoring.to_decimal(self.divergence_limit)
        needed = self.contest_id.reviews_per_entry
        digits = self.contest_id._get_criteria_sets().rounding
        for number, entry in enumerate(entries):
            given = totals[number]
            spread = scoring.spread(given.values())
            told = notes.get(entry.id, [])
            yield {
                "analysis_id": self.id,
                "entry_id": entry.id,
                "code": entry.code,
                "name": entry.name,
                "field_id": entry.field_id.id,
                "sheets": "\n".join(
                    f"{names[member]}: {format_number(self.env, total)}"
                    for member, total in given.items()
                )
                if self.scope == "sheets"
                else False,
                "sheet_count": len(given),
                "rank": entry.rank,
                "spread": float(spread),
                **{
                    method: float(analysis.to_score(values[number], digits))
                    for method, values in points.items()
                },
                "result": self._get_result_label(results.get(number)),
                "sensitivity": "\n".join(told),
                "is_sensitive": bool(told),
                "diverges": bool(limit and spread > limit),
                "needs_adjudication": entry.needs_adjudication,
                "is_incomplete": entry.review_done_count < needed,
            }

    @api.model
    def _read_scores(self, entries):
        """Return (criterion, entries' ids, scores) of the sheets submitted."""
        self.env["hoithi.review"].flush_model(["entry_id", "state"])
        lines = self.env["hoithi.review.line"]
        lines.flush_model(["review_id", "criterion_id", "score"])
        rows = self.env.execute_query(
            SQL(
                """SELECT l.criterion_id,
                          ARRAY_AGG(r.entry_id), ARRAY_AGG(l.score::float8)
                   FROM hoithi_review_line l JOIN hoithi_review r ON r.id = l.review_id
                   WHERE r.state = 'submitted' AND r.entry_id = ANY(%s)
                   GROUP BY l.criterion_id""",
                entries.ids,
            )
        )
        found = {criterion: (ids, scores) for criterion, ids, scores in rows}
        criteria = self.env["hoithi.criterion"].browse(found).sorted()
        return [(criterion, *found[criterion.id]) for criterion in criteria]

    @api.model
    def _prepare_agreement(self, entries, sheets):
        """Return Krippendorff's alpha over all, by field, by criterion and by both."""
        numbers = {entry.id: number for number, entry in enumerate(entries)}
        in_play = entries.field_id
        columns = {field: number for number, field in enumerate(in_play)}
        field_of = [columns.get(entry.field_id, -1) for entry in entries]
        rows = []
        for criterion, own, scores in [
            (False, sheets.entry.tolist(), sheets.total.tolist()),
            *(
                (criterion, [numbers[entry] for entry in ids], scores)
                for criterion, ids, scores in self._read_scores(entries)
            ),
        ]:
            parts = {False: (own, scores)}
            if len(in_play) > 1:
                parts.update({field: ([], []) for field in in_play})
                by_number = [parts[field] for field in in_play]
                for entry, value in zip(own, scores, strict=True):
                    if field_of[entry] >= 0:
                        part = by_number[field_of[entry]]
                        part[0].append(entry)
                        part[1].append(value)
            for field, (part, values) in parts.items():
                alpha = analysis.agreement(part, values)
                count = len(set(part))
                rows.append(
                    {
                        "kind": "agreement",
                        "criterion_id": criterion and criterion.id,
                        "field_id": field and field.id,
                        "name": criterion.name if criterion else self.env._("Total"),
                        "value": alpha or 0,
                        "is_defined": alpha is not None,
                        "is_low": alpha is not None
                        and count >= FEW_ENTRIES
                        and alpha < analysis.ALPHA_TENTATIVE,
                        "count": count,
                        "note": self._get_alpha_note(alpha, count),
                    }
                )
        return rows

    @api.model
    def _get_alpha_note(self, alpha, count):
        if alpha is None:
            return self.env._("Not defined: too few sheets, or all of them equal")
        if count < FEW_ENTRIES:
            return self.env._("Too few entries to tell")
        if alpha >= analysis.ALPHA_GOOD:
            return self.env._("Good")
        if alpha >= analysis.ALPHA_TENTATIVE:
            return self.env._("Tentative")
        return self.env._("Low: discuss how the criterion is read")

    @api.model
    def _prepare_severity(self, adjusted, sheets):
        members = self.env["hoithi.council.member"].browse(adjusted.severity)
        counts = collections.Counter(
            sheets.members[number] for number in sheets.member.tolist()
        )
        return [
            {
                "kind": "severity",
                "name": members.browse(member).display_name,
                "value": float(value),
                "is_defined": True,
                "count": counts[member],
            }
            for member, value in sorted(
                adjusted.severity.items(), key=lambda item: (item[1], item[0])
            )
        ]

    @api.model
    def _prepare_scenarios(self, changes, methods, scope):
        """Return a row for each way to count; members without names are one row."""
        rows = {}
        for _key, label, found in self._iterate_changes(changes, methods, scope):
            codes = rows.setdefault(label, {})
            changed = self.env["hoithi.entry"].browse(change.entry for change in found)
            codes.update(dict.fromkeys(changed.mapped("code")))
        return [
            {
                "kind": "scenario",
                "name": label,
                "is_defined": True,
                "count": len(codes),
                "note": ", ".join(codes),
            }
            for label, codes in rows.items()
        ]

    @api.model
    def _get_warnings(self, contest, entries, adjusted):
        """Return what keeps the numbers from meaning what they seem to mean."""
        warnings = []
        parts = adjusted.parts
        if len(parts) > 1:
            warnings.append(
                self.env._(
                    "No member connects these groups of entries, so that scores "
                    "compare within a group only: %s",
                    " | ".join(
                        ", ".join(sorted(entries.browse(part).mapped("code")))
                        for part in parts
                    ),
                )
            )
        unfinished = entries.filtered(
            lambda entry: entry.review_done_count < entry.review_count
        )
        if unfinished:
            warnings.append(
                self.env._(
                    "Sheets are still missing: %s",
                    ", ".join(unfinished.mapped("code")),
                )
            )
        if not contest._get_place_prizes() and not contest.nomination_slots:
            warnings.append(
                self.env._(
                    "No prizes and no places in the nomination are declared: only the "
                    "pass mark tells results apart."
                )
            )
        return warnings
