"""The only door by which one person asks another.

Whoever asks learns one of three words and other people to turn to; never hours or causes.
Every answer reads the same rows, so that the causes cannot be told apart by the clock either.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from volunteers.load import Calendar, Span
from volunteers.models import (
    Ask,
    Bandwidth,
    Block,
    Commitment,
    Person,
    PersonSkill,
    Rest,
    Skill,
)
from volunteers.models.bandwidth import days, today

TIGHT_ABOVE = Decimal("0.8")
FULL_ABOVE = Decimal(1)
PAUSE = timedelta(days=14)
LOOK_AHEAD = timedelta(weeks=4)
# A calendar of centuries takes seconds to read, and nobody declares anything so far ahead.
LONGEST = timedelta(weeks=52)
HORIZON = timedelta(weeks=520)


class Answer(models.TextChoices):
    """What an asker learns."""

    OPEN = "open", _("Open to requests")
    TIGHT = "tight", _("Has little room")
    CLOSED = "closed", _("Not taking requests")


class NotTakingRequests(Exception):
    """Nobody can ask this person now; there is no way to learn why."""


class Tight(Exception):
    """There is little room: look at others first, or say why it has to be this person."""


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
    candidates = _able(skills, asker, without)
    return _with_room(candidates, answers(candidates, asker=asker, now=now, wish=Wish()))


def check_or_others(
    person: Person,
    skills: Collection[Skill],
    *,
    asker: Person | None,
    now: datetime,
    wish: Wish,
) -> tuple[Answer, list[Person]]:
    """Tell whether one person may be asked, and if not, who else; in the same few queries."""
    candidates = _able(skills, asker, [person.pk]) if asker and skills else []
    said = answers([person, *candidates], asker=asker, now=now, wish=wish)
    answer = said[person.pk]
    return answer, [] if answer == Answer.OPEN else _with_room(candidates, said)


def _able(
    skills: Iterable[Skill], asker: Person, without: Collection[int] = ()
) -> list[Person]:
    """Find people with one of these skills, least recently asked first."""
    able = PersonSkill.objects.filter(
        skill__in=Skill.objects.within(list(skills)), how__in=["has", "teaches"]
    )
    speaks = asker.languages.values("language")
    found = (
        Person.objects.visible_to(asker)
        .filter(pk__in=able.values("person"), may_be_asked=True)
        .exclude(pk__in={asker.pk, *without})
        .annotate(
            last_asked=Max("asks__asked_at"),
            shares=models.Exists(
                Person.objects.filter(pk=models.OuterRef("pk"), languages__language__in=speaks)
            ),
        )
        .order_by(models.F("last_asked").asc(nulls_first=True), "-shares", "pk")
    )
    return list(found[:25])


def _with_room(candidates: Iterable[Person], room: dict[int, Answer]) -> list[Person]:
    """Keep up to five who have room, those with much of it first."""
    ranked = sorted(candidates, key=lambda p: room[p.pk] == Answer.TIGHT)
    return [person for person in ranked if room[person.pk] != Answer.CLOSED][:5]


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
