import json

from odoo.http import Controller, request, route

from ...lib.contest import rules


class HoithiRulesSchema(Controller):
    @route(
        rules.SCHEMA_PATH,
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        sitemap=False,
        readonly=True,
    )
    def hoithi_rules_schema(self, **_kw):
        """Tell what a file of rules may say, to editors that complete and check it."""
        return request.make_response(
            json.dumps(rules.get_schema(), ensure_ascii=False, indent=2),
            [
                ("Content-Type", "application/schema+json; charset=utf-8"),
                # an editor may be on any page
                ("Access-Control-Allow-Origin", "*"),
                ("Cache-Control", "public, max-age=3600"),
                ("X-Robots-Tag", "noindex"),
            ],
        )
