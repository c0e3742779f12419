"""Measure a campaign at two sizes: does the work grow with the staff, or faster?

    bin/odoo shell -d mine --no-http < bench/bench_campaign.py

Takes a database with the addon, makes a house of 4 units and 200 staff, then one of 40
units and 2,000, and prints queries and processor time of what people open and of what
runs by itself, with the ratio of the two. Everything is rolled back.
"""

import os
import sys
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

sys.path.insert(0, "bench")
import bench_head

SIZES = ((4, 50), (40, 50))
INVITED = 50

env = env(  # noqa: F821, the shell's own
    context={
        "tracking_disable": True,
        "mail_create_nolog": True,
        "no_reset_password": True,
    }
)


def build(units, staff):
    """A company of its own with `units` of `staff` each, and a launched contest."""
    company = env["res.company"].create({"name": f"Bench {units}"})
    house = env(context={**env.context, "allowed_company_ids": company.ids})
    departments = house["hr.department"].create(
        [
            {"name": f"Unit {number}", "company_id": company.id}
            for number in range(units)
        ]
    )
    partners = house["res.partner"].create(
        [
            {
                "name": f"Person {number}",
                "email": f"p{number}@bench{units}.example.com",
                "company_id": company.id,
            }
            for number in range(units * staff)
        ]
    )
    # HR keeps the records; with a right on views Odoo would draw an avatar for each
    keeper = house["res.users"].create(
        {
            "name": "HR",
            "login": f"hr@bench{units}.example.com",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(env.ref("hr.group_hr_manager").ids)],
        }
    )
    house["hr.employee"].with_user(keeper).create(
        [
            {
                "name": partner.name,
                "work_email": partner.email,
                "work_contact_id": partner.id,
                "department_id": departments[number % units].id,
                "company_id": company.id,
                "date_version": "2020-01-01",
            }
            for number, partner in enumerate(partners)
        ]
    )
    now = fields.Datetime.now()
    contest = house["hoithi.contest"].create(
        {
            "name": f"Bench {units}",
            "company_id": company.id,
            "edition_number": 1,
            "year_start": now.year,
            "date_start": now.date(),
            "registration_deadline": now + timedelta(days=30),
        }
    )
    contest.with_context(install_module="hoithi_contest").state = "open"
    house["hoithi.contest.unit"]._make_for(contest)
    env.flush_all()
    # as autovacuum does: else PostgreSQL plans for the nearly empty tables of before,
    # and reads all of HR for each employee that Odoo creates
    env.cr.execute("ANALYZE")
    return house, contest


def measure(call):
    env.flush_all()
    env.invalidate_all()
    queries, times = env.cr.sql_log_count, os.times()
    call()
    env.flush_all()
    spent = os.times()
    return (
        env.cr.sql_log_count - queries,
        max(0, spent.user + spent.system - times.user - times.system),
    )


def measure_house(units, staff):
    house, contest = build(units, staff)
    rows = house["hoithi.contest.unit"]
    domain = [("contest_id", "=", contest.id)]
    rule = house.ref("hoithi_contest.hoithi_notice_rule_no_entry")
    wizard = house["hoithi.staff.invite"].create({"company_id": contest.company_id.id})
    people = house["hr.employee"].search(
        [("company_id", "=", contest.company_id.id)], limit=INVITED
    )
    company = contest.company_id
    office = house["res.users"].create(
        {
            "name": "Office",
            "login": f"office@bench{units}.example.com",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(env.ref("hoithi_contest.group_secretary").ids)],
        }
    )
    # people are invited in the name of who began the run
    runs = house["hoithi.staff.invite.run"].with_user(office).sudo()
    run = runs.create({"company_id": company.id})
    run.line_ids.create(
        [
            {
                "run_id": run.id,
                "employee_id": person.id,
                "name": person.name,
                "email": person.work_email,
                "action": "invite",
            }
            for person in people
        ]
    )
    facts = []
    calls = {
        "board": lambda: rows.with_context(read_group_expand=True).web_read_group(
            domain,
            ["stage"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={"name": {}, "acknowledged_rate": {}},
        ),
        "count anew": lambda: contest.unit_ids._refresh(),
        "whom to remind": lambda: facts.extend(rule._get_staff_without_entry(contest)),
        "record reminders": lambda: house["hoithi.notice"]._announce(
            "no_entry", {contest: house["res.partner"].union(*facts)}
        ),
        "check the staff": wizard.action_check,
        f"invite {INVITED}": lambda: run._invite(run.line_ids),
    }
    measure(calls["board"])  # warms the caches of views and rules
    figures = {name: measure(call) for name, call in calls.items()}
    assert run.done_count == INVITED, run.note
    return figures


def main():
    env.user.group_ids += env.ref("hoithi_contest.group_admin")
    env.user.group_ids = [Command.link(env.ref("hoithi_contest.group_secretary").id)]
    few, many = (measure_house(*size) for size in SIZES)
    sizes = [f"{units} x {staff}" for units, staff in SIZES]
    print(bench_head.describe(env))
    print(f"{'':20}{sizes[0]:>18}{sizes[1]:>18}{'queries':>10}{'time':>8}")
    for name, (queries, seconds) in few.items():
        more_queries, more_seconds = many[name]
        print(
            f"{name:20}{queries:>8} {seconds:>7.2f} s{more_queries:>8} "
            f"{more_seconds:>7.2f} s{more_queries / queries:>9.1f}x"
            f"{more_seconds / max(seconds, 0.01):>7.1f}x"
        )
    env.cr.rollback()


main()
