"""When a place is given up: the next in line who fits is proposed, and organisers offer it."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from capx.states import IllegalMove
from grandtour.actions.apart import must_be_free
from grandtour.actions.journeys import OFFERABLE
from grandtour.models import Application, Edition, Journey, JourneyEvent, Seat
from grandtour.models.seats import FREED
from grandtour.planning import problem as asked
from grandtour.planning.line import line
from grandtour.planning.problem import Problem
from grandtour.plans import standing
from grandtour.plans.accepting import propose
from grandtour.plans.room import WAIT, Room, room_of
from volunteers.models import Block, Person
from volunteers.reminders.rows import attempt

OPEN = OFFERABLE
# Also whom an organiser chooses must keep these; their own locks they may put aside.
BINDING = {"money_budget", "carbon_budget", "guests", "keep"}


def follow(now: datetime) -> int:
    """Look for the next in line for every place that was given up; say how many were found.

    Each is tried once a day until somebody is found or the journey begins. What goes wrong
    with one stops no other.
    """
    freed = (
        Seat.objects.freed(now).select_related("journey__edition").order_by("ended_at", "pk")
    )
    found: list[Seat] = []
    for seat in freed:
        if attempt(seat, partial(_claim, now=now)):
            attempt(seat, partial(_follow, found=found, now=now))
    return len(found)


def _claim(seat: Seat, *, now: datetime) -> None:
    """Let this run look: nobody else does for a day, whatever happens.

    Raises IllegalMove where another run does.
    """
    _hold(seat.journey)
    if not Seat.objects.freed(now).filter(pk=seat.pk).update(tried_at=now):
        raise IllegalMove(f"{seat} is looked after")


def _follow(seat: Seat, *, found: list[Seat], now: datetime) -> None:
    """Propose the place to the best of those who fit, and add it to `found`.

    Whoever would break the budget or what was agreed beforehand is passed over, and it is noted
    why. The edition is read anew for each: others act between two of them. Raises IllegalMove
    where somebody has been placed by hand meanwhile.
    """
    journey, mine = _hold(seat.journey), Seat.objects.filter(pk=seat.pk, followed_at=None)
    if not mine.exists():
        raise IllegalMove(f"{seat} is filled")
    if journey.state not in OPEN or _begun(journey, timezone.localdate(now)):
        mine.update(followed_at=now)
        return
    room = room_of(journey.edition)
    passed: dict[str, str] = {}
    for planned in line_of(journey, room):
        if why := room.against(journey, planned):
            passed[planned.seats[0].traveller] = why
            continue
        made = _propose(journey, planned)
        if made is None:  # taken elsewhere meanwhile, or away on these days
            continue
        mine.update(followed_at=now, passed_over=passed)
        _note(made, JourneyEvent.What.NEXT, None, at=now)
        found.append(made)
        return
    mine.update(passed_over=passed)


def _hold(journey: Journey) -> Journey:
    """Lock an edition before its journeys, and a journey before its places, as triggers do."""
    Edition.objects.hold(journey.edition_id)
    rows = Journey.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("edition").get(pk=journey.pk)


def _propose(journey: Journey, planned: asked.Journey) -> Seat | None:
    """Propose a place to whom a planned journey is for; None where it is not free for them."""
    rows = Application.objects.filter(state__in=WAIT)
    application = rows.filter(pk=int(planned.seats[0].traveller[1:])).first()
    if application is None:
        return None
    try:
        with transaction.atomic():
            return propose(journey, application, planned.legs)
    except IntegrityError:
        return None


class DoesNotFit(Exception):
    """Languages, days, distance or countries speak against it, or there is no room.

    `why`: the rule, where it is one of money, carbon, beds, or what was agreed beforehand.
    """

    def __init__(self, why: str = "") -> None:
        """Keep the rule."""
        super().__init__(why)
        self.why = why


@transaction.atomic
def by_hand(
    journey: Journey, application: Application, because: str, by: Person, *, at: datetime
) -> Seat:
    """Propose a place to somebody whom an organiser chose; raises DoesNotFit, NotYours.

    `because`: why two of one country travel together, or with a host at home.
    """
    held = _hold(journey)
    if held.state not in OPEN or _begun(held, timezone.localdate(at)):
        raise DoesNotFit
    hosts = held.stops.values_list("host", flat=True)
    must_be_free(by, held.edition, [application.pk], list(hosts))
    if kept_apart(held).filter(pk=application.person_id).exists():
        raise DoesNotFit
    key = f"a{application.pk}"
    excepted = frozenset({key} if because else ())
    room = room_of(held.edition)
    fitting = _fitting(held, room.problem, frozenset({key}), excepted)
    if not fitting:
        raise DoesNotFit
    if (why := room.against(held, fitting[0])) in BINDING:
        raise DoesNotFit(why)
    try:
        with transaction.atomic():
            made = propose(held, application, fitting[0].legs, because)
    except (IntegrityError, ValueError) as refused:  # no number is free, or no bed
        raise DoesNotFit from refused
    # It is one of those that were given up; which one does not matter.
    waiting = held.seats.filter(state__in=FREED, followed_at=None).order_by("ended_at", "pk")
    Seat.objects.filter(pk__in=waiting.values("pk")[:1]).update(followed_at=at)
    _note(made, JourneyEvent.What.PROPOSED, by, at=at)
    return made


def _note(seat: Seat, what: str, by: Person | None, *, at: datetime) -> None:
    """Write a row of history about a place."""
    JourneyEvent.objects.create(journey=seat.journey, seat=seat, by=by, what=what, at=at)


def _begun(journey: Journey, day: date) -> bool:
    """Say whether a journey has begun already."""
    return journey.period is None or journey.period.lower <= day


def line_of(journey: Journey, room: Room) -> list[asked.Journey]:
    """Give the journey with each of those who wait and fit, the short list first, then best.

    In both parts whoever agreed with one of its hosts beforehand comes first.
    """
    waits = _waiting(journey)
    short = [f"a{pk}" for pk, state in waits if state == Application.State.SHORTLISTED]
    rest = [f"a{pk}" for pk, state in waits if state == Application.State.WAITING]
    both = [_fitting(journey, room.problem, frozenset(keys)) for keys in (short, rest) if keys]
    hosts = {stop.stay for stop in standing.stops_of(journey)}
    return [
        planned
        for line in both
        for planned in sorted(
            line,
            key=lambda one: hosts.isdisjoint(room.hosts_agreed_with(one.seats[0].traveller)),
        )
    ]


def _fitting(
    journey: Journey,
    problem: Problem,
    keys: frozenset[str],
    excepted: frozenset[str] = frozenset(),
) -> list[asked.Journey]:
    """Give the journey with each of some people who fit it."""
    stops = standing.stops_of(journey)
    planned = next(iter(standing.as_planned([journey])), asked.Journey(stops, ()))
    rules = replace(problem.rules, excepted=problem.rules.excepted | excepted)
    return line(replace(problem, rules=rules), planned, keys)


def kept_apart(journey: Journey) -> QuerySet[Person]:
    """Keep who has blocked somebody in a journey, or is blocked by them; nobody is told."""
    there = journey.seats.live().values("person")
    has = Block.objects.filter(blocked__in=there).values("person")
    is_by = Block.objects.filter(person__in=there).values("blocked")
    found: QuerySet[Person] = Person.objects.filter(Q(pk__in=has) | Q(pk__in=is_by))
    return found


def _waiting(journey: Journey) -> list[tuple[int, str]]:
    """List who has no place, and was not in this journey before."""
    rows = journey.edition.applications.filter(state__in=WAIT)
    rows = rows.exclude(seats__number__isnull=False).exclude(seats__journey=journey)
    rows = rows.exclude(person__in=kept_apart(journey))
    return list(rows.values_list("pk", "state"))
