from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.council import ballot_box


class HoithiBallotShare(models.Model):
    """A teller's share of the key of one box, sealed to that teller's own key.

    Who counts opens the own share; as soon as enough lie open the box is counted and
    all shares are destroyed by the same transaction. A single open share tells nothing.
    Nobody has rights on this model.
    """

    _name = "hoithi.ballot.share"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Share of a Ballot Box"
    _log_access = False

    item_id = fields.Many2one(
        "hoithi.session.item", required=True, ondelete="cascade", index=True
    )
    teller_id = fields.Many2one(
        "hoithi.session.teller", required=True, ondelete="cascade", index=True
    )
    sealed = fields.Char(required=True, readonly=True)
    opened = fields.Char(readonly=True)

    _unique_teller = models.Constraint(
        "UNIQUE (item_id, teller_id)", "A teller has one share of a box."
    )

    def _hand_in(self, key):
        """Open the shares with their teller's unlocked key.

        :raises UserError: where a share was made for another key, as one that its
            teller replaced in the same moment
        """
        ballots = self.env["hoithi.ballot"]
        for share in self:
            try:
                opened = ballot_box.open_share(
                    share.sealed, key, ballots._get_label(share.item_id)
                )
            except ballot_box.BoxStaysShut:
                raise UserError(
                    self.env._(
                        "Your key doesn't open your share of this box of ballots. Let "
                        "two others of the tally team count, or let the secretary take "
                        "the vote again."
                    )
                ) from None
            share._open_door().opened = opened
