from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..guard.hoithi_guard_mixin import EVERYTHING
from .hoithi_award import RANKS


class HoithiNominationLine(models.Model):
    """A nominated entry, as it was when the nomination was sent."""

    _name = "hoithi.nomination.line"
    _inherit = ["hoithi.standing.mixin"]
    _description = "Nominated Entry"
    _order = "nomination_id, sequence, id"
    _rec_name = "entry_name"

    # a list that is drafted by the places has the place in its order
    _standing_fields = frozenset({"average_score", "sequence"})

    _fixed_fields = {
        "is_sent": EVERYTHING,
        "is_decided": {"result_rank", "amount"},
    }
    _fixed_rows = ("is_sent",)

    nomination_id = fields.Many2one(
        "hoithi.nomination", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="nomination_id.company_id", store=True)
    is_sent = fields.Boolean(related="nomination_id.is_sent")
    is_decided = fields.Boolean(related="nomination_id.is_decided")
    contest_id = fields.Many2one(related="nomination_id.contest_id")
    entry_id = fields.Many2one(
        "hoithi.entry",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('contest_id', '=', contest_id), ('state', '=', 'selected')]",
    )
    sequence = fields.Integer(default=10)
    reason = fields.Text()
    entry_code = fields.Char(string="Code", readonly=True)
    entry_name = fields.Char(string="Title", readonly=True)
    author_names = fields.Char(string="Authors", readonly=True)
    department_name = fields.Char(string="Unit", readonly=True)
    field_name = fields.Char(string="Field", readonly=True)
    average_score = fields.Float(string="Average", digits=(6, 2), readonly=True)
    result_rank = fields.Selection(
        [*RANKS, ("none", "No prize")], string="Result at the province"
    )
    amount = fields.Monetary(string="Prize money")
    currency_id = fields.Many2one(related="entry_id.currency_id")

    _unique_entry = models.Constraint(
        "UNIQUE (nomination_id, entry_id)", "An entry is nominated once in a list."
    )

    @api.constrains("entry_id", "nomination_id")
    def _check_same_contest(self):
        for line in self:
            # a conflict may hide an entry of the list
            if line.entry_id.sudo().contest_id != line.nomination_id.contest_id:
                raise ValidationError(
                    self.env._("A nominated entry belongs to the same contest.")
                )

    @api.constrains("entry_id", "nomination_id")
    def _check_one_list(self):
        """Keep two secretaries from drafting the same list, each unseen by the other.

        An entry that was returned may be listed anew; of its lists one is sent.
        """
        if self._is_data_load():
            return
        # of two at once, the second sees what the first has listed
        self.contest_id._take_turns()
        for nomination, lines in self.grouped("nomination_id").items():
            # a conflict may hide an entry, or the other list
            other_sudo = lines.sudo().search(
                [
                    ("entry_id", "in", lines.entry_id.ids),
                    ("nomination_id", "!=", nomination.id),
                    ("nomination_id.state", "!=", "returned"),
                ],
                limit=1,
            )
            if other_sudo:
                raise ValidationError(
                    self.env._(
                        "“%(entry)s” is on another list already (%(list)s, made on "
                        "%(moment)s): go on with that one, or take the entry off it "
                        "first.",
                        entry=other_sudo.entry_id.display_name,
                        list=other_sudo.nomination_id.display_name,
                        moment=other_sudo.contest_id._format_moment(
                            other_sudo.create_date
                        ),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self._is_data_load():
            lines._take_snapshot()
        return lines

    def write(self, vals):
        if "sequence" in vals:
            self._check_may_order()
        entries = self.entry_id if "entry_id" in vals else self.entry_id.browse()
        result = super().write(vals)
        self._release(entries)
        return result

    def unlink(self):
        entries = self.entry_id
        result = super().unlink()
        self._release(entries)
        return result

    def _check_may_order(self):
        """Keep who doesn't see a place of a list from giving the places anew.

        :raises UserError: where the list has an entry whose place isn't shown
        """
        if self.env.su:
            return
        # the list is whole, whatever a conflict hides of it
        listed_ids = self.sudo().nomination_id.line_ids.entry_id.ids
        if set(self._get_hidden_standing_ids()) & set(listed_ids):
            raise UserError(
                self.env._(
                    "The list isn't yours to put in order: it has an entry of which "
                    "you aren't told the place. Ask another secretary to do it."
                )
            )

    @api.model
    def _release(self, entries):
        """Make entries that a return took off the list selected ones again."""
        # the list is whole, also where a conflict hides an entry
        entries_sudo = entries.sudo()
        listed = self.sudo().search([("entry_id", "in", entries_sudo.ids)]).entry_id
        (entries_sudo - listed).filtered(lambda e: e.state == "nominated")._move(
            "selected"
        )

    def _take_snapshot(self):
        """Keep names and score as they are now, whatever is renamed later."""
        for line in self:
            # the list is complete also where a conflict hides an entry
            entry_sudo = line.entry_id.sudo()
            line.sudo()._open_door().write(
                {
                    "entry_code": entry_sudo.code,
                    "entry_name": entry_sudo.name,
                    "author_names": entry_sudo.author_names,
                    "department_name": entry_sudo.department_id.name,
                    "field_name": entry_sudo.field_id.display_name,
                    "average_score": entry_sudo.average_score,
                }
            )
