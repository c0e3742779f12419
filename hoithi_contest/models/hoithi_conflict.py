from odoo import api, fields, models
from odoo.exceptions import UserError


class HoithiConflict(models.Model):
    """A conflict of interest between a council member and an entry.

    A record, not a flag: whoever is in it, chair and secretary too, neither reads the
    reviews of the entry nor scores it.
    """

    _name = "hoithi.conflict"
    _description = "Conflict of Interest"
    _trusts_sudo = True
    _inherit = ["hoithi.reason.mixin", "hoithi.guard.mixin"]
    _order = "entry_id, hard desc, id"
    _rec_name = "kind"

    _reason_methods = ("action_pin", "action_lift")

    _server_fields = {"source"}
    # Nobody weighs interests against the own work: these can't be lifted.
    _never_lifted = {"author", "coauthor"}

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="cascade", index=True
    )
    member_id = fields.Many2one(
        "hoithi.council.member", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="entry_id.company_id", store=True)
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
    note = fields.Text()
    pinned = fields.Boolean(
        readonly=True, help="Decided by the secretary; HR changes it no more."
    )
    decision_reason = fields.Text(readonly=True)

    _unique_kind = models.Constraint(
        "UNIQUE (entry_id, member_id, kind)", "This conflict is recorded already."
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
            council = conflict.entry_id.sudo().contest_id.council_id
            if conflict.member_id.council_id != council:
                raise UserError(
                    self.env._(
                        "%(member)s doesn't sit on the council of this contest.",
                        member=conflict.member_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        conflicts = super().create(vals_list)
        conflicts._void_reviews()
        return conflicts

    def write(self, vals):
        if not self.env.su and set(vals) - {"note"}:
            raise UserError(
                self.env._("Pin or lift a conflict with its buttons and a reason.")
            )
        result = super().write(vals)
        self._void_reviews()
        return result

    # ACTION

    def action_pin(self, reason=None):
        """Make conflicts hard and keep them, whatever HR says later.

        :param reason: recorded in the score ledger
        """
        if reason is None:
            return self._ask_reason("action_pin", self.env._("Pin the Conflict"))
        return self._decide("conflict.pinned", True, reason)

    def action_lift(self, reason=None):
        """Lift conflicts: they warn, and no longer block.

        :param reason: recorded in the score ledger
        :raises UserError: for an author's own entry
        """
        if reason is None:
            return self._ask_reason("action_lift", self.env._("Lift the Conflict"))
        for conflict in self:
            if conflict.kind in self._never_lifted:
                raise UserError(
                    self.env._("An author's conflict with the own entry stays.")
                )
        return self._decide("conflict.lifted", False, reason)

    # BUSINESS

    def _decide(self, event, hard, reason):
        self.check_access("write")
        reason = self._clean_reason(reason)
        # beyond the note, conflicts change by these decisions only
        self.sudo()._open_door().write(
            {"hard": hard, "pinned": True, "decision_reason": reason}
        )
        for conflict in self:
            self.env["hoithi.ledger"]._append(
                conflict.entry_id.contest_id,
                event,
                conflict,
                {"reason": reason},
                conflict.entry_id,
            )
        return True

    def _get_reason(self):
        """Return the conflict in words, for refusals."""
        self.ensure_one()
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return f"{kind} ({self.note})" if self.note else kind

    @api.model
    def _detect(self, entries):
        """Bring the detected conflicts of `entries` in line with HR as it is now.

        Author, co-author, direct manager and direct subordinate are hard; the same
        unit and, where the department wants it, who was a co-author in an earlier
        edition are soft. Declared and pinned conflicts stay untouched.
        """
        # HR records and conflicts are closed to those whose acts lead here
        entries_sudo = entries.sudo()
        conflicts_sudo = self.sudo()._open_door()
        found = {}
        partners = self._get_previous_coauthors(entries_sudo)
        related = {
            council: self._index_members(council)
            for council in entries_sudo.contest_id.council_id
        }
        for entry in entries_sudo:
            index = related.get(entry.contest_id.council_id, {})
            near = {
                m: None
                for key in self._get_relations(entry)
                for m in index.get(key, ())
            }
            for member in near:
                for kind, hard in self._find_kinds(entry, member):
                    found[entry.id, member.id, kind] = hard
            for member in entry.contest_id.council_id.member_ids if partners else ():
                if partners.get((entry.contest_id, member.employee_id), set()) & set(
                    entry.author_ids.employee_id.ids
                ):
                    found[entry.id, member.id, "previous_coauthor"] = False
        known = conflicts_sudo.search([("entry_id", "in", entries_sudo.ids)])
        known_keys = set()
        outdated = conflicts_sudo.browse()
        for conflict in known:
            key = (conflict.entry_id.id, conflict.member_id.id, conflict.kind)
            known_keys.add(key)
            if (
                conflict.source == "detected"
                and not conflict.pinned
                and key not in found
            ):
                outdated |= conflict
            elif found.get(key) and not (conflict.hard or conflict.pinned):
                # declared as harmless before HR showed that it blocks
                conflict.write({"hard": True, "source": "detected"})
        outdated.unlink()
        conflicts_sudo.create(
            [
                {
                    "entry_id": entry_id,
                    "member_id": member_id,
                    "kind": kind,
                    "source": "detected",
                    "hard": hard,
                }
                for (entry_id, member_id, kind), hard in found.items()
                if (entry_id, member_id, kind) not in known_keys
            ]
        )

    @api.model
    def _get_previous_coauthors(self, entries_sudo):
        """Return {(contest, employee): ids of who co-wrote with them elsewhere}."""
        contests = entries_sudo.contest_id.filtered(
            "company_id.hoithi_detect_previous_coauthors"
        )
        members = contests.council_id.member_ids.employee_id
        if not members:
            return {}
        # earlier entries count also where nobody here may read them
        lines_sudo = (
            self.env["hoithi.entry.author"]
            .sudo()
            .search([("employee_id", "in", members.ids)])
        )
        result = {}
        for line in lines_sudo:
            entry = line.entry_id
            if entry.state in ("draft", "withdrawn"):
                continue
            others = set((entry.author_ids.employee_id - line.employee_id).ids)
            for contest in contests - entry.contest_id:
                result.setdefault((contest, line.employee_id), set()).update(others)
        return result

    @api.model
    def _index_members(self, council):
        """Return the members by what may relate them to an author.

        A council of a hundred and entries by the thousand have too many pairs to look
        at each.
        """
        index = {}
        for member in council.member_ids:
            employee = member.employee_id
            for key in (
                ("partner", member.user_id.partner_id),
                ("employee", employee),
                ("manager", employee.parent_id),
                ("unit", employee.department_id),
            ):
                if key[1]:
                    index.setdefault(key, []).append(member)
        return index

    @api.model
    def _get_relations(self, entry):
        """Return the keys of the index under which related members stand."""
        return [
            key
            for author in entry.author_ids
            for key in (
                ("partner", author.partner_id),
                ("employee", author.employee_id),
                ("employee", author.employee_id.parent_id),
                ("manager", author.employee_id),
                ("unit", author.department_id),
            )
        ]

    @api.model
    def _find_kinds(self, entry, member):
        """Return (kind, hard) for each relation of `member` to the entry's authors."""
        kinds = {}
        employee = member.employee_id
        partner = member.user_id.partner_id
        for author in entry.author_ids:
            other = author.employee_id
            if author.partner_id == partner or (other and other == employee):
                kinds["author" if author.is_representative else "coauthor"] = True
                continue
            if not other or not employee:
                continue
            if other.parent_id == employee:
                kinds["manager"] = True
            if employee.parent_id == other:
                kinds["subordinate"] = True
            if author.department_id and (
                author.department_id == employee.department_id
            ):
                kinds["same_unit"] = False
        return kinds.items()

    def _void_reviews(self):
        """Void what a member already gave in what turns out to be a hard conflict."""
        hard = {(c.entry_id.id, c.member_id.id): c for c in self.filtered("hard")}
        # a conflict may be found by an act of somebody without rights on reviews
        reviews_sudo = (
            self.env["hoithi.review"]
            .sudo()
            .search(
                [
                    ("entry_id", "in", [entry_id for entry_id, _member_id in hard]),
                    ("member_id", "in", [member_id for _entry_id, member_id in hard]),
                    ("state", "in", ("assigned", "in_progress", "submitted")),
                ]
            )
        )
        for review in reviews_sudo:
            conflict = hard.get((review.entry_id.id, review.member_id.id))
            if conflict:
                review._void(
                    self.env._("Conflict of interest: %s", conflict._get_reason())
                )
