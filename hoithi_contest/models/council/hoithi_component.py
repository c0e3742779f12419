import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import request
from odoo.tools import SQL
from odoo.tools.misc import hmac

from ...lib.council import components
from ...tools import format_number
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_clock_mixin import Deadline
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import DECIDING, RANKABLE, UNSCORED
from .hoithi_contest_council import SECRETARY

#: Letters and digits of a code that nobody takes for each other.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
#: Codes that are made at once.
MOST_CODES = 5000


class UnknownCode(UserError):
    """Somebody typed a code to vote with that isn't there."""


class HoithiComponent(models.Model):
    """What counts besides the sheets: a vote of the public, a bonus or a penalty."""

    _name = "hoithi.component"
    _inherit = [
        "hoithi.guard.mixin",
        "hoithi.reason.mixin",
        "hoithi.preview.mixin",
        "hoithi.clock.mixin",
        "hoithi.rule.mixin",
    ]
    _description = "Component of the Score"
    _order = "contest_id, sequence, id"

    _number_ranges = {
        "most": (0, 10_000),
        "least": (-10_000, 0),
        "digits": (0, 2),
        "votes_each": (1, 100),
    }
    _rule_fields = {
        "name": "name",
        "kind": "kind",
        "most": "most",
        "least": "least",
        "digits": "digits",
        "voters": "voters",
        "votes_each": "votes_each",
        "rule": "rule",
    }
    _reason_methods = ("action_count_again",)
    _previews = {"action_count_votes": "_preview_count"}
    _fixed_fields = {
        "rules_fixed": EVERYTHING | {"digits", "kind", "most"},
        # what was counted by them
        "is_counted": {"digits", "kind", "most", "vote_start", "vote_end"},
        # by what some have voted already
        "has_voters": {"voters", "votes_each"},
    }
    _open_fields = {"vote_start", "vote_end"}
    _fixed_rows = ("rules_fixed",)

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    rules_fixed = fields.Boolean(related="contest_id.rules_fixed")
    can_decide_rules = fields.Boolean(related="contest_id.can_decide_rules")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("community", "Vote of the public"),
            ("bonus", "Bonus or penalty"),
            ("points", "Points from elsewhere, as of a written test"),
        ],
        required=True,
        default="community",
    )
    most = fields.Float(
        string="Most points",
        digits=(6, 2),
        default=20,
        help="Of a vote: what the entry with the most votes gets; the others get their "
        "share of it.",
        aggregator=None,
    )
    least = fields.Float(
        string="Largest penalty",
        digits=(6, 2),
        help="Below zero; 0 for none.",
        aggregator=None,
    )
    digits = fields.Integer(string="Decimals", default=2)
    rule = fields.Text(help="For what it is given; shown with the points.")
    voters = fields.Selection(
        [
            ("login", "Whoever has a login"),
            ("staff", "Staff of the department, by login"),
            ("code", "Whoever has a code"),
        ],
        string="Who votes",
        default="login",
        required=True,
    )
    votes_each = fields.Integer(
        string="Votes of each",
        default=1,
        help="For how many entries somebody votes at most, each once.",
    )
    vote_start = fields.Datetime(string="Vote opens", copy=False)
    vote_end = Deadline(string="Vote closes", copy=False)
    counted_on = fields.Datetime(string="Votes counted on", readonly=True, copy=False)
    # by what the points were divided when the votes were counted
    most_votes = fields.Integer(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    is_counted = fields.Boolean(compute="_compute_is_counted", string="Counted")
    is_voting = fields.Boolean(compute="_compute_is_voting", string="Votes Are Taken")
    has_voters = fields.Boolean(
        compute="_compute_vote_count", export_string_translation=False
    )
    contest_number = fields.Integer(
        related="contest_id.id",
        string="Contest's number",
        export_string_translation=False,
    )
    vote_count = fields.Integer(string="Votes", compute="_compute_vote_count")
    score_ids = fields.One2many(
        "hoithi.component.score", "component_id", string="Points"
    )

    _check_numbers = models.Constraint(
        "CHECK (most >= 0 AND least <= 0 AND digits BETWEEN 0 AND 2)",
        "The most points aren't negative, a penalty isn't above zero, and there are at "
        "most two decimals.",
    )
    _check_votes_each = models.Constraint(
        "CHECK (votes_each >= 1)", "Everybody who votes has at least one vote."
    )

    # CONSTRAINTS

    @api.constrains("vote_start", "vote_end")
    def _check_period(self):
        for component in self:
            if (
                component.vote_start
                and component.vote_end
                and component.vote_start >= component.vote_end
            ):
                raise ValidationError(
                    self.env._("The vote “%s” closes before it opens.", component.name)
                )

    @api.constrains("contest_id", "kind")
    def _check_one_vote(self):
        # whoever adds one may not read the others
        votes_sudo = self.sudo()._read_group(
            [
                ("contest_id", "in", self.contest_id.ids),
                ("kind", "=", "community"),
            ],
            ["contest_id"],
            having=[("__count", ">", 1)],
        )
        if votes_sudo:
            raise ValidationError(
                self.env._("A contest has one vote of the public: take one out.")
            )

    @api.constrains("contest_id")
    def _check_ranking(self):
        for component in self:
            if component.contest_id.field_ranking == "percent":
                raise ValidationError(
                    self.env._(
                        "Points are added to sheets, so that fields aren't ranked by "
                        "percentage: rank them by points, or each apart."
                    )
                )
        # a prize over fields that are ranked apart may compare them so
        self.contest_id._check_prizes_across(self.contest_id.sudo().prize_ids)

    # COMPUTE

    @api.depends("counted_on")
    def _compute_is_counted(self):
        for component in self:
            component.is_counted = bool(component.counted_on)

    def _compute_is_voting(self):
        for component in self:
            component.is_voting = component._takes_votes()

    def _compute_vote_count(self):
        # how many voted tells nothing of who did
        groups = (
            self.env["hoithi.component.voter"]
            .sudo()
            ._read_group(
                [("component_id", "in", self.ids), ("used", "=", True)],
                ["component_id"],
                ["__count"],
            )
        )
        counts = {component.id: count for component, count in groups}
        for component in self:
            component.vote_count = counts.get(component._origin.id, 0)
            component.has_voters = bool(component.vote_count)

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_lines(self):
        # points go with what gave them, and each total is worked out anew
        self.sudo().score_ids._open_door().unlink()

    def write(self, vals):
        if not {"vote_start", "vote_end"} & set(vals):
            return super().write(vals)
        before = {row: (row.vote_start, row.vote_end) for row in self}
        result = super().write(vals)
        for component, period in before.items():
            if period != (component.vote_start, component.vote_end):
                component._log_period()
        return result

    # GUARD

    def _get_fixed_hint(self):
        if self.is_counted and not self.rules_fixed:
            return self.env._(
                "Its votes are counted: the chair may first have them counted again."
            )
        return self.env._(
            "What counts is declared before the review; until the contest is closed "
            "the chair may reopen the rules for a change."
        )

    # ACTION

    def action_count_votes(self):
        """Count the vote: the points of each entry, by the votes that it got.

        :raises AccessError: for others than the secretary
        :raises UserError: outside review and council, before the vote is over, where it
            never opened, or where it was counted
        """
        self._check_office()
        self._check_countable()
        for component in self:
            component._count()
        return True

    def action_ask_count_votes(self):
        """Show what counting the vote gives and what keeps it, then ask."""
        self.ensure_one()
        self._check_office()
        return self._ask_act(
            "action_count_votes", self.env._("Count the Vote of the Public")
        )

    def _preview_count(self):
        """Return what counting the vote now does."""
        self.ensure_one()
        self._check_office()
        return Preview(
            [
                self.env._(
                    "counts the votes of %(voters)s and gives each of the %(entries)s "
                    "entries its points, %(most)s at most",
                    voters=self.vote_count,
                    entries=len(self._get_votable_entries()),
                    most=format_number(self.env, self.most),
                ),
                self.env._(
                    "ends the count: the chair or a leader alone has it done again"
                ),
            ],
            (self._try_check(self._check_countable),),
            ()
            if self.vote_count
            else (self.env._("Nobody has voted: all entries get 0 points."),),
        )

    def action_ask_count_again(self):
        """Open the dialog that asks for what `action_count_again` needs."""
        return self._ask_reason("action_count_again", self.env._("Count Again"))

    def action_count_again(self, reason=None):
        """Take the count of a vote back, as its period or its points were wrong.

        The votes stay; their points are given when they are counted again.

        :param reason: recorded in the ledger
        :raises AccessError: for others than the chair of the council and the leaders
        :raises UserError: outside review and council, or where nothing was counted
        """
        self.contest_id._check_decides_rules()
        reason = self._clean_reason(reason)
        for component in self:
            if not component.is_counted:
                raise UserError(
                    self.env._("“%s” hasn't been counted yet.", component.name)
                )
            # who decides may write nothing of it but this
            component_sudo = component.sudo()._open_door()
            component_sudo.score_ids._open_door().write({"points": 0, "reason": False})
            component_sudo.write({"counted_on": False, "most_votes": 0})
            self.env["hoithi.ledger"]._append(
                component.contest_id,
                "component.reopened",
                component.contest_id,
                {"component": component.name, "reason": reason},
            )
        return True

    def action_ask_give(self):
        """Open the dialog that gives an entry a bonus or a penalty."""
        self.ensure_one()
        self._check_office()
        wizard = self.env["hoithi.component.give"].create({"component_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "hoithi.component.give",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_ask_codes(self):
        """Open the dialog that makes codes to vote with."""
        self.ensure_one()
        self._check_office()
        wizard = self.env["hoithi.component.code"].create({"component_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Codes to Vote with"),
            "res_model": "hoithi.component.code",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open_vote(self):
        """Open the page on which the public votes."""
        return self.contest_id.action_open_vote()

    def action_vote(self, entry_id, code=""):
        """Vote for entries: once a person, or once a code; it can't be taken back.

        Nothing is kept of who voted for what: the voter is marked, the entry counted.

        :param entry_id: id of an entry of the contest that competes, or a list of them,
            as many as everybody has votes
        :param code: where the vote goes by codes
        :raises AccessError: for who isn't among those who vote
        :raises UserError: outside the period, for an unknown code, or a second vote
        """
        self.ensure_one()
        # a voter has no right on what is counted, but has to reach the contest
        component = self.sudo()
        component.contest_id.sudo(False).check_access("read")
        component._check_votes()
        if not component._takes_votes():
            raise UserError(self.env._("No votes are taken now."))
        ids = entry_id if isinstance(entry_id, list | tuple) else [entry_id]
        votable = component._get_votable_entries()
        entries = votable.filtered(lambda entry: entry.id in ids)
        if not entries or len(entries) != len(ids):
            raise UserError(self.env._("Choose one of the entries."))
        if len(entries) > component.votes_each:
            raise UserError(
                self.env._("Choose at most %s entries.", component.votes_each)
            )
        own = self.env["hoithi.person"]._get_contacts(self.env.user)
        if own & entries.author_ids.partner_id:
            raise UserError(self.env._("Nobody votes for an own entry."))
        component._mark_voter(code, len(entries))
        # all have a line from the first vote on: none tells that it is the first of one
        lines = component._get_lines(votable)
        lines.filtered(lambda line: line.entry_id in entries)._add_vote()
        self.invalidate_recordset(["vote_count", "has_voters"], flush=False)
        return True

    # BUSINESS

    def _goes_by_login(self):
        """Tell whether a person votes by the login, and not by a code."""
        self.ensure_one()
        # by what is voted is told to everybody
        return self.sudo().voters in ("login", "staff")

    def _check_votes(self):
        """Refuse who isn't among those who vote.

        :raises AccessError: telling who votes
        """
        self.ensure_one()
        if self.env.user._is_public() and self._goes_by_login():
            raise AccessError(self.env._("Log in to vote."))
        if not self._is_voter():
            raise AccessError(self.env._("Only staff of the department vote here."))

    def _is_voter(self):
        """Tell whether the caller, once logged in, is among those who vote."""
        self.ensure_one()
        # by what is voted is told to everybody; who is staff, by one's own record
        component_sudo = self.sudo()
        return component_sudo.voters != "staff" or bool(
            self.env["hoithi.entry"]._get_my_employee(component_sudo.company_id)
        )

    def _check_countable(self):
        """Refuse what isn't a vote of the public, or one that can't be counted now.

        :raises UserError: telling why
        """
        for component in self:
            if component.contest_id.state not in DECIDING:
                raise UserError(
                    self.env._("Votes are counted in the phases of review and council.")
                )
            if component.kind != "community" or component.counted_on:
                raise UserError(
                    self.env._("“%s” isn't a vote to be counted.", component.name)
                )
            if (
                not component.vote_start
                or not component.vote_end
                or component.vote_end > fields.Datetime.now()
            ):
                raise UserError(
                    self.env._(
                        "“%s” is counted once its time is over; set when it opens and "
                        "closes.",
                        component.name,
                    )
                )

    def _check_office(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(self.env._("The secretary of the council does this."))

    def _is_awaited(self):
        """Hook: tell whether the points that it gives are still to come."""
        self.ensure_one()
        return self.kind == "community" and not self.counted_on

    def _takes_votes(self):
        self.ensure_one()
        now = fields.Datetime.now()
        return bool(
            self.kind == "community"
            and not self.counted_on
            and self.contest_id.state in DECIDING
            and self.vote_start
            and self.vote_end
            and self.vote_start <= now < self.vote_end
        )

    def _get_votable_entries(self):
        """Return the entries that the public may vote for, in the order of codes."""
        self.ensure_one()
        return (
            self.contest_id._get_decidable_entries()
            .filtered(lambda entry: entry.state in (*UNSCORED, *RANKABLE))
            .sorted("code")
        )

    @api.model
    def _get_rate(self):
        """Return under what the caller's unknown codes are counted, and of whom."""
        if self.env.user._is_public() and request:
            return "vote_address", request.httprequest.remote_addr
        return "vote", self.env.uid

    def _log_period(self):
        """Tell where who reads the contest reads it when a vote opens and closes."""
        contest = self.contest_id
        start, end = (
            contest._format_moment(moment) if moment else "–"
            for moment in (self.vote_start, self.vote_end)
        )
        # who sets the period may not write the contest
        contest.sudo()._message_act(
            body=self.env._(
                "“%(name)s” opens: %(start)s; closes: %(end)s.",
                name=self.name,
                start=start,
                end=end,
            )
        )

    def _get_key(self, kind, who):
        """Return the mark of a voter, which tells nobody who it is."""
        # the key of the database, which no reader of the rows has
        return hmac(self.env(su=True), f"hoithi vote {kind}", (self.id, str(who)))

    def _get_login_keys(self):
        """Return the marks that the caller may have, of each login of the person.

        The first is that of a new mark: of two logins that vote at once one fails.
        """
        logins_sudo = self.env["hoithi.person"]._get_logins(self.env.user)
        return [self._get_key("login", id_) for id_ in logins_sudo.ids]

    def _has_voted(self):
        """Tell whether the caller has voted, by whichever login of the person."""
        self.ensure_one()
        # marks are nobody's to read; that one's own is there may be told
        voters_sudo = self.env["hoithi.component.voter"].sudo()
        keys = self._get_login_keys()
        return bool(voters_sudo.search_count([("key", "in", keys)], limit=1))

    def _mark_voter(self, code, votes):
        """Note that somebody has voted.

        :param votes: for how many entries
        :raises UnknownCode: for a code that isn't there
        :raises TooOften: after many of these
        :raises UserError: for who has voted already
        """
        self.ensure_one()
        # marks are nobody's to read or write
        voters = self.env["hoithi.component.voter"].sudo()._open_door()
        said = self.env._("You have voted already: it counts once, and is final.")
        if self._goes_by_login():
            keys = self._get_login_keys()
            if voters.search_count([("key", "in", keys)], limit=1):
                raise UserError(said)
            voters.create(
                {
                    "component_id": self.id,
                    "key": keys[0],
                    "used": True,
                    "votes": votes,
                }
            )
            return
        typed = re.sub(r"[^A-Z0-9]", "", (code or "").upper())
        # a hall behind one address votes as often as it has codes
        self.env["hoithi.rate"]._check(*self._get_rate())
        voter = voters.search([("key", "=", self._get_key("code", typed))])
        if not voter:
            self.env["hoithi.rate"]._note(*self._get_rate())
            raise UnknownCode(
                self.env._("This code isn't known: look at its letters again.")
            )
        # of two at once the second waits, and sees that it is used
        voter.lock_for_update()
        voter.invalidate_recordset()
        if voter.used:
            raise UserError(said)
        voter.write({"used": True, "votes": votes})

    def _make_codes(self, number):
        """Return new codes; only their marks are kept, and that they were made.

        Whoever makes codes could vote with them: how many there are is on record.
        """
        self.ensure_one()
        self._check_office()
        if self.voters != "code" or self.counted_on:
            raise UserError(self.env._("“%s” takes no codes.", self.name))
        if not 0 < number <= MOST_CODES:
            raise UserError(
                self.env._("Make from 1 to %s codes at a time.", MOST_CODES)
            )
        codes = {
            "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
            for _ in range(number)
        }
        # codes are nobody's to write
        self.env["hoithi.component.voter"].sudo()._open_door().create(
            [
                {"component_id": self.id, "key": self._get_key("code", code)}
                for code in sorted(codes)
            ]
        )
        contest = self.contest_id
        self.env["hoithi.ledger"]._append(
            contest,
            "component.codes",
            contest,
            {"component": self.name, "codes": len(codes)},
        )
        # who makes codes may not write the contest
        contest.sudo()._message_act(
            body=self.env._(
                "“%(name)s”: %(number)s codes to vote with were made.",
                name=self.name,
                number=len(codes),
            )
        )
        return sorted(codes)

    def _get_lines(self, entries):
        """Return the lines of entries, made where there are none."""
        self.ensure_one()
        # lines are nobody's to write
        lines = self.env["hoithi.component.score"].sudo()._open_door()
        domain = [("component_id", "=", self.id), ("entry_id", "in", entries.ids)]
        found = lines.search(domain)
        missing = entries - found.entry_id
        if not missing:
            return found
        # of two at once the second finds the line, or begins anew
        self.env.cr.execute(
            SQL(
                "INSERT INTO hoithi_component_score"
                " (component_id, contest_id, company_id, entry_id, votes, points)"
                " SELECT %s, %s, %s, unnest(%s), 0, 0"
                " ON CONFLICT (component_id, entry_id) DO NOTHING",
                self.id,
                self.contest_id.id,
                self.company_id.id,
                missing.ids,
            )
        )
        self.invalidate_recordset(["score_ids"], flush=False)
        missing.invalidate_recordset(["component_score_ids"], flush=False)
        return lines.search(domain)

    def _count(self):
        # the points of all entries, whoever may read them
        component = self.sudo()._open_door()
        lines = component._get_lines(component._get_votable_entries())
        votes = {line: line.votes for line in lines}
        for line, given in components.share_out(votes, self.most, self.digits).items():
            line.points = float(given)
        component.write(
            {
                "counted_on": fields.Datetime.now(),
                "most_votes": max(votes.values(), default=0),
            }
        )
        facts = {"component": self.name, "most": self.most}
        # what an entry got stands in a row of its own, which a conflict hides
        self.env["hoithi.ledger"]._append_all(
            self.contest_id,
            [
                ("component.counted", self.contest_id, facts, None),
                *(
                    (
                        "component.counted",
                        line.entry_id,
                        facts | {"votes": line.votes, "points": line.points},
                        line.entry_id,
                    )
                    for line in lines
                ),
            ],
        )

    def _describe(self, line):
        """Return how an entry came by its points, as "20 × 30 / 40"."""
        self.ensure_one()
        if self.kind != "community":
            return line.reason or ""
        if not self.counted_on:
            return ""
        # by what all were divided, whoever may read the others' lines
        most_votes = self.sudo().most_votes
        return f"{format_number(self.env, self.most)} × {line.votes} / {most_votes}"

    @api.model
    def _find_broken_votes(self, contests):
        """Return the ids of those contests in which votes and voters differ."""
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """SELECT c.contest_id FROM hoithi_component c
                       WHERE c.contest_id = ANY(%s)
                         AND COALESCE((SELECT SUM(s.votes) FROM hoithi_component_score s
                                       WHERE s.component_id = c.id), 0)
                          <> COALESCE((SELECT SUM(v.votes)
                                       FROM hoithi_component_voter v
                                       WHERE v.component_id = c.id AND v.used), 0)""",
                    contests.ids,
                )
            )
        ]
