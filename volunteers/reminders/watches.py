"""When those who wait for somebody are looked after, and when waiting ends by itself."""

from collections.abc import Callable
from datetime import datetime

from volunteers.actions import watches
from volunteers.models import Watch


def look(now: datetime, *, stand: Callable[[str], watches.Stand]) -> None:
    """Look at each that is due, one transaction each; forget those that waited for long.

    `stand` tells how what stands at an address does; the other apps know.
    """
    Watch.objects.outdated(now).delete()
    due = Watch.objects.due(now).order_by("next_look_at", "pk")
    for key in due.values_list("pk", flat=True).iterator():
        watches.look(key, at=now, stand=stand)
