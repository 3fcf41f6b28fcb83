"""Closing: an exact solver chooses among the pairs that the prices left in.

CP-SAT with the subsolvers that use the relaxation (`max_lp`, `reduced_costs`); its default
portfolio lacks them. Interleaved search with deterministic time gives the same answer for the
same seed, however busy the machine is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, inf
from threading import Event, Thread

import numpy as np
from ortools.sat.python import cp_model

from grandtour.planning.limits import Limits
from grandtour.planning.pairs import Flags
from grandtour.planning.rows import ENDLESS, Rows

LOOK = 0.2  # seconds between two looks at whether to stop
EXACT = 1e-6  # bounds are whole numbers divided by their unit and multiplied again
FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass(frozen=True)
class Closed:
    """The pairs chosen (None where none were found), and what the solver proved."""

    chosen: tuple[int, ...] | None
    bound: float
    impossible: bool
    effort: float


@dataclass(frozen=True)
class Watch:
    """Whom to tell of a better plan, when to stop, and what worth is enough."""

    found: Callable[[int], None]
    stop: Callable[[], bool]
    enough: float


class Model:
    """The choice among some pairs, all rules exact in whole numbers."""

    def __init__(self, rows: Rows, kept: Flags) -> None:
        """Make a yes or no for each pair and each route, then bind them."""
        self.rows, self.pairs, self.cp = rows, rows.pairs, cp_model.CpModel()
        self.kept = [int(pair) for pair in np.flatnonzero(kept)]
        self.seat = {pair: self.cp.new_bool_var("") for pair in self.kept}
        self.on: dict[int, list[int]] = {}
        for pair in self.kept:
            self.on.setdefault(int(self.pairs.route[pair]), []).append(pair)
        self.runs = {route: self.cp.new_bool_var("") for route in self.on}
        for route, pairs in self.on.items():
            self._group(route, pairs)
            self._parties(pairs)
        self._bind()
        self._count()
        worth, venue = self.pairs.worth, self.pairs.venue_worth
        self.cp.maximize(
            sum(int(worth[pair]) * seat for pair, seat in self.seat.items())
            + sum(int(venue[route]) * runs for route, runs in self.runs.items())
        )

    def _group(self, route: int, pairs: list[int]) -> None:
        size, runs = sum(self.seat[pair] for pair in pairs), self.runs[route]
        self.cp.add(size <= int(self.pairs.seats[route]) * runs)
        self.cp.add(size >= self.rows.rules.group_min * runs)
        kinds: dict[int, list[int]] = {}
        for pair in pairs:
            kind = int(self.pairs.kind[self.pairs.traveller[pair]])
            kinds.setdefault(kind, []).append(pair)
        for same in kinds.values():
            self.cp.add_at_most_one([*(self.seat[pair] for pair in same), ~runs])

    def _parties(self, pairs: list[int]) -> None:
        problem = self.rows.problem
        people, locks = problem.travellers, problem.locks
        seat = {people[self.pairs.traveller[pair]].key: self.seat[pair] for pair in pairs}
        for party in locks.together:
            some = [seat.get(one, 0) for one in sorted(party)]
            for one in some[1:]:
                self.cp.add(one == some[0])
        for party in (*locks.apart, *problem.private):
            self.cp.add_at_most_one(seat[one] for one in sorted(party) if one in seat)

    def _bind(self) -> None:
        rows = self.rows
        terms: list[list[tuple[int, cp_model.IntVar]]] = [[] for _row in range(len(rows))]
        for pair, seat in self.seat.items():
            for row, much in rows.of_pair(pair):
                terms[row].append((round(much * rows.units[row]), seat))
        for route, runs in self.runs.items():
            for row, much in rows.of_route(route):
                terms[row].append((round(much * rows.units[row]), runs))
            for row in rows.heads(route):
                terms[row] += [(1, self.seat[pair]) for pair in self.on[route]]
        for row, some in enumerate(terms):
            self._bound(row, some)

    def _count(self) -> None:
        """Say again of each share, with numbers of its own, that people come whole.

        33 % of 378 are 125, not 124.74: that the relaxation can't know, and branching can.
        """
        people, shares = self.rows.problem.travellers, self.rows.rules.shares
        if not shares:
            return
        placed = self.cp.new_int_var(0, len(self.kept), "")
        self.cp.add(placed == sum(self.seat.values()))
        for share in shares:
            has = self.cp.new_int_var(0, len(self.kept), "")
            of = self.pairs.traveller
            some = [
                seat for pair, seat in self.seat.items() if people[of[pair]].has(share.trait)
            ]
            self.cp.add(has == sum(some))
            self.cp.add(100 * has + share.spare >= share.percent * placed)

    def _bound(self, row: int, some: list[tuple[int, cp_model.IntVar]]) -> None:
        lower, upper = self.rows.lower[row], self.rows.upper[row]
        if row < self.rows.people:
            once = self.cp.add_exactly_one if lower else self.cp.add_at_most_one
            once(seat for _much, seat in some)
            return
        unit = self.rows.units[row]
        total = sum(much * variable for much, variable in some)
        if upper < ENDLESS:
            self.cp.add(total <= floor(upper * unit + EXACT))
        if lower > -ENDLESS:
            self.cp.add(total >= ceil(lower * unit - EXACT))


def close(
    rows: Rows,
    kept: Flags,
    hint: tuple[int, ...] | None,
    limits: Limits,
    watch: Watch,
) -> Closed:
    """Choose the best of some pairs within deterministic `limits.effort`.

    `watch.enough` is a worth at which to stop, for it is near enough to the best.
    """
    model = Model(rows, kept)
    if hint is not None:
        # Only who travels: interleaved search falls over a hint that names all (OR-Tools 9.15)
        for pair in hint:
            model.cp.add_hint(model.seat[pair], value=True)
        for route in {int(rows.pairs.route[pair]) for pair in hint}:
            model.cp.add_hint(model.runs[route], value=True)
    solver = configured(rows.rules.seed, limits)
    status = watched(solver, model.cp, watch)
    chosen, value = None, None
    if status in FOUND:
        chosen = tuple(pair for pair, seat in model.seat.items() if solver.boolean_value(seat))
        value = solver.objective_value
    return Closed(
        chosen,
        trusted(solver.best_objective_bound, value),
        status == cp_model.INFEASIBLE,
        solver.response_proto.deterministic_time,
    )


def trusted(bound: float, value: float | None) -> float:
    """Give a bound that can be believed: one that was stopped early says nothing, which is 0.

    `value` is what the best choice is worth, None where there is none.
    """
    return inf if value is None or bound < value - EXACT * max(1.0, abs(value)) else bound


def configured(seed: int, limits: Limits) -> cp_model.CpSolver:
    """Give a solver that answers the same for the same seed."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = limits.workers
    parameters.subsolvers.extend(["max_lp", "reduced_costs"])
    parameters.interleave_search = True
    parameters.max_deterministic_time = limits.effort
    parameters.relative_gap_limit = limits.gap / 2
    parameters.random_seed = seed
    return solver


class Told(cp_model.CpSolverSolutionCallback):
    """Tells of each better plan, and stops at one that is good enough."""

    def __init__(self, watch: Watch) -> None:
        """Remember whom to tell."""
        super().__init__()
        self.watch = watch

    def on_solution_callback(self) -> None:
        """Tell, and stop where it is enough."""
        worth = round(self.objective_value)
        self.watch.found(worth)
        if worth >= self.watch.enough:
            self.stop_search()


def watched(solver: cp_model.CpSolver, cp: cp_model.CpModel, watch: Watch) -> int:
    """Solve, and look every moment at whether to stop; give the solver's status."""
    over = Event()

    def look() -> None:
        while not over.wait(LOOK):
            if watch.stop():
                solver.stop_search()

    looking = Thread(target=look, daemon=True)
    looking.start()
    try:
        return int(solver.solve(cp, Told(watch)))
    finally:
        over.set()
        looking.join()
