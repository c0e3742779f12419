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
    def _get_content_day(self, source):
        return self._get_date(source.contest_id, source.closed_on or source.start)

    @api.model
    def _get_sources(self, contest):
        # an open vote has no ballots to count
        return (
            super()
            ._get_sources(contest)
            .filtered(lambda s: s.state != "planned" and self._has_ballots(s))
        )

    @api.model
    def _has_ballots(self, session):
        """Tell whether anything was voted on by ballot papers."""
        modes = {session.ballot_mode, *session.item_ids.mapped("ballot_mode")}
        return "secret" in modes

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.TALLY_SUBJECT.format(contest=source.contest_id.name),
            "date": self._get_content_day(source),
        }

    @api.model
    def _get_own_context(self, document):
        session = self._get_about(document)
        if not self._has_ballots(session):
            raise UserError(
                self.env._(
                    "“%s” voted openly: there are no ballots to count. Its minutes "
                    "tell of the votes.",
                    session.display_name,
                )
            )
        counted = self._get_ballot_items(session).filtered(
            lambda item: item.state == "counted"
        )
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
                code=item._get_short_name(), reason=self._get_restart(item)
            )
            for item in counted
            if item.restart_reason
        ]
        early = [
            wording.COUNTED_EARLY_ON.format(
                code=item._get_short_name(), early=self._get_early_count(item)
            )
            for item in counted
            if item.early_reason
        ]
        written = [
            wording.WRITTEN_ON.format(
                code=item._get_short_name(),
                words=self._get_written_words(item).lstrip("; "),
            )
            for item in counted
            if item.written
        ]
        papers = [
            wording.PAPER_COUNTED.format(
                code=item._get_short_name(),
                tellers=", ".join(
                    self._get_name_on_roll(session, member)
                    for member in item.paper_teller_ids
                ),
                # the maker reads the fingerprint of the scan, whoever reads the file
                sha256=item.sudo()._get_paper_facts()["paper"],
            )
            for item in counted
            if item.on_paper
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
            "note": " ".join(
                self._get_words(
                    document, "content", *restarts, *early, *written, *papers
                )
            ),
            "signature": self._get_council_signature(session._get_presiding_line()),
        }
