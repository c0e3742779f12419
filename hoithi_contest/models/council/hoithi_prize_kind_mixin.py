from odoo import api, models
from odoo.exceptions import ValidationError


class HoithiPrizeKindMixin(models.AbstractModel):
    """Records that name a kind of prize by its code, as their department has it."""

    _name = "hoithi.prize.kind.mixin"
    _description = "Records of a kind of prize"

    #: The field that has the code; the record has a `company_id` besides.
    _kind_field = "rank"

    @api.constrains(lambda self: (self._kind_field,))
    def _check_kind(self):
        for record in self:
            if record[self._kind_field] and not record._is_kind_known():
                raise ValidationError(
                    self.env._(
                        "“%(code)s” isn't a kind of prize of “%(company)s”: make one "
                        "there, or choose another.",
                        code=record[self._kind_field],
                        company=record.company_id.name,
                    )
                )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Offer the kinds of the departments that one works in, and shared ones."""
        described = super().fields_get(allfields, attributes)
        field = described.get(self._kind_field)
        if field and "selection" in field:
            theirs = self.env["hoithi.prize.kind"]._get_codes_elsewhere()
            field["selection"] = [
                choice for choice in field["selection"] if choice[0] not in theirs
            ]
        return described

    # BUSINESS

    def _is_kind_known(self):
        return bool(self._get_kind())

    def _get_kind(self):
        """Return the kind, with superuser rights, or none."""
        self.ensure_one()
        # what a kind is, is no secret
        kinds_sudo = self.env["hoithi.prize.kind"].sudo()
        return kinds_sudo._find(self[self._kind_field], self.company_id)

    def _get_kind_name(self):
        """Return what the department calls the kind, an empty text of none."""
        return self._get_kind().name or ""
