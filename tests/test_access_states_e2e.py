"""What axe hears of the pages that are there in some states only: a vote that is open,
a share that is to be confirmed by a link, an address that was just made."""

from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect

#: At which pages are looked at, and at which they fit as well.
WIDTHS = (1366, 360)
OTHER_WIDTHS = (320, 768, 1920)


@pytest.fixture
def look(screenshot, assert_accessible):
    """look(page, name): axe finds nothing, and nothing sticks out, at each width."""

    def look(page, name):
        expect(page.locator("h1").first).to_be_visible()
        for width in (*OTHER_WIDTHS, *WIDTHS):
            page.set_viewport_size({"width": width, "height": 768})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if width in WIDTHS:
                assert_accessible(page)
                screenshot(page, f"access-{name}-{width}")

    return look


@pytest.fixture
def vote(sql):
    """vote(**values): the address of a vote of the public, open for an hour, in the
    demo's contest that is under review."""
    made = []

    def make(voters="login", votes_each=1, closes=1):
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        [row] = sql(
            "INSERT INTO hoithi_component (contest_id, company_id, name, kind, most,"
            " least, digits, voters, votes_each, sequence, vote_start, vote_end)"
            " SELECT c.id, c.company_id, 'Bình chọn của cán bộ', 'community', 20, 0, 2,"
            " %s, %s, 10, %s, %s FROM hoithi_contest c JOIN ir_model_data d"
            " ON d.res_id = c.id AND d.name = 'hoithi_contest_house'"
            " AND d.module = 'hoithi_contest' RETURNING id, contest_id",
            voters,
            votes_each,
            now - timedelta(hours=2),
            now + timedelta(hours=closes),
        )
        made.append(row["id"])
        return f"/hoithi/{row['contest_id']}/vote"

    yield make
    for table in ("hoithi_component_voter", "hoithi_component_score"):
        sql(f"DELETE FROM {table} WHERE component_id = ANY(%s)", made)
    sql("DELETE FROM hoithi_component WHERE id = ANY(%s)", made)


def test_the_vote_by_login(page_for, vote, look):
    path = vote()
    page = page_for("canbo1", viewport={"width": 1366, "height": 768})
    page.goto("/my/hoithi")
    expect(page.locator(".o_hoithi_vote_door")).to_be_visible()
    look(page, "vote-door")
    page.locator(".o_hoithi_vote_door a").click()
    page.wait_for_url(f"**{path}")
    look(page, "vote-open")
    page.locator("[name=entry]").first.check()
    page.locator(".o_hoithi_vote_form button:not([disabled])").click()
    expect(page.locator(".o_hoithi_vote_given")).to_be_visible()
    look(page, "vote-given")


@pytest.mark.parametrize("lang", ["vi_VN", "en_US"])
def test_the_vote_by_code(new_page, base_url, vote, look, lang):
    """For everybody, in both languages; the code is none, the choice stays."""
    page = new_page(viewport={"width": 1366, "height": 768})
    page.expected_errors = "status of 400"
    page.context.add_cookies(
        [{"name": "frontend_lang", "value": lang, "url": base_url}]
    )
    page.goto(vote(voters="code", votes_each=2))
    expect(page.locator("html")).to_have_attribute("lang", lang.replace("_", "-"))
    look(page, f"vote-code-{lang}")
    page.locator("[name=entry]").first.check()
    page.locator("[name=code]").fill("KHONG-CO")
    page.locator(".o_hoithi_vote_form button:not([disabled])").click()
    expect(page.locator(".o_hoithi_notice[role=alert]")).to_be_visible()
    expect(page.locator("[name=entry]").first).to_be_checked()
    look(page, f"vote-refused-{lang}")


def test_the_vote_that_is_over(new_page, vote, look):
    page = new_page()
    page.goto(vote(voters="code", closes=-1))
    expect(page.locator(".o_hoithi_vote_closed")).to_be_visible()
    look(page, "vote-closed")


@pytest.mark.parametrize("act", ["confirm", "decline"])
def test_the_share_by_a_link(new_page, share_link, look, act):
    page = new_page()
    page.goto(share_link)
    page.locator(".o_hoithi_share_link summary").click()
    look(page, "share-link-open")
    if act == "decline":
        page.locator("[name=reason]").fill("Tôi không tham gia.")
    page.locator(f"button[name={act}]").click()
    expect(page.locator(".o_hoithi_link_done")).to_be_visible()
    look(page, f"share-link-{act}")


