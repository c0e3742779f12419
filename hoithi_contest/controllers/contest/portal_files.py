import base64
import hashlib
from functools import partial

from odoo.exceptions import UserError
from odoo.http import request, route

from ...lib.contest import slots
from ...lib.guard import plain_text
from ...lib.guard.numerals import read_whole
from .entry_form import EntryForm
from .portal import HoithiPortal


class HoithiPortalFiles(HoithiPortal):
    """The files of an entry: added, taken out, put back, moved."""

    @route(
        "/my/hoithi/entries/<int:entry_id>/files",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def hoithi_entry_files(self, entry_id, **_kw):
        """Add the posted files to the dossier; take one out, or put it back.

        A file that is refused doesn't take the good ones with it. A script is answered
        with the parts of the page that have changed.
        """
        entry, response = self._find_hoithi_posted(entry_id)
        if response:
            return response
        posted = request.httprequest.form
        done, refused, told, status = [], [], [], 200
        acts = {
            "delete_id": self._take_out_hoithi_item,
            "restore_id": self._put_back_hoithi_item,
            "move_id": self._move_hoithi_item,
        }
        texts_by_act = {
            "delete_id": request.env._("%(file)s is removed."),
            "restore_id": request.env._("%(file)s is back."),
            "move_id": request.env._("%(file)s is moved."),
        }
        for name, act in acts.items():
            for raw_id in posted.getlist(name):
                filename, error = self._try_hoithi(partial(act, entry, raw_id))
                if error:
                    refused.append(error)
                else:
                    done.append(texts_by_act[name] % {"file": filename})
        for file in self._get_hoithi_files("file"):
            content = file.read()
            twin = entry.can_edit and self._find_hoithi_twin(entry, content)
            if twin:
                told.append(
                    request.env._(
                        "%(file)s is the very same file as %(twin)s under “%(type)s”, "
                        "so it wasn't attached again.",
                        file=plain_text.clean_line(file.filename),
                        twin=twin.filename,
                        type=twin.type_id.name,
                    )
                )
                continue
            sent = [
                ("entry_id", "=", entry.id),
                ("upload_key", "=", hashlib.sha256(content).hexdigest()),
            ]
            item, error = self._try_hoithi(
                partial(self._create_hoithi_item, entry, file.filename, content),
                twin=("hoithi.dossier.item", sent),
            )
            if error:
                refused.append(f"{plain_text.clean_line(file.filename)}: {error}")
                status = max(status, getattr(error, "status", 200))
            else:
                done.append(request.env._("%(file)s is attached.", file=item.filename))
        if not (done or refused or told):
            refused.append(request.env._("Choose a file first."))
        if "application/json" in request.httprequest.headers.get("Accept", ""):
            return self._answer_hoithi(
                {
                    "refused": "\n".join(refused),
                    "told": "\n".join(told),
                    "done": "\n".join(done),
                    **self._get_hoithi_file_parts(entry),
                }
            )
        if status != 200:
            error = "\n".join(refused + told + done)
            return self._render_hoithi_entry(entry, error=error, status=status)
        kind = "danger" if refused else "warning" if told else "success"
        self._set_hoithi_notice(kind, "\n".join(refused + told + done))
        return request.redirect(f"{self._get_hoithi_url(entry)}#hoithi_files")

    @route(
        "/my/hoithi/entries/<int:entry_id>/parts",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def hoithi_entry_parts(self, entry_id, **_kw):
        """Answer with what follows the saved data on the form's page, as JSON.

        A page asks for it where answers to what it sent have crossed.
        """
        entry = self._find_hoithi("hoithi.entry", entry_id)
        if not entry or not entry.can_edit:
            return self._answer_hoithi({"refused": self._get_hoithi_unknown()}, 404)
        return self._answer_hoithi(self._get_hoithi_file_parts(entry))

    def _get_hoithi_file_parts(self, entry):
        """Return what has changed on the page that asks: the form, or the card."""
        if request.httprequest.values.get("page") == "supplement":
            return {"parts": self._render_hoithi_supplement(entry)}
        form = EntryForm(entry.contest_id, entry)
        values = {
            **self._prepare_hoithi_values(),
            "form": form,
            "entry": entry,
            "contest": entry.contest_id,
            "progress": form.progress,
            "dossier_slots": self._get_hoithi_slots(entry.contest_id, entry),
        }
        return {
            "parts": self._render_hoithi_parts(
                values, ("files", "rail", "missing", "check")
            ),
            "missing": len(form.progress["missing"]),
        }

    def _render_hoithi_supplement(self, entry):
        values = {
            **self._prepare_hoithi_values(),
            "entry": entry,
            "contest": entry.contest_id,
            "dossier_slots": self._get_hoithi_slots(entry.contest_id, entry),
        }
        return self._render_hoithi_parts(values, ["supplement_files"])

    def _find_hoithi_item(self, entry, raw_id):
        items = request.env["hoithi.dossier.item"].with_context(active_test=False)
        item = items.search(
            [("id", "=", read_whole(raw_id) or 0), ("entry_id", "=", entry.id)]
        )
        if not item:
            raise UserError(request.env._("This file isn't there any more."))
        return item.with_context(active_test=True)

    def _take_out_hoithi_item(self, entry, raw_id):
        item = self._find_hoithi_item(entry, raw_id)
        item._take_out()
        return item.filename

    def _put_back_hoithi_item(self, entry, raw_id):
        item = self._find_hoithi_item(entry, raw_id)
        item._put_back()
        return item.filename

    def _move_hoithi_item(self, entry, raw_id):
        item = self._find_hoithi_item(entry, raw_id)
        item.write({"type_id": self._find_hoithi_type(entry).id})
        return item.filename

    def _find_hoithi_twin(self, entry, content):
        """Return the file of the entry's dossier that has the very same content."""
        sha256 = hashlib.sha256(content).hexdigest()
        return entry.dossier_ids.filtered(lambda item: item.sha256 == sha256)[:1]

    def _find_hoithi_type(self, entry, filename=""):
        """Return the part of the dossier that was posted, or that a file fits best."""
        types = entry.contest_id._get_dossier_types() | entry.supplement_type_ids
        raw_id = request.httprequest.form.get("type_id", "")
        if filename and raw_id == "auto":
            raw_id = str(
                slots.find_slot(
                    filename,
                    [
                        slots.Slot(
                            kind.id,
                            kind.name,
                            tuple(kind._get_extensions()),
                            kind.required,
                            kind in entry.dossier_ids.type_id,
                        )
                        for kind in types
                    ],
                )
            )
            if raw_id == "None":
                raise UserError(
                    request.env._("No part of the dossier takes files of this kind.")
                )
        dossier_type = types.filtered(lambda kind: str(kind.id) == raw_id)
        if not dossier_type:
            raise UserError(request.env._("Choose which part of the dossier it is."))
        return dossier_type

    def _create_hoithi_item(self, entry, filename, content):
        replaced = [
            self._find_hoithi_item(entry, raw_id)
            for raw_id in request.httprequest.form.getlist("replace_id")
            if raw_id
        ]
        kind = (
            replaced[0].type_id if replaced else self._find_hoithi_type(entry, filename)
        )
        item = request.env["hoithi.dossier.item"].create(
            {
                "entry_id": entry.id,
                "type_id": kind.id,
                "filename": filename,
                "datas": base64.b64encode(content),
                "upload_key": hashlib.sha256(content).hexdigest(),
            }
        )
        for old in replaced:
            old._take_out(successor=item)
        item._draw()
        return item

    @route(
        "/my/hoithi/files/<int:item_id>/thumbnail",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def hoithi_file_thumbnail(self, item_id, **_kw):
        """Answer with the first page of a PDF file, for whoever may read the file."""
        item = self._find_hoithi("hoithi.dossier.item", item_id)
        picture = item and item._get_thumbnail()
        if not picture:
            raise request.not_found()
        response = request.make_response(
            picture,
            headers=[
                ("Content-Type", "image/jpeg"),
                ("X-Content-Type-Options", "nosniff"),
                # asked for anew each time, as the right to see it may end
                ("Cache-Control", "private, no-cache"),
            ],
        )
        response.set_etag(hashlib.sha256(picture).hexdigest())
        return response.make_conditional(request.httprequest.environ)
