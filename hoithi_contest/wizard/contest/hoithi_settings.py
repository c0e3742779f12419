from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: Commands that choose among records and change none.
CHOOSING = (Command.LINK, Command.UNLINK, Command.SET, Command.CLEAR)


class HoithiSettings(models.TransientModel):
    """The contest's administrator sets the defaults of the own department.

    The role has no right on departments but by this screen: Odoo's own settings are
    for administrators of the system.
    """

    _name = "hoithi.settings"
    _inherit = ["hoithi.settings.mixin", "hoithi.text.mixin"]
    _description = "Defaults of the Contest"

    @api.depends_context("lang")
    def _compute_display_name(self):
        for settings in self:
            settings.display_name = self.env._("Defaults of the contest")

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        # asked for with the caller's rights
        company = self.env.company
        sent = self._get_sent_defaults()
        vals_list = [{**sent, **vals} for vals in vals_list]
        self._check_kinds(vals_list)
        for vals in vals_list:
            self._check_values(vals)
        # the fields are the department's, on which the role has no right but by this
        return (
            super(HoithiSettings, self.sudo())
            .create([{**vals, "company_id": company.id} for vals in vals_list])
            .sudo(False)
        )

    def write(self, vals):
        self.check_access("write")
        self._check_kinds([vals])
        self._check_values(vals)
        # as above
        return super(HoithiSettings, self.sudo()).write(vals)

    def action_save(self):
        """Save the form, and say so.

        :raises ValidationError: where a value makes no sense
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Saved. New contests begin with these defaults."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_values(self, vals):
        """Refuse what isn't a default of the own department.

        :raises UserError: for another department, or a type made on the way
        """
        if vals.get("company_id", self.env.company.id) != self.env.company.id:
            raise UserError(
                self.env._("These are the defaults of the department you work in.")
            )
        for command in vals.get("hoithi_dossier_type_ids") or ():
            if not isinstance(command, int) and command[0] not in CHOOSING:
                raise UserError(
                    self.env._("Dossier types are changed in their own list.")
                )
