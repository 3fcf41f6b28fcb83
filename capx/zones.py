"""The clocks people live by: the time zones of the world, under names that readers know."""

from datetime import UTC as AT_GREENWICH
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils.translation import get_language, to_locale

from capx.names import Choice, by_name

UTC = "UTC"
A_DAY = timedelta(days=1)
LAST_ZONE = timedelta(hours=12)  # how much later than in UTC a day ends somewhere


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Say whether this machine knows a time zone of this name."""
    return name in _known()


def zone_or_utc(name: str) -> str:
    """Take a time zone as a browser names it; what is no zone becomes UTC."""
    return name if is_zone(name) else UTC


def day_at(country: str, longitude: float, moment: datetime) -> date:
    """Tell which day it is in a place: by the country's clock that is nearest to the sun's."""
    sun = timedelta(hours=longitude / 15)
    clocks = [moment.astimezone(ZoneInfo(zone)) for zone in _of_country(country)]
    if not clocks:
        return (moment + sun).date()
    return min(clocks, key=lambda clock: abs((clock.utcoffset() or timedelta()) - sun)).date()


@cache
def _of_country(country: str) -> tuple[str, ...]:
    """List the time zones of a country."""
    where = get_global("zone_territories")
    return tuple(
        sorted(zone for zone, its in where.items() if its == country and is_zone(zone))
    )


def last_moment(day: date) -> datetime:
    """Give the last second at which it is still that day somewhere on earth."""
    return datetime.combine(day + A_DAY, time(11, 59, 59), AT_GREENWICH)


def still_day(moment: datetime) -> date:
    """Tell which day it still is somewhere on earth: the day of its last moment."""
    return (moment.astimezone(AT_GREENWICH) - LAST_ZONE).date()


class Elsewhere(NamedTuple):
    """The day in UTC, and the zones where it is the one after, and the one before."""

    day: date
    ahead: list[str]
    behind: list[str]


def elsewhere(now: datetime) -> Elsewhere:
    """Tell where on earth it is another day than in UTC."""
    there = now.astimezone(AT_GREENWICH)
    # Clocks differ by quarters of an hour, so no day begins within one.
    return _elsewhere(there.replace(minute=there.minute // 15 * 15, second=0, microsecond=0))


@lru_cache(maxsize=8)
def _elsewhere(quarter: datetime) -> Elsewhere:
    day = quarter.date()
    days = {zone: quarter.astimezone(ZoneInfo(zone)).date() for zone in _known()}
    ahead, behind = (
        [zone for zone, its in days.items() if its == day + n * A_DAY] for n in (1, -1)
    )
    return Elsewhere(day, ahead, behind)


def zone_choices(chosen: str = UTC) -> list[Choice]:
    """List the time zones by city, in the reader's language, with the one that is chosen."""
    listed = _listed(to_locale(get_language() or "en"))
    others = [] if chosen in dict(listed) else [(chosen, chosen.replace("_", " "))]
    return [*others, *listed]


@cache
def _listed(locale: str) -> list[Choice]:
    """Name each zone by its city and country: Berlin (Germany), UTC first."""
    there = Locale.parse(locale)
    zones = sorted(zone for zone in get_global("zone_territories") if _is_shown(zone))
    named = [(zone, _name(zone, there)) for zone in zones]
    return [(UTC, UTC), *by_name(named)]


def _is_shown(zone: str) -> bool:
    return is_zone(zone) and "/" in zone and not zone.startswith("Etc/")


def _name(zone: str, locale: Locale) -> str:
    city = get_timezone_location(zone, locale=locale, return_city=True)
    country = locale.territories.get(get_global("zone_territories")[zone], "")
    return f"{city} ({country})" if country and country != city else city
