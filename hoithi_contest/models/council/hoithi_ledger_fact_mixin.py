from odoo import api, models


class HoithiLedgerFactMixin(models.AbstractModel):
    """Records that the score ledger attests, by what they say at that moment.

    What counts has its row, and a row its fact: see `hoithi.ledger._verify`. A fact is
    attested by the event that makes it count or ends it, and by no other, so that a
    later event doesn't cover up what was changed meanwhile.
    """

    _name = "hoithi.ledger.fact.mixin"
    _description = "Fact in the score ledger"

    #: Which facts of a record an event attests, as ``{event: (kind, …)}``.
    _ledger_events: dict[str, tuple[str, ...]] = {}

    #: The event of which whoever may read the record may open the row.
    _ledger_opening: str | None = None
    #: Events after which the record is gone.
    _ledger_ends: tuple[str, ...] = ()

    @api.model
    def _get_ledger_domain(self, contest):
        """Return which records of a contest may have facts that count."""
        return [("contest_id", "=", contest.id)]

    def _get_ledger_facts(self):
        """Return what one record says by kind of fact, or None where it doesn't count.

        The contents are values that JSON holds, and hold no name of a person.
        """
        self.ensure_one()
        return {}

    def _get_ledger_files(self):
        """Return the files that each kind of fact of one record names."""
        return {}

    def _get_ledger_contest(self):
        return self.contest_id

    def _get_ledger_entry(self):
        return self.entry_id

    def _attest(self, event):
        """Add a row on each record once the transaction is about to end.

        Rows of the same transaction go in together, and the chain is held only then.
        """
        if not self._is_data_load():
            self.env["hoithi.ledger"]._queue(self, event)

    @api.model
    def _iter_ledger_facts(self, contest, batch=500):
        """Yield (kind, record, content, files) of all that counts, as superuser.

        :param batch: how many records are held in memory at a time
        """
        # a check that leaves out what its caller can't read proves nothing
        records_sudo = self.sudo().with_context(active_test=False)
        none = self.env["ir.attachment"]
        ids = records_sudo.search(self._get_ledger_domain(contest), order="id").ids
        for start in range(0, len(ids), batch):
            for record in records_sudo.browse(ids[start : start + batch]):
                files = record._get_ledger_files()
                for kind, content in record._get_ledger_facts().items():
                    if content is not None:
                        yield kind, record, content, files.get(kind, none)
            self.env.invalidate_all()
