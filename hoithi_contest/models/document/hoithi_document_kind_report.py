import base64
from datetime import date, timedelta

from odoo import api, models

from ...lib.document import nd30, wording

#: Figures of entries by their names in the contexts of papers.
COUNTED = {name: name for name in wording.COUNTS} | {"registered": "received"}
#: What isn't said where nobody scores.
SCORED = ("scored", "average")
#: Width of a chart on the page, the text width of the decree's margins.
CHART_MM = 160


class HoithiDocumentReport(models.AbstractModel):
    """The summary report: figures and charts from the data, judgements by the Office.

    Its figures are counted by the database; lists hold what the appendices print.
    """

    _name = "hoithi.document.kind.report"
    _description = "Summary Report"
    _inherit = "hoithi.document.kind"

    _texts = (
        "opening",
        "assessment",
        "difficulties",
        "causes",
        "lessons",
        "proposals",
        "closing",
    )

    @api.model
    def _get_told_day(self, document):
        if self._is_dated_as_made(document):
            return None
        contest = document.contest_id
        moments = ("submitted_on", "screened_on", "decided_on")
        return self._get_last_day(contest, moments)

    @api.model
    def _get_gaps(self, document):
        """Tell of the sections that would say “Không.” for want of words."""
        difficulties = self.env._("Difficulties")
        proposals = self.env._("Proposals")
        passages = (
            (difficulties, ["difficulties", "causes"]),
            (proposals, ["proposals"]),
        )
        return super()._get_gaps(document) + [
            self.env._(
                "The section “%s” would print “Không.”: word it in the passages of "
                "the document, unless that is what you mean.",
                name,
            )
            for name, keys in passages
            if not any(self._get_words(document, key) for key in keys)
        ]

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.REPORT_SUBJECT.format(
                contest=source.name, agency=self._get_agency_name(source)
            )
        }

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        self._check_whole(document)
        on = self._get_as_of(document)
        entries = self._get_entries(contest, on=on, order="code, id")
        names = {"contest": contest.name, **self._get_agency_context(document)}
        counts = {
            group: self._count_by(contest, group, on)
            for group in ("field_id", "solution_type")
        }
        by_unit = {
            unit: self._name_counts(row)
            for unit, row in self._count_by_unit(
                contest, tuple(COUNTED.values()), on
            ).items()
        }
        figures = self._get_figures(contest, entries, by_unit, on)
        unsaid = () if self._is_scored(contest) else SCORED
        outreach = self._get_outreach(contest, list(by_unit), on)
        return {
            "opening": self._get_words(
                document, "opening", wording.REPORT_OPENING.format(**names)
            ),
            "launch": self._get_launch(contest, outreach, names),
            "outreach": [
                {
                    "number": number,
                    "unit": unit.name or wording.OTHER_UNITS,
                    "activities": str(activities),
                    "reach": nd30.decimal(reach),
                }
                for number, (unit, (activities, reach)) in enumerate(
                    outreach.items(), 1
                )
            ],
            "tasks": self._get_tasks(contest),
            "figures": [
                {"name": wording.FIGURES[name], "value": value}
                for name, value in self._print_figures(figures, outreach).items()
                if name not in unsaid
            ],
            "by_unit": [
                self._get_count_row(unit.name or wording.OTHER_UNITS, count, unsaid)
                for unit, count in by_unit.items()
            ],
            "by_field": [
                self._get_count_row(field.display_name or wording.NONE, count, unsaid)
                for field, count in counts["field_id"].items()
            ],
            "by_type": [
                self._get_count_row(label, count, unsaid)
                for label, count in self._name_types(counts["solution_type"])
            ],
            "charts": self._get_charts(contest, entries, by_unit, counts, outreach, on),
            "results": [
                *self._get_results(contest, figures, entries, on),
                *self._get_words(document, "assessment"),
            ],
            **self._get_appendices(contest, entries, on),
            "difficulties": [
                *self._get_words(document, "difficulties"),
                *self._get_words(document, "causes"),
            ],
            "lessons": self._get_words(document, "lessons"),
            "proposals": self._get_words(document, "proposals"),
            "closing": " ".join(
                self._get_words(
                    document, "closing", wording.REPORT_CLOSING.format(**names)
                )
            ).rstrip("./ "),
        }

    # COUNTING

    @api.model
    def _name_counts(self, row):
        """Return numbers of entries by their names in the context."""
        return {name: row[figure] for name, figure in COUNTED.items()}

    @api.model
    def _count_by(self, contest, group, on):
        """Return the numbers of entries for each value of `group`."""
        counts = self.env["hoithi.figures"]._count_entries(
            contest, tuple(COUNTED.values()), [group], on
        )
        return {value: self._name_counts(row) for (value,), row in counts.items()}

    @api.model
    def _name_types(self, counts):
        labels = self.env["hoithi.entry"]._fields["solution_type"]
        return [
            (label, counts[key])
            for key, label in labels._description_selection(self.env)
            if key in counts
        ]

    @api.model
    def _get_count_row(self, name, count, unsaid=()):
        return {
            "name": name,
            **{key: "" if key in unsaid else str(count[key]) for key in wording.COUNTS},
        }

    @api.model
    def _get_figures(self, contest, entries, by_unit, on):
        """Return the main figures as numbers."""
        model = self.env["hoithi.figures"]
        totals = model._get_entry_totals(
            contest, (*COUNTED.values(), "withdrawn", "competing"), on
        )
        by_type = model._count_entries(contest, ("received",), ["participant_type"], on)
        competing = self._count_by_unit(contest, ("competing",), on)
        return {
            **self._name_counts(totals),
            **model._get_score_totals(contest, on),
            "withdrawn": totals["withdrawn"],
            **{
                kind: by_type.get((kind,), {"received": 0})["received"]
                for kind in ("individual", "group")
            },
            "authors": len(self._get_people(entries)),
            "units": sum(
                bool(unit and row["competing"]) for unit, row in competing.items()
            ),
            "unit_count": len([unit for unit in by_unit if unit]),
        }

    @api.model
    def _get_people(self, entries):
        """Return the authors, each once: by contact, else by name."""
        return {line.partner_id or line.full_name for line in entries._get_authors()}

    @api.model
    def _print_figures(self, figures, outreach):
        """Return the figures as printed; sums of nothing are left out."""
        units = figures["unit_count"]
        printed = {
            "registered": nd30.padded(figures["registered"]),
            "withdrawn": (
                nd30.padded(figures["withdrawn"]) if figures["withdrawn"] else ""
            ),
            "individual": nd30.padded(figures["individual"]),
            "group": nd30.padded(figures["group"]),
            "authors": nd30.padded(figures["authors"]),
            "eligible": nd30.padded(figures["eligible"]),
            "scored": nd30.padded(figures["scored"]),
            "average": nd30.decimal(figures["average"], 2) if figures["scored"] else "",
            "selected": nd30.padded(figures["selected"]),
            "nominated": nd30.padded(figures["nominated"]),
            "awarded": nd30.padded(figures["awarded"]),
            "units": f"{nd30.padded(figures['units'])}/{nd30.padded(units)}",
            "unit_rate": wording.share(figures["units"], units),
            "benefit": wording.money(figures["benefit"]),
            "outreach": nd30.padded(sum(number for number, _ in outreach.values())),
            "reach": nd30.decimal(sum(reach for _, reach in outreach.values())),
        }
        return {name: value for name, value in printed.items() if value}

    @api.model
    def _get_outreach(self, contest, units, on):
        """Return (activities, contacts) of each unit and organisation that told of it.

        None is left out, so that they add up to all activities.

        :param units: units in the order of the tables; organisations follow them
        """
        result = {}
        for (department, organisation), (number, reach, _persons) in (
            self.env["hoithi.figures"]
            ._count_outreach(contest, ["department_id", "organisation_id"], on)
            .items()
        ):
            body = organisation or self._get_root(department)
            before = result.get(body, (0, 0))
            result[body] = (before[0] + number, before[1] + reach)
        places = {unit: place for place, unit in enumerate(units)}
        bodies = sorted(
            result, key=lambda body: (places.get(body, len(places)), body.name or "")
        )
        return {body: result[body] for body in bodies}

    # TEXTS

    @api.model
    def _get_launch(self, contest, outreach, names):
        texts = []
        activities = sum(number for number, _ in outreach.values())
        if activities and contest.date_start and contest.date_end:
            texts.append(
                wording.REPORT_LAUNCH.format(
                    start=nd30.date_words(contest.date_start),
                    end=nd30.date_words(contest.date_end),
                    agency=names["name"],
                    count=nd30.padded(activities),
                    units=nd30.padded(len(outreach)),
                    reach=nd30.decimal(sum(reach for _, reach in outreach.values())),
                )
            )
        tasks = contest.task_ids
        if tasks:
            texts.append(
                wording.REPORT_TASKS.format(
                    done=nd30.padded(
                        len(tasks.filtered(lambda task: task.progress == "done"))
                    ),
                    total=nd30.padded(len(tasks)),
                )
            )
        return texts

    @api.model
    def _get_tasks(self, contest):
        plan = self.env["hoithi.document.kind.plan"]
        return [
            {
                "number": task.code or str(number),
                "text": task.name,
                "period": wording.short_period(task.date_start, task.date_end),
                "units": plan._get_units(task),
                "state": self._get_label(task, "progress"),
            }
            for number, task in enumerate(contest.task_ids, 1)
        ]

    @api.model
    def _get_results(self, contest, figures, entries, on):
        day = on and self.env["hoithi.figures"]._get_day(entries.contest_id, on)
        awards = entries.award_ids.filtered(
            lambda award: (
                award.level != "unit"
                and not award.is_held
                and not (day and award.decision_date and award.decision_date > day)
            )
        )
        by_kind = awards.grouped(lambda award: award._get_kind())
        # what a kind is, is no secret
        kinds_sudo = self.env["hoithi.prize.kind"].sudo().union(*by_kind).sorted()
        prizes = [
            f"{nd30.padded(len(by_kind[kind]))} {kind.name}" for kind in kinds_sudo
        ]
        words = {
            **{
                name: nd30.padded(figures[name])
                for name in (*wording.COUNTS, "authors")
            },
            "withdrawn": wording.withdrawn_note(figures["withdrawn"]),
            "prizes": wording.joined(prizes) or wording.NO_PRIZE,
        }
        texts = (
            wording.REPORT_RESULTS
            if self._is_scored(contest)
            else wording.UNSCORED_RESULTS
        )
        return [text.format(**words) for text in texts]

    @api.model
    def _get_appendices(self, contest, entries, on):
        """Return the entries that were selected and those that weren't, with why."""
        chosen = self._get_entries(contest, "selected", on)
        withdrawn = self._get_entries(contest, "withdrawn", on)
        chosen = chosen.sorted(lambda entry: (entry.rank or len(entries), entry.code))
        others = entries - chosen
        return {
            "selected": [
                {
                    **row,
                    "score": self._get_score(entry),
                    "rank": self._get_prize(entry, "province")
                    or self._get_prize(entry),
                }
                for row, entry in zip(self._get_rows(chosen), chosen, strict=True)
            ],
            "rejected": [
                {
                    **row,
                    "score": self._get_score(entry),
                    "reason": wording.sentence(
                        wording.WITHDRAWN
                        if entry in withdrawn
                        else {
                            "ineligible": entry.ineligible_reason,
                            "not_selected": entry.not_selected_reason,
                        }.get(entry.state)
                        or wording.NOT_REVIEWED
                    ),
                }
                for row, entry in zip(self._get_rows(others), others, strict=True)
            ],
        }

    # CHARTS

    @api.model
    def _get_charts(self, contest, entries, by_unit, counts, outreach, on):
        """Return the charts; one without anything to show is left out."""
        from ...lib.document import charts

        titles = wording.CHARTS
        units = {unit: row["registered"] for unit, row in by_unit.items()}
        names = {unit: unit.name or wording.OTHER_UNITS for unit in units}
        drawn = []

        def add(name, picture):
            drawn.append(
                {
                    "title": titles[name],
                    "image": {
                        "png": base64.b64encode(picture).decode(),
                        "width_mm": CHART_MM,
                        "text": titles[name],
                    },
                }
            )

        def add_bars(name, rows, unit=""):
            if any(value for _label, value in rows):
                add(name, charts.draw_bars(titles[name], rows, unit))

        add_bars("units", [(names[unit], number) for unit, number in units.items()])
        add_bars(
            "fields",
            [
                (field.display_name or wording.NONE, row["registered"])
                for field, row in counts["field_id"].items()
            ],
        )
        add_bars(
            "types",
            [
                (label, row["registered"])
                for label, row in self._name_types(counts["solution_type"])
            ],
        )
        add_bars("participation", self._get_participation(entries, by_unit), " %")
        points = self._get_timeline(contest, on)
        if points:
            add(
                "timeline",
                charts.draw_timeline(
                    titles["timeline"], points, wording.IN_MONTH, wording.UP_TO_MONTH
                ),
            )
        scored = self._get_entries(contest, "scored", on)
        scores = scored.mapped("average_score")
        sets = scored.criteria_set_id
        if scores:
            add(
                "scores",
                charts.draw_distribution(
                    titles["scores"],
                    scores,
                    max(
                        (
                            one._get_highest(contest._get_sheets_needed())
                            for one in sets
                        ),
                        default=0,
                    ),
                    wording.POINTS,
                    wording.ENTRIES,
                    # juries may have pass marks of their own
                    (wording.PASS_MARK, sets.min_total)
                    if len(sets) == 1 and sets.min_total
                    else None,
                ),
            )
        add_bars(
            "outreach_units",
            [(body.name, reach) for body, (_number, reach) in outreach.items()],
        )
        add_bars("outreach_kinds", self._get_outreach_kinds(contest, on))
        return drawn

    @api.model
    def _get_participation(self, entries, by_unit):
        """Return which share of each unit's people entered, in per cent."""
        staff = {}
        # how many people a unit has is on the staff list that all may read
        for department, number in self.env["hr.employee.public"]._read_group(
            [("company_id", "in", entries.company_id.ids)],
            ["department_id"],
            ["__count"],
        ):
            if department:
                root = self._get_root(department)
                staff[root] = staff.get(root, 0) + number
        people = {}
        for line in entries._get_authors():
            root = line.department_id and self._get_root(line.department_id)
            people.setdefault(root, set()).add(line.partner_id or line.full_name)
        return [
            (
                unit.name,
                min(100, round(100 * len(people.get(unit, ())) / staff[unit], 1)),
            )
            for unit in by_unit
            if unit and staff.get(unit)
        ]

    @api.model
    def _get_timeline(self, contest, on):
        """Return (first day, number) for each month from the first to the last."""
        months = {
            moment.date(): row["received"]
            for (moment,), row in self.env["hoithi.figures"]
            .with_context(tz=contest.tz)
            ._count_entries(contest, ("received",), ["submitted_on:month"], on)
            .items()
        }
        points, day = [], min(months, default=None)
        while day and day <= max(months):
            points.append((day, months.get(day, 0)))
            day = self._get_next_month(day)
        return points

    @api.model
    def _get_next_month(self, day: date):
        return (day + timedelta(days=31)).replace(day=1)

    @api.model
    def _get_outreach_kinds(self, contest, on):
        numbers = {
            kind: number
            for (kind,), (number, _reach, _persons) in self.env["hoithi.figures"]
            ._count_outreach(contest, ["kind"], on)
            .items()
        }
        field = self.env["hoithi.outreach"]._fields["kind"]
        return [
            (label, numbers[key])
            for key, label in field._description_selection(self.env)
            if key in numbers
        ]
