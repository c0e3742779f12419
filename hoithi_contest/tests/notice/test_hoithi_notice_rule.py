from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon

NOW = "2026-12-01 02:00:00"
#: Tết of 2027: days off from Thursday 4 to Wednesday 10 February.
AFTER_TET = datetime(2027, 2, 15, 10, 0)  # Monday 17:00 in Hà Nội
RULES = (
    "draft_authors supplement_authors reviewers digest no_entry silent_heads "
    "late_reviewers late_supplements screening province province_leaders report"
)


@tagged("post_install", "-at_install")
class TestHoithiNoticeRule(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        # holidays are dates of a year: the tests stay in it
        cls.startClassPatcher(freeze_time(NOW))
        super().setUpClass()
        cls._launch()
        cls.rules = {
            name: cls.env.ref(f"hoithi_contest.hoithi_notice_rule_{name}")
            for name in RULES.split()
        }

    def _run_at(self, moment):
        """Run the cron; return the new notices."""
        ledger = self.env["hoithi.notice"]
        before = ledger.search([])
        with freeze_time(moment):
            self._run_cron("cron_send_notices")
        return ledger.search([], order="id") - before

    def _only(self, name, **values):
        """Switch a shipped rule on, alone."""
        self.env["hoithi.notice.rule"].search([]).active = False
        rule = self.rules[name]
        rule.write(
            {
                "active": True,
                "working_days": False,
                "hour_from": 0,
                "hour_to": 0,
                **values,
            }
        )
        return rule

    # SHIPPED

    def test_shipped_rules(self):
        """What was always reminded of is on; the rest waits to be switched on."""
        active = {name for name, rule in self.rules.items() if rule.active}
        self.assertEqual(active, {"draft_authors", "supplement_authors", "reviewers"})
        for name in active:
            self.assertEqual(self.rules[name].days_source, "contest", name)
        for rule in self.rules.values():
            self.assertFalse(rule.hold, rule.name)
            self.assertFalse(rule.company_id, rule.name)

    def test_who_may_edit(self):
        rule = self.rules["no_entry"]
        rule.with_user(self.admin).days = "9"
        self.assertTrue(rule.with_user(self.secretary).name)
        for user in (self.secretary, self.leader, self.staff):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                rule.with_user(user).write({"days": "1"})

    def test_senseless_rules_are_refused(self):
        base = {"name": "x", "audience": "secretaries", "anchor": "province"}
        create = self.env["hoithi.notice.rule"].with_user(self.admin).create
        for values in (
            {"audience": False},
            {"anchor": False},
            {"anchor": "supplement"},
            {"audience": "reviewers", "anchor": "province"},
            {"audience": "leaders", "anchor": "week"},
            {
                "audience": "draft_authors",
                "anchor": "registration",
                "direction": "after",
            },
            {"escalate_days": 2},
            {"trigger": "event", "kind": False},
            {"days": "7;2"},
            {"days": ""},
            {"subject": "Kính gửi {name}"},
            {"body": "<p>{deadline} {}</p>"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                create({**base, **values})
        rule = create(base)
        self.assertEqual(rule.kind, "milestone")
        rule.anchor = "week"
        self.assertEqual(rule.kind, "digest")
        with self.assertRaises(UserError):
            rule.hour_to = 25
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            rule.write({"hour_from": 9, "hour_to": 8})
            rule.flush_recordset()

    # DAYS

    def test_tet_and_weekends(self):
        self.contest.registration_deadline = AFTER_TET
        entry = self._create_entry()
        self._only("draft_authors", days_source="rule", days="7", working_days=True)
        # seven days before is the fifth of Tết, the last working day Wednesday 3
        self.assertFalse(self._run_at("2027-02-03 09:59:00"))
        notice = self._run_at("2027-02-03 10:00:00")
        self.assertEqual((notice.kind, notice.res_id), ("deadline", entry.id))
        self.assertEqual(notice.occasion, "2027-02-15 10:00 T-7")
        self.assertEqual(notice.deadline, AFTER_TET)
        for moment in ("2027-02-08 10:00:00", "2027-02-12 10:00:00"):
            self.assertFalse(self._run_at(moment))

    def test_days_off_of_the_department(self):
        """Its own holidays count beside Vietnam's, or instead of them."""
        self.contest.registration_deadline = AFTER_TET
        self._create_entry()
        self._only("draft_authors", days_source="rule", days="7", working_days=True)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ của Sở",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2027-02-02 17:00:00",
                "date_to": "2027-02-03 16:59:00",
            }
        )
        with freeze_time("2027-02-01 01:00:00"):
            office = self.company._hoithi_get_working_days(self.env.tz)
        self.assertTrue(office.vietnam)
        self.assertTrue(self._run_at("2027-02-02 10:00:00"), "Tuesday 2")

    def test_without_vietnams_holidays(self):
        self.company.hoithi_vietnam_holidays = False
        self.contest.registration_deadline = AFTER_TET
        self._create_entry()
        self._only("draft_authors", days_source="rule", days="7", working_days=True)
        self.assertFalse(self._run_at("2027-02-07 10:00:00"))
        self.assertTrue(self._run_at("2027-02-08 10:00:00"))

    def test_hours_of_the_day(self):
        self.contest.registration_deadline = AFTER_TET
        self._create_entry()
        self._only(
            "draft_authors", days_source="rule", days="1", hour_from=7.5, hour_to=17
        )
        # 17:00 on Sunday is past the hours: Monday 07:30, which is 00:30 UTC
        notice = self._run_at("2027-02-14 10:00:00")
        self.assertEqual(notice.state, "pending")
        self.assertEqual(notice.send_after, datetime(2027, 2, 15, 0, 30))
        self._run_at("2027-02-15 00:29:00")
        self.assertEqual(notice.state, "pending")
        self._run_at("2027-02-15 00:30:00")
        self.assertEqual(notice.state, "sent")

    def test_after_a_deadline(self):
        entry = self._eligible_entry()
        self._start_review()
        [review] = self._assign(entry, self.member1)
        due = review.due_date
        self._only("late_reviewers", escalate_days=0, days="1,5")
        self.assertFalse(self._run_at(due + timedelta(hours=23)))
        notice = self._run_at(due + timedelta(days=1))
        self.assertEqual(notice.partner_id, self.member1.partner_id)
        self.assertTrue(notice.occasion.endswith("T+1"))
        self.assertFalse(self._run_at(due + timedelta(days=4)))
        self.assertEqual(len(self._run_at(due + timedelta(days=6))), 1)
        self.assertFalse(self._run_at(due + timedelta(days=40)), "long past")

    # AUDIENCES

    def test_staff_without_an_entry(self):
        self._submit_entry()
        withdrawn = self._submit_entry(self.internal)
        withdrawn.action_withdraw(reason="x")
        self._create_entry(
            self.head,
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        self._only("no_entry", days="14")
        notices = self._run_at(self.contest.registration_deadline - timedelta(days=10))
        self.assertEqual(set(notices.mapped("kind")), {"no_entry"})
        told = notices.partner_id
        for user in (self.internal, self.member1, self.secretary):
            self.assertIn(user.partner_id, told)
        for user in (self.staff, self.coauthor, self.head, self.stranger):
            self.assertNotIn(user.partner_id, told)
        self.assertEqual(len(notices), len(told))
        self.assertEqual(notices.contest_id, self.contest)

    def test_heads_of_silent_units(self):
        self._submit_entry()  # of a sub-unit, which speaks for its unit
        self._only("silent_heads", days="14")
        empty = self.env["hr.department"].create(
            {"name": "Phòng Trống", "manager_id": self.employees[self.head].id}
        )
        attached = self.env["hr.department"].create(
            {"name": "Tổ Bản đồ", "parent_id": self.other_unit.id}
        )
        self.env["hr.employee"].create(
            {"name": "Người Vẽ", "department_id": attached.id}
        )
        moment = self.contest.registration_deadline - timedelta(days=10)
        notice = self._run_at(moment)
        self.assertEqual(notice.partner_id, self.other_head.partner_id, empty.name)
        body = notice.sudo()._compose()["body_html"]
        self.assertIn(self.other_unit.name, body)
        self.assertIn("Tổ Bản đồ", body, "the head above is told of it")
        self.assertNotIn(self.unit.name, body)

    def test_secretaries_and_leaders(self):
        deadline = self.contest.province_deadline
        self._only("province", days="5")
        self.rules["province_leaders"].write(
            {"active": True, "working_days": False, "days": "5"}
        )
        notices = self._run_at(deadline - timedelta(days=5))
        self.assertEqual(set(notices.mapped("kind")), {"milestone"})
        self.assertIn(self.secretary.partner_id, notices.partner_id)
        self.assertIn(self.leader.partner_id, notices.partner_id)
        self.assertNotIn(self.staff.partner_id, notices.partner_id)
        letter = notices[0].sudo()._compose()
        self.assertIn("Deadline of the province", letter["subject"])
        self.assertIn(self.contest._format_moment(deadline), letter["body_html"])

    def test_dates_without_a_time(self):
        self.contest.date_end = "2027-03-31"
        self._only("province", anchor="campaign_end", days="1")
        self.assertFalse(self._run_at("2027-03-30 09:59:00"))
        notice = self._run_at("2027-03-30 10:00:00")
        self.assertIn("31/03/2027", notice.sudo()._compose()["subject"])

    # COMPANIES

    def test_a_departments_own_rule_takes_the_place_of_the_general_one(self):
        entry = self._create_entry()
        moment = self.contest.registration_deadline - timedelta(days=2)
        own = self.rules["draft_authors"].copy(
            {"company_id": self.company.id, "days_source": "rule", "days": "1"}
        )
        self.assertFalse(self._run_at(moment))
        own.active = False
        self.assertFalse(self._run_at(moment), "also when it is switched off")
        own.unlink()
        self.assertEqual(self._run_at(moment).res_id, entry.id)

    def test_other_departments(self):
        company = self.env["res.company"].create({"name": "Sở Khác"})
        foreign = new_test_user(
            self.env,
            login="t_foreign_leader",
            groups="hoithi_contest.group_leader",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.env["hr.employee"].create({"name": "Xa", "company_id": company.id})
        self._only("province_leaders", days="5")
        notices = self._run_at(self.contest.province_deadline - timedelta(days=5))
        self.assertNotIn(foreign.partner_id, notices.partner_id)
        self.assertEqual(notices.company_id, self.company)
        rule = self.rules["report"].copy({"company_id": company.id})
        self.assertFalse(
            self.env["hoithi.notice.rule"]
            .with_user(self.admin)
            .search([("id", "=", rule.id)])
        )

    # ESCALATION

    def test_the_unit_head_is_told_after_working_days(self):
        self.employees[self.member1].department_id = self.unit
        entry = self._eligible_entry()
        second = self._eligible_entry(self.internal)
        self._start_review()
        reviews = self._assign(entry, self.member1) + self._assign(second, self.member1)
        friday = datetime(2027, 1, 29, 3, 0)
        for review in reviews:
            review.with_user(self.secretary).due_date = friday
        self._only("late_reviewers", days="0", escalate_days=3)
        reminders = self._run_at(friday + timedelta(hours=1))
        self.assertEqual(len(reminders), 2)
        for days in (2, 4):
            self.assertFalse(self._run_at(friday + timedelta(days=days)))
        # Monday, Tuesday, Wednesday 3: the day before Tết
        notice = self._run_at(friday + timedelta(days=5))
        self.assertEqual(notice.kind, "escalation", "one for both sheets")
        self.assertEqual(notice.partner_id, self.head.partner_id)
        self.assertEqual(notice.about_partner_id, self.member1.partner_id)
        letter = notice.sudo()._compose()
        self.assertIn(self.member1.name, letter["subject"])
        text = letter["subject"] + letter["body_html"]
        for secret in (entry.sudo().name, entry.sudo().code, self.staff.name):
            self.assertNotIn(secret, text, "a head needn't know who reviews what")
        self.assertFalse(self._run_at(friday + timedelta(days=6)))

    def test_work_done_in_time_escalates_nothing(self):
        self.employees[self.member1].department_id = self.unit
        entry = self._eligible_entry()
        self._start_review()
        [review] = self._assign(entry, self.member1)
        self._only("reviewers", days_source="rule", days="7", escalate_days=1)
        self.assertEqual(len(self._run_at(review.due_date - timedelta(days=7))), 1)
        self._score(review, 20, 40)
        self.assertFalse(self._run_at(review.due_date - timedelta(days=1)))

    def test_a_head_who_is_late_is_told_of_by_the_head_above(self):
        top = self.env["hr.department"].create(
            {"name": "Sở", "manager_id": self.employees[self.other_head].id}
        )
        self.unit.parent_id = top
        entry = self._submit_entry(self.head)
        entry.with_user(self.secretary).action_request_supplement(
            reason="x", due_date=fields.Datetime.now() + timedelta(days=10)
        )
        due = entry.supplement_due
        self._only("supplement_authors", days_source="rule", days="7", escalate_days=1)
        self._run_at(due - timedelta(days=7))
        notice = self._run_at(due - timedelta(hours=1))
        self.assertEqual(notice.kind, "escalation")
        self.assertEqual(notice.partner_id, self.other_head.partner_id)

    # DIGEST

    def test_one_digest_a_week(self):
        second = self.secretary.copy({"login": "t_office2", "email": "o2@x.example"})
        self.contest.secretary_ids |= second
        self._submit_entry()
        self._submit_entry().with_user(self.secretary).action_request_supplement(
            reason="x", due_date=datetime(2027, 2, 1)
        )
        self._only("digest", hour_from=7, hour_to=17, working_days=True)
        monday = datetime(2027, 1, 11, 1, 0)
        notices = self._run_at(monday)
        self.assertEqual(notices.partner_id, (self.secretary | second).partner_id)
        self.assertEqual(set(notices.mapped("kind")), {"digest"})
        self.assertEqual(set(notices.mapped("occasion")), {"2027-W02"})
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        body = notices[0].sudo()._compose()["body_html"]
        self.assertIn(f"entries to screen: {self.contest.unscreened_count}", body)
        self.assertIn("entries to screen: 2", body)
        self.assertIn("of these a supplement is awaited of: 1", body)
        for days in (0, 1, 4, 6):
            self.assertFalse(self._run_at(monday + timedelta(days=days, hours=2)))
        self.assertEqual(len(self._run_at(monday + timedelta(days=7))), 2)

    def test_digest_after_an_outage_and_over_new_year(self):
        self._submit_entry()
        self._only("digest", hour_from=7, hour_to=17, working_days=True)
        # Friday 1 January is a day off of the week that began in December
        notice = self._run_at("2027-01-01 03:00:00")
        self.assertEqual(notice.occasion, "2026-W53")
        self.assertEqual(notice.state, "pending")
        self.assertEqual(notice.send_after, datetime(2027, 1, 4, 0, 0))
        self._run_at("2027-01-04 01:00:00")
        self.assertEqual(notice.state, "sent")

    def test_nothing_pending_no_digest(self):
        self._only("digest")
        self.assertFalse(self._run_at("2027-01-11 03:00:00"))
        self._create_entry()  # an author's, not the secretary's work
        self.assertFalse(self._run_at("2027-01-12 03:00:00"))

    # WORDS

    def test_own_words_in_both_languages(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        rule = self._only(
            "draft_authors",
            subject="Draft of {person}",
            body="<p>{contest}: {record} until {deadline}. <a href='{link}'>Go</a></p>",
        )
        rule.with_context(lang="vi_VN").subject = "Bản nháp của {person}"
        self.staff.partner_id.lang = "vi_VN"
        self.internal.partner_id.lang = "en_US"
        entry = self._create_entry(name="Đo <nước>")
        self._create_entry(self.internal)
        before = self.env["mail.mail"].search([])
        self._run_at(self.contest.registration_deadline - timedelta(days=1))
        mails = self.env["mail.mail"].search([]) - before
        subjects = {mail.recipient_ids: mail.subject for mail in mails}
        self.assertEqual(
            subjects,
            {
                self.staff.partner_id: f"Bản nháp của {self.staff.name}",
                self.internal.partner_id: f"Draft of {self.internal.name}",
            },
        )
        body = mails.filtered(
            lambda mail: mail.recipient_ids == self.staff.partner_id
        ).body_html
        self.assertIn("Đo &lt;nước&gt;", body, "what people wrote is escaped")
        self.assertIn(f"/my/hoithi/entries/{entry.id}", body)

    def test_a_rule_that_breaks_silences_no_other(self):
        self._create_entry()
        self._only("draft_authors")
        bad = self.rules["province"]
        bad.write({"active": True, "sequence": 1})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hoithi_notice_rule SET days = 'x' WHERE id = %s", [bad.id]
        )
        bad.invalidate_recordset()
        logger = "odoo.addons.hoithi_contest.models.notice.hoithi_notice"
        with self.assertLogs(logger, "WARNING"):
            notices = self._run_at(
                self.contest.registration_deadline - timedelta(days=1)
            )
        self.assertEqual(notices.mapped("kind"), ["deadline"])

    # SCALE

    def test_many_staff_in_few_queries(self):
        self._only("no_entry", days="14")
        now = self.contest.registration_deadline - timedelta(days=10)

        def add(count):
            partners = self.env["res.partner"].create(
                [
                    {"name": f"Cán bộ {n}", "email": f"cb{n}@x.example"}
                    for n in range(count)
                ]
            )
            self.env["hr.employee"].create(
                [
                    {
                        "name": partner.name,
                        "work_contact_id": partner.id,
                        "department_id": self.unit.id,
                        "company_id": self.company.id,
                    }
                    for partner in partners
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()

        def count(call):
            before = self.cr.sql_log_count
            result = call()
            self.env.flush_all()
            self.env.invalidate_all()
            return self.cr.sql_log_count - before, result

        rule = self.rules["no_entry"]
        ledger = self.env["hoithi.notice"]
        count(lambda: rule._get_due_facts(now))
        few, facts = count(lambda: rule._get_due_facts(now))
        add(80)
        many, facts = count(lambda: rule._get_due_facts(now))
        self.assertGreaterEqual(len(facts), 80)
        self.assertLessEqual(many, few)
        queries, notices = count(lambda: ledger._record(facts))
        self.assertEqual(len(notices), len(facts))
        self.assertLess(queries, 30)
        again, notices = count(lambda: ledger._record(facts))
        self.assertFalse(notices)
        self.assertLess(again, 20)


@tagged("post_install", "-at_install")
class TestQuietHours(HoithiCommon):
    """A reminder of the last day doesn't wake anybody, and doesn't come too late."""

    def setUp(self):
        super().setUp()
        self._launch()
        self._create_entry()
        rule = self.env.ref("hoithi_contest.hoithi_notice_rule_draft_authors")
        rule.write({"hour_from": 7, "hour_to": 17, "days_source": "rule", "days": "0"})

    def _get_sent(self, moment):
        """Return when the reminder was sent, after a run at `moment` (in Hanoi)."""
        with freeze_time(moment - timedelta(hours=7)):
            self._run_cron("cron_send_notices")
        notice = self.env["hoithi.notice"].search([("kind", "=", "deadline")])
        return notice.sent_on and notice.sent_on + timedelta(hours=7)

    def _set_deadline(self, deadline):
        self.contest.registration_deadline = deadline - timedelta(hours=7)

    def test_in_the_morning_and_not_at_five(self):
        day = self.contest.registration_deadline.replace(minute=0, second=0)
        day = day.replace(hour=0) + timedelta(days=2)
        self._set_deadline(day.replace(hour=17))
        for hour in (5, 6):
            self.assertFalse(self._get_sent(day.replace(hour=hour)))
        self.assertEqual(
            self._get_sent(day.replace(hour=7, minute=20)),
            day.replace(hour=7, minute=20),
        )

    def test_the_evening_before_where_the_morning_is_too_late(self):
        day = self.contest.registration_deadline.replace(minute=0, second=0)
        day = day.replace(hour=0) + timedelta(days=2)
        before = day - timedelta(days=1)
        self._set_deadline(day.replace(hour=8))
        self.assertFalse(self._get_sent(before.replace(hour=15)))
        self.assertTrue(self._get_sent(before.replace(hour=16)))

    def test_after_an_outage_at_once_rather_than_never(self):
        day = self.contest.registration_deadline.replace(minute=0, second=0)
        day = day.replace(hour=0) + timedelta(days=2)
        self._set_deadline(day.replace(hour=8))
        night = day.replace(hour=3)
        self.assertEqual(self._get_sent(night), night)
