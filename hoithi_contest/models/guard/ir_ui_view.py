from odoo import api, models

#: Attribute that carries the roles of a field until a view is shown to somebody.
ROLES = "__hoithi_roles__"


class IrUiView(models.Model):
    """Fields of guarded models are read-only by themselves.

    What the server alone sets, or another role, Odoo shows so by `_has_field_access`.
    What is fixed from when on, or given for good, comes from the model's table.
    """

    _inherit = "ir.ui.view"

    def _postprocess_tag_field(self, node, name_manager, node_info):
        model, name = name_manager.model, node.get("name")
        if node_info["view_editable"] and isinstance(
            model, self.pool["hoithi.guard.mixin"]
        ):
            written = node.get("readonly")
            fixed = model._get_readonly(name)
            if name in model._get_server_fields():
                node.set("readonly", "True")
            elif fixed and written not in ("1", "True"):
                both = f"({written}) or {fixed}" if written else fixed
                node.set("readonly", both)
                if name in model._role_fields:
                    node.set(ROLES, ",".join(model._role_fields[name]))
        return super()._postprocess_tag_field(node, name_manager, node_info)

    @api.model
    def _postprocess_access_rights(self, tree):
        for node in tree.xpath(f"//*[@{ROLES}]"):
            if not self.env.user.has_groups(node.attrib.pop(ROLES)):
                node.set("readonly", "True")
        return super()._postprocess_access_rights(tree)
