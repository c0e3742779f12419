from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...lib.contest import persons
from ...lib.guard import texts
from ..guard.hoithi_states import NOT_ENTERED, RUNNING

#: By what authors who aren't colleagues may mean somebody.
NAMING_FIELDS = {"name", "work_email", "private_email", "active"}
#: What relates people to one another, or to what is typed.
RELATING_FIELDS = NAMING_FIELDS | {
    "department_id",
    "parent_id",
    "user_id",
    "work_contact_id",
}
#: Who may log in for an employee, and where.
LOGIN_FIELDS = {"user_id", "work_contact_id", "company_id", "active"}


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    hoithi_staff_code = fields.Char(
        string="Staff code",
        copy=False,
        groups="hr.group_hr_user",
        help="The department's own code of the person; by it a list of staff finds "
        "the record again.",
    )
    # Keys by which people are found whatever the accents, the case or the Unicode form
    # in which they are typed; databases compare letters each in a way of its own.
    hoithi_name_key = fields.Char(
        compute="_compute_hoithi_name_key",
        store=True,
        groups="hr.group_hr_user",
        export_string_translation=False,
    )
    hoithi_email_key = fields.Char(
        compute="_compute_hoithi_email_key",
        store=True,
        index="btree_not_null",
        groups="hr.group_hr_user",
        export_string_translation=False,
    )

    _hoithi_staff_code_uniq = models.UniqueIndex(
        "(company_id, hoithi_staff_code) WHERE hoithi_staff_code <> ''",
        "Another employee of the department has this staff code.",
    )

    @api.depends("name")
    def _compute_hoithi_name_key(self):
        for employee in self:
            # a blank before each word, so that words are found by their beginning
            employee.hoithi_name_key = f" {texts.fold(employee.name)}"

    @api.depends("work_email")
    def _compute_hoithi_email_key(self):
        for employee in self:
            employee.hoithi_email_key = (
                persons.address_key(employee.work_email) or False
            )

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        employees._let_logins_in()
        employees._forget_houses(employees._get_branches())
        return employees

    def write(self, vals):
        if not (RELATING_FIELDS | LOGIN_FIELDS) & set(vals):
            return super().write(vals)
        # lists of staff are imported again and again, and change few of them
        named, related = (
            self._get_contest_values(names)
            for names in (NAMING_FIELDS, RELATING_FIELDS)
        )
        former = self._get_branches()
        result = super().write(vals)
        related_now = self._get_contest_values(RELATING_FIELDS)
        changed = self.filtered(lambda one: related_now[one.id] != related[one.id])
        if changed:
            changed._follow_entries(self._get_contest_values(NAMING_FIELDS) != named)
        if LOGIN_FIELDS & set(vals):
            self._let_logins_in()
            self._forget_houses(former | self._get_branches())
        return result

    def unlink(self):
        former = self._get_branches()
        result = super().unlink()
        self._forget_houses(former)
        return result

    def _get_branches(self):
        # who keeps staff needn't read companies
        return self.sudo().company_id.filtered("parent_id")

    def _forget_houses(self, branches):
        """Let rules ask anew what is above the branches that people work in."""
        if branches:
            self.env.registry.clear_cache()

    def _get_contest_values(self, names):
        """Return `{id: values}` of these fields, as they are now."""
        # who writes needn't read all of them
        return {one.id: [one[name] for name in names] for one in self.sudo()}

    def _get_concerned_domain(self, are_named_anew):
        """Return the domain of the entries that have to do with these employees.

        :param are_named_anew: whether authors who aren't colleagues may mean them now
        """
        concerned = Domain("author_ids.employee_id", "in", self.ids)
        if are_named_anew:
            companies = self.company_id.parent_ids
            concerned |= Domain("company_id", "in", companies.ids) & Domain(
                "author_ids",
                "any",
                [("employee_id", "=", False), ("declined_on", "=", False)],
            )
        return concerned

    def _follow_entries(self, are_named_anew=False):
        """Let entries of running contests follow staff who moved or are named anew."""
        # who edits HR records needn't have a role in the contest
        entries_sudo = self.env["hoithi.entry"].sudo()
        entries_sudo.search(
            Domain("contest_id.state", "in", RUNNING)
            & Domain("state", "not in", NOT_ENTERED)
            & self._get_concerned_domain(are_named_anew)
        )._on_authors_known()

    def _let_logins_in(self):
        """Let portal logins of a branch's staff into the departments above it.

        What these hold is for the branch as well. A login of Odoo gets a department
        from the administrator alone, as much more hangs on it there; the rules of
        contests know it all the same, see `ir.rule`.
        """
        # who keeps staff keeps no logins
        for company, staff in self.sudo().grouped("company_id").items():
            if not company.parent_id:
                continue
            above = company.parent_ids
            users = (staff.user_id | staff.work_contact_id.user_ids).filtered("share")
            users.filtered(lambda user, above=above: above - user.company_ids).write(
                {"company_ids": [Command.link(one.id) for one in above]}
            )
