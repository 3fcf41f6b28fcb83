"""Which trainings are still open, of travellers and hosts, until their journey ends."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from grandtour.models import Completion, RequiredTraining, Seat, Side, Stop, Training
from volunteers.models import Membership, Person

# By edition and side, what is asked.
Asked = dict[tuple[int, str], list[Training]]


def asked_of(editions: Iterable[int]) -> Asked:
    """Give what some editions ask of each side, each training once, by name."""
    rows = RequiredTraining.objects.filter(edition__in=set(editions))
    found: Asked = {}
    for row in rows.select_related("training").order_by("training__name", "pk"):
        found.setdefault((row.edition_id, row.side), []).append(row.training)
    return found


def held_until(people: Iterable[int]) -> dict[tuple[int, int], date]:
    """Give until which day each person (first) holds each training (second)."""
    rows = Completion.objects.filter(person__in=set(people))
    held: dict[tuple[int, int], date] = {}
    for person, training, last in rows.values_list("person", "version__training", "last_day"):
        held[person, training] = max(last, held.get((person, training), last))
    return held


def open_for(seats: Iterable[Seat], asked: Asked | None = None) -> dict[int, list[Training]]:
    """Say for each place what its traveller has not passed, or what ends before the journey.

    The keys are those of the places; who has nothing open is not there. `asked` is what the
    editions ask, where it was read already.
    """
    rows = list(seats)
    if asked is None:
        asked = asked_of(seat.edition_id for seat in rows)
    needed = any(side == Side.TRAVELLER for _edition, side in asked)
    held = held_until(seat.person_id for seat in rows) if needed else {}
    still = {
        seat.pk: [
            training
            for training in asked.get((seat.edition_id, Side.TRAVELLER), [])
            if not _holds(held.get((seat.person_id, training.pk)), seat.last_day)
        ]
        for seat in rows
    }
    return {pk: trainings for pk, trainings in still.items() if trainings}


def open_with_hosts(
    stops: Iterable[Stop], asked: Asked | None = None
) -> dict[int, list[Training]]:
    """Say for each stop what nobody who speaks for its host has passed until it ends.

    The keys are those of the stops, which have their journey and host along; `asked` as above.
    """
    rows = list(stops)
    if asked is None:
        asked = asked_of(stop.journey.edition_id for stop in rows)
    if not any(side == Side.HOST for _edition, side in asked):
        return {}
    speaking: dict[int, list[int]] = defaultdict(list)
    members = Membership.objects.speaking().filter(
        affiliate__in={stop.host.affiliate_id for stop in rows}
    )
    for affiliate, person in members.values_list("affiliate", "person"):
        speaking[affiliate].append(person)
    held = held_until(person for people in speaking.values() for person in people)
    still = {
        stop.pk: [
            training
            for training in asked.get((stop.journey.edition_id, Side.HOST), [])
            if not any(
                _holds(held.get((person, training.pk)), stop.leave)
                for person in speaking[stop.host.affiliate_id]
            )
        ]
        for stop in rows
    }
    return {pk: trainings for pk, trainings in still.items() if trainings}


def needed_by(person: Person, day: date) -> dict[int, date]:
    """Give the trainings somebody needs for what lies before them, each with its last day.

    As a traveller from the offer on, and for the hosts they speak for.
    """
    seats = Seat.objects.live().of(person).filter(period__endswith__gt=day)
    mine = list(seats.order_by("pk"))
    ours = Membership.objects.speaking().filter(person=person).values("affiliate")
    stops = Stop.objects.filter(
        host__affiliate__in=ours,
        leave__gte=day,
        journey__state__in=["offered", "confirmed", "travelling"],
    )
    hosting = list(stops.select_related("journey").order_by("pk"))
    travelled = [(seat.edition_id, Side.TRAVELLER, seat.last_day) for seat in mine]
    hosted = [(stop.journey.edition_id, Side.HOST, stop.leave) for stop in hosting]
    asked = asked_of(edition for edition, _side, _last in travelled + hosted)
    pairs = [
        (one, last)
        for edition, side, last in travelled + hosted
        for one in asked.get((edition, side), [])
    ]
    needed: dict[int, date] = {}
    for training, last in pairs:
        needed[training.pk] = max(last or day, needed.get(training.pk, day))
    return needed


def _holds(until: date | None, last: date | None) -> bool:
    """Say whether what is held until a day holds on another one, if that is known."""
    return until is not None and (last is None or until >= last)
