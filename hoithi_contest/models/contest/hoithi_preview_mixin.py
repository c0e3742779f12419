from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from ...lib.contest.steps import BLOCK, WARN, Check


class Preview(NamedTuple):
    """What an act will do, a phrase each; what keeps it; what should be looked at."""

    effects: list[str]
    obstacles: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def get_checks(self):
        """Return what keeps the act, and what should be looked at, as `Check`s."""
        return [
            *(Check(BLOCK, text) for text in self.obstacles if text),
            *(Check(WARN, text) for text in self.remarks if text),
        ]


class HoithiPreviewMixin(models.AbstractModel):
    """Heavy acts: each shows first what it will do and what keeps it, then asks.

    What keeps an act is what the act itself would refuse: a preview calls the checks of
    its act, and has none of its own.
    """

    _name = "hoithi.preview.mixin"
    _description = "Acts that are Shown First"

    #: By the act, the method that returns its `Preview`.
    _previews: dict[str, str] = {}

    @api.model
    def _get_previews(self):
        """Return the acts that the dialog may take, with what shows each."""
        # each room may declare some of its own
        previews = {}
        for cls in reversed(type(self).__mro__):
            previews |= vars(cls).get("_previews", {})
        return previews

    def _ask_act(self, method, title):
        """Return the action of the dialog that shows an act of this record first.

        :param method: name of the public method, one of `_get_previews`
        :param title: shown on the dialog
        """
        self.ensure_one()
        self.check_access("read")
        wizard = self.env["hoithi.preview"].create(
            {"res_model": self._name, "res_id": self.id, "method": method}
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "hoithi.preview",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _try_check(self, check):
        """Return what a check of an act refuses, as a sentence, or an empty text."""
        try:
            check()
        except UserError as refusal:
            return str(refusal)
        return ""
