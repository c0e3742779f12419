"""An update of each released version: nothing is lost, and all keep their settings.

tests/data/VERSION.sql.xz is what tests/data/make_dump made of the version's commit: a
database with the demo, as that version left it. It is restored and updated by today's
code, with settings as a department makes them.
"""

import ast
import lzma
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import psycopg2
import psycopg2.extras
import psycopg2.sql
import pytest

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
VERSIONS = sorted(path.name.removesuffix(".sql.xz") for path in DATA.glob("*.sql.xz"))

#: What a department has set by itself: the table, the record, the column's words in SQL
#: and what stands there afterwards as before. A field of a text is translated.
SETTINGS = (
    ("res_company", "base.main_company", "hoithi_coauthor_min_percent", 7),
    ("hoithi_notice_rule", "hoithi_contest.hoithi_notice_rule_digest", "active", False),
    ("ir_cron", "hoithi_contest.cron_send_notices", "active", False),
    ("mail_template", "hoithi_contest.mail_template_receipt", "subject", "Sở đã nhận"),
    ("hoithi_field", "hoithi_contest.hoithi_field_it", "name", "Lĩnh vực nhà"),
)
#: Where an update may change what is stored, and why; whoever writes a migration that
#: does names it here.
CHANGED = {
    "hoithi_notice_rule.hour_from": "shipped reminders keep office hours",
    "hoithi_notice_rule.hour_to": "the same",
    "hoithi_notice_rule.kind": "overdue tasks are told of in one letter",
    "hoithi_contest.ledger_length": "stock is taken of what had no row so far",
    "hoithi_contest_unit.counted_on": "counted anew, on the day of the update",
    "hoithi_contest_unit.submitted_count": "withdrawn entries were received as well",
    "hoithi_contest_unit.stage": "a head in a blind council learns of no own entries",
    "hoithi_entry.result_merit": "kinds of prizes have an order of their own",
    "hoithi_entry_author.email": "what came from HR isn't for co-authors to read",
    "hoithi_entry_author.job_title": "the same, unless its author confirmed it",
}
#: Tables whose rows an update may take away, and why.
REMOVED = {}
#: A kind of prize of one department that a contest of another used, as it could
#: before 1.5: only the others' code was in its way.
OTHER_COMPANY = 1_000
FOREIGN_KIND = f"""
    INSERT INTO res_company SELECT (jsonb_populate_record(c, jsonb_build_object(
        'id', {OTHER_COMPANY}, 'name', 'Sở Khác', 'parent_path', '{OTHER_COMPANY}/'
        ))).* FROM res_company c WHERE id = 1;
    INSERT INTO hoithi_prize_kind (code, name, sequence, target, rule, company_id)
        VALUES ('green', '{{"en_US": "Green", "vi_VN": "Giải Xanh"}}', 90, 'entry',
                'hand', {OTHER_COMPANY});
    INSERT INTO hoithi_prize (contest_id, company_id, sequence, slots, rank, amount)
        SELECT id, company_id, 90, 1, 'green', 0 FROM hoithi_contest
         WHERE mode = 'nominate_only' AND state = 'open' LIMIT 1;
"""
#: What the log may warn of.
EXPECTED = re.compile(
    r"No longer administrators of the system"
    # which a superuser makes immutable, once, in a database of one's own
    r"|function 'unaccent' is present but not immutable"
)


def run_odoo(*arguments, text=None):
    done = subprocess.run(
        [sys.executable, os.environ["HOITHI_ODOO_SCRIPT"], *arguments],
        input=text or "",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.environ["HOITHI_ODOO_HOME"]},
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


