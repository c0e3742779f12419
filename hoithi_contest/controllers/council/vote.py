from functools import partial

from odoo.http import request, route

from ...lib.guard.numerals import MOST_ID, read_whole
from ...models.council.hoithi_component import UnknownCode
from ..contest.portal import HoithiPortal


class HoithiVote(HoithiPortal):
    """Where the public votes: a list of the entries, and one choice."""

    @route(
        "/hoithi/<int:contest_id>/vote",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def hoithi_vote(self, contest_id, **_kw):
        """Show what may be voted for; a post gives the vote.

        Entries stand by their code, and their title where it may be told; nothing
        tells who wrote them, or how many votes there are.
        """
        contest = request.env["hoithi.contest"]
        if contest_id <= MOST_ID:
            contest = contest.search([("id", "=", contest_id)])
        # the vote is for everybody who reaches the contest
        vote = contest and contest._get_votes()[:1].with_user(request.env.user)
        if not vote:
            return self._leave_hoithi()
        by_login = vote._goes_by_login()
        if by_login and request.env.user._is_public():
            return request.redirect(f"/web/login?redirect=/hoithi/{contest.id}/vote")
        if request.httprequest.method != "POST":
            return self._render_hoithi_vote(contest, vote)
        posted = request.httprequest.form
        chosen = [read_whole(value) or 0 for value in posted.getlist("entry")[:100]]
        _done, error = self._try_hoithi(
            partial(vote.action_vote, chosen, code=posted.get("code", "")[:40])
        )
        if error:
            if isinstance(getattr(error, "error", None), UnknownCode):
                # what was noted of it went with what the model undid
                request.env["hoithi.rate"]._note(*vote._get_rate())
            return self._render_hoithi_vote(contest, vote, error, posted)
        self._set_hoithi_notice(
            "success",
            request.env._("Your vote is counted. What you voted for isn't recorded."),
        )
        return request.redirect(f"/hoithi/{contest.id}/vote")

    def _get_hoithi_home_values(self, groups=None):
        return {
            **super()._get_hoithi_home_values(groups),
            "votes": request.env["hoithi.contest"]._find_voting(),
        }

    def _render_hoithi_vote(self, contest, vote, error=None, typed=None):
        # what may be voted for is shown, no more of it, to whoever may vote
        vote_sudo = vote.sudo()
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error),
            "page_name": "hoithi_vote",
            "contest": contest,
            "vote": {
                "name": vote_sudo.name,
                "is_open": vote_sudo.is_voting,
                "needs_code": vote_sudo.voters == "code",
                "is_given": vote._goes_by_login() and vote._has_voted(),
                "votes_each": vote_sudo.votes_each,
                "closes": contest._format_moment(vote_sudo.vote_end)
                if vote_sudo.vote_end
                else "",
            },
            "choices": [
                {
                    "id": entry.id,
                    "code": entry.code,
                    "name": entry._get_vote_title(),
                    "summary": entry._get_vote_summary(),
                    "field": entry.field_id.display_name,
                }
                for entry in (
                    vote_sudo._get_votable_entries() if vote_sudo.is_voting else ()
                )
            ],
            "typed": typed or {},
            "chosen": typed.getlist("entry") if typed else [],
        }
        return request.render(
            "hoithi_contest.vote_page", values, status=getattr(error, "status", 200)
        )
