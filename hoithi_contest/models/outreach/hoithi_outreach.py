from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..guard.hoithi_states import RUNNING


class HoithiOutreach(models.Model):
    """An act that spread the word in a unit; the final report counts them."""

    _name = "hoithi.outreach"
    _description = "Outreach Activity"
    _inherit = ["hoithi.attachment.mixin", "hoithi.guard.mixin", "hoithi.clock.mixin"]
    _order = "date desc, id desc"
    _number_ranges = {
        "reach": (0, 1_000_000),
        "persons": (0, 1_000_000),
    }
    _rec_name = "kind"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    department_id = fields.Many2one("hr.department", string="Unit", index=True)
    organisation_id = fields.Many2one(
        "hoithi.organisation", ondelete="restrict", index="btree_not_null"
    )
    kind = fields.Selection(
        [
            ("meeting", "Meeting"),
            ("notice", "Notice"),
            ("website", "Web page"),
            ("drive", "Emulation drive"),
            ("other", "Other"),
        ],
        required=True,
        default="meeting",
    )
    date = fields.Date(
        required=True, default=lambda self: self.env["hoithi.contest"]._get_today()
    )
    reach = fields.Integer(
        string="People reached",
        help="Persons at the meeting or who got the notice; for a web page, its views.",
    )
    headcount = fields.Integer(
        string="Staff on that day",
        compute="_compute_headcount",
        store=True,
        compute_sudo=True,
        aggregator=False,
        help="By HR: employed in the unit and its sub-units on the day of the act; 0 "
        "where HR doesn't reach back so far.",
    )
    persons = fields.Integer(
        string="Staff reached",
        compute="_compute_persons",
        store=True,
        aggregator="max",
        help="People reached, no more than are employed. Views of a web page aren't "
        "persons.",
    )
    is_above_headcount = fields.Boolean(
        string="More than employed", compute="_compute_persons", store=True
    )
    note = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        default=lambda self: self.env.user,
        readonly=True,
    )

    _check_who = models.Constraint(
        "CHECK (num_nonnulls(department_id, organisation_id) = 1)",
        "Outreach belongs to a unit or to an organisation: choose one of them.",
    )

    # COMPUTE

    @api.depends_context("lang")
    @api.depends("kind", "department_id", "organisation_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for outreach in self:
            # who reads the act may read whose it is
            body_sudo = outreach.department_id.sudo() or outreach.organisation_id.sudo()
            outreach.display_name = " – ".join(
                filter(None, [kinds.get(outreach.kind), body_sudo.display_name])
            )

    @api.depends("date", "department_id", "organisation_id", "contest_id")
    def _compute_headcount(self):
        """Count at the day of the act; what HR records later changes nothing."""
        departments = self.env["hr.department"]
        for (day, company), acts in self.grouped(
            lambda outreach: (outreach.date, outreach.contest_id.company_id)
        ).items():
            counts = {}
            if day and acts.department_id:
                counts = departments._count_with_sub_units(company, day)
            for outreach in acts:
                outreach.headcount = (
                    outreach.organisation_id.member_count
                    if outreach.organisation_id
                    else counts.get(outreach.department_id.id, 0)
                )

    @api.depends("reach", "kind", "headcount")
    def _compute_persons(self):
        for outreach in self:
            reach = 0 if outreach.kind == "website" else outreach.reach
            limit = outreach.headcount
            outreach.persons = min(reach, limit) if limit else reach
            outreach.is_above_headcount = bool(limit and reach > limit)

    # CONSTRAINTS

    @api.constrains("reach")
    def _check_reach(self):
        if any(outreach.reach < 0 for outreach in self):
            raise ValidationError(
                self.env._("The number of people reached can't be negative.")
            )

    @api.constrains("date")
    def _check_date(self):
        if any(act.date > act.contest_id._get_today() for act in self):
            raise ValidationError(
                self.env._("Record outreach once it has taken place, not before.")
            )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        acts = super().create(vals_list)
        acts._check_running()
        acts._refresh_boards()
        return acts

    def write(self, vals):
        if not self.env.su:
            self._check_running()
        contests = self.contest_id
        result = super().write(vals)
        # an act can't be moved to where the caller has no say
        self.check_access("write")
        self._check_running()
        self._refresh_boards(contests)
        return result

    def unlink(self):
        contests = self.contest_id
        result = super().unlink()
        self.browse()._refresh_boards(contests)
        return result

    # BUSINESS

    def _check_running(self):
        """Let heads record while the contest runs; the Office may add what is missing.

        :raises UserError: in a contest that isn't launched or is over
        """
        if self.env.su or self.env.user.has_group("hoithi_contest.group_secretary"):
            return
        for outreach in self:
            if outreach.contest_id.state not in RUNNING:
                raise UserError(
                    self.env._(
                        "“%(contest)s” isn't running, so its outreach stays as it is. "
                        "Tell the secretary what is missing.",
                        contest=outreach.contest_id.name,
                    )
                )

    def _refresh_boards(self, contests=None):
        contests = self.contest_id | (contests or self.contest_id)
        # the counts are the board's own, whoever recorded the act
        contests.sudo().unit_ids._refresh()
