"""Six months later: ask what stuck, and keep the answer, with a name or without."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from grandtour.models import Edition, Journey, LookBack, LookBackAnswer, Seat, Side, Stop
from grandtour.models.looking_back import FEWEST, HALF_A_YEAR
from grandtour.notices import afterwards as notices
from volunteers import mailbox
from volunteers.models import Membership, Person
from volunteers.reminders.rows import attempt

# Whose half a year is over for longer was not asked in time, and is left in peace.
LATEST = timedelta(days=60)
CAME_HOME = [Seat.State.RETURNED, Seat.State.REPORTED, Seat.State.CLOSED]
HOME = [Seat.State.RETURNED, Seat.State.REPORTED]


class Answered(Exception):
    """It has its answer, or it is too late for one."""


def ask(day: date, *, at: datetime) -> None:
    """Ask travellers and hosts of journeys that ended half a year ago, each once.

    Each in a transaction of their own: what goes wrong with one stops no other, and whoever
    was not asked then is asked the next time.
    """
    last = (day - HALF_A_YEAR - LATEST, day - HALF_A_YEAR + timedelta(days=1))
    for question in [*_of_travellers(last), *_of_hosts(last)]:
        question.asked_at = at
        attempt(question, _ask)


def _of_travellers(last: tuple[date, date]) -> list[LookBack]:
    """Give the questions to travellers who came home between two days, and have none yet."""
    asked = LookBack.objects.filter(seat=OuterRef("pk"))
    seats = Seat.objects.filter(~Exists(asked), state__in=HOME, period__endswith__range=last)
    rows = seats.filter(person__is_active=True).select_related("person").order_by("pk")
    return [LookBack(seat=seat, person=seat.person) for seat in rows]


def _of_hosts(last: tuple[date, date]) -> list[LookBack]:
    """Give the questions to whoever speaks for hosts of those journeys, and has none yet."""
    stops = Stop.objects.begun().filter(journey__period__endswith__range=last)
    asked = LookBack.objects.filter(stop__in=stops).values_list("stop", "person")
    known: set[tuple[int | None, int]] = set(asked)
    speaking = Membership.objects.speaking().filter(
        affiliate__in=stops.values("host__affiliate"), person__in=Person.objects.here()
    )
    people: dict[int, list[Person]] = defaultdict(list)
    for row in speaking.select_related("person").order_by("person"):
        people[row.affiliate_id].append(row.person)
    return [
        LookBack(stop=stop, person=person)
        for stop in stops.select_related("host").order_by("pk")
        for person in people[stop.host.affiliate_id]
        if (stop.pk, person.pk) not in known
    ]


def _ask(question: LookBack) -> None:
    """Write a question down, and its letter."""
    row, new = LookBack.objects.get_or_create(
        seat=question.seat,
        stop=question.stop,
        person=question.person,
        defaults={"asked_at": question.asked_at},
    )
    if new:
        notices.look_back(row, edition_of(row))


@transaction.atomic
def answer(question: LookBack, said: LookBackAnswer, *, named: bool, at: datetime) -> None:
    """Keep the first answer; without a name nothing in it leads to who gave it.

    Raises Answered.
    """
    waiting = LookBack.objects.waiting(at).filter(pk=question.pk)
    if not waiting.update(state=LookBack.State.ANSWERED):
        raise Answered
    said.side, said.edition = question.side, edition_of(question)
    if named:
        said.person, said.seat, said.stop = question.person, question.seat, question.stop
    said.save(force_insert=True)
    mailbox.take_back(notices.look_back_key(question, again=True))


def few_are_asked(question: LookBack, edition: Edition) -> bool:
    """Say whether so few are asked on this side of an edition that one might guess who answers.

    Counted are those who travel or host, whether their question has gone out yet or not.
    """
    if question.side == Side.TRAVELLER:
        return Seat.objects.filter(edition=edition, state__in=CAME_HOME).count() < FEWEST
    hosts = Stop.objects.begun().filter(journey__edition=edition)
    return (
        hosts.exclude(journey__state=Journey.State.TRAVELLING).values("host").distinct().count()
        < FEWEST
    )


def edition_of(question: LookBack) -> Edition:
    """Give the edition of the journey that is asked about."""
    if question.seat_id:
        return Edition.objects.get(journeys__seats=question.seat_id)
    return Edition.objects.get(journeys__stops=question.stop_id)
