"""Reminds those who have a seat at an event, the day before."""

from datetime import datetime, timedelta

from grandtour.models import StopEvent
from grandtour.notices import events as notices

A_DAY = timedelta(days=1)


def remind(now: datetime) -> None:
    """Write what is due; twice is the same as once."""
    soon = StopEvent.objects.beginning(now, now + 2 * A_DAY).as_shown()
    for event in soon.order_by("begins_at", "pk"):
        if event.first_day - A_DAY == event.local(now).date():
            notices.tomorrow(event)
