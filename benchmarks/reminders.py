"""A hundred thousand check-ins that are due at once: two workers, each killed once half-way.

All are asked once and all mails arrive, none twice but the one that was under way; those who
rest hear nothing; and the memory of a worker does not grow with the number. Then as many hear
that their weeks are too full; these mails wait to be sent, as the others did.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from benchmarks.catalogue import connect
from benchmarks.figures import Figure, at_most
from capx.embedded.processes import ROOT

NUMBER = int(os.environ.get("REMINDERS", "100000"))
SLOWEST_S = 600
WORKERS = 2
MEGABYTE = 1 << 20
# What a worker may take more at the end than when it had done a tenth.
GROWTH = 1.1
WORK = "from benchmarks import reminded; reminded.{work}()"


def manage(env: dict[str, str], *command: str) -> None:
    """Run a command of the site."""
    run = [sys.executable, "manage.py", *command]
    subprocess.run(run, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """Lend a database in which many are due; give the environment that leads to it."""
    site = os.environ["DATABASE_URL"]
    address = f"{site}_reminders"
    words = sql.Identifier(address.rsplit("/", 1)[1])
    env = {**os.environ, "DATABASE_URL": address}
    with connect(site, autocommit=True) as line:
        line.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(words))
        line.execute(sql.SQL("CREATE DATABASE {}").format(words))
        try:
            manage(env, "migrate")
            manage(
                env, "shell", "-c", f"from benchmarks import reminded; reminded.fill({NUMBER})"
            )
            yield env
        finally:
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(words))


@contextmanager
def sink(path: Path) -> Iterator[int]:
    """Run a mail server; give its port."""
    command = [sys.executable, "-m", "benchmarks.sink", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield int(next(iter(server.stdout or ())))
        finally:
            server.kill()


class Workers:
    """Two processes that do the same work; their memory is watched all the time."""

    def __init__(self, env: dict[str, str], work: str) -> None:
        """Start them."""
        self.env, self.command = env, WORK.format(work=work)
        self.peaks: dict[int, int] = {}
        self.running = [self._start() for _ in range(WORKERS)]
        threading.Thread(target=self._watch, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", self.command]
        return subprocess.Popen(command, cwd=ROOT, env=self.env)

    def _watch(self) -> None:
        while any(one.poll() is None for one in self.running):
            for one in self.running:
                try:
                    used = psutil.Process(one.pid).memory_info().rss
                except psutil.Error:
                    continue
                self.peaks[one.pid] = max(used, self.peaks.get(one.pid, 0))
            time.sleep(0.1)

    def kill_one(self) -> None:
        """Kill one without a warning, and start another in its place."""
        self.running[0].kill()
        self.running[0].wait()
        self.running[0] = self._start()

    def wait(self) -> None:
        """Wait until all have nothing to do any more."""
        for one in self.running:
            if one.wait():
                raise RuntimeError(f"A worker ended with {one.returncode}")

    def memory(self) -> int:
        """Give the most bytes that the one which is never killed has used so far."""
        return self.peaks[self.running[1].pid]


@dataclass(frozen=True)
class Work:
    """How long it took, and the most memory of a worker after a tenth and in all."""

    seconds: float
    early: int
    most: int


def wait_until(env: dict[str, str], question: str, share: float) -> None:
    """Wait until this share of the work is done."""
    with connect(env["DATABASE_URL"], autocommit=True) as line:
        while number(line, question) < share * NUMBER * 9 / 10:
            time.sleep(0.2)


def number(line: psycopg.Connection, question: str) -> int:
    """Ask for one number."""
    row = line.execute(question).fetchone()  # type: ignore[call-overload]
    return int(row[0]) if row else 0


def worked(env: dict[str, str], work: str, question: str) -> Work:
    """Let the workers do their work, and kill one half-way."""
    start = time.perf_counter()
    workers = Workers(env, work)
    wait_until(env, question, 0.1)
    early = workers.memory()
    wait_until(env, question, 0.5)
    workers.kill_one()
    workers.wait()
    return Work(time.perf_counter() - start, early, workers.memory())


def measure() -> Iterator[Figure]:
    """Write the notices of all, send them all, and look what came of it."""
    with tempfile.TemporaryDirectory() as folder, database() as env:
        came = Path(folder) / "came"
        with sink(came) as port:
            env |= {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "QUIET_HOURS": "0"}
            asked = worked(env, "ask", "SELECT count(*) FROM volunteers_checkin")
            sent = worked(
                env, "send", "SELECT count(*) FROM volunteers_notice WHERE sent_at IS NOT NULL"
            )
        yield from figures(asked, sent)
        with connect(env["DATABASE_URL"]) as line:
            yield from counts(line, Counter(came.read_text().split()))
        told = worked(env, "remind", "SELECT count(*) FROM volunteers_strain")
        with connect(env["DATABASE_URL"]) as line:
            yield from weeks(line, told)


def figures(asked: Work, sent: Work) -> Iterator[Figure]:
    """Give the times and the memory."""
    what = f"reminders: {NUMBER} due, two workers, one killed half-way"
    yield Figure(f"{what}, written", asked.seconds, "s")
    yield Figure(f"{what}, sent over SMTP", sent.seconds, "s")
    yield at_most(SLOWEST_S, f"{what}, both", asked.seconds + sent.seconds, "s")
    yield from memory("writing", asked)
    yield from memory("sending", sent)


def memory(word: str, work: Work) -> Iterator[Figure]:
    """Give the most memory that a worker needed."""
    yield Figure(f"memory of a worker that is {word}, most", work.most / MEGABYTE, "MB")
    name = f"memory of a worker that is {word}, most by what it was after a tenth"
    yield at_most(GROWTH, name, work.most / work.early, "times")


def counts(line: psycopg.Connection, came: Counter[str]) -> Iterator[Figure]:
    """Count what is missing, and what is there twice."""
    due = number(line, AWAKE)
    names = "people without their question", "questions without their notice"
    yield at_most(0, names[0], due - number(line, ASKED), "people")
    yield at_most(0, names[1], number(line, UNTOLD), "questions")
    yield at_most(0, "questions and mails to people who rest", number(line, RESTING), "people")
    yield at_most(0, "people with more than one question", number(line, TWICE), "people")
    yield at_most(0, "mails that never arrived", due - len(came), "mails")
    twice = sum(times - 1 for times in came.values())
    yield at_most(1, "mails that arrived twice (under way at the kill)", twice, "mails")


def weeks(line: psycopg.Connection, told: Work) -> Iterator[Figure]:
    """Give the time, and count who heard nothing of their weeks, or twice, or while at rest."""
    what = f"reminders: weeks of {NUMBER} too full, two workers, one killed half-way, written"
    yield at_most(SLOWEST_S, what, told.seconds, "s")
    yield from memory("looking at weeks", told)
    missing = number(line, AWAKE) - number(line, f"SELECT count(DISTINCT person_id) {STRAINED}")
    yield at_most(0, "people who were not told of their weeks", missing, "people")
    more = f"SELECT count(*) - count(DISTINCT person_id) {STRAINED}"
    yield at_most(0, "people who were told of their weeks twice", number(line, more), "people")
    resting = f"SELECT count(*) {STRAINED} JOIN volunteers_rest USING (person_id)"
    yield at_most(0, "people told of their weeks at rest", number(line, resting), "people")


AWAKE = """
    SELECT count(*) FROM volunteers_checkinrhythm r WHERE NOT EXISTS (
        SELECT FROM volunteers_rest x WHERE x.person_id = r.person_id)
"""
ASKED = "SELECT count(*) FROM volunteers_checkin"
UNTOLD = """
    SELECT count(*) FROM volunteers_checkin c WHERE NOT EXISTS (
        SELECT FROM volunteers_notice n WHERE n.recipient_id = c.person_id)
"""
RESTING = """
    SELECT count(*) FROM volunteers_rest r WHERE EXISTS (
        SELECT FROM volunteers_notice n WHERE n.recipient_id = r.person_id)
    OR EXISTS (SELECT FROM volunteers_checkin c WHERE c.person_id = r.person_id)
"""
STRAINED = """
    FROM (
        SELECT recipient_id AS person_id FROM volunteers_notice WHERE kind = 'bandwidth'
    ) AS told
"""
TWICE = """
    SELECT count(*) FROM (
        SELECT recipient_id FROM volunteers_notice GROUP BY recipient_id HAVING count(*) > 1
    ) AS more
"""


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
