import base64
import re
from datetime import time, timedelta
from unittest.mock import patch
from urllib.parse import unquote

from lxml import html

from odoo import fields, http
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.service import model
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ...controllers.contest.entry_form import (
    parse_number,
    write_number,
)
from ...lib.guard.moments import (
    count_days,
    get_local,
    get_moment,
)
from ...tools import VIETNAMESE, format_number, format_size
from ..common import PDF, HoithiCommon

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw"
    "AAAABJRU5ErkJggg=="
)


_SIMPLE = re.compile(
    r"\.(?P<css_class>[\w-]+)"
    r"|\[(?P<name>[\w-]+)(?:(?P<operator>!?=)'?(?P<value>[^\]']*)'?)?\]"
    r"|:not\((?P<excluded>[^)]+)\)"
)


def to_xpath(selector):
    """Translate the simple CSS selectors of these tests: lxml alone reads XPath."""
    return " | ".join(
        "." + "".join(f"//{_to_step(step)}" for step in alternative.split())
        for alternative in selector.split(",")
    )


def _to_step(compound):
    tag = re.match(r"\w*", compound).group()
    conditions = []
    for match in _SIMPLE.finditer(compound):
        if match["css_class"]:
            test = f"contains(concat(' ', @class, ' '), ' {match['css_class']} ')"
        elif match["excluded"]:
            test = f"not({_to_step(match['excluded'])[2:-1]})"
        elif match["operator"]:
            test = f"@{match['name']} {match['operator']} '{match['value']}'"
        else:
            test = f"@{match['name']}"
        conditions.append(f"[{test}]")
    return (tag or "*") + "".join(conditions)


def select(element, selector):
    return element.xpath(to_xpath(selector))


