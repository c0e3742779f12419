from odoo import fields, models


class HoithiRunLineMixin(models.AbstractModel):
    """One piece of work of a run; see `hoithi.run.mixin`.

    A model that inherits this has a `run_id` and a `state` with, at least, one in which
    it waits, `done` and `failed`.
    """

    _name = "hoithi.run.line.mixin"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Line of Work in the Background"

    #: State in which a line waits, and the field that tells why it failed.
    _run_waiting, _run_line_reason = "waiting", "note"

    attempts = fields.Integer(
        readonly=True,
        copy=False,
        default=0,
        aggregator=None,
        help="How often a server began to work at this.",
    )

    def _fail(self, reason):
        """Mark lines as failed; they can be tried again."""
        self._open_door().write({"state": "failed", self._run_line_reason: reason})

    def _wait_again(self):
        """Let failed lines wait for the next step."""
        self._open_door().write(
            {
                "state": self._run_waiting,
                self._run_line_reason: False,
                "attempts": 0,
            }
        )
