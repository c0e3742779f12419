def migrate(cr, version):
    """A decision that reopens an award is of its level, also once it is struck."""
    cr.execute(
        """
        UPDATE hoithi_reopening r SET award_level = a.level
          FROM hoithi_award a WHERE a.id = r.award_id
        """
    )
