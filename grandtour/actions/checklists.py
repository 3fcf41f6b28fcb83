"""What a traveller has to see to: written down when a place is confirmed, ticked, untied."""

from datetime import datetime

from django.db import transaction

from grandtour.models import ChecklistItem, Journey, Seat
from grandtour.models.checklists import due_days


def write(seat: Seat) -> None:
    """Write a traveller's list, once; what is there already keeps its day."""
    journey = seat.journey
    if journey.period is None or journey.last_day is None:
        return
    days = due_days(journey.period.lower, journey.last_day)
    ChecklistItem.objects.bulk_create(
        [ChecklistItem(seat=seat, what=what, due=due) for what, due in days.items()],
        ignore_conflicts=True,
    )


def follow(journey: Journey) -> None:
    """Let what is still open follow a journey to its new days."""
    if journey.period is None or journey.last_day is None:
        return
    days = due_days(journey.period.lower, journey.last_day)
    items = list(ChecklistItem.objects.open().filter(seat__journey=journey))
    for item in items:
        item.due = days[item.what]
    ChecklistItem.objects.bulk_update(items, ["due"])


@transaction.atomic
def tick(item: ChecklistItem, *, done: bool, at: datetime) -> None:
    """Note that something is done, or that it is not after all; twice is the same as once."""
    rows = ChecklistItem.objects.filter(pk=item.pk)
    if done:
        rows.filter(done_at=None).update(done_at=at)
    else:
        rows.update(done_at=None)


def did(seat: Seat, what: str, *, at: datetime) -> None:
    """Tick what is done by doing it."""
    seat.checklist.filter(what=what, done_at=None).update(done_at=at)
