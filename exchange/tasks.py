"""What runs in the background for the exchange: fetch the time, call one function."""

from celery import shared_task
from django.utils import timezone

from exchange.actions import documents
from exchange.reminders import (
    calls,
    exchanges,
    hand_overs,
    invitations,
    listings,
    watches,
)


@shared_task
def remind() -> None:
    """Do what is due about exchanges and listings; twice is the same as once."""
    now = timezone.now()
    exchanges.remind(now)
    hand_overs.remind(now)
    listings.remind(now)
    calls.remind(now)
    invitations.remind(now)


@shared_task
def freshen_search() -> None:
    """Note who has room now, and learn the latest words."""
    documents.freshen(timezone.now())


@shared_task
def settle_room() -> None:
    """Note who has room where something has changed; twice is the same as once."""
    documents.settle(timezone.now())


@shared_task
def check_search() -> None:
    """Compare what can be found with what there is."""
    documents.check(timezone.now())


@shared_task
def look_for_those_who_wait() -> None:
    """Look whether people somebody waits for can be asked; twice is the same as once."""
    watches.look(timezone.now())
