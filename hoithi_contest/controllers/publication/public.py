from collections import namedtuple
from functools import partial
from hashlib import sha256
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound
from werkzeug.http import is_resource_modified, quote_etag

from odoo import fields
from odoo.fields import Domain
from odoo.http import Controller, Response, request, route
from odoo.tools import file_path
from odoo.tools.json import scriptsafe
from odoo.tools.mail import html_to_inner_content

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.web.controllers.home import Home

from ...lib.guard.numerals import MOST_ID, read_whole
from ...lib.guard.texts import hold_years
from ...lib.publication import card
from ...models.guard.hoithi_states import OVER, RUNNING
from ...models.publication.hoithi_contest import MEDALS
from ...tools import format_number, format_size
from ..contest.formats import (
    describe_deadline,
    format_day,
    format_moment,
    get_html_data,
)

PUBLISHED = [("is_published", "=", True)]
#: What a search page shows of a text.
SNIPPET_LENGTH = 155

#: Odoo's own font with the letters of Vietnamese.
FONT = "web/static/fonts/sign/NotoSans-Reg.ttf"
#: How large results stand on the page, by their medal.
GROUPS = {"gold": "first", "silver": "second", "bronze": "third"}
#: Papers that say what the results are.
RESULT_PAPERS = ("recognition", "result_notice")

Version = namedtuple("Version", ["etag", "moment"])


def sitemap_contests(env, _rule, _qs):
    """Name the public pages to search engines, for Odoo's own sitemap."""
    contests = env["hoithi.contest"]._as_visitor()
    contests = contests.search(contests._get_listed_domain())
    yield {"loc": "/hoithi"}
    moments = contests._get_public_moments()
    for contest, path in contests._get_public_paths():
        yield {"loc": path, "lastmod": moments[contest.id].date()}


