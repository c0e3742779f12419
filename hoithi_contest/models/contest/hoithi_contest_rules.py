import json
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from odoo import models
from odoo.fields import Command

from ...lib.contest import rules

#: The samples that come with the addon.
PACKS = Path(__file__).parents[2] / "data" / "packs"

#: Keys that lead to the parts of a file.
CONTEST_PART = ("contest",)
FIELDS_PART = ("fields",)
DOSSIER_PART = ("dossier",)
BASES_PART = ("bases",)


class Part(NamedTuple):
    """A part of a file of rules: what people call it, and the model behind it.

    `fields` are the model's fields by their key in the file.
    """

    label: str
    model: str
    fields: dict


class HoithiContest(models.Model):
    """The rules of a contest as data: exported, compared, taken over.

    Each room brings its parts of the file: what they say (`_get_pack_rules`), whether
    they fit together (`_check_pack_rules`), what can't be taken now (`_get_pack_walls`)
    and how it is taken (`_take_pack_rules`). The parts are those of the schema in
    `data/packs`, the arithmetic is that of `lib.contest.rules`.
    """

    _name = "hoithi.contest"
    _inherit = ["hoithi.contest", "hoithi.rule.mixin"]

    _rule_fields = {
        "mode": "mode",
        "blind": "blind",
        "require_statement": "require_statement",
        "require_texts": "require_texts",
        "eligible_from_year": "eligible_from_year",
        "coauthor_min_percent": "coauthor_min_percent",
        "grace_minutes": "grace_minutes",
        "description": "description",
        "plan_purpose": "plan_purpose",
    }

    # ACTION

    def action_export_rules(self):
        """Make a file of the contest's rules, to be kept, edited and imported.

        :return: an action that downloads it
        :raises AccessError: for who may not read the rules of judgement
        """
        self.ensure_one()
        self.check_access("read")
        pack = self.env["hoithi.rule.pack"].create({"contest_id": self.id})
        return pack._export()

    def action_ask_import_rules(self):
        """Open the dialog that compares the rules with others, and takes those."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rules of the Contest"),
            "res_model": "hoithi.rule.pack",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_contest_id": self.id,
                "dialog_size": "extra-large",
            },
        }

    # BUSINESS

    def _in_rules_language(self):
        """Return these records in the language that files of rules are written in."""
        return self.with_context(lang=self.env["res.lang"]._hoithi_get_default())

    def _get_pack_rules(self):
        """Hook: return the rules as a file says them, in full; nothing of no contest.

        :raises UserError: where two rows of a list can't be told apart by name
        """
        if not self:
            return {}
        return {
            "contest": self._to_rule(),
            "fields": self._to_rules(self.field_ids),
            "dossier": self._to_rules(self.asked_dossier_type_ids),
            "bases": [row._to_rule() for row in self.legal_basis_ids],
        }

    def _to_rules(self, records):
        """Return what a file says of records of a catalogue.

        Of those at one place the name decides, in any database.
        """
        rows = records.sorted(lambda row: (row.sequence, row._get_rule_name()))
        return [row._to_rule() for row in rows]

    def _check_pack_rules(self, merged):
        """Hook: yield the problems (`rules.Problem`) of complete rules."""
        yield from rules.check(merged)

    def _get_pack_walls(self, merged):
        """Hook: return why parts can't be taken now, by their key in the file."""
        return {}

    def _merge_pack_rules(self, given):
        """Hook: return the rules as they are once `given` is taken."""
        merged = self._get_pack_rules()
        for key, part in given.items():
            merged[key] = {**merged.get(key, {}), **part} if _is_map(part) else part
        return merged

    def _take_pack_rules(self, merged):
        """Hook: write the rules, as `_merge_pack_rules` returns them."""
        self.ensure_one()
        self.write(self._from_rule(merged.get("contest", {})))
        for key, name, shown in (
            ("fields", "field_ids", "field_ids"),
            ("dossier", "dossier_type_ids", "asked_dossier_type_ids"),
        ):
            if key in merged and merged[key] != self._to_rules(self[shown]):
                self[name] = self._find_by_rules(self[shown], merged[key])
        self._take_bases(merged.get("bases", []))

    def _find_by_rules(self, current, rows):
        """Return records of a catalogue that say what `rows` say.

        What isn't there, in the own list or in that of all departments, is made for
        the own: nothing is changed that another contest goes by.

        :param current: what the contest has now, taken first
        """
        catalogue = current.browse()
        own = self.company_id
        candidates = catalogue.search(
            [
                ("name", "in", [row["name"] for row in rows]),
                ("company_id", "in", [False, own.id]),
            ]
        )
        known = {}
        for record in (
            *current,
            *candidates.filtered("company_id"),
            *candidates.filtered(lambda record: not record.company_id),
        ):
            known.setdefault(_freeze(record._to_rule()), record)
        if any(_freeze(row) not in known for row in rows):
            self._keep_lists(catalogue)
        found = catalogue
        for row in rows:
            found |= known.get(_freeze(row)) or catalogue.create(
                catalogue._from_rule(row)
                | {"company_id": own.id}
                | catalogue._get_rule_extras(row, own)
            )
        return found

    def _keep_lists(self, catalogue):
        """Let a list that grows leave what other contests ask for as it is.

        A contest, or a department, that names no types of the dossier means all that
        there are: from now on it names them.
        """
        if catalogue._name != "hoithi.dossier.type":
            return
        # what stays the same needs no right to change it
        contests_sudo = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("dossier_type_ids", "=", False),
                ("id", "!=", self.id),
            ]
        )
        asked = self.new({"company_id": self.company_id.id, "dossier_type_ids": []})
        types = asked.asked_dossier_type_ids._origin
        contests_sudo._open_door().write({"dossier_type_ids": [Command.set(types.ids)]})
        company_sudo = self.company_id.sudo()
        if not company_sudo.hoithi_dossier_type_ids:
            company_sudo.hoithi_dossier_type_ids = types

    def _take_bases(self, rows):
        """Write the legal bases; one that stays keeps its file.

        What the department's registry has is linked to it, as by hand.
        """
        bases = left = self.legal_basis_ids
        texts = self.env["hoithi.legal.text"].search(
            [
                ("number", "in", [row["number"] for row in rows if row["number"]]),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        registry = {text.number: text.id for text in texts}
        commands = []
        for place, row in enumerate(rows):
            vals = bases._from_rule(row) | bases._get_rule_place(place)
            same = (
                left.filtered(
                    lambda basis, row=row: (
                        (basis.number or "", basis.subject)
                        == (row["number"], row["subject"])
                    )
                )[:1]
                or left.filtered(
                    lambda basis, row=row: (
                        row["number"] and basis.number == row["number"]
                    )
                )[:1]
            )
            left -= same
            if not same.legal_text_id and row["number"] in registry:
                vals["legal_text_id"] = registry[row["number"]]
            commands.append(
                Command.update(same.id, vals) if same else Command.create(vals)
            )
        self.legal_basis_ids = [
            *commands,
            *(Command.delete(basis.id) for basis in left),
        ]

    def _log_pack(self, origin, lines):
        """Record which rules were taken over, and what changed."""
        self._message_act(
            body=Markup("<br/>").join(
                [self.env._("Rules taken over from “%s”:", origin), *lines]
            )
        )

    # BUSINESS: WORDS

    def _get_pack_parts(self):
        """Hook: return the parts of a file (`Part`) by the keys that lead to them."""
        return {
            CONTEST_PART: self._get_pack_part(
                self.env._("Registration and review"), "hoithi.contest"
            ),
            FIELDS_PART: self._get_pack_part(self.env._("Fields"), "hoithi.field"),
            DOSSIER_PART: self._get_pack_part(
                self.env._("Dossier"), "hoithi.dossier.type"
            ),
            BASES_PART: self._get_pack_part(
                self.env._("Legal bases"), "hoithi.legal.basis"
            ),
        }

    def _get_pack_part(self, label, model):
        records = self.env[model]
        return Part(
            label,
            model,
            {
                **records._rule_fields,
                **records._rule_links,
                **records._rule_ratios,
                **records._rule_rows,
            },
        )

    def _get_pack_problem_texts(self):
        """Hook: return the sentences of problems by their code."""
        return {
            "too_large": self.env._(
                "The file is larger than %(most)s kB: a file of rules isn't."
            ),
            "encoding": self.env._(
                "The file isn't text in UTF-8: save it with that encoding."
            ),
            "nothing": self.env._("The file is empty."),
            "syntax": self.env._(
                "This can't be read. Look at the indentation (spaces, no tabs), at "
                "colons with a space behind them, at quotes and brackets."
            ),
            "not_plain": self.env._(
                "Anchors (&), references (*) and tags (!) aren't taken."
            ),
            "documents": self.env._(
                "A file has the rules of one contest: take “---” out."
            ),
            "too_deep": self.env._("This has more levels or values than rules have."),
            "key": self.env._("A key is one word with a colon behind it."),
            "twice": self.env._("“%(key)s” stands here twice: leave one."),
            "unknown": self.env._("“%(key)s” isn't known here. Known: %(known)s."),
            "missing": self.env._("“%(key)s” is missing."),
            "type_object": self.env._("Keys with values are expected here."),
            "type_array": self.env._(
                "A list is expected here, a row begins with “- ”."
            ),
            "type_string": self.env._(
                "A text is expected, not %(value)s: put it into quotes."
            ),
            "type_number": self.env._(
                "A number is expected, not %(value)s; decimals have a point: 0.5."
            ),
            "type_integer": self.env._("A whole number is expected, not %(value)s."),
            "type_boolean": self.env._("true or false is expected, not %(value)s."),
            "choice": self.env._("%(value)s isn't possible here, but: %(allowed)s."),
            "empty": self.env._("This can't be empty."),
            "form_date": self.env._("A date is written as 2025-10-31, not %(value)s."),
            "form_ratio": self.env._(
                "A share is written as 2/3 or 0.5, not %(value)s."
            ),
            "form_extension": self.env._(
                "An extension is written as pdf, not %(value)s."
            ),
            "form_currency": self.env._("A currency is written as VND, not %(value)s."),
            "form_text": self.env._("%(value)s isn't written as it should be."),
            "limit_minimum": self.env._("The least is %(limit)s."),
            "limit_maximum": self.env._("The most is %(limit)s."),
            "limit_exclusiveMinimum": self.env._("This must be more than %(limit)s."),
            "limit_exclusiveMaximum": self.env._("This must be less than %(limit)s."),
            "limit_minItems": self.env._("At least %(limit)s row is needed."),
            "limit_maxItems": self.env._("At most %(limit)s rows are taken."),
            "limit_maxLength": self.env._("At most %(limit)s characters are taken."),
            "same_name": self.env._(
                "“%(name)s” stands in the list twice: names tell rows apart."
            ),
        }


def _is_map(part):
    return isinstance(part, dict)


def _freeze(rule):
    return json.dumps(rule, sort_keys=True)
