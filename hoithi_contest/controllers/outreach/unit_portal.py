from functools import partial

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route

from ...lib.guard.numerals import read_whole
from ...models.guard.hoithi_states import RUNNING
from ..contest.portal import HoithiPortal

#: As large as a number of people that a form takes; more is a slip of the finger.
MAX_PEOPLE = 100_000


class HoithiUnitPortal(HoithiPortal):
    """What staff read and what heads of units record, with whatever login they have."""

    # LAUNCH

    @route()
    def hoithi_entries(self, page=1, **kw):
        response = super().hoithi_entries(page=page, **kw)
        contests = request.env["hoithi.contest"].search(
            [("state", "in", RUNNING), ("is_insider", "=", True)]
        )
        response.qcontext.update(
            {
                "launches": contests.filtered("can_acknowledge"),
                "read_launches": contests.filtered("is_acknowledged"),
                "is_head": bool(
                    request.env["hoithi.contest.unit"].search([])._filter_headed()
                ),
            }
        )
        return response

    @route("/my/hoithi/<int:contest_id>/launch", type="http", auth="user", website=True)
    def hoithi_launch(self, contest_id, **_kw):
        """Show what the contest asks for, and the button that marks it as read."""
        contest = self._find_hoithi_inside(contest_id)
        if not contest or contest.state == "draft":
            return self._leave_hoithi()
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(),
            "page_name": "hoithi_launch",
            "contest": contest,
            "deadline": self._get_hoithi_deadline(
                contest, contest.registration_deadline
            ),
        }
        return request.render("hoithi_contest.portal_launch", values)

    @route(
        "/my/hoithi/<int:contest_id>/acknowledge",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_acknowledge(self, contest_id, **_kw):
        """Mark the launch as read by the visitor."""
        contest = self._find_hoithi_inside(contest_id)
        if not contest:
            return self._leave_hoithi()
        if request.httprequest.method == "POST":
            self._tell_hoithi(
                contest.action_acknowledge,
                request.env._("Thank you. The launch is marked as read."),
            )
        return request.redirect(f"/my/hoithi/{contest.id}/launch")

    # UNITS

    @route("/my/hoithi/units", type="http", auth="user", website=True)
    def hoithi_units(self, **_kw):
        """List the units and organisations that the visitor heads, a row a contest."""
        rows = request.env["hoithi.contest.unit"].search(
            [("contest_id.state", "!=", "cancelled")]
        )
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(),
            "page_name": "hoithi_units",
            # who reads the board of all finds here only what is the own
            "rows": rows._filter_headed().sorted(
                lambda row: row.contest_id.state not in RUNNING
            ),
        }
        return request.render("hoithi_contest.portal_units", values)

    @route(
        "/my/hoithi/units/<int:row_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_unit(self, row_id, **_kw):
        """Show a unit in a contest; a post records an outreach activity of it."""
        row = self._find_hoithi("hoithi.contest.unit", row_id)
        if not row:
            return self._leave_hoithi()
        if request.httprequest.method != "POST":
            return self._render_hoithi_unit(row)
        posted = request.httprequest.form
        outreach, error = self._try_hoithi(
            partial(self._create_hoithi_outreach, row, posted)
        )
        if error:
            return self._render_hoithi_unit(row, error, posted)
        text = request.env._("The activity is recorded.")
        if outreach.is_above_headcount:
            text = request.env._(
                "The activity is recorded. HR counts %(staff)s people in the unit on "
                "that day, so the rate counts no more than these.",
                staff=outreach.headcount,
            )
        self._set_hoithi_notice("success", text)
        return request.redirect(self._get_hoithi_unit_url(row))

    @route(
        "/my/hoithi/units/<int:row_id>/receive",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_unit_receive(self, row_id, **_kw):
        """Acknowledge for the unit that it has received the plan."""
        row = self._find_hoithi("hoithi.contest.unit", row_id)
        if not row:
            return self._leave_hoithi()
        if request.httprequest.method == "POST":
            self._tell_hoithi(
                row.action_receive,
                request.env._("The plan is acknowledged for %(unit)s.", unit=row.name),
            )
        return request.redirect(self._get_hoithi_unit_url(row))

    @route(
        "/my/hoithi/units/<int:row_id>/outreach/<int:outreach_id>/files",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_unit_files(self, row_id, outreach_id, **_kw):
        """Attach minutes or photos to an activity that is recorded already."""
        row = self._find_hoithi("hoithi.contest.unit", row_id)
        outreach = self._find_hoithi("hoithi.outreach", outreach_id)
        if not row or outreach not in row.outreach_ids:
            return self._leave_hoithi()
        if request.httprequest.method == "POST":
            self._tell_hoithi(
                partial(self._attach_hoithi_files, outreach, needed=True),
                request.env._("The files are attached."),
            )
        return request.redirect(f"{self._get_hoithi_unit_url(row)}#hoithi_outreach")

    @route(
        "/my/hoithi/units/<int:row_id>/tasks/<int:task_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_unit_task(self, row_id, task_id, **_kw):
        """Report how far a task has come that the unit leads."""
        row = self._find_hoithi("hoithi.contest.unit", row_id)
        task = self._find_hoithi("hoithi.plan.task", task_id)
        if not row or not task or task.contest_id != row.contest_id:
            return self._leave_hoithi()
        if request.httprequest.method == "POST":
            self._tell_hoithi(
                partial(self._report_hoithi_task, task),
                request.env._("Thank you. The task is updated."),
            )
        return request.redirect(f"{self._get_hoithi_unit_url(row)}#hoithi_tasks")

    # HELPERS

    def _get_hoithi_unit_url(self, row):
        return f"/my/hoithi/units/{row.id}"

    def _tell_hoithi(self, action, text):
        """Run an action and leave its outcome as the next page's message."""
        _done, error = self._try_hoithi(action)
        if error:
            self._set_hoithi_notice("danger", error)
        else:
            self._set_hoithi_notice("success", text)

    def _create_hoithi_outreach(self, row, posted):
        """Record what was posted; a file that is refused leaves nothing recorded."""
        env = request.env
        try:
            day = fields.Date.to_date(posted.get("date") or "")
        except ValueError:
            day = None
        if not day:
            raise UserError(env._("Give the day of the activity."))
        text = (posted.get("reach") or "").strip()
        reach = read_whole(text, MAX_PEOPLE)
        if reach is None:
            raise UserError(
                env._(
                    "Write the number of people in digits, not “%(text)s”.",
                    text=text[:80],
                )
            )
        outreach_model = env["hoithi.outreach"]
        if posted.get("kind") not in dict(outreach_model._fields["kind"].selection):
            raise UserError(env._("Choose what kind of activity it was."))
        outreach = outreach_model.create(
            {
                "contest_id": row.contest_id.id,
                "department_id": row.department_id.id,
                "organisation_id": row.organisation_id.id,
                "kind": posted["kind"],
                "date": day,
                "reach": reach,
                "note": (posted.get("note") or "").strip(),
            }
        )
        self._attach_hoithi_files(outreach)
        return outreach

    def _attach_hoithi_files(self, record, needed=False):
        files = self._get_hoithi_files("file")
        if needed and not files:
            raise UserError(request.env._("Choose a file first."))
        for file in files:
            record._add_evidence(file.filename, file.read())

    def _report_hoithi_task(self, task):
        progress = request.httprequest.form.get("progress")
        if progress != task.progress:
            task.action_set_progress(progress)
        self._attach_hoithi_files(task)

    def _get_hoithi_evidence(self, records):
        # portal users have no right on attachments; who reads the record may read its
        # files
        return {record.id: record.sudo().attachment_ids for record in records}

    def _render_hoithi_unit(self, row, error=None, posted=None):
        outreach = request.env["hoithi.outreach"]
        tasks = request.env["hoithi.plan.task"].search(
            [("contest_id", "=", row.contest_id.id)]
        )
        if row.department_id:
            tasks = tasks._filter_led()
        else:
            tasks = tasks.browse()
        is_running = row.contest_id.state in RUNNING
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error),
            "page_name": "hoithi_unit",
            "row": row,
            "contest": row.contest_id,
            "is_running": is_running,
            "can_record": is_running and bool(row._filter_headed()),
            # who acknowledged the plan for the unit is no secret to its head
            "received_by": row.received_by_id.sudo().name,
            "acts": row.outreach_ids,
            "act_files": self._get_hoithi_evidence(row.outreach_ids),
            "tasks": tasks,
            "task_files": self._get_hoithi_evidence(tasks),
            "kinds": outreach._fields["kind"]._description_selection(request.env),
            "progresses": tasks._fields["progress"]._description_selection(request.env),
            "accept": ",".join(f".{ext}" for ext in outreach._evidence_extensions),
            "extensions": ", ".join(map(str.upper, outreach._evidence_extensions)),
            "max_mb": outreach._evidence_max_mb,
            "today": fields.Date.to_string(row.contest_id._get_today()),
            "posted": posted or {},
        }
        return request.render("hoithi_contest.portal_unit", values)
