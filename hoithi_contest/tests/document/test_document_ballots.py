from odoo.fields import Command
from odoo.tests import tagged

from ..council.session_common import SessionCommon
from .document_common import DocumentMixin

AGREE, DISAGREE, BLANK = "agree", "disagree", "blank"


@tagged("post_install", "-at_install")
class TestDocumentBallots(DocumentMixin, SessionCommon):
    """The papers of a secret vote, from ballots that were cast and counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = cls.contest._get_today()
        if not cls.env["hoithi.agency"]._get_at(cls.company, today):
            cls.env["hoithi.agency"].create(
                {
                    "name": "Sở Tài nguyên và Môi trường tỉnh Bắc Kạn",
                    "parent_name": "Ủy ban nhân dân tỉnh Bắc Kạn",
                    "symbol": "STNMT",
                    "place_name": "Bắc Kạn",
                    "head_title": "Giám đốc",
                    "company_id": cls.company.id,
                }
            )

    def _open_secret(self, **values):
        team = [self.seats[user].id for user in self.voters[:3]]
        return self._open_session(
            place="Phòng họp số 1", tally_member_ids=[Command.set(team)], **values
        )

    def _vote(self, item, choices):
        item.action_start_vote()
        for voter, choice in zip(self.voters, choices, strict=True):
            if choice:
                item.session_id.with_user(voter).action_cast(item.id, choice)
        self._count(item, None if all(choices) else "Một thành viên không bỏ phiếu")

    def test_ballot_paper_and_tally_minutes(self):
        session = self._open_secret(ballot_mode="secret")
        paper = self._make("score_sheet", session)
        self.assertEqual(self._get_faults(paper), [])
        text = self._read(paper)
        self.assertIn("Phiếu kín", text)
        for voter in self.voters:
            self.assertNotIn(voter.name, text)
        first, second, *rest = session.item_ids
        self._vote(first, [AGREE] * 5 + [DISAGREE])
        self._vote(second, [AGREE, AGREE, DISAGREE, DISAGREE, BLANK, None])
        for item in rest:
            self._vote(item, [AGREE] * 6)
        session.action_close()
        minutes = self._make("tally_minutes", session)
        self.assertEqual(self._get_faults(minutes), [])
        rows = {row["code"]: row for row in minutes.context_json["items"]}
        self.assertEqual(set(rows), set(session.item_ids.mapped("entry_code")))
        names = ("issued", "collected", "agree", "disagree", "invalid", "outcome")
        for item, told in (
            (first, ("6", "6", "5", "1", "0", "Đạt")),
            (second, ("6", "5", "2", "2", "1", "Không đạt")),
        ):
            row = rows[item.entry_code]
            self.assertEqual(
                tuple(str(row[name]).lstrip("0") or "0" for name in names), told
            )
        text = self._read(minutes)
        self.assertIn("kiểm phiếu", text.lower())
        for user in self.voters[:3]:
            self.assertIn(user.name, text, "who counted signs")
        # how anybody voted is in no paper
        self.assertNotIn(self.voters[5].name, text)

    def test_of_a_mixed_agenda_the_secret_votes_alone(self):
        session = self._create_session(
            place="Phòng họp số 1",
            tally_member_ids=[
                Command.set([self.seats[user].id for user in self.voters[:3]])
            ],
        )
        session.action_build_agenda()
        hidden, *shown = session.item_ids
        hidden.ballot_mode = "secret"
        self._make_keys(session)
        session.action_open()
        paper = self._make("score_sheet", session)
        text = self._read(paper)
        self.assertIn("Phiếu kín", text)
        self.assertIn(hidden.entry_code, text)
        for item in shown:
            self.assertNotIn(item.entry_code, text)
        for item in session.item_ids:
            self._vote(item, [AGREE] * 6)
        session.action_close()
        minutes = self._make("tally_minutes", session)
        self.assertEqual(
            [row["code"] for row in minutes.context_json["items"]], [hidden.entry_code]
        )

    def test_minutes_name_the_guests(self):
        session = self._open_secret(ballot_mode="open")
        minutes = self._make(
            "minutes",
            session,
            text_ids=[
                Command.create(
                    {
                        "key": "content",
                        "content": "Ông Trần Khách, Liên hiệp các Hội\nBà Lê Mời",
                    }
                )
            ],
        )
        self.assertEqual(self._get_faults(minutes), [])
        text = self._read(minutes)
        for guest in ("Ông Trần Khách, Liên hiệp các Hội", "Bà Lê Mời"):
            self.assertIn(guest, text)
