from datetime import time, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...lib.guard import moments
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestSettings(HoithiCommon):
    def _save(self, user=None, **values):
        settings = self.env["hoithi.settings"].with_user(user or self.admin)
        settings.create(values).action_save()

    def test_settings_become_the_defaults_of_new_contests(self):
        agency = self.env["hoithi.agency"].create(
            {
                "name": "Sở Tài nguyên và Môi trường",
                "province_name": "Bắc Kạn",
                "place_name": "Bắc Kạn",
            }
        )
        values = {
            "hoithi_agency_id": agency.id,
            "hoithi_criteria_set_id": self.criteria_set.id,
            "hoithi_quorum_ratio": 0.75,
            "hoithi_approval_ratio": 0.5,
            "hoithi_approval_more_than": True,
            "hoithi_approval_base": "present",
            "hoithi_blind": False,
            "hoithi_grace_minutes": 30,
            "hoithi_day_end": 16.5,
            "hoithi_reminder_days": "10,1",
            "hoithi_coauthor_min_percent": 25,
            "hoithi_require_texts": False,
            "hoithi_reviews_per_entry": 5,
            "hoithi_retention_years": 10,
            "hoithi_dossier_type_ids": [Command.set(self.dossier_type.ids)],
        }
        self._save(**values)
        company = self.company
        for name in set(values) - {"hoithi_dossier_type_ids"}:
            value = company[name]
            with self.subTest(name=name):
                self.assertEqual(getattr(value, "id", value), values[name])
        self.assertEqual(company.hoithi_dossier_type_ids, self.dossier_type)
        contest = (
            self.env["hoithi.contest"].with_user(self.secretary).create({"name": "Mới"})
        )
        for name, value in (
            ("criteria_set_id", self.criteria_set),
            ("blind", False),
            ("grace_minutes", 30),
            ("reminder_days", "10,1"),
            ("coauthor_min_percent", 25),
            ("require_texts", False),
            ("reviews_per_entry", 5),
            ("dossier_type_ids", self.dossier_type),
            ("province_name", "Bắc Kạn"),
            ("place_name", "Bắc Kạn"),
        ):
            with self.subTest(name=name):
                self.assertEqual(contest[name], value)
        council = (
            self.env["hoithi.council"].with_user(self.secretary).create({"name": "Mới"})
        )
        self.assertEqual(
            (council.quorum_ratio, council._get_majority()),
            (0.75, (0.5, "present", True)),
        )
        self.assertTrue(self.contest.blind, "a running contest keeps its rules")

    def test_form_saves(self):
        with Form(self.env["hoithi.settings"].with_user(self.admin)) as form:
            form.hoithi_grace_minutes = 45
            form.hoithi_blind = False
        form.record.action_save()
        self.assertEqual(self.company.hoithi_grace_minutes, 45)
        self.assertFalse(self.company.hoithi_blind)

    def test_bad_values_are_refused(self):
        for values in (
            {"hoithi_quorum_ratio": 0},
            {"hoithi_quorum_ratio": 1.5},
            {"hoithi_approval_ratio": -0.1},
            {"hoithi_grace_minutes": -1},
            {"hoithi_reviews_per_entry": -1},
            {"hoithi_too_old_days": 2},
            {"hoithi_old_days": 0},
            {"hoithi_retention_years": -1},
            {"hoithi_coauthor_min_percent": 51},
            {"hoithi_coauthor_min_percent": -1},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                self._save(**values)
                self.company.flush_recordset()
        for days in ("7;2", "x", "-3"):
            with self.subTest(days=days), self.assertRaises(ValidationError):
                self._save(hoithi_reminder_days=days)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_contest(grace_minutes=-1).flush_recordset()
        with self.assertRaises(ValidationError):
            self.env["hoithi.agency"].create(
                {"name": "x", "date_from": "2026-01-02", "date_to": "2026-01-01"}
            )

    def test_a_minority_decides_nothing(self):
        with self.assertRaisesRegex(ValidationError, "at least 50 %"):
            self._save(hoithi_approval_ratio=0.1)
        council = self.env["hoithi.council"].with_user(self.secretary)
        with self.assertRaisesRegex(ValidationError, "at least 50 %"):
            council.create({"name": "Hội đồng nhỏ", "approval_ratio": 0.1})
        self.assertTrue(council.create({"name": "Đa số", "approval_ratio": 0.5}))
        with self.assertRaises(ValidationError) as refusal:
            council.create(
                {"name": "Hết", "approval_ratio": 1, "approval_more_than": True}
            )
        self.assertIn("no more than all votes", str(refusal.exception))

    def test_what_does_not_fit_is_told_where_it_is_typed(self):
        """Each number by itself and beside the others, before the form is saved."""
        scoring = len(self.council.member_ids.filtered("can_score"))
        form = Form(self.env["hoithi.settings"].with_user(self.admin))
        for name, value, good, told in (
            ("hoithi_grace_minutes", 69 * 24 * 60, 15, "from 0 to 1440, not to 99,360"),
            ("hoithi_reviews_per_entry", 51, 3, "from 0 to 50, not to 51"),
            ("hoithi_reviews_per_entry", 50, 3, f"{scoring} members score"),
            ("hoithi_coauthor_min_percent", 51, 10, "from 0 to 50"),
            ("hoithi_max_drafts", 0, 10, "from 1 to 200"),
            ("hoithi_day_end", 25, 17, "ends after 0:00"),
            ("hoithi_quorum_ratio", 0.5, 2 / 3, "fewer are present than must agree"),
            ("hoithi_quorum_ratio", 1.5, 2 / 3, "at most 100 %"),
            ("hoithi_approval_ratio", 0.1, 2 / 3, "a minority would decide"),
            ("hoithi_too_old_days", 2, 5, "too old before it is old"),
            ("hoithi_reminder_days", "7;2", "7,2,0", "not “7;2”"),
        ):
            with self.subTest(name=name, value=value):
                with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
                    form[name] = value
                self.assertIn(told, "".join(logs.output))
                with self.assertNoLogs("odoo.tests.form.onchange", "WARNING"):
                    form[name] = good
        form.hoithi_approval_ratio = 1
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form.hoithi_approval_more_than = True
        self.assertIn("no more than all votes", logs.output[0])
        form.hoithi_approval_more_than = False
        form.hoithi_approval_base = "present"
        with self.assertNoLogs("odoo.tests.form.onchange", "WARNING"):
            form.hoithi_approval_ratio = 0.75

    def test_what_stands_is_not_told_as_a_form_opens(self):
        scoring = len(self.council.member_ids.filtered("can_score"))
        self.company.write(
            {"hoithi_reviews_per_entry": scoring + 1, "hoithi_quorum_ratio": 0.5}
        )
        for settings in (
            self.env["hoithi.settings"].with_user(self.admin),
            self.env["res.config.settings"],
        ):
            with self.subTest(model=settings._name):
                with self.assertNoLogs("odoo.tests.form.onchange", "WARNING"):
                    form = Form(settings)
                with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
                    form.hoithi_reviews_per_entry = scoring + 2
                self.assertIn(f"{scoring} members score", logs.output[0])
                with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
                    form.hoithi_quorum_ratio = 0.55
                self.assertIn("fewer are present than must agree", logs.output[0])

    def test_reminder_days_are_those_of_the_contest(self):
        """A deadline in the morning is of its own day, whatever day UTC has."""
        day = self.contest._get_today() + timedelta(days=30)
        self.contest.write(
            {
                "date_start": day - timedelta(days=14),
                "registration_deadline": moments.get_moment(
                    day, time(6), self.contest.tz
                ),
            }
        )
        form = Form(self.contest.with_user(self.secretary))
        with self.assertNoLogs("odoo.tests.form.onchange", "WARNING"):
            form.reminder_days = "14,7"
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form.reminder_days = "15,7"
        self.assertIn("begins 14 days before", logs.output[0])

    def test_a_contest_is_told_of_dates_that_do_not_fit(self):
        with Form(self.contest.with_user(self.secretary)) as form:
            with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
                form.reminder_days = "45,7"
            self.assertIn("45 days before it would never go out", logs.output[0])
            with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
                form.reminder_days = "x"
            self.assertIn("not “x”", logs.output[0])
            with self.assertNoLogs("odoo.tests.form.onchange", "WARNING"):
                form.reminder_days = "14,7"
            with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
                form.grace_minutes = 15 * 24 * 60
            self.assertIn("shorten the grace", logs.output[0])
            form.grace_minutes = 15

    def test_settings_are_the_administrators(self):
        for user in (self.secretary, self.leader, self.chair, self.head, self.staff):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._save(user, hoithi_grace_minutes=99)
                with self.assertRaises(AccessError):
                    self.company.with_user(user).write({"hoithi_grace_minutes": 99})
        self.assertNotEqual(self.company.hoithi_grace_minutes, 99)

    def test_types_of_the_contest_decide_what_is_asked_for(self):
        """A contest may ask for other files than the department does by default."""
        contest = self._create_contest()
        form = self.env.ref("hoithi_contest.hoithi_dossier_type_form")
        contest.dossier_type_ids = form
        self._launch(contest)
        entry = self._create_entry(contest=contest, with_file=False)
        self.assertFalse(entry.missing_items, "no required one among them")
        form.required = True
        entry.invalidate_recordset()
        self.assertIn(form.name, entry.missing_items)

    def test_fields_have_the_houses_wording(self):
        self.field.local_name = "Môi trường"
        self.assertEqual(self.field.display_name, "Môi trường")
        found = self.env["hoithi.field"].name_search("Tài nguyên và môi")
        self.assertIn(self.field.id, [key for key, _name in found])
