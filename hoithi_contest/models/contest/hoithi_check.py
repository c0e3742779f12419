import json
import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..guard.hoithi_states import NOT_ENTERED, OVER, RUNNING

_logger = logging.getLogger(__name__)

#: Entries and files that a slice of the check reads.
BATCH = 200
#: A contest that is over is checked again after so long: once a week, with some play.
OVER_AGE = timedelta(days=6)
#: Times that a worker may die over a slice before it is left out.
DEATHS = 2
#: Where an interrupted check goes on.
PLACE = "hoithi_contest.check_place"


class HoithiCheck(models.AbstractModel):
    """The nightly check: does the data keep the rules that every door enforces?

    It goes slice by slice, in a cron each with a commit of its own, and where its time
    is over, or its worker died, the next run goes on. What the rooms know to be broken
    they tell by the hook `_get_broken_invariants` of entries and contests.
    """

    _name = "hoithi.check"
    _description = "Nightly check"

    # BUSINESS

    @api.model
    def _run(self):
        """Check all, or what an interrupted check left; return what is broken.

        What is found is logged. Once a day those are told who can read the log, and the
        secretaries of the departments concerned; the role of the contest's
        administrator may see none of it.

        :return: a list of (rule, id of the record that breaks it)
        """
        cron = self.env["ir.cron"]
        is_cron = self._is_cron()
        step, after, begun = self._read_place() if is_cron else (0, 0, 0)
        # what a slice is of, and what is done with it
        steps = (
            (self._choose_people, self._follow_people),
            (self._choose_contest, self._check_rules),
            (self._choose_contest, self._check_contest),
            (self._choose_files, self._check_files),
        )
        problems = []
        while step < len(steps):
            choose, check = steps[step]
            records = choose(after)
            if not records:
                step, after, begun = step + 1, 0, 0
                continue
            if begun >= DEATHS:
                # the health of the system tells of a contest that isn't checked
                _logger.error("The check broke off %s times at %s", begun, records)
                after, begun = records[-1:].id, 0
                continue
            remaining = len(steps) - step
            if is_cron:
                # what the worker dies over is known to the next one
                self._note_place(step, after, begun + 1)
                cron._commit_progress()
            try:
                found = check(records)
                if found:
                    self._count(found)
                    self._announce(found)
                self.env.flush_all()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if not is_cron:
                    raise
                # others write there at this moment; the next run looks again
                self.env.cr.rollback()
                _logger.info("Step %s of the check steps aside at %s", step, after)
                self._note_place(step, after, begun)
                cron._commit_progress(1, remaining=remaining)
                return problems
            if found:
                problems += found
                _logger.warning("Entries break a rule of the contest: %s", found)
            after, begun = records[-1:].id, 0
            self.env.invalidate_all()
            if is_cron:
                self._note_place(step, after, begun)
                if not cron._commit_progress(1, remaining=remaining):
                    return problems
        if is_cron:
            self._forget_place()
            cron._commit_progress(remaining=0)
        return problems

    @api.model
    def _is_cron(self):
        """Tell whether it runs by itself; called by code, it is part of that one's act.

        Then it commits nothing, and leaves nothing out.
        """
        return bool(self.env.context.get("ir_cron_progress_id"))

    # PLACE

    @api.model
    def _read_place(self):
        """Return (step, id after which it goes on, times that it was begun there)."""
        rows = self.env.execute_query(
            SQL("SELECT value FROM ir_config_parameter WHERE key = %s", PLACE)
        )
        # an older version noted no times
        return (*json.loads(rows[0][0]), 0)[:3] if rows else (0, 0, 0)

    @api.model
    def _note_place(self, step, after, begun):
        # by the ORM, each of hundreds of slices would empty the caches of all workers
        self.env.cr.execute(
            SQL(
                """INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)
                   ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value""",
                PLACE,
                json.dumps([step, after, begun]),
            )
        )

    @api.model
    def _forget_place(self):
        self.env.cr.execute(
            SQL("DELETE FROM ir_config_parameter WHERE key = %s", PLACE)
        )

    # SLICES

    @api.model
    def _choose_people(self, after):
        return self.env["hoithi.entry"].search(
            [
                ("id", ">", after),
                ("contest_id.state", "in", RUNNING),
                ("state", "not in", NOT_ENTERED),
            ],
            limit=BATCH,
            order="id",
        )

    @api.model
    def _follow_people(self, entries):
        """Follow changes that reach HR by other ways than an employee's form."""
        entries._on_authors_known()
        return []

    @api.model
    def _choose_contest(self, after):
        """Return the next contest; of those that are over, what was long unchecked."""
        domain = Domain("id", ">", after)
        if self._is_cron():
            domain &= (
                Domain("state", "not in", OVER)
                | Domain("broken_count", ">", 0)
                | Domain("checked_on", "=", False)
                | Domain("checked_on", "<", fields.Datetime.now() - OVER_AGE)
            )
        return self.env["hoithi.contest"].search(domain, limit=1, order="id")

    @api.model
    def _check_rules(self, contest):
        # counted anew from here on, and looked at to the end though it may be over
        contest.filtered("broken_count")._open_door().write(
            {"broken_count": 0, "checked_on": False}
        )
        entries = self.env["hoithi.entry"]
        return entries._get_broken_invariants(with_files=False, contest=contest)

    @api.model
    def _check_contest(self, contest):
        found = contest._get_broken_invariants()
        # what took long to read isn't written over what others wrote meanwhile
        self._begin_anew()
        # where somebody writes it now, the next night says when
        contest.try_lock_for_update(allow_referencing=True)._open_door().write(
            {"checked_on": fields.Datetime.now()}
        )
        return found

    @api.model
    def _begin_anew(self):
        """Let a cron see the database as it is now; nothing of it was written yet."""
        if self._is_cron():
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _choose_files(self, after):
        return self.env["ir.attachment"]._get_kept_files(after, BATCH)

    @api.model
    def _check_files(self, files):
        return files._get_broken_rules()

    # TELLING

    @api.model
    def _get_records(self, problems):
        """Return the records that break rules, by their model's name."""
        by_model = defaultdict(set)
        for rule, record_id in problems:
            model = "hoithi.entry"
            if rule.startswith("ledger: "):
                model = "hoithi.contest"
            elif rule.startswith("file of "):
                model = rule.removeprefix("file of ")
            by_model[model].add(record_id)
        return {
            model: self.env[model].browse(ids).exists()
            for model, ids in by_model.items()
            # a file may have been bound to nothing
            if model in self.env
        }

    @api.model
    def _count(self, problems):
        """Count what is broken with its contest, for the secretary to see."""
        counts = defaultdict(int)
        for model, records in self._get_records(problems).items():
            if model == "hoithi.contest":
                for _rule, contest_id in problems:
                    if _rule.startswith("ledger: "):
                        counts[records.browse(contest_id)] += 1
                continue
            for record in records:
                if "entry_id" in record and record.entry_id:
                    record = record.entry_id
                if "contest_id" in record and record.contest_id:
                    counts[record.contest_id] += 1
        for contest, count in counts.items():
            contest._open_door().broken_count += count

    @api.model
    def _announce(self, problems):
        """Tell of broken rules: the letter says that there are some, the log which."""
        companies = self.env["res.company"]
        for records in self._get_records(problems).values():
            if "company_id" in records._fields:
                companies |= records.company_id
        system = self.env.ref("base.group_system").all_user_ids
        secretaries = self.env.ref("hoithi_contest.group_secretary").all_user_ids
        readers = {self.env.company: system.filtered("active").partner_id}
        for company in companies:
            concerned = secretaries.filtered(
                lambda user, company=company: (
                    user.active and company in user.company_ids
                )
            )
            readers.setdefault(company, system.partner_id.browse())
            readers[company] |= concerned.partner_id
        self.env["hoithi.notice"]._announce(
            "invariant",
            readers,
            occasion=fields.Date.to_string(self.env["hoithi.contest"]._get_today()),
        )
