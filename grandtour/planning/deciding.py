"""Which rule decided: each is left out in turn, and everything is solved anew without it.

A rule decided about somebody if, without it, a plan with them is among the best that there are
then. All else stays as it was, also how many keep the places they had.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from grandtour.planning import relaxation
from grandtour.planning.conflicts import SUITING, Rule, rules_of, without
from grandtour.planning.generation import generate
from grandtour.planning.groups import Stretches
from grandtour.planning.journeys import earlier, every_route
from grandtour.planning.limits import Infeasible, Limits
from grandtour.planning.pairing import pair_up
from grandtour.planning.pairs import Pairs, Table
from grandtour.planning.problem import MOST_GUESTS, Plan, Problem
from grandtour.planning.relaxation import Watch
from grandtour.planning.routes import Atlas
from grandtour.planning.rows import Rows
from grandtour.planning.sifting import sift
from grandtour.planning.solver import FEW_PAIRS, same_places
from grandtour.planning.trials import Clock, Tried, World, chosen_in, prices_in

SAME_PAIRS = {
    *("groups_max", "groups_min", "carbon_budget", "money_budget"),
    *("share", "together", "apart"),
}
RELAXING = 0.4  # of the time for one rule
FREE = 1e-6  # of a bound: a rule that changes it by less has no price


@dataclass(frozen=True)
class Standing:
    """A plan with all pairs there are, and how many places stay as they were in it."""

    problem: Problem
    plan: Plan
    pairs: Pairs
    least: int
    limits: Limits
    bound: float  # what the plan's prices prove under all rules


def rules_in_turn(problem: Problem) -> Iterator[Rule]:
    """Yield what is left out, one at a time; what bears on pairs alone is told by itself."""
    rules = problem.rules
    for rule in rules_of(problem):
        alone = rules.group_min == rules.group_max == 1
        idle = rule.name == "group_size" and rules.group_min == 1
        idle |= rule.name == "countries" and alone
        if rule.name not in {*SUITING, "exclude", "stands", "private"} and not idle:
            yield rule
    if rules.group_max < MOST_GUESTS:
        yield Rule("group_most")
    if problem.before or problem.promised:
        yield Rule("stands")


def left_out(problem: Problem, rule: Rule) -> Problem:
    """Give a problem without one rule."""
    if rule.name == "group_most":
        return replace(problem, rules=replace(problem.rules, group_max=MOST_GUESTS))
    if rule.name == "stands":
        return replace(problem, bound=frozenset())
    return without(problem, frozenset({rule}))[0]


def pairs_of_any(
    problem: Problem, limits: Limits, clock: Clock, plan: Plan | None = None
) -> Pairs | None:
    """Give all pairs, also on routes that no group of different countries fills.

    Those of a plan are among them.

    None where there are too many routes to look at, or the time is over.
    """
    alone = replace(problem, rules=replace(problem.rules, group_min=1))

    def over() -> bool:
        return clock.left() <= 0

    atlas = Atlas(problem)
    looked = every_route(problem, atlas, limits.routes, over)
    own = earlier(replace(problem, before=plan.journeys), atlas) if plan else ()
    routes = list(dict.fromkeys([*own, *looked.few]))
    pairs = pair_up(Table(alone), atlas, routes, over)
    return pairs if looked.complete and not over() else None


def world_without(stands: Standing, rule: Rule, clock: Clock) -> World | None:
    """Give the world without one rule, with the plan as its first choice; None if too late.

    Where the plan's own prices prove as much without the rule as with it, it has no price, and
    nothing has to be relaxed anew.
    """
    lax = left_out(stands.problem, rule)
    same = rule.name in SAME_PAIRS
    pairs = stands.pairs if same else pairs_of_any(lax, stands.limits, clock, stands.plan)
    if pairs is None:
        return None
    if rule.name == "countries":
        pairs = replace(pairs, kind=np.arange(len(pairs.kind)))
    stay_as = same_places(lax, pairs)
    held = stay_as if stay_as.any() and rule.name != "stands" else None
    rows = Rows(lax, pairs, held, stands.least)
    first, lie = chosen_in(lax, pairs, stands.plan), Stretches(pairs, lax.rules.group_min)
    if same:
        known = relaxation.priced(rows, lie, prices_in(rows, stands.plan.prices))
        if known.bound <= stands.bound * (1 + FREE):
            return World(rows, known, first, np.inf)
    late = clock.part(RELAXING * clock.left())
    watch = Watch(lambda _value, _bound: None, clock.cancelled, lambda: late.left() <= 0)
    relax = sift if len(pairs.route) <= FEW_PAIRS else generate
    try:
        relaxed = relax(rows, lie, watch)
    except Infeasible:  # the relaxation lost its way: the plan itself keeps all these rules
        return None
    return World(rows, relaxed, first, np.inf)


def deciding(
    stands: Standing, rows: Iterable[int], tied: Iterable[int], clock: Clock
) -> dict[int, list[Rule]]:
    """Name for each row (a traveller, or a stay) the rules that each alone decided.

    Where a plan with the `tied` is as good as any with all rules, a rule decided only if
    without it none of the best plans is without them.
    """
    out, tied = list(rows), list(tied)
    found: dict[int, list[Rule]] = {row: [] for row in (*out, *tied)}
    rules = list(rules_in_turn(stands.problem)) if found else []
    rules.sort(key=lambda rule: rule.name not in SAME_PAIRS)  # what may be quick comes first
    for number, rule in enumerate(rules):
        own = clock.part(clock.left() / (len(rules) - number))
        world = world_without(stands, rule, own) if own.left() > 0 else None
        if world is None:
            continue
        for row in _among_the_best(world, out, stands.limits.gap, own):
            found[row].append(rule)
        for row in _in_each(world, tied, own):
            found[row].append(rule)
    return found


def _among_the_best(world: World, rows: list[int], gap: float, clock: Clock) -> list[int]:
    """Give those with whom a plan is as good as the best, within the gap that is proven."""
    world.settle(clock.part(clock.left() / 2))
    for number, row in enumerate(rows):
        known = world.bounded(row)
        if known.least < world.best.least <= known.most and clock.left() > 0:
            world.forced(row, clock.part(clock.left() / (len(rows) - number)))
    return [row for row in rows if _as_good(world.bounded(row), world.best, gap)]


def _as_good(tried: Tried, best: Tried, gap: float) -> bool:
    return tried.least >= best.least and best.most - tried.least <= gap * abs(best.most)


def _in_each(world: World, rows: list[int], clock: Clock) -> list[int]:
    """Give those without whom every plan is proven to be worth less."""
    some = [row for row in rows if world.bounded(row).least >= world.best.least]
    return [
        row
        for number, row in enumerate(some)
        if world.lost_without(row, clock.part(clock.left() / (len(some) - number)))
    ]
