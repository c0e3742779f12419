"""Make a contest of N entries, whole: sheets, files and score ledger, every rule kept.

    BENCH_ENTRIES=2000 bin/odoo shell -d mine --no-http < bench/generate.py

Takes a database with the addon. The contest is in its review: each entry has an author,
a file and three sheets of four criteria, by a council of up to 120; the last fifty
entries wait for their third sheet. One of each record is made as the addon makes it;
PostgreSQL copies it, Odoo works out what is computed, and the ledger is appended to.
What the nightly check finds wrong is printed: nothing. The contest is kept: other
benchmarks of the same database take it (`find`).
"""

import base64
import io
import os
import random
from datetime import timedelta
from pathlib import Path

import pikepdf

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.hoithi_contest.lib.contest import similarity
from odoo.addons.hoithi_contest.models.guard.hoithi_guard_mixin import Load

SHEETS, CRITERIA, WAITING = 3, 4, 50
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "no_reset_password": True,
}

PLACES = [
    f"{kind} {name}"
    for kind in ("xã", "phường", "huyện", "trường", "trạm", "chi cục")
    for name in (
        *("An Bình", "Bình Minh", "Cái Nước", "Đông Hải", "Giồng Riềng", "Hòa Bình"),
        *("Kế Sách", "Long Phú", "Mỹ Xuyên", "Ngã Năm", "Phú Tân", "Thới Bình"),
        *("U Minh", "Vĩnh Lợi", "Trần Đề", "Tân Hiệp", "Cù Lao Dung", "Phước Long"),
    )
]


def make_pdf():
    """Return a whole file of one empty page."""
    with pikepdf.new() as pdf, io.BytesIO() as written:
        pdf.add_blank_page()
        pdf.save(written, deterministic_id=True)
        return written.getvalue()


PDF = make_pdf()


def read_texts():
    """Return (title, summary) of all labelled solutions."""
    path = Path("hoithi_contest/lib/tests/contest/data/novelty_pairs.txt")
    return [
        tuple(line.split("|")[1:])
        for line in path.read_text(encoding="utf-8").splitlines()
        if line[:2] in ("B|", "P|", "N|")
    ]


def make_titles(texts, count, chance):
    """Return titles of which no two are the same."""
    parts = [title.split() for title, _summary in texts]
    titles = {}
    while len(titles) < count:
        first, second = chance.choice(parts), chance.choice(parts)
        title = [
            *first[: chance.randint(3, len(first))],
            *second[-chance.randint(2, 5) :],
            "tại",
            chance.choice(PLACES),
        ]
        titles[" ".join(title)] = None
    return list(titles)


def copy_rows(env, record, changes, source="generate_series(1, 1) n", where="TRUE"):
    """Copy the row of a record in SQL.

    :param changes: {column: SQL of its value}, in which a row of `source` can be named
    :return: the ids of the copies
    """
    table = record._table
    columns = [
        name
        for (name,) in env.execute_query(
            SQL(
                """SELECT column_name FROM information_schema.columns
                   WHERE table_schema = current_schema AND table_name = %s
                     AND column_name <> 'id' AND is_generated = 'NEVER'
                   ORDER BY ordinal_position""",
                table,
            )
        )
    ]
    values = [changes.get(name, f't."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
        f" FROM {table} t, {source} WHERE t.id = {record.id} AND {where} RETURNING id"
    )
    return [row[0] for row in env.cr.fetchall()]


def make_people(env, number, members):
    company = env["res.company"].create({"name": f"Bench {number}"})
    house = env(context={**env.context, "allowed_company_ids": company.ids})
    groups = {
        "member": "hoithi_contest.group_member",
        "secretary": "hoithi_contest.group_secretary",
        "staff": "base.group_portal",
    }

    def make_users(role, count):
        return house["res.users"].create(
            [
                {
                    "name": f"{role} {number} {n}",
                    "login": f"{role}{n}@bench{number}.example.com",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(house.ref(groups[role]).ids)],
                }
                for n in range(count)
            ]
        )

    units = house["hr.department"].create(
        [{"name": f"Unit {n}", "company_id": company.id} for n in range(40)]
    )
    staff = make_users("staff", 1)
    house["hr.employee"].create(
        {
            "name": staff.name,
            "work_contact_id": staff.partner_id.id,
            "work_email": staff.email,
            "department_id": units[0].id,
            "company_id": company.id,
        }
    )
    partners = house["res.partner"].create(
        [
            {"name": f"Author {n}", "email": f"a{n}@bench{number}.example.com"}
            for n in range(500)
        ]
    )
    return house, {
        "company": company,
        "units": units,
        "staff": staff,
        "partners": partners,
        "secretary": make_users("secretary", 1),
        "members": make_users("member", members),
    }


