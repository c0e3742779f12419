import base64
import shutil
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

from passlib.context import CryptContext

from odoo import SUPERUSER_ID, fields
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.modules.registry import Registry
from odoo.tests import TransactionCase, new_test_user
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from odoo.addons.base.models.res_users import ResUsersPatchedInTest

from ..models.guard.hoithi_guard_mixin import Load

#: The names under which tests find what they share: ir.model.data of this module.
SCENARIO = "hoithi_test"
EMPLOYEE = "employee_of_"

#: Somebody from outside, as an author says it.
OUTSIDER = {"is_outsider": True, "workplace": "Trường Cao đẳng nghề"}

#: A small real PDF, as a scanner makes it, with an author in its metadata.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\n"
    b"4 0 obj<</Author(Ha Thi Author)/Title(Ban mo ta)>>endobj\n"
    b"trailer<</Root 1 0 R/Info 4 0 R>>\n%%EOF\n"
)

ENTRY_VALUES = {
    "name": "Phần mềm theo dõi chất lượng nước mặt",
    "solution_type": "technical",
    "solution_content": "Trạm đo tự động gửi số liệu về máy chủ mỗi 15 phút.",
    "novelty": "Lần đầu ghép cảm biến giá rẻ với bản đồ số của Sở.",
    "applicability": "Đã chạy tại ba điểm đo.",
    "technical_benefit": "Phát hiện sự cố sau 15 phút thay vì một ngày.",
}


class KilledError(BaseException):
    """A server that is killed: nothing of its own answers to it."""


