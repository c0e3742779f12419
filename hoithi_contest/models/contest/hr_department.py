from odoo import api, fields, models
from odoo.fields import Domain

from ...lib.contest import headcount
from ..guard.hoithi_states import OVER


class HrDepartment(models.Model):
    _inherit = "hr.department"

    hoithi_is_headed = fields.Boolean(
        string="Headed by the Reader",
        compute="_compute_hoithi_is_headed",
        search="_search_hoithi_is_headed",
        export_string_translation=False,
        help="The reader heads this unit or a unit above it.",
    )
    hoithi_own_row = fields.Boolean(
        string="Own row on unit boards",
        help="Units of the first level have a row on the unit boards of contests; "
        "those below count with the unit above them, unless they have their own.",
    )

    @api.depends_context("uid")
    @api.depends("manager_id", "parent_id")
    def _compute_hoithi_is_headed(self):
        # as in the search below; units that have merged since are no less headed
        headed = (
            self.sudo()
            .with_context(active_test=False)
            .search([("id", "in", self.ids), ("hoithi_is_headed", "=", True)])
        )
        for department in self:
            department.hoithi_is_headed = department in headed

    @api.model
    def _search_hoithi_is_headed(self, operator, value):
        # A search method and not a list of ids in the rules: record rules are cached
        # for each user, and would miss a change of head.
        if operator != "in":
            return NotImplemented
        # staff have no right on HR records; a head's own units are no secret
        headed_sudo = self.sudo().search(
            Domain("manager_id.user_id", "=", self.env.uid)
            # heads with a portal login are staff by their contact alone
            | Domain("manager_id.work_contact_id", "=", self.env.user.partner_id.id)
        )
        return [("id", "child_of", headed_sudo.ids)]

    # CRUD

    def write(self, vals):
        if vals.get("name"):
            self._keep_names()
        return super().write(vals)

    # BUSINESS

    def _keep_names(self):
        """Let contests that are over call these units as they were called then."""
        # who renames a unit needn't read what it entered
        entries_sudo = self.env["hoithi.entry"].sudo()._open_door()
        lines_sudo = self.env["hoithi.entry.author"].sudo()._open_door()
        for unit in self:
            of_unit = [
                ("department_id", "=", unit.id),
                ("kept_unit_name", "=", False),
            ]
            kept = {"kept_unit_name": unit.name}
            entries_sudo.search([*of_unit, ("contest_id.state", "in", OVER)]).write(
                kept
            )
            lines_sudo.search(
                [*of_unit, ("entry_id.contest_id.state", "in", OVER)]
            ).write(kept)

    @api.model
    def _drop_kept_names(self, contests):
        """Let contests that run again call their units as they are called now."""
        # kept by the server, also of entries that a conflict hides
        entries_sudo = self.env["hoithi.entry"].sudo()._open_door()
        lines_sudo = self.env["hoithi.entry.author"].sudo()._open_door()
        kept = [("kept_unit_name", "!=", False)]
        called_anew = {"kept_unit_name": False}
        entries_sudo.search([*kept, ("contest_id", "in", contests.ids)]).write(
            called_anew
        )
        lines_sudo.search([*kept, ("entry_id.contest_id", "in", contests.ids)]).write(
            called_anew
        )

    @api.model
    def _get_headed_by(self, users):
        """Return the units that somebody of `users` heads, and all below these."""
        if not users:
            return self.browse()
        # staff have no right on HR records; who heads a unit is compared, not shown
        departments_sudo = self.sudo()
        headed_sudo = departments_sudo.search(
            Domain("manager_id.user_id", "in", users.ids)
            | Domain("manager_id.work_contact_id", "in", users.partner_id.ids)
        )
        # what a unit did that has merged since is for the head of the new one
        return departments_sudo.with_context(active_test=False).search(
            [("id", "child_of", headed_sudo.ids)]
        )

    @api.model
    def _get_board_departments(self, company):
        """Return the units that have a row on the boards of a company's contests.

        The plan addresses the units of the first level, of branches as well. Where one
        unit stands for the whole house, it and the units right below it are meant.
        """
        # who may launch a contest needn't have a right on HR
        departments_sudo = self.sudo().search([("company_id", "child_of", company.id)])
        board = departments_sudo.filtered(
            lambda unit: unit.parent_id not in departments_sudo
        )
        house = board.filtered(lambda unit: unit.company_id == company)
        if len(house) == 1:
            board |= departments_sudo.filtered(lambda unit: unit.parent_id == house)
        return board | departments_sudo.filtered("hoithi_own_row")

    def _get_board_unit(self, board):
        """Return the unit that this one counts with: the nearest that has a row.

        :param board: see `_get_board_departments`
        """
        self.ensure_one()
        # the tree of units is for all staff to see
        unit_sudo = self.sudo()
        while unit_sudo and unit_sudo not in board:
            unit_sudo = unit_sudo.parent_id
        return unit_sudo or self.sudo()

    @api.model
    def _get_employed(self, companies, day):
        """Return {employee id: department id} of who is employed on a day.

        The source is HR: versions, contracts, departures; see `lib.headcount`. Branches
        count with the company above them.

        :param day: a date
        """
        # counts of people, whoever may see the people
        versions_sudo = (
            self.env["hr.version"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("employee_id.company_id", "child_of", companies.ids),
                    ("active", "=", True),
                    ("date_version", "<=", day),
                ],
                [
                    "employee_id",
                    "date_version",
                    "department_id",
                    "contract_date_start",
                    "contract_date_end",
                    "departure_date",
                ],
                order="employee_id, date_version, id",
            )
        )
        versions_sudo.employee_id.fetch(["active"])
        return headcount.employed_on(
            day,
            [
                headcount.Version(
                    version.employee_id.id,
                    version.date_version,
                    version.department_id.id,
                    version.contract_date_start or None,
                    version.contract_date_end or None,
                    version.departure_date or None,
                    version.employee_id.active,
                )
                for version in versions_sudo
            ],
        )

    @api.model
    def _get_parents(self, companies):
        """Return {department id: id of the one above it}, archived ones included.

        Those of branches are among them.
        """
        departments_sudo = (
            # the tree of units is no secret, HR's records are
            self.sudo()
            .with_context(active_test=False)
            .search_fetch([("company_id", "child_of", companies.ids)], ["parent_id"])
        )
        return {unit.id: unit.parent_id.id or None for unit in departments_sudo}

    @api.model
    def _count_with_sub_units(self, company, day):
        """Return {department id: staff employed on a day}, sub-units included."""
        parents = self._get_parents(company)
        counts = {}
        for unit in self._get_employed(company, day).values():
            above = set()
            while unit and unit not in above:
                above.add(unit)
                counts[unit] = counts.get(unit, 0) + 1
                unit = parents.get(unit)
        return counts
