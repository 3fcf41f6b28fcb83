"""The only door by which one person asks another.

Whoever asks learns one of three words and other people to turn to; never hours or causes.
Every answer reads the same rows, so that the causes cannot be told apart by the clock either.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from volunteers.load import Span, monday_of
from volunteers.models import Ask, Check, Person, Skill, room
from volunteers.models.bandwidth import days, today
from volunteers.models.people import PersonQuerySet

TIGHT_ABOVE, FULL_ABOVE = Decimal("0.8"), Decimal(1)
PAUSE = timedelta(days=14)
# An ask that nobody answers is over by then.
ANSWER_WITHIN = timedelta(days=7)
LOOK_AHEAD = timedelta(weeks=4)
A_WEEK, WEEKS_AHEAD = timedelta(weeks=1), 26
# A calendar of centuries takes seconds to read, and nobody declares anything so far ahead.
LONGEST, HORIZON = timedelta(weeks=52), timedelta(weeks=520)
ENOUGH, A_ROUND = 5, 10
# So many are looked at to find five with room. Who rests or is full is left out by the query;
# only those with more promises than hours take a look at their weeks, and they are few.
TURNS = (room.A_TURN, 125, 325)


class Answer(models.TextChoices):
    """What an asker learns."""

    OPEN = "open", _("Open to requests")
    TIGHT = "tight", _("Has little room")
    CLOSED = "closed", _("Not taking requests")


class NotTakingRequests(Exception):
    """Nobody can ask this person now; there is no way to learn why."""


class Hidden(NotTakingRequests):
    """An organiser has hidden who asks: until that is over they ask nobody, and are told so."""


class Tight(Exception):
    """There is little room: look at others first, or say why it has to be this person."""


class TooManyChecks(Exception):
    """More looks at people's time than anybody needs in an hour, or at one's in a day."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would ask for: from, until, and the hours a week it would take.

    `invited` means that the person asked to be answered (a request, a training): then their
    room does not matter, only whether they wish to be left alone. `apart` means that something
    keeps them from somebody else whom it is about: one more cause, answered like the others.
    """

    first_day: date | None = None
    last_day: date | None = None
    weekly_hours: Decimal = Decimal(0)
    invited: bool = False
    apart: bool = False

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
    """Tell of each of these people whether they may be asked, in one statement."""
    found = room.standings([person.pk for person in people], _moment(asker, wish, now))
    return {
        person: _answer(standing, wish, standing.day(now)) for person, standing in found.items()
    }


def invited(pairs: Collection[tuple[Person, Person]], *, now: datetime) -> list[bool]:
    """Tell of each (person, asker) whether an invited answer may be given; two statements."""
    people, wish = {person.pk: person for person, _asker in pairs}, Wish(invited=True)
    said = answers(people.values(), asker=None, now=now, wish=wish)
    shut = room.shut_to({by.pk for _person, by in pairs}, now - PAUSE)
    return [
        said[one.pk] != Answer.CLOSED and not by.hidden_at and (by.pk, one.pk) not in shut
        for one, by in pairs
    ]


def earliest(person: Person, *, asker: Person, now: datetime, wish: Wish) -> date | None:
    """Name the Monday from which there would be room, to who is told that there is little.

    None where none is known within half a year, and for every other answer: of somebody who
    takes no requests it would tell for how long, and so why.
    """
    moment = _moment(asker, wish, now)
    far = days(moment.period.lower, moment.period.upper + WEEKS_AHEAD * A_WEEK)
    standing = room.standings([person.pk], moment._replace(period=far))[person.pk]
    day = standing.day(now)
    if _answer(standing, wish, day) != Answer.TIGHT:
        return None
    span = wish.span(day)
    length = (span.end or span.first) - span.first
    for monday in _mondays_after(max(span.first, _asks_settle(standing, now))):
        later = Span(monday, monday + length, span.weekly_hours)
        nothing = standing.calendar.leaves_nothing_for(later)
        if not nothing and standing.calendar.fullest(later) <= TIGHT_ABOVE:
            return monday
    return None


@transaction.atomic
def note_check(person: Person, *, asker: Person, now: datetime, invited: bool = False) -> None:
    """Note for a person that somebody is about to learn whether they have time.

    In a transaction of its own, before the ask: a refusal, which writes nothing, is noted too.
    An `invited` answer tells nothing of hours. Raises TooManyChecks.
    """
    Person.objects.select_for_update(no_key=True).get(pk=asker.pk)
    if Check.objects.are_enough(asker, now, of_one=None if invited else person):
        raise TooManyChecks
    Check.objects.create(person=person, asker=asker, checked_at=now, invited=invited)


def note_told(person: Person, *, asker: Person, now: datetime, invited: bool) -> None:
    """Note for a person that somebody who had waited for them is told they can be asked."""
    Check.objects.create(person=person, asker=asker, checked_at=now, invited=invited)


def admit(person: Person, *, asker: Person, now: datetime, wish: Wish, why: str = "") -> Ask:
    """Let an ask through, with the person's row locked; call it in a transaction.

    Raises NotTakingRequests, or Tight when the asker has not said why it has to be this person.
    """
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if Person.objects.filter(pk=asker.pk, hidden_at__isnull=False).exists():
        raise Hidden
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
    moment = _moment(None, wish, now, instead_of)
    calendar = room.standings([locked.pk], moment)[locked.pk].calendar
    weeks = calendar.weeks(wish.span(today(locked, now)))
    return [(monday, full) for monday, full in weeks if full > FULL_ABOVE]


def others(
    skills: Iterable[Skill], *, asker: Person, now: datetime, without: Collection[int] = ()
) -> list[Person]:
    """Find up to five people with one of these skills who can be asked, as their pages say.

    The least recently asked of those who are open come first. They are held against no days
    and no hours: whoever changes these walks through nobody's weeks by who is named.
    """
    return _in_turn(skills, _moment(asker, Wish(), now), without)


def learners(
    skills: Iterable[Skill], *, asker: Person, now: datetime, without: Collection[int] = ()
) -> list[Person]:
    """Find up to ten who want to learn one of these skills, in the order and way of others."""
    return _in_turn(skills, _moment(asker, Wish(), now), without, learning=True)


def with_room(
    skills: Iterable[Skill],
    *,
    asker: Person,
    now: datetime,
    wish: Wish,
    without: Collection[int],
) -> list[Person]:
    """Find the next ten who are open to a wish, for a call to all who have these skills."""
    keys = [skill.pk for skill in skills]
    queue = room.Queue(keys, _moment(asker, wish, now), without)
    found = _found(queue, wish, now, A_ROUND)
    return _people([pk for pk, answer in found.items() if answer == Answer.OPEN][:A_ROUND])


def with_room_among(
    people: PersonQuerySet, *, asker: Person, now: datetime, wish: Wish
) -> list[Person]:
    """Find the next ten of these people who are open to a wish, for a call to them alone."""
    able = people.exclude(pk__in=[asker.pk, *shut_to(asker, now=now)])
    turn = list(able.could_be_asked(now.date()).in_turn(asker)[: TURNS[-1]])
    found = answers(turn, asker=asker, now=now, wish=wish)
    return [one for one in turn if found[one.pk] == Answer.OPEN][:A_ROUND]


def word(person: Person, *, asker: Person, now: datetime) -> Answer:
    """Tell on a page whether somebody can be asked at all, as lists do, and no more.

    Who reads is noted nowhere. Little room is told to an ask; the order of others hints at it.
    """
    closed = check(person, asker=asker, now=now, wish=Wish()) == Answer.CLOSED
    return Answer.CLOSED if closed else Answer.OPEN


def word_or_others(
    person: Person, skills: Collection[Skill], *, asker: Person, now: datetime
) -> tuple[Answer, list[Person]]:
    """Tell the word of a page, and who else there is to ask instead of who cannot be asked."""
    answer = word(person, asker=asker, now=now)
    if answer == Answer.OPEN:
        return answer, []
    return answer, others(skills, asker=asker, now=now, without=[person.pk])


def shut_to(viewer: Person | AnonymousUser, *, now: datetime) -> list[int]:
    """Name the people whom this viewer cannot ask whatever room they have, for lists."""
    if not isinstance(viewer, Person):
        return []
    return [person for _viewer, person in room.shut_to([viewer.pk], now - PAUSE)]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Who takes no requests, whoever asks; for lists.

    At `changes_at` time alone may make it another answer.
    """

    closed: bool
    changes_at: datetime | None = None


