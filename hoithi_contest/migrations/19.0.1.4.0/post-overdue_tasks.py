def migrate(cr, _version):
    """Who has several overdue tasks gets one letter for all of them."""
    cr.execute(
        """
        UPDATE hoithi_notice_rule SET kind = 'tasks_overdue'
         WHERE trigger = 'date' AND audience = 'task_leads' AND direction = 'after'
        """
    )
