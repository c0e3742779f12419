import base64
import binascii

from odoo import api, models
from odoo.exceptions import UserError

#: What a scan of a signed paper may be, and how large.
EXTENSIONS = ("pdf", "jpg", "jpeg", "png")
MAX_MB = 20


class HoithiScanMixin(models.AbstractModel):
    """Acts that are recorded from a signed paper, with its scan."""

    _name = "hoithi.scan.mixin"
    _description = "Scan of a signed paper"

    @api.model
    def _take_scan(self, scan, filename=None):
        """Return the scan as a new file, for the record to keep.

        :param scan: its content in base64
        :param filename: as the file was called
        :raises UserError: where there is none
        :raises ValidationError: for a file that isn't taken
        """
        try:
            content = base64.b64decode(scan or b"", validate=True)
        except (binascii.Error, TypeError, ValueError):
            content = b""
        if not content:
            raise UserError(
                self.env._("Add the scan of the signed paper: PDF, JPG or PNG.")
            )
        name = filename if isinstance(filename, str) else ""
        mimetype = self.env["hoithi.dossier.item"]._check_named_file(
            self.env._("Scan of the signed paper"), EXTENSIONS, MAX_MB, name, content
        )
        # members and secretaries have no right on files; the record takes this one
        return (
            self.env["ir.attachment"]
            .sudo()
            .create({"name": name, "raw": content, "mimetype": mimetype})
        )
