"""Measure what is told while a title is typed, among 100,000 titles.

    bin/odoo -d mine -i hoithi_contest --stop-after-init
    bin/odoo shell -d mine --no-http < bench/bench_novelty.py

BENCH_TITLES (100000) is how many solutions of earlier editions there are. Their titles
are made of the parts of the titles that novelty is calibrated on, with places of a
province, so that they share words as titles do. All is taken back at the end.

Measured are 200 titles, half of them near copies of one that is there and half that are
not, each the fastest of three: the whole of `_find_alike`, as the route of the portal
calls it, for a person of staff. Where others use the machine too, the clock tells of
them: the time that the processor gave to it, here and in PostgreSQL's
process on the same machine, is told beside. Then, which happens in the background, how
one entry is compared with all the others by its texts.
"""

import importlib.util
import os
import random
import statistics
import sys
import time
from pathlib import Path

from odoo.addons.hoithi_contest.lib.contest import novelty, similarity

TITLES = int(os.environ.get("BENCH_TITLES", "100000"))
ASKED, ROUNDS = 200, 3

sys.path.insert(0, "bench")
import bench_head

spec = importlib.util.spec_from_file_location(
    "bench_generate", Path("bench/generate.py").resolve()
)
bench_generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench_generate)

env = env  # noqa: F821, PLW0127, the shell's own


def fill(texts, titles, company, chance):
    """Put solutions and their texts into the database, as an import and its reading."""
    words = {text: novelty.get_words(*text) for text in texts}
    prints = {text: novelty.get_prints(text[1]) for text in texts}
    rows = []
    for number, title in enumerate(titles):
        first, second = chance.choice(texts), chance.choice(texts)
        rows.append(
            (
                company.id,
                title,
                similarity.normalize_title(title),
                f"Hội thi lần thứ {number % 9 + 1}",
                2000 + number % 20,
                str(number),
                f"{first[1]} {second[1]}",
                sorted(words[first] | words[second]),
                sorted({*prints[first], *prints[second]}),
            )
        )
    env.cr.execute(
        """CREATE TEMP TABLE given (company_id int, name text, title_key text,
               edition text, year int, key text, summary text, words text[],
               prints int[])"""
    )
    for start in range(0, len(rows), 1000):
        env.cr.execute_values("INSERT INTO given VALUES %s", rows[start : start + 1000])
    env.cr.execute(
        """INSERT INTO hoithi_past_solution
                  (company_id, name, title_key, edition, year, key, summary)
           SELECT company_id, name, title_key, edition, year, key, summary FROM given"""
    )
    env.cr.execute(
        """INSERT INTO hoithi_novelty_text
                  (past_id, company_id, state, text, parts, words, prints)
           SELECT p.id, p.company_id, 'ready', p.summary, '[["summary", 0]]',
                  array_to_tsvector(g.words), g.prints
             FROM hoithi_past_solution p JOIN given g USING (company_id, key)"""
    )
    # what autovacuum does soon after an import
    env.cr.execute(
        """SELECT gin_clean_pending_list(indexrelid) FROM pg_index
             JOIN pg_class c ON c.oid = indexrelid
             JOIN pg_am a ON a.oid = c.relam AND a.amname = 'gin'
            WHERE indrelid IN ('hoithi_past_solution'::regclass,
                               'hoithi_novelty_text'::regclass)"""
    )
    env.cr.execute("ANALYZE hoithi_past_solution, hoithi_novelty_text")


def get_work():
    """Return the milliseconds of the processor that this and its PostgreSQL took."""
    with open(f"/proc/{backend}/stat") as stat:
        ticks = sum(map(int, stat.read().rpartition(")")[2].split()[11:13]))
    return 1000 * (ticks / os.sysconf("SC_CLK_TCK") + time.process_time())


def measure(act):
    """Return the milliseconds of an act, the fastest of some rounds."""
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - start))
    return min(times)


def show(name, times):
    ordered = sorted(times)
    print(
        f"{name}: median {statistics.median(times):.1f} ms, "
        f"95 of 100 within {ordered[int(0.95 * len(ordered))]:.1f} ms, "
        f"slowest {ordered[-1]:.1f} ms"
    )


chance = random.Random(15)
texts = bench_generate.read_texts()
titles = bench_generate.make_titles(texts, TITLES, chance)
company = env.company
fill(texts, titles, company, chance)
env.invalidate_all()
contest = env["hoithi.contest"].create({"name": "Đo", "company_id": company.id})
user = env["res.users"].create(
    {
        "name": "Người gõ",
        "login": "bench_novelty",
        "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
    }
)
entries = env["hoithi.entry"].with_user(user)
asked = []
for number in range(ASKED):
    title = chance.choice(titles).split()
    if number % 2:
        # half of a title, as while it is typed, and words of another
        title = title[: len(title) // 2] + chance.choice(texts)[0].split()[-3:]
    elif len(title) > 4:
        del title[chance.randrange(len(title) - 2)]
    asked.append(" ".join(title))
found = [bool(entries._find_alike(contest, title)) for title in asked]
env.cr.execute("SELECT pg_backend_pid()")
[backend] = env.cr.fetchone()
work = get_work()
times = [
    measure(lambda title=title: entries._find_alike(contest, title)) for title in asked
]
work = (get_work() - work) / (ASKED * ROUNDS)
print(bench_head.describe(env))
print(f"{len(titles):,} titles; of {ASKED} asked for, {sum(found)} found something")
show("a title is typed", times)
print(f"the processor's time for a title: {work:.1f} ms")
past = env["hoithi.past.solution"].search([], limit=5)
rows = env["hoithi.novelty.text"].search([("past_id", "in", past.ids)])
show(
    "one text compared with all (in the background)",
    [measure(t._measure) for t in rows],
)
env.cr.rollback()
