from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ...lib.contest.steps import Act
from ..contest.hoithi_home import LEADER, SECRETARY, SHOWN
from ..guard.hoithi_states import DECIDING, PENDING, UNCLOSED

MEMBER = "hoithi_contest.group_member"

#: Places around the cut-off line that a leader sees.
AROUND = 2


class HoithiHome(models.AbstractModel):
    """What the council brings to the home: own sheets, sessions and places."""

    _inherit = "hoithi.home"

    # WHICH CONTEST

    @api.model
    def _pick(self, contests):
        """Return the contest that waits for the caller's sheets, if one does."""
        if self._has(MEMBER) and not self._has(SECRETARY):
            sheet = self.env["hoithi.review"].search(
                [
                    ("user_id", "=", self.env.uid),
                    ("state", "in", PENDING),
                    ("contest_id.state", "=", "review"),
                    ("contest_id", "in", contests.ids),
                ],
                order="due_date, id",
                limit=1,
            )
            if sheet:
                return sheet.contest_id
        return super()._pick(contests)

    @api.model
    def _get_tour(self, contest):
        tour = super()._get_tour(contest)
        if not tour and contest and self._has(MEMBER) and self._get_my_sheets(contest):
            return "hoithi_member"
        return tour

    # PHASES

    @api.model
    def _get_phase_figures(self, contest):
        figures = super()._get_phase_figures(contest)
        # one number for the whole house
        counts_sudo = self.env["hoithi.figures"].sudo()._count_reviews(contest)
        row = counts_sudo[contest]
        figures["review"] = self.env._(
            "%(done)s/%(asked)s sheets", done=row["submitted"], asked=row["asked"]
        )
        return figures

    # NEXT ACT

    @api.model
    def _get_my_sheets(self, contest):
        """Return the caller's sheets of a contest, what is awaited and begun first."""
        order = {"in_progress": 0, "assigned": 1, "submitted": 2, "recused": 3}
        sheets = self.env["hoithi.review"].search(
            [
                ("contest_id", "=", contest.id),
                ("user_id", "=", self.env.uid),
                ("state", "!=", "void"),
            ],
            order="due_date, id",
        )
        return sheets.sorted(lambda sheet: order[sheet.state])

    @api.model
    def _get_acts(self, contest):
        acts = super()._get_acts(contest)
        if not contest or not self._has(f"{MEMBER},{LEADER}"):
            return acts
        acts += self._get_deciding_acts(contest)
        if not self._has(MEMBER):
            return acts
        acts += self._get_opinion_acts(contest)
        sheets = self._get_my_sheets(contest)
        waiting = sheets.filtered(lambda sheet: sheet.state in PENDING)
        if contest.state == "review" and waiting:
            sheet = waiting[0]
            values = {"code": sheet.entry_code, "title": sheet.entry_name}
            done = len(sheets.filtered(lambda one: one.state == "submitted"))
            if sheet.needs_statement:
                acts.append(
                    Act(
                        5,
                        self.env._("Sign the statement of interests"),
                        self.env._("It comes before the first sheet."),
                        self.env._("Read and sign"),
                        {"model": "hoithi.review", "id": sheet.id},
                    )
                )
            acts.append(
                Act(
                    10,
                    self.env._("Go on with %(code)s: %(title)s", **values)
                    if sheet.state == "in_progress"
                    else self.env._("Score %(code)s: %(title)s", **values),
                    self.env._(
                        "%(done)s of %(all)s sheets submitted · due %(due)s",
                        done=done,
                        all=len(sheets),
                        due=contest._describe_moment(sheet.due_date)
                        if sheet.due_date
                        else "–",
                    ),
                    self.env._("Go on scoring")
                    if sheet.state == "in_progress"
                    else self.env._("Score"),
                    {"model": "hoithi.review", "id": sheet.id},
                )
            )
        session = self._get_sessions(contest)[:1]
        if session.state == "open":
            acts.append(
                Act(
                    1,
                    self.env._("The council is in session"),
                    session.display_name,
                    self.env._("Open the session"),
                    {"model": "hoithi.session", "id": session.id},
                )
            )
        return acts

    @api.model
    def _get_opinion_acts(self, contest):
        """Return that the caller, absent from a session, owes opinions in writing."""
        opinions = self.env["hoithi.session.opinion"].search(
            [
                ("contest_id", "=", contest.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "asked"),
                ("due_on", ">", fields.Datetime.now()),
            ],
            order="due_on, id",
        )
        if not opinions:
            return []
        return [
            Act(
                3,
                self.env._("Give %s opinions in writing", len(opinions)),
                self.env._(
                    "They are returned until %s.",
                    contest._describe_moment(opinions[0].due_on),
                ),
                self.env._("Give the opinion"),
                {"model": "hoithi.session.opinion", "id": opinions[0].id},
            )
        ]

    @api.model
    def _get_deciding_acts(self, contest):
        """Return what the chair, or who stands in, decides beside the sessions."""
        acts = []
        if (
            contest.rules_reopened_on
            and contest.state in DECIDING
            and contest._may_decide_rules()
        ):
            acts.append(
                Act(
                    4,
                    self.env._("Fix the rules again"),
                    self.env._("They are open to changes, and the contest waits."),
                    self.env._("Look at the rules"),
                    {"model": "hoithi.contest", "id": contest.id},
                )
            )
        objections = (
            self.env["hoithi.objection"]
            .search(
                [("contest_id", "=", contest.id), ("state", "=", "proposed")],
                order="filed_on, id",
            )
            ._filter_decided_by_caller()
        )
        if objections:
            acts.append(
                Act(
                    8,
                    self.env._("Decide on %s objections", len(objections)),
                    self.env._("The secretary has proposed an answer."),
                    self.env._("Read and decide"),
                    {"model": "hoithi.objection", "id": objections[0].id},
                )
            )
        acts += self._get_confirming_acts(contest)
        seats = contest.council_id.member_ids.filtered(
            lambda seat: seat.role in ("chair", "vice_chair")
        )
        differences = self.env["hoithi.adjudication"]
        if self.env.user in seats.user_id and contest.state in DECIDING:
            differences = differences.search(
                [("contest_id", "=", contest.id), ("state", "=", "open")], order="id"
            )
        if differences:
            acts.append(
                Act(
                    9,
                    self.env._("Settle %s differences of scores", len(differences)),
                    self.env._("Their sheets lie further apart than the rules allow."),
                    self.env._("Settle"),
                    {"model": "hoithi.adjudication", "id": differences[0].id},
                )
            )
        return acts

    @api.model
    def _get_confirming_acts(self, contest):
        """Return what is to be reopened, and waits for the caller to confirm it."""
        asked = (
            self.env["hoithi.reopening"]
            .search(
                [("contest_id", "=", contest.id), ("state", "=", "asked")],
                order="opened_on, id",
            )
            .filtered("can_confirm")
        )
        if not asked:
            return []
        return [
            Act(
                8,
                self.env._("Confirm that %s decisions are reopened", len(asked)),
                self.env._("The secretary has recorded by which decision."),
                self.env._("Read and confirm"),
                {"model": "hoithi.reopening", "id": asked[0].id},
            )
        ]

    @api.model
    def _get_sessions(self, contest):
        """Return the sessions that are open or to come, the open one first."""
        return (
            self.env["hoithi.session"]
            .search(
                [("contest_id", "=", contest.id), ("state", "in", UNCLOSED)],
                order="start, id",
                limit=3,
            )
            .sorted(lambda session: session.state != "open")
        )

    # WHAT WAITS

    @api.model
    def _get_waiting(self, contest):
        lines = super()._get_waiting(contest)
        if self._has(SECRETARY):
            doubts = contest.possible_conflict_count
            if doubts:
                lines.append(
                    self._line(
                        doubts,
                        self.env._("Possible conflicts to decide"),
                        {
                            "xmlid": "hoithi_contest.hoithi_conflict_action",
                            "context": {
                                "search_default_contest_id": contest.id,
                                "search_default_to_decide": 1,
                            },
                        },
                    )
                )
            lines += self._get_objection_lines(contest)
        if self._has(f"{MEMBER},{SECRETARY},{LEADER}"):
            lines += [
                {
                    "icon": "fa-calendar",
                    "text": session.display_name,
                    "note": " · ".join(
                        filter(
                            None,
                            [
                                contest._describe_moment(session.start)
                                if session.start
                                else "",
                                session.place,
                            ],
                        )
                    ),
                    "target": {"model": "hoithi.session", "id": session.id},
                }
                for session in self._get_sessions(contest)
            ]
        return lines

    @api.model
    def _get_objection_lines(self, contest):
        """Return what came after the results and isn't done yet."""
        lines = []
        unanswered = self.env._("Objections without a proposed answer")
        reopened = self.env._("Decisions that are reopened")
        for model, state, text in (
            ("hoithi.objection", "filed", unanswered),
            ("hoithi.reopening", "open", reopened),
        ):
            number = self.env[model].search_count(
                [("contest_id", "=", contest.id), ("state", "=", state)]
            )
            if number:
                context = {
                    "search_default_contest_id": contest.id,
                    "search_default_open": 1,
                }
                name = model.replace(".", "_")
                target = {
                    "xmlid": f"hoithi_contest.{name}_action",
                    "context": context,
                }
                lines.append(self._line(number, text, target))
        return lines

    # CARDS

    @api.model
    def _get_cards(self, contest):
        cards = super()._get_cards(contest)
        if not contest:
            return cards
        if self._has(MEMBER):
            cards.append(self._get_sheets_card(contest))
        if self._has(LEADER):
            cards.append(self._get_places_card(contest))
        return cards

    @api.model
    def _get_sheets_card(self, contest):
        sheets = self._get_my_sheets(contest)
        labels = dict(sheets._fields["state"]._description_selection(self.env))
        rows = []
        for sheet in sheets[:SHOWN]:
            due = ""
            if sheet.state in PENDING and sheet.due_date:
                due = contest._describe_moment(sheet.due_date)
            elif sheet.submitted_on:
                due = contest._format_moment(sheet.submitted_on)
            rows.append(
                {
                    "id": sheet.id,
                    "target": {"model": "hoithi.review", "id": sheet.id},
                    "cells": [
                        f"{sheet.entry_code} · {sheet.entry_name}",
                        sheet.field_id.display_name or "",
                        due,
                        labels[sheet.state],
                    ],
                    "is_late": bool(
                        sheet.state in PENDING
                        and sheet.due_date
                        and sheet.due_date < fields.Datetime.now()
                    ),
                }
            )
        return {
            "key": "sheets",
            "kind": "table",
            "title": self.env._("My sheets"),
            "note": contest.name,
            "rank": 10,
            "span": 12,
            "heads": [
                self.env._("Entry"),
                self.env._("Field"),
                self.env._("Due, or submitted"),
                self.env._("State"),
            ],
            "rows": rows,
            "empty": self.env._("No sheet is assigned to you in this contest."),
            "more": {"xmlid": "hoithi_contest.hoithi_my_review_action"},
        }

    @api.model
    def _get_places_card(self, contest):
        """Return the places around the cut-off line of the nomination."""
        entries = self.env["hoithi.entry"]
        if contest.is_judged:
            entries = entries.search(
                [("contest_id", "=", contest.id), ("rank", ">", 0)],
                order="rank, id",
                limit=(contest.nomination_slots or SHOWN) + AROUND,
            )
        slots = contest.nomination_slots
        shown = entries
        if len(entries) > SHOWN:
            # the first ones, and those at the line
            shown = entries[: SHOWN - 2 * AROUND] | entries[-2 * AROUND :]
        return {
            "key": "places",
            "kind": "table",
            "title": self.env._("Places"),
            "note": self.env._("%s places in the nomination", slots) if slots else "",
            "rank": 35,
            "span": 6,
            "heads": [
                self.env._("Place"),
                self.env._("Entry"),
                self.env._("Points"),
            ],
            "rows": [
                {
                    "id": entry.id,
                    "target": {"model": "hoithi.entry", "id": entry.id},
                    "is_below": bool(slots and entry.rank > slots),
                    "cells": [
                        str(entry.rank),
                        entry.name,
                        formatLang(self.env, entry.average_score, digits=2),
                    ],
                }
                for entry in shown
            ],
            "empty": self.env._("Places are worked out once there are scores."),
            "more": {
                "xmlid": "hoithi_contest.hoithi_entry_ranking_action",
                "context": {"search_default_contest_id": contest.id},
            },
        }

    @api.model
    def _get_figures(self, contest, on):
        figures = super()._get_figures(contest, on)
        if not self._has(f"{SECRETARY},{LEADER}") or not contest.is_judged:
            return figures
        # Not one number for all: from the average of all and the scores that one may
        # read follow those that one may not. Sheets, which tell when an entry was
        # scored, leaders don't read.
        totals = (
            self.env["hoithi.figures"]
            .sudo()
            ._get_score_totals(
                contest,
                on,
                among=self.env["hoithi.entry"]._search(
                    [
                        ("contest_id", "=", contest.id),
                        (
                            "author_ids",
                            "not any",
                            [("partner_id", "=", self.env.user.partner_id.id)],
                        ),
                    ]
                ),
            )
        )
        if totals["average"]:
            figures["average"] = (
                round(totals["average"], 1),
                self.env._("points on average"),
            )
        return figures

    @api.model
    def _get_activity_actions(self):
        return super()._get_activity_actions() | {
            "hoithi.objection": "hoithi_contest.hoithi_objection_action",
            "hoithi.review": "hoithi_contest.hoithi_review_action",
            "hoithi.nomination": "hoithi_contest.hoithi_nomination_action",
        }
