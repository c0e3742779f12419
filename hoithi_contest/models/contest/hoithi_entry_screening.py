from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.contest import similarity
from ..guard.hoithi_clock_mixin import Deadline
from ..guard.hoithi_states import NOT_ENTERED, SCREENABLE, UNSCREENED


class HoithiEntry(models.Model):
    """How the secretary admits an entry: its screening, supplements, look-alikes."""

    _inherit = "hoithi.entry"

    contest_is_gathered = fields.Boolean(related="contest_id.is_gathered")
    is_screening_open = fields.Boolean(
        "Screening Possible", compute="_compute_is_screening_open"
    )
    screened_on = fields.Datetime(readonly=True, copy=False)
    supplement_reason = fields.Text(readonly=True, copy=False)
    supplement_due = Deadline(readonly=True, copy=False)
    ineligible_reason = fields.Text(readonly=True, copy=False)
    # by it look-alikes are found; for the secretary
    title_key = fields.Char(groups="hoithi_contest.group_secretary")
    similar_ids = fields.Many2many(
        "hoithi.entry",
        "hoithi_entry_similar_rel",
        "entry_id",
        "similar_id",
        string="Similar entries",
        copy=False,
        groups="hoithi_contest.group_secretary",
        help="Entries of this and earlier editions with a title much alike.",
    )

    # COMPUTE

    @api.depends("state", "late_reason", "contest_id.state")
    def _compute_is_screening_open(self):
        for entry in self:
            entry.is_screening_open = entry._is_screening_open()

    # ACTION

    def action_mark_eligible(self):
        """Admit submitted entries to the review.

        :raises UserError: for an author who declined, and beyond a limit of the contest
        """
        self._check_transition("eligible", "action_mark_eligible")
        self._check_screening()
        self._check_none_declined()
        self._check_limits(is_admission=True)
        self._move(
            "eligible", ineligible_reason=False, screened_on=fields.Datetime.now()
        )
        self._on_authors_known()
        self._announce_authors("eligible")
        return True

    def action_ask_mark_ineligible(self):
        """Open the dialog that asks for what `action_mark_ineligible` needs."""
        return self._ask_reason(
            "action_mark_ineligible", self.env._("Mark as Ineligible")
        )

    def action_mark_ineligible(self, reason=None):
        """Turn entries down at screening.

        :param reason: obligatory, told to the authors (refusal in writing)
        """
        self._check_transition("ineligible", "action_mark_ineligible")
        self._check_screening()
        self._check_no_rivals()
        reason = self._clean_reason(reason)
        self._move(
            "ineligible", ineligible_reason=reason, screened_on=fields.Datetime.now()
        )
        self._on_left(reason)
        self._announce_authors("ineligible")
        return True

    def action_ask_request_supplement(self):
        """Open the dialog that asks for what `action_request_supplement` needs."""
        return self._ask_reason(
            "action_request_supplement",
            self.env._("Request a Supplement"),
            needs_due=True,
            needs_parts=True,
        )

    def action_request_supplement(
        self, reason=None, due_date=None, type_ids=None, field_names=None
    ):
        """Give entries back to their authors for a supplement, with a clock of its own.

        :param reason: what to supplement, told to the authors
        :param type_ids: ids of the dossier types whose files are asked for
        :param field_names: names of the fields asked for; with `type_ids` all that the
            supplement may change. Where neither is given it may change everything; more
            time for one that runs leaves what it is for
        :param due_date: moment (UTC) until which it is awaited, or a day until whose
            end of work; the day in a week, but not after the screening deadline, where
            none is given
        :raises UserError: where the due date has passed, and for whoever competes
        """
        self._check_transition("supplement", "action_request_supplement")
        self._check_screening()
        self._check_no_rivals()
        reason = self._clean_reason(reason)
        is_named = type_ids is not None or field_names is not None
        asked = self._read_asked(field_names or (), type_ids or ())
        now = fields.Datetime.now()
        for entry in self:
            contest = entry.contest_id
            due = fields.Datetime.to_datetime(entry._read_deadline(due_date))
            if not due:
                due = contest._get_work_end(contest._get_today() + timedelta(days=7))
                screening = contest.screening_deadline
                if screening and now < screening < due:
                    due = screening
            if due <= now:
                raise UserError(
                    self.env._("The supplement must be due at a time in the future.")
                )
            is_longer = entry.state == "supplement"
            entry._move(
                "supplement",
                supplement_reason=reason,
                supplement_due=due,
                supplement_requested_on=now,
                supplement_requested_by_id=self.env.uid,
                **({} if is_longer and not is_named else asked),
                **(
                    {}
                    if is_longer
                    else {
                        "supplement_base": entry._get_supplement_digests(),
                        "supplement_note": False,
                        "supplement_changes": False,
                    }
                ),
            )
            entry._announce("supplement", entry._get_author_partners(), due)
        return True

    def action_ask_undo_screening(self):
        """Open the dialog that asks for what `action_undo_screening` needs."""
        return self._ask_reason(
            "action_undo_screening", self.env._("Undo the Screening")
        )

    def action_undo_screening(self, reason=None):
        """Take back a screening decision, before the review starts.

        The authors, who were told of it, hear that they are told anew.

        :param reason: recorded in the entry's log
        :raises UserError: for an admission, to whoever competes
        """
        self._check_transition("submitted", "action_undo_screening")
        self._check_screening()
        # to take a refusal back takes nothing from anybody
        self.filtered(lambda entry: entry.state == "eligible")._check_no_rivals()
        reason = self._clean_reason(reason)
        self._move("submitted", ineligible_reason=False, screened_on=False)
        for entry in self:
            entry._message_act(body=self.env._("Screening undone: %s", reason))
        self._announce_authors("screening_undone")
        return True

    # BUSINESS

    def _is_screening_open(self):
        """Tell whether it may still be decided whether the entry is admitted.

        Once the review has begun, that is for an entry that came in or came back by a
        decision of the Office.
        """
        self.ensure_one()
        state = self.contest_id.state
        return state in SCREENABLE or (
            state == "review"
            and (
                self.state in UNSCREENED
                or (self.state == "draft" and bool(self.late_reason))
            )
        )

    def _check_not_own(self, may_be_named=False):
        """A conflict binds the secretary too: others decide on an own entry.

        :param may_be_named: whether it may be done by who is only named, and hasn't
            confirmed, else an author could keep the secretary off an entry by a name
        :raises UserError: for an own entry
        """
        for entry in self if not self.env.su else ():
            lines = entry._get_lines_of_person()
            is_author = any(
                line.is_representative or line.confirmed_on for line in lines
            )
            if lines and not is_author and not may_be_named:
                raise UserError(
                    self.env._(
                        "You are named as a co-author of “%s”: confirm your share or "
                        "decline it first.",
                        entry.display_name,
                    )
                )
            if is_author:
                raise UserError(
                    self.env._(
                        "You are an author of “%s”: another secretary decides on it.",
                        entry.display_name,
                    )
                )

    def _check_none_declined(self):
        """Admit no entry whose shares count somebody who declined.

        :raises UserError: with whom, and what to do
        """
        for entry in self:
            declined = entry.author_ids.filtered("declined_on")
            if declined:
                raise UserError(
                    self.env._(
                        "“%(entry)s”: %(names)s declined to be an author. Request a "
                        "supplement, so that the shares are set anew, or take the "
                        "person out of the authors.",
                        entry=entry.display_name,
                        names=", ".join(declined.mapped("full_name")),
                    )
                )

    def _check_screening(self):
        """Refuse screening decisions once the review has started, or on own entries."""
        self._check_not_own(may_be_named=True)
        for entry in self:
            if not entry._is_screening_open():
                raise UserError(
                    " ".join(
                        [
                            self.env._(
                                "The screening of “%s” is over.", entry.contest_id.name
                            ),
                            entry._tell_way_back(),
                        ]
                    ).strip()
                )

    def _tell_way_back(self):
        """Hook: return how an entry that was refused comes back later, or nothing."""
        return ""

    def _find_similar(self):
        """Link entries of the department whose title is much alike."""
        alike = {}
        for company, entries in self.grouped("company_id").items():
            for entry_id, other_id in entries._read_similar(
                company.hoithi_novelty_title / 100
            ):
                alike.setdefault(entry_id, []).append(other_id)
        for entry in self:
            found = self.browse(alike.get(entry.id, ()))
            if entry.similar_ids != found:
                entry.similar_ids = found

    def _read_similar(self, least=similarity.ALIKE):
        """Return the (id, id) of these entries with those that look alike.

        PostgreSQL finds them by their telling words where it has the extension pg_trgm,
        which counts as `similarity` does.

        :param least: the likeness from which on, 0 to 1
        """
        names = ["title_key", "company_id", "state"]
        if self.env.registry.has_trigram:
            self.env["hoithi.entry"].flush_model(names)
            shares = self._get_word_shares()
            keys = {entry.id: entry.title_key for entry in self if entry.title_key}
            return self.env.execute_query(
                SQL(
                    # the index finds titles with the telling words; the few are
                    # measured
                    """SELECT e.id, o.id
                         FROM unnest(%s::integer[], %s::text[]) AS asked(id, words)
                         JOIN hoithi_entry e ON e.id = asked.id
                         JOIN hoithi_entry o ON o.company_id = e.company_id
                          AND o.id != e.id AND o.state NOT IN %s
                          AND to_tsvector('simple', o.title_key)
                              @@ to_tsquery('simple', asked.words)
                        WHERE similarity(o.title_key, e.title_key) >= %s::real""",
                    list(keys),
                    [self._write_telling_query(key, shares) for key in keys.values()],
                    NOT_ENTERED,
                    least,
                )
            )
        titles = self.search_fetch(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "not in", NOT_ENTERED),
            ],
            names,
        )
        return [
            (entry.id, other.id)
            for entry in self
            for other in titles
            if other != entry
            and other.company_id == entry.company_id
            and similarity.similarity(other.title_key, entry.title_key) >= least
        ]
