"""What entries say beside what others say: who is told of it, and of what."""

import io
import json
import unicodedata
from datetime import date
from unittest.mock import patch
from urllib.parse import urlencode

from docx import Document
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.modules.module import load_script
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...lib.contest import novelty
from ...lib.guard.texts import fold, strip_marks
from ...lib.tests.contest.test_novelty import read_pairs
from ...models.contest import hoithi_novelty_text
from ...models.guard.hoithi_guard_mixin import Load
from ...tools import get_worker_seconds
from ..common import HoithiCommon
from .test_hoithi_portal import HoithiPortalCase

COPIED = (
    "Trạm đo đặt ở cửa cống gửi số liệu độ mặn về máy chủ mỗi mười lăm phút, khi vượt "
    "ngưỡng hệ thống tự nhắn tin cho tổ thủy nông để đóng cống kịp thời và lấy nước dự "
    "trữ cho cả khu vực phía trong đê bao đã khép kín từ năm trước."
)
OWN = (
    "Nhóm dựng khung tre quanh ao rồi phủ lưới, thả vịt con từ tuần thứ ba, tính ra "
    "mỗi lứa lãi thêm hai triệu đồng so với nuôi nhốt trong chuồng cũ của gia đình."
)
SALT, DUCK = "Đo độ mặn ở cửa cống", "Nuôi vịt dưới lưới"
BLANK = dict.fromkeys(("novelty", "applicability", "technical_benefit"), "Có.")


