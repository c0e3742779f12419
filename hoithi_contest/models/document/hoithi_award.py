import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: A number of the register is one of a document and its year.
REGISTER_NUMBER = re.compile(r"0{0,4}([1-9][0-9]{0,5})([a-zA-ZđĐ]?)/([12][0-9]{3})")


class HoithiAward(models.Model):
    """Certificates of an award, and their number in the department's register."""

    _name = "hoithi.award"
    _inherit = ["hoithi.award", "hoithi.document.source"]

    register_number = fields.Char(
        copy=False,
        help="Of the certificate, in the register of the year, as 01/2026. The next "
        "free one is taken when the certificate is made.",
    )

    # of two who number at once, the database knows the second
    _unique_register_number = models.UniqueIndex(
        "(company_id, register_number)"
        " WHERE register_number IS NOT NULL AND register_number != ''",
        "This number of the register was given meanwhile: make the certificate again, "
        "it takes the next one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        checked = []
        for vals in vals_list:
            if vals.get("register_number"):
                # whose a number is, is told to who may give one
                self.check_access("create")
                entry = self.env["hoithi.entry"].browse(vals.get("entry_id"))
                contest = self.env["hoithi.contest"].browse(vals.get("contest_id"))
                # whose they are, and nothing else
                owners = entry.sudo().contest_id or contest.sudo()
                vals = self._check_register_number(vals, owners.company_id)
            checked.append(vals)
        return super().create(checked)

    def write(self, vals):
        if vals.get("register_number"):
            # whose a number is, is told to who may give one
            self.check_access("write")
            vals = self._check_register_number(vals, self.company_id)
        return super().write(vals)

    def _check_register_number(self, vals, companies):
        """Return values with the number as the register writes it.

        :raises ValidationError: for what is no number, and saying whose it is already,
            before the database refuses it
        """
        number = str(vals["register_number"]).strip()
        written = self._write_register_number(number)
        if number and not written:
            raise ValidationError(
                self.env._(
                    "“%s” is no number of the register: enter digits and the year, as "
                    "01/2026, or digits, one letter and the year, as 01a/2026.",
                    number,
                )
            )
        # numbers are given once, whoever may read the other award; old ones may be
        # written in another way
        taken_sudo = self.sudo().search_fetch(
            [
                ("company_id", "in", companies.ids),
                ("register_number", "=like", f"%/{written[-4:]}"),
                ("id", "not in", self.ids),
            ],
            ["register_number"],
        )
        for twin_sudo in taken_sudo:
            if self._write_register_number(twin_sudo.register_number) == written:
                raise ValidationError(
                    self.env._(
                        "Number %(number)s of the register was given already, to "
                        "“%(other)s”.",
                        number=written,
                        other=twin_sudo._get_winner_name(),
                    )
                )
        return {**vals, "register_number": written}

    @api.model
    def _write_register_number(self, text):
        """Return a number as the register writes it, or nothing of what is none."""
        match = REGISTER_NUMBER.fullmatch((text or "").strip())
        if not match:
            return ""
        figure, letter, year = match.groups()
        return f"{int(figure):02d}{letter.lower()}/{year}"

    def _take_register_number(self):
        """Give a certificate the next number of its year, unless it has one."""
        self.ensure_one()
        if self.register_number:
            return
        year = (self.decision_date or self.contest_id._get_today()).year
        # as above; who makes the certificate numbers it, and changes nothing else
        taken_sudo = self.sudo().search_fetch(
            [
                ("contest_id.company_id", "=", self.contest_id.company_id.id),
                ("register_number", "=like", f"%/{year}"),
            ],
            ["register_number"],
        )
        figures = [
            int(match[1])
            for text in taken_sudo.mapped("register_number")
            if (match := REGISTER_NUMBER.fullmatch(text.strip()))
        ]
        self.sudo().register_number = f"{max(figures, default=0) + 1:02d}/{year}"
