import re
from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import escape_psql
from odoo.tools.misc import (
    babel_locale_parse,
    get_lang,
    hash_sign,
    verify_hash_signed,
)

from ...lib.contest import persons
from ...lib.guard import texts
from ..guard.hoithi_rate import TooOften

OFFER_SCOPE = "hoithi_colleague_offer"
#: As long as somebody may take to write an entry with the page open.
OFFER_HOURS = 48
#: The row of a new entry that is the caller's own, as the form calls it.
OWN_ROW_ID = "0"
LINE_ID = re.compile(r"[1-9]\d{0,8}")
#: More rows than any group has.
MOST_TAKEN = 60


class TooManyQueries(TooOften):
    """Somebody asks for more names than one does who looks for colleagues."""


class HoithiPerson(models.AbstractModel):
    """Who is meant: the one way from a typed name or address to a colleague.

    Staff have no right on HR records. They learn name and unit of the few colleagues
    that match what they typed, as an offer that is signed for them; whoever wasn't
    offered can't be named by id.
    """

    _name = "hoithi.person"
    _description = "Finder of Colleagues"

    _most_offers = 5
    # as far as the same text reaches, whoever of them is left out: who asks again and
    # again without those offered before gets no further through the staff
    _most_reached = 10
    # (span, most queries within it), for each user. A group of ten authors, each sought
    # twice, may be typed at once; who reads the directory instead gets on by 5 names a
    # query, so a house of 500 isn't read in a day.
    _query_limits = (
        (timedelta(minutes=1), 20),
        (timedelta(hours=1), 40),
        (timedelta(days=1), 80),
    )

    @api.model
    def _get_staff(self):
        """Return the model of employees, to be searched within one company.

        Of those found only name and unit may be shown to staff. Who left the
        department is nobody's colleague.
        """
        # staff have no rights on HR records
        return self.env["hr.employee"].sudo().with_context(active_test=True)

    # FINDER

    @api.model
    def _find_colleagues(self, contest, text, taken=()):
        """Return the colleagues whom `text` may mean, as offers; see `_look_for`."""
        return self._look_for(contest, text, taken)[0]

    @api.model
    def _look_for(self, contest, text, taken=()):
        """Return the colleagues whom `text` may mean, and whether these are all.

        :param contest: the contest that the caller registers for
        :param text: parts of a name, and of that of the unit, in any order, with or
            without accents, or a whole address; at least two letters
        :param taken: who is among the authors already and isn't offered again, see
            `_read_taken`
        :return: dicts with `name, unit, offer`, five at most, and whether nobody else
            is meant
        :raises AccessError: for whoever can't register
        :raises TooManyQueries: for more queries than the finder answers
        """
        self._check_may_find(contest)
        company = contest.company_id
        words = texts.fold(text).split()
        if len("".join(words)) < 2:
            return [], False
        self._count_query(company, text)
        if "@" in text:
            found_sudo = self._find_by_address(text, company)
            if len(found_sudo) > 1:
                # an address that several people share identifies none of them
                return [], True
        else:
            found_sudo = self._find_by_words(words, company)
        left_sudo = found_sudo - self._read_taken(contest, taken)
        is_whole = (
            len(found_sudo) < self._most_reached and len(left_sudo) <= self._most_offers
        )
        return self._make_offers(contest, left_sudo[: self._most_offers]), is_whole

    @api.model
    def _find_by_words(self, words, company):
        """Return the few employees in whose name, or name and unit, all words begin.

        Those who are meant by their name alone come first.

        :param words: folded, as `texts.fold` writes them
        """
        staff_sudo = self._get_staff()
        own = Domain("company_id", "child_of", company.id)
        named = {word: Domain("hoithi_name_key", "like", f" {word}") for word in words}
        found_sudo = staff_sudo.search(
            own & Domain.AND(named.values()), order="name, id", limit=self._most_reached
        )
        if len(found_sudo) == self._most_reached:
            return found_sudo
        # their names are shown with the colleagues'; they are few
        units_sudo = self.env["hr.department"].sudo()
        keys = {
            unit.id: f" {texts.fold(unit.name)}"
            for unit in units_sudo.search_fetch(
                Domain("company_id", "child_of", company.id)
                | Domain("company_id", "=", False),
                ["name"],
            )
        }
        placed = [
            domain
            | Domain(
                "department_id",
                "in",
                [id_ for id_, key in keys.items() if f" {word}" in key],
            )
            for word, domain in named.items()
        ]
        return found_sudo | staff_sudo.search(
            own & Domain.AND(placed) & Domain("id", "not in", found_sudo.ids),
            order="name, id",
            limit=self._most_reached - len(found_sudo),
        )

    @api.model
    def _check_may_find(self, contest):
        """Refuse whoever has no entry to name colleagues on."""
        entries = self.env["hoithi.entry"]
        if not self.env.user.has_group("hoithi_contest.group_secretary") and not (
            entries._get_my_employee(contest.company_id)
            and (
                contest.can_register
                or any(
                    entries.search(
                        [
                            ("contest_id", "=", contest.id),
                            "|",
                            ("state", "=", "supplement"),
                            ("is_returned", "=", True),
                        ]
                    ).mapped("can_edit")
                )
            )
        ):
            raise AccessError(
                self.env._(
                    "Colleagues are looked for while one may register for “%s”.",
                    contest.name,
                )
            )

    @api.model
    def _count_query(self, company, text):
        """Note a query of the caller.

        An address that is asked for again in one transaction, as by a form and then by
        the line that it writes, is answered as before and counts once.

        The notes lie in the database, so that they hold for all workers. A refusal
        tells something too: its query counts although nothing else of it stays. The
        secretary reads the directory anyhow, and keys in dossiers by the dozen.

        :param company: whose staff is asked for
        :param text: what was typed
        :raises TooManyQueries: beyond the limits, with the span of the widest exceeded
        """
        if self.env.user.has_group("hoithi_contest.group_secretary"):
            return
        address = persons.address_key(text)
        query = (self.env.uid, company.id, address)
        # for as long as the transaction lasts
        answered = self.env.cr.cache.setdefault(self._name, set())
        if query in answered:
            return
        kept = self.env["hoithi.rate"]._get_kept()
        if kept[query]:
            # another try of the same request, of which a note was kept
            kept[query] -= 1
            self.env.cr.postrollback.add(lambda: kept.update([query]))
            return
        # the notes are nobody's to read or to delete
        queries_sudo = self.env["hoithi.person.query"].sudo()
        now = fields.Datetime.now()
        for span, most in sorted(self._query_limits, reverse=True):
            if (
                queries_sudo.search_count(
                    [("create_uid", "=", self.env.uid), ("asked_on", ">", now - span)],
                    limit=most,
                )
                >= most
            ):
                raise TooManyQueries(
                    self.env._(
                        "You looked for many colleagues within %(span)s. Wait up to "
                        "%(span)s, then look again.",
                        span=format_timedelta(
                            span,
                            locale=babel_locale_parse(get_lang(self.env).code),
                        ),
                    )
                )
        queries_sudo.create({"asked_on": now})
        if address:
            answered.add(query)
        registry, uid = self.env.registry, self.env.uid

        def keep():
            with registry.cursor() as cr:
                env = api.Environment(cr, uid, {}, su=True)
                # whoever was made by what was rolled back asks nothing more
                if env.user.exists():
                    env[queries_sudo._name].create({"asked_on": now})
            kept.update([query])

        self.env.cr.postrollback.add(keep)

    # OFFERS

    @api.model
    def _make_offers(self, contest, employees_sudo):
        """Return what the caller may know of `employees_sudo`, with a signed offer."""
        return [
            {
                "name": employee.name,
                "unit": employee.department_id.name or "",
                "offer": hash_sign(
                    self.env(su=True),
                    OFFER_SCOPE,
                    [self.env.uid, contest.id, employee.id],
                    expiration_hours=OFFER_HOURS,
                ),
            }
            for employee in employees_sudo
        ]

    @api.model
    def _read_offer(self, offer, contest):
        """Return the employee of an offer, with superuser rights.

        :raises UserError: for what wasn't offered to the caller in this contest
        """
        employee_sudo = self._get_staff().search(
            [
                ("id", "=", self._get_offered_id(offer, contest)),
                ("company_id", "child_of", contest.company_id.id),
            ]
        )
        if not employee_sudo:
            raise UserError(
                self.env._("This choice of a colleague is out of date: look again.")
            )
        return employee_sudo

    @api.model
    def _get_offered_id(self, offer, contest):
        """Return the id of whom an offer names, 0 for what wasn't offered here."""
        try:
            values = verify_hash_signed(self.env(su=True), OFFER_SCOPE, offer)
        except ValueError:
            values = None
        is_own = values and values[:2] == [self.env.uid, contest.id]
        return values[2] if is_own else 0

    @api.model
    def _read_taken(self, contest, taken):
        """Return who stands in a list of authors, with superuser rights.

        :param taken: what the form knows its rows by: ids of lines that the caller
            reads, `OWN_ROW_ID` for the caller, offers that were chosen; what is none
            of these names nobody
        """
        taken = {*taken[:MOST_TAKEN]}
        employees_sudo = self._get_staff().browse(
            {self._get_offered_id(key, contest) for key in taken} - {0}
        )
        if OWN_ROW_ID in taken:
            employees_sudo |= self.env["hoithi.entry"]._get_my_employee(
                contest.company_id
            )
        lines = self.env["hoithi.entry.author"].search(
            [
                ("id", "in", [int(key) for key in taken if LINE_ID.fullmatch(key)]),
                ("entry_id.contest_id", "=", contest.id),
            ]
        )
        # whom the lines name that the caller reads; nothing of them is told
        return employees_sudo | lines.sudo().employee_id

    # IDENTIFICATION

    @api.model
    def _find_by_address(self, address, company):
        """Return the employees of `company` with this work address, none for no one.

        :return: employees with superuser rights; only one of them is identified
        """
        key = persons.address_key(address)
        employees_sudo = self._get_staff()
        if not key:
            return employees_sudo
        return employees_sudo.search(
            [("company_id", "child_of", company.id), ("hoithi_email_key", "=", key)]
        )

    @api.model
    def _find_by_partner(self, partner, company):
        """Return the employee behind a contact, with superuser rights."""
        return self._get_staff().search(
            [
                ("company_id", "child_of", company.id),
                "|",
                ("work_contact_id", "=", partner.id),
                ("user_id.partner_id", "=", partner.id),
            ],
            limit=1,
        )

    @api.model
    def _get_logins(self, user):
        """Return the logins known to be one person's with `user`, oldest first.

        Those of one contact are, and those that HR's record of a colleague names: its
        login, its contacts, its addresses. An address that somebody gave as the own
        is no proof, nor one that several colleagues share.

        :return: users with superuser rights, also archived ones
        """
        return self._find_person(user)[1]

    @api.model
    def _get_contacts(self, user):
        """Return the contacts known to be one person's with `user`, see `_get_logins`.

        :return: partners with superuser rights, also those without a login
        """
        contacts_sudo, logins_sudo = self._find_person(user)
        return contacts_sudo | logins_sudo.partner_id

    @api.model
    def _find_person(self, user):
        """Return the contacts that HR and entries know the person by, and the logins.

        See `_get_logins`; with superuser rights.
        """
        # who is whose is compared, and shown to nobody
        user_sudo = user.sudo().with_context(active_test=False)
        partner, key = user_sudo.partner_id, persons.address_key(user_sudo.login)
        lines_sudo = self.env["hoithi.entry.author"].sudo()
        staff_sudo = self._get_staff()
        employees = (
            staff_sudo.search(
                [
                    "|",
                    ("work_contact_id", "=", partner.id),
                    ("user_id.partner_id", "=", partner.id),
                ]
            )
            | lines_sudo.search([("partner_id", "=", partner.id)]).employee_id
        )
        if key:
            addressed = staff_sudo.search(
                [
                    "|",
                    ("hoithi_email_key", "=", key),
                    ("private_email", "=ilike", escape_psql(user_sudo.login)),
                ]
            )
            employees |= addressed if len(addressed) == 1 else addressed.browse()
        lines = lines_sudo.search([("employee_id", "in", employees.ids)])
        partners = (
            partner
            | employees.work_contact_id
            | employees.user_id.partner_id
            | lines.partner_id
        )
        addresses = {
            address
            for one in employees
            for address in (one.work_email, one.private_email)
            if address
        }
        logins = user_sudo.search(
            [
                "|",
                ("partner_id", "in", partners.ids),
                ("login", "in", [*addresses, *map(str.lower, addresses)]),
            ],
            order="id",
        )
        return partners, logins

    @api.model
    def _may_name(self, record):
        """Tell whether the caller may name the person of `record` by its id.

        Those may who read the staff directory anyhow: the secretary, and internal users
        by Odoo's own rules. Portal users name themselves, and colleagues offered to
        them.

        :param record: an employee or a contact
        """
        if self.env.su or self.env.user.has_group("hoithi_contest.group_secretary"):
            return True
        user = self.env.user
        if user._is_internal():
            return record._name == "hr.employee" or bool(
                record.search_count([("id", "=", record.id)])
            )
        if record._name == "res.partner":
            return record == user.partner_id
        # whether the record is one's own; nothing of it is told
        return bool(
            self._get_staff().search_count(
                [
                    ("id", "=", record.id),
                    "|",
                    ("user_id", "=", user.id),
                    ("work_contact_id", "=", user.partner_id.id),
                ]
            )
        )

    # CLOSENESS

    @api.model
    def _find_suspects(self, lines):
        """Return the employees whom author lines without a colleague may mean.

        :param lines: author lines
        :return: {line: employees with superuser rights} of those that may mean some
        """
        unknown = lines.filtered(
            lambda line: not (line.employee_id or line.declined_on)
        )
        employees_sudo = self._get_staff()
        if not unknown:
            return {}
        companies = unknown.company_id
        staff_sudo = employees_sudo.search_fetch(
            [("company_id", "child_of", companies.ids)],
            ["company_id", "hoithi_name_key", "hoithi_email_key"],
        )
        # who works in a branch is a colleague in the department above it as well
        held = {
            company: (company.parent_ids & companies).ids
            for company in staff_sudo.company_id
        }
        indexes, addresses = {}, {}
        for employee in staff_sudo:
            mailbox = persons.mailbox_key(employee.hoithi_email_key)
            for company in held[employee.company_id]:
                indexes.setdefault(company, {})[employee.id] = employee.hoithi_name_key
                if mailbox:
                    addresses.setdefault((company, mailbox), []).append(employee.id)
        indexes = {
            company: persons.NameIndex(names) for company, names in indexes.items()
        }
        found = {}
        for line in unknown:
            company = line.company_id.id
            ids = {
                *(
                    indexes[company].find(texts.fold(line.full_name))
                    if company in indexes
                    else ()
                ),
                *addresses.get((company, persons.mailbox_key(line.email)), ()),
            }
            if ids:
                found[line] = employees_sudo.browse(sorted(ids))
        return found
