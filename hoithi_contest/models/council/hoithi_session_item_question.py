from odoo import api, fields, models
from odoo.exceptions import UserError


class HoithiSessionItem(models.Model):
    """Further questions on an entry: each is an item beside that of its approval.

    They come onto the agenda and leave it with the item that decides on the entry, are
    voted on and counted as any other, by a majority of their own, and select nobody.
    """

    _inherit = "hoithi.session.item"

    question_id = fields.Many2one(
        "hoithi.vote.question",
        string="Question to the council",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    main_id = fields.Many2one(
        "hoithi.session.item",
        string="Vote on the entry",
        compute="_compute_main_id",
        help="Of a further question: the item that decides on the entry itself.",
    )
    is_moot = fields.Boolean(
        string="Not asked any more",
        compute="_compute_is_moot",
        help="A further question on an entry that the council didn't approve.",
    )

    # COMPUTE

    @api.depends("question_id", "session_id.item_ids.entry_id")
    def _compute_main_id(self):
        mains = {
            (item.session_id, item.entry_id): item
            for item in self.filtered("question_id").session_id.item_ids
            if not item.question_id
        }
        for item in self:
            place = item.session_id, item.entry_id
            item.main_id = mains.get(place) if item.question_id else False

    @api.depends(
        "state",
        "question_id",
        "session_id.item_ids.outcome",
        "session_id.item_ids.casting_choice",
    )
    def _compute_is_moot(self):
        for item in self:
            item.is_moot = (
                item.state == "pending"
                and item.main_id.outcome == "rejected"
                # a tie that waits may yet be decided the other way
                and not item.main_id.awaits_casting
            )

    @api.depends("is_moot")
    def _compute_my_vote(self):
        super()._compute_my_vote()

    @api.depends("question_id.ballot_mode")
    def _compute_ballot_mode(self):
        super()._compute_ballot_mode()
        for item in self:
            if item.state == "pending" and item.question_id.ballot_mode:
                item.ballot_mode = item.question_id.ballot_mode

    def _get_vote_rule(self):
        question = self.question_id
        if question.ballot_mode:
            return question.name, question.ballot_mode
        return super()._get_vote_rule()

    @api.depends("question_id.name")
    def _compute_entry_name(self):
        super()._compute_entry_name()
        for item in self.filtered("question_id"):
            item.entry_name = f"{item.entry_name} – {item.question_id.name}"

    @api.depends(
        "question_id.approval_ratio",
        "question_id.approval_more_than",
        "question_id.approval_base",
    )
    def _compute_majority(self):
        super()._compute_majority()

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        if not self._is_data_load():
            items._add_questions()
        return items

    def unlink(self):
        mains = self.filtered(lambda item: not item.question_id)
        return super(HoithiSessionItem, self | mains._get_all_questions()).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_question(self):
        staying = self.main_id - self
        alone = self.filtered(lambda item: item.main_id in staying)
        if alone:
            raise UserError(
                self.env._(
                    "“%s” is asked by the rules of the contest: it leaves the agenda "
                    "with its entry.",
                    alone[0].display_name,
                )
            )

    # BUSINESS

    def _get_all_questions(self):
        """Return the items on the same entries in the same sessions, these included."""
        places = {(item.session_id, item.entry_id) for item in self}
        return self.session_id.item_ids.filtered(
            lambda other: (other.session_id, other.entry_id) in places
        )

    def _add_questions(self):
        """Put the further questions on these entries on the agenda, where they lack."""
        mains = self.filtered(
            lambda one: (
                one.contest_id.question_rule_ids
                and not one.question_id
                and not one.is_voted
            )
        )
        asked = {
            (item.session_id, item.entry_id, item.question_id)
            for item in mains.session_id.item_ids
        }
        missing = [
            {
                "session_id": item.session_id.id,
                "entry_id": item.entry_id.id,
                # a preliminary vote comes before it, also where no agenda is built
                "sequence": item.sequence - (question.phase == "before"),
                "question_id": question.id,
            }
            for item in mains
            for question in item._get_questions()
            if (item.session_id, item.entry_id, question) not in asked
        ]
        if missing:
            # by an act of its own, whoever puts the entry on it
            self.sudo()._open_door().create(missing)

    def _get_questions(self):
        """Hook: return the further questions that the body of the session is asked."""
        self.ensure_one()
        return self.contest_id.question_rule_ids.filtered(
            lambda question: question.body == "council"
        )

    def _get_turn(self):
        return 1 if self.question_id else super()._get_turn()

    def _get_short_name(self):
        name = super()._get_short_name()
        if self.question_id and self.entry_code:
            return f"{name} ({self.question_id.name})"
        return name

    def _get_majority_source(self):
        return self.question_id or super()._get_majority_source()

    def _start_vote(self):
        if self.is_moot:
            raise UserError(
                self.env._(
                    "“%s” isn't asked any more: the council hasn't approved the entry.",
                    self.display_name,
                )
            )
        if self._waits_for_main():
            raise UserError(
                self.env._(
                    "“%(item)s” is voted on once the entry itself is decided. "
                    "%(progress)s",
                    item=self.display_name,
                    progress=self.main_id._get_progress(),
                )
            )
        return super()._start_vote()

    def _waits_for_main(self):
        """Tell whether it may yet turn out that nobody asks this.

        In votes that go one by one the secretary chooses the order, but for a tie.
        """
        self.ensure_one()
        main = self.main_id
        is_free = main and not self.session_id.one_by_one
        return main.awaits_casting or bool(is_free and main.state != "counted")

    def _get_progress(self):
        if self.state == "pending" and self._waits_for_main():
            return self.env._(
                "%s: it is voted on once the entry itself is decided",
                self.display_name,
            )
        return super()._get_progress()

    def _get_my_vote(self):
        if self.is_moot:
            return "none"
        own = super()._get_my_vote()
        if own == "to_vote" and self.state == "pending" and self._waits_for_main():
            return "waiting"
        return own

    def _get_decision(self):
        decision = super()._get_decision()
        if self.question_id:
            decision["question"] = self.question_id.id
        return decision

    def _apply_outcome(self):
        # further questions are answered, and select nobody
        return super(
            HoithiSessionItem, self.filtered(lambda item: not item.question_id)
        )._apply_outcome()
