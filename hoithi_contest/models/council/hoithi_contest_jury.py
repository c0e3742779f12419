from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .hoithi_contest import COUNCIL_READERS
from .hoithi_jury import TOGETHER

JURY_READERS = f"{COUNCIL_READERS},hoithi_contest.group_admin"

#: How entries of several fields are ranked.
FIELD_RANKINGS = [
    ("together", "All together, by points"),
    ("percent", "All together, by percentage of the highest total"),
    ("apart", "Each field apart"),
]


class HoithiContest(models.Model):
    """Juries by field, and how their entries are ranked."""

    _inherit = "hoithi.contest"

    _fixed_fields = {"rules_fixed": {"field_ranking", "jury_ids"}}

    jury_ids = fields.One2many(
        "hoithi.jury",
        "contest_id",
        string="Juries",
        groups=JURY_READERS,
    )
    field_ranking = fields.Selection(
        FIELD_RANKINGS,
        string="Ranking of fields",
        required=True,
        default="together",
        tracking=True,
        help="By points only where all are scored up to the same total. Apart, each "
        "field has its own places, prizes and cut-off line.",
    )

    # CONSTRAINTS

    @api.constrains(
        "field_ranking", "field_ids", "criteria_set_id", "prize_ids", "tie_break_ids"
    )
    def _check_field_ranking(self):
        """Let nothing be ranked together that isn't measured alike.

        The review doesn't begin otherwise: criteria change without their contest, and
        a jury that goes leaves its fields to the contest's own set.

        :raises ValidationError: saying how it may be ranked
        """
        self._check_rounds()
        # whoever changes one part may not read the others
        for contest in self.sudo():
            sets = contest._get_criteria_sets()
            if contest.field_ranking == "apart":
                contest._check_prizes_across(contest.prize_ids)
                continue
            if contest.field_ranking == "together" and contest._has_other_totals(sets):
                raise ValidationError(
                    self.env._(
                        "The criteria of the juries add up to different totals: rank "
                        "the fields by percentage, or each apart."
                    )
                )
            for step in contest.tie_break_ids:
                # one of another set is refused where the step is written
                if not step.criterion_id & sets.criterion_ids:
                    continue
                if not contest._is_scored_alike(step.criterion_id):
                    raise ValidationError(
                        self.env._(
                            "“%s” breaks ties, but not every jury scores a criterion "
                            "of that name up to the same number: take it out of the "
                            "tie-breaks, or rank each field apart.",
                            step.criterion_id.name,
                        )
                    )

    @api.constrains("council_id", "field_ids")
    def _check_juries(self):
        # whoever changes fields or council may not read the juries
        juries_sudo = self.sudo().jury_ids
        juries_sudo._check_fields()
        juries_sudo._check_members()

    def _check_prizes_across(self, prizes):
        """Let prizes over fields that are ranked apart say how they compare these.

        :param prizes: of these contests
        :raises ValidationError: for one that says nothing, or what isn't measured alike
        """
        # whoever changes one part may not read the others
        over_all = prizes.sudo().filtered(
            lambda prize: (
                prize.contest_id.field_ranking == "apart"
                and not prize.field_id
                and prize._goes_by_points()
            )
        )
        for prize in over_all:
            if not prize.across:
                raise ValidationError(
                    self.env._(
                        "Each field is ranked apart: choose the field of “%s”, or how "
                        "it compares the fields.",
                        prize.display_name,
                    )
                )
            contest = prize.contest_id
            if prize.across == "points" and contest._has_other_totals(
                contest._get_criteria_sets()
            ):
                raise ValidationError(
                    self.env._(
                        "The criteria of the fields add up to different totals: let "
                        "“%s” compare them by percentage.",
                        prize.display_name,
                    )
                )
            if prize.across == "percent" and (
                contest.component_ids or contest._has_summed_rounds()
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” can't compare fields by percentage of the sheets: other "
                        "points are added to these, or rounds are added up. Let it "
                        "compare them by points, or choose its field.",
                        prize.display_name,
                    )
                )

    def _has_summed_rounds(self):
        """Tell whether totals are no longer those of one sheet; hook of rounds."""
        return False

    # CRUD

    def write(self, vals):
        if "jury_ids" not in vals:
            return super().write(vals)
        # fields that go from one jury to another are in both until the last is written
        together = self.with_context(hoithi_juries_together=TOGETHER)
        result = super(HoithiContest, together).write(vals)
        self._check_juries()
        self._check_field_ranking()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for contest, vals in zip(self, vals_list, strict=True):
            # another council may judge the copy, whose members are others
            vals.setdefault(
                "jury_ids",
                [
                    fields.Command.create(
                        {
                            "name": jury.name,
                            "sequence": jury.sequence,
                            "field_ids": [fields.Command.set(jury.field_ids.ids)],
                            "criteria_set_id": jury.criteria_set_id.id,
                        }
                    )
                    for jury in contest.sudo().jury_ids
                ],
            )
        return vals_list

    # BUSINESS

    def _get_criteria_sets(self):
        """Return the sets that sheets of this contest go by, the contest's own first.

        That is left out where juries with criteria of their own have all fields. Of
        a contest with rounds these are the sets of all of them.
        """
        # that there are rounds is told to everybody who enters
        contest_sudo = self.sudo()
        rounds = contest_sudo.round_ids if contest_sudo.has_rounds else [None]
        return self.env["hoithi.criteria.set"].union(
            *(
                criteria_set
                for round_ in rounds
                for criteria_set, _fields in self._get_sets_by_field(round_)
            )
        )

    def _has_other_totals(self, sets):
        """Tell whether entries are scored up to different totals; hook of rounds."""
        number = self._get_sheets_needed()
        return len({one._get_highest(number) for one in sets}) > 1

    def _get_pass_marks(self):
        """Return pairs of a domain of entries and the points that they need to pass."""
        return [
            (
                fields.Domain("criteria_set_id", "=", criteria_set.id),
                criteria_set.min_total,
            )
            for criteria_set in self._get_criteria_sets()
        ]

    def _get_all_criteria_sets(self):
        """Return the sets of all these contests."""
        return self.env["hoithi.criteria.set"].union(
            *(contest._get_criteria_sets() for contest in self)
        )

    def _get_sets_by_field(self, round_=None):
        """Return pairs of a set and the fields that it is for; none where for all.

        :param round_: by default the present round, or the first
        """
        # by what is scored is told to everyone who enters
        round_ = round_ or self._get_round()
        if round_:
            sets = {}
            for field in self.field_ids:
                criteria_set = self._get_set_of(field, round_).sudo(self.env.su)
                sets[criteria_set] = sets.get(criteria_set, field.browse()) | field
            if len(sets) > 1:
                return list(sets.items())
            own = round_.criteria_set_id.sudo(self.env.su) or self.criteria_set_id
            return [(next(iter(sets), own), self.field_ids.browse())]
        # by what is scored is told to everyone who enters
        juries = self.sudo().jury_ids.filtered("criteria_set_id")
        pairs = []
        rest = self.field_ids - juries.field_ids.sudo(self.env.su)
        if not juries or rest or not self.field_ids:
            pairs.append((self.criteria_set_id, rest if juries else rest.browse()))
        for criteria_set, group in juries.grouped("criteria_set_id").items():
            own = criteria_set.sudo(self.env.su)
            pairs.append((own, group.field_ids.sudo(self.env.su)))
        return pairs

    def _is_scored_alike(self, criterion):
        """Tell whether all score a criterion of that name up to the same number.

        In a contest with rounds all of one of them are enough: who is equal at the end
        has come equally far.
        """
        # that there are rounds is told to everybody who enters
        contest_sudo = self.sudo()
        twins = self._get_twins(criterion)
        for round_ in contest_sudo.round_ids if contest_sudo.has_rounds else [None]:
            own = twins.browse()
            for criteria_set, _fields in self._get_sets_by_field(round_):
                found = twins.filtered(lambda c, own=criteria_set: c.set_id == own)
                if not found:
                    break
                own |= found
            else:
                if len(set(own.mapped("max_score"))) == 1:
                    return True
        return False

    def _get_twins(self, criterion):
        """Return a criterion, and the one of its name in the set of each other jury."""
        twins = criterion
        for criteria_set in self._get_criteria_sets() - criterion.set_id:
            twins |= criteria_set.criterion_ids.filtered(
                lambda other: other.name == criterion.name
            )[:1]
        return twins

    def _get_jury(self, field, round_=None):
        """Return the jury of a field, or none; that of the round before the general.

        :param round_: by default the present round, or the first
        """
        # who judges isn't for all to read; that somebody does is
        juries = self.sudo().jury_ids.filtered(lambda jury: field in jury.field_ids)
        if not juries.round_id:
            return juries
        round_ = round_ or self._get_round()
        own = juries.filtered(lambda jury: jury.round_id and jury.round_id == round_)
        return own or juries.filtered(lambda jury: not jury.round_id)

    def _get_set_of(self, field, round_=None):
        """Return the set that entries of a field are scored by.

        :param round_: by default the present round, or the first
        """
        jury = self._get_jury(field, round_) if field else self.env["hoithi.jury"]
        round_ = round_ or self._get_round()
        # by what is scored is told to everyone who enters
        return (
            jury.sudo().criteria_set_id
            or round_.sudo().criteria_set_id
            or self.criteria_set_id
        )

    def _get_launch_gaps(self):
        gaps = super()._get_launch_gaps()
        # whoever launches answers for them, and may not read all
        juries = self.sudo().jury_ids
        short = juries.filtered(
            lambda jury: (
                jury.member_ids
                and len(jury.member_ids) < (jury.round_id or self)._get_sheets_needed()
            )
        )
        if self.mode == "internal_contest" and short:
            gaps += self._get_lacking(
                (
                    False,
                    self.env._(
                        "members of the jury “%(jury)s”, who are fewer than the "
                        "%(number)s sheets an entry",
                        jury=short[0].name,
                        number=(short[0].round_id or self)._get_sheets_needed(),
                    ),
                    "jury_ids",
                    "juries",
                )
            )
        return gaps

    def _lacks_criteria(self):
        """Tell whether a field has nothing to be scored by."""
        self.ensure_one()
        return not all(
            criteria_set.criterion_ids
            for criteria_set, _fields in self._get_sets_by_field()
        )

    def _check_criteria(self):
        super()._check_criteria()
        for criteria_set in self._get_criteria_sets():
            if not criteria_set.criterion_ids:
                raise UserError(
                    self.env._("“%s” has no criteria.", criteria_set.display_name)
                )
        self._check_field_ranking()

    def _is_ranked_alike(self):
        """Tell whether all entries are counted in one way, by one set."""
        self.ensure_one()
        # a total over several rounds isn't that of any sheet
        return (
            self.field_ranking == "together"
            and len(self._get_criteria_sets()) < 2
            and not (self.sudo().has_rounds and len(self.sudo().round_ids) > 1)
        )

    def _list_rank_groups(self):
        """Return the fields that are ranked apart (ids), or None for all together."""
        self.ensure_one()
        if self.field_ranking != "apart":
            return None
        # places go by all entries, whoever may read them
        groups = (
            self.env["hoithi.entry"]
            .sudo()
            ._read_group([("contest_id", "=", self.id)], ["field_id"])
        )
        return [field.id for (field,) in groups]
