import random
from itertools import pairwise, permutations

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
