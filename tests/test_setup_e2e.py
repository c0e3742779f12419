"""The first hour: the set-up of a department that is empty, and who is shown around."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
import psycopg2.sql
import pytest
from playwright.sync_api import expect

LOGIN = "nguoimoi"
PASSWORD = "Mat-khau-thu-2026"
#: A database with the addon and nothing in it, and where Odoo keeps its files.
EMPTY = f"hoithi_empty_{os.getpid()}"
FILES = Path(os.environ.get("HOITHI_DATA", ".")) / "filestore"
MEMBERS = {
    "chau@snnmt.example.com": "Hà Thị Minh Châu",
    "dao@snnmt.example.com": "Lý Minh Đạo",
    "toan@snnmt.example.com": "Vi Văn Toàn",
}
STAFF = "Bế Văn Khoa"
#: Odoo's page of employees looks for icons of modules that aren't there.
ICONS = r"static/description/icon\.png"


@pytest.fixture
def newcomer(rpc):
    """Somebody who runs the contest of a department of which nothing is known yet."""
    [company] = rpc("admin", "res.company", "create", [{"name": "Sở Mới"}])
    groups = [
        rpc("admin", "ir.model.data", "check_object_reference", "hoithi_contest", name)[
            1
        ]
        for name in ("group_secretary", "group_admin")
    ]
    [user] = rpc(
        "admin",
        "res.users",
        "create",
        [
            {
                "name": "Người Mới",
                "login": LOGIN,
                "email": f"{LOGIN}@example.com",
                "password": PASSWORD,
                "lang": "vi_VN",
                "company_id": company,
                "company_ids": [(6, 0, [company])],
                "group_ids": [(4, group) for group in groups],
            }
        ],
    )
    yield user
    rpc("admin", "res.users", "write", [user], {"active": False})


def test_set_up(new_page, log_in, newcomer, screenshot):
    page = new_page(viewport={"width": 1366, "height": 768})
    log_in(page, LOGIN, PASSWORD)
    page.goto("/odoo")
    # the home leads there
    home = page.locator(".o_hoithi_home")
    expect(home.locator("[data-card=setup]")).to_be_visible()
    screenshot(page, "setup-home-1366")
    home.locator(".o_hoithi_next_button").click()
    expect(page).to_have_url(re.compile(r"hoithi-setup"))
    steps = page.locator(".o_hoithi_setup_steps > li")
    expect(steps).to_have_count(9)
    expect(page.locator(".o_hoithi_setup_steps > li.done")).to_have_count(1)
    # a system that nobody has looked at is looked at
    health = page.locator("[aria-labelledby=o_hoithi_setup_health] li[data-key]")
    expect(health.first).to_be_visible()
    screenshot(page, "setup-empty-1366")

    # each step opens just what it is about, and is ticked once that is there
    step = page.locator(".o_hoithi_next[data-step=agency]")
    expect(step.locator("[data-severity=block]")).to_have_count(4)
    step.locator(".o_hoithi_setup_open").click()
    form = page.locator(".o_form_view")
    for name, value in {
        "name": "SỞ MỚI TỈNH THÁI NGUYÊN",
        "parent_name": "ỦY BAN NHÂN DÂN TỈNH THÁI NGUYÊN",
        "symbol": "SM",
        "place_name": "Thái Nguyên",
        "province_name": "Thái Nguyên",
        "head_title": "Giám đốc",
    }.items():
        form.locator(f"[name={name}] input, [name={name}] textarea").first.fill(value)
    form.locator(".o_form_button_save").click()
    expect(form.locator(".o_form_button_save")).not_to_be_visible()
    page.locator(".breadcrumb-item a").last.click()
    expect(page.locator("li[data-step=agency]")).to_have_class(re.compile("done"))
    expect(page.locator("li[data-step=agency]")).to_contain_text("SỞ MỚI")
    page.locator("li[data-step=signers] button").click()
    step = page.locator(".o_hoithi_next[data-step=signers]")
    expect(step.locator("[data-severity=block]")).to_have_count(1)
    screenshot(page, "setup-signers-1366")

    # the letter can't leave here, and that is said
    page.locator("li[data-step=mail] button").click()
    step = page.locator(".o_hoithi_next[data-step=mail]")
    expect(step.locator(".o_hoithi_test_mail")).to_be_enabled()
    page.set_viewport_size({"width": 1024, "height": 768})
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - window.innerWidth"
    )
    assert wide <= 0
    screenshot(page, "setup-mail-1024")


@pytest.fixture
def empty_url(base_url):
    """The address of a server with a database in which nobody has done anything yet."""
    template = os.environ["HOITHI_EMPTY"]
    names = {
        "new": psycopg2.sql.Identifier(EMPTY),
        "old": psycopg2.sql.Identifier(template),
    }

    def run(dbname, text):
        with closing(psycopg2.connect(dbname=dbname)) as connection:
            connection.autocommit = True
            connection.cursor().execute(psycopg2.sql.SQL(text).format(**names))

    run("postgres", "CREATE DATABASE {new} TEMPLATE {old}")
    # Odoo is installed in Vietnamese
    run(
        EMPTY,
        "UPDATE res_partner SET lang = 'vi_VN'"
        " WHERE id = (SELECT partner_id FROM res_users WHERE login = 'admin')",
    )
    shutil.copytree(FILES / template, FILES / EMPTY, dirs_exist_ok=True)
    ports = []
    for _ in range(2):
        with closing(socket.socket()) as listener:
            listener.bind(("127.0.0.1", 0))
            ports.append(listener.getsockname()[1])
    url = f"http://127.0.0.1:{ports[0]}"
    server = subprocess.Popen(
        [
            *(sys.executable, os.environ["HOITHI_ODOO_SCRIPT"], "-d", EMPTY),
            *("--db-filter", f"^{EMPTY}$", "--max-cron-threads=0", "--workers=0"),
            *(f"--http-port={ports[0]}", f"--gevent-port={ports[1]}"),
        ],
        env={**os.environ, "PYTHONPATH": os.environ["HOITHI_ODOO_HOME"]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{url}/web/login", timeout=60)
                break
            except OSError:
                assert server.poll() is None, "the server has ended"
                assert time.monotonic() < end, "the server doesn't start"
                time.sleep(0.3)
        yield url
    finally:
        server.terminate()
        server.wait(60)
        run("postgres", "DROP DATABASE IF EXISTS {new} WITH (FORCE)")
        shutil.rmtree(FILES / EMPTY, ignore_errors=True)


class FirstHour:
    """What a person does on the screens of the set-up, by clicks and typing alone."""

    def __init__(self, page):
        self.page = page
        self.form = page.locator(".o_form_view")
        self.step = page.locator(".o_hoithi_setup .o_hoithi_next")

    def choose_step(self, key):
        self.page.locator(f"li[data-step={key}] button").click()
        expect(self.step).to_have_attribute("data-step", key)

    def begin(self, key):
        """Open what a step is about."""
        self.choose_step(key)
        self.step.locator(".o_hoithi_setup_open").click()
        expect(self.step).to_have_count(0)

    def back(self, key):
        """Return to the steps, where the one that was worked at is ticked."""
        self.crumb("Thiết lập lần đầu")
        self.expect_done(key)

    def crumb(self, text):
        self.page.locator(".breadcrumb-item a", has_text=text).click()

    def expect_done(self, key):
        expect(self.page.locator(f"li[data-step={key}]")).to_have_class(
            re.compile("done")
        )

    def new(self):
        self.page.locator(
            ".o_list_button_add, .o-kanban-button-new, .o_form_button_create"
        ).first.click()
        expect(self.get("name")).to_have_value("")

    def get(self, name):
        field = self.form.locator(f".o_field_widget[name={name}]")
        return field.locator(":is(input, textarea)").first

    def fill(self, **values):
        for name, value in values.items():
            self.get(name).fill(value)

    def fill_day(self, name, day):
        self.get(name).fill(f"{day:%d/%m/%Y}")
        # the calendar closes, and the form takes the day
        self.get(name).press("Tab")

    def keep(self):
        save = self.page.locator(".o_form_button_save")
        save.click()
        try:
            expect(save).not_to_be_visible(timeout=10_000)
        except AssertionError:
            # what the form had still to hear of the server came after the click
            save.click()
            expect(save).not_to_be_visible()

    def add_row(self, name):
        field = self.form.locator(f".o_field_widget[name={name}]")
        rows = field.locator(".o_data_row")
        count = rows.count()
        field.locator(".o_field_x2many_list_row_add :is(a, button)").first.click()
        expect(rows).to_have_count(count + 1)
        return rows.nth(count)

    def pick(self, field, text):
        field.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()

    def give(self, role):
        """Give the user on the form a role of the contest."""
        field = self.page.get_by_label(re.compile(f"^{role}"))
        field.click()
        self.page.locator(".o_select_menu_item").last.click()
        expect(field).to_have_value(re.compile(role))

    def seat(self, name, role):
        """Give a user a seat on the council."""
        row = self.add_row("member_ids")
        self.pick(row.locator("td[name=user_id] input"), name)
        row.locator("td[name=role]").click()
        roles = ("chair", "vice_chair", "secretary", "member")
        self.page.locator(".o_select_menu_item").nth(roles.index(role)).click()


def test_from_nothing_to_a_launched_contest(empty_url, new_page, log_in, screenshot):
    """One person, one login, no guide: the assistant alone leads to the launch."""
    page = new_page(base_url=empty_url, viewport={"width": 1366, "height": 768})
    page.expected_errors = ICONS
    hour, today = FirstHour(page), datetime.now()
    # a database that is new makes its scripts and styles first
    page.set_default_timeout(180_000)
    log_in(page, "admin", "admin")
    # the first screen says what to do
    page.locator(".o_hoithi_home .o_hoithi_next_button").click()
    page.set_default_timeout(60_000)
    expect(page.locator(".o_hoithi_setup_steps > li")).to_have_count(9)
    screenshot(page, "first-hour-1-nothing")

    hour.begin("agency")
    hour.fill(
        name="SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG TỈNH THÁI NGUYÊN",
        parent_name="ỦY BAN NHÂN DÂN TỈNH THÁI NGUYÊN",
        symbol="SNNMT",
        place_name="Thái Nguyên",
        province_name="Thái Nguyên",
        head_title="Giám đốc",
    )
    hour.keep()
    hour.back("agency")

    hour.begin("units")
    hour.new()
    hour.fill(name="Phòng Quản lý đất đai")
    hour.keep()
    hour.back("units")
    # who is known without an address stands there, with the way to the staff
    hour.choose_step("units")
    hour.step.locator("[data-severity=warn] button").last.click()
    hour.new()
    hour.fill(name=STAFF, work_email="khoabv@snnmt.example.com")
    hour.keep()
    hour.back("units")

    hour.begin("signers")
    row = hour.add_row("signer_ids")
    row.locator("td[name=name] input").fill("Nguyễn Văn Giám")
    row.locator("td[name=position]").click()
    row.locator("td[name=position] input").fill("Giám đốc")
    hour.keep()
    hour.back("signers")

    hour.begin("roles")
    for login, name in MEMBERS.items():
        hour.new()
        hour.fill(name=name, login=login)
        hour.give("Ủy viên Hội đồng")
        hour.keep()
    hour.crumb("Người dùng")
    page.locator(".o_data_cell", has_text="Administrator").first.click()
    hour.give("Thư ký")
    hour.give("Lãnh đạo")
    hour.keep()
    hour.back("roles")
    screenshot(page, "first-hour-2-roles")
    # what is brought along is ticked, and said
    hour.expect_done("criteria")

    hour.begin("council")
    hour.fill(name="Hội đồng xét chọn", decision_number="120/QĐ-SNNMT")
    hour.fill_day("decision_date", today)
    hour.seat("Administrator", "secretary")
    for name, role in zip(MEMBERS.values(), ("chair", "member", "member"), strict=True):
        hour.seat(name, role)
    screenshot(page, "first-hour-3-council")
    hour.keep()
    hour.back("council")

    hour.begin("contest")
    hour.fill(name="Hội thi sáng tạo kỹ thuật ngành", edition_number="1")
    for name, days in {
        "date_start": 0,
        "date_end": 120,
        "registration_deadline": 60,
        "screening_deadline": 75,
        "review_deadline": 95,
    }.items():
        hour.fill_day(name, today + timedelta(days=days))
    hour.keep()
    # what is missing leads to its field, one after the other
    missing = page.locator(".o_hoithi_gate [data-severity=block]")
    expect(missing).to_have_count(3)
    screenshot(page, "first-hour-4-contest")
    page.locator(".o_hoithi_next_button").click()
    fields = hour.form.locator(".o_field_widget[name=field_ids]")
    fields.locator(".o_field_x2many_list_row_add :is(a, button)").click()
    page.locator(".modal thead input[type=checkbox]").click()
    page.locator(".modal .o_select_button").click()
    expect(fields.locator(".o_data_row").first).to_be_visible()
    hour.pick(hour.get("council_id"), "Hội đồng xét chọn")
    page.locator(".o_notebook_headers [name=plan]").click()
    row = hour.add_row("legal_basis_ids")
    row.locator("td[name=number]").click()
    row.locator("td[name=number] input").fill("01/KH-UBND")
    row.locator("td[name=subject]").click()
    row.locator("td[name=subject] :is(input, textarea)").fill("về tổ chức Hội thi")
    hour.keep()
    expect(missing).to_have_count(0)
    hour.back("contest")

    hour.choose_step("launch")
    hour.step.locator("[data-severity=block] button").click()
    screenshot(page, "first-hour-5-launch")
    page.locator(".modal .o_hoithi_step_apply").click()
    hour.expect_done("launch")
    screenshot(page, "first-hour-6-launched")
    hour.step.locator(".o_hoithi_setup_open").click()
    page.locator(".o_hoithi_invite_open").click()
    page.locator(".modal .o_hoithi_invite_check_button").click()
    row = page.locator(".modal .o_data_row", has_text=STAFF)
    expect(row).to_contain_text("Sẽ được mời")
    page.locator(".modal .o_hoithi_invite_confirm").click()
    expect(page.locator(".o_hoithi_invite_run_form")).to_be_visible()
    screenshot(page, "first-hour-7-invited")
    # the home has turned to the running contest
    page.goto("/odoo/hoithi")
    expect(page.locator(".o_hoithi_phases [aria-current=step]")).to_be_visible()
    screenshot(page, "first-hour-8-home")


#: Clicks of a person, not of a script.
COUNT_CLICKS = """document.addEventListener("click", (event) => {
    if (event.isTrusted) {
        const key = "clicks";
        sessionStorage.setItem(key, Number(sessionStorage.getItem(key)) + 1);
    }
}, true)"""


def test_a_user_is_added_with_few_clicks(page_for, new_page, log_in, sql, screenshot):
    """From the home to a colleague with roles, whose link then chooses a password."""
    email = "canbo.moi.them@snnmt.example.com"
    page = page_for("admin", viewport={"width": 1366, "height": 768})
    page.add_init_script(COUNT_CLICKS)
    page.goto("/odoo/hoithi")
    expect(page.locator(".o_hoithi_home")).to_be_visible()
    # the menu, its entry, the button
    page.locator(".o_menu_sections").get_by_text("Cấu hình").click()
    page.locator(".o-dropdown--menu").get_by_text("Cơ quan", exact=True).click()
    page.locator(".o_control_panel button", has_text="Thêm người dùng").click()
    dialog = page.locator(".modal .o_hoithi_user_add_form")
    expect(dialog.locator("[name=name] input")).to_be_focused()
    page.keyboard.type("Nguyễn Thị Thêm")
    page.keyboard.press("Tab")
    page.keyboard.type(email)
    dialog.get_by_label("Thư ký").click()
    screenshot(page, "user-add-1366")
    page.locator(".modal button[name=action_add]").click()
    # no letter leaves here: the link is there to be handed over
    link = dialog.locator("[name=link]")
    expect(link).to_be_visible()
    clicks = page.evaluate("Number(sessionStorage.getItem('clicks'))")
    assert clicks <= 5, f"{clicks} clicks"
    screenshot(page, "user-add-link-1366")
    address = re.search(r"(/web/\w+\?\S+)", link.inner_text())[1]
    password = "Mat-khau-moi-2026"
    colleague = new_page()
    colleague.goto(address)
    for name in ("password", "confirm_password"):
        colleague.locator(f"input[name={name}]").fill(password)
    colleague.locator("form button[type=submit]").first.click()
    colleague.wait_for_url(re.compile(r"/odoo"))
    expect(colleague.locator(".o_hoithi_home")).to_be_visible()
    [user] = sql("SELECT id, active FROM res_users WHERE login = %s", email)
    assert user["active"]


@pytest.mark.parametrize(
    ("login", "tour", "start"),
    [
        ("thuky", "hoithi_secretary", "/odoo/hoithi"),
        ("uyvien1", "hoithi_member", "/odoo/hoithi"),
        ("canbo1", "hoithi_staff", "/my/hoithi"),
    ],
)
def test_tour(page_for, login, tour, start):
    """Each tour leads through to its end, by what is on the screens."""
    page = page_for(login, viewport={"width": 1366, "height": 768})
    page.goto(start)
    expect(page.locator(".o_hoithi_tour").first).to_be_visible()
    with page.expect_console_message(
        lambda message: "tour succeeded" in message.text or "FAILED" in message.text,
        timeout=60_000,
    ) as told:
        page.evaluate(
            "(tour) => odoo.startTour(tour, { mode: 'auto', redirect: false })", tour
        )
    assert "succeeded" in told.value.text, told.value.text
