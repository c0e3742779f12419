import json
import re
from contextlib import contextmanager

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..common import HoithiCommon

#: What Odoo keeps beside the contest's own records.
BESIDE = (
    "mail.message",
    "mail.activity",
    "mail.followers",
    "mail.tracking.value",
    "ir.attachment",
)
#: What differs by chance, and tells nothing: numbers that are drawn anew.
BY_CHANCE = {
    "id",
    "res_id",
    "access_token",
    "access_url",
    "checksum",
    "store_fname",
    "kept_sha256",
    "url",
    "local_url",
    "website_url",
    "message_id",
    "sequence_id",
    # drawn by chance: what the ledger holds is salted
    "hash",
    "previous_hash",
    "commitment",
    "ledger_digest",
    # content that holds the entry's code; names and sizes are compared
    "raw",
    "datas",
    # of another model, which not all may read
    "voice_ids",
}
#: That the criteria are in use is told: the first sheet of the contest locks them.
KNOWN = {
    ("hoithi.criteria.set", "locked"),
    ("hoithi.criteria.set", "write_date"),
    ("hoithi.criterion", "set_locked"),
    # whoever reads the ledger's length learns that there is a row, not whose
    ("hoithi.contest", "ledger_length"),
}
TOKENS = re.compile(
    r'(csrf_token[^>]*?value=|csrf_token: |nonce=|"hash": )"[^"]*"|/web/assets/[^"]*'
    r"|unique=\w+"
)


