def migrate(cr, version):
    """What authors agreed to before the log of consents was kept, it tells as such."""
    for key, flag, moment in (
        ("taking_part", "confirmed_on IS NOT NULL", "confirmed_on"),
        ("form_details", "details_on IS NOT NULL", "details_on"),
        ("publication", "consent_publish", "consent_on"),
    ):
        cr.execute(
            f"""INSERT INTO hoithi_consent
                       (author_id, entry_id, contest_id, company_id, partner_id,
                        full_name, purpose_id, given_on, given_door,
                        create_uid, write_uid, create_date, write_date)
                SELECT a.id, e.id, e.contest_id, e.company_id, a.partner_id,
                       a.full_name, p.id,
                       COALESCE(a.{moment}, a.write_date, NOW() AT TIME ZONE 'UTC'),
                       'before', 1, 1,
                       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
                  FROM hoithi_entry_author a
                  JOIN hoithi_entry e ON e.id = a.entry_id
                  JOIN hoithi_purpose p ON p.key = %s
                 WHERE a.{flag}
                   AND (%s OR e.state <> 'withdrawn')
                   AND NOT EXISTS (
                       SELECT FROM hoithi_consent c
                        WHERE c.author_id = a.id AND c.purpose_id = p.id)""",
            [key, key != "taking_part"],
        )
