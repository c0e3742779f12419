import io
import json
import zipfile
from datetime import date, datetime
from typing import NamedTuple

from odoo import api, fields, models

#: Named so in every language: what is sent to people keeps its name.
EXPORT_NAME = "du-lieu-cua-toi"


class Part(NamedTuple):
    """One kind of what is kept about a person.

    `columns` are headings by name, `rows` have a value for each name, and perhaps
    under `url` where the person corrects or sees it. Why and until when it is kept is
    told by the purpose with the key `purpose`.
    """

    key: str
    title: str
    purpose: str
    columns: dict
    rows: list
    correct_url: str = ""


class HoithiMyData(models.AbstractModel):
    """What the contest keeps about the caller: to see, to take along, to correct.

    Each room adds what it keeps. Nothing of others is in it, nor what the person may
    not know yet, as sheets about the own entry: these are the council's.
    """

    _name = "hoithi.my.data"
    _description = "My Data"

    # PARTS

    @api.model
    def _get_parts(self):
        """Hook: return the parts, all of them about the caller alone."""
        return [
            self._get_account_part(),
            self._get_entries_part(),
            self._get_lines_part(),
            self._get_files_part(),
            self._get_consents_part(),
            self._get_notices_part(),
        ]

    @api.model
    def _get_account_part(self):
        user = self.env.user
        # of one's own record by HR, which staff with a portal login may not read
        staff_sudo = self.env["hr.employee"].sudo()
        staff_sudo = staff_sudo.search(
            [
                "|",
                ("user_id", "=", user.id),
                ("work_contact_id", "=", user.partner_id.id),
            ]
        )
        rows = [
            {
                "what": self.env._("Account"),
                "name": user.name,
                "unit": "",
                "email": user.email or "",
                "phone": user.phone or "",
                "login": user.login,
            },
            *(
                {
                    "what": self.env._("Staff record"),
                    "name": employee.name,
                    "unit": employee.department_id.name or "",
                    "email": employee.work_email or "",
                    "phone": employee.work_phone or "",
                    "login": "",
                }
                for employee in staff_sudo
            ),
        ]
        columns = {
            "what": self.env._("Record"),
            "name": self.env._("Name"),
            "unit": self.env._("Unit"),
            "email": self.env._("E-mail"),
            "phone": self.env._("Phone"),
            "login": self.env._("Login"),
        }
        return Part(
            "account", self.env._("Account"), "account", columns, rows, "/my/account"
        )

    @api.model
    def _get_own_lines(self):
        """Return the author lines of the caller, as superuser: one's own is known."""
        # details are readable for the Office, one's own for oneself
        lines_sudo = self.env["hoithi.entry.author"].sudo()
        return lines_sudo.search(
            [("partner_id", "=", self.env.user.partner_id.id)], order="id desc"
        )

    @api.model
    def _get_kept_until(self, contest):
        """Return until which day contact data of a contest is kept, if until one."""
        years = contest.company_id.hoithi_retention_years
        return years and date(contest.year_end + years, 12, 31)

    @api.model
    def _get_entries_part(self):
        # the state that authors are told is that of the entry as they read it
        entries = self._get_own_lines().entry_id.with_env(self.env)
        entries = entries._filtered_access("read")
        states = dict(entries._fields["state"]._description_selection(self.env))
        rows = [
            {
                "code": entry.code or "",
                "name": entry.name,
                # its name is told to who takes part
                "contest": entry.sudo().contest_id.name,
                "state": states[entry.state],
                "receipt": entry.receipt_number or "",
                "submitted_on": entry.submitted_on or "",
                # a setting of the department, told to everybody
                "contact_until": self._get_kept_until(entry.sudo().contest_id) or "",
                "url": f"/my/hoithi/entries/{entry.id}",
            }
            for entry in entries
        ]
        columns = {
            "code": self.env._("Code"),
            "name": self.env._("Title"),
            "contest": self.env._("Contest"),
            "state": self.env._("State"),
            "receipt": self.env._("Receipt number"),
            "submitted_on": self.env._("Submitted on"),
            "contact_until": self.env._("Contact data kept until"),
        }
        return Part("entries", self.env._("Entries"), "taking_part", columns, rows)

    @api.model
    def _get_lines_part(self):
        lines_sudo = self._get_own_lines()
        genders = dict(lines_sudo._fields["gender"]._description_selection(self.env))
        rows = [
            {
                "entry": line_sudo.entry_id.code or line_sudo.entry_id.name,
                "name": line_sudo.full_name,
                "unit": line_sudo.department_id.name or line_sudo.workplace or "",
                "job_title": line_sudo.job_title or "",
                "email": line_sudo.email or "",
                "phone": line_sudo.phone or "",
                "share": line_sudo.contribution_percent,
                "birth_date": line_sudo.birth_date or "",
                "gender": genders.get(line_sudo.gender, ""),
                "qualification": line_sudo.qualification or "",
                "url": f"/my/hoithi/entries/{line_sudo.entry_id.id}",
            }
            for line_sudo in lines_sudo
        ]
        columns = {
            "entry": self.env._("Entry"),
            "name": self.env._("Name"),
            "unit": self.env._("Unit"),
            "job_title": self.env._("Position"),
            "email": self.env._("E-mail"),
            "phone": self.env._("Phone"),
            "share": self.env._("Share (%)"),
            "birth_date": self.env._("Date of birth"),
            "gender": self.env._("Gender"),
            "qualification": self.env._("Qualification"),
        }
        return Part(
            "authors", self.env._("As an author"), "form_details", columns, rows
        )

    @api.model
    def _get_files_part(self):
        entries = self._get_own_lines().entry_id.with_env(self.env)
        items = entries._filtered_access("read").dossier_ids
        rows = [
            {
                "entry": item.entry_id.code or item.entry_id.name,
                "filename": item.filename,
                "type": item.type_id.name,
                "size": item.file_size,
                "sha256": item.sha256 or "",
                "url": f"/my/hoithi/entries/{item.entry_id.id}",
            }
            for item in items
        ]
        columns = {
            "entry": self.env._("Entry"),
            "filename": self.env._("File"),
            "type": self.env._("Kind"),
            "size": self.env._("Bytes"),
            "sha256": "SHA-256",
        }
        return Part(
            "files", self.env._("Files of the dossier"), "dossier", columns, rows
        )

    @api.model
    def _get_consents(self):
        """Return the consents of the caller, the latest first, with own rights."""
        return self.env["hoithi.consent"].search(
            [("partner_id", "=", self.env.user.partner_id.id)]
        )

    @api.model
    def _get_consents_part(self):
        # names of purposes and contests are told to who agreed
        consents = self._get_consents()
        # a draft that one has left is no more one's own to read
        readable = consents.entry_id._filtered_access("read")
        consents_sudo = consents.sudo()
        rows = [
            {
                "purpose": consent.purpose_id.name,
                "entry": (consent.entry_id & readable).code
                or (consent.entry_id & readable).name
                or "",
                "contest": consent.contest_id.name,
                "text": consent.text or "",
                "version": consent.text_id.number or "",
                "given_on": consent.given_on,
                "withdrawn_on": consent.withdrawn_on or "",
            }
            for consent in consents_sudo
        ]
        columns = {
            "purpose": self.env._("Purpose"),
            "entry": self.env._("Entry"),
            "contest": self.env._("Contest"),
            "text": self.env._("Words"),
            "version": self.env._("Version"),
            "given_on": self.env._("Given on"),
            "withdrawn_on": self.env._("Ended on"),
        }
        return Part("consents", self.env._("Consents"), "consents", columns, rows)

    @api.model
    def _get_notices_part(self):
        # one's own letters; the outbox is the Office's
        notices_sudo = self.env["hoithi.notice"].sudo()
        notices_sudo = notices_sudo.search(
            [
                ("partner_id", "=", self.env.user.partner_id.id),
                ("state", "=", "sent"),
            ]
        )
        kinds = dict(notices_sudo._fields["kind"]._description_selection(self.env))
        rows = [
            {"kind": kinds.get(notice.kind, notice.kind), "sent_on": notice.sent_on}
            for notice in notices_sudo
        ]
        columns = {"kind": self.env._("Letter"), "sent_on": self.env._("Sent on")}
        return Part("notices", self.env._("Letters"), "notices", columns, rows)

    # EXPORT

    @api.model
    def get_export(self):
        """Return what is kept about the caller, as plain values by part.

        :return: ``{"person": …, "made_on": …, "parts": {key: {"title", "why", "basis",
            "kept", "columns", "rows"}}}``; moments in UTC, as ISO writes them
        """
        purposes = self.env["hoithi.purpose"]
        bases = dict(purposes._fields["basis"]._description_selection(self.env))
        parts = {}
        for part in self._get_parts():
            purpose_sudo = purposes._find(part.purpose)
            parts[part.key] = {
                "title": part.title,
                "why": purpose_sudo.name or "",
                "basis": bases.get(purpose_sudo.basis, ""),
                "kept": purpose_sudo.kept or "",
                "columns": part.columns,
                "rows": [
                    {name: self._get_plain(row[name]) for name in part.columns}
                    for row in part.rows
                ],
            }
        return {
            "person": self.env.user.name,
            "made_on": self._get_plain(fields.Datetime.now()),
            "parts": parts,
        }

    @api.model
    def _get_plain(self, value):
        if isinstance(value, datetime):
            return f"{value.isoformat(timespec='seconds')}Z"
        return value.isoformat() if isinstance(value, date) else value

    @api.model
    def _get_archive(self):
        """Return the bytes of a ZIP file that holds `get_export` as JSON."""
        text = json.dumps(self.get_export(), ensure_ascii=False, indent=1)
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{EXPORT_NAME}.json", text)
        return output.getvalue()
