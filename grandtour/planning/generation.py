"""Column generation: a linear programme over few groups, whose prices call for better ones."""

import numpy as np
from ortools.linear_solver import pywraplp

from grandtour.planning.groups import Stretches
from grandtour.planning.limits import Infeasible
from grandtour.planning.relaxation import CLOSE, POSITIVE, Programme, Relaxed, Watch, priced
from grandtour.planning.rows import Rows

ROUNDS = 400
NEW_COLUMNS = 150  # a round
OF_STAY = 15  # of these, at most so many that begin at the same stay
TRUST = 0.7  # how far prices stay near the best ones so far: they settle sooner


class Master:
    """The programme over the groups found so far; it grows by columns."""

    def __init__(self, rows: Rows) -> None:
        """Begin without a group."""
        self.rows = rows
        # What was preprocessed could not go on from where it was.
        self.programme = Programme(rows, "use_preprocessing: false")
        self.groups: dict[tuple[int, ...], pywraplp.Variable] = {}

    def add(self, group: tuple[int, ...]) -> bool:
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


def generate(rows: Rows, stretches: Stretches, watch: Watch) -> Relaxed:
    """Find the best prices; Infeasible where even fractions won't keep the lower bounds."""
    master = Master(rows)
    relaxed = priced(rows, stretches, np.zeros(len(rows)))
    master.grow(relaxed)
    for _round in range(ROUNDS):
        value, prices = master.programme.solve()
        watch.told(value, relaxed.bound)
        if relaxed.bound - value <= CLOSE * abs(relaxed.bound) or watch.stop():
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
    return relaxed
