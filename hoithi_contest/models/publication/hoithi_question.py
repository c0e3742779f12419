from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import html2plaintext, is_html_empty

from ...lib.guard.texts import fold
from ..guard.hoithi_rate import TooOften
from ..guard.hoithi_states import RUNNING, SETTLED_QUESTION, state_flag
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)

#: What a question may hold; the form of the portal says so, the server enforces it.
SUBJECT_LENGTH = 120
BODY_LENGTH = 2000
#: Questions that one person may ask about a contest within a day.
DAILY_QUESTIONS = 5


class HoithiQuestion(models.Model):
    """A question about a contest, its answer, and what of both everybody may read.

    Who asked, and in which words, stays between the asker and the Office: the public
    page shows the wording that the secretary wrote for it, and nothing else.
    """

    _name = "hoithi.question"
    _description = "Question"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "hoithi.workflow.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "contest_id desc, sequence, id desc"
    _takes_answers = True
    _rec_name = "subject"

    _transitions = (
        Transition("asked", "answered", "action_answer", SECRETARY),
        Transition("answered", "published", "action_publish", SECRETARY),
        Transition("published", "answered", "action_withdraw", SECRETARY),
        Transition("answered", "asked", "action_reopen", SECRETARY),
        Transition("closed", "asked", "action_reopen", SECRETARY),
        Transition("asked", "closed", "action_close", SECRETARY, True),
        Transition("answered", "closed", "action_close", SECRETARY, True),
    )

    _role_fields = {"sequence": SECRETARY}
    _fixed_fields = {
        # what somebody asked stays as it was asked
        "partner_id": {"subject", "body", "contest_id"},
        "is_settled": {"answer"},
    }

    # question
    contest_id = fields.Many2one(
        "hoithi.contest", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contest_id.company_id", store=True, index=True, string="Department"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Asked by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty where the secretary wrote the question for the public page.",
    )
    asked_on = fields.Datetime(
        string="Asked on",
        readonly=True,
        copy=False,
        required=True,
        default=fields.Datetime.now,
    )
    subject = fields.Char(string="Heading", required=True)
    body = fields.Text(string="Question")
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("answered", "Answered"),
            ("published", "Published"),
            ("closed", "Closed without an answer"),
        ],
        default="asked",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )

    is_settled = state_flag("Settled", SETTLED_QUESTION)

    # answer
    answer = fields.Html(
        copy=False,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )
    given_answer = fields.Html(
        compute="_compute_given_answer",
        compute_sudo=True,
        sanitize=False,
        help="What the asker reads: the answer, once it is given.",
    )
    answered_by = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )
    answered_on = fields.Datetime(readonly=True, copy=False)
    close_reason = fields.Text(readonly=True, copy=False)

    # public page
    public_question = fields.Text(
        string="Question as published",
        copy=False,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
        help="In words that tell nothing of who asked.",
    )
    public_answer = fields.Html(
        string="Answer as published",
        copy=False,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )
    public_text = fields.Text(
        string="Searchable text",
        compute="_compute_public_text",
        store=True,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )
    published_by = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )
    published_on = fields.Datetime(
        string="First published on", readonly=True, copy=False
    )
    sequence = fields.Integer(default=10, help="Order on the public page.")

    _contest_state_idx = models.Index("(contest_id, state)")

    # COMPUTE

    @api.depends("answer", "state")
    def _compute_given_answer(self):
        for question in self:
            given = question.state in ("answered", "published")
            question.given_answer = given and question.answer

    @api.depends("public_question", "public_answer")
    def _compute_public_text(self):
        for question in self:
            question.public_text = fold(
                f"{question.public_question or ''} "
                f"{html2plaintext(question.public_answer or '')}"
            )

    # CONSTRAINTS

    @api.constrains("subject", "body")
    def _check_lengths(self):
        for question in self:
            if not (question.subject or "").strip():
                raise ValidationError(self.env._("Give the question a subject."))
            if len(question.subject) > SUBJECT_LENGTH:
                raise ValidationError(
                    self.env._(
                        "Shorten the subject to %(count)s characters.",
                        count=SUBJECT_LENGTH,
                    )
                )
            if len(question.body or "") > BODY_LENGTH:
                raise ValidationError(
                    self.env._(
                        "Shorten the question to %(count)s characters.",
                        count=BODY_LENGTH,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_data_load():
            return super().create(vals_list)
        office = self._is_office()
        vals_list = self._check_given(vals_list)
        if not office:
            for vals in vals_list:
                vals |= {
                    "subject": " ".join((vals.get("subject") or "").split()),
                    "body": (vals.get("body") or "").strip(),
                    "partner_id": self.env.user.partner_id.id,
                }
            self._check_may_ask(vals_list)
        questions = super(
            HoithiQuestion,
            self._open_door().with_context(mail_create_nosubscribe=True),
        ).create(vals_list)
        questions.filtered("partner_id")._remind_secretaries()
        return questions.with_env(self.env)

    def write(self, vals):
        if not self.env.su and not self._is_door_open(vals.get("state")):
            self.check_access("write")
            shown = {"public_question", "public_answer"} & set(vals)
            if shown and "published" in self.mapped("state"):
                self._check_wording(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        for question in self:
            if question.partner_id or question.published_on:
                raise UserError(
                    self.env._(
                        "“%s” was asked or published: close or withdraw it instead of "
                        "deleting it.",
                        question.subject,
                    )
                )

    # ACTION

    def action_answer(self):
        """Give the answer to the asker, who is told of it.

        :raises UserError: without an answer
        """
        self._check_transition("answered", "action_answer")
        for question in self:
            if is_html_empty(question.answer):
                raise UserError(
                    self.env._("Write the answer to “%s” first.", question.subject)
                )
        now = fields.Datetime.now()
        self._move("answered", answered_by=self.env.uid, answered_on=now)
        self._end_reminders()
        for question in self:
            if question.partner_id:
                self.env["hoithi.notice"]._announce(
                    "question_answered",
                    {question: question.partner_id},
                    occasion=f"{now:%Y-%m-%d %H:%M:%S}",
                )
        return True

    def action_suggest_wording(self):
        """Take the question and answer as a draft of the wording of the public page.

        A draft only: the secretary takes out what tells of the asker. What is already
        written stays.
        """
        self._check_office()
        for question in self:
            question.write(
                {
                    "public_question": question.public_question or question.subject,
                    "public_answer": question.answer
                    if is_html_empty(question.public_answer)
                    else question.public_answer,
                }
            )
        return True

    def action_publish(self):
        """Show the public wording on the page of the contest.

        :raises UserError: where the wording lacks its question or its answer
        """
        self._check_transition("published")
        for question in self:
            question._check_wording({})
        now = fields.Datetime.now()
        for question in self:
            question._move(
                "published",
                published_by=self.env.uid,
                published_on=question.published_on or now,
            )
        return True

    def action_withdraw(self):
        """Take the question off the public page; its asker keeps the answer."""
        self._check_transition("answered", "action_withdraw")
        self._move("answered")
        return True

    def action_reopen(self):
        """Put the question back among those to be answered."""
        self._move("asked")
        self.filtered("partner_id")._remind_secretaries()
        return True

    def action_ask_close(self):
        """Open the dialog that asks for what `action_close` needs."""
        return self._ask_reason("action_close", self.env._("Close the Question"))

    def action_close(self, reason=None):
        """Close a question that gets no public answer, as one asked before.

        :param reason: recorded, and shown to the asker
        """
        self._check_transition("closed")
        reason = self._clean_reason(reason)
        self._move("closed", close_reason=reason)
        self._end_reminders()
        return True

    # BUSINESS

    @api.model
    def _count_own(self):
        """Return {contest id: how many questions the caller asked about it}."""
        groups = self._read_group(
            [("partner_id", "=", self.env.user.partner_id.id)],
            ["contest_id"],
            ["__count"],
        )
        return {contest.id: count for contest, count in groups}

    @api.model
    def _get_taking_contests(self):
        """Return what takes questions now, of the departments the caller belongs to."""
        contests = self.env["hoithi.contest"].search([("state", "in", RUNNING)])
        return contests.filtered("is_insider")

    @api.model
    def _get_own_contests(self):
        """Return the contests whose questions are for the caller, the newest first.

        Those where one asked, or takes part, stay after registration and after the end.
        """
        entered = self.env["hoithi.entry"]._read_my_groups()
        known = self.env["hoithi.contest"].browse(
            {*self._count_own(), *(contest.id for contest, *_more in entered)}
        )
        # a contest that is prepared anew is read by nobody
        known = known._filtered_access("read").filtered("is_insider")
        return (known | self._get_taking_contests()).sorted("id", reverse=True)

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/hoithi/{self.contest_id.id}/questions#hoithi_question_{self.id}"

    def _is_office(self):
        return self.env.su or self.env.user.has_group(SECRETARY[0])

    def _get_fixed_hint(self):
        return self.env._(
            "What somebody asked stays as it was asked: write the wording of the "
            "public page beside it."
        )

    def _check_office(self):
        self.check_access("write")
        if not self._is_office():
            raise AccessError(
                self.env._("Only the secretary of the council answers questions.")
            )

    def _check_wording(self, vals):
        """Refuse to show a question without its answer, or the other way round.

        :param vals: values about to be written
        """
        for question in self:
            text = vals.get("public_question", question.public_question)
            answer = vals.get("public_answer", question.public_answer)
            if not (text or "").strip() or is_html_empty(answer):
                raise UserError(
                    self.env._(
                        "Write the question and the answer of “%s” as everybody may "
                        "read them.",
                        question.subject,
                    )
                )

    @api.model
    def _check_may_ask(self, vals_list):
        """Refuse questions about other contests than running ones, twice, or in floods.

        :param vals_list: prepared values of new questions of the caller
        :raises UserError: telling what to do instead
        """
        contests = self.env["hoithi.contest"].browse(
            {vals.get("contest_id") for vals in vals_list} - {None, False}
        )
        contests.check_access("read")
        contests._check_insider()
        for contest in contests:
            if contest.state not in RUNNING:
                raise UserError(
                    self.env._(
                        "“%s” isn't running: no questions are taken.", contest.name
                    )
                )
        since = fields.Datetime.now() - timedelta(days=1)
        recent = self.search(
            [
                ("contest_id", "in", contests.ids),
                ("partner_id", "=", self.env.user.partner_id.id),
                "|",
                ("asked_on", ">=", since),
                ("state", "=", "asked"),
            ]
        )
        by_contest = recent.grouped("contest_id")
        for contest in contests:
            earlier = by_contest.get(contest, self.browse())
            new = [vals for vals in vals_list if vals.get("contest_id") == contest.id]
            told = {fold(f"{q.subject} {q.body or ''}") for q in earlier}
            for vals in new:
                text = fold(f"{vals['subject']} {vals['body']}")
                if text in told:
                    raise UserError(
                        self.env._("You have asked this already; see below.")
                    )
                told.add(text)
            today = earlier.filtered(lambda question: question.asked_on >= since)
            if len(today) + len(new) > DAILY_QUESTIONS:
                raise TooOften(
                    self.env._(
                        "You have asked %(count)s questions within a day. Please wait "
                        "for the answers, or call the Office.",
                        count=len(today),
                    )
                )

    def _remind_secretaries(self):
        """Put the question on the secretaries' list of activities."""
        for question in self:
            # an asker may plan nothing for others but this
            question_sudo = question.sudo().with_context(
                mail_activity_quick_update=True
            )
            for secretary in question_sudo.contest_id.secretary_ids:
                question_sudo.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=secretary.id,
                    summary=question_sudo.with_context(
                        lang=secretary.partner_id._hoithi_get_lang()
                    ).env._("Answer the question"),
                )

    def _end_reminders(self):
        # one secretary answers, and the activities of the others are done with it
        self.sudo().activity_ids.unlink()
