"""Who hears again of a place that was offered to them."""

from datetime import datetime, timedelta

from grandtour.models import Seat
from grandtour.notices import journeys as notices

BEFORE_IT_LAPSES = timedelta(days=3)


def remind(now: datetime) -> None:
    """Remind those whose offer lapses soon; the key of a notice lets each hear once."""
    soon = Seat.objects.filter(
        state=Seat.State.OFFERED,
        reply_by__range=(now, now + BEFORE_IT_LAPSES),
        offered_at__lt=now - timedelta(days=1),
    )
    notices.reply_soon(soon.select_related("person", "journey__edition").order_by("pk"))
