from odoo.fields import Command

from ..common import HoithiCommon


class SessionCommon(HoithiCommon):
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
