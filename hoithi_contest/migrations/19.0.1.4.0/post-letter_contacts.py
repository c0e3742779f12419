from odoo import SUPERUSER_ID


def migrate(cr, _version):
    """Contacts made for letters don't tell any more who wrote with whom.

    Who made one was the author who entered, who follows it as well. That one is of
    letters wasn't noted: it was made at the moment of its first letter, while one that
    the house keeps was there before.
    """
    cr.execute(
        """UPDATE res_partner p SET hoithi_is_of_letters = TRUE
            WHERE EXISTS (
                  SELECT FROM hoithi_notice n
                   WHERE n.partner_id = p.id AND n.kind = 'share_link'
                     AND n.create_date = p.create_date)
              AND NOT EXISTS (SELECT FROM res_users u WHERE u.partner_id = p.id)"""
    )
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
