from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo.fields import Command

from ...lib.guard import office, pdf
from ..common import PDF, HoithiCommon

_convert = pdf.convert
#: The day of papers, unless a test says another.
DAY = date(2026, 8, 5)


class DocumentLifeCommon(HoithiCommon):
    """The contest with an agency that signs, and LibreOffice replaced for speed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # papers of these tests are dated 2026, whenever they are run
        cls.contest.year_start = min(2026, cls.contest.year_start)
        cls.agency = cls.env["hoithi.agency"].create(
            {
                "name": "Sở Tài nguyên và Môi trường tỉnh Bắc Kạn",
                "parent_name": "Ủy ban nhân dân tỉnh Bắc Kạn",
                "symbol": "STNMT",
                "place_name": "Bắc Kạn",
                "province_name": "Bắc Kạn",
                "head_title": "Giám đốc",
                "company_id": cls.company.id,
                "signer_ids": [
                    Command.create(
                        {
                            "name": "ThS. Đàm Quốc Vượng",
                            "position": "Phó Giám đốc",
                            "authority": "kt",
                            "user_id": cls.leader.id,
                        }
                    )
                ],
            }
        )
        cls.signer = cls.agency.signer_ids
        cls.friend = cls.env["res.partner"].create(
            {"name": "Sở Khoa học và Công nghệ", "email": "vanthu@skhcn.example.vn"}
        )
        cls.contest.write(
            {
                "recipient_ids": [
                    Command.create(
                        {
                            "name": "Sở Khoa học và Công nghệ",
                            "partner_id": cls.friend.id,
                            "role": "coordinate",
                            "sequence": 1,
                        }
                    ),
                    Command.create(
                        {"name": "Các đơn vị", "role": "implement", "sequence": 2}
                    ),
                    Command.create(
                        {"name": "Lưu: VT, VP", "role": "archive", "sequence": 3}
                    ),
                ]
            }
        )
        cls.startClassPatcher(
            patch.object(
                pdf,
                "convert",
                lambda documents, timeout=None, owner=None: dict.fromkeys(
                    documents, PDF
                ),
            )
        )
        # one that another test has kept is real
        cls.startClassPatcher(patch.object(office, "is_kept", lambda: False))

    @classmethod
    def _draft(cls, kind="notice", source=None, **values):
        source = source or cls.contest
        if kind == "notice":
            # it counts until the day for which it is planned, and isn't dated before
            values.setdefault("planned_on", date(2025, 1, 1))
        document = cls.env["hoithi.document"].with_user(cls.secretary)
        return document.create(
            {
                "kind": kind,
                "contest_id": cls.contest.id,
                "res_model": source._name,
                "res_id": source.id,
                **values,
            }
        )

    @classmethod
    def _approved(cls, kind="notice", source=None, **values):
        document = cls._draft(kind, source, **values)
        document.action_generate()
        document.with_user(cls.leader).action_approve()
        return document

    @classmethod
    def _issued(cls, kind="notice", number="05", day=None, **values):
        document = cls._approved(kind, **values)
        document.action_issue(number, day or DAY)
        return document

    @contextmanager
    def _without_engine(self):
        def convert(documents, timeout=None, owner=None):
            raise pdf.EngineMissing()

        with patch.object(pdf, "convert", convert):
            yield

    @contextmanager
    def _with_engine(self):
        with patch.object(pdf, "convert", _convert):
            yield
