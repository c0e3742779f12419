import base64
import binascii
from contextlib import suppress

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ...lib.document.kinds import KINDS
from ...lib.guard import packaging, pdf
from ...models.guard.hoithi_states import UNISSUED
from ...tools import in_vietnamese


class HoithiDocumentTemplateTrial(models.TransientModel):
    """A Word template is looked at with a contest's own data before it is used."""

    _name = "hoithi.document.template.trial"
    _inherit = ["hoithi.clock.mixin", "hoithi.text.mixin"]
    _description = "Try a Word Template"
    _clock_path = ""

    template_id = fields.Many2one(
        "hoithi.document.template", required=True, readonly=True
    )
    company_id = fields.Many2one(related="template_id.company_id")
    contest_id = fields.Many2one(
        "hoithi.contest",
        domain="[('company_id', '=', company_id)]",
        help="The paper is made of what this contest has on record now. Nothing of it "
        "is kept.",
    )
    file = fields.Binary(
        string="Edited template",
        help="Empty: the template in use is shown.",
    )
    file_name = fields.Char()
    # a filled paper is its user's alone: no file of the template, and gone with the
    # dialog
    shown = fields.Binary(
        readonly=True, attachment=False, export_string_translation=False
    )

    # ACTION

    def action_preview(self):
        """Return the template filled from the contest, as PDF or else as Word file.

        The paper is drafted with the user's own rights and taken back at once. Without
        a contest, invented data is filled in.

        :raises AccessError: for who may not read the contest or draft its papers
        :raises UserError: where the contest has nothing yet that the kind is about, or
            the template can't be filled
        """
        self.ensure_one()
        self.template_id.check_access("read")
        content = self._get_file()
        if content:
            self.template_id._check_file(content)
        else:
            content = self.template_id._get_content()
        if self.contest_id:
            about, context = in_vietnamese(self.contest_id).name, self._get_context()
        else:
            about, context = "mau", KINDS[self.template_id.kind].sample()
        return self._show(self.template_id._fill(content, context), about)

    def action_use(self):
        """Take the edited template into use, as an upload on its page does.

        :raises UserError: where none was uploaded here, or it can't be used
        """
        self.ensure_one()
        content = self._get_file()
        if not content:
            raise UserError(
                self.env._("Upload the edited template first: none was chosen here.")
            )
        self.template_id._add_version(content)
        return {"type": "ir.actions.act_window_close"}

    # BUSINESS

    def _show(self, content, about):
        """Return the action that shows a filled template, as PDF where that is made.

        :param content: the filled Word file
        :param about: what it was filled with, for the file's name
        """
        name, extension = f"{self.template_id.display_name} {about}", ".docx"
        # without LibreOffice the Word file shows the same
        with suppress(pdf.EngineMissing, pdf.ConversionError):
            seconds = self.env["hoithi.document"]._get_conversion_seconds()
            owner = self.env.cr.dbname
            content = pdf.convert({"": content}, timeout=seconds, owner=owner)[""]
            extension = ".pdf"
        self.shown = base64.b64encode(content)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/shown/"
            f"{packaging.slug(name)}{extension}",
            "target": "new",
        }

    def _get_file(self):
        try:
            return base64.b64decode(self.file or b"", validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(
                self.env._("The file arrived damaged: upload it again.")
            ) from error

    def _get_source(self):
        """Return what in the contest a paper of this kind is about, or none."""
        kind = self.template_id.kind
        kind_model = self.env[f"hoithi.document.kind.{kind}"]
        if not KINDS[kind].follows:
            return kind_model._get_sources(self.contest_id)[:1]
        return self.env["hoithi.document"].search(
            [
                ("contest_id", "=", self.contest_id.id),
                ("state", "not in", UNISSUED),
                ("kind", "not in", [key for key in KINDS if KINDS[key].follows]),
                ("issued_on", "!=", False),
            ],
            limit=1,
        )

    def _get_context(self):
        """Return what a paper of the contest would be filled with now."""
        self.contest_id.check_access("read")
        documents = in_vietnamese(self.env["hoithi.document"]).with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )
        documents.check_access("create")
        source = self._get_source()
        if not source:
            raise UserError(
                self.env._(
                    "“%(contest)s” has nothing yet that “%(kind)s” is about: choose "
                    "another contest, or look at the template with invented data.",
                    contest=self.contest_id.display_name,
                    kind=self.template_id.display_name,
                )
            )
        savepoint = self.env.cr.savepoint()
        try:
            document = documents.create(
                {
                    "kind": self.template_id.kind,
                    "contest_id": self.contest_id.id,
                    "res_model": source._name,
                    "res_id": source.id,
                }
            )
            document._take_snapshot()
            return document._get_kind_model()._get_context(document)
        finally:
            # it was to look at only
            savepoint.close(rollback=True)
