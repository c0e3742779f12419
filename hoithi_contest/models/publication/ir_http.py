import logging

from odoo import models
from odoo.http import request

from ..guard.ir_http import PAGES

_logger = logging.getLogger(__name__)

#: What goes wrong often enough to be said in the department's own words.
TOLD = (400, 403, 404, 405, 413, 500)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_error_html(cls, env, code, values):
        """Say what went wrong in the department's voice, and where to go on.

        Odoo Website keeps its own words on its own pages; who looks for faults keeps
        the trace of them.
        """
        is_own = "website" not in env or PAGES.match(request.httprequest.path)
        if code in TOLD and is_own and not request.session.debug:
            try:
                return code, cls._hoithi_render_error(env, code)
            except Exception:
                # a page about an error must not fail by another one
                _logger.exception("Couldn't render the contest's page of an error")
                env.cr.rollback()
        return super()._get_error_html(env, code, values)

    @classmethod
    def _hoithi_render_error(cls, env, code):
        contests = env["hoithi.contest"]
        titles = {
            400: env._("What was sent can't be read"),
            405: env._("This page can't be reached in this way"),
            413: env._("What was sent is too large"),
            403: env._("This page isn't open to you"),
            404: env._("This page isn't found"),
            500: env._("The page can't be shown at the moment"),
        }
        return env["ir.ui.view"]._render_template(
            "hoithi_contest.public_error_page",
            {
                **contests._get_public_frame(env.company),
                "html_data": {"lang": (env.lang or "en_US").replace("_", "-")},
                "page_name": "hoithi_error",
                "page_title": titles[code],
                "page_description": titles[code],
                "page_picture": None,
                "page_card": f"{contests.get_base_url()}/hoithi/card.png",
                "canonical": request.httprequest.base_url,
                "alternates": {},
                "json_ld": "",
                "main_object": contests,
                "code": code,
            },
        )
