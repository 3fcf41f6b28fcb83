"""What Erasmus+ pays, to the digit, and what counts as green."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grandtour.planning import carbon, erasmus
from grandtour.planning.erasmus import Way, Ways
from grandtour.planning.problem import Mode

BERLIN, WIEN, LISBOA = (52.52, 13.41), (48.21, 16.37), (38.72, -9.14)
TABLE = [
    (0, 9.9, 0, 0),
    (10, 99.9, 2800, 5600),
    (100, 499.9, 21100, 28500),
    (500, 1999.9, 30900, 41700),
    (2000, 2999.9, 39500, 53500),
    (3000, 3999.9, 58000, 78500),
    (4000, 7999.9, 118800, 118800),
    (8000, 20000, 173500, 173500),
]
KM_A_DEGREE = carbon.great_circle((0, 0), (0, 1))
ways = st.lists(
    st.builds(Way, st.sampled_from(list(Mode)), st.floats(1, 5000)), max_size=6
).map(tuple)


def east(km):
    """Give a point on the equator, so far from the one at 0, 0."""
    return (0.0, km / KM_A_DEGREE)


@pytest.mark.parametrize(("least", "most", "standard", "green"), TABLE)
@pytest.mark.parametrize("mode", [Mode.RAIL, Mode.PLANE])
def test_a_band_pays_what_the_calls_say_at_both_its_ends(least, most, standard, green, mode):
    for km in (least + 0.001, most):
        travel = erasmus.travel((0, 0), [east(km)], Ways(there=(Way(mode, km),)))

        assert travel.cents == (green if mode == Mode.RAIL else standard)
        assert travel.least_km == least
        assert travel.most_km == (None if least == 8000 else round(most + 0.1) - 1)


def test_the_band_counts_one_way_to_the_farthest_stop():
    train = (Way(Mode.RAIL, 629),)

    travel = erasmus.travel(BERLIN, [BERLIN, WIEN], Ways(there=train, back=train))

    assert round(travel.km) == 523
    assert (travel.green, travel.main, travel.cents) == (True, Mode.RAIL, 41700)


@pytest.mark.parametrize(
    ("travelled", "green"),
    [
        ([(Mode.RAIL, 600), (Mode.PLANE, 599)], True),
        ([(Mode.RAIL, 600), (Mode.PLANE, 600)], False),
        ([(Mode.COACH, 300), (Mode.RAIL, 301), (Mode.CAR, 600)], True),
        ([(Mode.RAIL, 100), (Mode.FERRY, 2000)], True),
        ([(Mode.PLANE, 100), (Mode.FERRY, 2000)], False),
        ([(Mode.FERRY, 2000)], False),
        ([], False),
    ],
)
def test_green_is_the_main_part_and_ships_do_not_count(travelled, green):
    assert erasmus.green(Way(mode, km) for mode, km in travelled) is green


@pytest.mark.parametrize(
    ("days", "green", "funded"),
    [(0, True, 0), (2, False, 2), (3, False, 2), (3, True, 3), (6, True, 6), (9, True, 6)],
)
def test_two_days_are_funded_and_six_if_it_is_green(days, green, funded):
    assert erasmus.funded_days(days, is_green=green) == funded


def test_days_on_the_way_are_counted_there_and_back_not_between():
    day, two_days = (Way(Mode.RAIL, 900),), (Way(Mode.RAIL, 1000),)

    assert erasmus.days_on_the_way(Ways(day, two_days, two_days)) == 3
    assert erasmus.days_on_the_way(Ways((Way(Mode.PLANE, 3000),), (), ())) == 1
    assert erasmus.days_on_the_way(Ways()) == 0


def test_who_has_no_place_gets_no_band():
    travel = erasmus.travel(None, [LISBOA], Ways())

    assert (travel.km, travel.cents, travel.main, travel.most_km) == (0, 0, None, 9)


@given(ways, ways, ways)
def test_ships_never_change_what_is_green_or_paid(there, between, back):
    dry = [
        tuple(way for way in part if way.mode != Mode.FERRY) for part in (there, between, back)
    ]

    wet, land = (
        erasmus.travel(BERLIN, [WIEN], parts)
        for parts in (Ways(there, between, back), Ways(*dry))
    )

    assert (wet.green, wet.cents) == (land.green, land.cents)
    assert wet.cents == (41700 if wet.green else 30900)
    assert wet.days <= (6 if wet.green else 2)


@given(st.floats(0, 20000), st.floats(0, 20000))
def test_farther_never_pays_less(one, other):
    near, far = (
        erasmus.travel((0, 0), [east(km)], Ways()).cents for km in sorted((one, other))
    )

    assert near <= far
