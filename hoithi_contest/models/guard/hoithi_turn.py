"""Acts that take the next number come one after the other.

PostgreSQL shows a transaction of Odoo's what was there when it began to read. Of two
that overlap and count the same on, as receipts or the rows of a ledger, the second
fails when it comes to the number, and Odoo begins it anew after a second or more: of
thirty people who press at once most wait for a second try or a fifth, and some are
refused. Acts that wait for their turn before they begin to read don't fail.

Departments of one Odoo count each on its own, and wait in lines of their own.
"""

from odoo.tools import SQL

#: So many lines there are; departments beyond share them.
LINES = 16


def get_line(company_id):
    """Return the name of the table whose lock is the turn of a department."""
    return f"hoithi_turn_{company_id % LINES}"


def make_lines(cr):
    """Make the tables, which stay empty: no vacuum takes the same lock."""
    for number in range(LINES):
        line = SQL.identifier(get_line(number))
        cr.execute(SQL("CREATE TABLE IF NOT EXISTS %s ()", line))


def drop_lines(cr):
    """Take the tables away, as no model does that with the addon."""
    for number in range(LINES):
        cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(get_line(number))))


def take_turn(cr, company_id):
    """Wait for the turn, and begin to read anew; it ends with the transaction.

    To be called before anything else is done, by whoever knows that no savepoint is
    open, with a cursor that may write. A transaction that wrote something already goes
    on as it is: then Odoo's trying again has to do.

    :param cr: the cursor of a request that has done no more than find out who asks
    :param company_id: of the department in whose line it waits. Who comes by another,
        as an expert from outside, may have to be tried again
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
        SQL(
            "LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE",
            SQL.identifier(get_line(company_id)),
        )
    )
