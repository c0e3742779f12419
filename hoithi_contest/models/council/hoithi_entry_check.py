import json

from odoo import api, models
from odoo.tools import SQL

from ...lib.council import components, scoring
from ...lib.council.evidence import SEAL
from ..guard.hoithi_states import OVER

#: Entries whose scores are held in memory at a time.
BATCH = 1000


class HoithiEntry(models.Model):
    """What the nightly check compares of sheets, places, votes and notices."""

    _inherit = "hoithi.entry"

    @api.model
    def _get_broken_invariants(self, with_files=True, contest=None):
        problems = super()._get_broken_invariants(with_files, contest)
        rules = {
            "rejected": SQL(
                """SELECT e.id FROM hoithi_entry e
                   WHERE e.state IN ('selected', 'nominated')
                     AND (SELECT i.outcome FROM hoithi_session_item i
                          JOIN hoithi_session s ON s.id = i.session_id
                          WHERE i.entry_id = e.id AND i.question_id IS NULL
                            AND (i.id > COALESCE(e.confirm_again_item_id, 0)
                                 OR s.is_confirming IS NOT TRUE)
                          ORDER BY i.id DESC LIMIT 1)
                         = 'rejected'"""
            ),
            "ballots": SQL(
                """SELECT i.entry_id FROM hoithi_session_item i
                   WHERE i.state = 'counted' AND i.ballot_mode = 'secret'
                     AND i.on_paper IS NOT TRUE
                     AND i.collected > (SELECT COUNT(*) FROM hoithi_ballot b
                                        WHERE b.item_id = i.id)"""
            ),
            # what was submitted through the product, not loaded or taken over, by
            # somebody whom one can write to
            "receipt": SQL(
                """SELECT l.entry_id FROM hoithi_ledger l
                   WHERE l.event = 'entry.submitted' AND EXISTS (
                         SELECT 1 FROM hoithi_entry_author a
                         WHERE a.entry_id = l.entry_id AND a.partner_id IS NOT NULL)
                     AND NOT EXISTS (
                         SELECT 1 FROM hoithi_notice n
                         WHERE n.kind = 'receipt' AND n.res_model = 'hoithi.entry'
                           AND n.res_id = l.entry_id)"""
            ),
        }
        return [
            *problems,
            *self._find_broken(rules, contest),
            *(("scores", entry_id) for entry_id in self._find_broken_scores(contest)),
            *(("rank", entry_id) for entry_id in self._find_broken_ranks(contest)),
        ]

    @api.model
    def _find_broken_scores(self, contest=None):
        """Return the ids of entries whose figures aren't those of their sheets."""
        own = SQL("e.contest_id = %s", contest.id) if contest else SQL("TRUE")
        broken, last_id = [], 0
        while rows := self.env.execute_query(
            SQL(
                """SELECT e.id, e.round_id, e.extra_points,
                          e.review_count, e.review_done_count,
                          e.average_score, e.score_spread,
                          s.aggregate, s.rounding,
                          ARRAY[s.drop_high, s.drop_low, s.drop_from], COUNT(r.id),
                          array_remove(array_agg(
                              CASE WHEN r.state = 'submitted' THEN r.total END), NULL)
                   FROM hoithi_entry e
                   LEFT JOIN hoithi_criteria_set s ON s.id = e.criteria_set_id
                   LEFT JOIN hoithi_review r
                     ON r.entry_id = e.id AND r.state NOT IN ('void', 'recused')
                    AND r.round_id IS NOT DISTINCT FROM e.round_id
                   WHERE e.id > %s AND e.submitted_on IS NOT NULL AND %s
                   GROUP BY e.id, s.id ORDER BY e.id LIMIT %s""",
                last_id,
                own,
                BATCH,
            )
        ):
            for row in rows:
                entry_id, round_id, extra, *stored = row[:-5]
                aggregate, rounding, drops, count, totals = row[-5:]
                due = [
                    count,
                    len(totals),
                    scoring.aggregate(
                        totals,
                        aggregate or "mean",
                        rounding or 0,
                        scoring.Drops(*drops),
                    ),
                    scoring.spread(totals),
                ]
                if extra:
                    due[2] = components.add_up(due[2], [extra])
                if round_id:
                    # its total is that of all its rounds, which are compared apart
                    due[2] = stored[2]
                if [f"{value or 0:.2f}" for value in stored] != [
                    f"{value or 0:.2f}" for value in due
                ]:
                    broken.append(entry_id)
            last_id = rows[-1][0]
        return broken

    @api.model
    def _find_broken_ranks(self, contest=None):
        """Return the ids of entries whose place isn't what the rules give.

        Of a contest that is over, the place that was sealed counts.
        """
        broken = []
        # the check is the server's, over all contests
        contests_sudo = self.env["hoithi.contest"].sudo()
        for one in contest or contests_sudo.search([("entry_ids", "!=", False)]):
            stored = self._read_ranks(one)
            if one.state in OVER:
                due = self._get_sealed_ranks(one)
            else:
                due = self._get_due_ranks(one)
            broken += [id_ for id_, place in due.items() if stored.get(id_) != place]
        return broken

    @api.model
    def _read_ranks(self, contest):
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, COALESCE(rank, 0) FROM hoithi_entry"
                    " WHERE contest_id = %s",
                    contest.id,
                )
            )
        )

    @api.model
    def _get_due_ranks(self, contest):
        """Return the places as the rules give them now; nothing is changed.

        None where a place is out of date: it is worked out when somebody asks for it.
        """
        [(is_stale,)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT 1 FROM hoithi_entry"
                " WHERE contest_id = %s AND rank_stale)",
                contest.id,
            )
        )
        if is_stale:
            return {}
        savepoint = self.env.cr.savepoint()
        try:
            self._write_ranks(contest)
            return self._read_ranks(contest)
        finally:
            savepoint.close(rollback=True)

    @api.model
    def _get_sealed_ranks(self, contest):
        # what was sealed is compared, whoever may read it
        seal_sudo = (
            self.env["hoithi.ledger"]
            .sudo()
            .search([("contest_id", "=", contest.id), ("event", "=", SEAL)], limit=1)
        )
        results = json.loads(seal_sudo.payload or "{}").get("results", [])
        return {entry_id: place for entry_id, _state, place in results}
