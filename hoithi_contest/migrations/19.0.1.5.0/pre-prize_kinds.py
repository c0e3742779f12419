def migrate(cr, version):
    """A code of a kind of prize is one in its department, no more in all of them."""
    cr.execute(
        "ALTER TABLE IF EXISTS hoithi_prize_kind"
        " DROP CONSTRAINT IF EXISTS hoithi_prize_kind_unique_code"
    )
