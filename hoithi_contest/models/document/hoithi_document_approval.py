from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .hoithi_document import LEADER

#: Forms of signing by which somebody acts for the head.
FOR_HEAD = ("kt", "tm_kt", "q", "tuq")


class HoithiDocument(models.Model):
    """Who approves a paper: whoever signs it, or acts for that one.

    Of the agency's papers that is the signer, of the council's who presided. Forms are
    signed by persons; any leader who reads them clears them.
    """

    _inherit = "hoithi.document"

    approver_id = fields.Many2one(
        "res.users",
        string="User who approves",
        compute="_compute_approver",
        help="The login of who signs, and so approves what bears the signature.",
    )
    approver_name = fields.Char(
        string="To be approved by",
        compute="_compute_approver",
        help="Who signs: the signer of the agency, or who presided over the council.",
    )
    approver_gap = fields.Char(
        string="Why somebody else approves",
        compute="_compute_approver",
        help="Where who signs has no login, or nobody does: who approves instead.",
    )
    can_approve = fields.Boolean(
        string="Waits for my approval",
        compute="_compute_can_approve",
        search="_search_can_approve",
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    back_reason = fields.Text(string="Why sent back", readonly=True, copy=False)

    # COMPUTE

    @api.depends(
        "kind",
        "res_model",
        "res_id",
        "date",
        "planned_on",
        "signer_id.name",
        "signer_id.user_id",
    )
    @api.depends_context("lang")
    def _compute_approver(self):
        for document in self:
            signatory_sudo = document._get_signatory_sudo()
            document.approver_id = signatory_sudo.user_id
            document.approver_name = signatory_sudo.display_name
            document.approver_gap = document._get_approver_gap(signatory_sudo)

    @api.depends("state", "docx_id", "is_outdated", "approver_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        is_leader = self.env.user.has_groups(",".join(LEADER))
        for document in self:
            document.can_approve = (
                is_leader
                and document.state == "draft"
                and bool(document.docx_id)
                and not document.is_outdated
                and document._may_approve()
            )

    def _search_can_approve(self, operator, value):
        if operator != "in":
            return NotImplemented
        made = self.search(
            [
                ("state", "=", "draft"),
                ("docx_id", "!=", False),
                ("is_outdated", "=", False),
            ]
        )
        own = Domain("id", "in", made.filtered("can_approve").ids)
        return Domain.OR(own if flag else ~own for flag in value)

    # ACTION

    def action_approve(self):
        """Approve documents as their files are: from now on their content is frozen.

        :raises UserError: without files, or where something changed since
        """
        self._check_transition("approved")
        for document in self:
            document._check_approver()
            if not document.docx_id:
                raise UserError(
                    self.env._(
                        "“%s” has no file yet: let the secretary make it first.",
                        document.name,
                    )
                )
            if document.is_outdated:
                raise UserError(
                    self.env._(
                        "“%s” was changed after its file was made: let the secretary "
                        "make it anew, so that you approve what will be issued.",
                        document.name,
                    )
                )
        self._move(
            "approved",
            approved_by_id=self.env.user.id,
            approved_on=fields.Datetime.now(),
            back_reason=False,
        )
        return True

    def action_approve_selected(self):
        """Approve of these papers those that may be, and tell of the others why not.

        :return: a notice of what was done
        """
        return self._do_what_can_be_done("action_approve", "approved")

    def action_ask_send_back(self):
        """Open the dialog that asks for what `action_send_back` needs."""
        return self._ask_reason("action_send_back", self.env._("Back to Draft"))

    def action_send_back(self, reason=None):
        """Make approved documents drafts again, to be put right.

        :param reason: what is to be changed
        """
        self._check_transition("draft")
        self._move(
            "draft",
            back_reason=self._clean_reason(reason),
            approved_by_id=False,
            approved_on=False,
        )
        return True

    # BUSINESS

    def _is_signed_by_agency(self):
        """Tell whether a signer of the agency signs: neither council nor persons."""
        self.ensure_one()
        return self._is_official() and not self._get_kind_model()._by_council

    def _is_signed_by_council(self):
        self.ensure_one()
        return self._is_official() and self._get_kind_model()._by_council

    def _get_signatory_sudo(self):
        """Return who signs, as superuser: a signer of the agency, or a council's seat.

        Nothing of a form.
        """
        self.ensure_one()
        # who signs is printed on every paper
        document_sudo = self.sudo()
        if self.kind and self._is_signed_by_council():
            return document_sudo._get_kind_model()._get_presiding_seat(document_sudo)
        if self.kind and self._is_signed_by_agency():
            return document_sudo.signer_id
        return document_sudo.signer_id.browse()

    def _may_approve(self):
        """Tell whether the caller signs the paper, or acts for who does.

        The head of the agency does for everybody; any leader where the agency profile
        has a login for nobody who could, so that no paper is stuck.
        """
        self.ensure_one()
        user = self.env.user
        if self.env.su or not self._is_official() or user == self.approver_id:
            return True
        signatory_sudo = self._get_signatory_sudo()
        acting_sudo = self._get_acting_sudo(signatory_sudo)
        if user in acting_sudo.user_id:
            return True
        if self._is_signed_by_council():
            seats_sudo = signatory_sudo.council_id.member_ids
            seats_sudo = seats_sudo.filtered(lambda seat: seat.user_id == user)
            is_for_chair = signatory_sudo.role == "chair"
            return any(
                role == "chair" or (role == "vice_chair" and is_for_chair)
                for role in seats_sudo.mapped("role")
            )
        return bool(signatory_sudo) and not (signatory_sudo.user_id or acting_sudo)

    def _get_acting_sudo(self, signatory_sudo):
        """Return whose login approves in the place of who signs, as superuser.

        They are signers of the agency: the head, and whoever acts for the head in the
        head's papers.
        """
        self.ensure_one()
        is_heads = self._is_signed_by_agency() and (
            signatory_sudo and signatory_sudo._is_head()
        )
        day = self.date or self.planned_on
        # who signs for the agency, and by what right, is printed on every paper
        return self.agency_id.sudo().signer_ids.filtered(
            lambda line: (
                line.user_id
                and (not day or line._is_valid_at(day))
                and (line._is_head() or (is_heads and line.authority in FOR_HEAD))
            )
        )

    def _get_approver_gap(self, signatory_sudo):
        """Return who approves where no login is known of who signs; or nothing."""
        self.ensure_one()
        if not self.kind or not self._is_official() or signatory_sudo.user_id:
            return ""
        if self._is_signed_by_council():
            # seats have logins: nobody sits there
            return self.env._(
                "Nobody presides over the council, and it has no chair: enter the "
                "chair. Until then the head of the agency approves."
            )
        if not signatory_sudo:
            return ""
        if acting_sudo := self._get_acting_sudo(signatory_sudo):
            return self.env._(
                "The agency profile has no login for this signer: enter it there. "
                "Until then it is approved by %s.",
                ", ".join(acting_sudo.mapped("name")),
            )
        return self.env._(
            "The agency profile has no login for this signer, nor for who could act in "
            "that place: enter it there. Until then any leader of the agency approves."
        )

    def _check_approver(self):
        """Refuse a leader who would approve for a signer without being authorised.

        :raises UserError: naming who approves
        """
        self.ensure_one()
        if self._may_approve():
            return
        values = {"name": self.name, "signer": self.approver_name or "–"}
        if self._is_signed_by_council() and self.approver_name:
            raise UserError(
                self.env._(
                    "“%(name)s” is a paper of the council: %(signer)s, who presides, "
                    "approves it with the role of a leader; else the chair, a deputy "
                    "where the chair presides, or the head of the agency.",
                    **values,
                )
            )
        if self.approver_gap:
            raise UserError(
                self.env._(
                    "“%(name)s” can't be approved by you. %(reason)s",
                    name=self.name,
                    reason=self.approver_gap,
                )
            )
        raise UserError(
            self.env._(
                "“%(name)s” is signed by %(signer)s, who approves it. Whoever is to do "
                "so instead is entered as signer of the agency, with KT. or TUQ.",
                **values,
            )
        )
