"""Trials: what the best plan with somebody in it is worth, by all rules or without one of them.

Somebody is put in (a traveller must travel, a stay must be visited) and the rest is solved
anew, at the prices that are known: lowering the price of their own row until their best place
costs nothing proves a bound at once, and the exact solver closes what is left of the gap.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, replace
from math import floor, inf
from time import monotonic

import numpy as np

from grandtour.planning import closing
from grandtour.planning.closing import close
from grandtour.planning.limits import Limits
from grandtour.planning.pairs import Flags, Pairs, Real, Whole
from grandtour.planning.problem import Plan, Prices, Problem
from grandtour.planning.relaxation import Relaxed, priced
from grandtour.planning.routes import Route
from grandtour.planning.rows import Rows
from grandtour.planning.solver import fewest, worth
from grandtour.planning.swaps import best_swap
from grandtour.planning.weighing import weighed

EXACT = 1e-6  # of a bound, which is a sum of many prices
LEAST_EFFORT = 0.01

Choice = tuple[int, ...]  # pairs


class Clock:
    """The time for all trials together, and whether somebody cancelled."""

    def __init__(self, seconds: float, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Start it."""
        self.ends, self.cancelled = monotonic() + seconds, cancelled

    def left(self) -> float:
        """Give the seconds that are left."""
        return 0 if self.cancelled() else self.ends - monotonic()

    def part(self, most: float) -> "Clock":
        """Give a clock that ends sooner, or with this one."""
        return Clock(min(most, self.left()), self.cancelled)


@dataclass(frozen=True)
class Tried:
    """What the best plan is worth: `least` was found (`choice`), and none is above `most`."""

    least: float
    most: float
    choice: Choice | None = None

    @property
    def impossible(self) -> bool:
        """Say whether it was proven that there is none."""
        return self.most == -inf


NONE = Tried(-inf, -inf)
NOBODY: Whole = np.zeros(0, dtype=np.int64)


class World:
    """A problem, whole or without a rule: its rows, prices, and the best choices known."""

    def __init__(self, rows: Rows, relaxed: Relaxed, first: Choice, most: float) -> None:
        """Begin with a choice that keeps all rules, and a worth that none exceeds."""
        self.rows, self.relaxed, self.lie = rows, relaxed, relaxed.best.stretches
        self.losses = relaxed.losses()
        self.known: dict[int, tuple[int, Choice]] = {}  # the best with each row
        self.best = Tried(worth(rows.pairs, first), min(most, whole(relaxed.bound)), first)
        self.note(first)

    def note(self, choice: Choice) -> None:
        """Remember a choice for everybody who is in it."""
        value = worth(self.rows.pairs, choice)
        for row in self._rows_of(choice):
            if row not in self.known or self.known[row][0] < value:
                self.known[row] = value, choice
        if value > self.best.least:
            self.best = Tried(value, self.best.most, choice)

    def _rows_of(self, choice: Choice) -> Iterable[int]:
        pairs, people = self.rows.pairs, self.rows.people
        yield from {int(pairs.traveller[pair]) for pair in choice}
        routes = {int(pairs.route[pair]) for pair in choice}
        yield from {people + stay for route in routes for stay in pairs.routes[route].stays}

    def settle(self, clock: Clock) -> None:
        """Look for the best of all."""
        if self.best.least < self.best.most:
            self.best = self._nearest(self.rows, self.relaxed, self.best, clock)

    def bounded(self, row: int) -> Tried:
        """Say what is known of the best with somebody, without looking any further."""
        least, choice = self.known.get(row, (-inf, None))
        lost = self.losses[self.pairs_of(row)].min(initial=inf)
        if lost == inf:
            return NONE
        most = min(self.best.most, whole(self.relaxed.bound - float(lost)))
        return Tried(least, max(most, least), choice)

    def forced(self, row: int, clock: Clock) -> Tried:
        """Look for the best with somebody in it."""
        start = self.bounded(row)
        if clock.left() <= 0:
            return start
        if start.least == -inf < start.most:
            near = best_swap(
                self.rows, self.relaxed, self.best.choice or (), self.pairs_of(row)
            )
            self.note(near or ())
            start = self.bounded(row)
        if start.least >= start.most:
            return start
        rows, prices = copy(self.rows), self.relaxed.prices.copy()
        rows.lower = rows.lower.copy()
        rows.lower[row] = max(1.0, rows.lower[row])
        prices[row] -= self.losses[self.pairs_of(row)].min()
        return self._nearest(rows, priced(rows, self.lie, prices), start, clock)

    def groupless(self, row: int) -> bool:
        """Say whether no route has a group of different countries with somebody."""
        return not np.isfinite(self.losses[self.pairs_of(row)]).any()

    def lost_without(self, row: int, clock: Clock) -> bool:
        """Say whether it is proven that every plan without somebody is worth less."""
        return self.without(row, clock).most < self.best.least

    def without(self, row: int, clock: Clock) -> Tried:
        """Look for the best without somebody, or without a stay."""
        start = Tried(-inf, min(self.best.most, whole(self._most_without(row))))
        if clock.left() <= 0:
            return start
        return self._nearest(self.rows, self.relaxed, start, clock, self.pairs_of(row))

    def _most_without(self, row: int) -> float:
        """Give what the prices prove of all plans without somebody, or without a stay.

        Nobody pays for its room then, and the routes that come to it are gone.
        """
        rows, prices, stay = self.rows, self.relaxed.prices, row - self.rows.people
        nights = enumerate(rows.nights, rows.people + rows.stays)
        own = [row, *(night for night, (at, _day) in nights if at == stay)]
        paid = sum(float(prices[at] * rows.upper[at]) for at in own if prices[at] > 0)
        gains = np.maximum(self.relaxed.best.value, 0)
        gains[rows.stop_route[rows.stop_stay == stay]] = 0
        most = int(min(rows.upper[rows.extra], len(gains)))
        return rows.constant(prices) - paid + float(np.sort(gains)[::-1][:most].sum())

    def weighed(self, row: int, value: float) -> dict[str, float]:
        """Say what the best journey with somebody brings and takes, where there is one.

        Nothing where these prices don't prove that a plan with them is below a worth.
        """
        own = self.pairs_of(row)
        if not np.isfinite(self.losses[own]).any():
            return {}
        nearest = int(own[np.argmin(self.losses[own])])
        return weighed(self.rows, self.relaxed, nearest).told(self.relaxed.bound - value)

    def pairs_of(self, row: int) -> Whole:
        """Give the pairs of a traveller, or those of the routes that come to a stay."""
        pairs, people = self.rows.pairs, self.rows.people
        if row < people:
            own: Whole = np.flatnonzero(pairs.traveller == row)
            return own
        routes = self.rows.stop_route[self.rows.stop_stay == row - people]
        there: Whole = np.flatnonzero(np.isin(pairs.route, routes))
        return there

    def _kept(self, some: Whole, hint: Choice | None, barred: Whole) -> Flags:
        """Mark some pairs and those of a known choice, without those that are barred."""
        kept: Flags = np.zeros(len(self.losses), dtype=bool)
        kept[some] = True
        kept[list(hint or self.best.choice or ())] = True
        kept[barred] = False
        return kept

    def _nearest(
        self, rows: Rows, relaxed: Relaxed, start: Tried, clock: Clock, barred: Whole = NOBODY
    ) -> Tried:
        """Keep the pairs of least loss, close, and keep more until it is known or time ends."""
        losses = relaxed.losses()
        losses[barred] = inf
        order = np.argsort(losses, kind="stable")
        hint = start.choice  # one that is no plan here would break CP-SAT's presolve
        least, choice, most = start.least, start.choice, min(start.most, whole(relaxed.bound))
        number, effort = (
            min(fewest(relaxed), int((losses <= relaxed.bound - least).sum())),
            clock.left(),
        )
        while effort > LEAST_EFFORT and clock.left() > 0 and least < most:
            kept = self._kept(order[:number], hint, barred)
            limits = Limits(gap=0, effort=effort if number >= len(order) else effort / 2)
            closed = close(rows, kept, hint, limits, watch(clock, most))
            effort -= closed.effort
            if closed.chosen is not None:
                self.note(closed.chosen)
                hint = closed.chosen
                if worth(rows.pairs, hint) > least:
                    least, choice = worth(rows.pairs, hint), hint
            rest = losses[order[number]] if number < len(order) else inf
            among = -inf if closed.impossible else closed.bound
            most = min(most, max(whole(among), whole(relaxed.bound - float(rest)), least))
            if rest == inf:
                break
            number = min(4 * number, int((losses <= relaxed.bound - least).sum()))
        return Tried(least, most, choice)


