from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file, file_path

# Of rules that were replaced by others.
OBSOLETE = ("hoithi_outreach_rule_unit_head", "hoithi_plan_task_rule_unit_head")


def migrate(cr, version):
    """Load the record rules anew: an update leaves those alone that are there.

    What they keep from whom is the product's promise, and some keep more now.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in OBSOLETE:
        rule = env.ref(f"hoithi_contest.{name}", raise_if_not_found=False)
        if rule:
            rule.unlink()
    folder = Path(file_path("hoithi_contest/security"))
    for path in sorted(folder.glob("*_security.xml")):
        name = f"security/{path.name}"
        convert_file(env, "hoithi_contest", name, {}, mode="init", noupdate=True)
