from odoo import fields, models

#: In which order a session votes.
VOTE_ORDERS = [
    ("fields", "By fields, the best first, so that who must leave leaves seldom"),
    ("best", "The best first"),
    ("worst", "The best last"),
    ("code", "By their codes"),
]


class HoithiContest(models.Model):
    """In which order the council votes, as the rules say."""

    _inherit = "hoithi.contest"

    _fixed_fields = {"rules_fixed": {"vote_order", "preliminaries_first"}}

    vote_order = fields.Selection(
        VOTE_ORDERS,
        string="Order of the votes",
        default="fields",
        required=True,
        tracking=True,
        help="In which the agenda is built. While an author reads it the codes decide: "
        "the order tells nobody the own place.",
    )
    preliminaries_first = fields.Boolean(
        string="All preliminary votes first",
        tracking=True,
        help="Else each entry is voted on in the preliminary vote and then finally.",
    )
