from odoo import models


class HoithiNotice(models.Model):
    """A time to present that has become another isn't told any more."""

    _inherit = "hoithi.notice"

    def _get_moot_reason(self):
        if self.kind == "presentation_planned":
            # a letter is made by the server's right, for its reader
            line = self.sudo()._get_record()._get_presentation_line()
            if not line or line._get_presentation_occasion() != self.occasion:
                return self.env._("The time of the presentation is another now.")
        return super()._get_moot_reason()
