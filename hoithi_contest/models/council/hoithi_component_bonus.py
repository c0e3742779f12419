from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.council import components
from ..guard.hoithi_states import DECIDING, RANKABLE, UNSCORED
from .hoithi_contest_council import SECRETARY


class HoithiComponent(models.Model):
    """Points that the secretary gives under the rule, or takes in from elsewhere."""

    _inherit = "hoithi.component"

    lacking_count = fields.Integer(
        string="Entries without Points",
        compute="_compute_lacking_count",
        help="Of points from elsewhere: they count once each entry has its own.",
    )

    # COMPUTE

    @api.depends("kind", "score_ids.reason")
    def _compute_is_counted(self):
        super()._compute_is_counted()
        for component in self:
            component.is_counted = component.is_counted or bool(component._get_given())

    @api.depends("kind", "counted_on", "score_ids.reason")
    def _compute_lacking_count(self):
        for component in self:
            component.lacking_count = len(component._get_lacking())

    # ACTION

    def action_give(self, entry_id, points, reason=None):
        """Give an entry a bonus, or a penalty; given again, it replaces what was.

        :param entry_id: id of an entry of the contest
        :param points: within what the component allows; 0 takes it back
        :param reason: obligatory; shown with the points, and recorded
        :raises AccessError: for others than the secretary
        :raises UserError: outside review and council, or for too many points
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(self.env._("The secretary of the council does this."))
        contest = self.contest_id
        contest._check_rules_fixed()
        reason = self._clean_reason(reason)
        if self.kind != "bonus" or contest.state not in DECIDING:
            raise UserError(
                self.env._(
                    "Bonus and penalty are given in the phases of review and council."
                )
            )
        if not self.least <= points <= self.most:
            raise UserError(
                self.env._(
                    "“%(name)s” is from %(least)s to %(most)s points.",
                    name=self.name,
                    least=f"{self.least:g}",
                    most=f"{self.most:g}",
                )
            )
        entry = self.env["hoithi.entry"].browse(entry_id).exists()
        entry.check_access("read")
        if entry.contest_id != contest:
            raise UserError(self.env._("Choose one of the entries."))
        entry._check_not_own()
        entry._check_no_rivals()
        # points are nobody's to write but by this act
        line = self.sudo()._get_lines(entry.sudo())
        line._open_door().write({"points": points, "reason": reason})
        self.env["hoithi.ledger"]._append(
            contest,
            "component.given",
            entry,
            {"component": self.name, "points": points, "reason": reason},
            entry,
        )
        return True

    def action_take_points(self, rows, reason=None):
        """Take in points of many entries at once, as those of a written test.

        All of a list or none. The points count once every entry has been given some:
        of entries that a conflict hides from one secretary another one takes them in.
        A chair who has it done again has all taken in anew.

        :param rows: text of a line an entry: its code and its points, with a blank, a
            tab or a semicolon between; decimals with a point or a comma
        :param reason: where they come from; shown with the points, and recorded
        :raises AccessError: for others than the secretary
        :raises UserError: outside review and council, where they were taken in, or
            with each line that can't be taken
        """
        self.ensure_one()
        self._check_office()
        contest = self.contest_id
        contest._check_rules_fixed()
        reason = self._clean_reason(reason)
        if self.kind != "points" or self.counted_on or contest.state not in DECIDING:
            raise UserError(
                self.env._(
                    "Points from elsewhere are taken in once, in the phases of review "
                    "and council; the chair may have it done again."
                )
            )
        given = self._read_points(rows)
        entries = self.env["hoithi.entry"].union(*given)
        entries._check_not_own()
        entries._check_no_rivals()
        # points are nobody's to write but by this act
        component_sudo = self.sudo()._open_door()
        for line in component_sudo._get_lines(entries.sudo()):
            entry = line.entry_id.with_env(self.env)
            line._open_door().write({"points": given[entry], "reason": reason})
        if not self._get_lacking():
            component_sudo.counted_on = fields.Datetime.now()
        facts = {"component": self.name, "reason": reason}
        self.env["hoithi.ledger"]._append_all(
            contest,
            [
                ("component.given", entry, facts | {"points": points}, entry)
                for entry, points in given.items()
            ],
        )
        return True

    def _get_given(self):
        """Return the entries that points from elsewhere have been taken in for."""
        self.ensure_one()
        if self.kind != "points":
            return self.env["hoithi.entry"]
        # whether all are there doesn't depend on who may read an entry
        lines_sudo = self.sudo().score_ids
        # 0 points are some, too: they have their reason
        return lines_sudo.filtered("reason").entry_id

    def _is_awaited(self):
        return super()._is_awaited() or bool(self._get_lacking())

    def _get_lacking(self):
        """Return the entries whose points from elsewhere are still to be taken in."""
        self.ensure_one()
        if self.kind != "points" or self.counted_on:
            return self.env["hoithi.entry"]
        # as above
        return self.sudo()._get_votable_entries() - self._get_given()

    def _read_points(self, rows):
        """Return {entry: points} of a text, see `action_take_points`."""
        lines = [
            (number, components.read_row(text))
            for number, text in enumerate((rows or "").splitlines(), start=1)
            if text.strip()
        ]
        # of those that the caller reads; others are told as unknown
        entries = self.env["hoithi.entry"].search(
            [
                ("contest_id", "=", self.contest_id.id),
                ("code", "in", [row[0] for _number, row in lines if row]),
                ("state", "in", (*UNSCORED, *RANKABLE)),
            ]
        )
        by_code = {entry.code: entry for entry in entries}
        before = self._get_given().with_env(self.env)
        given, problems = {}, []
        for number, row in lines:
            entry = by_code.get(row[0]) if row else None
            if not row:
                text = self.env._("a code and points are expected")
            elif not entry:
                text = self.env._("no entry that competes has the code “%s”", row[0])
            elif entry in given:
                text = self.env._("“%s” stands here twice", row[0])
            elif entry in before:
                text = self.env._("“%s” has its points already", row[0])
            elif not 0 <= row[1] <= self.most:
                text = self.env._("points are from 0 to %s", f"{self.most:g}")
            else:
                given[entry] = float(row[1])
                continue
            problems.append(
                self.env._("Line %(number)s: %(text)s", number=number, text=text)
            )
        if problems or not given:
            raise UserError(
                "\n".join(problems) or self.env._("The list is empty: paste it first.")
            )
        return given
