from odoo import api, models

from .hoithi_notice_audience import REGISTRATION_DATES


class HoithiNoticeAudienceNoEntry(models.AbstractModel):
    _name = "hoithi.notice.audience.no_entry"
    _description = "Audience: Staff Without an Entry"
    _inherit = "hoithi.notice.audience"

    _sequence = 40

    @api.model
    def _get_label(self):
        return self.env._("Staff without an entry")

    @api.model
    def _get_kinds(self):
        return {"no_entry": self.env._("Reminder: no entry yet")}

    @api.model
    def _get_anchors(self):
        return self._get_contest_anchors(*REGISTRATION_DATES)

    @api.model
    def _find(self, rule):
        return self._find_of_contests(rule, self._get_staff)

    @api.model
    def _is_still_due(self, notice):
        return not self.env["hoithi.entry.author"].search_count(
            [
                ("entry_id.contest_id", "=", notice.contest_id.id),
                ("entry_id.active", "=", True),
                ("entry_id.state", "!=", "withdrawn"),
                ("partner_id", "=", notice.partner_id.id),
            ],
            limit=1,
        )

    @api.model
    def _get_staff(self, contest):
        """Return the contacts of the staff who take part in no entry of a contest."""
        employees = self.env["hr.employee"].search_fetch(
            [
                ("company_id", "child_of", contest.company_id.id),
                ("work_contact_id", "!=", False),
            ],
            ["work_contact_id"],
        )
        authors = self.env["hoithi.entry.author"].search_fetch(
            [
                ("entry_id.contest_id", "=", contest.id),
                ("entry_id.active", "=", True),
                ("entry_id.state", "!=", "withdrawn"),
            ],
            ["employee_id", "partner_id"],
        )
        silent = employees - authors.employee_id
        return silent.work_contact_id - authors.partner_id
