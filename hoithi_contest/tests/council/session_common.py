from odoo.fields import Command

from ...lib.council import ballot_box
from ..common import HoithiCommon

#: A teller's passphrase, said with the login so that no two are alike.
PASSPHRASE = "sông cầu nước chảy {}"


class Tellers:
    """How the tally team makes its keys and counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the lock of tellers' keys is as it should be in the tests of lib; here it
        # would take half a second each time
        cls.classPatch(ballot_box, "_COST", 2)

    @classmethod
    def _make_keys(cls, session):
        """Each of the tally team makes the own key, where the vote is secret."""
        if session.has_secret_votes:
            for user in session.tally_member_ids.user_id:
                session.with_user(user).action_make_teller_key(
                    PASSPHRASE.format(user.login)
                )

    @classmethod
    def _count(cls, item, reason=None):
        """Count a vote: the secretary an open one, two of the tellers a secret one."""
        if item.ballot_mode == "open":
            return item.with_user(cls.secretary).action_count(reason=reason)
        tellers = (item.session_id.tally_member_ids - item.recused_ids).user_id[:2]
        for user in tellers:
            answer = item.with_user(user).action_count(
                PASSPHRASE.format(user.login), reason
            )
        item.invalidate_recordset()
        return answer


class SessionCommon(Tellers, HoithiCommon):
    """A council that is about to meet on entries that were reviewed."""

    voter_count = 6

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.voters = cls._create_voters(cls.voter_count)
        # the small council of the other tests scores, this one votes
        cls.council.member_ids.can_vote = False
        cls.council.write(
            {
                "quorum_ratio": 0.6667,
                "approval_ratio": 2 / 3,
                "member_ids": [
                    Command.create({"user_id": voter.id, "can_score": False})
                    for voter in cls.voters
                ],
            }
        )
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}
        cls._launch()
        cls.entries = cls._create_reviewed_entries(4)

    @classmethod
    def _create_voters(cls, count, login="voter"):
        member = cls.env.ref("hoithi_contest.group_member")
        return list(
            cls._create_logins(
                [
                    {
                        "login": f"t_{login}{number}",
                        "group_ids": [Command.set(member.ids)],
                        "name": f"Ủy viên {number}",
                        "email": f"{login}{number}@sotnmt.example.vn",
                    }
                    for number in range(1, count + 1)
                ]
            )
        )

    @classmethod
    def _create_reviewed_entries(cls, count):
        entries = [
            cls._eligible_entry(name=f"Giải pháp số {number}")
            for number in range(1, count + 1)
        ]
        cls._start_review()
        for number, entry in enumerate(entries):
            for review in cls._assign(entry, cls.member1, cls.member2):
                cls._score(review, 30, 40 + number)
        cls.contest.with_user(cls.secretary).action_start_council()
        return entries

    @classmethod
    def _create_session(cls, absent=(), **values):
        """A planned session of the secretary's, everybody present but `absent`."""
        session = (
            cls.env["hoithi.session"]
            .with_user(cls.secretary)
            .create({"contest_id": cls.contest.id, **values})
        )
        for line in session.attendance_ids:
            line.write(
                {"present": False, "reason": "Đi công tác"}
                if line.member_id.user_id in absent
                else {"present": True}
            )
        return session

    @classmethod
    def _open_session(cls, absent=(), **values):
        session = cls._create_session(absent, **values)
        session.action_build_agenda()
        cls._make_keys(session)
        session.action_open()
        return session

    def _cast(self, item, user, choice):
        item.session_id.with_user(user).action_cast(item.id, choice)

    def _vote(self, item, choices):
        """Everybody votes in the order of the voters, as `choices` tell."""
        for voter, choice in zip(self.voters, choices, strict=True):
            if choice:
                self._cast(item, voter, choice)

    def _declare(self, entry, *users):
        """Conflicts of `users` with `entry`."""
        self.env["hoithi.conflict"].create(
            [
                {
                    "entry_id": entry.id,
                    "member_id": self.seats[user].id,
                    "kind": "kinship",
                    "note": "Em ruột",
                }
                for user in users
            ]
        )
