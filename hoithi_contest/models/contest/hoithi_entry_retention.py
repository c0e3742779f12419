import logging
import re

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

from ..guard.hoithi_states import OVER

_logger = logging.getLogger(__name__)

#: Entries that a slice looks up.
BATCH = 100
#: Stands where an address or a number was.
GONE = "–"
#: Addresses that a message keeps.
ADDRESSES = ("email_from", "reply_to", "incoming_email_to", "incoming_email_cc")
#: What people write beside records, and where its text lies.
WRITTEN = {"mail.message": ("model", "body"), "mail.activity": ("res_model", "note")}


class HoithiEntry(models.Model):
    """What isn't kept for ever: how to reach the authors, and their pictures."""

    _inherit = "hoithi.entry"

    anonymised_on = fields.Datetime(
        string="Contact data deleted on",
        readonly=True,
        copy=False,
        help="When the years were over for which the department keeps it.",
    )

    @api.model
    def _get_last_years(self):
        """Return (year, companies): what ended before the year is kept no longer."""
        this_year = self.env["hoithi.contest"]._get_today().year
        companies = self.env["res.company"].search([("hoithi_retention_years", ">", 0)])
        return [
            (this_year - years, group)
            for years, group in companies.grouped("hoithi_retention_years").items()
        ]

    @api.model
    def _get_retention_domain(self):
        """Return which entries hold what is kept no longer."""
        due = Domain.OR(
            [
                [("company_id", "in", group.ids), ("contest_id.year_end", "<", year)]
                for year, group in self._get_last_years()
            ]
        )
        return (
            due
            & Domain("contest_id.state", "in", OVER)
            & (Domain("state", "=", "draft") | Domain("anonymised_on", "=", False))
        )

    @api.model
    def _forget_others(self):
        """Hook: delete what tells how to reach people outside of entries."""
        self.env["hoithi.entry.author"]._forget_left_contacts()

    @api.model
    def _cron_apply_retention(self):
        """Delete drafts and contact data that a long closed contest needs no more.

        Drafts that were never submitted go with their files; submitted entries keep
        names, shares and results, and lose what `_forget_persons` names. The years are
        a setting of the department; 0 keeps everything. It goes on until all is done.
        """
        cron = self.env["ir.cron"]
        domain = self._get_retention_domain()
        self._forget_others()
        has_time = cron._commit_progress(remaining=self.search_count(domain))
        last = 0
        while has_time:
            entries = self.search(
                domain & Domain("id", ">", last), limit=BATCH, order="id"
            )
            if not entries:
                break
            for last in entries.ids:
                self._apply_retention(self.browse(last))
                has_time = cron._commit_progress(1)
                if not has_time:
                    break
            self.env.invalidate_all()

    @api.model
    def _apply_retention(self, entry):
        """Delete what an entry holds too long; one that fails doesn't stop others."""
        if not entry.try_lock_for_update():
            return
        try:
            with self.env.cr.savepoint():
                if entry.state == "draft":
                    entry.unlink()
                else:
                    entry._forget_persons()
                    entry._open_door().anonymised_on = fields.Datetime.now()
        except OperationalError:
            # changed by somebody just now: it comes again
            self.env.cr.rollback()
        except Exception:
            self.env.invalidate_all()
            _logger.warning("Entry %s keeps its contact data", entry.id, exc_info=True)

    def _forget_persons(self):
        """Delete how to reach the authors, and the files that are about them.

        Rooms add what they hold. The ledger stays true: of a file only its content
        goes.
        """
        lines = self.with_context(active_test=False).author_ids
        contacts = {*lines.mapped("email"), *lines.mapped("phone")} - {False, ""}
        lines._forget_letter_contacts()
        lines.write({"email": False, "phone": False})
        items = self._get_file_versions()
        personal = items.filtered("type_id.personal")
        personal.attachment_id._forget()
        personal._open_door().write({"thumbnail": False})
        self._forget_contacts(self, contacts)

    @api.model
    def _forget_contacts(self, records, contacts):
        """Delete how to reach the authors from what was written beside records.

        What they wrote otherwise stays: what of a text is about a person nobody knows.

        :param contacts: addresses and numbers, as the entry had them
        """
        self._forget_addresses(records)
        if not contacts:
            return
        pattern = self._get_contact_pattern(contacts)
        for model, (owner, name) in WRITTEN.items():
            # nobody else changes what was written
            written_sudo = self.env[model].sudo().with_context(active_test=False)
            for text_sudo in written_sudo.search(
                [(owner, "=", records._name), ("res_id", "in", records.ids)]
            ):
                if pattern.search(text_sudo[name] or ""):
                    text_sudo[name] = Markup(pattern.sub(GONE, text_sudo[name]))
        # files of the talk, of which the server knows the text
        files_sudo = self.env["ir.attachment"].sudo()
        files_sudo.search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("kept_sha256", "=", False),
                ("index_content", "!=", False),
            ]
        ).filtered(lambda file: pattern.search(file.index_content or ""))._forget()

    @api.model
    def _get_contact_pattern(self, contacts):
        longest = sorted(contacts, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest)), re.IGNORECASE)

    @api.model
    def _without_contacts(self, text, contacts):
        """Return a text without how to reach the authors."""
        if not contacts:
            return text
        return self._get_contact_pattern(contacts).sub(GONE, text)

    @api.model
    def _forget_addresses(self, records):
        """Delete the addresses of e-mails that were exchanged on records."""
        on_records = Domain("model", "=", records._name)
        on_records &= Domain("res_id", "in", records.ids)
        # a mail that waits still needs its addressee
        sent = on_records & Domain("state", "!=", "outgoing")
        for model, domain, names in (
            ("mail.message", on_records, ADDRESSES),
            ("mail.mail", sent, ("email_to", "email_cc", "headers")),
        ):
            # nobody else changes what was posted
            posted_sudo = self.env[model].sudo()
            # what was deleted in another week isn't written again
            left = Domain.OR(Domain(name, "!=", False) for name in names)
            posted_sudo.search(domain & left).write(dict.fromkeys(names, False))
