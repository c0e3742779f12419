from functools import partial

from odoo.http import request, route

from ..contest.portal import HoithiPortal


class HoithiPortalObjection(HoithiPortal):
    """Where an author objects to the result of an entry."""

    @route(
        "/my/hoithi/entries/<int:entry_id>/objection",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_objection(self, entry_id, **_kw):
        """File an objection for the posted reason."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        reason = request.httprequest.form.get("reason", "")
        _done, error = self._try_hoithi(partial(entry.action_object, reason=reason))
        if error:
            return self._render_hoithi_entry(
                entry, error=error, objection_reason=reason
            )
        self._set_hoithi_notice(
            "success",
            request.env._(
                "The objection has reached the Office. You get an e-mail when it is "
                "answered; the answer appears here as well."
            ),
        )
        return request.redirect(self._get_hoithi_url(entry))

    @route(
        "/my/hoithi/objections/<int:objection_id>/withdraw",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_objection_withdraw(self, objection_id, **_kw):
        """Take an own objection back for the posted reason."""
        objection = self._find_hoithi("hoithi.objection", objection_id)
        entry = objection.entry_id
        if not objection.can_withdraw or not entry.has_access("read"):
            return self._leave_hoithi()
        if request.httprequest.method == "POST":
            reason = request.httprequest.form.get("reason", "")
            _done, error = self._try_hoithi(
                partial(objection.action_withdraw, reason=reason)
            )
            if error:
                return self._render_hoithi_entry(
                    entry,
                    error=error,
                    withdraw_objection_id=objection.id,
                    withdraw_objection_reason=reason,
                )
            self._set_hoithi_notice(
                "success", request.env._("The objection is taken back.")
            )
        return request.redirect(self._get_hoithi_url(entry))
