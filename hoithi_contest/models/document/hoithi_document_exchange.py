from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.document import wording
from ...tools import in_vietnamese


class HoithiDocument(models.Model):
    """What another system is told of a paper."""

    _inherit = "hoithi.document"

    keeping = fields.Char(string="Term of keeping", compute="_compute_keeping")

    def action_make_exchange(self):
        """Pack issued papers for the document system of the department.

        :raises UserError: for a paper that isn't issued, or papers of several contests
        """
        self.check_access("read")
        for document in self:
            if document.state != "issued":
                raise UserError(self.env._("“%s” isn't issued yet.", document.name))
        self._check_one_contest()
        return self.env["hoithi.document.run"]._start(
            self.contest_id, self, purpose="exchange"
        )

    def action_make_exchange_selected(self):
        """Pack of these papers those that are issued, and tell of the others.

        :return: a notice of what was done, and the run that packs them
        :raises UserError: for papers of several contests
        """
        self.check_access("read")
        issued = self.filtered(lambda document: document.state == "issued")
        # they go into one package, and aren't parted by what refuses
        issued._check_one_contest()
        reason = self.env._("It isn't issued yet.")
        return issued._do_what_can_be_done(
            "action_make_exchange",
            left_out=[(other, reason) for other in self - issued],
        )

    def _check_one_contest(self):
        if len(self.contest_id) > 1:
            raise UserError(self.env._("Choose papers of one contest."))

    def _get_exchange_data(self):
        """Return what identifies and describes the paper, as texts, in Vietnamese."""
        self.ensure_one()
        paper = in_vietnamese(self)
        # where the paper is from: what the database is called is no secret
        return {
            "id": f"{self.env['ir.config_parameter'].sudo().get_param('database.uuid')}"
            f"/hoithi.document/{self.id}",
            "kind": paper._get_kind_label(),
            "number": paper.number or "",
            "symbol": paper.symbol or "",
            "date": fields.Date.to_string(paper.date) or "",
            "subject": " ".join((paper.subject or paper.name or "").split()),
            "issuer": paper.agency_name or "",
            "signer": paper.signer_name or "",
            "signer_position": paper.signer_position or "",
            "urgency": wording.URGENCIES.get(paper.urgency, ""),
            "recipients": [
                line.name for line in paper.recipient_ids if line.role != "archive"
            ],
            "standing": (
                wording.CANCELLED.format(reason=paper.cancel_reason or "–")
                if paper.state == "cancelled"
                else paper.cure_note or wording.STANDING
            ),
            "keeping": paper.keeping or wording.KEEPING_UNKNOWN,
            "signed": (
                wording.NOT_SIGNED
                if not paper.is_signed
                else wording.SIGNED_IN_DOUBT
                if paper._is_doubtful()
                else wording.SIGNED
            ),
        }

    def _compute_keeping(self):
        # a setting of the department, for whoever packs its papers
        templates_sudo = self.env["hoithi.document.template"].sudo()
        keeping = {
            (template.company_id, template.kind): template.keeping
            for template in templates_sudo.search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("kind", "in", list(set(self.mapped("kind")))),
                ],
                order="id desc",
            )
        }
        for paper in self:
            paper.keeping = keeping.get((paper.company_id, paper.kind), "")

    def _get_without_keeping(self):
        """Return what the kinds of these papers without a term of keeping are called.

        Forms of the addon that have no template have no term either.
        """
        return list(
            dict.fromkeys(
                paper._get_kind_label() for paper in self if not paper.keeping
            )
        )
