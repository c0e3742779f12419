def migrate(cr, version):
    """Places that go by the council's votes are worked out anew, of what counts.

    Votes of the organising committee, votes that were put again and written opinions
    that count for nothing told entries apart as well.
    """
    cr.execute(
        """UPDATE hoithi_entry e SET rank_stale = TRUE
             FROM hoithi_contest c
            WHERE c.id = e.contest_id AND c.state = 'council'
              AND EXISTS (SELECT 1 FROM hoithi_tie_break t
                           WHERE t.contest_id = c.id AND t.kind = 'votes')"""
    )
