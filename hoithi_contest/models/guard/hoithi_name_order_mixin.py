from odoo import api, models
from odoo.tools import SQL


def sort_name(name):
    """Return what a Vietnamese list of persons is sorted by: the last word comes first.

    :param name: SQL of the full name
    """
    return SQL(
        "(regexp_replace(trim(%s), '^.*\\s', '') || ' ' || %s) COLLATE \"vi-x-icu\"",
        name,
        name,
    )


class HoithiNameOrderMixin(models.AbstractModel):
    """Lists that are sorted by a person are so by the given name, as Vietnamese are."""

    _name = "hoithi.name.order.mixin"
    _description = "Sorted by Names of Persons"

    #: Names of persons, and links to records whose `name` is a person's.
    _person_fields_sorted = ()

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name not in self._person_fields_sorted:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        field = self._fields[field_name]
        self._check_field_access(field, "read")
        holder = alias
        if field.type == "many2one":
            comodel, holder = field.join(self, alias, query)
            field = comodel._fields["name"]
        key = sort_name(SQL.identifier(holder, field.name))
        query._order_groupby.append(key)
        return SQL("%s %s %s", key, direction, nulls)
