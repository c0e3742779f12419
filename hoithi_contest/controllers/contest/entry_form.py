import re
from datetime import datetime
from functools import cached_property
from itertools import zip_longest

from odoo.exceptions import UserError
from odoo.fields import Command, Date

from ...lib.contest import persons
from ...lib.guard.texts import visible
from ...models.contest.hoithi_person import TooManyQueries

TEXT_FIELDS = (
    "name",
    "short_name",
    "known_solution",
    "solution_content",
    "novelty",
    "applicability",
    "technical_benefit",
    "economic_benefit",
    "social_benefit",
    "application_place",
    "confidential_info",
)
SELECTION_FIELDS = ("participant_type", "solution_type", "novelty_level")
DATE_FIELDS = ("first_applied_date", "trial_applied_date")
AMOUNT_FIELDS = ("benefit_amount",)
FLAG_FIELDS = ("consent_publish",)
FORM_FIELDS = (
    *TEXT_FIELDS,
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
OWN_ROW_ID = "0"

_GROUPED = re.compile(r"\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*")


def parse_number(text, grouped=False):
    """Read a number with a decimal point or comma.

    :param grouped: read 1.500.000 and 1,500,000 as one and a half million
    :raises ValueError: where it isn't a number
    """
    text = text.strip()
    if grouped and _GROUPED.fullmatch(text):
        text = re.sub(r"\D", "", text)
    if not re.fullmatch(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?", text):
        raise ValueError(text)
    return float(text.replace(",", "."))


def write_number(number):
    """Write a number as an input shows it and takes it back, whatever the language."""
    return f"{number or 0:.2f}".rstrip("0").rstrip(".")


def write_amount(amount):
    """Write an amount of money as an input shows it, with its thousands apart."""
    if amount % 1:
        return write_number(amount)
    return f"{amount:,.0f}".replace(",", ".")


def parse_date(text):
    """Read a date as a browser posts it, or as it is written in Vietnam.

    :raises ValueError: where it is neither
    """
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    raise ValueError(text)


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
        self.values = self._get_values()
        self.rows = self._get_rows()
        self.vals = {}
        self.errors = {}
        self.author_commands = []
        self.own_percent = None
        self.is_typed = False
        # a colleague is looked for, and nothing saved yet
        self.is_finding = False
        # {name: why nobody was looked for}, of authors that are kept nevertheless
        self.unasked = {}

    @property
    def field_choices(self):
        """Fields of the contest that may be chosen."""
        return self.contest.field_ids

    @cached_property
    def obligatory_texts(self):
        """What criteria look at, where the contest asks for these texts."""
        if not self.contest.require_texts:
            return set()
        return set(self.contest._get_criteria_by_text())

    @property
    def needed_fields(self):
        """Inputs that are marked as needed for the submission."""
        # of the effects one is enough: the heading says so
        return NEEDED_FIELDS | (self.obligatory_texts - {"effects"})

    def selection(self, name):
        """Return the choices of a selection field, in the reader's language."""
        return self.fields[name]._description_selection(self.env)

    def label(self, name):
        """Return a field's label in the reader's language."""
        return self.fields[name]._description_string(self.env)

    @property
    def applied_hint(self):
        """Tell from which year on an application counts."""
        if not self.contest.eligible_from_year:
            return ""
        return self.env._(
            "Applied in %(year)s or later.", year=self.contest.eligible_from_year
        )

    def blank_rows(self):
        """Return empty rows for further authors, so that no script is needed."""
        return [self._make_row() for _i in range(BLANK_AUTHOR_ROWS)]

    # SHOWN

    def _get_values(self):
        if not self.entry:
            return {"participant_type": "individual"}
        values = {name: self.entry[name] or "" for name in FORM_FIELDS}
        values["field_id"] = str(self.entry.field_id.id or "")
        for name in DATE_FIELDS:
            values[name] = Date.to_string(self.entry[name]) or ""
        for name in AMOUNT_FIELDS:
            amount = self.entry[name]
            values[name] = write_amount(amount) if amount else ""
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
        for name in FORM_FIELDS:
            if name not in posted:
                continue
            # a checkbox comes after its hidden "no"
            text = posted.getlist(name)[-1]
            text = text.replace("\x00", "").replace("\r\n", "\n")
            self.values[name] = text
            if not text.strip() and name in ("participant_type", "solution_type"):
                # no choice was made: what is chosen stays
                continue
            try:
                self.vals[name] = self._convert(name, text.strip())
            except ValueError:
                self.errors[name] = self._get_error(name)
        if not self.vals.get("name") and (not self.entry or "name" in self.vals):
            self.errors["name"] = self.env._("Give the solution a name.")
        if any(name in posted for name in (*AUTHOR_INPUTS, "author_delete")):
            self._read_authors(posted)

    def _convert(self, name, text):
        if name in FLAG_FIELDS:
            return text not in ("", "0", "false", "False")
        if name in TEXT_FIELDS:
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
            return parse_date(text)
        return parse_number(text, grouped=True)

    def _get_error(self, name):
        if name in DATE_FIELDS:
            return self.env._(
                "%(field)s: “%(text)s” isn't a date; write it as day/month/year.",
                field=self.label(name),
                text=self.values[name],
            )
        if name in AMOUNT_FIELDS:
            return self.env._(
                "%(field)s: “%(text)s” isn't a number.",
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
        for index, (author_id, *texts) in enumerate(
            zip_longest(*columns, fillvalue="")
        ):
            name, email, percent, choice, workplace = (
                text.replace("\x00", "").strip() for text in texts
            )
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
            typed_rows.append(row)
            if self.is_finding:
                self._keep_choice(row)
                if posted["author_find"] == str(index):
                    self._find_colleagues(row)
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

    def _find_colleagues(self, row, text=None):
        """Offer colleagues for what was typed in a row."""
        finder = self.env["hoithi.person"]
        try:
            row["offers"] = finder._find_colleagues(
                self.contest, text or row["name"] or row["email"]
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
            {"contest_id": self.contest.id, **self.vals}
        )
        commands = list(self.author_commands)
        own_line = entry.representative_id
        if self.own_percent not in (None, own_line.contribution_percent):
            own_vals = {"contribution_percent": self.own_percent}
            commands.append(Command.update(own_line.id, own_vals))
        if commands:
            entry.write({"author_ids": commands})
        return entry

    def save_entry(self):
        """Write what was typed with the user's own rights."""
        vals = {
            name: value
            for name, value in self.vals.items()
            if self.fields[name].convert_to_write(self.entry[name], self.entry) != value
            and (self.entry[name] or value)
        }
        if self.author_commands:
            vals["author_ids"] = self.author_commands
        if vals:
            self.entry.write(vals)
