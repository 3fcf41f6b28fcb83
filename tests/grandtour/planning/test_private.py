"""Who does not meet is planned apart, and nobody is told why."""

from dataclasses import replace

import pytest

from grandtour.planning.acceptance import deferred, greedy
from grandtour.planning.conflicts import Rule, collisions
from grandtour.planning.limits import Infeasible, Limits
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.solver import solve
from grandtour.planning.verify import Broken, broken
from grandtour.planning.why import Case, Code
from tests.grandtour.planning.small import problem, stay, traveller

WAYS = (lambda asked: solve(asked, limits=Limits(gap=0)), greedy, deferred)


def three(locks=None, *private):
    """Give three who could travel to one stay; `private`: who does not meet."""
    people = [
        traveller("anna", "DE", score=90),
        traveller("bela", "HU", score=80),
        traveller("cyril", "CZ", score=50),
    ]
    return replace(problem(people, [stay("s")], locks), private=tuple(map(frozenset, private)))


@pytest.mark.parametrize("way", WAYS)
def test_two_who_do_not_meet_are_in_no_group(way):
    assert way(three()).journeys[0].travellers == ("anna", "bela", "cyril")

    apart = three(None, {"anna", "bela"})

    assert way(apart).journeys[0].travellers == ("anna", "cyril")
    assert broken(apart, way(three())) == [Broken("private")]


@pytest.mark.parametrize("way", WAYS)
def test_somebody_is_not_brought_to_a_host_they_do_not_meet(way):
    apart = three(None, {"s", "bela"})

    assert way(apart).journeys[0].travellers == ("anna", "cyril")
    assert broken(apart, way(three())) == [Broken("private")]


def test_the_best_of_a_host_does_not_send_two_away_who_may_travel_together():
    apart = three(None, {"anna", "bela"}, {"anna", "cyril"})

    assert solve(apart).journeys[0].travellers == ("bela", "cyril")
    assert greedy(apart).journeys == deferred(apart).journeys == ()


@pytest.mark.parametrize("private", [{"anna", "bela"}, {"bela", "s"}])
def test_no_reason_says_so(private):
    asked = three(None, private)

    case = Case(asked, solve(asked, limits=Limits(gap=0)))
    said = {one.key: one for one in case.travellers()}["bela"]

    assert said.code in {Code.OUTBID, Code.NO_PLAN, Code.NO_STAY}
    assert (said.rules, said.deciding) == ({}, ())


def test_where_locks_leave_no_plan_nobody_is_named_but_by_the_locks():
    asked = three(Locks(keep=(Pin("anna"), Pin("bela"))), {"anna", "bela"})

    with pytest.raises(Infeasible):
        solve(asked)

    keeps = {Rule("keep", ("anna", "")), Rule("keep", ("bela", ""))}
    assert {*collisions(asked)} == {Rule("private"), *keeps}
