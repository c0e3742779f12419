from threading import Event, Thread

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from ...models.guard.hoithi_turn import take_turn

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
            take_turn(second)
            second.execute("SELECT number FROM hoithi_turn_probe")
            seen.extend(second.fetchall())
            second.rollback()

        take_turn(first)
        waiting = Thread(target=act, daemon=True)
        waiting.start()
        self.assertTrue(has_read.wait(LONG))
        first.execute("INSERT INTO hoithi_turn_probe VALUES (1)")
        self.assertEqual(seen, [])
        first.commit()
        waiting.join(LONG)
        self.assertEqual(seen, [(1,)])

    def test_what_was_written_stays(self):
        cr = self._open_cursor()
        cr.execute("INSERT INTO hoithi_turn_probe VALUES (1)")
        take_turn(cr)
        cr.execute("SELECT number FROM hoithi_turn_probe")
        self.assertEqual(cr.fetchall(), [(1,)])
        cr.rollback()

    def test_the_acts_that_count_on_take_turns(self):
        for model in ("hoithi.entry", "hoithi.review", "hoithi.submission"):
            self.assertIn("action_submit", self.env[model]._in_turn)
        self.assertNotIn("action_withdraw", self.env["hoithi.entry"]._in_turn)
