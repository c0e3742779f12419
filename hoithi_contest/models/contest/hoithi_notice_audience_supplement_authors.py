from odoo import api, models

from ..guard.hoithi_states import SCREENABLE
from ..notice.hoithi_notice_audience import Anchor


class HoithiNoticeAudienceSupplementAuthors(models.AbstractModel):
    _name = "hoithi.notice.audience.supplement_authors"
    _description = "Audience: Authors Who Owe a Supplement"
    _inherit = "hoithi.notice.audience"

    _sequence = 20
    _is_personal = True

    @api.model
    def _get_label(self):
        return self.env._("Authors who owe a supplement")

    @api.model
    def _get_kinds(self):
        return {"supplement_deadline": self.env._("Reminder: supplement")}

    @api.model
    def _get_anchors(self):
        return {"supplement": Anchor(self.env._("Due date of a supplement"))}

    @api.model
    def _find(self, rule):
        contests = self._get_contests(rule, SCREENABLE)
        entries = self.env["hoithi.entry"].search(
            [("state", "=", "supplement"), ("contest_id", "in", contests.ids)]
        )
        return [
            (
                entry.contest_id,
                entry,
                entry.supplement_due,
                entry.representative_id.partner_id,
            )
            for entry in entries
        ]

    @api.model
    def _is_still_due(self, notice):
        entry = notice._get_record()
        return entry.state == "supplement" and entry.supplement_due == notice.deadline

    @api.model
    def _get_path(self, notice):
        return notice._get_record()._get_portal_path()
