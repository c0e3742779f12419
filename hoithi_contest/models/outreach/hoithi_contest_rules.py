from odoo import models
from odoo.fields import Command

SECTIONS_PART = ("plan_sections",)


class HoithiContest(models.Model):
    """The further sections of the plan as a part of a file of rules."""

    _inherit = "hoithi.contest"

    def _get_plan_section_rules(self):
        # rules go out whole for whoever reads them
        return [section._to_rule() for section in self.sudo().plan_section_ids]

    def _get_pack_rules(self):
        pack = super()._get_pack_rules()
        if self:
            pack["plan_sections"] = self._get_plan_section_rules()
        return pack

    def _take_pack_rules(self, merged):
        super()._take_pack_rules(merged)
        rows = merged.get("plan_sections", [])
        if rows == self._get_plan_section_rules():
            return
        sections = self.plan_section_ids
        self.plan_section_ids = [
            *(Command.delete(section.id) for section in sections),
            *(
                Command.create(
                    sections._from_rule(row) | sections._get_rule_place(place)
                )
                for place, row in enumerate(rows)
            ),
        ]

    def _get_pack_parts(self):
        return super()._get_pack_parts() | {
            SECTIONS_PART: self._get_pack_part(
                self.env._("Further sections of the plan"), "hoithi.plan.section"
            )
        }
