"""How quick organisers' screens of reading are with a thousand applications.

It makes a database of its own beside the site's, and fills it once (see `reading`).
"""

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator

from benchmarks.catalogue import beside_called, connect
from benchmarks.figures import Figure, at_most, percentile
from benchmarks.gate import manage

APPLICATIONS, REVIEWERS, EACH = 1_000, 30, 3
PROMISED = {"list", "recap", "letters", "compare"}
SLOWEST_MS, MOST_STATEMENTS = 300, 25
LATE_MS, MANY = 600, 30  # of one application, with all that is hidden in it
FILL = f"from benchmarks import reading; reading.fill({APPLICATIONS}, {REVIEWERS}, {EACH})"
CHECK = "from benchmarks import reading; reading.check()"


def prepare(folder: str) -> dict[str, str]:
    """Make and fill the database where that has not been done; return the environment."""
    address = beside_called(os.environ["DATABASE_URL"], f"review_acquainted_{APPLICATIONS}")
    env = {**os.environ, "DATABASE_URL": address, "STATIC_ROOT": folder, "LOG_LEVEL": "ERROR"}
    for command in (["migrate"], ["createcachetable"], ["collectstatic", "--noinput"]):
        manage(env, *command)
    with connect(address) as connection:
        there = connection.execute("SELECT 1 FROM grandtour_review LIMIT 1").fetchone()
    if not there:
        manage(env, "shell", "-c", FILL)
    return env


def measure() -> Iterator[Figure]:
    """Give the time and the statements of the list, the recap, side by side and one of them."""
    with tempfile.TemporaryDirectory() as folder:
        said = manage(prepare(folder), "shell", "-v", "0", "-c", CHECK)
    times: dict[str, list[float]] = defaultdict(list)
    statements: dict[str, int] = {}
    for line in said.splitlines():
        name, took, number = line.split()
        times[name].append(float(took))
        statements[name] = int(number)
    for name, took_each in times.items():
        what = f"review: {name}, {APPLICATIONS} applications"
        warm = took_each[2:]  # the first rounds read from the disk
        yield Figure(f"{what}, p50", percentile(warm, 50), "ms")
        promised = name in PROMISED
        slowest, most = (SLOWEST_MS, MOST_STATEMENTS) if promised else (LATE_MS, MANY)
        yield at_most(slowest, f"{what}, p95", percentile(warm, 95), "ms")
        yield at_most(most, f"{what}, statements", statements[name], "statements")


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
