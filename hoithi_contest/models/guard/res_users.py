from contextlib import contextmanager

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request

from .hoithi_rate import TooOften


class ResUsers(models.Model):
    _inherit = "res.users"

    @contextmanager
    def _assert_can_auth(self, user=None):
        """Let nobody try passwords for long, whichever worker answers.

        By the login that is tried and by the address that it is tried from, at every
        door that takes a password.

        :raises AccessDenied: with what to do
        """
        rate = self.env["hoithi.rate"]
        counted = []
        if request:
            counted.append(("address", request.httprequest.remote_addr))
        if isinstance(user, str):
            counted.append(("login", user.strip().lower()))
        try:
            for act, who in counted:
                rate._check(act, who)
        except TooOften as error:
            raise AccessDenied(str(error)) from None
        with super()._assert_can_auth(user=user):
            try:
                yield
            except AccessDenied:
                for act, who in counted:
                    rate._note(act, who)
                raise
