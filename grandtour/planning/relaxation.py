"""The relaxation: what the best plan is worth at most, and at which prices.

Given prices of the rows, each route's best group is known (`groups`), so any prices give a
bound: what the rows' bounds are worth plus the value of the best routes. Two ways lead to the
best prices: `sifting`, where a linear programme over the best pairs shows which others to add,
and `generation`, where groups are the columns, for when there are too many routes for that.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from grandtour.planning.groups import Best, Stretches
from grandtour.planning.limits import Infeasible
from grandtour.planning.pairs import Real
from grandtour.planning.rows import Rows

CLOSE = 1e-5  # of the bound: the prices are as good as they get
OF_GAP = 0.02  # of the gap that is asked for: that much may be left to the prices
POSITIVE = 1e-6


@dataclass(frozen=True)
class Relaxed:
    """Prices with the bound they prove, and the groups of the best mixture on the way.

    The groups are worth looking at even where the clock stopped the search for prices.
    """

    prices: Real
    bound: float
    threshold: float
    best: Best
    groups: tuple[tuple[int, ...], ...] = ()

    def losses(self) -> Real:
        """Give for each pair how much less than the bound any plan with it is worth."""
        route = self.best.stretches.pairs.route
        ceiling = np.maximum(self.best.value, self.threshold)
        losses: Real = np.maximum(ceiling[route] - self.best.forced, 0)
        return losses


def priced(rows: Rows, stretches: Stretches, prices: Real) -> Relaxed:
    """Give the bound that prices prove: Lagrange's, with the best routes that may be run."""
    prices = rows.honest(prices)
    at = rows.extra  # the row of journeys: the best routes are counted instead of priced
    free = prices.copy()
    free[at] = min(0.0, prices[at])
    best = Best(stretches, rows.pair_values(free), rows.route_values(free))
    gains = np.sort(np.maximum(best.value, 0))[::-1]
    most = int(min(rows.upper[at], len(gains)))
    threshold = float(gains[most - 1]) if 0 < most < len(gains) else 0.0
    bound = rows.constant(free) + float(gains[:most].sum())
    return Relaxed(free, bound, threshold, best)


def penalty_of(rows: Rows) -> float:
    """Give a price for breaking a lower bound that no plan's worth could pay."""
    pairs = rows.pairs
    best = np.zeros(rows.people)
    np.maximum.at(best, pairs.traveller, np.abs(pairs.worth))
    return 10.0 * float(best.max(initial=1) * 4 + np.abs(pairs.venue_worth).max(initial=1))


class Programme:
    """A linear programme over the rows; rows with a lower bound have a way out at a price."""

    def __init__(self, rows: Rows, parameters: str = "") -> None:
        """Make the rows."""
        self.rows = rows
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.solver.SetSolverSpecificParametersAsString(parameters)
        self.limits = [
            self.solver.Constraint(float(lower), float(upper))
            for lower, upper in zip(rows.lower, rows.upper, strict=True)
        ]
        self.aim = self.solver.Objective()
        self.aim.SetMaximization()
        penalty = penalty_of(rows)
        self.ways_out = [
            self.column(-penalty, [(row, 1.0)])
            for row, lower in enumerate(rows.lower)
            if lower > 0
        ]

    def column(self, worth: float, adds: list[tuple[int, float]]) -> pywraplp.Variable:
        """Add a column with what it adds to the rows, each named once."""
        column = self.solver.NumVar(0, self.solver.infinity(), "")
        self.aim.SetCoefficient(column, float(worth))
        for row, much in adds:
            self.limits[row].SetCoefficient(column, much)
        return column

    def solve(self) -> tuple[float, Real]:
        """Solve, and give the value and the prices of the rows."""
        if self.solver.Solve() not in {pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE}:
            # Without preprocessing it may lose its way; with it, it starts anew.
            self.solver.Reset()
            self.solver.SetSolverSpecificParametersAsString("use_preprocessing: true")
            if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
                raise Infeasible
        return self.aim.Value(), np.array([limit.dual_value() for limit in self.limits])

    def lacking(self) -> bool:
        """Say whether a row could only be kept by its way out."""
        return any(column.solution_value() > POSITIVE for column in self.ways_out)


@dataclass(frozen=True)
class Watch:
    """Whom to tell how far the search is, whether to stop it, and how near is near enough.

    `near` is a part of the bound: prices that are nearer than that to the best are kept.
    """

    told: Callable[[float, float], None]
    cancelled: Callable[[], bool]
    late: Callable[[], bool]
    near: float = CLOSE

    def stop(self) -> bool:
        """Say whether to stop now."""
        return self.cancelled() or self.late()

    def settled(self, value: float, bound: float) -> bool:
        """Say whether prices that prove this bound are near enough to the best."""
        return bound - value <= self.near * abs(bound)
