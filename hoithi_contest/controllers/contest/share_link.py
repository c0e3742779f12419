from functools import partial

from odoo.http import request, route

from .portal import HoithiPortal


class HoithiShareLink(HoithiPortal):
    """Where a co-author without a login confirms a share, by the link of a letter."""

    @route(
        "/hoithi/share/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def hoithi_share_link(self, token, **_kw):
        """Show the share; a post confirms or declines it."""
        lines = request.env["hoithi.entry.author"]
        line = lines._find_by_link(token)
        if not line:
            raise request.not_found()
        error = reason = None
        if request.httprequest.method == "POST":
            posted = request.httprequest.form
            reason = posted.get("reason", "")
            act = (
                partial(line._decline_by_link, reason)
                if "decline" in posted
                else line._confirm_by_link
            )
            _done, error = self._try_hoithi(act)
            if not error:
                line = line.exists()
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error),
            "page_name": "hoithi_share_link",
            "line": line,
            "entry": line.entry_id,
            "contest": line.entry_id.contest_id,
            "token": token,
            "reason": reason if error and "decline" in posted else None,
        }
        response = request.render(
            "hoithi_contest.share_link_page",
            values,
            status=getattr(error, "status", 200),
        )
        # the address is for who got the letter
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
