def migrate(cr, version):
    """Files of entries that were submitted count since then."""
    cr.execute(
        """UPDATE hoithi_dossier_item i SET counted_on = e.submitted_on
             FROM hoithi_entry e
            WHERE e.id = i.entry_id AND e.submitted_on IS NOT NULL
              AND i.counted_on IS NULL"""
    )
