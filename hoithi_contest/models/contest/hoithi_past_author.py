from odoo import api, fields, models


class HoithiPastAuthor(models.Model):
    """An author of a solution of an earlier edition, as the list of then names them."""

    _name = "hoithi.past.author"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Author of a Past Solution"
    _order = "solution_id, sequence, id"
    _person_fields_sorted = _person_path = ("name",)
    _check_company_auto = True

    solution_id = fields.Many2one(
        "hoithi.past.solution", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="solution_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Full name", required=True)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Is today",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    contribution_percent = fields.Float(string="Share (%)")

    _check_share = models.Constraint(
        "CHECK (contribution_percent BETWEEN 0 AND 100)",
        "A share lies between 0 and 100 %.",
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        authors = super().create(vals_list)
        authors.solution_id._check_impartial()
        return authors

    def write(self, vals):
        self.solution_id._check_impartial()
        result = super().write(vals)
        if "solution_id" in vals:
            # perhaps of another department
            self.solution_id._check_impartial()
        return result

    def unlink(self):
        self.solution_id._check_impartial()
        return super().unlink()
