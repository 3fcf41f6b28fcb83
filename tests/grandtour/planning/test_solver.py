"""What the solver promises: the best plan, by all rules, the same for the same seed."""

from dataclasses import replace
from datetime import timedelta
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grandtour.planning.closing import trusted
from grandtour.planning.limits import Cancelled, Infeasible, Limits
from grandtour.planning.problem import Ended, Locks, Mode, Pin, Problem, Share, Weights
from grandtour.planning.solver import solve
from grandtour.planning.verify import broken
from tests.grandtour.planning import brute
from tests.grandtour.planning.small import FIRST, PLACES, days, problem, stay, traveller

EXACT = Limits(gap=0, effort=20)
countries = st.sampled_from(sorted(PLACES))
languages = st.sampled_from([{"en"}, {"de"}, {"en", "de"}]).map(frozenset)
skills = st.frozensets(st.sampled_from("abc"))
WEEK = tuple((FIRST + timedelta(night), 2) for night in range(7))
windows = st.sampled_from([(0, 27), (0, 13), (7, 20), (3, 9)]).map(lambda ends: (days(*ends),))


@st.composite
def people(draw, wishes):
    return [
        traveller(
            f"t{number}",
            draw(countries),
            languages=draw(languages),
            windows=draw(windows),
            wants=draw(skills),
            brings=draw(skills),
            score=draw(st.integers(0, 100)),
            first_time=draw(st.booleans()),
            modes=draw(st.sampled_from([frozenset(Mode), frozenset({Mode.RAIL})])),
            needs=frozenset({"step-free"}) if draw(st.integers(0, 4)) == 0 else frozenset(),
            traits=draw(st.sampled_from([frozenset(), frozenset({"new_country"})])),
            nights=draw(wishes),
        )
        for number in range(draw(st.integers(3, 5)))
    ]


@st.composite
def places(draw):
    return [
        stay(
            f"s{number}",
            draw(countries),
            languages=draw(languages),
            windows=draw(windows),
            shares=draw(skills),
            wants=draw(skills),
            limit=draw(st.integers(2, 4)),
            groups=draw(st.integers(1, 2)),
            taken=draw(st.sampled_from([(), WEEK])),
            access=draw(st.sampled_from([frozenset(), frozenset({"step-free"})])),
            night_cost=1000,
            venue_cost=draw(st.sampled_from([0, 20000])),
        )
        for number in range(draw(st.integers(1, 3)))
    ]


@st.composite
def problems(draw):
    stops = draw(st.integers(1, 2))
    asked = problem(
        draw(people(st.sampled_from([0, 3, 4, 6]) if stops == 1 else st.just(0))),
        draw(places()),
        every=draw(st.sampled_from([7, 9])),
        stops_max=stops,
        groups_max=draw(st.none() | st.integers(1, 2)),
        groups_min=draw(st.integers(0, 1)),
        carbon_budget=draw(st.none() | st.integers(0, 60_000)),
        money_budget=draw(st.none() | st.integers(0, 200_000)),
        shares=draw(
            st.sampled_from(
                [
                    *((), (Share("first_time", 40),), (Share("first_time", 40, spare=70),)),
                    (Share("new_country", 50),),
                    (Share("first_time", 30), Share("new_country", 40, spare=20)),
                ]
            )
        ),
        weights=Weights(carbon=draw(st.sampled_from([0, 1])), cost=0.1, nights=20),
        one_language=draw(st.booleans()),
        promised=draw(st.sampled_from([0, 0, 32_000])),
        locks=draw(st.sampled_from([None, *LOCKS])),
    )
    return replace(asked, private=draw(st.sampled_from([(), (), *PRIVATE])))


PRIVATE = [
    (frozenset({"t0", "t1"}),),
    (frozenset({"t0", "s0"}), frozenset({"t1", "t2"})),
]
LOCKS = [
    Locks(keep=(Pin("t0"),)),
    Locks(keep=(Pin("t0", "s0"),), exclude=(Pin("t1"),)),
    Locks(keep=(Pin("", "s0"),), apart=(frozenset({"t0", "t1"}),)),
    Locks(together=(frozenset({"t0", "t1"}),)),
]


