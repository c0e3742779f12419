from odoo import models
from odoo.fields import Domain

#: Papers that say what was decided of all entries.
TELLING = ("decision", "minutes", "result_notice", "recognition", "nomination")


class HoithiReopening(models.Model):
    """The papers that say what a reopened decision said: they are cured by others."""

    _inherit = "hoithi.reopening"

    def action_view_papers(self):
        """Open the issued papers that may have to be corrected, replaced or recalled.

        :return: the action that lists them
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hoithi_contest.hoithi_document_action"
        )
        action["domain"] = list(self._get_papers_domain())
        action["context"] = {}
        return action

    def _get_papers_domain(self):
        """Return which papers that stand tell of the entry, or of all results."""
        about = Domain("kind", "in", TELLING)
        about |= Domain("res_model", "=", self.entry_id._name) & Domain(
            "res_id", "=", self.entry_id.id
        )
        # of which awards it is, whoever may read them
        awards_sudo = self.sudo().entry_id.award_ids
        about |= Domain("res_model", "=", awards_sudo._name) & Domain(
            "res_id", "in", awards_sudo.ids
        )
        return (
            Domain("contest_id", "=", self.contest_id.id)
            & Domain("state", "=", "issued")
            & Domain("cure_state", "not in", ("recalled", "replaced"))
            & about
        )
