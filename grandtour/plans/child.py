"""The planner as a program of its own: it gets a job, is followed, and ended at any moment.

A crash of the solver, or a kill, ends the child and nothing else.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from queue import Empty, Queue
from tempfile import TemporaryFile
from threading import Event, Thread
from typing import IO, Any, cast

from django.conf import settings
from django.utils import timezone

PROGRAM = [sys.executable, "-m", "grandtour.planning"]
EVERY = 1.0  # seconds between two looks at the row
SPARE = 180.0  # seconds for routes, and finding out which rules collide
PATIENCE = 20.0  # seconds after somebody pressed stop
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
    last: dict[str, Any] = {}
    ends, over = time.monotonic() + seconds + SPARE, Event()
    asking = Thread(target=_tell, args=(stdin, job, over), daemon=True)
    asking.start()
    try:
        for words in _lines(stdout):
            last = words or last
            stop = hear(last.get("progress", {}), timezone.now())
            if stop is None or time.monotonic() > ends:
                return {NOT_OURS: True} if stop is None else {ENDLESS: True}
            if stop and not over.is_set():
                over.set()
                ends = min(ends, time.monotonic() + PATIENCE)
        return last
    finally:
        child.kill()
        over.set()
        asking.join()


def _tell(stdin: IO[str], job: str, over: Event) -> None:
    """Give a child its job, which it may never read, and close its input when it is over."""
    with suppress(BrokenPipeError), stdin:
        stdin.write(job + "\n")
        stdin.flush()
        over.wait()


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
