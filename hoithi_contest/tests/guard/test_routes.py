import re
import threading
from unittest.mock import patch

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon

#: What stands in an entry, and in no page of whom it doesn't concern.
MARKER = "Giải pháp không ai khác được biết"
PLACE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
ODD = {
    "page": "-1",
    "q": "'\"><script>%00",
    "field": "1e9",
    "prize": "[]",
    "title": "%",
    "entry_id": "{}",
    "taken": "9" * 30,
    "unique": "<x>",
    "about": "\u202e",
}
#: What is posted to an act besides its token: it lacks what the act needs.
POSTED = {
    "name": "Đổi",
    "entry": "x",
    "code": "AAAAAAAAAA",
    "reason": "thử",
    "withdraw_reason": "thử",
    "consent": "1",
    "delete_id": "1",
    "type_id": "1",
    "fingerprint": "x",
    "commitment": "1",
    "version": "[[[]]]",
    "send": "1",
    "progress": "done",
    "kind": "x",
    "agreed": "1",
}


@tagged("post_install", "-at_install")
class TestRoutes(HoithiCommon, HttpCase):
    """Each address of the contest's own, called by each who has no business there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._submit_entry(name=MARKER)
        cls.row = cls.contest.unit_ids.filtered(
            lambda row: row.department_id == cls.unit
        )
        cls.values = {
            "contest_id": cls.contest.id,
            "entry_id": cls.entry.id,
            "item_id": cls.entry.dossier_ids.id,
            "row_id": cls.row.id,
            "company_id": cls.company.id,
            "kind": "registration",
            "extension": "docx",
            "token": "x",
            "name": "x",
        }

    def _get_rules(self):
        """Return the addresses that the addon has, and the methods of each."""
        # Odoo logs for which database it draws the map, which a server's thread knows
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            rules = [*self.env["ir.http"].routing_map().iter_rules()]
        return [
            (rule.rule, rule.methods or {"GET", "POST"})
            for rule in rules
            if re.match(r"/(my/)?hoithi(/|$)", rule.rule)
        ]

    def _fill(self, rule, values, default):
        return PLACE.sub(lambda match: str(values.get(match[1], default)), rule)

    def _call(self, user, path, is_post, data=None):
        if is_post:
            data = {**(data or {}), "csrf_token": Request.csrf_token(self)}
        # a page to which one is led is called by its own address, but the login
        return self.url_open(
            path, data=data if is_post else None, allow_redirects=not user
        )

    def _log_in(self, user):
        if user:
            self.authenticate(user.login, user.login)
        else:
            self.authenticate(None, None)

    @mute_logger("odoo.http")
    def test_nobody_learns_or_changes_what_is_another_ones(self):
        rules = self._get_rules()
        self.assertGreater(len(rules), 40)
        before = self.entry.sudo().read()
        for user in (
            None,
            self.stranger,
            self.coauthor,
            self.other_head,
            self.member1,
        ):
            self._log_in(user)
            for rule, methods in rules:
                path = self._fill(rule, self.values, 1)
                for is_post in (False, True):
                    if ("POST" if is_post else "GET") not in methods:
                        continue
                    who = user and user.login
                    with self.subTest(user=who, path=path, post=is_post):
                        answer = self._call(user, path, is_post, POSTED)
                        self.assertLess(answer.status_code, 500)
                        self.assertNotIn(MARKER, answer.text)
                        self.assertNotIn("Traceback", answer.text)
                        if path.startswith("/my") and not user:
                            self.assertTrue(
                                "/web/login" in answer.url
                                or answer.status_code in (400, 401)
                            )
        self.env.invalidate_all()
        self.assertEqual(self.entry.sudo().read(), before)

    @mute_logger("odoo.http")
    def test_odd_values_get_an_answer(self):
        for user in (None, self.staff, self.secretary):
            self._log_in(user)
            for rule, methods in self._get_rules():
                for number in (2**31, 10**30):
                    path = self._fill(
                        rule, {"kind": "receipt", "extension": "pdf"}, number
                    )
                    with self.subTest(user=user and user.login, path=path):
                        if "GET" in methods:
                            answer = self.url_open(
                                path, params=ODD, allow_redirects=False
                            )
                            self.assertLess(answer.status_code, 500)
                            self.assertNotIn("<script>%00", answer.text)
                        if "POST" in methods and number == 2**31:
                            answer = self._call(user, path, True, POSTED)
                            self.assertLess(answer.status_code, 500)

    @mute_logger("odoo.http")
    def test_a_post_of_another_site_does_nothing(self):
        """Whoever is logged in and opens a page of somebody else's."""
        self._log_in(self.staff)
        for rule, methods in self._get_rules():
            # the address of the signing program is known to nobody else
            if "POST" not in methods or rule.startswith("/hoithi/sign/"):
                continue
            path = self._fill(rule, self.values, 1)
            with self.subTest(path=path):
                answer = self.url_open(
                    path,
                    data={**POSTED, "csrf_token": "x"},
                    headers={"Origin": "https://example.com"},
                    allow_redirects=False,
                )
                self.assertIn(answer.status_code, (400, 401, 404))
        self.env.invalidate_all()
        self.assertEqual(self.entry.name, MARKER)
        self.assertEqual(self.entry.state, "submitted")

    @mute_logger("odoo.http")
    def test_talks_answer_odd_calls_in_words(self):
        """Odoo's own addresses, which strangers call as well."""
        talk = {"thread_model": "hoithi.entry", "thread_id": self.entry.id}
        nothing = {"thread_model": "hoithi.nothing", "thread_id": 1}
        odd = {"thread_model": "hoithi.entry", "thread_id": "x"}
        asked = (
            ("/mail/data", {"fetch_params": [["mail.thread", {}]]}),
            ("/mail/data", {"fetch_params": [["mail.thread", nothing]]}),
            ("/mail/data", {"fetch_params": 1}),
            ("/mail/action", {"fetch_params": [["mail.thread", odd]]}),
            ("/mail/chatter_fetch", talk),
            ("/mail/chatter_fetch", nothing),
            ("/mail/message/post", {**nothing, "post_data": {}}),
            ("/mail/message/post", {**odd, "post_data": {}}),
            ("/mail/message/reaction", {}),
            ("/mail/attachment/delete", {"attachment_id": "x"}),
            ("/portal/chatter_init", nothing),
        )
        for user in (None, self.staff, self.internal):
            self._log_in(user)
            for path, params in asked:
                answer = self.url_open(path, json={"params": params})
                error = answer.json().get("error", {}).get("data", {})
                with self.subTest(user=user and user.login, path=path, params=params):
                    self.assertNotIn("builtins.", error.get("name", ""))
                    self.assertNotIn(" line ", error.get("debug", ""))
                    self.assertNotIn(MARKER, answer.text)

    @mute_logger("odoo.http")
    def test_what_is_posted_by_odoos_page_is_a_comment(self):
        """It posts as superuser, what the caller says that it is."""
        before = self.contest.message_ids
        self._log_in(self.secretary)
        answer = self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "hoithi.contest",
                "thread_id": self.contest.id,
                "post_data": {
                    "body": "Theo quyết định",
                    "message_type": "notification",
                },
            },
        )
        self.env.invalidate_all()
        posted = self.contest.message_ids - before
        self.assertEqual(posted.ids, [answer["message_id"]])
        self.assertEqual(posted.message_type, "comment")
        self.assertEqual(posted.author_id, self.secretary.partner_id)
