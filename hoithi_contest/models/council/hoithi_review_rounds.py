from odoo import api, fields, models
from odoo.exceptions import UserError


class HoithiReview(models.Model):
    """A sheet belongs to the round in which it was given; earlier ones stay as read."""

    _inherit = "hoithi.review"

    round_id = fields.Many2one(
        "hoithi.round",
        compute="_compute_round_id",
        store=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    is_round_over = fields.Boolean(
        related="round_id.is_over", export_string_translation=False
    )

    @api.depends("entry_id")
    def _compute_round_id(self):
        # that of the moment in which it is given, and no other later
        for review in self:
            review.round_id = review.round_id or review.entry_id.round_id

    @api.depends("entry_id.round_id", "round_id")
    def _compute_criteria_set(self):
        super()._compute_criteria_set()
        for review in self.filtered("round_id"):
            # a member reads no entry; by what was scored is no secret
            review_sudo = review.sudo()
            entry = review_sudo.entry_id
            if entry.round_id != review_sudo.round_id:
                review.criteria_set_id = entry.contest_id._get_set_of(
                    entry.field_id, review_sudo.round_id
                )

    @api.depends("round_id.closed_on")
    def _compute_is_sheet_closed(self):
        super()._compute_is_sheet_closed()
        for review in self:
            review.is_sheet_closed = review.is_sheet_closed or (
                # a member may read the rounds or not
                bool(review.sudo().round_id.closed_on)
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_data_load():
            vals_list = self._check_given(vals_list)
            # what is no id is refused below, in words
            given = (vals.get("entry_id") for vals in vals_list)
            ids = dict.fromkeys(id_ for id_ in given if isinstance(id_, int))
            self.env["hoithi.entry"].browse(ids)._check_advancing()
        return super().create(vals_list)

    # ACTION

    def action_reopen(self, reason=None):
        """Give a submitted sheet back to its member, see the office.

        :raises UserError: also where its round is over
        """
        for review in self:
            if review.round_id.closed_on:
                raise UserError(
                    self.env._(
                        "“%s” is over, and who went on from it is decided: its sheets "
                        "aren't reopened. One that mustn't count is voided.",
                        review.round_id.name,
                    )
                )
        return super().action_reopen(reason=reason)

    # BUSINESS

    def _check_takes_scores(self):
        super()._check_takes_scores()
        for review in self:
            # a member may read the rounds or not
            round_sudo = review.sudo().round_id
            if round_sudo.closed_on:
                raise UserError(
                    self.env._(
                        "“%s” is over; its sheets aren't changed any more.",
                        round_sudo.name,
                    )
                )

    def _get_sheet(self):
        sheet = super()._get_sheet()
        # which round it was, whoever reads the rounds
        round_sudo = self.sudo().round_id
        if round_sudo:
            sheet["round"] = round_sudo.id
        return sheet
