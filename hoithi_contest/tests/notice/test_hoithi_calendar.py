import re
from datetime import UTC, timedelta

from icalendar import Calendar

from odoo import fields, http
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


class CalendarCase(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.contest.report_deadline = cls.contest.province_deadline + timedelta(days=9)
        cls.unit_task = cls.env["hoithi.plan.task"].create(
            {
                "contest_id": cls.contest.id,
                "name": "Phổ biến tại đơn vị",
                "date_end": cls.contest._get_today() + timedelta(days=10),
                "lead_department_id": cls.unit.id,
            }
        )
        cls.other_task = cls.unit_task.copy(
            {"name": "Việc của phòng khác", "lead_department_id": cls.other_unit.id}
        )

    def _read(self, user):
        """Return {what the uid stands for: event} of a person's calendar."""
        self.env.invalidate_all()
        content = self.env["hoithi.calendar"].with_user(user)._build()
        events = {}
        for event in Calendar.from_ical(content).walk("VEVENT"):
            kind = re.sub(r"-\d+-", " ", str(event["uid"]).split("@")[0])
            events.setdefault(kind.removeprefix("hoithi-"), []).append(event)
        return events


@tagged("post_install", "-at_install")
class TestHoithiCalendar(CalendarCase):
    def test_each_sees_the_own_deadlines(self):
        dates = {
            f"contest {name}"
            for name in ("registration", "screening", "review", "province", "report")
        }
        for user, expected in (
            (self.staff, {"contest registration"}),
            (self.internal, {"contest registration"}),
            (self.member1, {"contest registration"}),
            (self.publisher, {"contest registration"}),
            (self.head, {"contest registration", "plan.task task"}),
            (self.secretary, {*dates, "plan.task task"}),
            (self.leader, dates),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(set(self._read(user)), expected)
        [task] = self._read(self.head)["plan.task task"]
        self.assertIn("Phổ biến tại đơn vị", task["summary"])
        self.assertEqual(task["dtstart"].dt, self.unit_task.date_end)
        self.assertEqual(len(self._read(self.secretary)["plan.task task"]), 2)

    def test_supplements_are_their_authors(self):
        entry = self._submit_entry(name="Bí mật nước mặt")
        due = fields.Datetime.now().replace(microsecond=0) + timedelta(days=9)
        entry.with_user(self.secretary).action_request_supplement(
            reason="x", due_date=due
        )
        [event] = self._read(self.staff)["entry supplement"]
        self.assertEqual(event["dtstart"].dt.replace(tzinfo=None), due + self._offset())
        self.assertIn(entry.code, event["summary"])
        asked = entry.sudo().supplement_requested_on.replace(microsecond=0)
        # and not when the entry was last written, as by a sheet that came in
        self.assertEqual(event["last-modified"].dt.replace(tzinfo=None), asked)
        for user in (self.coauthor, self.head, self.secretary, self.member1):
            self.assertNotIn("entry supplement", self._read(user), user.login)
        entry.novelty = "Đã bổ sung"
        entry.action_submit()
        self.assertNotIn("entry supplement", self._read(self.staff))

    def test_what_is_over_rings_no_more(self):
        def rings():
            return {
                kind
                for kind, events in self._read(self.secretary).items()
                if any(event.walk("VALARM") for event in events)
            }

        dates = ["registration", "screening", "review", "province", "report"]
        for state, passed in (
            ("open", 0),
            ("screening", 1),
            ("review", 2),
            ("council", 3),
            ("closed", 5),
            ("cancelled", 5),
        ):
            self.contest.with_context(hoithi_door=Load()).state = state
            with self.subTest(state=state):
                self.assertEqual(
                    {kind for kind in rings() if kind.startswith("contest")},
                    {f"contest {name}" for name in dates[passed:]},
                )

    def _offset(self):
        return timedelta(hours=7)

    def test_sheets_and_sessions_of_the_council(self):
        entry = self._eligible_entry(name="Bí mật nước mặt")
        second = self._eligible_entry(self.internal, name="Bí mật đất đai")
        self._start_review()
        self._assign(entry, self.member1)
        [review] = self._assign(second, self.member1)
        session = self.env["hoithi.session"].create(
            {
                "contest_id": self.contest.id,
                "number": 1,
                "start": fields.Datetime.now() + timedelta(days=70),
                "place": "Phòng họp số 2",
            }
        )
        outsider = new_test_user(
            self.env, login="t_outsider", groups="hoithi_contest.group_member"
        )
        events = self._read(self.member1)
        [sheets] = events["review due"]
        self.assertIn("(2)", sheets["summary"], "one for both")
        [meeting] = events["session session"]
        self.assertEqual(meeting["location"], "Phòng họp số 2")
        self.assertEqual(meeting.walk("VALARM")[-1]["trigger"].dt, timedelta(hours=-1))
        self.assertNotIn("review due", self._read(self.member2))
        for user in (outsider, self.staff, self.head):
            self.assertNotIn("session session", self._read(user), user.login)
        text = self.env["hoithi.calendar"].with_user(self.member1)._build().decode()
        for secret in ("Bí mật", self.staff.name, self.staff.email, self.unit.name):
            self.assertNotIn(secret, text)
        uid = sheets["uid"]
        review.with_user(self.secretary).due_date += timedelta(days=2)
        apart = self._read(self.member1)["review due"]
        self.assertEqual(len(apart), 2)
        self.assertIn(uid, [event["uid"] for event in apart])
        session.unlink()
        self.assertNotIn("session session", self._read(self.member1))

    def test_a_moved_date_keeps_its_event_and_grows(self):
        [before] = self._read(self.staff)["contest registration"]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hoithi_contest SET write_date = create_date + interval '5 minutes',"
            " registration_deadline = registration_deadline + interval '3 days'"
            " WHERE id = %s",
            [self.contest.id],
        )
        [after] = self._read(self.staff)["contest registration"]
        self.assertEqual(after["uid"], before["uid"])
        self.assertGreater(after["sequence"], before["sequence"])
        self.assertEqual(after["dtstart"].dt - before["dtstart"].dt, timedelta(days=3))

    def test_cancelled_contests_are_cancelled_in_calendars(self):
        self.contest.with_user(self.secretary).action_cancel(reason="x")
        [event] = self._read(self.staff)["contest registration"]
        self.assertEqual(event["status"], "CANCELLED")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hoithi_contest SET write_date = write_date - interval '91 days'"
        )
        self.assertNotIn("contest registration", self._read(self.staff))

    def test_drafts_and_other_departments_stay_out(self):
        self._create_contest(edition_number=10)
        company = self.env["res.company"].create({"name": "Sở Khác"})
        foreign = new_test_user(
            self.env,
            login="t_foreign",
            groups="base.group_portal",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertEqual(len(self._read(self.staff)["contest registration"]), 1)
        self.assertFalse(self._read(foreign))

    def test_the_persons_language_and_zone(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.staff.write({"lang": "vi_VN", "tz": "Europe/Paris"})
        [event] = self._read(self.staff)["contest registration"]
        self.assertEqual(event["summary"].params["LANGUAGE"], "vi-VN")
        self.assertEqual(event["dtstart"].params["TZID"], "Europe/Paris")
        deadline = self.contest.registration_deadline
        self.assertEqual(
            event["dtstart"].dt.timestamp(), deadline.replace(tzinfo=UTC).timestamp()
        )

    # ADDRESS

    def test_the_token_isnt_kept(self):
        users = self.env["res.users"]
        token = users.with_user(self.staff).hoithi_issue_calendar()
        self.assertGreaterEqual(len(token), 40)
        self.assertNotIn(token, self.staff.sudo().hoithi_calendar_hash)
        self.assertEqual(users._hoithi_find_calendar_user(token), self.staff)
        for user in (self.staff, self.admin, self.secretary):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.staff.with_user(user).read(["hoithi_calendar_hash"])
            with self.assertRaises(AccessError):
                self.staff.with_user(user).write({"hoithi_calendar_hash": "x"})
        again = users.with_user(self.staff).hoithi_issue_calendar()
        self.assertFalse(users._hoithi_find_calendar_user(token))
        self.assertTrue(users._hoithi_find_calendar_user(again))
        users.with_user(self.staff).hoithi_revoke_calendar()
        self.assertFalse(users._hoithi_find_calendar_user(again))
        for wrong in ("", "x" * 5000, self.staff.sudo().hoithi_calendar_hash or "x"):
            self.assertFalse(users._hoithi_find_calendar_user(wrong))

    def test_who_left_has_no_calendar(self):
        users = self.env["res.users"]
        token = users.with_user(self.staff).hoithi_issue_calendar()
        self.staff.active = False
        self.assertFalse(users._hoithi_find_calendar_user(token))


@tagged("post_install", "-at_install")
class TestHoithiCalendarPages(CalendarCase, HttpCase):
    def _post(self, path):
        return self.url_open(path, data={"csrf_token": http.Request.csrf_token(self)})

    def _get_address(self, page):
        [url] = set(re.findall(r"http://[^\s<\"]+/hoithi/calendar/[\w-]+\.ics", page))
        return url

    def test_make_use_renew_void(self):
        self.authenticate(self.staff.login, self.staff.login)
        page = self.url_open("/my/hoithi").text
        self.assertIn("/my/hoithi/calendar", page)
        page = self.url_open("/my/hoithi/calendar")
        self.assertIn("no address yet", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        page = self._post("/my/hoithi/calendar/new")
        url = self._get_address(page.text)
        self.assertIn("webcal:", page.text)
        self.assertNotIn(url, self.url_open("/my/hoithi/calendar").text, "only once")
        # a calendar program has no session
        self.authenticate(None, None)
        feed = self.url_open(url)
        self.assertEqual(feed.status_code, 200)
        self.assertEqual(feed.headers["Content-Type"], "text/calendar; charset=utf-8")
        self.assertIn("private", feed.headers["Cache-Control"])
        self.assertEqual(feed.headers["Referrer-Policy"], "no-referrer")
        [event] = Calendar.from_ical(feed.content).walk("VEVENT")
        self.assertIn(self.contest.name, event["summary"])
        etag = feed.headers["ETag"]
        fresh = self.url_open(url, headers={"If-None-Match": etag})
        self.assertEqual(fresh.status_code, 304)
        self.assertFalse(fresh.content)
        self.contest.registration_deadline += timedelta(days=3)
        changed = self.url_open(url, headers={"If-None-Match": etag})
        self.assertEqual(changed.status_code, 200)
        self.authenticate(self.staff.login, self.staff.login)
        newer = self._get_address(self._post("/my/hoithi/calendar/new").text)
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.url_open(newer).status_code, 200)
        page = self._post("/my/hoithi/calendar/revoke")
        self.assertIn("address is void", page.text)
        self.assertEqual(self.url_open(newer).status_code, 404)

    def test_a_link_changes_nothing(self):
        """Only a post makes or voids an address; strangers are sent to the login."""
        self.authenticate(self.staff.login, self.staff.login)
        for path in ("new", "revoke"):
            page = self.url_open(f"/my/hoithi/calendar/{path}")
            self.assertIn("no address yet", page.text)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/hoithi/calendar").url)
        self.assertEqual(self.url_open("/hoithi/calendar/x.ics").status_code, 404)
