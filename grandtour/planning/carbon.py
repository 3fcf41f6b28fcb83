"""Distances, modes of travel, carbon, and what travel costs by Erasmus+ unit costs.

Factors and unit costs are data with their year and source; functions say their units.
"""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from grandtour.planning.problem import Leg, Mode, Reason, Rules, Stay, Traveller

EARTH_KM = 6371.0088  # mean radius, IUGG
SHORT_HAUL_KM = 3700  # DESNZ: flights from or to the UK, up to this
UNITED_KINGDOM = "GB"
# DESNZ's "international rail" is worked out from the Eurostar's own figures, so it holds for
# trains through the tunnel only; any other train counts as "national rail" does.
THROUGH_THE_TUNNEL = frozenset({"BE", "FR", "NL"})
DETOUR = {Mode.RAIL: 1.2, Mode.COACH: 1.5, Mode.CAR: 1.5, Mode.FERRY: 1.0, Mode.PLANE: 1.0}
PLANE_EXTRA_KM = 95  # a flight is so much longer than the great circle
# Our assumption, door to door with changes, in km/h; a plane's hours include the airports.
SPEED = {Mode.RAIL: 80, Mode.COACH: 65, Mode.CAR: 70, Mode.FERRY: 35, Mode.PLANE: 700}
AIRPORT_HOURS = 4
BY_LAND = (Mode.RAIL, Mode.COACH, Mode.CAR)
GREEN = frozenset({Mode.RAIL, Mode.COACH})
SOURCE = "UK Government (DESNZ) conversion factors 2025"


@dataclass(frozen=True, slots=True)
class Factor:
    """Kilograms of CO2e per passenger-kilometre, with and without radiative forcing."""

    key: str
    mode: Mode
    kg: float
    kg_plain: float
    source: str = SOURCE
    year: int = 2025


FACTORS = {
    factor.key: factor
    for factor in (
        Factor("rail-national", Mode.RAIL, 0.03546, 0.03546),
        Factor("rail-international", Mode.RAIL, 0.00446, 0.00446),
        Factor("coach", Mode.COACH, 0.02776, 0.02776),
        Factor("ferry-foot", Mode.FERRY, 0.01871, 0.01871),
        Factor("car-average", Mode.CAR, 0.16725, 0.16725),  # a vehicle, so one traveller
        Factor("plane-domestic", Mode.PLANE, 0.22928, 0.13552),
        Factor("plane-short", Mode.PLANE, 0.12576, 0.07435),
        Factor("plane-long", Mode.PLANE, 0.11704, 0.06926),
        Factor("plane-elsewhere", Mode.PLANE, 0.10916, 0.06449),
    )
}


@dataclass(frozen=True, slots=True)
class Band:
    """An Erasmus+ distance band, one way in km, and what it pays for the return, in EUR."""

    least_km: int
    standard: int
    green: int
    source: str = "Erasmus+ Programme Guide, calls 2024 and 2025"


BANDS = (
    Band(10, 28, 56),
    Band(100, 211, 285),
    Band(500, 309, 417),
    Band(2000, 395, 535),
    Band(3000, 580, 785),
    Band(4000, 1188, 1188),
    Band(8000, 1735, 1735),
)
Place = Traveller | Stay