@tagged("post_install", "-at_install")
class TestHoithiPortalTexts(TransactionCase):
    """What people type, and how numbers are written back."""

    def test_numbers(self):
        for text, number in (
            ("12", 12),
            (" 33,33 ", 33.33),
            ("33.33", 33.33),
            ("-5", -5),
        ):
            self.assertEqual(parse_number(text), number, text)
        for text in ("", "abc", "nan", "inf", "1e9", "1.2.3", "9" * 40, "12 %", "--1"):
            with self.assertRaises(ValueError, msg=text):
                parse_number(text)

    def test_texts(self):
        self.assertEqual(write_number(60.0), "60")
        self.assertEqual(write_number(33.3), "33.3")
        self.assertEqual(write_number(100), "100")
        for lang, size, number in (
            ("en_US", "1.5\N{NO-BREAK SPACE}MB", "1,500,000.25"),
            (VIETNAMESE, "1,5\N{NO-BREAK SPACE}MB", "1.500.000,25"),
        ):
            env = self.env(context={"lang": lang})
            self.assertEqual(format_size(env, 0), "1\N{NO-BREAK SPACE}KB")
            self.assertEqual(format_size(env, 3 * 1024 * 1024 // 2), size)
            self.assertEqual(
                format_size(env, 3 * 1024**3 // 2), size.replace("MB", "GB")
            )
            self.assertEqual(format_number(env, 1500000.25), number)
            self.assertEqual(format_number(env, 60.0), "60")
            self.assertEqual(format_number(env, 0), "0")
        self.assertEqual(format_number(env, 0.001), "0,001")


class HoithiPortalCase(HoithiCommon, HttpCase):
    """Real requests, and pages read as a browser reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def setUp(self):
        super().setUp()
        self.log_in(self.staff)

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def get(self, path, status=200, **options):
        response = self.url_open(path, **options)
        self.assertEqual(response.status_code, status, path)
        return html.fromstring(response.content)

    def post(self, path, data=None, csrf=True, **options):
        data = dict(data or {})
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=data, method="POST", **options)

    def post_page(self, path, data=None, status=200, **options):
        response = self.post(path, data, **options)
        self.assertEqual(response.status_code, status, path)
        return html.fromstring(response.content)

    def entry_path(self, entry, action=""):
        return f"/my/hoithi/entries/{entry.id}{action and '/' + action}"

    def text(self, page, css):
        return " ".join(" ".join(el.text_content() for el in select(page, css)).split())

    def _own_entries(self):
        return self.env["hoithi.entry"].search(
            [("author_ids.partner_id", "=", self.staff.partner_id.id)]
        )

    def alert(self, page):
        return self.text(page, ".o_hoithi_notice[role=alert]")

    def pairs(self, page):
        """The entry form as a browser would post it: pairs of name and value."""
        [form] = select(page, "form.o_hoithi_entry_form")
        return form.form_values()

    def values(self, page):
        return dict(self.pairs(page))

    def preview(self, entry):
        return self.get(self.entry_path(entry, "preview"))

    def submit(self, page, **data):
        """Post the preview as a browser does, with the commitment ticked."""
        [form] = select(page, ".o_hoithi_preview_submission form")
        values = {
            **dict(form.form_values()),
            "commitment": "1",
            "note": "Đã bổ sung.",
            **data,
        }
        return self.post_page(form.action, values)

    def close_door(self):
        """Let the deadline pass, grace included, while the cron hasn't come yet."""
        self.contest.registration_deadline = fields.Datetime.now() - timedelta(hours=1)

    def count_queries(self, path):
        for _warm_up in range(2):
            self.get(path)
        before = self.cr.sql_log_count
        self.get(path)
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestHoithiPortalList(HoithiPortalCase):
    """The home tile and the list of own entries."""

    def test_home_tile_shows_without_entries(self):
        page = self.get("/my")
        [card] = {
            link.getparent()
            for link in select(page, ".o_portal_docs a[href='/my/hoithi']")
        }
        self.assertIn("o_portal_index_card", card.get("class"))
        self.assertNotIn("d-none", card.get("class").split())

    def test_home_counter(self):
        self._create_entry()
        self._create_entry(self.internal)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["hoithi_entry_count"]}
        )
        self.assertEqual(counters, {"hoithi_entry_count": 1})

    def test_anonymous_is_sent_to_the_login(self):
        self.authenticate(None, None)
        entry = self._create_entry()
        for path in ("/my/hoithi", self.entry_path(entry)):
            response = self.url_open(path)
            self.assertIn("/web/login", response.url)

    def test_open_contests(self):
        closed = self._create_contest(name="Đã đóng", edition_number=8)
        self._launch(closed)
        closed.with_user(self.secretary).action_close_registration()
        self._create_contest(name="Chưa mở", edition_number=10)
        page = self.get("/my/hoithi")
        self.assertEqual(page.get("lang"), "en-US")
        self.assertEqual(self.text(page, "title"), "My contest entries")
        links = [link.get("href") for link in select(page, "a.o_hoithi_register")]
        self.assertEqual(links, [f"/my/hoithi/{self.contest.id}/new"])
        self.assertTrue(select(page, ".o_hoithi_no_entries"))
        self.assertFalse(select(page, ".o_hoithi_no_employee"))
        deadline = self.text(page, ".o_hoithi_contest .o_hoithi_deadline")
        self.assertRegex(deadline, r"^\d\d:\d\d \d\d/\d\d/\d{4}$")
        days = count_days(
            self.contest.registration_deadline, fields.Datetime.now(), self.contest.tz
        )
        self.assertEqual(
            self.text(page, ".o_hoithi_contest .o_hoithi_time_left"),
            f"{days} days left",
        )

    def test_time_left(self):
        for left, text in (
            (timedelta(hours=23, minutes=1), "23 hours left"),
            (timedelta(minutes=90, seconds=30), "90 minutes left"),
            (timedelta(minutes=5, seconds=30), "5 minutes left"),
            (timedelta(minutes=-5), "deadline passed"),
        ):
            self.contest.registration_deadline = fields.Datetime.now() + left
            page = self.get("/my/hoithi")
            self.assertEqual(self.text(page, ".o_hoithi_time_left"), text)
        # from a day on the calendar counts, whatever the hour
        zone = self.contest.tz
        day = get_local(fields.Datetime.now(), zone).date() + timedelta(days=3)
        self.contest.registration_deadline = get_moment(day, time(0, 1), zone)
        page = self.get("/my/hoithi")
        self.assertEqual(self.text(page, ".o_hoithi_time_left"), "3 days left")

    def test_deadline_is_on_the_contests_clock(self):
        self.contest.registration_deadline = fields.Datetime.now() + timedelta(days=3)
        deadline = self.contest.registration_deadline + timedelta(hours=7)
        self.staff.tz = "America/New_York"
        page = self.get("/my/hoithi")
        self.assertEqual(
            self.text(page, ".o_hoithi_deadline"), f"{deadline:%H:%M %d/%m/%Y}"
        )

    def test_person_without_employee_is_told_up_front(self):
        self.log_in(self.stranger)
        page = self.get("/my/hoithi")
        self.assertTrue(select(page, ".o_hoithi_no_employee[role=alert]"))
        self.assertFalse(select(page, "a.o_hoithi_register"))

    def test_what_waits(self):
        draft = self._create_entry(name="Bản nháp")
        shared = self._create_entry(
            self.internal,
            name="Của đồng nghiệp",
            participant_type="group",
            author_ids=[
                Command.create(
                    {"partner_id": self.staff.partner_id.id, "contribution_percent": 20}
                )
            ],
        )
        page = self.get("/my/hoithi")
        [first, second] = select(page, ".o_hoithi_waiting")
        self.assertIn("Not yet submitted", first.text_content())
        self.assertIn("Bản nháp", first.text_content())
        self.assertIn("Confirm your share", second.text_content())
        links = [link.get("href") for link in select(page, ".o_hoithi_waiting a")]
        self.assertEqual(links, [self.entry_path(draft), self.entry_path(shared)])

    def test_missed_draft_is_told_and_waits_for_nothing(self):
        self._create_entry()
        self.close_door()
        page = self.get("/my/hoithi")
        self.assertFalse(select(page, ".o_hoithi_waiting"))
        self.assertIn("Not submitted", self.text(page, ".o_hoithi_entry"))

    def test_states_are_shown(self):
        self._create_entry(name="Nháp")
        self._submit_entry(name="Đã nộp")
        page = self.get("/my/hoithi")
        states = [el.get("data-state") for el in select(page, ".o_hoithi_state")]
        self.assertEqual(sorted(states), ["draft", "submitted"])

    def test_list_pages(self):
        self.company.hoithi_max_drafts = 100
        for number in range(21):
            self._create_entry(name=f"Giải pháp {number}", with_file=False)
        page = self.get("/my/hoithi")
        self.assertEqual(len(select(page, ".o_hoithi_entry")), 20)
        self.assertTrue(select(page, "a[href='/my/hoithi/page/2']"))
        page = self.get("/my/hoithi/page/2")
        self.assertEqual(len(select(page, ".o_hoithi_entry")), 1)

    def test_query_count_does_not_grow(self):
        self.company.hoithi_max_drafts = 100
        # a page that isn't full needs nobody to count
        for number in range(21):
            self._create_entry(name=f"Giải pháp {number}")
        few = self.count_queries("/my/hoithi")
        for number in range(27):
            self._create_entry(name=f"Giải pháp khác {number}")
        self.assertLessEqual(self.count_queries("/my/hoithi"), few)


@tagged("post_install", "-at_install")
class TestHoithiPortalNew(HoithiPortalCase):
    """Registering: the form of a new entry."""

    def setUp(self):
        super().setUp()
        self.path = f"/my/hoithi/{self.contest.id}/new"

    def test_form_is_complete_and_labelled(self):
        page = self.get(self.path)
        [form] = select(page, "form.o_hoithi_entry_form")
        self.assertEqual(form.method, "POST")
        self.assertEqual(form.action, self.path)
        self.assertTrue(select(form, "input[name=csrf_token]"))
        labels = {label.get("for") for label in select(page, "label")}
        for control in select(form, "input:not([type=hidden]), select, textarea"):
            self.assertIn(control.get("id"), labels, control.get("name"))
        ids = [el.get("id") for el in select(page, "[id]")]
        self.assertEqual(len(ids), len(set(ids)), "an id is there twice")
        for fieldset in select(form, "fieldset"):
            self.assertTrue(select(fieldset, "legend"))
        # the representative, and blank rows for those without a script
        self.assertEqual(len(select(form, ".o_hoithi_author")), 4)
        self.assertEqual(len(select(form, ".o_hoithi_author_more .o_hoithi_author")), 3)
        self.assertEqual(
            select(form, "[name=author_name]")[0].get("value"), self.staff.name
        )
        fields_offered = [
            box.get("value") for box in select(form, "input[name=field_id]")
        ]
        self.assertEqual(fields_offered, [str(self.field.id)])

    def test_descriptions_point_somewhere(self):
        page = self.get(self.path)
        ids = {el.get("id") for el in select(page, "[id]")}
        for el in select(page, "[aria-describedby], [aria-labelledby]"):
            for name in ("aria-describedby", "aria-labelledby"):
                self.assertLessEqual(set((el.get(name) or "").split()), ids)

    def test_draft_is_created(self):
        page = self.post_page(
            self.path,
            {
                "name": "  Cân điện tử cho trạm rác\r\n",
                "field_id": str(self.field.id),
                "participant_type": "individual",
                "solution_type": "technical",
                "known_solution": "Dòng một\r\nDòng hai",
                "first_applied_date": "2024-05-01",
                "benefit_amount": "150.000.000",
                "consent_publish": "1",
            },
        )
        [entry] = self._own_entries()
        self.assertEqual(entry.name, "Cân điện tử cho trạm rác")
        self.assertEqual(entry.state, "draft")
        self.assertEqual(entry.known_solution, "Dòng một\nDòng hai")
        self.assertEqual(entry.benefit_amount, 150_000_000)
        self.assertEqual(fields.Date.to_string(entry.first_applied_date), "2024-05-01")
        self.assertTrue(entry.consent_publish)
        self.assertEqual(entry.department_id, self.sub_unit)
        self.assertEqual(entry.author_ids.contribution_percent, 100)
        self.assertTrue(select(page, ".o_hoithi_notice[role=status]"))
        self.assertTrue(select(page, ".o_hoithi_not_submitted"))
        self.assertEqual(self.values(page)["name"], entry.name)

    def test_group_is_created_without_a_script(self):
        self.post(
            self.path,
            {
                "name": "Giải pháp chung",
                "participant_type": "group",
                "author_id": ["0", "", "", ""],
                "author_name": [self.staff.name, "", "Chuyên gia ngoài", ""],
                "author_email": ["", self.coauthor.email, "", ""],
                "author_percent": ["50", "30", "20", ""],
            },
        )
        [entry] = self._own_entries()
        shares = {
            line.full_name: (line.contribution_percent, line.is_representative)
            for line in entry.author_ids
        }
        self.assertEqual(
            shares,
            {
                self.staff.name: (50, True),
                self.coauthor.name: (30, False),
                "Chuyên gia ngoài": (20, False),
            },
        )

    @mute_logger("odoo.http")
    def test_missing_csrf_token_is_refused(self):
        response = self.post(self.path, {"name": "Giả mạo"}, csrf=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._own_entries())

    def test_server_fields_cannot_be_posted(self):
        self.post(
            self.path,
            {
                "name": "Gian lận",
                "state": "selected",
                "receipt_number": "IX-2027/001",
                "company_id": "99",
                "contest_id": "99",
                "average_score": "100",
                "department_id": str(self.other_unit.id),
                "code": "X",
                "submitted_on": "2020-01-01",
                "create_uid": str(self.internal.id),
            },
        )
        [entry] = self._own_entries()
        self.assertEqual(entry.state, "draft")
        self.assertFalse(entry.receipt_number)
        self.assertFalse(entry.submitted_on)
        self.assertEqual(entry.company_id, self.company)
        self.assertEqual(entry.contest_id, self.contest)
        self.assertEqual(entry.average_score, 0)
        self.assertEqual(entry.department_id, self.sub_unit)
        self.assertNotEqual(entry.code, "X")
        self.assertEqual(entry.create_uid, self.staff)

    def test_what_was_typed_is_kept_on_an_error(self):
        page = self.post_page(
            self.path,
            {
                "name": "Tên <b>giữ</b> lại",
                "field_id": "2147483648",
                "solution_type": "magic",
                "first_applied_date": "30/02/2024",
                "benefit_amount": "nhiều lắm",
                "novelty": "Rất mới",
                "author_id": ["0", ""],
                "author_name": ["", "Lý Văn Đồng"],
                "author_email": ["", ""],
                "author_percent": ["một nửa", "50"],
            },
        )
        self.assertFalse(self._own_entries())
        alert = self.alert(page)
        for text in ("30/02/2024", "nhiều lắm", "Field", "một nửa"):
            self.assertIn(text, alert)
        [form] = select(page, "form.o_hoithi_entry_form")
        values = form.fields
        self.assertEqual(values["name"], "Tên <b>giữ</b> lại")
        self.assertEqual(values["novelty"], "Rất mới")
        self.assertEqual(values["first_applied_date"], "30/02/2024")
        self.assertEqual(values["benefit_amount"], "nhiều lắm")
        names = [el.get("value") for el in select(form, "[name=author_name]")]
        self.assertEqual(names[:2], [self.staff.name, "Lý Văn Đồng"])
        shares = [el.get("value") for el in select(form, "[name=author_percent]")]
        self.assertEqual(shares[:2], ["một nửa", "50"])
        for name in ("first_applied_date", "benefit_amount"):
            [control] = select(form, f"[name={name}]")
            self.assertEqual(control.get("aria-invalid"), "true")
            self.assertIn(f"hoithi_{name}_error", control.get("aria-describedby"))
        links = [link.get("href") for link in select(page, ".o_hoithi_problems a")]
        ids = {el.get("id") for el in select(page, "[id]")}
        self.assertLessEqual({link.lstrip("#") for link in links}, ids)
        self.assertIn("#hoithi_author_name_0", links)
        self.assertIn("#hoithi_field_id", links)

    def test_name_is_needed(self):
        for data in ({}, {"name": "   "}):
            page = self.post_page(self.path, data)
            self.assertIn("name", self.alert(page))
        self.assertFalse(self._own_entries())

    def test_refused_creation_leaves_nothing(self):
        page = self.post_page(
            self.path,
            {
                "name": "Hai lần một người",
                "author_id": ["0", "", ""],
                "author_email": ["", self.coauthor.email, self.coauthor.email],
                "author_percent": ["40", "30", "30"],
            },
        )
        self.assertIn("only once", self.alert(page))
        self.assertFalse(self._own_entries())

    def test_person_without_employee_gets_a_clear_message(self):
        self.log_in(self.stranger)
        page = self.get(self.path)
        self.assertTrue(select(page, ".o_hoithi_no_employee"))
        page = self.post_page(self.path, {"name": "Không có hồ sơ"})
        self.assertIn("employee record", self.alert(page))
        self.assertFalse(
            self.env["hoithi.entry"].search([("name", "=", "Không có hồ sơ")])
        )

    def test_closed_and_unknown_contests(self):
        draft = self._create_contest(edition_number=10)
        for contest_id in (draft.id, 0, 10**9, 10**12):
            response = self.url_open(f"/my/hoithi/{contest_id}/new")
            self.assertTrue(response.url.endswith("/my/hoithi"), response.url)
            response = self.post(f"/my/hoithi/{contest_id}/new", {"name": "x"})
            self.assertTrue(response.url.endswith("/my/hoithi"), response.url)
        self.close_door()
        page = self.get(self.path)
        self.assertIn("closed on", self.alert(page))
        page = self.post_page(self.path, {"name": "Quá hạn"})
        self.assertIn("closed on", self.alert(page))
        self.assertEqual(self.values(page)["name"], "Quá hạn")
        self.assertFalse(self._own_entries())


@tagged("post_install", "-at_install")
class TestHoithiPortalEntry(HoithiPortalCase):
    """Saving, submitting, withdrawing; and what a form may not do."""

    def test_draft_is_saved_as_often_as_wanted(self):
        entry = self._create_entry()
        for text in ("Lần một", "Lần hai", "Lần ba"):
            page = self.post_page(self.entry_path(entry, "save"), {"novelty": text})
            self.assertEqual(entry.novelty, text)
            self.assertEqual(self.values(page)["novelty"], text)

    def test_control_characters_are_taken_out(self):
        entry = self._create_entry()
        self.post(
            self.entry_path(entry, "save"),
            {"name": "Trạm\x0bđo\x00\u200b", "novelty": "Mới\x0bhơn\x01\r\nlắm"},
        )
        self.assertEqual(entry.name, "Trạm đo")
        self.assertEqual(entry.novelty, "Mới\nhơn\nlắm")

    def test_only_posted_fields_are_written(self):
        entry = self._create_entry(consent_publish=True, benefit_amount=5)
        before = entry.sudo().read()[0]
        self.post(self.entry_path(entry, "save"), {"applicability": "Toàn tỉnh"})
        after = entry.sudo().read()[0]
        changed = {name for name in before if before[name] != after[name]}
        self.assertIn("applicability", changed)
        self.assertLessEqual(changed, {"applicability", "write_date", "__last_update"})

    def test_saving_the_form_untouched_changes_nothing(self):
        entry = self._create_entry(
            participant_type="group",
            benefit_amount=1500000,
            author_ids=[
                Command.create(
                    {
                        "email": self.coauthor.email,
                        "contribution_percent": 33.33,
                    }
                )
            ],
        )
        entry.with_user(self.coauthor).action_confirm()
        content = {name: entry[name] for name in ("name", "novelty", "benefit_amount")}
        page = self.get(self.entry_path(entry))
        data = {}
        for name, value in self.pairs(page):
            data.setdefault(name, []).append(value)
        data.pop("csrf_token")
        self.post(self.entry_path(entry, "save"), data)
        for name, value in content.items():
            self.assertEqual(entry[name], value)
        self.assertEqual(len(entry.author_ids), 2)
        line = entry.author_ids.filtered(lambda line: not line.is_representative)
        self.assertEqual(line.contribution_percent, 33.33)
        self.assertTrue(line.confirmed_on, "an untouched share stays confirmed")

    def test_checkbox_can_be_cleared(self):
        entry = self._create_entry(consent_publish=True)
        page = self.preview(entry)
        boxes = select(page, "input[name=consent_publish]")
        self.assertEqual([box.get("type") for box in boxes], ["hidden", "checkbox"])
        self.assertEqual(boxes[1].get("checked"), "checked")
        self.post(self.entry_path(entry, "save"), {"consent_publish": "0"})
        self.assertFalse(entry.consent_publish)
        self.post(self.entry_path(entry, "save"), {"consent_publish": ["0", "1"]})
        self.assertTrue(entry.consent_publish)

    def test_authors_are_added_changed_and_removed(self):
        entry = self._create_entry(participant_type="group")
        own = entry.representative_id
        save = self.entry_path(entry, "save")
        self.post(
            save,
            {
                "author_id": [str(own.id), "", ""],
                "author_name": ["Đổi tên", "Người Ngoài", ""],
                "author_email": ["x@example.com", "ngoai@example.com", ""],
                "author_percent": ["70", "30", ""],
            },
        )
        self.assertEqual(own.full_name, self.staff.name, "HR names the staff")
        self.assertEqual(own.contribution_percent, 70)
        other = entry.author_ids - own
        self.assertEqual(other.full_name, "Người Ngoài")
        self.assertEqual(other.email, "ngoai@example.com")
        self.post(
            save,
            {
                "author_id": [str(own.id), str(other.id)],
                "author_name": ["", "Người Ngoài Hai"],
                "author_email": ["", "ngoai@example.com"],
                "author_percent": ["65", "35"],
            },
        )
        self.assertEqual(other.full_name, "Người Ngoài Hai")
        self.assertEqual(other.email, "ngoai@example.com")
        self.assertEqual(entry.author_ids.mapped("contribution_percent"), [65, 35])
        self.post(save, {"author_delete": str(other.id)})
        self.assertEqual(entry.author_ids, own)

    # COLLEAGUES

    def _colleagues(self, query, contest=None):
        contest = contest or self.contest
        response = self.url_open(f"/my/hoithi/{contest.id}/colleagues?q={query}")
        return response.status_code, response.json()

    def test_colleagues_are_offered_as_one_types(self):
        status, answer = self._colleagues("dong ly")
        self.assertEqual(status, 200)
        [colleague] = answer["colleagues"]
        self.assertEqual({*colleague}, {"name", "unit", "offer"})
        self.assertEqual(colleague["name"], self.coauthor.name)
        self.assertNotIn(self.coauthor.email, str(answer))
        self.assertTrue(answer["is_whole"], "nothing is asked for a longer text")
        for number in range(7):
            self.env["hr.employee"].create({"name": f"Triệu Văn {number}"})
        self.assertFalse(self._colleagues("trieu")[1]["is_whole"])
        self.assertEqual(
            self._colleagues("l")[1], {"colleagues": [], "is_whole": False}
        )
        self.assertEqual(self._colleagues("ly", self.contest.browse(2**31 - 1))[0], 404)
        finder = self.env.registry["hoithi.person"]
        with patch.object(finder, "_query_limits", ((timedelta(minutes=1), 3),)):
            self.assertEqual(self._colleagues("ly")[0], 200)
            status, answer = self._colleagues("ly")
        self.assertEqual((status, answer["colleagues"]), (429, []))
        self.assertTrue(answer["error"])
        self.log_in(self.stranger)
        self.assertEqual(self._colleagues("ly")[0], 404)

    def _new_path(self):
        return f"/my/hoithi/{self.contest.id}/new"

    def _row(self, own, **typed):
        """What the form posts of the own row and a second one."""
        return {
            f"author_{name}": [own.get(name, ""), typed.get(name, "")]
            for name in ("id", "name", "email", "percent", "choice", "workplace")
        }

    def test_a_colleague_is_chosen_without_a_script(self):
        own = {"id": "0", "percent": "60"}
        typed = {
            "name": "Chung chung",
            "participant_type": "group",
            **self._row(own, name="đồng lý", percent="40"),
        }
        page = self.post_page(self._new_path(), {**typed, "author_find": "1"})
        self.assertFalse(self._own_entries(), "looking saves nothing")
        [form] = select(page, "form.o_hoithi_entry_form")
        self.assertEqual(form.fields["name"], "Chung chung")
        choices = select(form, "[name=author_choice]")[1].xpath("option")
        labels = [choice.text_content().strip() for choice in choices]
        self.assertIn(f"{self.coauthor.name} – {self.sub_unit.name}", labels)
        self.assertNotIn(self.coauthor.email, html.tostring(page, encoding="unicode"))
        offer = choices[1].get("value")
        self.post(
            self._new_path(),
            {**typed, **self._row(own, name="đồng lý", percent="40", choice=offer)},
        )
        entry = self._own_entries()
        line = entry.author_ids[1]
        self.assertEqual(line.employee_id, self.employees[self.coauthor])
        # who is in the list isn't offered for another row, nor is the author
        save = self.entry_path(entry, "save")
        for name in (self.coauthor.name, self.staff.name):
            rows = [
                {"id": str(entry.representative_id.id), "percent": "60"},
                {"id": str(line.id), "percent": "40"},
                {"name": name},
            ]
            typed = {
                f"author_{key}": [row.get(key, "") for row in rows]
                for key in ("id", "name", "email", "percent", "choice", "workplace")
            }
            page = self.post_page(save, {**typed, "author_find": "2"})
            [sought] = select(page, ".o_hoithi_author_sought")
            self.assertRegex(sought.text_content(), "No other|nào khác")

    def test_nothing_typed_is_lost_where_nobody_is_looked_for(self):
        finder = self.env.registry["hoithi.person"]
        own = {"id": "0", "percent": "60"}
        typed = {"name": "Lý Văn Đồng", "email": self.coauthor.email, "percent": "40"}
        base = {"name": "Chung", "participant_type": "group"}
        with patch.object(finder, "_query_limits", ((timedelta(hours=1), 0),)):
            page = self.post_page(self._new_path(), {**base, **self._row(own, **typed)})
        [beside] = select(page, ".o_hoithi_author_unasked")
        self.assertRegex(beside.text_content(), "1 (hour|giờ)")
        self.assertTrue(select(page, ".o_hoithi_notice.alert-warning"))
        entry = self._own_entries()
        line = entry.author_ids[1]
        self.assertEqual(
            (line.full_name, line.identification), (typed["name"], "unknown")
        )
        self.assertEqual(line.email, self.coauthor.email)
        self.assertEqual(line.contribution_percent, 40)
        save = self.entry_path(entry, "save")
        own = {"id": str(entry.representative_id.id), "percent": "60"}
        typed = {"email": "ai.do@so.example.vn", "percent": "10"}
        with patch.object(finder, "_query_limits", ((timedelta(days=1), 0),)):
            page = self.post_page(
                save, {"short_name": "Ngắn", "preview": "1", **self._row(own, **typed)}
            )
        [beside] = select(page, ".o_hoithi_author_unasked")
        self.assertRegex(beside.text_content(), "1 (day|ngày)")
        self.assertEqual(entry.short_name, "Ngắn")
        self.assertEqual(entry.author_ids[2].full_name, typed["email"])

    def test_who_it_is_is_asked(self):
        entry = self._create_entry(participant_type="group")
        save = self.entry_path(entry, "save")
        own = {"id": str(entry.representative_id.id), "percent": "60"}
        page = self.post_page(save, self._row(own, name="Vi Văn Một", percent="40"))
        line = entry.author_ids[1]
        self.assertEqual(line.identification, "unknown")
        self.assertIn("isn't identified yet", entry.missing_items)
        [row] = select(page, "[name=author_workplace]")[1].xpath(
            "ancestor::fieldset[1]"
        )
        self.assertRegex(row.text_content(), "Not identified yet|Chưa xác định")
        typed = {"id": str(line.id), "name": "Vi Văn Một", "percent": "40"}
        page = self.post_page(save, self._row(own, **typed, choice="outsider"))
        self.assertRegex(self.alert(page), "works")
        self.post(save, self._row(own, **typed, choice="outsider", workplace="Xã A"))
        self.assertEqual((line.identification, line.workplace), ("outsider", "Xã A"))
        self.assertNotIn("identified", entry.missing_items)

    def test_name_and_address_that_disagree_are_both_shown(self):
        own = {"id": "0", "percent": "60"}
        typed = {"name": "Ngọc Thị Khác", "email": self.coauthor.email, "percent": "40"}
        base = {"name": "Chung", "participant_type": "group"}
        page = self.post_page(self._new_path(), {**base, **self._row(own, **typed)})
        alert = self.alert(page)
        self.assertIn("Ngọc Thị Khác", alert)
        self.assertIn(self.coauthor.name, alert)
        self.assertFalse(self._own_entries())
        select_ = select(page, "[name=author_choice]")[1]
        self.assertEqual(len(select_.xpath("option")), 3, "asked, colleague, outside")

    def test_a_forged_choice_is_refused(self):
        own = {"id": "0", "percent": "60"}
        for choice in (str(self.employees[self.coauthor].id), "x", "đ"):
            data = self._row(own, name="A", percent="40", choice=choice)
            page = self.post_page(self._new_path(), {"name": "Chung", **data})
            self.assertTrue(self.alert(page))
        self.assertFalse(self._own_entries())

    def test_a_coauthor_declines(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        self.log_in(self.coauthor)
        page = self.get(self.entry_path(entry))
        self.assertTrue(select(page, ".o_hoithi_decline"))
        path = self.entry_path(entry, "decline")
        page = self.post_page(path, {"reason": " "})
        self.assertTrue(self.alert(page))
        self.assertTrue(select(page, ".o_hoithi_decline[open] textarea.is-invalid"))
        self.post(path, {"reason": "Không phải tôi"})
        self.env.invalidate_all()
        self.assertEqual(entry.author_ids, entry.representative_id)

    def test_lines_of_others_cannot_be_touched(self):
        entry = self._create_entry()
        foreign = self._create_entry(self.internal).representative_id
        page = self.post_page(
            self.entry_path(entry, "save"),
            {
                "author_id": [str(foreign.id)],
                "author_name": ["Chiếm đoạt"],
                "author_email": [""],
                "author_percent": ["1"],
            },
        )
        self.assertTrue(self.alert(page))
        self.post(self.entry_path(entry, "save"), {"author_delete": str(foreign.id)})
        self.assertEqual(foreign.contribution_percent, 100)
        self.assertEqual(foreign.full_name, self.internal.name)

    def test_refused_save_leaves_nothing_half_written(self):
        entry = self._create_entry()
        before = entry.novelty
        page = self.post_page(
            self.entry_path(entry, "save"),
            {
                "novelty": "Chưa được ghi",
                "author_id": [str(entry.representative_id.id)],
                "author_percent": ["150"],
            },
        )
        self.assertIn("between 0 and 100", self.alert(page))
        self.assertEqual(entry.novelty, before)
        self.assertEqual(entry.representative_id.contribution_percent, 100)
        self.assertEqual(self.values(page)["novelty"], "Chưa được ghi")

    def test_odd_input_is_no_server_error(self):
        entry = self._create_entry()
        for data in (
            {"name": "a\x00b"},
            {"benefit_amount": "9" * 400},
            {"field_id": "abc"},
            {"field_id": "-1"},
            {"first_applied_date": "0000-00-00"},
            {"novelty_level": "galaxy"},
            {"author_id": "x", "author_percent": "1"},
            {"author_percent": "1"},
            {"author_name": "A", "author_email": "not an address"},
            {"author_delete": "9" * 30},
            {},
        ):
            response = self.post(self.entry_path(entry, "save"), data)
            self.assertEqual(response.status_code, 200, data)
        self.assertEqual(entry.name, "ab")
        self.assertEqual(len(entry.author_ids), 1)

    def test_what_is_missing_is_told_on_the_form(self):
        entry = self._create_entry(
            with_file=False, field_id=False, first_applied_date=False
        )
        page = self.get(self.entry_path(entry))
        missing = [el.text for el in select(page, ".o_hoithi_missing_text")]
        self.assertEqual(missing, entry.missing_items.splitlines())
        for text in ("field", "first applied", "dossier"):
            self.assertIn(text, " ".join(missing))
        [bar] = select(page, "[role=progressbar]")
        self.assertEqual(bar.get("aria-valuenow"), str(entry.completeness))
        ids = {el.get("id") for el in select(page, "[id]")}
        for link in select(page, ".o_hoithi_missing a, .o_hoithi_rail a"):
            self.assertIn(link.get("href").lstrip("#"), ids)

    def test_submission_and_what_follows(self):
        entry = self._create_entry(social_benefit="Nước sạch hơn")
        page = self.submit(self.preview(entry))
        self.assertEqual(entry.state, "submitted")
        self.assertEqual(
            self.text(page, ".o_hoithi_receipt_number"), entry.receipt_number
        )
        # what its number is made of
        self.assertIn(
            f"ends in {self.contest.year_end}", self.text(page, ".o_hoithi_receipt")
        )
        [line] = select(page, ".o_hoithi_receipt_file")
        self.assertIn(entry.dossier_ids.sha256[:12], line.text_content())
        # read-only from now on
        self.assertFalse(select(page, ".o_hoithi_entry_form, input[type=file]"))
        self.assertIn("Nước sạch hơn", self.text(page, ".o_hoithi_entry_content"))
        [copy] = select(page, ".o_hoithi_copy[data-is-submitted]")
        self.assertEqual(
            copy.get("data-copy"), f"hoithi.{self.staff.id}.entry.{entry.id}"
        )
        for action, data in (
            ("save", {"name": "Sửa sau khi nộp"}),
            ("submit", {"name": "Sửa sau khi nộp"}),
            ("files", {"delete_id": str(entry.dossier_ids.id)}),
        ):
            page = self.post_page(self.entry_path(entry, action), data)
            self.assertTrue(self.alert(page), action)
        self.assertEqual(entry.name, "Phần mềm theo dõi chất lượng nước mặt")
        self.assertEqual(entry.state, "submitted")
        self.assertEqual(len(entry.dossier_ids), 1)

    def test_nothing_is_lost_when_the_door_closes_meanwhile(self):
        entry = self._create_entry()
        self.close_door()
        page = self.post_page(
            self.entry_path(entry, "save"), {"novelty": "Gõ cả buổi tối"}
        )
        self.assertIn("closed", self.alert(page))
        self.assertEqual(self.values(page)["novelty"], "Gõ cả buổi tối")
        page = self.get(self.entry_path(entry))
        self.assertFalse(select(page, ".o_hoithi_entry_form"))
        self.assertNotEqual(entry.novelty, "Gõ cả buổi tối")
        # what only the device has is compared there with what was saved
        [copy] = select(page, ".o_hoithi_copy [data-name=novelty]")
        self.assertEqual(copy.get("data-kept"), entry.novelty or "")

    def test_supplement(self):
        entry = self._submit_entry()
        receipt = entry.receipt_number
        due = fields.Datetime.now() + timedelta(days=3)
        entry.with_user(self.secretary).action_request_supplement(
            reason="Bổ sung toàn văn.", due_date=due
        )
        page = self.get("/my/hoithi")
        self.assertIn("Supplement needed", self.text(page, ".o_hoithi_waiting"))
        page = self.get(self.entry_path(entry))
        panel = self.text(page, ".o_hoithi_supplement")
        self.assertIn("Bổ sung toàn văn.", panel)
        self.assertIn(f"{due + timedelta(hours=7):%H:%M %d/%m/%Y}", panel)
        self.post(self.entry_path(entry, "save"), {"novelty": "Đã bổ sung"})
        self.submit(self.preview(entry))
        self.assertEqual(entry.state, "submitted")
        self.assertEqual(entry.novelty, "Đã bổ sung")
        self.assertEqual(entry.receipt_number, receipt)

    def test_ineligible_entry_shows_the_reason(self):
        entry = self._submit_entry()
        entry.with_user(self.secretary).action_mark_ineligible(reason="Trùng giải pháp")
        page = self.get(self.entry_path(entry))
        self.assertIn("Trùng giải pháp", self.text(page, ".o_hoithi_ineligible"))

    def test_result_is_told(self):
        entry = self._eligible_entry()
        reviews = self._assign(entry, self.member1, self.member2)
        self._start_review()
        for review in reviews:
            self._score(review, 20, 20)
        self.contest.with_user(self.secretary).action_start_council()
        entry.with_user(self.secretary).action_not_select(reason="Chưa đủ điểm")
        page = self.get(self.entry_path(entry))
        self.assertIn("Chưa đủ điểm", self.text(page, ".o_hoithi_not_selected"))
        self.assertFalse(select(page, ".o_hoithi_awards"))
        author = entry.sudo().author_ids
        self.env["hoithi.award"].create(
            {
                "entry_id": entry.id,
                "author_id": author.id,
                "rank": "youngest",
                "level": "province",
            }
        )
        page = self.get(self.entry_path(entry))
        self.assertIn(author.full_name, self.text(page, ".o_hoithi_awards"))
        self.assertIn("An author", self.text(page, "#hoithi_result_title"))
        self.env["hoithi.award"].create(
            {
                "entry_id": entry.id,
                "rank": "third",
                "level": "province",
                "decision_number": "214/QĐ-BTCHT",
            }
        )
        page = self.get(self.entry_path(entry))
        self.assertIn("Third prize", self.text(page, ".o_hoithi_awards"))
        self.assertIn("214/QĐ-BTCHT", self.text(page, ".o_hoithi_awards"))
        self.assertIn("The solution", self.text(page, "#hoithi_result_title"))

    def test_withdrawal_needs_a_reason(self):
        entry = self._submit_entry()
        page = self.get(self.entry_path(entry))
        self.assertTrue(select(page, "details.o_hoithi_withdraw textarea"))
        page = self.post_page(
            self.entry_path(entry, "withdraw"), {"withdraw_reason": " "}
        )
        self.assertEqual(entry.state, "submitted")
        self.assertTrue(self.alert(page))
        [details] = select(page, "details.o_hoithi_withdraw")
        self.assertIsNotNone(details.get("open"))
        page = self.post_page(
            self.entry_path(entry, "withdraw"), {"withdraw_reason": "Chưa hoàn thiện"}
        )
        self.assertEqual(entry.state, "withdrawn")
        self.assertEqual(entry.withdraw_reason, "Chưa hoàn thiện")
        self.assertIn("Chưa hoàn thiện", self.text(page, ".o_hoithi_withdrawn"))
        self.assertFalse(select(page, ".o_hoithi_withdraw"))

    def test_a_draft_is_deleted_and_not_withdrawn(self):
        entry = self._create_entry()
        page = self.get(self.entry_path(entry))
        self.assertTrue(select(page, ".o_hoithi_delete form"))
        self.assertFalse(select(page, ".o_hoithi_withdraw"))
        page = self.post_page(
            self.entry_path(entry, "withdraw"), {"withdraw_reason": "Thôi"}
        )
        self.assertIn("delete the draft instead", self.alert(page))
        self.assertEqual(entry.state, "draft")

    def test_withdrawal_that_is_refused_keeps_the_reason(self):
        entry = self._eligible_entry()
        self._assign(entry, self.member1, self.member2)
        self._start_review()
        page = self.post_page(
            self.entry_path(entry, "withdraw"), {"withdraw_reason": "Muộn"}
        )
        self.assertEqual(entry.state, "reviewing")
        self.assertTrue(self.alert(page))

    def test_get_on_a_post_route_leads_to_the_entry(self):
        entry = self._create_entry()
        for action in ("save", "submit", "withdraw", "confirm", "files"):
            response = self.url_open(self.entry_path(entry, action))
            self.assertTrue(response.url.endswith(self.entry_path(entry)))
        self.assertEqual(entry.state, "draft")

    @mute_logger("odoo.http")
    def test_every_post_needs_its_token(self):
        entry = self._create_entry()
        for action in ("save", "submit", "withdraw", "confirm", "files"):
            response = self.post(
                self.entry_path(entry, action),
                {"name": "Giả mạo", "withdraw_reason": "Giả mạo"},
                csrf=False,
            )
            self.assertEqual(response.status_code, 400, action)
        self.assertEqual(entry.state, "draft")
        self.assertNotEqual(entry.name, "Giả mạo")

    def test_server_fields_cannot_be_posted(self):
        entry = self._create_entry()
        self.post(
            self.entry_path(entry, "save"),
            {
                "name": "Tên mới",
                "state": "selected",
                "receipt_number": "1",
                "company_id": "1",
                "average_score": "99",
                "supplement_due": "2099-01-01",
                "priority": "1",
            },
        )
        self.assertEqual(entry.name, "Tên mới")
        self.assertEqual(entry.state, "draft")
        self.assertFalse(entry.receipt_number)
        self.assertFalse(entry.supplement_due)
        self.assertEqual(entry.priority, "0")
        self.assertEqual(entry.sudo().average_score, 0)

    def test_query_count_of_the_page_does_not_grow_with_files(self):
        entry = self._create_entry()
        few = self.count_queries(self.entry_path(entry))
        for number in range(10):
            self._add_file(entry, filename=f"tep-{number}.pdf")
        self.assertLessEqual(self.count_queries(self.entry_path(entry)), few)


@tagged("post_install", "-at_install")
class TestHoithiPortalFiles(HoithiPortalCase):
    """The slots of the dossier."""

    def setUp(self):
        super().setUp()
        self.entry = self._create_entry(with_file=False)
        self.path = self.entry_path(self.entry, "files")

    def upload(self, *files, type_id=None, **data):
        return self.post_page(
            self.path,
            {"type_id": str(type_id or self.dossier_type.id), **data},
            files=[("file", file) for file in files],
        )

    def test_slots_tell_their_rules(self):
        page = self.get(self.entry_path(self.entry))
        slots = {
            int(slot.get("data-type-id")): slot
            for slot in select(page, ".o_hoithi_slot")
        }
        self.assertEqual(set(slots), set(self.contest.asked_dossier_type_ids.ids))
        slot = slots[self.dossier_type.id]
        [form] = select(slot, "form.o_hoithi_upload")
        self.assertEqual(form.get("enctype"), "multipart/form-data")
        self.assertEqual(form.action, self.path)
        [control] = select(form, "input[type=file][name=file]")
        self.assertEqual(control.get("accept"), ".pdf,.docx")
        self.assertEqual(control.get("data-max-size"), str(20 * 1024 * 1024))
        self.assertIn("PDF, DOCX", slot.text_content())
        self.assertIn("20\N{NO-BREAK SPACE}MB", slot.text_content())

    def test_the_photograph_is_asked_where_the_form_asks_for_it(self):
        """Also where the contest names the parts of its dossier, and not this one."""
        photograph = self.env.ref("hoithi_contest.hoithi_dossier_type_photo")
        self.contest.sudo()._open_door().dossier_type_ids = self.dossier_type
        address = self.entry_path(self.entry)

        def get_slots():
            return {
                int(slot.get("data-type-id")): " ".join(slot.text_content().split())
                for slot in select(self.get(address), ".o_hoithi_slot")
            }

        self.assertEqual(set(get_slots()), {self.dossier_type.id})
        self.upload(("anh.png", PNG), type_id=photograph.id)
        self.assertFalse(self.entry.dossier_ids)
        self.contest.sudo()._open_door().ask_photo = True
        slots = get_slots()
        self.assertEqual(set(slots), {self.dossier_type.id, photograph.id})
        self.assertIn("registration form prints it", slots[photograph.id])
        self.assertNotIn("registration form prints it", slots[self.dossier_type.id])
        # and where what is missing is listed: on the form, before the submission
        place = f"hoithi_slot_{photograph.id}"
        page = self.get(address)
        [link] = select(page, "#hoithi_check .o_hoithi_photograph_gap")
        self.assertEqual(link.get("href"), f"#{place}")
        self.assertTrue(select(page, f"#{place}"))
        preview = self.preview(self.entry)
        for part in (".o_hoithi_preview_files", ".o_hoithi_preview_empties"):
            links = [a.get("href") for a in select(preview, f"{part} a")]
            self.assertIn(f"{address}#{place}", links)
        self.upload(("anh.png", PNG), type_id=photograph.id)
        self.assertEqual(self.entry.dossier_ids.type_id, photograph)
        self.assertFalse(select(self.get(address), ".o_hoithi_photograph_gap"))
        links = [a.get("href") for a in select(self.preview(self.entry), "a[href]")]
        self.assertNotIn(f"{address}#{place}", links)
        # the department's own comes before that of all
        own = photograph.copy({"company_id": self.company.id})
        self.assertEqual(self.contest._get_dossier_types(), self.dossier_type | own)

    def test_several_files_at_once(self):
        page = self.upload(("một.pdf", PDF), ("hai.pdf", PDF + b"% two\n"))
        self.assertEqual(
            self.entry.dossier_ids.mapped("filename"), ["một.pdf", "hai.pdf"]
        )
        self.assertEqual(self.entry.dossier_ids.type_id, self.dossier_type)
        links = select(page, ".o_hoithi_file_name")
        self.assertEqual([link.text for link in links], ["một.pdf", "hai.pdf"])
        response = self.url_open(links[0].get("href"))
        self.assertEqual(response.content, PDF)
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_several_files_of_a_request_that_begins_anew(self):
        begun_anew = []

        def draw(item):
            # both files are read by now
            if item.filename == "hai.pdf" and not begun_anew:
                begun_anew.append(item.id)
                raise ConcurrencyError("somebody else was faster")

        with (
            patch.object(self.registry["hoithi.dossier.item"], "_draw", draw),
            # no need to wait
            patch.object(model.random, "uniform", return_value=0),
        ):
            self.upload(("một.pdf", PDF), ("hai.pdf", PDF + b"% two\n"))
        self.assertTrue(begun_anew)
        self.entry.invalidate_recordset()
        self.assertEqual(
            [(item.filename, item.file_size) for item in self.entry.dossier_ids],
            [("một.pdf", len(PDF)), ("hai.pdf", len(PDF) + 6)],
        )

    def test_a_file_comes_back_under_its_name(self):
        for name in (
            "“Bản mô tả” (đã sửa).pdf",
            'Bản "nháp" số 2.pdf',
            "mô tả, 1; đ.pdf",
            "mo ta.pdf",
            "a; b, c.pdf",
            "Nước 'sạch' – 100% [mới] #2 & {đ}.pdf",
            "it's (1) = 50% *ok*.pdf",
            "水 – 1,5 tỷ @ <đ>.pdf",
            "Ảnh 😀… — số 1=“một”; filename=x.exe; .pdf",
        ):
            page = self.upload((name, PDF + name.encode()))
            link = next(
                link
                for link in select(page, ".o_hoithi_file_name")
                if link.text == name
            )
            response = self.url_open(link.get("href"))
            header = response.headers["Content-Disposition"]
            # as browsers read it: an extended value is never quoted
            extended = re.search(
                r"filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)(;|$)", header
            )
            plain = re.search(r'filename="?([^"]+?)"?$', header)
            self.assertEqual(unquote(extended[1]) if extended else plain[1], name)

    def test_a_file_is_told_of_under_the_name_it_is_kept_by(self):
        hidden = "\u202e"
        page = self.upload((f"mo{hidden}ta.pdf", PDF), (f"mo{hidden}ta.exe", b"MZ"))
        self.assertEqual(self.entry.dossier_ids.filename, "mota.pdf")
        self.assertIn("mota.pdf", self.alert(page))
        self.assertIn("mota.exe", self.alert(page))
        self.assertNotIn(hidden, self.alert(page))

    def test_a_bad_file_does_not_take_the_good_one_with_it(self):
        page = self.upload(("tốt.pdf", PDF), ("xấu.exe", b"MZ"))
        self.assertEqual(self.entry.dossier_ids.mapped("filename"), ["tốt.pdf"])
        alert = self.alert(page)
        self.assertIn("xấu.exe", alert)
        self.assertIn("tốt.pdf", alert)

    def test_wrong_files_are_refused(self):
        for name, content in (
            ("anh.png", PNG),  # a type that the slot doesn't take
            ("gia-mao.pdf", PNG),  # another content than the name says
            ("rong.pdf", b""),
            ("khong-duoi", PDF),
        ):
            page = self.upload((name, content))
            self.assertIn(name, self.alert(page))
        self.assertFalse(self.entry.dossier_ids)

    def test_file_that_is_too_large_is_refused(self):
        self.dossier_type.max_size_mb = 0.001
        page = self.upload(("lon.pdf", PDF + b" " * 2000))
        self.assertIn("0.001 MB", self.alert(page))
        self.assertFalse(self.entry.dossier_ids)

    def test_unknown_type_is_refused(self):
        retired = self.env["hoithi.dossier.type"].create(
            {"name": "Đã bỏ", "active": False}
        )
        for type_id in (retired.id, 10**12, "abc", ""):
            page = self.post_page(
                self.path, {"type_id": str(type_id)}, files={"file": ("a.pdf", PDF)}
            )
            self.assertTrue(self.alert(page))
        self.assertFalse(self.entry.dossier_ids)

    def test_nothing_chosen(self):
        page = self.upload(("", b""))
        self.assertTrue(self.alert(page))

    def test_file_is_removed(self):
        item = self._add_file(self.entry)
        attachment = item.attachment_id
        page = self.get(self.entry_path(self.entry))
        [form] = select(page, ".o_hoithi_file form.o_hoithi_remove")
        self.assertEqual(dict(form.form_values())["delete_id"], str(item.id))
        page = self.post_page(self.path, {"delete_id": str(item.id)})
        self.assertFalse(self.alert(page))
        self.assertFalse(self.entry.dossier_ids)
        self.assertTrue(attachment.sudo().exists(), "it can be put back")
        self.assertTrue(select(page, "form.o_hoithi_undo"))

    def test_files_of_others_cannot_be_removed(self):
        foreign = self._create_entry(self.internal).dossier_ids
        for delete_id in (foreign.id, 10**12, "abc"):
            page = self.post_page(self.path, {"delete_id": str(delete_id)})
            self.assertTrue(self.alert(page))
        self.assertTrue(foreign.exists())


@tagged("post_install", "-at_install")
class TestHoithiPortalOthers(HoithiPortalCase):
    """Co-authors see and confirm; strangers get nothing."""

    def setUp(self):
        super().setUp()
        self.entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "email": self.coauthor.email,
                        "contribution_percent": 25.5,
                    }
                )
            ],
        )

    def test_coauthor_reads_and_confirms(self):
        self.log_in(self.coauthor)
        page = self.get(self.entry_path(self.entry))
        self.assertFalse(select(page, ".o_hoithi_entry_form, input[type=file]"))
        self.assertFalse(select(page, ".o_hoithi_withdraw, .o_hoithi_submit"))
        self.assertIn("25.5 %", self.text(page, ".o_hoithi_confirm"))
        [form] = select(page, ".o_hoithi_confirm form")
        self.assertEqual(form.action, self.entry_path(self.entry, "confirm"))
        page = self.post_page(form.action)
        line = self.entry.author_ids.filtered(lambda line: not line.is_representative)
        self.assertTrue(line.confirmed_on)
        self.assertFalse(select(page, ".o_hoithi_confirm"))
        self.assertTrue(select(page, ".o_hoithi_confirmed"))

    def test_coauthor_changes_nothing(self):
        self.log_in(self.coauthor)
        line = self.entry.author_ids.filtered(lambda line: not line.is_representative)
        item = self.entry.dossier_ids
        for action, data in (
            ("save", {"name": "Chiếm quyền"}),
            ("save", {"author_id": str(line.id), "author_percent": "90"}),
            ("submit", {}),
            ("withdraw", {"withdraw_reason": "Phá"}),
            ("files", {"delete_id": str(item.id)}),
        ):
            page = self.post_page(self.entry_path(self.entry, action), data)
            self.assertTrue(self.alert(page), action)
        page = self.post_page(
            self.entry_path(self.entry, "files"),
            {"type_id": str(self.dossier_type.id)},
            files={"file": ("a.pdf", PDF)},
        )
        self.assertTrue(self.alert(page))
        self.assertEqual(self.entry.state, "draft")
        self.assertNotEqual(self.entry.name, "Chiếm quyền")
        self.assertEqual(line.contribution_percent, 25.5)
        self.assertEqual(self.entry.dossier_ids, item)

    def test_representative_is_not_asked_to_confirm(self):
        page = self.get(self.entry_path(self.entry))
        self.assertFalse(select(page, ".o_hoithi_confirm"))

    def test_stranger_gets_nothing(self):
        item = self.entry.dossier_ids
        for user in (self.stranger, self.internal):
            self.log_in(user)
            page = self.get("/my/hoithi")
            self.assertFalse(select(page, ".o_hoithi_entry, .o_hoithi_waiting"))
            response = self.url_open(self.entry_path(self.entry))
            self.assertTrue(response.url.endswith("/my/hoithi"))
            self.assertNotIn(self.entry.name, response.text)
            for action in ("save", "submit", "withdraw", "confirm", "files"):
                response = self.post(
                    self.entry_path(self.entry, action),
                    {
                        "name": "Chiếm quyền",
                        "withdraw_reason": "Phá",
                        "delete_id": str(item.id),
                    },
                )
                self.assertTrue(response.url.endswith("/my/hoithi"), action)
                self.assertNotIn(self.entry.name, response.text)
            response = self.url_open(f"/web/content/{item.attachment_id.id}")
            self.assertNotEqual(response.status_code, 200)
        self.assertEqual(self.entry.state, "draft")
        self.assertTrue(item.exists())

    def test_unknown_entries(self):
        for entry_id in (0, 10**9, 10**15):
            for action in ("", "/save", "/files"):
                path = f"/my/hoithi/entries/{entry_id}{action}"
                self.assertTrue(self.url_open(path).url.endswith("/my/hoithi"))
            response = self.post(f"/my/hoithi/entries/{entry_id}/save", {"name": "x"})
            self.assertTrue(response.url.endswith("/my/hoithi"))

    def test_secretarys_own_list_holds_own_entries_only(self):
        self.log_in(self.secretary)
        page = self.get("/my/hoithi")
        self.assertFalse(select(page, ".o_hoithi_entry, .o_hoithi_waiting"))
        page = self.get(self.entry_path(self.entry))
        self.assertFalse(select(page, ".o_hoithi_entry_form"))


