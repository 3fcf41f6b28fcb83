"""The books of an edition: its budget, its costs, and the records Erasmus+ asks for.

Heads are English, sums whole units of their currency.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from grandtour.exports.tables import Row, Table
from grandtour.models import (
    BudgetLine,
    Consent,
    Cost,
    Edition,
    JourneyEvent,
    Leg,
    Seat,
    Stop,
    TravelReport,
)
from grandtour.planning import erasmus
from grandtour.planning.erasmus import Mobility, Way, Ways
from grandtour.planning.problem import Mode
from grandtour.planning.support import EURO, Visit, support
from volunteers.models import Place

BUDGET = [
    *("source", "kind", "line", "currency", "requested", "granted", "approved", "paid"),
    *("left", "promised_to_each_traveller", "spend_until", "report_due"),
]
COSTS = [
    *("number", "state", "kind", "what", "day", "traveller", "journey", "source", "line"),
    *("amount", "currency", "claimed_amount", "claimed_currency", "receipt", "decided_on"),
    *("paid_on", "words"),
]
MOBILITIES = [
    *("participant", "sending_organisation", "sending_country", "from_place"),
    *("receiving_organisations", "receiving_places", "first_day", "last_day"),
    *("funded_travel_days", "distance_km_one_way", "distance_band_km"),
    *("main_means_of_transport", "green", "travel_unit_cost_eur", "unit_cost_source"),
    *("days_at_full_rate", "days_at_70_percent", "individual_support_eur"),
    *("fewer_opportunities", "agreed_on", "report"),
]
TRAVELS = [
    *(Seat.State.CONFIRMED, Seat.State.TRAVELLING, Seat.State.RETURNED),
    *(Seat.State.REPORTED, Seat.State.CLOSED),
]


def budget(edition: Edition) -> Table:
    """Write the lines of all sources, with what is approved, paid and left."""
    rows = BudgetLine.objects.filter(fund__edition=edition).with_sums().in_order()
    return Table("Budget", BUDGET, [_line(line) for line in rows])


def _line(line: BudgetLine) -> Row:
    """Write a line of the budget."""
    fund, code = line.fund, line.fund.currency
    sums = (line.requested, line.granted, line.committed, line.paid, line.left, line.stipend)
    return [
        *(fund.name, fund.kind, line.what_for, code),
        *(plain(amount, code) for amount in sums),
        *(fund.spend_until, fund.report_due),
    ]


def costs(edition: Edition) -> Table:
    """Write every cost, in the order in which it came."""
    rows = Cost.objects.filter(edition=edition).as_listed().order_by("pk")
    return Table("Costs", COSTS, [_cost(cost) for cost in rows])


def _cost(cost: Cost) -> Row:
    """Write a line of the costs."""
    asked = cost.claimed_amount
    return [
        *(cost.pk, cost.state, cost.kind, cost.what, cost.day),
        cost.seat.person.username if cost.seat else None,
        cost.seat.journey.number if cost.seat else None,
        cost.line.fund.name if cost.line else None,
        cost.line.what_for if cost.line else None,
        *(plain(cost.amount, cost.currency), cost.currency),
        None if asked is None else plain(asked, cost.claimed_currency),
        cost.claimed_currency,
        "yes" if cost.has_receipt else None,
        timezone.localdate(cost.decided_at) if cost.decided_at else None,
        timezone.localdate(cost.paid_at) if cost.paid_at else None,
        cost.words,
    ]


def plain(amount: int, currency: str) -> Decimal:
    """Give a sum in units of its currency: 1250 EUR is 12.50."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))


def mobilities(edition: Edition) -> Table:
    """Write a record for everybody who travels or did.

    Whether somebody has fewer opportunities nobody is asked: the beneficiary fills that in.
    """
    return Table("Mobilities", MOBILITIES, [_mobility(one) for one in records(edition)])


def _mobility(one: Mobility) -> Row:
    """Write a line of the records."""
    way = one.travel
    return [
        *(one.participant, one.sending, one.sending_country, one.origin),
        *("; ".join(one.receiving), "; ".join(one.receiving_places)),
        *(one.first_day, one.last_day, way.days, round(way.km), band(way)),
        *(way.main.value if way.main else None, "yes" if way.green else "no"),
        *(plain(way.cents, EURO), way.source),
        *(one.support.full_days + one.support.travel_days, one.support.later_days),
        plain(one.support.cents, EURO) if one.support.cents else None,
        *(None, one.agreed_on),
        _report(one),
    ]


def _report(one: Mobility) -> str | None:
    """Say whether there is a report, and whether anybody can still read it."""
    kept = "yes" if one.report_kept else "yes, words deleted since"
    return kept if one.reported else None


