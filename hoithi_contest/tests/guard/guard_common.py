from base64 import b64encode

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from ...lib.tests.document.authority import Authority
from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

#: Kinds of fields that a file of rows may fill.
IMPORTED = frozenset(
    [
        *("boolean", "integer", "float", "monetary", "char", "text", "html"),
        *("selection", "date", "datetime", "many2one"),
    ]
)


class GuardCommon(HoithiCommon):
    """A record of every guarded model, and all who might write to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        author_lines = [
            {"employee_id": cls.employees[cls.staff].id, "is_representative": True},
            {"email": cls.coauthor.email},
        ]
        cls.entry = cls._eligible_entry(
            participant_type="group",
            author_ids=[
                Command.create({**line, "contribution_percent": 50})
                for line in author_lines
            ],
        )
        cls.open_contest = cls._create_contest(name="Hội thi còn mở")
        cls._launch(cls.open_contest)
        cls.draft = cls._create_entry(
            cls.internal, cls.open_contest, name="Bản nháp", participant_type="group"
        )
        cls._start_review()
        [review] = cls._assign(cls.entry, cls.member1)

        def make(model, **values):
            return cls.env[f"hoithi.{model}"].create(values)

        in_contest = {"contest_id": cls.contest.id}
        of_entry = {"entry_id": cls.entry.id}

        def load(model, **values):
            """Make what only an act makes."""
            records = cls.env[f"hoithi.{model}"].with_context(hoithi_door=Load())
            return records.create(values)

        [cls.officer] = cls._create_logins(
            [
                {
                    "name": "Cán bộ tổ chức",
                    "login": "t_guard_officer",
                    "email": "tochuc@sotnmt.example.vn",
                    "group_ids": [Command.set(cls.env.ref("hr.group_hr_user").ids)],
                }
            ]
        )
        # before the papers, which take the agency of their department
        signer = cls._create_agency(cls.leader).signer_ids
        nomination = make(
            "nomination", **in_contest, line_ids=[Command.create(of_entry)]
        )
        session = make("session", **in_contest)
        document = make("document", **in_contest, kind="notice")
        round_ = make("round", **in_contest, name="Chung khảo")
        past = make(
            "past.solution",
            name="Máy đo mực nước",
            edition="Hội thi lần thứ 1",
            year=2020,
            author_ids=[Command.create({"name": "Lê Văn Xưa"})],
        )
        purpose = make(
            "purpose",
            **dict.fromkeys(("name", "people", "categories", "kept"), "Giải riêng"),
            recipients="Hội đồng",
            company_id=cls.company.id,
        )
        cls.records = [
            record.sudo()
            for record in (
                cls.contest,
                cls.entry,
                cls.draft,
                cls.entry.author_ids[1],
                cls.draft.author_ids,
                cls.draft.dossier_ids,
                review,
                review.line_ids[0],
                nomination,
                nomination.line_ids,
                session,
                session.attendance_ids[0],
                cls.env["hoithi.session.item"]
                # as of a past contest: this entry doesn't wait for the council
                .with_context(hoithi_door=Load())
                .create({**of_entry, "session_id": session.id, "state": "voting"}),
                make("question", **in_contest, subject="Nộp ở đâu?"),
                document,
                document.recipient_ids[0],
                document.text_ids[0],
                cls.contest.unit_ids[0],
                make("outreach", **in_contest, department_id=cls.unit.id),
                make("award", **of_entry, rank="first"),
                make(
                    "conflict",
                    **of_entry,
                    member_id=cls.seats[cls.member2].id,
                    kind="other",
                ),
                make("prize", **in_contest, rank="first"),
                make(
                    "prize.floor",
                    prize_id=make("prize", **in_contest, rank="class_a").id,
                    criterion_id=cls.criteria_set.criterion_ids[0].id,
                    min_score=1,
                ),
                make("prize.limit", **in_contest, name="Mọi giải", slots=3),
                make("prize.kind", code="hand_made", name="Giải riêng", rule="hand"),
                cls.contest.legal_basis_ids[0],
                make("plan.task", **in_contest, name="Quán triệt kế hoạch"),
                make("plan.section", **in_contest, name="Kinh phí", content="Tự chủ"),
                make(
                    "document.run",
                    **in_contest,
                    kind="notice",
                    user_id=cls.secretary.id,
                ),
                make("tie.break", **in_contest, kind="earlier"),
                make("vote.question", **in_contest, name="Có hiệu quả"),
                make(
                    "jury",
                    **in_contest,
                    name="Tổ chấm",
                    field_ids=[Command.set(cls.field.ids)],
                ),
                round_,
                make("round.entry", **of_entry, round_id=round_.id),
                make("component", **in_contest, name="Bình chọn"),
                cls.council,
                cls.seats[cls.member2],
                cls.criteria_set,
                cls.criteria_set.criterion_ids[0],
                make(
                    "criterion.level",
                    criterion_id=cls.criteria_set.criterion_ids[0].id,
                    name="Tốt",
                    score_to=1,
                ),
                cls.env["hoithi.document.template"].search([], limit=1),
                make(
                    "unit.change",
                    kind="rename",
                    unit_ids=[Command.set(cls.unit.ids)],
                    decision_number="9/QĐ",
                    reason="Sắp xếp bộ máy",
                ),
                make(
                    "login.union",
                    employee_id=cls.employees[cls.staff].id,
                    portal_user_id=cls.coauthor.id,
                    reason="Cùng một người",
                ),
                load(
                    "objection",
                    **of_entry,
                    partner_id=cls.coauthor.partner_id.id,
                    filed_as="author",
                    filed_on="2026-01-02 03:04:05",
                    reason="Điểm chưa đúng",
                ),
                past,
                past.author_ids,
                make(
                    "outside.number", number="7", symbol="KH-STNMT", date="2026-01-02"
                ),
                make("trust.anchor", file=b64encode(Authority().pem)),
                signer,
                purpose,
                make("purpose.text", purpose_id=purpose.id, text="Tôi đồng ý"),
                load(
                    "reopening",
                    **of_entry,
                    kind="outcome",
                    decision_number="77/QĐ",
                    decision_date="2026-01-02",
                    decided_by="Giám đốc Sở",
                    reason="Khiếu nại có cơ sở",
                ),
            )
        ]
        #: The lists of their parents that rows stand in, by model.
        cls.lines = {}
        for model in cls._get_models():
            for field in model._fields.values():
                if field.type == "one2many" and field.inverse_name and field.store:
                    cls.lines.setdefault(field.comodel_name, []).append(field)
        cls.users = (
            cls.staff,
            cls.coauthor,
            cls.internal,
            cls.head,
            cls.member1,
            cls.secretary,
            cls.leader,
            cls.publisher,
            cls.admin,
            cls.officer,
        )
        cls.env.flush_all()

    @classmethod
    def _get_models(cls):
        return [
            cls.env[name]
            for name, model in sorted(cls.registry.items())
            if model._original_module == "hoithi_contest"
            and not model._abstract
            and not model._transient
        ]

    def _get_guarded(self, model):
        """Names that nobody may set by hand, or only the own person."""
        return sorted({*model._get_server_fields(), *model._person_fields})

    def _get_other(self, field, record=None):
        """A value that the field of `record` hasn't, or None where there is none.

        Without a record, one that differs from the field's own default.
        """
        record = record or self.env[field.model_name].new()
        present = record[field.name]
        if field.type in ("many2one", "many2many", "one2many"):
            comodel = self.env[field.comodel_name].with_context(active_test=False)
            other = comodel.search(
                [("id", "not in", present.ids if present else [])], limit=1
            )
            if not other:
                return None
            return other.id if field.type == "many2one" else [Command.link(other.id)]
        if field.type == "selection":
            values = field.get_values(self.env)
            return next((v for v in values if v != present), values[-1])
        # an id that has come to be this one would be no other
        number = 78 if present == 77 else 77
        return {
            "boolean": not present,
            "integer": number,
            "many2one_reference": number,
            "float": 77.0,
            "monetary": 77.0,
            "date": "2019-05-06",
            "datetime": "2019-05-06 07:08:09",
            "json": {"forged": True},
        }.get(field.type, "forged")

    def _import(self, own, name, value):
        """Import a value; a refusal is a message, with nothing written."""
        column = f"{name}/.id" if own._fields[name].type == "many2one" else name
        with mute_logger("odoo.models", "odoo.sql_db"):
            result = own.load([".id", column], [[str(own.id), str(value)]])
        errors = [m["message"] for m in result["messages"] if m["type"] == "error"]
        if errors:
            raise UserError("\n".join(errors))
