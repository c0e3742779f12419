from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.document import kinds, nd30, wording
from ...lib.guard import moments
from ...tools import in_vietnamese


class HoithiDocumentKind(models.AbstractModel):
    """What the kinds share in telling of contests, entries, people and votes.

    Everything is read with the rights of who makes the document, so that a document
    holds nothing that its maker may not read.
    """

    _inherit = "hoithi.document.kind"

    # SOURCE

    @api.model
    def _get_about(self, document):
        """Return what `document` is about, prefetched with its fellows' sources."""
        source = document._get_source()
        fellows = document.browse(document._prefetch_ids).filtered(
            lambda fellow: fellow.res_model == source._name
        )
        return source.with_prefetch(fellows.mapped("res_id"))

    @api.model
    def _get_words(self, document, key, *standard):
        """Return what the Office worded under `key`, else the standard paragraphs."""
        return kinds.paragraphs(document._get_text(key)) or [
            paragraph for paragraph in standard if paragraph
        ]

    @api.model
    def _get_label(self, record, name):
        """Return the Vietnamese label of a selection field's value."""
        field = record._fields[name]
        labels = dict(field._description_selection(in_vietnamese(self).env))
        return labels.get(record[name], "")

    @api.model
    def _get_kind_name(self, record):
        """Return what the department of an award or a result calls its kind."""
        return in_vietnamese(record)._get_kind_name()

    @api.model
    def _get_day(self, contest, name="date_end"):
        """Return the day that a paper is for: a contest's date, or today if earlier."""
        today = contest._get_today()
        day = contest[name]
        if day and contest._fields[name].type == "datetime":
            day = self._get_date(contest, day)
        return min(day or today, today)

    @api.model
    def _get_agency_name(self, contest, name="date_end"):
        """Return the short name of the agency of a paper that has no date yet."""
        agency = self.env["hoithi.agency"]._get_at(
            contest.company_id, self._get_day(contest, name)
        )
        return self._get_short_name(agency.name or contest.company_id.name)

    @api.model
    def _check_whole(self, document, figure="received"):
        """Refuse a list of all entries to who may not read them all.

        :param figure: which entries the list counts
        :raises UserError: where a conflict of interest or the blind wall hides some
        """
        contest = document.contest_id
        # whether there are more than the maker reads, and nothing of them
        entries_sudo = self.sudo()._get_entries(contest, figure)
        if entries_sudo - self._get_entries(contest, figure):
            raise UserError(
                self.env._(
                    "This document lists all entries of “%(contest)s”, and some of "
                    "them are kept from you by a conflict of interest or by the blind "
                    "review: let another secretary make it.",
                    contest=contest.name,
                )
            )

    @api.model
    def _get_entries(
        self, contest, figure="received", on=None, order="submitted_on, id"
    ):
        """Return the entries that a figure counts, as the maker reads them."""
        figures = self.env["hoithi.figures"]
        return self.env["hoithi.entry"].search(
            figures._get_entry_domain(contest, figure, on), order=order
        )

    @api.model
    def _get_as_of(self, document, day=None):
        """Return the moment that a paper's figures are of; none for now.

        It is the end of the paper's day, where that is over.

        :param day: the day that the paper says; by default the one it is dated
        """
        return self.env["hoithi.figures"]._get_end_of_day(
            document.contest_id, day or document.date
        )

    @api.model
    def _is_dated_as_made(self, document):
        """Tell whether a paper bears the day that its figures were counted as of."""
        kept = document.sudo().context_json or {}  # what is printed
        return bool(document.date) and (
            kept.get("place_date") == self._get_place_date(document)
        )

    @api.model
    def _get_last_day(self, contest, names, domain=()):
        """Return the last day of what happened to the entries of a contest, or None.

        :param names: fields of entries that tell when
        """
        # when something came about, and nothing of what
        entries_sudo = self.env["hoithi.entry"].sudo()
        [found] = entries_sudo._read_group(
            [("contest_id", "=", contest.id), *domain],
            [],
            [f"{name}:max" for name in names],
        )
        return max(
            (self._get_date(contest, moment) for moment in found if moment),
            default=None,
        )

    # MOMENTS

    @api.model
    def _get_local(self, contest, moment):
        """Return a stored moment on the clock of the contest."""
        if not moment:
            return None
        return moments.get_local(moment, contest.tz or moments.DEFAULT_TZ)

    @api.model
    def _get_moment(self, contest, moment):
        return wording.moment_words(self._get_local(contest, moment))

    @api.model
    def _get_date(self, contest, moment):
        local = self._get_local(contest, moment)
        return local.date() if local else None

    # PEOPLE

    @api.model
    def _get_member_name(self, member):
        return member.display_name or ""

    @api.model
    def _get_member_position(self, member, document):
        """Return position and house of a member; the agency itself isn't named."""
        return self._join_position(member.position, member.organisation, document)

    @api.model
    def _join_position(self, position, house, document):
        house = house or ""
        if self._get_short_name(house) == self._get_agency_context(document)["name"]:
            house = ""
        return ", ".join(filter(None, [position, house]))

    @api.model
    def _get_contact(self, document):
        """Return who answers questions, one sentence."""
        # whom to call is for all to know
        secretary_sudo = document.contest_id.sudo().secretary_ids[:1]
        if not secretary_sudo:
            return ""
        return wording.CONTACT.format(
            office=self._get_agency_context(document)["office"],
            name=secretary_sudo.name,
            phone=f", {secretary_sudo.phone}" if secretary_sudo.phone else "",
        )

    @api.model
    def _get_honorific(self, person):
        """Return how a letter addresses an author or a member of the council.

        :param person: record with an ``employee_id``; an author's own word on it counts
            before that of HR
        """
        # how somebody is addressed is all that is taken from HR's record
        employee_sudo = person.sudo().employee_id
        said = "gender" in person._fields and person.sudo().gender
        return wording.HONORIFICS.get(said or employee_sudo.sex, wording.ANY_GENDER)

    @api.model
    def _get_addressees(self, document, entry):
        """Return to whom a letter to the authors goes, a line each."""
        authors = [
            ", ".join(
                filter(
                    None,
                    [
                        f"{self._get_honorific(line)} {line.full_name}",
                        line.kept_unit_name or line.department_id.name,
                    ],
                )
            )
            for line in entry._get_authors()
        ]
        return self._get_words(
            document, "addressees", *(authors or [entry._get_unit_name()])
        )

    @api.model
    def _is_committee(self, line):
        """Tell whether a line of a roll is of the body that confirms."""
        return "session_id" in line._fields and line.session_id.is_confirming

    @api.model
    def _get_role_words(self, line):
        """Return the role of a line of a roll, in its body's words."""
        committee = self._is_committee(line)
        roles = wording.COMMITTEE_ROLES if committee else wording.ROLES
        return roles.get(line.role)

    @api.model
    def _get_council_signature(self, signer):
        """Return the signature of a paper of the council.

        :param signer: a line of the roll of a session, or a seat of the council
        """
        signers, presiding = wording.COUNCIL_SIGNERS, wording.PRESIDING_SIGNER
        if self._is_committee(signer):
            signers, presiding = wording.COMMITTEE_SIGNERS, wording.COMMITTEE_PRESIDING
        authority, position = signers.get(signer.role, presiding)
        return {
            "authority": authority,
            "position": position,
            "name": self._get_member_name(signer),
        }

    # ENTRIES

    @api.model
    def _get_entry_texts(self, entry):
        """Return how lists name an entry."""
        return {
            "code": entry.code or "",
            "title": kinds.clean(entry.name or ""),
            "authors": entry.author_names or "",
            "unit": entry._get_unit_name(),
            "field": entry.field_id.display_name or "",
        }

    @api.model
    def _get_rows(self, entries):
        """Return numbered rows of a list of entries."""
        return [
            {"number": number, **self._get_entry_texts(entry)}
            for number, entry in enumerate(entries, 1)
        ]

    @api.model
    def _get_score(self, entry):
        """Return the official score, or nothing before there are sheets.

        By the fields' names: whoever mustn't know how an entry stands is told nothing.
        """
        if not entry["review_done_count"]:
            return ""
        digits = entry.criteria_set_id.rounding
        return nd30.decimal(entry["average_score"], digits)

    @api.model
    def _get_score_formula(self, entry):
        """Return what the official score is made of, nothing where sheets alone count.

        As for the score: whoever mustn't know how an entry stands is told nothing.
        """
        if not self._get_score(entry) or not entry["score_formula"]:
            return ""
        return wording.score_formula(
            entry._get_score_parts()[entry], entry["average_score"]
        )

    @api.model
    def _get_told_score(self, entry):
        """Return the official score with what it is made of."""
        formula = self._get_score_formula(entry)
        return (
            f"{self._get_score(entry)} ({formula})"
            if formula
            else (self._get_score(entry))
        )

    @api.model
    def _get_prize(self, entry, level="unit"):
        """Return the names of the prizes of an entry at a level, the highest first."""
        awards = self._get_awards(entry, level)
        return "; ".join(self._get_kind_name(award) for award in awards)

    @api.model
    def _get_awards(self, entries, level="unit"):
        """Return what solutions won at a level as far as papers tell it.

        What is held is in no paper until it is released.
        """
        return entries.award_ids.filtered(
            lambda award: (
                award.level == level and award.target == "entry" and not award.is_held
            )
        ).sorted(lambda award: (award.rank_order, award.id))

    # SESSIONS

    @api.model
    def _get_session_context(self, session):
        contest = session.contest_id
        # who was there, else who will be
        writers = session.attendance_ids.filtered(
            lambda line: (
                line.role == "secretary"
                and (line.present or session.state == "planned")
            )
        )
        return {
            "name": wording.session_name(session.name, session.number),
            "start": self._get_moment(contest, session.start),
            "end": self._get_moment(contest, session.end or session.closed_on),
            "place": session.place or "",
            "chair": self._get_presiding_words(session),
            "secretary": self._get_member_name(writers[:1]),
            "ballot_mode": self._get_mode_words(session),
            "is_secret": session.ballot_mode == "secret",
            "quorum_basis": wording.quorum_basis(
                session.present_count, session.voting_count, session.quorum_ratio
            ),
            "approval_basis": wording.approval_basis(
                session._get_majority(), session.is_confirming
            )
            + "".join(
                wording.scope_basis(
                    question.name, items[0]._get_majority(), items[0]._is_nested()
                )
                if question.scope == "choice"
                else wording.question_basis(question.name, items[0]._get_majority())
                for question, items in session.item_ids.grouped("question_id").items()
                if question
            )
            + (wording.CASTING_VOTE if session.casting_vote else "")
            + (
                wording.WRITTEN_BASIS[session.approval_base]
                if any(session.item_ids.mapped("written"))
                else ""
            ),
        }

    @api.model
    def _get_mode_words(self, session):
        """Return how is voted, with the entries for which it is otherwise."""
        is_paper = session.ballot_mode == "secret" and session.on_paper
        mode = wording.BALLOT_MODES["paper" if is_paper else session.ballot_mode]
        others = session.item_ids.grouped(self._get_item_mode)
        others.pop(mode, None)
        if not others:
            return mode
        return "; ".join(
            [
                mode,
                *(
                    wording.OTHER_MODE.format(
                        codes=", ".join(item._get_short_name() for item in items),
                        other=other,
                    )
                    for other, items in others.items()
                ),
            ]
        )

    @api.model
    def _get_presiding_words(self, session):
        """Return who presides, and from when another member did."""
        lines = session.attendance_ids
        # a gap is none that anybody presided over
        log = [step for step in session.presiding_log or [] if step["attendance"]]
        if len(log) < 2:
            line = session._get_presiding_line()
            if not line and session.state == "closed":
                # held before sessions had a presiding member, without chair or vice
                return wording.PRESIDING_CHOSEN
            return self._get_line_words(line)
        first, *others = log
        return "; ".join(
            [
                self._get_line_words(lines.browse(first["attendance"])),
                *(
                    wording.PRESIDING_SINCE.format(
                        moment=self._get_moment(
                            session.contest_id,
                            fields.Datetime.to_datetime(step["since"]),
                        ),
                        name=self._get_line_words(lines.browse(step["attendance"])),
                    )
                    for step in others
                ),
            ]
        )

    @api.model
    def _get_line_words(self, line):
        """Return name and role of a line of the roll."""
        return " - ".join(
            filter(None, [self._get_member_name(line), self._get_role_words(line)])
        )

    @api.model
    def _get_session_entries(self, session):
        """Return the entries of the agenda that the maker may read."""
        return self.env["hoithi.entry"].search(
            [("id", "in", session.item_ids.entry_id.ids)]
        )

    @api.model
    def _get_item_rows(self, session):
        """Return a row for each item of the agenda.

        Items name their entries to all of the council; the other facts of an entry in
        conflict with the maker stay empty.
        """
        entries = self._get_session_entries(session)
        rows = []
        for number, item in enumerate(session.item_ids, 1):
            entry = item.entry_id.with_prefetch(entries.ids)
            row = {
                "number": number,
                "code": item.entry_code or "",
                "title": kinds.clean(item.entry_name or ""),
                "authors": "",
                "unit": "",
                "field": item.field_id.display_name or "",
            }
            if entry in entries:
                # what is asked of it stands in the title of the item
                row |= self._get_entry_texts(entry) | {"title": row["title"]}
            rows.append(row)
        return rows

    @api.model
    def _get_ballot_items(self, session):
        """Return what is voted on by ballot papers, where a part of the agenda is."""
        hidden = session.item_ids.filtered(lambda item: item.ballot_mode == "secret")
        return hidden or session.item_ids

    @api.model
    def _get_votes(self, item):
        """Return the tally of an item; empty texts before it is counted."""
        papers = ("issued", "collected", "valid", "invalid")
        voices = ("agree", "disagree", "abstain")
        if item.state != "counted":
            names = (*papers, *voices, "votes", "base", "ratio", "outcome")
            return dict.fromkeys(names, "")
        counts = {name: str(item[name]) for name in (*papers, *voices)}
        votes = wording.VOTES[item.ballot_mode].format(
            mode=self._get_item_mode(item), **counts
        )
        # what there isn't stays empty: ballots where hands are raised, abstentions else
        unknown = papers if item.ballot_mode == "open" else ("abstain",)
        if scopes := item._get_scopes_counted():
            votes += wording.SCOPE_VOTES.format(
                votes=", ".join(
                    f"{wording.SCOPES[scope]} {scopes[scope]}" for scope in scopes
                )
            )
        if item.written:
            votes += self._get_written_words(item)
        return {
            **counts,
            **dict.fromkeys(unknown, ""),
            "votes": votes,
            "base": str(item.base_count),
            "ratio": wording.share(item._get_agreeing(), item.base_count),
            "outcome": self._get_outcome_words(item),
        }

    @api.model
    def _get_outcome_words(self, item):
        """Return what the council decided on an item, with the scope that it chose."""
        outcome = wording.OUTCOMES[item.outcome]
        if not item.outcome_scope:
            return outcome
        return wording.OUTCOME_SCOPE.format(
            outcome=outcome, scope=wording.SCOPES[item.outcome_scope]
        )

    @api.model
    def _get_item_mode(self, item):
        """Return how is voted on an item, or on all of a session."""
        return wording.BALLOT_MODES["paper" if item.on_paper else item.ballot_mode]

    @api.model
    def _get_written_words(self, item):
        """Return what absent members wrote, in numbers, to follow the votes."""
        words = (
            wording.WRITTEN_COUNTED
            if item._counts_written()
            else wording.WRITTEN_RECORDED
        )
        return words.format(
            written=item.written,
            agree=item.written_agree,
            disagree=item.written_disagree,
            abstain=item.written - item.written_agree - item.written_disagree,
        )

    @api.model
    def _get_opinions(self, item):
        """Return what each absent member wrote, of an open vote that is counted."""
        if item.state != "counted" or item.ballot_mode != "open":
            return []
        # whoever makes the minutes writes down what the whole council hears
        opinions_sudo = item.sudo().opinion_ids.filtered("is_counted")
        return [
            wording.WRITTEN_OPINION.format(
                name=self._get_name_on_roll(item.session_id, opinion.member_id),
                choice=wording.CHOICES[opinion.choice],
                note=f": {kinds.clean(opinion.note)}" if opinion.note else "",
            )
            for opinion in opinions_sudo
        ]

    @api.model
    def _get_restart(self, item):
        """Return why a vote was taken again, with what had been counted before."""
        former = [
            (
                wording.FORMER_OPEN_COUNT
                if vote.get("mode") == "open"
                else wording.FORMER_COUNT
            ).format(**vote)
            for vote in item.former_votes or []
        ]
        return "; ".join(filter(None, [item.restart_reason, *former]))

    @api.model
    def _get_early_count(self, item):
        """Return how many ballots were out at the count, and why it didn't wait."""
        if not item.early_reason:
            return ""
        words = (
            wording.OPEN_COUNTED_EARLY
            if item.ballot_mode == "open"
            else wording.COUNTED_EARLY
        )
        return words.format(
            out=item.issued - item.collected,
            issued=item.issued,
            reason=item.early_reason,
        )

    @api.model
    def _get_recused(self, item):
        return ", ".join(
            self._get_name_on_roll(item.session_id, member)
            for member in item.recused_ids
        )

    @api.model
    def _get_name_on_roll(self, session, member):
        """Return the name that a member had when the session opened."""
        line = session.attendance_ids.filtered(lambda line: line.member_id == member)
        return self._get_member_name(line or member)

    # UNITS

    @api.model
    def _get_root(self, department):
        """Return the unit that a department is part of."""
        # the tree of units is for all staff to see
        path = (department.sudo().parent_path or "").split("/")
        return department.browse(int(path[0])) if path[0] else department

    @api.model
    def _get_units(self, contest):
        """Return the units that take part: those of the plan, of outreach, of entries.

        A contest whose plan names no unit is for all units of the department.
        """
        planned = (
            contest.task_ids.lead_department_id
            | contest.task_ids.cooperating_department_ids
        )
        if not planned:
            units = planned.search(
                [("company_id", "=", contest.company_id.id), ("parent_id", "=", False)]
            )
        else:
            units = planned.browse(self._get_root(unit).id for unit in planned)
        acted = contest.outreach_ids.department_id | planned.concat(
            *(
                department
                for (department,) in self.env["hoithi.entry"]._read_group(
                    [("contest_id", "=", contest.id)], ["department_id"]
                )
            )
        )
        units |= planned.browse(self._get_root(unit).id for unit in acted if unit)
        return units.sorted(lambda unit: unit.name or "")

    @api.model
    def _count_by_unit(self, contest, names, on=None):
        """Return the numbers of entries of units, those of their parts included.

        None is left out, so that they add up to the totals.

        :return: {unit: {name: number}}; entries without a unit come last
        """
        zeros = dict.fromkeys(names, 0)
        result = {unit: dict(zeros) for unit in self._get_units(contest)}
        for (department,), row in (
            self.env["hoithi.figures"]
            ._count_entries(contest, names, ["department_id"], on)
            .items()
        ):
            unit = self._get_root(department) if department else department
            total = result.setdefault(unit, dict(zeros))
            for name, number in row.items():
                total[name] += number
        return result

    # AGENCY

    @api.model
    def _get_issuer(self, document):
        """Return who decides, as “GIÁM ĐỐC SỞ …”."""
        agency = self._get_agency_context(document)
        return f"{agency['head_title']} {agency['name']}".upper().strip()
