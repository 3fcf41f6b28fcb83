"""Offering places, answering, and giving them up; every step leaves a row of history."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from capx.states import IllegalMove
from grandtour.actions import checklists, events, money, needs, seen, unready, weeks
from grandtour.actions.apart import must_be_free
from grandtour.actions.expectations import unsettled
from grandtour.models import (
    Application,
    ApplicationEvent,
    Edition,
    Journey,
    JourneyEvent,
    Seat,
    Stop,
)
from grandtour.notices import journeys as notices
from grandtour.reports import training
from volunteers.models import Person
from volunteers.reminders.rows import each

State = Seat.State
What = JourneyEvent.What
# Where somebody can still be taken out of a journey.
BEFORE_HOME = [
    *(State.PROPOSED, State.OFFERED, State.ACCEPTED, State.AGREED),
    *(State.CONFIRMED, State.TRAVELLING),
]
# Whoever gives one of these up was counted on.
PROMISED = [State.ACCEPTED, State.AGREED, State.CONFIRMED, State.TRAVELLING]
# A place that comes free in a confirmed journey is offered and confirmed like the first ones.
OFFERABLE = [Journey.State.PROPOSED, Journey.State.OFFERED, Journey.State.CONFIRMED]
# Nothing is booked yet, so a host may still say no.
REFUSABLE = [Journey.State.PROPOSED, Journey.State.OFFERED]
ANSWERABLE = [Journey.State.OFFERED, Journey.State.CONFIRMED]


class TooLate(Exception):
    """The day by which one had to answer has passed."""


@dataclass(frozen=True, slots=True)
class Given:
    """Why a place is given up, in whose words, and by whom; nobody is the clock."""

    reason: str
    words: str = ""
    by: Person | None = None


@transaction.atomic
def offer(journey: Journey, by: Person, *, reply_by: datetime, at: datetime) -> int:
    """Offer all proposed places of a journey, and tell travellers and hosts; say how many.

    A second press offers nothing twice. Raises TooLong; NotYours where it is left to others.
    """
    held = held_by(journey.pk, by)
    if held.period and reply_by.astimezone(UTC).date() >= held.period.lower:
        raise unready.TooLong
    proposed = list(held.seats.filter(state=State.PROPOSED).select_related("application"))
    first = held.state == Journey.State.PROPOSED
    if first and proposed:
        held.move(Journey.State.OFFERED)
    for seat in proposed:
        seat.move(State.OFFERED, offered_at=at, reply_by=reply_by)
        follow(seat, Application.State.PLACED, by, at=at)
        note(held, What.OFFERED, by, seat, at=at)
        notices.offered(seat)
    if proposed:
        weeks.note(held, at=at)
        notices.asked_to_host(held, at=at)
    return len(proposed)


@transaction.atomic
def accept(seat: Seat, *, at: datetime, read: str | None = None) -> None:
    """Say yes to a place; raises TooLate, IllegalMove.

    `read` is the mark of the days that somebody has seen, and of the weeks they fill
    (`seen.mark_of`). Raises OtherDays, Changed when they are others by now.
    """
    held = hold(seat.journey_id)
    seat.refresh_from_db(fields=["state", "reply_by", "period"])
    if seat.state == State.OFFERED and seat.reply_by and seat.reply_by < at:
        raise TooLate
    if read is not None:
        filled = weeks.mark_of(weeks.overfull(seat, at=at))
        seen.must_be(read, held.stops.all(), filled)
    seat.move(State.ACCEPTED, accepted_at=at)
    weeks.note(held, at=at)
    note(held, What.ACCEPTED, seat.person, seat, at=at)
    _agree(held, at=at)


@transaction.atomic
def welcome(stop: Stop, by: Person, *, at: datetime, read: str | None = None) -> bool:
    """Say yes for a host, also after a no; say whether this was the first yes.

    Raises IllegalMove where the journey waits for no answer; OtherDays where `read` is not
    the mark of its days.
    """
    held = hold(stop.journey_id)
    if held.state not in ANSWERABLE:
        raise IllegalMove(f"{held} waits for no host")
    if read is not None:
        seen.must_be(read, held.stops.filter(pk=stop.pk))
    first = Stop.objects.filter(pk=stop.pk, accepted_at=None)
    yes = {"accepted_at": at, "accepted_by": by, "refused_at": None, "refused_words": ""}
    if not first.update(**yes):
        return False
    note(held, What.HOST_ACCEPTED, by, at=at)
    _agree(held, at=at)
    return True


def _agree(held: Journey, *, at: datetime) -> None:
    """Call places of a locked journey agreed once traveller and every host have said yes."""
    if held.stops.filter(accepted_at=None).exists():
        return
    for seat in held.seats.filter(state=State.ACCEPTED).select_related("journey", "person"):
        seat.move(State.AGREED)
        note(held, What.AGREED, None, seat, at=at)
        notices.agreed(seat)


@transaction.atomic
def host_refuses(stop: Stop, given: Given, *, at: datetime) -> None:
    """Say no for a host, also after a yes: what was agreed waits again, organisers are told.

    They look for another way, and travellers hear nothing before. Raises IllegalMove once the
    journey is confirmed: then only organisers call it off.
    """
    held = hold(stop.journey_id)
    if held.state not in REFUSABLE:
        raise IllegalMove(f"{held} waits for no host")
    for seat in held.seats.filter(state=State.AGREED).order_by("pk"):
        seat.move(State.ACCEPTED)
    no = {"accepted_at": None, "accepted_by": None, "refused_words": given.words}
    if not Stop.objects.filter(pk=stop.pk, refused_at=None).update(refused_at=at, **no):
        raise IllegalMove(f"{stop} has been refused")
    note(held, What.HOST_REFUSED, given.by, at=at)
    notices.refused_by_host(stop, at=at)


@transaction.atomic
def refuse(seat: Seat, given: Given, *, at: datetime) -> None:
    """Say no to a place, also after a yes; raises IllegalMove."""
    _free(seat, State.REFUSED, given, at=at)
    note(seat.journey, What.REFUSED, given.by, seat, at=at)
    _back_in_line(seat, given.by, at=at)


@transaction.atomic
def cancel(seat: Seat, given: Given, *, at: datetime) -> None:
    """Take somebody out of a journey, and tell who counted on them.

    Raises IllegalMove; NotYours where it is left to others.
    """
    if given.by:
        edition = Edition.objects.hold(seat.edition_id)
        must_be_free(given.by, edition, [seat.application_id])
    hold(seat.journey_id)
    take_out(seat, given, at=at)


def take_out(seat: Seat, given: Given, *, at: datetime, alone: bool = True) -> None:
    """Take somebody out as part of what was decided; `alone`: the others still travel."""
    told, on_the_way = seat.state != State.PROPOSED, seat.state == State.TRAVELLING
    _free(seat, State.CANCELLED, given, at=at, alone=alone)
    note(seat.journey, What.CANCELLED, given.by, seat, at=at)
    _back_in_line(seat, given.by, at=at, on_the_way=on_the_way)
    if told:
        notices.cancelled(seat)


@transaction.atomic
def confirm(journey: Journey, by: Person, *, at: datetime) -> None:
    """Confirm a journey with those whose places are agreed; the others are not in it.

    In a journey that is confirmed already, the places agreed since. Raises IllegalMove; what
    `_settled` raises; NotYours where it is left to others.
    """
    held = held_by(journey.pk, by)
    first = held.state == Journey.State.OFFERED
    rows = list(held.seats.live().select_related("application", "person", "journey__edition"))
    agreed = [seat for seat in rows if seat.state == State.AGREED]
    if not first and (held.state != Journey.State.CONFIRMED or not agreed):
        raise IllegalMove(f"{held} cannot be confirmed")
    _settled(held, agreed)
    given = Given(Seat.Reason.ORGANISERS, by=by)
    for seat in rows if first else agreed:
        if seat.state == State.AGREED:
            seat.move(State.CONFIRMED)
            checklists.write(seat)
            follow(seat, Application.State.CONFIRMED, by, at=at)
        else:
            take_out(seat, given, at=at)
    if first:
        held.move(Journey.State.CONFIRMED)
    note(held, What.CONFIRMED, by, at=at)
    for seat in agreed:
        notices.confirmed(seat, at=at)
    notices.host_confirmed(held, at=at)


def _settled(held: Journey, agreed: list[Seat]) -> None:
    """Look at all that must hold before people book.

    Raises Unwelcome while a host has not said yes; Unsettled while travellers and hosts have
    not agreed on all they expect; Untrained while a training is open that has to hold on the
    last day; Unfunded while what travellers are promised is not set aside; TooFew where they
    are fewer than the smallest group.
    """
    silent = held.stops.filter(accepted_at=None).select_related("host__affiliate")
    if hosts := [stop.host.affiliate for stop in silent.order_by("number")]:
        raise unready.Unwelcome(hosts)
    open_still, moved = unsettled(held, agreed)
    if open_still or moved:
        raise unready.Unsettled([one.person for one in open_still], [m.person for m in moved])
    if untrained := training.open_for(agreed):
        raise unready.Untrained(
            [(s.person, untrained[s.pk]) for s in agreed if s.pk in untrained]
        )
    if unpaid := money.unfunded(held.edition, agreed):
        raise unready.Unfunded([seat.person for seat in unpaid])
    there = held.seats.filter(state=State.CONFIRMED).count()
    if there + len(agreed) < held.edition.smallest_group:
        raise unready.TooFew


@transaction.atomic
def call_off(journey: Journey, given: Given, *, at: datetime) -> None:
    """Call a journey off, and tell everybody in it.

    Raises IllegalMove; NotYours where it is left to others.
    """
    held = held_by(journey.pk, given.by) if given.by else hold(journey.pk)
    end(held, given, at=at)


def end(held: Journey, given: Given, *, at: datetime) -> None:
    """End a locked journey as part of what was decided, and tell everybody in it."""
    rows = held.seats.live().select_related("application", "person", "journey__edition")
    for seat in rows.order_by("pk"):
        take_out(seat, given, at=at, alone=False)
    told = held.state != Journey.State.PROPOSED
    why = {"ended_for": given.reason, "ended_because": given.words}
    held.move(Journey.State.CANCELLED, ended_at=at, **why)
    note(held, What.CANCELLED, given.by, at=at)
    events.call_off_with(held, at=at)
    if told:
        notices.called_off(held, at=at)


def lapse(now: datetime) -> int:
    """Let go of the offers that nobody answered in time; say how many.

    Each journey in a transaction of its own: what goes wrong with one stops no other.
    """
    late = Seat.objects.lapsing(now)
    gone: list[Seat] = []
    each(Journey.objects.filter(pk__in=late.values("journey")), partial(_lapse, gone, now=now))
    return len(gone)


def _lapse(gone: list[Seat], journey: Journey, *, now: datetime) -> None:
    """Let go of the offers of one journey, and add them to `gone`."""
    held = hold(journey.pk)
    late = held.seats.lapsing(now).select_related("application", "journey", "person")
    seats = list(late.order_by("pk"))
    for seat in seats:
        _free(seat, State.LAPSED, Given(Seat.Reason.SILENCE), at=now)
        note(held, What.LAPSED, None, seat, at=now)
        _back_in_line(seat, None, at=now)
        notices.lapsed(seat)
    gone += seats


def leave(person: Person, *, at: datetime, application: Application | None = None) -> None:
    """Take somebody out of journeys they are not home from; call it in a transaction.

    Of one application where it is given, else of all. It locks the journeys, so call it before
    the application is changed.
    """
    mine = Seat.objects.filter(person=person, state__in=BEFORE_HOME)
    if application:
        mine = mine.filter(application=application)
    hold_all(mine)
    given = Given(Seat.Reason.OTHER, by=person)
    for seat in mine.select_related("journey__edition", "person").order_by("journey", "pk"):
        _free(seat, State.CANCELLED, given, at=at)
        note(seat.journey, What.CANCELLED, person, seat, at=at)


def hold_all(seats: QuerySet[Seat]) -> None:
    """Lock the journeys of some places in one order, before anything else about them."""
    rows = Journey.objects.select_for_update(no_key=True).order_by("pk")
    list(rows.filter(pk__in=seats.values("journey")).values_list("pk", flat=True))


def hold(journey: int) -> Journey:
    """Lock a journey before its places, as the triggers do: so nobody waits in a circle."""
    return Journey.objects.select_for_update(no_key=True).get(pk=journey)


def held_by(journey: int, by: Person) -> Journey:
    """Lock an edition, then a journey; stop whoever leaves it to others: raises NotYours."""
    edition = Edition.objects.hold(Journey.objects.only("edition").get(pk=journey).edition_id)
    held = hold(journey)
    must_be_free(by, edition, *about(held))
    return held


def about(journey: Journey) -> tuple[list[int], list[int]]:
    """Give the applications whose places in a journey are taken, and the hosts it comes to."""
    return (
        list(journey.seats.live().values_list("application", flat=True)),
        list(journey.stops.values_list("host", flat=True)),
    )


def _free(seat: Seat, to: str, given: Given, *, at: datetime, alone: bool = True) -> None:
    """Let somebody else have a place; where the others still travel, they and hosts hear it."""
    was, held = seat.state, hold(seat.journey_id)
    if was not in {State.CONFIRMED, State.TRAVELLING}:
        money.release(seat)
    why = {"reason": given.reason, "words": given.words, "ended_by": given.by}
    seat.move(to, number=None, ended_at=at, **why)
    weeks.note(held, at=at)
    needs.show_no_more(seat)
    if alone and was in PROMISED:
        notices.left(seat, held, at=at)
        if given.by == seat.person:
            notices.place_freed(seat, held, at=at)


def _back_in_line(
    seat: Seat, by: Person | None, *, at: datetime, on_the_way: bool = False
) -> None:
    """Put an application back on the waiting list, if it had a place.

    Whoever was `on_the_way` has travelled: no plan of this edition asks them again.
    """
    states = Application.State
    seat.application.refresh_from_db(fields=["state"])
    if seat.application.state in {states.PLACED, states.CONFIRMED}:
        follow(seat, states.TRAVELLED if on_the_way else states.WAITING, by, at=at)


def follow(seat: Seat, to: str, by: Person | None, *, at: datetime) -> None:
    """Let an application stand where its place in a journey does."""
    seat.application.move(to)
    ApplicationEvent.objects.create(application=seat.application, person=by, state=to, at=at)


def note(
    journey: Journey, what: str, by: Person | None, seat: Seat | None = None, *, at: datetime
) -> None:
    """Write a row of history."""
    JourneyEvent.objects.create(journey=journey, seat=seat, by=by, what=what, at=at)
