import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...lib.contest import rules
from ...lib.guard import packaging
from ...models.contest.hoithi_contest_rules import PACKS
from ...tools import format_number

#: Longest text of a value in the list of what changes.
SHOWN = 200


class HoithiRulePack(models.TransientModel):
    """A contest's rules beside those of a file, of a sample or of another contest.

    First a table tells what is other, rule by rule; nothing is written until it is
    confirmed, and then it is worked out anew.
    """

    _name = "hoithi.rule.pack"
    _inherit = ["hoithi.text.mixin"]
    _description = "Rules of a Contest, from a File"

    contest_id = fields.Many2one(
        "hoithi.contest",
        help="Leave empty to make a new contest with these rules.",
    )
    contest_state = fields.Selection(related="contest_id.state")
    source = fields.Selection(
        [
            ("file", "A file"),
            ("sample", "A sample that comes with the program"),
            ("contest", "Another contest"),
        ],
        string="Rules of",
        required=True,
        default="file",
    )
    file = fields.Binary(string="File of rules", attachment=False)
    file_name = fields.Char()
    sample = fields.Selection(selection="_get_samples")
    other_id = fields.Many2one(
        "hoithi.contest", string="Other contest", domain="[('id', '!=', contest_id)]"
    )
    new_name = fields.Char(
        string="Name of the new contest",
        help="As its plan and its papers call it, with the edition.",
    )
    step = fields.Selection(
        [("choose", "Choose"), ("check", "Check")], default="choose", required=True
    )
    title = fields.Char(string="Name of the rules", readonly=True)
    origin = fields.Text(string="Where they come from", readonly=True)
    is_sample = fields.Boolean(readonly=True)
    problems = fields.Text(readonly=True)
    reason = fields.Text(
        string="Basis, reason", help="Stands in the history of the contest."
    )
    line_ids = fields.One2many(
        "hoithi.rule.pack.line", "pack_id", string="What changes", readonly=True
    )
    change_count = fields.Integer(string="Changes", readonly=True)
    wall_count = fields.Integer(string="Not possible now", readonly=True)
    can_import = fields.Boolean(compute="_compute_can_import")
    exported = fields.Binary(string="Rules as a file", readonly=True, attachment=False)
    exported_name = fields.Char(readonly=True)

    @api.model
    def _get_samples(self):
        return rules.list_packs(PACKS)

    @api.depends("step", "problems", "change_count", "contest_id.state")
    def _compute_can_import(self):
        for pack in self:
            pack.can_import = (
                pack.step == "check"
                and not pack.problems
                and (pack.change_count or not pack.contest_id)
                and pack.contest_id.state in (False, "draft")
            )

    # ACTION

    def action_preview(self):
        """Tell what is wrong with the rules, or what would change by them.

        :return: the action that shows it
        """
        self.ensure_one()
        self.check_access("write")
        head, given, problems = self._work_out()
        if not problems and self.contest_id.state in (False, "draft"):
            problems = self._try_import(head, given)
        self._show(head, given, problems)
        return self._reopen()

    def action_import(self):
        """Write the rules into the contest, or a new one, as a whole or not at all.

        :return: the action that opens the contest
        :raises UserError: with all that is wrong, or where the contest isn't a draft
        """
        self.ensure_one()
        self.check_access("write")
        contest = self.contest_id
        if contest and contest.state != "draft":
            raise UserError(
                self.env._(
                    "“%s” has been launched, so that its rules stand: they can be "
                    "compared. Before the review the secretary changes single rules "
                    "in the contest itself.",
                    contest.name,
                )
            )
        head, given, problems = self._work_out()
        if problems:
            raise UserError("\n".join(problems))
        contest = contest or self._make_contest(head)
        lines = self._list_changes(contest, given)
        self._take(contest, given)
        contest._log_pack(
            head.get("name", ""),
            [
                *(self.reason or "").splitlines(),
                *(self._write_line(line) for line in lines),
            ],
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": contest._name,
            "res_id": contest.id,
            "views": [(False, "form")],
        }

    def action_back(self):
        """Go back to the choice of the rules."""
        self.ensure_one()
        self.check_access("write")
        self._show({}, None, [])
        return self._reopen()

    def action_export(self):
        """Make a file of the rules that the contest has now.

        :return: an action that downloads it
        """
        self.ensure_one()
        self.check_access("write")
        if not self.contest_id:
            raise UserError(self.env._("Choose a contest first."))
        return self._export()

    # BUSINESS

    def _export(self):
        """Keep the contest's rules as a file; return the action that downloads it."""
        contest = self.contest_id._in_rules_language()
        pack = contest._get_pack_rules()
        problems = self._word(contest._check_pack_rules(pack), {})
        if problems:
            raise UserError(
                "\n".join(
                    [self.env._("These rules can't stand in a file as they are:")]
                    + problems
                )
            )
        text = rules.write(
            {"name": contest.name},
            pack,
            "\n".join(
                [
                    # by it editors complete keys, and tell what is wrong
                    f"yaml-language-server: $schema={contest.get_base_url()}"
                    + rules.SCHEMA_PATH,
                    contest.env._(
                        "The rules of a contest. Edit them as plain text (UTF-8), then "
                        "check and import them.\nA part that is taken out stays as it "
                        "is in the contest; a list is the whole list."
                    ),
                ]
            ),
        )
        # the dialog is its user's, what it says is the program's
        self.sudo().write(
            {
                "exported": base64.b64encode(text.encode()),
                "exported_name": f"the-le-{packaging.slug(contest.name)}.yaml",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/exported/"
            f"{self.exported_name}?download=true",
            "target": "download",
        }

    def _work_out(self):
        """Return the head of the rules that were chosen, the rules, and problems.

        :return: (head, rules or nothing, sentences)
        """
        contest = self.contest_id._in_rules_language()
        if self.source == "contest":
            if not self.other_id:
                raise UserError(self.env._("Choose the other contest."))
            other = self.other_id._in_rules_language()
            other.check_access("read")
            pack = rules.Pack({"name": other.name}, other._get_pack_rules(), {})
        else:
            try:
                pack = rules.read(self._get_content())
            except rules.RulesError as error:
                return {}, None, self._word(error.problems, {})
        merged = contest._merge_pack_rules(pack.rules)
        problems = self._word(contest._check_pack_rules(merged), pack.lines)
        given = {key: merged[key] for key in merged if key in pack.rules}
        if "criteria_sets" in given:
            # which of them the contest scores by
            given["judging"] = merged.get("judging", {})
        return pack.head, given, problems

    def _take(self, contest, given):
        """Write the rules into `contest`, without the parts that can't be taken now."""
        contest = contest._in_rules_language()
        walls = contest._get_pack_walls(given)
        taken = {key: part for key, part in given.items() if key not in walls}
        contest._take_pack_rules(contest._merge_pack_rules(taken))

    def _try_import(self, head, given):
        """Import the rules and undo it; return what the records would refuse.

        Also what depends on the contest, as on the seats of its council, is told before
        anything is confirmed.
        """
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            self._take(self.contest_id or self._make_contest(head), given)
            self.env.flush_all()
        except AccessError:
            # who may only compare is told what is other, and imports nothing
            return []
        except UserError as error:
            return [str(error)]
        finally:
            savepoint.close(rollback=True)
            # what was made and is gone, as a kind of prize, is remembered nowhere
            self.env.registry.clear_cache()
        return []

    def _get_content(self):
        if self.source == "sample":
            if not self.sample:
                raise UserError(self.env._("Choose a sample."))
            return (PACKS / f"{self.sample}.yaml").read_bytes()
        # web forms ask for sizes, which are no content
        content = self.with_context(bin_size=False).file
        if not content:
            raise UserError(self.env._("Choose a file of rules first."))
        try:
            return base64.b64decode(b"".join(content.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(
                self.env._("The file arrived damaged: choose it again.")
            ) from error

    def _make_contest(self, head):
        """Return a new contest, called as the dialog says, else as a file of its own.

        :raises UserError: without a name, for rules that were made for others
        """
        name = self.new_name or (self.source == "file" and head["name"])
        if not name:
            raise UserError(
                self.env._(
                    "Give the new contest its name: “%s” is that of the rules.",
                    head["name"],
                )
            )
        return self.env["hoithi.contest"].create(self._get_new_values(name))

    @api.model
    def _get_new_values(self, name):
        """Hook: return the values of a contest that rules are to be taken into."""
        return {"name": name}

    def _show(self, head, given, problems):
        """Write down what was found, for the next step."""
        contest = self.contest_id
        lines = [] if given is None or problems else self._list_changes(contest, given)
        kept = sum(line["kind"] == "kept" for line in lines)
        # the dialog is its user's, what it says is the program's
        self.sudo().write(
            {
                "step": "check" if given is not None or problems else "choose",
                "title": head.get("name"),
                "origin": "\n".join(
                    filter(
                        None, [head.get("source"), head.get("date"), head.get("note")]
                    )
                ),
                "is_sample": bool(head.get("sample")),
                "problems": "\n".join(problems),
                "change_count": len(lines) - kept,
                "wall_count": kept,
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create({**line, "sequence": number})
                        for number, line in enumerate(lines)
                    ),
                ],
            }
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rules of the Contest"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # BUSINESS: WORDS

    def _word(self, problems, lines):
        """Return a sentence for each problem, with its place in the file."""
        texts = self.env["hoithi.contest"]._get_pack_problem_texts()
        sentences = []
        for problem in rules.locate(problems, lines):
            place = " › ".join(
                str(step + 1 if isinstance(step, int) else step)
                for step in problem.path
            )
            line = problem.line and self.env._("Line %s", problem.line)
            where = ", ".join(filter(None, [line, place]))
            text = texts[problem.code] % problem.values
            sentences.append(f"{where}: {text}" if where else text)
        return sentences

    def _list_changes(self, contest, given):
        """Return what differs between a contest's rules and others, as lines."""
        contest = contest.with_env(self.env)
        walls, parts = contest._get_pack_walls(given), contest._get_pack_parts()
        before = contest._in_rules_language()._get_pack_rules()
        return [
            self._prepare_line(change, parts, walls)
            for change in rules.compare(before, given)
        ]

    @api.model
    def _word_changes(self, contest, before, after):
        """Return a phrase for each rule in which two states of a contest differ.

        :param before: complete rules, as `_get_pack_rules` of the contest returns them
        """
        parts = contest._get_pack_parts()
        lines = (
            self._prepare_line(change, parts, {})
            for change in rules.compare(before, after)
        )
        return [self._write_line(line) for line in lines]

    def _prepare_line(self, change, parts, walls):
        section = parts[change.keys[:1]]
        names = [
            self._write_name(parts, change.keys, depth, name)
            for depth, name in enumerate(change.names)
        ]
        if change.kind == "changed":
            part, key = parts[change.keys[:-1]], change.keys[-1]
            names.append(self._get_label(part, key))
            before = self._write_value(part, key, change.before)
            after = self._write_value(part, key, change.after)
        elif change.kind == "order":
            names.append(self.env._("Order"))
            before, after = (
                ", ".join(
                    self._write_name(parts, change.keys, len(names) - 1, name)
                    for name in order
                )
                for order in (change.before, change.after)
            )
        else:
            part = parts[change.keys]
            before, after = (
                self._write_row(parts, change.keys, part, row)
                for row in (change.before, change.after)
            )
        wall = walls.get(change.keys[0])
        return {
            "part": section.label,
            "name": " › ".join(filter(None, names)),
            "before": before,
            "after": after,
            "kind": "kept" if wall else change.kind,
            "note": wall or "",
        }

    def _write_name(self, parts, keys, depth, name):
        """Return what people call a row, by what tells it apart."""
        lists = [keys[:end] for end in range(1, len(keys) + 1) if keys[:end] in parts]
        part = parts[lists[min(depth, len(lists) - 1)]]
        identity = rules.get_identity_keys(lists[min(depth, len(lists) - 1)][-1])
        return " ".join(
            filter(
                None,
                (
                    self._write_value(part, key, value)
                    for key, value in zip(identity, name, strict=True)
                ),
            )
        )

    def _write_row(self, parts, keys, part, row):
        if row is None:
            return ""
        identity = rules.get_identity_keys(keys[-1])
        texts = []
        for key, value in rules.strip_row(keys, row).items():
            if key in identity or key == "order":
                continue
            if (*keys, key) in parts:
                inner = parts[(*keys, key)]
                rows = "; ".join(
                    self._write_inner((*keys, key), inner, item) for item in value
                )
                texts.append(f"{inner.label}: {rows}")
            else:
                text = self._write_value(part, key, value)
                texts.append(f"{self._get_label(part, key)}: {text}")
        return "; ".join(texts)

    def _write_inner(self, keys, part, row):
        """Return a row within a row, by its name and the number that it is for."""
        name = row.get("name") or row.get("criterion")
        most = row.get("max", row.get("to", row.get("min")))
        return name if most is None else f"{name} ({format_number(self.env, most)})"

    def _get_label(self, part, key):
        name = part.fields[key]
        return self.env[part.model]._fields[name]._description_string(self.env)

    def _write_value(self, part, key, value):
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        name = part.fields.get(key)
        field = self.env[part.model]._fields.get(name) if name else None
        if field is not None and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if isinstance(value, int | float):
            # a year is no amount
            if field is not None and "year" in field.name:
                return str(value)
            return format_number(self.env, value)
        return value if len(value) <= SHOWN else f"{value[:SHOWN]}…"

    def _write_line(self, line):
        """Return a line of what changes, for the history."""
        text = f"{line['part']}, {line['name']}: {line['before'] or '–'} → "
        text += line["after"] or "–"
        return f"{text} ({line['note']})" if line["note"] else text
