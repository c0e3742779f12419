from collections import Counter
from datetime import timedelta

from babel.dates import format_timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.misc import babel_locale_parse, get_lang, hmac

from ...lib.guard.limits import read_limits

#: How often each act may be done, as “most/minutes”, and what a parameter of the
#: system named `hoithi_contest.rate_<act>` says instead. An office of hundreds may
#: share one address on the day of the launch.
LIMITS = {
    # wrong passwords, for one login and from one address
    "login": "20/15, 60/1440",
    "address": "100/15, 1000/1440",
    # sign-ups and lost passwords from one address; who was invited isn't counted
    "signup": "20/60, 100/1440",
    # files that one person hands in
    "upload": "100/60, 400/1440",
    # test letters that one person asks for
    "test_mail": "10/60, 30/1440",
    # titles that one person has compared while typing them
    "title": "60/10, 400/1440",
    # objections that one person files, withdrawn ones too
    "objection": "5/60, 10/1440",
    # unknown codes to vote with, of one person, and from one address
    "vote": "60/10, 600/1440",
    "vote_address": "200/10, 2000/1440",
}


class TooOften(UserError):
    """Somebody does more often what nobody does so often."""

    http_status = 429


class HoithiRate(models.AbstractModel):
    """How often somebody does something, counted for all workers at once.

    Odoo counts failed logins in the memory of each worker. The notes here lie in the
    database, and stay although what they tell of is rolled back.
    """

    _name = "hoithi.rate"
    _description = "How often something is done"

    @api.model
    def _count(self, act, who):
        """Note an act, where it isn't done too often.

        :param act: a key of `LIMITS`
        :param who: whose acts are counted together, as an id of a user or an address
        :raises TooOften: telling how long to wait
        """
        # what a request does anew, as another was first in the database, was allowed
        # and is noted
        if not self._get_kept()[self._get_key(act, who)]:
            self._check(act, who)
        self._note(act, who)

    @api.model
    def _check(self, act, who):
        """Refuse an act that was done too often; this one isn't counted.

        :raises TooOften: telling how long to wait
        """
        notes, now = self._get_notes(), fields.Datetime.now()
        key = self._get_key(act, who)
        for most, minutes in self._get_limits(act):
            span = timedelta(minutes=minutes)
            since = [("key", "=", key), ("noted_on", ">", now - span)]
            if notes.search_count(since, limit=most) >= most:
                raise TooOften(
                    self.env._(
                        "This was tried too often within %(span)s. Wait up to "
                        "%(span)s, then try again, or ask the Office for help.",
                        span=format_timedelta(
                            span, locale=babel_locale_parse(get_lang(self.env).code)
                        ),
                    )
                )

    @api.model
    def _note(self, act, who):
        """Note that an act was done, also where its transaction is rolled back."""
        key, kept = self._get_key(act, who), self._get_kept()
        if kept[key]:
            # another try of the same request, of which a note was kept
            kept[key] -= 1
            self.env.cr.postrollback.add(lambda: kept.update([key]))
            return
        values = {"key": key, "noted_on": fields.Datetime.now()}
        self._get_notes().create(values)
        registry, name = self.env.registry, self._get_notes()._name

        def keep():
            with registry.cursor() as cr:
                api.Environment(cr, SUPERUSER_ID, {})[name].create(values)
            kept.update([key])

        self.env.cr.postrollback.add(keep)

    @api.model
    def _get_kept(self):
        """Return how many notes earlier tries of the request that is on have left."""
        if not request:
            return Counter()
        if not hasattr(request, "hoithi_kept_notes"):
            request.hoithi_kept_notes = Counter()
        return request.hoithi_kept_notes

    @api.model
    def _get_notes(self):
        # nobody reads or deletes them; whoever logs in is nobody yet
        return self.env["hoithi.rate.note"].with_user(SUPERUSER_ID).sudo()

    @api.model
    def _get_key(self, act, who):
        """Return by what notes are found, which tells nobody's address."""
        return hmac(self.env(su=True), "hoithi_rate", (act, str(who)))

    @api.model
    def _get_limits(self, act):
        """Return [(most, minutes)], the widest span first."""
        # a setting of the system that tells nothing
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        text = parameters_sudo.get_param(f"hoithi_contest.rate_{act}")
        limits = read_limits(text) or read_limits(LIMITS[act])
        return sorted(limits, key=lambda limit: -limit[1])
