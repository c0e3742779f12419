import json
import xmlrpc.client
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.service import model as service_model
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .session_common import SessionCommon

#: What nobody reads, by whatever door.
NOBODYS = (
    "hoithi.ballot",
    "hoithi.ballot.share",
    "hoithi.session.teller",
    "hoithi.person.query",
    "hoithi.rate.note",
)


@tagged("post_install", "-at_install")
class TestDoors(SessionCommon, HttpCase):
    """The newer doors of Odoo, JSON-2 and the bus, are as shut as the older ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = (
            cls.staff,
            cls.stranger,
            cls.internal,
            cls.head,
            cls.member1,
            cls.secretary,
            cls.leader,
            cls.publisher,
            cls.admin,
        )
        for user in cls.roles:
            user.password = user.login

    def _key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))

    def _call(self, key, model, method, **arguments):
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Authorization"] = f"bearer {key}"
        answer = self.url_open(
            f"/json/2/{model}/{method}", data=json.dumps(arguments), headers=headers
        )
        return answer.status_code, answer.text

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2", "odoo.sql_db")
    def test_json2(self):
        entry, session = self.entries[0].sudo(), self._open_session()
        council, door = self.council, {"hoithi_door": {"model": "hoithi.entry"}}
        forged = [
            ("hoithi.entry", "write", {"ids": entry.ids, "vals": {"state": "draft"}}),
            ("hoithi.entry", "write", {"ids": entry.ids, "vals": {"rank": 1}}),
            (
                "hoithi.entry.author",
                "write",
                {"ids": entry.author_ids.ids, "vals": {"consent_publish": True}},
            ),
            (
                "hoithi.council",
                "write",
                {"ids": council.ids, "vals": {"active": False}},
            ),
            ("hoithi.session", "write", {"ids": session.ids, "vals": {"number": 9}}),
            (
                "hoithi.contest",
                "write",
                {"ids": self.contest.ids, "vals": {"ledger_length": 0}},
            ),
            ("hoithi.ledger", "create", {"vals_list": [{}]}),
            ("hoithi.entry", "_open_door", {"ids": entry.ids}),
            ("hoithi.entry", "sudo", {"ids": entry.ids}),
            ("hoithi.submission.mixin", "action_open_submission", {"ids": [1]}),
        ]
        before = entry.read(["state", "rank", "write_date"])
        for user in self.roles:
            key = self._key(user)
            for model in NOBODYS:
                status, text = self._call(key, model, "search_read", domain=[])
                with self.subTest(user=user.login, model=model):
                    self.assertGreaterEqual(status, 400, text)
            for model, method, arguments in forged:
                # who gives the own consent writes one's own line
                if model == "hoithi.entry.author" and user == self.staff:
                    continue
                for context in ({}, door, {"tracking_disable": True}):
                    status, text = self._call(
                        key, model, method, context=context, **arguments
                    )
                    with self.subTest(user=user.login, model=model, method=method):
                        self.assertGreaterEqual(status, 400, text)
                        self.assertNotIn("psycopg2", text)
                        self.assertNotIn("AttributeError", text.split('"debug"')[0])
            count = self.env["hoithi.entry"].with_user(user).search_count([])
            status, text = self._call(key, "hoithi.entry", "search_count", domain=[])
            if status == 200:
                self.assertEqual(int(text), count, user.login)
        for odd in (
            *({"ids": odd} for odd in ("x", [None], {"a": 1}, [2**40])),
            *({"context": odd} for odd in (5, None)),
        ):
            status, text = self._call(key, "hoithi.contest", "read", **odd)
            with self.subTest(odd=odd):
                self.assertEqual(status, 422)
                self.assertIn("list of whole numbers", text)
        self.assertEqual(self._call(None, "hoithi.contest", "search_count")[0], 401)
        self.assertEqual(self._call("x" * 40, "hoithi.contest", "search_count")[0], 401)
        entry.invalidate_recordset()
        self.assertEqual(entry.read(["state", "rank", "write_date"]), before)

    def _post(self, path, **params):
        """Return what a call by JSON-RPC is answered where it fails."""
        answer = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json().get("error", {}).get("data", {})

    def _call_kw(self, model, method, *args, door="call_kw", **kwargs):
        return self._post(
            f"/web/dataset/{door}", model=model, method=method, args=args, kwargs=kwargs
        )

    @mute_logger("odoo.http")
    def test_ids_and_values_of_another_kind(self):
        entry = self.entries[0].sudo()
        wrong = "list of whole numbers"
        for user in (self.staff, self.member1, self.secretary):
            self.authenticate(user.login, user.login)
            for ids in (
                *("x", ["x"], ["1"], [1.5], 1.5, True, [True], [None], [[1]]),
                *([{"a": 1}], {"a": 1}, [2**40], 2**40, 1e300),
            ):
                for method, *rest in (
                    ("read", ["name"]),
                    ("write", {"name": "x"}),
                    ("action_ask_withdraw",),
                ):
                    for door in ("call_kw", "call_button"):
                        with self.subTest(user=user.login, ids=ids, method=method):
                            told = self._call_kw(
                                "hoithi.entry", method, ids, *rest, door=door
                            )
                            self.assertIn(wrong, told.get("message", ""))
            for args, kwargs in (
                ([], {}),
                ("x", {}),
                ([entry.ids], [1]),
                ([entry.ids], {"context": 5}),
            ):
                with self.subTest(user=user.login, args=args, kwargs=kwargs):
                    told = self._post(
                        "/web/dataset/call_kw",
                        model="hoithi.entry",
                        method="read",
                        args=args,
                        kwargs=kwargs,
                    )
                    self.assertIn(wrong, told.get("message", ""))
            for args, kwargs in (
                ((entry.ids, 1, 2, 3), {}),
                ((entry.ids,), {"nothing": 1}),
            ):
                told = self._call_kw("hoithi.entry", "read", *args, **kwargs)
                self.assertIn("“hoithi.entry.read” takes", told.get("message", ""))
        database = self.env.cr.dbname
        for ids in ("x", [None], [2**40]):
            for method, rest in (
                ("execute_kw", [[ids, ["name"]], {}]),
                ("execute", [ids, ["name"]]),
            ):
                told = self._post(
                    "/jsonrpc",
                    service="object",
                    method=method,
                    args=[database, user.id, user.login, "hoithi.entry", "read", *rest],
                )
                self.assertIn(wrong, told.get("message", ""))
        # whoever asks rightly gets an answer, an empty list included
        for ids in ([], entry.id, entry.ids):
            self.assertEqual(self._call_kw("hoithi.entry", "read", ids, ["name"]), {})

    def _call_xml(self, path, method, args, model="hoithi.entry", **kwargs):
        """Return what a program is told by XML-RPC, or its result."""
        user = self.secretary
        login = (self.env.cr.dbname, user.id, user.login, model, method)
        answer = self.url_open(
            path,
            data=xmlrpc.client.dumps((*login, args, kwargs), "execute_kw"),
            headers={"Content-Type": "text/xml"},
        )
        try:
            return xmlrpc.client.loads(answer.text)[0][0]
        except xmlrpc.client.Fault as fault:
            return f"{fault.faultCode} {fault.faultString}"

    @mute_logger(
        "odoo.http",
        "odoo.sql_db",
        "odoo.addons.rpc.controllers.xmlrpc",
        "odoo.addons.hoithi_contest.models.guard.ir_http",
    )
    def test_xmlrpc_answers_in_words(self):
        ids = [entry.id for entry in self.entries]
        for path in ("/xmlrpc/2/object", "/xmlrpc/object"):
            for args, kwargs in (
                *(([odd, ["name"]], {}) for odd in ("x", ["x"], [1.5], [[1]], True)),
                ([], {}),
                ("x", {}),
                ([ids], {"context": 5}),
            ):
                with self.subTest(path=path, args=args, kwargs=kwargs):
                    told = self._call_xml(path, "read", args, **kwargs)
                    self.assertIn("list of whole numbers", told)
                    self.assertNotIn("Traceback", told)
            told = self._call_xml(path, "read", [ids, 1, 2, 3])
            self.assertIn("“hoithi.entry.read” takes", told)
            for method, *args in (
                ("search", [["name", "=", 1, 2]]),
                ("read", ids, 5),
                ("web_save", ids[:1], 5, 5),
                ("formatted_read_group", [], 5, 5),
            ):
                with self.subTest(path=path, method=method):
                    told = self._call_xml(path, method, args)
                    self.assertNotIn("Traceback", str(told))

            def act(_records):
                return None

            with patch.object(
                self.registry["hoithi.entry"], "action_ask_withdraw", act
            ):
                told = self._call_xml(path, "action_ask_withdraw", [ids[:1]])
            self.assertIn("It is done", told)
            # what Odoo says by itself stays as it says it
            told = self._call_xml(path, "unlink", [ids[:1]])
            self.assertNotIn("Traceback", str(told))

            def fail(_records):
                raise KeyError("x")

            with patch.object(
                self.registry["hoithi.entry"], "action_ask_withdraw", fail
            ):
                told = self._call_xml(path, "action_ask_withdraw", [ids[:1]])
            self.assertIn("nothing was changed", told)
            told = self._call_xml(path, "read", [ids[:1], ["state"]])
            self.assertEqual(told[0]["id"], ids[0])

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_what_odoo_has_no_words_for(self):
        """Odoo's own methods, with values beyond what they take."""
        ids, count = [entry.id for entry in self.entries], 0
        self.authenticate(self.secretary.login, self.secretary.login)
        for odd in (5, "x", [5], [["name", "=", 1, 2]], {"a": 1}, 2**40):
            for method, *args in (
                ("create", odd),
                ("copy", ids[:1], odd),
                ("default_get", odd),
                ("export_data", ids, odd),
                ("formatted_read_group", [], odd, odd),
                ("name_search", odd, odd),
                ("onchange", ids[:1], odd, odd, odd),
                ("read", ids, odd),
                ("search", odd),
                ("search", [], odd, odd),
                ("search_count", odd),
                ("search_read", [], odd),
                ("web_read", ids, odd),
                ("web_save", ids[:1], odd, odd),
                ("web_search_read", odd, odd),
                ("write", ids, odd),
            ):
                count += 1
                told = self._call_kw("hoithi.entry", method, *args)
                with self.subTest(method=method, odd=odd):
                    if told:
                        self.assertTrue(told["name"].startswith("odoo.exceptions."))
                        self.assertNotIn("psycopg2", told["debug"])
        self.assertGreater(count, 90)
        # the program's own fault is no less one
        for error, words in (
            (KeyError("x"), "server's log"),
            (ConcurrencyError("x"), "Somebody else is changing"),
        ):

            def act(_records, error=error):
                raise error

            with (
                patch.object(service_model, "MAX_TRIES_ON_CONCURRENCY_FAILURE", 1),
                patch.object(self.registry["hoithi.entry"], "action_ask_withdraw", act),
            ):
                told = self._call_kw("hoithi.entry", "action_ask_withdraw", ids[:1])
            self.assertIn(words, told["message"])
            self.assertNotIn('File "', told["debug"])

    def _peek(self, user, channels, last):
        if user:
            self.authenticate(user.login, user.login)
        else:
            self.authenticate(None, None)
        answer = self.url_open(
            "/websocket/peek_notifications",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "channels": channels,
                        "last": last,
                        "is_first_poll": True,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        result = answer.get("result") or {"notifications": []}
        return [note["message"]["type"] for note in result["notifications"]]

    @mute_logger("odoo.http")
    def test_the_bus(self):
        session = self._open_session()
        job = self.env["hoithi.document.run"].create(
            {
                "contest_id": self.contest.id,
                "kind": "notice",
                "user_id": self.secretary.id,
            }
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        last = self.env["bus.bus"].search([], order="id desc", limit=1).id
        session._bus_send("hoithi.session/changed", {"session_id": session.id})
        job._bus_send("hoithi.run/changed", {"model": job._name, "id": job.id})
        self.env.cr.precommit.run()
        database = self.env.cr.dbname
        honest = [f"hoithi.session_{session.id}", f"hoithi.run:{job._name},{job.id}"]
        forged = [
            f"hoithi.session,{session.id}",
            f"hoithi.session({session.id},)",
            f"{job._name},{job.id}",
            json.dumps([database, "hoithi.session", session.id]),
            f'"{database}", "hoithi.session", {session.id}',
            "hoithi.run/changed",
            "broadcast",
        ]
        for user, own in (
            (None, set()),
            (self.stranger, set()),
            (self.staff, set()),
            (self.internal, set()),
            (self.publisher, set()),
            (self.voters[0], {"hoithi.session/changed"}),
            (self.secretary, {"hoithi.session/changed", "hoithi.run/changed"}),
        ):
            name = user.login if user else "public"
            if user:
                user.password = user.login
            with self.subTest(user=name):
                self.assertEqual(set(self._peek(user, honest, last)), own)
                told = self._peek(user, forged, last)
                self.assertFalse([one for one in told if one.startswith("hoithi.")])
        for odd in ([["hoithi.session", session.id]], [session.id], [None], "x"):
            told = self._peek(self.stranger, odd, last)
            self.assertFalse([one for one in told if one.startswith("hoithi.")])
