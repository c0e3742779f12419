from odoo import models

#: Of which records those of the company above are for the staff of a branch as well.
#: The company's own is one, as contests are called and measured by it.
SHARED_ABOVE = ("hoithi.", "res.company")
#: In the context of rules that are put together: ids of the companies above.
HOUSES = "hoithi_houses"


class IrRule(models.Model):
    """Whoever works in a branch reads what staff of the company above it reads.

    There the rules of this addon mean both, though the login is of the branch alone:
    the company itself is the administrator's to give, as much more hangs on it in Odoo.
    """

    _name = "ir.rule"
    _inherit = ["ir.rule", "hoithi.right.mixin"]

    def _compute_domain_keys(self):
        return [*super()._compute_domain_keys(), HOUSES]

    def _compute_domain(self, model_name, mode="read"):
        houses = ()
        if model_name.startswith(SHARED_ABOVE) and not self.env.su:
            houses = self.env["hoithi.contest"]._get_houses_above()
        # always set here, so that no caller sets it
        rules = self.with_context(**{HOUSES: houses})
        return super(IrRule, rules)._compute_domain(model_name, mode)

    def _eval_context(self):
        context = super()._eval_context()
        houses = self.env.context.get(HOUSES) or ()
        return {**context, "company_ids": [*context["company_ids"], *houses]}
