import re

from odoo import api, models
from odoo.tools import groupby

from ...lib.document import kinds, nd30, wording
from ...lib.guard import numerals

# The years of a contest in its name, which a title says in words.
_YEARS = re.compile(r"\s*\((\d{4})\s*[-–]\s*(\d{4})\)$")


class HoithiDocumentPlan(models.AbstractModel):
    _name = "hoithi.document.kind.plan"
    _description = "Plan"
    _inherit = "hoithi.document.kind"

    _cites = True

    _texts = ("opening", "purpose", "closing")

    @api.model
    def _get_gaps(self, document):
        gaps = super()._get_gaps(document)
        if not document.contest_id.task_ids:
            gaps.append(
                self.env._("The plan has no tasks: enter those of the contest first.")
            )
        return gaps

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.PLAN_SUBJECT.format(
                contest=_YEARS.sub(r" năm \1-\2", source.name),
                agency=self._get_agency_name(source, "date_start"),
            ),
            "planned_on": self._get_day(source, "date_start"),
        }

    @api.model
    def _get_listed(self, contest):
        return super()._get_listed(contest).filtered("cited_in_plan")

    @api.model
    def _get_bases(self, document):
        bases = self._get_cited(document)
        return self._get_basis_lines(bases, lead=wording.CARRYING_OUT)

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        names = {
            "contest": contest.name,
            **self._get_agency_context(document),
        }
        return {
            "opening": self._get_words(
                document, "opening", wording.PLAN_OPENING.format(**names)
            ),
            "purposes": self._get_words(
                document,
                "purpose",
                *(
                    kinds.paragraphs(contest.plan_purpose)
                    or (text.format(**names) for text in wording.PLAN_PURPOSES)
                ),
            ),
            "content_heading": wording.PLAN_CONTENT_HEADING,
            "sections": self._get_sections(contest),
            "further": [
                {
                    "number": numerals.roman(number),
                    "title": section.name.strip().rstrip(".:; ").upper(),
                    "paragraphs": [
                        wording.sentence(text)
                        for text in kinds.paragraphs(section.content)
                    ],
                }
                for number, section in enumerate(contest.plan_section_ids, 3)
            ],
            "organisation_number": numerals.roman(3 + len(contest.plan_section_ids)),
            "organisation": [
                wording.sentence(task.description or self._get_duty(task))
                for task in contest.task_ids
                if task.part == "organisation"
            ]
            or [text.format(**names) for text in wording.PLAN_ORGANISATION],
            "closing": " ".join(
                self._get_words(
                    document, "closing", wording.PLAN_CLOSING.format(**names)
                )
            ).rstrip("./ "),
        }

    @api.model
    def _get_sections(self, contest):
        """Return part II: a section for each heading, at its end who may take part
        with how much, and the launch period.
        """
        tasks = contest.task_ids.filtered(lambda task: task.part == "content")
        sections = []
        for heading, group in groupby(
            tasks, lambda task: task.heading or wording.PLAN_TASKS_HEADING
        ):
            number = len(sections) + 1
            sections.append(
                {
                    "number": str(number),
                    "title": heading.rstrip(".:; "),
                    "paragraphs": [],
                    "tasks": [
                        {
                            "number": f"{number}.{index}" if len(group) > 1 else "",
                            **self._get_task_texts(task),
                        }
                        for index, task in enumerate(group, 1)
                    ],
                }
            )
        limits = wording.limit_sentences(contest._get_limits())
        if limits:
            sections.append(
                {
                    "number": str(len(sections) + 1),
                    "title": wording.PLAN_LIMITS_HEADING,
                    "paragraphs": limits,
                    "tasks": [],
                }
            )
        period = wording.period_words(contest.date_start, contest.date_end)
        if period:
            sections.append(
                {
                    "number": str(len(sections) + 1),
                    "title": wording.PLAN_PERIOD_HEADING,
                    "paragraphs": [wording.sentence(period)],
                    "tasks": [],
                }
            )
        return sections

    @api.model
    def _get_task_texts(self, task):
        points = task.contest_id.field_ids if task.names_fields else []
        return {
            "text": wording.sentence(task.description or task.name),
            "points": [
                {
                    "letter": nd30.letter(index),
                    "name": field.display_name,
                    "text": wording.sentence(field.description or ""),
                }
                for index, field in enumerate(points, 1)
            ],
            "period": wording.sentence(
                wording.period_words(task.date_start, task.date_end)
            ),
            "units": wording.sentence(self._get_units(task)),
            "output": wording.sentence(task.expected_output or ""),
        }

    @api.model
    def _get_units(self, task):
        """Return who does a task with whom."""
        return task.units_text or wording.units_sentence(
            [task.lead_name, task.lead_department_id.name],
            [
                *task.cooperating_department_ids.mapped("name"),
                task.cooperating_text,
            ],
        )

    @api.model
    def _get_duty(self, task):
        return ": ".join(filter(None, [self._get_units(task), task.name]))
