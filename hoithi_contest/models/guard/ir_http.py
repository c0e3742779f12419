import re
import secrets

from werkzeug.exceptions import NotFound

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

from ...lib.guard.numerals import MOST_ID
from .hoithi_turn import make_lines, take_turn

#: The contest's own pages, as they are addressed without a language.
PAGES = re.compile(r"/(my/)?hoithi(/|$)")
#: Odoo's page that tells the visitor first what waits in the contest.
HOME = frozenset({"/my", "/my/home"})
#: Pages of Odoo's that lead to them.
DOORS = re.compile(r"/web/(login|signup|reset_password)(/|$)")
#: What the contest's pages may load and run: nothing that a text brought along, and
#: from nowhere else. Odoo compiles its templates in the browser (`unsafe-eval`) and
#: sets widths and the like on elements (`unsafe-inline` of styles alone).
POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'{styles}; "
    "img-src 'self' data: blob: https:; "
    "font-src 'self' data:{fonts}; "
    "connect-src 'self' {websocket}; "
    "worker-src 'self' blob:; "
    "object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'self'"
)
#: The name of a file to save, which Werkzeug 2 quotes where it holds parentheses, and
#: leaves apostrophes in.
EXTENDED_NAME = re.compile(r"filename\*=(?:\"UTF-8''([^\"]*)\"|UTF-8''([^\";]*))")
#: What such a name may not hold as it is (RFC 8187, attr-char).
NO_NAME_CHAR = re.compile(r"[^A-Za-z0-9!#$&+.^_`|~%-]")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def init(self):
        """Add what acts of a request wait by, which no model has."""
        super().init()
        make_lines(self.env.cr)

    @classmethod
    def _match(cls, path):
        # a path that Odoo has rewritten has its language already
        if not hasattr(request, "is_frontend"):
            lang = cls._hoithi_find_lang(path)
            if lang:
                request.update_context(lang=lang)
        try:
            return super()._match(path)
        except ValueError:
            if not PAGES.match(path):
                raise
            # a number of thousands of digits
            raise NotFound() from None

    @classmethod
    def _serve_fallback(cls):
        # no file has such an address, and the database takes it in no question
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    @classmethod
    def _dispatch(cls, endpoint):
        cls._hoithi_check_envelope(endpoint)
        # nothing but who asks was read so far, and no savepoint is open
        if cls._hoithi_is_in_turn(endpoint):
            take_turn(request.env.cr, request.env.user.company_id.id)
        return super()._dispatch(endpoint)

    @classmethod
    def _hoithi_check_envelope(cls, endpoint):
        """Refuse in words a call by JSON-2 whose ids or context are of another kind.

        Odoo hands them on as they came, to the database even.

        :raises UserError: telling what is taken
        """
        params = request.params
        if endpoint.routing["type"] != "json2" or not str(
            params.get("__model__")
        ).startswith("hoithi."):
            return
        ids, context = params.get("ids") or [], params.get("context", {})
        if not isinstance(context, dict) or not (
            isinstance(ids, list)
            and all(type(id_) is int and abs(id_) <= MOST_ID for id_ in ids)
        ):
            raise UserError(
                request.env._(
                    "“ids” is a list of whole numbers, and “context” an object."
                )
            )

    @classmethod
    def _hoithi_is_in_turn(cls, endpoint):
        """Tell whether a request takes the next number: a route, or a call by RPC."""
        routing = endpoint.routing
        if routing.get("in_turn"):
            return request.httprequest.method == "POST"
        # anybody may write such names behind any other address, and would hold up all
        if routing["type"] == "http" or routing["auth"] not in ("user", "bearer"):
            return False
        params = request.params
        model = params.get("model") or params.get("__model__")
        method = params.get("method") or params.get("__method__")
        if not (isinstance(model, str) and isinstance(method, str)):
            return False
        return model in request.env and method in getattr(
            request.env[model], "_in_turn", ()
        )

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        # browsers don't read a quoted name, and save under one without its accents
        header = response.headers.get("Content-Disposition", "")
        if EXTENDED_NAME.search(header):
            response.headers["Content-Disposition"] = EXTENDED_NAME.sub(
                lambda match: (
                    "filename*=UTF-8''"
                    + NO_NAME_CHAR.sub(
                        lambda char: f"%{ord(char[0]):02X}", match[1] or match[2]
                    )
                ),
                header,
            )
        cls._hoithi_set_policy(response)
        cls._hoithi_set_keeping(response)

    @classmethod
    def _handle_error(cls, exception):
        message = (
            request.env
            and isinstance(exception, Exception)
            and request.env["ir.attachment"]._get_disk_message(exception)
        )
        if not message:
            return super()._handle_error(exception)
        # said to whoever asked, in pages, screens and RPC alike; what was begun is
        # taken back with the transaction
        error = UserError(message)
        try:
            return super()._handle_error(error)
        except OSError:
            # nor is there room to read what was sent
            return request.dispatcher.handle_error(error)

    @classmethod
    def _hoithi_get_nonce(cls):
        """Return by what the browser knows the scripts of a page, once a request.

        :return: nothing for pages that aren't the contest's
        """
        if not request or not PAGES.match(request.httprequest.path):
            return None
        if not hasattr(request, "hoithi_nonce"):
            request.hoithi_nonce = secrets.token_urlsafe(16)
        return request.hoithi_nonce

    @classmethod
    def _hoithi_set_policy(cls, response):
        """Let the browser run no script but those of the page's templates.

        A page that didn't change stays with the policy that it came with.
        """
        nonce = cls._hoithi_get_nonce()
        if nonce and response.mimetype == "text/html" and response.status_code != 304:
            # Odoo Website's themes take their fonts from there
            has_website = "website" in request.env
            response.headers["Content-Security-Policy"] = POLICY.format(
                nonce=nonce,
                styles=" https://fonts.googleapis.com" if has_website else "",
                fonts=" https://fonts.gstatic.com" if has_website else "",
                # some browsers don't count them to the page's own address
                websocket=f"ws://{request.httprequest.host} wss://{request.httprequest.host}",
            )

    @classmethod
    def _hoithi_set_keeping(cls, response):
        """Let neither browsers nor proxies keep what is the visitor's own.

        At a computer that several people share, the way back after the logout shows
        nothing. What may be kept says so by itself.
        """
        path = request.httprequest.path
        if PAGES.match(path) or path in HOME:
            response.headers.setdefault("Cache-Control", "private, no-store")

    @classmethod
    def _hoithi_find_lang(cls, path):
        """Return the language that suits a visitor of whom no language is known.

        On the contest's pages, and where one signs in, it is the first active one that
        the browser names, else Vietnamese; a website has a language of its own, which
        counts where one signs in. Elsewhere Odoo decides, but for a language without a
        country, as `vi`, which it takes for none.

        :return: the code, or None where Odoo's own choice stands
        """
        is_own = PAGES.match(path)
        # a login has its language
        if request.session.uid and (not is_own or request.env.user.lang):
            return None
        is_door = DOORS.match(path)
        languages = request.env["res.lang"]._get_active_by("code")
        chosen = request.cookies.get("frontend_lang")
        if is_door and chosen in languages:
            return chosen
        wanted = [
            tag.replace("-", "_")
            for tag, quality in request.httprequest.accept_languages
            if quality > 0
        ]
        if not is_own and not is_door:
            wanted = [code for code in wanted[:1] if "_" not in code]
        for code in wanted:
            if code in languages:
                return code
            short = code.partition("_")[0].lower()
            for active in languages:
                if active.partition("_")[0] == short:
                    return active
        if is_own or (is_door and "website" not in request.env):
            return request.env["res.lang"]._hoithi_get_default()
        return None
