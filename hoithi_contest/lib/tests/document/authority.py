"""A certificate authority made in the test, and what it signs with."""

import datetime
import io

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

_DAY = datetime.timedelta(days=1)


def _key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common, organisation):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        ]
    )


class Authority:
    """Who certifies people in a test.

    :param revoked_at: where it says that its list of revoked certificates is
    """

    def __init__(
        self,
        name="CA thử nghiệm",
        organisation="Ban Cơ yếu thử nghiệm",
        revoked_at="",
    ):
        self.revoked_at = revoked_at
        self.key = _key()
        self.name = _name(name, organisation)
        self.certificate = self._certify(self.name, self.key.public_key(), is_ca=True)

    def _certify(self, subject, public_key, is_ca):
        now = datetime.datetime.now(datetime.UTC)
        builder = x509.CertificateBuilder()
        if self.revoked_at:
            place = x509.UniformResourceIdentifier(self.revoked_at)
            point = x509.DistributionPoint([place], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), False)
        return (
            builder.subject_name(subject)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _DAY)
            .not_valid_after(now + 365 * _DAY)
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not is_ca,
                    content_commitment=not is_ca,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=is_ca,
                    crl_sign=is_ca,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .sign(self.key, hashes.SHA256())
        )

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, paper, person, organisation="Sở thử nghiệm", field="Signer"):
        """Return `paper` signed by a person whom the authority certifies."""
        key = _key()
        certificate = self._certify(
            _name(person, organisation), key.public_key(), is_ca=False
        )
        registry = SimpleCertificateStore()
        registry.register(Certificate.load(self.der))
        der = serialization.Encoding.DER
        signer = signers.SimpleSigner(
            signing_cert=Certificate.load(certificate.public_bytes(der)),
            signing_key=PrivateKeyInfo.load(
                key.private_bytes(
                    der,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            ),
            cert_registry=registry,
        )
        buffer = io.BytesIO()
        signers.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(paper)),
            signers.PdfSignatureMetadata(field_name=field),
            signer,
            output=buffer,
        )
        return buffer.getvalue()
