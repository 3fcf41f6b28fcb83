"""Which web server: gunicorn or granian, with the same pages, workers and threads.

Both get two workers with four threads each, on the database of `run`, with the same
client: eight visitors from two processes. Each round measures both, one
after the other, so that a busy machine slows both; the figures are medians of the rounds.
The processor time of an answer is the one figure that a busy machine leaves alone.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import repeat
from math import inf, isfinite
from pathlib import Path

import psutil

from benchmarks.figures import Figure, at_most, percentile
from capx.embedded import up
from capx.embedded.processes import ROOT, Supervisor

PORT = 8765
WORKERS, THREADS = 2, 4
ROUNDS = 3
WARM = 2.0  # seconds of asking before anything is measured
SECONDS = 4.0  # that one page is asked for in one round
CLIENTS, CONNECTIONS = 2, 4  # processes, and connections of each
STAY = 20  # pages on one connection, as of somebody who looks around
PATIENCE = 5  # seconds a visitor waits for an answer
SLOW = 32  # visitors whose request is on its way for long: phones in trains
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
    """One page at one server: milliseconds of each answer, answers a second, processor time."""

    times: list[float]
    rate: float
    effort: float


def ask(page: str, until: float) -> list[float]:
    """Ask for a page again and again, on a new connection now and then; return milliseconds."""
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
    times = []
    while time.time() < until:
        if len(times) % STAY == 0:
            line.close()
        start = time.perf_counter()
        try:
            line.request("GET", page, headers={"Accept-Encoding": "identity"})
            answer = line.getresponse()
            answer.read()
        except TimeoutError:
            times.append(inf)
            line.close()
            continue
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


def load(page: str, pid: int) -> Round:
    """Ask from all clients at once for a while."""
    before = effort(pid)
    until = time.time() + SECONDS
    with ProcessPoolExecutor(CLIENTS) as clients:
        answers = clients.map(client, repeat(page, CLIENTS), repeat(until, CLIENTS))
        times = [each for one in answers for each in one]
    answered = sum(map(isfinite, times))
    used = (effort(pid) - before) * 1000 / max(answered, 1)
    return Round(times, answered / SECONDS, used)


@contextmanager
def serving(name: str, env: dict[str, str], folder: Path) -> Iterator[int]:
    """Run one server; give the number of its first process."""
    with Supervisor(env=env) as supervisor:
        command = [sys.executable, *SERVERS[name]]
        child = supervisor.start(name, command, log=folder / f"{name}.log")
        supervisor.wait_for(lambda: up.healthy(PORT), name)
        try:
            yield child.process.pid
        except RuntimeError as refused:
            raise RuntimeError(f"{refused}{child.tail()}") from None


@contextmanager
def crowd(count: int) -> Iterator[None]:
    """Hold connections open that have sent half a request."""
    with ExitStack() as stack:
        for _ in range(count):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", PORT), PATIENCE))
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        time.sleep(1)
        yield


def family(pid: int) -> list[psutil.Process]:
    """Return a process and its children."""
    first = psutil.Process(pid)
    return [first, *first.children(recursive=True)]


def effort(pid: int) -> float:
    """Return the seconds of processor time that a server has used."""
    return sum(sum(process.cpu_times()[:2]) for process in family(pid))


def memory(pid: int) -> float:
    """Return the megabytes that a server alone uses."""
    return sum(process.memory_full_info().uss for process in family(pid)) / 2**20


def one_round(name: str, env: dict[str, str], folder: Path) -> dict[str, Round | float]:
    """Measure one server with every page, among slow visitors, and its memory after it all."""
    with serving(name, env, folder) as pid:
        for page in PAGES.values():
            client(page, time.time() + WARM)  # templates compiled, pool filled
        found: dict[str, Round | float] = {key: load(page, pid) for key, page in PAGES.items()}
        with crowd(SLOW):
            found["page among slow visitors"] = load(PAGES["page"], pid)
        found["memory"] = memory(pid)
    return found


def prepare(folder: Path) -> dict[str, str]:
    """Fill the database and return the environment of the servers."""
    env = {**os.environ, "STATIC_ROOT": str(folder / "static"), "LOG_LEVEL": "ERROR"}
    subprocess.run(up.PREPARE, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    return env


def compare(key: str, rounds: list[dict[str, dict[str, Round]]]) -> Iterator[Figure]:
    """Give the figures of both servers for one page, and granian's effort as a share."""
    efforts = {}
    for server in SERVERS:
        found = [each[server][key] for each in rounds]
        name = f"server: {server}, {key}"
        efforts[server] = statistics.median(one.effort for one in found)
        p95 = statistics.median(percentile(one.times, 95) for one in found)
        yield Figure(name, statistics.median(one.rate for one in found), "answers/s")
        yield Figure(f"{name}, p95", p95, "ms")
        yield Figure(f"{name}, processor time", efforts[server], "ms")
    share = efforts["granian"] / efforts["gunicorn"]
    yield at_most(1.1, f"server: granian against gunicorn, {key}", share, "of its time")


def measure() -> Iterator[Figure]:
    """Measure both servers in turn, several times, and give the medians."""
    with tempfile.TemporaryDirectory() as name:
        env = prepare(Path(name))
        rounds = [
            {server: one_round(server, env, Path(name)) for server in SERVERS}
            for _ in range(ROUNDS)
        ]
    memories = {server: [each[server].pop("memory") for each in rounds] for server in SERVERS}
    for key in rounds[0]["granian"]:
        yield from compare(key, rounds)
    for server, values in memories.items():
        yield Figure(f"server: {server}, memory", statistics.median(values), "MB")
