import itertools
import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.council import assignment
from ...models.council.hoithi_round import IN_PRESENT_ROUND
from ...models.guard.hoithi_clock_mixin import Deadline
from ...models.guard.hoithi_states import DROPPED, REVIEWABLE
from ...tools import CLOSE, tell

_logger = logging.getLogger(__name__)

#: Reviews above which they are assigned in the background: each has its letter.
LARGE = 200
#: Pairs of an entry and a member above which they are proposed in the background: so
#: many take a second or two.
AT_ONCE = 250_000


class HoithiReviewAssign(models.TransientModel):
    """Assign members to entries: proposed as a whole, or picked by hand.

    A proposal is shown line by line before anything is assigned. Lines can be pinned,
    left out or added, and the rest proposed anew around them.
    """

    _name = "hoithi.review.assign"
    _inherit = ["hoithi.text.mixin", "hoithi.clock.mixin"]
    _description = "Assign Reviewers"

    contest_id = fields.Many2one("hoithi.contest", required=True, readonly=True)
    council_id = fields.Many2one(related="contest_id.council_id")
    mode = fields.Selection(
        [
            ("fill", "Propose: fill up to a number"),
            ("add", "Propose: add a number"),
            ("pick", "Pick by hand"),
        ],
        string="Way of assigning",
        required=True,
        default="pick",
    )
    number = fields.Integer(
        string="Reviews an entry",
        compute="_compute_number",
        store=True,
        readonly=False,
    )
    entry_ids = fields.Many2many(
        "hoithi.entry",
        string="Entries",
        domain="[('contest_id', '=', contest_id),"
        " ('state', 'in', ('eligible', 'reviewing', 'reviewed')),"
        " ('is_stopped', '=', False)]",
    )
    member_ids = fields.Many2many(
        "hoithi.council.member",
        string="Members",
        domain="[('council_id', '=', council_id), ('can_score', '=', True)]",
    )
    due_date = Deadline(string="Due")
    line_ids = fields.One2many("hoithi.review.assign.line", "wizard_id")
    shortage = fields.Text(readonly=True)
    summary = fields.Text(readonly=True)
    background = fields.Selection(
        [("waiting", "Being worked out"), ("ready", "Ready")],
        readonly=True,
        help="How far a large proposal is, which is worked out in the background.",
    )
    problem = fields.Text(string="What keeps it", readonly=True)
    preview = fields.Text(compute="_compute_preview")
    line_count = fields.Integer(compute="_compute_preview", string="New reviews")

    _check_number = models.Constraint(
        "CHECK (number >= 0)", "The number of reviews can't be negative."
    )

    @api.depends("mode", "contest_id")
    def _compute_number(self):
        for wizard in self:
            wizard.number = (
                1 if wizard.mode == "add" else wizard.contest_id._get_sheets_needed()
            )

    @api.depends("entry_ids", "member_ids", "mode", "line_ids.excluded")
    def _compute_preview(self):
        for wizard in self:
            if wizard.mode == "pick":
                new, notes = wizard._plan()
                wizard.line_count = len(new)
                wizard.preview = "\n".join(notes)
            else:
                wizard.line_count = wizard._count_lines()
                wizard.preview = False

    def _count_lines(self):
        """Return how many reviews are shown that aren't left out."""
        if not self.id:
            # as the form has them by now
            return len(self.line_ids.filtered(lambda line: not line.excluded))
        return self.line_ids.search_count(
            [("wizard_id", "=", self.id), ("excluded", "=", False)]
        )

    # ACTION

    def action_propose(self):
        """Propose the reviews that are wanting, and show them as lines.

        Pinned lines stay, lines left out aren't proposed again. Of thousands of entries
        the proposal is worked out in the background, and a message tells when it is
        ready.

        :raises UserError: where there is nothing to assign to or from
        """
        self.ensure_one()
        self.check_access("write")
        if self.mode == "pick":
            raise UserError(self.env._("Choose what to propose: fill up, or add."))
        if self.number <= 0:
            raise UserError(self.env._("Tell how many reviews an entry shall get."))
        entries, members = self._get_entries(), self._get_members()
        if not entries:
            raise UserError(self.env._("No eligible entry is there to be reviewed."))
        if not members:
            raise UserError(self.env._("No member of the council scores."))
        # the server's own work has nobody to wait for it
        if len(entries) * len(members) > AT_ONCE and not self.env.su:
            self.write({"background": "waiting", "problem": False})
            # any proposal may wake the scheduled action, and do no more with it
            self.env.ref("hoithi_contest.cron_propose_reviews").sudo()._trigger()
        else:
            self._propose(entries, members)
        return self._reopen()

    def action_look(self):
        """Show anew how far a proposal is that is worked out in the background."""
        self.ensure_one()
        self.check_access("read")
        return self._reopen()

    def action_start_over(self):
        """Leave the caller's large proposals for the contest, and open a new dialog."""
        self.ensure_one()
        self.check_access("write")
        self._find_large(self.contest_id).background = False
        return self.contest_id.action_assign_reviews()

    def action_assign(self):
        """Create the reviews that are shown; hard conflicts are left out.

        Many are created in the background, and the run is shown that does it.

        :raises UserError: where nothing is left to assign, with the reasons, and while
            the proposal is being worked out
        """
        self.ensure_one()
        if self.background == "waiting":
            raise UserError(
                self.env._(
                    "The proposal is still being worked out: wait for the message that "
                    "it is ready."
                )
            )
        # one that is picked by hand after a proposal isn't what was proposed
        if self.mode != "pick" and self.line_ids:
            taken = self._get_pairs(
                "hoithi.review", [("state", "!=", "void"), *IN_PRESENT_ROUND]
            )
            # somebody else may have assigned them since the proposal
            lines = self.line_ids.filtered(
                lambda line: (
                    not line.excluded
                    and (line.entry_id.id, line.member_id.id) not in taken
                )
            )
            lines -= self._find_filled(lines)
            pairs, notes = [(line.entry_id, line.member_id) for line in lines], []
        else:
            pairs, notes = self._plan()
        if not pairs:
            raise UserError(
                "\n".join([self.env._("Nothing is left to assign."), *notes])
            )
        (self | self._find_large(self.contest_id)).background = False
        # a run is somebody's; the server's own work has nobody to show it to
        if len(pairs) > LARGE and not self.env.su:
            return self.env["hoithi.review.assign.run"]._start(
                self.contest_id, pairs, self.due_date
            )
        due_date = self.due_date or self.contest_id._get_sheet_due()
        reviews = self.env["hoithi.review"].create(
            [
                {
                    "entry_id": entry.id,
                    "member_id": member.id,
                    "due_date": due_date,
                }
                for entry, member in pairs
            ]
        )
        return tell(
            self.env._(
                "%(reviews)s reviews of %(entries)s entries were assigned to "
                "%(members)s members; they hear of it by letter.",
                reviews=len(reviews),
                entries=len(reviews.entry_id),
                members=len(reviews.member_id),
            ),
            then=CLOSE,
        )

    # CRON

    @api.model
    def _cron_propose(self):
        """Work out the large proposals that wait, each in the name of who asked."""
        cron = self.env["ir.cron"]
        waiting = self.search([("background", "=", "waiting")], order="id")
        cron._commit_progress(remaining=len(waiting))
        for wizard in waiting:
            own = wizard.try_lock_for_update()
            own = own.filtered_domain([("background", "=", "waiting")])
            try:
                if own:
                    own._propose_in_background()
            except OperationalError:
                # another transaction was first: the scheduled action begins it anew
                self.env.cr.rollback()
                return
            if not cron._commit_progress(1):
                break
            self.env.invalidate_all()

    def _propose_in_background(self):
        """Propose with the rights of who asked, and tell what came of it."""
        starter, problem = self.create_uid, False
        own = self.with_user(starter).with_context(
            lang=starter.partner_id._hoithi_get_lang(),
            allowed_company_ids=self.contest_id.company_id.ids,
        )
        try:
            with self.env.cr.savepoint():
                own.check_access("write")
                own._propose(own._get_entries(), own._get_members())
        except OperationalError:
            raise
        except UserError as error:
            problem = str(error)
        except Exception:
            # one that can't be worked out doesn't keep the next from it
            _logger.warning("Proposal %s not worked out", self.id, exc_info=True)
            problem = own.env._(
                "The proposal couldn't be worked out: propose anew, or tell the "
                "administrator."
            )
        self.write({"background": "ready", "problem": problem})
        starter.partner_id._bus_send(
            "simple_notification",
            {
                "type": "danger" if problem else "success",
                "title": own.env._("Proposal of reviewers"),
                "message": problem
                or own.env._(
                    "The proposal for “%s” is ready: look at it by the contest's "
                    "button “Assign reviews”.",
                    self.contest_id.name,
                ),
                "sticky": True,
            },
        )

    # PROPOSING

    @api.model
    def _find_large(self, contest):
        """Return the caller's large proposals for a contest, the last one first.

        Those that were applied aren't among them.
        """
        if not self.has_access("read"):
            return self.browse()
        return self.search(
            [
                ("contest_id", "=", contest.id),
                ("create_uid", "=", self.env.uid),
                ("background", "!=", False),
            ],
            order="id desc",
        )

    def _find_filled(self, lines):
        """Return the lines whose entries were given to enough others since.

        As where two secretaries had a proposal worked out, and one has applied it.
        """
        if self.mode != "fill":
            return lines.browse()
        # who reviews what isn't each secretary's to read; that enough do is
        groups = (
            self.env["hoithi.review"]
            .sudo()
            ._read_group(
                [
                    ("contest_id", "=", self.contest_id.id),
                    ("state", "not in", DROPPED),
                    *IN_PRESENT_ROUND,
                ],
                ["entry_id"],
                ["__count", "create_date:max"],
            )
        )
        given = {entry.id: (count, latest) for entry, count, latest in groups}
        filled = []
        for entry, own in lines.grouped("entry_id").items():
            count, latest = given.get(entry.id, (0, None))
            # what was there already was reckoned with, and a line may be added by hand
            if latest and latest > min(own.mapped("create_date")):
                room = max(self.number - count, 0)
                filled += own.sorted(lambda line: not line.pinned)[room:].ids
        return lines.browse(filled)

    def _propose(self, entries, members):
        """Work out a proposal, and show it."""
        problem = self._prepare_problem(entries, members)
        proposal = assignment.propose(**problem)
        self._show(proposal, problem, entries, members)

    def _get_entries(self):
        """Return the entries chosen, or all that may be reviewed."""
        domain = [
            ("contest_id", "=", self.contest_id.id),
            ("state", "in", REVIEWABLE),
            ("is_stopped", "=", False),
        ]
        if self.entry_ids:
            domain.append(("id", "in", self.entry_ids.ids))
        return self.env["hoithi.entry"].search(domain, order="code, id")

    def _get_members(self):
        """Return the members chosen, or all of the council who score."""
        members = self.contest_id.council_id.member_ids
        return (self.member_ids or members).filtered("can_score") & members

    def _get_pairs(self, model, domain):
        """Return the (entry id, member id) pairs of the contest's records."""
        # a proposal mustn't repeat a pair that a rule hides from the secretary
        rows = (
            self.env[model]
            .sudo()
            .search_fetch(
                [("entry_id.contest_id", "=", self.contest_id.id), *domain],
                ["entry_id", "member_id"],
            )
        )
        return {(row.entry_id.id, row.member_id.id) for row in rows}

    def _prepare_problem(self, entries, members):
        """Return the assignment to solve, as plain data."""
        entries._detect_conflicts()
        conflict, review = "hoithi.conflict", "hoithi.review"
        hard = self._get_pairs(conflict, [("hard", "=", True)])
        # what was recused or voided is over: assigning it again is done by hand
        over = self._get_pairs(review, [("state", "in", DROPPED), *IN_PRESENT_ROUND])
        taken = self._get_pairs(
            review, [("state", "not in", DROPPED), *IN_PRESENT_ROUND]
        )
        loads = self.env[review]._get_loads(self.contest_id, members)
        has = {entry.id: 0 for entry in entries}
        for entry_id, _member_id in taken:
            if entry_id in has:
                has[entry_id] += 1
        lines = self.line_ids.filtered(
            lambda line: line.entry_id in entries and line.member_id in members
        )

        def pairs(lines):
            return {(line.entry_id.id, line.member_id.id) for line in lines}

        blocked = hard | over | pairs(lines.filtered("excluded"))
        blocked |= self._get_strangers(entries, members)
        return {
            "entries": [
                assignment.Entry(
                    entry.id,
                    self.number - (has[entry.id] if self.mode == "fill" else 0),
                    entry.field_id.id,
                )
                for entry in entries
            ],
            "members": [
                assignment.Member(
                    member.id,
                    loads[self.contest_id, member],
                    member.max_load,
                    frozenset(member.field_ids.ids),
                )
                for member in members
            ],
            "blocked": blocked,
            "taken": taken,
            "soft": self._get_pairs(
                conflict, [("hard", "=", False), ("state", "!=", "lifted")]
            ),
            "same_unit": self._get_pairs(conflict, [("kind", "=", "same_unit")]),
            "pinned": pairs(lines.filtered("pinned")) - blocked - taken,
        }

    @api.model
    def _get_strangers(self, entries, members):
        """Return the (entry id, member id) pairs that the juries don't provide for."""
        pairs = set()
        for jury, group in entries.grouped("jury_id").items():
            if jury.member_ids:
                others = (members - jury.member_ids).ids
                pairs |= set(itertools.product(group.ids, others))
        return pairs

    def _show(self, proposal, problem, entries, members):
        """Turn a proposal into lines, a summary and what comes short."""
        excluded = self.line_ids.filtered("excluded")
        conflicts = self.env["hoithi.conflict"].search(
            [
                ("entry_id", "in", entries.ids),
                ("hard", "=", False),
                ("state", "!=", "lifted"),
            ]
        )
        warnings = {}
        for conflict in conflicts:
            key = (conflict.entry_id.id, conflict.member_id.id)
            warnings.setdefault(key, []).append(conflict._get_reason())
        loads = self._get_shown_loads(proposal, members)
        order = {entry.id: position for position, entry in enumerate(entries)}
        pairs = sorted(proposal.pairs, key=lambda pair: (order[pair[0]], pair[1]))
        (self.line_ids - excluded).unlink()
        self._add_lines(
            [
                (
                    *pair,
                    pair in problem["pinned"],
                    "; ".join(warnings.get(pair, [])) or None,
                    loads[pair[1]],
                )
                for pair in pairs
            ]
        )
        self.write(
            {
                "shortage": self._explain(proposal.shortages, members),
                "summary": self._summarise(proposal, problem, members),
                "problem": False,
            }
        )

    def _add_lines(self, rows):
        """Show reviews as lines, in one statement, as there may be tens of thousands.

        :param rows: (entry id, member id, pinned, conflict, load) of each
        """
        if not rows:
            return
        lines = self.env["hoithi.review.assign.line"]
        lines.check_access("create")
        lines.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO hoithi_review_assign_line
                          (wizard_id, entry_id, member_id, pinned, excluded, conflict,
                           load, create_uid, write_uid, create_date, write_date)
                   SELECT %(wizard)s, pair.entry, pair.member, pair.pinned, FALSE,
                          pair.conflict, pair.load, %(uid)s, %(uid)s, %(now)s, %(now)s
                     FROM unnest(%(entries)s, %(members)s, %(pinned)s::boolean[],
                                 %(conflicts)s::text[], %(loads)s)
                          WITH ORDINALITY
                          AS pair(entry, member, pinned, conflict, load, place)
                    ORDER BY pair.place""",
                wizard=self.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                **{
                    name: list(column)
                    for name, column in zip(
                        ("entries", "members", "pinned", "conflicts", "loads"),
                        zip(*rows, strict=True),
                        strict=True,
                    )
                },
            )
        )
        lines.invalidate_model()
        self.invalidate_recordset(["line_ids", "line_count"])

    def _get_shown_loads(self, proposal, members):
        """Return {member id: number of sheets} without those that a conflict hides.

        Their number would tell who reviews the entry.
        """
        reviews = self.env["hoithi.review"]
        every = reviews._get_loads(self.contest_id, members)
        shown = reviews._get_loads(self.contest_id, members, readable=True)
        return {
            member.id: proposal.loads[member.id]
            - every[self.contest_id, member]
            + shown[self.contest_id, member]
            for member in members
        }

    def _summarise(self, proposal, problem, members):
        shown = self._get_shown_loads(proposal, members)
        loads = shown.values()
        names = ", ".join(
            f"{member.display_name} {shown[member.id]}" for member in members
        )
        soft = len(problem["soft"] & set(proposal.pairs))
        return self.env._(
            "New reviews: %(reviews)s, for %(entries)s of the entries; in a soft "
            "conflict that can't be helped: %(soft)s. Each member then has %(least)s "
            "to %(most)s entries: %(names)s.",
            reviews=len(proposal.pairs),
            entries=len({entry for entry, _member in proposal.pairs}),
            soft=soft,
            least=min(loads, default=0),
            most=max(loads, default=0),
            names=names,
        )

    def _explain(self, shortages, members):
        """Return which entries come short, the worst first, and the rules to relax."""
        labels = {
            assignment.CONFLICTS: self.env._("members"),
            assignment.UNIT: self.env._("authors' unit"),
            assignment.LOADS: self.env._("loads"),
        }
        full = members.browse({key for shortage in shortages for key in shortage.full})
        advice = {
            assignment.CONFLICTS: self.env._(
                "Members: the others have the entry already, are in a conflict of "
                "interest, aren't of its jury or were left out. Let more members "
                "score, or ask for fewer reviews."
            ),
            assignment.UNIT: self.env._(
                "Authors' unit: only one member of it may review the entry. Let more "
                "members of other units score, or assign a second one by hand."
            ),
            assignment.LOADS: self.env._(
                "Loads: these members have the most entries that were agreed: %s. "
                "Raise their limit, or let more members score.",
                ", ".join(full.mapped("display_name")),
            ),
        }
        entries = self.env["hoithi.entry"].browse(s.entry for s in shortages)
        lines = [
            self.env._(
                "%(entry)s: missing %(missing)s; members who could take it: %(free)s "
                "(%(rules)s)",
                entry=entry.display_name,
                missing=shortage.missing,
                free=shortage.candidates,
                rules=", ".join(labels[rule] for rule in shortage.rules),
            )
            for entry, shortage in zip(entries, shortages, strict=True)
        ]
        rules = {rule for shortage in shortages for rule in shortage.rules}
        return "\n".join(lines + [advice[rule] for rule in labels if rule in rules])

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign Reviewers"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # PICKING BY HAND

    def _plan(self):
        """Return the pairs to create and a line for each pair worth a remark."""
        self.ensure_one()
        entries, members = self.entry_ids._origin, self.member_ids._origin
        entries._detect_conflicts()
        existing = {
            (review.entry_id, review.member_id)
            for review in self.env["hoithi.review"].search(
                [
                    ("entry_id", "in", entries.ids),
                    ("state", "!=", "void"),
                    *IN_PRESENT_ROUND,
                ]
            )
        }
        conflicts = {
            (conflict.entry_id, conflict.member_id): conflict
            for conflict in self.env["hoithi.conflict"].search(
                [("entry_id", "in", entries.ids), ("state", "!=", "lifted")],
                order="hard",
            )
        }
        strangers = self._get_strangers(entries, members)
        new, notes = [], []
        for entry in entries:
            for member in members:
                pair = (entry, member)
                conflict = conflicts.get(pair)
                names = {"entry": entry.display_name, "member": member.display_name}
                if pair in existing:
                    notes.append(
                        self.env._("%(entry)s – %(member)s: assigned already.", **names)
                    )
                    continue
                if (entry.id, member.id) in strangers:
                    notes.append(
                        self.env._(
                            "%(entry)s – %(member)s: refused, not of the jury "
                            "“%(jury)s”.",
                            jury=entry.jury_id.name,
                            **names,
                        )
                    )
                    continue
                if conflict:
                    names["conflict"] = conflict._get_reason()
                    notes.append(
                        self.env._(
                            "%(entry)s – %(member)s: refused, %(conflict)s.", **names
                        )
                        if conflict.hard
                        else self.env._(
                            "%(entry)s – %(member)s: allowed, but mind: %(conflict)s.",
                            **names,
                        )
                    )
                    if conflict.hard:
                        continue
                new.append(pair)
        return new, notes
