from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.contest import persons
from ...lib.guard.texts import is_blank
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import RUNNING
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_preview_mixin import Preview

#: Who keeps staff and their logins in HR.
HR_OFFICER = ("hr.group_hr_user",)


class HoithiLoginUnion(models.Model):
    """The internal and the portal login of one colleague: one person from then on.

    What somebody registered by the portal stays theirs when they get an internal login,
    whichever of the two they use. HR's record says who it is, and the colleague
    confirms it from the internal login: HR alone hands nobody's entries over. Both
    logins share one contact from then on, by which entries and letters are theirs;
    consents on record stay as they were given.
    """

    _name = "hoithi.login.union"
    _description = "Logins of One Person"
    _inherit = [
        "hoithi.workflow.mixin",
        "hoithi.preview.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "id desc"
    _rec_name = "employee_id"
    _clock_path = ""

    _transitions = (
        Transition("draft", "waiting", "action_ask_colleague", HR_OFFICER),
        Transition("waiting", "draft", "action_stop_asking", HR_OFFICER),
        Transition("waiting", "done", "action_confirm"),
        Transition("done", "undone", "action_undo"),
    )
    _previews = {"action_confirm": "_preview_confirm"}
    # nobody drags it: who may undo it is told by the act, which asks why
    _reason_methods = ("action_undo",)
    # what the colleague is asked is what is confirmed
    _fixed_fields = {"asked_on": EVERYTHING, "done_on": EVERYTHING}
    _fixed_rows = ("done_on",)

    employee_id = fields.Many2one(
        "hr.employee",
        string="Colleague",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('user_id', '!=', False)]",
    )
    company_id = fields.Many2one(
        related="employee_id.company_id", store=True, index=True, string="Department"
    )
    user_id = fields.Many2one(related="employee_id.user_id", string="Internal login")
    portal_user_id = fields.Many2one(
        "res.users",
        string="Portal login",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('share', '=', True)]",
    )
    reason = fields.Text(required=True)
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("waiting", "Waits for the colleague"),
            ("done", "Done"),
            ("undone", "Undone"),
        ],
        default="draft",
        required=True,
        copy=False,
    )
    can_confirm = fields.Boolean(compute="_compute_can_confirm")
    preview = fields.Text(
        string="What changes", compute="_compute_preview", compute_sudo=True
    )
    asked_on = fields.Datetime(readonly=True, copy=False)
    record_text = fields.Text(string="What was changed", readonly=True, copy=False)
    done_on = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    # COMPUTE

    @api.depends("employee_id.user_id", "portal_user_id", "reason", "state")
    def _compute_preview(self):
        for union in self:
            union.preview = (
                union.record_text
                if union.record_text
                else union._get_problem() or union._tell_changes()
            )

    @api.depends("employee_id.user_id", "state")
    @api.depends_context("uid")
    def _compute_can_confirm(self):
        for union in self:
            union.can_confirm = (
                union.state == "waiting" and union.user_id == self.env.user
            )

    # ACTION

    def action_ask_colleague(self):
        """Ask the colleague to confirm that both logins are one person's.

        Both are told, so that whoever has the portal login can object.

        :raises AccessError: for whoever doesn't keep staff in HR
        :raises UserError: where nothing says that both are the same person's, or for
            the own logins
        """
        self._check_transition("waiting")
        self.check_access("write")
        now = fields.Datetime.now()
        for union in self:
            problem = union._get_problem()
            if problem:
                raise UserError(problem)
            union._move("waiting", asked_on=now)
            # who keeps staff keeps no logins, and needs the two addresses alone
            own_sudo = union.sudo()
            self.env["hoithi.notice"]._announce(
                "logins_asked",
                {
                    union: own_sudo.portal_user_id.partner_id
                    | own_sudo.user_id.partner_id
                },
                occasion=fields.Datetime.to_string(now),
            )
        return True

    def action_stop_asking(self):
        """Take the question back before it is answered."""
        self._move("draft", asked_on=False)
        return True

    def action_confirm(self):
        """Let both logins be one person, as the colleague confirms; both are told.

        :raises AccessError: for anyone but the colleague with the internal login
        :raises UserError: where nothing says any more that both are the same person's
        """
        self.check_access("read")
        self._check_transition("done")
        for union in self:
            # the colleague may do nothing of it but this; what HR checked is checked
            # anew
            union_sudo = union.sudo()
            union._check_colleague()
            union._check_problem()
            text = union_sudo._tell_changes()
            portal_sudo = union_sudo.portal_user_id
            old, new = portal_sudo.partner_id, union_sudo.user_id.partner_id
            passed = [
                [name, field, union._pass_on(name, field, old, new)]
                for name, field in union._get_partner_fields()
            ]
            portal_sudo.partner_id = new
            if not old.user_ids:
                old.active = False
            union_sudo._move(
                "done",
                record_text=text,
                kept_values={
                    "partner": old.id,
                    "is_archived": not old.active,
                    "rows": passed,
                },
                done_on=fields.Datetime.now(),
                done_by_id=self.env.uid,
            )
            # at both addresses: the older one may be the one that is read
            self.env["hoithi.notice"]._announce("logins_united", {union: old | new})
            union._find_conflicts_of(new)
        return True

    def action_ask_confirm(self):
        """Show the colleague what the union does, then ask."""
        return self._ask_act("action_confirm", self.env._("Both Logins Are Mine"))

    # BUSINESS

    def _preview_confirm(self):
        """Return what confirming the union does."""
        self.ensure_one()
        # the colleague is told what HR checked
        return Preview(
            [
                self.sudo()._tell_changes(),
                self.env._("tells both addresses of it"),
                self.env._("can be undone within 90 days"),
            ],
            (
                self._try_check(lambda: self._check_transition("done")),
                self._try_check(self._check_colleague),
                self._try_check(self._check_problem),
            ),
        )

    def _check_colleague(self):
        """Refuse all but the colleague with the internal login."""
        # whose login it is, is known to who reads of it
        if self.sudo().user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "The colleague confirms it, logged in with the internal login."
                )
            )

    def _check_problem(self):
        """Refuse where nothing says any more that both are the same person's."""
        # what HR checked is checked anew, by whoever confirms
        if problem := self.sudo()._get_problem():
            raise UserError(problem)

    def _get_problem(self):
        """Return why the logins aren't made one, or an empty text."""
        self.ensure_one()
        user, portal = self.employee_id.user_id, self.portal_user_id
        if not user or user.share:
            return self.env._("Choose a colleague with an internal login.")
        if not portal or not portal.share or not portal.active:
            return self.env._("Choose the portal login of the same person.")
        if self.env.user in user | portal and not self.env.su:
            return self.env._("Another HR officer does it for the own logins.")
        if self.env.user != user and self._is_kept_out():
            return self.env._(
                "You sit on a council that may not know yet who has entered: another "
                "HR officer does it."
            )
        # who is whose contact is compared, and shown to nobody
        own_sudo = self.sudo()
        old, new = own_sudo.portal_user_id.partner_id, own_sudo.user_id.partner_id
        if old == new:
            return self.env._("These logins are one person's already.")
        others = old.employee_ids - own_sudo.employee_id
        lines = own_sudo.env["hoithi.entry.author"].search(
            [("partner_id", "in", (old | new).ids)]
        )
        if others or lines.employee_id - own_sudo.employee_id:
            return self.env._("The portal login is another colleague's.")
        if not self._is_witnessed(lines.filtered(lambda line: line.partner_id == old)):
            return self.env._(
                "Nothing says that both logins are one person's: give the colleague's "
                "record the address of the portal login first."
            )
        twice = [
            entry.code or entry.name
            for entry, own in lines.grouped("entry_id").items()
            if len(own.partner_id) > 1
        ]
        if twice:
            return self.env._(
                "Both are named as authors of %s: one of the lines goes first.",
                ", ".join(twice),
            )
        if is_blank(self.reason or ""):
            return self.env._("Give the reason; it is recorded.")
        return ""

    def _is_witnessed(self, lines_sudo):
        """Tell whether HR's record says that the portal login is the colleague's.

        :param lines_sudo: author lines of the portal login
        """
        # addresses and contacts are compared, and shown to nobody
        own_sudo = self.sudo()
        employee_sudo, portal_sudo = own_sudo.employee_id, own_sudo.portal_user_id
        known = {
            persons.address_key(address)
            for address in (employee_sudo.work_email, employee_sudo.private_email)
            if address
        }
        addresses = {
            persons.address_key(address)
            for address in (portal_sudo.login, portal_sudo.email)
            if address
        }
        return (
            portal_sudo.partner_id == employee_sudo.work_contact_id
            or employee_sudo in lines_sudo.employee_id
            or bool((known & addresses) - {"", False, None})
        )

    def _tell_changes(self):
        # whether there are entries isn't for HR to know
        return self.env._(
            "“%(portal)s” and “%(user)s” are one person from then on: both logins see "
            "the same entries.",
            portal=self.portal_user_id.login,
            user=self.user_id.login,
        )

    def _is_kept_out(self):
        """Tell whether the caller may not know yet who has entered, as on a council.

        Whether logins can be made one goes by the entries of their person.
        """
        # who sits on a council isn't for HR to read
        contests_sudo = self.env["hoithi.contest"].sudo()
        running_sudo = contests_sudo.search(
            [
                ("company_id", "in", self.company_id.sudo().parent_ids.ids),
                ("state", "in", RUNNING),
            ]
        )
        return any(self.env.user in one._get_kept_out() for one in running_sudo)

    @api.model
    def _find_conflicts_of(self, partners):
        """Find anew who is whose colleague or sits on the council."""
        # as for the rows: they are these persons', whoever may read them
        lines_sudo = self.env["hoithi.entry.author"].sudo()
        lines_sudo = lines_sudo.search([("partner_id", "in", partners.ids)])
        lines_sudo.entry_id._get_detectable()._on_authors_known()

    @api.model
    def _get_partner_fields(self):
        """Hook: return (model, field) of what is a person's by the contact."""
        return [("hoithi.entry.author", "partner_id")]

    def _pass_on(self, name, field, old, new):
        """Let records of one contact be another's; return their ids."""
        # they are the same person's, whoever may read them
        records_sudo = self.env[name].sudo().with_context(active_test=False)
        records_sudo = records_sudo.search([(field, "=", old.id)])
        records_sudo._open_door().write({field: new.id})
        return records_sudo.ids
