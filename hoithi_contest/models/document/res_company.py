import base64
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..contest.res_company import OFFICE

#: A program of the browser is some ten thousand characters long.
MAX_SCRIPT = 1024 * 1024
#: What the names of the functions begin with by which papers are signed.
SIGNING = b"vgca_sign_"


class ResCompany(models.Model):
    _inherit = "res.company"

    _hoithi_contest_paths = ("contest_id", "document_id.contest_id")

    # it runs in the pages of everybody who signs: whoever may change it could act as
    # any of them, as only an administrator of the system may
    hoithi_sign_script = fields.Binary(
        string="Script of the signing program",
        attachment=True,
        copy=False,
        groups="base.group_system",
    )
    hoithi_sign_script_name = fields.Char(
        string="Name of the signing program's script",
        copy=False,
        groups="base.group_system",
    )
    hoithi_sign_script_sha256 = fields.Char(
        string="SHA-256 of the script",
        compute="_compute_hoithi_sign_script_sha256",
        groups="base.group_system",
    )

    @api.depends("hoithi_sign_script")
    def _compute_hoithi_sign_script_sha256(self):
        for company in self:
            script = company._get_sign_script()
            company.hoithi_sign_script_sha256 = script and sha256(script).hexdigest()

    @api.constrains("hoithi_sign_script")
    def _check_hoithi_sign_script(self):
        """Refuse what can't be the signing program's script, as another file of it."""
        for company in self:
            script = company._get_sign_script()
            if script and (len(script) > MAX_SCRIPT or SIGNING not in script):
                raise ValidationError(
                    self.env._(
                        "This isn't the script of the signing program: it defines none "
                        "of the functions that sign documents (vgca_sign_approved, "
                        "vgca_sign_issued). Upload vgcaplugin.js as it came with the "
                        "program."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # whoever founds a department; its templates are the module's own at first
        self.env["hoithi.document.template"].sudo()._ensure_all(companies)
        return companies

    def _get_sign_script(self):
        """Return the signing program's script, or nothing where none was given."""
        self.ensure_one()
        # whoever signs runs it; who may change it is told by the field
        company_sudo = self.with_context(bin_size=False).sudo()
        return base64.b64decode(company_sudo.hoithi_sign_script or b"")

    def _get_sign_script_url(self):
        """Return the address of the signing program's script, or nothing.

        A changed script changes it, so that no page goes on with the former one.
        """
        self.ensure_one()
        # as above
        unique = self.sudo().hoithi_sign_script_sha256
        return unique and f"/hoithi/signing-script/{self.id}.js?unique={unique}"

    def _get_mail_problems(self):
        problems = super()._get_mail_problems()
        if self and self.env.user.has_groups(",".join(OFFICE)):
            trouble = self.env["hoithi.document.recipient"]._get_mail_trouble(self)
            problems += filter(None, [trouble])
        return problems
