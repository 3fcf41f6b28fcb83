"""Who reads what is as even as can be, and what scores come to is what was promised."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grandtour.assigning import Task, assign
from grandtour.scoring import Given, numbers, strictness

# A machine with better things to do makes drawing slow, whatever is drawn.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def loads(task, pairs):
    """Give how much each reviewer has, the least first."""
    counted = Counter(reviewer for _application, reviewer in {*pairs, *task.held})
    return sorted(counted[reviewer] for reviewer in task.reviewers)


@st.composite
def tasks(draw):
    """Draw small tasks: some pairs barred, some held, some reviewers with a limit."""
    applications = tuple(range(draw(st.integers(1, 4))))
    reviewers = tuple(range(draw(st.integers(1, 4))))
    every = list(product(applications, reviewers))
    barred = frozenset(draw(st.lists(st.sampled_from(every), max_size=6)))
    free = [pair for pair in every if pair not in barred]
    held = frozenset(draw(st.lists(st.sampled_from(free), max_size=2))) if free else frozenset()
    most = draw(st.dictionaries(st.sampled_from(reviewers), st.integers(1, 4), max_size=2))
    return Task(
        applications, reviewers, draw(st.integers(1, 3)), held=held, barred=barred, most=most
    )


def best(task):
    """Try everything: the most readings that can be given out, and the evenest way."""
    free = [
        pair
        for pair in product(task.applications, task.reviewers)
        if pair not in task.barred and pair not in task.held
    ]
    found = (-1, 0)
    for size in range(len(free) + 1):
        for pairs in combinations(free, size):
            seats = Counter(a for a, _r in {*pairs, *task.held})
            new = Counter(a for a, _r in pairs)
            load = Counter(r for _a, r in {*pairs, *task.held})
            added = {r for _a, r in pairs}
            if any(seats[a] > task.wanted for a in new):
                continue
            if any(load[r] > task.most.get(r, 99) for r in added):
                continue
            squares = sum(load[r] ** 2 for r in task.reviewers)
            found = max(found, (len(pairs), -squares))
    return found


@settings(**PATIENT)
@given(tasks())
def test_nothing_is_given_out_that_must_not_be(task):
    pairs = assign(task)

    assert not pairs & (task.barred | task.held)
    seats = Counter(a for a, _r in {*pairs, *task.held})
    given_before = Counter(a for a, _r in task.held)
    assert all(seats[a] <= max(task.wanted, given_before[a]) for a in task.applications)
    counted = Counter(r for _a, r in {*pairs, *task.held})
    for reviewer in {r for _a, r in pairs}:
        assert counted[reviewer] <= task.most.get(reviewer, 99)


@settings(**PATIENT)
@given(tasks().filter(lambda task: len(task.applications) * len(task.reviewers) <= 9))
def test_as_much_is_given_out_as_can_be_and_no_way_is_more_even(task):
    pairs = assign(task)
    squares = sum(load**2 for load in loads(task, pairs))

    assert (len(pairs), -squares) == best(task)


def test_a_thousand_applications_with_conflicts_are_given_out_to_within_one():
    applications, reviewers = tuple(range(1000)), tuple(range(30))
    barred = frozenset((a, r) for a in applications for r in reviewers if (a * 7 + r) % 5 == 0)
    task = Task(applications, reviewers, 3, barred=barred)

    pairs = assign(task)

    assert len(pairs) == 3000
    assert loads(task, pairs) == [100] * 30


def test_strictness_is_the_mean_of_all_by_the_mean_of_theirs():
    given_ = [Given(1, 1, 80), Given(2, 1, 100), Given(1, 2, 40), Given(2, 2, 20)]

    assert strictness(given_) == {1: pytest.approx(60 / 90), 2: pytest.approx(60 / 30)}


def test_numbers_are_mean_disagreement_and_the_fair_mean():
    found = numbers([Given(1, 1, 100), Given(1, 2, 50), Given(2, 1, 100), Given(3, 3, 0)])

    one = found[1]
    overall = 250 / 4
    assert (one.reviews, one.mean, one.spread) == (2, 75, 25)
    assert one.fair == pytest.approx((100 * overall / 100 + 50 * overall / 50) / 2)
    assert (found[2].spread, found[3].fair) == (None, 0)


def test_without_reviews_there_are_no_numbers():
    assert (numbers([]), strictness([])) == ({}, {})
