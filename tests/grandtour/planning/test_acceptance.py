"""The simple ways hold the rules they know, and are never better than the plan."""

from hypothesis import given, settings

from grandtour.planning.acceptance import deferred, greedy
from grandtour.planning.limits import Infeasible, Limits
from grandtour.planning.solver import solve
from grandtour.planning.verify import broken
from tests.grandtour.planning.small import problem, stay, traveller
from tests.grandtour.planning.test_solver import problems

ASKED_FOR = {"keep", "share", "groups", "together", "apart"}  # which greedy knows nothing of
MONEY = {"carbon_budget", "money_budget"}


@settings(max_examples=40, deadline=None)
@given(problems())
def test_simple_ways_keep_what_they_know(asked):
    assert {one.rule for one in broken(asked, greedy(asked))} <= ASKED_FOR
    assert {one.rule for one in broken(asked, deferred(asked))} <= ASKED_FOR | MONEY


@settings(max_examples=40, deadline=None)
@given(problems())
def test_no_simple_way_is_better_than_the_plan(asked):
    try:
        plan = solve(asked, limits=Limits(gap=0))
    except Infeasible:
        return
    for simple in (greedy(asked), deferred(asked)):
        if not broken(asked, simple):
            assert simple.worth <= plan.worth


def test_a_host_keeps_the_best_of_each_country():
    travellers = [
        traveller("anna", "DE", score=90),
        traveller("axel", "DE", score=80),
        traveller("bela", "HU", score=10),
    ]
    matched = deferred(problem(travellers, [stay("s")]))
    assert [one.travellers for one in matched.journeys] == [("anna", "bela")]


def test_who_is_rejected_asks_the_next():
    travellers = [
        traveller("anna", "DE", score=90, wants=frozenset("a")),
        traveller("axel", "DE", score=80, wants=frozenset("a")),
        traveller("bela", "HU", score=10),
        traveller("cyril", "CZ", score=10, wants=frozenset("a")),
    ]
    stays = [stay("s", shares=frozenset("a"), limit=2), stay("r", "PL", limit=2)]
    matched = deferred(problem(travellers, stays))
    assert {one.travellers for one in matched.journeys} == {("anna", "cyril"), ("axel", "bela")}


def test_nobody_makes_an_empty_plan():
    assert greedy(problem([], [])).journeys == deferred(problem([], [])).journeys == ()
