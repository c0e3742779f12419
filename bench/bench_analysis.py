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

from lib.council import analysis, ranking, scoring

SHEETS, MEMBERS, FIELDS, CRITERIA = 3, 144, 5, 3
METHODS = ("mean", "trimmed_mean", "median", "adjusted")


def outcome(scores):
    merits = {entry: (int(score.scaleb(2)), 0) for entry, score in scores.items()}
    places = ranking.rank_by(merits)
    return {entry: place <= 100 for entry, place in places.items()}


def analyse(sheets):
    for method in METHODS:
        analysis.score(sheets, method)
    for _criterion in range(CRITERIA + 1):
        analysis.agreement(sheets)
        for field in range(FIELDS):
            analysis.agreement(
                {pair: v for pair, v in sheets.items() if pair[0] % FIELDS == field}
            )
    analysis.find_changes(sheets, "mean", outcome, METHODS)


for entries in (2_000, 20_000):
    chance = random.Random(entries)
    severity = [chance.gauss(0, 5) for _member in range(MEMBERS)]
    sheets = {
        (entry, member): scoring.to_decimal(round(70 + quality + severity[member], 2))
        for entry in range(entries)
        for quality in [chance.gauss(0, 10)]
        for member in chance.sample(range(MEMBERS), SHEETS)
    }
    started = time.process_time()
    analyse(sheets)
    seconds = time.process_time() - started
    tracemalloc.start()
    analysis.agreement(sheets)
    analysis.adjust(sheets)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{entries:6} entries: {seconds:5.1f} s, {peak / 1e6:5.0f} MB at the most")
