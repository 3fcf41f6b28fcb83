"""The journeys of an edition as they stand, in the planner's words."""

from collections.abc import Iterable

from grandtour.models import Edition, Journey, Seat
from grandtour.planning import problem as asked
from grandtour.planning.problem import Pin

# Somebody whose answer is a yes keeps their journey, whatever is planned anew.
SAID_YES = {
    *(Seat.State.ACCEPTED, Seat.State.AGREED, Seat.State.CONFIRMED),
    *(Seat.State.TRAVELLING, Seat.State.RETURNED, Seat.State.REPORTED, Seat.State.CLOSED),
}


def live(edition: Edition) -> list[Journey]:
    """Read the journeys that are to be travelled, with their stops and places."""
    rows = Journey.objects.live().filter(edition=edition)
    return list(rows.prefetch_related("stops", "seats").order_by("number", "pk"))


def stops_of(journey: Journey) -> tuple[asked.Stop, ...]:
    """Give the stops of a journey in order, as the planner writes them."""
    rows = sorted(journey.stops.all(), key=lambda stop: stop.number)
    return tuple(asked.Stop(f"h{row.host_id}", row.arrive, row.leave) for row in rows)


def seated(journey: Journey) -> list[Seat]:
    """Give the places that are taken, in order."""
    taken = [(seat.number, seat) for seat in journey.seats.all() if seat.number]
    return [seat for _number, seat in sorted(taken, key=lambda pair: pair[0])]


def as_planned(journeys: Iterable[Journey]) -> tuple[asked.Journey, ...]:
    """Turn journeys into those of a plan, without their worth."""
    return tuple(
        asked.Journey(
            stops_of(journey),
            tuple(
                asked.Seat(f"a{seat.application_id}", asked.Terms(), 0, 0, 0)
                for seat in seated(journey)
            ),
            language=journey.language,
        )
        for journey in journeys
        if seated(journey)
    )


def decided(journeys: Iterable[Journey]) -> list[Pin]:
    """Give what nobody plans away any more: who said yes, with each of their hosts."""
    return [
        Pin(f"a{seat.application_id}", stop.stay)
        for journey in journeys
        for seat in seated(journey)
        if seat.state in SAID_YES
        for stop in stops_of(journey)
    ]
