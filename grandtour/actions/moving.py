"""Other days for the stops of a journey: by every rule, and agreed on by whoever said yes.

Whoever has said yes to the old days says so to the new ones first: traveller and host by what
they expect of each other, which may name other days. A host who has said yes, and for whom
nobody else has yet, is asked again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from django.db import connection, transaction

from capx.states import IllegalMove
from capx.zones import day_at
from grandtour.actions import checklists, weeks
from grandtour.actions.expectations import OPEN
from grandtour.actions.journeys import held_by
from grandtour.models import (
    Expectation,
    Host,
    Journey,
    JourneyEvent,
    Leg,
    Seat,
    Stay,
    Stop,
    StopEvent,
    beds,
)
from grandtour.models.seats import UNANSWERED
from grandtour.notices import journeys as notices
from grandtour.reports import training
from grandtour.reports.viewers import known_to
from volunteers.models import Person

State = Journey.State
MOVABLE = [State.PROPOSED, State.OFFERED, State.CONFIRMED, State.TRAVELLING]
A_DAY = timedelta(days=1)
Days = tuple[date, date]  # of arrival and of leaving


class Unchanged(Exception):
    """These are the days it has."""


@dataclass(frozen=True, slots=True)
class Collision:
    """A rule that the new days would break, whom it is about, and on which day."""

    rule: str
    who: tuple[object, ...] = ()
    day: date | None = None


class Collides(Exception):
    """Some rules stand against the new days."""

    def __init__(self, found: list[Collision]) -> None:
        """Keep which."""
        super().__init__(", ".join(one.rule for one in found))
        self.found = found


@dataclass(frozen=True, slots=True)
class Wish:
    """The days a stop had when somebody looked, and those it shall have."""

    seen: Days
    now: Days


@dataclass(frozen=True)
class Moved:
    """What a move changes: stops with the days they had, who is told, which hosts answer again.

    `km` and `grams` are those of all legs: they stay as they are.
    """

    stops: list[tuple[Stop, Days]]
    told: list[Seat] = field(default_factory=list)
    again: list[Stop] = field(default_factory=list)
    nights: int = 0
    guests: int = 0
    km: int = 0
    grams: int = 0


@transaction.atomic
def move(journey: Journey, wishes: Mapping[int, Wish], by: Person, *, at: datetime) -> Moved:
    """Give stops other days; `wishes` by the key of a stop.

    Raises Unchanged; Collides with all rules that stand against it; IllegalMove where the
    journey is over, or somebody else has moved it meanwhile; IntegrityError where PostgreSQL
    knows better; NotYours where it is left to others.
    """
    plan = prepare(journey, wishes, by, at=at)
    held = plan.journey
    before = [(stop, plan.was(stop)) for stop in plan.changed]
    again = plan.asked_again()
    _write(plan, again)
    held.refresh_from_db(fields=["period"])
    _follow(held, plan, at=at)
    _note(held, before, by, at=at)
    return _moved(held, plan, before, again)


def prepare(
    journey: Journey,
    wishes: Mapping[int, Wish],
    by: Person,
    *,
    at: datetime,
    agreed: bool = True,
) -> "Plan":
    """Hold a journey with the days that are wished for, when nothing stands against them.

    `agreed`: whoever has said yes to the old days has said yes to these, too. Raises what
    `move` does.
    """
    held = held_by(journey.pk, by)
    if held.state not in MOVABLE:
        raise IllegalMove(f"{held} cannot be moved")
    plan = Plan(held, wishes)
    if not plan.changed:
        raise Unchanged
    beds.hold(Host.objects.filter(pk__in=[stop.host_id for stop in plan.stops]))
    found = [one for one in plan.collisions(by, at) if agreed or one.rule != "agreed"]
    if found:
        raise Collides(found)
    return plan


class Plan:
    """A journey with the days that are wished for, and what stands against them."""

    def __init__(self, held: Journey, wishes: Mapping[int, Wish]) -> None:
        """Read stops and places; raises IllegalMove where its days are not those seen."""
        rows = held.stops.select_related("host__affiliate", "host__place").order_by("number")
        self.journey, self.edition, self.stops = held, held.edition, list(rows)
        self.seats = list(
            held.seats.live()
            .select_related("person", "journey")
            .prefetch_related("application__windows")
            .order_by("number")
        )
        if any(wish.seen != self.was(s) for s in self.stops if (wish := wishes.get(s.pk))):
            raise IllegalMove(f"{held} has been moved")
        self.now = {
            s.pk: wishes[s.pk].now if s.pk in wishes else self.was(s) for s in self.stops
        }
        self.changed = [stop for stop in self.stops if self.now[stop.pk] != self.was(stop)]

    def was(self, stop: Stop) -> Days:
        """Give the days of a stop as they are."""
        return stop.arrive, stop.leave

    @property
    def whole(self) -> Days:
        """Give the first day of the journey, and its last."""
        days = list(self.now.values())
        return min(arrive for arrive, _leave in days), max(leave for _arrive, leave in days)

    def asked_again(self) -> list[Stop]:
        """Give the stops whose host said yes to the old days, and nobody to the new ones.

        A no stands: it was said to these travellers, and it keeps its words.
        """
        agreed = any(seat.state in OPEN for seat in self.seats)
        return [stop for stop in self.changed if stop.accepted_at and not agreed]

    def collisions(self, by: Person, at: datetime) -> Iterator[Collision]:
        """Yield all that stands against the new days, in so far as `by` may know of it."""
        yield from self._rules()
        yield from self._past(at)
        yield from self._open()
        yield from self._room()
        yield from self._people(by)
        yield from self._agreed()
        yield from self._events(at)
        yield from self._offers()

    def _rules(self) -> Iterator[Collision]:
        edition, (first, last) = self.edition, self.whole
        for stop in self.changed:
            arrive, leave = self.now[stop.pk]
            if not edition.fewest_nights <= (leave - arrive).days <= edition.most_nights:
                yield Collision("nights", (stop.host.affiliate,))
        if first < edition.travel_first_day or last > edition.travel_last_day:
            yield Collision("season")
        for stop, after in pairwise(self.stops):
            if self.now[stop.pk][1] != self.now[after.pk][0]:
                yield Collision("chain", (stop.host.affiliate, after.host.affiliate))

    def _past(self, at: datetime) -> Iterator[Collision]:
        """Yield days that are over: who is there already only leaves on another day."""
        for stop in self.changed:
            place = stop.host.place
            today = day_at(place.country, place.longitude, at) if place else at.date()
            (was, left), (arrive, leave) = self.was(stop), self.now[stop.pk]
            begun = self.journey.state == State.TRAVELLING and was <= today
            late = arrive != was or min(left, leave) <= today if begun else arrive <= today
            if late:
                yield Collision("past", (stop.host.affiliate,))

    def _open(self) -> Iterator[Collision]:
        hosts = {stop.host_id for stop in self.changed}
        periods: dict[int, list[Stay]] = {}
        for row in Stay.objects.filter(host__in=hosts).order_by("period"):
            periods.setdefault(row.host_id, []).append(row)
        for stop in self.changed:
            rows = periods.get(stop.host_id, [])
            shut = (
                one
                for one in _days(*self.now[stop.pk], last=True)
                if not any(row.period.lower <= one < row.period.upper for row in rows)
            )
            if (one := next(shut, None)) is not None:
                yield Collision("open", (stop.host.affiliate,), one)

    def _room(self) -> Iterator[Collision]:
        affiliates = {stop.host.affiliate_id for stop in self.changed}
        others = Stop.objects.filter(host__affiliate__in=affiliates)
        taken = beds.taken(others.exclude(journey=self.journey))
        for stop in self.changed:
            host, nights = stop.host, beds.nights(*self.now[stop.pk])
            full = (
                night
                for night in nights
                if taken.free(host.affiliate_id, host.most_guests, night) < len(self.seats)
            )
            if (night := next(full, None)) is not None:
                yield Collision("room", (stop.host.affiliate,), night)

    def _people(self, by: Person) -> Iterator[Collision]:
        """Yield who is away; nobody by name whose place elsewhere `by` may not know of."""
        first, last = self.whole
        people = [seat.person_id for seat in self.seats]
        rows = Seat.objects.live().filter(person__in=people).exclude(journey=self.journey)
        away = rows.filter(period__startswith__lte=last, period__endswith__gt=first)
        known = list(known_to(by, away).select_related("person").order_by("pk"))
        named = {row.person_id for row in known}
        for row in known:
            yield Collision("elsewhere", (row.person,))
        for seat in self.seats:
            free = any(
                row.period.lower <= first and last < row.period.upper
                for row in seat.application.windows.all()
            )
            if seat.state in UNANSWERED and not free:
                named.add(seat.person_id)
                yield Collision("window", (seat.person,))
        if away.exclude(person__in=named).exists():
            yield Collision("away")

    def _agreed(self) -> Iterator[Collision]:
        """Yield who has said yes to the old days, and not to the new ones."""
        rows = Expectation.objects.agreed().filter(seat__journey=self.journey)
        days = {(row.seat_id, row.stop_id): row.days for row in rows}
        for seat in self.seats:
            for stop in self.changed if seat.state in OPEN else ():
                if days.get((seat.pk, stop.pk)) != self.now[stop.pk]:
                    yield Collision("agreed", (seat.person, stop.host.affiliate))

    def _events(self, at: datetime) -> Iterator[Collision]:
        rows = StopEvent.objects.filter(stop__in=self.changed, state="announced")
        for row in rows.filter(ends_at__gt=at).order_by("begins_at", "pk"):
            arrive, leave = self.now[row.stop_id]
            first, last = row.local(row.begins_at).date(), row.local(row.ends_at).date()
            if first < arrive or last > leave:
                yield Collision("event", (row.title,), first)

    def _offers(self) -> Iterator[Collision]:
        """Yield whose offer would still be open when the journey, now earlier, begins."""
        first, _last = self.whole
        earlier = first < min(stop.arrive for stop in self.stops)
        for seat in self.seats if earlier else ():
            offered = seat.state == Seat.State.OFFERED and seat.reply_by
            if offered and offered.astimezone(UTC).date() >= first:
                yield Collision("reply", (seat.person,), seat.reply_day)


def _days(first: date, end: date, *, last: bool = False) -> Iterator[date]:
    """Yield the nights between two days, or the days with the last one."""
    for number in range((end - first).days + last):
        yield first + timedelta(days=number)


def _write(plan: Plan, again: Iterable[Stop]) -> None:
    """Move one stop after the other, each to where no other is any more.

    Two neighbours never wait for each other: one that comes later goes first when both are
    moved on, and last when both are moved back. In between the journey has the old days and
    the new ones, so whether somebody is in two journeys at once is asked when all are moved.
    """
    _one_journey_at_a_time("DEFERRED")
    asked = Stop.objects.filter(pk__in=[stop.pk for stop in again])
    asked.update(accepted_at=None, accepted_by=None)
    there = {stop.pk: plan.was(stop) for stop in plan.stops}
    waiting = list(plan.changed)
    while waiting:
        stop = next(one for one in waiting if _is_free(one, plan, there))
        waiting.remove(stop)
        arrive, leave = there[stop.pk] = plan.now[stop.pk]
        was = Stop.objects.filter(pk=stop.pk, arrive=stop.arrive, leave=stop.leave)
        if not was.update(arrive=arrive, leave=leave):
            raise IllegalMove(f"{stop} has been moved")
        stop.arrive, stop.leave = arrive, leave
    _one_journey_at_a_time("IMMEDIATE")


def _one_journey_at_a_time(when: Literal["DEFERRED", "IMMEDIATE"]) -> None:
    """Let PostgreSQL ask later whether somebody is in two journeys at once, or now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS seat_one_journey_at_a_time {when}")


