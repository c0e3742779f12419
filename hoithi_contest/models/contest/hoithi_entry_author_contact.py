from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...lib.contest import persons

#: Signs that a number holds besides digits, and how long it may be.
PHONE_SIGNS, PHONE_LENGTH = " +-.()/", 40


class HoithiEntryAuthor(models.Model):
    """How an author is reached, put right by the author, whatever the entry's door is.

    What somebody else typed of a person is that person's to correct (Law
    91/2025/QH15), long after the entry is closed to its representative. It changes
    nothing that the council decides on.
    """

    _inherit = "hoithi.entry.author"

    # ACTION

    def action_correct_contact(self, email=None, phone=None):
        """Put right how the caller is reached; an empty text takes it out.

        Papers that were issued stay as they are. By the address of somebody from
        outside the council's conflicts are found, so that the Office changes that.

        :param email: the new address; None leaves the present one
        :param phone: the new number; None leaves the present one
        :raises AccessError: for a line of somebody else
        :raises UserError: for an address of somebody from outside, or where it was
            deleted after the years
        :raises ValidationError: for what is neither
        """
        self.check_access("read")
        for line in self:
            if line.partner_id != self.env.user.partner_id:
                raise AccessError(
                    self.env._(
                        "Everyone corrects the own contact; this is %s's.",
                        line.full_name,
                    )
                )
            # one's own contact is one's to put right whatever the entry's door is
            line_sudo = line.sudo()
            given = {"email": email, "phone": phone}
            changed = {
                name: self._clean_contact(name, value)
                for name, value in given.items()
                if value is not None
            }
            changed = {
                name: value
                for name, value in changed.items()
                if value != (line_sudo[name] or "")
            }
            if not changed:
                continue
            line_sudo._check_correctable(changed)
            line_sudo._keep_contact()
            line_sudo._open_door().write(
                {name: value or False for name, value in changed.items()}
            )
            line_sudo.entry_id._message_act(
                body=self.env._("%s corrected how to be reached.", line_sudo.full_name)
            )
        return True

    # BUSINESS

    def _check_correctable(self, changed):
        self.ensure_one()
        if self.entry_id.anonymised_on:
            raise UserError(
                self.env._(
                    "The contact data of “%s” was deleted after the years for which it "
                    "is kept: nothing is kept any more.",
                    self.entry_id.display_name,
                )
            )
        if "email" in changed and not self.employee_id:
            raise UserError(
                self.env._(
                    "By your e-mail address the Office tells who you are: ask the "
                    "Office to correct it."
                )
            )

    def _keep_contact(self):
        """Hook: note how an author was reached, before it is corrected."""

    def _clean_contact(self, name, value):
        """Return an address or a number as it is kept.

        :raises ValidationError: for what is neither
        """
        text = value.strip() if isinstance(value, str) else None
        if text == "":
            return text
        if text is not None and name == "email":
            text = persons.address_key(text)
        elif text is not None:
            digits = text.translate(str.maketrans("", "", PHONE_SIGNS))
            text = digits.isdecimal() and len(text) <= PHONE_LENGTH and text
        if not text:
            raise ValidationError(
                self.env._(
                    "“%(field)s” can't be “%(value)s”.",
                    field=self._fields[name]._description_string(self.env),
                    value=value,
                )
            )
        return text
