from odoo import SUPERUSER_ID


def migrate(cr, _version):
    """Contacts made for letters don't tell any more who wrote with whom.

    Who made one was the author who entered, who follows it as well.
    """
    cr.execute(
        """UPDATE res_partner SET create_uid = %(uid)s, write_uid = %(uid)s
            WHERE hoithi_is_of_letters""",
        {"uid": SUPERUSER_ID},
    )
    cr.execute(
        """DELETE FROM mail_followers
            WHERE res_model = 'res.partner'
              AND res_id IN (SELECT id FROM res_partner WHERE hoithi_is_of_letters)"""
    )
