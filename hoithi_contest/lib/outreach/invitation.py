"""Who of a list gets a login: each person once, and nobody who mustn't."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from typing import NamedTuple

from ..guard.texts import fold

#: What leads to an invitation; all else is left alone.
ACTIONS = ("invite", "create", "reactivate", "resend")
#: What somebody has to put right first.
PROBLEMS = (
    "archived",
    "no_email",
    "bad_email",
    "duplicate_email",
    "duplicate_person",
    "row",
)


class Login(NamedTuple):
    """The login that a person has; `foreign` where it belongs to another department."""

    active: bool
    internal: bool
    used: bool
    foreign: bool = False


class Person(NamedTuple):
    """Someone to invite.

    `email` is normalised, and empty where `raw_email` is none; `contact` names the
    contact behind the person; `taken` tells whose the address is besides: ``login``,
    ``contact`` or nobody's; `flawed` that a row of a list must be put right first.
    """

    key: Hashable
    name: str
    raw_email: str
    email: str
    contact: Hashable = None
    new: bool = False
    login: Login | None = None
    taken: str = ""
    queued: bool = False
    flawed: bool = False


def classify(
    people: Iterable[Person], *, reactivate: bool = False, resend: bool = False
) -> dict[Hashable, tuple[str, str]]:
    """Return for each key what happens to the person, and the cause of a problem.

    The first of two like persons is invited. Where two persons of different names share
    an address neither is, as nobody but they can tell whose it is.

    :param reactivate: archived portal logins are given back
    :param resend: who has a login and never signed in gets the link again
    """
    people = list(people)
    names = defaultdict(set)
    for person in people:
        if person.email and not person.flawed:
            names[person.email].add(fold(person.name))
    contacts, addresses = Counter(), Counter()
    result = {}
    for person in people:
        status, cause = _judge(person, reactivate, resend)
        if status in ACTIONS:
            if person.contact is not None and contacts[person.contact]:
                status, cause = "duplicate_person", "contact"
            elif len(names[person.email]) > 1:
                status, cause = "duplicate_email", "list"
            elif addresses[person.email]:
                status, cause = "duplicate_person", "list"
            else:
                contacts[person.contact] += 1
                addresses[person.email] += 1
        result[person.key] = (status, cause)
    return result


def _judge(person: Person, reactivate: bool, resend: bool) -> tuple[str, str]:
    """Return what happens to a person, whoever else is in the list."""
    if person.flawed:
        return "row", ""
    login = person.login
    if login and login.active:
        # an internal user has ways of one's own to the password
        if login.used or login.internal or login.foreign:
            return "login", ""
        if not resend:
            return "unused", ""
    elif login and (login.internal or login.foreign):
        return "archived", "foreign" if login.foreign else "internal"
    elif login and not reactivate:
        return "archived", "portal"
    if not person.email:
        return ("bad_email" if person.raw_email else "no_email"), ""
    if person.taken:
        return "duplicate_email", person.taken
    if person.queued:
        return "queued", ""
    if login:
        return ("resend" if login.active else "reactivate"), ""
    return ("create" if person.new else "invite"), ""
