from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..guard.hoithi_states import NOT_ENTERED
from .hoithi_contest_cancellation import UNDO_DAYS

#: Who gives logins another company by passing a department on.
HR_MANAGER = "hr.group_hr_manager"
#: What a contest takes along of the lists of its department, by field.
TAKEN = ("field_ids", "dossier_type_ids")


class HoithiUnitChange(models.Model):
    """A department that passes to another company of the same Odoo as a whole.

    Its units and staff go along, and the contests that run, are being prepared or may
    be taken up again; those that are over stay where they were held. Lists that both
    need are shared by both from then on.
    """

    _inherit = "hoithi.unit.change"

    kind = fields.Selection(
        selection_add=[("pass", "The department passes to another company")],
        ondelete={"pass": "cascade"},
    )
    to_company_id = fields.Many2one(
        "res.company",
        string="To",
        index=True,
        domain="[('id', '!=', company_id)]",
        help="The company that the department belongs to from then on.",
    )

    # COMPUTE

    @api.depends("to_company_id")
    def _compute_preview(self):
        return super()._compute_preview()

    # BUSINESS

    def _get_problem(self):
        if self.kind != "pass":
            return super()._get_problem()
        if not self.env.user.has_group(HR_MANAGER):
            return self.env._(
                "An administrator of HR passes a department to another company: logins "
                "get that company with it."
            )
        if not self.to_company_id or self.to_company_id == self.company_id:
            return self.env._("Choose the company that the department passes to.")
        if not self.company_id | self.to_company_id <= self.env.companies:
            return self.env._(
                "Work in both companies, old and new, to pass the department on."
            )
        return self._get_formal_problem()

    def _tell_changes(self):
        if self.kind != "pass":
            return super()._tell_changes()
        contests_sudo = self._get_running_contests()
        lines = [
            self.env._(
                "%(units)s units and %(staff)s staff go to “%(company)s”.",
                units=self._get_units().search_count(self._get_company_domain()),
                staff=self._get_staff().search_count(self._get_company_domain()),
                company=self.to_company_id.name,
            ),
            self.env._(
                "Contests that go along, running, in preparation or called off lately: "
                "%s.",
                ", ".join(contests_sudo.mapped("name")) or "–",
            ),
            self.env._("Contests that are over stay, and papers keep the old names."),
            self.env._(
                "Logins of the staff, secretaries and council work in the new company "
                "as well, with the roles that they have."
            ),
        ]
        # only whether it has one
        if not self.to_company_id.sudo().hoithi_agency_id:
            lines.append(
                self.env._(
                    "“%s” has no agency yet: enter it before papers are made there.",
                    self.to_company_id.name,
                )
            )
        return lines

    def _get_running_contests(self):
        contests_sudo = super()._get_running_contests()
        if self.kind != "pass":
            return contests_sudo
        # one in preparation, or that goes on where its end is undone, needs the council
        # and the lists that go along
        since = fields.Datetime.now() - timedelta(days=UNDO_DAYS)
        waiting = Domain("state", "=", "draft") | (
            Domain("state", "=", "cancelled") & Domain("cancelled_on", ">=", since)
        )
        return contests_sudo | contests_sudo.search(
            Domain(self._get_company_domain()) & waiting
        )

    def _get_company_domain(self):
        return [("company_id", "=", self.company_id.id)]

    def _get_units(self):
        return self.env["hr.department"].with_context(active_test=False)

    def _do_pass(self, contests_sudo, _entries_sudo):
        own = self._get_company_domain()
        staff = self._get_staff().search(own)
        self._follow_logins(staff, contests_sudo)
        self._get_units().search(own).write({"company_id": self.to_company_id.id})
        # posts and working hours are the old company's
        staff.version_ids.write({"job_id": False, "resource_calendar_id": False})
        staff.write({"company_id": self.to_company_id.id})
        self._pass_contests(contests_sudo)
        return self.env["hr.department"]

    def _follow_logins(self, staff, contests_sudo):
        """Let who works here work in the new company; who leaves nothing loses it."""
        # who keeps staff keeps no logins; they get the company that their record has
        users_sudo = (
            staff.user_id | staff.work_contact_id.user_ids | contests_sudo.secretary_ids
        ).sudo()
        self._let_in(users_sudo)
        users_sudo.filtered(lambda user: user.company_id == self.company_id).write(
            {"company_id": self.to_company_id.id}
        )

    def _let_in(self, users_sudo):
        """Let logins work in the new company as well."""
        users_sudo.filtered(
            lambda user: self.to_company_id not in user.company_ids
        ).write({"company_ids": [fields.Command.link(self.to_company_id.id)]})

    def _pass_contests(self, contests_sudo):
        """Hook: let contests and what hangs on them go to the new company."""
        for name in TAKEN:
            self._share_or_take(contests_sudo, name)
        contests_sudo._open_door().write({"company_id": self.to_company_id.id})
        # letters that are recorded are read with their contest
        notices_sudo = self.env["hoithi.notice"].sudo()
        notices_sudo.search(
            [("contest_id", "in", contests_sudo.ids)]
        )._open_door().write({"company_id": self.to_company_id.id})
        # entries are compared with what there is in the new company
        entries_sudo = self.env["hoithi.entry"].sudo()
        self.env["hoithi.novelty.text"]._queue(
            entries_sudo.search(
                [
                    ("contest_id", "in", contests_sudo.ids),
                    ("state", "not in", NOT_ENTERED),
                    ("anonymised_on", "=", False),
                ]
            )
        )

    def _share_or_take(self, contests_sudo, name):
        """Let a list's lines go along; those that other contests need are shared.

        :param name: field of the contest that holds the lines
        """
        lines = contests_sudo[name].filtered(
            lambda line: line.company_id == self.company_id
        )
        others = contests_sudo.with_context(active_test=False).search(
            [(name, "in", lines.ids), ("id", "not in", contests_sudo.ids)]
        )[name]
        (lines & others)._open_door().write({"company_id": False})
        (lines - others)._open_door().write({"company_id": self.to_company_id.id})
