"""Try in small what docs/dev/growing.md says of a server that grows.

    bin/odoo python bench/growing.py               all of it
    bin/odoo python bench/growing.py sso pool      some

Makes the database hoithi_growing of the demo, beside OCA's addons of `growing.lock`,
and drops it again. What it needs of the system (nginx, pgbouncer, moto's moto_server,
PostgreSQL's own programs) is looked for on PATH; what isn't there is told as not tried.
Everything listens on 127.0.0.1, from port BENCH_PORT (8190) on.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import bench_head
import psycopg2

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".hoithi" / "growing"
ADDONS, LIBS = STATE / "addons", STATE / "libs"
NAME = "hoithi_growing"
PORT = int(os.environ.get("BENCH_PORT", "8190"))
MODULES = "hoithi_contest,queue_job,fs_attachment,mail_gateway,auth_oidc"
#: Tests of the addon that are run again with the files in another storage.
STORED = ("TestHoithiFiles", "TestReviewCopies", "TestHoithiDossierItem")
#: One that alters a file on the server's own disk, where it doesn't lie then.
LOCAL = "TestHoithiFiles.test_the_nightly_check_compares_content"


class NotTried(Exception):
    """What is missing for it."""


def fetch():
    """Put OCA's addons and what they need aside, checked by their hashes."""
    if (STATE / "made").exists():
        return
    shutil.rmtree(STATE, ignore_errors=True)
    wheels = STATE / "wheels"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
            *("--require-hashes", "--only-binary=:all:", "--dest", wheels),
            *("-r", ROOT / "bench" / "growing.lock"),
        ],
        check=True,
    )
    for wheel in wheels.iterdir():
        is_addon = wheel.name.startswith("odoo_addon_")
        shutil.unpack_archive(wheel, STATE / "all" if is_addon else LIBS, "zip")
    shutil.move(STATE / "all" / "odoo" / "addons", ADDONS)
    for tests in ADDONS.glob("*/tests"):
        # they need more than is in the lock, and Odoo loads those of all addons
        shutil.rmtree(tests)
    (STATE / "made").touch()


def get_script():
    """Return Odoo's own script, which it starts its other processes by."""
    home = Path(os.environ["PYTHONPATH"].split(os.pathsep)[0])
    scripts = (home / "odoo-bin", home.parents[2] / "bin" / "odoo")
    return str(next(script for script in scripts if script.exists()))


def get_options():
    text = Path(os.environ["ODOO_RC"]).read_text(encoding="utf-8")
    paths = re.search(r"^addons_path = (.*)$", text, re.MULTILINE)[1]
    return ["-d", NAME, "--addons-path", f"{paths},{ADDONS}"]


def get_environment(**more):
    paths = [os.environ["PYTHONPATH"], str(LIBS)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **more}


def odoo(*arguments, text="", name=NAME):
    """Run Odoo to its end; return what it said."""
    command = [sys.executable, get_script()]
    if arguments[:1] == ("shell",):
        command.append("shell")
        arguments = arguments[1:]
    done = subprocess.run(
        [*command, *get_options(), *arguments],
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=get_environment(),
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-4000:])
    return done.stdout


def shell(text):
    """Run Python in Odoo's shell; return the lines that it printed with a ">"."""
    said = odoo("shell", "--no-http", "--log-level=warn", text=text)
    if "Traceback" in said:
        raise RuntimeError(said[-4000:])
    return [line[1:].strip() for line in said.splitlines() if line.startswith(">")]


@contextmanager
def process(*command, **environment):
    """A process of a group of its own while the block lasts."""
    started = subprocess.Popen(
        command,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=get_environment(**environment),
    )
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            started.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)


