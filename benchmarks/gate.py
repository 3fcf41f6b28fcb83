"""How quick the gate is: a check with other people to turn to, among a hundred thousand.

It makes a database of its own beside the site's, and fills it once (see `crowd`).
"""

import os
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.catalogue import beside_called, connect
from benchmarks.figures import Figure, at_most, percentile
from capx.embedded.processes import ROOT

NUMBER = 100_000
TAKEN_ON = 1_000_000
SLOWEST_MS = 20
WARM = 20  # the first ones read pages of the database from the disk


def prepare() -> dict[str, str]:
    """Make and fill the database where that has not been done; return the environment."""
    address = beside_called(os.environ["DATABASE_URL"], f"gate_{NUMBER}_{TAKEN_ON}")
    env = {**os.environ, "DATABASE_URL": address}
    manage(env, "migrate")
    with connect(env["DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute("SELECT 1 FROM volunteers_person LIMIT 1").fetchone()
    if not row:
        manage(env, "shell", "-c", f"from benchmarks import crowd; crowd.fill({NUMBER})")
    return env


def manage(env: dict[str, str], *command: str) -> str:
    """Run a command of the site and give what it prints."""
    run = [sys.executable, "manage.py", *command]
    done = subprocess.run(run, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def measure() -> Iterator[Figure]:
    """Give the time of a check with others."""
    said = manage(
        prepare(), "shell", "-v", "0", "-c", "from benchmarks import crowd; crowd.check()"
    )
    times = [float(line) for line in said.split()][WARM:]
    what = f"gate: check with others, {NUMBER} people, {TAKEN_ON} commitments"
    yield Figure(f"{what}, p50", percentile(times, 50), "ms")
    yield at_most(SLOWEST_MS, f"{what}, p95", percentile(times, 95), "ms")


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
