from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.contest.steps import BLOCK, Check

CONFIRMING_PART = ("confirming",)


class HoithiContest(models.Model):
    """A second body that confirms what the council has chosen, as an organising
    committee: in sessions of its own, by its own quorum and majority."""

    _inherit = "hoithi.contest"

    _fixed_fields = {"rules_fixed": {"confirming_council_id"}}

    confirming_council_id = fields.Many2one(
        "hoithi.council",
        string="Organising committee that confirms",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        copy=False,
        index="btree_not_null",
        help="Leave empty where the council's decision needs no confirmation. Else "
        "what the council selects is confirmed in a session of this body, by its "
        "quorum and approval, before it is nominated.",
    )

    @api.constrains("council_id", "confirming_council_id")
    def _check_two_bodies(self):
        for contest in self:
            if contest.council_id and (
                contest.council_id == contest.confirming_council_id
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” can't confirm its own decisions: choose another body, or "
                        "none.",
                        contest.council_id.name,
                    )
                )

    # CRUD

    def write(self, vals):
        if not {"council_id", "confirming_council_id"} & set(vals):
            return super().write(vals)
        # a conflict may hide a session from who chooses its body
        sessions_sudo = self.env["hoithi.session"].sudo()
        planned_sudo = sessions_sudo.search(
            [("contest_id", "in", self.ids), ("state", "=", "planned")]
        )
        with planned_sudo._telling_teams():
            result = super().write(vals)
        if "confirming_council_id" in vals:
            self._get_decidable_entries()._detect_conflicts()
        return result

    # RULES

    def _get_pack_rules(self):
        pack = super()._get_pack_rules()
        if self.confirming_council_id:
            pack["confirming"] = self.confirming_council_id._to_rule()
        return pack

    def _get_pack_walls(self, merged):
        walls = super()._get_pack_walls(merged)
        body = self.confirming_council_id
        if not body:
            walls["confirming"] = self.env._(
                "The contest has no organising committee yet: choose it, then import "
                "the rules again."
            )
        elif body._is_in_force():
            walls["confirming"] = self.env._(
                "“%s” decides in another contest now, so that its ratios are fixed.",
                body.name,
            )
        return walls

    def _take_pack_rules(self, merged):
        super()._take_pack_rules(merged)
        body, rule = self.confirming_council_id, merged.get("confirming")
        if body and rule and rule != body._to_rule():
            body.write(body._from_rule(rule))

    def _get_pack_parts(self):
        return super()._get_pack_parts() | {
            CONFIRMING_PART: self._get_pack_part(
                self.env._("Organising committee"), "hoithi.council"
            )
        }

    # BUSINESS

    def _get_launch_gaps(self):
        asked = self.question_rule_ids.filtered(lambda one: one.body == "confirming")
        return [
            *super()._get_launch_gaps(),
            *self._get_lacking(
                (
                    # who sits on it may be closed to whoever launches
                    self.sudo().confirming_council_id or not asked,
                    self.env._("the organising committee, which the rules ask as well"),
                    "confirming_council_id",
                    "council",
                )
            ),
        ]

    def _get_bodies(self):
        """Return the bodies that decide: the council, and who confirms."""
        return self.council_id | self.confirming_council_id

    def _get_rule_labels(self):
        return super()._get_rule_labels() | {
            "confirming": self.env._("Confirmed by"),
            "confirming_seats": self.env._("Members of the organising committee"),
        }

    def _get_rules(self):
        rules = super()._get_rules()
        # a decision is on all of them, whoever may read some
        body_sudo = self.sudo()._in_rules_language().confirming_council_id
        if body_sudo:
            rules["confirming_seats"] = body_sudo._write_seats()
            rules["confirming"] = (
                f"{body_sudo.name} ({body_sudo.quorum_ratio:.4g}, "
                f"{body_sudo._get_majority().write_ratio()} {body_sudo.approval_base})"
            )
        return rules

    def _get_closing_gaps(self):
        checks = super()._get_closing_gaps()
        # what waits for confirmation waits also where a conflict hides it
        selected_sudo = self.sudo().entry_ids.filtered(lambda e: e.state == "selected")
        waiting = len(selected_sudo._get_unratified())
        if waiting:
            checks.append(
                Check(
                    BLOCK,
                    self.env._("%s selected entries aren't confirmed yet", waiting),
                    self.env._("Open the sessions"),
                    {"xmlid": "hoithi_contest.hoithi_session_action"},
                )
            )
        return checks
