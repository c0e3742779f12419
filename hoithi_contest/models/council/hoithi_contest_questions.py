from odoo import fields, models
from odoo.fields import Command

QUESTIONS_PART = ("questions",)


class HoithiContest(models.Model):
    """What the council of a contest is asked of each entry, besides its approval."""

    _inherit = "hoithi.contest"

    _fixed_fields = {"rules_fixed": {"question_rule_ids"}}

    question_rule_ids = fields.One2many(
        "hoithi.vote.question",
        "contest_id",
        string="Further Questions to the Council",
        copy=True,
    )

    # RULES

    def _get_pack_rules(self):
        pack = super()._get_pack_rules()
        if self:
            pack["questions"] = [row._to_rule() for row in self.question_rule_ids]
        return pack

    def _take_pack_rules(self, merged):
        super()._take_pack_rules(merged)
        questions, rows = self.question_rule_ids, merged.get("questions", [])
        if rows == [row._to_rule() for row in questions]:
            return
        self.question_rule_ids = [
            *(Command.delete(question.id) for question in questions),
            *(
                Command.create(
                    questions._from_rule(row) | questions._get_rule_place(place)
                )
                for place, row in enumerate(rows)
            ),
        ]

    def _get_pack_parts(self):
        return super()._get_pack_parts() | {
            QUESTIONS_PART: self._get_pack_part(
                self.env._("Questions to the council"), "hoithi.vote.question"
            )
        }
