def migrate(cr, version):
    """Rows that stand are of version 1; a default would have to change them."""
    cr.execute(
        "ALTER TABLE IF EXISTS hoithi_ledger"
        " ADD COLUMN IF NOT EXISTS version integer NOT NULL DEFAULT 1"
    )
    cr.execute("ALTER TABLE IF EXISTS hoithi_ledger ALTER COLUMN version DROP DEFAULT")
