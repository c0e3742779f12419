from datetime import date

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from .hoithi_contest_form import ASKED_DETAILS

GENDERS = [("male", "Male"), ("female", "Female")]
#: The earliest year of birth that isn't a typing error, and the youngest author.
FIRST_YEAR, YOUNGEST = 1900, 6
#: What is deleted when a consent ends.
PERSONAL = ("birth_date", "gender", "qualification")


class HoithiEntryAuthor(models.Model):
    """What a form asks of the person: given by each author, for that purpose alone."""

    _inherit = "hoithi.entry.author"

    birth_date = fields.Date(
        string="Date of birth",
        readonly=True,
        copy=False,
        groups="hoithi_contest.group_secretary",
    )
    gender = fields.Selection(
        GENDERS, readonly=True, copy=False, groups="hoithi_contest.group_secretary"
    )
    details_on = fields.Datetime(
        string="Details given on",
        readonly=True,
        copy=False,
        help="When the author agreed that the registration form prints them.",
    )

    # CRUD

    def write(self, vals):
        named = self if self._identity_fields & set(vals) else self.browse()
        before = {line: line._get_identity() for line in named}
        result = super().write(vals)
        others = named.filtered(lambda line: line._get_identity() != before[line])
        if others:
            # what one told of oneself isn't said of another; what is written of that
            # one now is
            others.sudo()._forget_details(set(PERSONAL) - set(vals))
        return result

    # ACTION

    def action_give_details(
        self, birth_date=None, gender=None, qualification=None, agreed=False
    ):
        """Give what the registration form asks of the caller, and agree to its use.

        For an author without a login the secretary records what was given on paper.

        :param birth_date: as a date, or as ISO writes it
        :param gender: ``male`` or ``female``
        :param qualification: degree or training, as the form shows it
        :param agreed: that the form and letters to the author use these
        :raises AccessError: for a line of somebody else
        :raises UserError: without the agreement, where nothing is given, or for what
            the contest doesn't ask
        :raises ValidationError: for a date that can't be one of birth
        """
        self._check_consent_holder()
        if not agreed:
            raise UserError(
                self.env._(
                    "Nothing was kept: tick that your details may be used for the "
                    "registration form."
                )
            )
        given = {
            "birth_date": birth_date,
            "gender": gender,
            "qualification": qualification,
        }
        if not any(given.values()):
            raise UserError(
                self.env._(
                    "Nothing was kept: fill in what the registration form asks of you, "
                    "then save. What you leave out is written on the printed form."
                )
            )
        for line in self:
            # what an author is asked belongs to the contest, which all authors read
            line_sudo = line.sudo()
            line_sudo._check_details(given)
            line_sudo._open_door().write(
                {
                    **{name: value or False for name, value in given.items() if value},
                    "details_on": fields.Datetime.now(),
                }
            )
            line_sudo.entry_id._message_act(
                body=self.env._(
                    "%s gave the details that the registration form asks for.",
                    line_sudo.full_name,
                )
            )
        return True

    def action_withdraw_details(self):
        """Take the consent back: what was given for the form is deleted at once.

        :raises AccessError: for a line of somebody else, the secretary aside
        """
        self._check_consent_holder(withdrawing=True)
        for line in self:
            # one's own details may be deleted whatever the entry's door is
            line_sudo = line.sudo()
            line_sudo._forget_details()
            line_sudo.entry_id._message_act(
                body=self.env._(
                    "%s took back the details for the registration form.",
                    line_sudo.full_name,
                )
            )
        return True

    # BUSINESS

    def _get_identity(self):
        return (self.employee_id, self.partner_id, self.full_name)

    def _forget_details(self, names=PERSONAL):
        """Delete what was given of the person for the form."""
        self._open_door().write(dict.fromkeys((*names, "details_on"), False))

    def _check_details(self, given):
        self.ensure_one()
        asked = self.entry_id.contest_id._get_asked_details()
        for name in ASKED_DETAILS:
            if given[name] and name not in asked:
                raise UserError(
                    self.env._(
                        "“%(field)s” isn't asked by the form of “%(contest)s”: leave "
                        "it out.",
                        field=self._fields[name]._description_string(self.env),
                        contest=self.entry_id.contest_id.name,
                    )
                )
        if given["gender"] and given["gender"] not in dict(GENDERS):
            raise ValidationError(
                self.env._("“%s” isn't among the choices.", given["gender"])
            )
        if given["birth_date"]:
            try:
                born = fields.Date.to_date(given["birth_date"])
            except (TypeError, ValueError):
                born = None
            today = self.entry_id.contest_id._get_today()
            last = today.year - YOUNGEST
            if not isinstance(born, date) or not FIRST_YEAR <= born.year <= last:
                raise ValidationError(
                    self.env._(
                        "“%s” can't be a date of birth: write it as 01/03/1985.",
                        given["birth_date"],
                    )
                )
