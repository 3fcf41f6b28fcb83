"""How long the nightly snapshot of bottlenecks takes, and the page made from it.

It makes a database of its own beside the site's, and fills it once (see `carriers`).
"""

import os
import statistics
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from benchmarks.figures import Figure, at_most, percentile
from benchmarks.gate import manage

PEOPLE, COMMITMENTS = 100_000, 1_000_000
SLOWEST_S, SLOWEST_PAGE_MS = 5, 100
LOAD = "from benchmarks import carriers; "


def prepare() -> dict[str, str]:
    """Make and fill the database where that has not been done; return the environment."""
    site = os.environ["DATABASE_URL"]
    name = f"{urlsplit(site).path.lstrip('/')}_bottlenecks_{COMMITMENTS}"
    env = {**os.environ, "DATABASE_URL": urlsplit(site)._replace(path=f"/{name}").geturl()}
    with psycopg.connect(site, autocommit=True) as line:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not line.execute(known, [name]).fetchone():
            line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    manage(env, "migrate")
    with psycopg.connect(env["DATABASE_URL"]) as line:
        filled = line.execute("SELECT 1 FROM volunteers_commitment LIMIT 1").fetchone()
    if not filled:
        manage(env, "shell", "-c", f"{LOAD}carriers.fill({PEOPLE}, {COMMITMENTS})")
    return env


def _times(env: dict[str, str], what: str) -> list[float]:
    code = f"{LOAD}carriers.{what}()"
    said = manage(env, "shell", "-v", "0", "-c", code)
    return [float(line) for line in said.split()]


def measure() -> Iterator[Figure]:
    """Give the time of the snapshot, and of the page."""
    env = prepare()
    size = f"{PEOPLE} people, {COMMITMENTS} commitments"
    nights = _times(env, "nightly")
    yield at_most(
        SLOWEST_S, f"bottlenecks: nightly snapshot, {size}", statistics.median(nights), "s"
    )
    pages = _times(env, "page")[5:]
    yield Figure("bottlenecks: page from the snapshot, p50", percentile(pages, 50), "ms")
    what = "bottlenecks: page from the snapshot, p95"
    yield at_most(SLOWEST_PAGE_MS, what, percentile(pages, 95), "ms")


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
