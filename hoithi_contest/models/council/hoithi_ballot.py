import contextlib
import os
import random
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, config

from ...lib.council import ballot_box
from .hoithi_session_voter import CHOICES


class HoithiBallot(models.Model):
    """A ballot of a secret vote: nothing leads from it to a member, or back.

    - It has no member, no user and no time.
    - While the vote runs it is sealed with a key that lies beside the database, in the
      filestore: whoever reads all tables after each vote, or a backup of them, sees
      neither a choice nor the count.
    - With each vote the whole box is emptied and filled anew, in random order and with
      all papers sealed afresh, by the transaction that rewrites the whole list of
      voters. So ids, physical order (`ctid`) and transactions (`xmin`) tell nothing.
    - Counting shuffles once more, writes the choices in clear and destroys the key.

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
        CHOICES,
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
        """Make the key of the item's box, beside the database."""
        path = self._get_key_path(item)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(ballot_box.new_key())

    @api.model
    def _put_in(self, item, choice):
        """Put a ballot in the box, and shuffle it with all the others."""
        key, label = self._read_key(item), self._get_label(item)
        papers = [
            # what can't be opened stays in: it counts as invalid
            opened and ballot_box.seal(opened, key, label) or sealed
            for sealed, opened in self._read_box(item, key)
        ]
        papers.append(ballot_box.seal(choice, key, label))
        self._fill_box(item, [(paper, None) for paper in papers])

    @api.model
    def _open_box(self, item):
        """Return the choices in the box, and leave them there in clear and shuffled."""
        key = self._read_key(item)
        choices = [opened for _sealed, opened in self._read_box(item, key)]
        self._fill_box(item, [(None, choice or "blank") for choice in choices])
        path = self._get_key_path(item)
        # not before the count is sure
        self.env.cr.postcommit.add(lambda: path.unlink(missing_ok=True))
        return choices

    @api.model
    def _empty(self, item):
        """Destroy the ballots of a vote that is taken again, and their key."""
        self._fill_box(item, [])
        path = self._get_key_path(item)
        self.env.cr.postcommit.add(lambda: path.unlink(missing_ok=True))

    @api.model
    def _read_box(self, item, key):
        """Return each paper of the box sealed and opened, the latter None if spoilt."""
        label = self._get_label(item)
        rows = self.env.execute_query(
            SQL("SELECT sealed FROM hoithi_ballot WHERE item_id = %s", item.id)
        )
        return [(sealed, ballot_box.unseal(sealed, key, label)) for (sealed,) in rows]

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

    @api.model
    def _get_key_path(self, item):
        folder = Path(config.filestore(self.env.cr.dbname)) / "hoithi_ballot"
        return folder / f"{item.id}.key"

    @api.model
    def _read_key(self, item):
        """Return the key of the item's box.

        :raises UserError: where it got lost, as by a restored database without files
        """
        with contextlib.suppress(FileNotFoundError):
            return self._get_key_path(item).read_bytes()
        raise UserError(
            self.env._(
                "The key of this box of ballots isn't on the server any more, so "
                "nobody can open it: take the vote again."
            )
        )
