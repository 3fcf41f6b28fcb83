"""What whoever takes over a place must leave whole: money, carbon, and what was agreed on.

It asks the planner's own questions (`verify`) of the journeys as they stand, and of the same
with one more traveller: what is broken only then speaks against them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from grandtour.actions.journeys import OFFERABLE
from grandtour.models import Application, Edition, Journey, Plan, Seat, beds
from grandtour.planning import problem as asked
from grandtour.planning.line import priced
from grandtour.planning.problem import Locks, Pin, Problem
from grandtour.planning.verify import OF_ONE_MORE, Broken, broken
from grandtour.planning.written import read
from grandtour.plans import budget, private, standing
from grandtour.plans.reading import rules, stays, travellers, with_agreements

WAIT = [Application.State.SHORTLISTED, Application.State.WAITING]


@dataclass(frozen=True)
class Room:
    """An edition with everybody who travels or waits, and its journeys as they stand.

    What a place costs stands with it until it is confirmed; then it is spent. `full` are the
    journeys, by number, in which a host has no bed for one more, whoever sleeps there.
    """

    problem: Problem
    stands: tuple[asked.Journey, ...]
    full: frozenset[int] = frozenset()

    def hosts_agreed_with(self, key: str) -> set[str]:
        """Give the hosts with whom somebody has agreed beforehand, or is to stay."""
        return {pin.stay for pin in self.problem.locks.keep if pin.traveller == key}

    def against(self, journey: Journey, planned: asked.Journey) -> str:
        """Name the rule that a journey would break with one more; '' where it breaks none.

        `planned`: the journey with them alone in it.
        """
        if journey.pk in self.full:
            return "guests"
        there = next(iter(standing.as_planned([journey])), replace(planned, seats=()))
        same = (one for one in self.stands if _are_one(one, there))
        before = next(same, there)
        others = tuple(one for one in self.stands if one is not before)
        more = replace(before, seats=(*before.seats, *planned.seats))
        now, then = self._broken((*others, before)), self._broken((*others, more))
        return next((one.rule for one in then if one not in now), "")

    def _broken(self, journeys: tuple[asked.Journey, ...]) -> list[Broken]:
        """Give what some journeys break; who is in none of them keeps no agreement there."""
        travel = {key for one in journeys for key in one.travellers}
        locks = self.problem.locks
        kept = tuple(pin for pin in locks.keep if pin.traveller in travel)
        problem = replace(self.problem, locks=replace(locks, keep=kept))
        return broken(problem, asked.Plan.of(journeys), OF_ONE_MORE)


def _are_one(one: asked.Journey, other: asked.Journey) -> bool:
    """Say whether the same people travel the same stops in both."""
    return one.stops == other.stops and one.travellers == other.travellers


def room_of(edition: Edition) -> Room:
    """Read what is left in an edition, and which locks of its last plan hold."""
    everybody = [*WAIT, Application.State.PLACED, Application.State.CONFIRMED]
    people = tuple(travellers(edition, edition.applications.filter(state__in=everybody)))
    hosts = tuple(stays(edition))
    accepted = edition.plans.filter(state=Plan.State.ACCEPTED).first()
    locks = read(Locks, accepted.locks) if accepted and accepted.locks else Locks()
    known = (accepted and accepted.problem) or {}
    loose = [read(Pin, pin) for pin, _why in known.get("loose", [])]
    live = standing.live(edition)
    journeys = [one for one in live if one.state in OFFERABLE]
    problem = Problem(
        people,
        hosts,
        rules(edition, 1),
        with_agreements(
            edition, locks, {one.key for one in people}, {h.key for h in hosts}, loose
        ),
        before=standing.as_planned(journeys),
    )
    stands, unpriced = priced(problem)
    stands = tuple(_to_be_paid(one, journeys) for one in stands)
    money = budget.to_follow_with(edition)
    held = replace(
        problem.rules,
        money_budget=None if money is None else money - unpriced * problem.rules.promised,
        carbon_budget=budget.carbon(edition).left + asked.Plan.of(stands).grams,
    )
    problem = replace(problem, rules=held, private=private.pairs(problem))
    return Room(problem, stands, _full(live, hosts))


def _full(journeys: Iterable[Journey], hosts: Iterable[asked.Stay]) -> frozenset[int]:
    """Give the journeys in which a host has no bed for one more."""
    limits = {stay.key: stay.limit for stay in hosts}
    gone = Counter({(stay.key, night): n for stay in hosts for night, n in stay.taken})
    nights: dict[int, list[tuple[str, date]]] = {}
    for one in journeys:
        stops = [stop for stop in standing.stops_of(one) if stop.stay in limits]
        own = [(stop.stay, n) for stop in stops for n in beds.nights(stop.arrive, stop.leave)]
        nights[one.pk] = own
        gone.update(dict.fromkeys(own, len(standing.seated(one))))
    return frozenset(
        pk
        for pk, own in nights.items()
        if any(gone[night] >= limits[night[0]] for night in own)
    )


def _to_be_paid(planned: asked.Journey, journeys: list[Journey]) -> asked.Journey:
    """Leave out what is spent already of a journey: its places and venues, once confirmed."""
    stops = planned.stops
    paid = {
        f"a{seat.application_id}"
        for one in journeys
        if one.state == Journey.State.CONFIRMED and standing.stops_of(one) == stops
        for seat in standing.seated(one)
        if seat.state == Seat.State.CONFIRMED
    }
    if not paid:
        return planned
    seats = [replace(s, cost=0) if s.traveller in paid else s for s in planned.seats]
    return replace(planned, seats=tuple(seats), venue_cost=0)
