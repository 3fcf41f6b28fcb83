"""Plans an edition, or explains a plan, in a program that can be stopped at any moment.

It reads a job in JSON from its first line of input and writes one line of JSON whenever it is
further; the last says how it ended. It stops when its input is closed: then nobody waits.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from threading import Event, Thread
from typing import Any

from grandtour.planning.answer import answer, explained
from grandtour.planning.conflicts import collisions
from grandtour.planning.limits import Cancelled, Infeasible, Limits, Progress
from grandtour.planning.problem import Plan, Problem
from grandtour.planning.solver import solve
from grandtour.planning.written import read


def main() -> None:
    """Do one job."""
    job = json.loads(sys.stdin.readline())
    closed = Event()
    Thread(target=_listen, args=(closed,), daemon=True).start()
    say(done(job, closed.is_set, _progress))


def done(
    job: dict[str, Any], cancelled: Callable[[], bool], told: Callable[[Progress], None]
) -> dict[str, Any]:
    """Do a job, and give the last words about it: a plan, or the reasons of one."""
    problem, limits = read(Problem, job["problem"]), Limits(**job["limits"])
    if "plan" in job:
        plan = read(Plan, job["plan"])

        def explaining(number: int, of: int) -> None:
            told(Progress("reasons", done=number, of=of))

        return {"done": explained(problem, plan, limits, cancelled, explaining)}
    try:
        return {"done": answer(problem, solve(problem, told, cancelled, limits))}
    except Infeasible:
        return {"infeasible": _collisions(problem, limits, cancelled)}
    except Cancelled:
        return {"cancelled": True}


def _collisions(
    problem: Problem, limits: Limits, cancelled: Callable[[], bool]
) -> list[dict[str, Any]] | None:
    """Say which rules collide; None where that was not found in time."""
    try:
        return [asdict(rule) for rule in collisions(problem, limits, cancelled)]
    except Cancelled:
        return None


def _progress(progress: Progress) -> None:
    say({"progress": asdict(progress)})


def say(words: dict[str, Any]) -> None:
    """Write one line at once."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _listen(closed: Event) -> None:
    sys.stdin.read()
    closed.set()


if __name__ == "__main__":
    main()
