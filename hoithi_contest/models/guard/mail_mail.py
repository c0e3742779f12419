from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import clean_context

#: Key of the context that carries the token below; the key alone does nothing.
WRITER = "hoithi_writer"


class Writer(NamedTuple):
    """Token of who has Odoo make letters as superuser: a caller, or the addon itself.

    Being an object, no RPC carries it.
    """

    is_server: bool = False


class MailMail(models.Model):
    """Letters about records of the contest are bound as messages of its log are.

    Odoo's composer for many and its templates make them as superuser, with the author,
    the address and the record that the caller names.
    """

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        writer = self.env.context.get(WRITER)
        if not isinstance(writer, Writer) or writer.is_server:
            return super().create(vals_list)
        for vals in vals_list:
            self._hoithi_check_reach(vals)
        # nor does a default of the caller's reach what superuser makes
        mails = self.with_context(clean_context(self.env.context))
        letters = super(MailMail, mails).create(vals_list)
        letters.mail_message_id.sudo(False)._hoithi_check_letters()
        return letters.with_env(self.env)

    @api.model
    def _hoithi_check_reach(self, vals):
        """Let letters change nothing but themselves, and carry what their writer reads.

        :raises AccessError: for those that would do more
        """
        is_naming = not vals.get("mail_message_id")
        file_ids = set()
        for name, value in vals.items():
            field = self._fields.get(name)
            if not field or field.type not in ("one2many", "many2many"):
                continue
            # rows of the letter itself, as Email Marketing's traces; what it takes from
            # the message is another's
            has_rows = field.type == "one2many" and not field.inherited
            is_file = field.comodel_name == "ir.attachment"
            for item in value or ():
                command, *rest = item if isinstance(item, list | tuple) else (4, item)
                is_naming &= command in (Command.LINK, Command.SET, Command.CLEAR) or (
                    has_rows and command == Command.CREATE
                )
                if is_file and command == Command.LINK:
                    file_ids.add(rest[0])
                elif is_file and command == Command.SET:
                    file_ids.update(rest[1])
        if not is_naming:
            raise AccessError(
                self.env._(
                    "A letter names other records and files; it doesn't change them."
                )
            )
        # whose they are, whoever may read them
        files_sudo = self.env["ir.attachment"].sudo().browse(file_ids).exists()
        files_sudo.filtered(
            lambda file: (
                file.kept_sha256 or (file.res_model or "").startswith("hoithi.")
            )
        ).sudo(False).check_access("read")


def by_writer(records):
    """Return records by which letters are made, saying for whom.

    :param records: the composer or the template, as its caller has it
    """
    if records.env.su or isinstance(records.env.context.get(WRITER), Writer):
        return records
    return records.with_context(**{WRITER: Writer()})
