from datetime import timedelta

from odoo import api, fields, models

from ..contest.hoithi_check import OVER_AGE
from ..guard.hoithi_states import OVER

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
        now = fields.Datetime.now()
        # a new contest has its first night before it
        contests = contests.filtered(lambda own: own.create_date < now - CHECK_AGE)
        unchecked = contests.filtered(lambda contest: not contest.checked_on)
        if unchecked:
            return "warn", self.env._(
                "The nightly check hasn't been through: %s. See in the server's log "
                "what it broke off at.",
                ", ".join(unchecked.mapped("name")),
            )
        if not contests:
            return "done", ""
        late = contests.filtered(
            lambda own: (
                own.checked_on
                < now - CHECK_AGE - (OVER_AGE if own.state in OVER else timedelta())
            )
        )
        if late:
            oldest = min(late, key=lambda contest: contest.checked_on)
            return "warn", self.env._(
                "The nightly check was last through “%(contest)s” on %(day)s.",
                contest=oldest.name,
                day=oldest._format_moment(oldest.checked_on),
            )
        return "done", contests[0]._format_moment(max(contests.mapped("checked_on")))
