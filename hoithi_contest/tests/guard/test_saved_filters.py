import re
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ...models.guard.hoithi_guard_mixin import Load
from .test_hoithi_views import ViewsCase

#: By list, what people look for there by one click: what is theirs, late, waiting.
EXPECTED = {
    "entry": {
        "secretary": {
            *("my_contests", "running", "to_screen", "supplement", "lacks_reviewers"),
            *("in_review", "to_decide", "undecided", "out", "stuck", "waiting"),
            *("ready", "late", "unconfirmed", "unit_unconfirmed", "activities_my"),
        },
        "leader": {"running", "to_decide", "lacks_reviewers", "undecided", "stuck"},
        "head": {"my_unit", "draft", "supplement", "unit_unconfirmed"},
    },
    "my_review": {"member1": {"pending", "submitted", "late", "due_soon"}},
    "review": {"secretary": {"pending", "late", "due_soon", "recused", "submitted"}},
    "contest": {"secretary": {"my_contests", "running", "draft", "activities_my"}},
    "session": {
        "secretary": {"not_closed", "soon", "mine", "closed"},
        "member1": {"not_closed", "soon", "mine"},
    },
    "adjudication": {"member1": {"open"}, "secretary": {"open"}},
    "conflict": {"secretary": {"to_decide", "hard", "declared"}},
    "objection": {"secretary": {"open", "proposed", "activities_my"}},
    "nomination": {"secretary": {"waiting", "returned", "activities_my"}},
    "award": {"secretary": {"held", "unit", "province"}},
    "document": {
        "secretary": {"mine", "to_approve", "to_issue", "no_pdf", "activities_my"},
        "leader": {"mine_to_sign", "mine_to_approve", "to_approve", "activities_my"},
        "publisher": {"to_publish", "published"},
    },
    "document_run": {"secretary": {"open", "failed", "mine"}},
    "notice_outbox": {"secretary": {"pending", "held", "failed"}},
    "plan_task": {"head": {"my_unit", "open_tasks", "late", "due_soon"}},
    "contest_unit": {"secretary": {"zero", "not_received", "not_disseminated"}},
    "outreach": {"head": {"my_unit"}},
    "question": {"secretary": {"asked", "old", "activities_my"}},
    "staff_invite_run": {"secretary": {"running", "failed"}},
    "review_copy": {"secretary": {"decision", "failed", "waiting"}},
}


class FiltersCase(ViewsCase):
    """Lists with their saved filters, as the web client asks for them."""

    @classmethod
    def _get_search(cls, xmlid, user):
        action = cls.env.ref(xmlid)
        model = cls.env[action.res_model].with_user(user)
        view = model.get_view(action.search_view_id.id, "search")
        return action, model, etree.fromstring(view["arch"])

    @classmethod
    def _look(cls, xmlid, user, context):
        """Return the rows of a list once it opens with this context.

        Filters between two separators add up, what else is chosen narrows.
        """
        action, model, arch = cls._get_search(xmlid, user)
        chosen = {**safe_eval(action.context or "{}"), **(context or {})}
        scope = {"uid": user.id}
        groups, known = [[]], set()
        for node in arch.iter("field", "filter", "separator", "group"):
            if node.tag in ("separator", "group"):
                groups.append([])
                continue
            key = f"search_default_{node.get('name')}"
            known.add(key)
            value = chosen.get(key)
            if not value:
                continue
            if node.tag == "field":
                groups.append([Domain(node.get("name"), "=", value)])
                groups.append([])
            elif node.get("domain"):
                groups[-1].append(Domain(safe_eval(node.get("domain"), scope)))
        for key, value in chosen.items():
            if key.startswith("search_default_") and value:
                assert key in known, f"{xmlid}: {key} is no filter of the list"
        domain = Domain.AND(Domain.OR(group) for group in groups if group)
        domain &= Domain(safe_eval(action.domain or "[]", scope))
        return model.with_context(**chosen).search(domain)

    @classmethod
    def _filter(cls, name, user, filter_name):
        """Return what one filter alone shows."""
        xmlid = f"hoithi_contest.hoithi_{name}_action"
        own = safe_eval(cls.env.ref(xmlid).context or "{}")
        context = {key: 0 for key in own if key.startswith("search_default_")}
        return cls._look(xmlid, user, {**context, f"search_default_{filter_name}": 1})


