import hashlib
import json
import re
import secrets
import unicodedata
from functools import cached_property
from itertools import zip_longest

from odoo.exceptions import UserError
from odoo.fields import Command

from ...lib.contest import persons, writing
from ...lib.guard import moments, plain_text
from ...lib.guard.texts import visible
from ...models.contest.hoithi_person import OWN_ROW_ID, TooManyQueries
from ...models.contest.hoithi_submission_mixin import (
    ADVISED_WORDS,
    LOOKS_AT,
    TEXT_FIELDS,
)
from ...tools import format_number, format_size

TYPED_FIELDS = (*TEXT_FIELDS, "investor", "ai_use")
SELECTION_FIELDS = (
    "participant_type",
    "solution_type",
    "novelty_level",
    "protection",
)
DATE_FIELDS = ("first_applied_date", "trial_applied_date")
AMOUNT_FIELDS = ("benefit_amount",)
FLAG_FIELDS = ("consent_publish",)
FORM_FIELDS = (
    *TYPED_FIELDS,
    "field_id",
    *SELECTION_FIELDS,
    *DATE_FIELDS,
    *AMOUNT_FIELDS,
    *FLAG_FIELDS,
)
AUTHOR_INPUTS = (
    "author_id",
    "author_name",
    "author_email",
    "author_percent",
    "author_choice",
    "author_workplace",
)
#: The choice of somebody who works elsewhere; other choices are offers of colleagues.
OUTSIDER = "outsider"
NEEDED_FIELDS = {"name", "field_id", "solution_content", "first_applied_date"}
BLANK_AUTHOR_ROWS = 3


