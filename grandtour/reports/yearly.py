"""What came of an affiliate's year in journeys: the hours of programme that were travelled."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from capx.sums import BUILDING, HOURS, SHARING, Sum
from grandtour.models import Journey, Seat, Stop
from volunteers.models import Affiliate, Person

HOME = [Journey.State.RETURNED, Journey.State.CLOSED]


def came_of(affiliate: Affiliate, year: int) -> list[Sum]:
    """Add up the hours of programme in journeys that are over, in the year in which they ended.

    Built by those who travelled for the affiliate; shared by who said yes for it as a host,
    once for a group. Only of people whose hours are told in sums.
    """
    days = date(year, 1, 1), date(year, 12, 31)
    told = Person.objects.told_in_sums().order_by().values("pk")
    travelled = Seat.objects.live().filter(
        journey__state__in=HOME, application__affiliate=affiliate, person__in=told
    )
    travelled = travelled.filter(period__endswith__range=days)
    stops = Stop.objects.filter(
        journey__state__in=HOME, host__affiliate=affiliate, accepted_by__in=told
    )
    stops = stops.filter(leave__range=days).select_related("journey__edition")
    built = (
        (seat.person_id, (seat.period.upper - seat.period.lower).days, seat.edition.daily_hours)
        for seat in travelled.select_related("edition")
        if seat.period
    )
    shared = (
        (stop.accepted_by_id, stop.nights, stop.journey.edition.daily_hours)
        for stop in stops
        if stop.accepted_by_id
    )
    sums = [Sum(BUILDING, HOURS, _hours(built)), Sum(SHARING, HOURS, _hours(shared))]
    return [one for one in sums if one.given]


def _hours(rows: Iterable[tuple[int, int, int]]) -> dict[int, Decimal]:
    """Multiply the days of each with the hours of a day."""
    given: dict[int, Decimal] = defaultdict(Decimal)
    for person, days, hours in rows:
        given[person] += days * hours
    return dict(given)
