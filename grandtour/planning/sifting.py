"""Sifting: a linear programme over the best pairs, whose prices show which pairs it lacks."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from ortools.linear_solver import pywraplp

from grandtour.planning.groups import Stretches
from grandtour.planning.limits import Infeasible
from grandtour.planning.pairs import Flags, Pairs, Real, Whole
from grandtour.planning.relaxation import POSITIVE, Programme, Relaxed, Watch, priced
from grandtour.planning.rows import ENDLESS, Rows

ROUNDS = 30
OF_ROUTE, OF_TRAVELLER = 40, 10  # pairs to begin with
NEW_PAIRS = 30_000  # a round


@dataclass
class Group:
    """A route in the programme: whether it runs, and what binds its travellers."""

    runs: pywraplp.Variable
    size: tuple[pywraplp.Constraint, pywraplp.Constraint]
    nights: list[int]
    kinds: dict[int, pywraplp.Constraint] = field(default_factory=dict)


class Sieve:
    """The programme over some pairs: a traveller on a route, and whether the route runs."""

    def __init__(self, rows: Rows, least: int, kept: Flags) -> None:
        """Add the routes of these pairs, then the pairs."""
        self.rows, self.programme, self.least = rows, Programme(rows), least
        pairs = rows.pairs
        self.groups = {
            int(route): self._group(int(route)) for route in np.unique(pairs.route[kept])
        }
        bounded = [
            (row, rows.columns.pair[row - rows.extra])
            for row in range(rows.extra, len(rows))
            if rows.upper[row] < ENDLESS or rows.lower[row] > -ENDLESS
        ]
        for pair in np.flatnonzero(kept):
            self._pair(int(pair), bounded)

    def _group(self, route: int) -> Group:
        rows, solver = self.rows, self.programme.solver
        runs = self.programme.column(rows.pairs.venue_worth[route], rows.of_route(route))
        runs.SetUb(1)
        size = solver.Constraint(-ENDLESS, 0), solver.Constraint(-ENDLESS, 0)
        size[0].SetCoefficient(runs, -float(rows.pairs.seats[route]))
        size[1].SetCoefficient(runs, float(self.least))
        return Group(runs, size, rows.heads(route))

    def _pair(self, pair: int, bounded: Iterable[tuple[int, Real]]) -> None:
        pairs = self.rows.pairs
        group, traveller = self.groups[int(pairs.route[pair])], int(pairs.traveller[pair])
        adds = [(row, float(column[pair])) for row, column in bounded if column[pair]]
        adds += [(traveller, 1.0), *((row, 1.0) for row in group.nights)]
        seat = self.programme.column(pairs.worth[pair], adds)
        group.size[0].SetCoefficient(seat, 1)
        group.size[1].SetCoefficient(seat, -1)
        kind = int(pairs.kind[traveller])
        if kind not in group.kinds:
            group.kinds[kind] = self.programme.solver.Constraint(-ENDLESS, 0)
            group.kinds[kind].SetCoefficient(group.runs, -1)
        group.kinds[kind].SetCoefficient(seat, 1)


def best_of(pairs: Pairs, key: Whole, number: int) -> Flags:
    """Mark the pairs of highest worth for each value of a key."""
    order = np.lexsort((-pairs.worth, key))
    sorted_keys = key[order]
    rank = np.arange(len(order)) - np.searchsorted(sorted_keys, sorted_keys)
    marked = np.zeros(len(order), dtype=bool)
    marked[order[rank < number]] = True
    return marked


def sift(rows: Rows, stretches: Stretches, watch: Watch) -> Relaxed:
    """Find the best prices; Infeasible where even fractions won't keep the lower bounds."""
    pairs = rows.pairs
    kept = best_of(pairs, pairs.route, OF_ROUTE) | best_of(pairs, pairs.traveller, OF_TRAVELLER)
    relaxed = priced(rows, stretches, np.zeros(len(rows)))
    for _round in range(ROUNDS):
        sieve = Sieve(rows, stretches.least, kept)
        value, prices = sieve.programme.solve()
        now = priced(rows, stretches, prices)
        relaxed = min(relaxed, now, key=lambda one: one.bound)
        watch.told(value, relaxed.bound)
        wanted = np.where(kept, -np.inf, now.best.forced - now.threshold)
        new = np.argsort(-wanted, kind="stable")[: min(NEW_PAIRS, (wanted > POSITIVE).sum())]
        settled = watch.settled(value, relaxed.bound) or not len(new)
        if settled and sieve.programme.lacking():
            if kept.all():
                raise Infeasible
            new, settled = np.flatnonzero(~kept), False
        if settled or watch.stop():
            break
        kept[new] = True
    return relaxed
