import base64
import binascii
import hashlib
import logging
import os
from datetime import timedelta
from io import BytesIO

import filetype

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...lib.guard import apart, packaging, plain_text, thumbnail
from ...tools import format_number, format_size
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import EDITABLE

_logger = logging.getLogger(__name__)

# What the content of a file may show for each extension that a dossier type allows.
# Old Office files, text and the like have no sure signature and aren't in the list.
_SIGNATURES = {
    "pdf": {"application/pdf"},
    "png": {"image/png"},
    "jpg": {"image/jpeg"},
    "jpeg": {"image/jpeg"},
    "gif": {"image/gif"},
    "zip": {"application/zip"},
    "docx": {"application/zip"},
    "xlsx": {"application/zip"},
    "pptx": {"application/zip"},
    "doc": {"application/msword", "application/x-ole-storage"},
    "xls": {"application/vnd.ms-excel", "application/x-ole-storage"},
    "mp4": {"video/mp4", "video/x-m4v", "video/quicktime"},
}
#: How long what was taken out of a draft can be put back.
KEPT_TAKEN_OUT = timedelta(days=1)
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}


class HoithiDossierItem(models.Model):
    """A file in a slot of the dossier, with its checksum.

    A file counts from the submission on. Taken out afterwards, while the door is open
    for a supplement, it stays as an earlier version: what was handed in is never lost.
    """

    _name = "hoithi.dossier.item"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Dossier File"
    _clock_path = "entry_id.contest_id"
    _order = "entry_id, type_id, id"
    _readers_get_files = True
    _rec_name = "filename"

    _given_fields = {"attachment_id", "upload_key"}

    _fixed_fields = {
        # a file is replaced by a new one, so that its checksum stays true
        "id": {"datas", "filename"},
        "is_content_fixed": EVERYTHING,
    }
    _fixed_rows = ("is_content_fixed",)
    # none but its own lies beside an item; see `ir.attachment`
    _counts_files = True
    _fixed_binds_server = False

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="cascade", index=True
    )
    is_content_fixed = fields.Boolean(related="entry_id.is_content_fixed")
    company_id = fields.Many2one(related="entry_id.company_id", store=True)
    type_id = fields.Many2one(
        "hoithi.dossier.type", required=True, ondelete="restrict", index=True
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        required=True,
        ondelete="restrict",
        readonly=True,
        copy=False,
        index=True,
    )
    datas = fields.Binary(
        string="File", compute="_compute_datas", inverse="_inverse_datas"
    )
    filename = fields.Char(required=True)
    mimetype = fields.Char(readonly=True)
    file_size = fields.Integer(string="Size (bytes)", readonly=True)
    file_size_human = fields.Char(string="Size", compute="_compute_file_size_human")
    sha256 = fields.Char(string="SHA-256", readonly=True, index=True)
    upload_key = fields.Char(
        readonly=True,
        copy=False,
        help="Of what was sent: sent twice at once, it is one file.",
    )
    uploaded_on = fields.Datetime(
        readonly=True, default=fields.Datetime.now, copy=False
    )
    # a small picture of the first page, for whoever may read the file itself; in the
    # row, so that it goes with it
    thumbnail = fields.Binary(
        attachment=False, readonly=True, copy=False, exportable=False
    )
    page_count = fields.Integer(string="Pages", readonly=True, copy=False)
    drawn_on = fields.Datetime(readonly=True, copy=False, exportable=False)
    confidential = fields.Boolean(
        help="Kept from reviewers and from everything that is published."
    )
    active = fields.Boolean(default=True, readonly=True, copy=False)
    counted_on = fields.Datetime(
        string="Handed in on",
        readonly=True,
        copy=False,
        help="From then on the file counts, and is kept also when it is replaced.",
    )
    replaced_on = fields.Datetime(string="Taken out on", readonly=True, copy=False)
    successor_id = fields.Many2one(
        "hoithi.dossier.item",
        string="Replaced by",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    _unique_upload = models.UniqueIndex(
        "(entry_id, upload_key) WHERE active AND upload_key IS NOT NULL",
        "This very file is attached already.",
    )

    @api.depends("attachment_id")
    def _compute_datas(self):
        for item in self:
            # staff may read the item and so its file, but have no right on attachments;
            # one that isn't saved has no other than stands there
            item.datas = item._origin.attachment_id.sudo().datas

    def _inverse_datas(self):
        """A file is replaced by a new item, so that its checksum stays true."""
        # as above
        if any(item.datas != item.attachment_id.sudo().datas for item in self):
            raise UserError(
                self.env._("Delete the file and upload the new one instead.")
            )

    @api.depends("file_size")
    @api.depends_context("lang")
    def _compute_file_size_human(self):
        for item in self:
            item.file_size_human = format_size(self.env, item.file_size)

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._check_given(vals_list)
        self._count_uploads(len(vals_list))
        items = (
            super(HoithiDossierItem, self._open_door())
            .create([self._prepare_file(self._clean_texts(vals)) for vals in vals_list])
            .with_env(self.env)
        )
        if not self.env.su:
            items._check_entry_open()
        for item in items:
            # read through the item from now on, see `_compute_datas`
            item.attachment_id._keep(item)
            if self._is_data_load():
                # what is loaded as past was handed in with its entry
                item._count(item.entry_id.submitted_on)
        return items

    def write(self, vals):
        if not self.env.su:
            self._check_entry_open(vals.get("type_id"))
            if set(vals) - {"confidential", "type_id"}:
                raise UserError(
                    self.env._("Delete the file and upload the new one instead.")
                )
            self._check_kinds([vals])
            if "type_id" in vals:
                new_type = self.env["hoithi.dossier.type"].browse(vals["type_id"])
                # the item is the user's; portal users have no right on attachments
                for item in self:
                    self._check_file(
                        new_type, item.filename, item.attachment_id.sudo().raw
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        if not self.env.su:
            self._check_entry_open()

    def unlink(self):
        """Delete files that never counted; those that did stay as earlier versions.

        :raises UserError: where the entry's door is closed
        """
        counted = self.filtered("counted_on")
        if counted:
            counted._take_out()
        return super(HoithiDossierItem, self - counted).unlink()

    # BUSINESS

    def _take_out(self, successor=None):
        """Take files out of the dossier, where they stay as earlier versions.

        What never counted goes for good later, see `_gc_taken_out`: until then it can
        be put back.

        :param successor: the file that takes their place
        :raises UserError: where the entry's door is closed
        """
        self.check_access("unlink")
        if not self.env.su:
            self._check_entry_open()
        # nobody else says what a version is
        self.sudo()._open_door().write(
            {
                "active": False,
                "replaced_on": fields.Datetime.now(),
                "successor_id": successor and successor.id,
            }
        )

    def _put_back(self):
        """Put files back that were taken out and that nothing has replaced.

        :raises UserError: where the entry's door is closed, or they were replaced
        """
        self.check_access("write")
        if not self.env.su:
            self._check_entry_open()
        for item in self:
            if item.active or item.successor_id:
                raise UserError(
                    self.env._("“%s” isn't among what was taken out.", item.filename)
                )
        # nobody else says what a version is
        self.sudo()._open_door().write({"active": True, "replaced_on": False})
        # what was read for the checks holds no files that were out
        self.entry_id.invalidate_recordset(["dossier_ids"])

    def _draw(self):
        """Make the thumbnails of PDF files and count their pages, once.

        What can't be drawn has none; nothing else hangs on it.
        """
        for item in self:
            if item.drawn_on or item.mimetype != "application/pdf":
                continue
            # the item is the user's; staff have no right on attachments
            attachment_sudo = item.attachment_id.sudo()
            if attachment_sudo.forgotten_on:
                continue
            vals = {"drawn_on": fields.Datetime.now()}
            try:
                drawn = thumbnail.draw(attachment_sudo.raw or b"")
            except apart.Failed as error:
                _logger.info("No thumbnail of dossier file %s: %s", item.id, error)
            else:
                vals |= {
                    "thumbnail": base64.b64encode(drawn.picture),
                    "page_count": drawn.pages,
                }
            # what a file looks like is the server's to say
            item.sudo()._open_door().write(vals)

    def _get_thumbnail(self):
        """Return the picture of a PDF file, in bytes; none where it can't be drawn.

        :raises AccessError: for whoever may not read the file
        """
        self.ensure_one()
        self.check_access("read")
        self._draw()
        return base64.b64decode(self.thumbnail or b"")

    def _get_versions(self):
        """Return the earlier versions of files, the last first: {file: versions}."""
        earlier = self.with_context(active_test=False).search(
            [("entry_id", "in", self.entry_id.ids), ("successor_id", "!=", False)]
        )
        before = earlier.grouped("successor_id")
        versions = {}
        for item in self:
            versions[item] = self.browse()
            newer = item
            while newer in before:
                newer = before[newer][:1]
                versions[item] |= newer
        return versions

    @api.autovacuum
    def _gc_taken_out(self):
        """Delete what was taken out of drafts: a day later, or with the submission.

        Nobody relies on it: what was handed in has counted, and stays.
        """
        gone = self.with_context(active_test=False).search(
            [
                ("active", "=", False),
                ("counted_on", "=", False),
                ("replaced_on", "<", fields.Datetime.now() - KEPT_TAKEN_OUT),
                "|",
                ("successor_id", "=", False),
                ("entry_id.state", "not in", EDITABLE),
            ],
            limit=1000,
        )
        gone.unlink()

    def _count(self, moment):
        """Let files count from their submission on."""
        # whoever submits was checked; the moment is the server's
        self.filtered(lambda item: not item.counted_on).sudo()._open_door().write(
            {"counted_on": moment}
        )

    @api.model
    def _count_uploads(self, number):
        """Note that the caller hands in files; the secretary does so for others.

        :raises TooOften: telling how long to wait
        """
        if self.env.su or self.env.user.has_group("hoithi_contest.group_secretary"):
            return
        for _file in range(number):
            self.env["hoithi.rate"]._count("upload", self.env.uid)

    def _check_entry_open(self, type_id=None):
        """Guard files as the entry's content is guarded.

        :param type_id: id of the slot that they are put into
        """
        self.entry_id._check_responsible()
        self.entry_id._check_door()
        for entry, items in self.grouped("entry_id").items():
            entry._check_supplement_parts(
                dossier_types=items.type_id | self.type_id.browse(type_id or ())
            )

    @api.model
    def _prepare_file(self, vals):
        """Check the file and store it; return values with its attachment and facts.

        :param vals: with `datas` (base64) and `filename`, or with `attachment_id`
        :raises ValidationError: where the file is missing, too large or of a kind that
            the slot doesn't take
        """
        dossier_type = self.env["hoithi.dossier.type"].browse(vals.get("type_id"))
        datas, given = vals.pop("datas", None), vals.pop("attachment_id", None)
        if given and not datas:
            attachment = self.env["ir.attachment"].browse(given)
            if not self.env.su:
                self._check_attachment(attachment)
            # read with the rights just checked; the dossier keeps a file of its own
            content = attachment.sudo().raw
            filename = vals.get("filename") or attachment.sudo().name
        else:
            filename = vals.get("filename") or ""
            try:
                content = base64.b64decode(datas or b"")
            except (binascii.Error, TypeError, ValueError) as error:
                raise ValidationError(
                    self.env._(
                        "The file “%s” arrived damaged: upload it again.", filename
                    )
                ) from error
        filename = os.path.basename(filename.replace("\\", "/"))
        filename = plain_text.clean_line(filename).strip()
        mimetype = self._check_file(dossier_type, filename, content)
        # staff have no right to create attachments; the checks above stand for it
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create({"name": filename, "raw": content, "mimetype": mimetype})
        )
        return {
            **vals,
            "filename": filename,
            "attachment_id": attachment_sudo.id,
            "mimetype": attachment_sudo.mimetype,
            "file_size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "uploaded_on": fields.Datetime.now(),
        }

    @api.model
    def _check_attachment(self, attachment):
        """Let nobody read a file by putting it into an own dossier.

        :raises AccessError: unless the file is the caller's own, or one that the
            caller can download
        """
        # portal users have no right on attachments, whosever they are
        attachment_sudo = attachment.sudo().exists()
        if attachment_sudo.res_model and attachment_sudo.res_id:
            # portal users have no right on what lies beside a record that they read
            readable = not attachment_sudo.res_field and (
                attachment.has_access("read") or attachment._can_return_content()
            )
        else:
            readable = attachment_sudo.create_uid == self.env.user
        if not readable:
            raise AccessError(self.env._("This file isn't yours to enter."))

    @api.model
    def _check_file(self, dossier_type, filename, content):
        """Check name, size and content against the slot; return the MIME type.

        :raises ValidationError: telling what the slot takes
        """
        return self._check_named_file(
            dossier_type.name,
            dossier_type._get_extensions(),
            dossier_type.max_size_mb,
            filename,
            content,
        )

    @api.model
    def _check_named_file(self, label, allowed, max_size_mb, filename, content):
        """Check a file against what a place takes; return its MIME type.

        :param label: what people call the place
        :param allowed: extensions without a dot, in small letters
        :param max_size_mb: the largest size in megabytes
        :param content: bytes
        :raises ValidationError: telling what the place takes
        """
        if not filename or not content:
            raise ValidationError(
                self.env._("Choose a file for “%s”; it is empty.", label)
            )
        extension = os.path.splitext(filename)[1].lstrip(".").lower()
        if extension not in allowed:
            raise ValidationError(
                self.env._(
                    "“%(file)s” doesn't fit “%(type)s”, which takes: %(allowed)s.",
                    file=filename,
                    type=label,
                    allowed=", ".join(allowed),
                )
            )
        limit = max_size_mb * 1024 * 1024
        if len(content) > limit:
            raise ValidationError(
                self.env._(
                    "“%(file)s” has %(size)s; “%(type)s” takes at most %(limit)s MB.",
                    file=filename,
                    size=format_size(self.env, len(content)),
                    type=label,
                    limit=format_number(self.env, max_size_mb),
                )
            )
        if not self._matches_extension(content, extension):
            raise ValidationError(
                self.env._(
                    "The content of “%(file)s” isn't that of a .%(extension)s file: "
                    "save it as such, don't just rename it.",
                    file=filename,
                    extension=extension,
                )
            )
        if extension == "pdf" and self._is_locked(content):
            raise ValidationError(
                self.env._(
                    "“%s” is locked by a password, so that nobody could read it: save "
                    "it without one.",
                    filename,
                )
            )
        # not Odoo's guess, which differs by whether libmagic is installed
        return filetype.guess_mime(content) or "application/octet-stream"

    @api.model
    def _is_locked(self, content):
        """Tell whether a PDF opens with a password alone."""
        if b"/Encrypt" not in content:
            return False
        # heavy, and seldom needed
        import pikepdf

        try:
            pikepdf.open(BytesIO(content)).close()
        except pikepdf.PasswordError:
            return True
        except pikepdf.PdfError:
            # damaged, as far as one can tell; that is for its readers to see
            return False
        return False

    @api.model
    def _matches_extension(self, content, extension):
        if extension in _OFFICE_FOLDERS:
            return any(
                part.filename.startswith(_OFFICE_FOLDERS[extension])
                for part in packaging.list_parts(content) or ()
            )
        if extension in ("doc", "xls"):
            return content.startswith(_OLE_SIGNATURE)
        expected = _SIGNATURES.get(extension)
        return expected is None or filetype.guess_mime(content) in expected
