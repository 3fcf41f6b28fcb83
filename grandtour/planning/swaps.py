"""Swaps: plans near a known one that have somebody in it, each looked at by every rule.

They are not the best ones. They are a start for the exact solver, and a plan with somebody
where its time does not suffice.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from grandtour.planning.pairs import Whole
from grandtour.planning.relaxation import Relaxed
from grandtour.planning.rows import Rows
from grandtour.planning.solver import worth

CLOSE = 1e-6
ROUTES, LOOKED_AT = 12, 80

Choice = tuple[int, ...]  # pairs
Groups = dict[int, list[int]]  # the pairs of each route


def best_swap(rows: Rows, relaxed: Relaxed, choice: Choice, own: Whole) -> Choice | None:
    """Give the best plan near another that has one of these pairs in it; None without any."""
    pairs, groups = rows.pairs, grouped(rows, choice)
    order = np.argsort(-relaxed.best.forced[own], kind="stable")
    some = own[order]
    found = [*_in_place(rows, groups, some), *_anew(rows, groups, some)]
    found.sort(key=lambda one: -worth(pairs, one))
    return next((one for one in found[:LOOKED_AT] if holds(rows, one)), None)


def grouped(rows: Rows, choice: Iterable[int]) -> Groups:
    """Give the pairs of each route."""
    groups: Groups = {}
    for pair in choice:
        groups.setdefault(int(rows.pairs.route[pair]), []).append(pair)
    return groups


def _flat(groups: Groups) -> Choice:
    return tuple(pair for group in groups.values() for pair in group)


def _in_place(rows: Rows, groups: Groups, own: Whole) -> Iterator[Choice]:
    """Join a journey, or take somebody's place there, leaving one's own journey if any."""
    for pair in map(int, own[np.isin(rows.pairs.route[own], list(groups))]):
        route = int(rows.pairs.route[pair])
        if pair in groups[route]:
            continue
        group = groups[route]
        yield _flat(groups | {route: [*group, pair]})
        for one in group:
            yield _flat(groups | {route: [*(p for p in group if p != one), pair]})


def _anew(rows: Rows, groups: Groups, own: Whole) -> Iterator[Choice]:
    """Begin a journey of its own, in place of those in its way, and of one more or none."""
    pairs = rows.pairs
    routes = dict.fromkeys(int(pairs.route[pair]) for pair in own[:400])
    for route in islice((one for one in routes if one not in groups), ROUTES):
        there = set(pairs.routes[route].stays)
        rest = {
            one: group
            for one, group in groups.items()
            if not there.intersection(pairs.routes[one].stays)
        }
        must = next(int(pair) for pair in own if pairs.route[pair] == route)
        for out in (None, *rest):
            kept = {one: group for one, group in rest.items() if one != out}
            yield _flat(kept | {route: _group(rows, route, must, kept)})


def _group(rows: Rows, route: int, must: int, kept: Groups) -> list[int]:
    """Fill a route with the best who are free, one of each country, around one of them."""
    pairs = rows.pairs
    taken = {int(pairs.traveller[pair]) for group in kept.values() for pair in group}
    group, kinds = [must], {int(pairs.kind[pairs.traveller[must]])}
    first, last = np.searchsorted(pairs.route, [route, route + 1])
    for pair in first + np.argsort(-pairs.worth[first:last], kind="stable"):
        one = int(pairs.traveller[pair])
        kind, full = int(pairs.kind[one]), len(group) >= pairs.seats[route]
        if not full and one not in taken and kind not in kinds:
            group.append(int(pair))
            kinds.add(kind)
    return group


def holds(rows: Rows, choice: Choice) -> bool:
    """Say whether a choice keeps all rules."""
    sums, groups = np.zeros(len(rows)), grouped(rows, choice)
    for route, group in groups.items():
        for row, much in rows.of_route(route):
            sums[row] += much
        for row in rows.heads(route):
            sums[row] += len(group)
        for pair in group:
            for row, much in rows.of_pair(pair):
                sums[row] += much
    within = (sums >= rows.lower - CLOSE) & (sums <= rows.upper + CLOSE)
    return bool(within.all()) and all(_travels(rows, *one) for one in groups.items())


def _travels(rows: Rows, route: int, group: list[int]) -> bool:
    """Say whether a group may travel together: its size, its countries, and locks."""
    pairs, problem = rows.pairs, rows.problem
    who = [int(pairs.traveller[pair]) for pair in group]
    keys = {problem.travellers[one].key for one in who}
    return (
        rows.rules.group_min <= len(who) <= pairs.seats[route]
        and len({int(pairs.kind[one]) for one in who}) == len(who)
        and all(not keys & party or party <= keys for party in problem.locks.together)
        and all(len(keys & party) <= 1 for party in (*problem.locks.apart, *problem.private))
    )
