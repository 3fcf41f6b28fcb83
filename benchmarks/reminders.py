"""A hundred thousand check-ins that are due at once; two Celery workers, one killed half-way.

Two `celery worker` processes with one child each take messages from the broker. The benchmark
says 'now' as the timetable does, but every second; no beat runs. The first worker and its child
are killed with SIGKILL when half is done, and another one is started in its place: while the
questions are written, while the mails are sent, and while people hear that their weeks are too
full. The clock starts once both workers answer, and stops when nothing is due any more.

All are asked once and all mails arrive, none twice but the one that was under way; those who
rest hear nothing; and the memory of the child that does the work, of the worker that is never
killed, does not grow with the number. The mails about full weeks wait to be sent, as the others
did.
"""

import os
import signal
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
from celery import Celery
from psycopg import sql

from benchmarks.catalogue import connect
from benchmarks.figures import Figure, at_most
from capx.embedded import up
from capx.embedded.processes import ROOT

NUMBER = int(os.environ.get("REMINDERS", "100000"))
SLOWEST_S = 600
WORKERS = 2
WHO = "two Celery workers, one killed half-way"
MEGABYTE = 1 << 20
# What a worker may take more at the end than when it had done a tenth.
GROWTH = 1.1
# How often 'now' is said, and for how long it holds if nobody takes it up.
TURN_S = 1.0
READY_S, STUCK_S = 120, 120
COMMAND = [*up.CELERY, "worker", "--concurrency", "1", "--loglevel", "WARNING"]


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
    """Two Celery workers on the broker; the memory of their children is watched."""

    def __init__(self, env: dict[str, str], task: str) -> None:
        """Start them, and wait until both answer."""
        self.env, self.task = env, task
        self.broker = Celery(broker=env["REDIS_URL"])
        self.peaks: dict[int, int] = {}
        self.started = 0
        self.over = threading.Event()
        self.running = [self._start() for _ in range(WORKERS)]
        self._wait_until_they_answer()
        for work in (self._watch, self._say_now):
            threading.Thread(target=work, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.started += 1
        command = [*COMMAND, "--hostname", f"reminders-{self.started}@localhost"]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.DEVNULL,  # figures go there
            start_new_session=True,
        )

    def _wait_until_they_answer(self) -> None:
        last = time.monotonic() + READY_S
        while len(self.broker.control.ping(timeout=1)) < WORKERS:
            if time.monotonic() > last:
                raise RuntimeError("The workers do not answer")

    def _watch(self) -> None:
        while not self.over.wait(0.1):
            for one in self.running:
                try:
                    children = psutil.Process(one.pid).children()
                    used = max((child.memory_info().rss for child in children), default=0)
                except psutil.Error:
                    continue
                self.peaks[one.pid] = max(used, self.peaks.get(one.pid, 0))

    def _say_now(self) -> None:
        while not self.over.is_set():
            self.broker.send_task(self.task, expires=TURN_S, ignore_result=True)
            self.over.wait(TURN_S)

    def kill_one(self) -> None:
        """Kill one with its child, without a warning, and start another in its place."""
        os.killpg(self.running[0].pid, signal.SIGKILL)
        self.running[0].wait()
        self.running[0] = self._start()

    def stop(self) -> None:
        """Let them end what they do, as a release does, and leave nothing on the broker."""
        self.over.set()
        self._wait_until_they_answer()  # one has just been started
        for one in self.running:
            one.terminate()
        for one in self.running:
            if one.wait():
                raise RuntimeError(f"A worker ended with {one.returncode}")
        self.broker.control.purge()

    def end(self) -> None:
        """End whatever still runs."""
        self.over.set()
        for one in self.running:
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)

    def memory(self) -> int:
        """Give the most bytes that the child which is never killed has used so far."""
        return self.peaks[self.running[1].pid]


@dataclass(frozen=True)
class Work:
    """How long it took, and the most memory of a worker after a tenth and in all."""

    seconds: float
    early: int
    most: int


def wait_until(line: psycopg.Connection, question: str, wanted: float) -> None:
    """Wait until so much of the work is done, or until nothing moves any more."""
    done, moved = 0, time.monotonic()
    while done < wanted and time.monotonic() < moved + STUCK_S:
        time.sleep(0.2)
        now = number(line, question)
        done, moved = now, time.monotonic() if now > done else moved


def number(line: psycopg.Connection, question: str) -> int:
    """Ask for one number."""
    row = line.execute(question).fetchone()  # type: ignore[call-overload]
    return int(row[0]) if row else 0


def worked(env: dict[str, str], task: str, question: str) -> Work:
    """Let the workers do their work, and kill one half-way."""
    workers = Workers(env, task)
    try:
        with connect(env["DATABASE_URL"], autocommit=True) as line:
            due = number(line, AWAKE)
            start = time.perf_counter()
            wait_until(line, question, due / 10)
            early = workers.memory()
            wait_until(line, question, due / 2)
            workers.kill_one()
            wait_until(line, question, due)
            seconds = time.perf_counter() - start
        workers.stop()
    finally:
        workers.end()
    return Work(seconds, early, workers.memory())


def measure() -> Iterator[Figure]:
    """Write the notices of all, send them all, and look what came of it."""
    with tempfile.TemporaryDirectory() as folder, database() as env:
        came = Path(folder) / "came"
        with sink(came) as port:
            env |= {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "QUIET_HOURS": "0"}
            asked = worked(env, "volunteers.tasks.ask_check_ins", ASKED)
            sent = worked(env, "volunteers.tasks.send_notices", SENT)
        yield from figures(asked, sent)
        with connect(env["DATABASE_URL"]) as line:
            yield from counts(line, Counter(came.read_text().split()))
        told = worked(env, "volunteers.tasks.remind_of_weeks", f"SELECT count(*) {STRAINED}")
        with connect(env["DATABASE_URL"]) as line:
            yield from weeks(line, told)


def figures(asked: Work, sent: Work) -> Iterator[Figure]:
    """Give the times and the memory."""
    what = f"reminders: {NUMBER} due, {WHO}"
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
    what = f"reminders: weeks of {NUMBER} too full, {WHO}, written"
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
SENT = "SELECT count(*) FROM volunteers_notice WHERE sent_at IS NOT NULL"
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
