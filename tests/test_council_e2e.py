"""A council member scores an entry on the board, and can't change it after."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def assigned_review(sql, passwords):
    """A review that waits for a member of the demo, in a running review phase."""
    [review] = sql(
        """SELECT review.id, review.entry_id, login, code
             FROM hoithi_review review
             JOIN res_users ON res_users.id = review.user_id
             JOIN hoithi_contest contest ON contest.id = review.contest_id
             JOIN hoithi_entry entry ON entry.id = review.entry_id
            WHERE review.state = 'assigned' AND contest.state = 'review'
              AND login = ANY(%s)
            ORDER BY review.id
            LIMIT 1""",
        list(passwords),
    )
    return review


def get_lines(sql, review):
    return sql(
        """SELECT line.id, line.score, line.comment, max_score, min_score
             FROM hoithi_review_line line
             JOIN hoithi_criterion criterion ON criterion.id = line.criterion_id
            WHERE review_id = %s
            ORDER BY line.sequence, line.id""",
        review["id"],
    )


def get_review(sql, review):
    [row] = sql("SELECT * FROM hoithi_review WHERE id = %s", review["id"])
    return row


def open_card(page, code):
    page.goto("/odoo/hoithi-my-reviews")
    card = page.locator(".o_hoithi_review_card", has_text=code)
    expect(card).to_have_count(1)
    card.click()
    expect(page.locator(".o_hoithi_review_form")).to_be_visible()


def fill_cell(row, name, value):
    cell = row.locator(f"td[name={name}]")
    cell.click()
    box = cell.locator("input, textarea")
    expect(box).to_be_focused()
    box.fill(value)


def test_member_scores_and_submits(page_for, sql, rpc, assigned_review, screenshot):
    review = assigned_review
    page = page_for(review["login"])
    page.goto("/odoo/hoithi-my-reviews")
    board = page.locator(".o_hoithi_review_kanban")
    expect(board.locator(".o_kanban_group")).to_have_count(4)
    screenshot(page, "council-board")

    open_card(page, review["code"])
    authors = sql(
        "SELECT full_name FROM hoithi_entry_author WHERE entry_id = %s",
        review["entry_id"],
    )
    for author in authors:
        expect(page.locator("body")).not_to_contain_text(author["full_name"])

    lines = get_lines(sql, review)
    rows = page.locator(".o_hoithi_review_lines .o_data_row")
    expect(rows).to_have_count(len(lines))
    scores = [int(line["max_score"]) - 5 for line in lines]
    for number, score in enumerate(scores):
        fill_cell(rows.nth(number), "score", str(score))
        fill_cell(rows.nth(number), "comment", f"Có minh chứng số {number + 1}.")
    page.locator("div[name=strengths] textarea").click()
    expect(page.locator(".o_hoithi_review_lines .o_selected_row")).to_have_count(0)
    page.locator("div[name=strengths] textarea").fill("Số liệu đo rõ ràng.")
    page.locator("div[name=weaknesses] textarea").fill("Chưa có hướng dẫn nhân rộng.")
    page.locator("div[name=recommendation] input[data-value=select]").check()
    screenshot(page, "council-scores")

    page.locator(".o_hoithi_review_submit").click()
    page.locator(".modal-footer .btn-primary").click()
    expect(
        page.locator(".o_statusbar_status .o_arrow_button_current")
    ).to_have_attribute("data-value", "submitted")
    screenshot(page, "council-submitted")

    saved = get_review(sql, review)
    assert saved["state"] == "submitted"
    assert saved["submitted_on"]
    assert float(saved["total"]) == sum(scores)
    assert saved["kept_strengths"] == "Số liệu đo rõ ràng."
    assert saved["kept_recommendation"] == "select"
    stored = get_lines(sql, review)
    assert [float(line["score"]) for line in stored] == scores
    assert [line["comment"] for line in stored] == [
        f"Có minh chứng số {number + 1}." for number in range(len(lines))
    ]

    expect(page.locator(".o_hoithi_review_submit")).to_have_count(0)
    expect(page.locator("div[name=strengths] textarea")).to_have_count(0)
    rows.first.locator("td[name=score]").click()
    expect(rows.first.locator("td[name=score] input")).to_have_count(0)

    with pytest.raises(Exception, match="UserError"):
        rpc(
            review["login"],
            "hoithi.review.line",
            "write",
            [stored[0]["id"]],
            {"score": 1},
        )
    assert [float(line["score"]) for line in get_lines(sql, review)] == scores


def test_score_off_the_scale_is_refused(page_for, sql, passwords, screenshot):
    """The server names the criterion and its scale; nothing is saved."""
    [review] = sql(
        """SELECT review.id, login, code
             FROM hoithi_review review
             JOIN res_users ON res_users.id = review.user_id
             JOIN hoithi_contest contest ON contest.id = review.contest_id
             JOIN hoithi_entry entry ON entry.id = review.entry_id
            WHERE review.state = 'in_progress' AND contest.state = 'review'
              AND login = ANY(%s)
            ORDER BY review.id
            LIMIT 1""",
        list(passwords),
    )
    before = get_lines(sql, review)
    page = page_for(review["login"])
    page.expected_errors = "RPC_ERROR|ValidationError"
    open_card(page, review["code"])
    row = page.locator(".o_hoithi_review_lines .o_data_row").first
    fill_cell(row, "score", str(int(before[0]["max_score"]) + 1))
    page.locator(".o_form_button_save").click()
    expect(page.locator(".modal .modal-body")).to_contain_text(
        str(int(before[0]["max_score"]))
    )
    screenshot(page, "council-score-refused")
    assert get_lines(sql, review) == before
