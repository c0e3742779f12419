from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

#: Roles that reach over all that a department has.
WIDE_ROLES = (
    "hoithi_contest.group_member",
    "hoithi_contest.group_secretary",
    "hoithi_contest.group_leader",
    "hoithi_contest.group_publisher",
    "hoithi_contest.group_province",
    "hoithi_contest.group_admin",
)


class HoithiContest(models.Model):
    """Whom the internal pages of a contest are for.

    Where Odoo's sign-up is open anybody may make a login for the portal. Whoever works
    in the department, or was named as an author and so invited, reads what the
    department tells its staff; others read what is published.
    """

    _inherit = "hoithi.contest"

    is_insider = fields.Boolean(
        string="For the Reader's Department",
        compute="_compute_is_insider",
        search="_search_is_insider",
        export_string_translation=False,
    )

    @api.depends_context("uid")
    def _compute_is_insider(self):
        # as in the search below
        insiders = self.sudo().search(
            [("id", "in", self.ids), ("is_insider", "=", True)]
        )
        for contest in self:
            contest.is_insider = contest._origin in insiders

    @api.model
    def _search_is_insider(self, operator, value):
        # evaluated in SQL, since record rules are cached for each user
        if operator != "in":
            return NotImplemented
        user = self.env.user
        if user._is_internal():
            return Domain.TRUE
        if user._is_public():
            return Domain.FALSE
        own = self.env["hoithi.entry"]._get_own_domain()
        return Domain("company_id", "in", self._get_own_companies().ids) | Domain(
            "entry_ids", "any!", own
        )

    @api.model
    def _get_own_companies(self):
        """Return the departments in which the caller works, by HR.

        Who works in a branch works in the department above it as well.
        """
        # Staff have no right on HR records; where one works is no secret to oneself.
        # Rules ask for it at each reading, and a page reads a dozen times: as a
        # statement of its own it takes a fifth of what a search takes.
        employees = self.env["hr.employee"]
        employees.flush_model(["user_id", "work_contact_id", "company_id", "active"])
        self.env["res.users"].flush_model(["partner_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT e.company_id FROM hr_employee e
                   WHERE e.active AND e.company_id IS NOT NULL
                     AND (e.user_id = %(user)s OR e.work_contact_id = %(partner)s
                          -- the other login of one person, once HR has made them one
                          OR e.user_id IN (SELECT u.id FROM res_users u
                                           WHERE u.partner_id = %(partner)s))
                   ORDER BY e.company_id""",
                user=self.env.uid,
                partner=self.env.user.partner_id.id,
            )
        )
        # portal logins have no right on the department's record, nor on its mother's
        companies_sudo = self.env["res.company"].sudo().browse(row[0] for row in rows)
        return companies_sudo.parent_ids.sudo(False)

    @api.model
    @tools.ormcache("self.env.uid", "tuple(self.env.companies.ids)")
    def _get_houses_above(self):
        """Return the ids of companies above the branches that the caller works in.

        Of those alone that the login isn't of. Who has a role over whole departments
        has it in those of the login: it would reach further here.
        """
        user = self.env.user
        if not user._is_internal() or user.has_groups(",".join(WIDE_ROLES)):
            return ()
        # a login has no right on the company above its own
        above = (self.env.companies.sudo().parent_ids - user.company_ids).sudo(False)
        return tuple((above and above & self._get_own_companies()).ids)

    @api.model
    def _get_near_companies(self):
        """Return the ids of the companies whose contests the caller may look at."""
        return {*self.env.companies.ids, *self._get_houses_above()}

    def _get_kept_out(self):
        """Hook: return the users who may learn nothing of the entries now."""
        self.ensure_one()
        return self.env["res.users"]

    def _check_insider(self):
        """Refuse whoever doesn't belong to the department.

        :raises AccessError: telling what to do
        """
        for contest in self:
            if not self.env.su and not contest.is_insider:
                raise AccessError(
                    self.env._(
                        "This is for the staff of %(department)s and for authors. If "
                        "you work there, ask the Office to link your login to your "
                        "employee record.",
                        # the name of the house is no secret
                        department=contest.sudo().company_id.name,
                    )
                )
