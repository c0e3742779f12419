from threading import Event, Thread
from types import SimpleNamespace
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.guard import ir_http
from ...models.guard.hoithi_turn import LINES, get_line, take_turn

#: As long as a computer that is busy may take.
LONG = 60


@tagged("post_install", "-at_install")
class TestTurn(TransactionCase):
    def _open_cursor(self):
        cr = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cr.close)
        return cr

    def setUp(self):
        super().setUp()
        lasting = self._open_cursor()
        lasting.execute("CREATE TABLE hoithi_turn_probe (number integer)")
        lasting.commit()

        def clean():
            lasting.execute("DROP TABLE hoithi_turn_probe")
            lasting.commit()

        self.addCleanup(clean)

    def test_who_waits_sees_what_the_one_before_did(self):
        """Without it the second would go on from the number that the first had."""
        first, second = self._open_cursor(), self._open_cursor()
        has_read, seen = Event(), []

        def act():
            # as a request that has found out who asks
            second.execute("SELECT number FROM hoithi_turn_probe")
            has_read.set()
            take_turn(second, 1)
            second.execute("SELECT number FROM hoithi_turn_probe")
            seen.extend(second.fetchall())
            second.rollback()

        take_turn(first, 1)
        waiting = Thread(target=act, daemon=True)
        waiting.start()
        self.assertTrue(has_read.wait(LONG))
        first.execute("INSERT INTO hoithi_turn_probe VALUES (1)")
        self.assertEqual(seen, [])
        first.commit()
        waiting.join(LONG)
        self.assertEqual(seen, [(1,)])

    def test_departments_wait_in_lines_of_their_own(self):
        first, second = self._open_cursor(), self._open_cursor()
        take_turn(first, 1)
        lock = "LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE NOWAIT"
        second.execute(lock % get_line(2))
        with mute_logger("odoo.sql_db"), self.assertRaises(LockNotAvailable):
            second.execute(lock % get_line(1 + LINES))
        second.rollback()
        first.rollback()

    def test_what_was_written_stays(self):
        cr = self._open_cursor()
        cr.execute("INSERT INTO hoithi_turn_probe VALUES (1)")
        take_turn(cr, 1)
        cr.execute("SELECT number FROM hoithi_turn_probe")
        self.assertEqual(cr.fetchall(), [(1,)])
        cr.rollback()

    def test_what_is_not_written_yet_stays_too(self):
        """The ORM writes late; by then it would be gone."""
        cr = self._open_cursor()
        env = api.Environment(cr, SUPERUSER_ID, {})
        state = env["res.country.state"].search([], limit=1)
        state.name = "Tỉnh thử"
        take_turn(cr, 1)
        cr.execute("SELECT name FROM res_country_state WHERE id = %s", [state.id])
        self.assertEqual(cr.fetchall(), [("Tỉnh thử",)])
        cr.rollback()

    def _is_in_turn(self, path, http_method="POST", **params):
        http = self.env["ir.http"]
        routes = http._generate_routing_rules(
            sorted(self.registry._init_modules), http._get_converters()
        )
        endpoint = next(endpoint for url, endpoint in routes if url == path)
        return self._is_called_in_turn(endpoint, http_method, **params)

    def _is_called_in_turn(self, endpoint, http_method="POST", **params):
        asked = SimpleNamespace(
            env=self.env,
            params=params,
            httprequest=SimpleNamespace(method=http_method),
        )
        with patch.object(ir_http, "request", asked):
            return self.env["ir.http"]._hoithi_is_in_turn(endpoint)

    def test_the_doors_by_which_an_act_is_called(self):
        act = {"model": "hoithi.entry", "method": "action_submit"}
        for path in ("/web/dataset/call_kw", "/web/dataset/call_button"):
            with self.subTest(path=path):
                self.assertTrue(self._is_in_turn(path, **act))
                self.assertFalse(self._is_in_turn(path, **act | {"method": "read"}))
                self.assertFalse(self._is_in_turn(path, **act | {"model": "x"}))
                self.assertFalse(self._is_in_turn(path, **act | {"model": ["x"]}))
        # JSON-2, which a database may do without
        endpoint = SimpleNamespace(routing={"type": "json2", "auth": "bearer"})
        act_2 = {f"__{name}__": value for name, value in act.items()}
        self.assertTrue(self._is_called_in_turn(endpoint, **act_2))
        path = "/my/hoithi/entries/<int:entry_id>/submit"
        self.assertTrue(self._is_in_turn(path, entry_id=1))
        self.assertFalse(self._is_in_turn(path, "GET", entry_id=1))

    def test_no_other_address_holds_up_those_who_submit(self):
        act = {"model": "hoithi.entry", "method": "action_submit"}
        for path in ("/web/login", "/my/hoithi", "/web/session/authenticate"):
            with self.subTest(path=path):
                self.assertFalse(self._is_in_turn(path, **act))
                self.assertFalse(self._is_in_turn(path, "GET", **act))

    def test_the_acts_that_count_on_take_turns(self):
        for model in ("hoithi.entry", "hoithi.review", "hoithi.submission"):
            self.assertIn("action_submit", self.env[model]._in_turn)
        self.assertNotIn("action_withdraw", self.env["hoithi.entry"]._in_turn)
