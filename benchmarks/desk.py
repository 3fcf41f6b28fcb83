"""How quick the organisers' desk is with a hundred thousand rows of each kind.

It makes a database of its own beside the site's, and fills it once (see `archive`).
"""

import os
import sys
import tempfile
from collections.abc import Iterator

from benchmarks.catalogue import beside_called, connect
from benchmarks.figures import Figure, at_most, percentile
from benchmarks.gate import manage

NUMBER = 100_000
SLOWEST_MS = 250
CHECK = "from benchmarks import archive; archive.check()"


def prepare(folder: str) -> dict[str, str]:
    """Make and fill the database where that has not been done; return the environment."""
    address = beside_called(os.environ["DATABASE_URL"], f"desk_{NUMBER}")
    env = {**os.environ, "DATABASE_URL": address, "STATIC_ROOT": folder, "LOG_LEVEL": "ERROR"}
    for command in (["migrate"], ["createcachetable"], ["collectstatic", "--noinput"]):
        manage(env, *command)
    with connect(address) as connection:
        there = connection.execute("SELECT 1 FROM volunteers_notice LIMIT 1").fetchone()
    if not there:
        manage(env, "shell", "-c", f"from benchmarks import archive; archive.fill({NUMBER})")
    return env


def measure() -> Iterator[Figure]:
    """Give the time of a page of the desk, and which is the slowest."""
    with tempfile.TemporaryDirectory() as folder:
        said = manage(prepare(folder), "shell", "-v", "0", "-c", CHECK)
    lines = [line.split(maxsplit=1) for line in said.splitlines()]
    lines = lines[len(lines) // 5 :]  # the first round reads from the disk
    times = [float(took) for took, _page in lines]
    what = f"desk: {NUMBER} rows of each kind"
    yield Figure(f"{what}, p50", percentile(times, 50), "ms")
    yield at_most(SLOWEST_MS, f"{what}, p95", percentile(times, 95), "ms")
    took, page = max((float(took), page) for took, page in lines)
    yield Figure(f"{what}, slowest: {page}", took, "ms")


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
