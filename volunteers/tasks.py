"""What runs in the background for people."""

from celery import shared_task
from django.utils import timezone

from volunteers import mailbox
from volunteers.models import Check


@shared_task
def send_notices() -> None:
    """Empty the letter box."""
    while mailbox.send_next(timezone.now()):
        pass


@shared_task
def forget_checks() -> None:
    """Forget who looked whether somebody has time, after a while."""
    Check.objects.outdated(timezone.now()).delete()
