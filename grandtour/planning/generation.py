"""Column generation: a linear programme over few groups, whose prices call for better ones.

Pricing all routes takes longest. Where there are many, it begins at the prices of a sample of
them: what is scarce among some is scarce among all, so half of the turns are saved.
"""

from dataclasses import dataclass, replace

import numpy as np
from ortools.linear_solver import pywraplp

from grandtour.planning.groups import Stretches
from grandtour.planning.limits import Infeasible
from grandtour.planning.pairs import Real
from grandtour.planning.relaxation import POSITIVE, Programme, Relaxed, Watch, priced
from grandtour.planning.rows import SHARES, Rows

ROUNDS = 400
NEW_COLUMNS = 150  # a round
OF_STAY = 15  # of these, at most so many that begin at the same stay
TRUST = 0.7  # how far prices stay near the best ones so far: they settle sooner
MANY, SAMPLED = 2_000_000, 1_000_000  # pairs from which on a sample is taken, and of how many
SAMPLE_NEAR = 2e-3  # of its bound: nearer prices say no more of the whole

Group = tuple[int, ...]  # pairs of one route


class Master:
    """The programme over the groups found so far; it grows by columns."""

    def __init__(self, rows: Rows) -> None:
        """Begin without a group."""
        self.rows = rows
        # What was preprocessed could not go on from where it was.
        self.programme = Programme(rows, "use_preprocessing: false")
        self.groups: dict[Group, pywraplp.Variable] = {}

    def add(self, group: Group) -> bool:
        """Add a group, which is a tuple of pairs of one route; say whether it is new."""
        if group in self.groups:
            return False
        pairs = self.rows.pairs
        route = int(pairs.route[group[0]])
        adds = dict.fromkeys(self.rows.heads(route), float(len(group)))
        terms = [term for pair in group for term in self.rows.of_pair(pair)]
        for row, much in [*terms, *self.rows.of_route(route)]:
            adds[row] = adds.get(row, 0.0) + much
        worth = int(pairs.worth[list(group)].sum() + pairs.venue_worth[route])
        self.groups[group] = self.programme.column(worth, list(adds.items()))
        return True

    def grow(self, relaxed: Relaxed) -> int:
        """Add the best groups of the best routes, from many different stays."""
        value, added = relaxed.best.value, 0
        seen: dict[int, int] = {}
        for route in np.argsort(-value, kind="stable")[: 20 * NEW_COLUMNS]:
            if value[route] <= POSITIVE or added >= NEW_COLUMNS:
                break
            first = self.rows.pairs.routes[route].stays[0]
            seen[first] = seen.get(first, 0) + 1
            if seen[first] <= OF_STAY:
                added += self.add(tuple(relaxed.best.members(int(route))))
        return added

    def mixed(self) -> tuple[Group, ...]:
        """Give the groups of which the best mixture consists."""
        return tuple(
            group for group, part in self.groups.items() if part.solution_value() > POSITIVE
        )


@dataclass(frozen=True)
class Start:
    """Prices to begin at, and groups that are known to be good."""

    prices: Real
    groups: tuple[Group, ...] = ()


def generate(rows: Rows, stretches: Stretches, watch: Watch) -> Relaxed:
    """Find the best prices; Infeasible where even fractions won't keep the lower bounds."""
    return begun(rows, stretches, watch, started(rows, watch))


def begun(rows: Rows, stretches: Stretches, watch: Watch, start: Start) -> Relaxed:
    """Find the best prices from where one begins; raises Infeasible."""
    master = Master(rows)
    relaxed = priced(rows, stretches, start.prices)
    for group in start.groups:
        master.add(group)
    master.grow(relaxed)
    for _round in range(ROUNDS):
        value, prices = master.programme.solve()
        watch.told(value, relaxed.bound)
        if watch.settled(value, relaxed.bound) or watch.stop():
            break
        smooth = priced(rows, stretches, TRUST * relaxed.prices + (1 - TRUST) * prices)
        grown = master.grow(smooth)
        relaxed = min(relaxed, smooth, key=lambda one: one.bound)
        if not grown:
            exact = priced(rows, stretches, prices)
            relaxed = min(relaxed, exact, key=lambda one: one.bound)
            if not master.grow(exact):
                break
    if master.programme.lacking() and not watch.stop():
        raise Infeasible
    return replace(relaxed, groups=master.mixed())


def started(rows: Rows, watch: Watch) -> Start:
    """Give the prices of a sample of the routes; none where there are few, or in a re-plan."""
    nothing = Start(np.zeros(len(rows)))
    replanned = len(rows.columns.pair) > SHARES + len(rows.rules.shares)
    if len(rows.pairs.route) <= MANY or replanned or watch.stop():
        return nothing
    # By lot and not every n-th: routes lie in an order.
    dice = np.random.default_rng(rows.rules.seed)
    lot = dice.random(len(rows.pairs.routes)) < SAMPLED / len(rows.pairs.route)
    pairs, number = rows.pairs.of_routes(np.flatnonzero(lot))
    some = Rows(rows.problem, pairs)
    # What bounds some bounds not all: nobody is told of it.
    own = replace(watch, told=lambda _value, _bound: None, near=max(watch.near, SAMPLE_NEAR))
    try:
        lie = Stretches(pairs, rows.rules.group_min)
        found = begun(some, lie, own, Start(np.zeros(len(some))))
    except Infeasible:  # what some cannot, all may
        return nothing
    groups = tuple(tuple(int(number[pair]) for pair in group) for group in found.groups)
    return Start(prices_among(rows, some, found.prices), groups)


def prices_among(rows: Rows, others: Rows, prices: Real) -> Real:
    """Put the prices of other routes in the order of the rows of these; none is nothing."""
    known = dict(zip(others.nights, prices[others.people + others.stays :], strict=False))
    own = rows.people + rows.stays
    line: Real = np.zeros(len(rows))
    line[:own] = prices[:own]
    line[own : rows.extra] = [known.get(night, 0.0) for night in rows.nights]
    line[rows.extra :] = prices[others.extra :]
    return line
