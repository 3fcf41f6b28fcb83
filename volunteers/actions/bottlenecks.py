"""Being counted or not, and the nightly snapshot of what hangs on how few."""

from collections.abc import Iterator
from datetime import date, datetime
from math import isfinite

from django.db import connection, transaction

from volunteers.load import monday_of
from volunteers.models import BottleneckSnapshot, Person
from volunteers.models.bottlenecks import NUMBERS, Sums
from volunteers.reports.bottlenecks import Figures, figures
from volunteers.scoring import (
    FEWEST,
    LEVEL_OF,
    Weights,
    crowd,
    hours_step,
    publishable,
    rounded,
    settled,
)

LOCK = 0xB0771E  # any number that nothing else locks
ORDER = ("all", "region", "country", "affiliate")  # of two, the earlier is shown
PERCENT, POINTS, EQUALS = 10, 5, 0.5  # steps
MOST_PERCENT = 300
COLUMNS = ("day", "scope", "skill_id", "level", "band", *NUMBERS)


def be_counted(person: Person, *, at: datetime) -> None:
    """Let somebody's hours be part of the sums about skills, from the next night on."""
    Person.objects.filter(pk=person.pk, counted_at=None).update(counted_at=at)


def be_left_out(person: Person) -> None:
    """Take somebody's hours out of the sums about skills, from the next night on."""
    Person.objects.filter(pk=person.pk).update(counted_at=None)


@transaction.atomic
def take_snapshot(day: date) -> int:
    """Write down what stands on a day, in place of what was written of it; count the rows.

    Of two at once the second waits and writes the same. Old days are thinned out.
    """
    snapshots = BottleneckSnapshot.objects
    names = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        before = snapshots.sums_before(monday_of(day))
        rows = [(day, *row) for one in figures(day) for row in _rows(one, before)]
        snapshots.filter(day=day).delete()
        with cursor.copy(f"COPY volunteers_bottlenecksnapshot ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    snapshots.outdated(day).delete()
    return len(rows)


def _rows(one: Figures, before: dict[tuple[str, int], Sums]) -> Iterator[tuple[object, ...]]:
    """Make the rows of a skill: with numbers where they may be shown, else only a band."""
    large = [scope for scope, weights in one.by_scope.items() if weights.carriers >= FEWEST]
    large.sort(key=lambda scope: (_kind(scope), -one.by_scope[scope].carriers, scope))
    shown = publishable(one.groups, large)
    for scope, weights in one.by_scope.items():
        if scope in shown:
            numbers = _numbers(weights, *before.get((scope, one.skill), (None, None)))
            yield scope, one.skill, weights.level.value, weights.band.value, *numbers
        else:
            level = LEVEL_OF[weights.band]
            yield scope, one.skill, level.value, weights.band.value, *[None] * len(NUMBERS)


def _kind(scope: str) -> int:
    """Say when it is a scope's turn to be shown."""
    return ORDER.index(scope.partition(":")[0])


def _numbers(
    weights: Weights, demand: int | None, room: int | None
) -> tuple[float | None, ...]:
    """Round what may be shown, in the order of NUMBERS; the sums of the week before are given.

    Where one person carries half, hours would be mostly theirs, and are not shown.
    """
    one_alone = weights.truck_factor == 1
    return (
        crowd(weights.carriers),
        rounded(weights.effective, EQUALS),
        weights.truck_factor,
        _stepped(weights.score, POINTS),
        _stepped(None if weights.use is None else 100 * weights.use, PERCENT),
        _stepped(100 * weights.over, PERCENT),
        None if one_alone else _hours(weights.demand, demand),
        None if one_alone or not weights.known else _hours(weights.room, room),
    )


def _stepped(value: float | None, step: int) -> int | None:
    """Round to a step; what is beyond measure is three times what it should be."""
    if value is None:
        return None
    return min(round(rounded(value, step)), MOST_PERCENT) if isfinite(value) else MOST_PERCENT


def _hours(now: float, before: int | None) -> int:
    """Round hours a week as `settled` says."""
    return round(settled(now, before, hours_step(now if before is None else before)))
