from odoo import api, models

from ...lib.guard import plain_text

#: How the texts of each type of field are cleaned.
_CLEANERS = {
    "char": plain_text.clean_line,
    "text": plain_text.clean,
    "html": plain_text.clean,
}


class HoithiTextMixin(models.AbstractModel):
    """Takes out of texts at the door what breaks files, or hides from readers.

    Whichever way a text comes (portal, form, import, RPC, a context's default), what is
    stored can be written into every Word file and workbook.
    """

    _name = "hoithi.text.mixin"
    _description = "Clean Texts"

    # CRUD

    @api.model
    def _prepare_create_values(self, vals_list):
        # after the defaults have come in, which a context may bring
        return [
            self._clean_texts(vals)
            for vals in super()._prepare_create_values(vals_list)
        ]

    def write(self, vals):
        return super().write(self._clean_texts(vals))

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        return super()._update_field_translations(
            field_name,
            {
                lang: self._clean_text(field_name, text)
                for lang, text in translations.items()
            },
            *args,
            **kwargs,
        )

    # BUSINESS

    @api.model
    def _clean_texts(self, vals):
        return {name: self._clean_text(name, value) for name, value in vals.items()}

    @api.model
    def _clean_text(self, name, value):
        if not isinstance(value, str) or name not in self._fields:
            return value
        cleaner = _CLEANERS.get(self._fields[name].type)
        return cleaner(value) if cleaner else value
