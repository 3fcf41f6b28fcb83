"""What binds journeys to each other: rows of a linear model, and what prices make of them.

A row sums up over pairs (a traveller on a route) and over routes, and has bounds. Rows are,
in this order: travellers (once each), stays (groups in all), nights (guests at a stay), then
journeys, carbon (kg), money (hundreds), shares, and, in a re-plan, places that stay.
What binds the travellers of one route (size, countries) is no row: see `groups`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from grandtour.planning.pairs import Flags, Pairs, Real, Whole
from grandtour.planning.problem import Problem

KG, HUNDRED = 1000, 100
ENDLESS = float("inf")
SHARES = 3  # the rows of shares come after journeys, carbon and money


@dataclass(frozen=True)
class Columns:
    """What each pair and each route adds to the rows beside travellers, stays and nights."""

    pair: list[Real]  # journeys, carbon, money, shares, kept: of each pair
    route: list[Real]  # the same, of each route


class Rows:
    """The rows of a problem over some pairs, with their bounds."""

    def __init__(
        self, problem: Problem, pairs: Pairs, stay_as: Flags | None = None, least: int = 0
    ) -> None:
        """Make the rows; of the pairs in `stay_as` (a re-plan) at least so many are chosen."""
        self.problem, self.pairs, self.rules = problem, pairs, problem.rules
        self.people, self.stays = len(problem.travellers), len(problem.stays)
        self._incidence()
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._bound_travellers()
        self._bound_stays()
        for stay, night in self.nights:
            self._bound(0, problem.stays[stay].limit - self.taken.get((stay, night), 0))
        self.extra = len(self._upper)
        self.columns = Columns([], [])
        self.over: list[Real] = []  # of each share, what each traveller takes of it
        self._sums()
        if stay_as is not None:
            self._row(stay_as.astype(np.float64), None, least, ENDLESS)
        self.lower, self.upper = np.array(self._lower), np.array(self._upper)
        self.units = np.ones(len(self), dtype=np.int64)  # what makes a row one of whole numbers
        self.units[self.extra + 1 : self.extra + 3] = KG, HUNDRED

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._upper)

    def _bound(self, lower: float, upper: float) -> None:
        self._lower.append(lower)
        self._upper.append(upper)

    def _bound_travellers(self) -> None:
        kept = {pin.traveller for pin in self.problem.locks.keep if pin.traveller}
        kept |= self.problem.bound
        for one in self.problem.travellers:
            self._bound(float(one.key in kept), 1)

    def _bound_stays(self) -> None:
        keep = self.problem.locks.keep
        kept = {pin.stay for pin in keep if pin.stay and not pin.traveller}
        for stay in self.problem.stays:
            self._bound(float(stay.key in kept), stay.groups)

    def _incidence(self) -> None:
        routes, stays = self.pairs.routes, self.problem.stays
        at = [(number, stay) for number, one in enumerate(routes) for stay in one.stays]
        self.stop_route, self.stop_stay = two(at)
        self.taken = taken(self.problem)
        shared = {number for number, stay in enumerate(stays) if stay.groups > 1}
        shared |= {stay for stay, _night in self.taken}
        spent = [
            (number, night)
            for number, one in enumerate(routes)
            if shared.intersection(one.stays)
            for night in one.nights()
            if night[0] in shared
        ]
        self.nights = sorted({night for _route, night in spent})
        row = {night: number for number, night in enumerate(self.nights)}
        self.night_route, self.night_row = two([(one, row[night]) for one, night in spent])
        self.night_row += self.people + self.stays

    def _row(self, pair: Real | None, route: Real | None, lower: float, upper: float) -> None:
        none = np.zeros(len(self.pairs.route)), np.zeros(len(self.pairs.routes))
        self.columns.pair.append(none[0] if pair is None else pair)
        self.columns.route.append(none[1] if route is None else route)
        self._bound(lower, upper)

    def _sums(self) -> None:
        rules, pairs = self.rules, self.pairs
        most = ENDLESS if rules.groups_max is None else rules.groups_max
        self._row(None, np.ones(len(pairs.routes)), rules.groups_min, most)
        self._row(pairs.grams / KG, None, -ENDLESS, budget(rules.carbon_budget, KG))
        money = budget(rules.money_budget, HUNDRED)
        self._row(pairs.cost / HUNDRED, pairs.venue_cost / HUNDRED, -ENDLESS, money)
        for share in rules.shares:
            has = np.array([one.has(share.trait) for one in self.problem.travellers])
            self.over.append(share.percent - 100.0 * has)
            self._row(self.over[-1][pairs.traveller], None, -ENDLESS, share.spare)

    def honest(self, prices: Real) -> Real:
        """Take away prices of the wrong sign, which a solver's tolerance leaves.

        Also those of a lower bound of nothing: without them less is worth a route, and the
        bound is no higher. A traveller, a stay, a night or a journey is never used less often.
        """
        free_above = (prices > 0) & (self.upper == ENDLESS)
        free_below = (prices < 0) & ((self.lower == -ENDLESS) | (self.lower == 0))
        return np.where(free_above | free_below, 0.0, prices)

    def constant(self, prices: Real) -> float:
        """Give what the bounds are worth at prices that are honest."""
        bounds = np.where(prices > 0, self.upper, self.lower)
        return float(sum(p * b for p, b in zip(prices, bounds, strict=True) if p))

    def pair_values(self, prices: Real) -> Real:
        """Give for each pair its worth less what it uses at these prices."""
        pairs, extra = self.pairs, prices[self.extra :]
        # What a share costs depends on the traveller alone, and most have no nights to pay.
        own = prices[: self.people] + sum(
            extra[SHARES + number] * over for number, over in enumerate(self.over)
        )
        values: Real = pairs.worth - own[pairs.traveller]
        if self.nights:
            heads = np.bincount(
                self.night_route, weights=prices[self.night_row], minlength=len(pairs.routes)
            )
            values -= heads[pairs.route]
        for number, (price, column) in enumerate(zip(extra, self.columns.pair, strict=True)):
            if price and not SHARES <= number < SHARES + len(self.over):
                values -= price * column
        return values

    def route_values(self, prices: Real) -> Real:
        """Give for each route its worth less what it uses at these prices."""
        pairs = self.pairs
        stays = prices[self.people + self.stop_stay]
        used = np.bincount(self.stop_route, weights=stays, minlength=len(pairs.routes))
        values: Real = pairs.venue_worth.astype(np.float64) - used
        for price, column in zip(prices[self.extra :], self.columns.route, strict=True):
            if price:
                values -= price * column
        return values

    def of_pair(self, pair: int) -> list[tuple[int, float]]:
        """Give the rows of one pair, nights excepted, with what it adds to each."""
        own = [(int(self.pairs.traveller[pair]), 1.0)]
        return own + self._extra(self.columns.pair, pair)

    def of_route(self, route: int) -> list[tuple[int, float]]:
        """Give the rows of one route with what it adds to each."""
        own = [(self.people + stay, 1.0) for stay in self.pairs.routes[route].stays]
        return own + self._extra(self.columns.route, route)

    def heads(self, route: int) -> list[int]:
        """Give the rows to which each traveller on a route adds one: its nights."""
        first, last = np.searchsorted(self.night_route, [route, route + 1])
        return [int(row) for row in self.night_row[first:last]]

    def _extra(self, columns: list[Real], at: int) -> list[tuple[int, float]]:
        return [
            (self.extra + number, float(column[at]))
            for number, column in enumerate(columns)
            if column[at]
        ]


def taken(problem: Problem) -> dict[tuple[int, int], int]:
    """Give the guests of settled journeys by stay and night, both by number."""
    first = problem.rules.first_day
    return {
        (number, (night - first).days): guests
        for number, stay in enumerate(problem.stays)
        for night, guests in stay.taken
    }


def two(pairs: Iterable[tuple[int, int]]) -> tuple[Whole, Whole]:
    """Turn pairs of numbers into two columns."""
    table = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def budget(most: int | None, unit: int) -> float:
    """Give a budget in larger units, or no bound."""
    return ENDLESS if most is None else most / unit
