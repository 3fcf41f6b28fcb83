"""What is settled stays as it is, what was promised comes first, and both are checked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from grandtour.planning.agreed import pinned
from grandtour.planning.conflicts import Rule, collisions
from grandtour.planning.limits import Infeasible, Limits
from grandtour.planning.problem import Journey, Locks, Pin, Seat, Share, Stop, Terms
from grandtour.planning.solver import solve
from grandtour.planning.verify import broken
from grandtour.planning.why import Case, Code
from tests.grandtour.planning.small import FIRST, days, problem, stay, traveller

EXACT = Limits(gap=0)
WEEK = tuple((FIRST + timedelta(night), 3) for night in range(7))


def two(*more):
    """Give two travellers of different countries, and more."""
    return [traveller("anna", "DE"), traveller("bela", "HU"), *more]


def journey(first, nights, *who):
    """Give a journey to one stay, so many days after the first."""
    arrive = FIRST + timedelta(first)
    seats = tuple(Seat(key, Terms(), 0, 0, 0) for key in who)
    return Journey((Stop("s", arrive, arrive + timedelta(nights)),), seats)


def rules_of(plan, given):
    """Name the rules that a plan breaks."""
    return {one.rule for one in broken(given, plan)}


def test_beds_that_are_taken_are_left_alone():
    given = problem(two(), [stay("s", taken=WEEK)])

    plan = solve(given, limits=EXACT)

    assert plan.journeys[0].stops[0].arrive >= FIRST + timedelta(7)
    assert broken(given, plan) == []
    first = replace(plan.journeys[0], stops=journey(0, 3).stops)
    assert "guests" in rules_of(replace(plan, journeys=(first,)), given)


def test_beds_that_are_taken_are_named_where_they_leave_no_plan():
    gone = tuple((FIRST + timedelta(night), 3) for night in range(60))
    pair = Pin("anna", "s")
    given = problem(two(), [stay("s", limit=4, taken=gone)], Locks(keep=(pair,)), group_min=2)

    assert Rule("beds") in collisions(given)
    assert pinned(given, [pair]).loose == ((pair, ("beds",)),)


def test_first_journeys_that_are_settled_count_in_the_share():
    few = problem(two(), [stay("s")], shares=(Share("first_time", 50),))
    spare = problem(two(), [stay("s")], shares=(Share("first_time", 50, spare=100),))

    assert solve(few, limits=EXACT).journeys == ()
    plan = solve(spare, limits=EXACT)
    assert len(list(plan.seats())) == 2
    assert broken(spare, plan) == []
    assert rules_of(plan, few) >= {"share"}


def test_who_is_bound_keeps_stops_and_days():
    stands = journey(7, 4, "anna", "bela")
    given = problem(
        two(traveller("cyril", "CZ", windows=(days(0, 6),), score=100)),
        [stay("s", limit=3)],
        before=(stands,),
    )
    bound = replace(given, bound=frozenset({"anna", "bela"}))

    plan = solve(bound, limits=EXACT)

    assert [one.stops for one in plan.journeys] == [stands.stops]
    assert broken(bound, plan) == []
    moved = replace(plan, journeys=(replace(plan.journeys[0], stops=journey(0, 4).stops),))
    assert "stands" in rules_of(moved, bound)


def test_a_lock_against_who_is_bound_is_named_with_it():
    given = problem(
        two(),
        [stay("s")],
        Locks(exclude=(Pin("anna"),)),
        before=(journey(7, 4, "anna", "bela"),),
    )
    bound = replace(given, bound=frozenset({"anna"}))

    with pytest.raises(Infeasible):
        solve(bound, limits=EXACT)
    assert set(collisions(bound)) == {Rule("exclude", ("anna", "")), Rule("stands", ("anna",))}


def test_who_is_as_good_as_those_who_keep_their_places_hears_that():
    given = problem(
        two(traveller("cyril", "CZ")),
        [stay("s", limit=2, windows=(days(7, 11),))],
        before=(journey(7, 4, "anna", "bela"),),
    )

    plan = solve(given, limits=EXACT)

    codes = {one.key: one.code for one in Case(given, plan).travellers()}
    assert codes == {"anna": Code.PLACED, "bela": Code.PLACED, "cyril": Code.STANDS}


def test_what_was_promised_comes_before_what_is_worth_more():
    rivals = [traveller(key, country, score=99) for key, country in (("c", "CZ"), ("d", "SK"))]
    given = problem(two(*rivals), [stay("s", limit=2)])

    kept = solve(replace(given, promised=frozenset({"anna", "bela"})), limits=EXACT)

    assert {seat.traveller for seat in solve(given, limits=EXACT).seats()} == {"c", "d"}
    assert {seat.traveller for seat in kept.seats()} == {"anna", "bela"}
