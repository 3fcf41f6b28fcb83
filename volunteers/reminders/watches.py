"""When those who wait for somebody are looked after, and when waiting ends by itself."""

from collections.abc import Callable
from datetime import datetime

from volunteers.actions import watches
from volunteers.models import Watch
from volunteers.reminders.rows import each


def look(now: datetime, *, stand: Callable[[str], watches.Stand]) -> None:
    """Look at each that is due, one transaction each; forget those that waited for long.

    `stand` tells how what stands at an address does; the other apps know.
    """
    Watch.objects.outdated(now).delete()
    each(Watch.objects.due(now), lambda one: watches.look(one.pk, at=now, stand=stand))
