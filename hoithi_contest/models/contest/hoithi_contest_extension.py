from odoo import fields, models

from ..guard.hoithi_states import EDITABLE

#: Deadlines of which somebody is told, and the phase in which they are awaited.
AWAITED = {"registration_deadline": "open", "review_deadline": "review"}


class HoithiContest(models.Model):
    """A deadline that is moved in its phase reaches those who work towards it."""

    _inherit = "hoithi.contest"

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
        # whoever moves it needn't read the drafts
        drafts_sudo = (
            self.env["hoithi.entry"]
            .sudo()
            .search([("contest_id", "=", self.id), ("state", "in", EDITABLE)])
        )
        return drafts_sudo._get_author_partners()
