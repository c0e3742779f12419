from pathlib import Path
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.misc import file_path

from ...controllers.contest.entry_form import get_digest
from ...models.guard.hoithi_guard_mixin import Load
from ..common import PDF
from .test_hoithi_portal import HoithiPortalCase, select

JSON = {"Accept": "application/json"}


@tagged("post_install", "-at_install")
class TestPortalStatus(HoithiPortalCase):
    """After the submission: what was done, what comes next, what there is to do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slot = cls.dossier_type

    def test_the_foot_of_a_page_says_whom_to_ask(self):
        self.company.write(
            {
                "hoithi_contact_name": "Văn phòng Sở",
                "hoithi_contact_phone": "0208 000 0000",
                "hoithi_privacy_url": False,
            }
        )
        foot = ".o_hoithi_foot_line"
        page = self.get("/my/hoithi")
        text = self.text(page, foot)
        self.assertIn("Văn phòng Sở", text)
        self.assertIn(
            "tel:02080000000", [a.get("href") for a in select(page, f"{foot} a")]
        )
        self.assertNotIn("Personal data", text)
        self.company.hoithi_privacy_url = "https://so.example.gov.vn/du-lieu"
        page = self.get(f"/my/hoithi/{self.contest.id}/new")
        self.assertIn(
            "https://so.example.gov.vn/du-lieu",
            [a.get("href") for a in select(page, f"{foot} a")],
        )
        for wrong in ("javascript:alert(1)", "//x.example", "http://x.example", "x"):
            with self.assertRaisesRegex(ValidationError, "no address of a page"):
                self.company.hoithi_privacy_url = wrong
        self.company.hoithi_privacy_url = "/privacy"

    def _asked(self, **asked):
        entry = self._submit_entry()
        entry.with_user(self.secretary).action_request_supplement(
            reason="Phiếu chưa có chữ ký.", **asked
        )
        return entry

    def _group(self):
        return self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )

    def _steps(self, page):
        """Return {key of a step: its status} of the page's timeline, in order."""
        return {
            step.get("data-step"): step.get("class").rpartition("_")[2]
            for step in select(page, ".o_hoithi_way_step[data-step]")
        }

    # THE WAY

    def test_the_way_has_real_dates_and_expected_ones(self):
        entry = self._submit_entry()
        contest = self.contest
        page = self.get(self.entry_path(entry))
        self.assertEqual(
            self._steps(page),
            {
                "submitted": "done",
                "screening": "now",
                "scoring": "ahead",
                "decision": "ahead",
                "nomination": "ahead",
            },
        )
        way = self.text(page, ".o_hoithi_way")
        for moment in (
            entry.submitted_on,
            contest.screening_deadline,
            contest.review_deadline,
            contest.province_deadline,
        ):
            self.assertIn(contest._format_moment(moment), way)
        self.assertFalse(select(page, ".o_hoithi_entry_form"))
        self.assertIn("You have nothing to do", self.text(page, ".o_hoithi_two"))

    def test_the_way_follows_the_entry(self):
        entry = self._submit_entry()
        office = entry.with_user(self.secretary)
        office.action_request_supplement(reason="x")
        self.assertEqual(
            [(s.key, s.status) for s in entry._get_way()][:3],
            [("submitted", "done"), ("supplement", "waits"), ("screening", "ahead")],
        )
        entry.novelty = "Đã sửa"
        entry.action_submit()
        self.assertEqual(
            [(s.key, s.status) for s in entry._get_way()][:3],
            [("submitted", "done"), ("supplement", "done"), ("screening", "now")],
        )
        for state, stage, last in (
            ("eligible", 3, ("nomination", "ahead")),
            ("reviewing", 3, ("nomination", "ahead")),
            ("reviewed", 4, ("nomination", "ahead")),
            ("selected", 5, ("nomination", "now")),
            ("nominated", 5, ("nomination", "done")),
            ("not_selected", 5, ("decision", "ended")),
            ("ineligible", 2, ("screening", "ended")),
            ("withdrawn", 2, ("withdrawn", "ended")),
        ):
            entry.sudo().with_context(hoithi_door=Load()).state = state
            with self.subTest(state=state):
                way = entry._get_way()
                self.assertEqual((way[-1].key, way[-1].status), last)
                self.assertEqual(entry._get_stage()[0], stage)
                self.assertLessEqual(
                    sum(step.status in ("now", "waits") for step in way), 1
                )

    # WHAT WAITS

    def test_home_says_what_to_do_first(self):
        for path in ("/my", "/my/hoithi"):
            self.assertFalse(select(self.get(path), ".o_hoithi_waiting"))
        draft = self._create_entry(name="Bản nháp")
        supplement = self._asked()
        shared = self._create_entry(
            self.internal,
            participant_type="group",
            author_ids=[
                Command.create({"email": self.staff.email, "contribution_percent": 40})
            ],
        )
        for path in ("/my", "/my/hoithi"):
            page = self.get(path)
            with self.subTest(path):
                self.assertEqual(
                    [el.get("data-kind") for el in select(page, ".o_hoithi_waiting")],
                    ["supplement", "submit", "confirm"],
                )
                [first] = select(page, ".o_hoithi_next")
                self.assertIn(supplement.name, first.text_content())
                [link] = select(first, "a")
                self.assertEqual(link.get("href"), self.entry_path(supplement))
                self.assertIn(
                    self.contest._format_moment(supplement.supplement_due),
                    first.text_content(),
                )
        self.assertIn("Entries: 3", self.text(page, ".o_hoithi_counts"))
        self.assertIn("drafts among them: 2", self.text(page, ".o_hoithi_counts"))
        self.assertIn(shared.name, self.text(page, ".o_hoithi_entries"))
        # what nobody can submit any more waits for nobody, and doesn't count
        self.close_door()
        kinds = [
            el.get("data-kind")
            for el in select(self.get("/my/hoithi"), ".o_hoithi_waiting")
        ]
        self.assertEqual(kinds, ["supplement"])
        self.assertEqual(
            draft._get_my_counts(), {"all": 1, "drafts": 0}, draft.env.user.name
        )

    def test_many_entries_cost_no_more(self):
        self._create_entry()
        few = self.count_queries("/my/hoithi")
        for _more in range(4):
            self._submit_entry()
        self.assertLessEqual(self.count_queries("/my/hoithi"), few + 12)

    # SUPPLEMENT

    def test_supplement_is_sent_from_its_card(self):
        entry = self._asked(type_ids=self.slot.ids, field_names=["novelty"])
        first = entry.submitted_on
        page = self.get(self.entry_path(entry))
        card = self.text(page, ".o_hoithi_supplement")
        for told in (
            "Phiếu chưa có chữ ký.",
            self.secretary.name,
            self.slot.name,
            self.contest._format_moment(entry.supplement_due),
            self.contest._format_moment(first),
        ):
            self.assertIn(told, card)
        self.assertFalse(select(page, ".o_hoithi_entry_form"), "the card is enough")
        path = self.entry_path(entry, "supplement")
        [old] = entry.dossier_ids
        # what is refused loses neither the text nor the file
        page = self.post_page(
            path,
            {
                "novelty": "Đã làm rõ",
                "applicability": "Đổi lén",
                "replace_id": str(old.id),
                "note": "",
                "send": "1",
            },
            files={f"file_{self.slot.id}": ("ban-ky.pdf", PDF + b"%", "")},
        )
        self.assertIn("Tell in a sentence", self.alert(page))
        self.assertEqual(entry.state, "supplement")
        self.assertEqual(entry.novelty, "Đã làm rõ")
        self.assertNotEqual(entry.applicability, "Đổi lén")
        self.assertEqual(entry.dossier_ids.filename, "ban-ky.pdf")
        self.assertEqual(entry.earlier_dossier_ids, old)
        for _twice in range(2):
            page = self.post_page(path, {"note": "Đã ký", "send": "1"})
            self.assertFalse(self.alert(page))
        self.assertEqual((entry.state, entry.submitted_on), ("submitted", first))
        self.assertEqual(entry.supplement_note, "Đã ký")
        self.assertIn("Đã ký", self.text(page, ".o_hoithi_supplement_note"))
        # and opened again until it was due
        page = self.post_page(self.entry_path(entry, "reopen"))
        self.assertEqual(entry.state, "supplement")
        self.assertTrue(select(page, ".o_hoithi_supplement_form"))

    def test_supplement_that_changes_nothing_is_kept(self):
        entry = self._asked(field_names=["novelty"])
        path = self.entry_path(entry, "supplement")
        page = self.post_page(path, {"note": "Tôi đã xem lại", "send": "1"})
        self.assertIn("still as it was", self.alert(page))
        self.assertIn("Tôi đã xem lại", self.text(page, "textarea[name=note]"))
        page = self.post_page(path, {"novelty": "Mới", "keep": "1"})
        self.assertFalse(self.alert(page))
        self.assertEqual((entry.state, entry.novelty), ("supplement", "Mới"))

    def test_supplement_of_everything_opens_the_form(self):
        entry = self._asked()
        page = self.get(self.entry_path(entry))
        self.assertTrue(select(page, ".o_hoithi_supplement"))
        self.assertTrue(select(page, ".o_hoithi_entry_form"))
        # that nothing changed yet belongs to the step in which all is looked over
        [told] = select(page, "[id=hoithi_missing] .o_hoithi_missing a")
        self.assertIn("Nothing has changed", told.text_content())
        self.assertEqual(told.get("href"), "#hoithi_supplement")
        self.assertEqual(self.text(told, "small"), "Check and submit")
        step = "[id=hoithi_step_check]"
        self.assertTrue(select(page, f"{step} a[href='#hoithi_supplement']"))
        entry.novelty = "Đã sửa"
        page = self.submit(self.preview(entry), note="")
        self.assertIn("Tell in a sentence", self.alert(page))
        self.submit(self.preview(entry))
        self.assertEqual(entry.state, "submitted")

    def test_others_send_no_supplement(self):
        entry = self._asked(field_names=["novelty"])
        before = entry.novelty
        self.log_in(self.coauthor)
        for act in ("supplement", "reopen", "reinstate", "remind"):
            self.post(self.entry_path(entry, act), {"novelty": "x", "reason": "x"})
        self.assertEqual((entry.state, entry.novelty), ("supplement", before))

    # UNDONE, REMINDED

    def test_withdrawal_is_undone_on_its_page(self):
        entry = self._submit_entry()
        entry.action_withdraw(reason="Nhầm")
        page = self.get(self.entry_path(entry))
        self.assertIn("Nhầm", self.text(page, ".o_hoithi_withdrawn"))
        page = self.post_page(self.entry_path(entry, "reinstate"), {"reason": " "})
        self.assertIn("Give the reason", self.alert(page))
        self.assertFalse(select(page, ".o_hoithi_notice[data-of]"))
        reason = {"reason": "Rút nhầm"}
        late = UserError("Thử lại sau ít phút.")
        with patch.object(type(entry), "action_reinstate", side_effect=late):
            page = self.post_page(self.entry_path(entry, "reinstate"), reason)
        self.assertEqual(self.alert(page), late.args[0])
        self.assertEqual(self.text(page, ".o_hoithi_reinstate textarea"), "Rút nhầm")
        path = self.entry_path(entry, "reinstate")
        page = self.post_page(path, reason)
        self.assertEqual(entry.state, "submitted")
        # by it the device drops the words that it kept
        [told] = select(page, ".o_hoithi_notice")
        self.assertEqual(told.get("data-of"), path)
        self.assertEqual(told.get("data-by"), str(self.staff.id))
        entry.action_withdraw(reason="Nhầm")
        self.close_door()
        page = self.get(self.entry_path(entry))
        self.assertFalse(select(page, ".o_hoithi_reinstate"))
        page = self.post_page(self.entry_path(entry, "reinstate"), {"reason": "x"})
        self.assertIn("ask the Office", self.alert(page))
        self.assertEqual(entry.state, "withdrawn")

    def test_forms_that_are_sent_as_a_whole_keep_their_words(self):
        """On the device, where nothing saves them while they are typed."""
        found = 0
        for path in sorted(Path(file_path("hoithi_contest/views")).rglob("*.xml")):
            for form in etree.parse(path).iter("form"):
                classes = (form.get("class") or "").split()
                if form.find(".//textarea") is None or form.get("method") != "post":
                    continue
                # the one saves itself, of the other a device would keep the secret link
                is_link = "{{token}}" in (form.get("t-attf-action") or "")
                if "o_hoithi_supplement_form" in classes or is_link:
                    continue
                with self.subTest(template=path.name, classes=classes):
                    self.assertIn("t-att-data-keep", form.attrib)
                    calls = [part.get("t-call") for part in form.iter("t")]
                    self.assertIn("hoithi_contest.portal_kept_words", calls)
                found += 1
        self.assertGreater(found, 8)

    def test_taking_back_a_draft_says_that_it_goes(self):
        """Before and after, with the way back; a reason is for what was handed in."""
        entry = self._create_entry()
        entry.author_ids.with_user(self.staff).action_confirm()
        handed_in = self._submit_entry()
        consents = self.env["hoithi.consent"].search(
            [("entry_id", "in", [entry.id, handed_in.id])]
        )
        by_entry = {
            consent.entry_id: consent
            for consent in consents
            if consent.purpose_id.key == "taking_part"
        }
        page = self.get("/my/hoithi/data")
        for record, goes in ((entry, True), (handed_in, False)):
            css = f"[data-consent-id='{by_entry[record].id}']"
            self.assertEqual(bool(select(page, f"{css} .o_hoithi_draft_goes")), goes)
            self.assertEqual(bool(select(page, f"{css} [name=reason]")), not goes)
        page = self.post_page(
            "/my/hoithi/data/withdraw", {"consent": by_entry[entry].id}
        )
        self.assertIn(entry.name, self.text(page, ".o_hoithi_notice"))
        self.assertFalse(entry.active)
        page = self.get("/my/hoithi")
        self.assertTrue(select(page, ".o_hoithi_deleted"), "and this is where it is")
        page = self.post_page(
            "/my/hoithi/data/withdraw", {"consent": by_entry[handed_in].id}
        )
        self.assertTrue(self.alert(page), "a reason is missing")
        self.assertEqual(handed_in.state, "submitted")

    def test_author_sees_and_reminds_who_has_not_confirmed(self):
        entry = self._group()
        entry.action_submit()
        page = self.get(self.entry_path(entry))
        self.assertIn(self.coauthor.name, self.text(page, ".o_hoithi_unconfirmed"))
        page = self.post_page(self.entry_path(entry, "remind"))
        self.assertFalse(self.alert(page))
        page = self.post_page(self.entry_path(entry, "remind"))
        self.assertIn("Reminded today already", self.alert(page))
        self.log_in(self.coauthor)
        page = self.get(self.entry_path(entry))
        self.assertFalse(select(page, ".o_hoithi_unconfirmed"))
        self.post(self.entry_path(entry, "confirm"))
        self.log_in(self.staff)
        page = self.get(self.entry_path(entry))
        self.assertFalse(select(page, ".o_hoithi_unconfirmed"))

    def test_confirmation_stands_first_after_the_submission(self):
        entry = self._create_entry()
        page = self.submit(self.preview(entry))
        done = self.text(page, ".o_hoithi_done")
        for told in (entry.receipt_number, self.staff.email):
            self.assertIn(told, done)
        # and once only
        self.assertFalse(select(self.get(self.entry_path(entry)), ".o_hoithi_done"))

    # RESULT

    def test_remarks_are_read_where_the_contest_allows_it(self):
        self.contest.publish_remarks = True
        entry = self._eligible_entry()
        reviews = self._assign(entry, self.member1, self.member2)
        self._start_review()
        for review, score in zip(reviews, (20, 30), strict=True):
            review.strengths = "Rẻ, dễ làm"
            review.weaknesses = f"Thiếu đối chứng {score}"
            self._score(review, score, 40)
        with self.assertRaisesRegex(Exception, "too far on"):
            self.contest.with_user(self.secretary).publish_remarks = False
        self.contest.with_user(self.secretary).action_start_council()
        entry.with_user(self.secretary).action_not_select(reason="Chưa đủ điểm")
        page = self.get(self.entry_path(entry))
        self.assertFalse(select(page, ".o_hoithi_remarks"), "it may still change")
        self.contest.sudo().with_context(hoithi_door=Load()).state = "closed"
        page = self.get(self.entry_path(entry))
        remarks = self.text(page, ".o_hoithi_remarks")
        for told in ("65", "25", "Rẻ, dễ làm", "Thiếu đối chứng 20"):
            self.assertIn(told, remarks)
        for member in (self.member1, self.member2):
            self.assertNotIn(member.name, remarks)
        self.contest.sudo().with_context(hoithi_door=Load()).publish_remarks = False
        page = self.get(self.entry_path(entry))
        self.assertFalse(select(page, ".o_hoithi_remarks"))
        # how far it may be replicated stands with the result, of an approved one
        scope = patch.object(type(entry), "_get_decided_scope", lambda _e: "sector")
        for state, told in {"selected": "Sector", "not_selected": ""}.items():
            entry.sudo().with_context(hoithi_door=Load()).state = state
            with scope:
                page = self.get(self.entry_path(entry))
            shown = "".join(
                one.text_content() for one in select(page, ".o_hoithi_scope")
            )
            self.assertEqual(shown.strip(), told and f"May be replicated in: {told}")

    # WITHOUT A SCRIPT

    def test_one_logs_out_without_a_script(self):
        # on Odoo's own pages the menu needs one
        for path in ("/my/account", "/my/hoithi"):
            link = select(self.get(path), "a.o_hoithi_logout")[0]
        self.url_open(link.get("href"))
        response = self.url_open("/my/hoithi", allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def test_ids_stand_once_on_a_page(self):
        entries = self._asked(type_ids=self.slot.ids) | self._submit_entry()
        for entry in entries:
            page = self.get(self.entry_path(entry))
            ids = page.xpath("//@id")
            self.assertEqual(len(ids), len(set(ids)), sorted(ids))

    def test_a_file_of_the_wrong_kind_is_told_of(self):
        entry = self._asked(type_ids=self.slot.ids)
        page = self.post_page(
            self.entry_path(entry, "supplement"),
            {"note": "x", "send": "1"},
            files={f"file_{self.slot.id}": ("xau.exe", b"MZ", "")},
        )
        self.assertIn("xau.exe", self.alert(page))
        self.assertEqual(entry.state, "supplement")

    def test_what_was_typed_stays_beside_a_refused_file(self):
        entry = self._asked(field_names=["novelty"], type_ids=self.slot.ids)
        old = entry.dossier_ids.filtered(lambda item: item.type_id == self.slot)
        page = self.post_page(
            self.entry_path(entry, "supplement"),
            {"note": "Viết lại", "send": "1", "novelty": "Mới.", "replace_id": old.id},
            files=[
                (f"file_{self.slot.id}", ("tot.pdf", PDF, "")),
                (f"file_{self.slot.id}", ("xau.exe", b"MZ", "")),
            ],
        )
        self.assertIn("xau.exe", self.alert(page))
        self.assertEqual(entry.state, "supplement", "not sent half")
        self.env.invalidate_all()
        # the text and the good file are there, the old file as an earlier version
        self.assertEqual(entry.novelty, "Mới.")
        [new] = entry.dossier_ids.filtered(lambda item: item.type_id == self.slot)
        self.assertEqual((new.filename, old.successor_id), ("tot.pdf", new))
        self.assertEqual(
            select(page, ".o_hoithi_supplement .o_hoithi_versions a")[0].get("href"),
            f"/web/content/{old.attachment_id.id}?download=1",
        )

    def test_another_tab_takes_no_text_away(self):
        entry = self._asked(field_names=["novelty"])
        path = self.entry_path(entry, "supplement")
        shown = select(self.get(self.entry_path(entry)), "[name=shown_novelty]")[0].get(
            "value"
        )
        first = entry.novelty
        self.post_page(
            path, {"novelty": "Của thẻ thứ nhất", "shown_novelty": shown, "keep": "1"}
        )
        # nothing was typed in the older one
        self.post_page(
            path, {"novelty": first, "shown_novelty": shown, "note": "x", "keep": "1"}
        )
        self.assertEqual(entry.novelty, "Của thẻ thứ nhất")
        page = self.post_page(
            path, {"novelty": "Của thẻ thứ hai", "shown_novelty": shown, "keep": "1"}
        )
        self.assertIn("Của thẻ thứ nhất", self.alert(page))
        self.assertEqual(entry.novelty, "Của thẻ thứ nhất")
        [field] = select(page, "[name=novelty]")
        self.assertEqual(field.text, "Của thẻ thứ hai", "and it stays on the page")
        again = select(page, "[name=shown_novelty]")[0].get("value")
        self.post_page(
            path, {"novelty": field.text, "shown_novelty": again, "keep": "1"}
        )
        self.assertEqual(entry.novelty, "Của thẻ thứ hai")

    def test_what_is_typed_too_late_is_shown(self):
        entry = self._asked(field_names=["novelty"])
        entry.sudo().with_context(hoithi_door=Load()).supplement_due = "2026-01-02"
        page = self.post_page(
            self.entry_path(entry, "supplement"),
            {"novelty": "Tám trăm chữ", "note": "Lời kể gõ muộn", "send": "1"},
        )
        unsaved = self.text(page, ".o_hoithi_unsaved")
        self.assertIn("Tám trăm chữ", unsaved)
        self.assertIn("Lời kể gõ muộn", unsaved)
        answer = self._autosave(entry, novelty="Muộn")
        self.assertIn("refused", answer)
        self.assertNotEqual(entry.novelty, "Muộn")

    # THE CARD THAT SAVES ITSELF

    def _autosave(self, entry, files=None, **typed):
        act = "files" if files else "supplement/autosave"
        response = self.post(
            self.entry_path(entry, act), typed, files=files, headers=JSON
        )
        return response.json()

    def test_the_card_keeps_what_is_typed_and_tells_by_field(self):
        entry = self._asked(field_names=["novelty", "applicability"])
        page = self.get(self.entry_path(entry))
        shown = {
            name: select(page, f"[name={name}]")[0].get("value")
            for name in ("shown_novelty", "shown_applicability", "shown_note")
        }
        first = {"novelty": entry.novelty, "applicability": entry.applicability}
        answer = self._autosave(
            entry, **{**first, "novelty": "Thẻ một", "note": "Kể một"}, **shown
        )
        self.assertRegex(answer["saved_at"], r"^\d\d:\d\d$")
        self.assertEqual((answer["errors"], answer["changed"]), ({}, {}))
        self.assertEqual((entry.novelty, entry.supplement_note), ("Thẻ một", "Kể một"))
        self.assertEqual(entry.state, "supplement", "kept, and not sent")
        # it stands there when the page is opened again
        page = self.get(self.entry_path(entry))
        self.assertEqual(self.text(page, "textarea[name=note]"), "Kể một")
        # a tab of before: what both typed is told, the rest is saved or taken over
        answer = self._autosave(
            entry,
            novelty="Thẻ hai",
            applicability="Rộng hơn",
            note="",
            **shown,
        )
        self.assertEqual(answer["conflicts"], {"novelty": "Thẻ một"})
        self.assertEqual([*answer["errors"]], ["novelty"])
        self.assertEqual(answer["changed"]["note"]["text"], "Kể một")
        self.assertEqual(
            (entry.novelty, entry.applicability, entry.supplement_note),
            ("Thẻ một", "Rộng hơn", "Kể một"),
        )
        # others get nothing out of it, and in
        self.log_in(self.coauthor)
        self.assertIn("refused", self._autosave(entry, novelty="x", note="x"))
        self.assertEqual(entry.supplement_note, "Kể một")

    def test_the_card_is_sent_in_place_and_says_what_it_lacks(self):
        entry = self._asked(field_names=["novelty"], type_ids=self.slot.ids)
        answer = self._autosave(entry, novelty="Rõ hơn", note=" ", send="1")
        self.assertEqual(
            [problem["anchor"] for problem in answer["problems"]],
            [f"hoithi_slot_{self.slot.id}", "hoithi_note"],
        )
        self.assertFalse(answer["errors"], "all of it is saved")
        answer = self._autosave(entry, novelty="Rõ hơn", note="Đã ký", send="1")
        self.assertEqual(
            [problem["anchor"] for problem in answer["problems"]],
            [f"hoithi_slot_{self.slot.id}"],
        )
        self.assertEqual(entry.state, "supplement")
        [old] = entry.dossier_ids
        answer = self._autosave(
            entry,
            files={"file": ("ban-ky.pdf", PDF + b"%", "")},
            page="supplement",
            type_id=str(self.slot.id),
            replace_id=str(old.id),
        )
        # the card is drawn anew, and nothing of the form
        self.assertEqual([*answer["parts"]], ["hoithi_supplement_files"])
        self.assertIn("ban-ky.pdf", answer["parts"]["hoithi_supplement_files"])
        self.assertEqual(old.successor_id, entry.dossier_ids)
        # what the act alone refuses doesn't take the texts with it
        beyond = patch.object(
            type(entry), "_check_limits", side_effect=UserError("Quá giới hạn")
        )
        with beyond:
            answer = self._autosave(entry, novelty="Rõ nhất", note="Đã ký", send="1")
        self.assertEqual([one["text"] for one in answer["problems"]], ["Quá giới hạn"])
        self.assertNotIn("refused", answer)
        self.assertEqual(answer["version"]["novelty"], get_digest("Rõ nhất"))
        self.assertEqual((entry.state, entry.novelty), ("supplement", "Rõ nhất"))
        # the second of a double click finds it sent
        for _twice in range(2):
            answer = self._autosave(entry, novelty="Rõ hơn", note="Đã ký", send="1")
            self.assertEqual(answer.get("url"), self.entry_path(entry))
        self.assertEqual((entry.state, entry.supplement_note), ("submitted", "Đã ký"))

    def test_a_wrong_file_of_the_card_is_taken_out_and_put_back(self):
        entry = self._asked(type_ids=self.slot.ids)
        path = self.entry_path(entry, "supplement")
        [item] = entry.dossier_ids
        page = self.post_page(path, {"delete_id": str(item.id), "note": "Đang viết"})
        self.assertFalse(entry.dossier_ids)
        [undo] = select(page, ".o_hoithi_supplement button[name=restore_id]")
        self.assertEqual(self.text(page, "textarea[name=note]"), "Đang viết")
        self.post_page(path, {"restore_id": undo.get("value")})
        self.assertEqual(entry.dossier_ids, item)

    def test_what_was_begun_and_taken_back_is_no_supplement(self):
        entry = self._asked(field_names=["novelty"])
        self._autosave(entry, note="Chưa gửi")
        entry.with_user(self.secretary).action_undo_supplement(reason="Nhầm")
        self.assertFalse(entry.supplement_note)
        page = self.get(self.entry_path(entry))
        self.assertFalse(select(page, ".o_hoithi_supplement_note"))
