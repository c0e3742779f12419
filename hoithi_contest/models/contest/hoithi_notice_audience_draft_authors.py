from odoo import api, models


class HoithiNoticeAudienceDraftAuthors(models.AbstractModel):
    _name = "hoithi.notice.audience.draft_authors"
    _description = "Audience: Authors of Drafts"
    _inherit = "hoithi.notice.audience"

    _sequence = 10
    _only_before = True
    _is_personal = True

    @api.model
    def _get_label(self):
        return self.env._("Authors of drafts")

    @api.model
    def _get_kinds(self):
        return {"deadline": self.env._("Reminder: registration")}

    @api.model
    def _get_anchors(self):
        return self._get_contest_anchors("registration")

    @api.model
    def _find(self, rule):
        contests = self._get_contests(rule, ("open",))
        entries = self.env["hoithi.entry"].search(
            [("state", "=", "draft"), ("contest_id", "in", contests.ids)]
        )
        return [
            (
                entry.contest_id,
                entry,
                entry.contest_id.registration_deadline,
                entry.representative_id.partner_id,
            )
            for entry in entries
        ]

    @api.model
    def _is_still_due(self, notice):
        entry = notice._get_record()
        return (
            entry.active
            and entry.state == "draft"
            and entry.contest_id.registration_deadline == notice.deadline
        )

    @api.model
    def _get_path(self, notice):
        return notice._get_record()._get_portal_path()
