import json
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

from lxml import html
from PIL import Image

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib.guard import thumbnail
from ..common import PDF
from .test_hoithi_portal import HoithiPortalCase, select

JSON = {"Accept": "application/json"}
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
OTHER_PDF = PDF + b"% another\n"


class AutosaveCase(HoithiPortalCase):
    def open(self, path):
        """What a tab posts of a form that was opened just now."""
        data = {}
        for name, value in self.pairs(self.get(path)):
            data.setdefault(name, []).append(value)
        data.pop("csrf_token")
        return data

    def autosave(self, path, data, status=200, **options):
        headers = {**JSON, **options.pop("headers", {})}
        response = self.post(f"{path}/autosave", data, headers=headers, **options)
        self.assertEqual(response.status_code, status)
        return response.json()


@tagged("post_install", "-at_install")
class TestEntryAutosave(AutosaveCase):
    """A form that saves itself: what is kept, what is told, and by which door."""

    def setUp(self):
        super().setUp()
        self.entry = self._create_entry(novelty="Cũ", applicability="Cũ")
        self.path = self.entry_path(self.entry)
        self.new_path = f"/my/hoithi/{self.contest.id}"

    def test_what_is_right_is_saved_and_what_is_wrong_is_told_by_field(self):
        tab = self.open(self.path)
        answer = self.autosave(
            self.path,
            {
                **tab,
                "novelty": "Chữ vừa gõ",
                "benefit_amount": "1,5 tỷ",
                "first_applied_date": "3/2025",
                "trial_applied_date": "hôm qua",
            },
        )
        self.assertEqual(self.entry.novelty, "Chữ vừa gõ")
        self.assertEqual(self.entry.benefit_amount, 1_500_000_000)
        self.assertEqual(str(self.entry.first_applied_date), "2025-03-01")
        self.assertFalse(self.entry.trial_applied_date)
        self.assertRegex(answer["saved_at"], r"^\d\d:\d\d$")
        self.assertEqual({*answer["errors"]}, {"trial_applied_date"})
        self.assertIn("01/03/2025 or 3/2025", answer["errors"]["trial_applied_date"])
        self.assertIn("1.500.000.000", answer["understood"]["benefit_amount"])
        self.assertIn("03/2025", answer["understood"]["first_applied_date"])
        missing = html.fromstring(answer["parts"]["hoithi_missing"])
        self.assertIn(
            f"{self.entry.completeness}\N{NO-BREAK SPACE}%", missing.text_content()
        )
        self.assertEqual(answer["missing"], len(self.entry._get_progress()["missing"]))

    def test_a_limit_is_told_at_its_field_while_typing(self):
        self.contest.authors_per_entry = 1
        tab = self.open(self.path)
        page = self.get(self.path).text_content()
        self.assertIn("An entry has at most 1 authors.", page)
        answer = self.autosave(
            self.path,
            {
                **tab,
                "participant_type": "group",
                "author_name": ["Lý Văn Ngoài"],
                "author_id": [""],
                "author_choice": ["outsider"],
                "author_workplace": ["Trường"],
                "author_percent": ["40"],
            },
        )
        self.assertEqual(len(self.entry.author_ids), 2)
        self.assertIn("this one has 2", answer["errors"]["author_ids"])
        self.assertIn("this one has 2", answer["parts"]["hoithi_missing"])
        self.assertIn("hoithi_section_authors", answer["parts"]["hoithi_missing"])

    def test_a_date_out_of_range_is_kept_and_told(self):
        year = self.contest.eligible_from_year
        self.assertTrue(year)
        answer = self.autosave(
            self.path, {"first_applied_date": f"15/8/{year - 1}", "novelty": "Mới"}
        )
        self.assertIn(str(year), answer["errors"]["first_applied_date"])
        self.assertEqual(answer["labels"], {}, "it is saved nevertheless")
        self.assertEqual(self.entry.first_applied_date.year, year - 1)

    def test_what_the_model_refuses_does_not_take_the_rest_along(self):
        answer = self.autosave(
            self.path,
            {
                "novelty": "Được ghi",
                "author_id": str(self.entry.representative_id.id),
                "author_percent": "150",
            },
        )
        self.assertEqual(self.entry.novelty, "Được ghi")
        self.assertIn("between 0 and 100", answer["errors"]["author_ids"])
        self.assertEqual(self.entry.representative_id.contribution_percent, 100)

    def test_a_new_form_makes_one_draft(self):
        tab = self.open(f"{self.new_path}/new")
        answer = self.autosave(self.new_path, {**tab, "benefit_amount": "480 triệu"})
        self.assertIn("name", answer["errors"])
        self.assertIsNone(answer["url"], "nothing is made without a name")
        self.assertIn("480.000.000", answer["understood"]["benefit_amount"])
        before = self._own_entries()
        typed = {**tab, "name": "Phao đo\nmực nước", "novelty": "Mới"}
        answer = self.autosave(self.new_path, typed)
        entry = self._own_entries() - before
        self.assertEqual((entry.name, entry.novelty), ("Phao đo mực nước", "Mới"))
        self.assertEqual(answer["url"], self.entry_path(entry))
        self.assertEqual(answer["rows"][0]["id"], str(entry.representative_id.id))
        self.assertIn("o_hoithi_upload", answer["parts"]["hoithi_files"])
        # an answer that was lost, a double click, and back to the page before
        answer = self.autosave(self.new_path, typed)
        self.assertFalse(answer["errors"])
        self.assertEqual(answer["rows"][0]["id"], str(entry.representative_id.id))
        self.post(f"{self.new_path}/new", typed)
        self.assertEqual(self._own_entries() - before, entry)
        # typed on in a page that doesn't know yet what it has made: nothing is lost
        answer = self.autosave(self.new_path, {**typed, "novelty": "Mới hơn"})
        self.assertEqual(answer["conflicts"], {"novelty": "Mới"})
        self.assertEqual(self._own_entries() - before, entry)

    def test_the_second_tab_tells_what_changed_meanwhile_and_loses_nothing(self):
        one, two = self.open(self.path), self.open(self.path)
        self.autosave(self.path, {**one, "novelty": "Của thẻ một"})
        answer = self.autosave(
            self.path, {**two, "novelty": "Của thẻ hai", "applicability": "Toàn tỉnh"}
        )
        self.assertEqual(answer["conflicts"], {"novelty": "Của thẻ một"})
        self.assertIn("another tab", answer["errors"]["novelty"])
        self.assertEqual(self.entry.novelty, "Của thẻ một")
        self.assertEqual(self.entry.applicability, "Toàn tỉnh", "the rest is saved")
        # whoever keeps the own text says so with the version that was shown
        version = json.dumps(answer["version"])
        self.autosave(self.path, {**two, "novelty": "Của thẻ hai", "version": version})
        self.assertEqual(self.entry.novelty, "Của thẻ hai")

    def test_a_field_that_was_not_touched_follows_the_other_tab(self):
        one, two = self.open(self.path), self.open(self.path)
        self.autosave(self.path, {**one, "novelty": "Của thẻ một"})
        answer = self.autosave(self.path, {**two, "applicability": "Toàn tỉnh"})
        self.assertEqual(self.entry.novelty, "Của thẻ một")
        self.assertEqual(answer["changed"]["novelty"]["text"], "Của thẻ một")
        self.assertFalse(answer["errors"])

    def test_two_tabs_without_a_script(self):
        one, two = self.open(self.path), self.open(self.path)
        self.post(f"{self.path}/save", {**one, "novelty": "Của thẻ một"})
        page = self.post_page(f"{self.path}/save", {**two, "novelty": "Của thẻ hai"})
        self.assertIn("changed meanwhile", self.alert(page))
        self.assertEqual(self.entry.novelty, "Của thẻ một")
        self.assertEqual(self.values(page)["novelty"], "Của thẻ hai")
        self.assertIn("Của thẻ một", self.text(page, ".o_hoithi_theirs"))
        [link] = select(page, ".o_hoithi_problems a")
        self.assertEqual(link.get("href"), "#hoithi_novelty")
        # saved again, what was read is overwritten
        self.post(f"{self.path}/save", self.pairs_of(page))
        self.assertEqual(self.entry.novelty, "Của thẻ hai")

    def pairs_of(self, page):
        data = {}
        for name, value in self.pairs(page):
            data.setdefault(name, []).append(value)
        data.pop("csrf_token")
        return data

    def test_rows_of_authors_learn_who_they_are(self):
        self.entry.participant_type = "group"
        tab = self.open(self.path)

        def type_row(tab, author_id, **typed):
            data = dict(tab)
            own = self.entry.representative_id
            for name, first in (("id", str(own.id)), ("percent", "60")):
                data[f"author_{name}"] = [first, typed.get(name, "")]
            for name in ("name", "email", "choice", "workplace"):
                data[f"author_{name}"] = ["", typed.get(name, "")]
            data["author_id"][1] = author_id
            return data

        typed = {"name": "Chuyên gia", "percent": "40", "choice": "outsider"}
        answer = self.autosave(self.path, type_row(tab, "", **typed, workplace="Xã A"))
        line = self.entry.author_ids - self.entry.representative_id
        self.assertEqual(answer["rows"][1]["id"], str(line.id))
        # sent again, as its answer was lost, it is the line that it has made
        row = type_row(tab, "", **typed, workplace="Xã A")
        answer = self.autosave(self.path, row)
        self.assertEqual(answer["rows"][1]["id"], str(line.id))
        self.assertEqual(len(self.entry.author_ids), 2)
        tab["version"] = json.dumps(answer["version"])
        typed["percent"] = "35"
        row = type_row(tab, str(line.id), **typed, workplace="Xã A")
        answer = self.autosave(self.path, row)
        self.assertEqual(len(self.entry.author_ids), 2)
        self.assertEqual(line.contribution_percent, 35)
        # the other tab still shows 40: what it types there isn't written over 35
        typed["percent"] = "45"
        row = type_row(tab, str(line.id), **typed, workplace="Xã A")
        answer = self.autosave(self.path, row)
        self.assertIn("35", answer["rows"][1]["error"])
        self.assertTrue(answer["rows"][1]["is_conflict"])
        self.assertEqual(answer["rows"][1]["percent"], "35")
        self.assertEqual(line.contribution_percent, 35)
        # what nobody typed here follows the other tab: the name as well
        line.full_name = "Chuyên gia Hoàng"
        typed["percent"] = "40"
        row = type_row(tab, str(line.id), **typed, workplace="Xã A")
        answer = self.autosave(self.path, row)
        told = answer["rows"][1]
        self.assertTrue(told["is_changed"])
        self.assertEqual((told["name"], told["percent"]), ("Chuyên gia Hoàng", "35"))
        self.assertEqual((told["choice"], told["workplace"]), ("outsider", "Xã A"))
        # a row that nobody typed in goes with the person who was taken out meanwhile
        line.unlink()
        answer = self.autosave(self.path, row)
        self.assertEqual([one["index"] for one in answer["rows"]], [1, 0])
        self.assertTrue(answer["rows"][0]["is_taken_out"])
        self.assertNotIn("author_ids", answer["errors"])
        # and with what was typed meanwhile nobody is lost
        typed["percent"] = "45"
        row = type_row(tab, str(line.id), **typed, workplace="Xã A")
        answer = self.autosave(self.path, row)
        self.assertIn("taken out", answer["errors"]["author_ids"])
        # saved again, as it says, it is a new line
        self.assertEqual(answer["rows"][1]["id"], "")
        row = type_row(answer["version"], "", **typed, workplace="Xã A")
        answer = self.autosave(self.path, row)
        self.assertNotIn("author_ids", answer["errors"])
        self.assertEqual(len(self.entry.author_ids), 2)

    def test_a_version_that_no_page_was_made_with(self):
        for version in (
            "[" * 100_000,
            '{"form_key": "a\\u0000\\ud800b", "author_ids": 5}',
            '{"author_ids": {"1": {"a": 1}}, "name": [1], "form_key": {"a": 1}}',
            "[1]",
            "NaN",
            "9" * 5000,
        ):
            with self.subTest(version=version[:40]):
                self.autosave(self.path, {"version": version, "novelty": "Mới"})
                # without a name nothing is made
                answer = self.autosave(self.new_path, {"version": version, "name": ""})
                self.assertIn("name", answer["errors"])
        self.assertEqual(self.entry.novelty, "Mới")

    def test_the_door_is_the_one_of_the_form(self):
        self.close_door()
        answer = self.autosave(self.path, {"novelty": "Muộn"})
        self.assertIn("closed", answer["refused"])
        self.assertEqual(self.entry.novelty, "Cũ")
        self.log_in(self.coauthor)
        answer = self.autosave(self.path, {"novelty": "Lén"}, status=404)
        self.assertTrue(answer["refused"])
        self.assertEqual(self.entry.novelty, "Cũ")


