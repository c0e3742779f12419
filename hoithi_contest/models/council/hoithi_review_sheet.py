from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from ...lib.guard import moments
from ..guard.hoithi_states import DROPPED

#: What a sheet says in words, as places of the workspace.
TEXTS = ("comment", "strengths", "weaknesses")
#: A number that no criterion's scale reaches.
BEYOND = 1e15


class HoithiReviewSheet(models.AbstractModel):
    """A sheet as its member fills it in: read by one call, saved bit by bit.

    Each score and each text is a *place*: ``score:7`` and ``comment:7`` of the line 7,
    or the name of a field of the sheet. What is saved says over what it was typed, so
    that of two windows none overwrites the other unseen.
    """

    _name = "hoithi.review.sheet"
    _inherit = ["hoithi.text.mixin"]
    _description = "Sheet as its member fills it in"

    criterion_count = fields.Integer(string="Criteria", compute="_compute_progress")
    scored_count = fields.Integer(
        string="Criteria scored",
        compute="_compute_progress",
        help="How far the reader's own sheet is.",
    )

    @api.depends_context("uid")
    @api.depends("line_ids.is_scored")
    def _compute_progress(self):
        # how far a draft is, is its member's alone; the rules hide the lines of others
        groups = self.env["hoithi.review.line"]._read_group(
            [("review_id", "in", self.ids)],
            ["review_id", "is_scored"],
            ["__count"],
        )
        counts = {(review.id, scored): count for review, scored, count in groups}
        for review in self:
            done = counts.get((review._origin.id, True), 0)
            review.scored_count = done
            review.criterion_count = done + counts.get((review._origin.id, False), 0)

    @api.readonly
    def get_workspace(self):
        """Return all that the workspace shows beside the entry's own texts.

        :return: ``values`` by place, where a score of False isn't given yet; criteria
            with their levels; files; the caller's other sheets of the contest; and why
            it is locked, if it is
        :raises AccessError: for the sheet of somebody else
        """
        self.ensure_one()
        self._check_own()
        # members read the sheet, not each field of the contest
        contest_sudo = self.contest_id.sudo()
        return {
            "id": self.id,
            "is_blind": contest_sudo.blind and contest_sudo.state == "review",
            "state": self.state,
            "tz": self.clock_tz,
            "due": fields.Datetime.to_string(self.due_date) or False,
            "locked": self._get_lock(),
            "needs_statement": self.needs_statement,
            "max_total": self.max_total,
            "total": self.total,
            "saved_on": self._write_hour(self.write_date),
            "criteria": [
                line._get_criterion(number)
                for number, line in enumerate(self.line_ids, 1)
            ],
            "values": self._get_sheet_values(),
            "files": [
                {
                    "id": file.id,
                    "name": file.name,
                    "mimetype": file.mimetype,
                    "sha256": file.kept_sha256,
                }
                # of the own sheet; portal logins have no right on files but by it
                for file in self.sudo().file_ids.sorted("name")
            ],
            "pending_files": self.pending_files,
            "sheets": [
                {
                    "id": r.id,
                    "code": r.entry_code,
                    "name": r.entry_name,
                    "state": r.state,
                }
                for r in self._get_own_sheets()
            ],
        }

    def save_sheet(self, changes):
        """Save what the member typed, but nothing over what another window saved.

        :param changes: {place: [what it was typed over, what was typed]}; a score is a
            number in points, or False to take it back
        :return: ``values`` that stand now at these places; ``clashes``, the hour at
            which another value was saved there, by place; ``refused``, the reason, by
            place; the hour of saving
        :raises AccessError: for the sheet of somebody else
        :raises UserError: for a sheet that can't be scored, or for an unknown place
        """
        self.ensure_one()
        self._check_scoring()
        lines, texts, clashes, refused = {}, {}, {}, {}
        for place, (base, typed) in self._read_changes(changes):
            record, name = self._find_place(place)
            before, value = (record._read_typed(name, v) for v in (base, typed))
            standing = record._get_standing(name)
            if value == standing:
                continue
            if standing != before:
                clashes[place] = self._write_hour(record.write_date)
            elif name == "score" and (problem := record._find_score_problem(value)):
                refused[place] = problem
            elif record == self:
                texts[name] = value
            else:
                lines.setdefault(record, {})[name] = value
        for line, values in lines.items():
            line.write(values)
        if texts:
            self.write(texts)
        standing = self._get_sheet_values()
        return {
            "values": {place: standing[place] for place in changes},
            "clashes": clashes,
            "refused": refused,
            "state": self.state,
            "saved_on": self._write_hour(fields.Datetime.now()),
        }

    # PLACES

    @api.model
    def _read_changes(self, changes):
        """Return the (place, [what stood there, what was typed]) of a call.

        :raises UserError: for what isn't of that kind
        """
        if isinstance(changes, dict) and all(
            isinstance(pair, list | tuple) and len(pair) == 2
            for pair in changes.values()
        ):
            return changes.items()
        raise UserError(
            self.env._(
                "Give what is saved by its place: what stood there, and what was typed."
            )
        )

    def _find_place(self, place):
        """Return the record and the name of the field that a place stands for."""
        name, _colon, number = str(place).partition(":")
        if number and name in ("score", "comment"):
            line = self.line_ids.filtered(lambda line: str(line.id) == number)
            if line:
                return line, name
        elif not number and name in (*TEXTS, "recommendation"):
            return self, name
        raise UserError(
            self.env._(
                "This sheet has changed meanwhile: open it again. What you typed stays "
                "on this screen until then."
            )
        )

    def _get_sheet_values(self):
        """Return what stands on the sheet by place."""
        values = {name: self._get_standing(name) for name in (*TEXTS, "recommendation")}
        for line in self.line_ids:
            for name in ("score", "comment"):
                values[f"{name}:{line.id}"] = line._get_standing(name)
        return values

    def _get_standing(self, name):
        """Return what stands in a field of the sheet, as the workspace shows it."""
        self.ensure_one()
        return self[name] or ("" if name in TEXTS else False)

    @api.model
    def _read_typed(self, name, value):
        """Return what was typed as `_get_standing` would have it."""
        if name == "score":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return False
            # off every scale, where it is no number that a score can be
            if not abs(value) < BEYOND:
                return BEYOND
            return float_round(value, precision_digits=2)
        if name == "recommendation":
            return value or False
        return value if isinstance(value, str) else ""

    # READING

    def _get_lock(self):
        """Return why the sheet can't be scored, or an empty text."""
        try:
            self._check_scoring()
        except UserError as error:
            return str(error)
        return ""

    def _get_own_sheets(self):
        """Return the caller's sheets of the same contest, in the order of the board."""
        return self.search(
            [
                ("user_id", "=", self.env.uid),
                ("contest_id", "=", self.contest_id.id),
                ("state", "not in", DROPPED),
            ]
        )

    def _write_hour(self, moment):
        return f"{moments.get_local(moment, self.clock_tz):%H:%M:%S}"
