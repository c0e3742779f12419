import io
from unittest.mock import patch

import pikepdf
import pypdfium2
from psycopg2.errors import SerializationFailure
from reportlab.pdfgen import canvas

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import config

from ...lib.council import copies
from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

NAME = "Ha Thi Tac Gia"


def make_pdf(*texts):
    output = io.BytesIO()
    paper = canvas.Canvas(output, pagesize=(400, 300), invariant=1)
    for text in texts:
        paper.drawString(40, 200, text)
        paper.showPage()
    paper.save()
    return output.getvalue()


def text_of(content):
    return "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)
    )


@tagged("post_install", "-at_install")
class TestReviewCopies(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.copies = cls.env["hoithi.review.copy"].with_user(cls.secretary)

    def _enter(self, *contents, user=None):
        """An eligible entry with such files; its copies wait."""
        entry = self._create_entry(user, with_file=False)
        for number, content in enumerate(contents):
            self._add_file(entry, content, f"tep-{number} {NAME}.pdf")
        entry.action_submit()
        entry.with_user(self.secretary).action_mark_eligible()
        return entry.sudo()

    def _copy_of(self, entry):
        return self.copies.search([("entry_id", "=", entry.id)])

    # IN THE BACKGROUND

    def test_copies_are_made_by_the_scheduled_action(self):
        """Whoever admits and assigns waits for nothing; the member gets them later."""
        with patch.object(
            copies, "make_copy", side_effect=AssertionError("in a click")
        ):
            entry = self._enter(make_pdf("Noi dung"))
            [review] = self._assign(entry, self.member1)
        self.assertFalse(review.file_ids)
        self.assertEqual(review.pending_files, 1)
        self.assertEqual(self._copy_of(entry).state, "waiting")
        self._run_cron("cron_make_copies")
        self.env.invalidate_all()
        self.assertEqual(self._copy_of(entry).state, "ready")
        self.assertEqual(review.pending_files, 0)
        self.assertEqual(review.file_ids.name, f"{entry.code}-1-ban-mo-ta.pdf")
        self.assertIn("Noi dung", text_of(review.file_ids.raw))

    def test_a_copy_that_is_ready_is_handed_out_at_once(self):
        entry = self._enter(make_pdf("Noi dung"))
        self._make_copies()
        first, second = self._assign(entry, self.member1, self.member2)
        self.assertEqual(first.file_ids.raw, second.file_ids.raw)
        self.assertTrue(first.file_ids.kept_sha256)

    def test_the_review_waits_for_copies(self):
        entry = self._enter(make_pdf("Noi dung"))
        [review] = self._assign(entry, self.member1)
        self.contest.with_user(self.secretary).action_close_registration()
        self.contest.with_user(self.secretary).action_start_review()
        self.assertEqual(self.contest.state, "review")
        self.assertEqual(len(review.file_ids), 1)

    def test_the_review_does_not_begin_before_its_copies(self):
        self._enter(make_pdf("Noi dung"))
        contest = self.contest.with_user(self.secretary)
        contest.action_close_registration()
        with (
            patch.object(type(self.copies), "_make", lambda copy, seconds=None: None),
            self.assertRaises(UserError) as refusal,
        ):
            contest.action_start_review()
        self.assertIn("still being made", str(refusal.exception))

    def test_no_copy_outlasts_a_worker(self):
        """A server that Odoo kills over a copy would come back to it for ever."""
        entry = self._enter(make_pdf("Noi dung"))
        seconds = []

        def make_slowly(*args, timeout, **options):
            seconds.append(timeout)
            raise copies.CopyFailed("time")

        limits = {"limit_time_real": 30, "limit_time_real_cron": -1}
        with (
            patch.object(copies, "make_copy", make_slowly),
            patch.dict(config.options, limits),
        ):
            # the click waits no longer than that either, and the copy isn't given up
            with self.assertRaises(UserError):
                self.copies._wait(entry)
            self.assertEqual(self._copy_of(entry).state, "waiting")
            self._run_cron("cron_make_copies")
        self.assertEqual(len(seconds), 2)
        self.assertLessEqual(max(seconds), 20)
        copy = self._copy_of(entry)
        self.assertEqual((copy.state, copy.failure), ("failed", "time"))

    def test_another_transaction_first(self):
        """What a member's act crosses waits on, and the others don't wait for it."""
        entry = self._enter(make_pdf("Mot"), make_pdf("Hai"))
        first, second = self._copy_of(entry)
        made = type(first)._make

        def make_crossed(copy, seconds=None):
            if copy.id == first.id:
                raise SerializationFailure
            return made(copy, seconds)

        with patch.object(type(first), "_make", make_crossed):
            self._run_cron("cron_make_copies")
        self.env.invalidate_all()
        self.assertEqual((first.state, second.state), ("waiting", "ready"))

    def test_copies_are_made_again_together(self):
        entry = self._enter(make_pdf("Mot"), make_pdf("Hai"))
        with patch.object(copies, "make_copy", side_effect=copies.CopyFailed("engine")):
            self._run_cron("cron_make_copies")
        made = self._copy_of(entry)
        self.assertEqual(made.mapped("state"), ["failed", "failed"])
        made.action_retry()
        self._run_cron("cron_make_copies")
        self.env.invalidate_all()
        self.assertEqual(made.mapped("state"), ["ready", "ready"])

    # NAMES IN THE TEXT

    def test_names_are_listed_and_the_secretary_blackens(self):
        phone = "0912 345 678"
        entry = self._enter(
            make_pdf("Noi dung", f"Tac gia: {NAME}, t_staff", "staff@sotnmt.example.vn")
        )
        entry.author_ids.sudo()._open_door().phone = phone
        [review] = self._assign(entry, self.member1)
        self._make_copies()
        copy = self._copy_of(entry)
        self.assertEqual(copy.state, "decision")
        self.assertEqual(copy.page_count, 3)
        self.assertIn("Hà Thị Tác Giả”: page 2", copy.findings)
        self.assertIn("staff@sotnmt.example.vn”: page 3", copy.findings)
        self.assertFalse(review.file_ids, "nothing reaches the member undecided")
        self.assertIn(str(copy.attachment_id.id), copy.action_open_copy()["url"])
        self.contest.with_user(self.secretary).action_close_registration()
        with self.assertRaises(UserError) as refusal:
            self.contest.with_user(self.secretary).action_start_review()
        self.assertIn(entry.code, str(refusal.exception))
        self.assertNotIn("Hà Thị", str(refusal.exception))
        copy.action_blacken()
        self._make_copies()
        self.assertEqual((copy.state, copy.decided_by), ("ready", self.secretary))
        text = text_of(review.file_ids.raw)
        self.assertIn("Noi dung", text)
        for secret in (NAME, "staff@"):
            self.assertNotIn(secret, text)
        self.contest.with_user(self.secretary).action_start_review()

    def test_the_secretary_passes_with_a_reason(self):
        entry = self._enter(make_pdf(f"Duong {NAME}"))
        [review] = self._assign(entry, self.member1)
        self._make_copies()
        copy = self._copy_of(entry)
        with self.assertRaises(UserError):
            copy.action_pass(reason=" ")
        copy.action_pass(reason="Tên một con đường")
        self.assertEqual((copy.state, copy.treatment), ("ready", "pass"))
        self.env.invalidate_all()
        self.assertIn(NAME, text_of(review.file_ids.raw))
        # and takes it back
        copy.action_withhold(reason="Vẫn đoán ra được")
        self.env.invalidate_all()
        self.assertFalse(review.file_ids)
        self.assertIn(copy.filename, review.with_user(self.secretary).withheld_files)

    def test_another_author_is_looked_for_anew(self):
        entry = self._enter(make_pdf("Noi dung cua Nguoi Ngoai"))
        self._make_copies()
        self.assertEqual(self._copy_of(entry).state, "ready")
        entry.author_ids.sudo()._open_door().full_name = "Người Ngoài"
        [review] = self._assign(entry, self.member1)
        self._make_copies()
        self.assertEqual(self._copy_of(entry).state, "decision")
        self.assertFalse(review.file_ids)

    def test_a_contact_that_was_corrected_is_looked_for_as_well(self):
        """The files were written before: they hold the former number."""
        entry = self._create_entry(with_file=False)
        self._add_file(entry, make_pdf("Lien he 0912 345 678"), "tep.pdf")
        line = entry.representative_id
        line.phone = "0912345678"
        entry.action_submit()
        line.action_correct_contact(phone="0988 777 666")
        entry.with_user(self.secretary).action_mark_eligible()
        self._make_copies()
        copy = self._copy_of(entry)
        self.assertEqual(copy.state, "decision")
        self.assertIn("0912345678”: page 1", copy.findings)
        copy.action_blacken()
        self._make_copies()
        line.action_correct_contact(phone="0977 111 222")
        [review] = self._assign(entry.sudo(), self.member1)
        self._make_copies()
        self.assertEqual(copy.state, "ready")
        self.assertNotIn("345", text_of(review.file_ids.raw))
        sought = copy.sudo().looked_for["authors"]
        numbers = {text for kind, text in sought if kind == "phone"}
        self.assertGreaterEqual(numbers, {"0912345678", "0988 777 666", "0977 111 222"})

    def test_an_open_contest_hides_no_names(self):
        self.contest.with_user(self.secretary).blind = False
        entry = self._enter(make_pdf(f"Tac gia: {NAME}"))
        self._make_copies()
        self.assertEqual(self._copy_of(entry).state, "ready")

    # WHAT CAN'T BE MADE

    def test_what_cannot_be_made_says_why(self):
        with pikepdf.open(io.BytesIO(make_pdf("x"))) as document:
            locked = io.BytesIO()
            document.save(locked, encryption=pikepdf.Encryption(user="x", owner="y"))
        entry = self._enter(make_pdf("Noi dung"))
        item = entry.dossier_ids
        item.attachment_id.raw = locked.getvalue()
        [review] = self._assign(entry, self.member1)
        self._make_copies()
        copy = self._copy_of(entry)
        self.assertEqual((copy.state, copy.failure), ("failed", "locked"))
        for act in (copy.action_blacken, lambda: copy.action_pass(reason="Vẫn cho")):
            with self.assertRaises(UserError) as refusal:
                act()
            self.assertIn("locked by a password", str(refusal.exception))
        self.assertFalse(review.file_ids)
        # nobody reviews without it unless the secretary decides so
        contest = self.contest.with_user(self.secretary)
        contest.action_close_registration()
        with self.assertRaises(UserError) as refusal:
            contest.action_start_review()
        told = str(refusal.exception)
        for word in (entry.code, self.dossier_type.name, "locked by a password"):
            self.assertIn(word, told)
        self.assertNotIn(item.filename, told, "it may tell the author")
        with self.env.cr.savepoint() as savepoint:
            copy.action_withhold(reason="Tác giả không mở khóa")
            contest.action_start_review()
            self.assertEqual(contest.state, "review")
            savepoint.rollback()
        item.attachment_id.raw = make_pdf("Noi dung")
        copy.action_retry()
        self._make_copies()
        self.env.invalidate_all()
        self.assertEqual(len(review.file_ids), 1)

    # WHOSE IT IS

    def test_copies_are_the_secretarys_alone(self):
        entry = self._enter(make_pdf(f"Tac gia: {NAME}"))
        self._make_copies()
        copy = self._copy_of(entry)
        for user in (self.member1, self.chair, self.head, self.staff, self.admin):
            other = copy.with_user(user)
            with self.subTest(user=user.login):
                self.assertRaises(AccessError, other.read, ["findings"])
                self.assertRaises(AccessError, other.action_blacken)
                self.assertRaises(AccessError, other.action_pass, reason="Cho qua")
        for vals in ({"state": "ready"}, {"treatment": "pass"}, {"found": False}):
            with self.subTest(vals=vals):
                self.assertRaises(AccessError, copy.write, dict(vals))
        copy.action_withhold(reason="Lộ tên tác giả")
        self.assertEqual(copy.state, "withheld")
        # nor does making others again hand it out after all
        with self.assertRaises(UserError):
            copy.action_retry()
        other = self._enter(make_pdf("Noi dung khac"))
        self._make_copies()
        failed = self._copy_of(other)
        failed.sudo().with_context(hoithi_door=Load()).state = "failed"
        (copy | failed).with_user(self.secretary).action_retry()
        self.assertEqual((copy.state, failed.state), ("withheld", "waiting"))

    def test_a_secretary_in_conflict_reads_no_findings(self):
        entry = self._enter(make_pdf(f"Tac gia: {NAME}"))
        self._make_copies()
        copy = self._copy_of(entry)
        self.assertTrue(copy)
        self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "other",
                "hard": True,
                "state": "standing",
                "note": "Người nhà",
            }
        )
        self.assertFalse(self._copy_of(entry))
        with self.assertRaises(AccessError):
            copy.action_withhold(reason="Lộ tên tác giả")

    def test_files_of_a_finished_contest_stay(self):
        entry = self._enter(make_pdf("Noi dung"))
        self._make_copies()
        copy = self._copy_of(entry)
        self.contest.with_context(hoithi_door=Load()).state = "closed"
        with self.assertRaises(UserError) as refusal:
            copy.action_withhold(reason="Muộn rồi")
        self.assertIn("is over", str(refusal.exception))

    def test_whom_it_was_looked_for_is_forgotten_in_the_end(self):
        """Addresses and phones aren't kept beside the entry's own."""
        entry = self._enter(make_pdf(f"Tac gia: {NAME}"))
        self._make_copies()
        copy = self._copy_of(entry)
        self.env["hoithi.review.copy"]._gc_findings()
        self.assertTrue(copy.findings)
        self.contest.with_context(hoithi_door=Load()).state = "closed"
        self.env["hoithi.review.copy"]._gc_findings()
        self.assertFalse(copy.findings)
        self.assertFalse(copy.sudo().looked_for)

    def test_an_earlier_version_is_no_matter_any_more(self):
        entry = self._enter(make_pdf(f"Tac gia: {NAME}"))
        self._make_copies()
        entry.with_user(self.secretary).action_undo_screening(reason="Xem lại tệp")
        entry.with_user(self.secretary).action_request_supplement(
            reason="Bỏ tên tác giả khỏi bản mô tả"
        )
        own = entry.with_user(self.staff)
        own.dossier_ids.unlink()
        self._add_file(own, make_pdf("Noi dung"), "moi.pdf")
        own.action_submit()
        entry.with_user(self.secretary).action_mark_eligible()
        self.contest.with_user(self.secretary).action_close_registration()
        self.contest.with_user(self.secretary).action_start_review()
        [review] = self._assign(entry, self.member1)
        self.assertEqual(text_of(review.file_ids.raw).strip(), "Noi dung")

    # AND NO LONGER

    def test_who_steps_back_or_leaves_reads_no_more_of_the_entry(self):
        """By any way: files, texts, searches, sums and exports of the own sheet."""
        ways = {
            "recuses": lambda review: review.with_user(self.member1).action_recuse(
                reason="Quen tác giả"
            ),
            "is in conflict": lambda review: self._uphold(review),
            "is void": lambda review: review.with_user(self.secretary).action_void(
                reason="Giao nhầm"
            ),
            "leaves": lambda review: (self._score(review, 30, 50), self._end_seat()),
            "left": lambda _review: None,
        }
        text = "Nội dung chỉ người chấm được đọc"
        export = self.env.ref("base.group_allow_export")
        self.member1.group_ids = [Command.link(export.id)]
        entries = {
            way: self._enter(make_pdf("Noi dung"), user=self.internal) for way in ways
        }
        self.contest.reviews_per_entry = 1
        self._make_copies()
        reviews = {
            way: self._assign(entry, self.member1)[0] for way, entry in entries.items()
        }
        others = {
            way: self._assign(entry, self.member2)[0] for way, entry in entries.items()
        }
        self._start_review()
        # the rules are reopened, so that a seat may end
        chaired = self.contest.with_user(self.chair)
        chaired.action_reopen_rules(reason="Một ủy viên nghỉ")
        for way, act in ways.items():
            review, other, entry = reviews[way], others[way], entries[way]
            entry.with_context(hoithi_door=Load()).write(
                {"solution_content": text, "benefit_amount": 5}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            own = review.with_user(self.member1)
            named = [("id", "=", own.id), ("solution_content", "ilike", "chỉ người")]
            if way != "left":
                with self.subTest(way=way, when="before"):
                    self.assertEqual(own.solution_content, text)
                    self.assertTrue(own.search(named))
                    self.assertTrue(own.file_ids)
            files = self.env["ir.attachment"].sudo().browse(own.sudo().file_ids.ids)
            act(review)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(way=way):
                self.assertFalse(files.exists())
                self.assertFalse(own.sudo().file_ids)
                if own.has_access("read"):
                    names = [
                        name
                        for name, field in own._fields.items()
                        if (field.related or "").startswith("shown_entry_id.")
                    ]
                    self.assertEqual(len(names), 10)
                    [row] = own.read(names)
                    self.assertEqual(
                        [row[name] or False for name in names], [False] * 10
                    )
                    [exported] = own.export_data(names)["datas"]
                    self.assertFalse(any(exported), exported)
                    shown = (
                        own.sudo()
                        .with_user(self.member1)
                        .web_read({"solution_content": {}, "file_ids": {}})
                    )
                    self.assertNotIn(text, str(shown))
                    workspace = own.get_workspace()
                    self.assertFalse(workspace["files"])
                self.assertFalse(own.search(named))
                self.assertFalse(own._read_group(named, [], ["__count"])[0][0])
                # who judges it goes on, and the Office reads as before
                self.assertEqual(other.with_user(self.member2).solution_content, text)
                self.assertTrue(other.with_user(self.member2).file_ids)
                self.assertEqual(
                    review.with_user(self.secretary).solution_content, text
                )
        # what the ledger says of the copies is what there is
        self._assert_clean()

    def test_a_seat_taken_up_again_has_its_copies(self):
        entry = self._enter(make_pdf("Noi dung"))
        self._make_copies()
        [review] = self._assign(entry, self.member1)
        self.contest.reviews_per_entry = 1
        self._start_review()
        self._score(review, 30, 50)
        self.contest.with_user(self.chair).action_reopen_rules(reason="Ốm")
        self._end_seat()
        self.assertFalse(review.sudo().file_ids)
        self.seats[self.member1].with_user(self.secretary).action_resume(reason="Khỏe")
        self.env.invalidate_all()
        self.assertEqual(len(review.sudo().file_ids), 1)
        self.assertTrue(review.with_user(self.member1).solution_content)

    def test_an_update_takes_copies_from_sheets_that_were_dropped(self):
        entry = self._enter(make_pdf("Noi dung"))
        self._make_copies()
        [review, other] = self._assign(entry, self.member1, self.member2)
        self.assertTrue(review.file_ids)
        review.sudo().with_context(hoithi_door=Load()).state = "recused"
        self.env.flush_all()
        script = "hoithi_contest/migrations/19.0.1.5.0/post-drop_copies.py"
        load_script(script, "drop_copies").migrate(self.env.cr, "19.0.1.4.0")
        self.env.invalidate_all()
        self.assertFalse(review.sudo().file_ids)
        self.assertTrue(other.sudo().file_ids)

    def _end_seat(self):
        self.seats[self.member1].with_user(self.secretary).action_end(reason="Nghỉ")

    def _uphold(self, review):
        conflict = self.env["hoithi.conflict"].create(
            {
                "entry_id": review.entry_id.id,
                "member_id": review.member_id.id,
                "kind": "other",
                "state": "possible",
            }
        )
        conflict.with_user(self.secretary).action_uphold(reason="Đúng vậy")
