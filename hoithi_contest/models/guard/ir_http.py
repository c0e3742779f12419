import inspect
import logging
import re
import secrets
import xmlrpc.client
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple
from xml.parsers.expat import ExpatError

import psycopg2
from werkzeug.exceptions import HTTPException, NotFound

from odoo import models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.http import Response, request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...lib.guard.numerals import MOST_ID
from .hoithi_turn import make_lines, take_turn

_logger = logging.getLogger(__name__)

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
#: Where programs call by XML-RPC: by the present version, or the one before.
XML_RPC = re.compile(r"/xmlrpc/(2/)?object$")
#: By what Odoo's programs know that a person reads what is told.
XML_WARNING = 2
#: The name of a file to save, which Werkzeug 2 quotes where it holds parentheses, and
#: leaves apostrophes in.
EXTENDED_NAME = re.compile(r"filename\*=(?:\"UTF-8''([^\"]*)\"|UTF-8''([^\";]*))")
#: What such a name may not hold as it is (RFC 8187, attr-char).
NO_NAME_CHAR = re.compile(r"[^A-Za-z0-9!#$&+.^_`|~%-]")
#: With what a call ends that carries what the server has no words for, or a fault of
#: the program.
FAULTS = (ArithmeticError, AssertionError, AttributeError, ConcurrencyError)
FAULTS += (LookupError, NameError, RuntimeError, TypeError, ValueError, psycopg2.Error)
#: Where anybody calls Odoo's talks, and with what a call ends that doesn't fit them.
TALKS = re.compile(r"/(discuss|mail|portal)/")
UNFIT = (AttributeError, LookupError, TypeError, ValueError)


