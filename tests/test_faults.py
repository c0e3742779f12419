"""Servers are killed at random moments, a few times each act: the bench in short.

    bin/odoo python bench/faults.py --database DATABASE --kills 20

is the long one.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import psycopg2.errors
import psycopg2.sql
import pytest

BENCH = Path(__file__).parent.parent / "bench" / "faults.py"
DATA = Path(os.environ["HOITHI_DATA"])
#: Seconds until nobody is connected to the demo; PostgreSQL itself waits for five.
PATIENCE = 300
ARGUMENTS = ("--kills", "1", "--entries", "1", "--seed", "16")
ACTS = (
    *("submission", "assignment", "sheet", "ballot", "count", "run"),
    *("package", "invitations", "notices", "check", "issue"),
)


@pytest.fixture
def database():
    """A copy of the demo, which may be ruined."""
    demo, name = os.environ["HOITHI_DEMO"], f"hoithi_faults_{os.getpid()}"
    server = psycopg2.connect(dbname="postgres")
    server.autocommit = True

    def execute(statement):
        names = {"copy": psycopg2.sql.Identifier(name)}
        names["demo"] = psycopg2.sql.Identifier(demo)
        with server.cursor() as cursor:
            cursor.execute(psycopg2.sql.SQL(statement).format(**names))

    until = time.monotonic() + PATIENCE
    while True:
        try:
            execute("CREATE DATABASE {copy} TEMPLATE {demo}")
            break
        except psycopg2.errors.ObjectInUse:
            # another test reads the demo just now, as the one of the backup
            if time.monotonic() > until:
                raise
    files = DATA / "filestore"
    try:
        shutil.copytree(files / demo, files / name)
        yield name
    finally:
        execute("DROP DATABASE {copy} WITH (FORCE)")
        server.close()
        shutil.rmtree(files / name, ignore_errors=True)


def test_nothing_is_broken_by_servers_that_are_killed(database):
    done = subprocess.run(
        [sys.executable, BENCH, "--database", database, *ARGUMENTS],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.environ["HOITHI_ODOO_HOME"]},
    )
    assert done.returncode == 0, done.stdout[-6000:]
    told = re.findall(
        r"^(\w+) +\d+ killed at work, .* 0 broken$", done.stdout, re.MULTILINE
    )
    assert tuple(told) == ACTS, done.stdout[-6000:]
    assert re.search(r"^[1-9]\d* killed, 0 broken$", done.stdout, re.MULTILINE), (
        done.stdout
    )
