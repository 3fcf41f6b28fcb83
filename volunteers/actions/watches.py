"""Waiting until somebody can be asked: one look a day at an hour of its own, one notice, over.

Nothing is learnt by beginning: it succeeds whatever the gate would say, and looks at nothing
before the next day.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction

from volunteers import gate, notices
from volunteers.models import Person, Watch

AT_ONCE = 5
A_DAY = timedelta(days=1)
HOURS_APART = 8


class Stand(Enum):
    """How what somebody would ask about stands: there, out of sight for now, or ended."""

    HERE = "here"
    AWAY = "away"
    GONE = "gone"


class TooMany(Exception):
    """Somebody waits for as many people as anybody may."""


class TooOften(Exception):
    """Somebody has begun to wait as often within a day as anybody may."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody would ask about, in a few words, and the address where they would ask."""

    what: str
    link: str


@transaction.atomic
def wait(
    person: Person, watcher: Person, subject: Subject, wish: gate.Wish, *, at: datetime
) -> Watch | None:
    """Tell somebody, once, when they can ask this person; twice is the same as once.

    For one person one waits for one thing: another one takes the place of the first, which is
    given back, so that nobody learns more than one answer of somebody's hours. Raises
    TooOften, TooMany.
    """
    Person.objects.select_for_update(no_key=True).get(pk=watcher.pk)
    mine = Watch.objects.filter(watcher=watcher)
    mine.outdated(at).delete()
    asked = {
        "link": subject.link,
        "first_day": wish.first_day,
        "last_day": wish.last_day,
        "weekly_hours": round(min(wish.weekly_hours, Watch.MOST_A_WEEK), 6),
        "invited": wish.invited,
    }
    if mine.live(at).filter(person=person, **asked).exists():
        return None
    if mine.filter(begun_at__gt=at - A_DAY).count() >= AT_ONCE:
        raise TooOften
    if mine.live(at).exclude(person=person).count() >= AT_ONCE:
        raise TooMany
    before = mine.live(at).filter(person=person).first()
    if before:
        stop(before, at=at)
    Watch.objects.create(
        person=person,
        watcher=watcher,
        what=subject.what[:200],
        begun_at=at,
        next_look_at=_tomorrow(at),
        **asked,
    )
    return before


@transaction.atomic
def stop(watch: Watch, *, at: datetime) -> None:
    """Wait no longer. That it was begun is remembered for a day, so that nobody begins anew."""
    Watch.objects.filter(pk=watch.pk, told_at=None).update(told_at=at)


@transaction.atomic
def look(key: int, *, at: datetime, stand: Callable[[str], Stand]) -> None:
    """Look whether somebody can be asked now: tell who waits, or look again tomorrow.

    `stand` tells how what stands at an address does: of what has ended nobody is told that it
    can be asked about, but once that it is not there. Two workers, or a second run, tell nobody
    twice. What is told is noted for the person, as every answer of the gate is.
    """
    due = Watch.objects.due(at).select_related("person", "watcher")
    watch = due.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
    if watch is None:
        return
    watch.next_look_at = _tomorrow(at)
    stands = stand(watch.link)
    if stands == Stand.GONE:
        watch.told_at = at
        _tell_that_it_is_gone(watch)
    elif stands == Stand.HERE and _let_through(watch, at):
        watch.told_at = at
        gate.note_told(watch.person, asker=watch.watcher, now=at, invited=watch.invited)
        notices.can_be_asked(watch)
    watch.save(update_fields=["next_look_at", "told_at"])


def _tell_that_it_is_gone(watch: Watch) -> None:
    """Tell who waits, unless they cannot see any more for whom: then it ends without a word."""
    if Person.objects.visible_to(watch.watcher).filter(pk=watch.person_id).exists():
        notices.no_longer_there(watch)


def _let_through(watch: Watch, at: datetime) -> bool:
    """Ask the gate what it would say to who waits; nobody hears of those they cannot see."""
    if not Person.objects.visible_to(watch.watcher).filter(pk=watch.person_id).exists():
        return False
    wish = gate.Wish(watch.first_day, watch.last_day, watch.weekly_hours, watch.invited)
    answer = gate.check(watch.person, asker=watch.watcher, now=at, wish=wish)
    return answer != gate.Answer.CLOSED


def _tomorrow(at: datetime) -> datetime:
    """Pick a moment about a day away that nobody can guess: it says nothing of the change."""
    minutes = secrets.randbelow(HOURS_APART * 60)
    return at + A_DAY + timedelta(minutes=minutes)
