from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.council import ballot_box


class HoithiSession(models.Model):
    """A session that votes by ballots on paper, on some entries or on all."""

    _inherit = "hoithi.session"

    _fixed_fields = {"is_opened": {"on_paper"}}

    on_paper = fields.Boolean(
        string="Ballots on paper",
        help="Of secret votes: ballots are put into a box, and the tally team counts "
        "them by hand. An entry may be given another kind until its vote starts.",
    )
    has_paper_votes = fields.Boolean(compute="_compute_has_paper_votes")
    can_enter_papers = fields.Boolean(
        compute="_compute_can_enter_papers",
        help="The reader is a teller of paper ballots that are being counted.",
    )

    # COMPUTE

    @api.depends("ballot_mode", "on_paper", "item_ids.on_paper")
    def _compute_has_paper_votes(self):
        for session in self:
            session.has_paper_votes = (
                any(session.item_ids.mapped("on_paper"))
                if session.item_ids
                else session.on_paper and session.ballot_mode == "secret"
            )

    @api.depends_context("uid")
    @api.depends("item_ids.state", "item_ids.on_paper", "tally_member_ids")
    def _compute_can_enter_papers(self):
        for session in self:
            session.can_enter_papers = any(session.item_ids.mapped("can_enter_paper"))

    # ACTION

    def action_open_paper_count(self):
        """Open the dialog of a teller for the paper ballots that are counted now.

        :raises UserError: where there are none that the caller may count
        """
        self.ensure_one()
        self.check_access("read")
        items = (self.current_item_id | self.item_ids).filtered("can_enter_paper")
        if not items:
            raise UserError(
                self.env._("There are no paper ballots that you count now.")
            )
        return items[0].action_open_paper_count()

    # BUSINESS

    def _needs_team(self):
        return super()._needs_team() or self.has_paper_votes

    def _get_opening_problems(self):
        problems = super()._get_opening_problems()
        present = self.tally_member_ids & self._get_present()
        if self.has_paper_votes and len(present) < ballot_box.TELLERS:
            problems.append(
                self.env._(
                    "Paper ballots are counted by at least %(number)s tellers who are "
                    "present; there are %(present)s. Choose the tally team.",
                    number=ballot_box.TELLERS,
                    present=len(present),
                )
            )
        return problems

    def _tell_tellers(self, members):
        self.ensure_one()
        if self.has_secret_votes or not self.has_paper_votes:
            super()._tell_tellers(members)
            return
        for user in members.user_id:
            session = self.with_context(lang=user.lang)
            session.message_notify(
                partner_ids=user.partner_id.ids,
                subject=session.env._(
                    "You are on the tally team: %s", session.display_name
                ),
                body=Markup("<p>%s</p>")
                % session.env._(
                    "The session votes by ballots on paper. The tally team counts them "
                    "by hand; two tellers then enter the numbers in the session, and "
                    "the first adds the scan of the signed paper."
                ),
            )
