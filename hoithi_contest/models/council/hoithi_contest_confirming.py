from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.contest.steps import BLOCK, Check


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
        result = super().write(vals)
        if "confirming_council_id" in vals:
            self._get_decidable_entries()._detect_conflicts()
        return result

    # BUSINESS

    def _get_bodies(self):
        """Return the bodies that decide: the council, and who confirms."""
        return self.council_id | self.confirming_council_id

    def _get_rule_labels(self):
        return super()._get_rule_labels() | {"confirming": self.env._("Confirmed by")}

    def _get_rules(self):
        rules = super()._get_rules()
        # a decision is on all of them, whoever may read some
        body_sudo = self.sudo().confirming_council_id
        if body_sudo:
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
