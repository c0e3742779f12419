from odoo import api, models
from odoo.tools import SQL

#: By Odoo's model of persons, the way to the stored name of one.
NAMES = {
    "hr.employee": ("name",),
    "res.partner": ("name",),
    "res.users": ("partner_id", "name"),
}


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
    """Lists that are sorted by a person are so by the given name, as Vietnamese are.

    Every stored link to a person counts, whichever room it is in; see `NAMES` and
    `_person_path`. Lists inside of forms sort in the browser:
    `static/src/lists/name_order.js`.
    """

    _name = "hoithi.name.order.mixin"
    _description = "Sorted by Names of Persons"

    #: Texts that are the name of a person.
    _person_fields_sorted: tuple[str, ...] = ()
    #: Links to persons that keep an order of their own, as that of the seats.
    _person_fields_unsorted: tuple[str, ...] = ()
    #: Of a model that stands for a person: the way to the name.
    _person_path: tuple[str, ...] = ()

    @api.model
    def _get_person_path(self, field_name):
        """Return the way from this model to the name of the person that a field is.

        :return: names of fields, each but the last a link; none for what is no person
        """
        field = self._fields.get(field_name)
        if field_name in self._person_fields_sorted:
            return (field_name,)
        if (
            field is None
            or field.type != "many2one"
            or not field.store
            or field_name in self._person_fields_unsorted
        ):
            return ()
        comodel = self.env[field.comodel_name]
        path = NAMES.get(comodel._name) or getattr(comodel, "_person_path", ())
        return path and (field_name, *path)

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        path = self._get_person_path(field_name)
        if not path:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        self._check_field_access(self._fields[field_name], "read")
        model = self
        for name in path[:-1]:
            # who may read the link is shown the name
            model, alias = model._fields[name].join(model, alias, query)
        name = SQL.identifier(alias, path[-1], to_flush=model._fields[path[-1]])
        key = sort_name(name)
        query._order_groupby.append(key)
        return SQL("%s %s %s", key, direction, nulls)
