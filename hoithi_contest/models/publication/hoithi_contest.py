from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.guard.texts import fold
from ..council.hoithi_award import RANKS
from ..guard.hoithi_states import RUNNING

#: The phases in their order; each ends at its deadline.
PHASES = RUNNING
#: Awards of higher levels come first.
LEVELS = ("national", "province", "unit")
PUBLIC_DOCUMENTS = [("is_published", "=", True), ("state", "=", "issued")]


class HoithiContest(models.Model):
    """What everybody may know of a contest, and when its results are released.

    Visitors have no right on entries, authors, awards, tasks and questions. What the
    public page shows of these leaves here, value by value, never as a record: whatever
    isn't named in this file stays inside.
    """

    _inherit = "hoithi.contest"

    _publications = {
        "is_published": ("published_on", "published_by_id"),
        "results_published": ("results_published_on", "results_published_by_id"),
    }

    results_published = fields.Boolean(readonly=True, copy=False)
    results_published_on = fields.Datetime(
        string="Results published on", readonly=True, copy=False
    )
    results_published_by_id = fields.Many2one(
        "res.users",
        string="Results published by",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    can_publish_results = fields.Boolean(compute="_compute_can_publish_results")
    question_ids = fields.One2many("hoithi.question", "contest_id")
    question_count = fields.Integer(
        compute="_compute_question_counts", string="Questions"
    )
    open_question_count = fields.Integer(
        compute="_compute_question_counts", string="Questions to answer"
    )

    # COMPUTE

    @api.depends_context("uid")
    @api.depends("state", "is_published", "results_published")
    def _compute_can_publish_results(self):
        for contest in self:
            contest.can_publish_results = (
                contest.is_published
                and not contest.results_published
                and contest.is_convened
                and contest._is_publisher()
            )

    @api.depends_context("uid")
    @api.depends("question_ids.state")
    def _compute_question_counts(self):
        counts = {}
        questions = self.env["hoithi.question"]
        if questions.has_access("read"):
            for contest, state, count in questions._read_group(
                [("contest_id", "in", self.ids)], ["contest_id", "state"], ["__count"]
            ):
                counts.setdefault(contest.id, {})[state] = count
        for contest in self:
            by_state = counts.get(contest.id, {})
            contest.question_count = sum(by_state.values())
            contest.open_question_count = by_state.get("asked", 0)

    # ACTION

    def action_publish_results(self):
        """Show the results on the public page, from now on.

        :raises AccessError: for anyone but a publisher or secretary
        :raises UserError: while the contest isn't public, entries are undecided or
            nothing was decided in their favour
        """
        self._publish("results_published")
        return True

    def action_withdraw_results(self):
        """Take the results off the public page at once.

        :raises AccessError: for anyone but a publisher or secretary
        """
        self._withdraw("results_published")
        return True

    def action_view_questions(self):
        """Open the board of this contest's questions."""
        return self._get_related_action("hoithi_contest.hoithi_question_action")

    # BUSINESS: RELEASE

    def _check_publishable(self, flag):
        super()._check_publishable(flag)
        if flag == "results_published":
            self._check_results()

    def _check_results(self):
        """Refuse to show results that aren't complete.

        :raises UserError: with what is missing
        """
        if not self.is_published:
            raise UserError(
                self.env._(
                    "Publish “%s” first: its results appear on its page.", self.name
                )
            )
        # results depend on all entries, also on those that a conflict hides
        entries_sudo = self._get_decidable_entries()
        undecided = entries_sudo.filtered(
            lambda entry: (
                entry.state
                in ("submitted", "supplement", "eligible", "reviewing", "reviewed")
            )
        )
        if not self.is_convened or (self.state == "council" and undecided):
            raise UserError(
                self.env._(
                    "The results of “%s” aren't decided yet: all entries must be "
                    "decided, or the contest closed.",
                    self.name,
                )
            )
        if not self._get_result_entries():
            raise UserError(
                self.env._(
                    "“%s” has no selected, nominated or awarded entries to show.",
                    self.name,
                )
            )

    def _write_publication(self, flag, shown):
        super()._write_publication(flag, shown)
        if flag == "results_published":
            body = (
                self.env._("The results are published.")
                if shown
                else self.env._("The results are withdrawn from the public page.")
            )
            # as above, and a publisher writes no messages
            for contest_sudo in self.sudo():
                contest_sudo.message_post(body=body)

    def _has_public_results(self):
        self.ensure_one()
        return self.is_published and self.results_published and self.is_convened

    def _get_result_entries(self):
        """Return the entries that were selected, nominated or awarded, best first."""
        self.ensure_one()
        ranks = {rank: number for number, (rank, _label) in enumerate(RANKS)}

        def merit(entry):
            # sorting in memory, as the best of an entry's awards decides
            best = min(
                (
                    (LEVELS.index(award.level), ranks[award.rank])
                    for award in entry.award_ids
                ),
                default=(len(LEVELS), 0),
            )
            return (*best, entry.state != "nominated", entry.name.casefold())

        return (
            self._get_decidable_entries()
            .filtered(lambda entry: entry.is_selected or entry.award_ids)
            .sorted(merit)
        )

    # BUSINESS: WHAT VISITORS READ

    def _get_public_results(self):
        """Return the released results, a dictionary of texts for each entry.

        Title and unit only where the representative agreed to publication, a name only
        where its bearer did (Law 91/2025/QH15: consent for publication is a consent of
        its own). The others are counted.

        :return: list of ``{title, field, unit, authors, hidden_authors, awards,
            nominated}``; without consent, title is empty
        """
        self.ensure_one()
        if not self._has_public_results():
            return []
        award_model = self.env["hoithi.award"]
        ranks = dict(award_model._fields["rank"]._description_selection(self.env))
        levels = dict(award_model._fields["level"]._description_selection(self.env))
        results = []
        for entry_sudo in self._get_result_entries():
            agreed = entry_sudo.consent_publish
            named = entry_sudo.author_ids.filtered(
                lambda line, agreed=agreed: agreed and line.consent_publish
            )
            results.append(
                {
                    "title": agreed and entry_sudo.name or "",
                    "field": entry_sudo.field_id.display_name,
                    "unit": agreed and entry_sudo.department_id.name or "",
                    "authors": named.mapped("full_name"),
                    "hidden_authors": len(entry_sudo._get_authors() - named),
                    "awards": [
                        {
                            "rank": ranks[award.rank],
                            "level": levels[award.level],
                            "key": award.rank,
                            "decision": award.decision_number or "",
                            "date": award.decision_date,
                        }
                        for award in entry_sudo.award_ids.sorted(
                            lambda award: LEVELS.index(award.level)
                        )
                    ],
                    "nominated": entry_sudo.state == "nominated",
                }
            )
        return results

    def _get_public_questions(self, search=""):
        """Return the published questions and answers in their public wording.

        :param search: words that must all be there, with or without accents
        :return: list of ``{id, question, answer}``
        """
        self.ensure_one()
        words = fold(search).split()
        if search.strip() and not words:
            return []
        # visitors have no right on questions: only the public wording leaves
        questions_sudo = (
            self.env["hoithi.question"]
            .sudo()
            .search_fetch(
                [
                    ("contest_id", "=", self.id),
                    ("state", "=", "published"),
                    *(("public_text", "like", word) for word in words),
                ],
                ["public_question", "public_answer"],
            )
        )
        return [
            {
                "id": question.id,
                "question": question.public_question,
                "answer": question.public_answer,
            }
            for question in questions_sudo
        ]

    def _get_public_tasks(self):
        """Return the tasks of the plan without their progress and evidence."""
        self.ensure_one()
        # visitors have no right on tasks and units; a published plan names both
        return [
            {
                "code": task.code or "",
                "section": task.section or "",
                "name": task.name,
                "description": task.description or "",
                "date_start": task.date_start,
                "date_end": task.date_end,
                "lead": ", ".join(
                    filter(None, [task.lead_department_id.name, task.lead_name])
                ),
                "cooperating": ", ".join(
                    filter(
                        None,
                        [
                            *task.cooperating_department_ids.mapped("name"),
                            task.cooperating_text,
                        ],
                    )
                ),
                "output": task.expected_output or "",
            }
            # texts of the plan of a published contest, for visitors
            for task in self.sudo().task_ids
        ]

    def _get_public_prizes(self):
        """Return the prize structure of the contest."""
        self.ensure_one()
        # visitors have no right on prizes, which the rules of a contest announce
        return [
            {
                "name": prize.display_name,
                "slots": prize.slots,
                "amount": prize.amount,
                "currency": prize.currency_id.symbol or "",
            }
            for prize in self.sudo().prize_ids
        ]

    def _get_public_documents(self):
        """Return the issued documents that were published, as far as one may read."""
        self.ensure_one()
        documents = self.env["hoithi.document"]
        if not documents.has_access("read"):
            return documents
        return documents.search(self._get_public_document_domain())

    def _get_public_document_domain(self):
        return [
            ("contest_id", "in", self.ids),
            ("contest_id.is_published", "=", True),
            *PUBLIC_DOCUMENTS,
        ]

    def _get_public_contact(self):
        """Return how the department's office is reached, never a person."""
        self.ensure_one()
        # visitors may not read other companies; this is the department's letterhead
        company_sudo = self.company_id.sudo()
        place = (company_sudo.street, company_sudo.street2, company_sudo.city)
        return {
            "name": company_sudo.name,
            "address": ", ".join(filter(None, place)),
            "phone": company_sudo.phone or "",
            "email": company_sudo.email or "",
            "website": company_sudo.website or "",
        }

    def _get_timeline(self, now):
        """Return the phases of the contest and which of them runs at `now` (UTC).

        :return: list of ``{key, label, end, status}``, status being ``done``,
            ``current`` or ``upcoming``
        """
        self.ensure_one()
        phases = [
            phase
            for phase in PHASES
            if phase != "review" or self.mode == "internal_contest"
        ]
        labels = {
            "open": self.env._("Registration"),
            "screening": self.env._("Screening of the dossiers"),
            "review": self.env._("Scoring by the council's members"),
            "council": self.env._("Decision of the council, nomination"),
        }
        ends = {
            "open": self.registration_deadline,
            "screening": self.screening_deadline,
            "review": self.review_deadline,
            "council": self.province_deadline,
        }
        state = self.state
        if state == "open" and not self._is_registration_open(now):
            # the server's clock decides, also before the scheduled action has run
            state = "screening"
        if state in phases:
            current = phases.index(state)
        else:
            current = len(phases) if state == "closed" else -1
        timeline = [
            {
                "key": phase,
                "label": labels[phase],
                "end": ends[phase],
                "status": "current"
                if number == current
                else "done"
                if number < current
                else "upcoming",
            }
            for number, phase in enumerate(phases)
        ]
        if self._has_public_results():
            timeline.append(
                {
                    "key": "results",
                    "label": self.env._("Results"),
                    "end": self.results_published_on,
                    "status": "done",
                }
            )
        return timeline

    # BUSINESS: CACHES

    def _get_public_version(self):
        """Return what changes with all that the public pages of `self` show.

        Rows that came, went or changed all count, so that a name that was withdrawn
        isn't shown from a cache.

        :return: a text to compare, and the moment (UTC) of the latest change
        """
        contests_sudo = self.sudo()  # counts and moments of rows, not their contents
        fetched = contests_sudo.mapped("write_date")
        records = (
            contests_sudo.field_ids,
            contests_sudo.criteria_set_id,
            contests_sudo.criteria_set_id.criterion_ids,
            contests_sudo.asked_dossier_type_ids,
            contests_sudo.company_id,
            contests_sudo.company_id.partner_id,
        )
        parts = [contests_sudo.mapped(lambda c: (c.id, c.write_date)) or []]
        for model in records:
            moments = model.mapped("write_date")
            fetched += moments
            parts.append([len(model), max(moments, default=None)])
        released = contests_sudo.filtered(lambda c: c._has_public_results())
        of_contest = [("contest_id", "in", self.ids)]
        of_results = [("contest_id", "in", released.ids)]
        domains = [
            ("hoithi.legal.basis", of_contest),
            ("hoithi.plan.task", of_contest),
            ("hoithi.prize", of_contest),
            ("hoithi.question", [*of_contest, ("state", "=", "published")]),
            ("hoithi.document", [*of_contest, *PUBLIC_DOCUMENTS]),
            # what was withdrawn changed as well
            ("hoithi.question", [*of_contest, ("published_on", "!=", False)]),
            ("hoithi.document", [*of_contest, ("issued_on", "!=", False)]),
            ("hoithi.entry", of_results),
            ("hoithi.award", of_results),
            ("hoithi.entry.author", [("entry_id.contest_id", "in", released.ids)]),
        ]
        for model, domain in domains:
            [(count, latest)] = (
                self.env[model]
                .sudo()
                ._read_group(domain, [], ["__count", "write_date:max"])
            )
            parts.append([count, latest])
            fetched.append(latest)
        return repr(parts), max(filter(None, fetched), default=None)
