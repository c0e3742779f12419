from odoo import api, fields, models

from ...models.contest.hoithi_supplement_mixin import ASKABLE


class HoithiReason(models.TransientModel):
    """What the Office asks an author to supplement, beside why."""

    _inherit = "hoithi.reason"

    needs_parts = fields.Boolean(readonly=True)
    part_ids = fields.One2many("hoithi.reason.part", "wizard_id", string="Asked for")

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards.filtered("needs_parts"):
            records = wizard._get_records()
            if not hasattr(records, "_get_supplemented"):
                wizard._refuse_misuse()
            entries = records._get_supplemented()
            types = self.env["hoithi.dossier.type"].union(
                *(contest._get_dossier_types() for contest in entries.contest_id)
            )
            # what is asked for already stays ticked where more time is given
            asked_types = entries.supplement_type_ids
            asked_fields = {n for e in entries for n in e._get_asked_fields()}
            is_open = all(entry._is_supplementing() for entry in entries)
            self.env["hoithi.reason.part"].create(
                [
                    {
                        "wizard_id": wizard.id,
                        "type_id": dossier_type.id,
                        "name": dossier_type.name,
                        "is_asked": is_open and dossier_type in asked_types,
                    }
                    for dossier_type in types
                ]
                + [
                    {
                        "wizard_id": wizard.id,
                        "field_name": name,
                        "name": entries._get_label(name),
                        "is_asked": is_open and name in asked_fields,
                    }
                    for name in ASKABLE
                ]
            )
        return wizards

    def _get_entries(self):
        """Return the entries that the dialog is about.

        :raises UserError: where it is about something else
        """
        records = self._get_records()
        if records._name != "hoithi.entry":
            self._refuse_misuse()
        return records

    def _get_values(self, records):
        values = super()._get_values(records)
        if self.needs_parts:
            asked = self.part_ids.filtered("is_asked")
            values["type_ids"] = asked.type_id.ids
            values["field_names"] = [n for n in asked.mapped("field_name") if n]
        return values
