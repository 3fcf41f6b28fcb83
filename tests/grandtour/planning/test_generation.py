"""The relaxation of many routes: prices of a sample, and what is left when time is over."""

import pytest

from grandtour.planning import generation, solver
from grandtour.planning.limits import Limits
from grandtour.planning.problem import Share
from grandtour.planning.solver import Search, solve
from grandtour.planning.verify import broken
from tests.grandtour.planning.small import PLACES, days, problem, stay, traveller

EXACT = Limits(gap=0, effort=20)


@pytest.fixture
def europe():
    """Give twelve travellers and five hosts, of whom two take two groups."""
    names = sorted(PLACES)
    travellers = [
        traveller(
            f"t{at}",
            names[at % 6],
            score=40 + 7 * at % 31,
            wants=frozenset("ab"[at % 2]),
            first_time=at % 3 == 0,
        )
        for at in range(12)
    ]
    stays = [
        stay(f"s{at}", names[at], shares=frozenset("ab"[at % 2]), groups=1 + at % 2)
        for at in range(5)
    ]
    return problem(
        travellers, stays, stops_max=2, groups_max=3, shares=(Share("first_time", 40),)
    )


def test_a_sample_of_the_routes_leads_to_the_same_worth(monkeypatch, europe):
    sifted = solve(europe, limits=EXACT)
    monkeypatch.setattr(solver, "FEW_PAIRS", 0)
    generated = solve(europe, limits=EXACT)
    monkeypatch.setattr(generation, "MANY", 10)
    monkeypatch.setattr(generation, "SAMPLED", 200)
    sampled = solve(europe, limits=EXACT)

    assert sampled.worth == generated.worth == sifted.worth
    assert sampled.bound == pytest.approx(sifted.worth)
    assert broken(europe, sampled) == []


def test_what_bounds_a_sample_is_told_to_nobody(monkeypatch, europe):
    monkeypatch.setattr(solver, "FEW_PAIRS", 0)
    monkeypatch.setattr(generation, "MANY", 10)
    monkeypatch.setattr(generation, "SAMPLED", 200)
    told = []
    plan = solve(europe, progress=told.append, limits=EXACT)

    assert min(one.bound for one in told if one.bound is not None) >= plan.worth


def test_prices_that_the_clock_stopped_still_prove_a_bound(monkeypatch, europe):
    best = solve(europe, limits=EXACT)
    monkeypatch.setattr(solver, "FEW_PAIRS", 0)
    monkeypatch.setattr(solver, "RELAXING", 0)
    plan = solve(europe, limits=EXACT)

    assert broken(europe, plan) == []
    assert plan.worth <= best.worth <= plan.bound


def test_a_first_plan_is_waited_for_when_the_time_is_over():
    search = Search(Limits(seconds=100), lambda _told: None, lambda: False)
    search.began -= 120

    assert search.late()
    assert search.goes_on(first=True)
    assert not search.goes_on(first=False)


def test_whoever_cancels_is_not_kept_waiting_for_a_first_plan():
    search = Search(Limits(seconds=100), lambda _told: None, lambda: True)

    assert not search.goes_on(first=True)


def test_hosts_of_several_groups_have_prices_for_their_nights(monkeypatch):
    """Those who come to one host at once share its beds, also where only some are priced."""
    monkeypatch.setattr(solver, "FEW_PAIRS", 0)
    people = [traveller(f"t{at}", name) for at, name in enumerate(sorted(PLACES) * 2)]
    stays = [stay("s", windows=(days(0, 13),), groups=4, limit=3), stay("r", "SK", groups=2)]
    given = problem(people, stays, every=1)
    plain = solve(given, limits=EXACT)
    monkeypatch.setattr(generation, "MANY", 10)
    monkeypatch.setattr(generation, "SAMPLED", 60)
    sampled = solve(given, limits=EXACT)

    assert sampled.worth == plain.worth
    assert broken(given, sampled) == []
