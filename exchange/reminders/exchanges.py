"""When the two sides of an exchange hear from us again, and when the clock ends it.

What is due is found by a query that leaves out what was done already; each exchange is then
dealt with in a transaction of its own, so that two workers, or a second run, do nothing twice.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Concat

from exchange.actions import exchanges as actions
from exchange.actions import follow_ups
from exchange.models import Exchange
from exchange.notices import agreements as agreed
from exchange.notices import exchanges as asked
from exchange.notices import follow_ups as afterwards
from exchange.notices.exchanges import ANSWER_WITHIN
from volunteers.models import Notice
from volunteers.reminders.rows import each
from volunteers.reminders.waits import Wait, awake

REMIND_AFTER = timedelta(days=3)
BEFORE = timedelta(days=7)
AFTER = timedelta(days=7)
SILENCE = timedelta(days=14)
LAPSE = timedelta(days=60)
THANKS_AFTER = timedelta(days=3)
CLOSE_AFTER = timedelta(days=30)
State = Exchange.State
PEOPLE = ("listing__author", "provider", "receiver", "counterpart", "ask")


class Letter(NamedTuple):
    """A letter that may be due: its name, to whom and while what holds, and who writes it."""

    name: str
    to: dict[str, Q]
    write: Callable[[Exchange], None]
    mark: str | Cast = ""


def remind(now: datetime) -> None:
    """Do all that is due: end what nobody answers, write to those who can do something."""
    day = now.date()
    act_on(Exchange.objects.unanswered_since(now - ANSWER_WITHIN), actions.expire, now)
    write_to(_to_be_reminded_of(now - REMIND_AFTER, day), UNANSWERED)
    write_to(_coming_up(day), COMING_UP)
    act_on(_quiet_since(now, day), follow_ups.settle_alone, now)
    act_on(_lapsed(day), follow_ups.let_lapse, now)
    write_to(_ended(day), DID_IT_HAPPEN)
    act_on(Exchange.objects.done_since(now - CLOSE_AFTER), follow_ups.close, now)
    write_to(Exchange.objects.done_since(now - THANKS_AFTER), TIME_FOR_THANKS)


def _to_be_reminded_of(moment: datetime, day: date) -> QuerySet[Exchange]:
    """Keep the asks that have waited since this moment, not counting days of rest.

    These only put off the reminder: who asked would read in a longer wait who rests.
    """
    asks = Exchange.objects.unanswered_since(moment)
    return awake(asks, Wait("ask__person", "asked_at"), moment, day)


def _agreed() -> QuerySet[Exchange]:
    return Exchange.objects.filter(state=State.AGREED)


def _coming_up(day: date) -> QuerySet[Exchange]:
    """Keep what begins within a week, unless it was agreed on within that week."""
    soon = _agreed().filter(starts_day__gte=day, starts_day__lte=day + BEFORE)
    return soon.filter(agreed_at__date__lt=F("starts_day") - BEFORE)


def _ended(day: date) -> QuerySet[Exchange]:
    """Keep what ended a week ago, and of which one side at least has said nothing."""
    return _agreed().filter(
        Q(provider_happened=None) | Q(receiver_happened=None), ends_day__lte=day - AFTER
    )


def _quiet_since(now: datetime, day: date) -> QuerySet[Exchange]:
    """Keep what one side has spoken of, and the other had two weeks to.

    The two weeks begin when the question is asked, or when the one side answered it.
    """
    one = Q(provider_happened=None) | Q(receiver_happened=None)
    return _agreed().filter(
        one, happened_at__lte=now - SILENCE, ends_day__lte=day - AFTER - SILENCE
    )


def _lapsed(day: date) -> QuerySet[Exchange]:
    """Keep what ended two months ago, and both have said nothing or not the same."""
    same = Q(provider_happened=None, receiver_happened__isnull=False) | Q(
        provider_happened__isnull=False, receiver_happened=None
    )
    return _agreed().filter(ends_day__lte=day - LAPSE).exclude(same)


def act_on(due: QuerySet[Exchange], act: Callable[..., None], now: datetime) -> None:
    """Do something to each exchange that is due, one transaction each."""
    each(due, lambda exchange: _act(due, exchange, act, now))


def _act(
    due: QuerySet[Exchange], exchange: Exchange, act: Callable[..., None], now: datetime
) -> None:
    """Look once more whether it is due, with its row locked: somebody may have been faster."""
    actions.hold(exchange)
    if due.filter(pk=exchange.pk).exists():
        act(exchange, at=now)


def write_to(due: QuerySet[Exchange], letter: Letter) -> None:
    """Write a letter about each exchange that is due, unless it was written already."""
    unwritten = Q()
    for field, still in letter.to.items():
        parts = [letter.name, Cast(OuterRef("pk"), CharField())]
        parts += [Cast(OuterRef(f"{field}_id"), CharField()), letter.mark]
        written = Exists(Notice.objects.filter(key=_joined(parts)))
        unwritten |= Q(~written, still, **{f"{field}__is_active": True})
    each(due.filter(unwritten).select_related(*PEOPLE), letter.write)


def _joined(parts: list[Any]) -> Concat:
    """Put the parts of a notice's key together, as notices do."""
    words = [Value(part) if isinstance(part, str) else part for part in parts]
    return Concat(*[piece for word in words for piece in (word, Value(":"))][:-1])


UNANSWERED = Letter("unanswered", {"listing__author": Q()}, asked.unanswered)
COMING_UP = Letter(
    "coming_up",
    {"provider": Q(), "receiver": Q()},
    agreed.coming_up,
    mark=Cast(OuterRef("agreed_version"), CharField()),
)
DID_IT_HAPPEN = Letter(
    "did_it_happen",
    {"provider": Q(provider_happened=None), "receiver": Q(receiver_happened=None)},
    afterwards.did_it_happen,
)
TIME_FOR_THANKS = Letter(
    "time_for_thanks",
    {"provider": Q(provider_closed_at=None), "receiver": Q(receiver_closed_at=None)},
    afterwards.time_for_thanks,
)