@tagged("post_install", "-at_install")
class TestSavedFilters(FiltersCase):
    """What people look for is one click away, and shows what it says."""

    def test_each_list_has_what_people_look_for(self):
        for name, by_user in EXPECTED.items():
            for key, expected in by_user.items():
                user = getattr(self, key)
                with self.subTest(list=name, user=key):
                    arch = self._get_search(
                        f"hoithi_contest.hoithi_{name}_action", user
                    )
                    names = {node.get("name") for node in arch[2].iter("filter")}
                    self.assertLessEqual(expected, names)
                    for filter_name in expected:
                        self._filter(name, user, filter_name)

    def test_entries_without_enough_reviewers(self):
        self._launch()
        self.env["hr.employee"].create(
            {"name": self.leader.name, "user_id": self.leader.id}
        )
        alone, full, short, own = (
            self._eligible_entry(user, name=f"Giải pháp {number}")
            for number, user in enumerate(
                (self.staff, self.staff, self.staff, self.leader)
            )
        )
        find = [("contest_id", "=", self.contest.id), ("lacks_reviewers", "=", True)]
        entries = self.env["hoithi.entry"].with_user(self.secretary)
        self.assertFalse(entries.search(find), "the review hasn't begun")
        self._start_review()
        self._assign(full, self.member1, self.member2)
        [_stays, review] = self._assign(short, self.member1, self.member2)
        self.assertEqual(
            set(self._filter("entry", self.secretary, "lacks_reviewers").ids),
            {alone.id, own.id},
        )
        review.action_recuse(reason="Người thân là tác giả.")
        self.env.invalidate_all()
        lacking = {alone.id, short.id, own.id}
        found = self._filter("entry", self.secretary, "lacks_reviewers")
        self.assertEqual(set(found.ids), lacking)
        all_of_it = entries.search([("contest_id", "=", self.contest.id)])
        self.assertEqual(set(all_of_it.filtered("lacks_reviewers").ids), lacking)
        others = entries.search([*find[:1], ("lacks_reviewers", "=", False)])
        self.assertEqual(others.ids, full.ids)
        # the step that waits for the sheets leads there
        [check] = [
            check
            for check in self.contest.with_user(self.secretary)._get_sheet_checks()
            if "too few reviewers" in check.text
        ]
        self.assertTrue(check.text.startswith("3 "))
        shown = self._look(
            check.target["xmlid"], self.secretary, check.target["context"]
        )
        self.assertEqual(set(shown.ids), lacking)
        # how the own entry stands isn't for its author of the Office
        found = self._filter("entry", self.leader, "lacks_reviewers")
        self.assertNotIn(own.id, found.ids)
        [told] = own.with_user(self.leader).read(["lacks_reviewers"])
        self.assertFalse(told["lacks_reviewers"])
        # nor how many sheets there are for whoever may not read their number
        with self.assertRaises(AccessError):
            entries.with_user(self.head).search([("lacks_reviewers", "=", True)])

    def test_entries_of_the_own_contests_and_those_to_decide(self):
        other = self._create_contest(secretary_ids=[Command.clear()])
        mine = self._load(state="submitted")
        theirs = self._load(state="submitted", contest_id=other.id)
        out = self._load(state="ineligible")
        chosen = self._load(state="selected")
        found = self._filter("entry", self.secretary, "my_contests")
        self.assertTrue({mine.id, out.id, chosen.id} <= set(found.ids))
        self.assertNotIn(theirs.id, found.ids)
        found = self._filter("entry", self.secretary, "undecided")
        self.assertIn(chosen.id, found.ids)
        self.assertFalse({mine.id, out.id} & set(found.ids))

    def test_sheets_by_their_date(self):
        now = fields.Datetime.now()
        reviews = self.env["hoithi.review"]
        for days in (-1, 2, 9):
            entry = self._load(state="reviewing")
            reviews += self._load_review(
                entry,
                self.member1,
                state="assigned",
                due_date=now + timedelta(days=days),
            )
        late, soon, _later = reviews
        for name, user in (("my_review", self.member1), ("review", self.secretary)):
            with self.subTest(list=name):
                found = self._filter(name, user, "late") & reviews.with_user(user)
                self.assertEqual(found.ids, late.ids)
                found = self._filter(name, user, "due_soon") & reviews.with_user(user)
                self.assertEqual(found.ids, soon.ids)

    def test_sessions_of_the_week_and_of_the_own_council(self):
        now = fields.Datetime.now()
        council = self.council.copy({"name": "Hội đồng khác"})
        council.member_ids.filtered(lambda seat: seat.user_id == self.member2).unlink()
        other = self._create_contest(council_id=council.id)
        loader = self.env["hoithi.session"].with_context(hoithi_door=Load())
        sessions = loader.create(
            [
                {"contest_id": contest.id, "start": now + timedelta(days=days)}
                for contest, days in (
                    (self.contest, 3),
                    (self.contest, 20),
                    (other, 4),
                )
            ]
        )
        near, far, theirs = sessions
        found = self._filter("session", self.secretary, "soon") & sessions
        self.assertEqual(set(found.ids), {near.id, theirs.id})
        found = self._filter("session", self.member2, "mine") & sessions
        self.assertEqual(set(found.ids), {near.id, far.id})

    def test_tasks_and_questions_by_their_date(self):
        self._launch()
        today = self.contest._get_today()
        tasks = self.env["hoithi.plan.task"].create(
            [
                {
                    "contest_id": self.contest.id,
                    "name": f"Việc {days}",
                    "date_end": today + timedelta(days=days),
                    "lead_department_id": self.unit.id,
                }
                for days in (-2, 3, 30)
            ]
        )
        found = self._filter("plan_task", self.head, "due_soon") & tasks
        self.assertEqual(found.ids, tasks[1].ids)
        found = self._filter("plan_task", self.head, "late") & tasks
        self.assertEqual(found.ids, tasks[0].ids)
        now = fields.Datetime.now()
        questions = (
            self.env["hoithi.question"]
            .with_context(hoithi_door=Load())
            .create(
                [
                    {
                        "contest_id": self.contest.id,
                        "subject": f"Câu hỏi {days}",
                        "state": state,
                        "asked_on": now - timedelta(days=days),
                    }
                    for days, state in ((1, "asked"), (4, "asked"), (5, "closed"))
                ]
            )
        )
        found = self._filter("question", self.secretary, "old") & questions
        self.assertEqual(found.ids, questions[1].ids)

    def test_papers_that_wait_for_the_reader(self):
        agency = self.env["hoithi.agency"].create(
            {
                "name": "Sở Nông nghiệp và Môi trường",
                "signer_ids": [
                    Command.create(
                        {
                            "name": self.leader.name,
                            "position": "Phó Giám đốc",
                            "user_id": self.leader.id,
                        }
                    ),
                    Command.create({"name": "Bế Văn Khác", "position": "Giám đốc"}),
                ],
            }
        )
        mine = agency.signer_ids.filtered("user_id")
        office = self.env["hoithi.document"].with_user(self.secretary)
        papers = office.create(
            [
                {
                    "kind": "plan",
                    "contest_id": self.contest.id,
                    "agency_id": agency.id,
                    "signer_id": signer,
                }
                for signer in (mine.id, (agency.signer_ids - mine).id)
            ]
        )
        # what they are made of is tested elsewhere
        file = self.env["ir.attachment"].create({"name": "ke-hoach.docx"})
        self.env.cr.execute(
            "UPDATE hoithi_document SET docx_id = %s WHERE id IN %s",
            [file.id, tuple(papers.ids)],
        )
        self.env.invalidate_all()
        signed = papers[0]
        papers = papers.sudo()
        found = self._filter("document", self.leader, "mine_to_sign")
        self.assertEqual(set(found.ids) & set(papers.ids), {signed.id})
        self.assertFalse(self._filter("document", self.secretary, "mine_to_sign"))
        # the head may for the other signer, a deputy not
        found = self._filter("document", self.leader, "mine_to_approve")
        self.assertEqual(set(found.ids) & set(papers.ids), set(papers.ids))
        mine.authority = "kt"
        (agency.signer_ids - mine).authority = "kt"
        # there is a head who could
        agency.signer_ids = [
            Command.create(
                {
                    "name": "Hà Văn Giám",
                    "position": "Giám đốc",
                    "user_id": self.chair.id,
                }
            )
        ]
        self.env.invalidate_all()
        found = self._filter("document", self.leader, "mine_to_approve")
        self.assertEqual(set(found.ids) & set(papers.ids), {signed.id})
        found = self._filter("document", self.secretary, "mine")
        self.assertEqual(set(found.ids), set(papers.ids))
        self.assertFalse(self._filter("document", self.leader, "mine"))


