"""Individual support: what Erasmus+ pays for a day of staff, by the country that receives.

The guide sorts countries into three groups and gives each a range; the national agency chooses
the rate within it, so rates are the edition's and groups are rows here. From the fifteenth day
of the activity on seventy per cent are paid; funded days on the way are none of these days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

# The guide itself could not be read here. Two beneficiaries list its groups alike, the first of
# them with the rule of 70 % and without Poland: https://erasmusplus.uni.opole.pl/en/?p=6568 and
# https://srh-university.de/de/dein-studium/international-office/stipendien
SOURCE = "Erasmus+ Programme Guide, calls 2024 and 2025"
EURO = "EUR"
FULL_DAYS = 14
LATER_PERCENT = 70

GROUPS = {
    **dict.fromkeys(
        (
            *("AT", "BE", "DE", "DK", "FI", "FR", "IE", "IS", "IT", "LI", "LU", "NL"),
            *("NO", "SE"),
        ),
        1,
    ),
    **dict.fromkeys(("CY", "CZ", "EE", "ES", "GR", "LV", "MT", "PT", "SI", "SK"), 2),
    **dict.fromkeys(("BG", "HR", "HU", "LT", "MK", "PL", "RO", "RS", "TR"), 3),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """Days in one country: from that of arrival to that of leaving."""

    country: str
    arrive: date
    leave: date


@dataclass(frozen=True, slots=True)
class Support:
    """What is paid for somebody's days, in cents; `outside`: days without a rate."""

    full_days: int = 0
    later_days: int = 0
    travel_days: int = 0
    outside: int = 0
    cents: int = 0


def support(visits: Iterable[Visit], travel_days: int, rates: Mapping[int, int]) -> Support:
    """Work out what is paid for the days of a journey; `rates` are cents a day by group.

    A day on which somebody moves on counts with the host they come to; the last one with whom
    they leave. Days on the way from home and back count like the first and the last.
    """
    days = list(_days(visits))
    paid = [rates.get(GROUPS.get(country, 0), 0) for country in days]
    full, later = paid[:FULL_DAYS], paid[FULL_DAYS:]
    ends = (paid[0], paid[-1]) if paid else ()
    way = [ends[number % 2] for number in range(travel_days if ends else 0)]
    return Support(
        full_days=len(full),
        later_days=len(later),
        travel_days=len(way),
        outside=paid.count(0),
        cents=sum(full) + sum(way) + sum(cents * LATER_PERCENT // 100 for cents in later),
    )


def _days(visits: Iterable[Visit]) -> Iterable[str]:
    """Give the country of each day, in order; each day once."""
    last = None
    for visit in sorted(visits, key=lambda one: one.arrive):
        yield from [visit.country] * (visit.leave - visit.arrive).days
        last = visit.country
    if last is not None:
        yield last
