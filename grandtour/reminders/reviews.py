"""Reviewers who have not answered, and those who have not read everything.

Who is asked to read hears of it again after three days, and after seven it is over, as with
every ask. Who reads hears a week before the last day, and on the day before.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from grandtour.actions import reviewers
from grandtour.models import Assignment, Edition, Phase, Reviewer
from grandtour.notices import reviews as notices
from volunteers import gate
from volunteers.reminders.rows import each
from volunteers.reminders.waits import Wait, awake

REMIND_AFTER = timedelta(days=3)
FIRST, LAST = 7, 1  # days before the last day
# Whoever has just been given something has just had a mail.
SETTLED = timedelta(days=1)


def remind(now: datetime) -> None:
    """Remind those who are asked, and whose days are running out; twice is as once."""
    each(_asked(now - gate.ANSWER_WITHIN), lambda row: reviewers.expire(row, at=now))
    lately = now - REMIND_AFTER
    away = Wait("person", "asked_at")
    each(awake(_asked(lately), away, lately, now.date()), notices.waits)
    day = timezone.localdate(now)
    rows = Phase.objects.filter(may_score=True, edition__state=Edition.State.REVIEWING)
    soon = rows.filter(last_day__range=(day, day + timedelta(days=FIRST)))
    for phase in soon.select_related("edition").order_by("pk"):
        _remind(phase, day, now)


def _asked(moment: datetime) -> QuerySet[Reviewer]:
    """Keep who was asked at this moment or before, and has not answered."""
    rows = Reviewer.objects.filter(state=Reviewer.State.ASKED, ask__isnull=False)
    rows = rows.filter(asked_at__lte=moment)
    return rows.select_related("person", "edition", "ask__asker")


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
