from odoo import fields, models

from .hoithi_contest_council import LEDGER_READERS


class HoithiContest(models.Model):
    """What a contest knows of its ledger: its anchors, and what proves it outside."""

    _inherit = "hoithi.contest"

    anchored_on = fields.Datetime(
        string="End of the ledger noted on", readonly=True, copy=False
    )
    anchored_length = fields.Integer(readonly=True, copy=False, groups=LEDGER_READERS)
    anchored_digest = fields.Char(readonly=True, copy=False, groups=LEDGER_READERS)
    evidence_exported_on = fields.Datetime(readonly=True, copy=False)
    evidence_length = fields.Integer(
        string="Rows in the exported evidence",
        readonly=True,
        copy=False,
        groups=LEDGER_READERS,
    )

    # ACTION

    def action_close(self):
        result = super().action_close()
        # what was sealed is noted elsewhere at once
        cron_sudo = self.env.ref("hoithi_contest.cron_anchor_ledger").sudo()
        cron_sudo._trigger()
        return result

    def action_export_evidence(self):
        """Make the evidence package, for an inspector to check without the server.

        Rows that a conflict or the role keeps from the caller are closed in it.

        :return: an action that downloads it
        :raises AccessError: for who may not read the ledger
        """
        self.ensure_one()
        self.check_access("read")
        self.env["hoithi.ledger"].check_access("read")
        # made by this act alone
        evidence_sudo = self.env["hoithi.evidence"].sudo()
        package_sudo = evidence_sudo.create({"contest_id": self.id})
        package_sudo.sudo(False)._make()
        self._note_export()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{package_sudo.file_id.id}?download=true",
            "target": "download",
        }

    # BUSINESS

    def _note_export(self):
        """Keep when the package was made last, and of how many rows."""
        # who exports may not write contests, but for this
        contest_sudo = self.sudo()._open_door()
        contest_sudo.write(
            {
                "evidence_exported_on": fields.Datetime.now(),
                "evidence_length": self.ledger_length,
            }
        )

    def _get_anchor_keepers(self):
        """Return who is told the end of the ledger, so that it is known elsewhere."""
        self.ensure_one()
        # who sits on the council isn't for everybody to read
        contest_sudo = self.sudo()
        return (
            contest_sudo._get_keepers().partner_id
            | contest_sudo.company_id.hoithi_anchor_partner_id
        )
