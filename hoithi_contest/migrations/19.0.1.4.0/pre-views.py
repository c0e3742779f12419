def migrate(cr, version):
    """Empty what extends the addon's views; the update writes it anew.

    Acts that are shown first have buttons of other names. A view whose button has
    another name would be refused while an extension of before looks for the old one.
    """
    cr.execute(
        """UPDATE ir_ui_view v SET arch_db = '{"en_US": "<data/>"}'
           FROM ir_model_data d
           WHERE d.module = 'hoithi_contest' AND d.model = 'ir.ui.view'
             AND d.res_id = v.id AND NOT d.noupdate
             AND v.inherit_id IS NOT NULL AND v.mode = 'extension'"""
    )