@tagged("post_install", "-at_install")
class TestEntrySessionOver(AutosaveCase):
    """What is posted after the session has ended."""

    def setUp(self):
        super().setUp()
        self.entry = self._create_entry(novelty="Cũ")
        self.path = self.entry_path(self.entry)

    def test_a_script_is_told_and_goes_on_with_a_new_token(self):
        data = {"novelty": "Chữ vừa gõ", "csrf_token": "0123456789abcdef"}
        answer = self.autosave(
            self.path, data, status=401, csrf=False, headers=OWN_PAGE
        )
        self.assertTrue(answer["is_late"])
        data["csrf_token"] = answer["csrf_token"]
        self.autosave(self.path, data, csrf=False, headers=OWN_PAGE)
        self.assertEqual(self.entry.novelty, "Chữ vừa gõ")

    @mute_logger("odoo.http")
    def test_another_site_gets_no_token_and_puts_no_words_in(self):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://la.vn"}):
            data = {"novelty": "Chữ của kẻ lạ"}
            answer = self.autosave(
                self.path, data, status=401, csrf=False, headers=headers
            )
            self.assertNotIn("csrf_token", answer)
            response = self.post(f"{self.path}/save", data, csrf=False, headers=headers)
            self.assertEqual(response.status_code, 400)
            self.assertNotIn("Chữ của kẻ lạ", response.text)
        self.assertEqual(self.entry.novelty, "Cũ")

    def test_who_is_logged_out_keeps_what_was_typed(self):
        self.authenticate(None, None)
        data = {"novelty": "Gõ cả buổi\n<b>tối</b>", "name": "Tên"}
        answer = self.autosave(
            self.path, data, status=401, csrf=False, headers=OWN_PAGE
        )
        self.assertIn("/web/login", answer["login"])
        self.assertNotIn("csrf_token", answer)
        page = self.post_page(f"{self.path}/save", data, status=400, headers=OWN_PAGE)
        [form] = select(page, ".o_hoithi_late_form")
        self.assertEqual(form.action, f"{self.path}/save")
        self.assertEqual(form.fields["novelty"], data["novelty"])
        self.assertTrue(select(page, ".o_hoithi_late a[target=_blank]"))
        # logged in again in another tab, the page is sent once more, and asks once more
        self.log_in(self.staff)
        held = {name: value for name, value in form.form_values()}
        page = self.post_page(
            form.action, held, status=400, csrf=False, headers=OWN_PAGE
        )
        [form] = select(page, ".o_hoithi_late_form")
        self.assertEqual(self.entry.novelty, "Cũ")
        self.post(form.action, dict(form.form_values()), csrf=False)
        self.assertEqual(self.entry.novelty, data["novelty"])


