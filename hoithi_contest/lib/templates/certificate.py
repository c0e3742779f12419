"""Giấy chứng nhận: a prize's certificate, on landscape paper."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.CERTIFICATE,
        b.certificate_head(),
        [
            b.paragraph("CertificateIssuer", '{{ head.issuer|lines("certificate") }}'),
            b.paragraph("CertificateTitle", "{{ title }}"),
            b.paragraph("CertificateText", "{{ holder_kind }}:"),
            b.paragraph("CertificateHolder", "{{ holders }}"),
        ],
        b.when("holder_unit", b.paragraph("CertificateText", "{{ holder_unit }}")),
        [
            b.paragraph("CertificateText", "Đã đạt"),
            b.paragraph("CertificatePrize", "{{ prize }}"),
            b.paragraph("CertificateText", "với giải pháp: “{{ entry_title }}”"),
            b.paragraph("CertificateText", "{{ subject }}", after=16),
        ],
        b.certificate_end(),
    )
