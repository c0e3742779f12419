import re
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...lib.document import kinds, nd30, wording
from ...lib.guard import packaging, pdf
from ...lib.guard.moments import write_day
from ...tools import get_worker_seconds, in_vietnamese
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import APPROVED, ISSUED, UNISSUED, state_flag
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)
LEADER = ("hoithi_contest.group_leader",)
OFFICE = SECRETARY + LEADER

#: Entries of a contest above which what is made of all of them has its own run.
LARGE = 300

#: Seconds without which a conversion isn't begun.
MIN_SECONDS = 5

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


#: What a kind tells of its papers, by the fields that keep it.
TOLD = {
    "is_for_leaders": lambda reach: "leader" in reach.readers,
    "is_for_members": lambda reach: "member" in reach.readers,
    "is_for_authors": lambda reach: "author" in reach.readers,
    "is_publishable": lambda reach: "publisher" in reach.readers,
    "is_open_once_issued": lambda reach: reach.opens_once_issued,
    "is_free_of_entries": lambda reach: not reach.lists_entries,
    "is_free_of_authors": lambda reach: not reach.names_authors,
    "is_free_of_scores": lambda reach: not reach.holds_scores,
}


def Told(**options):
    """A field that is kept from what the kind tells."""
    return fields.Boolean(
        compute="_compute_told",
        store=True,
        precompute=True,
        export_string_translation=False,
        **options,
    )