def make_contest(house, people, number):
    field_ids = house["hoithi.field"].search([], limit=6).ids
    criteria = house["hoithi.criteria.set"].create(
        {
            "name": f"Bench {number}",
            "min_total": 50,
            "criterion_ids": [
                Command.create({"name": f"C{n}", "max_score": 25, "step": 0.5})
                for n in range(CRITERIA)
            ],
        }
    )
    council = house["hoithi.council"].create(
        {
            "name": f"Bench {number}",
            "company_id": people["company"].id,
            "member_ids": [
                Command.create({"user_id": user.id, "role": role})
                for user, role in [
                    (people["members"][0], "chair"),
                    (people["secretary"], "secretary"),
                    *((user, "member") for user in people["members"][1:]),
                ]
            ],
        }
    )
    now = fields.Datetime.now()
    return house["hoithi.contest"].create(
        {
            "name": f"Bench {number}",
            "company_id": people["company"].id,
            "edition_number": 9,
            "year_start": now.year,
            "date_start": now.date(),
            "date_end": now.date() + timedelta(days=200),
            "registration_deadline": now + timedelta(days=10),
            "screening_deadline": now + timedelta(days=20),
            "review_deadline": now + timedelta(days=60),
            "eligible_from_year": now.year - 8,
            "blind": True,
            "mode": "internal_contest",
            "reviews_per_entry": SHEETS,
            "nomination_slots": 20,
            "field_ids": [Command.set(field_ids)],
            "criteria_set_id": criteria.id,
            "council_id": council.id,
            "secretary_ids": [Command.set(people["secretary"].ids)],
            "tie_break_ids": [
                Command.create(
                    {"kind": "criterion", "criterion_id": criteria.criterion_ids[0].id}
                ),
                Command.create({"kind": "earlier", "sequence": 20}),
            ],
            "legal_basis_ids": [Command.create({"number": "1/QĐ", "subject": "x"})],
        }
    )


