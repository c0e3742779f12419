from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, drop_view_if_exists


class HoithiReportMixin(models.AbstractModel):
    """A view of the database for graphs, pivots, dashboards and tools from outside.

    A row has the id of the record that it is about, and who may not read that record
    reads no row of it: whatever a wall hides is hidden here by the same rule.
    """

    _name = "hoithi.report.mixin"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Rows of a figure"

    # The model whose records the rows are about; none for totals that tell of none, to
    # which record rules alone lead.
    _report_source = ""

    def init(self):
        """Make the view anew, as the fields of its source are now."""
        if self._abstract:
            return
        drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL(
                "CREATE VIEW %s AS (%s)",
                SQL.identifier(self._table),
                self._get_report_sql(),
            )
        )

    @api.model
    def _get_report_sql(self):
        """Hook: return the query of the view; its `id` is that of the source."""
        raise NotImplementedError

    @api.model
    def _get_selection(self, model, name):
        """Return the values of a field of the source, in the reader's language."""
        return self.env[model]._fields[name]._description_selection(self.env)

    @api.model
    def _get_hidden_ids(self):
        """Hook: return the ids of rows that tell more than their record may."""
        return ()

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su and self._report_source:
            readable = self.env[self._report_source]._search([])
            domain = Domain(domain) & Domain("id", "in", readable)
            if hidden_ids := self._get_hidden_ids():
                domain &= Domain("id", "not in", hidden_ids)
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or self.env.su or not self.ids or not self._report_source:
            return result
        sources = self.env[self._report_source].browse(self.ids)
        hidden = sources - sources._filtered_access("read")
        hidden |= sources.browse(set(self.ids) & set(self._get_hidden_ids()))
        if not hidden:
            return None
        return self.browse(hidden.ids), lambda: AccessError(
            self.env._("You may not read what these figures are about.")
        )