class Database:
    """A database that this module made, with its statements in autocommit."""

    def __init__(self, name):
        self.name = name
        self.connection = psycopg2.connect(dbname=name)
        self.connection.autocommit = True

    def ask(self, query, *parameters):
        with self.connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def get_settings(self):
        """Return the settings of the records that this version has."""
        ids = dict(self.ask("SELECT module || '.' || name, res_id FROM ir_model_data"))
        return [
            (table, ids[name], column, value)
            for table, name, column, value in SETTINGS
            if name in ids
        ]

    def change(self, table, record_id, column, value):
        if isinstance(value, str):
            value = psycopg2.extras.Json({"en_US": "Own", "vi_VN": value})
        self.ask(f'UPDATE {table} SET "{column}" = %s WHERE id = {record_id}', value)

    def get(self, table, record_id, column):
        [[value]] = self.ask(f'SELECT "{column}" FROM {table} WHERE id = {record_id}')
        return value["vi_VN"] if isinstance(value, dict) else value

    def get_columns(self):
        """Return the columns of what the addon stores, by table, without dialogs."""
        tables = {}
        for table, column in self.ask(
            """SELECT c.table_name, c.column_name FROM information_schema.columns c
                 JOIN ir_model m ON replace(m.model, '.', '_') = c.table_name
                WHERE c.table_schema = 'public' AND m.model LIKE 'hoithi.%%'
                  AND NOT m.transient"""
        ):
            tables.setdefault(table, set()).add(column)
        return tables

    def read(self, columns):
        """Return the rows of each table by id."""
        return {
            table: {
                row["id"]: row
                for (row,) in self.ask(f'SELECT row_to_json(t) FROM "{table}" t')
            }
            for table in columns
        }


class Update(NamedTuple):
    """What an update made of a database: its rows by table and id before and after."""

    database: Database
    settings: list
    before: dict
    after: dict
    log: str


@pytest.fixture(scope="module", params=VERSIONS)
def update(request):
    """The update of a released version."""
    name = f"hoithi_update_{os.getpid()}"
    identifier = psycopg2.sql.Identifier(name)
    server = psycopg2.connect(dbname="postgres")
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(psycopg2.sql.SQL("CREATE DATABASE {}").format(identifier))
    try:
        subprocess.run(
            ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-d", name],
            input=lzma.decompress((DATA / f"{request.param}.sql.xz").read_bytes()),
            check=True,
        )
        database = Database(name)
        settings = database.get_settings()
        for setting in settings:
            database.change(*setting)
        if "hoithi_prize_kind" in database.get_columns():
            database.ask(FOREIGN_KIND)
        before = database.read(database.get_columns())
        log = run_odoo(
            *("-d", name, "-u", "hoithi_contest", "--stop-after-init", "--no-http")
        )
        after = database.read(database.get_columns())
        yield Update(database, settings, before, after, log)
        database.connection.close()
    finally:
        with server.cursor() as cursor:
            cursor.execute(
                psycopg2.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier)
            )
        server.close()


