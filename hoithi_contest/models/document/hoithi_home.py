from odoo import api, models

from ...lib.contest.steps import BLOCK, Act
from ..contest.hoithi_home import LEADER, SECRETARY

PUBLISHER = "hoithi_contest.group_publisher"


class HoithiHome(models.AbstractModel):
    """What papers wait for: a leader's approval, a number, the public page."""

    _inherit = "hoithi.home"

    @api.model
    def _count_papers(self, contest, domain):
        """Return how many papers the caller may read fit."""
        return self.env["hoithi.document"].search_count(
            [("contest_id", "=", contest.id), *domain]
        )

    @api.model
    def _get_papers_target(self, contest, filter_name):
        return {
            "xmlid": "hoithi_contest.hoithi_document_action",
            "context": {
                "search_default_contest_id": contest.id,
                f"search_default_{filter_name}": 1,
            },
        }

    @api.model
    def _count_to_approve(self, contest):
        return self._count_papers(contest, [("can_approve", "=", True)])

    @api.model
    def _count_to_publish(self, contest):
        return self._count_papers(
            contest,
            [
                ("is_standing", "=", True),
                ("is_publishable", "=", True),
                ("is_published", "=", False),
            ],
        )

    @api.model
    def _count_untold(self, contest):
        """Return how many recipients of cured papers weren't told yet."""
        cures = self.env["hoithi.document"].search(
            [
                ("contest_id", "=", contest.id),
                ("state", "=", "issued"),
                ("cures_id", "!=", False),
            ]
        )
        return sum(cures.mapped("untold_count"))

    @api.model
    def _get_acts(self, contest):
        acts = super()._get_acts(contest)
        if not contest:
            return acts
        if self._has(SECRETARY) and (number := self._count_untold(contest)):
            acts.append(
                Act(
                    4,
                    self.env._("%s recipients wait to be told", number),
                    self.env._(
                        "They have a paper that was corrected, replaced or recalled. "
                        "Once the new one is signed it goes to them; or send it."
                    ),
                    self.env._("Open the papers"),
                    self._get_papers_target(contest, "untold"),
                )
            )
        if self._has(LEADER) and (number := self._count_to_approve(contest)):
            acts.append(
                Act(
                    15,
                    self.env._("Approve %s papers", number),
                    self.env._("Once approved, the Office numbers and sends them."),
                    self.env._("Read the papers"),
                    self._get_papers_target(contest, "mine_to_approve"),
                )
            )
        if self._has(PUBLISHER) and (number := self._count_to_publish(contest)):
            acts.append(
                Act(
                    18,
                    self.env._("Publish %s issued papers", number),
                    self.env._("They may stand on the public page, and don't yet."),
                    self.env._("Open the papers"),
                    self._get_papers_target(contest, "to_publish"),
                )
            )
        return acts

    @api.model
    def _get_waiting(self, contest):
        lines = super()._get_waiting(contest)
        if self._has(LEADER) and (number := self._count_to_approve(contest)):
            lines.append(
                self._line(
                    number,
                    self.env._("Papers to approve"),
                    self._get_papers_target(contest, "mine_to_approve"),
                )
            )
        if self._has(SECRETARY):
            number = self._count_papers(contest, [("state", "=", "approved")])
            if number:
                lines.append(
                    self._line(
                        number,
                        self.env._("Papers to number and send"),
                        self._get_papers_target(contest, "to_issue"),
                    )
                )
            archive = contest._get_archive_check()
            # one that another had made is that one's
            if archive and archive.severity != BLOCK and archive.target:
                lines.append(self._line(1, archive.text, archive.target, archive.note))
        if self._has(PUBLISHER) and (number := self._count_to_publish(contest)):
            lines.append(
                self._line(
                    number,
                    self.env._("Papers to publish"),
                    self._get_papers_target(contest, "to_publish"),
                )
            )
        return lines

    @api.model
    def _get_activity_actions(self):
        return super()._get_activity_actions() | {
            "hoithi.document": "hoithi_contest.hoithi_document_action",
        }
