import base64
import io
from collections import Counter, defaultdict

from freezegun import freeze_time
from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..guard.test_hoithi_views import ViewsCase
from .campaign_common import CampaignCase

UNITS, STAFF = 20, 10
NEWCOMERS = 5
#: Monday 15 February 2027, 17:00 in Hà Nội; Tết is from Thursday 4 to Wednesday 10.
DEADLINE = "2027-02-15 10:00:00"


@tagged("post_install", "-at_install")
class TestLaunchCampaign(CampaignCase, ViewsCase):
    """Units with their staff: launched, disseminated, reminded, measured.

    Everyone acts with own rights. What the board shows is compared with what the test
    itself noted of every act, not with what the addon counted.
    """

    def test_launch_campaign(self):
        with freeze_time("2027-01-04 01:00:00") as clock:
            self.clock = clock
            # what was done in each unit, by its number, as the test saw it
            self.did = defaultdict(Counter)
            self.units = self._grow(0, 4, STAFF, logins=False)
            self._launch_contest()
            self._invite_staff()
            few = self._measure()
            self.units |= self._grow(4, UNITS, STAFF)
            self.contest.unit_ids[0].with_user(self.secretary).action_refresh()
            self._disseminate()
            self._acknowledge()
            self._register()
            self._check_board()
            self._remind()
            self._check_flat(few, self._measure())

    # WHO IS WHO

    def _person(self, unit, index):
        """The employee of a unit's number by the index that `_grow` gave."""
        return self.env["hr.employee"].search(
            [("work_email", "=", f"cb{unit:02}{index:02}@campaign.example.vn")]
        )

    def _user(self, unit, index):
        return self._person(unit, index).work_contact_id.user_ids

    def _rows(self):
        """The rows of the board by the number of their unit."""
        numbers = {unit: number for number, unit in enumerate(self.units)}
        return {numbers[row.department_id]: row for row in self.contest.unit_ids}

    # LAUNCH

    def _launch_contest(self):
        self.contest = self._create_contest(
            name="Phát động Hội thi",
            registration_deadline=DEADLINE,
            screening_deadline="2027-03-01 10:00:00",
            review_deadline="2027-03-22 10:00:00",
            province_deadline="2027-04-26 10:00:00",
        )
        with self.assertRaises(AccessError):
            self.contest.with_user(self._user(0, 0)).action_launch()
        self._launch(self.contest)
        self.assertEqual(self.contest.unit_ids.department_id, self.units)
        self.assertEqual(
            set(self.contest.unit_ids.mapped("headcount")), {STAFF}, "sub-units count"
        )

    # INVITING

    def _invite_staff(self):
        """A unit by the wizard, newcomers of another by a workbook."""
        wizard = self._open_wizard(department_ids=[Command.set(self.units[0].ids)])
        wizard.action_check()
        self.assertEqual((wizard.ready_count, wizard.known_count), (STAFF - 1, 1))
        self.assertEqual(self._finish_invitation(wizard), STAFF - 1)
        workbook = Workbook()
        workbook.active.append(["Full name", "E-mail", "Unit"])
        for number in range(NEWCOMERS):
            workbook.active.append(
                [f"Người mới {number}", f"moi{number}@campaign.example.vn", "DON VI 01"]
            )
        output = io.BytesIO()
        workbook.save(output)
        sheet = {
            "source": "sheet",
            "upload": base64.b64encode(output.getvalue()),
            "upload_name": "moi.xlsx",
        }
        self.assertEqual(self._finish_invitation(self._open_wizard(**sheet)), NEWCOMERS)
        # again, each of the two: nobody is left to invite
        for values in (sheet, {"department_ids": [Command.set(self.units[0].ids)]}):
            with self.assertRaisesRegex(UserError, "nobody to invite"):
                self._open_wizard(**values).action_confirm()
        logins = self.env["res.users"].search(
            [("login", "like", "@campaign.example.vn"), ("share", "=", True)]
        )
        # the heads of units 0 and 2 had portal logins before
        self.assertEqual(len(logins), STAFF - 1 + NEWCOMERS + 2)

    def _open_wizard(self, **values):
        return self.env["hoithi.staff.invite"].with_user(self.secretary).create(values)

    def _finish_invitation(self, wizard):
        """Run what the wizard began to its end; return how many e-mails wait."""
        mails = self.env["mail.mail"].search([])
        run = self.env["hoithi.staff.invite.run"].browse(
            wizard.action_confirm()["res_id"]
        )
        self._run_cron("cron_work_runs")
        self.assertEqual(run.state, "done")
        self.assertEqual(run.done_count, run.total_count)
        sent = self.env["mail.mail"].search([]) - mails
        self.assertEqual(len(sent.recipient_ids), len(sent), "each person once")
        return len(sent)

    # DISSEMINATION

    def _disseminate(self):
        """Heads acknowledge the plan and record what they did, but for every tenth."""
        self.clock.move_to("2027-01-12 02:00:00")
        rows = self._rows()
        self.assertEqual(len(rows), UNITS)
        outreach = self.env["hoithi.outreach"]
        for number, row in rows.items():
            head = self._user(number, 0)
            self.assertEqual(head._is_internal(), bool(number % 2))
            if number % 10 == 9:
                continue
            row.with_user(head).action_receive()
            self.did[number]["received"] = head
            # every eighth counts more people than are employed
            reach = STAFF + 20 if number % 8 == 0 else STAFF - number % STAFF
            for values in ({"reach": reach}, {"kind": "website", "reach": 300}):
                if "kind" in values and number % 5:
                    continue
                outreach.with_user(head).create(
                    {
                        "contest_id": self.contest.id,
                        "department_id": self.units[number].id,
                        "date": "2027-01-11",
                        **values,
                    }
                )
                self.did[number]["outreach"] += 1
                self.did[number]["contacts"] += values["reach"]
            self.did[number]["reached"] = min(reach, self._staff_of(number))
        neighbour = self._user(1, 0)
        with self.assertRaises(AccessError):
            rows[2].with_user(neighbour).action_receive()
        with self.assertRaises(AccessError):
            outreach.with_user(neighbour).create(
                {
                    "contest_id": self.contest.id,
                    "department_id": self.units[2].id,
                    "reach": 1,
                }
            )

    def _staff_of(self, number):
        return STAFF + (NEWCOMERS if number == 1 else 0)

    # ACKNOWLEDGEMENT

    def _acknowledge(self):
        """Sixty of a hundred of those with a login mark the launch as read.

        Three of each unit do so themselves; for the rest the same fact is loaded.
        """
        self.clock.move_to("2027-01-13 02:00:00")
        contest, loaded = self.contest, []
        people = self.env["hr.employee"].search_fetch(
            [("work_email", "=like", "cb%@campaign.example.vn")],
            ["work_email", "work_contact_id"],
        )
        people.work_contact_id.user_ids.fetch(["partner_id"])
        for employee in people:
            number, index = int(employee.work_email[2:4]), int(employee.work_email[4:6])
            user = employee.work_contact_id.user_ids
            if not user or index % 5 > 2:
                continue
            self.did[number]["acknowledged"] += 1
            if index < 3:
                contest.with_user(user).action_acknowledge()
            else:
                loaded.append(
                    {
                        "contest_id": contest.id,
                        "employee_id": employee.id,
                        "user_id": user.id,
                    }
                )
        self.env["hoithi.acknowledgement"].create(loaded)
        contest.with_user(self._user(4, 0)).action_acknowledge()  # again: the same
        with self.assertRaisesRegex(UserError, "employee record"):
            contest.with_user(self.stranger).action_acknowledge()
        # who left isn't staff any more, on neither side of the rate
        gone = self._person(4, 1)
        gone.version_id.departure_date = "2027-01-12"
        self.did[4]["left"] += 1
        self.did[4]["acknowledged"] -= 1

    # REGISTRATION

    def _register(self):
        """In every fourth unit one submits and another one begins a draft."""
        self.clock.move_to("2027-01-20 02:00:00")
        self.drafts = {}
        for number in range(0, UNITS, 4):
            self._create_entry(self._user(number, 5), self.contest).action_submit()
            self.drafts[number] = self._create_entry(
                self._user(number, 2), self.contest, with_file=False
            )
            self.did[number]["registered"] = 2
            self.did[number]["submitted"] = 1

    # THE BOARD

    def _check_board(self):
        self._run_cron("cron_refresh_units")
        for number, row in self._rows().items():
            did = self.did[number]
            staff = self._staff_of(number) - did["left"]
            with self.subTest(unit=number):
                self.assertEqual(row.headcount, staff)
                self.assertEqual(row.outreach_count, did["outreach"])
                self.assertEqual(row.contact_count, did["contacts"])
                self.assertEqual(row.reached_count, min(did["reached"], staff))
                self.assertEqual(row.acknowledged_count, did["acknowledged"])
                self.assertAlmostEqual(
                    row.acknowledged_rate, 100 * did["acknowledged"] / staff, 1
                )
                self.assertEqual(row.registered_count, did["registered"])
                self.assertEqual(row.submitted_count, did["submitted"])
                self.assertEqual(bool(row.received_on), bool(did["received"]))
                if did["received"]:
                    self.assertEqual(row.received_by_id, did["received"])
                stage = (
                    (did["submitted"] and "submitted")
                    or (did["outreach"] and "disseminated")
                    or "waiting"
                )
                self.assertEqual(row.stage, stage)
        read = sum(did["acknowledged"] for did in self.did.values())
        self.assertGreater(read, 0.5 * UNITS * STAFF)
        self.assertEqual(sum(self.contest.unit_ids.mapped("acknowledged_count")), read)

    # REMINDERS

    def _remind(self):
        """Reminders go out on working days, each person gets each of them once."""
        self._set_rules(
            draft_authors={"days_source": "rule", "days": "7,2"},
            silent_heads={"days": "14"},
            # a letter to everybody is looked at before it goes
            no_entry={"days": "11", "hold": True},
        )
        authors = 2 * len(range(0, UNITS, 4))
        staff = UNITS * STAFF + NEWCOMERS
        silent = UNITS - len(range(0, UNITS, 4))
        drafts = len(self.drafts)
        # fourteen days before is Monday 1; eleven and seven lie in Tết: Wednesday 3
        self.assertEqual(self._run_at("2027-02-01 09:59:00"), {})
        self.assertEqual(self._run_at("2027-02-01 10:00:00"), {"silent_unit": silent})
        self.assertEqual(self._run_at("2027-02-01 10:00:00"), {}, "run twice")
        self.assertEqual(self._run_at("2027-02-03 09:59:00"), {})
        self.assertEqual(
            self._run_at("2027-02-03 10:00:00"),
            {"deadline": drafts, "no_entry": staff - authors},
        )
        self.assertEqual(self._run_at("2027-02-03 11:00:00"), {}, "run twice")
        for day in ("04", "08", "10"):  # Tết
            self.assertEqual(self._run_at(f"2027-02-{day} 10:00:00"), {})
        self._release_some()
        # two of the drafts are handed in; two days before is Saturday, so on Friday
        for number in (0, 4):
            self._add_file(self.drafts[number])
            self.drafts[number].action_submit()
        self.assertEqual(self._run_at("2027-02-12 10:00:00"), {"deadline": drafts - 2})
        self.assertEqual(self._run_at("2027-02-13 10:00:00"), {})
        notices = self.env["hoithi.notice"].search(
            [("contest_id", "=", self.contest.id), ("rule_id", "!=", False)]
        )
        facts = Counter(
            (notice.kind, notice.res_id, notice.partner_id, notice.occasion)
            for notice in notices
        )
        self.assertEqual(set(facts.values()), {1})
        told = notices.filtered(lambda n: n.kind == "silent_unit").partner_id
        heads = [
            self._person(number, 0).work_contact_id
            for number in range(UNITS)
            if number % 4
        ]
        self.assertEqual(set(told), set(heads))

    def _set_rules(self, **rules):
        """Switch the rules on that are named, on working days and at any hour."""
        self.env["hoithi.notice.rule"].search([]).active = False
        for name, values in rules.items():
            self.env.ref(f"hoithi_contest.hoithi_notice_rule_{name}").write(
                {
                    "active": True,
                    "working_days": True,
                    "hour_from": 0,
                    "hour_to": 0,
                    **values,
                }
            )

    def _run_at(self, moment):
        """Run the cron; return how many reminders of each kind are new."""
        domain = [("contest_id", "=", self.contest.id), ("rule_id", "!=", False)]
        last = self.env["hoithi.notice"].search(domain, order="id desc", limit=1).id
        self.clock.move_to(moment)
        self._run_cron("cron_send_notices")
        new = self.env["hoithi.notice"].search([*domain, ("id", ">", last or 0)])
        sent = new.filtered(lambda notice: notice.kind != "no_entry")
        self.assertEqual(set(sent.mapped("state")), {"sent"} if sent else set())
        held = new - sent
        self.assertEqual(set(held.mapped("state")), {"held"} if held else set())
        return dict(Counter(new.mapped("kind")))

    def _release_some(self):
        """The secretary lets the letters of one unit go; who registered gets none."""
        self.clock.move_to("2027-02-11 02:00:00")
        late = self._user(8, 7)
        draft = self._create_entry(late, self.contest, with_file=False)
        partners = (
            self.env["hr.employee"]
            .search([("department_id", "child_of", self.units[8].id)])
            .work_contact_id
        )
        notices = self.env["hoithi.notice"].search(
            [("kind", "=", "no_entry"), ("partner_id", "in", partners.ids)]
        )
        self.assertEqual(len(notices), STAFF - 2)
        mails = self.env["mail.mail"].search([])
        notices.with_user(self.secretary).action_release()
        self._run_cron("cron_send_notices")
        moot = notices.filtered(lambda notice: notice.partner_id == late.partner_id)
        self.assertEqual(moot.state, "cancelled")
        self.assertEqual(set((notices - moot).mapped("state")), {"sent"})
        # the draft of who is late is reminded of at once, as its days have passed
        sent = self.env["mail.mail"].search([]) - mails
        self.assertEqual(len(sent), STAFF - 2)
        self.assertEqual(sent.recipient_ids, notices.partner_id)
        draft.unlink()

    # MEASURING

    def _measure(self):
        """Count the queries of what people open, and of what runs by itself."""
        contest = self.contest
        domain = [("contest_id", "=", contest.id)]
        units = self.env["hoithi.contest.unit"]
        silent = self.env["hoithi.notice.audience.silent_heads"]
        staff = self.env["hoithi.notice.audience.no_entry"]
        calls = {
            "board": self._get_board("hoithi.contest.unit", self.leader, domain),
            "list": lambda: units.with_user(self.leader).web_search_read(
                domain, {"name": {}, "acknowledged_rate": {}, "stage": {}}
            ),
            "graph": lambda: units.with_user(self.leader).formatted_read_group(
                domain, ["name"], ["acknowledged_count:sum", "__count"]
            ),
            "count": lambda: contest.unit_ids.sudo()._refresh(),
            "silent heads": lambda: silent._get_units(contest),
            "no entry": lambda: staff._get_staff(contest),
            "dry run": self._open_wizard().action_check,
        }
        return {name: self._count(call) for name, call in calls.items()}

    def _get_board(self, model, user, domain):
        arch = self._get_arch(model, "kanban", user)
        specification = self._get_specification(model, arch)
        rows = self.env[model].with_user(user).with_context(read_group_expand=True)
        return lambda: rows.web_read_group(
            domain,
            [arch.get("default_group_by")],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=specification,
        )

    def _count(self, call):
        for _warm_up in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            call()
            self.env.flush_all()
            count = self.cr.sql_log_count - before
        return count

    def _check_flat(self, few, many):
        """Ten times the people cost the same queries.

        But for Odoo's own batches: it reads a thousand records at once, and inserts the
        table of the dry run by hundreds.
        """
        for name in ("list", "graph", "silent heads"):
            self.assertLessEqual(many[name], few[name], name)
        # a column is read by itself once it isn't empty, and who received by name
        stages = len(self.env["hoithi.contest.unit"]._fields["stage"].selection)
        self.assertLessEqual(many["board"], few["board"] + stages)
        for name, batches in (("count", 10), ("no entry", 10), ("dry run", 40)):
            self.assertLessEqual(many[name], few[name] + batches, name)
