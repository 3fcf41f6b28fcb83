"""Everybody hears which rule or which worth decided."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given as given_by
from hypothesis import settings

from grandtour.planning import deciding
from grandtour.planning.conflicts import Rule
from grandtour.planning.limits import Infeasible, Limits
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.solver import solve
from grandtour.planning.weighing import weighed
from grandtour.planning.why import Case, Code
from tests.grandtour.planning.claims import false_claims
from tests.grandtour.planning.small import FIRST, days, problem, stay, traveller
from tests.grandtour.planning.test_solver import problems

EXACT = Limits(gap=0)


@settings(max_examples=20, deadline=None)
@given_by(problems())
def test_every_reason_holds_when_all_is_solved_anew(asked):
    """Put in by a lock, or with a rule taken out, it comes out as the sentence says."""
    try:
        plan = solve(asked, limits=EXACT)
    except Infeasible:
        return
    case = Case(asked, plan, EXACT)
    assert false_claims(asked, plan, [*case.travellers(), *case.stays()]) == []


def crowd(**more):
    """Five from five countries and one stay for two: the best two travel."""
    travellers = [
        traveller("anna", "DE", score=90),
        traveller("bela", "HU", score=80),
        traveller("cyril", "CZ", score=50),
        replace(traveller("dana", "SK", score=70), **more),
    ]
    return problem(travellers, [stay("s", limit=2)])


def why(given, key):
    plan = solve(given, limits=EXACT)
    return next(one for one in Case(given, plan).travellers() if one.key == key)


def test_who_travels_hears_what_their_place_is_worth():
    one = why(crowd(), "anna")
    assert (one.code, one.journey, one.stays) == (Code.PLACED, 0, ("s",))
    assert one.parts == {"score": 900.0}


def test_who_is_outbid_hears_by_how_much():
    one = why(crowd(), "cyril")
    assert (one.code, one.stays) == (Code.OUTBID, ("s",))
    assert one.lack == (300, 300)


def test_what_was_missing_would_have_been_enough():
    """The promise of the sentence: with as many points more, they travel."""
    lacking = why(crowd(), "dana").lack[1]
    assert why(crowd(worth=lacking - 1), "dana").code != Code.PLACED
    assert why(crowd(worth=lacking + 1), "dana").code == Code.PLACED


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("language", {"languages": frozenset({"fi"})}),
        ("access", {"needs": frozenset({"lift"})}),
        ("own_country", {"country": "AT"}),
        ("reach", {"modes": frozenset()}),
        ("window", {"windows": (days(0, 1),)}),
    ],
)
def test_who_fits_nowhere_hears_which_rule(rule, more):
    one = why(crowd(**more), "dana")
    assert (one.code, one.rules) == (Code.NO_STAY, {rule: 1})


def test_who_is_locked_out_hears_that():
    given = replace(crowd(), locks=Locks(exclude=(Pin("dana"),)))
    assert why(given, "dana").code == Code.EXCLUDED


def test_as_good_as_those_who_travel_is_a_tie():
    codes = {why(crowd(score=80), key).code for key in ("dana", "bela")}
    assert codes == {Code.TIE, Code.PLACED}


def test_what_carbon_decides_is_said():
    travellers = [traveller("anna", "DE"), traveller("bela", "HU"), traveller("cyril", "CZ")]
    far = replace(traveller("dora", "PL", score=60), latitude=38.7, longitude=-9.1)
    given = problem([*travellers, far], [stay("s", limit=3)], carbon_budget=60_000)
    assert why(given, "dora").deciding == (Rule("carbon_budget"),)


def test_every_stay_hears_too():
    stays = [stay("used"), stay("shut", windows=(days(0, 1),)), stay("out", "PL")]
    given = problem(
        [traveller("anna", "DE"), traveller("bela", "HU")],
        [*stays, stay("home", "DE")],
        Locks(exclude=(Pin("", "out"),)),
    )
    plan = solve(given, limits=EXACT)
    codes = {one.key: one.code for one in Case(given, plan).stays()}
    assert codes == {
        "used": Code.USED,
        "shut": Code.CLOSED,
        "out": Code.EXCLUDED,
        "home": Code.NO_GROUP,
    }


def test_beds_that_are_taken_are_told_to_travellers_and_hosts():
    gone = tuple((FIRST + timedelta(night), 1) for night in range(60))
    given = problem(
        [traveller("anna", "DE"), traveller("bela", "HU")],
        [stay("full", limit=2, taken=gone), stay("home", "HU")],
        group_min=2,
    )

    assert of_stays(given)["full"].code == Code.FULL
    one = why(given, "anna")
    assert (one.code, one.rules) == (Code.NO_GROUP, {"beds": 1})
    assert Rule("beds") in one.deciding


def of_stays(given):
    plan = solve(given, limits=EXACT)
    return {one.key: one for one in Case(given, plan, EXACT).stays()}


def test_a_stay_that_is_visited_hears_what_there_would_be_without_it():
    travellers = [traveller("anna", "DE", score=90), traveller("bela", "HU", score=80)]
    alone = problem(travellers, [stay("s")])
    two = problem(travellers, [stay("s"), stay("t")])
    locked = replace(alone, locks=Locks(keep=(Pin("", "s"),)))

    assert (of_stays(alone)["s"].code, of_stays(alone)["s"].lack) == (Code.USED, (1700, 1700))
    assert sorted(one.lack for one in of_stays(two).values()) == [(0, 0), (0, 0)]
    assert {one.code for one in of_stays(two).values()} == {Code.USED, Code.TIE}
    assert of_stays(locked)["s"].code == Code.NEEDED


def test_prices_alone_prove_what_a_stay_is_needed_for():
    given = crowd()
    assert untried(given, solve(given, limits=EXACT))["s"].lack == (1700, None)


def test_a_stay_nobody_of_two_countries_can_reach_hears_whom_it_suits():
    given = problem(
        [traveller("anna", "DE"), traveller("bela", "DE")], [stay("s")], group_min=2
    )
    one = of_stays(given)["s"]
    assert (one.code, one.parts) == (Code.NO_GROUP, {"suiting": 2.0})


def test_whom_locks_alone_keep_out_hears_that():
    given = replace(crowd(), locks=Locks(exclude=(Pin("dana", "s"),)))
    assert why(given, "dana").code == Code.LOCKED


def test_nothing_is_claimed_that_the_time_did_not_suffice_for():
    given = crowd()
    plan = solve(given, limits=EXACT)
    told = Case(given, plan, EXACT, cancelled=lambda: True).travellers()
    left = [one for one in told if one.code != Code.PLACED]
    assert all(one.lack[1] is None and not one.deciding for one in left)


def test_a_rule_without_a_price_is_left_out_without_being_relaxed_anew(monkeypatch):
    given = crowd()
    idle = replace(given, rules=replace(given.rules, money_budget=10**9, carbon_budget=10**9))
    relaxed, relax = [], deciding.sift

    def noted(rows, *more):
        rules = rows.problem.rules
        relaxed.append((rules.money_budget, rules.carbon_budget))
        return relax(rows, *more)

    monkeypatch.setattr(deciding, "sift", noted)
    told = why(idle, "dana")

    # Each other rule was left out with both budgets in force, and neither budget by itself.
    assert set(relaxed) == {(10**9, 10**9)}
    assert replace(told, weighs={}) == replace(why(given, "dana"), weighs={})


def test_too_many_routes_prove_nothing():
    given = crowd()
    plan = solve(given, limits=EXACT)
    told = Case(given, plan, replace(EXACT, routes=1)).travellers()
    assert {one.code for one in told} == {Code.PLACED, Code.UNKNOWN}


@settings(max_examples=20, deadline=None)
@given_by(problems())
def test_what_a_journey_takes_more_than_it_brings_is_what_the_proof_says(asked):
    """The parts add up to the loss of the best pair, for everybody who is left out."""
    try:
        plan = solve(asked, limits=EXACT)
    except Infeasible:
        return
    world = Case(asked, plan, EXACT).world
    for row in range(len(asked.travellers) + len(asked.stays)):
        own = world.pairs_of(row)
        losses = world.losses[own]
        if len(own) and np.isfinite(losses).any():
            found = weighed(world.rows, world.relaxed, int(own[losses.argmin()]))
            assert found.loss == pytest.approx(losses.min(), abs=1e-6)


def test_who_is_outbid_hears_what_weighs_against_them():
    one = why(crowd(), "cyril")
    assert one.weighs == {"brings": 1400.0, "hosts": 1700.0}


def untried(given, plan):
    """Give what is said where the time sufficed for nothing but to read the prices."""
    case = Case(given, plan, EXACT, cancelled=lambda: True)
    return {one.key: one for one in (*case.travellers(), *case.stays())}


def second_best():
    """Give the crowd, and a plan that falls 300 short of the bound: the best with Cyril."""
    given = crowd()
    best = solve(given, limits=EXACT)
    with_cyril = replace(given, locks=Locks(keep=(Pin("cyril"),)))
    return given, replace(best, journeys=solve(with_cyril, limits=EXACT).journeys)


def test_a_loss_within_the_gap_of_a_plan_is_told_of_nobody():
    given, plan = second_best()
    assert plan.bound - plan.worth == pytest.approx(300)

    best = untried(given, solve(given, limits=EXACT))["dana"]
    dana = untried(given, plan)["dana"]

    assert (best.lack, best.weighs) == ((100, None), {"brings": 1600.0, "hosts": 1700.0})
    assert (dana.lack[0], dana.weighs) == (0, {})


@settings(max_examples=20, deadline=None)
@given_by(problems())
def test_what_weighs_against_somebody_is_told_only_where_it_is_proven(asked):
    try:
        plan = solve(asked, limits=EXACT)
    except Infeasible:
        return
    told = untried(asked, plan).values()
    assert [one for one in told if one.weighs and not one.lack[0]] == []
