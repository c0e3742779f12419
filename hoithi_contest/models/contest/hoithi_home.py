from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.contest import curve
from ...lib.contest.steps import Act
from ...lib.guard import moments
from ..guard.hoithi_states import OVER, RUNNING, UNSCREENED
from .ir_actions_act_window import SWITCH

SECRETARY = "hoithi_contest.group_secretary"
LEADER = "hoithi_contest.group_leader"
HEAD = "hoithi_contest.group_unit_head"
ADMIN = "hoithi_contest.group_admin"

#: Rows that a card shows; the others are behind its link.
SHOWN = 8


class HoithiHome(models.AbstractModel):
    """The first screen of each role: where the contest stands and what waits.

    One call brings it all, and it costs the same however many entries there are. Each
    room adds what it knows: acts, lines of what waits, figures and cards. What is read
    is read with the caller's rights, so that walls hold for numbers too; figures that
    are one for all readers say so where they are counted.
    """

    _name = "hoithi.home"
    _description = "Home of Each Role"

    # CALL

    @api.model
    @api.readonly
    def get_home(self, contest_id=None):
        """Return what the caller's home shows.

        :param contest_id: the contest that the caller chose; by default the running one
        :raises AccessError: for who isn't of the house
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The home is for who works in the contest."))
        contests = self._get_contests()
        contest = (
            contests.filtered(lambda one: one.id == contest_id)
            or contests & self._get_chosen()
            or self._pick(contests)
        )
        home = {
            "contests": [self._describe_contest(one) for one in contests],
            "contest": self._describe_contest(contest) if contest else None,
            "now": self._get_now(contest),
            "phases": [],
            "way": None,
            "waiting": [],
            "cards": [],
            "tour": self._get_tour(contest),
        }
        if not contest:
            home["way"] = self._get_way(contest)
            home["cards"] = self._sort_cards(contest)
            return home
        home["phases"] = self._get_phases(contest)
        home["way"] = self._get_way(contest)
        home["waiting"] = self._get_waiting(contest)
        home["cards"] = self._sort_cards(contest)
        return home

    @api.model
    def _sort_cards(self, contest):
        return sorted(self._get_cards(contest), key=lambda card: card["rank"])

    # WHICH CONTEST

    @api.model
    def choose_contest(self, contest_id):
        """Let the home and the lists show this contest to the caller from now on.

        :param contest_id: a contest that the caller may look at; none of them for all
        :raises AccessError: for who isn't of the house, or may not read the contest
        :raises UserError: where there is no such contest
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The home is for who works in the contest."))
        contests = self.env["hoithi.contest"]
        contest = contests.browse()
        if contest_id:
            # whatever a script sends that is no number names no contest
            is_number = type(contest_id) is int and contest_id > 0
            contest = contests.browse(contest_id if is_number else ()).exists()
            if not contest:
                raise UserError(self.env._("This contest isn't there any more."))
        contest.check_access("read")
        # the own choice alone, on which nobody has a right
        user_sudo = self.env.user.sudo()
        user_sudo.hoithi_contest_id = contest
        user_sudo.hoithi_all_contests = not contest
        return True

    @api.model
    @api.readonly
    def get_switch(self):
        """Return what the switch of lists and boards offers the caller.

        :return: `contests` as the home has them, and `current`: the id of the one
            that lists show, or False for all
        :raises AccessError: for who isn't of the house
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The home is for who works in the contest."))
        return {
            "contests": [self._describe_contest(one) for one in self._get_contests()],
            "current": self._get_current().id,
        }

    @api.model
    def _get_chosen(self):
        """Return the contest that the caller has chosen, as far as it can be read."""
        # the caller's own choice
        chosen = self.env.user.sudo().hoithi_contest_id.sudo(False)
        return chosen.with_env(self.env)._filtered_access("read")

    @api.model
    def _get_current(self):
        """Return the contest that lists show: the chosen one, else that of the home.

        None where the caller has chosen all.
        """
        # the caller's own choice
        if self.env.user.sudo().hoithi_all_contests:
            return self.env["hoithi.contest"]
        contests = self._get_contests()
        return contests & self._get_chosen() or self._pick(contests)

    @api.model
    def _get_contests(self):
        """Return the contests that the caller may look at, the latest first."""
        contests = self.env["hoithi.contest"]
        companies = contests._get_near_companies()
        return contests.search(
            [("company_id", "in", companies), ("is_archived", "=", False)], limit=50
        )

    @api.model
    def _pick(self, contests):
        """Return the contest that work is done in now."""
        for states in (RUNNING, ("draft",), OVER):
            if found := contests.filtered(lambda one, s=states: one.state in s):
                return found[0]
        return contests

    @api.model
    def _get_label(self, contest):
        if not contest.edition_number:
            return contest.name
        if contest.year_start == contest.year_end:
            return self.env._(
                "Edition %(roman)s (%(year)s)",
                roman=contest.edition_roman,
                year=contest.year_start,
            )
        return self.env._(
            "Edition %(roman)s (%(first)s - %(last)s)",
            roman=contest.edition_roman,
            first=contest.year_start,
            last=contest.year_end,
        )

    @api.model
    def _describe_contest(self, contest):
        labels = dict(contest._fields["state"]._description_selection(self.env))
        return {
            "id": contest.id,
            "name": contest.name,
            "label": self._get_label(contest),
            "state": contest.state,
            "state_label": labels[contest.state],
        }

    @api.model
    def _get_now(self, contest):
        zone = contest.tz or moments.DEFAULT_TZ
        return moments.write_moment(fields.Datetime.now(), zone)

    @api.model
    def _has(self, groups):
        return self.env.user.has_groups(groups)

    @api.model
    def _get_tour(self, contest):
        """Hook: return the tour that shows the caller around, or nothing."""
        return "hoithi_secretary" if contest and self._has(SECRETARY) else ""

    # PHASES

    @api.model
    def _get_phases(self, contest):
        """Return the six phases with where the contest stands.

        What came of those that are over is for who works with all of it.
        """
        labels = dict(contest._fields["state"]._description_selection(self.env))
        states = ["draft", *RUNNING, "closed"]
        if contest.mode == "nominate_only":
            states.remove("review")
        now = states.index(contest.state) if contest.state in states else -1
        is_told = self._has(f"{SECRETARY},{LEADER},{ADMIN}")
        figures = self._get_phase_figures(contest) if is_told else {}
        dates = {
            "open": contest.registration_deadline,
            "screening": contest.screening_deadline,
            "review": contest.review_deadline,
            "council": contest.province_deadline,
            "closed": contest.report_deadline,
        }
        phases = []
        for position, state in enumerate(states):
            moment = dates.get(state)
            is_now = position == now
            when = figures.get(state, "") if position < now else ""
            days = None
            if is_now and moment:
                days = moments.count_days(
                    moment, fields.Datetime.now(), contest.tz or moments.DEFAULT_TZ
                )
            if not when and moment:
                when = self.env._("until %s", contest._format_moment(moment))
            phases.append(
                {
                    "state": state,
                    "label": self.env._("Preparation")
                    if state == "draft"
                    else self.env._("The end")
                    if state == "closed"
                    else labels[state],
                    "place": "done"
                    if position < now or (is_now and state == "closed")
                    else "now"
                    if is_now
                    else "later",
                    "when": when,
                    "days": days,
                    "days_text": self._write_days(days),
                }
            )
        return phases

    @api.model
    def _write_days(self, days):
        if days is None:
            return ""
        if days > 0:
            return self.env._("%s days left", days)
        if days == 0:
            return self.env._("today")
        return self.env._("%s days late", -days)

    @api.model
    def _get_phase_figures(self, contest):
        """Hook: return what came of the phases that are over, a phrase each."""
        return {
            "open": self.env._("%s entries received", contest.submitted_count),
            "screening": self.env._("%s eligible", contest.eligible_count),
        }

    # NEXT ACT

    @api.model
    def _get_way(self, contest):
        """Return the next act of the caller, with the gate for the secretary."""
        if contest and self._has(SECRETARY):
            return contest._get_way()
        acts = sorted(self._get_acts(contest), key=lambda act: act.rank)
        return {
            "contest": contest.id,
            "act": acts[0]._asdict() if acts else None,
            "gate": None,
            "nothing": self._get_nothing(contest),
        }

    @api.model
    def _get_nothing(self, contest):
        if not contest:
            return self.env._("There is no contest yet.")
        target = contest._get_target()
        promised = target and contest._get_promised(target)
        if promised:
            return self.env._(
                "Nothing waits for you. The next date: %s.",
                contest._describe_moment(promised),
            )
        return self.env._("Nothing waits for you.")

    @api.model
    def _get_acts(self, contest):
        """Hook: return what the caller has to do, see `Act`."""
        acts = []
        if not contest and self.env["hoithi.setup"]._is_offered(contest):
            acts.append(
                Act(
                    10,
                    self.env._("Prepare the first contest"),
                    self.env._(
                        "Step by step: agency, units, e-mail, signers, roles, "
                        "criteria, council, dates, launch. You may stop anywhere and "
                        "go on later."
                    ),
                    self.env._("Begin the set-up"),
                    {"xmlid": "hoithi_contest.hoithi_setup_action"},
                )
            )
        if contest and self._has(ADMIN):
            acts += self._get_system_acts()
        if contest and contest.state != "draft" and self._has(HEAD):
            entries = self._get_unconfirmed(contest)
            if entries:
                acts.append(
                    Act(
                        20,
                        self.env._("Confirm the application of %s", entries[0].name),
                        self.env._(
                            "%s entries of the unit wait for the head's confirmation "
                            "that they are applied as their authors say.",
                            len(entries),
                        ),
                        self.env._("Read and confirm"),
                        {"model": "hoithi.entry", "id": entries[0].id},
                    )
                )
        return acts

    @api.model
    def _get_system_acts(self):
        """Return what the last look at the system left to put right, as one act."""
        rows = self.env["hoithi.health"].search(
            [("company_id", "=", self.env.company.id), ("severity", "!=", "done")]
        )
        if not rows:
            return []
        worst = rows.sorted(lambda row: row.severity != "block")[0]
        labels = dict(worst._fields["key"]._description_selection(self.env))
        return [
            Act(
                90,
                self.env._("Look after the system: %s", labels[worst.key]),
                worst.note or "",
                self.env._("See what is found"),
                {"xmlid": "hoithi_contest.hoithi_setup_action"},
            )
        ]

    # WHAT WAITS

    @api.model
    def _get_waiting(self, contest):
        """Hook: return what waits for the caller: number, text, note and target."""
        lines = []
        if self._has(SECRETARY):
            readable = self.env["hoithi.figures"]._count_entries(
                contest, ("unscreened",), ["state"]
            )
            by_state = {state: row["unscreened"] for [state], row in readable.items()}
            if by_state.get("submitted"):
                lines.append(
                    self._line(
                        by_state["submitted"],
                        self.env._("Entries to screen"),
                        contest._get_entries_target("to_screen"),
                    )
                )
            failed = self.env["hoithi.notice"].search_count(
                [("contest_id", "=", contest.id), ("state", "in", ("failed", "held"))]
            )
            if failed:
                lines.append(
                    self._line(
                        failed,
                        self.env._("Letters that failed or are held"),
                        {
                            "xmlid": "hoithi_contest.hoithi_notice_outbox_action",
                            "context": {
                                "search_default_contest_id": contest.id,
                                "search_default_outbox": 0,
                                "search_default_failed": 1,
                                "search_default_held": 1,
                            },
                        },
                    )
                )
        return lines + self._get_activity_lines()

    @api.model
    def _get_activity_lines(self):
        """Return what is planned for the caller, a line for each kind of record."""
        actions = self._get_activity_actions()
        rows = self.env["mail.activity"]._read_group(
            [("user_id", "=", self.env.uid), ("res_model", "in", list(actions))],
            ["res_model"],
            ["res_id:count_distinct"],
        )
        lines = []
        for model, number in rows:
            xmlid = actions[model]
            action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
            # all of them, whatever the list shows by itself
            own = literal_eval(action["context"] or "{}")
            context = {key: 0 for key in own if key.startswith("search_default_")}
            lines.append(
                self._line(
                    number,
                    self.env._("Activities planned for you: %s", action["name"]),
                    {
                        "xmlid": xmlid,
                        "context": {
                            **context,
                            "search_default_activities_my": 1,
                            # of whichever contest they are
                            SWITCH: False,
                        },
                    },
                )
            )
        return lines

    @api.model
    def _get_activity_actions(self):
        """Hook: return by model the list whose filter shows the caller's activities."""
        return {
            "hoithi.contest": "hoithi_contest.hoithi_contest_action",
            "hoithi.entry": "hoithi_contest.hoithi_entry_action",
        }

    @api.model
    def _line(self, number, text, target=None, note=""):
        return {"number": number, "text": text, "note": note, "target": target}

    # CARDS

    @api.model
    def _get_cards(self, contest):
        """Hook: return the cards of the caller's roles.

        A card has a `key`, a `kind` that says how it is drawn, a `title`, a `rank` for
        its place, and a `span` of twelve columns.
        """
        cards = []
        if self.env["hoithi.setup"]._is_offered(contest):
            cards.append(self._get_setup_card())
        if not contest:
            return [
                *cards,
                *([self._get_health_card()] if self._has(ADMIN) else []),
            ]
        if self._has(f"{SECRETARY},{LEADER}"):
            cards.append(
                {
                    "key": "late",
                    "kind": "late",
                    "title": self.env._("Who is late"),
                    "rank": 20,
                    "span": 6,
                    "lines": contest._get_late_lines(),
                }
            )
        if self._has(f"{SECRETARY},{LEADER}"):
            last = self._get_last(contest)
            cards += [
                self._get_curve_card(contest, last),
                self._get_figures_card(contest, last),
            ]
        if self._has(HEAD):
            cards.append(self._get_unit_card(contest))
        if self._has(f"{SECRETARY},{ADMIN}"):
            cards.append(self._get_health_card())
        return cards

    @api.model
    def _get_setup_card(self):
        """Return what the department still lacks before its first contest."""
        setup = self.env["hoithi.setup"]
        steps = [setup._describe_step(step) for step in setup._get_sorted_steps()]
        missing = [step for step in steps if not step["is_done"]]
        target = {"xmlid": "hoithi_contest.hoithi_setup_action"}
        return {
            "key": "setup",
            "kind": "lines",
            "title": self.env._("First set-up"),
            "note": self.env._(
                "%(done)s of %(all)s steps done",
                done=len(steps) - len(missing),
                all=len(steps),
            ),
            "rank": 10,
            "span": 12,
            "lines": [
                {
                    "icon": "fa-circle-o",
                    "text": step["title"],
                    "note": step["summary"],
                    "is_late": False,
                    "target": {**target, "context": {"hoithi_step": step["key"]}},
                }
                for step in missing
            ],
            "empty": self.env._("Nothing is missing."),
            "more": target,
        }

    @api.model
    def _get_health_card(self):
        lines = self.env["hoithi.health"]._get_card_lines(self.env.company)
        return {
            "key": "health",
            "kind": "health",
            "title": self.env._("The system"),
            "note": self.env._("looked at %s", lines[0]["checked"]) if lines else "",
            "rank": 60,
            "span": 12,
            "lines": lines,
            "empty": self.env._("It is looked at once an hour."),
            # what is found has its whole words there
            "more": {"xmlid": "hoithi_contest.hoithi_setup_action"},
        }

    @api.model
    def _get_last(self, contest):
        """Return the edition before, to compare with, or nothing."""
        before = self.env["hoithi.contest"].search(
            [
                ("company_id", "=", contest.company_id.id),
                ("year_start", "<", contest.year_start),
                ("registration_deadline", "!=", False),
                ("state", "!=", "cancelled"),
                # a finished one is put away; one that never took place is none
                "|",
                ("is_archived", "=", False),
                ("state", "=", "closed"),
            ],
            limit=1,
        )
        return before

    @api.model
    def _get_same_moment(self, contest, last):
        """Return the moment (UTC) at which the last edition was as far as this one."""
        if not last or not contest.registration_deadline:
            return None
        return last.registration_deadline + (
            fields.Datetime.now() - contest.registration_deadline
        )

    @api.model
    def _get_curve_card(self, contest, last):
        """Return the entries submitted by the days before the deadline."""
        editions = []
        for one in filter(None, (last, contest)):
            # how many were submitted when is no secret, as their number
            zone = one.tz or moments.DEFAULT_TZ
            rows_sudo = self.env["hoithi.entry"].sudo().with_context(tz=zone)
            days = [
                (day, count)
                for day, count in rows_sudo._read_group(
                    [("contest_id", "=", one.id), ("submitted_on", "!=", False)],
                    ["submitted_on:day"],
                    ["__count"],
                )
            ]
            deadline = one.registration_deadline
            last_day = deadline and moments.get_local(deadline, zone).date()
            editions.append(
                {
                    "label": self._describe_contest(one)["label"],
                    "points": curve.cumulate(days, last_day) if deadline else [],
                    "is_last": one == last,
                    "days_left": moments.count_days(
                        deadline, fields.Datetime.now(), zone
                    )
                    if deadline
                    else None,
                }
            )
        deadline = contest.registration_deadline
        return {
            "key": "curve",
            "kind": "curve",
            "title": self.env._("Entries submitted, beside the last edition")
            if last
            else self.env._("Entries submitted"),
            "note": self.env._("summed up, by days before the deadline"),
            "rank": 30,
            "span": 6,
            "deadline": moments.write_day(
                moments.get_local(deadline, contest.tz or moments.DEFAULT_TZ).date()
            )
            if deadline
            else "",
            "curve": curve.draw(editions),
        }

    @api.model
    def _get_figures_card(self, contest, last):
        """Return figures of today, with those of the last edition at this time."""
        moment = self._get_same_moment(contest, last)
        now = self._get_figures(contest, None)
        before = self._get_figures(last, moment) if last and moment else {}
        return {
            "key": "figures",
            "kind": "figures",
            "title": self.env._("Figures of today"),
            "note": self.env._(
                "beside %s at this time", self._describe_contest(last)["label"]
            )
            if before
            else self._tell_past(contest),
            "rank": 50,
            # beside the tasks of the Office
            "span": 6 if self._has(SECRETARY) else 12,
            "figures": [
                {
                    "key": key,
                    "value": value,
                    "text": text,
                    "before": before[key][0] if key in before else None,
                }
                for key, (value, text) in now.items()
            ],
        }

    @api.model
    def _tell_past(self, contest):
        """Return what lists of earlier editions tell of the last one, or nothing."""
        # how many have won is no secret, and nobody is named
        past_sudo = self.env["hoithi.past.solution"].sudo()
        found = past_sudo._get_last_edition(contest.company_id, contest.year_end)
        if not found:
            return ""
        edition, number, awarded, recognised = found
        return self.env._(
            "%(edition)s, from its list: %(number)s solutions, %(awarded)s with an "
            "award, %(recognised)s recognised",
            edition=edition,
            number=number,
            awarded=awarded,
            recognised=recognised,
        )

    @api.model
    def _get_figures(self, contest, on):
        """Hook: return figures at a moment (UTC): {key: (number, what it counts)}."""
        # one number for the whole house
        figures_sudo = self.env["hoithi.figures"].sudo()
        totals = figures_sudo._get_entry_totals(contest, ("received", "eligible"), on)
        domain = figures_sudo._get_entry_domain(contest, "received", on)
        entries_sudo = self.env["hoithi.entry"].sudo()
        [[units]] = entries_sudo._read_group(
            domain, [], ["department_id:count_distinct"]
        )
        return {
            "received": (totals["received"], self.env._("entries submitted")),
            "units": (units, self.env._("units take part")),
            "eligible": (totals["eligible"], self.env._("eligible")),
        }

    # HEAD OF A UNIT

    @api.model
    def _get_unit_domain(self, contest):
        """Return the entries of the units that the caller heads."""
        return [
            ("contest_id", "=", contest.id),
            ("department_id.hoithi_is_headed", "=", True),
        ]

    @api.model
    def _get_unconfirmed(self, contest):
        """Return the entries of the caller's units that wait for the confirmation."""
        return (
            self.env["hoithi.entry"]
            .search(
                [
                    *self._get_unit_domain(contest),
                    ("state", "in", (*UNSCREENED, "eligible")),
                    ("unit_confirmed_on", "=", False),
                ],
                order="submitted_on, id",
                limit=100,
                # the head above confirms those of a head
            )
            .filtered(lambda entry: not entry.is_mine)
        )

    @api.model
    def _get_unit_card(self, contest):
        entries = self.env["hoithi.entry"].search(
            self._get_unit_domain(contest), order="id desc", limit=SHOWN
        )
        labels = dict(entries._fields["state"]._description_selection(self.env))
        return {
            "key": "unit",
            "kind": "table",
            "title": self.env._("Entries of the unit"),
            "rank": 15,
            "span": 6,
            "heads": [
                self.env._("Entry"),
                self.env._("Authors"),
                self.env._("State"),
            ],
            "rows": [
                {
                    "id": entry.id,
                    "target": {"model": "hoithi.entry", "id": entry.id},
                    "cells": [
                        f"{entry.code} · {entry.name}",
                        entry.author_names or "",
                        labels[entry.state],
                    ],
                }
                for entry in entries
            ],
            "empty": self.env._("No entry of the unit yet."),
            "more": contest._get_entries_target(),
        }
