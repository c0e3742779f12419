from odoo.exceptions import AccessError
from odoo.http import request, route

from ...lib.notice import ics
from .portal import HoithiPortal

LINK_KEY = "hoithi_calendar_token"


class HoithiCalendar(HoithiPortal):
    @route("/my/hoithi/calendar", type="http", auth="user", website=True)
    def hoithi_calendar(self, **_kw):
        """Show how to subscribe to the own calendar; a new address is shown once."""
        token = request.session.pop(LINK_KEY, None)
        made_on = request.env["res.users"].hoithi_get_calendar_moment()
        url = token and (
            f"{request.httprequest.host_url.rstrip('/')}/hoithi/calendar/{token}.ics"
        )
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(),
            "page_name": "hoithi_calendar",
            "feed_url": url,
            # telephones and Outlook open their calendar for this scheme
            "webcal_url": url
            and url.replace("https:", "webcal:").replace("http:", "webcal:"),
            "made_on": request.env["hoithi.contest"]._format_moment(made_on),
        }
        response = request.render("hoithi_contest.portal_calendar", values)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @route(
        ["/my/hoithi/calendar/new", "/my/hoithi/calendar/revoke"],
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_calendar_change(self, **_kw):
        """Make a new address, or void the present one."""
        if request.httprequest.method == "POST":
            users = request.env["res.users"]
            if request.httprequest.path.endswith("/revoke"):
                users.hoithi_revoke_calendar()
                self._set_hoithi_notice(
                    "success",
                    request.env._(
                        "The address is void. Remove the calendar from your devices."
                    ),
                )
            else:
                request.session[LINK_KEY] = users.hoithi_issue_calendar()
        return request.redirect("/my/hoithi/calendar")

    @route(
        "/hoithi/calendar/<string:token>.ics",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        sitemap=False,
        readonly=True,
    )
    def hoithi_calendar_feed(self, token, **_kw):
        """Give the calendar of the person whose address this is."""
        user = request.env["res.users"]._hoithi_find_calendar_user(token)
        if not user or user._is_superuser():
            raise request.not_found()
        try:
            content = (
                request.env["hoithi.calendar"]
                .with_user(user)
                # a token opens what its owner may see, in all the departments of theirs
                .with_context(allowed_company_ids=user.sudo().company_ids.ids)
                ._build()
            )
        except AccessError:
            raise request.not_found() from None
        response = request.make_response(
            content,
            [
                ("Content-Type", "text/calendar; charset=utf-8"),
                ("Content-Disposition", "inline; filename=hoithi.ics"),
                ("Cache-Control", "private, max-age=900"),
                ("Referrer-Policy", "no-referrer"),
                ("X-Robots-Tag", "noindex"),
            ],
        )
        response.set_etag(ics.get_etag(content))
        response.make_conditional(request.httprequest.environ)
        return response
