def migrate(cr, version):
    """Give finished tasks of the plan the date that a finished task must have now."""
    cr.execute("ALTER TABLE hoithi_plan_task ADD COLUMN IF NOT EXISTS date_done date")
    cr.execute(
        "UPDATE hoithi_plan_task SET date_done = write_date::date"
        " WHERE progress = 'done' AND date_done IS NULL"
    )
