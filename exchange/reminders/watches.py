"""Those who wait to ask about a listing: one that has ended is told, one out of sight waits."""

from datetime import datetime

from django.urls import Resolver404, resolve

from exchange.models import Listing
from volunteers.actions.watches import Stand
from volunteers.reminders import watches

State = Listing.State
ENDED = [State.WITHDRAWN, State.EXPIRED]


def look(now: datetime) -> None:
    """Look at each that is due, and at what they would ask about."""
    watches.look(now, stand=stand)


def stand(link: str) -> Stand:
    """Tell how the listing stands that this address asks about."""
    try:
        pk = resolve(link).kwargs["pk"]
    except (Resolver404, KeyError):
        return Stand.GONE
    found = Listing.objects.filter(pk=pk).first()
    if found is None or found.state in ENDED:
        return Stand.GONE
    here = found.state == State.OPEN and found.hidden_at is None
    return Stand.HERE if here else Stand.AWAY
