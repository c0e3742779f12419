from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import email_normalize


class HoithiEntryAuthor(models.Model):
    """An author of an entry with the share of the work."""

    _name = "hoithi.entry.author"
    _description = "Author"
    _inherit = ["hoithi.guard.mixin"]
    _trusts_sudo = True
    _order = "entry_id, is_representative desc, sequence, id"
    _rec_name = "full_name"

    _server_fields = {"confirmed_on"}
    # Who one is comes from HR; with these given, the rest is looked up.
    _identity_fields = {"employee_id", "partner_id", "email", "full_name"}

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="entry_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    employee_id = fields.Many2one("hr.employee", index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", index=True, ondelete="restrict")
    full_name = fields.Char(required=True)
    department_id = fields.Many2one("hr.department", string="Unit")
    job_title = fields.Char(string="Position")
    qualification = fields.Char()
    email = fields.Char()
    phone = fields.Char()
    contribution_percent = fields.Float(string="Share (%)", digits=(5, 2))
    is_representative = fields.Boolean(string="Representative")
    confirmed_on = fields.Datetime(string="Share confirmed on", copy=False)
    consent_publish = fields.Boolean(
        string="Agrees to be named",
        copy=False,
        readonly=True,
        help="The name may be shown with the results on the public page.",
    )
    consent_on = fields.Datetime(string="Agreed on", copy=False, readonly=True)

    _unique_employee = models.UniqueIndex(
        "(entry_id, employee_id) WHERE employee_id IS NOT NULL",
        "A person is an author of an entry only once.",
    )
    _check_share = models.Constraint(
        "CHECK (contribution_percent BETWEEN 0 AND 100)",
        "A share lies between 0 and 100 %.",
    )

    @api.constrains("is_representative", "entry_id")
    def _check_one_representative(self):
        for entry in self.entry_id:
            if len(entry.author_ids.filtered("is_representative")) > 1:
                raise ValidationError(
                    self.env._(
                        "“%s” has more than one representative.", entry.display_name
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_data_load():
            return super().create(vals_list)
        vals_list = self._check_given(vals_list)
        self._check_share_range(vals_list)
        prepared = []
        for vals in vals_list:
            entry = self.env["hoithi.entry"].browse(vals.get("entry_id"))
            prepared.append({**vals, **self._resolve_person(vals, entry.company_id)})
        self._check_named_once(prepared)
        lines = super().create(prepared)
        lines._check_entry_open()
        lines._follow_representative()
        return lines

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if set(vals) == {"confirmed_on"}:
            self._check_own_share()
            return super(HoithiEntryAuthor, self._open_door()).write(
                {"confirmed_on": vals["confirmed_on"] and fields.Datetime.now()}
            )
        self._check_entry_open()
        self._check_share_range([vals])
        vals = self._check_changed(vals)
        if "entry_id" in vals:
            raise UserError(self.env._("An author line stays with its entry."))
        if not self.env.user.has_group("hoithi_contest.group_secretary"):
            self._check_representative_stays(vals)
            if not self._identity_fields & set(vals):
                # the unit of staff comes from HR
                vals = {k: v for k, v in vals.items() if k != "department_id"}
        for line in self:
            values = dict(vals)
            if self._identity_fields & set(vals):
                values |= self._resolve_person(vals, line.company_id)
            share = values.get("contribution_percent", line.contribution_percent)
            if (
                share != line.contribution_percent
                or values.get("partner_id", line.partner_id.id) != line.partner_id.id
            ):
                # who agreed to another share hasn't agreed to this one
                values["confirmed_on"] = False
            if any(
                name in values
                and self._fields[name].convert_to_cache(values[name], line)
                != self._fields[name].convert_to_cache(line[name], line)
                for name in ("employee_id", "partner_id", "full_name")
            ):
                # nobody agrees to be named for somebody else
                values |= {"consent_publish": False, "consent_on": False}
            super(HoithiEntryAuthor, line._open_door()).write(values)
        self._follow_representative()
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_entry_open()
        if not self.env.su and not self.env.user.has_group(
            "hoithi_contest.group_secretary"
        ):
            self._check_representative_stays({"is_representative": False})

    # ACTION

    def action_confirm(self):
        """Confirm the caller's own share.

        :raises AccessError: for a line of somebody else
        """
        return self.write({"confirmed_on": fields.Datetime.now()})

    def action_consent(self):
        """Agree that the caller's own name is shown with published results.

        Of the representative it is the consent for the entry as well. For an author
        without a login the secretary records what was given on paper.

        :raises AccessError: for a line of somebody else
        """
        self._check_consent_holder()
        self._set_consent(True)
        return True

    def action_withdraw_consent(self):
        """Take the consent back, at any time; the name leaves the public page at once.

        :raises AccessError: for a line of somebody else, the secretary aside
        """
        self._check_consent_holder(withdrawing=True)
        self._set_consent(False)
        return True

    # BUSINESS

    def _check_consent_holder(self, withdrawing=False):
        self.check_access("read")
        by_secretary = self.env.user.has_group("hoithi_contest.group_secretary")
        for line in self:
            # only whether the person has a login, which no author may look up
            has_login = bool(line.partner_id.sudo().user_ids)
            if line.partner_id != self.env.user.partner_id and not (
                by_secretary and (withdrawing or not has_login)
            ):
                raise AccessError(
                    self.env._(
                        "Everyone decides on the own name; this is %s's.",
                        line.full_name,
                    )
                )

    def _set_consent(self, given):
        """Record the consent, also after the entry's door has closed, and log it."""
        for line in self:
            # a consent may change nothing of the entry but itself
            line_sudo = line.sudo()
            line_sudo.write(
                {
                    "consent_publish": given,
                    "consent_on": given and fields.Datetime.now(),
                }
            )
            entry_sudo = line_sudo.entry_id
            if line_sudo.is_representative and entry_sudo.consent_publish != given:
                entry_sudo.consent_publish = given
            entry_sudo.message_post(
                body=self.env._("%s agrees to be named publicly.", line_sudo.full_name)
                if given
                else self.env._(
                    "%s doesn't agree to be named publicly.", line_sudo.full_name
                )
            )

    @api.model
    def _check_share_range(self, vals_list):
        """Refuse a typing error before PostgreSQL does, and its log calls it one.

        :raises ValidationError: for a share below 0 or above 100 %
        """
        if not all(
            0 <= vals.get("contribution_percent", 0) <= 100 for vals in vals_list
        ):
            raise ValidationError(self.env._("A share lies between 0 and 100 %."))

    @api.model
    def _check_named_once(self, vals_list):
        """Refuse to name a person twice, before PostgreSQL does.

        :param vals_list: values of new lines, with their persons resolved
        :raises ValidationError: for an employee who is an author of the entry already
        """
        new = [
            (vals["entry_id"], vals["employee_id"])
            for vals in vals_list
            if vals.get("entry_id") and vals.get("employee_id")
        ]
        present = {
            (line.entry_id.id, line.employee_id.id)
            for line in self.search(
                [("entry_id", "in", [entry_id for entry_id, _employee_id in new])]
            )
        }
        if len(set(new)) < len(new) or present & set(new):
            raise ValidationError(
                self.env._("A person is an author of an entry only once.")
            )

    def _check_own_share(self):
        for line in self:
            if line.partner_id != self.env.user.partner_id:
                raise AccessError(
                    self.env._(
                        "Everyone confirms the own share; this is %s's.", line.full_name
                    )
                )

    def _check_representative_stays(self, vals):
        """Let staff stay the representative of the entry that they registered.

        :raises UserError: where the entry would lose its representative or get another
        """
        for line in self.filtered("is_representative"):
            changed = not vals.get("is_representative", True) or any(
                name in vals
                and self._fields[name].convert_to_cache(vals[name], line)
                != self._fields[name].convert_to_cache(line[name], line)
                for name in self._identity_fields
            )
            if changed:
                raise UserError(
                    self.env._(
                        "You registered “%s”, so you stay its representative. "
                        "Withdraw it instead, and let the other author register it.",
                        line.entry_id.display_name,
                    )
                )

    def _check_entry_open(self):
        """Guard shares and names as the entry's content is guarded."""
        if not self.env.su:
            self.entry_id._check_responsible()
            self.entry_id._check_door()

    def _follow_representative(self):
        """Keep the entry's unit with its representative, as HR has it now."""
        for line in self.filtered("is_representative"):
            # the unit is taken from HR, not from the author who may not set it
            entry_sudo = line.entry_id.sudo()
            if line.department_id and entry_sudo.department_id != line.department_id:
                entry_sudo.department_id = line.department_id

    @api.model
    def _resolve_person(self, vals, company):
        """Return who an author is, completed from HR where possible.

        :param vals: values that name a person by `employee_id`, `partner_id`, `email`
            or only `full_name` (somebody from outside)
        :param company: the department whose employees count
        :raises ValidationError: where nothing names the person
        """
        # staff have no right on HR records, and get no more of them than these values
        employee_sudo = self.env["hr.employee"].sudo()
        in_company = [("company_id", "=", company.id)]
        email = email_normalize(vals.get("email") or "") or False
        if vals.get("email") and not email:
            raise ValidationError(
                self.env._("“%s” isn't an e-mail address.", vals["email"])
            )
        if vals.get("employee_id"):
            employee_sudo = employee_sudo.search(
                [("id", "=", vals["employee_id"]), *in_company]
            )
            if not employee_sudo:
                raise ValidationError(
                    self.env._("This person doesn't work in the department.")
                )
        elif vals.get("partner_id"):
            employee_sudo = employee_sudo.search(
                [
                    *in_company,
                    "|",
                    ("work_contact_id", "=", vals["partner_id"]),
                    ("user_id.partner_id", "=", vals["partner_id"]),
                ],
                limit=1,
            )
        elif email:
            employee_sudo = employee_sudo.search(
                [*in_company, ("work_email", "=ilike", email)], limit=1
            )
        if employee_sudo:
            partner = employee_sudo.user_id.partner_id or employee_sudo.work_contact_id
            return {
                "employee_id": employee_sudo.id,
                "partner_id": partner.id,
                "full_name": employee_sudo.name,
                "department_id": employee_sudo.department_id.id,
                "job_title": employee_sudo.job_title or vals.get("job_title"),
                "email": employee_sudo.work_email or email,
            }
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            partner.check_access("read")
            return {"employee_id": False, "full_name": partner.name}
        if not (vals.get("full_name") or "").strip():
            raise ValidationError(
                self.env._("Name each author, or give the work e-mail of a colleague.")
            )
        return {
            "employee_id": False,
            "partner_id": False,
            "full_name": " ".join(vals["full_name"].split()),
            "email": email,
        }