def generate(env, number, members=120):
    """Return (contest, people) of a contest of `number` entries in its review."""
    env = env(context={**env.context, **QUIET})
    house, people = make_people(env, number, members)
    contest = make_contest(house, people, number)
    secretary = contest.with_user(people["secretary"])
    secretary.action_launch()
    # one of each, as the addon makes it
    staff = house(user=people["staff"].id)
    entry = staff["hoithi.entry"].create(
        {
            "name": "Bench entry 0",
            "contest_id": contest.id,
            "field_id": contest.field_ids[0].id,
            "solution_content": "What it does. " * 40,
            "novelty": "What is new. " * 20,
            "first_applied_date": fields.Date.today() - timedelta(days=90),
        }
    )
    for dossier_type in contest.sudo().asked_dossier_type_ids.filtered("required"):
        staff["hoithi.dossier.item"].create(
            {
                "entry_id": entry.id,
                "type_id": dossier_type.id,
                "filename": "entry.pdf",
                "datas": base64.b64encode(PDF),
            }
        )
    entry.action_submit()
    entry.with_user(people["secretary"]).action_mark_eligible()
    secretary.action_close_registration()
    secretary.action_start_review()
    loading = env(user=1, su=True, context={**env.context, "hoithi_door": Load()})
    entry = entry.with_env(loading)
    seats = contest.sudo().council_id.member_ids.filtered("can_score")
    review = loading["hoithi.review"].create(
        {"entry_id": entry.id, "member_id": seats[0].id}
    )
    env.flush_all()
    cr = env.cr
    cr.execute("SELECT setseed(0.5)")
    cr.execute("DROP TABLE IF EXISTS bench_title, bench_entry, bench_seat, bench_file")

    # ENTRIES
    titles = make_titles(read_texts(), number - 1, random.Random(number))
    cr.execute(
        "CREATE TEMP TABLE bench_title ON COMMIT DROP AS"
        " SELECT * FROM unnest(%s, %s) WITH ORDINALITY AS b(title, key, n)",
        [titles, [similarity.normalize_title(title) for title in titles]],
    )
    copies = copy_rows(
        env,
        entry,
        {
            "name": "b.title",
            "title_key": "b.key",
            "code": f"'B{number}-' || b.n",
            "receipt_number": f"'B{number}/' || b.n",
            "state": "'reviewing'",
            "submitted_on": "t.submitted_on - b.n * interval '1 second'",
            "benefit_amount": "(b.n % 7) * 1000000",
        },
        source="bench_title b",
    )
    cr.execute(
        "CREATE TEMP TABLE bench_entry ON COMMIT DROP AS"
        " SELECT id, row_number() OVER () AS n FROM unnest(%s) AS id",
        [copies],
    )
    partners, units = people["partners"].ids, people["units"].ids
    copy_rows(
        env,
        entry.author_ids[0],
        {
            "entry_id": "b.id",
            "employee_id": "NULL",
            "partner_id": f"(ARRAY{partners})[1 + b.n % {len(partners)}]",
            "full_name": f"'Author ' || b.n % {len(partners)}",
            "department_id": f"(ARRAY{units})[1 + b.n % {len(units)}]",
        },
        source="bench_entry b",
    )
    for item in entry.dossier_ids:
        files = copy_rows(
            env, item.attachment_id, {"res_id": "b.id"}, source="bench_entry b"
        )
        cr.execute(
            "CREATE TEMP TABLE bench_file ON COMMIT DROP AS"
            " SELECT id, res_id FROM ir_attachment WHERE id = ANY(%s)",
            [files],
        )
        items = copy_rows(
            env,
            item,
            {"entry_id": "f.res_id", "attachment_id": "f.id"},
            source="bench_file f",
        )
        cr.execute(
            "UPDATE ir_attachment a SET res_id = i.id FROM hoithi_dossier_item i"
            " WHERE i.attachment_id = a.id AND i.id = ANY(%s)"
            " AND a.res_model = 'hoithi.dossier.item'",
            [items],
        )
        cr.execute("DROP TABLE bench_file")

    # SHEETS
    cr.execute("INSERT INTO bench_entry VALUES (%s, 0)", [entry.id])
    cr.execute(
        "CREATE TEMP TABLE bench_seat ON COMMIT DROP AS"
        " SELECT id, user_id, row_number() OVER (ORDER BY id) - 1 AS n"
        " FROM hoithi_council_member WHERE id = ANY(%s)",
        [seats.ids],
    )
    done = f"(b.n < {number - WAITING} OR k < {SHEETS})"
    # the template stays as the first sheet of its entry
    review_ids = copy_rows(
        env,
        review,
        {
            "entry_id": "b.id",
            "entry_name": "(SELECT name FROM hoithi_entry WHERE id = b.id)",
            "member_id": "s.id",
            "user_id": "s.user_id",
            "state": f"CASE WHEN {done} THEN 'submitted' ELSE 'in_progress' END",
            "submitted_on": f"CASE WHEN {done} THEN now() AT TIME ZONE 'UTC' END",
        },
        source=(
            f"bench_entry b CROSS JOIN generate_series(1, {SHEETS}) k"
            " JOIN bench_seat s"
            f" ON s.n = (b.n + k * 7) % {len(seats)}"
        ),
        where=f"NOT (b.id = {entry.id} AND s.id = {seats[0].id})",
    )
    for line in review.line_ids:
        copy_rows(
            env,
            line,
            {
                "review_id": "v.id",
                "score": "(20 + floor(random() * 31)) / 2.0",
                "is_scored": "true",
            },
            source="hoithi_review v",
            where=f"v.id = ANY(ARRAY{review_ids})",
        )
    cr.execute(
        "UPDATE hoithi_review v SET total = l.total FROM ("
        " SELECT review_id, SUM(score) AS total FROM hoithi_review_line"
        " GROUP BY review_id) l"
        " WHERE l.review_id = v.id AND v.state = 'submitted' AND v.id = ANY(%s)",
        [review_ids],
    )
    env.invalidate_all()
    review._void("Bench: the sheet that the others were copied from")
    cr.execute("ANALYZE")

    # WHAT FOLLOWS
    entries = loading["hoithi.entry"].search([("contest_id", "=", contest.id)])
    for name in ("review_count", "review_done_count", "average_score", "score_spread"):
        env.add_to_compute(entries._fields[name], entries)
    env.flush_all()
    entries.filtered(
        lambda e: e.state == "reviewing" and e.review_done_count == e.review_count
    )._move("reviewed")
    contest.criteria_set_id.with_env(loading).locked = True
    sheets = loading["hoithi.review"].browse(review_ids)
    sheets = sheets.filtered(lambda sheet: sheet.state == "submitted")
    for start in range(0, len(sheets), 2000):
        loading["hoithi.ledger"]._append_all(
            contest,
            [
                ("review.submitted", sheet, {}, sheet.entry_id)
                for sheet in sheets[start : start + 2000]
            ],
        )
    # what else counts and was copied in SQL
    loading["hoithi.ledger"]._take_stock(contest)
    # else each act that reads a place would write all of them, and take that back
    loading["hoithi.entry"]._refresh_ranks()
    env.flush_all()
    cr.execute("ANALYZE")
    return contest, people


def find(env, number):
    """Return (contest, people) as an earlier run made and kept them, or None."""
    company = env["res.company"].search([("name", "=", f"Bench {number}")], limit=1)
    contest = env["hoithi.contest"].search([("company_id", "=", company.id)], limit=1)
    if not contest:
        return None
    house = env(context={**env.context, "allowed_company_ids": company.ids, **QUIET})

    def find_users(role):
        domain = [("login", "=like", f"{role}%@bench{number}.example.com")]
        return house["res.users"].search(domain, order="id")

    return contest.with_env(house), {
        "company": company,
        "staff": find_users("staff"),
        "secretary": find_users("secretary"),
        "members": find_users("member"),
    }


def main(env):
    contest, _people = generate(env, int(os.environ["BENCH_ENTRIES"]))
    entries = env["hoithi.entry"]
    print("entries:", entries.search_count([("contest_id", "=", contest.id)]))
    print("broken rules:", entries._get_broken_invariants() or "none")
    print("ledger:", env["hoithi.ledger"]._verify(contest) or "whole")
    env.cr.commit()


if __name__ != "bench_generate":
    main(env)  # noqa: F821, the shell's own
