from odoo.http import request, route

from odoo.addons.auth_signup.controllers.main import AuthSignupHome

from ...models.guard.hoithi_rate import TooOften


class HoithiHome(AuthSignupHome):
    """Where one signs in: in the person's language, and not without end."""

    @route()
    def web_login(self, *args, **kw):
        response = super().web_login(*args, **kw)
        if request.httprequest.method == "POST" and not request.session.uid:
            try:
                request.env["hoithi.rate"]._check(
                    "address", request.httprequest.remote_addr
                )
                request.env["hoithi.rate"]._check(
                    "login", str(request.params.get("login", "")).strip().lower()
                )
            except TooOften as error:
                response.status_code = 429
                response.qcontext["error"] = str(error)
        return response

    @route()
    def web_auth_signup(self, *args, **kw):
        refusal = self._count_hoithi_attempt("auth_signup.signup")
        return refusal or super().web_auth_signup(*args, **kw)

    @route()
    def web_auth_reset_password(self, *args, **kw):
        refusal = self._count_hoithi_attempt("auth_signup.reset_password")
        return refusal or super().web_auth_reset_password(*args, **kw)

    def _count_hoithi_attempt(self, template):
        """Count a sign-up, or a letter for a lost password, from the same address.

        :return: the page that refuses it, or nothing. Who comes with a link that we
            sent is let in, lest three hundred people who were invited to one house
            stand before its door.
        """
        if request.httprequest.method != "POST":
            return None
        qcontext = self.get_auth_signup_qcontext()
        if qcontext.get("token") and not qcontext.get("invalid_token"):
            return None
        try:
            request.env["hoithi.rate"]._count("signup", request.httprequest.remote_addr)
        except TooOften as error:
            qcontext["error"] = str(error)
            return request.render(template, qcontext, status=429)
        return None

    def _login_redirect(self, uid, redirect=None):
        """Let the pages speak the language of who has logged in.

        The page of the login took that of the browser and keeps it in a cookie, which
        Odoo heeds more than the person's own. A website has its languages itself.
        """
        # who logs in has no environment yet
        lang = request.env["res.users"].sudo().browse(uid).lang
        if lang and "website" not in request.env:
            request.future_response.set_cookie("frontend_lang", lang)
        return super()._login_redirect(uid, redirect=redirect)
