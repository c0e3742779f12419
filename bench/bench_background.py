"""Measure what goes on in the background at two sizes: start of the review, report.

    bin/odoo shell -d mine --no-http < bench/bench_background.py

Takes contests that `generate.py` made, of BENCH_SIZES (2000,20000) entries; each act is
done once and rolled back. The start of the review is measured as its two parts that
aren't a copy: the click, which queues a copy for each file, and the end, once all are
there. The summary report is measured from the records to its Word file and on to its
PDF, where LibreOffice is there.
"""

import importlib.util
import os
import resource
import time
from pathlib import Path
from unittest.mock import patch

from odoo.addons.hoithi_contest.lib.guard import pdf

SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "2000,20000").split(",")]

spec = importlib.util.spec_from_file_location(
    "bench_generate", Path("bench/generate.py").resolve()
)
bench_generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench_generate)

env = env  # noqa: F821, PLW0127, the shell's own


def measure(size, name, act):
    env.flush_all()
    env.invalidate_all()
    cr = env.cr
    queries, begun, spent = cr.sql_log_count, time.perf_counter(), time.process_time()
    result = act()
    env.flush_all()
    cr.precommit.run()
    seconds, own = time.perf_counter() - begun, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    queries = cr.sql_log_count - queries
    print(
        f"| {name} | {size} | {queries} | {seconds:.1f} s | {own:.1f} s |"
        f" {peak:.0f} MiB |",
        flush=True,
    )
    return result


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
    measure(
        size,
        "start of the review: the click",
        lambda: office.action_start_review(reason="Bench"),
    )
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


def main():
    print("| act | entries | queries | time | Python | memory at its peak |")
    print("|---" * 6 + "|")
    for size in SIZES:
        contest, people = bench_generate.find(env, size)
        for act in (report, start_review):
            with env.cr.savepoint() as savepoint:
                act(size, contest, people)
                savepoint.rollback()
            env.invalidate_all()
            env.cr.precommit.clear()
    env.cr.rollback()


main()