def outlooks(
    people: Collection[int], *, now: datetime, days_ahead: int = 0
) -> dict[int, Outlook]:
    """Tell of each of these people what anybody's check would, in one statement.

    Whether time changes it is looked for so many days ahead.
    """
    moment = _moment(None, Wish(), now)
    further = moment.period.upper + timedelta(days=days_ahead)
    moment = moment._replace(period=DateRange(moment.period.lower, further))
    return {
        person: _outlook(standing, standing.day(now), days_ahead)
        for person, standing in room.standings(people, moment).items()
    }


def _outlook(standing: room.Standing, day: date, days_ahead: int) -> Outlook:
    """Weigh one day, and look for the first after it that differs."""
    closed = _is_closed(standing, day)
    if standing.calendar.says_nothing:
        return Outlook(closed)
    later = (day + timedelta(days=n + 1) for n in range(days_ahead))
    other = next((one for one in later if _is_closed(standing, one) != closed), None)
    zone = ZoneInfo(standing.zone)
    return Outlook(closed, datetime.combine(other, time(), zone) if other else None)


def _is_closed(standing: room.Standing, day: date) -> bool:
    """Say whether somebody takes no requests on a day, however little they are asked for."""
    return _answer(standing, Wish(), day) == Answer.CLOSED


def _in_turn(
    skills: Iterable[Skill],
    moment: room.Moment,
    without: Collection[int],
    *,
    learning: bool = False,
) -> list[Person]:
    """Give a few who can be asked at all; who has little room comes last."""
    keys, enough = [skill.pk for skill in skills], A_ROUND if learning else ENOUGH
    if not keys:
        return []
    queue = room.Queue(keys, moment, without, learning=learning)
    found = _found(queue, Wish(), moment.now, enough)
    able = sorted(found, key=lambda person: found[person] == Answer.TIGHT)
    return _people(able[:enough])


