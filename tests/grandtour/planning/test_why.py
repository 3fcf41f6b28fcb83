"""Everybody hears which rule or which worth decided."""

from dataclasses import replace

import pytest

from grandtour.planning.limits import Limits
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.solver import solve
from grandtour.planning.why import Case, Code
from tests.grandtour.planning.small import days, problem, stay, traveller

EXACT = Limits(gap=0)


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
    assert one.missing == pytest.approx(300)


def test_what_was_missing_would_have_been_enough():
    """The promise of the sentence: with as many points more, they travel."""
    lacking = why(crowd(), "dana").missing
    assert why(crowd(worth=int(lacking) - 1), "dana").code != Code.PLACED
    assert why(crowd(worth=int(lacking) + 1), "dana").code == Code.PLACED


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
    assert why(crowd(score=80), "dana").code in {Code.TIE, Code.PLACED}


def test_what_carbon_decides_is_said():
    travellers = [traveller("anna", "DE"), traveller("bela", "HU"), traveller("cyril", "CZ")]
    far = replace(traveller("dora", "PL", score=60), latitude=38.7, longitude=-9.1)
    given = problem([*travellers, far], [stay("s", limit=3)], carbon_budget=60_000)
    assert why(given, "dora").code == Code.CARBON


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
