from odoo.fields import Command
from odoo.tests import tagged

from ..contest.demo_common import DemoCommon
from .document_common import DocumentMixin

PERIOD = "Từ tháng 11 năm 2020 đến hết tháng 9 năm 2021"
COUNCIL = "Hội đồng xét duyệt đề tài, sáng kiến, giải pháp công tác cấp cơ sở của Sở"
BASIS = "Quyết định số 1601/QĐ-UBND ngày 04/9/2020 của Ủy ban nhân dân tỉnh"
CONTEST = "Hội thi sáng tạo kỹ thuật tỉnh Bắc Kạn"

#: The facts of the plan of 2020 in the order in which the document tells them: what it
#: is, and texts that must follow each other.
FACTS = (
    ("parent agency", "ỦY BAN NHÂN DÂN TỈNH BẮC KẠN"),
    ("agency", "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG"),
    ("number left blank, symbol", "/KH-STNMT"),
    ("place", "Bắc Kạn, ngày"),
    ("month and year", "tháng 11 năm 2020"),
    ("type", "KẾ HOẠCH"),
    ("subject", f"Phát động {CONTEST} lần thứ VI năm 2020-2021"),
    ("subject: where", "tại Sở Tài nguyên và Môi trường"),
    ("first basis", "Thực hiện Quyết định số 1601/QĐ-UBND"),
    ("first basis: date", "ngày 04 tháng 9 năm 2020"),
    ("first basis: issuer", "Ủy ban nhân dân tỉnh Bắc Kạn"),
    (
        "first basis: subject",
        f"về việc ban hành Kế hoạch tổ chức {CONTEST} lần thứ 6 (2020 - 2021)",
    ),
    ("first basis: short", "(sau đây gọi tắt là Quyết định số 1601/QĐ-UBND);"),
    ("second basis", "Văn bản số 6704/BTCHT-LHH"),
    ("second basis: date", "ngày 10 tháng 11 năm 2020"),
    ("second basis: issuer", f"Ban Tổ chức {CONTEST} lần thứ 6 (2020 - 2021)"),
    ("second basis: subject", f"về việc phát động {CONTEST} lần thứ 6 (2020 - 2021)"),
    ("opening", "Sở Tài nguyên và Môi trường tỉnh Bắc Kạn xây dựng kế hoạch phát động"),
    ("I", "MỤC ĐÍCH, YÊU CẦU"),
    ("I.1", "Hưởng ứng"),
    ("I.1: movement", "phong trào lao động sáng tạo"),
    ("I.1: whom", "công chức, viên chức và người lao động"),
    ("I.1: use", "sản xuất, đời sống"),
    ("I.1: aim", "phát triển kinh tế - xã hội của tỉnh"),
    ("I.2", "kịp thời"),
    ("I.2: basis", "Quyết định số 1601/QĐ-UBND của Ủy ban nhân dân tỉnh Bắc Kạn"),
    ("II", "NỘI DUNG KẾ HOẠCH PHÁT ĐỘNG HỘI THI"),
    ("II.1", "1. Công tác chỉ đạo, điều hành"),
    ("II.1.1", "1.1."),
    ("II.1.1: to all", "toàn thể công chức, viên chức, người lao động"),
    ("II.1.1: basis", BASIS),
    ("II.1.1: period", PERIOD),
    ("II.1.1: lead", f"{COUNCIL} và Văn phòng Sở chủ trì"),
    ("II.1.1: with", "phối hợp với các đơn vị liên quan"),
    ("II.1.1: result", "trình Giám đốc Sở ban hành"),
    ("II.1.1: result, where", "các cuộc họp của cơ quan"),
    ("II.1.1: result, when", "các đợt thi đua khen thưởng"),
    ("II.1.2", "1.2."),
    ("II.1.2: who", "Trưởng các phòng chuyên môn, đơn vị"),
    ("II.1.2: applied where and since", "tại tỉnh Bắc Kạn từ năm 2013 trở lại đây"),
    ("II.1.2: period", PERIOD),
    ("II.1.2: lead", "Các phòng chuyên môn, đơn vị trực thuộc Sở chủ trì"),
    ("II.1.2: with", "phối hợp với các đơn vị liên quan"),
    ("II.1.2: result", f"đăng ký đề tài, sáng kiến với {COUNCIL}"),
    ("II.2", "2. Nhiệm vụ đặt ra đối với kế hoạch"),
    ("II.2: what", "đề tài, sáng kiến, giải pháp sáng tạo kỹ thuật"),
    ("a)", "a) Công nghệ thông tin"),
    ("a): management software", "phần mềm quản lý chuyên ngành"),
    ("a): documents", "quản lý văn bản nhà nước"),
    ("b)", "b) Vật liệu, hóa chất, năng lượng"),
    ("b): green", "thân thiện với môi trường"),
    ("b): biological products", "chế phẩm sinh học"),
    ("b): agriculture", "sản xuất nông nghiệp"),
    ("c)", "c) Tài nguyên và môi trường"),
    ("c): use", "quản lý, khai thác, sử dụng hiệu quả tài nguyên"),
    ("II.2: period", PERIOD),
    ("II.2: who", "Công chức, viên chức và người lao động, các phòng chuyên môn"),
    ("II.2: with", "phối hợp với các đơn vị liên quan"),
    ("II.2: result", "giải quyết công việc của đơn vị"),
    ("II.3", "3. Thời gian phát động Hội thi"),
    ("II.3: period", PERIOD),
    ("III", "TỔ CHỨC THỰC HIỆN"),
    ("III.1", "Trưởng các phòng chuyên môn, đơn vị trực thuộc Sở"),
    ("III.1: basis", BASIS),
    ("III.2", f"Giao {COUNCIL} chủ trì"),
    ("III.2: office", "Văn phòng Sở"),
    ("III.2: union", "Ban Chấp hành Công đoàn"),
    ("III.2: youth", "Ban Chấp hành Đoàn Thanh niên"),
    ("III.2: contest of the sector", "Hội thi sáng tạo kỹ thuật cấp ngành"),
    ("III.2: if any", "(nếu có)"),
    ("III.3", "Trung tâm Công nghệ thông tin tài nguyên và môi trường đăng"),
    ("III.3: rules", "Thể lệ Hội thi và các văn bản liên quan"),
    ("III.3: where", "trang thông tin điện tử của Sở"),
    ("III.4", f"Giao {COUNCIL} chủ trì, phối hợp với Văn phòng Sở tổng kết"),
    ("III.4: to whom", "các đơn vị liên quan"),
    ("closing", "Trên đây là Kế hoạch phát động"),
    ("closing: to whom", "các phòng chuyên môn, đơn vị trực thuộc Sở"),
    ("end", "Kế hoạch này./."),
)

