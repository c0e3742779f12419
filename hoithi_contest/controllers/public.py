from odoo.http import Controller, request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .formats import format_day, format_moment, format_number
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
        contests_sudo = self._get_published_sudo()
        domain = [("is_published", "=", True)]
        pager = portal_pager(
            url="/hoithi",
            total=contests_sudo.search_count(domain),
            page=page,
            step=self._hoithi_contests_per_page,
        )
        values = {
            **self._prepare_values(),
            "contests": contests_sudo.search(
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
        contest_sudo = (
            self._get_published_sudo().search(
                [("id", "=", contest_id), ("is_published", "=", True)]
            )
            if contest_id <= MAX_ID
            else None
        )
        if not contest_sudo:
            return request.not_found()
        values = {
            **self._prepare_values(),
            "contest": contest_sudo,
            "dossier_types": contest_sudo._get_dossier_types(),
        }
        return request.render("hoithi_contest.public_contest", values)

    def _get_published_sudo(self):
        # visitors have no right on contests: published ones are shown, field by field
        return request.env["hoithi.contest"].sudo()

    def _prepare_values(self):
        return {
            "format_moment": format_moment,
            "format_day": format_day,
            "format_number": format_number,
        }
