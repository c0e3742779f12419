from functools import partial

from odoo.http import request, route

from ...models.guard.hoithi_states import RUNNING
from ...models.publication.hoithi_question import BODY_LENGTH, SUBJECT_LENGTH
from ..contest.portal import HoithiPortal


class HoithiPortalQuestion(HoithiPortal):
    """What staff ask about a contest, and what they agree to have published."""

    @route(
        "/my/hoithi/questions",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def hoithi_question_contests(self, **_kw):
        """Lead to the visitor's questions: of which contest, where there are several.

        Those where one takes part stay here after registration, and after the end.
        """
        questions = request.env["hoithi.question"]
        contests = questions._get_own_contests()
        if len(contests) == 1:
            return request.redirect(f"/my/hoithi/{contests.id}/questions")
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(),
            "page_name": "hoithi_questions",
            "contests": contests,
            "counts": questions._count_own(),
            "taking": questions._get_taking_contests(),
        }
        return request.render("hoithi_contest.portal_question_contests", values)

    @route(
        "/my/hoithi/<int:contest_id>/questions",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_questions(self, contest_id, **_kw):
        """Show the visitor's questions about a contest; a post asks one more."""
        contest = self._find_hoithi_inside(contest_id)
        if not contest:
            return self._leave_hoithi()
        if request.httprequest.method != "POST":
            about_data = request.httprequest.args.get("about") == "data"
            typed = (
                {"subject": request.env._("Correct my data")} if about_data else None
            )
            return self._render_hoithi_questions(contest, typed)
        posted = request.httprequest.form
        values = {
            "contest_id": contest.id,
            "subject": posted.get("subject", "").strip(),
            "body": posted.get("body", "").replace("\r\n", "\n").strip(),
        }
        _question, error = self._try_hoithi(
            partial(request.env["hoithi.question"].create, values)
        )
        if error:
            return self._render_hoithi_questions(contest, values, error)
        self._set_hoithi_notice(
            "success",
            request.env._(
                "Your question has reached the Office. You will get an e-mail when it "
                "is answered; the answer appears here as well."
            ),
        )
        return request.redirect(f"/my/hoithi/{contest.id}/questions")

    @route(
        "/my/hoithi/entries/<int:entry_id>/consent",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_consent(self, entry_id, **_kw):
        """Give or take back the visitor's consent to be named with the results."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        lines = entry._get_own_lines()._as_shown()
        given = request.httprequest.form.get("consent") == "1"
        act = lines.action_consent if given else lines.action_withdraw_consent
        _done, error = self._try_hoithi(act)
        if error:
            return self._render_hoithi_entry(entry, error=error)
        self._set_hoithi_notice(
            "success",
            request.env._("Your name may be published with the results.")
            if given
            else request.env._("Your name isn't published any more."),
        )
        return request.redirect(self._get_hoithi_url(entry))

    @route(
        "/my/hoithi/entries/<int:entry_id>/photographs",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_photographs(self, entry_id, **_kw):
        """Give or take back the visitor's consent to be seen in photographs."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        lines = entry._get_own_lines()._as_shown()
        given = request.httprequest.form.get("consent") == "1"
        act = (
            lines.action_allow_photographs
            if given
            else lines.action_withdraw_photographs
        )
        _done, error = self._try_hoithi(act)
        if error:
            return self._render_hoithi_entry(entry, error=error)
        self._set_hoithi_notice(
            "success",
            request.env._("Photographs of you may be published with the results.")
            if given
            else request.env._("Photographs of you aren't published any more."),
        )
        return request.redirect(self._get_hoithi_url(entry))

    def _get_hoithi_data_values(self):
        return {
            **super()._get_hoithi_data_values(),
            "ask_contests": request.env["hoithi.question"]._get_taking_contests(),
        }

    def _render_hoithi_questions(self, contest, typed=None, error=None):
        questions = request.env["hoithi.question"].search(
            [
                ("contest_id", "=", contest.id),
                ("partner_id", "=", request.env.user.partner_id.id),
            ],
            order="id desc",
        )
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error),
            "page_name": "hoithi_questions",
            "contest": contest,
            "questions": questions,
            "public_questions": contest._get_public_questions()
            if contest.is_published
            else [],
            "typed": typed or {},
            "can_ask": contest.state in RUNNING,
            "subject_length": SUBJECT_LENGTH,
            "body_length": BODY_LENGTH,
        }
        return request.render(
            "hoithi_contest.portal_questions",
            values,
            status=getattr(error, "status", 200),
        )
