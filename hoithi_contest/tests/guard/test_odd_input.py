import inspect
import io

import pikepdf
import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PDF, HoithiCommon

ADDON = "odoo.addons.hoithi_contest"
#: What ends a call without a sentence for its reader.
RAW = (ArithmeticError, AssertionError, AttributeError, LookupError, NameError)
RAW += (RecursionError, TypeError, ValueError, psycopg2.Error)
ODD = (5, -1, 1e300, 10**12, True, "x\0y", "", [1], [], {"a": 1}, None, [["x"]])
#: What every model has of Odoo; the addon only adds to it.
ORM = {"create", "write", "copy", "copy_data", "default_get", "unlink", "fields_get"}
ORM |= {"web_read", "web_save", "web_search_read", "message_route", "message_update"}


@tagged("post_install", "-at_install")
class TestOddInput(HoithiCommon):
    """What a call over RPC may carry is refused in words, never by a Python error."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = [
            cls.env.ref(f"hoithi_contest.group_{role}").id
            for role in ("secretary", "leader", "publisher", "admin", "member")
        ]
        cls.office = cls._create_logins(
            [
                {
                    "login": "t_office",
                    "name": "Văn Phòng",
                    "email": "office@sotnmt.example.vn",
                    "group_ids": [
                        Command.set([cls.env.ref("base.group_user").id, *groups])
                    ],
                }
            ]
        )
        cls._launch()
        entry = cls._submit_entry()
        entry.with_user(cls.secretary).action_mark_eligible()
        cls._assign(entry, cls.member1)

    def _get_public_methods(self, abstract=False):
        """Yield (model name, method name, names of its arguments)."""
        seen = set()
        for name, model in sorted(self.env.registry.items()):
            if not name.startswith("hoithi.") or bool(model._abstract) != abstract:
                continue
            for method in filter(str.isidentifier, dir(model)):
                function = inspect.unwrap(getattr(model, method, None) or (lambda: 0))
                module = getattr(function, "__module__", "") or ""
                if method.startswith("_") or method in ORM:
                    continue
                if not inspect.isfunction(function) or not module.startswith(ADDON):
                    continue
                if function in seen:
                    continue
                try:
                    get_public_method(self.env[name], method)
                except UserError:
                    continue
                seen.add(function)
                yield name, method, list(inspect.signature(function).parameters)[1:]

    def _call(self, records, method, arguments):
        """Return the Python error that a call ends with, if it isn't one in words."""
        try:
            with self.env.cr.savepoint() as savepoint:
                getattr(records, method)(**arguments)
                self.env.flush_all()
                savepoint.rollback()
        except (UserError, psycopg2.errors.NotNullViolation):
            # what is missing Odoo says in words, once it is asked from outside
            return None
        except RAW as error:
            return error
        finally:
            self.env.invalidate_all()
        return None

    @mute_logger("odoo.sql_db")
    def test_public_methods(self):
        raw, count = [], 0
        for name, method, arguments in self._get_public_methods():
            model = self.env[name].with_user(self.office)
            some = model.browse(model.sudo().search([], limit=2).ids)
            cases = [(records, {}) for records in (model, some, some[:1])]
            if arguments:
                cases = [
                    (records, dict.fromkeys(arguments, value))
                    for value in ODD
                    for records in (model, some[:1])
                ]
            for records, given in cases:
                count += 1
                if error := self._call(records, method, given):
                    call = f"{name}{records.ids}.{method}({given})"
                    raw.append(f"{call}: {error!r}"[:220])
        self.assertGreater(count, 300)
        self.assertEqual(raw, [], "\n".join(raw))

    @mute_logger("odoo.sql_db")
    def test_methods_of_what_has_no_records(self):
        """A mixin's methods can be called by its own name as well."""
        raw, count = [], 0
        for name, method, arguments in self._get_public_methods(abstract=True):
            model = self.env[name].with_user(self.office)
            for records in (model, model.browse(1), model.browse([1, 2])):
                for value in (None, "x", 5):
                    count += 1
                    given = dict.fromkeys(arguments, value)
                    if error := self._call(records, method, given):
                        call = f"{name}{records.ids}.{method}({given})"
                        raw.append(f"{call}: {error!r}"[:220])
        self.assertGreater(count, 50)
        self.assertEqual(raw, [], "\n".join(raw))

    # VALUES

    def _refuse(self, act, *words):
        with self.assertRaises(UserError) as refusal:
            act()
            self.env.flush_all()
        for word in words:
            self.assertIn(word, str(refusal.exception))

    @mute_logger("odoo.sql_db")
    def test_values_of_another_kind(self):
        odd = {
            "many2one": ([1], [1, "x"], {"a": 1}, "x", 2**40),
            "many2one_reference": ("x", 2**40, [1]),
            "date": ("x", "9999-99-99"),
            "datetime": ("x", "10000-01-01 00:00:00"),
            "binary": (5, [1], {"a": 1}, "x"),
        }
        raw, count = [], 0
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(self.office)
            if not name.startswith("hoithi.") or not model.has_access("create"):
                continue
            some = model.browse(model.search([], limit=1).ids)
            for field in model._fields.values():
                if field.readonly or field.name == "state":
                    continue
                for value in odd.get(field.type, ()):
                    count += 1
                    vals = {field.name: value}
                    for records, call in (
                        (
                            model,
                            {"method": "create", "arguments": {"vals_list": [vals]}},
                        ),
                        (some, {"method": "write", "arguments": {"vals": vals}}),
                    ):
                        if error := self._call(records, **call):
                            raw.append(f"{name}.{call}: {error!r}"[:220])
        self.assertGreater(count, 300)
        self.assertEqual(raw, [], "\n".join(raw))

    def test_a_record_that_is_not_there(self):
        entry = self._create_entry()
        for vals, label in (
            ({"field_id": 10**6}, "Field"),
            ({"field_id": 10**12}, "Field"),
            ({"field_id": -1}, "Field"),
            ({"currency_id": 10**6}, "Currency"),
        ):
            with self.subTest(vals=vals):
                self._refuse(lambda vals=vals: entry.write(vals), label, "isn't there")
        contest = self.contest.with_user(self.secretary)
        for command in (Command.link(10**6), Command.set([10**6])):
            with self.subTest(command=command):
                self._refuse(
                    lambda command=command: contest.write({"field_ids": [command]}),
                    "isn't there",
                )
        entry.field_id = self.field

    def test_numbers_beyond_sense(self):
        entry = self._create_entry()
        rule = self.env["hoithi.notice.rule"].search([], limit=1)
        slot = self.env["hoithi.dossier.type"].create({"name": "Phụ lục"})
        for record, name, value in (
            (entry, "benefit_amount", -1),
            (entry, "benefit_amount", 1e300),
            (entry, "benefit_amount", float("nan")),
            (rule, "hour_from", 1e300),
            (rule, "hour_to", 25),
            (rule, "escalate_days", 10**9),
            (slot, "max_size_mb", 1e300),
            (slot, "max_size_mb", 1001),
            (self.contest, "grace_minutes", 10**9),
            (self.contest, "reviews_per_entry", 1000),
            (self.contest, "year_start", -5),
            (self.company, "hoithi_grace_minutes", 10**12),
            (self.company, "hoithi_retention_years", 1e300),
        ):
            with self.subTest(name=name, value=value):
                self._refuse(lambda r=record, n=name, v=value: r.write({n: v}))
        rule.hour_to = 24
        entry.benefit_amount = 1_000_000

    @mute_logger("odoo.sql_db")
    def test_settings_beyond_sense(self):
        for name, value in (
            ("hoithi_retention_years", 101),
            ("hoithi_grace_minutes", 1441),
            ("hoithi_reviews_per_entry", 51),
        ):
            with (
                self.subTest(name=name),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.company[name] = value
                self.env.flush_all()
        self.company.hoithi_retention_years = 100

    def test_a_dialog_that_asks_for_what_its_act_does_not_take(self):
        entry = self._create_entry()
        dialogs = self.env["hoithi.reason"].with_user(self.office)

        def apply(method, ids=None, **needs):
            dialog = dialogs.create(
                {
                    "res_model": "hoithi.entry",
                    "res_ids": str(entry.id) if ids is None else ids,
                    "method": method,
                    "reason": "Lý do",
                    **needs,
                }
            )
            return dialog.record_names, dialog.action_apply()

        for method, needs in (
            ("action_disqualify", {"needs_due": True}),
            ("action_mark_ineligible", {"needs_place": True}),
            ("action_withdraw", {"needs_parts": True}),
            ("action_request_supplement", {"needs_field": True}),
            ("action_submit", {}),
            ("unlink", {}),
        ):
            with self.subTest(method=method):
                self._refuse(
                    lambda m=method, n=needs: apply(m, **n), "can't be used here"
                )
        for ids in ("9" * 5000, str(10**20), "-1", "٣", "x"):
            with self.subTest(ids=ids[:9]):
                self.assertFalse(apply("action_disqualify", ids)[0])

    @mute_logger("odoo.sql_db")
    def test_states_and_what_a_form_has_seen(self):
        entry = self._create_entry().with_user(self.staff)
        contest = self.contest.with_user(self.office)
        names = ("date_start", "name", "council_id", "grace_minutes", "blind")
        for odd in ODD:
            with self.subTest(odd=odd):
                self.assertIsInstance(entry.get_move(odd), dict)
                self._refuse(lambda v=odd: entry.write({"state": v or "x"}))
                seen = contest.with_context(hoithi_seen=dict.fromkeys(names, odd))
                error = self._call(
                    seen,
                    "web_save",
                    {"vals": dict.fromkeys(names, odd), "specification": {}},
                )
                self.assertIsNone(error)
        contest.with_context(hoithi_seen={"grace_minutes": 15}).web_save(
            {"grace_minutes": 20}, {}
        )
        self.assertEqual(contest.grace_minutes, 20)

    def test_a_method_for_one_record_says_so(self):
        self._refuse(self.env["hoithi.document.run"].action_download, "one record")

    def test_a_locked_pdf_is_no_description(self):
        with pikepdf.open(io.BytesIO(PDF)) as document:
            locked, open_to_read = io.BytesIO(), io.BytesIO()
            document.save(locked, encryption=pikepdf.Encryption(user="x", owner="y"))
            document.save(
                open_to_read, encryption=pikepdf.Encryption(user="", owner="y")
            )
        entry = self._create_entry(with_file=False)
        self._refuse(
            lambda: self._add_file(entry, locked.getvalue()), "locked by a password"
        )
        self._add_file(entry, open_to_read.getvalue())
        entry.action_submit()
        self.assertEqual(entry.state, "submitted")

    def test_control_characters(self):
        entry = self._create_entry(name="Phần\x00 mềm\x07 đo", with_file=False)
        self.assertEqual(entry.name, "Phần mềm đo")
        item = self._add_file(entry, filename="mo\x00ta\x1b.pdf")
        self.assertEqual(item.filename, "mota.pdf")
        for datas in (5, ["x"], {"a": 1}):
            with self.subTest(datas=datas):
                self._refuse(
                    lambda datas=datas: item.create(
                        {
                            "entry_id": entry.id,
                            "type_id": self.dossier_type.id,
                            "filename": "a.pdf",
                            "datas": datas,
                        }
                    )
                )
