from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import kinds, nd30, wording


class HoithiDocumentMinutes(models.AbstractModel):
    """Minutes go to the whole council, so they keep from it what a conflict keeps.

    The score of an entry for which a member had to leave isn't in them.
    """

    _name = "hoithi.document.kind.minutes"
    _description = "Minutes of the Session"
    _inherit = "hoithi.document.kind"

    _recipients = wording.TO_LEADERS

    _by_council = True
    _texts = ("content", "discussion", "conclusion")

    @api.model
    def _get_content_day(self, source):
        return self._get_date(source.contest_id, source.closed_on or source.start)

    @api.model
    def _get_sources(self, contest):
        return super()._get_sources(contest).filtered(lambda s: s.state != "planned")

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": (
                wording.CONFIRMING_SUBJECT
                if source.is_confirming
                else wording.MINUTES_SUBJECT
            ).format(contest=source.contest_id.name),
            "date": self._get_content_day(source),
        }

    @api.model
    def _get_own_context(self, document):
        session = self._get_about(document)
        if session.state == "planned":
            raise UserError(
                self.env._(
                    "“%s” hasn't been opened yet: there is nothing to record.",
                    session.display_name,
                )
            )
        roll = session.attendance_ids
        return {
            "session": self._get_session_context(session),
            "present": [
                {
                    "name": self._get_member_name(line),
                    "position": self._join_position(
                        line.member_position, line.member_organisation, document
                    ),
                    "role": self._get_role_words(line),
                }
                for line in roll
                if line.present
            ],
            "absent": [
                {
                    "name": self._get_member_name(line),
                    "role": self._get_role_words(line),
                    "reason": line.reason or "",
                }
                for line in roll
                if not line.present
            ],
            "guests": self._get_words(document, "content"),
            "recusals": self._get_recusals(session),
            "report": self._get_report(session),
            "discussion": self._get_discussion(document, session)[""],
            "items": self._get_items(document, session),
            "conclusion": self._get_words(
                document, "conclusion", *kinds.paragraphs(session.conclusion)
            ),
            "digest": session.digest or "",
            "signature": self._get_council_signature(session._get_presiding_line()),
        }

    @api.model
    def _get_discussion(self, document, session):
        """Return what was said, as the Office entered it, by the entry's code.

        A line that begins with the code of an entry belongs to it, the lines below as
        well; what stands before the first is about none.
        """
        codes = {item.entry_code for item in session.item_ids if item.entry_code}
        spoken, code = dict.fromkeys(["", *codes]), ""
        spoken = {key: [] for key in spoken}
        for line in self._get_words(document, "discussion"):
            word, _sign, rest = line.partition(":")
            if word.strip() in codes:
                code, line = word.strip(), rest.strip()
            if line:
                spoken[code].append(line)
        return spoken

    @api.model
    def _get_score_note(self, item, is_readable):
        """Return why the minutes name no score of an entry."""
        if not self._is_scored(item.session_id.contest_id):
            return ""
        if item.recused_ids or not is_readable:
            return wording.NO_SCORE_CONFLICT
        return "" if item.average_score else wording.NO_SCORE

    @api.model
    def _get_items(self, document, session):
        items = []
        spoken = self._get_discussion(document, session)
        rows = self._get_item_rows(session)
        readable = self._get_session_entries(session)
        for item, row in zip(session.item_ids, rows, strict=True):
            counted = item.state == "counted"
            open_to_all = item.entry_id in readable and not item.recused_ids
            # what is known of the entry stands where it is decided on
            is_main = not item.question_id
            score = is_main and open_to_all and item.average_score
            formula = score and self._get_score_formula(item.entry_id)
            items.append(
                {
                    **row,
                    **self._get_votes(item),
                    # the share is one of these, the words before tell them apart
                    **({"agree": str(item._get_agreeing())} if counted else {}),
                    "score": " ".join(
                        filter(
                            None,
                            (
                                nd30.decimal(score, 2) if score else "",
                                f"({formula})" if formula else "",
                            ),
                        )
                    ),
                    "score_note": (
                        self._get_score_note(item, item.entry_id in readable)
                        if is_main
                        else ""
                    ),
                    "discussion": [
                        *(spoken.get(item.entry_code, []) if is_main else ()),
                        *self._get_opinions(item),
                    ],
                    "recused": self._get_recused(item),
                    "basis": self._get_vote_basis(item),
                    "restart": kinds.clean(self._get_restart(item)),
                    "early": kinds.clean(self._get_early_count(item)),
                    "conclusion": kinds.paragraphs(item.conclusion),
                }
            )
        return items

    @api.model
    def _get_vote_basis(self, item):
        """Return how the outcome follows from the votes, or why there were none."""
        if item.state != "counted":
            if not item.is_moot:
                return ""
            failed = [one._has_failed_before() for one in item._get_preliminaries()]
            return wording.MOOT_PRELIMINARY if any(failed) else wording.MOOT
        if item.casting_choice:
            return wording.tie_basis(
                item._get_agreeing(),
                item._get_disagreeing(),
                self._get_name_on_roll(item.session_id, item.casting_by),
                item.casting_choice == "agree",
            )
        return wording.vote_basis(
            item._get_agreeing(), item.base_count, item._get_majority()
        )

    @api.model
    def _get_recusals(self, session):
        """Return who left for which entry; that there is a conflict is for all to see.

        Its kind is read with the maker's rights, so it stays empty where the maker may
        not read why, and where nobody has decided that it is one.
        """
        kinds_by_pair = {
            (conflict.entry_id.id, conflict.member_id.id): self._get_label(
                conflict, "kind"
            )
            for conflict in self.env["hoithi.conflict"].search(
                [
                    ("entry_id", "in", session.item_ids.entry_id.ids),
                    ("hard", "=", True),
                    ("state", "=", "standing"),
                ]
            )
        }
        return [
            {
                "member": self._get_name_on_roll(session, member),
                "entry": " - ".join(filter(None, [item.entry_code, item.entry_name])),
                "reason": kinds_by_pair.get((item.entry_id.id, member.id), ""),
            }
            for item in session.item_ids
            if not item.question_id
            for member in item.recused_ids
        ]

    @api.model
    def _get_report(self, session):
        """Return what the secretary reported of receipt, screening and sheets."""
        contest = session.contest_id
        on = session.closed_on or None
        # numbers alone, also of entries that a conflict hides from the maker
        figures_sudo = self.env["hoithi.figures"].sudo()
        totals = figures_sudo._get_entry_totals(
            contest, ("received", "withdrawn", "eligible"), on
        )
        sheets = figures_sudo._count_reviews(contest, on)[contest]["submitted"]
        return [
            wording.MINUTES_REPORT.format(
                received=nd30.padded(totals["received"]),
                withdrawn=wording.withdrawn_note(totals["withdrawn"]),
                eligible=nd30.padded(totals["eligible"]),
            )
            + (
                wording.MINUTES_SHEETS.format(count=nd30.padded(sheets))
                if sheets
                else ""
            )
            + ".",
            *(
                wording.RULES_CHANGED.format(
                    moment=self._get_moment(contest, moment),
                    reason=kinds.clean(reason),
                    changes=kinds.clean(changes),
                )
                for moment, reason, changes in contest._get_rule_changes(on)
            ),
        ]
