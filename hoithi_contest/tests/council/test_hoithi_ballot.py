import contextlib
import itertools
import re
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, config

from ...lib.council import ballot_box
from .session_common import PASSPHRASE, SessionCommon

AGREE, DISAGREE, BLANK = "agree", "disagree", "blank"


class Spy:
    """Whoever reads all tables and all columns, PostgreSQL's own included.

    It reads after every single vote and tries to tell who voted what: by a row that
    holds both, by a value that a voter's row and one ballot share, by an order that
    both have, and by what a vote adds to the counts.
    """

    words = {AGREE, DISAGREE, BLANK}

    def __init__(self, env, members):
        self.env = env
        #: every number that stands for a person, by kind of reference
        self.members = {
            "hoithi_council_member": {seat.id: seat for seat in members},
            "res_users": {seat.user_id.id: seat for seat in members},
            "res_partner": {seat.user_id.partner_id.id: seat for seat in members},
        }
        self.references = self._find_references()
        self.before = None

    def _find_references(self):
        """(table, column) to the table that it refers to."""
        rows = self.env.execute_query(
            SQL(
                """SELECT con.conrelid::regclass::text, att.attname,
                          con.confrelid::regclass::text
                   FROM pg_constraint con
                   JOIN pg_attribute att ON att.attrelid = con.conrelid
                        AND att.attnum = con.conkey[1]
                   WHERE con.contype = 'f' AND array_length(con.conkey, 1) = 1"""
            )
        )
        return {(table, column): target for table, column, target in rows}

    def take(self):
        """All rows of all tables, as far as they were written since the test began."""
        self.env.flush_all()
        [[start]] = self.env.execute_query(
            SQL("SELECT txid_current() %% (2^32)::bigint")
        )
        tables = self.env.execute_query(
            SQL(
                """SELECT quote_ident(nspname) || '.' || quote_ident(relname), relname
                   FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                   WHERE relkind IN ('r', 'p', 'm') AND relpersistence <> 't'
                     AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
                   ORDER BY 1"""
            )
        )
        content = {}
        for name, table in tables:
            rows = self.env.execute_query(
                SQL(
                    """SELECT xmin::text, ctid::text, cmin::text, row_to_json(t)
                       FROM %s t WHERE xmin::text::bigint >= %s""",
                    SQL(name),
                    start,
                )
            )
            content[table] = [
                {**row, "xmin": xmin, "ctid": ctid, "cmin": cmin}
                for xmin, ctid, cmin, row in rows
            ]
        return content

    def _get_members(self, table, row):
        """The people that a row is about."""
        found = set()
        for column, value in row.items():
            known = self.members.get(self.references.get((table, column)), {})
            if isinstance(value, int) and value in known:
                found.add(known[value])
        return found

    def _get_words(self, row):
        found = set()
        for value in row.values():
            if isinstance(value, str | dict | list):
                # a choice in any text or structure, not a word of a sentence
                parts = re.split(r"[\W_]*[\"'=:,\[\]{}()]+[\W_]*", str(value))
                found |= self.words & {part.strip() for part in parts}
        return found

    def look(self):
        """Return (member, choice) for all that can be told now."""
        after, before = self.take(), self.before
        self.before = after
        if before is None:
            return set()
        links = set()
        fresh = {}
        for table, rows in after.items():
            known = {repr(row) for row in before.get(table, ())}
            fresh[table] = [row for row in rows if repr(row) not in known]
        links |= self._link_by_row(fresh)
        links |= self._link_by_count(before, after)
        links |= self._link_by_value(fresh, before)
        return links

    def _link_by_row(self, fresh):
        return {
            (member, word)
            for table, rows in fresh.items()
            for row in rows
            for member in self._get_members(table, row)
            for word in self._get_words(row)
        }

    def _get_new_voters(self, before, after):
        """Whoever has voted now and hadn't: this much is public."""
        voted = [
            {
                self.members["hoithi_council_member"].get(row["member_id"])
                for row in content["hoithi_session_voter"]
                if row["voted"]
            }
            for content in (before, after)
        ]
        return voted[1] - voted[0]

    def _link_by_count(self, before, after):
        """One voter more, and somewhere one word more."""
        voters = self._get_new_voters(before, after)
        if len(voters) != 1:
            return set()
        links = set()
        for table in after:
            for word in self.words:
                counts = [
                    sum(word in self._get_words(row) for row in content.get(table, ()))
                    for content in (before, after)
                ]
                if counts[1] > counts[0]:
                    links.add((*voters, word))
        # counters that grow by one as a vote comes in
        for row in after["hoithi_session_item"]:
            old = next(o for o in before["hoithi_session_item"] if o["id"] == row["id"])
            for word in (AGREE, DISAGREE):
                if row["state"] == "voting" and row[word] != old[word]:
                    links.add((*voters, word))
        return links

    def _link_by_value(self, fresh, before):
        """A transaction, a place or an age that singles out one voter and one paper."""
        links = set()
        voters = fresh.get("hoithi_session_voter", [])
        papers = fresh.get("hoithi_ballot", [])
        changed = [
            row for row in voters if row["voted"] and not self._had_voted(row, before)
        ]
        if len(changed) == 1 and len(voters) == 1:
            # of all voters only this one was touched
            for paper in papers:
                if len(papers) == 1:
                    links |= self._tell(changed[0], paper)
        for column in ("xmin", "cmin", "write_date", "create_date"):
            for row in changed:
                same = [v for v in voters if v.get(column) == row.get(column)]
                twins = [p for p in papers if p.get(column) == row.get(column)]
                if row.get(column) and len(same) == len(twins) == 1:
                    links |= self._tell(row, twins[0])
        return links

    def _had_voted(self, row, before):
        return any(
            old["id"] == row["id"] and old["voted"]
            for old in before["hoithi_session_voter"]
        )

    def _tell(self, voter, paper):
        member = self.members["hoithi_council_member"][voter["member_id"]]
        words = self._get_words(paper) or {"a single paper"}
        return {(member, word) for word in words}


