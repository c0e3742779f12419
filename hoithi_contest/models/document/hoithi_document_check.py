import secrets

from odoo import api, fields, models


class HoithiDocument(models.Model):
    """An official paper bears the address of a page that tells whether it stands."""

    _inherit = "hoithi.document"

    check_token = fields.Char(
        readonly=True,
        copy=False,
        groups="hoithi_contest.group_secretary",
        export_string_translation=False,
        help="The part of the page's address that nobody guesses.",
    )

    _unique_check_token = models.UniqueIndex(
        "(check_token) WHERE check_token IS NOT NULL",
        "Another document has this address already.",
    )

    def _fill(self):
        # a paper that is being made gets its address before it is printed
        document_sudo = self.sudo()._open_door()
        if self._is_official() and not document_sudo.check_token:
            document_sudo.check_token = secrets.token_urlsafe(12)
        return super()._fill()

    def _get_check_url(self):
        """Return the address of the page that tells whether the paper stands."""
        # who holds the paper has the address
        token = self.sudo().check_token
        return f"{self.get_base_url()}/hoithi/paper/{token}" if token else ""

    @api.model
    def _get_check(self, token):
        """Return what the page of a paper tells, value by value; nothing for none.

        :param token: from the paper's address
        """
        # no address holds it, and the database takes it in no question
        if "\0" in token:
            return {}
        # everybody who holds the paper asks; nothing but what stands here leaves
        paper_sudo = self.sudo().search([("check_token", "=", token)], limit=1)
        if not paper_sudo:
            return {}
        is_issued = paper_sudo.is_issued
        state, level = paper_sudo._get_check_state()
        return {
            "agency": paper_sudo.agency_name or paper_sudo.company_id.name,
            "kind": paper_sudo._get_kind_label(),
            "number": is_issued
            and paper_sudo._get_kind_model()._get_told_number(paper_sudo),
            "date": is_issued and paper_sudo.date,
            "subject": is_issued and paper_sudo.subject,
            "state": state,
            "level": level,
            "note": paper_sudo.cure_note,
            "signature": "",
        }

    def _get_check_state(self):
        """Return whether the paper stands, in a sentence, and how grave that is."""
        self.ensure_one()
        if self.state == "cancelled":
            state, level = self.env._("This document was cancelled."), "danger"
        elif self.state != "issued":
            state = self.env._("This document isn't issued: what you hold is a draft.")
            level = "warning"
        elif self.is_standing:
            state = self.env._("The department issued this document.")
            level = "warning" if self.cure_state else "success"
        else:
            state, level = self.env._("This document doesn't stand any more."), "danger"
        return state, level
