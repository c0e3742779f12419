from odoo import models
from odoo.fields import Command

from ...lib.contest.rules import Problem
from ...lib.council import rules
from .hoithi_jury import TOGETHER
from .hoithi_prize_kind import PLACELESS, RULES

#: Keys that lead to the parts of a file.
SETS_PART = ("criteria_sets",)
CRITERIA_PART = ("criteria_sets", "criteria")
LEVELS_PART = ("criteria_sets", "criteria", "levels")
JUDGING_PART = ("judging",)
ROUNDS_PART = ("rounds",)
JURIES_PART = ("juries",)
COMPONENTS_PART = ("components",)
COUNCIL_PART = ("council",)
TIE_BREAKS_PART = ("tie_breaks",)
PRIZE_KINDS_PART = ("prize_kinds",)
PRIZES_PART = ("prizes",)
PRIZE_LIMITS_PART = ("prize_limits",)
FLOORS_PART = ("prizes", "criteria")


class HoithiContest(models.Model):
    """The rules of judgement as data: criteria, council, ties and prizes."""

    _inherit = "hoithi.contest"

    _judging_fields = {
        "reviews_per_entry": "reviews_per_entry",
        "divergence_limit": "divergence_limit",
        "divergence_rescore": "divergence_rescore",
        "nomination_slots": "nomination_slots",
        "objection_days": "objection_days",
        "publish_remarks": "publish_remarks",
        "field_ranking": "field_ranking",
        "round_total": "round_total",
        "vote_order": "vote_order",
        "preliminaries_first": "preliminaries_first",
    }

    def _get_pack_rules(self):
        pack = super()._get_pack_rules()
        if not self:
            return pack
        pack |= {
            "criteria_sets": [row._to_rule() for row in self._get_named_sets()],
            "rounds": [round_._to_rule() for round_ in self.round_ids],
            "juries": [jury._to_rule() for jury in self.jury_ids],
            "components": [row._to_rule() for row in self.component_ids],
            "judging": {
                "criteria_set": self.criteria_set_id._get_rule_name(),
                **self._get_rule_values(self._judging_fields),
            },
            "tie_breaks": [row._to_rule() for row in self.tie_break_ids],
            "prize_kinds": [kind._to_rule() for kind in self._get_own_kinds()],
            # a line of one field and one of another may have one number
            "prizes": [row._to_rule() for row in self.prize_ids.sorted("sequence")],
            "prize_limits": [row._to_rule() for row in self.prize_limit_ids],
        }
        if self.council_id:
            pack["council"] = self.council_id._to_rule()
        return pack

    def _check_pack_rules(self, merged):
        yield from super()._check_pack_rules(merged)
        yield from rules.check(merged, self._get_placeless(merged))
        yield from self._check_pack_kinds(merged)
        rows = {
            (key, number): row["currency"]
            for key in ("prizes", "prize_limits")
            for number, row in enumerate(merged.get(key, []))
        }
        known = set(self._get_currencies(set(rows.values())).mapped("name"))
        for place, name in rows.items():
            if name not in known:
                yield Problem((*place, "currency"), "no_currency", {"name": name})

    def _get_placeless(self, merged):
        """Return the codes of kinds of prizes that go by no place."""
        rules_of = {row["code"]: row["rule"] for row in merged.get("prize_kinds", [])}
        codes = {prize["rank"] for prize in merged.get("prizes", [])}
        return {
            code
            for code in codes
            if (rules_of.get(code) or self._find_kind(code).rule) in PLACELESS
        }

    def _check_pack_kinds(self, merged):
        """Yield which kinds of prizes aren't known, or are something else here."""
        rows = {row["code"]: row for row in merged.get("prize_kinds", [])}
        for number, row in enumerate(merged.get("prize_kinds", [])):
            path, kind = ("prize_kinds", number), self._find_kind(row["code"])
            if kind and not kind._decides_as(row):
                yield Problem((*path, "code"), "other_kind", {"name": row["code"]})
            if row["rule"] in RULES and RULES[row["rule"]] != row["target"]:
                yield Problem((*path, "target"), "other_target", {})
        for number, prize in enumerate(merged.get("prizes", [])):
            path, code = ("prizes", number), prize["rank"]
            kind = rows.get(code) or self._find_kind(code)._to_known_rule()
            if not kind:
                yield Problem((*path, "rank"), "no_kind", {"name": code})
            elif not prize["slots"] and kind["target"] != "entry":
                yield Problem((*path, "slots"), "needs_slots", {})
            if kind and prize["share"] and kind["rule"] != "place":
                yield Problem((*path, "share"), "share_by_place", {})

        for number, limit in enumerate(merged.get("prize_limits", [])):
            for place, code in enumerate(limit["ranks"]):
                if code not in rows and not self._find_kind(code):
                    path = ("prize_limits", number, "ranks", place)
                    yield Problem(path, "no_kind", {"name": code})

    def _find_kind(self, code):
        """Return the kind of prize that the department means by a code, or none."""
        # what a kind is, is no secret
        kinds_sudo = self.env["hoithi.prize.kind"].sudo()
        return kinds_sudo._find(code, self.company_id or self.env.company)

    def _get_own_kinds(self):
        """Return the kinds of prizes of these rules that the addon doesn't bring."""
        # as the prizes of a contest name them, whoever may read the list
        kinds = self.env["hoithi.prize.kind"].sudo()
        kinds = kinds.union(*(prize._get_kind() for prize in self.prize_ids))
        kinds |= self.sudo().prize_limit_ids.kind_ids
        shipped = kinds.get_external_id()
        return kinds.filtered(
            lambda kind: not shipped[kind.id].startswith("hoithi_contest.")
        ).sorted("sequence")

    def _get_currencies(self, names):
        # prizes are in đồng also where the accounts are in something else
        currencies = self.env["res.currency"].with_context(active_test=False)
        return currencies.search([("name", "in", list(names))])

    def _get_pack_walls(self, merged):
        walls = super()._get_pack_walls(merged)
        council = self.council_id
        if not council:
            walls["council"] = self.env._(
                "The contest has no council yet: choose it, then import the rules "
                "again."
            )
        elif council._is_in_force():
            walls["council"] = self.env._(
                "“%s” judges another contest now, so that its ratios are fixed.",
                council.name,
            )
        return walls

    def _merge_pack_rules(self, given):
        merged = super()._merge_pack_rules(given)
        sets = given.get("criteria_sets", [])
        if len(sets) == 1 and "criteria_set" not in given.get("judging", {}):
            # the one set that is given is meant
            merged["judging"] = {
                **merged.get("judging", {}),
                "criteria_set": sets[0]["name"],
            }
        if "prize_limits" in given:
            # whoever lists them in another order means the same
            merged["prize_limits"] = [
                {**row, "ranks": sorted(set(row["ranks"]))}
                for row in given["prize_limits"]
            ]
        if "prize_kinds" in given:
            merged["prize_kinds"] = [
                self._find_kind(row["code"])._merge_rule(row)
                for row in given["prize_kinds"]
            ]
        return merged

    def _get_named_sets(self):
        """Return the sets that the rules name, the contest's own first."""
        return (
            self.criteria_set_id
            | self.round_ids.criteria_set_id
            | self.jury_ids.criteria_set_id
        )

    def _take_pack_rules(self, merged):
        # rounds and juries lie over fields and sets, ties and prizes over all: they go
        # first, and come again last
        juries = merged.get("juries", [])
        members = {jury._get_rule_name(): jury.member_ids for jury in self.jury_ids}
        deadlines = {row._get_rule_name(): row.deadline for row in self.round_ids}
        renewed = self._are_juries_other(merged)
        ranking = merged.get("judging", {}).get("field_ranking", self.field_ranking)
        reranked = renewed or ranking != self.field_ranking
        if reranked:
            self.tie_break_ids = [Command.clear()]
        if reranked or self.prize_ids.filtered("across"):
            self.prize_ids = [Command.clear()]
        if renewed:
            self.write(
                {
                    "jury_ids": [Command.clear()],
                    "round_ids": [Command.clear()],
                    "field_ranking": "together",
                }
            )
        if ranking == "percent":
            # nothing is added there, as the rules were checked for
            self._take_components([])
        super()._take_pack_rules(merged)
        judging = merged.get("judging", {})
        vals = self._get_values_by_rule(self._judging_fields, judging)
        sets = {}
        if "criteria_sets" in merged:
            sets = self._take_criteria_sets(merged)
            main = rules.get_main_set(merged)
            vals["criteria_set_id"] = sets[main["name"]].id if main else False
        if renewed:
            # juries may be of a round, and all are measured with the ranking, below
            together = self.with_context(hoithi_juries_together=TOGETHER)
            rows = together.env["hoithi.round"].create(
                self._prepare_rounds(merged.get("rounds", []), sets, deadlines)
            )
            vals["jury_ids"] = self._prepare_juries(juries, sets, members, rows)
        if vals:
            self.write(vals)
        if self.council_id and "council" in merged:
            council_vals = self.council_id._from_rule(merged["council"])
            if merged["council"] != self.council_id._to_rule():
                self.council_id.write(council_vals)
        self._take_components(merged.get("components", []))
        self._take_tie_breaks(merged.get("tie_breaks", []))
        self._take_prize_kinds(merged.get("prize_kinds", []))
        self._take_prizes(merged.get("prizes", []))
        self._take_prize_limits(merged.get("prize_limits", []))

    def _take_prize_kinds(self, rows):
        """Make the kinds that the department hasn't yet; none is changed."""
        kinds = self.env["hoithi.prize.kind"]
        kinds.create(
            [
                kinds._from_rule(row) | {"company_id": self.company_id.id}
                for row in rows
                if not self._find_kind(row["code"])
            ]
        )

    def _take_criteria_sets(self, merged):
        """Find or make the sets of the rules; return them by their names."""
        rows = merged["criteria_sets"]
        sets = self._find_by_rules(self._get_named_sets(), rows)
        names = [row["name"] for row in rows]
        return dict(zip(names, sets, strict=True))

    def _are_juries_other(self, merged):
        """Tell whether juries, or what they lie over, change."""
        before = self._get_pack_rules()
        lying = ("juries", "rounds")
        return any(before[key] or merged.get(key) for key in lying) and any(
            before.get(key) != merged.get(key)
            for key in (*lying, "fields", "criteria_sets", "judging")
        )

    def _prepare_rounds(self, rows, sets, deadlines):
        """Return the rounds of the rules; one of a name that was there keeps its day.

        :param sets: sets of criteria by their names
        :param deadlines: moments by the names of the rounds that were there
        """
        rounds = self.round_ids
        return [
            rounds._from_rule(row)
            | rounds._get_rule_place(place)
            | {
                "contest_id": self.id,
                "criteria_set_id": sets[row["criteria_set"]].id
                if row["criteria_set"]
                else False,
                "deadline": deadlines.get(row["name"], False),
            }
            for place, row in enumerate(rows)
        ]

    def _prepare_juries(self, rows, sets, members, rounds):
        """Return the juries of the rules; one of a name that was there keeps its seats.

        :param sets: sets of criteria by their names
        :param members: seats by the names of the juries that were there
        :param rounds: of the contest
        """
        juries = self.jury_ids
        places = {round_._get_rule_name(): round_.id for round_ in rounds}
        fields = {field._get_rule_name(): field.id for field in self.field_ids}
        return [
            Command.create(
                juries._from_rule(row)
                | juries._get_rule_place(place)
                | {
                    "field_ids": [
                        Command.set([fields[name] for name in row["fields"]])
                    ],
                    "criteria_set_id": sets[row["criteria_set"]].id
                    if row["criteria_set"]
                    else False,
                    "round_id": places.get(row["round"], False),
                    "member_ids": [Command.set(members[row["name"]].ids)]
                    if row["name"] in members
                    else [],
                }
            )
            for place, row in enumerate(rows)
        ]

    def _take_components(self, rows):
        components = self.component_ids
        if rows == [row._to_rule() for row in components]:
            return
        # one of a name and a kind that was there keeps its period, votes and points
        known = {(row._get_rule_name(), row.kind): row for row in components}
        taken, commands = components.browse(), []
        for place, row in enumerate(rows):
            vals = components._from_rule(row) | components._get_rule_place(place)
            same = known.pop((row["name"], row["kind"]), components.browse())
            taken += same
            commands.append(
                Command.update(same.id, vals) if same else Command.create(vals)
            )
        self.component_ids = [
            *(Command.delete(row.id) for row in components - taken),
            *commands,
        ]

    def _get_criteria_by_name(self):
        """Return the criteria that the contest scores by: {name: id}.

        The one of the contest's own set stands for those of its name elsewhere.
        """
        sets = self._get_criteria_sets()
        own = self.criteria_set_id & sets
        return {
            criterion._get_rule_name(): criterion.id
            for criteria_set in [*(sets - own), *own]
            for criterion in criteria_set.criterion_ids
        }

    def _take_tie_breaks(self, rows):
        criteria = self._get_criteria_by_name()
        components = {row._get_rule_name(): row.id for row in self.component_ids}
        steps = self.tie_break_ids
        if rows == [step._to_rule() for step in steps] and (
            steps.criterion_id.set_id <= self._get_criteria_sets()
        ):
            return
        self.tie_break_ids = [
            *(Command.delete(step.id) for step in steps),
            *(
                Command.create(
                    steps._from_rule(row)
                    | steps._get_rule_place(place)
                    | {
                        "criterion_id": criteria.get(row["criterion"], False),
                        "component_id": components.get(row["component"], False),
                    }
                )
                for place, row in enumerate(rows)
            ),
        ]

    def _take_prizes(self, rows):
        prizes = self.prize_ids
        if rows == [prize._to_rule() for prize in prizes.sorted("sequence")] and (
            prizes.field_id <= self.field_ids
            and prizes.floor_ids.criterion_id.set_id <= self._get_criteria_sets()
        ):
            return
        fields = {field._get_rule_name(): field.id for field in self.field_ids}
        criteria = self._get_criteria_by_name()
        currencies = {
            currency.name: currency.id
            for currency in self._get_currencies({row["currency"] for row in rows})
        }
        self.prize_ids = [
            *(Command.delete(prize.id) for prize in prizes),
            *(
                Command.create(
                    prizes._from_rule(row)
                    | prizes._get_rule_place(place)
                    | {
                        "field_id": fields.get(row["field"], False),
                        "currency_id": currencies[row["currency"]],
                        "floor_ids": [
                            Command.create(
                                {
                                    "criterion_id": criteria[floor["criterion"]],
                                    "min_score": floor["min"],
                                }
                            )
                            for floor in row["criteria"]
                        ],
                    }
                )
                for place, row in enumerate(rows)
            ),
        ]

    def _take_prize_limits(self, rows):
        limits = self.prize_limit_ids
        if rows == [limit._to_rule() for limit in limits] and (
            limits.field_id <= self.field_ids
        ):
            return
        fields = {field._get_rule_name(): field.id for field in self.field_ids}
        currencies = {
            currency.name: currency.id
            for currency in self._get_currencies({row["currency"] for row in rows})
        }
        self.prize_limit_ids = [
            *(Command.delete(limit.id) for limit in limits),
            *(
                Command.create(
                    limits._from_rule(row)
                    | limits._get_rule_place(place)
                    | {
                        "kind_ids": [
                            Command.set(
                                [self._find_kind(code).id for code in row["ranks"]]
                            )
                        ],
                        "field_id": fields.get(row["field"], False),
                        "currency_id": currencies[row["currency"]],
                    }
                )
                for place, row in enumerate(rows)
            ),
        ]

    # BUSINESS: WORDS

    def _get_pack_parts(self):
        parts = super()._get_pack_parts()
        judging = self._get_pack_part(self.env._("Judging"), "hoithi.contest")
        return parts | {
            SETS_PART: self._get_pack_part(
                self.env._("Criteria"), "hoithi.criteria.set"
            ),
            CRITERIA_PART: self._get_pack_part(
                self.env._("Criteria"), "hoithi.criterion"
            ),
            LEVELS_PART: self._get_pack_part(
                self.env._("Levels"), "hoithi.criterion.level"
            ),
            JUDGING_PART: judging._replace(
                fields={**self._judging_fields, "criteria_set": "criteria_set_id"}
            ),
            ROUNDS_PART: self._get_pack_part(self.env._("Rounds"), "hoithi.round"),
            JURIES_PART: self._get_pack_part(self.env._("Juries"), "hoithi.jury"),
            COMPONENTS_PART: self._get_pack_part(
                self.env._("Components"), "hoithi.component"
            ),
            COUNCIL_PART: self._get_pack_part(self.env._("Council"), "hoithi.council"),
            TIE_BREAKS_PART: self._get_pack_part(
                self.env._("Tie-breaks"), "hoithi.tie.break"
            ),
            PRIZE_KINDS_PART: self._get_pack_part(
                self.env._("Kinds of prizes"), "hoithi.prize.kind"
            ),
            PRIZES_PART: self._get_pack_part(self.env._("Prizes"), "hoithi.prize"),
            PRIZE_LIMITS_PART: self._get_pack_part(
                self.env._("Limits of prizes"), "hoithi.prize.limit"
            ),
            FLOORS_PART: self._get_pack_part(
                self.env._("Points of criteria"), "hoithi.prize.floor"
            ),
        }

    def _get_pack_problem_texts(self):
        return super()._get_pack_problem_texts() | {
            "above": self.env._("This can't be above %(limit)s."),
            "not_above": self.env._("This must be above %(limit)s."),
            "not_below": self.env._("This must be below %(limit)s."),
            "no_main_set": self.env._(
                "Name under “judging”, as “criteria_set”, the set that the contest "
                "scores by; there is none called “%(name)s”."
            ),
            "no_criterion": self.env._(
                "“%(name)s” isn't a criterion of the set that the contest scores by."
            ),
            "no_used_criterion": self.env._(
                "“%(name)s” isn't a criterion of a set that the contest scores by."
            ),
            "needs_basis": self.env._(
                "Say as “ceiling_basis” which text limits the prize money."
            ),
            "no_kind": self.env._(
                "“%(name)s” isn't a kind of prize that is known: describe it under "
                "“prize_kinds”, or choose a code of the list of kinds."
            ),
            "other_kind": self.env._(
                "A kind of prize “%(name)s” is there already and says something else: "
                "give yours another code."
            ),
            "other_target": self.env._(
                "A prize by this rule goes to something else: see the guide."
            ),
            "share_by_place": self.env._(
                "this kind of prize doesn't go by place: give the number of prizes "
                "instead of a share"
            ),
            "needs_slots": self.env._(
                "Say how many such prizes there are: only solutions get as many as "
                "reach the points."
            ),
            "form_code": self.env._(
                "A code has small letters, digits and _, as special_prize, not "
                "%(value)s."
            ),
            "no_component": self.env._("“%(name)s” isn't a component of the rules."),
            "idle_component": self.env._(
                "Only the kind “component” has a component: take “%(name)s” out."
            ),
            "chair_last": self.env._(
                "Where the chair decides or lots are drawn, nothing comes after."
            ),
            "idle_criterion": self.env._(
                "Only the kind “criterion” has a criterion: take “%(name)s” out."
            ),
            "same_step": self.env._("The list has this step already."),
            "no_field": self.env._("“%(name)s” isn't a field of the contest."),
            "other_totals": self.env._(
                "The criteria of the juries add up to different totals: write "
                "“field_ranking: percent” or “apart” under “judging”."
            ),
            "no_round": self.env._("There is no round called “%(name)s” in the file."),
            "whole_number": self.env._(
                "How many entries go on is a whole number, not %(value)s."
            ),
            "nobody_goes_on": self.env._(
                "Say how many go on from “%(name)s”: nobody would reach the next round."
            ),
            "other_rounds": self.env._(
                "“%(name)s”: the criteria of its rounds add up to different totals, so "
                "that they can't be weighed with each other: write “round_total: sum” "
                "or “percent” under “judging”."
            ),
            "percent_rounds": self.env._(
                "Totals of rounds are added up, or per cent already: write "
                "“field_ranking: together” or “apart”."
            ),
            "percent_components": self.env._(
                "Points are added to sheets, so that fields aren't ranked by "
                "percentage: write “field_ranking: together” or “apart”."
            ),
            "two_juries": self.env._(
                "“%(name)s” has another jury already: a field has one."
            ),
            "no_set": self.env._(
                "There is no criteria set called “%(name)s” in the file."
            ),
            "not_everywhere": self.env._(
                "Not every jury scores “%(name)s” up to the same number, so that it "
                "can't break ties between fields."
            ),
            "needs_field": self.env._(
                "Each field is ranked apart: name the field of the prize, or write "
                "“across: points” or “across: percent”."
            ),
            "other_totals_across": self.env._(
                "The criteria of the fields add up to different totals: write "
                "“across: percent”."
            ),
            "percent_across": self.env._(
                "Other points are added to the sheets, or rounds are added up, so that "
                "fields can't be compared by percentage: write “across: points”, or "
                "name a field."
            ),
            "no_limit": self.env._(
                "Say what is limited: “most”, “share” or “amount” of money."
            ),
            "minority": self.env._(
                "With less than half of the votes a minority would decide: write at "
                "least 1/2."
            ),
            "more_than_all": self.env._(
                "There is no more than all votes: take it out, or lower the approval."
            ),
            "no_currency": self.env._("“%(name)s” isn't a currency that is known."),
        }
