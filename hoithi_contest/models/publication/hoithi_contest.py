from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.guard.texts import fold
from ...tools import format_number
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_states import NOT_ENTERED, RUNNING
from .hoithi_entry import LEVELS

#: The phases in their order; each ends at its deadline.
PHASES = RUNNING
#: On which ground the name of a prize stands.
MEDALS = {
    rank: medal
    for medal, ranks in {
        "gold": ("special", "first", "prize_a", "class_a"),
        "silver": ("second", "prize_b", "class_b"),
        "bronze": ("third", "prize_c", "class_c"),
    }.items()
    for rank in ranks
}
#: Which awards are told outside the Office; a person's prize isn't the solution's.
TOLD = [("is_held", "=", False), ("author_id", "=", False)]
#: From how many entries on the sum of their benefits tells nothing of one of them.
LEAST_VALUED = 3
PUBLIC_DOCUMENTS = [("is_published", "=", True), ("state", "=", "issued")]


class HoithiContest(models.Model):
    """What everybody may know of a contest, and when its results are released.

    Visitors have no right on entries, authors, awards, tasks and questions. What the
    public page shows of these leaves here, value by value, never as a record: whatever
    isn't named in this file stays inside.
    """

    _inherit = "hoithi.contest"

    _previews = {
        "action_publish_results": "_preview_results",
        "action_withdraw_results": "_preview_withdrawal",
    }
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

    def action_ask_publish_results(self):
        """Show what everybody would see and what keeps it, then ask."""
        self.ensure_one()
        self._check_publisher()
        return self._ask_act("action_publish_results", self.env._("Publish Results"))

    def _preview_results(self):
        """Return what publishing the results now does."""
        self.ensure_one()
        self._check_publisher()
        entries = len(self._get_result_entries())
        named = len(self._get_result_entries([("consent_publish", "=", True)]))
        return Preview(
            [
                self.env._(
                    "shows %s entries to everybody, each with its field and awards",
                    entries,
                ),
                self.env._(
                    "shows title and unit of those whose representative agreed: %s; "
                    "and each author who agreed",
                    named,
                ),
            ],
            (self._try_check(lambda: self._check_publishable("results_published")),),
        )

    def action_withdraw_results(self):
        """Take the results off the public page at once.

        :raises AccessError: for anyone but a publisher or secretary
        """
        self._withdraw("results_published")
        return True

    def action_ask_withdraw_results(self):
        """Show what everybody sees no more, then ask."""
        self.ensure_one()
        self._check_publisher()
        return self._ask_act(
            "action_withdraw_results", self.env._("Withdraw the Results")
        )

    def _preview_withdrawal(self):
        """Return what taking the results off the public page does."""
        self.ensure_one()
        self._check_publisher()
        return Preview(
            [
                self.env._(
                    "takes %s entries with their awards off the public page at once",
                    len(self._get_result_entries()),
                ),
                self.env._("tells nobody, and changes no result"),
            ],
            ()
            if self.results_published
            else (self.env._("The results aren't published."),),
            (
                self.env._(
                    "Who has read or saved the page knows them: a result that was "
                    "wrong is set right by its own act."
                ),
            ),
        )

    def action_view_questions(self):
        """Open the board of this contest's questions."""
        return self._get_related_action("hoithi_contest.hoithi_question_action")

    # BUSINESS: RELEASE

    def _get_activity_models(self):
        return [*super()._get_activity_models(), "hoithi.question"]

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
                contest_sudo._message_act(body=body)
        elif shown:
            self._offer_menu()

    def _offer_menu(self):
        """Put the contests into the menu of Odoo Website, where that is installed.

        Once for each website: who takes the entry out again doesn't get it back.
        """
        if "website.menu" not in self.env:
            return
        # a publisher has no right on menus and parameters
        websites_sudo = (
            self.env["website"]
            .sudo()
            .search([("company_id", "in", self.company_id.ids)])
        )
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        for website_sudo in websites_sudo:
            key = f"hoithi_contest.menu_of_website_{website_sudo.id}"
            if parameters_sudo.get_param(key):
                continue
            parameters_sudo.set_param(key, "1")
            menu = website_sudo.menu_id.create(
                {
                    "name": self.env._("Innovation contests"),
                    "url": "/hoithi",
                    "parent_id": website_sudo.menu_id.id,
                    "website_id": website_sudo.id,
                    "sequence": 40,
                }
            )
            for lang, _name in self.env["res.lang"].get_installed():
                menu.with_context(lang=lang).name = self.with_context(lang=lang).env._(
                    "Innovation contests"
                )

    def _has_public_results(self):
        self.ensure_one()
        return self.is_published and self.results_published and self.is_convened

    def _get_result_domain(self):
        """Return which entries were selected, nominated or awarded."""
        return [
            ("contest_id", "in", self.ids),
            ("result_merit", ">", 0),
            ("state", "not in", NOT_ENTERED),
        ]

    def _get_result_entries(self, domain=(), limit=None, offset=0):
        """Return the entries that were selected, nominated or awarded, best first.

        :param domain: what else they have to be
        """
        # results depend on all entries, also on those that a conflict hides
        return (
            self.env["hoithi.entry"]
            .sudo()
            .search(
                [*self._get_result_domain(), *domain],
                order="result_merit, public_key, id",
                limit=limit,
                offset=offset,
            )
        )

    # BUSINESS: WHAT VISITORS READ

    @api.model
    def _as_visitor(self):
        """Return the contests as visitors read them: published ones of all departments.

        Who is logged in works in one department, and is shown no less of the others.
        """
        if self.env.user._is_public():
            return self
        return self.with_user(self.env.ref("base.public_user").id).with_context(
            allowed_company_ids=[]
        )

    @api.model
    def _get_listed_domain(self):
        """Return which contests public pages list.

        With Odoo Website a department that has a website is listed on its own alone;
        the page of a contest itself is found by its address on each.
        """
        domain = [("is_published", "=", True)]
        if "website" not in self.env:
            return domain
        # which departments have a website is no secret
        websites_sudo = self.env["website"].sudo()
        here = websites_sudo.get_current_website().company_id
        elsewhere = websites_sudo.search([("company_id", "!=", here.id)]).company_id
        return [*domain, ("company_id", "not in", elsewhere.ids)]

    def _get_released(self):
        """Return those of these contests whose results everybody may see."""
        return self.filtered(lambda contest: contest._has_public_results())

    def _get_public_result_domain(self, search="", field_id=None, rank=None):
        """Return which released results a visitor looks for.

        By the words that are shown alone: a title that isn't public isn't found.

        :param search: words that must all be there, with or without accents
        :param field_id: id of a field of the contest
        :param rank: key of an award
        """
        domain = self._get_released()._get_result_domain()
        domain += [("public_key", "like", word) for word in fold(search).split()]
        if search.strip() and not fold(search):
            domain.append(("id", "=", False))
        if field_id:
            domain.append(("field_id", "=", field_id))
        if rank:
            domain.append(("award_ids", "any", [("rank", "=", rank), *TOLD]))
        return domain

    def _count_public_results(self, **wanted):
        """Return how many released results there are.

        :param wanted: see `_get_public_result_domain`
        """
        domain = self._get_public_result_domain(**wanted)
        # visitors have no right on entries; a number leaves
        return self.env["hoithi.entry"].sudo().search_count(domain)

    def _count_public_results_each(self):
        """Return how many released results each of these contests has, by its id."""
        groups_sudo = (
            self.env["hoithi.entry"]
            # as above
            .sudo()
            ._read_group(self._get_public_result_domain(), ["contest_id"], ["__count"])
        )
        return {contest.id: count for contest, count in groups_sudo}

    def _get_public_results(self, limit=None, offset=0, **wanted):
        """Return the released results, a dictionary of texts each, best first.

        Title, unit and summary only where the representative agreed to publication, a
        name only where its bearer did (Law 91/2025/QH15: consent for publication is a
        consent of its own). The others are counted.

        :param wanted: see `_get_public_result_domain`
        :return: list of ``{id, contest, title, field, drawing, unit, authors,
            hidden_authors, awards, nominated, summary, picture,
            picture_note}``; without
            consent, id is False and title is empty
        """
        released = self._get_released()
        if not released:
            return []
        entries_sudo = released._get_result_entries(
            released._get_public_result_domain(**wanted), limit, offset
        )
        # at once, as each would fetch its own else
        pictured = set(
            self.env["hoithi.entry"]
            .sudo()
            .search([("id", "in", entries_sudo.ids), ("public_picture", "!=", False)])
            .ids
        )
        return [
            self._describe_public_result(entry_sudo, entry_sudo.id in pictured)
            for entry_sudo in entries_sudo
        ]

    def _describe_public_result(self, entry_sudo, has_picture):
        award_model = self.env["hoithi.award"]
        levels = dict(award_model._fields["level"]._description_selection(self.env))
        agreed = entry_sudo.consent_publish
        names = entry_sudo._get_public_names()
        has_picture = has_picture and entry_sudo._may_show_picture()
        return {
            "id": agreed and entry_sudo.id,
            "contest": entry_sudo.contest_id,
            "title": agreed and entry_sudo.name or "",
            "field": entry_sudo.field_id.display_name,
            "drawing": entry_sudo._get_public_drawing(),
            "unit": agreed and entry_sudo._get_unit_name() or "",
            "authors": names,
            "hidden_authors": len(entry_sudo._get_authors()) - len(names),
            "awards": [
                {
                    "rank": award._get_kind_name(),
                    "level": levels[award.level],
                    "key": award.rank,
                    "decision": award.decision_number or "",
                    "date": award.decision_date,
                }
                for award in entry_sudo.award_ids.filtered_domain(TOLD).sorted(
                    lambda award: (LEVELS.index(award.level), award.rank_order)
                )
            ],
            "nominated": entry_sudo.state == "nominated",
            "summary": agreed and entry_sudo.public_summary or "",
            "picture": has_picture
            and (
                f"/hoithi/{entry_sudo.contest_id.id}/results/{entry_sudo.id}/picture"
                f"?unique={int(entry_sudo.write_date.timestamp())}"
            )
            or "",
            "picture_note": has_picture and entry_sudo.public_picture_note or "",
        }

    def _find_public_result(self, entry_id):
        """Return the entry that has a page of its own among the released results.

        :return: a record with superuser rights, or none: where its representative
            didn't agree, where it isn't one of the results, while these aren't released
        """
        domain = self._get_public_result_domain()
        return self._get_result_entries(
            [*domain, ("id", "=", entry_id), ("consent_publish", "=", True)], limit=1
        )

    def _get_public_ranks(self):
        """Return the prizes among the released results: {key: name}, best first."""
        # which prizes were given, for visitors; whose they are isn't read here
        groups = (
            self.env["hoithi.award"]
            .sudo()
            ._read_group(
                [("entry_id", "any", self._get_public_result_domain()), *TOLD],
                ["company_id", "rank"],
            )
        )
        # names of prizes are public
        kinds_sudo = self.env["hoithi.prize.kind"].sudo()
        found = kinds_sudo.union(
            *(kinds_sudo._find(rank, company) for company, rank in groups)
        )
        return {
            code: " / ".join(dict.fromkeys(same.mapped("name")))
            for code, same in found.sorted().grouped("code").items()
        }

    def _get_public_unit_awards(self):
        """Return the prizes of units among the released results.

        :return: list of ``{rank, unit, contest, decision, date}``
        """
        # for visitors: what a unit won, and no person
        awards_sudo = self.env["hoithi.award"].sudo()
        return [
            {
                "rank": award._get_kind_name(),
                "unit": award._get_unit_name(),
                "contest": award.contest_id.name,
                "decision": award.decision_number or "",
                "date": award.decision_date,
            }
            for award in awards_sudo.search(
                [
                    ("contest_id", "in", self._get_released().ids),
                    ("department_id", "!=", False),
                    *TOLD,
                ]
            )
        ]

    def _get_public_fields(self):
        """Return the fields among the released results: [(id, name)]."""
        # which fields the honoured entries have; their names are public
        groups = (
            self.env["hoithi.entry"]
            .sudo()
            ._read_group(self._get_public_result_domain(), ["field_id"])
        )
        return sorted(
            ((field.id, field.display_name) for (field,) in groups if field),
            key=lambda pair: fold(pair[1]),
        )

    def _get_last_released(self):
        """Return the department's contest before this one whose results are public."""
        self.ensure_one()
        if not self.date_start:
            # none is known to be before
            return self.browse()
        before = [
            ("is_published", "=", True),
            ("results_published", "=", True),
            ("company_id", "=", self.company_id.id),
            ("id", "!=", self.id),
            ("date_start", "<", self.date_start),
        ]
        found = self.search(before, order="date_start desc, id desc")
        return found._get_released()[:1]

    def _count_last_results(self):
        """Return how many solutions of each field were honoured the last time.

        By the fields' names, in the language that all are written in: each contest may
        have fields of its own.

        :return: {field id of this contest: number}
        """
        last = self._get_last_released()
        if not last:
            return {}
        # numbers of what is public anyway
        groups = (
            self.env["hoithi.entry"]
            .sudo()
            ._read_group(last._get_public_result_domain(), ["field_id"], ["__count"])
        )
        lang = self.env["res.lang"]._hoithi_get_default()

        def get_key(field):
            return fold(field.with_context(lang=lang).name or "")

        counts = {}
        for field_sudo, count in groups:
            key = get_key(field_sudo)
            counts[key] = counts.get(key, 0) + count
        return {field.id: counts.get(get_key(field), 0) for field in self.field_ids}

    def _get_public_figures(self):
        """Return the released results in numbers: [(number, what it counts)].

        The benefit only as the sum of several: one entry's is its authors' own.
        """
        released = self._get_released()
        if not released:
            return []
        # of numbers alone, for visitors
        entries_sudo = self.env["hoithi.entry"].sudo()
        results = self._get_public_result_domain()
        [(taken_part,)] = entries_sudo._read_group(
            [("contest_id", "in", released.ids), ("state", "not in", NOT_ENTERED)],
            [],
            ["__count"],
        )
        [(honoured, units, benefit, currencies)] = entries_sudo._read_group(
            results,
            [],
            [
                "__count",
                "department_id:count_distinct",
                "benefit_amount:sum",
                "currency_id:count_distinct",
            ],
        )
        authors = (
            self.env["hoithi.entry.author"]
            .sudo()
            .search_count([("entry_id", "any", results), ("declined_on", "=", False)])
        )
        figures = [
            (format_number(self.env, taken_part), self.env._("solutions took part")),
            (format_number(self.env, honoured), self.env._("solutions were honoured")),
        ]
        if authors:
            figures.append(
                (
                    format_number(self.env, authors),
                    self.env._("authors, from %s units", units)
                    if units > 1
                    else self.env._("authors"),
                )
            )
        valued = entries_sudo.search_count(
            [*results, ("benefit_amount", ">", 0)], limit=LEAST_VALUED
        )
        if valued >= LEAST_VALUED and currencies == 1:
            figures.append(
                (
                    self._format_public_money(benefit),
                    self.env._("of benefit, as the authors state it"),
                )
            )
        return figures

    @api.model
    def _format_public_money(self, amount):
        """Write an amount in đồng as people say it."""
        for size, text in (
            (1e9, self.env._("%s billion đồng")),
            (1e6, self.env._("%s million đồng")),
        ):
            if amount >= size:
                return text % format_number(self.env, amount / size, 1)
        return self.env._("%s đồng", format_number(self.env, amount))

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
                "share": prize.slots_share,
                "min_score": prize.min_score,
                "amount": prize.amount,
                "currency": prize.currency_id.symbol or "",
            }
            for prize in self.sudo().prize_ids
        ]

    def _get_public_prize_limits(self):
        """Return what the prizes together may be, a phrase each."""
        self.ensure_one()
        # as above
        limits_sudo = self.sudo().prize_limit_ids
        return [f"{limit.name}: {limit._describe()}" for limit in limits_sudo]

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

    def _get_public_paths(self):
        """Return the addresses of each contest's pages, without a language.

        :return: pairs of a contest and an address
        """
        released = self.filtered(lambda contest: contest._has_public_results())
        # of those that agreed to a page of their own
        entries_sudo = released._get_result_entries([("consent_publish", "=", True)])
        results = entries_sudo.grouped("contest_id")
        for contest in self:
            path = f"/hoithi/{contest.id}"
            yield contest, path
            if contest in released:
                yield contest, f"{path}/results"
                for entry_sudo in results.get(contest, ()):
                    yield contest, f"{path}/results/{entry_sudo.id}"

    def _get_public_phase(self):
        """Return what goes on in a contest whose registration is over, in a word."""
        self.ensure_one()
        return {
            "draft": self.env._("In preparation"),
            "screening": self.env._("Dossiers are checked"),
            "review": self.env._("Being scored"),
            "council": self.env._("Before the council"),
            "cancelled": self.env._("Cancelled"),
        }.get(self.state, self.env._("Over"))

    @api.model
    def _get_public_frame(self, company, contest=None):
        """Return what stands around every public page: names, ways on, the office.

        :param company: the department
        :param contest: the contest of the page; else the newest that runs
        """
        # the department's own letterhead, which visitors have no right on
        company_sudo = company.sudo()
        agency_sudo = company_sudo.hoithi_agency_id
        contests = self._as_visitor().search(self._get_listed_domain())
        running = contests.filtered(lambda contest: contest.state in RUNNING)
        name = agency_sudo.name or company_sudo.name
        place = agency_sudo.province_name or ""
        return {
            "hoithi_company": company_sudo,
            "is_visitor": self.env.user._is_public(),
            "medals": MEDALS,
            "agency_name": name,
            "agency_place": "" if place.casefold() in name.casefold() else place,
            "nav_contest": contest or (running or contests)[:1],
            "nav_has_results": bool(contests._get_released()),
            "contact": self._get_company_contact(company_sudo),
        }

    def _get_public_contact(self):
        """Return how the department's office is reached, never a person."""
        self.ensure_one()
        # visitors may not read other companies; this is the department's letterhead
        return self._get_company_contact(self.company_id.sudo())

    @api.model
    def _get_company_contact(self, company_sudo):
        place = (company_sudo.street, company_sudo.street2, company_sudo.city)
        return {
            "name": company_sudo.name,
            "address": ", ".join(filter(None, place)),
            "phone": company_sudo.phone or "",
            "email": company_sudo.email or "",
            "website": company_sudo.website or "",
            "privacy_url": company_sudo.hoithi_privacy_url or "",
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
        parts = [contests_sudo.mapped(lambda c: (c.id, c.write_date)) or []]
        parts.append(
            contests_sudo._get_all_criteria_sets().mapped(
                lambda s: (s.id, s.min_total, s.sheet_pass, s.sheet_pass_ratio)
            )
        )
        for records in contests_sudo._get_public_lists():
            moments = records.mapped("write_date")
            fetched += moments
            parts.append([len(records), max(moments, default=None)])
        # a vote opens and closes by the clock
        doors = (contest._get_vote_door() for contest in contests_sudo)
        parts.append([door for door in doors if door])
        for model, domain, _path in self._get_public_rows():
            # how many rows there are and how old, not what they hold
            [(count, latest)] = (
                self.env[model]
                .sudo()
                ._read_group(domain, [], ["__count", "write_date:max"])
            )
            parts.append([count, latest])
            fetched.append(latest)
        return repr(parts), max(filter(None, fetched), default=None)

    def _get_public_moments(self):
        """Return when the public pages of each contest changed last: {id: UTC}."""
        contests_sudo = self.sudo()  # moments of rows, not their contents
        fetched = {
            contest.id: [
                contest.write_date,
                *(
                    moment
                    for records in contest._get_public_lists()
                    for moment in records.mapped("write_date")
                ),
            ]
            for contest in contests_sudo
        }
        for model, domain, path in self._get_public_rows():
            # as above
            groups = (
                self.env[model].sudo()._read_group(domain, [path], ["write_date:max"])
            )
            for contest, latest in groups:
                fetched[contest.id].append(latest)
        return {key: max(filter(None, moments)) for key, moments in fetched.items()}

    def _get_public_lists(self):
        """Return the records that public pages show with a contest."""
        return (
            self.field_ids,
            # not of the set: that the first sheet locks it is nobody's to tell
            self._get_all_criteria_sets().criterion_ids,
            self.asked_dossier_type_ids,
            self.company_id,
            self.company_id.partner_id,
        )

    def _get_public_rows(self):
        """Return which rows of these contests public pages show.

        :return: a list of (model, domain, path to the contest)
        """
        # of whoever asks the same: the version is one for all visitors
        released = self.sudo().filtered(lambda contest: contest._has_public_results())
        of_contest = [("contest_id", "in", self.ids)]
        of_results = [("contest_id", "in", released.ids)]
        rows = [
            ("hoithi.legal.basis", of_contest),
            ("hoithi.plan.task", of_contest),
            ("hoithi.prize", of_contest),
            ("hoithi.prize.limit", of_contest),
            ("hoithi.jury", of_contest),
            ("hoithi.question", [*of_contest, ("state", "=", "published")]),
            # of those alone: when a paper is issued that stays inside is nobody's to
            # tell; one that is withdrawn is one less
            ("hoithi.document", [*of_contest, *PUBLIC_DOCUMENTS]),
            # what was withdrawn changed as well
            ("hoithi.question", [*of_contest, ("published_on", "!=", False)]),
            ("hoithi.entry", of_results),
            ("hoithi.award", of_results),
        ]
        return [
            *((model, domain, "contest_id") for model, domain in rows),
            (
                "hoithi.entry.author",
                [("entry_id.contest_id", "in", released.ids)],
                "entry_id.contest_id",
            ),
        ]
