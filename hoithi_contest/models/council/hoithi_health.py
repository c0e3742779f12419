from datetime import timedelta

from odoo import api, fields, models

#: The nightly check is told of where it hasn't been through for so long.
CHECK_AGE = timedelta(days=2)


class HoithiHealth(models.Model):
    _inherit = "hoithi.health"

    @api.model
    def _get_keys(self):
        return [*super()._get_keys(), ("ledger", self.env._("Score ledger"))]

    @api.model
    def _examine(self, company):
        return [*super()._examine(company), ("ledger", *self._examine_ledger(company))]

    @api.model
    def _examine_ledger(self, company):
        """Return what the nightly check made of the data of a department's contests."""
        contests = self.env["hoithi.contest"].search([("company_id", "=", company.id)])
        broken = contests.filtered("broken_count")
        if broken:
            return "block", self.env._(
                "The nightly check found rules broken in: %s",
                ", ".join(broken.mapped("name")),
            )
        checked = [moment for moment in contests.mapped("checked_on") if moment]
        if not checked:
            return "warn", self.env._("The nightly check hasn't run yet.")
        last = contests[0]._format_moment(max(checked))
        if fields.Datetime.now() - max(checked) > CHECK_AGE:
            return "warn", self.env._("The nightly check last ran on %s.", last)
        return "done", last
