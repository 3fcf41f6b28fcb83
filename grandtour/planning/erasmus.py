"""What Erasmus+ pays for a traveller's way, and the record its beneficiary keeps of it.

Bands and unit costs are rows of `carbon`, with their year and source. A band counts one way on
the great circle, from home to the farthest stop, as the planner counts; what it pays covers the
way back, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil

from grandtour.planning import carbon
from grandtour.planning.problem import Mode
from grandtour.planning.support import Support

Point = tuple[float, float]  # latitude, longitude in degrees

FUNDED_DAYS = 2
FUNDED_DAYS_GREEN = 6
# Our assumption: nobody is on the way for longer than this on one day.
HOURS_A_DAY = 12


@dataclass(frozen=True, slots=True)
class Way:
    """One leg as it was travelled: by what, and how many km."""

    mode: Mode
    km: float


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways of one traveller: from home, from stop to stop, and back home."""

    there: tuple[Way, ...] = ()
    between: tuple[Way, ...] = ()
    back: tuple[Way, ...] = ()

    @property
    def all(self) -> tuple[Way, ...]:
        """Give them in the order in which they are travelled."""
        return (*self.there, *self.between, *self.back)


@dataclass(frozen=True, slots=True)
class Travel:
    """What counts of somebody's way: km of one way, the band's cents, days that are funded."""

    km: float
    least_km: int
    most_km: int | None
    green: bool
    main: Mode | None
    cents: int
    days: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Mobility:
    """One person's stay abroad, as the beneficiary of a grant writes it down."""

    participant: str
    sending: str
    sending_country: str
    origin: str
    receiving: tuple[str, ...]
    receiving_places: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    travel: Travel
    support: Support
    agreed_on: date | None
    reported: bool
    # Whether the words of the report are still there: whoever is forgotten takes them along.
    report_kept: bool = True


def main_mode(ways: Iterable[Way]) -> Mode | None:
    """Name by what most kilometres are travelled; ships count like the others here."""
    km: dict[Mode, float] = {}
    for way in ways:
        km[way.mode] = km.get(way.mode, 0) + way.km
    return max(km, key=lambda mode: (km[mode], mode.value)) if km else None


def green(ways: Iterable[Way]) -> bool:
    """Say whether the main part of the way is by rail or coach; ships don't count."""
    ways = list(ways)
    low = sum(way.km for way in ways if way.mode in carbon.GREEN)
    other = sum(
        way.km for way in ways if way.mode not in carbon.GREEN and way.mode != Mode.FERRY
    )
    return carbon.is_green(low, other)


def funded_days(days: int, *, is_green: bool) -> int:
    """Give how many days on the way are paid for: two at most, six if it is green."""
    return min(days, FUNDED_DAYS_GREEN if is_green else FUNDED_DAYS)


def days_on_the_way(ways: Ways) -> int:
    """Estimate the days somebody needs from home and back, by the hours each way takes."""
    return sum(ceil(sum(map(_hours, one)) / HOURS_A_DAY) for one in (ways.there, ways.back))


def _hours(way: Way) -> float:
    """Give the hours of a way whose travelled km are known."""
    ground = carbon.AIRPORT_HOURS if way.mode == Mode.PLANE else 0
    return way.km / carbon.SPEED[way.mode] + ground


def travel(home: Point | None, stops: Iterable[Point], ways: Ways) -> Travel:
    """Work out what Erasmus+ pays for a way from home, over the stops, and back home."""
    km = max((carbon.great_circle(home, stop) for stop in stops), default=0) if home else 0
    is_green = green(ways.all)
    band = carbon.band_of(km)
    least = band.least_km if band else 0
    later = [one.least_km for one in carbon.BANDS if one.least_km > least]
    return Travel(
        km=km,
        least_km=least,
        most_km=later[0] - 1 if later else None,
        green=is_green,
        main=main_mode(ways.all),
        cents=carbon.unit_cost(km, green=is_green),
        days=funded_days(days_on_the_way(ways), is_green=is_green),
        source=band.source if band else "",
    )
