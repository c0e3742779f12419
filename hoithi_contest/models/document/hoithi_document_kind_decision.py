from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import wording


class HoithiDocumentDecision(models.AbstractModel):
    _name = "hoithi.document.kind.decision"
    _description = "Decision on the Council"
    _inherit = "hoithi.document.kind"

    _cites = True

    _prints_digest = True
    _recipients = wording.TO_EXECUTORS

    _texts = ("content",)

    @api.model
    def _get_defaults(self, source):
        council = source.council_id
        return {
            "subject": wording.DECISION_SUBJECT.format(
                act=self._get_act(council), council=self._get_council_name(council)
            ),
            "planned_on": council.decision_date or source._get_today(),
        }

    @api.model
    def _get_previous(self, council):
        """Return the council that this one follows in the department, if any."""
        domain = [
            ("company_id", "=", council.company_id.id),
            ("id", "!=", council.id),
            ("decision_date", "!=", False),
            ("decision_date", "<", council.decision_date),
        ]
        if not council.decision_date:
            domain.pop()
        return council.with_context(active_test=False).search(
            domain, order="decision_date desc", limit=1
        )

    @api.model
    def _get_act(self, council):
        return wording.RENEW if self._get_previous(council) else wording.ESTABLISH

    @api.model
    def _get_bases(self, document):
        return self._get_basis_lines(
            self._get_cited(document),
            wording.OFFICE_PROPOSES.format(**self._get_agency_context(document)),
        )

    @api.model
    def _get_own_context(self, document):
        council = document.contest_id.council_id
        if not council.member_ids:
            raise UserError(
                self.env._(
                    "Choose the council of “%s” and its members first.",
                    document.contest_id.name,
                )
            )
        agency = self._get_agency_context(document)
        previous = self._get_previous(council)
        return {
            "issued_by": self._get_issuer(document),
            "act": self._get_act(council),
            "members": [
                {
                    "number": number,
                    "name": self._get_member_name(member),
                    "position": self._get_member_position(member, document),
                    "role": wording.ROLES[member.role],
                }
                for number, member in enumerate(council.member_ids, 1)
            ],
            "duties": self._get_words(
                document,
                "content",
                *(
                    duty.format(**agency)
                    for duty in (
                        wording.COUNCIL_DUTIES
                        if self._is_scored(document.contest_id)
                        else wording.UNSCORED_DUTIES
                    )
                ),
            ),
            "quorum_rule": wording.quorum_rule(
                council.quorum_ratio, council._get_majority()
            ),
            "replaces": (
                wording.decision_line(previous.decision_number, previous.decision_date)
                if previous.decision_number
                else ""
            ),
            "executors": wording.COUNCIL_EXECUTORS.format(**agency),
            "digest": self._get_ledger_digest(document.contest_id),
        }
