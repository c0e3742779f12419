import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: What the first entry of a chain follows.
GENESIS = "0" * 64

#: The event that ends a chain.
SEAL = "contest.sealed"


class HoithiLedger(models.Model):
    """Score ledger: what counted, in order, each entry chained to the one before.

    Rows are only ever added. A trigger keeps Odoo's own database role from changing or
    deleting them, and the chain shows what anyone else did. Contents of sheets are kept
    as fingerprints: the ledger proves, it doesn't tell.
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
        "hoithi.entry", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    position = fields.Integer(
        string="Position in the ledger", required=True, readonly=True
    )
    event = fields.Selection(
        [
            ("review.submitted", "Sheet submitted"),
            ("review.reopened", "Sheet reopened"),
            ("review.voided", "Sheet voided"),
            ("review.recused", "Reviewer recused"),
            ("statement.signed", "Statement signed"),
            ("conflict.pinned", "Conflict pinned"),
            ("conflict.upheld", "Conflict upheld"),
            ("conflict.lifted", "Conflict lifted"),
            ("adjudication.opened", "Adjudication opened"),
            ("adjudication.resolved", "Adjudication resolved"),
            ("vote.counted", "Vote counted"),
            ("vote.restarted", "Vote taken again"),
            ("session.presiding", "Session led by another member"),
            ("session.closed", "Session closed"),
            ("seat.ended", "Seat ended"),
            ("seat.resumed", "Seat taken up again"),
            ("rules.reopened", "Rules reopened"),
            ("rules.fixed", "Rules fixed again"),
            ("rank.overridden", "Place set by the chair"),
            ("prizes.given", "Prizes given"),
            ("entry.selected", "Entry selected"),
            ("entry.not_selected", "Entry not selected"),
            (SEAL, "Ledger sealed"),
        ],
        required=True,
        readonly=True,
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    recorded_on = fields.Datetime(required=True, readonly=True)
    payload = fields.Text(required=True, readonly=True)
    previous_hash = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _unique_position = models.Constraint(
        "UNIQUE (contest_id, position)", "A place in the ledger is taken once."
    )

    def init(self):
        """Let the database itself refuse changes, also by Odoo's own role."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION hoithi_ledger_refuse() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'hoithi_ledger rows are never changed or deleted'
                        USING ERRCODE = 'integrity_constraint_violation';
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS hoithi_ledger_rows ON hoithi_ledger;
                CREATE TRIGGER hoithi_ledger_rows
                    BEFORE UPDATE OR DELETE ON hoithi_ledger
                    FOR EACH ROW EXECUTE FUNCTION hoithi_ledger_refuse();
                DROP TRIGGER IF EXISTS hoithi_ledger_table ON hoithi_ledger;
                CREATE TRIGGER hoithi_ledger_table
                    BEFORE TRUNCATE ON hoithi_ledger
                    FOR EACH STATEMENT EXECUTE FUNCTION hoithi_ledger_refuse();
                """
            )
        )

    # CRUD

    # pylint: disable=method-required-super; every change is refused
    def write(self, vals):
        raise UserError(self.env._("The ledger is only ever added to."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("The ledger is only ever added to."))

    # BUSINESS

    @api.model
    def _clean_texts(self, vals):
        # a row is hashed as it is; it is made of texts that passed the door
        return vals

    @api.model
    def _append(self, contest, event, record, payload, entry=None):
        """Add an event to the contest's chain.

        :param contest: whose chain
        :param event: what happened, as ``review.submitted``
        :param record: the record that it happened to
        :param payload: facts, as values that JSON holds; no scores in clear
        :param entry: the entry that is concerned, so that a conflict hides the row
        :raises UserError: where the chain is sealed
        """
        # whoever acts may add, and nobody may do anything else with the ledger
        chain_sudo = self.sudo()._open_door()
        position = self._take_position(contest)
        last = chain_sudo.search(
            [("contest_id", "=", contest.id)], order="position desc", limit=1
        )
        if last.event == SEAL:
            raise UserError(
                self.env._("The ledger of “%s” is sealed.", contest.sudo().name)
            )
        values = {
            "contest_id": contest.id,
            "company_id": contest.sudo().company_id.id,
            "entry_id": entry.id if entry else False,
            "position": position,
            "event": event,
            "res_model": record._name,
            "res_id": record.id,
            "user_id": self.env.uid,
            "recorded_on": fields.Datetime.now(),
            "payload": self._canonical(payload),
            "previous_hash": last.hash or GENESIS,
        }
        values["hash"] = self._compute_hash(values)
        return chain_sudo.create(values)

    @api.model
    def _take_position(self, contest):
        """Return the next place in the chain.

        The counter is a row that every append updates: of two at once, the database
        lets one try again, instead of both following the same entry.
        """
        self.env.flush_all()
        [(position,)] = self.env.execute_query(
            SQL(
                """UPDATE hoithi_contest
                   SET ledger_length = COALESCE(ledger_length, 0) + 1
                   WHERE id = %s RETURNING ledger_length""",
                contest.id,
            )
        )
        contest.invalidate_recordset(["ledger_length"], flush=False)
        return position

    @api.model
    def _canonical(self, value):
        return json.dumps(
            value, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )

    @api.model
    def _compute_hash(self, values):
        """Return the SHA-256 of one entry, the hash before it included."""
        names = (
            "contest_id",
            "position",
            "event",
            "res_model",
            "res_id",
            "user_id",
            "payload",
            "previous_hash",
        )
        body = {name: values[name] for name in names}
        body["recorded_on"] = fields.Datetime.to_string(values["recorded_on"])
        body["entry_id"] = values["entry_id"] or False
        return hashlib.sha256(self._canonical(body).encode()).hexdigest()

    @api.model
    def _get_fingerprint(self, value):
        """Return the SHA-256 of `value`, for facts that the ledger mustn't tell."""
        return hashlib.sha256(self._canonical(value).encode()).hexdigest()

    @api.model
    def _verify(self, contest):
        """Return a line for each break of the chain and each sheet that differs.

        :param contest: whose chain is read, with superuser rights
        """
        # the whole chain and all sheets are compared, also those in conflict with the
        # user; only what is broken is told
        chain_sudo = self.sudo().search(
            [("contest_id", "=", contest.id)], order="position"
        )
        problems = []
        previous, sheets = GENESIS, {}
        for position, row in enumerate(chain_sudo, start=1):
            values = row.read(load="")[0]
            if row.position != position:
                problems.append(
                    self.env._("Entry %s of the ledger is missing.", position)
                )
                break
            if row.previous_hash != previous or row.hash != self._compute_hash(values):
                problems.append(self.env._("Entry %s was altered.", row.position))
            previous = row.hash
            if row.res_model == "hoithi.review":
                sheets[row.res_id] = row
        if len(chain_sudo) != contest.sudo().ledger_length:
            problems.append(self.env._("The end of the ledger is missing."))
        reviews_sudo = (
            self.env["hoithi.review"]
            .sudo()
            .search([("contest_id", "=", contest.id), ("state", "=", "submitted")])
        )
        for review in reviews_sudo:
            row = sheets.get(review.id)
            recorded = row and json.loads(row.payload).get("sheet")
            if recorded and recorded != review._get_sheet_fingerprint():
                problems.append(
                    self.env._(
                        "The sheet %(sheet)s differs from what was submitted (entry "
                        "%(position)s).",
                        sheet=review.id,
                        position=row.position,
                    )
                )
        return problems
