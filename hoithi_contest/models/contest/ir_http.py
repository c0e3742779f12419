import re
from urllib.parse import urlsplit

from werkzeug.exceptions import BadRequest

from odoo import api, models
from odoo.http import Response, SessionExpiredException, request
from odoo.tools.misc import get_lang

from .hoithi_role_change import ROLES

PLACE = "/my/hoithi"
#: Where a form of the contest is posted to, also in the address of a language.
PLACES = re.compile(r"(/(?!my/)[\w@-]+)?/(?P<own>my/)?hoithi/")
#: Odoo's forms that lead to it, and what of them stands in a fresh one.
DOORS = re.compile(r"(/[\w@-]+)?/web/(login|signup|reset_password)/?$")
DOOR_VALUES = ("login", "name", "redirect", "token")


class IrHttp(models.AbstractModel):
    """Where a login leads; what is posted after the session has ended is held."""

    _inherit = "ir.http"

    def session_info(self):
        """Let whoever has a role land on the home, where no other start is set."""
        result = super().session_info()
        if not result.get("home_action_id") and self.env.user.has_groups(
            ",".join(ROLES)
        ):
            result["home_action_id"] = self.env.ref(
                "hoithi_contest.hoithi_home_action"
            ).id
        return result

    @api.model
    def get_frontend_session_info(self):
        """Let a tour of the portal go on from page to page, as on Odoo's screens."""
        result = super().get_frontend_session_info()
        if not self.env.user._is_public():
            result["tour_enabled"] = self.env.user.tour_enabled
        return result

    @classmethod
    def _handle_error(cls, exception):
        if cls._is_hoithi_door_late(exception):
            return cls._serve_hoithi_door()
        if not cls._is_hoithi_post_late(exception):
            return super()._handle_error(exception)
        request.env.cr.rollback()
        if isinstance(exception, SessionExpiredException):
            request.session.logout(keep_db=True)
            # a cookie of nobody would push out that of a login made meanwhile in
            # another tab
            request.session.can_save = False
        if not request.env.uid:
            cls._auth_method_public()
        cls._handle_debug()
        cls._frontend_pre_dispatch()
        response = cls._serve_hoithi_late_post()
        cls._post_dispatch(response)
        return response

    @classmethod
    def _is_hoithi_post_late(cls, exception):
        """Tell whether a form of the contest was posted with a session that is over."""
        is_late = isinstance(exception, SessionExpiredException) or (
            cls._is_hoithi_token_late(exception)
        )
        return (
            is_late
            and request.httprequest.method == "POST"
            and bool(PLACES.match(f"{request.httprequest.path}/"))
            and bool(getattr(request, "is_frontend", False))
        )

    @classmethod
    def _is_hoithi_token_late(cls, exception):
        return isinstance(exception, BadRequest) and str(
            exception.description
        ).startswith("Session expired")

    @classmethod
    def _is_hoithi_door_late(cls, exception):
        """Tell whether somebody logs in on a page that has lain open too long."""
        return (
            cls._is_hoithi_token_late(exception)
            and request.httprequest.method == "POST"
            and bool(DOORS.match(request.httprequest.path))
        )

    @classmethod
    def _serve_hoithi_door(cls):
        """Lead to the same form afresh; a password isn't kept for it."""
        request.env.cr.rollback()
        if not request.env.uid:
            cls._auth_method_public()
        if getattr(request, "is_frontend", False):
            cls._frontend_pre_dispatch()
        typed = request.httprequest.values
        query = {name: typed[name] for name in DOOR_VALUES if typed.get(name)}
        query["error"] = request.env._(
            "This page had been open too long. Please fill it in once more."
        )
        response = request.redirect_query(request.httprequest.path, query, code=303)
        cls._post_dispatch(response)
        return response

    @classmethod
    def _serve_hoithi_late_post(cls):
        """Answer with a page that holds what was posted, or with JSON to a script.

        Only what comes from a page of this very server is held, or gets a token: a
        form on another site must not put words into anybody's mouth.
        """
        is_known = not request.env.user._is_public()
        login = f"/web/login?redirect={PLACE}"
        is_own = cls._is_hoithi_own_page()
        if "application/json" in request.httprequest.headers.get("Accept", ""):
            answer = {"is_late": True, "login": login}
            if is_known and is_own:
                answer["csrf_token"] = request.csrf_token()
            return request.make_json_response(
                answer, headers={"Cache-Control": "no-store"}, status=401
            )
        posted = request.httprequest.form if is_own else {}
        html = request.env["ir.ui.view"]._render_template(
            "hoithi_contest.portal_late_post",
            {
                "page_name": "hoithi_late_post",
                "no_breadcrumbs": True,
                "is_known": is_known,
                # a page for everybody needs no login
                "is_open": not PLACES.match(f"{request.httprequest.path}/")["own"],
                "login": login,
                "path": request.httprequest.path,
                "held": [
                    (name, value)
                    for name in posted
                    if name != "csrf_token"
                    for value in posted.getlist(name)
                ],
                "has_files": bool(is_own and request.httprequest.files),
                "html_data": {"lang": get_lang(request.env).code.replace("_", "-")},
            },
        )
        return Response(html, status=400, content_type="text/html;charset=utf-8")

    @classmethod
    def _is_hoithi_own_page(cls):
        headers = request.httprequest.headers
        site = headers.get("Sec-Fetch-Site")
        if site:
            return site == "same-origin"
        origin = urlsplit(headers.get("Origin", ""))
        return bool(origin.netloc) and origin.netloc == request.httprequest.host
