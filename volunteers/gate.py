"""The only door by which one person asks another.

Whoever asks learns one of three words and other people to turn to; never hours or causes.
Every answer reads the same rows, so that the causes cannot be told apart by the clock either.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from volunteers.load import Calendar, Span
from volunteers.models import (
    Ask,
    Bandwidth,
    Block,
    Check,
    Commitment,
    Person,
    Rest,
    Skill,
)
from volunteers.models.bandwidth import days, today
from volunteers.models.people import PersonQuerySet

TIGHT_ABOVE = Decimal("0.8")
FULL_ABOVE = Decimal(1)
PAUSE = timedelta(days=14)
LOOK_AHEAD = timedelta(weeks=4)
# A calendar of centuries takes seconds to read, and nobody declares anything so far ahead.
LONGEST = timedelta(weeks=52)
HORIZON = timedelta(weeks=520)
AN_HOUR = timedelta(hours=1)
CHECKS_AN_HOUR = 30
ENOUGH = 5
LEAST_RECENTLY = models.F("last_asked_at").asc(nulls_first=True)
# So many are looked at to find five with room. Who rests or is full is left out by the query;
# only those with more promises than hours take a look at their weeks, and they are few.
TURNS = (25, 100, 200)


class Answer(models.TextChoices):
    """What an asker learns."""

    OPEN = "open", _("Open to requests")
    TIGHT = "tight", _("Has little room")
    CLOSED = "closed", _("Not taking requests")


class NotTakingRequests(Exception):
    """Nobody can ask this person now; there is no way to learn why."""


class Tight(Exception):
    """There is little room: look at others first, or say why it has to be this person."""


class TooManyChecks(Exception):
    """More looks at other people's time than anybody needs in an hour."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would ask for: from, until, and the hours a week it would take.

    `invited` means that the person asked to be answered (a request, a training): then their
    room does not matter, only whether they wish to be left alone.
    """

    first_day: date | None = None
    last_day: date | None = None
    weekly_hours: Decimal = Decimal(0)
    invited: bool = False

    def span(self, day: date) -> Span:
        """Give the days to come that it would take, the next weeks if none are named."""
        first = min(max(self.first_day or day, day), day + HORIZON)
        last = min(self.last_day or first + LOOK_AHEAD, first + LONGEST)
        return Span(first, max(first, last) + timedelta(days=1), self.weekly_hours)


def check(person: Person, *, asker: Person | None, now: datetime, wish: Wish) -> Answer:
    """Tell whether one person may be asked."""
    return answers([person], asker=asker, now=now, wish=wish)[person.pk]


def answers(
    people: Collection[Person], *, asker: Person | None, now: datetime, wish: Wish
) -> dict[int, Answer]:
    """Tell of each of these people whether they may be asked, in a fixed number of queries."""
    asks = _asks(people, now)
    shut = _shut(people, asker)
    calendars = _calendars(people, wish, now)
    said: dict[int, Answer] = {}
    for person in people:
        heard = _refused(asks[person.pk], asker, now)
        calendar = calendars[person.pk]
        room = _room(person, asks[person.pk], calendar, wish, now)
        left_alone = heard or calendar.rests_on(today(person, now)) or person.pk in shut
        said[person.pk] = Answer.CLOSED if left_alone else room
    return said


@transaction.atomic
def note_check(person: Person, *, asker: Person, now: datetime) -> None:
    """Note for a person that somebody is about to learn whether they have time.

    In a transaction of its own, before the ask: a refusal, which writes nothing, is noted too.
    Raises TooManyChecks.
    """
    Person.objects.select_for_update(no_key=True).get(pk=asker.pk)
    if Check.objects.filter(asker=asker).since(now - AN_HOUR).count() >= CHECKS_AN_HOUR:
        raise TooManyChecks
    Check.objects.create(person=person, asker=asker, checked_at=now)


def admit(person: Person, *, asker: Person, now: datetime, wish: Wish, why: str = "") -> Ask:
    """Let an ask through, with the person's row locked; call it in a transaction.

    Raises NotTakingRequests, or Tight when the asker has not said why it has to be this person.
    """
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    answer = check(locked, asker=asker, now=now, wish=wish)
    if answer == Answer.CLOSED:
        raise NotTakingRequests
    if answer == Answer.TIGHT and not wish.invited and not why.strip():
        raise Tight
    Person.objects.filter(pk=person.pk).update(last_asked_at=now)
    return Ask.objects.create(
        person=person, asker=asker, asked_at=now, invited=wish.invited, why=why
    )


def settle(ask: Ask, *, at: datetime, declined: bool = False) -> None:
    """Note that an ask has its answer, so that it takes no more room; a no may come later."""
    row = Ask.objects.filter(pk=ask.pk, declined=False)
    if declined:
        row.update(answered_at=at, declined=True)
    else:
        row.filter(answered_at=None).update(answered_at=at)


def overfull(
    person: Person, *, now: datetime, wish: Wish, instead_of: str = ""
) -> list[tuple[date, Decimal]]:
    """Name the weeks (their Mondays) that a promise makes fuller than this person said.

    Only for the person's own eyes, and for the moment of a promise: call it in a transaction,
    the person's row stays locked until it ends. `instead_of` is the key of a commitment that
    the promise would replace.
    """
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    calendar = _calendars([locked], wish, now, instead_of)[locked.pk]
    weeks = calendar.weeks(wish.span(today(locked, now)))
    return [(monday, full) for monday, full in weeks if full > FULL_ABOVE]


def others(
    skills: Iterable[Skill], *, asker: Person, now: datetime, without: Collection[int] = ()
) -> list[Person]:
    """Find up to five people with one of these skills and room, least recently asked first."""
    return _go_on([], _able(skills, asker, now, without), now, Wish())


def public_word_or_others(
    person: Person,
    skills: Collection[Skill],
    *,
    viewer: Person | None,
    now: datetime,
    wish: Wish,
) -> tuple[Answer, list[Person]]:
    """Tell what everybody may read about one person's room, and if it is little, who else.

    The word is the same for all; what lies between two people shows only when one asks.
    """
    turns = _able(skills, viewer, now, [person.pk]) if viewer and skills else iter(())
    first = next(turns, [])
    said = answers([person, *first], asker=None, now=now, wish=wish)
    answer = said[person.pk]
    if answer == Answer.OPEN:
        return answer, []
    return answer, _go_on(_with_room(first, said), turns, now, wish)


def _go_on(
    found: list[Person], turns: Iterator[list[Person]], now: datetime, wish: Wish
) -> list[Person]:
    """Look at more people until there are enough; none is shut to the asker by themselves."""
    while len(found) < ENOUGH and (turn := next(turns, [])):
        found += _with_room(turn, answers(turn, asker=None, now=now, wish=wish))
    return found[:ENOUGH]


def _able(
    skills: Iterable[Skill], asker: Person, now: datetime, without: Collection[int]
) -> Iterator[list[Person]]:
    """Find people with one of these skills, least recently asked first, some at a time.

    Of all who were never asked, those who speak one's language come first.
    """
    willing = _willing(asker, now).doing(list(skills)).exclude(pk__in=without)
    willing = willing.order_by(LEAST_RECENTLY, "pk")
    speaking = willing.filter(last_asked_at=None).sharing_a_language_with(asker)
    start, known = 0, set[int]()
    for number in TURNS:
        rows = speaking.annotate(shares=models.Value(1))[:number].union(
            willing.annotate(shares=models.Value(0))[start : start + number], all=True
        )
        turn = {row.pk: row for row in sorted(rows, key=_turn)}
        yield [row for row in turn.values() if row.pk not in known]
        if len(turn) < number:
            return
        known |= turn.keys()
        start += number


def _turn(person: Any) -> tuple[float, int, int]:
    """Say when it is whose turn, as `_able` orders them."""
    asked = person.last_asked_at
    return asked.timestamp() if asked else 0, -person.shares, person.pk


def _willing(asker: Person, now: datetime) -> PersonQuerySet:
    """Leave out, before anybody is counted, those who cannot be asked by this asker now.

    What their weeks hold is not looked at here.
    """
    person = models.OuterRef("pk")
    rests = Rest.objects.on(now.date()).filter(person=person)
    shut = Block.objects.filter(
        Q(person=person, blocked=asker) | Q(person=asker, blocked=person)
    )
    no = Ask.objects.filter(person=person, asker=asker, declined=True)
    waiting = Ask.objects.open().filter(person=person, invited=False).values("person")
    visible: PersonQuerySet = Person.objects.visible_to(asker)
    return (
        visible.filter(may_be_asked=True)
        .exclude(pk=asker.pk)
        .exclude(models.Exists(rests))
        .exclude(models.Exists(shut))
        .exclude(models.Exists(no.filter(answered_at__gte=now - PAUSE)))
        .alias(waiting=Coalesce(waiting.annotate(n=models.Count("pk")).values("n"), 0))
        .filter(waiting__lt=models.F("open_asks"))
    )


def _with_room(candidates: Iterable[Person], room: dict[int, Answer]) -> list[Person]:
    """Keep those who have room, those with much of it first."""
    ranked = sorted(candidates, key=lambda p: room[p.pk] == Answer.TIGHT)
    return [person for person in ranked if room[person.pk] != Answer.CLOSED]


def _shut(people: Collection[Person], asker: Person | None) -> set[int]:
    """Name those who are not to be asked by this asker, whatever their room."""
    shut = {
        p.pk
        for p in people
        if not p.may_be_asked
        or not p.is_active
        or p.hidden_at
        or p.visibility == Person.Visibility.HIDDEN
    }
    pairs = Block.objects.filter(
        Q(person__in=people, blocked=asker) | Q(person=asker, blocked__in=people)
    )
    for person, blocked in pairs.values_list("person", "blocked"):
        shut |= {person, blocked}
    return shut


def _asks(people: Collection[Person], now: datetime) -> dict[int, list[Ask]]:
    """Read the asks that still wait or are recent."""
    asks: dict[int, list[Ask]] = defaultdict(list)
    for ask in Ask.objects.filter(
        Q(answered_at=None) | Q(asked_at__gte=now - PAUSE) | Q(answered_at__gte=now - PAUSE)
    ).filter(person__in=people):
        asks[ask.person_id].append(ask)
    return asks


def _calendars(
    people: Collection[Person], wish: Wish, now: datetime, instead_of: str = ""
) -> dict[int, Calendar]:
    """Read what these people can give, when they rest, and what they have taken on."""
    calendars: dict[int, Calendar] = defaultdict(Calendar)
    span = wish.span(now.date())
    first = min(span.first, now.date()) - timedelta(days=8)
    period = days(first, (span.end or first) + timedelta(days=8))
    for pledge in Bandwidth.objects.during(period).filter(person__in=people):
        calendars[pledge.person_id].declared.append(
            Span(pledge.period.lower, pledge.period.upper, pledge.weekly_hours)
        )
    for rest in Rest.objects.during(period).filter(person__in=people):
        calendars[rest.person_id].rests.append(Span(rest.period.lower, rest.period.upper))
    live = Commitment.objects.live().during(period).exclude(key=instead_of)
    for taken in live.filter(person__in=people):
        calendars[taken.person_id].commitments.append(
            Span(taken.period.lower, taken.period.upper, taken.weekly_hours)
        )
    return calendars


def _room(
    person: Person, asks: list[Ask], calendar: Calendar, wish: Wish, now: datetime
) -> Answer:
    """Weigh how much somebody has taken on and how often they are asked."""
    if wish.invited:
        return Answer.OPEN
    waiting = sum(not ask.invited and ask.answered_at is None for ask in asks)
    fullest = calendar.fullest(wish.span(today(person, now)))
    if waiting >= person.open_asks or fullest > FULL_ABOVE:
        return Answer.CLOSED
    recent = any(not ask.invited and ask.asked_at >= now - PAUSE for ask in asks)
    if recent or waiting == person.open_asks - 1 or fullest > TIGHT_ABOVE:
        return Answer.TIGHT
    return Answer.OPEN


def _refused(asks: list[Ask], asker: Person | None, now: datetime) -> bool:
    """Say whether this asker heard a no less than two weeks ago."""
    if asker is None:
        return False
    return any(
        ask.declined
        and ask.asker_id == asker.pk
        and ask.answered_at is not None
        and ask.answered_at >= now - PAUSE
        for ask in asks
    )
