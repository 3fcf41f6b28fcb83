"""What days do to journeys: they set off, come home, or end where nobody is left to travel."""

from datetime import date, datetime
from functools import partial

from capx.zones import still_day
from grandtour.actions import journeys, weeks
from grandtour.models import Application, Journey, JourneyEvent, Seat
from volunteers.reminders.rows import each

State = Seat.State
What = JourneyEvent.What


def move_with_the_days(day: date, *, at: datetime) -> int:
    """Let journeys begin and end on their days; say how many did.

    What was not confirmed ends once its first day is over everywhere on earth, and so does what
    nobody travels. Each in a transaction of its own: what goes wrong with one stops no other.
    """
    waiting = Journey.objects.filter(state__in=["proposed", "offered"])
    late = waiting.filter(period__startswith__lt=still_day(at))
    begun = Journey.objects.filter(state="confirmed", period__startswith__lte=day)
    travelling = Journey.objects.filter(state="travelling")
    left = travelling.exclude(seats__state=State.TRAVELLING)
    over = travelling.filter(period__endswith__lte=day)
    return (
        each(late, partial(_end, Seat.Reason.UNCONFIRMED, at=at))
        + each(begun, partial(_set_off, at=at))
        + each(left, partial(_end, Seat.Reason.NOBODY, at=at))
        + each(over, partial(_come_home, at=at))
    )


def _end(reason: str, journey: Journey, *, at: datetime) -> None:
    """End a journey, unless it has moved on meanwhile."""
    held = journeys.hold(journey.pk)
    if held.state == journey.state:
        journeys.end(held, journeys.Given(reason), at=at)


def _set_off(journey: Journey, *, at: datetime) -> None:
    """Let a journey begin with those who are confirmed; for others it is too late.

    Without anybody it ends.
    """
    held = journeys.hold(journey.pk)
    if not held.seats.filter(state=State.CONFIRMED).exists():
        journeys.end(held, journeys.Given(Seat.Reason.NOBODY), at=at)
        return
    held.move(Journey.State.TRAVELLING)
    given = journeys.Given(Seat.Reason.ORGANISERS)
    for seat in held.seats.live().select_related("application", "person", "journey__edition"):
        if seat.state == State.CONFIRMED:
            seat.move(State.TRAVELLING)
        else:
            journeys.take_out(seat, given, at=at)
    weeks.note(held, at=at)
    journeys.note(held, What.LEFT, None, at=at)


def _come_home(journey: Journey, *, at: datetime) -> None:
    """Let a journey end, and the applications of those who were on it say so."""
    held = journeys.hold(journey.pk)
    held.move(Journey.State.RETURNED)
    journeys.note(held, What.RETURNED, None, at=at)
    for seat in held.seats.filter(state=State.TRAVELLING).select_related("application"):
        seat.move(State.RETURNED)
        if seat.application.state == Application.State.CONFIRMED:
            journeys.follow(seat, Application.State.TRAVELLED, None, at=at)
    weeks.note(held, at=at)