@tagged("post_install", "-at_install")
class TestHoithiPublic(HoithiPortalCase):
    """What everyone may read of a published contest."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def test_only_published_contests_are_shown(self):
        path = f"/hoithi/{self.contest.id}"
        page = self.get("/hoithi")
        ids = [el.get("data-contest-id") for el in select(page, ".o_hoithi_contest")]
        self.assertNotIn(str(self.contest.id), ids)
        self.get(path, status=404)
        self.get("/hoithi/999999999999", status=404)
        self.contest.with_user(self.publisher).action_publish()
        page = self.get("/hoithi")
        ids = [el.get("data-contest-id") for el in select(page, ".o_hoithi_contest")]
        self.assertIn(str(self.contest.id), ids)
        self.contest.with_user(self.publisher).action_unpublish()
        self.get(path, status=404)
        self.log_in(self.secretary)
        self.get(path, status=404)

    def test_page_tells_the_rules(self):
        self.contest.with_user(self.publisher).action_publish()
        self.contest.description = "<p>Phát huy sáng kiến.</p>"
        page = self.get(f"/hoithi/{self.contest.id}")
        self.assertEqual(self.text(page, "h1"), self.contest.name)
        self.assertIn("Phát huy sáng kiến.", self.text(page, "#purpose"))
        self.assertIn(self.field.name, self.text(page, ".o_hoithi_fields"))
        self.assertIn("01/QĐ-UBND", self.text(page, ".o_hoithi_legal_bases"))
        points = [cell.text for cell in select(page, ".o_hoithi_criteria td")]
        self.assertEqual(points, ["40", "60"])
        self.assertTrue(select(page, f"a[href='/my/hoithi/{self.contest.id}/new']"))

    def test_nobody_is_named(self):
        self._submit_entry()
        self.contest.with_user(self.publisher).action_publish()
        response = self.url_open(f"/hoithi/{self.contest.id}")
        self.assertNotIn(self.staff.name, response.text)
        self.assertNotIn("Phần mềm theo dõi", response.text)

    def test_cancelled_contest_says_so(self):
        self.contest.with_user(self.publisher).action_publish()
        self.contest.with_user(self.secretary).action_cancel(reason="Sáp nhập đơn vị")
        page = self.get(f"/hoithi/{self.contest.id}")
        self.assertIn("Sáp nhập đơn vị", self.text(page, ".o_hoithi_banner"))
        self.assertFalse(select(page, f"a[href='/my/hoithi/{self.contest.id}/new']"))
        self.assertFalse(select(page, ".o_hoithi_due"))