@settings(max_examples=40, deadline=None)
@given(problems())
def test_no_plan_is_better_than_the_one_found(given_problem):
    """Equal to trying everything; and where nothing keeps all rules, it says so."""
    best = brute.best(given_problem)
    try:
        plan = solve(given_problem, limits=EXACT)
    except Infeasible:
        assert best is None
        return
    assert broken(given_problem, plan) == []
    assert (plan.worth, plan.ended) == (best, Ended.PROVEN)
    assert plan.bound == pytest.approx(best)


def europe(number=9):
    names = sorted(PLACES)
    travellers = [
        traveller(
            f"t{at}", names[at % 6], score=40 + 7 * at % 31, wants=frozenset("ab"[at % 2])
        )
        for at in range(number)
    ]
    stays = [
        stay(f"s{at}", names[at], shares=frozenset("ab"[at % 2]), groups=2) for at in range(4)
    ]
    return problem(travellers, stays, stops_max=2, groups_max=2)


def test_the_same_seed_gives_the_same_plan():
    one, other = (solve(europe(), limits=EXACT) for _time in range(2))
    assert replace(one, seconds=0) == replace(other, seconds=0)


def test_the_plan_carries_what_it_was_made_from():
    asked = europe()
    plan = solve(asked, limits=EXACT)
    assert (plan.seed, plan.fingerprint) == (asked.rules.seed, asked.fingerprint())
    other = Problem(asked.travellers[:-1], asked.stays, asked.rules)
    assert other.fingerprint() != asked.fingerprint()


def test_who_cancels_before_there_is_a_plan_gets_none():
    with pytest.raises(Cancelled):
        solve(europe(), cancelled=lambda: True)


def test_the_progress_is_told():
    told = []
    plan = solve(europe(), progress=told.append, limits=EXACT)
    assert next(one.step for one in told) == "routes"
    assert (told[-1].worth, told[-1].bound) == (plan.worth, plan.bound)


def test_a_plan_is_changed_as_little_as_possible():
    """Somebody refuses: the others of all groups stay where and when they were."""
    asked = europe()
    first = solve(asked, limits=EXACT)
    gone = first.journeys[0].travellers[0]
    again = solve(
        replace(asked, locks=Locks(exclude=(Pin(gone),)), before=first.journeys), limits=EXACT
    )
    assert broken(replace(asked, locks=Locks(exclude=(Pin(gone),))), again) == []
    before = {key: one.stops for one in first.journeys for key in one.travellers}
    after = {key: one.stops for one in again.journeys for key in one.travellers}
    assert {key for key in before if after.get(key) != before[key]} == {gone}


def test_a_journey_whose_host_withdrew_moves_alone():
    asked = europe()
    first = solve(asked, limits=EXACT)
    shut = first.journeys[0].stops[0].stay
    moved = replace(asked, locks=Locks(exclude=(Pin("", shut),)), before=first.journeys)
    again = solve(moved, limits=EXACT)
    assert broken(moved, again) == []
    untouched = [one for one in first.journeys if shut not in {s.stay for s in one.stops}]
    for one in untouched:
        same = [other for other in again.journeys if other.stops == one.stops]
        assert set(one.travellers) <= {key for other in same for key in other.travellers}


def test_a_group_shares_one_language_where_the_rules_want_it():
    spoken = [{"en"}, {"en", "de"}, {"de"}, {"de"}]
    travellers = [
        traveller(f"t{at}", country, languages=frozenset(words))
        for at, (country, words) in enumerate(
            zip(["DE", "PL", "HU", "SK"], spoken, strict=True)
        )
    ]
    asked = problem(
        travellers, [stay("s", languages=frozenset({"en", "de"}))], one_language=True
    )
    plan = solve(asked, limits=EXACT)
    assert plan.journeys[0].language == "de"
    assert plan.journeys[0].travellers == ("t1", "t2", "t3")
    assert broken(asked, plan) == []


