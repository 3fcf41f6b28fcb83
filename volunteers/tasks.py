"""What runs in the background for people."""

from celery import shared_task
from django.utils import timezone

from volunteers import mailbox


@shared_task
def send_notices() -> None:
    """Empty the letter box."""
    while mailbox.send_next(timezone.now()):
        pass
