import hmac
import secrets
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

#: What changes who has which role of the contest, and where.
WATCHED_FIELDS = {"group_ids", "company_ids", "active"}


class ResUsers(models.Model):
    _inherit = "res.users"

    # Who reads the database, or a copy of it, can't read a calendar with it.
    hoithi_calendar_hash = fields.Char(
        groups=NO_ACCESS,
        copy=False,
        index="btree_not_null",
        export_string_translation=False,
    )
    hoithi_calendar_on = fields.Datetime(
        groups=NO_ACCESS, copy=False, export_string_translation=False
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["hoithi.role.change"]._watch():
            return super().create(vals_list)

    def write(self, vals):
        if not WATCHED_FIELDS & set(vals):
            return super().write(vals)
        with self.env["hoithi.role.change"]._watch():
            return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_role(self):
        """Have the login of who holds a role archived, of which chair and secretary
        are told; a deleted one leaves nothing to tell of."""
        held = {user for user, _company in self.env["hoithi.role.change"]._get_roles()}
        for user in self:
            if user in held:
                raise UserError(
                    self.env._(
                        "“%s” holds roles of the contest: archive the login, or take "
                        "the roles away first. Chair and secretary are told of it.",
                        user.name,
                    )
                )

    # CALENDAR

    @api.private
    def hoithi_issue_calendar(self):
        """Give the caller a new address of the own calendar; an older one is void.

        :return: the token of the address, which isn't kept and can't be shown again
        """
        token = secrets.token_urlsafe(32)
        # nobody has a right on the field; each writes the own one by this act
        self.env.user.sudo().write(
            {
                "hoithi_calendar_hash": self._hoithi_hash(token),
                "hoithi_calendar_on": fields.Datetime.now(),
            }
        )
        return token

    @api.private
    def hoithi_revoke_calendar(self):
        """Void the address of the caller's calendar."""
        # as above
        self.env.user.sudo().write(
            {"hoithi_calendar_hash": False, "hoithi_calendar_on": False}
        )

    @api.private
    def hoithi_get_calendar_moment(self):
        """Return when the caller's address was made (UTC), or False."""
        # the caller's own
        return self.env.user.sudo().hoithi_calendar_on

    @api.model
    def _hoithi_get_link_days(self):
        """Return for how many days a link to choose a password is valid."""
        # a technical setting, which tells of nothing else
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        hours = parameters_sudo.get_param("auth_signup.signup.validity.hours", "144")
        return int(float(hours) / 24)

    @api.model
    def _hoithi_find_calendar_user(self, token):
        """Return the active user whose calendar `token` opens, without rights."""
        if not token or len(token) > 100:
            return self.browse()
        wanted = self._hoithi_hash(token)
        # a visitor with the address is no user yet
        user_sudo = self.sudo().search([("hoithi_calendar_hash", "=", wanted)], limit=1)
        if not user_sudo or not hmac.compare_digest(
            user_sudo.hoithi_calendar_hash, wanted
        ):
            return self.browse()
        return user_sudo.sudo(False)

    @api.model
    def _hoithi_hash(self, token):
        return sha256(token.encode()).hexdigest()
