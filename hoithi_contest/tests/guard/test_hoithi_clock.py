import ast
import re
from datetime import date, datetime, timedelta
from pathlib import Path

from freezegun import freeze_time
from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib.guard.moments import get_day_end, get_work_end, write_moment
from ...models.guard.hoithi_clock_mixin import Deadline
from ..common import HoithiCommon

HANOI = "Asia/Ho_Chi_Minh"
NEW_YORK = "America/New_York"
KIRITIMATI = "Pacific/Kiritimati"
#: Moments that people enter and that close nothing.
NO_DEADLINES = {
    ("hoithi.component", "vote_start"),
    ("hoithi.round", "presentation_start"),
    ("hoithi.round.entry", "presentation_start"),
    ("hoithi.session", "start"),
    ("hoithi.session", "end"),
}


@tagged("post_install", "-at_install")
class TestHoithiClock(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = cls.env["hoithi.contest"]._get_today() + timedelta(days=200)
        cls.models = [
            model
            for name, model in cls.env.items()
            if name.startswith("hoithi.") and not model._abstract
        ]
        cls.deadlines = [
            (model._name, name)
            for model in cls.models
            for name, field in model._fields.items()
            if isinstance(field, Deadline)
        ]
        cls.secretary.tz = NEW_YORK

    def _make_bare_contest(self, **values):
        return self.env["hoithi.contest"].create({"name": "Hội thi trống", **values})

    def _make_records(self):
        """A record of each model with deadlines; a new model needs its own line."""
        contest = self._make_bare_contest()
        self._launch()
        entry = self._create_entry(with_file=False)
        dialog = entry.with_user(self.secretary)._ask_reason(
            "action_request_supplement", "…", needs_due=True
        )
        return {
            "hoithi.component": self.env["hoithi.component"].new(
                {"contest_id": contest.id}
            ),
            "hoithi.contest": contest,
            "hoithi.entry": entry,
            "hoithi.nomination.line": self.env["hoithi.nomination.line"].new(
                {
                    "nomination_id": self.env["hoithi.nomination"]
                    .create({"contest_id": contest.id})
                    .id
                }
            ),
            "hoithi.paper": self.env["hoithi.paper"].new({"contest_id": contest.id}),
            "hoithi.reason": self.env["hoithi.reason"].browse(dialog["res_id"]),
            "hoithi.review": self.env["hoithi.review"].new({"entry_id": entry.id}),
            "hoithi.round": self.env["hoithi.round"].new({"contest_id": contest.id}),
            "hoithi.review.assign": self.env["hoithi.review.assign"].create(
                {"contest_id": contest.id}
            ),
        }

    # WHAT IS A DEADLINE

    def test_every_moment_that_people_enter_is_a_deadline(self):
        entered = {
            (model._name, name)
            for model in self.models
            for name, field in model._fields.items()
            if field.type == "datetime"
            and name not in ("create_date", "write_date")
            and not field.related
            and (
                not field.readonly
                or (
                    name.endswith(("deadline", "due"))
                    and model._name != "hoithi.notice"
                )
            )
        }
        server = {
            (model._name, name)
            for model in self.models
            for name in getattr(model, "_server_fields", ())
        }
        entered = {
            pair
            for pair in entered - server - NO_DEADLINES
            if not pair[1].endswith(("_on", "closes_at"))
        }
        self.assertFalse(entered - set(self.deadlines))
        self.assertGreaterEqual(len(self.deadlines), 9)

    # WHAT A DAY MEANS

    def test_a_day_means_the_end_of_work_in_every_deadline(self):
        day = self.day
        records = self._make_records()
        self.assertEqual({model for model, _name in self.deadlines}, set(records))
        for zone in (HANOI, KIRITIMATI):
            expected = get_work_end(day, 17, zone)
            for model, name in self.deadlines:
                record = records[model].with_user(self.env.user)
                record = record.with_context(tz=NEW_YORK)
                record._get_clock_contest().tz = zone
                # a dialog is opened after its contest was changed
                record.invalidate_recordset(["clock_tz"])
                for text in (day, str(day), f"{day:%d/%m/%Y}", f"{day:%d/%m/%Y} 17:00"):
                    with self.subTest(f"{model}.{name}", zone=zone, text=text):
                        record[name] = False
                        record[name] = text
                        self.assertEqual(record[name], expected)
                        self.assertEqual(record.clock_tz, zone)
                record[name] = False

    def test_doors_of_the_orm(self):
        contests = self.env["hoithi.contest"].with_user(self.secretary)
        text, expected = str(self.day), get_work_end(self.day, 17, KIRITIMATI)
        values = {"name": "X", "tz": KIRITIMATI, "registration_deadline": text}
        created = contests.create(values)
        self.assertEqual(created.registration_deadline, expected)
        [saved] = contests.web_save(values, {"registration_deadline": {}})
        self.assertEqual(saved["registration_deadline"], expected)
        defaulted = contests.with_context(default_registration_deadline=text).create(
            {"name": "X"}
        )
        self.assertEqual(
            defaulted.registration_deadline, get_work_end(self.day, 17, HANOI)
        )
        copied = created.copy({"registration_deadline": text})
        self.assertEqual(copied.registration_deadline, expected)
        # each contest on its own clock, and one that moves on its new one
        local = contests.create({"name": "Y"})
        (created | local).write({"province_deadline": text})
        self.assertEqual(created.province_deadline, expected)
        self.assertEqual(local.province_deadline, get_work_end(self.day, 17, HANOI))
        local.write({"tz": KIRITIMATI, "report_deadline": text})
        self.assertEqual(local.report_deadline, expected)
        # a moment stays the moment that it is
        local.write({"report_deadline": f"{text} 00:00:00"})
        self.assertEqual(
            local.report_deadline, datetime.combine(self.day, datetime.min.time())
        )
        local.write({"report_deadline": False})
        self.assertFalse(local.report_deadline)

    def test_what_is_no_day_is_refused(self):
        for text in ("31/02/2027", "30.07.2027", "soon", "2027-02-30"):
            with self.subTest(text), self.assertRaisesRegex(UserError, "30/07/2026"):
                self.contest.write({"province_deadline": text})
            with self.subTest(text), self.assertRaises(UserError):
                self.env["hoithi.contest"].create(
                    {"name": "X", "province_deadline": text}
                )

    def test_sheets_and_supplements_take_days(self):
        self._launch()
        entry = self._submit_entry()
        day = self.contest._get_today() + timedelta(days=5)
        entry.with_user(self.secretary).action_request_supplement(
            reason="Thiếu tệp", due_date=f"{day:%d/%m/%Y}"
        )
        self.assertEqual(entry.supplement_due, get_work_end(day, 17, HANOI))

    def test_without_a_due_date_a_supplement_is_due_at_the_end_of_work(self):
        self._launch()
        entry = self._submit_entry()
        entry.with_user(self.secretary).action_request_supplement(reason="Thiếu tệp")
        day = self.contest._get_today() + timedelta(days=7)
        self.assertEqual(entry.supplement_due, get_work_end(day, 17, HANOI))

    def test_import_and_export_are_on_the_clock_of_the_contest(self):
        contests = self.env["hoithi.contest"].with_user(self.secretary)
        contests = contests.with_context(tz=NEW_YORK)
        day = self.day
        work_end = get_work_end(day, 17, HANOI)
        for text, expected in (
            (str(day), work_end),
            (f"{day:%d/%m/%Y}", work_end),
            # what Odoo's reader of files makes of a day
            (f"{day} 00:00:00", work_end),
            (f"{day} 16:30:00", work_end - timedelta(minutes=30)),
            (f"{day:%d/%m/%Y} 16:30", work_end - timedelta(minutes=30)),
        ):
            with self.subTest(text):
                result = contests.load(
                    ["name", "registration_deadline"], [["Hội thi nhập", text]]
                )
                self.assertFalse(result["messages"])
                contest = contests.browse(result["ids"])
                self.assertEqual(contest.registration_deadline, expected)
                exporter = contest.with_user(self.env.user)
                [[exported]] = exporter.export_data(["registration_deadline"])["datas"]
                self.assertEqual(
                    f"{exported:%H:%M %d/%m/%Y}", write_moment(expected, HANOI)
                )
        for text in (f"31/02/{day.year}", "soon"):
            result = contests.load(["name", "registration_deadline"], [["X", text]])
            self.assertFalse(result["ids"])
            self.assertIn(text, result["messages"][0]["message"])

    def test_the_department_says_when_work_ends(self):
        self.company.hoithi_day_end = 16.5
        self.contest.province_deadline = self.day
        self.assertEqual(
            self.contest.province_deadline, get_work_end(self.day, 16.5, HANOI)
        )
        self.company.hoithi_day_end = 24
        self.contest.province_deadline = self.day
        self.assertEqual(self.contest.province_deadline, get_day_end(self.day, HANOI))
        for hour in (-1, 0, 24.5):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.company.hoithi_day_end = hour
                self.env.flush_all()

    def test_days_between_phases_are_days_of_the_clock_on_the_wall(self):
        contest = self._make_bare_contest(
            tz="Europe/Paris", registration_deadline=date(2027, 3, 25)
        )
        self.assertEqual(
            contest._format_moment(contest.screening_deadline), "17:00 04/04/2027"
        )

    # ONE NOTATION

    def test_views_show_days_and_moments_in_one_notation(self):
        """Whatever a view shows, no field of a day or a moment is left to Odoo."""

        def find_bare(model, node, path):
            for child in node:
                field = child.tag == "field" and model._fields.get(child.get("name"))
                if field and field.type in ("date", "datetime"):
                    widget = child.get("widget") or ""
                    if isinstance(field, Deadline) != (
                        widget == "hoithi_deadline"
                    ) or not widget.startswith("hoithi_"):
                        yield f"{path}: {child.get('name')} ({widget})"
                    elif field.type == "datetime" and "clock_tz" not in model._fields:
                        yield f"{path}: {model._name} has no clock"
                inner = field and field.relational and len(child)
                yield from find_bare(
                    self.env[field.comodel_name] if inner else model, child, path
                )

        views = self.env["ir.ui.view"].search(
            [
                ("model", "in", [model._name for model in self.models]),
                ("type", "in", ("form", "list", "kanban", "calendar")),
                ("mode", "=", "primary"),
            ]
        )
        self.assertGreater(len(views), 50)
        for view in views:
            model = self.env[view.model]
            arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
            self.assertFalse(list(find_bare(model, arch, view.xml_id)), view.xml_id)

    def test_views_call_late_what_is_past_its_moment(self):
        """Not what is past the reader's midnight."""
        names = {name for _model, name in self.deadlines}
        views = self.env["ir.ui.view"].search(
            [("model", "in", [model._name for model in self.models])]
        )
        for view in views:
            for node in etree.fromstring(view.arch).iter(etree.Element):
                for attribute, text in node.items():
                    words = set(re.findall(r"\w+", text))
                    if words & names:
                        with self.subTest(view=view.xml_id, attribute=attribute):
                            self.assertFalse(words & {"today", "current_date"})

    def test_forms_give_the_clock_and_the_end_of_work(self):
        contests = self.env["hoithi.contest"].with_user(self.secretary)
        answer = contests.onchange(
            {}, [], {"clock_tz": {}, "clock_day_end": {}, "tz": {}}
        )["value"]
        self.assertEqual((answer["clock_tz"], answer["clock_day_end"]), (HANOI, 17))
        answer = contests.onchange(
            {"tz": KIRITIMATI}, ["tz"], {"tz": {}, "clock_tz": {}}
        )
        self.assertEqual(answer["value"]["clock_tz"], KIRITIMATI)
        # a member may not read the contest's settings, but the hour of a sheet
        self._launch()
        entry = self._submit_entry()
        [row] = entry.with_user(self.staff).read(["clock_tz"])
        self.assertEqual(row["clock_tz"], HANOI)

    def test_refusals_and_letters_write_what_pages_write(self):
        self._launch()
        moment = datetime.combine(self.day, datetime.min.time()) + timedelta(hours=10)
        self.contest.write(
            {
                "tz": KIRITIMATI,
                "registration_deadline": moment,
                "screening_deadline": moment,
                "review_deadline": moment,
                "grace_minutes": 0,
            }
        )
        for user in (self.staff, self.secretary):
            for lang in ("en_US", self.env.lang):
                contest = self.contest.with_user(user).with_context(
                    lang=lang, tz=NEW_YORK
                )
                text = contest._format_moment(moment)
                self.assertEqual(text, f"00:00 {self.day + timedelta(days=1):%d/%m/%Y}")
        notice = self.env["hoithi.notice"].new(
            {"contest_id": self.contest.id, "deadline": moment}
        )
        self.assertEqual(notice._format_deadline(), text)
        with (
            freeze_time(moment + timedelta(seconds=1)),
            self.assertRaisesRegex(UserError, text),
        ):
            self._create_entry(with_file=False)

    def test_changes_are_told_on_the_contest_s_clock(self):
        """In the log and in mails, whatever the zone of browser and reader."""
        day = self.day
        tracked = [
            (model, name)
            for model in self.models
            for name, field in model._fields.items()
            if field.type in ("date", "datetime") and getattr(field, "tracking", False)
        ]
        self.assertGreater(len(tracked), 8)
        for model, name in tracked:
            self.assertIn("clock_tz", model._fields, f"{model._name}.{name}")
        contest = self._make_bare_contest(
            tz=KIRITIMATI, report_deadline=day, date_end=day
        ).with_context(tracking_disable=False)
        self.cr.flush()
        contest.with_user(self.secretary).with_context(tz=NEW_YORK).write(
            {"report_deadline": day + timedelta(days=1), "date_end": False}
        )
        self.cr.flush()
        values = contest.message_ids[:1].sudo().tracking_value_ids
        for lang in ("en_US", self.env.lang):
            shown = values.with_context(lang=lang, tz=NEW_YORK)._tracking_value_format()
            self.assertEqual(
                {line["fieldInfo"]["fieldType"] for line in shown}, {"char"}
            )
            self.assertEqual(
                {(line["oldValue"], line["newValue"]) for line in shown},
                {
                    (
                        f"17:00 {day:%d/%m/%Y}",
                        f"17:00 {day + timedelta(days=1):%d/%m/%Y}",
                    ),
                    (f"{day:%d/%m/%Y}", ""),
                },
            )
        # what is tracked elsewhere stays Odoo's
        self.assertFalse(
            self.env["mail.tracking.value"]._tracking_value_format_model("res.partner")
        )

    def test_no_sentence_writes_a_day_of_its_own(self):
        """Days and moments in sentences and pages pass through `lib.moments`."""
        names = {
            name
            for model in self.models
            for name, field in model._fields.items()
            if field.type in ("date", "datetime")
        }
        addon = Path(__file__).parents[2]
        banned = {"strftime", "isoformat", "to_string", "format_date", "str"}
        banned |= {"format_datetime", "context_timestamp"}

        def is_odd(node):
            if isinstance(node, ast.Attribute):
                return node.attr in names
            if isinstance(node, ast.Call):
                called = node.func
                name = getattr(called, "attr", getattr(called, "id", ""))
                return name in banned and any(
                    isinstance(part, ast.Attribute) and part.attr in names
                    for part in ast.walk(node)
                )
            if isinstance(node, ast.FormattedValue):
                return node.format_spec is not None and "%" in ast.unparse(
                    node.format_spec
                )
            return False

        found = []
        for folder in ("models", "wizard", "controllers", "report"):
            for path in sorted((addon / folder).rglob("*.py")):
                for node in ast.walk(ast.parse(path.read_text())):
                    if not isinstance(node, ast.Call):
                        continue
                    if getattr(node.func, "attr", "") not in ("_", "_lt"):
                        continue
                    values = [*node.args, *(word.value for word in node.keywords)]
                    parts = [
                        part
                        for value in values
                        for part in (
                            ast.walk(value)
                            if isinstance(value, ast.JoinedStr)
                            else [value]
                        )
                    ]
                    if any(is_odd(part) for part in parts):
                        found.append(f"{path.name}:{node.lineno}")
        for folder in ("views", "data", "wizard", "report"):
            for path in sorted((addon / folder).rglob("*.xml")):
                for node in etree.parse(str(path)).iter(etree.Element):
                    for attribute in ("t-field", "t-out", "t-esc"):
                        text = (node.get(attribute) or "").strip()
                        is_bare = (
                            re.fullmatch(r"[\w.]+\.(\w+)", text)
                            and text.rpartition(".")[2] in names
                        )
                        if is_bare and "dd/MM/yyyy" not in node.get("t-options", ""):
                            found.append(f"{path.name}:{node.sourceline} {text}")
        self.assertFalse(found)

    # ONE END OF THE DAY

    def test_campaign_and_tasks_end_with_the_same_moment(self):
        self._launch()
        self.contest.write({"tz": KIRITIMATI, "date_end": self.day})
        task = self.env["hoithi.plan.task"].create(
            {
                "contest_id": self.contest.id,
                "name": "Truyền thông",
                "date_end": self.day,
            }
        )
        rule = self.env["hoithi.notice.rule"].new(
            {"anchor": "campaign_end", "audience": "secretaries"}
        )
        audience = self.env["hoithi.notice.audience.secretaries"]
        moments = dict(audience._get_contest_moments(rule))
        end = get_day_end(self.day, KIRITIMATI)
        self.assertEqual(moments[self.contest], end)
        self.assertEqual(task._get_end(), end)
        for anchor, audience in (
            ("campaign_start", "secretaries"),
            ("campaign_end", "secretaries"),
            ("task_end", "task_leads"),
        ):
            rule.audience, rule.anchor = audience, anchor
            notice = self.env["hoithi.notice"].new(
                {"contest_id": self.contest.id, "deadline": end, "rule_id": rule}
            )
            self.assertEqual(notice._format_deadline(), f"{self.day:%d/%m/%Y}")

    def test_a_task_is_late_at_midnight_of_the_contest_for_everybody(self):
        self.contest.write({"tz": KIRITIMATI})
        task = self.env["hoithi.plan.task"].create(
            {
                "contest_id": self.contest.id,
                "name": "Truyền thông",
                "date_end": self.day,
            }
        )
        end = get_day_end(self.day, KIRITIMATI)
        for moment, late in ((end, False), (end + timedelta(seconds=1), True)):
            for zone in (NEW_YORK, KIRITIMATI, "UTC"):
                with freeze_time(moment), self.subTest(zone=zone, late=late):
                    seen = task.with_user(self.secretary).with_context(tz=zone)
                    seen.invalidate_recordset(["is_late"])
                    self.assertEqual(seen.is_late, late)
                    for asked in (True, False):
                        found = seen.search(
                            [("id", "=", task.id), ("is_late", "=", asked)]
                        )
                        self.assertEqual(bool(found), late == asked)
        task.progress = "done"
        self.assertFalse(task.is_late)

    def test_a_campaign_until_the_province_s_day_is_no_warning(self):
        self.contest.write(
            {
                "tz": KIRITIMATI,
                # the morning there, and the day before in UTC
                "province_deadline": f"{self.day:%d/%m/%Y} 08:00",
                "date_end": self.day,
            }
        )
        warnings = self.contest.date_warnings or ""
        self.assertNotIn(f"{self.day:%d/%m/%Y})", warnings.replace("08:00", ""))
        self.contest.date_end = self.day + timedelta(days=1)
        self.assertIn(
            f"{self.day + timedelta(days=1):%d/%m/%Y}", self.contest.date_warnings
        )
