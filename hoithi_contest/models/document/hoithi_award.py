from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
        for vals in vals_list:
            if vals.get("register_number"):
                # whose a number is, is told to who may give one
                self.check_access("create")
                entry = self.env["hoithi.entry"].browse(vals.get("entry_id"))
                contest = self.env["hoithi.contest"].browse(vals.get("contest_id"))
                # whose they are, and nothing else
                owners = entry.sudo().contest_id or contest.sudo()
                self._check_register_number(vals, owners.company_id)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("register_number"):
            # whose a number is, is told to who may give one
            self.check_access("write")
            self._check_register_number(vals, self.company_id)
        return super().write(vals)

    def _check_register_number(self, vals, companies):
        """Say in words whose a number is, before the database refuses it."""
        number = vals.get("register_number")
        if not number:
            return
        # numbers are given once, whoever may read the other award
        twin_sudo = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("register_number", "=", number),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )
        if twin_sudo:
            raise ValidationError(
                self.env._(
                    "Number %(number)s of the register was given already, to "
                    "“%(other)s”.",
                    number=number,
                    other=twin_sudo._get_winner_name(),
                )
            )

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
            int(number)
            for text in taken_sudo.mapped("register_number")
            if (number := text.partition("/")[0]).isdecimal()
        ]
        self.sudo().register_number = f"{max(figures, default=0) + 1:02d}/{year}"
