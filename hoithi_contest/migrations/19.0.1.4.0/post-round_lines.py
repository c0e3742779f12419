def migrate(cr, _version):
    """The last change of an entry's line in a round tells no more who gave a sheet."""
    cr.execute(
        """UPDATE hoithi_round_entry l
              SET write_uid = l.create_uid, write_date = l.create_date
             FROM hoithi_review r
            WHERE r.entry_id = l.entry_id AND r.user_id = l.write_uid"""
    )
