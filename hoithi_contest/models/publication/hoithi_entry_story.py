from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What the page tells at most: of each part of the story, of the council's sentence,
#: of a figure and of what it counts (characters).
PART_LENGTH = 1500
QUOTE_LENGTH = 300
FIGURE_LENGTH = 20
COUNTED_LENGTH = 60
#: How many figures stand beside each other.
MOST_FIGURES = 3
#: The parts of the story in their order.
PARTS = ("public_problem", "public_way", "public_effect")


class HoithiEntry(models.Model):
    """What the page of an honoured solution tells besides: its story and its figures.

    As the summary: the Office's own words, agreed with the authors, and shown by the
    same consent. What is left empty isn't on the page.
    """

    _inherit = "hoithi.entry"

    public_problem = fields.Text(
        string="Public: the problem",
        copy=False,
        help="What was wrong, slow or missing before, for everybody to read.",
    )
    public_way = fields.Text(
        string="Public: how it works",
        copy=False,
        help="What the authors did, so that others can imagine it.",
    )
    public_effect = fields.Text(
        string="Public: what it brings",
        copy=False,
        help="What has become better since, and for whom.",
    )
    public_figures = fields.Text(
        string="Public: figures",
        copy=False,
        help="Up to three, each on a line of its own: the figure, a colon, what it "
        "counts; as “312 households: use it today”.",
    )
    public_quote = fields.Text(
        string="Public: the council in a sentence",
        copy=False,
        # a verdict, which authors and members aren't to read before the results
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader,"
        "hoithi_contest.group_publisher",
        help="Shown as the council's own words: take them from its minutes.",
    )
    public_applied = fields.Boolean(
        string="Public: since when and where it is applied",
        copy=False,
        help="Shows month and place of the application as the authors gave them.",
    )

    # CONSTRAINTS

    @api.constrains(*PARTS, "public_quote")
    def _check_public_story(self):
        # who writes a part needn't read the council's sentence
        for entry in self.sudo():
            for name in (*PARTS, "public_quote"):
                most = QUOTE_LENGTH if name == "public_quote" else PART_LENGTH
                if len(entry[name] or "") > most:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” has %(length)s characters, and may have "
                            "%(most)s.",
                            field=entry._fields[name]._description_string(self.env),
                            length=len(entry[name]),
                            most=most,
                        )
                    )

    @api.constrains("public_figures")
    def _check_public_figures(self):
        for entry in self:
            figures = entry._read_public_figures()
            if len(figures) > MOST_FIGURES:
                raise ValidationError(
                    self.env._(
                        "The page shows up to %(most)s figures, these are %(count)s.",
                        most=MOST_FIGURES,
                        count=len(figures),
                    )
                )
            for figure, counted in figures:
                if not figure or not counted:
                    raise ValidationError(
                        self.env._(
                            "Write “%s” as a figure, a colon and what it counts; as "
                            "“312 households: use it today”.",
                            figure or counted,
                        )
                    )
                if len(figure) > FIGURE_LENGTH or len(counted) > COUNTED_LENGTH:
                    raise ValidationError(
                        self.env._(
                            "Shorten “%(line)s”: up to %(figure)s characters before "
                            "the colon, and %(counted)s after it.",
                            line=f"{figure}: {counted}",
                            figure=FIGURE_LENGTH,
                            counted=COUNTED_LENGTH,
                        )
                    )

    # BUSINESS

    def _read_public_figures(self):
        """Return [(figure, what it counts)] as they were written, one a line."""
        self.ensure_one()
        lines = filter(str.strip, (self.public_figures or "").splitlines())
        pairs = (line.partition(":") for line in lines)
        return [(figure.strip(), counted.strip()) for figure, _colon, counted in pairs]

    def _get_public_story(self):
        """Return what the page tells besides the summary; all of it empty without the
        representative's consent.

        :return: a dict: ``parts``, {field: text}; ``figures``, [(figure, what it
            counts)]; ``quote``; ``since``, a month, and ``place``
        """
        self.ensure_one()
        told = self if self.consent_publish else self.browse()
        since = told.public_applied and told.first_applied_date
        return {
            "parts": {name: told[name] for name in PARTS if told[name]},
            "figures": told._read_public_figures() if told else [],
            "quote": told.public_quote or "",
            "since": f"{since:%m/%Y}" if since else "",
            "place": told.public_applied and told.application_place or "",
        }
