import re
from datetime import datetime
from functools import partial
from unittest import TestCase

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.modules import loading
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from .guard_common import IMPORTED, GuardCommon

#: Names that tell of a fact: who, when, consent, numbers given, fingerprints.
FACTS = re.compile(
    r"_(on|by|by_id|at|reason|error|length)$"
    r"|^(is_|results_)?published|^(consent|confirmed|locked|pinned|sha256|hash)"
    r"|^(receipt_number|digest|error)$"
)


@tagged("post_install", "-at_install")
class TestGuard(GuardCommon):
    """What only its person or the server may set, in every model and at every door."""

    # DECLARATION

    def test_every_model_has_the_guard(self):
        guard = self.registry["hoithi.guard.mixin"]
        models = self._get_models()
        self.assertGreater(len(models), 40)
        self.assertFalse(
            [model._name for model in models if not isinstance(model, guard)]
        )

    def test_there_is_a_record_of_each_guarded_model(self):
        """What anybody may write to is tried at every door."""
        guarded = {
            model._name
            for model in self._get_models()
            if self._get_guarded(model) or model._given_fields or model._role_fields
            if any(model.with_user(user).has_access("write") for user in self.users)
        }
        self.assertEqual(guarded - {record._name for record in self.records}, set())

    def test_no_fact_is_forgotten(self):
        """A field that is named as a fact is guarded, or people enter it: say so."""
        entered = {
            # the secretary enters what the world outside did
            "hoithi.nomination": {"sent_on", "decided_on"},
            # no act: the day by which ages are told is a rule
            "hoithi.contest": {"age_on"},
            # a day that is planned is none that was
            "hoithi.document": {"planned_on"},
            # the legal officer dates what was compared, and says what replaced what
            "hoithi.legal.text": {"checked_on", "replaced_by_id"},
            # no moment: the text that the criterion is about
            "hoithi.criterion": {"looks_at"},
            # no person: the way in which entries go on
            "hoithi.round": {"advance_by"},
        }
        for model in self._get_models():
            open_facts = {
                name
                for name, field in model._fields.items()
                if field.store
                and "hoithi_contest" in field._modules
                and FACTS.search(name)
                and name not in self._get_guarded(model)
                and name not in model._given_fields
            }
            if model.with_user(self.secretary).has_access("write") or (
                model.with_user(self.staff).has_access("write")
            ):
                with self.subTest(model=model._name):
                    self.assertFalse(open_facts - entered.get(model._name, set()))

    # DEFAULTS

    def test_no_default_is_taken(self):
        """Neither of the context nor of the user, and not under `sudo()` either."""
        for model in self._get_models():
            names = self._get_guarded(model)
            forged = {
                f"default_{name}": value
                for name in names
                if (value := self._get_other(model._fields[name])) is not None
            }
            for user in self.users:
                for asked in (model.with_user(user), model.with_user(user).sudo()):
                    own = asked.default_get(names)
                    taken = asked.with_context(**forged).default_get(names)
                    with self.subTest(model=model._name, user=user.login):
                        self.assertEqual(set(taken), set(own))
                        for name, value in taken.items():
                            if isinstance(value, datetime):
                                self.assertGreater(value.year, 2019)
                            else:
                                self.assertEqual(value, own[name], name)

    def test_an_open_door_takes_no_default(self):
        """What the server makes is what it looked at, and nothing sent along."""
        for model in self._get_models():
            door = model.with_user(self.secretary)._open_door()
            forged = {
                name: value
                for name, field in model._fields.items()
                if field.store
                and not field.compute
                and (value := self._get_other(field)) is not None
            }
            sent = {f"default_{name}": value for name, value in forged.items()}
            own = door.default_get(list(forged))
            taken = door.with_context(**sent).default_get(list(forged))
            with self.subTest(model=model._name):
                self.assertEqual(set(taken), set(own))
                for name, value in taken.items():
                    if not isinstance(value, datetime):
                        self.assertEqual(value, own[name], name)

    def test_no_default_of_the_user_is_taken(self):
        values = {}
        for model in self._get_models():
            for name in self._get_guarded(model):
                field = model._fields[name]
                if field.type not in ("char", "text", "boolean", "integer", "datetime"):
                    continue
                values[model._name, name] = value = self._get_other(field)
                self.env["ir.default"].sudo().set(
                    model._name, name, value, user_id=self.secretary.id
                )
        self.assertGreater(len(values), 60)
        for (model, name), value in values.items():
            taken = self.env[model].with_user(self.secretary).default_get([name])
            with self.subTest(model=model, field=name):
                self.assertNotEqual(taken.get(name), value)

    def test_consent_is_not_forged(self):
        """Neither for an entry nor for a co-author, by whatever way one makes lines."""
        forged = {
            "default_consent_publish": True,
            "default_consent_on": "2020-01-01 00:00:00",
            "default_confirmed_on": "2020-01-01 00:00:00",
        }
        entries = self.env["hoithi.entry"].with_user(self.internal)
        lines = self.draft.with_user(self.internal).author_ids
        other = {
            "entry_id": self.draft.id,
            "email": self.coauthor.email,
        }
        values = {"name": "Giả mạo", "contest_id": self.open_contest.id}
        for name, value in forged.items():
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    lines.with_context(**{name: value}).create(other)
                with self.assertRaises(AccessError):
                    lines.create({**other, name.removeprefix("default_"): value})
                with self.assertRaises(AccessError):
                    self.draft.with_user(self.internal).with_context(
                        **{name: value}
                    ).write({"author_ids": [Command.create(other)]})
        with self.assertRaises(AccessError):
            entries.with_context(default_consent_publish=True).create(values)
        for name, value in forged.items():
            self.env["ir.default"].sudo().set(
                "hoithi.entry.author",
                name.removeprefix("default_"),
                value,
                user_id=self.internal.id,
            )
        line = lines.create(other)
        self.assertFalse(line.consent_publish or line.consent_on or line.confirmed_on)
        # what is said in so many words, for oneself, is taken
        self.draft.with_user(self.internal).consent_publish = True
        self.assertTrue(lines.consent_publish and self.draft.consent_on)

    def test_no_declaration_is_ticked_before(self):
        for model, name in (
            ("hoithi.submission", "is_committed"),
            ("hoithi.statement.sign", "accepted"),
        ):
            self.env["ir.default"].sudo().set(model, name, True)
            dialog = self.env[model].with_user(self.member1)
            with self.subTest(model=model):
                for asked in (dialog, dialog.with_context(**{f"default_{name}": True})):
                    self.assertFalse(asked.default_get([name]).get(name))

    # VALUES

    def test_nothing_is_given_with_a_new_record(self):
        for model in self._get_models():
            for name in model._get_server_fields():
                field = model._fields[name]
                value = self._get_other(field)
                if value is None:
                    continue
                label = field._description_string(self.env)
                for user in (self.staff, self.secretary, self.admin):
                    asked = model.with_user(user)
                    with self.subTest(model=model._name, field=name, user=user.login):
                        for writer in (asked, asked.sudo()):
                            # it writes nothing: no savepoint for each of them
                            with TestCase.assertRaises(self, AccessError) as refusal:
                                writer._check_given([{name: value}])
                            self.assertIn(label, str(refusal.exception))
                        if asked.has_access("create"):
                            with self.assertRaises(UserError):
                                asked.create({name: value})

    @mute_logger("odoo.models.unlink")
    def test_nothing_is_written(self):
        """Through `write`, `web_save`, an import, or as a line of the parent."""
        for record in self.records:
            # whoever may write nothing of it is refused anyway
            writers = [u for u in self.users if record.with_user(u).has_access("write")]
            for name in (*record._get_server_fields(), *record._given_fields):
                field = record._fields[name]
                value = self._get_other(field, record)
                before = record[name]
                if value is None:
                    continue
                for number, user in enumerate(writers):
                    own = record.with_user(user)
                    is_line = record._name == "hoithi.entry.author"
                    if (
                        is_line
                        and name == "confirmed_on"
                        and record.partner_id == user.partner_id
                    ):
                        # everyone confirms the own share
                        continue
                    doors = [partial(own.write, {name: value})]
                    if not number:
                        # one role tries every door, the others the one behind each
                        doors += self._get_more_doors(own, name, value)
                    for door in doors:
                        with (
                            self.subTest(model=record._name, field=name, user=user.id),
                            self.assertRaises(UserError),
                        ):
                            door()
                self.assertEqual(record[name], before)

    def _get_more_doors(self, own, name, value):
        doors = [partial(call_kw, own, "web_save", [own.ids, {name: value}, {}], {})]
        if own._fields[name].type in IMPORTED:
            doors.append(partial(self._import, own, name, value))
        for line in self.lines.get(own._name, ()):
            inverse = own.sudo()[line.inverse_name]
            if inverse and inverse._name == line.model_name:
                parent = inverse.with_user(own.env.user)
                commands = [Command.update(own.id, {name: value})]
                if name not in own._given_fields:
                    field = own._fields[name]
                    # a line of the same parent computes the same; what a kind says
                    # of itself is of the line alone
                    of_parent = field.compute and field.type != "boolean"
                    other = value if of_parent else self._get_other(field)
                    commands.append(Command.create({name: other}))
                doors += [
                    partial(parent.write, {line.name: [command]})
                    for command in commands
                ]
        return doors

    @mute_logger("odoo.models.unlink")
    def test_a_role_sets_its_fields_alone(self):
        """Whoever else may write the record is refused at each door."""
        refused, written = set(), set()
        declared = {
            (model._name, name)
            for model in self._get_models()
            for name in model._role_fields
        }
        for record in self.records:
            for name, groups in record._role_fields.items():
                key = (record._name, name)
                value = self._get_other(record._fields[name], record)
                for user in self.users:
                    own = record.with_user(user)
                    with self.subTest(model=own._name, field=name, user=user.login):
                        if not user.has_groups(",".join(groups)):
                            self._check_role_refused(own, name, value)
                            refused.add(key)
                        elif own.has_access("write"):
                            self.assertTrue(own._may_set(name))
                            self.assertTrue(own.browse()._check_given([{name: value}]))
                            if self._is_written(own, name, value):
                                written.add(key)
        self.assertEqual(refused, declared)
        # a unit goes by its authors and is fixed with them; votes come together
        other = {
            ("hoithi.entry", "department_id"),
            ("hoithi.entry.author", "department_id"),
            ("hoithi.round.entry", "votes_for"),
        }
        self.assertEqual(written, declared - other)

    def _check_role_refused(self, own, name, value):
        label = own._fields[name]._description_string(self.env)
        nobody, before = own.browse(), own.sudo()[name]
        with self.assertRaises(AccessError) as refusal:
            nobody._check_given([{name: value}])
        self.assertIn(label, str(refusal.exception))
        taken = nobody.with_context(**{f"default_{name}": value}).default_get([name])
        self.assertEqual(taken, nobody.default_get([name]))
        doors = [partial(own.write, {name: value})]
        if own.has_access("write"):
            self.assertFalse(own._may_set(name))
            doors += self._get_more_doors(own, name, value)
        if own.has_access("create"):
            doors.append(partial(nobody.create, {name: value}))
            if own.has_access("read"):
                self.assertNotIn(name, own.copy_data()[0])
        for door in doors:
            with self.assertRaises(UserError):
                door()
        self.assertEqual(own.sudo()[name], before)

    def _is_written(self, own, name, value):
        """Tell whether one whose field it is writes it; it is undone again."""
        with self.env.cr.savepoint() as savepoint:
            try:
                own.write({name: value})
                self.env.flush_all()
                return True
            except UserError:
                return False
            finally:
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_import_is_refused(self):
        entry = self.draft.with_user(self.internal)
        for name in ("code", "receipt_number", "withdraw_reason"):
            result = entry.load([".id", name], [[str(entry.id), "forged"]])
            label = entry._fields[name]._description_string(self.env)
            self.assertIn(label, result["messages"][0]["message"])
            self.assertNotEqual(entry[name], "forged")

    def test_what_comes_back_as_it_is_is_harmless(self):
        """Forms send what they read."""
        entry = self.draft.with_user(self.internal)
        names = ("code", "company_id", "consent_on", "submitted_on")
        [read] = entry.read(names, load=None)
        entry.write(
            {
                "name": "Tên mới",
                **{name: read[name] for name in names},
            }
        )
        self.assertEqual(entry.name, "Tên mới")
        made = self.env["hoithi.outreach"].with_user(self.secretary)
        outreach = made.create(
            {
                "contest_id": self.contest.id,
                "department_id": self.unit.id,
                "user_id": self.secretary.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(outreach.user_id, self.secretary)

    def test_a_form_that_isnt_saved_is_not_believed(self):
        """What the server alone sets opens nothing where a form says it."""
        asked = 0
        for record in self.records:
            forged = {
                name: value
                for name, field in record._fields.items()
                if (field.readonly or name == "state")
                and field.type not in ("binary", "one2many", "many2many", "json")
                # links to what one can't read are refused aloud
                and not (field.comodel_name or "").startswith(("hoithi.", "ir."))
                and name not in ("id", "display_name")
                and not name.startswith(("activity_", "my_activity_"))
                and (value := self._get_other(field, record)) is not None
            }
            writers = [u for u in self.users if record.with_user(u).has_access("write")]
            for user in writers[:2]:
                own = record.with_user(user)
                spec = {
                    name: {}
                    for name, told in own.fields_get([], ["type", "readonly"]).items()
                    if told["type"] not in ("binary", "one2many", "many2many")
                    and not name.startswith(("activity_", "my_activity_"))
                }
                name = next(
                    (n for n in sorted(spec) if n != "state" and own._is_believed(n)),
                    None,
                )
                with self.subTest(model=record._name, user=user.login):
                    self.assertFalse(own.onchange(dict(forged), [*forged], spec))
                    if not name or name not in record._fields:
                        continue
                    values = {name: record.read([name], load=None)[0][name]}
                    honest = own.onchange(dict(values), [name], spec)
                    told = own.onchange({**forged, **values}, [name], spec)
                    self.assertEqual(told, honest)
                    asked += 1
        self.assertGreater(asked, 40)

    def test_lines_that_arent_saved_are_not_believed(self):
        entry = self.draft.with_user(self.internal)
        line = entry.author_ids
        names = ("confirmed_on", "contribution_percent", "full_name")
        spec = {"author_ids": {"fields": {name: {} for name in names}}}
        moment = "2020-01-01 00:00:00"
        commands = [
            [1, line.id, {"confirmed_on": moment, "contribution_percent": 60}],
            [0, "virtual_1", {"confirmed_on": moment}],
        ]
        told = entry.onchange({"author_ids": commands}, ["author_ids"], spec)
        self.assertNotIn("2020", str(told))
        # nor is a line of another entry shown as one of this
        foreign = [*commands, [4, self.entry.author_ids[1].id, False]]
        with self.assertRaises(AccessError):
            entry.onchange({"author_ids": foreign}, ["author_ids"], spec)

    def test_a_copy_starts_anew(self):
        for record in self.records:
            [values] = record.copy_data()
            with self.subTest(model=record._name):
                self.assertFalse(set(values) & set(self._get_guarded(record)))

    def test_fields_are_read_only_by_themselves(self):
        fields = (
            self.env["hoithi.entry"]
            .with_user(self.staff)
            .fields_get(["code", "name", "priority"], ["readonly"])
        )
        self.assertTrue(fields["code"]["readonly"])
        self.assertTrue(fields["priority"]["readonly"])
        self.assertFalse(fields["name"]["readonly"])

    # DOOR

    def test_only_an_object_opens_the_door(self):
        entry = self.entry.with_user(self.secretary)
        forged = {
            "hoithi_door": ["hoithi.entry", None],
            "install_module": "hoithi_contest",
            "install_mode": True,
        }
        for asked in (entry, entry.sudo()):
            with self.assertRaises(AccessError):
                asked.with_context(**forged).code = "forged"
            self.assertFalse(asked.with_context(**forged)._is_data_load())
        # a door of one model is none of another
        with self.assertRaises(AccessError):
            self.contest._open_door().env["hoithi.entry"].with_user(
                self.secretary
            ).browse(entry.id).code = "forged"
        entry.sudo()._open_door().code = "HT-1"
        self.assertEqual(entry.code, "HT-1")
        self.assertFalse(entry.with_context(hoithi_door=Load())._is_data_load())

    def test_demo_data_may_be_loaded_later(self):
        seen = []

        def force_demo(env):
            seen.append(env["hoithi.entry"].sudo()._is_data_load())

        self.patch(loading, "force_demo", force_demo)
        system = self.env.ref("base.user_admin")
        self.env["ir.demo"].with_user(system).install_demo()
        self.assertEqual(seen, [True])

    def test_the_record_knows_its_moment(self):
        """Server fields have the server's clock, whatever a form sends."""
        entry = self.draft.with_user(self.internal)
        with self.assertRaises(AccessError):
            entry.with_context(default_asked_on="2019-01-01 00:00:00").env[
                "hoithi.question"
            ].create({"contest_id": self.contest.id, "subject": "Hỏi", "body": "Gì?"})
        question = (
            self.env["hoithi.question"]
            .with_user(self.internal)
            .create({"contest_id": self.contest.id, "subject": "Hỏi", "body": "Gì?"})
        )
        self.assertLess(abs((question.asked_on - Datetime.now()).total_seconds()), 60)
