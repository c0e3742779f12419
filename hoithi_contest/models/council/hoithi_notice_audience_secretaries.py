from odoo import api, fields, models

from ..guard.hoithi_states import PENDING


class HoithiNoticeAudienceSecretaries(models.AbstractModel):
    _inherit = "hoithi.notice.audience.secretaries"

    @api.model
    def _count_pending(self, contests):
        sheets = [("state", "in", PENDING)]
        overdue = [*sheets, ("due_date", "<", fields.Datetime.now())]
        return [
            *super()._count_pending(contests),
            (
                self.env._("sheets not submitted: %s"),
                self._count("hoithi.review", contests, sheets),
            ),
            (
                self.env._("of these overdue: %s"),
                self._count("hoithi.review", contests, overdue),
            ),
            (
                self.env._("adjudications to settle: %s"),
                self._count("hoithi.adjudication", contests, [("state", "=", "open")]),
            ),
        ]
