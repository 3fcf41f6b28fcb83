"""The verifier finds each planted violation, and names the rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from grandtour.planning.limits import Limits
from grandtour.planning.problem import Locks, Mode, Pin, Reason, Share, Window
from grandtour.planning.solver import solve
from grandtour.planning.verify import broken
from tests.grandtour.planning.small import FIRST, problem, stay, traveller

DAY = timedelta(days=1)


def asked(**more):
    travellers = [
        traveller("anna", "DE", score=90, first_time=True),
        traveller("bela", "HU", score=80),
        traveller("cyril", "CZ", score=10),
    ]
    return problem(
        travellers, [stay("wien"), stay("krakow", "PL")], stops_min=2, stops_max=2, **more
    )


@pytest.fixture(scope="module")
def plan():
    return solve(asked(), limits=Limits(gap=0))


def rules_broken(given, plan):
    return {one.rule for one in broken(given, plan)}


def with_people(who, **more):
    base = asked()
    people = tuple(replace(one, **more) if one.key == who else one for one in base.travellers)
    return replace(base, travellers=people)


def with_stay(**more):
    base = asked()
    return replace(base, stays=(replace(base.stays[0], **more), *base.stays[1:]))


def test_a_plan_of_the_solver_breaks_nothing(plan):
    assert len(plan.journeys) == 1
    assert plan.journeys[0].travellers == ("anna", "bela", "cyril")
    assert broken(asked(), plan) == []


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("countries", with_people("anna", country="HU")),
        ("own_country", with_people("anna", country="AT")),
        ("language", with_people("anna", languages=frozenset({"fi"}))),
        ("access", with_people("anna", needs=frozenset({"lift"}))),
        ("window", with_people("anna", windows=(Window(FIRST, FIRST + DAY),))),
        ("mode", with_people("anna", modes=frozenset({Mode.COACH}))),
        ("kilometres", with_people("anna", latitude=53.0)),
        ("sea", with_people("anna", land="iceland")),
        ("seat_worth", with_people("anna", score=89)),
        ("known_traveller", with_people("anna", key="somebody")),
        ("known_stay", with_stay(key="elsewhere")),
        ("open", with_stay(windows=())),
        ("open", with_stay(blocked=(Window(FIRST, FIRST + 27 * DAY),))),
        ("guests", with_stay(limit=2)),
        ("stay_groups", with_stay(groups=0)),
        ("host_twice", with_stay(host="host krakow")),
        ("seat_cost", with_stay(night_cost=7)),
        ("seat_cost", asked(promised=1_000_000)),
        ("venue_cost", with_stay(venue_cost=7)),
        ("group_size", asked(group_max=2)),
        ("groups", asked(groups_max=0)),
        ("groups", asked(groups_min=2)),
        ("stops", replace(asked(), rules=replace(asked().rules, stops_min=1, stops_max=1))),
        ("nights", asked(nights_min=5, nights_max=6)),
        ("season", replace(asked(), rules=replace(asked().rules, last_day=FIRST + DAY))),
        ("leg_hours", asked(leg_hours=0.5)),
        ("home_hours", asked(home_hours=0.5)),
        ("carbon_budget", asked(carbon_budget=1)),
        ("money_budget", asked(money_budget=1)),
        ("share", asked(shares=(Share("first_time", 50),))),
        ("share", asked(shares=(Share("first_time", 0), Share("new_country", 50)))),
        ("exclude", asked(locks=Locks(exclude=(Pin("anna"),)))),
        ("exclude", asked(locks=Locks(exclude=(Pin("anna", "wien"),)))),
        ("keep", asked(locks=Locks(keep=(Pin("nobody"),)))),
        ("keep", asked(locks=Locks(keep=(Pin("", "nowhere"),)))),
        ("together", asked(locks=Locks(together=(frozenset({"anna", "dora"}),)))),
        ("apart", asked(locks=Locks(apart=(frozenset({"anna", "bela"}),)))),
        ("private", replace(asked(), private=(frozenset({"anna", "bela"}),))),
        ("private", replace(asked(), private=(frozenset({"anna", "wien"}),))),
    ],
)
def test_a_rule_that_a_plan_breaks_is_named(plan, rule, given):
    assert rule in rules_broken(given, plan)


def changed(plan, **more):
    return replace(plan, journeys=(replace(plan.journeys[0], **more),))


def test_a_group_without_a_common_language_is_found(plan):
    base = asked(one_language=True)
    spoken = [{"en"}, {"de"}, {"en", "de"}]
    people = tuple(
        replace(one, languages=frozenset(words))
        for one, words in zip(base.travellers, spoken, strict=True)
    )
    stays = tuple(replace(one, languages=frozenset({"en", "de"})) for one in base.stays)
    given = replace(base, travellers=people, stays=stays)
    assert rules_broken(given, plan) == {"one_language"}


def test_who_travels_twice_is_found(plan):
    twice = replace(plan, journeys=plan.journeys * 2, bound=float("inf"))
    assert {"once", "stay_groups", "guests"} <= rules_broken(asked(), twice)


def test_dates_that_do_not_chain_are_found(plan):
    first, second = plan.journeys[0].stops
    later = replace(second, arrive=second.arrive + DAY, leave=second.leave + DAY)
    assert "chain" in rules_broken(asked(), changed(plan, stops=(first, later)))


def test_a_first_day_beside_the_calendar_is_found(plan):
    stops = tuple(
        replace(one, arrive=one.arrive - DAY, leave=one.leave - DAY)
        for one in plan.journeys[0].stops
    )
    assert rules_broken(asked(), changed(plan, stops=stops)) == {"first_day"}


def test_a_missing_leg_is_found(plan):
    assert "legs" in rules_broken(asked(), changed(plan, legs=plan.journeys[0].legs[1:]))
    assert "legs" in rules_broken(asked(), changed(plan, legs=plan.journeys[0].legs[:-1]))


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("flight", {"mode": Mode.PLANE}),
        ("ferry", {"mode": Mode.FERRY}),
        ("carbon", {"grams": 1}),
        ("carbon_plain", {"grams_plain": 1}),
        ("kilometres", {"km": 1.0}),
    ],
)
def test_a_leg_that_is_not_what_it_says_is_found(plan, rule, more):
    legs = plan.journeys[0].legs
    wrong = (*legs[:-1], replace(legs[-1], **more))
    assert rule in rules_broken(asked(), changed(plan, legs=wrong))


def test_a_flight_needs_a_reason_and_leave(plan):
    legs = plan.journeys[0].legs
    flown = replace(legs[-1], mode=Mode.PLANE, reason=Reason.FAR)
    with_flight = changed(plan, legs=(*legs[:-1], flown))
    assert "flight" not in rules_broken(asked(), with_flight)
    assert "flight" in rules_broken(asked(flights=False), with_flight)


@pytest.mark.parametrize(
    ("mode", "reason", "true"),
    [
        (Mode.PLANE, Reason.FAR, False),
        (Mode.PLANE, Reason.SEA, False),
        (Mode.PLANE, Reason.UNABLE, False),  # a train goes, and they take trains
        (Mode.RAIL, Reason.FAR, False),
        (Mode.RAIL, Reason.NONE, True),
    ],
)
def test_a_reason_that_is_not_true_is_found(plan, mode, reason, true):
    legs = plan.journeys[0].legs
    told = changed(plan, legs=(*legs[:-1], replace(legs[-1], mode=mode, reason=reason)))
    assert ("reason" not in rules_broken(asked(), told)) == true


@pytest.mark.parametrize(("reason", "true"), [(Reason.UNABLE, True), (Reason.FAR, False)])
def test_who_takes_no_train_flies_for_a_true_reason(plan, reason, true):
    legs = plan.journeys[0].legs
    flown = replace(legs[-1], mode=Mode.PLANE, reason=reason)
    told = changed(plan, legs=(*legs[:-1], flown))
    given = with_people(flown.traveller, modes=frozenset({Mode.PLANE}))
    wrong = {one.where for one in broken(given, told) if one.rule == "reason"}
    assert ((flown.origin, flown.target) not in wrong) == true


def test_a_language_that_somebody_does_not_speak_is_found(plan):
    assert "spoken" in rules_broken(asked(), changed(plan, language="xx"))
    assert "spoken" not in rules_broken(asked(), changed(plan, language="en"))


@pytest.mark.parametrize("rule", ["seat_carbon", "seat_cost", "seat_worth"])
def test_a_place_that_is_not_what_it_says_is_found(plan, rule):
    seats = plan.journeys[0].seats
    wrong = {
        "seat_carbon": {"grams": 1},
        "seat_cost": {"cost": 1},
        "seat_worth": {"terms": replace(seats[0].terms, score=1)},
    }
    some = (replace(seats[0], **wrong[rule]), *seats[1:])
    assert rule in rules_broken(asked(), changed(plan, seats=some))


def test_a_plan_worth_more_than_its_bound_is_found(plan):
    assert rules_broken(asked(), replace(plan, bound=plan.worth - 1)) == {"bound"}
    wrong = changed(plan, venue_worth=5)
    assert "venue_worth" in rules_broken(asked(), wrong)


def test_two_hosts_of_one_city_are_no_way_apart():
    people = [traveller(f"t{at}", country) for at, country in enumerate(["DE", "PL"])]
    asked = problem(people, [stay("one"), stay("other")], stops_min=2, stops_max=2)
    plan = solve(asked)
    assert [leg.km for leg in plan.journeys[0].legs if not leg.traveller] == [0]
    assert broken(asked, plan) == []
