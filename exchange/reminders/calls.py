"""When people are written to about open calls, and when a call ends by itself."""

from datetime import datetime

from capx.zones import still_day
from exchange.actions import calls as actions
from exchange.models import CallLetter, OpenCall
from volunteers.reminders.rows import each


def remind(now: datetime) -> None:
    """End what is over, and write the next letters of the others."""
    over = OpenCall.objects.ending_before(still_day(now))
    each(
        over.select_related("listing__author", "addressed_to"),
        lambda call: actions.lapse(call, at=now),
    )
    each(OpenCall.objects.due(now), lambda call: actions.write(call.pk, at=now))
    actions.forget(CallLetter.objects.outdated(now))
