from odoo import api, models

from ..guard.hoithi_states import BEFORE_COUNCIL, HELD
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
        screening = self._get_contests(rule, BEFORE_COUNCIL)
        # an entry comes back also where the contest is closed here
        held = self._get_contests(rule, HELD)
        entries = self.env["hoithi.entry"].search(
            [
                "|",
                "&",
                ("state", "=", "supplement"),
                ("contest_id", "in", screening.ids),
                "&",
                ("is_returned", "=", True),
                ("contest_id", "in", held.ids),
            ]
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
        return entry._is_supplementing() and entry.supplement_due == notice.deadline

    @api.model
    def _get_path(self, notice):
        return notice._get_record()._get_portal_path()
