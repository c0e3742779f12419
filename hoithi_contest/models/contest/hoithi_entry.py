from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..guard.hoithi_states import (
    COMPETING,
    DECIDED,
    DISQUALIFIABLE,
    EDITABLE,
    NOT_ENTERED,
    OUT,
    RANKABLE,
    REDECIDABLE,
    RUNNING,
    SELECTED,
    TURNED_AWAY,
    UNDECIDED,
    UNSCORED,
    UNSCREENED,
    WITHDRAWABLE,
    state_flag,
)
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)
#: How many entries a message names.
NAMED = 20


class HoithiEntry(models.Model):
    """A solution that staff enter for the contest.

    Its authors live here and in `hoithi.entry.author` alone; reviewers see an entry
    through their `hoithi.review`.
    """

    _name = "hoithi.entry"
    _description = "Entry"
    _inherit = [
        "hoithi.submission.mixin",
        "hoithi.supplement.mixin",
        "hoithi.way.mixin",
        "hoithi.alike.mixin",
        "hoithi.log.mixin",
        "mail.activity.mixin",
        "hoithi.workflow.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "priority desc, submitted_on desc, id desc"
    _number_ranges = {"benefit_amount": (0, 1e15)}
    _rec_names_search = ["name", "code", "receipt_number"]
    _takes_answers = True

    _transitions = (
        Transition("draft", "submitted", "action_submit"),
        Transition("supplement", "submitted", "action_submit"),
        Transition("submitted", "eligible", "action_mark_eligible", SECRETARY),
        *(
            Transition(state, "ineligible", "action_mark_ineligible", SECRETARY, True)
            for state in UNSCREENED
        ),
        # from supplement to supplement: more time
        *(
            Transition(
                state, "supplement", "action_request_supplement", SECRETARY, True
            )
            for state in UNSCREENED
        ),
        *(
            Transition(state, "submitted", "action_undo_screening", SECRETARY, True)
            for state in ("eligible", "ineligible")
        ),
        *(
            Transition(state, "withdrawn", "action_withdraw", (), True)
            # of drafts those alone that came on paper
            for state in ("draft", *WITHDRAWABLE)
        ),
        # back to where it was; all drafts were withdrawn before 1.5
        *(
            Transition("withdrawn", state, "action_reinstate", (), True)
            for state in ("draft", *WITHDRAWABLE)
        ),
    )

    # The unit comes from HR, and no author stars the own card.
    _role_fields = dict.fromkeys(("department_id", "priority", "color"), SECRETARY)
    _person_fields = {"author_ids", "consent_publish"}
    _given_fields = {"form_key"}

    _fixed_fields = {
        "id": {"contest_id"},
        "is_content_fixed": {
            "applicability",
            "application_place",
            "benefit_amount",
            "confidential_info",
            "dossier_ids",
            "economic_benefit",
            "field_id",
            "first_applied_date",
            "known_solution",
            "name",
            "novelty",
            "novelty_level",
            "participant_type",
            "short_name",
            "social_benefit",
            "solution_content",
            "solution_type",
            "technical_benefit",
            "trial_applied_date",
        },
    }
    # supplements, changes and corrections are settled by methods of their own
    _fixed_binds_server = False

    # What the secretary may set on an entry that isn't the secretary's own: how it is
    # handled, never what it says.
    _handling_fields = {
        "priority",
        "color",
        "similar_ids",
        "message_follower_ids",
        "message_ids",
        "activity_ids",
    }

    # description
    name = fields.Char(string="Title", required=True, index="trigram", tracking=True)
    short_name = fields.Char(string="Short title")
    # a draft takes none: many are never submitted
    code = fields.Char(readonly=True, copy=False, index="trigram")
    contest_id = fields.Many2one(
        "hoithi.contest", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="contest_id.company_id", store=True, string="Department"
    )
    contest_state = fields.Selection(
        related="contest_id.state", string="Phase of the contest"
    )
    contest_is_assigning = fields.Boolean(related="contest_id.is_assigning")
    contest_is_before_council = fields.Boolean(related="contest_id.is_before_council")
    field_id = fields.Many2one(
        "hoithi.field",
        index=True,
        ondelete="restrict",
        domain="[('id', 'in', allowed_field_ids)]",
    )
    allowed_field_ids = fields.Many2many(related="contest_id.field_ids")
    participant_type = fields.Selection(
        [("individual", "Individual"), ("group", "Group")],
        string="Entered by",
        required=True,
        default="individual",
    )
    solution_type = fields.Selection(
        [
            ("technical", "Technical solution"),
            ("managerial", "Managerial solution"),
            ("operational", "Operational solution"),
            ("tech_application", "Application of technical progress"),
            ("research_topic", "Research topic"),
            ("initiative", "Initiative"),
        ],
        string="Kind of solution",
        required=True,
        default="technical",
    )
    known_solution = fields.Text(string="Known solutions and their limits")
    solution_content = fields.Text(string="Content of the solution")
    novelty = fields.Text(string="Novelty and creativity")
    novelty_level = fields.Selection(
        [
            ("unit", "New to the unit"),
            ("province", "New to the province"),
            ("country", "New to the country"),
            ("world", "New to the world"),
        ],
        string="Level of novelty",
    )
    applicability = fields.Text()
    technical_benefit = fields.Text()
    economic_benefit = fields.Text()
    social_benefit = fields.Text(string="Social and environmental benefit")
    benefit_amount = fields.Monetary(string="Benefit in money")
    currency_id = fields.Many2one(
        "res.currency",
        default=lambda self: (
            self.env.ref("base.VND", raise_if_not_found=False)
            or self.env.company.currency_id
        ),
    )
    first_applied_date = fields.Date(string="First applied on")
    trial_applied_date = fields.Date(string="Tried on")
    application_place = fields.Char(string="Applied at")
    confidential_info = fields.Text(string="Information to be kept confidential")

    # files
    # whoever calls may ask for archived records as well: an earlier version is none
    dossier_ids = fields.One2many(
        "hoithi.dossier.item", "entry_id", context={"active_test": True}
    )
    earlier_dossier_ids = fields.One2many(
        "hoithi.dossier.item",
        "entry_id",
        string="Earlier versions",
        domain=[("active", "=", False)],
        context={"active_test": False},
        readonly=True,
    )

    # state
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("supplement", "Supplement"),
            ("eligible", "Eligible"),
            ("ineligible", "Ineligible"),
            ("reviewing", "In review"),
            ("reviewed", "Reviewed"),
            ("selected", "Selected"),
            ("not_selected", "Not selected"),
            ("nominated", "Nominated"),
            ("withdrawn", "Withdrawn"),
            ("disqualified", "Disqualified"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    is_editable = state_flag("Open to its Authors", EDITABLE)
    is_competing = state_flag("Competing", COMPETING)
    is_unscreened = state_flag("To Screen", UNSCREENED)
    is_unscored = state_flag("Not Scored Yet", UNSCORED)
    is_undecided = state_flag("Not Decided Yet", UNDECIDED)
    is_selected = state_flag("Selected", SELECTED)
    is_decided = state_flag("Outcome Known", DECIDED)
    is_redecidable = state_flag("Decided by the Council", REDECIDABLE)
    is_out = state_flag("Out of the Contest", OUT)
    is_turned_away = state_flag("Turned Away", TURNED_AWAY)
    is_rankable = state_flag("Ranked", RANKABLE)
    is_disqualifiable = state_flag("May be Disqualified", DISQUALIFIABLE)
    priority = fields.Selection([("0", "Normal"), ("1", "Important")], default="0")
    color = fields.Integer()
    # Figures of a past day are counted by these moments.
    decided_on = fields.Datetime(readonly=True, copy=False)
    nominated_on = fields.Datetime(readonly=True, copy=False)
    not_selected_reason = fields.Text(readonly=True, copy=False)
    disqualified_on = fields.Datetime(readonly=True, copy=False)
    disqualified_reason = fields.Text(readonly=True, copy=False)
    disqualified_from = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    disqualified_in = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The phase of the contest in which it was.",
    )

    # the columns of the board, and the list, in their order; what rules ask of each row
    # stands beside, so that columns are counted without reading the entries themselves
    _contest_state_idx = models.Index(
        "(contest_id, state, priority DESC, submitted_on DESC, id DESC)"
        " INCLUDE (active, company_id, create_uid)"
    )
    # in place of the department's own, by which PostgreSQL would count a contest's
    # entries from the table
    _company_idx = models.Index(
        "(company_id, contest_id, state) INCLUDE (active, create_uid)"
    )
    _list_idx = models.Index("(priority DESC, submitted_on DESC, id DESC)")
    _unique_code = models.Constraint("UNIQUE (code)", "An entry's code is unique.")

    # COMPUTE

    @api.depends("name", "code")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = " – ".join(filter(None, [entry.code, entry.name]))

    # CONSTRAINTS

    @api.constrains("benefit_amount", "currency_id")
    def _check_benefit(self):
        for entry in self:
            if entry.benefit_amount < 0:
                raise ValidationError(
                    self.env._("The benefit in money is an amount from 0 on.")
                )
            if not entry.currency_id:
                raise ValidationError(
                    self.env._("Choose the currency of the benefit in money.")
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in self._check_given(vals_list)]
        if self._is_data_load():
            for vals in vals_list:
                vals.setdefault("code", self._next_code())
            return super().create(vals_list)
        contests = self.env["hoithi.contest"].browse(
            {vals["contest_id"] for vals in vals_list if vals.get("contest_id")}
        )
        if not (
            self._is_guard_open()
            and all(vals.get("paper_received_on") for vals in vals_list)
        ):
            contests._check_insider()
            contests._check_registration_open()
        lines = []
        for vals in vals_list:
            # files are taken from the entry's authors, so these come first
            lines.append(
                (
                    vals.pop("author_ids", None) or [],
                    vals.pop("dossier_ids", []),
                    vals.pop("consent_publish", False),
                )
            )
        # an entry isn't a discussion group: people hear through notices
        entries = (
            super(
                HoithiEntry,
                self._open_door().with_context(mail_create_nosubscribe=True),
            )
            .create(vals_list)
            .with_env(self.env)
        )
        for entry, (authors, files, consent) in zip(entries, lines, strict=True):
            entry._create_authors(authors)
            if consent:
                # it is the representative's to give
                entry.write({"consent_publish": True})
            if files:
                entry.write({"dossier_ids": files})
        return entries

    def write(self, vals):
        if self._is_data_load() or self._is_door_open(vals.get("state")):
            return super().write(vals)
        handling = self._get_declared("_handling_fields")
        content = set(vals) - {"state"}.union(*handling)
        if content and not self.env.su:
            self._check_content_write(content)
            self._check_supplement_parts(vals)
        result = super().write(vals)
        if "consent_publish" in vals:
            given = vals["consent_publish"]
            self._open_door().consent_on = given and fields.Datetime.now()
            self._follow_consent()
        return result

    def unlink(self):
        # the database takes the dossier along and would leave its files behind
        attachments_sudo = self.sudo()._get_file_versions().attachment_id
        result = super().unlink()
        attachments_sudo.unlink()
        return result

    def copy_data(self, default=None):
        # who keys in another's entry again isn't its author
        return [
            {**vals, "author_ids": entry._copy_authors()}
            if not entry._get_own_lines() and "author_ids" not in (default or {})
            else vals
            for entry, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # ACTION

    def action_open_portal(self):
        """Open the entry as its authors see it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self._get_portal_path(),
            "target": "new",
        }

    def _join_names(self):
        """Return the names of these entries for a message: many are counted."""
        names = ", ".join(self[:NAMED].mapped("display_name"))
        if len(self) <= NAMED:
            return names
        return self.env._(
            "%(names)s, and %(number)s more", names=names, number=len(self) - NAMED
        )

    # BUSINESS

    @api.model
    def _get_contest_domain(self):
        # on the field it would narrow what people filter by, too
        return [("state", "=", "open")]

    @api.model
    def _next_code(self):
        # staff have no right on sequences
        sequences_sudo = self.env["ir.sequence"].sudo()
        code, company_ids = "hoithi.entry", (self.env.company.id, False)
        # that of the receipts is asked for next
        found_sudo = sequences_sudo.search_fetch(
            Domain("id", "in", self.sudo().contest_id.receipt_sequence_id.ids)
            | (Domain("code", "=", code) & Domain("company_id", "in", company_ids)),
            order="company_id",
        ).filtered(lambda sequence: sequence.code == code)
        return found_sudo[0]._next() if found_sudo else False

    def _get_file_versions(self):
        """Return all files of the dossier, with those that were taken out later.

        `dossier_ids` never holds these, whatever the context asks for.
        """
        return self.dossier_ids | self.earlier_dossier_ids

    def _get_detectable(self):
        """Return those of which conflicts are anybody's business, for all readers.

        A draft isn't; and once the contest is over, nothing hangs on them.
        """
        # conflicts are found by acts of people who may not read them
        return self.sudo().filtered(
            lambda entry: (
                entry.state not in NOT_ENTERED and entry.contest_id.state in RUNNING
            )
        )

    def _on_authors_known(self):
        """Hook: it became known, or known anew, who stands behind these entries."""

    def _on_left(self, reason):
        """Hook: these entries leave the contest before its review.

        :param reason: why, for who is to read of it
        """

    # MESSAGING

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/hoithi/entries/{self.id}"

    def _announce_authors(self, kind):
        """Record a notice to the authors of each entry.

        What was decided and taken back may be decided again, and is told again.
        """
        self.env["hoithi.notice"]._announce(
            kind,
            {entry: entry._get_author_partners() for entry in self},
            occasion=fields.Datetime.to_string(fields.Datetime.now()),
        )

    def _announce(self, kind, partners, moment=None):
        """Record a notice to `partners`; the ledger sends it once."""
        self.ensure_one()
        self.env["hoithi.notice"]._announce(
            kind,
            {self: partners},
            occasion=moment and fields.Datetime.to_string(moment) or "",
            is_fresh=bool(moment),
        )
