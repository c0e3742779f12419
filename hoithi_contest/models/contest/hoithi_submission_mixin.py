import hashlib
import json
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.guard.texts import is_blank
from ..guard.hoithi_states import EDITABLE

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

#: What a criterion may look at, and the texts of the entry that tell it.
LOOKS_AT = {
    "novelty": ("novelty",),
    "applicability": ("applicability",),
    "effects": ("technical_benefit", "economic_benefit", "social_benefit"),
}


class Gap(NamedTuple):
    """Something that isn't there: the field or the part of the dossier that it belongs
    to, and how it is told."""

    field: str
    text: str
    dossier_type_id: int = 0


class HoithiSubmissionMixin(models.AbstractModel):
    """An entry's submission: what it sends, what it leaves empty, what is promised."""

    _name = "hoithi.submission.mixin"
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
        return [gap.text for gap in self._get_gaps()]

    def _get_unscorable(self):
        """Return the texts that criteria of the contest look at and that are empty."""
        self.ensure_one()
        gaps = []
        for looks_at, criteria in self.contest_id._get_criteria_by_text().items():
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
        filled = {name for name in CONTENT_FIELDS if self._is_filled(name)}
        items = self.dossier_ids.grouped("type_id")
        # a type may have been taken out after a file was attached
        types = self.contest_id.asked_dossier_type_ids | self.dossier_ids.type_id
        labels = {name: self._get_label(name) for name in CONTENT_FIELDS}
        empty = [
            *(Gap(name, labels[name]) for name in CONTENT_FIELDS if name not in filled),
            *(
                Gap("dossier_ids", dossier_type.name, dossier_type.id)
                for dossier_type in types
                if dossier_type not in items
            ),
        ]
        return {
            "parts": PARTS,
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
                for name in CONTENT_FIELDS
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
        if is_same and self.state not in (*EDITABLE, "withdrawn"):
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
        if self.state == "supplement":
            note = self._clean_supplement_note(note)
        if consent_publish is not None and consent_publish != self.consent_publish:
            self.consent_publish = consent_publish
        self.action_submit(note=note)
