from functools import partial

from odoo.http import request, route

from ...lib.guard.numerals import read_whole
from ...models.contest.hoithi_submission_mixin import TEXT_FIELDS
from .entry_form import get_digest
from .portal import HoithiPortal


class HoithiPortalStatus(HoithiPortal):
    """What an author does with an entry after its submission."""

    @route()
    def home(self, **kw):
        """Say what waits for the visitor right after the login."""
        response = super().home(**kw)
        if request.env["hoithi.entry"].has_access("read"):
            response.qcontext.update(self._get_hoithi_home_values())
        return response

    @route(
        "/my/hoithi/entries/<int:entry_id>/supplement",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_supplement(self, entry_id, **_kw):
        """Keep what was posted of a supplement, and send it where that was asked for.

        Files and texts are kept though the sending is refused; what is refused itself
        doesn't take the good ones with it, and a text stays on the page.
        """
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        posted = request.httprequest.form
        note = posted.get("note", "")
        texts = {name: posted[name] for name in TEXT_FIELDS if name in posted}
        fresh, errors = self._compare_hoithi_texts(entry, texts)
        _done, error = self._try_hoithi(partial(entry._save_supplement_texts, fresh))
        errors += [error] if error else []
        replaced = list(filter(None, map(read_whole, posted.getlist("replace_id"))))
        for dossier_type in entry.supplement_type_ids:
            for file in self._get_hoithi_files(f"file_{dossier_type.id}"):
                _item, error = self._try_hoithi(
                    partial(
                        entry._save_supplement_file,
                        dossier_type.id,
                        file.filename,
                        file.read(),
                        replaced,
                    )
                )
                if error and error not in errors:
                    errors.append(error)
        if not errors and "send" in posted:
            _done, error = self._try_hoithi(partial(entry._send_supplement, note))
            errors += [error] if error else []
        if errors:
            return self._render_hoithi_entry(
                entry,
                error="\n".join(errors),
                supplement_note=note,
                supplement_texts=texts,
            )
        if "send" in posted:
            self._set_hoithi_notice(
                "success",
                request.env._(
                    "The supplement is sent. The first time of submission, %(moment)s, "
                    "stays.",
                    moment=entry.contest_id._format_moment(entry.submitted_on),
                ),
            )
        else:
            self._set_hoithi_notice("success", request.env._("Kept, and not sent yet."))
        return request.redirect(self._get_hoithi_url(entry))

    def _compare_hoithi_texts(self, entry, texts):
        """Return of posted texts those that were typed, and what changed meanwhile.

        A page that was opened before somebody else saved posts the old text: what
        wasn't touched in it stays as it is now, and what both changed is told.

        :return: {name: text}, and a sentence for each text that both changed
        """
        posted = request.httprequest.form
        typed, errors = {}, []
        for name, text in texts.items():
            shown, now = posted.get(f"shown_{name}"), get_digest(entry[name])
            if not shown or shown == now or get_digest(text) == now:
                typed[name] = text
            elif get_digest(text) == shown:
                # nobody typed here: what it became meanwhile stays
                texts[name] = entry[name] or ""
            else:
                errors.append(
                    request.env._(
                        "%(field)s was changed meanwhile. Yours isn't saved yet: send "
                        "again to keep it. What is there now:\n%(now)s",
                        field=entry._get_label(name),
                        now=entry[name] or "–",
                    )
                )
        return typed, errors

    @route(
        "/my/hoithi/entries/<int:entry_id>/reopen",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_reopen(self, entry_id, **_kw):
        """Open a supplement again that was sent too early."""
        return self._act_hoithi(
            entry_id,
            "action_reopen_supplement",
            request.env._("The supplement is open again: send it when it is ready."),
        )

    @route(
        "/my/hoithi/entries/<int:entry_id>/reinstate",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_reinstate(self, entry_id, **_kw):
        """Undo the withdrawal of an entry for the posted reason."""
        return self._act_hoithi(
            entry_id,
            "action_reinstate",
            request.env._("The withdrawal is undone: the entry is what it was."),
            reason=request.httprequest.form.get("reason", ""),
        )

    @route(
        "/my/hoithi/entries/<int:entry_id>/remind",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_remind(self, entry_id, **_kw):
        """Ask the co-authors again who haven't confirmed their shares."""
        return self._act_hoithi(
            entry_id,
            "action_remind_coauthors",
            request.env._("The reminders are on their way."),
        )

    def _act_hoithi(self, entry_id, method, done, **values):
        """Call an act of an entry, and show its page with what came of it.

        :param method: name of the act
        :param done: what is said where it was done
        :param values: what the act takes
        """
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        _done, error = self._try_hoithi(partial(getattr(entry, method), **values))
        self._set_hoithi_notice("danger" if error else "success", error or done)
        return request.redirect(self._get_hoithi_url(entry))
