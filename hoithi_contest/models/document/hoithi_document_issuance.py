import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...lib.document import kinds, nd30, wording
from ...lib.guard.moments import write_day


class HoithiDocument(models.Model):
    """How a paper is approved, numbered, issued and cancelled."""

    _inherit = "hoithi.document"

    _fixed_fields = {
        # what the clerk enters after the approval
        "is_issued": {"number", "date"},
    }

    number = fields.Char(tracking=True, copy=False)
    number_key = fields.Char(compute="_compute_number_key", store=True)
    number_year = fields.Integer(
        string="Year of the number",
        compute="_compute_number_key",
        store=True,
        aggregator=None,
    )
    symbol = fields.Char(
        compute="_compute_symbol",
        store=True,
        readonly=False,
        precompute=True,
        help="What follows the number, as KH-STNMT.",
    )
    is_numbered = fields.Boolean(compute="_compute_is_numbered")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    issued_on = fields.Datetime(readonly=True, copy=False)
    cancel_reason = fields.Text(readonly=True, copy=False)
    back_reason = fields.Text(string="Why sent back", readonly=True, copy=False)

    _unique_number = models.UniqueIndex(
        "(company_id, symbol, number_year, number_key) WHERE number_key IS NOT NULL",
        "Another document of this series and year has the number already.",
    )

    # COMPUTE

    @api.depends("number", "symbol", "date", "planned_on")
    def _compute_number_key(self):
        for document in self:
            number = (document.number or "").strip()
            document.number_key = (
                (number.lstrip("0").casefold() or "0")
                if number and document.symbol
                else False
            )
            day = document.date or document.planned_on
            document.number_year = day.year if number and day else 0

    @api.depends("kind", "agency_id")
    def _compute_symbol(self):
        for document in self:
            if document.state not in ("draft", False):
                continue
            kind = kinds.KINDS.get(document.kind)
            if not kind or not kind.numbered or not document.agency_id:
                document.symbol = document.symbol if kind and kind.numbered else False
                continue
            # a letter's symbol ends with the unit that drafted it
            unit = "" if kind.abbreviation else wording.OFFICE_SYMBOL
            proposed = {
                agency: nd30.symbol(kind.abbreviation, agency.symbol, unit)
                for agency in document._get_agencies()
            }
            # one that was entered by hand stays
            if not document.symbol or document.symbol in proposed.values():
                document.symbol = proposed.get(document.agency_id)

    @api.depends("kind")
    def _compute_is_numbered(self):
        for document in self:
            document.is_numbered = bool(document.kind) and document._is_numbered()

    # CONSTRAINTS

    @api.constrains("number", "symbol", "date", "company_id")
    def _check_number(self):
        for document in self.filtered("number_key"):
            # read as stored: to search would first write what the index refuses, and
            # its message names neither the other document nor the next number
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM hoithi_document WHERE id != %s AND company_id = %s"
                    " AND symbol = %s AND number_year = %s AND number_key = %s",
                    document.id,
                    document.company_id.id,
                    document.symbol,
                    document.number_year,
                    document.number_key,
                )
            )
            # numbers are given once, whoever may read the other document
            twin_sudo = self.sudo().browse(row[0] for row in rows)
            if twin_sudo:
                raise ValidationError(
                    self.env._(
                        "Number %(number)s/%(symbol)s of %(year)s was given already, "
                        "to “%(other)s”. The next free number is %(next)s.",
                        number=document.number,
                        symbol=document.symbol,
                        year=str(document.number_year),
                        other=twin_sudo.subject or twin_sudo.name,
                        next=document._get_next_number(document.date),
                    )
                )

    # ACTION

    def action_approve(self):
        """Approve documents as their files are: from now on their content is frozen.

        :raises UserError: without files, or where something changed since
        """
        self._check_transition("approved")
        for document in self:
            if not document.docx_id:
                raise UserError(
                    self.env._(
                        "“%s” has no file yet: let the secretary make it first.",
                        document.name,
                    )
                )
            if document.is_outdated:
                raise UserError(
                    self.env._(
                        "“%s” was changed after its file was made: let the secretary "
                        "make it anew, so that you approve what will be issued.",
                        document.name,
                    )
                )
        self._move(
            "approved",
            approved_by_id=self.env.user.id,
            approved_on=fields.Datetime.now(),
            back_reason=False,
        )
        return True

    def action_ask_send_back(self):
        """Open the dialog that asks for what `action_send_back` needs."""
        return self._ask_reason("action_send_back", self.env._("Back to Draft"))

    def action_send_back(self, reason=None):
        """Make approved documents drafts again, to be put right.

        :param reason: what is to be changed
        """
        self._check_transition("draft")
        self._move(
            "draft",
            back_reason=self._clean_reason(reason),
            approved_by_id=False,
            approved_on=False,
        )
        return True

    def action_issue(self, number=None, date=None):
        """Issue approved documents with the number and date that the clerk gives.

        Number and date come into the file as it was approved; nothing else of it
        changes, then or later. Kinds without an official number need none.

        :param number: the official number, as text; where it is left out the number
            on the document counts, and if there is none, a dialog asks
        :param date: date of the document
        :raises UserError: where number or date lack, or the agency or the signer of
            the approved file aren't those of the date
        :raises ValidationError: where the number was given already
        """
        self._check_transition("issued")
        if number or date:
            self.ensure_one()
            self._set_number(number or self.number, date or self.date)
        numbered = self.filtered(lambda document: document._is_numbered())
        if any(not (document.number and document.date) for document in numbered):
            if len(self) > 1:
                raise UserError(
                    self.env._("Give each document its number first, one by one.")
                )
            return self._get_issue_wizard()
        for document in numbered.filtered(lambda document: not document.symbol):
            raise UserError(
                self.env._(
                    "“%s” has no symbol to follow its number: send it back to draft "
                    "and enter it.",
                    document.name,
                )
            )
        for document in self:
            document._check_date()
            document._move(
                "issued",
                issued_on=fields.Datetime.now(),
                date=document.date or document.contest_id._get_today(),
            )
        self._stamp()
        return self._get_pdf_warning() or True

    def action_ask_cancel(self):
        """Open the dialog that asks for what `action_cancel` needs."""
        return self._ask_reason("action_cancel", self.env._("Cancel the Document"))

    def action_cancel(self, reason=None):
        """Cancel documents; they stay on record with their files and numbers.

        :param reason: why
        """
        self._check_transition("cancelled")
        self._move(
            "cancelled",
            cancel_reason=self._clean_reason(reason),
            **self._get_publication_values("is_published", False),
        )
        # what isn't on its way yet stays here
        self.recipient_ids.sudo()._open_door()._withdraw()
        return True

    # BUSINESS

    def _check_date(self):
        """Refuse a date at which agency or signer were others than approved."""
        self.ensure_one()
        if not self._is_numbered():
            return
        agency = self.env["hoithi.agency"]._get_at(self.company_id, self.date)
        if agency != self.agency_id or agency.name != self.agency_name:
            raise UserError(
                self.env._(
                    "At %(date)s the agency is “%(now)s”, but the approved file says "
                    "“%(then)s”: send the document back to draft and make it anew.",
                    date=write_day(self.date),
                    now=agency.name or "–",
                    then=self.agency_name or "–",
                )
            )
        if self.signer_id and not self.signer_id._is_valid_at(self.date):
            raise UserError(
                self.env._(
                    "%(signer)s doesn't sign at %(date)s: send the document back to "
                    "draft and choose another signer.",
                    signer=self.signer_name,
                    date=write_day(self.date),
                )
            )

    def _take_transition(self, target):
        if target == "issued" and any(
            document._is_numbered() and not document.number for document in self
        ):
            raise UserError(
                self.env._(
                    "The document needs its number and date: open it and use its "
                    "button."
                )
            )
        return super()._take_transition(target)

    def _is_numbered(self):
        self.ensure_one()
        return kinds.KINDS[self.kind].numbered

    def _get_next_number(self, day=None):
        """Return the next free number of the series in the year of `day`, as text."""
        self.ensure_one()
        day = day or self.contest_id._get_today()
        # numbers count whoever may read the documents that have them; as stored, since
        # this is told while a double is being refused
        rows = self.env.execute_query(
            SQL(
                "SELECT number_key FROM hoithi_document WHERE company_id = %s"
                " AND symbol = %s AND number_year = %s AND number_key IS NOT NULL"
                " AND id != %s",
                self.company_id.id,
                self.symbol,
                day.year,
                self.id,
            )
        )
        figures = [int(match[0]) for (key,) in rows if (match := re.match(r"\d+", key))]
        return f"{max(figures, default=0) + 1:02d}"

    def _set_number(self, number, day):
        self.ensure_one()
        if self._is_numbered() and not (number or "").strip():
            raise UserError(self.env._("Enter the number of the document."))
        if not day:
            raise UserError(self.env._("Enter the date of the document."))
        self.write({"number": (number or "").strip() or False, "date": day})

    def _get_issue_wizard(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue the Document"),
            "res_model": "hoithi.document.issue",
            "view_mode": "form",
            "target": "new",
            "context": {"default_document_id": self.id},
        }
