"""Two simple ways to match, to hold a plan against: greedy, and deferred acceptance.

Deferred acceptance (Gale and Shapley) is stable and truthful, and knows no budgets and no
shares; greedy keeps budgets and knows no shares. What they break, `verify` says.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from grandtour.planning.groups import Best, Stretches
from grandtour.planning.journeys import Chosen, journeys_of
from grandtour.planning.limits import Limits
from grandtour.planning.pairing import pair_up
from grandtour.planning.pairs import Pairs, Real, Table
from grandtour.planning.problem import Ended, Plan, Problem
from grandtour.planning.routes import Atlas, candidates
from grandtour.planning.rows import taken

ENDLESS = 1 << 62
NEVER = Limits()


@dataclass
class Field:
    """The pairs of a problem, and what is still free of its stays and budgets."""

    problem: Problem
    limits: Limits = NEVER
    used: Counter[int] = field(default_factory=Counter)
    guests: Counter[tuple[int, int]] = field(default_factory=Counter)
    grams: int = 0
    cost: int = 0
    journeys: int = 0

    def __post_init__(self) -> None:
        """Find all pairs."""
        self.guests.update(taken(self.problem))
        self.atlas = Atlas(self.problem)
        routes, _all = candidates(self.atlas, self.limits.routes)
        self.pairs: Pairs = pair_up(Table(self.problem), self.atlas, routes)
        self.keys = [one.key for one in self.problem.travellers]
        self.private = frozenset(self.problem.private)
        self.stretches = Stretches(self.pairs, self.problem.rules.group_min)

    def free(self, route: int, size: int) -> bool:
        """Say whether the stays of a route can still take so many guests."""
        stays, most = self.problem.stays, self.problem.rules.groups_max
        one = self.pairs.routes[route]
        return (
            (most is None or self.journeys < most)
            and all(self.used[stay] < stays[stay].groups for stay in one.stays)
            and all(self.guests[n] + size <= stays[n[0]].limit for n in one.nights())
        )

    def friendly(self, group: list[int]) -> list[int]:
        """Give a group without those of least worth who cannot meet others of it."""
        kept: list[int] = []
        for pair in sorted(group, key=lambda one: (-self.pairs.worth[one], one)):
            if not any(self.apart(pair, one) for one in kept):
                kept.append(pair)
        return kept

    def apart(self, one: int, other: int) -> bool:
        """Say whether two pairs are of travellers who do not meet."""
        both = frozenset(self.keys[self.pairs.traveller[pair]] for pair in (one, other))
        return both in self.private

    def affordable(self, group: list[int], route: int) -> bool:
        """Say whether a group fits what is left of the budgets."""
        rules, pairs = self.problem.rules, self.pairs
        grams = self.grams + int(pairs.grams[group].sum())
        cost = self.cost + int(pairs.cost[group].sum() + pairs.venue_cost[route])
        kept = grams <= budget(rules.carbon_budget), cost <= budget(rules.money_budget)
        return all(kept)

    def take(self, group: list[int], route: int) -> None:
        """Use up what a group needs."""
        one = self.pairs.routes[route]
        self.used.update(one.stays)
        for night in one.nights():
            self.guests[night] += len(group)
        self.grams += int(self.pairs.grams[group].sum())
        self.cost += int(self.pairs.cost[group].sum() + self.pairs.venue_cost[route])
        self.journeys += 1

    def plan(self, chosen: list[int]) -> Plan:
        """Turn pairs into a plan that claims no more than it is worth."""
        made = journeys_of(Chosen(self.problem, self.atlas, self.pairs, tuple(chosen)))
        seed, digest = self.problem.rules.seed, self.problem.fingerprint()
        worth = Plan(made, 0, 0, seed, digest, Ended.EFFORT).worth
        return Plan(made, worth, 0, seed, digest, Ended.EFFORT)


def budget(most: int | None) -> int:
    """Give a budget, or more than anything costs."""
    return ENDLESS if most is None else most


def greedy(problem: Problem, limits: Limits = NEVER) -> Plan:
    """Take the best group, then the best of what is left, as long as budgets last."""
    room = Field(problem, limits)
    pairs = room.pairs
    chosen: list[int] = []
    values: Real = pairs.worth.astype(np.float64)
    venues: Real = pairs.venue_worth.astype(np.float64)
    while group := _first(room, Best(room.stretches, values, venues), venues):
        room.take(group, int(pairs.route[group[0]]))
        chosen += group
        values[np.isin(pairs.traveller, pairs.traveller[group])] = -np.inf
    return room.plan(chosen)


def _first(room: Field, best: Best, venues: Real) -> list[int]:
    """Give the best group for which there is room; strike off the routes without."""
    if not len(room.pairs.routes):
        return []
    for route in np.argsort(-best.value, kind="stable"):
        if best.value[route] <= 0:
            break
        group = room.friendly(best.members(int(route)))
        enough = len(group) >= room.problem.rules.group_min
        fits = enough and room.free(int(route), len(group))
        if fits and room.affordable(group, int(route)):
            return group
        venues[route] = -np.inf
    return []


def deferred(problem: Problem, limits: Limits = NEVER) -> Plan:
    """Let travellers ask for routes, best first, and routes keep the best who ask.

    Routes are set beforehand: those whose best group would be worth most, while stays last.
    A route keeps one of each country; a group that stays too small is dissolved.
    """
    room = Field(problem, limits)
    open_routes = _open(room)
    pairs = room.pairs
    held: dict[int, list[int]] = {route: [] for route in open_routes}
    asks = _wishes(pairs, set(open_routes))
    waiting = sorted(asks)
    while waiting:
        traveller = waiting.pop()
        if asks[traveller]:
            pair = asks[traveller].pop()
            rejected = _offer(room, held[int(pairs.route[pair])], pair)
            waiting += [int(pairs.traveller[one]) for one in rejected]
    least = problem.rules.group_min
    return room.plan([pair for some in held.values() if len(some) >= least for pair in some])


def _open(room: Field) -> list[int]:
    pairs = room.pairs
    found: list[int] = []
    if not len(pairs.routes):
        return found
    best = Best(
        room.stretches, pairs.worth.astype(np.float64), pairs.venue_worth.astype(np.float64)
    )
    for route in np.argsort(-best.value, kind="stable"):
        group = best.members(int(route))
        if best.value[route] > 0 and room.free(int(route), len(group)):
            room.take(group, int(route))
            found.append(int(route))
    return found


def _wishes(pairs: Pairs, open_routes: set[int]) -> dict[int, list[int]]:
    wishes: dict[int, list[int]] = {}
    for pair in np.argsort(pairs.worth, kind="stable"):
        if int(pairs.route[pair]) in open_routes:
            wishes.setdefault(int(pairs.traveller[pair]), []).append(int(pair))
    return wishes


def _offer(room: Field, held: list[int], pair: int) -> list[int]:
    """Hold the best of those held and one more who can travel together; give the others."""
    pairs = room.pairs
    asking = sorted([*held, pair], key=lambda one: (-pairs.worth[one], one))
    held.clear()
    for one in asking:
        kind = pairs.kind[pairs.traveller[one]]
        taken = any(
            pairs.kind[pairs.traveller[other]] == kind or room.apart(one, other)
            for other in held
        )
        if not taken and len(held) < pairs.seats[pairs.route[one]]:
            held.append(one)
    return [one for one in asking if one not in held]
