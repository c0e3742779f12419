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
        self._take_questions(merged.get("questions", []))

    def _take_questions(self, rows):
        questions = self.question_rule_ids
        if rows == [row._to_rule() for row in questions]:
            return
        # one of a name that was there is the same: items of agendas ask it
        known = {question._get_rule_name(): question for question in questions}
        taken, commands = questions.browse(), []
        for place, row in enumerate(rows):
            vals = questions._from_rule(row) | questions._get_rule_place(place)
            same = known.get(row["name"])
            if not same:
                commands.append(Command.create(vals))
                continue
            taken += same
            changes = {name: vals[name] for name in vals if same[name] != vals[name]}
            commands.append(Command.update(same.id, changes))
        self.question_rule_ids = [
            *(Command.delete(question.id) for question in questions - taken),
            *commands,
        ]

    def _get_pack_parts(self):
        return super()._get_pack_parts() | {
            QUESTIONS_PART: self._get_pack_part(
                self.env._("Questions to the council"), "hoithi.vote.question"
            )
        }
