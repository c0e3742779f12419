import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiTrustAnchor(models.Model):
    """The certificate of an authority that vouches for who signs digitally.

    One without a department vouches in all of them: it is kept by who is of all.
    """

    _name = "hoithi.trust.anchor"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.clock.mixin"]
    _description = "Trust Anchor"
    _clock_path = ""
    _order = "name, id"

    file = fields.Binary(
        string="Certificate",
        attachment=False,
        required=True,
        help="Of the authority, as a .cer, .crt or .pem file. No private key.",
    )
    file_name = fields.Char(string="File name")
    name = fields.Char(
        string="Certifying authority", compute="_compute_name", store=True
    )
    date_from = fields.Date(string="Valid from", compute="_compute_name", store=True)
    date_to = fields.Date(string="Valid until", compute="_compute_name", store=True)
    fingerprint = fields.Char(
        string="Fingerprint (SHA-256)", compute="_compute_name", store=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        default=lambda self: self.env.company,
        index=True,
        help="Empty for all departments.",
    )

    _unique_fingerprint = models.Constraint(
        "UNIQUE (fingerprint, company_id)", "This certificate is there already."
    )

    @api.depends("file")
    def _compute_name(self):
        for anchor in self.with_context(bin_size=False):
            certificate = anchor._load()
            anchor.name = certificate and (certificate.subject.rfc4514_string())
            anchor.date_from = certificate and certificate.not_valid_before.date()
            anchor.date_to = certificate and certificate.not_valid_after.date()
            anchor.fingerprint = certificate and (
                hashlib.sha256(anchor._get_der()).hexdigest()
            )

    @api.constrains("file")
    def _check_file(self):
        for anchor in self:
            if b"PRIVATE KEY" in anchor._get_content():
                raise ValidationError(
                    self.env._(
                        "This file holds a private key, which never belongs on a "
                        "server: upload the certificate alone."
                    )
                )
            if not anchor._load():
                raise ValidationError(
                    self.env._(
                        "This file holds no certificate: upload the .cer, .crt or "
                        ".pem file of the authority."
                    )
                )

    def _get_content(self):
        """Return the file as bytes, none where it arrived damaged."""
        self.ensure_one()
        try:
            return base64.b64decode(self.with_context(bin_size=False).file or b"")
        except binascii.Error:
            return b""

    def _load(self):
        """Return the certificate, or nothing where the file holds none."""
        from cryptography import x509

        self.ensure_one()
        content = self._get_content()
        load = (
            x509.load_pem_x509_certificate
            if content.lstrip().startswith(b"-----")
            else x509.load_der_x509_certificate
        )
        try:
            return load(content)
        except ValueError:
            return None

    def _get_der(self):
        """Return the certificate as bytes."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return self._load().public_bytes(Encoding.DER)
