from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...lib.contest.steps import BLOCK, Act, Check
from ...lib.council import rounds
from ..guard.hoithi_states import REVIEWABLE, UNSCORED
from .hoithi_contest_jury import JURY_READERS


class HoithiContest(models.Model):
    """The rounds of a contest, one after the other within the phase of the review."""

    _inherit = "hoithi.contest"

    _fixed_fields = {"rules_fixed": {"round_ids", "round_total"}}

    round_ids = fields.One2many(
        "hoithi.round", "contest_id", string="Rounds", groups=JURY_READERS
    )
    round_total = fields.Selection(
        [
            ("weighted", "By weight, all of one highest total"),
            ("sum", "Added up"),
            ("percent", "By weight, each in per cent of its highest total"),
        ],
        string="Total over the rounds",
        required=True,
        default="weighted",
        tracking=True,
        help="Rounds of different highest totals, as 40 and 60, are added up, or made "
        "per cent of each. A round without a weight only selects.",
    )
    # of its own row, so that a contest without rounds pays nothing
    has_rounds = fields.Boolean(
        compute="_compute_has_rounds", store=True, export_string_translation=False
    )
    current_round_id = fields.Many2one(
        "hoithi.round",
        string="Present Round",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups=JURY_READERS,
    )
    next_round_id = fields.Many2one(
        "hoithi.round",
        compute="_compute_next_round",
        groups=JURY_READERS,
    )

    # CONSTRAINTS

    @api.constrains("round_total", "field_ranking", "round_ids")
    def _check_round_total(self):
        for contest in self:
            if (
                contest.has_rounds
                and contest.round_total != "weighted"
                and contest.field_ranking == "percent"
            ):
                raise ValidationError(
                    self.env._(
                        "Totals of rounds are added up, or per cent already: rank the "
                        "fields together by points, or each apart."
                    )
                )
        self._check_prizes_across(self.prize_ids)

    def _has_summed_rounds(self):
        return super()._has_summed_rounds() or (
            self.has_rounds and self.round_total != "weighted"
        )

    @api.constrains("round_ids", "criteria_set_id", "round_total")
    def _check_rounds(self):
        """Let the rounds of a field be measured alike, as their scores are weighed.

        :raises ValidationError: saying of which field
        """
        # whoever changes one part may not read the others
        for contest in self.sudo():
            # asked of its own row first, which costs a contest without rounds nothing
            is_weighed = contest.has_rounds and contest.round_total == "weighted"
            rounds = contest.round_ids if is_weighed else ()
            weighed = [round_ for round_ in rounds if round_.weight]
            for field in contest.field_ids if len(weighed) > 1 else ():
                totals = {
                    round_._get_highest(contest._get_set_of(field, round_))
                    for round_ in weighed
                }
                if len(totals) > 1:
                    raise ValidationError(
                        self.env._(
                            "“%s”: the criteria of its rounds add up to different "
                            "totals, so that they can't be weighed with each other: "
                            "add them up, or make them per cent.",
                            field.display_name,
                        )
                    )

    # COMPUTE

    @api.depends("round_ids")
    def _compute_has_rounds(self):
        for contest in self:
            contest.has_rounds = bool(contest.round_ids)

    @api.depends("current_round_id", "round_ids.sequence")
    def _compute_next_round(self):
        for contest in self:
            contest.next_round_id = contest._get_next_round()

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if "round_total" in vals:
            # places go by all entries, whoever may read the rounds
            self.sudo().round_ids._follow()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for contest, vals in zip(self, vals_list, strict=True):
            vals.setdefault(
                "round_ids",
                [
                    fields.Command.create(
                        {
                            name: value
                            for name, value in round_.copy_data()[0].items()
                            if name
                            not in ("contest_id", "deadline", "presentation_start")
                        }
                    )
                    # rules are copied whole, whoever may read some
                    for round_ in contest.sudo().round_ids
                ],
            )
        return vals_list

    def copy(self, default=None):
        copies = super().copy(default)
        # rules are copied whole, whoever may read some
        for contest, twin in zip(self.sudo(), copies.sudo(), strict=True):
            if len(contest.round_ids) != len(twin.round_ids) or (
                len(contest.jury_ids) != len(twin.jury_ids)
            ):
                continue
            places = dict(zip(contest.round_ids, twin.round_ids, strict=True))
            for jury, other in zip(contest.jury_ids, twin.jury_ids, strict=True):
                if jury.round_id:
                    other.round_id = places[jury.round_id]
        return copies

    # ACTION

    def action_ask_open_round(self):
        """Open the dialog that shows who goes on to the next round.

        :raises UserError: where there is none
        """
        self.ensure_one()
        following = self._get_next_round()
        if not following:
            raise UserError(
                self.env._("No round of “%s” is left to be opened.", self.name)
            )
        return following.action_ask_open()

    def action_view_rounds(self):
        """Open the rounds of this contest."""
        return self._get_related_action("hoithi_contest.hoithi_round_action")

    # BUSINESS

    def _get_round(self):
        """Return the round that goes on, or that the review begins with, or none."""
        # that there are rounds is told to everybody who enters
        contest_sudo = self.sudo()
        return contest_sudo.current_round_id or contest_sudo._get_first_round()

    def _get_first_round(self):
        # as above
        contest_sudo = self.sudo()
        if not contest_sudo.has_rounds:
            return self.env["hoithi.round"]
        return contest_sudo.round_ids[:1]

    def _get_next_round(self):
        """Return the round that comes after the present one, or none."""
        self.ensure_one()
        # that there are rounds is told to everybody who enters
        current = self.sudo().current_round_id
        if not current:
            return self.env["hoithi.round"]
        rounds = self.sudo().round_ids._origin.sorted(lambda r: (r.sequence, r.id))
        following = rounds.filtered(
            lambda r: (r.sequence, r.id) > (current.sequence, current.id)
        )
        return following[:1].sudo(self.env.su)

    def _get_round_before(self):
        """Return the round that the present one was opened from, or none."""
        self.ensure_one()
        # as above
        rounds = self.sudo().round_ids
        current = self.sudo().current_round_id
        return rounds.filtered(
            lambda r: (
                r.opened_on and (r.sequence, r.id) < (current.sequence, current.id)
            )
        )[-1:]

    def _get_sheets_needed(self):
        """Return how many sheets an entry needs in the present round, if any."""
        self.ensure_one()
        round_ = self._get_round()
        return round_._get_sheets_needed() if round_ else self.reviews_per_entry

    def _start_review(self):
        super()._start_review()
        for contest in self:
            # rounds begin with the review, whoever starts it
            first = contest.sudo()._get_first_round()
            if first:
                first._open_door().opened_on = fields.Datetime.now()
                contest.sudo()._open_door().current_round_id = first
                entries = contest._get_decidable_entries().filtered(
                    lambda entry: entry.state in REVIEWABLE
                )
                entries._set_round(first)
                entries._enter_round()
                # sheets that were given before the review are of its first round
                entries.review_ids._open_door().round_id = first

    def _get_sheet_due(self):
        round_ = self._get_round()
        if round_.deadline and round_.deadline > fields.Datetime.now():
            return round_.deadline
        return super()._get_sheet_due()

    def _log_round(self, body):
        # who decides may write nothing of the contest
        self.sudo()._message_act(body=body)

    def _get_launch_gaps(self):
        return super()._get_launch_gaps() + self._get_lacking(
            *(
                (False, problem, "round_ids", "rounds")
                for problem in self._find_dead_ends()
            )
        )

    def _find_dead_ends(self):
        """Return a phrase for each round from which nobody could go on."""
        self.ensure_one()
        if self.mode != "internal_contest":
            return []
        # whoever launches answers for them, and may not read all
        problems = (round_._get_dead_end() for round_ in self.sudo().round_ids[:-1])
        return [problem for problem in problems if problem]

    def _get_highest_comparable(self, round_):
        """Return the most that an entry may have when a round ends, as it is ranked."""
        if self.field_ranking == "percent":
            return 100
        highest = self._get_highest_by_field(round_).values()
        return max(highest, default=0) + sum(self.component_ids.mapped("most"))

    def _get_highest_by_field(self, until):
        """Return the most that entries of each field get by their sheets.

        :param until: the last round that they took part in
        """
        return {
            field: self._add_up_rounds(field, until, lambda r, own: r._get_highest(own))
            for field in self.field_ids
        }

    def _add_up_rounds(self, field, until, read):
        """Return what `read` tells of each round and its set makes over the rounds."""
        # by what is scored is told to everybody who enters
        stages = self.sudo().round_ids.filtered(
            lambda r: (r.sequence, r.id) <= (until.sequence, until.id)
        )
        sets = {stage: self._get_set_of(field, stage) for stage in stages}
        parts = [
            rounds.Part(read(stage, found), stage.weight, stage._get_highest(found))
            for stage, found in sets.items()
        ]
        return float(rounds.add_up(parts, self.round_total, 4))

    def _has_other_totals(self, sets):
        if self._is_weighed_alike():
            return super()._has_other_totals(sets)
        # by what is scored is told to everybody who enters
        highest = self._get_highest_by_field(self.sudo().round_ids[-1:])
        return len(set(highest.values())) > 1

    def _is_weighed_alike(self):
        """Tell whether rounds, if there are any, share one scale, that of sheets."""
        self.ensure_one()
        return not self.has_rounds or self.round_total == "weighted"

    def _get_pass_marks(self):
        if self._is_weighed_alike():
            return super()._get_pass_marks()
        # as above
        return [
            (
                fields.Domain("round_id", "=", stage.id)
                & fields.Domain("field_id", "=", field.id),
                self._add_up_rounds(field, stage, lambda _round, own: own.min_total),
            )
            for stage in self.sudo().round_ids
            for field in self.field_ids
        ]

    def _check_ready(self, target):
        super()._check_ready(target)
        problems = self._find_dead_ends() if target == "review" else ()
        if problems:
            raise UserError(self.env._("Missing: %s.", "; ".join(problems)))

    def _check_reviewed(self):
        following = self._get_next_round()
        if following and self.mode == "internal_contest":
            raise UserError(
                self.env._(
                    "The round “%s” hasn't been opened: open it, or let the chair "
                    "reopen the rules and take it out.",
                    following.name,
                )
            )
        super()._check_reviewed()

    # BUSINESS: CHECKS AND ACTS

    def _get_sheet_checks(self):
        following = self._get_next_round()
        if not following:
            return super()._get_sheet_checks()
        return [
            Check(
                BLOCK,
                self.env._("The round “%s” hasn't been opened", following.name),
                self.env._("Open it"),
                {"method": "action_ask_open_round"},
            )
        ]

    def _get_review_acts(self):
        acts = super()._get_review_acts()
        following = self._get_next_round()
        if following:
            # what is left to do is told by its name
            current = self.sudo().current_round_id
            # without ranking them; also those that a conflict hides
            waiting = (
                self.env["hoithi.entry"]
                .sudo()
                .search_count(
                    [
                        ("contest_id", "=", self.id),
                        ("round_id", "=", current.id),
                        ("state", "in", UNSCORED),
                    ],
                    limit=1,
                )
            )
            if not waiting:
                acts.append(
                    Act(
                        25,
                        self.env._("Open the round “%s”", following.name),
                        self.env._("All sheets of “%s” are in.", current.name),
                        self.env._("See who goes on"),
                        {"method": "action_ask_open_round"},
                    )
                )
        return acts
