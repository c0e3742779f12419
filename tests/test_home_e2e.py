"""The home of each role, the next act, the way to a contest's end, and every menu."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

SECRETARY = "thuky"
APP = "hoithi_contest.hoithi_menu_root"
#: Who has a home, and what stands on it.
HOMES = {
    "thuky": ["late", "curve", "heat", "figures", "health"],
    "uyvien1": ["sheets"],
    "lanhdao": ["late", "curve", "figures", "places"],
    "truongphong": ["unit", "tasks"],
    "dangtin": [],
    "quantri": ["health"],
}
#: Who meet every menu and view of the app between them: others open theirs alone.
WALKERS = ("thuky", "chutich", "quantri")
SIZES = [
    {"width": 1280, "height": 720},
    {"width": 1366, "height": 768},
    {"width": 1920, "height": 1080},
]


def expect_no_sideways_scroll(page):
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - window.innerWidth"
    )
    assert wide <= 0, f"{page.url} is {wide} px too wide"


@pytest.mark.parametrize("login", HOMES)
def test_home(page_for, screenshot, login):
    """Everybody with a role lands on the home, and every menu of the app opens."""
    page = page_for(login, viewport=SIZES[1])
    page.goto("/odoo")
    home = page.locator(".o_hoithi_home")
    expect(home).to_be_visible()
    expect(page).to_have_url(re.compile(r"/odoo/hoithi$"))
    expect(home.locator(".o_hoithi_next")).to_have_count(1)
    assert home.locator(".btn-primary").count() <= 1
    for card in HOMES[login]:
        expect(home.locator(f"[data-card={card}]")).to_be_visible()
    # none lies under “more”
    tops = page.locator(".o_menu_sections > *")
    assert tops.count() <= 7
    expect(page.locator(".o_menu_sections .o_menu_sections_more")).to_have_count(0)
    for size in SIZES:
        page.set_viewport_size(size)
        expect(home.locator(".o_hoithi_next")).to_be_visible()
        expect_no_sideways_scroll(page)
        screenshot(page, f"home-{login}-{size['width']}")
    if login == SECRETARY:
        page.set_viewport_size({"width": 360, "height": 740})
        # the bar of menus is drawn anew for a phone
        page.reload()
        expect(home.locator(".o_hoithi_next")).to_be_visible()
        expect_no_sideways_scroll(page)
        screenshot(page, f"home-{login}-360")


#: What the app's menus lead to, as the client knows them for its user.
LEAVES = """(app) => {
    const { menu } = odoo.__WOWL_DEBUG__.root.env.services;
    const leaves = (node) =>
        node.childrenTree.length ? node.childrenTree.flatMap(leaves) : [node.xmlid];
    const { id } = menu.getApps().find((one) => one.xmlid === app);
    return leaves(menu.getMenuAsTree(id));
}"""
OPEN_MENU = """(xmlid) => {
    const { menu } = odoo.__WOWL_DEBUG__.root.env.services;
    return menu.selectMenu(menu.getAll().find((one) => one.xmlid === xmlid));
}"""


@pytest.mark.parametrize("login", WALKERS)
def test_click_everywhere(page_for, login):
    """Odoo's own test clicks through all menus, views and filters of the app."""
    page = page_for(login, viewport={"width": 1920, "height": 1080})
    page.goto("/odoo/hoithi")
    expect(page.locator(".o_hoithi_home")).to_be_visible()
    leaves = page.evaluate(LEAVES, APP)
    walked = []
    page.on("console", lambda message: walked.append(message.text))
    with page.expect_console_message(
        lambda message: (
            "clickbot test succeeded" in message.text or message.type == "error"
        ),
        timeout=600_000,
    ) as told:
        page.evaluate(
            "([app]) => odoo.loader.modules"
            ".get('@web/webclient/clickbot/clickbot_loader')"
            ".startClickEverywhere(app, false)",
            [APP],
        )
    assert "succeeded" in told.value.text, told.value.text
    menus = {text.split()[-1] for text in walked if text.startswith("Testing menu ")}
    assert menus == {APP, *leaves}
    # in its light form it tries neither views nor filters
    assert any(text.startswith("Testing view switch") for text in walked)
    assert not any(text == "Successfully tested 0 filters" for text in walked)