#: Lines of “Nơi nhận”; names are written out.
RECIPIENTS = (
    "Gửi bản điện tử:",
    "- Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh (b/c);",
    "- Ban Thi đua - Khen thưởng tỉnh (b/c);",
    "- Các thành viên Khối KTKT;",
    "- Sở Khoa học và Công nghệ (p/h);",
    "- Lãnh đạo Sở;",
    "- Các phòng, đơn vị (t/h);",
    "- Công đoàn cơ sở; Đoàn Thanh niên Sở (p/h);",
    "- Lưu: VT, VP (An).",
)


@tagged("post_install", "-at_install")
class TestDocumentPlan(DocumentMixin, DemoCommon):
    """The plan of the demo's first contest against the plan of 2020."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls._ref("res_users_hien")

    def _make_plan(self):
        return self._make("plan", self.plan_contest)

    def test_facts_in_order(self):
        document = self._make_plan()
        self.assertEqual(self._get_faults(document), [])
        text = self._read_flat(document)
        place = 0
        for fact, expected in FACTS:
            with self.subTest(fact=fact):
                found = text.find(expected, place)
                self.assertGreaterEqual(found, 0, f"{expected!r} lacks in {text}")
                place = found + len(expected)

    def test_each_task_tells_when_who_and_what(self):
        text = self._read(self._make_plan())
        self.assertEqual(text.count("Thời gian thực hiện"), 3)
        self.assertEqual(text.count("Đơn vị thực hiện"), 3)
        self.assertEqual(text.count("Kết quả hoạt động hoặc sản phẩm"), 3)
        self.assertEqual(text.count(PERIOD), 4)

    def test_recipients(self):
        lines = self._read(self._make_plan()).splitlines()
        start = lines.index("Nơi nhận:")
        self.assertEqual(
            tuple(lines[start + 1 : start + 1 + len(RECIPIENTS)]), RECIPIENTS
        )

    def test_signed_for_the_director(self):
        agency = self._ref("hoithi_agency_stnmt_bk")
        signer = self.env["hoithi.agency.signer"].create(
            {
                "agency_id": agency.id,
                "name": "ThS. Người Ký Thử",
                "position": "Phó Giám đốc",
                "authority": "kt",
            }
        )
        document = self._make("plan", self.plan_contest, signer_id=signer.id)
        lines = self._read(document).splitlines()
        start = lines.index("KT. GIÁM ĐỐC")
        self.assertEqual(lines[start + 1], "PHÓ GIÁM ĐỐC")
        self.assertIn("Người Ký Thử", lines)

    def test_structure_follows_the_tasks(self):
        """Sections come from the headings, and what isn't printed stays out."""
        contest = self.plan_contest
        plan = self.env["hoithi.document.kind.plan"]
        self.assertEqual(
            [(s["number"], len(s["tasks"])) for s in plan._get_sections(contest)],
            [("1", 2), ("2", 1), ("3", 0)],
        )
        contest.task_ids.filtered(lambda task: task.code == "II.1.2").part = "internal"
        sections = plan._get_sections(contest)
        self.assertEqual([len(s["tasks"]) for s in sections], [1, 1, 0])
        self.assertEqual(sections[0]["tasks"][0]["number"], "")
        contest.date_start = contest.date_end = False
        self.assertEqual(len(plan._get_sections(contest)), 2)

    def test_a_short_form_is_given_where_it_is_used(self):
        """“Sau đây gọi tắt” of a text that isn't named again says nothing."""
        decision = self._read_flat(self._make("decision", self.plan_contest))
        self.assertNotIn("gọi tắt", decision)
        plan = self._read_flat(self._make_plan())
        self.assertEqual(plan.count("gọi tắt"), 1)

    def test_further_sections(self):
        """Funding and the like stand before the last section, which counts on."""
        self.plan_contest.plan_section_ids = [
            Command.create(
                {"name": "Kinh phí thực hiện:", "content": "Chi thường xuyên"}
            ),
            Command.create({"name": "Khen thưởng", "content": "Một\nHai."}),
        ]
        document = self._make_plan()
        self.assertEqual(self._get_faults(document), [])
        text = self._read(document)
        place = 0
        for expected in (
            "II. NỘI DUNG",
            "III. KINH PHÍ THỰC HIỆN\nChi thường xuyên.",
            "IV. KHEN THƯỞNG\n1. Một.\n2. Hai.",
            "V. TỔ CHỨC THỰC HIỆN",
        ):
            found = text.find(expected, place)
            self.assertGreaterEqual(found, 0, f"{expected!r} lacks in {text}")
            place = found
        # the next edition has them too
        edition = self.plan_contest.copy()
        self.assertEqual(
            edition.plan_section_ids.mapped("name"),
            ["Kinh phí thực hiện:", "Khen thưởng"],
        )

    def test_units_without_own_words(self):
        task = self._ref("hoithi_plan_task_vi_ii_1_1")
        task.units_text = False
        units = self.env["hoithi.document.kind.plan"]._get_units(task)
        self.assertEqual(
            units,
            "Hội đồng xét duyệt đề tài, sáng kiến, giải pháp công tác cấp cơ sở và "
            f"{task.lead_department_id.name} chủ trì, phối hợp với Các đơn vị có liên "
            "quan",
        )
