from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestStatement(HoithiCommon):
    """Declared interests, and what the secretary decides on conflicts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contest.require_statement = True
        cls._launch()
        cls.entry = cls._eligible_entry()
        cls.kin_entry = cls._eligible_entry(name="Giải pháp của người nhà")
        cls._start_review()
        [cls.review] = cls._assign(cls.entry, cls.member1)
        [cls.kin_review] = cls._assign(cls.kin_entry, cls.member1)

    def _open(self, review=None):
        action = (review or self.review).action_sign_statement()
        wizard = self.env["hoithi.statement.sign"].with_user(self.member1)
        return wizard.browse(action["res_id"])

    def test_no_score_before_the_statement(self):
        self.assertTrue(self.review.needs_statement)
        with self.assertRaises(UserError):
            self.review.line_ids[0].score = 10
        with self.assertRaises(UserError):
            self.review.action_submit()
        wizard = self._open()
        with self.assertRaises(UserError):
            wizard.action_sign()
        wizard.accepted = True
        wizard.action_sign()
        self.assertFalse(self.review.needs_statement)
        self._score(self.review, 30, 40)
        self.assertEqual(self.review.state, "submitted")

    def test_declared_kinship_recuses(self):
        wizard = self._open()
        line = wizard.line_ids.filtered(lambda line: line.review_id == self.kin_review)
        line.kind = "kinship"
        wizard.accepted = True
        with self.assertRaises(UserError):
            wizard.action_sign()
        line.note = "Em họ của tác giả"
        wizard.action_sign()
        self.assertEqual(self.kin_review.state, "recused")
        conflict = self.kin_entry.sudo().conflict_ids.filtered(
            lambda conflict: conflict.kind == "kinship"
        )
        self.assertEqual(
            (conflict.member_id.user_id, conflict.source, conflict.hard),
            (self.member1, "declared", True),
        )
        self.assertEqual(self.review.state, "assigned")
        with self.assertRaises(UserError):
            self.env["hoithi.review"].with_user(self.secretary).create(
                {
                    "entry_id": self.kin_entry.id,
                    "member_id": self.seats[self.member1].id,
                }
            )

    def test_a_signed_statement_stays(self):
        wizard = self._open()
        wizard.accepted = True
        wizard.action_sign()
        statement = self.env["hoithi.statement"].search(
            [("contest_id", "=", self.contest.id)]
        )
        self.assertEqual(statement.user_id, self.member1)
        self.assertIn(self.contest.name, statement.text)
        with self.assertRaises(UserError):
            statement.write({"text": "Khác"})
        with self.assertRaises(UserError):
            statement.unlink()
        for user, right in ((self.member1, "write"), (self.secretary, "create")):
            with self.assertRaises(AccessError):
                statement.with_user(user).check_access(right)
        with self.assertRaises(AccessError):
            statement.with_user(self.member2).read(["text"])
        self.assertTrue(statement.with_user(self.secretary).text)
        self.assertIn(
            "statement.signed",
            self.env["hoithi.ledger"]
            .search([("contest_id", "=", self.contest.id)])
            .mapped("event"),
        )

    def test_only_members_of_the_council_sign(self):
        outsider = self.env["hoithi.statement.sign"].with_user(self.member1)
        other_council = self.council.copy({"member_ids": False})
        other = self._create_contest(council_id=other_council.id)
        other.sudo().with_context(hoithi_door=Load()).write({"state": "open"})
        wizard = outsider.create({"contest_id": other.id, "accepted": True})
        with self.assertRaises(AccessError):
            wizard.action_sign()

    def test_nobody_signs_for_the_sheets_of_others(self):
        dialog = self.env["hoithi.statement.sign"].with_user(self.member2)
        dialog = dialog.create({"contest_id": self.contest.id})
        line = {"wizard_id": dialog.id, "review_id": self.review.id}
        lines = self.env["hoithi.statement.sign.line"].with_user(self.member2)
        with self.assertRaises(AccessError):
            lines.create(line)
        with self.assertRaises(AccessError):
            lines.onchange(line, ["review_id"], {"field_id": {}, "review_id": {}})

    # WHAT THE SECRETARY DECIDES

    def _conflict(self, kind, hard):
        return (
            self.env["hoithi.conflict"]
            .with_user(self.secretary)
            .create(
                {
                    "entry_id": self.entry.id,
                    "member_id": self.seats[self.member2].id,
                    "kind": kind,
                    "hard": hard,
                    "note": "Theo đơn",
                }
            )
        )

    def test_a_conflict_is_lifted_and_pinned_with_a_reason(self):
        conflict = self._conflict("other", True)
        with self.assertRaises(UserError):
            self._assign(self.entry, self.member2)
        with self.assertRaises(UserError):
            conflict.write({"hard": False})
        with self.assertRaises(UserError):
            conflict.action_lift(reason="")
        action = conflict.action_ask_lift()
        self.env["hoithi.reason"].with_user(self.secretary).browse(
            action["res_id"]
        ).write({"reason": "Đơn không có căn cứ"})
        self.env["hoithi.reason"].with_user(self.secretary).browse(
            action["res_id"]
        ).action_apply()
        self.assertFalse(conflict.hard)
        [review] = self._assign(self.entry, self.member2)
        conflict.action_pin(reason="Có căn cứ mới")
        self.assertTrue(conflict.hard)
        self.assertEqual(review.sudo().state, "void", "voided, not deleted")
        events = self.env["hoithi.ledger"].search([("entry_id", "=", self.entry.id)])
        self.assertIn("conflict.lifted", events.mapped("event"))
        self.assertIn("conflict.pinned", events.mapped("event"))

    def test_an_authors_conflict_is_never_lifted(self):
        conflict = self._conflict("author", True)
        with self.assertRaises(UserError):
            conflict.action_lift(reason="Không sao")
        self.assertTrue(conflict.hard)

    def test_a_decision_outlives_detection(self):
        self.employees[self.staff].parent_id = self.employees[self.member2]
        conflict = self.entry.sudo().conflict_ids.filtered(
            lambda conflict: conflict.kind == "manager"
        )
        self.assertTrue(conflict, "moved staff are looked at anew")
        conflict.with_user(self.secretary).action_lift(reason="Chỉ quản lý hành chính")
        self.entry.sudo()._detect_conflicts()
        self.assertFalse(conflict.hard)
        self.employees[self.staff].parent_id = False
        self.assertTrue(conflict.exists(), "pinned decisions stay on record")

    def test_nobody_lifts_the_own_conflict(self):
        conflict = (
            self.env["hoithi.conflict"]
            .sudo()
            .create(
                {
                    "entry_id": self.entry.id,
                    "member_id": self.seats[self.secretary].id,
                    "kind": "other",
                    "hard": True,
                }
            )
        )
        with self.assertRaises(AccessError):
            conflict.with_user(self.secretary).action_lift(reason="Không sao")
        with self.assertRaises(AccessError):
            conflict.with_user(self.member1).action_lift(reason="Không sao")

    def test_earlier_coauthors_are_warned_of(self):
        def soft():
            self.entry.sudo()._detect_conflicts()
            return self.entry.sudo().conflict_ids.filtered(
                lambda conflict: (
                    conflict.kind == "previous_coauthor"
                    and conflict.state == "standing"
                )
            )

        self.assertFalse(soft())
        earlier = self._create_contest(edition_number=8)
        self._launch(earlier)
        shared = self._create_entry(
            self.staff, contest=earlier, participant_type="group"
        )
        shared.representative_id.contribution_percent = 60
        shared.author_ids = [
            (0, 0, {"email": self.member2.email, "contribution_percent": 40})
        ]
        shared.action_submit()
        found = soft()
        self.assertEqual(found.member_id.user_id, self.member2)
        self.assertFalse(found.hard)
        self._assign(self.entry, self.member2)
        self.company.hoithi_detect_previous_coauthors = False
        self.assertFalse(soft())
        self.company.hoithi_detect_previous_coauthors = True
        self.assertEqual(soft(), found)
