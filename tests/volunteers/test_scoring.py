from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteers.scoring import (
    Band,
    Carrier,
    Level,
    Weights,
    crowd,
    people_step,
    publishable,
    score,
    settled,
    weigh,
)


def interpreters():
    """Two share the work 80 to 20; the one with most of it is over."""
    return weigh([Carrier(80, room=5, over=True), Carrier(20, room=5)], demand=13)


def wizard():
    return weigh([Carrier(30, room=5)], demand=3)


def equals():
    """Ten do as much as each other; half of them are over."""
    return weigh([Carrier(7, room=1, over=n < 5) for n in range(10)], demand=12)


@pytest.mark.parametrize(
    ("who", "use", "over", "points"),
    [(interpreters, 1.3, 0.8, 83), (wizard, 0.6, 0, 53), (equals, 1.2, 0.5, 40)],
)
def test_the_worked_examples(who, use, over, points):
    found = who()

    assert found.use == pytest.approx(use)
    assert found.over == pytest.approx(over)
    assert round(found.score) == points


def test_how_few_carry_it():
    assert [who().truck_factor for who in (interpreters, wizard, equals)] == [1, 1, 5]
    assert [round(who().effective, 2) for who in (interpreters, wizard, equals)] == [
        1.47,
        1,
        10,
    ]


def test_red_needs_one_who_carries_half_and_no_room():
    two_to_one = [Carrier(2, room=3), Carrier(1, room=3)]

    assert interpreters().level == Level.RED
    assert weigh(two_to_one, demand=6).level == Level.RED
    assert weigh(two_to_one, demand=4.7).level == Level.FINE
    assert weigh([replace(two_to_one[0], over=True)], demand=1).level == Level.RED
    assert equals().level == Level.FINE


def test_amber_needs_two_who_carry_half_and_little_room():
    four = [Carrier(3, room=3) for _ in range(4)]

    assert weigh(four, demand=9.6).level == Level.AMBER
    assert weigh(four, demand=9.5).level == Level.FINE
    assert weigh([*four, Carrier(3, room=3)], demand=15).level == Level.FINE


def test_one_who_carries_all_is_never_safer_than_two():
    assert weigh([Carrier(3, room=5)], demand=4).level == Level.AMBER


@pytest.mark.parametrize(
    ("demand", "band"),
    [(0.39, "low"), (0.4, "fine"), (0.79, "fine"), (0.8, "high"), (1, "over")],
)
def test_a_band_says_how_full_they_are(demand, band):
    ten = [Carrier(1, room=1) for _ in range(10)]

    assert weigh(ten, demand=demand * 10).band == band


def test_what_nobody_has_said_is_unknown():
    found = weigh([Carrier(3), Carrier(4)], demand=20)

    assert (found.use, found.score, found.level, found.band) == (
        None,
        None,
        Level.UNKNOWN,
        Band.UNKNOWN,
    )


def test_who_has_not_said_is_neither_empty_nor_full():
    """One of two equals said four hours: half of the demand is held against them."""
    assert weigh([Carrier(3, room=4), Carrier(3)], demand=6).use == 0.75


def test_rest_with_demand_is_no_room_at_all():
    assert weigh([Carrier(3, room=0)], demand=1).use == float("inf")
    assert weigh([Carrier(3, room=0)], demand=1).score == pytest.approx(100 * 0.25 ** (1 / 3))


CARRIERS = st.lists(
    st.builds(
        Carrier,
        hours=st.floats(0.1, 500),
        room=st.none() | st.floats(0, 80),
        over=st.booleans(),
    ),
    min_size=1,
    max_size=30,
)
SHARE = st.floats(0, 1)
DEMAND = st.floats(0, 1000)


@given(CARRIERS, DEMAND)
def test_a_score_is_between_0_and_100(carriers, demand):
    found = weigh(carriers, demand)

    assert found.score is None or 0 <= found.score <= 100


@given(SHARE, st.floats(0, 5), st.floats(0, 5), SHARE)
def test_more_use_never_scores_less(concentration, one, two, over):
    assert score(concentration, min(one, two), over) <= score(
        concentration, max(one, two), over
    )


