from odoo import api, models

from ..guard.hoithi_states import PENDING


class HoithiNoticeAudienceReviewers(models.AbstractModel):
    _name = "hoithi.notice.audience.reviewers"
    _description = "Audience: Members With Open Sheets"
    _inherit = "hoithi.notice.audience"

    _sequence = 30
    _is_personal = True

    @api.model
    def _get_label(self):
        return self.env._("Members with open sheets")

    @api.model
    def _get_kinds(self):
        return {"review_deadline": self.env._("Reminder: review")}

    @api.model
    def _get_anchors(self):
        return self._get_contest_anchors("review")

    @api.model
    def _find(self, rule):
        reviews = self.env["hoithi.review"].search(
            [
                ("state", "in", PENDING),
                ("contest_id", "in", self._get_contests(rule, ("review",)).ids),
            ]
        )
        return [
            (review.contest_id, review, review.due_date, review.user_id.partner_id)
            for review in reviews
        ]

    @api.model
    def _is_still_due(self, notice):
        review = notice._get_record()
        return review.state in PENDING and review.due_date == notice.deadline

    @api.model
    def _get_path(self, notice):
        return notice._get_record()._get_reader_path()
