from odoo import fields, models

from .hoithi_contest_rules import Part
from .hoithi_dossier_type import PHOTOGRAPH

FORM_PART = ("form",)
#: What the form of a contest may ask of a solution, by the entry's field.
ASKED_FIELDS = {
    "investor": "ask_investor",
    "protection": "ask_protection",
    "ai_use": "ask_ai",
}
#: What it may ask of a person, by the author's field. Each gives it and agrees to it.
ASKED_DETAILS = {
    "birth_date": "ask_birth_date",
    "gender": "ask_gender",
    "qualification": "ask_qualification",
}


class HoithiContest(models.Model):
    """What the registration form of the contest asks besides the solution itself.

    Nothing of it is asked unless the province's form does: what isn't needed isn't
    collected.
    """

    _inherit = "hoithi.contest"

    #: Keys of a file of rules, and the flags that they stand for.
    _form_fields = {
        "birth_date": "ask_birth_date",
        "gender": "ask_gender",
        "qualification": "ask_qualification",
        "photo": "ask_photo",
        "investor": "ask_investor",
        "protection": "ask_protection",
        "ai": "ask_ai",
    }
    _fixed_fields = {
        "is_settled": {*ASKED_FIELDS.values(), *ASKED_DETAILS.values(), "ask_photo"},
    }

    ask_birth_date = fields.Boolean(string="Date of birth")
    ask_gender = fields.Boolean(string="Gender")
    ask_qualification = fields.Boolean(string="Qualification")
    ask_photo = fields.Boolean(
        string="Photograph 4×6",
        help="The representative author uploads it with the files, or glues it into "
        "its place on the printed form.",
    )
    ask_investor = fields.Boolean(string="Investor")
    ask_protection = fields.Boolean(string="Protection status")
    ask_ai = fields.Boolean(string="Use of artificial intelligence")

    def _get_detail_uses(self):
        """Hook: return for what rules of the contest go by what authors tell."""
        return []

    def _get_dossier_types(self):
        """Return the parts of the dossier that authors may fill.

        Those that the contest asks for, and the photograph where its form does.
        """
        self.ensure_one()
        types = self.asked_dossier_type_ids
        if not self.ask_photo or any(kind._is_photograph() for kind in types):
            return types
        photographs = types.search(
            [
                ("code", "=", PHOTOGRAPH),
                ("personal", "=", True),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        # the department's own comes before that of all
        return types | photographs.sorted(lambda kind: not kind.company_id)[:1]

    def _get_asked_fields(self):
        """Return what the form asks of the solution besides: names of its fields."""
        return [name for name, flag in ASKED_FIELDS.items() if self[flag]]

    def _get_asked_details(self):
        """Return what the form asks of each author: names of the author's fields."""
        return [name for name, flag in ASKED_DETAILS.items() if self[flag]]

    # RULES AS A FILE

    def _get_pack_rules(self):
        pack = super()._get_pack_rules()
        return pack and pack | {"form": self._get_rule_values(self._form_fields)}

    def _take_pack_rules(self, merged):
        super()._take_pack_rules(merged)
        asked = merged.get("form", {})
        self.write(self._get_values_by_rule(self._form_fields, asked))

    def _get_pack_parts(self):
        return super()._get_pack_parts() | {
            FORM_PART: Part(
                self.env._("Asked on the registration form besides"),
                "hoithi.contest",
                self._form_fields,
            )
        }
