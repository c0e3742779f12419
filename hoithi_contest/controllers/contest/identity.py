from odoo.http import Controller, request, route

#: How long browsers keep what changes its address with its content: a year.
KEPT = "public, max-age=31536000, immutable"
#: What was asked for without the sign of its content may have changed meanwhile.
ASKED_AGAIN = "public, no-cache"


class HoithiIdentity(Controller):
    """Colours and logo of a department, which every page of its shows.

    A style sheet of its own, so that pages need no style inside their text.
    """

    @route(
        "/hoithi/identity/<int:company_id>.css",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def hoithi_identity(self, company_id, unique="", **_kw):
        """Send the style sheet with the department's colours."""
        company_sudo = self._find_hoithi_company(company_id)
        # before the page's own sheet or behind it: the selector is the stronger one
        rules = "".join(
            f"{name}: {colour};"
            for name, colour in company_sudo._get_hoithi_colours().items()
        )
        response = request.make_response(
            f"html:root {{{rules}}}", [("Content-Type", "text/css; charset=utf-8")]
        )
        response.headers["Cache-Control"] = KEPT if unique else ASKED_AGAIN
        return response

    @route(
        "/hoithi/identity/<int:company_id>/logo",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def hoithi_logo(self, company_id, unique="", **_kw):
        """Send the department's logo."""
        company_sudo = self._find_hoithi_company(company_id)
        if not company_sudo._get_hoithi_logo_url():
            raise request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(
            company_sudo,
            "hoithi_logo" if company_sudo.hoithi_logo else "logo",
            width=512,
            height=512,
        )
        response = stream.get_response(as_attachment=False, immutable=False)
        response.headers["Cache-Control"] = KEPT if unique else ASKED_AGAIN
        return response

    def _find_hoithi_company(self, company_id):
        # visitors have no right on companies; colours and logo stand on every page
        company_sudo = request.env["res.company"].sudo()
        if company_id < 2**31:
            company_sudo = company_sudo.browse(company_id).exists()
        if not company_sudo:
            raise request.not_found()
        return company_sudo
