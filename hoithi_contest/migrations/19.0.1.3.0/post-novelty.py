def migrate(cr, version):
    """Entries that were handed in before wait for their comparison."""
    cr.execute(
        """INSERT INTO hoithi_novelty_text
                  (entry_id, company_id, state,
                   create_uid, write_uid, create_date, write_date)
           SELECT id, company_id, 'waiting', 1, 1,
                  NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
             FROM hoithi_entry
            WHERE state NOT IN ('draft', 'withdrawn') AND anonymised_on IS NULL
           ON CONFLICT DO NOTHING"""
    )
