"""Whether the clock tells why somebody cannot be asked: the real page, once for each reason.

Requests for all reasons are mixed, each reason in two runs of 400. How far apart the medians of
two runs of one reason are is the noise. It is larger in some hours than in others, so what the
reasons are held against is drawn from these very requests: their reasons are shuffled a
thousand times, and each time the largest difference between two of them is noted. If the real
one is no larger than 99 of 100 of these, two reasons differ by no more than one from itself.
"""

import random
import tempfile
from collections.abc import Iterator, Sequence
from statistics import median, quantiles

from benchmarks import gate
from benchmarks.figures import Figure, at_most

REQUESTS, DRAWS, CERTAIN = 2 * 400, 1000, 99
RUN = f"from benchmarks import closed; closed.run({REQUESTS})"


def measure() -> Iterator[Figure]:
    """Give the medians, the noise of one reason, and how far the reasons are apart."""
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
        yield Figure(f"ask refused: {reason}, median of {len(taken)}", median(taken), "ms")
    noise = max(_apart([taken[::2], taken[1::2]]) for taken in times.values())
    yield Figure("two runs of one reason, the largest difference of medians", noise, "ms")
    chance = _by_chance(list(times.values()))
    yield Figure(f"shuffled reasons, {CERTAIN} % of {DRAWS} draws", chance, "ms")
    apart = _apart(list(times.values()))
    yield at_most(chance, "two reasons, the largest difference of medians", apart, "ms")


def _apart(runs: Sequence[Sequence[float]]) -> float:
    """Give the largest difference between the medians of two of these runs."""
    medians = [median(run) for run in runs]
    return max(medians) - min(medians)


def _by_chance(runs: Sequence[list[float]]) -> float:
    """Shuffle all requests into as many runs again and again: how far apart are they."""
    luck = random.Random(3)  # noqa: S311 -- the same draws every time
    pool, size = [taken for run in runs for taken in run], len(runs[0])
    draws = []
    for _ in range(DRAWS):
        luck.shuffle(pool)
        draws.append(_apart([pool[n : n + size] for n in range(0, len(pool), size)]))
    return quantiles(draws, n=100)[CERTAIN - 1]
