"""Which web server: gunicorn or granian, with the same pages, workers and threads.

Both get two workers with four threads each, on the database of `run`, with the same
client: eight persistent connections from two processes. Each round measures both, one
after the other, so that a busy machine slows both; the figures are medians of the rounds.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

import psutil

from benchmarks.figures import Figure, at_least, percentile
from capx.embedded import up
from capx.embedded.processes import ROOT, Supervisor

PORT = 8765
WORKERS, THREADS = 2, 4
ROUNDS = 3
SECONDS = 4.0  # that one page is asked for in one round
CLIENTS, CONNECTIONS = 2, 4  # processes, and connections of each
IDLE = 200  # connections that are open and ask nothing: phones, slow networks
PAGES = {"page": "/accounts/login/", "catalogue": "/catalogue/?q=wikidata"}
SERVERS = {
    "gunicorn": [
        *("-m", "gunicorn", "capx.wsgi:application", "--bind", f"127.0.0.1:{PORT}"),
        *("--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "30"),
    ],
    "granian": [
        *("-m", "granian", "capx.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--port", str(PORT), "--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
    ],
}


@dataclass
class Round:
    """What one server did with one page: milliseconds of each answer, and answers a second."""

    times: list[float] = field(default_factory=list)
    rate: float = 0


def ask(page: str, until: float) -> list[float]:
    """Ask for a page again and again on one connection; return the milliseconds of each."""
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    times = []
    while time.time() < until:
        start = time.perf_counter()
        line.request("GET", page, headers={"Accept-Encoding": "identity"})
        answer = line.getresponse()
        answer.read()
        times.append((time.perf_counter() - start) * 1000)
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{page}: {answer.status}")
    line.close()
    return times


def client(page: str, until: float) -> list[float]:
    """Be several visitors at once."""
    with ThreadPoolExecutor(CONNECTIONS) as visitors:
        answers = visitors.map(ask, repeat(page, CONNECTIONS), repeat(until, CONNECTIONS))
        return [each for one in answers for each in one]


def load(page: str) -> Round:
    """Ask from all clients at once for a while."""
    until = time.time() + SECONDS
    with ProcessPoolExecutor(CLIENTS) as clients:
        answers = clients.map(client, repeat(page, CLIENTS), repeat(until, CLIENTS))
        times = [each for one in answers for each in one]
    return Round(times, len(times) / SECONDS)


@contextmanager
def serving(name: str, env: dict[str, str], folder: Path) -> Iterator[int]:
    """Run one server; give the number of its first process."""
    with Supervisor(env=env) as supervisor:
        command = [sys.executable, *SERVERS[name]]
        child = supervisor.start(name, command, log=folder / f"{name}.log")
        supervisor.wait_for(lambda: up.healthy(PORT), name)
        yield child.process.pid


@contextmanager
def crowd(count: int) -> Iterator[None]:
    """Hold connections open that ask for one page and then say nothing."""
    with ExitStack() as stack:
        for _ in range(count):
            line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
            stack.callback(line.close)
            line.request("GET", PAGES["page"])
            line.getresponse().read()
        yield


def memory(pid: int) -> float:
    """Return the megabytes that a process and its children alone use."""
    first = psutil.Process(pid)
    total = 0
    for process in (first, *first.children(recursive=True)):
        with suppress(psutil.Error):
            total += process.memory_full_info().uss
    return total / 2**20


def one_round(name: str, env: dict[str, str], folder: Path) -> dict[str, Round | float]:
    """Measure one server with every page, with a crowd, and its memory after it all."""
    with serving(name, env, folder) as pid:
        for page in PAGES.values():
            ask(page, time.time() + 1)  # templates compiled, pool filled
        found: dict[str, Round | float] = {key: load(page) for key, page in PAGES.items()}
        with crowd(IDLE):
            found["page in a crowd"] = load(PAGES["page"])
        found["memory"] = memory(pid)
    return found


def prepare(folder: Path) -> dict[str, str]:
    """Fill the database and return the environment of the servers."""
    env = {**os.environ, "STATIC_ROOT": str(folder / "static"), "LOG_LEVEL": "ERROR"}
    subprocess.run([*up.PREPARE[:3]], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    return env


def measure() -> Iterator[Figure]:
    """Give every figure of both servers, and granian's rate as a share of gunicorn's."""
    with tempfile.TemporaryDirectory() as name:
        env = prepare(Path(name))
        rounds = [
            {server: one_round(server, env, Path(name)) for server in SERVERS}
            for _ in range(ROUNDS)
        ]
    for key in rounds[0]["granian"]:
        if key == "memory":
            for server in SERVERS:
                value = statistics.median(each[server][key] for each in rounds)
                yield Figure(f"server: {server}, memory", value, "MB")
            continue
        rates = {}
        for server in SERVERS:
            found = [each[server][key] for each in rounds]
            rates[server] = statistics.median(one.rate for one in found)
            p95 = statistics.median(percentile(one.times, 95) for one in found)
            yield Figure(f"server: {server}, {key}", rates[server], "answers/s")
            yield Figure(f"server: {server}, {key}, p95", p95, "ms")
        share = rates["granian"] / rates["gunicorn"]
        yield at_least(0.9, f"server: granian against gunicorn, {key}", share, "of 1")
