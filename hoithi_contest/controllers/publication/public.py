from collections import namedtuple
from functools import partial
from hashlib import sha256

from werkzeug.exceptions import NotFound
from werkzeug.http import is_resource_modified, quote_etag

from odoo import fields
from odoo.fields import Domain
from odoo.http import Controller, Response, request, route
from odoo.tools import html2plaintext
from odoo.tools.json import scriptsafe

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.web.controllers.home import Home

from ...models.guard.hoithi_states import OVER, RUNNING
from ...tools import format_number, format_size
from ..contest.formats import (
    format_day,
    format_moment,
    get_html_data,
)
from ..contest.portal import MAX_ID

PUBLISHED = [("is_published", "=", True)]
#: What a search page shows of a text.
SNIPPET_LENGTH = 155
#: Files of a document, by what their addresses call them.
FILES = {"pdf": "pdf_id", "source": "docx_id"}

Version = namedtuple("Version", ["etag", "moment"])


def sitemap_contests(env, _rule, _qs):
    """Name the public pages to search engines, for Odoo's own sitemap."""
    contests = env["hoithi.contest"].search(PUBLISHED)
    yield {"loc": "/hoithi"}
    for contest in contests:
        _key, moment = contest._get_public_version()
        yield {"loc": f"/hoithi/{contest.id}", "lastmod": moment.date()}


