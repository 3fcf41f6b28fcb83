"""Reads what people can give, when they rest and what they have taken on into calendars."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from volunteers.load import Calendar, Span
from volunteers.models.bandwidth import Bandwidth, Commitment, Rest
from volunteers.models.people import Person

State = Commitment.State
# What is done took its time until today, and takes none from now on.
COUNTED = Q(state__in=[State.PLANNED, State.RUNNING, State.DONE])


def calendars_of(
    people: Collection[Person], first: date, end: date, day: date
) -> dict[int, Calendar]:
    """Give the calendar of each of these people between two days, in three queries.

    `day` is today; the calendar of somebody without any row is empty.
    """
    found: dict[int, Calendar] = defaultdict(Calendar)
    period = DateRange(first, end)
    for said in Bandwidth.objects.during(period).filter(person__in=people):
        found[said.person_id].declared.append(span_of(said, said.weekly_hours))
    for rest in Rest.objects.during(period).filter(person__in=people):
        found[rest.person_id].rests.append(span_of(rest))
    shown = COUNTED | Q(state=State.TENTATIVE)
    for taken in Commitment.objects.during(period).filter(shown, person__in=people):
        put(found[taken.person_id], taken, day)
    return found


def calendar_of(person: Person, first: date, end: date, day: date) -> Calendar:
    """Give the calendar of one person between two days."""
    return calendars_of([person], first, end, day)[person.pk]


def put(calendar: Calendar, taken: Commitment, day: date) -> None:
    """Put a commitment where it belongs: into the load, or apart where it is only asked for."""
    span = span_of(taken, taken.weekly_hours)
    if taken.state == State.TENTATIVE:
        calendar.tentative.append(span)
    elif taken.state != State.DONE:
        calendar.commitments.append(span)
    elif span.first < day:
        until = min(span.end or day, day)
        calendar.commitments.append(Span(span.first, until, span.weekly_hours))


def span_of(row: Bandwidth | Rest | Commitment, hours: Decimal = Decimal(0)) -> Span:
    """Give the days of a row, with its hours a week if it has some."""
    return Span(row.period.lower, row.period.upper, hours)
