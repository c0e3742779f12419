"""Let the tests of the plain Python in hoithi_contest/lib run without Odoo."""

import gc
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

ADDON = Path(__file__).parent / "hoithi_contest"
#: Tests that take longest, file by file: begun first, so that the processes that share
#: the work end at nearly the same time.
LONGEST = (
    "tests/council/test_twins.py",
    "tests/document/test_document_kinds.py",
    "tests/guard/test_guard.py",
    "tests/guard/test_rights.py",
    "tests/council/test_hoithi_round.py",
    "tests/council/test_query_counts.py",
    "tests/document/test_evidence.py",
    "tests/contest/test_hoithi_contest.py",
    "tests/publication/test_hoithi_publication.py",
    "tests/guard/test_hoithi_views.py",
    "tests/outreach/test_launch_campaign.py",
    "tests/council/test_hoithi_ballot.py",
    "tests/council/test_hoithi_conflict.py",
    "tests/outreach/test_staff_invite.py",
    "tests/contest/test_hoithi_entry.py",
    "lib/tests/document/test_templates_pdf.py",
    "lib/tests/council/test_copies.py",
    "lib/tests/document/test_templates.py",
    "lib/tests/council/test_reference.py",
    "lib/tests/guard/test_office.py",
    "lib/tests/council/test_score_sheet.py",
    "lib/tests/document/test_fitting.py",
    "lib/tests/council/test_assignment.py",
    "lib/tests/document/test_copying.py",
    "lib/tests/guard/test_office_kept.py",
    "lib/tests/council/test_analysis.py",
    "lib/tests/document/test_charts.py",
    "lib/tests/publication/test_card.py",
    "lib/tests/guard/test_pdf.py",
    "lib/tests/guard/test_foreign.py",
    "lib/tests/contest/test_persons.py",
)


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
    # A busy machine is slow, not wrong: no example has to come within 200 ms.
    with suppress(ImportError):
        from hypothesis import HealthCheck, settings

        settings.register_profile(
            "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
        )
        settings.load_profile("patient")


def pytest_collection_modifyitems(items):
    places = {ADDON / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session", autouse=True)
def own_filestore(request):
    """Give each process that shares the work a filestore of its own.

    pytest-odoo gives each a copy of the database and the same filestore; there the
    clean-up after one test deletes the file that the other process has just written.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker or not request.config.pluginmanager.hasplugin("odoo"):
        yield
        return
    request.getfixturevalue("load_registry")
    from odoo.tools import config

    shared = config.filestore(None)
    own = f"{shared}-{worker}"
    shutil.copytree(shared, own, copy_function=os.link)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "filestore", lambda database: own)
        yield
    shutil.rmtree(own, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def scenario(request, own_filestore):
    """Make the persons, units and council of the tests once for each database."""
    if request.config.pluginmanager.hasplugin("odoo"):
        request.getfixturevalue("load_registry")
        from odoo.modules.registry import Registry
        from odoo.tests.common import get_db_name

        from odoo.addons.hoithi_contest.tests.common import HoithiCommon

        HoithiCommon._keep_scenario(Registry(get_db_name()))
        # the registry stays as long as the process: searching it for rubbish, again
        # and again takes a sixth of the tests' time
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
