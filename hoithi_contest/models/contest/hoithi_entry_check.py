from odoo import api, models
from odoo.tools import SQL


class HoithiEntry(models.Model):
    """What the nightly check compares of entries."""

    _inherit = "hoithi.entry"

    @api.model
    def _cron_check_invariants(self):
        """Look for what breaks a rule that no door should have let through."""
        return self.env["hoithi.check"]._run()

    @api.model
    def _get_broken_invariants(self, with_files=True, contest=None):
        """Return (rule, entry id) for each broken rule of the data.

        :param with_files: whether all kept files are read, too
        :param contest: of which alone entries are looked at; by default, of all
        """
        rules = {
            "shares": SQL(
                """SELECT e.id FROM hoithi_entry e
                   WHERE e.state NOT IN ('draft', 'supplement', 'withdrawn')
                     AND (SELECT COALESCE(SUM(a.contribution_percent), 0)
                          FROM hoithi_entry_author a WHERE a.entry_id = e.id) <> 100"""
            ),
            "representative": SQL(
                """SELECT e.id FROM hoithi_entry e
                   WHERE e.state NOT IN ('draft', 'supplement', 'withdrawn')
                     AND (SELECT COUNT(*) FROM hoithi_entry_author a
                          WHERE a.entry_id = e.id AND a.is_representative) <> 1"""
            ),
            "deadline": SQL(
                """SELECT e.id FROM hoithi_entry e
                   JOIN hoithi_contest c ON c.id = e.contest_id
                   WHERE e.submitted_on > c.registration_closes_at
                     AND e.late_reason IS NULL"""
            ),
        }
        self.env.flush_all()
        files = self.env["ir.attachment"]
        return [
            *self._find_broken(rules, contest),
            *(files._get_broken_files()._get_broken_rules() if with_files else ()),
        ]

    @api.model
    def _find_broken(self, rules, contest=None):
        """Return (rule, entry id) of what the queries of `rules` find.

        :param contest: of which alone
        """
        if contest:
            rules = {
                rule: SQL(
                    """SELECT found.id FROM (%s) AS found(id)
                       JOIN hoithi_entry own ON own.id = found.id
                       WHERE own.contest_id = %s""",
                    query,
                    contest.id,
                )
                for rule, query in rules.items()
            }
        found = [
            (rule, row[0])
            for rule, query in rules.items()
            for row in self.env.execute_query(query)
        ]
        return list(dict.fromkeys(found))
