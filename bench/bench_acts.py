"""Measure what people wait for at two sizes, beside Odoo's own project and recruitment.

    bin/odoo -d mine -i hoithi_contest,project,hr_recruitment --stop-after-init
    bin/odoo shell -d mine --no-http < bench/bench_acts.py

BENCH_SIZES (2000,20000) are the sizes, BENCH_ROUNDS (5) how often each act is measured,
BENCH_SKIP names of acts to leave out.
Contests are made by `generate.py`, or taken as it left them in the database; projects
with as many tasks and jobs with as many applicants beside them. Acts of all
sizes take turns in one run, and each is rolled back; of its rounds the fastest counts.
Time is that of the processor in Python together with what PostgreSQL took.
"""

import importlib.util
import os
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

SIZES = [int(n) for n in os.environ.get("BENCH_SIZES", "2000,20000").split(",")]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
#: The act that is measured once.
START = "start of the review: the click"
#: Acts that, or what prepares them, write each entry of the contest: they come last, as
#: what is rolled back stays in the tables, and the others would pass it over.
NO_TIE_BREAK = "the same without a tie-break"
WRITERS = (NO_TIE_BREAK, START)
SKIPPED = os.environ.get("BENCH_SKIP", "").split(",")

sys.path.insert(0, "bench")
import bench_head

spec = importlib.util.spec_from_file_location(
    "bench_generate", Path("bench/generate.py").resolve()
)
bench_generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench_generate)

env = env  # noqa: F821, PLW0127, the shell's own


def measure(act):
    """Queries and seconds of an act and of what it leaves for the commit."""
    env.flush_all()
    env.invalidate_all()
    cr = env.cr
    queries, begun, spent = cr.sql_log_count, time.perf_counter(), time.process_time()
    with cr.savepoint(flush=False) as savepoint:
        result = act()
        env.flush_all()
        cr.precommit.run()
        seconds = (time.perf_counter() - begun, time.process_time() - spent)
        savepoint.rollback()
    env.invalidate_all()
    cr.precommit.clear()
    return cr.sql_log_count - queries, *seconds, result


def read_board(records, domain, columns="state"):
    return records.web_read_group(
        domain,
        [columns],
        ["__count"],
        auto_unfold=True,
        unfold_read_specification={"display_name": {}, columns: {}},
        unfold_read_default_limit=80,
    )