class NoveltyCase(HoithiCommon):
    """Entries that say something, and the comparison as the server does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.past = cls._create_contest(edition_number=8, name="Hội thi lần thứ 8")
        cls._launch(cls.past)

    def enter(self, user=None, name=SALT, content=COPIED, **values):
        return self._submit_entry(
            user, name=name, solution_content=content, **{**BLANK, **values}
        )

    def add_past(self, **values):
        return self.env["hoithi.past.solution"].create(
            {
                "company_id": self.company.id,
                "name": SALT,
                "edition": "Hội thi lần thứ 5",
                "year": 2013,
                "summary": COPIED,
                "author_ids": [Command.create({"name": "Lê Thị Cũ"})],
                **values,
            }
        )

    def compare(self):
        self._run_cron("cron_read_texts")
        self.env.invalidate_all()

    def matches(self, entry, user=None):
        # what another user has read lies in the cache
        self.env.invalidate_all()
        return entry.with_user(user or self.secretary).novelty_match_ids


@tagged("post_install", "-at_install")
class TestNovelty(NoveltyCase):
    def test_what_is_copied_is_shown_side_by_side(self):
        old = self.enter(contest=self.past)
        new = self.enter(
            self.internal, name=DUCK, content=f"{OWN} {strip_marks(COPIED).upper()}"
        )
        other = self.enter(self.internal, name="Tủ hồ sơ", content=OWN[::-1])
        self.compare()
        match = self.matches(new)
        self.assertEqual(match.other_id, old.with_user(self.secretary))
        self.assertGreater(match.copied, 40)
        self.assertEqual(match.verdict, "open")
        self.assertEqual(match.other_edition, "Hội thi lần thứ 8")
        [row] = match.passages["rows"]
        self.assertEqual((row[0], row[2]), ("solution_content", "solution_content"))
        self.assertEqual(fold(row[1]), fold(COPIED))
        self.assertEqual(fold(row[3]), fold(COPIED))
        self.assertIn("Trạm đo đặt ở cửa cống", match.side_by_side)
        self.assertFalse(self.matches(other))
        # never a refusal by itself, and nothing that the author is told
        self.assertEqual((old.state, new.state), ("submitted", "submitted"))
        new.with_user(self.secretary).action_mark_eligible()

    def test_only_the_secretary_reads_it(self):
        self.enter(contest=self.past)
        entry = self.enter(self.internal)
        self.compare()
        match = self.matches(entry)
        self.assertTrue(match)
        for user in (
            *(self.staff, self.internal, self.head, self.chair, self.member1),
            *(self.leader, self.publisher, self.admin),
        ):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    match.with_user(user).read(["likeness"])
                with self.assertRaises(AccessError):
                    entry.with_user(user).read(["novelty_match_ids"])
                with self.assertRaises(AccessError):
                    match.with_user(user).action_mark_other()
                with self.assertRaises(AccessError):
                    entry.with_user(user).action_compare_again()
        texts = self.env["hoithi.novelty.text"].with_user(self.secretary)
        with self.assertRaises(AccessError):
            texts.search([])
        # nor by hand
        for vals in ({"verdict": "same"}, {"likeness": 1}, {"passages": {}}):
            with self.assertRaises(AccessError):
                match.write(vals)
        with self.assertRaises(AccessError):
            match.create({"entry_id": entry.id})
        with self.assertRaises(AccessError):
            match.unlink()

    def test_what_secretaries_wrote_themselves_is_for_others(self):
        office = new_test_user(
            self.env, login="n_office", groups="hoithi_contest.group_secretary"
        )
        old = self.enter(self.secretary, contest=self.past)
        new = self.enter(self.internal)
        again = self.enter(self.secretary, name=DUCK)
        self.compare()
        self.assertIn(old.with_user(office), self.matches(new, office).other_id)
        # neither whose own is copied, nor whose own copies
        self.assertNotIn(old.id, self.matches(new).other_id.ids)
        self.assertFalse(self.matches(again))
        self.assertTrue(self.matches(again, office))

    def test_the_text_of_files_counts_and_their_names_stay_out(self):
        self.enter(contest=self.past)
        document = Document()
        document.add_paragraph(unicodedata.normalize("NFD", COPIED))
        output = io.BytesIO()
        document.save(output)
        entry = self._create_entry(
            self.internal,
            with_file=False,
            name=DUCK,
            solution_content=OWN,
            **BLANK,
        )
        self._add_file(entry, output.getvalue(), "Ha Thi Tac Gia.docx")
        entry.action_submit()
        self.compare()
        match = self.matches(entry)
        [row] = match.passages["rows"]
        self.assertEqual(row[0], f"file:{self.dossier_type.id}")
        self.assertIn(self.dossier_type.name, match.side_by_side)
        self.assertNotIn("Tac Gia", json.dumps(match.passages) + match.side_by_side)
        office = entry.with_user(self.secretary)
        self.assertIn("all its texts", office.novelty_state)

    def test_a_scan_is_named_as_unread(self):
        entry = self.enter()
        office = entry.with_user(self.secretary)
        self.assertIn("within some minutes", office.novelty_state)
        self.compare()
        self.assertIn(self.dossier_type.name, office.novelty_state)

    def test_an_update_has_older_files_read_that_were_handed_in_before(self):
        """Those alone whose older file said nothing so far, in the background, once."""
        older, read, scan = (
            self.enter(),
            self.enter(self.internal),
            self.enter(self.head),
        )
        self.compare()
        texts = {
            entry: self.env["hoithi.novelty.text"].search([("entry_id", "=", entry.id)])
            for entry in (older, read, scan)
        }
        for entry, filename, unread in (
            (older, "mo-ta.DOC", [self.dossier_type.id]),
            (read, "mo-ta.doc", []),
            (scan, "mo-ta.pdf", [self.dossier_type.id]),
        ):
            entry.sudo().dossier_ids._open_door().filename = filename
            texts[entry].unread = unread
        self.env.flush_all()
        migration = load_script(
            "hoithi_contest/migrations/19.0.1.4.0/post-older_files.py", "older_files"
        )
        migration.migrate(self.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(
            [texts[entry].state for entry in (older, read, scan)],
            ["waiting", "ready", "ready"],
        )
        self.compare()
        self.assertEqual(texts[older].state, "ready")

    def test_past_solutions_are_compared_with(self):
        past = self.add_past()
        entry = self.enter(name=DUCK)
        self.compare()
        match = self.matches(entry)
        self.assertEqual(match.past_id, past.with_user(self.secretary))
        self.assertEqual(match.other_edition, "Hội thi lần thứ 5")
        self.assertEqual(match.action_open_other()["res_id"], past.id)
        # another text of it, and it is looked at anew
        past.summary = OWN
        entry.with_user(self.secretary).action_compare_again()
        self.compare()
        self.assertFalse(self.matches(entry))

    def test_what_has_won_before_is_linked_told_and_barred(self):
        past = self.add_past(award="Giải Nhì", recognised="province")
        entry = self.enter(name=DUCK)
        self.compare()
        match = self.matches(entry)
        office = entry.with_user(self.secretary)
        self.assertFalse(office.won_text, "another's, of another title")
        dialog = self.env["hoithi.reason"].with_user(self.secretary)
        dialog = dialog.browse(match.action_ask_link_won()["res_id"])
        dialog.reason = "Cùng một giải pháp"
        dialog.action_apply()
        self.assertEqual(match.verdict, "same")
        solution = f"“{SALT}”, Hội thi lần thứ 5"
        told = (
            f"{solution}: Giải Nhì; "
            f"{solution}: recognised as an initiative (by the province)"
        )
        self.assertEqual(entry.won_text, told, "its authors are told")
        notices = self.env["hoithi.notice"].search(
            [("kind", "=", "won_before"), ("res_id", "=", entry.id)]
        )
        self.assertEqual(notices.partner_id, self.staff.partner_id)
        # the rules let it in, or bar it by level and years
        self.assertFalse(office.limit_problems)
        self.contest.won_before = "bar"
        with self.assertRaisesRegex(UserError, "which the rules bar: “.*Giải Nhì"):
            office.action_mark_eligible()
        self.contest.won_before_years = 2
        self.assertFalse(office.limit_problems)
        self.contest.write({"won_before_years": 0, "won_before_level": "national"})
        self.assertFalse(office.limit_problems)
        self.contest.won_before_level = "province"
        self.assertIn("by the province", office.limit_problems)
        self.assertNotIn("Giải Nhì", office.limit_problems, "of the house")
        past.award_level = "province"
        office.invalidate_recordset()
        self.assertIn("Giải Nhì", office.limit_problems)
        with self.assertRaises(AccessError):
            entry.action_unlink_won(reason="Khác")
        office.action_unlink_won(reason="Phát triển thêm")
        self.assertFalse(office.won_text)
        past.write({"award": False, "recognised": False})
        with self.assertRaisesRegex(UserError, "hasn't won anything"):
            office.action_link_won(past=past.id, reason="Nhầm")
        office.action_mark_eligible()

    def test_the_own_title_that_has_won_is_found_by_itself(self):
        self.contest.won_before = "bar"
        other = self.add_past(award="Giải Ba")
        draft = self._create_entry(name=SALT)
        self.assertFalse(draft.won_text, "of somebody else")
        other.author_ids.name = "HÀ THỊ TÁC GIẢ"
        draft.invalidate_recordset()
        self.assertIn("Giải Ba", draft.missing_items)
        with self.assertRaisesRegex(UserError, "Giải Ba"):
            draft.action_submit()
        # by a decision it comes in nevertheless
        office = draft.with_user(self.secretary)
        office.action_waive_limits(reason="Đã nâng cấp", decided_by="Ban Tổ chức")
        draft.action_submit()
        # so is what was entered here: once its contest is over, not before
        other.unlink()
        earlier = self.enter(name=DUCK, contest=self.past)
        award = {"entry_id": earlier.id, "level": "unit", "rank": "second"}
        awards = self.env["hoithi.award"].with_context(hoithi_door=Load()).sudo()
        award = awards.create(award)
        person = {"entry_id": earlier.id, "author_id": earlier.sudo().author_ids.id}
        awards.create({**person, "rank": "youngest"})
        again = self._create_entry(name=DUCK)
        self.assertFalse(again.won_text)
        self.past.sudo().with_context(hoithi_door=Load()).state = "closed"
        again.invalidate_recordset()
        self.assertIn("Hội thi lần thứ 8: Second prize", again.won_text)
        self.assertNotIn("Youngest", again.won_text, "which is no solution's")
        award.is_held = True
        again.invalidate_recordset()
        self.assertFalse(again.won_text)

    def test_paraphrases_show_both_summaries_with_their_words(self):
        pair = next(pair for pair in read_pairs() if pair.is_same)
        self.add_past(name=pair.first[0], summary=pair.first[1])
        entry = self.enter(name=pair.second[0], content=pair.second[1])
        self.compare()
        match = self.matches(entry)
        self.assertGreaterEqual(match.likeness, novelty.LIKENESS)
        self.assertEqual(
            [row[0] for row in match.passages["rows"]], ["name", "solution_content"]
        )
        self.assertIn("<mark>trạm</mark>", match.side_by_side.lower())
        # what an author typed is text, whatever it looks like
        entry.sudo().solution_content = f"<img src=x> {pair.second[1]}"
        self.compare()
        self.assertNotIn("<img", self.matches(entry).side_by_side)

    def test_a_judgement_stays_and_can_be_taken_back(self):
        self.add_past()
        entry = self.enter()
        self.compare()
        match = self.matches(entry)
        with self.assertRaisesRegex(UserError, "reason"):
            match.action_mark_same()
        match.action_mark_same(reason="Chép nguyên đoạn")
        self.assertEqual(match.judged_by_id, self.secretary)
        self.assertEqual(entry.state, "submitted")
        entry.with_user(self.secretary).action_compare_again()
        self.compare()
        self.assertEqual(
            (match.verdict, match.judged_reason), ("same", "Chép nguyên đoạn")
        )
        self.assertEqual(self.matches(entry), match)
        match.action_look_again()
        self.assertEqual((match.verdict, match.judged_by_id.id), ("open", False))
        match.action_mark_other()
        self.assertEqual(match.verdict, "other")
        self.assertEqual(entry.state, "submitted")

    def test_drafts_withdrawn_ones_and_other_departments_dont_count(self):
        self._create_entry(self.coauthor, name=SALT, solution_content=COPIED)
        gone = self.enter(self.staff)
        gone.action_withdraw(reason="Thôi")
        self.add_past(company_id=self.env["res.company"].create({"name": "Sở Khác"}).id)
        entry = self.enter(self.internal)
        self.compare()
        self.assertFalse(self.matches(entry))
        gone.action_reinstate(reason="Dự thi lại")
        entry.with_user(self.secretary).action_compare_again()
        self.compare()
        self.assertEqual(self.matches(entry).other_id.ids, gone.ids)

    def test_who_judges_blind_reads_none(self):
        office = new_test_user(
            self.env,
            login="n_office",
            groups="hoithi_contest.group_secretary,hoithi_contest.group_member",
        )
        old = self.enter(contest=self.past)
        new = self.enter(self.internal)
        self.compare()
        self.assertEqual(self.matches(new, office).other_id.id, old.id)
        self.council.member_ids = [Command.create({"user_id": office.id})]
        matches = self.env["hoithi.novelty.match"].with_user(office)
        of_new = [("entry_id", "=", new.id)]
        self.assertFalse(matches.search(of_new))
        # neither where the other one is blind alone
        self.contest.with_context(hoithi_door=Load()).blind = False
        self.env.invalidate_all()
        self.assertFalse(matches.search(of_new))
        self.past.with_context(hoithi_door=Load()).blind = False
        self.env.invalidate_all()
        self.assertEqual(matches.search(of_new).other_id.id, old.id)

    def test_what_went_to_another_department_is_nobodys_here(self):
        past = self.add_past()
        entry = self.enter()
        self.compare()
        self.assertTrue(self.matches(entry))
        past._open_door().company_id = self.env["res.company"].create({"name": "Khác"})
        self.assertFalse(self.matches(entry))

    def test_what_is_withdrawn_is_no_more_beside_others(self):
        gone = self.enter(self.staff)
        entry = self.enter(self.internal)
        self.compare()
        gone.with_user(self.secretary).action_compare_again()
        self.compare()
        self.assertTrue(self.matches(entry) and self.matches(gone))
        gone.action_withdraw(reason="Thôi")
        self.assertFalse(self.matches(entry) or self.matches(gone))
        texts = self.env["hoithi.novelty.text"]
        self.assertEqual(texts.search([]).entry_id.ids, entry.ids)
        gone.action_reinstate(reason="Dự thi lại")
        self.compare()
        self.assertEqual(self.matches(gone).other_id.ids, entry.ids)

    def test_what_is_kept_no_longer_is_said_nowhere(self):
        old = self.enter(contest=self.past)
        new = self.enter(self.internal)
        self.compare()
        match = self.matches(new).sudo()
        self.assertTrue(match.passages)
        kept = self.env["hoithi.entry"].browse(old.id)
        kept._forget_persons()
        kept._open_door().anonymised_on = old.submitted_on
        self.env.invalidate_all()
        self.assertFalse(match.passages)
        self.assertTrue(match.copied)
        old.with_user(self.secretary).action_compare_again()
        texts = self.env["hoithi.novelty.text"]
        self.assertEqual(texts.search([]).entry_id.ids, new.ids)

    def test_a_supplement_is_compared_when_it_is_handed_in(self):
        entry = self.enter()
        self.compare()
        entry.with_user(self.secretary).action_request_supplement(
            reason="Viết rõ hơn", field_names=["solution_content"]
        )
        text = self.env["hoithi.novelty.text"].search([("entry_id", "=", entry.id)])
        entry.solution_content = OWN
        text.invalidate_recordset()
        self.assertEqual(text.state, "ready")
        entry.action_submit()
        text.invalidate_recordset()
        self.assertEqual(text.state, "waiting")

    def test_one_that_fails_stops_no_other(self):
        bad, good = self.enter(), self.enter(self.internal)
        model = self.registry["hoithi.novelty.text"]
        renew = model._renew

        def fail(text):
            if text.entry_id.id == bad.id:
                raise ValueError("odd")
            return renew(text)

        with (
            patch.object(model, "_renew", fail),
            mute_logger(hoithi_novelty_text.__name__),
        ):
            self.compare()
        texts = self.env["hoithi.novelty.text"].search([])
        states = {text.entry_id.id: text.state for text in texts}
        self.assertEqual(states, {bad.id: "waiting", good.id: "ready"})
        self.assertEqual(bad.sudo().similar_ids, good.sudo(), "of one title")
        self.assertTrue(texts.filtered(lambda text: text.state == "waiting").read_on)
        self.compare()
        self.assertEqual(set(texts.mapped("state")), {"ready"})

    def test_all_files_of_an_entry_share_the_time(self):
        entry = self._create_entry(with_file=False, **BLANK)
        for number in range(3):
            self._add_file(entry, b"%%PDF-1.4 %d" % number, f"ban-{number}.pdf")
        self.env["hoithi.novelty.text"]._queue(entry)
        text = self.env["hoithi.novelty.text"].search([("entry_id", "=", entry.id)])
        whole = get_worker_seconds(
            hoithi_novelty_text.ALL_SECONDS, hoithi_novelty_text.WORKER_PART
        )
        clock, given = [0], []

        def read(_content, _extension, timeout):
            given.append(timeout)
            clock[0] += 0.75 * whole
            return COPIED

        with (
            patch.object(hoithi_novelty_text, "monotonic", lambda: clock[0]),
            patch.object(hoithi_novelty_text.dossier_text, "read", read),
        ):
            _parts, unread = text._read_parts()
        self.assertEqual(len(given), 2)
        self.assertAlmostEqual(given[1], 0.25 * whole)
        self.assertEqual(len(unread), 1)

    def test_thresholds_are_the_departments(self):
        self.add_past(summary=f"{COPIED} {OWN}")
        entry = self.enter(name=DUCK)
        self.company.write(
            {"hoithi_novelty_likeness": 100, "hoithi_novelty_copied": 100}
        )
        entry.sudo().solution_content = f"{COPIED} {strip_marks(OWN)[::-1]}"
        self.compare()
        self.assertFalse(self.matches(entry))
        self.company.hoithi_novelty_copied = 20
        entry.with_user(self.secretary).action_compare_again()
        self.compare()
        self.assertTrue(self.matches(entry))
        settings = self.env["hoithi.settings"].with_user(self.admin).create({})
        settings.hoithi_novelty_copied = 30
        self.assertEqual(self.company.hoithi_novelty_copied, 30)

    def test_senseless_thresholds_are_refused(self):
        for name, value in (
            ("hoithi_novelty_title", 5),
            ("hoithi_novelty_likeness", 101),
            ("hoithi_novelty_copied", 0),
        ):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
            ):
                self.company[name] = value

    def test_a_form_that_all_hand_in_is_nobodys_copy(self):
        form = (
            "Theo mẫu của đơn vị chủ trì thì phần này ghi rõ từng bước thực hiện, vật "
            "tư cần có, nhân lực tham gia và cách kiểm tra lại sau khi hoàn thành việc."
        )
        self.company.hoithi_novelty_likeness = 100
        for number in range(novelty.WIDESPREAD + 1):
            self.add_past(name=f"Số {number}", summary=form, author_ids=[])
        entry = self.enter(name=DUCK, content=f"{form} {OWN}")
        self.compare()
        self.assertFalse(self.matches(entry))
        # once PostgreSQL has counted, such wording isn't even looked for
        copy = self.enter(self.internal, name=SALT, content=f"{OWN} {form}")
        self.cr.execute("ANALYZE hoithi_novelty_text")
        texts = self.env["hoithi.novelty.text"]
        with patch.object(hoithi_novelty_text, "FORM", novelty.WIDESPREAD):
            forms = texts._get_forms()
            self.assertLessEqual(set(novelty.get_prints(form)), forms)
            self.assertFalse(forms & set(novelty.get_prints(OWN)))
            self.compare()
        [match] = self.matches(copy)
        self.assertEqual(match.other_id.id, entry.id)
        self.assertGreater(match.copied, 90, "a form is left out of the whole")

    def test_an_entry_is_handed_in_again_while_it_is_compared(self):
        """No row is locked meanwhile, and what was compared is read again."""
        entry = self.enter()
        texts = self.env["hoithi.novelty.text"]
        text = texts.search([("entry_id", "=", entry.id)])
        text._renew()
        self.assertEqual(text.state, "read")
        self.assertIn("Being read", entry.with_user(self.secretary).novelty_state)
        text._compare()
        self.assertEqual(text.state, "ready")
        self.env.flush_all()
        texts._queue(entry)
        self.assertEqual(text.state, "waiting")

    def test_what_a_solution_said_goes_with_it(self):
        past = self.add_past()
        entry = self.enter()
        self.compare()
        match = self.matches(entry)
        past.unlink()
        self.env.invalidate_all()
        self.assertFalse(match.sudo().exists())
        texts = self.env["hoithi.novelty.text"].search([])
        self.assertEqual(texts.mapped("entry_id.id"), entry.ids)

    def test_labelled_pairs_are_found_in_the_database(self):
        """Recall and precision of all steps, candidates included."""
        self.env["hoithi.past.solution"].search([]).unlink()
        pairs = read_pairs()
        numbers = {}
        for pair in pairs:
            for text in (pair.first, pair.second):
                numbers.setdefault(text, len(numbers))
        solutions = self.env["hoithi.past.solution"].create(
            [
                {
                    "name": title,
                    "summary": summary,
                    "unit_name": str(number),
                    "edition": "Thử",
                    "year": 2012,
                    "company_id": self.company.id,
                }
                for (title, summary), number in numbers.items()
            ]
        )
        self.compare()
        texts = {
            text.past_id: text for text in self.env["hoithi.novelty.text"].search([])
        }
        by_pair = [
            (
                texts[solutions[numbers[pair.first]]],
                texts[solutions[numbers[pair.second]]],
            )
            for pair in pairs
        ]
        likeness = {first: first._measure()[0] for first, _second in by_pair}
        told = [
            pair
            for pair, (first, second) in zip(pairs, by_pair, strict=True)
            if likeness[first].get(second.id, 0) >= self.company.hoithi_novelty_likeness
        ]
        right = sum(pair.is_same for pair in told)
        self.assertGreaterEqual(right / 100, 0.9)
        self.assertGreaterEqual(right / len(told), 0.8)


@tagged("post_install", "-at_install")
class TestNoveltyHint(HoithiPortalCase):
    """What who types a title is told of earlier editions: no names, and no more."""

    def ask(self, title):
        query = urlencode({"title": title})
        response = self.url_open(f"/my/hoithi/{self.contest.id}/alike?{query}")
        return response.json()["html"]

    def test_a_past_title_is_told_without_names(self):
        self.env["hoithi.past.solution"].create(
            {
                "company_id": self.company.id,
                "name": SALT,
                "edition": "Hội thi lần thứ 5",
                "year": 2013,
                "decision_date": date(2013, 5, 2),
                "unit_name": "Phòng Thủy lợi",
                "award": "Giải Nhì",
                "author_ids": [Command.create({"name": "Lê Thị Cũ"})],
            }
        )
        told = self.ask("do do man o cua cong")
        self.assertIn(SALT, told)
        self.assertIn("Hội thi lần thứ 5", told)
        self.assertNotIn("Lê Thị Cũ", told)
        self.assertNotIn("Phòng Thủy lợi", told)
        self.assertIn("Giải Nhì", told)
        self.assertIn("the Office is told", told)
        self.contest.won_before = "bar"
        self.assertIn("the rules don't take it", self.ask("do do man o cua cong"))
        self.assertNotIn("<a ", told)
        self.assertFalse(self.ask("Nuoi vit duoi luoi"))
        self.company.hoithi_novelty_title = 100
        self.assertFalse(self.ask("Do do man o nhieu cua cong"))

    def test_staff_read_no_past_solutions(self):
        solutions = self.env["hoithi.past.solution"].with_user(self.staff)
        with self.assertRaises(AccessError):
            solutions.search([])
