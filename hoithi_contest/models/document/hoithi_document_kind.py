import json
import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

from ...lib.document import kinds, nd30, verification, wording
from ...lib.guard.moments import write_day

# A short form at the end of a basis.
_SHORT_FORM = re.compile(
    re.escape(wording.SHORT_FORM).replace(r"\{name\}", "(.+?)") + r"(?=[;.]?$)"
)
# How a province's name stands in the name of an agency.
_PROVINCE = re.compile(r"\b(?:tỉnh|thành phố|TP\.?)\s+\S.*$")


class HoithiDocumentKind(models.AbstractModel):
    """How documents of one kind are filled; a model for each kind inherits it.

    The models of kinds are named ``hoithi.document.kind.<kind>``. Documents are always
    made in Vietnamese: `document` comes with ``lang`` set so, whatever the user's is.
    """

    _name = "hoithi.document.kind"
    _description = "Kind of Document"

    #: Keys of `hoithi.document.text` that the Office may word in a document.
    _texts: tuple[str, ...] = ()
    #: Models of what such a document is about, where there are several.
    _source_models: tuple[str, ...] = ()
    #: The council issues the paper, not the agency.
    _by_council = False
    #: Whether the paper cites legal bases.
    _cites = False
    #: Whether the paper prints the end of the score ledger.
    _prints_digest = False
    #: (name, role) of whom a new document of this kind goes to; without any, to those
    #: of the contest's plan.
    _recipients: tuple[tuple[str, str], ...] = ()

    @api.model
    def _get_kind(self):
        """Return the description of this kind from `lib.kinds`."""
        return kinds.KINDS[self._name.removeprefix("hoithi.document.kind.")]

    @api.model
    def _get_source_models(self):
        """Return the models of what such a document may be about, the usual first."""
        return self._source_models or (self._get_kind().source,)

    @api.model
    def _get_sources(self, contest):
        """Return the records of `contest` that a document of this kind is due for."""
        model = self._get_kind().source
        if model == "hoithi.contest":
            return contest
        return self.env[model].search([("contest_id", "=", contest.id)])

    @api.model
    def _check_sources(self, contest, sources):
        """Hook: refuse to make documents of all of a contest to who hasn't all.

        :param sources: what `_get_sources` gives the caller
        """

    @api.model
    def _get_contest(self, source):
        """Return the contest that a document about `source` belongs to."""
        return source if source._name == "hoithi.contest" else source.contest_id

    @api.model
    def _is_scored(self, contest):
        """Tell whether papers of a contest may speak of scores.

        One that registers and forwards has none, though a council may choose there.
        """
        return contest.mode == "internal_contest"

    @api.model
    def _get_entry(self, source):
        """Return the entry that a document about `source` tells of, or none.

        Whoever may not read the entry may not read the document.
        """
        if source._name == "hoithi.entry":
            return source
        if "entry_id" in source._fields:
            return source.entry_id
        return self.env["hoithi.entry"]

    @api.model
    def _get_content_day(self, source):
        """Return the day of what a document about `source` tells, or nothing."""
        return

    @api.model
    def _get_told_day(self, document):
        """Return the day of the last thing that `document` tells of, or nothing.

        No document bears an earlier date.
        """
        return self._get_content_day(
            document._get_source().sudo()  # only when it came about
        )

    @api.model
    def _get_defaults(self, source):
        """Return values of a new document about `source`, in Vietnamese.

        :return: any fields of `hoithi.document`, `subject` first of all; and under
            ``texts`` a dictionary of first wordings by the keys in `_texts`
        """
        return {}

    @api.model
    def _get_context(self, document):
        """Return the whole context of `document`, as `lib.kinds` describes it."""
        self._check_ready(document)
        common = self._get_common_context(document)
        own = self._get_own_context(document)
        # a short form is given where the paper goes on to use it
        told = json.dumps(own, ensure_ascii=False)
        bases = [
            line
            if not (short := _SHORT_FORM.search(line)) or short[1] in told
            else _SHORT_FORM.sub("", line)
            for line in common["bases"]
        ]
        return {**common, "bases": bases, **own}

    @api.model
    def _check_ready(self, document):
        """Refuse to make a document that would lack who issues it.

        :raises UserError: with what is to be filled in, and where
        """
        day = write_day(document.date or document.planned_on)
        if not document.agency_id:
            raise UserError(
                self.env._(
                    "No agency profile of “%(company)s” is valid on %(date)s: enter "
                    "name, superior and symbol of the agency under Configuration → "
                    "Department.",
                    company=document.company_id.name,
                    date=day,
                )
            )
        if document._is_signed_by_agency() and not document.signer_id:
            raise UserError(
                self.env._(
                    "Nobody signs for “%(agency)s” on %(date)s: choose the signer of "
                    "the document, or enter the signers of the agency profile.",
                    agency=document.agency_id.name,
                    date=day,
                )
            )

    @api.model
    def _get_ledger_digest(self, contest):
        """Return the end of the contest's ledger as `kiem_tra.py --anchor` takes it."""
        anchors = self.env["hoithi.ledger.anchor"]
        head = anchors._get_heads(contest).get(contest)
        return f"{head['position']}:{head['hash']}" if head else ""

    @api.model
    def _get_common_context(self, document):
        """Return the part that every context has, from the document's own fields."""
        contest = document.contest_id
        agency = self._get_agency_context(document)
        council = self._get_council_name(self._get_body(document))
        if self._by_council:
            head = {"superior": agency["name"].upper(), "issuer": council.upper()}
        else:
            head = {
                "superior": agency["parent"].upper(),
                "issuer": agency["name"].upper(),
            }
        place = contest.place_name or ""
        if place and place in agency["province"]:
            place = agency["province"]
        years = [contest.year_start, contest.year_end]
        kind = self._get_kind()
        return {
            "head": head,
            "agency": agency,
            "number_line": self._get_number_line(document),
            "place_date": self._get_place_date(document),
            "title": kind.title,
            "subject": self._get_subject(document),
            "bases": self._get_bases(document),
            "signature": {
                "authority": document.signer_title or "",
                "position": document.signer_position or "",
                "name": document.signer_name or "",
            },
            "recipients": self._get_recipients(document),
            "contest": {
                "name": self._get_contest_name(contest),
                "full_name": contest.name,
                "edition_number": contest.edition_number,
                "edition_roman": contest.edition_roman,
                "years": " - ".join(str(year) for year in sorted(set(years))),
                "place": place,
                "eligible_from_year": contest.eligible_from_year,
            },
            "council": council,
            "urgency": wording.URGENCIES.get(document.urgency, ""),
            "check": self._get_check(document),
        }

    @api.model
    def _get_subject(self, document):
        """Return what the paper is about, with the paper that it replaces."""
        subject = kinds.clean(document.subject or "")
        if document.cure != "replace":
            return subject
        replaced = wording.REPLACES.format(paper=document.cures_id._get_reference())
        return f"{subject}\n{replaced}" if subject else replaced

    @api.model
    def _get_reference(self, document, is_full=False):
        """Return how another paper names `document`: kind, number and date.

        :param is_full: with who issued it and what it is about
        """
        issuer = self._get_agency_context(document)["full_name"]
        return nd30.reference(
            self._get_kind().title,
            self._get_told_number(document),
            self._get_date_words(document),
            issuer if is_full else "",
            self._get_told_subject(document) if is_full else "",
        )

    @api.model
    def _get_told_subject(self, document):
        """Hook: return what `document` is about, where another paper names it."""
        return kinds.clean(document.subject or "")

    @api.model
    def _get_told_number(self, document):
        """Return the number that others name `document` by; nothing for a form."""
        if not document.number:
            return ""
        return nd30.full_number(document.number, document.symbol or "")

    @api.model
    def _get_check(self, document):
        """Return the code that leads to the page that tells whether a paper stands."""
        address = document._is_official() and document._get_check_url()
        if not address:
            return {"image": verification.no_code(), "text": ""}
        return {
            "image": verification.code(address, wording.CHECK_CODE),
            "text": wording.CHECK_CODE,
        }

    @api.model
    def _get_short_name(self, full_name):
        """Return an agency's name without its province."""
        return _PROVINCE.sub("", full_name).strip() or full_name

    @api.model
    def _get_agency_context(self, document):
        """Return how the agency was named at the date of `document`."""
        agency = document.agency_id
        full_name = document.agency_name or agency.name or ""
        parent = agency.parent_name or ""
        province = _PROVINCE.search(parent) or _PROVINCE.search(full_name)
        return {
            "name": self._get_short_name(full_name),
            "full_name": full_name,
            "parent": parent,
            "province": province[0] if province else agency.province_name or "",
            "head_title": agency.head_title or "",
            **agency._get_house_words(full_name),
        }

    @api.model
    def _stamp_context(self, document, context):
        """Return an approved context with the number and date given since.

        Nothing else of it may change, as this is what the leader approved.
        """
        stamped = {
            # what was approved before papers bore it has none
            **self._get_kind().completed(
                {"check": {"image": verification.no_code(), "text": ""}, **context}
            ),
            "number_line": self._get_number_line(document),
            "place_date": self._get_place_date(document),
        }
        if "annex_line" in context:
            stamped["annex_line"] = self._get_annex_line(document)
        return stamped

    @api.model
    def _get_number_line(self, document):
        if not self._get_kind().numbered:
            return ""
        return nd30.number_line(document.number or "", document.symbol or "")

    @api.model
    def _get_date_words(self, document):
        """Return the date in words; the day is left blank until the clerk gives it."""
        if document.date:
            return nd30.date_words(document.date)
        planned = document.planned_on
        return nd30.blank_date_words(planned.year, planned.month)

    @api.model
    def _get_place_date(self, document):
        return nd30.place_date(document.place or "", self._get_date_words(document))

    @api.model
    def _get_annex_line(self, document):
        """Return the line below an annex' title that tells what it belongs to."""
        return nd30.annex_line(
            self._get_kind().title,
            nd30.full_number(document.number or "", document.symbol or ""),
            self._get_date_words(document),
            document.agency_name or "",
        )

    @api.model
    def _get_bases(self, document):
        """Return the legal bases as printed, for kinds that cite any."""
        return []

    @api.model
    def _get_listed(self, contest):
        """Hook: return the legal bases of a contest that such a paper may cite."""
        return contest.legal_basis_ids

    @api.model
    def _get_citable(self, document):
        """Return the legal bases that were there at the document's day."""
        # until the clerk gives the day, the month is all that is printed
        day = document.date or date_utils.end_of(document.planned_on, "month")
        return self._get_listed(document.contest_id).filtered(
            lambda basis: not basis.date or basis.date <= day
        )

    @api.model
    def _get_cited(self, document):
        """Hook: return the legal bases that `document` prints when it is made now."""
        return self._get_citable(document)

    @api.model
    def _get_printed(self, document):
        """Return the legal bases that an approved document prints."""
        context = document.sudo().context_json or {}  # what was approved
        text = json.dumps(
            [context.get("bases"), context.get("opening")], ensure_ascii=False
        )
        return self._get_listed(document.contest_id).filtered(
            lambda basis: (
                # laws are cited without their number
                any(word and word in text for word in (basis.number, basis.subject))
                and (not basis.date or nd30.date_words(basis.date) in text)
            )
        )

    @api.model
    def _get_base_gaps(self, document, day):
        """Return what is wrong with an approved document's legal bases on a day.

        They were chosen before the clerk gave the day: by then one may have ended, or
        not be there yet. Sentences for who issues.
        """
        if not self._cites:
            return []
        printed = self._get_printed(document)
        later = printed.filtered(lambda basis: basis.date and basis.date > day)
        return (printed - later)._get_force_gaps(day) + [
            self.env._(
                "The legal basis “%(basis)s” is later than %(day)s, the date of the "
                "document.",
                basis=basis.display_name,
                day=write_day(day),
            )
            for basis in later
        ]

    @api.model
    def _get_gaps(self, document):
        """Return what somebody should look at before `document` is issued.

        Nothing of it forbids the issue: sentences for who approves and issues.
        """
        if not self._cites:
            return []
        cited, citable = self._get_cited(document), self._get_citable(document)
        gaps = [
            self.env._(
                "The legal basis “%s” is cited without its number or date.",
                basis.display_name,
            )
            for basis in cited
            if basis._needs_number() and not (basis.number and basis.date)
        ]
        day = document.date or document.planned_on
        gaps += cited._get_force_gaps(day)
        gaps += [
            self.env._(
                "The legal basis “%s” is later than the document and isn't cited.",
                basis.display_name,
            )
            for basis in self._get_listed(document.contest_id) - citable
        ]
        if self._get_kind().abbreviation == "QĐ" and not any(
            basis.legal_text_id.gives_competence
            or re.search(wording.COMPETENCE, basis.subject or "", re.IGNORECASE)
            for basis in cited
        ):
            gaps.append(self._get_competence_gap(document, day))
        return gaps

    @api.model
    def _get_competence_gap(self, document, day):
        """Return that no basis of competence is cited, and what the registry has."""
        gap = self.env._(
            "The decision cites no basis of the agency's competence, as the "
            "decision on its functions and tasks: add it to the legal bases "
            "of the contest."
        )
        texts = self.env["hoithi.legal.text"]
        if not texts.has_access("read"):
            return gap
        offered = texts.search(
            [
                ("gives_competence", "=", True),
                ("company_id", "in", [document.company_id.id, False]),
            ]
        ).filtered(lambda text: text._is_in_force(day))
        if not offered:
            return gap
        return self.env._(
            "%(gap)s The registry has: %(texts)s.",
            gap=gap,
            texts="; ".join(offered.mapped("display_name")),
        )

    @api.model
    def _get_basis_lines(self, bases, *proposals, lead="Căn cứ"):
        """Return bases, and who proposes, as lines with their signs.

        :param bases: legal bases in order
        :param proposals: sentences that follow them
        """
        return nd30.basis_lines(
            [
                *(
                    self._get_basis_text(basis, lead)
                    + (
                        wording.SHORT_FORM.format(name=nd30.sentence(basis.short_name))
                        if basis.short_name
                        else ""
                    )
                    for basis in bases
                ),
                *proposals,
            ]
        )

    @api.model
    def _get_basis_text(self, basis, lead=""):
        """Return how a legal text is cited."""
        return nd30.basis(
            basis.number or "",
            basis.date or None,
            basis.issuer or "",
            basis.subject,
            lead,
            wording.TEXT_KINDS.get(basis.kind, ""),
        )

    @api.model
    def _get_recipients(self, document):
        """Return the lines of “Nơi nhận” as printed, the archive last."""
        archive = document.recipient_ids.filtered(lambda line: line.role == "archive")
        others = document.recipient_ids - archive
        if not document.recipient_ids:
            return []
        return nd30.recipient_lines(
            self._get_printed_recipients(document, others),
            # lists often have the word itself in the name
            archive="; ".join(
                re.sub(r"^\s*-?\s*Lưu\s*:\s*", "", line.name) for line in archive
            ),
        )

    @api.model
    def _get_printed_recipients(self, document, lines):
        """Return the recipients that “Nơi nhận” names, without the archive."""
        return [
            nd30.Recipient(line.name, line.role, line.heading or "") for line in lines
        ]

    @api.model
    def _get_contest_name(self, contest):
        """Return the contest's name without edition and years."""
        return re.sub(r"\s+lần thứ\b.*$", "", contest.name)

    @api.model
    def _get_body(self, document):
        """Return the body that a paper is of: a session's, else the council."""
        source = document._get_source()
        if source._name == "hoithi.session":
            return source.council_id
        return document.contest_id.council_id

    @api.model
    def _get_presiding_seat(self, document):
        """Return the seat of who signs a paper of the council: who presided.

        Where nobody did it is the chair's.
        """
        source = document._get_source()
        if source._name == "hoithi.session" and (line := source._get_presiding_line()):
            return line.member_id
        return self._get_body(document)._get_members("chair")[:1]

    @api.model
    def _get_council_name(self, council):
        """Return a council's name without the years that tell it from others."""
        return re.sub(r"\s*\([\d\s–-]+\)\s*$", "", council.name or "")

    @api.model
    def _get_own_context(self, document):
        """Return what this kind's context has beyond the common part."""
        return {}

    @api.model
    def _get_file_name(self, document):
        """Return the name of the document's files without extension."""
        return document._get_default_file_name()

    @api.model
    def _render(self, document, context):
        """Return the file of `document` filled with `context`, as bytes."""
        from ...lib.document import docx_template

        return docx_template.render(
            document._get_template_bytes(), context, self._get_whole_words(document)
        )

    @api.model
    def _get_whole_words(self, document):
        """Return names and words of the department that no heading breaks inside."""
        agency = document.agency_id
        # what units are called is printed on every paper
        units_sudo = (
            self.env["hr.department"]
            .sudo()
            .search_fetch([("company_id", "=", document.company_id.id)], ["name"])
        )
        offices = [agency.name, agency.parent_name, *units_sudo.mapped("name")]
        places = [
            *(agency.place_name, agency.province_name),
            document.contest_id.place_name,
        ]
        return [
            *nd30.proper_names(filter(None, offices)),
            *filter(None, places),
            *kinds.paragraphs(agency.whole_words),
        ]
