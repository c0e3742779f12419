from odoo import api, fields, models
from odoo.fields import Command

from ...lib.contest import rules


class HoithiRuleMixin(models.AbstractModel):
    """What a file of rules says of a record, and a record made by what it says.

    The form is that of `data/packs/schema.json`.
    """

    _name = "hoithi.rule.mixin"
    _description = "Records in a file of rules"

    #: Fields by the key that has their value in a file.
    _rule_fields: dict[str, str] = {}
    #: Fields by the key that means them there, and that the model itself translates.
    _rule_links: dict[str, str] = {}
    #: Shares of a whole, by the key that has them as people write them: ``2/3``.
    _rule_ratios: dict[str, str] = {}
    #: One2many fields by the key of their rows.
    _rule_rows: dict[str, str] = {}

    def _to_rule(self):
        """Return what a file says of one record."""
        self.ensure_one()
        rule = self._get_rule_values(self._rule_fields)
        for key, name in self._rule_ratios.items():
            rule[key] = rules.write_ratio(self[name])
        for key, name in self._rule_rows.items():
            rule[key] = [row._to_rule() for row in self[name]]
        return rule

    def _get_rule_values(self, table):
        self.ensure_one()
        return {key: self._get_rule_value(name) for key, name in table.items()}

    def _get_rule_value(self, name):
        field, value = self._fields[name], self[name]
        if field.type in ("integer", "float", "monetary"):
            return rules.to_number(value)
        if field.type == "boolean":
            return bool(value)
        if field.type == "date":
            return fields.Date.to_string(value) or ""
        return rules.compose(str(value or ""))

    @api.model
    def _from_rule(self, rule):
        """Return the values of a record that says what `rule` says."""
        vals = self._get_values_by_rule(self._rule_fields, rule)
        for key, name in self._rule_ratios.items():
            if key in rule:
                vals[name] = float(rules.parse_ratio(rule[key]))
        for key, name in self._rule_rows.items():
            if key not in rule:
                continue
            model = self.env[self._fields[name].comodel_name]
            vals[name] = [
                Command.create(model._from_rule(row) | model._get_rule_place(place))
                for place, row in enumerate(rule[key])
            ]
        return vals

    @api.model
    def _get_values_by_rule(self, table, rule):
        return {
            name: False if rule[key] == "" else rule[key]
            for key, name in table.items()
            if key in rule
        }

    @api.model
    def _get_rule_place(self, place):
        """Return the values by which a row keeps its place in a list, from 0."""
        return {"sequence": 10 * (place + 1)} if "sequence" in self._fields else {}

    def _get_rule_name(self):
        """Return the name by which other rules mean this record, "" of none."""
        return rules.compose(self.display_name or "")

    @api.model
    def _get_rule_extras(self, rule, company):
        """Hook: return further values of a record that is made by `rule`.

        :param company: the department that it is made for
        """
        return {}
