from odoo import api, models

from ...lib.contest.steps import BLOCK, WARN, SetupStep

MEMBER = "hoithi_contest.group_member"


class HoithiSetup(models.AbstractModel):
    """What the council brings to the set-up: criteria, and who decides by them."""

    _inherit = "hoithi.setup"

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            self._get_criteria_step(),
            self._get_council_step(),
        ]

    @api.model
    def _get_roles(self):
        return [
            *super()._get_roles(),
            (MEMBER, self.env._("members of the council"), True),
        ]

    @api.model
    def _get_criteria_step(self):
        own = [("company_id", "in", [False, self.env.company.id])]
        sets = self.env["hoithi.criteria.set"].search(
            [*own, ("criterion_ids", "!=", False)]
        )
        fields_count = self.env["hoithi.field"].search_count(own)
        types_count = self.env["hoithi.dossier.type"].search_count(own)
        return SetupStep(
            60,
            "criteria",
            self.env._("Criteria and rules"),
            self.env._(
                "What entries are scored by, in which fields they compete and what "
                "they hand in. The addon brings a set to begin with."
            ),
            [
                self._need(
                    sets,
                    self.env._("a set of criteria"),
                    ", ".join(
                        self.env._(
                            "%(name)s: %(number)s criteria, %(points)s points",
                            name=one.name,
                            number=len(one.criterion_ids),
                            points=f"{one.total_max:g}",
                        )
                        for one in sets[:3]
                    ),
                ),
                self._need(
                    fields_count,
                    self.env._("fields of competition"),
                    self.env._("%s fields of competition", fields_count),
                ),
                self._need(
                    types_count,
                    self.env._("what a dossier consists of"),
                    self.env._("%s parts of a dossier", types_count),
                ),
            ],
            self.env._("Open the criteria"),
            {"xmlid": "hoithi_contest.hoithi_criteria_set_action"},
            ", ".join(sets[:2].mapped("name")),
        )

    @api.model
    def _get_council(self):
        """Return the council of the contest, else the latest of the department."""
        return self._get_contest().council_id or self.env["hoithi.council"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.model
    def _get_council_step(self):
        council = self._get_council()
        may_make = self.env["hoithi.council"].has_access("create")
        seats = council.member_ids
        scoring = seats.filtered("can_score")
        # a setting of the own department
        asked = (
            self._get_contest().reviews_per_entry
            or self.env.company.sudo().hoithi_reviews_per_entry
        )
        # who has which role is no secret to who sets the department up
        roleless = seats.filtered(
            lambda seat: not seat.user_id.sudo().has_group(MEMBER)
        )
        open_it = self.env._("Open the council") if may_make and council else ""
        target = self._get_target("hoithi.council", council)
        checks = [
            self._need(council, self.env._("the council"), council.name or ""),
            *(
                self._need(
                    council._get_members(role),
                    text,
                    ", ".join(council._get_members(role).mapped("display_name")),
                    BLOCK,
                    open_it,
                    target,
                )
                for role, text in {
                    "chair": self.env._("a chair of the council"),
                    "secretary": self.env._("a secretary of the council"),
                }.items()
            ),
            self._need(
                scoring and len(scoring) >= asked,
                self.env._(
                    "members who score: %(number)s of the %(asked)s that an entry "
                    "needs",
                    number=len(scoring),
                    asked=asked,
                ),
                self.env._("%s members score", len(scoring)),
                BLOCK,
                open_it,
                target,
            ),
        ]
        if council:
            checks.append(
                self._need(
                    council.decision_number and council.decision_date,
                    self.env._("number and date of the decision that set it up"),
                    council.decision_number or "",
                    WARN,
                    open_it,
                    target,
                )
            )
        if secretaries := roleless.filtered(lambda seat: seat.role != "secretary"):
            checks.append(
                self._need(
                    False,
                    self.env._(
                        "without the role of a member they read nothing: %s",
                        ", ".join(secretaries.mapped("display_name")),
                    ),
                    severity=BLOCK,
                )
            )
        action = ""
        if may_make:
            action = (
                self.env._("Open the council")
                if council
                else self.env._("Set up the council")
            )
        return SetupStep(
            70,
            "council",
            self.env._("Council"),
            self.env._("Who scores and votes, by which quorum and majority.")
            if may_make
            else self.env._("A secretary enters the council."),
            checks,
            action,
            target if may_make else None,
            self.env._("%s members", len(seats)),
        )