class Call(NamedTuple):
    """A call of a model's method from outside, whatever the door.

    `ids` stand apart by JSON-2, and come first in `args` by the others.
    """

    model: str
    method: str
    args: Any
    kwargs: Any
    ids: Any = None
    has_ids_apart: bool = False


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
        if XML_RPC.match(request.httprequest.path):
            return cls._hoithi_answer_xml(partial(super()._dispatch, endpoint))
        cls._hoithi_check_envelope()
        # nothing but who asks was read so far, and no savepoint is open
        if cls._hoithi_is_in_turn(endpoint):
            take_turn(request.env.cr, request.env.user.company_id.id)
        return super()._dispatch(endpoint)

    @classmethod
    def _hoithi_answer_xml(cls, dispatch):
        """Answer programs by XML-RPC in words, where the contest's models are called.

        Odoo answers there by itself, with the program's own lines.

        :param dispatch: what does the call, and returns the answer
        """
        try:
            cls._hoithi_check_envelope()
            return dispatch()
        except UserError as error:
            if hasattr(error, "error_response"):
                # Odoo has told it
                raise
            told = error
        except FAULTS as fault:
            told = cls._hoithi_word_fault(fault)
            if not told:
                raise
            if cls._hoithi_get_place(fault) == xmlrpc.client.__name__:
                told = UserError(
                    request.env._(
                        "It is done, but XML-RPC has no way to say what comes of it: "
                        "call by /json/2 instead."
                    )
                )
            _logger.exception("A call by XML-RPC failed")
        is_new = XML_RPC.match(request.httprequest.path)[1]
        fault = (
            xmlrpc.client.Fault(XML_WARNING, str(told))
            if is_new
            else xmlrpc.client.Fault(f"warning -- UserError\n\n{told}", "")
        )
        return Response(
            xmlrpc.client.dumps(fault, methodresponse=True), mimetype="text/xml"
        )

    @classmethod
    def _hoithi_get_place(cls, fault):
        """Return the module in which a fault came up."""
        trace = fault.__traceback__
        while trace.tb_next:
            trace = trace.tb_next
        return trace.tb_frame.f_globals.get("__name__")

    @classmethod
    def _hoithi_read_xml(cls):
        """Return what is called by XML-RPC, in the words of the other doors."""
        try:
            args, method = xmlrpc.client.loads(request.httprequest.get_data())
        except (ExpatError, LookupError, TypeError, ValueError, xmlrpc.client.Error):
            # Odoo tells
            return {}
        return {"service": "object", "method": method, "args": list(args)}

    @classmethod
    def _hoithi_get_call(cls):
        """Return which method of a model the request calls, or None."""
        if XML_RPC.match(request.httprequest.path):
            params = cls._hoithi_read_xml()
        elif request.dispatcher.routing_type == "http":
            # what stands in an address or a form is no call
            return None
        else:
            # who isn't let in has none
            params = getattr(request, "params", {})
        if "__model__" in params:
            given = dict(params)
            call = Call(
                given.pop("__model__"),
                given.pop("__method__", None),
                [],
                given,
                given.pop("ids", None) or [],
                has_ids_apart=True,
            )
        elif {"model", "method", "args", "kwargs"} <= set(params):
            call = Call(*(params[n] for n in ("model", "method", "args", "kwargs")))
        elif params.get("service") == "object" and isinstance(params.get("args"), list):
            # database, login and password stand before
            model, method, *rest = [*params["args"][3:], None, None]
            rest = rest[:-2]
            if params.get("method") == "execute_kw":
                args, kwargs = [*rest, None, None][:2]
                call = Call(model, method, args, kwargs or {})
            else:
                call = Call(model, method, rest, {})
        else:
            return None
        if isinstance(call.model, str) and isinstance(call.method, str):
            return call
        return None

    @classmethod
    def _hoithi_check_envelope(cls):
        """Refuse in words a call that doesn't fit the method that it names.

        Odoo hands on what comes, to the database even.

        :raises UserError: telling what is taken
        """
        call = cls._hoithi_get_call()
        if not call or not call.model.startswith("hoithi."):
            return
        function = getattr(type(request.env.get(call.model)), call.method, None)
        if not inspect.isfunction(function):
            # Odoo answers for what there isn't
            return
        args, kwargs, ids = call.args, call.kwargs, call.ids
        fits = isinstance(args, list) and isinstance(kwargs, dict)
        if fits and not call.has_ids_apart and not hasattr(function, "_api_model"):
            fits, ids, args = bool(args), [*args, None][0], args[1:]
        context = kwargs.get("context", {}) if fits else {}
        if context is None and not call.has_ids_apart:
            context = {}
        if not (fits and isinstance(context, dict) and cls._hoithi_are_ids(ids or [])):
            raise UserError(
                request.env._(
                    "“ids” is a list of whole numbers, and “context” an object."
                )
            )
        given = {name: value for name, value in kwargs.items() if name != "context"}
        try:
            inspect.signature(function).bind(None, *args, **given)
        except TypeError:
            raise UserError(
                request.env._(
                    "What was sent isn't what “%s” takes: look up in the "
                    "documentation which values it asks for, and by which names.",
                    f"{call.model}.{call.method}",
                )
            ) from None

    @classmethod
    def _hoithi_are_ids(cls, ids):
        """Tell whether a value is an id, or a list of ids."""
        return all(
            type(id_) is int and abs(id_) <= MOST_ID
            for id_ in (ids if isinstance(ids, list) else [ids])
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
            return super()._handle_error(cls._hoithi_word_fault(exception) or exception)
        # said to whoever asked, in pages, screens and RPC alike; what was begun is
        # taken back with the transaction
        error = UserError(message)
        try:
            return super()._handle_error(error)
        except OSError:
            # nor is there room to read what was sent
            return request.dispatcher.handle_error(error)

    @classmethod
    def _hoithi_word_fault(cls, exception):
        """Return what is told of a fault in a call of the contest's own models.

        And of one that doesn't fit Odoo's talks, which strangers call as well.
        The fault itself stands in the server's log; it isn't for whoever calls.

        :return: nothing for what is told in words already, and for other calls
        """
        if (
            not request.env
            or not isinstance(exception, FAULTS)
            or isinstance(exception, HTTPException)
        ):
            return None
        call = cls._hoithi_get_call()
        is_talk = (
            isinstance(exception, UNFIT)
            and request.dispatcher.routing_type != "http"
            and TALKS.match(request.httprequest.path)
        )
        if not is_talk and not (call and call.model.startswith("hoithi.")):
            return None
        if not request.env.cr.closed:
            # the words may have to be looked up
            request.env.cr.rollback()
        if isinstance(
            exception, (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
        ):
            message = request.env._(
                "Somebody else is changing the same at this moment, so nothing was "
                "changed. Try again."
            )
        else:
            message = request.env._(
                "The server can't do this with what was sent, and nothing was "
                "changed. Check it and try again; if that doesn't help, tell the "
                "system's administrator what you did and when: the cause stands in the "
                "server's log."
            )
        error = UserError(message)
        error.http_status = HTTPStatus.INTERNAL_SERVER_ERROR
        return error

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
