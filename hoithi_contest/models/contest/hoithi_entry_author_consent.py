from typing import NamedTuple

from odoo import api, fields, models

from .hoithi_entry_draft import KEPT_DELETED

#: Key of the context that carries the token below; the key alone says nothing.
WORDS = "hoithi_words_shown"
LEAVING_ACTIVITY = "hoithi_contest.mail_activity_type_leaving"


class Shown(NamedTuple):
    """Token of a page that shows the words which its button agrees to.

    Being an object, no RPC carries it.
    """


class HoithiEntryAuthor(models.Model):
    """What an author agreed to, purpose by purpose, followed by one log.

    What counts are the fields of the line, as ever; whatever writes them, the log
    follows.
    """

    _inherit = "hoithi.entry.author"

    #: By the key of a purpose: the field that says that it is agreed to, and the one
    #: that says since when. Each room adds its own.
    _consents = {
        "taking_part": ("confirmed_on", "confirmed_on"),
        "form_details": ("details_on", "details_on"),
    }

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        names = self._get_consent_fields()
        given = [bool(names & set(vals)) for vals in vals_list]
        if any(given):
            lines._follow_consents()
        return lines

    def write(self, vals):
        names = self._get_consent_fields() | self._identity_fields
        followed = bool(names & set(vals))
        result = super().write(vals)
        if followed:
            self._follow_consents(renewed=set(vals))
        return result

    def unlink(self):
        self._get_open_consents()._end()
        return super().unlink()

    # BUSINESS

    @api.model
    def _get_consents(self):
        """Return {key of a purpose: (flag, moment)} of all rooms."""
        return {
            key: names
            for table in self._get_declared("_consents")
            for key, names in table.items()
        }

    @api.model
    def _get_consent_fields(self):
        return {flag for flag, _moment in self._get_consents().values()}

    def _get_open_consents(self):
        # the log is written by the server, whoever acts
        consents_sudo = self.env["hoithi.consent"].sudo()
        return consents_sudo.search(
            [("author_id", "in", self.ids), ("withdrawn_on", "=", False)]
        )

    def _get_ended_consents(self):
        """Return the last consent that ended, by (line, purpose, person)."""
        # the log is written by the server, whoever acts
        consents_sudo = self.env["hoithi.consent"].sudo()
        consents_sudo = consents_sudo.search(
            [("author_id", "in", self.ids), ("withdrawn_on", "!=", False)], order="id"
        )
        return {(c.author_id, c.purpose_id, c.partner_id): c for c in consents_sudo}

    def _takes_part(self):
        """Tell whether what the line agreed to hasn't ended with its entry."""
        self.ensure_one()
        return self.entry_id.active and self.entry_id.state != "withdrawn"

    def _as_shown(self):
        """Return the lines for acts of a page that shows the words of today."""
        return self.with_context(**{WORDS: Shown()})

    def _follow_consents(self, renewed=(), is_again=False):
        """Let the log follow what the lines say.

        Words are on record where a page showed them; elsewhere none were read.

        :param renewed: names of fields that were written: what is agreed to again, in
            words that changed meanwhile, is agreed to anew
        :param is_again: what ended goes on, in the words of then
        """
        is_shown = isinstance(self.env.context.get(WORDS), Shown)
        # read whatever the caller may read of the lines
        lines_sudo = self.sudo()
        log_sudo = self._get_open_consents()
        opened = {(c.author_id, c.purpose_id): c for c in log_sudo}
        before = lines_sudo._get_ended_consents() if is_again else {}
        ended_sudo, vals_list = log_sudo.browse(), []
        for key, (flag, moment) in self._get_consents().items():
            if not log_sudo and not any(lines_sudo.mapped(flag)):
                continue
            purpose_sudo = self.env["hoithi.purpose"]._find(key)
            if not purpose_sudo:
                # while the addon comes or goes
                continue
            for line_sudo in lines_sudo:
                is_given = bool(line_sudo[flag])
                if key == "taking_part":
                    is_given = is_given and line_sudo._takes_part()
                consent_sudo = opened.get((line_sudo, purpose_sudo))
                text_sudo = purpose_sudo.env["hoithi.purpose.text"]
                if is_given and is_shown:
                    text_sudo = purpose_sudo._get_text(line_sudo.company_id)
                is_other = consent_sudo and (
                    consent_sudo.partner_id != line_sudo.partner_id
                    or (text_sudo and flag in renewed)
                    and consent_sudo.text_id != text_sudo
                )
                if consent_sudo and (not is_given or is_other):
                    ended_sudo |= consent_sudo
                if is_given and (not consent_sudo or is_other):
                    words = text_sudo.with_context(lang=self.env.lang).text
                    old_sudo = before.get(
                        (line_sudo, purpose_sudo, line_sudo.partner_id)
                    )
                    if old_sudo:
                        text_sudo, words = old_sudo.text_id, old_sudo.text
                    vals_list.append(
                        {
                            "author_id": line_sudo.id,
                            "entry_id": line_sudo.entry_id.id,
                            "contest_id": line_sudo.entry_id.contest_id.id,
                            "partner_id": line_sudo.partner_id.id,
                            "full_name": line_sudo.full_name,
                            "purpose_id": purpose_sudo.id,
                            "text_id": text_sudo.id,
                            "text": words,
                            "given_on": line_sudo[moment] or fields.Datetime.now(),
                            "given_door": log_sudo._get_door(line_sudo.partner_id),
                        }
                    )
        if ended_sudo:
            ended_sudo._end()
            # the index looks at the database
            ended_sudo.flush_recordset()
        if vals_list:
            log_sudo._open_door().create(vals_list)

    def _withdraw_purpose(self, key, reason=None):
        """Take back what the caller agreed to, by the act that there is for it.

        :param key: of a purpose that the log keeps consents for
        :return: what to tell where it was passed on, or a draft went with it
        """
        self.ensure_one()
        if key == "form_details":
            self.action_withdraw_details()
        elif key == "taking_part" and self.is_representative:
            if self._is_deleted_with_it():
                self.entry_id.action_delete_draft()
                return self._tell_deleted()
            self.entry_id.action_withdraw(reason=self._clean_reason(reason))
        elif key == "taking_part":
            reason = self._clean_reason(reason)
            self._check_own_share()
            # whether it is submitted, as it stands and not as authors are told
            if self.sudo().entry_id.state != "draft":
                # the Office settles the shares of what is submitted
                return self._pass_on(reason)
            self.write({"confirmed_on": False})
            self.action_decline(reason=reason)
        return None

    def _is_deleted_with_it(self):
        """Tell whether an entry goes with its representative: one never handed in."""
        self.ensure_one()
        return self.is_representative and self.entry_id._was_never_submitted()

    def _tell_deleted(self):
        return self._warn(
            self.env._(
                "Your consent is taken back, and the draft “%(entry)s” is deleted for "
                "all its authors. You can restore it from the list of your entries "
                "within %(days)s days; after that it is gone for good.",
                entry=self.entry_id.name,
                days=KEPT_DELETED.days,
            )
        )

    def _pass_on(self, reason):
        """Tell the secretaries that the caller wants to be no author any more.

        :return: the notification that says so to the caller
        """
        # the secretaries' lists are theirs; an author knows the own line
        self.sudo()._ask_secretaries(
            lambda env, name: env._(
                "%s wants to be no author of this entry any more: settle the authors",
                name,
            ),
            kind=LEAVING_ACTIVITY,
            note=reason,
        )
        return self._warn(
            self.env._(
                "What you wrote was passed on to the Office: the entry is submitted, "
                "and the Office settles its authors. Until then you stay one of them."
            )
        )

    @api.model
    def _warn(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "message": message},
        }
