from datetime import date

from ...contest.headcount import Version, employed_on, nearest, reached

MAY = date(2026, 5, 1)
JUNE = date(2026, 6, 1)
JULY = date(2026, 7, 1)


def test_hired_and_left():
    versions = [
        Version(1, MAY, 10),
        Version(2, JULY, 10),
        Version(3, MAY, 10, departure=JUNE, active=False),
        Version(4, MAY, 10, active=False),
    ]
    assert employed_on(date(2026, 4, 30), versions) == {}
    assert employed_on(MAY, versions) == {1: 10, 3: 10}
    assert employed_on(JUNE, versions) == {1: 10, 3: 10}, "the last day counts"
    assert employed_on(date(2026, 6, 2), versions) == {1: 10}
    assert employed_on(JULY, versions) == {1: 10, 2: 10}


def test_moved_from_unit_to_unit():
    moved = [Version(1, JUNE, 20), Version(1, MAY, 10)]
    for versions in (moved, moved[::-1]):
        assert employed_on(MAY, versions) == {1: 10}
        assert employed_on(JULY, versions) == {1: 20}


def test_of_two_versions_of_one_day_the_last_one_counts():
    assert employed_on(MAY, [Version(1, MAY, 10), Version(1, MAY, 20)]) == {1: 20}


def test_contracts():
    versions = [
        Version(1, MAY, 10, contract_start=JUNE),
        Version(2, MAY, 10, contract_start=MAY, contract_end=JUNE),
        Version(3, MAY, None),
    ]
    assert employed_on(MAY, versions) == {2: 10, 3: None}
    assert employed_on(JUNE, versions) == {1: 10, 2: 10, 3: None}
    assert employed_on(JULY, versions) == {1: 10, 3: None}


def test_nearest_row():
    parents = {1: None, 2: 1, 3: 2, 4: None, 5: 6, 6: 5}
    assert nearest(3, {1}, parents) == 1
    assert nearest(3, {1, 2}, parents) == 2
    assert nearest(1, {1, 2}, parents) == 1
    assert nearest(4, {1, 2}, parents) is None
    assert nearest(None, {1}, parents) is None
    assert nearest(5, {1}, parents) is None, "a circle ends"


def test_reached_counts_nobody_twice():
    parents = {1: None, 2: 1, 3: 1, 4: 3}
    assert reached({1: 8}, {1}, parents, {1: 10}) == {1: 8}
    assert reached({1: 8, 2: 5}, {1}, parents, {1: 10}) == {1: 8}
    assert reached({2: 5, 3: 4}, {1}, parents, {1: 10}) == {1: 9}
    assert reached({2: 5, 4: 4}, {1}, parents, {1: 10}) == {1: 9}
    assert reached({2: 5, 3: 4}, {1, 2}, parents, {1: 5, 2: 5}) == {1: 4, 2: 5}
    assert reached({1: 80}, {1}, parents, {1: 10}) == {1: 10}, "no more than there are"
    assert reached({1: 80}, {1}, parents, {}) == {1: 80}, "unless nobody knows"
    assert reached({}, {1}, parents, {1: 10}) == {1: 0}
