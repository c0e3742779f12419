import logging

from markupsafe import Markup

from odoo import api, models
from odoo.tools.mail import unfold_references

from ...lib.notice import letters
from ...tools import LAYOUT

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    #: Answers to its letters reach the record, not the Office.
    _takes_answers = False

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        # the mail gateway has no language, and the Office reads what is noted
        lang = self.env["res.lang"]._hoithi_get_default()
        self.with_context(lang=lang)._hoithi_note_bounce(
            [ref for ref in message_dict.get("bounced_msg_ids") or () if ref]
        )
        return result

    def _hoithi_is_still_true(self, message):
        """Hook: tell whether what a message says of this record is worth sending yet.

        It is asked where the mail server didn't take the e-mail.
        """
        return True

    @api.model
    def _hoithi_note_bounce(self, references):
        """Record that the e-mails with these references came back."""
        # the mail gateway has no right on what was sent, and tells it no more than this
        self.env["hoithi.notice"].sudo()._note_bounce(references)

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Lead answers to the contest's letters to the record that they are about.

        Odoo finds it by the message that it sent; that of a letter is deleted once it
        has left, as the readers of a record aren't those of its letters.
        """
        record = self._hoithi_find_answered(message_dict)
        if record and (message["Auto-Submitted"] or "").lower().startswith("auto"):
            # nobody is there to be answered, and the secretaries needn't read it
            _logger.info("Ignored an automatic answer about %s", record)
            return []
        if record:
            # the letter came from the Office: neither co-authors nor followers are told
            message_dict["is_internal"] = True
            user = self._mail_find_user_for_gateway(message_dict["email_from"])
            route = self._routing_check_route(
                message,
                message_dict,
                (record._name, record.id, custom_values, user.id or self.env.uid, None),
                raise_exception=False,
            )
            if route:
                return [route]
        return super().message_route(
            message,
            message_dict,
            model=model,
            thread_id=thread_id,
            custom_values=custom_values,
        )

    @api.model
    def _hoithi_find_answered(self, message_dict):
        """Return the record of the letter that an e-mail answers, if it takes answers.

        :return: the record, with the caller's rights, or None
        """
        if message_dict.get("is_bounce"):
            return None
        references = unfold_references(
            message_dict.get("references") or message_dict.get("in_reply_to") or ""
        )
        # those who write to us quote at the end what they answer
        domain = [("mail_reference", "in", references[-32:])]
        # the mail gateway has no right on the ledger, and learns no more than this
        notice_sudo = self.env["hoithi.notice"].sudo().search(domain, limit=1)
        record = notice_sudo and notice_sudo._get_record().sudo(False)
        return record if getattr(record, "_takes_answers", False) else None

    def _notify_by_email_render_layout(
        self, message, recipients_group, msg_vals=False, render_values=None
    ):
        """Write what is said about the contest's records on the department's paper.

        Odoo's own layouts advertise it.
        """
        if self._name.startswith("hoithi."):
            msg_vals = {**(msg_vals or {}), "email_layout_xmlid": LAYOUT}
            # names of department and contest, and whom to ask: no secret to those who
            # are written to, whatever the right of whoever writes
            render_values = {**(render_values or {}), "record": self.sudo()}
        return super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values
        )

    @api.model
    def _hoithi_dress_letter(self, body, colour):
        """Return the text of a letter as programs show it that read few styles."""
        return Markup(letters.with_button(str(body or ""), colour))

    def message_update(self, msg_dict, update_vals=None):
        result = super().message_update(msg_dict, update_vals=update_vals)
        if self._takes_answers:
            for record in self:
                record._hoithi_tell_of_answer()
        return result

    def _hoithi_tell_of_answer(self):
        """Put an answer that came by e-mail on the secretaries' list of activities."""
        # who writes an e-mail may plan nothing for others but this
        record_sudo = self.sudo().with_context(mail_activity_quick_update=True)
        for secretary in record_sudo.contest_id.secretary_ids - self.env.user:
            # an entry in conflict isn't theirs to see, nor is its mail
            if record_sudo.with_user(secretary).has_access("read"):
                lang = secretary.partner_id._hoithi_get_lang()
                record_sudo.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=secretary.id,
                    summary=record_sudo.with_context(lang=lang).env._(
                        "Read the answer that came by e-mail"
                    ),
                )