def get_acts(contest, people):
    """Return {name: a function that prepares and returns the act}."""
    staff, secretary = people["staff"], people["secretary"]
    office = contest.with_user(secretary)
    entries = env["hoithi.entry"].sudo()
    domain = [("contest_id", "=", contest.id)]
    own = env(context={**env.context, "hoithi_door": bench_generate.Load()})
    own = own(user=1, su=True)

    def set_states(phase, state=None, sheet=None, some=None):
        """Put the contest into a phase, and entries into a state: all, or `some`.

        What is rolled back stays in the tables until they are vacuumed: the fewer rows,
        the less the next act has to pass over.
        """
        cr = env.cr
        env.flush_all()
        cr.execute(
            "UPDATE hoithi_contest SET state = %s WHERE id = %s", [phase, contest.id]
        )
        if state:
            cr.execute(
                "UPDATE hoithi_entry SET state = %s"
                " WHERE contest_id = %s AND (%s OR id = ANY(%s))",
                [state, contest.id, some is None, some.ids if some else []],
            )
        if sheet:
            cr.execute(
                "UPDATE hoithi_review SET state = %s, submitted_on ="
                " COALESCE(submitted_on, now()) WHERE contest_id = %s"
                " AND state <> 'void'",
                [sheet, contest.id],
            )
        env.invalidate_all()

    def submit_sheet():
        sheet = (
            env["hoithi.review"]
            .sudo()
            .search([*domain, ("state", "=", "in_progress")], limit=1)
        )
        return sheet.with_user(sheet.user_id).sudo(False).action_submit

    def submit_entry():
        set_states("open")
        entry = (
            entries.search(domain, limit=1)
            .with_user(staff)
            .sudo(False)
            .create(
                {
                    "name": "Another solution",
                    "contest_id": contest.id,
                    "field_id": contest.sudo().field_ids[0].id,
                    "solution_content": "What it does",
                    "first_applied_date": date.today(),
                }
            )
        )
        for kind in contest.sudo().asked_dossier_type_ids.filtered("required"):
            entry.env["hoithi.dossier.item"].create(
                {
                    "entry_id": entry.id,
                    "type_id": kind.id,
                    "filename": "entry.pdf",
                    "datas": bench_generate.base64.b64encode(bench_generate.PDF),
                }
            )
        return entry.action_submit

    def rank():
        entries.search([*domain, ("state", "=", "reviewed")], limit=1)._touch_ranks()
        return entries._refresh_ranks

    def read_ranking():
        entries._refresh_ranks()
        ranking = entries.with_user(secretary).sudo(False)
        names = ("rank", "code", "name", "average_score", "score_spread", "state")
        return lambda: ranking.web_search_read(
            [*domain, ("rank", ">", 0)],
            {**{name: {} for name in names}, "is_first_below_cutoff": {}},
            limit=80,
            order="rank, id",
            # as the web client asks: it says “10,000+” beyond
            count_limit=10001,
        )

    def start_review():
        set_states("screening", "eligible", "assigned")
        return office.action_start_review

    def mark_eligible():
        batch = entries.search(domain, limit=80).with_user(secretary).sudo(False)
        set_states("screening", "submitted", some=batch)
        return batch.action_mark_eligible

    def select():
        set_states("council")
        env.cr.execute(
            "UPDATE hoithi_contest SET nomination_slots = 0 WHERE id = %s", [contest.id]
        )
        env.invalidate_all()
        best = entries.search(
            [*domain, ("review_done_count", "=", bench_generate.SHEETS)],
            order="average_score desc",
            limit=20,
        )
        return best.with_user(secretary).sudo(False).action_select

    def open_sheet():
        sheet = env["hoithi.review"].sudo().search(domain, limit=1)
        sheet = sheet.with_user(sheet.user_id).sudo(False)
        return lambda: sheet.web_read(
            {"entry_name": {}, "total": {}, "line_ids": {"fields": {"score": {}}}}
        )

    def open_entry():
        entry = entries.search(domain, limit=1).with_user(secretary).sudo(False)
        return lambda: entry.web_read(
            {
                "name": {},
                "state": {},
                "author_ids": {"fields": {"full_name": {}}},
                "dossier_ids": {"fields": {"filename": {}}},
                "review_ids": {"fields": {"state": {}, "total": {}}},
            }
        )

    def open_contest():
        form = office.get_view(view_type="form")["models"]["hoithi.contest"]
        shown = {
            name: {"fields": {"display_name": {}}, "limit": 40}
            if office._fields[name].relational
            else {}
            for name in form
        }
        return lambda: office.web_read(shown)

    def board(model, user):
        records = env[model].with_user(user).sudo(False)
        return lambda: lambda: read_board(records, domain)

    member = people["members"][5]
    return {
        "a member submits a sheet": submit_sheet,
        NO_TIE_BREAK: lambda: (
            own["hoithi.tie.break"].search(domain).unlink() and submit_sheet()
        ),
        "an author submits": submit_entry,
        "places worked out anew": rank,
        "ranking page of 80": read_ranking,
        START: start_review,
        "80 marked eligible": mark_eligible,
        "20 selected": select,
        "opening a sheet": open_sheet,
        "opening an entry": open_entry,
        "opening a contest": open_contest,
        "board of entries": board("hoithi.entry", secretary),
        "board of sheets": board("hoithi.review", secretary),
        "a member's board": board("hoithi.review", member),
    }


def get_applicant_acts(number):
    """The same on a job with as many applicants, where recruitment is there."""
    if "hr.applicant" not in env:
        return {}
    job = env["hr.job"].create({"name": f"Bench {number}"})
    stages = env["hr.recruitment.stage"].create([{"name": "A"}, {"name": "B"}])
    applicant = env["hr.applicant"].create(
        {"partner_name": "Applicant 0", "job_id": job.id, "stage_id": stages[0].id}
    )
    env.flush_all()
    bench_generate.copy_rows(
        env,
        applicant,
        {"partner_name": "'Applicant ' || n"},
        source=f"generate_series(1, {number - 1}) n",
    )
    env.cr.execute("ANALYZE hr_applicant")

    def change_stage():
        stage = stages[1] if applicant.stage_id == stages[0] else stages[0]
        return lambda: applicant.write({"stage_id": stage.id})

    return {"Odoo: change of an applicant's stage": change_stage}


