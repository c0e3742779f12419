from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..guard.hoithi_states import EDITABLE, NOT_ENTERED
from .hoithi_novelty_text import PARTS

SECRETARY = "hoithi_contest.group_secretary"


class HoithiEntry(models.Model):
    """What an entry says, beside what others say: for the secretary alone."""

    _inherit = "hoithi.entry"

    novelty_match_ids = fields.One2many(
        "hoithi.novelty.match",
        "entry_id",
        string="Like solutions",
        readonly=True,
        copy=False,
        groups=SECRETARY,
    )
    novelty_state = fields.Char(
        string="Comparison", compute="_compute_novelty_state", groups=SECRETARY
    )

    # COMPUTE

    @api.depends_context("lang")
    def _compute_novelty_state(self):
        # texts are nobody's to read; whether they were read may be told
        texts_sudo = self.env["hoithi.novelty.text"].sudo()
        texts = {
            text.entry_id.id: text
            for text in texts_sudo.search([("entry_id", "in", self.ids)])
        }
        for entry in self:
            text = texts.get(entry.id)
            if not text:
                entry.novelty_state = self.env._("Not compared yet.")
            elif text.state != "ready":
                entry.novelty_state = self.env._(
                    "Being read and compared, within some minutes."
                )
            elif text.unread:
                types = self.env["hoithi.dossier.type"].browse(text.unread).exists()
                entry.novelty_state = self.env._(
                    "Compared, without files that hold no text, as scans: %s.",
                    ", ".join(dict.fromkeys(types.mapped("name"))),
                )
            else:
                entry.novelty_state = self.env._(
                    "Compared with all its texts and files."
                )

    # CRUD

    def write(self, vals):
        changed = self.browse()
        if not set(vals).isdisjoint((*PARTS, "dossier_ids")):
            changed = self
        elif "state" in vals:
            changed = self.filtered(lambda entry: entry.state == "supplement")
        result = super().write(vals)
        if vals.get("state") in NOT_ENTERED:
            self._drop_novelty()
        # what authors still write is compared when they hand it in
        self.env["hoithi.novelty.text"]._queue(
            changed._get_novelty_compared().filtered(
                lambda entry: entry.state not in EDITABLE
            )
        )
        return result

    # ACTION

    def action_compare_again(self):
        """Have entries read and compared anew, as after an import of past solutions.

        :raises AccessError: for others than the secretary
        """
        self.check_access("read")
        if not self.env.user.has_group(SECRETARY):
            raise AccessError(
                self.env._("The secretary of the council has entries compared.")
            )
        self.env["hoithi.novelty.text"]._queue(self._get_novelty_compared())
        return True

    # BUSINESS

    def _compare_later(self):
        """Have entries read and compared in the background, their titles as well."""
        self.env["hoithi.novelty.text"]._queue(self)

    def _get_novelty_compared(self):
        """Return those that take part, and of which all is kept."""
        return self.filtered(
            lambda entry: entry.state not in NOT_ENTERED and not entry.anonymised_on
        )

    def _get_novelty_matches(self):
        """Return what these are like and what is like them, with superuser rights."""
        # the server's own, whoever the act is by
        matches_sudo = self.env["hoithi.novelty.match"].sudo()
        return matches_sudo._open_door().search(
            ["|", ("entry_id", "in", self.ids), ("other_id", "in", self.ids)]
        )

    def _drop_novelty_texts(self):
        # texts are nobody's, whoever the act is by
        texts_sudo = self.env["hoithi.novelty.text"].sudo()
        texts_sudo._open_door().search([("entry_id", "in", self.ids)]).unlink()

    def _drop_novelty(self):
        """Delete what was found of entries that take no part; judgements stay."""
        self._drop_novelty_texts()
        matches_sudo = self._get_novelty_matches()
        matches_sudo.filtered(lambda match: match.verdict == "open").unlink()

    def _forget_persons(self):
        """Delete what their files say, here and beside others; figures stay."""
        result = super()._forget_persons()
        self._drop_novelty_texts()
        self._get_novelty_matches().write({"passages": False})
        return result