def _found(queue: room.Queue, wish: Wish, now: datetime, enough: int) -> dict[int, Answer]:
    """Look at more and more of the queue until enough who can be asked are found.

    Those who are open go before those who have little room: once enough of them are found,
    nobody behind them matters.
    """
    seen: dict[int, Answer] = {}
    able: dict[int, Answer] = {}
    missing = enough
    for number in TURNS:
        turn = queue.first(number)
        for standing in turn:
            if missing and standing.person not in seen:
                seen[standing.person] = _answer(standing, wish, standing.day(now))
                missing -= seen[standing.person] == Answer.OPEN
        able = {pk: answer for pk, answer in seen.items() if answer != Answer.CLOSED}
        if len(able) >= enough or len(turn) < number:
            break
    return able


def _people(keys: list[int]) -> list[Person]:
    """Read these people, in this order."""
    rows = Person.objects.in_bulk(keys)
    return [rows[key] for key in keys]


def _asks_settle(standing: room.Standing, now: datetime) -> date:
    """Give the day by which what others asked is answered or over.

    Every rule has such a day, so that a week says nothing about which rule it was.
    """
    moments = [now]
    if standing.asked_lately_at:
        moments.append(standing.asked_lately_at + PAUSE)
    if standing.waits_since:
        moments.append(standing.waits_since + ANSWER_WITHIN)
    return max(moments).date()


def _mondays_after(day: date) -> Iterator[date]:
    """Give the Mondays of half a year from this day on."""
    first = monday_of(day + timedelta(days=6))
    return (first + n * A_WEEK for n in range(WEEKS_AHEAD))


def _moment(
    asker: Person | None, wish: Wish, now: datetime, instead_of: str = ""
) -> room.Moment:
    """Say for whom, and about which days, the gate has to read."""
    span = wish.span(now.date())
    first = min(span.first, now.date()) - timedelta(days=8)
    period = days(first, (span.end or first) + timedelta(days=8))
    who = asker.pk if asker else None
    return room.Moment(who, now, now - PAUSE, period, instead_of)


def _answer(standing: room.Standing, wish: Wish, day: date) -> Answer:
    """Weigh whether somebody is to be left alone on a day, and how full they are."""
    alone, left = _is_left_alone(standing, day), _room(standing, wish.span(day))
    if alone or wish.apart:
        return Answer.CLOSED
    return Answer.OPEN if wish.invited else left


def _is_left_alone(standing: room.Standing, day: date) -> bool:
    """Say whether anything but what somebody has taken on closes the gate on a day."""
    return standing.shut or standing.refused or standing.calendar.rests_on(day)


def _room(standing: room.Standing, span: Span) -> Answer:
    """Weigh how much somebody has taken on and how often they are asked."""
    fullest, none = standing.calendar.fullest(span), standing.calendar.leaves_nothing_for(span)
    if standing.waiting >= standing.open_asks or fullest > FULL_ABOVE or none:
        return Answer.CLOSED
    last = standing.waiting == standing.open_asks - 1
    if standing.asked_lately_at or last or fullest > TIGHT_ABOVE:
        return Answer.TIGHT
    return Answer.OPEN
