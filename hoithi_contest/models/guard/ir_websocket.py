import re

from odoo import models


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let those follow a run in the background who may read it, and nobody else."""
        mixin = self.env.registry["hoithi.run.mixin"]
        asked, others = {}, []
        for channel in channels:
            match = isinstance(channel, str) and re.fullmatch(
                r"hoithi\.run:([a-z_.]{1,60}),(\d{1,9})", channel
            )
            if match:
                asked.setdefault(match[1], []).append(int(match[2]))
            else:
                others.append(channel)
        for name, ids in asked.items():
            runs = self.env.get(name)
            if runs is not None and isinstance(runs, mixin) and runs.has_access("read"):
                others.extend(runs.search([("id", "in", ids)]))
        return super()._build_bus_channel_list(others)
