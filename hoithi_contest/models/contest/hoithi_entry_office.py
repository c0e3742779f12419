from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...lib.guard import moments
from ...lib.guard.texts import is_blank
from ..guard.hoithi_states import BEFORE_COUNCIL, NOT_ENTERED, RUNNING
from .hoithi_entry import SECRETARY


class HoithiEntry(models.Model):
    """What the Office does to an entry out of the ordinary, and why it did.

    Each act is the secretary's, asks for its reason, and is told to the authors.
    """

    _inherit = "hoithi.entry"

    _reason_methods = ("action_change_field",)

    paper_received_on = fields.Datetime(
        string="Received on paper",
        readonly=True,
        copy=False,
        tracking=True,
        help="When the Office took in the paper dossier; it counts as submitted then.",
    )
    late_reason = fields.Text(
        string="Why it was taken in late", readonly=True, copy=False
    )
    late_decided_by = fields.Char(
        string="Who decided to take it in", readonly=True, copy=False
    )

    # ACTION

    def action_ask_change_field(self):
        """Open the dialog that asks for what `action_change_field` needs."""
        return self._ask_reason(
            "action_change_field", self.env._("Change the Field"), needs_field=True
        )

    def action_change_field(self, field=None, reason=None):
        """Move handed-in entries to the field of competition that they belong to.

        :param field: a field of the contest, or its id
        :param reason: recorded in the entry's log, and told to the authors
        :raises AccessError: for anyone but the secretary
        :raises UserError: for an own entry, from the council phase on, and for a field
            that the contest doesn't have
        """
        self._check_office()
        self._check_impartial()
        reason = self._clean_reason(reason)
        field = self._read_record("hoithi.field", field)
        for entry in self:
            if (
                entry.state in NOT_ENTERED
                or entry.contest_id.state not in BEFORE_COUNCIL
            ):
                raise UserError(
                    self.env._(
                        "“%s” can't be moved to another field now: that is for entries "
                        "that are handed in, until the council decides.",
                        entry.display_name,
                    )
                )
            if field not in entry.contest_id.field_ids:
                raise UserError(
                    self.env._(
                        "Choose one of the fields of “%s”.", entry.contest_id.name
                    )
                )
            if field == entry.field_id:
                raise UserError(
                    self.env._(
                        "“%(entry)s” is in the field “%(field)s” already.",
                        entry=entry.display_name,
                        field=field.name,
                    )
                )
        for entry in self:
            former = entry.field_id
            entry._open_door().field_id = field
            entry._message_act(
                body=self.env._(
                    "Moved from the field “%(former)s” to “%(field)s”: %(reason)s",
                    former=former.name or "–",
                    field=field.name,
                    reason=reason,
                )
            )
            entry._announce(
                "field_changed", entry._get_author_partners(), fields.Datetime.now()
            )
        return True

    def action_change_representative(self, author=None, reason=None):
        """Let another author act for an entry whose representative can't any more.

        The unit of the entry is that of the new representative, and a consent to
        publication is theirs to give.

        :param author: a line of `author_ids`, or its id
        :param reason: recorded in the entry's log, and told to the authors
        :raises AccessError: for anyone but the secretary
        :raises UserError: for an own entry, after the contest unless it is back for
            more papers, and for somebody who isn't an author, declined, or isn't
            identified yet
        """
        self.ensure_one()
        self._check_office()
        self._check_impartial()
        reason = self._clean_reason(reason)
        author = self._read_record("hoithi.entry.author", author)
        is_asked = self.contest_id.state in RUNNING or self.is_returned
        if self.state == "withdrawn" or not is_asked:
            raise UserError(
                self.env._(
                    "“%s” needs no other representative any more.", self.display_name
                )
            )
        if author not in self._get_authors() or author.identification == "unknown":
            raise UserError(
                self.env._(
                    "Choose one of the authors of “%s” who is known and hasn't "
                    "declined.",
                    self.display_name,
                )
            )
        former = self.representative_id
        if author == former:
            raise UserError(
                self.env._("%s is the representative already.", author.full_name)
            )
        # the entry is closed, also to the secretary, but for this act
        former.sudo()._open_door().is_representative = False
        author_sudo = author.sudo()
        author_sudo._open_door().is_representative = True
        author_sudo._follow_representative()
        self._message_act(
            body=self.env._(
                "%(author)s represents the authors instead of %(former)s: %(reason)s",
                author=author.full_name,
                former=former.full_name or "–",
                reason=reason,
            )
        )
        self._announce(
            "representative_changed",
            self._get_author_partners(),
            fields.Datetime.now(),
        )
        self.sudo()._get_detectable()._on_authors_known()
        return True

    @api.model
    def action_register_paper(
        self, contest, values, received_on=None, reason=None, decided_by=None
    ):
        """Take a paper dossier in for somebody, under that person's name.

        The entry is a draft that the secretary completes and submits; it counts as
        handed in when the paper came. One that came late needs a reason, and the name
        of who decided to take it in; so does one that is taken in once the review has
        begun, and it is screened by itself then.

        :param contest: a contest before its council, or its id
        :param values: of the entry, with the representative among ``author_ids``
        :param received_on: moment (UTC) at which the paper came; now by default
        :param reason: why a late one is taken in
        :param decided_by: who decided that
        :return: the action that opens the entry
        :raises AccessError: for anyone but the secretary
        :raises UserError: with what is missing, and for a paper of the caller's own
        """
        self._check_office()
        contest = self._read_record("hoithi.contest", contest)
        contest.check_access("read")
        if contest.state not in BEFORE_COUNCIL:
            raise UserError(
                self.env._(
                    "Paper dossiers are taken in until the council of “%s” begins.",
                    contest.name,
                )
            )
        if not isinstance(values, dict):
            raise UserError(self.env._("Give the title and the authors of the entry."))
        self._check_kinds([values])
        lines = [
            command[2]
            for command in values.get("author_ids") or ()
            if isinstance(command, list | tuple) and command[0] == Command.CREATE
        ]
        if not any(line.get("is_representative") for line in lines):
            raise UserError(self.env._("Name the author who handed the paper in."))
        own = self._get_my_employee(contest.company_id)
        if own and any(self._is_line_of(line, own) for line in lines):
            self._refuse_own_paper()
        received_on = self._read_receipt(contest, received_on)
        late = {}
        if contest._is_late_to_take_in(received_on):
            late = {
                "late_reason": self._clean_reason(reason),
                "late_decided_by": self._clean_reason(decided_by),
            }
        values = {**values, "contest_id": contest.id}
        self.check_access("create")
        [values] = self._check_given([values])
        # a paper comes in by no other door; what the caller gave is checked above
        entry = self._open_door().create(
            [{**values, "paper_received_on": received_on, **late}]
        )
        entry = entry.with_env(self.env)
        # by whichever way the person was named
        if entry._get_lines_of_person():
            self._refuse_own_paper()
        entry._message_act(
            body=self.env._(
                "Taken in on paper, received %(moment)s. %(note)s",
                moment=contest._format_moment(received_on),
                note=self.env._(
                    "Late, by decision of %(who)s: %(reason)s",
                    who=late["late_decided_by"],
                    reason=late["late_reason"],
                )
                if late
                else "",
            )
        )
        entry._announce("paper_registered", entry._get_author_partners())
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": entry.id,
            "views": [(False, "form")],
        }

    # BUSINESS

    @api.model
    def _refuse_own_paper(self):
        """When a paper came is for somebody else to say than its author."""
        raise UserError(
            self.env._(
                "You are an author of this paper: another secretary takes it in, or "
                "you hand it in on the portal while registration is open."
            )
        )

    def _is_for_office(self):
        """Tell whether any secretary who has no part in the entry acts for its authors.

        That is for a paper dossier, whoever keyed it in, and for a supplement of
        somebody who has no login, or none any more.
        """
        self.ensure_one()
        if self._get_lines_of_person():
            return False
        return bool(self.paper_received_on) or self._is_supplement_by_office()

    def _is_supplement_by_office(self):
        self.ensure_one()
        person = self.representative_id
        return bool(person) and self._is_supplementing() and person._is_without_login()

    def _is_paper_open(self):
        """Tell whether the caller keys in a paper that came."""
        self.ensure_one()
        return (
            bool(self.paper_received_on)
            and self.env.user.has_group(SECRETARY[0])
            and self._is_screening_open()
            # nobody has more time than others for the own work
            and not self._get_lines_of_person()
        )

    def _check_supplement_told(self, note):
        """Let the Office hand in no supplement without saying how it came.

        :param note: of the supplement
        :raises UserError: for a representative without a login, where it says nothing
        """
        for entry in self if not self.env.su else ():
            if entry._is_supplement_by_office() and is_blank(note or ""):
                raise UserError(
                    self.env._(
                        "%(author)s has no login: say how the supplement of "
                        "“%(entry)s” came, as by post and of which day.",
                        author=entry.representative_id.full_name,
                        entry=entry.display_name,
                    )
                )

    def _copy_authors(self):
        """Return the commands that name the same authors in another entry."""
        self.ensure_one()
        names = ("is_representative", "contribution_percent")
        return [
            Command.create(
                {name: line[name] for name in names}
                | (
                    {"employee_id": line.employee_id.id}
                    if line.employee_id
                    else {
                        "partner_id": line.partner_id.id,
                        "full_name": line.full_name,
                        "email": line.email,
                        "is_outsider": line.is_outsider,
                        "workplace": line.workplace,
                    }
                )
            )
            for line in self._get_authors()
        ]

    @api.model
    def _check_office(self):
        """Refuse whoever doesn't work for the Office.

        :raises AccessError: for anyone but the secretary
        """
        if not self.env.su and not self.env.user.has_groups(",".join(SECRETARY)):
            raise AccessError(
                self.env._("This is for the secretary of the contest to do.")
            )
        self.check_access("read")

    @api.model
    def _read_record(self, model, value):
        """Return the record that a caller means by a record or an id.

        :raises UserError: where it is none
        """
        records = self.env[model]
        if isinstance(value, models.BaseModel) and value._name == model:
            records = value
        elif type(value) is int and value > 0:
            records = records.browse(value).exists()
        if len(records) != 1:
            raise UserError(
                self.env._(
                    "Choose what is meant: %s.",
                    self.env["ir.model"]._get(model).name,
                )
            )
        return records.with_env(self.env)

    @api.model
    def _read_receipt(self, contest, value):
        """Return when a paper came, checked against the clock and the contest.

        :raises UserError: for a moment to come, or before the contest
        """
        now = fields.Datetime.now()
        try:
            received_on = now
            if value is not None and value is not False:
                received_on = fields.Datetime.to_datetime(value)
        except (TypeError, ValueError):
            received_on = None
        if (
            received_on is None
            or received_on > now
            or (
                contest.date_start
                and moments.get_local(received_on, contest.tz).date()
                < contest.date_start
            )
        ):
            raise UserError(
                self.env._(
                    "The paper came between the start of the contest and now; give "
                    "that day and hour."
                )
            )
        return received_on
