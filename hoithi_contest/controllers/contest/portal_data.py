from datetime import date, datetime
from functools import partial

from odoo.http import content_disposition, request, route

from ...lib.guard.numerals import read_whole
from ...models.contest.hoithi_my_data import EXPORT_NAME
from ...tools import format_number
from .formats import format_day
from .portal import HoithiPortal


class HoithiPortalData(HoithiPortal):
    """What is kept about the visitor, and what the visitor agreed to."""

    @route("/my/hoithi/data", type="http", auth="user", website=True)
    def hoithi_data(self, **_kw):
        """Show what is kept about the visitor, why and until when."""
        return self._render_hoithi_data()

    @route(
        "/my/hoithi/data/export",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def hoithi_data_export(self, **_kw):
        """Give all of it as one file."""
        name = f"{EXPORT_NAME}.zip"
        return request.make_response(
            request.env["hoithi.my.data"]._get_archive(),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )

    @route(
        "/my/hoithi/data/withdraw",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_data_withdraw(self, **_kw):
        """Take back the consent that was posted."""
        if request.httprequest.method != "POST":
            return request.redirect("/my/hoithi/data")
        posted = request.httprequest.form
        consent = self._find_hoithi(
            "hoithi.consent", read_whole(posted.get("consent") or "") or 0
        )
        if not consent:
            return self._leave_hoithi()
        done, error = self._try_hoithi(
            partial(consent.action_withdraw, reason=posted.get("reason", ""))
        )
        if error:
            return self._render_hoithi_data(error, failed_id=consent.id)
        form = f"hoithi_reason_{consent.id}"
        if isinstance(done, dict):
            self._set_hoithi_notice("warning", done["params"]["message"], form)
        else:
            self._set_hoithi_notice(
                "success",
                request.env._(
                    "Your consent is taken back, and what it allowed has ended."
                ),
                form,
            )
        return request.redirect("/my/hoithi/data#hoithi_consents")

    def _render_hoithi_data(self, error=None, failed_id=None):
        data = request.env["hoithi.my.data"]
        consents = data._get_consents()
        parts = data._get_parts()
        purposes = request.env["hoithi.purpose"]
        contests = request.env["hoithi.contest"]

        def show(value):
            if isinstance(value, datetime):
                return contests._format_moment(value)
            if isinstance(value, date):
                return format_day(value)
            if isinstance(value, float):
                return format_number(request.env, value)
            return value if value or value == 0 else "–"

        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error),
            "page_name": "hoithi_data",
            "parts": parts,
            # why data is kept is told to everybody
            "purposes": {part.key: purposes._find(part.purpose) for part in parts},
            # names of the own entries, contests and purposes
            "consents": consents.sudo(),
            # a draft that one has left is no more one's own to read
            "readable": consents.entry_id._filtered_access("read"),
            "failed_id": failed_id,
            "reason": request.httprequest.form.get("reason", "") if error else "",
            "show": show,
            **self._get_hoithi_data_values(),
        }
        response = request.render(
            "hoithi_contest.portal_data", values, status=getattr(error, "status", 200)
        )
        response.headers["Cache-Control"] = "no-store"
        return response
