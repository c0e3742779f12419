from odoo import api, models


class HoithiFileMixin(models.AbstractModel):
    """A record that owns files: what happens to them happens through the record.

    A file that such a field names is new or the record's own already, never somebody
    else's, so that no record is a window on other people's files. Once named it is
    kept: see `ir.attachment` for what nobody may do to a kept file.
    """

    _name = "hoithi.file.mixin"
    _description = "Owner of files"

    #: Fields to `ir.attachment` whose files the record owns.
    _file_fields: tuple[str, ...] = ()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        # what a default named isn't among the values
        for record in records.filtered(lambda record: record.sudo()._get_files()):
            # none known yet; it takes files as the server, once they are checked
            record._keep_files(self.env["ir.attachment"].sudo())
        return records

    def write(self, vals):
        if not any(name in vals for name in self._file_fields):
            return super().write(vals)
        # whoever writes may lack the right to read files
        before = {record: record.sudo()._get_files() for record in self}
        result = super().write(vals)
        for record, files_sudo in before.items():
            record._keep_files(files_sudo)
        return result

    def _get_files(self):
        """Return the files that the record owns."""
        files = self.env["ir.attachment"]
        for name in self._file_fields:
            files |= self[name]
        return files

    def _keep_files(self, known_sudo):
        """Take new files into the record's keeping, and let go what it names no more.

        :param known_sudo: what the record owned before
        :raises AccessError: for a file that is neither new nor the record's own
        """
        self.ensure_one()
        # the checks here stand for the rights on files, which staff don't have
        files_sudo = self.sudo()._get_files()
        for file_sudo in files_sudo - known_sudo:
            is_own = (file_sudo.res_model, file_sudo.res_id) == (self._name, self.id)
            is_new = not file_sudo.kept_sha256 and (
                # what server code names it made or looked at
                self.env.su or file_sudo._is_new_of(self.env.user)
            )
            if not (is_own or is_new):
                file_sudo._refuse_foreign()
            self._check_file_content(file_sudo)
        (files_sudo - known_sudo)._keep(self)
        (known_sudo.exists() - files_sudo)._let_go()

    def _check_file_content(self, file_sudo):
        """Check a file that is about to be kept; here models refuse what is no use.

        :raises ValidationError: telling what is taken
        """
