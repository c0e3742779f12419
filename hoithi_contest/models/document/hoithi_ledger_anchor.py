from odoo import api, models


class HoithiLedgerAnchor(models.AbstractModel):
    _inherit = "hoithi.ledger.anchor"

    @api.model
    def _get_printed_anchors(self, contest):
        yield from super()._get_printed_anchors(contest)
        # what was issued is on paper, whoever may read it here
        documents_sudo = self.env["hoithi.document"].sudo()
        for document in documents_sudo.search(
            [("contest_id", "=", contest.id), ("state", "=", "issued")]
        ):
            digest = (document.context_json or {}).get("digest") or ""
            position, _colon, head = digest.rpartition(":")
            if head:
                yield {
                    "position": int(position) if position.isdecimal() else 0,
                    "hash": head,
                    "where": document.display_name,
                }
