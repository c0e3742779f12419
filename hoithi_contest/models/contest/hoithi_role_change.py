from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..guard.hoithi_states import DECIDING, RUNNING
from .hoithi_contest_reader import WIDE_ROLES

#: Models of the addon: its data say who does what with them.
OWN_MODELS = "hoithi."
#: Models of Odoo's own that hold the same: letters, logs and files, what is about to be
#: told, what is counted on; and the rights themselves.
HOLDING_MODELS = frozenset(
    {
        "bus.bus",
        "ir.attachment",
        "ir.model.access",
        "ir.rule",
        "ir.sequence",
        "ir.sequence.date_range",
        "mail.activity",
        "mail.compose.message",
        "mail.followers",
        "mail.mail",
        "mail.message",
        "mail.notification",
        "mail.scheduled.message",
        "mail.tracking.value",
    }
)

ROLES = ("hoithi_contest.group_unit_head", *WIDE_ROLES)
#: Key of the transaction's data while an act is watched.
WATCHED = "hoithi.role.change"


class HoithiRoleChange(models.Model):
    """A role of the contest that somebody was given or that was taken from somebody.

    Written by the server whatever way it happened: on the user, on the group, by a
    group that implies another, by a department added to a user. Chair and secretaries
    of the contests under way are told.
    """

    _name = "hoithi.role.change"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _clock_path = ""
    _description = "Change of Roles"
    _order = "id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        readonly=True,
        # what is told stays: a login that held a role is archived
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", string="Department", required=True, readonly=True, index=True
    )
    given_ids = fields.Many2many(
        "res.groups",
        "hoithi_role_change_given_rel",
        string="Roles given",
        readonly=True,
    )
    taken_ids = fields.Many2many(
        "res.groups",
        "hoithi_role_change_taken_rel",
        string="Roles taken away",
        readonly=True,
    )
    changed_by_id = fields.Many2one(
        "res.users", string="Changed by", required=True, readonly=True
    )
    changed_by_name = fields.Char(string="By whom", compute="_compute_changed_by_name")
    changed_on = fields.Datetime(
        default=fields.Datetime.now, required=True, readonly=True
    )

    @api.depends_context("lang")
    @api.depends("changed_by_id")
    def _compute_changed_by_name(self):
        for change in self:
            # the system has a name that says nothing to who reads the list
            user_sudo = change.changed_by_id.sudo()
            is_system = user_sudo._is_superuser()
            change.changed_by_name = (
                self.env._("The system itself") if is_system else user_sudo.name
            )

    @api.model
    @contextmanager
    def _watch(self):
        """Record what the acts inside change in the roles of anybody.

        An act inside another is left to the outer one, so that nobody is told twice.
        """
        watched = self.env.cr.precommit.data
        if WATCHED in watched:
            yield
            return
        before = self._get_roles()
        watched[WATCHED] = True
        try:
            yield
        finally:
            watched.pop(WATCHED, None)
        self._record(before, self._get_roles())

    @api.model
    def _get_roles(self):
        """Return the roles held now: {(user, department): groups}, all as superuser."""
        # who changes a group needn't be able to read the roles
        groups_sudo = self.env["res.groups"].sudo()
        for xmlid in ROLES:
            # while the addon is being installed, they come one by one
            groups_sudo |= self.env.ref(xmlid, raise_if_not_found=False) or groups_sudo
        # everybody's roles, whoever changes one of them
        users_sudo = self.env["res.users"].sudo().with_context(active_test=True)
        return {
            (user, company): user.all_group_ids & groups_sudo
            for user in users_sudo.search([("all_group_ids", "in", groups_sudo.ids)])
            for company in user.company_ids
        }

    @api.model
    def _record(self, before, after):
        nobody = self.env["res.groups"]
        vals_list, given = [], {}
        for user, company in {**before, **after}:
            # a group that is deleted, as with the addon, leaves nothing to tell of
            old = before.get((user, company), nobody).exists()
            new = after.get((user, company), nobody)
            if old != new:
                if new - old:
                    given[user, company] = new - old
                vals_list.append(
                    {
                        "user_id": user.id,
                        "company_id": company.id,
                        "given_ids": (new - old).ids,
                        "taken_ids": (old - new).ids,
                        "changed_by_id": self.env.uid,
                    }
                )
        self._check_not_own(given)
        if vals_list:
            # nobody may write the record, everybody's act is in it
            changes_sudo = self.sudo()._open_door().create(vals_list)
            self.env["hoithi.notice"]._announce(
                "role_changed", changes_sudo._get_recipients()
            )

    @api.model
    def _check_not_own(self, given):
        """Let nobody give oneself a role while a contest is reviewed or decided.

        By whichever login.

        :param given: {(user, department): groups}
        :raises AccessError: telling who does it
        """
        if self.env.su or not given:
            return
        contacts = self.env["hoithi.person"]._get_contacts(self.env.user)
        own = {
            company: groups
            for (user, company), groups in given.items()
            if user.partner_id in contacts
        }
        # whether there is one, whoever may read contests
        contests_sudo = self.env["hoithi.contest"].sudo()
        deciding_sudo = contests_sudo.search(
            [
                ("company_id", "in", [company.id for company in own]),
                ("state", "in", DECIDING),
            ],
            limit=1,
        )
        if deciding_sudo:
            # what the caller would give is called by its name
            roles_sudo = own[deciding_sudo.company_id].sudo()
            raise AccessError(
                self.env._(
                    "“%(contest)s” is being reviewed or decided: until it is over, "
                    "nobody gives oneself a role (%(roles)s). Another administrator "
                    "of the system does, or the role goes to somebody else.",
                    contest=deciding_sudo.name,
                    roles=", ".join(roles_sudo.mapped("name")),
                )
            )

    @api.model
    def _check_rights_kept(self, rights):
        """Let access rights and rules on records of contests stay while one is running.

        So do those on what Odoo itself keeps of these records, as letters that wait.
        Odoo lets whoever administers access rights switch a rule off and on again, and
        nothing tells of it: an evening without the blind wall. A role is given instead,
        which is told. An update of the addon brings its own rights.

        :param rights: of `ir.model.access` or `ir.rule`
        :raises AccessError: naming the contest, and what is done instead
        """
        # which model they are about, whoever reads Odoo's list of models
        if self.env.su or not any(
            right.model_id.model.startswith(OWN_MODELS)
            or right.model_id.model in HOLDING_MODELS
            for right in rights.sudo()
        ):
            return
        # rights hold for all departments: whether one of them holds a contest
        contests_sudo = self.env["hoithi.contest"].sudo()
        running_sudo = contests_sudo.search([("state", "in", RUNNING)], limit=1)
        if running_sudo:
            raise AccessError(
                self.env._(
                    "“%s” is running: until it is over, who reads and changes records "
                    "of contests stays as it is. Give the person a role of the contest "
                    "instead, which chair and secretary are told of.",
                    running_sudo.name,
                )
            )

    def _get_recipients(self):
        """Return {change: partners}: chair and secretaries of contests not yet over."""
        contests = self.env["hoithi.contest"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "in", ("draft", *RUNNING)),
            ]
        )
        partners = {}
        for company, running in contests.grouped("company_id").items():
            partners[company] = running._get_keepers().partner_id
        return {
            change: partners[change.company_id]
            for change in self
            if change.company_id in partners
        }
