import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.contest import persons
from ...lib.guard import texts
from ...lib.outreach import invitation
from ...models.outreach.hoithi_staff_invite_run import INVITERS, SECRETARY


class HoithiStaffInvite(models.TransientModel):
    """Give portal access to the staff of chosen units, or of a workbook.

    First a table tells what would happen to each person; nothing is written until it is
    confirmed, and then it is worked out anew. The work itself is done in the
    background, by :meth:`hoithi.run.mixin._cron_work_runs`.
    """

    _name = "hoithi.staff.invite"
    _inherit = ["hoithi.text.mixin"]
    _description = "Invite Staff"

    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    source = fields.Selection(
        [("units", "Employees of units"), ("sheet", "A list in a workbook")],
        string="Whom",
        required=True,
        default="units",
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Units",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    with_sub_units = fields.Boolean(string="With their sub-units", default=True)
    upload = fields.Binary(string="Filled workbook", attachment=False)
    upload_name = fields.Char()
    lang = fields.Selection(
        selection="_get_languages",
        string="Language",
        required=True,
        default=lambda self: self._default_lang(),
        help="Language of the invitation, and of the portal for new logins.",
    )
    reactivate = fields.Boolean(
        string="Give archived logins back",
        help="Only portal logins of this department; internal ones never.",
    )
    resend = fields.Boolean(
        string="Send the link again",
        help="To who has a login and never signed in, as when the link ran out.",
    )
    message = fields.Text(
        string="Words of invitation",
        help="Stand below the link in the e-mail.",
        default=lambda self: self._default_message(),
    )
    step = fields.Selection(
        [("choose", "Choose"), ("check", "Check")], default="choose", required=True
    )
    line_ids = fields.One2many("hoithi.staff.invite.line", "invite_id", readonly=True)
    ready_count = fields.Integer(string="To invite", compute="_compute_counts")
    known_count = fields.Integer(string="Have a login", compute="_compute_counts")
    problem_count = fields.Integer(string="Problems", compute="_compute_counts")
    summary = fields.Text(compute="_compute_counts")
    link_days = fields.Integer(compute="_compute_link_days")
    file = fields.Binary(string="Workbook", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _default_lang(self):
        return self.env["res.lang"]._hoithi_get_default()

    @api.model
    def _default_message(self):
        contest = self.env["hoithi.contest"].search(
            [("company_id", "=", self.env.company.id), ("state", "=", "open")], limit=1
        )
        if not contest:
            return ""
        return self.with_context(lang=self._default_lang()).env._(
            "“%s” is open. Sign in to read its plan and rules, and to register your "
            "solution.",
            contest.name,
        )

    @api.depends("line_ids.status")
    def _compute_counts(self):
        labels = self._get_labels()
        groups = dict(
            self.env["hoithi.staff.invite.line"]._read_group(
                [("invite_id", "in", self.ids)],
                ["invite_id"],
                ["status:array_agg"],
            )
        )
        for invite in self:
            statuses = groups.get(invite, [])
            counts = {status: statuses.count(status) for status in labels}

            def total(keys, counts=counts):
                return sum(counts[key] for key in keys)

            invite.ready_count = total(invitation.ACTIONS)
            invite.problem_count = total(invitation.PROBLEMS)
            invite.known_count = total(("login", "unused", "queued"))
            invite.summary = "\n".join(
                f"{labels[status]}: {count}"
                for status, count in counts.items()
                if count
            )

    def _compute_link_days(self):
        self.link_days = self.env.user._hoithi_get_link_days()

    # ACTION

    def action_template(self):
        """Make the workbook to fill in, with the units of the department."""
        from ...lib.guard import workbook
        from ...lib.outreach import staff_sheet

        self.ensure_one()
        self._check_inviter()
        headings = self._get_headings()
        units = self._get_units()
        example = {
            "name": self.env._("Jane Example"),
            "email": "jane@department.example.vn",
            "unit": units[0].path if units else "",
            "job": self.env._("Specialist"),
            "code": "CB-0123",
        }
        notes = [
            self.env._(
                "Fill in the first sheet, one person a row. Full name, e-mail and unit "
                "are needed; job title and staff code may stay empty."
            ),
            self.env._(
                "E-mail: each person's own address. A mailbox of the whole unit can't "
                "be used by several persons."
            ),
            self.env._(
                "Unit: as in the sheet of units; accents and capital letters don't "
                "matter. Where two units have one name, write the whole path, as "
                "“Office / Archive”."
            ),
            self.env._(
                "Staff code: the department's own code of the person. By it, or by the "
                "e-mail, a person is found again, so that the list can be uploaded "
                "again without making anyone twice."
            ),
            self.env._(
                "At most %(rows)s persons and %(size)s MB. Nothing is saved before you "
                "have seen what would happen to each row.",
                rows=staff_sheet.MAX_ROWS,
                size=workbook.MAX_BYTES // 1024**2,
            ),
        ]
        titles = {
            "list": self.env._("Staff"),
            "example": self.env._("Example"),
            "notes": self.env._("How to fill in"),
            "units": self.env._("Units"),
        }
        content = staff_sheet.write_template(titles, headings, [example], notes, units)
        return self._offer(content, self.env._("staff-list"))

    def action_check(self):
        """Show what would happen to each person; nothing is written.

        :raises UserError: where nobody was chosen, or the file can't be read
        """
        self.ensure_one()
        self._check_inviter()
        plan = self._plan()
        order = {
            status: number
            for number, status in enumerate(
                (*invitation.PROBLEMS, *invitation.ACTIONS, "unused", "queued", "login")
            )
        }
        # the table is the server's word: nobody may write it
        lines_sudo = self.env["hoithi.staff.invite.line"].sudo()
        lines_sudo.search([("invite_id", "=", self.id)]).unlink()
        lines_sudo.create(
            [
                {
                    "invite_id": self.id,
                    "order": order[person["status"]],
                    **{
                        name: person[name]
                        for name in (
                            "row",
                            "name",
                            "email",
                            "department_id",
                            "unit_name",
                            "job_title",
                            "staff_code",
                            "status",
                            "note",
                        )
                    },
                }
                for person in plan
            ]
        )
        self.write({"step": "check", "file": False, "filename": False})
        return self._reopen()

    def action_back(self):
        """Choose anew."""
        self.ensure_one()
        self._check_inviter()
        self.write({"step": "choose", "file": False, "filename": False})
        return self._reopen()

    def action_problems(self):
        """Make a workbook of the persons with a problem, to put right and upload."""
        from ...lib.outreach import staff_sheet

        self.ensure_one()
        self._check_inviter()
        labels = self._get_labels()
        content = staff_sheet.write_report(
            self.env._("Problems"),
            self._get_headings(),
            [self.env._("Problem"), self.env._("What to do")],
            [
                (
                    {
                        "name": line.name or "",
                        "email": line.email or "",
                        "unit": line.unit_name or line.department_id.complete_name,
                        "job": line.job_title or "",
                        "code": line.staff_code or "",
                    },
                    [labels[line.status], line.note or ""],
                )
                for line in self.line_ids
                if line.status in invitation.PROBLEMS
            ],
        )
        return self._offer(content, self.env._("staff-problems"))

    def action_confirm(self):
        """Begin to invite in the background, and open the run that shows how it goes.

        Who is invited is worked out anew, not taken from the table.

        :raises UserError: where there is nobody to invite
        """
        self.ensure_one()
        self._check_inviter()
        people = [
            person for person in self._plan() if person["status"] in invitation.ACTIONS
        ]
        if not people:
            raise UserError(
                self.env._(
                    "There is nobody to invite: choose other units, or put the "
                    "problems right first."
                )
            )
        # nobody may write a run but by its acts; it keeps the user as its author
        run_sudo = (
            self.env["hoithi.staff.invite.run"]
            .sudo()
            .create(
                {
                    "company_id": self.company_id.id,
                    "source": self._get_source(),
                    "lang": self.lang,
                    "message": self.message,
                    "reactivate": self.reactivate,
                    "resend": self.resend,
                }
            )
        )
        run_sudo.line_ids.create(
            [
                {
                    "run_id": run_sudo.id,
                    "employee_id": person["employee"].id,
                    "name": person["name"],
                    "email": person["address"],
                    "department_id": person["department_id"],
                    "job_title": person["job_title"],
                    "staff_code": person["staff_code"],
                    "row": person["row"],
                    "action": person["status"],
                }
                for person in people
            ]
        )
        run_sudo._wake()
        return {
            "type": "ir.actions.act_window",
            "res_model": "hoithi.staff.invite.run",
            "res_id": run_sudo.id,
            "view_mode": "form",
        }

    # BUSINESS

    def _check_inviter(self):
        """Check the role and the department.

        :raises AccessError: for others than secretaries and administrators, and for
            another department than the user's own
        """
        self.check_access("write")
        if not self.env.user.has_groups(",".join(INVITERS)):
            raise AccessError(
                self.env._("Secretaries and administrators invite staff.")
            )
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("You can invite the staff of your own department only.")
            )

    @api.model
    def _get_labels(self):
        lines = self.env["hoithi.staff.invite.line"]
        return dict(lines._fields["status"]._description_selection(self.env))

    def _get_headings(self):
        """Return the template's headings in the reader's language."""
        return {
            "name": self.env._("Full name"),
            "email": self.env._("E-mail"),
            "unit": self.env._("Unit"),
            "job": self.env._("Job title"),
            "code": self.env._("Staff code"),
        }

    def _get_all_headings(self):
        """Return the headings in all languages, as a template may come from anyone."""
        from ...lib.outreach import staff_sheet

        headings = {column: set() for column in staff_sheet.COLUMNS}
        for code, _name in [*self._get_languages(), ("en_US", "")]:
            for column, name in self.with_context(lang=code)._get_headings().items():
                headings[column].add(name)
        return headings

    def _get_units(self):
        from ...lib.outreach import staff_sheet

        # the Office may have no right on HR's units; their names are no secret
        units = (
            self.env["hr.department"]
            .sudo()
            .search_fetch(
                [("company_id", "in", [self.company_id.id, False])],
                ["name", "parent_id"],
            )
        )
        return [
            staff_sheet.Unit(unit.id, unit.name, unit.complete_name)
            for unit in units.sorted("complete_name")
        ]

    def _get_source(self):
        if self.source == "sheet":
            return self.upload_name or self.env._("A list in a workbook")
        names = ", ".join(self.department_ids.mapped("complete_name"))
        return names or self.env._("All units")

    def _plan(self):
        """Return what would happen to each person of the choice.

        :return: dicts with the fields of a line, `employee` (superuser rights) and the
            normalised `address`
        """
        people = self._read_units() if self.source == "units" else self._read_sheet()
        found = self.env["hoithi.staff.invite.run"]._examine(
            people, self.company_id, self.reactivate, self.resend
        )
        for person in people:
            result = found[person["key"]]
            person["status"] = result["status"]
            person["note"] = self._place(person, result["note"])
            person["address"] = result["email"]
        return people

    def _place(self, person, note):
        """Tell the row of a workbook beside what is wrong with it."""
        if not note or not person["row"] or person["flaw"]:
            return note
        return self.env._("Row %(row)s: %(problem)s", row=person["row"], problem=note)

    def _read_units(self):
        """Return the employees of the chosen units, or of all."""
        # the Office runs the campaign and may have no right on HR records: of these
        # only name, e-mail, unit and post are read, in the own department
        employees_sudo = self.env["hr.employee"].sudo()
        domain = [("company_id", "child_of", self.company_id.id)]
        if self.department_ids:
            operator = "child_of" if self.with_sub_units else "in"
            domain.append(("department_id", operator, self.department_ids.ids))
        employees = employees_sudo.search_fetch(
            domain,
            ["name", "work_email", "work_contact_id", "user_id", "hoithi_staff_code"],
            order="name, id",
        )
        if not employees:
            raise UserError(
                self.env._(
                    "These units have no employees: choose others, or upload a list."
                )
            )
        return [
            {
                "key": employee.id,
                "employee": employee,
                "name": employee.name,
                "email": employee.work_email or employee.work_contact_id.email or "",
                "new": False,
                "flaw": "",
                "row": 0,
                "department_id": employee.department_id.id,
                "unit_name": "",
                "job_title": employee.job_title or "",
                "staff_code": employee.hoithi_staff_code or "",
            }
            for employee in employees
        ]

    def _read_sheet(self):
        """Return the persons of the uploaded workbook, known ones with their record.

        :raises UserError: for a file that isn't a list of staff
        """
        from ...lib.guard import workbook
        from ...lib.outreach import staff_sheet

        if not self.upload:
            raise UserError(self.env._("Choose the filled workbook first."))
        headings = self._get_headings()
        try:
            rows = staff_sheet.read(
                base64.b64decode(self.upload),
                self._get_all_headings(),
                self._get_units(),
            )
        except workbook.BadWorkbook as error:
            raise UserError(self._explain_file(error, headings)) from error
        records = self._index_employees()
        people = []
        for row in rows:
            employee, clash = self._find_employee(row, records)
            flaws = [
                *(self._explain_cell(row, flaw, headings) for flaw in row.problems),
                *([clash] if clash else []),
            ]
            people.append(
                {
                    "key": row.number,
                    "employee": employee,
                    "name": row.name or employee.name,
                    "email": row.email,
                    "new": not employee,
                    "flaw": "\n".join(flaws),
                    "row": row.number,
                    "department_id": employee.department_id.id or row.unit or False,
                    "unit_name": row.unit_name,
                    "job_title": row.job,
                    "staff_code": row.code,
                }
            )
        return people

    def _index_employees(self):
        """Return the employees by staff code, by e-mail, and by name.

        By name with the unit those without an e-mail, by name alone the others who are
        active.
        """
        # as in `_read_units`; archived ones too, so that nobody is made twice
        employees = (
            self.env["hr.employee"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("company_id", "child_of", self.company_id.id)],
                ["name", "work_email", "work_contact_id", "hoithi_staff_code"],
                order="active desc, id",
            )
        )
        codes, emails, names, addressed = {}, {}, {}, {}
        for employee in employees:
            if employee.hoithi_staff_code:
                codes.setdefault(employee.hoithi_staff_code.casefold(), employee)
            address = persons.address_key(employee.work_email)
            if address:
                emails.setdefault(address, []).append(employee)
                if employee.active:
                    addressed.setdefault(self._get_words(employee.name), employee)
            else:
                key = (texts.fold(employee.name), employee.department_id.id)
                names.setdefault(key, []).append(employee)
        return codes, emails, names, addressed

    @api.model
    def _get_words(self, name):
        """Return the words of a name as they are compared, whatever their order."""
        return tuple(sorted(texts.fold(name).split()))

    def _find_employee(self, row, records):
        """Return the record of a row's person, or what contradicts the row."""
        codes, emails, names, addressed = records
        # an empty set like those that are compared with it
        nobody = self.env["hr.employee"].sudo()
        by_code = codes.get(row.code.casefold()) if row.code else None
        sharing = emails.get(persons.address_key(row.email), [])
        sharing = [employee for employee in sharing if employee.active] or sharing
        if len(sharing) > 1 and by_code not in sharing:
            # an address that several people share identifies none of them
            return nobody, self.env._(
                "Row %(row)s: several employees share the e-mail %(email)s. Give the "
                "staff code, or an e-mail of the person's own.",
                row=row.number,
                email=row.email,
            )
        by_email = by_code if by_code in sharing else next(iter(sharing), None)
        if by_code and by_email and by_code != by_email:
            return nobody, self.env._(
                "Row %(row)s: the staff code is %(first)s's, the e-mail %(second)s's. "
                "Put the wrong one right.",
                row=row.number,
                first=by_code.name,
                second=by_email.name,
            )
        employee = by_code or by_email
        if not employee:
            # someone whose record lacks the e-mail that the list now brings
            found = names.get((texts.fold(row.name), row.unit), [])
            employee = found[0] if len(found) == 1 else nobody
        namesake = addressed.get(self._get_words(row.name))
        if not employee:
            flaw = ""
            if namesake and row.email:
                flaw = self._explain_other_address(row, namesake)
            return nobody, flaw
        if row.name and not persons.same_words(row.name, employee.name):
            return employee, self.env._(
                "Row %(row)s: by e-mail or staff code this is %(known)s, and the row "
                "says %(name)s. Put the wrong one right.",
                row=row.number,
                known=employee.name,
                name=row.name,
            )
        if not employee.active:
            return employee, self.env._(
                "Row %(row)s: the record of %(name)s is archived. Ask HR to take it "
                "out of the archive, or leave the row out.",
                row=row.number,
                name=employee.name,
            )
        if by_code and not by_email and row.email and employee.work_email:
            return employee, self._explain_other_address(row, employee)
        if (
            by_email
            and not by_code
            and row.code
            and employee.hoithi_staff_code
            and employee.hoithi_staff_code.casefold() != row.code.casefold()
        ):
            return employee, self.env._(
                "Row %(row)s: %(name)s has another staff code on record, %(code)s. Put "
                "the record or the row right.",
                row=row.number,
                name=employee.name,
                code=employee.hoithi_staff_code,
            )
        return employee, ""

    def _explain_other_address(self, row, employee):
        """Return that an employee of the row's name or code has another e-mail.

        Which one is the secretary's to read.
        """
        if self.env.user.has_group(SECRETARY):
            return self.env._(
                "Row %(row)s: %(name)s has another e-mail on record, %(email)s. Put "
                "the record or the row right; somebody else of this name is entered in "
                "HR first.",
                row=row.number,
                name=employee.name,
                email=employee.work_email,
            )
        return self.env._(
            "Row %(row)s: %(name)s has another e-mail on record. Put the record or the "
            "row right; somebody else of this name is entered in HR first.",
            row=row.number,
            name=employee.name,
        )

    def _explain_file(self, error, headings):
        """Return why a file can't be read, and what to do."""
        from ...lib.guard import workbook
        from ...lib.outreach import staff_sheet

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
                "The file is far larger inside than a list of staff can be: copy the "
                "list into the downloaded template."
            ),
            "far": self.env._(
                "Row %(row)s holds something; a list is read up to row %(last)s. "
                "Delete what stands below your list, and save it.",
                row=error.detail[0] if error.detail else "",
                last=workbook.LAST_ROW,
            ),
            "heading": self.env._(
                "No sheet has these headings among its first rows: %s. Use the "
                "template.",
                ", ".join(headings.get(column, column) for column in error.detail),
            ),
            "rows": self.env._(
                "A list may have %s persons at most: cut it in two.",
                staff_sheet.MAX_ROWS,
            ),
            "empty": self.env._("The list has no persons below its headings."),
        }[error.reason]

    def _explain_cell(self, row, problem, headings):
        """Return what is wrong with a cell: row, column, and what to do."""
        hints = "; ".join(f"“{hint}”" for hint in problem.hints)
        text = {
            "missing": self.env._("fill it in."),
            "long": self.env._("“%s…” is too long: shorten it.", problem.value),
            "error": self.env._(
                "the cell holds the error %s: type the value itself.", problem.value
            ),
            "odd": self.env._(
                "the cell holds %s as a date, a percentage or a formula, not as text: "
                "format it as text and type the value again.",
                problem.value,
            ),
            "email": self.env._(
                "“%s” isn't one e-mail address, as name@example.vn.", problem.value
            ),
            "unknown_unit": (
                self.env._(
                    "there is no unit “%(unit)s”. Do you mean %(hints)s?",
                    unit=problem.value,
                    hints=hints,
                )
                if hints
                else self.env._(
                    "there is no unit “%s”: choose one of the sheet of units.",
                    problem.value,
                )
            ),
            "ambiguous_unit": self.env._(
                "several units are named “%(unit)s”: write one of %(hints)s.",
                unit=problem.value,
                hints=hints,
            ),
            "twice": self.env._(
                "“%(value)s” stands in row %(other)s already: delete one of the rows, "
                "or put it right.",
                value=problem.value,
                other=problem.hints[0] if problem.hints else "",
            ),
        }[problem.kind]
        return self.env._(
            "Row %(row)s, column “%(column)s”: %(problem)s",
            row=row.number,
            column=headings[problem.column],
            problem=text,
        )

    def _offer(self, content, name):
        self.write({"file": base64.b64encode(content), "filename": f"{name}.xlsx"})
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invite Staff"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
