import inspect
import re
from contextlib import contextmanager
from fnmatch import fnmatch
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..guard.guard_common import GuardCommon
from .own_favour_common import ARGUMENTS, DIALOGS, HARMLESS, HARMLESS_MODELS, ORM

ADDON = "odoo.addons.hoithi_contest"
PHASES = ("open", "screening", "review", "council", "closed")
#: How a refusal says that it is for the own entry.
OWN = re.compile(r"[Yy]ou compete|You are an author|is your own")
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(hoithi_\w+)')


@tagged("post_install", "-at_install")
class TestOwnFavourWalk(GuardCommon):
    """Whatever a secretary who competes can call or write, on what is of a rival.

    Each act is refused, or stands on the list of those that favour nobody.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_second(department_id=cls.unit.id)
        cls._set_phase("open")
        cls._eligible_entry(cls.second, name="Giải pháp của thư ký")
        cls._set_phase("review")
        cls.env.flush_all()
        loaded = cls.env["base"].with_context(hoithi_door=Load()).env
        [item] = [one for one in cls.records if one._name == "hoithi.session.item"]
        past = loaded["hoithi.past.solution"].create(
            {"name": "Giải pháp cũ", "edition": "Hội thi lần thứ 5", "year": 2013}
        )
        of_entry = {"entry_id": cls.entry.id}
        cls.records += [
            loaded[name].create(values).with_context(hoithi_door=False)
            for name, values in {
                "hoithi.adjudication": {
                    **of_entry,
                    "opened_on": "2026-01-02 03:04:05",
                },
                "hoithi.novelty.match": {**of_entry, "past_id": past.id},
                "hoithi.session.opinion": {
                    "item_id": item.id,
                    "member_id": cls.seats[cls.member2].id,
                    "due_on": "2026-01-02 03:04:05",
                },
            }.items()
        ]
        copies = cls.env["hoithi.review.copy"]
        cls.records += copies.search([("entry_id", "=", cls.entry.id)], limit=1)
        cls.rivals = {}
        for record in cls.records:
            if record._name not in HARMLESS_MODELS:
                cls.rivals.setdefault(record._name, record.sudo())

    @classmethod
    def _set_phase(cls, phase):
        cls.contest.with_context(hoithi_door=Load()).state = phase

    # WALK

    @classmethod
    def _get_acts(cls, model):
        """Yield (name, arguments) of the methods of the addon that RPC calls."""
        for name in filter(str.isidentifier, dir(type(model))):
            function = inspect.unwrap(getattr(type(model), name) or (lambda: 0))
            if name in ORM or name.startswith(("_", *DIALOGS)):
                continue
            module = getattr(function, "__module__", "") or ""
            if not inspect.isfunction(function) or not module.startswith(ADDON):
                continue
            try:
                get_public_method(model, name)
            except (UserError, AttributeError):
                continue
            asked = list(inspect.signature(function).parameters)[1:]
            yield name, {key: ARGUMENTS[key] for key in asked if key in ARGUMENTS}

    def _get_places(self, record, act):
        """Return the (phase, state) in which an act is tried."""
        field = record._fields.get("state")
        if not field or record._name == "hoithi.contest":
            return [(phase, None) for phase in PHASES]
        present = record.state
        states = {
            one.source
            for one in getattr(record, "_transitions", ())
            if getattr(one, "method", None) == act
        }
        if act.startswith("write:") or not states:
            states = {key for key, _label in field._description_selection(self.env)}
            return [
                *((phase, present) for phase in PHASES),
                *(("council", state) for state in sorted(states - {present})),
            ]
        return [(phase, state) for state in sorted(states) for phase in PHASES]

    @contextmanager
    def _at(self, record, phase, state):
        """Bring contest and record to where an act is tried, and undo all of it."""
        savepoint = self.env.cr.savepoint()
        try:
            self._set_phase(phase)
            if state and record.state != state:
                record.with_context(hoithi_door=Load()).state = state
            self.env.flush_all()
            yield
        finally:
            self.env.transaction.clear()
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def _try(self, act):
        """Return what becomes of an act: done, own, role, other or nothing."""
        written = set()
        execute = Cursor.execute

        def note(cursor, query, *args, **kwargs):
            text = query.code if isinstance(query, SQL) else query
            if found := WRITES.match(text):
                written.add(found[1])
            return execute(cursor, query, *args, **kwargs)

        savepoint = self.env.cr.savepoint()
        try:
            with patch.object(Cursor, "execute", note):
                act()
                self.env.flush_all()
        except UserError as error:
            if OWN.search(str(error)):
                return "own", str(error)
            kind = "role" if isinstance(error, AccessError) else "other"
            return kind, str(error)
        except Exception as error:  # noqa: BLE001 what it lacks is told by the list
            return "other", repr(error)
        finally:
            self.env.transaction.clear()
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        kept = {name for name in written if self._is_kept(name)}
        return ("done", ", ".join(sorted(kept))) if kept else ("nothing", "")

    def _is_kept(self, table):
        model = self.env.get(table.replace("_", "."))
        return model is None or not model._transient

    def _judge(self, name, tried):
        """Return what is wrong with an act by all that became of it, or nothing."""
        kinds = {kind for kind, _said in tried}
        if "done" in kinds:
            return next(f"writes {said}" for kind, said in tried if kind == "done")
        # what nobody may write at any time is refused to whoever competes as well
        if name == "unlink" or name.startswith("write:"):
            return ""
        if "own" in kinds or kinds <= {"role", "nothing"}:
            return ""
        return next(f"isn't reached: {said}" for kind, said in tried if kind == "other")

    def _walk(self, acts):
        """Return what is wrong, by act: acts is {(record, name): function}."""
        places, tried = {}, {}
        for (record, name), act in acts.items():
            for place in self._get_places(record, name):
                places.setdefault((record, *place), []).append((name, act))
        for (record, phase, state), here in places.items():
            try:
                with self._at(record, phase, state):
                    for name, act in here:
                        key = f"{record._name}.{name}"
                        tried.setdefault(key, []).append(self._try(act))
            except Exception:  # noqa: BLE001 a state that this record can't be in
                self.env.invalidate_all(flush=False)
        return {
            key: wrong
            for key, said in tried.items()
            if (wrong := self._judge(key.rpartition(".")[2], said))
        }

    def _assert_listed(self, wrong):
        wrong = {
            key: said
            for key, said in wrong.items()
            if not any(fnmatch(key, listed) for listed in HARMLESS)
        }
        self.assertFalse(
            wrong,
            "refuse it to whoever competes (hoithi.entry._check_impartial), or say in "
            "own_favour_common why it favours nobody:\n"
            + "\n".join(f"{key}: {said[:150]}" for key, said in sorted(wrong.items())),
        )

    # TESTS

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def test_acts(self):
        acts = {
            (record, name): lambda record=record, name=name, given=given: getattr(
                record.with_user(self.second), name
            )(**given)
            for record in self.rivals.values()
            for name, given in self._get_acts(record)
        }
        self.assertGreater(len(acts), 120)
        self._assert_listed(self._walk(acts))

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def test_fields_and_records(self):
        acts = {}
        for record in self.rivals.values():
            mine = record.with_user(self.second)
            if mine.has_access("unlink"):
                acts[record, "unlink"] = mine.unlink
            if not mine.has_access("write"):
                continue
            for field in record._fields.values():
                if field.readonly or field.name == "state":
                    continue
                if not (field.store or field.inverse) or field.name.startswith(
                    ("message_", "activity_")
                ):
                    continue
                value = self._get_other(field, record)
                if value is not None:
                    acts[record, f"write:{field.name}"] = (
                        lambda mine=mine, name=field.name, value=value: mine.write(
                            {name: value}
                        )
                    )
        self.assertGreater(len(acts), 100)
        self._assert_listed(self._walk(acts))

    def test_each_model_is_walked_or_listed(self):
        reached = {
            model._name
            for model in self._get_models()
            if any(
                model.with_user(self.second).has_access(operation)
                for operation in ("write", "create", "unlink")
            )
            or any(name.startswith("action_") for name, _given in self._get_acts(model))
        }
        lacking = reached - set(self.rivals) - set(HARMLESS_MODELS)
        self.assertFalse(lacking, "models that nobody walks")
        self.assertFalse(set(HARMLESS_MODELS) - set(self.env.registry), "are gone")

    def test_the_list_holds_nothing_that_is_gone(self):
        for listed in HARMLESS:
            model, _, name = listed.rpartition(".")
            with self.subTest(listed=listed):
                self.assertIn(model, self.rivals)
                if "*" in name or name == "unlink":
                    continue
                self.assertTrue(
                    name.removeprefix("write:") in self.env[model]._fields
                    if name.startswith("write:")
                    else hasattr(self.env[model], name)
                )
