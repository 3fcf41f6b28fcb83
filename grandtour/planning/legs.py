"""Check one way of a plan: how long it is, what it emits, and whether one may travel so.

Like `verify`, it shares the words and the data with the planner, and no function.
"""

from collections.abc import Iterator
from math import asin, cos, dist, isclose, pi, sin

from grandtour.planning.carbon import FACTORS
from grandtour.planning.problem import Leg, Mode, Reason, Rules, Stay, Traveller

NEAR = 1e-6
ROUNDING_G = 1  # a leg's grams are whole
DETOURS = {Mode.RAIL: 1.2, Mode.COACH: 1.5, Mode.CAR: 1.5, Mode.FERRY: 1.0, Mode.PLANE: 1.0}
KMH = {Mode.RAIL: 80, Mode.COACH: 65, Mode.CAR: 70, Mode.FERRY: 35, Mode.PLANE: 700}
ON_LAND = (Mode.RAIL, Mode.COACH, Mode.CAR)
Ends = tuple[Traveller | Stay, Traveller | Stay]


def wrong(rules: Rules, leg: Leg, ends: Ends, who: list[Traveller]) -> Iterator[str]:
    """Name what is wrong with a way between two places that some people travel."""
    origin, target = ends
    km = straight(origin, target)
    way = km * DETOURS[leg.mode] + (95 if leg.mode == Mode.PLANE else 0)
    if not isclose(leg.km, way, rel_tol=NEAR, abs_tol=NEAR):
        yield "kilometres"
    kg, plain = _kg(leg.mode, origin.country, target.country, km)
    if abs(leg.grams - way * kg * 1000) > ROUNDING_G:
        yield "carbon"
    if abs(leg.grams_plain - way * plain * 1000) > ROUNDING_G:
        yield "carbon_plain"
    if any(leg.mode not in one.modes for one in who):
        yield "mode"
    sea = origin.land != target.land
    yield from _allowed(rules, leg, km, sea=sea)
    modes = frozenset.intersection(*(one.modes for one in who)) if who else frozenset(Mode)
    if leg.reason not in _reasons(rules, leg, modes, km, sea=sea):
        yield "reason"


def _allowed(rules: Rules, leg: Leg, km: float, *, sea: bool) -> Iterator[str]:
    flies, sails = leg.mode == Mode.PLANE, leg.mode == Mode.FERRY
    hours = leg.km / KMH[leg.mode]
    if flies and not (rules.flights and leg.traveller and leg.reason != Reason.NONE):
        yield "flight"
    if not flies and not sails and sea:
        yield "sea"
    if sails and (not sea or km > rules.ferry_km):
        yield "ferry"
    if not leg.traveller and hours > rules.leg_hours + NEAR:
        yield "leg_hours"
    if leg.traveller and not flies and not sails and hours > rules.home_hours + NEAR:
        yield "home_hours"


def _reasons(
    rules: Rules, leg: Leg, modes: frozenset[Mode], km: float, *, sea: bool
) -> set[Reason]:
    """Give the true reasons of a way that is travelled so; none for a needless flight."""
    if leg.mode == Mode.FERRY:
        return {Reason.SEA}
    if leg.mode != Mode.PLANE:
        return {Reason.NONE}
    if sea:
        return set() if Mode.FERRY in modes and km <= rules.ferry_km else {Reason.SEA}
    hours = {mode: km * DETOURS[mode] / KMH[mode] for mode in ON_LAND}
    if hours[Mode.RAIL] > rules.home_hours + NEAR:
        return {Reason.FAR}
    needless = any(mode in modes and hours[mode] < rules.home_hours - NEAR for mode in ON_LAND)
    return set() if needless else {Reason.UNABLE}


def straight(a: Traveller | Stay, b: Traveller | Stay) -> float:
    """Give the great circle between two places in km."""
    # By the chord through the earth, which keeps its digits between two hosts of one city.
    chord = dist(_upright(a), _upright(b))
    return 2 * 6371.0088 * asin(min(1.0, chord / 2))


def _upright(place: Traveller | Stay) -> tuple[float, float, float]:
    """Give the direction from the middle of the earth to a place."""
    up, turn = place.latitude * pi / 180, place.longitude * pi / 180
    return cos(up) * cos(turn), cos(up) * sin(turn), sin(up)


def _kg(mode: Mode, origin: str, target: str, km: float) -> tuple[float, float]:
    name = {Mode.COACH: "coach", Mode.FERRY: "ferry-foot", Mode.CAR: "car-average"}.get(mode)
    if mode == Mode.RAIL:
        tunnel = {"GB"} < {origin, target} <= {"GB", "FR", "BE", "NL"}
        name = "rail-international" if tunnel else "rail-national"
    elif mode == Mode.PLANE and origin == target:
        name = "plane-domestic"
    elif mode == Mode.PLANE and "GB" not in {origin, target}:
        name = "plane-elsewhere"
    elif mode == Mode.PLANE:
        name = "plane-long" if km > 3700 else "plane-short"  # noqa: PLR2004 -- the definition
    factor = FACTORS[str(name)]
    return factor.kg, factor.kg_plain