def watch(clock: Clock, enough: float) -> closing.Watch:
    """Give what the exact solver asks: stop when the time is over, or it cannot be better."""
    return closing.Watch(lambda _worth: None, lambda: clock.left() <= 0, enough)


def whole(bound: float) -> float:
    """Give the highest worth, a whole number, that a bound allows."""
    finite = abs(bound) < inf
    return float(floor(bound + EXACT * max(1.0, abs(bound)))) if finite else bound


def chosen_in(problem: Problem, pairs: Pairs, plan: Plan) -> Choice:
    """Find the pairs of a plan among all of them."""
    number = {route: at for at, route in enumerate(pairs.routes)}
    person = {one.key: at for at, one in enumerate(problem.travellers)}
    stay = {one.key: at for at, one in enumerate(problem.stays)}
    first, wanted, times = problem.rules.first_day, set(), Counter[Route]()
    for journey in plan.journeys:
        route = Route(
            tuple(stay[stop.stay] for stop in journey.stops),
            tuple((stop.arrive - first).days for stop in journey.stops),
            tuple((stop.leave - first).days for stop in journey.stops),
            journey.language,
        )
        times[route] += 1
        route = replace(route, twin=times[route] - 1)
        wanted |= {(number[route], person[key]) for key in journey.travellers}
    routes = np.isin(pairs.route, [route for route, _one in wanted])
    return tuple(
        int(pair)
        for pair in np.flatnonzero(routes)
        if (int(pairs.route[pair]), int(pairs.traveller[pair])) in wanted
    )


def prices_in(rows: Rows, named: Prices | None) -> Real:
    """Put named prices back into the order of the rows; a rule that is left out has none."""
    prices = named or Prices({}, {}, {}, {})
    problem, first = rows.problem, rows.problem.rules.first_day
    nights = {
        (problem.stays[stay].key, number): row
        for row, (stay, number) in enumerate(rows.nights, rows.people + rows.stays)
    }
    line: Real = np.zeros(len(rows))
    for at, one in enumerate(problem.travellers):
        line[at] = prices.travellers.get(one.key, 0)
    for at, stay in enumerate(problem.stays):
        line[rows.people + at] = prices.stays.get(stay.key, 0)
    for (key, night), price in prices.nights.items():
        row = nights.get((key, (night - first).days))
        if row is not None:
            line[row] = price
    line[rows.extra + 1] = prices.carbon * 1000
    line[rows.extra + 2] = prices.money * 100
    for at, share in enumerate(problem.rules.shares):
        line[rows.extra + 3 + at] = prices.shares.get(share.trait, 0) / 100
    return line
