"""Moments in every time zone that a person can have: of all hours, and as clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from capx.zones import is_zone

ZONES = sorted(filter(is_zone, available_timezones()))
# Where it is midnight while elsewhere it is not a whole hour.
BETWEEN = [
    zone
    for zone in ZONES
    if datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset() % timedelta(hours=1)
]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
years = st.integers(2024, 2037)
minutes_apart = st.integers(-40 * 60, 40 * 60)
a_day_apart = st.integers(-26 * 60 * 60, 26 * 60 * 60)


@st.composite
def moments(draw):
    """Draw a time zone and a moment: as its clocks change, about midnight, or at any time."""
    zone, year = draw(st.sampled_from(ZONES) | st.sampled_from(BETWEEN)), draw(years)
    new_year = datetime(year, 1, 1, tzinfo=UTC)
    midnight = begins(zone, date(year, 1, 1) + draw(st.integers(0, 364)) * DAY)
    any_time = new_year + draw(st.integers(0, 365 * 24 * 60 - 1)) * MINUTE
    near = draw(st.sampled_from([*changes(zone, year), midnight, any_time]))
    return zone, near + draw(minutes_apart | a_day_apart) * timedelta(seconds=1)


@cache
def changes(zone, year):
    """Give the moments of a year at which the clocks of a time zone change, to the minute."""
    first, clock = datetime(year, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    found = []
    for n in range(366):
        low, high = first + n * DAY, first + (n + 1) * DAY
        if _offset(low, clock) == _offset(high, clock):
            continue
        while high - low > MINUTE:
            middle = low + (high - low) // 2
            low, high = (low, middle) if _changed(low, middle, clock) else (middle, high)
        found.append(high)
    return found


def begins(zone, day):
    """Give the moment a day begins: its midnight, or when the clocks leap over that."""
    return _midnight(zone, day, fold=0)


def ends(zone, day):
    """Give the moment a day is over for good: clocks that go back at midnight go on with it."""
    return max(_midnight(zone, day + DAY, fold=0), _midnight(zone, day + DAY, fold=1))


def _midnight(zone, day, fold):
    return datetime.combine(day, time(fold=fold), ZoneInfo(zone)).astimezone(UTC)


def _changed(low, high, clock):
    return _offset(low, clock) != _offset(high, clock)


def _offset(moment, clock):
    return moment.astimezone(clock).utcoffset()
