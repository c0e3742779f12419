"""A council member scores entries in the workspace, and can't change them after."""

import pytest
from playwright.sync_api import expect
from scene import (
    SECRETARY,
    make_contest,
    make_council,
    make_entries,
    start_review,
)

PHONE = {"width": 360, "height": 740}
TABLET = {"width": 1024, "height": 768}
DESK = {"width": 1366, "height": 768}
SHEETS = 10


@pytest.fixture
def assigned_review(sql, passwords):
    """A review with two files that waits for a member of the demo."""
    [review] = sql(
        """SELECT review.id, review.entry_id, login, code
             FROM hoithi_review review
             JOIN res_users ON res_users.id = review.user_id
             JOIN hoithi_contest contest ON contest.id = review.contest_id
             JOIN hoithi_entry entry ON entry.id = review.entry_id
            WHERE review.state = 'assigned' AND contest.state = 'review'
              AND login = ANY(%s)
              AND 2 = (SELECT COUNT(*) FROM ir_attachment
                        WHERE res_model = 'hoithi.review' AND res_id = review.id)
            ORDER BY review.id
            LIMIT 1""",
        list(passwords),
    )
    return review


@pytest.fixture
def ten_sheets(rpc, sql):
    """Ten sheets of one member, in a contest that is called off when the walk ends."""
    login = "chutich"
    council, seats = make_council(rpc, sql)
    [field] = rpc(SECRETARY, "hoithi.field", "search", [], limit=1)
    contest = make_contest(rpc, council, [field])
    titles = [(f"Giải pháp số {number:02}", field) for number in range(1, SHEETS + 1)]
    entries = make_entries(rpc, sql, contest, titles)
    start_review(rpc, contest)
    reviews = rpc(
        SECRETARY,
        "hoithi.review",
        "create",
        [{"entry_id": entry, "member_id": seats[login]} for entry in entries],
    )
    yield login, reviews
    rpc(SECRETARY, "hoithi.contest", "action_cancel", [contest], reason="Thử nghiệm")


def get_lines(sql, review_id):
    return sql(
        """SELECT line.id, line.score, line.is_scored, line.comment, max_score,
                  min_score, step
             FROM hoithi_review_line line
             JOIN hoithi_criterion criterion ON criterion.id = line.criterion_id
            WHERE review_id = %s
            ORDER BY line.sequence, line.id""",
        review_id,
    )


def get_review(sql, review_id):
    [row] = sql("SELECT * FROM hoithi_review WHERE id = %s", review_id)
    return row


def place(page, name):
    return page.locator(f'[data-place="{name}"]')


def expect_saved(page):
    expect(page.locator(".o_hoithi_saved")).to_have_attribute("data-saved", "saved")


