"""How long a stay is, where there are many lengths to choose from: the best of all of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grandtour.planning.limits import Limits
from grandtour.planning.problem import Ended, Weights
from grandtour.planning.routes import FEW_LENGTHS
from grandtour.planning.solver import solve
from grandtour.planning.verify import broken
from tests.grandtour.planning import brute
from tests.grandtour.planning.small import days, problem, stay, traveller

EXACT = Limits(gap=0, effort=20)
LENGTHS = {"nights_min": 3, "nights_max": 11, "every": 28, "group_min": 1}
COSTS = [1_000, 15_000, 20_000]
WEIGHTS = Weights(carbon=0, cost=0.1, nights=10)


@st.composite
def wishful(draw):
    """Two or three people who wish for some nights or none, alone or in groups."""
    travellers = [
        traveller(
            f"t{at}",
            country,
            nights=draw(st.sampled_from([0, 4, 7, 11])),
            windows=(days(0, draw(st.sampled_from([6, 9, 20]))),),
        )
        for at, country in enumerate(["DE", "HU", "SK"][: draw(st.integers(2, 3))])
    ]
    stays = [
        stay(key, limit=3, night_cost=draw(st.sampled_from(COSTS)))
        for key in "rs"[: draw(st.integers(1, 2))]
    ]
    return problem(
        travellers,
        stays,
        group_max=draw(st.integers(1, 3)),
        promised=draw(st.sampled_from([0, 100_000, 150_000])),
        weights=WEIGHTS,
        **LENGTHS,
    )


def proven(asked):
    """Give the worth of the best plan, proven over all lengths."""
    plan = solve(asked, limits=EXACT)
    assert (broken(asked, plan), plan.ended, plan.dated) == ([], Ended.PROVEN, True)
    assert plan.bound == pytest.approx(plan.worth)
    return plan.worth


@settings(max_examples=15, deadline=None)
@given(wishful())
def test_no_plan_of_another_length_is_better(asked):
    assert proven(asked) == brute.best_of_pairs(asked)


def test_a_group_stays_as_long_as_what_is_promised_pays_for():
    """One wishes for more nights, and for the other a night more costs more than it brings."""
    two = [traveller("long", "DE", nights=11), traveller("any", "HU")]
    rules = {"group_max": 2, "promised": 120_000, "weights": WEIGHTS, **LENGTHS}
    asked = problem(two, [stay("s", night_cost=15_000)], **rules | {"group_min": 2})

    (journey,) = solve(asked, limits=EXACT).journeys

    nights = (journey.stops[0].leave - journey.stops[0].arrive).days
    assert asked.rules.nights_max - asked.rules.nights_min >= FEW_LENGTHS
    assert (nights, proven(asked)) == (6, brute.best_of_pairs(asked))
