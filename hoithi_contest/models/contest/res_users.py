import hmac
import secrets
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ...tools import LAYOUT

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

    # The contest that the person works in, as chosen on the home or on a list.
    hoithi_contest_id = fields.Many2one(
        "hoithi.contest",
        groups=NO_ACCESS,
        copy=False,
        ondelete="set null",
        export_string_translation=False,
    )
    # Lists show all contests, as chosen there.
    hoithi_all_contests = fields.Boolean(
        groups=NO_ACCESS, copy=False, export_string_translation=False
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["hoithi.role.change"]._watch():
            users = super().create(vals_list)
            # HR's, whoever makes the logins
            staff_sudo = users.filtered("share").partner_id.sudo().employee_ids
            staff_sudo._let_logins_in()
            return users

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

    # LETTERS

    def _hoithi_filter_staff(self):
        """Return those who work in a department with contests, which writes to them.

        Not its customers and other contacts with a portal login.
        """
        # whether there are contests, and who works here, and no more
        contests_sudo = self.env["hoithi.contest"].sudo()
        companies = contests_sudo.with_context(active_test=False)._read_group(
            [("company_id", "in", self.company_id.ids)], ["company_id"]
        )
        of_contests = self.env["res.company"].union(*(row[0] for row in companies))
        return self.filtered(
            lambda user: (
                user.company_id in of_contests
                and (
                    not user.share
                    or user.sudo().employee_ids
                    or user.partner_id.sudo().employee_ids
                )
            )
        )

    def _action_reset_password(self, signup_type="reset"):
        """Send the department's staff their link in its own name and in their language.

        Odoo's own letters are in the name of whoever happens to be logged in, and
        advertise it.
        """
        staff = self.filtered("active")._hoithi_filter_staff()
        context = self.env.context
        if not staff or context.get("install_mode") or context.get("import_file"):
            return super()._action_reset_password(signup_type=signup_type)
        others = self - staff
        if others:
            super(ResUsers, others)._action_reset_password(signup_type=signup_type)
        for user in staff:
            if not user.email:
                raise UserError(
                    self.env._(
                        "No link can be sent to %s, who has no e-mail address: enter "
                        "it first.",
                        user.name,
                    )
                )
        staff.partner_id.signup_prepare(signup_type=signup_type)
        staff._hoithi_send_link("password" if signup_type == "reset" else "login")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The link was sent by e-mail."),
            },
        }

    def _hoithi_send_link(self, kind, **context):
        """Send letters with a link to choose a password, at once.

        :param kind: ``password`` for who has one, ``login`` for a new login
        """
        template = self.env.ref(f"hoithi_contest.mail_template_{kind}")
        groups = self.grouped(
            lambda user: (user.company_id, user.partner_id._hoithi_get_lang())
        )
        for (company, lang), users in groups.items():
            letters = template._hoithi_by_server().with_context(lang=lang, **context)
            letters.send_mail_batch(
                users.ids,
                force_send=True,
                raise_exception=True,
                email_values=company._hoithi_get_envelope(),
                email_layout_xmlid=LAYOUT,
            )

    def _notify_security_setting_update(
        self, subject, content, mail_values=None, **kwargs
    ):
        """Tell the department's staff in its name that their login was changed."""
        staff = self._hoithi_filter_staff()
        mails = super(ResUsers, self - staff)._notify_security_setting_update(
            subject, content, mail_values=mail_values, **kwargs
        )
        render = self.env["mail.render.mixin"]
        # of the department its name, address and contact stand around the letter
        for user in staff.sudo():
            body = render._render_template(
                "mail.account_security_alert",
                model="res.users",
                res_ids=user.ids,
                engine="qweb_view",
                options={"post_process": True},
                add_context=user._notify_security_setting_update_prepare_values(
                    content, **kwargs
                ),
            )[user.id]
            plain = user.with_env(self.env)
            mails |= super(ResUsers, plain)._notify_security_setting_update(
                subject,
                content,
                mail_values={
                    **user.company_id._hoithi_get_envelope(),
                    "body_html": render._render_encapsulate(
                        LAYOUT, body, context_record=user
                    ),
                    **(mail_values or {}),
                },
                **kwargs,
            )
        return mails

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
