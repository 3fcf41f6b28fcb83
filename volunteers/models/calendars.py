"""Reads what people can give, when they rest and what they have taken on into calendars."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import DecimalField, F, Q, QuerySet, Value

from volunteers.load import Calendar, Span
from volunteers.models.bandwidth import Bandwidth, Commitment, Rest
from volunteers.models.people import Person

State = Commitment.State
DECLARED, REST = "declared", "rest"
HOURS = DecimalField(max_digits=9, decimal_places=6)
# What is done took its time until today, and takes none from now on.
COUNTED = Q(state__in=[State.PLANNED, State.RUNNING, State.DONE])


def calendars_of(
    people: Collection[Person], first: date, end: date, day: date, *, instead_of: str = ""
) -> dict[int, Calendar]:
    """Give the calendar of each of these people between two days, in one query.

    `day` is today; the calendar of somebody without any row is empty. What has the key
    `instead_of` is left out.
    """
    found: dict[int, Calendar] = defaultdict(Calendar)
    for person, period, hours, kind in _rows(people, DateRange(first, end), instead_of):
        span = Span(period.lower, period.upper, hours)
        put(found[person], span, kind, day)
    return found


def _rows(people: Collection[Person], period: DateRange, instead_of: str) -> QuerySet[Any, Any]:
    """Read what was declared, the rests and the commitments: person, period, hours, kind."""
    said = Bandwidth.objects.during(period).annotate(kind=Value(DECLARED))
    rests = Rest.objects.during(period).annotate(
        kind=Value(REST), weekly_hours=Value(Decimal(0), HOURS)
    )
    shown = COUNTED | Q(state=State.TENTATIVE)
    taken = Commitment.objects.during(period).filter(shown).annotate(kind=F("state"))
    parts: list[QuerySet[Any, Any]] = [
        rows.filter(person__in=people).values_list("person", "period", "weekly_hours", "kind")
        for rows in (said, rests, taken.exclude(key=instead_of) if instead_of else taken)
    ]
    return parts[0].union(*parts[1:], all=True)


def calendar_of(
    person: Person, first: date, end: date, day: date, *, instead_of: str = ""
) -> Calendar:
    """Give the calendar of one person between two days."""
    return calendars_of([person], first, end, day, instead_of=instead_of)[person.pk]


def put(calendar: Calendar, span: Span, kind: str, day: date) -> None:
    """Put a row where it belongs: what is only asked for stays apart from the load."""
    if kind == DECLARED:
        calendar.declared.append(span)
    elif kind == REST:
        calendar.rests.append(span)
    elif kind == State.TENTATIVE:
        calendar.tentative.append(span)
    elif kind != State.DONE:
        calendar.commitments.append(span)
    elif span.first < day:
        until = min(span.end or day, day)
        calendar.commitments.append(Span(span.first, until, span.weekly_hours))


def span_of(row: Bandwidth | Rest | Commitment, hours: Decimal = Decimal(0)) -> Span:
    """Give the days of a row, with its hours a week if it has some."""
    return Span(row.period.lower, row.period.upper, hours)
