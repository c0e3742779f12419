import csv
import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from odoo import fields
from odoo.modules import Manifest
from odoo.tests import tagged
from odoo.tools import file_open

from ...lib.document import nd30
from ...models.guard.hoithi_states import DROPPED
from .demo_common import MODULE, DemoCommon


@tagged("post_install", "-at_install")
class TestHoithiDemo(DemoCommon):
    """The demo data against the plan of 2020 and against the addon's own rules."""

    # the plan of 2020, fact by fact

    def test_plan_edition(self):
        contest = self.plan_contest
        self.assertEqual(contest.edition_number, 6)
        self.assertEqual(contest.edition_roman, "VI")
        self.assertEqual((contest.year_start, contest.year_end), (2020, 2021))
        self.assertEqual(contest.province_name, "Bắc Kạn")
        self.assertEqual(contest.place_name, "Bắc Kạn")
        self.assertEqual(contest.date_start, date(2020, 11, 1))
        self.assertEqual(contest.date_end, date(2021, 9, 30))
        self.assertEqual(contest.eligible_from_year, 2013)
        self.assertEqual(contest.state, "closed")

    def test_plan_legal_bases(self):
        bases = {basis.number: basis for basis in self.plan_contest.legal_basis_ids}
        plan = bases["1601/QĐ-UBND"]
        self.assertEqual(plan.date, date(2020, 9, 4))
        self.assertEqual(plan.issuer, "Ủy ban nhân dân tỉnh Bắc Kạn")
        self.assertIn("Kế hoạch tổ chức Hội thi sáng tạo kỹ thuật", plan.subject)
        launch = bases["6704/BTCHT-LHH"]
        self.assertEqual(launch.date, date(2020, 11, 10))
        self.assertIn("Ban Tổ chức", launch.issuer)
        self.assertIn("Phát động", launch.subject)
        chain = {
            "165/2006/QĐ-TTg": date(2006, 7, 14),
            "349/QĐ-LHHVN": date(2020, 5, 6),
            "1621/QĐ-UBND": date(2020, 9, 7),
            "1936/QĐ-BTC": date(2020, 10, 26),
        }
        for number, day in chain.items():
            with self.subTest(number=number):
                self.assertEqual(bases[number].date, day)
        self.assertIn("13/2019/NQ-HĐND", bases)

    def test_plan_fields(self):
        self.assertEqual(
            self.plan_contest.field_ids.mapped("local_name"),
            [
                "Công nghệ thông tin",
                "Vật liệu, hóa chất, năng lượng",
                "Tài nguyên và môi trường",
            ],
        )
        self.assertEqual(
            self.plan_contest.field_ids.mapped("province_code"), ["1", "3", "4"]
        )

    def test_plan_tasks(self):
        tasks = {task.code: task for task in self.plan_contest.task_ids}
        self.assertEqual(
            list(tasks),
            [
                "II.1.1",
                "II.1.2",
                "II.2",
                "II.3",
                "III.1",
                "III.2",
                "III.3",
                "III.4",
            ],
        )
        for code, task in tasks.items():
            with self.subTest(code=code):
                self.assertEqual(task.date_start, date(2020, 11, 1))
                self.assertEqual(task.date_end, date(2021, 9, 30))
                self.assertTrue(task.lead_department_id or task.lead_name)
                self.assertTrue(task.expected_output)
        office = self._ref("hr_department_vp")
        council = "Hội đồng xét duyệt đề tài, sáng kiến, giải pháp công tác cấp cơ sở"
        self.assertEqual(tasks["II.1.1"].lead_department_id, office)
        self.assertEqual(tasks["II.1.1"].lead_name, council)
        self.assertEqual(tasks["III.2"].lead_name, council)
        self.assertEqual(tasks["III.2"].cooperating_department_ids, office)
        self.assertIn("Công đoàn", tasks["III.2"].cooperating_text)
        self.assertIn("Đoàn Thanh niên", tasks["III.2"].cooperating_text)
        self.assertEqual(
            tasks["III.3"].lead_department_id, self._ref("hr_department_it")
        )
        self.assertEqual(tasks["III.4"].lead_name, council)

    def test_plan_recipients(self):
        self.assertEqual(
            self.plan_contest.recipient_ids.mapped(lambda line: (line.name, line.role)),
            [
                ("Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh", "report"),
                ("Ban Thi đua - Khen thưởng tỉnh", "report"),
                ("Các thành viên Khối KTKT", "inform"),
                ("Sở Khoa học và Công nghệ", "coordinate"),
                ("Lãnh đạo Sở", "inform"),
                ("Các phòng, đơn vị", "implement"),
                ("Công đoàn cơ sở; Đoàn Thanh niên Sở", "coordinate"),
                ("Lưu: VT, VP (An)", "archive"),
            ],
        )

    def test_plan_agency(self):
        """Papers of 2020 bear the name that the department had then."""
        day = date(2020, 11, 20)
        agency = self._demo_records("hoithi.agency").filtered(
            lambda agency: (
                (not agency.date_from or agency.date_from <= day)
                and (not agency.date_to or day <= agency.date_to)
            )
        )
        self.assertEqual(agency.name, "Sở Tài nguyên và Môi trường tỉnh Bắc Kạn")
        self.assertEqual(agency.symbol, "STNMT")
        self.assertEqual(
            self.env.ref("base.main_company").hoithi_agency_id.symbol, "SNNMT"
        )

    def test_no_official_of_the_plan(self):
        """Whoever signed or drafted the plan isn't in the demo data."""
        for filename in Manifest.for_addon(MODULE)["demo"]:
            with file_open(f"{MODULE}/{filename}") as file:
                text = file.read()
            with self.subTest(filename=filename):
                self.assertNotIn("Thanh Oai", text)
                self.assertNotIn("Hành)", text)

    # the finished contest

    def test_finished_contest(self):
        contest = self.plan_contest
        self.assertEqual(
            set(contest.entry_ids.mapped("state")),
            {"nominated", "not_selected", "ineligible", "withdrawn"},
        )
        nomination = contest.nomination_ids
        self.assertEqual(nomination.state, "decided")
        self.assertTrue(nomination.dispatch_number and nomination.sent_on)
        nominated = contest.entry_ids.filtered(lambda e: e.state == "nominated")
        self.assertEqual(nomination.line_ids.entry_id, nominated)
        for line in nomination.line_ids:
            self.assertEqual(line.author_names, line.entry_id.author_names)
            self.assertEqual(line.average_score, line.entry_id.average_score)
        awards = nominated.award_ids.filtered(lambda a: a.level == "province")
        self.assertEqual(
            awards.entry_id | contest.entry_ids.award_ids.entry_id, nominated
        )
        for award in awards:
            line = nomination.line_ids.filtered(
                lambda line, award=award: line.entry_id == award.entry_id
            )
            self.assertEqual(
                (award.rank, award.amount, award.decision_number),
                (line.result_rank, line.amount, nomination.decision_number),
            )

    def test_finished_reviews(self):
        entries = self.plan_contest.entry_ids.filtered("rank")
        self.assertEqual(sorted(entries.mapped("rank")), list(range(1, 8)))
        best_first = entries.sorted("rank")
        self.assertEqual(
            best_first.mapped("average_score"),
            sorted(entries.mapped("average_score"), reverse=True),
        )
        for entry in entries:
            with self.subTest(entry=entry.name):
                self.assertEqual(entry.review_done_count, 3)
        for review in self.plan_contest.entry_ids.review_ids:
            with self.subTest(review=review.display_name):
                self.assertFalse(review.line_ids._get_problems())
                self.assertEqual(review.total, sum(review.line_ids.mapped("score")))
                self.assertTrue(
                    review.comment and review.strengths and review.weaknesses
                )
        selected = entries.filtered(lambda e: e.state == "nominated")
        self.assertFalse(selected.filtered(lambda e: e._get_selection_problems()))

    def test_issued_papers(self):
        """The register, the public page and the closing list have something to show."""
        documents = self.env["hoithi.document"].search(
            [("contest_id", "=", self.plan_contest.id)]
        )
        issued = documents.filtered("is_issued")
        self.assertEqual(
            set(issued.mapped("kind")),
            {"plan", "eligible_list", "minutes", "nomination"},
        )
        self.assertEqual(
            set((documents - issued).mapped("kind")),
            {"decision", "recognition", "report"},
        )
        for document in issued:
            with self.subTest(kind=document.kind):
                document._check_date()
                self.assertFalse(document._get_asked_gap())
                self.assertFalse(document.is_outdated)
                self.assertEqual(document.approved_by_id, document.approver_id)
                with ZipFile(BytesIO(document.docx_id.raw)) as word:
                    xml = word.read("word/document.xml").decode()
                text = re.sub(r"<[^>]+>", "", xml)
                self.assertIn(f"{document.number}/{document.symbol}", text)
                self.assertIn(nd30.date_words(document.date), text)
                self.assertTrue(document.pdf_id.raw.startswith(b"%PDF"))
        minutes = issued.filtered(lambda document: document.kind == "minutes")
        self.assertTrue(minutes.scan_ids)
        published = issued.filtered("is_published")
        self.assertEqual(set(published.mapped("kind")), {"plan", "eligible_list"})
        self.assertTrue(all(document._get_public_files() for document in published))
        nomination = self.plan_contest.nomination_ids
        paper = issued.filtered(lambda document: document.kind == "nomination")
        self.assertEqual(nomination.dispatch_number, f"{paper.number}/{paper.symbol}")
        self.assertEqual(nomination.sent_on, paper.date)

    def test_nobody_has_a_prize_whom_the_council_rejected(self):
        awards = self.plan_contest.entry_ids.award_ids
        rejected = self.env["hoithi.session.item"].search(
            [("entry_id", "in", awards.entry_id.ids), ("outcome", "=", "rejected")]
        )
        self.assertFalse(rejected)
        # so that the recognition decision has a prize of the house to tell of
        self.assertIn("unit", awards.mapped("level"))

    def test_a_session_to_come(self):
        session = self.env["hoithi.session"].search(
            [("contest_id", "=", self.house_contest.id)]
        )
        self.assertEqual(session.state, "planned")
        self.assertEqual(
            session.attendance_ids.member_id, self.house_contest.council_id.member_ids
        )
        self.assertGreaterEqual(session.start, self.house_contest.review_deadline)

    # the running contests

    def test_open_contest(self):
        contest = self.open_contest
        self.assertEqual(contest.state, "open")
        self.assertTrue(contest.can_register)
        self.assertFalse(contest._get_launch_gaps())
        self.assertFalse(contest.date_warnings)
        # every two years since the sixth in 2020
        self.assertEqual(contest.edition_number, 6 + (contest.year_start - 2020) // 2)
        self.assertIn(f"lần thứ {contest.edition_roman} ", contest.name)
        self.assertEqual(
            set(contest.entry_ids.mapped("state")),
            {"draft", "submitted", "supplement", "withdrawn"},
        )
        for entry in contest.entry_ids.filtered(lambda e: e.state == "submitted"):
            with self.subTest(entry=entry.name):
                self.assertFalse(entry._get_missing())
        supplement = contest.entry_ids.filtered(lambda e: e.state == "supplement")
        self.assertTrue(supplement.supplement_reason)
        self.assertGreater(supplement.supplement_due, fields.Datetime.now())
        self.assertIn(
            self._ref("hoithi_entry_vi_05"),
            self._ref("hoithi_entry_ix_09").similar_ids,
        )

    def test_portal_draft_goes_on(self):
        """What logins.csv tells a member of the staff to try is possible."""
        user = self._ref("res_users_dao")
        draft = self._ref("hoithi_entry_ix_01").with_user(user)
        self.assertTrue(draft.can_edit)
        self.assertTrue(draft.missing_items)
        shared = self._ref("hoithi_entry_ix_05").with_user(user)
        self.assertTrue(shared.can_confirm)

    def test_house_contest(self):
        contest = self.house_contest
        self.assertEqual((contest.state, contest.blind), ("review", True))
        self.assertEqual(contest.mode, "internal_contest")
        self.assertEqual(
            set(contest.entry_ids.mapped("state")),
            {"eligible", "ineligible", "reviewing", "reviewed"},
        )
        reviews = contest.entry_ids.review_ids
        self.assertEqual(
            set(reviews.mapped("state")),
            {"assigned", "in_progress", "submitted", "recused"},
        )
        for member in contest.council_id.member_ids.filtered("can_score"):
            with self.subTest(member=member.display_name):
                states = reviews.filtered(
                    lambda review, member=member: review.member_id == member
                )
                self.assertGreaterEqual(len(states), 4)
                self.assertGreaterEqual(len(set(states.mapped("state"))), 3)
        recused = reviews.filtered(lambda r: r.state == "recused")
        self.assertTrue(recused.recuse_reason)
        declared = recused.entry_id.conflict_ids.filtered(
            lambda c: c.member_id == recused.member_id
        )
        self.assertEqual((declared.source, declared.hard), ("declared", True))
        self.assertIn("manager", contest.entry_ids.conflict_ids.mapped("kind"))

    def test_files_for_reviewers(self):
        """Each reviewer has neutral copies, and nothing had to be withheld."""
        reviews = self.house_contest.entry_ids.review_ids
        for review in reviews.filtered(lambda r: r.state not in DROPPED):
            with self.subTest(review=review.display_name):
                self.assertTrue(review.file_ids)
                self.assertFalse(review.withheld_files)
                self.assertTrue(
                    all(
                        name.startswith(review.entry_code)
                        for name in review.file_ids.mapped("name")
                    )
                )

    def test_notices(self):
        """What people were told is in the ledger, and nothing goes out for it."""
        notices = self._demo_records("hoithi.notice")
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        submitted = self.open_contest.entry_ids.filtered("submitted_on")
        for entry in submitted:
            with self.subTest(entry=entry.name):
                told = notices.filtered(
                    lambda notice, entry=entry: (
                        notice.kind == "receipt" and notice.res_id == entry.id
                    )
                )
                self.assertEqual(told.partner_id, entry.author_ids.partner_id)

    # people

    def test_council(self):
        for council in self._demo_records("hoithi.council"):
            with self.subTest(council=council.name):
                self.assertEqual(len(council.member_ids), 7)
                self.assertEqual(len(council._get_members("chair")), 1)
                self.assertEqual(len(council._get_members("vice_chair")), 1)
                self.assertEqual(len(council._get_members("secretary")), 1)
                self.assertTrue(all(council.member_ids.mapped("employee_id")))

    def test_staff(self):
        departments = self._demo_records("hr.department")
        units = departments.filtered(lambda d: not d.parent_id)
        self.assertEqual(len(units), 5)
        self.assertGreaterEqual(len(departments - units), 4)
        employees = self._demo_records("hr.employee")
        self.assertEqual(len(employees), 30)
        for employee in employees:
            with self.subTest(employee=employee.name):
                self.assertTrue(employee.job_title)
                self.assertTrue(employee.work_email.endswith(".example.com"))
        self.assertEqual(len(employees.filtered(lambda e: not e.parent_id)), 1)
        portal = self.users.filtered(lambda user: user._is_portal())
        staff = portal.filtered(
            lambda user: user.partner_id in employees.work_contact_id
        )
        self.assertGreaterEqual(len(staff), 5)
        self.assertEqual((portal - staff).mapped("login"), ["canbomoi"])

    def test_users(self):
        for user in self.users:
            with self.subTest(login=user.login):
                self.assertEqual(user.lang, "vi_VN")
                if not user.login_date:
                    # Odoo takes over the browser's at the first login
                    self.assertEqual(user.tz, "Asia/Ho_Chi_Minh")
        for role in (
            "unit_head",
            "member",
            "secretary",
            "leader",
            "publisher",
            "admin",
        ):
            with self.subTest(role=role):
                self.assertTrue(
                    self.users.filtered(
                        lambda user, role=role: (
                            user.login != "admin"
                            and user.has_group(f"{MODULE}.group_{role}")
                        )
                    )
                )

    def test_logins(self):
        with file_open(f"{MODULE}/demo/logins.csv") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        logins = {user.login for user in self.users}
        for row in rows:
            with self.subTest(login=row["login"]):
                self.assertEqual(list(row), ["login", "password", "role_vi", "try_vi"])
                self.assertTrue(all(row.values()))
                self.assertIn(row["login"], logins)

    # the rules

    def test_rules_hold(self):
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())
        entries = self._demo_records("hoithi.entry")
        for entry in entries.filtered(lambda e: e.submitted_on):
            with self.subTest(entry=entry.name):
                self.assertEqual(
                    sum(entry.author_ids.mapped("contribution_percent")), 100
                )
                self.assertTrue(entry.dossier_ids)
                self.assertEqual(
                    entry.department_id, entry.representative_id.department_id
                )
                self.assertLessEqual(
                    entry.submitted_on, entry.contest_id.registration_closes_at
                )
                self.assertGreaterEqual(
                    entry.first_applied_date.year, entry.contest_id.eligible_from_year
                )
