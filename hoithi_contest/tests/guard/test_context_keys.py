import ast
from functools import partial
from itertools import cycle, product
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from ...models.contest.hoithi_entry_author_consent import WORDS
from ...models.contest.ir_actions_act_window import SHOWN, SWITCH
from ...models.contest.ir_rule import HOUSES
from ...models.council.hoithi_ranking import RANKED
from ...models.council.hoithi_standing_mixin import FETCHING, HIDDEN
from ...models.guard.hoithi_guard_mixin import DOOR, SEEN, Load
from ...models.guard.hoithi_log_mixin import LOG
from ...models.guard.mail_mail import WRITER
from ...models.guard.mail_message import ACT
from ...models.guard.mail_thread import UNLOGGED
from .guard_common import GuardCommon

ROOT = Path(file_path("hoithi_contest"))

#: Keys that the addon reads, and why they may be anybody's.
KNOWN = {
    DOOR: "an object that no call carries",
    ACT: "an object that no call carries",
    WRITER: "an object that no call carries",
    HOUSES: "set anew wherever rules are put together",
    LOG: "an object as well; with anything else, changes are logged one by one",
    SEEN: "refuses more",
    FETCHING: "an object that no call carries",
    HIDDEN: "an object that no call carries",
    RANKED: "an object that no call carries",
    WORDS: "an object that no call carries",
    SWITCH: "what a form proposes; the value is checked as any other",
    SHOWN: "which one; looked up with the caller's own rights",
    "hoithi_count_later": "known by its identity",
    "hoithi_juries_together": "known by its identity",
    "hoithi_kind": "which document is made; made with the caller's own rights",
    "hoithi_waived": "what is waived; checked as the argument is",
    "default_*": "checked as the values are",
    "install_mode": "Odoo's own letter instead of the department's",
    "import_file": "as above",
    "read_group_expand": "which columns of a board are folded",
    "show_email": "hides more",
    "storage_location": "which storage takes content, where another addon reads it",
    "ir_cron_progress_id": "commits between steps, of a method that no call reaches",
}
#: Keys that code calls by a name.
NAMES = {
    "DOOR": DOOR,
    "ACT": ACT,
    "WRITER": WRITER,
    "HOUSES": HOUSES,
    "LOG": LOG,
    "SEEN": SEEN,
    "FETCHING": FETCHING,
    "HIDDEN": HIDDEN,
    "RANKED": RANKED,
    "WORDS": WORDS,
    "SWITCH": SWITCH,
    "SHOWN": SHOWN,
}
#: Where values of new records are looked at without the defaults that come along, and
#: why that is enough.
LOOKING = {
    "contest/hoithi_contest_department.py": "only whose defaults a contest has",
    "contest/hoithi_entry_author_consent.py": "a consent takes no default",
    "contest/hoithi_past_solution.py": "the database refuses twins as well",
    "contest/hoithi_settings.py": "it asks for them itself",
    "contest/res_company.py": "colours of a logo alone, which no rule goes by",
    "council/hoithi_session.py": "the contest must be named",
    "council/hoithi_session_item.py": "rows of what is closed are refused once made",
    "council/hoithi_session_voter.py": "the server alone makes them",
    "document/hoithi_award.py": "the database refuses twins as well",
    "guard/hoithi_workflow_mixin.py": "a state takes no default",
    "guard/ir_attachment.py": "it asks for them itself",
    "guard/mail_mail.py": "it takes them out",
}
#: Keys by which Odoo itself does otherwise.
ODOO = (
    "active_test",
    "allowed_company_ids",
    "install_module",
    "install_filename",
    "module",
    "noupdate",
    "tracking_disable",
    "mail_notrack",
    "mail_create_nolog",
    "recompute",
    "force_delete",
    "bypass_audit",
    "su",
    "uid",
)


