from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.guard.moments import write_day
from ...tools import in_vietnamese
from ..guard.hoithi_states import DISPATCHED, REACHED, REPEALED, UNISSUED
from .hoithi_document_reach import TOLD

#: Kinds that are about another document, by what they do to it.
FOLLOWING = {"correction": "correct", "recall": "recall"}
#: What a document becomes by the cures that were issued, the gravest first.
CURED = (("recall", "recalled"), ("replace", "replaced"), ("correct", "corrected"))


class HoithiDocument(models.Model):
    """An issued paper is cured by another paper alone (Decree 30/2020, article 18).

    What is wrong in its form is corrected by a letter, what is wrong in its content is
    replaced by a paper of the same kind, and what should not have been issued is
    recalled. The old paper keeps its file and says from then on what became of it.
    """

    _inherit = "hoithi.document"

    cures_id = fields.Many2one(
        "hoithi.document",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The issued document that this one corrects, replaces or recalls.",
    )
    cure = fields.Selection(
        [("correct", "Corrects"), ("replace", "Replaces"), ("recall", "Recalls")],
        compute="_compute_cure",
        store=True,
        precompute=True,
    )
    cure_reason = fields.Text(readonly=True, copy=False)
    cured_by_ids = fields.One2many(
        "hoithi.document", "cures_id", string="Cured by", readonly=True
    )
    cure_state = fields.Selection(
        [
            ("corrected", "Corrected"),
            ("replaced", "Replaced"),
            ("recalled", "Recalled"),
        ],
        string="What became of it",
        compute="_compute_cure_state",
        store=True,
        # a recall that is recalled itself did nothing
        recursive=True,
        index="btree_not_null",
    )
    cure_note = fields.Char(compute="_compute_cure_note")
    is_standing = fields.Boolean(
        compute="_compute_is_standing", search="_search_is_standing"
    )
    untold_count = fields.Integer(
        string="Recipients of the old document to be told",
        compute="_compute_untold_count",
    )

    # COMPUTE

    @api.depends("kind", "cures_id")
    def _compute_cure(self):
        for document in self:
            document.cure = document.cures_id and FOLLOWING.get(
                document.kind, "replace"
            )

    @api.depends("cured_by_ids.state", "cured_by_ids.cure", "cured_by_ids.cure_state")
    def _compute_cure_state(self):
        for document in self:
            acts = set(document._get_cures().mapped("cure"))
            document.cure_state = next(
                (state for act, state in CURED if act in acts), False
            )

    @api.depends(
        "cure_state",
        "cured_by_ids.state",
        "cured_by_ids.cure_state",
        "cured_by_ids.number",
    )
    @api.depends_context("lang")
    def _compute_cure_note(self):
        labels = dict(self._fields["cure_state"]._description_selection(self.env))
        cured = self.filtered("cure_state")
        (self - cured).cure_note = False
        for document in cured:
            # who reads the old paper is told of what became of it: number and date
            cures_sudo = document.sudo()._get_cures()
            document.cure_note = self.env._(
                "%(what)s: %(papers)s",
                what=labels[document.cure_state],
                papers=", ".join(
                    cure._get_name_and_day()
                    for cure in cures_sudo.sorted(lambda cure: (cure.date, cure.id))
                ),
            )

    @api.depends("state", "cure_state")
    def _compute_is_standing(self):
        for document in self:
            document.is_standing = (
                document.state == "issued" and document.cure_state not in REPEALED
            )

    @api.model
    def _search_is_standing(self, operator, value):
        if operator != "in":
            return NotImplemented
        standing = Domain("state", "=", "issued") & Domain(
            "cure_state", "not in", REPEALED
        )
        return Domain.OR(standing if flag else ~standing for flag in value)

    @api.depends("is_standing", "cures_id", "recipient_ids.state")
    def _compute_untold_count(self):
        for document in self:
            document.untold_count = len(document._get_untold())

    @api.depends("kind", "cures_id")
    def _compute_told(self):
        following = self.filtered(
            lambda document: document.kind in FOLLOWING and document.cures_id
        )
        super(HoithiDocument, self - following)._compute_told()
        for document in following:
            # whoever reads the old paper reads what became of it; as it is kept there,
            # whoever asks
            cured_sudo = document.cures_id.sudo()
            for name in TOLD:
                document[name] = cured_sudo[name]

    # CONSTRAINTS

    @api.constrains("kind", "cures_id", "contest_id")
    def _check_cured(self):
        for document in self:
            # what there is to cure is told apart for whoever makes the cure
            cured_sudo = document.cures_id.sudo()
            if document.kind in FOLLOWING and not cured_sudo:
                raise ValidationError(
                    self.env._("Choose the issued document that this one is about.")
                )

    # CRUD

    @api.model
    def _prepare_vals(self, vals):
        vals = super()._prepare_vals(vals)
        if vals.get("kind") in FOLLOWING:
            cured = self.browse(vals.get("res_id"))
            if cured:
                cured._check_curable()
            vals["cures_id"] = cured.id
        return vals

    def write(self, vals):
        result = super().write(vals)
        if {"signed_file_id", "signature_state", "scan_ids"} & set(vals):
            self.filtered(lambda cure: cure._is_original())._tell_of_cure()
        return result

    # ACTION

    def action_ask_correct(self):
        """Open the dialog that asks for what `action_correct` needs."""
        return self._ask_reason("action_correct", self.env._("Correct the Document"))

    def action_correct(self, reason=None):
        """Draft the letter that corrects the form of an issued document.

        :param reason: what is wrong and what holds instead; the letter says it
        :return: the action that opens the letter
        :raises AccessError: for anyone but a secretary
        :raises UserError: unless the document is issued and stands
        """
        return self._cure_by("correction", reason)

    def action_ask_replace(self):
        """Open the dialog that asks for what `action_replace` needs."""
        return self._ask_reason("action_replace", self.env._("Replace the Document"))

    def action_replace(self, reason=None):
        """Draft a document of the same kind that takes an issued one's place.

        It is filled from what is on record now, and says what it replaces.

        :param reason: why; it is recorded
        :return: the action that opens the new document
        :raises AccessError: for anyone but a secretary
        :raises UserError: unless the document is issued and stands
        """
        self.ensure_one()
        if self.kind in FOLLOWING:
            raise UserError(
                self.env._(
                    "“%s” is about another document: correct or recall it instead.",
                    self.name,
                )
            )
        return self._cure_by(self.kind, reason)

    def action_ask_recall(self):
        """Open the dialog that asks for what `action_recall` needs."""
        return self._ask_reason("action_recall", self.env._("Recall the Document"))

    def action_recall(self, reason=None):
        """Draft the notice by which an issued document is taken back.

        :param reason: why; the notice says it
        :return: the action that opens the notice
        :raises AccessError: for anyone but a secretary
        :raises UserError: unless the document is issued and stands
        """
        return self._cure_by("recall", reason)

    def action_generate(self):
        """Make the files of drafts; what corrects or recalls another says why.

        :raises UserError: where it doesn't
        """
        for document in self:
            if document.kind in FOLLOWING and not document._get_text("content").strip():
                raise UserError(
                    self.env._(
                        "Enter under Texts why “%s” is corrected or recalled: the "
                        "document says it.",
                        document.cures_id.name,
                    )
                )
        return super().action_generate()

    def action_issue(self, number=None, date=None, reason=None):
        """Issue documents; what still was to go of those that they cure is held.

        Whom the cured ones had reached are told as soon as the cure is signed.
        """
        result = super().action_issue(number, date, reason)
        cures = self.filtered(lambda document: document.state == "issued")
        cures.filtered("cures_id")._take_effect()
        # a form is for persons to sign, who are told of it as it is
        cures.filtered(lambda cure: not cure._is_official())._tell_of_cure()
        return result

    def action_cancel(self, reason=None):
        """Cancel documents; what an issued one had cured stands again, and says so."""
        cures = self.filtered(lambda cure: cure.cures_id and cure.state == "issued")
        result = super().action_cancel(reason)
        for cure in cures:
            cure._note_undone(
                self.env._(
                    "“%(name)s” was cancelled, so that this document is as before: "
                    "%(reason)s",
                    name=cure._get_name_and_day(),
                    reason=cure.cancel_reason,
                )
            )
        return result

    def action_view_cure(self):
        """Open the documents that cured this one."""
        self.ensure_one()
        cures = self.cured_by_ids
        if len(cures) < 2:
            return self._get_form_action(cures)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What cured “%s”", self.name),
            "res_model": self._name,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("cures_id", "=", self.id)],
        }

    # BUSINESS

    @api.model
    def _get_followed(self):
        return SQL(
            "CASE WHEN document.kind IN %s THEN document.cures_id ELSE %s END",
            tuple(FOLLOWING),
            super()._get_followed(),
        )

    @api.model
    def _get_reason_methods(self):
        return super()._get_reason_methods() | {
            "action_correct",
            "action_replace",
            "action_recall",
        }

    def _cure_by(self, kind, reason):
        """Draft the paper that cures this one.

        :param kind: of the new paper
        """
        self.ensure_one()
        self.check_access("write")
        self._check_drafter()
        reason = self._clean_reason(reason)
        self._check_curable()
        is_same = kind == self.kind and kind not in FOLLOWING
        about = self if kind in FOLLOWING else self._get_source()
        if is_same and not about:
            raise UserError(
                self.env._("What “%s” was about isn't there any more.", self.name)
            )
        cure = self.create(
            {
                "kind": kind,
                "contest_id": self.contest_id.id,
                "res_model": about._name,
                "res_id": about.id,
                "recipient_ids": self._copy_recipients(),
                **({"subject": self.subject} if is_same else {}),
            }
        )
        # the link and the reason are the server's own
        cure.sudo()._open_door().write({"cures_id": self.id, "cure_reason": reason})
        words = cure.text_ids.filtered(lambda text: text.key == "content")
        if kind in FOLLOWING:
            words.content = reason
        elif is_same:
            # what the Office had worded is put right, not written anew
            for text in cure.text_ids:
                text.content = self._get_text(text.key) or text.content
        return self._get_form_action(cure)

    def _check_curable(self):
        if self.state != "issued":
            raise UserError(
                self.env._(
                    "“%s” isn't issued: change it as a draft, or cancel it.", self.name
                )
            )
        self._check_standing()
        begun = self.cured_by_ids.filtered(lambda cure: cure.state in UNISSUED)[:1]
        if begun:
            raise UserError(
                self.env._(
                    "“%(cure)s” about this document is being drafted already: issue "
                    "or delete it first.",
                    cure=begun.name,
                )
            )

    def _check_standing(self):
        """Refuse what isn't done any more with a replaced or recalled paper."""
        for document in self:
            if document.cure_state in REPEALED:
                raise UserError(
                    self.env._(
                        "“%(name)s” doesn't stand any more. %(note)s",
                        name=document.name,
                        note=document.cure_note,
                    )
                )

    def _check_publishable(self, flag):
        super()._check_publishable(flag)
        self._check_standing()

    @api.model
    def _get_form_action(self, document):
        return {
            "type": "ir.actions.act_window",
            "res_model": "hoithi.document",
            "res_id": document.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _copy_recipients(self):
        """Return commands for the same recipients, none of whom was sent anything."""
        return [
            fields.Command.create(
                {
                    "sequence": line.sequence,
                    "name": line.name,
                    "partner_id": line.partner_id.id,
                    "role": line.role,
                    "heading": line.heading,
                }
            )
            for line in self.recipient_ids
        ]

    def _get_told_day(self):
        days = [super()._get_told_day(), self.cures_id.date]
        return max(filter(None, days), default=None)

    def _get_cures(self):
        """Return the papers that cured this one, and weren't taken back themselves."""
        self.ensure_one()
        return self.cured_by_ids.filtered(
            lambda cure: cure.state == "issued" and cure.cure_state != "recalled"
        )

    def _note_undone(self, text):
        """Say on the paper that this one had cured that it is as before."""
        # the old paper is fixed, and its log the server's
        self.cures_id.sudo()._message_act(body=text, subtype_xmlid="mail.mt_note")

    def _take_effect(self):
        """Note what became of the old papers, and hold what was still to go of them."""
        for document in self:
            if document.cure == "recall" and document.cures_id.cures_id:
                # whoever has the first recall is told by this one; it stays on record
                document.cures_id._note_undone(
                    self.env._(
                        "“%(cure)s” was recalled by “%(name)s”, so that this document "
                        "is as before.",
                        cure=document.cures_id._get_name_and_day(),
                        name=document._get_name_and_day(),
                    )
                )
            if document.cure != "correct":
                # deliveries are recorded by the server alone; the clerk issued the cure
                document.cures_id.sudo().recipient_ids._open_door()._withdraw()
            document.cures_id.sudo()._message_act(
                body=document.cures_id.cure_note or "", subtype_xmlid="mail.mt_note"
            )

    def _get_untold(self):
        """Return the recipients whom an old paper had reached, and its cure hasn't."""
        # who gets a paper is for the Office; whoever signs has it sent
        untold_sudo = self.env["hoithi.document.recipient"].sudo()
        for cure in self.sudo().filtered(lambda cure: cure.is_standing):
            reached = cure.cures_id.recipient_ids.filtered(
                lambda line: line.state in (*DISPATCHED, *REACHED)
            )
            partners, names = reached.partner_id, set(reached.mapped("name"))
            untold_sudo |= cure.recipient_ids.filtered(
                lambda line, partners=partners, names=names: (
                    line.state == "waiting"
                    and line.role != "archive"
                    and (line.partner_id in partners or line.name in names)
                )
            )
        return untold_sudo

    def _is_original(self):
        """Tell whether the paper is kept here as it goes out: with all signatures.

        What nobody vouches for is sent by a person, who is told of that.
        """
        self.ensure_one()
        # that of the signer alone isn't all, the agency's follows
        return not self._is_doubtful() and (
            bool(self.sudo().scan_ids)
            or (bool(self.signed_file_id) and not self.signature_lacks)
        )

    def _tell_of_cure(self):
        """Send cures to whom the old papers reached."""
        if untold_sudo := self._get_untold():
            for lines_sudo in untold_sudo.grouped("document_id").values():
                lines_sudo._lock_lines()._queue()

    def _check_sender(self):
        super()._check_sender()
        self._check_standing()

    def _get_name_and_day(self):
        """Return kind, number and date, in the reader's language."""
        self.ensure_one()
        day = write_day(self.date)
        return f"{self.name} ({day})" if day else self.name

    def _get_reference(self):
        """Return how papers name this one, in Vietnamese: kind, number, date."""
        self.ensure_one()
        document = in_vietnamese(self)
        return document._get_kind_model()._get_reference(document)
