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
        rows = [
            (key, *(TOLD[name](kind.reach) for name in names))
            for key, kind in kinds.KINDS.items()
        ]
        # copies and cures, of copies and cures too, tell what the first paper tells
        self.env.cr.execute(
            SQL(
                "WITH RECURSIVE first (id, kind) AS ("
                " SELECT document.id, document.kind FROM hoithi_document document"
                " WHERE %(followed)s IS NULL"
                " UNION ALL"
                " SELECT document.id, first.kind FROM hoithi_document document"
                " JOIN first ON first.id = %(followed)s)"
                " UPDATE hoithi_document paper SET (%(names)s) = ROW(%(told)s)"
                " FROM first JOIN (VALUES %(rows)s) told (kind, %(names)s)"
                " ON told.kind = first.kind"
                " WHERE first.id = paper.id"
                " AND (%(kept)s) IS DISTINCT FROM (%(told)s)",
                followed=self._get_followed(),
                names=SQL(", ").join(map(SQL.identifier, names)),
                told=SQL(", ").join(SQL.identifier("told", name) for name in names),
                kept=SQL(", ").join(SQL.identifier("paper", name) for name in names),
                rows=SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )

    # BUSINESS

    @api.model
    def _get_followed(self):
        """Return the SQL of which paper `document` follows in who may read it."""
        return SQL("NULL::integer")

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
