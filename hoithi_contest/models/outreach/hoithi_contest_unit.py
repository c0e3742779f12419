from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...lib.contest import headcount as counting
from ..guard.hoithi_states import RUNNING

#: In the context of rows that are made together and counted afterwards. It is known by
#: its identity, so that nobody who calls may leave the counting out.
COUNT_LATER = object()

#: Who reads how many entries each unit has.
OFFICE = "hoithi_contest.group_secretary,hoithi_contest.group_leader"


class HoithiContestUnit(models.Model):
    """A unit or organisation in a contest: what it received, did and handed in.

    Every person and entry counts once: for the nearest unit that has a row, so that the
    rows add up whichever units have one. What is counted is stored, so that the board,
    its graph and its pivot cost the same for three units and for forty.
    """

    _name = "hoithi.contest.unit"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Unit in a Contest"
    _order = "contest_id, sequence, name, id"

    _fixed_fields = {"id": {"contest_id", "department_id", "organisation_id"}}
    _fixed_binds_server = False

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    department_id = fields.Many2one(
        "hr.department", string="Unit", ondelete="restrict", index=True
    )
    organisation_id = fields.Many2one(
        "hoithi.organisation", ondelete="restrict", index="btree_not_null"
    )
    name = fields.Char(
        compute="_compute_name", store=True, help="As the body was called last."
    )
    sequence = fields.Integer(default=10)
    note = fields.Text()

    # received
    received_on = fields.Datetime(string="Plan acknowledged on", readonly=True)
    received_by_id = fields.Many2one(
        "res.users",
        string="Acknowledged by",
        readonly=True,
        help="The head of the unit, or the secretary for a confirmation on paper.",
    )

    # counted
    stage = fields.Selection(
        [
            ("waiting", "Not acknowledged"),
            ("received", "Plan acknowledged"),
            ("disseminated", "Disseminated"),
            ("registered", "Registered"),
            ("submitted", "Submitted"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
        group_expand=True,
    )
    headcount = fields.Integer(
        readonly=True,
        help="Employed by HR on the day of the count.",
    )
    # members are staff of the units as well, so that they must not be added to them
    member_count = fields.Integer(
        string="Union members",
        readonly=True,
        help="As the organisation itself gives it.",
    )
    counted_on = fields.Date(readonly=True, help="The day that the figures stand for.")
    outreach_count = fields.Integer(string="Activities", readonly=True)
    contact_count = fields.Integer(
        string="Contacts",
        readonly=True,
        help="The audiences of all activities added up: who came twice counts twice.",
    )
    reached_count = fields.Integer(
        string="Staff reached",
        readonly=True,
        help="Different persons who were reached at least: the largest activity, as "
        "far as so many are employed; those of sub-units beside each other add up.",
    )
    reached_member_count = fields.Integer(string="Members reached", readonly=True)
    reached_rate = fields.Float(
        string="Reached (%)", readonly=True, aggregator=False, digits=(5, 1)
    )
    acknowledged_count = fields.Integer(
        string="Have read",
        readonly=True,
        help="Staff employed on the day of the count who marked the launch as read.",
    )
    acknowledged_rate = fields.Float(
        string="Have read (%)", readonly=True, aggregator=False, digits=(5, 1)
    )
    # How many entries a unit has isn't for a head who sits on a council that may not
    # know the authors yet: heads read them as what follows, and nobody searches that.
    registered_count = fields.Integer(
        string="Begun",
        readonly=True,
        groups=OFFICE,
        help="Entries of the unit that weren't withdrawn, drafts included.",
    )
    submitted_count = fields.Integer(
        string="Received",
        readonly=True,
        groups=OFFICE,
        help="Entries that were submitted, those withdrawn since included.",
    )
    competing_count = fields.Integer(
        string="Competing",
        readonly=True,
        groups=OFFICE,
        help="Entries that were submitted and not withdrawn.",
    )
    shows_entries = fields.Boolean(compute="_compute_shown_counts")
    shown_begun = fields.Integer(
        string="Entries begun", compute="_compute_shown_counts"
    )
    shown_received = fields.Integer(
        string="Entries received", compute="_compute_shown_counts"
    )

    # of the reader
    can_receive = fields.Boolean(compute="_compute_can_receive")
    outreach_ids = fields.Many2many("hoithi.outreach", compute="_compute_outreach_ids")

    _check_who = models.Constraint(
        "CHECK (num_nonnulls(department_id, organisation_id) = 1)",
        "A row stands for a unit or for an organisation: choose one of them.",
    )
    _unique_unit = models.UniqueIndex(
        "(contest_id, department_id) WHERE department_id IS NOT NULL",
        "This unit has a row in the contest already.",
    )
    _unique_organisation = models.UniqueIndex(
        "(contest_id, organisation_id) WHERE organisation_id IS NOT NULL",
        "This organisation has a row in the contest already.",
    )

    # COMPUTE

    @api.depends("department_id.name", "organisation_id.name")
    def _compute_name(self):
        for row in self:
            row.name = row.department_id.name or row.organisation_id.name

    @api.depends_context("uid")
    @api.depends("registered_count", "submitted_count", "contest_id.state")
    def _compute_shown_counts(self):
        for row in self:
            row.shows_entries = self.env.user not in row.contest_id._get_kept_out()
            # a head's own unit, unless the head is kept from it
            row_sudo = row.sudo()
            row.shown_begun = row.shows_entries and row_sudo.registered_count
            row.shown_received = row.shows_entries and row_sudo.submitted_count

    @api.depends_context("uid")
    @api.depends("received_on", "contest_id.state")
    def _compute_can_receive(self):
        headed = self._filter_headed()
        for row in self:
            row.can_receive = (
                row._origin in headed
                and not row.received_on
                and row.contest_id.state in RUNNING
            )

    @api.depends_context("uid")
    def _compute_outreach_ids(self):
        outreach = self.env["hoithi.outreach"]
        if not outreach.has_access("read"):
            self.outreach_ids = False
            return
        acts = outreach.search([("contest_id", "in", self.contest_id.ids)])
        by_body = defaultdict(outreach.browse)
        places = self._get_places(self.contest_id)
        for act in acts:
            by_body[act.contest_id.id, self._place(places, act)] |= act
        for row in self:
            key = (row.contest_id.id, row._get_body_key())
            row.outreach_ids = by_body.get(key, outreach.browse())

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if self.env.context.get("hoithi_count_later") is not COUNT_LATER:
            # the counts are the board's own, whoever adds a row
            rows.contest_id.sudo().unit_ids._refresh()
        return rows

    def _get_fixed_hint(self):
        return self.env._("A row stays its unit's: delete it and add another.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_received(self):
        for row in self:
            # of a unit that is no more, the one that it went into keeps it
            if row.received_on and not row._is_guard_open():
                raise UserError(
                    self.env._(
                        "“%s” has acknowledged the plan: its row stays.", row.name
                    )
                )

    # ACTION

    def action_receive(self):
        """Acknowledge that the unit has received the plan; done again, nothing changes.

        That the head of a unit does so is another fact than that the staff read it.

        :raises AccessError: for whoever is neither the head nor the secretary
        :raises UserError: in a contest that isn't running
        """
        self.check_access("read")
        if not self.env.user.has_group("hoithi_contest.group_secretary"):
            strangers = self - self._filter_headed()
            if strangers:
                raise AccessError(
                    self.env._(
                        "Only the head of the unit, or the secretary, acknowledges the "
                        "plan for it."
                    )
                )
        self._check_running()
        # heads may change nothing of a row but this
        rows_sudo = self.filtered(lambda row: not row.received_on).sudo()._open_door()
        rows_sudo.write(
            {"received_on": fields.Datetime.now(), "received_by_id": self.env.uid}
        )
        rows_sudo._set_stage()
        return True

    def action_refresh(self):
        """Count anew, and add rows for units that came since the launch.

        Called without records, it does so for every running contest.

        :raises AccessError: for whoever may not read the boards of others
        """
        if not self.env.su and not self.env.user.has_groups(
            "hoithi_contest.group_secretary,hoithi_contest.group_leader"
        ):
            raise AccessError(
                self.env._("The secretary and the leaders refresh the board.")
            )
        self.check_access("read")
        contests = self.contest_id or self.env["hoithi.contest"].search(
            [("state", "in", RUNNING)]
        )
        self._make_for(contests.filtered(lambda c: c.state in RUNNING))
        return True

    def action_view_outreach(self):
        """Open the outreach of this unit and its sub-units."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hoithi_contest.hoithi_outreach_action"
        )
        action["domain"] = [("id", "in", self.outreach_ids.ids)]
        action["context"] = {
            "default_contest_id": self.contest_id.id,
            "default_department_id": self.department_id.id,
            "default_organisation_id": self.organisation_id.id,
        }
        return action

    # CRON

    @api.model
    def _cron_refresh_units(self, limit=50):
        """Count the boards of running contests anew, one contest after the other."""
        contests = self.env["hoithi.contest"].search(
            [("state", "in", RUNNING)], limit=limit, order="id"
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(contests))
        for contest in contests:
            self._make_for(contest[0])
            if not cron._commit_progress(1):
                break

    # BUSINESS

    def _filter_headed(self):
        """Return the rows of bodies that the caller heads."""
        # staff have no right on HR records; that one heads a unit is no secret to
        # oneself
        headed_sudo = self.sudo().search(
            Domain("id", "in", self.ids)
            & (
                Domain("department_id.hoithi_is_headed", "=", True)
                | Domain("organisation_id.is_headed", "=", True)
            )
        )
        return self.browse(headed_sudo.ids)

    def _check_running(self):
        for contest in self.contest_id:
            if contest.state not in RUNNING:
                raise UserError(self.env._("“%s” isn't running.", contest.name))

    @api.model
    def _make_for(self, contests):
        """Make the rows that are missing in `contests`, then count all their rows."""
        # the caller may launch or refresh; what HR and staff did is only counted
        rows_sudo = self.sudo()
        present = {
            (row.contest_id, row.department_id, row.organisation_id)
            for row in rows_sudo.search([("contest_id", "in", contests.ids)])
        }
        vals_list = []
        for company, group in contests.grouped("company_id").items():
            departments = self.env["hr.department"]._get_board_departments(company)
            organisations = (
                self.env["hoithi.organisation"]
                # rows are made by the launch, whoever launches
                .sudo()
                .search([("company_id", "=", company.id)])
            )
            no_department, no_organisation = departments[:0], organisations[:0]
            for contest in group:
                vals_list += [
                    {"contest_id": contest.id, "department_id": department.id}
                    for department in departments
                    if (contest, department, no_organisation) not in present
                ] + [
                    {
                        "contest_id": contest.id,
                        "organisation_id": organisation.id,
                        "sequence": 20,
                    }
                    for organisation in organisations
                    if (contest, no_department, organisation) not in present
                ]
        rows_sudo.with_context(hoithi_count_later=COUNT_LATER).create(vals_list)
        rows_sudo.search([("contest_id", "in", contests.ids)])._refresh()

    @api.model
    def _get_places(self, contests):
        """Return what tells the row of a department: rows of contests, and parents."""
        # the board counts every unit, whoever wakes the count
        rows_sudo = self.sudo().search_fetch(
            [("contest_id", "in", contests.ids), ("department_id", "!=", False)],
            ["contest_id", "department_id"],
        )
        rows = defaultdict(set)
        for row in rows_sudo:
            rows[row.contest_id.id].add(row.department_id.id)
        parents = self.env["hr.department"]._get_parents(contests.company_id)
        return rows, parents

    @api.model
    def _place(self, places, record):
        """Return the key of the row that a record with a unit counts for."""
        rows, parents = places
        if "organisation_id" in record._fields and record.organisation_id:
            return "organisation", record.organisation_id.id
        unit = counting.nearest(
            record.department_id.id, rows[record.contest_id.id], parents
        )
        return "department", unit

    def _get_body_key(self):
        self.ensure_one()
        if self.organisation_id:
            return "organisation", self.organisation_id.id
        return "department", self.department_id.id

    def _refresh(self):
        """Count headcount, outreach, readers and entries of whole contests anew.

        The number of queries doesn't depend on the number of units and staff. A contest
        that is over keeps what was counted last.
        """
        contests = self.contest_id.filtered(lambda c: c.state in RUNNING)
        if not contests:
            return
        # a board counts everything, whoever asks for it
        rows_sudo = (
            self.sudo()._open_door().search([("contest_id", "in", contests.ids)])
        )
        places = self._get_places(contests)
        figures = defaultdict(lambda: defaultdict(int))
        days = {contest: contest._get_today() for contest in contests}
        self._count_staff(days, places, figures)
        self._count_entries(contests, places, figures)
        self._count_outreach(contests, places, figures)
        for row in rows_sudo:
            counts = figures[row.contest_id.id, row._get_body_key()]
            is_unit = bool(row.department_id)
            staff, reached = counts["headcount"], counts["reached"]
            if not is_unit:
                staff = row.organisation_id.member_count
                reached = min(reached, staff or reached)
            row.update(
                {
                    "counted_on": days[row.contest_id],
                    "headcount": is_unit and staff,
                    "member_count": not is_unit and staff,
                    "outreach_count": counts["outreach"],
                    "contact_count": counts["contacts"],
                    "reached_count": is_unit and reached,
                    "reached_member_count": not is_unit and reached,
                    "reached_rate": 100 * reached / staff if staff else 0,
                    "acknowledged_count": counts["acknowledged"],
                    "acknowledged_rate": (
                        100 * counts["acknowledged"] / staff if staff else 0
                    ),
                    "registered_count": counts["begun"],
                    "submitted_count": counts["received"],
                    "competing_count": counts["competing"],
                }
            )
        rows_sudo._set_stage()

    def _set_stage(self):
        """Set how far a unit has come.

        Whether it has entries stays open while a head of it may not know.
        """
        for contest, rows in self.grouped("contest_id").items():
            shut = self.env["hr.department"]._get_headed_by(contest._get_kept_out())
            for row in rows:
                tells = row.department_id not in shut
                row.stage = (
                    (tells and row.competing_count and "submitted")
                    or (tells and row.registered_count and "registered")
                    or (row.outreach_count and "disseminated")
                    or (row.received_on and "received")
                    or "waiting"
                )

    @api.model
    def _count_staff(self, days, places, figures):
        """Count who is employed, and who of them marked the launch as read."""
        rows, parents = places
        contests = self.env["hoithi.contest"].browse(c.id for c in days)
        # who read it is counted here and shown to nobody
        read_sudo = self.env["hoithi.acknowledgement"].sudo()
        readers = defaultdict(set)
        for contest, employee in read_sudo._read_group(
            [("contest_id", "in", contests.ids)], ["contest_id", "employee_id"]
        ):
            readers[contest.id].add(employee.id)
        employed = {}
        for contest, day in days.items():
            key = contest.company_id, day
            if key not in employed:
                employed[key] = self.env["hr.department"]._get_employed(*key)
            for employee, unit in employed[key].items():
                row = counting.nearest(unit, rows[contest.id], parents)
                counts = figures[contest.id, ("department", row)]
                counts["headcount"] += 1
                counts["acknowledged"] += employee in readers[contest.id]

    @api.model
    def _count_entries(self, contests, places, figures):
        rows, parents = places
        # how many entries a unit has tells nobody's name, also while a contest is blind
        for (contest, department), numbers in (
            self.env["hoithi.figures"]
            .sudo()
            ._count_entries(
                contests,
                ("begun", "received", "competing"),
                ["contest_id", "department_id"],
            )
            .items()
        ):
            row = counting.nearest(department.id, rows[contest.id], parents)
            counts = figures[contest.id, ("department", row)]
            for name, number in numbers.items():
                counts[name] += number

    @api.model
    def _count_outreach(self, contests, places, figures):
        rows, parents = places
        best = defaultdict(dict)
        # figures alone, of every unit
        figures_sudo = self.env["hoithi.figures"].sudo()
        for (contest, department, organisation), (
            count,
            reach,
            persons,
        ) in figures_sudo._count_outreach(
            contests, ["contest_id", "department_id", "organisation_id"]
        ).items():
            if organisation:
                key = ("organisation", organisation.id)
                figures[contest.id, key]["reached"] = persons
            else:
                row = counting.nearest(department.id, rows[contest.id], parents)
                key = ("department", row)
                best[contest.id][department.id] = persons
            figures[contest.id, key]["outreach"] += count
            figures[contest.id, key]["contacts"] += reach
        for contest in contests:
            persons = counting.reached(
                best[contest.id],
                rows[contest.id],
                parents,
                {
                    row: figures[contest.id, ("department", row)]["headcount"]
                    for row in rows[contest.id]
                },
            )
            for row, count in persons.items():
                figures[contest.id, ("department", row)]["reached"] = count
