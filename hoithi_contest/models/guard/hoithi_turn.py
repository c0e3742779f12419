"""Acts that take the next number come one after the other.

PostgreSQL shows a transaction of Odoo's what was there when it began to read. Of two
that overlap and count the same on, as receipts or the rows of a ledger, the second
fails when it comes to the number, and Odoo begins it anew after a second or more: of
thirty people who press at once most wait for a second try or a fifth, and some are
refused. Acts that wait for their turn before they begin to read don't fail.
"""

from odoo.tools import SQL

#: The lock on it is the turn. Its few rows hardly ever change, so that no vacuum, which
#: takes the same lock, is in the way; reading and writing it isn't kept from anybody.
TABLE = "ir_module_category"


def take_turn(cr):
    """Wait for the turn, and begin to read anew; it ends with the transaction.

    To be called before anything else is done, by whoever knows that no savepoint is
    open, with a cursor that may write. A transaction that wrote something already goes
    on as it is: then Odoo's trying again has to do.

    :param cr: the cursor of a request that has done no more than find out who asks
    """
    if cr.transaction:
        # what the ORM still keeps back was written as well
        cr.transaction.flush()
    cr.execute(SQL("SELECT pg_current_xact_id_if_assigned() IS NULL"))
    [(is_untouched,)] = cr.fetchall()
    if not is_untouched:
        return
    cr.rollback()
    # the one statement that doesn't fix what the transaction sees
    cr.execute(
        SQL("LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE", SQL.identifier(TABLE))
    )
