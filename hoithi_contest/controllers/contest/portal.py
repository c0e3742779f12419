from contextlib import suppress
from datetime import UTC
from functools import partial

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ...lib.contest import writing
from ...lib.guard import moments
from ...lib.guard.numerals import MOST_ID, read_whole
from ...models.contest.hoithi_person import TooManyQueries
from ...models.contest.hoithi_submission_mixin import TEXT_FIELDS
from ...models.guard.hoithi_rate import TooOften
from ...tools import MEGABYTE, format_number, format_size
from .entry_form import EntryForm, get_anchor, get_digest
from .formats import (
    describe_deadline,
    format_day,
    format_moment,
    get_html_data,
)

# What waits is shown above the list, which holds every entry; ten fill a phone screen.
MAX_WAITING = 10
NOTICE_KEY = "hoithi_notice"
#: What keeps a request that was sent twice at once from making its record twice.
SENT_TWICE = ("hoithi_entry_unique_form_key", "hoithi_dossier_item_unique_upload")
#: How the state of an entry is shown: ground of its badge, icon.
STATE_BADGES = {
    "draft": ("plain", "pencil"),
    "submitted": ("info", "check"),
    "supplement": ("warn", "exclamation-triangle"),
    "eligible": ("ok", "check"),
    "ineligible": ("error", "times"),
    "reviewing": ("info", "clock-o"),
    "reviewed": ("info", "clock-o"),
    "selected": ("ok", "trophy"),
    "not_selected": ("plain", "minus"),
    "nominated": ("ok", "trophy"),
    "withdrawn": ("plain", "undo"),
    "disqualified": ("error", "times"),
}


class Refusal(str):
    """Why something was refused, and the status that its page answers with."""

    def __new__(cls, error):
        refusal = super().__new__(cls, error)
        refusal.error = error
        refusal.status = 429 if isinstance(error, TooOften) else 200
        return refusal


