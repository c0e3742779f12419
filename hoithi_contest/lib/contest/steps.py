"""What stands between a contest and its next phase, in words and with the mend."""

from typing import Any, NamedTuple

#: It keeps the contest from its next phase.
BLOCK = "block"
#: It should be looked at, and holds nothing up.
WARN = "warn"
#: It is in order.
DONE = "done"
#: It isn't done, and the secretary said why it needn't be.
WAIVED = "waived"


class Check(NamedTuple):
    """One thing that a step of a contest asks for.

    `action` is what the link is called that mends it, and `target` where it leads:
    ``{"xmlid": …, "context": …}`` opens an action, ``{"model": …, "id": …}`` a record,
    ``{"method": …}`` calls a method of the contest, ``{"page": …, "field": …}`` goes to
    a field of the contest's form. `key` names what can be waived.
    """

    severity: str
    text: str
    action: str = ""
    target: dict[str, Any] | None = None
    note: str = ""
    key: str = ""


class Act(NamedTuple):
    """Something to do: the act as a title, why in a sentence, and its button.

    The lowest `rank` comes first.
    """

    rank: int
    title: str
    text: str
    action: str
    target: dict[str, Any]


class SetupStep(NamedTuple):
    """A step of the first set-up: what it is for, what it asks for, where it is done.

    The lowest `rank` comes first; `summary` says in short what is there once nothing
    blocks. `target` leads as that of a `Check`.
    """

    rank: int
    key: str
    title: str
    text: str
    checks: list[Check]
    action: str = ""
    target: dict[str, Any] | None = None
    summary: str = ""


class Step(NamedTuple):
    """How a contest moves on to a phase.

    `ask` opens what is shown before, `method` does it, `checks` is the hook that tells
    what it asks for, `promised` the date that was announced for it.
    """

    ask: str
    method: str
    checks: str
    promised: str = ""


#: By the phase that a step leads to.
STEPS = {
    "open": Step("action_ask_launch", "action_launch", "_get_launch_checks"),
    "screening": Step(
        "action_ask_close_registration",
        "action_close_registration",
        "_get_screening_checks",
        "registration_deadline",
    ),
    "review": Step(
        "action_ask_start_review",
        "action_start_review",
        "_get_review_checks",
        "screening_deadline",
    ),
    "council": Step(
        "action_ask_start_council",
        "action_start_council",
        "_get_council_checks",
        "review_deadline",
    ),
    "closed": Step("action_view_closing", "action_close", "_get_closing_gaps"),
    "cancelled": Step("action_ask_cancel", "action_cancel", "_get_cancel_checks"),
}


def is_free(checks):
    """Tell whether nothing blocks."""
    return all(check.severity != BLOCK for check in checks)