@contextmanager
def server(*options, port=PORT, **environment):
    """Odoo while the block lasts; gives the file of its log."""
    with TemporaryDirectory() as folder:
        log = Path(folder) / "odoo.log"
        with process(
            *(sys.executable, get_script(), *get_options()),
            *("--http-port", str(port), "--gevent-port", str(port + 1)),
            *("--db-filter", f"^{NAME}$", "--logfile", str(log), *options),
            **environment,
        ):
            try:
                wait(f"http://127.0.0.1:{port}/web/health")
            except RuntimeError:
                raise RuntimeError(log.read_text()[-4000:]) from None
            yield log


def wait(url):
    for _second in range(120):
        with suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.5)
    raise RuntimeError(f"{url} doesn't answer")


def need(program):
    path = shutil.which(program)
    if not path:
        raise NotTried(f"{program} isn't installed")
    return path


def get_browser():
    jar = CookieJar()
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))


def log_in(browser, login, port=PORT):
    page = browser.open(f"http://127.0.0.1:{port}/web/login").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = {"login": login, "password": login, "csrf_token": token}
    answer = browser.open(
        f"http://127.0.0.1:{port}/web/login", urllib.parse.urlencode(form).encode()
    )
    assert "/web/login" not in answer.url, f"{login} wasn't let in"
    return answer


# --- OCA's addons -----------------------------------------------------------------

QUEUE = """
from odoo.addons.queue_job.job import Job
runs = env["hoithi.document.run"]
secretary = env.ref("hoithi_contest.user_secretary", raise_if_not_found=False)
secretary = secretary or env["res.users"].search(
    [("all_group_ids", "in", env.ref("hoithi_contest.group_secretary").ids),
     ("id", ">", 5)], limit=1)
contest = env["hoithi.contest"].search([("entry_ids", "!=", False)], limit=1)
own = runs.with_user(secretary)
run = own.create({"contest_id": contest.id, "kind": "registration", "output": "zip"})
run.action_start()
env.cr.commit()
jobs = env["queue.job"].search([("model_name", "=", "hoithi.document.run")])
print(">jobs", len(jobs), jobs[:1].state, jobs[:1].identity_key)
run.action_cancel()
run.action_retry()
print(">once", env["queue.job"].search_count(
    [("model_name", "=", "hoithi.document.run"), ("state", "=", "pending")]))
env.cr.commit()
"""
QUEUE_END = """
run = env["hoithi.document.run"].search([], order="id desc", limit=1)
jobs = env["queue.job"].search([("model_name", "=", "hoithi.document.run")])
print(">state", run.state, run.done_count, run.failed_count, jobs.mapped("state"))
"""


def try_queue():
    """Work in the background is a job, worked by the queue's own runner."""
    told = shell(QUEUE)
    with server(
        *("--workers", "2", "--max-cron-threads", "0"),
        *("--load", "base,web,queue_job"),
        ODOO_QUEUE_JOB_CHANNELS="root:1",
        ODOO_QUEUE_JOB_HOST="127.0.0.1",
        ODOO_QUEUE_JOB_PORT=str(PORT),
        ODOO_QUEUE_JOB_JOBRUNNER_DB_HOST=os.environ["PGHOST"],
        ODOO_QUEUE_JOB_JOBRUNNER_DB_USER=os.environ["PGUSER"],
    ):
        for _second in range(120):
            [end] = shell(QUEUE_END)
            if end.split()[1] in ("done", "failed"):
                break
            time.sleep(1)
    assert end.split()[1] == "done", end
    return "; ".join([*told, end])


STORAGE = """
import pathlib
folder = pathlib.Path({folder!r})
env["fs.storage"].create({{
    "name": "Kho", "code": "kho", "protocol": "file",
    "directory_path": str(folder), "use_as_default_for_attachments": True,
    "force_db_for_default_attachment_rules": "{{}}"}})
env.cr.commit()
item = env["hoithi.dossier.item"].search([("attachment_id", "!=", False)], limit=1)
new = item.with_context(hoithi_door=None).attachment_id.copy({{"name": "moi.pdf"}})
new.raw = b"%PDF-1.4 thu"
env.cr.commit()
print(">stored", new.store_fname, len(list(folder.rglob("*"))) > 0)
print(">kept", new._is_stored_elsewhere(), new.raw[:8], bool(new._get_path_on_disk()))
print(">broken", len(env["ir.attachment"]._get_broken_files()))
"""


