import base64
import hashlib
import json

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...lib.guard import plain_text, texts
from .hoithi_submission_mixin import CONTENT_FIELDS, TEXT_FIELDS, Gap

SECRETARY = "hoithi_contest.group_secretary"

#: What may be asked for besides the slots of the dossier.
ASKABLE = (*CONTENT_FIELDS, "author_ids")
#: What hangs together with what was asked for.
TOGETHER = {
    "author_ids": ("participant_type",),
    "benefit_amount": ("currency_id",),
    "contribution_percent": ("author_ids", "participant_type"),
    "first_applied_date": ("trial_applied_date",),
}


class HoithiSupplementMixin(models.AbstractModel):
    """A supplement of an entry: what is asked for, what was changed, and undoing it."""

    _name = "hoithi.supplement.mixin"
    _description = "Supplement of an entry"

    supplement_type_ids = fields.Many2many(
        "hoithi.dossier.type",
        "hoithi_entry_supplement_type_rel",
        "entry_id",
        "type_id",
        string="Files asked for",
        readonly=True,
        copy=False,
        help="With the texts asked for: what a supplement changes. Where neither is "
        "named, it may change everything.",
    )
    supplement_fields = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    supplement_labels = fields.Char(
        string="Texts asked for", compute="_compute_supplement_labels"
    )
    supplement_requested_on = fields.Datetime(readonly=True, copy=False)
    supplement_requested_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null"
    )
    # digests of what was handed in, to tell what a supplement changes
    supplement_base = fields.Json(
        readonly=True, copy=False, exportable=False, export_string_translation=False
    )
    supplement_note = fields.Text(
        string="What was supplemented",
        readonly=True,
        copy=False,
        help="In the words of who sent it.",
    )
    supplement_changes = fields.Text(
        string="Changed by the supplement", readonly=True, copy=False
    )
    can_undo_supplement = fields.Boolean(compute="_compute_can_undo_supplement")
    can_reopen_supplement = fields.Boolean(compute="_compute_can_reopen_supplement")

    # COMPUTE

    @api.depends("supplement_fields")
    @api.depends_context("lang")
    def _compute_supplement_labels(self):
        for entry in self:
            entry.supplement_labels = ", ".join(
                map(entry._get_label, entry._get_asked_fields())
            )

    @api.depends("state", "contest_id.state")
    @api.depends_context("uid")
    def _compute_can_undo_supplement(self):
        is_office = self.env.user.has_group(SECRETARY)
        for entry in self:
            entry.can_undo_supplement = (
                is_office and entry.state == "supplement" and entry._is_screening_open()
            )

    @api.depends("state", "supplement_due", "supplemented_on", "contest_id.state")
    @api.depends_context("uid")
    def _compute_can_reopen_supplement(self):
        for entry in self:
            entry.can_reopen_supplement = (
                bool(entry.supplemented_on) and not entry._get_sent_supplement_problem()
            )

    def _is_supplement_simple(self):
        """Tell whether all that the supplement needs fits on one card of its page."""
        self.ensure_one()
        return (
            self._is_supplement_tied()
            and set(self._get_asked_fields()) <= set(TEXT_FIELDS)
            and all(
                gap.field in self._get_asked_fields()
                or gap.dossier_type_id in self.supplement_type_ids.ids
                for gap in self._get_gaps()
            )
        )

    # ACTION

    def action_ask_undo_supplement(self):
        """Open the dialog that asks for what `action_undo_supplement` needs."""
        self.check_access("read")
        return self._ask_reason(
            "action_undo_supplement", self.env._("Take Back the Request")
        )

    def action_undo_supplement(self, reason=None):
        """Take a request for a supplement back, as one sent by mistake.

        The entry is submitted again as it was, with its own time of submission.

        :param reason: recorded, and told to the authors
        :raises UserError: where its author has changed something meanwhile, which
            would be handed in unseen
        """
        self.check_access("read")
        self._check_transition("submitted")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(self.env._("The Office takes back what it asked for."))
        self._check_screening()
        reason = self._clean_reason(reason)
        for entry in self:
            if entry.state != "supplement":
                raise UserError(
                    self.env._("“%s” isn't open for a supplement.", entry.display_name)
                )
            changes = entry._get_supplement_changes()
            if changes:
                raise UserError(
                    self.env._(
                        "The author of “%(entry)s” has begun the supplement: "
                        "%(changes)s. Wait until it is sent, or ask the author to put "
                        "it back.",
                        entry=entry.display_name,
                        changes="; ".join(changes),
                    )
                )
            entry._move("submitted", **entry._get_no_supplement())
            entry._message_act(
                body=self.env._("Request for a supplement taken back: %s", reason)
            )
            entry._announce(
                "supplement_undone",
                entry._get_author_partners(),
                fields.Datetime.now(),
            )
        return True

    def action_reopen_supplement(self):
        """Open a supplement again that was sent too early, until it was due.

        For who acts for the entry, as long as the Office hasn't decided on it.

        :raises UserError: where there is none to open, or it is too late
        """
        self.check_access("read")
        self._check_responsible()
        for entry in self:
            problem = entry._get_sent_supplement_problem()
            if problem:
                raise UserError(problem)
            # asking for a supplement is the Office's; this one was asked for
            entry.sudo()._move("supplement", supplemented_on=False)
            # authors read no log, and write nothing into it themselves
            entry.sudo()._message_act(
                body=self.env._("The supplement was opened again by its author.")
            )
        return True

    # BUSINESS: ASKED FOR

    def _get_asked_fields(self):
        """Return the names of the fields that the supplement is asked for."""
        self.ensure_one()
        return [name for name in (self.supplement_fields or "").split(",") if name]

    def _get_supplemented(self):
        """Return the entries of which the dialog asks for parts."""
        return self

    def _is_supplementing(self):
        """Tell whether the entry is open for a supplement, whoever asked for it."""
        self.ensure_one()
        return self.state == "supplement"

    def _is_supplement_sent(self):
        """Tell whether the supplement that was asked for last is handed in."""
        self.ensure_one()
        return self.state == "submitted" and bool(self.supplemented_on)

    def _is_supplement_tied(self):
        """Tell whether the supplement is for what was asked for alone."""
        self.ensure_one()
        return self._is_supplementing() and bool(
            self.supplement_fields or self.supplement_type_ids
        )

    def _get_open_parts(self):
        """Return what a tied supplement may change: names of fields, dossier types.

        Besides what was asked for, that is what else keeps it from being submitted, so
        that it doesn't end in a dead end: a co-author may decline meanwhile.
        """
        self.ensure_one()
        gaps = self._get_gaps()
        names = {*self._get_asked_fields(), *(gap.field for gap in gaps)}
        names |= {other for name in names for other in TOGETHER.get(name, ())}
        types = self.supplement_type_ids.union(
            self.supplement_type_ids.browse(
                gap.dossier_type_id for gap in gaps if gap.dossier_type_id
            )
        )
        return names - {"dossier_ids"}, types

    def _get_asked_names(self):
        """Return what was asked for as people call it, the files first."""
        self.ensure_one()
        return [
            *self.supplement_type_ids.mapped("name"),
            *map(self._get_label, self._get_asked_fields()),
        ]

    def _check_supplement_parts(self, vals=None, dossier_types=None, authors=False):
        """Refuse to change by a supplement what wasn't asked for.

        Rows, of authors and of the dossier, are checked for themselves.

        :param vals: values of the entry
        :param dossier_types: slots whose files change
        :param authors: whether authors change
        :raises UserError: with what was asked for
        """
        for entry in self if not self.env.su else ():
            if not entry._is_supplement_tied():
                continue
            names = {
                name
                for name, value in (vals or {}).items()
                if name in CONTENT_FIELDS and entry._is_other(name, value)
            }
            if authors:
                names.add("author_ids")
            dossier_types = dossier_types or entry.supplement_type_ids.browse()
            if not names and not dossier_types:
                continue
            open_names, open_types = entry._get_open_parts()
            refused = [
                *(dossier_types - open_types).mapped("name"),
                *map(entry._get_label, sorted(names - open_names)),
            ]
            if refused:
                raise UserError(
                    self.env._(
                        "The supplement is for: %(asked)s. Leave as it is: "
                        "%(refused)s. If that needs a change too, ask the Office.",
                        asked=", ".join(entry._get_asked_names()),
                        refused=", ".join(refused),
                    )
                )

    @api.model
    def _read_asked(self, field_names, type_ids):
        """Return the values by which an entry keeps what is asked for.

        :raises UserError: for what no entry has
        """
        # RPC sends what it likes
        is_read = all(
            isinstance(given, list | tuple)
            and all(type(item) is kind for item in given)
            for given, kind in ((field_names, str), (type_ids, int))
        )
        types = self.env["hoithi.dossier.type"]
        if is_read:
            types = types.with_context(active_test=False).search(
                [("id", "in", [i for i in type_ids if i < 2**31])]
            )
        if (
            not is_read
            or set(field_names) - set(ASKABLE)
            or len(types) != len(set(type_ids))
        ):
            raise UserError(
                self.env._("Choose what is to be supplemented among what an entry has.")
            )
        return {
            "supplement_fields": ",".join(n for n in ASKABLE if n in field_names),
            "supplement_type_ids": [Command.set(types.ids)],
        }

    def _save_supplement_texts(self, texts):
        """Keep the texts of a supplement; sending it is another act.

        :param texts: {name of a field: text}; what wasn't asked for is left alone
        """
        self.ensure_one()
        asked = self._get_asked_fields()
        vals = {
            name: text
            for name, text in texts.items()
            if name in asked and (self[name] or "") != text
        }
        if vals:
            self.write(vals)

    def _save_supplement_note(self, note):
        """Keep what the author says of a supplement that isn't sent yet.

        :param note: as it was typed
        :raises UserError: where the supplement is too late
        """
        self.ensure_one()
        self._check_responsible()
        if not self._is_supplementing():
            # sent meanwhile, as by a double click
            return
        self._check_door()
        note = plain_text.clean(note).strip() or False
        if note != self.supplement_note:
            # the field tells the Office what was sent: nobody sets it by a form
            self._open_door().supplement_note = note

    def _save_supplement_file(self, type_id, filename, content, replaced=()):
        """Keep a file of a supplement; sending it is another act.

        :param type_id: id of its dossier type
        :param content: bytes
        :param replaced: ids of files of the dossier whose place it takes; they stay as
            its earlier versions
        """
        self.ensure_one()
        item = self.env["hoithi.dossier.item"].create(
            {
                "entry_id": self.id,
                "type_id": type_id,
                "filename": filename,
                "datas": base64.b64encode(content),
            }
        )
        self.dossier_ids.filtered(
            lambda old: old.id in replaced and old.type_id == item.type_id
        )._take_out(successor=item)

    def _send_supplement(self, note):
        """Submit a supplement from its card, which says that the commitment stands.

        Sent twice, as by a double click, it changes nothing.

        :param note: what was supplemented
        :raises UserError: where it says nothing, or the supplement lacks something
        """
        self.ensure_one()
        self._check_responsible()
        if self._is_supplement_sent():
            return
        self.action_submit(note=self._clean_supplement_note(note))

    @api.model
    def _get_no_supplement(self):
        """Return the values of an entry of which nothing is asked any more."""
        return {
            "supplement_reason": False,
            "supplement_due": False,
            "supplement_fields": False,
            "supplement_type_ids": [Command.clear()],
            "supplement_requested_on": False,
            "supplement_requested_by_id": False,
            "supplement_base": False,
            # begun, and never sent
            "supplement_note": False,
        }

    # BUSINESS: CHANGES

    def _get_supplement_digests(self):
        """Return {part: digest} of all that an entry says and holds."""
        self.ensure_one()
        content = self._get_submission_content()
        parts = dict(content["fields"])
        parts["author_ids"] = content["authors"]
        for type_id, *file in content["files"]:
            parts.setdefault(f"dossier_{type_id}", []).append(file)
        return {
            part: hashlib.sha256(
                json.dumps(value, sort_keys=True, default=str).encode()
            ).hexdigest()
            for part, value in parts.items()
        }

    def _keep_supplement_base(self):
        """Keep what is handed in, for the supplement to be told from it."""
        for entry in self:
            entry._open_door().supplement_base = entry._get_supplement_digests()

    def _get_changed_parts(self):
        """Return the names of fields and the slots that differ from what was handed in.

        :return: a list of names, and dossier types; None where that isn't known, as of
            an entry that was given back before this was kept
        """
        self.ensure_one()
        base = self.supplement_base
        if not base:
            return None
        now = self._get_supplement_digests()
        changed = {part for part in {*base, *now} if base.get(part) != now.get(part)}
        types = self.env["hoithi.dossier.type"].browse(
            int(part.removeprefix("dossier_"))
            for part in sorted(changed)
            if part.startswith("dossier_")
        )
        return [name for name in ASKABLE if name in changed], types.exists()

    def _get_supplement_changes(self):
        """Return what the supplement has changed by now, a phrase each."""
        self.ensure_one()
        changed = self._get_changed_parts()
        if not changed:
            return []
        names, types = changed
        return [*types.mapped("name"), *map(self._get_label, names)]

    def _get_supplement_gaps(self):
        """Return what was asked for and is as it was: that answers no request."""
        self.ensure_one()
        changed = self._get_changed_parts() if self._is_supplementing() else None
        if not changed:
            return []
        names, types = changed
        if not self._is_supplement_tied():
            if names or types:
                return []
            text = self.env._(
                "Nothing has changed since the entry was handed in: supplement what "
                "the Office asks for first."
            )
            return [Gap("supplement", text)]
        unchanged = self.env._("“%s” was asked for, and is still as it was.")
        return [
            *(
                Gap("dossier_ids", unchanged % dossier_type.name, dossier_type.id)
                for dossier_type in self.supplement_type_ids - types
            ),
            *(
                Gap(name, unchanged % self._get_label(name))
                for name in self._get_asked_fields()
                if name not in names
            ),
        ]

    def _get_sent_supplement_problem(self):
        """Return why a supplement that was sent can't be opened again, or nothing."""
        self.ensure_one()
        if self.state != "submitted" or not self.supplemented_on:
            return self.env._("“%s” has no supplement to open.", self.display_name)
        if not self._is_responsible():
            return self.env._(
                "Only the representative author may do this for “%s”.",
                self.display_name,
            )
        if not self._is_screening_open() or (
            not self.supplement_due or fields.Datetime.now() > self.supplement_due
        ):
            return self.env._(
                "The supplement of “%s” was due by now: ask the Office.",
                self.display_name,
            )
        return ""

    def _record_supplement(self, note=None):
        """Return the values that tell what a supplement was, and log it.

        :param note: what its author says
        """
        self.ensure_one()
        note = plain_text.clean(note).strip() if isinstance(note, str) else ""
        changes = self._get_supplement_changes()
        lines = [
            self.env._("Supplement handed in."),
            self.env._("Changed: %s", ", ".join(changes)) if changes else "",
            note,
        ]
        # as above
        self.sudo()._message_act(
            body=Markup("<br/>").join(escape(line) for line in lines if line)
        )
        return {
            "supplement_note": note or False,
            "supplement_changes": "\n".join(changes) or False,
        }

    def _clean_supplement_note(self, note):
        """Return what the author says was supplemented.

        :raises UserError: where it says nothing
        """
        note = plain_text.clean(note).strip() if isinstance(note, str) else ""
        if texts.is_blank(texts.visible(note)):
            raise UserError(
                self.env._("Tell in a sentence what you supplemented, then send it.")
            )
        return note
