from odoo import api, models
from odoo.tools import html2plaintext

from ..contest.hoithi_my_data import Part


class HoithiMyData(models.AbstractModel):
    """The questions that the caller asked."""

    _inherit = "hoithi.my.data"

    @api.model
    def _get_parts(self):
        questions = self.env["hoithi.question"].search(
            [("partner_id", "=", self.env.user.partner_id.id)]
        )
        rows = [
            {
                # its name is told to who asked
                "contest": question.sudo().contest_id.name,
                "subject": question.subject,
                "body": question.body or "",
                "asked_on": question.asked_on,
                "answer": html2plaintext(question.given_answer or ""),
                "url": f"/my/hoithi/{question.contest_id.id}/questions",
            }
            for question in questions
        ]
        columns = {
            "contest": self.env._("Contest"),
            "subject": self.env._("Heading"),
            "body": self.env._("Question"),
            "asked_on": self.env._("Asked on"),
            "answer": self.env._("Answer"),
        }
        part = Part("questions", self.env._("Questions"), "questions", columns, rows)
        return [*super()._get_parts(), part]
