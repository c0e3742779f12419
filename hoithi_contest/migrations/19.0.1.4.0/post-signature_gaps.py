from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Papers that were signed before it was told whose signature is missing tell it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for paper in env["hoithi.document"].search([("signed_file_id", "!=", False)]):
        verdict = paper._inspect(paper.signed_file_id.raw or b"")
        # whether it is valid was judged when it came, and isn't judged anew
        paper._open_door().write(paper._get_lacks(verdict, paper.signature_state))
