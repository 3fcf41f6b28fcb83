"""From pairs that were chosen to journeys with dates, legs and places, and back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise

from grandtour.planning import carbon
from grandtour.planning.dates import others
from grandtour.planning.pairs import Pairs
from grandtour.planning.problem import (
    Journey,
    Leg,
    Mode,
    Prices,
    Problem,
    Seat,
    Stay,
    Terms,
    Traveller,
)
from grandtour.planning.relaxation import Relaxed
from grandtour.planning.routes import Atlas, Route, candidates, day
from grandtour.planning.rows import HUNDRED, KG, Rows

FEW_ROUTES, MOST_DATES = 1000, 50_000


@dataclass(frozen=True)
class Chosen:
    """The pairs of a plan, and what they are numbers of."""

    problem: Problem
    atlas: Atlas
    pairs: Pairs
    chosen: tuple[int, ...]


def journeys_of(chosen: Chosen) -> tuple[Journey, ...]:
    """Give the journeys in the order of their first day, then of their stays."""
    pairs = chosen.pairs
    members: dict[int, list[int]] = {}
    for pair in chosen.chosen:
        members.setdefault(int(pairs.route[pair]), []).append(int(pairs.traveller[pair]))
    made = [_journey(chosen, route, sorted(who)) for route, who in members.items()]
    return tuple(sorted(made, key=lambda one: [(s.arrive, s.stay) for s in one.stops]))


def _journey(chosen: Chosen, number: int, who: list[int]) -> Journey:
    problem, pairs, route = chosen.problem, chosen.pairs, chosen.pairs.routes[number]
    people = [problem.travellers[one] for one in who]
    shared = [chosen.atlas.legs[way] for way in pairwise(route.stays)]
    own = [leg for one in people for leg in home_legs(problem, route, one)]
    return Journey(
        route.stops(problem),
        tuple(seat_of(problem, route, one, shared) for one in people),
        (*shared, *own),
        route.language,
        int(pairs.venue_cost[number]),
        int(pairs.venue_worth[number]),
    )


def home_legs(problem: Problem, route: Route, one: Traveller) -> Iterator[Leg]:
    """Yield a traveller's way to the first stop and from the last one home."""
    out = carbon.leg(one, problem.stays[route.stays[0]], problem.rules)
    home = carbon.leg(one, problem.stays[route.stays[-1]], problem.rules)
    if out and home:
        yield out
        yield carbon.back(home)


def seat_of(problem: Problem, route: Route, one: Traveller, shared: list[Leg]) -> Seat:
    """Give a traveller's place on a route: what it is worth, emits, and costs."""
    weights, stays = problem.rules.weights, [problem.stays[stay] for stay in route.stays]
    legs = [*shared, *home_legs(problem, route, one)]
    grams = sum(leg.grams for leg in legs)
    wished = wished_cost(problem, route, one)
    cost, counted = (cost_of(problem, route, one, legs, less) for less in (0, wished))
    terms = Terms(
        score=round(weights.score * one.score),
        fit=sum(round(weights.fit * fits(one, stay)) for stay in stays),
        first_time=round(weights.first_time * one.first_time),
        own=one.worth,
        carbon=-round(weights.carbon * grams / 1000),
        cost=-round(weights.cost * counted / 100),
        nights=-round(weights.nights * off_the_wish(route, one)),
    )
    return Seat(one.key, terms, grams, sum(leg.grams_plain for leg in legs), cost)


def fits(one: Traveller, stay: Stay) -> int:
    """Count the skills that a traveller can learn at a stay, and those they can teach there."""
    return len(one.wants & stay.shares) + len(one.brings & stay.wants)


def off_the_wish(route: Route, one: Traveller) -> int:
    """Count the nights more or less than a traveller wishes to stay, over all stops."""
    ends = zip(route.arrive, route.leave, strict=True)
    return sum(abs(leave - arrive - one.nights) for arrive, leave in ends if one.nights)


def wished_cost(problem: Problem, route: Route, one: Traveller) -> int:
    """Give what nights cost beyond the fewest as long as somebody wishes for them.

    They are paid like all others, and do not count against who is chosen.
    """
    ends = zip(route.stays, route.arrive, route.leave, strict=True)
    return sum(
        problem.stays[stay].night_cost
        * max(0, min(one.nights, leave - arrive) - problem.rules.nights_min)
        for stay, arrive, leave in ends
    )