def test_ten_sheets_without_the_mouse(page_for, sql, ten_sheets, screenshot):
    login, reviews = ten_sheets
    page = page_for(login, viewport=DESK)
    page.expected_errors = "RPC_ERROR"
    page.goto(f"/odoo/hoithi-my-reviews/{reviews[0]}")
    keyboard = page.keyboard
    lines = get_lines(sql, reviews[0])
    first, second = (place(page, f"score:{line['id']}") for line in lines[:2])
    # the first score is where one begins, and it is empty
    expect(first).to_be_focused()
    expect(first).to_have_value("")
    total = page.locator(".o_hoithi_sheet_total b")
    expect(total).to_have_text("0")
    highest = int(lines[0]["max_score"])
    keyboard.type(str(highest + 1))
    expect(page.locator(".o_hoithi_error")).to_contain_text(str(highest))
    keyboard.press("Enter")
    expect(first).to_be_focused()
    screenshot(page, "score-off-the-scale")
    assert not any(line["is_scored"] for line in get_lines(sql, reviews[0]))
    keyboard.press("Control+A")
    keyboard.type("10,5")
    expect(total).to_have_text("10,5")
    keyboard.press("ArrowUp")
    expect(first).to_have_value("11")
    keyboard.press("Tab")
    expect(place(page, f"comment:{lines[0]['id']}")).to_be_focused()
    keyboard.type("Có số liệu đo.")
    keyboard.press("Shift+Tab")
    expect(first).to_be_focused()
    keyboard.press("Enter")
    expect(second).to_be_focused()
    expect_saved(page)
    assert float(get_lines(sql, reviews[0])[0]["score"]) == 11
    # what is missing keeps the sheet open, and leads to its field
    keyboard.press("Control+Enter")
    expect(second).to_be_focused()
    expect(page.locator(".modal")).to_have_count(0)
    keyboard.press("Alt+n")
    expect(page.locator(".o_hoithi_dots .now")).to_have_text("2")
    keyboard.press("Alt+p")
    expect(page.locator(".o_hoithi_dots .now")).to_have_text("1")
    expect(second).to_be_focused()

    for number, review in enumerate(reviews):
        lines = get_lines(sql, review)
        expect(page.locator(".o_hoithi_score_head h1")).to_contain_text(
            f"{number + 1:02}"
        )
        for line in lines:
            box = place(page, f"score:{line['id']}")
            if not line["is_scored"]:
                expect(box).to_be_focused()
                keyboard.type(str(int(line["max_score"]) - 3 - number))
                keyboard.press("Enter")
        expect(place(page, "strengths")).to_be_focused()
        keyboard.type("Rẻ, dễ sửa.")
        keyboard.press("Control+Enter")
        expect(page.locator(".modal .btn-primary")).to_be_focused()
        if number == 1:
            screenshot(page, "score-asks-once")
        keyboard.press("Enter")
        expect(page.locator(".modal")).to_have_count(0)
        expect(page.locator(".o_hoithi_sheet_progress b")).to_contain_text(
            f"{number + 1}/{SHEETS}"
        )
    expect(page.locator(".o_hoithi_score_page")).to_have_attribute(
        "data-state", "submitted"
    )
    screenshot(page, "score-all-done")
    for number, review in enumerate(reviews):
        saved = get_review(sql, review)
        assert saved["state"] == "submitted"
        assert saved["kept_strengths"] == "Rẻ, dễ sửa."
        assert float(saved["total"]) == sum(
            float(line["score"]) for line in get_lines(sql, review)
        )
        if number:
            assert float(saved["total"]) == sum(
                int(line["max_score"]) - 3 - number for line in lines
            )
    # nothing is kept on the machine once the server has it
    assert not page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('hoithi.sheet'))"
    )


