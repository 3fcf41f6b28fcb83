"""Why a plan is as it is: codes and numbers for a sentence about each traveller and stay.

The numbers are the solver's own: what a place is worth, and the prices of the relaxation,
which say what one more of each scarce thing would be worth. A place pays where its worth is at
least what it uses; `missing` says how many points it lacks: what would have had to differ.
"""

from dataclasses import asdict, dataclass, field
from enum import StrEnum

import numpy as np

from grandtour.planning.groups import Best, Stretches
from grandtour.planning.journeys import every_route
from grandtour.planning.limits import Limits
from grandtour.planning.pairing import pair_up
from grandtour.planning.pairs import Flags, Pairs, Real, Table
from grandtour.planning.problem import Plan, Prices, Problem
from grandtour.planning.routes import Atlas
from grandtour.planning.rows import Rows

NEVER = Limits()


class Code(StrEnum):
    """Which sentence to say."""

    PLACED = "placed"
    EXCLUDED = "excluded"
    NO_STAY = "no_stay"  # a rule leaves no stay at all
    NO_ROUTE = "no_route"  # each stay alone would do, no route and dates do
    NO_GROUP = "no_group"  # nobody to travel with
    OUTBID = "outbid"  # others were worth more on every route
    SHARE = "share"  # a minimum share needed the place for others
    CARBON = "carbon"
    MONEY = "money"
    STANDS = "stands"  # as good as those who travel there already, who keep their places
    TIE = "tie"  # as good as those who travel: the seed decided
    USED = "used"
    CLOSED = "closed"  # a stay without open days of the right length


@dataclass(frozen=True)
class Why:
    """Why somebody travels or not, or a stay is visited or not.

    `rules` are the rules in the way with how many stays each rules out; `parts` the points
    that decided by name; `missing` the points by which it fell short.
    """

    key: str
    code: Code
    journey: int | None = None
    stays: tuple[str, ...] = ()
    rules: dict[str, int] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)
    missing: float = 0


