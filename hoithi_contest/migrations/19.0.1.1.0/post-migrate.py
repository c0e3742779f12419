from odoo import SUPERUSER_ID, api

# Of rules that were replaced by others.
OBSOLETE = ("hoithi_outreach_rule_unit_head", "hoithi_plan_task_rule_unit_head")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in OBSOLETE:
        rule = env.ref(f"hoithi_contest.{name}", raise_if_not_found=False)
        if rule:
            rule.unlink()