@tagged("post_install", "-at_install")
class TestContextKeys(GuardCommon):
    """No key of a context is a permission: whoever calls may send any."""

    def _read_keys(self):
        """Yield the keys that code of the addon reads from a context."""
        for folder in ("models", "wizard", "controllers"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                tree = ast.parse(path.read_text(encoding="utf-8"))
                for node in ast.walk(tree):
                    key = None
                    if isinstance(node, ast.Call) and node.args:
                        function = node.func
                        if isinstance(function, ast.Attribute) and (
                            function.attr in ("get", "pop", "setdefault")
                        ):
                            key, owner = node.args[0], function.value
                    elif isinstance(node, ast.Subscript):
                        key, owner = node.slice, node.value
                    elif isinstance(node, ast.Compare) and isinstance(
                        node.ops[0], ast.In | ast.NotIn
                    ):
                        key, owner = node.left, node.comparators[0]
                    if key is not None and ast.unparse(owner).endswith(
                        ("env.context", "_context")
                    ):
                        yield path.name, ast.unparse(key).strip("'\"")

    def test_every_key_is_known(self):
        """Whoever reads a key says here why anybody may send it."""
        read = {}
        for path, key in self._read_keys():
            if key.startswith("f'default_"):
                key = "default_*"
            key = NAMES.get(key, key)
            read.setdefault(key, set()).add(path)
        self.assertIn(DOOR, read)
        self.assertEqual(
            {key: paths for key, paths in read.items() if key not in KNOWN}, {}
        )

    def test_who_looks_at_values_looks_at_defaults(self):
        """A default of the context gives what the values don't name."""
        looking = set()
        for folder in ("models", "wizard"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.FunctionDef) and node.name == "create":
                        inside = list(ast.walk(node))
                        names = {n.id for n in inside if isinstance(n, ast.Name)}
                        called = {
                            n.attr for n in inside if isinstance(n, ast.Attribute)
                        }
                        if "vals" in names and "_check_given" not in called:
                            looking.add(str(path.relative_to(ROOT / folder)))
        self.assertEqual(looking, set(LOOKING))

    def _get_contexts(self):
        keys = {*ODOO, *(key for key in KNOWN if "*" not in key)}
        values = (True, 1, "hoithi.entry", ["hoithi.entry", None], {"model": "x"})
        for value in values:
            yield dict.fromkeys(sorted(keys - {"allowed_company_ids"}), value)
        for key in sorted(keys):
            yield {key: self.company.ids if key == "allowed_company_ids" else True}
        for name in ("hoithi.entry", "hoithi.contest", "hoithi.review"):
            yield {DOOR: {"model": name, "target": None}}

    def _get_acts(self):
        """Return what nobody may do by hand: (record, method, arguments)."""
        [review] = self.entry.sudo().review_ids
        return (
            (self.entry, "write", [{"receipt_number": "forged"}]),
            (self.entry, "write", [{"state": "nominated"}]),
            (self.entry, "write", [{"contest_id": self.open_contest.id}]),
            (self.entry, "web_save", [{"rank": 1}, {}]),
            (self.entry, "unlink", []),
            (self.entry.author_ids[1], "write", [{"consent_publish": True}]),
            (self.contest, "write", [{"mode": "nominate_only"}]),
            (self.contest, "write", [{"state": "closed"}]),
            (self.contest, "write", [{"is_published": True}]),
            (self.contest, "write", [{"ledger_length": 0}]),
            (self.contest.prize_ids, "unlink", []),
            (self.council, "write", [{"quorum_ratio": 0.01}]),
            (self.seats[self.member2], "unlink", []),
            (review, "write", [{"state": "submitted", "total": 99}]),
            (review, "write", [{"member_id": self.seats[self.member2].id}]),
            (review, "unlink", []),
        )

    @mute_logger("odoo.models.unlink", "odoo.addons.base.models.ir_model")
    def test_no_key_opens_anything(self):
        """Over RPC, as each role: what is refused without a key is with each."""
        contexts = list(self._get_contexts())
        # all keys at once as each role; each key by itself as one of them in turn
        at_once = [
            context for context in contexts if len(context) > 1 or DOOR in context
        ]
        single = [context for context in contexts if context not in at_once]
        turns = cycle(self.users)
        for record, method, arguments in self._get_acts():
            tried = [*product(self.users, at_once), *zip(turns, single, strict=False)]
            for user, context in tried:
                model = self.env[record._name].with_user(user).browse()
                with (
                    self.subTest(
                        record=record, method=method, user=user.login, **context
                    ),
                    self.assertRaises(UserError),
                ):
                    call_kw(
                        model,
                        method,
                        [record.ids, *arguments],
                        {"context": context},
                    )
        # beside these, what a role may do it does with any of the keys
        own = self.env["hoithi.contest"].with_user(self.secretary)
        for context in contexts:
            with self.subTest(**context):
                values = {"place_name": f"Nơi {len(context)}"}
                call_kw(
                    own, "write", [self.contest.ids, values], {"context": dict(context)}
                )
                self.assertEqual(self.contest.place_name, values["place_name"])

    def test_an_ended_seat_decides_nothing(self):
        """Whoever asks for archived records gets no say by a seat that has ended."""
        act = partial(
            call_kw,
            self.env["hoithi.contest"].with_user(self.chair),
            "action_reopen_rules",
            [self.contest.ids],
        )
        act({"reason": "Một ủy viên ốm"})
        self.assertTrue(self.contest.rules_reopened_on)
        self.contest.with_context(hoithi_door=Load()).rules_reopened_on = False
        seat = self.seats[self.chair].with_context(hoithi_door=Load())
        seat.active = False
        for context in ({}, {"active_test": False}):
            self.env.invalidate_all()
            with self.subTest(**context), self.assertRaises(AccessError):
                act({"reason": "Ghế đã hết", "context": context})
        self.assertNotIn(seat, self.council.with_context(active_test=False).member_ids)

    def test_no_key_keeps_a_change_out_of_the_log(self):
        """What somebody changes is logged, whatever the call carries along."""

        def count(record):
            self.env.flush_all()
            self.env.cr.precommit.run()
            return len(record.message_ids.sudo().tracking_value_ids)

        council, contest = self.council, self.contest
        for number, key in enumerate(sorted(UNLOGGED)):
            for record, name in ((council, "name"), (contest, "place_name")):
                if name == "place_name":
                    name, value = "province_deadline", f"2031-01-0{number + 1} 17:00:00"
                else:
                    value = f"Hội đồng {number}"
                before = count(record)
                call_kw(
                    self.env[record._name].with_user(self.secretary).browse(),
                    "write",
                    [record.ids, {name: value}],
                    {"context": {key: True}},
                )
                with self.subTest(key=key, record=record):
                    self.assertEqual(count(record), before + 1)
            [made] = call_kw(
                self.env["hoithi.council"].with_user(self.secretary).browse(),
                "create",
                [[{"name": f"Hội đồng mới {number}"}]],
                {"context": {key: True}},
            )
            council_made = self.env["hoithi.council"].browse(made)
            with self.subTest(key=key):
                self.assertTrue(council_made.message_ids, "that it was made")
        # the server itself may, as for a thousand invitations
        before = count(council)
        council.sudo().with_user(1).with_context(tracking_disable=True).name = "Khác"
        self.assertEqual(count(council), before)

    def test_a_file_that_was_taken_out_is_none(self):
        """Nor does an earlier version stand for a required file."""
        # taking a file out is the server's
        entry = self.draft.sudo().with_context(active_test=False)
        self.assertTrue(entry.dossier_ids)
        entry.dossier_ids.with_context(hoithi_door=Load()).active = False
        self.env.invalidate_all()
        self.assertFalse(entry.dossier_ids)
        gaps = [gap.field for gap in entry._get_gaps()]
        self.assertIn("dossier_ids", gaps)