@pytest.mark.parametrize("login", [one for one in HOMES if one not in WALKERS])
def test_every_menu_opens(page_for, login):
    """The screens that others were walked through open for each role."""
    page = page_for(login, viewport=SIZES[1])
    page.goto("/odoo/hoithi")
    expect(page.locator(".o_hoithi_home")).to_be_visible()
    leaves = page.evaluate(LEAVES, APP)
    assert leaves
    for xmlid in leaves:
        page.evaluate(OPEN_MENU, xmlid)
        expect(page.locator(".o_action_manager > .o_action"), xmlid).to_be_visible()
        expect(page.locator(".o_error_dialog"), xmlid).to_have_count(0)


@pytest.fixture
def contest(rpc, sql):
    """A contest that lacks its fields, and has the running one's council."""
    [model] = sql(
        "SELECT council_id FROM hoithi_contest"
        " WHERE state = 'open' AND council_id IS NOT NULL ORDER BY id LIMIT 1"
    )
    [field] = sql("SELECT id FROM hoithi_field ORDER BY id LIMIT 1")
    now = datetime.now()
    deadline = now + timedelta(days=20)
    [contest_id] = rpc(
        SECRETARY,
        "hoithi.contest",
        "create",
        [
            {
                "name": "Hội thi thử các bước",
                "edition_number": 1,
                "mode": "nominate_only",
                "date_start": f"{now:%Y-%m-%d}",
                "date_end": f"{now + timedelta(days=90):%Y-%m-%d}",
                "registration_deadline": f"{deadline:%Y-%m-%d %H:%M:%S}",
                "council_id": model["council_id"],
                "legal_basis_ids": [
                    (0, 0, {"number": "1/KH-SNNMT", "subject": "về tổ chức Hội thi"})
                ],
            }
        ],
    )
    yield {"id": contest_id, "field": field["id"]}
    [row] = sql("SELECT state FROM hoithi_contest WHERE id = %s", contest_id)
    if row["state"] not in ("closed", "cancelled"):
        rpc(
            SECRETARY,
            "hoithi.contest",
            "action_cancel",
            [contest_id],
            reason="Chạy thử xong.",
        )


def expect_state(page, state):
    expect(
        page.locator(".o_statusbar_status .o_arrow_button_current")
    ).to_have_attribute("data-value", state)


