from odoo import api, models

from ...lib.document import kinds, nd30, wording


class HoithiDocumentScoreSheet(models.AbstractModel):
    """A member's sheet; about a session it is the ballot paper of that session."""

    _name = "hoithi.document.kind.score_sheet"
    _description = "Score Sheet"
    _inherit = "hoithi.document.kind"

    _by_council = True
    _source_models = ("hoithi.review", "hoithi.session")

    @api.model
    def _get_content_day(self, source):
        if source._name == "hoithi.session":
            return None  # the ballot paper is there before the vote
        return self._get_date(source.contest_id, source.submitted_on)

    @api.model
    def _get_sources(self, contest):
        return self.env["hoithi.review"].search(
            [("contest_id", "=", contest.id), ("state", "=", "submitted")]
        )

    @api.model
    def _get_defaults(self, source):
        contest = source.contest_id
        if source._name == "hoithi.session":
            return {
                "subject": wording.BALLOT_SUBJECT.format(contest=contest.name),
                "date": self._get_date(contest, source.start),
            }
        return {
            "subject": wording.SHEET_SUBJECT.format(contest=contest.name),
            "date": self._get_date(contest, source.submitted_on),
        }

    @api.model
    def _get_own_context(self, document):
        source = self._get_about(document)
        if source._name == "hoithi.session":
            return self._get_ballot_context(source)
        review = source
        contest = review.contest_id
        given = review.state == "submitted"
        criteria = review.criteria_set_id.criterion_ids
        # an open sheet is its member's alone: it is printed blank
        lines = {line.criterion_id: line for line in review.line_ids if given}
        name = self._get_member_name(review.member_id)
        return {
            "is_ballot": False,
            "member": {"name": name, "role": wording.ROLES[review.member_id.role]},
            # the sheet tells of the entry what the reviewer may know
            "entry": {
                "code": review.entry_code or "",
                "title": kinds.clean(review.entry_name or ""),
                "field": review.field_id.display_name or "",
            },
            "criteria": [
                {
                    "number": str(number),
                    "name": criterion.name,
                    "max": wording.with_coefficient(
                        nd30.decimal(criterion.max_score), criterion.weight
                    ),
                    "score": (
                        nd30.decimal(lines[criterion].score)
                        if criterion in lines
                        else ""
                    ),
                    "comment": (
                        kinds.clean(lines[criterion].comment or "")
                        if criterion in lines
                        else ""
                    ),
                }
                for number, criterion in enumerate(criteria, 1)
            ],
            "max_total": nd30.decimal(review.criteria_set_id.total_max),
            "total": nd30.decimal(review.total) if given else "",
            "strengths": kinds.paragraphs(given and review.strengths or ""),
            "weaknesses": kinds.paragraphs(given and review.weaknesses or ""),
            "comment": kinds.paragraphs(given and review.comment or ""),
            "recommendation": (
                wording.RECOMMENDATIONS.get(review.recommendation, "") if given else ""
            ),
            "submitted_on": (
                self._get_moment(contest, review.submitted_on) if given else ""
            ),
            "session": "",
            "items": [],
            "scopes": [],
            "is_secret": False,
            "signature": {
                "authority": "",
                "position": wording.SCORER,
                "name": name,
            },
        }

    @api.model
    def _get_ballot_context(self, session):
        day = wording.day_words(self._get_date(session.contest_id, session.start))
        name = wording.session_name(session.name, session.number)
        rows = dict(zip(session.item_ids, self._get_item_rows(session), strict=True))
        voted = self._get_ballot_items(session)
        return {
            "title": wording.BALLOT_TITLE,
            "is_ballot": True,
            "member": {"name": "", "role": ""},
            "entry": {"code": "", "title": "", "field": ""},
            "criteria": [],
            **dict.fromkeys(
                ("max_total", "total", "recommendation", "submitted_on"), ""
            ),
            "strengths": [],
            "weaknesses": [],
            "comment": [],
            "session": ", ".join(filter(None, [name, day])),
            **{
                name: [
                    {**rows[item], "number": number}
                    for number, item in enumerate(items, 1)
                ]
                for name, items in (
                    ("items", voted.filtered(lambda item: not item.by_scope)),
                    ("scopes", voted.filtered("by_scope")),
                )
            },
            "is_secret": session.ballot_mode == "secret" or session._needs_team(),
            "signature": {"authority": "", "position": "", "name": ""},
        }
