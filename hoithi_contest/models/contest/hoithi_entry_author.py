from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import plaintext2html

from ...lib.contest import shares
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import EDITABLE, NOT_ENTERED

#: What RPC may send for a field of each kind; the largest id of the database.
SHAPES = {"char": str, "text": str, "many2one": int, "float": (int, float)}
MAX_ID = 2**31 - 1

DECLINED_ACTIVITY = "hoithi_contest.mail_activity_type_declined"


class HoithiEntryAuthor(models.Model):
    """An author of an entry with the share of the work."""

    _name = "hoithi.entry.author"
    _description = "Author"
    _inherit = ["hoithi.guard.mixin", "hoithi.reason.mixin", "hoithi.clock.mixin"]
    _clock_path = "entry_id.contest_id"
    _order = "entry_id, is_representative desc, sequence, id"
    _rec_name = "full_name"
    _person_fields_sorted = _person_path = ("full_name",)

    _reason_methods = (
        "action_decline",
        "action_take_out",
        "action_make_representative",
    )
    _server_fields = {"confirmed_on"}
    _judged_fields = {"employee_id", "partner_id"}
    # the unit of a colleague is HR's
    _role_fields = {"department_id": ("hoithi_contest.group_secretary",)}
    # Who one is comes from HR; with these given, the rest is looked up.
    _identity_fields = {
        "offer",
        "employee_id",
        "partner_id",
        "email",
        "full_name",
        "is_outsider",
        "workplace",
    }
    # What is said of a person besides.
    _told_fields = {"department_id", "job_title", "qualification", "phone"}

    _fixed_fields = {"is_content_fixed": EVERYTHING}
    _fixed_rows = ("is_content_fixed",)
    _fixed_binds_server = False

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="cascade", index=True
    )
    is_content_fixed = fields.Boolean(related="entry_id.is_content_fixed")
    company_id = fields.Many2one(related="entry_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    employee_id = fields.Many2one("hr.employee", index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", index=True, ondelete="restrict")
    offer = fields.Char(
        store=False,
        export_string_translation=False,
        help="A colleague as offered by the finder; instead of the other fields that "
        "tell who the author is.",
    )
    full_name = fields.Char(required=True)
    is_outsider = fields.Boolean(
        string="From outside", help="The author says that the person works elsewhere."
    )
    workplace = fields.Char(help="Where somebody from outside works.")
    identification = fields.Selection(
        [
            ("colleague", "Colleague"),
            ("outsider", "From outside"),
            ("unknown", "Not identified yet"),
        ],
        compute="_compute_identification",
    )
    department_id = fields.Many2one(
        "hr.department", string="Unit", index="btree_not_null"
    )
    kept_unit_name = fields.Char(
        string="Unit as it was called", readonly=True, copy=False
    )
    job_title = fields.Char(string="Position")
    qualification = fields.Char()
    email = fields.Char()
    phone = fields.Char()
    contribution_percent = fields.Float(string="Share (%)", digits=(5, 2))
    is_representative = fields.Boolean(string="Representative")
    confirmed_on = fields.Datetime(string="Share confirmed on", copy=False)
    declined_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="The person isn't an author of the entry and has no rights on it.",
    )
    decline_reason = fields.Text(readonly=True, copy=False)
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

    @api.depends("employee_id", "is_outsider")
    def _compute_identification(self):
        for line in self:
            line.identification = (
                "colleague"
                if line.employee_id
                else "outsider"
                if line.is_outsider
                else "unknown"
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

    def web_read(self, specification):
        # a form that isn't saved would tell the name of whoever's id it is given
        for line in self:
            for name in () if line.id else ("employee_id", "partner_id"):
                person = line[name]._origin
                if person and person != line._origin[name]:
                    self._check_may_name(person)
        return super().web_read(specification)

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_data_load():
            return super().create(vals_list)
        self._check_shapes(vals_list)
        vals_list = self._check_given(vals_list)
        self._check_share_range(vals_list)
        prepared = []
        for vals in vals_list:
            entry = self.env["hoithi.entry"].browse(vals.get("entry_id"))
            prepared.append(self._resolve_person(vals, entry.contest_id))
        self._check_named_once(prepared)
        # what HR knows of the persons comes with them
        lines = super(HoithiEntryAuthor, self._open_door()).create(prepared)
        lines = lines.with_env(self.env)
        lines._check_entry_open()
        lines._follow_representative()
        return lines

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if set(vals) == {"confirmed_on"}:
            self._check_own_share()
            if not vals["confirmed_on"]:
                self._check_may_unconfirm()
            result = super(HoithiEntryAuthor, self._open_door()).write(
                {"confirmed_on": vals["confirmed_on"] and fields.Datetime.now()}
            )
            self._follow_confirmation()
            return result
        self._check_entry_open()
        self._check_shapes([vals])
        self._check_share_range([vals])
        vals = self._check_changed(vals)
        if "entry_id" in vals:
            raise UserError(self.env._("An author line stays with its entry."))
        if not self.env.user.has_group("hoithi_contest.group_secretary"):
            self._check_representative_stays(vals)
        renamed = self if self._identity_fields & set(vals) else self.browse()
        with renamed._follow_change():
            for line in self:
                values = dict(vals)
                if self._identity_fields & set(vals):
                    values = line._resolve_change(values)
                share = values.get("contribution_percent", line.contribution_percent)
                if (
                    share != line.contribution_percent
                    or values.get("partner_id", line.partner_id.id)
                    != line.partner_id.id
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
                    values |= {
                        "consent_publish": False,
                        "consent_on": False,
                        "confirmed_on": False,
                        "declined_on": False,
                        "decline_reason": False,
                    }
                    employee_id = values.get("employee_id", line.employee_id.id)
                    if line.declined_on or line.employee_id.id not in (
                        False,
                        employee_id,
                    ):
                        # nor is the unit of one said of another, nor what one has told
                        values = dict.fromkeys(self._told_fields, False) | values
                was_declined = bool(line.declined_on)
                super(HoithiEntryAuthor, line._open_door()).write(values)
                if was_declined and not line.declined_on:
                    self._end_reminders(line.entry_id)
        self._follow_representative()
        return True

    def unlink(self):
        declined = self.filtered("declined_on").entry_id
        with self._follow_change():
            result = super().unlink()
        self._end_reminders(declined)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_entry_open()
        if not self.env.su and not self.env.user.has_group(
            "hoithi_contest.group_secretary"
        ):
            self._check_representative_stays({"is_representative": False})

    # ACTION

    def action_confirm(self):
        """Confirm the caller's own share; confirmed again, it keeps its first moment.

        :raises AccessError: for a line of somebody else
        """
        self._check_own_share()
        waiting = self.filtered(lambda line: not line.confirmed_on)
        return not waiting or waiting.write({"confirmed_on": fields.Datetime.now()})

    def action_ask_decline(self):
        """Open the dialog that asks for what `action_decline` needs."""
        return self._ask_reason("action_decline", self.env._("Decline the Share"))

    def action_decline(self, reason=None):
        """Say that the caller is no author of the entry, and be free of it.

        Until the entry is submitted the line goes. Afterwards it stays on record
        without the person and without rights, and the secretary is told: the
        representative sets the shares anew in a supplement, or the secretary takes the
        line out. A withdrawn entry needs no settling, and nobody is reminded.
        Undecided conflicts that rest on the line end.

        :param reason: told to the representative
        :return: where a page may go that shows what one no longer reads
        :raises AccessError: for a line of somebody else
        :raises UserError: for the representative, and for a share that was confirmed
        """
        self.check_access("read")
        self._check_own_share()
        reason = self._clean_reason(reason)
        # who declines may write nothing of the entry but this
        entries_sudo = self.sudo().entry_id
        for line in self:
            line._check_may_decline()
            line_sudo = line.sudo()
            entry_sudo = line_sudo.entry_id
            body = self.env._(
                "%(name)s declined to be an author: %(reason)s",
                name=line_sudo.full_name,
                reason=reason,
            )
            with self._watch_interests(entry_sudo, ended=body):
                line_sudo._leave(reason)
            entry_sudo._message_act(body=body)
            entry_sudo._announce(
                "declined",
                entry_sudo.representative_id.partner_id,
                fields.Datetime.now(),
            )
        if not all(e.has_access("read") for e in entries_sudo.with_env(self.env)):
            return {"type": "ir.actions.act_url", "url": "/my/hoithi", "target": "self"}
        return True

    def action_ask_take_out(self):
        """Open the dialog that asks for what `action_take_out` needs."""
        return self._ask_reason(
            "action_take_out", self.env._("Take out of the Authors")
        )

    def action_take_out(self, reason=None):
        """Take somebody out of the authors of an entry that was submitted.

        It is the way out after the screening, where the representative changes nothing
        any more: for who declined, and for who confirmed and isn't an author after all.
        The others' shares make 100 % again, as they were to one another, and who
        confirmed another share is asked anew. What conflicts rested on the person is
        possible until somebody decides it: an interest doesn't end with a line.

        :param reason: recorded in the entry's log, and told to the representative
        :raises AccessError: for anyone but the secretary
        :raises UserError: for the representative, for an own entry, and for one that
            isn't submitted
        """
        self.check_access("read")
        if not self.env.user.has_group("hoithi_contest.group_secretary"):
            raise AccessError(
                self.env._("The secretary takes people out of submitted entries.")
            )
        self.entry_id._check_not_own()
        self.entry_id._check_no_rivals()
        reason = self._clean_reason(reason)
        for line in self:
            line._check_may_take_out()
        # the entry is closed, also to the secretary, but for this act
        entries_sudo = self.sudo().entry_id
        for entry_sudo, lines_sudo in self.sudo().grouped("entry_id").items():
            names = ", ".join(lines_sudo.mapped("full_name"))
            told = lines_sudo.partner_id | entry_sudo.representative_id.partner_id
            lines_sudo.unlink()
            entry_sudo.author_ids._settle_shares()
            entry_sudo._message_act(
                body=self.env._(
                    "%(names)s: taken out of the authors. %(reason)s",
                    names=names,
                    reason=reason,
                )
            )
            entry_sudo._announce("taken_out", told, fields.Datetime.now())
        entries_sudo._get_detectable()._on_authors_known()
        return True

    def action_ask_make_representative(self):
        """Open the dialog that asks for what `action_make_representative` needs."""
        return self._ask_reason(
            "action_make_representative", self.env._("Make the Representative")
        )

    def action_make_representative(self, reason=None):
        """Let this author act for the entry, as the representative can't any more.

        :param reason: see `hoithi.entry.action_change_representative`
        """
        self.ensure_one()
        self.check_access("read")
        return self.entry_id.action_change_representative(self, reason=reason)

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

    def _get_unit_name(self):
        """Return unit or workplace for papers: the unit as it was in its contest."""
        self.ensure_one()
        return self.kept_unit_name or self.department_id.name or self.workplace or ""

    def _get_position(self):
        """Return the post as papers show it: the one given, or the representative's."""
        self.ensure_one()
        # of who registered the entry, for its own form
        return self.job_title or (
            self.is_representative and self.sudo().employee_id.job_title or ""
        )

    def _get_contact(self):
        """Return phone and e-mail of the representative, as the form shows them."""
        # as above
        email = self.email or self.sudo().employee_id.work_email
        return " - ".join(filter(None, [self.phone, email]))

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
            line_sudo._open_door().write(
                {
                    "consent_publish": given,
                    "consent_on": given and fields.Datetime.now(),
                }
            )
            entry_sudo = line_sudo.entry_id
            if line_sudo.is_representative and entry_sudo.consent_publish != given:
                entry_sudo.consent_publish = given
            entry_sudo._message_act(
                body=self.env._("%s agrees to be named publicly.", line_sudo.full_name)
                if given
                else self.env._(
                    "%s doesn't agree to be named publicly.", line_sudo.full_name
                )
            )

    @api.model
    def _check_shapes(self, vals_list):
        """Refuse what RPC may send and no field holds, before code looks at it.

        :raises ValidationError: naming the field and the value
        """
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                shape = SHAPES.get(field.type) if field else None
                if (
                    value
                    and shape
                    and (
                        not isinstance(value, shape)
                        or (shape is int and not 0 < value <= MAX_ID)
                    )
                ):
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” can't be “%(value)s”.",
                            field=field._description_string(self.env),
                            value=value,
                        )
                    )

    @api.model
    def _check_share_range(self, vals_list):
        """Refuse a typing error before PostgreSQL does, and its log calls it one.

        :raises ValidationError: for a share below 0 or above 100 %
        """
        if not all(
            0 <= (vals.get("contribution_percent") or 0) <= 100 for vals in vals_list
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

    def _check_may_unconfirm(self):
        """Let nobody who agreed in public get rid of the conflict that comes with it.

        :raises UserError: once the entry is submitted
        """
        for line in self:
            if line.confirmed_on and line.entry_id.state != "draft":
                raise UserError(
                    self.env._(
                        "You confirmed your share of “%s”, and it is submitted: ask "
                        "the secretary.",
                        line.entry_id.display_name,
                    )
                )

    def _check_may_decline(self):
        self.ensure_one()
        names = {"entry": self.entry_id.display_name}
        if self.is_representative:
            raise UserError(
                self.env._(
                    "You registered “%(entry)s”: withdraw it instead of declining.",
                    **names,
                )
            )
        if self.confirmed_on:
            raise UserError(
                self.env._(
                    "You confirmed your share of “%(entry)s” already. Ask the "
                    "representative author or the secretary to take you out.",
                    **names,
                )
            )

    def _check_may_take_out(self):
        self.ensure_one()
        names = {"entry": self.entry_id.display_name, "name": self.full_name}
        if self.is_representative:
            raise UserError(
                self.env._(
                    "%(name)s registered “%(entry)s” and represents it: the entry is "
                    "withdrawn or turned down instead.",
                    **names,
                )
            )
        if self.entry_id.state == "withdrawn":
            raise UserError(
                self.env._(
                    "“%(entry)s” is withdrawn: its authors stay as they are.", **names
                )
            )
        if self.entry_id.state in NOT_ENTERED:
            raise UserError(
                self.env._(
                    "“%(entry)s” isn't submitted: its representative changes the "
                    "authors.",
                    **names,
                )
            )

    def _settle_shares(self):
        """Let the shares of an entry's authors make 100 % again.

        Who declined and is still there keeps the share until taken out.
        """
        authors = self.filtered(lambda line: not line.declined_on)
        given = {
            line: shares.to_share(line.contribution_percent)
            for line in self.sorted(lambda line: not line.is_representative)
        }
        rest = 100 - sum(given[line] for line in self - authors)
        settled = shares.settle(
            {line: given[line] for line in given if line in authors}, rest
        )
        changed = self.browse()
        for line, share in settled.items():
            if share != given[line]:
                line.contribution_percent = float(share)
                changed |= line
        # who agreed to another share hasn't agreed to this one; the representative
        # stands by the entry
        others = changed.filtered(lambda line: not line.is_representative)
        others._open_door().write({"confirmed_on": False})
        if len(authors) == 1:
            authors.entry_id.participant_type = "individual"
        for entry, lines in others.grouped("entry_id").items():
            entry._announce("share", lines.partner_id, fields.Datetime.now())

    def _leave(self, reason):
        """Free who declined of the entry; on record it stays once it was submitted."""
        self.ensure_one()
        if self.entry_id.state in EDITABLE:
            self.unlink()
            return
        self._open_door().write(
            {
                "employee_id": False,
                "partner_id": False,
                "consent_publish": False,
                "consent_on": False,
                "declined_on": fields.Datetime.now(),
                "decline_reason": reason,
            }
        )
        if self.entry_id.state not in NOT_ENTERED:
            self._remind_secretaries()

    @api.model
    @contextmanager
    def _watch_interests(self, entries_sudo, ended=None):
        """Hook: settle what rests on authors of `entries_sudo` who go meanwhile.

        :param ended: why it ends with them; without, it is left open
        """
        yield

    @contextmanager
    def _follow_change(self):
        """Tell those who go meanwhile, but where an act of its own tells them."""
        # who changes the authors needn't read all of them
        entries_sudo = self.sudo().entry_id.filtered(
            lambda entry: entry.state not in NOT_ENTERED
        )
        before = {entry: entry.author_ids.partner_id for entry in entries_sudo}
        with self._watch_interests(entries_sudo):
            yield
        for entry_sudo, partners in before.items() if not self.env.su else ():
            gone = partners - entry_sudo.author_ids.partner_id
            entry_sudo._announce("taken_out", gone, fields.Datetime.now())

    def _remind_secretaries(self):
        """Put it on the secretaries' lists that somebody declined."""
        for line in self:
            line._ask_secretaries(
                lambda env, name: env._(
                    "%s declined to be an author: request a supplement, or take "
                    "the person out of the authors",
                    name,
                )
            )

    def _ask_secretaries(self, say, kind=DECLINED_ACTIVITY, note=False):
        """Put on the secretaries' lists what they settle about an author.

        :param say: returns the line of the list, of an environment and a name
        :param kind: external id of the type of activity
        :param note: the author's own words
        """
        self.ensure_one()
        entry = self.entry_id.with_context(mail_activity_quick_update=True)
        for secretary in entry.contest_id.secretary_ids:
            # an entry in conflict isn't theirs to see
            if not entry.with_user(secretary).has_access("read"):
                continue
            language = secretary.partner_id._hoithi_get_lang()
            entry.activity_schedule(
                kind,
                user_id=secretary.id,
                summary=say(entry.with_context(lang=language).env, self.full_name),
                note=note and plaintext2html(note),
            )

    @api.model
    def _end_reminders(self, entries):
        """Take entries off the secretaries' lists with nothing left to settle."""
        # the lists are the secretaries', and who changes authors needn't be one
        entries.sudo().exists().filtered(
            lambda entry: (
                entry.state == "withdrawn"
                or not entry.author_ids.filtered("declined_on")
            )
        ).activity_unlink([DECLINED_ACTIVITY])

    def _follow_confirmation(self):
        """Do what hangs on it that a person stands by an entry."""
        for line in self.filtered("confirmed_on"):
            # the own post in HR, told with the confirmation and not before
            line_sudo = line.sudo()
            if line_sudo.employee_id and not line_sudo.job_title:
                line_sudo.job_title = line_sudo.employee_id.job_title
        self.entry_id._get_detectable()._on_authors_known()

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
            self.entry_id._check_supplement_parts(authors=True)

    def _follow_representative(self):
        """Keep the entry's unit and consent with its representative."""
        for line in self.filtered("is_representative"):
            # the unit is taken from HR, not from the author who may not set it
            entry_sudo = line.entry_id.sudo()
            if line.department_id and entry_sudo.department_id != line.department_id:
                entry_sudo.department_id = line.department_id
            if entry_sudo.consent_publish and not line.consent_publish:
                # what one representative agreed to, another hasn't
                entry_sudo.consent_publish = False
