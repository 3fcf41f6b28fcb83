"""Pairs up travellers and routes, some thousand routes at a time.

Half a million routes are looked at in seconds, for what is asked of one is asked of all in a
batch at once: a row for each traveller, a column for each route. Shorter routes repeat their
last stay, which changes no question and is left out of sums.
"""

from collections.abc import Callable, Sequence
from itertools import islice, pairwise

import numpy as np

from grandtour.planning import carbon
from grandtour.planning.pairs import (
    EDGES,
    GREEN,
    STANDARD,
    Flags,
    Pairs,
    Real,
    Table,
    Whole,
    costs_points,
    kinds,
)
from grandtour.planning.problem import Mode
from grandtour.planning.routes import Atlas, Route

SIZE = 4096
MODES = (*Mode, None)  # None: no leg, which everybody can travel


class Batch:
    """Some routes, and who could travel on each; travellers in an order that is given."""

    def __init__(
        self, table: Table, atlas: Atlas, routes: Sequence[Route], order: Whole
    ) -> None:
        """Lay stays and legs of the routes side by side."""
        self.table, self.routes, self.order = table, routes, order
        most = max(len(route.stays) for route in routes)
        legs = [[atlas.legs[way] for way in pairwise(route.stays)] for route in routes]
        self.stays: Whole = np.array(
            [route.stays + route.stays[-1:] * (most - len(route.stays)) for route in routes]
        )
        lengths = np.array([len(route.stays) for route in routes])
        self.real: Flags = np.arange(most)[None, :] < lengths[:, None]
        self.modes: Whole = np.array(
            [
                [MODES.index(leg.mode) for leg in own] + [len(Mode)] * (most - 1 - len(own))
                for own in legs
            ]
        ).reshape(len(routes), most - 1)
        green = [[leg for leg in own if leg.mode in carbon.GREEN] for own in legs]
        self.grams: Whole = np.array([sum(leg.grams for leg in own) for own in legs])
        self.low: Real = np.array([float(sum(leg.km for leg in own)) for own in green])
        self.spent: Whole = np.array([_nights(table, route) for route in routes])
        self.nights: Whole = np.array(
            [
                [end - begin for begin, end in zip(route.arrive, route.leave, strict=True)]
                + [0] * (most - len(route.stays))
                for route in routes
            ]
        )

    def suiting(self) -> Flags:
        """Say which travellers each route suits."""
        table, order, stays = self.table, self.order, self.stays
        fits = table.fits[order]
        flags: Flags = fits[:, stays[:, 0]]
        for column in stays.T[1:]:
            flags &= fits[:, column]
        if "window" not in table.ignore:
            flags &= self._free()
        if not table.all_known:
            self._look(flags)
        if "reach" not in table.ignore:
            reached = table.reached[order]
            flags &= reached[:, stays[:, 0]] & reached[:, stays[:, -1]]
        able = [table.able[mode] if mode else np.ones_like(order, bool) for mode in MODES]
        for column in self.modes.T:
            flags &= np.array(able)[:, order][column].T
        self._few(flags)
        return flags

    def _free(self) -> Flags:
        """Say who can from the first day of each route to its last."""
        spans = [(route.arrive[0], route.leave[-1]) for route in self.routes]
        number = {span: at for at, span in enumerate(dict.fromkeys(spans))}
        free = np.array([self.table.free(*span) for span in number])[:, self.order]
        flags: Flags = free[[number[span] for span in spans]].T
        return flags

    def _look(self, flags: Flags) -> None:
        """Work out the ways that are asked for."""
        for number, stays in enumerate(self.stays):
            who = np.zeros(len(self.order), dtype=bool)
            who[self.order[flags[:, number]]] = True
            self.table.look(int(stays[0]), who)

    def _few(self, flags: Flags) -> None:
        """Keep to what holds for few: one language for all, locks, and who keeps a journey."""
        table, place = self.table, np.argsort(self.order)
        for one, stay in table.bound_to:
            flags[place[one]] &= (self.stays == stay).any(axis=1)
        if any(route.language for route in self.routes) and "language" not in table.ignore:
            for number, route in enumerate(self.routes):
                flags[:, number] &= table.speaks(route.language)[self.order]
        if table.held:
            dates = [tuple(zip(r.stays, r.arrive, r.leave, strict=True)) for r in self.routes]
            for one, kept in table.held:
                flags[place[one]] &= np.array([own == kept for own in dates])

    def measure(self, route: Whole, who: Whole) -> tuple[Whole, Whole, Whole]:
        """Give the worth, the grams of CO2e, and the cost of pairs of a route and somebody."""
        table, stays = self.table, self.stays[route]
        first, last = stays[:, 0], stays[:, -1]
        grams = table.grams[who, first] + table.grams[who, last] + self.grams[route]
        low = table.low_km[who, first] + table.low_km[who, last] + self.low[route]
        other = table.other_km[who, first] + table.other_km[who, last]
        farthest, fit = np.zeros(len(who)), np.zeros(len(who), dtype=np.int64)
        for at, column in enumerate(stays.T):
            np.maximum(farthest, table.distance[who, column], out=farthest)
            fit += table.fit[who, column] * self.real[route, at]
        band = np.searchsorted(EDGES, farthest, side="right")
        spent = np.where(low > other, GREEN[band], STANDARD[band]) + self.spent[route]
        cost = np.maximum(spent, table.rules.promised)
        wished, off = self._wished(route, who)
        counted = np.maximum(spent - wished, table.rules.promised)
        worth = table.base[who] + fit - costs_points(table.rules, grams, counted)
        return worth - off, grams, cost

    def _wished(self, route: Whole, who: Whole) -> tuple[Whole, Whole]:
        """Give what wished nights cost beyond the fewest, and the points of those off it."""
        wish, rules = self.table.wish[who][:, None], self.table.rules
        if not wish.any():
            return np.zeros_like(who), np.zeros_like(who)
        nights, there = self.nights[route], self.real[route] & (wish > 0)
        more = np.maximum(0, np.minimum(wish, nights) - rules.nights_min)
        off = (np.abs(nights - wish) * there).sum(axis=1)
        points: Whole = np.rint(rules.weights.nights * off).astype(np.int64)
        cost: Whole = (more * there * self.table.night_cost[self.stays[route]]).sum(axis=1)
        return cost, points


