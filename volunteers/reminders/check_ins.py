"""When somebody is asked how they are doing, and when we stop asking.

Many can be due at once, and many workers can ask them: each takes some people whom no other
holds, and asks them in one transaction. Whoever is killed half-way leaves those to the next.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from volunteers import notices
from volunteers.models import CheckIn, CheckInRhythm
from volunteers.models.bandwidth import today
from volunteers.models.check_ins import PATIENCE, days_on_earth, interval, monday
from volunteers.reminders.rows import together

AT_ONCE = 500
Place = tuple[object, int]


def ask(now: datetime) -> None:
    """Ask all whose day has come; nobody who rests, nobody twice."""
    lapse(now)
    due = CheckInRhythm.objects.due(days_on_earth(now))
    after: Place | None = None
    while some := ask_some(due, after, now):
        after = some[-1].next_day, some[-1].pk


def lapse(now: datetime) -> None:
    """Let questions go that nobody has answered for long."""
    CheckIn.objects.outdated(now).update(state=CheckIn.State.LAPSED)


@transaction.atomic
def ask_some(
    due: QuerySet[CheckInRhythm], after: Place | None, now: datetime
) -> list[CheckInRhythm]:
    """Ask the next few that no other worker holds; give whom it was about."""
    rows = _beyond(due, after).select_related("person")
    some = list(rows.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    together([one for one in some if one.unanswered < 2 * PATIENCE], partial(_ask, now=now))
    together([one for one in some if one.unanswered >= 2 * PATIENCE], partial(_end, now=now))
    return some


def _beyond(due: QuerySet[CheckInRhythm], after: Place | None) -> QuerySet[CheckInRhythm]:
    """Keep what comes after a place in the order of days: nobody is looked at twice."""
    if after is None:
        return due
    day, pk = after
    return due.filter(Q(next_day__gt=day) | Q(next_day=day, pk__gt=pk), next_day__gte=day)


def _ask(rhythms: Sequence[CheckInRhythm], now: datetime) -> None:
    """Write the questions and their mails, and when each is asked again."""
    if not rhythms:
        return
    questions = [
        CheckIn(person=one.person, week=monday(today(one.person, now)), asked_at=now)
        for one in rhythms
    ]
    before = CheckIn.objects.filter(person__in=[one.person_id for one in rhythms])
    before = before.filter(week__lt=min(one.week for one in questions))
    before.filter(state=CheckIn.State.ASKED).update(state=CheckIn.State.LAPSED)
    CheckIn.objects.bulk_create(questions, ignore_conflicts=True)
    notices.ask_how_they_are(zip(questions, rhythms, strict=True))
    CheckInRhythm.objects.filter(pk__in=[one.pk for one in rhythms]).update(
        next_day=Cast(Value(now.date()) + interval(), DateField()),
        unanswered=F("unanswered") + 1,
    )


def _end(rhythms: Sequence[CheckInRhythm], now: datetime) -> None:
    """Ask no more those who never answer, and tell them so."""
    if rhythms:
        CheckInRhythm.objects.filter(pk__in=[one.pk for one in rhythms]).update(next_day=None)
        notices.ask_no_more(rhythms, now.date())
