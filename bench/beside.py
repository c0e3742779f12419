"""Look whether the contest and Odoo's other modules leave each other in peace.

    bin/odoo -d beside --with-demo --stop-after-init --no-http \\
        -i hoithi_contest,website,project,survey,hr_recruitment,hr_holidays,event
    bin/odoo shell -d beside --no-http < bench/beside.py

A record of each neighbour is made and found, the contest's own check finds nothing, and
once the contest is uninstalled the neighbours go on. It prints what it found; the
database is left without the contest: take one that can be dropped.
"""

# ruff: noqa: F821 - `env` is what the shell gives
NEIGHBOURS = {
    "website": ("website.page", {"name": "Trang", "url": "/trang", "type": "qweb"}),
    "project": ("project.task", {"name": "Việc"}),
    "survey": ("survey.survey", {"title": "Khảo sát"}),
    "hr_recruitment": ("hr.applicant", {"partner_name": "Ứng viên"}),
    "hr_holidays": ("hr.leave.type", {"name": "Nghỉ phép"}),
    "event": (
        "event.event",
        {
            "name": "Lễ trao giải",
            "date_begin": "2030-01-01 01:00:00",
            "date_end": "2030-01-01 03:00:00",
        },
    ),
}


def try_neighbours(env, moment):
    for module, (model, values) in NEIGHBOURS.items():
        if model not in env:
            print(f"{moment}: {module} isn't installed")
            continue
        with env.cr.savepoint() as savepoint:
            record = env[model].create(values)
            view = env[model].get_view(view_type="form")["arch"]
            assert record.search([("id", "=", record.id)]) == record
            savepoint.rollback()
        env.invalidate_all()
        print(f"{moment}: {module} works ({len(view)} characters of form)")


try_neighbours(env, "beside")
found = env["hoithi.check"]._run()
found += [
    ("ledger", line)
    for contest in env["hoithi.contest"].search([])
    for line in env["hoithi.ledger"]._verify(contest)
]
print(f"the contest's own check: {found or 'nothing'}")
module = env["ir.module.module"].search([("name", "=", "hoithi_contest")])
module.button_immediate_uninstall()
env.transaction.reset()
env = env(user=1)
assert "hoithi.contest" not in env
try_neighbours(env, "afterwards")
