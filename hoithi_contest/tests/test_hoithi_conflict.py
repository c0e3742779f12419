from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.hoithi_guard_mixin import Load
from .common import HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiConflict(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def _conflicts(self, entry):
        self.env.flush_all()
        conflicts = self.env["hoithi.conflict"].search([("entry_id", "=", entry.id)])
        return {
            (conflict.member_id.user_id, conflict.kind, conflict.hard)
            for conflict in conflicts
        }

    def _create_review(self, entry, user):
        reviews = self.env["hoithi.review"].with_user(self.secretary)
        return reviews.create({"entry_id": entry.id, "member_id": self.seats[user].id})

    # DETECTION

    def test_kinds_found_from_hr(self):
        employees = self.employees
        employees[self.staff].parent_id = employees[self.member1]
        employees[self.chair].parent_id = employees[self.coauthor]
        employees[self.chair].department_id = self.sub_unit
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 30}
                ),
                Command.create(
                    {"email": self.member2.email, "contribution_percent": 30}
                ),
            ],
        )
        self.assertFalse(self._conflicts(entry), "a draft isn't anybody's business")
        entry.action_submit()
        self.assertEqual(
            self._conflicts(entry),
            {
                (self.member1, "manager", True),
                (self.chair, "subordinate", True),
                (self.chair, "same_unit", False),
                (self.member2, "coauthor", True),
                # of the unit of member 2, an author
                (self.member1, "same_unit", False),
                (self.secretary, "same_unit", False),
            },
        )
        own = self._submit_entry(self.member1)
        self.assertIn((self.member1, "author", True), self._conflicts(own))
        # everyone of the other unit, the secretary too, is warned of
        self.assertEqual(
            {user for user, kind, _hard in self._conflicts(own) if kind == "same_unit"},
            {self.member2, self.secretary},
        )

    def test_hard_ones_block_soft_ones_warn(self):
        self.employees[self.staff].parent_id = self.employees[self.member1]
        self.employees[self.chair].department_id = self.sub_unit
        entry = self._eligible_entry()
        with self.assertRaises(UserError) as refusal:
            self._create_review(entry, self.member1)
        self.assertIn("Manager of an author", str(refusal.exception))
        self.assertIn(self.member1.name, str(refusal.exception))
        self.assertEqual(self._create_review(entry, self.chair).state, "assigned")

    def test_hr_is_asked_anew_when_assigning(self):
        entry = self._eligible_entry()
        self.employees[self.member1].parent_id = self.employees[self.staff]
        with self.assertRaisesRegex(UserError, "Subordinate"):
            self._create_review(entry, self.member1)
        self.employees[self.member1].parent_id = False
        self._create_review(entry, self.member1)
        self.assertFalse(self._conflicts(entry))

    def test_new_author_in_a_supplement(self):
        entry = self._eligible_entry()
        [review] = self._assign(entry, self.member1)
        office = entry.with_user(self.secretary)
        office.action_undo_screening(reason="Thiếu tác giả")
        office.action_request_supplement(reason="Thiếu tác giả")
        entry.write(
            {
                "participant_type": "group",
                "author_ids": [
                    Command.create(
                        {"email": self.member1.email, "contribution_percent": 20}
                    )
                ],
            }
        )
        entry.representative_id.contribution_percent = 80
        entry.action_submit()
        self.assertIn((self.member1, "coauthor", True), self._conflicts(entry))
        self.assertEqual(review.sudo().state, "void")
        self.assertIn("Co-author", review.sudo().void_reason)

    def test_new_member_or_another_person_on_a_seat(self):
        entry = self._eligible_entry(self.internal)
        member = new_test_user(
            self.env, login="t_new", groups="hoithi_contest.group_member"
        )
        self.env["hr.employee"].create({"name": "Mới", "user_id": member.id})
        self.employees[self.internal].parent_id = member.employee_id
        for state in ("open", "screening", "review", "council"):
            self.contest.with_context(hoithi_door=Load()).state = state
            seat = self.env["hoithi.council.member"].create(
                {"council_id": self.council.id, "user_id": member.id}
            )
            with self.subTest(state=state):
                self.assertIn((member, "manager", True), self._conflicts(entry))
            seat.unlink()
            self.assertNotIn((member, "manager", True), self._conflicts(entry))
        self.seats[self.member2].with_user(self.secretary).user_id = member
        self.assertIn((member, "manager", True), self._conflicts(entry))

    def test_another_council(self):
        entry = self._eligible_entry()
        self.employees[self.staff].parent_id = self.employees[self.member1]
        other = self.council.copy({"name": "Hội đồng mới"})
        self.contest.with_user(self.secretary).council_id = other
        conflicts = self.env["hoithi.conflict"].search(
            [("entry_id", "=", entry.id), ("kind", "=", "manager")]
        )
        self.assertEqual(conflicts.member_id.council_id, other)

    # DECLARATION

    def test_declared_conflicts(self):
        entry = self._eligible_entry()
        conflicts = self.env["hoithi.conflict"].with_user(self.secretary)
        values = {
            "entry_id": entry.id,
            "member_id": self.seats[self.member1].id,
            "kind": "kinship",
            "note": "Em ruột",
        }
        [review] = self._assign(entry, self.member1)
        conflict = conflicts.create(values)
        self.assertEqual((conflict.source, conflict.hard), ("declared", True))
        self.assertEqual(review.sudo().state, "void", "kept, but it counts no more")
        with self.assertRaisesRegex(UserError, "Kinship.*Em ruột"):
            self._create_review(entry, self.member1)
        entry._detect_conflicts()
        self.assertIn((self.member1, "kinship", True), self._conflicts(entry))
        with self.assertRaises(UserError):
            conflict.hard = False
        conflict.action_lift(reason="Không có căn cứ")
        self.env.flush_all()
        self._create_review(entry, self.member1)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            conflicts.create(values)
        with self.assertRaises(AccessError):
            conflict.unlink()

    def test_conflicts_are_not_rewritten(self):
        entry = self._eligible_entry(self.member1)
        conflict = self.env["hoithi.conflict"].search(
            [("entry_id", "=", entry.id), ("kind", "=", "author")]
        )
        office = conflict.with_user(self.secretary)
        for vals in (
            {"hard": False},
            {"source": "declared"},
            {"kind": "same_unit"},
            {"member_id": self.seats[self.member2].id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                office.write(vals)
        office.note = "Tác giả chính"
        with self.assertRaises(AccessError):
            office.unlink()

    def test_a_harmless_declaration_does_not_hide_a_block(self):
        entry = self._eligible_entry()
        self.env["hoithi.conflict"].with_user(self.secretary).create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.member1].id,
                "kind": "manager",
                "hard": False,
            }
        )
        self.employees[self.staff].parent_id = self.employees[self.member1]
        with self.assertRaises(UserError):
            self._create_review(entry, self.member1)

    def test_nobody_touches_an_own_conflict(self):
        entry = self._eligible_entry(self.internal)
        conflict = self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
            }
        )
        office = conflict.with_user(self.secretary)
        self.assertEqual(office.kind, "kinship", "one may know")
        for decide in (office.action_lift, office.action_pin):
            with self.assertRaises(AccessError):
                decide(reason="Tự xử lý")
        with self.assertRaises(AccessError):
            office.create(
                {
                    "entry_id": entry.id,
                    "member_id": self.seats[self.secretary].id,
                    "kind": "other",
                }
            )
        self.env.invalidate_all()
        self.assertFalse(entry.with_user(self.secretary).has_access("read"))
        other = self.secretary.copy({"login": "t_office2"})
        conflict.with_user(other).action_lift(reason="Không phải họ hàng gần")
        self.env.invalidate_all()
        self.assertTrue(entry.with_user(self.secretary).has_access("read"))

    def test_conflict_within_the_council(self):
        other = self.council.copy({"name": "Hội đồng khác"})
        entry = self._eligible_entry()
        with self.assertRaisesRegex(UserError, "doesn't sit on the council"):
            self.env["hoithi.conflict"].create(
                {
                    "entry_id": entry.id,
                    "member_id": other.member_ids[0].id,
                    "kind": "other",
                }
            )

    def test_conflicts_are_the_offices_to_read(self):
        entry = self._eligible_entry(self.member1)
        self.assertTrue(self._conflicts(entry))
        for user in (self.member1, self.chair, self.leader, self.staff, self.head):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["hoithi.conflict"].with_user(user).search([])

    # COUNCIL

    def test_council_is_sound(self):
        chair = self.seats[self.chair]
        with self.assertRaises(ValidationError):
            self.council.member_ids = [
                Command.update(self.seats[self.member1].id, {"role": "chair"})
            ]
            self.council._check_one_chair()
        for ratio in (0, 1.01, -0.5):
            with self.subTest(ratio=ratio), self.assertRaises(ValidationError):
                self.council.quorum_ratio = ratio
        with self.assertRaises(ValidationError):
            chair.max_load = -1
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            chair.copy()
        self.assertFalse(self.seats[self.secretary].can_score)
        self.assertTrue(chair.can_score)
        self.assertEqual(chair.employee_id, self.employees[self.chair])
        self.assertEqual(chair.display_name, self.chair.name)
