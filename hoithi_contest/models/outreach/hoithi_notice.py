from odoo import models


class HoithiNotice(models.Model):
    """What letters about the plan tell of."""

    _inherit = "hoithi.notice"

    def _get_overdue_tasks(self):
        """Return the tasks that a letter about overdue ones lists, for its template."""
        self.ensure_one()
        return self.env["hoithi.notice.audience.task_leads"]._get_overdue(self)
