from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .hoithi_login_union import HR_OFFICER

#: Days in which a union that was a mistake can be undone.
UNDO_DAYS = 90


class HoithiLoginUnion(models.Model):
    """Two logins that were taken for one person's by mistake, and are parted again.

    What the portal login brought is that login's again; what came since stays with the
    colleague's contact, as nobody can tell any more by which of the two it came.
    """

    _inherit = "hoithi.login.union"

    # {"partner": id of the portal login's former contact, "is_archived": bool,
    #  "rows": [[model, field, ids], …]}, which tell HR who has entered
    kept_values = fields.Json(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    can_undo = fields.Boolean(compute="_compute_can_undo")
    undo_reason = fields.Text(string="Why it was undone", readonly=True, copy=False)
    undone_on = fields.Datetime(readonly=True, copy=False)
    undone_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    # COMPUTE

    @api.depends("state", "done_on", "employee_id.user_id")
    @api.depends_context("uid")
    def _compute_can_undo(self):
        since = fields.Datetime.now() - timedelta(days=UNDO_DAYS)
        for union in self:
            union.can_undo = (
                union.state == "done"
                and union.done_on >= since
                and union._is_undone_by(self.env.user)
            )

    # ACTION

    def action_ask_undo(self):
        """Open the dialog that asks for what `action_undo` needs."""
        return self._ask_reason("action_undo", self.env._("Part the Logins Again"))

    def action_undo(self, reason=None):
        """Part logins again that were made one by mistake; both are told.

        :param reason: recorded, and told
        :raises AccessError: for others than HR officers and the colleague
        :raises UserError: where it lies too far back, or what was before isn't there
            any more
        """
        self.check_access("read")
        self._check_transition("undone")
        reason = self._clean_reason(reason)
        for union in self:
            # the colleague and HR may do nothing of it but this
            union_sudo = union.sudo()
            if not union_sudo._is_undone_by(self.env.user):
                raise AccessError(
                    self.env._(
                        "Another HR officer parts the logins, or the colleague, logged "
                        "in with the internal login."
                    )
                )
            problem = union_sudo._get_undo_problem()
            if problem:
                raise UserError(problem)
            kept, new = union_sudo.kept_values, union_sudo.user_id.partner_id
            portal_sudo = union_sudo.portal_user_id
            old = portal_sudo.partner_id.browse(kept["partner"])
            if kept["is_archived"]:
                old.active = True
            portal_sudo.partner_id = old
            for name, field, ids in kept["rows"]:
                union._give_back(name, field, ids, new, old)
            union_sudo._move(
                "undone",
                undo_reason=reason,
                undone_on=fields.Datetime.now(),
                undone_by_id=self.env.uid,
            )
            self.env["hoithi.notice"]._announce("logins_parted", {union: old | new})
            union._find_conflicts_of(old | new)
        return True

    # BUSINESS

    def _is_undone_by(self, user):
        """Tell whether it is for `user` to part the logins: HR, but for the own ones.

        The portal login's holder has no way in here, and writes to the secretary: the
        letter that tells of the union says so.
        """
        self.ensure_one()
        if user == self.user_id:
            return True
        return user != self.portal_user_id and user.has_groups(",".join(HR_OFFICER))

    def _get_undo_problem(self):
        """Return why the logins can't be parted, or an empty text."""
        self.ensure_one()
        if self.done_on < fields.Datetime.now() - timedelta(days=UNDO_DAYS):
            return self.env._(
                "The logins were made one more than %s days ago: HR gives the portal "
                "login another contact, and the secretary names other authors.",
                UNDO_DAYS,
            )
        # what is kept is the server's alone
        kept = self.sudo().kept_values
        partner = self.env["res.partner"].browse(kept and kept["partner"]).exists()
        if not partner or self.portal_user_id.partner_id != self.user_id.partner_id:
            return self.env._(
                "What was before isn't known any more, or the logins were changed "
                "since: HR gives the portal login another contact."
            )
        return ""

    def _give_back(self, name, field, ids, new, old):
        """Give records back that are still as the union left them."""
        # as in `_pass_on`
        records_sudo = self.env[name].sudo().with_context(active_test=False)
        records_sudo.search(
            [("id", "in", ids), (field, "=", new.id)]
        )._open_door().write({field: old.id})
