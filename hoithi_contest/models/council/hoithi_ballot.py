import random

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.council import ballot_box
from .hoithi_session_voter import SAID


class HoithiBallot(models.Model):
    """A ballot of a secret vote: nothing leads from it to a member, or back.

    - It has no member, no user and no time.
    - While the vote runs it is sealed to the public key of its box. The private key
      was split among the tellers as the vote began, and isn't kept: whoever reads all
      tables and files at any moment, the server's administrator included, sees neither
      a choice nor the count. Two tellers together open the box, with passphrases that
      are kept nowhere (`hoithi.session.teller`, `hoithi.ballot.share`).
    - With each vote the whole box is emptied and filled anew in random order by the
      transaction that rewrites the whole list of voters. So ids, physical order
      (`ctid`) and transactions (`xmin`) tell nothing.
    - Counting shuffles once more, writes the choices in clear and destroys the shares.

    What isn't defended: somebody who copied the table between two single votes, and has
    two tellers on his side, could tell the paper that was added.

    Nobody has rights on this model, the secretary and the administrator included.
    """

    _name = "hoithi.ballot"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Ballot"
    _order = "id"
    _log_access = False

    item_id = fields.Many2one(
        "hoithi.session.item", required=True, ondelete="cascade", index=True
    )
    sealed = fields.Char(readonly=True)
    choice = fields.Selection(
        SAID,
        readonly=True,
        help="Set by the count.",
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_data_load():
            raise UserError(self.env._("A ballot comes about by voting only."))
        return super().create(vals_list)

    # pylint: disable=method-required-super; every change is refused
    def write(self, vals):
        if not self._is_data_load():
            raise UserError(self.env._("A ballot is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A ballot is never deleted."))

    # BUSINESS

    @api.model
    def _prepare_box(self, item):
        """Make the box of the item, and give each teller a share of its key.

        :raises UserError: where there are too few tellers who may count this vote
        """
        tellers = item._get_counting_tellers()
        if len(tellers) < ballot_box.TELLERS:
            raise UserError(
                self.env._(
                    "The secret vote on “%(item)s” needs %(number)s tellers who have "
                    "made their key and have no conflict of interest; there are "
                    "%(present)s. Add members to the tally team, who then press “My "
                    "teller key” in the session.",
                    item=item.display_name,
                    number=ballot_box.TELLERS,
                    present=len(tellers),
                )
            )
        public, shares = ballot_box.new_box(
            {teller.id: teller.public_key for teller in tellers}, self._get_label(item)
        )
        item._open_door().box_key = public
        self.env["hoithi.ballot.share"]._open_door().create(
            [
                {"item_id": item.id, "teller_id": teller, "sealed": sealed}
                for teller, sealed in shares.items()
            ]
        )

    @api.model
    def _put_in(self, item, choice):
        """Put a ballot in the box, and shuffle it with all the others."""
        # the key seals and opens nothing; still it is no reader's
        paper = ballot_box.seal(choice, item.sudo().box_key, self._get_label(item))
        self._fill_box(
            item, [(sealed, None) for sealed in [*self._read_papers(item), paper]]
        )

    @api.model
    def _open_box(self, item):
        """Return the choices in the box, and leave them there in clear and shuffled.

        :raises UserError: where the shares don't open it
        """
        label, shares = self._get_label(item), self._get_shares(item)
        try:
            key = ballot_box.combine(
                [share.opened for share in shares if share.opened], item.box_key, label
            )
        except ballot_box.BoxStaysShut:
            raise UserError(
                self.env._(
                    "The tellers' shares don't open this box of ballots: take the vote "
                    "again."
                )
            ) from None
        choices = [
            ballot_box.unseal(paper, key, label) for paper in self._read_papers(item)
        ]
        # what can't be opened counts as invalid
        self._fill_box(item, [(None, choice or "blank") for choice in choices])
        shares.unlink()
        return choices

    @api.model
    def _empty(self, item):
        """Destroy the ballots of a vote that is taken again, and its shares."""
        self._fill_box(item, [])
        self._get_shares(item).unlink()
        item._open_door().box_key = False

    @api.model
    def _get_shares(self, items):
        return self.env["hoithi.ballot.share"].search([("item_id", "in", items.ids)])

    @api.model
    def _read_papers(self, item):
        rows = self.env.execute_query(
            SQL("SELECT sealed FROM hoithi_ballot WHERE item_id = %s", item.id)
        )
        return [sealed for (sealed,) in rows]

    @api.model
    def _fill_box(self, item, papers):
        """Replace all papers in the box by `papers`, in an order of pure chance."""
        random.SystemRandom().shuffle(papers)
        self.env.cr.execute(
            SQL("DELETE FROM hoithi_ballot WHERE item_id = %s", item.id)
        )
        if papers:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO hoithi_ballot (item_id, sealed, choice) VALUES %s",
                    SQL(", ").join(
                        SQL("(%s, %s, %s)", item.id, sealed, choice)
                        for sealed, choice in papers
                    ),
                )
            )
        self.invalidate_model(flush=False)

    @api.model
    def _get_label(self, item):
        return f"{item._name},{item.id}"
