import json
import subprocess
import sys

from odoo import tools
from odoo.tests import TransactionCase, tagged

#: What few acts need and each worker would carry from its start.
HEAVY = {
    "Crypto",
    "docx",
    "docxtpl",
    "highspy",
    "holidays",
    "krippendorff",
    "matplotlib",
    "numpy",
    "openpyxl",
    "ortools",
    "pikepdf",
    "pyhanko",
    "scipy",
    "yaml",
}


@tagged("post_install", "-at_install")
class TestImports(TransactionCase):
    def test_heavy_libraries_are_imported_where_they_are_used(self):
        """A worker that made no document yet carries none of what makes them."""
        # Odoo's modules are found on the paths of its configuration
        program = (
            "import json, sys\n"
            "import odoo.modules.module, odoo.tools\n"
            f"odoo.tools.config['addons_path'] = {tools.config['addons_path']!r}\n"
            "odoo.modules.module.initialize_sys_path()\n"
            "from odoo.modules.module import load_openerp_module as load\n"
            "for name in ('base', 'web', 'mail', 'portal', 'hr'): load(name)\n"
            "before = set(sys.modules)\n"
            "load('hoithi_contest')\n"
            "print(json.dumps([sorted(set(sys.modules) - before)]))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        [loaded] = json.loads(done.stdout.splitlines()[-1])
        self.assertIn("odoo.addons.hoithi_contest.models", loaded)
        self.assertEqual(HEAVY & set(loaded), set())
