"""A department's database is backed up, restored, rid of the addon, and given it anew.

The demo goes this way, in a database of its own.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg2
import psycopg2.sql
import pytest

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ["HOITHI_DATA"])
NAME = f"hoithi_life_{os.getpid()}"

CHECK = """
from odoo import SUPERUSER_ID
env = env(user=SUPERUSER_ID)
for contest in env["hoithi.contest"].search([]):
    for line in env["hoithi.ledger"]._verify(contest):
        print("ledger:", line)
for rule, record in env["hoithi.check"]._run():
    print("rule:", rule, record)
print("entries", env["hoithi.entry"].search_count([("submitted_on", "!=", False)]))
"""
UNINSTALL = """
module = env["ir.module.module"].search([("name", "=", "hoithi_contest")])
module.button_immediate_uninstall()
"""
#: As an administrator sets them for all, by values of no other's.
DEFAULTS = """
env["ir.default"].set("hoithi.contest", "grace_minutes", 1717)
env["ir.default"].set("res.company", "hoithi_coauthor_min_percent", 1718)
env.cr.commit()
print("defaults are set")
"""
#: What may say that the addon was there, and the words by which it says so.
LEFTOVERS = (
    ("tables", "SELECT relname FROM pg_class WHERE relname LIKE '%hoithi%'"),
    (
        "columns",
        """SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND (column_name LIKE '%hoithi%'
                  OR column_name IN ('kept_sha256', 'forgotten_on'))""",
    ),
    ("functions", "SELECT proname FROM pg_proc WHERE proname LIKE '%hoithi%'"),
    ("triggers", "SELECT tgname FROM pg_trigger WHERE tgname LIKE '%hoithi%'"),
    ("constraints", "SELECT conname FROM pg_constraint WHERE conname LIKE '%hoithi%'"),
    ("types", "SELECT typname FROM pg_type WHERE typname LIKE '%hoithi%'"),
    ("models", "SELECT model FROM ir_model WHERE model LIKE 'hoithi.%'"),
    ("fields", "SELECT name FROM ir_model_fields WHERE name LIKE '%hoithi%'"),
    ("names", "SELECT name FROM ir_model_data WHERE module = 'hoithi_contest'"),
    (
        "sequences",
        """SELECT name FROM ir_sequence
            WHERE code LIKE 'hoithi.%' OR prefix ~ '^[IVXLC]+-[0-9]{4}/'""",
    ),
    ("parameters", "SELECT key FROM ir_config_parameter WHERE key LIKE '%hoithi%'"),
    ("files", "SELECT name FROM ir_attachment WHERE res_model LIKE 'hoithi.%'"),
    ("messages", "SELECT model FROM mail_message WHERE model LIKE 'hoithi.%'"),
    (
        "followers",
        "SELECT res_model FROM mail_followers WHERE res_model LIKE 'hoithi.%'",
    ),
    (
        "activities",
        "SELECT res_model FROM mail_activity WHERE res_model LIKE 'hoithi.%'",
    ),
    ("views", "SELECT name FROM ir_ui_view WHERE arch_db::text LIKE '%hoithi%'"),
    ("actions", "SELECT res_model FROM ir_act_window WHERE res_model LIKE 'hoithi.%'"),
    (
        "crons",
        "SELECT cron_name FROM ir_cron WHERE cron_name LIKE 'Innovation contest%'",
    ),
    ("filters", "SELECT model_id FROM ir_filters WHERE model_id LIKE 'hoithi.%'"),
    ("templates", "SELECT model FROM mail_template WHERE model LIKE 'hoithi.%'"),
    (
        "defaults",
        "SELECT json_value FROM ir_default WHERE json_value IN ('1717', '1718')",
    ),
    ("reports", "SELECT model FROM ir_act_report_xml WHERE model LIKE 'hoithi.%'"),
    (
        "server actions",
        "SELECT code FROM ir_act_server WHERE code LIKE '%hoithi%'",
    ),
    ("groups", "SELECT name FROM res_groups WHERE name->>'en_US' ~* 'contest'"),
    (
        "menus",
        """SELECT menu.id FROM ir_ui_menu menu
            WHERE web_icon LIKE 'hoithi%' OR action IS NOT NULL AND NOT EXISTS (
                      SELECT 1 FROM ir_actions
                       WHERE id = split_part(menu.action, ',', 2)::integer)""",
    ),
)
#: What has a name of the addon's: nothing of it stays, whatever it is called there.
NAMED = {
    "ir.actions.act_window": "ir_act_window",
    "ir.actions.client": "ir_act_client",
    "ir.actions.report": "ir_act_report_xml",
    "ir.actions.server": "ir_act_server",
    "ir.cron": "ir_cron",
    "ir.model.access": "ir_model_access",
    "ir.module.category": "ir_module_category",
    "ir.rule": "ir_rule",
    "ir.sequence": "ir_sequence",
    "ir.ui.menu": "ir_ui_menu",
    "ir.ui.view": "ir_ui_view",
    "mail.activity.type": "mail_activity_type",
    "mail.template": "mail_template",
    "res.groups": "res_groups",
    "res.groups.privilege": "res_groups_privilege",
}


class Life:
    """The database on its way.

    :param backup: the file that it was restored of
    """

    def __init__(self, backup):
        self.backup = backup

    def ask(self, query, name=NAME):
        with psycopg2.connect(dbname=name) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            rows = cursor.fetchall()
        connection.close()
        return rows

    def odoo(self, *arguments, text=""):
        done = subprocess.run(
            [sys.executable, os.environ["HOITHI_ODOO_SCRIPT"], *arguments],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.environ["HOITHI_ODOO_HOME"]},
        )
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout

    def shell(self, text):
        return self.odoo("shell", "-d", NAME, "--no-http", text=text)


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """What was restored of a backup of the demo."""
    folder = tmp_path_factory.mktemp("backup")
    file = folder / "demo.tar"
    subprocess.run(
        [ROOT / "bin/backup", os.environ["HOITHI_DEMO"], file, DATA], check=True
    )
    try:
        subprocess.run([ROOT / "bin/restore", file, NAME, DATA], check=True)
        assert [path.name for path in folder.iterdir()] == ["demo.tar"], "no rest lies"
        yield Life(file)
    finally:
        server = psycopg2.connect(dbname="postgres")
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(
                psycopg2.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                    psycopg2.sql.Identifier(NAME)
                )
            )
        server.close()
        shutil.rmtree(DATA / "filestore" / NAME, ignore_errors=True)


def test_a_backup_that_breaks_off_leaves_none(tmp_path):
    file = tmp_path / "none.tar"
    done = subprocess.run(
        [ROOT / "bin/backup", "hoithi_no_such_database", file, tmp_path / "data"],
        stderr=subprocess.PIPE,
        check=False,
    )
    assert done.returncode
    assert not file.exists()


def test_a_backup_is_made_while_files_come(tmp_path):
    """As those that people hand in while it is made; halves of files stay outside."""
    demo, file = os.environ["HOITHI_DEMO"], tmp_path / "demo.tar"
    store = tmp_path / "data" / "filestore" / demo
    for name, size in (("ab/abcd", 2**22), ("parts/abce.1.1", 3)):
        path = store / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * size)
    come = tmp_path / "come"
    come.write_text(f"#!/bin/sh\nmktemp -p '{store}' > '{tmp_path}/came'\n")
    come.chmod(0o755)
    options = f"--checkpoint=100 --checkpoint-action=exec={come}"
    done = subprocess.run(
        [ROOT / "bin/backup", demo, file, tmp_path / "data"],
        stderr=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "TAR_OPTIONS": options, "LC_ALL": "C"},
    )
    assert (tmp_path / "came").exists()
    assert "changed as we read it" in done.stderr
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert {"database.dump", "filestore/ab/abcd", "hoithi_ledger"} <= set(names)
    assert not [name for name in names if "parts" in name]


def run(*arguments, **environment):
    """Run a command of `bin`; return it with what it said."""
    return subprocess.run(
        [ROOT / arguments[0], *arguments[1:]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
    )


def get_databases():
    """Return the names of databases, but for those of other tests, run beside these."""
    with (
        psycopg2.connect(dbname="postgres") as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT datname FROM pg_database")
        names = {name for (name,) in cursor.fetchall()}
    connection.close()
    return {n for n in names if n.startswith(NAME) or not n.startswith("hoithi_")}


def refuse(text, *arguments, **environment):
    """Check that a command says why it does nothing, and leaves nothing behind."""
    before = get_databases()
    done = run(*arguments, **environment)
    assert done.returncode, done.stdout
    assert text in done.stdout
    assert get_databases() == before


#: What PostgreSQL's programs would take for an address, an option or a command, and
#: what leads out of a folder.
NAMES = (
    "",
    "a'b",
    'a"b',
    "x; DROP DATABASE postgres",
    "dbname=postgres",
    "postgresql://127.0.0.1/postgres",
    "../x",
    ".x",
    "-h",
    "hội thi",
)


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_are_refused(name, tmp_path):
    file = tmp_path / "demo.tar"
    refuse("can't be a database", "bin/backup", name, file, tmp_path / "data")
    assert list(tmp_path.iterdir()) == []
    file.write_bytes(b"")
    refuse("can't be a database", "bin/restore", file, name, tmp_path / "data")
    assert list(tmp_path.iterdir()) == [file]


def test_a_backup_without_its_files_is_refused(tmp_path):
    demo, file = os.environ["HOITHI_DEMO"], tmp_path / "demo.tar"
    refuse("name Odoo's data_dir", "bin/backup", demo, file, tmp_path / "data")
    refuse("isn't there", "bin/backup", demo, tmp_path / "no" / "demo.tar", DATA)
    refuse("is a folder", "bin/backup", demo, tmp_path, DATA)
    assert list(tmp_path.iterdir()) == []


def make_tar(path, members):
    """Write a tar file of {name: bytes, or a link's aim, or nothing for a folder}."""
    with tarfile.open(path, "w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
                continue
            info.type = tarfile.SYMTYPE if content else tarfile.DIRTYPE
            info.linkname, info.mode = content or "", 0o700
            tar.addfile(info)


def test_what_is_no_whole_backup_is_refused(life, tmp_path):
    """Whatever it is, neither a database nor a file of it is left."""
    data, name = tmp_path / "data", f"{NAME}_odd"
    whole = {"database.dump": b"x", "filestore/": None, "hoithi_ledger/": None}
    with tarfile.open(life.backup) as tar:
        dump = tar.extractfile("database.dump").read()
    backup = life.backup.read_bytes()
    cases = {
        "isn't there": None,
        "isn't a whole backup": backup[: len(backup) // 2],
        "holds no database.dump": {**whole, "database.dump": None},
        "holds no filestore/": {"database.dump": dump, "hoithi_ledger/": None},
        "holds links": {**whole, "filestore/x": "/etc"},
        "is damaged": whole,
        # its list is there, and what follows breaks off
        "couldn't be restored": {**whole, "database.dump": dump[: -len(dump) // 3]},
    }
    for number, (text, content) in enumerate(cases.items()):
        file = tmp_path / f"{number}.tar"
        if isinstance(content, bytes):
            file.write_bytes(content)
        elif content is not None:
            make_tar(file, content)
        before = sorted(tmp_path.iterdir())
        refuse(text, "bin/restore", file, name, data)
        assert sorted(tmp_path.iterdir()) == before
    out = tmp_path / "out.tar"
    make_tar(out, {**whole, "filestore/../../out": b"x"})
    refuse("", "bin/restore", out, name, data)
    assert not (tmp_path.parent / "out").exists()
    assert not data.exists()


def test_files_of_another_database_stay(life, tmp_path):
    store = tmp_path / "filestore" / f"{NAME}_odd"
    store.mkdir(parents=True)
    refuse("already exists", "bin/restore", life.backup, f"{NAME}_odd", tmp_path)
    assert list(store.iterdir()) == []


def test_files_that_odoo_could_not_read_are_not_made(life, tmp_path):
    """As where root restores into the folder of the user that Odoo runs as."""
    if os.geteuid():
        return
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, 65534, 65534)
    refuse("has to restore it", "bin/restore", life.backup, f"{NAME}_odd", data)
    assert list(data.iterdir()) == []


def test_who_is_no_superuser_is_told_what_to_do(life, tmp_path):
    role = f"hoithi_plain_{os.getpid()}"
    server = psycopg2.connect(dbname="postgres")
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN CREATEDB")
        try:
            refuse(
                "NOSUPERUSER",
                *("bin/restore", life.backup, f"{NAME}_odd", tmp_path / "data"),
                PGUSER=role,
            )
        finally:
            cursor.execute(f"DROP ROLE {role}")
    server.close()


def test_a_restored_database_has_all_its_indexes(life):
    """Those without accents as well, which a plain restore leaves out."""
    # PostgreSQL words the rest of a definition anew
    query = """SELECT indexname, indexdef LIKE '%unaccent%' FROM pg_indexes
                WHERE schemaname = 'public'"""
    before = set(life.ask(query, os.environ["HOITHI_DEMO"]))
    assert any(without_accents for _name, without_accents in before)
    assert set(life.ask(query)) == before


def test_a_restored_database_knows_its_tables(life):
    """PostgreSQL has counted them: the first who come wait no longer than others."""
    tables = {"hoithi_contest", "hoithi_entry", "hoithi_entry_author", "hoithi_ledger"}
    known = {name for (name,) in life.ask("SELECT DISTINCT tablename FROM pg_stats")}
    assert tables <= known


def test_a_restored_database_keeps_its_rules(life):
    """Its files are there, and its ledgers whole; that it is a copy it says itself."""
    log = life.shell(CHECK)
    assert re.search(r"^entries [1-9]", log, re.MULTILINE), log[-4000:]
    told = re.findall(r"^(?:ledger|rule): .*", log, re.MULTILINE)
    assert [line for line in told if "is a copy" not in line] == []


def test_a_database_is_restored_into_none_that_is_there(life):
    done = subprocess.run(
        [ROOT / "bin/restore", life.backup, NAME, DATA],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert done.returncode
    assert "already exists" in done.stderr
    assert life.ask("SELECT 1") == [(1,)]


def test_uninstalled_it_leaves_nothing_and_comes_back(life):
    named = {
        model: [row_id for (row_id,) in rows]
        for model in NAMED
        if (
            rows := life.ask(
                f"""SELECT res_id FROM ir_model_data
                     WHERE module = 'hoithi_contest' AND model = '{model}'"""
            )
        )
    }
    assert {"res.groups", "ir.actions.server", "ir.ui.menu"} <= set(named)
    log = life.shell(DEFAULTS + UNINSTALL)
    assert "defaults are set" in log, log[-4000:]
    assert " ERROR " not in log, log[-4000:]
    left = {name: rows for name, query in LEFTOVERS if (rows := life.ask(query))}
    for model, ids in named.items():
        rows = life.ask(f"SELECT id FROM {NAMED[model]} WHERE id = ANY(ARRAY{ids})")
        if rows:
            left[model] = rows
    assert left == {}
    log = life.odoo(
        *("-d", NAME, "-i", "hoithi_contest", "--stop-after-init", "--no-http")
    )
    told = [
        line
        for line in log.splitlines()
        if re.search(r" (WARNING|ERROR|CRITICAL) ", line)
    ]
    assert told == []
    # a database that was made with demo data gets those of each module
    query = "SELECT COUNT(*) FROM hoithi_contest"
    assert life.ask(query) == life.ask(query, os.environ["HOITHI_DEMO"])
    assert life.ask("SELECT COUNT(*) > 0 FROM hoithi_dossier_type") == [(True,)]
    # and what they tell keeps the rules
    log = life.shell(CHECK)
    assert re.search(r"^entries [1-9]", log, re.MULTILINE), log[-4000:]
    assert re.findall(r"^(?:ledger|rule): .*", log, re.MULTILINE) == []
