from odoo import api, models
from odoo.exceptions import ValidationError


class HoithiContest(models.Model):
    """A contest is of one department, and begins with that department's rules."""

    _inherit = "hoithi.contest"

    # what a new contest takes from the settings of its department
    _department_rules = {
        "province_name",
        "place_name",
        "blind",
        "require_statement",
        "coauthor_min_percent",
        "dossier_type_ids",
        "grace_minutes",
        "reminder_days",
    }

    @api.constrains("company_id")
    def _check_own_department(self):
        """Let nobody hand a contest to a department that isn't theirs to work for."""
        for contest in self if not self.env.su else ():
            if contest.company_id not in self.env.user.company_ids:
                # the name of a department is no secret, its record may be
                raise ValidationError(
                    self.env._(
                        "You don't work for “%s”: choose a department of your own.",
                        contest.company_id.sudo().name,
                    )
                )

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.company_id and self.state == "draft":
            names = sorted(set().union(*self._get_declared("_department_rules")))
            rules = self.with_company(self.company_id).default_get(names)
            self.update({name: rules.get(name, False) for name in names})

    @api.model_create_multi
    def create(self, vals_list):
        self._check_kinds(vals_list)
        contests = self.browse()
        for vals in vals_list:
            company_id = vals.get("company_id")
            # what isn't given is that department's, whatever the caller works in
            maker = self.with_company(company_id) if company_id else self
            contests += super(HoithiContest, maker).create([vals]).with_env(self.env)
        return contests
