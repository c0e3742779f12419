from odoo import api, models

from ..guard.hoithi_states import BEFORE_COUNCIL


class HoithiNoticeAudienceConfirmingHeads(models.AbstractModel):
    _name = "hoithi.notice.audience.confirming_heads"
    _description = "Audience: Heads Who Confirm Applications"
    _inherit = "hoithi.notice.audience"

    _sequence = 55

    @api.model
    def _get_label(self):
        return self.env._("Heads who haven't confirmed applications")

    @api.model
    def _get_kinds(self):
        return {"application": self.env._("Reminder: application to confirm")}

    @api.model
    def _get_anchors(self):
        return self._get_contest_anchors("registration", "screening")

    @api.model
    def _find(self, rule):
        return self._find_of_contests(rule, self._get_heads)

    @api.model
    def _get_contest_moments(self, rule):
        if rule._origin:
            return super()._get_contest_moments(rule)
        # reminded by hand, with or without a date
        return [
            (contest, contest.screening_deadline)
            for contest in self._get_contests(rule, BEFORE_COUNCIL)
        ]

    @api.model
    def _is_still_due(self, notice):
        return notice.partner_id in self._get_heads(notice.contest_id)

    @api.model
    def _get_path(self, notice):
        users = notice.partner_id.user_ids
        # where somebody goes on depends on the login
        if users and all(user.share for user in users):
            return "/my/hoithi/units"
        return "/odoo/hoithi-entries"

    @api.model
    def _get_heads(self, contest):
        """Return how many entries wait for each head: {partner: number}.

        Of an entry of its own head the head of the unit above confirms.
        """
        entries = self.env["hoithi.entry"].search_fetch(
            contest._get_unapplied_domain(), ["department_id"]
        )
        rules = self.env["hoithi.notice.rule"]
        heads = {}
        for entry in entries:
            head = rules._get_head(entry.department_id, entry.author_ids.partner_id)
            if head:
                heads[head] = heads.get(head, 0) + 1
        return heads
