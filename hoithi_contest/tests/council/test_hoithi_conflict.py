import importlib.util
import unicodedata
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL, file_path, mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..common import OUTSIDER, HoithiCommon


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
        self.assertEqual(
            self._conflicts(entry), {(self.member1, "subordinate", False)}, "on record"
        )

    def test_lists_of_staff_that_change_nothing_find_nothing_anew(self):
        employee = self.employees[self.staff]
        self._submit_entry()
        conflicts = self.env.registry["hoithi.conflict"]
        unchanged = {
            "name": employee.name,
            "work_email": employee.work_email,
            "department_id": employee.department_id.id,
            "parent_id": employee.parent_id.id,
            "active": True,
        }
        with patch.object(conflicts, "_detect", autospec=True) as detect:
            employee.write(unchanged)
            detect.assert_not_called()
            both = employee | self.employees[self.coauthor]
            both.write({"department_id": self.unit.id})
            self.assertEqual(detect.call_count, 1)
            both.write({"department_id": self.unit.id})
            self.assertEqual(detect.call_count, 1)

    def test_hr_makes_no_submitted_sheet_void(self):
        entry = self._eligible_entry()
        open_sheet, sheet = self._assign(entry, self.member1, self.member2)
        self._start_review()
        self._score(sheet, 30, 50)
        for member in (self.member1, self.member2):
            self.employees[self.staff].parent_id = self.employees[member]
        conflict = self.env["hoithi.conflict"].search(
            [
                ("entry_id", "=", entry.id),
                ("member_id", "=", self.seats[self.member2].id),
                ("kind", "=", "manager"),
            ]
        )
        self.assertEqual((conflict.state, conflict.hard), ("possible", True))
        self.assertEqual(sheet.sudo().state, "submitted", "the secretary decides")
        self.assertEqual(open_sheet.sudo().state, "void", "nothing is lost by it")
        notices = self.env["hoithi.notice"].search([("kind", "=", "sheet_doubted")])
        self.assertEqual(notices.mapped("res_id"), sheet.ids * 3)
        self.assertEqual(
            notices.partner_id,
            (self.secretary | self.chair | self.member2).partner_id,
        )
        for notice in notices:
            self.assertNotIn(self.staff.name, notice.sudo()._compose()["body_html"])
        entry._detect_conflicts()
        self.assertEqual(conflict.state, "possible", "found again, it waits")
        conflict.with_user(self.secretary).action_uphold(reason="Quản lý trực tiếp")
        self.assertEqual(sheet.sudo().state, "void")

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
        self.assertEqual(review.sudo().state, "assigned", "only named so far")
        entry.with_user(self.member1).action_confirm()
        self.assertEqual(review.sudo().state, "void")
        self.assertNotIn("author", review.void_reason, "nobody learns who wrote it")

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
            # the secretary takes a seat with a conflict nowhere
            with self.assertRaises(UserError):
                seat.with_user(self.secretary).unlink()
            self.env["hoithi.conflict"].search([("member_id", "=", seat.id)]).unlink()
            seat.unlink()
        self.contest.with_context(hoithi_door=Load()).state = "open"
        self.seats[self.member2].with_user(self.secretary).user_id = member
        self.assertIn((member, "manager", True), self._conflicts(entry))

    def test_who_confirms_is_known_as_the_council_is(self):
        """A new seat, HR and the ledger tell of the committee's members as well."""
        entry = self._eligible_entry(self.internal)
        committee = self.council.create(
            {"name": "Ban Tổ chức", "company_id": self.company.id}
        )
        self.contest.with_context(hoithi_door=Load()).confirming_council_id = committee
        member = new_test_user(
            self.env, login="t_new", groups="hoithi_contest.group_member"
        )
        self.env["hr.employee"].create({"name": "Mới", "user_id": member.id})
        self.employees[self.internal].parent_id = member.employee_id
        self.assertNotIn(member, {user for user, *_ in self._conflicts(entry)})
        seat = self.env["hoithi.council.member"].create(
            {"council_id": committee.id, "user_id": member.id}
        )
        self.assertIn((member, "manager", True), self._conflicts(entry))
        self.employees[self.internal].parent_id = False
        member.employee_id.parent_id = self.employees[self.internal]
        self.assertIn((member, "subordinate", True), self._conflicts(entry))
        seat.with_user(self.secretary).action_end(reason="Nghỉ hưu")
        rows = self.env["hoithi.ledger"].search(
            [("contest_id", "=", self.contest.id), ("event", "=", "seat.ended")]
        )
        self.assertEqual(len(rows), 1)

    def test_another_council(self):
        entry = self._eligible_entry()
        self.employees[self.staff].parent_id = self.employees[self.member1]
        other = self.council.copy({"name": "Hội đồng mới"})
        self.contest.with_user(self.secretary).council_id = other
        conflicts = self.env["hoithi.conflict"].search(
            [("entry_id", "=", entry.id), ("kind", "=", "manager")]
        )
        standing = conflicts.filtered("hard")
        self.assertEqual(standing.member_id.council_id, other)
        self.assertEqual((conflicts - standing).state, "lifted")

    def test_found_anew_once_logins_are_one_persons(self):
        entry = self._submit_entry()
        desk = new_test_user(
            self.env,
            "t_desk",
            groups="base.group_user",
            name=self.staff.name,
            email="desk@sotnmt.example.vn",
        )
        self.employees[self.staff].user_id = desk
        seat = self.env["hoithi.council.member"].create(
            {"council_id": self.council.id, "user_id": desk.id}
        )
        found = self.env["hoithi.conflict"].search(
            [
                ("entry_id", "=", entry.id),
                ("member_id", "=", seat.id),
                ("kind", "=", "author"),
            ]
        )
        found._open_door().unlink()
        union = self.env["hoithi.login.union"].create(
            {
                "employee_id": self.employees[self.staff].id,
                "portal_user_id": self.staff.id,
                "reason": "Có thêm tài khoản nội bộ",
            }
        )
        union.action_ask_colleague()
        union.with_user(desk).action_confirm()
        self.assertIn((desk, "author", True), self._conflicts(entry))

    # POSSIBLE CONFLICTS

    def _conflict(self, entry, user, kind="coauthor"):
        return self.env["hoithi.conflict"].search(
            [
                ("entry_id", "=", entry.id),
                ("member_id", "=", self.seats[user].id),
                ("kind", "=", kind),
            ]
        )

    def _naming(self, submit=True, **person):
        """An entry of the staff's that names `person` as its co-author.

        Whom no address identifies, the author calls an outsider.
        """
        known = self.env["hoithi.person"]._find_by_address(
            person.get("email"), self.company
        )
        person = {**({} if known else OUTSIDER), **person}
        entry = self._create_entry(
            participant_type="group",
            author_ids=[Command.create({**person, "contribution_percent": 20})],
        )
        if submit:
            entry.action_submit()
        return entry

    def test_a_name_like_a_members_is_a_possible_conflict(self):
        self.chair.name = "Lê Thị Hoài An"
        self.employees[self.chair].private_email = "an@nha.example.vn"
        for person in (
            {"full_name": "Lê Thị Hoài An"},
            {"full_name": "le thi hoai an"},
            {"full_name": unicodedata.normalize("NFD", "An Lê Thị Hoài")},
            {"full_name": "Lê\N{NO-BREAK SPACE}Thị Hoài\N{ZERO WIDTH SPACE} An"},
            {"full_name": "Lê Thj Hoài An"},
            {"full_name": "Lê An"},
            {"full_name": "Ai Đó", "email": "An@\N{ZERO WIDTH SPACE}nha.example.vn"},
            {"full_name": "Lê Hoài An", "is_outsider": True, "workplace": "Xã A"},
            {"full_name": "Bà An"},
            {"full_name": "Đ/c Hoài An"},
            {"full_name": "L.T.H.A."},
            {"full_name": "Ai Đó", "email": "an+thi@nha.example.vn"},
        ):
            entry = self._naming(**person)
            with self.subTest(person=person):
                conflict = self._conflict(entry, self.chair)
                self.assertEqual((conflict.state, conflict.hard), ("possible", True))
                self.assertEqual(conflict.source, "detected")
        entry = self._naming(full_name="Hoàng Văn Thụ")
        self.assertFalse(self._conflict(entry, self.chair))

    def test_a_name_like_a_colleagues_is_judged_by_the_colleague(self):
        self.employees[self.coauthor].parent_id = self.employees[self.member1]
        entry = self._naming(full_name="Đồng Lý Văn")
        conflict = self._conflict(entry, self.member1, "manager")
        self.assertEqual(conflict.state, "possible")
        self.assertFalse(self._conflict(entry, self.member2, "manager"))

    def test_a_member_of_a_branch_is_found_by_the_name_that_hr_knows(self):
        branch = self.env["res.company"].create(
            {"name": "Chi cục Kiểm lâm", "parent_id": self.company.id}
        )
        self.leader.company_ids |= branch
        employee = self.env["hr.employee"].create(
            {
                "name": "Triệu Thị Xa",
                "user_id": self.leader.id,
                "company_id": branch.id,
            }
        )
        seat = self.env["hoithi.council.member"].create(
            {"council_id": self.council.id, "user_id": self.leader.id}
        )
        self.assertEqual(seat.employee_id, employee)
        entry = self._naming(full_name="Triệu Thị Xa")
        conflicts = self.env["hoithi.conflict"].search(
            [("entry_id", "=", entry.id), ("member_id", "=", seat.id)]
        )
        self.assertEqual(conflicts.mapped("state"), ["possible"])
        other = self._naming(full_name="Đàm Thị Gần")
        employee.name = "Đàm Thị Gần"
        self.assertTrue(other.sudo().conflict_ids.filtered("hard"), "HR is followed")

    def test_a_member_who_gets_a_record_later_is_found_by_it(self):
        user = self.leader
        seat = self.env["hoithi.council.member"].create(
            {"council_id": self.council.id, "user_id": user.id}
        )
        self.assertFalse(seat.employee_id)
        entry = self._naming(full_name="Triệu Thị Xa")
        found = Domain("entry_id", "=", entry.id) & Domain("member_id", "=", seat.id)
        self.assertFalse(self.env["hoithi.conflict"].search(found))
        self.contest.with_context(hoithi_door=Load()).state = "review"
        employee = self.env["hr.employee"].create(
            {
                "name": "Triệu Thị Xa",
                "user_id": user.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(seat.employee_id, employee, "though the seat is fixed")
        self.assertTrue(self.env["hoithi.conflict"].search(found))

    def test_a_tagged_address_of_a_colleague_means_the_colleague(self):
        self.employees[self.coauthor].parent_id = self.employees[self.member1]
        tagged = self.coauthor.email.replace("@", "+thi@")
        entry = self._naming(full_name="Bế Thị Xuân", email=tagged)
        self.assertEqual(
            self._conflict(entry, self.member1, "manager").state, "possible"
        )

    def test_a_possible_conflict_blocks_until_it_is_decided(self):
        entry = self._naming(full_name=self.member1.name)
        entry.with_user(self.secretary).action_mark_eligible()
        conflict = self._conflict(entry, self.member1).with_user(self.secretary)
        self.assertEqual(self.contest.possible_conflict_count, 1)
        with self.assertRaisesRegex(UserError, "possible, for the secretary to decide"):
            self._create_review(entry, self.member1)
        wizard = self.env["hoithi.review.assign"].with_user(self.secretary)
        picked = wizard.create(
            {
                "contest_id": self.contest.id,
                "mode": "pick",
                "entry_ids": [Command.set(entry.ids)],
                "member_ids": [Command.set(self.seats[self.member1].ids)],
            }
        )
        self.assertFalse(picked._plan()[0])
        for decide in (conflict.action_uphold, conflict.action_lift):
            for reason in (" ", None):
                with self.assertRaisesRegex(UserError, "reason"):
                    decide(reason=reason)
        for user in (self.chair, self.member1, self.staff):
            with self.assertRaises(AccessError):
                conflict.with_user(user).action_lift(reason="x")
        conflict.action_lift(reason="Người trùng tên, ở xã A")
        self.assertEqual((conflict.state, conflict.hard), ("lifted", False))
        event = self.env["hoithi.ledger"].search([], order="id desc", limit=1)
        self.assertEqual((event.event, event.res_id), ("conflict.lifted", conflict.id))
        self.assertEqual(self._create_review(entry, self.member1).state, "assigned")
        entry._detect_conflicts()
        self.assertEqual(conflict.state, "lifted", "decided once")
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_upholding_voids_what_was_given(self):
        entry = self._eligible_entry()
        self._start_review()
        [review] = self._assign(entry, self.member1)
        # as an import might, after the review was assigned
        entry.sudo().author_ids.create(
            {"entry_id": entry.id, "full_name": self.member1.name}
        )
        entry._detect_conflicts()
        conflict = self._conflict(entry, self.member1).with_user(self.secretary)
        self.assertEqual(
            (conflict.state, review.sudo().state), ("possible", "assigned")
        )
        for act in (
            review.action_start,
            review.action_submit,
            lambda: review.line_ids[0].write({"score": 10}),
        ):
            with self.assertRaisesRegex(UserError, "waits for a decision") as refusal:
                act()
            self.assertNotIn("conflict", str(refusal.exception))
        conflict.action_uphold(reason="Đúng là ủy viên Một")
        self.assertEqual((conflict.state, review.sudo().state), ("standing", "void"))
        with self.assertRaisesRegex(UserError, "decided already"):
            conflict.action_uphold(reason="x")
        conflict.action_lift(reason="Nhầm người")
        self.assertEqual(conflict.state, "lifted", "no dead end")

    def test_an_unconfirmed_member_knocks_nobody_out(self):
        entry = self._naming(email=self.member1.email)
        office = entry.with_user(self.secretary)
        office.action_mark_eligible()
        conflict = self._conflict(entry, self.member1).with_user(self.secretary)
        self.assertEqual(conflict.state, "possible")
        conflict.action_lift(reason="Chưa xác nhận")
        [review] = self._assign(entry, self.member1)
        entry._detect_conflicts()
        self.assertEqual(conflict.state, "lifted")
        entry.with_user(self.member1).action_confirm()
        self.assertEqual((conflict.state, conflict.hard), ("standing", True))
        self.assertEqual(review.sudo().state, "void")
        with self.assertRaisesRegex(UserError, "own entry stays"):
            conflict.action_lift(reason="x")

    def test_what_rests_on_an_unconfirmed_name_is_decided(self):
        self.employees[self.coauthor].parent_id = self.employees[self.member1]
        entry = self._naming(email=self.coauthor.email)
        conflict = self._conflict(entry, self.member1, "manager")
        self.assertEqual(conflict.state, "possible")
        entry.with_user(self.coauthor).action_confirm()
        self.assertEqual(conflict.state, "standing")
        own = self._submit_entry(self.internal)
        self.employees[self.internal].parent_id = self.employees[self.member1]
        self.assertEqual(
            self._conflict(own, self.member1, "manager").state,
            "standing",
            "who registers an entry stands by it",
        )

    def test_a_conflict_ends_with_the_decline(self):
        entry = self._naming(email=self.member1.email)
        conflict = self._conflict(entry, self.member1)
        entry.with_user(self.member1).action_decline(reason="Tôi không tham gia")
        self.assertEqual((conflict.state, conflict.hard), ("lifted", False))
        self.assertIn("Tôi không tham gia", conflict.decision_reason)
        entry._detect_conflicts()
        self.assertEqual(conflict.state, "lifted")

    def test_a_decline_ends_its_own_conflicts_alone(self):
        """Neither what was decided nor what rests on somebody else."""
        self.employees[self.staff].parent_id = self.employees[self.chair]
        entry = self._naming(email=self.member1.email)
        manager = self._conflict(entry, self.chair, "manager")
        manager.with_user(self.secretary).action_pin(reason="Trưởng phòng cũ")
        self.employees[self.staff].parent_id = False
        conflict = self._conflict(entry, self.member1)
        entry.with_user(self.member1).action_decline(reason="Không tham gia")
        self.assertEqual((manager.state, conflict.state), ("standing", "lifted"))
        entry = self._naming(email=self.member1.email)
        conflict = self._conflict(entry, self.member1).with_user(self.secretary)
        conflict.action_uphold(reason="Có tham gia")
        entry.with_user(self.member1).action_decline(reason="Không tham gia")
        self.assertEqual(conflict.state, "standing", "nobody undoes it alone")
        conflict.action_lift(reason="Đã xác minh")

    def test_an_author_ends_no_conflict_by_a_change_of_authors(self):
        """Whoever confirmed and is replaced or removed stays for the secretary."""
        changes = (
            lambda entry, line: entry.write({"author_ids": [Command.delete(line.id)]}),
            lambda _entry, line: line.unlink(),
            lambda _entry, line: line.write(
                {"full_name": "Bế Thị Xuân", "email": False, **OUTSIDER}
            ),
            lambda _entry, line: (
                line.write({"contribution_percent": 10}),
                line.unlink(),
            ),
        )
        for change in changes:
            entry = self._naming(email=self.member1.email)
            entry.with_user(self.member1).action_confirm()
            conflict = self._conflict(entry, self.member1)
            office = entry.with_user(self.secretary)
            office.action_request_supplement(reason="Thiếu tệp")
            change(entry, entry.author_ids - entry.representative_id)
            entry.sudo()._detect_conflicts()
            with self.subTest(change=change):
                self.assertEqual((conflict.state, conflict.hard), ("possible", True))
                notice = self.env["hoithi.notice"].search(
                    [("kind", "=", "taken_out"), ("res_id", "=", entry.id)]
                )
                self.assertEqual(notice.partner_id, self.member1.partner_id)
                self.assertNotIn("The secretary", notice.sudo()._compose()["body_html"])
            conflict.with_user(self.secretary).action_lift(reason="Không tham gia")

    def test_nobody_is_free_by_another_name(self):
        entry = self._naming(full_name=self.member1.name)
        conflict = self._conflict(entry, self.member1)
        self.member1.with_user(self.member1).name = "Ngọc Thị Khác"
        entry._detect_conflicts()
        self.assertEqual(conflict.exists().state, "possible")

    def test_nobody_decides_who_judges_the_own_work(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create({**person, "contribution_percent": 20})
                for person in (
                    {"email": self.secretary.email},
                    {**OUTSIDER, "full_name": self.member1.name},
                )
            ],
        )
        entry.action_submit()
        conflict = self._conflict(entry, self.member1).with_user(self.secretary)
        self.assertEqual(conflict.state, "possible")
        with self.assertRaisesRegex(UserError, "confirm your share or decline it"):
            conflict.action_lift(reason="x")
        entry.with_user(self.secretary).action_confirm()
        for act in (
            lambda: conflict.action_lift(reason="x"),
            lambda: conflict.action_uphold(reason="x"),
            lambda: conflict.create(
                {
                    "entry_id": entry.id,
                    "member_id": self.seats[self.member2].id,
                    "kind": "other",
                }
            ),
        ):
            with self.assertRaisesRegex(UserError, "another secretary decides"):
                act()

    def test_naming_the_secretary_blocks_no_screening(self):
        """Else an author could keep an entry from the Office by naming it."""
        for person in (
            {"email": self.secretary.email},
            {"full_name": self.secretary.name, **OUTSIDER},
        ):
            entry = self._naming(**person)
            self.env.invalidate_all()
            office = entry.with_user(self.secretary)
            conflict = self._conflict(entry, self.secretary)
            with self.subTest(person=person):
                self.assertEqual(conflict.state, "possible")
                office.action_request_supplement(reason="Thiếu tệp")
                entry.novelty = "Đã bổ sung"
                entry.action_submit()
                office.action_mark_eligible()
                self.assertTrue(office.review_ids.browse().has_access("read"))
                self.assertIn(office, office.search([]))
                own = conflict.with_user(self.secretary)
                for decide in (own.action_lift, own.action_uphold):
                    with self.assertRaisesRegex(AccessError, "another secretary does"):
                        decide(reason="Tôi không viết")
        declined = self._naming(email=self.secretary.email)
        office = declined.with_user(self.secretary)
        office.action_decline(reason="Tôi không tham gia")
        office.author_ids.filtered("declined_on").action_take_out(reason="Đã từ chối")
        self.assertEqual(self._conflict(declined, self.secretary).state, "lifted")
        office.action_mark_eligible()
        self.assertEqual(declined.state, "eligible")
        named = self._naming(email=self.secretary.email)
        office = named.with_user(self.secretary)
        office.action_confirm()
        with self.assertRaisesRegex(UserError, "another secretary decides"):
            office.action_mark_eligible()

    def test_a_possible_conflict_hides_from_other_members(self):
        """Reviews too: a name keeps the Office from nothing, and others from all."""
        self.contest.with_context(hoithi_door=Load()).blind = False
        entry = self._naming(full_name=self.member1.name)
        entry.with_user(self.secretary).action_mark_eligible()
        self.env.invalidate_all()
        self.assertFalse(entry.with_user(self.member1).has_access("read"))
        self.assertTrue(entry.with_user(self.member2).has_access("read"))

    def test_sheets_in_doubt_count_for_nothing_until_it_is_decided(self):
        entry, other = self._eligible_entry(), self._eligible_entry(self.coauthor)
        contest = self.contest.with_user(self.secretary)
        contest.prize_ids = [Command.create({"rank": "first", "slots": 1})]
        self._start_review()
        for work, points in ((entry, 50), (other, 40)):
            for review in self._assign(work, self.member1, self.member2):
                self._score(review, 30, points)
        self.assertEqual((entry.sudo().rank, other.sudo().rank), (1, 2))
        contest.action_start_council()
        entry.sudo().author_ids.create(
            {"entry_id": entry.id, "full_name": self.member1.name}
        )
        office = entry.with_user(self.secretary)
        entry._detect_conflicts()
        conflict = self._conflict(entry, self.member1).with_user(self.secretary)
        self.assertEqual(conflict.state, "possible")
        self.assertEqual((entry.sudo().rank, other.sudo().rank), (0, 1))
        with self.assertRaisesRegex(UserError, "decide the possible conflict"):
            office.action_select()
        with self.assertRaisesRegex(UserError, "Decide the possible conflicts"):
            contest.action_award_prizes()
        conflict.action_lift(reason="Trùng tên")
        self.assertEqual((entry.sudo().rank, other.sudo().rank), (1, 2))
        contest.action_award_prizes()
        office.action_select()
        self.assertEqual(office.state, "selected")

    def test_upholding_takes_the_sheet_and_the_place(self):
        entry = self._eligible_entry()
        self._start_review()
        for review in self._assign(entry, self.member1, self.member2):
            self._score(review, 30, 50)
        self.contest.with_user(self.secretary).action_start_council()
        entry.sudo().author_ids.create(
            {"entry_id": entry.id, "full_name": self.member1.name}
        )
        entry._detect_conflicts()
        conflict = self._conflict(entry, self.member1).with_user(self.secretary)
        conflict.action_uphold(reason="Đúng người")
        with self.assertRaisesRegex(UserError, "it has 1 of 2 sheets"):
            entry.with_user(self.secretary).action_select()
        self.assertEqual(entry.sudo().rank, 1, "by the sheet that is left")

    def test_a_member_learns_of_a_conflict_and_not_of_which(self):
        entry = self._eligible_entry()
        [review] = self._assign(entry, self.member1)
        self.employees[self.staff].parent_id = self.employees[self.member1]
        self.assertEqual(review.state, "void")
        told = review.with_context(lang="en_US").read()[0]
        kinds = dict(self.env["hoithi.conflict"]._fields["kind"].selection).values()
        self.assertIn("conflict of interest", told["void_reason"])
        for kind in kinds:
            self.assertNotIn(kind, f"{told}")
        self.assertEqual(self._conflict(entry, self.member1, "manager").hard, True)

    def test_a_withdrawal_tells_no_reviewer_who_wrote(self):
        entry = self._eligible_entry()
        [review] = self._assign(entry, self.member1)
        entry.action_withdraw(reason=f"Tôi, {self.staff.name}, xin rút")
        self.assertEqual(review.state, "void")
        self.assertNotIn(self.staff.name, f"{review.read()}")

    def test_hr_records_are_followed_whatever_changes(self):
        """A change of name or address may tell who was meant; moves of many as one."""
        self.employees[self.coauthor].parent_id = self.employees[self.member1]
        entry = self._naming(
            full_name="Bế Thị Xuân", email="xuan@nha.example.vn", **OUTSIDER
        )
        employee = self.employees[self.coauthor]
        for vals in (
            {"name": "Bế Thị Xuân"},
            {"work_email": "xuan@nha.example.vn"},
        ):
            self.assertFalse(self._conflict(entry, self.member1, "manager"))
            before = {name: employee[name] for name in vals}
            employee.write(vals)
            conflict = self._conflict(entry, self.member1, "manager")
            with self.subTest(vals=vals):
                self.assertEqual(conflict.state, "possible")
            conflict.unlink()
            with self.registry_detecting_nothing():
                employee.write(before)
        detected = []
        entries = self.env.registry["hoithi.entry"]
        self.employees[self.staff].parent_id = self.employees[self.member2]
        with patch.object(
            entries, "_detect_conflicts", lambda entries: detected.append(entries)
        ):
            (employee | self.employees[self.staff]).write({"parent_id": False})
        self.assertEqual(len(detected), 1)
        self.assertIn(entry.sudo(), detected[0])

    def test_the_nightly_check_finds_what_came_round_every_door(self):
        """As another program does that writes into the tables of HR."""
        entry = self._submit_entry()
        manager = self.employees[self.member1]
        self.assertFalse(self._conflict(entry, self.member1, "manager"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_employee SET parent_id = %s WHERE id = %s",
            (manager.id, self.employees[self.staff].id),
        )
        self.env.invalidate_all()
        self.assertFalse(self._conflict(entry, self.member1, "manager"))
        self.assertEqual(self.env["hoithi.entry"]._cron_check_invariants(), [])
        conflict = self._conflict(entry, self.member1, "manager")
        self.assertEqual((conflict.state, conflict.hard), ("standing", True))

    def test_the_nightly_check_finds_a_sheet_that_was_given_in_a_conflict(self):
        entry = self._eligible_entry()
        review = self._create_review(entry, self.member1)
        conflict = self.env["hoithi.conflict"].create(
            {"entry_id": entry.id, "member_id": review.member_id.id, "kind": "other"}
        )
        self.assertEqual(review.sudo().state, "void", "no door leaves it open")

        def is_told():
            problems = self.env["hoithi.entry"]._get_broken_invariants()
            return ("conflict", entry.id) in problems

        def set_column(record, name, value):
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(record._table),
                    SQL.identifier(name),
                    value,
                    record.id,
                )
            )
            self.env.invalidate_all()

        for state, expected in (
            ("void", False),
            ("recused", False),
            ("assigned", True),
            ("in_progress", True),
        ):
            set_column(review, "state", state)
            self.assertEqual(is_told(), expected, state)
        set_column(conflict, "state", "possible")
        self.assertFalse(is_told(), "nobody has decided it yet")
        set_column(conflict, "state", "standing")
        self.assertTrue(is_told())
        set_column(conflict, "hard", False)
        self.assertFalse(is_told(), "a soft one warns")

    def registry_detecting_nothing(self):
        return patch.object(
            self.env.registry["hoithi.entry"], "_detect_conflicts", lambda entries: None
        )

    def test_many_conflicts_take_no_more_queries(self):
        self.employees[self.coauthor].parent_id = self.employees[self.chair]

        def named(count):
            entries = self.env["hoithi.entry"]
            for _number in range(count):
                entry = self._create_entry(
                    self.internal,
                    participant_type="group",
                    author_ids=[
                        Command.create(
                            {"email": self.coauthor.email, "contribution_percent": 20}
                        )
                    ],
                )
                entry.action_submit()
                entries |= entry
            entries.sudo().author_ids.filtered(
                lambda line: line.partner_id == self.coauthor.partner_id
            ).confirmed_on = "2026-01-01 00:00:00"
            self.env.flush_all()
            self.env.invalidate_all()
            return entries.sudo()

        def count(act):
            before = self.env.cr.sql_log_count
            act()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        conflicts = self.env["hoithi.conflict"]
        detections, certain = [], []
        for number in (3, 30):
            entries = named(number)
            detections.append(count(lambda e=entries: conflicts._detect(e)))
            found = conflicts.search(
                [("entry_id", "in", entries.ids), ("kind", "=", "manager")]
            )
            self.assertEqual(set(found.mapped("state")), {"standing"})
            self.env.invalidate_all()
            certain.append(count(lambda found=found: found._get_certain()))
            self.assertEqual(found._get_certain(), found)
        self.assertLessEqual(detections[1], detections[0] + 2)
        self.assertLessEqual(certain[1], certain[0] + 2)

    @staticmethod
    def _load_migration():
        path = file_path("hoithi_contest/migrations/19.0.1.2.0/post-migrate.py")
        spec = importlib.util.spec_from_file_location("post_migrate", path)
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        return migration

    def test_an_update_hides_what_others_may_not_read(self):
        entry = self._naming(email=self.coauthor.email)
        entry.with_user(self.coauthor).action_confirm()
        own, line = entry.sudo().author_ids
        (own | line).write({"email": "hr@example.vn", "job_title": "Chuyên viên"})
        work = self._eligible_entry()
        reviews = self._assign(work, self.member1, self.member2)
        for review, reason in zip(
            reviews,
            ("Xung đột lợi ích: Quản lý của tác giả", "Trùng"),
            strict=True,
        ):
            review.sudo()._void(reason)
        self.env.flush_all()
        migration = self._load_migration()
        migration.hide_colleagues(self.env.cr)
        migration.hide_grounds(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual((line.email, line.job_title), (False, "Chuyên viên"))
        self.assertEqual(own.email, "hr@example.vn", "the own to give")
        term = (
            self.env["hoithi.conflict"]
            .with_context(lang="vi_VN")
            .env._("A conflict of interest with this entry was recorded.")
        )
        self.assertEqual(
            [review.void_reason for review in reviews],
            ["Đã ghi nhận xung đột lợi ích với hồ sơ này.", "Trùng"],
        )
        if self.env["res.lang"]._get_data(code="vi_VN"):
            self.assertEqual(term, reviews[0].void_reason)

    def test_an_update_leaves_unconfirmed_names_open(self):
        migration = self._load_migration()
        entries = [self._naming(email=self.member1.email) for _number in range(2)]
        entries[1].with_user(self.member1).action_confirm()
        conflicts = [self._conflict(entry, self.member1) for entry in entries]
        conflicts[0]._open_door().state = "standing"
        migration.leave_unconfirmed_open(self.env)
        self.assertEqual([c.state for c in conflicts], ["possible", "standing"])

    def test_a_declared_conflict_stands(self):
        entry = self._eligible_entry()
        conflicts = self.env["hoithi.conflict"].with_user(self.secretary)
        values = {
            "entry_id": entry.id,
            "member_id": self.seats[self.member1].id,
            "kind": "kinship",
        }
        for state in ("lifted", "possible"):
            with self.assertRaises(AccessError):
                conflicts.with_context(default_state=state).create(values)
            with self.assertRaises(AccessError):
                conflicts.create({**values, "state": state})
        conflict = conflicts.create(values)
        self.assertEqual(conflict.state, "standing")
        with self.assertRaises(UserError):
            conflict.state = "lifted"

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
        for note in (False, "Không liên quan"):
            with self.subTest(note=note), self.assertRaises(UserError):
                office.note = note
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
        self.env.invalidate_all()
        self.assertFalse(entry.with_user(self.secretary).has_access("read"))
        other = self.secretary.copy({"login": "t_office2"})
        conflict.with_user(other).action_lift(reason="Không phải họ hàng gần")
        self.env.invalidate_all()
        self.assertTrue(entry.with_user(self.secretary).has_access("read"))

    def test_a_secretary_declares_an_own_interest(self):
        entry = self._eligible_entry(self.staff)
        values = {
            "entry_id": entry.id,
            "member_id": self.seats[self.secretary].id,
            "kind": "kinship",
            "note": "Con gái",
        }
        conflicts = self.env["hoithi.conflict"].with_user(self.secretary)
        self.assertTrue(entry.with_user(self.secretary).has_access("read"))
        with (
            self.assertRaisesRegex(UserError, "declare it as hard"),
            self.env.cr.savepoint(),
        ):
            conflicts.create({**values, "hard": False})
        for vals in ({"source": "detected"}, {"state": "lifted"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                conflicts.create({**values, **vals})
        with Form(conflicts) as form:
            form.entry_id = entry.with_user(self.secretary)
            form.member_id = self.seats[self.secretary].with_user(self.secretary)
            form.kind, form.note = "kinship", "Con gái"
        conflict = form.record
        self.assertEqual(
            (conflict.source, conflict.hard, conflict.state),
            ("declared", True, "standing"),
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(entry.with_user(self.secretary).has_access("read"))
        for decide in (conflict.action_lift, conflict.action_pin):
            with self.assertRaises(AccessError):
                decide(reason="Tự xử lý")
        other = self.secretary.copy({"login": "t_office2"})
        conflict.with_user(other).action_lift(reason="Không phải con")
        self.assertEqual(conflict.state, "lifted")

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
        with self.assertRaises(UserError):
            chair.max_load = -1
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            chair.copy()
        self.assertFalse(self.seats[self.secretary].can_score)
        self.assertTrue(chair.can_score)
        self.assertEqual(chair.employee_id, self.employees[self.chair])
        self.assertEqual(chair.display_name, self.chair.name)
