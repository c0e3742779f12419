from odoo.http import request

from odoo.addons.web.controllers.home import Home


class HoithiHome(Home):
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
