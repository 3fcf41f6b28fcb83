"""Reminders row by row: what goes wrong with one stops no other."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from django.db import transaction
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

from capx.states import IllegalMove
from volunteers.models import Rest
from volunteers.models.bandwidth import days

Row = TypeVar("Row", bound=Model)

A_DAY = timedelta(days=1)

logger = logging.getLogger(__name__)


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


def each(rows: QuerySet[Row], act: Callable[[Row], None]) -> None:
    """Do something to each row, one transaction each."""
    for row in rows.order_by("pk").iterator():
        _try(row, act)


def _try(row: Row, act: Callable[[Row], None]) -> None:
    """Do it, or note what went wrong: the next row must not wait for this one."""
    try:
        with transaction.atomic():
            act(row)
    except IllegalMove:
        return  # somebody else was faster
    except Exception:
        logger.exception("Nothing was done about %s %s", row._meta.label, row.pk)
