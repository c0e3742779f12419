from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.contest import hoithi_entry_retention
from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

RETENTION_LOGGER = "odoo.addons.hoithi_contest.models.contest.hoithi_entry_retention"
CHECK_LOGGER = "odoo.addons.hoithi_contest.models.contest.hoithi_check"


@tagged("post_install", "-at_install")
class TestHoithiCron(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def _advance_at(self, moment):
        with freeze_time(moment):
            self._run_cron("cron_advance_phases")
        return self.contest.state

    def _overdue(self):
        return self.env["hoithi.notice"].search([("kind", "=", "overdue")])

    # PHASES

    def test_registration_closes_after_the_grace(self):
        closes = self.contest.registration_closes_at
        self.assertEqual(self._advance_at(closes - timedelta(seconds=1)), "open")
        self.assertEqual(self._advance_at(closes), "screening")
        self.assertEqual(self._advance_at(closes), "screening", "nothing is due")

    def test_an_outage_is_caught_up_in_one_run(self):
        """No run for two months: all that is due and possible happens at once."""
        self._create_entry()
        late = self.contest.review_deadline + timedelta(days=1)
        self.assertEqual(self._advance_at(late), "council")
        self.assertFalse(self._overdue())

    def test_an_outage_stops_where_work_is_missing(self):
        entry = self._eligible_entry()
        reviews = self._assign(entry, self.member1, self.member2)
        late = self.contest.review_deadline + timedelta(days=1)
        self.assertEqual(self._advance_at(late), "review")
        self.assertEqual(entry.state, "reviewing")
        self.assertEqual(len(self._overdue()), 1)
        # all the house reads the log, an author of the house too
        bodies = " ".join(map(str, self.contest.message_ids.mapped("body")))
        self.assertIn("The date of the review is over", bodies)
        self.assertNotIn(entry.sudo().code, bodies)
        for review in reviews:
            review.with_user(self.secretary).due_date = late + timedelta(days=1)
            self._score(review, 20, 40)
        self.assertEqual(self._advance_at(late + timedelta(hours=1)), "council")
        self.assertEqual(len(self._overdue()), 1)

    def test_secretaries_are_told_once_what_is_overdue(self):
        second = self.secretary.copy({"login": "t_office2", "email": "o2@x.example"})
        self.contest.secretary_ids |= second
        entry = self._submit_entry()
        due = self.contest.screening_deadline
        for hours in (0, 1, 30):
            self.assertEqual(
                self._advance_at(due + timedelta(hours=hours)), "screening"
            )
        notices = self._overdue()
        self.assertEqual(notices.partner_id, (self.secretary | second).partner_id)
        self.assertEqual(len(notices), 2)
        bodies = [str(body) for body in self.contest.message_ids.mapped("body")]
        code = entry.sudo().code
        self.assertEqual(len([body for body in bodies if code in body]), 1)
        # all the house reads the log
        self.assertFalse([body for body in bodies if entry.name in body])
        # another deadline missed is another occasion
        self.contest.screening_deadline = due + timedelta(days=5)
        self._advance_at(due + timedelta(days=6))
        self.assertEqual(len(self._overdue()), 4)
        entry.with_user(self.secretary).action_mark_eligible()
        self.assertEqual(self._advance_at(due + timedelta(days=6)), "review")

    def test_one_contest_does_not_hold_up_another(self):
        self._submit_entry()
        other = self._create_contest(edition_number=10)
        self._launch(other)
        late = max(self.contest.screening_deadline, other.screening_deadline)
        self.assertEqual(self._advance_at(late), "screening")
        self.assertEqual(other.state, "review")

    def test_nominating_contest_goes_to_its_council(self):
        contest = self._create_contest(mode="nominate_only", criteria_set_id=False)
        self._launch(contest)
        self._eligible_entry(contest=contest)
        self._advance_at(contest.screening_deadline + timedelta(days=40))
        self.assertEqual(contest.state, "council")

    def test_other_phases_are_left_alone(self):
        draft = self._create_contest()
        self.contest.with_user(self.secretary).action_cancel(reason="x")
        late = self.contest.review_deadline + timedelta(days=400)
        self.assertEqual(self._advance_at(late), "cancelled")
        self.assertEqual(draft.state, "draft")

    def test_extended_deadline_keeps_the_door_open(self):
        closes = self.contest.registration_closes_at
        self.contest.registration_deadline += timedelta(days=3)
        self.assertEqual(self._advance_at(closes), "open")

    # INVARIANTS

    def test_broken_rules_are_told_once_a_day(self):
        entry = self._submit_entry()
        other = self.env["res.company"].create({"name": "Sở khác"})
        foreign = new_test_user(
            self.env,
            "t_foreign",
            "hoithi_contest.group_secretary",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.flush_all()
        with mute_logger(CHECK_LOGGER):
            self._run_cron("cron_check_invariants")
        self.assertFalse(self.env["hoithi.notice"].search([("kind", "=", "invariant")]))
        self.env.cr.execute(
            "UPDATE hoithi_entry_author SET contribution_percent = 90"
            " WHERE entry_id = %s",
            [entry.id],
        )
        for _run in range(2):
            with self.assertLogs(CHECK_LOGGER, "WARNING") as logs:
                self._run_cron("cron_check_invariants")
            self.assertIn(f"('shares', {entry.id})", logs.output[0])
        notices = self.env["hoithi.notice"].search([("kind", "=", "invariant")])
        system = self.env.ref("base.group_system").all_user_ids.filtered("active")
        self.assertEqual(
            notices.filtered(lambda n: n.partner_id != self.secretary.partner_id),
            notices.filtered(lambda n: n.partner_id in system.partner_id),
        )
        self.assertIn(self.secretary.partner_id, notices.partner_id)
        self.assertNotIn(self.admin.partner_id, notices.partner_id)
        self.assertNotIn(foreign.partner_id, notices.partner_id)
        self.assertEqual(len(notices), len(notices.partner_id))

    def test_conflicts_that_come_by_other_ways_are_found_at_night(self):
        entry = self._submit_entry()
        seat = self.seats[self.member1]
        found = [("entry_id", "=", entry.id), ("member_id", "=", seat.id)]
        conflicts = self.env["hoithi.conflict"]
        self.env.flush_all()
        # as an import of HR that asks nobody
        self.env.cr.execute(
            "UPDATE hr_employee SET parent_id = %s WHERE id = %s",
            [self.employees[self.member1].id, self.employees[self.staff].id],
        )
        self.env.invalidate_all()
        self.assertFalse(conflicts.search(found))
        self._run_cron("cron_check_invariants")
        self.assertTrue(conflicts.search(found).hard)

    # RETENTION

    def _old_contest(self, state="closed", years=6):
        contest = self._create_contest(
            edition_number=1, year_start=self.contest._get_today().year - years - 1
        )
        contest.year_end = self.contest._get_today().year - years
        self._launch(contest)
        draft = self._create_entry(contest=contest).sudo()
        entry = self._submit_entry(contest=contest).sudo()
        entry.author_ids.write({"phone": "0912 000 000"})
        contest.with_context(hoithi_door=Load()).state = state
        return draft, entry

    def test_contact_data_goes_after_the_years(self):
        self.company.hoithi_retention_years = 5
        draft, entry = self._old_contest()
        attachment = draft.dossier_ids.attachment_id
        kept = self._old_contest(years=5)
        running = self._old_contest(state="council")
        author = entry.author_ids
        self.assertTrue(author.email and author.phone)
        self._run_cron("cron_apply_retention")
        self.assertFalse(draft.exists())
        self.assertFalse(attachment.exists(), "with its files")
        self.assertFalse(author.email or author.phone)
        self.assertEqual(author.full_name, self.staff.name, "names and results stay")
        self.assertTrue(entry.receipt_number)
        for other_draft, other_entry in (kept, running):
            self.assertTrue(other_draft.exists())
            self.assertTrue(other_entry.author_ids.email)
        self._run_cron("cron_apply_retention")

    def test_it_goes_on_until_all_is_done(self):
        """In slices, and past an entry that can't be dealt with."""
        self.company.hoithi_retention_years = 5
        _draft, first = self._old_contest()
        contest = first.contest_id
        contest.with_context(hoithi_door=Load()).state = "open"
        entries = first
        for user in (self.internal, self.head, self.other_head):
            entries |= self._submit_entry(user, contest=contest).sudo()
        contest.with_context(hoithi_door=Load()).state = "closed"
        model = type(entries)
        original = model._forget_persons

        def forget(entry):
            if entry == entries[1]:
                raise ValueError("hỏng")
            return original(entry)

        with (
            patch.object(hoithi_entry_retention, "BATCH", 1),
            patch.object(model, "_forget_persons", forget),
            mute_logger(RETENTION_LOGGER),
        ):
            self._run_cron("cron_apply_retention")
        entries.invalidate_recordset()
        self.assertEqual(entries.filtered("anonymised_on"), entries - entries[1])
        self.assertTrue(entries[1].author_ids.email)
        self._run_cron("cron_apply_retention")
        entries.invalidate_recordset()
        self.assertTrue(all(entries.mapped("anonymised_on")))
        done = entries[0].anonymised_on
        self._run_cron("cron_apply_retention")
        self.assertEqual(entries[0].anonymised_on, done)

    def test_pictures_and_addresses_of_e_mails_go_too(self):
        """Names, results, checksums and the ledger stay, and nothing looks broken."""
        self.company.hoithi_retention_years = 5
        photo = self.env.ref("hoithi_contest.hoithi_dossier_type_photo")
        self.assertTrue(photo.personal)
        self.dossier_type.personal = False
        _draft, entry = self._old_contest()
        kept = entry.dossier_ids
        item, earlier = (
            kept.copy({"attachment_id": kept.attachment_id.copy().id}) for _ in "12"
        )
        for photograph in (item, earlier):
            photograph.with_context(hoithi_door=Load()).write({"type_id": photo.id})
            photograph.attachment_id._keep(photograph)
        earlier.with_context(hoithi_door=Load()).write(
            {"counted_on": entry.submitted_on, "active": False}
        )
        checksums = (entry.dossier_ids | item).mapped("sha256")
        message = entry.message_post(
            body=Markup("Hỏi"), email_from="ha@example.vn", reply_to="ha@example.vn"
        )
        self._run_cron("cron_apply_retention")
        self.assertFalse(item.attachment_id.raw)
        self.assertTrue(item.attachment_id.forgotten_on)
        self.assertFalse(earlier.attachment_id.raw, "the one handed in before as well")
        self.assertTrue(kept.attachment_id.raw)
        self.assertEqual((entry.dossier_ids | item).mapped("sha256"), checksums)
        self.assertFalse(message.email_from or message.reply_to)
        self.assertFalse(self.env["ir.attachment"]._get_broken_files())
        with self.assertRaises(AccessError):
            item.attachment_id.with_user(self.secretary).forgotten_on = False

    def test_no_years_keep_everything(self):
        self.company.hoithi_retention_years = 0
        draft, entry = self._old_contest(years=60)
        self._run_cron("cron_apply_retention")
        self.assertTrue(draft.exists())
        self.assertTrue(entry.author_ids.phone)

    def test_crons_are_there_and_run_as_the_system(self):
        for name in (
            "cron_advance_phases",
            "cron_send_notices",
            "cron_check_invariants",
            "cron_apply_retention",
        ):
            cron = self.env.ref(f"hoithi_contest.{name}")
            with self.subTest(cron=name):
                self.assertTrue(cron.active)
                self.assertEqual(cron.user_id, self.env.ref("base.user_root"))
        with self.assertRaises(UserError):
            self.env.ref("hoithi_contest.cron_send_notices").with_user(
                self.secretary
            ).method_direct_trigger()
