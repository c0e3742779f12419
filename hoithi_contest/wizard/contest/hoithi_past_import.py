import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...lib.guard.texts import fold

SECRETARY = "hoithi_contest.group_secretary"
#: Names of units and persons that can be mapped in one list.
MOST_NAMES = 400


class HoithiPastImport(models.TransientModel):
    """Take in solutions of earlier editions from a list as the Office has it.

    First a table tells what would become of each row, and which units and persons of
    today are meant; nothing is written until it is confirmed, and then the list is read
    anew. What is there already isn't made twice.
    """

    _name = "hoithi.past.import"
    _inherit = ["hoithi.text.mixin"]
    _description = "Take in Earlier Editions"

    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    upload = fields.Binary(string="Filled list", attachment=False)
    upload_name = fields.Char()
    edition = fields.Char(
        string="Edition of rows without one",
        help="As people call it; it stands where the list names none.",
    )
    step = fields.Selection(
        [("choose", "Choose"), ("check", "Check"), ("done", "Done")],
        default="choose",
        required=True,
    )
    line_ids = fields.One2many("hoithi.past.import.line", "import_id", readonly=True)
    name_ids = fields.One2many(
        "hoithi.past.import.name", "import_id", string="Units and persons of today"
    )
    ready_count = fields.Integer(string="To take in", compute="_compute_counts")
    known_count = fields.Integer(string="There already", compute="_compute_counts")
    problem_count = fields.Integer(string="Rows refused", compute="_compute_counts")
    file = fields.Binary(string="Workbook", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.depends("line_ids.status")
    def _compute_counts(self):
        groups = {
            (wizard, status): count
            for wizard, status, count in self.env[
                "hoithi.past.import.line"
            ]._read_group(
                [("import_id", "in", self.ids)], ["import_id", "status"], ["__count"]
            )
        }
        for wizard in self:
            wizard.ready_count = groups.get((wizard, "new"), 0)
            wizard.known_count = groups.get((wizard, "known"), 0)
            wizard.problem_count = groups.get((wizard, "refused"), 0)

    # ACTION

    def action_template(self):
        """Make the workbook to fill in, with an example and notes."""
        from ...lib.contest import past_sheet
        from ...lib.guard import workbook

        self.ensure_one()
        self._check_importer()
        example = {
            "edition": self.env._("9th contest, 2020–2021"),
            "year": "2021",
            "title": self.env._("Watering a durian garden by telephone"),
            "authors": self.env._("Jane Example (60%); John Example (40%)"),
            "unit": self.env._("Division of Crops"),
            "field": self.env._("Agriculture"),
            "award": self.env._("Second prize"),
            "recognised": self.env._("Province"),
            "decision": "123/QĐ-UBND",
            "decision_date": "15/09/2021",
            "summary": self.env._("What it is and how it works, in some sentences."),
        }
        notes = [
            self.env._(
                "One solution a row; title and year are needed. Authors stand in one "
                "cell with a semicolon between two, or in rows of their own below."
            ),
            self.env._(
                "The year is that of the result; of a span, as 2020–2021, the last one "
                "counts. Dates are written as 15/09/2021."
            ),
            self.env._(
                "Recognised as an initiative: unit, department, province or country; "
                "empty where it wasn't."
            ),
            self.env._(
                "The summary is what later entries are compared with: some sentences "
                "on what it is and how it works."
            ),
            self.env._(
                "At most %(rows)s solutions and %(size)s MB, as .xlsx, .xls, .ods or "
                ".csv. The same list can be taken in again: what is there already "
                "isn't made twice.",
                rows=past_sheet.MAX_ROWS,
                size=workbook.MAX_BYTES // 1024**2,
            ),
        ]
        titles = {
            "list": self.env._("Solutions"),
            "example": self.env._("Example"),
            "notes": self.env._("How to fill in"),
        }
        content = past_sheet.write_template(
            titles, self._get_headings(), [example], notes
        )
        return self._offer(content, self.env._("earlier-editions"))

    def action_check(self):
        """Tell what would become of each row; nothing is written.

        :raises UserError: where there is no list, or it can't be read
        """
        self.ensure_one()
        self._check_importer()
        rows = self._read()
        self._show_rows(rows)
        self._show_names(rows)
        self.write({"step": "check", "file": False, "filename": False})
        return self._reopen()

    def action_back(self):
        """Choose anew."""
        self.ensure_one()
        self._check_importer()
        self.write({"step": "choose", "file": False, "filename": False})
        return self._reopen()

    def action_problems(self):
        """Make a workbook of the rows that are refused, to put right and take in."""
        from ...lib.contest import past_sheet

        self.ensure_one()
        self._check_importer()
        content = past_sheet.write_report(
            self.env._("Refused rows"),
            self._get_headings(),
            self.env._("What is wrong"),
            [
                (row.cells, note)
                for row, status, note in self._judge(self._read())
                if status == "refused"
            ],
        )
        return self._offer(content, self.env._("refused-rows"))

    def action_import(self):
        """Take in the rows that are in order and not there yet; the others stay out.

        The list is read and judged anew, not taken from the table.

        :return: the action that shows what was taken in
        :raises UserError: where nothing is to be taken in
        """
        self.ensure_one()
        self._check_importer()
        rows = [
            row for row, status, _note in self._judge(self._read()) if status == "new"
        ]
        if not rows:
            raise UserError(
                self.env._(
                    "There is nothing to take in: what is in order is there already."
                )
            )
        units, people = self._get_mapping(rows)
        solutions = self.env["hoithi.past.solution"]
        # where a list came from is the program's to say; the right to make them was
        # asked for above
        solutions.check_access("create")
        made = (
            solutions.sudo()
            ._open_door()
            .create([self._prepare(row, units, people) for row in rows])
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Taken in: %s", len(made)),
            "res_model": made._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", made.ids)],
        }

    # BUSINESS

    def _check_importer(self):
        """Check the role and the department.

        :raises AccessError: for others than secretaries, or another department
        """
        self.check_access("write")
        if not self.env.user.has_group(SECRETARY):
            raise AccessError(
                self.env._("Secretaries of the council take in earlier editions.")
            )
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("You can take in the lists of your own department only.")
            )

    def _get_headings(self):
        """Return the template's headings in the reader's language."""
        return {
            "edition": self.env._("Edition"),
            "year": self.env._("Year of the result"),
            "title": self.env._("Title"),
            "authors": self.env._("Authors"),
            "unit": self.env._("Unit"),
            "field": self.env._("Field"),
            "award": self.env._("Award"),
            "recognised": self.env._("Recognised as an initiative"),
            "decision": self.env._("Decision number"),
            "decision_date": self.env._("Date of the decision"),
            "summary": self.env._("Summary"),
        }

    def _get_all_headings(self):
        """Return the headings in all languages, as a template may come from anyone."""
        headings = {}
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        for code in {*codes, "en_US"}:
            for column, name in self.with_context(lang=code)._get_headings().items():
                headings.setdefault(column, set()).add(name)
        return headings

    def _read(self):
        """Return the rows of the list.

        :raises UserError: in words, where there is none or it can't be read
        """
        from ...lib.contest import past_sheet
        from ...lib.guard import workbook

        # web forms ask for sizes, which are no content
        content = self.with_context(bin_size=False).upload
        if not content:
            raise UserError(self.env._("Choose the filled list first."))
        try:
            content = base64.b64decode(content)
        except (binascii.Error, ValueError) as error:
            raise UserError(
                self.env._("The file arrived damaged: choose it again.")
            ) from error
        try:
            return past_sheet.read(content, self._get_all_headings())
        except workbook.BadWorkbook as error:
            raise UserError(self._explain_file(error)) from error

    def _explain_file(self, error):
        """Return why a file can't be read, and what to do."""
        from ...lib.contest import past_sheet
        from ...lib.guard import workbook

        headings = self._get_headings()
        return {
            "size": self.env._(
                "The file is larger than %s MB: delete pictures, or cut the list in "
                "two.",
                workbook.MAX_BYTES // 1024**2,
            ),
            "type": self.env._(
                "“%s” can't be read as a workbook (.xlsx, .xls or .ods) or a CSV "
                "file: save it as .xlsx without a password and choose it again.",
                self.upload_name or "",
            ),
            "unpacked": self.env._(
                "The file is far larger inside than such a list can be: copy the list "
                "into the downloaded template."
            ),
            "far": self.env._(
                "Row %(row)s holds something; a list is read up to row %(last)s. "
                "Delete what stands below your list, and save it.",
                row=error.detail[0] if error.detail else "",
                last=workbook.LAST_ROW,
            ),
            "heading": self.env._(
                "No sheet has the heading “%s” among its first rows. Write it above "
                "the column, or use the template.",
                headings["title"],
            ),
            "rows": self.env._(
                "The list has more than %s solutions: cut it in two.",
                past_sheet.MAX_ROWS,
            ),
            "empty": self.env._("Below the headings the list is empty."),
        }[error.reason]

    def _judge(self, rows):
        """Return (row, status, note) of each row, as the database stands now."""
        solutions = self.env["hoithi.past.solution"]
        keys = {
            row.number: solutions._make_key(
                row.year, row.cells["title"], row.cells["unit"]
            )
            for row in rows
        }
        known = {
            solution.key: solution
            for solution in solutions.search_fetch(
                [
                    ("company_id", "=", self.company_id.id),
                    ("key", "in", list(keys.values())),
                ],
                ["key"],
            )
        }
        judged = []
        for row in rows:
            if row.problems:
                note = "\n".join(self._explain(problem) for problem in row.problems)
                judged.append((row, "refused", note))
            elif keys[row.number] in known:
                judged.append((row, "known", ""))
            else:
                judged.append((row, "new", ""))
        return judged

    def _explain(self, problem):
        """Return what is wrong with a cell, and what to do."""
        heading = self._get_headings()[problem.column]
        values = {"column": heading, "value": problem.value}
        return {
            "missing": self.env._("“%(column)s” is missing.", **values),
            "long": self.env._("“%(column)s” is too long: %(value)s…", **values),
            "error": self.env._(
                "“%(column)s” holds the error %(value)s: type the text.", **values
            ),
            "odd": self.env._(
                "“%(column)s” holds %(value)s, which is no text: format the cell as "
                "text and type it.",
                **values,
            ),
            "year": self.env._(
                "“%(column)s”: %(value)s is no year. Write it as 2021.", **values
            ),
            "date": self.env._(
                "“%(column)s”: %(value)s is no date. Write it as 15/09/2021.", **values
            ),
            "scope": self.env._(
                "“%(column)s”: %(value)s isn't understood. Write unit, department, "
                "province or country, or leave it empty.",
                **values,
            ),
            "share": self.env._(
                "The shares add up to more than 100 %%: %(value)s", **values
            ),
            "twice": self.env._(
                "The same title of the same year and unit stands in row %(value)s.",
                **values,
            ),
        }[problem.kind]

    def _show_rows(self, rows):
        # the table is the server's word: nobody may write it
        lines_sudo = self.env["hoithi.past.import.line"].sudo()
        lines_sudo.search([("import_id", "=", self.id)]).unlink()
        lines_sudo.create(
            [
                {
                    "import_id": self.id,
                    "row": row.number,
                    "title": row.cells["title"],
                    "edition": row.cells["edition"] or self.edition,
                    "year": str(row.year or row.cells["year"]),
                    "authors": ", ".join(author.name for author in row.authors),
                    "unit_name": row.cells["unit"],
                    "award": row.cells["award"],
                    "status": status,
                    "note": note,
                }
                for row, status, note in self._judge(rows)
            ]
        )

    # BUSINESS: MAPPING

    def _get_named(self, rows):
        """Return the names of units and persons in a list: {(kind, key): name}."""
        named = {}
        for row in rows:
            if row.problems:
                continue
            if fold(row.cells["unit"]):
                named.setdefault(("unit", fold(row.cells["unit"])), row.cells["unit"])
            for author in row.authors:
                named.setdefault(("person", fold(author.name)), author.name)
        return named

    def _show_names(self, rows):
        """Propose who is meant today; what was chosen before stays chosen."""
        chosen = {(line.kind, fold(line.name)): line for line in self.name_ids}
        named = self._get_named(rows)
        units, people = self._find_today(named)
        vals_list = []
        for (kind, key), name in sorted(named.items()):
            before = chosen.get((kind, key))
            vals_list.append(
                {
                    "kind": kind,
                    "name": name,
                    "department_id": before.department_id.id
                    if before
                    else units.get(key)
                    if kind == "unit"
                    else False,
                    "employee_id": before.employee_id.id
                    if before
                    else people.get(key)
                    if kind == "person"
                    else False,
                }
            )
        # those that nobody was found for come first, as they need a look
        vals_list.sort(
            key=lambda vals: bool(vals["department_id"] or vals["employee_id"])
        )
        self.write(
            {
                "name_ids": [
                    Command.clear(),
                    *(Command.create(vals) for vals in vals_list[:MOST_NAMES]),
                ]
            }
        )

    def _find_today(self, named):
        """Return ({folded name of a unit: id}, {folded name of a person: id}).

        A name that is that of several is that of none.
        """
        domain = [("company_id", "in", [self.company_id.id, False])]
        # the Office may have no right on HR's records: of these only names are read
        departments_sudo = self.env["hr.department"].sudo()
        employees_sudo = self.env["hr.employee"].sudo()
        units, people = {}, {}
        for unit in departments_sudo.search_fetch(domain, ["name", "complete_name"]):
            for name in {fold(unit.name), fold(unit.complete_name)}:
                units.setdefault(name, set()).add(unit.id)
        wanted = {key for kind, key in named if kind == "person"}
        if wanted:
            for employee in employees_sudo.search_fetch(
                [("company_id", "=", self.company_id.id)], ["name"]
            ):
                people.setdefault(fold(employee.name), set()).add(employee.id)
        return tuple(
            {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1}
            for found in (units, people)
        )

    def _get_mapping(self, rows):
        """Return who is meant today: ({folded unit: id}, {folded person: id}).

        What was chosen counts; of names that the dialog didn't show, what was found.

        :raises UserError: for a unit or a person of another department
        """
        units, people = self._find_today(self._get_named(rows))
        for line in self.name_ids:
            is_unit = line.kind == "unit"
            # chosen from a list that the form narrows; an RPC may name any
            owner_sudo = (line.department_id if is_unit else line.employee_id).sudo()
            if owner_sudo.company_id and owner_sudo.company_id != self.company_id:
                raise UserError(
                    self.env._(
                        "“%s” belongs to another department: choose one of your own.",
                        line.name,
                    )
                )
            mapping = units if is_unit else people
            mapping[fold(line.name)] = owner_sudo.id
        return units, people

    def _prepare(self, row, units, people):
        """Return the values of a past solution."""
        return {
            "company_id": self.company_id.id,
            "name": row.cells["title"],
            "edition": row.cells["edition"] or self.edition or str(row.year),
            "year": row.year,
            "field_name": row.cells["field"],
            "unit_name": row.cells["unit"],
            "department_id": units.get(fold(row.cells["unit"])) or False,
            "award": row.cells["award"],
            "recognised": row.scope or False,
            "decision_number": row.cells["decision"],
            "decision_date": row.date,
            "summary": row.cells["summary"],
            "source": self.upload_name,
            "author_ids": [
                Command.create(
                    {
                        "sequence": number,
                        "name": author.name,
                        "contribution_percent": author.share,
                        "employee_id": people.get(fold(author.name)) or False,
                    }
                )
                for number, author in enumerate(row.authors, start=1)
            ],
        }

    def _offer(self, content, name):
        """Keep a workbook for download, and show the dialog again."""
        # the dialog is its user's, what it offers is the program's
        self.sudo().write(
            {"file": base64.b64encode(content), "filename": f"{name}.xlsx"}
        )
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take in Earlier Editions"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
