"""Goes through days with a moved clock: the product's worker, a real broker, mail by SMTP."""

import json
import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from select import select
from time import monotonic

from django.db import connection

from capx.celery import TIMETABLE, app
from capx.embedded.processes import Supervisor
from tests.databases import address_of
from volunteers.models import Notice

QUEUE = f"through-time-{os.getpid()}"
# All of the tour; then the letter box is emptied.
TASKS = [
    *sorted(
        {row["task"] for row in TIMETABLE.values() if row["task"].startswith("grandtour.")}
    ),
    "volunteers.tasks.send_notices",
]
A_DAY = timedelta(days=1)
LONGEST = 300  # seconds for all tasks of a day
# Of these there are several, each so many days before.
STAGED = {"draft-closing", "host-closing", "reviews-due", "journey-soon", "guests-soon"}


class Worker:
    """The worker in a process of its own, at the moment of the test."""

    def __init__(self, folder, post):
        self.moment, self.post = folder / "moment", post
        self.done, self.log = folder / "done", folder / "worker.log"
        self.env = {
            **os.environ,
            "DATABASE_URL": address_of(connection.settings_dict["NAME"]),
            "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
            "MOVED_CLOCK": str(self.moment),
            "MOVED_CLOCK_DONE": str(self.done),
            "QUIET_HOURS": "0",
        }

    @contextmanager
    def at_work(self, now):
        """Let it work from a moment on."""
        self.moment.write_text(now.isoformat())
        os.mkfifo(self.done)
        words = ["-m", "celery", "--app", "tests.moved_clock", "worker", "--pool", "solo"]
        words += ["--queues", QUEUE, "--loglevel", "ERROR"]
        with (
            os.fdopen(os.open(self.done, os.O_RDWR)) as self.heard,
            Supervisor(env=self.env) as self.supervisor,
        ):
            self.supervisor.start("worker", [sys.executable, *words], log=self.log)
            yield

    def do(self, now, tasks):
        """Let it do some tasks at a moment, one after the other, and wait for the last."""
        self.moment.write_text(now.isoformat())
        app.send_task("tests.in_turn", [tasks], queue=QUEUE)
        last = monotonic() + LONGEST
        while not select([self.heard], [], [], 1)[0]:
            self.supervisor.check()
            assert monotonic() < last, self.log.read_text()
        fault = json.loads(self.heard.readline())
        assert not fault, fault + self.supervisor.children[0].tail()


class Walk:
    """Goes through the days; whatever is due comes, and would come again."""

    def __init__(self, worker, clock, first):
        self.worker, self.clock, self.now = worker, clock, first
        self.came = []

    def on(self, day):
        """Go on to a day; every day on the way is lived through."""
        while self.now.date() < day:
            self.now = min(self.now + A_DAY, noon(day))
            self.clock.move_to(self.now)
            self.tick()
        return self.now

    def tick(self):
        """Let the timetable say 'now'; where mail came, say it again: none of it comes twice.

        Where none came, the next day says it again.
        """
        self.worker.do(self.now, TASKS)
        if not self._noted():
            return
        self.worker.do(self.now, TASKS)
        assert not self._noted()

    def _noted(self):
        """Note what has come by mail since the last time; say whether anything has."""
        new = self.worker.post.mails[len(self.came) :]
        numbers = [int(mail["Message-ID"].split("@")[0].split("-")[1]) for mail in new]
        keys = dict(Notice.objects.filter(pk__in=numbers).values_list("pk", "key"))
        for mail, number in zip(new, numbers, strict=True):
            self.came.append((mail["To"], f"{self.now:%m-%d} {named(keys[number])}"))
        return bool(new)

    def letters(self, person):
        """List what came to somebody: the day, and what it was."""
        return [what for to, what in self.came if to == person.email]


def named(key):
    """Say what a notice was, and which of several."""
    parts = key.split(":")
    return ":".join(parts[:3:2] if parts[0] in STAGED else parts[:1])


def noon(day):
    """Give noon of a day."""
    return datetime.combine(day, time(12), UTC)
