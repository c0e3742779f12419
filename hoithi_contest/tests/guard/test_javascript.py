from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestJavascript(HttpCase):
    """The addon's unit tests in JavaScript: static/tests/*.test.js."""

    def test_unit_tests_of_javascript(self):
        suite = test_js.HOOTCommon._generate_hash(self, "@hoithi_contest")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
