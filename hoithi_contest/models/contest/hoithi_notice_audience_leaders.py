from odoo import api, models


class HoithiNoticeAudienceLeaders(models.AbstractModel):
    _name = "hoithi.notice.audience.leaders"
    _description = "Audience: Leaders"
    _inherit = "hoithi.notice.audience"

    _sequence = 70

    @api.model
    def _get_label(self):
        return self.env._("Leaders")

    @api.model
    def _get_kinds(self):
        return {"milestone": self.env._("Reminder: date of the contest")}

    @api.model
    def _get_anchors(self):
        return self._get_contest_anchors()

    @api.model
    def _find(self, rule):
        return [
            (contest, contest, moment, user.partner_id)
            for contest, moment in self._get_contest_moments(rule)
            for user in contest._get_leaders()
        ]

    @api.model
    def _get_path(self, notice):
        return notice._get_contest_path()
