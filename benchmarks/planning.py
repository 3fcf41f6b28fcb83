"""How good plans are, how well that is proven, and what simpler ways would have cost.

Editions are invented (see `tours`). `PLANNING=full` adds the large sizes; without it, they are
left out so that all benchmarks end in time.
"""

import os
import sys
from collections.abc import Iterator

from benchmarks.figures import Figure, at_most
from benchmarks.tours import edition
from grandtour.planning.acceptance import deferred, greedy
from grandtour.planning.limits import Limits
from grandtour.planning.problem import Plan, Problem
from grandtour.planning.solver import solve
from grandtour.planning.verify import broken

PERCENT = 100
# travellers, stays, journeys, stops; gap in percent, seconds
SMALL = ((500, 150, None, 1, 0.1, 60), (200, 40, 8, 4, 1, 30))
LARGE = ((2000, 600, None, 1, 0.1, 150), (1000, 150, 40, 4, 5, 150))
ROUTES = 1_000_000


def measure() -> Iterator[Figure]:
    """Give the gap, the time and the rules broken of each size, beside two simple ways."""
    large = LARGE if os.environ.get("PLANNING") == "full" else ()
    for travellers, stays, groups, stops, gap, seconds in (*SMALL, *large):
        problem = edition(travellers, stays, groups, stops, seed=1)
        limits = Limits(gap / PERCENT, seconds - 5, effort=seconds, routes=ROUTES)
        plan = solve(problem, limits=limits)
        what = f"planning: {travellers} travellers, {stays} stays"
        what += f", {groups} journeys of 2 to {stops} stops" if groups else ", one stop"
        yield at_most(gap, f"{what}: gap proven", PERCENT * plan.gap, "%")
        yield at_most(seconds, f"{what}: time", plan.seconds, "s")
        yield at_most(0, f"{what}: rules broken", len(broken(problem, plan)), "rules")
        if (travellers, stays, groups, stops, gap, seconds) in SMALL:
            yield from compared(what, problem, plan, limits)


def compared(what: str, problem: Problem, plan: Plan, limits: Limits) -> Iterator[Figure]:
    """Give worth, carbon, cost and rules broken of a plan and of two simple ways."""
    simple = {"greedy": greedy, "deferred acceptance": deferred}
    plans = {"plan": plan, **{name: way(problem, limits) for name, way in simple.items()}}
    for name, one in plans.items():
        yield Figure(f"{what}, {name}: worth", one.worth, "points")
        yield Figure(f"{what}, {name}: placed", len(list(one.seats())), "travellers")
        yield Figure(f"{what}, {name}: carbon", one.grams / 1000, "kg CO2e")
        yield Figure(f"{what}, {name}: cost", one.cost / 100, "EUR")
        yield Figure(f"{what}, {name}: rules broken", len(broken(problem, one)), "rules")


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