class HoithiPublic(Controller):
    """The pages that everybody may read, and search engines too.

    All of them show what the contest's `_get_public_…` methods give out. Visitors'
    browsers keep a page and ask each time whether it still holds: what is withdrawn is
    gone with the next look.
    """

    _hoithi_contests_per_page = 20
    _hoithi_results_per_page = 24
    #: How many results stand on the page of their contest, and of all contests.
    _hoithi_results_shown = 6
    _hoithi_winners_shown = 3

    # PAGES

    @route(
        ["/hoithi", "/hoithi/page/<int:page>"],
        type="http",
        auth="public",
        website=True,
        sitemap=sitemap_contests,
        readonly=True,
    )
    def hoithi_contests(self, page=1, **_kw):
        """List the published contests, those that run first."""
        contests = self._get_contests()
        listed = contests._get_listed_domain()
        pager = portal_pager(
            url="/hoithi",
            total=contests.search_count(listed),
            page=page,
            step=self._hoithi_contests_per_page,
        )
        contests = contests.search(
            listed,
            limit=self._hoithi_contests_per_page,
            offset=max(pager["offset"], 0),
        )
        published = self._get_contests().search(listed)
        version = self._get_version(published, "contests", page)
        if version and self._is_fresh(version):
            return self._answer_unchanged(version)
        running = contests.filtered(lambda contest: contest.state not in OVER)
        released = published._get_released()
        values = {
            **self._prepare_values(request.env._("Innovation contests")),
            "page_name": "hoithi_contests",
            "page_description": request.env._(
                "Innovation contests of the department: dates, rules, documents, "
                "questions and answers, results."
            ),
            "sections": [
                (request.env._("Running"), running),
                (request.env._("Past contests"), contests - running),
            ],
            "contests": contests,
            "featured": next(
                (contest for contest in published if contest.can_register), None
            ),
            "winners": released[:1]._get_public_results(
                limit=self._hoithi_winners_shown
            ),
            "figures": published._get_public_figures(),
            "result_counts": contests._count_public_results_each(),
            "pager": pager,
        }
        return self._render("hoithi_contest.public_contests", values, version)

    @route(
        ["/hoithi/results", "/hoithi/<int:contest_id>/results"],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def hoithi_results(self, contest_id=None, **kw):
        """Show the released results of a contest, or of all: to search and to filter.

        :param q: words to search titles, names and summaries for
        :param field: id of a field of the contest
        :param prize: key of an award
        :param page: number of the page, from 1
        """
        if contest_id is None:
            contest = self._get_contests()
            contests = contest.search(contest._get_listed_domain())._get_released()
        else:
            contests = contest = self._find_contest(contest_id)
            if not contest._has_public_results():
                raise NotFound()
        wanted = self._read_wanted(kw)
        number = self._read_number(kw.get("page")) or 1
        version = self._get_version(contests, "results", wanted, number)
        if version and self._is_fresh(version):
            return self._answer_unchanged(version)
        path = f"/hoithi/{contest.id}/results" if contest else "/hoithi/results"
        total = contests._count_public_results(**wanted)
        pager = portal_pager(
            url=path,
            url_args={
                "q": wanted["search"],
                "field": wanted["field_id"],
                "prize": wanted["rank"],
            },
            total=total,
            page=number,
            step=self._hoithi_results_per_page,
        )
        documents = contest._get_public_documents() if contest else None
        title = request.env._("Honoured solutions")
        values = {
            **self._prepare_values(title, contest),
            "page_name": "hoithi_results",
            "page_description": request.env._(
                "Solutions that were honoured in the innovation contests of the "
                "department."
            )
            if not contest
            else f"{title}: {contest.name}.",
            "contest": contest,
            "results_path": path,
            "groups": self._group_results(
                contests._get_public_results(
                    limit=self._hoithi_results_per_page,
                    offset=max(pager["offset"], 0),
                    **wanted,
                )
            ),
            "total": total,
            "figures": contests._get_public_figures(),
            "ranks": contests._get_public_ranks(),
            "unit_awards": contests._get_public_unit_awards(),
            "result_fields": contests._get_public_fields(),
            "wanted": wanted,
            "is_wanted": any(wanted.values()),
            "pager": self._get_page_links(path, wanted, pager),
            "documents": documents
            and documents.filtered(lambda paper: paper.kind in RESULT_PAPERS),
            "document_files": self._get_document_files(documents) if documents else {},
        }
        if documents is not None and not values["documents"]:
            values["documents"] = documents[:0]
        return self._render("hoithi_contest.public_results_page", values, version)

    @route(
        "/hoithi/<int:contest_id>/results/<int:entry_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def hoithi_result(self, contest_id, entry_id, **_kw):
        """Show one solution of the released results, if its authors agreed to it."""
        contest, entry_sudo = self._find_result(contest_id, entry_id)
        version = self._get_version(contest, "result", entry_id)
        if version and self._is_fresh(version):
            return self._answer_unchanged(version)
        result = contest._describe_public_result(
            entry_sudo, bool(entry_sudo.public_picture)
        )
        others = [
            other
            for other in contest._get_public_results(
                limit=self._hoithi_winners_shown + 1
            )
            if other["id"] and other["id"] != entry_id
        ]
        base_url = self._get_base_url()
        values = {
            **self._prepare_values(result["title"], contest),
            "page_name": "hoithi_result",
            "page_description": self._shorten(
                result["summary"]
                or " – ".join(
                    filter(None, [contest.name, ", ".join(result["authors"])])
                )
            ),
            "page_picture": f"{base_url}{result['picture']}"
            if result["picture"]
            else None,
            "contest": contest,
            "result": result,
            "story": entry_sudo._get_public_story(),
            "scope": entry_sudo._get_decided_scope_label(),
            "others": others[: self._hoithi_winners_shown],
        }
        return self._render("hoithi_contest.public_result_page", values, version)

    @route(
        "/hoithi/<int:contest_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def hoithi_contest(self, contest_id, q="", **_kw):
        """Show a published contest, and its results once they are released.

        :param q: words to search the questions and answers for
        """
        contest = self._find_contest(contest_id)
        search = " ".join(q.split())[:100] if isinstance(q, str) else ""
        # what the fields brought the last time stands at them
        version = self._get_version(
            contest | contest._get_last_released(), "contest", search
        )
        if version and self._is_fresh(version):
            return self._answer_unchanged(version)
        documents = contest._get_public_documents()
        questions = contest._get_public_questions(search)
        own = contest.with_env(request.env)
        values = {
            **self._prepare_values(contest.name, contest),
            "page_name": "hoithi_contest",
            "page_description": self._get_snippet(contest),
            "contest": contest,
            # visitors have no right on these; what a dossier holds is no secret
            "dossier_types": contest.sudo().asked_dossier_type_ids,
            "last_results": contest._count_last_results(),
            "timeline": contest._get_timeline(fields.Datetime.now()),
            "results": contest._get_public_results(limit=self._hoithi_results_shown),
            "result_count": contest._count_public_results(),
            "has_results": contest._has_public_results(),
            "tasks": contest._get_public_tasks(),
            "prizes": contest._get_public_prizes(),
            "prize_limits": contest._get_public_prize_limits(),
            "documents": documents,
            "document_files": self._get_document_files(documents),
            "basis_files": self._get_basis_files(contest),
            "questions": questions,
            "has_questions": bool(
                questions or (search and contest._get_public_questions())
            ),
            "search": search,
            "contact": contest._get_public_contact(),
            # whoever isn't logged in may turn out to be an insider
            "can_ask": contest.state in RUNNING
            and (
                request.env.user._is_public()
                # another department's isn't found behind the public pages
                or (own.has_access("read") and own.is_insider)
            ),
            "json_ld": self._get_json_ld(contest),
        }
        return self._render("hoithi_contest.public_contest", values, version)

    # FILES

    @route(
        ["/hoithi/card.png", "/hoithi/<int:contest_id>/card.png"],
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def hoithi_card(self, contest_id=None, **_kw):
        """Send the picture that messengers show beside the address of a page."""
        contest = self._find_contest(contest_id) if contest_id is not None else None
        frame = request.env["hoithi.contest"]._get_public_frame(
            contest.company_id if contest else request.env.company, contest
        )
        colours = frame["hoithi_company"]._get_hoithi_colours()
        title = contest.name if contest else request.env._("Innovation contests")
        version = sha256(repr((title, frame["agency_name"], colours)).encode())
        version = Version(version.hexdigest()[:32], None)
        if self._is_fresh(version):
            return self._answer_unchanged(version)
        picture = card.draw(
            title,
            frame["agency_name"],
            card.Palette(*colours.values()),
            file_path(FONT),
        )
        response = request.make_response(picture, [("Content-Type", "image/png")])
        self._set_version(response, version)
        response.headers["Cache-Control"] = "public, no-cache"
        return response

    @route(
        "/hoithi/<int:contest_id>/results/<int:entry_id>/picture",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def hoithi_picture(self, contest_id, entry_id, **_kw):
        """Send the picture of a solution, while its page is shown."""
        _contest, entry_sudo = self._find_result(contest_id, entry_id)
        if not entry_sudo.public_picture or not entry_sudo._may_show_picture():
            raise NotFound()
        stream = request.env["ir.binary"]._get_image_stream_from(
            entry_sudo, "public_picture"
        )
        response = stream.get_response(as_attachment=False, immutable=False)
        # what was withdrawn must not come from a cache
        response.headers["Cache-Control"] = "public, no-cache"
        return response

    @route(
        [
            "/hoithi/<int:contest_id>/documents/<int:document_id>/pdf",
            "/hoithi/<int:contest_id>/documents/<int:document_id>/pdf/<int:number>",
        ],
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def hoithi_document(self, contest_id, document_id, number=1, **_kw):
        """Send an issued and published document as PDF: signed, where it is.

        Addresses name the document, never the file, so that no number guesses one.
        """
        contest = self._find_contest(contest_id)
        documents = contest.env["hoithi.document"]
        if document_id <= MOST_ID and documents.has_access("read"):
            documents = documents.search(
                Domain("id", "=", document_id)
                & Domain(contest._get_public_document_domain())
            )
        if not documents:
            raise NotFound()
        # visitors have no right on attachments; the document decided
        files_sudo = documents.sudo()._get_public_files()
        return self._send(files_sudo[max(number, 1) - 1 : max(number, 1)])

    @route(
        "/hoithi/<int:contest_id>/legal/<int:basis_id>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
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
        readonly=True,
    )
    def hoithi_sitemap(self, **_kw):
        """Name the public pages in each language, where no Odoo Website does it."""
        contests = self._get_contests()
        contests = contests.search(contests._get_listed_domain())
        base_url = request.env["hoithi.contest"].get_base_url()
        languages = request.env["res.lang"]._get_frontend().values()
        default = request.env["ir.http"]._get_default_lang()
        moments = contests._get_public_moments()
        pages = [("/hoithi", max(moments.values(), default=None))] + [
            (path, moments[contest.id])
            for contest, path in contests._get_public_paths()
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

    def _get_contests(self):
        return request.env["hoithi.contest"]._as_visitor()

    def _find_contest(self, contest_id):
        contest = self._get_contests()
        if contest_id <= MOST_ID:
            contest = contest.search([("id", "=", contest_id), *PUBLISHED])
        if not contest:
            raise NotFound()
        return contest

    def _find_result(self, contest_id, entry_id):
        contest = self._find_contest(contest_id)
        if entry_id > MOST_ID or not contest._has_public_results():
            raise NotFound()
        entry_sudo = contest._find_public_result(entry_id)
        if not entry_sudo:
            raise NotFound()
        return contest, entry_sudo

    def _read_number(self, text):
        """Return the number that a part of an address stands for, or nothing."""
        return read_whole(str(text or "")) or None

    def _read_wanted(self, typed):
        """Return what a visitor looks for, without what makes no sense."""
        search = typed.get("q")
        ranks = dict(request.env["hoithi.prize.kind"]._get_ranks())
        return {
            "search": " ".join(search.split())[:100] if isinstance(search, str) else "",
            "field_id": self._read_number(typed.get("field")),
            "rank": typed.get("prize") if typed.get("prize") in ranks else None,
        }

    def _group_results(self, results):
        """Return results as they stand on the page: [(kind, results)].

        The best are the largest; one that is alone of its kind takes the whole width.
        """
        groups = []
        for result in results:
            kind = self._get_result_kind(result)
            if not groups or groups[-1][0] != kind:
                groups.append((kind, []))
            groups[-1][1].append(result)
        return [
            ("first" if len(members) == 1 and kind != "others" else kind, members)
            for kind, members in groups
        ]

    def _get_result_kind(self, result):
        key = result["awards"][0]["key"] if result["awards"] else ""
        return GROUPS.get(MEDALS.get(key), "others")

    def _get_page_links(self, path, wanted, pager):
        """Return the other pages of a list: {count, number, previous, next}."""
        terms = {
            "q": wanted["search"],
            "field": wanted["field_id"],
            "prize": wanted["rank"],
        }
        terms = {name: value for name, value in terms.items() if value}
        number, count = pager["page"]["num"], pager["page_count"]

        def link(page):
            if not 1 <= page <= count or page == number:
                return None
            return f"{path}?{urlencode({**terms, 'page': page})}"

        return {
            "count": count,
            "number": number,
            "previous": link(number - 1),
            "next": link(number + 1),
        }

    def _get_document_files(self, documents):
        """Return {document id: [(format, address, size)]} of what can be downloaded."""
        # visitors have no right on attachments; of these they learn format and size
        return {
            document.id: [
                (
                    file.name.rpartition(".")[2].upper(),
                    f"/hoithi/{document.contest_id.id}/documents/{document.id}/pdf"
                    + (f"/{number}" if number > 1 else ""),
                    format_size(request.env, file.file_size),
                )
                for number, file in enumerate(document._get_public_files(), 1)
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

    def _prepare_values(self, title, contest=None):
        contests = request.env["hoithi.contest"]
        company = contest.company_id if contest else request.env.company
        return {
            **contests._get_public_frame(company, contest),
            "format_moment": format_moment,
            "format_day": format_day,
            "format_number": partial(format_number, request.env),
            "hold_years": hold_years,
            "html_data": get_html_data(request.env),
            "get_deadline": self._get_deadline,
            "page_title": title,
            "page_picture": None,
            "page_card": self._get_base_url()
            + (f"/hoithi/{contest.id}/card.png" if contest else "/hoithi/card.png"),
            # Odoo Website would describe the template instead of the page
            "main_object": contests,
            "canonical": self._get_canonical(),
            "alternates": self._get_alternates(),
            # what only some pages say
            "json_ld": "",
        }

    def _get_deadline(self, contest):
        """Return how long registration is open, see `describe_deadline`.

        Of a contest that was cancelled nobody is told that registration ended.
        """
        deadline = describe_deadline(contest, contest.registration_deadline)
        if deadline and contest.state == "cancelled":
            deadline["is_over"] = False
        return deadline

    def _get_base_url(self):
        """Return where these pages are at home: on the website, if there is one."""
        website = getattr(request, "website", None)
        return (website or request.env["hoithi.contest"]).get_base_url()

    def _get_canonical(self, lang=None):
        return request.env["ir.http"]._url_localized(
            lang_code=lang,
            url=request.httprequest.path,
            canonical_domain=self._get_base_url(),
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
        text = html_to_inner_content(contest.description or "")
        return self._shorten(f"{contest.name} – {contest.company_id.name}. {text}")

    def _shorten(self, text):
        """Return what search pages show of a text."""
        text = " ".join(text.split())
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
        # the ways on that stand around every page
        published = self._get_contests()
        published = published.search(published._get_listed_domain())
        frame = [(contest.id, contest._has_public_results()) for contest in published]
        clock = [
            (
                contest.can_register,
                contest.can_register and self._get_deadline(contest),
                [phase["status"] for phase in contest._get_timeline(now)],
            )
            for contest in contests
        ]
        layout = (registry.registry_sequence, sorted(registry.cache_sequences.items()))
        text = repr((key, frame, clock, layout, request.env.lang, parts))
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
