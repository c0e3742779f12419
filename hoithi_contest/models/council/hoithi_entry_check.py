from odoo import api, models
from odoo.tools import SQL


class HoithiEntry(models.Model):
    """What the nightly check compares of sheets, places, votes and notices."""

    _inherit = "hoithi.entry"

    @api.model
    def _get_broken_invariants(self, with_files=True):
        problems = super()._get_broken_invariants(with_files=with_files)
        rules = {
            "rejected": SQL(
                """SELECT e.id FROM hoithi_entry e
                   WHERE e.state IN ('selected', 'nominated')
                     AND (SELECT i.outcome FROM hoithi_session_item i
                          WHERE i.entry_id = e.id ORDER BY i.id DESC LIMIT 1)
                         = 'rejected'"""
            ),
            "ballots": SQL(
                """SELECT i.entry_id FROM hoithi_session_item i
                   JOIN hoithi_session s ON s.id = i.session_id
                   WHERE i.state = 'counted' AND s.ballot_mode = 'secret'
                     AND i.collected > (SELECT COUNT(*) FROM hoithi_ballot b
                                        WHERE b.item_id = i.id)"""
            ),
            # what was submitted through the product, not loaded or taken over
            "receipt": SQL(
                """SELECT DISTINCT l.entry_id FROM hoithi_ledger l
                   WHERE l.event = 'entry.submitted' AND NOT EXISTS (
                         SELECT 1 FROM hoithi_notice n
                         WHERE n.kind = 'receipt' AND n.res_model = 'hoithi.entry'
                           AND n.res_id = l.entry_id)"""
            ),
        }
        return problems + self._find_broken(rules)