@given(SHARE, st.floats(0, 5), SHARE, SHARE)
def test_more_who_are_over_never_score_less(concentration, use, one, two):
    assert score(concentration, use, min(one, two)) <= score(concentration, use, max(one, two))


@given(CARRIERS, DEMAND, st.randoms())
def test_the_order_of_carriers_makes_no_difference(carriers, demand, dice):
    other = dice.sample(carriers, len(carriers))
    one, two = weigh(carriers, demand), weigh(other, demand)

    assert one.truck_factor == two.truck_factor
    assert [one.concentration, one.room, one.over] == pytest.approx(
        [two.concentration, two.room, two.over]
    )


@given(CARRIERS, DEMAND)
def test_who_carries_half_are_among_the_carriers(carriers, demand):
    found = weigh(carriers, demand)

    assert 1 <= found.truck_factor <= len(carriers)
    assert 1 - 1e-9 <= found.effective <= len(carriers) + 1e-6


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=40))
def test_fewer_than_the_truck_factor_carry_less_than_half(hours):
    shares = sorted((each / sum(hours) for each in hours), reverse=True)
    few = weigh([Carrier(share) for share in shares], demand=0).truck_factor

    assert sum(shares[:few]) >= 0.5 - 1e-6
    assert sum(shares[: few - 1]) < 0.5


def test_a_country_and_its_only_affiliate_are_not_both_shown():
    """Six people, five of them in the affiliate: the sixth could be found by subtraction."""
    groups = {frozenset({"PL", "chapter"}): 5, frozenset({"PL"}): 1}

    assert publishable(groups, ["PL", "chapter"]) == {"PL"}
    assert publishable(groups | {frozenset({"PL"}): 5}, ["PL", "chapter"]) == {"PL", "chapter"}


def test_the_last_small_country_of_a_region_takes_a_larger_one_with_it():
    groups = {
        frozenset({"all", "PL"}): 9,
        frozenset({"all", "DE"}): 7,
        frozenset({"all", "LI"}): 2,
    }

    assert publishable(groups, ["all", "PL", "DE", "LI"]) == {"all", "PL"}


def test_two_regions_that_differ_by_one_country_are_not_both_shown():
    groups = {frozenset({"north", "west"}): 8, frozenset({"north"}): 3, frozenset({"west"}): 9}

    assert publishable(groups, ["north", "west"]) == {"north"}


SCOPES = ["a", "b", "c", "d"]
GROUPS = st.dictionaries(
    st.frozensets(st.sampled_from(SCOPES), min_size=1), st.integers(1, 12), max_size=8
)


@given(GROUPS)
def test_nothing_that_can_be_computed_is_about_fewer_than_five(groups):
    shown = sorted(publishable(groups, SCOPES))

    for factors in product(range(-2, 3), repeat=len(shown)):
        by_scope = dict(zip(shown, factors, strict=True))
        left = sum(
            people
            for group, people in groups.items()
            if sum(by_scope.get(scope, 0) for scope in group)
        )
        assert left == 0 or left >= 5, (shown, factors)


@given(st.floats(0, 500), st.floats(0, 500), st.sampled_from([1.0, 5.0]))
def test_whoever_comes_or_goes_a_sum_moves_by_one_step(before, now, step):
    shown = settled(before, [], step)

    assert abs(settled(now, [shown], step) - shown) in {0, step}


def test_a_sum_that_is_new_is_only_rounded():
    assert settled(13, [], 5) == 15


def test_a_number_moves_by_one_step_from_last_night_and_from_last_week():
    assert settled(90, [55, 50], 5) == 55
    assert settled(0, [55, 50], 5) == 50
    assert settled(0, [45, 50], 5) == 45


@pytest.mark.parametrize(("value", "step"), [(1, 1), (29, 1), (30, 2), (400, 20)])
def test_numbers_of_people_have_steps_of_a_twentieth(value, step):
    assert people_step(value) == step


@pytest.mark.parametrize(
    ("people", "least"), [(5, 5), (9, 5), (10, 10), (49, 20), (3000, 1000)]
)
def test_people_are_counted_in_ranges(people, least):
    assert crowd(people) == least


def test_what_is_summed_up_can_be_given_by_the_database():
    known = {"known": 1, "declared": 5}
    assert Weights(5, 0.25, 2, demand=9, room=10, over=0, **known).level == Level.AMBER
