import hashlib
import json
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.guard.texts import is_blank
from ..guard.hoithi_states import EDITABLE
from .hoithi_dossier_item import KEPT_TAKEN_OUT

#: What an entry says, in the parts and the order of its form.
PARTS = {
    "solution": (
        "name",
        "short_name",
        "field_id",
        "solution_type",
        "participant_type",
    ),
    "description": (
        "known_solution",
        "solution_content",
        "novelty",
        "novelty_level",
        "applicability",
    ),
    "application": ("first_applied_date", "trial_applied_date", "application_place"),
    "benefits": (
        "technical_benefit",
        "economic_benefit",
        "benefit_amount",
        "social_benefit",
    ),
    "confidential": ("confidential_info",),
}
CONTENT_FIELDS = tuple(name for names in PARTS.values() for name in names)
#: What a description tells; files may tell it too.
DESCRIPTION_FIELDS = (
    "known_solution",
    "solution_content",
    "novelty",
    "applicability",
    "technical_benefit",
    "economic_benefit",
    "social_benefit",
)
#: What is written in words, in the order of the form.
TEXT_FIELDS = tuple(
    name
    for name in CONTENT_FIELDS
    if name in {"name", "short_name", "application_place", "confidential_info"}
    or name in DESCRIPTION_FIELDS
)

#: What a criterion may look at, and the texts of the entry that tell it.
LOOKS_AT = {
    "novelty": ("novelty",),
    "applicability": ("applicability",),
    "effects": ("technical_benefit", "economic_benefit", "social_benefit"),
}

#: The steps of the form, and what is needed in each.
STEPS = {
    "solution": (
        "name",
        "field_id",
        "solution_type",
        "first_applied_date",
        "trial_applied_date",
        "application_place",
        "short_name",
    ),
    "authors": ("participant_type", "author_ids", "contribution_percent"),
    "description": (
        *PARTS["description"],
        *PARTS["benefits"],
        *PARTS["confidential"],
        "investor",
        "protection",
        "ai_use",
    ),
    "files": ("dossier_ids",),
}
#: Where all is looked over: a supplement that changed nothing is told there.
LAST_STEP = "check"
#: How many words a text may well have: more is told, never refused.
ADVISED_WORDS = {
    "name": 30,
    "known_solution": 300,
    "solution_content": 1000,
    "novelty": 500,
    "applicability": 400,
    "technical_benefit": 300,
    "economic_benefit": 300,
    "social_benefit": 300,
}


class Gap(NamedTuple):
    """Something that isn't there: the field or the part of the dossier that it belongs
    to, and how it is told."""

    field: str
    text: str
    dossier_type_id: int = 0


class Need(NamedTuple):
    """Something that a submission needs; done where it has no gaps."""

    step: str
    field: str
    label: str
    dossier_type_id: int
    gaps: tuple