@tagged("post_install", "-at_install")
class TestNumbersOfTheHome(FiltersCase):
    """A number on the home opens a list of so many rows; what blocks is shown whole."""

    def _follow(self, user, target):
        return self._look(target["xmlid"], user, target.get("context"))

    def _compare(self, user, contest):
        self.env.invalidate_all()
        home = self.env["hoithi.home"].with_user(user).get_home(contest.id)
        texts = set()
        for line in home["waiting"]:
            if not line.get("number") or "xmlid" not in (line["target"] or {}):
                continue
            with self.subTest(user=user.login, line=line["text"]):
                rows = self._follow(user, line["target"])
                self.assertEqual(len(rows), line["number"])
                texts.add(line["text"])
        return home, texts

    def test_what_waits(self):
        self._launch()
        entries = [self._submit_entry(name=f"Giải pháp {n}") for n in range(3)]
        entries[0].with_user(self.secretary).action_request_supplement(
            reason="Thiếu bản vẽ.", due_date=fields.Datetime.now() + timedelta(days=2)
        )
        self._create_contest(name="Hội thi khác")
        question = self.env["hoithi.question"].create(
            {"contest_id": self.contest.id, "subject": "Bao giờ?"}
        )
        question.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.secretary.id
        )
        notices = self.env["hoithi.notice"]
        for number, state in enumerate(("pending", "held", "failed", "pending")):
            partner = self.env["res.partner"].create({"name": f"Người {number}"})
            notices = notices._announce(
                "milestone", {self.contest: partner}, f"home {number}"
            )
            notices.state = state
        agency = self._create_agency(self.leader, self.internal)
        office = self.env["hoithi.document"].with_user(self.secretary)
        paper, other = office.create(
            [
                {
                    "kind": "plan",
                    "contest_id": self.contest.id,
                    "agency_id": agency.id,
                    "signer_id": signer,
                }
                # what nobody but another signer or the head approves isn't counted
                for signer in agency.signer_ids.ids
            ]
        )
        file = self.env["ir.attachment"].create({"name": "ke-hoach.docx"})
        self.env.cr.execute(
            "UPDATE hoithi_document SET docx_id = %s WHERE id IN %s",
            [file.id, (paper.id, other.id)],
        )
        home, texts = self._compare(self.secretary, self.contest)
        self.assertLessEqual(
            {"Entries to screen", "Letters that failed or are held"}, texts
        )
        self.assertIn("Questions without an answer", texts)
        home, texts = self._compare(self.leader, self.contest)
        self.assertIn("Papers to approve", texts)
        [number] = [
            line["number"]
            for line in home["waiting"]
            if line["text"] == "Papers to approve"
        ]
        self.assertEqual(number, 1)
        self.env.cr.execute(
            "UPDATE hoithi_document SET state = 'issued' WHERE id = %s", [paper.id]
        )
        _home, texts = self._compare(self.publisher, self.contest)
        self.assertIn("Papers to publish", texts)
        # what is owed blocks the review as what is new does, and both are shown
        self.contest.with_user(self.secretary).action_close_registration()
        home, _texts = self._compare(self.secretary, self.contest)
        [check] = [
            check
            for check in home["way"]["gate"]["checks"]
            if "aren't screened" in check["text"]
        ]
        rows = self._follow(self.secretary, check["target"])
        self.assertEqual(len(rows), int(re.match(r"\d+", check["text"])[0]))
        self.assertEqual(set(rows.ids), {entry.id for entry in entries})

    def test_what_keeps_the_end(self):
        self._launch()
        entries = [self._eligible_entry(name=f"Giải pháp {n}") for n in range(3)]
        office = self.contest.with_user(self.secretary)
        self._start_review()
        for entry in entries:
            for review in self._assign(entry, self.member1, self.chair):
                self._score(review, 30, 50)
        office.action_start_council()
        entries[0].with_user(self.secretary).action_not_select(reason="Chưa đủ mới.")
        entries[1].with_user(self.secretary).action_select()
        [check] = [
            check
            for check in office._get_closing_gaps()
            if "aren't decided" in check.text
        ]
        rows = self._follow(self.secretary, check.target)
        self.assertEqual(len(rows), int(re.match(r"\d+", check.text)[0]))
        self.assertEqual(set(rows.ids), {entries[1].id, entries[2].id})