class HoithiCommon(TransactionCase):
    """A small department with a user for each role, and a complete contest."""

    @classmethod
    def setUpClass(cls):
        cls._keep_caches()
        super().setUpClass()
        cls.anchors = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.anchors)
        cls.startClassPatcher(
            patch.object(
                cls.registry["hoithi.ledger.anchor"],
                "_get_folder",
                lambda anchor: cls.anchors,
            )
        )
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.ref("base.main_company")
        cls.company.write({"hoithi_coauthor_min_percent": 10})
        # what a run of the notices sends mustn't depend on the day of the week
        cls.env.ref("hoithi_contest.hoithi_notice_rule_digest").active = False
        # nor on the hour
        rules = cls.env["hoithi.notice.rule"].with_context(active_test=False)
        rules.search([("hour_to", ">", 0)]).write({"hour_from": 0, "hour_to": 0})

        if not cls._find_scenario():
            cls._make_scenario()
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}
        # a query of the finder counts even if its transaction is rolled back: those of
        # other tests are past
        cls.env["hoithi.person.query"].search([]).unlink()
        # so are passwords that were tried, and files
        cls.env["hoithi.rate.note"].search([]).unlink()
        cls.dossier_type = cls.env.ref("hoithi_contest.hoithi_dossier_type_description")
        cls.contest = cls._create_contest()

    def setUp(self):
        self.stale_of_class.update(self.stale)
        self.stale.clear()
        forget = partial(self._forget_caches, self.stale)
        with patch.object(self.registry, "clear_all_caches", forget):
            super().setUp()
        # its views are of the environments of one test
        self.addCleanup(self.cr.cache.pop, "_compile_batch_", None)

    # CACHES

    @classmethod
    def _keep_caches(cls):
        """Let a test find the caches as warm as those before it left them.

        Odoo's own tests forget everything after each of them, and the next one works
        out anew whose rights are which, what views are made of and how pages are
        drawn: a quarter of all, for a page of the portal half. What a test writes is
        rolled back, as is a request that failed, and there the registry
        (`reset_changes`) forgets what became invalid meanwhile: the rest is still true.

        A test that needs them cold empties them by `Registry.clear_all_caches`.
        """
        registry = Registry(get_db_name())
        # names of caches that became invalid: lately, and before the first test
        cls.stale, cls.stale_of_class = set(), set()

        def clear_cache(*names):
            cls.stale.update(names or ["default"])
            Registry.clear_cache(registry, *names)

        forget = partial(cls._forget_caches, cls.stale, cls.stale_of_class)
        cls.startClassPatcher(patch.object(registry, "clear_cache", clear_cache))
        cls.startClassPatcher(patch.object(registry, "clear_all_caches", forget))

    @classmethod
    def _forget_caches(cls, *stale):
        for names in stale:
            if names:
                Registry.clear_cache(cls.registry, *names)
                names.clear()

    # SCENARIO

    @classmethod
    def _keep_scenario(cls, registry):
        """Make persons, units and council for good: once for all tests of a database.

        For whoever starts the tests, before the first. What each class then does with
        them is rolled back as ever.
        """
        fast = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=1)
        with (
            registry.cursor() as cr,
            patch.object(ResUsersPatchedInTest, "_crypt_context", lambda self: fast),
        ):
            env = Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            maker = type(cls.__name__, (cls,), {"registry": registry, "env": env})
            maker.company = env.ref("base.main_company")
            if maker._find_scenario():
                return
            maker._make_scenario()
            records = {
                name: record
                for name, record in vars(maker).items()
                if isinstance(record, BaseModel) and name != "company"
            }
            keys = {record: name for name, record in records.items()}
            for person, employee in maker.employees.items():
                records[f"{EMPLOYEE}{keys[person]}"] = employee
            env["ir.model.data"].create(
                [
                    {
                        "module": SCENARIO,
                        "name": name,
                        "model": record._name,
                        "res_id": record.id,
                    }
                    for name, record in records.items()
                ]
            )

    @classmethod
    def _find_scenario(cls):
        """Take up what was made for good; False where there is nothing."""
        names = cls.env["ir.model.data"].search_read(
            [("module", "=", SCENARIO)], ["name", "model", "res_id"]
        )
        records = {
            row["name"]: cls.env[row["model"]].browse(row["res_id"]) for row in names
        }
        cls.employees = {
            records[name.removeprefix(EMPLOYEE)]: records.pop(name)
            for name in list(records)
            if name.startswith(EMPLOYEE)
        }
        for name, record in records.items():
            setattr(cls, name, record)
        return bool(records)

    @classmethod
    def _make_scenario(cls):
        cls._create_users()

        department = cls.env["hr.department"]
        cls.unit = department.create({"name": "Phòng Tài nguyên nước"})
        cls.sub_unit = department.create(
            {"name": "Tổ Quan trắc", "parent_id": cls.unit.id}
        )
        cls.other_unit = department.create({"name": "Phòng Đất đai"})
        cls._create_employees()
        cls.unit.manager_id = cls.employees[cls.head]
        cls.other_unit.manager_id = cls.employees[cls.other_head]
        # whom a new manager has got under him in the meantime
        cls.env["hr.employee"].union(*cls.employees.values()).parent_id = False

        cls.field = cls.env["hoithi.field"].create({"name": "Tài nguyên và môi trường"})
        cls.criteria_set = cls.env["hoithi.criteria.set"].create(
            {
                "name": "Tiêu chí thử",
                "min_total": 50,
                "criterion_ids": [
                    Command.create(
                        {"name": "Tính mới", "max_score": 40, "sequence": 1, "step": 1}
                    ),
                    Command.create(
                        {"name": "Hiệu quả", "max_score": 60, "sequence": 2, "step": 1}
                    ),
                ],
            }
        )
        cls.council = cls.env["hoithi.council"].create(
            {
                "name": "Hội đồng xét duyệt sáng kiến",
                "company_id": cls.company.id,
                "member_ids": [
                    Command.create({"user_id": cls.chair.id, "role": "chair"}),
                    Command.create({"user_id": cls.secretary.id, "role": "secretary"}),
                    Command.create({"user_id": cls.member1.id}),
                    Command.create({"user_id": cls.member2.id}),
                ],
            }
        )

    # MAKERS

    @classmethod
    def _create_users(cls):
        """Make all persons at once: one by one they take most of a class's time."""
        module = "hoithi_contest.group_"
        people = {
            "staff": ("base.group_portal", "Hà Thị Tác Giả"),
            "coauthor": ("base.group_portal", "Lý Văn Đồng"),
            "internal": ("base.group_user", "Ma Thị Nội"),
            "stranger": ("base.group_portal", "Người Ngoài"),
            "head": (f"{module}unit_head", "Trưởng Phòng Nước"),
            "other_head": (f"{module}unit_head", "Trưởng Phòng Đất"),
            "chair": (f"{module}member", "Chủ Tịch"),
            "member1": (f"{module}member", "Ủy Viên Một"),
            "member2": (f"{module}member", "Ủy Viên Hai"),
            "secretary": (f"{module}secretary", "Thư Ký"),
            "leader": (f"{module}leader", "Phó Giám Đốc"),
            "publisher": (f"{module}publisher", "Trung Tâm"),
            "admin": (f"{module}admin", "Quản Trị"),
        }
        for key, user in zip(
            people,
            cls._create_logins(
                [
                    {
                        "login": f"t_{key}",
                        "name": name,
                        "email": f"{key}@sotnmt.example.vn",
                        "tz": "Asia/Ho_Chi_Minh",
                        "group_ids": [Command.set(cls.env.ref(group).ids)],
                    }
                    for key, (group, name) in people.items()
                ]
            ),
            strict=True,
        ):
            setattr(cls, key, user)

    @classmethod
    def _create_logins(cls, vals_list):
        """Make users whose password is the login, without invitations and pictures."""
        users = cls.env["res.users"].with_context(
            no_reset_password=True, mail_create_nolog=True
        )
        with cls._without_avatars():
            return users.create(
                [{"password": vals["login"], **vals} for vals in vals_list]
            ).with_env(cls.env)

    @classmethod
    def _without_avatars(cls):
        avatars = cls.registry["avatar.mixin"]
        return patch.object(avatars, "_avatar_generate_svg", lambda self: False)

    @classmethod
    def _create_employees(cls):
        units = {
            cls.staff: cls.sub_unit,
            cls.coauthor: cls.sub_unit,
            cls.internal: cls.other_unit,
            cls.head: cls.unit,
            cls.other_head: cls.other_unit,
            cls.chair: cls.other_unit,
            cls.member1: cls.other_unit,
            cls.member2: cls.other_unit,
            cls.secretary: cls.other_unit,
        }
        with cls._without_avatars():
            employees = cls.env["hr.employee"].create(
                [
                    {
                        "name": person.name,
                        "department_id": unit.id,
                        "user_id": person.id if person._is_internal() else False,
                        "work_contact_id": person.partner_id.id,
                        "work_email": person.email,
                        "parent_id": False,
                    }
                    for person, unit in units.items()
                ]
            )
        cls.employees = dict(zip(units, employees, strict=True))

    @classmethod
    def _get_edition_values(cls):
        """What a contest has that no rules say: its edition, its dates, its people."""
        now = fields.Datetime.now()
        today = cls.env["hoithi.contest"]._get_today()
        return {
            "edition_number": 9,
            "year_start": today.year,
            "date_start": today,
            "date_end": today + timedelta(days=300),
            "registration_deadline": now + timedelta(days=30),
            "screening_deadline": now + timedelta(days=40),
            "review_deadline": now + timedelta(days=60),
            "province_deadline": now + timedelta(days=90),
            "council_id": cls.council.id,
            "secretary_ids": [Command.set(cls.secretary.ids)],
        }

    @classmethod
    def _create_contest(cls, **values):
        today = cls.env["hoithi.contest"]._get_today()
        return cls.env["hoithi.contest"].create(
            {
                **cls._get_edition_values(),
                "name": "Hội thi sáng tạo kỹ thuật lần thứ 9",
                "company_id": cls.company.id,
                "grace_minutes": 15,
                "eligible_from_year": today.year - 8,
                "blind": True,
                "mode": "internal_contest",
                "reviews_per_entry": 2,
                "field_ids": [Command.set(cls.field.ids)],
                "criteria_set_id": cls.criteria_set.id,
                "legal_basis_ids": [
                    Command.create(
                        {"number": "01/QĐ-UBND", "subject": "về việc tổ chức Hội thi"}
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _create_agency(cls, *signers):
        """Make an agency for which deputies sign, by their logins."""
        return cls.env["hoithi.agency"].create(
            {
                "name": "Sở Nông nghiệp và Môi trường",
                "company_id": cls.company.id,
                "signer_ids": [
                    Command.create(
                        {
                            "name": user.name or "Bế Văn Khác",
                            "position": "Phó Giám đốc",
                            "authority": "kt",
                            "user_id": user.id,
                        }
                    )
                    for user in signers
                ],
            }
        )

    @classmethod
    def _create_entry(cls, user=None, contest=None, with_file=True, **values):
        """A draft of `user` that lacks nothing, unless told otherwise."""
        user = user or cls.staff
        entry = (
            cls.env["hoithi.entry"]
            .with_user(user)
            .create(
                {
                    **ENTRY_VALUES,
                    "contest_id": (contest or cls.contest).id,
                    "field_id": cls.field.id,
                    "first_applied_date": fields.Date.today() - timedelta(days=400),
                    **values,
                }
            )
        )
        if with_file:
            cls._add_file(entry)
        return entry

    @classmethod
    def _add_file(cls, entry, content=PDF, filename="ban-mo-ta Ha Thi Tac Gia.pdf"):
        return (
            cls.env["hoithi.dossier.item"]
            .with_env(entry.env)
            .create(
                {
                    "entry_id": entry.id,
                    "type_id": cls.dossier_type.id,
                    "filename": filename,
                    "datas": base64.b64encode(content),
                }
            )
        )

    @classmethod
    def _make_copies(cls):
        """Make the reviewers' copies that wait, as the scheduled action does."""
        cls.env["hoithi.review.copy"]._make_waiting()
        cls.env.invalidate_all()

    @classmethod
    def _launch(cls, contest=None):
        (contest or cls.contest).with_user(cls.secretary).action_launch()

    @classmethod
    def _submit_entry(cls, user=None, **values):
        entry = cls._create_entry(user, **values)
        entry.action_submit()
        return entry

    @classmethod
    def _create_second(cls, **employee):
        """A second secretary of the contest, whom HR knows."""
        second = new_test_user(
            cls.env,
            "t_second",
            "hoithi_contest.group_secretary",
            name="Thư Ký Hai",
            email="second@sotnmt.example.vn",
        )
        cls.env["hr.employee"].create(
            {
                "name": second.name,
                "user_id": second.id,
                "work_email": second.email,
                "parent_id": False,
                **employee,
            }
        )
        cls.contest.secretary_ids += second
        return second

    @contextmanager
    def _refused(self, told, error=UserError):
        """What is done in here is refused with words like `told`, and undone."""
        with self.assertRaises(error) as refusal:
            yield
        self.assertRegex(str(refusal.exception), told)

    @classmethod
    def _withdraw_as_before(cls, draft):
        """Withdraw a draft, as its author could before 1.5."""
        draft.sudo().with_context(hoithi_door=Load()).write(
            {
                "state": "withdrawn",
                "withdraw_reason": "Chưa nộp",
                "withdrawn_on": fields.Datetime.now(),
                "withdrawn_from": "draft",
            }
        )

    @classmethod
    def _show(cls, record, ask):
        """What an act shows before it is taken: its dialog, and what keeps it."""
        wizard = record.env["hoithi.preview"].browse(getattr(record, ask)()["res_id"])
        return wizard, [
            check["text"]
            for check in wizard.checks["checks"]
            if check["severity"] == "block"
        ]

    @classmethod
    def _eligible_entry(cls, user=None, **values):
        entry = cls._submit_entry(user, **values)
        entry.with_user(cls.secretary).action_mark_eligible()
        return entry

    @classmethod
    def _start_review(cls, contest=None):
        contest = (contest or cls.contest).with_user(cls.secretary)
        if contest.state == "open":
            contest.action_close_registration()
        contest.action_start_review()

    @classmethod
    def _waive_all(cls, contest=None):
        """Waive what of the list before the end isn't in order."""
        office = (contest or cls.contest).with_user(cls.secretary)
        for check in office._get_closing_gaps():
            if check.key and check.severity == "block":
                office.action_waive_closing(check.key, reason="Không cần")

    @classmethod
    def _close(cls, contest=None):
        """Close a contest whose papers aren't what is tested."""
        cls._waive_all(contest)
        (contest or cls.contest).with_user(cls.secretary).action_close()

    @classmethod
    def _assign(cls, entry, *users):
        """Reviews of `entry` by `users`, each in its member's own environment."""
        reviews = (
            cls.env["hoithi.review"]
            .with_user(cls.secretary)
            .create(
                [
                    {"entry_id": entry.id, "member_id": cls.seats[user].id}
                    for user in users
                ]
            )
        )
        return [
            review.with_user(user) for review, user in zip(reviews, users, strict=True)
        ]

    @classmethod
    def _score(cls, review, *scores, submit=True):
        for line, score in zip(review.line_ids, scores, strict=True):
            line.score = score
        if submit:
            review.action_submit()

    def _assert_clean(self, contest=None):
        """After a fault: the nightly check finds nothing, and the ledger is whole."""
        self.env.flush_all()
        # what is chained at the commit of a request
        self.env["hoithi.ledger"]._settle()
        self.assertEqual(self.env["hoithi.check"].sudo()._run(), [])
        contest = (contest or self.contest).sudo()
        self.assertEqual(self.env["hoithi.ledger"]._verify(contest), [])

    def _run_cron(self, name):
        """Run a scheduled action as the server does, with its commits tamed."""
        with self.enter_registry_test_mode():
            self.env.ref(f"hoithi_contest.{name}").method_direct_trigger()

    def _run_cron_killed(self, name):
        """Run a scheduled action in which something raises `KilledError`.

        What it committed so far stays, which `assertRaises` would take back.
        """
        killed = False
        with mute_logger("odoo.addons.base.models.ir_cron"):
            try:
                self._run_cron(name)
            except KilledError:
                killed = True
        self.assertTrue(killed, "nothing was killed")
        self.env.invalidate_all()
