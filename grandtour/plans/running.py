"""Runs plans: the row is the queue and the memory, a child process does the work.

One plan runs at a time, so that letters and reminders always find a worker. The child tells how
far it is; whoever started it writes that down every second and looks whether somebody pressed
stop. A run nobody hears of any more is begun again once, then broken off. Once a plan stands it
is kept and shown; its reasons are worked out after that (`explaining`).
"""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from capx.states import IllegalMove
from grandtour.actions.apart import (
    Apart,
    LeftToOthers,
    left_to,
    must_not_be_ones_own,
)
from grandtour.models import Edition, Plan, barred_to
from grandtour.models.plans import MOST_ATTEMPTS
from grandtour.planning.problem import Locks, Pin, Problem
from grandtour.planning.written import read, written
from grandtour.plans import child, explaining, private
from grandtour.plans.reading import in_line, problem_of
from volunteers.models import Person

State = Plan.State
GAP = 0.0005
NO_LOCKS = Locks()

logger = logging.getLogger(__name__)


class AtWork(Exception):
    """A plan of this edition is being worked out already."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an organiser asks of a plan: how long, from which seed, with which locks."""

    seconds: int = 60
    seed: int = 1
    locks: Locks = NO_LOCKS
    based_on: Plan | None = None


def ask(edition: Edition, by: Person, wish: Wish, *, at: datetime) -> Plan:
    """Put a plan into the queue.

    Raises AtWork; NotYours where they travel, or lock somebody who is left to others.
    """
    try:
        with transaction.atomic():
            _must_be_theirs(Edition.objects.hold(edition.pk), by, wish)
            return Plan.objects.create(
                edition=edition,
                asked_by=by,
                asked_at=at,
                seconds=wish.seconds,
                seed=wish.seed,
                locks=written(wish.locks),
                based_on=wish.based_on,
            )
    except IntegrityError as refusal:
        if "plan_one_at_work_per_edition" in str(refusal):
            raise AtWork from refusal
        raise


def _must_be_theirs(edition: Edition, by: Person, wish: Wish) -> None:
    """Stop whoever locks, or sets free, whom they leave to others; raises NotYours.

    What others have locked in the plan it is based on stays as it was.
    """
    must_not_be_ones_own(edition, by)
    found = left_in(edition, by)
    keys = {*(f"a{key}" for key in found.left), *(f"h{key}" for key in found.own)}
    if keys and _about(wish.locks, keys) != _about(locks_of(wish.based_on), keys):
        raise LeftToOthers(found)


def left_in(edition: Edition, by: Person) -> Apart:
    """Say whom and which hosts somebody leaves to others, and who could lock all of these."""
    barred = barred_to(by, edition)
    people = (
        in_line(edition, edition.travel_first_day)
        .filter(pk__in=barred)
        .values_list("pk", flat=True)
        if barred
        else ()
    )
    own = edition.hosts.of_affiliates_with(by).values_list("pk", flat=True)
    left = (frozenset(people), frozenset(own))
    return left_to(by, edition, left, left)


def _about(locks: Locks, keys: set[str]) -> list[set[Pin] | set[frozenset[str]]]:
    """Give the locks that are about some of these travellers or stays."""
    return [
        {pin for pin in locks.keep if {pin.traveller, pin.stay} & keys},
        {pin for pin in locks.exclude if {pin.traveller, pin.stay} & keys},
        {party for party in locks.together if party & keys},
        {party for party in locks.apart if party & keys},
    ]


def locks_of(plan: Plan | None) -> Locks:
    """Read the locks of an earlier plan, if there is one."""
    return read(Locks, plan.locks) if plan and plan.locks else Locks()


def stop(plan: Plan, *, at: datetime) -> None:
    """Stop a plan: one that waits at once, one that runs with the best it has found."""
    if plan.state == State.QUEUED:
        with suppress(IllegalMove):
            plan.move(State.CANCELLED, ended_at=at)
            return
    Plan.objects.filter(pk=plan.pk, state=State.RUNNING).update(stopping=True)


