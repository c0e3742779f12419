from odoo import api, models

from ..guard.hoithi_states import DROPPED


class HoithiReview(models.Model):
    """A sheet as an expert from outside fills it in: on the portal, without a script.

    The own sheets are all that such a login reads; what the workspace does is done by
    the same calls, by a form.
    """

    _inherit = "hoithi.review"

    @api.model
    def _get_portal_sheets(self):
        """Return the caller's sheets, those still awaited first."""
        sheets = self.search(
            [("user_id", "=", self.env.uid), ("state", "not in", DROPPED)]
        )
        return sheets.sorted(lambda sheet: not sheet.is_pending)

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/hoithi/reviews/{self.id}"

    def _get_reader_path(self):
        """Return where the reviewer opens the sheet: by the login that the seat has."""
        self.ensure_one()
        # whoever writes the letter
        if self.sudo().user_id.share:
            return self._get_portal_path()
        return f"/odoo/hoithi-my-reviews/{self.id}"

    def _get_statement_text(self):
        """Return what a member declares before scoring in the contest of the sheets."""
        dialogs = self.env["hoithi.statement.sign"]
        # members from outside read the name of the contest, and not each field of it
        return dialogs.sudo().new({"contest_id": self.contest_id[:1].id}).text

    @api.model
    def _get_interest_kinds(self):
        """Return the kinds of interests that a member may mark, with their labels."""
        field = self.env["hoithi.statement.sign.line"]._fields["kind"]
        return field._description_selection(self.env)

    def _sign_posted(self, is_accepted, interests):
        """Sign the statement of interests as it was posted for these sheets.

        :param is_accepted: whether the statement was ticked
        :param interests: {id of a sheet: (kind or False, words)}
        :raises UserError: as the dialog does
        """
        dialogs = self.env["hoithi.statement.sign"]
        dialog = dialogs.browse(dialogs._open(self.contest_id[:1])["res_id"])
        for line in dialog.line_ids:
            kind, note = interests.get(line.review_id.id, (False, ""))
            line.write({"kind": kind, "note": note})
        dialog.accepted = is_accepted
        dialog.action_sign()

    def _save_posted(self, typed, seen):
        """Save a form, but nothing over what another window saved since it was shown.

        :param typed: {place: what was typed}, as `save_sheet` has places
        :param seen: {place: what the form showed}
        :return: what `save_sheet` returns
        """
        self.ensure_one()
        standing = self._get_sheet_values()
        return self.save_sheet(
            {
                place: [seen.get(place, value), typed[place]]
                for place, value in standing.items()
                if place in typed
            }
        )
