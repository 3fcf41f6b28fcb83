"""What is told of a plan: its figures; then reasons, and a simple way beside it."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from grandtour.planning.acceptance import deferred
from grandtour.planning.limits import Limits
from grandtour.planning.problem import Plan, Problem
from grandtour.planning.verify import broken
from grandtour.planning.why import Case
from grandtour.planning.written import written


def answer(problem: Problem, plan: Plan) -> dict[str, Any]:
    """Give a plan with its figures.

    Raises AssertionError where a plan breaks a rule: it is shown to nobody then.
    """
    wrong = broken(problem, plan)
    if wrong:
        raise AssertionError(f"the plan breaks rules: {wrong[:5]}")
    return {"result": written(plan), **figures(plan)}


def explained(
    problem: Problem,
    plan: Plan,
    limits: Limits,
    cancelled: Callable[[], bool] = lambda: False,
    told: Callable[[int, int], None] = lambda _done, _of: None,
) -> dict[str, Any]:
    """Give what explains a plan, and deferred acceptance beside it."""
    case = Case(problem, plan, limits, cancelled, told)
    simple = deferred(problem, limits)
    return {
        "reasons": {
            "travellers": [asdict(one) for one in case.travellers()],
            "stays": [asdict(one) for one in case.stays()],
        },
        "baseline": figures(simple) | {"broken": rules_broken(problem, simple)},
    }


def figures(plan: Plan) -> dict[str, Any]:
    """Give what a plan comes to."""
    return {
        "worth": plan.worth,
        "bound": plan.bound,
        "grams": plan.grams,
        "grams_plain": plan.grams_plain,
        "cost": plan.cost,
        "travellers": sum(1 for _seat in plan.seats()),
        "groups": len(plan.journeys),
        "took": plan.seconds,
    }


def rules_broken(problem: Problem, plan: Plan) -> dict[str, int]:
    """Count how often each rule is broken."""
    counts: dict[str, int] = {}
    for one in broken(problem, plan):
        counts[one.rule] = counts.get(one.rule, 0) + 1
    return counts
