"""Applicants and hosts with a draft: two weeks before the last day, and three days before."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from grandtour.models import Application, Host
from grandtour.notices import windows as notices

STAGES = (3, 14)  # days before the last day
# Whoever has just begun needs no reminder.
SETTLED = timedelta(days=1)


def remind(now: datetime) -> None:
    """Remind those whose draft waits while the days run out; twice is the same as once."""
    day = timezone.localdate(now)
    until = (day, day + timedelta(days=STAGES[-1]))
    drafts = Application.objects.drafts_closing(*until).filter(created_at__lte=now - SETTLED)
    for application in drafts.select_related("person", "edition").order_by("pk"):
        notices.draft_closing(
            application, stage(application.edition.applications_last_day, day)
        )
    hosts = Host.objects.drafts_closing(*until).filter(created_at__lte=now - SETTLED)
    for host in hosts.select_related("affiliate", "edition").order_by("pk"):
        notices.host_closing(host, stage(host.edition.applications_last_day, day))


def stage(last: date, day: date) -> int:
    """Say which of the two letters is due so many days before the last."""
    left = (last - day).days
    return next(days for days in STAGES if left <= days)
