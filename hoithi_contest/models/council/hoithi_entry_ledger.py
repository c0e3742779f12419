from odoo import api, models

from ...lib.council import evidence


class HoithiEntry(models.Model):
    """What the ledger attests of an entry: what was handed in, and what was decided."""

    _name = "hoithi.entry"
    _inherit = ["hoithi.entry", "hoithi.ledger.fact.mixin"]

    _ledger_events = {
        "entry.submitted": ("submission", "files"),
        "entry.supplemented": ("files",),
        "entry.decided": ("decision",),
        "entry.selected": ("decision",),
        "entry.not_selected": ("decision",),
        "entry.put_again": ("decision",),
        "entry.disqualified": ("decision",),
        "entry.readmitted": ("decision",),
        "entry.reinstated": ("decision",),
        "rank.overridden": ("decision",),
    }
    _ledger_opening = "entry.submitted"

    # CRUD

    def write(self, vals):
        decided = {"state", "rank_override"} & set(vals)
        # a decision holds reasons and places that whoever writes may not read
        before = {entry: entry._get_decision() for entry in self.sudo() if decided}
        result = super().write(vals)
        for entry_sudo, decision in before.items():
            if entry_sudo._get_decision() != decision:
                entry_sudo.sudo(False)._attest("entry.decided")
        if vals.get("state") == "submitted" and "submitted_on" in vals:
            self._attest("entry.submitted")
        return result

    # LEDGER

    @api.model
    def _get_ledger_domain(self, contest):
        return [*super()._get_ledger_domain(contest), ("submitted_on", "!=", False)]

    def _get_ledger_entry(self):
        return self

    def _get_decision(self):
        """Return what the council decided on the entry: outcome and place."""
        self.ensure_one()
        outcomes = {"nominated": "selected", "selected": "selected"}
        outcomes |= {name: name for name in ("not_selected", "disqualified")}
        return [outcomes.get(self.state, ""), self.rank_override or 0]

    def _get_counted_files(self):
        """Return a list of the files that ever counted, in the order they came in."""
        # a recordset made anew would be read entry by entry
        versions = [*self.dossier_ids, *self.earlier_dossier_ids]
        return sorted((i for i in versions if i.counted_on), key=lambda i: i.id)

    def _get_ledger_files(self):
        files = (item.attachment_id for item in self._get_counted_files())
        return {"files": self.env["ir.attachment"].concat(*files)}

    def _get_ledger_facts(self):
        decision = self._get_decision()
        return {
            "submission": {
                "code": self.code,
                "receipt": self.receipt_number or "",
                "submitted_on": self.submitted_on.isoformat(),
            }
            if self.submitted_on
            else None,
            "files": [
                [
                    item.id,
                    # people put their names into those of files
                    evidence.fingerprint(item.filename),
                    item.sha256,
                    item.attachment_id.kept_sha256,
                ]
                for item in self._get_counted_files()
            ]
            or None,
            "decision": decision if any(decision) else None,
        }
