import random
from itertools import pairwise, permutations

from ...notice import agenda
from ...notice.agenda import EXACT, arrange


def count_departures(order, conflicts):
    sets = [set(), *(conflicts.get(item, set()) for item in order)]
    return sum(len(after - before) for before, after in pairwise(sets))


def best_of_all(items, conflicts):
    return min(count_departures(order, conflicts) for order in permutations(items))


def test_without_conflicts_the_order_stays():
    assert arrange([3, 1, 2], {}) == [3, 1, 2]
    assert arrange([], {}) == []


def test_each_member_in_conflict_leaves_once():
    conflicts = {2: {"ha"}, 5: {"ha"}, 8: {"ha"}, 3: {"ly"}, 9: {"ly"}}
    order = arrange(list(range(10)), conflicts)
    assert sorted(order) == list(range(10))
    assert count_departures(range(10), conflicts) == 5
    assert count_departures(order, conflicts) == 2
    free = [item for item in order if item not in conflicts]
    assert free == sorted(free), "the wanted order is kept inside a group"


def test_overlapping_conflicts_are_chained():
    conflicts = {1: {"a"}, 2: {"b"}, 3: {"c"}, 4: {"a", "b"}, 5: {"b", "c"}}
    order = arrange([1, 2, 3, 4, 5, 6], conflicts)
    assert count_departures(order, conflicts) == 3


def test_no_order_is_better():
    chance = random.Random(20)
    for _ in range(150):
        items = list(range(chance.randint(1, 6)))
        conflicts = {
            item: set(chance.sample("abcd", chance.randint(0, 3))) for item in items
        }
        order = arrange(items, conflicts)
        assert sorted(order) == items
        assert count_departures(order, conflicts) == best_of_all(items, conflicts)


def test_many_overlapping_groups_are_still_ordered_well_and_always_alike():
    members = "abcdefghijkl"
    assert len(members) > EXACT
    conflicts = {}
    for number, (one, other) in enumerate(pairwise(members)):
        conflicts[number] = {one, other}
        conflicts[number + 100] = {one}
    items = sorted(conflicts, key=lambda item: (item * 7) % 23)
    order = arrange(items, conflicts)
    assert order == arrange(items, conflicts)
    assert sorted(order) == sorted(items)
    assert count_departures(order, conflicts) == len(members), "each leaves once"


def make_overlapping(chance, count, members="abcde", size=(1, 3)):
    """Items of which no two are left by the same members."""
    groups = {frozenset()}
    while len(groups) < count:
        groups.add(frozenset(chance.sample(members, chance.randint(*size))))
    groups = sorted(groups, key=sorted)
    chance.shuffle(groups)
    return dict(enumerate(map(set, groups)))


def test_of_equally_good_orders_the_wanted_one_is_kept():
    chance = random.Random(21)
    for _ in range(60):
        conflicts = make_overlapping(chance, 6)
        # who leaves for nothing else is a part of its own, and stays where it is
        conflicts = {item: who | {"z"} for item, who in conflicts.items()}
        items = list(conflicts)
        best = best_of_all(items, conflicts)
        wanted = next(
            order
            for order in permutations(items)
            if count_departures(order, conflicts) == best
        )
        assert arrange(items, conflicts) == list(wanted)


def test_what_has_no_member_in_common_keeps_its_order():
    """However many parts there are: none is searched together with another."""
    parts = [{f"{number}a", f"{number}b"} for number in range(EXACT)]
    conflicts = {}
    for number, (one, other) in enumerate(map(sorted, parts)):
        # the larger group of every second part comes first
        first, second = ({one, other}, {other}) if number % 2 else ({one}, {one, other})
        conflicts |= {2 * number: first, 2 * number + 1: second}
    assert arrange(list(conflicts), conflicts) == list(conflicts)
    # a part begins where its first item does, whatever joins it later
    late = {0: {"a"}, 1: {"b"}, 2: {"b"}, 3: {"a"}, 4: {"a", "c"}}
    assert arrange(list(late), late) == [0, 3, 4, 1, 2]
    # also where a later one joins two parts
    joined = {0: {"c", "d"}, 1: {"a", "b"}, 2: {"d"}, 3: {"b", "d"}}
    assert arrange(list(joined), joined) == [0, 2, 3, 1]


def test_beyond_the_exact_search_nothing_is_lost_on_agendas_of_that_size(monkeypatch):
    """Turning stretches around isn't enough here, nor moving single groups."""
    chance = random.Random(22)
    for _ in range(30):
        conflicts = make_overlapping(chance, 9, "abcdefghijkl", (2, 5))
        items = list(conflicts)
        monkeypatch.setattr(agenda, "EXACT", EXACT)
        exact = arrange(items, conflicts)
        monkeypatch.setattr(agenda, "EXACT", 0)
        near = arrange(items, conflicts)
        assert sorted(near) == items
        assert count_departures(near, conflicts) == count_departures(exact, conflicts)


def test_a_long_chain_is_gone_through_in_turn():
    members = [f"m{number:02}" for number in range(2 * EXACT)]
    chain = dict(enumerate({one, other} for one, other in pairwise(members)))
    chance = random.Random(23)
    for _ in range(5):
        items = chance.sample(list(chain), len(chain))
        assert count_departures(arrange(items, chain), chain) == len(members)
