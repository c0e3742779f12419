import json
from ast import literal_eval
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import ENTRY_VALUES, HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiHome(HoithiCommon):
    """What the first screen tells each role, and what it doesn't."""

    def _get_home(self, user, contest=None):
        self.env.invalidate_all()
        home = self.env["hoithi.home"].with_user(user)
        return home.get_home((contest or self.contest).id)

    def _get_cards(self, home):
        return {card["key"]: card for card in home["cards"]}

    def _get_texts(self, home):
        return [line["text"] for line in home["waiting"]]

    # EACH ROLE

    def test_the_secretary_sees_where_the_contest_stands(self):
        self._launch()
        self._submit_entry()
        self._create_entry(self.internal)
        home = self._get_home(self.secretary)
        places = {phase["state"]: phase["place"] for phase in home["phases"]}
        self.assertEqual(
            places,
            {
                "draft": "done",
                "open": "now",
                "screening": "later",
                "review": "later",
                "council": "later",
                "closed": "later",
            },
        )
        [now] = [phase for phase in home["phases"] if phase["place"] == "now"]
        self.assertEqual(now["days"], 30)
        self.assertIn("Screen 1", home["way"]["act"]["title"])
        self.assertEqual(home["way"]["gate"]["ask"], "action_ask_close_registration")
        self.assertIn("Entries to screen", self._get_texts(home))
        cards = self._get_cards(home)
        self.assertEqual(
            {"late", "curve", "heat", "figures", "health", "tasks"}, set(cards)
        )
        self.assertIn("draft_authors", [line["key"] for line in cards["late"]["lines"]])
        figures = {one["key"]: one["value"] for one in cards["figures"]["figures"]}
        self.assertEqual(figures["received"], 1)
        [line] = cards["curve"]["curve"]["lines"]
        self.assertEqual(line["total"], 1)
        self.assertFalse(cards["figures"]["note"])
        # where no edition was held here before, its list tells of the last one
        past = {"company_id": self.company.id, "edition": "Lần VIII", "year": 2019}
        self.env["hoithi.past.solution"].create(
            [
                {**past, "name": "A", "award": "Giải Ba"},
                {**past, "name": "B", "recognised": "unit"},
                {**past, "name": "C", "year": 2017, "award": "Giải Ba"},
            ]
        )
        note = self._get_cards(self._get_home(self.secretary))["figures"]["note"]
        self.assertEqual(
            note,
            "Lần VIII, from its list: 2 solutions, 1 with an award, 1 recognised",
        )

    def test_the_member_goes_on_with_the_next_sheet(self):
        self._launch()
        entry = self._eligible_entry()
        other = self._eligible_entry(self.internal)
        self._start_review()
        self._assign(entry, self.member1, self.chair)
        self._assign(other, self.member1)
        home = self._get_home(self.member1)
        # where the contest stands is told to everybody, what came of it is not
        places = {phase["state"]: phase["place"] for phase in home["phases"]}
        self.assertEqual((places["screening"], places["review"]), ("done", "now"))
        self.assertNotIn("eligible", str(home["phases"]))
        self.assertIsNone(home["way"]["gate"])
        self.assertEqual(home["way"]["act"]["target"]["model"], "hoithi.review")
        self.assertIn("0 of 2", home["way"]["act"]["text"])
        cards = self._get_cards(home)
        self.assertEqual(set(cards), {"sheets"})
        self.assertEqual(len(cards["sheets"]["rows"]), 2)
        home = self._get_home(self.member2)
        self.assertIsNone(home["way"]["act"])
        self.assertEqual(self._get_cards(home)["sheets"]["rows"], [])

    def test_what_is_planned_leads_to_where_it_is(self):
        """Each line opens a list with as many rows as it counts."""
        self._launch()
        entry = self._eligible_entry()
        question = self.env["hoithi.question"].create(
            {"contest_id": self.contest.id, "subject": "Bao giờ?"}
        )
        for record in (entry, question, self.contest):
            record.sudo().activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.secretary.id
            )
        home = self._get_home(self.secretary)
        targets = [
            line["target"]
            for line in home["waiting"]
            if "search_default_activities_my" in line["target"].get("context", {})
        ]
        models = set()
        for target in targets:
            action = self.env.ref(target["xmlid"])
            models.add(action.res_model)
            arch = self.env[action.res_model].get_view(
                action.search_view_id.id, "search"
            )["arch"]
            self.assertIn('name="activities_my"', arch)
            # what the list shows by itself would hide some
            for key in literal_eval(action.context or "{}"):
                if key.startswith("search_default_"):
                    self.assertFalse(target["context"][key])
        self.assertEqual(models, {"hoithi.contest", "hoithi.entry", "hoithi.question"})

    def test_the_leader_sees_papers_and_places(self):
        self._launch()
        signer = self._create_agency(self.leader).signer_ids
        document = (
            self.env["hoithi.document"]
            .with_user(self.secretary)
            .create({"kind": "plan", "contest_id": self.contest.id})
        )
        self.assertEqual(document.signer_id, signer)
        self.assertIsNone(self._get_home(self.leader)["way"]["act"])
        # what it is made of is tested elsewhere
        file = self.env["ir.attachment"].create({"name": "ke-hoach.docx"})
        self.env.cr.execute(
            "UPDATE hoithi_document SET docx_id = %s WHERE id = %s",
            [file.id, document.id],
        )
        home = self._get_home(self.leader)
        self.assertIn("Approve 1", home["way"]["act"]["title"])
        self.assertIn("Papers to approve", self._get_texts(home))
        cards = self._get_cards(home)
        self.assertEqual(set(cards), {"late", "curve", "figures", "places"})
        lines = cards["late"]["lines"]
        self.assertIn("silent_heads", [line["key"] for line in lines])
        self.assertFalse(any(line["can_remind"] for line in lines))
        # what another signer approves doesn't wait for this leader
        signer.user_id = self.internal
        home = self._get_home(self.leader)
        self.assertIsNone(home["way"]["act"])
        self.assertNotIn("Papers to approve", self._get_texts(home))

    def test_the_head_confirms_and_sees_the_own_unit_alone(self):
        self._launch()
        entry = self._submit_entry()
        self._submit_entry(self.internal, name="Giải pháp của phòng khác")
        home = self._get_home(self.head)
        self.assertEqual(home["way"]["act"]["target"]["id"], entry.id)
        self.assertNotIn("phòng khác", json.dumps(home, ensure_ascii=False))
        self.assertEqual(len(self._get_cards(home)["unit"]["rows"]), 1)
        entry.with_user(self.head).action_confirm_application()
        self.assertIsNone(self._get_home(self.head)["way"]["act"])

    def test_publisher_and_administrator_have_a_home(self):
        self.env["hoithi.health"].search([]).unlink()
        self._launch()
        home = self._get_home(self.publisher)
        self.assertIsNone(home["way"]["act"])
        self.assertTrue(home["way"]["nothing"])
        home = self._get_home(self.admin)
        self.assertEqual(set(self._get_cards(home)), {"health"})
        self.assertTrue(home["phases"])
        self.assertIsNone(home["way"]["act"], "nobody has looked at the system yet")
        self._run_cron("cron_check_health")
        act = self._get_home(self.admin)["way"]["act"]
        self.assertIn("Look after the system", act["title"])
        self.assertEqual(act["target"], {"xmlid": "hoithi_contest.hoithi_setup_action"})
        self.assertIsNone(self._get_home(self.publisher)["way"]["act"])

    def test_an_empty_department_is_told_what_to_begin_with(self):
        company = self.env["res.company"].create({"name": "Sở Mới"})
        self.secretary.write({"company_ids": [(4, company.id)]})
        home = (
            self.env["hoithi.home"]
            .with_user(self.secretary)
            .with_context(allowed_company_ids=company.ids)
            .get_home()
        )
        self.assertIsNone(home["contest"])
        self.assertEqual(home["way"]["act"]["title"], "Prepare the first contest")

    def test_the_portal_has_no_home(self):
        for user in (self.staff, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["hoithi.home"].with_user(user).get_home()

    # WHICH CONTEST

    def _get_list_context(self, name, user=None):
        """Return the context of a list as the web client gets it for a user."""
        action = self.env.ref(f"hoithi_contest.{name}")
        action = action.with_user(user or self.secretary).sudo()
        return literal_eval(action._get_action_dict()["context"])

    def _begin(self, model, context):
        """Return the contest of a new record's form."""
        rows = self.env[model].with_user(self.secretary).with_context(**context)
        value = rows.onchange({}, [], {"contest_id": {}})["value"]
        return value.get("contest_id") or False

    def _get_switch(self, user=None):
        self.env.invalidate_all()
        switch = self.env["hoithi.home"].with_user(user or self.secretary).get_switch()
        return switch["current"]

    def test_lists_show_the_contest_that_is_worked_in(self):
        self.env["hoithi.contest"].search([("id", "!=", self.contest.id)]).filtered(
            "is_running"
        ).with_context(hoithi_door=Load()).state = "closed"
        self._launch()
        # the only one that is held
        self.assertEqual(self._get_switch(), self.contest.id)
        other = self._create_contest(name="Hội thi khác", edition_number=3)
        self._launch(other)
        home = self.env["hoithi.home"].with_user(self.secretary)
        # of several the one that the home shows
        first = home.get_home()["contest"]["id"]
        self.assertEqual(self._get_switch(), first)
        [second] = {self.contest.id, other.id} - {first}
        home.choose_contest(second)
        self.assertEqual(self._get_switch(), second)
        self.assertEqual(home.get_home()["contest"]["id"], second)
        # and for nobody else
        self.assertEqual(self._get_switch(self.leader), first)
        home.choose_contest(None)
        self.assertIs(self._get_switch(), False)
        # all stay chosen where one is held
        other.with_context(hoithi_door=Load()).state = "closed"
        self.assertIs(self._get_switch(), False)
        self.assertEqual(self._get_switch(self.leader), self.contest.id)
        offered = home.get_switch()["contests"]
        self.assertLessEqual(
            {self.contest.id, other.id}, {contest["id"] for contest in offered}
        )
        with self.assertRaises(AccessError):
            self.env["hoithi.home"].with_user(self.staff).get_switch()

    def test_a_choice_doesn_t_reach_into_another_department(self):
        company = self.env["res.company"].create({"name": "Sở Khác"})
        self._launch()
        self.secretary.sudo().company_ids |= company
        home = self.env["hoithi.home"].with_user(self.secretary)
        home.choose_contest(self.contest.id)
        there = home.with_context(allowed_company_ids=company.ids).get_switch()
        self.assertEqual(there, {"contests": [], "current": False})

    def test_which_lists_have_the_switch(self):
        switch = "hoithi_contest_switch"
        for name in (
            "hoithi_entry_action",
            "hoithi_entry_ranking_action",
            "hoithi_review_action",
            "hoithi_session_action",
            "hoithi_document_action",
            "hoithi_plan_task_action",
            "hoithi_report_review_action",
        ):
            with self.subTest(name=name):
                self.assertIs(self._get_list_context(name)[switch], True)
        # an agency is of no contest
        self.assertNotIn(switch, self._get_list_context("hoithi_agency_action"))
        # the numbers of a year run through all contests
        self.assertIs(
            self._get_list_context("hoithi_document_register_action")[switch], False
        )

    def test_what_is_made_from_a_list_is_of_the_contest_shown(self):
        self._launch()
        self.env["hoithi.home"].with_user(self.secretary).choose_contest(
            self.contest.id
        )
        switch = {"hoithi_contest_switch": True}
        for model in ("hoithi.entry", "hoithi.plan.task", "hoithi.document"):
            with self.subTest(model=model):
                self.assertEqual(self._begin(model, switch), self.contest.id)
                # a call from outside names its contest
                self.assertFalse(self._begin(model, {}))
        # no council meets while entries are registered
        self.assertFalse(self._begin("hoithi.session", switch))

    def test_what_is_begun_is_of_the_list_s_contest_not_the_chosen_one(self):
        self._launch()
        other = self._create_contest(name="Hội thi khác", edition_number=3)
        company = self.env["res.company"].create({"name": "Sở Khác"})
        foreign = self._create_contest(
            name="Hội thi sở khác", company_id=company.id, council_id=False
        )
        home = self.env["hoithi.home"].with_user(self.secretary)
        home.choose_contest(self.contest.id)
        for shown, proposed in (
            (other.id, other.id),
            # all are shown
            (False, False),
            (foreign.id, False),
            ("x", False),
        ):
            with self.subTest(shown=shown):
                switch = {"hoithi_contest_switch": True, "hoithi_contest_shown": shown}
                self.assertEqual(self._begin("hoithi.plan.task", switch), proposed)
        # entries are for contests that take some
        home.choose_contest(other.id)
        switch = {"hoithi_contest_switch": True}
        self.assertFalse(self._begin("hoithi.entry", switch))
        self.assertEqual(self._begin("hoithi.plan.task", switch), other.id)

    def test_what_is_saved_from_a_list_is_of_no_contest_by_itself(self):
        self._launch()
        self.env["hoithi.home"].with_user(self.secretary).choose_contest(
            self.contest.id
        )
        switch = {"hoithi_contest_switch": True}
        rows = self.env["hoithi.document"].with_user(self.secretary)
        document = rows.with_context(**switch).create(
            {
                "kind": "notice",
                "contest_id": self.contest.id,
                "res_model": "hoithi.contest",
                "res_id": self.contest.id,
                "recipient_ids": [Command.create({"name": "Như Điều 3"})],
            }
        )
        self.assertFalse(document.recipient_ids.contest_id)
        for name, model in self.env.registry.items():
            if "contest_id" in model._fields and not model._abstract:
                with self.subTest(model=name):
                    defaults = self.env[name].default_get(["contest_id"])
                    saved = self.env[name].with_context(**switch)
                    self.assertEqual(saved.default_get(["contest_id"]), defaults)

    def test_nobody_chooses_what_isn_t_for_them(self):
        company = self.env["res.company"].create({"name": "Sở Khác"})
        foreign = self._create_contest(
            name="Hội thi sở khác", company_id=company.id, council_id=False
        )
        home = self.env["hoithi.home"].with_user(self.secretary)
        with self.assertRaises(AccessError):
            home.choose_contest(foreign.id)
        for wrong in ("abc", [1], {"id": 1}, True, -1, 2**30):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                home.choose_contest(wrong)
        with self.assertRaises(AccessError):
            self.env["hoithi.home"].with_user(self.staff).choose_contest(
                self.contest.id
            )

    def test_a_new_session_is_of_the_contest_in_council(self):
        sessions = self.env["hoithi.session"].with_user(self.secretary)
        self.assertFalse(sessions.default_get(["contest_id"]).get("contest_id"))
        self.contest.with_context(hoithi_door=Load()).state = "council"
        self.assertEqual(
            sessions.default_get(["contest_id"])["contest_id"], self.contest.id
        )

    # WALLS

    def test_members_learn_nothing_of_who_wrote_what(self):
        self._launch()
        entry = self._eligible_entry()
        self._start_review()
        self._assign(entry, self.member1, self.chair)
        for user in (self.member1, self.member2, self.chair):
            home = json.dumps(self._get_home(user), ensure_ascii=False)
            with self.subTest(user=user.login):
                self.assertNotIn(self.staff.name, home)
                self.assertNotIn(self.unit.name, home)
                self.assertNotIn(self.sub_unit.name, home)

    def test_a_conflict_holds_for_the_lines_of_the_home(self):
        self._launch()
        entry = self._submit_entry()
        self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
                "source": "declared",
                "hard": True,
            }
        )
        home = self._get_home(self.secretary)
        self.assertNotIn("Entries to screen", self._get_texts(home))
        self.assertIsNone(home["way"]["act"], "nothing of it is theirs to do")
        self.contest.with_user(self.secretary).action_close_registration()
        home = self._get_home(self.secretary)
        [check] = home["way"]["gate"]["checks"][:1]
        self.assertIn("1 of them are for another secretary", check["text"])
        self.assertNotIn(entry.name, json.dumps(home, ensure_ascii=False))

    def test_another_departments_contest_isnt_shown(self):
        company = self.env["res.company"].create({"name": "Sở Khác"})
        other = self._create_contest(
            company_id=company.id, council_id=False, name="Hội thi nơi khác"
        )
        home = self._get_home(self.secretary, other)
        self.assertNotIn("nơi khác", json.dumps(home, ensure_ascii=False))

    # COST

    def _fill(self, number):
        contest = self._create_contest(name=f"Hội thi {number}")
        loading = self.env(context={**self.env.context, "hoithi_door": Load()})
        contest.with_env(loading).state = "screening"
        now = fields.Datetime.now()
        self.env["hoithi.entry"].with_env(loading).create(
            [
                {
                    **ENTRY_VALUES,
                    "name": f"Giải pháp {n}",
                    "contest_id": contest.id,
                    "field_id": self.field.id,
                    "department_id": self.unit.id,
                    "first_applied_date": now.date() - timedelta(days=90),
                    "state": "submitted" if n % 2 else "supplement",
                    "submitted_on": now - timedelta(days=n % 30),
                    "receipt_number": f"{n}",
                }
                for n in range(number)
            ]
        )
        return contest

    def test_it_costs_the_same_for_few_and_many_entries(self):
        contests = {size: self._fill(size) for size in (3, 30, 300)}
        self.env.flush_all()
        for user in (self.secretary, self.leader, self.head, self.member1):
            self._get_home(user, contests[3])
            counts = {}
            for size, contest in contests.items():
                self.env.invalidate_all()
                home = self.env["hoithi.home"].with_user(user)
                before = self.cr.sql_log_count
                home.get_home(contest.id)
                counts[size] = self.cr.sql_log_count - before
            with self.subTest(user=user.login):
                self.assertLessEqual(max(counts.values()) - min(counts.values()), 2)
                self.assertLess(max(counts.values()), 150)

    # HEALTH

    def test_the_system_is_looked_at_by_the_clock_alone(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self._launch()
        health = self.env["hoithi.health"]
        health.search([]).unlink()
        card = self._get_cards(self._get_home(self.secretary))["health"]
        self.assertEqual(card["lines"], [])
        self.assertFalse(health.search([]), "showing doesn't look")
        self._run_cron("cron_check_health")
        self._run_cron("cron_check_health")
        rows = health.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(rows.mapped("key")),
            {
                "mail",
                "cron",
                "backup",
                "disk",
                "signup",
                "search",
                "ledger",
                "pdf",
                "fonts",
            },
        )
        [line] = [
            one
            for one in self._get_cards(self._get_home(self.secretary))["health"][
                "lines"
            ]
            if one["key"] == "backup"
        ]
        self.assertEqual(line["severity"], "warn", "nobody said where it lies")
        backup = rows.filtered(lambda row: row.key == "backup")
        for lang, words in (("en_US", "Nobody has said"), ("vi_VN", "Chưa khai báo")):
            self.assertIn(words, backup.with_context(lang=lang).note)
        with self.assertRaises(AccessError):
            rows.with_user(self.member1).read(["note"])
        with self.assertRaises(AccessError):
            rows.with_user(self.admin).write({"severity": "done"})
