import inspect
import runpy
from collections import Counter
from contextlib import suppress
from pathlib import Path

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

#: Who takes the acts that are shown first, where that isn't the secretary.
ACTORS = {
    ("hoithi.contest", "action_fix_rules"): "chair",
    ("hoithi.objection", "action_decide"): "chair",
    ("hoithi.reopening", "action_confirm"): "leader",
}

#: Acts that do nothing where it is done, while their dialog says that it is.
REPEATABLE = {("hoithi.contest", "action_withdraw_results")}
#: Acts on what the actors here don't read: who does is in the tests of the model.
UNSEEN = {("hoithi.login.union", "action_confirm")}

#: Whose cards are moved by their state.
BOARDS = (
    "hoithi.entry",
    "hoithi.review",
    "hoithi.nomination",
    "hoithi.document",
    "hoithi.question",
)


@tagged("post_install", "-at_install")
class TestWorkflow(HoithiCommon):
    """One door for `state`, in every model that has one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        entry = cls._eligible_entry()
        cls._start_review()
        [review] = cls._assign(entry, cls.member1)
        nomination = cls.env["hoithi.nomination"].create(
            {
                "contest_id": cls.contest.id,
                "dispatch_number": "1/TTr",
                "line_ids": [Command.create({"entry_id": entry.id})],
            }
        )
        session = cls.env["hoithi.session"].create({"contest_id": cls.contest.id})
        item = (
            cls.env["hoithi.session.item"]
            .with_context(hoithi_door=Load())
            .create({"session_id": session.id, "entry_id": entry.id, "state": "voting"})
            .with_env(cls.env)
        )
        cls._put(item, "pending")
        adjudication = cls.env["hoithi.adjudication"].create(
            {"entry_id": entry.id, "opened_on": Datetime.now()}
        )
        invitation = cls.env["hoithi.staff.invite.run"].create(
            {"company_id": cls.company.id}
        )
        assignment = (
            cls.env["hoithi.review.assign.run"]
            .with_user(cls.secretary)
            .sudo()
            .create({"contest_id": cls.contest.id})
            .with_env(cls.env)
        )
        start = (
            cls.env["hoithi.review.start.run"]
            .with_user(cls.secretary)
            .sudo()
            .create({"contest_id": cls.contest.id})
            .with_env(cls.env)
        )
        question = cls.env["hoithi.question"].create(
            {"contest_id": cls.contest.id, "subject": "Nộp ở đâu?"}
        )
        document = cls.env["hoithi.document"].create(
            {"kind": "notice", "contest_id": cls.contest.id}
        )
        objection = (
            cls.env["hoithi.objection"]
            .sudo()
            ._open_door()
            .create(
                {
                    "entry_id": entry.id,
                    "partner_id": cls.staff.partner_id.id,
                    "filed_as": "author",
                    "filed_on": Datetime.now(),
                    "reason": "Điểm cộng sai",
                    "answer": "Đã kiểm tra lại phiếu.",
                    "outcome": "dismissed",
                }
            )
            .with_env(cls.env)
        )
        reopening = (
            cls.env["hoithi.reopening"]
            .with_context(hoithi_door=Load())
            .create(
                {
                    "entry_id": entry.id,
                    "kind": "outcome",
                    "decision_number": "77/QĐ",
                    "decision_date": cls.contest._get_today(),
                    "decided_by": "Giám đốc",
                    "reason": "Khiếu nại",
                    "new_outcome": "selected",
                }
            )
            .with_env(cls.env)
        )
        change = cls.env["hoithi.unit.change"].create(
            {
                "kind": "rename",
                "unit_ids": [Command.set(cls.unit.ids)],
                "new_name": "Phòng Nước",
                "decision_number": "3/QĐ",
                "reason": "Sắp xếp bộ máy",
            }
        )
        union = cls.env["hoithi.login.union"].create(
            {
                "employee_id": cls.employees[cls.internal].id,
                "portal_user_id": cls.staff.id,
                "reason": "Cùng một người",
            }
        )
        run = (
            cls.env["hoithi.document.run"]
            .with_user(cls.secretary)
            .create({"contest_id": cls.contest.id, "kind": "plan"})
            .with_env(cls.env)
        )
        cls.records = {
            record._name: record.sudo()
            for record in (
                cls.contest,
                entry,
                review,
                nomination,
                nomination.line_ids,
                session,
                item,
                adjudication,
                invitation,
                assignment,
                start,
                question,
                document,
                objection,
                change,
                union,
                reopening,
                run,
            )
        }
        cls.entry = entry
        cls.env.flush_all()

    @classmethod
    def _put(cls, record, state):
        """Put a record into `state`, as a data file of a past contest does."""
        vals = {"state": state}
        if record._name in ("hoithi.entry", "hoithi.review"):
            vals["submitted_on"] = Datetime.now()
            if record._name == "hoithi.entry":
                # the drafts that may be withdrawn are those that came on paper
                vals["paper_received_on"] = state == "draft" and Datetime.now()
        elif record._name == "hoithi.session.item":
            vals["outcome"] = state == "counted" and "approved"
        elif record._name == "hoithi.adjudication" and state == "resolved":
            vals |= {"resolution": "council", "resolved_on": Datetime.now()}
        record.sudo().with_context(hoithi_door=Load()).write(vals)

    def _states(self, model):
        return list(dict(model._fields["state"].selection))

    def test_the_test_knows_every_model(self):
        mixin = self.registry["hoithi.workflow.mixin"]
        self.assertEqual(
            set(self.records),
            {
                name
                for name, model in self.registry.items()
                if issubclass(model, mixin) and not model._abstract
            },
        )

    def test_maps_are_sound(self):
        """Each transition joins two states by a method that exists, and once."""
        for name, record in self.records.items():
            pairs = [(t.source, t.target) for t in record._get_transitions()]
            with self.subTest(model=name):
                self.assertEqual(len(pairs), len(set(pairs)))
                for transition in record._get_transitions():
                    self.assertIn(transition.source, self._states(record))
                    self.assertIn(transition.target, self._states(record))
                    if transition.method:
                        self.assertTrue(callable(getattr(record, transition.method)))
                for state in self._states(record)[1:]:
                    self.assertIn(state, [t.target for t in record._get_transitions()])

    def test_what_is_not_in_the_map_is_refused(self):
        """Whoever asks, the superuser included."""
        for name, record in self.records.items():
            allowed = {(t.source, t.target) for t in record._get_transitions()}
            for source in self._states(record):
                self._put(record, source)
                for target in self._states(record):
                    if source == target or (source, target) in allowed:
                        continue
                    for user in (self.env.user, self.secretary):
                        writer = record.with_user(user)
                        if user == self.env.user:
                            writer = record
                        with self.subTest(
                            model=name, source=source, target=target, user=user.login
                        ):
                            with self.assertRaises(UserError):
                                writer.write({"state": target})
                            with self.assertRaises(UserError):
                                record._move(target)
                            self.assertEqual(record.state, source)

    def test_an_act_makes_its_own_changes_alone(self):
        """Not those that lead to the same state by another act, or by themselves."""
        for name, record in self.records.items():
            own = {}
            for transition in record._get_transitions():
                if transition.method:
                    changes = own.setdefault(transition.method, set())
                    changes.add((transition.source, transition.target))
            for act, changes in own.items():
                for source in self._states(record):
                    self._put(record, source)
                    with self.env.cr.savepoint() as savepoint:
                        for values in ({}, {"reason": "Lý do"}):
                            with suppress(UserError, AccessError, TypeError):
                                getattr(record.with_user(self.secretary), act)(**values)
                        target = record.state
                        savepoint.rollback()
                    self.env.invalidate_all()
                    with self.subTest(model=name, act=act, source=source):
                        self.assertIn((source, target), {(source, source), *changes})

    def test_a_preview_tells_in_every_state_what_its_act_refuses(self):
        """The dialog is drawn whatever became of its record, and says what keeps it."""
        in_contest = {"contest_id": self.contest.id}
        records = self.records | {
            name: self.env[name].sudo().create({"name": "Thử", **in_contest})
            for name in ("hoithi.round", "hoithi.component")
        }
        mixin = self.registry["hoithi.preview.mixin"]
        shown = {
            name: self.env[name]._get_previews()
            for name, model in self.registry.items()
            if issubclass(model, mixin) and not model._abstract
        }
        self.assertLessEqual(set(filter(shown.get, shown)), set(records))
        compared = Counter()
        for name, act in ((name, act) for name, acts in shown.items() for act in acts):
            compared[name, act] = 0
            record = records[name]
            staged = record if "state" in record._fields else record.contest_id
            user = getattr(self, ACTORS.get((name, act), "secretary"))
            for state in self._states(staged):
                with (
                    self.subTest(model=name, act=act, state=state),
                    self.env.cr.savepoint() as savepoint,
                ):
                    self._put(staged, state)
                    own = record.with_env(self.env(user=user))
                    # no dialog about what isn't theirs in this state
                    if own.has_access("read"):
                        preview = own.env["hoithi.preview"].create(
                            {"res_model": name, "res_id": record.id, "method": act}
                        )
                        [told] = preview.read(["effects", "checks", "is_blocked"])
                        try:
                            getattr(own, act)()
                        except UserError:
                            self.assertTrue(told["is_blocked"], "the act refuses")
                        else:
                            if (name, act) not in REPEATABLE:
                                self.assertFalse(told["is_blocked"], "it goes through")
                        compared[name, act] += 1
                    savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(
            {key for key, number in compared.items() if not number}, UNSEEN
        )

    def test_what_needs_a_reason_or_happens_by_itself_is_not_dragged(self):
        for name, record in self.records.items():
            for transition in record._get_transitions():
                if transition.method and not transition.needs_input:
                    continue
                if transition.source == transition.target:
                    continue
                self._put(record, transition.source)
                message = "reason" if transition.needs_input else "by hand"
                with self.subTest(model=name, transition=transition):
                    with self.assertRaisesRegex(UserError, message):
                        record.with_user(self.secretary).write(
                            {"state": transition.target}
                        )
                    self.assertEqual(record.state, transition.source)

    def test_own_state_is_no_change(self):
        for name, record in self.records.items():
            with self.subTest(model=name):
                record.with_user(self.secretary).write({"state": record.state})

    def test_forged_context_opens_no_door(self):
        forged = {
            "hoithi_door": ["hoithi.entry", "eligible"],
            "install_module": "hoithi_contest",
            "install_mode": True,
            "install_filename": "x.xml",
            "import_file": True,
        }
        for name, record in self.records.items():
            for target in self._states(record):
                if target == record.state:
                    continue
                transitions = {t.target for t in record._get_transitions() if t.method}
                for user in (self.staff, self.member1, self.secretary, self.admin):
                    before = record.state
                    # what they may do by the door itself
                    if user == self.secretary and target in transitions:
                        continue
                    if user == self.member1 and name == "hoithi.review":
                        continue
                    if user == self.admin and name == "hoithi.staff.invite.run":
                        continue
                    writer = record.with_user(user).with_context(**forged)
                    with (
                        self.subTest(model=name, target=target, user=user.login),
                        self.assertRaises(UserError),
                    ):
                        writer.write({"state": target})
                    self.assertEqual(record.state, before)
        with self.assertRaises(UserError):
            self.env["hoithi.contest"].with_user(self.secretary).with_context(
                **forged
            ).create({"name": "x", "state": "closed"})
        with self.assertRaises(UserError):
            self.env["hoithi.entry"].with_user(self.staff).with_context(
                **forged
            ).create({"name": "x", "contest_id": self.contest.id, "state": "nominated"})

    def test_a_door_opens_for_its_target_alone(self):
        """The token that passes one change is worth nothing for another."""
        entry = self.records["hoithi.entry"]
        seen = []
        original = type(entry)._is_door_open

        def spy(records, target):
            seen.append(records.env.context.get("hoithi_door"))
            return original(records, target)

        self._put(entry, "submitted")
        self.patch(type(entry), "_is_door_open", spy)
        entry._move("eligible")
        door = next(filter(None, seen))
        with self.assertRaises(UserError):
            entry.with_context(hoithi_door=door).write({"state": "nominated"})
        with self.assertRaises(UserError):
            self.records["hoithi.review"].with_context(hoithi_door=door).write(
                {"state": "void"}
            )
        self.assertIsNone(entry.env.context.get("hoithi_door"))

    def test_new_records_begin_at_the_beginning(self):
        samples = {
            "hoithi.contest": {"name": "x"},
            "hoithi.entry": {"name": "x", "contest_id": self.contest.id},
            "hoithi.review": {
                "entry_id": self.entry.id,
                "member_id": self.seats[self.member2].id,
            },
            "hoithi.document": {"kind": "notice", "contest_id": self.contest.id},
            "hoithi.document.run": {"contest_id": self.contest.id, "kind": "plan"},
            "hoithi.nomination": {"contest_id": self.contest.id},
            "hoithi.nomination.line": {
                "nomination_id": self.records["hoithi.nomination"].id,
                "entry_id": self.entry.id,
            },
            "hoithi.question": {"contest_id": self.contest.id, "subject": "x"},
            "hoithi.reopening": {
                "entry_id": self.entry.id,
                "decision_number": "77/QĐ",
                "decision_date": self.contest._get_today(),
                "decided_by": "Giám đốc",
                "reason": "Khiếu nại",
            },
            "hoithi.session": {"contest_id": self.contest.id},
            "hoithi.session.item": {
                "session_id": self.records["hoithi.session"].id,
                "entry_id": self.entry.id,
            },
        }
        # nobody but the server makes these
        made_by_server = set(self.records) - set(samples)
        self.assertEqual(
            made_by_server,
            {
                "hoithi.adjudication",
                "hoithi.login.union",
                "hoithi.objection",
                "hoithi.review.assign.run",
                "hoithi.review.start.run",
                "hoithi.staff.invite.run",
                "hoithi.unit.change",
            },
        )
        for name in made_by_server:
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.secretary).check_access("create")
        self.contest.with_context(hoithi_door=Load()).state = "open"
        for name, vals in samples.items():
            for state in self._states(self.records[name])[1:]:
                for user in (self.secretary, self.env.user):
                    model = self.env[name].with_user(user)
                    with (
                        self.subTest(model=name, state=state, user=user.login),
                        self.assertRaisesRegex(UserError, "begins as|doesn't meet"),
                    ):
                        model.create({**vals, "state": state})

    def test_defaults_in_the_context_forge_nothing(self):
        """Whoever calls by RPC sends a context too, and may put defaults in it."""
        self.contest.with_context(hoithi_door=Load()).state = "open"
        closed = self._create_contest()
        with self.assertRaises(AccessError):
            self._create_entry(with_file=False).with_context(
                default_average_score=99
            ).create({"name": "x", "contest_id": self.contest.id})
        defaults = {
            "default_state": "nominated",
            "default_submitted_on": "2020-01-01 00:00:00",
            "default_receipt_number": "IX-2026/999",
            "default_code": "HS99999",
            "default_priority": "1",
            "default_department_id": self.other_unit.id,
            "default_unit_confirmed_by": self.head.id,
            "default_author_ids": [
                Command.create(
                    {"email": self.coauthor.email, "is_representative": True}
                )
            ],
        }
        entries = self.env["hoithi.entry"].with_user(self.staff)
        for name, value in defaults.items():
            with self.subTest(name), self.assertRaises(AccessError):
                entries.with_context(**{name: value}).create(
                    {"name": "x", "contest_id": self.contest.id}
                )
        with self.assertRaises(UserError):
            self.env["hoithi.entry"].with_user(self.secretary).with_context(
                default_contest_id=closed.id
            ).create({"name": "x"})
        forged = {
            "hoithi.contest": (
                {"name": "x"},
                {"default_state": "open", "default_is_published": True},
            ),
            "hoithi.review": (
                {
                    "entry_id": self.entry.id,
                    "member_id": self.seats[self.member2].id,
                },
                {
                    "default_state": "submitted",
                    "default_submitted_on": "2020-01-01 00:00:00",
                    "default_total": 99,
                    "default_line_ids": [
                        Command.create(
                            {
                                "criterion_id": self.criteria_set.criterion_ids[0].id,
                                "score": 40,
                            }
                        )
                    ],
                },
            ),
            "hoithi.nomination": (
                {"contest_id": self.contest.id},
                {"default_state": "decided"},
            ),
        }
        for name, (vals, defaults) in forged.items():
            for key, value in defaults.items():
                model = self.env[name].with_user(self.secretary)
                with self.subTest(key, model=name), self.assertRaises(AccessError):
                    model.with_context(**{key: value}).create(vals)
        # what is computed from elsewhere is no claim: it just isn't taken
        review = (
            self.env["hoithi.review"]
            .with_user(self.secretary)
            .with_context(default_recommendation="select")
            .create(forged["hoithi.review"][0])
            .sudo()
        )
        self.assertFalse(review.recommendation)
        self.assertEqual(review.line_ids.mapped("score"), [0, 0])

    def test_own_defaults_forge_nothing(self):
        """Internal users may keep defaults of their own for any field."""
        self.contest.with_context(hoithi_door=Load()).state = "open"
        defaults = self.env["ir.default"].with_user(self.internal)
        for name, value in (("state", "eligible"), ("priority", "1"), ("rank", 1)):
            defaults.set("hoithi.entry", name, value, user_id=True)
        entry = self._create_entry(self.internal)
        self.assertEqual((entry.state, entry.priority), ("draft", "0"))
        self.assertFalse(entry.sudo().rank)

    def test_import_takes_the_door_too(self):
        """A file with a column for the state changes nothing that a click couldn't."""
        contest = self.records["hoithi.contest"]
        xml_id = self._export_id(contest)
        model = self.env["hoithi.contest"].with_user(self.secretary)
        with mute_logger("odoo.models", "odoo.sql_db"):
            result = model.load(["id", "state"], [[xml_id, "closed"]])
            self.assertFalse(result["ids"])
            self.assertIn("can't go from", result["messages"][0]["message"])
            result = model.load(["name", "state"], [["Lậu", "council"]])
        self.assertFalse(result["ids"])
        self.assertFalse(model.search([("name", "=", "Lậu")]))
        self.assertEqual(contest.state, "review")
        result = model.load(["id", "place_name"], [[xml_id, "Bắc Kạn"]])
        self.assertTrue(result["ids"], result["messages"])
        self.assertEqual(contest.place_name, "Bắc Kạn")

    def _export_id(self, record):
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "test_contest",
                "model": record._name,
                "res_id": record.id,
            }
        )
        return "__import__.test_contest"

    def test_a_dragged_card_takes_the_method(self):
        """With all that the method checks, does and tells."""
        entry = self.records["hoithi.entry"]
        self.contest.with_context(hoithi_door=Load()).state = "screening"
        self._put(entry, "submitted")
        notices = self.env["hoithi.notice"].search_count(
            [("kind", "=", "eligible"), ("res_id", "=", entry.id)]
        )
        self.assertEqual(notices, 1, "from the set-up")
        self.env["hoithi.notice"].search([("kind", "=", "eligible")]).unlink()
        with self.assertRaises(AccessError):
            entry.with_user(self.staff).write({"state": "eligible"})
        entry.with_user(self.secretary).write({"state": "eligible"})
        self.assertEqual(entry.state, "eligible")
        self.assertTrue(
            self.env["hoithi.notice"].search_count(
                [("kind", "=", "eligible"), ("res_id", "=", entry.id)]
            )
        )
        # several cards at once, and a value beside the state
        self._put(entry, "submitted")
        entry.with_user(self.secretary).write({"state": "eligible", "color": 3})
        self.assertEqual((entry.state, entry.color), ("eligible", 3))
        draft = self._create_contest(legal_basis_ids=False)
        with self.assertRaisesRegex(UserError, "legal basis"):
            draft.with_user(self.secretary).write({"state": "open"})
        self.assertEqual(draft.state, "draft")

    def test_each_board_asks_for_what_a_step_needs(self):
        """A card that moves by its state opens the dialog that its step begins with."""
        views = self.env["ir.ui.view"].search(
            [("type", "=", "kanban"), ("mode", "=", "primary")]
        )
        boards = set()
        for view in views:
            model = self.env.get(view.model)
            if model is None or not isinstance(
                model, self.registry["hoithi.workflow.mixin"]
            ):
                continue
            arch = etree.fromstring(model.get_view(view.id, "kanban")["arch"])
            if (
                arch.get("default_group_by") != "state"
                or arch.get("records_draggable") == "false"
            ):
                continue
            boards.add(model._name)
            with self.subTest(view=view.name):
                self.assertEqual(arch.get("js_class"), "hoithi_workflow_board")
            for transition in model._get_transitions():
                if transition.method and model._is_asked_first(transition):
                    ask = transition.method.replace("action_", "action_ask_", 1)
                    with self.subTest(model=model._name, act=transition.method):
                        self.assertTrue(hasattr(model, ask))
        self.assertEqual(boards, set(BOARDS))

    def test_a_dropped_card_is_moved_asked_or_refused_on_each_column(self):
        """Whoever drops it: a dialog that opens, a sentence, or a step."""
        users = (self.secretary, self.leader, self.member1, self.publisher)
        asked = set()
        for name in BOARDS:
            record = self.records[name]
            for state in self._states(record):
                self._put(record, state)
                self.env.flush_all()
                for user in users:
                    self.env.invalidate_all()
                    card = record.with_user(user)
                    if card.has_access("read"):
                        asked |= {(name, to) for to in self._drop(card)}
        expected = {
            ("hoithi.document", "cancelled"),
            ("hoithi.review", "recused"),
            ("hoithi.review", "submitted"),
            ("hoithi.question", "closed"),
            ("hoithi.entry", "not_selected"),
            ("hoithi.nomination", "sent"),
        }
        self.assertFalse(expected - asked)

    def _drop(self, card):
        """Drop a card on each column; return those on which a dialog opens."""
        asked = set()
        moves = card.get_moves()
        self.assertNotIn(card.state, moves)
        for target, kind in moves.items():
            with self.subTest(card=card, user=card.env.user.login, to=target):
                try:
                    with self.env.cr.savepoint():
                        move = card.get_move(target)
                except (AccessError, UserError) as refusal:
                    # refused aloud, as the button of the act is
                    self.assertEqual(kind, "asks")
                    self.assertTrue(str(refusal).strip())
                    continue
                if kind == "refused":
                    self.assertTrue(move["refusal"].strip())
                elif kind == "asks":
                    self.assertEqual(move["action"]["views"][0][1], "form")
                    asked.add(target)
                else:
                    self.assertEqual(move, {})
        return asked

    def test_asking_for_the_reason_changes_nothing(self):
        """The button opens a dialog; a call without a reason is refused in words."""
        contest = self.records["hoithi.contest"]
        for record, source, method, user in (
            (contest, "review", "cancel", "secretary"),
            (
                self.records["hoithi.entry"],
                "submitted",
                "mark_ineligible",
                "secretary",
            ),
            (self.records["hoithi.review"], "assigned", "recuse", "member1"),
            (self.records["hoithi.nomination"], "sent", "return", "secretary"),
        ):
            self._put(record, source)
            own = record.with_user(getattr(self, user))
            with self.subTest(method=method):
                action = getattr(own, f"action_ask_{method}")()
                # the end of a contest shows what it means before it asks why
                dialog = "hoithi.step" if record == contest else "hoithi.reason"
                self.assertEqual(action["res_model"], dialog)
                if record == contest:
                    step = own.env[dialog].browse(action["res_id"])
                    self.assertTrue(step.is_cancelling)
                    with self.assertRaises(UserError):
                        step.action_apply()
                with self.assertRaises(UserError):
                    getattr(own, f"action_{method}")()
                self.assertEqual(record.state, source)
        with self.assertRaises(AccessError):
            self.records["hoithi.nomination"].with_user(self.staff).action_ask_return()

    def test_each_act_that_needs_a_reason_refuses_a_call_without(self):
        """No method opens the dialog of another than its own button."""
        for name, model in self.env.items():
            for ask in dir(type(model)):
                # other dialogs ask for other things than a reason
                if not ask.startswith("action_ask_") or "_ask_reason(" not in (
                    inspect.getsource(inspect.unwrap(getattr(type(model), ask)))
                ):
                    continue
                method = ask.replace("action_ask_", "action_")
                with self.subTest(model=name, method=method):
                    act = inspect.unwrap(getattr(type(model), method))
                    self.assertIn("reason", inspect.signature(act).parameters)
                    self.assertNotIn("_ask_reason", inspect.getsource(act))

    def test_the_diagram_is_drawn_from_the_code(self):
        folder = Path(file_path("hoithi_contest")).parent / "docs" / "dev"
        draw = runpy.run_path(str(folder / "draw_states.py"))["draw"]
        self.assertEqual(
            (folder / "states.md").read_text(encoding="utf-8"), draw(self.env)
        )
