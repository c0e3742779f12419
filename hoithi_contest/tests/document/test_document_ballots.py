from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
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

    def _name_signer(self):
        agency = self.env["hoithi.agency"]
        agency = agency._get_at(self.company, self.contest._get_today())
        agency.signer_ids = [
            Command.create(
                {
                    "name": "TS. Người Ký Thay",
                    "position": "Phó Giám đốc",
                    "authority": "kt",
                }
            )
        ]

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

    def test_each_question_is_in_the_papers(self):
        question = (
            self.env["hoithi.vote.question"]
            .with_context(hoithi_door=Load())
            .create(
                {
                    "contest_id": self.contest.id,
                    "name": "Nhân rộng trong ngành",
                    "scope": "sector",
                    "approval_ratio": 0.5,
                    "approval_more_than": True,
                    "approval_base": "present",
                    "ballot_mode": "secret",
                }
            )
        )
        session = self._open_secret(ballot_mode="open")
        main, beside, rejected, moot, *rest = session.item_ids
        for item in session.item_ids - moot:
            self._vote(item, [DISAGREE if item == rejected else AGREE] * 6)
        self.assertIn(f"{beside.entry_code} (Nhân", beside._get_short_name())
        session.action_close()
        tally = self._make("tally_minutes", session)
        self.assertEqual(
            [row["title"] for row in tally.context_json["items"]],
            [i.entry_name for i in (beside, *rest) if i.question_id == question],
        )
        minutes = self._make("minutes", session)
        self.assertEqual(self._get_faults(minutes), [])
        text = self._read_flat(minutes)
        self.assertIn(
            "“Nhân rộng trong ngành”: thông qua khi có trên 1/2 số thành viên có mặt",
            text,
        )
        self.assertIn(f"{main.entry_name} – Nhân rộng trong ngành", text)
        self.assertIn("6/6 thành viên có mặt đồng ý (100%), đạt tỷ lệ trên 1/2", text)
        self.assertEqual(text.count("Không biểu quyết nội dung này"), 1)
        notice = self.env["hoithi.document.kind.result_notice"]
        self.assertEqual(
            notice.with_user(self.secretary)._get_answers(main.entry_id),
            ["Nhân rộng trong ngành: Đạt."],
        )
        self.assertEqual(notice._get_answers(rejected.entry_id), [])
        office = main.entry_id.with_user(self.secretary)
        office.action_put_again(reason="Đếm nhầm phiếu")
        self.assertEqual(notice._get_answers(office), [], "with a vote that counts")

    def test_a_committee_has_minutes_of_its_own(self):
        committee = [self.voters[0], *self._create_voters(1, login="committee")]
        self.contest.with_context(hoithi_door=Load()).confirming_council_id = self.env[
            "hoithi.council"
        ].create(
            {
                "name": "Ban Tổ chức Hội thi",
                "member_ids": [
                    Command.create({"user_id": user.id, "role": role})
                    for user, role in zip(
                        committee, ("chair", "secretary"), strict=True
                    )
                ],
            }
        )
        session = self._open_session()
        for item in session.item_ids:
            self._vote(item, [AGREE] * 6)
        session.action_close()
        confirming = self._open_session(is_confirming=True)
        item, *rest = confirming.item_ids
        for one in confirming.item_ids:
            one.action_start_vote()
            for voter in committee:
                choice = DISAGREE if one == item else AGREE
                confirming.with_user(voter).action_cast(one.id, choice)
            self._count(one)
        confirming.action_close()
        self.assertEqual(item.entry_id.state, "not_selected")
        self.assertEqual({one.entry_id.state for one in rest}, {"selected"})
        minutes = self._make("minutes", confirming)
        text = self._read_flat(minutes)
        for told in (
            "BAN TỔ CHỨC HỘI THI",
            "TM. BAN TỔ CHỨC",
            "TRƯỞNG BAN",
            "công nhận kết quả",
            "Kết quả được công nhận khi có ít nhất 2/3",
        ):
            self.assertIn(told, text)
        self.assertNotIn("Chủ tịch Hội đồng", text)
        minutes.sudo().with_context(hoithi_door=Load()).state = "issued"
        self.assertTrue(minutes.with_user(committee[1]).has_access("read"))

    def test_each_body_numbers_its_minutes_for_itself(self):
        committee = self.env["hoithi.council"].create(
            {"name": "Ban Tổ chức Hội thi", "symbol": "BTC"}
        )
        self.contest.with_context(hoithi_door=Load()).confirming_council_id = committee
        self.council.symbol = "HĐSK"
        sessions = [
            self._create_session(),
            self._create_session(is_confirming=True),
        ]
        first, second = (
            self.env["hoithi.document"].create(
                {
                    "kind": "minutes",
                    "contest_id": self.contest.id,
                    "res_model": "hoithi.session",
                    "res_id": session.id,
                }
            )
            for session in sessions
        )
        self.assertEqual((first.symbol, second.symbol), ("BB-HĐSK", "BB-BTC"))
        day = self.contest._get_today()
        for paper in (first, second):
            paper.write({"number": "01", "date": day})
            self.assertFalse(paper.issue_gaps)
        # what is about another session is of the body that meets there
        second.number = False
        second.res_id = sessions[0].id
        self.assertEqual(second.symbol, "BB-HĐSK")
        second.res_id = sessions[1].id
        self.assertEqual(second.symbol, "BB-BTC")
        # bodies with one symbol share numbers, which is told
        second.write({"symbol": "BB-HĐSK", "date": day})
        self.assertEqual(second._get_next_number(), "02")
        self.assertIn(self.council.name, second.issue_gaps)
        self.assertFalse(first.issue_gaps)
        second.number = "02"
        first.invalidate_recordset(["issue_gaps"])
        self.assertIn(committee.name, first.issue_gaps)

    def test_minutes_made_later_name_who_was_there_as_then(self):
        voter = self.voters[1]
        old = voter.name
        self.seats[voter].position = "Trưởng phòng Khoáng sản"
        session = self._open_session()
        for item in session.item_ids:
            self._vote(item, [AGREE] * 6)
        session.action_close()
        voter.name = "Tên Về Sau"
        self.seats[voter].position = "Giám đốc"
        text = self._read_flat(self._make("minutes", session))
        self.assertIn(old, text)
        self.assertIn("Trưởng phòng Khoáng sản", text)
        self.assertNotIn("Tên Về Sau", text)

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

    def test_a_chosen_scope_stands_in_all_papers(self):
        self.env["hoithi.vote.question"].with_context(hoithi_door=Load()).create(
            [
                {
                    "contest_id": self.contest.id,
                    "name": "Biểu quyết sơ bộ",
                    "phase": "before",
                    "approval_ratio": 0.5,
                },
                {
                    "contest_id": self.contest.id,
                    "name": "Phạm vi nhân rộng",
                    "scope": "choice",
                },
            ]
        )
        session = self._open_secret(ballot_mode="secret")
        paper = self._make("score_sheet", session)
        self.assertEqual(self._get_faults(paper), [])
        self.assertIn("Toàn quốc", self._read(paper))
        out = session.item_ids.filtered("is_preliminary")[0]
        for item in session.item_ids:
            if item.is_moot:
                continue
            choices = [AGREE] * 6
            if item == out:
                choices = [DISAGREE] * 6
            elif item.by_scope:
                choices = ["province"] * 4 + ["sector", DISAGREE]
            self._vote(item, choices)
        session.action_close()
        minutes = self._make("minutes", session)
        self.assertEqual(self._get_faults(minutes), [])
        text = self._read(minutes)
        for told in (
            "Đạt, nhân rộng trong tỉnh",
            "chọn phạm vi: cơ quan 0, ngành 1, tỉnh 4",
            "mỗi thành viên chọn một phạm vi",
            "Không biểu quyết vì giải pháp không đạt ở biểu quyết sơ bộ.",
        ):
            self.assertIn(told, text)
        entry = (
            session.item_ids.filtered("by_scope").filtered("outcome_scope")[0].entry_id
        )
        self._name_signer()
        notice = self._make("result_notice", entry)
        self.assertIn(
            "Phạm vi nhân rộng: Đạt, nhân rộng trong tỉnh.", self._read(notice)
        )
        decision = self._make("recognition", self.contest)
        self.assertEqual(self._get_faults(decision), [])
        told = {row["scope"] for row in decision.context_json["entries"]}
        self.assertEqual(told, {"Tỉnh"})
        self.assertIn("Phạm vi nhân rộng", self._read(decision))

    def test_the_plan_tells_the_limits(self):
        contest = self.contest.with_context(hoithi_door=Load())
        self.env["hoithi.plan.task"].with_context(hoithi_door=Load()).create(
            {"contest_id": contest.id, "name": "Phát động Hội thi"}
        )
        self._name_signer()
        self.assertNotIn("Điều kiện dự thi", self._read(self._make("plan", contest)))
        contest.write(
            {
                "participants": "staff",
                "entries_per_author": 2,
                "entries_per_unit": 5,
                "authors_per_entry": 3,
                "age_to": 35,
                "age_on": "2026-06-01",
                "won_before": "bar",
                "won_before_years": 4,
                "won_before_level": "province",
            }
        )
        plan = self._make("plan", contest)
        self.assertEqual(self._get_faults(plan), [])
        text = self._read(plan)
        for told in (
            "Điều kiện dự thi",
            "là người của cơ quan",
            "không quá 02 hồ sơ",
            "gửi không quá 05 hồ sơ",
            "không quá 03 tác giả",
            "không quá 35 tuổi, tính đến ngày 01/06/2026",
            "từ cấp tỉnh trở lên trong 04 năm trước",
        ):
            self.assertIn(told, text)
