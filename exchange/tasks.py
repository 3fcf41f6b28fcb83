"""What runs in the background for the exchange: fetch the time, call one function."""

from celery import shared_task
from django.utils import timezone

from exchange.reminders import exchanges, listings


@shared_task
def remind() -> None:
    """Do what is due about exchanges and listings; twice is the same as once."""
    now = timezone.now()
    exchanges.remind(now)
    listings.remind(now)
