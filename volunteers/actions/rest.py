"""Rest, and the hours a week somebody can give."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from volunteers.models import Bandwidth, Person, Rest


class RestsAlready(Exception):
    """These days share one with a rest that is noted already."""


@transaction.atomic
def rest(person: Person, first: date, last: date | None, words: str = "") -> Rest:
    """Leave somebody alone from one day to another, or until they come back."""
    period = DateRange(first, last + timedelta(days=1) if last else None)
    try:
        with transaction.atomic():
            return Rest.objects.create(person=person, period=period, words=words)
    except IntegrityError as refused:
        raise RestsAlready from refused


@transaction.atomic
def rest_now(person: Person, day: date) -> None:
    """Leave somebody alone from today, until they come back."""
    Person.objects.select_for_update().get(pk=person.pk)  # pressed twice
    person.rests.filter(period__startswith__gte=day).delete()
    now = person.rests.on(day)
    if now.exists():
        now.update(period=DateRange(now.get().period.lower, None))
    else:
        Rest.objects.create(person=person, period=DateRange(day, None))


@transaction.atomic
def come_back(person: Person, day: date) -> None:
    """End a rest early: today is a day like others again."""
    Person.objects.select_for_update().get(pk=person.pk)
    for current in person.rests.on(day):
        if current.period.lower == day:
            current.delete()
        else:
            current.period = DateRange(current.period.lower, day)
            current.save(update_fields=["period"])


@transaction.atomic
def declare(person: Person, weekly_hours: Decimal | None, day: date) -> None:
    """Note how many hours a week somebody can give from today; None: they would rather not say.

    What was said about the time before stays.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    person.bandwidth.filter(period__startswith__gte=day).delete()
    for current in person.bandwidth.on(day):
        current.period = DateRange(current.period.lower, day)
        current.save(update_fields=["period"])
    if weekly_hours is not None:
        Bandwidth.objects.create(
            person=person, period=DateRange(day, None), weekly_hours=weekly_hours
        )
