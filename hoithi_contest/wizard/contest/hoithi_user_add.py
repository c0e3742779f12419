from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...lib.contest import persons
from ...models.contest.hoithi_setup import ROLE_GIVERS
from ...tools import CLOSE, tell

#: The roles that can be ticked, and the group of each.
ROLE_FLAGS = {
    "is_secretary": "hoithi_contest.group_secretary",
    "is_leader": "hoithi_contest.group_leader",
    "is_member": "hoithi_contest.group_member",
    "is_unit_head": "hoithi_contest.group_unit_head",
    "is_publisher": "hoithi_contest.group_publisher",
    "is_admin": "hoithi_contest.group_admin",
}


class HoithiUserAdd(models.TransientModel):
    """A colleague with employee record, login and roles, in one dialog.

    All of it is made with the rights of who fills it in: an administrator of Odoo.
    """

    _name = "hoithi.user.add"
    _inherit = ["hoithi.text.mixin"]
    _description = "Add a User"

    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    name = fields.Char(string="Full name", required=True)
    email = fields.Char(string="E-mail", required=True, help="Also the login.")
    department_id = fields.Many2one(
        "hr.department",
        string="Unit",
        index="btree_not_null",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    job_title = fields.Char(string="Post")
    is_secretary = fields.Boolean(string="Secretary")
    is_leader = fields.Boolean(string="Leader")
    is_member = fields.Boolean(string="Council member")
    is_unit_head = fields.Boolean(string="Head of unit")
    is_publisher = fields.Boolean(string="Publisher")
    is_admin = fields.Boolean(string="Administrator of the contest")
    found = fields.Char(
        string="On record", compute="_compute_found", export_string_translation=False
    )
    send_link = fields.Boolean(
        string="Send the link by e-mail",
        default=True,
        help="With it the person chooses a password. Otherwise it is shown here, to be "
        "handed over.",
    )
    link = fields.Char(string="Link to choose a password", readonly=True)

    @api.depends("email", "company_id")
    def _compute_found(self):
        for wizard in self:
            user, employee = wizard._find_user(), wizard._find_employee()
            wizard.found = False
            if user:
                try:
                    wizard._check_login(user)
                    wizard.found = self.env._(
                        "%s has a login already: it gets the roles.", user.name
                    )
                except UserError as refusal:
                    wizard.found = str(refusal)
            elif employee:
                wizard.found = self.env._(
                    "%s is on record as staff: the login becomes theirs.", employee.name
                )

    # ACTION

    def action_add(self):
        """Make what isn't there of employee record and login, and give the roles.

        :return: a notice; the dialog with the link, where it isn't sent
        :raises AccessError: for others than administrators of Odoo, and where they may
            not enter staff
        :raises UserError: for an address that is none, or whose login can't have roles
        """
        self.ensure_one()
        self._check_giver()
        if not persons.address_key(self.email):
            raise UserError(self.env._("“%s” isn't an e-mail address.", self.email))
        user = self._find_user()
        self._check_login(user)
        roles = self._get_roles()
        is_new = not user
        if is_new:
            user = self._make_user(roles)
        else:
            user.write({"group_ids": [Command.link(role.id) for role in roles]})
        self._link_employee(user)
        if not is_new:
            return tell(self.env._("%s has the roles now.", user.name), then=CLOSE)
        if self.send_link and self._send(user):
            return tell(
                self.env._(
                    "%(person)s can log in by the link that was sent to %(address)s.",
                    person=user.name,
                    address=user.email,
                ),
                then=CLOSE,
            )
        partner = user.partner_id
        partner.signup_prepare(signup_type="signup")
        self.link = partner._get_signup_url()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a User"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # BUSINESS

    @api.model
    def _check_giver(self):
        if not self.env.su and not self.env.user.has_groups(ROLE_GIVERS):
            raise AccessError(
                self.env._(
                    "The administrator of the system makes logins and gives roles."
                )
            )

    def _check_login(self, user):
        """Refuse logins that can't be given a role as they are.

        :raises UserError: telling what to do instead
        """
        if not user:
            return
        if not user.active:
            raise UserError(
                self.env._(
                    "The login of %s is archived: bring it back in Settings → Users, "
                    "then give it the roles.",
                    user.name,
                )
            )
        if user.share:
            raise UserError(
                self.env._(
                    "%s has a login for the portal, which has no roles. Give another "
                    "address here; the HR officer then says under “Logins of One "
                    "Person” that both are one person's, who keeps the entries.",
                    user.name,
                )
            )
        if self.company_id not in user.company_ids:
            raise UserError(
                self.env._(
                    "%(person)s works in another department: let the login into "
                    "“%(department)s” in Settings → Users first.",
                    person=user.name,
                    department=self.company_id.name,
                )
            )

    def _get_roles(self):
        groups = self.env["res.groups"]
        for name, xmlid in ROLE_FLAGS.items():
            if self[name]:
                groups |= self.env.ref(xmlid)
        return groups

    def _find_user(self):
        """Return the login of the address, archived ones as well."""
        key = persons.address_key(self.email)
        users = self.env["res.users"].with_context(active_test=False)
        if not key:
            return users
        found = users.search(
            ["|", ("login", "in", [key, self.email]), ("email_normalized", "=", key)],
            order="active desc, share, id",
            limit=1,
        )
        # whose record has the address may have a login by another one
        return found or self._find_employee().user_id

    def _find_employee(self):
        """Return the one employee of the department with the address, if it is one."""
        key = persons.address_key(self.email)
        employees = self.env["hr.employee"]
        if not key or not employees.has_access("read"):
            return employees
        found = employees.search(
            [("company_id", "=", self.company_id.id), ("hoithi_email_key", "=", key)],
            limit=2,
        )
        return found if len(found) == 1 else employees

    def _make_user(self, roles):
        """Return a new login with the roles, and no link sent yet."""
        groups = self.env.ref("base.group_user") | roles
        employee = self._find_employee()
        # an employee's contact becomes the login's, with what hangs on it
        contact = employee.work_contact_id
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": self.name,
                    "login": persons.address_key(self.email),
                    "email": persons.address_key(self.email),
                    "company_id": self.company_id.id,
                    "company_ids": [Command.set(self.company_id.ids)],
                    "group_ids": [Command.set(groups.ids)],
                    "lang": self.env["res.lang"]._hoithi_get_default(),
                    **({"partner_id": contact.id} if contact else {}),
                }
            )
        )

    def _link_employee(self, user):
        """Let the employee record of the address be the login's, or make one."""
        employees = self.env["hr.employee"]
        if employees.search_count(
            [("user_id", "=", user.id), ("company_id", "=", self.company_id.id)],
            limit=1,
        ):
            return
        employee = self._find_employee()
        given = {"department_id": self.department_id.id, "job_title": self.job_title}
        # what is on record stays
        values = {
            name: value for name, value in given.items() if value and not employee[name]
        }
        if employee and not employee.user_id:
            employee.write({**values, "user_id": user.id})
        elif not employee:
            employees.create(
                {
                    **values,
                    "name": self.name,
                    "work_email": user.email,
                    "user_id": user.id,
                    "company_id": self.company_id.id,
                }
            )

    def _send(self, user):
        """Send the link, and tell whether the mail server took the letter."""
        try:
            with self.env.cr.savepoint():
                user.with_context(create_user=True)._action_reset_password(
                    signup_type="signup"
                )
        except MailDeliveryException:
            return False
        return True
