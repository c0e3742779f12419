import secrets

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ...lib.council import evidence
from ...lib.council.evidence import AFTER_SEAL, GENESIS, SEAL

#: Who may know what a row is about; others see that there is one.
SECRETARY = "hoithi_contest.group_secretary"

#: Where rows wait for the end of the transaction.
QUEUE = "hoithi.ledger"

#: Rows that are read, and facts of a stock, at a time.
BATCH = 1000

_REFUSAL = """
BEGIN
    RAISE EXCEPTION 'hoithi_ledger rows are never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END """

#: Records that a row is about and that nobody deletes.
_LASTING = {
    "hoithi.entry",
    "hoithi.review",
    "hoithi.session",
    "hoithi.session.item",
    "hoithi.statement",
}


class HoithiLedger(models.Model):
    """Score ledger: what counted, in order, each entry chained to the one before.

    Rows are only ever added. A trigger keeps Odoo's own database role from changing or
    deleting them, the chain shows what anyone else did, and anchors outside the
    database show where the chain was made anew (`hoithi.ledger.anchor`). Contents are
    kept as salted fingerprints: the ledger proves, it doesn't tell. How a row is hashed
    stands in `lib/council/evidence.py`, which an inspector runs as well.
    """

    _name = "hoithi.ledger"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Score Ledger"
    _order = "contest_id, position"
    _rec_name = "event"
    _log_access = False

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        "res.company", string="Department", required=True, readonly=True
    )
    entry_id = fields.Many2one(
        "hoithi.entry",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        groups=SECRETARY,
    )
    position = fields.Integer(
        string="Position in the ledger",
        required=True,
        readonly=True,
        aggregator=None,
    )
    event = fields.Selection(
        [
            ("ledger.stock", "Stock taken of what there was"),
            ("entry.submitted", "Entry submitted"),
            ("entry.decided", "Decision on an entry changed"),
            ("copies.given", "Files given to a reviewer"),
            ("award.recorded", "Award recorded"),
            ("award.held", "Award held"),
            ("award.released", "Award released"),
            ("award.ended", "Award taken back"),
            ("document.issued", "Document issued"),
            ("document.changed", "Document cancelled, or its signed scan changed"),
            ("review.submitted", "Sheet submitted"),
            ("review.reopened", "Sheet reopened"),
            ("review.voided", "Sheet voided"),
            ("review.recused", "Reviewer recused"),
            ("review.typed", "Sheet typed in from paper"),
            ("review.named", "Reviewer named after the review"),
            ("statement.signed", "Statement signed"),
            ("conflict.pinned", "Conflict pinned"),
            ("conflict.upheld", "Conflict upheld"),
            ("conflict.lifted", "Conflict lifted"),
            ("adjudication.opened", "Adjudication opened"),
            ("adjudication.resolved", "Adjudication resolved"),
            ("vote.counted", "Vote counted"),
            ("vote.tie_decided", "Tie decided by a casting vote"),
            ("vote.restarted", "Vote taken again"),
            ("paper.entered", "Count of paper ballots entered by a teller"),
            ("paper.differed", "Two counts of paper ballots differ"),
            ("opinion.asked", "Written opinion sent for"),
            ("opinion.given", "Written opinion returned"),
            ("opinion.recalled", "Written opinion recalled"),
            ("session.presiding", "Session led by another member"),
            ("session.tellers", "Tally team of an open session changed"),
            ("session.closed", "Session closed"),
            ("seat.ended", "Seat ended"),
            ("seat.resumed", "Seat taken up again"),
            ("seat.chair", "Chair taken by another member"),
            ("component.codes", "Codes to vote with made"),
            ("component.counted", "Vote of the public counted"),
            ("component.reopened", "Count of the public vote taken back"),
            ("component.given", "Bonus or penalty given"),
            ("round.opened", "Round opened"),
            ("round.decided", "Entry goes on from a round, or stays"),
            ("round.admitted", "Entry let on to a round"),
            ("round.taken_back", "Round taken back"),
            ("rules.reopened", "Rules reopened"),
            ("rules.fixed", "Rules fixed again"),
            ("rank.overridden", "Place set by the chair"),
            ("prizes.given", "Prizes given"),
            ("entry.selected", "Entry selected"),
            ("entry.not_selected", "Entry not selected"),
            ("entry.put_again", "Entry put to the council again"),
            ("entry.disqualified", "Entry disqualified"),
            ("entry.readmitted", "Entry back by a decision"),
            ("entry.reinstated", "Entry back in the contest"),
            ("entry.supplemented", "Papers for the province handed in"),
            ("objection.answered", "Objection answered"),
            ("decision.asked", "Decision to be reopened, once it is confirmed"),
            ("decision.reopened", "Decision reopened"),
            ("decision.denied", "Reopening not confirmed"),
            ("decision.changed", "Reopened decision closed again"),
            ("decision.dropped", "Reopening taken back"),
            (SEAL, "Ledger sealed"),
        ],
        required=True,
        readonly=True,
    )
    res_model = fields.Char(
        string="Model", required=True, readonly=True, groups=SECRETARY
    )
    res_id = fields.Many2oneReference(
        string="Record",
        model_field="res_model",
        required=True,
        readonly=True,
        groups=SECRETARY,
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        readonly=True,
        ondelete="restrict",
        groups=SECRETARY,
    )
    recorded_on = fields.Datetime(required=True, readonly=True)
    payload = fields.Text(required=True, readonly=True, groups=SECRETARY)
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    # Without it nobody finds out by trying what a row says; whoever may read a fact
    # gets it by `get_openings`.
    salt = fields.Char(readonly=True, groups=NO_ACCESS, export_string_translation=False)
    commitment = fields.Char(string="Hash of what it is about", readonly=True)
    previous_hash = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _unique_position = models.Constraint(
        "UNIQUE (contest_id, position)", "A place in the ledger is taken once."
    )
    # whether a chain is sealed is asked by each row that is added to it
    _seal_idx = models.Index(f"(contest_id) WHERE event = '{SEAL}'")

    def init(self):
        """Let the database itself refuse changes, also by Odoo's own role."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION hoithi_ledger_refuse() RETURNS trigger
                    AS %s LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS hoithi_ledger_rows ON hoithi_ledger;
                CREATE TRIGGER hoithi_ledger_rows
                    BEFORE UPDATE OR DELETE ON hoithi_ledger
                    FOR EACH ROW EXECUTE FUNCTION hoithi_ledger_refuse();
                DROP TRIGGER IF EXISTS hoithi_ledger_table ON hoithi_ledger;
                CREATE TRIGGER hoithi_ledger_table
                    BEFORE TRUNCATE ON hoithi_ledger
                    FOR EACH STATEMENT EXECUTE FUNCTION hoithi_ledger_refuse();
                """,
                _REFUSAL,
            )
        )

    # CRUD

    # pylint: disable=method-required-super; every change is refused
    def write(self, vals):
        raise UserError(self.env._("The ledger is only ever added to."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("The ledger is only ever added to."))

    # BUSINESS: ADDING

    @api.model
    def _clean_texts(self, vals):
        # a row is hashed as it is; it is made of texts that passed the door
        return vals

    @api.model
    def _append(self, contest, event, record, payload, entry=None):
        """Add an event to the contest's chain.

        :param contest: whose chain
        :param event: what happened, as ``review.submitted``
        :param record: the record that it happened to; where the event makes a fact
            count or ends it, what the record says now is attested
        :param payload: facts, as values that JSON holds; no scores in clear
        :param entry: the entry that is concerned, so that a conflict hides the row
        :raises UserError: where the chain is sealed
        """
        return self._append_all(contest, [(event, record, payload, entry)])

    @api.model
    def _append_all(self, contest, events):
        """Add many events to one chain, at the cost of one.

        :param events: (event, record, payload, entry) of each, as for `_append`; a
            payload that holds a ``stock`` of (kind, id, content) attests these instead
        :raises UserError: where the chain is sealed
        """
        if any(event == SEAL for event, *_rest in events):
            self._settle()
        # whoever acts may add, and nobody may do anything else with the ledger
        chain_sudo = self.sudo()._open_door()
        position, previous, is_sealed = self._take_positions(contest, len(events))
        now, vals_list = fields.Datetime.now(), []
        for place, (event, record, payload, entry) in enumerate(events, position):
            if is_sealed and not event.startswith(AFTER_SEAL):
                raise UserError(
                    self.env._("The ledger of “%s” is sealed.", contest.sudo().name)
                )
            salt = secrets.token_hex(16)
            if "stock" in payload:
                facts = [
                    [kind, record_id, evidence.fact_digest(salt, content)]
                    for kind, record_id, content in payload["stock"]
                ]
                payload = {}
            else:
                facts = self._get_attested(record, event, salt)
            values = {
                "version": evidence.VERSION,
                "contest_id": contest.id,
                "company_id": contest.sudo().company_id.id,
                "entry_id": entry.id if entry else False,
                "position": place,
                "event": event,
                "res_model": record._name,
                "res_id": record.id,
                "user_id": self.env.uid,
                "recorded_on": now,
                "payload": evidence.canonical(
                    {**payload, "facts": facts} if facts else payload
                ),
                "previous_hash": previous,
                "salt": salt,
            }
            row = {**values, "recorded_on": fields.Datetime.to_string(now)}
            row["commitment"] = evidence.commitment(row)
            values["commitment"] = row["commitment"]
            values["hash"] = previous = evidence.row_hash(row)
            vals_list.append(values)
        return chain_sudo.create(vals_list)

    @api.model
    def _get_attested(self, record, event, salt):
        """Return [kind, id, digest] of what a record says that an event is about."""
        kinds = getattr(record, "_ledger_events", {}).get(event, ())
        if not kinds:
            return []
        # whoever acts may not read all that it is about
        contents = record.sudo()._get_ledger_facts()
        queue = self.env.cr.precommit.data.get(QUEUE, {})
        facts = []
        for kind in kinds:
            queue.pop((record._name, record.id, kind), None)
            content = None if event in record._ledger_ends else contents[kind]
            digest = None if content is None else evidence.fact_digest(salt, content)
            facts.append([kind, record.id, digest])
        return facts

    @api.model
    def _take_positions(self, contest, count):
        """Return the next place in the chain, what it follows, and whether it may.

        The counter is a row that every append updates: of two at once, the database
        lets one try again, instead of both following the same entry. What the chain
        ends with is read in the same statement, while others wait.

        :return: the first of as many places as are added, the hash of the row before
            it, and whether the chain is sealed
        """
        self.env.flush_all()
        [(length, previous, is_sealed)] = self.env.execute_query(
            SQL(
                """UPDATE hoithi_contest c
                      SET ledger_length = COALESCE(c.ledger_length, 0) + %(count)s
                    WHERE c.id = %(contest)s
                RETURNING c.ledger_length,
                          (SELECT l.hash FROM hoithi_ledger l
                            WHERE l.contest_id = c.id
                            ORDER BY l.position DESC LIMIT 1),
                          EXISTS (SELECT FROM hoithi_ledger l
                                   WHERE l.contest_id = c.id AND l.event = %(seal)s)""",
                count=count,
                contest=contest.id,
                seal=SEAL,
            )
        )
        contest.invalidate_recordset(["ledger_length"], flush=False)
        return length - count + 1, previous or GENESIS, is_sealed

    # BUSINESS: END OF THE TRANSACTION

    @api.model
    def _queue(self, records, event):
        """Let rows on `records` be added before the transaction ends."""
        precommit = self.env.cr.precommit
        if QUEUE not in precommit.data:
            precommit.data[QUEUE] = {}
            precommit.add(self._settle)
        for record in records:
            for kind in record._ledger_events[event]:
                precommit.data[QUEUE][record._name, record.id, kind] = (
                    event,
                    self.env.uid,
                )

    @api.model
    def _settle(self):
        """Add the rows that wait, in one batch for each contest and person."""
        self.env.flush_all()
        queue = self.env.cr.precommit.data.get(QUEUE, {})
        if not queue:
            return
        waiting = {}
        for (model, record_id, _kind), (event, uid) in queue.items():
            waiting.setdefault(model, {}).setdefault(record_id, {})[event] = uid
        queue.clear()
        batches = {}
        for model, events in waiting.items():
            # what each event is about was checked where it happened
            for record_sudo in self.env[model].sudo().browse(events):
                try:
                    contest_sudo = record_sudo._get_ledger_contest()
                    entry_sudo = record_sudo._get_ledger_entry()
                except MissingError:
                    # made and deleted again meanwhile
                    continue
                for event, uid in events[record_sudo.id].items():
                    if contest_sudo:
                        batches.setdefault((contest_sudo, uid), []).append(
                            (event, record_sudo, {}, entry_sudo)
                        )
        for (contest_sudo, uid), events in batches.items():
            self.with_user(uid)._append_all(contest_sudo, events)

    # BUSINESS: STOCK

    @api.model
    def _take_stock(self, contests):
        """Attest what counts and has no row: from before version 2, or loaded as data.

        The scores of a closed contest are sealed if they weren't.
        """
        for contest in contests:
            verifier = evidence.Verifier(contest.id)
            for row in self._iter_rows(contest):
                list(verifier.read_row(row))
            missing = []
            for kind, record, content, _files in self._iter_facts(contest):
                problems = list(verifier.read_fact(kind, record.id, content))
                if any(problem.code == "fact_without_row" for problem in problems):
                    entry = record._get_ledger_entry()
                    missing.append((entry, [kind, record.id, content]))
                if len(missing) == BATCH:
                    self._append_stock(contest, missing)
                    missing = []
            if missing:
                self._append_stock(contest, missing)
            if contest.state == "closed" and not verifier.is_sealed:
                self._append(contest, SEAL, contest, {})

    @api.model
    def _append_stock(self, contest, missing):
        """Add a row for each entry, so that a conflict hides its facts here as well."""
        stock = {}
        for entry, fact in missing:
            stock.setdefault(entry, []).append(fact)
        self._append_all(
            contest,
            [
                ("ledger.stock", entry or contest, {"stock": facts}, entry)
                for entry, facts in stock.items()
            ],
        )

    # BUSINESS: READING

    @api.model
    def get_openings(self, res_model, res_id):
        """Return what proves that the ledger holds a fact, to whoever may read that.

        With the salt and the payload, and the fact at hand, the commitment of each row
        comes out as the chain has it (`lib/council/evidence.py`).

        :param res_model: of an entry, a sheet or an issued document
        :param res_id: its id
        :return: a list of rows: what is hashed, the salt and the hashes
        :raises AccessError: for who may not read the record
        """
        is_named = isinstance(res_model, str) and type(res_id) is int
        owner = self.env.get(res_model) if is_named else None
        event = getattr(owner, "_ledger_opening", None)
        if not event:
            raise UserError(self.env._("The ledger has no such facts."))
        record = self.env[res_model].browse(res_id)
        record.check_access("read")
        # the salt is for whoever may read the fact, and that was checked
        rows_sudo = self.sudo().search(
            [
                ("res_model", "=", res_model),
                ("res_id", "=", record.id),
                ("event", "=", event),
            ],
            order="position",
        )
        return [row._get_row() for row in rows_sudo]

    def _get_row(self):
        """Return one row as `evidence` reads it."""
        self.ensure_one()
        [row] = self._iter_rows(self.contest_id, self.position, self.position)
        return row

    @api.model
    def _iter_rows(self, contest, first=1, last=None):
        """Yield the rows of a chain in order, a slice in memory at a time."""
        self.env.flush_all()
        names = (
            "version",
            "contest_id",
            "position",
            "event",
            "res_model",
            "res_id",
            "user_id",
            "entry_id",
            "recorded_on",
            "payload",
            "salt",
            "commitment",
            "previous_hash",
            "hash",
        )
        columns = SQL(", ").join(map(SQL.identifier, names))
        after = first - 1
        while rows := self.env.execute_query(
            SQL(
                """SELECT %s FROM hoithi_ledger
                   WHERE contest_id = %s AND position > %s AND (%s OR position <= %s)
                   ORDER BY position LIMIT %s""",
                columns,
                contest.id,
                after,
                last is None,
                last or 0,
                BATCH,
            )
        ):
            for values in rows:
                row = dict(zip(names, values, strict=True))
                row["recorded_on"] = fields.Datetime.to_string(row["recorded_on"])
                row["entry_id"] = row["entry_id"] or False
                yield row
            after = row["position"]

    @api.model
    def _get_fact_models(self):
        """Return the models whose records are facts of the ledger."""
        return [
            self.env[name]
            for name, model in sorted(self.env.registry.items())
            if getattr(model, "_ledger_events", None) and not model._abstract
        ]

    @api.model
    def _iter_facts(self, contest):
        """Yield (kind, record, content, files) of all that counts in a contest."""
        for model in self._get_fact_models():
            yield from model._iter_ledger_facts(contest)

    @api.model
    def _get_fingerprint(self, value):
        """Return the SHA-256 of `value`, for texts that are too long for a row."""
        return evidence.fingerprint(value)

    # BUSINESS: VERIFYING

    @api.model
    def _verify(self, contest, with_files=True):
        """Return a line for all in which chain, facts and anchors don't agree.

        :param contest: whose chain is read, with superuser rights
        :param with_files: whether the content of all files is read, too
        """
        problems = self._get_problems(contest, with_files)
        return [self._word_problem(problem) for problem in problems]

    @api.model
    def _get_problems(self, contest, with_files=True):
        # all of it is compared, also what is in conflict with the user; only what is
        # broken is told
        contest = contest.sudo()
        self._settle()
        verifier = evidence.Verifier(contest.id)
        anchors = self.env["hoithi.ledger.anchor"]
        problems = [*self._find_open_guard(), *anchors._get_file_problems()]
        concerned = {}
        for row in self._iter_rows(contest):
            problems += verifier.read_row(row)
            concerned.setdefault(row["res_model"], set()).add(row["res_id"])
        is_closed = contest.state == "closed"
        problems += verifier.read_end(contest.ledger_length or 0, is_closed)
        for kind, record, content, files in self._iter_facts(contest):
            digests = [file._get_sha256() for file in files] if with_files else None
            entry = record._get_ledger_entry().id
            problems += verifier.read_fact(kind, record.id, content, digests, entry)
        problems += verifier.end_facts()
        for anchor in anchors._get_anchors(contest):
            problems += verifier.read_anchor(anchor)
        for model in _LASTING & set(concerned):
            ids = concerned[model]
            lost = ids - set(self.env[model].sudo().browse(ids).exists().ids)
            problems += [
                evidence.Problem("record_lost", kind=model, record=record_id)
                for record_id in sorted(lost)
            ]
        return problems

    @api.model
    def _find_open_guard(self):
        """Tell where the database lets rows be changed."""
        [(count,)] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                   WHERE t.tgrelid = 'hoithi_ledger'::regclass
                     AND t.tgname IN ('hoithi_ledger_rows', 'hoithi_ledger_table')
                     AND t.tgenabled IN ('O', 'A') AND p.prosrc = %s""",
                _REFUSAL,
            )
        )
        if count != 2:
            yield evidence.Problem("guard_off")

    @api.model
    def _word_problem(self, problem):
        """Return a sentence that tells a problem to whoever has to look after it."""
        kinds = {
            "sheet": self.env._("sheet"),
            "copies": self.env._("copies for the reviewer of sheet"),
            "tally": self.env._("tally"),
            "decision": self.env._("decision on entry"),
            "submission": self.env._("submission of entry"),
            "files": self.env._("files of entry"),
            "award": self.env._("award"),
            "document": self.env._("issued document"),
            "scan": self.env._("state or signed scan of document"),
            "statement": self.env._("signed statement"),
            "opinion": self.env._("written opinion"),
        }
        values = {
            "position": problem.position,
            "kind": kinds.get(problem.kind, problem.kind),
            "record": problem.record,
            "where": problem.where,
        }
        sentences = {
            "row_missing": self.env._(
                "Entry %(position)s of the ledger is missing.", **values
            ),
            "row_altered": self.env._("Entry %(position)s was altered.", **values),
            "row_after_seal": self.env._(
                "Entry %(position)s was added after the ledger was sealed.", **values
            ),
            "tail_missing": self.env._("The end of the ledger is missing."),
            "seal_missing": self.env._(
                "The contest is closed, and its ledger has no seal."
            ),
            "guard_off": self.env._(
                "The database's own guard of the ledger was taken away: update the "
                "addon to have it back, and find out who did it."
            ),
            "fact_without_row": self.env._(
                "The ledger knows nothing of: %(kind)s %(record)s.", **values
            ),
            "file_altered": self.env._(
                "A file is gone, or isn't what was recorded: %(kind)s %(record)s.",
                **values,
            ),
            "fact_altered": self.env._(
                "It differs from what was recorded (entry %(position)s): %(kind)s "
                "%(record)s.",
                **values,
            ),
            "row_without_fact": self.env._(
                "It is gone, or counts no longer, and the ledger wasn't told (entry "
                "%(position)s): %(kind)s %(record)s.",
                **values,
            ),
            "record_lost": self.env._(
                "A record of which the ledger tells is gone: %(kind)s %(record)s.",
                **values,
            ),
            "anchor_beyond": self.env._(
                "The ledger is shorter than when its end was noted (%(where)s, entry "
                "%(position)s).",
                **values,
            ),
            "anchor_differs": self.env._(
                "The ledger isn't the one whose end was noted (%(where)s).", **values
            ),
            "anchor_line": self.env._(
                "Line %(where)s of the file of anchors was altered, added or taken "
                "out.",
                **values,
            ),
            "anchor_gone": self.env._("The file of anchors is gone, or its key."),
            "anchor_copied": self.env._(
                "This database is a copy, or was given another name or identity: no "
                "end of a ledger was noted of it yet. The file of anchors “%(where)s” "
                "belongs to the one that it comes from. If this is the department's "
                "own database, ask the server's administrator who changed it, and "
                "compare the ends with those in your letters.",
                **values,
            ),
        }
        return sentences[problem.code]
