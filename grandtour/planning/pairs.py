"""Who could travel on which route, and what that would be worth: columns of numbers.

A pair is a traveller and a route that suits them: windows hold, a language is shared with each
host, no host is of their country, hosts give the access they need, and they can get there.
Pairs lie in the order of routes and, within a route, of countries: that makes the best group of
a route a matter of a few array operations (see `groups`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grandtour.planning import carbon
from grandtour.planning.problem import Mode, Problem, Rules
from grandtour.planning.routes import Route, day

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Dates = tuple[tuple[int, int, int], ...]  # stay, arrival, leaving of each stop
EDGES = np.array([band.least_km for band in carbon.BANDS], dtype=np.float64)
STANDARD = np.array([0, *(100 * band.standard for band in carbon.BANDS)], dtype=np.int64)
GREEN = np.array([0, *(100 * band.green for band in carbon.BANDS)], dtype=np.int64)


def holds(sets: Sequence[frozenset[str]], words: Sequence[str]) -> NDArray[np.float32]:
    """Give a row for each set, with a 1 for each word that it holds."""
    number = {word: at for at, word in enumerate(words)}
    table = np.zeros((len(sets), len(words)), dtype=np.float32)
    for row, one in enumerate(sets):
        table[row, [number[word] for word in one if word in number]] = 1
    return table


def common(ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> Whole:
    """Count for each of ours and each of theirs what both hold."""
    words = sorted(frozenset().union(*ours) & frozenset().union(*theirs))
    counts: Whole = np.rint(holds(ours, words) @ holds(theirs, words).T).astype(np.int64)
    return counts


class Table:
    """What is known of each traveller at each stay, whatever the route."""

    def __init__(self, problem: Problem, ignore: frozenset[str] = frozenset()) -> None:
        """Compare all travellers with all stays; rules named in `ignore` don't count."""
        self.problem, self.rules, self.ignore = problem, problem.rules, ignore
        self.travellers, self.stays = problem.travellers, problem.stays
        self.fits: Flags = self._fits()
        self.fit: Whole = self._fit()
        shape = (len(self.travellers), len(self.stays))
        self.grams: Whole = np.zeros(shape, dtype=np.int64)
        self.low_km, self.other_km = np.zeros(shape), np.zeros(shape)
        self.distance, self.reached = np.zeros(shape), np.zeros(shape, dtype=bool)
        self.known: Flags = np.zeros(shape, dtype=bool)  # of whom the way has been worked out
        # Among many routes somebody asks for nearly each of them.
        self.all_known = self.rules.stops_max > 1
        if self.all_known:
            for one in range(len(self.travellers)):
                self.look_around(one)
        self.base = base_worth(problem)
        self.night_cost: Whole = np.array([s.night_cost for s in self.stays], dtype=np.int64)
        self.wish: Whole = np.array([one.nights for one in self.travellers], dtype=np.int64)
        self.able = {
            mode: np.array([mode in one.modes for one in self.travellers], dtype=bool)
            for mode in Mode
        }
        self.bound_to = self._bound_to()
        self.held = self._held()
        self._at: dict[tuple[int, int], Flags] = {}

    def _fits(self) -> Flags:
        people, stays = self.travellers, self.stays
        fits: Flags = np.ones((len(people), len(stays)), dtype=bool)
        if "language" not in self.ignore:
            spoken = [one.languages for one in people]
            fits &= common(spoken, [stay.languages for stay in stays]) > 0
        if "own_country" not in self.ignore:
            fits &= self.abroad()
        if "access" not in self.ignore:
            needs = np.array([len(one.needs) for one in people], dtype=np.int64)
            met = common([one.needs for one in people], [stay.access for stay in stays])
            fits &= met == needs[:, None]
        return fits & self.unlocked() & self._free_to_meet()

    def _free_to_meet(self) -> Flags:
        """Say which stays nothing private keeps from a traveller."""
        flags: Flags = np.ones((len(self.travellers), len(self.stays)), dtype=bool)
        column = {stay.key: number for number, stay in enumerate(self.stays)}
        row = {one.key: number for number, one in enumerate(self.travellers)}
        for pair in self.problem.private:
            rows = [row[key] for key in pair if key in row]
            columns = [column[key] for key in pair if key in column]
            flags[np.ix_(rows, columns)] = False
        return flags

    def abroad(self) -> Flags:
        """Say which stays are not in a traveller's own country."""
        home = np.array([one.country for one in self.travellers])
        there = np.array([stay.country for stay in self.stays])
        free = np.array([p.key in self.rules.excepted for p in self.travellers], dtype=bool)
        flags: Flags = (home[:, None] != there[None, :]) | free[:, None]
        return flags

    def unlocked(self) -> Flags:
        """Say which stays no lock keeps from a traveller."""
        row = {one.key: number for number, one in enumerate(self.travellers)}
        column = {stay.key: number for number, stay in enumerate(self.stays)}
        flags: Flags = np.ones((len(row), len(column)), dtype=bool)
        for pin in self.problem.locks.exclude:
            rows = row.get(pin.traveller, -1) if pin.traveller else slice(None)
            columns = column.get(pin.stay, -1) if pin.stay else slice(None)
            if -1 not in (rows, columns):
                flags[rows, columns] = False
        return flags

    def _bound_to(self) -> list[tuple[int, int]]:
        row = {one.key: number for number, one in enumerate(self.travellers)}
        column = {stay.key: number for number, stay in enumerate(self.stays)}
        return [
            (row[pin.traveller], column[pin.stay])
            for pin in self.problem.locks.keep
            if pin.traveller in row and pin.stay in column
        ]

    def _held(self) -> list[tuple[int, Dates]]:
        """Give who keeps the journey they are in, with its stays and days by number."""
        row = {one.key: number for number, one in enumerate(self.travellers)}
        column = {stay.key: number for number, stay in enumerate(self.stays)}
        first = self.rules.first_day
        return [
            (
                row[key],
                tuple(
                    (column.get(s.stay, -1), (s.arrive - first).days, (s.leave - first).days)
                    for s in journey.stops
                ),
            )
            for journey in self.problem.before
            for key in journey.travellers
            if key in self.problem.bound and key in row
        ]

    def _fit(self) -> Whole:
        people, stays = self.travellers, self.stays
        learns = common([one.wants for one in people], [stay.shares for stay in stays])
        teaches = common([one.brings for one in people], [stay.wants for stay in stays])
        fit: Whole = np.rint((learns + teaches) * self.rules.weights.fit).astype(np.int64)
        return fit

    def look(self, stay: int, who: Flags) -> None:
        """Work out the ways of some to a stay: most are never asked for, by their days."""
        for one in np.flatnonzero(who & self.fits[:, stay] & ~self.known[:, stay]):
            self._way(int(one), stay)

    def look_around(self, one: int) -> None:
        """Work out the ways of one traveller to every stay that suits them."""
        for stay in np.flatnonzero(self.fits[one] & ~self.known[one]):
            self._way(one, int(stay))

    def _way(self, one: int, stay: int) -> None:
        self.known[one, stay] = True
        traveller, host = self.travellers[one], self.stays[stay]
        self.distance[one, stay] = carbon.distance(traveller, host)
        leg = carbon.leg(traveller, host, self.rules)
        if leg is None:
            return
        self.reached[one, stay] = True
        self.grams[one, stay] = leg.grams
        if leg.mode in carbon.GREEN:
            self.low_km[one, stay] = leg.km
        elif leg.mode != Mode.FERRY:
            self.other_km[one, stay] = leg.km

    def free(self, first: int, last: int) -> Flags:
        """Say who can from one day to another, days counted from the edition's first."""
        if (first, last) not in self._at:
            begin, end = day(self.rules.first_day, first), day(self.rules.first_day, last)
            self._at[first, last] = np.array(
                [
                    any(window.holds(begin, end) for window in one.windows)
                    for one in self.travellers
                ],
                dtype=bool,
            )
        return self._at[first, last]

    def speaks(self, language: str) -> Flags:
        """Say who speaks a language."""
        return np.array([language in one.languages for one in self.travellers], dtype=bool)


