"""The weeks of all who travel, looked after by night, whatever became of their rows."""

from datetime import datetime
from functools import partial

from django.db import transaction

from grandtour.actions import weeks
from grandtour.models import Journey
from volunteers.reminders.rows import each

State = Journey.State
STANDS = [State.OFFERED, State.CONFIRMED, State.TRAVELLING]


def look_after(now: datetime) -> None:
    """Note every journey that stands once more: also those from before weeks knew of them."""
    each(Journey.objects.filter(state__in=STANDS), partial(_note, at=now))


@transaction.atomic
def _note(journey: Journey, *, at: datetime) -> None:
    """Note one, held as by every other change."""
    held = Journey.objects.select_for_update(no_key=True, of=("self",))
    weeks.note(held.select_related("edition").get(pk=journey.pk), at=at)