class HoithiPublic(Controller):
    """The pages that everybody may read, and search engines too.

    All of them show what the contest's `_get_public_…` methods give out. Visitors'
    browsers keep a page and ask each time whether it still holds: what is withdrawn is
    gone with the next look.
    """

    _hoithi_contests_per_page = 20

    # PAGES

    @route(
        ["/hoithi", "/hoithi/page/<int:page>"],
        type="http",
        auth="public",
        website=True,
        sitemap=sitemap_contests,
    )
    def hoithi_contests(self, page=1, **_kw):
        """List the published contests, those that run first."""
        contests = request.env["hoithi.contest"]
        pager = portal_pager(
            url="/hoithi",
            total=contests.search_count(PUBLISHED),
            page=page,
            step=self._hoithi_contests_per_page,
        )
        contests = contests.search(
            PUBLISHED,
            limit=self._hoithi_contests_per_page,
            offset=max(pager["offset"], 0),
        )
        version = self._get_version(contests, page)
        if version and self._is_fresh(version):
            return self._answer_unchanged(version)
        running = contests.filtered(lambda contest: contest.state not in OVER)
        values = {
            **self._prepare_values(request.env._("Innovation contests")),
            "page_description": request.env._(
                "Innovation contests of the department: dates, rules, documents, "
                "questions and answers, results."
            ),
            "sections": [
                (request.env._("Running"), running),
                (request.env._("Past contests"), contests - running),
            ],
            "contests": contests,
            "pager": pager,
        }
        return self._render("hoithi_contest.public_contests", values, version)

    @route(
        "/hoithi/<int:contest_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def hoithi_contest(self, contest_id, q="", **_kw):
        """Show a published contest, and its results once they are released.

        :param q: words to search the questions and answers for
        """
        contest = self._find_contest(contest_id)
        search = " ".join(q.split())[:100] if isinstance(q, str) else ""
        version = self._get_version(contest, search)
        if version and self._is_fresh(version):
            return self._answer_unchanged(version)
        documents = contest._get_public_documents()
        questions = contest._get_public_questions(search)
        values = {
            **self._prepare_values(contest.name),
            "page_description": self._get_snippet(contest),
            "contest": contest,
            # visitors have no right on these; what a dossier holds is no secret
            "dossier_types": contest.sudo().asked_dossier_type_ids,
            "timeline": contest._get_timeline(fields.Datetime.now()),
            "results": contest._get_public_results(),
            "has_results": contest._has_public_results(),
            "tasks": contest._get_public_tasks(),
            "prizes": contest._get_public_prizes(),
            "documents": documents,
            "document_files": self._get_document_files(documents),
            "basis_files": self._get_basis_files(contest),
            "questions": questions,
            "has_questions": bool(
                questions or (search and contest._get_public_questions())
            ),
            "search": search,
            "contact": contest._get_public_contact(),
            "can_ask": contest.state in RUNNING,
            "json_ld": self._get_json_ld(contest),
        }
        return self._render("hoithi_contest.public_contest", values, version)

    # FILES

    @route(
        "/hoithi/<int:contest_id>/documents/<int:document_id>/<any(pdf, source):kind>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def hoithi_document(self, contest_id, document_id, kind, **_kw):
        """Send a file of an issued and published document: the PDF, or the Word file.

        Addresses name the document, never the file, so that no number guesses one.
        """
        contest = self._find_contest(contest_id)
        documents = request.env["hoithi.document"]
        if document_id <= MAX_ID and documents.has_access("read"):
            documents = documents.search(
                Domain("id", "=", document_id)
                & Domain(contest._get_public_document_domain())
            )
        if not documents:
            raise NotFound()
        # visitors have no right on attachments; the document decided
        return self._send(documents.sudo()[FILES[kind]])

    @route(
        "/hoithi/<int:contest_id>/legal/<int:basis_id>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def hoithi_legal_basis(self, contest_id, basis_id, **_kw):
        """Send the text of a legal basis, as that of the rules."""
        basis = self._find_contest(contest_id).legal_basis_ids.filtered(
            lambda basis: basis.id == basis_id and basis.publish_text
        )
        # visitors have no right on attachments; the legal basis decided
        attachment_sudo = basis.sudo().attachment_id
        return self._send(attachment_sudo)

    @route(
        "/hoithi/sitemap.xml",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def hoithi_sitemap(self, **_kw):
        """Name the public pages in each language, where no Odoo Website does it."""
        contests = request.env["hoithi.contest"].search(PUBLISHED)
        base_url = request.env["hoithi.contest"].get_base_url()
        languages = request.env["res.lang"]._get_frontend().values()
        default = request.env["ir.http"]._get_default_lang()
        pages = [("/hoithi", contests._get_public_version()[1])] + [
            (f"/hoithi/{contest.id}", contest._get_public_version()[1])
            for contest in contests
        ]

        def address(path, lang):
            prefix = "" if lang.code == default.code else f"/{lang.url_code}"
            return f"{base_url}{prefix}{path}"

        return Response(
            request.env["ir.qweb"]._render(
                "hoithi_contest.public_sitemap",
                {
                    "pages": pages,
                    "languages": languages,
                    "default": default,
                    "address": address,
                },
            ),
            mimetype="application/xml",
            headers={"Cache-Control": "public, no-cache"},
        )

    # HELPERS: RECORDS

    def _find_contest(self, contest_id):
        contest = request.env["hoithi.contest"]
        if contest_id <= MAX_ID:
            contest = contest.search([("id", "=", contest_id), *PUBLISHED])
        if not contest:
            raise NotFound()
        return contest

    def _get_document_files(self, documents):
        """Return {document id: [(format, address, size)]} of what can be downloaded."""
        # visitors have no right on attachments; of these they learn format and size
        return {
            document.id: [
                (
                    document[name].name.rpartition(".")[2].upper(),
                    f"/hoithi/{document.contest_id.id}/documents/{document.id}/{kind}",
                    format_size(request.env, document[name].file_size),
                )
                for kind, name in FILES.items()
                if document[name]
            ]
            # names and sizes of files of documents that the visitor may read
            for document in documents.sudo()
        }

    def _get_basis_files(self, contest):
        """Return {legal basis id: size} of the texts that can be downloaded."""
        # visitors have no right on attachments; of these they learn the size
        return {
            basis.id: format_size(request.env, basis.attachment_id.file_size)
            for basis in contest.sudo().legal_basis_ids
            if basis.publish_text and basis.attachment_id
        }

    # HELPERS: PAGES

    def _prepare_values(self, title):
        return {
            "format_moment": format_moment,
            "format_day": format_day,
            "format_number": partial(format_number, request.env),
            "html_data": get_html_data(request.env),
            "page_title": title,
            # Odoo Website would describe the template instead of the page
            "main_object": request.env["hoithi.contest"],
            "canonical": self._get_canonical(),
            "alternates": self._get_alternates(),
        }

    def _get_canonical(self, lang=None):
        return request.env["ir.http"]._url_localized(
            lang_code=lang,
            url=request.httprequest.path,
            canonical_domain=request.env["hoithi.contest"].get_base_url(),
        )

    def _get_alternates(self):
        """Return {language: address} of the same page in the other languages."""
        languages = request.env["res.lang"]._get_frontend()
        if len(languages) < 2:
            return {}
        return {
            lang.iso_code.replace("_", "-"): self._get_canonical(code)
            for code, lang in languages.items()
        }

    def _get_snippet(self, contest):
        text = " ".join(html2plaintext(contest.description or "").split())
        text = f"{contest.name} – {contest.company_id.name}. {text}"
        if len(text) > SNIPPET_LENGTH:
            text = text[:SNIPPET_LENGTH].rpartition(" ")[0] + "…"
        return text

    def _get_json_ld(self, contest):
        """Return the contest as schema.org describes an event, or an empty text."""
        if not contest.date_start:
            return ""
        contact = contest._get_public_contact()
        address = contact["address"] or contest.place_name or contact["name"]
        status = "Cancelled" if contest.state == "cancelled" else "Scheduled"
        event = {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": contest.name,
            "description": self._get_snippet(contest),
            "startDate": contest.date_start.isoformat(),
            "endDate": (contest.date_end or contest.date_start).isoformat(),
            "eventStatus": f"https://schema.org/Event{status}",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "inLanguage": request.env.lang.replace("_", "-"),
            "url": self._get_canonical(),
            "location": {
                "@type": "Place",
                "name": contest.place_name or contact["name"],
                "address": address,
            },
            "organizer": {"@type": "GovernmentOrganization", "name": contact["name"]},
        }
        return scriptsafe.dumps(event)

    def _render(self, template, values, version):
        response = request.render(template, values)
        if version:
            self._set_version(response, version)
        else:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    # HELPERS: CACHES

    def _get_version(self, contests, *parts):
        """Return the version of a visitor's page, or nothing for who is logged in.

        It holds whatever the page shows: the rows behind it, the language, the phases
        by the clock, and the layout, whose changes clear the server's caches.
        """
        if not request.env.user._is_public():
            return None
        key, moment = contests._get_public_version()
        now = fields.Datetime.now()
        registry = request.env.registry
        clock = [
            (
                contest.can_register,
                [phase["status"] for phase in contest._get_timeline(now)],
            )
            for contest in contests
        ]
        layout = (registry.registry_sequence, sorted(registry.cache_sequences.items()))
        text = repr((key, clock, layout, request.env.lang, parts))
        return Version(sha256(text.encode()).hexdigest()[:32], moment)

    def _is_fresh(self, version):
        """Tell whether the browser has this very page.

        By its tag alone: a date has no fractions of a second, and a name that was
        withdrawn within the second of the last change would stay.
        """
        return not is_resource_modified(
            request.httprequest.environ, etag=quote_etag(version.etag, weak=True)
        )

    def _answer_unchanged(self, version):
        response = Response(status=304)
        self._set_version(response, version)
        return response

    def _set_version(self, response, version):
        # weak: the page holds a token of the session, which changes nothing of it
        response.set_etag(version.etag, weak=True)
        response.headers["Vary"] = "Accept-Language, Cookie"
        # only the visitor's own browser keeps it, for that token's sake
        response.headers["Cache-Control"] = "private, no-cache"
        if version.moment:
            response.last_modified = version.moment

    def _send(self, attachment_sudo):
        """Send a file with ranges, and let caches ask whether it still holds.

        :raises NotFound: where there is none
        """
        if not attachment_sudo:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(attachment_sudo)
        response = stream.get_response(as_attachment=True, immutable=False)
        # what was withdrawn must not come from a cache
        response.headers["Cache-Control"] = "public, no-cache"
        return response


class HoithiHome(Home):
    def _get_allowed_robots_routes(self):
        """Let search engines read the public pages, in every language."""
        return super()._get_allowed_robots_routes() + ["/hoithi", "/*/hoithi"]
