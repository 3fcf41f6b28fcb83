"""Offering places, answering, and giving them up; every step leaves a row of history."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from capx.states import IllegalMove
from grandtour.actions import checklists, money, weeks
from grandtour.actions.expectations import unsettled
from grandtour.models import Application, ApplicationEvent, Journey, JourneyEvent, Seat, Stop
from grandtour.notices import journeys as notices
from volunteers.models import Person

State = Seat.State
What = JourneyEvent.What
# Where somebody can still be taken out of a journey.
BEFORE_HOME = [
    *(State.PROPOSED, State.OFFERED, State.ACCEPTED, State.AGREED),
    *(State.CONFIRMED, State.TRAVELLING),
]

OFFERABLE = [Journey.State.PROPOSED, Journey.State.OFFERED]


class TooLate(Exception):
    """The day by which one had to answer has passed."""


class Unsettled(Exception):
    """Some travellers have not agreed on everything with their hosts."""

    def __init__(self, people: list[Person]) -> None:
        """Remember who."""
        super().__init__(people)
        self.people = people


class Unfunded(Exception):
    """What some travellers are promised is not set aside yet."""

    def __init__(self, people: list[Person]) -> None:
        """Remember who."""
        super().__init__(people)
        self.people = people


@dataclass(frozen=True, slots=True)
class Given:
    """Why a place is given up, in whose words, and by whom; nobody is the clock."""

    reason: str
    words: str = ""
    by: Person | None = None


@transaction.atomic
def offer(journey: Journey, by: Person, *, reply_by: datetime, at: datetime) -> int:
    """Offer all proposed places of a journey, and tell travellers and hosts; say how many.

    A second press offers nothing twice.
    """
    held = _hold(journey.pk)
    proposed = list(held.seats.filter(state=State.PROPOSED).select_related("application"))
    first = held.state == Journey.State.PROPOSED
    if first and proposed:
        held.move(Journey.State.OFFERED)
    for seat in proposed:
        seat.move(State.OFFERED, offered_at=at, reply_by=reply_by)
        _follow(seat.application, Application.State.PLACED, by, at=at)
        _note(held, What.OFFERED, by, seat, at=at)
        notices.offered(seat)
    if proposed:
        weeks.note(held, at=at)
        notices.asked_to_host(held, at=at)
    return len(proposed)


@transaction.atomic
def accept(seat: Seat, *, at: datetime) -> None:
    """Say yes to a place; raises TooLate, IllegalMove."""
    if seat.reply_by and seat.reply_by < at:
        raise TooLate
    _hold(seat.journey_id)
    seat.move(State.ACCEPTED, accepted_at=at)
    weeks.note(seat.journey, at=at)
    _note(seat.journey, What.ACCEPTED, seat.person, seat, at=at)
    _agree(seat.journey, at=at)


@transaction.atomic
def welcome(stop: Stop, by: Person, *, at: datetime) -> bool:
    """Say yes for a host, to a stop as it stands; say whether this was the first yes."""
    _hold(stop.journey_id)
    first = Stop.objects.filter(pk=stop.pk, accepted_at=None)
    if not first.update(accepted_at=at, accepted_by=by):
        return False
    _note(stop.journey, What.HOST_ACCEPTED, by, at=at)
    _agree(stop.journey, at=at)
    return True


def _agree(journey: Journey, *, at: datetime) -> None:
    """Call places agreed once the traveller and every host have said yes."""
    _hold(journey.pk)
    if journey.stops.filter(accepted_at=None).exists():
        return
    for seat in journey.seats.filter(state=State.ACCEPTED).select_related("journey", "person"):
        seat.move(State.AGREED)
        _note(journey, What.AGREED, None, seat, at=at)
        notices.agreed(seat)


@transaction.atomic
def refuse(seat: Seat, given: Given, *, at: datetime) -> None:
    """Say no to a place, also after a yes; raises IllegalMove."""
    _free(seat, State.REFUSED, given, at=at)
    _note(seat.journey, What.REFUSED, given.by, seat, at=at)
    _back_in_line(seat, given.by, at=at)


@transaction.atomic
def cancel(seat: Seat, given: Given, *, at: datetime) -> None:
    """Take somebody out of a journey; raises IllegalMove."""
    told = seat.state != State.PROPOSED
    _free(seat, State.CANCELLED, given, at=at)
    _note(seat.journey, What.CANCELLED, given.by, seat, at=at)
    _back_in_line(seat, given.by, at=at)
    if told:
        notices.cancelled(seat)


@transaction.atomic
def confirm(journey: Journey, by: Person, *, at: datetime) -> None:
    """Confirm a journey with those whose places are agreed; the others are not in it.

    Raises IllegalMove; Unsettled while travellers and hosts have not agreed on all they expect;
    Unfunded while what travellers are promised is not set aside; IntegrityError where they
    are fewer than the smallest group.
    """
    held = _hold(journey.pk)
    rows = list(held.seats.live().select_related("application", "person", "journey__edition"))
    agreed = [seat for seat in rows if seat.state == State.AGREED]
    if open_still := unsettled(held, agreed):
        raise Unsettled([seat.person for seat in open_still])
    if unpaid := money.unfunded(held.edition, agreed):
        raise Unfunded([seat.person for seat in unpaid])
    given = Given(Seat.Reason.ORGANISERS, by=by)
    for seat in rows:
        if seat.state == State.AGREED:
            seat.move(State.CONFIRMED)
            checklists.write(seat)
            _follow(seat.application, Application.State.CONFIRMED, by, at=at)
        else:
            cancel(seat, given, at=at)
    held.move(Journey.State.CONFIRMED)
    _note(held, What.CONFIRMED, by, at=at)
    for seat in rows:
        if seat.state == State.CONFIRMED:
            notices.confirmed(seat, at=at)
    notices.host_confirmed(held, at=at)


@transaction.atomic
def call_off(journey: Journey, given: Given, *, at: datetime) -> None:
    """Call a journey off, and tell everybody in it; raises IllegalMove."""
    held = _hold(journey.pk)
    rows = held.seats.live().select_related("application", "person", "journey__edition")
    for seat in rows.order_by("pk"):
        cancel(seat, given, at=at)
    told = held.state != Journey.State.PROPOSED
    why = {"ended_for": given.reason, "ended_because": given.words}
    held.move(Journey.State.CANCELLED, ended_at=at, **why)
    _note(held, What.CANCELLED, given.by, at=at)
    if told:
        notices.called_off(held, at=at)


@transaction.atomic
def move_with_the_days(day: date, *, at: datetime) -> int:
    """Let confirmed journeys begin and end on their days; say how many did."""
    begun = Journey.objects.filter(state="confirmed", period__startswith__lte=day)
    over = Journey.objects.filter(state="travelling", period__endswith__lte=day)
    moved = 0
    for journey in begun.select_for_update(no_key=True).order_by("pk"):
        _all(journey, Journey.State.TRAVELLING, State.CONFIRMED, State.TRAVELLING)
        weeks.note(journey, at=at)
        _note(journey, What.LEFT, None, at=at)
        moved += 1
    for journey in over.select_for_update(no_key=True).order_by("pk"):
        home = _all(journey, Journey.State.RETURNED, State.TRAVELLING, State.RETURNED)
        weeks.note(journey, at=at)
        _note(journey, What.RETURNED, None, at=at)
        for seat in home:
            if seat.application.state == Application.State.CONFIRMED:
                _follow(seat.application, Application.State.TRAVELLED, None, at=at)
        moved += 1
    return moved


def _all(journey: Journey, to: str, was: str, now: str) -> list[Seat]:
    """Take a journey and everybody in it on."""
    journey.move(to)
    seats = list(journey.seats.filter(state=was).select_related("application"))
    for seat in seats:
        seat.move(now)
    return seats


@transaction.atomic
def lapse(now: datetime) -> int:
    """Let go of the offers that nobody answered in time; say how many."""
    late = Seat.objects.lapsing(now).select_related("application", "journey", "person")
    gone = 0
    for seat in late.order_by("journey", "pk"):
        try:
            _free(seat, State.LAPSED, Given(Seat.Reason.SILENCE), at=now)
        except IllegalMove:  # answered at the last moment
            continue
        _note(seat.journey, What.LAPSED, None, seat, at=now)
        _back_in_line(seat, None, at=now)
        notices.lapsed(seat)
        gone += 1
    return gone


@transaction.atomic
def host_refuses(stop: Stop, given: Given, *, at: datetime) -> None:
    """Say no for a host: organisers look for another way, and nobody is told before."""
    _hold(stop.journey_id)
    Stop.objects.filter(pk=stop.pk).update(
        accepted_at=None, accepted_by=None, refused_at=at, refused_words=given.words
    )
    _note(stop.journey, What.HOST_REFUSED, given.by, at=at)


def leave(person: Person, *, at: datetime, application: Application | None = None) -> None:
    """Take somebody out of journeys they are not home from; call it in a transaction.

    Of one application where it is given, else of all.
    """
    mine = Seat.objects.filter(person=person, state__in=BEFORE_HOME)
    if application:
        mine = mine.filter(application=application)
    given = Given(Seat.Reason.OTHER, by=person)
    for seat in mine.select_related("journey", "application").order_by("journey", "pk"):
        _free(seat, State.CANCELLED, given, at=at)
        _note(seat.journey, What.CANCELLED, person, seat, at=at)


def _hold(journey: int) -> Journey:
    """Lock a journey before its places, as the triggers do: so nobody waits in a circle."""
    return Journey.objects.select_for_update(no_key=True).get(pk=journey)


def _free(seat: Seat, to: str, given: Given, *, at: datetime) -> None:
    """Let somebody else have a place."""
    _hold(seat.journey_id)
    if seat.state not in {State.CONFIRMED, State.TRAVELLING}:
        money.release(seat)
    why = {"reason": given.reason, "words": given.words, "ended_by": given.by}
    seat.move(to, number=None, ended_at=at, **why)
    weeks.note(seat.journey, at=at)


def _back_in_line(seat: Seat, by: Person | None, *, at: datetime) -> None:
    """Put an application back on the waiting list, if it had a place."""
    application = seat.application
    if application.state == Application.State.PLACED:
        _follow(application, Application.State.WAITING, by, at=at)


def _follow(application: Application, to: str, by: Person | None, *, at: datetime) -> None:
    """Let an application stand where its place in a journey does."""
    application.move(to)
    ApplicationEvent.objects.create(application=application, person=by, state=to, at=at)


def _note(
    journey: Journey,
    what: str,
    by: Person | None,
    seat: Seat | None = None,
    *,
    at: datetime,
) -> None:
    """Write a row of history."""
    JourneyEvent.objects.create(journey=journey, seat=seat, by=by, what=what, at=at)