def parse_number(text):
    """Read a number with a decimal point or comma.

    :raises ValueError: where it isn't a number
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?", text):
        raise ValueError(text)
    return float(text.replace(",", "."))


def write_number(number):
    """Write a number as an input shows it and takes it back, whatever the language."""
    return f"{number or 0:.2f}".rstrip("0").rstrip(".")


def get_digest(text):
    """Return what stands for a text as it was shown, whatever a browser made of it."""
    plain = str(text or "").replace("\r\n", "\n").strip()
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def get_anchor(gap):
    """Return the id of the place on the form where something is missing."""
    if gap.dossier_type_id:
        return f"hoithi_slot_{gap.dossier_type_id}"
    if gap.field in ("author_ids", "contribution_percent"):
        return "hoithi_section_authors"
    return f"hoithi_{gap.field}"


class EntryForm:
    """The form of an entry: what is shown in its inputs, and what was typed there.

    `values` and `rows` hold texts as inputs show them. After `take_over`, `vals` holds
    what may be written, and `errors` one message for each input that can't be.
    """

    def __init__(self, contest, entry=None):
        self.env = contest.env
        self.contest = contest
        self.entry = self.env["hoithi.entry"] if entry is None else entry
        self.fields = self.env["hoithi.entry"]._fields
        # what is typed in many writings, and said back as it was understood
        self.read_fields = {*DATE_FIELDS, *AMOUNT_FIELDS}
        self.show()
        self.vals = {}
        self.errors = {}
        # {name: how an amount or a date was understood}
        self.understood = {}
        # {name: what somebody else, or another tab, made of a field typed here as well}
        self.conflicts = {}
        # {name: what it became meanwhile}, of fields that nobody typed in here
        self.changed = {}
        # what the page was made with, see `version`
        self.base = {}
        self.form_key = secrets.token_urlsafe(12)
        self.author_commands = []
        self.own_percent = None
        self.is_typed = False
        # a colleague is looked for, and nothing saved yet
        self.is_finding = False
        # {name: why nobody was looked for}, of authors that are kept nevertheless
        self.unasked = {}
        # which of the posted lines nobody typed in, and somebody took out meanwhile
        self.lost_rows = []

    @property
    def field_choices(self):
        """Fields of the contest that may be chosen."""
        return self.contest.field_ids

    @cached_property
    def obligatory_texts(self):
        """What criteria look at, where the contest asks for these texts."""
        if not self.contest.require_texts:
            return set()
        return set(self.contest._get_criteria_by_text(self.entry.field_id))

    @cached_property
    def points(self):
        """Points of the criteria that look at a text, by its name."""
        points = {}
        criteria_by_text = self.contest._get_criteria_by_text(self.entry.field_id)
        for looks_at, criteria in criteria_by_text.items():
            names = LOOKS_AT[looks_at]
            name = looks_at if len(names) > 1 else names[0]
            points[name] = criteria._add_up({c: c.max_score for c in criteria})
        return points

    @property
    def advised_words(self):
        """How many words a text may well have, by its name."""
        return ADVISED_WORDS

    @cached_property
    def step_titles(self):
        """The five steps, in their order."""
        return {
            "solution": self.env._("Solution"),
            "authors": self.env._("Authors"),
            "description": self.env._("Description and effects"),
            "files": self.env._("Files"),
            "check": self.env._("Check and submit"),
        }

    @property
    def is_more_open(self):
        """Whether what is seldom needed is unfolded."""
        names = ("short_name", "trial_applied_date")
        return any(self.values.get(name) or name in self.errors for name in names)

    @cached_property
    def progress(self):
        """How far the entry is, see `hoithi.submission.mixin`."""
        return self._get_record()._get_progress()

    @cached_property
    def photograph_gap(self):
        """The photograph that the registration form would print, where it lacks."""
        return self._get_record()._get_photograph_gap()

    @cached_property
    def remarks(self):
        """What is kept and yet won't do, as a date out of range, by its field."""
        remarks = {}
        if self.entry:
            for gap in self.entry._get_gaps():
                if gap.field in self.read_fields and self.values.get(gap.field):
                    remarks.setdefault(gap.field, gap.text)
            for beyond in self.entry._get_beyond():
                told = remarks.get(beyond.field)
                remarks[beyond.field] = " ".join(filter(None, [told, beyond.text]))
        return remarks

    @cached_property
    def alike(self):
        """What is told of titles like that of the entry, see `_find_alike`."""
        entries = self.env["hoithi.entry"]
        return entries._find_alike(self.contest, self.values["name"], self.entry)

    def _get_record(self):
        """Return the entry, or what would become of a new one."""
        if self.entry:
            return self.entry
        employee_sudo = self.env["hoithi.entry"]._get_my_employee(
            self.contest.company_id
        )
        own_line = {
            "full_name": employee_sudo.name or self.env.user.name,
            "employee_id": employee_sudo.id,
            "partner_id": self.env.user.partner_id.id,
            "contribution_percent": 100.0,
            "is_representative": True,
        }
        return self.env["hoithi.entry"].new(
            {
                "contest_id": self.contest.id,
                "participant_type": "individual",
                "author_ids": [Command.create(own_line)],
            }
        )

    def get_described(self, name, hint=None):
        """Return the ids of what describes an input."""
        parts = ["hint"] * bool(hint) + ["error"]
        parts += ["understood"] * (name in self.read_fields)
        parts += ["count"] * (name in ADVISED_WORDS)
        return " ".join(f"hoithi_{name}_{part}" for part in parts)

    get_anchor = staticmethod(get_anchor)

    def get_summary(self, step):
        """Tell in a line what is kept of a step."""
        entry = self.entry
        if not entry:
            return ""
        if step == "solution":
            return entry.name
        if step == "authors":
            count = len(entry.author_ids)
            unconfirmed = len(
                entry.author_ids.filtered(
                    lambda line: not (line.confirmed_on or line.is_representative)
                )
            )
            told = self.env._("Persons: %s", count)
            if unconfirmed:
                told += "; " + self.env._(
                    "not confirmed yet: %s (this doesn't keep you from submitting)",
                    unconfirmed,
                )
            return told
        if step == "description":
            words = sum(
                len((entry[name] or "").split())
                for name in ADVISED_WORDS
                if name != "name"
            )
            return self.env._("Words: %s", format_number(self.env, words))
        items = entry.dossier_ids
        if not items:
            return ""
        return self.env._(
            "Files: %(count)s, %(size)s",
            count=len(items),
            size=format_size(self.env, sum(items.mapped("file_size"))),
        )

    @property
    def version(self):
        """What the fields are now, as a post brings it back.

        A field that isn't any more what the page was made with was changed meanwhile.
        """
        version = {name: get_digest(self._shown[name]) for name in FORM_FIELDS}
        version["author_ids"] = {
            row["id"]: self._get_row_digest(row)
            for row in self._shown_rows
            if row["id"] not in ("", OWN_ROW_ID)
        }
        if not self.entry:
            version["form_key"] = self.form_key
        return json.dumps(version)

    @property
    def needed_fields(self):
        """Inputs that are marked as needed for the submission."""
        # of the effects one is enough: the heading says so
        asked = {*self.contest._get_asked_fields()} - {"investor"}
        return NEEDED_FIELDS | asked | (self.obligatory_texts - {"effects"})

    def selection(self, name):
        """Return the choices of a selection field, in the reader's language."""
        return self.fields[name]._description_selection(self.env)

    def label(self, name):
        """Return a field's label in the reader's language."""
        return self.fields[name]._description_string(self.env)

    @property
    def applied_hint(self):
        """Tell from which year on an application counts."""
        example = self.env._("For example 01/03/2025 or 3/2025.")
        if not self.contest.eligible_from_year:
            return example
        told = self.env._(
            "Applied in %(year)s or later.", year=self.contest.eligible_from_year
        )
        return f"{told} {example}"

    def blank_rows(self):
        """Return empty rows for further authors, so that no script is needed."""
        return [self._make_row() for _i in range(BLANK_AUTHOR_ROWS)]

    def get_problems(self):
        """Return what is wrong: pairs of the input it is about and how it is told.

        Each input is meant by the id that it has on the page.
        """
        problems = []
        for name, text in self.errors.items():
            if name != "author_ids":
                problems.append((f"hoithi_{name}", text))
                continue
            rows = [
                (f"hoithi_author_name_{index}", row["error"])
                for index, row in enumerate(self.rows)
                if row.get("error")
            ]
            problems += rows or [("hoithi_section_authors", text)]
        return problems

    # SHOWN

    def show(self):
        """Show what is kept."""
        self.values = self._get_values()
        self.rows = self._get_rows()
        # what is typed is put into the values, not here
        self._shown = dict(self.values)
        self._shown_rows = [dict(row) for row in self.rows]

    def _get_row_digest(self, row):
        names = ["percent"]
        if not row["is_fixed"]:
            names += ["name", "email", "choice", "workplace"]
        return get_digest("\n".join(row[name] or "" for name in names))

    def _get_values(self):
        if not self.entry:
            return {**dict.fromkeys(FORM_FIELDS, ""), "participant_type": "individual"}
        values = {name: self.entry[name] or "" for name in FORM_FIELDS}
        values["field_id"] = str(self.entry.field_id.id or "")
        for name in DATE_FIELDS:
            values[name] = moments.write_day(self.entry[name]) or ""
        for name in AMOUNT_FIELDS:
            amount = self.entry[name]
            values[name] = writing.write_amount(amount) if amount else ""
        return values

    def _get_rows(self):
        if self.entry:
            return [self._make_row(author) for author in self.entry.author_ids]
        employee_sudo = self.env["hoithi.entry"]._get_my_employee(
            self.contest.company_id
        )
        return [
            {
                **self._make_row(),
                "id": OWN_ROW_ID,
                "name": employee_sudo.name or self.env.user.name,
                "unit": employee_sudo.department_id.name or "",
                "percent": "100",
                "is_own": True,
                "is_fixed": True,
            }
        ]

    def _make_row(self, author=None):
        if not author:
            author = self.env["hoithi.entry.author"]
        return {
            "id": str(author.id or ""),
            "name": author.full_name or "",
            "email": author.email or "",
            "percent": (write_number(author.contribution_percent) if author else ""),
            "choice": OUTSIDER if author.is_outsider else "",
            "workplace": author.workplace or "",
            # units are closed to staff; name and unit of a co-author are theirs to know
            "unit": author.department_id.sudo().name or "",
            "offers": [],
            "delete": False,
            "is_own": author.is_representative,
            # another person is another line: HR's data isn't typed over
            "is_fixed": author.is_representative or bool(author.employee_id),
            "is_unknown": bool(author) and author.identification == "unknown",
            "confirmed_on": author.confirmed_on,
            "declined_on": author.declined_on,
        }

    # TYPED

    def take_over(self, posted):
        """Read what was posted; inputs that weren't posted stay as they are.

        :param posted: the request's MultiDict of the form
        """
        self.is_typed = True
        self._read_version(posted.get("version"))
        for name in FORM_FIELDS:
            if name in posted:
                # a checkbox comes after its hidden "no"
                text = posted.getlist(name)[-1]
                self._read_text(name, text.replace("\x00", "").replace("\r\n", "\n"))
        if not self.vals.get("name") and (not self.entry or "name" in self.vals):
            self.errors["name"] = self.env._("Give the solution a name.")
        if any(name in posted for name in (*AUTHOR_INPUTS, "author_delete")):
            self._read_authors(posted)

    def _read_version(self, text):
        try:
            base = json.loads(text or "{}")
        except (ValueError, RecursionError):
            # not what the page was made with
            base = {}
        self.base = base if isinstance(base, dict) else {}
        if not isinstance(self.base.get("author_ids"), dict):
            self.base["author_ids"] = {}
        form_key = plain_text.clean_line(str(self.base.get("form_key") or ""))
        self.form_key = form_key[:40] or self.form_key

    def _read_text(self, name, text):
        base, now = self.base.get(name), get_digest(self._shown[name])
        if base and get_digest(text) == base:
            # nobody typed here: what it became meanwhile stays
            if now != base:
                self.changed[name] = self._shown[name]
            return
        self.values[name] = text
        if not text.strip() and name in ("participant_type", "solution_type"):
            # no choice was made: what is chosen stays
            return
        try:
            value = self._convert(name, text.strip())
        except ValueError:
            self.errors[name] = self._get_error(name)
            return
        if base and now != base and self.entry and not self._is_kept(name, value):
            self.conflicts[name] = self._shown[name]
            self.errors[name] = self.env._(
                "%(field)s: changed meanwhile by %(who)s. Yours isn't saved yet: save "
                "again to keep it, or take over what is there now.",
                field=self.label(name),
                who=self.last_editor,
            )
            return
        self.vals[name] = value

    def _is_kept(self, name, value):
        """Tell whether a field is this already."""
        kept = self.fields[name].convert_to_write(self.entry[name], self.entry)
        return kept == value or not (kept or value)

    @property
    def last_editor(self):
        """Who of those who work at the entry changed it last, and when.

        Of the Office and the council no name and no moment: once an entry is judged,
        its last change tells when a sheet came in.
        """
        # staff may not read users; who works at the same entry is theirs to know
        entry_sudo = self.entry.sudo()
        user_sudo = entry_sudo.write_uid
        moment = self.contest._format_moment(entry_sudo.write_date)
        if self.entry.can_edit and user_sudo == self.env.user:
            return self.env._("yourself in another tab, %s", moment)
        authors_sudo = entry_sudo.author_ids.filtered(lambda line: not line.declined_on)
        if self.entry.can_edit and user_sudo.partner_id in authors_sudo.partner_id:
            return self.env._(
                "%(name)s, %(moment)s", name=user_sudo.name, moment=moment
            )
        return self.env._("the Office")

    def _convert(self, name, text):
        if name in FLAG_FIELDS:
            return text not in ("", "0", "false", "False")
        if name == "name":
            # one line, though its input shows several
            return " ".join(text.split())
        if name in TYPED_FIELDS:
            return text
        if not text:
            return False
        if name == "field_id":
            field_id = int(text)
            if field_id not in self.field_choices.ids:
                raise ValueError(text)
            return field_id
        if name in SELECTION_FIELDS:
            if text not in self.fields[name].get_values(self.env):
                raise ValueError(text)
            return text
        if name in DATE_FIELDS:
            return self._read_date(name, text)
        return self._read_amount(name, text)

    def _read_date(self, name, text):
        day = writing.parse_day(text)
        shown = moments.write_day(day.date)
        if day.is_month:
            self.understood[name] = self.env._(
                "Understood as %(month)s; kept as %(day)s.",
                month=moments.write_month(day.date),
                day=shown,
            )
        elif text != shown:
            self.understood[name] = self.env._("Understood as %s.", shown)
        return day.date

    def _read_amount(self, name, text):
        amount = writing.parse_amount(text)
        shown = writing.write_amount(amount)
        if text != shown:
            self.understood[name] = self.env._("Understood as %s dong.", shown)
        return amount

    def _get_error(self, name):
        if name in DATE_FIELDS:
            return self.env._(
                "%(field)s: “%(text)s” isn't a date. Write it as 01/03/2025 or 3/2025.",
                field=self.label(name),
                text=self.values[name],
            )
        if name in AMOUNT_FIELDS:
            return self.env._(
                "%(field)s: “%(text)s” isn't an amount. Write it as 1.500.000, "
                "480 triệu or 1,5 tỷ.",
                field=self.label(name),
                text=self.values[name],
            )
        return self.env._(
            "%(field)s: this choice isn't offered here.", field=self.label(name)
        )

    def _read_authors(self, posted):
        known = {row["id"]: row for row in self.rows}
        authors = {str(author.id): author for author in self.entry.author_ids}
        deleted = set(posted.getlist("author_delete"))
        seen = set()
        columns = (posted.getlist(name) for name in AUTHOR_INPUTS)
        self.is_finding = "author_find" in posted
        typed_rows = []
        unseen = self._get_unseen_rows()
        for index, (author_id, *texts) in enumerate(
            zip_longest(*columns, fillvalue="")
        ):
            name, email, percent, choice, workplace = (
                text.replace("\x00", "").strip() for text in texts
            )
            made = self._find_made(author_id, name, email, choice, workplace, unseen)
            if made:
                author_id = made["id"]
                unseen.remove(made)
            if author_id not in known and author_id in self.base["author_ids"]:
                texts = {
                    "name": name,
                    "email": email,
                    "percent": percent,
                    "choice": choice,
                    "workplace": workplace,
                }
                typed_rows += self._read_lost_row(author_id, texts, index)
                continue
            if author_id and (author_id not in known or author_id in seen):
                self.errors["author_ids"] = self.env._(
                    "A line of the authors doesn't belong to this entry. Open the "
                    "page again."
                )
                continue
            if not (author_id or name or email or percent):
                continue
            row = {**(known.get(author_id) or self._make_row()), "percent": percent}
            if not row["is_fixed"]:
                row.update(name=name, email=email)
                # asked with the form, and by it alone
                row["is_asked"] = "author_choice" in posted
                if row["is_asked"]:
                    row.update(choice=choice, workplace=workplace)
            row["delete"] = bool(author_id) and author_id in deleted
            seen.add(author_id or None)
            row["index"] = index
            if author_id and self._is_row_settled(row, known[author_id]):
                typed_rows.append(row)
                continue
            typed_rows.append(row)
            if self.is_finding:
                self._keep_choice(row)
                if posted["author_find"] == str(index):
                    self._find_colleagues(row, taken=self._get_taken(posted, index))
            else:
                self._read_author(row, authors.get(author_id))
        # lines that weren't posted stay; one may be deleted by its id alone
        for author_id, row in known.items():
            if author_id in seen:
                continue
            row["delete"] = author_id in deleted
            typed_rows.append(row)
            if row["delete"] and author_id in authors:
                self.author_commands.append(Command.delete(int(author_id)))
        self.rows = typed_rows

    def _get_unseen_rows(self):
        """Return the lines that a page didn't know of when it posted its own."""
        if not self.entry or "name" not in self.base:
            return []
        return [row for row in self.rows if row["id"] not in self.base["author_ids"]]

    def _find_made(self, author_id, name, email, choice, workplace, unseen):
        """Return the line that a posted row has made already, if any.

        A row that is sent again, as its answer was lost, doesn't know its line.
        """
        if author_id == OWN_ROW_ID:
            return next((row for row in unseen if row["is_own"]), None)
        if author_id or not name:
            return None
        typed = (name, email, choice, workplace)
        for row in unseen:
            kept = tuple(row[key] for key in ("name", "email", "choice", "workplace"))
            if typed == kept or (row["is_fixed"] and self._is_chosen(choice, row)):
                return row
        return None

    def _is_chosen(self, choice, row):
        """Tell whether a choice means the colleague who stands in a line already."""
        if choice in ("", OUTSIDER):
            return False
        try:
            employee_sudo = self.env["hoithi.person"]._read_offer(choice, self.contest)
        except UserError:
            return False
        author = self.entry.author_ids.browse(int(row["id"]))
        return author.employee_id.id == employee_sudo.id

    def _read_lost_row(self, author_id, texts, index):
        """Return the rows to show for a line that was taken out meanwhile.

        None, unless something was typed in it since the page was made.
        """
        row = {**self._make_row(), **texts, "index": index}
        digests = {
            self._get_row_digest({**row, "is_fixed": fixed}) for fixed in (True, False)
        }
        if self.base["author_ids"][author_id] in digests:
            self.changed["author_ids"] = ""
            self.lost_rows.append(index)
            return []
        row["error"] = self.env._(
            "%s was taken out meanwhile: save again to put the person back.",
            texts["name"] or texts["email"],
        )
        self.errors.setdefault("author_ids", row["error"])
        return [row]

    def _is_row_settled(self, row, kept):
        """Tell whether a typed row isn't written: as it was, or changed elsewhere."""
        base = self.base["author_ids"].get(row["id"])
        now, typed = self._get_row_digest(kept), self._get_row_digest(row)
        if not base or row["delete"]:
            return False
        if typed == base:
            # nobody typed here: what it became meanwhile stays
            if now != base:
                self.changed["author_ids"] = ""
                row.update(kept, is_changed=True)
            return True
        if now in (base, typed):
            return False
        row["error"] = self.env._(
            "%(name)s: changed meanwhile by %(who)s, to a share of %(percent)s %%. "
            "Yours isn't saved yet: save again to keep it.",
            name=kept["name"] or kept["email"],
            who=self.last_editor,
            percent=kept["percent"],
        )
        row["is_conflict"] = True
        self.errors.setdefault("author_ids", row["error"])
        return True

    def _read_author(self, row, author):
        if row["delete"]:
            if author:
                self.author_commands.append(Command.delete(author.id))
            return
        vals = {}
        if row["percent"]:
            try:
                vals["contribution_percent"] = parse_number(
                    row["percent"].removesuffix("%")
                )
            except ValueError:
                row["error"] = self.env._(
                    "Share of %(name)s: “%(text)s” isn't a number.",
                    name=row["name"] or self.env._("the co-author"),
                    text=row["percent"],
                )
        elif author or row["is_own"]:
            vals["contribution_percent"] = 0.0
        if not row["is_fixed"]:
            vals |= self._read_person(row, author)
        if row.get("error"):
            self.errors.setdefault("author_ids", row["error"])
            return
        if author:
            if any((author[name] or "") != (vals[name] or "") for name in vals):
                self.author_commands.append(Command.update(author.id, vals))
        elif row["is_own"]:
            self.own_percent = vals["contribution_percent"]
        else:
            self.author_commands.append(Command.create(vals))

    def _read_person(self, row, author):
        """Return the values that tell who an author is; else the row has an error."""
        if not (row["name"] or row["email"]):
            row["error"] = self.env._("A co-author needs a name or an email.")
            return {}
        if row["choice"] not in ("", OUTSIDER):
            self._keep_choice(row)
            return {"offer": row["choice"]}
        vals = {"full_name": row["name"], "email": row["email"]}
        is_outsider = row["choice"] == OUTSIDER
        if row.get("is_asked") or not author:
            vals |= {
                "is_outsider": is_outsider,
                "workplace": row["workplace"] if is_outsider else "",
            }
        if is_outsider:
            if not row["workplace"]:
                row["error"] = self.env._(
                    "Tell where %s works, who isn't a colleague.", row["name"]
                )
            return vals
        is_typed = not author or any(
            (author[name] or "") != vals[name] for name in ("full_name", "email")
        )
        if is_typed and row["email"]:
            try:
                self._find_colleagues(row, row["email"])
            except TooManyQueries as error:
                # the line is kept as that of somebody who isn't identified yet
                self.unasked[
                    visible(row["name"]) or persons.address_key(row["email"])
                ] = str(error)
            for offer in row["offers"]:
                if row["name"] in ("", row["email"]) or persons.same_words(
                    row["name"], offer["name"]
                ):
                    return {"offer": offer["offer"]}
                row["error"] = self.env._(
                    "The address %(address)s belongs to %(colleague)s, and you typed "
                    "%(name)s. Choose whom you mean.",
                    address=row["email"],
                    colleague=offer["name"],
                    name=row["name"],
                )
        return vals

    def _get_taken(self, posted, index):
        """Return who is in the list beside the row that is `index`."""
        taken = {
            key
            for name in ("author_id", "author_choice")
            for row, key in enumerate(posted.getlist(name))
            if row != index
        }
        return [*(taken - {*posted.getlist("author_delete")})]

    def _find_colleagues(self, row, text=None, taken=()):
        """Offer colleagues for what was typed in a row."""
        finder = self.env["hoithi.person"]
        try:
            row["offers"] = finder._find_colleagues(
                self.contest, text or row["name"] or row["email"], taken
            )
        except UserError as error:
            if text and isinstance(error, TooManyQueries):
                raise
            row["error"] = str(error)
        row["is_sought"] = text is None

    def _keep_choice(self, row):
        """Show the colleague who was chosen among those offered."""
        if row["choice"] in ("", OUTSIDER):
            return
        finder = self.env["hoithi.person"]
        try:
            employee_sudo = finder._read_offer(row["choice"], self.contest)
        except UserError as error:
            row.update(choice="", error=str(error))
            return
        row["offers"] = [
            {
                "name": employee_sudo.name,
                "unit": employee_sudo.department_id.name or "",
                "offer": row["choice"],
            }
        ]

    # WRITTEN

    def create_entry(self):
        """Create the draft with the user's own rights and return it."""
        entry = self.env["hoithi.entry"].create(
            {"contest_id": self.contest.id, "form_key": self.form_key, **self.vals}
        )
        commands = list(self.author_commands)
        own_line = entry.representative_id
        if self.own_percent not in (None, own_line.contribution_percent):
            own_vals = {"contribution_percent": self.own_percent}
            commands.append(Command.update(own_line.id, own_vals))
        if commands:
            entry.write({"author_ids": commands})
        return entry

    def save_entry(self, names=None):
        """Write what was typed with the user's own rights.

        :param names: of the fields to write, "author_ids" among them; all by default
        """
        vals = {
            name: value
            for name, value in self.vals.items()
            if not self._is_kept(name, value)
        }
        if self.author_commands:
            vals["author_ids"] = self.author_commands
        if names is not None:
            vals = {name: vals[name] for name in names if name in vals}
        if vals:
            self.entry.write(vals)
