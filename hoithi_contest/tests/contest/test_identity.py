import base64
import io

from PIL import Image

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestIdentity(HoithiCommon, HttpCase):
    """A department's own colours and logo, on pages and screens alike."""

    def _save(self, user=None, **values):
        settings = self.env["hoithi.settings"].with_user(user or self.admin)
        settings.create(values).action_save()

    def test_colours_that_nobody_can_read_are_refused(self):
        for values, label in (
            ({"hoithi_brand": "#ffe600"}, "Main colour"),
            # letters on white pass, those on the light ground of the colour don't
            ({"hoithi_brand": "#767676"}, "Main colour"),
            ({"hoithi_brand_2": "#2fbfa4"}, "Second colour"),
            ({"hoithi_accent": "#14252c"}, "Accent"),
            ({"hoithi_brand": "red"}, "Main colour"),
            ({"hoithi_brand": "#0b4f6c;} body {display:none"}, "Main colour"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(ValidationError) as refused,
            ):
                self._save(**values)
            self.assertIn(label, str(refused.exception))
        for values in (
            {"hoithi_brand": "#8a1c22", "hoithi_brand_2": "#7a4a00"},
            {"hoithi_brand": "#1A5E2A", "hoithi_accent": "#ffd36b"},
        ):
            with self.subTest(values=values):
                self._save(**values)
        with self.assertRaises(AccessError):
            self._save(self.secretary, hoithi_brand="#8a1c22")
        self.assertEqual(self.company.hoithi_brand, "#1A5E2A")

    def test_a_logo_is_a_picture_without_a_script(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        with self.assertRaises(ValidationError):
            self._save(hoithi_logo=base64.b64encode(svg))
        with file_open("hoithi_contest/static/description/icon.png", "rb") as icon:
            self._save(hoithi_logo=base64.b64encode(icon.read()))
        answer = self.url_open(self.company._get_hoithi_logo_url())
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertIn("immutable", answer.headers["Cache-Control"])

    def test_a_large_logo_in_greys_stays_see_through(self):
        """Odoo leaves that out where it makes such a picture smaller: it were black."""
        content = io.BytesIO()
        Image.new("LA", (600, 600), (0, 0)).save(content, "PNG")
        logo = base64.b64encode(content.getvalue())
        for values in ({"hoithi_logo": logo}, {"hoithi_logo": False, "logo": logo}):
            with self.subTest(names=values.keys()):
                self.company.write(values)
                answer = self.url_open(self.company._get_hoithi_logo_url())
                shown = Image.open(io.BytesIO(answer.content))
                self.assertEqual((shown.mode, shown.size), ("RGBA", (512, 512)))
                self.assertEqual(shown.getchannel("A").getextrema(), (0, 0))

    def test_every_page_and_screen_has_the_colours(self):
        self.assertEqual(self.company._get_hoithi_identity_url(), "")
        self.assertNotIn("/hoithi/identity/", self.url_open("/web/login").text)
        self._save(hoithi_brand="#8A1C22")
        url = self.company._get_hoithi_identity_url()
        sheet = self.url_open(url)
        self.assertEqual(sheet.headers["Content-Type"], "text/css; charset=utf-8")
        self.assertIn("--hoithi-brand: #8a1c22;", sheet.text)
        self.assertIn("--hoithi-brand-2: #14746f;", sheet.text)
        self.env.ref("base.public_user").sudo().write(
            {
                "company_ids": [Command.link(self.company.id)],
                "company_id": self.company.id,
            }
        )
        self.assertIn(url, self.url_open("/web/login").text.replace("&amp;", "&"))
        self.authenticate(self.staff.login, self.staff.login)
        self.assertIn(url, self.url_open("/my/hoithi").text.replace("&amp;", "&"))
        self.authenticate(self.secretary.login, self.secretary.login)
        self.assertIn(url, self.url_open("/odoo").text.replace("&amp;", "&"))
        self._save(hoithi_brand="#1a5e2a")
        self.assertNotEqual(
            self.company._get_hoithi_identity_url(), url, "browsers ask anew"
        )
        for path in ("/hoithi/identity/999999999999.css", "/hoithi/identity/0/logo"):
            self.assertEqual(self.url_open(path).status_code, 404)
