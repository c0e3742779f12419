from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import RUNNING


class HoithiAcknowledgement(models.Model):
    """That a member of staff has read the launch of a contest, told by oneself.

    Only `hoithi.contest.action_acknowledge` makes one: nobody reads for another.
    """

    _name = "hoithi.acknowledgement"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Launch Read"
    _order = "acknowledged_on desc, id desc"
    _rec_name = "employee_id"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    employee_id = fields.Many2one(
        "hr.employee", required=True, ondelete="cascade", index=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", required=True, ondelete="cascade", index=True, readonly=True
    )
    acknowledged_on = fields.Datetime(
        string="Read on", required=True, default=fields.Datetime.now, readonly=True
    )

    _unique_fact = models.Constraint(
        "UNIQUE (contest_id, employee_id)", "This person has read the launch already."
    )

    @api.model
    def _record(self, contest):
        """Record that the caller has read the launch of `contest`; once is enough.

        :raises UserError: before the launch, after the end, or for who isn't staff
        """
        if contest.state not in RUNNING:
            raise UserError(
                self.env._(
                    "“%s” isn't running: there is nothing to mark as read.",
                    contest.name,
                )
            )
        employee_sudo = self.env["hoithi.entry"]._get_my_employee(contest.company_id)
        if not employee_sudo:
            raise UserError(
                self.env._(
                    "No employee record of yours was found in %(department)s. Ask the "
                    "Office to link your login to it.",
                    # the name of the house is no secret
                    department=contest.company_id.sudo().name,
                )
            )
        # staff may create nothing here by themselves, so that nobody reads for another
        acknowledgements_sudo = self.sudo()._open_door()
        facts = [
            ("contest_id", "=", contest.id),
            ("employee_id", "=", employee_sudo.id),
        ]
        if acknowledgements_sudo.search_count(facts, limit=1):
            return
        try:
            with self.env.cr.savepoint():
                acknowledgements_sudo.create(
                    {
                        "contest_id": contest.id,
                        "employee_id": employee_sudo.id,
                        "user_id": self.env.uid,
                    }
                )
        except UniqueViolation:
            # a second click came at the same moment; it says the same
            return
        # any act may wake the scheduled action, and do no more with it
        self.env.ref("hoithi_contest.cron_refresh_units").sudo()._trigger()
