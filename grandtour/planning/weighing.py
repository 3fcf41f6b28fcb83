"""What stands against somebody by the prices that prove a plan's bound: for everybody, at once.

The best journey with somebody brings the worth of its places. It takes from others what these
give for it: places, hosts, one of so many journeys, carbon, money, shares. It takes more than
it brings, and by just so much is any plan with them proven to be worth less than the bound of
these prices: less than the plan, too, where it is more than the plan falls short of that bound.
"""

from dataclasses import dataclass

import numpy as np

from grandtour.planning.groups import Best
from grandtour.planning.relaxation import Relaxed
from grandtour.planning.rows import SHARES, Rows

LEAST = 0.5  # points: below that nothing is told


@dataclass(frozen=True)
class Weighed:
    """What a journey brings in points, and what it takes, by what is scarce."""

    brings: float
    takes: dict[str, float]

    @property
    def loss(self) -> float:
        """Give how much less than the bound a plan with it is worth at least."""
        return sum(self.takes.values()) - self.brings

    def told(self, short: float) -> dict[str, float]:
        """Give what it brings and what it takes in whole points, the most first.

        `short`: by how much the plan is worth less than the bound of these prices. Nothing
        where the loss is no more than that: then they don't prove that it stands against
        anybody.
        """
        if self.loss - short < LEAST:
            return {}
        parts = sorted(self.takes.items(), key=lambda part: (-part[1], part[0]))
        some = {name: float(round(much)) for name, much in parts if abs(much) >= LEAST}
        return {"brings": float(round(self.brings)), **some}


def weighed(rows: Rows, relaxed: Relaxed, pair: int) -> Weighed:
    """Weigh the best journey with a pair in it, one that somebody can travel."""
    pairs, prices, best = rows.pairs, relaxed.prices, relaxed.best
    route = int(pairs.route[pair])
    group = group_with(best, pair)
    there = [rows.people + stay for stay in pairs.routes[route].stays]
    hosts = prices[there].sum() + len(group) * prices[rows.heads(route)].sum()
    # What the route is worth to those who travel it instead, beyond what any journey has to be.
    instead = max(0.0, float(best.value[route]) - relaxed.threshold)
    takes = {
        "places": float(prices[pairs.traveller[group]].sum()) + instead,
        "hosts": float(hosts),
        "groups_max": relaxed.threshold,
    }
    names = ["groups_max", "carbon_budget", "money_budget"]
    names += [f"share:{share.trait}" for share in rows.rules.shares]
    names += ["stands"] * (len(rows.columns.pair) - SHARES - len(rows.over))
    for number, name in enumerate(names):
        used = rows.columns.pair[number][group].sum() + rows.columns.route[number][route]
        price = float(prices[rows.extra + number] * used)
        takes[name] = takes.get(name, 0.0) + price
    brings = float(pairs.worth[group].sum() + pairs.venue_worth[route])
    return Weighed(brings, takes)


def group_with(best: Best, pair: int) -> list[int]:
    """Give the best group of a pair's route that the pair belongs to."""
    pairs = best.stretches.pairs
    route, kind = pairs.route[pair], pairs.kind[pairs.traveller]
    own = np.flatnonzero((pairs.route == route) & (kind != kind[pair]))
    order = own[np.argsort(-best.pair[own], kind="stable")]
    _kinds, first = np.unique(kind[order], return_index=True)
    others = order[np.sort(first)][: int(pairs.seats[route]) - 1]
    must = best.stretches.least - 1
    return [pair] + [
        int(one) for at, one in enumerate(others) if at < must or best.pair[one] > 0
    ]
