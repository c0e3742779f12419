from odoo import api, models


class HoithiEntryAuthor(models.Model):
    """Places may go by who the authors are; then a change of theirs touches them."""

    _inherit = "hoithi.entry.author"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._touch_ranks()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"gender", "declined_on"} & set(vals):
            self._touch_ranks()
        return result

    def unlink(self):
        entries_sudo = self.sudo().entry_id  # whoever may read them afterwards
        result = super().unlink()
        entries_sudo._get_rankable()._touch_ranks()
        return result

    def _touch_ranks(self):
        # places go by all entries, whoever may read them
        self.sudo().entry_id._get_rankable()._touch_ranks()
