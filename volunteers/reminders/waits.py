"""Who of those that are due waits for somebody, and how long: days of rest do not count."""

from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from django.db.models import (
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from volunteers.models import Rest
from volunteers.models.bandwidth import days

Row = TypeVar("Row", bound=Model)

A_DAY = timedelta(days=1)


class Wait(NamedTuple):
    """Whose answer a row waits for, and since when: the names of its columns."""

    person: str
    since: str


def awake(rows: QuerySet[Row], wait: Wait, moment: datetime, day: date) -> QuerySet[Row]:
    """Keep what has waited for somebody since this moment, not counting their days of rest.

    Nor while they rest; elsewhere a day begins earlier or ends later than here.
    """
    rests = Rest.objects.filter(person=OuterRef(wait.person))
    around = days(day - A_DAY, day + A_DAY)
    rested = rests.values("person").annotate(n=_rested(wait.since, day)).values("n")
    waited_since = F(wait.since) + Coalesce(Subquery(rested), Value(timedelta()))
    since = ExpressionWrapper(waited_since, DateTimeField())
    waiting = rows.exclude(Exists(rests.during(around))).alias(waited_since=since)
    return waiting.filter(waited_since__lte=moment)  # type: ignore[return-value]  # alias() forgets the model


def _rested(since: str, day: date) -> Sum:
    """Add up how long somebody rested between an ask and this day."""
    first, end = (
        Func("period", function=name, output_field=DateField()) for name in ("lower", "upper")
    )
    asked = Cast(OuterRef(since), DateField())
    length = Least(end, Value(day)) - Greatest(first, asked)
    return Sum(Greatest(length, Value(timedelta())), output_field=DurationField())
