"""How quick the catalogue is: pages through the real web server, on generated listings.

It makes a database of its own beside the site's, fills it once, and looks for what people
would look for: words by Zipf's law, also misspelt ones and beginnings, with up to three facets.
"""

import http.client
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import accumulate, cycle, repeat
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from environ import Env
from psycopg import sql

from benchmarks.figures import Figure, at_least, at_most, percentile
from benchmarks.server import PORT, serving
from capx.embedded.processes import ROOT

NUMBERS = [100_000]
PAGES = 500
AT_ONCE = 8
SECONDS = 10.0
SLOWEST_MS, FEWEST = 40, 60
DEEPER = 0.1  # of all pages are not the first
FACETS = [
    *[("kind", "offer"), ("of", "skill"), ("of", "training"), ("room", "yes")],
    *[("country", "DE"), ("country", "PL"), ("language", "fr"), ("mode", "remote")],
    *[("by", "affiliate"), ("skill", "languages"), ("funded", "yes")],
]
FILL = "from benchmarks import corpus; corpus.fill({number})"


class Visitor:
    """Somebody who looks for many things, the same ones each time."""

    def __init__(self, words: list[str], labels: list[str], seed: int) -> None:
        """Know the words, the most frequent first, and the names of skills."""
        self.draw = random.Random(seed)  # noqa: S311 -- must be the same each time
        self.words, self.labels = words, labels
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))

    def word(self) -> str:
        """Give one word."""
        return self.draw.choices(self.words, cum_weights=self.weights)[0]

    def typed(self) -> str:
        """Give what somebody types: nothing, a word or two, a beginning, a slip, a skill."""
        word = self.word()
        half = len(word) // 2
        slip = f"{word[:half]}{word[half : half + 2][::-1]}{word[half + 2 :]}"
        two = f"{word} {self.word()}"
        without = f"{word} -{self.word()}"
        label = self.draw.choice(self.labels)
        ways = ["", "", word, word, word, two, two, without, word[: half + 2], slip, label]
        return self.draw.choice(ways)

    def addresses(self, number: int) -> list[str]:
        """Give so many addresses."""
        found = []
        for _n in range(number):
            query = [("q", self.typed())]
            query += self.draw.sample(FACETS, self.draw.choice([0, 0, 1, 1, 2, 3]))
            if self.draw.random() < DEEPER:
                query.append(("page", str(self.draw.randint(2, 5))))
            found.append(f"/catalogue/?{urlencode(query)}")
        return found


def get(line: http.client.HTTPConnection, address: str) -> float:
    """Fetch a page; give the milliseconds it took, with being led to the last one there is."""
    start = time.perf_counter()
    line.request("GET", address, headers={"Accept-Encoding": "identity"})
    answer = line.getresponse()
    answer.read()
    while answer.status == http.HTTPStatus.FOUND:
        line.request("GET", answer.headers["Location"], headers={"Accept-Encoding": "identity"})
        answer = line.getresponse()
        answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{address}: {answer.status}")
    return (time.perf_counter() - start) * 1000


def visit(addresses: list[str], until: float) -> int:
    """Fetch one page after the other until the time is up; say how many."""
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    for number, address in enumerate(cycle(addresses)):
        if time.time() > until:
            return number
        get(line, address)
    return 0


def connect(address: str, *, autocommit: bool = False) -> psycopg.Connection:
    """Connect to what a DATABASE_URL names; libpq reads the path of a socket differently."""
    config = Env.db_url_config(address)
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    chosen = {ours: config[theirs] for theirs, ours in names.items() if config.get(theirs)}
    return psycopg.connect(dbname=config["NAME"], autocommit=autocommit, **chosen)


def beside(address: str, number: int) -> str:
    """Make the catalogue's database beside another one, if it is not there."""
    return beside_called(address, f"catalogue_{number}")


def beside_called(address: str, what: str) -> str:
    """Make a database beside another one, if it is not there; give its address."""
    before, _slash, own = address.rpartition("/")
    name = f"{own}_{what}"
    with connect(address, autocommit=True) as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(known, [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{before}/{name}"


def prepare(number: int, folder: Path) -> dict[str, str]:
    """Fill the database where that has not been done; return the servers' environment."""
    address = beside(os.environ["DATABASE_URL"], number)
    env = {**os.environ, "DATABASE_URL": address, "STATIC_ROOT": str(folder / "static")}
    env |= {"LOG_LEVEL": "ERROR", "SAMPLE": ""}
    commands = [["migrate"], ["createcachetable"], ["collectstatic", "--noinput"]]
    if not _filled(address):
        commands.append(["shell", "-c", FILL.format(number=number)])
    for command in commands:
        run = [sys.executable, "manage.py", *command]
        subprocess.run(run, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    return env


def _filled(address: str) -> bool:
    """Say whether there are words in the vocabulary: they are written last."""
    with connect(address) as connection:
        [(there,)] = connection.execute("SELECT to_regclass('exchange_word')").fetchall()
        return bool(
            there and connection.execute("SELECT 1 FROM exchange_word LIMIT 1").fetchone()
        )


def read(address: str) -> tuple[list[str], list[str]]:
    """Read the words of the listings, the most frequent first, and the names of skills."""
    with connect(address) as connection:
        words = connection.execute(
            "SELECT word FROM exchange_word ORDER BY documents DESC, word LIMIT 20000"
        ).fetchall()
        labels = connection.execute("SELECT label FROM volunteers_skilllabel ORDER BY id")
        return [word for (word,) in words], [label for (label,) in labels.fetchall()]


def measure() -> Iterator[Figure]:
    """Give the time of a page, seen alone, and how many pages a second a crowd gets."""
    for number in NUMBERS:
        with tempfile.TemporaryDirectory() as name:
            env = prepare(number, Path(name))
            words, labels = read(env["DATABASE_URL"])
            with serving("granian", env, Path(name)):
                yield from _figures(number, words, labels)


def _figures(number: int, words: list[str], labels: list[str]) -> Iterator[Figure]:
    """Ask the server."""
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    for address in Visitor(words, labels, 1).addresses(PAGES):
        get(line, address)  # templates compiled, pages of the database in memory
    times = [get(line, address) for address in Visitor(words, labels, 2).addresses(PAGES)]
    crowd = [Visitor(words, labels, seed).addresses(PAGES) for seed in range(3, 3 + AT_ONCE)]
    with ProcessPoolExecutor(2) as clients:
        until = repeat(time.time() + SECONDS)
        seen = sum(clients.map(_crowd, [crowd[:4], crowd[4:]], until))
    what = f"catalogue: {number} listings"
    yield Figure(f"{what}, p50", percentile(times, 50), "ms")
    yield at_most(SLOWEST_MS, f"{what}, p95", percentile(times, 95), "ms")
    yield at_least(FEWEST, f"{what}, two workers", seen / SECONDS, "pages/s")


def _crowd(several: list[list[str]], until: float) -> int:
    """Be several visitors at once."""
    with ThreadPoolExecutor(len(several)) as visitors:
        return sum(visitors.map(visit, several, repeat(until)))


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
