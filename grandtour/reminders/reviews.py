"""Reviewers who have not read everything: a week before the last day, and on the day before."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.utils import timezone

from grandtour.models import Assignment, Edition, Phase, Reviewer
from grandtour.notices import reviews as notices

FIRST, LAST = 7, 1  # days before the last day
# Whoever has just been given something has just had a mail.
SETTLED = timedelta(days=1)


def remind(now: datetime) -> None:
    """Remind reviewers whose days are running out; twice is the same as once."""
    day = timezone.localdate(now)
    rows = Phase.objects.filter(may_score=True, edition__state=Edition.State.REVIEWING)
    soon = rows.filter(last_day__range=(day, day + timedelta(days=FIRST)))
    for phase in soon.select_related("edition").order_by("pk"):
        _remind(phase, day, now)


def _remind(phase: Phase, day: date, now: datetime) -> None:
    """Write to everybody who has something to read in this phase."""
    left = LAST if (phase.last_day - day).days <= LAST else FIRST
    unread = (
        Assignment.objects.readable()
        .unread()
        .filter(application__edition=phase.edition, assigned_at__lte=now - SETTLED)
    )
    waiting = Counter(unread.values_list("reviewer", flat=True))
    people = Reviewer.objects.filter(pk__in=waiting).select_related("person")
    notices.due(phase, {one: waiting[one.pk] for one in people.order_by("pk")}, left=left)
