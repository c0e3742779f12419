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

    @api.constrains("register_number")
    def _check_register_number(self):
        for award in self.filtered("register_number"):
            # numbers are given once, whoever may read the other award
            twin_sudo = self.sudo().search(
                [
                    ("contest_id.company_id", "=", award.contest_id.company_id.id),
                    ("register_number", "=", award.register_number),
                    ("id", "!=", award.id),
                ],
                limit=1,
            )
            if twin_sudo:
                raise ValidationError(
                    self.env._(
                        "Number %(number)s of the register was given already, to "
                        "“%(other)s”.",
                        number=award.register_number,
                        other=twin_sudo.entry_id.display_name,
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
