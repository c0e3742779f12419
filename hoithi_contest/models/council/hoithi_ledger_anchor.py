import logging
from pathlib import Path

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, config

from ...lib.council import evidence
from ...lib.council.anchor_file import AnchorFile

_logger = logging.getLogger(__name__)

#: Parameter that names the files of anchors that this database ever had, one a line.
FILES = "hoithi_contest.anchor_files"


class HoithiLedgerAnchor(models.AbstractModel):
    """Heads of the ledger's chains, noted where who changes the database doesn't reach.

    A chain that was made anew is whole in itself; only what was noted of it elsewhere
    shows that it isn't the one of then. Each day the head of each chain that grew goes
    to a file beside the database (`lib/council/anchor_file.py`) and by letter to chair,
    secretary and whom the department chose; minutes and decisions print it.
    """

    _name = "hoithi.ledger.anchor"
    _description = "Anchors of the score ledger"

    # BUSINESS

    @api.model
    def _get_folder(self):
        """Return the folder of the file and its key, in the server's data."""
        return Path(config["data_dir"]) / "hoithi_ledger"

    @api.model
    def _get_file(self):
        return AnchorFile(self._get_folder(), self._get_file_name())

    @api.model
    def _get_file_name(self):
        """Return the name of the file; a copy of a database has anchors of its own."""
        # the server's own note
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{self.env.cr.dbname}-{uuid}"

    @api.model
    def _get_file_names(self):
        """Return the names of all files that this database had, the last one last.

        A database that was copied, renamed or given another identity had several.
        """
        # the server's own note
        noted = self.env["ir.config_parameter"].sudo().get_param(FILES)
        return (noted or "").splitlines()

    @api.model
    def _get_former_names(self):
        present = self._get_file_name()
        return [name for name in self._get_file_names() if name != present]

    @api.model
    def _note_file(self):
        """Note which file serves from now on; tell whether it is another one."""
        names, present = self._get_file_names(), self._get_file_name()
        if names[-1:] == [present]:
            return False
        self.env["ir.config_parameter"].sudo().set_param(  # as above
            FILES, "\n".join([*self._get_former_names(), present])
        )
        return bool(names)

    @api.model
    def _get_heads(self, contests):
        """Return the end of each contest's chain: place and hash."""
        # a hash tells nothing of what the ledger holds
        ledger_sudo = self.env["hoithi.ledger"].sudo()
        heads = {}
        for contest in contests:
            last_sudo = ledger_sudo.search(
                [("contest_id", "=", contest.id)], order="position desc", limit=1
            )
            if last_sudo:
                heads[contest] = {
                    "contest_id": contest.id,
                    "position": last_sudo.position,
                    "hash": last_sudo.hash,
                }
        return heads

    @api.model
    def _get_anchors(self, contest):
        """Yield what was noted of a contest's chain, for `evidence.Verifier`."""
        for name in (self._get_file_name(), *self._get_former_names()):
            for line in AnchorFile(self._get_folder(), name).read_lines():
                if line.get("contest_id") == contest.id:
                    yield {**line, "where": self.env._("file of anchors")}
        # a hash tells nothing of the session
        for session in (
            self.env["hoithi.session"]
            .sudo()
            .search([("contest_id", "=", contest.id), ("digest", "!=", False)])
        ):
            yield {"hash": session.digest, "where": session.display_name}
        yield from self._get_printed_anchors(contest)

    @api.model
    def _get_printed_anchors(self, contest):
        """Hook: yield what was noted of a contest's chain on paper."""
        return iter(())

    @api.model
    def _get_file_problems(self):
        """Return what is wrong with the file of anchors, if anything was noted yet."""
        file = self._get_file()
        # one file holds the anchors of all departments
        if self.env["hoithi.contest"].sudo().search_count(
            [("anchored_on", "!=", False)], limit=1
        ) and not (file.read_key() and any(file.read_lines())):
            if former := self._get_former_names():
                return [evidence.Problem("anchor_copied", where=former[-1])]
            return [evidence.Problem("anchor_gone")]
        return list(evidence.check_lines(file.read_lines(), file.read_key()))

    # CRON

    @api.model
    def _cron_anchor(self):
        """Note the head of each chain that grew, and tell those who keep it.

        A contest that somebody writes at this moment comes with the next run.
        """
        is_cron = bool(self.env.context.get("ir_cron_progress_id"))
        try:
            self._anchor()
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not is_cron:
                raise
            # what stands in the file already isn't noted there twice
            self.env.cr.rollback()
            _logger.info("The anchors step aside, and are noted by the next run")
            self.env["ir.cron"]._commit_progress(1, remaining=1)

    @api.model
    def _anchor(self):
        contests = self._lock_contests()
        is_copy = self._note_file()
        grown = contests.filtered(
            lambda contest: is_copy or contest.ledger_length != contest.anchored_length
        )
        heads = self._get_heads(grown)
        if not heads:
            return
        now = fields.Datetime.now()
        for contest, head in heads.items():
            contest._open_door().write(
                {
                    "anchored_length": head["position"],
                    "anchored_digest": head["hash"],
                    "anchored_on": now,
                }
            )
            self.env["hoithi.notice"]._announce(
                "ledger_anchor",
                {contest: contest._get_anchor_keepers()},
                occasion=f"{head['position']}:{head['hash']}",
            )
        # last, as nothing takes back what stands in a file
        self.env.flush_all()
        taken_on = fields.Datetime.to_string(now)
        self._get_file().append(
            [{**head, "taken_on": taken_on} for head in heads.values()]
        )

    @api.model
    def _lock_contests(self):
        """Return the contests with a ledger that nobody else writes at this moment."""
        self.env["hoithi.contest"].flush_model(["ledger_length"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM hoithi_contest WHERE ledger_length > 0"
                " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
            )
        )
        return self.env["hoithi.contest"].browse(row[0] for row in rows)