@tagged("post_install", "-at_install")
class TestTwins(HoithiCommon, HttpCase):
    """Of two states that differ in what somebody may not know, both look the same.

    Each pair is made from the same beginning. All that a role can ask for is compared:
    records and their fields, counts, times, sizes, messages, activities, pages.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls._add_rounds(cls.contest)
        cls._launch()
        cls.contest.is_published = True
        # an author who reads the office's notes of the own entry, as Odoo has it
        cls.inside = cls._create_logins(
            [
                {
                    "login": "t_inside",
                    "name": "Vi Thị Trong Sở",
                    "email": "inside@sotnmt.example.vn",
                    "group_ids": [Command.set(cls.env.ref("base.group_user").ids)],
                }
            ]
        )
        cls.env["hr.employee"].create(
            {
                "name": cls.inside.name,
                "department_id": cls.sub_unit.id,
                "user_id": cls.inside.id,
                "work_email": cls.inside.email,
            }
        )
        cls.entry = cls._create_entry(
            participant_type="group",
            author_ids=[
                Command.create({"email": user.email, "contribution_percent": 30})
                for user in (cls.coauthor, cls.inside)
            ],
        )
        cls.entry.action_submit()
        cls.entry.with_user(cls.secretary).action_mark_eligible()
        # whom nothing of it concerns
        cls.council.member_ids = [Command.create({"user_id": cls.other_head.id})]
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}
        cls._make_copies()
        cls._start_review()
        cls.outside = (
            cls.staff,
            cls.coauthor,
            cls.inside,
            cls.head,
            cls.internal,
            cls.publisher,
            cls.admin,
        )
        cls._date_back()

    @classmethod
    def _add_rounds(cls, contest):
        cls.env["hoithi.round"].with_user(cls.secretary).create(
            [
                {
                    "contest_id": contest.id,
                    "sequence": place,
                    "name": name,
                    "advance_by": "number",
                    "advance_count": 2,
                }
                for place, name in enumerate(("Vòng sơ khảo", "Vòng chung khảo"), 1)
            ]
        )

    @classmethod
    def _date_back(cls):
        """Let all that is there be older than what is written from now on."""
        cls.env.flush_all()
        for name in cls.env.registry:
            model = cls.env[name]
            if (
                (name.startswith("hoithi.") or name in BESIDE)
                and model._auto
                and model._log_access
                and not model._abstract
                # its rows are never changed
                and name != "hoithi.ledger"
            ):
                cls.env.cr.execute(
                    SQL(
                        "UPDATE %s SET create_date = %s, write_date = %s",
                        SQL.identifier(model._table),
                        "2026-01-02 03:04:05",
                        "2026-01-02 03:04:05",
                    )
                )
        cls.env.invalidate_all()

    # WHAT IS SEEN

    def _normalise(self, value):
        if isinstance(value, tuple) and len(value) == 2:
            value = value[1]
        if isinstance(value, list):
            return len(value)
        if isinstance(value, str):
            return re.sub(r"HS\d+", "HS", value)
        return value

    def _read(self, records, names):
        """Read fields, one by one where some are refused, which tells something too."""
        try:
            return records.read(names)
        except (AccessError, UserError):
            rows = [{} for _record in records]
        for name in names:
            try:
                values = [row[name] for row in records.read([name])]
            except (AccessError, UserError):
                values = ["refused"] * len(records)
            for row, value in zip(rows, values, strict=True):
                row[name] = value
        return rows

    def _find(self, model, name):
        try:
            return [model.search_count([(name, "=", flag)]) for flag in (True, False)]
        except (AccessError, UserError):
            return "refused"

    def _see(self, user):
        """Return all that `user` can ask for."""
        seen, env = {}, self.env(user=user.id)
        for name in sorted(env.registry):
            model = env[name].with_context(active_test=False)
            if not (name.startswith("hoithi.") or name in BESIDE) or (
                model._abstract or model._transient or not model.has_access("read")
            ):
                continue
            records = model.search([], order="id")
            seen[name, "count"] = model.search_count([]), len(records)
            # what the order of rows tells, and what is found by
            places = {id_: place for place, id_ in enumerate(records.ids)}
            seen[name, "order"] = [places.get(id_) for id_ in model.search([]).ids]
            for key, field in model._fields.items():
                is_sought = field.search and not field.store
                if is_sought and field.type == "boolean" and (name, key) not in KNOWN:
                    seen[name, "found by", key] = self._find(model, key)
            names = [n for n in model.fields_get() if n not in BY_CHANCE]
            rows = self._read(records, [n for n in names if "website" not in n])
            for number, row in enumerate(rows):
                for key, value in row.items():
                    field = model._fields[key]
                    if field.type == "many2one" and isinstance(value, int):
                        # of what isn't readable itself
                        value = bool(value)
                    if key not in BY_CHANCE and (name, key) not in KNOWN:
                        seen[name, number, key] = self._normalise(value)
        return seen

    def _see_pages(self, user):
        """Return what the pages of `user` send, and the marks browsers keep."""
        pages = {}
        if user:
            self.authenticate(user.login, user.login)
        else:
            self.logout()
        for path in (
            f"/my/hoithi/entries/{self.entry.id}",
            "/my/hoithi",
            "/hoithi",
            f"/hoithi/{self.contest.id}",
        ):
            if not user and path.startswith("/my"):
                continue
            answer = self.url_open(path)
            pages[path] = (
                answer.status_code,
                answer.headers.get("ETag"),
                answer.headers.get("Last-Modified"),
                TOKENS.sub("", answer.text),
            )
        return pages

    @contextmanager
    def _world(self, make):
        """The state after `make`, and the beginning again afterwards."""
        with self.env.cr.savepoint() as savepoint:
            make()
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            yield
            savepoint.rollback()
        self.env.cr.precommit.clear()
        self.env.invalidate_all()

    @mute_logger("odoo.http")
    def _assert_alike(self, one, other, users, pages=(), prepare=None):
        seen = []
        with freeze_time(fields.Datetime.now()):
            for make in (one, other):
                with self._world(make):
                    seen.append(
                        {user.login: self._see(user) for user in users}
                        | {
                            (user and user.login, "pages"): self._see_pages(user)
                            for user in pages
                        }
                    )
        first, second = seen
        for user in first:
            differences = {
                key: (first[user].get(key), second[user].get(key))
                for key in set(first[user]) | set(second[user])
                if first[user].get(key) != second[user].get(key)
            }
            with self.subTest(user=user):
                self.assertFalse(differences)
        return first

    def _differs(self, one, other, user):
        """That the question is right: who may know sees the difference."""
        seen = []
        for make in (one, other):
            with self._world(make):
                seen.append(self._see(user))
        self.assertNotEqual(*seen)

    def test_a_stale_form_tells_nothing_of_the_council(self):
        """Who posts an old form of a judged entry learns neither who wrote nor when."""
        reviews = self._assign(self.entry, self.member1, self.member2)
        for review in reviews:
            self._score(review, 30, 40)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE hoithi_entry SET write_uid = %s, write_date = %s WHERE id = %s",
                self.member1.id,
                "2020-02-03 04:05:06",
                self.entry.id,
            )
        )
        self.env.invalidate_all()
        own = self.entry.representative_id
        posted = {
            "name": "Tên khác",
            "author_id": str(own.id),
            "author_percent": "12",
            "version": json.dumps({"name": "x", "author_ids": {str(own.id): "x"}}),
        }
        path = f"/my/hoithi/entries/{self.entry.id}"
        for user in (self.staff, self.coauthor):
            self.authenticate(user.login, user.login)
            for act in ("save", "submit", "autosave"):
                with self.subTest(user=user.login, act=act):
                    data = {**posted, "csrf_token": Request.csrf_token(self)}
                    text = self.url_open(f"{path}/{act}", data=data).text
                    self.assertNotIn(self.member1.name, text)
                    self.assertNotIn("03/02/2020", text)
        self.assertNotEqual(self.entry.name, posted["name"])

    # PAIRS

    def _let(self, *users, act=None):
        def make():
            reviews = self._assign(self.entry, *users)
            # as the secretary's own request ends, before others begin theirs
            self.env(user=self.secretary.id).flush_all()
            if act:
                act(*reviews)

        return make

    def test_who_reviews(self):
        pair = (
            self._let(self.member1, self.chair),
            self._let(self.member2, self.chair),
        )
        self._differs(*pair, self.secretary)
        self._assert_alike(
            *pair,
            (*self.outside, self.chair, self.other_head, self.leader),
            pages=(self.staff, self.coauthor, None),
        )

    def test_which_scores(self):
        pair = [
            self._let(
                self.member1,
                self.member2,
                act=lambda first, _second, scores=scores: self._score(first, *scores),
            )
            for scores in ((30, 40), (11, 12))
        ]
        self._differs(*pair, self.secretary)
        self._assert_alike(
            *pair,
            (*self.outside, self.chair, self.member2, self.other_head),
            pages=(self.staff, None),
        )

    def test_whether_a_sheet_is_in(self):
        pair = (
            self._let(self.member1, self.member2),
            self._let(
                self.member1,
                self.member2,
                act=lambda first, _second: self._score(first, 30, 40),
            ),
        )
        self._differs(*pair, self.secretary)
        self._assert_alike(
            *pair,
            (*self.outside, self.member2, self.other_head),
            pages=(self.staff, None),
        )

    def test_whether_somebody_stands_back(self):
        pair = (
            self._let(self.member1, self.member2),
            self._let(
                self.member1,
                self.member2,
                act=lambda first, _second: first.action_recuse(reason="Bận"),
            ),
        )
        self._differs(*pair, self.secretary)
        self._assert_alike(
            *pair,
            (*self.outside, self.member2, self.other_head),
            pages=(self.staff, None),
        )

    def test_whether_there_is_a_conflict(self):
        def conflict():
            self.env["hoithi.conflict"].with_user(self.secretary).create(
                {
                    "entry_id": self.entry.id,
                    "member_id": self.seats[self.member2].id,
                    "kind": "kinship",
                    "note": "Em ruột",
                }
            )

        pair = (lambda: None, conflict)
        self._differs(*pair, self.secretary)
        self._assert_alike(
            *pair,
            (*self.outside, self.member1, self.chair, self.other_head),
            pages=(self.staff, None),
        )

    def test_who_wrote_it(self):
        """For those who judge: an entry by the one is as an entry by the other."""

        def enter(author):
            def make():
                self.contest.with_user(self.secretary)
                entry = self._create_entry(author, contest=other, name="Cân tự động")
                entry.action_submit()
                entry.with_user(self.secretary).action_mark_eligible()
                self._make_copies()
                self._start_review(other)
                self._assign(entry, self.member1)
                self.env.invalidate_all()

            return make

        other = self._create_contest(name="Hội thi thứ hai", edition_number=11)
        self._add_rounds(other)
        self._launch(other)
        self._date_back()
        pair = (enter(self.staff), enter(self.coauthor))
        self._differs(*pair, self.secretary)
        self._assert_alike(
            *pair, (self.member1, self.member2, self.chair, self.publisher)
        )
