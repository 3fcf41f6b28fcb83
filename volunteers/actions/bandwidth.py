"""The hours a week somebody can give: said for a time, changed, ended."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from capx.states import IllegalMove
from volunteers.models import Bandwidth, Person

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one thing that was said: its days, and those that are left of them."""

    said: Bandwidth
    left: list[DateRange]


@transaction.atomic
def declare(
    person: Person, weekly_hours: Decimal | None, first: date, last: date | None
) -> None:
    """Note how many hours a week somebody can give from one day to another, or for good.

    None: they would rather not say. What was said about these days before gives way; what was
    said about others stays.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    period = period_of(first, last)
    for change in changes(person, period):
        change.said.delete()
        Bandwidth.objects.bulk_create(
            Bandwidth(person=person, period=left, weekly_hours=change.said.weekly_hours)
            for left in change.left
        )
    if weekly_hours is not None:
        Bandwidth.objects.create(person=person, period=period, weekly_hours=weekly_hours)


@transaction.atomic
def take_back(said: Bandwidth, day: date) -> None:
    """End what was said from today on; what lies behind stays as it was."""
    declare(said.person, None, max(said.period.lower, day), last_day(said.period))


@transaction.atomic
def say_again(person: Person, weekly_hours: Decimal, first: date, last: date | None) -> None:
    """Give back what was just taken back, in one piece with what it was cut from.

    Raises IllegalMove when something else was said about these days meanwhile.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    period = period_of(first, last)
    if person.bandwidth.during(period).exists():
        raise IllegalMove
    for kept in person.bandwidth.filter(period__endswith=first, weekly_hours=weekly_hours):
        period = DateRange(kept.period.lower, period.upper)
        kept.delete()
    Bandwidth.objects.create(person=person, period=period, weekly_hours=weekly_hours)


def changes(person: Person, period: DateRange) -> list[Change]:
    """Say what new words about a period do to those about some of its days."""
    touched = person.bandwidth.during(period).order_by("period")
    return [Change(said, without(said.period, period)) for said in touched]


def without(period: DateRange, cut: DateRange) -> list[DateRange]:
    """Give what is left of a period when another is cut out of it; they share a day."""
    left = []
    if period.lower < cut.lower:
        left.append(DateRange(period.lower, cut.lower))
    if cut.upper is not None and (period.upper is None or cut.upper < period.upper):
        left.append(DateRange(cut.upper, period.upper))
    return left


def period_of(first: date, last: date | None) -> DateRange:
    """Make a period of its first and its last day; no last day: for good."""
    return DateRange(first, last + A_DAY if last else None)


def last_day(period: DateRange) -> date | None:
    """Give the last day of a period; None where it has no end."""
    return period.upper - A_DAY if period.upper else None