def _is_free(stop: Stop, plan: Plan, there: Mapping[int, Days]) -> bool:
    """Say whether a stop can go to its new days before the others have gone to theirs."""
    arrive, leave = plan.now[stop.pk]
    return all(
        there[other.pk][1] <= arrive
        if other.number < stop.number
        else leave <= there[other.pk][0]
        for other in plan.stops
        if other != stop
    )


def _follow(held: Journey, plan: Plan, *, at: datetime) -> None:
    """Let weeks, lists and trainings follow; raises Collides where a training ends before."""
    weeks.note(held, at=at)
    checklists.follow(held)
    settled = [seat for seat in plan.seats if seat.state in {"confirmed", "travelling"}]
    for seat in settled:
        seat.refresh_from_db(fields=["period"])
    untrained = training.open_for(settled)
    if untrained:
        raise Collides(
            [
                Collision("training", (seat.person, one))
                for seat in settled
                for one in untrained.get(seat.pk, ())
            ]
        )


def _note(held: Journey, before: list[tuple[Stop, Days]], by: Person, *, at: datetime) -> None:
    """Write a row of history with the days that were, and write to whoever knew of them."""
    was = [[stop.number, *(day.isoformat() for day in days)] for stop, days in before]
    what = JourneyEvent.What.MOVED
    JourneyEvent.objects.create(journey=held, by=by, what=what, at=at, before=was)
    if held.state != State.PROPOSED:
        notices.moved(held, [stop.pk for stop, _days in before], at=at)


def _moved(
    held: Journey, plan: Plan, before: list[tuple[Stop, Days]], again: list[Stop]
) -> Moved:
    """Gather what has changed."""
    proposed = held.state == State.PROPOSED
    km = sum(leg.km for leg in Leg.objects.filter(journey=held))
    return Moved(
        before,
        [seat for seat in plan.seats if seat.state != Seat.State.PROPOSED],
        [] if proposed else again,
        sum(stop.nights - (days[1] - days[0]).days for stop, days in before),
        len(plan.seats),
        round(km),
        Leg.objects.emitted({held.pk: len(plan.seats)}),
    )
