from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..contest.test_hoithi_portal import HoithiPortalCase
from .query_counts_common import FEW, QueryCountCommon

#: What tellers lock their keys with.
PASSPHRASE = "bảy chiếc thuyền giấy trôi qua cầu "


@tagged("post_install", "-at_install")
class TestQueryCountsOfPages(QueryCountCommon, HoithiPortalCase):
    """Pages, the board of a session, and acts of the council: at 3 rows as at 30."""

    # PAGES

    def _prepare_sheets(self, size):
        self._fill(size, "review", "reviewing", 0, 1)
        return self.member1, "/my/hoithi/reviews"

    def _prepare_sheet(self, size):
        _contest, entries = self._fill(size, "review", "reviewing", 0, 1)
        return self.member1, f"/my/hoithi/reviews/{entries[0].review_ids.id}"

    def _prepare_own_data(self, size):
        self._fill(size, "open", "submitted")
        return self.staff, "/my/hoithi/data"

    def _prepare_calendar(self, user, *filling):
        self._fill(*filling)
        token = self.env["res.users"].with_user(user).hoithi_issue_calendar()
        return None, f"/hoithi/calendar/{token}.ics"

    def _prepare_author_calendar(self, size):
        return self._prepare_calendar(self.staff, size, "open", "draft")

    def _prepare_member_calendar(self, size):
        return self._prepare_calendar(self.member1, size, "review", "reviewing", 0, 1)

    def _prepare_vote(self, size):
        contest, _entries = self._fill(size, "screening", "eligible")
        now = fields.Datetime.now()
        self.env["hoithi.component"].with_env(self.loading).create(
            {
                "contest_id": contest.id,
                "name": "Bình chọn",
                "kind": "community",
                "most": 20,
                "vote_start": now - timedelta(hours=1),
                "vote_end": now + timedelta(hours=1),
            }
        )
        return self.staff, f"/hoithi/{contest.id}/vote"

    def _prepare_sitemap(self, size):
        for number in range(size):
            contest = self._create_contest(name=f"Hội thi số {number}")
            contest.with_env(self.loading).state = "open"
            contest.with_user(self.publisher).action_publish()
        return None, "/hoithi/sitemap.xml"

    def _count_page(self, user, path):
        """The queries of a page of a warm server."""
        self.authenticate(*(user and [user.login] * 2 or [None, None]))
        for _warm_up in range(2):
            response = self.url_open(path)
            self.assertEqual(response.status_code, 200, path)
            self.assertTrue(response.url.endswith(path), response.url)
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.url_open(path)
        return self.cr.sql_log_count - before

    def test_pages(self):
        for prepare, most in (
            (self._prepare_sheets, 60),
            (self._prepare_sheet, 80),
            (self._prepare_own_data, 80),
            (self._prepare_author_calendar, 40),
            (self._prepare_member_calendar, 40),
            (self._prepare_vote, 60),
            (self._prepare_sitemap, 40),
        ):
            with self.subTest(page=prepare.__name__):
                counts = [self._count_page(*prepare(size)) for size in FEW]
                self.assertEqual(counts[0], counts[1])
                self.assertLessEqual(counts[0], most)

    # THE COUNCIL

    def _open_session(self, size, mode="open"):
        """An open session with a vote on each of its entries running."""
        contest, _entries = self._fill(size, "council", "reviewed", 2)
        session = (
            self.env["hoithi.session"]
            .with_user(self.secretary)
            .create({"contest_id": contest.id, "ballot_mode": mode})
        )
        session.attendance_ids.write({"present": True})
        session.action_build_agenda()
        for user in session.tally_member_ids.user_id if mode == "secret" else ():
            session.with_user(user).action_make_teller_key(PASSPHRASE + user.login)
        session.action_open()
        for item in session.item_ids:
            item.action_start_vote()
        return session

    def _prepare_board(self, size):
        session = self._open_session(size)
        session = session.with_user(self.member1)
        return session.get_board_data

    def _prepare_ballot(self, size, mode="open"):
        session = self._open_session(size, mode).with_user(self.member1)
        return lambda: session.action_cast(session.item_ids[-1].id, "agree")

    def _prepare_secret_ballot(self, size):
        return self._prepare_ballot(size, "secret")

    def _prepare_count(self, size):
        session = self._open_session(size)
        item = session.item_ids[-1]
        for line in item.voter_ids:
            session.with_user(line.member_id.user_id).action_cast(item.id, "agree")
        return item.action_count

    def _prepare_closing_of_session(self, size):
        session = self._open_session(size)
        for item in session.item_ids:
            for line in item.voter_ids:
                session.with_user(line.member_id.user_id).action_cast(item.id, "agree")
            item.action_count()
        return session.action_close

    def _prepare_analysis(self, size):
        contest, _entries = self._fill(size, "council", "reviewed", 2)
        return contest.with_user(self.secretary).action_view_analysis

    def _prepare_nomination(self, size):
        contest, _entries = self._fill(size, "council", "selected", 2)
        return contest.with_user(self.secretary).action_create_nomination

    def _prepare_closing_of_contest(self, size):
        contest, _entries = self._fill(size, "council", "not_selected", 2)
        self._waive_all(contest)
        return contest.with_user(self.secretary).action_close

    def test_the_council(self):
        for prepare, most in (
            (self._prepare_board, 40),
            (self._prepare_closing_of_session, 150),
            (self._prepare_analysis, 60),
            (self._prepare_nomination, 80),
            (self._prepare_closing_of_contest, 100),
        ):
            with self.subTest(act=prepare.__name__):
                self._assert_constant(prepare, most, FEW)

    def test_votes(self):
        for prepare, most in (
            (self._prepare_secret_ballot, 30),
            (self._prepare_ballot, 30),
            (self._prepare_count, 60),
        ):
            with self.subTest(act=prepare.__name__):
                few, many = self._count_all(prepare, FEW)
                # the login of who writes the log may be at hand, or be read once
                self.assertLessEqual(abs(many - few), 1)
                self.assertLessEqual(many, most)