def test_two_windows_a_lost_network_and_a_phone(
    page_for, sql, rpc, assigned_review, screenshot
):
    review, login = assigned_review["id"], assigned_review["login"]
    page = page_for(login, viewport=DESK)
    page.goto("/odoo/hoithi-my-reviews")
    board = page.locator(".o_hoithi_review_kanban")
    expect(board.locator(".o_kanban_group")).to_have_count(4)
    screenshot(page, "council-board")
    card = page.locator(".o_hoithi_review_card", has_text=assigned_review["code"])
    expect(card.locator(".o_hoithi_card_progress")).to_contain_text("0/")
    card.click()
    lines = get_lines(sql, review)
    scores = [place(page, f"score:{line['id']}") for line in lines]
    expect(scores[0]).to_be_focused()

    # the dossier: pages are drawn, files are turned by keys, a page is cited
    drawn = page.locator(".o_hoithi_paper_page.o_hoithi_drawn")
    expect(drawn.first).to_be_visible()
    files = page.locator(".o_hoithi_thumbs button")
    expect(files).to_have_count(2)
    names = [files.nth(number).get_attribute("title") for number in range(2)]
    assert names == sorted(set(names))
    page.keyboard.press("Shift+PageDown")
    expect(files.nth(1)).to_have_attribute("aria-current", "true")
    expect(drawn.first).to_be_visible()
    page.keyboard.press("Alt+g")
    comment = place(page, f"comment:{lines[0]['id']}")
    expect(comment).to_be_focused()
    expect(comment).to_have_value(f"[{names[1][:-4]}]")
    for author in sql(
        "SELECT full_name FROM hoithi_entry_author WHERE entry_id = %s",
        assigned_review["entry_id"],
    ):
        expect(page.locator("body")).not_to_contain_text(author["full_name"])
    scores[0].fill("24,5")
    expect_saved(page)
    screenshot(page, "council-scores")

    # another window saves another score of the second criterion
    rpc(
        login,
        "hoithi.review",
        "save_sheet",
        [review],
        {f"score:{lines[1]['id']}": [False, 20]},
    )
    scores[1].fill("22")
    clash = page.locator(".o_hoithi_clash")
    expect(clash).to_contain_text("20")
    expect(clash).to_contain_text("22")
    expect(page.locator(".o_hoithi_review_submit")).to_be_disabled()
    screenshot(page, "score-clash")
    assert float(get_lines(sql, review)[1]["score"]) == 20
    clash.locator(".o_hoithi_keep").click()
    expect(clash).to_have_count(0)
    expect_saved(page)
    assert float(get_lines(sql, review)[1]["score"]) == 22

    # without a network nothing is lost, and nothing is submitted
    page.expected_errors = "ERR_INTERNET_DISCONNECTED|ConnectionLost|Failed to fetch"
    page.context.set_offline(True)
    scores[2].fill("31")
    expect(page.locator(".o_hoithi_saved")).to_have_attribute("data-saved", "lost")
    expect(page.locator(".o_hoithi_review_submit")).to_be_disabled()
    expect(page.locator(".o_hoithi_offbar")).to_be_visible()
    screenshot(page, "score-offline")
    assert not get_lines(sql, review)[2]["is_scored"]
    page.context.set_offline(False)
    expect_saved(page)
    expect(page.locator(".o_hoithi_offbar")).to_have_count(0)
    assert float(get_lines(sql, review)[2]["score"]) == 31

    # two panes on a tablet, one on a phone, and nothing moves sideways
    # the bar above folds its menus a moment after the window has changed
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    page.set_viewport_size(TABLET)
    expect(page.locator(".o_hoithi_doc")).to_be_visible()
    expect(page.locator(".o_hoithi_scores")).to_be_visible()
    screenshot(page, "score-tablet")
    page.wait_for_function(fits)
    page.set_viewport_size(PHONE)
    expect(page.locator(".o_hoithi_doc")).to_be_hidden()
    for line, score in zip(lines, scores, strict=True):
        criterion = page.locator(f".o_hoithi_crit[data-line='{line['id']}']")
        score.scroll_into_view_if_needed()
        expect(criterion.locator("h3")).to_be_in_viewport()
        expect(score).to_be_in_viewport()
    screenshot(page, "score-phone")
    page.wait_for_function(fits)
    page.locator(".o_hoithi_pane_dossier").click()
    expect(page.locator(".o_hoithi_scores")).to_be_hidden()
    expect(drawn.first).to_be_visible()
    screenshot(page, "score-phone-dossier")
    page.locator(".o_hoithi_pane_scores").click()

    place(page, "strengths").fill("Số liệu đo rõ ràng.")
    page.locator("input[name=o_hoithi_recommendation][value=select]").check()
    expect_saved(page)
    page.locator(".o_hoithi_review_submit").click()
    page.locator(".modal-footer .btn-primary").click()
    expect(page.locator(".modal")).to_have_count(0)
    page.goto(f"/odoo/hoithi-my-reviews/{review}")
    expect(page.locator(".o_hoithi_done")).to_be_visible()
    expect(scores[0]).to_have_attribute("readonly", "")
    expect(page.locator(".o_hoithi_review_submit")).to_have_count(0)
    screenshot(page, "council-submitted")
    saved = get_review(sql, review)
    assert (saved["state"], float(saved["total"])) == ("submitted", 77.5)
    assert saved["kept_strengths"] == "Số liệu đo rõ ràng."
    assert saved["kept_recommendation"] == "select"
    before = get_lines(sql, review)
    for change in ({"score": 1}, {"comment": "x"}):
        with pytest.raises(Exception, match="UserError"):
            rpc(login, "hoithi.review.line", "write", [before[0]["id"]], change)
    with pytest.raises(Exception, match="UserError"):
        rpc(login, "hoithi.review", "save_sheet", [review], {"comment": ["", "x"]})
    assert get_lines(sql, review) == before
