def migrate(cr, version):
    """An entry may have prizes besides the one by its place; an index tells apart."""
    cr.execute(
        "ALTER TABLE IF EXISTS hoithi_award"
        " DROP CONSTRAINT IF EXISTS hoithi_award_unique_level"
    )
