from odoo import fields, models

from ..guard.hoithi_states import EDITABLE

#: Deadlines of which somebody is told, and the phase in which they are awaited.
AWAITED = {"registration_deadline": "open", "review_deadline": "review"}


class HoithiContest(models.Model):
    """A deadline that is moved in its phase reaches those who work towards it."""

    _inherit = "hoithi.contest"

    registration_reopen_reason = fields.Text(
        string="Why registration was reopened", readonly=True, copy=False
    )

    def write(self, vals):
        before = {
            contest: {name: contest[name] for name in AWAITED}
            # one deadline follows from another
            for contest in self
            if set(vals) & {*AWAITED, "screening_deadline"}
        }
        result = super().write(vals)
        for contest, deadlines in before.items():
            for name, former in deadlines.items():
                if contest.state == AWAITED[name] and contest[name] != former:
                    contest._on_deadline_moved(name, former)
        return result

    def _on_deadline_moved(self, name, former):
        """Hook: the deadline of the phase that is on has been moved.

        :param name: of the field
        :param former: the moment (UTC) that it was, or nothing
        """
        self.ensure_one()
        self.env["hoithi.notice"]._announce(
            "deadline_moved",
            {self: self._get_awaited_partners(name)},
            occasion=f"{name} {fields.Datetime.to_string(self[name]) or '-'}",
        )

    def _get_awaited_partners(self, name):
        """Return who works towards a deadline."""
        self.ensure_one()
        if name != "registration_deadline":
            return self.env["res.partner"]
        return self._get_entrants(EDITABLE) | self._get_heads()

    def _get_entrants(self, states):
        """Return the authors of entries in some states, whoever may read these."""
        self.ensure_one()
        # whoever moves a deadline needn't read the drafts
        entries_sudo = self.env["hoithi.entry"].sudo()
        return entries_sudo.search(
            [("contest_id", "=", self.id), ("state", "in", states)]
        )._get_author_partners()

    def _get_leaders(self):
        """Return the logins of the department's leaders."""
        self.ensure_one()
        # who leads is no secret, not everybody may read logins
        leaders_sudo = self.env.ref("hoithi_contest.group_leader").sudo().all_user_ids
        return leaders_sudo.filtered(lambda user: self.company_id in user.company_ids)

    def _get_heads(self):
        """Return the contacts of the heads of the department's units."""
        self.ensure_one()
        # who heads a unit is no secret, not everybody may read units
        units_sudo = self.env["hr.department"]._get_board_departments(self.company_id)
        heads_sudo = units_sudo.sudo().manager_id
        return (
            heads_sudo.user_id.partner_id
            | heads_sudo.filtered(lambda head: not head.user_id).work_contact_id
        )
