from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestSeenValues(HoithiCommon):
    """Two who have the same form open: the second save is told, not won in silence."""

    def setUp(self):
        super().setUp()
        self.second = self.secretary.copy(
            {"login": "t_office2", "email": "o2@sotnmt.example.vn"}
        )
        self.contest.secretary_ids |= self.second

    def _save(self, user, seen, **vals):
        """Save as the web client does, which says what stood there before."""
        record = self.contest.with_user(user).with_context(hoithi_seen=seen)
        return record.web_save(vals, {"name": {}})

    def _get_seen(self, *names):
        return self.contest.with_user(self.secretary).web_read(
            {name: {} for name in names}
        )[0]

    def test_the_second_is_told(self):
        seen = self._get_seen("name", "grace_minutes", "place_name")
        self._save(
            self.secretary, {"grace_minutes": seen["grace_minutes"]}, grace_minutes=30
        )
        with self.assertRaisesRegex(UserError, "Somebody else.*Grace") as refusal:
            self._save(
                self.second,
                {name: seen[name] for name in ("grace_minutes", "place_name")},
                grace_minutes=5,
                place_name="Huế",
            )
        self.assertNotIn("lace_name", str(refusal.exception))
        self.assertEqual(self.contest.grace_minutes, 30)
        self.assertFalse(self.contest.place_name == "Huế", "nothing half saved")
        # with the page loaded anew it goes
        self._save(self.second, {"grace_minutes": 30}, grace_minutes=5)
        self.assertEqual(self.contest.grace_minutes, 5)

    def test_other_fields_disturb_nobody(self):
        seen = self._get_seen("name", "grace_minutes")
        self._save(self.secretary, {"name": seen["name"]}, name="Hội thi khác")
        self._save(
            self.second, {"grace_minutes": seen["grace_minutes"]}, grace_minutes=5
        )
        self.assertEqual(self.contest.name, "Hội thi khác")
        self.assertEqual(self.contest.grace_minutes, 5)

    def test_both_have_entered_the_same(self):
        seen = self._get_seen("grace_minutes")["grace_minutes"]
        for user in (self.secretary, self.second):
            self._save(user, {"grace_minutes": seen}, grace_minutes=30)
        self.assertEqual(self.contest.grace_minutes, 30)

    def test_every_plain_kind_of_field_is_compared(self):
        """As the client sends them, also where nothing stood there."""
        other_set = self.criteria_set.copy({"name": "Bộ khác"})
        for name, first, second in (
            ("registration_deadline", "2031-01-01 10:00:00", "2031-02-01 10:00:00"),
            ("date_end", "2032-01-01", "2032-02-01"),
            ("criteria_set_id", other_set.id, False),
            ("mode", "nominate_only", False),
            ("place_name", "Bắc Kạn", "Thái Nguyên"),
            ("blind", False, None),
        ):
            seen = self._get_seen(name)[name]
            with self.subTest(field=name):
                # nobody came in between
                self.contest.with_context(hoithi_seen={name: seen})._check_seen(
                    {name: second}
                )
                self.contest[name] = first
                self.contest.flush_recordset()
                if second is None:
                    # of two values a box has one left, which both then have chosen
                    continue
                with self.assertRaisesRegex(UserError, "Somebody else"):
                    self.contest.with_context(hoithi_seen={name: seen})._check_seen(
                        {name: second}
                    )

    def test_what_comes_over_rpc_may_say_nothing_of_it(self):
        self._save(self.secretary, {"grace_minutes": 15}, grace_minutes=30)
        self.contest.with_user(self.second).web_save({"grace_minutes": 5}, {})
        self.assertEqual(self.contest.grace_minutes, 5)

    def test_it_is_no_way_to_ask_what_one_may_not_read(self):
        """Neither by a field that is hidden nor by odd values."""
        self._launch()
        entry = self._create_entry(self.staff)
        for seen in ("x", ["name"], {"no_such_field": 1}, {"search": "x"}, None):
            entry.with_context(hoithi_seen=seen).web_save({"novelty": "Mới"}, {})
        hidden = {"rank_override": 7, "author_ids": [Command.clear()]}
        entry.with_context(hoithi_seen=hidden).web_save({"novelty": "Khác"}, {})
        self.assertEqual(entry.novelty, "Khác")

    def test_lines_of_a_record_are_left_alone(self):
        seen = {"field_ids": [[6, 0, []]]}
        self._save(self.secretary, seen, field_ids=[Command.set(self.field.ids)])
        self.assertEqual(self.contest.field_ids, self.field)
