import json
import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..guard.hoithi_states import NOT_ENTERED, RUNNING

_logger = logging.getLogger(__name__)

#: Entries and files that a slice of the check reads.
BATCH = 200
#: Where an interrupted check goes on.
PLACE = "hoithi_contest.check_place"


class HoithiCheck(models.AbstractModel):
    """The nightly check: does the data keep the rules that every door enforces?

    It goes slice by slice, in a cron each with a commit of its own, and where its time
    is over the next run goes on. What the rooms know to be broken they tell by the hook
    `_get_broken_invariants` of entries and contests.
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
        # called by code, it is part of that one's transaction
        is_cron = bool(self.env.context.get("ir_cron_progress_id"))
        # where it goes on is the server's own
        params_sudo = self.env["ir.config_parameter"].sudo()
        step, after = json.loads(params_sudo.get_param(PLACE) or "[0, 0]")
        steps = (
            self._follow_people,
            self._check_rules,
            self._check_contests,
            self._check_files,
        )
        problems = []
        while step < len(steps):
            try:
                last, found = steps[step](after)
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
                params_sudo.set_param(PLACE, json.dumps([step, after]))
                cron._commit_progress(1, remaining=len(steps) - step)
                return problems
            if found:
                problems += found
                _logger.warning("Entries break a rule of the contest: %s", found)
            step, after = (step, last) if last else (step + 1, 0)
            self.env.invalidate_all()
            if not is_cron:
                continue
            remaining = len(steps) - step
            if not cron._commit_progress(1, remaining=remaining) and remaining:
                params_sudo.set_param(PLACE, json.dumps([step, after]))
                return problems
        params_sudo.set_param(PLACE, False)
        return problems

    @api.model
    def _follow_people(self, after):
        """Follow changes that reach HR by other ways than an employee's form."""
        entries = self.env["hoithi.entry"].search(
            [
                ("id", ">", after),
                ("contest_id.state", "in", RUNNING),
                ("state", "not in", NOT_ENTERED),
            ],
            limit=BATCH,
            order="id",
        )
        entries._on_authors_known()
        return entries[-1:].id, []

    @api.model
    def _check_rules(self, after):
        # counted anew from here on
        contests = self.env["hoithi.contest"].search([("broken_count", ">", 0)])
        contests._open_door().write({"broken_count": 0})
        return 0, self.env["hoithi.entry"]._get_broken_invariants(with_files=False)

    @api.model
    def _check_contests(self, after):
        contest = self.env["hoithi.contest"].search(
            [("id", ">", after)], limit=1, order="id"
        )
        found = contest._get_broken_invariants() if contest else []
        # what took long to read isn't written over what others wrote meanwhile
        self._begin_anew()
        # where somebody writes it now, the next night says when
        contest.try_lock_for_update(allow_referencing=True)._open_door().write(
            {"checked_on": fields.Datetime.now()}
        )
        return contest.id, found

    @api.model
    def _begin_anew(self):
        """Let a cron see the database as it is now; nothing of it was written yet."""
        if self.env.context.get("ir_cron_progress_id"):
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _check_files(self, after):
        files = self.env["ir.attachment"]._get_kept_files(after, BATCH)
        return files[-1:].id, files._get_broken_rules()

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
