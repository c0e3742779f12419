def migrate(cr, version):
    """An index over department and contest takes the place of the department's own.

    Odoo keeps an index that no field asks for any more, and PostgreSQL would read that
    one together with the contest's, and the entries themselves, to count them.
    """
    cr.execute("DROP INDEX IF EXISTS hoithi_entry__company_id_index")
