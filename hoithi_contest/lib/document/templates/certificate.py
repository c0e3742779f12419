"""Giấy chứng nhận: a prize's certificates, each on a landscape page of its own.

What is long makes all of the page smaller, see ``fitting``.
"""

from . import blocks as b


def _lines(name: str) -> b.Xml:
    return b.run(f'{{{{ {name}|lines("certificate") }}}}', bold=name != "subject")


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.CERTIFICATE,
        b.loop(
            "copy in copies",
            *b.certificate_head(),
            b.paragraph("CertificateIssuer", '{{ head.issuer|lines("certificate") }}'),
            b.paragraph("CertificateTitle", "{{ title }}"),
            b.paragraph("CertificateText", "{{ copy.kind }}:"),
            b.paragraph("CertificateHolder", "{{ copy.holders }}"),
            *b.when("copy.unit", b.paragraph("CertificateText", "{{ copy.unit }}")),
            b.paragraph("CertificateText", "Đã đạt"),
            b.paragraph("CertificatePrize", "{{ prize }}"),
            *b.when(
                "entry_title",
                b.paragraph("CertificateText", "với giải pháp", after=1),
                b.paragraph("CertificateText", "“", _lines("entry_title"), "”"),
            ),
            b.paragraph("CertificateText", _lines("subject"), after=14),
            *b.certificate_end(),
        ),
    )