class HoithiDocument(models.Model):
    """A paper of the Office: drafted, approved, numbered, issued, and then frozen."""

    _name = "hoithi.document"
    _description = "Document"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "hoithi.file.mixin",
        "hoithi.workflow.mixin",
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

    _file_fields = ("docx_id", "pdf_id", "scan_ids")
    # What may be written in every state, as it isn't part of the paper.
    _loose_fields = {
        "state",
        "scan_ids",
        "message_follower_ids",
        "activity_ids",
        "message_ids",
    }
    _fixed_fields = {
        "is_approved": EVERYTHING,
        # what the clerk enters after the approval
        "is_issued": {"number", "date"},
    }
    _open_fields = {"scan_ids"}
    # A change of these needs the files to be made anew.
    _printed_fields = {
        "number",
        "symbol",
        "date",
        "planned_on",
        "place",
        "subject",
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
    number = fields.Char(tracking=True, copy=False)
    number_key = fields.Char(compute="_compute_number_key", store=True)
    number_year = fields.Integer(
        string="Year of the number",
        compute="_compute_number_key",
        store=True,
        aggregator=None,
    )
    symbol = fields.Char(
        compute="_compute_symbol",
        store=True,
        readonly=False,
        precompute=True,
        help="What follows the number, as KH-STNMT.",
    )
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
    signer_title = fields.Char(string="Authority as printed", readonly=True, copy=False)
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
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    issued_on = fields.Datetime(readonly=True, copy=False)
    cancel_reason = fields.Text(readonly=True, copy=False)
    back_reason = fields.Text(string="Why sent back", readonly=True, copy=False)

    # who may read it and what it doesn't tell, as its kind says: record rules go by
    # these, and what isn't said is closed
    is_for_leaders = Told()
    is_for_members = Told(index=True)
    is_for_authors = Told(index=True)
    is_publishable = Told(index=True)
    is_open_once_issued = Told()
    is_free_of_entries = Told()
    is_free_of_authors = Told()
    is_free_of_scores = Told()

    # files
    template_version_id = fields.Many2one(
        "hoithi.document.template.version",
        string="Word template",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Empty where the template that comes with the module was used.",
    )
    docx_id = fields.Many2one(
        "ir.attachment",
        string="Word file",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    pdf_id = fields.Many2one(
        "ir.attachment",
        string="PDF file",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    pdf_error = fields.Text(readonly=True, copy=False)
    generated_on = fields.Datetime(readonly=True, copy=False)
    is_outdated = fields.Boolean(
        readonly=True,
        copy=False,
        help="Something was changed since the files were made.",
    )
    context_json = fields.Json(
        string="Content",
        readonly=True,
        copy=False,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
        help="What the files were filled with; frozen with the approval.",
    )
    scan_ids = fields.Many2many(
        "ir.attachment",
        string="Signed scans",
        copy=False,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )

    pdf_file = fields.Binary(string="Preview", compute="_compute_pdf_file")
    is_numbered = fields.Boolean(compute="_compute_is_numbered")
    waiting_count = fields.Integer(
        string="Recipients to send to", compute="_compute_delivery_counts"
    )
    failed_count = fields.Integer(
        string="Deliveries that failed", compute="_compute_delivery_counts"
    )
    retry_count = fields.Integer(
        string="Deliveries tried again", compute="_compute_delivery_counts"
    )
    paper_count = fields.Integer(
        string="Recipients on paper", compute="_compute_delivery_counts"
    )

    _unique_number = models.UniqueIndex(
        "(company_id, symbol, number_year, number_key) WHERE number_key IS NOT NULL",
        "Another document of this series and year has the number already.",
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

    @api.depends("number", "symbol", "date", "planned_on")
    def _compute_number_key(self):
        for document in self:
            number = (document.number or "").strip()
            document.number_key = (
                (number.lstrip("0").casefold() or "0")
                if number and document.symbol
                else False
            )
            day = document.date or document.planned_on
            document.number_year = day.year if number and day else 0

    @api.depends("company_id", "date", "planned_on")
    def _compute_agency_id(self):
        agency_model = self.env["hoithi.agency"]
        for document in self:
            if document.state in ("draft", False):
                document.agency_id = agency_model._get_at(
                    document.company_id, document.date or document.planned_on
                )

    @api.depends("kind", "agency_id")
    def _compute_symbol(self):
        for document in self:
            if document.state not in ("draft", False):
                continue
            kind = kinds.KINDS.get(document.kind)
            if not kind or not kind.numbered or not document.agency_id:
                document.symbol = document.symbol if kind and kind.numbered else False
                continue
            # a letter's symbol ends with the unit that drafted it
            unit = "" if kind.abbreviation else wording.OFFICE_SYMBOL
            proposed = {
                agency: nd30.symbol(kind.abbreviation, agency.symbol, unit)
                for agency in document._get_agencies()
            }
            # one that was entered by hand stays
            if not document.symbol or document.symbol in proposed.values():
                document.symbol = proposed.get(document.agency_id)

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

    @api.depends("pdf_id")
    def _compute_pdf_file(self):
        for document in self:
            # who reads the document reads its file
            document.pdf_file = document.pdf_id.sudo().datas

    @api.depends("kind")
    def _compute_is_numbered(self):
        for document in self:
            document.is_numbered = bool(document.kind) and document._is_numbered()

    @api.depends("kind")
    def _compute_told(self):
        for document in self:
            reach = kinds.get_reach(document.kind)
            for name, tells in TOLD.items():
                document[name] = tells(reach)

    @api.depends(
        "recipient_ids.state", "recipient_ids.role", "recipient_ids.failing_since"
    )
    def _compute_delivery_counts(self):
        counts, failing = {}, {}
        # counts alone; the names are for the Office
        for document, state, count, since_count in (
            self.env["hoithi.document.recipient"]
            .sudo()
            ._read_group(
                [("document_id", "in", self.ids), ("role", "!=", "archive")],
                ["document_id", "state"],
                ["__count", "failing_since:count"],
            )
        ):
            counts[document.id, state] = count
            failing[document.id] = failing.get(document.id, 0) + since_count
        for document in self:
            document_id = document._origin.id
            document.waiting_count = counts.get((document_id, "waiting"), 0)
            document.failed_count = counts.get((document_id, "failed"), 0)
            document.retry_count = failing.get(document_id, 0)
            document.paper_count = counts.get((document_id, "paper"), 0) + counts.get(
                (document_id, "handed"), 0
            )

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

    @api.constrains("number", "symbol", "date", "company_id")
    def _check_number(self):
        for document in self.filtered("number_key"):
            # read as stored: to search would first write what the index refuses, and
            # its message names neither the other document nor the next number
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM hoithi_document WHERE id != %s AND company_id = %s"
                    " AND symbol = %s AND number_year = %s AND number_key = %s",
                    document.id,
                    document.company_id.id,
                    document.symbol,
                    document.number_year,
                    document.number_key,
                )
            )
            # numbers are given once, whoever may read the other document
            twin_sudo = self.sudo().browse(row[0] for row in rows)
            if twin_sudo:
                raise ValidationError(
                    self.env._(
                        "Number %(number)s/%(symbol)s of %(year)s was given already, "
                        "to “%(other)s”. The next free number is %(next)s.",
                        number=document.number,
                        symbol=document.symbol,
                        year=str(document.number_year),
                        other=twin_sudo.subject or twin_sudo.name,
                        next=document._get_next_number(document.date),
                    )
                )

    @api.constrains("scan_ids")
    def _check_scans(self):
        """Take no file from elsewhere: scans go out with the document."""
        for document in self:
            # also files that the user may not read are told apart
            if document.sudo().scan_ids.filtered(
                lambda file, document=document: (
                    (file.res_model, file.res_id) != (document._name, document.id)
                )
            ):
                raise ValidationError(
                    self.env._("Upload the signed scan on the document itself.")
                )

    # CRUD

    def init(self):
        """Let papers follow what the addon tells of their kinds from now on."""
        super().init()
        names = list(TOLD)
        for key, kind in kinds.KINDS.items():
            values = [TOLD[name](kind.reach) for name in names]
            self.env.cr.execute(
                SQL(
                    "UPDATE hoithi_document SET (%(names)s) = ROW(%(values)s)"
                    " WHERE kind = %(kind)s"
                    " AND (%(names)s) IS DISTINCT FROM (%(values)s)",
                    names=SQL(", ").join(map(SQL.identifier, names)),
                    values=SQL(", ").join(SQL("%s", value) for value in values),
                    kind=key,
                )
            )

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

    # ACTION

    def action_generate(self):
        """Make the Word and PDF files of drafts from what is on record now.

        What is made of all entries of a large contest is made in the background.

        :return: the run that makes them in the background; else a notification where a
            PDF could not be made, else True
        :raises UserError: unless the documents are drafts
        """
        self.check_access("write")
        self._check_drafter()
        self._check_draft()
        heavy = self._filter_heavy()
        (self - heavy)._generate()
        return heavy._start_run() or (self - heavy)._get_pdf_warning() or True

    def action_approve(self):
        """Approve documents as their files are: from now on their content is frozen.

        :raises UserError: without files, or where something changed since
        """
        self._check_transition("approved")
        for document in self:
            if not document.docx_id:
                raise UserError(
                    self.env._(
                        "“%s” has no file yet: let the secretary make it first.",
                        document.name,
                    )
                )
            if document.is_outdated:
                raise UserError(
                    self.env._(
                        "“%s” was changed after its file was made: let the secretary "
                        "make it anew, so that you approve what will be issued.",
                        document.name,
                    )
                )
        self._move(
            "approved",
            approved_by_id=self.env.user.id,
            approved_on=fields.Datetime.now(),
            back_reason=False,
        )
        return True

    def action_ask_send_back(self):
        """Open the dialog that asks for what `action_send_back` needs."""
        return self._ask_reason("action_send_back", self.env._("Back to Draft"))

    def action_send_back(self, reason=None):
        """Make approved documents drafts again, to be put right.

        :param reason: what is to be changed
        """
        self._check_transition("draft")
        self._move(
            "draft",
            back_reason=self._clean_reason(reason),
            approved_by_id=False,
            approved_on=False,
        )
        return True

    def action_issue(self, number=None, date=None):
        """Issue approved documents with the number and date that the clerk gives.

        Number and date come into the file as it was approved; nothing else of it
        changes, then or later. Kinds without an official number need none.

        :param number: the official number, as text; where it is left out the number
            on the document counts, and if there is none, a dialog asks
        :param date: date of the document
        :raises UserError: where number or date lack, or the agency or the signer of
            the approved file aren't those of the date
        :raises ValidationError: where the number was given already
        """
        self._check_transition("issued")
        if number or date:
            self.ensure_one()
            self._set_number(number or self.number, date or self.date)
        numbered = self.filtered(lambda document: document._is_numbered())
        if any(not (document.number and document.date) for document in numbered):
            if len(self) > 1:
                raise UserError(
                    self.env._("Give each document its number first, one by one.")
                )
            return self._get_issue_wizard()
        for document in numbered.filtered(lambda document: not document.symbol):
            raise UserError(
                self.env._(
                    "“%s” has no symbol to follow its number: send it back to draft "
                    "and enter it.",
                    document.name,
                )
            )
        for document in self:
            document._check_date()
            document._move(
                "issued",
                issued_on=fields.Datetime.now(),
                date=document.date or document.contest_id._get_today(),
            )
        self._stamp()
        return self._get_pdf_warning() or True

    def action_ask_cancel(self):
        """Open the dialog that asks for what `action_cancel` needs."""
        return self._ask_reason("action_cancel", self.env._("Cancel the Document"))

    def action_cancel(self, reason=None):
        """Cancel documents; they stay on record with their files and numbers.

        :param reason: why
        """
        self._check_transition("cancelled")
        self._move(
            "cancelled",
            cancel_reason=self._clean_reason(reason),
            **self._get_publication_values("is_published", False),
        )
        # what isn't on its way yet stays here
        self.recipient_ids.sudo()._open_door()._withdraw()
        return True

    def action_dispatch(self):
        """Send issued documents by e-mail to the recipients that weren't sent them.

        Who has no e-mail address goes on the paper list. However often it is called,
        each recipient gets one e-mail.

        :raises UserError: where a document isn't issued
        """
        self._check_sender()
        for document in self:
            lines = document.recipient_ids.filtered(
                lambda line: line.role != "archive" and line.state == "waiting"
            )
            if lines:
                lines._lock_lines()._queue()
        return True

    def action_resend(self):
        """Send again to the recipients whose e-mail failed, or is to be tried again."""
        failed = self.recipient_ids.filtered(
            lambda line: line.state == "failed" or line.failing_since
        )
        return failed.action_resend()

    def action_print_paper_list(self):
        """Return the page that lists who gets the documents on paper."""
        self.check_access("read")
        return self.env.ref(
            "hoithi_contest.hoithi_document_report_paper_list"
        ).report_action(self)

    def action_download_docx(self):
        """Return the address of the Word or Excel file."""
        self.ensure_one()
        self.check_access("read")
        return self._get_download(self.docx_id)

    def action_download_pdf(self):
        """Return the address of the PDF file."""
        self.ensure_one()
        self.check_access("read")
        return self._get_download(self.pdf_id)

    @api.model
    def _get_download(self, file):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{file.id}?download=true",
            "target": "self",
        }

    # BUSINESS: rights

    def _check_sender(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_groups(",".join(SECRETARY)):
            raise AccessError(self.env._("Only a secretary sends documents."))
        for document in self:
            if document.state != "issued":
                raise UserError(self.env._("“%s” isn't issued yet.", document.name))

    def _check_drafter(self):
        """Refuse those who approve or read but don't draft."""
        if not self.env.su and not self.env.user.has_groups(",".join(SECRETARY)):
            raise AccessError(self.env._("Only a secretary drafts documents."))

    def _check_publishable(self, flag):
        super()._check_publishable(flag)
        if self.state != "issued":
            raise UserError(self.env._("“%s” isn't issued yet.", self.name))
        if not self.is_publishable:
            raise UserError(
                self.env._(
                    "“%s” tells of authors or scores: documents of its kind are "
                    "never published. The results page names the authors who "
                    "agreed.",
                    self.name,
                )
            )

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

    def _check_date(self):
        """Refuse a date at which agency or signer were others than approved."""
        self.ensure_one()
        if not self._is_numbered():
            return
        agency = self.env["hoithi.agency"]._get_at(self.company_id, self.date)
        if agency != self.agency_id or agency.name != self.agency_name:
            raise UserError(
                self.env._(
                    "At %(date)s the agency is “%(now)s”, but the approved file says "
                    "“%(then)s”: send the document back to draft and make it anew.",
                    date=write_day(self.date),
                    now=agency.name or "–",
                    then=self.agency_name or "–",
                )
            )
        if self.signer_id and not self.signer_id._is_valid_at(self.date):
            raise UserError(
                self.env._(
                    "%(signer)s doesn't sign at %(date)s: send the document back to "
                    "draft and choose another signer.",
                    signer=self.signer_name,
                    date=write_day(self.date),
                )
            )

    def _take_transition(self, target):
        if target == "issued" and any(
            document._is_numbered() and not document.number for document in self
        ):
            raise UserError(
                self.env._(
                    "The document needs its number and date: open it and use its "
                    "button."
                )
            )
        return super()._take_transition(target)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        # whoever reads a published paper doesn't read how it came about
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "read":
            return dict.fromkeys(operations, "write")
        return operations

    # BUSINESS: what it is about

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

    def _is_numbered(self):
        self.ensure_one()
        return kinds.KINDS[self.kind].numbered

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

    # BUSINESS: numbers

    def _get_next_number(self, day=None):
        """Return the next free number of the series in the year of `day`, as text."""
        self.ensure_one()
        day = day or self.contest_id._get_today()
        # numbers count whoever may read the documents that have them; as stored, since
        # this is told while a double is being refused
        rows = self.env.execute_query(
            SQL(
                "SELECT number_key FROM hoithi_document WHERE company_id = %s"
                " AND symbol = %s AND number_year = %s AND number_key IS NOT NULL"
                " AND id != %s",
                self.company_id.id,
                self.symbol,
                day.year,
                self.id,
            )
        )
        figures = [int(match[0]) for (key,) in rows if (match := re.match(r"\d+", key))]
        return f"{max(figures, default=0) + 1:02d}"

    def _set_number(self, number, day):
        self.ensure_one()
        if self._is_numbered() and not (number or "").strip():
            raise UserError(self.env._("Enter the number of the document."))
        if not day:
            raise UserError(self.env._("Enter the date of the document."))
        self.write({"number": (number or "").strip() or False, "date": day})

    def _get_issue_wizard(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue the Document"),
            "res_model": "hoithi.document.issue",
            "view_mode": "form",
            "target": "new",
            "context": {"default_document_id": self.id},
        }

    # BUSINESS: files

    def _mark_outdated(self):
        drafts = self.filtered(
            lambda document: document.state == "draft" and document.docx_id
        )
        if drafts:
            # told by the server alone
            drafts.sudo()._open_door().is_outdated = True

    def _get_template_bytes(self):
        """Return the Word template that the document is, or was, made from."""
        self.ensure_one()
        # whoever makes a document reads its template, whoever uploaded it
        version_sudo = self.template_version_id.sudo()
        if version_sudo:
            return version_sudo.attachment_id.raw
        return self.env["hoithi.document.template"]._get_shipped(self.kind)

    def _get_default_file_name(self):
        """Return a name of the files that every system takes, without extension."""
        self.ensure_one()
        label = in_vietnamese(self)._get_kind_label()
        parts = [
            label,
            self.number and f"{self.number}-{self.symbol}",
            # the code alone, which names nobody
            self.sudo().entry_id.code,
            str(self.id),
        ]
        return packaging.slug(" ".join(filter(None, parts)))

    def _take_snapshot(self):
        """Write down how agency and signer are named now."""
        for document in self:
            signer = document.signer_id
            authority = document.authority
            lines = nd30.signature(
                f"{authority.upper()}." if authority and signer else "",
                signer.position or "",
                signer.name or "",
                signer.authority_for or document.agency_id.head_title or "–",
            )
            # told by the server alone
            document.sudo()._open_door().write(
                {
                    "agency_name": document.agency_id.name,
                    "signer_name": lines.name,
                    "signer_title": lines.authority,
                    "signer_position": lines.position,
                }
            )

    @api.model
    def _make_form(self, kind, source, extension):
        """Return the name and content of a form that is printed and not kept.

        It tells what is on record now. Whether it may be given out is for the caller.

        :param kind: a kind without an official number
        :param source: the record that the form is about
        :param extension: of the file, "docx" or "pdf"
        :raises UserError: where the form lacks something, or PDF can't be made
        """
        # agency and template are the Office's own, what is printed of them is not
        documents = in_vietnamese(self.sudo())
        source = source.with_env(documents.env)
        kind_model = documents.env[f"hoithi.document.kind.{kind}"]
        contest = kind_model._get_contest(source)
        document = documents.new(
            {
                "kind": kind,
                "contest_id": contest.id,
                "entry_id": kind_model._get_entry(source).id,
                "res_model": source._name,
                "res_id": source.id,
                "planned_on": kind_model._get_day(contest),
                "recipient_ids": [],
                **kind_model._get_defaults(source),
            }
        )
        document.template_version_id = documents.env[
            "hoithi.document.template"
        ]._get_version(kind, document.company_id)
        content = kind_model._render(document, kind_model._get_context(document))
        if extension == "pdf":
            pdfs, errors, _late = document._convert({document: content})
            if document not in pdfs:
                raise UserError(errors[document])
            content = pdfs[document]
        name = packaging.slug(f"{document._get_kind_label()} {document.entry_id.code}")
        return f"{name}.{extension}", content

    def _filter_heavy(self):
        """Return the documents that take longer to make than anybody waits."""
        # a run is somebody's; the server's own work has nobody to show it to
        heavy = self.filtered(
            lambda document: kinds.KINDS[document.kind].heavy and not self.env.su
        )
        if not heavy:
            return heavy
        # how many there are, whoever may read them
        large_sudo = (
            self.env["hoithi.entry"]
            .sudo()
            ._read_group(
                [("contest_id", "in", heavy.contest_id.ids)],
                ["contest_id"],
                having=[("__count", ">", LARGE)],
            )
        )
        large_ids = {contest.id for (contest,) in large_sudo}
        return heavy.filtered(lambda document: document.contest_id.id in large_ids)

    def _start_run(self):
        """Have documents made in the background, a run a contest and kind.

        :return: the action that shows the run, the last of several
        """
        action = False
        for (contest, kind), documents in self.grouped(
            lambda document: (document.contest_id, document.kind)
        ).items():
            action = self.env["hoithi.document.run"]._start(
                contest, sources=documents, kind=kind
            )
        return action

    def _generate(self, with_pdf=True):
        """Make the files of drafts; LibreOffice converts all in one run.

        :param with_pdf: make PDF files too
        """
        documents = in_vietnamese(self)
        documents._store_files(
            {document: document._fill() for document in documents}, with_pdf=with_pdf
        )

    def _fill(self):
        """Fill the template from what is on record now; return the file's content."""
        self.ensure_one()
        document = in_vietnamese(self)
        document._take_snapshot()
        # told by the server alone
        document_sudo = document.sudo()._open_door()
        document_sudo.template_version_id = self.env[
            "hoithi.document.template"
        ]._get_version(document.kind, document.company_id)
        kind_model = document._get_kind_model()
        context = kind_model._get_context(document)
        document_sudo.context_json = context
        return kind_model._render(document, context)

    def _stamp(self):
        """Bring number and date into the files as they were approved."""
        contents = {}
        for document in in_vietnamese(self):
            kind_model = document._get_kind_model()
            context = kind_model._stamp_context(document, document.context_json)
            contents[document] = kind_model._render(document, context)
            # told by the server alone
            document.sudo()._open_door().context_json = context
        self._store_files(contents, with_pdf=True)

    def _store_files(self, contents, with_pdf, pdf_error=False):
        """Replace the files of documents.

        :param contents: {document: content of the Word or Excel file}
        :param with_pdf: make PDF files too
        :param pdf_error: why none is made
        :return: the documents for whose PDF there was no time left
        """
        pdfs, errors, late = {}, dict.fromkeys(contents, pdf_error), self.browse()
        if with_pdf:
            pdfs, errors, late = self._convert(contents)
        now = fields.Datetime.now()
        for document, content in contents.items():
            extension = document._get_extension()
            name = document._get_kind_model()._get_file_name(document)
            content_pdf = pdfs.get(document)
            # files and what is recorded of them are the server's own
            document_sudo = document.sudo()._open_door()
            old_sudo = document_sudo.docx_id | document_sudo.pdf_id
            document_sudo.write(
                {
                    "docx_id": document._create_file(
                        f"{name}{extension}",
                        content,
                        XLSX if extension == ".xlsx" else DOCX,
                    ).id,
                    "pdf_id": content_pdf
                    and document._create_file(
                        f"{name}.pdf", content_pdf, "application/pdf"
                    ).id,
                    "pdf_error": errors.get(document, False),
                    "is_outdated": False,
                    "generated_on": now,
                }
            )
            old_sudo.unlink()
        return late

    @api.model
    def _get_conversion_seconds(self):
        """Return how long LibreOffice may take in one act.

        Half of what Odoo leaves a worker before it kills it, the rest is for what else
        there is to do.
        """
        return get_worker_seconds(pdf.SECONDS, 1 / 2)

    @api.model
    def _convert(self, contents):
        """Return PDF files of `contents`, why there is none, and what came too late.

        :return: {document: file}, {document: reason}, documents
        """
        # a workbook is worked with, not printed
        contents = {
            document: content
            for document, content in contents.items()
            if document._get_extension() == ".docx"
        }
        end = time.monotonic() + self._get_conversion_seconds()
        pdfs, errors, late, batch = {}, {}, self.browse(), contents
        while left := {d: c for d, c in contents.items() if d not in pdfs | errors}:
            seconds = end - time.monotonic()
            try:
                if seconds < MIN_SECONDS:
                    raise pdf.Overrun("")
                pdfs |= pdf.convert(batch, timeout=seconds)
            except pdf.EngineMissing:
                error = self.env._(
                    "The PDF can't be made: LibreOffice is missing on the server. Let "
                    "an administrator install it (Debian: libreoffice-writer-nogui and "
                    "fonts-liberation2), then make the files again. The Word file is "
                    "complete."
                )
                errors |= dict.fromkeys(left, error)
            except pdf.Overrun as failure:
                pdfs |= failure.made
                late = late.union(*(set(left) - set(pdfs)))
                errors |= dict.fromkeys(late, self._get_overrun_text())
            except pdf.ConversionError as failure:
                pdfs |= failure.made
                if len(batch) == 1:
                    errors[next(iter(batch))] = self.env._(
                        "LibreOffice could not make the PDF: %s. The Word file is "
                        "complete.",
                        failure,
                    )
            # one bad file mustn't take the others with it: from here on one by one
            batch = next(
                ({d: c} for d, c in contents.items() if d not in pdfs | errors), {}
            )
        return pdfs, errors, late

    @api.model
    def _get_overrun_text(self):
        return self.env._(
            "LibreOffice did not answer in time and was stopped. The Word file is "
            "complete: print from it, or make the files again later. Where that "
            "happens again, tell the administrator."
        )

    def _create_file(self, name, content, mimetype):
        self.ensure_one()
        return (
            self.env["ir.attachment"]
            # files of documents are made by the server alone
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )

    def _get_extension(self):
        return ".xlsx" if kinds.KINDS[self.kind].layout == "workbook" else ".docx"

    def _get_pdf_warning(self):
        """Return a notification that tells why a PDF is missing, or None."""
        error = next(filter(None, self.mapped("pdf_error")), None)
        if not error:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("No PDF"),
                "message": error,
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
