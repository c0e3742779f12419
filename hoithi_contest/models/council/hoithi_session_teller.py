from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.council import ballot_box


class HoithiSessionTeller(models.Model):
    """The key of a member of the tally team, for the secret votes of one session.

    Its private half is locked with the teller's passphrase, which is kept nowhere. So
    what lies here opens nothing to whoever reads the database. Nobody has rights on
    this model.
    """

    _name = "hoithi.session.teller"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Teller's Key"

    session_id = fields.Many2one(
        "hoithi.session", required=True, ondelete="cascade", index=True
    )
    member_id = fields.Many2one(
        "hoithi.council.member", required=True, ondelete="restrict", index=True
    )
    public_key = fields.Text(required=True, readonly=True)
    locked_key = fields.Text(required=True, readonly=True)
    share_ids = fields.One2many("hoithi.ballot.share", "teller_id")

    _unique_member = models.Constraint(
        "UNIQUE (session_id, member_id)", "A teller has one key in a session."
    )

    def _lock(self, session, member, passphrase):
        """Give `member` a new key in `session`, instead of a former one.

        :raises UserError: while votes run that the former key helps to open
        """
        former = self.search(
            [("session_id", "=", session.id), ("member_id", "=", member.id)]
        )
        if former.share_ids:
            raise UserError(
                self.env._(
                    "Votes are running under your present key. Let the others of the "
                    "tally team count them, or let the secretary take them again; then "
                    "make a new key."
                )
            )
        public, locked = ballot_box.new_teller_key(passphrase)
        keys = {"public_key": public, "locked_key": locked}
        if former:
            former._open_door().write(keys)
        else:
            self._open_door().create(
                {"session_id": session.id, "member_id": member.id, **keys}
            )

    def _unlock(self, passphrase):
        """Return the teller's private key, for this act alone.

        :raises UserError: where the passphrase is another
        """
        self.ensure_one()
        try:
            return ballot_box.unlock(self.locked_key, str(passphrase or ""))
        except ballot_box.WrongPassphrase:
            raise UserError(
                self.env._(
                    "This isn't the passphrase of your teller key. Mind capitals and "
                    "accents. If it is lost, the other tellers count, or the secretary "
                    "has the vote taken again and you make a new key before."
                )
            ) from None
