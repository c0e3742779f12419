from urllib.parse import urlencode

from lxml import html

from odoo.tests import tagged

from ..common import ENTRY_VALUES
from .test_hoithi_portal import HoithiPortalCase, select

TITLE = ENTRY_VALUES["name"]
NEAR = "Theo dõi chất lượng nước mặt bằng phần mềm"


@tagged("post_install", "-at_install")
class TestEntryAlike(HoithiPortalCase):
    """Titles like the one that is typed: one's own are told, nobody else's."""

    def ask(self, title, entry=None, status=200, contest=None):
        contest = contest or self.contest
        query = urlencode({"title": title, "entry_id": entry.id if entry else ""})
        response = self.url_open(f"/my/hoithi/{contest.id}/alike?{query}")
        self.assertEqual(response.status_code, status)
        return response.json()["html"]

    def test_an_own_title_is_told_with_its_contest_and_field(self):
        entry = self._create_entry()
        told = html.fromstring(self.ask(NEAR))
        [link] = select(told, "a")
        self.assertEqual(link.get("href"), self.entry_path(entry))
        text = self.text(told, "li")
        self.assertIn(TITLE, text)
        self.assertIn(self.contest.name, text)
        self.assertIn(self.field.name, text)
        # of itself nothing is told, nor of an unlike one
        self.assertFalse(self.ask(NEAR, entry))
        self.assertFalse(self.ask("Bản đồ số hóa đất nông nghiệp"))
        self.assertFalse(self.ask("Nước"))

    def test_it_stands_on_the_page_without_a_script(self):
        self._create_entry()
        other = self._create_entry(name=NEAR)
        page = self.get(self.entry_path(other))
        self.assertIn(TITLE, self.text(page, ".o_hoithi_alike"))
        page = self.get(f"/my/hoithi/{self.contest.id}/new")
        self.assertFalse(select(page, ".o_hoithi_alike"))

    def test_nothing_of_others_is_told_not_even_that_it_is_there(self):
        self._submit_entry(self.internal)
        self.assertFalse(self.ask(TITLE))
        # nor to whoever may read all
        self.log_in(self.secretary)
        self.assertFalse(self.ask(TITLE))

    def test_how_often_and_to_whom(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("hoithi_contest.rate_title", "2/60")
        self._create_entry()
        self.assertTrue(self.ask(NEAR))
        self.assertTrue(self.ask(NEAR))
        self.assertFalse(self.ask(NEAR, status=429))
        self.log_in(self.internal)
        self.ask(NEAR)
        self.close_door()
        self.ask(NEAR, status=404)

    def test_without_the_index_it_is_the_same(self):
        entry = self._create_entry()
        entries = self.env["hoithi.entry"].with_user(self.staff)
        found = entries._find_alike(self.contest, NEAR)
        self.assertEqual([one["path"] for one in found], [entry._get_portal_path()])
        self.patch(self.env.registry, "has_trigram", False)
        self.assertEqual(entries._find_alike(self.contest, NEAR), found)

    def test_a_title_with_words_of_its_own_is_found_as_well(self):
        entry = self._create_entry()
        entries = self.env["hoithi.entry"].with_user(self.staff)
        for title in (
            "Theo dõi chất lượng nước mặt ở Bạc Liêu",
            "Chất lượng nước mặt",
            "theo doi chat luong nuoc",
        ):
            with self.subTest(title):
                [told] = entries._find_alike(self.contest, title)
                self.assertEqual(told["path"], entry._get_portal_path())
        # words that all titles have make none alike
        self.assertFalse(
            entries._find_alike(self.contest, "Theo dõi bằng phần mềm tại ấp")
        )
