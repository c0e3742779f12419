from odoo.http import Controller, request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .formats import format_day, format_moment, format_number, get_html_data
from .portal import MAX_ID


class HoithiPublic(Controller):
    _hoithi_contests_per_page = 20

    @route(
        ["/hoithi", "/hoithi/page/<int:page>"],
        type="http",
        auth="public",
        website=True,
    )
    def hoithi_contests(self, page=1, **_kw):
        """List the published contests, the latest first."""
        contests = request.env["hoithi.contest"]
        domain = [("is_published", "=", True)]
        pager = portal_pager(
            url="/hoithi",
            total=contests.search_count(domain),
            page=page,
            step=self._hoithi_contests_per_page,
        )
        values = {
            **self._prepare_values(),
            "contests": contests.search(
                domain,
                limit=self._hoithi_contests_per_page,
                offset=max(pager["offset"], 0),
            ),
            "pager": pager,
        }
        return request.render("hoithi_contest.public_contests", values)

    @route("/hoithi/<int:contest_id>", type="http", auth="public", website=True)
    def hoithi_contest(self, contest_id, **_kw):
        """Show a published contest: its dates, fields, rules and legal bases."""
        contest = request.env["hoithi.contest"]
        if contest_id <= MAX_ID:
            contest = contest.search(
                [("id", "=", contest_id), ("is_published", "=", True)]
            )
        if not contest:
            return request.not_found()
        values = {
            **self._prepare_values(),
            "contest": contest,
            # visitors have no right on these; what a dossier holds is no secret
            "dossier_types": contest.sudo().asked_dossier_type_ids,
        }
        return request.render("hoithi_contest.public_contest", values)

    def _prepare_values(self):
        return {
            "format_moment": format_moment,
            "format_day": format_day,
            "format_number": format_number,
            "html_data": get_html_data(request.env),
        }
