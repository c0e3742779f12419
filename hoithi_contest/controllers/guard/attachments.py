from odoo.exceptions import AccessError
from odoo.http import request, route

from odoo.addons.mail.controllers.attachment import AttachmentController

from ...models.guard.hoithi_rate import TooOften


class Attachments(AttachmentController):
    """Where the screens send files: as everywhere else, none lies beside a record."""

    @route()
    def mail_attachment_upload(
        self, ufile, thread_id, thread_model, is_pending=False, **kwargs
    ):
        """Refuse what `ir.attachment` refuses: Odoo makes the file as superuser.

        Files of the contest's talks count as a person's uploads; the secretary's are
        others'.
        """
        is_office = request.env.user.has_group("hoithi_contest.group_secretary")
        is_beside = not is_pending or is_pending == "false"
        vals = {"res_model": thread_model, "res_id": is_beside and thread_id}
        try:
            request.env["ir.attachment"]._check_owners([vals])
            if thread_model.startswith("hoithi.") and not is_office:
                request.env["hoithi.rate"]._count("upload", request.env.uid)
        except (AccessError, TooOften) as error:
            # as Odoo's page tells what was refused
            return request.make_json_response({"error": str(error)})
        return super().mail_attachment_upload(
            ufile, thread_id, thread_model, is_pending, **kwargs
        )
