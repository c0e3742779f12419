import logging
import os
from time import monotonic

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ...lib.contest import dossier_text, novelty
from ...lib.guard import apart
from ...tools import get_worker_seconds
from ..guard.hoithi_states import NOT_ENTERED

_logger = logging.getLogger(__name__)

#: What an entry says of its solution, in the order in which it is read.
PARTS = (
    "name",
    "solution_content",
    "novelty",
    "known_solution",
    "applicability",
    "technical_benefit",
    "economic_benefit",
    "social_benefit",
)
#: Letters kept of all that one solution says, and files that are read of an entry.
MOST_LETTERS = 400_000
MOST_FILES = 12
#: The largest file that is read.
MOST_BYTES = 60 * 1024**2
#: Likest solutions, by their words, of which each pair is measured.
CANDIDATES = 60
#: Texts of all departments together beyond which a wording is nobody's own.
FORM = 100
#: Seconds that all files of an entry may take together, and what part that may be of
#: the time that Odoo leaves a worker.
ALL_SECONDS = 60
WORKER_PART = 1 / 4


class HoithiNoveltyText(models.Model):
    """All that a solution says, kept to compare others with it.

    One row an entry that was handed in, and one a solution of an earlier edition. It is
    filled in the background, when something is handed in or changes; nobody reads it
    but the comparison, as files may tell who wrote them.
    """

    _name = "hoithi.novelty.text"
    _description = "Text of a Solution"
    _inherit = ["hoithi.guard.mixin"]
    _order = "id"

    entry_id = fields.Many2one("hoithi.entry", readonly=True, ondelete="cascade")
    past_id = fields.Many2one("hoithi.past.solution", readonly=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(
        [
            ("waiting", "To be read"),
            ("read", "To be compared"),
            ("ready", "Compared"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    read_on = fields.Datetime(readonly=True)
    text = fields.Text(readonly=True, groups=NO_ACCESS)
    parts = fields.Json(readonly=True, groups=NO_ACCESS)
    unread = fields.Json(readonly=True, groups=NO_ACCESS)

    _unique_entry = models.Constraint("UNIQUE (entry_id)", "An entry has one text.")
    _unique_past = models.Constraint(
        "UNIQUE (past_id)", "A past solution has one text."
    )
    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(entry_id, past_id) = 1)",
        "A text is that of an entry or of a past solution.",
    )
    _waiting_idx = models.Index("(id) WHERE state IN ('waiting', 'read')")

    def init(self):
        """Add what the comparison asks of: kinds of columns that no field has."""
        self.env.cr.execute(
            """ALTER TABLE hoithi_novelty_text
                   ADD COLUMN IF NOT EXISTS words tsvector,
                   ADD COLUMN IF NOT EXISTS prints integer[];
               CREATE INDEX IF NOT EXISTS hoithi_novelty_text__words_idx
                   ON hoithi_novelty_text USING gin (words);
               CREATE INDEX IF NOT EXISTS hoithi_novelty_text__prints_idx
                   ON hoithi_novelty_text USING gin (prints)"""
        )

    # QUEUE

    @api.model
    def _queue(self, records):
        """Have records read, or read again, in the background.

        :param records: entries or past solutions, of whatever number
        """
        if not records:
            return
        records.flush_recordset(["company_id"])
        column = "entry_id" if records._name == "hoithi.entry" else "past_id"
        self.env.cr.execute(
            SQL(
                """INSERT INTO hoithi_novelty_text
                          (%(column)s, company_id, state,
                           create_uid, write_uid, create_date, write_date)
                   SELECT r.id, r.company_id, 'waiting', %(uid)s, %(uid)s, %(now)s,
                          %(now)s
                     FROM %(table)s r WHERE r.id = ANY(%(ids)s)
                   ON CONFLICT (%(column)s) DO UPDATE
                      SET state = 'waiting', company_id = EXCLUDED.company_id,
                          write_date = EXCLUDED.write_date""",
                column=SQL.identifier(column),
                table=SQL.identifier(records._table),
                uid=self.env.uid,
                now=fields.Datetime.now(),
                ids=records.ids,
            )
        )
        self.invalidate_model()

    # CRON

    @api.model
    def _cron_read_texts(self):
        """Read and compare what waits, one solution at a time, each committed.

        One that fails waits on, behind the others; so does one over which the worker
        died, as it is committed first that it was begun. While it is compared no row is
        locked: whoever hands the same entry in again isn't held up.
        """
        cron = self.env["ir.cron"]
        waiting = self.search(
            [("state", "in", ("waiting", "read"))], order="read_on asc nulls first, id"
        )
        cron._commit_progress(remaining=len(waiting))
        for text in waiting:
            try:
                locked = text.try_lock_for_update()
                if locked:
                    locked.read_on = fields.Datetime.now()
                    # its title is at hand, whatever becomes of its files
                    locked.entry_id._find_similar()
                    cron._commit_progress()
                    if locked.state == "waiting":
                        locked._renew()
                        cron._commit_progress()
                    # withdrawn meanwhile, it is gone
                    if locked.exists().state == "read":
                        locked._compare()
                    self.env.flush_all()
            except OperationalError:
                # handed in again meanwhile, or another server is at it: it waits on
                self.env.cr.rollback()
            except Exception:
                self.env.cr.rollback()
                _logger.warning("No comparison of text %s", text.id, exc_info=True)
            if not cron._commit_progress(1):
                break
            # files must not gather in the cache
            self.env.invalidate_all()

    def _renew(self):
        """Read one solution; that of an entry is to be compared next."""
        self.ensure_one()
        parts, unread = self._read_parts()
        pieces, places, length = [], [], 0
        for label, text in parts:
            text = novelty.get_text(text)[: MOST_LETTERS - length]
            if text:
                places.append([label, length])
                pieces.append(text)
                length += len(text) + len(novelty.BREAK)
        whole = novelty.BREAK.join(pieces)
        owner = self._get_owner()
        words = sorted(novelty.get_words(owner.name, self._get_summary()))
        text = self.try_lock_for_update()
        if not text:
            return
        text.write(
            {
                "state": "read" if text.entry_id else "ready",
                "read_on": fields.Datetime.now(),
                "text": whole,
                "parts": places,
                "unread": unread,
            }
        )
        text.flush_recordset()
        self.env.cr.execute(
            """UPDATE hoithi_novelty_text
                  SET words = array_to_tsvector(%s::text[]), prints = %s::integer[]
                WHERE id = %s""",
            [words, novelty.get_prints(whole), text.id],
        )

    # READING

    def _get_owner(self):
        self.ensure_one()
        return self.entry_id or self.past_id

    def _get_summary(self):
        """Return what the solution says of itself, in short."""
        entry = self.entry_id
        if not entry:
            return self.past_id.summary or ""
        return entry.solution_content or entry.novelty or ""

    def _read_parts(self):
        """Return [(label, text)] of all that is said, and the slots that weren't read.

        A label is the name of a field, or `file:` and the id of a dossier type: names
        of files may tell who wrote them.
        """
        entry = self.entry_id
        if not entry:
            past = self.past_id
            return [("name", past.name), ("summary", past.summary or "")], []
        parts = [(name, entry[name] or "") for name in PARTS]
        unread = []
        ends = monotonic() + get_worker_seconds(ALL_SECONDS, WORKER_PART)
        items = entry.dossier_ids.filtered(lambda item: not item.type_id.personal)
        for number, item in enumerate(items):
            text = ""
            if number < MOST_FILES and item.file_size <= MOST_BYTES:
                text = self._read_file(item, ends - monotonic())
            if text.strip():
                parts.append((f"file:{item.type_id.id}", text))
            else:
                unread.append(item.type_id.id)
        return parts, unread

    @api.model
    def _read_file(self, item, seconds):
        """Return the text of a file; none of what can't be read, as a scan.

        :param seconds: that are left for it
        """
        if seconds <= 0:
            return ""
        extension = os.path.splitext(item.filename)[1].lstrip(".").lower()
        if extension not in dossier_text.READABLE or item.attachment_id.forgotten_on:
            return ""
        try:
            return dossier_text.read(
                item.attachment_id.raw or b"",
                extension,
                timeout=min(apart.SECONDS, seconds),
            )
        except apart.Failed as error:
            _logger.info("No text of dossier file %s: %s", item.id, error)
            return ""

    # COMPARING

    def _compare(self):
        """Note which other solutions of the department one entry's is like."""
        self.ensure_one()
        company = self.company_id
        likeness, copied = self._measure()
        numbers = {
            other: (likeness.get(other, 0.0), copied.get(other, 0.0))
            for other in {*likeness, *copied}
            if likeness.get(other, 0) >= company.hoithi_novelty_likeness
            or copied.get(other, 0) >= company.hoithi_novelty_copied
        }
        self.env["hoithi.novelty.match"]._note(self, numbers)
        # handed in again meanwhile, this fails, and it is read again
        self.state = "ready"

    def _measure(self):
        """Return ({id of a text: likeness}, {id of a text: per cent copied})."""
        [[mine, prints]] = self.env.execute_query(
            SQL(
                "SELECT tsvector_to_array(words), prints FROM hoithi_novelty_text"
                " WHERE id = %s",
                self.id,
            )
        )
        others = SQL(
            """SELECT t.id, t.words, t.prints
                 FROM hoithi_novelty_text t
                 LEFT JOIN hoithi_entry e ON e.id = t.entry_id
                WHERE t.company_id = %s AND t.id != %s AND t.state != 'waiting'
                  AND (t.entry_id IS NULL OR e.state NOT IN %s)""",
            self.company_id.id,
            self.id,
            NOT_ENTERED,
        )
        self.env["hoithi.entry"].flush_model(["state"])
        likeness, copied = {}, {}
        if mine:
            # lexemes hold letters and digits alone
            query = " | ".join(mine)
            rows = self.env.execute_query(
                SQL(
                    """SELECT o.id, tsvector_to_array(o.words)
                         FROM (%(others)s AND t.words @@ %(query)s::tsquery) o
                        ORDER BY ts_rank(o.words, %(query)s::tsquery, 8) DESC
                        LIMIT %(limit)s""",
                    others=others,
                    query=query,
                    limit=CANDIDATES,
                )
            )
            likeness = {
                other: novelty.get_likeness(mine, words) for other, words in rows
            }
        if prints:
            copied = self._measure_copied(prints, others)
        return likeness, copied

    @api.model
    def _measure_copied(self, prints, others):
        """Return {id of a text: per cent of a wording that stands there}.

        Of texts that share nothing but a form's wording nothing is fetched, and of the
        others no more than are shown.

        :param prints: fingerprints of the wording
        :param others: SQL of the texts that it is compared with
        """
        telling = set(prints) - self._get_forms()
        rows = self.env.execute_query(
            SQL(
                """WITH common AS (
                       SELECT o.id, print.number
                         FROM (%(others)s AND t.prints && %(prints)s::integer[]) o
                        CROSS JOIN unnest(o.prints) AS print(number)
                        WHERE print.number = ANY(%(prints)s::integer[])),
                   form AS (
                       SELECT number FROM common GROUP BY number
                       HAVING count(*) > %(widespread)s)
                   SELECT NULL, array_agg(number) FROM form
                   UNION ALL (
                       SELECT id, array_agg(number) FROM common
                        WHERE number NOT IN (SELECT number FROM form)
                        GROUP BY id HAVING count(*) >= %(least)s
                        ORDER BY count(*) DESC, id LIMIT %(limit)s)""",
                others=others,
                prints=sorted(telling),
                widespread=novelty.WIDESPREAD,
                least=novelty.LEAST_COMMON,
                limit=CANDIDATES,
            )
        )
        widespread = next(numbers for other, numbers in rows if other is None)
        telling -= set(widespread or ())
        return {
            other: novelty.get_copied(telling, common)
            for other, common in rows
            if other is not None
        }

    @api.model
    def _get_forms(self):
        """Return the fingerprints of what stands in very many texts, as a form's words.

        PostgreSQL counts them now and then for its own plans; what it doesn't know of
        is counted when texts are compared.
        """
        return {
            number
            for numbers, shares, rows in self.env.execute_query(
                SQL(
                    """SELECT s.most_common_elems::text::integer[],
                              s.most_common_elem_freqs, c.reltuples
                         FROM pg_stats s
                         JOIN pg_class c ON c.oid = 'hoithi_novelty_text'::regclass
                        WHERE s.schemaname = current_schema()
                          AND s.tablename = 'hoithi_novelty_text'
                          AND s.attname = 'prints'
                          AND s.most_common_elems IS NOT NULL"""
                )
            )
            for number, share in zip(numbers, shares, strict=False)
            if share * rows > FORM
        }

    def _get_place(self, letter):
        """Return the label of the part of a text in which a letter stands."""
        label = ""
        for name, start in self.parts or []:
            if start > letter:
                break
            label = name
        return label
