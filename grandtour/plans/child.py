"""The planner as a program of its own: it gets a job, is followed, and ended at any moment.

A crash of the solver, or a kill, ends the child and nothing else.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from queue import Empty, Queue
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any, cast

from django.conf import settings
from django.utils import timezone

PROGRAM = [sys.executable, "-m", "grandtour.planning"]
EVERY = 1.0  # seconds between two looks at the row
SPARE = timedelta(minutes=3)  # for routes, and finding out which rules collide
PATIENCE = timedelta(seconds=20)  # after somebody pressed stop
ENDLESS, NOT_OURS = "timeout", "not ours"

# Hears how far the child is; says whether to stop it, and None where it is not ours any more.
Hear = Callable[[dict[str, Any], datetime], bool | None]


def work_out(job: dict[str, Any], hear: Hear, seconds: int) -> tuple[dict[str, Any], str]:
    """Let a child do a job for some seconds; give its last words, and what it complained of."""
    with TemporaryFile() as faults:
        with subprocess.Popen(  # noqa: S603 -- our own program
            PROGRAM,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=faults,
            cwd=settings.BASE_DIR,
            text=True,
        ) as child:
            said = _listen(child, json.dumps(job), hear, seconds)
        faults.seek(0)
        return said, faults.read()[-2000:].decode(errors="replace")


def _listen(
    child: "subprocess.Popen[str]", job: str, hear: Hear, seconds: int
) -> dict[str, Any]:
    """Follow a child until it ends, is stopped, or takes too long; give its last words."""
    stdin, stdout = cast("IO[str]", child.stdin), cast("IO[str]", child.stdout)
    stdin.write(job + "\n")
    stdin.flush()
    last: dict[str, Any] = {}
    ends = timezone.now() + timedelta(seconds=seconds) + SPARE
    try:
        for words in _lines(stdout):
            last = words or last
            now = timezone.now()
            stop = hear(last.get("progress", {}), now)
            if stop is None or now > ends:
                return {NOT_OURS: True} if stop is None else {ENDLESS: True}
            if stop and not stdin.closed:
                stdin.close()
                ends = min(ends, now + PATIENCE)
        return last
    finally:
        child.kill()


def _lines(stream: IO[str]) -> Iterator[dict[str, Any]]:
    """Yield what a child says, and nothing now and then while it is silent."""
    queue: Queue[str | None] = Queue()

    def follow() -> None:
        for line in stream:
            queue.put(line)
        queue.put(None)

    Thread(target=follow, daemon=True).start()
    while True:
        try:
            line = queue.get(timeout=EVERY)
        except Empty:
            yield {}
            continue
        if line is None:
            return
        yield json.loads(line)