def get_odoo_acts(number):
    """The same kinds of acts on a project with as many tasks."""
    stages = env["project.task.type"].create([{"name": "A"}, {"name": "B"}])
    project = env["project.project"].create(
        {"name": f"Bench {number}", "type_ids": [(6, 0, stages.ids)]}
    )
    task = env["project.task"].create(
        {"name": "Task 0", "project_id": project.id, "stage_id": stages[0].id}
    )
    env.flush_all()
    bench_generate.copy_rows(
        env,
        task,
        {"name": "'Task ' || n"},
        source=f"generate_series(1, {number - 1}) n",
    )
    env.cr.execute("ANALYZE project_task")

    def change_stage():
        stage = stages[1] if task.stage_id == stages[0] else stages[0]
        return lambda: task.write({"stage_id": stage.id})

    # with the rules of whoever leads the project
    board = env(user=env.ref("base.user_admin").id, su=False)["project.task"]

    def open_board():
        domain = [("project_id", "=", project.id)]
        return lambda: read_board(board, domain, "stage_id")

    def post():
        return lambda: task.message_post(
            body="A word", message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    return {
        "Odoo: change of a task's stage": change_stage,
        "Odoo: a post": post,
        "Odoo: board of tasks": open_board,
        **get_applicant_acts(number),
    }


def settle(contests):
    """Leave the contests as the first reader of their places leaves them.

    Places that only an act which is taken back works out would be written by each round
    anew, and what is taken back stays in the tables: also what a run before left of it
    is taken away, which a table in use hasn't so much of.
    """
    for contest in contests:
        entries = env["hoithi.entry"].search([("contest_id", "=", contest.id)])
        entries.filtered(lambda entry: entry.state == "reviewed")[:1]._touch_ranks()
        entries._refresh_ranks()
    env.cr.commit()
    with env.registry.cursor() as cr:
        cr._cnx.autocommit = True
        for table in ("hoithi_entry", "hoithi_review"):
            cr.execute(f"VACUUM FULL {table}")
        cr.execute("VACUUM ANALYZE")


def main():
    acts, made = {}, {}
    for size in SIZES:
        begun = time.perf_counter()
        contest, people = bench_generate.find(env, size) or bench_generate.generate(
            env, size
        )
        print(
            f"{size} entries found or made in {time.perf_counter() - begun:.0f} s",
            flush=True,
        )
        made[size] = contest, people
    settle([contest for contest, _people in made.values()])
    for size, (contest, people) in made.items():
        found = {**get_acts(contest, people), **get_odoo_acts(size)}
        acts[size] = {k: act for k, act in found.items() if k not in SKIPPED}
    figures = defaultdict(list)
    for names in (
        [name for name in acts[SIZES[0]] if name not in WRITERS],
        [name for name in acts[SIZES[0]] if name in WRITERS],
    ):
        for number in range(ROUNDS + 1):
            for name in names:
                # what takes long is measured once; the first round warms the caches
                if number > 1 and name == START:
                    continue
                for size in SIZES:
                    with env.cr.savepoint() as savepoint:
                        found = measure(acts[size][name]())
                        savepoint.rollback()
                    env.invalidate_all()
                    if number or name == START:
                        figures[name, size].append(found[:3])
            print(f"round {number} done", flush=True)
    print(f"\n{bench_head.describe(env)}\n")
    head = [f"{size}: queries | time | Python" for size in SIZES]
    print("| act | " + " | ".join(head) + " | growth | to a change of stage |")
    print("|---" * (len(SIZES) * 3 + 3) + "|")
    least = {
        key: (
            min(q for q, _t, _c in found),
            min(t for _q, t, _c in found),
            min(c for _q, _t, c in found),
        )
        for key, found in figures.items()
    }
    stage = [least["Odoo: change of a task's stage", size][1] for size in SIZES]
    for name in acts[SIZES[0]]:
        row = [least[name, size] for size in SIZES]
        cells = [f"{q} | {1000 * t:.0f} ms | {1000 * c:.0f} ms" for q, t, c in row]
        growth = row[-1][1] / row[0][1]
        ratios = ", ".join(
            f"{found[1] / own:.1f}×" for found, own in zip(row, stage, strict=True)
        )
        print(f"| {name} | {' | '.join(cells)} | {growth:.1f}× | {ratios} |")
    env.cr.rollback()


main()
