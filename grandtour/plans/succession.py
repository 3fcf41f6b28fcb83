"""When a place is given up: the next in line who fits is proposed, and organisers offer it."""

from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from grandtour.models import Application, Edition, Journey, JourneyEvent, Seat
from grandtour.planning import problem as asked
from grandtour.planning.line import line
from grandtour.planning.problem import Locks, Problem
from grandtour.plans import standing
from grandtour.plans.accepting import propose
from grandtour.plans.reading import rules, stays, travellers
from volunteers.models import Person

WAIT = [Application.State.SHORTLISTED, Application.State.WAITING]
OPEN = [Journey.State.PROPOSED, Journey.State.OFFERED]


def follow(now: datetime) -> int:
    """Look for the next in line for every place that was given up; say how many were found."""
    freed = Seat.objects.freed().select_related("journey__edition").order_by("ended_at", "pk")
    return sum(_follow(seat, now) for seat in freed)


@transaction.atomic
def _follow(seat: Seat, now: datetime) -> bool:
    """Propose the place to the best of those who fit, once; say whether there was somebody."""
    _hold(seat.edition_id)
    mine = Seat.objects.freed().filter(pk=seat.pk)
    if not mine.update(followed_at=now):
        return False
    journey = seat.journey
    if journey.state not in OPEN or _begun(journey, now.date()):
        return False
    for planned in _line(journey):
        key = planned.seats[0].traveller
        application = Application.objects.get(pk=int(key[1:]))
        try:
            with transaction.atomic():
                made = propose(journey, application, planned.legs)
        except IntegrityError:  # taken elsewhere meanwhile, or away on these days
            continue
        JourneyEvent.objects.create(
            journey=journey, seat=made, what=JourneyEvent.What.NEXT, at=now
        )
        return True
    return False


class DoesNotFit(Exception):
    """Languages, days, distance or countries speak against it, or there is no room."""


@transaction.atomic
def by_hand(
    journey: Journey, application: Application, because: str, by: Person, *, at: datetime
) -> Seat:
    """Propose a place to somebody whom an organiser chose; raises DoesNotFit.

    `because`: why two of one country travel together, or with a host at home.
    """
    _hold(journey.edition_id)
    held = Journey.objects.select_for_update(no_key=True).get(pk=journey.pk)
    if held.state not in OPEN or _begun(held, at.date()):
        raise DoesNotFit
    key = f"a{application.pk}"
    fitting = _fitting(held, frozenset({key}), frozenset({key} if because else ()))
    if not fitting:
        raise DoesNotFit
    try:
        with transaction.atomic():
            made = propose(held, application, fitting[0].legs, because)
    except (IntegrityError, ValueError) as refused:  # no number is free, or no bed
        raise DoesNotFit from refused
    JourneyEvent.objects.create(
        journey=held, seat=made, by=by, what=JourneyEvent.What.PROPOSED, at=at
    )
    return made


def _hold(edition: int) -> None:
    """Lock an edition before its journeys, as triggers do when somebody gets a place."""
    Edition.objects.select_for_update(no_key=True).get(pk=edition)


def _begun(journey: Journey, day: date) -> bool:
    """Say whether a journey has begun already."""
    return journey.period is None or journey.period.lower <= day


def _line(journey: Journey) -> list[asked.Journey]:
    """Give the journey with each of those who wait and fit, the short list first, then best."""
    waits = _waiting(journey)
    short = [f"a{pk}" for pk, state in waits if state == Application.State.SHORTLISTED]
    rest = [f"a{pk}" for pk, state in waits if state == Application.State.WAITING]
    return [*_fitting(journey, frozenset(short)), *_fitting(journey, frozenset(rest))]


def _fitting(
    journey: Journey, keys: frozenset[str], excepted: frozenset[str] = frozenset()
) -> list[asked.Journey]:
    """Give the journey with each of some people who fit it."""
    edition = journey.edition
    stops = standing.stops_of(journey)
    stands = standing.as_planned(standing.live(edition))
    planned = next((one for one in stands if one.stops == stops), asked.Journey(stops, ()))
    problem = _problem(edition)
    rules = replace(problem.rules, excepted=problem.rules.excepted | excepted)
    return line(replace(problem, rules=rules), planned, keys)


def _waiting(journey: Journey) -> list[tuple[int, str]]:
    """List who has no place, and was not in this journey before."""
    rows = journey.edition.applications.filter(state__in=WAIT)
    rows = rows.exclude(seats__number__isnull=False).exclude(seats__journey=journey)
    return list(rows.values_list("pk", "state"))


def _problem(edition: Edition) -> Problem:
    """Read an edition with everybody who travels or waits."""
    everybody = [*WAIT, Application.State.PLACED, Application.State.CONFIRMED]
    return Problem(
        tuple(travellers(edition, edition.applications.filter(state__in=everybody))),
        tuple(stays(edition)),
        rules(edition, 1),
        Locks(),
    )
