"""Measure the analysis of a contest's scores.

    .hoithi/venv/bin/python bench/bench_analysis.py

Prints seconds and megabytes for 2,000 and for 20,000 entries with 3 sheets each by
144 members: the agreement as a whole, by field and by three criteria, and whose place
hangs on the way of counting or on one member.
"""

import random
import sys
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "hoithi_contest"))

import bench_head
from lib.council import analysis, ranking, scoring

SHEETS, MEMBERS, FIELDS, CRITERIA = 3, 144, 5, 3
METHODS = ("mean", "trimmed_mean", "median")


def analyse(sheets):
    points = {method: analysis.count_points(sheets, method) for method in METHODS}
    points["adjusted"] = analysis.adjust(sheets).points
    for _criterion in range(CRITERIA + 1):
        analysis.agreement(sheets.entry, sheets.total)
        for field in range(FIELDS):
            own = sheets.entry % FIELDS == field
            analysis.agreement(sheets.entry[own], sheets.total[own])
    count = len(sheets.entries)
    prizes = [(False, [ranking.Prize(n, 5 * n, 50) for n in range(1, 5)])]
    outcome = analysis.Outcome(
        range(count), range(count), [1] * count, {}, prizes, 50, 100
    )
    analysis.find_changes(sheets, "mean", points, outcome)


print(bench_head.describe())
for entries in (2_000, 20_000):
    chance = random.Random(entries)
    severity = [chance.gauss(0, 5) for _member in range(MEMBERS)]
    sheets = {
        (entry, member): scoring.to_decimal(round(70 + quality + severity[member], 2))
        for entry in range(entries)
        for quality in [chance.gauss(0, 10)]
        for member in chance.sample(range(MEMBERS), SHEETS)
    }
    sheets = analysis.Sheets(sheets)
    started = time.process_time()
    analyse(sheets)
    seconds = time.process_time() - started
    tracemalloc.start()
    analyse(sheets)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{entries:6} entries: {seconds:5.1f} s, {peak / 1e6:5.0f} MB at the most")
