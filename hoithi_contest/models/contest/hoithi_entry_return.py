from odoo import fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import HELD


class HoithiEntry(models.Model):
    """An entry that comes back from where it was sent, for more papers.

    It keeps its state and its place; its authors supplement what is asked for as they
    do at the screening. Who sent it says when it goes out, and when it is back.
    """

    _inherit = "hoithi.entry"

    is_returned = fields.Boolean(
        string="Back for More Papers",
        readonly=True,
        copy=False,
        help="Where the entry was sent, more papers are asked for: its authors "
        "supplement it, and the Office sends it again.",
    )

    # few of many, which calendars and reminders ask for
    _is_returned_idx = models.Index("(contest_id) WHERE is_returned IS TRUE")

    # ACTION

    def action_submit(self, note=None):
        """Submit drafts and supplements; what came back stays what it was otherwise."""
        # who may is asked first: it reads at once what all that follows goes by
        self.check_access("write")
        returned = self.filtered("is_returned")
        if returned:
            returned._hand_in_return(note)
        others = self - returned
        return super(HoithiEntry, others).action_submit(note=note) if others else True

    # BUSINESS

    def _is_supplementing(self):
        return super()._is_supplementing() or self.is_returned

    def _is_supplement_sent(self):
        return super()._is_supplement_sent() or (
            self.state == "nominated"
            and not self.is_returned
            and bool(self.supplement_changes)
        )

    def _get_supplement_stop(self):
        if not self.is_returned:
            return super()._get_supplement_stop()
        contest = self.contest_id
        if contest.state not in HELD:
            return self.env._("“%s” isn't held any more.", contest.name)
        return ""

    def _get_supplement_label(self):
        if self.is_returned:
            return self.env._("The province asks for more papers")
        return super()._get_supplement_label()

    def _open_return(self, reason, due, asked):
        """Open entries to their authors for the papers that are asked for elsewhere.

        Asked again before they came in, the authors get more time, or another request.

        :param reason: what is asked for, told to the authors
        :param due: moment (UTC) until which it is awaited
        :param asked: values of `_read_asked`
        :raises UserError: where the moment has passed
        """
        now = fields.Datetime.now()
        if not due or due <= now:
            raise UserError(
                self.env._(
                    "Say until when the papers are awaited: a time in the future."
                )
            )
        for entry in self:
            begun = (
                {}
                if entry.is_returned
                else {
                    "supplement_base": entry._get_supplement_digests(),
                    "supplement_note": False,
                    "supplement_changes": False,
                }
            )
            entry._open_door().write(
                {
                    "is_returned": True,
                    "supplement_reason": reason,
                    "supplement_due": due,
                    "supplement_requested_on": now,
                    "supplement_requested_by_id": self.env.uid,
                    **asked,
                    **begun,
                }
            )
            entry._announce("returned", entry._get_author_partners(), now)

    def _close_return(self):
        """Close entries again that came back, as nothing is awaited of them."""
        for entry in self:
            entry._open_door().write(
                {"is_returned": False, **entry._get_no_supplement()}
            )

    def _hand_in_return(self, note=None):
        """Hand in what was asked for; the old files stay as earlier versions.

        :param note: what its author says was supplemented
        :raises AccessError: for whoever doesn't act for the entry
        :raises UserError: where it is too late, or something is missing
        """
        self._check_submittable()
        self._check_supplement_told(note)
        now = fields.Datetime.now()
        for entry in self:
            entry.dossier_ids._count(now)
            entry._open_door().write(
                {
                    **entry._record_supplement(note),
                    "is_returned": False,
                    "commitment_on": now,
                    "commitment_text": entry._get_commitment_text(),
                }
            )
        # neither conflicts nor look-alikes are for an author to read
        entries_sudo = self.sudo()
        entries_sudo._on_authors_known()
        for entry in entries_sudo:
            entry._announce("receipt", entry._get_author_partners(), now)
        self._on_return_handed_in()

    def _on_return_handed_in(self):
        """Hook: what was asked for has come in."""
