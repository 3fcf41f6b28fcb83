"""How long the sample takes to load into an empty database."""

import os
import sys
import time
from collections.abc import Iterator

from psycopg import sql

from benchmarks.catalogue import beside_called, connect
from benchmarks.figures import Figure, at_most
from benchmarks.gate import manage

SLOWEST_S = 30


def measure() -> Iterator[Figure]:
    """Load it once, from nothing but tables, skills and places."""
    here = os.environ["DATABASE_URL"]
    name = f"{here.rpartition('/')[2]}_filling"
    _drop(here, name)
    env = {**os.environ, "DATABASE_URL": beside_called(here, "filling"), "LOG_LEVEL": "ERROR"}
    for command in ("migrate", "createcachetable", "reference"):
        manage(env, command)
    start = time.perf_counter()
    manage(env, "sample")
    yield at_most(SLOWEST_S, "sample: loaded", time.perf_counter() - start, "s")
    _drop(here, name)


def _drop(address: str, name: str) -> None:
    with connect(address, autocommit=True) as connection:
        gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(gone.format(sql.Identifier(name)))


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
