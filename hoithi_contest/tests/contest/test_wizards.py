from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestWizards(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def _wizard(self, action, user):
        self.assertEqual(action["target"], "new")
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    # REASON

    def test_reason_reaches_the_method(self):
        entry = self._submit_entry()
        office = entry.with_user(self.secretary)
        wizard = self._wizard(office.action_ask_mark_ineligible(), self.secretary)
        self.assertEqual(wizard.record_names, entry.display_name)
        self.assertFalse(wizard.needs_due)
        with self.assertRaisesRegex(UserError, "Give the reason"):
            wizard.action_apply()
        with Form(wizard) as form:
            form.reason = "  Áp dụng ngoài tỉnh "
        wizard.action_apply()
        self.assertEqual(entry.state, "ineligible")
        self.assertEqual(entry.ineligible_reason, "Áp dụng ngoài tỉnh")

    def test_due_date_reaches_the_method(self):
        entry = self._submit_entry()
        office = entry.with_user(self.secretary)
        wizard = self._wizard(office.action_ask_request_supplement(), self.secretary)
        self.assertTrue(wizard.needs_due)
        due = fields.Datetime.now() + timedelta(days=3)
        with Form(wizard) as form:
            form.reason = "Thiếu số liệu"
            form.due_date = due
        wizard.action_apply()
        self.assertEqual((entry.state, entry.supplement_due), ("supplement", due))

    def test_one_reason_for_several(self):
        entries = self._submit_entry() | self._submit_entry()
        office = entries.with_user(self.secretary)
        wizard = self._wizard(office.action_ask_mark_ineligible(), self.secretary)
        wizard.reason = "Trùng lặp"
        wizard.action_apply()
        self.assertEqual(set(entries.mapped("ineligible_reason")), {"Trùng lặp"})
        # where nothing was done the dialog stays, with the reason in it
        told = wizard.action_apply()["params"]
        self.assertEqual(told["type"], "danger")
        self.assertNotIn("next", told)

    def test_dialog_lends_no_rights(self):
        """Made by hand, it calls only acts that need a reason, as its own user."""
        entry = self._submit_entry(self.internal)
        wizards = self.env["hoithi.reason"].with_user(self.internal)
        values = {
            "res_model": "hoithi.entry",
            "res_ids": str(entry.id),
            "method": "action_mark_ineligible",
            "reason": "x",
        }
        with self.assertRaises(AccessError):
            wizards.create(values).action_apply()
        for method in ("unlink", "_move", "action_mark_eligible", "message_post", ""):
            with self.subTest(method=method), self.assertRaises(UserError):
                wizards.create({**values, "method": method or " "}).action_apply()
        for model in ("res.users", "no.such.model", "hoithi.field"):
            with self.subTest(model=model), self.assertRaises(UserError):
                wizards.create({**values, "res_model": model}).action_apply()
        self.assertEqual(entry.state, "submitted")
        wizards.create({**values, "method": "action_withdraw"}).action_apply()
        self.assertEqual(entry.state, "withdrawn")

    def test_an_act_is_shown_and_taken_with_its_callers_rights(self):
        """Made by hand, it takes only acts that are shown first, as its own user."""
        previews = self.env["hoithi.preview"].with_user(self.internal)
        values = {
            "res_model": "hoithi.contest",
            "res_id": self.contest.id,
            "method": "action_award_prizes",
        }
        wizard = previews.create(values)
        for act in (lambda: wizard.read(["effects"]), wizard.action_apply):
            with self.assertRaises(AccessError):
                act()
        for wrong in (
            {"method": "unlink"},
            {"method": "action_cancel"},
            {"res_model": "res.users"},
            {"res_model": "no.such.model"},
            {"res_id": -1},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                previews.create({**values, **wrong}).action_apply()

    def test_dialog_tells_nothing_that_its_user_may_not_read(self):
        entry = self._submit_entry()
        wizards = self.env["hoithi.reason"]
        values = {
            "res_model": "hoithi.entry",
            "res_ids": str(entry.id),
            "method": "action_name_reviewer",
        }
        stranger = wizards.with_user(self.internal).create(values)
        with self.assertRaises(AccessError):
            stranger.read(["record_names"])
        # who isn't offered is who reviews it
        for user in (self.leader, self.member1, self.secretary):
            for more in ({}, {"method": "action_withdraw"}):
                dialog = wizards.with_user(user).create(
                    {**values, "needs_member": True, **more}
                )
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    dialog.read(["allowed_member_ids"])

    def test_dialog_that_fits_nothing_is_refused_in_words(self):
        wizards = self.env["hoithi.reason"].with_user(self.secretary)
        values = {
            "res_model": "hoithi.contest",
            "res_ids": str(self.contest.id),
            "method": "action_cancel",
        }
        for flag, name in (
            ("needs_parts", "part_ids"),
            ("needs_member", "allowed_member_ids"),
            ("needs_field", "allowed_field_ids"),
        ):
            with (
                self.subTest(flag=flag),
                self.assertRaisesRegex(UserError, "can't be used here"),
            ):
                wizards.create({**values, flag: True}).read([name])

    def test_dialog_is_on_the_clock_of_what_it_is_about(self):
        """Its due date is on a clock whatever is asked about, as a conflict."""
        reasons, clock = (
            self.registry[name]
            for name in ("hoithi.reason.mixin", "hoithi.clock.mixin")
        )
        for model in self.env.values():
            if isinstance(model, reasons) and not model._abstract:
                with self.subTest(model=model._name):
                    self.assertIsInstance(model, clock)

    def test_dialogs_of_others_are_closed(self):
        entry = self._submit_entry()
        wizard = self._wizard(
            entry.with_user(self.secretary).action_ask_mark_ineligible(), self.internal
        )
        with self.assertRaises(AccessError):
            wizard.read(["reason"])

    # ASSIGNMENT

    def _assign_wizard(self, entries, users, **values):
        action = entries.with_user(self.secretary).action_assign_reviews()
        wizards = self.env["hoithi.review.assign"].with_user(self.secretary)
        return wizards.with_context(**action["context"]).create(
            {
                "member_ids": [Command.set([self.seats[user].id for user in users])],
                **values,
            }
        )

    def test_assigning_tells_conflicts_first(self):
        self.employees[self.internal].parent_id = self.employees[self.member2]
        water, land = self._eligible_entry(), self._eligible_entry(self.internal)
        self._assign(water, self.chair)
        wizard = self._assign_wizard(
            water | land, [self.chair, self.member1, self.member2]
        )
        self.assertEqual(wizard.entry_ids, (water | land).sudo())
        self.assertEqual(wizard.line_count, 4)
        notes = wizard.preview.splitlines()
        for name, phrase in (
            (self.chair.name, "assigned already"),
            (self.member2.name, "refused, Manager of an author"),
            (self.member1.name, "allowed, but mind: Same unit"),
        ):
            with self.subTest(phrase=phrase):
                self.assertTrue([n for n in notes if name in n and phrase in n])
        due = fields.Datetime.now() + timedelta(days=50)
        wizard.due_date = due
        wizard.action_assign()
        reviews = self.env["hoithi.review"].search(
            [("contest_id", "=", self.contest.id)]
        )
        self.assertEqual(
            {(review.entry_id.id, review.user_id) for review in reviews},
            {
                (water.id, self.chair),
                (water.id, self.member1),
                (water.id, self.member2),
                (land.id, self.chair),
                (land.id, self.member1),
            },
        )
        self.assertEqual(
            set(reviews.mapped("due_date")), {due, self.contest.review_deadline}
        )
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            self._assign_wizard(
                water | land, [self.chair, self.member1, self.member2]
            ).action_assign()

    def test_only_the_secretary_assigns(self):
        for user in (self.chair, self.leader, self.admin, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["hoithi.review.assign"].with_user(user).create(
                    {"contest_id": self.contest.id}
                )

    def test_refusals_of_the_rules_hold_here_too(self):
        entry = self._eligible_entry()
        self.seats[self.member1].max_load = 1
        other = self._eligible_entry()
        self._assign(entry, self.member1)
        with self.assertRaisesRegex(UserError, "most entries"):
            self._assign_wizard(other, [self.member1]).action_assign()
