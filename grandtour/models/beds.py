"""The beds of affiliates: who sleeps there in a night, by whichever edition.

An affiliate hosts in many editions, each time by an offer of its own that says how many it
takes at a time. In every night all its guests together are at most what each offer says by
which somebody is there then (`guards.CROWDED`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, Q, QuerySet

from grandtour.models.hosts import Host
from grandtour.models.journeys import Stop

# The same lock as in `guards.LOCK_BEDS`.
LOCK = """
    SELECT pg_advisory_xact_lock(hashtextextended('beds of ' || id, 0))
    FROM unnest(%s::bigint[]) AS id
"""

GUESTS = Count("journey__seats", filter=Q(journey__seats__number__isnull=False))


@dataclass
class Night:
    """How many are there, and the least that an offer of theirs says is taken at a time."""

    guests: int = 0
    most: int | None = None


@dataclass
class Beds:
    """Nights in which somebody is there, by affiliate."""

    nights: dict[int, dict[date, Night]] = field(default_factory=dict)

    def add(self, affiliate: int, most: int, guests: int, days: Iterable[date]) -> None:
        """Put some guests there by an offer that says how many it takes at most."""
        there = self.nights.setdefault(affiliate, {})
        for day in days:
            night = there.setdefault(day, Night())
            night.guests += guests
            night.most = most if night.most is None else min(most, night.most)

    def free(self, affiliate: int, most: int, day: date) -> int:
        """Give how many more can come in a night by an offer that says how many it takes."""
        night = self.nights.get(affiliate, {}).get(day, Night())
        least = most if night.most is None else min(most, night.most)
        return max(0, least - night.guests)


def with_guests(stops: QuerySet[Stop]) -> QuerySet[Stop]:
    """Keep stops at which somebody stays, and say how many `guests`."""
    return stops.annotate(guests=GUESTS).filter(guests__gt=0)


def taken(stops: QuerySet[Stop]) -> Beds:
    """Read who is there by some stops."""
    found = Beds()
    rows = stops.annotate(guests=GUESTS).filter(guests__gt=0)
    for row in rows.select_related("host"):
        days = nights(row.arrive, row.leave)
        found.add(row.host.affiliate_id, row.host.most_guests, row.guests, days)
    return found


def nights(first: date, end: date) -> Iterator[date]:
    """Yield the nights between two days."""
    for number in range((end - first).days):
        yield first + timedelta(days=number)


def hold(hosts: QuerySet[Host]) -> None:
    """Lock hosts, then the beds of their affiliates in all editions, as triggers do."""
    held = hosts.select_for_update(of=("self",), no_key=True).order_by("pk")
    affiliates = sorted(set(held.values_list("affiliate", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [affiliates])
