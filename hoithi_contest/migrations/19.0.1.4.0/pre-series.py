from odoo.tools.sql import column_exists

from odoo.addons.hoithi_contest.lib.document import nd30


def migrate(cr, version):
    """Letters have one series of numbers; until now each unit had one of its own.

    Where two papers have one number by that, the first keeps it in the series, and the
    others stay in that of their own symbol, as they were issued.
    """
    for table in ("hoithi_document", "hoithi_outside_number"):
        if column_exists(cr, table, "number_key"):
            fill_series(cr, table)


def fill_series(cr, table):
    cr.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS series varchar")
    cr.execute(
        f"SELECT id, company_id, number_year, number_key, symbol FROM {table}"
        " ORDER BY id"
    )
    rows = [(*row[:-1], row[-1] or "") for row in cr.fetchall()]
    # a symbol that is the series itself has no other one to stay in
    rows.sort(key=lambda row: nd30.series(row[-1]) != row[-1])
    taken, found = set(), {}
    for row_id, *place, symbol in rows:
        series = nd30.series(symbol)
        if place[-1] and (series, *place) in taken:
            series = symbol
        taken.add((series, *place))
        found[row_id] = series
    cr.execute(
        f"UPDATE {table} t SET series = v.series"
        " FROM unnest(%s::integer[], %s::text[]) v (id, series) WHERE t.id = v.id",
        [list(found), list(found.values())],
    )
