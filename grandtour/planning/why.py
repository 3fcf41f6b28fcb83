"""Why a plan is as it is: codes and numbers for a sentence about each traveller and stay.

Nothing is guessed: the prices that prove the plan's bound say for everybody at once what stands
against them (`weighing`). Then whoever has no place is put into the plan and all is solved
anew, which says how much less the best plan with them is worth; so it is without each stay that
is visited; then each rule is left out in turn, which says whether it alone decided. What could
not be proven in the time is not said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from math import inf
from typing import Any

import numpy as np

from grandtour.planning import relaxation
from grandtour.planning.conflicts import Rule
from grandtour.planning.deciding import Standing, deciding, pairs_of_any
from grandtour.planning.groups import Stretches
from grandtour.planning.journeys import earlier, every_route
from grandtour.planning.limits import Limits
from grandtour.planning.pairing import pair_up
from grandtour.planning.pairs import Flags, Pairs, Table, Whole
from grandtour.planning.problem import Plan, Problem
from grandtour.planning.routes import Atlas, Masks
from grandtour.planning.rows import Rows
from grandtour.planning.solver import same_places
from grandtour.planning.trials import Clock, Tried, World, chosen_in, prices_in

NEVER = Limits()
MOST_SECONDS, EACH = 30.0, 3.0  # for all trials together, and for one of them
FORCING, LEAVING = 0.6, 0.2  # of the time that is left; what is left then goes to the rules


class Code(StrEnum):
    """Which sentence to say."""

    PLACED = "placed"
    EXCLUDED = "excluded"
    NO_STAY = "no_stay"  # a rule leaves no stay at all
    LOCKED = "locked"  # locks, or what hosts said, leave no stay at all
    NO_ROUTE = "no_route"  # each stay alone would do, no route and dates do
    NO_GROUP = "no_group"  # a route, but too few for a group that may travel it
    NO_PLAN = "no_plan"  # no plan keeps all rules and has them in it
    OUTBID = "outbid"  # the best plan with them is worth less
    STANDS = "stands"  # only that others keep the places they had decided
    TIE = "tie"  # a plan with them is worth no less
    UNKNOWN = "unknown"  # nothing of it could be proven in the time
    USED = "used"
    NEEDED = "needed"  # visited, and no plan that keeps all rules is without it
    CLOSED = "closed"  # a stay without open days of the right length
    FULL = "full"  # a stay whose beds are taken on all such days


@dataclass(frozen=True)
class Why:
    """Why somebody travels or not, or a stay is visited or not.

    `rules` are the rules in the way with how many stays each rules out; `parts` what a place
    is worth by name. A plan with them (of a stay that is visited: without it) is worth less by
    `lack`: at least and at most, None where that was not proven. `weighs`: what the best
    journey with them brings, and takes from others, where the bound's prices prove that this is
    too much (see `weighing`). `deciding`: without any one of these rules they could be in one
    of the best plans; in a tie, they would be in each.
    """

    key: str
    code: Code
    journey: int | None = None
    stays: tuple[str, ...] = ()
    rules: dict[str, int] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)
    lack: tuple[int | None, int | None] = (None, None)
    weighs: dict[str, float] = field(default_factory=dict)
    deciding: tuple[Rule, ...] = ()


VISITED = {Code.USED, Code.NEEDED}
SURE = {Code.PLACED, Code.EXCLUDED, Code.NO_STAY, *VISITED, Code.CLOSED, Code.FULL}


def code_of(kept: Mapping[str, Any]) -> Code:
    """Read the code of a reason that was kept; of one that was never proven, UNKNOWN.

    Before reasons said what somebody lacks, they told of prices, which decide nothing alone.
    """
    if "lack" in kept:
        return Code(kept["code"])
    code = next((one for one in SURE if one == kept["code"]), Code.UNKNOWN)
    only = code == Code.NO_STAY and set(kept.get("rules", ())) == {"locked"}
    return Code.LOCKED if only else code


class Case:
    """A plan, and all that was tried to explain it."""

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        limits: Limits = NEVER,
        cancelled: Callable[[], bool] = lambda: False,
        told: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> None:
        """Put whoever was left out into the plan, and leave out rules, until the time ends."""
        self.problem, self.plan, self.limits, self.told = problem, plan, limits, told
        self.clock = Clock(min(MOST_SECONDS, limits.seconds), cancelled)
        self.atlas, self.table = Atlas(problem), Table(problem)
        looked = every_route(problem, self.atlas, limits.routes)
        self.complete = looked.complete
        own = earlier(replace(problem, before=plan.journeys), self.atlas)
        routes = list(dict.fromkeys([*own, *looked.few]))
        self.pairs: Pairs = pair_up(self.table, self.atlas, routes)
        self.people = len(problem.travellers)
        self.placed, self.used = _where_all_are(plan)
        # Of too many routes to look at nothing is proven.
        self.world = self._world() if self.complete else None
        self.wide: Pairs | None = None  # also of routes that no group fills
        self.open = [row for row, key in enumerate(self._keys()) if self._is_open(row, key)]
        self.tried = self._tried(self.world) if self.world else {}
        self.without = self._without(self.world) if self.world else {}
        self.deciding = self._deciding(self.world) if self.world else {}

    def _keys(self) -> list[str]:
        problem = self.problem
        return [one.key for one in problem.travellers] + [one.key for one in problem.stays]

    def _world(self) -> World:
        """Give all pairs at the plan's prices, with the plan as the best that is known."""
        problem, plan, pairs = self.problem, self.plan, self.pairs
        chosen = chosen_in(problem, pairs, plan)
        stay_as = same_places(problem, pairs)
        least = int(stay_as[list(chosen)].sum())
        rows = Rows(problem, pairs, stay_as if stay_as.any() else None, least)
        prices = prices_in(rows, plan.prices)
        lie = Stretches(pairs, problem.rules.group_min)
        relaxed = relaxation.priced(rows, lie, prices)
        self.stands = Standing(problem, plan, pairs, least, self.limits, relaxed.bound)
        return World(rows, relaxed, chosen, plan.bound)

    def _is_open(self, row: int, key: str) -> bool:
        """Say whether somebody is out and could be in: neither a lock nor a lack of stays."""
        if row >= self.people:
            at = row - self.people
            return not (
                key in self.used or self._shut(key) or not any(self.atlas.masks[at].values())
            )
        return not (key in self.placed or self._kept_out(key)) and self._alone(row, self.table)

    def _kept_out(self, key: str) -> bool:
        exclude = self.problem.locks.exclude
        return any(pin.traveller == key and not pin.stay for pin in exclude)

    def _shut(self, key: str) -> bool:
        exclude = self.problem.locks.exclude
        return any(pin.stay == key and not pin.traveller for pin in exclude)

    def _tried(self, world: World) -> dict[int, Tried]:
        """Put everybody who is out into the plan, one after the other."""
        clock = self.clock.part(FORCING * self.clock.left())
        tried = {}
        self.told(0, len(self.open))
        for number, row in enumerate(self.open):
            left = clock.left() / (len(self.open) - number)
            tried[row] = world.forced(row, clock.part(min(EACH, 2 * left)))
            self.told(number + 1, len(self.open))
        # Later trials may have found better plans for those before.
        known = {row: world.bounded(row) for row in self.open}
        return {
            row: replace(known[row], most=min(one.most, known[row].most))
            if known[row].least > one.least
            else one
            for row, one in tried.items()
        }

    def _without(self, world: World) -> dict[int, Tried]:
        """Leave out each stay that is visited, one after the other."""
        clock = self.clock.part(LEAVING * self.clock.left())
        keys = enumerate(self._keys()[self.people :], self.people)
        rows = [row for row, key in keys if key in self.used]
        return {
            row: world.without(
                row, clock.part(min(EACH, 2 * clock.left() / (len(rows) - number)))
            )
            for number, row in enumerate(rows)
        }

    def _deciding(self, world: World) -> dict[int, list[Rule]]:
        """Leave out rules for those with whom a plan is proven to be worth less, or no less."""
        if any(not len(world.pairs_of(row)) for row in self.open):
            self.wide = pairs_of_any(self.problem, self.limits, self.clock)
        worth = self.plan.worth
        out = [row for row, one in self.tried.items() if one.most < worth]
        tied = [row for row, one in self.tried.items() if one.least >= worth]
        return deciding(self.stands, out, tied, self.clock)

    def travellers(self) -> list[Why]:
        """Explain every traveller, in the order of the problem."""
        return [
            self._placed(one.key, self.placed[one.key])
            if one.key in self.placed
            else self._left(at)
            for at, one in enumerate(self.problem.travellers)
        ]

    def _placed(self, key: str, number: int) -> Why:
        made = self.plan.journeys[number]
        seat = next(seat for seat in made.seats if seat.traveller == key)
        parts = {name: float(value) for name, value in asdict(seat.terms).items() if value}
        return Why(key, Code.PLACED, number, tuple(s.stay for s in made.stops), parts=parts)

    def _left(self, at: int) -> Why:
        key = self.problem.travellers[at].key
        if self._kept_out(key):
            return Why(key, Code.EXCLUDED)
        rules = self.in_the_way(at)
        if not self._alone(at, self.table):
            return Why(key, Code.LOCKED if self._locked(at) else Code.NO_STAY, rules=rules)
        if self.world and not len(self.world.pairs_of(at)):
            return replace(self._nowhere(at, key), rules=rules)
        return self._short(at, key, rules)

    def _nowhere(self, at: int, key: str) -> Why:
        """Say whether there is no route for somebody, or only nobody to travel it with."""
        if self.wide is None:
            return Why(key, Code.UNKNOWN)
        there = bool((self.wide.traveller == at).any())
        rules = tuple(self.deciding.get(at, ()))
        return Why(key, Code.NO_GROUP if there else Code.NO_ROUTE, deciding=rules)

    def _short(self, row: int, key: str, rules: dict[str, int]) -> Why:
        """Say by how much the best plan with somebody falls short, and which rule decided."""
        tried = self.tried.get(row)
        if tried is None or self.world is None:
            return Why(key, Code.UNKNOWN, rules=rules)
        deciding = tuple(self.deciding.get(row, ()))
        if tried.impossible:
            empty = self.world.groupless(row)
            code = Code.NO_GROUP if empty else Code.NO_PLAN
            code = Code.STANDS if _only_stands(deciding) else code
            return Why(key, code, rules=rules, deciding=deciding)
        least, most = self._lack(tried)
        code = Code.UNKNOWN if (least or 0) <= 0 and most is None else Code.OUTBID
        if most is not None and most < 0:  # a better plan than that which stands: no tie
            return Why(key, Code.UNKNOWN, rules=rules)
        if most == 0:
            code = Code.TIE
        elif _only_stands(deciding):
            code = Code.STANDS
        stays = self._where(self.world.pairs_of(row), tried)
        why = Why(key, code, None, stays, rules, lack=(least, most), deciding=deciding)
        return replace(why, weighs=self.world.weighed(row, self.plan.worth))

    def _lack(self, tried: Tried) -> tuple[int | None, int | None]:
        """Give by how much a plan is worth less: at least, and at most."""
        worth = self.plan.worth
        least = None if tried.most == inf else max(0, worth - int(tried.most))
        return least, None if tried.least == -inf else worth - int(tried.least)

    def _where(self, pairs: Whole, tried: Tried) -> tuple[str, ...]:
        """Name the stays of the journey with somebody in the best plan with them."""
        own = set(map(int, pairs))
        route = next(
            (int(self.pairs.route[pair]) for pair in tried.choice or () if pair in own), None
        )
        if route is None:
            return ()
        return tuple(self.problem.stays[stay].key for stay in self.pairs.routes[route].stays)

    def in_the_way(self, at: int) -> dict[str, int]:
        """Count for each rule how many stays it rules out for a traveller, on its own."""
        table, atlas, number = self.table, self.atlas, len(self.problem.stays)
        one = self.problem.travellers[at]
        table.look_around(at)
        counts = {
            "language": sum(not one.languages & s.languages for s in self.problem.stays),
            "own_country": number - int(table.abroad()[at].sum()),
            "access": sum(bool(one.needs - stay.access) for stay in self.problem.stays),
            "locked": number - int(table.unlocked()[at].sum()),
            "reach": int((table.fits[at] & ~table.reached[at]).sum()),
            "window": sum(not self._overlap(at, s, table, atlas.open) for s in range(number)),
            "beds": sum(
                self._overlap(at, s, table, atlas.open) and not self._overlap(at, s, table)
                for s in range(number)
                if self.problem.stays[s].taken
            ),
        }
        return {name: count for name, count in counts.items() if count}

    def _overlap(
        self, at: int, stay: int, table: Table, masks: Sequence[Masks] | None = None
    ) -> bool:
        nights = self.problem.rules.nights_min
        mask = (masks or self.atlas.masks)[stay].get(nights, 0)
        return any(
            mask >> day & 1 and table.free(day, day + nights)[at]
            for day in range(mask.bit_length())
        )

    def _alone(self, at: int, table: Table) -> bool:
        """Say whether any stay would do for a traveller, if it were the only one."""
        table.look_around(at)
        fits: Flags = table.fits[at] & table.reached[at]
        return any(self._overlap(at, int(stay), table) for stay in np.flatnonzero(fits))

    def _locked(self, at: int) -> bool:
        """Say whether a stay would do for a traveller, were it not for locks."""
        locks = self.problem.locks
        if not locks.exclude:
            return False
        free = replace(self.problem, locks=replace(locks, exclude=()))
        return self._alone(at, Table(free))

    def stays(self) -> list[Why]:
        """Explain every stay, in the order of the problem."""
        return [
            self._visited(at, self.used[stay.key])
            if stay.key in self.used
            else self._unused(at)
            for at, stay in enumerate(self.problem.stays)
        ]

    def _visited(self, at: int, number: int) -> Why:
        """Say by how much the best plan without a stay falls short."""
        key, tried = self.problem.stays[at].key, self.without.get(self.people + at)
        if tried is None:
            return Why(key, Code.USED, number)
        if tried.impossible:
            return Why(key, Code.NEEDED, number)
        least, most = self._lack(tried)
        better = most is not None and most < 0  # than the plan that stands: nothing is proven
        return Why(key, Code.USED, number, lack=(None, None) if better else (least, most))

    def _unused(self, at: int) -> Why:
        key, row = self.problem.stays[at].key, self.people + at
        if self._shut(key):
            return Why(key, Code.EXCLUDED)
        if not any(self.atlas.masks[at].values()):
            return Why(key, Code.FULL if any(self.atlas.open[at].values()) else Code.CLOSED)
        if self.world is None or len(self.world.pairs_of(row)):
            why = self._short(row, key, {})
            empty = why.code == Code.NO_GROUP
            return replace(why, parts=self._suiting(at)) if empty else why
        rules = tuple(self.deciding.get(row, ()))
        return Why(key, Code.NO_GROUP, parts=self._suiting(at), deciding=rules)

    def _suiting(self, at: int) -> dict[str, float]:
        """Count whom a stay would suit, if it were the only one."""
        self.table.look(at, np.ones(self.people, dtype=bool))
        fits: Flags = self.table.fits[:, at] & self.table.reached[:, at]
        who = [one for one in np.flatnonzero(fits) if self._overlap(int(one), at, self.table)]
        return {"suiting": float(len(who))}


def _where_all_are(plan: Plan) -> tuple[dict[str, int], dict[str, int]]:
    """Give the number of the journey of each who travels, and of each stay that is visited."""
    numbered = list(enumerate(plan.journeys))
    return (
        {key: number for number, journey in numbered for key in journey.travellers},
        {stop.stay: number for number, journey in numbered for stop in journey.stops},
    )


def _only_stands(rules: tuple[Rule, ...]) -> bool:
    return bool(rules) and all(rule.name == "stands" for rule in rules)
