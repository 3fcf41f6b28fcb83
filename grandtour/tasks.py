"""What Celery does for the Grand Tour: fetch the time, call one function."""

from celery import shared_task
from django.utils import timezone

from grandtour.actions import applications, conflicts
from grandtour.reminders import reviews


@shared_task
def purge_needs() -> None:
    """Delete what people said they need for journeys that are long over."""
    applications.purge_needs(timezone.localdate())


@shared_task
def remind() -> None:
    """Write to those whose days are running out; twice is the same as once."""
    reviews.remind(timezone.now())


@shared_task
def find_conflicts() -> None:
    """Note conflicts of interest that have come up; what they forbid ends at once."""
    conflicts.find_everywhere(at=timezone.now())