def band(way: erasmus.Travel) -> str:
    """Write a distance band in km."""
    return f"{way.least_km}-{way.most_km}" if way.most_km else f">={way.least_km}"


def records(edition: Edition) -> Iterator[Mobility]:
    """Work out the record of each traveller."""
    return _records(edition, Seat.objects.filter(state__in=TRAVELS))


def expected(edition: Edition) -> Iterator[Mobility]:
    """Work out the same for everybody who has a place, also before it is confirmed."""
    return _records(edition, Seat.objects.live())


def _records(edition: Edition, seats: QuerySet[Seat]) -> Iterator[Mobility]:
    rows = (
        seats.filter(edition=edition)
        .select_related("person", "journey", "application__place")
        .select_related("application__affiliate")
    )
    related = (
        "journey__stops__host__place",
        "journey__stops__host__affiliate",
        "journey__legs",
    )
    words = TravelReport.objects.filter(seat=OuterRef("pk")).with_words()
    added: dict[str, Any] = {"has_report": Exists(words)}
    rows = _with_agreement(rows).annotate(**added)
    for seat in rows.prefetch_related(*related).order_by("journey__number", "number"):
        found = record(seat, seat.agreed_at, edition.day_rates)
        yield replace(found, report_kept=seat.has_report)


def _with_agreement(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """Add when the last yes came that made a version agreed on, at most until they book.

    What both agree on later (other days, on the way) changes no agreement from before.
    """
    what = JourneyEvent.What
    events = JourneyEvent.objects.filter(journey=OuterRef("journey"))
    agreed = events.filter(seat=OuterRef("pk"), what=what.AGREED).order_by("-at")
    settled = events.filter(what=what.CONFIRMED, at__gte=OuterRef("settled_at")).order_by("at")
    other = Consent.objects.filter(expectation=OuterRef("expectation"), at__lte=OuterRef("at"))
    both = Consent.objects.filter(Exists(other.exclude(side=OuterRef("side"))))
    theirs = both.filter(expectation__seat=OuterRef("pk")).order_by("-at")
    in_time = Coalesce(OuterRef("booked_at"), F("at"))
    yes = theirs.filter(at__lte=in_time)
    found = {"settled_at": agreed, "booked_at": settled, "agreed_at": yes}
    for name, rows in found.items():
        seats = seats.annotate(**{name: Subquery(rows.values("at")[:1])})
    return seats


def record(seat: Seat, agreed_at: datetime | None, rates: Mapping[int, int]) -> Mobility:
    """Work out what the beneficiary of a grant writes down of one traveller.

    `rates`: what a day is paid, by group of countries. `agreed_at`: when traveller and hosts
    had said yes to all they expect of each other, before they booked.
    """
    home, stops = seat.application.place, sorted(seat.journey.stops.all(), key=_number)
    points = [_point(stop.host.place) for stop in stops if stop.host.place]
    way = erasmus.travel(_point(home) if home else None, points, ways(seat))
    return Mobility(
        participant=seat.person.username,
        sending=str(seat.application.affiliate or ""),
        sending_country=seat.country,
        origin=str(home or ""),
        receiving=tuple(str(stop.host.affiliate) for stop in stops),
        receiving_places=tuple(str(stop.host.place or "") for stop in stops),
        first_day=stops[0].arrive if stops else None,
        last_day=stops[-1].leave if stops else None,
        travel=way,
        support=support(map(_visit, stops), way.days, rates),
        agreed_on=timezone.localdate(agreed_at) if agreed_at else None,
        reported=seat.state in {Seat.State.REPORTED, Seat.State.CLOSED},
    )


def ways(seat: Seat) -> Ways:
    """Give the ways of one traveller: their own, and those of the group."""
    legs = list(seat.journey.legs.all())
    own = [leg for leg in legs if leg.seat_id == seat.pk]
    return Ways(
        there=_ways(leg for leg in own if leg.origin_id is None),
        between=_ways(leg for leg in legs if leg.seat_id is None),
        back=_ways(leg for leg in own if leg.target_id is None),
    )


def _ways(legs: Iterable[Leg]) -> tuple[Way, ...]:
    return tuple(Way(Mode(leg.mode), float(leg.km)) for leg in legs)


def _visit(stop: Stop) -> Visit:
    """Give the days of a stop with the country that receives."""
    country = stop.host.place.country if stop.host.place else ""
    return Visit(country, stop.arrive, stop.leave)


def _number(stop: Stop) -> int:
    return stop.number


def _point(place: Place) -> erasmus.Point:
    return place.latitude, place.longitude
