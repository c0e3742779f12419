from odoo import models

from ...lib.contest.steps import WARN, Check
from ..guard.hoithi_states import ELIGIBLE, UNISSUED


class HoithiContest(models.Model):
    """The papers that a contest doesn't end without."""

    _inherit = "hoithi.contest"

    def action_make_paper(self, kind):
        """Open the paper of this kind about the contest, made now where there is none.

        :param kind: a kind of document about contests
        """
        return self.with_context(hoithi_kind=kind).action_make_document()

    def _get_council_checks(self):
        checks = super()._get_council_checks()
        counts = self._count_states()
        if any(counts.get(state) for state in ELIGIBLE) and not self._find_issued(
            "eligible_list"
        ):
            checks.append(
                Check(
                    WARN,
                    self.env._("The list of eligible entries isn't issued"),
                    self.env._("Open"),
                    {"method": "action_make_paper", "args": ["eligible_list"]},
                )
            )
        return checks

    def _get_closing_gaps(self):
        checks = super()._get_closing_gaps()
        counts = self._count_states()
        items = [self._get_paper_item("plan", self.env._("Plan issued"))]
        if any(counts.get(state) for state in ELIGIBLE):
            items.append(
                self._get_paper_item(
                    "eligible_list", self.env._("List of eligible entries issued")
                )
            )
        if self._get_sessions_in("closed"):
            items.append(self._get_minutes_item())
        if self._count_chosen():
            items.append(
                self._get_paper_item(
                    "recognition", self.env._("Decision on recognition issued")
                )
            )
        return [
            *checks,
            *items,
            self._get_paper_item(
                "report", self.env._("Report on the result"), self.report_deadline
            ),
        ]

    def _get_paper_item(self, kind, text, due=False):
        """Return whether a paper about the contest is issued, as a line of the list."""
        issued = self._find_issued(kind)[:1]
        target = {"method": "action_make_paper", "args": [kind]}
        if issued:
            note = issued.name
            target = {"model": issued._name, "id": issued.id}
        else:
            note = self.env._("Not issued")
            if due:
                note = self.env._("Not issued, due %s", self._describe_moment(due))
        return self._get_item(
            kind, text, bool(issued), note, self.env._("Make"), target
        )

    def _get_minutes_item(self):
        """Return whether the minutes of all sessions are issued and signed."""
        sessions = self._get_sessions_in("closed")
        minutes = self._find_issued("minutes")
        # a scan is for the Office, that it is there isn't
        signed = minutes.sudo().filtered(
            lambda document: document.res_id in sessions.ids and document._is_signed()
        )
        done = set(signed.mapped("res_id")) >= set(sessions.ids)
        open_session = sessions.filtered(lambda s: s.id not in signed.mapped("res_id"))
        return self._get_item(
            "minutes",
            self.env._("Minutes signed"),
            done,
            self.env._(
                "%(signed)s of %(sessions)s sessions with signed minutes",
                signed=len(set(signed.mapped("res_id"))),
                sessions=len(sessions),
            ),
            self.env._("Open the session"),
            {"model": "hoithi.session", "id": (open_session or sessions)[0].id},
        )

    def _find_issued(self, kind):
        """Return the papers of a kind that stand, the latest first."""
        self.ensure_one()
        return self.document_ids.filtered(
            lambda document: document.kind == kind and document.state == "issued"
        ).sorted("id", reverse=True)

    def _get_waiting_papers(self):
        """Return the papers on which somebody works, by state."""
        self.ensure_one()
        return self.document_ids.filtered(
            lambda document: document.state in UNISSUED
        ).grouped("state")
