"""Two groups at one host on the same days, where it takes both."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grandtour.planning.limits import Limits
from grandtour.planning.problem import Ended
from grandtour.planning.solver import solve
from grandtour.planning.verify import broken
from grandtour.planning.why import Case, Code
from tests.grandtour.planning import brute
from tests.grandtour.planning.small import days, problem, stay, traveller

EXACT = Limits(gap=0, effort=20)


def guests(number, **more):
    """Give as many guests from different countries, who can in the first week."""
    known = {"windows": (days(0, 6),)}
    return [
        traveller(f"t{at}", country, **known | more)
        for at, country in enumerate(["DE", "HU", "SK"][:number])
    ]


def test_guests_who_travel_alone_are_there_together_and_it_is_proven():
    asked = problem(guests(3), [stay("s", limit=2, groups=2)], group_min=1, group_max=1)

    plan = solve(asked, limits=EXACT)

    assert (broken(asked, plan), plan.ended, plan.dated) == ([], Ended.PROVEN, True)
    assert len(plan.journeys) == 2
    assert plan.worth == brute.best_of_pairs(asked)
    codes = [one.code for one in Case(asked, plan, EXACT).travellers()]
    assert sorted(codes) == [Code.PLACED, Code.PLACED, Code.TIE]


@st.composite
def shared(draw):
    """Three people and one host who takes one group or two, with beds for some."""
    travellers = [
        traveller(f"t{at}", draw(st.sampled_from(["DE", "HU"])), windows=(days(0, last),))
        for at, last in enumerate(draw(st.lists(st.sampled_from([4, 6, 20]), max_size=4)))
    ]
    host = stay("s", limit=draw(st.integers(2, 4)), groups=draw(st.integers(1, 2)))
    least = draw(st.integers(1, 2))
    rules = {"group_min": least, "group_max": draw(st.integers(least, 2)), "every": 14}
    return problem(travellers, [host], **rules)


@settings(max_examples=15, deadline=None)
@given(shared())
def test_no_plan_of_groups_that_share_a_host_is_better(asked):
    plan = solve(asked, limits=EXACT)
    assert (broken(asked, plan), plan.dated) == ([], True)
    assert plan.worth == brute.best_of_pairs(asked)
    assert plan.bound == pytest.approx(plan.worth)
