from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..document.document_life_common import DocumentLifeCommon


@tagged("post_install", "-at_install")
class TestAgency(DocumentLifeCommon):
    """Profiles follow each other; a merger is data."""

    def _create(self, start, end, **values):
        return self.env["hoithi.agency"].create(
            {
                "name": f"Sở {start}",
                "date_from": start,
                "date_to": end,
                "company_id": self.company.id,
                **values,
            }
        )

    def test_no_two_at_a_time(self):
        self.agency.write(
            {"date_from": date(2020, 1, 1), "date_to": date(2024, 12, 31)}
        )
        self._create(date(2025, 1, 1), date(2025, 6, 30))
        last = self._create(date(2025, 7, 1), False)
        for start, end in (
            (False, date(2020, 1, 1)),
            (date(2024, 12, 31), date(2024, 12, 31)),
            (date(2025, 6, 30), False),
            (date(2030, 1, 1), date(2030, 12, 31)),
            (False, False),
        ):
            with self.subTest(start=start, end=end), self.assertRaises(ValidationError):
                self._create(start, end)
        with self.assertRaises(ValidationError):
            last.date_from = date(2025, 6, 30)
        company = self.env["res.company"].create({"name": "Sở khác"})
        self._create(date(2025, 1, 1), False, company_id=company.id)
        self._create(False, date(2019, 12, 31))

    def test_profile_of_a_day(self):
        self.agency.date_to = date(2025, 2, 28)
        latter = self._create(date(2025, 3, 1), False)
        get = self.env["hoithi.agency"]._get_at
        self.assertEqual(get(self.company, date(2025, 2, 28)), self.agency)
        self.assertEqual(get(self.company, date(2025, 3, 1)), latter)
        latter.date_to = date(2025, 3, 31)
        self.assertFalse(get(self.company, date(2025, 4, 1)))

    def test_signers(self):
        signer = self.signer
        self.assertEqual(signer.authority_for, "Giám đốc")
        signer.authority = "tm"
        signer.authority_for = "Hội đồng"
        signer.authority = False
        self.assertFalse(signer.authority_for)
        signer.write({"date_from": date(2026, 1, 1), "date_to": date(2026, 6, 30)})
        self.assertTrue(signer._is_valid_at(date(2026, 1, 1)))
        self.assertTrue(signer._is_valid_at(date(2026, 6, 30)))
        self.assertFalse(signer._is_valid_at(date(2025, 12, 31)))
        self.assertFalse(signer._is_valid_at(date(2026, 7, 1)))
        with self.assertRaises(ValidationError):
            signer.date_to = date(2025, 1, 1)

    def test_a_deputy_signs_for_the_head_of_a_body(self):
        """Two lines stand above the position; whom for is proposed."""
        self.agency.write(
            {"name": "Ủy ban nhân dân xã Bằng Vân", "head_title": "Chủ tịch"}
        )
        for authority, position, expected in (
            (
                *("tm_kt", "Phó Chủ tịch"),
                "TM. ỦY BAN NHÂN DÂN XÃ BẰNG VÂN\nKT. CHỦ TỊCH",
            ),
            (
                *("tl_kt", "Phó Chánh Văn phòng"),
                (
                    "TL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN VÀ ỦY BAN "
                    "NHÂN DÂN XÃ"
                ),
            ),
            ("tm", "Chủ tịch", "TM. ỦY BAN NHÂN DÂN XÃ BẰNG VÂN"),
        ):
            signer = self.env["hoithi.agency.signer"].create(
                {
                    "agency_id": self.agency.id,
                    "name": "Triệu Văn Hòa",
                    "position": position,
                    "authority": authority,
                }
            )
            document = self._draft(signer_id=signer.id)
            document.action_generate()
            with self.subTest(authority=authority):
                self.assertEqual(document.signer_title, expected)
                self.assertEqual(document.signer_position, position.upper())
                self.assertEqual(signer._is_head(), authority == "tm")
        signer = self.agency.signer_ids.filtered(lambda s: s.authority == "tm_kt")
        signer.write({"authority_for": "Ủy ban nhân dân", "authority_head": "Trưởng"})
        document = self._draft(signer_id=signer.id)
        document.action_generate()
        self.assertEqual(document.signer_title, "TM. ỦY BAN NHÂN DÂN\nKT. TRƯỞNG")
        signer.authority = "kt"
        self.assertFalse(signer.authority_head)

    def test_authorities_as_printed(self):
        for authority, position, whose, expected in (
            ("kt", "Phó Giám đốc", "Giám đốc", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
            ("tl", "Chánh Văn phòng", "Giám đốc", ("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG")),
            ("tm", "Chủ tịch", "Hội đồng", ("TM. HỘI ĐỒNG", "CHỦ TỊCH")),
            ("tuq", "Trưởng phòng", "Giám đốc", ("TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG")),
            ("q", "Giám đốc", False, ("", "Q. GIÁM ĐỐC")),
            (False, "Giám đốc", False, ("", "GIÁM ĐỐC")),
        ):
            signer = self.signer.copy(
                {
                    "position": position,
                    "authority": authority,
                    "authority_for": whose,
                }
            )
            document = self._draft(signer_id=signer.id)
            document.action_generate()
            with self.subTest(authority=authority):
                self.assertEqual(
                    (document.signer_title or "", document.signer_position), expected
                )
                signature = document.context_json["signature"]
                self.assertEqual(
                    (signature["authority"], signature["position"]), expected
                )
                self.assertEqual(signature["name"], "Đàm Quốc Vượng")