def base_worth(problem: Problem) -> Whole:
    """Give what each traveller's place is worth wherever it is."""
    weights = problem.rules.weights
    return np.array(
        [
            round(weights.score * one.score)
            + round(weights.first_time * one.first_time)
            + one.worth
            for one in problem.travellers
        ],
        dtype=np.int64,
    )


@dataclass(frozen=True)
class Pairs:
    """All pairs as columns of equal length, and what is known of each route."""

    routes: tuple[Route, ...]
    route: Whole
    traveller: Whole
    worth: Whole
    grams: Whole
    cost: Whole
    venue_cost: Whole
    venue_worth: Whole
    seats: Whole
    kind: Whole  # of each traveller: the number of their country, or their own where excepted

    def only(self, kept: Flags) -> "Pairs":
        """Give some of the pairs, of the same routes."""
        return replace(
            self,
            route=self.route[kept],
            traveller=self.traveller[kept],
            worth=self.worth[kept],
            grams=self.grams[kept],
            cost=self.cost[kept],
        )

    def of_routes(self, kept: Whole) -> tuple["Pairs", Whole]:
        """Give some routes with their pairs, and which of the pairs here each of them is."""
        number: Whole = np.full(len(self.routes), -1, dtype=np.int64)
        number[kept] = np.arange(len(kept))
        own: Whole = np.flatnonzero(number[self.route] >= 0)
        marked: Flags = np.zeros(len(self.route), dtype=bool)
        marked[own] = True
        some = replace(
            self.only(marked),
            routes=tuple(self.routes[route] for route in kept),
            venue_cost=self.venue_cost[kept],
            venue_worth=self.venue_worth[kept],
            seats=self.seats[kept],
        )
        return replace(some, route=number[some.route]), own


def costs_points(rules: Rules, grams: Whole, cost: Whole) -> Whole:
    """Give the points that carbon (g) and cost (smallest unit) take away, each rounded."""
    weights = rules.weights
    taken = np.rint(weights.carbon * grams / 1000) + np.rint(weights.cost * cost / 100)
    points: Whole = taken.astype(np.int64)
    return points


def kinds(problem: Problem) -> Whole:
    """Give each traveller the number of their country, or one of their own where excepted."""
    names = [
        f"={one.key}" if one.key in problem.rules.excepted else one.country
        for one in problem.travellers
    ]
    number = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([number[name] for name in names], dtype=np.int64)
