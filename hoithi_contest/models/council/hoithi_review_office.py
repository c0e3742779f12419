from collections import Counter

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..guard.hoithi_states import BEFORE_COUNCIL, DROPPED, PENDING, REVIEWABLE
from .hoithi_review import SECRETARY
from .hoithi_round import IN_PRESENT_ROUND


class HoithiReview(models.Model):
    """What the Office does with sheets: who may get one, reopened, void."""

    _inherit = "hoithi.review"

    void_reason = fields.Text(readonly=True, copy=False)
    stopped_from = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="What it was when its contest or its entry was taken out.",
    )
    reopen_reason = fields.Text(readonly=True, copy=False)

    # ACTION

    def action_ask_reopen(self):
        """Open the dialog that asks for what `action_reopen` needs."""
        return self._ask_reason("action_reopen", self.env._("Reopen the Sheet"))

    def action_reopen(self, reason=None):
        """Give a submitted sheet back to its member.

        :param reason: recorded; the totals are taken out until it is in again
        """
        self._check_transition("in_progress")
        if not self.env.su and not self.env.user.has_group(SECRETARY[0]):
            raise AccessError(
                self.env._("The secretary of the council reopens sheets.")
            )
        self.entry_id._check_no_rivals()
        reason = self._clean_reason(reason)
        for review in self:
            if review.contest_id.state != "review":
                raise UserError(
                    self.env._("Sheets are reopened in the review phase only.")
                )
            if not review.member_id.active:
                raise UserError(
                    self.env._(
                        "The seat of %s has ended: void the sheet instead, and assign "
                        "somebody else.",
                        review.member_id.display_name,
                    )
                )
        self._move("in_progress", reopen_reason=reason, submitted_on=False, total=0)
        self._record("review.reopened", reason=reason)
        for review in self:
            review._message_act(body=self.env._("Reopened: %s", reason))
            review._announce("review_reopened", review.user_id.partner_id)
        # the entry's state follows by itself, see `_follow_reviews`
        self.sudo().entry_id._follow_reviews()
        return True

    def action_ask_void(self):
        """Open the dialog that asks for what `action_void` needs."""
        return self._ask_reason("action_void", self.env._("Void the Review"))

    def action_void(self, reason=None):
        """Void a review, whatever its state; it stays on record.

        :param reason: recorded
        """
        self._check_transition("void")
        self.entry_id._check_no_rivals()
        self._void(self._clean_reason(reason))
        return True

    # BUSINESS

    def _stop(self, reason):
        """Void open sheets with what they belong to, so that they can be taken up."""
        for state, reviews in (
            self.filtered(lambda review: review.state in PENDING)
            .grouped("state")
            .items()
        ):
            reviews._void(reason)
            reviews._open_door().stopped_from = state

    def _go_on(self):
        """Give sheets back to their members that ended with what is taken up again.

        Those of an entry that is still out wait for it. Whoever may not judge any more,
        by a conflict found meanwhile or by the end of the seat, gets none: the
        secretary assigns somebody else.
        """
        for state, reviews in (
            self.filtered(lambda review: review.state == "void" and review.stopped_from)
            ._filter_resumable()
            .grouped("stopped_from")
            .items()
        ):
            reviews._move(state, void_reason=False, stopped_from=False)
            reviews._record("review.reopened", reason="")
            # they were taken back with the sheet
            reviews._copy_files()
            reviews.entry_id._follow_reviews()

    def _filter_resumable(self):
        """Return the stopped sheets whose entry competes and whose member may judge."""
        # conflicts are the secretary's to read, as is who else got a sheet
        conflicts_sudo = self.env["hoithi.conflict"].sudo()
        barred = {
            (conflict.entry_id.id, conflict.member_id.id)
            for conflict in conflicts_sudo.search(
                [
                    ("entry_id", "in", self.entry_id.ids),
                    ("hard", "=", True),
                    ("state", "=", "standing"),
                ]
            )
        }
        twins_sudo = self.sudo().search(
            [
                ("entry_id", "in", self.entry_id.ids),
                ("state", "!=", "void"),
                *IN_PRESENT_ROUND,
            ]
        )
        barred |= {(twin.entry_id.id, twin.member_id.id) for twin in twins_sudo}
        return self.filtered(
            lambda review: (
                review.entry_id.state in REVIEWABLE
                and review.member_id.active
                and review.member_id.can_score
                # a round that is over takes no sheets any more
                and not review.sudo().round_id.closed_on
                and (review.entry_id.id, review.member_id.id) not in barred
            )
        )

    def _void(self, reason):
        reviews = self
        if not self.env.user.has_group(SECRETARY[0]):
            # it follows from an author's act, and "changed by" would name the author
            reviews = self.with_user(SUPERUSER_ID)
        reviews._move("void", void_reason=reason)
        reviews._record("review.voided", reason=reason)
        # the entry's state follows by itself, see `_follow_reviews`
        self.sudo().entry_id._follow_reviews()

    @api.model
    def _check_assignable(self, pairs, is_late=False):
        """Refuse assignments that the rules don't allow, with the reason.

        :param pairs: (entry id, member id) of each new review
        :param is_late: whether they stand in for sheets that fell out after the review
        :raises UserError: for hard conflicts, wrong phases, full loads, and for whoever
            competes: who judges rivals is for another to say
        """
        entries = self.env["hoithi.entry"].browse(dict.fromkeys(e for e, _m in pairs))
        members = self.env["hoithi.council.member"].browse(
            dict.fromkeys(m for _e, m in pairs)
        )
        entries._detect_conflicts()
        # the reason must be told even where the conflict hides the entry
        entries._check_impartial()
        conflicts_sudo = (
            self.env["hoithi.conflict"]
            .sudo()
            .search([("entry_id", "in", entries.ids), ("hard", "=", True)])
            .grouped(lambda conflict: (conflict.entry_id.id, conflict.member_id.id))
        )
        loads = self._get_loads(entries.contest_id, members)
        for entry_id, member_id in pairs:
            entry, member = entries.browse(entry_id), members.browse(member_id)
            contest = entry.contest_id
            names = {"member": member.display_name, "entry": entry.display_name}
            if contest.state not in BEFORE_COUNCIL and not is_late:
                raise UserError(self.env._("“%s” is past its review.", contest.name))
            if entry.state not in REVIEWABLE:
                raise UserError(
                    self.env._(
                        "“%s” isn't eligible, so it isn't reviewed.", entry.display_name
                    )
                )
            if member.council_id != contest.council_id:
                raise UserError(
                    self.env._(
                        "%(member)s doesn't sit on the council of this contest.",
                        **names,
                    )
                )
            if not member.active:
                raise UserError(
                    self.env._("The seat of %(member)s has ended.", **names)
                )
            if not member.can_score:
                raise UserError(self.env._("%(member)s doesn't score.", **names))
            # who judges a field isn't for all to read, a refusal says it
            jury_sudo = entry.sudo().jury_id
            if jury_sudo.member_ids and member not in jury_sudo.member_ids:
                raise UserError(
                    self.env._(
                        "%(member)s isn't of the jury “%(jury)s”, which scores "
                        "“%(entry)s”.",
                        jury=jury_sudo.name,
                        **names,
                    )
                )
            conflict_sudo = conflicts_sudo.get((entry_id, member_id))
            if conflict_sudo:
                raise UserError(
                    self.env._(
                        "%(member)s can't review “%(entry)s”. Conflict of interest: "
                        "%(conflict)s.",
                        conflict=conflict_sudo[0]._get_reason(),
                        **names,
                    )
                )
            if member.max_load and member.max_load <= loads[contest, member]:
                raise UserError(
                    self.env._(
                        "%(member)s already has the most entries that were agreed, "
                        "%(load)s.",
                        load=member.max_load,
                        **names,
                    )
                )
            loads[contest, member] += 1

    @api.model
    def _get_loads(self, contests, members, readable=False):
        """Return a counter of {(contest, member): reviews that the member has}.

        :param readable: count only those that the caller may read
        """
        # else also those of entries that a conflict hides from the one who assigns
        groups = (self if readable else self.sudo())._read_group(
            [
                ("contest_id", "in", contests.ids),
                ("member_id", "in", members.ids),
                ("state", "not in", DROPPED),
                # what was scored in an earlier round is done
                *IN_PRESENT_ROUND,
            ],
            ["contest_id", "member_id"],
            ["__count"],
        )
        loads = Counter()
        for contest, member, count in groups:
            loads[contests.browse(contest.id), members.browse(member.id)] = count
        return loads