def test_from_the_first_gap_to_the_end(page_for, rpc, sql, contest, screenshot):
    page = page_for(SECRETARY, viewport=SIZES[1])
    page.goto(f"/odoo/hoithi-contests/{contest['id']}")
    card = page.locator(".o_hoithi_next")
    expect(card.locator("[data-severity=block]")).to_have_count(1)
    screenshot(page, "steps-contest-gap")
    # the step shows what keeps it, and offers no way through
    card.locator("button[name=action_ask_launch]").click()
    dialog = page.locator(".modal .o_hoithi_step_form")
    expect(dialog.locator("[data-severity=block]")).to_have_count(1)
    expect(page.locator(".modal .o_hoithi_step_apply")).to_have_count(0)
    screenshot(page, "steps-dialog-blocked")
    page.locator(".modal-footer .btn-primary").click()
    expect(dialog).to_have_count(0)
    # the mend leads to the field
    card.locator(".o_hoithi_next_button").click()
    expect(page.locator(".o_field_widget[name=field_ids]")).to_be_visible()
    rpc(
        SECRETARY,
        "hoithi.contest",
        "write",
        [contest["id"]],
        {"field_ids": [(6, 0, [contest["field"]])]},
    )
    page.reload()
    card.locator(".o_hoithi_next_button[name=action_ask_launch]").click()
    page.locator(".modal .o_hoithi_step_apply").click()
    expect_state(page, "open")

    # early, it asks for a reason and says what was promised
    card.locator(".o_hoithi_step").click()
    expect(dialog.locator(".alert-warning")).to_be_visible()
    screenshot(page, "steps-dialog-early")
    dialog.locator("div[name=reason] textarea").fill("Tỉnh đẩy sớm hạn nhận hồ sơ.")
    page.locator(".modal .o_hoithi_step_apply").click()
    expect_state(page, "screening")
    card.locator(".o_hoithi_step").click()
    dialog.locator("div[name=reason] textarea").fill("Không có hồ sơ nào.")
    page.locator(".modal .o_hoithi_step_apply").click()
    expect_state(page, "council")
    screenshot(page, "steps-contest-council")

    # other acts, the dangerous one last
    page.locator(".o_hoithi_more").click()
    menu = page.locator(".o_hoithi_more_menu")
    expect(menu.locator("button").last).to_have_attribute("name", "action_ask_cancel")
    screenshot(page, "steps-other-acts")
    page.keyboard.press("Escape")

    # the list before the end
    card.locator(".o_hoithi_next_button").click()
    closing = page.locator(".o_hoithi_closing")
    expect(closing).to_be_visible()
    expect(closing.locator(".o_hoithi_close")).to_be_disabled()
    screenshot(page, "steps-closing")
    missing = closing.locator("li[data-severity=block]")
    count = missing.count()
    assert count >= 2
    for left in range(count, 0, -1):
        expect(missing).to_have_count(left)
        missing.first.locator(".o_hoithi_waive").click()
        page.locator(".modal div[name=reason] textarea").fill("Sở báo cáo chung.")
        page.locator(".modal .o_hoithi_reason_apply").click()
    expect(missing).to_have_count(0)
    screenshot(page, "steps-closing-waived")
    closing.locator(".o_hoithi_close").click()
    # it is said once more what it does, and nothing is done meanwhile
    asked = page.locator(".modal", has=page.locator(".o_hoithi_close_asked"))
    expect(asked).to_be_visible()
    screenshot(page, "steps-closing-asked")
    asked.locator(".btn-secondary").click()
    expect(closing.locator(".o_hoithi_close")).to_be_enabled()
    closing.locator(".o_hoithi_close").click()
    asked.locator(".btn-primary").click()
    expect(closing.locator(".o_hoithi_close")).to_have_count(0)
    [row] = sql("SELECT state FROM hoithi_contest WHERE id = %s", contest["id"])
    assert row["state"] == "closed"


#: What a mend leads to.
SCREEN = ".o_form_view, .o_kanban_renderer, .o_list_renderer, .o_hoithi_setup"


@pytest.fixture
def choose(rpc):
    """choose(id): the contest that the secretary's home shows; all of them after."""
    yield lambda contest: rpc(SECRETARY, "hoithi.home", "choose_contest", contest)
    rpc(SECRETARY, "hoithi.home", "choose_contest", False)


def test_the_home_leads_to_each_mend(page_for, sql, contest, choose, screenshot):
    """What blocks each contest, on one screen; each link opens what is to be mended."""
    page = page_for(SECRETARY, viewport=SIZES[1])
    running = sql(
        "SELECT id FROM hoithi_contest"
        " WHERE state IN ('open', 'screening', 'review', 'council') ORDER BY id"
    )
    home = page.locator(".o_hoithi_home")
    mends = home.locator(
        ".o_hoithi_gate li:is([data-severity=block], [data-severity=warn]) button"
    )
    lines = home.locator(".o_hoithi_waiting li button")
    for one in (contest["id"], *(row["id"] for row in running)):
        choose(one)
        page.goto("/odoo/hoithi")
        expect(home).to_be_visible()
        screenshot(page, f"home-mends-{one}")
        for links in (mends, lines):
            for number in range(links.count()):
                link = links.nth(number)
                text = link.inner_text()
                if link.get_attribute("name") == "action_remind":
                    continue  # done at once
                link.click()
                expect(home, text).to_have_count(0)
                expect(page.locator(SCREEN).first, text).to_be_visible()
                expect(page.locator(".o_error_dialog"), text).to_have_count(0)
                # there is something to be mended
                expect(page.locator(".o_view_nocontent"), text).to_have_count(0)
                page.goto("/odoo/hoithi")
                expect(home).to_be_visible()
    # a gap in the contest itself leads to its field
    choose(contest["id"])
    page.goto("/odoo/hoithi")
    mends.first.click()
    field = page.locator(".o_hoithi_contest_form .o_field_widget[name=field_ids]")
    expect(field).to_be_in_viewport()
    expect(page.locator(".o_notebook_headers [name=rules]")).to_have_class(
        re.compile(r"\bactive\b")
    )
    screenshot(page, "home-mend-field")


