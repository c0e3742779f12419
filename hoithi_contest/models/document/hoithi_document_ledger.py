from odoo import api, models


class HoithiDocument(models.Model):
    """What the ledger attests of a paper: as it was issued, and what came of it."""

    _name = "hoithi.document"
    _inherit = ["hoithi.document", "hoithi.ledger.fact.mixin"]

    _ledger_events = {
        "document.issued": ("document", "scan"),
        "document.changed": ("scan",),
    }
    _ledger_opening = "document.issued"

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        issued = self.filtered("issued_on")
        if issued and (
            vals.get("state") == "issued" or {"docx_id", "pdf_id"} & set(vals)
        ):
            issued._attest("document.issued")
        elif issued and {"state", "scan_ids", "signed_file_id"} & set(vals):
            issued._attest("document.changed")
        return result

    # LEDGER

    @api.model
    def _get_ledger_domain(self, contest):
        return [*super()._get_ledger_domain(contest), ("issued_on", "!=", False)]

    def _get_ledger_files(self):
        return {
            "document": self.docx_id | self.pdf_id,
            "scan": self.scan_ids | self.signed_file_id,
        }

    def _get_ledger_facts(self):
        if not self.issued_on:
            return {"document": None, "scan": None}
        return {
            "document": {
                "kind": self.kind,
                "number": self.number or "",
                "symbol": self.symbol or "",
                "date": self.date.isoformat() if self.date else "",
                "subject": self.subject or "",
                "docx": self.docx_id.kept_sha256 or "",
                "pdf": self.pdf_id.kept_sha256 or "",
            },
            "scan": [
                self.state,
                *sorted((self.scan_ids | self.signed_file_id).mapped("kept_sha256")),
            ],
        }
