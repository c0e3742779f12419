"""Measure one paper as PDF, and a background run of 500 score sheets: time and memory.

    bin/odoo -d bench -i hoithi_contest --with-demo --stop-after-init --no-http
    bin/odoo shell -d bench --no-http < bench/bench_documents.py

One paper is made as its button does, from the records to the stored PDF, first with a
LibreOffice that has to start, then with the one that is kept; before it one of each
kind of the demo, taken back afterwards. The sheets are made as
the scheduled action does, step by step with a commit after each; then it prints
the documents made and this process' memory; that of LibreOffice is the largest of its
processes that ended. The database is left with what was made: take one that can be
dropped. BENCH_ENTRIES (100) are the entries, each with five sheets. With
HOITHI_OFFICE_ONCE=1 LibreOffice is started for each conversion.
"""

# ruff: noqa: F821 - `env` is what the shell gives
import os
import resource
import statistics
import sys
import time
from pathlib import Path

import pypdfium2

from odoo.addons.hoithi_contest.lib.guard import office
from odoo.addons.hoithi_contest.models.guard.hoithi_guard_mixin import Load

sys.path.insert(0, "bench")
import bench_head

ENTRIES, MEMBERS = int(os.environ.get("BENCH_ENTRIES", "100")), 5
MIB = 1024 * 1024


def resident():
    """Memory of this process in MiB, now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


def prepare():
    """A contest under review with a sheet of each member for each entry."""
    now = env.cr.now()
    loader = env(
        user=1,
        su=True,
        context={**env.context, "hoithi_door": Load(), "tracking_disable": True},
    )
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
    secretary = env["res.users"].create(
        {
            "name": "Thư ký đo thử",
            "login": f"bench{now:%H%M%S}s",
            "group_ids": [(4, env.ref("hoithi_contest.group_secretary").id)],
        }
    )
    return contest.with_user(secretary).sudo(False)


def get_processor_seconds():
    """What this process and the LibreOffice that it keeps have worked, in seconds."""
    pids = [os.getpid()]
    if office.is_kept():
        watcher = office.get_process()
        children = Path(f"/proc/{watcher}/task/{watcher}/children").read_text()
        pids += map(int, children.split())
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(stat[11]) + int(stat[12])
    return ticks / os.sysconf("SC_CLK_TCK") + ended.ru_utime + ended.ru_stime


def measure_paper(contest, times=11):
    """Print what one paper takes, cold and warm."""
    document = contest.env["hoithi.document"].create(
        {"kind": "plan", "contest_id": contest.id, "subject": "Kế hoạch đo thử"}
    )
    office.close()
    took, worked = [], 0
    for number in range(times):
        if number == 1:
            worked = get_processor_seconds()
        begun = time.monotonic()
        document.action_generate()
        env.flush_all()
        took.append(time.monotonic() - begun)
    if not document.pdf_id:
        raise SystemExit(document.pdf_error)
    worked = (get_processor_seconds() - worked) / (times - 1)
    warm = sorted(took[1:])
    print(
        f"a plan, from records to PDF: {took[0]:.2f} s where LibreOffice starts, "
        f"then median {statistics.median(warm):.2f} s, at most {warm[-1]:.2f} s; "
        f"{worked:.2f} s of processors each "
        f"(load of the machine {os.getloadavg()[0]:.1f})"
    )


def measure_kinds(times=5):
    """Print what a paper of each kind of the demo takes, LibreOffice being kept."""
    loader = env(user=1, su=True, context={**env.context, "hoithi_door": Load()})
    papers = loader["hoithi.document"].search([], order="kind, id")
    for kind, same in papers.grouped("kind").items():
        document = same[0]
        document.state = "draft"
        took = []
        for _time in range(times):
            begun = time.monotonic()
            document._generate()
            env.flush_all()
            took.append(time.monotonic() - begun)
        if not document.pdf_id:
            print(f"{kind:<18} no PDF: {document.pdf_error}")
            continue
        pages = len(pypdfium2.PdfDocument(document.pdf_id.raw))
        print(
            f"{kind:<18} {pages:>3} pages: median {statistics.median(took[1:]):.2f} s, "
            f"at most {max(took[1:]):.2f} s"
        )
    env.cr.rollback()


print(bench_head.describe(env))
measure_kinds()
contest = prepare()
measure_paper(contest)
action = contest.action_make_score_sheets()
run = env["hoithi.document.run"].browse(action["res_id"])
# the measurement is this loop's; the scheduled action must not take part
env.cr.commit()
print(f"{run.total} score sheets; {resident():.0f} MiB before")
start, steps, begun, worked = time.monotonic(), [], get_processor_seconds(), 0
while run.state in ("queued", "running"):
    run._step(20)
    env.cr.commit()
    env.invalidate_all()
    steps.append(resident())
    worked = max(worked, get_processor_seconds() - begun)
    print(
        f"{run.done_count:>4} made, {time.monotonic() - start:6.1f} s, "
        f"{steps[-1]:.0f} MiB",
        flush=True,
    )
if run.state != "done":
    raise SystemExit(f"{run.state}: {run.error}")
elapsed = time.monotonic() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
office.close()
grown = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(
    f"{run.state}: {run.done_count} made, {run.error_count} failed, {elapsed:.1f} s, "
    f"{1000 * elapsed / run.total:.0f} ms each, {worked:.0f} s of "
    f"processors; load of the machine {os.getloadavg()[0]:.1f}"
)
print(
    f"this process: peak {peak:.0f} MiB, growth from the second step to the last "
    f"{steps[-1] - steps[1]:+.0f} MiB; LibreOffice: peak {grown:.0f} MiB"
)
print(f"result: {run.result_id.name}, {run.result_id.file_size / MIB:.1f} MiB")
