"""Whether the clock tells why somebody cannot be asked: the real page, once for each reason.

Requests for all reasons are mixed. For each pair of reasons the difference of their medians is
held against what chance alone makes of two halves of one reason, the 99th percentile of a
thousand draws: if it is no larger, whoever measures 400 times learns nothing.
"""

import random
import statistics
import tempfile
from collections.abc import Iterator
from itertools import combinations

from benchmarks import gate
from benchmarks.figures import Figure, at_most

REQUESTS, DRAWS, CERTAIN = 400, 1000, 99
RUN = f"from benchmarks import closed; closed.run({REQUESTS})"


def measure() -> Iterator[Figure]:
    """Give the largest difference between two reasons, and that of chance."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**gate.prepare(), "STATIC_ROOT": folder, "LOG_LEVEL": "ERROR"}
        gate.manage(env, "collectstatic", "--noinput")
        gate.manage(env, "createcachetable")
        lines = gate.manage(env, "shell", "-v", "0", "-c", RUN).splitlines()
    times: dict[str, list[float]] = {}
    for line in lines:
        reason, taken = line.split()
        times.setdefault(reason, []).append(float(taken))
    for reason, taken in times.items():
        yield Figure(f"ask refused: {reason}, median of {REQUESTS}", _median(taken), "ms")
    chance = max(_by_chance(taken) for taken in times.values())
    yield Figure("two runs of one reason, 99 % of 1000 draws", chance, "ms")
    apart = max(_apart(*pair) for pair in combinations(times.values(), 2))
    yield at_most(chance, "two reasons, the largest difference of medians", apart, "ms")


def _median(times: list[float]) -> float:
    return statistics.median(times)


def _apart(one: list[float], other: list[float]) -> float:
    return abs(_median(one) - _median(other))


def _by_chance(times: list[float]) -> float:
    """Draw two runs of as many requests from one reason, again and again: how far apart."""
    draw = random.Random(3)  # noqa: S311 -- the same draws every time
    runs = (
        _apart(draw.choices(times, k=len(times)), draw.choices(times, k=len(times)))
        for _ in range(DRAWS)
    )
    return statistics.quantiles(runs, n=100)[CERTAIN - 1]
