from functools import partial

from odoo.http import request, route

from ..contest.entry_form import parse_number
from ..contest.portal import HoithiPortal


def _is_awaited(item):
    """Tell whether the visitor's vote on an item is awaited."""
    return item.my_vote == "to_vote" or item.can_break_tie


class HoithiPortalReview(HoithiPortal):
    """Where experts with a portal login score, declare interests and vote."""

    @route("/my/hoithi/reviews", type="http", auth="user", website=True)
    def hoithi_reviews(self, **_kw):
        """Show the visitor's sheets, and the votes that wait for the visitor."""
        return self._render_hoithi_reviews()

    @route(
        "/my/hoithi/reviews/<int:review_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_review(self, review_id, **_kw):
        """Show an own sheet; a post saves it, and submits it where that was asked."""
        review = self._find_hoithi_review(review_id)
        if not review:
            return self._leave_hoithi()
        if request.httprequest.method != "POST":
            return self._render_hoithi_review(review)
        posted = request.httprequest.form
        typed, seen, wrong = self._read_hoithi_sheet(posted)
        if wrong:
            error = request.env._("Not a number: %s.", ", ".join(wrong))
            return self._render_hoithi_review(review, error, posted)
        saved, error = self._try_hoithi(partial(review._save_posted, typed, seen))
        if not error and (saved["clashes"] or saved["refused"]):
            error = "\n".join(
                [
                    *saved["refused"].values(),
                    *(
                        request.env._(
                            "Another window saved something else at %s: look at it, "
                            "then save again.",
                            hour,
                        )
                        for hour in set(saved["clashes"].values())
                    ),
                ]
            )
        if not error and "submit" in posted:
            _done, error = self._try_hoithi(review.action_submit)
        if error:
            return self._render_hoithi_review(review, error, posted)
        self._set_hoithi_notice(
            "success",
            request.env._("The sheet is submitted.")
            if "submit" in posted
            else request.env._("Saved, and not submitted yet."),
        )
        return request.redirect(review._get_portal_path())

    @route(
        "/my/hoithi/reviews/<int:review_id>/recuse",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_review_recuse(self, review_id, **_kw):
        """Step back from an own sheet for the posted reason."""
        review = self._find_hoithi_review(review_id)
        if not review:
            return self._leave_hoithi()
        if request.httprequest.method == "POST":
            reason = request.httprequest.form.get("reason", "")
            _done, error = self._try_hoithi(
                partial(review.action_recuse, reason=reason)
            )
            if error:
                return self._render_hoithi_review(review, error, recuse_reason=reason)
            self._set_hoithi_notice(
                "success", request.env._("You have stepped back from this sheet.")
            )
        return request.redirect("/my/hoithi/reviews")

    @route(
        "/my/hoithi/reviews/statement/<int:contest_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_review_statement(self, contest_id, **_kw):
        """Show the statement of interests of a contest; a post signs it."""
        sheets = request.env["hoithi.review"]
        if sheets.has_access("read"):
            sheets = sheets._get_portal_sheets().filtered(
                lambda sheet: sheet.contest_id.id == contest_id and sheet.is_pending
            )
        if not sheets:
            return self._leave_hoithi()
        posted, error = request.httprequest.form, None
        if request.httprequest.method == "POST":
            _done, error = self._try_hoithi(
                partial(
                    sheets._sign_posted,
                    posted.get("accepted") == "1",
                    {
                        sheet.id: (
                            posted.get(f"kind_{sheet.id}") or False,
                            posted.get(f"note_{sheet.id}", ""),
                        )
                        for sheet in sheets
                    },
                )
            )
            if not error:
                self._set_hoithi_notice(
                    "success", request.env._("The statement is signed.")
                )
                return request.redirect("/my/hoithi/reviews")
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error),
            "page_name": "hoithi_reviews",
            "sheets": sheets,
            "contest": sheets.contest_id,
            "statement": sheets._get_statement_text(),
            "kinds": sheets._get_interest_kinds(),
            "typed": posted,
        }
        return request.render(
            "hoithi_contest.portal_review_statement",
            values,
            status=getattr(error, "status", 200),
        )

    @route(
        "/my/hoithi/votes/<int:item_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_council_vote(self, item_id, **_kw):
        """Cast the visitor's own vote on an item of an open session.

        Of who presides also the casting vote, where a tie waits for it.
        """
        item = self._find_hoithi("hoithi.session.item", item_id)
        if not item:
            return self._leave_hoithi()
        if request.httprequest.method == "POST":
            choice = request.httprequest.form.get("choice", "")
            cast = partial(item.session_id.action_cast, item)
            if item.can_break_tie:
                cast = item.action_break_tie
            _done, error = self._try_hoithi(partial(cast, choice))
            if error:
                return self._render_hoithi_reviews(error)
            self._set_hoithi_notice("success", request.env._("Your vote is cast."))
        return request.redirect("/my/hoithi/reviews")

    @route(
        "/my/hoithi/opinions/<int:opinion_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_written_opinion(self, opinion_id, **_kw):
        """Give the visitor's own written opinion on an item of a session."""
        opinion = self._find_hoithi("hoithi.session.opinion", opinion_id)
        opinion = opinion.filtered("is_mine")
        if not opinion:
            return self._leave_hoithi()
        if request.httprequest.method == "POST":
            posted = request.httprequest.form
            _done, error = self._try_hoithi(
                partial(
                    opinion.action_give,
                    posted.get("choice", ""),
                    posted.get("note", "").replace("\r\n", "\n").strip(),
                )
            )
            if error:
                return self._render_hoithi_reviews(error, posted)
            self._set_hoithi_notice(
                "success", request.env._("Your written opinion is recorded.")
            )
        return request.redirect("/my/hoithi/reviews")

    # HELPERS

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "hoithi_review_count" in counters:
            reviews = request.env["hoithi.review"]
            # an expert without a sheet may yet vote, or give an opinion
            values["hoithi_review_count"] = (
                len(reviews._get_portal_sheets())
                + len(request.env["hoithi.session.opinion"]._get_own_open())
                + len(self._get_hoithi_votes().filtered(_is_awaited))
                if reviews.has_access("read")
                else 0
            )
        return values

    def _get_hoithi_votes(self):
        """Return the items of open sessions in which the visitor has a vote."""
        items = request.env["hoithi.session.item"].search(
            [("session_id.state", "=", "open")], order="session_id, sequence, id"
        )
        return items.filtered(lambda item: item.my_vote != "none")

    def _find_hoithi_review(self, review_id):
        review = self._find_hoithi("hoithi.review", review_id)
        return review.filtered("is_mine")

    def _read_hoithi_sheet(self, posted):
        """Return what was typed and what the form showed by place, and what is wrong.

        :param posted: names are ``at_`` and ``seen_`` before the place
        """
        typed, seen, wrong = {}, {}, []
        for target, prefix in ((typed, "at_"), (seen, "seen_")):
            for name, text in posted.items():
                if not name.startswith(prefix):
                    continue
                place = name.removeprefix(prefix)
                if place.startswith("score:"):
                    try:
                        target[place] = parse_number(text) if text.strip() else False
                    except ValueError:
                        wrong.append(text)
                else:
                    target[place] = text.replace("\r\n", "\n").strip()
        return typed, seen, wrong

    def _render_hoithi_reviews(self, error=None, typed=None):
        reviews = request.env["hoithi.review"]
        if not reviews.has_access("read"):
            return self._leave_hoithi()
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error),
            "page_name": "hoithi_reviews",
            "sheets": reviews._get_portal_sheets(),
            "items": self._get_hoithi_votes(),
            "opinions": request.env["hoithi.session.opinion"]._get_own_open(),
            "typed": typed or {},
        }
        return request.render(
            "hoithi_contest.portal_reviews",
            values,
            status=getattr(error, "status", 200),
        )

    def _render_hoithi_review(self, review, error=None, typed=None, recuse_reason=None):
        sheet = review.get_workspace()
        posted = typed or {}
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error),
            "page_name": "hoithi_review",
            "review": review,
            "sheet": sheet,
            "recuse_reason": recuse_reason,
            # whose seat has ended still reads the own sheet, and of which contest it is
            "contest": review.contest_id.sudo(),
            "shown": {
                place: posted.get(f"at_{place}", self._write_hoithi_score(place, value))
                for place, value in sheet["values"].items()
            },
            "seen": {
                place: self._write_hoithi_score(place, value)
                for place, value in sheet["values"].items()
            },
        }
        return request.render(
            "hoithi_contest.portal_review", values, status=getattr(error, "status", 200)
        )

    def _write_hoithi_score(self, place, value):
        if not place.startswith("score:"):
            return value or ""
        return "" if value is False else f"{value:g}"
