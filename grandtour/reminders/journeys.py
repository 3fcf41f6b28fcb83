"""What travellers and hosts are reminded of: before, after each stop, afterwards.

A notice has a key, so that each is written once; somebody who left is in none of these rows.
"""

from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db.models import Prefetch
from django.utils import timezone

from grandtour.actions import looking_back
from grandtour.models import ChecklistItem, Expectation, LookBack, Seat, Stop, StopNote
from grandtour.models.afterwards import NOTE_DAYS
from grandtour.models.checklists import AFTER
from grandtour.notices import afterwards as notices
from grandtour.reports import training

STAGES = (3, 14, 30)
State = Seat.State
COMING = [State.ACCEPTED, State.AGREED, State.CONFIRMED]
EXPECTED = [*COMING, State.TRAVELLING]
HOME = [State.RETURNED, State.REPORTED]
# What was due longer ago than that nobody is reminded of.
PATIENCE = timedelta(days=14)
A_DAY = timedelta(days=1)
HOST = "host__affiliate"
ASKED = ("person", "seat", "stop__host__affiliate")


def remind(now: datetime) -> None:
    """Write what is due; twice is the same as once."""
    day = timezone.localdate(now)
    before(day)
    guests(day)
    notes(day)
    due(day)
    looking_back.ask(day, at=now)
    for question in LookBack.objects.silent(now).select_related(*ASKED).order_by("pk"):
        notices.look_back(question, looking_back.edition_of(question), again=True)


def before(day: date) -> None:
    """Tell travellers 30, 14 and 3 days before what is still open."""
    soon = (day + A_DAY, day + timedelta(days=STAGES[-1]))
    todo = ChecklistItem.objects.open().before().order_by("due", "pk")
    seats = (
        Seat.objects.filter(state__in=COMING, period__startswith__range=soon)
        .select_related("person", "edition", "journey")
        .prefetch_related(
            Prefetch("checklist", todo, "todo"),
            Prefetch("journey__stops", Stop.objects.select_related(HOST).order_by("number")),
        )
        .order_by("pk")
    )
    rows = list(seats)
    agreed, untrained = _agreed(rows), training.open_for(rows)
    for seat in rows:
        stops = seat.journey.stops.all()
        missing = [stop for stop in stops if (seat.pk, stop.pk) not in agreed]
        days = stage(seat.journey.period.lower, day)
        notices.soon(seat, days, seat.todo, missing, untrained.get(seat.pk, ()))  # type: ignore[attr-defined]  # of the prefetch


def _agreed(seats: list[Seat]) -> set[tuple[int, int]]:
    """Give the pairs of a place and a stop about which both sides agree."""
    pairs = Expectation.objects.agreed().filter(seat__in=seats)
    return set(pairs.values_list("seat", "stop"))


def guests(day: date) -> None:
    """Tell the people of each host 30, 14 and 3 days before who comes, also on the way."""
    soon = (day + A_DAY, day + timedelta(days=STAGES[-1]))
    expected = Seat.objects.filter(state__in=EXPECTED).select_related("person", "edition")
    stops = Stop.objects.filter(arrive__range=soon, journey__seats__state__in=EXPECTED)
    rows = list(
        stops.distinct()
        .select_related(HOST, "journey")
        .prefetch_related(Prefetch("journey__seats", expected.order_by("pk"), "coming"))
        .order_by("arrive", "pk")
    )
    coming = {stop: stop.journey.coming for stop in rows}  # type: ignore[attr-defined]  # of the prefetch
    agreed = _agreed([seat for seats in coming.values() for seat in seats])
    untrained = training.open_with_hosts(coming)
    for stop, seats in coming.items():
        missing = [seat for seat in seats if (seat.pk, stop.pk) not in agreed]
        still = untrained.get(stop.pk, ())
        notices.guests_soon(stop, stage(stop.arrive, day), seats, missing, still)


def stage(first: date, day: date) -> int:
    """Say which of the three letters is due so many days before."""
    left = (first - day).days
    return next(days for days in STAGES if left <= days)


def notes(day: date) -> None:
    """Ask both sides for a note from the day after a stop on, while they can write one."""
    left = Stop.objects.begun().filter(leave__lt=day, leave__gt=day - NOTE_DAYS)
    for stop in left.select_related("host__affiliate", "journey__edition").order_by("pk"):
        written = set(StopNote.objects.filter(stop=stop).values_list("seat", flat=True))
        guests = Seat.objects.filter(journey=stop.journey, state__in=[State.TRAVELLING, *HOME])
        for seat in guests.select_related("person", "edition").order_by("pk"):
            if seat.pk not in written:
                notices.note_please(seat, stop)
        if None not in written:
            notices.note_please_host(stop)


def due(day: date) -> None:
    """Tell travellers what is due 7, 21 and 45 days after they came home, each day once."""
    rows = ChecklistItem.objects.as_they_stand().filter(
        what__in=AFTER,
        due__range=(day - PATIENCE, day),
        seat__state__in=HOME,
    )
    items = rows.select_related("seat__person", "seat__edition", "seat__journey")
    of_a_day = attrgetter("due", "seat_id")
    for _key, together in groupby(items.order_by("due", "seat", "pk"), of_a_day):
        first, *others = together
        still = [item for item in (first, *others) if item.settled_at is None]
        if still:
            notices.due(first, still)
