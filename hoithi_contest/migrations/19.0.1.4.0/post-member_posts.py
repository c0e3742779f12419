def migrate(cr, _version):
    """Let the roll of sessions that were opened say the posts that seats have now."""
    cr.execute(
        """
        UPDATE hoithi_session_attendance a
           SET member_position = m.position, member_organisation = m.organisation
          FROM hoithi_council_member m
         WHERE m.id = a.member_id
           AND a.member_position IS NULL AND a.member_organisation IS NULL
        """
    )
