from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.guard import moments
from ..guard.hoithi_name_order_mixin import sort_name
from ..guard.hoithi_states import ADMITTING, ASIDE, IN_WORK, UNSCREENED

READY, WAITING, STUCK = "ready", "waiting", "stuck"
#: By the state, when an entry came into it.
SINCE = {
    "submitted": ("supplemented_on", "submitted_on"),
    "supplement": ("supplement_requested_on",),
    "eligible": ("screened_on",),
    "ineligible": ("screened_on",),
    "selected": ("decided_on",),
    "not_selected": ("decided_on",),
    "nominated": ("nominated_on",),
    "withdrawn": ("withdrawn_on",),
    "disqualified": ("disqualified_on",),
}


class HoithiEntry(models.Model):
    """What a card of the board tells: what the entry waits for, and since when.

    Nothing of it is stored: a supplement becomes overdue without anybody's act.
    """

    _inherit = "hoithi.entry"

    board_status = fields.Selection(
        [(READY, "Ready"), (WAITING, "Waits"), (STUCK, "Late or stuck")],
        string="How it stands",
        compute="_compute_board",
        search="_search_board_status",
        exportable=False,
    )
    board_note = fields.Char(
        string="What it waits for", compute="_compute_board", exportable=False
    )
    state_days = fields.Integer(
        string="Days in this state",
        compute="_compute_state_days",
        exportable=False,
        help="Whole days since the entry came into its state, as its dates tell.",
    )
    state_age = fields.Selection(
        [("old", "Old"), ("too_old", "Too old")],
        compute="_compute_state_days",
        exportable=False,
    )
    author_count = fields.Integer(
        compute="_compute_author_count", string="Number of authors", exportable=False
    )
    first_author = fields.Char(
        compute="_compute_author_count",
        string="First author",
        exportable=False,
        help="Who acts for the authors, and how many there are beside.",
    )

    def init(self):
        """Tell PostgreSQL that a contest is of one department.

        Where it takes the two for independent, it counts the columns of a board by
        reading the entries themselves, not the index that was made for that.
        """
        self.env.cr.execute(
            """CREATE STATISTICS IF NOT EXISTS hoithi_entry_of_contest (dependencies)
                   ON contest_id, company_id FROM hoithi_entry"""
        )
        return super().init()

    # COMPUTE

    @api.depends_context("uid", "lang")
    @api.depends("state", "supplement_due", "unit_confirmed_on")
    def _compute_board(self):
        for entry in self:
            entry.board_status, entry.board_note = entry._get_board()

    @api.depends(
        "state", "company_id.hoithi_old_days", "company_id.hoithi_too_old_days"
    )
    def _compute_state_days(self):
        now = fields.Datetime.now()
        for entry in self:
            since = entry._get_state_moment()
            days = (now - since).days if since and entry.state in IN_WORK else 0
            entry.state_days = max(days, 0)
            # as the department has it, whoever reads the board
            company_sudo = entry.sudo().company_id
            entry.state_age = (
                "too_old"
                if days >= company_sudo.hoithi_too_old_days
                else "old"
                if days >= company_sudo.hoithi_old_days
                else False
            )

    @api.depends("author_ids.is_representative", "author_ids.declined_on")
    def _compute_author_count(self):
        for entry in self:
            authors = entry._get_authors()
            entry.author_count = len(authors)
            first = entry.representative_id or authors[:1]
            entry.first_author = first.full_name
            if first and len(authors) > 1:
                entry.first_author = f"{first.full_name} +{len(authors) - 1}"

    def _get_state_moment(self):
        """Return when the entry came into its state (UTC), as far as it is known."""
        self.ensure_one()
        moments_known = [self[name] for name in SINCE.get(self.state, ()) if self[name]]
        return moments_known[0] if moments_known else self.create_date

    # STATUS

    def _get_board(self):
        """Return how the entry stands and what it waits for, in words.

        `_get_board_cases` says the same to the database.
        """
        self.ensure_one()
        if self.state == "supplement":
            due = self.supplement_due
            if due and due < fields.Datetime.now():
                return STUCK, self.env._(
                    "Supplement overdue since %s", self._format_day(due)
                )
            return WAITING, self.env._(
                "Waits for the author, due %s", self._format_day(due) if due else "–"
            )
        if self.state == "submitted":
            if self.author_ids.filtered("declined_on"):
                return STUCK, self.env._("Somebody declined: ask for a supplement")
            if self.unconfirmed_count:
                return WAITING, self.env._(
                    "Waits for %s co-authors to confirm", self.unconfirmed_count
                )
            if not self.unit_confirmed_on:
                return WAITING, self.env._("Waits for the head of the unit")
            return READY, self.env._("Complete, to be screened")
        if self.state == "eligible":
            return READY, self.env._("Ready for the review")
        if self.state == "reviewing":
            return WAITING, self.env._("Waits for its sheets")
        if self.state in IN_WORK:
            return READY, ""
        return False, ""

    def _format_day(self, moment):
        zone = self.contest_id.tz or moments.DEFAULT_TZ
        return moments.write_day(moments.get_local(moment, zone).date())

    @api.model
    def _get_board_cases(self, alias):
        """Return (status, condition in SQL) in the order in which they hold.

        :param alias: of the table of entries in the query
        """

        def column(name):
            return SQL.identifier(alias, name)

        def authors(condition):
            return SQL(
                "EXISTS (SELECT FROM hoithi_entry_author a"
                " WHERE a.entry_id = %s AND %s)",
                column("id"),
                condition,
            )

        state = column("state")
        return [
            (
                STUCK,
                SQL(
                    "%s = 'supplement' AND %s < %s",
                    state,
                    column("supplement_due"),
                    fields.Datetime.now(),
                ),
            ),
            (WAITING, SQL("%s = 'supplement'", state)),
            (
                STUCK,
                SQL(
                    "%s = 'submitted' AND %s",
                    state,
                    authors(SQL("a.declined_on IS NOT NULL")),
                ),
            ),
            (
                WAITING,
                SQL(
                    "%s = 'submitted' AND (%s IS NULL OR %s)",
                    state,
                    column("unit_confirmed_on"),
                    authors(SQL("a.confirmed_on IS NULL")),
                ),
            ),
            (WAITING, SQL("%s = 'reviewing'", state)),
            (
                READY,
                SQL("%s IN %s", state, IN_WORK),
            ),
        ]

    @api.model
    def _get_board_sql(self, alias):
        names = ["state", "supplement_due", "unit_confirmed_on"]
        self.env["hoithi.entry"].flush_model(names)
        self.env["hoithi.entry.author"].flush_model(["confirmed_on", "declined_on"])
        whens = [
            SQL("WHEN %s THEN %s", condition, status)
            for status, condition in self._get_board_cases(alias)
        ]
        return SQL("CASE %s END", SQL(" ").join(whens))

    @api.model
    def _search_board_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        # drafts and entries that are through have none
        wanted = [status or "" for status in value]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s, '') = ANY(%s)", self._get_board_sql(alias), wanted
            )
        )

    # BOARD

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "board_status":
            return super()._read_group_groupby(alias, groupby_spec, query)
        return self._get_board_sql(alias)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort as a Vietnamese list does: by the last word of the first author."""
        if field_name != "author_names":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        self._check_field_access(self._fields["author_names"], "read")
        self.env["hoithi.entry.author"].flush_model(["full_name", "is_representative"])
        key = SQL(
            """(SELECT %s FROM hoithi_entry_author a WHERE a.entry_id = %s
              ORDER BY a.is_representative DESC NULLS LAST, a.id LIMIT 1)""",
            sort_name(SQL.identifier("a", "full_name")),
            SQL.identifier(alias, "id"),
        )
        return SQL("%s %s %s", key, direction, nulls)

    @api.model
    def _get_folded(self, counts):
        is_screening = any(counts.get(state) for state in UNSCREENED)
        return {
            state
            for state, count in counts.items()
            if state in ASIDE or not (count or (is_screening and state in ADMITTING))
        }

    # ACTION

    def action_mark_eligible_selected(self):
        """Admit of these entries those that may be, and tell of the others why not.

        :return: a notice of what was done
        """
        return self._do_what_can_be_done("action_mark_eligible", "eligible")
