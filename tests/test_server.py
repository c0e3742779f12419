"""The servers that bin/serve and bin/odoo start stay up.

They run in a checkout of their own, which borrows Odoo and the Python packages of this
one: its programs are the real ones, and nothing of the developer's is touched.
"""

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock")
LOOKS_EVERY_SECOND = """
import pathlib, psycopg2, odoo.service.server, odoo.sql_db
odoo.service.server.SLEEP_INTERVAL = 1
borrow = odoo.sql_db.ConnectionPool.borrow
def borrow_unless_away(pool, info):
    if pathlib.Path(%r).exists():
        raise psycopg2.OperationalError("PostgreSQL is away")
    return borrow(pool, info)
odoo.sql_db.ConnectionPool.borrow = borrow_unless_away
"""
PREPARE = """
. bin/_setup.sh
packages=()
set_up requirements.lock >&2
demo=hoithi_demo$suffix
copy_database "$HOITHI_TEMPLATE" "$demo"
stamp_database "$demo" "$(addon_stamp)"
echo "$demo"
"""


def free_port():
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def until(condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.1)
    return found


class Checkout:
    """A checkout: its programs, and the server that its bin/serve runs."""

    def __init__(self, root):
        self.root = root
        self.away = root / "postgresql-is-away"
        self.port = free_port()
        script = Path(os.environ["HOITHI_ODOO_SCRIPT"])
        # as from a terminal: nothing that bin/test has set up leads to its Python
        outside = [
            folder
            for folder in os.environ["PATH"].split(":")
            if not Path(folder).is_relative_to(ROOT)
        ]
        self.environment = os.environ | {
            "PATH": ":".join(outside),
            "ODOO_PATH": str(
                script.parent if script.name == "odoo-bin" else script.parents[2]
            ),
        }
        self._copy()
        self.database = self.run("bash", "-c", PREPARE, "prepare").strip()

    def _copy(self):
        shutil.copytree(ROOT / "bin", self.root / "bin")
        for name in ("hoithi_contest", *LOCKS):
            (self.root / name).symlink_to(ROOT / name)
        state = self.root / ".hoithi"
        state.mkdir()
        (state / "pycache").symlink_to(ROOT / ".hoithi" / "pycache")
        environment = state / "venv"
        venv.create(environment, symlinks=True)
        [site] = environment.glob("lib/python*/site-packages")
        (site / "packages.pth").write_text(sysconfig.get_path("purelib"))
        made = [str(environment)]
        for name in LOCKS:
            digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
            made.append(f"{digest}  {name}")
        (environment / "made").write_text("\n".join(made) + "\n")
        launcher = self.root / "bin" / "_odoo.py"
        start = "odoo.cli.main()"
        assert start in launcher.read_text()
        launcher.write_text(
            launcher.read_text().replace(
                start, LOOKS_EVERY_SECOND % str(self.away) + start
            )
        )
        serve = self.root / "bin" / "serve"
        text, count = re.subn(
            r"--limit-time-real=\d+", "--limit-time-real=12", serve.read_text()
        )
        assert count == 1
        serve.write_text(text)

    def run(self, *command, **options):
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            timeout=120,
            check=True,
            **options,
        )
        return done.stdout

    def serve(self, *arguments):
        return self.run("bin/serve", *arguments)

    def start(self):
        self.serve("--port", str(self.port))

    @property
    def log(self):
        return (self.root / ".hoithi" / "logs" / "server.log").read_text()

    def processes(self, name=""):
        """Process ids of this checkout's server and watcher, or of that program."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            parts = command.split("\0")
            if f"{self.root}/bin/{name}" in command and "bash" not in parts[0]:
                found.append((int(folder.name), parts))
        watcher = f"{self.root}/bin/_watch.py"
        if name == "_odoo.py":  # the watcher names it too
            found = [(pid, parts) for pid, parts in found if watcher not in parts]
        return [pid for pid, _parts in found]

    def server(self):
        [pid] = until(lambda: self.processes("_odoo.py"), "a server")
        return pid


def page(port):
    try:
        url = f"http://127.0.0.1:{port}/web/login"
        return urllib.request.urlopen(url, timeout=30).status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    checkout = Checkout(tmp_path_factory.mktemp("checkout").resolve())
    yield checkout
    checkout.serve("--stop")
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute(f'DROP DATABASE "{checkout.database}" WITH (FORCE)')


@pytest.fixture
def served(checkout):
    """The checkout with its server running."""
    checkout.away.unlink(missing_ok=True)
    if not page(checkout.port):
        checkout.start()
    return checkout


def test_an_idle_connection_held_past_the_real_time_limit(served):
    pid = served.server()
    with closing(socket.create_connection(("127.0.0.1", served.port))):
        until(lambda: "Initiating server reload" in served.log, "a reload")
        until(lambda: served.log.count("HTTP service (werkzeug) running") == 2, "Odoo")
    until(lambda: page(served.port), "a page")
    assert served.server() == pid, "Odoo executes itself anew, under the same id"
    # bin/serve knows it all the same
    assert f"http://127.0.0.1:{served.port}" in served.serve()
    assert served.server() == pid


def test_a_hangup(served):
    pid = served.server()
    times = served.log.count("HTTP service (werkzeug) running")
    os.kill(pid, signal.SIGHUP)
    until(
        lambda: served.log.count("HTTP service (werkzeug) running") > times, "a reload"
    )
    until(lambda: page(served.port), "a page")
    assert served.server() == pid


def test_a_kill_of_the_server(served):
    pid = served.server()
    os.kill(pid, signal.SIGKILL)
    until(lambda: page(served.port), "a page")
    assert served.server() != pid
    assert "the server was killed by signal 9" in served.log


def test_postgresql_goes_and_comes_back(served, database):
    pid = served.server()
    served.away.touch()
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = %s",
            [f"odoo-{pid}"],
        )
    until(lambda: served.server() != pid, "a server with new scheduled actions")
    served.away.unlink()
    until(lambda: page(served.port), "a page")

    def listens():
        with database.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_stat_activity WHERE application_name = %s"
                " AND datname = 'postgres'",
                [f"odoo-{served.server()}"],
            )
            return cursor.rowcount

    until(listens, "scheduled actions")


@pytest.mark.parametrize("killed", [(), ("_watch.py",), ("_watch.py", "_odoo.py")])
def test_stop_leaves_nothing_running(served, killed):
    for name in killed:
        for pid in served.processes(name):
            os.kill(pid, signal.SIGKILL)
        until(lambda name=name: not served.processes(name), f"{name} is gone")
    told = served.serve("--stop")
    assert ("Stopped" in told) == (len(killed) < 2)
    assert not served.processes()
    assert not page(served.port)


def test_in_the_foreground_it_ends_with_its_program(checkout):
    assert not checkout.processes()
    program = subprocess.Popen(
        ["bin/serve", "--foreground", "--port", str(checkout.port)],
        cwd=checkout.root,
        env=checkout.environment,
        stdout=subprocess.DEVNULL,
    )
    until(lambda: page(checkout.port), "a page")
    program.terminate()
    assert program.wait(60) == 130
    assert not checkout.processes()


def test_a_server_that_cannot_start_is_given_time(tmp_path):
    starts = tmp_path / "starts"
    watcher = subprocess.Popen(
        [
            *(sys.executable, ROOT / "bin" / "_watch.py", sys.executable, "-c"),
            f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(1)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = [watcher.stdout.readline() for _ in range(2)]
    assert ["started again in 1 s" in lines[0], "in 2 s" in lines[1]] == [True] * 2
    assert starts.read_text() == "xx"
    watcher.terminate()
    assert watcher.wait(5) == 0


def test_bin_odoo_with_workers_survives_a_hangup(checkout):
    port = free_port()
    log = checkout.root / "odoo.log"
    server = subprocess.Popen(
        [
            *("bin/odoo", "-d", checkout.database, "--workers=1"),
            *(f"--http-port={port}", f"--gevent-port={free_port()}"),
            *("--max-cron-threads=0", f"--logfile={log}"),
        ],
        cwd=checkout.root,
        env=checkout.environment,
    )
    try:
        until(lambda: page(port), "a page")
        server.send_signal(signal.SIGHUP)
        until(lambda: log.read_text().count("Worker WorkerHTTP") > 1, "a reload")
        until(lambda: page(port), "a page")
        assert server.poll() is None
    finally:
        server.terminate()
        server.wait(30)
    assert not page(port)
