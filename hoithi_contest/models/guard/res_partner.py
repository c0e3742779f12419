from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _compute_display_name(self):
        others = self.browse()
        if self.env.context.get("show_email") and self.env.user.share:
            # Odoo tells everyone the name of a contact that a readable record is about,
            # and the e-mail with it to who asks so; that isn't theirs to know
            others = self - self.env.user.partner_id
            plain = others.with_context(show_email=False)
            # not by reading: what is being worked out is protected in every context
            super(ResPartner, plain)._compute_display_name()
            for other, named in zip(others, plain, strict=True):
                other.display_name = named.display_name
        return super(ResPartner, self - others)._compute_display_name()

    def _hoithi_get_lang(self):
        """Return the language in which the person is written to."""
        self.ensure_one()
        languages = self.env["res.lang"]
        if languages._get_data(code=self.lang):
            return self.lang
        return languages._hoithi_get_default()
