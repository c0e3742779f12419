import re

from odoo import models


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let those listen to a session who may read it, and nobody else."""
        channels = list(channels)
        asked = set()
        for channel in list(channels):
            match = isinstance(channel, str) and re.fullmatch(
                r"hoithi\.session_(\d{1,9})", channel
            )
            if match:
                channels.remove(channel)
                asked.add(int(match[1]))
        sessions = self.env["hoithi.session"]
        if asked and sessions.has_access("read"):
            channels.extend(sessions.search([("id", "in", list(asked))]))
        return super()._build_bus_channel_list(channels)