@tagged("post_install", "-at_install")
class TestHoithiBallot(SessionCommon):
    """Votes: one each, in the open or so that nobody can tell."""

    voter_count = 8
    choices = [AGREE, DISAGREE, AGREE, BLANK, AGREE, DISAGREE, AGREE, AGREE]

    def _get_papers(self, item):
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT id, sealed, choice, xmin::text, ctid::text
                   FROM hoithi_ballot WHERE item_id = %s ORDER BY ctid""",
                item.id,
            )
        )

    def _spy_on(self, mode):
        """Everybody votes one after another; return what the spy could tell."""
        session = self._open_session(ballot_mode=mode)
        item = session.item_ids[0]
        item.action_start_vote()
        spy = Spy(self.env, [self.seats[voter] for voter in self.voters])
        spy.look()
        told = []
        for voter, choice in zip(self.voters, self.choices, strict=True):
            with self.env.cr.savepoint():
                # a transaction of its own, as each request has
                self._cast(item, voter, choice)
            told.append(spy.look())
        return item, spy, told

    # SECRET

    def test_a_secret_ballot_cannot_be_linked_to_its_voter(self):
        item, spy, told = self._spy_on("secret")
        for voter, links in zip(self.voters, told, strict=True):
            self.assertFalse(links, f"after the vote of {voter.name}")
        self.assertEqual(item.cast_count, 8, "who has voted is known")
        self._count(item)
        after = spy.take()
        for table, rows in after.items():
            for row in rows:
                if spy._get_members(table, row) & set(self.seats.values()):
                    self.assertFalse(
                        spy._get_words(row), f"{table} holds a member and a choice"
                    )
        self.assertEqual((item.agree, item.disagree, item.invalid), (5, 2, 1))
        columns = set(self.env["hoithi.ballot"]._fields) - {"display_name"}
        self.assertEqual(columns, {"id", "item_id", "sealed", "choice"})

    def test_open_and_secret_votes_in_one_session(self):
        session = self._create_session()
        session.action_build_agenda()
        shown, hidden = session.item_ids[:2]
        self.assertFalse(session.tally_member_ids or session.has_secret_votes)
        hidden.ballot_mode = "secret"
        self.assertTrue(session.has_secret_votes)
        self.assertEqual(len(session.tally_member_ids), 3, "they are proposed")
        teller = session.tally_member_ids[0].user_id
        self.assertEqual(session.with_user(teller).my_teller_state, "to_make")
        with self.assertRaises(UserError):
            session.action_open()
        self._make_keys(session)
        session.action_open()
        for item in (shown, hidden):
            item.action_start_vote()
            for voter, choice in zip(self.voters, self.choices, strict=True):
                self._cast(item, voter, choice)
        with self.assertRaises(UserError):
            shown.ballot_mode = "secret"
        with self.assertRaises(AccessError):
            hidden.action_count()
        for item in (shown, hidden):
            self._count(item)
        self.assertEqual((shown.agree, shown.disagree), (hidden.agree, hidden.disagree))
        self.assertEqual((shown.valid, shown.invalid, shown.abstain), (8, 0, 1))
        self.assertEqual((hidden.valid, hidden.invalid, hidden.abstain), (7, 1, 0))
        self.assertFalse(any(hidden.voter_ids.mapped("shown_choice")))
        self.assertEqual(shown.voter_ids.mapped("shown_choice").count("blank"), 1)
        self.assertFalse(self.env["hoithi.session.item"]._get_broken_tallies())
        board = session.get_ballot_data()["items"]
        self.assertEqual([row["mode"] for row in board[:2]], ["open", "secret"])

    def test_the_spy_does_link_an_open_vote(self):
        _item, _spy, told = self._spy_on("open")
        for voter, choice, links in zip(self.voters, self.choices, told, strict=True):
            self.assertIn((self.seats[voter], choice), links)

    def test_the_spy_does_link_a_box_that_is_not_shuffled_or_sealed(self):
        """The naive box: a ballot is added, the voter's line marked."""

        def put_in(ballots, item, choice):
            ballots.env.cr.execute(
                SQL(
                    "INSERT INTO hoithi_ballot (item_id, choice) VALUES (%s, %s)",
                    item.id,
                    choice,
                )
            )

        model = self.env.registry["hoithi.ballot"]
        with patch.object(model, "_put_in", put_in):
            _item, _spy, told = self._spy_on("secret")
        for voter, choice, links in zip(self.voters, self.choices, told, strict=True):
            self.assertIn((self.seats[voter], choice), links)

    def test_no_order_of_papers_follows_the_order_of_votes(self):
        """In no item do ids, places or anything else repeat the order of voting."""
        session = self._open_session(ballot_mode="secret")
        orders = {"id": 0, "ctid": 0}
        matching = dict(orders)
        for item in session.item_ids:
            item.action_start_vote()
            self._vote(item, self.choices)
            papers = self._get_papers(item)
            self.assertEqual(len({paper[3] for paper in papers}), 1, "one transaction")
            key = self._open_shares(item)
            for name, rows in (
                ("id", sorted(papers)),
                ("ctid", papers),
            ):
                opened = [
                    ballot_box.unseal(
                        paper[1], key, self.env["hoithi.ballot"]._get_label(item)
                    )
                    for paper in rows
                ]
                self.assertCountEqual(opened, self.choices)
                matching[name] += opened == self.choices
        # by chance the order is right once in 168 items, and not in all four
        for name, count in matching.items():
            self.assertLess(count, len(session.item_ids), name)

    def test_each_vote_moves_all_papers_and_touches_all_voters(self):
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        item.action_start_vote()
        seen_ids, places = set(), set()
        for number, voter in enumerate(self.voters, start=1):
            self._cast(item, voter, AGREE)
            papers = self._get_papers(item)
            self.assertEqual(len({paper[1] for paper in papers}), number)
            self.assertFalse(any(paper[2] for paper in papers), "no choice in clear")
            self.assertEqual(len({len(paper[1]) for paper in papers}), 1)
            self.assertFalse({paper[0] for paper in papers} & seen_ids)
            seen_ids |= {paper[0] for paper in papers}
            rows = self.env.execute_query(
                SQL(
                    """SELECT ctid::text, xmin::text FROM hoithi_session_voter
                       WHERE item_id = %s""",
                    item.id,
                )
            )
            self.assertFalse({row[0] for row in rows} & places, "every line moved")
            self.assertEqual(len({row[1] for row in rows}), 1)
            places = {row[0] for row in rows}

    def test_nobody_reads_ballots_not_even_counted_ones(self):
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        self._vote(item, self.choices)
        for counted in (False, True):
            if counted:
                self._count(item)
            ballots = self.env["hoithi.ballot"]
            for user in (
                self.secretary,
                self.chair,
                self.voters[0],
                self.leader,
                self.admin,
                self.staff,
            ):
                mine = ballots.with_user(user)
                with self.assertRaises(AccessError):
                    mine.search([])
                with self.assertRaises(AccessError):
                    mine.browse(self._get_papers(item)[0][0]).read(["choice"])
                with self.assertRaises(AccessError):
                    mine.formatted_read_group([], ["choice"], ["__count"])
                with self.assertRaises(UserError):
                    mine.create({"item_id": item.id, "choice": AGREE})
        for act in (
            lambda: ballots.sudo().create({"item_id": item.id, "choice": AGREE}),
            lambda: ballots.sudo().search([])[0].write({"choice": AGREE}),
            lambda: ballots.sudo().search([])[0].unlink(),
        ):
            with self.assertRaises(UserError):
                act()

    def test_no_tally_is_known_before_the_count(self):
        for mode in ("open", "secret"):
            session = self._open_session(ballot_mode=mode)
            item = session.item_ids[0]
            self._vote(item, self.choices)
            self.assertEqual((item.agree, item.disagree, item.outcome), (0, 0, False))
            voter = item.voter_ids[0]
            for user in (self.secretary, self.voters[1], self.leader):
                with self.assertRaises(AccessError):
                    voter.with_user(user).read(["choice"])
                with self.assertRaises(AccessError):
                    voter.with_user(user).search([("choice", "=", AGREE)])
                self.assertFalse(voter.with_user(user).shown_choice)
            office = item.with_user(self.secretary)
            lines = {"voter_ids": {"fields": {"shown_choice": {}}}}
            for values in (
                {"state": "counted"},
                {"conclusion": "x", "state": "counted", "ballot_mode": "open"},
                {"voter_ids": [[4, voter.id, False]], "state": "counted"},
            ):
                told = office.onchange(dict(values), [*values], lines)
                for choice in self.choices:
                    self.assertNotIn(repr(choice), str(told))
            self._count(item)
            self.env.invalidate_all()
            shown = item.voter_ids.with_user(self.voters[1]).mapped("shown_choice")
            if mode == "open":
                self.assertEqual(sorted(shown), sorted(self.choices))
            else:
                self.assertFalse(any(shown))
            for other in session.item_ids - item:
                other.unlink()
            session.action_close()
            self.contest.invalidate_recordset()

    def test_what_is_stored_opens_no_box_at_any_moment(self):
        """All columns and all files, before, between and after the two tellers."""
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        item.action_start_vote()
        self._vote(item, self.choices)
        first, second = session.tally_member_ids.user_id[:2]
        self.assertFalse(self._try_to_open(item))
        answer = item.with_user(first).action_count(PASSPHRASE.format(first.login))
        self.assertFalse(answer)
        self.assertEqual((item.state, item.handed_in, item.agree), ("voting", 1, 0))
        self.assertFalse(self._try_to_open(item), "one share opens nothing")
        # the same teller once more is still one
        item.with_user(first).action_count(PASSPHRASE.format(first.login))
        self.assertEqual((item.state, item.handed_in), ("voting", 1))
        answer = item.with_user(second).action_count(PASSPHRASE.format(second.login))
        self.assertTrue(answer)
        self.assertEqual((item.state, item.agree), ("counted", 5))
        self.assertFalse(self.env["hoithi.ballot.share"].search([]))
        self.assertFalse(item.sudo().box_key)
        folder = Path(config.filestore(self.env.cr.dbname)) / "hoithi_ballot"
        self.assertFalse(folder.exists())

    def _get_stored(self, item):
        """Every text that the database holds about keys and boxes."""
        self.env.flush_all()
        texts = set()
        for table in ("hoithi_session_teller", "hoithi_ballot_share"):
            rows = self.env.execute_query(
                SQL("SELECT row_to_json(t) FROM %s t", SQL.identifier(table))
            )
            for [row] in rows:
                texts |= {value for value in row.values() if isinstance(value, str)}
        return texts | {item.sudo().box_key}

    def _try_to_open(self, item):
        """What a reader of all that can do: try each text as a share and as a key."""
        texts, label = self._get_stored(item), f"{item._name},{item.id}"
        papers = [paper[1] for paper in self._get_papers(item)]
        choices, keys = [], []
        for text in texts:
            # a locked key without its passphrase, a public one as if it were private
            for words in ("", "sông cầu nước chảy"):
                with contextlib.suppress(ballot_box.WrongPassphrase):
                    keys.append(ballot_box.unlock(text, words))
        for pair in itertools.combinations(texts, 2):
            with contextlib.suppress(ballot_box.BoxStaysShut):
                keys.append(ballot_box.combine(pair, item.sudo().box_key, label))
        for key in keys:
            for paper in papers:
                with contextlib.suppress(TypeError):
                    choices.append(ballot_box.unseal(paper, key, label))
        return [choice for choice in choices if choice]

    def _open_shares(self, item):
        """Return the key of a box, as two tellers make it."""
        shares = []
        label = self.env["hoithi.ballot"]._get_label(item)
        for share in self.env["hoithi.ballot"]._get_shares(item)[:2]:
            login = share.teller_id.member_id.user_id.login
            own = share.teller_id._unlock(PASSPHRASE.format(login))
            shares.append(ballot_box.open_share(share.sealed, own, label))
        return ballot_box.combine(shares, item.sudo().box_key, label)

    def test_the_reader_does_open_a_box_whose_shares_lie_open(self):
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        self._vote(item, self.choices)
        for share in self.env["hoithi.ballot"]._get_shares(item)[:2]:
            login = share.teller_id.member_id.user_id.login
            share._hand_in(share.teller_id._unlock(PASSPHRASE.format(login)))
        self.assertCountEqual(self._try_to_open(item), self.choices)

    def test_shares_that_do_not_fit_stop_the_count(self):
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        self._vote(item, self.choices)
        first, second = session.tally_member_ids.user_id[:2]
        item.with_user(first).action_count(PASSPHRASE.format(first.login))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hoithi_ballot_share SET opened = 'AbCdEf' WHERE opened <> ''"
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError) as refusal:
            item.with_user(second).action_count(PASSPHRASE.format(second.login))
        self.assertIn("take the vote again", str(refusal.exception))

    def test_what_was_forged_stops_the_count_or_is_invalid(self):
        session = self._open_session(ballot_mode="secret")
        item, other, third = session.item_ids[:3]
        self._vote(item, self.choices)
        item.action_restart_vote(reason="Mất khóa")
        self.assertEqual(
            (item.state, item.issued, item.voter_ids.ids), ("pending", 0, [])
        )
        self.assertFalse(self._get_papers(item))
        self.assertFalse(self.env["hoithi.ballot"]._get_shares(item))
        self.assertFalse(item.former_votes, "what wasn't counted is nobody's to know")
        self._vote(item, self.choices)
        self._count(item)
        self.assertEqual(item.agree, 5)
        self.assertEqual(item.restart_reason, "Mất khóa")
        # a paper more than voters: somebody was at the table
        self._vote(other, self.choices)
        self.env.cr.execute(
            SQL(
                "INSERT INTO hoithi_ballot (item_id, sealed) VALUES (%s, 'agree')",
                other.id,
            )
        )
        with self.assertRaises(UserError) as refusal:
            self._count(other)
        self.assertIn("9 ballots", str(refusal.exception))
        # a paper exchanged: it wasn't sealed in this box, so it is invalid
        self._vote(third, [AGREE] * 8)
        paper = self._get_papers(third)[0][0]
        self.env.cr.execute(
            SQL(
                "UPDATE hoithi_ballot SET sealed = %s WHERE id = %s",
                ballot_box.seal(AGREE, third.sudo().box_key, "another box"),
                paper,
            )
        )
        self._count(third)
        self.assertEqual((third.agree, third.invalid), (7, 1))
        self.assertFalse(third._get_broken_tallies())
        # a ballot that is gone is found by the daily check, also a blank one
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM hoithi_ballot WHERE item_id = %s AND choice = 'blank'",
                third.id,
            )
        )
        self.assertIn(
            ("ballots", third.entry_id.id),
            self.env["hoithi.entry"]._get_broken_invariants(),
        )
        # so is a tally changed behind Odoo's back
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE hoithi_session_item SET agree = 8, valid = 8, invalid = 0
                   WHERE id = %s""",
                third.id,
            )
        )
        self.assertIn(
            ("tally", third.entry_id.id),
            self.env["hoithi.entry"]._get_broken_invariants(),
        )

    # ONE VOTE EACH

    def test_nobody_votes_twice(self):
        for mode in ("open", "secret"):
            session = self._open_session(ballot_mode=mode)
            item = session.item_ids[0]
            item.action_start_vote()
            self._cast(item, self.voters[0], AGREE)
            for choice in (AGREE, DISAGREE):
                with self.assertRaises(UserError) as refusal:
                    self._cast(item, self.voters[0], choice)
                self.assertIn("already", str(refusal.exception))
            self.assertEqual(item.cast_count, 1)
            self._count(item, "Bảy thành viên phải về sớm")
            self.assertEqual((item.collected, item.agree), (1, 1))
            (session.item_ids - item).unlink()
            session.action_close()

    def test_a_vote_takes_its_turn(self):
        """Of two browsers at once one waits: Odoo tries its request again."""
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        item.action_start_vote()
        cursor = type(self.env.cr)
        execute, queries = cursor.execute, []

        def watch(cr, query, *args, **kwargs):
            code = query.code if isinstance(query, SQL) else query
            queries.append(code)
            if "SKIP LOCKED" in code:
                # as where the other browser holds the lock
                query = SQL("SELECT 1 WHERE false")
            return execute(cr, query, *args, **kwargs)

        with (
            patch.object(cursor, "execute", watch),
            self.assertRaises(ConcurrencyError),
        ):
            self._cast(item, self.voters[0], AGREE)
        [lock] = [query for query in queries if "SKIP LOCKED" in query]
        self.assertIn("hoithi_session_item", lock)
        self.assertFalse([q for q in queries if "UPDATE hoithi_session_voter" in q])
        self.assertFalse(self._get_papers(item))
        self.assertEqual(item.cast_count, 0)

    def test_refused_votes(self):
        session = self._create_session([self.voters[7]], one_by_one=True)
        session.action_build_agenda()
        item, other = session.item_ids[:2]
        self._declare(item.entry_id, self.voters[6])
        voter = self.voters[0]
        cases = []

        def refused(error, text, *args):
            with self.assertRaises(error) as refusal:
                self._cast(*args)
            self.assertIn(text, str(refusal.exception))
            cases.append(text)

        refused(UserError, "Planned", item, voter, AGREE)
        session.action_open()
        refused(UserError, "isn't being voted on", item, voter, AGREE)
        item.action_start_vote()
        refused(UserError, "Vote one of: Agree, Disagree", item, voter, "yes")
        refused(UserError, "conflict of interest", item, self.voters[6], AGREE)
        refused(UserError, "no ballot", item, self.voters[7], AGREE)
        refused(UserError, "no ballot", item, self.chair, AGREE)
        refused(AccessError, "don't sit", item, self.leader, AGREE)
        refused(AccessError, "", item, self.internal, AGREE)
        refused(AccessError, "", item, self.staff, AGREE)
        with self.assertRaises(UserError):
            self._create_session().with_user(voter).action_cast(item, AGREE)
        self.assertEqual(item.with_user(self.voters[6]).my_vote, "recused")
        self.assertEqual(item.with_user(self.voters[7]).my_vote, "absent")
        self.assertEqual(item.with_user(self.chair).my_vote, "none")
        self.assertEqual(item.issued, 6)
        session.with_user(voter).action_cast(item, AGREE)
        self.assertEqual(item.with_user(voter).my_vote, "voted")
        self._count(item, "Thử phiếu còn lại")
        refused(UserError, "Counted", item, self.voters[1], AGREE)
        self.assertEqual(item.base_count, 7)
        with self.assertRaises(UserError):
            self._count(other)

    def test_a_conflict_that_turns_up_during_the_vote(self):
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        self._vote(item, [AGREE] * 7 + [None])
        self._declare(item.entry_id, self.voters[6], self.voters[7])
        with self.assertRaises(UserError):
            self._cast(item, self.voters[7], AGREE)
        with self.assertRaises(UserError) as refusal:
            self._count(item, "Một thành viên phải rời phòng")
        self.assertIn("take the vote again", str(refusal.exception))
        dialog = item.action_ask_restart_vote()
        self.assertEqual(dialog["res_model"], "hoithi.reason")
        with self.assertRaises(UserError):
            item.action_restart_vote()
        item.action_restart_vote(reason="Có xung đột lợi ích")
        self.assertEqual(len(item.recused_ids), 2)
        item.action_start_vote()
        self.assertEqual(item.issued, 6)
        self._vote(item, [AGREE] * 6 + [None] * 2)
        self._count(item)
        self.assertEqual((item.outcome, item.base_count), ("approved", 6))

    def test_a_possible_conflict_keeps_from_the_vote_until_it_is_decided(self):
        session = self._open_session()
        item, other = session.item_ids[:2]
        voter = self.voters[7]
        for entry in (item.entry_id, other.entry_id):
            # as a file of the past may name somebody
            entry.sudo().author_ids.create(
                {"entry_id": entry.id, "full_name": voter.name}
            )
            entry._detect_conflicts()
        conflicts = self.env["hoithi.conflict"].search(
            [("member_id", "=", self.seats[voter].id)]
        )
        self.assertEqual(set(conflicts.mapped("state")), {"possible"})
        conflicts.filtered(lambda c: c.entry_id == other.entry_id).with_user(
            self.secretary
        ).action_lift(reason="Người khác cùng tên")
        item.action_start_vote()
        other.action_start_vote()
        with self.assertRaisesRegex(UserError, "conflict of interest"):
            self._cast(item, voter, AGREE)
        self._cast(other, voter, AGREE)
        self.assertEqual((item.issued, other.issued), (7, 8))

    def test_where_all_are_in_conflict_there_is_no_vote(self):
        session = self._open_session()
        item = session.item_ids[0]
        self._declare(item.entry_id, *self.voters)
        with self.assertRaises(UserError):
            item.action_start_vote()

    # TALLY TEAM

    def test_two_tellers_count_a_secret_vote(self):
        team = self.voters[:3]
        session = self._open_session(
            ballot_mode="secret",
            tally_member_ids=[Command.set([self.seats[user].id for user in team])],
        )
        item, other = session.item_ids[:2]
        self._declare(other.entry_id, self.voters[1])
        for one in (item, other):
            one.action_start_vote()
        self._vote(item, self.choices)
        words = [PASSPHRASE.format(user.login) for user in team]
        for user in (self.secretary, self.chair, self.leader, self.admin, self.staff):
            with self.assertRaises(AccessError):
                item.with_user(user).action_count(words[0])
        with self.assertRaises(AccessError):
            item.with_user(self.voters[3]).sudo().action_count(words[0])
        self._vote(other, [AGREE, None, *[AGREE] * 6])
        with self.assertRaises(AccessError):
            other.with_user(self.voters[1]).action_count(words[1])
        for wrong in (None, "", words[1], words[0].upper(), 5, [words[0]]):
            with self.assertRaises(UserError):
                item.with_user(team[0]).action_count(wrong)
        self.assertEqual(item.handed_in, 0)
        self.assertFalse(item.with_user(team[0]).action_count(words[0]))
        self.assertTrue(item.with_user(team[2]).action_count(words[2]))
        self.assertEqual((item.state, item.counted_by), ("counted", team[2]))
        with self.assertRaises(UserError):
            item.with_user(team[0]).action_count(words[0])
        with self.assertRaises(UserError):
            session.tally_member_ids = [
                Command.link(
                    self.env["hoithi.council.member"]
                    .create(
                        {
                            "council_id": self.env["hoithi.council"]
                            .create({"name": "Khác"})
                            .id,
                            "user_id": self.internal.id,
                        }
                    )
                    .id
                )
            ]

    def test_the_secretary_or_the_tally_team_counts_an_open_vote(self):
        session = self._open_session(
            tally_member_ids=[Command.set(self.seats[self.voters[0]].ids)]
        )
        item, other = session.item_ids[:2]
        for one in (item, other):
            self._vote(one, self.choices)
        with self.assertRaises(AccessError):
            item.with_user(self.voters[1]).action_count()
        self.assertTrue(item.with_user(self.voters[0]).action_count())
        self.assertTrue(other.with_user(self.secretary).action_count())

    def test_a_secret_session_opens_with_two_tellers_who_have_keys(self):
        session = self._create_session(ballot_mode="secret")
        session.action_build_agenda()
        team = session.tally_member_ids
        self.assertEqual(len(team), 3, "three are proposed")
        self.assertNotIn("chair", team.mapped("role"))
        with self.assertRaises(UserError) as refusal:
            session.action_open()
        self.assertIn("My teller key", str(refusal.exception))
        first, second, third = team.user_id
        weak = (None, "", "ngắn quá", " " * 20, 1234567890, ["mười ký tự"], "\0" * 20)
        for wrong in (*weak, "1234567890", f"{first.name} 2026", first.login * 2):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                session.with_user(first).action_make_teller_key(wrong)
        for stranger in (self.secretary, self.chair, self.leader, self.staff):
            with self.assertRaises(AccessError):
                session.with_user(stranger).action_make_teller_key("mười ký tự trở lên")
        self.assertEqual(session.with_user(first).my_teller_state, "to_make")
        session.with_user(first).action_make_teller_key("mười ký tự trở lên")
        self.assertEqual(session.with_user(first).my_teller_state, "made")
        with self.assertRaises(UserError) as refusal:
            session.action_open()
        self.assertIn(third.name, str(refusal.exception))
        session.with_user(second).action_make_teller_key("mười ký tự trở lên")
        session.action_open()
        self.assertEqual(session.keyed_member_ids.user_id, first | second)
        # whoever leaves the team leaves no key behind, and the log tells of it
        self.env.flush_all()
        self.env.cr.precommit.run()
        session.with_user(self.secretary).with_context(tracking_disable=False).write(
            {"tally_member_ids": [Command.unlink(team[0].id)]}
        )
        self.assertEqual(session.keyed_member_ids.user_id, second)
        self.env.flush_all()
        self.env.cr.precommit.run()
        changes = session.message_ids.sudo().tracking_value_ids.filtered(
            lambda value: value.field_id.name == "tally_member_ids"
        )
        change = changes.sorted("id")[-1:]
        self.assertIn(first.name, change.old_value_char)
        self.assertNotIn(first.name, change.new_value_char)
        row = self.env["hoithi.ledger"].search(
            [("contest_id", "=", self.contest.id)], order="position desc", limit=1
        )
        self.assertEqual((row.event, row.user_id), ("session.tellers", self.secretary))

    def test_whoever_comes_on_the_tally_team_is_told(self):
        session = self._create_session(ballot_mode="secret")
        outsider = self.voters[7]
        self.assertNotIn(self.seats[outsider], session.tally_member_ids)
        session.tally_member_ids = [Command.link(self.seats[outsider].id)]
        letters = self.env["mail.message"].search(
            [
                ("model", "=", session._name),
                ("res_id", "=", session.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(
            letters.notified_partner_ids, session.tally_member_ids.user_id.partner_id
        )

    def test_a_vote_needs_two_tellers_without_a_conflict(self):
        session = self._open_session(ballot_mode="secret")
        item, other = session.item_ids[:2]
        team = session.tally_member_ids.user_id
        self._declare(item.entry_id, *team[:2])
        with self.assertRaises(UserError) as refusal:
            item.action_start_vote()
        self.assertIn("tally team", str(refusal.exception))
        other.action_start_vote()
        self.assertEqual(other.state, "voting")

    def test_a_key_that_does_not_fit_is_told_in_words(self):
        """As where a teller's key was replaced in the moment of the count."""
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        self._vote(item, self.choices)
        seat = session.tally_member_ids[0]
        passphrase = PASSPHRASE.format(seat.user_id.login)
        public, locked = ballot_box.new_teller_key(passphrase)
        key = self.env["hoithi.session.teller"].search(
            [("session_id", "=", session.id), ("member_id", "=", seat.id)]
        )
        key.write({"public_key": public, "locked_key": locked})
        with self.assertRaises(UserError) as refusal:
            item.with_user(seat.user_id).action_count(passphrase)
        self.assertIn("doesn't open your share", str(refusal.exception))

    def test_a_lost_passphrase_has_a_way_out(self):
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        self._vote(item, self.choices)
        first, second, third = session.tally_member_ids.user_id
        with self.assertRaises(UserError) as refusal:
            session.with_user(first).action_make_teller_key("câu khác hẳn câu trước")
        self.assertIn("take them again", str(refusal.exception))
        # two forgot: the third can't open it; the vote is taken again
        self.assertFalse(
            item.with_user(third).action_count(PASSPHRASE.format(third.login))
        )
        item.action_restart_vote(reason="Hai thành viên quên mật khẩu")
        for user in (first, second):
            session.with_user(user).action_make_teller_key("câu khác hẳn câu trước")
        self._vote(item, self.choices)
        for user in (first, second):
            item.with_user(user).action_count("câu khác hẳn câu trước")
        self.assertEqual((item.state, item.agree), ("counted", 5))

    def test_keys_and_shares_are_nobodys(self):
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        item.action_start_vote()
        people = (self.secretary, self.chair, self.voters[0], self.leader, self.admin)
        for user in people:
            for name in ("hoithi.session.teller", "hoithi.ballot.share"):
                with self.assertRaises(AccessError):
                    self.env[name].with_user(user).search([])
            for record, field in ((item, "box_key"), (session, "teller_key_ids")):
                with self.assertRaises(AccessError):
                    record.with_user(user).read([field])

    # COUNT

    def test_nothing_is_counted_without_votes_or_early_without_a_reason(self):
        for mode in ("open", "secret"):
            session = self._open_session(ballot_mode=mode)
            item = session.item_ids[0]
            item.action_start_vote()
            with self.assertRaises(UserError) as refusal:
                self._count(item, "Không ai bỏ phiếu")
            self.assertIn("nothing to count", str(refusal.exception))
            self._vote(item, [AGREE] * 6 + [None] * 2)
            for reason in (None, "", " ", "-"):
                with self.assertRaises(UserError):
                    self._count(item, reason)
            with self.assertRaises(UserError) as refusal:
                self._count(item)
            self.assertIn("2 of 8", str(refusal.exception))
            self._count(item, "Hai thành viên đi họp gấp")
            self.assertEqual((item.state, item.collected), ("counted", 6))
            self.assertEqual(item.early_reason, "Hai thành viên đi họp gấp")
            row = self.env["hoithi.ledger"].search(
                [("event", "=", "vote.counted")], order="id desc", limit=1
            )
            self.assertIn("Hai thành viên đi họp gấp", str(row.payload))
            (session.item_ids - item).unlink()
            session.action_close()

    def test_votes_that_came_in_meanwhile_need_no_reason(self):
        session = self._open_session(ballot_mode="secret")
        item = session.item_ids[0]
        self._vote(item, [AGREE] * 7 + [None])
        first, second = session.tally_member_ids.user_id[:2]
        item.with_user(first).action_count(
            PASSPHRASE.format(first.login), "Một người về sớm"
        )
        self._cast(item, self.voters[7], DISAGREE)
        item.with_user(second).action_count(PASSPHRASE.format(second.login))
        self.assertEqual((item.agree, item.disagree), (7, 1))
        self.assertFalse(item.early_reason)

    def test_a_vote_counted_by_mistake_is_taken_again_and_kept(self):
        for mode in ("open", "secret"):
            session = self._open_session(ballot_mode=mode)
            item = session.item_ids[0]
            self._vote(item, self.choices)
            self._count(item)
            with self.assertRaises(UserError):
                item.action_restart_vote(reason=" ")
            with self.assertRaises(AccessError):
                item.with_user(self.voters[0]).action_restart_vote(reason="Tôi đổi ý")
            item.action_restart_vote(reason="Đọc nhầm tên giải pháp")
            self.assertEqual(
                (item.state, item.outcome, item.agree), ("pending", False, 0)
            )
            [former] = item.former_votes
            self.assertEqual((former["agree"], former["disagree"]), (5, 2))
            self.assertEqual(former["outcome"], "rejected")
            self.assertEqual(bool(former["choices"]), mode == "open")
            self._vote(item, [AGREE] * 8)
            self._count(item)
            self.assertEqual((item.agree, item.outcome), (8, "approved"))
            self.assertFalse(item._get_broken_tallies())
            (session.item_ids - item).unlink()
            session.action_close()
            with self.assertRaises(UserError):
                item.action_restart_vote(reason="Muộn rồi")

    def test_all_complete_votes_are_counted_at_once(self):
        session = self._open_session(ballot_mode="secret")
        team = session.tally_member_ids.user_id
        items = session.item_ids[:3]
        self._vote(items[0], self.choices)
        self._vote(items[1], self.choices)
        self._vote(items[2], [AGREE] * 7 + [None])
        for user in (team[0], team[1]):
            mine = session.with_user(user)
            dialog = mine.action_ask_count()["params"]
            ids = [vote["id"] for vote in dialog["votes"]]
            self.assertEqual(ids, items[:2].ids)
            self.assertEqual([vote["issued"] for vote in dialog["votes"]], [8, 8])
            mine.item_ids.browse(ids).action_count(PASSPHRASE.format(user.login))
        self.assertEqual(items.mapped("state"), ["counted", "counted", "voting"])
        with self.assertRaises(UserError):
            session.with_user(team[0]).action_ask_count()
        with self.assertRaises(UserError):
            session.action_ask_count()

    def test_what_a_teller_may_count_is_found_at_once(self):
        """The page follows the session: many votes cost it no more than one."""
        session = self._open_session(ballot_mode="secret")
        session.item_ids.action_start_vote()
        teller, *_others = session.tally_member_ids.user_id

        def look(items):
            self.env.flush_all()
            self.env.invalidate_all()
            items = self.env[items._name].with_user(teller).browse(items.ids)
            before = self.env.cr.sql_log_count
            self.assertEqual(set(items.mapped("can_count")), {True})
            return self.env.cr.sql_log_count - before

        look(session.item_ids)
        self.assertEqual(look(session.item_ids[:1]), look(session.item_ids))

    def test_tallies_add_up(self):
        session = self._open_session()
        item = session.item_ids[0]
        for agree, disagree, blank in itertools.islice(
            itertools.product(range(3), repeat=3), 6
        ):
            choices = [AGREE] * agree + [DISAGREE] * disagree + [BLANK] * blank
            item.action_start_vote()
            self._vote(item, choices + [None] * (8 - len(choices)))
            self.assertEqual(item.cast_count, len(choices))
            item.action_restart_vote(reason="Thử lại")
        self.assertFalse(item._get_broken_tallies())
