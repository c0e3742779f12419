import json
from datetime import timedelta

from odoo import fields
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