def great_circle(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Give the great-circle distance in km between two (latitude, longitude) in degrees.

    The haversine formula on a sphere of the mean radius (IUGG), within 0.5 % of the ellipsoid.
    """
    latitude_a, longitude_a, latitude_b, longitude_b = map(radians, (*a, *b))
    half = sin((latitude_b - latitude_a) / 2) ** 2
    half += cos(latitude_a) * cos(latitude_b) * sin((longitude_b - longitude_a) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def distance(origin: Place, target: Place) -> float:
    """Give the great-circle distance in km between two places."""
    return great_circle(
        (origin.latitude, origin.longitude), (target.latitude, target.longitude)
    )


def travelled_km(mode: Mode, km: float) -> float:
    """Give how far one travels for a great-circle distance, both in km.

    Rail makes a detour of 1.2, roads of 1.5, a plane of 95 km (design, Carbon).
    """
    return km * DETOUR[mode] + (PLANE_EXTRA_KM if mode == Mode.PLANE else 0)


def hours_of(mode: Mode, km: float) -> float:
    """Give about how many hours a great-circle distance in km takes (see `SPEED`)."""
    ground = AIRPORT_HOURS if mode == Mode.PLANE else 0
    return travelled_km(mode, km) / SPEED[mode] + ground


def factor_for(mode: Mode, origin: str, target: str, km: float) -> Factor:
    """Give the factor of a mode between two countries, km being the great circle."""
    if mode == Mode.PLANE:
        return FACTORS[f"plane-{_haul(origin, target, km)}"]
    if mode == Mode.RAIL:
        return FACTORS[
            "rail-international" if _is_eurostar(origin, target) else "rail-national"
        ]
    names = {Mode.COACH: "coach", Mode.FERRY: "ferry-foot", Mode.CAR: "car-average"}
    return FACTORS[names[mode]]


def _is_eurostar(origin: str, target: str) -> bool:
    ends = {origin, target}
    return UNITED_KINGDOM in ends and bool(ends & THROUGH_THE_TUNNEL)


def _haul(origin: str, target: str, km: float) -> str:
    if origin == target:
        return "domestic"
    if UNITED_KINGDOM not in {origin, target}:
        return "elsewhere"
    return "short" if km <= SHORT_HAUL_KM else "long"


def choose(
    km: float, *, sea: bool, modes: frozenset[Mode], hours: float, rules: Rules
) -> tuple[Mode, Reason] | None:
    """Choose how to travel a great-circle distance in km, or None where nothing is allowed.

    By rail where it takes at most so many hours, else by coach, else by car; a ferry over the
    sea; a plane only where rules and traveller allow it, and always with a reason.
    """
    if not sea:
        for mode in BY_LAND:
            if mode in modes and hours_of(mode, km) <= hours:
                return mode, Reason.NONE
    elif Mode.FERRY in modes and km <= rules.ferry_km:
        return Mode.FERRY, Reason.SEA
    if not (rules.flights and Mode.PLANE in modes):
        return None
    if sea:
        return Mode.PLANE, Reason.SEA
    near = hours_of(Mode.RAIL, km) <= hours
    return Mode.PLANE, Reason.UNABLE if near else Reason.FAR


def leg(traveller: Traveller, stay: Stay, rules: Rules) -> Leg | None:
    """Give the way from a traveller's home to a stay, or None where there is none."""
    km, sea = distance(traveller, stay), traveller.land != stay.land
    chosen = choose(km, sea=sea, modes=traveller.modes, hours=rules.home_hours, rules=rules)
    return chosen and _made(traveller.key, traveller, stay, km, chosen)


def between(origin: Stay, target: Stay, rules: Rules) -> Leg | None:
    """Give a group's way from stop to stop: by rail or coach, a ferry at sea, never a plane."""
    km, sea = distance(origin, target), origin.land != target.land
    modes = frozenset({Mode.RAIL, Mode.COACH, Mode.FERRY})
    chosen = choose(km, sea=sea, modes=modes, hours=rules.leg_hours, rules=rules)
    if not chosen or hours_of(chosen[0], km) > rules.leg_hours:
        return None
    return _made("", origin, target, km, chosen)


def _made(
    traveller: str, origin: Place, target: Place, km: float, chosen: tuple[Mode, Reason]
) -> Leg:
    mode, reason = chosen
    factor, way = factor_for(mode, origin.country, target.country, km), travelled_km(mode, km)
    return Leg(
        traveller,
        origin.key,
        target.key,
        mode,
        way,
        hours_of(mode, km),
        round(way * factor.kg * 1000),
        round(way * factor.kg_plain * 1000),
        factor.key,
        reason,
    )


def back(way: Leg) -> Leg:
    """Turn a leg round."""
    return Leg(
        way.traveller,
        way.target,
        way.origin,
        way.mode,
        way.km,
        way.hours,
        way.grams,
        way.grams_plain,
        way.factor,
        way.reason,
    )


def band_of(km: float) -> Band | None:
    """Give the Erasmus+ band of a one-way great-circle distance in km; None under 10 km."""
    fitting = [band for band in BANDS if band.least_km <= km]
    return fitting[-1] if fitting else None


def unit_cost(km: float, *, green: bool) -> int:
    """Give what Erasmus+ pays for a return journey, in cents; km is one way, great circle."""
    band = band_of(km)
    if band is None:
        return 0
    return 100 * (band.green if green else band.standard)


def is_green(low_km: float, other_km: float) -> bool:
    """Say whether travel is green: low-emission (rail, coach) for the main part of the way.

    Ships don't count on either side (Erasmus+ Programme Guide).
    """
    return low_km > other_km
