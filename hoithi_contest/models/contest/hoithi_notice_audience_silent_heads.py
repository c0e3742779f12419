from odoo import api, models

from .hoithi_notice_audience import REGISTRATION_DATES


class HoithiNoticeAudienceSilentHeads(models.AbstractModel):
    _name = "hoithi.notice.audience.silent_heads"
    _description = "Audience: Heads of Units Without an Entry"
    _inherit = "hoithi.notice.audience"

    _sequence = 50

    @api.model
    def _get_label(self):
        return self.env._("Heads of units without an entry")

    @api.model
    def _get_kinds(self):
        return {"silent_unit": self.env._("Reminder: silent unit")}

    @api.model
    def _get_anchors(self):
        return self._get_contest_anchors(*REGISTRATION_DATES)

    @api.model
    def _find(self, rule):
        return self._find_of_contests(rule, self._get_units)

    @api.model
    def _is_still_due(self, notice):
        return notice.partner_id in self._get_units(notice.contest_id)

    @api.model
    def _get_path(self, notice):
        return notice._get_contest_path()

    @api.model
    def _get_units(self, contest):
        """Return the units without a submitted entry by their heads' contacts.

        A unit counts with its sub-units; one without staff isn't silent but empty.
        Where it has no head, the head of the unit above it is told.

        :return: {partner: departments}
        """
        units = self.env["hr.department"].search_fetch(
            [("company_id", "=", contest.company_id.id)],
            ["parent_id", "manager_id", "name"],
        )
        staffed = self.env["hr.employee"]._read_group(
            [("department_id", "in", units.ids)], ["department_id"]
        )
        active = self.env["hoithi.figures"]._count_entries(
            contest, ("competing",), ["department_id"]
        )
        heard = units.browse()
        for [unit] in active:
            while unit and unit not in heard:
                heard |= unit
                unit = unit.parent_id
        heads = {}
        for [unit] in staffed:
            head = unit not in heard and self.env["hoithi.notice.rule"]._get_head(unit)
            if head:
                heads[head] = heads.get(head, units.browse()) | unit
        return heads
