from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestEntryBoard(HoithiCommon):
    """What a card tells, which columns are folded, what a drop and a bulk act do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.board = cls.env["hoithi.entry"].with_user(cls.secretary)

    def _force(self, entry, **vals):
        entry.sudo().with_context(hoithi_door=Load()).write(vals)
        self.env.flush_all()
        self.env.invalidate_all()
        return self.board.browse(entry.id)

    def _compare(self):
        """What is told of each entry is what the database counts and finds."""
        self.env.flush_all()
        self.env.invalidate_all()
        entries = self.board.search([("contest_id", "=", self.contest.id)])
        expected = {}
        for entry in entries:
            expected.setdefault(entry.board_status, set()).add(entry.id)
        rows = self.board._read_group(
            [("id", "in", entries.ids)], ["board_status"], ["id:recordset"]
        )
        self.assertEqual(
            {status or False: set(found.ids) for status, found in rows}, expected
        )
        for status in ("ready", "waiting", "stuck", False):
            found = self.board.search([("board_status", "=", status)])
            self.assertEqual(
                set(found.ids) & set(entries.ids), expected.get(status, set())
            )

    def test_a_card_says_what_it_waits_for(self):
        entry = self.board.browse(self._submit_entry().id)
        self.assertEqual(
            (entry.board_status, entry.board_note),
            ("waiting", "Waits for the head of the unit"),
        )
        self._compare()
        entry = self._force(entry, unit_confirmed_on=fields.Datetime.now())
        self.assertEqual(entry.board_status, "ready")
        self._compare()
        entry.action_request_supplement(
            reason="Thiếu bản vẽ.", due_date=fields.Datetime.now() + timedelta(days=2)
        )
        self.assertEqual(entry.board_status, "waiting")
        self.assertIn("Waits for the author", entry.board_note)
        self._compare()
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self._compare()
            entry.invalidate_recordset()
            self.assertEqual(entry.board_status, "stuck")
        for state, status in (
            ("eligible", "ready"),
            ("reviewing", "waiting"),
            ("reviewed", "ready"),
            ("nominated", False),
            ("withdrawn", False),
            ("draft", False),
        ):
            with self.subTest(state=state):
                entry = self._force(entry, state=state)
                self.assertEqual(entry.board_status, status)
                self._compare()

    def test_a_card_waits_for_its_co_authors(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        entry.action_submit()
        card = self.board.browse(entry.id)
        self.assertEqual(card.board_note, "Waits for 1 co-authors to confirm")
        self.assertEqual((card.author_count, card.unconfirmed_count), (2, 1))
        self.assertIn("+1", card.first_author)
        self._compare()

    def test_a_card_tells_how_long_it_lies_there(self):
        entry = self.board.browse(self._submit_entry().id)
        self.assertEqual((entry.state_days, entry.state_age), (0, False))
        for old, too_old, days, age in (
            (3, 5, 2, False),
            (3, 5, 3, "old"),
            (3, 5, 5, "too_old"),
            # as the department has it
            (10, 20, 5, False),
            (10, 20, 12, "old"),
        ):
            ages = {"hoithi_old_days": old, "hoithi_too_old_days": too_old}
            self.company.write(ages)
            with freeze_time(fields.Datetime.now() + timedelta(days=days, minutes=5)):
                entry.invalidate_recordset()
                self.assertEqual((entry.state_days, entry.state_age), (days, age))

    def test_columns_without_work_are_folded(self):
        self._submit_entry()
        groups = self.board.with_context(read_group_expand=True).web_read_group(
            [("contest_id", "=", self.contest.id)],
            ["state"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={},
        )["groups"]
        opened = {group["state"] for group in groups if "__records" in group}
        self.assertEqual(opened, {"submitted", "supplement", "eligible"})

    def test_authors_are_sorted_as_vietnamese_lists_are(self):
        names = ("Trần Văn Ân", "Lê Thị Bình", "Ăn Văn Đạt", "Cao Duy", "Ma Văn Áo")
        for name in names:
            entry = self._create_entry(name=f"Giải pháp của {name}", with_file=False)
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE hoithi_entry_author SET full_name = %s WHERE entry_id = %s",
                [name, entry.id],
            )
        self.env.invalidate_all()
        found = self.board.search(
            [("contest_id", "=", self.contest.id)], order="author_names"
        )
        self.assertEqual(
            found.mapped("author_names"),
            ["Ma Văn Áo", "Trần Văn Ân", "Lê Thị Bình", "Cao Duy", "Ăn Văn Đạt"],
        )

    # DROP

    def test_a_drop_is_done_asked_or_refused(self):
        entry = self.board.browse(self._submit_entry().id)
        moves = entry.get_moves()
        self.assertEqual(moves["eligible"], "done")
        self.assertEqual((moves["ineligible"], moves["supplement"]), ("asks", "asks"))
        self.assertEqual((moves["nominated"], moves["draft"]), ("refused", "refused"))
        self.assertNotIn(entry.state, moves)
        self.assertEqual(entry.get_move("eligible"), {})
        action = entry.get_move("ineligible")["action"]
        self.assertEqual(action["res_model"], "hoithi.reason")
        self.assertEqual(
            self.env["hoithi.reason"].browse(action["res_id"]).method,
            "action_mark_ineligible",
        )
        refusal = entry.get_move("nominated")["refusal"]
        self.assertIn("can't go from “Submitted” to “Nominated”", refusal)
        self.assertIn("can go to: Eligible, Ineligible, Supplement", refusal)
        # what a leader reads a leader doesn't move
        entry = entry.with_user(self.leader)
        self.assertIn("Your role can't move", entry.get_move("eligible")["refusal"])
        self.assertEqual(entry.get_moves()["eligible"], "refused")
        with self.assertRaises(AccessError):
            entry.with_user(self.stranger).get_move("eligible")

    # BULK

    def test_of_many_those_are_admitted_that_may_be(self):
        entries = self.board
        for number in range(3):
            entries += self.board.browse(
                self._submit_entry(name=f"Giải pháp số {number}").id
            )
        entries[1].action_mark_ineligible(reason="Ngoài phạm vi.")
        told = entries.action_mark_eligible_selected()["params"]
        self.assertEqual(
            entries.mapped("state"), ["eligible", "ineligible", "eligible"]
        )
        self.assertIn("2 of 3 records are now “Eligible”", told["message"])
        self.assertIn("Left out 1", told["message"])
        self.assertIn("Giải pháp số 1", told["message"])
        self.assertEqual(told["type"], "warning")
        told = self.board.browse(self._submit_entry(name="Một giải pháp nữa").id)
        self.assertEqual(
            told.action_mark_eligible_selected()["params"]["type"], "success"
        )
        last = self.board.browse(self._submit_entry(name="Giải pháp cuối").id)
        with self.assertRaises(AccessError):
            last.with_user(self.leader).action_mark_eligible_selected()

    def test_found_by_author_and_by_words_without_accents(self):
        entry = self._submit_entry(solution_content="Trạm bơm tưới tự động.")
        view = self.env.ref("hoithi_contest.hoithi_entry_view_search")
        self.assertIn("author_ids.full_name", view.arch)
        found = self.board.search([("author_ids.full_name", "ilike", "ha thi tac gia")])
        self.assertIn(entry.id, found.ids)
        words = [("solution_content", "ilike", "tuoi tu dong")]
        self.assertIn(entry.id, self.board.search(words).ids)
