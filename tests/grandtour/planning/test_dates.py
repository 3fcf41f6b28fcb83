"""Where groups share a host, a night more on the way makes room: proven over all dates."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grandtour.planning.dates import others
from grandtour.planning.journeys import every_route
from grandtour.planning.limits import Limits
from grandtour.planning.problem import Ended, Weights
from grandtour.planning.routes import Atlas, candidates
from grandtour.planning.solver import solve
from grandtour.planning.verify import broken
from grandtour.planning.why import Case
from tests.grandtour.planning import brute
from tests.grandtour.planning.claims import false_claims
from tests.grandtour.planning.small import FIRST, days, problem, stay, traveller

EXACT = Limits(gap=0, effort=20)
ABROAD = ["PL", "HU", "SK", "DE"]


def crossing(**more):
    """Four people for two groups that both cross one host with two beds, from two ends."""
    travellers = [
        traveller(f"t{at}", country, score=60 + at, wants=frozenset("x"))
        for at, country in enumerate(ABROAD)
    ]
    stays = [
        stay("first", "CZ", windows=(days(0, 8),), limit=2),
        stay("second", "CZ", windows=(days(0, 8),), limit=2),
        stay("both", "AT", windows=(days(3, 20),), limit=2, groups=2, shares=frozenset("x")),
    ]
    told = {"stops_min": 2, "stops_max": 2, "nights_min": 3, "nights_max": 5, "every": 28}
    return problem(travellers, stays, **told | more)


def test_one_group_stays_longer_elsewhere_where_both_would_be_too_many():
    """With three nights each, both would come to the shared host on one day."""
    asked = crossing(nights_max=6)
    plan = solve(asked, limits=EXACT)
    assert (broken(asked, plan), plan.ended, plan.dated) == ([], Ended.PROVEN, True)
    assert len(list(plan.seats())) == 4
    last = sorted((one.stops[-1].arrive, one.stops[-1].leave) for one in plan.journeys)
    assert last[0][1] <= last[1][0]
    assert plan.worth == brute.best_of_pairs(asked)


def test_where_a_night_more_does_not_help_one_group_travels():
    asked = crossing(nights_max=5)
    plan = solve(asked, limits=EXACT)
    assert (len(plan.journeys), plan.dated) == (1, True)
    assert plan.worth == brute.best_of_pairs(asked)


def test_guests_who_are_there_already_are_waited_for():
    taken = tuple((FIRST + timedelta(night), 2) for night in (3, 4))
    asked = crossing()
    full = replace(asked.stays[2], taken=taken, groups=1)
    asked = replace(asked, stays=(asked.stays[0], full))
    plan = solve(asked, limits=EXACT)
    assert broken(asked, plan) == []
    assert plan.journeys[0].stops[0].leave == FIRST + timedelta(5)


def test_where_nobody_shares_a_host_no_other_dates_are_looked_at():
    asked = crossing()
    alone = replace(asked, stays=tuple(replace(one, groups=1) for one in asked.stays))
    atlas = Atlas(alone)
    routes, _all = candidates(atlas, 1000)
    assert [list(others(atlas, route)) for route in routes] == [[]] * len(routes)
    assert solve(alone, limits=EXACT).dated


def test_too_many_dates_are_not_looked_at_and_that_is_said():
    asked = crossing()
    routes, _all = candidates(Atlas(asked), 1000)
    looked = every_route(asked, Atlas(asked), len(routes) + 1)
    assert (looked.routes, looked.complete, looked.dates) == (routes, True, None)
    plan = solve(asked, limits=replace(EXACT, routes=len(routes) + 1))
    assert (plan.complete, plan.dated) == (True, False)


@st.composite
def shared(draw):
    """Three hosts at most of which some take two groups, and dates that decide."""
    number = draw(st.integers(2, 3))
    windows = st.sampled_from([(0, 20), (0, 12), (2, 14), (0, 9)])
    travellers = [
        traveller(
            f"t{at}",
            country,
            score=draw(st.integers(0, 100)),
            windows=(days(*draw(st.sampled_from([(0, 20), (0, 13), (0, 10)]))),),
        )
        for at, country in enumerate(ABROAD)
    ]
    stays = [
        stay(
            f"s{at}",
            country,
            windows=(days(*draw(windows)),),
            limit=draw(st.integers(2, 3)),
            groups=draw(st.integers(1, 2)),
            taken=draw(
                st.sampled_from([(), tuple((FIRST + timedelta(n), 1) for n in range(3, 6))])
            ),
            night_cost=draw(st.sampled_from([1000, 3000])),
        )
        for at, country in enumerate(["CZ", "AT", "AT"][:number])
    ]
    return problem(
        travellers,
        stays,
        stops_min=2,
        stops_max=draw(st.integers(2, number)),
        nights_min=3,
        nights_max=5,
        every=draw(st.sampled_from([14, 28])) if number == 2 else 28,
        money_budget=draw(st.none() | st.integers(60_000, 200_000)),
        weights=Weights(carbon=0, cost=0.1),
    )


@settings(max_examples=10, deadline=None)
@given(shared())
def test_no_plan_on_other_dates_is_better(asked):
    plan = solve(asked, limits=EXACT)
    assert broken(asked, plan) == []
    assert (plan.dated, plan.ended) == (True, Ended.PROVEN)
    assert plan.worth == brute.best_of_pairs(asked)
    assert plan.bound == pytest.approx(plan.worth)


@settings(max_examples=2, deadline=None)
@given(shared())
def test_reasons_hold_where_dates_decide(asked):
    plan = solve(asked, limits=EXACT)
    case = Case(asked, plan, EXACT)
    assert false_claims(asked, plan, [*case.travellers(), *case.stays()]) == []
