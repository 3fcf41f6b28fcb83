"""What the page of a journey shows: stops, companions, legs, carbon, and the map."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from capx import maps
from grandtour.models import Journey, Leg, Seat, Stop
from grandtour.plans import sentences
from volunteers.models import Membership, Person

TONES = {
    Journey.State.PROPOSED: "",
    Journey.State.OFFERED: "waits",
    Journey.State.CONFIRMED: "good",
    Journey.State.TRAVELLING: "live",
    Journey.State.RETURNED: "good",
    Journey.State.CLOSED: "ended",
    Journey.State.CANCELLED: "stopped",
}
CONTACTS = 4  # of each host
SEAT_TONES = {
    Seat.State.OFFERED: "waits",
    Seat.State.ACCEPTED: "live",
    Seat.State.AGREED: "live",
    Seat.State.CONFIRMED: "good",
}


def page(journey: Journey, viewer: Person) -> dict[str, Any]:
    """Gather what one of those in a journey sees of it."""
    stops = list(
        journey.stops.select_related("host__affiliate", "host__place").order_by("number")
    )
    seats = list(
        journey.seats.live()
        .exclude(state=Seat.State.PROPOSED)
        .select_related("person", "application__place")
        .order_by("number")
    )
    mine = next((seat for seat in seats if seat.person_id == viewer.pk), None)
    legs = _legs(journey, mine)
    return {
        "journey": journey,
        "edition": journey.edition,
        "tone": TONES[Journey.State(journey.state)],
        "mine": mine,
        "stops": [{"stop": stop, "people": []} for stop in stops],
        "companions": [_companion(seat) for seat in seats],
        "legs": legs,
        "sums": sums(legs),
        "sources": sorted({leg.source for leg in legs}),
        "forced": any(leg.grams != leg.grams_plain for leg in legs),
        "map": drawn(stops, mine),
        "compensations": journey.compensations.order_by("day", "pk"),
        "why": why(journey, mine),
    }


def now(journey: Journey, stops: list[dict[str, Any]], day: date) -> dict[str, Any]:
    """Say where a group is on a day of its journey, and where it goes from there."""
    if journey.state != Journey.State.TRAVELLING:
        return {}
    left = [row for row in stops if row["stop"].leave >= day]
    here = next((row for row in left if row["stop"].arrive <= day), None)
    then = [row for row in left if row["stop"].arrive > day]
    return {"here": here, "next": then[0] if then else None}


def contacts(stops: Iterable[dict[str, Any]], viewer: Person) -> None:
    """Name who speaks for each host and shows it, for those who travel and the other hosts."""
    by_affiliate = {row["stop"].host.affiliate_id: row["people"] for row in stops}
    shown = Person.objects.visible_to(viewer)
    rows = Membership.objects.speaking().filter(affiliate__in=by_affiliate, person__in=shown)
    for member in rows.select_related("person").order_by("pk"):
        there = by_affiliate[member.affiliate_id]
        if len(there) < CONTACTS:
            there.append(member.person)


def _companion(seat: Seat) -> dict[str, Any]:
    tone = SEAT_TONES.get(Seat.State(seat.state), "")
    return {"seat": seat, "tone": tone}


def _legs(journey: Journey, mine: Seat | None) -> list[Leg]:
    """Give the ways in the order in which they are travelled, one's own among them."""
    rows = list(
        journey.legs.select_related(
            "origin__host__place", "target__host__place", "seat__application__place"
        )
    )
    shared = sorted(
        (leg for leg in rows if leg.seat_id is None and leg.origin),
        key=lambda leg: leg.origin.number if leg.origin else 0,
    )
    own = [leg for leg in rows if mine and leg.seat_id == mine.pk]
    there = [leg for leg in own if leg.origin_id is None]
    back = [leg for leg in own if leg.target_id is None]
    return [*there, *shared, *back]


def sums(legs: Iterable[Leg]) -> dict[str, Any]:
    """Add up ways: kilometres, grams in both ways of counting, the part by rail and coach."""
    legs = list(legs)
    km = sum((leg.km for leg in legs), Decimal(0))
    low = sum((leg.km for leg in legs if leg.mode in {"rail", "coach"}), Decimal(0))
    return {
        "km": km,
        "grams": sum(leg.grams for leg in legs),
        "grams_plain": sum(leg.grams_plain for leg in legs),
        "low": round(100 * low / km) if km else None,
    }


def drawn(stops: list[Stop], mine: Seat | None) -> dict[str, Any] | None:
    """Draw the route from stop to stop, and one's own ways from home and back."""
    placed = [(stop, stop.host.place) for stop in stops if stop.host.place]
    if not placed:
        return None
    home = mine.application.place if mine else None
    at = [(place.latitude, place.longitude) for _stop, place in placed]
    drawing = maps.close([*at, *([(home.latitude, home.longitude)] if home else [])])
    points = drawing.points[: len(placed)]
    ways = ""
    if home:
        x, y = drawing.points[-1]
        ends = (points[0], points[-1])
        ways = "".join(f"M{x} {y}L{a} {b}" for a, b in dict.fromkeys(ends))
    return {
        "drawn": drawing,
        "path": "M" + "L".join(f"{x} {y}" for x, y in points),
        "ways": ways,
        "home": drawing.points[-1] if home else None,
        "stops": [(stop, point) for (stop, _place), point in zip(placed, points, strict=True)],
    }


def why(journey: Journey, mine: Seat | None) -> str:
    """Say why somebody is in this journey, in the planner's own terms."""
    reasons = journey.plan.reasons if mine and journey.plan else None
    if not (mine and reasons):
        return ""
    key = f"a{mine.application_id}"
    found = next((one for one in reasons["travellers"] if one["key"] == key), None)
    placed = found is not None and found["code"] == "placed"
    return sentences.to_travellers(found) if found and placed else ""
