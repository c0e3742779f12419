"""Voting, scores, places, tie-breaks and prizes against a plain reference.

The reference says the rules in fractions and in the fewest words, whatever that costs;
`lib` has to find the same for ten thousand councils, sheets and contests.
"""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...council.ranking import (
    Limit,
    Prize,
    UnresolvedTie,
    allocate,
    limit_slots,
    merit,
    rank_by,
)
from ...council.scoring import aggregate, spread
from ...council.voting import least, reaches, tally

# THE REFERENCE


def ref_reaches(part, base, ratio):
    return base > 0 and part * ratio.denominator >= ratio.numerator * base


def ref_mean(halves, method):
    """The mean of sheets in half points, to the hundredth, halves of it upwards."""
    halves = sorted(halves)
    if method == "trimmed_mean" and len(halves) >= 5:
        halves = halves[1:-1]
    mean = Fraction(sum(halves), 2 * len(halves))
    return Fraction(floor(100 * mean + Fraction(1, 2)), 100)


def ref_better(one, other, chain):
    """Whether `one` comes before `other`: the first difference tells."""
    for fact in ("score", *chain):
        if one[fact] != other[fact]:
            return (one[fact] < other[fact]) == (fact in ("spread", "earlier"))
    return False


def ref_places(entries, chain, fixed):
    """The chair's places stand; the others share out what is left by their merits."""
    free = [n for n in range(1, len(entries) + 1) if n not in fixed.values()]
    rest = entries.keys() - fixed.keys()
    return fixed | {
        key: free[sum(ref_better(entries[k], entries[key], chain) for k in rest)]
        for key in rest
    }


def ref_slots(slots, share, entries):
    """The greatest number within both limits; none where the share leaves no prize."""
    if not share:
        return slots
    within = [n for n in range(1, entries + 1) if 100 * n <= share * entries]
    return max((n for n in within if n <= (slots or n)), default=None)


def ref_prizes(places, scores, prizes):
    """The prize of each entry, or the prize and the entries of a tie in the way."""
    won = {}
    for prize, slots, least_score, open_to, limits in prizes:
        rest = places.keys() - won.keys()
        # none is told by 0: as many as reach it
        slots = slots or len(places)
        for limit in limits:
            sharing = {other.key for other in prizes if limit in other.limits}
            slots = min(slots, limit.most - sum(p in sharing for p in won.values()))
        able = [
            key
            for key in rest
            if scores[key] >= least_score and (open_to is None or key in open_to)
        ]
        for key in able:
            ahead = sum(places[other] < places[key] for other in able)
            level = [other for other in able if places[other] == places[key]]
            if ahead < slots < ahead + len(level):
                return prize, set(level)
            if ahead < slots:
                won[key] = prize
    return won


# WHAT IS COMPARED

METHODS = ("mean", "trimmed_mean")
CHAIN = ("criterion", "spread", "benefit", "earlier")
RATIOS = sorted({Fraction(p, q) for q in range(1, 13) for p in range(1, q + 1)})
#: Of the entries that may get a prize, in per cent as the database gives it.
SHARES = (0, 0, 7.5, 30, 33.33, 50, 66.67, 100)
#: The entries that a prize is for: all, none, some.
OPEN_TO = (None, None, *map(frozenset, ((), (0, 2, 4), (1,), (0, 1, 2, 3))))
#: As people and databases write a ratio.
WRITTEN = (float, Fraction, lambda r: round(float(r), 4), lambda r: f"{float(r):.5f}")


# One string of bytes for a whole contest: ten thousand of anything finer take minutes.
# What it covers is counted by the modules' own tests.
@pytest.mark.no_cover
@settings(max_examples=10_000, derandomize=True, deadline=None, database=None)
@given(st.binary(min_size=144, max_size=144))
def test_agreement(data):
    rolls = iter(data)

    def pick(choices):
        return choices[next(rolls) % len(choices)]

    def some(most, make, least=0):
        return [make() for _ in range(pick(range(least, most + 1)))]

    check_votes(
        some(15, lambda: pick(["agree", "disagree", "blank", None])),
        pick(range(7)),
        pick(RATIOS),
        pick(WRITTEN),
    )
    method = pick(METHODS)
    entries = some(
        6,
        lambda: read_entry(
            some(6, lambda: (pick(range(4)), pick(range(4))), least=1),
            method,
            {"benefit": pick(range(2)), "earlier": pick(range(3))},
        ),
    )
    check_contest(
        entries,
        chain=some(3, lambda: pick(CHAIN)),
        fixed=dict(some(2, lambda: (pick(range(6)), pick(range(1, 7))))),
        prizes=[
            Prize(n, slots, floor, open_to, limits)
            for n, (share, most, floor, open_to, limits) in enumerate(
                some(
                    3,
                    lambda: (
                        pick(SHARES),
                        pick(range(4)),
                        pick(range(13)) / 4,
                        pick(OPEN_TO),
                        pick([(), (Limit("all", 1),), (Limit("all", 3),)]),
                    ),
                )
            )
            if (slots := check_slots(most, share, len(entries))) is not None
        ],
    )


def check_votes(cast, absent, ratio, write):
    members, typed = len(cast) + absent, write(ratio)
    agree, disagree = cast.count("agree"), cast.count("disagree")
    invalid = len(cast) - agree - disagree
    assert tally(cast) == (len(cast), agree + disagree, invalid, agree, disagree)
    for part, base in ((len(cast), members), (agree, members), (agree, len(cast))):
        assert reaches(part, base, typed) == ref_reaches(part, base, ratio)
    enough = (n for n in range(1, members + 2) if n >= members * ratio)
    assert least(members, typed) == next(enough)


def check_slots(slots, share, entries):
    expected = ref_slots(slots, Fraction(str(share)), entries)
    assert limit_slots(slots, share, entries) == expected
    return expected


def read_entry(sheets, method, facts):
    """The facts of an entry for the reference, and what `lib` makes of its sheets."""
    firsts = [first for first, _second in sheets]
    totals = [first + second for first, second in sheets]
    exact = facts | {
        "score": ref_mean(totals, method),
        "criterion": ref_mean(firsts, method),
        "spread": Fraction(max(totals) - min(totals), 2),
    }
    found = facts | {
        "score": aggregate([total / 2 for total in totals], method),
        "criterion": aggregate([first / 2 for first in firsts], method),
        "spread": spread([total / 2 for total in totals]),
    }
    assert found == exact
    return exact, found


def check_contest(entries, chain, fixed, prizes):
    exact = {key: pair[0] for key, pair in enumerate(entries)}
    found = {key: pair[1] for key, pair in enumerate(entries)}
    # no two at one place, and no place behind the last
    fixed = {n: key for key, n in fixed.items() if key in exact and n <= len(exact)}
    fixed = {key: n for n, key in fixed.items()}
    merits = {
        key: merit(facts["score"], [(kind, facts[kind]) for kind in chain])
        for key, facts in found.items()
    }
    places = rank_by(merits, fixed)
    assert places == ref_places(exact, chain, fixed)
    scores = {key: float(facts["score"]) for key, facts in found.items()}
    try:
        outcome = allocate(places, scores, prizes)
    except UnresolvedTie as tie:
        outcome = tie.prize, set(tie.keys)
    exact_scores = {key: facts["score"] for key, facts in exact.items()}
    assert outcome == ref_prizes(places, exact_scores, prizes)
