from odoo import fields, models


class HoithiPastImportName(models.TransientModel):
    """A unit or a person that a list names, and which of today it is."""

    _name = "hoithi.past.import.name"
    _inherit = ["hoithi.text.mixin"]
    _description = "Unit or Person of Earlier Editions"
    _order = "id"

    import_id = fields.Many2one(
        "hoithi.past.import", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="import_id.company_id")
    kind = fields.Selection(
        [("unit", "Unit"), ("person", "Author")], required=True, readonly=True
    )
    name = fields.Char(string="In the list", required=True, readonly=True)
    department_id = fields.Many2one(
        "hr.department",
        string="Unit today",
        index="btree_not_null",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Person today",
        domain="[('company_id', '=', company_id)]",
    )
