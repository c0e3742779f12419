import base64
from datetime import date, timedelta

from odoo import api, models

from ..lib import charts, nd30, wording
from .hoithi_document_kind_rows import ELIGIBLE, SELECTED

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
    def _get_defaults(self, source):
        return {
            "subject": wording.REPORT_SUBJECT.format(
                contest=source.name, agency=self._get_agency_name(source)
            )
        }

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        entries = self._get_entries(contest, order="code, id")
        self._check_whole(document, entries)
        names = {"contest": contest.name, **self._get_agency_context(document)}
        units = self._get_units(contest)
        counts = {
            group: self._count_by(contest, group)
            for group in ("department_id", "field_id", "solution_type")
        }
        by_unit = self._roll_up(counts["department_id"], units)
        figures = self._get_figures(contest, entries, by_unit)
        outreach = self._get_outreach(contest, units)
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
            ],
            "by_unit": [
                self._get_count_row(unit.name or wording.OTHER_UNITS, count)
                for unit, count in by_unit.items()
            ],
            "by_field": [
                self._get_count_row(field.display_name or wording.NONE, count)
                for field, count in counts["field_id"].items()
            ],
            "by_type": [
                self._get_count_row(label, count)
                for label, count in self._name_types(counts["solution_type"])
            ],
            "charts": self._get_charts(contest, entries, by_unit, counts, outreach),
            "results": [
                *self._get_results(figures, entries),
                *self._get_words(document, "assessment"),
            ],
            **self._get_appendices(entries),
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
    def _get_domain(self, contest):
        return [
            ("contest_id", "=", contest.id),
            ("state", "!=", "draft"),
            ("submitted_on", "!=", False),
        ]

    @api.model
    def _count_by(self, contest, group):
        """Return the numbers of entries for each value of `group`."""
        entry_model = self.env["hoithi.entry"]
        domain = self._get_domain(contest)
        counts = {}

        def count(value, name, number):
            row = counts.setdefault(value, dict.fromkeys(wording.COUNTS, 0))
            row[name] += number

        for value, state, number in entry_model._read_group(
            domain, [group, "state"], ["__count"]
        ):
            count(value, "registered", number)
            if state in ELIGIBLE:
                count(value, "eligible", number)
            if state in SELECTED:
                count(value, "selected", number)
            if state == "nominated":
                count(value, "nominated", number)
        for name, condition in (
            ("scored", ("review_done_count", ">", 0)),
            (
                "awarded",
                ("award_ids", "any", [("level", "in", ("province", "national"))]),
            ),
        ):
            for value, number in entry_model._read_group(
                [*domain, condition], [group], ["__count"]
            ):
                count(value, name, number)
        return counts

    @api.model
    def _roll_up(self, counts, units):
        """Return the numbers of units, those of their parts included, none left out."""
        result = {unit: dict.fromkeys(wording.COUNTS, 0) for unit in units}
        for department, row in counts.items():
            root = self._get_root(department) if department else department
            total = result.setdefault(root, dict.fromkeys(wording.COUNTS, 0))
            for name, number in row.items():
                total[name] += number
        return result

    @api.model
    def _name_types(self, counts):
        labels = self.env["hoithi.entry"]._fields["solution_type"]
        return [
            (label, counts[key])
            for key, label in labels._description_selection(self.env)
            if key in counts
        ]

    @api.model
    def _get_count_row(self, name, count):
        return {"name": name, **{key: str(count[key]) for key in wording.COUNTS}}

    @api.model
    def _get_figures(self, contest, entries, by_unit):
        """Return the main figures as numbers."""
        total = {
            name: sum(row[name] for row in by_unit.values()) for name in wording.COUNTS
        }
        kinds = dict(
            self.env["hoithi.entry"]._read_group(
                self._get_domain(contest), ["participant_type"], ["__count"]
            )
        )
        ((average, benefit),) = self.env["hoithi.entry"]._read_group(
            [*self._get_domain(contest), ("review_done_count", ">", 0)],
            [],
            ["average_score:avg", "benefit_amount:sum"],
        )
        active = [unit for unit, row in by_unit.items() if unit and row["registered"]]
        return {
            **total,
            "individual": kinds.get("individual", 0),
            "group": kinds.get("group", 0),
            "authors": len(self._get_people(entries)),
            "average": average or 0,
            "benefit": benefit or 0,
            "units": len(active),
            "unit_count": len([unit for unit in by_unit if unit]),
        }

    @api.model
    def _get_people(self, entries):
        """Return the authors, each once: by contact, else by name."""
        return {line.partner_id or line.full_name for line in entries.author_ids}

    @api.model
    def _print_figures(self, figures, outreach):
        """Return the figures as printed; sums of nothing are left out."""
        units = figures["unit_count"]
        printed = {
            "registered": nd30.padded(figures["registered"]),
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
    def _get_outreach(self, contest, units):
        """Return (activities, people reached) of each unit that told of the contest."""
        result = {}
        for department, number, reach in self.env["hoithi.outreach"]._read_group(
            [("contest_id", "=", contest.id)],
            ["department_id"],
            ["__count", "reach:sum"],
        ):
            root = self._get_root(department)
            before = result.get(root, (0, 0))
            result[root] = (before[0] + number, before[1] + (reach or 0))
        return {unit: result[unit] for unit in units if unit in result}

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
    def _get_results(self, figures, entries):
        awards = entries.award_ids.filtered(lambda award: award.level != "unit")
        ranks = dict(awards._fields["rank"]._description_selection(self.env))
        by_rank = awards.grouped("rank")
        prizes = [
            f"{nd30.padded(len(by_rank[rank]))} {label}"
            for rank, label in ranks.items()
            if rank in by_rank
        ]
        words = {
            **{
                name: nd30.padded(figures[name])
                for name in (*wording.COUNTS, "authors")
            },
            "prizes": wording.joined(prizes) or wording.NO_PRIZE,
        }
        return [text.format(**words) for text in wording.REPORT_RESULTS]

    @api.model
    def _get_appendices(self, entries):
        """Return the entries that were selected and those that weren't, with why."""
        chosen = entries.filtered(lambda entry: entry.state in SELECTED)
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
                        {
                            "ineligible": entry.ineligible_reason,
                            "withdrawn": wording.WITHDRAWN,
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
    def _get_charts(self, contest, entries, by_unit, counts, outreach):
        """Return the charts; one without anything to show is left out."""
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
        points = self._get_timeline(contest)
        if points:
            add(
                "timeline",
                charts.draw_timeline(
                    titles["timeline"], points, wording.IN_MONTH, wording.UP_TO_MONTH
                ),
            )
        scores = entries.filtered("review_done_count").mapped("average_score")
        criteria_set = contest.criteria_set_id
        if scores:
            add(
                "scores",
                charts.draw_distribution(
                    titles["scores"],
                    scores,
                    criteria_set.total_max,
                    wording.POINTS,
                    wording.ENTRIES,
                    (wording.PASS_MARK, criteria_set.min_total)
                    if criteria_set.min_total
                    else None,
                ),
            )
        add_bars(
            "outreach_units",
            [(unit.name, reach) for unit, (_number, reach) in outreach.items()],
        )
        add_bars("outreach_kinds", self._get_outreach_kinds(contest))
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
        for line in entries.author_ids:
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
    def _get_timeline(self, contest):
        """Return (first day, number) for each month from the first to the last."""
        months = {
            moment.date(): number
            for moment, number in self.env["hoithi.entry"]
            .with_context(tz=contest.tz)
            ._read_group(self._get_domain(contest), ["submitted_on:month"], ["__count"])
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
    def _get_outreach_kinds(self, contest):
        numbers = dict(
            self.env["hoithi.outreach"]._read_group(
                [("contest_id", "=", contest.id)], ["kind"], ["__count"]
            )
        )
        field = self.env["hoithi.outreach"]._fields["kind"]
        return [
            (label, numbers[key])
            for key, label in field._description_selection(self.env)
            if key in numbers
        ]