def try_storage():
    """Files go into the storage, and the addon's own tests of files still pass."""
    with TemporaryDirectory() as folder:
        told = shell(STORAGE.format(folder=folder))
        tags = ",".join(f"/hoithi_contest:{name}" for name in STORED)
        tags += f",-/hoithi_contest:{LOCAL}"
        said = odoo("--test-tags", tags, "--stop-after-init", "--no-http")
        result = re.findall(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests", said)[-1]
        shell(
            "env['fs.storage'].search([]).use_as_default_for_attachments = False\n"
            "env.cr.commit()"
        )
    assert result[:2] == ("0", "0"), said[-6000:]
    return "; ".join([*told, f"{result[2]} tests passed with files in the storage"])


S3 = """
import hashlib, os
env["fs.storage"].create({{
    "name": "Kho xa", "code": "khoxa", "protocol": "s3",
    "directory_path": "hoithi",
    "options": '{{"endpoint_url": "{url}", "key": "x", "secret": "x"}}',
    "use_as_default_for_attachments": True,
    "force_db_for_default_attachment_rules": "{{}}"}})
env.cr.commit()
item = env["hoithi.dossier.item"].search([("attachment_id", "!=", False)], limit=1)
content = b"%PDF-1.4 " + os.urandom(3 << 20)
new = item.with_context(hoithi_door=None).attachment_id.copy({{"name": "xa.pdf"}})
new.raw = content
env.cr.commit()
env.invalidate_all()
print(">stored", new.store_fname[:16], new._is_stored_elsewhere())
print(">whole", new.raw == content,
      new._get_sha256() == hashlib.sha256(content).hexdigest())
print(">broken", len(env["ir.attachment"]._get_broken_files()))
env["fs.storage"].search([]).use_as_default_for_attachments = False
env.cr.commit()
"""


def try_s3():
    """Files go over the network into a bucket of S3, stood in for by moto's server."""
    program = need("moto_server")
    url = f"http://127.0.0.1:{PORT + 6}"
    with process(program, "-H", "127.0.0.1", "-p", str(PORT + 6)):
        wait(f"{url}/moto-api/")
        urllib.request.urlopen(
            urllib.request.Request(f"{url}/hoithi", method="PUT")
        ).close()
        told = shell(S3.format(url=url))
        with urllib.request.urlopen(f"{url}/hoithi?list-type=2") as answer:
            count = answer.read().count(b"<Key>")
    assert told[1] == "whole True True" and count, (told, count)
    return f"{'; '.join(told)}; {count} in the bucket"


GATEWAY = """
from unittest.mock import patch
field = env["mail.gateway"]._fields["gateway_type"]
field.selection = [("abstract", "Stand-in")]
field._selection = dict(field.selection)
gateway = env["mail.gateway"].create(
    {"name": "Tin nhắn", "token": "x", "gateway_type": "abstract",
     "webhook_key": "x", "company_id": env.company.id})
notice = env["hoithi.notice"].search([("state", "=", "sent")], limit=1)
env["res.partner.gateway.channel"].create(
    {"partner_id": notice.partner_id.id, "gateway_id": gateway.id,
     "gateway_token": "7731"})
gateway.company_id = notice.company_id
notice = notice._open_door()
sent = []
with patch.object(type(env["mail.gateway.abstract"]), "_send",
                  lambda self, gateway, record, **kw: sent.append(record)):
    notice.told_on = False
    notice._tell_elsewhere()
    notice._tell_elsewhere()
body = sent[0].mail_message_id.body
print(">sent", len(sent), bool(notice.told_on), "/my/hoithi" in body)
"""


def try_gateway():
    """A letter is told of by a message, once; the service itself stood in for."""
    told = shell(GATEWAY)
    assert told == ["sent 1 True True"], told
    return told[0]


# --- signing in -------------------------------------------------------------------


class Provider:
    """An OpenID provider for one person at a time: authorize, token, keys."""

    def __init__(self, port):
        from cryptography.hazmat.primitives.asymmetric import rsa

        self.port, self.claims, self.client = port, {}, "hoithi"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_arguments):
                """Stay silent."""

            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(url.query))
                if url.path == "/keys":
                    self._answer(provider.get_keys())
                    return
                provider.challenge = query.get("code_challenge")
                terms = {"code": "7731", "state": query["state"]}
                self.send_response(302)
                self.send_header(
                    "Location",
                    f"{query['redirect_uri']}?{urllib.parse.urlencode(terms)}",
                )
                self.end_headers()

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
                digest = hashlib.sha256(form["code_verifier"].encode()).digest()
                challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                assert form["code"] == "7731" and challenge == provider.challenge
                self._answer(provider.make_tokens())

            def _answer(self, values):
                content = json.dumps(values).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(content)

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def get_keys(self):
        def number(value):
            content = value.to_bytes((value.bit_length() + 7) // 8, "big")
            return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

        public = self.key.public_key().public_numbers()
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "kid": "1",
                    "alg": "RS256",
                    "use": "sig",
                    "n": number(public.n),
                    "e": number(public.e),
                }
            ]
        }

    def make_tokens(self):
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        def pack(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

        now = int(time.time())
        claims = {
            "iss": f"http://127.0.0.1:{self.port}",
            "aud": self.client,
            "iat": now,
            "exp": now + 300,
            **self.claims,
        }
        signed = b".".join(
            map(pack, ({"alg": "RS256", "kid": "1", "typ": "JWT"}, claims))
        )
        signature = self.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        token = signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")
        return {
            "access_token": f"access-{claims['sub']}-{now}",
            "id_token": token.decode(),
            "token_type": "Bearer",
        }


SSO = """
env["auth.oauth.provider"].search([]).enabled = False
provider = env["auth.oauth.provider"].create({{
    "name": "Tỉnh", "client_id": "hoithi", "enabled": True, "flow": "id_token_code",
    "body": "Đăng nhập của tỉnh", "scope": "openid email profile",
    "token_map": "email:user_id",
    "auth_endpoint": "http://127.0.0.1:{port}/authorize",
    "token_endpoint": "http://127.0.0.1:{port}/token",
    "jwks_uri": "http://127.0.0.1:{port}/keys"}})
env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2b")
env["ir.config_parameter"].set_param("web.base.url", "http://127.0.0.1:{web}")
author = env["hoithi.entry.author"].search(
    [("partner_id.user_ids.share", "=", True)], limit=1)
user = author.partner_id.user_ids[:1]
# as an import of a list of logins does it
user.write({{"oauth_provider_id": provider.id, "oauth_uid": user.login}})
env.cr.commit()
print(">", user.login, author.entry_id.id)
"""


def try_sso():
    """Who is known by the address signs in as that user; who isn't, doesn't."""
    provider = Provider(PORT + 5)
    [known] = shell(SSO.format(port=provider.port, web=PORT))
    login, entry = known.split()
    results = []
    with server("--max-cron-threads", "0"):
        for email, is_known in ((login, True), ("la.mat@example.vn", False)):
            provider.claims = {"sub": f"id-{email}", "email": email, "name": "Ai đó"}
            browser = get_browser()
            page = browser.open(f"http://127.0.0.1:{PORT}/web/login").read().decode()
            link = re.search(rf'href="(http://127.0.0.1:{provider.port}[^"]+)"', page)
            browser.open(link[1].replace("&amp;", "&"))
            answer = browser.open(f"http://127.0.0.1:{PORT}/my/hoithi/entries/{entry}")
            is_in = "/web/login" not in answer.url
            assert is_in == is_known, (email, answer.url)
            results.append(f"{email}: {'in' if is_in else 'refused'}")
    provider.server.shutdown()
    count = shell(
        "print('>', env['res.users'].search_count([('login', 'ilike', 'la.mat')]))"
    )
    assert count == ["0"], "a stranger was made a user"
    return "; ".join(results)


# --- PostgreSQL -------------------------------------------------------------------


def count_queries(port, **options):
    with (
        psycopg2.connect(dbname=NAME, port=port, **options) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database"
            " WHERE datname = %s",
            [NAME],
        )
        return cursor.fetchone()[0]


def try_replica():
    """Pages that only read are served by a replica that follows."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        raise NotTried("PostgreSQL's own programs aren't found")
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        data, socket = Path(folder) / "data", Path(folder) / "socket"
        socket.mkdir()
        if as_owner:
            shutil.chown(folder, "postgres")
            shutil.chown(socket, "postgres")
        subprocess.run(
            [
                *(*as_owner, programs[-1] / "pg_basebackup", "-D", data, "-R"),
                *("-h", os.environ["PGHOST"], "-U", os.environ["PGUSER"]),
                *("-X", "stream", "-c", "fast"),
            ],
            check=True,
            cwd="/",
        )
        # a standby takes as many connections as what it follows
        with psycopg2.connect(dbname="postgres") as primary, primary.cursor() as cursor:
            cursor.execute("SHOW max_connections")
            most = cursor.fetchone()[0]
        control = [*as_owner, programs[-1] / "pg_ctl", "-D", data, "-w"]
        subprocess.run(
            [
                *(*control, "-l", f"{folder}/log", "start", "-o"),
                f"-k {socket} -p 5499 -c max_connections={most} -c listen_addresses=''",
            ],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )
        try:
            with server(
                *("--db_replica_host", str(socket), "--db_replica_port", "5499"),
                *("--max-cron-threads", "0"),
            ) as log:
                url = f"http://127.0.0.1:{PORT}"
                urllib.request.urlopen(f"{url}/hoithi").read()
                before = count_queries(5499, host=str(socket))
                for _n in range(20):
                    urllib.request.urlopen(f"{url}/hoithi").read()
                time.sleep(2)
                served = count_queries(5499, host=str(socket)) - before
                browser = get_browser()
                login = shell(PORTAL)[0]
                log_in(browser, login)
                answer = browser.open(f"{url}/my/hoithi")
                assert answer.status == 200
                written = log.read_text().count("retrying with a read/write cursor")
        finally:
            subprocess.run([*control, "-m", "fast", "stop"], check=False, cwd="/")
    assert served >= 20 and not written, (served, written)
    return f"{served} transactions of 20 pages on the replica, {written} turned back"


PORTAL = """
user = env["res.users"].search([("share", "=", True), ("login", "like", "%")]).filtered(
    lambda user: user.has_group("base.group_portal") and user.active)[:1]
user.password = user.login
env.cr.commit()
print(">", user.login)
"""


def try_pool():
    """Through PgBouncer, by sessions and by transactions: a login and pages."""
    program = need("pgbouncer")
    results, user = [], os.environ["PGUSER"]
    login = shell(PORTAL)[0]
    for mode in ("session", "transaction"):
        with TemporaryDirectory() as folder:
            Path(folder).chmod(0o777)
            conf = Path(folder) / "pgbouncer.ini"
            conf.write_text(
                f"""[databases]
* = host={os.environ["PGHOST"]} port={os.environ.get("PGPORT", "5432")} user={user}
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
unix_socket_mode = 0777
listen_port = 6499
auth_type = any
pool_mode = {mode}
default_pool_size = 20
max_client_conn = 200
ignore_startup_parameters = extra_float_digits,options
logfile = {folder}/log
"""
            )
            # it refuses to be root
            as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
            with process(*as_other, program, str(conf)):
                time.sleep(1)
                with server(
                    *("--db_host", folder, "--db_port", "6499", "--workers", "2"),
                    PGHOST=folder,
                    PGPORT="6499",
                ) as log:
                    browser = get_browser()
                    log_in(browser, login)
                    url = f"http://127.0.0.1:{PORT}"
                    pages = [
                        browser.open(f"{url}{path}").status
                        for path in ("/hoithi", "/my/hoithi", "/my/hoithi/data") * 5
                    ]
                    time.sleep(5)
                    errors = re.findall(r" (?:ERROR|CRITICAL) .*", log.read_text())
            assert set(pages) == {200}, pages
            results.append(
                f"{mode}: {len(pages)} pages, {len(errors)} errors {errors[:1]}"
            )
    return "; ".join(results)


# --- workers behind a proxy -------------------------------------------------------


def try_proxy():
    """Workers and the process for live messages behind nginx, by the example."""
    nginx = need("nginx")
    text = (ROOT / "docs/dev/server/nginx.conf").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes"),
                *("-days", "2", "-subj", "/CN=hoithi.example.vn"),
                *("-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"),
            ],
            check=True,
            capture_output=True,
        )
        for there, here in (
            ("127.0.0.1:8069", f"127.0.0.1:{PORT}"),
            ("127.0.0.1:8072", f"127.0.0.1:{PORT + 1}"),
            ("/etc/ssl/certs/hoithi.pem", f"{folder}/cert.pem"),
            ("/etc/ssl/private/hoithi.key", f"{folder}/key.pem"),
            ("listen 80;", f"listen 127.0.0.1:{PORT + 7};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{PORT + 8} ssl;"),
        ):
            assert there in text
            text = text.replace(there, here)
        Path(folder, "site.conf").write_text(text, encoding="utf-8")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        Path(folder, "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
            f" http {{ access_log off; {temporary} include {folder}/site.conf; }}"
        )
        with (
            server("--workers", "2", "--proxy-mode"),
            process(nginx, "-p", folder, "-c", f"{folder}/nginx.conf"),
        ):
            # it starts after the workers, in a process of its own
            wait(f"http://127.0.0.1:{PORT + 1}/web/health")

            def ask(path, *options):
                done = subprocess.run(
                    [
                        *("curl", "-sk", "-o", "/dev/null", "-m", "20"),
                        *("-w", "%{http_code}", "-H", "Host: hoithi.example.vn"),
                        *(*options, f"https://127.0.0.1:{PORT + 8}{path}"),
                    ],
                    capture_output=True,
                    text=True,
                    check=False,
                )
                return done.stdout[:3]

            page = ask("/hoithi")
            databases = ask("/web/database/manager")
            live = ask(
                "/websocket?version=1",
                *("--http1.1", "-m", "3", "-H", "Connection: Upgrade"),
                *("-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13"),
                *("-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                *("-H", "Origin: https://hoithi.example.vn"),
            )
    assert (page, databases, live) == ("200", "404", "101"), (page, databases, live)
    return f"page {page}, databases {databases}, websocket {live}"


TRIES = {
    "queue": try_queue,
    "storage": try_storage,
    "s3": try_s3,
    "gateway": try_gateway,
    "sso": try_sso,
    "replica": try_replica,
    "pool": try_pool,
    "proxy": try_proxy,
}


def main(names):
    os.chdir(ROOT)
    fetch()
    subprocess.run(["dropdb", "--if-exists", NAME], check=True)
    failed = []
    try:
        print(bench_head.describe(), flush=True)
        print("installing", flush=True)
        odoo("--with-demo", "-i", MODULES, "--stop-after-init", "--no-http")
        for name in names or TRIES:
            try:
                print(f"{name}: {TRIES[name]()}", flush=True)
            except NotTried as error:
                print(f"{name}: NOT TRIED, {error}", flush=True)
            except Exception as error:  # noqa: BLE001, told and gone on
                failed.append(name)
                print(f"{name}: FAILED, {type(error).__name__}: {error}", flush=True)
    finally:
        subprocess.run(["dropdb", "--if-exists", "--force", NAME], check=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
