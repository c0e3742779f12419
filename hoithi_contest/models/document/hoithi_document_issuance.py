import re
from datetime import date
from operator import attrgetter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, date_utils

from ...lib.document import kinds, nd30
from ...lib.guard.moments import write_day
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_states import UNISSUED

#: A number is digits, and at most one letter where one was left out.
NUMBER = re.compile(r"0{0,4}([1-9][0-9]{0,5})[a-zA-ZđĐ]?")


def find_misplaced(number_key, day, others):
    """Return which of `others`, with numbers and dates, a number and a day contradict.

    Of lower numbers that is the one with the last date, of higher ones the one with the
    first.
    """

    def read(key):
        return int(re.match("[0-9]{0,9}", key)[0] or 0)

    figure, by_day = read(number_key), attrgetter("date")
    by_figure = [(read(other.number_key), other) for other in others]
    lower = [other for its, other in by_figure if its < figure and other.date > day]
    higher = [other for its, other in by_figure if its > figure and other.date < day]
    return sorted(lower, key=by_day)[-1:] + sorted(higher, key=by_day)[:1]


class HoithiDocument(models.Model):
    """How a paper is numbered, issued and cancelled."""

    _inherit = "hoithi.document"

    _previews = {"action_issue": "_preview_issue"}
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
    series = fields.Char(
        compute="_compute_series", store=True, export_string_translation=False
    )
    is_numbered = fields.Boolean(compute="_compute_is_numbered")
    issued_on = fields.Datetime(readonly=True, copy=False)
    cancel_reason = fields.Text(readonly=True, copy=False)

    order_reason = fields.Text(
        string="Why issued all the same",
        readonly=True,
        copy=False,
        help="Why the number and the date aren't in the order of the series, or a "
        "legal basis isn't in force on the day.",
    )
    issue_gaps = fields.Text(
        string="To look at before the issue", compute="_compute_issue_gaps"
    )
    has_ended_bases = fields.Boolean(compute="_compute_issue_gaps")

    _unique_number = models.UniqueIndex(
        "(company_id, series, number_year, number_key) WHERE number_key IS NOT NULL",
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

    @api.depends("symbol")
    def _compute_series(self):
        for document in self:
            document.series = nd30.series(document.symbol or "")

    @api.depends("kind", "agency_id", "res_model", "res_id")
    def _compute_symbol(self):
        for document in self:
            if document.state not in ("draft", False):
                continue
            kind = kinds.KINDS.get(document.kind)
            if not kind or not kind.numbered or not document.agency_id:
                document.symbol = document.symbol if kind and kind.numbered else False
                continue
            # a council has a series of its own
            council = document._get_council()
            proposed = {
                agency: document._propose_symbol(agency, council)
                for agency in document._get_agencies()
            }
            # one that was entered by hand stays; the contest's other bodies have theirs
            contest = document.contest_id
            bodies = council and contest.council_id | contest.session_ids.council_id
            known = {
                symbol
                for first in (
                    *proposed.values(),
                    *(document._propose_symbol(None, body) for body in bodies),
                )
                for symbol in document._get_symbols(first)
            }
            if not document.symbol or document.symbol in known:
                document.symbol = proposed.get(document.agency_id)

    @api.depends(
        "kind",
        "state",
        "date",
        "planned_on",
        "symbol",
        "text_ids.content",
        "contest_id.legal_basis_ids",
        "contest_id.legal_basis_ids.number",
        "contest_id.legal_basis_ids.date",
        "contest_id.legal_basis_ids.cited_in_plan",
        "contest_id.legal_basis_ids.legal_text_id",
    )
    def _compute_issue_gaps(self):
        for document in self:
            is_open = document.kind and document.state in UNISSUED
            document.issue_gaps = is_open and "\n".join(
                [
                    *document._get_kind_model()._get_gaps(document),
                    *document._get_symbol_gaps(),
                ]
            )
            document.has_ended_bases = is_open and bool(document._get_ended_bases())

    @api.depends("kind")
    def _compute_is_numbered(self):
        for document in self:
            document.is_numbered = bool(document.kind) and document._is_numbered()

    # CONSTRAINTS

    @api.constrains("number", "kind")
    def _check_number_form(self):
        for document in self.filtered("number"):
            if document.is_numbered and not NUMBER.fullmatch(document.number.strip()):
                raise ValidationError(
                    self.env._(
                        "“%s” is no number of a document: enter digits alone, as 05, "
                        "or digits and one letter, as 05a. What follows the stroke is "
                        "there already.",
                        document.number,
                    )
                )

    @api.constrains("number", "symbol", "date", "company_id")
    def _check_number(self):
        for document in self.filtered("number_key"):
            twin_sudo = document._find_twin()
            outside = self.env["hoithi.outside.number"]._find_twin(document)
            if twin_sudo or outside:
                raise ValidationError(
                    self.env._(
                        "Number %(number)s/%(symbol)s of %(year)s was given already, "
                        "to “%(other)s”. The next free number is %(next)s.",
                        number=document.number,
                        symbol=document.symbol,
                        year=str(document.number_year),
                        other=outside.subject
                        or twin_sudo.subject
                        or (twin_sudo or outside).display_name,
                        next=document._get_next_number(document.date),
                    )
                )

    def _find_twin(self):
        """Return the document that has this one's number already, as superuser."""
        self.ensure_one()
        # read as stored: to search would first write what the index refuses, and
        # its message names neither the other document nor the next number
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM hoithi_document WHERE id != %s AND company_id = %s"
                " AND series = %s AND number_year = %s AND number_key = %s",
                self.id,
                self.company_id.id,
                self.series,
                self.number_year,
                self.number_key,
            )
        )
        # numbers are given once, whoever may read the other document
        return self.sudo().browse(row[0] for row in rows)

    # ACTION

    def action_issue(self, number=None, date=None, reason=None):
        """Issue approved documents with the number and date that the clerk gives.

        Number and date come into the file as it was approved; nothing else of it
        changes, then or later. Kinds without an official number need none.

        :param number: the official number, as text; where it is left out the number
            on the document counts, and if there is none, a dialog asks
        :param date: date of the document
        :param reason: why number and date aren't in the order of the series, or a
            legal basis isn't in force on the day, where it is so
        :raises UserError: where number or date lack, where they are out of order or a
            basis isn't in force and no reason is given, where the date is one to come
            or before what the document tells, or the agency or the signer of the
            approved file aren't those of the date
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
        numbered._check_symbols()
        for document in self:
            document._check_date()
            document._check_gaps(reason)
            document._move(
                "issued",
                order_reason=reason and document._clean_reason(reason),
                issued_on=fields.Datetime.now(),
                date=document.date or document.contest_id._get_today(),
            )
        self._stamp()
        return self._get_pdf_warning() or True

    def action_ask_issue(self):
        """Ask for number and date, or show what the issue does where it has none.

        :raises UserError: where the document can't be issued as it is
        """
        self.ensure_one()
        self._check_transition("issued")
        if self._is_numbered():
            self._check_symbols()
            return self._get_issue_wizard()
        if self._get_asked_gap():
            # asks for the reason as well
            return self._get_issue_wizard()
        return self._ask_act("action_issue", self.env._("Issue the Document"))

    def _preview_issue(self):
        """Return what issuing a document without an official number does."""
        self.ensure_one()
        self._check_office()
        return Preview(
            [
                self.env._("issues “%s” as it was approved", self.display_name),
                self.env._("keeps text and files as they are from then on"),
            ],
            (
                self._try_check(lambda: self._check_transition("issued")),
                self._try_check(self._check_date),
                self._try_check(lambda: self._check_gaps("")),
            ),
        )

    def action_ask_cancel(self):
        """Open the dialog that asks for what `action_cancel` needs."""
        return self._ask_reason("action_cancel", self.env._("Cancel the Document"))

    def action_cancel(self, reason=None):
        """Cancel documents; they stay on record with their files and numbers.

        :param reason: why
        :raises UserError: for an issued one that somebody has: it is recalled
        """
        self._check_transition("cancelled")
        for document in self:
            document._check_cancellable()
        self._move("cancelled", cancel_reason=self._clean_reason(reason))
        # what isn't on its way yet stays here
        self.recipient_ids.sudo()._open_door()._withdraw()
        return True

    def action_use_successors(self):
        """Cite what is in force on the day of the document instead of what has ended.

        The contest's legal bases change; the file is made anew afterwards.

        :raises UserError: of a document that isn't a draft, or where the registry
            knows nothing that replaced a text
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "“%s” is approved as it is: send it back to draft, so that its "
                    "legal bases can change.",
                    self.name,
                )
            )
        self._get_ended_bases()._use_successors(self.date or self.planned_on)
        return True

    # BUSINESS

    def _get_ended_bases(self):
        """Return the bases cited that aren't in force any more and were replaced."""
        self.ensure_one()
        kind_model = self._get_kind_model()
        day = self.date or self.planned_on
        if not kind_model._cites or not day:
            return self.env["hoithi.legal.basis"]
        bases = kind_model._get_cited(self)
        # who reads the document needn't read the registry
        texts = bases.sudo()._get_texts()
        return bases.filtered(
            lambda basis: (
                texts[basis.sudo()]
                and not texts[basis.sudo()]._is_in_force(day)
                and texts[basis.sudo()]._get_successor(day)
            )
        )

    def _check_symbols(self):
        """Refuse to number what has no symbol to follow the number.

        :raises UserError: telling what to do
        """
        for document in self.filtered(lambda document: not document.symbol):
            raise UserError(
                self.env._(
                    "“%s” has no symbol to follow its number: send it back to draft "
                    "and enter it.",
                    document.name,
                )
            )

    def _check_date(self):
        """Refuse a date to come, one before what is told, or of another agency."""
        self.ensure_one()
        self._check_day()
        if not self._is_official():
            return
        day = self.date or self.contest_id._get_today()
        agency = self.env["hoithi.agency"]._get_at(self.company_id, day)
        if agency != self.agency_id or agency.name != self.agency_name:
            raise UserError(
                self.env._(
                    "At %(date)s the agency is “%(now)s”, but the approved file says "
                    "“%(then)s”: send the document back to draft and make it anew.",
                    date=write_day(day),
                    now=agency.name or "–",
                    then=self.agency_name or "–",
                )
            )
        signer = self.signer_id
        if self._is_signed_by_agency() and signer and not signer._is_valid_at(day):
            raise UserError(
                self.env._(
                    "%(signer)s doesn't sign at %(date)s: send the document back to "
                    "draft and choose another signer.",
                    signer=self.signer_name,
                    date=write_day(day),
                )
            )

    def _check_day(self):
        """Refuse a date to come, or before what the document tells of."""
        day = self.date or self.contest_id._get_today()
        if day > self.contest_id._get_today():
            raise UserError(
                self.env._(
                    "%s is still to come: a document bears the day on which it is "
                    "issued.",
                    write_day(day),
                )
            )
        told = self._get_told_day()
        if told and day < told:
            raise UserError(
                self.env._(
                    "“%(name)s” tells of what happened on %(told)s: it can't bear an "
                    "earlier date, %(day)s.",
                    name=self.name,
                    told=write_day(told),
                    day=write_day(day),
                )
            )

    def _get_told_day(self):
        """Return the day of the last thing that the paper tells of, or nothing."""
        self.ensure_one()
        return self._get_kind_model()._get_told_day(self)

    def _get_span_gap(self, day):
        """Return that a day lies long before or after the contest, in a sentence."""
        contest = self.contest_id
        begun = [contest.year_start, contest.date_start and contest.date_start.year]
        first = min(filter(None, begun), default=0) - 1
        if day.year < first:
            return self.env._(
                "%(day)s lies before “%(contest)s”, whose papers begin in %(year)s.",
                day=write_day(day),
                contest=contest.name,
                year=str(first),
            )
        last = self._get_last_day()
        if last and day > last:
            return self.env._(
                "%(day)s lies after “%(contest)s”, whose last papers are of "
                "%(last)s at the latest, a year after its end.",
                day=write_day(day),
                contest=contest.name,
                last=write_day(last),
            )
        return ""

    def _get_last_day(self):
        """Return the day until which the contest's papers are expected, or nothing."""
        contest = self.contest_id
        # another paper is copied, corrected and recalled whenever that is needed
        if kinds.KINDS[self.kind].follows:
            return None
        ends = [
            contest.date_end,
            self._get_kind_model()._get_date(contest, contest.report_deadline),
        ]
        if not any(ends) and contest.year_end:
            ends.append(date(contest.year_end, 12, 31))
        last = max(filter(None, ends), default=None)
        return last and date_utils.add(last, years=1)

    def _get_order_gap(self, number, day):
        """Return all that contradicts a number and date, a sentence a line.

        That is the contest's time, and the other papers of the series.
        """
        self.ensure_one()
        if not day:
            return ""
        gaps = [self._get_span_gap(day)]
        figure = NUMBER.fullmatch((number or "").strip())
        if figure and self.is_numbered and self.symbol:
            dated_sudo = self._find_dated(self.company_id, self.series, day.year) - self
            outside = self.env["hoithi.outside.number"]._get_lines(self, day)
            gaps += [
                self.env._(
                    "Number %(number)s would bear the date %(day)s, but number "
                    "%(other)s bears %(its)s.",
                    number=number,
                    day=write_day(day),
                    other=other.number,
                    its=write_day(other.date),
                )
                for other in find_misplaced(figure[1], day, [*dated_sudo, *outside])
            ]
        return "\n".join(filter(None, gaps))

    @api.model
    def _find_dated(self, company, series, year):
        """Return the papers with number and date of a series' year, as superuser."""
        # numbers count whoever may read the documents that have them
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("series", "=", series),
                ("number_year", "=", year),
                ("number_key", "!=", False),
                ("date", "!=", False),
            ]
        )

    def _get_council(self):
        """Return the body that the paper is issued by; none where the agency does."""
        self.ensure_one()
        kind_model = self._get_kind_model()
        if not kind_model._by_council:
            return self.env["hoithi.council"]
        return kind_model._get_body(self)

    def _get_councils(self):
        """Return the bodies that papers are issued by: one look for all of them."""
        councils = self.env["hoithi.council"]
        papers = self.filtered(lambda paper: paper._get_kind_model()._by_council)
        for model, ours in papers.grouped("res_model").items():
            if model == "hoithi.session":
                sessions = self.env[model].browse(set(ours.mapped("res_id"))).exists()
                councils |= sessions.council_id
                ours = ours.filtered(lambda p, ids=sessions.ids: p.res_id not in ids)
            councils |= ours.contest_id.council_id
        return councils

    def _get_symbol_gaps(self):
        """Return that papers of another body have the numbers of the same series."""
        council = self.is_numbered and self._get_council()
        if not council:
            return []
        # numbers count whoever may read the documents that have them
        others_sudo = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("series", "=", self.series),
                ("number_year", "=", (self.date or self.planned_on).year),
                ("number_key", "!=", False),
            ]
        )
        return [
            self.env._(
                "Papers of “%(body)s” bear the symbol %(symbol)s too and have numbers "
                "of the same series: enter another symbol for one of the two bodies, "
                "and in its papers that aren't issued yet.",
                body=body_sudo.name,
                symbol=self.symbol,
            )
            for body_sudo in others_sudo._get_councils()
            if body_sudo != council
        ]

    def _get_base_gaps(self, day):
        """Return what is wrong with the legal bases of an approved paper on a day."""
        self.ensure_one()
        if not day or self.state != "approved":
            return ""
        return "\n".join(self._get_kind_model()._get_base_gaps(self, day))

    def _get_asked_gap(self):
        """Return all that asks for a reason as the paper is, a sentence a line."""
        day = self.date or self.contest_id._get_today()
        gaps = (self._get_order_gap(self.number, day), self._get_base_gaps(day))
        return "\n".join(filter(None, gaps))

    def _check_gaps(self, reason):
        """Refuse what contradicts number, date or legal bases without a reason."""
        if not reason and (gap := self._get_asked_gap()):
            raise UserError(
                self.env._("%s If that is right, give the reason.", gap),
            )

    def _check_cancellable(self):
        """Refuse to cancel a paper that is with others, who would never hear of it."""
        self.ensure_one()
        # who got a paper is for the Office; the clerk cancels
        lines_sudo = self.sudo().recipient_ids
        if self.is_published or any(lines_sudo.mapped("is_delivered")):
            raise UserError(
                self.env._(
                    "“%s” was sent, handed over or published: use “Recall”, so that "
                    "whoever has it is told.",
                    self.name,
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

    def _get_abbreviation(self):
        """Return what the kind puts into the symbol; nothing for letters."""
        self.ensure_one()
        return kinds.KINDS[self.kind].abbreviation

    def _propose_symbol(self, agency, council):
        """Return the symbol of the paper, by `council` or without one by `agency`."""
        self.ensure_one()
        # a letter's symbol ends with the unit that drafted it
        abbreviation = self._get_abbreviation()
        if council:
            return nd30.symbol(abbreviation, council._get_symbol())
        drafter = "" if abbreviation else agency._get_office_symbol()
        return nd30.symbol(abbreviation, agency.symbol, drafter)

    @api.model
    def _get_symbols(self, symbol):
        """Hook: return the symbols that might be proposed as well as `symbol`."""
        return (symbol,)

    def _get_next_number(self, day=None):
        """Return the next free number of the series in the year of `day`, as text."""
        self.ensure_one()
        day = day or self.contest_id._get_today()
        # numbers count whoever may read the documents that have them; as stored, since
        # this is told while a double is being refused
        rows = self.env.execute_query(
            SQL(
                "SELECT number_key FROM hoithi_document WHERE company_id = %s"
                " AND series = %s AND number_year = %s AND number_key IS NOT NULL"
                " AND id != %s",
                self.company_id.id,
                self.series,
                day.year,
                self.id,
            )
        )
        keys = [key for (key,) in rows]
        keys += self.env["hoithi.outside.number"]._get_keys(self, day)
        figures = [int(match[0]) for key in keys if (match := re.match(r"\d+", key))]
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
