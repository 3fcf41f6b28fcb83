"""Check a plan against every rule, written from the rules' text and not from the solver.

It shares the words (`problem`) and the data (factors, unit costs) with the solver, and no
function: distances, modes, carbon, cost and worth are worked out anew, in another way.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, pairwise

from grandtour.planning import legs
from grandtour.planning.carbon import BANDS
from grandtour.planning.problem import Journey, Leg, Mode, Plan, Problem, Seat, Stay, Traveller

NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a plan breaks, and where: the travellers, stays or numbers concerned."""

    rule: str
    where: tuple[str, ...] = ()


class Book:
    """A problem and a plan side by side, looked up by key."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        """Index travellers and stays."""
        self.problem, self.plan, self.rules = problem, plan, problem.rules
        self.people = {one.key: one for one in problem.travellers}
        self.stays = {stay.key: stay for stay in problem.stays}

    def group(self, journey: Journey) -> list[Traveller]:
        """Give the travellers of a journey."""
        return [self.people[key] for key in journey.travellers]

    def hosts(self, journey: Journey) -> list[Stay]:
        """Give the stays of a journey in order."""
        return [self.stays[stop.stay] for stop in journey.stops]


Check = Callable[[Book], Iterator[Broken]]


def broken(problem: Problem, plan: Plan, checks: Iterable[Check] = ()) -> list[Broken]:
    """Give every rule that a plan breaks, or of some; nothing for a plan that holds."""
    book = Book(problem, plan)
    unknown = list(_known(book))
    return unknown or [one for check in checks or CHECKS for one in check(book)]


def _known(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        for key in journey.travellers:
            if key not in book.people:
                yield Broken("known_traveller", (key,))
        for stop in journey.stops:
            if stop.stay not in book.stays:
                yield Broken("known_stay", (stop.stay,))


def _once(book: Book) -> Iterator[Broken]:
    times = Counter(key for journey in book.plan.journeys for key in journey.travellers)
    for key, number in times.items():
        if number > 1:
            yield Broken("once", (key,))


def _size(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        if not book.rules.group_min <= len(journey.seats) <= book.rules.group_max:
            yield Broken("group_size", journey.travellers)
        if not book.rules.stops_min <= len(journey.stops) <= book.rules.stops_max:
            yield Broken("stops", tuple(stop.stay for stop in journey.stops))


def _number(book: Book) -> Iterator[Broken]:
    number, most = len(book.plan.journeys), book.rules.groups_max
    if number < book.rules.groups_min or (most is not None and number > most):
        yield Broken("groups", (str(number),))


def _countries(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        free = book.rules.excepted
        group = [one for one in book.group(journey) if one.key not in free]
        for one, other in combinations(group, 2):
            if one.country == other.country:
                yield Broken("countries", (one.key, other.key))
        for one in group:
            for stay in book.hosts(journey):
                if one.country == stay.country:
                    yield Broken("own_country", (one.key, stay.key))


def _languages(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        for one in book.group(journey):
            for stay in book.hosts(journey):
                if one.languages.isdisjoint(stay.languages):
                    yield Broken("language", (one.key, stay.key))
        sets = [one.languages for one in book.group(journey)]
        sets += [stay.languages for stay in book.hosts(journey)]
        common = frozenset.intersection(*sets)
        if book.rules.one_language and not common:
            yield Broken("one_language", journey.travellers)
        elif (book.rules.one_language or journey.language) and journey.language not in common:
            yield Broken("spoken", journey.travellers)


def _access(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        for one in book.group(journey):
            for stay in book.hosts(journey):
                if one.needs - stay.access:
                    yield Broken("access", (one.key, stay.key))


def _windows(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        first, last = journey.stops[0].arrive, journey.stops[-1].leave
        for one in book.group(journey):
            if not any(w.first <= first and last <= w.last for w in one.windows):
                yield Broken("window", (one.key,))


def _open(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        for stop in journey.stops:
            stay = book.stays[stop.stay]
            length = (stop.leave - stop.arrive).days
            for one in (stop.arrive + timedelta(days=number) for number in range(length + 1)):
                taken = any(w.first <= one <= w.last for w in stay.blocked)
                if taken or not any(w.first <= one <= w.last for w in stay.windows):
                    yield Broken("open", (stay.key, one.isoformat()))


def _dates(book: Book) -> Iterator[Broken]:
    rules, stood = book.rules, {journey.stops for journey in book.problem.before}
    for journey in book.plan.journeys:
        first, last = journey.stops[0].arrive, journey.stops[-1].leave
        if journey.stops not in stood and (first - rules.first_day).days % rules.every:
            yield Broken("first_day", (first.isoformat(),))
        if first < rules.first_day or last > rules.last_day:
            yield Broken("season", (first.isoformat(), last.isoformat()))
        for stop in journey.stops:
            if not rules.nights_min <= (stop.leave - stop.arrive).days <= rules.nights_max:
                yield Broken("nights", (stop.stay,))
        for stop, after in pairwise(journey.stops):
            if stop.leave != after.arrive:
                yield Broken("chain", (stop.stay, after.stay))


def _hosts(book: Book) -> Iterator[Broken]:
    visits = Counter(stop.stay for journey in book.plan.journeys for stop in journey.stops)
    for key, number in visits.items():
        if number > book.stays[key].groups:
            yield Broken("stay_groups", (key,))
    for journey in book.plan.journeys:
        hosts = [stay.host for stay in book.hosts(journey)]
        if len(hosts) != len(set(hosts)):
            yield Broken("host_twice", tuple(hosts))


def _guests(book: Book) -> Iterator[Broken]:
    guests: Counter[tuple[str, str]] = Counter()
    for stay in book.problem.stays:
        guests.update({(stay.key, night.isoformat()): number for night, number in stay.taken})
    for journey in book.plan.journeys:
        for stop in journey.stops:
            for number in range((stop.leave - stop.arrive).days):
                night = (stop.arrive + timedelta(days=number)).isoformat()
                guests[stop.stay, night] += len(journey.seats)
    for (key, night), number in guests.items():
        if number > book.stays[key].limit:
            yield Broken("guests", (key, night))


def _locks(book: Book) -> Iterator[Broken]:
    visits = {
        (key, stop.stay)
        for journey in book.plan.journeys
        for key in journey.travellers
        for stop in journey.stops
    }
    for pin in book.problem.locks.keep:
        if not any(pin.traveller in {"", a} and pin.stay in {"", b} for a, b in visits):
            yield Broken("keep", (pin.traveller, pin.stay))
    for pin in book.problem.locks.exclude:
        if any(pin.traveller in {"", a} and pin.stay in {"", b} for a, b in visits):
            yield Broken("exclude", (pin.traveller, pin.stay))


def _stands(book: Book) -> Iterator[Broken]:
    now = {key: one.stops for one in book.plan.journeys for key in one.travellers}
    for journey in book.problem.before:
        for key in journey.travellers:
            if key in book.problem.bound and now.get(key) != journey.stops:
                yield Broken("stands", (key,))


def _parties(book: Book) -> Iterator[Broken]:
    groups = [frozenset(journey.travellers) for journey in book.plan.journeys]
    for party in book.problem.locks.together:
        if any(group & party and not party <= group for group in groups):
            yield Broken("together", tuple(sorted(party)))
    for party in book.problem.locks.apart:
        if any(len(group & party) > 1 for group in groups):
            yield Broken("apart", tuple(sorted(party)))


def _private(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        there = {*journey.travellers, *(stop.stay for stop in journey.stops)}
        yield from (Broken("private") for pair in book.problem.private if pair <= there)


def _shares(book: Book) -> Iterator[Broken]:
    placed = [one for journey in book.plan.journeys for one in book.group(journey)]
    for share in book.rules.shares:
        count = 100 * sum(one.has(share.trait) for one in placed) + share.spare
        if count < share.percent * len(placed):
            yield Broken("share", (share.trait,))


def _budgets(book: Book) -> Iterator[Broken]:
    rules, plan = book.rules, book.plan
    if rules.carbon_budget is not None and plan.grams > rules.carbon_budget:
        yield Broken("carbon_budget", (str(plan.grams),))
    if rules.money_budget is not None and plan.cost > rules.money_budget:
        yield Broken("money_budget", (str(plan.cost),))


def _ways(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        shared = [leg for leg in journey.legs if not leg.traveller]
        keys = [(a.stay, b.stay) for a, b in pairwise(journey.stops)]
        if [(leg.origin, leg.target) for leg in shared] != keys:
            yield Broken("legs", journey.travellers)
        ends = journey.stops[0].stay, journey.stops[-1].stay
        for one in journey.travellers:
            own = [(leg.origin, leg.target) for leg in journey.legs if leg.traveller == one]
            if own != [(one, ends[0]), (ends[1], one)]:
                yield Broken("legs", (one,))


def _legs(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        for leg in journey.legs:
            who = [one for one in book.group(journey) if leg.traveller in {"", one.key}]
            ends = _place(book, leg.origin, leg), _place(book, leg.target, leg)
            for rule in legs.wrong(book.rules, leg, ends, who):
                yield Broken(rule, (leg.origin, leg.target))


def _place(book: Book, key: str, leg: Leg) -> Traveller | Stay:
    return book.people[key] if key == leg.traveller else book.stays[key]


def _seats(book: Book) -> Iterator[Broken]:
    for journey in book.plan.journeys:
        for seat in journey.seats:
            own = [leg for leg in journey.legs if leg.traveller in {"", seat.traveller}]
            if seat.grams != sum(leg.grams for leg in own):
                yield Broken("seat_carbon", (seat.traveller,))
            if seat.grams_plain != sum(leg.grams_plain for leg in own):
                yield Broken("seat_carbon", (seat.traveller,))
            if seat.cost != _cost(book, journey, seat, own):
                yield Broken("seat_cost", (seat.traveller,))
            counted = _cost(book, journey, seat, own, wished=False)
            if seat.terms.total != _worth(book, journey, seat, counted):
                yield Broken("seat_worth", (seat.traveller,))
        venue = sum(stay.venue_cost for stay in book.hosts(journey))
        if journey.venue_cost != venue:
            yield Broken("venue_cost", journey.travellers)
        if journey.venue_worth != -round(book.rules.weights.cost * venue / 100):
            yield Broken("venue_worth", journey.travellers)


def _cost(
    book: Book, journey: Journey, seat: Seat, own: list[Leg], *, wished: bool = True
) -> int:
    one = book.people[seat.traveller]
    farthest = max(legs.straight(one, stay) for stay in book.hosts(journey))
    clean = sum(leg.km for leg in own if leg.mode in {Mode.RAIL, Mode.COACH})
    dirty = sum(leg.km for leg in own if leg.mode in {Mode.CAR, Mode.PLANE})
    paid = 0
    for band in BANDS:
        if farthest >= band.least_km:
            paid = band.green if clean > dirty else band.standard
    needed = 100 * paid
    for stop in journey.stops:
        for night in range(1, (stop.leave - stop.arrive).days + 1):
            if wished or not book.rules.nights_min < night <= one.nights:
                needed += book.stays[stop.stay].night_cost
    # Who needs less than each was promised still gets that.
    return max(book.rules.promised, needed)


def _worth(book: Book, journey: Journey, seat: Seat, cost: int) -> int:
    one, weights = book.people[seat.traveller], book.rules.weights
    gains = [weights.score * one.score, weights.first_time * one.first_time, one.worth]
    for stay in book.hosts(journey):
        learns = sum(skill in stay.shares for skill in one.wants)
        teaches = sum(skill in one.brings for skill in stay.wants)
        gains.append(weights.fit * (learns + teaches))
    lengths = [(stop.leave - stop.arrive).days for stop in journey.stops]
    off = sum(abs(one.nights - length) for length in lengths) if one.nights else 0
    taken = [weights.carbon * seat.grams / 1000, weights.cost * cost / 100]
    taken.append(weights.nights * off)
    return sum(round(gain) for gain in gains) - sum(round(less) for less in taken)


def _bound(book: Book) -> Iterator[Broken]:
    if book.plan.worth > book.plan.bound + NEAR * max(1.0, abs(book.plan.bound)):
        yield Broken("bound", (str(book.plan.worth), str(book.plan.bound)))


# What one more traveller in a journey that stands could break for others.
OF_ONE_MORE: tuple[Check, ...] = (_locks, _parties, _budgets)
CHECKS: tuple[Check, ...] = (
    _once,
    _size,
    _number,
    _countries,
    _languages,
    _access,
    _windows,
    _open,
    _dates,
    _hosts,
    _guests,
    _locks,
    _stands,
    _parties,
    _private,
    _shares,
    _budgets,
    _ways,
    _legs,
    _seats,
    _bound,
)
