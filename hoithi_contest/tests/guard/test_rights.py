import runpy
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from ...models.guard import hoithi_states
from ...models.guard.hoithi_guard_mixin import Load
from .guard_common import IMPORTED, GuardCommon

ROW = "is part of what is fixed"


@tagged("post_install", "-at_install")
class TestRights(GuardCommon):
    """The table of what is fixed from when on, at every door, and what shows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guarded = [r for r in cls.records if r._get_fixed_table()]

    # FLAGS

    @contextmanager
    def _undone(self):
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            self.env.transaction.clear()
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def _set_phase(self, record, phase):
        contest = record if record._name == "hoithi.contest" else record.contest_id
        contest.with_context(hoithi_door=Load()).state = phase

    def _set_state(self, record, state):
        facts = {"submitted_on": "2026-01-02 03:04:05", "receipt_number": "IX/7"}
        own = {"state": state}
        if record._name == "hoithi.session.item":
            # what was counted has an outcome, and nothing else has
            own["outcome"] = state == "counted" and "approved"
        record.with_context(hoithi_door=Load()).write(
            own
            | {
                name: value
                for name, value in facts.items()
                if name in record._fields and not record[name]
            }
        )

    def _set_flag(self, record, flag, value, turn=0):
        """Bring a record to where a flag holds, or doesn't, as if by its work.

        :param turn: which of the states that have the flag it is, from the first on
        """
        record = record.with_context(hoithi_door=Load())
        field = record._fields[flag]
        key = (record._name, flag)
        if flag == "id":
            return
        if getattr(field.search, "__module__", "") == hoithi_states.__name__:
            ((_path, _operator, states),) = list(field.search(record, "in", [True]))
            known = [state for state, _label in record._fields["state"].selection]
            fitting = [state for state in known if (state in states) == value]
            self._set_state(record, fitting[turn % len(fitting)])
        elif field.related:
            *path, source = field.related.split(".")
            self._set_flag(record.mapped(".".join(path)), source, value, turn)
        elif key == ("hoithi.question", "partner_id"):
            record.partner_id = value and self.coauthor.partner_id
        elif key == ("hoithi.contest", "has_sheets"):
            record.state = "screening"
            reviews = self.env["hoithi.review"].search([("contest_id", "=", record.id)])
            reviews.with_context(hoithi_door=Load()).state = (
                "assigned" if value else "void"
            )
        elif key == ("hoithi.contest", "rules_fixed"):
            record.state = "review" if value else "open"
        elif record._name in ("hoithi.council", "hoithi.council.member"):
            self._set_phase(self.contest, "review" if value else "open")
        elif key == ("hoithi.nomination.line", "is_result_fixed"):
            self._set_flag(record, "is_decided", value)
        elif key == ("hoithi.prize.kind", "is_used"):
            self._set_kind_used(record, value)
        elif record._name == "hoithi.award":
            # those of the department are given in the council phase alone
            closing = ("is_final", "is_closed")
            record.level = "province" if flag in closing else "unit"
            self._set_phase(record, "closed" if value else "council")
        elif key in (("hoithi.round", "is_over"), ("hoithi.round", "is_begun")):
            moment = value and "2026-01-02 03:04:05"
            record["closed_on" if flag == "is_over" else "opened_on"] = moment
        elif record._name == "hoithi.component":
            self._set_component_flag(record, flag, value)
        elif key == ("hoithi.review", "is_sheet_closed"):
            self._set_state(record, "submitted" if value else "in_progress")
            self._set_phase(record, "review")
        elif key == ("hoithi.entry", "is_content_fixed"):
            self._set_state(record, "submitted" if value else "draft")
            self._set_phase(record, "open")
        elif field.type == "datetime":
            record[flag] = value and "2026-01-02 03:04:05"
        else:
            record[flag] = value

    def _set_component_flag(self, record, flag, value):
        if flag == "is_counted":
            record.counted_on = value and "2026-01-02 03:04:05"
            return
        marks = self.env["hoithi.component.voter"].with_context(hoithi_door=Load())
        marks.search([("component_id", "=", record.id)]).unlink()
        if value:
            marks.create({"component_id": record.id, "key": "k", "used": True})
        record.invalidate_recordset([flag])

    def _set_kind_used(self, kind, value):
        prizes = self.env["hoithi.prize"].with_context(hoithi_door=Load())
        prizes.search([("rank", "=", kind.code)]).unlink()
        if value:
            prizes.create({"contest_id": self.contest.id, "rank": kind.code})

    def _clear(self, record):
        flags = {*record._get_fixed_table(), *record._fixed_rows}
        # a draft comes last: for the others a contest goes on
        for flag in sorted(flags, key=lambda flag: (flag == "is_launched", flag)):
            self._set_flag(record, flag, False)

    def _get_writer(self, record):
        """Return whoever may write to a record while nothing of it is fixed."""
        owner = {
            "hoithi.review": self.member1,
            "hoithi.review.line": self.member1,
            "hoithi.entry": self.internal if record == self.draft else self.staff,
            "hoithi.unit.change": self.officer,
            "hoithi.login.union": self.officer,
        }
        if "entry_id" in record._fields and record._name in (
            "hoithi.entry.author",
            "hoithi.dossier.item",
        ):
            return self.internal if record.entry_id == self.draft else self.staff
        return owner.get(record._name, self.secretary)

    def _get_writers(self, record):
        """Return all who may write to a record at all."""
        return [u for u in self.users if record.with_user(u).has_access("write")]

    def _get_doors(self, own, name, value):
        yield "write", partial(own.write, {name: value})
        yield (
            "web_save",
            partial(call_kw, own, "web_save", [own.ids, {name: value}, {}], {}),
        )
        for line in self.lines.get(own._name, ()):
            inverse = own.sudo()[line.inverse_name]
            if inverse and inverse._name == line.model_name:
                parent = inverse.with_user(own.env.user)
                commands = [Command.update(own.id, {name: value})]
                yield line.name, partial(parent.write, {line.name: commands})
        if own._fields[name].type in IMPORTED:
            yield "load", partial(self._import, own, name, value)

    def _get_removals(self, own):
        """Return the acts by which a parent takes a row away."""
        removals = []
        for line in self.lines.get(own._name, ()):
            parent = own.sudo()[line.inverse_name].with_user(own.env.user)
            if parent and parent._name == line.model_name:
                commands = [Command.delete(own.id)]
                removals.append(partial(parent.write, {line.name: commands}))
        return removals

    def _get_additions(self, own):
        """Return the acts by which another row like this one is made.

        By itself, with its parent as a default of the context, and as a line of it.
        """
        [values] = own.sudo().copy_data()
        rows = own.browse()
        additions = [partial(rows.create, values)]
        for line in self.lines.get(own._name, ()):
            parent = own.sudo()[line.inverse_name].with_user(own.env.user)
            if not parent or parent._name != line.model_name:
                continue
            rest = {k: v for k, v in values.items() if k != line.inverse_name}
            default = {f"default_{line.inverse_name}": parent.id}

            def add(parent=parent, line=line, rest=rest):
                before = parent.sudo()[line.name]
                parent.write({line.name: [Command.create(rest)]})
                return parent.sudo()[line.name] - before

            additions += [partial(rows.with_context(**default).create, rest), add]
        return additions

    @mute_logger("odoo.sql_db")
    def _try(self, act):
        """Return what an act gives, and why it is refused."""
        savepoint = self.env.cr.savepoint()
        try:
            result = act()
            self.env.flush_all()
        except (UserError, IntegrityError) as refusal:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
            return None, str(refusal)
        savepoint.close(rollback=False)
        return result, ""

    def _get_cases(self):
        for record in self.guarded:
            for flag, names in record._get_fixed_table().items():
                yield record, flag, names

    # DECLARATION

    def test_every_model_declares_who_may_what(self):
        """Or it is said here why whoever may write to it may write to all of it."""
        free = {
            "hoithi.agency": "master data of the administrator",
            "hoithi.agency.signer": "master data; papers keep what they were signed by",
            "hoithi.dossier.type": "catalogue",
            "hoithi.field": "catalogue",
            "hoithi.legal.text": "catalogue",
            "hoithi.organisation": "master data",
            "hoithi.past.author": "names in a list of then",
            "hoithi.outreach": "acts that heads record, and correct, by their unit",
            "hoithi.plan.task": "plan of the Office; heads by `_lead_fields`",
            "hoithi.recipient.template": "master data; documents copy it",
            "hoithi.legal.basis": "citation; its file is guarded as a file",
            "hoithi.document.template.version": "made anew; its file is guarded",
            "hoithi.notice.rule": "settings of the secretary",
        }
        silent = set()
        for model in self._get_models():
            declared = any(
                names
                for attribute in (
                    "_fixed_fields",
                    "_server_fields",
                    "_given_fields",
                    "_role_fields",
                    "_person_fields",
                )
                for names in model._get_declared(attribute)
            )
            facts = set(model._get_server_fields()) - {"company_id", "contest_id"}
            if not declared and not facts:
                silent.add(model._name)
        self.assertEqual(silent - set(free), set())

    def test_there_is_a_record_of_each_table(self):
        tables = {m._name for m in self._get_models() if m._get_fixed_table()}
        self.assertEqual(tables - {record._name for record in self.guarded}, set())
        self.assertGreater(len(tables), 20)
        for model in self._get_models():
            for flag in (*model._get_fixed_table(), *model._fixed_rows):
                with self.subTest(model=model._name, flag=flag):
                    self.assertIn(flag, model._fields)
            for flag, names in model._get_fixed_table().items():
                with self.subTest(model=model._name, flag=flag):
                    self.assertTrue(names)
                    self.assertFalse(set(names) - set(model._fields))

    def test_rows_freeze_with_their_owner(self):
        """Whatever belongs to a record is neither added nor taken away."""
        rows = {m._name for m in self._get_models() if m._fixed_rows}
        self.assertGreaterEqual(
            rows,
            {
                "hoithi.entry.author",
                "hoithi.dossier.item",
                "hoithi.criterion",
                "hoithi.criterion.level",
                "hoithi.council.member",
                "hoithi.tie.break",
                "hoithi.vote.question",
                "hoithi.jury",
                "hoithi.prize",
                "hoithi.award",
                "hoithi.nomination.line",
                "hoithi.document.text",
                "hoithi.document.recipient",
                "hoithi.session.attendance",
                "hoithi.session.item",
            },
        )
        removed = set()
        for record in self.guarded:
            for flag in record._fixed_rows:
                own = record.with_user(self._get_writer(record))
                case = {"model": record._name, "flag": flag}
                with self.subTest(**case), self._undone():
                    self._set_flag(record, flag, True)
                    self.assertTrue(record[flag])
                    for act in (own.unlink, *self._get_removals(own)):
                        with self.assertRaises(UserError):
                            act()
                    self.assertTrue(record.exists())
                    # where a row is there only once, the database refuses another
                    for act in (own.copy, *self._get_additions(own)):
                        made, _refusal = self._try(act)
                        self.assertFalse(
                            made
                            and any(row._is_fixed() for row in made.sudo() - record)
                        )
                with self.subTest(**case), self._undone():
                    self._clear(record)
                    self.assertFalse(record._is_fixed())
                    _made, refusal = self._try(own.unlink)
                    # for another reason: a seat that was used, an own share
                    self.assertNotIn(ROW, refusal)
                    if not refusal:
                        self.assertFalse(record.exists())
                        removed.add(record._name)
        self.assertGreaterEqual(
            removed,
            {
                "hoithi.criterion.level",
                "hoithi.document.text",
                "hoithi.document.recipient",
                "hoithi.dossier.item",
                "hoithi.nomination.line",
                "hoithi.jury",
                "hoithi.prize",
                "hoithi.session.attendance",
                "hoithi.session.item",
                "hoithi.tie.break",
                "hoithi.vote.question",
            },
        )

    # DOORS

    def test_what_is_fixed_is_refused_at_every_door(self):
        tried = set()
        for record, flag, names in self._get_cases():
            with self._undone():
                for turn, name in enumerate(names):
                    self._set_flag(record, flag, True, turn)
                    self.assertTrue(record[flag], (record, flag, turn))
                    self._check_refused(record, name, tried)
        self.assertGreater(len(tried), 300)
        doors = {door for _model, _name, _user, door in tried}
        self.assertGreaterEqual(doors, {"write", "web_save", "load", "prize_ids"})

    def _check_refused(self, record, name, tried):
        field = record._fields[name]
        value = self._get_other(field, record)
        if value is None or (name in record._late_fields and not record[name]):
            return
        before = record[name]
        for number, user in enumerate(self._get_writers(record)):
            # one role tries every door, the others the one behind each
            doors = self._get_doors(record.with_user(user), name, value)
            for door, act in islice(doors, 1 if number else None):
                case = {"model": record._name, "field": name, "user": user.login}
                with self.subTest(**case, door=door):
                    with self.assertRaises(UserError):
                        act()
                    tried.add((record._name, name, user.login, door))
        self.assertEqual(record[name], before)

    def test_what_is_open_is_written(self):
        """Beside each refusal: before the flag the same field is taken."""
        written = {}
        for record, flag, names in self._get_cases():
            if flag == "id":
                continue
            taken = written.setdefault((record._name, flag), set())
            with self._undone():
                self._clear(record)
                self.assertFalse(record[flag], (record, flag))
                self.assertFalse(record._get_fixed_fields() & set(names))
                for name in names:
                    value = self._get_other(record._fields[name], record)
                    if value is not None and self._is_taken(record, name, value):
                        taken.add(name)
        # an agenda holds what awaits the council, and no other entry does here
        written.pop(("hoithi.session.item", "is_voted"))
        # its council keeps this contest in its department
        written.pop(("hoithi.contest", "is_launched"))
        self.assertFalse([case for case, names in written.items() if not names])

    def _is_taken(self, record, name, value):
        """Tell whether one who may writes a value, as far as it is a sensible one."""
        writer = self._get_writer(record)
        if name in record._role_fields:
            writer = self.secretary
        own = record.with_user(writer)
        with self._undone():
            _result, refusal = self._try(partial(own.write, {name: value}))
            return not refusal

    # VIEWS

    def _get_nodes(self, node, model):
        """Yield (model, editable, node) for all fields of a view and views in it."""
        editable = node.tag == "form" or bool(node.get("editable"))
        stack = list(node)
        while stack:
            child = stack.pop()
            if not isinstance(child.tag, str):
                continue
            if child.tag != "field":
                stack += list(child)
                continue
            field = model._fields.get(child.get("name"))
            if field is None:
                continue
            yield model, editable, child
            for view in child:
                if view.tag in ("form", "list", "kanban") and field.comodel_name:
                    yield from self._get_nodes(view, self.env[field.comodel_name])

    def test_views_are_read_only_by_themselves(self):
        shown = set()
        guard = self.registry["hoithi.guard.mixin"]
        views = self.env["ir.ui.view"].search(
            [
                ("model", "like", "hoithi."),
                ("type", "in", ("form", "list")),
                ("mode", "=", "primary"),
            ]
        )
        for view in views:
            model = self.env[view.model]
            arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
            for owner, editable, node in self._get_nodes(arch, model):
                if not editable or not isinstance(owner, guard):
                    continue
                name, readonly = node.get("name"), node.get("readonly") or ""
                if readonly in ("1", "True"):
                    continue
                with self.subTest(view=view.xml_id, model=owner._name, field=name):
                    # empty: fields_get says it
                    if name in owner._get_server_fields():
                        self.assertFalse(readonly)
                    for flag, names in owner._get_fixed_table().items():
                        if name in names:
                            self.assertRegex(readonly, rf"\b{flag}\b")
                            shown.add((owner._name, name))
        self.assertGreater(len(shown), 80)

    def test_no_view_says_it_again(self):
        """Nor something else: what is fixed stands in the table alone."""
        again = []
        guard = self.registry["hoithi.guard.mixin"]
        for view in self.env["ir.ui.view"].search([("model", "like", "hoithi.")]):
            if view.type not in ("form", "list"):
                continue
            arch = etree.fromstring(view.arch_db)
            for owner, _editable, node in self._get_nodes(arch, self.env[view.model]):
                if isinstance(owner, guard):
                    readonly = node.get("readonly") or ""
                    flags = owner._get_readonly(node.get("name"))
                    again += [
                        (view.xml_id, node.get("name"), readonly)
                        for flag in flags.split(" or ")
                        if flag and flag in readonly.replace("(", " ").split()
                    ]
        self.assertFalse(again)

    def test_no_line_is_offered_where_rows_are_fixed(self):
        """Nor a bin: neither is seen where a click would only be refused."""
        seen, offered = set(), []
        for view in self.env["ir.ui.view"].search(
            [("model", "like", "hoithi."), ("type", "=", "form")]
        ):
            model = self.env[view.model]
            arch = etree.fromstring(model.get_view(view.id, "form")["arch"])
            for owner, _editable, node in self._get_nodes(arch, model):
                rows = owner._fields[node.get("name")].comodel_name
                lines = node.find("list")
                if lines is None or not getattr(self.env[rows], "_fixed_rows", ()):
                    continue
                seen.add(rows)
                for act in ("create", "delete"):
                    if lines.get(act) not in ("0", "False", "false") and not (
                        node.get("readonly")
                        or lines.xpath(f"control/{act}[@invisible]")
                    ):
                        offered.append((view.xml_id, node.get("name"), act))
        self.assertLessEqual({"hoithi.council.member", "hoithi.session.item"}, seen)
        self.assertFalse(offered)

    def test_a_role_keeps_its_field_where_it_is_fixed_too(self):
        """A due date is the secretary's while the sheet is awaited, and shown so."""
        for user, expected in ((self.secretary, False), (self.member1, True)):
            arch = etree.fromstring(
                self.env["hoithi.review"]
                .with_user(user)
                .get_view(view_type="form")["arch"]
            )
            [node] = arch.xpath("//field[@name='due_date']")
            with self.subTest(user=user.login):
                self.assertEqual(node.get("readonly") == "True", expected)
                self.assertIn(node.get("readonly"), ("True", "is_ended"))

    # DOCS

    def test_the_table_of_the_docs_is_drawn_from_the_code(self):
        folder = Path(file_path("hoithi_contest")).parent / "docs" / "dev"
        draw = runpy.run_path(str(folder / "draw_rights.py"))["draw"]
        self.assertEqual(
            (folder / "rights.md").read_text(encoding="utf-8"), draw(self.env)
        )
