"""The product as its users meet it: a browser, and a server with worker processes.

bin/test starts the server, on a copy of the demo database that it throws away, and says
in the environment where it is.
"""

import csv
import os
import re
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psycopg2
import psycopg2.extras
import pytest
import requests
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parent.parent
SCREENSHOTS = ROOT / "build" / "screenshots"
LOGINS = ROOT / "hoithi_contest" / "demo" / "logins.csv"
#: Without the frame of a browser that nobody sees: a page costs half.
CHROMIUM = os.environ.get("HOITHI_CHROMIUM", "/usr/bin/chromium-headless-shell")
# A busy machine is slow, not wrong.
TIMEOUT = 30_000
# Odoo's live notifications need a proxy when it runs with workers.
EXPECTED_ERRORS = re.compile(r"websocket|/bus/|ERR_ABORTED", re.IGNORECASE)


def pytest_configure(config):
    expect.set_options(timeout=TIMEOUT)


def pytest_collection_modifyitems(items):
    if not os.environ.get("HOITHI_URL") and any(
        {"base_url", "database"}.intersection(item.fixturenames) for item in items
    ):
        pytest.exit("These tests need a server: run them by bin/test tests.", 2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" and report.failed:
        for number, page in enumerate(getattr(item, "open_pages", [])):
            if not page.is_closed():
                take(page, f"failed-{item.name}-{number}")
    return report


def take(page, name):
    path = SCREENSHOTS / (re.sub(r"[^\w.-]+", "-", name) + ".png")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path


@pytest.fixture(scope="session")
def base_url():
    return os.environ["HOITHI_URL"]


@pytest.fixture(scope="session")
def database():
    """A connection to the server's database; every statement is its own transaction."""
    connection = psycopg2.connect(
        dbname=os.environ["HOITHI_DATABASE"],
        cursor_factory=psycopg2.extras.RealDictCursor,
    )
    connection.autocommit = True
    yield connection
    connection.close()


@pytest.fixture(scope="session", autouse=True)
def all_contests():
    """Lists show all contests to everybody: most tests make one of their own."""
    if os.environ.get("HOITHI_URL"):
        with closing(psycopg2.connect(dbname=os.environ["HOITHI_DATABASE"])) as demo:
            demo.cursor().execute("UPDATE res_users SET hoithi_all_contests = true")
            demo.commit()


@pytest.fixture
def sql(database):
    """sql(query, *parameters): the rows as dictionaries."""

    def run(query, *parameters):
        with database.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    # one person does in a few minutes here what would be too often elsewhere
    run("DELETE FROM hoithi_rate_note")
    return run


@pytest.fixture(scope="session")
def passwords():
    """The demo's passwords by login."""
    known = {"admin": "admin"}
    if LOGINS.exists():
        with LOGINS.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                known[row["login"]] = row["password"]
    return known


@pytest.fixture
def rpc(base_url, passwords):
    """rpc(login, model, method, *args, **kwargs): a call as that user, with their
    rights, as their browser would make it. For setting a scene and for trying what a
    user may do beside the screens."""
    sessions = {}

    def post(session, path, params):
        response = session.post(
            base_url + path, json={"jsonrpc": "2.0", "params": params}, timeout=120
        )
        response.raise_for_status()
        answer = response.json()
        if "error" in answer:
            error = answer["error"]["data"]
            raise RemoteError(error["name"], error["message"])
        return answer["result"]

    def call(login, model, method, *args, **kwargs):
        if login not in sessions:
            session = sessions[login] = requests.Session()
            post(
                session,
                "/web/session/authenticate",
                {
                    "db": os.environ["HOITHI_DATABASE"],
                    "login": login,
                    "password": passwords[login],
                },
            )
        return post(
            sessions[login],
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    return call


class RemoteError(Exception):
    """An error that the server answered: its class's name, its message."""

    def __init__(self, name, message):
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def storage_states():
    """The cookies of the users that have logged in, by login."""
    return {}


@pytest.fixture
def new_page(request, browser, base_url):
    """new_page(**context_options): an anonymous visitor's page.

    After the test, an error that a page's script raised or logged fails it.
    `page.expected_errors` is a pattern of what the test itself provokes."""
    contexts = []
    errors = []
    request.node.open_pages = []

    def watch(page):
        page.expected_errors = None
        page.pending = set()
        page.on(
            "request",
            lambda request: (
                page.pending.add(request)
                if request.resource_type in ("xhr", "fetch")
                else None
            ),
        )
        for end in ("requestfinished", "requestfailed"):
            page.on(end, lambda request: page.pending.discard(request))

        def note(text):
            if EXPECTED_ERRORS.search(text) or (
                page.expected_errors and re.search(page.expected_errors, text)
            ):
                return
            errors.append(f"{page.url}: {text}")

        page.on("pageerror", lambda error: note(str(error)))
        page.on(
            "console",
            lambda message: (
                note(f"{message.text} ({message.location.get('url', '')})")
                if message.type == "error"
                else None
            ),
        )

    def open_page(**options):
        options = {
            "base_url": base_url,
            "locale": "vi-VN",
            "timezone_id": "Asia/Ho_Chi_Minh",
            "viewport": {"width": 1280, "height": 900},
            # what fades in and slides out is waited for otherwise
            "reduced_motion": "reduce",
        } | options
        context = browser.new_context(**options)
        context.set_default_timeout(TIMEOUT)
        # as on a desk: without a window Chromium has no viewer for PDF
        context.add_init_script(
            "Object.defineProperty(navigator, 'pdfViewerEnabled',"
            " {get: () => true, configurable: true})"
        )
        contexts.append(context)
        context.on("page", watch)
        page = context.new_page()
        request.node.open_pages.append(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, "The browser's console shows errors:\n" + "\n".join(errors)


@pytest.fixture
def log_in(base_url, passwords):
    """log_in(page, login): by the login page."""

    def log_in(page, login, password=None):
        page.goto("/web/login")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(password or passwords[login])
        page.locator("form.oe_login_form button[type=submit]").first.click()
        page.wait_for_url(re.compile(r"/(odoo|my|web)(?!/login)\b"))

    return log_in


@pytest.fixture
def page_for(new_page, log_in, storage_states):
    """page_for(login, **context_options): a page of that user's browser."""

    def page_for(login, **options):
        if login not in storage_states:
            page = new_page()
            log_in(page, login)
            storage_states[login] = page.context.storage_state()
            page.context.close()
        return new_page(storage_state=storage_states[login], **options)

    return page_for


@pytest.fixture
def no_js_page_for(page_for):
    """no_js_page_for(login): the same in a browser without JavaScript."""
    return lambda login, **options: page_for(
        login, java_script_enabled=False, **options
    )


@pytest.fixture
def screenshot():
    """screenshot(page, name): a picture of the whole page in build/screenshots, where
    they are asked for: no test looks at them, and some hundreds take minutes."""
    return take if os.environ.get("HOITHI_PICTURES") else lambda page, name: None


@pytest.fixture
def share_link(rpc, sql):
    """The address of the letter by which an author without a login confirms."""
    [line] = sql(
        "SELECT author.* FROM hoithi_entry_author author"
        " JOIN hoithi_entry entry ON entry.id = author.entry_id"
        " WHERE entry.state = 'submitted' AND author.is_representative IS NOT TRUE"
        " ORDER BY author.id DESC LIMIT 1"
    )
    names = ("partner_id", "employee_id", "email", "confirmed_on", "declined_on")
    names += ("decline_reason", "consent_publish", "consent_on")
    columns = ", ".join(f"{name} = %s" for name in names)
    change = f"UPDATE hoithi_entry_author SET {columns} WHERE id = %s"
    values = {name: None for name in names} | {"email": "ngoai@truong.example.vn"}
    sql(change, *values.values(), line["id"])
    [model] = sql("SELECT id FROM ir_model WHERE model = 'res.company'")
    code = f"""
line = env["hoithi.entry.author"].sudo().browse({line["id"]})
action = {{"type": "ir.actions.act_url", "url": line._get_link_path()}}
"""
    values = {"name": "Link", "model_id": model["id"], "state": "code", "code": code}
    about = {"active_model": "res.company", "active_id": 1}
    try:
        [action] = rpc("admin", "ir.actions.server", "create", [values])
        yield rpc("admin", "ir.actions.server", "run", [action], context=about)["url"]
        rpc("admin", "ir.actions.server", "unlink", [action])
    finally:
        sql(change, *(line[name] for name in names), line["id"])


@pytest.fixture
def open_objections(sql):
    """Results of the past contest are open to objections."""
    dates = (
        "UPDATE hoithi_contest SET objection_days = %s, objections_from = %s,"
        " objections_until = %s WHERE state = 'closed'"
    )
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    sql(dates, 5, now - timedelta(days=2), now + timedelta(days=3))
    yield
    sql(dates, 0, None, None)


#: What axe goes by.
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}
#: What Odoo draws around every screen of every app, and its own fields: menus with
#: buttons among them, a tag that says it isn't chosen, a tick without a name in a list,
#: a picture that has a role and no name, a choice that opens as a menu. Ours is what is
#: in the screens.
OF_ODOO = [
    ".o_main_navbar",
    ".o_tag",
    ".o_field_tags",
    ".o_field_many2one_avatar_user",
    ".o_field_many2one_avatar_employee",
    ".o_searchview",
    ".o_data_row .o-checkbox",
    ".o-mail-Chatter",
    ".o_field_selection",
]
#: Nothing moves or fades any more but what does so for ever.
SETTLED = """() => document.getAnimations().every(
    (one) => one.playState !== "running" ||
        one.effect?.getComputedTiming().endTime === Infinity
)"""


#: What has happened so far is drawn.
DRAWN = """() => new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(resolve))
)"""
#: Seconds after which a page is looked at though it still waits for something.
PATIENCE = 10


def settle(page):
    """Wait until a page has what its scripts ask for, has drawn it, and nothing moves:
    what fades in has its colours, also where the machine is slow."""
    end = time.monotonic() + PATIENCE
    page.evaluate(DRAWN)
    while page.pending and time.monotonic() < end:
        page.wait_for_timeout(20)
    page.evaluate(DRAWN)
    page.wait_for_function(SETTLED)


def find_faults(page, context=None):
    """Return what axe finds. It is half a megabyte: a page is given it once."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(
        "async ([context, options]) =>"
        " (await axe.run(context || document, options)).violations",
        [context, AXE],
    )


#: A dialog of the web client that stands over the page.
DIALOG = ".o_technical_modal"


@pytest.fixture(scope="session")
def assert_nothing_serious():
    """assert_nothing_serious(page, around=OF_ODOO): axe finds no serious fault.

    `around` is left out: what Odoo draws by itself."""

    def check(page, around=OF_ODOO):
        settle(page)
        context = {"exclude": [[css] for css in around]} if around else {}
        if page.locator(DIALOG).count():
            # what lies behind it is darkened, and out of reach
            context["include"] = [[DIALOG]]
        found = find_faults(page, context or None)
        serious = [
            f"{fault['id']}: {fault['nodes'][0]['html'][:200]}"
            for fault in found
            if fault["impact"] in ("serious", "critical")
        ]
        assert not serious, f"{page.url}: " + "; ".join(serious)

    return check


@pytest.fixture(scope="session")
def assert_accessible():
    """assert_accessible(page): axe finds no fault by WCAG 2.2 AA."""

    def check(page):
        size = page.viewport_size
        # as high as the page: a bar at the foot of a screen covers what is scrolled
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({**size, "height": height + 200})
        found = find_faults(page)
        page.set_viewport_size(size)
        assert not found, f"{page.url}: " + "; ".join(
            f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found
        )

    return check
