"""Announcing an event at a stop, moving it, calling it off; signing up and off."""

from datetime import datetime, timedelta

from django.db import transaction

from capx.states import IllegalMove
from grandtour.models import Journey, SignUp, StopEvent
from grandtour.models.stop_events import may_be_announced
from grandtour.notices import events as notices
from volunteers.models import Person

State = StopEvent.State
# What people have to hear of when it changes.
TOLD = ("begins_at", "ends_at", "where", "online")
MOST_OF_A_STOP = 20
A_DAY = timedelta(days=1)
SIGN_UPS_A_DAY = 20


class TooMany(Exception):
    """There are enough events at this stop."""


class TooManyToday(Exception):
    """Somebody has signed up to enough for a day."""


class NotInvited(Exception):
    """It is for members only."""


class Taken(Exception):
    """More seats are taken by now than there are to be."""


@transaction.atomic
def announce(event: StopEvent, by: Person, *, at: datetime) -> None:
    """Announce an event; raises IllegalMove where the journey does not take place, TooMany."""
    journey = _hold_journey(event)
    if not may_be_announced(journey):
        raise IllegalMove
    if event.stop.open_events.filter(state=State.ANNOUNCED).count() >= MOST_OF_A_STOP:
        raise TooMany
    event.announced_by, event.announced_at, event.changed_at = by, at, at
    event.save(force_insert=True)


@transaction.atomic
def change(event: StopEvent, *, at: datetime) -> None:
    """Keep what was changed; whoever signed up hears of other hours or another place.

    Raises IllegalMove when it was called off or the guests are there on other days meanwhile,
    Taken when more people have signed up than are to come.
    """
    _hold_journey(event)
    held = hold(event)
    days = (event.local(event.begins_at).date(), event.local(event.ends_at).date())
    there = held.stop.arrive <= days[0] and days[1] <= held.stop.leave
    if held.state != State.ANNOUNCED or not there:
        raise IllegalMove
    if held.sign_ups.filter(place__gt=event.seats).exists():
        raise Taken
    moved = any(getattr(held, name) != getattr(event, name) for name in TOLD)
    event.sequence, event.changed_at = held.sequence + 1, at
    event.save()
    if moved:
        notices.moved(event)
    seat_those_who_wait(event)


@transaction.atomic
def call_off(event: StopEvent, because: str, *, at: datetime) -> None:
    """Call an event off, and tell all who signed up; raises IllegalMove, also after it."""
    held = hold(event)
    if not held.takes(at):
        raise IllegalMove
    held.move(
        State.CALLED_OFF,
        called_off_because=because,
        changed_at=at,
        sequence=held.sequence + 1,
    )
    notices.called_off(held)


def call_off_with(journey: Journey, *, at: datetime) -> None:
    """Call off what was announced at the stops of a journey; call it in a transaction.

    Everybody reads why; what was said about the journey is for the people in it.
    """
    rows = StopEvent.objects.filter(stop__journey=journey, state=State.ANNOUNCED)
    for event in rows.filter(ends_at__gt=at).order_by("pk"):
        call_off(event, StopEvent.WITH_JOURNEY, at=at)


@transaction.atomic
def sign_up(event: StopEvent, person: Person, *, at: datetime) -> SignUp:
    """Give somebody the lowest free seat, or the last place in the line of those who wait.

    Twice is the same as once. Raises IllegalMove when it is over or called off, NotInvited,
    TooManyToday.
    """
    held = hold(event)
    if not held.takes(at):
        raise IllegalMove
    if not held.open_for(person):
        raise NotInvited
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    mine = SignUp.objects.filter(person=person)
    if there := mine.filter(event=held).first():
        return there
    if mine.filter(signed_up_at__gt=at - A_DAY).count() >= SIGN_UPS_A_DAY:
        raise TooManyToday
    return SignUp.objects.create(
        event=held, person=person, place=next(free(held), None), signed_up_at=at
    )


@transaction.atomic
def sign_off(event: StopEvent, person: Person) -> bool:
    """Free somebody's seat for the first of those who wait; say whether they had signed up."""
    held = hold(event)
    gone, _rows = SignUp.objects.filter(event=held, person=person).delete()
    seat_those_who_wait(held)
    return bool(gone)


def leave(person: Person) -> None:
    """Sign somebody off everywhere; call it in a transaction."""
    rows = StopEvent.objects.filter(sign_ups__person=person)
    for event in rows.order_by("pk"):
        sign_off(event, person)


def purge(now: datetime) -> None:
    """Forget who came to what has been over for a month."""
    SignUp.objects.outdated(now).delete()


def _hold_journey(event: StopEvent) -> Journey:
    """Lock its journey first, as everywhere: so nobody waits in a circle."""
    return Journey.objects.select_for_update(no_key=True).get(stops=event.stop_id)


def hold(event: StopEvent) -> StopEvent:
    """Lock an event until the transaction ends, so that seats are given one by one."""
    rows = StopEvent.objects.select_related("stop__host__affiliate", "stop__journey")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=event.pk)


def free(event: StopEvent) -> "filter[int]":
    """Give the numbers of free seats, the lowest first."""
    taken = set(event.sign_ups.seated().values_list("place", flat=True))
    return filter(lambda number: number not in taken, range(1, event.seats + 1))


def seat_those_who_wait(event: StopEvent) -> None:
    """Give free seats to those who wait, in their order, and tell them."""
    if event.state != State.ANNOUNCED:
        return
    waiting = event.sign_ups.waiting().select_related("person")
    for row, number in zip(waiting, free(event), strict=False):
        row.place = number
        row.save(update_fields=["place"])
        notices.seated(row)
