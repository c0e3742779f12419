from odoo import fields, models


class HoithiComponentVoter(models.Model):
    """That somebody has voted, or may with a code: never for what.

    A mark tells nobody whose it is, and no moment is kept. Nobody has rights on this
    model.
    """

    _name = "hoithi.component.voter"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Mark of a Voter"
    _log_access = False

    component_id = fields.Many2one(
        "hoithi.component", required=True, ondelete="cascade", index=True
    )
    key = fields.Char(required=True, readonly=True)
    used = fields.Boolean(readonly=True)
    # for how many entries, so that votes and voters can be compared
    votes = fields.Integer(readonly=True, default=1)

    _unique_key = models.Constraint("UNIQUE (key)", "Everybody votes once.")
