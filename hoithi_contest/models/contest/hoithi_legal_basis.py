import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...lib.guard.moments import write_day
from ..guard.hoithi_guard_mixin import EVERYTHING
from .hoithi_legal_text import KINDS, STATUTES

#: What a basis takes from the registry when one of its texts is chosen.
_OF_TEXT = ("kind", "number", "date", "issuer", "subject")


class HoithiLegalBasis(models.Model):
    """A text that the contest rests on, cited in order in its documents."""

    _name = "hoithi.legal.basis"
    _inherit = [
        "hoithi.file.mixin",
        "hoithi.guard.mixin",
        "hoithi.clock.mixin",
        "hoithi.rule.mixin",
    ]
    _description = "Legal Basis"
    _order = "contest_id, sequence, id"
    _rule_fields = {
        "kind": "kind",
        "number": "number",
        "date": "date",
        "issuer": "issuer",
        "subject": "subject",
        "short_name": "short_name",
        "cited_in_plan": "cited_in_plan",
    }
    _rec_name = "number"

    _fixed_fields = {"contest_is_over": EVERYTHING}
    _fixed_rows = ("contest_is_over",)
    # what the public page shows goes on being the Office's
    _open_fields = {"publish_text"}

    _file_fields = ("attachment_id",)
    _text_extensions = ("pdf", "docx", "doc", "odt", "rtf", "jpg", "jpeg", "png")
    _text_max_mb = 50

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    contest_is_over = fields.Boolean(related="contest_id.is_over")
    sequence = fields.Integer(default=10)
    legal_text_id = fields.Many2one(
        "hoithi.legal.text",
        string="From the registry",
        index="btree_not_null",
        ondelete="set null",
        help="A text of the department's registry: fills in the rest, and is watched "
        "as to whether it is still in force.",
    )
    kind = fields.Selection(
        KINDS,
        compute="_compute_of_text",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: told by the number.",
    )
    number = fields.Char(
        compute="_compute_of_text",
        store=True,
        readonly=False,
        precompute=True,
        help="As 1601/QĐ-UBND; empty for a basis that is no text, cited as its subject "
        "says it.",
    )
    date = fields.Date(
        compute="_compute_of_text", store=True, readonly=False, precompute=True
    )
    issuer = fields.Char(
        compute="_compute_of_text", store=True, readonly=False, precompute=True
    )
    subject = fields.Char(
        compute="_compute_of_text",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    # staff who read the basis needn't read the registry
    force_note = fields.Char(
        string="In force",
        compute="_compute_force",
        compute_sudo=True,
        help="Whether the text is in force today, by the registry.",
    )
    has_successor = fields.Boolean(compute="_compute_force", compute_sudo=True)
    short_name = fields.Char(help="Short form, used after the first mention.")
    cited_in_plan = fields.Boolean(
        string="Cited in the plan",
        default=True,
        help="Printed among the bases of the plan.",
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="File of the text", copy=False, index="btree_not_null"
    )
    text_file = fields.Binary(
        string="Text", compute="_compute_text_file", inverse="_inverse_text_file"
    )
    text_name = fields.Char(
        string="File name", compute="_compute_text_name", inverse="_inverse_text_file"
    )
    publish_text = fields.Boolean(
        string="Text on the public page",
        copy=False,
        help="Visitors may download the text, as that of the rules of the contest.",
    )

    @api.depends("legal_text_id")
    def _compute_of_text(self):
        """Take over what the registry says when a text is chosen, not later."""
        for basis in self:
            for name in _OF_TEXT:
                basis[name] = (
                    basis.legal_text_id[name] if basis.legal_text_id else basis[name]
                )

    @api.depends(
        "legal_text_id",
        "number",
        "legal_text_id.valid_from",
        "legal_text_id.valid_to",
        "legal_text_id.replaced_by_id",
        "contest_id",
    )
    def _compute_force(self):
        texts = self._get_texts()
        for basis in self:
            text = texts[basis]
            day = basis.contest_id._get_today()
            basis.force_note = basis._get_force_gap(text, day)
            basis.has_successor = (
                bool(basis.force_note)
                and not basis.contest_is_over
                and bool(text._get_successor(day))
            )

    @api.depends("attachment_id")
    @api.depends_context("bin_size")
    def _compute_text_file(self):
        for basis in self:
            # who reads the basis reads the text that it has, not one that a form names
            basis.text_file = basis._origin.sudo().attachment_id.datas

    @api.depends("attachment_id")
    def _compute_text_name(self):
        for basis in self:
            # as above
            basis.text_name = basis._origin.sudo().attachment_id.name

    def _inverse_text_file(self):
        files = self.env["ir.attachment"]
        # web forms ask for sizes, which are no content
        for basis in self.with_context(bin_size=False):
            # who writes the basis may compare what stands there
            file_sudo = basis.attachment_id.sudo()
            name = basis.text_name
            try:
                content = base64.b64decode(basis.text_file or b"")
            except (binascii.Error, ValueError) as error:
                raise ValidationError(
                    self.env._(
                        "The file “%s” arrived damaged: upload it again.", name or ""
                    )
                ) from error
            if not content and name and not file_sudo:
                raise ValidationError(
                    self.env._("Upload the text that “%s” names.", name)
                )
            if content and not name and file_sudo:
                raise ValidationError(self.env._("Name the file of the text."))
            if content != (file_sudo.raw or b""):
                name = name or self.env._("text.pdf")
                basis.attachment_id = content and files.create(
                    {"name": name, "raw": content}
                )
            elif content and name != file_sudo.name:
                # the record renames its file, as nobody else may
                file_sudo.name = name
                basis._check_file_content(file_sudo)

    def _check_file_content(self, file_sudo):
        if self.env.su:
            return  # not an upload
        self.env["hoithi.dossier.item"]._check_named_file(
            self.env._("Text of the legal basis"),
            self._text_extensions,
            self._text_max_mb,
            file_sudo.name or "",
            file_sudo.raw or b"",
        )

    @api.depends("number", "subject")
    def _compute_display_name(self):
        for basis in self:
            basis.display_name = " – ".join(filter(None, [basis.number, basis.subject]))

    @api.constrains("legal_text_id", "contest_id")
    def _check_text(self):
        for basis in self:
            # whose list a text is in, is no secret
            theirs = basis.legal_text_id.sudo().company_id
            if theirs and theirs != basis.contest_id.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s” is in the registry of another department: choose a text "
                        "of your own.",
                        basis.display_name,
                    )
                )

    # ACTION

    def action_use_successor(self):
        """Cite what replaced these texts, where they aren't in force any more.

        :raises UserError: where the registry knows nothing that replaced one
        """
        for contest, bases in self.grouped("contest_id").items():
            bases._use_successors(contest._get_today())
        return True

    # BUSINESS

    def _get_texts(self):
        """Return what the registry has of each basis: {basis: its text or none}.

        One that was typed in is found by its number.
        """
        texts = self.env["hoithi.legal.text"]
        typed = self.filtered(lambda basis: basis.number and not basis.legal_text_id)
        by_number = {}
        if typed:
            found = texts.search(
                [
                    ("number", "in", typed.mapped("number")),
                    (
                        "company_id",
                        "in",
                        [*typed.contest_id.company_id.ids, False],
                    ),
                ]
            )
            # that of the department before that of all
            for text in found.sorted(lambda text: bool(text.company_id)):
                by_number[text.company_id.id, text.number] = text
        return {
            basis: basis.legal_text_id
            or by_number.get((basis.contest_id.company_id.id, basis.number))
            or by_number.get((False, basis.number))
            or texts
            for basis in self
        }

    def _get_force_gap(self, text, day):
        """Return why a text shouldn't be cited at `day`, in a sentence, or nothing."""
        self.ensure_one()
        if not text or text._is_in_force(day):
            return ""
        names = {"basis": self.display_name, "day": write_day(day)}
        begins = text.valid_from or text.date
        if begins and day < begins:
            return self.env._(
                "“%(basis)s” isn't in force yet on %(day)s: it begins on %(begin)s.",
                begin=write_day(begins),
                **names,
            )
        successor = text._get_successor(day)
        if successor:
            return self.env._(
                "“%(basis)s” isn't in force on %(day)s: it ended on %(end)s, replaced "
                "by “%(successor)s”.",
                end=write_day(text.valid_to),
                successor=successor.display_name,
                **names,
            )
        return self.env._(
            "“%(basis)s” isn't in force on %(day)s: it ended on %(end)s. Cite what "
            "stands in its place.",
            end=write_day(text.valid_to),
            **names,
        )

    def _get_force_gaps(self, day):
        """Return which of these bases aren't in force at `day`, and why."""
        # who reads a basis, or a document that cites it, needn't read the registry
        bases_sudo = self.sudo()
        texts = bases_sudo._get_texts()
        gaps = (basis._get_force_gap(texts[basis], day) for basis in bases_sudo)
        return [gap for gap in gaps if gap]

    def _use_successors(self, day):
        """Put what is in force at `day` in the place of what isn't.

        A file of the former text stays, and is public no more: visitors would take it
        for what replaced it.

        :raises UserError: where the registry knows nothing that replaced one
        """
        texts = self._get_texts()
        for basis in self:
            text = texts[basis]
            if not text or text._is_in_force(day):
                continue
            successor = text._get_successor(day)
            if not successor:
                raise UserError(basis._get_force_gap(text, day))
            # the file, if there is one, is that of the former text
            basis.write({"legal_text_id": successor.id, "publish_text": False})

    def _needs_number(self):
        """Tell whether such a text is cited with number and date."""
        self.ensure_one()
        if self.kind:
            return self.kind not in STATUTES | {"other"}
        return bool(self.number)
