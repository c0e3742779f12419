from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...lib.contest import persons
from ...lib.guard import texts
from ..guard.hoithi_states import NOT_ENTERED, UNDROPPED


class HoithiConflict(models.Model):
    """A conflict of interest between a council member and an entry.

    A record, not a flag: whoever is in it, chair and secretary too, neither reads the
    reviews of the entry nor scores it.

    What rests on a name alone, or on a co-author who hasn't confirmed, is *possible*:
    it blocks until the secretary has decided, and voids nothing by itself. It keeps no
    entry from a secretary, else an author could by naming one; nobody decides the own,
    but a secretary on the council declares it.
    """

    _name = "hoithi.conflict"
    _description = "Conflict of Interest"
    _inherit = ["hoithi.reason.mixin", "hoithi.guard.mixin", "hoithi.clock.mixin"]
    _order = "entry_id, hard desc, id"
    _rec_name = "kind"

    _reason_methods = ("action_uphold", "action_pin", "action_lift")

    _server_fields = {"source"}
    _fixed_fields = {"id": {"entry_id", "member_id", "kind", "hard", "note"}}
    # what somebody has declared stays as it was said
    _late_fields = {"note"}
    # detection follows HR
    _fixed_binds_server = False
    # Nobody weighs interests against the own work: these can't be lifted.
    _never_lifted = {"author", "coauthor"}

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="cascade", index=True
    )
    member_id = fields.Many2one(
        "hoithi.council.member", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="entry_id.company_id", store=True)
    contest_id = fields.Many2one(
        related="entry_id.contest_id", store=True, index="btree_not_null"
    )
    kind = fields.Selection(
        [
            ("author", "Author"),
            ("coauthor", "Co-author"),
            ("manager", "Manager of an author"),
            ("subordinate", "Subordinate of an author"),
            ("same_unit", "Same unit"),
            ("previous_coauthor", "Co-author in an earlier edition"),
            ("kinship", "Kinship"),
            ("other", "Other interest"),
        ],
        required=True,
    )
    source = fields.Selection(
        [("detected", "Detected from HR"), ("declared", "Declared")],
        required=True,
        default="declared",
    )
    hard = fields.Boolean(
        default=True, help="A hard conflict blocks; a soft one warns."
    )
    state = fields.Selection(
        [
            ("possible", "To decide"),
            ("standing", "Standing"),
            ("lifted", "Lifted"),
        ],
        required=True,
        readonly=True,
        default="standing",
        index=True,
        help="A possible conflict blocks until the secretary decides; a lifted one "
        "doesn't count.",
    )
    note = fields.Text()
    pinned = fields.Boolean(
        readonly=True, help="Decided by the secretary; HR changes it no more."
    )
    decision_reason = fields.Text(readonly=True)

    _unique_kind = models.Constraint(
        "UNIQUE (entry_id, member_id, kind)", "This conflict is recorded already."
    )
    _check_state_hard = models.Constraint(
        "CHECK (CASE state WHEN 'possible' THEN hard WHEN 'lifted' THEN NOT hard"
        " ELSE true END)",
        "A possible conflict blocks, a lifted one doesn't.",
    )

    @api.depends_context("lang")
    @api.depends("kind", "member_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for conflict in self:
            conflict.display_name = " – ".join(
                filter(
                    None, [kinds.get(conflict.kind), conflict.member_id.display_name]
                )
            )

    @api.constrains("entry_id", "member_id")
    def _check_same_council(self):
        for conflict in self:
            # a conflict may hide the entry from who records it
            bodies = conflict.entry_id.sudo().contest_id._get_bodies()
            if conflict.member_id.council_id not in bodies:
                raise UserError(
                    self.env._(
                        "%(member)s doesn't sit on the council of this contest.",
                        member=conflict.member_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        conflicts = super().create(vals_list)
        own = conflicts.filtered(lambda c: c.member_id.user_id == self.env.user)
        if not self.env.su and not all(own.mapped("hard")):
            raise UserError(
                self.env._(
                    "An own interest blocks until another secretary has weighed it: "
                    "declare it as hard."
                )
            )
        # by hand nobody picks who judges the own work; who declares an own interest
        # picks nobody, and reads the entry no more
        (conflicts - own).entry_id._check_not_own()
        (conflicts - own).entry_id._check_no_rivals()
        conflicts._follow_up()
        return conflicts

    def write(self, vals):
        if not self.env.su and set(vals) - {"note"}:
            raise UserError(
                self.env._("Pin or lift a conflict with its buttons and a reason.")
            )
        result = super().write(vals)
        self._follow_up()
        return result

    # ACTION

    def action_ask_uphold(self):
        """Open the dialog that asks for what `action_uphold` needs."""
        return self._ask_reason("action_uphold", self.env._("Uphold the Conflict"))

    def action_uphold(self, reason=None):
        """Decide that possible conflicts are real: sheets given in them are void.

        :param reason: recorded in the score ledger
        :raises UserError: for what isn't to be decided
        """
        if any(conflict.state != "possible" for conflict in self):
            raise UserError(self.env._("This conflict has been decided already."))
        return self._decide("conflict.upheld", True, reason)

    def action_ask_pin(self):
        """Open the dialog that asks for what `action_pin` needs."""
        return self._ask_reason("action_pin", self.env._("Pin the Conflict"))

    def action_pin(self, reason=None):
        """Make conflicts hard and keep them, whatever HR says later.

        :param reason: recorded in the score ledger
        """
        return self._decide("conflict.pinned", True, reason)

    def action_ask_lift(self):
        """Open the dialog that asks for what `action_lift` needs."""
        return self._ask_reason("action_lift", self.env._("Lift the Conflict"))

    def action_lift(self, reason=None):
        """Set conflicts aside: they no longer block.

        One with a co-author who hasn't confirmed comes back by itself with the
        confirmation.

        :param reason: recorded in the score ledger
        :raises UserError: for an author's own entry
        """
        own = self.filtered(lambda conflict: conflict.kind in self._never_lifted)
        certain = own._get_certain()
        for conflict in own:
            # what is only possible, or was upheld by mistake, may be set aside
            is_decided = conflict.state == "possible" or conflict.pinned
            if not is_decided or conflict in certain:
                raise UserError(
                    self.env._("An author's conflict with the own entry stays.")
                )
        return self._decide("conflict.lifted", False, reason)

    # BUSINESS

    def _decide(self, event, hard, reason):
        if not self.env.su and self.env.user in self.member_id.user_id:
            raise AccessError(
                self.env._(
                    "Nobody decides on an own conflict: another secretary does. Where "
                    "there is none, the administrator gives somebody the role."
                )
            )
        self.check_access("write")
        self.entry_id._check_not_own()
        self.entry_id._check_no_rivals()
        reason = self._clean_reason(reason)
        # beyond the note, conflicts change by these decisions only
        self.sudo()._open_door().write(
            {
                "hard": hard,
                "state": "standing" if hard else "lifted",
                "pinned": True,
                "decision_reason": reason,
            }
        )
        self._record(event, reason)
        return True

    def _record(self, event, reason):
        for contest, conflicts in self.grouped("contest_id").items():
            self.env["hoithi.ledger"]._append_all(
                contest,
                [(event, c, {"reason": reason}, c.entry_id) for c in conflicts],
            )

    def _end(self, reason):
        """Let conflicts end of which the ground is gone, and keep them on record."""
        self.write(
            {
                "hard": False,
                "state": "lifted",
                "pinned": False,
                "decision_reason": reason,
            }
        )
        self._record("conflict.lifted", reason)

    def _leave_open(self, entries_sudo, grounds):
        """Leave it to the secretary what no longer rests on a person taken out.

        :param entries_sudo: entries, with superuser rights
        :param grounds: what `_find` found before the act
        """
        found = self._find(entries_sudo)
        known = self.search(
            [
                ("entry_id", "in", entries_sudo.ids),
                ("state", "=", "standing"),
                ("hard", "=", True),
                ("source", "=", "detected"),
                ("pinned", "=", False),
            ]
        )
        keys = {conflict: conflict._get_key() for conflict in known}
        self._open_door().concat(
            *(c for c, key in keys.items() if key in grounds and key not in found)
        ).write({"state": "possible"})

    def _get_key(self):
        """Return by what the conflict is found in `_find`."""
        self.ensure_one()
        return (self.entry_id.id, self.member_id.id, self.kind)

    def _get_certain(self):
        """Return those that rest on more than a name."""
        # the entry's authors, also where a conflict hides them from who decides
        conflicts_sudo = self.sudo()
        suspects = self.env["hoithi.person"]._find_suspects(
            conflicts_sudo.entry_id.author_ids
        )
        certain = []
        for conflict in conflicts_sudo:
            kinds = dict(
                self._find_kinds(conflict.entry_id, conflict.member_id, suspects)
            )
            if kinds.get(conflict.kind, (False, False))[1]:
                certain.append(conflict.id)
        return self.browse(certain)

    def _get_reason(self):
        """Return the conflict in words, for refusals."""
        self.ensure_one()
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        if self.state == "possible":
            kind = self.env._("%s – possible, for the secretary to decide", kind)
        return f"{kind} ({self.note})" if self.note else kind

    @api.model
    def _detect(self, entries, grounds=(), ended=None):
        """Bring the detected conflicts of `entries` in line with HR as it is now.

        Author, co-author, direct manager and direct subordinate are hard; the same
        unit and, where the department wants it, who was a co-author in an earlier
        edition are soft. What would be hard and rests on a co-author who hasn't
        confirmed, or on a name close to that of a colleague or a member, is possible.
        Declared and decided conflicts stay untouched, but for that of an author who
        has confirmed; and what is possible waits for the decision, whatever one is
        called by then: a member may take another name.

        :param grounds: what `_find` found before an act that takes grounds away;
            undecided conflicts that lose theirs by it end, and stay on record
        :param ended: why they end
        """
        if not entries:
            return
        # HR records and conflicts are closed to those whose acts lead here
        entries_sudo = entries.sudo()
        conflicts_sudo = self.sudo()._open_door()
        found = self._find(entries_sudo)
        # what hangs on the conflicts, whoever may read it
        reviews_sudo = self.env["hoithi.review"].sudo()
        doubtful = {entry_id for entry_id, _member_id, _kind in found}
        sheets = {
            (review.entry_id.id, review.member_id.id): review
            for review in reviews_sudo.search(
                [("entry_id", "in", list(doubtful)), ("state", "=", "submitted")]
            )
        }
        self._leave_to_decide(found, sheets)
        # those of a seat that has ended stay as they are
        known = conflicts_sudo.search(
            [("entry_id", "in", entries_sudo.ids), ("member_id.active", "=", True)]
        )
        known_keys = set()
        outdated = ending = doubted = conflicts_sudo.browse()
        changes = {}
        for conflict in known:
            key = conflict._get_key()
            known_keys.add(key)
            if key not in found:
                if (
                    conflict.source == "declared"
                    or conflict.state == "lifted"
                    or conflict.pinned
                ):
                    continue
                if key in grounds:
                    ending |= conflict
                elif conflict.state == "standing":
                    outdated |= conflict
                continue
            state = conflict._follow(*found[key])
            if state:
                changes.setdefault((found[key][0], state), []).append(conflict.id)
        for (hard, state), ids in changes.items():
            changed = conflicts_sudo.browse(ids)
            changed.write({"hard": hard, "state": state, "source": "detected"})
            doubted |= changed
        if outdated:
            outdated._end(self.env._("Its ground wasn't found any more."))
        if ending:
            ending._end(ended)
        found_sudo = conflicts_sudo.create(
            [
                {
                    "entry_id": entry_id,
                    "member_id": member_id,
                    "kind": kind,
                    "source": "detected",
                    "hard": hard,
                    "state": self._get_found_state(hard, certain),
                }
                for (entry_id, member_id, kind), (hard, certain) in found.items()
                if (entry_id, member_id, kind) not in known_keys
            ]
        )
        (doubted | found_sudo)._announce_doubts(sheets)

    @api.model
    def _leave_to_decide(self, found, sheets):
        """Make only possible what would void a sheet that is submitted already.

        A change of HR records takes no sheet away in silence: the secretary decides.
        The own work is nobody's to weigh.

        :param found: as `_find` returns it; changed in place
        :param sheets: the submitted sheets by (entry id, member id)
        """
        for (entry_id, member_id, kind), (hard, certain) in found.items():
            if (
                certain
                and kind not in self._never_lifted
                and (entry_id, member_id) in sheets
            ):
                found[entry_id, member_id, kind] = (hard, False)

    def _announce_doubts(self, sheets):
        """Tell secretaries, chair and member of a submitted sheet that is in doubt."""
        for conflict in self:
            sheet = sheets.get((conflict.entry_id.id, conflict.member_id.id))
            if sheet and conflict.state == "possible":
                chairs = sheet.contest_id.council_id._get_members("chair")
                told = sheet.entry_id._get_unhindered(
                    sheet.contest_id.secretary_ids | chairs.user_id
                )
                sheet._announce("sheet_doubted", (told | sheet.user_id).partner_id)

    @api.model
    def _get_found_state(self, hard, certain):
        """Return the state of what is found; what only warns is nothing to decide."""
        return "possible" if hard and not certain else "standing"

    def _follow(self, hard, certain):
        """Return the new state of a conflict that is found again, if it changes."""
        self.ensure_one()
        # nobody weighs interests against work that one stands by
        is_own = hard and certain and self.kind in self._never_lifted
        is_settled = (
            (self.pinned and not is_own)
            or (self.state == "standing" and (self.hard or not hard))
            or (self.state == "possible" and not certain)
        )
        # confirmed since, there again after it had ended, or declared as harmless
        return None if is_settled else self._get_found_state(hard, certain)

    @api.model
    def _find(self, entries_sudo):
        """Return {(entry id, member id, kind): (hard, certain)} as HR is now."""
        found = {}
        partners = self._get_previous_coauthors(entries_sudo)
        councils = entries_sudo.contest_id._get_bodies()
        # a name may mean any member; of known authors the database tells who is near
        is_named = any(map(self._is_only_named, entries_sudo.author_ids))
        members = {
            council: council.member_ids
            if is_named
            else self._get_related_members(council, entries_sudo.author_ids)
            for council in councils
        }
        related = {c: self._index_members(found) for c, found in members.items()}
        names = {c: self._index_names(c) for c in councils} if is_named else {}
        suspects = self.env["hoithi.person"]._find_suspects(entries_sudo.author_ids)
        pairs = [
            (entry, council)
            for entry in entries_sudo
            for council in entry.contest_id._get_bodies()
        ]
        for entry, council in pairs:
            index = related.get(council, {})
            near = {
                member: None
                for key in self._get_relations(entry, suspects)
                for member in index.get(key, ())
            }
            if council in names:
                near |= dict.fromkeys(self._get_namesakes(entry, names[council]))
            for member in near:
                for kind, strength in self._find_kinds(entry, member, suspects):
                    found[entry.id, member.id, kind] = strength
            for member in council.member_ids if partners else ():
                if partners.get((entry.contest_id, member.employee_id), set()) & set(
                    entry.author_ids.employee_id.ids
                ):
                    found[entry.id, member.id, "previous_coauthor"] = (False, True)
        return found

    @api.model
    def _get_previous_coauthors(self, entries_sudo):
        """Return {(contest, employee): ids of who co-wrote with them elsewhere}.

        Of the members of its bodies, and of the authors of these entries.
        """
        contests = entries_sudo.contest_id.filtered(
            "company_id.hoithi_detect_previous_coauthors"
        )
        councils = contests._get_bodies()
        authors = entries_sudo.filtered(
            lambda entry: entry.contest_id in contests
        ).author_ids.employee_id
        if not (councils and authors):
            return {}
        self.env["hoithi.entry.author"].flush_model(["entry_id", "employee_id"])
        self.env["hoithi.entry"].flush_model(["state", "contest_id"])
        self.env["hoithi.council.member"].flush_model(
            ["council_id", "employee_id", "active"]
        )
        # earlier entries count also where nobody here may read them; of a council of a
        # hundred and an author who is new here nothing else is read
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT e.contest_id, m.employee_id, a.employee_id
                     FROM hoithi_entry_author a
                     JOIN hoithi_entry_author o
                       ON o.entry_id = a.entry_id AND o.employee_id != a.employee_id
                     JOIN hoithi_entry e ON e.id = a.entry_id AND e.state NOT IN %s
                     JOIN hoithi_council_member m
                       ON m.employee_id = o.employee_id AND m.active
                    WHERE a.employee_id IN %s AND m.council_id IN %s""",
                NOT_ENTERED,
                tuple(authors.ids),
                tuple(councils.ids),
            )
        )
        result = {}
        for contest_id, member_id, author_id in rows:
            member = authors.browse(member_id)
            for contest in contests:
                if contest.id != contest_id:
                    result.setdefault((contest, member), set()).add(author_id)
        return result

    @api.model
    def _get_related_members(self, council, authors):
        """Return the members who may be related to authors whose records are known.

        An author submits alone: reading a council of a hundred with its employees,
        users and addresses would be a third of that.
        """
        employees = authors.employee_id
        # who left the department may still sit on the council
        members = council.env["hoithi.council.member"].with_context(active_test=False)
        return members.search(
            [
                ("council_id", "=", council.id),
                ("active", "=", True),
                "|",
                "|",
                "|",
                ("user_id.partner_id", "in", authors.partner_id.ids),
                ("employee_id", "in", (employees | employees.parent_id).ids),
                ("employee_id.parent_id", "in", employees.ids),
                ("employee_id.department_id", "in", authors.department_id.ids),
            ]
        ).with_env(council.env)

    @api.model
    def _index_members(self, members):
        """Return the members by what may relate them to an author.

        A council of a hundred and entries by the thousand have too many pairs to look
        at each.
        """
        index = {}
        for member in members:
            employee = member.employee_id
            for key in (
                ("partner", member.user_id.partner_id),
                ("employee", employee),
                ("manager", employee.parent_id),
                ("unit", employee.department_id),
            ):
                if key[1]:
                    index.setdefault(key, []).append(member)
            for address in self._get_addresses(member):
                index.setdefault(("address", address), []).append(member)
        return index

    @api.model
    def _index_names(self, council):
        """Return the members of a council by name, to find those that are close."""
        return persons.NameIndex(
            {member: texts.fold(member.user_id.name) for member in council.member_ids}
        )

    @api.model
    def _get_namesakes(self, entry, index):
        """Return the members who may be meant by an author who isn't a colleague."""
        return [
            member
            for author in entry.author_ids
            if self._is_only_named(author)
            for member in index.find(texts.fold(author.full_name))
        ]

    @api.model
    def _is_only_named(self, author):
        """Tell whether a name is all that is known of an author.

        Who declined and was an author by login is known to be none.
        """
        return not author.employee_id and not author.declined_on

    @api.model
    def _get_relations(self, entry, suspects):
        """Return the keys of the index under which related members stand."""
        return [
            key
            for author in entry.author_ids
            for employee in author.employee_id or suspects.get(author, ())
            for key in (
                ("employee", employee),
                ("employee", employee.parent_id),
                ("manager", employee),
            )
        ] + [
            key
            for author in entry.author_ids
            for key in (
                ("partner", author.partner_id),
                ("address", persons.mailbox_key(author.email)),
                ("unit", author.department_id),
            )
        ]

    @api.model
    def _find_kinds(self, entry, member, suspects=None):
        """Return (kind, (hard, certain)) for each relation of `member` to the authors.

        Certain is what rests on the representative, who registered the entry, or on a
        co-author who confirmed.

        :param suspects: {author: employees who may be meant}, looked up if not given
        """
        if suspects is None:
            suspects = self.env["hoithi.person"]._find_suspects(entry.author_ids)
        kinds = {}

        def note(kind, hard, certain):
            kinds[kind] = (hard, certain or kinds.get(kind, (hard, False))[1])

        employee = member.employee_id
        for author in entry.author_ids:
            certain = bool(author.is_representative or author.confirmed_on)
            own_kind = "author" if author.is_representative else "coauthor"
            if self._is_person(author, member):
                note(own_kind, True, certain)
                continue
            if self._may_be_person(author, member, suspects):
                note(own_kind, True, False)
            certain = certain and bool(author.employee_id)
            for other in author.employee_id or suspects.get(author, ()):
                if employee and other.parent_id == employee:
                    note("manager", True, certain)
                if employee and employee.parent_id == other:
                    note("subordinate", True, certain)
            if author.department_id and (
                author.department_id == employee.department_id
            ):
                note("same_unit", False, True)
        return kinds.items()

    @api.model
    def _is_person(self, author, member):
        """Tell whether an author is the member, by contact or employee record."""
        return (
            author.partner_id and author.partner_id == member.user_id.partner_id
        ) or (author.employee_id and author.employee_id == member.employee_id)

    @api.model
    def _may_be_person(self, author, member, suspects):
        """Tell whether the member may be meant by the name or address of an author."""
        if not self._is_only_named(author):
            return False
        return (
            member.employee_id in suspects.get(author, ())
            or persons.are_close(
                texts.fold(author.full_name), texts.fold(member.user_id.name)
            )
            or persons.mailbox_key(author.email) in self._get_addresses(member)
        )

    @api.model
    def _get_addresses(self, member):
        """Return the addresses of a member, private ones included, as compared."""
        user, employee = member.user_id, member.employee_id
        typed = (user.login, user.email, employee.work_email, employee.private_email)
        return {key for key in map(persons.mailbox_key, typed) if key}

    def _void_reviews(self):
        """Void what a member already gave in what turns out to be a hard conflict.

        A possible one voids nothing before it is decided.
        """
        pairs = {
            (conflict.entry_id.id, conflict.member_id.id)
            for conflict in self
            if conflict.hard and conflict.state == "standing"
        }
        # a conflict may be found by an act of somebody without rights on reviews
        reviews_sudo = self.env["hoithi.review"].sudo()
        reviews_sudo = reviews_sudo.search(
            [
                ("entry_id", "in", [entry_id for entry_id, _member_id in pairs]),
                ("member_id", "in", [member_id for _entry_id, member_id in pairs]),
                ("state", "in", UNDROPPED),
            ]
        )
        ended = reviews_sudo.filtered(
            lambda review: (review.entry_id.id, review.member_id.id) in pairs
        )
        # the member learns that there is a conflict, and not which: it would tell who
        # wrote the entry. The conflict itself is the secretary's to read.
        if ended:
            ended._void(
                self.env._("A conflict of interest with this entry was recorded.")
            )

    def _follow_up(self):
        """Let sheets and places follow what is known of the conflicts now."""
        self._void_reviews()
        # who decides may read no scores; a sheet's counting hangs on it
        self.entry_id.sudo().filtered("review_done_count")._touch_ranks()
