from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...lib.council import analysis, ranking, scoring
from ...models.guard.hoithi_states import CONTENDING
from ...tools import format_number

#: In place of a prize's id, for equals that compete for fewer prizes than they are.
TIE = -1

#: Agreement on fewer entries is shown, and isn't judged.
FEW_ENTRIES = 5


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
        values = self.sudo()._prepare(contest, scope)
        if not values["entry_count"]:
            raise UserError(self.env._("No sheet has been submitted yet."))
        record = self.sudo().create(values)
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
        entries = contest._get_decidable_entries().filtered("review_done_count")
        conflicts = self.env["hoithi.conflict"].search(
            [
                ("entry_id", "in", entries.ids),
                ("hard", "=", True),
                ("member_id.user_id", "=", user.id),
            ]
        )
        authored = entries.filtered(
            lambda entry: user.partner_id in entry.author_ids.partner_id
        )
        return (entries - conflicts.entry_id - authored).sorted("code")

    @api.model
    def _prepare(self, contest, scope):
        """Return the values of the analysis of `contest`."""
        entries = self._get_visible_entries(contest)
        reviews = entries.review_ids.filtered(lambda r: r.state == "submitted")
        sheets = {
            (review.entry_id.id, review.member_id.id): scoring.to_decimal(review.total)
            for review in reviews.sorted(lambda r: (r.entry_id.code, r.member_id.id))
        }
        criteria_set = contest.criteria_set_id
        official, digits = criteria_set.aggregate or "mean", criteria_set.rounding
        methods = self._get_methods()
        scores = {
            method: analysis.score(sheets, method, digits, entries.ids)
            for method in methods
        }
        adjusted = analysis.adjust(sheets, digits)
        outcome = self._get_outcome(contest, entries)
        changes = analysis.find_changes(sheets, official, outcome, methods, digits)
        results = outcome(scores[official])
        notes = self._get_notes(changes, methods, scope)
        totals = {}
        for (entry, member), total in sheets.items():
            totals.setdefault(entry, {})[member] = total
        lines = [
            self._prepare_line(
                contest,
                entry,
                totals[entry.id],
                {method: scores[method][entry.id] for method in methods},
                self._get_result_label(results.get(entry.id)),
                notes.get(entry.id, []),
                scope,
            )
            for entry in entries
        ]
        figures = [
            *self._prepare_agreement(entries, reviews, sheets),
            *self._prepare_scenarios(changes, methods, scope),
        ]
        if scope == "sheets":
            figures += self._prepare_severity(adjusted, sheets)
        return {
            "contest_id": contest.id,
            "scope": scope,
            "official": methods[official],
            "divergence_limit": contest.divergence_limit,
            "entry_count": len(entries),
            "sheet_count": len(sheets),
            "sensitive_count": len(notes),
            "warnings": "\n".join(self._get_warnings(contest, entries, adjusted)),
            "line_ids": [Command.create(values) for values in lines],
            "figure_ids": [Command.create(values) for values in figures],
        }

    @api.model
    def _get_methods(self):
        """Return the names of the ways to count, by their keys."""
        return {
            "mean": self.env._("Mean"),
            "trimmed_mean": self.env._("Trimmed mean"),
            "median": self.env._("Median"),
            "adjusted": self.env._("Adjusted for severity"),
        }

    # OUTCOMES

    @api.model
    def _get_outcome(self, contest, entries):
        """Return a function that tells what each entry gets with given scores.

        That is the id of its prize (or a tie that the declared chain leaves open) and
        whether it passes the pass mark and the cut-off line.
        """
        competing = entries.filtered(lambda entry: entry.state in CONTENDING)
        # by ids and whole numbers: there may be many, and each member is left out once
        ties = {entry.id: entry._get_merit()[1:] for entry in competing}
        order = {tie: n for n, tie in enumerate(sorted(set(ties.values())))}
        tie_places = {entry: order[tie] for entry, tie in ties.items()}
        digits = contest.criteria_set_id.rounding
        field_of = {entry.id: entry.field_id.id for entry in competing}
        overrides = {e.id: e.rank_override for e in competing if e.rank_override}
        passing = scoring.to_decimal(contest.criteria_set_id.min_total)
        slots = contest.nomination_slots
        structure = [
            (
                field.id,
                [
                    ranking.Prize(p.id, p.slots, scoring.to_decimal(p.min_score))
                    for p in ps
                ],
            )
            for field, ps in contest.prize_ids.grouped("field_id").items()
        ]

        def outcome(scores):
            places = ranking.rank_by(
                {
                    entry: (int(scores[entry].scaleb(digits)), tie)
                    for entry, tie in tie_places.items()
                },
                overrides,
            )
            prizes = {}
            for field, ladder in structure:
                group = {
                    entry: place
                    for entry, place in places.items()
                    if entry not in prizes and field in (field_of[entry], False)
                }
                try:
                    prizes.update(ranking.allocate(group, scores, ladder))
                except ranking.UnresolvedTie as tie:
                    prizes.update(dict.fromkeys(tie.keys, TIE))
            return {
                entry: (
                    prizes.get(entry),
                    scores[entry] >= passing and (not slots or places[entry] <= slots),
                )
                for entry in ties
            }

        return outcome

    @api.model
    def _get_result_label(self, result):
        if result is None:
            return ""
        prize, above = result
        if prize:
            return (
                self.env._("Tie for a prize")
                if prize == TIE
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

    @api.model
    def _prepare_line(self, contest, entry, totals, scores, result, notes, scope):
        spread = scoring.spread(totals.values())
        limit = scoring.to_decimal(contest.divergence_limit)
        return {
            "entry_id": entry.id,
            "code": entry.code,
            "name": entry.name,
            "field_id": entry.field_id.id,
            "sheets": "\n".join(
                f"{member.display_name}: {format_number(self.env, total)}"
                for member, total in zip(
                    self.env["hoithi.council.member"].browse(totals),
                    totals.values(),
                    strict=True,
                )
            )
            if scope == "sheets"
            else False,
            "sheet_count": len(totals),
            "rank": entry.rank,
            "spread": float(spread),
            **{method: float(value) for method, value in scores.items()},
            "result": result,
            "sensitivity": "\n".join(notes),
            "is_sensitive": bool(notes),
            "diverges": bool(limit and spread > limit),
            "needs_adjudication": entry.needs_adjudication,
            "is_incomplete": entry.review_done_count < contest.reviews_per_entry,
        }

    @api.model
    def _prepare_agreement(self, entries, reviews, sheets):
        """Return Krippendorff's alpha over all, by field, by criterion and by both."""
        by_criterion = {}
        for line in reviews.line_ids:
            key = (line.review_id.entry_id.id, line.review_id.member_id.id)
            by_criterion.setdefault(line.criterion_id, {})[key] = line.score
        fields_in_play = entries.field_id
        field_of = {entry.id: entry.field_id for entry in entries}
        tables = [(False, sheets), *by_criterion.items()]
        rows = []
        for criterion, table in tables:
            parts = [(False, table)]
            if len(fields_in_play) > 1:
                parts += [
                    (
                        field,
                        {
                            pair: v
                            for pair, v in table.items()
                            if field_of[pair[0]] == field
                        },
                    )
                    for field in fields_in_play
                ]
            for field, part in parts:
                alpha = analysis.agreement(part)
                count = len({entry for entry, _member in part})
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
        counts = {}
        for _entry, member in sheets:
            counts[member] = counts.get(member, 0) + 1
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
        if not contest.prize_ids and not contest.nomination_slots:
            warnings.append(
                self.env._(
                    "No prizes and no places in the nomination are declared: only the "
                    "pass mark tells results apart."
                )
            )
        return warnings