def _nights(table: Table, route: Route) -> int:
    """Give what the nights of a route cost one guest."""
    return sum(
        table.stays[stay].night_cost * (leave - arrive)
        for stay, arrive, leave in zip(route.stays, route.arrive, route.leave, strict=True)
    )


def pair_up(
    table: Table,
    atlas: Atlas,
    routes: Sequence[Route],
    cancelled: Callable[[], bool] = lambda: False,
) -> Pairs:
    """Find all pairs of travellers and routes; routes that nobody could fill are left out."""
    kind = kinds(table.problem)
    order: Whole = np.argsort(kind, kind="stable")
    first = np.flatnonzero(np.diff(kind[order], prepend=-1))
    columns: list[tuple[Whole, ...]] = []
    used: list[Route] = []
    every = iter(routes) if len(order) else iter(())
    while (some := list(islice(every, SIZE))) and not cancelled():
        batch = Batch(table, atlas, some, order)
        flags = batch.suiting()
        countries = np.logical_or.reduceat(flags, first, axis=0).sum(axis=0)
        kept: Whole = np.flatnonzero(countries >= table.rules.group_min)
        column, row = np.nonzero(flags[:, kept].T)
        who = order[row]
        columns.append((column + len(used), who, *batch.measure(kept[column], who)))
        used += [some[number] for number in kept]
    return _pairs(table, used, columns, kind)


def _pairs(
    table: Table, used: list[Route], columns: list[tuple[Whole, ...]], kind: Whole
) -> Pairs:
    empty = np.zeros(0, dtype=np.int64)
    joined = [np.concatenate(one) for one in zip(*columns, strict=True)] or [empty] * 5
    stays, rules = table.stays, table.rules
    venue = [sum(stays[stay].venue_cost for stay in route.stays) for route in used]
    seats = [min(stays[stay].limit for stay in route.stays) for route in used]
    less = [-round(rules.weights.cost * one / 100) for one in venue]
    return Pairs(
        routes=tuple(used),
        route=joined[0],
        traveller=joined[1],
        worth=joined[2],
        grams=joined[3],
        cost=joined[4],
        venue_cost=np.array(venue, dtype=np.int64),
        venue_worth=np.array(less, dtype=np.int64),
        seats=np.minimum(np.array(seats, dtype=np.int64), rules.group_max),
        kind=kind,
    )
