"""Measure what outlasts a click at two sizes, or might.

    bin/odoo shell -d mine --no-http < bench/bench_background.py

Takes contests that `generate.py` made, of BENCH_SIZES (2000,20000) entries; each act is
done once and rolled back. The start of the review is measured as its parts that aren't
a copy: the click, the look at the files, which queues a copy for each, and the end,
once all are there. The summary report is measured from the records to its Word file and
on to its PDF, where LibreOffice is there; the analysis of the scores as the click that
opens it; the assignment as the clicks that propose three more reviews for each entry
and apply them, as what of the proposal is then done in the background, and as one batch
of the reviews; the nightly check as its two steps over one contest. The peak is that of
the process during the act, beside what it held before: BENCH_ACTS (all of
report,analyse,assign,start_review,check) says which acts, so that each can have a
process of its own.
"""

import importlib.util
import os
import sys
import time
from pathlib import Path
from unittest.mock import patch

from odoo.addons.hoithi_contest.lib.guard import pdf

SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "2000,20000").split(",")]

sys.path.insert(0, "bench")
import bench_head

spec = importlib.util.spec_from_file_location(
    "bench_generate", Path("bench/generate.py").resolve()
)
bench_generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench_generate)

env = env  # noqa: F821, PLW0127, the shell's own


def read_peak():
    """Return the MiB that the process has held at most since it was reset."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(size, name, act):
    env.flush_all()
    env.invalidate_all()
    cr = env.cr
    # the peak begins anew
    Path("/proc/self/clear_refs").write_text("5")
    queries, begun, spent = cr.sql_log_count, time.perf_counter(), time.process_time()
    result = act()
    env.flush_all()
    cr.precommit.run()
    seconds, own = time.perf_counter() - begun, time.process_time() - spent
    queries = cr.sql_log_count - queries
    print(
        f"| {name} | {size} | {queries} | {seconds:.1f} s | {own:.1f} s |"
        f" {read_peak():.0f} MiB |",
        flush=True,
    )
    return result


def analyse(size, contest, people):
    office = contest.with_user(people["secretary"]).sudo(False)
    analyses = office.env["hoithi.score.analysis"]
    measure(size, "analysis of the scores", lambda: analyses._open(office))


def assign(size, contest, people):
    office = contest.with_user(people["secretary"]).sudo(False)
    wizard = office.env["hoithi.review.assign"].create(
        {"contest_id": contest.id, "mode": "add", "number": bench_generate.SHEETS}
    )
    measure(size, "assignment: the click that proposes", wizard.action_propose)
    if wizard.background == "waiting":
        measure(
            size,
            "assignment: the proposal, in the background",
            wizard.sudo()._propose_in_background,
        )
        assert not wizard.problem, wizard.problem
    action = measure(size, "assignment: applied", wizard.action_assign)
    if action.get("res_model") != "hoithi.review.assign.run":
        return
    run = env[action["res_model"]].sudo().browse(action["res_id"])
    lines = run.line_ids.search([("run_id", "=", run.id)], limit=run._run_batch)
    measure(size, f"assignment: {len(lines)} reviews made", lambda: run._work(lines))


def start_review(size, contest, people):
    office = contest.with_user(people["secretary"])
    cr = env.cr
    env.flush_all()
    cr.execute(
        "UPDATE hoithi_contest SET state = 'screening' WHERE id = %s", [contest.id]
    )
    cr.execute(
        "UPDATE hoithi_entry SET state = 'eligible' WHERE contest_id = %s", [contest.id]
    )
    cr.execute(
        "UPDATE hoithi_review SET state = 'assigned' WHERE contest_id = %s"
        " AND state <> 'void'",
        [contest.id],
    )
    env.invalidate_all()
    action = measure(
        size,
        "start of the review: the click",
        lambda: office.action_start_review(reason="Bench"),
    )
    runs = env["hoithi.review.start.run"].sudo()
    run = runs.browse(action["res_id"]) if isinstance(action, dict) else runs
    if run and not run.total_count:
        measure(size, "start of the review: its files looked through", run._end)
    # as if all copies were made
    cr.execute(
        "UPDATE hoithi_review_copy c SET state = 'ready' FROM hoithi_entry e"
        " WHERE e.id = c.entry_id AND e.contest_id = %s",
        [contest.id],
    )
    env.invalidate_all()
    measure(size, "start of the review: its end", office._start_review)
    assert contest.state == "review", contest.state


def report(size, contest, people):
    env["hoithi.agency"].create(
        {
            "name": "Sở Nông nghiệp và Môi trường tỉnh Thái Nguyên",
            "parent_name": "Ủy ban nhân dân tỉnh Thái Nguyên",
            "symbol": "SNNMT",
            "place_name": "Thái Nguyên",
            "province_name": "Thái Nguyên",
            "head_title": "Giám đốc",
            "company_id": people["company"].id,
            "signer_ids": [
                (0, 0, {"name": "Nông Văn An", "position": "Giám đốc"}),
            ],
        }
    )
    documents = env["hoithi.document"].with_user(people["secretary"])
    document = documents.create(
        {
            "kind": "report",
            "contest_id": contest.id,
            "res_model": contest._name,
            "res_id": contest.id,
        }
    )

    def convert(documents, timeout=None, owner=None):
        raise pdf.EngineMissing()

    with patch.object(pdf, "convert", convert):
        measure(size, "summary report: its Word file", document._generate)
    measure(size, "summary report: with its PDF", document._generate)
    print(f"  PDF: {bool(document.pdf_id)}, {document.docx_id.file_size} bytes of Word")


def check(size, contest, people):
    nightly = env["hoithi.check"]
    measure(size, "nightly check: rules", lambda: nightly._check_rules(contest))
    found = measure(
        size, "nightly check: ledger", lambda: nightly._check_contest(contest)
    )
    print(f"  broken: {found or 'nothing'}")


ACTS = {act.__name__: act for act in (report, analyse, assign, start_review, check)}


def main():
    chosen = os.environ.get("BENCH_ACTS", ",".join(ACTS)).split(",")
    print(bench_head.describe(env), end="\n\n")
    print("| act | entries | queries | time | Python | memory at its peak |")
    print("|---" * 6 + "|")
    for size in SIZES:
        contest, people = bench_generate.find(env, size)
        measure(size, "nothing", lambda: None)
        for name in chosen:
            with env.cr.savepoint() as savepoint:
                ACTS[name](size, contest, people)
                savepoint.rollback()
            env.invalidate_all()
            env.cr.precommit.clear()
    env.cr.rollback()


main()
