from odoo import models
from odoo.fields import Command


class HoithiUnitChange(models.Model):
    """What of the council goes along when a department passes to another company.

    Rows of the ledger are never changed: those written before stay the old company's.
    """

    _inherit = "hoithi.unit.change"

    def _get_problem(self):
        problem = super()._get_problem()
        if problem or self.kind != "pass":
            return problem
        kinds_sudo = self._get_own_kinds(self._get_running_contests())
        others_sudo = kinds_sudo.filtered(
            lambda kind: (
                (twin := kind._find(kind.code, self.to_company_id))
                and not twin._decides_as(kind._to_rule())
            )
        )
        if others_sudo:
            return self.env._(
                "“%(company)s” means other kinds of prizes by these codes, which "
                "running contests name: %(codes)s. Delete them there while nothing "
                "names them, or wait until the contests are over.",
                company=self.to_company_id.name,
                codes=", ".join(others_sudo.mapped("code")),
            )
        return ""

    def _pass_contests(self, contests_sudo):
        councils_sudo = contests_sudo._get_bodies()
        self._share_or_take_criteria(contests_sudo)
        kinds = self._make_kinds(contests_sudo)
        councils_sudo._open_door().write({"company_id": self.to_company_id.id})
        super()._pass_contests(contests_sudo)
        for limit in contests_sudo.prize_limit_ids:
            named = [kinds.get(kind, kind).id for kind in limit.kind_ids]
            limit._open_door().kind_ids = [Command.set(named)]

    def _get_own_kinds(self, contests_sudo):
        """Return the kinds of prizes of the old department that contests name."""
        lines_sudo = contests_sudo.nomination_ids.line_ids
        awards_sudo = contests_sudo.env["hoithi.award"].search(
            [("contest_id", "in", contests_sudo.ids)]
        )
        kinds_sudo = contests_sudo.prize_limit_ids.kind_ids.union(
            *(
                record._get_kind()
                for records in (contests_sudo.prize_ids, awards_sudo, lines_sudo)
                for record in records
            )
        )
        return kinds_sudo.filtered(lambda kind: kind.company_id == self.company_id)

    def _make_kinds(self, contests_sudo):
        """Let the new department have the kinds of prizes that contests name.

        The old one keeps them for its other contests.

        :return: {kind of the old department: that of the new one}
        """
        company = self.to_company_id
        return {
            kind: kind._find(kind.code, company)
            or kind.copy({"code": kind.code, "company_id": company.id})
            for kind in self._get_own_kinds(contests_sudo)
        }

    def _share_or_take_criteria(self, contests_sudo):
        """Let the criteria of contests, juries and rounds go along, or be shared."""
        sets_sudo = self._get_criteria_sets(contests_sudo).filtered(
            lambda one: one.company_id == self.company_id
        )
        users_sudo = contests_sudo.with_context(active_test=False).search(
            [
                ("id", "not in", contests_sudo.ids),
                "|",
                "|",
                ("criteria_set_id", "in", sets_sudo.ids),
                ("jury_ids.criteria_set_id", "in", sets_sudo.ids),
                ("round_ids.criteria_set_id", "in", sets_sudo.ids),
            ]
        )
        # the default of new contests is needed where it is set
        kept_sudo = sets_sudo & (
            self._get_criteria_sets(users_sudo)
            | contests_sudo.company_id.hoithi_criteria_set_id
        )
        kept_sudo._open_door().write({"company_id": False})
        (sets_sudo - kept_sudo)._open_door().write(
            {"company_id": self.to_company_id.id}
        )

    def _get_criteria_sets(self, contests_sudo):
        return (
            contests_sudo.criteria_set_id
            | contests_sudo.jury_ids.criteria_set_id
            | contests_sudo.round_ids.criteria_set_id
        )

    def _follow_logins(self, staff, contests_sudo):
        super()._follow_logins(staff, contests_sudo)
        # members from elsewhere go on as members; their logins are nobody's here
        self._let_in(contests_sudo._get_bodies().member_ids.user_id.sudo())
