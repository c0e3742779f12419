def migrate(cr, _version):
    """Who reviews for a sheet that fell out stands in the log of that sheet alone.

    The entry's, where it stood, is read by authors with an internal login and by heads.
    It was written as the sheet was given, at one moment.
    """
    cr.execute(
        """UPDATE mail_message m SET model = 'hoithi.review', res_id = r.id
             FROM hoithi_review r
            WHERE r.is_replacement AND r.entry_id = m.res_id
              AND m.model = 'hoithi.entry' AND m.create_date = r.create_date
              AND m.body != ''"""
    )
