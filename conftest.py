"""Let the tests of the plain Python in hoithi_contest/lib run without Odoo."""

import sys
from pathlib import Path
from types import ModuleType

ADDON = Path(__file__).parent / "hoithi_contest"


def pytest_configure(config):
    # Where pytest-odoo is at work, the addon is a part of Odoo.
    if config.pluginmanager.hasplugin("odoo"):
        return
    # Importing hoithi_contest would import its models, and they Odoo. An empty package
    # with the same path leads to lib, and shows that lib needs nothing else.
    paths = {
        "hoithi_contest": [str(ADDON)],
        "odoo": [],
        "odoo.addons": [str(ADDON.parent)],
        "odoo.addons.hoithi_contest": [str(ADDON)],
    }
    for name, path in paths.items():
        module = ModuleType(name)
        module.__path__ = path
        sys.modules[name] = module