def cost_of(
    problem: Problem, route: Route, one: Traveller, legs: list[Leg], less: int = 0
) -> int:
    """Give what a place costs: travel by Erasmus+ unit costs, and nights; what is promised.

    `less` is taken off beforehand.
    """
    stays = [problem.stays[stay] for stay in route.stays]
    low = sum(leg.km for leg in legs if leg.mode in carbon.GREEN)
    other = sum(leg.km for leg in legs if leg.mode in {Mode.CAR, Mode.PLANE})
    farthest = max(carbon.distance(one, stay) for stay in stays)
    nights = [leave - arrive for arrive, leave in zip(route.arrive, route.leave, strict=True)]
    cost = carbon.unit_cost(farthest, green=carbon.is_green(low, other)) + sum(
        stay.night_cost * number for stay, number in zip(stays, nights, strict=True)
    )
    return max(cost - less, problem.rules.promised)


def earlier(problem: Problem, atlas: Atlas) -> Iterator[Route]:
    """Yield the routes of the journeys of before, where their stays still take part."""
    number = {stay.key: at for at, stay in enumerate(problem.stays)}
    first, times = problem.rules.first_day, Counter[Route]()
    for journey in problem.before:
        stays = tuple(number[stop.stay] for stop in journey.stops if stop.stay in number)
        ways = pairwise(stays)
        if len(stays) == len(journey.stops) and all(way in atlas.legs for way in ways):
            arrive = tuple((stop.arrive - first).days for stop in journey.stops)
            leave = tuple((stop.leave - first).days for stop in journey.stops)
            if dates_hold(atlas, stays, arrive, leave):
                route = Route(stays, arrive, leave, journey.language)
                yield replace(route, twin=times[route])
                times[route] += 1


def twins(problem: Problem, routes: Iterable[Route]) -> Iterator[Route]:
    """Yield routes again for as many groups as all their hosts could take at once."""
    least = problem.rules.group_min
    for route in routes:
        hosts = [problem.stays[stay] for stay in route.stays]
        most = min(min(host.groups, host.limit // least) for host in hosts)
        yield from (replace(route, twin=number) for number in range(1, most))


@dataclass(frozen=True)
class Looked:
    """The routes that end first, and whether these are all; their other dates if not too many.

    Other dates may be needed where groups share a host; None: nobody has looked at them.
    """

    routes: list[Route]
    complete: bool
    dates: list[Route] | None

    @property
    def few(self) -> list[Route]:
        """Give the routes with all dates, where that makes few of them."""
        every = [*self.routes, *(self.dates or ())]
        return every if len(every) <= FEW_ROUTES else self.routes


def every_route(
    problem: Problem,
    atlas: Atlas,
    most: int,
    cancelled: Callable[[], bool] = lambda: False,
) -> Looked:
    """Give the routes of before and the candidates, with their other dates: so many at most."""
    routes, complete = candidates(atlas, most, cancelled)
    known = dict.fromkeys([*earlier(problem, atlas), *routes])
    later = (one for route in routes for one in others(atlas, route) if not cancelled())
    more = (two for one in later for two in (one, *twins(problem, [one])))
    room = min(most - len(routes), MOST_DATES)
    every = chain(twins(problem, known), more)
    dates = list(islice(every, room + 1)) if complete else []
    whole = complete and len(dates) <= room
    return Looked(
        list(known), complete, [one for one in dates if one not in known] if whole else None
    )


def dates_hold(
    atlas: Atlas, stays: tuple[int, ...], arrive: tuple[int, ...], leave: tuple[int, ...]
) -> bool:
    """Say whether stays are still open on the days of a journey of before.

    Its own guests have their beds there, however few are left for others.
    """
    return all(
        atlas.usable[stay] and begin >= 0 and atlas.open[stay].get(end - begin, 0) >> begin & 1
        for stay, begin, end in zip(stays, arrive, leave, strict=True)
    )


def prices_of(rows: Rows, relaxed: Relaxed) -> Prices:
    """Name the prices of the relaxation, in points for one of each."""
    problem, prices, people = rows.problem, relaxed.prices, rows.people
    first, shares = problem.rules.first_day, problem.rules.shares
    nights = prices[people + rows.stays : rows.extra]
    journeys, carbon_price, money = prices[rows.extra : rows.extra + 3]
    of_shares = prices[rows.extra + 3 : rows.extra + 3 + len(shares)]
    return Prices(
        {one.key: float(p) for one, p in zip(problem.travellers, prices, strict=False) if p},
        {s.key: float(p) for s, p in zip(problem.stays, prices[people:], strict=False) if p},
        {
            (problem.stays[stay].key, day(first, number)): float(price)
            for (stay, number), price in zip(rows.nights, nights, strict=True)
            if price
        },
        {one.trait: float(100 * p) for one, p in zip(shares, of_shares, strict=True)},
        float(journeys) + relaxed.threshold,
        float(carbon_price) / KG,
        float(money) / HUNDRED,
    )