def test_every_released_version_has_its_dump():
    manifest = ast.literal_eval((ROOT / "hoithi_contest/__manifest__.py").read_text())
    told = re.findall(
        r"^## ([\d.]+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    assert told[0] == manifest["version"]
    assert sorted(told[1:]) == VERSIONS


def ask_git(*arguments):
    """Return what git says, or nothing: a copy may lack a commit, a tag, or git."""
    try:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def test_every_released_version_names_its_commit():
    told = dict(
        re.findall(
            r"^\| ([\d.]+) \| `(\w+)` \|$",
            (ROOT / "CHANGELOG.md").read_text(),
            re.MULTILINE,
        )
    )
    assert list(told) == VERSIONS
    for version, commit in told.items():
        if manifest := ask_git("show", f"{commit}:hoithi_contest/__manifest__.py"):
            assert ast.literal_eval(manifest)["version"] == version
        if tagged := ask_git("rev-parse", "-q", "--verify", f"{version}^{{commit}}"):
            assert tagged.startswith(commit)


def test_an_update_is_quiet(update):
    told = [
        line
        for line in update.log.splitlines()
        if re.search(r" (WARNING|ERROR|CRITICAL) ", line) and not EXPECTED.search(line)
    ]
    assert told == []


def test_an_update_loses_no_row(update):
    lost = {
        table: sorted(rows.keys() - update.after.get(table, {}).keys())
        for table, rows in update.before.items()
        if table not in REMOVED and rows.keys() - update.after.get(table, {}).keys()
    }
    assert lost == {}


def test_an_update_changes_what_it_says(update):
    changed = {
        f"{table}.{column}": (record_id, value, new.get(column))
        for table, rows in update.before.items()
        for record_id, row in rows.items()
        if (new := update.after.get(table, {}).get(record_id))
        for column, value in row.items()
        if column not in ("write_date", "write_uid") and new.get(column) != value
    }
    assert {name: changed[name] for name in changed if name not in CHANGED} == {}


def test_an_update_keeps_settings(update):
    assert update.settings
    found = [(*place, update.database.get(*place)) for *place, _ in update.settings]
    assert found == update.settings


def test_each_department_has_the_kinds_of_prizes_that_it_used(update):
    """And what its prizes mean by their codes is what it was."""
    had = "hoithi_prize_kind" in update.before
    found = update.database.ask(
        """SELECT k.company_id, k.name ->> 'vi_VN', k.rule FROM hoithi_prize_kind k
            WHERE k.code = 'green' ORDER BY k.company_id"""
    )
    companies = [1, OTHER_COMPANY] if had else []
    assert found == [(company, "Giải Xanh", "hand") for company in companies]
    unknown = """SELECT count(*) FROM {} r WHERE r.{} NOT IN ('none') AND NOT EXISTS (
                     SELECT FROM hoithi_prize_kind k WHERE k.code = r.{}
                        AND COALESCE(k.company_id, r.company_id) = r.company_id)"""
    for table, column in (
        ("hoithi_prize", "rank"),
        ("hoithi_award", "rank"),
        ("hoithi_nomination_line", "result_rank"),
    ):
        query = unknown.format(table, column, column)
        assert update.database.ask(query) == [(0,)], table


def test_places_that_go_by_votes_are_worked_out_anew(update):
    """Of the council phase, and no other: what is closed stays as it was decided."""
    script = "hoithi_contest/migrations/19.0.1.5.0/post-vote_places.py"
    assert Path(script).stem in update.log
    migrate = runpy.run_path(str(ROOT / script))["migrate"]
    connection = psycopg2.connect(dbname=update.database.name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT contest_id FROM hoithi_entry ORDER BY 1")
        voting, scoring, closed = (contest for (contest,) in cursor.fetchall())
        for contest, state, kind in (
            (voting, "council", "votes"),
            (scoring, "council", "spread"),
            (closed, "closed", "votes"),
        ):
            cursor.execute(
                "UPDATE hoithi_contest SET state = %s WHERE id = %s", (state, contest)
            )
            cursor.execute(
                "DELETE FROM hoithi_tie_break WHERE contest_id = %s", (contest,)
            )
            cursor.execute(
                "INSERT INTO hoithi_tie_break (contest_id, kind) VALUES (%s, %s)",
                (contest, kind),
            )
        cursor.execute("UPDATE hoithi_entry SET rank_stale = FALSE")
        migrate(cursor, "19.0.1.4.0")
        cursor.execute(
            "SELECT contest_id, every(rank_stale), bool_or(rank_stale)"
            "  FROM hoithi_entry GROUP BY contest_id"
        )
        found = {contest: told for contest, *told in cursor.fetchall()}
    # nothing of it is kept
    connection.rollback()
    connection.close()
    assert found == {
        voting: [True, True],
        scoring: [False, False],
        closed: [False, False],
    }


def test_an_updated_database_has_the_tables_of_a_new_one(update):
    schema = """SELECT table_name, column_name, data_type, is_nullable
                  FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name LIKE 'hoithi%'"""
    rules = """SELECT d.name, r.domain_force, r.active FROM ir_rule r
                 JOIN ir_model_data d ON d.model = 'ir.rule' AND d.res_id = r.id
                WHERE d.module = 'hoithi_contest'"""
    new = Database(os.environ["HOITHI_DATABASE"])
    for query in (schema, rules):
        assert set(update.database.ask(query)) == set(new.ask(query))
    new.connection.close()


def test_an_updated_database_keeps_its_rules(update):
    """The nightly check finds nothing: entries, tallies, files, ledgers."""
    log = run_odoo(
        *("shell", "-d", update.database.name, "--no-http"),
        text="""
cron = env.ref("hoithi_contest.cron_check_invariants")
cron.with_user(cron.user_id).ir_actions_server_id.run()
print("told", env["hoithi.notice"].search_count([("kind", "=", "invariant")]))
print("entries", env["hoithi.entry"].search_count([("submitted_on", "!=", False)]))
""",
    )
    assert re.search(r"^told 0$", log, re.MULTILINE), log[-4000:]
    assert re.search(r"^entries [1-9]", log, re.MULTILINE), log[-4000:]
    assert "Entries break a rule" not in log
