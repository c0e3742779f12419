from odoo import api, models
from odoo.exceptions import UserError


class HoithiCouncilMember(models.Model):
    """Nobody decides on the own seat while a contest is reviewed or decided.

    Leaving is everybody's: a seat is ended by who holds it as by others.
    """

    _inherit = "hoithi.council.member"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._check_not_own_seat()
        return members

    def write(self, vals):
        # values of another kind are told in words, before they are compared
        self._check_kinds([vals])
        given = (self._seat_fields | self._load_fields) & set(vals)
        changed = self.filtered(
            lambda member: any(member._is_other(name, vals[name]) for name in given)
        )
        if changed:
            self.check_access("write")
            changed._check_not_own_seat()
        result = super().write(vals)
        # nor is one given to oneself
        changed._check_not_own_seat()
        return result

    # BUSINESS

    def _filter_own(self):
        """Return the seats of the caller, by whichever login."""
        if not self or self.env.su:
            return self.browse()
        contacts = self.env["hoithi.person"]._get_contacts(self.env.user)
        # whose login it is, is no secret to who reads the council
        return self.filtered(
            lambda member: member.sudo().user_id.partner_id in contacts
        )

    def _check_not_own_seat(self):
        """Refuse to decide on the own seat while a contest goes by it.

        :raises UserError: telling who does it
        """
        if self.env.su:
            return
        deciding = self.council_id.filtered(lambda council: council._is_deciding())
        own = self.filtered(lambda member: member.council_id in deciding)._filter_own()
        if own:
            raise UserError(
                self.env._(
                    "This is your own seat on “%(council)s”: while a contest is "
                    "reviewed or decided, nobody decides on the own one. Another "
                    "secretary enters it, or another leader says who takes the chair. "
                    "Where there is none, the administrator gives somebody the role.",
                    council=own[0].council_id.name,
                )
            )
