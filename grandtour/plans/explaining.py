"""Works out why a plan is as it is, once it stands: a crash here costs the reasons, no plan.

What is explained is the very plan that was kept, and the very problem it answers: of that only
what people need, and between whom there is a block, is read anew. Where that has changed since,
reasons hold for what is so now, and the plan says so: of what was so then nothing is left that
could be read. A plan that waits to be worked out comes first.
"""

import logging
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from grandtour.actions import needs
from grandtour.models import Needs, Plan
from grandtour.models.plans import MOST_ATTEMPTS
from grandtour.planning.problem import Plan as Result
from grandtour.planning.problem import Problem
from grandtour.planning.why import MOST_SECONDS, Code
from grandtour.planning.written import read, written
from grandtour.plans import child, private
from grandtour.plans.reading import STEP_FREE

Reasons = Plan.Reasons
CHANGED = "changed"
# What was proven of no plan holds for other needs no more; far above any sum of worths.
UNPROVEN = 1e15

logger = logging.getLogger(__name__)


def ask(plan: Plan) -> bool:
    """Let the reasons of a plan be worked out once more; say whether they were missing."""
    rows = Plan.objects.filter(pk=plan.pk, state__in=Plan.SHOWN)
    missing = rows.filter(reasons_state__in=[Reasons.NONE, Reasons.FAILED])
    return bool(missing.update(reasons_state=Reasons.WAITING, reasons_attempts=0))


def take_up(now: datetime) -> int:
    """Let go of reasons whose worker has gone: once more, then never again; say how many."""
    silent = Plan.objects.explaining_in_silence(now)
    again = silent.filter(reasons_attempts__lt=MOST_ATTEMPTS)
    number = again.update(reasons_state=Reasons.WAITING)
    return number + silent.update(reasons_state=Reasons.FAILED, reasons_fault="worker")


def explain_next() -> bool:
    """Work out the reasons of the oldest plan that waits for them; say whether there was one.

    None is begun while a plan is being worked out, here or by another worker.
    """
    plan = _taken(timezone.now())
    if plan is None:
        return False
    try:
        _explain(plan)
    except Exception:  # whatever it is, the row must say that it has ended
        logger.exception("The reasons of plan %s broke off", plan.pk)
        _mine(plan).update(reasons_state=Reasons.FAILED, reasons_fault="error")
    return True


def _taken(now: datetime) -> Plan | None:
    """Take the oldest plan that waits for its reasons; None where there is none to take."""
    plan = Plan.objects.to_explain().first()
    if plan is None or Plan.objects.queued().exists():
        return None
    begun: dict[str, Any] = {"reasons_attempts": plan.reasons_attempts + 1, "heard_at": now}
    waiting = Plan.objects.filter(pk=plan.pk, reasons_state=Reasons.WAITING)
    try:
        with transaction.atomic():
            taken = waiting.update(
                reasons_state=Reasons.RUNNING, reasons_done=0, reasons_of=0, **begun
            )
    except IntegrityError:  # one runs already
        return None
    plan.reasons_attempts, plan.heard_at = begun["reasons_attempts"], now
    return plan if taken else None


def _mine(plan: Plan) -> "QuerySet[Plan]":
    """Keep the row for as long as no other run has it."""
    attempt = {"reasons_state": Reasons.RUNNING, "reasons_attempts": plan.reasons_attempts}
    return Plan.objects.filter(pk=plan.pk, **attempt)


def _explain(plan: Plan) -> None:
    """Let a child work them out, and write down what it says."""
    problem = problem_again(plan)
    result = read(Result, plan.result)
    changed = problem.fingerprint() != result.fingerprint
    result = replace(result, bound=UNPROVEN) if changed else result
    seconds = min(plan.seconds, int(MOST_SECONDS))
    limits = {"seconds": seconds}
    job = {"problem": written(problem), "plan": written(result), "limits": limits}
    said, faults = child.work_out(job, partial(_heard, plan), seconds)
    if "done" in said:
        _end(plan, **said["done"], changed=changed)
    elif child.NOT_OURS in said:
        # Put back for a plan that waits; where another run has it, this touches nothing.
        back = {"reasons_state": Reasons.WAITING, "reasons_attempts": plan.reasons_attempts - 1}
        _mine(plan).update(**back)
    else:
        logger.error("The reasons of plan %s ended early: %s", plan.pk, faults)
        fault = "time" if child.ENDLESS in said else "error"
        _mine(plan).update(reasons_state=Reasons.FAILED, reasons_fault=fault)


def problem_again(plan: Plan) -> Problem:
    """Read the problem that a plan answers, with what people need and whom they block now.

    Where the plan does not give somebody what they need by now, it is taken as if it did: the
    plan is what is explained, and what is needed is about how they travel it. So it is where it
    lets two meet between whom there is a block by now.
    """
    kept, result = read(Problem, plan.problem), read(Result, plan.result)
    rows = Needs.objects.filter(application__edition=plan.edition_id, step_free=True)
    need = {f"a{pk}" for pk in rows.values_list("pk", flat=True)}
    need -= _placed_with_steps(kept, result)
    people = tuple(
        replace(one, needs=STEP_FREE) if one.key in need else one for one in kept.travellers
    )
    apart = private.without(private.pairs(kept), result.journeys)
    return replace(kept, travellers=people, private=apart)


def _placed_with_steps(problem: Problem, result: Result) -> set[str]:
    """Name whose journey of a plan comes to a host that cannot be reached without steps."""
    free = {stay.key for stay in problem.stays if stay.access >= STEP_FREE}
    return {
        key
        for journey in result.journeys
        if not free.issuperset(stop.stay for stop in journey.stops)
        for key in journey.travellers
    }


def _heard(plan: Plan, progress: dict[str, Any], now: datetime) -> bool | None:
    """Write down how far they are; None where a plan waits, or they are not ours any more."""
    if plan.heard_at and (now - plan.heard_at).total_seconds() >= child.EVERY / 2:
        found = {"reasons_done": progress.get("done", 0), "reasons_of": progress.get("of", 0)}
        if not _mine(plan).update(heard_at=now, **found):
            return None
        plan.heard_at = now
        if Plan.objects.queued().exists():
            return None
    return False


@transaction.atomic
def _end(
    plan: Plan, reasons: dict[str, Any], baseline: dict[str, Any], *, changed: bool
) -> None:
    """Keep the reasons, unless somebody else has taken them up meanwhile.

    Of what people needed nothing is kept that they have taken back while it ran. Where that
    has `changed` no tie is told: what was needed may have decided, and not the seed.
    """
    for why in (*reasons["travellers"], *reasons["stays"]) if changed else ():
        if why["code"] == Code.TIE:
            why |= {"code": Code.UNKNOWN, "stays": [], "deciding": []}
    held = _mine(plan).select_for_update(no_key=True).values_list("pk", flat=True)
    if held.first():
        needs.forget_in(plan, reasons)
        known = {"reasons": reasons, "baseline": baseline}
        fault = CHANGED if changed else ""
        _mine(plan).update(reasons_state=Reasons.KNOWN, reasons_fault=fault, **known)
