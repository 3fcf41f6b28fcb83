"""The journeys of an edition as they stand, in the planner's words.

Those that are confirmed, travelled or over are settled: no plan touches them, and what they use
of hosts and carbon is gone. So is one to which somebody has said yes, and that begins sooner
than a plan could. The others can be planned anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from grandtour.models import Application, Edition, Host, Journey, Leg, Seat, Stop, beds
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.routes import open_on
from grandtour.plans.traits import traits_of

State = Journey.State
OPEN = [State.PROPOSED, State.OFFERED]
# Somebody whose answer is a yes keeps their journey, whatever is planned anew.
SAID_YES = {Seat.State.ACCEPTED, Seat.State.AGREED}


@dataclass(frozen=True)
class Standing:
    """What of an edition is settled, and what can be planned anew."""

    settled: list[Journey]
    open: list[Journey]


def standing(edition: Edition, first: date) -> Standing:
    """Read the journeys that are to be travelled, or were, with their stops and places.

    `first`: the day on which one of a plan could begin.
    """
    rows = live(edition)
    still = set(open_in(edition, first).values_list("pk", flat=True))
    return Standing(
        [row for row in rows if row.pk not in still],
        [row for row in rows if row.pk in still],
    )


def open_in(edition: Edition, first: date) -> QuerySet[Journey]:
    """Keep the journeys that can be planned anew by a plan whose own begin on a day, or later.

    One that begins before, on days to which it was moved, stays with who said yes to it, unless
    a host said no.
    """
    yes = Seat.objects.filter(journey=OuterRef("pk"), state__in=SAID_YES)
    no = Stop.objects.filter(journey=OuterRef("pk"), refused_at__isnull=False)
    return Journey.objects.filter(
        ~Exists(yes) | Exists(no) | Q(period__startswith__gte=first),
        edition=edition,
        state__in=OPEN,
    )


def live(edition: Edition) -> list[Journey]:
    """Read the journeys that nobody has called off, with their stops and places."""
    rows = Journey.objects.live().filter(edition=edition)
    return list(rows.prefetch_related("stops", "seats").order_by("number", "pk"))


def ordered(journey: Journey) -> list[Stop]:
    """Give the stops of a journey in order."""
    return sorted(journey.stops.all(), key=lambda stop: stop.number)


def stops_of(journey: Journey) -> tuple[asked.Stop, ...]:
    """Give the stops of a journey in order, as the planner writes them."""
    return tuple(
        asked.Stop(f"h{row.host_id}", row.arrive, row.leave) for row in ordered(journey)
    )


def is_refused(journey: Journey) -> bool:
    """Say whether a host of a journey has said no."""
    return any(stop.refused_at for stop in journey.stops.all())


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


def answered(
    journeys: Iterable[Journey], stays: Mapping[str, asked.Stay]
) -> tuple[frozenset[str], frozenset[str]]:
    """Give who said yes to a journey that can be as it is, and who to one that cannot."""
    bound: set[str] = set()
    promised: set[str] = set()
    for journey in journeys:
        yes = {f"a{s.application_id}" for s in seated(journey) if s.state in SAID_YES}
        (bound if _can_be(journey, stays) else promised).update(yes)
    return frozenset(bound), frozenset(promised)


def on_their_days(
    people: Iterable[asked.Traveller], before: Iterable[asked.Journey], bound: frozenset[str]
) -> tuple[asked.Traveller, ...]:
    """Let whoever is bound travel on the days of their journey, whatever days they named.

    They have agreed on these since, with their hosts.
    """
    days = {
        key: asked.Window(journey.stops[0].arrive, journey.stops[-1].leave)
        for journey in before
        for key in journey.travellers
        if key in bound
    }
    return tuple(_also_on(one, days.get(one.key)) for one in people)


def _also_on(one: asked.Traveller, days: asked.Window | None) -> asked.Traveller:
    if days is None or any(own.holds(days.first, days.last) for own in one.windows):
        return one
    return replace(one, windows=(*one.windows, days))


def _can_be(journey: Journey, stays: Mapping[str, asked.Stay]) -> bool:
    """Say whether every host still takes part, is open, and has not said no."""
    stops = stops_of(journey)
    return (
        not is_refused(journey)
        and bool(stops)
        and all(stop.stay in stays and _open(stays[stop.stay], stop) for stop in stops)
    )


def _open(stay: asked.Stay, stop: asked.Stop) -> bool:
    """Say whether a host is open from the first day of a stop to its last."""
    length = (stop.leave - stop.arrive).days
    return all(open_on(stay, stop.arrive + timedelta(number)) for number in range(length + 1))


def refused(edition: Edition, locks: Locks) -> list[Pin]:
    """Give whom no plan brings to a host that said no to them, unless organisers lock it.

    That was said about the group as it was then: who was in it is not asked for again.
    """
    rows = Stop.objects.filter(
        Q(journey__seats__number__isnull=False)
        | Q(journey__seats__ended_at__gte=F("refused_at")),
        journey__edition=edition,
        refused_at__isnull=False,
    )
    pairs = rows.order_by("pk").values_list("journey__seats__application", "host").distinct()
    pins = {Pin(f"a{application}", f"h{host}") for application, host in pairs}
    wanted = {pin.stay for pin in locks.keep if not pin.traveller} | {*locks.keep}
    return sorted(
        (pin for pin in pins if pin not in wanted and pin.stay not in wanted),
        key=lambda pin: (pin.traveller, pin.stay),
    )


def elsewhere(edition: Edition) -> beds.Beds:
    """Read who is with the affiliates that host an edition by journeys of other editions."""
    theirs = edition.hosts.filter(state=Host.State.ACCEPTED).values("affiliate")
    stops = Stop.objects.filter(
        host__affiliate__in=theirs,
        arrive__lt=edition.travel_last_day,
        leave__gt=edition.travel_first_day,
    )
    return beds.taken(stops.exclude(journey__edition=edition))


@dataclass(frozen=True)
class Used:
    """What settled journeys use: groups and nights of hosts by key, carbon, travellers.

    `traits` counts those of the travellers whom each share is for.
    """

    groups: Counter[str] = field(default_factory=Counter)
    nights: Mapping[str, Counter[date]] = field(default_factory=dict)
    grams: int = 0
    travellers: int = 0
    traits: Counter[str] = field(default_factory=Counter)

    def spare(self, trait: str, percent: int) -> int:
        """Give by how many hundredths of a traveller those with a trait exceed its share."""
        return max(0, 100 * self.traits[trait] - percent * self.travellers)


def used(settled: list[Journey], chosen: Mapping[str, int]) -> Used:
    """Count what settled journeys use; `chosen`: travellers of others by country."""
    groups: Counter[str] = Counter()
    nights: defaultdict[str, Counter[date]] = defaultdict(Counter)
    guests = {journey.pk: len(seated(journey)) for journey in settled}
    for journey in settled:
        for stop in stops_of(journey):
            groups[stop.stay] += 1
            for night in beds.nights(stop.arrive, stop.leave):
                nights[stop.stay][night] += guests[journey.pk]
    there = [seat.application_id for journey in settled for seat in seated(journey)]
    rows = Application.objects.filter(pk__in=there).select_related("affiliate")
    traits = Counter(trait for row in rows for trait in traits_of(row, chosen))
    return Used(groups, nights, Leg.objects.emitted(guests), len(there), traits)
