from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from ...lib.document.signature import MAX_SIZE


class HoithiSigning(Controller):
    """Where the browser's plugin fetches a paper to sign, and brings it back."""

    @route(
        "/hoithi/sign/<string:token>/<string:name>.pdf",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def hoithi_signing_file(self, token, name, **_kw):
        """Send the paper that the address was made for."""
        wizard = request.env["hoithi.document.sign"]._find_by_token(token)
        if not wizard:
            raise NotFound()
        content = wizard.document_id._get_signing_base()
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Cache-Control", "private, no-store"),
            ],
        )

    @route(
        "/hoithi/signing-script/<int:company_id>.js",
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def hoithi_signing_script(self, company_id, **_kw):
        """Send staff of a department the script that leads to its signing program."""
        user = request.env.user
        company = user.company_ids.filtered(lambda company: company.id == company_id)
        script = company and user._is_internal() and company._get_sign_script()
        if not script:
            raise NotFound()
        return request.make_response(
            script,
            [
                ("Content-Type", "text/javascript; charset=utf-8"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "private, no-cache"),
            ],
        )

    # the plugin has no session, hence no token of it; the address stands for both
    @route(
        "/hoithi/sign/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        sitemap=False,
        max_content_length=MAX_SIZE + 1024 * 1024,
    )
    def hoithi_signing_upload(self, token, **_kw):
        """Take the signed paper; the answer is what the plugin hands on to the page."""
        wizard = request.env["hoithi.document.sign"]._find_by_token(token)
        if not wizard:
            return self._answer(request.env._("This address is no longer valid."))
        file = next(iter(request.httprequest.files.values()), None)
        if not file:
            return self._answer(wizard.env._("The signing program sent no file."))
        document = wizard.document_id
        try:
            with request.env.cr.savepoint():
                document._check_signable()
                document._take_signed(file.read(MAX_SIZE + 1))
        except (UserError, AccessError) as error:
            return self._answer(str(error))
        # whoever finds the address in a log comes too late
        wizard._void_token()
        # whoever just signed is told what the file is called, and no more of it
        return self._answer("", document.signed_file_id.sudo().name)

    def _answer(self, problem, name=""):
        return request.make_json_response(
            {
                "Status": not problem,
                "Message": problem,
                "FileName": name,
                "FileServer": name,
            }
        )