class Case:
    """A plan with all pairs at the plan's prices."""

    def __init__(self, problem: Problem, plan: Plan, limits: Limits = NEVER) -> None:
        """Work out what each pair is worth and uses."""
        self.problem, self.plan = problem, plan
        self.atlas, self.table = Atlas(problem), Table(problem)
        routes, _all = every_route(problem, self.atlas, limits.routes)
        self.pairs: Pairs = pair_up(self.table, self.atlas, routes)
        rows = Rows(problem, self.pairs)
        self.prices = priced(rows, plan.prices or Prices({}, {}, {}, {}))
        lie = Stretches(self.pairs, problem.rules.group_min)
        self.best = Best(lie, rows.pair_values(self.prices), rows.route_values(self.prices))
        self.rows = rows

    def travellers(self) -> list[Why]:
        """Explain every traveller, in the order of the problem."""
        placed = {
            key: number
            for number, journey in enumerate(self.plan.journeys)
            for key in journey.travellers
        }
        return [
            self._placed(one.key, placed[one.key]) if one.key in placed else self._left(at)
            for at, one in enumerate(self.problem.travellers)
        ]

    def _placed(self, key: str, number: int) -> Why:
        made = self.plan.journeys[number]
        seat = next(seat for seat in made.seats if seat.traveller == key)
        parts = {name: float(value) for name, value in asdict(seat.terms).items() if value}
        return Why(key, Code.PLACED, number, tuple(s.stay for s in made.stops), parts=parts)

    def _left(self, at: int) -> Why:
        key = self.problem.travellers[at].key
        rules = self.in_the_way(at)
        own = np.flatnonzero(self.pairs.traveller == at)
        if any(pin.traveller == key and not pin.stay for pin in self.problem.locks.exclude):
            return Why(key, Code.EXCLUDED)
        if not len(own):
            alone = self._alone(at)
            return Why(key, Code.NO_ROUTE if alone else Code.NO_STAY, rules=rules)
        forced = self.best.forced[own]
        if not np.isfinite(forced).any():
            return Why(key, Code.NO_GROUP, rules=rules)
        pair = int(own[np.argmax(forced)])
        return self._short(key, pair, rules)

    def _short(self, key: str, pair: int, rules: dict[str, int]) -> Why:
        """Say what stood against the place that came nearest."""
        pairs, prices, at = self.pairs, self.prices, self.rows.extra
        route = int(pairs.route[pair])
        shares = self.problem.rules.shares
        parts = {"worth": float(pairs.worth[pair])}
        parts["carbon"] = -float(prices[at + 1] * self.rows.columns.pair[1][pair])
        parts["money"] = -float(prices[at + 2] * self.rows.columns.pair[2][pair])
        parts["share"] = -float(
            sum(
                prices[at + 3 + number] * self.rows.columns.pair[3 + number][pair]
                for number in range(len(shares))
            )
        )
        missing = max(0.0, self._ceiling(route) - float(self.best.forced[pair]))
        stays = tuple(self.problem.stays[stay].key for stay in pairs.routes[route].stays)
        code = self._decided(pair, parts, missing)
        stops = pairs.routes[route].stops(self.problem)
        if code == Code.TIE and any(one.stops == stops for one in self.problem.before):
            code = Code.STANDS
        return Why(key, code, None, stays, rules, parts, round(missing, 2))

    def _decided(self, pair: int, parts: dict[str, float], missing: float) -> Code:
        """Name what decided: the price that alone was too high, else what was used up."""
        against = {name: parts[name] for name in ("carbon", "money", "share")}
        most = min(against, key=lambda name: against[name])
        if missing >= 1:
            return Code(most) if -against[most] >= missing else Code.OUTBID
        rules, plan, pairs = self.problem.rules, self.plan, self.pairs
        if over(plan.grams + int(pairs.grams[pair]), rules.carbon_budget):
            return Code.CARBON
        if over(plan.cost + int(pairs.cost[pair]), rules.money_budget):
            return Code.MONEY
        return Code.SHARE if against["share"] < 0 else Code.TIE

    def _ceiling(self, route: int) -> float:
        own = float(self.best.value[route])
        groups = 0.0 if self.plan.prices is None else self.plan.prices.groups
        return max(own, groups, 0.0)

    def in_the_way(self, at: int) -> dict[str, int]:
        """Count for each rule how many stays it rules out for a traveller, on its own."""
        table, number = self.table, len(self.problem.stays)
        one = self.problem.travellers[at]
        table.look_around(at)
        counts = {
            "language": sum(not one.languages & s.languages for s in self.problem.stays),
            "own_country": number - int(table.abroad()[at].sum()),
            "access": sum(bool(one.needs - stay.access) for stay in self.problem.stays),
            "locked": number - int(table.unlocked()[at].sum()),
            "reach": int((table.fits[at] & ~table.reached[at]).sum()),
            "window": sum(not self._overlap(at, stay) for stay in range(number)),
        }
        return {name: count for name, count in counts.items() if count}

    def _overlap(self, at: int, stay: int) -> bool:
        nights = self.problem.rules.nights_min
        mask = self.atlas.masks[stay].get(nights, 0)
        return any(
            mask >> day & 1 and self.table.free(day, day + nights)[at]
            for day in range(mask.bit_length())
        )

    def _alone(self, at: int) -> bool:
        fits: Flags = self.table.fits[at] & self.table.reached[at]
        return any(self._overlap(at, int(stay)) for stay in np.flatnonzero(fits))

    def stays(self) -> list[Why]:
        """Explain every stay, in the order of the problem."""
        used = {
            stop.stay: number
            for number, journey in enumerate(self.plan.journeys)
            for stop in journey.stops
        }
        return [
            Why(stay.key, Code.USED, used[stay.key], parts=self._price(stay.key))
            if stay.key in used
            else self._unused(at)
            for at, stay in enumerate(self.problem.stays)
        ]

    def _price(self, key: str) -> dict[str, float]:
        prices = {} if self.plan.prices is None else self.plan.prices.stays
        return {"price": round(prices[key], 2)} if prices.get(key) else {}

    def _unused(self, at: int) -> Why:
        key, locks = self.problem.stays[at].key, self.problem.locks
        if any(pin.stay == key and not pin.traveller for pin in locks.exclude):
            return Why(key, Code.EXCLUDED)
        if not any(self.atlas.masks[at].values()):
            return Why(key, Code.CLOSED)
        routes = [number for number, one in enumerate(self.pairs.routes) if at in one.stays]
        suiting = int(self.table.fits[:, at].sum())
        if not routes:
            return Why(key, Code.NO_GROUP, parts={"suiting": float(suiting)})
        best = max(routes, key=lambda route: float(self.best.value[route]))
        missing = max(0.0, self._ceiling(best) - float(self.best.value[best]))
        stays = tuple(self.problem.stays[stay].key for stay in self.pairs.routes[best].stays)
        code = Code.OUTBID if missing >= 1 else Code.TIE
        return Why(key, code, None, stays, missing=round(missing, 2))


def over(much: int, budget: int | None) -> bool:
    """Say whether something is more than a budget."""
    return budget is not None and much > budget


def priced(rows: Rows, prices: Prices) -> Real:
    """Put named prices back into the order of the rows."""
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
