"""What came of an affiliate's year in journeys: hours of programme, travelled and hosted."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum as Total

from capx.sums import BUILDING, PROGRAMME, SHARING, Sum
from grandtour.models import Cost, Journey, Seat, Stop
from volunteers.models import Affiliate, Person

HOME = [Journey.State.RETURNED, Journey.State.CLOSED]
A_DAY = timedelta(days=1)


def came_of(affiliate: Affiliate, year: int) -> list[Sum]:
    """Add up the hours of programme of journeys that are over: nights times hours a day.

    Built is what people travelled for the affiliate, in the year of their last day; told by
    the rule of small numbers. Shared is what it hosted, once for a group, and what was paid of
    its own money: that tells of nobody.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    told = Person.objects.told_in_sums().order_by().values("pk")
    seats = Seat.objects.live().filter(
        journey__state__in=HOME, application__affiliate=affiliate, person__in=told
    )
    # The end of a period is the day after its last.
    seats = seats.filter(period__endswith__range=(first + A_DAY, last + A_DAY))
    built: dict[int, Decimal] = {}
    for seat in seats.select_related("edition").prefetch_related("journey__stops"):
        nights = sum(stop.nights for stop in seat.journey.stops.all())
        hours = Decimal(nights * seat.edition.daily_hours)
        built[seat.person_id] = built.get(seat.person_id, Decimal(0)) + hours
    stops = Stop.objects.filter(journey__state__in=HOME, host__affiliate=affiliate)
    stops = stops.filter(leave__range=(first, last)).select_related("journey__edition")
    shared = sum(stop.nights * stop.journey.edition.daily_hours for stop in stops)
    paid = Cost.objects.filter(
        state=Cost.State.PAID, line__fund__affiliate=affiliate, paid_at__year=year
    )
    by_currency = paid.values_list("line__fund__currency").annotate(total=Total("amount"))
    sums = [
        *(
            Sum(SHARING, currency, {}, Decimal(total))
            for currency, total in by_currency.order_by("line__fund__currency")
        ),
        Sum(BUILDING, PROGRAMME, built),
        Sum(SHARING, PROGRAMME, {}, Decimal(shared)),
    ]
    return [one for one in sums if one.amount]
