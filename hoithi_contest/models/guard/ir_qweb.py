from odoo import models


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    # What stands in a template may run on the contest's pages, what came into one with
    # a text may not: the page names the nonce of the one (`ir.http`).

    def _compile_node(self, el, compile_context, level):
        if el.tag == "script" and not {"src", "t-att-src", "t-attf-src"} & set(
            el.attrib
        ):
            # no static node, whose attributes would be kept for all requests
            el.set("t-att-nonce", "None")
        return super()._compile_node(el, compile_context, level)

    def _post_processing_att(self, tagName, atts):
        is_static = "__is_static_node" in atts
        atts = super()._post_processing_att(tagName, atts)
        if tagName != "script" or is_static:
            return atts
        nonce = self.env["ir.http"]._hoithi_get_nonce()
        if not nonce:
            return atts
        # Odoo marks a bundle that didn't load, which nothing reads
        atts = {name: value for name, value in atts.items() if name != "onerror"}
        return atts if "src" in atts else {**atts, "nonce": nonce}
