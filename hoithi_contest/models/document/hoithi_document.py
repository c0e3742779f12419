from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...lib.document import kinds, nd30
from ...tools import in_vietnamese
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import APPROVED, ISSUED, UNISSUED, state_flag
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)
LEADER = ("hoithi_contest.group_leader",)
OFFICE = SECRETARY + LEADER


class HoithiDocument(models.Model):
    """A paper of the Office: drafted, approved, numbered, issued, and then frozen."""

    _name = "hoithi.document"
    _description = "Document"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "hoithi.file.mixin",
        "hoithi.workflow.mixin",
        "hoithi.preview.mixin",
        "hoithi.publication.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "symbol", "subject", "entry_id.code"]
    _check_company_auto = True

    _transitions = (
        Transition("draft", "approved", "action_approve", LEADER),
        Transition("approved", "draft", "action_send_back", OFFICE, True),
        Transition("approved", "issued", "action_issue", SECRETARY),
        *(
            Transition(state, "cancelled", "action_cancel", SECRETARY, True)
            for state in ("draft", "approved", "issued")
        ),
    )

    # What may be written in every state, as it isn't part of the paper.
    _loose_fields = {
        "state",
        "scan_ids",
        "message_follower_ids",
        "activity_ids",
        "message_ids",
    }
    _fixed_fields = {"is_approved": EVERYTHING}
    # A change of these needs the files to be made anew.
    _printed_fields = {
        "number",
        "symbol",
        "date",
        "planned_on",
        "place",
        "subject",
        "urgency",
        "copy_form",
        "signer_id",
        "authority",
        "recipient_ids",
        "text_ids",
    }

    # what it is about
    name = fields.Char(compute="_compute_name")
    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    kind = fields.Selection("_get_kinds", required=True, index=True)
    res_model = fields.Char(string="Model", index=True)
    res_id = fields.Many2oneReference(
        string="About", model_field="res_model", index=True
    )
    entry_id = fields.Many2one(
        "hoithi.entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry that the document tells of; who may not read it may not read "
        "the document.",
    )
    source_name = fields.Char(string="Subject matter", compute="_compute_source_name")

    # what is printed
    date = fields.Date(tracking=True, copy=False)
    planned_on = fields.Date(
        string="Expected on",
        required=True,
        default=lambda self: self.env["hoithi.contest"]._get_today(),
        copy=False,
        help="Its month and year are printed until the date is given; agency and "
        "signer are those of this day.",
    )
    place = fields.Char(
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        help="Printed before the date.",
    )
    subject = fields.Text(help="What the document is about, as printed.")
    urgency = fields.Selection(
        [("urgent", "Urgent"), ("very", "Very urgent"), ("immediate", "Immediate")],
        copy=False,
        help="Printed below the number; who receives it treats it accordingly.",
    )
    agency_id = fields.Many2one(
        "hoithi.agency",
        string="Agency profile",
        compute="_compute_agency_id",
        store=True,
        precompute=True,
        ondelete="restrict",
        help="How the department is named at the date of the document.",
    )
    agency_name = fields.Char(readonly=True, copy=False)
    signer_id = fields.Many2one(
        "hoithi.agency.signer",
        compute="_compute_signer_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        domain="[('agency_id', '=', agency_id)]",
        tracking=True,
    )
    authority = fields.Selection(
        "_get_authorities",
        compute="_compute_authority",
        store=True,
        readonly=False,
        precompute=True,
    )
    signer_name = fields.Char(readonly=True, copy=False)
    # two lines where a deputy signs for the head of a body
    signer_title = fields.Text(string="Authority as printed", readonly=True, copy=False)
    signer_position = fields.Char(
        string="Position of the signer", readonly=True, copy=False
    )
    text_ids = fields.One2many(
        "hoithi.document.text", "document_id", string="Texts", copy=True
    )
    recipient_ids = fields.One2many(
        "hoithi.document.recipient",
        "document_id",
        copy=True,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )

    # state
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "Cleared for issue"),
            ("issued", "Officially issued"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_approved = state_flag("Cleared", APPROVED)
    is_issued = state_flag("Issued or Cancelled", ISSUED)
    is_unissued = state_flag("Not Issued", UNISSUED)
    user_id = fields.Many2one(
        "res.users", string="Drafted by", default=lambda self: self.env.user
    )

    # SELECTION

    @api.model
    def _get_authorities(self):
        signers = self.env["hoithi.agency.signer"]
        return signers._fields["authority"]._description_selection(self.env)

    @api.model
    def _get_kinds(self):
        return [
            # marked for translation where the kinds are described
            (kind.key, self.env._(kind.label))
            for kind in kinds.KINDS.values()
        ]

    # COMPUTE

    @api.depends("kind", "number", "symbol", "entry_id.code")
    @api.depends_context("lang")
    def _compute_name(self):
        for document in self:
            label = document._get_kind_label()
            about = document.number and nd30.full_number(
                document.number, document.symbol or ""
            )
            document.name = " ".join(
                # the code alone, which names nobody
                filter(None, [label, about or document.sudo().entry_id.code])
            )

    @api.depends("contest_id")
    def _compute_company_id(self):
        for document in self:
            document.company_id = document.contest_id.company_id

    @api.depends("res_model", "res_id")
    def _compute_source_name(self):
        for document in self:
            source = document._get_source()
            document.source_name = (
                source.display_name if source and source.has_access("read") else False
            )

    @api.depends("company_id", "date", "planned_on")
    def _compute_agency_id(self):
        agency_model = self.env["hoithi.agency"]
        for document in self:
            if document.state in ("draft", False):
                document.agency_id = agency_model._get_at(
                    document.company_id, document.date or document.planned_on
                )

    @api.depends("agency_id")
    def _compute_place(self):
        for document in self:
            if document.state not in ("draft", False):
                continue
            places = document._get_agencies().mapped("place_name")
            if not document.place or document.place in places:
                document.place = document.agency_id.place_name

    @api.depends("agency_id", "date", "planned_on")
    def _compute_signer_id(self):
        for document in self:
            if document.state not in ("draft", False):
                continue
            day = document.date or document.planned_on
            signers = document.agency_id.signer_ids.filtered(
                lambda signer, day=day: signer._is_valid_at(day)
            )
            if document.signer_id not in signers:
                document.signer_id = signers[:1]

    @api.depends("signer_id")
    def _compute_authority(self):
        for document in self:
            document.authority = document.signer_id.authority

    @api.onchange("kind", "contest_id")
    def _onchange_kind(self):
        kind = kinds.KINDS.get(self.kind)
        model = kind.source if kind else False
        if self.res_model != model:
            self.res_model, self.res_id = model, False
        if model == "hoithi.contest":
            self.res_id = self.contest_id.id

    # CONSTRAINTS

    @api.constrains("res_model", "res_id", "kind", "contest_id")
    def _check_source(self):
        for document in self:
            source = document._get_source()
            if (
                not source
                # whose document it is doesn't depend on who may read the source
                or document._get_kind_model()._get_contest(source.sudo())
                != document.contest_id
            ):
                raise ValidationError(
                    self.env._(
                        "Choose what the %(kind)s is about: a record of this contest.",
                        kind=document._get_kind_label().lower(),
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._check_given(vals_list)
        documents = (
            super(HoithiDocument, self._open_door())
            .create([self._prepare_vals(vals) for vals in vals_list])
            .with_env(self.env)
        )
        for document, vals in zip(documents, vals_list, strict=True):
            document._fill_defaults(vals)
        return documents

    @api.model
    def _prepare_vals(self, vals):
        """Complete values by what the document is about."""
        vals = dict(vals)
        kind = vals.get("kind")
        if kind not in kinds.KINDS:
            return vals
        kind_model = self.env[f"hoithi.document.kind.{kind}"]
        models = kind_model._get_source_models()
        vals["res_model"] = vals.get("res_model") or models[0]
        if models[0] == "hoithi.contest":
            vals["res_id"] = vals.get("res_id") or vals.get("contest_id")
        if vals["res_model"] in models and vals.get("res_id"):
            source = self.env[vals["res_model"]].browse(vals["res_id"])
            source.check_access("read")
            # only to tell where it belongs
            vals["entry_id"] = kind_model._get_entry(source.sudo()).id
            if not vals.get("contest_id"):
                vals["contest_id"] = kind_model._get_contest(source.sudo()).id
        return vals

    def _fill_defaults(self, vals):
        """Give a new document what its kind proposes and `vals` doesn't hold."""
        self.ensure_one()
        kind_model = self._get_kind_model()
        defaults = kind_model._get_defaults(in_vietnamese(self._get_source()))
        wordings = defaults.pop("texts", {})
        missing = {
            name: value for name, value in defaults.items() if not vals.get(name)
        }
        end = self.contest_id.date_end
        if not vals.get("planned_on") and end and end < self.planned_on:
            # papers of a past contest bear the names of then
            missing.setdefault("planned_on", end)
        if not vals.get("text_ids"):
            missing["text_ids"] = [
                fields.Command.create(
                    {
                        "key": key,
                        "sequence": sequence,
                        "content": wordings.get(key),
                    }
                )
                for sequence, key in enumerate(kind_model._texts)
            ]
        if not vals.get("recipient_ids") and "recipient_ids" not in missing:
            missing["recipient_ids"] = self._get_default_recipients()
        # the list of recipients and texts belong to the draft that is just being made
        self.sudo().write(missing)

    def write(self, vals):
        if not self.env.su and not self._is_door_open(vals.get("state")):
            self._check_writable(set(vals))
        result = super().write(vals)
        if self._printed_fields & set(vals):
            self._mark_outdated()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unnumbered_draft(self):
        if any(document.state != "draft" or document.number for document in self):
            raise UserError(
                self.env._(
                    "Only drafts without a number are deleted. Cancel the document "
                    "instead: it stays on record."
                )
            )

    # BUSINESS: RIGHTS

    def _check_drafter(self):
        """Refuse those who approve or read but don't draft."""
        if not self.env.su and not self.env.user.has_groups(",".join(SECRETARY)):
            raise AccessError(self.env._("Only a secretary drafts documents."))

    def _check_draft(self):
        """Refuse what would change the content of an approved or issued paper."""
        for document in self:
            if document.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(name)s” is %(state)s and can't be changed any more.",
                        name=document.name,
                        state=self._get_state_label(document.state).lower(),
                    )
                )

    def _check_writable(self, names):
        if names - self._loose_fields:
            self._check_drafter()

    def _get_fixed_hint(self):
        return self.env._(
            "It is %(state)s and can't be changed any more.",
            state=self._get_state_label(self.state).lower(),
        )

    # BUSINESS: WHAT IT IS ABOUT

    def _get_source(self):
        """Return the record that the document is about, or none."""
        self.ensure_one()
        if (
            not self.kind
            or not self.res_id
            or self.res_model not in self._get_kind_model()._get_source_models()
        ):
            return self.env["hoithi.contest"]
        return self.env[self.res_model].browse(self.res_id).exists()

    def _is_signed(self):
        """Tell whether the paper as it was signed is kept here."""
        self.ensure_one()
        return bool(self.scan_ids)

    def _get_kind_model(self):
        """Return the model that fills documents of this one's kind."""
        self.ensure_one()
        return self.env[f"hoithi.document.kind.{self.kind}"]

    def _get_agencies(self):
        """Return the profiles of the document's department, past ones too."""
        return self.env["hoithi.agency"].search(
            [("company_id", "in", self.company_id.ids)]
        )

    def _get_kind_label(self):
        return dict(self._get_kinds()).get(self.kind, "")

    def _get_text(self, key):
        """Return what the Office worded under `key`, one paragraph a line."""
        self.ensure_one()
        return self.text_ids.filtered(lambda text: text.key == key).content or ""

    def _get_default_recipients(self):
        """Return commands for the recipients that a new document begins with."""
        self.ensure_one()
        if not self._is_numbered():
            return []
        lines = self.env["hoithi.document.recipient"]._get_defaults(self)
        return [fields.Command.create(vals) for vals in lines]
