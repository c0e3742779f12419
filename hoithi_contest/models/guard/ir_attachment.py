import hashlib
import io
import logging
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.base.models import ir_attachment

from ...lib.guard import disk, packaging, plain_text

_logger = logging.getLogger(__name__)

_CHUNK = 1024 * 1024
#: Bytes of a packed file, unpacked, above which its text isn't indexed.
MOST_INDEXED = 4 * _CHUNK


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # A file that the contest relies on: its record alone lets it be changed, and the
    # nightly check compares it with what it was when the record took it.
    kept_sha256 = fields.Char(
        string="SHA-256 when it was kept",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    # What the law doesn't let be kept any longer: the content is gone, while its
    # SHA-256 stays, by which whoever still has the file can show that it is the one.
    forgotten_on = fields.Datetime(string="Deleted on", readonly=True, copy=False)

    # CRUD

    def _has_field_access(self, field, operation):
        # which files are kept is the server's to say
        own = ("kept_sha256", "forgotten_on")
        if field.name in own and operation == "write" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        # what a default says, of the context or of the user, is looked at as well
        proposed = self.default_get(["name", "res_model", "res_id"])
        vals_list = [{**proposed, **vals} for vals in vals_list]
        self._check_owners(vals_list)
        return super().create(
            [
                {**vals, "name": plain_text.clean_line(vals["name"])}
                if vals.get("name")
                and (vals.get("res_model") or "").startswith("hoithi.")
                else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        self._check_owners([vals])
        return super().write(vals)

    # BUSINESS

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        # Odoo reads a Word file into a tree of all its words: that of a report of
        # twenty thousand entries takes a gigabyte, and longer than to write it. What
        # somebody packed to unpack to far more than it seems would take any memory.
        if bin_data and bin_data[:2] == b"PK":
            # a damaged one is taken as well
            parts = packaging.list_parts(bin_data) or ()
            if sum(part.file_size for part in parts) > MOST_INDEXED:
                return None
        return super()._index(bin_data, file_type, checksum=checksum)

    @api.model
    def _check_owners(self, vals_list):
        """Refuse files laid beside those that a record counts.

        What belongs to a talk comes with its message, which the server binds; what a
        record takes from its people has a field of it.

        :raises AccessError: naming the place
        """
        if self.env.su:
            return
        for vals in vals_list:
            owner = self.env.get(str(vals.get("res_model") or ""))
            if vals.get("res_id") and getattr(owner, "_counts_files", False):
                raise AccessError(
                    self.env._(
                        "No file is laid beside a record of “%s”: attach it to a "
                        "message, or where the record itself takes files.",
                        owner._description,
                    )
                )

    def _is_new_of(self, user):
        """Tell whether the file is what `user` uploaded for a record to take."""
        self.ensure_one()
        return (
            not self.kept_sha256
            and not self.res_id
            and not self.res_field
            and self.type == "binary"
            and self.create_uid == user
        )

    def _refuse_foreign(self):
        raise AccessError(
            self.env._("This file isn't yours to attach. Upload it here instead.")
        )

    def _keep(self, record):
        """Give the files to `record`, for it alone to replace, share or delete.

        :param record: the record that relies on them
        """
        # whoever writes the record was checked there; staff have no right on files
        for file_sudo in self.sudo():
            file_sudo.write(
                {
                    "public": False,
                    "access_token": False,
                    "kept_sha256": file_sudo._get_sha256(),
                    # server code may name a file that lies with another record
                    **(
                        {}
                        if file_sudo.res_id
                        else {"res_model": record._name, "res_id": record.id}
                    ),
                }
            )

    def _let_go(self):
        """Make files that no record relies on any more ordinary ones again."""
        # as for `_keep`
        self.sudo().write({"kept_sha256": False})

    def _forget(self):
        """Delete the content for good; what tells of it stays with its record."""
        # nobody but the rule of retention does this
        for file_sudo in self.sudo().filtered(lambda file: not file.forgotten_on):
            file_sudo.write({"raw": b"", "forgotten_on": fields.Datetime.now()})

    def _get_sha256(self):
        """Return the SHA-256 of the content, read piece by piece.

        Of content that wasn't to be kept any longer, that which it had.
        """
        self.ensure_one()
        if self.forgotten_on:
            return self.kept_sha256
        with self._open_on_disk() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _is_as_kept(self):
        """Tell whether the content is there and what it was when it was kept."""
        self.ensure_one()
        if self.forgotten_on:
            return True
        if (
            self.store_fname
            and not self._is_stored_elsewhere()
            and not self._get_path_on_disk()
        ):
            return False
        return not self.kept_sha256 or self._get_sha256() == self.kept_sha256

    @api.model
    def _get_broken_files(self, batch=200):
        """Return the kept files whose content is gone or isn't what was kept.

        :param batch: how many records are held in memory at a time
        """
        broken, last_id = self.browse(), 0
        while files := self._get_kept_files(last_id, batch):
            broken |= files.filtered(lambda file: not file._is_as_kept())
            last_id = files[-1].id
            files.invalidate_recordset()
        return broken

    @api.model
    def _get_kept_files(self, after, limit):
        """Return the kept files that follow one of id `after`, in order."""
        # the check is the server's, over all records
        return self.sudo().search(
            [("kept_sha256", "!=", False), ("id", ">", after)], limit=limit, order="id"
        )

    def _get_broken_rules(self):
        """Return (rule, id of the owner) of each file that isn't what was kept."""
        return [
            (f"file of {file.res_model}", file.res_id)
            for file in self
            if not file._is_as_kept()
        ]

    def _check_access(self, operation):
        """Keep files to the records that own them.

        Odoo lets all who write a record change its attachments, whatever the record
        itself would refuse.
        """
        result = super()._check_access(operation)
        if self.env.su or operation == "read":
            return result
        return self._refuse_kept(result)

    def _refuse_kept(self, result):
        """Add the files that their records keep to what an access check refuses."""
        refused, error = result or (self.browse(), None)
        # only to learn which files are kept
        kept = (self - refused).sudo().filtered("kept_sha256").sudo(False)
        if not kept:
            return result
        # the name of a file that the user can open
        return refused | kept, error or kept.sudo()._make_kept_error

    def _delete_and_notify(self, message=None):
        """Leave kept files where messages go.

        Odoo deletes the files of a message with its author's word alone, as superuser,
        and whoever reads a file may put it into a message.
        """
        # who deletes may lack the right to read files
        if kept_sudo := self.sudo().filtered("kept_sha256"):
            raise kept_sudo._make_kept_error()
        return super()._delete_and_notify(message)

    def _make_kept_error(self):
        return AccessError(
            self.env._(
                "“%s” belongs to its record: replace or remove it there, as far as "
                "the record still allows it.",
                self[0].name,
            )
        )

    def _can_return_content(self, field_name=None, access_token=None):
        """Give a file to whoever reads the record that keeps it.

        Portal and public users have no right on attachments at all, so that Odoo's own
        check, which asks the record that a file belongs to, never comes to it. What
        was posted beside the record, as with a note of the office, isn't theirs.
        """
        # only to learn which record decides
        attachment_sudo = self.sudo()
        if access_token or not attachment_sudo.kept_sha256:
            return super()._can_return_content(field_name, access_token)
        owner = self.env.get(attachment_sudo.res_model)
        if getattr(owner, "_readers_get_files", False):
            owner.browse(attachment_sudo.res_id).check_access("read")
            return True
        return super()._can_return_content(field_name, access_token)

    @api.model
    def _create_from_path(self, path, vals):
        """Create an attachment of a file on disk without reading it whole.

        The file is moved into the filestore. Where attachments are stored in the
        database, or in a storage of another addon, there is no way around reading it.

        :param path: the file; it is gone afterwards
        :param vals: values of the attachment, without its content
        """
        path = Path(path)
        if self._storage() != "file":
            content = path.read_bytes()
            path.unlink()
            return self.create({**vals, "raw": content})
        digest = hashlib.sha1()  # as Odoo names files, no safeguard
        size = path.stat().st_size
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        checksum = digest.hexdigest()
        name = f"{checksum[:2]}/{checksum}"
        attachment = self.create(vals)
        # `write` of attachments drops these, as users might forge them
        # pylint: disable-next=super-method-mismatch
        super(ir_attachment.IrAttachment, attachment.sudo()).write(
            {"store_fname": name, "checksum": checksum, "file_size": size}
        )
        # before touching the filestore, as Odoo does, so that its clean-up waits
        attachment.flush_recordset(["checksum", "store_fname"])
        target = Path(self._full_path(name))
        if target.exists():
            path.unlink()
        else:
            self._put_on_disk(name, disk.place, path)
        return attachment

    # BUSINESS: DISK

    @api.model
    def _get_path(self, bin_data, sha):
        """Take no file for another one's that is there only in part.

        Odoo leaves what was written when a disk ran full, and then refuses the same
        file for ever.
        """
        name = f"{sha[:2]}/{sha}"
        path = Path(self._full_path(name))
        if (
            path.is_file()
            and not self._same_content(bin_data, path)
            and not self._is_whole(path)
        ):
            return name, str(path)
        return super()._get_path(bin_data, sha)

    @api.model
    def _file_write(self, bin_value, checksum):
        """Store content whole or not at all, and say why not.

        What another addon stores elsewhere is that addon's to store.

        :raises UserError: where no room is left
        """
        if self._get_place() not in ("file", "db"):
            return super()._file_write(bin_value, checksum)
        name, path = self._get_path(bin_value, checksum)
        if not (Path(path).is_file() and self._same_content(bin_value, path)):
            self._put_on_disk(name, disk.write, bin_value)
        return name

    @api.model
    def _is_whole(self, path):
        """Tell whether a file of the filestore is the one that it is named for."""
        with path.open("rb") as file:
            # as Odoo names files, no safeguard
            return hashlib.file_digest(file, "sha1").hexdigest() == path.name

    @api.model
    def _put_on_disk(self, name, put, content):
        try:
            # first, so that what is written and then not needed is cleared away
            self._mark_for_gc(name)
            target = Path(self._full_path(name))
            put(content, target, Path(self._full_path("parts")))
        except OSError as error:
            message = self._get_disk_message(error)
            if not message:
                raise
            _logger.warning("%s can't be stored: %s", name, error)
            raise UserError(message) from error

    @api.model
    def _get_disk_message(self, error):
        """Return what people are told where the server can't store anything.

        :return: nothing for any other fault
        """
        if disk.is_read_only(error):
            return self.env._(
                "The server's disk takes no changes at present, so nothing was stored "
                "or changed. Try the same again later; the system's administrator has "
                "to make it writable."
            )
        if not disk.is_full(error):
            return ""
        return self.env._(
            "The server has no room left, so nothing was stored or changed. Try the "
            "same again later; the system's administrator has to make room."
        )

    @api.autovacuum
    def _gc_parts(self):
        disk.sweep(Path(self._full_path("parts")))

    @api.model
    def _get_place(self):
        """Return where content is written to: ``file``, ``db`` or another's storage."""
        # by which addons for storages move files from one to another
        return self.env.context.get("storage_location") or self._storage()

    def _is_stored_elsewhere(self):
        """Tell whether another addon stores the content, as in an object storage.

        Such names begin with the storage, as in ``minio://giai-phap-12-0.pdf``.
        """
        self.ensure_one()
        return "://" in (self.store_fname or "")

    def _get_path_on_disk(self):
        """Return the file's path in the filestore, or None where it isn't there."""
        self.ensure_one()
        if not self.store_fname:
            return None
        path = Path(self._full_path(self.store_fname))
        return path if path.is_file() else None

    def _is_there(self):
        """Tell whether there is any content, be it what was kept or not."""
        self.ensure_one()
        if self._is_stored_elsewhere():
            return bool(self.raw)
        return bool(self._get_path_on_disk() or self.db_datas)

    def _open_on_disk(self):
        """Return the content as a binary file that is read piece by piece."""
        path = self._get_path_on_disk()
        return path.open("rb") if path else io.BytesIO(self.raw or b"")

    def _add_to_package(self, package, folders, filename):
        """Put the file into a package under a safe name; return that name."""
        if not self._is_as_kept():
            raise UserError(
                self.env._(
                    "The file “%s” is gone, or isn't what was handed in: restore it "
                    "from a backup before it is sent.",
                    self.name,
                )
            )
        path = self._get_path_on_disk()
        if path:
            return package.add_file(folders, filename, path)
        name = package.add_bytes(folders, filename, self.raw or b"")
        # one at a time in memory
        self.invalidate_recordset(["raw"])
        return name