def test_what_is_kept_and_what_was_agreed(page_for, look):
    page = page_for("canbo1")
    page.goto("/my/hoithi/data")
    for summary in page.locator(".o_hoithi_data summary").all():
        if summary.locator("..").get_attribute("open") is None:
            summary.click()
    look(page, "data-open")


def test_the_address_of_the_calendar(page_for, look):
    page = page_for("canbo1")
    page.goto("/my/hoithi/calendar")
    page.locator("form[action$='/calendar/new'] button").click()
    expect(page.locator(".o_hoithi_feed")).to_be_visible()
    look(page, "calendar-made")
    page.locator("form[action$='/calendar/revoke'] button").click()
    expect(page.locator(".o_hoithi_feed")).to_have_count(0)
    look(page, "calendar-void")


def test_a_draft_that_was_deleted(page_for, rpc, sql, look):
    [contest] = sql(
        "SELECT id FROM hoithi_contest WHERE state = 'open' ORDER BY id LIMIT 1"
    )
    values = {"name": "Bản nháp thử", "contest_id": contest["id"]}
    [entry] = rpc("canbo1", "hoithi.entry", "create", [values])
    [line] = rpc("canbo1", "hoithi.entry.author", "search", [("entry_id", "=", entry)])
    rpc("canbo1", "hoithi.entry.author", "action_confirm", [line])
    page = page_for("canbo1")
    page.goto("/my/hoithi/data")
    # what goes with a consent is told before
    consent = page.locator(
        ".o_hoithi_my_consent", has=page.locator(".o_hoithi_draft_goes")
    )
    consent.locator("summary").click()
    expect(consent.locator(".o_hoithi_draft_goes")).to_be_visible()
    look(page, "consent-of-a-draft")
    page.goto(f"/my/hoithi/entries/{entry}")
    # one act for it: what was never handed in is not withdrawn
    expect(page.locator(".o_hoithi_withdraw")).to_have_count(0)
    page.locator(".o_hoithi_delete summary").click()
    page.locator(".o_hoithi_delete button:not([disabled])").click()
    expect(page.locator(".o_hoithi_undo")).to_be_visible()
    look(page, "draft-deleted")
    page.locator(".o_hoithi_undo button").click()
    expect(page.locator(".o_hoithi_delete")).to_be_visible()
    rpc("canbo1", "hoithi.entry", "unlink", [entry])


@pytest.mark.parametrize("state", ["issued", "draft", "cancelled"])
def test_the_check_of_a_paper(new_page, sql, look, state):
    [paper] = sql(
        "SELECT id, state, check_token FROM hoithi_document ORDER BY id LIMIT 1"
    )
    change = "UPDATE hoithi_document SET state = %s, check_token = %s WHERE id = %s"
    sql(change, state, f"thu-{state}", paper["id"])
    try:
        page = new_page()
        page.goto(f"/hoithi/paper/thu-{state}")
        expect(page.locator(".o_hoithi_paper_state")).to_be_visible()
        look(page, f"paper-{state}")
    finally:
        # the same paper is another test's
        sql(change, paper["state"], paper["check_token"], paper["id"])


def test_an_objection(page_for, rpc, sql, open_objections, look):
    [entry] = sql(
        "SELECT e.id FROM hoithi_entry e"
        " JOIN hoithi_entry_author a ON a.entry_id = e.id"
        " JOIN res_users u ON u.partner_id = a.partner_id"
        " JOIN hoithi_contest c ON c.id = e.contest_id"
        " WHERE u.login = 'dangtin' AND c.state = 'closed' ORDER BY e.id LIMIT 1"
    )
    page = page_for("dangtin")
    page.goto(f"/my/hoithi/entries/{entry['id']}")
    page.locator(".o_hoithi_object [name=reason]").fill(
        "Đề nghị xem lại điểm tính mới."
    )
    page.locator(".o_hoithi_object button").click()
    page.locator(".o_hoithi_withdraw_objection summary").click()
    look(page, "objection")
    form = page.locator(".o_hoithi_withdraw_objection form")
    form.locator("[name=reason]").fill("Đã rõ.")
    form.locator("button").click()
    expect(page.locator(".o_hoithi_withdraw_objection")).to_have_count(0)
    look(page, "objection-taken-back")
