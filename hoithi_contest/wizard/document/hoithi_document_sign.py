import json
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ...lib.guard import packaging

#: How long the signing program may take, from the click to the file that comes back.
MINUTES = 15
#: Functions of the state's browser plugin, by what is signed.
FUNCTIONS = {
    "approved": "vgca_sign_approved",
    "issued": "vgca_sign_issued",
    "copy": "vgca_sign_copy",
    "appendix": "vgca_sign_appendix",
}


class HoithiDocumentSign(models.TransientModel):
    """The dialog by which an issued paper is signed, with a key that stays outside.

    The browser's plugin signs on the signer's machine and posts the result to an
    address that holds for one paper, one person and some minutes; without it, a file
    that was signed elsewhere is uploaded.
    """

    _name = "hoithi.document.sign"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Sign a Document"

    _given_fields = {"document_id"}

    document_id = fields.Many2one("hoithi.document", required=True, readonly=True)
    signature_gaps = fields.Char(
        related="document_id.signature_gaps", string="Still to sign"
    )
    what = fields.Selection(
        [
            ("approved", "By the signer"),
            ("issued", "By the agency, on issue"),
            ("copy", "By the agency, on a copy"),
            ("appendix", "On an annex"),
        ],
        string="Signature",
        required=True,
        default=lambda self: self._get_default_what(),
    )
    file = fields.Binary(string="File signed elsewhere", attachment=False)
    file_name = fields.Char(string="File name")
    token = fields.Char(groups=NO_ACCESS, export_string_translation=False)
    expires_on = fields.Datetime(readonly=True)
    script_url = fields.Char(
        compute="_compute_script_url", export_string_translation=False
    )

    @api.depends("document_id")
    def _compute_script_url(self):
        for wizard in self:
            wizard.script_url = wizard.document_id.company_id._get_sign_script_url()

    @api.model
    def _get_default_what(self):
        is_leader = self.env.user.has_group("hoithi_contest.group_leader")
        return "approved" if is_leader else "issued"

    def action_upload(self):
        """Take the file that was signed elsewhere."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose the file that was signed."))
        self.document_id.action_upload_signed(
            self.with_context(bin_size=False).file, self.file_name or ""
        )
        return {"type": "ir.actions.act_window_close"}

    def action_download(self):
        """Return the address of the file that is to be signed."""
        self.ensure_one()
        document = self.document_id
        document._check_signable()
        return document._get_download(document.signed_file_id or document.pdf_id)

    def get_plugin_call(self, what=None):
        """Return the function of the browser's plugin and the text to call it with.

        :param what: key of the field `what`
        :return: ``{"function": name, "text": JSON text}`` as the plugin takes it
        """
        self.ensure_one()
        # the address is its person's alone
        self.check_access("write")
        document = self.document_id
        document._check_signable()
        what = what if isinstance(what, str) and what in FUNCTIONS else self.what
        token = secrets.token_urlsafe(24)
        # the address is what lets the plugin in, which has no session
        self.sudo()._open_door().write(
            {
                "token": token,
                "what": what,
                "expires_on": fields.Datetime.now() + timedelta(minutes=MINUTES),
            }
        )
        base = f"{document.get_base_url()}/hoithi/sign/{token}"
        # no diacritics and at most 50 characters, as document systems take it
        name = packaging.slug(document.pdf_id.sudo().name.removesuffix(".pdf"))[:46]
        text = {
            "FileUploadHandler": base,
            "SessionId": "",
            "JWTToken": "",
            "FileName": f"{base}/{name}.pdf",
            "DocNumber": document.number or "",
            "IssuedDate": document.date.isoformat() if document.date else "",
            "MetaData": [],
        }
        return {"function": FUNCTIONS[what], "text": json.dumps(text)}

    @api.model
    def _find_by_token(self, token):
        """Return the dialog that an address belongs to, as its person; or none."""
        # no address holds it, and the database takes it in no question
        if "\0" in token:
            return self.browse()
        # the plugin has no session; the address was given to the dialog's person
        wizard_sudo = self.sudo().search(
            [("token", "=", token), ("expires_on", ">", fields.Datetime.now())], limit=1
        )
        user = wizard_sudo.create_uid
        if not wizard_sudo or not user.active:
            return self.browse()
        return wizard_sudo.with_user(user).with_context(lang=user.lang)

    def _void_token(self):
        """Let the address hold no longer: it took what it was made for."""
        # nobody but the server writes it
        self.sudo()._open_door().token = False
