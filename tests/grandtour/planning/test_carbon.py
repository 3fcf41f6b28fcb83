"""Distances, factors and unit costs, as the sources give them."""

from dataclasses import replace

import pytest

from grandtour.planning import carbon
from grandtour.planning.problem import Mode, Reason
from tests.grandtour.planning.small import rules, stay, traveller

BERLIN, WIEN, LONDON, NEW_YORK = (52.52, 13.40), (48.21, 16.37), (51.51, -0.13), (40.71, -74.01)


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [(BERLIN, WIEN, 524), (BERLIN, LONDON, 932), (LONDON, NEW_YORK, 5570), (WIEN, WIEN, 0)],
)
def test_a_great_circle_is_as_long_as_known(a, b, km):
    assert carbon.great_circle(a, b) == pytest.approx(km, abs=3)


def test_half_the_world_apart():
    assert carbon.great_circle((0, 0), (0, 180)) == pytest.approx(20015, abs=1)


@pytest.mark.parametrize(
    ("mode", "km"),
    [(Mode.RAIL, 120), (Mode.COACH, 150), (Mode.PLANE, 195), (Mode.FERRY, 100)],
)
def test_the_way_is_longer_than_the_great_circle(mode, km):
    assert carbon.travelled_km(mode, 100) == km


@pytest.mark.parametrize(
    ("mode", "origin", "target", "km", "factor"),
    [
        (Mode.RAIL, "DE", "DE", 100, (0.03546, 0.03546)),
        (Mode.RAIL, "DE", "AT", 100, (0.03546, 0.03546)),
        (Mode.RAIL, "PL", "LT", 400, (0.03546, 0.03546)),
        # What the source calls international rail is the Eurostar.
        (Mode.RAIL, "GB", "FR", 340, (0.00446, 0.00446)),
        (Mode.RAIL, "BE", "GB", 320, (0.00446, 0.00446)),
        (Mode.RAIL, "NL", "GB", 360, (0.00446, 0.00446)),
        (Mode.RAIL, "BE", "FR", 260, (0.03546, 0.03546)),
        (Mode.RAIL, "GB", "DE", 930, (0.03546, 0.03546)),
        (Mode.COACH, "DE", "AT", 100, (0.02776, 0.02776)),
        (Mode.FERRY, "DE", "SE", 100, (0.01871, 0.01871)),
        (Mode.CAR, "DE", "AT", 100, (0.16725, 0.16725)),
        (Mode.PLANE, "GB", "GB", 500, (0.22928, 0.13552)),
        (Mode.PLANE, "GB", "ES", 1500, (0.12576, 0.07435)),
        (Mode.PLANE, "US", "GB", 5500, (0.11704, 0.06926)),
        (Mode.PLANE, "DE", "IS", 2400, (0.10916, 0.06449)),
    ],
)
def test_factors_are_those_of_the_source(mode, origin, target, km, factor):
    row = carbon.factor_for(mode, origin, target, km)
    assert (row.kg, row.kg_plain) == factor
    assert (row.year, row.source) == (2025, carbon.SOURCE)


def test_rail_comes_first_and_a_flight_has_a_reason():
    near, far = stay("near", "AT"), replace(stay("far"), latitude=38.7, longitude=-9.1)
    one = traveller("t")
    assert carbon.leg(one, near, rules()).mode == Mode.RAIL
    flown = carbon.leg(one, far, rules())
    assert (flown.mode, flown.reason) == (Mode.PLANE, Reason.FAR)
    assert flown.grams > flown.grams_plain > 0
    assert carbon.leg(one, far, rules(flights=False)) is None


def test_who_takes_no_train_takes_the_coach():
    by_road = replace(traveller("t"), modes=frozenset({Mode.COACH}))
    assert carbon.leg(by_road, stay("s"), rules()).mode == Mode.COACH
    in_the_air = replace(traveller("t"), modes=frozenset({Mode.PLANE}))
    assert carbon.leg(in_the_air, stay("s"), rules()).reason == Reason.UNABLE


def test_no_train_crosses_the_sea():
    island = replace(stay("s"), land="iceland")
    assert carbon.leg(traveller("t"), island, rules(ferry_km=100)).reason == Reason.SEA
    sailed = carbon.leg(traveller("t"), island, rules(ferry_km=600))
    assert (sailed.mode, sailed.reason) == (Mode.FERRY, Reason.SEA)


def test_groups_never_fly_between_stops():
    assert (
        carbon.between(stay("a"), replace(stay("b"), latitude=38.7, longitude=-9.1), rules())
        is None
    )
    assert carbon.between(stay("a"), stay("b", "HU"), rules()).mode == Mode.RAIL


@pytest.mark.parametrize(
    ("km", "standard", "green"),
    [
        (9.9, 0, 0),
        (10, 28, 56),
        (99.9, 28, 56),
        (100, 211, 285),
        (500, 309, 417),
        (2000, 395, 535),
        (3000, 580, 785),
        (4000, 1188, 1188),
        (8000, 1735, 1735),
    ],
)
def test_unit_costs_are_those_of_erasmus(km, standard, green):
    assert carbon.unit_cost(km, green=False) == 100 * standard
    assert carbon.unit_cost(km, green=True) == 100 * green


def test_green_is_the_main_part_of_the_way():
    assert carbon.is_green(500, 400)
    assert not carbon.is_green(400, 400)
    assert not carbon.is_green(0, 0)


def test_the_way_back_is_the_way_there_turned_round():
    out = carbon.leg(traveller("t"), stay("s"), rules())
    home = carbon.back(out)
    assert (home.origin, home.target, home.grams) == (out.target, out.origin, out.grams)
    assert carbon.back(home) == out
