from werkzeug.exceptions import NotFound

from odoo.http import request, route

from .public import HoithiPublic


class HoithiPaperCheck(HoithiPublic):
    """The page that the code on an official paper leads to."""

    @route(
        "/hoithi/paper/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def hoithi_paper(self, token, **_kw):
        """Tell whoever holds a paper whether it stands: never what is in it."""
        paper = request.env["hoithi.document"]._get_check(token)
        if not paper:
            raise NotFound()
        values = {
            **self._prepare_values(request.env._("Check of a document")),
            "page_description": request.env._("Whether a document stands"),
            "page_name": "hoithi_paper",
            "alternates": {},
            "paper": paper,
        }
        response = self._render("hoithi_contest.public_paper_check", values, None)
        # the address is for who holds the paper
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
