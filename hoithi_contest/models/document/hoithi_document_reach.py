from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.document import kinds

#: What a kind tells of its papers, by the fields that keep it.
TOLD = {
    "is_for_leaders": lambda reach: "leader" in reach.readers,
    "is_for_members": lambda reach: "member" in reach.readers,
    "is_for_authors": lambda reach: "author" in reach.readers,
    "is_publishable": lambda reach: "publisher" in reach.readers,
    "is_open_once_issued": lambda reach: reach.opens_once_issued,
    "is_free_of_entries": lambda reach: not reach.lists_entries,
    "is_free_of_authors": lambda reach: not reach.names_authors,
    "is_free_of_scores": lambda reach: not reach.holds_scores,
    "is_free_of_standing": lambda reach: not reach.tells_standing,
}


def Told(**options):
    """A field that is kept from what the kind tells."""
    return fields.Boolean(
        compute="_compute_told",
        store=True,
        precompute=True,
        export_string_translation=False,
        **options,
    )


class HoithiDocument(models.Model):
    """Who may read a paper and what it doesn't tell, as its kind says."""

    _inherit = "hoithi.document"

    # record rules go by these, and what isn't said is closed
    is_for_leaders = Told()
    is_for_members = Told(index=True)
    is_for_authors = Told(index=True)
    is_publishable = Told(index=True)
    is_open_once_issued = Told()
    is_free_of_entries = Told()
    is_free_of_authors = Told()
    is_free_of_scores = Told()
    is_free_of_standing = Told()

    # COMPUTE

    @api.depends("kind")
    def _compute_told(self):
        for document in self:
            reach = kinds.get_reach(document.kind)
            for name, tells in TOLD.items():
                document[name] = tells(reach)

    # CRUD

    def init(self):
        """Let papers follow what the addon tells of their kinds from now on."""
        super().init()
        names = list(TOLD)
        for key, kind in kinds.KINDS.items():
            values = [TOLD[name](kind.reach) for name in names]
            self.env.cr.execute(
                SQL(
                    "UPDATE hoithi_document SET (%(names)s) = ROW(%(values)s)"
                    " WHERE kind = %(kind)s"
                    " AND (%(names)s) IS DISTINCT FROM (%(values)s)",
                    names=SQL(", ").join(map(SQL.identifier, names)),
                    values=SQL(", ").join(SQL("%s", value) for value in values),
                    kind=key,
                )
            )

    # BUSINESS

    def _check_publishable(self, flag):
        super()._check_publishable(flag)
        if self.state != "issued":
            raise UserError(self.env._("“%s” isn't issued yet.", self.name))
        if not self.is_publishable:
            raise UserError(
                self.env._(
                    "“%s” tells of authors or scores: documents of its kind are "
                    "never published. The results page names the authors who "
                    "agreed.",
                    self.name,
                )
            )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        # whoever reads a published paper doesn't read how it came about
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "read":
            return dict.fromkeys(operations, "write")
        return operations
