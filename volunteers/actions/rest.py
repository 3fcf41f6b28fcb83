"""Rest: noted beforehand, or at once and without a reason."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from volunteers.actions.bandwidth import period_of
from volunteers.models import Person, Rest


class RestsAlready(Exception):
    """These days share one with a rest that is noted already."""


@transaction.atomic
def rest(person: Person, first: date, last: date | None, words: str = "") -> Rest:
    """Leave somebody alone from one day to another, or until they come back."""
    period = period_of(first, last)
    try:
        with transaction.atomic():
            return Rest.objects.create(person=person, period=period, words=words)
    except IntegrityError as refused:
        raise RestsAlready from refused


@transaction.atomic
def leave_alone(person: Person, day: date, last: date | None = None) -> Rest:
    """Leave somebody alone from today until a day, or until they come back.

    Rests that it touches become part of it, so that none ends earlier than was noted; those to
    come hold again when the person comes back before.
    """
    Person.objects.select_for_update().get(pk=person.pk)  # pressed twice
    touched = list(person.rests.during(period_of(day, last)).order_by("period"))
    ends = [period_of(day, last).upper, *(one.period.upper for one in touched)]
    first = min([day, *(one.period.lower for one in touched)])
    words = next((one.words for one in touched if one.words and day in one.period), "")
    covers = [noted for one in touched for noted in _noted(one)]
    person.rests.filter(pk__in=[one.pk for one in touched]).delete()
    end = None if None in ends else max(ends)
    period = DateRange(first, end)
    return Rest.objects.create(
        person=person, period=period, words=words, alone=True, covers=covers
    )


def _noted(one: Rest) -> list[tuple[str, str | None, str]]:
    """Write down as `covers` holds it what was noted beforehand."""
    if one.alone:
        return list(one.covers)
    upper = one.period.upper
    return [(one.period.lower.isoformat(), upper and upper.isoformat(), one.words)]


@transaction.atomic
def come_back(person: Person, day: date) -> None:
    """End a rest early: today is a day like others again, and later rests stay noted."""
    Person.objects.select_for_update().get(pk=person.pk)
    for current in person.rests.on(day):
        later = current.covered_after(day)
        if current.period.lower == day:
            current.delete()
        else:
            current.period, current.alone = DateRange(current.period.lower, day), False
            current.covers = []
            current.save(update_fields=["period", "alone", "covers"])
        Rest.objects.bulk_create(later)
