from functools import partial

from odoo import fields
from odoo.http import request, route

from ...lib.guard.numerals import read_whole
from ...models.contest.hoithi_submission_mixin import TEXT_FIELDS
from .entry_form import get_anchor, get_digest
from .formats import format_moment
from .portal_files import HoithiPortalFiles

#: What is typed on the card of a supplement, by the name of its input: the texts that
#: were asked for, and what was done.
CARD_FIELDS = {**{name: name for name in TEXT_FIELDS}, "note": "supplement_note"}


class Conflict(str):
    """Why a text isn't kept that somebody else has changed meanwhile."""


class HoithiPortalStatus(HoithiPortalFiles):
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
        texts, errors = self._save_hoithi_card(entry)
        errors = list(errors.values())
        acts = {
            "delete_id": self._take_out_hoithi_item,
            "restore_id": self._put_back_hoithi_item,
        }
        for name, act in acts.items():
            for raw_id in posted.getlist(name):
                _name, error = self._try_hoithi(partial(act, entry, raw_id))
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
            error = self._send_hoithi_supplement(entry, posted.get("note", ""))
            errors += [error] if error else []
        if errors:
            return self._render_hoithi_entry(
                entry, error="\n".join(errors), supplement_texts=texts
            )
        if "send" not in posted:
            self._set_hoithi_notice("success", request.env._("Kept, and not sent yet."))
        return request.redirect(self._get_hoithi_url(entry))

    @route(
        "/my/hoithi/entries/<int:entry_id>/supplement/autosave",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def hoithi_supplement_autosave(self, entry_id, **_kw):
        """Keep what was typed on the card of a supplement, and answer in JSON.

        By the same door as the card's own post, and as that one it sends what is kept
        where that was asked for. What is refused, or was changed by somebody else
        meanwhile, is told by field and doesn't keep the rest from being saved.
        """
        entry = self._find_hoithi("hoithi.entry", entry_id)
        if not entry:
            return self._answer_hoithi({"refused": self._get_hoithi_unknown()}, 404)

        def check():
            entry._check_responsible()
            entry._check_door()

        posted = request.httprequest.form
        if not ("send" in posted and entry._is_supplement_sent()):
            _done, error = self._try_hoithi(check)
            if error:
                return self._answer_hoithi({"refused": error})
        texts, errors = self._save_hoithi_card(entry)
        answer = {
            "saved_at": format_moment(
                fields.Datetime.now(), entry.contest_id
            ).partition(" ")[0],
            "version": {
                name: get_digest(entry[CARD_FIELDS[name]])
                for name in CARD_FIELDS
                if name in posted
            },
            "conflicts": {
                name: entry[CARD_FIELDS[name]] or ""
                for name, error in errors.items()
                if isinstance(error, Conflict)
            },
            # what nobody typed here, and is another text now
            "changed": {
                name: {
                    "text": texts[CARD_FIELDS[name]],
                    "label": entry._get_label(CARD_FIELDS[name]),
                }
                for name in CARD_FIELDS
                if name in posted
                and get_digest(posted[name]) != get_digest(texts[CARD_FIELDS[name]])
            },
        }
        if not errors and "send" in posted:
            problems = self._get_hoithi_unready(entry, posted.get("note", ""))
            error = not problems and self._send_hoithi_supplement(
                entry, posted.get("note", "")
            )
            if error:
                # as a limit of the contest; what was typed is saved nevertheless
                problems = [{"text": error, "anchor": "hoithi_supplement_title"}]
            if problems:
                answer["problems"] = problems
            else:
                answer["url"] = self._get_hoithi_url(entry)
        return self._answer_hoithi(
            {
                **answer,
                "errors": errors,
                "labels": {
                    name: entry._get_label(CARD_FIELDS[name]) for name in errors
                },
            }
        )

    def _get_hoithi_unready(self, entry, note):
        """Return what keeps a supplement from being sent, each with its place."""
        if not entry._is_supplementing():
            return []
        _note, error = self._try_hoithi(partial(entry._clean_supplement_note, note))
        return [
            *(
                {"text": gap.text, "anchor": get_anchor(gap)}
                for gap in entry._get_gaps()
            ),
            *([{"text": error, "anchor": "hoithi_note"}] if error else []),
        ]

    def _send_hoithi_supplement(self, entry, note):
        """Send a supplement; return why it is refused, or say on the next page that it
        is sent."""
        _done, error = self._try_hoithi(partial(entry._send_supplement, note))
        if not error:
            self._set_hoithi_notice(
                "success",
                request.env._(
                    "The supplement is sent. The first time of submission, %(moment)s, "
                    "stays.",
                    moment=entry.contest_id._format_moment(entry.submitted_on),
                ),
            )
        return error

    def _save_hoithi_card(self, entry):
        """Keep what was posted of the card of a supplement.

        A page that was opened before somebody else saved posts the old text: what
        wasn't touched in it stays as it is now, and what both changed is told.

        :return: {name of a field: what stands on the page}, and {name of an input: why
            its text isn't kept}
        """
        posted = request.httprequest.form
        texts, typed, errors = {}, {}, {}
        for name, field in CARD_FIELDS.items():
            if name not in posted:
                continue
            text = texts[field] = posted[name].replace("\x00", "")
            shown, now = posted.get(f"shown_{name}"), get_digest(entry[field])
            if not shown or shown == now or get_digest(text) == now:
                typed[name] = text
            elif get_digest(text) == shown:
                # nobody typed here: what it became meanwhile stays
                texts[field] = entry[field] or ""
            else:
                errors[name] = Conflict(
                    request.env._(
                        "%(field)s was changed meanwhile. Yours isn't saved yet: send "
                        "again to keep it. What is there now:\n%(now)s",
                        field=entry._get_label(field),
                        now=entry[field] or "–",
                    )
                )

        def save(names):
            entry._save_supplement_texts(
                {name: typed[name] for name in names if name != "note"}
            )
            if "note" in names:
                entry._save_supplement_note(typed["note"])

        _done, error = self._try_hoithi(partial(save, list(typed)))
        if error:
            # which one is refused shows when each is written by itself
            for name in typed:
                _done, error = self._try_hoithi(partial(save, [name]))
                if error and error not in errors.values():
                    errors[name] = error
        return texts, errors

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
        reason = request.httprequest.form.get("reason", "")
        return self._act_hoithi(
            entry_id,
            "action_reinstate",
            request.env._("The withdrawal is undone: the entry is what it was."),
            {"reinstate_reason": reason},
            reason=reason,
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

    def _act_hoithi(self, entry_id, method, done, typed=None, **values):
        """Call an act of an entry, and show its page with what came of it.

        :param method: name of the act
        :param done: what is said where it was done
        :param typed: what the page shows again where it was refused
        :param values: what the act takes
        """
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        _done, error = self._try_hoithi(partial(getattr(entry, method), **values))
        if error:
            return self._render_hoithi_entry(entry, error=error, **(typed or {}))
        self._set_hoithi_notice("success", done)
        return request.redirect(self._get_hoithi_url(entry))
