from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import nd30, wording


class HoithiDocumentTallyMinutes(models.AbstractModel):
    _name = "hoithi.document.kind.tally_minutes"
    _description = "Tally Minutes"
    _inherit = "hoithi.document.kind"

    _recipients = wording.TO_LEADERS

    _by_council = True
    _texts = ("content",)

    @api.model
    def _get_sources(self, contest):
        return super()._get_sources(contest).filtered(lambda s: s.state != "planned")

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.TALLY_SUBJECT.format(contest=source.contest_id.name),
            "date": self._get_date(source.contest_id, source.start),
        }

    @api.model
    def _get_own_context(self, document):
        session = self._get_about(document)
        counted = session.item_ids.filtered(lambda item: item.state == "counted")
        if not counted:
            raise UserError(
                self.env._(
                    "No vote of “%s” has been counted yet.", session.display_name
                )
            )
        team = session.tally_member_ids.sorted(lambda seat: (seat.sequence, seat.id))
        team = team or session.council_id._get_members("secretary")
        restarts = [
            wording.RESTARTED.format(
                code=item.entry_code, reason=self._get_restart(item)
            )
            for item in counted
            if item.restart_reason
        ]
        early = [
            wording.COUNTED_EARLY_ON.format(
                code=item.entry_code, early=self._get_early_count(item)
            )
            for item in counted
            if item.early_reason
        ]
        rows = dict(zip(session.item_ids, self._get_item_rows(session), strict=True))
        return {
            "session": self._get_session_context(session),
            "team": [
                {
                    "name": self._get_name_on_roll(session, member),
                    "role": wording.TALLY_MEMBER if index else wording.TALLY_HEAD,
                }
                for index, member in enumerate(team)
            ],
            "voting_count": nd30.padded(session.voting_count),
            "present_count": nd30.padded(session.present_count),
            "items": [
                {
                    **rows[item],
                    "number": number,
                    **self._get_votes(item),
                    "recused": self._get_recused(item),
                }
                for number, item in enumerate(counted, 1)
            ],
            "note": " ".join(self._get_words(document, "content", *restarts, *early)),
            "signature": self._get_council_signature(session._get_presiding_line()),
        }
