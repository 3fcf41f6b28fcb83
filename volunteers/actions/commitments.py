"""What somebody has taken on elsewhere: entered by hand, changed, done, put down."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from capx.states import IllegalMove
from volunteers.actions.bandwidth import A_DAY, period_of
from volunteers.models import Commitment, Person, Skill

Source, State = Commitment.Source, Commitment.State


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says of a commitment; without a last day it has no end."""

    what: str
    weekly_hours: Decimal
    first: date
    last: date | None = None
    skill: Skill | None = None


@transaction.atomic
def take_on(person: Person, words: Words) -> Commitment:
    """Note something that a person has taken on elsewhere."""
    return Commitment.objects.create(
        person=person, source=Source.BY_HAND, key=str(uuid4()), **_fields(words)
    )


@transaction.atomic
def change(commitment: Commitment, words: Words) -> None:
    """Change what was noted by hand."""
    Commitment.objects.filter(pk=commitment.pk).update(**_fields(words))


@transaction.atomic
def finish(commitment: Commitment, day: date) -> None:
    """Note that something is done: it takes no more time, and what it took is kept.

    What has not begun took nothing.
    """
    held = Commitment.objects.select_for_update().live().filter(pk=commitment.pk)
    held.filter(period__startswith__gt=day).update(state=State.DROPPED)
    for row in held:
        end = max(day, row.period.lower + A_DAY)
        if row.period.upper is None or end < row.period.upper:
            row.period = DateRange(row.period.lower, end)
        row.state = State.DONE
        row.save(update_fields=["period", "state"])


@transaction.atomic
def put_down(commitment: Commitment, day: date) -> None:
    """Put something down: of what has begun that much is done, of the rest nothing is left."""
    held = Commitment.objects.select_for_update().live().filter(pk=commitment.pk)
    if not held.filter(period__startswith__gte=day).update(state=State.DROPPED):
        finish(commitment, day)


@transaction.atomic
def take_up_again(commitment: Commitment, last: date | None) -> None:
    """Take back that something is done or put down: it goes on until the day it had before.

    Raises IllegalMove when it has not ended so, or would be over before it ended.
    """
    held = Commitment.objects.select_for_update().ended_by_hand().filter(pk=commitment.pk)
    row = held.first()
    if row is None or (last and row.last_day and last < row.last_day):
        raise IllegalMove
    row.period = period_of(row.period.lower, last)
    row.state = State.PLANNED
    row.save(update_fields=["period", "state"])


def _fields(words: Words) -> dict[str, object]:
    return {
        "what": words.what,
        "skill": words.skill,
        "period": period_of(words.first, words.last),
        "weekly_hours": words.weekly_hours,
    }
