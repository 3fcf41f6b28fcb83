"""What Celery does for the Grand Tour: fetch the time, call one function."""

from celery import shared_task
from django.utils import timezone

from grandtour.actions import (
    afterwards,
    applications,
    conflicts,
    events,
    journeys,
    money,
    under_way,
)
from grandtour.plans import running, succession
from grandtour.reminders import events as of_events
from grandtour.reminders import journeys as on_the_way
from grandtour.reminders import offers, partners, reviews, weeks, windows


@shared_task
def purge_needs() -> None:
    """Delete what nobody has to know any more: needs, who came to events, old receipts."""
    applications.purge_needs(timezone.localdate())
    events.purge(timezone.now())
    money.purge_receipts(timezone.now())


@shared_task
def remind() -> None:
    """Write to those whose days are running out; twice is the same as once."""
    now = timezone.now()
    reviews.remind(now)
    windows.remind(now)
    partners.ask(now)


@shared_task
def find_conflicts() -> None:
    """Note conflicts of interest that have come up; what they forbid ends at once."""
    conflicts.find_everywhere(at=timezone.now())


@shared_task
def look_after_weeks() -> None:
    """Hold the weeks of all who travel against their journeys."""
    weeks.look_after(timezone.now())


@shared_task
def run_plans() -> None:
    """Run plans that wait, and take up those whose worker has gone."""
    running.take_up(timezone.now())
    running.run_queued()


@shared_task
def follow_up_offers() -> None:
    """Let offers lapse that nobody answered, and look for the next in line."""
    now = timezone.now()
    journeys.lapse(now)
    under_way.move_with_the_days(timezone.localdate(now), at=now)
    succession.follow(now)
    offers.remind(now)


@shared_task
def accompany() -> None:
    """Remind those who travel and host, before and afterwards; close what is long over."""
    now = timezone.now()
    on_the_way.remind(now)
    of_events.remind(now)
    afterwards.close(timezone.localdate(now))
