"""A department's database is backed up, restored, rid of the addon, and given it anew.

The demo goes this way, in a database of its own.
"""

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
    ("sequences", "SELECT name FROM ir_sequence WHERE prefix ~ '^[IVXLC]+-[0-9]{4}/'"),
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
)


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


def test_a_restored_database_has_all_its_indexes(life):
    """Those without accents as well, which a plain restore leaves out."""
    # PostgreSQL words the rest of a definition anew
    query = """SELECT indexname, indexdef LIKE '%unaccent%' FROM pg_indexes
                WHERE schemaname = 'public'"""
    before = set(life.ask(query, os.environ["HOITHI_DEMO"]))
    assert any(without_accents for _name, without_accents in before)
    assert set(life.ask(query)) == before


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
    log = life.shell(UNINSTALL)
    assert " ERROR " not in log, log[-4000:]
    left = {name: rows for name, query in LEFTOVERS if (rows := life.ask(query))}
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
