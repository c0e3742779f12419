from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Kinds of legal text, those of the highest force first; what stands for each in a
#: paper is `lib.document.wording.TEXT_KINDS`.
KINDS = [
    ("constitution", "Constitution"),
    ("code", "Code of law"),
    ("law", "Law"),
    ("ordinance", "Ordinance"),
    ("resolution", "Resolution of a body"),
    ("decree", "Decree"),
    ("decision", "Decision"),
    ("directive", "Directive"),
    ("circular", "Circular"),
    ("joint_circular", "Joint circular"),
    ("plan", "Plan"),
    ("guidance", "Guidance"),
    ("notice", "Notice"),
    ("rules", "Rules of a contest"),
    ("letter", "Official letter"),
    ("other", "Other, cited as worded"),
]
#: Kinds whose name says it all: cited without number and issuer.
STATUTES = {"constitution", "code", "law", "ordinance"}


class HoithiLegalText(models.Model):
    """A legal text that contests rest on, and from when until when it is in force.

    Law is data: what the addon brings is there to be checked by the department's legal
    officer, who dates it, adds to it and names what replaced what.
    """

    _name = "hoithi.legal.text"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.clock.mixin"]
    _description = "Legal Text"
    _clock_path = ""
    _order = "date desc, id desc"
    _rec_names_search = ["number", "subject"]

    kind = fields.Selection(KINDS, required=True, default="decision")
    number = fields.Char(help="As 30/2020/NĐ-CP.")
    date = fields.Date(string="Issued on")
    issuer = fields.Char()
    subject = fields.Char(
        required=True, help="Of a law its name, without the word “Law”."
    )
    valid_from = fields.Date(
        string="In force from", help="Empty: from the day of its issue."
    )
    valid_to = fields.Date(
        string="In force until",
        compute="_compute_valid_to",
        store=True,
        readonly=False,
        precompute=True,
        help="Last day in force; empty as long as it is.",
    )
    replaced_by_id = fields.Many2one(
        "hoithi.legal.text",
        string="Replaced by",
        ondelete="restrict",
        index="btree_not_null",
    )
    replaced_ids = fields.One2many(
        "hoithi.legal.text", "replaced_by_id", string="Replaces"
    )
    gives_competence = fields.Boolean(
        string="Basis of competence",
        help="Says what the department may decide: a decision cites at least one.",
    )
    checked_on = fields.Date(
        help="When the legal officer of the department last compared this with the "
        "text itself."
    )
    note = fields.Text()
    force = fields.Selection(
        [
            ("coming", "Not yet in force"),
            ("valid", "In force"),
            ("ended", "No longer in force"),
        ],
        string="Today",
        compute="_compute_force",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        index=True,
        default=lambda self: self._default_catalogue_company(),
    )

    # COMPUTE

    @api.depends("replaced_by_id", "replaced_by_id.valid_from", "replaced_by_id.date")
    def _compute_valid_to(self):
        for text in self:
            successor = text.replaced_by_id
            begins = successor.valid_from or successor.date
            text.valid_to = begins - timedelta(days=1) if begins else text.valid_to

    @api.depends("date", "valid_from", "valid_to")
    def _compute_force(self):
        today = fields.Date.context_today(self)
        for text in self:
            if text._is_in_force(today):
                text.force = "valid"
            else:
                begins = text.valid_from or text.date
                text.force = "coming" if begins and begins > today else "ended"

    @api.depends("kind", "number", "subject")
    def _compute_display_name(self):
        for text in self:
            text.display_name = " – ".join(filter(None, [text.number, text.subject]))

    # CONSTRAINTS

    @api.constrains("date", "valid_from", "valid_to")
    def _check_dates(self):
        for text in self:
            begins = text.valid_from or text.date
            if begins and text.valid_to and begins > text.valid_to:
                raise ValidationError(
                    self.env._(
                        "“%s” would end before it is in force: check its dates, and "
                        "those of what replaced it.",
                        text.display_name,
                    )
                )

    @api.constrains("replaced_by_id")
    def _check_successor(self):
        if self._has_cycle("replaced_by_id"):
            raise ValidationError(
                self.env._("A text can't be replaced by itself or by what it replaced.")
            )
        for text in self.filtered("replaced_by_id"):
            theirs = text.replaced_by_id.company_id
            if theirs and theirs != text.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(new)s” is in the list of another department: it can't be "
                        "named as what replaced “%(old)s”.",
                        new=text.replaced_by_id.display_name,
                        old=text.display_name,
                    )
                )

    # BUSINESS

    def _is_in_force(self, day):
        """Tell whether the text is in force at `day`."""
        self.ensure_one()
        begins = self.valid_from or self.date
        return not (
            (begins and day < begins) or (self.valid_to and self.valid_to < day)
        )

    def _get_successor(self, day):
        """Return what stands in the place of this text at `day`, or none."""
        self.ensure_one()
        text = self.replaced_by_id
        while text and not text._is_in_force(day):
            text = text.replaced_by_id
        return text