class HoithiSubmissionMixin(models.AbstractModel):
    """An entry's submission: what it sends, what it leaves empty, what is promised."""

    _name = "hoithi.submission.mixin"
    _inherit = ["hoithi.text.mixin"]
    _description = "Submission of an entry"

    commitment_on = fields.Datetime(
        string="Commitment given on",
        readonly=True,
        copy=False,
        help="Whoever submits declares that the entry is true, own work and no copy.",
    )
    commitment_text = fields.Text(
        string="Commitment",
        readonly=True,
        copy=False,
        help="As it was worded when it was given.",
    )

    form_key = fields.Char(
        readonly=True,
        copy=False,
        help="Of the form that made the entry: sent twice, it makes one entry.",
    )

    # ACTION

    def action_open_submission(self):
        """Open the dialog that submits an entry: what stays empty, the commitment.

        :raises UserError: with all that keeps the entry from being submitted
        """
        self.ensure_one()
        self._check_submittable()
        dialog = self.env["hoithi.submission"].create(
            {
                "entry_id": self.id,
                "fingerprint": self._get_submission_fingerprint(),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Submit the Entry"),
            "res_model": dialog._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
        }

    # BUSINESS

    def _get_commitment_text(self):
        """Return what the authors declare (domain rule d1.11), in the reader's words.

        The registration form says the same above the signatures.
        """
        return self.env._(
            "I (we) declare that the information above is truthful and correct; that "
            "the solution is my (our) own work, copies nobody else's and infringes "
            "nobody's intellectual property; if this is wrong I (we) bear full "
            "responsibility before the law."
        )

    def _get_label(self, name):
        return self._fields[name]._description_string(self.env)

    def _is_filled(self, name):
        """Tell whether a field says something; a text of spaces doesn't."""
        value = self[name]
        return not is_blank(value) if isinstance(value, str) else bool(value)

    def _get_missing(self):
        """Return all that keeps the entry from being submitted, a phrase each."""
        return [gap.text for need in self._get_needs() for gap in need.gaps]

    def _get_needs(self):
        """Return all that a submission needs, as `Need`, in the order of the form.

        The list of what is missing and the completeness are both made of it, so that
        they can't disagree.
        """
        self.ensure_one()
        contest = self.contest_id
        gaps = {}
        for gap in self._get_gaps():
            gaps.setdefault((gap.field, gap.dossier_type_id), []).append(gap)
        shares = self.env._("Shares of the authors")
        labels = {
            ("name", 0): self._get_label("name"),
            ("field_id", 0): self._get_label("field_id"),
            ("first_applied_date", 0): self._get_label("first_applied_date"),
            ("author_ids", 0): self._get_label("author_ids"),
            ("contribution_percent", 0): shares,
            ("solution_content", 0): self._get_label("solution_content"),
        }
        if contest.require_texts:
            for looks_at in contest._get_criteria_by_text(self.field_id):
                names = LOOKS_AT[looks_at]
                label = " / ".join(map(self._get_label, names))
                labels[names[0], 0] = label
        for dossier_type in contest.asked_dossier_type_ids.filtered("required"):
            labels["dossier_ids", dossier_type.id] = dossier_type.name
        # what a room adds to the gaps is needed as well
        for key, its_gaps in gaps.items():
            labels.setdefault(key, its_gaps[0].text)
        step_of = {name: step for step, names in STEPS.items() for name in names}
        step_of["supplement"] = LAST_STEP
        order = [*step_of]
        needs = [
            Need(
                step_of.get(field, "files" if type_id else "description"),
                field,
                label,
                type_id,
                tuple(gaps.get((field, type_id), ())),
            )
            for (field, type_id), label in labels.items()
        ]
        steps = [*STEPS, LAST_STEP]
        return sorted(
            needs,
            key=lambda need: (
                steps.index(need.step),
                order.index(need.field) if need.field in order else len(order),
            ),
        )

    def _get_progress(self):
        """Return how far an entry is on its way to the submission.

        :return: a dict: `steps`, by name a dict of the `needs` of the step, how many of
            them are `done`, and how many are `missing`; `needs`, `done`, `missing` of
            all; and `percent`, which is 100 only where nothing is missing
        """
        self.ensure_one()
        needs = self._get_needs()

        def count(needs):
            missing = [need for need in needs if need.gaps]
            return {
                "needs": needs,
                "missing": missing,
                "done": len(needs) - len(missing),
            }

        progress = count(needs)
        return {
            **progress,
            "steps": {
                step: count([need for need in needs if need.step == step])
                for step in STEPS
            },
            "percent": 100 * progress["done"] // len(needs),
        }

    def _get_removed_files(self):
        """Return the files that were taken out of the dossier and can be put back."""
        items = self.env["hoithi.dossier.item"].with_context(active_test=False)
        if not self:
            return items
        return items.search(
            [
                ("entry_id", "in", self.ids),
                ("active", "=", False),
                ("successor_id", "=", False),
                ("replaced_on", ">", fields.Datetime.now() - KEPT_TAKEN_OUT),
            ],
            order="replaced_on desc, id desc",
        )

    def _get_unscorable(self):
        """Return the texts that criteria of the contest look at and that are empty."""
        self.ensure_one()
        gaps = []
        criteria_by_text = self.contest_id._get_criteria_by_text(self.field_id)
        for looks_at, criteria in criteria_by_text.items():
            names = LOOKS_AT[looks_at]
            if any(map(self._is_filled, names)):
                continue
            text = self.env._(
                "%(texts)s: empty. The council scores by it the criterion: "
                "%(criteria)s.",
                texts=" / ".join(map(self._get_label, names)),
                criteria=", ".join(f"“{name}”" for name in criteria.mapped("name")),
            )
            gaps.append(Gap(names[0], text))
        return gaps

    def _get_submission_preview(self):
        """Return what a submission would send, and what it would leave empty.

        :return: a dict: `parts`, the names of the fields by part; `labels` of these;
            `filled`, those that say something; `authors` as dicts; `files`, pairs of a
            dossier type and its items; the gaps that are `missing` and forbid the
            submission, those that are `unscorable` and those that stay `empty`; the
            `commitment`, and `fingerprint`, which stands for all this
        """
        self.ensure_one()
        missing = self._get_gaps()
        told = {(gap.field, gap.dossier_type_id) for gap in missing}
        names = self._get_sent_fields()
        filled = {name for name in names if self._is_filled(name)}
        items = self.dossier_ids.grouped("type_id")
        # a type may have been taken out after a file was attached
        types = self.contest_id._get_dossier_types() | self.dossier_ids.type_id
        labels = {name: self._get_label(name) for name in names}
        empty = [
            *(Gap(name, labels[name]) for name in names if name not in filled),
            *(
                Gap("dossier_ids", dossier_type.name, dossier_type.id)
                for dossier_type in types
                if dossier_type not in items
            ),
        ]
        return {
            "parts": self._get_parts(),
            "labels": labels,
            "filled": filled,
            "authors": [
                {
                    "name": author.full_name,
                    # staff have no right on units; those of the authors are sent along
                    "unit": author.department_id.sudo().name or author.workplace,
                    "email": author.email,
                    "percent": author.contribution_percent,
                    "is_representative": author.is_representative,
                    "confirmed_on": author.confirmed_on,
                }
                for author in self.author_ids
            ],
            "files": [(kind, items[kind]) for kind in types if kind in items],
            "missing": missing,
            "unscorable": (
                [] if self.contest_id.require_texts else self._get_unscorable()
            ),
            "empty": [
                gap for gap in empty if (gap.field, gap.dossier_type_id) not in told
            ],
            "commitment": self._get_commitment_text(),
            "fingerprint": self._get_submission_fingerprint(),
        }

    def _get_photograph_gap(self):
        """Return that the photograph isn't there which the form prints, or nothing.

        It keeps nobody from submitting: one may be glued on the printed form.
        """
        self.ensure_one()
        if not self.contest_id.ask_photo:
            return None
        kinds = self.contest_id._get_dossier_types().filtered(
            lambda kind: kind._is_photograph()
        )
        uploaded = self.dossier_ids.type_id
        if not kinds or any(kind._is_photograph() for kind in uploaded):
            return None
        text = self.env._(
            "%s: not uploaded. The registration form leaves room to glue one.",
            kinds[0].name,
        )
        return Gap("dossier_ids", text, kinds[0].id)

    def _get_parts(self):
        """Return what the entry says by the parts of its form, as its contest asks."""
        self.ensure_one()
        asked = self.contest_id._get_asked_fields()
        return {**PARTS, "asked": asked} if asked else PARTS

    def _get_sent_fields(self):
        """Return the names of all fields that a submission sends, in their order."""
        return [name for names in self._get_parts().values() for name in names]

    def _get_submission_fingerprint(self):
        """Return a digest of what a submission sends and promises.

        The supplement that was asked for is part of it, so that the same content is
        told apart from what was submitted before. Whether others have confirmed their
        shares isn't: that is theirs.
        """
        self.ensure_one()
        content = {
            **self._get_submission_content(),
            "supplement": [self.supplement_reason, self.supplement_due],
            "commitment": self._get_commitment_text(),
        }
        text = json.dumps(content, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _get_submission_content(self):
        """Return all that a submission sends, as JSON takes it."""
        return {
            "fields": {
                name: self._fields[name].convert_to_write(self[name], self)
                for name in self._get_sent_fields()
            },
            "authors": [
                [
                    author.id,
                    author.full_name,
                    author.email,
                    author.workplace,
                    author.department_id.id,
                    author.contribution_percent,
                    author.is_representative,
                ]
                for author in self.author_ids
            ],
            "files": [
                [item.type_id.id, item.filename, item.sha256, item.confidential]
                for item in self.dossier_ids
            ],
        }

    def _check_submittable(self):
        """Refuse what can't be submitted: by whom, when, or for what it lacks.

        :raises AccessError: for co-authors and everyone else
        :raises UserError: one message with all that is missing or wrong
        """
        self._check_responsible()
        # what a contest asks is told to who enters; it is read at once, not by parts
        contests_sudo = self.sudo().contest_id
        contests_sudo.mapped("field_ids")
        contests_sudo.mapped("asked_dossier_type_ids")
        self._check_door()
        for entry in self:
            missing = entry._get_missing()
            if missing:
                raise UserError(
                    "\n".join(
                        [
                            self.env._(
                                "“%s” can't be submitted yet:", entry.display_name
                            ),
                            *(f"- {phrase}" for phrase in missing),
                        ]
                    )
                )

    def _submit_previewed(
        self, fingerprint, is_committed, consent_publish=None, note=None
    ):
        """Submit what its representative has looked through, and nothing else.

        Asked for a second time, as by a double click or after an answer that was lost,
        it changes nothing: the entry is submitted already.

        :param fingerprint: of the preview that was shown
        :param is_committed: whether the commitment was ticked (domain rule d1.11)
        :param consent_publish: the consent to publication; None leaves it as it is
        :param note: of a supplement: what was supplemented
        :raises UserError: where the entry has changed since, the commitment isn't
            ticked, a supplement doesn't say what was done, or the entry can't be
            submitted
        """
        self.ensure_one()
        self._check_responsible()
        is_same = fingerprint == self._get_submission_fingerprint()
        if (
            is_same
            and self.state not in (*EDITABLE, "withdrawn")
            and not self._is_supplementing()
        ):
            return
        self._check_door()
        if not is_same:
            raise UserError(
                self.env._(
                    "“%s” isn't submitted: it has changed since you looked at it. Read "
                    "it through again, then submit it.",
                    self.display_name,
                )
            )
        if not is_committed:
            raise UserError(
                self.env._(
                    "“%s” isn't submitted: tick the commitment, then submit it.",
                    self.display_name,
                )
            )
        if self._is_supplementing():
            note = self._clean_supplement_note(note)
        if consent_publish is not None and consent_publish != self.consent_publish:
            self.consent_publish = consent_publish
        self.action_submit(note=note)
