"""How good plans are, how well that is proven, and what simpler ways would have cost.

Editions are invented (see `tours`). `PLANNING=full` adds the large sizes, and names such as
`PLANNING=500x150,2000x600` choose some; without it, the large ones are left out so that all
benchmarks end in time. The processor's time stands beside the clock's, for busy machines.
"""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.figures import Figure, at_most
from benchmarks.tours import edition
from grandtour.planning.acceptance import deferred, greedy
from grandtour.planning.limits import Limits
from grandtour.planning.problem import Plan, Problem
from grandtour.planning.solver import solve
from grandtour.planning.verify import broken

PERCENT = 100
ROUTES = 1_000_000
SPARE = 5  # seconds between what the solver is given and what was promised


@dataclass(frozen=True)
class Size:
    """An edition's size, the gap in percent that is promised, and in how many seconds."""

    travellers: int
    stays: int
    journeys: int | None
    stops: int
    gap: float
    seconds: int

    @property
    def name(self) -> str:
        """Give its short name."""
        return f"{self.travellers}x{self.stays}"

    @property
    def limits(self) -> Limits:
        """Give the limits of the solver."""
        return Limits(self.gap / PERCENT, self.seconds - SPARE, self.seconds, ROUTES)

    def __str__(self) -> str:
        many = f"{self.journeys} journeys of 2 to {self.stops} stops"
        what = many if self.journeys else "one stop"
        return f"planning: {self.travellers} travellers, {self.stays} stays, {what}"


SMALL = (Size(500, 150, None, 1, 0.1, 60), Size(200, 40, 8, 4, 1, 30))
LARGE = (Size(2000, 600, None, 1, 0.1, 150), Size(1000, 150, 40, 4, 5, 150))


def chosen() -> tuple[Size, ...]:
    """Give the sizes that were asked for."""
    asked = os.environ.get("PLANNING", "small")
    every = {"small": SMALL, "full": (*SMALL, *LARGE)}
    names = asked.split(",")
    return every.get(asked) or tuple(one for one in every["full"] if one.name in names)


def measure() -> Iterator[Figure]:
    """Give the gap, the time and the rules broken of each size, beside two simple ways."""
    for size in chosen():
        problem = edition(size.travellers, size.stays, size.journeys, size.stops, seed=1)
        began = time.process_time()
        plan = solve(problem, limits=size.limits)
        worked = time.process_time() - began
        yield at_most(size.gap, f"{size}: gap proven", PERCENT * plan.gap, "%")
        yield at_most(size.seconds, f"{size}: time", plan.seconds, "s")
        yield Figure(f"{size}: time of the processor, both cores", worked, "s")
        yield from compared(size, problem, plan)


def compared(size: Size, problem: Problem, plan: Plan) -> Iterator[Figure]:
    """Give worth, carbon, cost and rules broken of a plan and of two simple ways."""
    yield from figures(f"{size}, plan", problem, plan, promised=True)
    for name, way in {"greedy": greedy, "deferred acceptance": deferred}.items():
        yield from figures(f"{size}, {name}", problem, way(problem, size.limits))


def figures(
    what: str, problem: Problem, plan: Plan, *, promised: bool = False
) -> Iterator[Figure]:
    """Give what a plan comes to; which rules it breaks says the verifier."""
    yield Figure(f"{what}: worth", plan.worth, "points")
    yield Figure(f"{what}: placed", len(list(plan.seats())), "travellers")
    yield Figure(f"{what}: carbon", plan.grams / 1000, "kg CO2e")
    yield Figure(f"{what}: cost", plan.cost / 100, "EUR")
    wrong, name = len(broken(problem, plan)), f"{what}: rules broken"
    yield at_most(0, name, wrong, "rules") if promised else Figure(name, wrong, "rules")


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
