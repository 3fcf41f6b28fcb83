"""What runs in the background for people."""

from celery import shared_task
from django.utils import timezone

from capx import limits
from volunteers import mailbox
from volunteers.actions import bottlenecks
from volunteers.imports.work import go_on_with_all
from volunteers.models import Check, Import, Look, Notice
from volunteers.models.sessions import SessionStore
from volunteers.reminders import check_ins, weeks


@shared_task
def send_notices() -> None:
    """Empty the letter box."""
    while mailbox.send_some(timezone.now()):
        pass


@shared_task
def forget_what_is_over() -> None:
    """Forget sessions that have ended, and how often somebody tried what is limited."""
    SessionStore.clear_expired()
    limits.forget(timezone.now())


@shared_task
def forget_checks() -> None:
    """Forget, after a while, who looked at whose time, and mails that were for nobody."""
    now = timezone.now()
    Check.objects.outdated(now).delete()
    Look.objects.outdated(now.date()).delete()
    Notice.objects.outdated(now).delete()


@shared_task
def ask_check_ins() -> None:
    """Ask those whose day has come how they are doing; twice is the same as once."""
    check_ins.ask(timezone.now())


@shared_task
def remind_of_weeks() -> None:
    """Tell those whose weeks are too full, or who are due a rest; twice is the same as once."""
    weeks.remind(timezone.now())


@shared_task
def go_on_with_imports() -> None:
    """Go on with the files that are being read or written, until each is done."""
    go_on_with_all(timezone.now())


@shared_task
def forget_imports() -> None:
    """Forget files that nobody confirmed, and the lines of those that are long done."""
    Import.objects.outdated(timezone.now()).delete()


@shared_task
def count_bottlenecks() -> None:
    """Write down what hangs on how few."""
    bottlenecks.take_snapshot(timezone.now().date())
