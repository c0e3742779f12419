import base64
import io
import json
import re
from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import etree
from markupsafe import Markup
from PIL import Image
from werkzeug.exceptions import BadRequest, MethodNotAllowed, RequestEntityTooLarge

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..common import OUTSIDER, PDF
from ..contest import test_hoithi_portal
from . import test_hoithi_question

select = test_hoithi_portal.select
QuestionCase = test_hoithi_question.QuestionCase

SECRET = "TUYỆTMẬT"


class PublicationCase(QuestionCase):
    """A contest that is over, with an awarded entry of two authors and another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water = cls._eligible_entry(
            name="Trạm đo nước mặt",
            participant_type="group",
            consent_publish=True,
            author_ids=[
                Command.create(
                    {
                        "partner_id": cls.staff.partner_id.id,
                        "contribution_percent": 60,
                        "is_representative": True,
                    }
                ),
                Command.create(
                    {
                        "email": cls.coauthor.email,
                        "contribution_percent": 40,
                    }
                ),
            ],
        )
        cls.land = cls._eligible_entry(
            cls.internal, name="Bản đồ đất", consent_publish=False
        )
        cls.award = cls.env["hoithi.award"].create(
            {"entry_id": cls.water.id, "level": "unit", "rank": "first"}
        )
        cls.lines = {line.partner_id: line for line in cls.water.sudo().author_ids}
        cls.co_line = cls.lines[cls.coauthor.partner_id].with_user(cls.coauthor)
        cls.own_line = cls.lines[cls.staff.partner_id].with_user(cls.staff)

    @classmethod
    def _put(cls, record, **vals):
        """Set what only finished work would bring about."""
        record.sudo().with_context(hoithi_door=Load()).write(vals)

    @classmethod
    def _decide(cls, state="closed"):
        cls._put(cls.water | cls.land, state="nominated")
        cls._put(cls.contest, state=state)

    @classmethod
    def _release(cls):
        cls._decide()
        publisher = cls.contest.with_user(cls.publisher)
        publisher.action_publish()
        publisher.action_publish_results()

    def _result(self, title):
        return next(
            result
            for result in self.contest._get_public_results()
            if result["title"] == title
        )


@tagged("post_install", "-at_install")
class TestHoithiPublication(PublicationCase):
    """Who releases results, when, and whom they name."""

    def test_only_decided_results_of_a_public_contest(self):
        publisher = self.contest.with_user(self.publisher)
        with self.assertRaisesRegex(UserError, "Publish .* first"):
            publisher.action_publish_results()
        publisher.action_publish()
        shown, obstacles = self._show(publisher, "action_ask_publish_results")
        self.assertIn("aren't decided", obstacles[0])
        for state in ("open", "screening", "review", "council"):
            self._put(self.contest, state=state)
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(UserError, "aren't decided"),
            ):
                publisher.action_publish_results()
        self._decide("council")
        shown, obstacles = self._show(publisher, "action_ask_publish_results")
        self.assertEqual(obstacles, [])
        self.assertIn("shows 2 entries", shown.effects[0])
        shown.action_apply()
        self.assertTrue(self.contest.results_published)

    def test_nothing_to_show_is_refused(self):
        self.award.unlink()
        self._put(self.water | self.land, state="not_selected")
        self._put(self.contest, state="closed")
        publisher = self.contest.with_user(self.publisher)
        publisher.action_publish()
        with self.assertRaisesRegex(UserError, "no selected"):
            publisher.action_publish_results()

    def test_release_is_the_publishers_act(self):
        self._decide()
        self.contest.with_user(self.publisher).action_publish()
        for user in (self.staff, self.internal, self.head, self.chair, self.leader):
            for act in (
                "action_publish_results",
                "action_withdraw_results",
                "action_ask_withdraw_results",
            ):
                model = self.env["hoithi.contest"].with_user(user)
                with (
                    self.subTest(user=user.login, act=act),
                    self.assertRaises(AccessError),
                ):
                    call_kw(model, act, [self.contest.ids], {})
        for user in (self.publisher, self.secretary):
            contest = self.contest.with_user(user)
            self.assertTrue(contest.can_publish_results)
            contest.action_publish_results()
            self.assertTrue(self.contest.results_published_on)
            self.assertIn("published", self.contest.message_ids[0].body)
            self.assertEqual(self.contest.message_ids[0].author_id, user.partner_id)
            shown, obstacles = self._show(contest, "action_ask_withdraw_results")
            self.assertEqual(obstacles, [])
            shown.action_apply()
            self.assertFalse(self.contest.results_published)
            self.assertFalse(self.contest.results_published_on)
            self.assertIn("withdrawn", self.contest.message_ids[0].body)
        self.assertFalse(self.contest.with_user(self.leader).can_publish_results)

    def test_what_is_done_already_is_neither_logged_nor_dated_anew(self):
        self._decide()
        contest = self.contest.with_user(self.publisher)
        said = self.contest.message_ids
        contest.action_unpublish()
        contest.action_withdraw_results()
        self.assertEqual(self.contest.message_ids, said, "nothing is said of it")
        contest.action_publish()
        contest.action_publish_results()
        said = self.contest.message_ids
        contest.with_user(self.secretary).action_publish()
        contest.with_user(self.secretary).action_publish_results()
        self.assertEqual(self.contest.message_ids, said)
        self.assertEqual(self.contest.published_by_id, self.publisher)
        self.assertEqual(self.contest.results_published_by_id, self.publisher)

    def test_release_is_not_written(self):
        self._decide()
        office = self.contest.with_user(self.secretary)
        with self.assertRaises(AccessError):
            office.write({"results_published": True})
        self._release()
        with self.assertRaises(AccessError):
            office.write({"results_published_on": "2020-01-01 00:00:00"})
        self.assertNotEqual(self.contest.results_published_on.year, 2020)

    def test_results_need_the_page_as_well(self):
        self._release()
        self.assertTrue(self.contest._get_public_results())
        self.contest.with_user(self.publisher).action_unpublish()
        self.assertFalse(self.contest._get_public_results())

    def test_a_title_is_told_to_authors_once_everybody_may_read_it(self):
        entries = self.env["hoithi.entry"].with_user(self.other_head)
        near = "Trạm đo mặt nước"
        self._decide()
        self.assertFalse(entries._find_alike(self.contest, near))
        self._release()
        [told] = entries._find_alike(self.contest, near)
        self.assertEqual(
            (told["title"], told["path"], told["is_own"]),
            (
                "Trạm đo nước mặt",
                f"/hoithi/{self.contest.id}/results/{self.water.id}",
                False,
            ),
        )
        # whose representative didn't agree isn't told of
        self.assertFalse(entries._find_alike(self.contest, "Bản đồ đất đai"))
        self.contest.with_user(self.publisher).action_withdraw_results()
        self.assertFalse(entries._find_alike(self.contest, near))

    def test_whom_results_name(self):
        self._release()
        water = self._result("Trạm đo nước mặt")
        self.assertEqual(water["authors"], [self.staff.name])
        self.assertEqual(water["hidden_authors"], 1)
        self.assertEqual(water["unit"], self.sub_unit.name)
        self.assertEqual([award["key"] for award in water["awards"]], ["first"])
        land = self._result("")
        self.assertEqual((land["authors"], land["hidden_authors"]), ([], 1))
        self.assertEqual(land["unit"], "")
        self.assertTrue(land["nominated"])
        self.assertEqual(
            set(land),
            {
                "title",
                "field",
                "unit",
                "authors",
                "hidden_authors",
                "awards",
                "nominated",
                # nothing of these where the representative didn't agree
                "id",
                "contest",
                "drawing",
                "summary",
                "picture",
                "picture_note",
            },
        )
        for name in ("id", "summary", "picture", "picture_note"):
            self.assertFalse(land[name], name)

    def test_consent_is_everybodys_own(self):
        self._release()
        self.assertFalse(self.co_line.consent_publish)
        for user in (self.staff, self.secretary):
            # the co-author has a login: nobody agrees for somebody else
            with self.assertRaises(AccessError):
                self.co_line.with_user(user).action_consent()
        with self.assertRaises(AccessError):
            self.co_line.with_user(self.stranger).action_withdraw_consent()
        self.co_line.action_consent()
        self.assertTrue(self.co_line.consent_on)
        self.assertEqual(
            self._result("Trạm đo nước mặt")["authors"],
            [self.staff.name, self.coauthor.name],
        )
        self.co_line.action_withdraw_consent()
        self.assertFalse(self.co_line.consent_on)
        self.assertEqual(self._result("Trạm đo nước mặt")["authors"], [self.staff.name])
        messages = " ".join(self.water.sudo().message_ids.mapped("body"))
        self.assertIn("doesn't agree", messages)

    def test_representative_decides_on_the_entry_too(self):
        self._release()
        self.co_line.action_consent()
        self.own_line.action_withdraw_consent()
        self.assertFalse(self.water.sudo().consent_publish)
        self.assertFalse(any(r["title"] for r in self.contest._get_public_results()))
        self.assertFalse(any(r["authors"] for r in self.contest._get_public_results()))
        self.own_line.action_consent()
        self.assertEqual(self._result("Trạm đo nước mặt")["hidden_authors"], 0)

    def test_secretary_takes_back_and_records_paper(self):
        self.co_line.action_consent()
        self.co_line.with_user(self.secretary).action_withdraw_consent()
        self.assertFalse(self.co_line.consent_publish)
        outsider = self.env["hoithi.entry.author"].create(
            {
                "entry_id": self.water.id,
                "full_name": "Người ngoài Sở",
                "contribution_percent": 0,
            }
        )
        outsider.with_user(self.secretary).action_consent()
        self.assertTrue(outsider.consent_publish)

    def test_who_keys_in_an_entry_consents_for_nobody_with_a_login(self):
        """Neither with the entry, nor later, nor by another representative."""
        office = self.env["hoithi.entry"].with_user(self.secretary)

        def key_in(**line):
            return office.create(
                {
                    "name": "Hồ sơ giấy",
                    "contest_id": self.contest.id,
                    "consent_publish": consent,
                    "author_ids": [Command.create({"is_representative": True, **line})],
                }
            )

        self._put(self.contest, state="open")
        with_login = {"email": self.coauthor.email}
        consent = True
        with self.assertRaisesRegex(AccessError, "Everyone decides on the own name"):
            key_in(**with_login)
        paper = key_in(full_name="Vi Văn Một", **OUTSIDER)
        self.assertTrue(paper.consent_publish and paper.consent_on)
        self.assertTrue(paper.representative_id.consent_publish)
        paper.representative_id.write({"employee_id": self.employees[self.coauthor].id})
        self.env.invalidate_all()
        self.assertFalse(paper.consent_publish or paper.consent_on)
        self.assertFalse(paper.representative_id.consent_publish)
        consent = False
        entry = key_in(**with_login)
        with self.assertRaises(AccessError):
            entry.write({"consent_publish": True})
        with self.assertRaises(AccessError):
            entry._submit_previewed(
                entry._get_submission_fingerprint(), True, consent_publish=True
            )
        own = entry.with_user(self.coauthor)
        own.write({"consent_publish": True})
        self.assertTrue(own.representative_id.consent_publish)
        entry.write({"consent_publish": False})
        self.assertFalse(own.representative_id.consent_publish, "taken back on paper")

    def test_consent_is_not_written_for_others(self):
        draft = self._create_entry()
        values = {
            "email": self.coauthor.email,
            "contribution_percent": 10,
        }
        for forged in (
            {"consent_publish": True},
            {"consent_on": "2020-01-01 00:00:00"},
        ):
            with self.assertRaises(AccessError):
                draft.write({"author_ids": [Command.create({**values, **forged})]})
        draft.write({"author_ids": [Command.create(values)]})
        line = draft.author_ids.filtered(
            lambda line: line.partner_id == self.coauthor.partner_id
        )
        self.assertFalse(line.consent_publish)
        with self.assertRaises(AccessError):
            line.write({"consent_publish": True})
        self.assertFalse(line.consent_publish)
        line.with_user(self.coauthor).action_consent()
        self.assertTrue(line.consent_publish)
        line.write({"contribution_percent": 20})
        self.assertTrue(line.consent_publish)
        line.write({"email": self.internal.email})
        self.assertFalse(line.consent_publish)

    def test_awards_are_read_as_far_as_agreed(self):
        other = self.env["hoithi.award"].create(
            {"entry_id": self.land.id, "level": "unit", "rank": "second"}
        )
        stranger = self.stranger
        self._decide()
        self.contest.with_user(self.publisher).action_publish()
        self.assertFalse(self.award.with_user(stranger).has_access("read"))
        self.contest.with_user(self.publisher).action_publish_results()
        self.assertTrue(self.award.with_user(stranger).has_access("read"))
        self.assertFalse(other.with_user(stranger).has_access("read"))
        self.own_line.action_withdraw_consent()
        self.assertFalse(self.award.with_user(stranger).has_access("read"))

    def test_timeline_follows_the_servers_clock(self):
        now = fields.Datetime.now()

        def statuses(at):
            return [phase["status"] for phase in self.contest._get_timeline(at)]

        self.assertEqual(statuses(now), ["current", "upcoming", "upcoming", "upcoming"])
        self.assertEqual(
            statuses(now + timedelta(days=31)),
            ["done", "current", "upcoming", "upcoming"],
        )
        self._put(self.contest, state="council")
        self.assertEqual(statuses(now), ["done", "done", "done", "current"])
        self._put(self.contest, mode="nominate_only")
        self.assertEqual(statuses(now), ["done", "done", "current"])
        self._release()
        self.assertEqual(statuses(now), ["done", "done", "done", "done"])


@tagged("post_install", "-at_install")
class TestHoithiPublicPages(PublicationCase, test_hoithi_portal.HoithiPortalCase):
    """The pages themselves: what they tell, what never, and how they are cached."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._release()
        cls.path = f"/hoithi/{cls.contest.id}"

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.opener.headers["Accept-Language"] = "en-US,en;q=0.9"

    @classmethod
    def _create_document(cls, contest=None, **values):
        contest = contest or cls.contest
        attachments = cls.env["ir.attachment"].create(
            [
                {
                    "name": f"KH-01-ke-hoach.{extension}",
                    "raw": content,
                    "res_model": "hoithi.contest",
                    "res_id": contest.id,
                }
                for extension, content in (("pdf", PDF), ("docx", b"PK word"))
            ]
        )
        document = cls.env["hoithi.document"].create(
            {
                "kind": "plan",
                "res_model": "hoithi.contest",
                "res_id": contest.id,
                "number": "01",
                "symbol": "KH-STNMT",
                "subject": "Phát động Hội thi",
            }
        )
        cls._put(
            document,
            **{
                "state": "issued",
                "is_published": True,
                "issued_on": fields.Datetime.now(),
                "pdf_id": attachments[0].id,
                "docx_id": attachments[1].id,
                **values,
            },
        )
        return document

    def _etag(self, path=None, **options):
        response = self.url_open(path or self.path, **options)
        self.assertEqual(response.status_code, 200)
        return response.headers["ETag"]

    def test_another_departments_contest_has_its_pages(self):
        other = self.env["res.company"].create({"name": "Sở Xây dựng"})
        values = {"company_id": other.id, "name": "Hội thi Sở Xây dựng"}
        values |= {"council_id": False, "criteria_set_id": False, "field_ids": False}
        contest, draft = (self._create_contest(**values) for _ in range(2))
        # it takes questions, of its own people
        self._put(contest, state="screening", is_published=True)
        self.env.flush_all()
        self.assertIn(contest.name, self.text(self.get("/hoithi"), "main"))
        page = self.get(f"/hoithi/{contest.id}")
        self.assertIn("Sở Xây dựng", self.text(page, "body"))
        self.assertEqual(self.url_open(f"/hoithi/{draft.id}").status_code, 404)
        # who is logged in at one department reads no less than a visitor
        document = self._create_document(contest)
        paper = f"/hoithi/{contest.id}/documents/{document.id}/pdf"
        for user in (self.staff, self.internal, self.secretary, self.publisher):
            self.log_in(user)
            with self.subTest(user=user.login):
                listed = self.text(self.get("/hoithi"), "main")
                self.assertIn(contest.name, listed)
                self.assertIn(self.contest.name, listed)
                page = self.get(f"/hoithi/{contest.id}")
                self.assertIn("Sở Xây dựng", self.text(page, "body"))
                self.assertFalse(
                    select(page, f"a[href='/my/hoithi/{contest.id}/questions']")
                )
                self.assertEqual(self.url_open(paper).status_code, 200)
                self.assertEqual(self.url_open(f"/hoithi/{draft.id}").status_code, 404)
                # behind the pages nothing of it is theirs
                self.assertFalse(contest.with_user(user).has_access("read"))

    # CONTENT

    def test_results_and_consent(self):
        page = self.get(self.path)
        text = self.text(page, ".o_hoithi_results")
        self.assertIn("Trạm đo nước mặt", text)
        self.assertIn("First prize", text)
        self.assertIn(self.staff.name, text)
        self.assertIn("one author who isn't named", text)
        self.assertNotIn(self.coauthor.name, text)
        self.assertNotIn("Bản đồ đất", text)
        self.own_line.action_withdraw_consent()
        self.assertNotIn(self.staff.name, self.url_open(self.path).text)
        self.contest.with_user(self.publisher).action_withdraw_results()
        self.assertFalse(select(self.get(self.path), ".o_hoithi_results"))

    def test_withdraw_by_the_portal(self):
        self.log_in(self.coauthor)
        path = self.entry_path(self.water, "consent")
        self.post(path, {"consent": "1"})
        self.assertTrue(self.co_line.consent_publish)
        page = self.get(self.entry_path(self.water))
        self.assertEqual(
            select(page, ".o_hoithi_consent input[name=consent]")[0].get("value"), "0"
        )
        self.post(path, {"consent": "0"})
        self.assertFalse(self.co_line.consent_publish)
        self.log_in(self.stranger)
        self.post(path, {"consent": "1"})
        self.assertFalse(self.co_line.consent_publish)

    def test_plan_prizes_contact_and_questions(self):
        self.contest.company_id.write({"phone": "0209 000 000", "email": "vp@x.vn"})
        self.env["hoithi.plan.task"].create(
            {
                "contest_id": self.contest.id,
                "name": "Quán triệt kế hoạch",
                "lead_department_id": self.unit.id,
                "expected_output": "Mọi người được biết",
            }
        )
        self._put(self.contest, state="council")
        self.env["hoithi.prize"].create(
            {"contest_id": self.contest.id, "rank": "first", "amount": 5000000}
        )
        self._put(
            self.contest, state="open", participants="staff", entries_per_author=2
        )
        self._publish(self._ask())
        page = self.get(self.path)
        self.assertIn("an author of at most 2 entries", self.text(page, "[id=rules]"))
        plan = self.text(page, ".o_hoithi_plan")
        for text in ("Quán triệt kế hoạch", self.unit.name, "Mọi người được biết"):
            self.assertIn(text, plan)
        self.assertIn("5,000,000", self.text(page, ".o_hoithi_prizes"))
        self.assertIn("0209 000 000", self.text(page, ".o_hoithi_contact"))
        self.assertIn("Ai xác nhận?", self.text(page, ".o_hoithi_questions"))
        self.assertTrue(select(page, ".o_hoithi_ask"))
        page = self.get(f"{self.path}?q=xac+nhan")
        self.assertIn("1 found", self.text(page, ".o_hoithi_questions"))
        page = self.get(f"{self.path}?q=khong+co")
        self.assertIn("Nothing found", self.text(page, ".o_hoithi_questions"))
        self.get(f"{self.path}?q={'x' * 3000}&q=2&page=a")

    def test_empty_states(self):
        page = self.get(self.path)
        self.assertIn(
            "No document is published", self.text(page, ".o_hoithi_documents")
        )
        self.assertIn("No questions have", self.text(page, ".o_hoithi_questions"))
        self.env["hoithi.contest"].search([("is_published", "=", True)]).write(
            {"is_published": False}
        )
        self.assertTrue(select(self.get("/hoithi"), ".o_hoithi_empty"))

    def test_phase_follows_the_servers_clock(self):
        self._put(self.contest, state="open")
        page = self.get(self.path)
        self.assertEqual(self.text(page, ".o_hoithi_phase"), "Open for registration")
        self.assertTrue(select(page, ".o_hoithi_register"))
        # the last week is amber; the last hours are told by the minute
        for left, told, is_soon in (
            (timedelta(days=9), "9 days", False),
            (timedelta(hours=23, minutes=1), "23 hours", True),
            (timedelta(minutes=5, seconds=30), "5 minutes", True),
        ):
            deadline = fields.Datetime.now() + left
            self._put(self.contest, registration_deadline=deadline)
            page = self.get(self.path)
            self.assertIn(f"Closes in {told}", self.text(page, ".o_hoithi_days"))
            self.assertEqual(
                bool(select(page, ".o_hoithi_badge_warn.o_hoithi_phase")), is_soon
            )
            self.assertEqual(bool(select(page, ".o_hoithi_due_soon")), is_soon)
        etag = {"If-None-Match": self._etag()}
        self.close_door()
        response = self.url_open(self.path, headers=etag)
        self.assertEqual(response.status_code, 200)
        page = self.get(self.path)
        self.assertEqual(self.text(page, ".o_hoithi_phase"), "Registration is over")
        self.assertFalse(select(page, ".o_hoithi_register"))

    def test_headings_and_landmarks(self):
        result = f"{self.path}/results/{self.water.id}"
        for path in ("/hoithi", self.path, f"{self.path}/results", result):
            page = self.get(path)
            levels = [
                int(el.tag[1])
                for el in page.iter("h1", "h2", "h3", "h4", "h5", "h6")
                if "o_hoithi_public"
                in " ".join(parent.get("class") or "" for parent in el.iterancestors())
            ]
            self.assertEqual(levels.count(1), 1, path)
            self.assertEqual(levels[0], 1)
            for former, level in pairwise(levels):
                self.assertLessEqual(level - former, 1, (path, levels))
            self.assertTrue(select(page, "main"))
            for section in select(page, "section[aria-labelledby]"):
                label = section.get("aria-labelledby")
                self.assertTrue(page.get_element_by_id(label).text_content())

    # DOCUMENTS

    def test_documents_are_downloaded(self):
        document = self._create_document()
        page = self.get(self.path)
        links = [el.get("href") for el in select(page, ".o_hoithi_documents a")]
        base = f"{self.path}/documents/{document.id}"
        self.assertEqual(links, [f"{base}/pdf"])
        response = self.url_open(links[0])
        self.assertEqual(response.content, PDF)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("KH-01-ke-hoach.pdf", response.headers["Content-Disposition"])
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn("no-cache", response.headers["Cache-Control"])
        part = self.url_open(links[0], headers={"Range": "bytes=0-3"})
        self.assertEqual((part.status_code, part.content), (206, PDF[:4]))
        etag = {"If-None-Match": response.headers["ETag"]}
        self.assertEqual(self.url_open(links[0], headers=etag).status_code, 304)
        # what can be edited is never public
        self.get(f"{base}/source", status=404)

    def test_only_issued_and_published_documents_are_served(self):
        document = self._create_document()
        path = f"{self.path}/documents/{document.id}"
        other = self._create_contest(name="Khác")
        for vals in (
            {"is_published": False},
            {"state": "draft"},
            {"state": "approved"},
            {"state": "cancelled"},
            {"pdf_id": False},
        ):
            before = {name: document[name] for name in vals}
            self._put(document, **vals)
            with self.subTest(vals=vals):
                self.get(f"{path}/pdf", status=404)
                if "pdf_id" not in vals:
                    page = self.get(self.path)
                    self.assertFalse(select(page, ".o_hoithi_document"))
            self._put(
                document,
                **{
                    name: value.id if hasattr(value, "id") else value
                    for name, value in before.items()
                },
            )
        self.get(f"{path}/pdf")
        self.get(f"{path}/context_json", status=404)
        self.get(f"{self.path}/documents/999999999999/pdf", status=404)
        self.get(f"/hoithi/{other.id}/documents/{document.id}/pdf", status=404)
        self.get(f"/web/content/{document.pdf_id.id}", status=404)
        self.contest.with_user(self.publisher).action_unpublish()
        self.get(f"{path}/pdf", status=404)

    def test_texts_of_legal_bases(self):
        basis = self.contest.legal_basis_ids
        basis.attachment_id = self.env["ir.attachment"].create(
            {"name": "the-le.pdf", "raw": PDF}
        )
        path = f"{self.path}/legal/{basis.id}"
        self.get(path, status=404)
        self.assertNotIn(path, self.url_open(self.path).text)
        basis.publish_text = True
        self.assertIn(path, self.url_open(self.path).text)
        response = self.url_open(path)
        self.assertEqual(response.content, PDF)
        self.assertIn("the-le.pdf", response.headers["Content-Disposition"])

    # CONFIDENTIALITY

    def _plant_secrets(self):
        """Mark all that must never leave, in every place that holds it."""
        texts = {
            name: f"{SECRET} {name}"
            for name in (
                "known_solution",
                "solution_content",
                "novelty",
                "applicability",
                "technical_benefit",
                "economic_benefit",
                "social_benefit",
                "confidential_info",
                "withdraw_reason",
                "supplement_reason",
                "unit_confirm_note",
                "short_name",
                "application_place",
            )
        }
        self._put(self.water, benefit_amount=987654321, average_score=87.25, **texts)
        self._put(self.land, name=f"{SECRET} tên", **texts)
        for line in self.water.sudo().author_ids | self.land.sudo().author_ids:
            line.write(
                {
                    "phone": f"{SECRET} phone",
                    "email": "tuyetmat@bi-mat.example",
                    "job_title": f"{SECRET} job",
                    "qualification": f"{SECRET} degree",
                }
            )
        self.co_line.sudo().full_name = f"{SECRET} đồng tác giả"
        self._add_file(self.water.sudo(), filename=f"{SECRET}.pdf")
        self.water.sudo().dossier_ids.confidential = True
        self._put(self.award, note=f"{SECRET} note", override_reason=f"{SECRET} why")
        self._put(
            self.land, state="not_selected", not_selected_reason=f"{SECRET} reason"
        )
        self.contest.task_ids.create(
            {
                "contest_id": self.contest.id,
                "name": "Việc",
                "evidence": f"<p>{SECRET} evidence</p>",
            }
        )
        self.contest.message_post(body=Markup(f"{SECRET} chatter"))
        self.council.name = f"{SECRET} council"
        self.secretary.partner_id.name = f"{SECRET} secretary"
        self._put(self.contest, state="open")
        question = self._ask(subject=f"{SECRET} subject", body=f"{SECRET} body")
        self._publish(question)
        question.with_user(self.secretary).message_post(body=Markup(f"{SECRET} note"))
        self._answer(
            self._ask(self.coauthor, subject=f"{SECRET} 2"), f"<p>{SECRET}</p>"
        )
        self._put(self.contest, state="closed")
        self._create_document(subject=f"{SECRET} draft", state="draft", number="2")
        self._create_document(
            subject=f"{SECRET} hidden", is_published=False, number="3"
        )
        self._create_document()
        basis = self.contest.legal_basis_ids
        basis.attachment_id = self.env["ir.attachment"].create(
            {"name": f"{SECRET}.pdf", "raw": SECRET.encode()}
        )
        self._create_contest(name=f"{SECRET} contest")
        return (SECRET, "bi-mat.example", "987654321", "987.654", "87.25", "87,25")

    def test_secrets_never_leave(self):
        secrets = self._plant_secrets()
        languages = self.env["res.lang"]._get_frontend().values()
        self.assertGreater(len(languages), 1)
        queue = ["/hoithi", "/hoithi/sitemap.xml", f"{self.path}?q=a", "/robots.txt"]
        queue += [f"{self.path}/results?q=tuyetmat", "/hoithi/results"]
        queue += [f"/{lang.url_code}/hoithi" for lang in languages]
        queue += [f"/{lang.url_code}{self.path}" for lang in languages]
        seen = set()
        while queue:
            path = queue.pop()
            if path in seen:
                continue
            seen.add(path)
            response = self.url_open(path)
            self.assertEqual(response.status_code, 200, path)
            text = f"{response.headers} {response.content.decode(errors='replace')}"
            for secret in secrets:
                self.assertNotIn(secret, text, path)
            queue += {
                link.split("#")[0]
                for link in re.findall(r'href="(/[^"]*hoithi[^"]*)"', text)
                if "/my/" not in link and "/web/" not in link
            }
        self.assertIn(self.path, seen)
        self.assertTrue(any(path.endswith("/pdf") for path in seen), seen)
        self.assertIn(f"{self.path}/results/{self.water.id}", seen)

    # SEARCH ENGINES

    def test_pages_are_indexable(self):
        page = self.get(self.path)
        base_url = self.contest.get_base_url()
        self.assertIn(self.contest.name, self.text(page, "title"))
        [description] = select(page, "meta[name=description]")
        self.assertIn(self.contest.name, description.get("content"))
        self.assertLessEqual(len(description.get("content")), 160)
        [canonical] = select(page, "link[rel=canonical]")
        self.assertEqual(canonical.get("href"), f"{base_url}{self.path}")
        alternates = {
            link.get("hreflang"): link.get("href")
            for link in select(page, "link[rel=alternate]")
        }
        self.assertEqual(alternates["en"], f"{base_url}{self.path}")
        self.assertEqual(alternates["vi"], f"{base_url}/vi{self.path}")
        [script] = select(page, "script[type=application/ld+json]")
        event = json.loads(script.text)
        self.assertEqual(event["@type"], "Event")
        self.assertEqual(event["name"], self.contest.name)
        self.assertEqual(event["startDate"], self.contest.date_start.isoformat())

    def test_structured_data_cannot_break_out(self):
        self.contest.name = "</script><script>alert(1)</script>"
        page = self.get(self.path)
        [script] = select(page, "script[type=application/ld+json]")
        self.assertEqual(json.loads(script.text)["name"], self.contest.name)

    def test_sitemap_and_robots(self):
        response = self.url_open("/hoithi/sitemap.xml")
        self.assertIn("xml", response.headers["Content-Type"])
        locations = [
            el.text for el in etree.fromstring(response.content).iter("{*}loc")
        ]
        base_url = self.contest.get_base_url()
        for path in ("/hoithi", self.path, f"/vi{self.path}"):
            self.assertIn(f"{base_url}{path}", locations)
        hidden = self._create_contest(name="Ẩn")
        self.assertNotIn(f"/hoithi/{hidden.id}", response.text)
        self.assertIn("Allow: /hoithi", self.url_open("/robots.txt").text)

    def test_both_languages(self):
        self.assertEqual(self.get(self.path).get("lang"), "en-US")
        self.assertEqual(self.get(f"/vi{self.path}").get("lang"), "vi-VN")

    # CACHES

    def test_unchanged_page_is_not_sent_again(self):
        response = self.url_open(self.path)
        etag = response.headers["ETag"]
        self.assertTrue(response.headers["Last-Modified"])
        self.assertEqual(response.headers["Cache-Control"], "private, no-cache")
        again = self.url_open(self.path, headers={"If-None-Match": etag})
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.assertEqual(again.headers["ETag"], etag)
        # a date can't tell two changes within a second apart
        since = {"If-Modified-Since": response.headers["Last-Modified"]}
        self.assertEqual(self.url_open(self.path, headers=since).status_code, 200)
        vietnamese = self.url_open(f"/vi{self.path}", headers={"If-None-Match": etag})
        self.assertEqual(vietnamese.status_code, 200)
        searched = self.url_open(f"{self.path}?q=a", headers={"If-None-Match": etag})
        self.assertEqual(searched.status_code, 200)

    def _changes(self):
        """Acts after which the page must be sent anew."""
        yield "consent", self.own_line.action_withdraw_consent
        yield "award", lambda: self.award.write({"rank": "second"})
        yield "contest", lambda: self.contest.write({"description": "<p>Mới</p>"})
        yield "unit", lambda: self.field.write({"description": "Mới"})
        yield "company", lambda: self.company.write({"phone": "0209 1"})
        yield (
            "withdrawal",
            self.contest.with_user(self.publisher).action_withdraw_results,
        )

    def test_changes_show_at_once(self):
        old = fields.Datetime.now() - timedelta(days=1)
        self.env.flush_all()
        for table in (
            "hoithi_contest",
            "hoithi_entry",
            "hoithi_entry_author",
            "hoithi_award",
            "hoithi_field",
            "res_company",
            "res_partner",
        ):
            # in a test all is written in one moment
            self.env.cr.execute(f"UPDATE {table} SET write_date = %s", [old])
        self.env.invalidate_all()
        for name, change in self._changes():
            etag = self._etag()
            self.assertEqual(
                self.url_open(self.path, headers={"If-None-Match": etag}).status_code,
                304,
            )
            change()
            self.env.flush_all()
            with self.subTest(change=name):
                response = self.url_open(self.path, headers={"If-None-Match": etag})
                self.assertEqual(response.status_code, 200)

    def test_each_row_behind_the_page_changes_its_version(self):
        self._put(self.contest, state="open")
        self._publish(self._ask())
        self.contest.prize_ids = [Command.create({"rank": "first"})]
        self.contest.task_ids = [Command.create({"name": "Phát động"})]
        self._put(self.contest, state="closed")
        self._create_document()
        self.env.flush_all()
        for row in (
            self.contest,
            self.field,
            self.criteria_set.criterion_ids[0],
            self.company,
            self.company.partner_id,
            self.contest.legal_basis_ids[0],
            self.contest.task_ids[0],
            self.contest.prize_ids[0],
            self.contest.question_ids[0],
            self.contest.document_ids[0],
            self.water,
            self.award,
            self.co_line,
        ):
            before = self.contest._get_public_version()
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = %s WHERE id = %s",
                    SQL.identifier(row._table),
                    fields.Datetime.now() + timedelta(hours=1),
                    row.id,
                )
            )
            self.env.invalidate_all()
            with self.subTest(row=row._name):
                self.assertNotEqual(self.contest._get_public_version(), before)

    def test_what_the_set_shows_changes_the_version_and_its_lock_does_not(self):
        """When the council began to score is nobody's to read from a page's version."""
        before = self.contest._get_public_version()
        self._put(self.criteria_set, locked=True)
        self.env.cr.execute(
            SQL(
                "UPDATE hoithi_criteria_set SET write_date = %s WHERE id = %s",
                fields.Datetime.now() + timedelta(hours=1),
                self.criteria_set.id,
            )
        )
        self.env.invalidate_all()
        self.assertEqual(self.contest._get_public_version(), before)
        self._put(self.criteria_set, locked=False)
        self.criteria_set.min_total += 1
        self.assertNotEqual(self.contest._get_public_version(), before)
        before = self.contest._get_public_version()
        other = self.criteria_set.sudo().copy()
        self._put(self.contest, criteria_set_id=other.id)
        self.assertNotEqual(self.contest._get_public_version()[0], before[0])

    def test_papers_that_stay_inside_change_no_version(self):
        """When the Office issues a paper is nobody's to read from a page's version."""
        paper = self._create_document()
        self.env.flush_all()
        shown = self.contest._get_public_version()
        self._put(paper, is_published=False)
        before = self.contest._get_public_version()
        self.assertNotEqual(before, shown, "a paper that is withdrawn is one less")
        self.env.cr.execute(
            SQL(
                "UPDATE hoithi_document SET write_date = %s WHERE id = %s",
                fields.Datetime.now() + timedelta(hours=1),
                paper.id,
            )
        )
        self.env.invalidate_all()
        self.assertEqual(self.contest._get_public_version(), before)

    def test_questions_and_documents_show_at_once(self):
        etag = self._etag()
        self._put(self.contest, state="open")
        question = self._publish(self._ask())
        self._put(self.contest, state="closed")
        shown = self._etag()
        self.assertNotEqual(shown, etag)
        question.action_withdraw()
        self.assertNotEqual(self._etag(), shown)
        before = self._etag()
        self._create_document()
        self.assertNotEqual(self._etag(), before)

    def test_what_is_gone_is_gone(self):
        etag = self._etag()
        self.contest.with_user(self.publisher).action_unpublish()
        response = self.url_open(self.path, headers={"If-None-Match": etag})
        self.assertEqual(response.status_code, 404)

    def test_pages_of_who_is_logged_in_are_not_kept(self):
        self.log_in(self.staff)
        for path in ("/hoithi", self.path):
            response = self.url_open(path)
            self.assertEqual(response.headers["Cache-Control"], "private, no-store")
            self.assertNotIn("ETag", response.headers)
            self.assertNotIn("Last-Modified", response.headers)

    # RESULTS

    def _add_results(self, count, first=0):
        """Add honoured entries with an author each who agreed to be named."""
        entries = self.env["hoithi.entry"]
        values = self.water.sudo().copy_data()[0]
        for name in ("author_ids", "dossier_ids", "code"):
            values.pop(name, None)
        loading = entries.sudo().with_context(hoithi_door=Load())
        entries = loading.create(
            [
                {
                    **values,
                    "name": f"Giải pháp số {first + number}",
                    "state": "nominated",
                    "consent_publish": True,
                    "submitted_on": fields.Datetime.now(),
                    "receipt_number": f"IX/{first + number + 1000}",
                }
                for number in range(count)
            ]
        )
        self.env["hoithi.entry.author"].with_context(hoithi_door=Load()).create(
            [
                {
                    "entry_id": entry.id,
                    "full_name": f"Người {entry.id}",
                    "is_representative": True,
                    "consent_publish": True,
                }
                for entry in entries
            ]
        )
        self.env["hoithi.award"].create(
            [
                {"entry_id": entry.id, "level": "province", "rank": "third"}
                for entry in entries
            ]
        )
        return entries

    def test_results_are_searched_without_accents_and_by_what_is_shown(self):
        path = f"{self.path}/results"
        other = self.env["hoithi.field"].create({"name": "Vật liệu"})
        self._add_results(3)
        self._put(self.land, name="Bí mật đất", field_id=other.id)
        for query, found in (
            ("", 5),
            ("?q=tram+do+nuoc", 1),
            ("?q=TR%E1%BA%A0M", 1),
            ("?q=giai+phap+so", 3),
            (f"?q={self.staff.name}", 1),
            # neither a hidden title nor a hidden name answers
            ("?q=bi+mat", 0),
            (f"?q={self.coauthor.name}", 0),
            ("?q=%25", 0),
            ("?q=...", 0),
            ("?prize=third", 3),
            ("?prize=first&q=tram", 1),
            (f"?field={other.id}", 1),
            # what makes no sense is passed over
            ("?prize=none&field=x&page=99999999999999999999", 5),
            ("?page=7", 5),
        ):
            with self.subTest(query=query):
                page = self.get(path + query)
                self.assertEqual(len(select(page, ".o_hoithi_result")), found)
        page = self.get(f"{path}?q=x1")
        self.assertIn("No solution matches", self.text(page, ".o_hoithi_result_count"))
        everywhere = self.get("/hoithi/results?q=tram+do+nuoc")
        self.assertEqual(len(select(everywhere, ".o_hoithi_result")), 1)

    def test_fields_tell_what_they_brought_the_last_time(self):
        """Of the department's contest before, and only while its results are public."""
        long_ago = self.contest.date_start - timedelta(days=400)
        self._put(self.contest, date_start=long_ago)
        following = self._create_contest(name="Hội thi lần sau")
        self._put(following, state="open", is_published=True)
        path = f"/hoithi/{following.id}"
        field = self.water.field_id
        count = self.contest._count_public_results(field_id=field.id)
        self.assertTrue(count)
        self.assertEqual(following._count_last_results()[field.id], count)
        told = ".o_hoithi_field_last"
        self.assertIn(
            f"Honoured the last time: {count}", self.text(self.get(path), told)
        )
        etag = self._etag(path)
        self.assertFalse(self.contest._count_last_results())
        # of one whose time isn't known yet nothing is known to be before
        begins = following.date_start
        self._put(following, date_start=False)
        self.assertFalse(following._get_last_released())
        self._put(following, date_start=begins)
        self.contest.with_user(self.publisher).action_withdraw_results()
        self.assertEqual(following._count_last_results(), {})
        self.assertFalse(select(self.get(path), told))
        self.assertNotEqual(self._etag(path), etag)

    def test_units_are_honoured_and_what_is_held_is_not_told(self):
        path = f"{self.path}/results"
        unit = self.env["hoithi.award"].create(
            {
                "contest_id": self.contest.id,
                "department_id": self.unit.id,
                "level": "unit",
                "rank": "most_entries",
            }
        )
        for line in (*self.own_line, *self.land.sudo().author_ids):
            self.env["hoithi.award"].create(
                {"entry_id": line.entry_id.id, "author_id": line.id, "rank": "youngest"}
            )
        results = self.contest._get_public_results()
        self.assertEqual(
            [award["key"] for result in results for award in result["awards"]],
            ["first"],
            "a person's prize isn't the solution's",
        )
        self._put(self.land, state="not_selected")
        self.assertEqual(self.land.sudo().result_merit, 0)
        page = self.get(path)
        self.assertIn(self.unit.name, self.text(page, ".o_hoithi_unit_awards"))
        # a unit that gets another name later won as it was called then
        old = self.unit.name
        self._put(self.contest, state="closed")
        self.unit.sudo().name = "Phòng Đổi Tên"
        told = self.text(self.get(path), ".o_hoithi_unit_awards")
        self.assertIn(old, told)
        self.assertNotIn("Phòng Đổi Tên", told)
        self.assertEqual(unit._get_winner_name(), old)
        self.assertEqual(
            len(select(self.get(f"{path}?prize=first"), ".o_hoithi_result")), 1
        )
        for award in (unit, self.award):
            award.with_user(self.secretary).action_hold(reason="Đang thanh tra")
        page = self.get(path)
        self.assertFalse(select(page, ".o_hoithi_unit_awards"))
        self.assertFalse(select(self.get(f"{path}?prize=first"), ".o_hoithi_result"))

    def test_only_who_agreed_has_a_page(self):
        path = f"{self.path}/results/{self.water.id}"
        self.water.with_user(self.secretary).public_summary = "Đo nước mỗi giờ."
        page = self.get(path)
        self.assertEqual(self.text(page, "h1"), "Trạm đo nước mặt")
        self.assertIn("Đo nước mỗi giờ.", page.text_content())
        self.assertIn(self.staff.name, self.text(page, ".o_hoithi_authors"))
        self.assertIn("One author isn't named", self.text(page, ".o_hoithi_authors"))
        self.assertNotIn(self.coauthor.name, page.text_content())
        self.assertIn("First prize", self.text(page, ".o_hoithi_awards"))
        # how many were honoured stands at the contest, whoever agreed to a page
        count = self.contest._count_public_results()
        head = self.text(self.get("/hoithi"), ".o_hoithi_contest_head")
        self.assertIn(f"{count} honoured solution", head)
        self.assertNotIn("May be replicated", page.text_content())
        decided = patch.object(
            type(self.water), "_get_decided_scope", lambda _entry: "province"
        )
        with decided:
            facts = self.text(self.get(path), ".o_hoithi_facts")
        self.assertIn("May be replicated in", facts)
        self.assertIn("Province", facts)
        for wrong in (
            f"{self.path}/results/{self.land.id}",
            f"{self.path}/results/0",
            f"{self.path}/results/99999999999999",
            f"/hoithi/{self._create_contest(name='x').id}/results/{self.water.id}",
        ):
            self.get(wrong, status=404)
        etag = {"If-None-Match": self._etag(path)}
        self.assertEqual(self.url_open(path, headers=etag).status_code, 304)
        self.own_line.action_withdraw_consent()
        self.assertEqual(self.url_open(path, headers=etag).status_code, 404)
        self.own_line.action_consent()
        self.get(path)
        self.contest.with_user(self.publisher).action_withdraw_results()
        for gone in (path, f"{path}/picture", f"{self.path}/results"):
            self.get(gone, status=404)

    def test_a_picture_is_shown_bare_and_only_while_its_page_is(self):
        path = f"{self.path}/results/{self.water.id}/picture"
        self.get(path, status=404)
        photo = io.BytesIO()
        exif = Image.Exif()
        exif[0x010F] = SECRET
        Image.new("RGB", (3000, 2000), "green").save(photo, "JPEG", exif=exif)
        secretary = self.water.with_user(self.secretary)
        secretary.public_picture = base64.b64encode(photo.getvalue())
        response = self.url_open(path)
        self.assertEqual(response.headers["Content-Type"], "image/jpeg")
        self.assertNotIn(SECRET.encode(), response.content)
        self.assertEqual(Image.open(io.BytesIO(response.content)).width, 1500)
        self.assertIn(path, self.url_open(f"{self.path}/results").text)
        # what is see-through of it is white
        photo = io.BytesIO()
        Image.new("RGBA", (40, 25), (0, 0, 0, 0)).save(photo, "PNG")
        secretary.public_picture = base64.b64encode(photo.getvalue())
        shown = Image.open(io.BytesIO(self.url_open(path).content))
        self.assertEqual((shown.format, shown.width), ("JPEG", 40))
        self.assertGreater(shown.convert("L").getextrema()[0], 250)
        self.own_line.action_withdraw_consent()
        self.get(path, status=404)
        for odd in (
            *("x", 7, ["x"]),
            *(
                base64.b64encode(content).decode()
                # what Odoo hands on as it is would keep its notes
                for content in (b"no picture", b"<svg/>", b"RIFF0000WEBPVP8 ")
            ),
        ):
            with self.subTest(odd=odd), self.assertRaises(UserError):
                secretary.write({"public_picture": odd})
        for user in (self.staff, self.publisher, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.water.with_user(user).public_summary = "Khác"
        with self.assertRaises(ValidationError):
            secretary.public_summary = "x" * 1501

    def test_the_story_is_the_offices_and_shown_by_the_same_consent(self):
        path = f"{self.path}/results/{self.water.id}"
        page = self.get(path)
        self.assertFalse(select(page, ".o_hoithi_story"))
        self.assertFalse(select(page, ".o_hoithi_quote"))
        secretary = self.water.with_user(self.secretary)
        self._put(
            self.water,
            first_applied_date="2025-03-03",
            application_place="Xã Tân Thái",
            solution_content="ĐIỀU TÁC GIẢ VIẾT",
        )
        story = {
            "public_problem": "Đo bằng tay, mỗi ngày một lần.",
            "public_way": "Cảm biến <b>tự chế</b>.",
            "public_figures": "40 phút: báo sớm hơn\n\n 9 thôn : được báo ",
            "public_quote": "Rẻ và bền.",
            "public_applied": True,
        }
        secretary.write(story)
        page = self.get(path)
        self.assertEqual(
            [h2.text_content() for h2 in select(page, ".o_hoithi_story h2")],
            ["The problem", "How it works"],
        )
        text = " ".join(page.text_content().split())
        for told in ("mỗi ngày một lần", "<b>tự chế</b>", "Rẻ và bền.", "03/2025"):
            self.assertIn(told, text)
        self.assertIn("Xã Tân Thái", text)
        self.assertNotIn("ĐIỀU TÁC GIẢ VIẾT", text)
        self.assertEqual(
            secretary._get_public_story()["figures"],
            [("40 phút", "báo sớm hơn"), ("9 thôn", "được báo")],
        )
        secretary.public_applied = False
        text = self.get(path).text_content()
        self.assertNotIn("03/2025", text)
        self.assertNotIn("Xã Tân Thái", text)
        # a verdict isn't told to authors and members before the results
        for user in (self.staff, self.coauthor, self.internal):
            fields_read = self.water.with_user(user).fields_get(["public_quote"])
            self.assertFalse(fields_read)
            with self.assertRaises(AccessError):
                self.water.with_user(user).read(["public_quote"])
        # another value each: what stays as it was is no change
        others = dict.fromkeys(story, "1: khác") | {"public_applied": True}
        for user in (self.staff, self.coauthor, self.publisher, self.internal):
            for name, value in others.items():
                with self.assertRaises(AccessError):
                    self.water.with_user(user).write({name: value})
        for wrong, told in (
            ({"public_figures": "40 phút"}, "a colon"),
            ({"public_figures": ": báo sớm"}, "a colon"),
            ({"public_figures": "a: b\na: b\na: b\na: b"}, "up to 3"),
            ({"public_figures": f"{'9' * 21}: b"}, "Shorten"),
            ({"public_quote": "x" * 301}, "may have 300"),
            ({"public_effect": "x" * 1501}, "may have 1500"),
        ):
            with self.assertRaisesRegex(ValidationError, told):
                secretary.write(wrong)
        # with the consent of the representative all of it goes
        self.own_line.action_withdraw_consent()
        self.assertEqual(self.url_open(path).status_code, 404)
        self.assertFalse(any(self.water.sudo()._get_public_story().values()))

    def test_figures_tell_nothing_of_a_single_entry(self):
        self._put(self.water | self.land, benefit_amount=1_000_000)
        self.assertEqual(
            self.contest._get_public_figures(),
            [
                ("2", "solutions took part"),
                ("2", "solutions were honoured"),
                ("3", "authors, from 2 units"),
            ],
        )
        for entry in self._add_results(2):
            self._put(entry, benefit_amount=700_000_000)
        self.assertIn(
            ("1.4 billion đồng", "of benefit, as the authors state it"),
            self.contest._get_public_figures(),
        )

    def test_pages_need_no_script(self):
        for path in ("/hoithi", self.path, f"{self.path}/results"):
            page = self.get(path)
            scripts = select(page, "script")
            self.assertFalse(
                [el for el in scripts if el.get("type") != "application/ld+json"], path
            )
            [sheet] = select(page, "link[rel=stylesheet]")
            self.assertIn("assets_public", sheet.get("href"))
            self.assertFalse([el for el in page.iter() if el.get("style")], path)
            [card] = select(page, "meta[property='og:image']")
            picture = self.url_open(urlsplit(card.get("content")).path)
            self.assertEqual(picture.headers["Content-Type"], "image/png")

    def test_the_foot_leads_to_what_is_done_with_personal_data(self):
        self.company.hoithi_privacy_url = False
        self.assertFalse(select(self.get(self.path), ".o_hoithi_privacy"))
        address = "https://so.example.gov.vn/du-lieu"
        self.company.hoithi_privacy_url = address
        for path in ("/hoithi", self.path, f"{self.path}/results"):
            [link] = select(self.get(path), ".o_hoithi_foot .o_hoithi_privacy")
            self.assertEqual(link.get("href"), address)

    def test_descriptions_have_no_marks(self):
        self.contest.description = "<p><b>Phát huy</b> <a href='/x'>sáng kiến</a></p>"
        [description] = select(self.get(self.path), "meta[name=description]")
        self.assertIn("Phát huy sáng kiến", description.get("content"))

    @mute_logger("odoo.http")
    def test_addresses_of_nothing_lead_nowhere(self):
        huge = "9" * 5000
        for path in (
            f"/hoithi/{huge}",
            f"/hoithi/page/{huge}",
            f"/hoithi/identity/{huge}.css",
            f"/hoithi/{2**40}/card.png",
            f"/hoithi/{self.contest.id}/results/{huge}",
            f"/hoithi/{self.contest.id}/documents/{huge}/pdf",
            "/hoithi/paper/%00",
            "/hoithi/paper/abc",
            "/hoithi/sign/%00/x.pdf",
            "/hoithi/sign/abc/x.pdf",
            "/hoithi/calendar/%00.ics",
        ):
            with self.subTest(path=path[:40]):
                self.assertEqual(self.url_open(path).status_code, 404)
        for query in (f"page={huge}", f"field={huge}", "q=%00", "prize=%00"):
            with self.subTest(query=query[:20]):
                response = self.url_open(f"/hoithi/results?{query}")
                self.assertEqual(response.status_code, 200)

    @mute_logger("odoo.http")
    def test_errors_speak_for_the_department(self):
        page = self.get("/hoithi/999999", status=404)
        self.assertEqual(self.text(page, "h1"), "This page isn't found")
        self.assertTrue(select(page, "form[role=search] input[name=q]"))
        self.assertTrue(select(page, ".o_hoithi_foot"))
        contest = type(self.env["hoithi.contest"])
        for error, status, title in (
            (AccessError("x"), 403, "This page isn't open to you"),
            (ValueError(SECRET), 500, "The page can't be shown at the moment"),
            (BadRequest(SECRET), 400, "What was sent can't be read"),
            (RequestEntityTooLarge(), 413, "What was sent is too large"),
            (MethodNotAllowed(), 405, "This page can't be reached in this way"),
        ):
            with patch.object(contest, "_get_public_tasks", side_effect=error):
                page = self.get(self.path, status=status)
            self.assertEqual(self.text(page, "h1"), title)
            self.assertNotIn(SECRET, page.text_content())
        page = self.get("/vi/khong-co", status=404)
        self.assertEqual(page.get("lang"), "vi-VN")
        self.assertEqual(self.text(page, "h1"), "Không tìm thấy trang này")

    # QUERIES

    def test_queries_of_the_results_stay_flat(self):
        path = f"{self.path}/results"
        self._add_results(1)
        counts = []
        for more in (0, 27, 270):
            self._add_results(more, first=1000 + more)
            paths = (path, f"{path}?q=giai+phap", "/hoithi")
            counts.append([self.count_queries(asked) for asked in paths])
        self.assertEqual(counts[1], counts[0])
        self.assertEqual(counts[2], counts[0])
        pages = self.get(f"{path}?q=giai+phap&page=13")
        self.assertEqual(len(select(pages, ".o_hoithi_result")), 10)
        [former] = select(pages, ".o_hoithi_pager a")
        self.assertEqual(former.get("href"), f"{path}?q=giai+phap&page=12")

    def test_queries_do_not_grow_with_the_results(self):
        few = self.count_queries(self.path)
        few_listed = self.count_queries("/hoithi")
        for number in range(20):
            entry = (
                self.water.sudo()
                .with_context(hoithi_door=Load())
                .copy(
                    {
                        "name": f"Giải pháp {number}",
                        "state": "nominated",
                        "submitted_on": fields.Datetime.now(),
                        "receipt_number": f"IX/{number + 100}",
                    }
                )
            )
            self.env["hoithi.entry.author"].with_context(hoithi_door=Load()).create(
                {
                    "entry_id": entry.id,
                    "full_name": f"Người {number}",
                    "is_representative": True,
                    "consent_publish": True,
                }
            )
            self.env["hoithi.award"].create(
                {"entry_id": entry.id, "level": "province", "rank": "third"}
            )
        self._put(self.contest, state="open")
        self.env["hoithi.plan.task"].create(
            [
                {
                    "contest_id": self.contest.id,
                    "name": f"Việc {number}",
                    "lead_department_id": self.unit.id,
                    "cooperating_department_ids": [Command.set(self.other_unit.ids)],
                }
                for number in range(10)
            ]
        )
        self._put(self.contest, state="closed")
        for number in range(5):
            self._create_document(number=f"1{number}")
        page = self.get(self.path)
        self.assertEqual(len(select(page, ".o_hoithi_result")), 6)
        page = self.get(f"{self.path}/results")
        self.assertEqual(len(select(page, ".o_hoithi_result")), 22)
        # reading tasks, documents and their files at all takes some
        self.assertLessEqual(self.count_queries(self.path), few + 6)
        many = self.count_queries(self.path)
        for number in range(5):
            self._create_document(number=f"2{number}")
        self.assertLessEqual(self.count_queries(self.path), many)
        for number in range(10):
            contest = self._create_contest(name=f"Hội thi {number}")
            self._put(contest, state="open", is_published=True)
        self.assertLessEqual(self.count_queries("/hoithi"), few_listed + 2)