def test_remind_who_is_late(page_for, sql, screenshot):
    page = page_for(SECRETARY, viewport=SIZES[1])
    page.goto("/odoo/hoithi")
    late = page.locator("[data-card=late] li")
    expect(late.first).to_be_visible()
    line = late.filter(has=page.locator(".o_hoithi_remind")).first
    before = sql("SELECT count(*) AS number FROM hoithi_notice")[0]["number"]
    line.locator(".o_hoithi_remind").click()
    expect(page.locator(".o_notification").first).to_be_visible()
    screenshot(page, "home-reminded")
    after = sql("SELECT count(*) AS number FROM hoithi_notice")[0]["number"]
    assert after >= before


def test_one_contest_at_a_time(page_for, sql, screenshot):
    """The pill says which contest lists and boards show, and all follow it."""
    running = sql(
        "SELECT id, edition_number FROM hoithi_contest"
        " WHERE state IN ('open', 'screening', 'review', 'council') ORDER BY id"
    )
    chosen, other = running[0]["id"], running[1]["id"]
    codes = {
        contest["id"]: {
            row["code"]
            for row in sql(
                "SELECT code FROM hoithi_entry WHERE contest_id = %s", contest["id"]
            )
        }
        for contest in running
    }
    page = page_for(SECRETARY, viewport=SIZES[1])
    pill = page.locator(".o_control_panel .o_hoithi_switch")

    def choose(item):
        pill.click()
        page.locator(f".o-dropdown--menu {item}").click()

    def get_codes():
        return set(page.locator("td[name=code]").all_inner_texts())

    page.goto("/odoo/hoithi-entries?view_type=list")
    expect(page.locator(".o_data_row").first).to_be_visible()
    choose(f"[data-contest='{chosen}']")
    row = page.locator("td[name=code]")
    expect(row.filter(has_text=min(codes[other]))).to_have_count(0)
    expect(row.first).to_be_visible()
    assert get_codes() <= codes[chosen]
    label = pill.inner_text()
    screenshot(page, "contest-pill-list")
    # a search within it, and what is made, are of that contest
    expect(page.locator(".o_searchview_facet")).to_have_count(0)
    page.locator(".o_list_button_add").click()
    name = page.locator(".o_field_widget[name=contest_id] input")
    expect(name).not_to_have_value("")
    expect(pill).to_have_count(0)
    page.locator(".o_form_button_cancel, .breadcrumb-item a").first.click()
    # the other lists follow, after a reload as well
    for path in ("hoithi-ranking", "hoithi-sessions", "hoithi-plan", "hoithi-reviews"):
        page.goto(f"/odoo/{path}")
        expect(pill).to_have_text(label)
    # all contests are a choice too
    choose(".o_hoithi_all_contests")
    page.goto("/odoo/hoithi-entries?view_type=list")
    expect(page.locator(".o_data_row").first).to_be_visible()
    assert get_codes() > codes[chosen]
    # a tablet
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(pill).to_be_visible()
    expect_no_sideways_scroll(page)
    # who has chosen nothing sees the contest that the home shows
    forget = "UPDATE res_users SET hoithi_contest_id = NULL, hoithi_all_contests = "
    sql(forget + "false")
    page.goto("/odoo")
    label = page.locator(".o_hoithi_home .o_hoithi_switch").inner_text()
    page.goto("/odoo/hoithi-ranking")
    expect(pill).to_have_text(label)
    sql(forget + "true")
