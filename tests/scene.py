"""Scenes that several walks begin with: a council, a contest, entries, sheets."""

import base64
from datetime import datetime, timedelta, timezone

from submission import submit_entries

UTC = timezone.utc
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
SECRETARY = "thuky"
MEMBERS = ["chutich", "phochutich", "uyvien1", "uyvien2", "uyvien3", "congdoan"]


def make_council(rpc, sql):
    """A council of six who vote, and the secretary who doesn't."""
    users = {
        row["login"]: row["id"]
        for row in sql(
            "SELECT id, login FROM res_users WHERE login = ANY(%s)",
            [*MEMBERS, SECRETARY],
        )
    }
    members = [
        [0, 0, {"user_id": users[login], "role": "member", "can_score": True}]
        for login in MEMBERS
    ]
    members[0][2]["role"] = "chair"
    members.append(
        [0, 0, {"user_id": users[SECRETARY], "role": "secretary", "can_vote": False}]
    )
    [council] = rpc(
        SECRETARY,
        "hoithi.council",
        "create",
        [
            {
                "name": "Hội đồng thử nghiệm",
                "quorum_ratio": 0.6667,
                "approval_ratio": 0.6667,
                "member_ids": members,
            }
        ],
    )
    rows = rpc(
        SECRETARY,
        "hoithi.council.member",
        "search_read",
        [["council_id", "=", council]],
        ["user_id"],
    )
    logins = {user: login for login, user in users.items()}
    return council, {logins[row["user_id"][0]]: row["id"] for row in rows}


#: Drafts that one author has at a time.
AT_A_TIME = 5


def make_contest(rpc, council_id, fields):
    """A contest that is open for registration."""
    now = datetime.now(UTC)

    def moment(days):
        return (now + timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")

    [criteria] = rpc(
        SECRETARY,
        "hoithi.criteria.set",
        "search",
        [["criterion_ids", "!=", False], ["company_id", "in", [False, 1]]],
        limit=1,
    )
    [contest_id] = rpc(
        SECRETARY,
        "hoithi.contest",
        "create",
        [
            {
                "name": f"Hội thi thử {now:%H%M%S%f}",
                "edition_number": 3,
                "year_start": now.year,
                "date_start": moment(-1)[:10],
                "date_end": moment(90)[:10],
                "registration_deadline": moment(10),
                "screening_deadline": moment(20),
                "review_deadline": moment(30),
                "eligible_from_year": 0,
                "reviews_per_entry": 2,
                "mode": "internal_contest",
                "blind": True,
                "field_ids": [[6, 0, fields]],
                "criteria_set_id": criteria,
                "council_id": council_id,
                "legal_basis_ids": [[0, 0, {"number": "1/QĐ", "subject": "thử"}]],
            }
        ],
    )
    rpc(SECRETARY, "hoithi.contest", "action_launch", [contest_id])
    return contest_id


def make_drafts(rpc, sql, login, contest_id, titles):
    """Whole drafts of an author, (title, field) each."""
    [slot] = sql(
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'hoithi_contest' AND name = 'hoithi_dossier_type_description'"
    )
    file = {
        "type_id": slot["res_id"],
        "filename": "mo-ta.pdf",
        "datas": base64.b64encode(PDF).decode(),
    }
    return rpc(
        login,
        "hoithi.entry",
        "create",
        [
            {
                "name": title,
                "contest_id": contest_id,
                "field_id": field,
                "first_applied_date": f"{datetime.now(UTC).year - 1}-01-15",
                "solution_content": "Nội dung giải pháp.",
                "novelty": "Chưa có ở đơn vị.",
                "applicability": "Dùng được tại các huyện.",
                "technical_benefit": "Báo sớm hơn hai giờ.",
                "dossier_ids": [[0, 0, file]],
            }
            for title, field in titles
        ],
    )


def make_entries(rpc, sql, contest_id, titles):
    """Eligible entries of one author, (title, field) each."""
    entries = []
    # nobody may have many drafts at a time, nor hand in that many files in an hour
    for start in range(0, len(titles), AT_A_TIME):
        sql("DELETE FROM hoithi_rate_note")
        now = titles[start : start + AT_A_TIME]
        drafts = make_drafts(rpc, sql, "canbo1", contest_id, now)
        submit_entries(rpc, "canbo1", drafts)
        entries += drafts
    rpc(SECRETARY, "hoithi.entry", "action_mark_eligible", entries)
    return entries


def start_review(rpc, contest_id):
    rpc(SECRETARY, "hoithi.contest", "action_close_registration", [contest_id])
    rpc(SECRETARY, "hoithi.contest", "action_start_review", [contest_id])
    # many copies are made in the background, and the review begins then; the tests'
    # server has no scheduled actions by itself
    [cron] = rpc(
        "admin",
        "ir.model.data",
        "search_read",
        [["module", "=", "hoithi_contest"], ["name", "=", "cron_work_runs"]],
        ["res_id"],
    )
    for _ in range(10):
        [contest] = rpc(SECRETARY, "hoithi.contest", "read", [contest_id], ["state"])
        if contest["state"] == "review":
            break
        rpc("admin", "ir.cron", "method_direct_trigger", [cron["res_id"]])


def score(rpc, login, review):
    lines = rpc(
        login,
        "hoithi.review.line",
        "search_read",
        [["review_id", "=", review]],
        ["criterion_id", "max_score"],
    )
    for line in lines:
        rpc(
            login,
            "hoithi.review.line",
            "write",
            [line["id"]],
            {"score": line["max_score"] - 2, "comment": "Có căn cứ."},
        )
    rpc(login, "hoithi.review", "action_submit", [review])