class HoithiPortal(CustomerPortal):
    _hoithi_entries_per_page = 20

    # HOME

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "hoithi_entry_count" in counters:
            entries = request.env["hoithi.entry"]
            values["hoithi_entry_count"] = (
                entries._get_my_counts()["all"] if entries.has_access("read") else 0
            )
        return values

    # LIST

    @route(
        ["/my/hoithi", "/my/hoithi/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def hoithi_entries(self, page=1, **_kw):
        """List the visitor's entries and the contests that are open."""
        entries = request.env["hoithi.entry"]
        domain = entries._get_own_domain()
        order, step = "create_date desc, id desc", self._hoithi_entries_per_page
        # hardly anybody has more than a page, and then nothing is to be counted
        first = entries.search(domain, order=order, limit=step + 1)
        if len(first) <= step:
            total, groups = len(first), first._count_groups()
        else:
            total, groups = entries.search_count(domain), entries._read_my_groups()
        pager = portal_pager(url="/my/hoithi", total=total, page=page, step=step)
        offset = max(pager["offset"], 0)
        entries = (
            entries.search(domain, order=order, limit=step, offset=offset)
            if offset
            else first[:step]
        )
        contests = self._get_hoithi_open_contests()
        companies = contests.company_id or request.env.company
        # one's staff record decides in which departments one may register
        own_companies = request.env["hoithi.entry"]._get_my_companies(companies)
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(),
            "page_name": "hoithi_entries",
            "default_url": "/my/hoithi",
            "entries": entries,
            "pager": pager,
            **self._get_hoithi_home_values(groups),
            "contests": contests,
            "deadlines": {
                contest.id: self._get_hoithi_deadline(
                    contest, contest.registration_deadline
                )
                for contest in contests
            },
            "registrable_ids": contests.filtered(
                lambda contest: contest.company_id in own_companies
            ).ids,
            "milestones": {
                contest.id: contest._get_milestones() for contest in contests
            },
            "deleted_drafts": request.env["hoithi.entry"]._get_my_deleted(),
            "is_known": bool(own_companies),
        }
        return request.render("hoithi_contest.portal_my_entries", values)

    # NEW ENTRY

    @route(
        "/my/hoithi/<int:contest_id>/new",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_new(self, contest_id, **_kw):
        """Show the form of a new entry; a post creates the draft."""
        contest = self._find_hoithi_inside(contest_id)
        if not contest:
            return self._leave_hoithi()
        form = EntryForm(contest)
        if request.httprequest.method == "POST":
            form.take_over(request.httprequest.form)
            if form.is_finding:
                return self._render_hoithi_new(form)
            entry = self._find_hoithi_made(form)
            if entry:
                # sent twice, as by a double click or from the page before
                return self._save_hoithi_entry(
                    entry, is_leaving="preview" in request.httprequest.form
                )
            entry, error = self._try_hoithi(
                form.create_entry, form, self._get_hoithi_made(form)
            )
            if not error:
                self._set_hoithi_saved(
                    request.env._(
                        "The draft is saved. Complete it, attach the files, then "
                        "submit it."
                    ),
                    form,
                )
                is_leaving = "preview" in request.httprequest.form and not form.unasked
                return request.redirect(
                    f"{self._get_hoithi_url(entry)}{'/preview' if is_leaving else ''}"
                )
            return self._render_hoithi_new(form, error)
        if not contest.can_register:
            _done, error = self._try_hoithi(contest._check_registration_open)
            self._set_hoithi_notice("danger", error)
            return request.redirect("/my/hoithi")
        if not request.env["hoithi.entry"]._get_my_employee(contest.company_id):
            # the list tells why one can't register
            return request.redirect("/my/hoithi")
        return self._render_hoithi_new(form)

    def _get_hoithi_made(self, form):
        return "hoithi.entry", [("form_key", "=", form.form_key)]

    def _find_hoithi_made(self, form):
        """Return the entry that this very form has made already."""
        entries = request.env["hoithi.entry"].with_context(active_test=False)
        # one that was deleted meanwhile says so
        return entries.search(
            [
                ("form_key", "=", form.form_key),
                ("create_uid", "=", request.env.uid),
                ("contest_id", "=", form.contest.id),
            ]
        ).with_context(active_test=True)

    def _render_hoithi_new(self, form, error=None):
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error, form),
            "page_name": "hoithi_entry_new",
            "contest": form.contest,
            "entry": form.entry,
            "form": form,
            "progress": form.progress,
            "form_action": f"/my/hoithi/{form.contest.id}/new",
            "dossier_slots": self._get_hoithi_slots(form.contest, form.entry),
            "deadline": self._get_hoithi_deadline(
                form.contest, form.contest.registration_deadline
            ),
        }
        return request.render(
            "hoithi_contest.portal_entry_new",
            values,
            status=getattr(error, "status", 200),
        )

    # ENTRY

    @route("/my/hoithi/entries/<int:entry_id>", type="http", auth="user", website=True)
    def hoithi_entry(self, entry_id, **_kw):
        """Show an entry: as a form while it may be edited, read-only afterwards."""
        entry = self._find_hoithi("hoithi.entry", entry_id)
        return self._render_hoithi_entry(entry) if entry else self._leave_hoithi()

    @route(
        "/my/hoithi/entries/<int:entry_id>/save",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_save(self, entry_id, **_kw):
        """Save what was posted of the form; one of its buttons leads on."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        return self._save_hoithi_entry(
            entry, is_leaving="preview" in request.httprequest.form
        )

    def _save_hoithi_entry(self, entry, is_leaving):
        """Save what was posted of the form, and stay or leave for the preview."""
        form = EntryForm(entry.contest_id, entry)
        form.take_over(request.httprequest.form)
        if form.is_finding:
            return self._render_hoithi_entry(entry, form)

        def save():
            form.save_entry()
            if is_leaving:
                entry._check_responsible()
                entry._check_door()

        _done, error = self._try_hoithi(save, form)
        if error:
            return self._render_hoithi_entry(entry, form, error)
        if is_leaving and not form.unasked:
            return request.redirect(f"{self._get_hoithi_url(entry)}/preview")
        self._set_hoithi_saved(request.env._("Your changes are saved."), form)
        return request.redirect(self._get_hoithi_url(entry))

    # AUTOSAVE

    def _render_hoithi_parts(self, values, names):
        """Render parts of the form's page anew, by the ids of their places."""
        return {
            f"hoithi_{name}": request.env["ir.ui.view"]._render_template(
                f"hoithi_contest.portal_form_{name}", values
            )
            for name in names
        }

    def _answer_hoithi(self, answer, status=200):
        """Answer a script in JSON.

        Of two answers that draw the same part of a page, that of the later transaction
        has the greater order: as a part is drawn, so it was in the database then.
        """
        if answer.get("parts"):
            begun = request.env.cr.now().replace(tzinfo=UTC)
            answer["order"] = int(begun.timestamp() * 1_000_000)
        return request.make_json_response(
            answer, headers={"Cache-Control": "no-store"}, status=status
        )

    # SUBMISSION

    @route(
        "/my/hoithi/entries/<int:entry_id>/preview",
        type="http",
        auth="user",
        website=True,
    )
    def hoithi_entry_preview(self, entry_id, **_kw):
        """Show all that a submission sends, for its author to submit it from there."""
        entry = self._find_hoithi("hoithi.entry", entry_id)
        if not entry:
            return self._leave_hoithi()
        if not entry.can_submit:
            # the page of the entry tells what became of it
            return request.redirect(self._get_hoithi_url(entry))
        return self._render_hoithi_preview(entry)

    @route(
        "/my/hoithi/entries/<int:entry_id>/submit",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
        in_turn=True,
    )
    def hoithi_entry_submit(self, entry_id, **_kw):
        """Submit the entry as its preview showed it.

        A post without a fingerprint comes from elsewhere: what it holds is saved, and
        the preview shown.
        """
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        posted = request.httprequest.form
        if not posted.get("fingerprint"):
            return self._save_hoithi_entry(entry, is_leaving=True)
        form = EntryForm(entry.contest_id, entry)
        form.take_over(posted)
        if "preview" in posted:
            # Enter on a box: what was ticked stays, and nothing is submitted
            return self._render_hoithi_preview(entry, form)
        _done, error = self._try_hoithi(
            partial(
                entry._as_shown()._submit_previewed,
                posted["fingerprint"],
                is_committed=posted.get("commitment") == "1",
                consent_publish=form.vals.get("consent_publish"),
                note=posted.get("note"),
            )
        )
        if error:
            return self._render_hoithi_preview(entry, form, error)
        self._set_hoithi_notice(
            "success",
            request.env._(
                "The entry is submitted. Receipt number: %(number)s",
                number=entry.receipt_number,
            ),
            is_submission=True,
        )
        return request.redirect(self._get_hoithi_url(entry))

    def _render_hoithi_preview(self, entry, form=None, error=None):
        if not entry.can_submit:
            return self._render_hoithi_entry(entry, error=error)
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error),
            "page_name": "hoithi_entry_preview",
            "entry": entry,
            "contest": entry.contest_id,
            "form": form or EntryForm(entry.contest_id, entry),
            "preview": entry._get_submission_preview(),
            "today": entry.contest_id._get_today(),
            "is_committed": request.httprequest.form.get("commitment") == "1",
            "supplement_note": request.httprequest.form.get(
                "note", entry.supplement_note or ""
            ),
            "get_place": partial(self._get_hoithi_place, entry),
            "deadline": self._get_hoithi_entry_deadline(entry),
            # staff have no right on units; the name of their own is theirs to know
            "department_name": entry.department_id.sudo().name,
        }
        return request.render("hoithi_contest.portal_entry_preview", values)

    def _get_hoithi_place(self, entry, gap):
        """Return where on the entry's form something belongs that isn't there."""
        return f"{self._get_hoithi_url(entry)}#{get_anchor(gap)}"

    # AFTER

    @route(
        "/my/hoithi/entries/<int:entry_id>/withdraw",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_withdraw(self, entry_id, **_kw):
        """Withdraw the entry for the posted reason."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        posted = request.httprequest.form
        reason = (posted.get("withdraw_reason") or posted.get("reason") or "").strip()
        if reason:
            _done, error = self._try_hoithi(
                partial(entry.action_withdraw, reason=reason)
            )
        else:
            # without a reason the model would answer with its dialog
            error = request.env._("Give the reason for the withdrawal.")
        if error:
            return self._render_hoithi_entry(
                entry, error=error, withdraw_reason=reason, is_withdrawing=True
            )
        self._set_hoithi_notice("success", request.env._("The entry is withdrawn."))
        return request.redirect(self._get_hoithi_url(entry))

    @route(
        "/my/hoithi/entries/<int:entry_id>/delete",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_delete(self, entry_id, **_kw):
        """Delete a draft; the list offers to put it back."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        _done, error = self._try_hoithi(entry.action_delete_draft)
        if error:
            return self._render_hoithi_entry(entry, error=error)
        self._set_hoithi_notice(
            "success",
            request.env._("The draft “%s” is deleted.", entry.name),
            undo=f"{self._get_hoithi_url(entry)}/restore",
        )
        return request.redirect("/my/hoithi")

    @route(
        "/my/hoithi/entries/<int:entry_id>/restore",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_restore(self, entry_id, **_kw):
        """Put a deleted draft back."""
        entry = request.env["hoithi.entry"].browse()
        if request.httprequest.method == "POST":
            deleted = request.env["hoithi.entry"]._get_my_deleted()
            entry = deleted.filtered(lambda draft: draft.id == entry_id)
        if not entry:
            # put back already, or gone for good
            entry = self._find_hoithi("hoithi.entry", entry_id)
            return (
                request.redirect(self._get_hoithi_url(entry))
                if entry
                else self._leave_hoithi()
            )
        _done, error = self._try_hoithi(entry.action_restore_draft)
        if error:
            self._set_hoithi_notice("danger", error)
            return request.redirect("/my/hoithi")
        self._set_hoithi_notice(
            "success", request.env._("The draft “%s” is back.", entry.name)
        )
        return request.redirect(self._get_hoithi_url(entry))

    @route(
        "/my/hoithi/entries/<int:entry_id>/confirm",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_confirm(self, entry_id, **_kw):
        """Confirm the visitor's share as a co-author."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        _done, error = self._try_hoithi(entry._as_shown().action_confirm)
        if error:
            return self._render_hoithi_entry(entry, error=error)
        self._set_hoithi_notice("success", request.env._("Your share is confirmed."))
        return request.redirect(self._get_hoithi_url(entry))

    @route(
        "/my/hoithi/entries/<int:entry_id>/details",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_details(self, entry_id, **_kw):
        """Take what the form asks of the visitor's person, or delete it."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        posted = request.httprequest.form
        lines = entry._get_own_lines()
        shown = self._get_hoithi_details(lines[:1])
        if posted.get("withdraw"):
            _done, error = self._try_hoithi(lines.action_withdraw_details)
            told = request.env._("Your details are deleted.")
        else:
            typed = {
                name: posted.get(name, "").strip()
                for name in ("birth_date", "gender", "qualification")
            }
            shown |= typed
            # what can't be read is refused by the model, with what was typed
            with suppress(ValueError):
                day = typed["birth_date"] and writing.parse_day(typed["birth_date"])
                # a month is no day that somebody was born on
                if day and not day.is_month:
                    typed["birth_date"] = day.date
            agreed = posted.get("agreed") == "1"
            _done, error = self._try_hoithi(
                partial(lines._as_shown().action_give_details, **typed, agreed=agreed)
            )
            told = request.env._("Your details are saved.")
        if error:
            return self._render_hoithi_entry(entry, error=error, author_details=shown)
        self._set_hoithi_notice("success", told)
        return request.redirect(self._get_hoithi_url(entry))

    @route(
        "/my/hoithi/entries/<int:entry_id>/contact",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_contact(self, entry_id, **_kw):
        """Put right how the visitor is reached."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        typed = {
            name: request.httprequest.form[name]
            for name in ("email", "phone")
            if name in request.httprequest.form
        }
        lines = entry._get_own_lines()
        _done, error = self._try_hoithi(
            lambda: entry._get_named_lines().action_correct_contact(**typed)
        )
        if error:
            shown = self._get_hoithi_contact(lines[:1]) | typed
            return self._render_hoithi_entry(entry, error=error, author_contact=shown)
        self._set_hoithi_notice(
            "success", request.env._("Your contact is saved as you wrote it.")
        )
        return request.redirect(self._get_hoithi_url(entry))

    @route(
        "/my/hoithi/entries/<int:entry_id>/decline",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_decline(self, entry_id, **_kw):
        """Free the visitor of an entry that names him or her as a co-author."""
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        reason = request.httprequest.form.get("reason", "")
        _done, error = self._try_hoithi(partial(entry.action_decline, reason=reason))
        if error:
            return self._render_hoithi_entry(
                entry, error=error, decline_reason=reason, is_declining=True
            )
        self._set_hoithi_notice(
            "success",
            request.env._("You aren't named in the entry any more; its author knows."),
        )
        return request.redirect("/my/hoithi")

    @route(
        "/my/hoithi/<int:contest_id>/alike",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def hoithi_alike(self, contest_id, title="", entry_id="", **_kw):
        """Answer with what is told of titles like the one that is being typed, as JSON.

        Only to whoever may register or edit; 429 to who asks too often.
        """
        contest = self._find_hoithi_inside(contest_id)
        entry = self._find_hoithi("hoithi.entry", read_whole(entry_id) or 0)
        if not contest or not (entry.can_edit or contest.can_register):
            return self._answer_hoithi({"html": ""}, 404)
        try:
            request.env["hoithi.rate"]._count("title", request.env.uid)
        except TooOften as error:
            return self._answer_hoithi({"html": "", "refused": str(error)}, 429)
        alike = request.env["hoithi.entry"]._find_alike(contest, title, entry)
        html = request.env["ir.ui.view"]._render_template(
            "hoithi_contest.portal_form_alike", {"alike": alike, "contest": contest}
        )
        return self._answer_hoithi({"html": html.strip()})

    @route(
        "/my/hoithi/<int:contest_id>/colleagues",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def hoithi_colleagues(self, contest_id, q="", **_kw):
        """Answer with the few colleagues whom the typed text may mean, as JSON.

        Name, unit and a signed offer of each, and whether these are all, so that a page
        needn't ask again for a longer text; 429 to who asks too often. Who is among the
        authors already (`taken`, as the rows of the form name them) isn't offered.
        """
        contest = self._find_hoithi("hoithi.contest", contest_id)
        taken = request.httprequest.args.getlist("taken")
        answer, status = {"colleagues": [], "is_whole": False}, 200
        try:
            if contest:
                finder = request.env["hoithi.person"]
                answer["colleagues"], answer["is_whole"] = finder._look_for(
                    contest, q, taken
                )
            else:
                status = 404
        except TooManyQueries as error:
            answer["error"], status = str(error), 429
        except AccessError as error:
            answer["error"], status = str(error), 403
        return request.make_json_response(
            answer, headers={"Cache-Control": "no-store"}, status=status
        )

    def _render_hoithi_entry(self, entry, form=None, error=None, status=200, **typed):
        """Show the entry's page.

        :param status: what the server answers with
        :param typed: what was typed in a form of the page that was refused
        """
        form = form or EntryForm(entry.contest_id, entry)
        my_line = entry.author_ids.filtered(
            lambda author: author.partner_id == request.env.user.partner_id
        )[:1]
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_hoithi_values(error, form),
            "page_name": "hoithi_entry",
            "entry": entry,
            "contest": entry.contest_id,
            "form": form,
            "form_action": f"{self._get_hoithi_url(entry)}/save",
            # what was typed is shown even if the door closed meanwhile
            "is_form": entry.can_edit or form.is_typed,
            "progress": form.progress,
            "dossier_slots": self._get_hoithi_slots(entry.contest_id, entry),
            "deadline": self._get_hoithi_entry_deadline(entry),
            "my_line": my_line,
            # the representative confirms the own share by submitting
            "can_confirm": entry.can_confirm and not my_line.is_representative,
            # staff have no right on units; the name of their own is theirs to know
            "department_name": entry.department_id.sudo().name,
            **self._get_hoithi_panel_values(entry),
            "withdraw_reason": "",
            "is_withdrawing": False,
            "author_details": self._get_hoithi_details(my_line),
            "author_contact": self._get_hoithi_contact(my_line),
            "decline_reason": "",
            "is_declining": False,
            "supplement_texts": {},
            "copy_names": TEXT_FIELDS,
            "get_digest": get_digest,
            # the name under a request; authors have no right on users
            "requested_by": entry.supplement_requested_by_id.sudo().name,
            **typed,
        }
        is_simple = entry._is_supplementing() and entry._is_supplement_simple()
        if values["is_form"] and not (is_simple and not form.is_typed):
            return request.render(
                "hoithi_contest.portal_entry_edit", values, status=status
            )
        values["way"] = entry._get_way()
        values["unconfirmed"] = entry._get_unconfirmed()
        values["is_responsible"] = entry._is_responsible()
        return request.render(
            "hoithi_contest.portal_entry_status", values, status=status
        )

    # HELPERS

    def _get_hoithi_details(self, line):
        """Return what the visitor gave of the own person, as inputs show it."""
        # others' details are for the Office; one's own are one's to know
        line_sudo = line.sudo()
        return {
            "given_on": line_sudo.details_on,
            "birth_date": moments.write_day(line_sudo.birth_date) or "",
            "gender": line_sudo.gender,
            "genders": line_sudo._fields["gender"]._description_selection(request.env),
            "qualification": line_sudo.qualification or "",
        }

    def _get_hoithi_contact(self, line):
        """Return how the visitor is reached by an entry, as inputs show it."""
        return {
            # the Office tells by it who somebody from outside is
            "has_email": line.identification == "colleague",
            "email": line.email or "",
            "phone": line.phone or "",
        }

    def _get_hoithi_panel_values(self, entry):
        """Hook: return what the panels of other rooms need on the entry's page."""
        return {}

    def _get_hoithi_data_values(self):
        """Hook: return what the page of the visitor's own data needs of other rooms."""
        return {}

    def _get_hoithi_open_contests(self):
        contests = request.env["hoithi.contest"].search(
            [("state", "=", "open")], order="registration_deadline, id"
        )
        return contests.filtered("can_register")

    def _get_hoithi_home_values(self, groups=None):
        """Return what the visitor is told first: what waits, and how much there is.

        :param groups: (contest, state, number) of the visitor's entries, where they
            were counted already
        """
        entries = request.env["hoithi.entry"]
        if groups is None:
            groups = entries._read_my_groups()
        my_counts = {}
        for contest, state, count in groups:
            if state != "withdrawn":
                my_counts[contest.id] = my_counts.get(contest.id, 0) + count
        return {
            "my_counts": my_counts,
            "waiting": [
                {
                    "kind": thing.kind,
                    "entry": thing.entry,
                    "line": thing.line,
                    "deadline": self._get_hoithi_deadline(
                        thing.entry.contest_id, thing.moment
                    ),
                }
                for thing in entries._get_waiting()[:MAX_WAITING]
            ],
            "entry_counts": entries._get_my_counts(groups),
            "format_number": partial(format_number, request.env),
        }

    def _get_hoithi_slots(self, contest, entry):
        """Return the dossier of the entry: each type with its rules and files.

        `versions` holds the earlier ones of each file, the last first; `removed` what
        was taken out since the page was opened and can still be put back.
        """
        items = entry.dossier_ids.grouped("type_id")
        versions = entry.dossier_ids._get_versions()
        removed = entry._get_removed_files().grouped("type_id")
        dossier_types = contest._get_dossier_types()
        # a type may have been taken out after a file was attached
        dossier_types |= entry.dossier_ids.type_id
        return [
            {
                "type": dossier_type,
                "items": items.get(dossier_type, ()),
                "versions": versions,
                "removed": removed.get(dossier_type, ()),
                "extensions": ", ".join(map(str.upper, dossier_type._get_extensions())),
                "accept": ",".join(f".{ext}" for ext in dossier_type._get_extensions()),
                "max_size": int(dossier_type.max_size_mb * MEGABYTE),
                "is_printed": contest.ask_photo and dossier_type._is_photograph(),
            }
            for dossier_type in dossier_types
        ]

    def _get_hoithi_deadline(self, contest, moment):
        """Return a deadline as people read it, with the time left and its urgency."""
        return describe_deadline(contest, moment)

    def _get_hoithi_entry_deadline(self, entry):
        """Return until when the entry can be submitted."""
        contest = entry.contest_id
        return self._get_hoithi_deadline(
            contest,
            entry.supplement_due
            if entry._is_supplementing()
            else contest.registration_deadline,
        )

    def _get_hoithi_url(self, entry):
        return f"/my/hoithi/entries/{entry.id}"

    def _find_hoithi_inside(self, contest_id):
        """Find a contest for a page that is internal, or nothing."""
        contest = self._find_hoithi("hoithi.contest", contest_id)
        return contest.filtered("is_insider")

    def _leave_hoithi(self):
        text = self._get_hoithi_unknown()
        if not (
            request.env.user._is_internal()
            or request.env["hoithi.contest"]._get_own_companies()
        ):
            text = request.env._(
                "This isn't there, or is for staff and authors only. If you work here, "
                "ask the Office to link your login to your employee record."
            )
        self._set_hoithi_notice("danger", text)
        return request.redirect("/my/hoithi")

    def _find_hoithi(self, model, record_id):
        """Find a record with the visitor's own rights, or nothing."""
        records = request.env[model]
        if record_id > MOST_ID or not records.has_access("read"):
            return records
        return records.search([("id", "=", record_id)])

    def _get_hoithi_files(self, name):
        """Return the files that were posted by this name, at their beginnings.

        Of several Odoo rewinds the first alone before it begins a request anew. What a
        browser sends of a file's name is as it was, but for its quotation marks
        (https://html.spec.whatwg.org/#multipart-form-data).
        """
        posted = request.httprequest.files.getlist(name)
        files = [file for file in posted if file.filename]
        for file in files:
            file.seek(0)
            file.filename = file.filename.replace("%22", '"')
        return files

    def _find_hoithi_posted(self, entry_id):
        """Return the entry that a post is for, and where to go if it isn't one.

        After a login, or when the address is opened again, such a route gets a GET.
        """
        entry = self._find_hoithi("hoithi.entry", entry_id)
        if not entry:
            return entry, self._leave_hoithi()
        if request.httprequest.method != "POST":
            return entry, request.redirect(self._get_hoithi_url(entry))
        return entry, None

    def _try_hoithi(self, action, form=None, twin=None):
        """Run an action; what the model refuses leaves nothing half-written.

        :param action: a callable without arguments
        :param form: the form that was read for it, whose errors forbid it
        :param twin: model and domain of what the same request makes that was sent a
            second time
        :return: what the action returned, and the message of a refusal
        :raises ConcurrencyError: where the first one has just made it: the server
            begins this one anew, which then finds it
        """
        if form and form.errors:
            return None, "\n".join(form.errors.values())
        try:
            with request.env.cr.savepoint():
                return action(), None
        except UserError as error:
            return None, Refusal(error)
        except IntegrityError as error:
            if error.diag.constraint_name in SENT_TWICE and twin:
                model, domain = twin
                # only whether it was there before this request began
                if not request.env[model].sudo().search_count(domain, limit=1):
                    raise ConcurrencyError(error.diag.constraint_name) from error
            models = request.env.registry.values()
            table = error.diag.table_name
            name = next((model._name for model in models if model._table == table), "")
            return None, request.env[name or "base"]._sql_error_to_message(error)

    def _prepare_hoithi_values(self, error=None, form=None):
        """Return what every page needs: its message and its helpers for moments.

        :param form: whose errors the message leads to, one by one
        """
        notice = request.session.pop(NOTICE_KEY, None)
        if form and form.errors:
            problems = form.get_problems()
            notice = {
                "kind": "danger",
                "text": request.env._(
                    "Not saved yet; places to correct: %s.", len(problems)
                ),
                "problems": problems,
            }
        elif error:
            notice = {"kind": "danger", "text": error}
        return {
            "notice": notice,
            "state_badges": STATE_BADGES,
            "format_moment": format_moment,
            "format_day": format_day,
            "format_number": partial(format_number, request.env),
            "format_size": partial(format_size, request.env),
            "html_data": get_html_data(request.env),
            "get_words": request.env["hoithi.purpose"]._get_words,
        }

    def _set_hoithi_notice(self, kind, text, form="", **more):
        # a page drops what it kept of a form once it was posted; the first field tells
        # several apart that post to one place
        of = "#".join(filter(None, (request.httprequest.path, form)))
        request.session[NOTICE_KEY] = {"kind": kind, "text": text, "of": of, **more}

    def _set_hoithi_saved(self, text, form):
        """Tell that a form is saved, and of whom it couldn't be told who it is."""
        if form.unasked:
            texts = [text, *dict.fromkeys(form.unasked.values())]
            self._set_hoithi_notice(
                "warning", "\n".join(texts), authors=dict(form.unasked)
            )
        else:
            self._set_hoithi_notice("success", text)
