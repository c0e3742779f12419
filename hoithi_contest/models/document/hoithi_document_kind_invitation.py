from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import wording
from ...lib.guard.moments import write_day


class HoithiDocumentInvitation(models.AbstractModel):
    _name = "hoithi.document.kind.invitation"
    _description = "Invitation"
    _inherit = "hoithi.document.kind"

    _recipients = wording.TO_ADDRESSEES

    _texts = ("content", "preparation")

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.INVITATION_SUBJECT.format(
                council=self._get_council_name(source.council_id) or wording.COUNCIL
            ),
            "planned_on": min(
                filter(
                    None,
                    [
                        self._get_date(source.contest_id, source.start),
                        source.contest_id._get_today(),
                    ],
                )
            ),
        }

    @api.model
    def _get_gaps(self, document):
        gaps = super()._get_gaps(document)
        session = document._get_source()
        if session._name != "hoithi.session":
            return gaps
        # only when it is held
        held = self._get_date(document.contest_id, session.sudo().start)
        day = document.date or document.planned_on
        if held and day and held < day:
            gaps.append(
                self.env._(
                    "The session is on %(held)s, before %(day)s, the date of its "
                    "invitation.",
                    held=write_day(held),
                    day=write_day(day),
                )
            )
        return gaps

    @api.model
    def _get_own_context(self, document):
        session = self._get_about(document)
        missing = [
            label
            for value, label in (
                (session.start, self.env._("the time of the session")),
                (session.place, self.env._("its venue")),
            )
            if not value
        ]
        if missing:
            raise UserError(
                self.env._("Nobody can be invited yet; enter: %s.", ", ".join(missing))
            )
        return {
            "guests": [
                " - ".join(
                    filter(
                        None,
                        [
                            (
                                f"{self._get_honorific(member)} "
                                f"{self._get_member_name(member)}"
                            ),
                            wording.ROLES[member.role],
                            self._get_member_position(member, document),
                        ],
                    )
                )
                for member in session.council_id.member_ids
            ],
            "session": self._get_session_context(session),
            "agenda": self._get_words(
                document,
                "content",
                *(
                    point.format(mode=self._get_mode_words(session))
                    for point in (
                        wording.AGENDA
                        if self._is_scored(session.contest_id)
                        else wording.UNSCORED_AGENDA
                    )
                ),
            ),
            "entries": self._get_item_rows(session),
            "note": " ".join(self._get_words(document, "preparation", wording.PREPARE)),
        }
