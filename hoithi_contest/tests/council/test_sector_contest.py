import random

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import HoithiCommon
from .session_common import Tellers

AGREE, DISAGREE, BLANK = "agree", "disagree", "blank"

FIELDS = (
    "Công nghệ thông tin",
    "Cơ khí, xây dựng, giao thông",
    "Vật liệu, hóa chất, năng lượng",
    "Nông lâm nghiệp, tài nguyên và môi trường",
    "Giáo dục và đào tạo",
)
ENTRIES = 20
MEMBERS = 11


@tagged("post_install", "-at_install")
class TestSectorContest(Tellers, HoithiCommon):
    """A whole contest of a sector: entries in five fields, a council of eleven.

    Three members are in conflict with an entry, one is absent; the council votes in
    the open or by secret ballot. Everybody acts with own rights only.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fields = cls.env["hoithi.field"].create([{"name": name} for name in FIELDS])
        cls.members = [
            new_test_user(
                cls.env,
                login=f"t_sector{number}",
                groups="hoithi_contest.group_member",
                name=f"Ủy viên {number}",
                email=f"sector{number}@sotnmt.example.vn",
            )
            for number in range(MEMBERS)
        ]
        cls.council = cls.env["hoithi.council"].create(
            {
                "name": "Hội đồng xét duyệt của ngành",
                "quorum_ratio": 0.6667,
                "approval_ratio": 0.6667,
                "member_ids": [
                    Command.create(
                        {
                            "user_id": member.id,
                            "role": "chair" if member == cls.members[0] else "member",
                        }
                    )
                    for member in cls.members
                ]
                + [
                    Command.create(
                        {
                            "user_id": cls.secretary.id,
                            "role": "secretary",
                            "can_vote": False,
                        }
                    )
                ],
            }
        )
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}
        cls.contest.write(
            {
                "council_id": cls.council.id,
                "field_ids": [Command.set(cls.fields.ids)],
                "reviews_per_entry": 2,
            }
        )

    def test_with_open_votes(self):
        self._run_contest("open")

    def test_with_secret_ballots(self):
        self._run_contest("secret")

    def _run_contest(self, mode):
        self._launch()
        entries = [
            self._eligible_entry(
                name=f"Giải pháp {number:02}", field_id=self.fields[number % 5].id
            )
            for number in range(ENTRIES)
        ]
        conflicted = self._declare_conflicts(entries)
        self._score_all(entries, conflicted)
        self.contest.with_user(self.secretary).action_start_council()
        session = self._open_session(mode, conflicted)
        self._vote_on_all(session, conflicted)
        self._check_outcomes(session)

    def _declare_conflicts(self, entries):
        """Three members in conflict, the first with four entries; the chair too."""
        conflicted = {}
        for member, numbers in (
            (self.members[0], (3, 8, 14, 19)),
            (self.members[4], (8,)),
            (self.members[7], (6, 11)),
        ):
            for number in numbers:
                entry = entries[number]
                self.env["hoithi.conflict"].with_user(self.secretary).create(
                    {
                        "entry_id": entry.id,
                        "member_id": self.seats[member].id,
                        "kind": "kinship",
                        "note": "Người thân",
                    }
                )
                conflicted.setdefault(entry.id, set()).add(member)
        entry = entries[3]
        with self.assertRaises(UserError) as refusal:
            self._assign(entry, self.members[0])
        self.assertIn("Kinship", str(refusal.exception))
        return conflicted

    def _score_all(self, entries, conflicted):
        self._start_review()
        # so many copies are made in the background, and the review begins then
        office = self.contest.with_user(self.secretary)
        for _call in range(100):
            if office.state == "review":
                break
            if office.review_start_state == "failed":
                # the start stops for a copy that a busy server gave up: have it
                # made again, as the secretary does
                office.action_go_on_review_start()
            self._run_cron("cron_work_runs")
            self.env.invalidate_all()
        told = (office.review_start_state, office.review_start_error)
        self.assertEqual(office.state, "review", told)
        chance = random.Random(57)
        for number, entry in enumerate(entries):
            able = [
                member
                for member in self.members
                if member not in conflicted.get(entry.id, ())
            ]
            judges = [able[(number + step) % len(able)] for step in (0, 4)]
            for review in self._assign(entry, *judges):
                self._score(review, chance.randint(20, 40), chance.randint(30, 60))
        self.assertEqual({entry.state for entry in entries}, {"reviewed"})

    def _open_session(self, mode, conflicted):
        absent = self.members[10]
        session = (
            self.env["hoithi.session"]
            .with_user(self.secretary)
            .create(
                {
                    "contest_id": self.contest.id,
                    "ballot_mode": mode,
                    "one_by_one": True,
                    "tally_member_ids": [
                        Command.set([self.seats[m].id for m in self.members[1:4]])
                    ],
                }
            )
        )
        session.action_build_agenda()
        self.assertEqual(len(session.item_ids), ENTRIES)
        conflicts = {
            item.id: set(item.recused_ids.user_id.ids) for item in session.item_ids
        }
        self.assertEqual(
            sum(
                len(conflicts[item.id] - before)
                for item, before in zip(
                    session.item_ids, [set(), *conflicts.values()], strict=False
                )
            ),
            3,
            "each of the three leaves the room once",
        )
        free = [item for item in session.item_ids if not conflicts[item.id]]
        self.assertEqual(
            [item.field_id.id for item in free],
            sorted(item.field_id.id for item in free),
            "a field is talked over in one go",
        )
        with self.assertRaises(UserError) as refusal:
            session.action_open()
        self.assertIn("0 of 11", str(refusal.exception))
        for line in session.attendance_ids:
            if line.member_id.user_id == absent:
                line.reason = "Họp ở tỉnh"
            else:
                line.present = True
        self._make_keys(session)
        session.action_open()
        self.assertIn("10 of 11", session.quorum_basis)
        return session

    def _vote_on_all(self, session, conflicted):
        """Best half all agree, then more and more disagree; one ballot is blank."""
        for place, item in enumerate(session.item_ids):
            leaving = conflicted.get(item.entry_id.id, set())
            item.action_start_vote()
            voters = [m for m in self.members[:10] if m not in leaving]
            self.assertEqual(item.issued, len(voters))
            for member in leaving:
                with self.assertRaises(UserError):
                    session.with_user(member).action_cast(item.id, AGREE)
            against = place % 6
            for number, member in enumerate(voters):
                choice = AGREE if number >= against else (DISAGREE, BLANK)[number % 2]
                session.with_user(member).action_cast(item.id, choice)
            with self.assertRaises(UserError):
                session.with_user(voters[0]).action_cast(item.id, AGREE)
            self._count(item)
            base = MEMBERS - len(leaving)
            agree = len(voters) - min(against, len(voters))
            self.assertEqual((item.agree, item.base_count), (agree, base))
            self.assertEqual(
                item.outcome, "approved" if 3 * agree >= 2 * base else "rejected"
            )

    def _check_outcomes(self, session):
        session.action_close()
        states = [(item.outcome, item.entry_id.state) for item in session.item_ids]
        self.assertEqual(
            set(states), {("approved", "selected"), ("rejected", "not_selected")}
        )
        approved = [item for item in session.item_ids if item.outcome == "approved"]
        self.assertTrue(ENTRIES / 3 < len(approved) < ENTRIES)
        self.assertFalse(session.item_ids._get_broken_tallies())
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))
        self.assertTrue(session.digest)
        action = self.contest.with_user(self.secretary).action_create_nomination()
        nomination = self.env["hoithi.nomination"].browse(action["res_id"])
        self.assertEqual(len(nomination.line_ids), len(approved))
        nomination = nomination.with_user(self.secretary)
        nomination.dispatch_number = "52/TTr-SNNMT"
        nomination.action_send()
        self._close()
        self.assertEqual(self.contest.state, "closed")
