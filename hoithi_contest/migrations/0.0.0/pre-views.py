def migrate(cr, version):
    """Empty what extends the addon's views; each update to a version writes it anew.

    A view that gives a page or a button away, or calls it otherwise, would be refused
    while an extension of before looks for it there.
    """
    cr.execute(
        """UPDATE ir_ui_view v SET arch_db = '{"en_US": "<data/>"}'
           FROM ir_model_data d
           WHERE d.module = 'hoithi_contest' AND d.model = 'ir.ui.view'
             AND d.res_id = v.id AND NOT d.noupdate
             AND v.inherit_id IS NOT NULL AND v.mode = 'extension'"""
    )
