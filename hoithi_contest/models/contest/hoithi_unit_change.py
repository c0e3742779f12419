from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...lib.guard.texts import is_blank
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import RUNNING
from ..guard.hoithi_workflow_mixin import Transition

#: Who may change units and staff in HR, and so may do it here.
HR_OFFICER = ("hr.group_hr_user",)


class HoithiUnitChange(models.Model):
    """Units that merge, split or are renamed while contests run.

    Who may write units and staff in HR does it in one act, with the decision that says
    so and a preview: staff, entries of running contests, heads and boards follow from
    the day on. Papers that were issued and contests that are over keep the old names.
    """

    _name = "hoithi.unit.change"
    _description = "Change of Units"
    _inherit = [
        "hoithi.workflow.mixin",
        "hoithi.preview.mixin",
        "hoithi.clock.mixin",
    ]
    _clock_path = ""
    _order = "effective_on desc, id desc"

    _transitions = (
        Transition("draft", "done", "action_apply", HR_OFFICER),
        Transition("draft", "planned", "action_plan", HR_OFFICER),
        Transition("planned", "done", "action_apply", HR_OFFICER),
        Transition("planned", "cancelled", "action_cancel", HR_OFFICER, True),
        Transition("done", "undone", "action_undo", HR_OFFICER, True),
    )
    _fixed_fields = {"done_on": EVERYTHING}
    _fixed_rows = ("done_on", "planned_on")

    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("rename", "A unit is renamed"),
            ("merge", "Units merge"),
            ("split", "A unit is split"),
        ],
        required=True,
        default="merge",
    )
    unit_ids = fields.Many2many(
        "hr.department",
        string="Units",
        domain="[('company_id', '=', company_id)]",
        help="What is renamed, merged or split.",
    )
    into_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        domain="[('company_id', '=', company_id)]",
        help="The unit that takes the others in. Empty: a new one with the new name.",
    )
    new_name = fields.Char(help="Of the unit that is renamed, or that is new.")
    head_id = fields.Many2one(
        "hr.employee",
        string="Head from then on",
        domain="[('company_id', '=', company_id)]",
        help="Of the unit that is new or takes the others in; empty leaves it.",
    )
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Staff of the new unit",
        domain="[('department_id', 'in', unit_ids)]",
    )
    effective_on = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env["hoithi.contest"]._get_today(),
        help="The day that the decision says. One to come is planned.",
    )
    decision_number = fields.Char(required=True)
    reason = fields.Text(required=True)
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("planned", "Planned"),
            ("done", "Done"),
            ("undone", "Undone"),
            ("cancelled", "Called off"),
        ],
        default="draft",
        required=True,
        copy=False,
    )
    preview = fields.Text(string="What changes", compute="_compute_preview")
    result_id = fields.Many2one(
        "hr.department",
        string="Unit from then on",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    old_names = fields.Char(string="Former names", readonly=True, copy=False)
    record_text = fields.Text(string="What was changed", readonly=True, copy=False)
    done_on = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    # COMPUTE

    @api.depends("kind", "unit_ids.name", "into_id.name", "new_name")
    def _compute_display_name(self):
        for change in self:
            old = change.old_names or ", ".join(change.unit_ids.mapped("name"))
            new = change.new_name or change.into_id.name
            change.display_name = " → ".join(filter(None, [old, new]))

    @api.depends(
        "kind",
        "unit_ids",
        "into_id",
        "new_name",
        "employee_ids",
        "head_id",
        "state",
        "effective_on",
        "decision_number",
        "reason",
    )
    def _compute_preview(self):
        for change in self:
            change.preview = (
                change.record_text
                if change.record_text
                else change._get_problem() or "\n".join(change._tell_changes())
            )

    # ACTION

    def action_apply(self):
        """Change the units: staff, entries, heads and boards follow.

        :raises AccessError: for whoever may not change units in HR
        :raises UserError: with what is missing
        """
        self._check_transition("done")
        self.check_access("write")
        for change in self:
            problem = change._get_problem()
            if problem:
                raise UserError(problem)
            text = "\n".join(change._tell_changes())
            old_names = ", ".join(change.unit_ids.mapped("name"))
            contests_sudo = change._get_running_contests()
            entries_sudo = change._get_entries().search(
                change._get_moved_entries_domain()
            )
            heads = change.unit_ids.manager_id
            target = getattr(change, f"_do_{change.kind}")(contests_sudo, entries_sudo)
            heads |= target.manager_id
            change._move(
                "done",
                result_id=target.id,
                old_names=old_names,
                record_text=text,
                done_on=fields.Datetime.now(),
                done_by_id=self.env.uid,
            )
            change._tell(contests_sudo, entries_sudo, heads)
        return True

    # BUSINESS

    def _get_problem(self):
        """Return what keeps the change from being made, or an empty text."""
        self.ensure_one()
        is_named = not is_blank(self.new_name or "")
        if self.kind == "merge":
            if len(self.unit_ids | self.into_id) < 2:
                return self.env._("Choose the units that merge: two at least.")
            if not self.into_id and not is_named:
                return self.env._(
                    "Choose the unit that takes the others in, or name a new one."
                )
            above = self.unit_ids - self.into_id
            if self.into_id in self.env["hr.department"].search(
                [("id", "child_of", above.ids)]
            ):
                return self.env._(
                    "“%s” lies below a unit that it would take in: merge them the "
                    "other way round.",
                    self.into_id.name,
                )
        else:
            if len(self.unit_ids) != 1:
                return self.env._("Choose the one unit.")
            if not is_named:
                return self.env._("Give the new name.")
        if self.kind == "split" and not self.employee_ids:
            return self.env._("Choose the staff who go to the new unit.")
        if self.kind == "split" and self.employee_ids.department_id != self.unit_ids:
            return self.env._("Only staff of the unit go to the one split off from it.")
        if (self.unit_ids | self.into_id).company_id != self.company_id:
            return self.env._("The units must be of one department.")
        return self._get_formal_problem()

    def _get_formal_problem(self):
        """Return what the decision lacks, whatever it changes."""
        if not self.decision_number or is_blank(self.reason or ""):
            return self.env._("Give the number of the decision and the reason.")
        return ""

    def _get_gone_units(self):
        """Return the units that are no more."""
        return (
            self.unit_ids - self.into_id
            if self.kind == "merge"
            else self.unit_ids.browse()
        )

    def _get_running_contests(self):
        """Return the contests that follow, whoever may read them.

        A branch takes part in those of the company above it as well.
        """
        # who keeps the units needn't have a role in the contest
        companies_sudo = self.company_id.sudo()
        if self.kind != "pass":
            companies_sudo = companies_sudo.parent_ids
        return (
            self.env["hoithi.contest"]
            .sudo()
            .search(
                [("company_id", "in", companies_sudo.ids), ("state", "in", RUNNING)]
            )
        )

    def _get_moved_entries_domain(self):
        """Return which entries of running contests get another unit."""
        if self.kind == "rename":
            return Domain.FALSE
        domain = Domain("contest_id", "in", self._get_running_contests().ids)
        domain &= Domain("department_id", "in", self.unit_ids._origin.ids)
        if self.kind == "split":
            moved = Domain("is_representative", "=", True)
            moved &= Domain("employee_id", "in", self.employee_ids._origin.ids)
            return domain & Domain("author_ids", "any", moved)
        return domain & Domain("department_id", "!=", self.into_id._origin.id)

    def _get_moved_staff_domain(self):
        if self.kind == "rename":
            return Domain.FALSE
        if self.kind == "split":
            return Domain("id", "in", self.employee_ids._origin.ids)
        return Domain("department_id", "in", self._get_gone_units()._origin.ids)

    def _get_staff(self):
        return self.env["hr.employee"].with_context(active_test=False)

    def _get_entries(self):
        # as above; not even how many they are is told
        return self.env["hoithi.entry"].sudo()

    def _tell_changes(self):
        """Return what the change does, a sentence each; rooms add their own."""
        self.ensure_one()
        if self.kind == "rename":
            return [
                self.env._(
                    "“%(old)s” is called “%(new)s” from now on.",
                    old=self.unit_ids.name,
                    new=self.new_name,
                ),
                self.env._("Papers that were issued keep the old name."),
            ]
        target = self.new_name if self.kind == "split" or not self.into_id else ""
        name = target or self.into_id.name
        lines = [
            self.env._(
                "%(staff)s staff, and their entries in running contests, go to "
                "“%(unit)s”.",
                # whether somebody has entered isn't for all who keep staff: a unit of
                # one colleague would tell it
                staff=self._get_staff().search_count(self._get_moved_staff_domain()),
                unit=name,
            )
        ]
        gone = self._get_gone_units()
        if gone:
            lines.append(
                self.env._(
                    "No more units of their own: %s. What they did counts for the new "
                    "one.",
                    ", ".join(gone.mapped("name")),
                )
            )
        if self.head_id:
            lines.append(
                self.env._(
                    "Head of “%(unit)s”: %(head)s.", unit=name, head=self.head_id.name
                )
            )
        lines.append(self.env._("Papers that were issued keep the old names."))
        return lines

    def _do_rename(self, _contests_sudo, _entries_sudo):
        unit = self.unit_ids
        self._write_kept(unit, {"name": self.new_name})
        if self.head_id:
            self._write_kept(unit, {"manager_id": self.head_id.id})
        return unit

    def _do_merge(self, contests_sudo, entries_sudo):
        gone = self._get_gone_units()
        staff = self._get_staff().search(self._get_moved_staff_domain())
        target = self.into_id or gone.create(
            {
                "name": self.new_name,
                "company_id": self.company_id.id,
                "parent_id": (self.unit_ids.parent_id - gone)[:1].id,
                "hoithi_own_row": any(self.unit_ids.mapped("hoithi_own_row")),
            }
        )
        if not self.into_id:
            self._keep_made(target)
        elif not is_blank(self.new_name or ""):
            self._write_kept(target, {"name": self.new_name})
        if self.head_id:
            self._write_kept(target, {"manager_id": self.head_id.id})
        below = gone.with_context(active_test=False).child_ids
        self._write_kept(below, {"parent_id": target.id})
        # below the new one, so that what they did counts for it and is its head's
        self._write_kept(gone, {"parent_id": target.id, "active": False})
        self._follow_staff(staff, gone, target)
        self._follow_entries(contests_sudo, entries_sudo, gone, target)
        return target

    def _do_split(self, contests_sudo, entries_sudo):
        source = self.unit_ids
        target = source.create(
            {
                "name": self.new_name,
                "company_id": self.company_id.id,
                "parent_id": source.parent_id.id,
                "manager_id": self.head_id.id,
                "hoithi_own_row": source.hoithi_own_row,
            }
        )
        self._keep_made(target)
        self._follow_staff(self.employee_ids, source, target)
        self._follow_entries(
            contests_sudo, entries_sudo, source, target, self.employee_ids
        )
        return target

    def _follow_staff(self, staff, units, target):
        """Let staff work in the unit from the day on; what was before stays in HR."""
        # HR counts its days in UTC, where the decision's day may be yet to come
        day = min(self.effective_on, fields.Date.today())
        former = staff.version_ids
        for employee in staff:
            # Odoo makes them one by one, with what a contract has to do with it
            employee.create_version({"date_version": day, "department_id": target.id})
        staff.invalidate_recordset()
        self._keep_made(staff.version_ids - former)
        self._write_kept(
            (staff.version_ids & former).filtered(
                lambda one: one.date_version >= day and one.department_id in units
            ),
            {"department_id": target.id},
        )
        staff.invalidate_recordset()

    def _follow_entries(self, contests_sudo, entries_sudo, units, target, staff=None):
        """Let entries of running contests, their authors and boards follow.

        :param staff: whose lines alone follow; all of the units where not given
        """
        self._write_kept(entries_sudo._open_door(), {"department_id": target.id})
        domain = [
            ("entry_id.contest_id", "in", contests_sudo.ids),
            ("department_id", "in", units.ids),
        ]
        if staff is not None:
            domain.append(("employee_id", "in", staff.ids))
        # as above: staff who keep the units read no authors
        lines_sudo = self.env["hoithi.entry.author"].sudo().search(domain)
        self._write_kept(lines_sudo._open_door(), {"department_id": target.id})
        # who is in the same unit now is found anew
        (entries_sudo | lines_sudo.entry_id)._get_detectable()._on_authors_known()

    def _tell(self, contests_sudo, entries_sudo, heads):
        """Tell secretaries, heads and the authors whose entries got another unit."""
        people = (
            contests_sudo.secretary_ids.partner_id
            | heads.user_id.partner_id
            | heads.work_contact_id
            | entries_sudo.author_ids.partner_id
        )
        self.env["hoithi.notice"]._announce("unit_changed", {self: people})
