"""Measure a background run of 500 score sheets: time, and memory that stays bounded.

    bin/odoo -d bench -i hoithi_contest --with-demo --stop-after-init --no-http
    bin/odoo shell -d bench --no-http < bench/bench_documents.py

It makes the sheets as the scheduled action does, step by step with a commit after
each, and prints after each step the documents made and this process' memory; that of
LibreOffice is the largest of its processes. The database is left with what was made:
take one that can be dropped.
"""

# ruff: noqa: F821 - `env` is what the shell gives
import os
import resource
import time
from pathlib import Path

ENTRIES, MEMBERS = 100, 5
MIB = 1024 * 1024


def resident():
    """Memory of this process in MiB, now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


def prepare():
    """A contest under review with a sheet of each member for each entry."""
    now = env.cr.now()
    loader = env(context={**env.context, "install_module": "x", "tracking_disable": 1})
    criteria = env["hoithi.criteria.set"].search([], limit=1)
    field = env["hoithi.field"].search([], limit=1)
    company = env.ref("base.main_company")
    if not env["hoithi.agency"]._get_at(company, now.date()):
        raise SystemExit("Take a database with demo data: papers need an agency.")
    users = env["res.users"].create(
        [
            {
                "name": f"Ủy viên {number}",
                "login": f"bench{now:%H%M%S}{number}",
                "group_ids": [(4, env.ref("hoithi_contest.group_member").id)],
            }
            for number in range(MEMBERS)
        ]
    )
    council = env["hoithi.council"].create(
        {
            "name": "Hội đồng đo thử",
            "company_id": company.id,
            "member_ids": [(0, 0, {"user_id": user.id}) for user in users],
        }
    )
    contest = loader["hoithi.contest"].create(
        {
            "name": "Hội thi đo thử",
            "company_id": company.id,
            "state": "review",
            "criteria_set_id": criteria.id,
            "council_id": council.id,
            "field_ids": [(4, field.id)],
        }
    )
    entries = loader["hoithi.entry"].create(
        [
            {
                "name": f"Giải pháp đo thử số {number}",
                "code": f"B{now:%H%M%S}{number}",
                "contest_id": contest.id,
                "field_id": field.id,
                "state": "reviewing",
                "submitted_on": now,
                "receipt_number": f"B-{number:03}",
            }
            for number in range(ENTRIES)
        ]
    )
    loader["hoithi.review"].create(
        [
            {
                "entry_id": entry.id,
                "member_id": member.id,
                "state": "submitted",
                "submitted_on": now,
                "strengths": "Có số liệu đo đạc, đã áp dụng tại đơn vị.",
            }
            for entry in entries
            for member in council.member_ids
        ]
    )
    return contest


contest = prepare()
action = contest.action_make_score_sheets()
run = env["hoithi.document.run"].browse(action["res_id"])
# the measurement is this loop's; the scheduled action must not take part
env.cr.commit()
print(f"{run.total} score sheets; {resident():.0f} MiB before")
start, steps = time.monotonic(), []
while run.state in ("queued", "running"):
    run._step(20)
    env.cr.commit()
    env.invalidate_all()
    steps.append(resident())
    print(
        f"{run.done_count:>4} made, {time.monotonic() - start:6.1f} s, "
        f"{steps[-1]:.0f} MiB",
        flush=True,
    )
elapsed = time.monotonic() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
office = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(
    f"{run.state}: {run.done_count} made, {run.error_count} failed, {elapsed:.1f} s, "
    f"{1000 * elapsed / run.total:.0f} ms each"
)
print(
    f"this process: peak {peak:.0f} MiB, growth from the second step to the last "
    f"{steps[-1] - steps[1]:+.0f} MiB; LibreOffice: peak {office:.0f} MiB"
)
print(f"result: {run.result_id.name}, {run.result_id.file_size / MIB:.1f} MiB")
