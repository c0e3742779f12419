from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..council.hoithi_reopening import GIVEN
from ..guard.hoithi_states import REPEALED

#: Papers that say what was decided of all entries.
TELLING = ("decision", "minutes", "result_notice", "recognition", "nomination")


class HoithiReopening(models.Model):
    """The papers that say what a reopened decision said: they are cured by others."""

    _inherit = "hoithi.reopening"

    _given_fields = GIVEN | {"document_id"}

    document_id = fields.Many2one(
        "hoithi.document",
        string="Issued here as",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', '=', company_id), ('state', '=', 'issued')]",
        help="The decision, where it is one of the issued documents.",
    )

    @api.constrains("document_id", "entry_id")
    def _check_document(self):
        for reopening in self:
            document = reopening.document_id
            # whether another's paper is issued is no answer for everybody
            document.check_access("read")
            if document and (
                document.state != "issued"
                or document.company_id != reopening.company_id
                or document.cure_state in REPEALED
            ):
                raise ValidationError(
                    self.env._(
                        "Choose a document of the department that was issued, and "
                        "neither recalled nor replaced."
                    )
                )

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

    def _has_paper(self):
        # it was issued, so that whoever confirms it gets its file
        return super()._has_paper() or bool(self.sudo().document_id)

    def _check_readable(self):
        for reopening in self:
            document = reopening.document_id
            if document and not document.has_access("read"):
                raise UserError(
                    self.env._(
                        "The document that says so isn't yours to read: somebody else "
                        "confirms it."
                    )
                )
        # recalled since it was recorded, it reopens nothing
        self._check_document()
        return super()._check_readable()

    def _get_paper_facts(self):
        # as above
        document_sudo = self.sudo().document_id
        return super()._get_paper_facts() | (
            {"document": document_sudo.id} if document_sudo else {}
        )

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
            & Domain("cure_state", "not in", REPEALED)
            & about
        )
