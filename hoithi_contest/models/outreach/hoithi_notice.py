from odoo import api, models


class HoithiNotice(models.Model):
    """What letters about the plan tell of."""

    _inherit = "hoithi.notice"

    @api.model
    def _get_waiting_letters(self, company):
        lines = self.env["hoithi.staff.invite.run.line"]
        return [*super()._get_waiting_letters(company), lines._get_waiting(company)]

    @api.model
    def _get_mail_trouble(self, company):
        lost = self.env["hoithi.staff.invite.run.line"]._get_lost(company)
        return super()._get_mail_trouble(company) + lost

    def _get_overdue_tasks(self):
        """Return the tasks that a letter about overdue ones lists, for its template."""
        self.ensure_one()
        return self.env["hoithi.notice.audience.task_leads"]._get_overdue(self)
