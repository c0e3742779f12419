import base64
import binascii
import functools
import hashlib
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.document import kinds
from ...lib.guard import packaging
from .hoithi_document_file import DOCX

_SHIPPED = Path(__file__).parents[2] / "data" / "templates"


@functools.cache
def _read_shipped(kind):
    return (_SHIPPED / f"{kind}.docx").read_bytes()


class HoithiDocumentTemplate(models.Model):
    """The Word template of one kind in one department: its own, or the shipped one."""

    _name = "hoithi.document.template"
    _description = "Word Template"
    _inherit = ["mail.thread", "hoithi.guard.mixin", "hoithi.clock.mixin"]
    _clock_path = ""
    _order = "company_id, id"
    _rec_name = "kind"

    kind = fields.Selection(
        lambda self: self.env["hoithi.document"]._get_kinds(),
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    version_ids = fields.One2many(
        "hoithi.document.template.version", "template_id", readonly=True
    )
    version_id = fields.Many2one(
        "hoithi.document.template.version",
        string="Own version in use",
        readonly=True,
        tracking=True,
        help="Empty while the template that comes with the module is used.",
    )
    keeping = fields.Char(
        string="Term of keeping",
        tracking=True,
        help="How long papers of this kind are kept, as “Vĩnh viễn” or “20 năm”: for "
        "the list of the file for the archive.",
    )
    file = fields.Binary(
        string="Template",
        compute="_compute_file",
        inverse="_inverse_file",
        help="Download it, change it in Word, and upload it again.",
    )
    file_name = fields.Char(compute="_compute_file")
    placeholders = fields.Html(
        compute="_compute_placeholders", sanitize=False, compute_sudo=False
    )

    _unique_kind = models.Constraint(
        "UNIQUE (company_id, kind)", "Each kind has one template in a department."
    )

    @api.depends("kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for template in self:
            template.display_name = labels.get(template.kind, "")

    @api.depends("kind", "version_id")
    def _compute_file(self):
        lang = self.env["res.lang"]._hoithi_get_default()
        for template in self:
            content = template._get_content()
            template.file = base64.b64encode(content)
            number = template.version_id.number
            template.file_name = (
                f"{packaging.slug(template.with_context(lang=lang).display_name)}"
                f"{f'-v{number}' if number else ''}.docx"
            )

    def _inverse_file(self):
        for template in self:
            if not template.file:
                template.action_reset()
                continue
            try:
                content = base64.b64decode(template.file, validate=True)
            except (binascii.Error, ValueError) as error:
                raise ValidationError(
                    self.env._("The file arrived damaged: upload it again.")
                ) from error
            template._add_version(content)

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_placeholders(self):
        for template in self:
            template.placeholders = self.env["ir.qweb"]._render(
                "hoithi_contest.document_template_placeholders",
                {"rows": template._get_placeholder_rows()},
            )

    # CRUD

    @api.model
    def _ensure_all(self, companies=None):
        """Give each department a record for each kind that is made from a template."""
        if companies is None:
            # departments are few
            # pylint: disable-next=no-search-all
            companies = self.env["res.company"].search([])
        known = {
            (template.company_id, template.kind)
            for template in self.search([("company_id", "in", companies.ids)])
        }
        self._open_door().create(
            [
                {"company_id": company.id, "kind": key}
                for company in companies
                for key, kind in kinds.KINDS.items()
                if kind.layout != "workbook" and (company, key) not in known
            ]
        )

    # ACTION

    def action_reset(self):
        """Use the template that comes with the module again; versions are kept."""
        self.check_access("write")
        self._open_door().version_id = False
        return True

    def action_preview(self):
        """Return the template filled with invented data, as PDF or else as Word file.

        :raises UserError: where the template can't be filled
        """
        self.ensure_one()
        self.check_access("read")
        # what is shown is of the user's own dialog
        trial = self.env["hoithi.document.template.trial"].create(
            {"template_id": self.id}
        )
        return trial.action_preview()

    def action_try(self):
        """Open the dialog that shows a template with the data of a contest."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try with a contest"),
            "res_model": "hoithi.document.template.trial",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_template_id": self.id},
        }

    # BUSINESS

    @api.model
    def _get_shipped(self, kind):
        """Return the Word file that comes with the module for `kind`."""
        return _read_shipped(kind)

    @api.model
    def _get_version(self, kind, company):
        """Return the department's own version in use, or none."""
        # whoever makes a document uses the template of the department
        template_sudo = self.sudo().search(
            [("kind", "=", kind), ("company_id", "=", company.id)]
        )
        return template_sudo.version_id.sudo(False)

    def _get_content(self):
        self.ensure_one()
        if self.version_id:
            # versions belong to the template that the user may read
            return self.version_id.sudo().attachment_id.raw
        return self._get_shipped(self.kind) if self.kind else b""

    def _add_version(self, content):
        """Take an edited template into use.

        :param content: the Word file
        :raises ValidationError: where it isn't one, or has placeholders that the kind
            doesn't know: all are named with their places
        """
        self.ensure_one()
        self.check_access("write")
        digest = hashlib.sha256(content).hexdigest()
        if digest == hashlib.sha256(self._get_content()).hexdigest():
            return
        self._check_file(content)
        self._fill_sample(content)
        self._tell_persons(content)
        number = max(self.version_ids.mapped("number"), default=0) + 1
        # the file is kept apart from what users may write, as documents rest on it
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {"name": f"{self.kind}-v{number}.docx", "raw": content}
                | {"mimetype": DOCX}
            )
        )
        # versions come from uploads alone
        self._open_door().version_id = (
            self.env["hoithi.document.template.version"]
            .sudo()
            .create(
                {
                    "template_id": self.id,
                    "number": number,
                    "attachment_id": attachment_sudo.id,
                    "sha256": digest,
                    "user_id": self.env.user.id,
                }
            )
        )

    def _tell_persons(self, content):
        """Warn of the names of people that a file tells in its properties."""
        from ...lib.document import docx_template

        names = docx_template.persons(content)
        own = docx_template.persons(self._get_shipped(self.kind))
        names = [name for name in names if name not in own]
        if not names:
            return
        text = self.env._(
            "The properties of the template name %s. Papers made of it don't; whoever "
            "is given the template reads them. Word takes them away: File › Info › "
            "Inspect Document.",
            ", ".join(names),
        )
        self._message_act(body=text, subtype_xmlid="mail.mt_note")
        self.env.user._bus_send(
            "simple_notification",
            {"type": "warning", "message": text, "sticky": True},
        )

    def _check_file(self, content):
        """Refuse what can't be a template of this kind.

        :param content: the uploaded file
        :raises ValidationError: with all that is wrong, and where
        """
        from ...lib.document import docx_template

        shipped = self._get_shipped(self.kind)
        problems = docx_template.check(content, kinds.KINDS[self.kind], shipped)
        if problems:
            pages = docx_template.find_pages(content, problems)
            raise ValidationError(
                self.env._(
                    "The template can't be used:\n%(problems)s\nCorrect it in Word; "
                    "the page lists the placeholders that there are.",
                    problems="\n".join(map(self._describe_problem, problems, pages)),
                )
            )

    @api.model
    def _describe_problem(self, problem, page=0):
        """Return why a template is refused, and where, as a line.

        :param page: of the text, where it is known
        """
        from ...lib.document import template_file

        reasons = {
            template_file.UNKNOWN: self.env._("unknown placeholder"),
            template_file.NOT_TEXT: self.env._("a list where a text stands"),
            template_file.SYNTAX: self.env._("a placeholder that isn't written right"),
            template_file.CONSTRUCT: self.env._("not allowed in templates"),
            template_file.NOT_WORD: self.env._("not a Word file (.docx)"),
            template_file.TOO_LARGE: self.env._("too large"),
            template_file.LONG_PART: self.env._("too much text in one part"),
            template_file.MANY_PARTS: self.env._("too many parts"),
            template_file.PACKED: self.env._(
                "unpacks to far more than is in the file, as no Word file does"
            ),
            template_file.ACTIVE: self.env._("a macro or embedded object"),
            template_file.EXTERNAL: self.env._("a link to a file elsewhere"),
            template_file.FIELD: self.env._("a field that fetches something"),
            template_file.MISSING: self.env._(
                "obligatory, and the template doesn't print it"
            ),
            template_file.BRACES: self.env._(
                "not in two pairs of braces, or mistyped: it would be printed so"
            ),
            template_file.STRAY: self.env._(
                "braces too many, or without the others of their placeholder: they "
                "would be printed"
            ),
            template_file.TRACKED: self.env._(
                "a tracked change or a comment: accept or delete it in Word"
            ),
        }
        parts = {
            "body": self.env._("in the text"),
            "table": self.env._("in a table"),
            "header": self.env._("in the header"),
            "footer": self.env._("in the footer"),
            "footnotes": self.env._("in a footnote"),
            "file": self.env._("in the file"),
        }
        reason = reasons.get(problem.reason, problem.reason)
        if problem.reason == template_file.NOT_WORD:
            # what a program says of a file that it can't read helps nobody
            return f"– {reason}"
        part = parts.get(problem.part, problem.part)
        if page:
            part = self.env._("%(part)s, page %(page)s", part=part, page=str(page))
        return self.env._(
            "– “%(name)s”: %(reason)s, %(part)s: %(place)s",
            name=problem.name,
            reason=reason,
            part=part,
            place=problem.place or "–",
        )

    def _fill_sample(self, content):
        """Return the template filled with the kind's invented sample.

        :raises ValidationError: where it can't be filled
        """
        return self._fill(content, kinds.KINDS[self.kind].sample())

    def _fill(self, content, context):
        """Return a template filled with a context of its kind.

        :raises ValidationError: where it can't be filled
        """
        from ...lib.document import docx_template, template_file

        try:
            return docx_template.render(content, context)
        except (template_file.BadTemplate, ValueError) as error:
            problems = getattr(error, "problems", ())
            raise ValidationError(
                self.env._(
                    "The template can't be filled:\n%(problems)s\nCorrect it in Word "
                    "and upload it again.",
                    problems="\n".join(map(self._describe_problem, problems))
                    or self.env._("– a picture of the contest's data can't be read"),
                )
            ) from error

    def _get_placeholder_rows(self):
        """Return [(name, type, meaning)] of all that the kind's templates may use."""

        def walk(nodes, prefix):
            for node in nodes:
                # marked for translation where they stand
                meaning = self.env._(node.text)
                yield prefix + node.name, types[node.type], meaning
                if node.children:
                    inner = f"{prefix}{node.name}"
                    yield from walk(
                        node.children,
                        f"{inner}[]." if node.type == "list" else f"{inner}.",
                    )

        self.ensure_one()
        types = {
            "text": self.env._("text"),
            "number": self.env._("number"),
            "date": self.env._("date"),
            "bool": self.env._("yes or no"),
            "paragraphs": self.env._("list of paragraphs"),
            "list": self.env._("list"),
            "group": self.env._("group"),
            "image": self.env._("picture"),
        }
        kind = kinds.KINDS.get(self.kind)
        return list(walk(kind.all_fields, "")) if kind else []
