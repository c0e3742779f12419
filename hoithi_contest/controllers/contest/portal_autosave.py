import json
from functools import partial

from odoo import fields
from odoo.http import request, route

from .entry_form import EntryForm
from .formats import format_moment
from .portal import HoithiPortal


class HoithiPortalAutosave(HoithiPortal):
    """The form of an entry that saves itself while it is filled in."""

    @route(
        "/my/hoithi/<int:contest_id>/autosave",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def hoithi_entry_new_autosave(self, contest_id, **_kw):
        """Make the draft of a form that is being filled in; see the next route."""
        contest = self._find_hoithi("hoithi.contest", contest_id)
        if not contest:
            return self._answer_hoithi({"refused": self._get_hoithi_unknown()}, 404)
        form = EntryForm(contest)
        form.take_over(request.httprequest.form)
        entry = self._find_hoithi_made(form)
        if entry:
            return self._autosave_hoithi(entry)
        if "name" in form.errors:
            # nothing is made without a name; what was typed is told about nevertheless
            return self._answer_hoithi(self._get_hoithi_autosaved(form))
        entry, error = self._try_hoithi(
            form.create_entry, twin=self._get_hoithi_made(form)
        )
        if error and form.author_commands:
            form.author_commands, form.own_percent = [], None
            form.errors["author_ids"] = error
            entry, error = self._try_hoithi(
                form.create_entry, twin=self._get_hoithi_made(form)
            )
        if error:
            return self._answer_hoithi({"refused": error})
        form.entry = entry
        return self._answer_hoithi(self._get_hoithi_autosaved(form))

    @route(
        "/my/hoithi/entries/<int:entry_id>/autosave",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def hoithi_entry_autosave(self, entry_id, **_kw):
        """Save what can be saved of a form that is being filled in; answer in JSON.

        By the same door as the form's own post. What is wrong, or was changed by
        somebody else meanwhile, is told by field and doesn't keep the rest from being
        saved.
        """
        entry = self._find_hoithi("hoithi.entry", entry_id)
        if not entry:
            return self._answer_hoithi({"refused": self._get_hoithi_unknown()}, 404)
        return self._autosave_hoithi(entry)

    def _autosave_hoithi(self, entry):
        form = EntryForm(entry.contest_id, entry)
        form.take_over(request.httprequest.form)

        def check():
            entry._check_responsible()
            entry._check_door()

        _done, error = self._try_hoithi(check)
        if error:
            return self._answer_hoithi({"refused": error})
        _done, error = self._try_hoithi(form.save_entry)
        if error:
            # which one is refused shows when each is written by itself
            for name in [*form.vals, "author_ids"]:
                _done, error = self._try_hoithi(partial(form.save_entry, [name]))
                if error:
                    form.errors[name] = error
        return self._answer_hoithi(self._get_hoithi_autosaved(form))

    def _get_hoithi_autosaved(self, form):
        """Return what a page is told after its form was saved by itself."""
        kept = EntryForm(form.contest, form.entry)
        kept.form_key = form.form_key
        entry = form.entry
        values = {
            **self._prepare_hoithi_values(),
            "form": kept,
            "entry": entry,
            "contest": form.contest,
            "progress": kept.progress,
        }
        parts = ["rail", "missing", "check"] if entry else []
        if entry and "form_key" in form.base:
            # of a page that was made without an entry, whose files are its own now
            values["dossier_slots"] = self._get_hoithi_slots(form.contest, entry)
            parts.append("files")
        remarks = {
            name: text for name, text in kept.remarks.items() if name not in form.errors
        }
        return {
            "saved_at": self._get_hoithi_hour(form.contest) if entry else None,
            "version": json.loads(kept.version),
            "errors": {**remarks, **form.errors},
            "unasked": "\n".join(dict.fromkeys(form.unasked.values())),
            "understood": form.understood,
            "conflicts": form.conflicts,
            "changed": {
                name: {"text": text, "label": form.label(name)}
                for name, text in form.changed.items()
            },
            "labels": {name: form.label(name) for name in form.errors},
            "rows": self._get_hoithi_rows(form, kept),
            "parts": self._render_hoithi_parts(values, parts),
            "url": self._get_hoithi_url(entry) if entry else None,
            "missing": len(kept.progress["missing"]) if entry else None,
        }

    def _get_hoithi_rows(self, form, kept):
        """Return the authors as they are kept, by the rows that were posted.

        A row that made a line of the entry learns its id, and one whose line is there
        no more is taken out.
        """
        by_id = {row["id"]: row for row in kept.rows}
        posted = {row["id"] for row in form.rows}
        # lines that were just made come in the order of their rows
        made = [row for row in kept.rows if row["id"] not in posted and form.entry]
        own = next((row for row in kept.rows if row["is_own"]), None)
        rows = [
            {"index": index, "id": "", "error": "", "is_taken_out": True}
            for index in form.lost_rows
        ]
        for row in form.rows:
            if row.get("index") is None:
                continue
            if row["is_own"] and own:
                found = own
                made = [other for other in made if other is not own]
            elif row["id"]:
                found = by_id.get(row["id"])
            elif row.get("error") or not made:
                found = None
            else:
                found = made.pop(0)
            names = (
                *("id", "name", "email", "percent", "choice", "workplace"),
                *("unit", "is_fixed", "is_unknown"),
            )
            rows.append(
                {
                    **({name: found[name] for name in names} if found else {}),
                    # one that is there no more is a new one when it is saved again
                    **({} if found else {"id": ""}),
                    "index": row.get("index"),
                    "error": row.get("error") or "",
                    "is_conflict": bool(row.get("is_conflict")),
                    "is_changed": bool(row.get("is_changed")),
                    "is_taken_out": bool(row["id"]) and not found,
                }
            )
        return rows

    def _get_hoithi_hour(self, contest):
        return format_moment(fields.Datetime.now(), contest).partition(" ")[0]

    def _get_hoithi_unknown(self):
        return request.env._("What you asked for doesn't exist, or isn't yours to see.")
