"""How long the nightly snapshot of bottlenecks takes, and the page made from it.

It makes a database of its own beside the site's, and fills it once (see `carriers`).
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.catalogue import beside_called, connect
from benchmarks.figures import Figure, at_most, percentile
from benchmarks.gate import manage

PEOPLE, COMMITMENTS = 100_000, 1_000_000
# On how many days they begin: spread over two years, or all in the weeks looked at.
SHAPES = {"spread": 730, "crowded": 80}
SLOWEST_S, SLOWEST_PAGE_MS = 5, 100
WARM = 5  # the first pages compile templates
LOAD = "from benchmarks import carriers; "


def prepare(folder: Path, shape: str) -> dict[str, str]:
    """Make and fill the database where that has not been done; return the environment."""
    address = beside_called(os.environ["DATABASE_URL"], f"bottlenecks_{shape}_{COMMITMENTS}")
    env = {**os.environ, "DATABASE_URL": address, "STATIC_ROOT": str(folder)}
    manage(env, "migrate")
    manage(env, "collectstatic", "--noinput")
    with connect(env["DATABASE_URL"], autocommit=True) as line:
        filled = line.execute("SELECT 1 FROM volunteers_commitment LIMIT 1").fetchone()
    if not filled:
        sizes = f"{PEOPLE}, {COMMITMENTS}, {SHAPES[shape]}"
        manage(env, "shell", "-c", f"{LOAD}carriers.fill({sizes})")
    return env


def _times(env: dict[str, str], what: str) -> list[float]:
    code = f"{LOAD}carriers.{what}()"
    said = manage(env, "shell", "-v", "0", "-c", code)
    return [float(line) for line in said.split()]


def measure() -> Iterator[Figure]:
    """Give the time of the snapshot, of leaving it, and of the page."""
    for shape in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            env = prepare(Path(folder), shape)
            nights = _times(env, "nightly")
            leaving = _times(env, "leaving")
            pages = _times(env, "page")[WARM:]
        size = f"{PEOPLE} people, {COMMITMENTS} commitments, {shape}"
        what = f"bottlenecks: nightly snapshot, {size}"
        yield at_most(SLOWEST_S, what, statistics.median(nights), "s")
        what = f"bottlenecks: somebody leaves the sums, {shape}"
        yield Figure(f"{what}, p50", percentile(leaving, 50), "ms")
        yield Figure(f"{what}, p95", percentile(leaving, 95), "ms")
        what = f"bottlenecks: page from the snapshot, {shape}"
        yield Figure(f"{what}, p50", percentile(pages, 50), "ms")
        yield at_most(SLOWEST_PAGE_MS, f"{what}, p95", percentile(pages, 95), "ms")


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
