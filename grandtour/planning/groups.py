"""The best group of each route at given prices: no two of a country, within its size.

Pairs lie by route and country, so the best of each country is a maximum over a stretch, and
the best group is the first few of those; as many as must, and further ones while they add.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grandtour.planning.pairs import Pairs, Real, Whole
from grandtour.planning.problem import MOST_GUESTS


class Stretches:
    """Where in the columns the pairs of one route and one country lie."""

    def __init__(self, pairs: Pairs, least: int) -> None:
        """Find the stretches once; `least` is the smallest size of a group."""
        self.pairs, self.least = pairs, least
        kind = pairs.kind[pairs.traveller]
        new = np.ones(len(kind), dtype=bool)
        new[1:] = (np.diff(pairs.route) != 0) | (np.diff(kind) != 0)
        self.start: Whole = np.flatnonzero(new).astype(np.int64)
        self.of_pair: Whole = np.cumsum(new) - 1
        self.route: Whole = pairs.route[self.start]
        first = np.searchsorted(self.route, np.arange(len(pairs.routes)))
        self.place: Whole = np.arange(len(self.start)) - first[self.route]
        self.first: Whole = first.astype(np.int64)
        self.width = max(MOST_GUESTS, int(self.place.max(initial=0)) + 1)


@dataclass(frozen=True)
class Best:
    """The best group of each route, from the values of pairs and routes."""

    stretches: Stretches
    pair: Real
    route: Real

    @cached_property
    def table(self) -> Real:
        """Give for each route the best value of each country, as a row."""
        lie = self.stretches
        table: Real = np.full((len(self.route), lie.width), -np.inf)
        if len(lie.start):
            table[lie.route, lie.place] = np.maximum.reduceat(self.pair, lie.start)
        return table

    @cached_property
    def top(self) -> Real:
        """Give for each route the four best countries' values, falling."""
        least = np.partition(-self.table, MOST_GUESTS - 1, axis=1)[:, :MOST_GUESTS]
        top: Real = -np.sort(least, axis=1)
        return top

    @cached_property
    def value(self) -> Real:
        """Give for each route the value of its best group."""
        return self._filled(self.top, self.stretches.least, 0) + self.route

    def _filled(self, values: Real, must: int, taken: int) -> Real:
        seats = self.stretches.pairs.seats[:, None] - taken
        number = np.arange(values.shape[1])[None, :]
        gains = np.where(number < must, values, np.maximum(values, 0))
        filled: Real = np.where(number < seats, gains, 0).sum(axis=1)
        return filled

    @cached_property
    def forced(self) -> Real:
        """Give for each pair the value of the best group that it belongs to."""
        lie = self.stretches
        others = np.stack([self._without(rank) for rank in range(MOST_GUESTS)], axis=1)
        order = np.argsort(-self.table, axis=1, kind="stable")
        rank = np.empty_like(order)
        np.put_along_axis(rank, order, np.arange(lie.width)[None, :], axis=1)
        own = np.minimum(rank[lie.route, lie.place], MOST_GUESTS - 1)[lie.of_pair]
        at = lie.pairs.route
        value: Real = self.pair + others[at, own] + self.route[at]
        return value

    def _without(self, rank: int) -> Real:
        # Whoever is none of the first three countries sits beside the first three.
        rest = np.delete(self.top, rank, axis=1)
        return self._filled(rest, self.stretches.least - 1, 1)

    def members(self, route: int) -> list[int]:
        """Give the pairs of the best group of one route."""
        lie = self.stretches
        begin = lie.first[route]
        end = lie.first[route + 1] if route + 1 < len(lie.first) else len(lie.start)
        values = self.table[route, : end - begin]
        order = np.argsort(-values, kind="stable")[: lie.pairs.seats[route]]
        chosen = [
            int(at) for number, at in enumerate(order) if number < lie.least or values[at] > 0
        ]
        return [self._best_of(int(begin) + at) for at in chosen]

    def _best_of(self, stretch: int) -> int:
        starts = self.stretches.start
        last = starts[stretch + 1] if stretch + 1 < len(starts) else len(self.pair)
        return int(starts[stretch] + np.argmax(self.pair[starts[stretch] : last]))
