"""Being counted or not, and the nightly snapshot of what hangs on how few."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from django.db import connection, transaction

from volunteers.load import monday_of
from volunteers.models import BottleneckSnapshot, Commitment, Person
from volunteers.models.bottlenecks import NUMBERS, Numbers
from volunteers.reports.bottlenecks import Figures, figures
from volunteers.scoring import (
    FEWEST,
    LEVEL_OF,
    Weights,
    crowd,
    equals_step,
    hours_step,
    people_step,
    publishable,
    rounded,
    settled,
)

LOCK = 0xB0771E  # any number that nothing else locks
ORDER = ("all", "region", "country", "affiliate")  # of two, the earlier is shown
PERCENT, POINTS = 10, 5  # steps
MOST_PERCENT = 300
COLUMNS = ("day", "scope", "skill_id", "level", "band", *NUMBERS)
# What was shown before by scope and skill: last night (or until now), and last week.
Shown = tuple[dict[tuple[str, int], Numbers], dict[tuple[str, int], Numbers]]


def be_counted(person: Person, *, at: datetime) -> None:
    """Let somebody's hours be part of the sums about skills, from the next night on."""
    Person.objects.filter(pk=person.pk, counted_at=None).update(counted_at=at)


@transaction.atomic
def be_left_out(person: Person) -> None:
    """Take somebody's hours out of the sums about skills, at once out of what is shown too."""
    _wait_for_others()
    counted = Person.objects.filter(pk=person.pk, counted_at__isnull=False)
    left = counted.update(counted_at=None)
    day = BottleneckSnapshot.objects.last_day()
    if left and day:
        _sum_up_anew(_skills_of(person), day)


@contextmanager
def vanishing(person: Person) -> Iterator[None]:
    """Take somebody who is hidden within, by whomever, out of what is shown at once.

    Begin it before any row is locked: whoever sums up waits for the others first.
    """
    if person.counted_at is None:
        yield
        return
    with transaction.atomic():
        _wait_for_others()
        skills = _skills_of(person)
        yield
        if skills and (day := BottleneckSnapshot.objects.last_day()):
            _sum_up_anew(skills, day)


def _skills_of(person: Person) -> set[int]:
    """Name the rows in which somebody's hours may be, whatever they changed since the night."""
    taken = Commitment.objects.filter(person=person, skill__isnull=False)
    paths = taken.values_list("skill__path", flat=True).distinct()
    return {path[min(1, len(path) - 1)] for path in paths}


def _sum_up_anew(skills: Collection[int], day: date) -> None:
    """Put in place of what is shown of some skills what it is now."""
    rows = BottleneckSnapshot.objects.filter(skill__in=skills)
    now = rows.filter(day=day)
    shown = now.numbers(), rows.last_before(monday_of(day)).numbers()
    found = [row for one in figures(day, skills) for row in _rows(one, shown)]
    now.delete()
    _write(day, found)


@transaction.atomic
def take_snapshot(day: date) -> int:
    """Write down what stands on a day, in place of what was written of it; count the rows.

    Of two at once the second waits and writes the same. Old days are thinned out.
    """
    _wait_for_others()
    rows = BottleneckSnapshot.objects
    shown = rows.last_before(day).numbers(), rows.last_before(monday_of(day)).numbers()
    found = [row for one in figures(day) for row in _rows(one, shown)]
    rows.filter(day=day).delete()
    _write(day, found)
    rows.outdated(day).delete()
    return len(found)


def _wait_for_others() -> None:
    """Wait until nobody else sums up, and let nobody begin before the transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _write(day: date, rows: list[tuple[object, ...]]) -> None:
    """Write the rows of a day; they are many, and the planner has to know of them at once."""
    names = ", ".join(COLUMNS)
    command = f"COPY volunteers_bottlenecksnapshot ({names}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row((day, *row))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE volunteers_bottlenecksnapshot")


def _rows(one: Figures, shown: Shown) -> Iterator[tuple[object, ...]]:
    """Make the rows of a skill: with numbers where they may be shown, else only a band.

    What rests on how much people said they can give is shown where five or more of them did,
    and where it cannot be subtracted until fewer are left.
    """
    large = [scope for scope, weights in one.by_scope.items() if weights.carriers >= FEWEST]
    large.sort(key=lambda scope: (_kind(scope), -one.by_scope[scope].carriers, scope))
    told = publishable(one.groups, large)
    full = publishable(one.declared, [scope for scope in large if scope in told])
    for scope, whole in one.by_scope.items():
        weights = _of_several(scope, whole)
        if scope in told:
            before = [then.get((scope, one.skill)) for then in shown]
            numbers = _numbers(
                weights, [known for known in before if known], full=scope in full
            )
            yield scope, one.skill, weights.level.value, weights.band.value, *numbers
        else:
            band = weights.band
            yield scope, one.skill, LEVEL_OF[band].value, band.value, *[None] * len(NUMBERS)


def _of_several(scope: str, weights: Weights) -> Weights:
    """Leave out what one person alone said they can give, as if nobody had.

    How full one person is, only the members of an affiliate learn, of their own.
    """
    alone = weights.declared == 1 and _kind(scope) != ORDER.index("affiliate")
    return replace(weights, room=0, over=0, known=0) if alone else weights


def _kind(scope: str) -> int:
    """Say when it is a scope's turn to be shown."""
    return ORDER.index(scope.partition(":")[0])


def _numbers(weights: Weights, before: list[Numbers], *, full: bool) -> Numbers:
    """Round what may be shown, in the order of NUMBERS; what was shown before is given.

    `full`: also how full those are who said what they can give. Where one person carries half,
    hours, how full they are and whether they are over would be mostly theirs: of these only
    the score is shown, in which all of it is mixed.
    """
    half, several = weights.truck_factor, weights.truck_factor > 1
    use, score = (weights.use, weights.score) if full else (None, None)
    told = use is not None and several
    percent = min(100 * weights.use, MOST_PERCENT) if told and weights.use is not None else None
    over = 100 * weights.over if told else None
    room = weights.room if told else None
    effective = _held("effective", weights.effective, equals_step, before)
    return (
        crowd(weights.carriers),
        effective,
        round(rounded(half, people_step(half))),
        _whole(_held("score", score, lambda _shown: POINTS, before)),
        _whole(_held("use", percent, lambda _shown: PERCENT, before)),
        _whole(_held("over", over, lambda _shown: PERCENT, before)),
        _whole(_held("demand", weights.demand if several else None, hours_step, before)),
        _whole(_held("room", room, hours_step, before)),
    )


def _held(
    name: str, value: float | None, step: Callable[[float], float], before: list[Numbers]
) -> float | None:
    """Round a number to the step that fits it, at most one from what was shown before."""
    if value is None:
        return None
    place = NUMBERS.index(name)
    shown = [known for row in before if (known := row[place]) is not None]
    return settled(value, shown, step(shown[-1] if shown else value))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
