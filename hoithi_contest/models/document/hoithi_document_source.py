from odoo import models
from odoo.exceptions import UserError


class HoithiDocumentSource(models.AbstractModel):
    """Records that documents are about: a button makes, or opens, the document."""

    _name = "hoithi.document.source"
    _inherit = ["hoithi.text.mixin"]
    _description = "What documents are about"

    def action_make_document(self):
        """Open the document about this record, made now where there is none.

        The button names the kind in the context as ``hoithi_kind``.

        :raises UserError: where the kind isn't about records of this model
        """
        self.ensure_one()
        self.check_access("read")
        kind = self.env.context.get("hoithi_kind")
        kind_model = self.env.get(f"hoithi.document.kind.{kind}")
        if kind_model is None or self._name not in kind_model._get_source_models():
            raise UserError(self.env._("No document of this kind is made here."))
        documents = self.env["hoithi.document"]
        document = documents.search(
            [
                ("kind", "=", kind),
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("state", "!=", "cancelled"),
            ],
            limit=1,
        ) or documents.create(
            {"kind": kind, "res_model": self._name, "res_id": self.id}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "hoithi.document",
            "res_id": document.id,
            "view_mode": "form",
        }