def take_up(now: datetime) -> int:
    """Let go of runs whose worker has gone: once more, then never again; say how many."""
    gone = explaining.take_up(now)
    silent = list(Plan.objects.silent(now).light())
    for plan in silent:
        with suppress(IllegalMove):
            if plan.attempts < MOST_ATTEMPTS and not plan.stopping:
                plan.move(State.QUEUED)
            else:
                plan.move(State.FAILED, ended_at=now, fault="worker")
    return gone + len(silent)


def run_queued() -> int:
    """Run what waits, one after the other, unless another worker does; say how many ran.

    Plans come first; where none waits, the reasons of those that stand are worked out.
    """
    number = 0
    while run_next() or explaining.explain_next():
        number += 1
    return number


def run_next() -> bool:
    """Run the oldest plan that waits; say whether there was one to run."""
    if plan := _taken(timezone.now()):
        try:
            _run(plan)
        except Exception:  # whatever it is, the row must say that it has ended
            logger.exception("Plan %s broke off", plan.pk)
            _end(plan, State.FAILED, fault="error")
    return plan is not None


def _taken(now: datetime) -> Plan | None:
    """Take the oldest plan that waits; None where there is none, or one is running."""
    plan = Plan.objects.queued().select_related("edition").first()
    if plan is None:
        return None
    try:
        with transaction.atomic():
            plan.move(
                State.RUNNING,
                began_at=now,
                heard_at=now,
                attempts=plan.attempts + 1,
                step="routes",
                worth=None,
                bound=None,
            )
    except (IntegrityError, IllegalMove):
        return None
    return plan


def _run(plan: Plan) -> None:
    """Let a child process work it out, and write down what it says."""
    problem = problem_of(plan.edition, plan.seed, read(Locks, plan.locks), plan.day)
    asked, fingerprint = written(problem), private.fingerprint(problem)
    kept = written(without_private(problem))
    Plan.objects.filter(pk=plan.pk).update(problem=kept, fingerprint=fingerprint)
    job = {"problem": asked, "limits": {"gap": GAP, "seconds": plan.seconds}}
    job["limits"]["effort"] = plan.seconds
    said, faults = child.work_out(job, partial(_heard, plan), plan.seconds)
    _write(plan, said, faults)


def without_private(problem: Problem) -> Problem:
    """Give what of a problem is kept: what somebody needs is private, and gone on its day.

    So is who does not meet whom.
    """
    people = tuple(replace(one, needs=frozenset()) for one in problem.travellers)
    return replace(problem, travellers=people, private=())


def _heard(plan: Plan, progress: dict[str, Any], now: datetime) -> bool | None:
    """Write down how far it is; say whether somebody pressed stop, None if it is not ours."""
    mine = Plan.objects.filter(pk=plan.pk, state=State.RUNNING, attempts=plan.attempts)
    if plan.heard_at and (now - plan.heard_at).total_seconds() >= child.EVERY / 2:
        found = {"step": progress.get("step", "routes"), "worth": progress.get("worth")}
        if not mine.update(heard_at=now, bound=progress.get("bound"), **found):
            return None
        plan.heard_at = now
    return mine.values_list("stopping", flat=True).first()


def _write(plan: Plan, said: dict[str, Any], faults: str) -> None:
    """Write down how it ended."""
    if "done" in said:
        waits = {"reasons_state": Plan.Reasons.WAITING, "reasons_attempts": 0}
        _end(plan, State.DONE, **said["done"], **waits)
    elif "infeasible" in said:
        _end(plan, State.INFEASIBLE, collisions=said["infeasible"] or [])
    elif "cancelled" in said or child.ENDLESS in said:
        stopped = Plan.objects.filter(pk=plan.pk, stopping=True).exists()
        _end(
            plan, State.CANCELLED if stopped else State.FAILED, fault="" if stopped else "time"
        )
    elif child.NOT_OURS not in said:
        logger.error("The planner of plan %s ended early: %s", plan.pk, faults)
        _end(plan, State.FAILED, fault="error")


def _end(plan: Plan, to: str, **fields: Any) -> None:
    """Let a run end, unless somebody else has taken it up meanwhile."""
    mine = Plan.objects.filter(pk=plan.pk, state=State.RUNNING, attempts=plan.attempts)
    mine.update(state=to, ended_at=timezone.now(), **fields)