@tagged("post_install", "-at_install")
class TestEntryFiles(AutosaveCase):
    """Files: where they go, versions, and what can be undone."""

    def setUp(self):
        super().setUp()
        self.entry = self._create_entry(with_file=False)
        self.path = self.entry_path(self.entry, "files")

    def send(self, data=None, *files):
        response = self.post(
            self.path, data, files=[("file", file) for file in files], headers=JSON
        )
        self.assertEqual(response.status_code, 200)
        return response.json()

    def test_a_dropped_file_goes_where_it_fits(self):
        answer = self.send({"type_id": "auto"}, ("Bản mô tả.pdf", PDF))
        self.assertEqual(self.entry.dossier_ids.type_id, self.dossier_type)
        self.assertIn("Bản mô tả.pdf", answer["parts"]["hoithi_files"])
        self.assertEqual(answer["missing"], len(self.entry._get_progress()["missing"]))
        answer = self.send({"type_id": "auto"}, ("phim.avi", b"RIFF"))
        self.assertIn("phim.avi", answer["refused"])
        self.assertEqual(len(self.entry.dossier_ids), 1)

    def test_a_pdf_shows_its_first_page_and_how_many_there_are(self):
        answer = self.send({"type_id": "auto"}, ("Bản mô tả.pdf", PDF))
        item = self.entry.dossier_ids
        self.assertEqual(item.page_count, 1)
        page = html.fromstring(answer["parts"]["hoithi_files"])
        self.assertEqual(self.text(page, ".o_hoithi_pages"), "Pages: 1")
        [picture] = select(page, ".o_hoithi_thumb img")
        response = self.url_open(picture.get("src"))
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "image/jpeg")
        with Image.open(BytesIO(response.content)) as drawn:
            self.assertEqual(drawn.size, (224, 224))
        etag = response.headers["ETag"]
        again = self.url_open(picture.get("src"), headers={"If-None-Match": etag})
        self.assertEqual((again.status_code, again.content), (304, b""))
        # for whoever reads the file, and nobody else
        self.log_in(self.coauthor)
        self.assertEqual(self.url_open(picture.get("src")).status_code, 404)
        self.authenticate(None, None)
        response = self.url_open(picture.get("src"), allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def test_what_cannot_be_drawn_is_a_file_like_others(self):
        broken = b"%PDF-1.4 nothing else"
        answer = self.send({"type_id": "auto"}, ("hỏng.pdf", broken))
        item = self.entry.dossier_ids
        self.assertTrue(item.drawn_on, answer)
        self.assertFalse(item.page_count)
        page = html.fromstring(answer["parts"]["hoithi_files"])
        self.assertFalse(select(page, ".o_hoithi_thumb img, .o_hoithi_pages"))
        path = f"/my/hoithi/files/{item.id}/thumbnail"
        with patch.object(thumbnail, "draw", side_effect=AssertionError("again")):
            self.assertEqual(self.url_open(path).status_code, 404)

    def test_files_that_came_otherwise_are_drawn_when_they_are_looked_at(self):
        self._add_file(self.entry)
        item = self.entry.dossier_ids
        self.assertFalse(item.drawn_on)
        page = self.get(self.entry_path(self.entry))
        [picture] = select(page, ".o_hoithi_thumb img")
        self.assertEqual(self.url_open(picture.get("src")).status_code, 200)
        item.invalidate_recordset()
        self.assertEqual(item.page_count, 1)
        with self.assertRaises(UserError):
            item.write({"page_count": 7})

    def test_answers_tell_which_is_the_later(self):
        first = self.send({"type_id": "auto"}, ("một.pdf", PDF))
        path = self.entry_path(self.entry, "parts")
        response = self.url_open(path, headers=JSON)
        parts = response.json()
        self.assertIn("một.pdf", parts["parts"]["hoithi_files"])
        self.assertEqual(parts["missing"], first["missing"])
        self.assertIsInstance(parts["order"], int)
        self.assertGreaterEqual(parts["order"], first["order"])
        self.assertLess(parts["order"], 2**53, "a script counts no further")
        self.log_in(self.coauthor)
        self.assertEqual(self.url_open(path, headers=JSON).status_code, 404)

    def test_the_same_file_is_noticed(self):
        type_id = str(self.dossier_type.id)
        self.send({"type_id": type_id}, ("một.pdf", PDF))
        answer = self.send(
            {"type_id": type_id}, ("hai.pdf", PDF), ("ba.pdf", OTHER_PDF)
        )
        self.assertIn("hai.pdf", answer["told"])
        self.assertIn("một.pdf", answer["told"])
        self.assertEqual(
            self.entry.dossier_ids.mapped("filename"), ["một.pdf", "ba.pdf"]
        )

    def test_a_replaced_file_stays_as_a_version(self):
        self.send({"type_id": str(self.dossier_type.id)}, ("một.pdf", PDF))
        old = self.entry.dossier_ids
        answer = self.send({"replace_id": str(old.id)}, ("hai.pdf", OTHER_PDF))
        new = self.entry.dossier_ids
        self.assertEqual((new.filename, old.successor_id), ("hai.pdf", new))
        self.assertFalse(old.active)
        self.assertIn(
            f"/web/content/{old.attachment_id.id}", answer["parts"]["hoithi_files"]
        )
        response = self.url_open(f"/web/content/{old.attachment_id.id}?download=1")
        self.assertEqual(response.content, PDF)
        # a replacement that is refused leaves the file as it was
        answer = self.send({"replace_id": str(new.id)}, ("ba.exe", b"MZ"))
        self.assertTrue(answer["refused"])
        self.assertEqual(self.entry.dossier_ids, new)

    def test_a_file_that_no_number_names(self):
        for name in ("delete_id", "restore_id", "move_id"):
            for number in ("9" * 5000, str(2**31), "-1", "٣", "²", ""):
                with self.subTest(name=name, number=number[:12]):
                    answer = self.send({name: number})
                    self.assertIn("isn't there any more", answer["refused"])
        answer = self.send({"replace_id": "9" * 5000}, ("một.pdf", PDF))
        self.assertIn("isn't there any more", answer["refused"])
        self.assertFalse(self.entry.dossier_ids)

    def test_a_removal_is_undone(self):
        self.send({"type_id": str(self.dossier_type.id)}, ("một.pdf", PDF))
        item = self.entry.dossier_ids
        self.send({"delete_id": str(item.id)})
        self.assertFalse(self.entry.dossier_ids)
        self.assertIn("dossier lacks", self.entry.missing_items)
        page = self.get(self.entry_path(self.entry))
        self.assertIn("một.pdf", self.text(page, ".o_hoithi_removed"))
        answer = self.send({"restore_id": str(item.id)})
        self.assertFalse(answer["refused"])
        self.assertEqual(self.entry.dossier_ids, item)
        # what was replaced isn't put back beside its successor
        self.send({"replace_id": str(item.id)}, ("hai.pdf", OTHER_PDF))
        self.assertTrue(self.send({"restore_id": str(item.id)})["refused"])

    def test_what_was_taken_out_goes_for_good_a_day_later(self):
        items = self.env["hoithi.dossier.item"].with_context(active_test=False)
        type_id = str(self.dossier_type.id)
        self.send({"type_id": type_id}, ("một.pdf", PDF), ("hai.pdf", OTHER_PDF))
        one, two = self.entry.dossier_ids
        attachment = one.attachment_id
        self.send({"delete_id": str(one.id)})
        items._gc_taken_out()
        self.assertTrue(one.exists(), "it can still be put back")
        yesterday = fields.Datetime.now() - timedelta(days=2)
        self.env.cr.execute(
            "UPDATE hoithi_dossier_item SET replaced_on = %s WHERE id = %s",
            (yesterday, one.id),
        )
        self.env.invalidate_all()
        items._gc_taken_out()
        self.assertFalse(one.exists())
        self.assertFalse(attachment.exists())
        # an earlier version stays as long as the draft does
        self.send({"replace_id": str(two.id)}, ("ba.pdf", PDF + b"% third\n"))
        self.env.cr.execute(
            "UPDATE hoithi_dossier_item SET replaced_on = %s WHERE id = %s",
            (yesterday, two.id),
        )
        self.env.invalidate_all()
        items._gc_taken_out()
        self.assertTrue(two.exists())

    def test_a_file_is_moved_to_where_it_belongs(self):
        other = (self.contest.asked_dossier_type_ids - self.dossier_type).filtered(
            lambda kind: "pdf" in kind._get_extensions()
        )[:1]
        self.send({"type_id": str(self.dossier_type.id)}, ("một.pdf", PDF))
        item = self.entry.dossier_ids
        self.send({"move_id": str(item.id), "type_id": str(other.id)})
        self.assertEqual(item.type_id, other)

    def test_nothing_moves_once_the_door_is_closed(self):
        self.send({"type_id": str(self.dossier_type.id)}, ("một.pdf", PDF))
        item = self.entry.dossier_ids
        self.close_door()
        for data in ({"delete_id": str(item.id)}, {"restore_id": str(item.id)}):
            self.assertTrue(self.send(data)["refused"])
        self.assertTrue(self.send({"replace_id": str(item.id)}, ("b.pdf", OTHER_PDF)))
        self.assertEqual(self.entry.dossier_ids, item)

    def test_a_file_handed_in_stays_when_it_is_replaced(self):
        self._add_file(self.entry)
        self.submit(self.preview(self.entry))
        item = self.entry.dossier_ids
        self.entry.with_user(self.secretary).action_request_supplement(
            reason="Bổ sung.", due_date=fields.Datetime.now() + timedelta(days=3)
        )
        self.send({"replace_id": str(item.id)}, ("mới.pdf", OTHER_PDF))
        self.assertFalse(item.active)
        self.assertTrue(item.counted_on)
        self.env["hoithi.dossier.item"]._gc_taken_out()
        self.assertTrue(item.exists())
