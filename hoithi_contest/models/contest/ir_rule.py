from odoo import models

#: Of which records those of the company above are for the staff of a branch as well.
#: The company's own is one, as contests are called and measured by it.
SHARED_ABOVE = ("hoithi.", "res.company")
#: What HR officers keep, of the companies of their login alone: they need no role in a
#: contest for it, and nothing else binds them to their own house.
KEPT_BY_HR = ("hoithi.unit.change", "hoithi.login.union")
#: In the context of rules that are put together: ids of the companies above.
HOUSES = "hoithi_houses"


class IrRule(models.Model):
    """Whoever works in a branch is staff of the company above it as well.

    There the rules of this addon mean both, though the login is of the branch alone:
    the company itself is the administrator's to give, as much more hangs on it in Odoo.
    What staff may do is the access rights' to say; those of other offices end at the
    branch, as do roles over whole departments (`WIDE_ROLES`).
    """

    _name = "ir.rule"
    _inherit = ["ir.rule", "hoithi.right.mixin"]

    def _compute_domain_keys(self):
        return [*super()._compute_domain_keys(), HOUSES]

    def _compute_domain(self, model_name, mode="read"):
        houses = ()
        is_shared = model_name.startswith(SHARED_ABOVE) and model_name not in KEPT_BY_HR
        if is_shared and not self.env.su:
            houses = self.env["hoithi.contest"]._get_houses_above()
        # always set here, so that no caller sets it
        rules = self.with_context(**{HOUSES: houses})
        return super(IrRule, rules)._compute_domain(model_name, mode)

    def _eval_context(self):
        context = super()._eval_context()
        houses = self.env.context.get(HOUSES) or ()
        return {**context, "company_ids": [*context["company_ids"], *houses]}
