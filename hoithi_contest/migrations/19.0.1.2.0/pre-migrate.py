def migrate(cr, version):
    """Let record rules be updated with the addon: what they keep is its promise."""
    cr.execute(
        "UPDATE ir_model_data SET noupdate = false"
        " WHERE module = 'hoithi_contest' AND model = 'ir.rule'"
    )
