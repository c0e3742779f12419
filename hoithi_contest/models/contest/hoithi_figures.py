from datetime import datetime

from odoo import api, models
from odoo.fields import Domain

from ...lib.guard import moments
from ..guard.hoithi_states import ELIGIBLE, SELECTED


class HoithiFigures(models.AbstractModel):
    """The figures of a contest: one definition of each, whoever prints or shows it.

    Papers, charts, boards and pages all count here; what the words mean stands in
    ``docs/dev/glossary.md``. Everything is counted with the caller's rights; a number
    that is the same for all readers is asked for by ``sudo()``.

    `on` is the moment (UTC) that figures are of; without it they are of now. What was
    submitted, screened, withdrawn or decided later doesn't count then; what has no
    moment on record counts as if it had always been so.
    """

    _name = "hoithi.figures"
    _description = "Figures of a Contest"

    # ENTRIES

    @api.model
    def _get_entry_domains(self, on=None):
        """Return what each figure of entries counts: {name: domain}."""

        def reached(name):
            if on is None:
                return Domain.TRUE
            return Domain(name, "=", False) | Domain(name, "<=", on)

        def in_states(*states):
            return Domain("state", "in", states)

        begun = Domain.TRUE if on is None else Domain("create_date", "<=", on)
        submitted = Domain("submitted_on", "!=", False) & ~in_states("draft")
        if on is not None:
            submitted &= Domain("submitted_on", "<=", on)
        withdrawn = in_states("withdrawn") & reached("withdrawn_on")
        competing = submitted & ~withdrawn
        eligible = in_states(*ELIGIBLE) & reached("screened_on")
        if on is not None:
            # withdrawn since: the ineligible can't be
            eligible |= in_states("withdrawn") & Domain("screened_on", "<=", on)
        ineligible = in_states("ineligible") & reached("screened_on")
        disqualified = in_states("disqualified")
        if on is not None:
            # until then it was what the screening had made of it
            disqualified &= Domain("disqualified_on", "<=", on)
            eligible |= Domain("disqualified_on", ">", on) & Domain(
                "screened_on", "<=", on
            )
        selected = in_states(*SELECTED) & reached("decided_on")
        return {
            "all": Domain.TRUE,
            "begun": begun & ~withdrawn,
            "drafts": begun & ~submitted & ~withdrawn,
            "received": submitted,
            "withdrawn": submitted & withdrawn,
            "competing": competing,
            "unscreened": competing & ~eligible & ~ineligible & ~disqualified,
            "eligible": competing & eligible,
            "ineligible": competing & ineligible,
            "disqualified": competing & disqualified,
            "selected": competing & selected,
            "nominated": competing & in_states("nominated") & reached("nominated_on"),
        }

    @api.model
    def _get_entry_domain(self, contests, name, on=None):
        """Return which entries of `contests` a figure counts."""
        of_contests = Domain("contest_id", "in", contests.ids)
        return of_contests & self._get_entry_domains(on)[name]

    @api.model
    def _count_entries(self, contests, names, by=(), on=None):
        """Return the numbers of entries.

        :param names: figures, as :meth:`_get_entry_domains` has them
        :param by: fields to count by
        :return: {tuple of the values of `by`: {name: number}}
        """
        counts = {} if by else {(): dict.fromkeys(names, 0)}

        def add(key, name, number):
            if number:
                row = counts.setdefault(tuple(key), dict.fromkeys(names, 0))
                row[name] += number

        entries, domains = self.env["hoithi.entry"], self._get_entry_domains(on)
        told = {name for name in names if self._is_told_by_state(domains[name])}
        if told:
            # what hangs on the state alone is counted at once: each of the figures
            # would read all entries of the contest anew
            for *key, state, number, submitted in self._get_by_state(contests, by):
                for moment, part in (
                    (datetime.min, submitted),
                    (False, number - submitted),
                ):
                    one = entries.new({"state": state, "submitted_on": moment})
                    for name in told:
                        if part and one.filtered_domain(domains[name]):
                            add(key, name, part)
        for name in names:
            if name not in told:
                for *key, number in entries._read_group(
                    self._get_entry_domain(contests, name, on), by, ["__count"]
                ):
                    add(key, name, number)
        return counts

    @api.model
    def _get_by_state(self, contests, by):
        """Return the rows of `_read_by_state`, as the page has them already.

        Those of all entries are asked for by other checks of a contest's page too.
        """
        if not self.env.su or list(by) != ["contest_id"]:
            return self._read_by_state(contests, by)
        return [
            (contest, state, *numbers)
            for contest in contests._origin.with_env(self.env)
            for state, numbers in (contest.state_counts or {}).items()
        ]

    @api.model
    def _read_by_state(self, contests, by=("contest_id",)):
        """Return the entries as (values of `by`, state, number, ever submitted)."""
        return self.env["hoithi.entry"]._read_group(
            Domain("contest_id", "in", contests.ids),
            [*by, "state"],
            ["__count", "submitted_on:count"],
        )

    @api.model
    def _is_told_by_state(self, domain):
        """Tell whether a figure asks for nothing but the state, and a submission."""
        return all(
            condition.field_expr == "state"
            or (condition.field_expr == "submitted_on" and condition.value is False)
            for condition in domain.iter_conditions()
        )

    @api.model
    def _get_entry_totals(self, contests, names, on=None):
        """Return the numbers of entries of `contests` together: {name: number}."""
        return self._count_entries(contests, names, on=on)[()]

    # MOMENTS

    @api.model
    def _get_day(self, contests, on):
        """Return the day of a moment on the contest's clock."""
        zone = contests[:1].tz or moments.DEFAULT_TZ
        return moments.get_local(on, zone).date()

    @api.model
    def _get_end_of_day(self, contest, day):
        """Return the last moment (UTC) of a day on the contest's clock.

        :return: none for today and for days to come: their figures are those of now
        """
        if not day or day >= contest._get_today():
            return None
        return contest._get_day_end(day)
