from odoo import SUPERUSER_ID, api

#: What names a kind of prize by its code, in which column.
NAMED = (
    ("hoithi_prize", "rank"),
    ("hoithi_award", "rank"),
    ("hoithi_nomination_line", "result_rank"),
)


def migrate(cr, version):
    """A department gets the kinds of prizes of others that it used so far.

    Kinds had one list of codes over all departments, and each could take those of the
    others. What a prize, an award or a result means by a code stays what it was.
    """
    used = " UNION ".join(
        f"SELECT company_id, {column} AS code FROM {table}" for table, column in NAMED
    )
    cr.execute(
        f"""INSERT INTO hoithi_prize_kind (name, code, sequence, target, rule,
                company_id, create_uid, create_date, write_uid, write_date)
            SELECT k.name, k.code, k.sequence, k.target, k.rule, used.company_id,
                   k.create_uid, k.create_date, k.write_uid, k.write_date
              FROM ({used}) used
              JOIN hoithi_prize_kind k ON k.code = used.code
             WHERE k.company_id IS NOT NULL
               AND used.company_id IS NOT NULL
               AND NOT EXISTS (
                   SELECT FROM hoithi_prize_kind own
                    WHERE own.code = used.code
                      AND (own.company_id = used.company_id OR own.company_id IS NULL))
        """
    )
    # what comes after it in this update may have asked which kinds there are
    api.Environment(cr, SUPERUSER_ID, {}).registry.clear_cache()
