import json

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...lib.document.kinds import KINDS
from ...models.guard.hoithi_guard_mixin import PLAIN, Load
from .session_common import SessionCommon

#: The average of the own entry, which nothing else has, and how people write it.
AVERAGE = 67.37
SHEETS = (68.37, 66.37)
WRITTEN = [
    text
    for figure in (AVERAGE, *SHEETS)
    for text in (f"{figure:.2f}", f"{figure:.2f}".replace(".", ","))
]
#: Where the average stands, and whoever may know it reads it.
PLACES = {
    ("hoithi.entry", "average_score"),
    ("hoithi.nomination.line", "average_score"),
    ("hoithi.report.entry", "average_score"),
    ("hoithi.session.item", "average_score"),
    ("hoithi.session.item", "selection_problems"),
}
#: What Odoo keeps beside the records.
BESIDE = ("mail.message", "mail.tracking.value", "mail.activity", "bus.bus")


@tagged("post_install", "-at_install")
class TestStanding(SessionCommon):
    """Who enters as well learns nowhere how the own entry stands with the council.

    All that the addon stores is walked through, so that a model which tells it from
    now on is named here.
    """

    voter_count = 3

    @classmethod
    def _create_reviewed_entries(cls, count):
        cls.criteria_set.criterion_ids.step = 0.01
        # prizes go by merit, and the other entry has one as well
        cls.criteria_set.min_total = 0
        cls.contest.prize_ids = [
            Command.create({"rank": rank, "slots": 1, "amount": 1_000_000})
            for rank in ("first", "second")
        ]
        return []

    def _convene(self, user):
        """A council that has decided on an entry of `user`'s and on another."""
        if user not in self.employees:
            self.env["hr.employee"].create({"name": user.name, "user_id": user.id})
        own = self._submit_entry(user, name="Giải pháp của người trong Sở")
        # another secretary admits it
        own.with_env(self.env).action_mark_eligible()
        other = self._eligible_entry(self.internal, name="Bản đồ đất đai số")
        self._start_review()
        for entry, totals in ((own, SHEETS), (other, (41, 51))):
            for member, total in zip((self.member1, self.member2), totals, strict=True):
                review = self.env["hoithi.review"].create(
                    {"entry_id": entry.id, "member_id": self.seats[member].id}
                )
                self._score(review.with_user(member), 20, total - 20)
        office = self.contest.with_user(self.secretary)
        office.action_start_council()
        session = self._open_session()
        # as the session will have it
        (own | other).with_env(self.env)._move("selected")
        items = session.item_ids.sudo().with_context(hoithi_door=Load())
        missing = {own.id, other.id} - set(items.entry_id.ids)
        items |= items.create(
            [{"session_id": session.id, "entry_id": entry_id} for entry_id in missing]
        )
        items.write({"state": "counted", "outcome": "approved"})
        items.filtered(
            lambda item: item.entry_id.id == own.id
        ).selection_problems = f"its average {AVERAGE} is below the pass mark 70"
        office.action_award_prizes()
        # another secretary drafts the list
        self.contest.with_env(self.env).action_create_nomination()
        user.group_ids += self.env.ref("base.group_allow_export")
        self.env.flush_all()
        self.env.invalidate_all()
        return own.with_env(self.env), other.with_env(self.env), session

    def _get_models(self):
        """Return the models that keep something, a view of the database included."""
        names = [name for name in self.env if name.startswith("hoithi.")]
        return [
            self.env[name]
            for name in sorted([*names, *BESIDE])
            if not self.env[name]._abstract
        ]

    def _find_told(self, user):
        """Return the (model, field) in which `user` reads figures of the own entry."""
        told = set()
        for model in self._get_models():
            self.env.invalidate_all()
            seen = model.with_user(user)
            if not seen.has_access("read"):
                continue
            names = [
                name
                for name, field in seen._fields.items()
                if seen._has_field_access(field, "read")
                and field.type not in ("binary", "image")
            ]
            records = seen.with_context(active_test=False).search([])
            try:
                rows = records.read(names, load=None)
            except (AccessError, UserError):
                # one that asks for more than the list has names each by itself
                rows = [self._read_one_by_one(record, names) for record in records]
            told |= {
                (model._name, name)
                for values in rows
                for name, value in values.items()
                if self._is_told(value)
            }
        return told

    def _read_one_by_one(self, record, names):
        try:
            return record.read(names, load=None)[0]
        except (AccessError, UserError):
            values = {}
        for name in names:
            try:
                values |= record.read([name], load=None)[0]
            except (AccessError, UserError):
                continue
        return values

    @staticmethod
    def _is_told(value):
        if isinstance(value, float):
            return any(abs(value - figure) < 0.001 for figure in (AVERAGE, *SHEETS))
        if isinstance(value, dict | list):
            value = json.dumps(value, default=str)
        return isinstance(value, str) and any(text in value for text in WRITTEN)

    def _find_asked(self, user):
        """Return the (model, field) by which the database answers what `user` asks."""
        asked = set()
        for model in self._get_models():
            seen = model.with_user(user)
            if not seen.has_access("read"):
                continue
            for name, field in seen._fields.items():
                if not seen._has_field_access(field, "read"):
                    continue
                paths = {name} if field.type in ("float", "monetary") else set()
                if field.relational and field.comodel_name == "hoithi.entry":
                    paths = {f"{name}.average_score"}
                for path in paths:
                    if self._is_answered(seen, path):
                        asked.add((model._name, path))
        return asked

    def _is_answered(self, model, path):
        head = model._fields[path.split(".")[0]]
        if not (head.store or head.search):
            return False
        low, high = AVERAGE - 0.001, AVERAGE + 0.001
        if model.search([(path, ">", low), (path, "<", high)]):
            return True
        if "." in path or not head.store or not head.aggregator:
            return False
        [(most, least)] = model._read_group([], [], [f"{path}:max", f"{path}:min"])
        return self._is_told(most) or self._is_told(least)

    def test_no_model_tells_an_author_of_the_office(self):
        for user in (self.secretary, self.leader):
            with self.subTest(user=user.login), self.env.cr.savepoint() as savepoint:
                own, _other, _session = self._convene(user)
                self.assertEqual(round(own.sudo().average_score, 2), AVERAGE)
                colleague = (self.secretary | self.leader) - user
                # whoever has no entry of the own reads it, so that the walk sees it
                self.assertGreaterEqual(self._find_told(colleague), PLACES)
                self.assertGreaterEqual(
                    self._find_asked(colleague), {("hoithi.entry", "average_score")}
                )
                self.assertEqual(self._find_told(user), set())
                self.assertEqual(self._find_asked(user), set())
                savepoint.rollback()
            self.env.invalidate_all()

    def test_no_model_tells_who_entered_by_another_login(self):
        own, _other, _session = self._convene(self.leader)
        line = own.sudo().author_ids.with_context(hoithi_door=Load())
        self.assertEqual(line.employee_id.user_id, self.leader)
        line.partner_id = self.stranger.partner_id
        self.env.flush_all()
        self.assertEqual(self._find_told(self.leader), set())
        self.assertEqual(self._find_asked(self.leader), set())
        # nor a paper that lists all
        kinds = [
            kind.key
            for kind in KINDS.values()
            if kind.source == "hoithi.contest"
            and kind.reach.tells_standing
            and "leader" in kind.reach.readers
        ]
        self.assertTrue(kinds)
        papers = self.env["hoithi.document"].create(
            [
                {
                    "kind": kind,
                    "res_model": "hoithi.contest",
                    "res_id": self.contest.id,
                }
                for kind in kinds
            ]
        )
        for paper in papers.with_user(self.leader):
            self.assertFalse(paper.has_access("read"), paper.sudo().kind)
        line.employee_id = False
        self.env.invalidate_all()
        self.assertEqual(
            papers.with_user(self.leader)._filtered_access("read"),
            papers.with_user(self.leader),
            "another's entry",
        )

    def test_no_model_tells_whom_a_conflict_keeps_from_the_entry(self):
        own, other, _session = self._convene(self.leader)
        self.env["hoithi.conflict"].create(
            {
                "entry_id": own.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
                "note": "Em ruột",
            }
        )
        self.env.flush_all()
        self.assertEqual(self._find_told(self.secretary), set())
        self.assertEqual(self._find_asked(self.secretary), set())
        lines = self.env["hoithi.nomination.line"].with_user(self.secretary)
        read = lines.search([]).read(["entry_id", "average_score"], load=None)
        averages = {row["entry_id"]: row["average_score"] for row in read}
        self.assertEqual(averages, {own.id: 0, other.id: 46}, "the list is whole")

    def test_a_form_that_isnt_saved_tells_nothing_either(self):
        """What is taken from an entry by a form is told to who may read the entry."""
        own, other, session = self._convene(self.leader)
        self.env["hoithi.conflict"].create(
            {
                "entry_id": own.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
                "note": "Em ruột",
            }
        )
        self.env.invalidate_all()
        items = self.env["hoithi.session.item"].with_user(self.secretary)
        spec = {"entry_id": {}, "average_score": {}, "entry_name": {}}
        for entry, vals in ((own, {}), (own, {"session_id": session.id})):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                items.onchange({"entry_id": entry.id, **vals}, ["entry_id"], spec)
        [told] = [items.onchange({"entry_id": other.id}, ["entry_id"], spec)["value"]]
        self.assertEqual(told["average_score"], 46)
        asked = {"entry_id": {}, "entry_name": {}}
        for link in (own.id, {"id": own.id}, [own.id, "x"]):
            with self.subTest(link=link), self.assertRaises(AccessError):
                items.onchange({"entry_id": link}, ["entry_id"], asked)
        by_default = items.with_context(default_entry_id=own.id)
        with self.assertRaises(AccessError):
            by_default.onchange({}, [], dict(asked))
        told = items.with_context(default_entry_id=other.id).onchange({}, [], asked)
        self.assertEqual(told["value"]["entry_name"], other.name)
        self.env["ir.default"].set(
            "hoithi.session.item", "entry_id", own.id, user_id=self.secretary.id
        )
        with self.assertRaises(AccessError):
            items.onchange({}, [], dict(asked))
        self.env["ir.default"].search([], limit=1, order="id desc").unlink()
        # nor by a line of a form that isn't saved
        sessions = session.with_user(self.secretary)
        lines = {"item_ids": {"fields": {"entry_name": {}, "entry_id": {}}}}
        held = session.item_ids.filtered(lambda item: item.entry_id == other)
        for form in (sessions, sessions.browse()):
            for command in (
                [0, "virtual_1", {"entry_id": own.id}],
                [1, held.id, {"entry_id": own.id}],
            ):
                with (
                    self.subTest(form=form, command=command),
                    self.assertRaises(AccessError),
                ):
                    form.onchange({"item_ids": [command]}, ["item_ids"], lines)
            form.onchange(
                {"item_ids": [[0, "virtual_1", {"entry_id": other.id}]]},
                ["item_ids"],
                lines,
            )

    def test_a_list_of_nominated_entries_tells_no_own_place(self):
        own, other, _session = self._convene(self.secretary)
        lines = self.env["hoithi.nomination.line"].with_user(self.secretary)
        mine = lines.search([("entry_id", "=", own.id)])
        theirs = lines.search([("entry_id", "=", other.id)])
        for line, told in ((mine, (0, 0)), (theirs, (46, 2))):
            [row] = line.read(["average_score", "sequence"])
            self.assertEqual((row["average_score"], row["sequence"]), told)
            [row] = line.web_read({"average_score": {}, "sequence": {}})
            self.assertEqual((row["average_score"], row["sequence"]), told)
        # nor does one give places anew without knowing that of the own entry
        with self.assertRaisesRegex(UserError, "Ask another secretary"):
            theirs.write({"sequence": 1})
        theirs.write({"reason": "Đề nghị"})
        [[average]] = lines._read_group([], [], ["average_score:sum"])
        self.assertEqual(average, 46)
        exported = lines.browse(mine.ids).export_data(["average_score", "entry_name"])
        self.assertEqual(exported["datas"][0][1], own.name)
        self.assertFalse(float(exported["datas"][0][0] or 0))
        # the list is best first for whoever has no entry on it, and once all is over
        places = lines.with_user(self.leader).search([]).read(["average_score"])
        self.assertEqual([row["average_score"] for row in places], [AVERAGE, 46])
        self.contest.with_context(hoithi_door=Load()).state = "closed"
        self.env.invalidate_all()
        self.assertEqual(mine.read(["average_score"])[0]["average_score"], AVERAGE)
        theirs.write({"sequence": 1})

    def test_an_author_of_the_office_reads_no_own_prize_before_the_results(self):
        for user in (self.secretary, self.leader):
            with self.subTest(user=user.login), self.env.cr.savepoint() as savepoint:
                own, other, _session = self._convene(user)
                awards = self.env["hoithi.award"].with_user(user)
                prize = own.award_ids
                self.assertEqual(prize.rank, "first")
                self.env.invalidate_all()
                self.assertEqual(awards.search([]).entry_id, other)
                self.assertFalse(own.with_user(user).award_ids)
                with self.assertRaises(AccessError):
                    prize.with_user(user).read(["rank"])
                self.assertFalse(
                    self.env["hoithi.entry"]
                    .with_user(user)
                    .search([("award_ids.rank", "=", "first")])
                )
                if user == self.secretary:
                    with self.assertRaises(AccessError):
                        prize.with_user(user).write({"rank": "third"})
                # nor in the ledger, whose row names all prizes
                given = [("event", "=", "prizes.given")]
                ledger = self.env["hoithi.ledger"]
                self.assertTrue(ledger.search(given))
                self.assertFalse(ledger.with_user(user).search(given))
                colleague = self.leader if user == self.secretary else self.secretary
                self.assertTrue(ledger.with_user(colleague).search(given))
                self.contest.with_context(hoithi_door=Load()).state = "closed"
                self.env.invalidate_all()
                self.assertEqual(awards.browse(prize.id).rank, "first")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_certificates_for_all_leave_none_out(self):
        own, other, _session = self._convene(self.secretary)
        runs = self.env["hoithi.document.run"]
        vals = {"contest_id": self.contest.id, "kind": "certificate"}
        run = runs.with_user(self.secretary).create(vals)
        with self.assertRaisesRegex(UserError, "let another secretary"):
            run.action_start()
        self.assertFalse(run.line_ids)
        whole = runs.with_user(self.leader).create(vals)._get_sources()
        self.assertEqual(whole.entry_id, own | other)

    def test_no_paper_tells_an_author_of_the_office(self):
        own, _other, session = self._convene(self.leader)
        sources = {
            "hoithi.contest": self.contest,
            "hoithi.entry": own,
            "hoithi.session": session,
            "hoithi.nomination": self.contest.nomination_ids,
            "hoithi.award": own.award_ids,
            "hoithi.review": own.review_ids[:1],
        }
        for kind in KINDS.values():
            if kind.source not in sources:
                continue
            document = (
                self.env["hoithi.document"]
                .create(
                    {
                        "kind": kind.key,
                        "res_model": kind.source,
                        "res_id": sources[kind.source].id,
                    }
                )
                .with_user(self.leader)
            )
            with self.subTest(kind=kind.key):
                is_for_leaders = "leader" in kind.reach.readers
                self.assertEqual(
                    document.has_access("read"),
                    is_for_leaders and not kind.reach.tells_standing,
                )
                self.contest.with_context(hoithi_door=Load()).state = "closed"
                self.env.invalidate_all()
                if kind.reach.holds_scores:
                    self.assertFalse(document.has_access("read"))
                else:
                    self.assertEqual(document.has_access("read"), is_for_leaders)
                self.contest.with_context(hoithi_door=Load()).state = "council"
                self.env.invalidate_all()

    def test_no_letter_tells_an_author_of_the_office_of_sheets(self):
        """That sheets lie apart is told to secretaries without an entry there."""
        self.contest.divergence_limit = 1
        colleague = self._create_logins(
            [
                {
                    "login": "t_colleague",
                    "name": "Thư ký khác",
                    "email": "thu-ky-2@sotnmt.example.vn",
                    "group_ids": self.secretary.group_ids.ids,
                }
            ]
        )
        self.contest.secretary_ids += colleague
        own = self._submit_entry(self.secretary, name="Giải pháp của thư ký")
        own = own.with_env(self.env)
        own.action_mark_eligible()
        self._start_review()
        for member, total in ((self.member1, 60), (self.member2, 80)):
            review = self.env["hoithi.review"].create(
                {"entry_id": own.id, "member_id": self.seats[member].id}
            )
            self._score(review.with_user(member), 20, total - 20)
        notices = self.env["hoithi.notice"].search(
            [("kind", "=", "adjudication"), ("entry_id", "=", own.id)]
        )
        self.assertEqual(notices.partner_id, colleague.partner_id)
        self.assertEqual(own._get_unhindered(self.secretary | colleague), colleague)

    def _try(self, record, vals):
        """Return how a change ends: nothing, or the words of its refusal."""
        # as a request, which knows nothing yet
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint() as savepoint:
                record.write(vals)
                savepoint.rollback()
        except (AccessError, UserError) as error:
            return type(error).__name__, str(error)
        finally:
            self.env.invalidate_all()
        return None

    def test_no_refusal_tells_what_stands_there(self):
        """Whoever tries values learns by none which is right.

        What the caller may write and read is another matter: forms send it back.
        """
        own, _other, _session = self._convene(self.secretary)
        answers, tried = [], 0
        for model in self._get_models():
            if not hasattr(model, "_is_told_other"):
                continue
            of_own = {"hoithi.entry": "id", "hoithi.nomination.line": "entry_id"}
            path = of_own.get(model._name)
            record = model.search([(path, "=", own.id)] if path else [], limit=1)
            for user in (self.stranger, self.internal, self.member1, self.secretary):
                for name, right in self._get_unread(record.with_user(user)):
                    wrong = self._get_other(model._fields[name], right)
                    if wrong is None:
                        continue
                    ends = [
                        self._try(record.with_user(user), {name: value})
                        for value in (right, wrong)
                    ]
                    tried += 1
                    if ends[0] != ends[1]:
                        answers.append((user.login, model._name, name, *ends))
        self.assertGreater(tried, 300)
        self.assertEqual(answers, [], "\n".join(map(str, answers)))

    def _get_unread(self, record):
        """Yield (name, value) of what the reader of a record may not write, or read."""
        may_write = record and record.has_access("write")
        for name, field in record._fields.items() if record else ():
            if not (field.store and field.type in PLAIN) or name == "state":
                continue
            is_told = not record._is_hidden(name) and record._has_field_access(
                field, "read"
            )
            if name in models.MAGIC_COLUMNS or (may_write and is_told):
                continue
            value = field.convert_to_write(record.sudo()[name], record)
            if value:
                yield name, value

    def _get_other(self, field, value):
        """Return another value of the same kind."""
        if field.type in ("integer", "float", "monetary"):
            return value + 1
        if field.type in ("char", "text", "html"):
            return f"{value} khác"
        if field.type == "many2one":
            others = self.env[field.comodel_name].with_context(active_test=False)
            return others.search([("id", "!=", value)], limit=1).id or None
        if field.type == "selection":
            keys = [key for key in field.get_values(self.env) if key != value]
            return keys[0] if keys else None
        return None
