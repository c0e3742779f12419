"""The secretary has reviewers proposed; chair and leader read the analysis."""

import re

import pytest
from playwright.sync_api import expect

SECRETARY, CHAIR, MEMBER, LEADER = "thuky", "chutich", "uyvien1", "lanhdao"


@pytest.fixture
def contest_id(sql):
    """The demo's contest whose council is scoring."""
    [row] = sql(
        "SELECT id FROM hoithi_contest WHERE state = 'review' ORDER BY id LIMIT 1"
    )
    return row["id"]


@pytest.fixture
def closed_id(sql):
    """The demo's finished contest."""
    [row] = sql(
        "SELECT id FROM hoithi_contest WHERE state = 'closed' ORDER BY id LIMIT 1"
    )
    return row["id"]


@pytest.fixture
def new_reviews(sql, rpc, contest_id):
    """Reviews made since the test began; they are voided when it ends."""
    query = "SELECT id FROM hoithi_review WHERE contest_id = %s"
    before = {row["id"] for row in sql(query, contest_id)}

    def read():
        return [r["id"] for r in sql(query, contest_id) if r["id"] not in before]

    yield read
    if read():
        rpc(SECRETARY, "hoithi.review", "action_void", read(), reason="Thử nghiệm")


def open_contest(page, base_url, contest_id):
    page.goto(f"{base_url}/odoo/hoithi-contests/{contest_id}")
    page.wait_for_selector(".o_hoithi_contest_form")


def test_propose_keep_leave_out_and_assign(
    page_for, base_url, sql, contest_id, new_reviews, screenshot
):
    page = page_for(SECRETARY)
    open_contest(page, base_url, contest_id)
    page.locator("button[name=action_assign_reviews]").first.click()
    dialog = page.locator(".modal:has(.o_hoithi_review_assign_form)")
    propose = dialog.locator(".o_hoithi_review_assign_propose:visible")
    apply = dialog.locator(".o_hoithi_review_assign_apply")
    # nothing is assigned before it is shown
    expect(apply).to_be_hidden()
    dialog.locator("[name=number] input").fill("4")
    propose.click()
    rows = dialog.locator(".o_hoithi_assign_lines tr.o_data_row")
    expect(rows.first).to_be_visible()
    expect(dialog.locator(".o_hoithi_assign_summary")).to_be_visible()
    assert not new_reviews()
    proposed = rows.count()
    rows.nth(0).locator("[name=pinned] input").check()
    rows.nth(1).locator("[name=excluded] input").check()
    kept = rows.nth(0).locator("[name=member_id]").inner_text()
    screenshot(page, "assign-proposal")
    # a tick was there before as well
    with page.expect_response(re.compile("hoithi.review.assign/action_propose")):
        propose.click()
    [lines] = sql(
        "SELECT COUNT(*) AS shown FROM hoithi_review_assign_line WHERE wizard_id ="
        " (SELECT MAX(wizard_id) FROM hoithi_review_assign_line)"
    )
    expect(rows).to_have_count(lines["shown"])
    expect(dialog.locator("[name=pinned] input:checked")).to_have_count(1)
    expect(dialog.locator("[name=excluded] input:checked")).to_have_count(1)
    pinned = rows.filter(has=page.locator("[name=pinned] input:checked"))
    assert pinned.locator("[name=member_id]").inner_text() == kept
    assert lines["shown"] >= proposed
    wanted = lines["shown"] - 1
    apply.click()
    expect(dialog).to_have_count(0)
    assert len(new_reviews()) == wanted


def test_chair_reads_the_analysis(page_for, base_url, sql, closed_id, screenshot):
    page = page_for(CHAIR)
    open_contest(page, base_url, closed_id)
    page.locator(".o_hoithi_view_analysis").click()
    expect(page.locator(".o_hoithi_advisory")).to_be_visible()
    rows = page.locator(".o_hoithi_analysis_lines tr.o_data_row")
    [count] = sql(
        "SELECT COUNT(DISTINCT entry_id) AS entries FROM hoithi_review"
        " WHERE contest_id = %s AND state = 'submitted'",
        closed_id,
    )
    expect(rows).to_have_count(count["entries"])
    screenshot(page, "analysis-entries")
    for name in ("agreement", "scenarios", "severity"):
        page.locator(f".o_notebook a[name={name}]").click()
        expect(
            page.locator(f".o_hoithi_analysis_{name} tr.o_data_row").first
        ).to_be_visible()
        screenshot(page, f"analysis-{name}")


def test_leader_sees_totals_and_a_member_nothing(page_for, base_url, closed_id):
    page = page_for(LEADER)
    open_contest(page, base_url, closed_id)
    page.locator(".o_hoithi_view_analysis").click()
    expect(page.locator(".o_hoithi_analysis_lines tr.o_data_row").first).to_be_visible()
    expect(page.locator(".o_hoithi_analysis_lines [name=sheets]")).to_have_count(0)
    expect(page.locator(".o_notebook a[name=severity]")).to_have_count(0)
    page = page_for(MEMBER)
    open_contest(page, base_url, closed_id)
    expect(page.locator(".o_hoithi_view_analysis")).to_have_count(0)
