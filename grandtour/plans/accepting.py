"""Accepts a plan: its journeys become rows, and of what stood as little is changed as can be.

A journey whose stops and days are the same stays as it is, and so does who is in it; one that
is confirmed, under way or over is no part of it. The database refuses what breaks a rule; then
nothing of the plan is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from capx.zones import day_at
from grandtour.actions import journeys as actions
from grandtour.actions.apart import must_be_free
from grandtour.models import (
    Application,
    Edition,
    Host,
    Journey,
    JourneyEvent,
    Leg,
    Plan,
    Seat,
    Stop,
    beds,
)
from grandtour.planning import problem as asked
from grandtour.planning.carbon import FACTORS
from grandtour.planning.problem import Locks
from grandtour.planning.written import read
from grandtour.plans import private, standing
from grandtour.plans.reading import first_day, located, problem_of
from volunteers.models import Person

State = Plan.State


class Outdated(Exception):
    """Something the plan was made of has changed since, or two of it do not meet any more."""


@dataclass
class Changes:
    """What accepting a plan does to what stands: keys of applications, journeys by number."""

    settled: list[Journey] = field(default_factory=list)
    kept: list[Journey] = field(default_factory=list)
    ended: list[Journey] = field(default_factory=list)
    begun: list[asked.Journey] = field(default_factory=list)
    stay: list[str] = field(default_factory=list)
    leave: list[Seat] = field(default_factory=list)
    come: list[str] = field(default_factory=list)
    move: list[str] = field(default_factory=list)
    pairs: list[tuple[Journey, asked.Journey]] = field(default_factory=list)


def changes(edition: Edition, plan: asked.Plan, day: date) -> Changes:
    """Say what a plan that was asked for on a day would change of the journeys that stand.

    One to which a host said no is begun anew, even to the same hosts: all are asked again.
    """
    stands = standing.standing(edition, first_day(edition, day))
    found, left = Changes(settled=stands.settled), stands.open
    for journey in sorted(plan.journeys, key=lambda one: -_most_alike(left, one)):
        alike = [one for one in left if _is(one, journey)]
        same = max(alike, key=lambda one: _alike(one, journey), default=None)
        if same is None:
            found.begun.append(journey)
        else:
            left.remove(same)
            found.kept.append(same)
            found.pairs.append((same, journey))
    found.ended = left
    _who(found, plan)
    return found


def _is(stands: Journey, planned: asked.Journey) -> bool:
    """Say whether a journey that stands is the one that is planned."""
    return standing.stops_of(stands) == planned.stops and not standing.is_refused(stands)


def _alike(stands: Journey, planned: asked.Journey) -> int:
    """Count who is in both a journey that stands and one that is planned."""
    there = {f"a{seat.application_id}" for seat in standing.seated(stands)}
    return len(there & {*planned.travellers})


def _most_alike(left: Iterable[Journey], planned: asked.Journey) -> int:
    return max((_alike(one, planned) for one in left if _is(one, planned)), default=0)


def _who(found: Changes, plan: asked.Plan) -> None:
    """Say who stays, comes, moves and leaves."""
    travels = {seat.traveller for seat in plan.seats()}
    stands: set[str] = set()
    for journey, planned in [*found.pairs, *((one, None) for one in found.ended)]:
        there = set(planned.travellers) if planned else set()
        for seat in standing.seated(journey):
            key = f"a{seat.application_id}"
            stands.add(key)
            if key in there:
                found.stay.append(key)
            else:
                found.leave.append(seat)
                found.move += [key] if key in travels else []
    found.come = [seat.traveller for seat in plan.seats() if seat.traveller not in stands]


def decided_about(found: Changes, plan: asked.Plan) -> tuple[set[int], set[int]]:
    """Give the applications to which a plan gives a place, or whose place it takes.

    And the hosts to whom it brings a group, or to whom none comes any more.
    """
    comes = {int(seat.traveller[1:]) for seat in plan.seats()}
    visited = {int(stop.stay[1:]) for begun in found.begun for stop in begun.stops}
    missed = {stop.host_id for ended in found.ended for stop in ended.stops.all()}
    return comes | {seat.application_id for seat in found.leave}, visited | missed


@transaction.atomic
def accept(plan: Plan, by: Person, *, at: datetime) -> Changes:
    """Make a plan the one that stands.

    Raises Outdated, IllegalMove, IntegrityError; NotYours where it is left to others.
    """
    edition = Edition.objects.hold(plan.edition_id)
    _hold(edition)
    now = problem_of(edition, plan.seed, read(Locks, plan.locks), plan.day)
    planned = read(asked.Plan, plan.result)
    if private.fingerprint(now) != plan.fingerprint or private.meet(now, planned.journeys):
        raise Outdated
    found = changes(edition, planned, plan.day)
    must_be_free(by, edition, *decided_about(found, planned))
    for former in edition.plans.filter(state=State.ACCEPTED):
        former.move(State.REPLACED)
    plan.move(State.ACCEPTED, accepted_at=at, accepted_by=by)
    if _has_come(found.begun, at):
        raise Outdated
    given = actions.Given(Seat.Reason.PLAN, by=by)
    for ended in found.ended:
        actions.end(ended, given, at=at)
    for seat in found.leave:
        if seat.journey not in found.ended:
            actions.take_out(seat, given, at=at)
    for stands, planned_one in found.pairs:
        _fill(stands, planned_one, by, at=at)
    number = edition.journeys.aggregate(most=Max("number"))["most"] or 0
    for new, begun in enumerate(found.begun, number + 1):
        _begin(plan, new, begun, at=at)
    return found


def _has_come(begun: Iterable[asked.Journey], at: datetime) -> bool:
    """Say whether the first day of a journey has come where its first host is."""
    first = {int(one.stops[0].stay[1:]): one.stops[0].arrive for one in begun}
    hosts = Host.objects.filter(pk__in=first).select_related("place")
    places = [(located(host), first[host.pk]) for host in hosts]
    return any(day_at(p.country, p.longitude, at) >= arrive for p, arrive in places)


def _hold(edition: Edition) -> None:
    """Lock the journeys a plan may change, then hosts and beds, in the order of triggers."""
    open_ones = edition.journeys.filter(state__in=standing.OPEN)
    list(open_ones.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    beds.hold(edition.hosts.all())


def _begin(plan: Plan, number: int, planned: asked.Journey, *, at: datetime) -> None:
    """Write a journey with its stops, what the group travels together, and its places."""
    made = Journey.objects.create(
        edition=plan.edition, plan=plan, number=number, language=planned.language
    )
    for place, stop in enumerate(planned.stops, 1):
        Stop.objects.create(
            journey=made,
            host_id=int(stop.stay[1:]),
            number=place,
            arrive=stop.arrive,
            leave=stop.leave,
        )
    stops = {f"h{stop.host_id}": stop for stop in made.stops.all()}
    shared = [leg for leg in planned.legs if not leg.traveller]
    Leg.objects.bulk_create(leg_of(leg, made, stops) for leg in shared)
    _fill(made, planned, plan.accepted_by, at=at)


def _fill(journey: Journey, planned: asked.Journey, by: Person | None, *, at: datetime) -> None:
    """Propose places to those of a planned journey who have none in it yet."""
    seated = {f"a{seat.application_id}" for seat in journey.seats.live()}
    new = [key for key in planned.travellers if key not in seated]
    rows = Application.objects.in_bulk([int(key[1:]) for key in new])
    for key in new:
        propose(journey, rows[int(key[1:])], planned.legs)
    if new:
        JourneyEvent.objects.create(
            journey=journey, by=by, what=JourneyEvent.What.PROPOSED, at=at
        )


def propose(
    journey: Journey,
    application: Application,
    legs: tuple[asked.Leg, ...],
    because: str = "",
) -> Seat:
    """Write one place in the lowest number that is free, with the ways from home and back.

    `because`: why the rule of countries is put aside, if it is.
    """
    taken = set(journey.seats.live().values_list("number", flat=True))
    seat = Seat.objects.create(
        journey=journey,
        application=application,
        edition_id=journey.edition_id,
        person_id=application.person_id,
        number=min({*range(1, 6)} - taken),
        country=application.country,
        same_country_because=because,
    )
    stops = {f"h{stop.host_id}": stop for stop in journey.stops.all()}
    own = [leg for leg in legs if leg.traveller == f"a{application.pk}"]
    Leg.objects.bulk_create(leg_of(leg, journey, stops, seat) for leg in own)
    return seat


def leg_of(
    leg: asked.Leg, journey: Journey, stops: dict[str, Stop], seat: Seat | None = None
) -> Leg:
    """Turn a leg of a plan into a row, with its factor as it is now."""
    factor = FACTORS[leg.factor]
    return Leg(
        journey=journey,
        seat=seat,
        origin=stops.get(leg.origin),
        target=stops.get(leg.target),
        mode=leg.mode,
        because=leg.reason,
        km=round(leg.km, 1),
        grams=leg.grams,
        grams_plain=leg.grams_plain,
        factor=factor.key,
        factor_kg=factor.kg,
        factor_kg_plain=factor.kg_plain,
        source=factor.source,
        year=factor.year,
    )
