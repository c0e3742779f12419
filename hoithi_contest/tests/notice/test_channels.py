from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon

DELIVERY = "odoo.addons.hoithi_contest.models.notice.hoithi_notice_delivery"


@tagged("post_install", "-at_install")
class TestChannels(HoithiCommon):
    """Besides the e-mail: what another addon can reach, told once and in few words."""

    def setUp(self):
        super().setUp()
        self._launch()
        self.told = []
        self.reached = {self.staff.partner_id: "0912"}
        channel = self.registry["hoithi.notice.channel.gateway"]
        for name, stand_in in (
            ("_is_there", lambda _channel: True),
            (
                "_get_address",
                lambda _channel, notice: self.reached.get(notice.partner_id),
            ),
            ("_tell", lambda _channel, *told: self._tell(*told)),
        ):
            patcher = patch.object(channel, name, stand_in)
            patcher.start()
            self.addCleanup(patcher.stop)

    def _tell(self, notice, address, text):
        self.told.append((notice.kind, address, text))

    def _send(self, kind="receipt"):
        self._run_cron("cron_send_notices")
        self.env.invalidate_all()
        return self.env["hoithi.notice"].search(
            [("kind", "=", kind), ("contest_id", "=", self.contest.id)]
        )

    def test_a_message_says_that_there_is_a_letter(self):
        entry = self._submit_entry(name="Giải pháp mật của tôi")
        notice = self._send()
        self.assertEqual(notice.state, "sent")
        self.assertTrue(notice.told_on)
        [(kind, address, text)] = self.told
        self.assertEqual((kind, address), ("receipt", "0912"))
        self.assertIn("/my/hoithi", text)
        self.assertIn(self.company.name, text)
        for secret in (entry.name, entry.receipt_number, self.staff.name):
            self.assertNotIn(secret, text)

    def test_once(self):
        """Also where the e-mail fails, and is sent again."""
        self._submit_entry()
        notice = self._send()
        notice.sudo()._open_door().write({"state": "pending", "send_after": False})
        self._send()
        self.assertEqual(notice.state, "sent")
        self.assertEqual(len(self.told), 1)

    def test_a_channel_that_fails_stops_no_letter(self):
        self._submit_entry()
        with (
            patch.object(
                self.registry["hoithi.notice.channel.gateway"],
                "_tell",
                side_effect=OSError("away"),
            ),
            mute_logger(DELIVERY),
        ):
            notice = self._send()
        self.assertEqual((notice.state, notice.error), ("sent", False))
        self._send()
        self.assertFalse(self.told, "it isn't tried again")

    def test_a_channel_that_knows_no_address_stops_no_letter(self):
        self._submit_entry()
        with (
            patch.object(
                self.registry["hoithi.notice.channel.gateway"],
                "_get_address",
                side_effect=ValueError("odd"),
            ),
            mute_logger(DELIVERY),
        ):
            notice = self._send()
        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.told_on or self.told)

    def test_who_is_not_reached_is_not_marked(self):
        self.reached.clear()
        self._submit_entry()
        notice = self._send()
        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.told_on or self.told)

    def test_nothing_is_needed(self):
        """Without the other addon there is no channel, and nothing changes."""
        with patch.object(
            self.registry["hoithi.notice.channel.gateway"],
            "_is_there",
            lambda _channel: False,
        ):
            self._submit_entry()
            self.assertEqual(self._send().state, "sent")
        self.assertFalse(self.told)


@tagged("post_install", "-at_install")
class TestGateway(HoithiCommon):
    """What is asked of OCA's `mail_gateway`, by stand-ins of its models."""

    def test_a_message_goes_into_the_talk(self):
        posted = []
        talk = SimpleNamespace(message_post=lambda **values: posted.append(values))
        asked = []

        def get_channel(gateway, token, update, force_create=False):
            asked.append((gateway, token, update, force_create))
            return talk

        gateway = SimpleNamespace(gateway_type="telegram")
        address = SimpleNamespace(gateway_id=gateway, gateway_token="7731")
        stand_in = SimpleNamespace(
            env={"mail.gateway.telegram": SimpleNamespace(_get_channel=get_channel)}
        )
        channel = self.registry["hoithi.notice.channel.gateway"]
        channel._tell(stand_in, None, address, "Có thư")
        self.assertEqual(asked, [(gateway, "7731", {}, True)])
        self.assertEqual(posted[0]["body"], "Có thư")
        self.assertEqual(posted[0]["message_type"], "comment")

    def test_it_is_there_where_the_other_addon_is(self):
        channel = self.env["hoithi.notice.channel.gateway"]
        is_there = "res.partner.gateway.channel" in self.env
        self.assertEqual(channel._is_there(), is_there)
