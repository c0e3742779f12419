import base64
import binascii
import logging
from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...lib.document import kinds, signature
from ...lib.guard.moments import write_day

_logger = logging.getLogger(__name__)

#: Who has papers signed and brings them back.
SIGNING = "hoithi_contest.group_secretary,hoithi_contest.group_leader"


class HoithiDocument(models.Model):
    """An issued paper is signed elsewhere, by keys that never come here.

    What comes back is taken only where it is this very paper with signatures added and
    nothing else. The scan of a hand signature is something else and is called so.
    """

    _inherit = "hoithi.document"

    _open_fields = {"signed_file_id"}

    signed_file_id = fields.Many2one(
        "ir.attachment",
        string="Signed file",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    signature_state = fields.Selection(
        [
            ("none", "Not signed digitally"),
            ("valid", "Signed digitally"),
            ("partial", "Signed digitally in part"),
            ("unknown", "Signed digitally, signer not vouched for"),
            ("altered", "Altered after it was signed"),
        ],
        string="Digital signature",
        default="none",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    signature_text = fields.Text(
        string="Who signed", readonly=True, copy=False, help="As the certificates say."
    )
    signature_checked_on = fields.Datetime(
        string="Signature checked on", readonly=True, copy=False
    )
    # a certificate expires, and what was signed with it before stays signed
    signature_taken_on = fields.Datetime(
        string="Signed file taken on", readonly=True, copy=False
    )
    # keys, by commas, of what the signatures lack; said in the reader's language
    signature_lacks = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    # a file of several certificates is signed on each of its pages; of others these
    # are 0, as one signature is of the whole
    pages_to_sign = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    signer_pages = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    agency_pages = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    signature_gaps = fields.Char(
        string="Signatures to see to", compute="_compute_signature_gaps"
    )
    is_signed = fields.Boolean(compute="_compute_is_signed")
    is_official = fields.Boolean(compute="_compute_is_official")

    # COMPUTE

    @api.depends("kind")
    def _compute_is_official(self):
        for document in self:
            document.is_official = bool(document.kind) and document._is_official()

    @api.depends(
        "signature_state",
        "signature_lacks",
        "pages_to_sign",
        "signer_pages",
        "agency_pages",
    )
    @api.depends_context("lang")
    def _compute_signature_gaps(self):
        doubts = {
            signature.UNKNOWN: self.env._(
                "No trust anchor of the department vouches for the signature: let the "
                "administrator upload the certificate of its authority, then check it."
            ),
            signature.ALTERED: self.env._(
                "The signed file isn't as it was signed: upload it anew."
            ),
        }
        for document in self:
            signer = document._get_printed_signature().get("name") or "–"
            texts = {
                signature.AGENCY_LACKS: self.env._(
                    "The agency's signature is missing."
                ),
                signature.SIGNER_LACKS: self.env._(
                    "The signature of %s is missing.", signer
                ),
                signature.OTHER_SIGNER: self.env._(
                    "In the signer's place somebody else than %s signed.", signer
                ),
            }
            if document.pages_to_sign:
                texts |= document._get_page_texts(signer)
            keys = (document.signature_lacks or "").split(",")
            told = [doubts.get(document.signature_state), *map(texts.get, keys)]
            document.signature_gaps = " ".join(filter(None, told))

    def _get_page_texts(self, signer):
        """Return what is missing of a file whose pages are signed each."""
        self.ensure_one()
        return {
            signature.AGENCY_LACKS: self.env._(
                "The agency has signed %(signed)s of %(pages)s certificates.",
                signed=self.agency_pages,
                pages=self.pages_to_sign,
            ),
            signature.SIGNER_LACKS: self.env._(
                "%(signer)s has signed %(signed)s of %(pages)s certificates.",
                signer=signer,
                signed=self.signer_pages,
                pages=self.pages_to_sign,
            ),
        }

    @api.depends(
        "signed_file_id",
        "signature_state",
        "scan_ids",
        "pages_to_sign",
        "signer_pages",
    )
    def _compute_is_signed(self):
        for document in self:
            # scans are for the Office; that there is one isn't
            document.is_signed = document.sudo()._is_signed()

    def _is_signed(self):
        return super()._is_signed() or (
            bool(self.signed_file_id)
            and self.signature_state != signature.ALTERED
            # each page of certificates goes to somebody else
            and self.signer_pages >= self.pages_to_sign
        )

    def _is_doubtful(self):
        """Tell whether a signature is there that nobody can rely on."""
        self.ensure_one()
        return self.signature_state in (signature.UNKNOWN, signature.ALTERED)

    @api.depends("pdf_id")
    def _compute_pdf_file(self):
        super()._compute_pdf_file()
        for document in self.filtered(lambda d: d.state == "issued" and d.pdf_file):
            # fields make the browser's viewer ask for scripts that nothing here needs
            content = base64.b64decode(document.pdf_file)
            document.pdf_file = base64.b64encode(signature.without_form(content))

    # ACTION

    def action_sign(self):
        """Open the dialog by which an issued paper is signed, or a signed file taken.

        :raises AccessError: for anyone but a secretary or leader
        :raises UserError: unless the document is issued as PDF
        """
        self.ensure_one()
        self._check_signable()
        wizard = self.env["hoithi.document.sign"].create({"document_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign Digitally"),
            "res_model": "hoithi.document.sign",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_upload_signed(self, content, name=""):
        """Take the file of this paper that was signed elsewhere.

        :param content: the file, in base64
        :param name: of the file, to be told by in a refusal
        :raises AccessError: for anyone but a secretary or leader
        :raises UserError: where it isn't this paper, signed and unaltered
        """
        self.ensure_one()
        self._check_signable()
        try:
            data = base64.b64decode(content or b"", validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise UserError(
                self.env._("The file “%s” arrived damaged: upload it again.", name)
            ) from error
        self._take_signed(data)
        return True

    def action_check_signature(self):
        """Check the signatures anew, as after a trust anchor was added.

        :raises AccessError: for anyone but a secretary or leader
        """
        self.check_access("read")
        self._check_signing_role()
        for document in self.filtered("signed_file_id"):
            document._check_signature()
        return True

    def action_download_signed(self):
        """Return the address of the signed file."""
        self.ensure_one()
        self.check_access("read")
        return self._get_download(self.signed_file_id)

    # BUSINESS

    def _check_signing_role(self):
        if not self.env.su and not self.env.user.has_groups(SIGNING):
            raise AccessError(
                self.env._("Only a secretary or a leader has documents signed.")
            )

    def _check_signable(self):
        self.ensure_one()
        self.check_access("read")
        self._check_signing_role()
        if self.state != "issued":
            raise UserError(self.env._("“%s” isn't issued yet.", self.name))
        self._check_standing()
        if not self.pdf_id:
            raise UserError(
                self.env._(
                    "“%s” has no PDF, and only a PDF is signed digitally. Sign it on "
                    "paper, and upload the scan.",
                    self.name,
                )
            )

    def _get_signing_base(self):
        """Return what is given out to be signed: the paper, or what has a signature."""
        self.ensure_one()
        is_altered = self.signature_state == signature.ALTERED
        # whoever signs reads the paper
        return ((not is_altered and self.signed_file_id) or self.pdf_id).sudo().raw

    def _take_signed(self, data):
        """Keep a signed file of this paper.

        :raises UserError: where it isn't this paper, signed and unaltered
        """
        self.ensure_one()
        verdict = self._inspect(data)
        foreign = verdict.state == signature.UNKNOWN and self._get_anchors()
        if verdict.problem or foreign:
            raise UserError(self._get_refusal(verdict))
        # the paper is fixed; what is added to it is the server's finding
        document_sudo = self.sudo()._open_door()
        old_sudo = document_sudo.signed_file_id
        name = self.pdf_id.sudo().name.removesuffix(".pdf")
        document_sudo.write(
            {
                "signed_file_id": self._create_file(
                    f"{name}-signed.pdf", data, "application/pdf"
                ).id,
                "signature_taken_on": fields.Datetime.now(),
                **self._get_verdict_values(verdict),
            }
        )
        self._put_away_signed(old_sudo, data)

    def _put_away_signed(self, old_sudo, data):
        """Keep the signed file that another took the place of, and tell whose it was.

        A file to which a signature was added holds all of the former one, which goes.
        """
        if not old_sudo or data.startswith(old_sudo.raw or b""):
            old_sudo.unlink()
            return
        signers = self._inspect(old_sudo.raw or b"").signers
        old_sudo._keep(self)
        # the paper is fixed, and its log the server's
        self.sudo()._message_act(
            body=self.env._(
                "Another signed file took the place of that of %s, which is kept here.",
                "; ".join(map(self._write_signer, signers)) or "–",
            ),
            attachment_ids=old_sudo.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _check_signature(self):
        self.ensure_one()
        # what is signed is compared whole, whoever may read the file
        file_sudo = self.signed_file_id.sudo()
        moment = self.signature_taken_on or self.signature_checked_on
        verdict = self._inspect(file_sudo.raw or b"", moment)
        # the paper is fixed; what is added to it is the server's finding
        self.sudo()._open_door().write(self._get_verdict_values(verdict))

    def _inspect(self, data, moment=None):
        # what is compared with is the paper itself, whoever may read its file
        paper = self.pdf_id.sudo().raw or b""
        return signature.inspect(
            data,
            paper,
            [anchor._get_der() for anchor in self._get_anchors()],
            moment and moment.replace(tzinfo=UTC),
        )

    def _get_anchors(self):
        """Return the department's trust anchors."""
        # which authorities are trusted is no secret; administrators enter them
        return (
            self.env["hoithi.trust.anchor"]
            .sudo()
            .search([("company_id", "in", (False, self.company_id.id))])
        )

    def _get_verdict_values(self, verdict):
        state = "altered" if verdict.problem else verdict.state
        return {
            **self._get_lacks(verdict, state),
            "signature_text": "\n".join(map(self._write_signer, verdict.signers)),
            "signature_checked_on": fields.Datetime.now(),
        }

    def _get_lacks(self, verdict, state):
        """Return what of the paper is signed, and its state, which was `state`."""
        self.ensure_one()
        pages, signed = 0, signature.Signed(0, 0, ())
        if not verdict.problem and self._needs_two_signatures():
            # one alone is as any paper is
            if self._is_certificate() and verdict.pages > 1:
                pages = verdict.pages
            name = self._get_printed_signature().get("name", "")
            signed = signature.find_signed(verdict.signers, name, pages or 1)
        is_partial = state == signature.VALID and signed.signer < pages
        return {
            "signature_state": "partial" if is_partial else state,
            "signature_lacks": ",".join(signed.gaps),
            "pages_to_sign": pages,
            "signer_pages": signed.signer if pages else 0,
            "agency_pages": signed.agency if pages else 0,
        }

    def _get_printed_signature(self):
        """Return who signs as it is printed, also where the council does."""
        self.ensure_one()
        # kept from whoever may not read all of the paper; who signs is no secret
        return (self.sudo().context_json or {}).get("signature", {})

    def _needs_two_signatures(self):
        """Tell whether both signer and agency sign; the agency alone signs copies."""
        self.ensure_one()
        return self._is_official() and not self.copy_form

    def _is_official(self):
        """Tell whether the agency or its council signs: forms are for persons."""
        self.ensure_one()
        return self._is_numbered() or self._is_certificate()

    def _is_certificate(self):
        self.ensure_one()
        return kinds.KINDS[self.kind].layout == "certificate"

    @api.model
    def _write_signer(self, signer):
        day = signer.moment and write_day(signer.moment.date())
        text = ", ".join(filter(None, [signer.name, signer.organisation, day]))
        if signer.is_trusted:
            return text
        return self.env._("%s (not vouched for by a trust anchor)", text)

    def _get_refusal(self, verdict):
        """Return why a file isn't taken, and what to do."""
        texts = {
            signature.NOT_PDF: self.env._(
                "This is no PDF file that can be read: upload the PDF that your "
                "signing program made."
            ),
            signature.UNSIGNED: self.env._(
                "This file bears no digital signature. A scan of a hand signature "
                "goes under “Signed scans”."
            ),
            signature.FOREIGN: self.env._(
                "This file wasn't made from “%s”: download the PDF here, sign that "
                "file without printing or saving it anew, and upload the result.",
                self.name,
            ),
            signature.CHANGED: self.env._(
                "Something besides the signature was added to the paper. Download the "
                "PDF here anew and add nothing but the signature."
            ),
            signature.BROKEN: self.env._(
                "The signature is broken: the file was changed after it was signed."
            ),
            signature.PARTIAL: self.env._(
                "The signature doesn't cover the whole file: sign the paper again."
            ),
        }
        return texts.get(verdict.problem) or self.env._(
            "The signature of %s isn't vouched for by any of the department's trust "
            "anchors. If it is a proper one, let the administrator upload the "
            "certificate of its authority.",
            ", ".join(s.name for s in verdict.signers if not s.is_trusted),
        )

    def _finish_pdf(self, content):
        content = super()._finish_pdf(content)
        if not content or self.state != "issued" or not self._is_official():
            return content
        printed = self._get_printed_signature()
        try:
            places = signature.find_places(
                content,
                printed.get("name", ""),
                printed.get("position", ""),
                # that of the group, and of each author
                each=self._is_certificate(),
            )
            return signature.add_fields(content, places)
        except signature.Unfit:
            # it is signed all the same, wherever the signing program puts it
            _logger.warning("Document %s takes no signature fields", self.id)
            return content

    def _get_shown_files(self):
        """Return the files that whoever reads the paper may have."""
        files = super()._get_shown_files()
        return files | self.signed_file_id if files & self.docx_id else files

    def _get_sent_files(self):
        """Return the files that leave the house: what is signed, where it is."""
        self.ensure_one()
        # scans are for the Office and go out by its hand
        document_sudo = self.sudo()
        is_altered = self.signature_state == signature.ALTERED
        return (
            (not is_altered and document_sudo.signed_file_id)
            # page by page, as they were uploaded
            or document_sudo.scan_ids.sorted("id")
            or super()._get_sent_files()
        )

    # CHECK

    @api.model
    def _get_check(self, token):
        values = super()._get_check(token)
        if values:
            # as there
            paper_sudo = self.sudo().search([("check_token", "=", token)], limit=1)
            values["signature"] = paper_sudo.is_issued and (
                paper_sudo._get_signature_words()
            )
        return values

    def _get_signature_words(self):
        self.ensure_one()
        field = self._fields["signature_state"]
        words = dict(field._description_selection(self.env))[self.signature_state]
        if self.signature_state != "partial":
            return words
        return self.env._(
            "%(state)s: %(signed)s of %(pages)s certificates",
            state=words,
            signed=self.signer_pages,
            pages=self.pages_to_sign,
        )

    # CONSTRAINTS

    @api.constrains("signed_file_id")
    def _check_signed_file(self):
        for document in self:
            # also files that the user may not read are told apart
            file_sudo = document.sudo().signed_file_id
            if file_sudo and (file_sudo.res_model, file_sudo.res_id) != (
                document._name,
                document.id,
            ):
                raise ValidationError(
                    self.env._("Upload the signed file on the document itself.")
                )
