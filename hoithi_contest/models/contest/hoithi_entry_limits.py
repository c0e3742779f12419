from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..guard.hoithi_states import ELIGIBLE, HELD, TAKING_PART
from .hoithi_contest_limits import LIMIT_FIELDS
from .hoithi_submission_mixin import Gap


class Beyond(NamedTuple):
    """A limit of the contest that an entry goes beyond.

    `limit` is its key, `field` what of the form it is about, `text` how it is told.
    """

    limit: str
    field: str
    text: str


class HoithiEntry(models.Model):
    """An entry measured by the limits of its contest, and let in beyond them.

    An author learns while typing that the entry goes beyond a limit; the server asks
    again whenever an entry comes to take part, whichever act brings it, when somebody
    confirms to be its author, and when it is admitted. Where two come at once, the
    second begins anew and sees the first.
    """

    _inherit = "hoithi.entry"

    _reason_methods = ("action_waive_limits", "action_end_waiver")

    waived_limits = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    waived_labels = fields.Char(
        string="Limits that don't hold here", compute="_compute_waived_labels"
    )
    waiver_reason = fields.Text(
        string="Why it is let in", readonly=True, copy=False, tracking=True
    )
    waiver_decided_by = fields.Char(
        string="Who decided to let it in", readonly=True, copy=False
    )
    limit_problems = fields.Text(
        string="Beyond the Limits",
        compute="_compute_limit_problems",
        groups="hoithi_contest.group_secretary",
    )

    # COMPUTE

    @api.depends("waived_limits")
    @api.depends_context("lang")
    def _compute_waived_labels(self):
        labels = self._get_limit_labels()
        for entry in self:
            entry.waived_labels = ", ".join(
                labels[limit] for limit in labels if limit in entry._get_waived()
            )

    @api.depends(
        "state",
        "waived_limits",
        "department_id",
        "author_ids.birth_date",
        "author_ids.employee_id",
        "author_ids.is_outsider",
        "author_ids.declined_on",
        *(f"contest_id.{name}" for name in LIMIT_FIELDS),
    )
    def _compute_limit_problems(self):
        for entry in self:
            is_admitted = entry.state in ELIGIBLE and not entry.is_returned
            beyond = () if is_admitted else entry._get_beyond(is_admission=True)
            entry.limit_problems = "\n".join(one.text for one in beyond)

    @api.depends(
        "waived_limits",
        "department_id",
        "author_ids.birth_date",
        *(f"contest_id.{name}" for name in LIMIT_FIELDS),
    )
    def _compute_missing_items(self):
        return super()._compute_missing_items()

    # ACTION

    def action_ask_waive_limits(self):
        """Open the dialog that asks for what `action_waive_limits` needs."""
        return self._ask_reason(
            "action_waive_limits",
            self.env._("Let in beyond the Limits"),
            needs_decider=True,
        )

    def action_waive_limits(self, reason=None, decided_by=None):
        """Let entries in although they go beyond limits of their contest.

        What they go beyond now doesn't hold for them any more; all other limits do. It
        is told to their authors, and stands in the history.

        :param reason: why, recorded
        :param decided_by: who decided it, as the Office names that person
        :raises AccessError: for anyone but the secretary
        :raises UserError: for an own entry, after the contest, where an entry goes
            beyond nothing, and without a reason or who decided
        """
        self._check_office()
        self._check_not_own()
        reason = self._clean_reason(reason)
        decided_by = self._clean_reason(decided_by)
        labels = self._get_limit_labels()
        for entry in self:
            beyond = {one.limit for one in entry._get_beyond(is_admission=True)}
            if not beyond or entry.contest_id.state not in HELD:
                raise UserError(
                    self.env._(
                        "“%s” goes beyond no limit: nothing is to be let in.",
                        entry.display_name,
                    )
                )
            entry._open_door().write(
                {
                    "waived_limits": ",".join(sorted(entry._get_waived() | beyond)),
                    "waiver_reason": reason,
                    "waiver_decided_by": decided_by,
                }
            )
            entry._message_act(
                body=self.env._(
                    "Let in beyond the limits (%(limits)s), by decision of %(who)s: "
                    "%(reason)s",
                    limits=", ".join(labels[limit] for limit in sorted(beyond)),
                    who=decided_by,
                    reason=reason,
                )
            )
            entry._announce(
                "limits_waived", entry._get_author_partners(), fields.Datetime.now()
            )
        return True

    def action_ask_end_waiver(self):
        """Open the dialog that asks for what `action_end_waiver` needs."""
        return self._ask_reason("action_end_waiver", self.env._("Let the Limits Hold"))

    def action_end_waiver(self, reason=None):
        """Let all limits hold again for entries that aren't admitted yet.

        :param reason: recorded
        :raises AccessError: for anyone but the secretary
        :raises UserError: for an own entry, for whoever competes, and for one that is
            admitted
        """
        self._check_office()
        self._check_not_own()
        self._check_no_rivals()
        reason = self._clean_reason(reason)
        for entry in self:
            if not entry.waived_limits or entry.state in ELIGIBLE:
                raise UserError(
                    self.env._(
                        "“%s” is admitted, or was never let in beyond a limit. Undo "
                        "the screening first.",
                        entry.display_name,
                    )
                )
        self._open_door().write(
            {"waived_limits": False, "waiver_reason": False, "waiver_decided_by": False}
        )
        for entry in self:
            entry._message_act(body=self.env._("All limits hold again: %s", reason))
        return True

    # BUSINESS: DOORS

    def _get_gaps(self):
        return [
            *super()._get_gaps(),
            *(Gap(one.field, one.text) for one in self._get_beyond()),
        ]

    def _move(self, target, **vals):
        entering = self.filtered(
            lambda entry: (
                target in TAKING_PART
                # a supplement may bring other authors
                and (target == "submitted" or entry.state not in TAKING_PART)
            )
        )
        counting = entering.contest_id.filtered(
            lambda contest: contest.entries_per_author or contest.entries_per_unit
        )
        if counting:
            counting._take_turns()
        result = super()._move(target, **vals)
        # each of several that come in together counts the others
        entering._check_limits()
        return result

    def _check_limits(self, lines=None, is_admission=False):
        """Refuse what goes beyond a limit and wasn't let in.

        :param lines: authors, where only what they bring counts
        :param is_admission: whether what isn't known yet has to be, by now
        :raises UserError: with each limit, and the way out
        """
        for entry in self:
            beyond = entry._get_beyond(lines, is_admission)
            if beyond:
                raise UserError(
                    "\n".join(
                        [
                            self.env._(
                                "“%s” goes beyond the limits of the contest:",
                                entry.display_name,
                            ),
                            *(f"- {one.text}" for one in beyond),
                            self.env._(
                                "In a special case the Office lets it in by a decision "
                                "with its reason."
                            ),
                        ]
                    )
                )

    # BUSINESS: LIMITS

    @api.model
    def _get_limit_labels(self):
        """Hook: return what people call the limits, by their keys."""
        return {
            "participants": self.env._("who may take part"),
            "authors_per_entry": self.env._("authors of an entry"),
            "entries_per_author": self.env._("entries of an author"),
            "entries_per_unit": self.env._("entries of a unit"),
            "age": self.env._("age of the authors"),
        }

    def _get_waived(self):
        """Return the keys of the limits that don't hold for this entry."""
        self.ensure_one()
        return {*(self.waived_limits or "").split(",")} - {""}

    def _get_beyond(self, lines=None, is_admission=False):
        """Return the limits that the entry goes beyond, see `Beyond` and above."""
        self.ensure_one()
        if not self.contest_id:
            return []
        authors = self._get_authors() if lines is None else lines
        beyond = [
            *self._get_beyond_by_author(authors),
            *self._get_beyond_by_age(authors, is_admission),
        ]
        if lines is None:
            beyond += self._get_beyond_by_entry()
        waived = self._get_waived()
        return [one for one in beyond if one.limit not in waived]

    def _get_beyond_by_entry(self):
        """Hook: return the limits of an entry as a whole that it goes beyond."""
        contest = self.contest_id
        beyond = []
        most = contest.authors_per_entry
        if most and len(self._get_authors()) > most:
            text = self.env._(
                "An entry has at most %(most)s authors; this one has %(count)s.",
                most=most,
                count=len(self._get_authors()),
            )
            beyond.append(Beyond("authors_per_entry", "author_ids", text))
        # which unit it is of, is the own
        unit_sudo = self.sudo().department_id
        most = contest.entries_per_unit
        if most and unit_sudo:
            unit_sudo, count = self._count_of_unit(unit_sudo)
        if most and unit_sudo and count >= most:
            text = self.env._(
                "“%(unit)s” has handed in as many entries as a unit may: %(most)s.",
                unit=unit_sudo.name,
                most=most,
            )
            beyond.append(Beyond("entries_per_unit", "author_ids", text))
        return beyond

    def _get_beyond_by_author(self, authors):
        contest = self.contest_id
        beyond = []
        for line in authors:
            # who isn't identified yet is told of otherwise
            if contest.participants == "staff" and line.is_outsider:
                text = self.env._(
                    "%s is from outside: all authors are staff of the department.",
                    line.full_name,
                )
                beyond.append(Beyond("participants", "author_ids", text))
            elif contest.participants == "outsiders" and line.employee_id:
                text = self.env._(
                    "%s is staff of the department: all authors are from outside.",
                    line.full_name,
                )
                beyond.append(Beyond("participants", "author_ids", text))
        most = contest.entries_per_author
        others = self._find_other_entries(authors) if most and authors else {}
        for line, entries_sudo in others.items():
            if len(entries_sudo) < most:
                continue
            own = entries_sudo.with_env(self.env)._filtered_access("read")
            if own and line.partner_id == self.env.user.partner_id:
                text = self.env._(
                    "You are an author already, and a person may be one of at most "
                    "%(most)s entries: withdraw one of these, or decline your share "
                    "in it: %(entries)s.",
                    most=most,
                    entries=own._join_names(),
                )
            else:
                text = self.env._(
                    "%(name)s is an author of as many entries as a person may be: "
                    "%(most)s.",
                    name=line.full_name,
                    most=most,
                )
            beyond.append(Beyond("entries_per_author", "author_ids", text))
        return beyond

    def _get_beyond_by_age(self, authors, is_admission):
        contest = self.contest_id
        if not contest._has_age_limit():
            return []
        beyond = []
        # when somebody was born isn't told, only that it doesn't fit
        for line_sudo in authors.sudo():
            fits = line_sudo._is_of_age()
            if fits is None and is_admission:
                text = self.env._(
                    "%s hasn't given the date of birth yet, by which the age is "
                    "checked.",
                    line_sudo.full_name,
                )
                beyond.append(Beyond("age", "author_ids", text))
            elif fits is False:
                text = self.env._(
                    "%(name)s isn't of the age: %(rule)s",
                    name=line_sudo.full_name,
                    rule=contest._get_age_text(),
                )
                beyond.append(Beyond("age", "author_ids", text))
        return beyond

    def _count_of_unit(self, unit):
        """Return the unit that counts, and how many other entries of it take part.

        The parts of a unit count with it, but those with a row of their own on unit
        boards. Only how many it is gets told.
        """
        # a unit that is no more has no row on boards; what it handed in counts
        board = unit.with_context(active_test=True)._get_board_departments(
            self.contest_id.company_id
        )
        unit = unit._get_board_unit(board)
        parts = unit.with_context(active_test=False)
        counting = parts.search([("id", "child_of", unit.id)]).filtered(
            lambda part: part._get_board_unit(board) == unit
        )
        # whoever hands in reads no entries of colleagues
        return unit, self.sudo().search_count(
            Domain("contest_id", "=", self.contest_id.id)
            & Domain("department_id", "in", counting.ids)
            & Domain("state", "in", TAKING_PART)
            & Domain("id", "!=", self._origin.id)
        )

    def _find_other_entries(self, authors):
        """Return the other entries that take part, by the authors that they share.

        :param authors: lines of this entry
        :return: {line: entries with superuser rights} of those with any
        """
        keys = {line: line._get_person_keys() for line in authors}
        ids = {
            kind: [key[1] for owned in keys.values() for key in owned if key[0] == kind]
            for kind in ("employee", "partner")
        }
        # of what others have entered, only how much it is gets told
        lines_sudo = (
            self.env["hoithi.entry.author"]
            .sudo()
            .search(
                Domain("entry_id.contest_id", "=", self.contest_id.id)
                & Domain("entry_id.state", "in", TAKING_PART)
                & Domain("entry_id.active", "=", True)
                & Domain("entry_id", "!=", self._origin.id)
                & Domain("declined_on", "=", False)
                & (
                    Domain("employee_id", "in", ids["employee"])
                    | Domain("partner_id", "in", ids["partner"])
                    # the few from outside are known by address, or name and workplace
                    | Domain("employee_id", "=", False)
                )
            )
        )
        others = [(line, line._get_person_keys()) for line in lines_sudo]
        found = {}
        for line, own in keys.items():
            entries_sudo = self.sudo().browse()
            for other, its_keys in others:
                if own & its_keys:
                    entries_sudo |= other.entry_id
            if entries_sudo:
                found[line] = entries_sudo
        return found