def test_an_organiser_may_put_the_rule_of_countries_aside():
    travellers = [traveller("t0", "DE"), traveller("t1", "DE")]
    assert solve(problem(travellers, [stay("s")]), limits=EXACT).journeys == ()
    excepted = problem(travellers, [stay("s")], excepted=frozenset({"t1"}))
    assert solve(excepted, limits=EXACT).journeys[0].travellers == ("t0", "t1")


def visit(person, *hosts, **more):
    """Give the nights of whoever travels, alone and for two to nine weeks, by host."""
    weeks = {"group_min": 1, "group_max": 1, "nights_min": 14, "nights_max": 60}
    asked = problem(
        [person], hosts, weights=Weights(carbon=0, cost=0.1, nights=1), **weeks | more
    )
    asked = replace(asked, rules=replace(asked.rules, last_day=LONG.last))
    plan = solve(asked, limits=EXACT)
    assert (broken(asked, plan), plan.ended) == ([], Ended.PROVEN)
    return {
        one.stops[0].stay: (one.stops[0].leave - one.stops[0].arrive).days
        for one in plan.journeys
    }


LONG = days(0, 99)


@pytest.mark.parametrize(("wish", "nights"), [(0, 14), (14, 14), (45, 45), (90, 60), (3, 14)])
def test_a_visiting_wikimedian_stays_as_long_as_wished_within_the_rules(wish, nights):
    person = traveller("t", windows=(LONG,), nights=wish)
    assert visit(person, stay("s", windows=(LONG,), night_cost=9000)) == {"s": nights}


def test_where_the_days_do_not_allow_it_the_nearest_stay_is_planned():
    host = stay("s", windows=(days(0, 30), days(40, 99)), blocked=(days(80, 85),))
    person = traveller("t", windows=(LONG,), nights=50)
    assert visit(person, host) == {"s": 37}
    assert visit(replace(person, windows=(days(14, 34),)), host, nights_min=15) == {"s": 16}


def test_guests_who_are_there_already_shorten_a_stay_and_no_wish_is_worth_more_than_a_place():
    nights = tuple((FIRST + timedelta(night), 1) for night in range(40, 60))
    host = stay("s", windows=(LONG,), limit=1, groups=2, taken=nights)
    person = traveller("t", windows=(days(0, 70),), nights=50)
    assert visit(person, host) == {"s": 40}
    asked = problem(
        [traveller(f"t{at}", windows=(days(0, 59),), nights=50) for at in range(2)],
        [stay("s", windows=(LONG,), limit=1, groups=2)],
        group_min=1,
        group_max=1,
        nights_min=14,
        nights_max=60,
        weights=Weights(nights=5),
    )
    asked = replace(asked, rules=replace(asked.rules, last_day=LONG.last))
    plan = solve(asked, limits=EXACT)
    assert broken(asked, plan) == []
    lengths = [(s.leave - s.arrive).days for one in plan.journeys for s in one.stops]
    assert (len(lengths), sum(lengths)) == (2, 59)


def test_the_verifier_knows_what_a_night_off_the_wish_takes():
    asked = problem(
        [traveller(f"t{at}", c, nights=4) for at, c in enumerate(["DE", "PL"])],
        [stay("s")],
        weights=Weights(nights=7),
    )
    plan = solve(asked, limits=EXACT)
    assert plan.terms.nights == 0
    longer = replace(asked, travellers=tuple(replace(t, nights=9) for t in asked.travellers))
    assert [one.rule for one in broken(longer, plan)] == ["seat_worth", "seat_worth"]


@pytest.mark.parametrize(
    ("bound", "value", "believed"),
    [(12, 10, 12), (10, 10, 10), (0, 10, inf), (0, None, inf), (-3, -5, -3)],
)
def test_a_bound_below_what_was_found_is_none(bound, value, believed):
    assert trusted(bound, value) == believed
