from odoo import models
from odoo.tools import SQL

from ...lib.council import scoring


class HoithiTieBreak(models.Model):
    """What each kind of tie-break compares, for the database and for `lib` alike.

    A test holds one to the other. In queries an entry is `r`.
    """

    _inherit = "hoithi.tie.break"

    def _get_merit_sql(self, table):
        """Return the joins and the keys of the order that this step adds.

        :param table: the name under which what is joined is known, an SQL identifier
        """
        self.ensure_one()
        return getattr(self, f"_get_{self.kind}_sql")(table)

    def _get_values(self, entries):
        """Return what this step compares: {entry: value}.

        :param entries: of the contest of this step
        """
        self.ensure_one()
        return getattr(self, f"_get_{self.kind}_values")(entries)

    # OF THE ENTRY ITSELF

    def _get_spread_sql(self, table):
        return [], [SQL("COALESCE(r.score_spread, 0)")]

    def _get_spread_values(self, entries):
        return {e: scoring.to_decimal(e.score_spread) for e in entries}

    def _get_benefit_sql(self, table):
        return [], [SQL("COALESCE(r.benefit_amount, 0) DESC")]

    def _get_benefit_values(self, entries):
        return {e: scoring.to_decimal(e.benefit_amount) for e in entries}

    def _get_earlier_sql(self, table):
        return [], [SQL("r.submitted_on")]

    def _get_earlier_values(self, entries):
        return {entry: entry.submitted_on.timestamp() for entry in entries}

    # OF ITS SHEETS

    def _get_criterion_sql(self, table):
        contest = self.contest_id
        averages = self.env["hoithi.entry"]._get_criterion_averages_sql(
            contest,
            SQL(
                "v.contest_id = %s AND l.criterion_id IN %s",
                contest.id,
                tuple(contest._get_twins(self.criterion_id).ids),
            ),
        )
        join = SQL("LEFT JOIN (%s) %s ON %s.entry_id = r.id", averages, table, table)
        return [join], [SQL("COALESCE(%s.average, 0) DESC", table)]

    def _get_criterion_values(self, entries):
        twins = self.contest_id._get_twins(self.criterion_id)
        averages = entries._get_criterion_averages()
        nothing = scoring.to_decimal(0)
        return {
            entry: next(
                (averages[entry][one] for one in twins if one in averages[entry]),
                nothing,
            )
            for entry in entries
        }

    def _get_last_round_sql(self, table):
        join = SQL(
            """LEFT JOIN hoithi_round_entry %s
               ON %s.entry_id = r.id AND %s.round_id = r.round_id""",
            table,
            table,
            table,
        )
        return [join], [SQL("COALESCE(%s.score, 0) DESC", table)]

    def _get_last_round_values(self, entries):
        # what an entry got in its round is told as its average is
        lines_sudo = entries.sudo().round_line_ids
        scores = {
            line.entry_id: line.score
            for line in lines_sudo
            if line.round_id == line.entry_id.round_id
        }
        return {e: scoring.to_decimal(scores.get(e, 0)) for e in entries}

    # OF WHAT COUNTS BESIDES

    def _get_component_sql(self, table):
        join = SQL(
            """LEFT JOIN hoithi_component_score %s
               ON %s.entry_id = r.id AND %s.component_id = %s""",
            table,
            table,
            table,
            self.component_id.id,
        )
        return [join], [SQL("COALESCE(%s.points, 0) DESC", table)]

    def _get_component_values(self, entries):
        # as above
        lines_sudo = entries.sudo().component_score_ids
        points = {
            line.entry_id: line.points
            for line in lines_sudo
            if line.component_id == self.component_id
        }
        return {e: scoring.to_decimal(points.get(e, 0)) for e in entries}

    def _get_votes_sql(self, table):
        # as `_get_votes_values`, of an item that is counted
        join = SQL(
            """LEFT JOIN (
                   SELECT DISTINCT ON (i.entry_id) i.entry_id,
                          COALESCE(i.agree, 0) + CASE i.approval_base
                              WHEN 'present' THEN 0
                              ELSE COALESCE(i.written_agree, 0) END AS agree
                   FROM hoithi_session_item i
                   JOIN hoithi_session s ON s.id = i.session_id
                   JOIN hoithi_entry e ON e.id = i.entry_id
                   WHERE i.contest_id = %s AND i.state = 'counted'
                     AND i.question_id IS NULL AND s.is_confirming IS NOT TRUE
                     AND i.id > COALESCE(e.put_again_item_id, 0)
                   ORDER BY i.entry_id, i.id DESC) %s
               ON %s.entry_id = r.id""",
            self.contest_id.id,
            table,
            table,
        )
        return [join], [SQL("COALESCE(%s.agree, 0) DESC", table)]

    def _get_votes_values(self, entries):
        # the council's last vote that counts, whoever may read its session
        return {
            entry: sum(
                item._get_agreeing()
                for item in entry.sudo()
                ._get_standing_votes()
                .filtered(
                    lambda item: (
                        item.state == "counted" and not item.session_id.is_confirming
                    )
                )[-1:]
            )
            for entry in entries
        }

    # OF WHO THE AUTHORS ARE

    def _get_women_sql(self, table):
        # as `ranking.is_of_women`
        join = SQL(
            """LEFT JOIN (
                   SELECT entry_id,
                          COUNT(*) FILTER (WHERE gender = 'female') * 10
                              >= COUNT(*) * 7 AS of_women
                   FROM hoithi_entry_author WHERE declined_on IS NULL
                   GROUP BY entry_id) %s
               ON %s.entry_id = r.id""",
            table,
            table,
        )
        return [join], [SQL("COALESCE(%s.of_women, FALSE) DESC", table)]

    def _get_women_values(self, entries):
        return {entry: entry._is_of_women() for entry in entries}

    # OF NOBODY BUT THE CHAIR, OR A LOT

    def _get_chair_sql(self, table):
        return [], []

    def _get_chair_values(self, entries):
        return dict.fromkeys(entries, 0)

    def _get_lot_sql(self, table):
        return [], []

    def _get_lot_values(self, entries):
        return dict.fromkeys(entries, 0)
